"""Which exercise a clip shows: all of them are watched beside each other.

Each exercise already knows what is a repetition or a hold of it, and what clearly is not.
So the one that explains the clip best is the one of which most was counted, least was
turned away as something else, and which no other explains at the same moments. A clip of
which none explains enough shows none of them. A clip of several exercises, one after another, is
divided first, and each part told by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np

from formcheck.exercises.definition import Exercise
from formcheck.exercises.none import NONE
from formcheck.holding import Holding
from formcheck.observing import Memory, Observation, Observer
from formcheck.pose import Pose
from formcheck.refine.base import AngleRefiner
from formcheck.repeating import Repeating
from formcheck.results import SIDES, UNKNOWN_POSTURE, UNSEEN, Posture, Span
from formcheck.series import Window
from formcheck.timeline import Times, timeline, within

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
ENOUGH_REPETITIONS, FEW_REPETITIONS, FEW_S, ENOUGH_HELD_S = 3, 2, 8.0, 5.0
"""A part of a clip is an exercise of its own from so many repetitions on, from fewer that take
so long, or from so long a hold: less may be the way there."""
LEAD_S = 2.0
"""So much before and after a part is looked at, too; more is the way from one to the next."""
SEVERAL = "several"
"""The id of what a clip of several exercises shows."""


@dataclass(frozen=True, slots=True)
class Found:
    """What was found of one exercise."""

    exercise: Exercise
    times: Times
    """Of its counted repetitions or its holds."""
    against: Times
    """Of movements that it turned away as something else."""
    explained: float
    """Share of the legs' movement that belongs to what was counted or held, 0 to 1."""

    @property
    def for_s(self) -> float:
        """How long what was counted or held took."""
        return _total_s(self.times)

    @property
    def against_s(self) -> float:
        """How long what was turned away took."""
        return _total_s(self.against)

    @property
    def enough(self) -> bool:
        """Whether it can be a part of a clip that is an exercise of its own."""
        if self.exercise.hold is None:
            few = len(self.times) >= FEW_REPETITIONS and self.for_s >= FEW_S
            return few or len(self.times) >= ENOUGH_REPETITIONS
        return self.for_s >= ENOUGH_HELD_S

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
class Part:
    """One exercise of a clip that holds several."""

    exercise: Exercise
    start_s: float
    end_s: float
    """From its first to its last repetition or hold."""
    from_s: float
    until_s: float
    """What is looked at to judge it: a moment before and after, but nothing of its neighbours."""
    confidence: float
    """0 to 1."""
    reason: str


@dataclass(frozen=True, slots=True)
class Recognition:
    """Which exercise it is, how surely, and why."""

    exercise: Exercise
    """`NONE` if it is none of them, or cannot be told; one called `SEVERAL`, which stands for
    all of them, if there are several."""
    confidence: float
    """0 to 1."""
    reason: str
    """In words, for who reads the report."""
    found: tuple[Found, ...] = ()
    """What was found of each exercise, the one that explains most first."""
    parts: tuple[Part, ...] = ()
    """The exercises of a clip that holds several, in the order of time; empty otherwise."""
    memory: Memory | None = field(default=None, repr=False, compare=False)
    """What the poses showed, for who judges them next."""


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
        self._observer = Observer(size_px, refiner=refiner, remember=True)
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

    def so_far(self) -> Recognition:
        """Return what it is by now, one exercise or none; what is being held counts already."""
        readings = self._observer.series.window(-np.inf, np.inf)
        found = [watched.found(self._postures, readings) for watched in self._watched]
        return decide(found, seen=self._observer.seen, lying=self._observer.lying)

    def finish(self) -> Recognition:
        """End the stream and return what it was."""
        readings = self._observer.series.window(-np.inf, np.inf)
        found = [watched.finish(self._postures, readings) for watched in self._watched]
        seen, lying = self._observer.seen, self._observer.lying
        parts = divide(found, readings, seen=seen)
        if parts:
            return several(parts, found)
        return replace(decide(found, seen=seen, lying=lying), memory=self._observer.memory)


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
        if self._holding:
            self._holding.finish(self._observer.view)
        if self._repeating:
            self._repeating.finish(self._observer.view, lying=self._observer.lying)
        return self.found(postures, readings)

    def found(self, postures: Sequence[tuple[float, Posture]], readings: Window) -> Found:
        times, against = self._counted()
        kept = tuple(t for t in times if _fits(self._exercise.postures, postures, *t))
        return Found(self._exercise, kept, against, _explained(kept, readings))

    def _counted(self) -> tuple[Times, Times]:
        """Return when something was counted, and when something was turned away."""
        if self._holding:
            held = tuple((hold.start_s, hold.end_s) for hold in self._holding.holds)
            state, now_s = self._holding.state, self._observer.last_s
            return (*held, *([(now_s - state.held_s, now_s)] if state else [])), ()
        if not self._repeating:
            return (), ()
        others = {r.otherwise for r in self._exercise.requirements if r.question.measure != SIGHT}
        reps = [rep.span for rep in self._repeating.reps]
        partials = [rep.span for rep in self._repeating.partials if rep.span.reason in others]
        return _times(reps), _times(partials)


def _times(spans: Iterable[Span]) -> Times:
    return tuple((span.start_s, span.end_s) for span in spans)


def _total_s(times: Times) -> float:
    return sum(end - start for start, end in times)


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
    # Steps without a frame show no movement, and there may be years of them.
    grid = t[0] + STEP_S * np.unique(np.floor((t - t[0]) / STEP_S))
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


def divide(found: Sequence[Found], readings: Window, *, seen: float) -> tuple[Part, ...]:
    """Return the exercises of a clip that holds several, in the order of time; else none.

    Parameters
    ----------
    found
        What was found of each exercise in the whole clip.
    readings
        Of the whole clip.
    seen
        Share of the frames with a person in them, 0 to 1.
    """
    told: list[Part] = []
    for stay in timeline([one.times for one in found], [one.against for one in found]):
        start, end = stay.start_s, stay.end_s
        local = [_part_of(one, readings, start, end) for one in found]
        said = decide(local, seen=seen)
        mine = local[stay.which]
        if mine.enough and said.exercise is mine.exercise:
            told.append(Part(mine.exercise, start, end, 0.0, 0.0, said.confidence, said.reason))
    parts = _joined(told)
    if len(parts) < 2:
        return ()
    starts = [-np.inf, *(max(a.end_s, b.start_s - LEAD_S) for a, b in pairwise(parts))]
    ends = [*(min(b.start_s, a.end_s + LEAD_S) for a, b in pairwise(parts)), np.inf]
    return tuple(
        replace(part, from_s=min(begin, part.start_s), until_s=max(end, part.end_s))
        for part, begin, end in zip(parts, starts, ends, strict=True)
    )


def _part_of(one: Found, readings: Window, start_s: float, end_s: float) -> Found:
    """Return what was found of an exercise within a part of the clip."""
    times, against = (within(t, start_s, end_s) for t in (one.times, one.against))
    inside = (readings.t_s >= start_s - MARGIN_S) & (readings.t_s <= end_s + MARGIN_S)
    values = {name: column[inside] for name, column in readings.values.items()}
    local = Window(readings.t_s[inside], values, {})
    return Found(one.exercise, times, against, _explained(times, local))


def _joined(parts: Sequence[Part]) -> list[Part]:
    """Return parts with neighbours of the same exercise as one."""
    joined: list[Part] = []
    for part in parts:
        if joined and joined[-1].exercise is part.exercise:
            sure = min(joined[-1].confidence, part.confidence)
            joined[-1] = replace(joined[-1], end_s=part.end_s, confidence=sure)
        else:
            joined.append(part)
    return joined


def several(parts: Sequence[Part], found: Sequence[Found]) -> Recognition:
    """Return what a clip of several exercises shows."""
    names = listed([part.exercise.name for part in parts])
    notes = dict.fromkeys(note for part in parts for note in part.exercise.notes)
    all_of_them = replace(NONE, id=SEVERAL, name=names, notes=tuple(notes))
    when = ", then ".join(
        f"{part.exercise.name.lower()} ({part.start_s:.0f}–{part.end_s:.0f} s)" for part in parts
    )
    ranked = tuple(sorted(found, key=lambda one: (-one.weight, one.exercise.id)))
    sure = min(part.confidence for part in parts)
    return Recognition(all_of_them, sure, f"Recognized: {when}.", ranked, tuple(parts))


def listed(names: Sequence[str]) -> str:
    """Return names as one would list them: each once, the first with a capital.

    Examples
    --------
    >>> listed(["Squat", "Lunge", "Glute bridge", "Squat"])
    'Squat, lunge and glute bridge'
    """
    first, *rest = dict.fromkeys(names)
    small = [first, *(name.lower() for name in rest)]
    return f"{', '.join(small[:-1])} and {small[-1]}" if rest else first


def _shared(times: Times, others: Times) -> float:
    """Return the share of some times that others cover too, 0 to 1."""
    total = _total_s(times)
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
