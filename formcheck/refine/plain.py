"""Joint angles by plain geometry, with the error that was measured for it.

In a side view the picture's plane is the plane in which hips and knees bend, and angles
between pixels are good. From the front they are useless, and the pose model's own
three-dimensional landmarks are the better of two poor sources. Between the two, both
are mixed. Either way the angle is off by several degrees, depending on the view and on how
bent the person is. That error was measured on rendered people (``plain_error.toml``, made
by ``python -m benchmarks.plain_error``): its mean is taken off, the rest is the standard
deviation.

What each angle is between is said in `formcheck.angles`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from formcheck.angles import BODY_ANGLES, BodyAngle
from formcheck.geometry import PICTURE_UP
from formcheck.refine.body import Body
from formcheck.refine.error import MeasuredError, bent_share, plain_error
from formcheck.results import UNSEEN, Reading, Readings, View
from formcheck.view import folded_deg

PLANAR_FROM_DEG, PLANAR_TO_DEG = 40.0, 70.0
"""Below the first folded yaw only world landmarks are used, above the second only pixels."""

_NAMES = (
    "knee_flexion_deg",
    "hip_flexion_deg",
    "thigh_elevation_deg",
    "shin_inclination_deg",
    "foot_pitch_deg",
    "trunk_inclination_deg",
)
_GIVEN = tuple(angle for name in _NAMES for angle in BODY_ANGLES if angle.row.name == name)

ANGLES = tuple(dict.fromkeys(angle.row for angle in _GIVEN))
"""Every angle that a refiner gives."""
ANGLE_NAMES = tuple(angle.name for angle in _GIVEN)
"""The names of all readings that a refiner gives."""


class PlainAngles:
    """Angles straight from the landmarks; implements `AngleRefiner`.

    Parameters
    ----------
    error
        How far off the angles are; as measured, if not given.
    """

    def __init__(self, error: MeasuredError | None = None) -> None:
        self._error = error or plain_error()

    @property
    def provenance(self) -> Mapping[str, Any]:
        """What a report needs to name it exactly."""
        return {"method": "plain", "error_sha256": self._error.sha256}

    @property
    def error(self) -> MeasuredError:
        """How far off readings are, by direction and posture."""
        return self._error

    def reset(self) -> None:
        """Do nothing: each frame is measured by itself."""

    def refine(self, body: Body, view: View) -> Readings:
        """Return the angles of one smoothed pose seen from one view."""
        fold = folded_deg(view.yaw_deg)
        if not body.seen or not math.isfinite(fold):
            return dict.fromkeys(ANGLE_NAMES, UNSEEN)
        planar = (fold - PLANAR_FROM_DEG) / (PLANAR_TO_DEG - PLANAR_FROM_DEG)
        planar = min(1.0, max(0.0, planar))
        here = self._error.under(abs(view.yaw_deg), bent_share(body))
        angles: dict[str, Reading] = {}
        for angle in _GIVEN:
            value = _value(body, angle, planar)
            found = here.correct(angle.row.name, value, body.visibility(*angle.landmarks))
            if not angle.row.signed and found.value < 0:
                found = Reading(0.0, found.sigma)
            angles[angle.name] = found
        return angles


def _value(body: Body, angle: BodyAngle, planar: float) -> float:
    value = 0.0
    if planar > 0:
        value += planar * angle.of(body.px, PICTURE_UP)
    if planar < 1:
        value += (1 - planar) * angle.of(body.m, PICTURE_UP)
    return value
