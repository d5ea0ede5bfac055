"""How far knees and hips are bent, written beside them."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import lru_cache

import cv2
import numpy as np

from formcheck.frame import Image
from formcheck.geometry import angle_deg, sub
from formcheck.overlay import text as lettering
from formcheck.overlay.skeleton import far_side, visible_points
from formcheck.overlay.sprite import Canvas, Sprite
from formcheck.overlay.style import Style, length_px
from formcheck.results import SIDES, UNSEEN, Reading, Tick

Point = tuple[float, float]

JOINTS = {"knee": ("hip", "ankle"), "hip": ("shoulder", "knee")}
"""Joint → the landmarks above and below it; one entry serves both sides."""

HEAD_ON = ("front", "rear")
"""Views in which knees and hips bend towards the camera or away from it."""

Box = tuple[int, int, int, int]
"""Left, top, right and bottom in pixels."""

LEAST_RADIUS_PX = 4
"""Smaller arcs would be blots."""

_BITS = 4
_SETTLE_S = 0.3
"""A label changes sides over about this time, so that it does not jump."""


@dataclass(frozen=True, slots=True)
class _Bend:
    """A bent joint in the picture: the joints above and below it, and its measured angle."""

    joint: str
    upper: Point
    at: Point
    lower: Point
    radius: float
    reading: Reading

    @property
    def drawn_off_deg(self) -> float:
        """How much the angle in the picture differs from the measured one."""
        drawn = angle_deg(sub(self.upper, self.at), sub(self.at, self.lower))
        return abs(drawn - self.reading.value)


@dataclass(slots=True)
class JointAngleArcs:
    """Draws an arc at each knee and hip, and how far it is bent: 0 is straight.

    The arc opens from the line that the upper bone would go on along to the lower bone.
    It is left out where the picture does not show the angle that was measured, as when a
    bent knee points at the camera; the number stays. A number that is uncertain by more
    than `rough_deg` has a "~" before it, and one that is unknown is not drawn.
    """

    style: Style = field(default_factory=Style)
    rough_deg: float = 12.0
    disagreement_deg: float = 25.0
    """The most that picture and measurement may differ for an arc to be drawn."""
    least_visibility: float = 0.2
    _away: dict[str, tuple[float, Point]] = field(default_factory=dict, init=False, repr=False)
    """Joint → time, and in which direction its label has been lying."""

    def draw(self, picture: Image, tick: Tick) -> None:
        """Draw in place, only the nearer side of somebody seen from the side."""
        far = far_side(tick.view)
        bends = [
            bend
            for joint in JOINTS
            for side in SIDES
            if side != far and (bend := self._bend(picture, tick, side, joint)) is not None
        ]
        if tick.view.name not in HEAD_ON:
            for bend in bends:
                if bend.radius >= LEAST_RADIUS_PX and bend.drawn_off_deg <= self.disagreement_deg:
                    self._arc(picture, bend)
        taken: list[Box] = []
        for bend in bends:
            rough = "~" if bend.reading.sigma > self.rough_deg else ""
            size = self.style.text_px(self.style.angle, picture)
            number = f"{rough}{max(0, round(bend.reading.value))}°"
            label = number_label(number, size, self.style)
            toward = self._side_of_label(tick, bend)
            box = _place(picture, label.size_px, bend, toward, taken)
            label.paste(picture, box[0], box[1])
            taken.append(box)

    def _bend(self, picture: Image, tick: Tick, side: str, joint: str) -> _Bend | None:
        """Return what is to be drawn at a joint, or None if it is not seen or not known."""
        reading = tick.readings.get(f"{side}_{joint}_flexion_deg", UNSEEN)
        above, below = JOINTS[joint]
        names = [f"{side}_{part}" for part in (above, joint, below)]
        points = visible_points(tick.pose, picture, names, self.least_visibility)
        if not reading.known or len(points) < len(names) or not _inside(picture, points[names[1]]):
            return None
        upper, at, lower = (points[name] for name in names)
        reach = 0.42 * min(math.dist(upper, at), math.dist(at, lower))
        radius = min(self.style.arc * min(picture.shape[:2]), reach)
        return _Bend(names[1], upper, at, lower, radius, reading)

    def _arc(self, picture: Image, bend: _Bend) -> None:
        upper, at, lower = bend.upper, bend.at, bend.lower
        start = math.atan2(at[1] - upper[1], at[0] - upper[0])
        turn = math.remainder(math.atan2(lower[1] - at[1], lower[0] - at[0]) - start, math.tau)
        steps = start + turn * np.linspace(0.0, 1.0, 2 + round(abs(turn) * 8))
        arc = np.stack([np.cos(steps), np.sin(steps)], axis=1) * bend.radius + at
        ray = np.array([at, arc[0]])
        thickness = length_px(0.0042, picture, 1)
        rim = thickness + 2 * length_px(0.0016, picture)
        lines = [np.round(p * (1 << _BITS)).astype(np.int32) for p in (ray, arc)]
        for color, width in ((self.style.outline, rim), (self.style.accent, thickness)):
            cv2.polylines(picture, lines, False, color, width, cv2.LINE_AA, _BITS)

    def _side_of_label(self, tick: Tick, bend: _Bend) -> Point:
        """Return the direction, of length 1, in which the label lies from the joint."""
        upper, at, lower = bend.upper, bend.at, bend.lower
        if tick.view.name in HEAD_ON:
            index, pixels = tick.pose.skeleton.index, tick.pose.image_px
            other_x = float(pixels[tick.pose.skeleton.mirror[index[bend.joint]], 0])
            return (-1.0 if at[0] < other_x else 1.0), 0.0
        away = (2 * at[0] - upper[0] - lower[0], 2 * at[1] - upper[1] - lower[1])
        before_s, before = self._away.get(bend.joint, (-math.inf, away))
        keep = math.exp(-max(0.0, tick.t_s - before_s) / _SETTLE_S)
        away = (
            keep * before[0] + (1 - keep) * away[0],
            keep * before[1] + (1 - keep) * away[1],
        )
        self._away[bend.joint] = (tick.t_s, away)
        length = math.hypot(*away)
        return (away[0] / length, away[1] / length) if length > 0 else (1.0, 0.0)


@lru_cache(maxsize=128)
def number_label(text: str, size_px: int, style: Style) -> Sprite:
    """Return a number on a pill."""
    pad = round(0.34 * size_px)
    width = lettering.width_px(text, size_px, lettering.BOLD) + 2 * pad
    height = round(1.42 * size_px)
    canvas = Canvas(width, height)
    canvas.panel(canvas.box, height / 2, style.panel, style.panel_opacity)
    baseline = round((height + lettering.ASCENT * size_px) / 2)
    canvas.write(text, (pad, baseline), style.text, size_px, lettering.BOLD)
    return canvas.sprite()


def _inside(picture: Image, at: Point) -> bool:
    height, width = picture.shape[:2]
    return bool(0 <= at[0] < width and 0 <= at[1] < height)


def _place(
    picture: Image, size_px: tuple[int, int], bend: _Bend, toward: Point, taken: list[Box]
) -> Box:
    """Return where a label goes: beside the joint, in the picture, and not on another."""
    width, height = size_px
    rows, columns = picture.shape[:2]
    at = bend.at
    gap = bend.radius + 0.5 * (abs(toward[0]) * width + abs(toward[1]) * height)
    left = max(0, min(round(at[0] + toward[0] * gap - width / 2), columns - width))
    top = max(0, min(round(at[1] + toward[1] * gap - height / 2), rows - height))
    for other in taken:
        apart = left >= other[2] or left + width <= other[0]
        if not apart and other[1] - height < top < other[3]:
            above, below = other[1] - height, other[3]
            up = top < (other[1] + other[3] - height) / 2
            top = above if (up and above >= 0) or below > rows - height else below
    return left, top, left + width, top + height
