"""Where the camera stands and what it maps to which pixel."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from benchmarks.rendering.rig import UP, FloatArray, unit

VIEWS = {
    "front": 0.0,
    "front-left": 45.0,
    "side-left": 90.0,
    "rear-left": 135.0,
    "rear": 180.0,
    "rear-right": -135.0,
    "side-right": -90.0,
    "front-right": -45.0,
}
"""View → azimuth of the camera in degrees, seen from the person: 0 straight ahead of them,
90 at their left. In ``side-left`` the person's left side is nearer to the camera."""


@dataclass(frozen=True)
class Camera:
    """A pinhole camera without distortion."""

    position_m: FloatArray
    """(3,) in the world."""
    target_m: FloatArray
    """(3,) the point shown in the middle of the picture."""
    fov_deg: float
    """Vertical angle of view."""
    width: int
    height: int
    roll_deg: float = 0.0
    """About the line of sight; positive shows the world turned anticlockwise."""

    @property
    def azimuth_deg(self) -> float:
        """Where it stands as seen from its target, as in `VIEWS`."""
        return self.azimuth_from(self.target_m)

    @property
    def pitch_deg(self) -> float:
        """How far it looks up; negative down."""
        away = unit(self.target_m - self.position_m)
        return float(np.degrees(np.arcsin(away[2])))

    @property
    def across_deg(self) -> float:
        """Horizontal angle of view."""
        half = np.tan(np.radians(self.fov_deg) / 2) * self.width / self.height
        return float(np.degrees(2 * np.arctan(half)))

    def azimuth_from(self, point_m: FloatArray) -> float:
        """Return where it stands as seen from a point (3,), as in `VIEWS`."""
        away = self.position_m - point_m
        return float(np.degrees(np.arctan2(away[0], -away[1])))

    @cached_property
    def rotation(self) -> FloatArray:
        """(3, 3) world axes to camera axes: rows are right, down, away."""
        away = unit(self.target_m - self.position_m)
        right = unit(np.cross(away, UP))
        down = np.cross(away, right)
        cos, sin = np.cos(np.radians(self.roll_deg)), np.sin(np.radians(self.roll_deg))
        return np.stack([cos * right + sin * down, cos * down - sin * right, away])

    @cached_property
    def intrinsics(self) -> FloatArray:
        """(3, 3) camera matrix in pixels; pixel centres are at half-integers."""
        focal = self.height / 2 / np.tan(np.radians(self.fov_deg) / 2)
        return np.array(
            [[focal, 0.0, self.width / 2], [0.0, focal, self.height / 2], [0.0, 0.0, 1.0]]
        )

    def to_camera(self, points_m: FloatArray) -> FloatArray:
        """Return points (..., 3) of the world in the camera's axes."""
        return (points_m - self.position_m) @ self.rotation.T

    def project(self, points_m: FloatArray) -> FloatArray:
        """Return the pixels (..., 2) that show points (..., 3) of the world."""
        seen = self.to_camera(points_m) @ self.intrinsics.T
        return seen[..., :2] / seen[..., 2:]


def round_person(camera: Camera, azimuth_deg: float, distance_m: float) -> Camera:
    """Return the camera carried round its target, at the height that it has.

    Parameters
    ----------
    camera
        Whatever is to stay the same.
    azimuth_deg
        As in `VIEWS`.
    distance_m
        From above or below the target.
    """
    azimuth = np.radians(azimuth_deg)
    position = camera.target_m + distance_m * np.array([np.sin(azimuth), -np.cos(azimuth), 0.0])
    position[2] = camera.position_m[2]
    return replace(camera, position_m=position)
