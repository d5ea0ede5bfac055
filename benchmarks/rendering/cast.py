"""Draws a camera from a seed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from benchmarks.rendering.camera import VIEWS, Camera, round_person
from benchmarks.rendering.rig import FloatArray

_MARGIN = 0.03
"""Share of the picture that stays free round the person."""
_FLESH_M = 0.14
"""How far the body goes on beyond its joints."""


@dataclass(frozen=True)
class Wishes:
    """What is asked of a camera; None leaves it to chance."""

    height_m: float | None = None
    """Above the floor."""
    fov_deg: float | None = None
    """Vertical angle of view."""
    spare: float | None = None
    """Distance over the nearest one from which the whole person is seen."""


def draw_camera(
    rng: np.random.Generator,
    view: str,
    joints_m: FloatArray,
    size_px: tuple[int, int],
    wishes: Wishes,
) -> Camera:
    """Return a camera for a view: as near as the whole person allows, or somewhat further.

    Parameters
    ----------
    rng
        Where a few degrees of azimuth come from, and whatever is not wished for.
    view
        One of `VIEWS`.
    joints_m
        (T, J, 3) where the person's joints are over time: all of them must be in the picture.
    size_px
        (width, height) of the picture.
    wishes
        What is not left to chance.
    """
    azimuth = VIEWS[view] + float(rng.uniform(-9, 9))
    low, high = ((0.45, 0.8), (0.8, 1.35), (1.35, 1.7))[int(rng.integers(0, 3))]
    height, fov, spare = rng.uniform(low, high), rng.uniform(36, 54), rng.uniform(1.0, 1.3)
    points = joints_m.reshape(-1, 3)
    lowest, highest = points.min(axis=0), points.max(axis=0)
    target = (lowest + highest) / 2
    target[2] = lowest[2] + (highest[2] - lowest[2]) * rng.uniform(0.47, 0.53)
    near = Camera(
        position_m=np.array(
            (0.0, 0.0, float(height if wishes.height_m is None else wishes.height_m))
        ),
        target_m=target,
        fov_deg=float(fov if wishes.fov_deg is None else wishes.fov_deg),
        width=size_px[0],
        height=size_px[1],
    )
    distance = 1.6
    while distance < 9.0 and not _holds(round_person(near, azimuth, distance), points):
        distance += 0.05
    return round_person(near, azimuth, distance * (spare if wishes.spare is None else wishes.spare))


def _holds(camera: Camera, points_m: FloatArray) -> bool:
    """Return whether all joints, and the flesh round them, are in the picture."""
    away = camera.to_camera(points_m)[:, 2]
    if away.min() < 0.5:
        return False
    share = camera.project(points_m) / (camera.width, camera.height)
    # The crown is above the eyes, the fingers beyond the wrists.
    flesh = _FLESH_M * camera.intrinsics[1, 1] / away[:, None] / (camera.width, camera.height)
    spare = _MARGIN + flesh
    return bool((share > spare).all() and (share < 1 - spare).all())
