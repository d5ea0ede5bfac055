"""Says in words which figures miss what is wanted, so that no weakness goes unnamed."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.quality.figures import Figures
from benchmarks.quality.sections import SIGHT_TITLES
from benchmarks.quality.shelf import Shelf
from benchmarks.quality.sight import VIEW_KINDS
from benchmarks.quality.takes import POSTURES
from benchmarks.quality.verdicts import ALL
from formcheck.exercises.load import exercise_ids, load_exercise
from formcheck.measures.catalogue import FRAME
from formcheck.refine.plain import ANGLES

FEW = 5
"""Fewer cases than this show no weakness."""


def weaknesses(figures: Figures, split: str) -> list[str]:
    """Return every figure that misses what is wanted, in words."""
    s = Shelf(figures, split)
    return [
        *_weak_finding(s),
        *_weak_angles(s),
        *_weak_intervals(s),
        *_weak_counts(s),
        *_weak_criteria(s),
        *_weak_conditions(s),
    ]


WANTED = {
    "found/upright": 0.99,
    "found/lying": 0.95,
    "exact": 0.95,
    "named_right": 0.90,
    "clear_found": 0.80,
    "wrong_of_given": 0.05,
    "false_alarm": 0.05,
    "within_80": 0.70,
    "worse_than_raw_deg": 0.5,
    "condition_found": 0.95,
}
"""What a figure must reach, or stay below, not to be called weak."""


def _weak_finding(s: Shelf) -> Iterator[str]:
    for posture in ("upright", "lying"):
        figure = s.get("found", posture, "share")
        if figure and figure.n >= FEW and figure.value < WANTED[f"found/{posture}"]:
            yield (
                f"People who are {posture} are found in {100 * figure.value:.1f} % of frames "
                f"(wanted {100 * WANTED[f'found/{posture}']:.0f})."
            )
        for view in VIEW_KINDS:
            named = s.get("view", posture, view, "named_right_share")
            if named and named.n >= FEW and named.value < WANTED["named_right"]:
                yield (
                    f"The view of {posture} people filmed from {_from(view)} is named rightly in "
                    f"{100 * named.value:.0f} % of clips."
                )


def _weak_angles(s: Shelf) -> Iterator[str]:
    for angle in ANGLES:
        for posture in POSTURES:
            place = ("angle", angle.name, ALL, posture)
            ours = s.get(*place, "ours", "mean_abs_deg")
            raw = [s.get(*place, source, "mean_abs_deg") for source in ("world", "pixels")]
            best = min((f.value for f in raw if f), default=None)
            if ours and best is not None and ours.n >= FEW:
                if ours.value <= best + WANTED["worse_than_raw_deg"]:
                    continue
                yield (
                    f"{_title(angle.name)}, {posture}: our {ours.value:.1f}° is worse than raw "
                    f"MediaPipe's {best:.1f}°."
                )


def _weak_intervals(s: Shelf) -> Iterator[str]:
    for name in FRAME:
        for posture in ("upright", "lying"):
            figure = s.get("coverage", name, ALL, posture, "within_80_share")
            if figure and figure.n >= FEW and figure.value < WANTED["within_80"]:
                yield (
                    f"{_title(name)}, {posture}: the 80 % interval contains the truth in only "
                    f"{100 * figure.value:.0f} % of frames."
                )


def _weak_counts(s: Shelf) -> Iterator[str]:
    for place, title in (
        *(((exercise,), f"{exercise} clips") for exercise in exercise_ids()),
        (("look-alike",), "look-alikes"),
        (("other-exercise",), "other exercises"),
    ):
        figure = s.get("count", *place, "exact_share")
        if figure and figure.n >= FEW and figure.value < WANTED["exact"]:
            yield f"Of {title}, {100 * figure.value:.0f} % are counted exactly ({figure.n} clips)."


def _weak_criteria(s: Shelf) -> Iterator[str]:
    for exercise in exercise_ids():
        for c in load_exercise(exercise).criteria:
            for seen, words in SIGHT_TITLES.items():
                if seen == ALL:
                    continue
                yield from _weak_criterion(s, c.code, f"{c.code} {c.name}, {words}", seen)


def _weak_criterion(s: Shelf, code: str, title: str, seen: str) -> Iterator[str]:
    clear = s.get("level", code, seen, "clear", "fail_share")
    if seen == "good" and clear and clear.n >= FEW and clear.value < WANTED["clear_found"]:
        yield f"{title}: {100 * clear.value:.0f} % of clear faults are a FAIL ({clear.n})."
    wrong = s.get("verdict", code, seen, "wrong_of_given_share")
    if wrong and wrong.n >= FEW and wrong.value > WANTED["wrong_of_given"]:
        yield f"{title}: {100 * wrong.value:.0f} % of the verdicts given are wrong ({wrong.n})."
    false = s.get("verdict", code, seen, "false_alarm_share")
    if false and false.n >= FEW and false.value > WANTED["false_alarm"]:
        yield f"{title}: {100 * false.value:.0f} % false alarms ({false.n})."


def _weak_conditions(s: Shelf) -> Iterator[str]:
    for name in s.below("condition"):
        found = s.get("condition", name, "found_share")
        if found and found.value < WANTED["condition_found"]:
            yield f"With {name}, the person is found in {100 * found.value:.0f} % of frames."
        exact = s.get("condition", name, "exact_share")
        if exact and exact.value < WANTED["exact"]:
            yield f"With {name}, {100 * exact.value:.0f} % of {exact.n} clips are counted exactly."


def _from(view: str) -> str:
    return {
        "side": "the side",
        "front": "the front",
        "rear": "behind",
        "front-oblique": "obliquely in front",
        "rear-oblique": "obliquely behind",
    }[view]


def _title(name: str) -> str:
    title = FRAME[name].title
    return title[0].upper() + title[1:]
