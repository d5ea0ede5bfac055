"""Small translucent pictures that are painted once and pasted on every frame."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from formcheck.frame import Image
from formcheck.overlay import text as lettering
from formcheck.overlay.style import Color

Point = tuple[float, float]
Box = tuple[float, float, float, float]
"""Left, top, right and bottom."""

_BITS = 4
"""Fractional bits of OpenCV's drawing coordinates."""


def _fixed(value: float) -> int:
    return round(value * (1 << _BITS))


@dataclass(frozen=True, slots=True)
class Sprite:
    """A finished translucent picture."""

    light: Image
    """(h, w, 3) its colours times its opacity."""
    keep: Image
    """(h, w, 3) how much of what lies beneath shows through, 0 to 255."""

    @property
    def size_px(self) -> tuple[int, int]:
        """(width, height)."""
        return self.light.shape[1], self.light.shape[0]

    def paste(self, picture: Image, left: int, top: int) -> None:
        """Blend it in place; what lies outside the picture is cut off."""
        height, width = picture.shape[:2]
        w, h = self.size_px
        x0, y0, x1, y1 = max(left, 0), max(top, 0), min(left + w, width), min(top + h, height)
        if x0 >= x1 or y0 >= y1:
            return
        part = np.s_[y0 - top : y1 - top, x0 - left : x1 - left]
        under = picture[y0:y1, x0:x1]
        cv2.multiply(under, self.keep[part], dst=under, scale=1 / 255)
        cv2.add(under, self.light[part], dst=under)


class Canvas:
    """Where a sprite is painted, transparent at first."""

    def __init__(self, width: int, height: int) -> None:
        self._color: Image = np.zeros((height, width, 3), np.uint8)
        self._alpha: Image = np.zeros((height, width), np.uint8)

    @property
    def box(self) -> Box:
        """All of it."""
        height, width = self._alpha.shape
        return 0, 0, width - 1, height - 1

    def panel(
        self,
        box: Box,
        radius: float,
        color: Color,
        opacity: float,
    ) -> None:
        """Fill a rectangle with rounded corners."""
        outline = rounded(box, radius)
        cv2.fillPoly(self._color, [outline], color, cv2.LINE_8, _BITS)
        # colour reaches under the soft edge, so that no dark rim shines through
        cv2.polylines(self._color, [outline], True, color, 3, cv2.LINE_8, _BITS)
        cv2.fillPoly(self._alpha, [outline], (round(255 * opacity),), cv2.LINE_AA, _BITS)

    def write(
        self,
        text: str,
        origin: tuple[int, int],
        color: Color,
        size_px: int,
        weight: int = lettering.REGULAR,
    ) -> None:
        """Write one line with its baseline starting at `origin`."""
        lettering.put_text(self._color, text, origin, color, size_px, weight)
        lettering.put_text(self._alpha, text, origin, (255, 255, 255), size_px, weight)

    def dot(self, center: Point, radius: float, color: Color, thickness: int = -1) -> None:
        """Draw a filled circle, or a ring."""
        at = (_fixed(center[0]), _fixed(center[1]))
        for canvas, ink in ((self._color, color), (self._alpha, (255,) * 3)):
            cv2.circle(canvas, at, _fixed(radius), ink, thickness, cv2.LINE_AA, _BITS)

    def polygon(self, points: Sequence[Point], color: Color) -> None:
        """Fill a polygon."""
        corners = np.array([[_fixed(x), _fixed(y)] for x, y in points], np.int32)
        for canvas, ink in ((self._color, color), (self._alpha, (255,) * 3)):
            cv2.fillPoly(canvas, [corners], ink, cv2.LINE_AA, _BITS)

    def sprite(self) -> Sprite:
        """Return what was painted."""
        alpha = cv2.merge([self._alpha] * 3)
        light = cv2.multiply(self._color, alpha, scale=1 / 255)
        return Sprite(light, cv2.bitwise_not(alpha))


def rounded(box: Box, radius: float) -> NDArray[np.int32]:
    """Return a rectangle with rounded corners as a polygon in drawing coordinates."""
    left, top, right, bottom = box
    radius = max(0.0, min(radius, (right - left) / 2, (bottom - top) / 2))
    turns = np.radians(np.linspace(0, 90, 9))
    corners = (
        (right - radius, bottom - radius, 0),
        (left + radius, bottom - radius, 90),
        (left + radius, top + radius, 180),
        (right - radius, top + radius, 270),
    )
    points = [
        (
            x + radius * np.cos(turns + np.radians(start)),
            y + radius * np.sin(turns + np.radians(start)),
        )
        for x, y, start in corners
    ]
    outline = np.concatenate([np.stack(p, axis=1) for p in points])
    return np.round(outline * (1 << _BITS)).astype(np.int32)


def fill_rounded(picture: Image, box: Box, radius: float, color: Color) -> None:
    """Fill a rectangle with rounded corners on a picture, opaque."""
    cv2.fillPoly(picture, [rounded(box, radius)], color, cv2.LINE_AA, _BITS)


def diamond(center: Point, radius: float) -> tuple[Point, ...]:
    """Return a square that stands on its corner."""
    x, y = center
    return ((x, y - radius), (x + radius, y), (x, y + radius), (x - radius, y))
