"""Who is who in a picture of several people: where somebody is, how large, how they move."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from formcheck.pose import Pose

SAME_M, SAME_M_S, FARTHEST_M = 0.3, 2.0, 0.9
"""Somebody's hips are within so many metres of where they were, and so many more for each second
since, but never more than the last."""
SAME_SIZE, SAME_SIZE_S, LARGEST_SIZE = math.log(1.3), 0.5, math.log(1.6)
"""So much their size may change (as a logarithm), likewise."""
HERE_M = 0.2
"""Who is no further than this from where they were is no other, however large they appear."""
REACH_M = 1.1
"""A person's hands and feet are within so much of the middle of their hips, and some more."""
WATCH_S = 4.0
"""Who has gone far within so many seconds walks."""
WALKING = 2.0
"""Who went a metre moves so many times less for exercise than for walking."""
MEMORY_S = 45.0
"""What somebody did so long ago counts for a third: rests between sets are shorter."""
STEP_S, NOISE_DEG = 0.25, 4.0
"""Legs are looked at so often; smaller changes are noise."""
SMOOTH_S = 0.4
"""Time constant against trembling. A pose model sees legs on plants and on coats on hooks, and
they move as much as those of somebody who squats, but to and fro; without smoothing, a cactus
beside the mat was chosen."""
AGREEMENT = 0.03
"""Two see the same pose when half of the landmarks differ by no more than this part of the body's
size. A hand or a heel may be guessed anew in any frame; another person, or left for right, moves
most of them."""
SURE = 0.5
"""Less visible landmarks are not compared."""
_LEGS = (("shoulder", "hip", "knee"), ("hip", "knee", "ankle"))


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody is in the picture, and how large a metre is there."""

    t_s: float
    x_px: float
    y_px: float
    """The middle of the hips."""
    px_per_m: float

    def apart_m(self, other: Place) -> float:
        """Return how far apart two places are, in metres of the larger one."""
        apart_px = math.hypot(self.x_px - other.x_px, self.y_px - other.y_px)
        return apart_px / max(self.px_per_m, other.px_per_m)

    def box(self, size_px: tuple[int, int]) -> tuple[int, int, int, int]:
        """Return (left, top, right, bottom) of all that somebody here may reach."""
        reach = REACH_M * self.px_per_m
        width, height = size_px
        return (
            max(0, round(self.x_px - reach)),
            max(0, round(self.y_px - reach)),
            min(width, round(self.x_px + reach)),
            min(height, round(self.y_px + reach)),
        )


def place_of(pose: Pose) -> Place | None:
    """Return where somebody is; None if that is not seen."""
    at = pose.skeleton.index
    hips = (pose.image_px[at["left_hip"]] + pose.image_px[at["right_hip"]]) / 2
    if not np.isfinite(hips).all():
        return None
    # The spread of the body's points in pixels and in metres: the same whatever the posture.
    both = np.concatenate([pose.image_px, pose.world_m[:, :2]], axis=1)
    both = both[np.isfinite(both).all(axis=1)]
    off = both - both.mean(axis=0)
    spread = np.sqrt(np.einsum("ij,ij->j", off, off))
    spread_px, spread_m = math.hypot(*spread[:2]), math.hypot(*spread[2:])
    if not spread_px > 0 or not spread_m > 0:
        return None
    return Place(pose.t_s, float(hips[0]), float(hips[1]), spread_px / spread_m)


def same(before: Place, now: Place) -> bool:
    """Whether who is seen now can be who was seen before."""
    dt = max(0.0, now.t_s - before.t_s)
    reach = min(FARTHEST_M, SAME_M + SAME_M_S * dt)
    size = min(LARGEST_SIZE, SAME_SIZE + SAME_SIZE_S * dt)
    apart = before.apart_m(now)
    grown = abs(math.log(now.px_per_m / before.px_per_m))
    return apart <= reach and (grown <= size or apart <= HERE_M)


class Movement:
    """How much somebody's legs move on the spot."""

    def __init__(self) -> None:
        self._recent: deque[tuple[float, float]] = deque()
        self._last: tuple[Place, NDArray[np.float64]] | None = None
        self._smooth = np.full(4, np.nan)
        self._fed_s = math.nan
        self.total = 0.0
        """In degrees, with what was long ago forgotten; whoever walks adds little."""

    def feed(self, pose: Pose, place: Place) -> None:
        """Take a pose and its place."""
        now = self._smoothed(place.t_s, leg_angles_deg(pose))
        if self._last is None:
            self._last = (place, now)
            return
        before, bent = self._last
        dt = place.t_s - before.t_s
        if dt < STEP_S:
            return
        steps = np.abs(now - bent)
        moved = float(np.nansum(np.where(steps > NOISE_DEG, steps, 0.0))) if dt < 2 * STEP_S else 0
        self.total = self.total * math.exp(-dt / MEMORY_S) + moved / (
            1.0 + WALKING * self._went_m(place) ** 2
        )
        self._last = (place, now)

    def _smoothed(self, t_s: float, seen: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return how bent hips and knees are, without the trembling."""
        part = -math.expm1(-(t_s - self._fed_s) / SMOOTH_S)  # NaN at first
        mixed = self._smooth + part * (seen - self._smooth)
        self._smooth = np.where(np.isfinite(mixed), mixed, seen)
        self._fed_s = t_s
        return self._smooth

    def _went_m(self, place: Place) -> float:
        """Return how far across the picture somebody went lately."""
        self._recent.append((place.t_s, place.x_px / place.px_per_m))
        while place.t_s - self._recent[0][0] > WATCH_S:
            self._recent.popleft()
        across = [x for _, x in self._recent]
        return max(across) - min(across)


def leg_angles_deg(pose: Pose) -> NDArray[np.float64]:
    """Return how bent hips and knees are, of both sides, (4,)."""
    return np.array(list(_leg_angles(pose)))


def _leg_angles(pose: Pose) -> Iterable[float]:
    at = pose.skeleton.index
    for side in ("left", "right"):
        for joints in _LEGS:
            a, b, c = (pose.world_m[at[f"{side}_{joint}"]] for joint in joints)
            one, other = a - b, c - b
            length = float(np.linalg.norm(one) * np.linalg.norm(other))
            cosine = float(one @ other) / length if length > 0 else math.nan
            yield math.degrees(math.acos(min(1.0, max(-1.0, cosine))))


def agree(one: Pose, other: Pose) -> bool:
    """Whether two poses of the same frame show the same."""
    if one.t_s != other.t_s or one.seen != other.seen:
        return False
    if not one.seen:
        return True
    seen = np.isfinite(one.image_px[:, 0]) & np.isfinite(other.image_px[:, 0])
    size = np.ptp(one.image_px[seen], axis=0).max() if seen.any() else 0.0
    sure = seen & (one.visibility > SURE) & (other.visibility > SURE)
    off = np.linalg.norm(one.image_px - other.image_px, axis=1)[sure]
    return bool(len(off) == 0 or np.median(off) <= AGREEMENT * size)
