"""Being in position: which frames show what an exercise holds, and what was held.

An exercise file says what the position is, as questions about readings of one frame. Each
has two bounds: one to get into the position, and a wider one to be out of it again. Who is
only doubtfully out is still in, so that a poorly seen ankle ends no stretch. A position of one
side is looked for on both: crossed legs make pose models mix up left and right, which
changes nothing about a hold but the votes for its side.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from formcheck.criteria import CONFIDENT, probability
from formcheck.holds import HoldRule, HoldSegmenter, Stretch
from formcheck.results import (
    EITHER,
    SIDES,
    UNCLEAR_SIDE,
    UNKNOWN_POSTURE,
    UNSEEN,
    Bound,
    HoldState,
    Posture,
    Reading,
    Readings,
    other_side,
)
from formcheck.series import EPSILON_S, SeriesRecorder, Window
from formcheck.settling import Fit

MOST_FRAMES = 1 << 16
"""Of so many frames it is known which side held: ten minutes at a hundred a second."""
LOOK_BACK_S = 10.0
"""A hold is known to have begun sooner than this after it began."""
SURE_SIDE = 0.75
"""A hold's side is the one that was seen for at least this share of its time."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing that a frame must show."""

    measure: str
    """A name of the catalogue of frames, without its side."""
    enter: Bound
    """Within it, the position is there."""
    stay: Bound
    """Outside it, for sure, the position is lost."""
    sides: str = ""
    """A word of `HOLDING_SIDES`; empty for a measurement without sides."""


@dataclass(frozen=True, slots=True)
class Depth:
    """The reading that tells how deep in the position somebody is: the larger, the deeper."""

    measure: str
    sides: str = ""
    """As in `Condition`."""


@dataclass(frozen=True, slots=True)
class HoldPlan:
    """How an exercise's holds are told."""

    rule: HoldRule
    position: tuple[Condition, ...]
    depth: Depth | None
    one_sided: bool
    """Whether left and right are held apart."""
    missed: str
    """What to say when nothing was held."""
    seen: str = ""
    """What to say when something was, if anything. An exercise that has this is one whose holds
    can't all be seen: their number is never sure."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A finished hold with all that was seen of it."""

    stretch: Stretch
    side: str
    readings: Window
    """Of the frames in position; in frames that show it on the other side, left and right are
    exchanged."""
    depth: str
    """Name of the reading that tells how deep; empty if none does."""


HOLDING_SIDES = {
    "working": "of the side that holds",
    "other": "of the other side",
    "mean": "both sides' mean",
}
"""Which of left and right a position asks for: word in exercise files → what it means."""


def reading_of(measure: str, sides: str, side: str, readings: Readings) -> Reading:
    """Return what a condition looks at.

    Parameters
    ----------
    measure
        A name of the catalogue, without its side.
    sides
        A word of `HOLDING_SIDES`; empty for a measurement without sides.
    side
        Which side holds.
    readings
        Of one frame.
    """
    if sides != "mean":
        return readings.get(_name(measure, sides, side), UNSEEN)
    both = [readings.get(f"{s}_{measure}", UNSEEN) for s in SIDES]
    known = [reading for reading in both if reading.known]
    if not known:
        return UNSEEN
    return Reading(sum(r.value for r in known) / len(known), min(r.sigma for r in known))


def _name(measure: str, sides: str, side: str) -> str:
    """Return the name of a reading, with its side where it has one."""
    if sides not in {"working", "other"} or side not in SIDES:
        return measure
    return f"{side if sides == 'working' else other_side(side)}_{measure}"


def fit_of(position: tuple[Condition, ...], readings: Readings, side: str = EITHER) -> Fit:
    """Return how well a frame shows a position, held by one side or by both.

    Parameters
    ----------
    position
        What it must show.
    readings
        What was measured.
    side
        Which side holds it.
    """
    inside, unseen = True, False
    for c in position:
        reading = reading_of(c.measure, c.sides, side, readings)
        if not reading.known:
            unseen = True
        elif 1 - probability(reading, c.stay) >= CONFIDENT:
            return Fit.OUTSIDE
        inside = inside and c.enter.margin(reading.value) >= 0
    if unseen:
        return Fit.UNSEEN
    return Fit.INSIDE if inside else Fit.EDGE


_BEST_FIRST = (Fit.INSIDE, Fit.EDGE, Fit.UNSEEN, Fit.OUTSIDE)


class HoldKeeper:
    """Follows the holds of one exercise, frame by frame.

    Parameters
    ----------
    plan
        What the position is.
    postures
        Those in which it is done; another one, if it is known, is not the position.
    """

    def __init__(self, plan: HoldPlan, postures: tuple[str, ...]) -> None:
        self.plan = plan
        self._postures = (*postures, UNKNOWN_POSTURE.name)
        self._segmenter = HoldSegmenter(plan.rule)
        self._side = EITHER
        self._shown = (math.nan, 0.0)
        self.fit = Fit.UNSEEN
        """How well the latest frame shows the position."""
        self._swapped: deque[tuple[float, str]] = deque(maxlen=MOST_FRAMES)

    def feed(self, t_s: float, readings: Readings, posture: Posture) -> Stretch | None:
        """Take one frame; return the hold that it ends, if any."""
        fit, side = self._best(readings)
        if posture.name not in self._postures:
            fit = Fit.OUTSIDE
        elif fit is Fit.INSIDE and posture.name == UNKNOWN_POSTURE.name:
            # Nothing is held anew by somebody of whom not even the posture is known.
            fit = Fit.EDGE
        self.fit = fit
        if fit is Fit.EDGE and not self._segmenter.near and posture.name == UNKNOWN_POSTURE.name:
            # Nor have they been seen on their way into the position.
            fit = Fit.UNSEEN
        self._side = side
        self._swapped.append((t_s, side))
        if not self._segmenter.holding:
            while self._swapped[0][0] < t_s - LOOK_BACK_S:
                self._swapped.popleft()
        depth = self.plan.depth
        deep = reading_of(depth.measure, depth.sides, side, readings) if depth else UNSEEN
        ended = self._segmenter.feed(t_s, fit, deep.value, side, deep.sigma)
        start_s, shown_s = self._segmenter.start_s, self._segmenter.held_s
        if start_s == self._shown[0]:
            # Who turns out to be on the way out: the clock stands still, and never runs back.
            shown_s = max(shown_s, self._shown[1])
        self._shown = (start_s, shown_s)
        return ended

    def finish(self) -> Stretch | None:
        """End the stream; return the hold that was under way, if any."""
        return self._segmenter.finish()

    @property
    def state(self) -> HoldState | None:
        """The hold that is under way."""
        if not self._segmenter.holding:
            return None
        return HoldState(
            side=self._segmenter.side,
            held_s=self._shown[1],
            goal_s=self.plan.rule.goal_s,
            paused=self._segmenter.paused,
        )

    def kept(self, stretch: Stretch, series: SeriesRecorder) -> Kept:
        """Return a finished hold with its readings, and forget what came before its end."""
        side = self._side_of(stretch)
        window = series.window(stretch.start_s, stretch.end_s)
        seen = dict(self._swapped)
        while self._swapped and self._swapped[0][0] <= stretch.end_s:
            self._swapped.popleft()
        inside = np.ones(len(window.t_s), dtype=bool)
        for start, end in stretch.pauses:
            inside &= ~((window.t_s > start + EPSILON_S) & (window.t_s < end - EPSILON_S))
        shown = [seen.get(float(t), side) for t in window.t_s]
        swap = np.array([s in SIDES and side in SIDES and s != side for s in shown], dtype=bool)
        readings = Window(
            window.t_s[inside],
            _exchanged(window.values, swap, inside),
            _exchanged(window.sigmas, swap, inside),
        )
        return Kept(stretch, side, readings, self._depth_name(side, readings))

    def _depth_name(self, side: str, readings: Window) -> str:
        """Return the name of the column that tells how deep; both sides' mean is added."""
        depth = self.plan.depth
        if depth is None or (depth.sides in {"working", "other"} and side not in SIDES):
            return ""
        if depth.sides == "mean":
            names = [f"{s}_{depth.measure}" for s in SIDES]
            for columns in (readings.values, readings.sigmas):
                columns[depth.measure] = np.mean([columns[name] for name in names], axis=0)
        return _name(depth.measure, depth.sides, side)

    def _best(self, readings: Readings) -> tuple[Fit, str]:
        """Return how well the frame shows the position, and which side holds it."""
        if not self.plan.one_sided:
            return fit_of(self.plan.position, readings), EITHER
        fits = {side: fit_of(self.plan.position, readings, side) for side in SIDES}
        best = min(fits.values(), key=_BEST_FIRST.index)
        sides = [side for side in SIDES if fits[side] is best]
        if best in {Fit.OUTSIDE, Fit.UNSEEN}:
            return best, EITHER
        if self._side in sides:
            return best, self._side
        return best, max(sides, key=lambda side: self._margin(readings, side))

    def _margin(self, readings: Readings, side: str) -> float:
        """Return how far inside the position's first bound a frame is."""
        first = self.plan.position[0]
        value = reading_of(first.measure, first.sides, side, readings).value
        return first.enter.margin(value)

    def _side_of(self, stretch: Stretch) -> str:
        if not self.plan.one_sided:
            return EITHER
        total = sum(stretch.sides.values())
        side = max(stretch.sides, key=lambda s: stretch.sides[s], default=UNCLEAR_SIDE)
        return side if total > 0 and stretch.sides[side] >= SURE_SIDE * total else UNCLEAR_SIDE


def _exchanged(
    columns: Mapping[str, np.ndarray], swap: np.ndarray, inside: np.ndarray
) -> dict[str, np.ndarray]:
    """Return columns with left and right exchanged in some frames, and others left out."""
    found = {}
    for name, column in columns.items():
        head, _, rest = name.partition("_")
        partner = columns[f"{other_side(head)}_{rest}"] if head in SIDES else column
        found[name] = np.where(swap, partner, column)[inside]
    return found
