"""Shadows on the floor: plain numpy and OpenCV."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.rendering.camera import Camera
from benchmarks.rendering.rig import FloatArray
from benchmarks.rendering.textures import Picture

_SHADOW_PX = 160
_SHADOW_M = 3.2
"""Width of the square of floor, round a person, that their shadow is drawn on."""
_FLOOR_M = 0.06
"""What is lower is floor, or a mat."""
_DRIFT = np.array((0.6, 0.3))
"""Where the shadow of something high up falls: metres along x and y per metre of height."""
_LAYERS = (
    (0.09, 0.010, 0.42, 0.0),
    (0.45, 0.044, 0.30, 0.10),
    (2.2, 0.100, 0.34, 0.16),
)
"""Skin lower than so many metres, blurred by so many, so dark, and drifting by so much."""
_THIN = 3
"""Every so many vertices are enough for a shadow."""


class Ground:
    """The floor that one camera sees.

    Parameters
    ----------
    camera
        It stands still.
    depth_m
        (H, W) how far along the view the empty room is in every pixel.
    """

    def __init__(self, camera: Camera, depth_m: FloatArray) -> None:
        y, x = np.mgrid[0 : camera.height, 0 : camera.width] + 0.5
        rays = np.stack([x, y, np.ones_like(x)], axis=-1) @ np.linalg.inv(camera.intrinsics).T
        world = (rays * depth_m[..., None]) @ camera.rotation + camera.position_m
        low = world[..., 2] < _FLOOR_M
        rows, columns = np.flatnonzero(low.any(axis=1)), np.flatnonzero(low.any(axis=0))
        if rows.size:
            self._part = (
                slice(int(rows[0]), int(rows[-1]) + 1),
                slice(int(columns[0]), int(columns[-1]) + 1),
            )
        else:
            self._part = (slice(0, 0), slice(0, 0))
        there = world[self._part]
        # Far outside of any shadow where there is no floor.
        self._floor_m = np.where(low[self._part][..., None], there[..., :2], 1e3).astype(np.float32)

    def shade(self, room: Picture, people_m: Sequence[FloatArray]) -> Picture:
        """Return the picture of a room, (H, W, 3), with shadows of people's vertices."""
        if not self._floor_m.size:
            return room
        shaded = room.copy()
        part = shaded[self._part]
        for points in people_m:
            centre = points[::97, :2].mean(axis=0)
            at = (self._floor_m - centre.astype(np.float32)) * (_SHADOW_PX / _SHADOW_M)
            at += _SHADOW_PX / 2
            light: Any = cv2.remap(
                _light_left(points, centre),
                at,
                None,
                cv2.INTER_LINEAR,
                borderMode=cv2.BORDER_CONSTANT,
                borderValue=(1.0, 1.0, 1.0, 1.0),
            )
            part[...] = (part * np.asarray(light)[..., None]).astype(np.uint8)
        return shaded


def _light_left(points_m: FloatArray, centre_m: FloatArray) -> NDArray[np.float32]:
    """Return how much of the light reaches a square of floor, (_SHADOW_PX, _SHADOW_PX)."""
    scale = _SHADOW_PX / _SHADOW_M
    points = points_m[::_THIN]
    left = np.ones((_SHADOW_PX, _SHADOW_PX), dtype=np.float32)
    for top, blur_m, strength, drift in _LAYERS:
        low = points[points[:, 2] < top]
        spot = (low[:, :2] - centre_m + low[:, 2:] * drift * _DRIFT) * scale + _SHADOW_PX / 2
        x, y = np.clip(spot, 0, _SHADOW_PX - 1).astype(np.intp).T
        cover = np.zeros_like(left)
        cover[y, x] = 1.0
        soft: Any = cv2.GaussianBlur(cover, (0, 0), max(0.6, blur_m * scale))
        left *= 1 - strength * np.clip(np.asarray(soft) * 2.2, 0, 1)
    # Nothing is dark at the square's border, so that it doesn't show.
    left[[0, -1]] = left[:, [0, -1]] = 1.0
    return left
