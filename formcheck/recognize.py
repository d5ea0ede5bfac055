"""Which exercise a clip shows: all of them are watched beside each other.

Each exercise already knows what is a repetition or a hold of it, and what clearly is not.
So the one that explains the clip best is the one of which most was counted, least was
turned away as something else, and which no other explains at the same moments. A clip of
which none explains enough shows none of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from formcheck.exercises.definition import Exercise
from formcheck.holding import Holding
from formcheck.observing import Observation, Observer
from formcheck.pose import Pose
from formcheck.posture import POSTURES
from formcheck.refine.base import AngleRefiner
from formcheck.repeating import Repeating
from formcheck.reps import NO_REPETITIONS
from formcheck.results import SIDES, UNKNOWN_POSTURE, UNSEEN, Posture
from formcheck.series import Window

NONE = Exercise(
    id="none",
    name="None of these",
    summary="Something that formcheck does not know.",
    camera="Whole body in the picture.",
    notes=(),
    postures=tuple(POSTURES),
    signal="",
    rule=NO_REPETITIONS,
    words={},
    side=None,
    requirements=(),
    criteria=(),
    hold=None,
    sha256="",
)
"""What is judged of a clip that shows no exercise that is known: nothing."""

EVEN = 0.5
"""An exercise is named when more speaks for it than against it."""
ALONE = 1 / 3
"""A single repetition is one only if so much of the legs' movement belongs to it: among many
other movements, one may look like it by chance."""
DOUBT_S = 0.25
"""So much always speaks against it: what was seen for a moment only may be chance."""
NOTHING = 0.9
"""How surely a clip in which nothing was found shows none of them: some of what is badly seen,
or hardly moves, stays unseen."""
BESIDE = 1 / 3
"""What explains at least this share of what the chosen exercise does, at other times, is
mentioned."""
SIGHT = "seen_ratio"
"""The requirement that says nothing about which exercise it is."""
STEP_S, MOVED_DEG = 0.25, 4.0
"""How far legs moved is told from angles so far apart; smaller changes are noise."""
MARGIN_S = 0.15
"""A movement begins and ends gently: so much before and after belongs to it."""

Times = tuple[tuple[float, float], ...]
"""From when to when, in seconds, several times."""


@dataclass(frozen=True, slots=True)
class Found:
    """What was found of one exercise."""

    exercise: Exercise
    times: Times
    """Of its counted repetitions or its holds."""
    for_s: float
    """How long they took."""
    against_s: float
    """How long movements took that it turned away as something else."""
    explained: float
    """Share of the legs' movement that belongs to them, 0 to 1."""

    @property
    def purity(self) -> float:
        """For it, of all for and against it: 0 to 1."""
        both = self.for_s + self.against_s
        return self.for_s / both if both > 0 else 0.0

    @property
    def weight(self) -> float:
        """How much it explains, in seconds."""
        return self.for_s * self.purity

    @property
    def by_chance(self) -> bool:
        """Whether it may be an accident among other movements."""
        alone = self.exercise.hold is None and len(self.times) == 1
        return alone and self.explained < ALONE

    def in_words(self) -> str:
        """Return what was found, such as ``squat (3 repetitions)``."""
        what = "repetition" if self.exercise.hold is None else "hold"
        count = len(self.times)
        return f"{self.exercise.name.lower()} ({count} {what}{'' if count == 1 else 's'})"


@dataclass(frozen=True, slots=True)
class Recognition:
    """Which exercise it is, how surely, and why."""

    exercise: Exercise
    """`NONE` if it is none of them, or cannot be told."""
    confidence: float
    """0 to 1."""
    reason: str
    """In words, for who reads the report."""
    found: tuple[Found, ...] = ()
    """What was found of each exercise, the one that explains most first."""


class Recognizer:
    """Watches several exercises at once, and says which one it is.

    Parameters
    ----------
    exercises
        The ones to tell apart.
    size_px
        (width, height) of the full picture that the poses' pixels refer to.
    refiner
        What makes angles of landmarks; the default one, if not given.
    """

    def __init__(
        self,
        exercises: Iterable[Exercise],
        size_px: tuple[int, int],
        *,
        refiner: AngleRefiner | None = None,
    ) -> None:
        self._observer = Observer(size_px, refiner=refiner)
        self._watched = [_Watched(exercise, self._observer) for exercise in exercises]
        self._postures: list[tuple[float, Posture]] = []

    def feed(self, pose: Pose) -> None:
        """Take the next pose.

        Raises
        ------
        ValueError
            The pose is not later than the one before it.
        """
        seen = self._observer.feed(pose)
        self._postures.append((seen.t_s, seen.posture))
        for watched in self._watched:
            watched.feed(seen)

    def finish(self) -> Recognition:
        """End the stream and return what it was."""
        readings = self._observer.series.window(-np.inf, np.inf)
        found = [watched.finish(self._postures, readings) for watched in self._watched]
        return decide(found, seen=self._observer.seen, lying=self._observer.lying)


class _Watched:
    """One exercise, watched beside others."""

    def __init__(self, exercise: Exercise, observer: Observer) -> None:
        self._exercise = exercise
        self._observer = observer
        series, error = observer.series, observer.error
        plan = exercise.hold
        self._repeating = None if plan else Repeating(exercise, series, error)
        self._holding = Holding(exercise, plan, series, error) if plan else None

    def feed(self, seen: Observation) -> None:
        if self._repeating:
            signal = seen.readings.get(self._exercise.signal, UNSEEN).value
            self._repeating.feed(seen.t_s, signal, seen.view, lying=self._observer.lying)
        if self._holding:
            self._holding.feed(seen.t_s, seen.readings, seen.view, seen.posture)

    def finish(self, postures: Sequence[tuple[float, Posture]], readings: Window) -> Found:
        times, against_s = self._counted()
        kept = tuple(t for t in times if _fits(self._exercise.postures, postures, *t))
        for_s = sum(end - start for start, end in kept)
        return Found(self._exercise, kept, for_s, against_s, _explained(kept, readings))

    def _counted(self) -> tuple[Times, float]:
        """Return when something was counted, and for how long something was turned away."""
        if self._holding:
            self._holding.finish(self._observer.view)
            return tuple((hold.start_s, hold.end_s) for hold in self._holding.holds), 0.0
        if not self._repeating:
            return (), 0.0
        self._repeating.finish(self._observer.view, lying=self._observer.lying)
        others = {r.otherwise for r in self._exercise.requirements if r.question.measure != SIGHT}
        reps = [rep.span for rep in self._repeating.reps]
        partials = [rep.span for rep in self._repeating.partials]
        against_s = sum(p.end_s - p.start_s for p in partials if p.reason in others)
        return tuple((span.start_s, span.end_s) for span in reps), against_s


def _fits(
    accepted: tuple[str, ...], postures: Sequence[tuple[float, Posture]], start: float, end: float
) -> bool:
    """Whether somebody was in a fitting posture, or in one not known, for half of a time."""
    names = [posture.name for t_s, posture in postures if start <= t_s <= end]
    fitting = sum(name in (*accepted, UNKNOWN_POSTURE.name) for name in names)
    return 2 * fitting >= len(names)


def _explained(times: Times, readings: Window) -> float:
    """Return the share of the legs' movement within some times; 0 if they did not move."""
    t = readings.t_s
    if not times or len(t) < 2:
        return 0.0
    grid = np.arange(t[0], t[-1], STEP_S)
    middle = (grid[1:] + grid[:-1]) / 2
    inside = np.zeros(len(middle), dtype=bool)
    for start, end in times:
        inside |= (middle >= start - MARGIN_S) & (middle <= end + MARGIN_S)
    moved = np.zeros(len(middle))
    for name in (f"{side}_{joint}_flexion_deg" for side in SIDES for joint in ("knee", "hip")):
        column = readings.values[name]
        known = np.isfinite(column)
        if known.any():
            steps = np.abs(np.diff(np.interp(grid, t[known], column[known])))
            moved += np.where(steps > MOVED_DEG, steps, 0.0)
    total = float(moved.sum())
    return float(moved[inside].sum()) / total if total > 0 else 0.0


def decide(found: Sequence[Found], *, seen: float, lying: bool = False) -> Recognition:
    """Return which exercise it is, of what was found of each.

    Parameters
    ----------
    found
        One for each exercise.
    seen
        Share of the frames with a person in them, 0 to 1.
    lying
        Whether the person has been lying for most of the time.
    """
    ranked = tuple(sorted(found, key=lambda one: (-one.weight, one.exercise.id)))
    best = ranked[0] if ranked else None
    if best is None or not best.times:
        return Recognition(NONE, NOTHING * seen, _nothing(ranked, seen, lying=lying), ranked)
    rivals = [(one, one.weight * _shared(one.times, best.times)) for one in ranked[1:]]
    against = sum(weight for _, weight in rivals)
    sure = best.purity * best.weight / (best.weight + against + DOUBT_S)
    if best.by_chance or sure < EVEN:
        like = [best, *(one for one, weight in rivals if weight >= BESIDE * best.weight)]
        return Recognition(NONE, seen * (1 - min(sure, EVEN)), _doubtful(like), ranked)
    speaks = f"{100 * sure:.0f} % of what was seen speaks for it"
    reason = f"Recognized: {best.in_words()}; {speaks}."
    beside = [one for one, weight in rivals if one.weight - weight >= BESIDE * best.weight]
    return Recognition(best.exercise, sure, reason + _also(beside), ranked)


def _shared(times: Times, others: Times) -> float:
    """Return the share of some times that others cover too, 0 to 1."""
    total = sum(end - start for start, end in times)
    both = sum(
        max(0.0, min(end, stop) - max(start, begin))
        for start, end in times
        for begin, stop in others
    )
    return min(1.0, both / total) if total > 0 else 0.0


def _nothing(found: Sequence[Found], seen: float, *, lying: bool) -> str:
    if not seen:
        return "No exercise was recognized: nobody was seen in the picture."
    names = ", ".join(sorted(one.exercise.name.lower() for one in found))
    small = " Lying still, a movement as small as a pelvic tilt's may not show." if lying else ""
    return (
        f"None of these was recognized: {names}.{small} "
        "If it is one of them, say which with --exercise, and show the whole body."
    )


def _doubtful(like: Sequence[Found]) -> str:
    names = " or ".join(one.in_words() for one in like)
    return (
        f"It cannot be told which exercise this is. It may be {names}, but as much speaks "
        "against it. If it is, say so with --exercise."
    )


def _also(beside: Sequence[Found]) -> str:
    if not beside:
        return ""
    names = " and ".join(one.in_words() for one in beside)
    return f" At other times, {names} was seen, which is not judged here: check it by itself."
