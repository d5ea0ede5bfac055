"""A sign that needs no keyboard: forearms crossed before the face."""

from __future__ import annotations

import math

from formcheck.pose import Pose

SEEN = 0.5
"""Elbows and wrists must be seen at least so surely."""
ABOVE_SHOULDERS, ABOVE_ELBOWS = 0.05, 0.15
"""How far up the wrists are, in lengths of the trunk: arms folded on the chest are no sign."""
FLICKER_S = 0.3
"""Out of sight for no longer than this, it is still the same sign."""

Point = tuple[float, float]


class CrossedForearms:
    """Tells for how long the forearms have been crossed before the face."""

    def __init__(self) -> None:
        self._since_s = math.nan
        self._last_s = -math.inf

    def feed(self, pose: Pose) -> float:
        """Take a pose; return for how many seconds the sign has been shown, 0 if it is not."""
        if crossed(pose):
            if not pose.t_s - self._last_s <= FLICKER_S:
                self._since_s = pose.t_s
            self._last_s = pose.t_s
        if pose.t_s - self._last_s <= FLICKER_S:
            return pose.t_s - self._since_s
        return 0.0


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
