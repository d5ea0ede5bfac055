"""From what was observed to figures, development and test people apart.

Each family of figures is one function from observations to figures.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from benchmarks.quality import verdicts
from benchmarks.quality.figures import Figure, Figures, mean, named, quantile, share, under
from benchmarks.quality.observe import SOURCES, Observed
from benchmarks.quality.takes import POSTURES, SPLITS, BoolArray, FloatArray
from formcheck.exercises.load import exercise_ids, load_exercise
from formcheck.measures.base import FrameMeasure
from formcheck.measures.catalogue import FRAME, reading_names
from formcheck.refine.plain import ANGLES
from formcheck.view import view_from_yaw

INTERVALS = {"50": 0.674, "80": 1.282, "95": 1.960}
"""Per cent of a normal distribution within so many standard deviations."""
HELD_S = 0.3
"""A hold's time is right within this."""
ANY = "all"
"""Stands for all views, or all postures, taken together."""


def measure(observations: Sequence[Observed]) -> Figures:
    """Return all figures of a set of clips."""
    figures: Figures = {}
    for split in SPLITS:
        mine = [o for o in observations if o.take.split == split]
        for name, family in FAMILIES.items():
            figures |= under(f"{split}/{name}", family(mine))
    return figures


def about_set(observations: Sequence[Observed]) -> Figures:
    """Return how large the set is."""
    people = {o.take.person for o in observations}
    return {
        "clips": Figure(len(observations), len(observations)),
        "frames": Figure(sum(len(o.seen) for o in observations), len(observations)),
        "people": Figure(len(people), len(people)),
        "repetitions": Figure(sum(o.take.wanted for o in observations), len(observations)),
    }


def person_found(observations: Sequence[Observed]) -> Figures:
    """Return in which share of frames the right person was found, and somebody else.

    Frames of clips in which the person is hidden on purpose stand apart.
    """
    found: defaultdict[str, list[BoolArray]] = defaultdict(list)
    wrong: defaultdict[str, list[BoolArray]] = defaultdict(list)
    for o in observations:
        lying = o.take.posture() == "lying"
        for name, here in (("upright", ~lying), ("lying", lying)):
            place = f"hidden/{name}" if o.take.hidden else name
            found[place].append(o.found[here])
            wrong[place].append((o.seen & ~o.found)[here])
    return _shares(found, "share") | _shares(wrong, "somebody_else_share")


def angle_errors(observations: Sequence[Observed]) -> Figures:
    """Return how far off each angle is, by view and posture: ours beside raw MediaPipe's.

    Only frames in which the right person was found and we give the angle; the raw ones are
    compared on the same frames. `given_share` is the share of frames that we give it in.
    """
    errors: defaultdict[tuple[str, str, str, str], list[FloatArray]] = defaultdict(list)
    given: defaultdict[tuple[str, str, str], list[BoolArray]] = defaultdict(list)
    for o in _whole(observations):
        posture = o.take.posture()
        for angle, values in o.angles.items():
            known = np.isfinite(values["ours"]) & o.found[:, None]
            for name, here in _postures(posture):
                for view in (o.take.view, ANY):
                    place = (angle, view, name)
                    given[place].append(known[here & o.found].ravel())
                    rows = known & here[:, None]
                    for source in SOURCES:
                        off = (values[source] - values["true"])[rows]
                        errors[*place, source].append(off)
    figures: Figures = {}
    for place, parts in given.items():
        figures |= under("/".join(place), named(given_share=share(np.concatenate(parts))))
    for full, offs in errors.items():
        figures |= under("/".join(full), _error(np.concatenate(offs)))
    return figures


def interval_coverage(observations: Sequence[Observed]) -> Figures:
    """Return how often the interval of a reading contains the truth.

    Of the angles, and of what a criterion asks for. Of ratios, in squats only; of angles, in
    all clips, those of people who lie apart from the others.
    """
    ratio: defaultdict[tuple[str, str, str], list[FloatArray]] = defaultdict(list)
    for o in _whole(observations):
        lying = o.take.posture() == "lying"
        for row in _that_matter():
            for name in reading_names(row):
                if name not in o.truth or not (name.endswith("_deg") or o.take.exercise == "squat"):
                    continue
                off = np.abs(o.report.series.values[name] - o.truth[name])
                sigmas = off / o.report.series.sigmas[name]
                for posture, here in (("upright", ~lying), ("lying", lying)):
                    for view in (o.take.view, ANY):
                        ratio[row.name, view, posture].append(sigmas[here & o.found])
    figures: Figures = {}
    for place, parts in ratio.items():
        figures |= under("/".join(place), _within(np.concatenate(parts)))
    return figures


def counts(observations: Sequence[Observed]) -> Figures:
    """Return how many clips are counted exactly, by what they show."""
    off: defaultdict[str, list[int]] = defaultdict(list)
    for o in observations:
        miss = o.counted - o.take.wanted
        for place in _count_places(o):
            off[place].append(miss)
    figures: Figures = {}
    for place, misses in off.items():
        m = np.array(misses)
        figures |= under(
            place,
            named(exact_share=share(m == 0), over_share=share(m > 0), under_share=share(m < 0)),
        )
    return figures


def doubts(observations: Sequence[Observed]) -> Figures:
    """Return how far a count can be relied on that is said to be sure, by exercise."""
    clips: defaultdict[str, list[tuple[bool, bool]]] = defaultdict(list)
    for o in observations:
        if o.take.judged_as != o.take.exercise:
            continue
        case = (o.counted == o.take.wanted, not o.report.quality.count_doubts)
        for place in (ANY, o.take.exercise):
            clips[place].append(case)
    figures: Figures = {}
    for place, cases in clips.items():
        exact, sure = np.array(cases, dtype=bool).T
        figures |= under(
            place,
            named(
                sure_share=share(sure),
                exact_of_sure_share=share(exact[sure]),
                sure_of_exact_share=share(sure[exact]),
                told_of_wrong_share=share(~sure[~exact]),
            ),
        )
    return figures


def timing(observations: Sequence[Observed]) -> Figures:
    """Return how many true repetitions were found, and how far off their times are."""
    found, off = [], defaultdict(list)
    for o in _whole(observations):
        for true, rep in o.pairs:
            if o.take.judged_as != o.take.exercise:
                continue
            found.append(rep is not None)
            if rep is not None:
                off["turn"].append(abs(rep.span.turn_s - true.turn_s))
                off["start"].append(abs(rep.span.start_s - true.start_s))
                off["end"].append(abs(rep.span.end_s - true.end_s))
    figures = named(found_share=share(found))
    for name, values in off.items():
        figures |= under(name, named(mean_abs_s=mean(values), p95_s=quantile(values, 0.95)))
    return figures


def holds(observations: Sequence[Observed]) -> Figures:
    """Return how many true holds were timed, and how far off their times are, by exercise."""
    found: defaultdict[str, list[bool]] = defaultdict(list)
    off: defaultdict[str, list[float]] = defaultdict(list)
    for o in _whole(observations):
        for true, hold in o.holds:
            found[o.take.exercise].append(hold is not None)
            if hold is not None and hold.complete:
                off[o.take.exercise].append(abs(hold.held_s - true.held_s))
    figures = {f"{place}/found_share": share(cases) for place, cases in found.items()}
    for place, values in off.items():
        figures[f"{place}/held_mean_abs_s"] = mean(values)
        figures[f"{place}/held_within_03_s_share"] = share([v <= HELD_S for v in values])
    return named(**figures)


def views(observations: Sequence[Observed]) -> Figures:
    """Return how often the view was named rightly, and how far off the direction is."""
    right: defaultdict[str, list[bool]] = defaultdict(list)
    off: defaultdict[str, list[FloatArray]] = defaultdict(list)
    for o in _whole(observations):
        lying = bool(np.mean(o.take.posture() == "lying") > 0.5)
        posture = "lying" if lying else "upright"
        true = view_from_yaw(_middle_deg(o.true_yaw_deg), 1.0).name
        turn = np.abs((o.yaw_deg - o.true_yaw_deg + 180.0) % 360.0 - 180.0)[o.found]
        for view in (o.take.view, ANY):
            right[f"{posture}/{view}"].append(o.report.view.name == true)
            off[f"{posture}/{view}"].append(turn)
    figures = {f"{place}/named_right_share": share(cases) for place, cases in right.items()}
    for place, parts in off.items():
        figures[f"{place}/direction_mean_abs_deg"] = mean(np.concatenate(parts))
    return named(**figures)


FAMILIES: dict[str, Callable[[Sequence[Observed]], Figures]] = {
    "set": about_set,
    "found": person_found,
    "angle": angle_errors,
    "coverage": interval_coverage,
    "count": counts,
    "doubt": doubts,
    "timing": timing,
    "hold": holds,
    "verdict": verdicts.by_criterion,
    "level": verdicts.by_level,
    "value": verdicts.values,
    "clean": verdicts.false_alarms,
    "said": verdicts.calibration,
    "reliability": verdicts.reliability,
    "condition": verdicts.by_condition,
    "view": views,
}
"""First part of the names → the figures."""


def _that_matter() -> list[FrameMeasure]:
    """Return the measurements that a verdict may rest on, and the joint angles."""
    asked = {c.question.measure for e in exercise_ids() for c in load_exercise(e).criteria}
    wanted = asked | {angle.name for angle in ANGLES}
    return [row for name, row in FRAME.items() if name in wanted]


def _whole(observations: Iterable[Observed]) -> list[Observed]:
    return [o for o in observations if not o.take.hidden]


def _postures(posture: NDArray[np.str_]) -> list[tuple[str, BoolArray]]:
    each = [(name, posture == name) for name in POSTURES]
    return [*each, (ANY, np.ones(len(posture), dtype=bool))]


def _shares(cases: dict[str, list[BoolArray]], name: str) -> Figures:
    found = {f"{place}/{name}": share(np.concatenate(parts)) for place, parts in cases.items()}
    return named(**found)


def _error(off: FloatArray) -> Figures:
    return named(
        mean_abs_deg=mean(np.abs(off)),
        bias_deg=mean(off),
        p95_deg=quantile(np.abs(off), 0.95),
    )


def _within(sigmas: FloatArray) -> Figures:
    known = sigmas[np.isfinite(sigmas)]
    return named(**{f"within_{name}_share": share(known <= z) for name, z in INTERVALS.items()})


def _count_places(o: Observed) -> list[str]:
    if o.take.judged_as == o.take.exercise:
        hidden = "hidden" if o.take.hidden else "whole"
        return [o.take.exercise, f"{o.take.exercise}/{hidden}/{o.take.view}"]
    if o.take.exercise == "none":
        return ["look-alike", f"look-alike/{o.take.clip.labels.get('script', 'other')}"]
    return ["other-exercise", f"other-exercise/{o.take.exercise}"]


def _middle_deg(yaw_deg: FloatArray) -> float:
    yaw = np.radians(yaw_deg)
    return float(np.degrees(np.arctan2(np.sin(yaw).mean(), np.cos(yaw).mean())))
