"""How far off is what is read from the landmarks themselves, measured on rendered people.

``python -m benchmarks.spreads TAKES CLIPS`` compares every reading that no refiner gives with the
truth, in short takes of many people (see docs/rendering.md), and writes
``formcheck/refine/spreads.toml``: by direction, and standing, with bent knees and lying. A reading
is measured on people who do an exercise that asks for it. How much larger errors make ranges is
measured, too, of refined angles as well; and how far off the learned ones are of people who do
what hardly anybody does, on people that nothing was learned from.
"""

from __future__ import annotations

import argparse
import math
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import track

from benchmarks.blindness import is_blind
from benchmarks.quality.takes import NAMES, labels_of
from benchmarks.rendered import Facing, RenderedClip, load, readings_from, true_readings
from benchmarks.training.dataset import stranger, theirs
from formcheck.exercises.load import exercise_ids, load_exercise
from formcheck.measures.base import FrameMeasure
from formcheck.measures.catalogue import FRAME, reading_names
from formcheck.observing import Observer
from formcheck.reduce import RANGE, REDUCERS
from formcheck.refine.body import Body
from formcheck.refine.choose import angle_refiner
from formcheck.refine.error import (
    COMBINED,
    ErrorRow,
    MeasuredError,
    RangeError,
    bent_share,
    lying_share,
)
from formcheck.refine.plain import ANGLES
from formcheck.results import SIDES, Reading

FloatArray = NDArray[np.float64]

TARGET = Path(__file__).parents[1] / "formcheck/refine/spreads.toml"
COMMAND = "python -m benchmarks.spreads"
DIRECTIONS = (0.0, 45.0, 90.0, 135.0, 180.0)
HALF_BIN_DEG = 22.5
POSTURES = ("standing", "bent", "lying")
"""In the order of the table."""
MIN_FRAMES, MIN_PEOPLE = 30, 4
"""Fewer say nothing of a direction: the widest spread of the others holds there."""
MIN_RANGE_FRAMES, MIN_RANGE_TAKES = 20, 12

OF_A_REFINER = frozenset(
    {
        *(angle.name for angle in ANGLES),
        *COMBINED,
        *("heel_rise_deg", "foot_ahead_ratio", "step_length_ratio", "knee_height_ratio"),
        *("shins_apart_deg", "hip_swing_deg", "pelvis_tilt_deg", "feet_parted_ratio"),
        *("trunk_aside_deg", "lesser_hip_flexion_deg"),
    }
)
"""Made of a refiner's angles, or given by one, or counted on where a refiner is not believed:
`benchmarks.plain_error` measures what plain geometry makes of them, and the learned refiner brings
its own spreads."""
TOLERANCES: dict[str, float | tuple[float, ...]] = {
    "hip_drop_ratio": 0.05,
    "feet_apart_ratio": 0.05,
    "feet_level_ratio": 0.05,
    "feet_place_ratio": 0.05,
    "hips_low_ratio": 0.05,
    "hips_down_ratio": 0.05,
    "hip_lift_ratio": 0.05,
    "hip_rise_ratio": 0.02,
    "stir_ratio": 0.002,
    "lying_ratio": 0.03,
    "feet_down_ratio": 0.12,
    "ankle_to_thigh_ratio": 0.15,
    "ankles_gap_ratio": 0.2,
    "leg_over_ratio": 0.05,
    "hip_opening_deg": 8.0,
    "leg_opening_deg": 12.0,
    "head_nod_deg": 15.0,
    # Depth in space: as in `DIRECTIONS`.
    "balance_m": (0.12, 0.06, 0.05, 0.09, 0.20),
    "knee_opening_deg": (25.0, 16.0, 8.0, 16.0, 25.0),
    # Judged, too; but hardly any pelvis drops, so that who guesses that none does is right. From
    # the head all of it shows: 80 % of errors are below 5.2 degrees there.
    "pelvis_drop_deg": (20.0, 22.0, 25.0, 12.0, 5.0),
    # Nor do knees sway much: about what their landmarks are off in the picture.
    "knee_drift_ratio": 0.04,
}
"""How exactly counting and timing take what they rest on, everywhere or in each direction. These
are chosen, not measured: someone is in a position unless that is clearly not so, and with spreads
as wide as those of the widest view everybody would be in all of them."""
HIDDEN = {"knee_drift_ratio": (0.0, 0.5, 1.0, 0.5, 0.0)}
"""Where too few differ to measure it: blind as geometry says. What goes to one side is towards the
camera or away from it, seen from there."""
MEASURED = tuple(sorted(set(FRAME) - OF_A_REFINER - set(TOLERANCES)))
"""What verdicts rest on: the readings that are measured here."""

RARE = ("heel_rise_deg", "knee_asymmetry_deg")
"""Hardly anybody's heels go up in a squat, or knees bend unevenly. Whoever has seldom seen it is
sure that all is well: here the spread is no smaller than that of people in whom it is not."""

INTERVALS = {0.50: 0.674, 0.80: 1.282}
"""Share of a normal distribution within so many standard deviations. Verdicts are given from 80 %
on; tails are longer than a normal distribution's, and those who are in them are mixed up."""
LEAST = 0.001
"""What is hardly ever off is never quite sure, either."""


@dataclass(frozen=True)
class Asked:
    """Who asks for a reading."""

    exercises: frozenset[str]
    """Exercises whose files name it; empty if none does."""
    only_judged: bool
    """Whether criteria alone ask for it: what is counted on, too, stays as it is seen."""
    ranged: frozenset[str]
    """Those that judge its range."""


@dataclass(frozen=True)
class Errors:
    """N frames of one reading, of all people."""

    away_deg: FloatArray
    bent: FloatArray
    lying: FloatArray
    off: FloatArray
    true: FloatArray
    person: NDArray[np.int64]

    def only(self, chosen: NDArray[np.bool_]) -> Errors:
        """Return some of them."""
        return Errors(*(getattr(self, name)[chosen] for name in self.__dataclass_fields__))


@dataclass(frozen=True)
class Ranged:
    """The range of one reading in one take, and from where and how it was mostly seen."""

    seen: float
    true: float
    sigma: float
    """The reading's spread; of what is in the table, how much wider it is than that says."""
    away_deg: float
    bent: float
    lying: float


def asked() -> dict[str, Asked]:
    """Return who asks for each reading, by name."""
    judged: defaultdict[str, set[str]] = defaultdict(set)
    other: defaultdict[str, set[str]] = defaultdict(set)
    ranged: defaultdict[str, set[str]] = defaultdict(set)
    for name in exercise_ids():
        text = files("formcheck.exercises").joinpath(f"{name}.toml").read_text("utf-8")
        table = tomllib.loads(text)
        for part, entry in table.items():
            into = judged if part in {"criterion", "target"} else other
            for measure, reduce in _named(entry):
                into[measure].add(name)
                if reduce == RANGE and into is judged:
                    ranged[measure].add(name)
    return {
        name: Asked(
            exercises=frozenset(judged[name] | other[name]),
            only_judged=bool(judged[name]) and not other[name],
            ranged=frozenset(ranged[name]),
        )
        for name in FRAME
    }


def _named(entry: Any) -> Iterator[tuple[str, str]]:
    """Yield all measurements that a part of an exercise file names, and how each is reduced."""
    if isinstance(entry, Mapping):
        for key in {"measure", "signal"} & set(entry):
            yield str(entry[key]), str(entry.get("reduce", ""))
        for value in entry.values():
            yield from _named(value)
    elif isinstance(entry, list):
        for value in entry:
            yield from _named(value)


def rare_spreads(folders: Iterable[Path]) -> dict[str, float]:
    """Return how far off readings of `RARE` are where they are beyond what is asked.

    Of people that nothing was learned from: whoever was learned from is told rightly.
    """
    bounds = {
        question.measure: question.bound.high
        for question in (criterion.question for criterion in load_exercise("squat").criteria)
        if question.measure in RARE
    }
    parts: defaultdict[str, list[FloatArray]] = defaultdict(list)
    for folder in folders:
        if not _squats_of_stranger(folder):
            continue
        clip = load(folder)
        seen, truth = _readings(clip)
        at, same = _moments(clip), _same_person(folder, clip)
        for name, bound in bounds.items():
            for side in SIDES:
                true = truth[f"{side}_{name}"][at]
                off = seen[f"{side}_{name}"] - true
                parts[name].append(off[same & np.isfinite(off) & (true > bound)])
    # They mostly go one way, so what counts is how far off most of them are.
    most, interval = max(INTERVALS.items())
    return {
        name: float(np.quantile(np.abs(np.concatenate(parts[name])), most) / interval)
        for name in sorted(bounds)
    }


def _squats_of_stranger(folder: Path) -> bool:
    labels = labels_of(folder)
    person = int(labels.get("person_number", labels["seed"]))
    return str(labels["exercise"]) == "squat" and stranger(person)


def _readings(clip: RenderedClip) -> tuple[Mapping[str, FloatArray], Mapping[str, FloatArray]]:
    observer = Observer(clip.track.size_px, refiner=angle_refiner())
    for pose in clip.track:
        observer.feed(pose)
    return observer.series.series().values, true_readings(clip)


def _moments(clip: RenderedClip) -> NDArray[np.intp]:
    """Return the frame of the truth that each frame of the recording shows, (T,)."""
    at: NDArray[np.intp] = np.abs(clip.t_s[None] - clip.track.t_s[:, None]).argmin(axis=1)
    return at


def without_errors() -> MeasuredError:
    """Return an error table that changes nothing."""
    row = ErrorRow((0.0,), (1.0,), (0.0,), (1.0,))
    return MeasuredError((0.0,), dict.fromkeys((*FRAME, *(a.name for a in ANGLES)), row))


def measured(folders: Iterable[Path]) -> tuple[dict[str, Errors], dict[str, list[Ranged]]]:
    """Return how far off each reading is in takes, frame by frame, and its ranges.

    Ranges of a refiner's angles only of people that it has not learned from.
    """
    who = asked()
    parts: defaultdict[str, list[Errors]] = defaultdict(list)
    ranges: defaultdict[str, list[Ranged]] = defaultdict(list)
    for folder in folders:
        clip = load(folder)
        _add(clip, who, parts, ranges, _same_person(folder, clip))
    errors = {
        name: Errors(*(np.concatenate(column) for column in zip(*map(_columns, p), strict=True)))
        for name, p in parts.items()
    }
    return errors, ranges


def _columns(errors: Errors) -> list[NDArray[Any]]:
    return [getattr(errors, name) for name in errors.__dataclass_fields__]


def _add(
    clip: RenderedClip,
    who: Mapping[str, Asked],
    parts: Mapping[str, list[Errors]],
    ranges: Mapping[str, list[Ranged]],
    theirs: NDArray[np.bool_],
) -> None:
    observer = Observer(clip.track.size_px, refiner=angle_refiner(), error=without_errors())
    seen = [observer.feed(pose) for pose in clip.track]
    series = observer.series.series()
    done = str(clip.labels["exercise"])
    done = NAMES.get(done, done)
    rows = [row for row in FRAME.values() if _matters(row, who[row.name], done)]
    truth = _truth(clip, rows)
    at = _moments(clip)
    size = clip.track.size_px
    away = np.abs([s.view.yaw_deg for s in seen])
    bent = np.array([bent_share(Body(s.pose, size)) if s.pose.seen else np.nan for s in seen])
    lying = np.array([lying_share(x) for x in series.values["trunk_inclination_deg"]])
    person = np.full(len(seen), int(clip.labels.get("person_number", clip.labels["seed"])))
    for row in rows:
        for name in reading_names(row):
            if name not in truth:
                continue
            true = truth[name][at]
            off = series.values[name] - true
            known = theirs & np.isfinite(off + away + bent)
            if row.name in MEASURED:
                here = Errors(away, bent, lying, off, true, person).only(known)
                parts[row.name].append(here)
            new = row.name in MEASURED or stranger(int(person[0]))
            if new and done in who[row.name].ranged and known.sum() >= MIN_RANGE_FRAMES:
                values = series.values[name][known]
                sigma = float(np.median(series.sigmas[name][known]))
                ranges[row.name].append(
                    Ranged(
                        seen=float(REDUCERS[RANGE](values)),
                        true=float(REDUCERS[RANGE](true[known])),
                        sigma=sigma,
                        away_deg=float(np.median(away[known])),
                        bent=float(np.median(bent[known])),
                        lying=float(np.median(lying[known])),
                    )
                )


def _matters(row: FrameMeasure, who: Asked, done: str) -> bool:
    wanted = not who.exercises or done in who.exercises
    return (row.name in MEASURED and wanted) or done in who.ranged


FACING: dict[str, Facing] = {"side": "side", "front": "front", "rear": "front", "any": "camera"}
"""Best view of a reading → from where its truth is seen."""


def _truth(clip: RenderedClip, rows: Iterable[FrameMeasure]) -> dict[str, FloatArray]:
    """Return what the readings should be, name → (T,).

    What some view shows best is as it is seen from there, what any view shows as the camera
    should have seen it.
    """
    facings = {FACING[row.best_view] for row in rows}
    seen = {facing: readings_from(clip, facing) for facing in facings}
    names = [(name, FACING[row.best_view]) for row in rows for name in reading_names(row)]
    return {name: seen[facing][name] for name, facing in names if name in seen[facing]}


def _same_person(folder: Path, clip: RenderedClip) -> NDArray[np.bool_]:
    """Return in which frames the pose is the person's, not that of somebody else there, (T,)."""
    with np.load(folder / "truth.npz") as truth:
        names = [str(name) for name in truth["joint_names"]]
        at = np.abs(truth["t_s"][None] - clip.track.t_s[:, None]).argmin(axis=1)
        return theirs(clip.track, truth["image_px"].astype(np.float64)[at], names)


def row_of(errors: Errors, *, biased: bool) -> dict[str, list[float]]:
    """Return the row of one reading: its mean errors and spreads by posture and direction.

    Parameters
    ----------
    errors
        How far off it is.
    biased
        Whether its mean error is taken off; if not, it is part of the spread.
    """
    upright = errors.lying < HALF
    chosen = (
        upright & (errors.bent < HALF),
        upright & (errors.bent >= HALF),
        ~upright,
    )
    found = [_by_direction(errors.only(here), biased=biased) for here in chosen]
    # Where nobody was seen in a posture, what is known of the others has to do.
    known = [pair for pair in found if pair is not None]
    if not known:
        msg = "too few frames of too few people in any posture: make more takes"
        raise SystemExit(msg)
    row: dict[str, list[float]] = {}
    for posture, pair in zip(POSTURES, found, strict=True):
        row[f"{posture}_bias"], row[f"{posture}_sigma"] = pair or _widest(known)
    for posture, here in zip(POSTURES, chosen, strict=True):
        blind = _blind(errors.only(here))
        if any(blind):
            row[f"{posture}_blind"] = blind
    return row


def _blind(errors: Errors) -> list[float]:
    """Return in which `DIRECTIONS` a reading shows nothing: 1 there, 0 elsewhere."""
    near = [errors.only(_near(errors, away)) for away in DIRECTIONS]
    return [float(is_blind(e.true + e.off, e.true, e.person)) for e in near]


def _near(errors: Errors, away_deg: float) -> NDArray[np.bool_]:
    return np.abs(errors.away_deg - away_deg) <= HALF_BIN_DEG


HALF = 0.5


def _by_direction(errors: Errors, *, biased: bool) -> tuple[list[float], list[float]] | None:
    """Return mean errors and spreads in `DIRECTIONS`; None where hardly anybody was seen."""
    bias, sigma = [], []
    for away in DIRECTIONS:
        near = errors.only(_near(errors, away))
        few = len(near.off) < MIN_FRAMES or len(np.unique(near.person)) < MIN_PEOPLE
        bias.append(float(near.off.mean()) if biased and not few else 0.0)
        sigma.append(math.nan if few else _spread(_of_strangers(near) if biased else near.off))
    if not np.isfinite(sigma).any():
        return None
    widest = float(np.nanmax(sigma))
    return bias, [s if math.isfinite(s) else widest for s in sigma]


def _widest(rows: list[tuple[list[float], list[float]]]) -> tuple[list[float], list[float]]:
    return [0.0] * len(DIRECTIONS), [
        max(column) for column in zip(*(s for _, s in rows), strict=True)
    ]


def _of_strangers(errors: Errors) -> FloatArray:
    """Return each person's errors less the mean error of the others.

    The table is used on people that it was not made from, so this is the error to expect.
    """
    who, off = errors.person, errors.off
    return np.concatenate([off[who == one] - off[who != one].mean() for one in np.unique(who)])


def _spread(off: FloatArray) -> float:
    """Return the standard deviation whose 50 and 80 % intervals are both wide enough."""
    return float(max(LEAST, *(np.quantile(np.abs(off), q) / z for q, z in INTERVALS.items())))


def range_row(ranges: list[Ranged]) -> dict[str, float] | None:
    """Return what errors do to a reading's range, as in `RangeError`; None if that is unknown."""
    if len(ranges) < MIN_RANGE_TAKES:
        return None
    seen, true, sigma = (
        np.array([getattr(r, n) for r in ranges]) for n in ("seen", "true", "sigma")
    )
    excess = float(np.median(np.sqrt(np.maximum(0.0, seen**2 - true**2)) / sigma))
    left = RangeError(excess, 1.0)
    off = [left.correct(Reading(r.seen, r.sigma)).value - r.true for r in ranges]
    return {"excess": excess, "sigma": _spread(np.array(off) / sigma)}


def table(
    errors: Mapping[str, Errors],
    ranges: Mapping[str, list[Ranged]],
    rare: Mapping[str, float],
) -> str:
    """Return the error table as TOML."""
    lines = [
        "# Errors of what is read from the landmarks themselves: less the truth, mean (bias) and",
        "# standard deviation (sigma), by direction (0 front, 90 side, 180 rear), standing, with",
        "# bent knees and lying; and, in standard deviations of a reading, what errors do to its",
        "# range and how far off that still is. Blind: nothing of true differences shows there.",
        f"# Made by {COMMAND}; not to be edited by hand.",
        "",
        f"away_deg = {list(DIRECTIONS)}",
    ]
    who = asked()
    missing = [name for name in MEASURED if name not in errors]
    if missing:
        msg = f"Nobody was seen doing what {', '.join(missing)} is asked of: make more takes."
        raise SystemExit(msg)
    rows = {name: row_of(errors[name], biased=who[name].only_judged) for name in MEASURED}
    for name, row in rows.items():
        lines += ["", f"[error.{name}]"]
        lines += [f"{key} = {[round(x, 4) + 0.0 for x in column]}" for key, column in row.items()]
    lines += ["", "# Chosen, not measured: how exactly counting takes what it rests on."]
    for name, given in TOLERANCES.items():
        sigma = list(given) if isinstance(given, tuple) else [given] * len(DIRECTIONS)
        lines += ["", f"[error.{name}]"]
        for posture in POSTURES[:2]:
            lines += [f"{posture}_bias = {[0.0] * len(DIRECTIONS)}", f"{posture}_sigma = {sigma}"]
            if name in HIDDEN:
                lines.append(f"{posture}_blind = {list(HIDDEN[name])}")
    lines += ["", "# Ranges, and what is rare."]
    shown = {name: ErrorRow(**{k: tuple(v) for k, v in row.items()}) for name, row in rows.items()}
    usual = angle_refiner().error
    known = replace(usual, rows={**usual.rows, **shown})
    for name in sorted(ranges):
        found = range_row([with_spread(r, name, known) for r in ranges[name]])
        if found is not None:
            lines += ["", f"[range.{name}]", *(f"{k} = {v:.3f}" for k, v in found.items())]
    for name, least in rare.items():
        lines += ["", f"[rare.{name}]", f"sigma = {least:.3f}"]
    return "\n".join(lines) + "\n"


def with_spread(ranged: Ranged, name: str, known: MeasuredError) -> Ranged:
    """Return a range with the spread that tables give its reading.

    One of the refiner's own angles came with its spread.
    """
    if FRAME[name].compute is None:
        return ranged
    here = known.under(ranged.away_deg, ranged.bent, ranged.lying)
    return replace(ranged, sigma=ranged.sigma * here.correct(name, 0.0).sigma)


def _of_exercises(takes: Iterable[Path]) -> list[Path]:
    """Return the takes of somebody who does one of the exercises, not of other movements."""
    ours = frozenset(exercise_ids())
    done = {take: str(labels_of(take)["exercise"]) for take in takes}
    return [take for take, name in done.items() if NAMES.get(name, name) in ours]


def _recorded(folder: Path) -> list[Path]:
    return [take for take in sorted(folder.iterdir()) if (take / "poses.npz").is_file()]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, prog=COMMAND)
    parser.add_argument("takes", type=Path, help="short takes of many people, one folder each")
    parser.add_argument("clips", type=Path, help="the quality set; only development people")
    wanted = parser.parse_args()
    takes = _recorded(wanted.takes)
    errors, ranges = measured(track(_of_exercises(takes), "measuring"))
    others = [clip for clip in _recorded(wanted.clips) if clip.name.startswith("development")]
    rare = rare_spreads(track([*takes, *others], "what is rare"))
    text = table(errors, ranges, rare)
    TARGET.write_text(text, encoding="utf-8")
    Console().print(f"Written {TARGET}")


if __name__ == "__main__":
    main()
