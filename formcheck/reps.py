"""Repetition segmentation on one signal.

The signal says how far the person is from the resting position: about 0 at rest, larger
the further they go. A repetition leaves the rest, turns, and comes all the way back. What
"all the way" and "far enough" mean follows from the person's own movement, not from a
fixed angle.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass
from statistics import median

from formcheck.crossings import Way
from formcheck.results import Phase, Span


@dataclass(frozen=True, slots=True)
class RepRule:
    """How a signal is cut into repetitions; all distances are in the signal's unit."""

    min_range: float
    """A movement has to go this far from rest to count."""
    min_partial: float
    """A movement that goes less far than this is not even listed."""
    return_to: float
    """Fraction of a movement's own range within which it has to come back, 0 to 1."""
    own_range: float
    """A movement shorter than this fraction of the person's usual range is partial."""
    min_duration_s: float
    max_duration_s: float
    max_gap_s: float = 0.7
    """Out of sight for longer ends a movement."""
    rest_up_to: float = 0.0
    """Up to here people may rest, as those do who lunge on the spot, one foot ahead."""
    usual_least: float = 0.0
    """The least range where small repetitions don't count, if it is more than this one's."""


NO_REPETITIONS = RepRule(math.inf, math.inf, 0.0, 0.0, 0.0, math.inf)
"""The rule of exercises that have none: nothing is ever a repetition."""

EDGE = 0.05
"""A repetition starts and ends where the signal is this fraction of its range from rest."""
HALF = 0.5
"""The deep part of a repetition is where the signal is beyond this fraction of its range."""
BOTTOM = 0.95
"""The turning phase is where the signal is beyond this fraction of its range."""
NEAR_BOTTOM = 0.7
"""Who hardly moves beyond this fraction of the range so far is at the turning point."""
TREND_S, TREND = 0.15, 0.04
"""Hardly moving: less than this fraction of the range so far in this time."""
STILL_S, STILL = 0.2, 0.02
"""After coming back, who has come less than this fraction of the range further in this time
has ended the movement."""
SETTLE_S = 1.5
"""After coming back, how long to wait for the end of the movement at most."""
REBOUND = 0.4
"""Coming back by this fraction and then going down again is a partial repetition."""
LINGER_S = 0.4
"""Who is back where people may rest, and stays for so long, rests there."""
LINGER = 0.12
"""Staying: coming and going by less than this fraction of the way back."""
REST_S = 2.0
"""Rest is the lowest the signal was for so long."""
USUAL = 5
"""The person's usual range is the median of so many of their latest repetitions."""
OWN_PACE = 0.25
"""Who has a pace does not go there and back in less than this fraction of their usual time."""
PACED = 2
"""After so many repetitions somebody has a pace."""


CUT_OFF = "the clip ends before the movement is complete"
"""Why a movement is partial that was under way at the end."""


@dataclass(frozen=True, slots=True)
class Phases:
    """The moments at which one repetition passes from phase to phase, in seconds."""

    start_s: float
    bottom_start_s: float
    turn_s: float
    bottom_end_s: float
    end_s: float
    start_sigma_s: float = 0.0
    bottom_start_sigma_s: float = 0.0
    bottom_end_sigma_s: float = 0.0
    end_sigma_s: float = 0.0
    """How far off each may be because the signal's level is not known exactly."""
    deep_start_s: float = math.nan
    """When half of the way has been gone; NaN, like the next, if that is not known."""
    deep_end_s: float = math.nan
    """When half of the way back has been gone."""

    @property
    def way_s(self) -> float:
        """How long the way there and the way back took, without the time in between."""
        return self.bottom_start_s - self.start_s + self.end_s - self.bottom_end_s

    @property
    def deep_s(self) -> tuple[float, float]:
        """From when to when the person is beyond half of the way, or else of the time."""
        start, end = (self.start_s + self.turn_s) / 2, (self.turn_s + self.end_s) / 2
        return (
            self.deep_start_s if math.isfinite(self.deep_start_s) else start,
            self.deep_end_s if math.isfinite(self.deep_end_s) else end,
        )


class _Movement:
    """The samples of one excursion from rest."""

    def __init__(self, base: float, start_seen: bool) -> None:
        self.base = base
        self.start_seen = start_seen
        self.t: list[float] = []
        self.x: list[float] = []
        self.peak = 0
        self.valley = 0

    def add(self, t_s: float, x: float) -> None:
        self.t.append(t_s)
        self.x.append(x)
        last = len(self.x) - 1
        if x > self.x[self.peak]:
            self.peak = self.valley = last
        elif x <= self.x[self.valley]:
            self.valley = last

    def before(self, seconds: float) -> float:
        """Return the signal as it was so long before the latest sample."""
        i = len(self.t) - 1
        while i > 0 and self.t[-1] - self.t[i] < seconds:
            i -= 1
        return self.x[i]

    @property
    def range(self) -> float:
        return self.x[self.peak] - self.base

    @property
    def went(self) -> float:
        """How far it went, as far as that was seen: on the way there or on the way back."""
        return self.range if self.start_seen else self.x[self.peak] - self.x[self.valley]

    def level(self, fraction: float) -> float:
        return self.base + fraction * self.range

    def phases(self) -> Phases:
        turn_s, peak = self.t[self.peak], self.peak
        out = Way([turn_s - t for t in self.t[peak::-1]], self.x[peak::-1])
        back = Way([t - turn_s for t in self.t[peak:]], self.x[peak:])
        rest = out.rest(self.base)
        start, bottom_start = out.crossing(EDGE, rest), out.crossing(BOTTOM, rest)
        bottom_end = back.crossing(BOTTOM, rest)
        end = back.crossing(EDGE, back.rest(rest))
        return Phases(
            start_s=turn_s - start.at_s,
            bottom_start_s=turn_s - bottom_start.at_s,
            turn_s=turn_s,
            bottom_end_s=turn_s + bottom_end.at_s,
            end_s=turn_s + end.at_s,
            start_sigma_s=start.sigma_s,
            bottom_start_sigma_s=bottom_start.sigma_s,
            bottom_end_sigma_s=bottom_end.sigma_s,
            end_sigma_s=end.sigma_s,
            deep_start_s=turn_s - out.crossing(HALF, rest).at_s,
            deep_end_s=turn_s + back.crossing(HALF, rest).at_s,
        )


@dataclass(frozen=True, slots=True)
class Excursion:
    """A finished movement: its span, its phases, and how far it went."""

    span: Span
    phases: Phases
    range: float


class RepSegmenter:
    """Cuts a signal into repetitions, sample by sample, without looking ahead.

    Parameters
    ----------
    rule
        How far, how long and how complete a repetition has to be.

    Notes
    -----
    NaN samples are skipped. If the person is out of sight for longer than
    ``rule.max_gap_s`` in the middle of a movement, it is listed as partial.
    """

    def __init__(self, rule: RepRule) -> None:
        self.rule = rule
        self.reset()

    def reset(self) -> None:
        """Forget the past; afterwards it behaves like a new object."""
        self._movement: _Movement | None = None
        self._rest: deque[tuple[float, float]] = deque()
        self._last_s = -math.inf
        self._returned_s = math.nan
        self._usual: deque[float] = deque(maxlen=USUAL)
        self._ways_s: deque[float] = deque(maxlen=USUAL)
        self._stayed_away = False
        self.phase = Phase.AWAY

    @property
    def usual_range(self) -> float:
        """The person's usual range, from repetitions that counted; NaN before the first."""
        return median(self._usual) if self._usual else math.nan

    @property
    def moving(self) -> bool:
        """Whether a movement is under way."""
        return self._movement is not None

    def accept(self, excursion: Excursion) -> None:
        """Learn the person's usual range and pace from a repetition that was counted."""
        self._usual.append(excursion.range)
        if excursion.span.start_seen and excursion.span.end_seen:
            self._ways_s.append(excursion.phases.way_s)

    def feed(self, t_s: float, x: float) -> Excursion | None:
        """Take one sample; return the movement that it completes, if any."""
        if not math.isfinite(x):
            lost = t_s - self._last_s > self.rule.max_gap_s
            return self._lose_sight() if lost else None
        ended = None
        if t_s - self._last_s > self.rule.max_gap_s:
            ended = self._lose_sight()
        first = not math.isfinite(self._last_s) or self.phase is Phase.AWAY
        self._last_s = t_s
        if self._movement is None:
            self._at_rest(t_s, x, first)
            return ended
        # A movement is either lost or goes on: both never end with one sample.
        return self._moving(self._movement, t_s, x)

    def finish(self) -> Excursion | None:
        """End the stream; return the movement that was under way, if any."""
        movement, self._movement = self._movement, None
        if movement is None:
            return None
        if math.isfinite(self._returned_s):
            return self._complete(movement, end_seen=False)
        return self._partial(movement, CUT_OFF)

    def _at_rest(self, t_s: float, x: float, first: bool) -> None:
        rule = self.rule
        self.phase = Phase.READY
        if self._stayed_away and x > max(rule.min_partial, rule.rest_up_to):
            return
        self._stayed_away = False
        self._rest.append((t_s, x))
        while self._rest[0][0] < t_s - REST_S:
            self._rest.popleft()
        start_seen = not (first and x > rule.min_partial)
        # Rest is where the person last was nearest to it. Who arrives half-way down has
        # shown no rest yet: theirs is where the signal's zero is.
        highest = max(rule.rest_up_to, rule.min_partial)
        base = min(highest, *(v for _, v in self._rest)) if start_seen else 0.0
        if x - base > rule.min_partial / 2:
            self._movement = _Movement(base, start_seen)
            lowest = min(range(len(self._rest)), key=lambda i: self._rest[i][1])
            for t, v in list(self._rest)[lowest:]:
                self._movement.add(t, v)
            self._returned_s = math.nan
            self.phase = Phase.DESCENT

    def _moving(self, movement: _Movement, t_s: float, x: float) -> Excursion | None:
        rule = self.rule
        if math.isfinite(self._returned_s) and self._goes_down_again(movement, x):
            # Even if it goes further than the movement before, which may have been a tremor.
            ended = self._end(movement, self._complete(movement))
            self._at_rest(t_s, x, first=False)
            return ended
        movement.add(t_s, x)
        if t_s - movement.t[0] > rule.max_duration_s + rule.max_gap_s:
            self._stayed_away = True
            found = self._partial(movement, "it took too long to be a repetition")
            return self._end(movement, found)
        if math.isfinite(self._returned_s):
            return self._settling(movement, t_s, x)
        self.phase = self._phase_of(movement, x)
        if x <= self._back_at(movement):
            if movement.range < rule.min_partial:
                return self._end(movement, None)
            self._returned_s = t_s
            return self._settling(movement, t_s, x)
        if self._lingers(movement, t_s):
            movement.base = max(movement.base, movement.x[movement.valley])
            return self._end(movement, self._complete(movement))
        valley = movement.x[movement.valley]
        came_back = movement.x[movement.peak] - valley > REBOUND * movement.range
        if came_back and x - valley > max(rule.min_partial, movement.range / 4):
            return self._rebound(movement)
        return None

    def _back_at(self, movement: _Movement) -> float:
        """Return from which level on a movement has come back.

        Who came into view where people may rest, and went far from there, has rested there.
        """
        rule, first, far = self.rule, movement.x[0], movement.x[movement.peak]
        level = movement.level(rule.return_to)
        if movement.start_seen or first > rule.rest_up_to or far - first < rule.min_range:
            return level
        return max(level, first + rule.return_to * (far - first))

    def _lingers(self, movement: _Movement, t_s: float) -> bool:
        """Whether a movement has ended above where it began, at a place where people may rest.

        Somebody who stands, steps into a split stance and lunges from there comes back to
        that stance, however deep it is for them, and lunges from it again.
        """
        lowest = movement.x[movement.valley]
        back = movement.x[movement.peak] - lowest
        if lowest > self.rule.rest_up_to or back < self.rule.min_range:
            return False
        i = len(movement.x) - 1
        while movement.x[i] - lowest <= LINGER * back:
            if t_s - movement.t[i] >= LINGER_S:
                return True
            i -= 1
        return False

    def _settling(self, movement: _Movement, t_s: float, x: float) -> Excursion | None:
        """Wait, after the return, for the end of the way up."""
        waited = t_s - self._returned_s
        still = waited > STILL_S and movement.before(STILL_S) - x < STILL * movement.range
        if still or waited > SETTLE_S:
            return self._end(movement, self._complete(movement))
        return None

    def _goes_down_again(self, movement: _Movement, x: float) -> bool:
        return x - movement.x[movement.valley] > self.rule.min_partial / 2

    def _phase_of(self, movement: _Movement, x: float) -> Phase:
        """Tell the phase from where the signal is going, as far as is known by now."""
        gone = x - movement.before(TREND_S)
        if abs(gone) <= TREND * movement.range:
            return Phase.BOTTOM if x >= movement.level(NEAR_BOTTOM) else self.phase
        return Phase.DESCENT if gone > 0 else Phase.ASCENT

    def _end(self, movement: _Movement, excursion: Excursion | None) -> Excursion | None:
        """Go back to rest, keeping the samples since the lowest one."""
        self._movement = None
        self._returned_s = math.nan
        self.phase = Phase.READY
        tail = movement.valley
        self._rest = deque(zip(movement.t[tail:], movement.x[tail:], strict=True))
        return excursion

    def _rebound(self, movement: _Movement) -> Excursion | None:
        """List a movement that turned down again half-way up, and start the next one."""
        excursion = self._partial(movement, "the way back was not completed")
        rest, valley = movement.base, movement.valley
        self._movement = _Movement(rest, start_seen=True)
        for t, v in zip(movement.t[valley:], movement.x[valley:], strict=True):
            self._movement.add(t, v)
        return excursion

    def _lose_sight(self) -> Excursion | None:
        movement, self._movement = self._movement, None
        self._rest.clear()
        self.phase = Phase.AWAY
        if movement is None:
            return None
        if math.isfinite(self._returned_s):
            return self._complete(movement, end_seen=False)
        return self._partial(movement, "out of sight before the movement was complete")

    def _partial(self, movement: _Movement, reason: str) -> Excursion | None:
        if movement.range < self.rule.min_partial:
            return None
        return self._excursion(movement, reason, end_seen=False)

    def _complete(self, movement: _Movement, *, end_seen: bool = True) -> Excursion:
        """Judge a movement that came all the way back by its size and duration."""
        excursion = self._excursion(movement, "", end_seen=end_seen)
        usual = self.usual_range
        reason = ""
        if movement.went < self.rule.min_range:
            reason = "the movement was too small"
        elif movement.range < self.rule.own_range * usual:
            reason = "much less far than your other repetitions"
        elif self._too_quick(excursion.phases, start_seen=movement.start_seen):
            reason = "too quick to be a repetition"
        elif movement.start_seen and end_seen and self._hurried(excursion.phases):
            reason = "much quicker than your other repetitions"
        if reason:
            return self._excursion(movement, reason, end_seen=end_seen)
        return excursion

    def _too_quick(self, phases: Phases, *, start_seen: bool) -> bool:
        """Whether it took less than the least time; of a way back alone, less than half of it."""
        if start_seen:
            return phases.end_s - phases.start_s < self.rule.min_duration_s
        return phases.end_s - phases.turn_s < self.rule.min_duration_s / 2

    def _hurried(self, phases: Phases) -> bool:
        """Whether it took far less time than the person's own, as a step or a slip does."""
        return len(self._ways_s) >= PACED and phases.way_s < OWN_PACE * median(self._ways_s)

    def _excursion(self, movement: _Movement, reason: str, *, end_seen: bool) -> Excursion:
        phases = movement.phases()
        span = Span(
            side="both",
            start_s=phases.start_s,
            turn_s=phases.turn_s,
            end_s=phases.end_s,
            counted=not reason,
            reason=reason,
            start_seen=movement.start_seen,
            end_seen=end_seen,
        )
        return Excursion(span, phases, movement.range)
