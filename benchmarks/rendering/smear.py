"""What moves while the shutter is open is smeared along its way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from benchmarks.rendering.camera import Camera
from benchmarks.rendering.rig import SIDES, FloatArray
from benchmarks.rendering.textures import Picture
from benchmarks.rendering.truth import JOINTS

PARTS = (
    *(
        (f"{side}_{near}", f"{side}_{far}", thick, beyond)
        for side, _, _ in SIDES
        for near, far, thick, beyond in (
            ("shoulder", "elbow", 0.07, 1.0),
            # The hand goes on beyond the wrist.
            ("elbow", "wrist", 0.06, 1.6),
            ("hip", "knee", 0.11, 1.0),
            ("knee", "ankle", 0.08, 1.0),
            ("heel", "toe", 0.07, 1.0),
            ("shoulder", "hip", 0.16, 1.0),
        )
    ),
    ("left_ear", "right_ear", 0.14, 1.0),
)
"""Joints at both ends of a part of the body, how thick it is round them in metres, and where
it ends between them, or beyond."""
_PLACES = 3
"""How many points stand for a part."""
_CELL_PX = 8
"""How coarse the motion is known."""
_LEAST_PX = 0.7
"""What moves less is not smeared."""


@dataclass(frozen=True)
class _Path:
    """Where points of one person's body are in the picture: T frames, N points."""

    at_px: FloatArray
    """(T, N, 2)."""
    way_px: FloatArray
    """(T, N, 2) how far they move while the shutter is open."""
    thick_px: FloatArray
    """(T, N)."""


class Smear:
    """Smears pictures of people who move.

    Parameters
    ----------
    camera
        It stands still.
    people_m
        (T, J, 3) joints of each person, those of `truth.JOINTS`.
    fps
        Frames per second.
    shutter_s
        How long the shutter is open, half of it before each frame's time.
    """

    def __init__(
        self, camera: Camera, people_m: Sequence[FloatArray], fps: float, shutter_s: float
    ) -> None:
        self._size = (camera.width, camera.height)
        self._paths = [_path(camera, joints, fps * shutter_s) for joints in people_m]

    def apply(self, picture: Picture, frame: int) -> Picture:
        """Return the picture (H, W, 3) of a frame as the open shutter sees it."""
        smeared = picture
        for path in self._paths:
            smeared = self._along(smeared, path, frame)
        return smeared

    def _along(self, picture: Picture, path: _Path, frame: int) -> Picture:
        at, way, thick = (
            values[frame].astype(np.float32) for values in (path.at_px, path.way_px, path.thick_px)
        )
        far = np.linalg.norm(way, axis=1)
        if not far.max() > _LEAST_PX:
            return picture
        moving = far > _LEAST_PX
        reach = (2 * thick + far)[moving][:, None]
        low = np.maximum((at[moving] - reach).min(axis=0), 0).astype(int)
        high = np.minimum((at[moving] + reach).max(axis=0), self._size).astype(int)
        if (high - low < 2 * _CELL_PX).any():
            return picture
        flow = _flow(at, way, thick, low, high)
        smeared = picture.copy()
        smeared[low[1] : high[1], low[0] : high[0]] = _averaged(picture, flow, low)
        return smeared


def _path(camera: Camera, joints_m: FloatArray, shutter_frames: float) -> _Path:
    shares = np.linspace(0, 1, _PLACES)
    points: list[FloatArray] = []
    thick: list[float] = []
    for near, far, radius, end in PARTS:
        a, b = joints_m[:, JOINTS.index(near)], joints_m[:, JOINTS.index(far)]
        points += [a + (b - a) * share * end for share in shares]
        thick += [radius] * _PLACES
    places = np.stack(points, axis=1)
    at = camera.project(places)
    away = np.maximum(camera.to_camera(places)[..., 2], 0.3)
    way = np.gradient(at, axis=0) * shutter_frames if len(at) > 1 else np.zeros_like(at)
    return _Path(at, way, np.array(thick) * camera.intrinsics[1, 1] / away)


def _flow(
    at: FloatArray, way: FloatArray, thick: FloatArray, low: FloatArray, high: FloatArray
) -> FloatArray:
    """Return how far every pixel of a part of the picture moves, (h, w, 2)."""
    width, height = (int(n) for n in high - low)
    columns, rows = max(width // _CELL_PX, 2), max(height // _CELL_PX, 2)
    x = (low[0] + (np.arange(columns) + 0.5) * width / columns).astype(np.float32)
    y = (low[1] + (np.arange(rows) + 0.5) * height / rows).astype(np.float32)
    square = ((x[:, None] - at[:, 0]) ** 2)[None] + ((y[:, None] - at[:, 1]) ** 2)[:, None]
    # The smear goes beyond the body by half of the way, and no further.
    reach = thick + np.linalg.norm(way, axis=1) / 3
    square /= reach**2
    near = np.exp(-square * square)
    # Nothing moves that is not near any part of the body.
    flow = (near @ way) / (near.sum(axis=-1, keepdims=True) + np.float32(0.1))
    fine: Any = cv2.resize(flow, (width, height))
    return np.asarray(fine)


def _averaged(picture: Picture, flow: FloatArray, low: FloatArray) -> Picture:
    """Return the mean of a part of the picture along the ways of its pixels."""
    height, width = flow.shape[:2]
    x, y = np.meshgrid(
        np.arange(low[0], low[0] + width, dtype=np.float32),
        np.arange(low[1], low[1] + height, dtype=np.float32),
    )
    here: Any = cv2.merge([x, y])
    furthest = float(np.abs(flow).max())
    taps = int(np.clip(np.ceil(furthest / 2.5) + 1, 2, 7))
    mean: Any = None
    for i, share in enumerate(np.linspace(-0.5, 0.5, taps)):
        where: Any = cv2.addWeighted(flow, float(share), here, 1.0, 0)
        maps = cv2.convertMaps(where, None, cv2.CV_16SC2)
        seen: Any = cv2.remap(picture, *maps, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        mean = seen if mean is None else cv2.addWeighted(mean, i / (i + 1), seen, 1 / (i + 1), 0)
    return np.asarray(mean)
