"""One pose, laid out for measuring: points by name, in plain floats."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, TypeVar

from formcheck.geometry import midpoint
from formcheck.pose import Pose
from formcheck.results import SIDES

Point = tuple[float, ...]
_T = TypeVar("_T")

SIZED_BY = tuple(f"{s}_{part}" for s in SIDES for part in ("shoulder", "hip", "knee", "ankle"))
"""Landmarks that tell how large a body appears."""
NO_EXTENT = 1e-6
"""Pixels in a metre of a body that is a point."""
OUTSIDE = 0.02
"""A landmark this far outside the picture, as a fraction of its size, is only guessed."""


class Body:
    """Landmarks of one pose by name, in pixels and in metres.

    Parameters
    ----------
    pose
        The pose; an unseen landmark is NaN.
    size_px
        (width, height) of the full picture. Pose models place landmarks outside the
        picture as well; those are guesses and count as not visible.
    """

    __slots__ = (
        "_at",
        "_known",
        "_m",
        "_px",
        "_scale",
        "_seen",
        "_solid",
        "pose",
        "size_px",
        "t_s",
    )

    def __init__(self, pose: Pose, size_px: tuple[int, int]) -> None:
        self.pose = pose
        self.size_px = size_px
        self.t_s = pose.t_s
        self._at = pose.skeleton.index
        self._px: list[Point] = [*map(tuple, pose.image_px.tolist())]
        self._m: list[Point] = [*map(tuple, pose.world_m.tolist())]
        self._scale: float | None = None
        self._solid: list[Point] | None = None
        self._known: dict[Callable[[Body], Any], Any] = {}
        width, height = size_px
        dx, dy = OUTSIDE * width, OUTSIDE * height
        self._seen = [
            v if -dx <= x <= width + dx and -dy <= y <= height + dy else 0.0
            for v, (x, y) in zip(pose.visibility.tolist(), self._px, strict=True)
        ]

    def px(self, name: str) -> Point:
        """Return a landmark in pixels, x to the right, y down."""
        return self._px[self._at[name]]

    def m(self, name: str) -> Point:
        """Return a landmark in metres, camera axes: x right, y down, z away."""
        return self._m[self._at[name]]

    def seen_m(self, name: str) -> Point:
        """Return a landmark in metres: across the picture as seen there, in depth as guessed.

        The pose model knows better where a joint is in the picture than where it is in space:
        angles between these points are nearer to the truth than those between `m`. The origin
        is any; NaN without a person.
        """
        if self._solid is None:
            scale = self.px_per_m()
            self._solid = [
                (x / scale, y / scale, m[2]) for (x, y), m in zip(self._px, self._m, strict=True)
            ]
        return self._solid[self._at[name]]

    def visibility(self, *names: str) -> float:
        """Return how surely the least visible of these is seen; 0 outside the picture."""
        seen, at = self._seen, self._at
        return min([seen[at[n]] for n in names])

    def once(self, work: Callable[[Body], _T]) -> _T:
        """Return what `work` makes of this body, worked out when it is first asked for."""
        known = self._known
        if work not in known:
            known[work] = work(self)
        found: _T = known[work]
        return found

    def middle_px(self, part: str) -> Point:
        """Return the point between the left and the right `part`, in pixels."""
        return midpoint(self.px(f"left_{part}"), self.px(f"right_{part}"))

    def middle_m(self, part: str) -> Point:
        """Return the point between the left and the right `part`, in metres."""
        return midpoint(self.m(f"left_{part}"), self.m(f"right_{part}"))

    def px_per_m(self) -> float:
        """Return how many pixels a metre at the body's distance has.

        Metres and pixels are compared across the picture, where both are known best; NaN
        without a person, or when the landmarks have no extent.
        """
        if self._scale is None:
            self._scale = self._px_per_m()
        return self._scale

    def _px_per_m(self) -> float:
        px, m = ([at(n) for n in SIZED_BY] for at in (self.px, self.m))
        both = product = 0.0
        for axis in (0, 1):
            middle_px, middle_m = (sum(p[axis] for p in points) / len(points) for points in (px, m))
            for point_px, point_m in zip(px, m, strict=True):
                offset = point_m[axis] - middle_m
                product += (point_px[axis] - middle_px) * offset
                both += offset * offset
        scale = product / both if both > 0 else math.nan
        return scale if abs(scale) > NO_EXTENT else math.nan

    @property
    def seen(self) -> bool:
        """Whether there is anybody at all."""
        return math.isfinite(self._px[self._at["left_hip"]][0])
