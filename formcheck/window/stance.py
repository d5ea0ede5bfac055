"""A small picture of how to stand, sit or lie, and where the camera goes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from formcheck.overlay import text as lettering
from formcheck.overlay.sprite import Canvas, Sprite
from formcheck.overlay.style import Color, Style

Point = tuple[float, float]


# Points in units of the card's height: x to the right, y up from the floor.
@dataclass(frozen=True, slots=True)
class _Figure:
    head: Point
    trunk: tuple[Point, ...]
    arm: tuple[Point, ...]
    leg: tuple[Point, ...]


_STANDING = _Figure(
    head=(0.0, 0.595),
    trunk=((0.0, 0.50), (0.0, 0.30)),
    arm=((0.0, 0.48), (0.10, 0.42), (0.20, 0.46)),
    leg=((0.0, 0.30), (0.02, 0.16), (0.0, 0.02), (0.06, 0.015)),
)
_SEATED = _Figure(
    head=(-0.02, 0.53),
    trunk=((-0.02, 0.43), (-0.04, 0.22)),
    arm=((-0.02, 0.41), (0.04, 0.31), (0.10, 0.25)),
    leg=((-0.04, 0.22), (0.14, 0.22), (0.13, 0.02), (0.19, 0.015)),
)
_LYING = _Figure(
    head=(-0.32, 0.085),
    trunk=((-0.23, 0.06), (-0.02, 0.055)),
    arm=((-0.21, 0.05), (-0.10, 0.025), (0.0, 0.02)),
    leg=((-0.02, 0.055), (0.13, 0.21), (0.22, 0.03), (0.28, 0.015)),
)
_FIGURES = {"standing": _STANDING, "seated": _SEATED}


@lru_cache(maxsize=8)
def stance_card(
    posture: str, title: str, below: str, size_px: tuple[int, int], style: Style
) -> Sprite:
    """Return the picture: somebody seen from where the camera should be, and the camera's place.

    Parameters
    ----------
    posture
        ``standing``, ``seated``, or any other for lying.
    title, below
        What stands above it and below it.
    size_px
        (width, height) of the card.
    style
        Colours.
    """
    width, height = size_px
    canvas = Canvas(width, height)
    canvas.panel(canvas.box, 0.05 * height, style.panel, 0.86)
    _words(canvas, title, 0.135 * height, 0.088 * height, style.text, lettering.BOLD)
    _words(canvas, below, 0.945 * height, 0.075 * height, style.faint, lettering.REGULAR)
    floor = 0.80 * height
    middle = 0.60 * width
    _floor(canvas, width, floor, height, style)
    figure = _FIGURES.get(posture, _LYING)
    if figure is _SEATED:
        _chair(canvas, (middle, floor), height, style)
    _figure(canvas, figure, (middle, floor), height, style)
    low = figure is _LYING
    _camera(canvas, (0.13 * width, floor - (0.10 if low else 0.30) * height), height, style)
    return canvas.sprite()


def _words(
    canvas: Canvas, text: str, baseline: float, size: float, color: Color, weight: int
) -> None:
    left, _, right, _ = canvas.box
    size_px = round(size)
    while size_px > 12 and lettering.width_px(text, size_px, weight) > 0.92 * (right - left):
        size_px -= 1
    x = (left + right - lettering.width_px(text, size_px, weight)) / 2
    canvas.write(text, (round(x), round(baseline)), color, size_px, weight)


def _floor(canvas: Canvas, width: int, floor: float, height: int, style: Style) -> None:
    box = (0.06 * width, floor + 0.012 * height, 0.94 * width, floor + 0.022 * height)
    canvas.panel(box, 0.005 * height, style.unclear, 0.9)


def _figure(canvas: Canvas, figure: _Figure, at: Point, height: int, style: Style) -> None:
    thick = 0.062 * height

    def place(point: Point) -> Point:
        return at[0] + point[0] * height, at[1] - point[1] * height

    for points, share, color in (
        (figure.leg, 1.0, style.accent),
        (figure.trunk, 1.0, style.accent),
        (figure.arm, 0.6, style.text),
    ):
        limb(canvas, [place(p) for p in points], share * thick, color)
    canvas.dot(place(figure.head), 0.062 * height, style.text)


def _chair(canvas: Canvas, at: Point, height: int, style: Style) -> None:
    x, floor = at
    seat = floor - 0.165 * height
    for a, b in (
        ((-0.14, 0.0), (0.04, 0.0)),
        ((-0.12, 0.0), (-0.12, -0.15)),
        ((0.02, 0.0), (0.02, -0.15)),
        ((-0.14, 0.0), (-0.14, 0.22)),
    ):
        points = [(x + px * height, seat - py * height) for px, py in (a, b)]
        limb(canvas, points, 0.02 * height, style.unclear)


def _camera(canvas: Canvas, at: Point, height: int, style: Style) -> None:
    """Draw a camera on a stand, and what it sees."""
    x, y = at
    size = 0.055 * height
    canvas.panel((x - size, y - 0.7 * size, x + size, y + 0.7 * size), 0.3 * size, style.text, 1.0)
    canvas.dot((x + size, y), 0.42 * size, style.accent)
    floor = 0.80 * height
    if floor - y > 2 * size:
        limb(canvas, [(x, y + size), (x, floor)], 0.018 * height, style.faint)
    for angle_deg in (-16, 16):
        angle = math.radians(angle_deg)
        points = [
            (x + r * height * math.cos(angle), y + r * height * math.sin(angle))
            for r in (0.11, 0.17)
        ]
        limb(canvas, points, 0.012 * height, style.accent)


def limb(canvas: Canvas, points: Sequence[Point], thick: float, color: Color) -> None:
    """Draw a line with round joints."""
    for a, b in pairwise(points):
        length = math.dist(a, b)
        if length > 0:
            dx, dy = (b[1] - a[1]) / length * thick / 2, (a[0] - b[0]) / length * thick / 2
            corners = (
                (a[0] + dx, a[1] + dy),
                (b[0] + dx, b[1] + dy),
                (b[0] - dx, b[1] - dy),
                (a[0] - dx, a[1] - dy),
            )
            canvas.polygon(corners, color)
    for point in points:
        canvas.dot(point, thick / 2, color)
