"""Joint angles by plain geometry, with the error that was measured for it.

In a side view the picture's plane is the plane in which hips and knees bend, and angles
between pixels are good. From the front they are useless, and the pose model's own
three-dimensional landmarks are the better of two poor sources. Between the two, both
are mixed. Either way the angle is off by several degrees, depending on the view and on how
bent the person is. That error was measured on rendered people (``plain_error.toml``, made
by ``python -m benchmarks.plain_error``): its mean is taken off, the rest is the standard
deviation.

Conventions: flexion is 0 when straight; inclination is 0 when upright; elevation is 0
when horizontal, positive when the end named last is higher.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from formcheck.geometry import elevation_deg, flexion_deg, inclination_deg, sub
from formcheck.refine.body import Body, Point
from formcheck.refine.error import MeasuredError, bent_share, plain_error
from formcheck.results import SIDES, UNSEEN, Reading, Readings, View
from formcheck.view import folded_deg

PLANAR_FROM_DEG, PLANAR_TO_DEG = 40.0, 70.0
"""Below the first folded yaw only world landmarks are used, above the second only pixels."""


@dataclass(frozen=True, slots=True)
class Angle:
    """One angle of the body: from which landmarks, and how."""

    name: str
    landmarks: tuple[str, ...]
    """Without their side; an unsided angle is taken between the middles of both sides."""
    compute: Callable[..., float]
    """Of the landmarks' points, in the order of `landmarks`."""
    sided: bool = True
    signed: bool = False
    """Whether it can be negative; one that cannot is 0 at least, whatever the error is."""


def _between(compute: Callable[[Point], float]) -> Callable[[Point, Point], float]:
    """Make a function of a segment's two ends from one of its direction."""
    return lambda start, end: compute(sub(end, start))


ANGLES = (
    Angle("knee_flexion_deg", ("hip", "knee", "ankle"), flexion_deg),
    Angle("hip_flexion_deg", ("shoulder", "hip", "knee"), flexion_deg),
    Angle("thigh_elevation_deg", ("knee", "hip"), _between(elevation_deg), signed=True),
    Angle("shin_inclination_deg", ("ankle", "knee"), _between(inclination_deg)),
    Angle("foot_pitch_deg", ("toe", "heel"), _between(elevation_deg), signed=True),
    Angle("trunk_inclination_deg", ("hip", "shoulder"), _between(inclination_deg), sided=False),
)
"""Every angle that a refiner gives."""


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
        for angle in ANGLES:
            for prefix in _prefixes(angle):
                value = _value(body, angle, prefix, planar)
                seen = _visibility(body, angle, prefix)
                found = here.correct(angle.name, value, seen)
                if not angle.signed and found.value < 0:
                    found = Reading(0.0, found.sigma)
                angles[prefix + angle.name] = found
        return angles


def _prefixes(angle: Angle) -> tuple[str, ...]:
    return tuple(f"{side}_" for side in SIDES) if angle.sided else ("",)


ANGLE_NAMES = tuple(prefix + angle.name for angle in ANGLES for prefix in _prefixes(angle))
"""The names of all readings that a refiner gives."""


def _visibility(body: Body, angle: Angle, prefix: str) -> float:
    prefixes = (prefix,) if angle.sided else tuple(f"{side}_" for side in SIDES)
    return body.visibility(*(p + part for p in prefixes for part in angle.landmarks))


def _value(body: Body, angle: Angle, prefix: str, planar: float) -> float:
    names = tuple(prefix + part for part in angle.landmarks)
    px, m = (body.px, body.m) if angle.sided else (body.middle_px, body.middle_m)
    value = 0.0
    if planar > 0:
        value += planar * angle.compute(*map(px, names))
    if planar < 1:
        value += (1 - planar) * angle.compute(*map(m, names))
    return value
