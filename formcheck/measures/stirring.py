"""Small movements of hips and knees in somebody who lies still, against where they rest.

A pelvic tilt moves the hips by a centimetre or two. How far the pelvis turns no skeleton
shows, but that something moved, and back again, often can be seen: the pose model's jitter is
smaller than that when nothing else moves.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Sequence
from statistics import median

from formcheck.geometry import distance
from formcheck.refine.body import Body

CALM_S = 0.4
"""Places are the median over so long a time: the jitter of single frames is no movement."""
SAMPLE_S = 0.1
"""How often the jitter is measured."""
STILL_S = 0.8
"""A resting place is where somebody kept still for so long."""
STILL = 0.012
"""Still: no place in that time was further off than this, in trunk lengths."""
NEAR = 0.007
"""Who is nearer than this to where they rest is resting, and rests here now."""
FAR = 0.6
"""Who is further off has moved elsewhere, and will rest there."""
LONG_S = 30.0
"""Who has stayed away from the resting place for longer rests elsewhere now."""
DRIFT_S = 8.0
"""Time constant with which the resting place follows small changes."""
TRUNK_S = 10.0
"""Time constant of the trunk's length in the picture, which only frames shake."""

DOUBT = 2.0
"""What is no more than so many times the jitter may be jitter."""

References = tuple[tuple[float, ...], ...]


class Stir:
    """How far a part of the body is from where it rests.

    Its place is seen in the picture itself, against the shoulders and against the feet. When
    the camera moves, or one of these does, two of the three still agree: the middle one counts.

    Parameters
    ----------
    part
        Which: ``hip`` or ``knee``.
    """

    def __init__(self, part: str) -> None:
        self.part = part
        self.forget()

    def forget(self) -> None:
        """Forget where it rests."""
        self._seen: deque[tuple[float, References]] = deque()
        self._rest: References | None = None
        self._near_s = -math.inf
        self._trunk_px = math.nan
        self._measured_s = -math.inf
        self.ratio = math.nan
        """How far, in trunk lengths; NaN before a resting place is known."""
        self.rise_ratio = math.nan
        """How far up in the picture, in trunk lengths."""
        self.jitter = math.nan
        """How much single frames jitter, in trunk lengths."""

    def feed(self, body: Body) -> None:
        """Take one pose of somebody lying."""
        trunk = trunk_px(body)
        if not trunk > 0:
            return
        if self._seen and math.isfinite(self._trunk_px):
            share = 1.0 - math.exp(-(body.t_s - self._seen[-1][0]) / TRUNK_S)
            self._trunk_px += share * (trunk - self._trunk_px)
        else:
            self._trunk_px = trunk
        self._seen.append((body.t_s, self._places(body)))
        while self._seen[0][0] < body.t_s - STILL_S:
            self._seen.popleft()
        here = _middle([p for t, p in self._seen if t >= body.t_s - CALM_S])
        self._learn(body.t_s, here)
        if body.t_s - self._measured_s >= SAMPLE_S:
            self._measured_s = body.t_s
            self.jitter = median(self._off(place, here) for _, place in self._seen)
        self.ratio = self.rise_ratio = math.nan
        if self._rest:
            self.ratio = self._off(here, self._rest)
            rises = (there[1] - now[1] for now, there in zip(here, self._rest, strict=True))
            self.rise_ratio = median(rises) / self._trunk_px

    @property
    def clear_ratio(self) -> float:
        """How far, less what may be jitter."""
        return max(0.0, self.ratio - DOUBT * self.jitter) if self.known else math.nan

    @property
    def known(self) -> bool:
        """Whether there is a resting place to compare with."""
        return math.isfinite(self.ratio)

    def _places(self, body: Body) -> References:
        part = body.middle_px(self.part)
        shoulder, ankle = body.middle_px("shoulder"), body.middle_px("ankle")
        against = ((0.0, 0.0), shoulder, ankle)
        return tuple(tuple(a - b for a, b in zip(part, other, strict=True)) for other in against)

    def _off(self, here: References, there: References) -> float:
        return median(math.dist(a, b) for a, b in zip(here, there, strict=True)) / self._trunk_px

    def _learn(self, t_s: float, here: References) -> None:
        if self._rest is None:
            watched_s = t_s - self._seen[0][0]
            if watched_s > 0.8 * STILL_S and self._is_still(here):
                self._rest, self._near_s = here, t_s
            return
        off = self._off(here, self._rest)
        if off < NEAR:
            share = 1.0 - math.exp(-(t_s - max(self._near_s, t_s - 1.0)) / DRIFT_S)
            self._rest = tuple(
                tuple(r + share * (h - r) for r, h in zip(rest, now, strict=True))
                for rest, now in zip(self._rest, here, strict=True)
            )
            self._near_s = t_s
        elif off > FAR or t_s - self._near_s > LONG_S:
            self._rest = None

    def _is_still(self, here: References) -> bool:
        return max(self._off(place, here) for _, place in self._seen) < STILL


def trunk_px(body: Body) -> float:
    """Return how long the trunk would be in the picture if it lay across; NaN if unknown.

    From head or feet it appears shorter than it is.
    """
    return body.px_per_m() * distance(body.middle_m("shoulder"), body.middle_m("hip"))


def _middle(places: Sequence[References]) -> References:
    """Return the median place, reference by reference and coordinate by coordinate."""
    return tuple(
        tuple(median(coordinate) for coordinate in zip(*those, strict=True))
        for those in zip(*places, strict=True)
    )
