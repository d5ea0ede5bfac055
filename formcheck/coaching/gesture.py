"""A sign that needs no keyboard: one hand stretched up, or forearms crossed before the face.

One hand up shows from the front, from the side and from behind, standing, sitting and lying:
up is where the picture's top is. Forearms that cross show from the front only.
"""

from __future__ import annotations

import math

from formcheck.people import place_of
from formcheck.pose import Pose
from formcheck.results import SIDES, other_side

SEEN = 0.5
"""Elbows and wrists must be seen at least so surely."""
ABOVE_SHOULDERS, ABOVE_ELBOWS = 0.05, 0.15
"""How far up the wrists are, in lengths of the trunk: arms folded on the chest are no sign."""
RAISED, BENT_UP, ASIDE = 0.55, 0.2, 0.5
"""A raised hand is so far above its shoulder, and its elbow so far, in lengths of the trunk; and it
leans to any side by no more than this share of how high it is: a held thigh is no sign."""
LOWERED = 0.25
"""The other hand is no higher than this: both arms go up in some exercises."""
FLICKER_S = 0.3
"""Out of sight for no longer than this, it is still the same sign."""

Point = tuple[float, float]


class Sign:
    """Tells for how long somebody has been giving the sign."""

    def __init__(self) -> None:
        self._since_s = math.nan
        self._last_s = -math.inf

    def feed(self, pose: Pose) -> float:
        """Take a pose; return for how many seconds the sign has been shown, 0 if it is not."""
        if pose.seen and (crossed(pose) or one_hand_up(pose)):
            if not pose.t_s - self._last_s <= FLICKER_S:
                self._since_s = pose.t_s
            self._last_s = pose.t_s
        if pose.t_s - self._last_s <= FLICKER_S:
            return pose.t_s - self._since_s
        return 0.0


def one_hand_up(pose: Pose) -> bool:
    """Whether one arm is stretched up towards the top of the picture, and the other is not.

    The trunk's length is that of the body, not of the picture, where somebody who bends or lies
    towards the camera would be short.
    """
    trunk = _trunk_px(pose)
    if not trunk > 0:
        return False
    up = {side: _hand_up(pose, side) / trunk for side in SIDES}
    return any(
        _stretched_up(pose, side, trunk) and up[other_side(side)] <= LOWERED for side in SIDES
    )


def _stretched_up(pose: Pose, side: str, trunk: float) -> bool:
    at = pose.skeleton.index
    if min(pose.visibility[at[f"{side}_{part}"]] for part in ("elbow", "wrist")) < SEEN:
        return False
    shoulder, elbow, wrist = (
        _point(pose, f"{side}_{part}") for part in ("shoulder", "elbow", "wrist")
    )
    high = shoulder[1] - wrist[1]
    return (
        high > RAISED * trunk
        and wrist[1] < elbow[1]
        and shoulder[1] - elbow[1] > BENT_UP * trunk
        and abs(wrist[0] - shoulder[0]) < ASIDE * high
    )


def _hand_up(pose: Pose, side: str) -> float:
    """Return how far a wrist is above its shoulder in the picture; not at all if unknown."""
    high = _point(pose, f"{side}_shoulder")[1] - _point(pose, f"{side}_wrist")[1]
    return high if math.isfinite(high) else -math.inf


def _trunk_px(pose: Pose) -> float:
    """Return how long the trunk would be if it lay across the picture; NaN if unknown."""
    place = place_of(pose)
    at = pose.skeleton.index
    shoulders, hips = (
        (pose.world_m[at[f"left_{part}"]] + pose.world_m[at[f"right_{part}"]]) / 2
        for part in ("shoulder", "hip")
    )
    return place.px_per_m * math.dist(shoulders, hips) if place else math.nan


def crossed(pose: Pose) -> bool:
    """Whether the forearms cross each other in the picture, wrists up at the face."""
    at = pose.skeleton.index
    names = [f"{side}_{part}" for side in ("left", "right") for part in ("elbow", "wrist")]
    if min(pose.visibility[at[name]] for name in names) < SEEN:
        return False
    elbow_l, wrist_l, elbow_r, wrist_r = (_point(pose, name) for name in names)
    up = _up(pose)
    if up is None or not _cross(elbow_l, wrist_l, elbow_r, wrist_r):
        return False
    shoulders = _middle(_point(pose, "left_shoulder"), _point(pose, "right_shoulder"))
    wrists, elbows = _middle(wrist_l, wrist_r), _middle(elbow_l, elbow_r)
    return (
        _along(up, shoulders, wrists) > ABOVE_SHOULDERS
        and _along(up, elbows, wrists) > ABOVE_ELBOWS
    )


def _up(pose: Pose) -> tuple[Point, float] | None:
    """Return the direction from hips to shoulders, and their distance; None if unknown."""
    shoulders = _middle(_point(pose, "left_shoulder"), _point(pose, "right_shoulder"))
    hips = _middle(_point(pose, "left_hip"), _point(pose, "right_hip"))
    x, y = shoulders[0] - hips[0], shoulders[1] - hips[1]
    length = math.hypot(x, y)
    return ((x / length, y / length), length) if length > 0 else None


def _along(up: tuple[Point, float], start: Point, end: Point) -> float:
    (x, y), length = up
    return ((end[0] - start[0]) * x + (end[1] - start[1]) * y) / length


def _cross(a: Point, b: Point, c: Point, d: Point) -> bool:
    """Whether the segments from `a` to `b` and from `c` to `d` cross."""
    return _turn(a, b, c) * _turn(a, b, d) < 0 and _turn(c, d, a) * _turn(c, d, b) < 0


def _turn(a: Point, b: Point, c: Point) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _point(pose: Pose, name: str) -> Point:
    x, y = pose.image_px[pose.skeleton.index[name]]
    return float(x), float(y)


def _middle(a: Point, b: Point) -> Point:
    return (a[0] + b[0]) / 2, (a[1] + b[1]) / 2
