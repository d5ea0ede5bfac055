"""Measurements of one finished hold."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from formcheck.holds import Stretch
from formcheck.results import UNSEEN, Reading
from formcheck.series import Window
from formcheck.settling import DOUBT, SETTLE_S

TIMING_S = 0.15
"""How exactly one can say when somebody has got into a position."""
CALM_S = 0.3
"""Faster than this nobody sways: what changes within it is the pose model's jitter."""
SLOW_S = 4.0
"""Slower than this is no swaying, but sinking into the position."""
DIM, DIMLY = 3.0, 0.5
"""A depth of less than so many times what is still comes and goes with the pose model's noise:
then this share of the time is in doubt."""
WANDER = 0.15
"""Within a hold, an angle's error comes and goes by so much of its standard deviation: by less for
four of five rendered people who keep still."""
LEAST_SWAY = 0.1
"""Nobody's swaying is known better than this."""


@dataclass(frozen=True, slots=True)
class Held:
    """All that a measurement of a hold may look at."""

    stretch: Stretch
    readings: Window
    """Of the frames in which the position was kept, the holding side's swapped where need be."""
    depth: str
    """The reading that tells how deep in the position the person is; empty if none does."""
    still: float
    """How much of that is still."""
    before_s: float = math.nan
    """When the hold before it ended; NaN if it is the first."""


@dataclass(frozen=True, slots=True)
class HoldMeasure:
    """One row of the catalogue of hold measurements."""

    name: str
    title: str
    compute: Callable[[Held], Reading]
    """Value and standard deviation; NaN when it can't be told."""
    grows: bool = False
    """Whether it could only be more if all of the hold had been filmed."""


def _held(held: Held) -> Reading:
    """Return for how long the position was kept, without pauses."""
    t, held_s = held.readings.t_s, held.stretch.held_s
    spacing = float(np.median(np.diff(t))) if len(t) > 1 else 0.0
    sigma = math.sqrt(2) * math.hypot(TIMING_S, spacing / 3)
    _, deep = _depth(held)
    if len(deep):
        sigma = math.hypot(sigma, _sinking_s(held))
        if float(np.median(deep)) < DIM * held.still:
            sigma = math.hypot(sigma, DIMLY * held_s)
    return Reading(held_s, sigma)


def _sinking_s(held: Held) -> float:
    """Return how long it took until the position was as deep as it was later on.

    Who sank in slowly may have got there only then.
    """
    t, x = _depth(held)
    if len(t) < 2:
        return 0.0
    later = float(np.median(x[len(x) // 2 :]))
    short = _running(t, x, SETTLE_S) < later - _still(held)
    return float(t[min(len(t) - 1, int(np.argmin(short)))] - t[0])


def _depth(held: Held) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return when, and how deep in the position the person was, where that is known."""
    if not held.depth:
        return np.empty(0), np.empty(0)
    x = held.readings.values[held.depth]
    known = np.isfinite(x)
    return held.readings.t_s[known], x[known]


def _still(held: Held) -> float:
    """Return how much of the depth is still: what is known poorly comes and goes by itself."""
    return max(held.still, DOUBT * float(np.nanmedian(held.readings.sigmas[held.depth])))


def _sway(held: Held) -> Reading:
    """Return how much the depth comes and goes, over what counts as still.

    The standard deviation of its changes that are slower than the pose model's jitter and
    faster than sinking in.
    """
    t, x = _depth(held)
    if len(t) < 8 or t[-1] - t[0] < 1.0:
        return UNSEEN
    calm = _running(t, x, CALM_S)
    swaying = calm - _running(t, calm, SLOW_S)
    jitter = float(np.median(np.abs(x - calm))) / 0.674
    sway, still = _spread(swaying), _still(held)
    # An error that wanders adds to somebody's swaying, and never hides it.
    wander = min(sway, WANDER * float(np.nanmedian(held.readings.sigmas[held.depth])))
    return Reading(sway / still, max(LEAST_SWAY, max(jitter, wander) / still))


def _running(t: NDArray[np.float64], x: NDArray[np.float64], width_s: float) -> NDArray[np.float64]:
    """Return the median within a width around each moment, (T,)."""
    first = np.searchsorted(t, t - width_s / 2)
    last = np.searchsorted(t, t + width_s / 2, side="right")
    return np.array([np.median(x[a:b]) for a, b in zip(first, last, strict=True)])


def _spread(x: NDArray[np.float64]) -> float:
    """Return the standard deviation of the inner nine tenths: a jump or two count little."""
    low, high = np.quantile(x, (0.05, 0.95))
    return float(np.std(x[(x >= low) & (x <= high)])) if len(x) else math.nan


def _pauses(held: Held) -> Reading:
    """Return for how long the position was lost in between."""
    return Reading(sum(end - start for start, end in held.stretch.pauses), TIMING_S)


def _rest(held: Held) -> Reading:
    """Return the time since the hold before it."""
    return Reading(held.stretch.start_s - held.before_s, math.sqrt(2) * TIMING_S)


HOLD = {
    row.name: row
    for row in (
        HoldMeasure("held_s", "time held", _held, grows=True),
        HoldMeasure("lost_s", "time out of position", _pauses),
        HoldMeasure("rest_s", "rest before it", _rest),
        HoldMeasure("sway_ratio", "swaying", _sway),
    )
}
"""Name → row, for every measurement of a hold."""
