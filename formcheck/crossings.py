"""When a signal passes a level, between frames, and how sure that is.

A repetition's times are where its signal passes a small or a large fraction of its range. From
frames a fifteenth of a second apart, straight lines between samples would make quick movements
a fiftieth of a second too long at each end; a curve through them does not. Where the signal
lingers near the level, a small error of the signal moves the time by a lot: that is the spread.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

REST_S = 0.5
"""Rest is where the signal was for so long, and half as long again as the way takes, before it
left or after it came back. Earlier on, people fidget, or stand taller."""
LEFT, GONE = 0.2, 0.8
"""It has left rest for certain at the first fraction of the range; from there to the second is
most of the way."""
LOW = 0.1
"""Rest is this quantile: the least of many noisy samples would be below it."""
LEVEL_SIGMA = 0.025
"""How exactly a level is known, as a fraction of the range."""
HALVINGS = 30


@dataclass(frozen=True, slots=True)
class Crossing:
    """When a level was passed."""

    at_s: float
    sigma_s: float
    """Half the time from one `LEVEL_SIGMA` above the level to one below it."""


@dataclass(frozen=True, slots=True)
class Way:
    """The samples on one side of a turning point, going away from it.

    Two equally long sequences; the first sample is the turning point.
    """

    away_s: Sequence[float]
    """How far in time from the turning point, rising from 0."""
    x: Sequence[float]

    def rest(self, floor: float) -> float:
        """Return the level at which the signal rests at this end of the movement.

        Parameters
        ----------
        floor
            The least that it may be; it is this if the signal does not come near it.
        """
        level = floor + LEFT * (self.x[0] - floor)
        if min(self.x) > level:
            return floor
        left_s = self.passes(level)
        gone_s = self.passes(floor + GONE * (self.x[0] - floor))
        until_s = left_s + REST_S + (left_s - gone_s) / 2
        after = [(s, x) for s, x in zip(self.away_s, self.x, strict=True) if s >= left_s]
        # Where frames are missing, the next one may come later than that.
        near = sorted(x for s, x in after if s <= until_s) or [after[0][1]]
        return max(floor, near[int(LOW * len(near))])

    def crossing(self, fraction: float, rest: float) -> Crossing:
        """Return when the signal first falls to a fraction of its range above `rest`."""
        size = self.x[0] - rest
        level, either = rest + fraction * size, LEVEL_SIGMA * size
        sooner, later = self.passes(level + either), self.passes(level - either)
        return Crossing(self.passes(level), (later - sooner) / 2)

    def passes(self, level: float) -> float:
        """Return when the signal first falls to a level; if it never does, its last time."""
        i = next((i for i, x in enumerate(self.x) if x <= level), None)
        if i is None:
            return self.away_s[-1]
        return self._within(i, level) if i else 0.0

    def _within(self, i: int, level: float) -> float:
        """Return when the curve from sample `i - 1` to sample `i` is at a level."""
        begin, end = self.away_s[i - 1], self.away_s[i]
        step = end - begin
        x0, x1 = self.x[i - 1], self.x[i]
        rise0, rise1 = (step * self._slope(k) for k in (i - 1, i))
        low, high = 0.0, 1.0
        for _ in range(HALVINGS):
            s = (low + high) / 2
            r = 1 - s
            x = x0 * (1 + 2 * s) * r * r + rise0 * s * r * r
            x += x1 * (3 - 2 * s) * s * s - rise1 * s * s * r
            low, high = (s, high) if x > level else (low, s)
        return begin + step * (low + high) / 2

    def _slope(self, i: int) -> float:
        """Return a slope at a sample with which the curve turns only where samples do.

        The harmonic mean of the slopes on both sides (Fritsch and Butland 1984,
        doi 10.1137/0905021); 0 at a turning point, and at the ends the slope to the neighbour.
        """
        if i == 0:
            return 0.0
        before = self._chord(i - 1)
        if i == len(self.x) - 1:
            return before
        after = self._chord(i)
        if before * after <= 0:
            return 0.0
        h, k = self.away_s[i] - self.away_s[i - 1], self.away_s[i + 1] - self.away_s[i]
        a, b = 2 * k + h, k + 2 * h
        return (a + b) / (a / before + b / after)

    def _chord(self, i: int) -> float:
        return (self.x[i + 1] - self.x[i]) / (self.away_s[i + 1] - self.away_s[i])
