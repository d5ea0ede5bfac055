"""From where the camera looks at the person.

The body's lateral axis (right to left through hips and shoulders), seen from above in
the pose model's world landmarks, tells which way the person faces. Angles are from the
camera's point of view: 0 faces the camera, +90 faces the picture's right edge, 180 shows
the back, -90 faces its left edge.
"""

from __future__ import annotations

import math

from formcheck.pose import Pose
from formcheck.results import UNKNOWN_VIEW, View

FRONT_WITHIN_DEG = 30.0
"""Up to this far from facing the camera (or straight away from it) is front (or rear)."""
SIDE_WITHIN_DEG = 30.0
"""Up to this far from a right angle to the camera is a side view."""
SMOOTHING_S = 0.4
"""Time constant of the running direction: people turn slowly, landmarks jitter."""
STALE_S = 1.0
"""A person who was gone this long may have turned round meanwhile."""


def folded_deg(yaw_deg: float) -> float:
    """Return how far from a front or rear view a direction is: 0 front or rear, 90 side.

    Examples
    --------
    >>> folded_deg(-100.0)
    80.0
    """
    away = abs(yaw_deg)
    return 180.0 - away if away > 90.0 else away


def view_from_yaw(yaw_deg: float, confidence: float) -> View:
    """Name the view for a direction; NaN gives the unknown view."""
    if not math.isfinite(yaw_deg):
        return UNKNOWN_VIEW
    away = abs(yaw_deg)
    if away <= FRONT_WITHIN_DEG:
        return View("front", "camera", yaw_deg, confidence)
    if away >= 180.0 - FRONT_WITHIN_DEG:
        return View("rear", "away", yaw_deg, confidence)
    facing = "right" if yaw_deg > 0 else "left"
    if abs(away - 90.0) <= SIDE_WITHIN_DEG:
        # Who faces the picture's right edge shows the camera their right side.
        return View(f"side-{facing}", facing, yaw_deg, confidence)
    return View("oblique", facing, yaw_deg, confidence)


def body_direction(pose: Pose) -> tuple[float, float]:
    """Return the horizontal direction a person faces, as (to the right, to the camera).

    The vector's length is the breadth of hips and shoulders in metres, and so tells how
    much the direction can be trusted. NaN when hips or shoulders are not seen.
    """
    at, w = pose.skeleton.index, pose.world_m
    to_left_x = to_left_z = 0.0
    for part in ("hip", "shoulder"):
        left, right = w[at[f"left_{part}"]].tolist(), w[at[f"right_{part}"]].tolist()
        to_left_x += left[0] - right[0]
        to_left_z += left[2] - right[2]
    # Facing the camera puts the person's left at the picture's right.
    return to_left_z / 2, to_left_x / 2


class ViewEstimator:
    """Follows the view from frame to frame."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forget the past."""
        self._right = 0.0
        self._towards = 0.0
        self._seen_s = -math.inf

    def feed(self, pose: Pose) -> View:
        """Return the view at this frame; unknown when hips and shoulders are not seen."""
        right, towards = body_direction(pose)
        if not math.isfinite(right + towards):
            return UNKNOWN_VIEW
        dt = pose.t_s - self._seen_s
        weight = 1.0 if dt > STALE_S else 1.0 - math.exp(-dt / SMOOTHING_S)
        self._right += weight * (right - self._right)
        self._towards += weight * (towards - self._towards)
        self._seen_s = pose.t_s
        return _view_of(self._right, self._towards)


def _view_of(right: float, towards: float) -> View:
    breadth = math.hypot(right, towards)
    # Adults measure 0.2-0.4 m between hip or shoulder centres; much less means that the
    # landmarks contradict each other.
    confidence = min(1.0, breadth / 0.2)
    return view_from_yaw(math.degrees(math.atan2(right, towards)), confidence)


class ViewSummary:
    """The view of a whole clip: the direction in which the person mostly faced."""

    def __init__(self) -> None:
        self._right = 0.0
        self._towards = 0.0
        self._weight = 0.0

    def feed(self, view: View, dt_s: float) -> None:
        """Add one frame's view for as long as it lasted."""
        if math.isfinite(view.yaw_deg):
            yaw = math.radians(view.yaw_deg)
            weight = dt_s * view.confidence
            self._right += weight * math.sin(yaw)
            self._towards += weight * math.cos(yaw)
            self._weight += weight

    def view(self) -> View:
        """Return the mean view; its confidence falls when the person turned about."""
        if not self._weight > 0:
            return UNKNOWN_VIEW
        steadiness = math.hypot(self._right, self._towards) / self._weight
        yaw = math.degrees(math.atan2(self._right, self._towards))
        return view_from_yaw(yaw, steadiness)
