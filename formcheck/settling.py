"""Where a position's signal has settled: the level at which somebody stays, or sways about.

Asked anew with each frame, of the latest ones (`formcheck.holds`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum
from statistics import median

SETTLE_S = 0.8
"""Settled: at one level for so long."""
MOST = 0.85
"""Share of that time in which it must be."""
UNSTEADY_S = 2.5
"""Who sways has settled when two halves of this time have the same level."""
SWAY = 2.5
"""Somebody unsteady is still within so many times their usual (median) distance from it."""
DOUBT = 0.3
"""Less than so many standard deviations of the signal is still, too."""
ROUNDING_S = 1e-9


class Fit(Enum):
    """How well a frame shows the position."""

    INSIDE = "inside"
    """As asked for at the beginning of a hold."""
    EDGE = "edge"
    """Good enough to go on."""
    OUTSIDE = "outside"
    UNSEEN = "unseen"


@dataclass(frozen=True, slots=True)
class Sample:
    """What one frame says of a position."""

    t_s: float
    fit: Fit
    x: float
    side: str
    sigma: float

    @property
    def kept(self) -> bool:
        """Whether a position that was there is there still."""
        return self.fit in {Fit.INSIDE, Fit.EDGE}


@dataclass(frozen=True, slots=True)
class Level:
    """Where a signal has settled."""

    x: float
    """NaN when it is not seen, or there is none: then being in position is enough."""
    still: float
    """How far from there it still is there: more for somebody unsteady."""


def settled(samples: list[Sample], still: float) -> Level | None:
    """Return the level at which the latest samples have settled; None if they have not."""
    now = samples[-1].t_s
    latest = [s for s in samples if s.t_s >= now - SETTLE_S - ROUNDING_S]
    if 2 * sum(s.fit is Fit.INSIDE for s in latest) < len(latest):
        return None
    known = [s.x for s in latest if math.isfinite(s.x)]
    if not known or math.isinf(still):
        return Level(math.nan, still)
    still = max(still, DOUBT * median(s.sigma for s in latest))
    level = median(known)
    if sum(abs(x - level) <= still for x in known) >= MOST * len(known):
        return Level(level, still)
    return _level_of_swaying(samples, still)


def _level_of_swaying(samples: list[Sample], still: float) -> Level | None:
    """Return the level about which somebody unsteady moves; None while it is going somewhere."""
    now = samples[-1].t_s
    if now - samples[0].t_s < UNSTEADY_S:
        return None
    half_s = now - UNSTEADY_S / 2
    known = [s for s in samples if s.t_s >= now - UNSTEADY_S and math.isfinite(s.x)]
    before, after = ([s.x for s in known if (s.t_s >= half_s) is late] for late in (False, True))
    if not before or not after or abs(median(before) - median(after)) > still:
        return None
    level = median(s.x for s in known)
    return Level(level, max(still, SWAY * median(abs(s.x - level) for s in known)))


def first_near(samples: list[Sample], level: Level) -> int:
    """Return the first of the latest samples without two that are off the level.

    A single one that is off counts for nothing: landmarks jump.
    """
    off = [abs(s.x - level.x) > level.still for s in samples]
    for i in range(len(samples) - 1, 0, -1):
        if off[i] and off[i - 1] and samples[-1].t_s - samples[i].t_s >= SETTLE_S:
            return i + 1
    return 0
