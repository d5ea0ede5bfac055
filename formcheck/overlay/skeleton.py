"""The person's bones and joints, coloured by the last repetition's verdicts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import cv2
import numpy as np

from formcheck.frame import Image
from formcheck.overlay.sprite import diamond
from formcheck.overlay.style import Color, Style, length_px
from formcheck.pose import Pose
from formcheck.results import SIDES, Status, Tick, View

Points = Mapping[str, tuple[float, float]]
"""Landmark name → pixel."""

_BITS = 4
_REACH = 4
"""Landmarks further out than this many pictures are mistakes."""


def visible_points(
    pose: Pose, picture: Image, names: Iterable[str], least_visibility: float
) -> dict[str, tuple[float, float]]:
    """Return where the landmarks are that can be drawn; the others are left out."""
    height, width = picture.shape[:2]
    found = {}
    for name in names:
        i = pose.skeleton.index[name]
        x, y = (float(v) for v in pose.image_px[i])
        near = -_REACH * width < x < (_REACH + 1) * width and (
            -_REACH * height < y < (_REACH + 1) * height
        )
        if near and pose.visibility[i] >= least_visibility:
            found[name] = (x, y)
    return found


def far_side(view: View) -> str:
    """Return which side of the body is turned away, ``left`` or ``right``, or ''."""
    return {"side-left": "right", "side-right": "left"}.get(view.name, "")


def _fixed(point: tuple[float, float]) -> tuple[int, int]:
    return round(point[0] * (1 << _BITS)), round(point[1] * (1 << _BITS))


def _dimmed(color: Color) -> Color:
    r, g, b = (round(0.72 * c) for c in color)
    return r, g, b


@dataclass(frozen=True, slots=True)
class SkeletonLayer:
    """Draws bones and joints.

    A joint that passed is a disc, one that failed a bigger diamond, one that could not
    be judged a ring and one that nothing was said about a small dot; so the verdict does
    not hang on colour alone. A bone takes each end's colour half-way. The far side of
    somebody seen from the side is thinner and darker.
    """

    style: Style = field(default_factory=Style)
    least_visibility: float = 0.2
    """Landmarks that the pose model is less sure about are not drawn."""

    def draw(self, picture: Image, tick: Tick) -> None:
        """Draw in place; a bone without one of its ends is not drawn."""
        skeleton = tick.pose.skeleton
        names = dict.fromkeys(name for edge in skeleton.edges for name in edge)
        points = visible_points(tick.pose, picture, names, self.least_visibility)
        far = far_side(tick.view)
        bones = [e for e in skeleton.edges if e[0] in points and e[1] in points]
        bones.sort(key=lambda bone: _depth(bone[0], bone[1], far))
        for bone in bones:
            self._bone(picture, points, bone, tick.marks, far=_depth(*bone, far) == 0)
        for name in sorted(points, key=lambda n: _depth(n, n, far)):
            self._joint(
                picture, points[name], tick.marks.get(name), far=_depth(name, name, far) == 0
            )

    def _bone(
        self,
        picture: Image,
        points: Points,
        bone: tuple[str, str],
        marks: Mapping[str, Status],
        *,
        far: bool,
    ) -> None:
        a, b = (points[name] for name in bone)
        thickness = length_px(self.style.bone * (0.6 if far else 1), picture, 2)
        rim = thickness + 2 * length_px(0.002, picture)
        _line(picture, a, b, self.style.outline, rim)
        first, second = (marks.get(name) for name in bone)
        if first is second:
            _line(picture, a, b, self._ink(first, far=far), self._width(first, thickness))
            return
        middle = ((a[0] + b[0]) / 2, (a[1] + b[1]) / 2)
        _line(picture, a, middle, self._ink(first, far=far), self._width(first, thickness))
        _line(picture, middle, b, self._ink(second, far=far), self._width(second, thickness))

    def _joint(
        self, picture: Image, at: tuple[float, float], status: Status | None, *, far: bool
    ) -> None:
        radius = max(2.0, self.style.joint * min(picture.shape[:2])) * (0.7 if far else 1.0)
        ink = self._ink(status, far=far)
        rim = length_px(0.0035, picture)
        if status is Status.FAIL:
            _diamond(picture, at, 1.75 * radius + rim, self.style.outline)
            _diamond(picture, at, 1.75 * radius, self.style.text)
            _diamond(picture, at, 1.75 * radius - 1.5 * rim, ink)
        elif status is Status.UNCLEAR:
            _disc(picture, at, radius + rim, ink)
            _disc(picture, at, max(1.0, radius - rim), self.style.outline)
        else:
            size = radius if status is Status.PASS else 0.8 * radius
            _disc(picture, at, size + rim, self.style.outline)
            _disc(picture, at, size, ink)

    def _ink(self, status: Status | None, *, far: bool) -> Color:
        color = self.style.color_of(status)
        return _dimmed(color) if far else color

    def _width(self, status: Status | None, thickness: int) -> int:
        return round(1.4 * thickness) if status is Status.FAIL else thickness


def _depth(first: str, second: str, far: str) -> int:
    """Return 0 for the far side, 1 for the trunk's cross bones, 2 for the near side."""
    sides = {side for side in SIDES for name in (first, second) if name.startswith(side)}
    if len(sides) != 1:
        return 1
    return 0 if far in sides else 2


def _line(
    picture: Image, a: tuple[float, float], b: tuple[float, float], color: Color, thickness: int
) -> None:
    cv2.line(picture, _fixed(a), _fixed(b), color, thickness, cv2.LINE_AA, _BITS)


def _disc(picture: Image, at: tuple[float, float], radius: float, color: Color) -> None:
    cv2.circle(picture, _fixed(at), round(radius * (1 << _BITS)), color, -1, cv2.LINE_AA, _BITS)


def _diamond(picture: Image, at: tuple[float, float], radius: float, color: Color) -> None:
    corners = np.array([_fixed(p) for p in diamond(at, radius)], np.int32)
    cv2.fillConvexPoly(picture, corners, color, cv2.LINE_AA, _BITS)
