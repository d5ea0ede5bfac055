"""Turning pictures the way they are meant to be seen, and making them smaller."""

from __future__ import annotations

import struct
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from formcheck.frame import Image

_TURNS = {1: cv2.ROTATE_90_CLOCKWISE, 2: cv2.ROTATE_180, 3: cv2.ROTATE_90_COUNTERCLOCKWISE}
_CLOCKWISE = np.array([[0.0, -1.0], [1.0, 0.0]])  # x right, y down


@dataclass(frozen=True, slots=True)
class Orientation:
    """How a stored picture becomes an upright one."""

    turns: int = 0
    """Quarter turns clockwise, 0 to 3."""
    mirrored: bool = False
    """Whether left and right are swapped before turning."""

    @classmethod
    def from_display_matrix(cls, data: bytes) -> Orientation:
        """Read the matrix that video files carry, taking the nearest quarter turn.

        A mirrored matrix has no rotation angle of its own, so what libraries report as its
        rotation cannot be relied on; the matrix can.

        Parameters
        ----------
        data
            Nine native 32-bit integers, row by row; they multiply row vectors.
        """
        a, b, _, c, d, *_ = struct.unpack("=9i", data[:36])
        wanted = np.array([[a, c], [b, d]], dtype=np.float64)
        candidates = [cls(turns, mirrored) for mirrored in (False, True) for turns in range(4)]
        return max(candidates, key=lambda o: float((o.matrix * wanted).sum()))

    @property
    def matrix(self) -> NDArray[np.float64]:
        """(2, 2) matrix that takes stored directions (x right, y down) to upright ones."""
        mirror = np.diag([-1.0 if self.mirrored else 1.0, 1.0])
        return np.linalg.matrix_power(_CLOCKWISE, self.turns) @ mirror

    @property
    def rotation_deg(self) -> int:
        """Degrees clockwise: 0, 90, 180 or 270."""
        return 90 * self.turns

    def size(self, width: int, height: int) -> tuple[int, int]:
        """Return (width, height) of the upright picture."""
        return (height, width) if self.turns % 2 else (width, height)

    def apply(self, picture: Image) -> Image:
        """Return the upright picture, contiguous in memory; the same one if it is already."""
        if self.mirrored:
            picture = cv2.flip(picture, 1)
        if self.turns:
            picture = cv2.rotate(picture, _TURNS[self.turns])
        return np.ascontiguousarray(picture, dtype=np.uint8)


def fit_within(width: int, height: int, max_side: int) -> tuple[int, int]:
    """Return the largest size of the same shape whose sides are at most `max_side`."""
    longest = max(width, height)
    if longest <= max_side:
        return width, height
    scale = max_side / longest
    return max(1, round(width * scale)), max(1, round(height * scale))
