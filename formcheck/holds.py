"""Hold segmentation: for how long a position is kept.

A position is got into, kept, and left again. Whether a frame shows it is asked elsewhere
(`Fit`); here its time is taken. A signal says how deep into the position the person is,
larger meaning deeper: the hold begins where the signal has settled, not where the way in
begins, and ends where it leaves that level for good. A short loss is a wobble: the clock
stops and goes on when the position is back. Swaying within the position stops no clock.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import takewhile
from statistics import median

from formcheck.depths import WAY_S, OwnDepths
from formcheck.results import EITHER
from formcheck.settling import ROUNDING_S, SETTLE_S, Fit, Level, Sample, first_near, settled


@dataclass(frozen=True, slots=True)
class HoldRule:
    """How a position's time is taken."""

    min_s: float
    """A position that is kept for less time than this is not listed."""
    wobble_s: float
    """Out of position, or out of sight, for longer ends a hold."""
    goal_s: float
    """How long to aim for: what the clock counts towards."""
    still: float = math.inf
    """The signal has settled when it stays within this much of one level, in its unit."""


BACK = 1.5
"""Coming back from the level by so many times what is still leaves it; by as much further in,
it is a deeper position."""
BLINK_S = 0.3
"""What is lost for no longer than this was not lost: a landmark flickered."""
REMEMBER_S = 4.0
"""How long samples are kept for finding where a hold began and ended."""
DRIFT_S = 5.0
"""Time constant with which the level follows somebody who sinks into a position."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A finished hold."""

    start_s: float
    end_s: float
    held_s: float
    """Without the time out of position."""
    start_seen: bool
    """False when the position was there when first seen."""
    end_seen: bool
    """False when the clip ends, or the person goes out of sight, in the position."""
    sides: Mapping[str, float]
    """Side → for how many seconds it was seen to be the one."""
    pauses: tuple[tuple[float, float], ...] = ()
    """When the position was lost, from and to."""


class _Hold:
    """A hold under way."""

    def __init__(self, level: Level, start_seen: bool) -> None:
        self.level = level.x
        self.still = level.still
        self.start_seen = start_seen
        self.sides: dict[str, float] = {}
        self.kept: deque[Sample] = deque()
        self.lost: list[Sample] = []
        self.start_s = math.nan
        self.held_s = 0.0
        self.pauses: list[tuple[float, float]] = []

    @property
    def last_s(self) -> float:
        """When the position was last there."""
        return self.kept[-1].t_s if self.kept else self.start_s

    @property
    def side(self) -> str:
        """The side that was seen to be the one for most of the time."""
        return max(self.sides, key=lambda side: self.sides[side], default="")

    @property
    def out(self) -> bool:
        """Whether the position itself is lost, not just some of its depth."""
        return not all(sample.kept for sample in self.lost)

    def lost_for_s(self, t_s: float) -> float:
        """Return for how long the position has been lost; 0 for a blink."""
        gone_s = t_s - self.last_s
        return gone_s if self.out and gone_s > BLINK_S else 0.0

    def has(self, sample: Sample) -> bool:
        """Whether a sample shows the position; who has lost it must come all the way back."""
        if self.lost_for_s(sample.t_s) and not (
            sample.fit is Fit.INSIDE and sample.side == self.side
        ):
            return False
        give = self.still if self.lost else BACK * self.still
        return sample.kept and not sample.x < self.level - give

    def keep(self, sample: Sample) -> None:
        """Take a sample in position."""
        if not self.kept:
            self.start_s = sample.t_s
        elif self.lost_for_s(sample.t_s):
            self.pauses.append((self.last_s, sample.t_s))
        else:
            dt_s = sample.t_s - self.last_s
            self.held_s += dt_s
            self.sides[sample.side] = self.sides.get(sample.side, 0.0) + dt_s
        self.lost.clear()
        self.kept.append(sample)
        while self.kept[0].t_s < sample.t_s - REMEMBER_S:
            self.kept.popleft()

    def follow(self, x: float, dt_s: float) -> None:
        """Let the level follow slow changes."""
        if math.isfinite(x) and math.isfinite(self.level):
            self.level += (1.0 - math.exp(-dt_s / DRIFT_S)) * (x - self.level)

    def drop_way_out(self) -> list[Sample]:
        """Take the samples on the way out off the end, and return them."""
        way_out: list[Sample] = []
        while len(self.kept) > 1 and self.kept[-1].x < self.level - self.still:
            sample = self.kept.pop()
            way_out.insert(0, sample)
            gap_s = sample.t_s - self.last_s
            if self.pauses and self.pauses[-1] == (self.last_s, sample.t_s):
                self.pauses.pop()
            else:
                self.held_s -= gap_s
        return way_out


class HoldSegmenter:
    """Takes the time of a position, sample by sample, without looking ahead.

    Parameters
    ----------
    rule
        How long, how still, and how much wobble.

    Notes
    -----
    A signal that is not seen (NaN) neither settles nor leaves its level; a position without a
    signal is timed from its first frame to its last.
    """

    def __init__(self, rule: HoldRule) -> None:
        self.rule = rule
        self.reset()

    def reset(self) -> None:
        """Forget the past; afterwards it behaves like a new object."""
        self._hold: _Hold | None = None
        self._recent: deque[Sample] = deque()
        self._depths = OwnDepths()
        self._out_seen = False
        self._seen_s = -math.inf

    @property
    def holding(self) -> bool:
        """Whether a hold is under way, be it paused."""
        return self._hold is not None

    @property
    def near(self) -> bool:
        """Whether somebody is in position, or at its edge and was in it a moment ago."""
        return self._hold is not None or bool(self._recent)

    @property
    def paused(self) -> bool:
        """Whether the position of the hold under way is lost at the moment."""
        return self._hold is not None and self._hold.out

    @property
    def side(self) -> str:
        """Which side holds, as far as is known; empty when there is no hold."""
        return self._hold.side if self._hold else ""

    @property
    def held_s(self) -> float:
        """For how long the position has been held; 0 when there is no hold.

        Who only comes back a little may be swaying, or on the way out: it counts until known.
        """
        hold = self._hold
        if hold is None:
            return 0.0
        swaying = hold.lost and not hold.out
        return hold.held_s + (hold.lost[-1].t_s - hold.last_s if swaying else 0.0)

    @property
    def start_s(self) -> float:
        """When the hold under way began; NaN when there is none."""
        return self._hold.start_s if self._hold else math.nan

    def feed(
        self, t_s: float, fit: Fit, x: float = math.nan, side: str = EITHER, sigma: float = 0.0
    ) -> Stretch | None:
        """Take one sample; return the hold that it ends, if any.

        Parameters
        ----------
        t_s
            When.
        fit
            How well it shows the position.
        x
            How deep in it the person is.
        side
            Which side it is that shows it.
        sigma
            How surely the depth is known: its standard deviation.
        """
        sample = Sample(t_s, fit, x, side, sigma if math.isfinite(sigma) else 0.0)
        if self._hold is None:
            self._wait(sample)
            return None
        return self._time(self._hold, sample)

    def finish(self) -> Stretch | None:
        """End the stream; return the hold that was under way, if any."""
        hold, self._hold = self._hold, None
        self._recent.clear()
        self._out_seen, self._seen_s = False, -math.inf
        if hold is None:
            return None
        hold.drop_way_out()
        return self._listed(hold, end_seen=_end_seen(hold))

    # Not in a hold

    def _wait(self, sample: Sample) -> None:
        if sample.fit is not Fit.UNSEEN:
            if sample.t_s - self._seen_s > self.rule.wobble_s:
                # What somebody did meanwhile, nobody knows.
                self._recent.clear()
                self._out_seen = False
            self._seen_s = sample.t_s
        if not sample.kept:
            self._out_seen = self._out_seen or sample.fit is Fit.OUTSIDE
            gone_s = sample.t_s - self._recent[-1].t_s if self._recent else math.inf
            if sample.fit is Fit.OUTSIDE or gone_s > BLINK_S:
                self._recent.clear()
            return
        if not self._recent and sample.fit is not Fit.INSIDE:
            self._out_seen = True
            return
        self._recent.append(sample)
        while self._recent[0].t_s < sample.t_s - REMEMBER_S:
            self._recent.popleft()
            self._out_seen = True
        self._begin_if_settled()

    def _begin_if_settled(self) -> None:
        samples = list(self._recent)
        if samples[-1].t_s - samples[0].t_s < SETTLE_S - ROUNDING_S:
            return
        level = settled(samples, self.rule.still)
        if level is None:
            return
        first = first_near(samples, level)
        hold = _Hold(level, start_seen=self._out_seen or first > 0)
        for sample in samples[first:]:
            hold.keep(sample)
        self._recent.clear()
        self._out_seen = True
        self._hold = hold

    # In a hold

    def _time(self, hold: _Hold, sample: Sample) -> Stretch | None:
        latest_s = hold.lost[-1].t_s if hold.lost else hold.last_s
        if sample.t_s - latest_s > self.rule.wobble_s:
            hold.lost.append(sample)
            return self._end(hold, end_seen=False)
        if hold.has(sample):
            hold.follow(sample.x, sample.t_s - hold.last_s)
            hold.keep(sample)
            return self._deeper(hold)
        hold.lost.append(sample)
        other_side = sample.fit is Fit.INSIDE and sample.side != hold.side
        changed = other_side and hold.lost_for_s(sample.t_s) > 0
        if sample.t_s - hold.last_s <= self.rule.wobble_s and not changed:
            return None
        return self._end(hold, end_seen=_end_seen(hold))

    def _deeper(self, hold: _Hold) -> Stretch | None:
        """Look whether the person has gone further into the position, and settled there.

        Who does so soon was still on the way in: the clock starts again. Who has held for
        longer goes on from there.
        """
        further = hold.level + BACK * hold.still
        there = list(takewhile(lambda s: s.x > further, reversed(hold.kept)))[::-1]
        if not there or there[-1].t_s - there[0].t_s < SETTLE_S / 2:
            return None
        if hold.held_s >= WAY_S:
            hold.level = median(s.x for s in there)
            return None
        self._hold = None
        self._seen_s = there[0].t_s
        self._wait_again(there)
        return None

    def _end(self, hold: _Hold, *, end_seen: bool) -> Stretch | None:
        """End a hold; what came after it may be the beginning of the next one."""
        self._hold = None
        after = [*hold.drop_way_out(), *hold.lost]
        self._seen_s = hold.last_s
        ended = self._listed(hold, end_seen=end_seen)
        self._wait_again(after)
        return ended

    def _wait_again(self, samples: Iterable[Sample]) -> None:
        for sample in list(samples):
            if self._hold is None:
                self._wait(sample)
            else:
                self._time(self._hold, sample)

    def _listed(self, hold: _Hold, *, end_seen: bool) -> Stretch | None:
        if hold.held_s < self.rule.min_s:
            return None
        known = hold.level, hold.still
        if self._depths.only_on_the_way(hold.side, hold.start_s, hold.held_s, *known):
            return None
        self._depths.add(hold.side, hold.last_s, *known)
        return Stretch(
            start_s=hold.start_s,
            end_s=hold.last_s,
            held_s=hold.held_s,
            start_seen=hold.start_seen,
            end_seen=end_seen,
            sides=dict(hold.sides),
            pauses=tuple(hold.pauses),
        )


def _end_seen(hold: _Hold) -> bool:
    """Whether it was seen that the position was given up; not seeing anybody is no end."""
    return any(sample.fit is not Fit.UNSEEN for sample in hold.lost)
