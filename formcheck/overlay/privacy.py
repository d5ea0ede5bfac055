"""What hides who it is: a blurred face, or no picture at all."""

from __future__ import annotations

import math
from enum import StrEnum

import cv2
import numpy as np
from numpy.typing import NDArray

from formcheck.frame import Image
from formcheck.overlay.base import Layer
from formcheck.pose import Pose
from formcheck.results import SIDES, Tick

FACE = (
    "nose",
    *(
        f"{side}_{part}"
        for side in SIDES
        for part in ("eye", "eye_inner", "eye_outer", "ear", "mouth")
    ),
)
LIMBS = (("shoulder", "hip"), ("hip", "knee"), ("knee", "ankle"))
HEAD_OF_LIMB = 0.42
"""Half of a head's height with hair, in lengths of the longest of trunk, thigh and shin."""
ROUND_LANDMARKS = 1.6
"""How much further than its outermost landmark a face may reach."""
MARGIN = 1.15
FADE_S = 1.0
"""A face that is lost is hidden where it was for so long; after that, the whole picture is."""
FACE_BLOCKS, PICTURE_BLOCKS = 5, 14
"""How many blocks across a hidden face has, and a hidden picture: with five, eyes, nose and mouth
become one, and a profile a blob."""
GROUND = (24, 29, 36)


class Privacy(StrEnum):
    """How much of a person pictures may show."""

    OPEN = "open"
    BLUR_FACE = "blur-face"
    SKELETON_ONLY = "skeleton-only"


def hiding(privacy: Privacy) -> tuple[Layer, ...]:
    """Return the layers that must be drawn first; none when everything may be seen."""
    if privacy is Privacy.BLUR_FACE:
        return (FaceBlur(),)
    return (PlainGround(),) if privacy is Privacy.SKELETON_ONLY else ()


class PlainGround:
    """Puts an even dark ground in place of the picture."""

    def draw(self, picture: Image, tick: Tick) -> None:  # noqa: ARG002
        """Draw in place."""
        picture[:] = GROUND


class FaceBlur:
    """Makes the face of the person who is followed unrecognizable, and of nobody else.

    Where nobody is found the whole picture is made coarse, since a face that the pose model
    missed may be in it; right after somebody was lost, the place of their face is. A picture
    once shown can't be taken back: this errs towards hiding too much.
    """

    def __init__(self) -> None:
        self._last: tuple[float, float, float] | None = None
        self._last_s = -math.inf

    def draw(self, picture: Image, tick: Tick) -> None:
        """Draw in place."""
        head = head_of(tick.pose)
        if head is None:
            if self._last is None or tick.t_s - self._last_s > FADE_S:
                _coarsen(picture, max(picture.shape[:2]) // PICTURE_BLOCKS)
                return
            head = self._last
        else:
            self._remember(head, tick.t_s)
        _hide(picture, head)

    def _remember(self, head: tuple[float, float, float], t_s: float) -> None:
        previous, self._last, self._last_s = self._last, head, t_s
        # Seen from the side, a head that turns looks smaller for moments: never shrink at once.
        if previous is not None and head[2] < 0.9 * previous[2]:
            self._last = (head[0], head[1], 0.9 * previous[2])


def head_of(pose: Pose) -> tuple[float, float, float] | None:
    """Return the middle and the radius of a head in pixels; None where nobody was found.

    The radius is the larger of what the face's landmarks take up and of what a head measures
    in proportion to the trunk and the legs, which also covers hair and heads seen from behind.
    """
    face = _known(pose, FACE)
    if not face.size:
        return None
    middle = face.mean(axis=0)
    reach = float(np.linalg.norm(face - middle, axis=1).max())
    radius = MARGIN * max(ROUND_LANDMARKS * reach, HEAD_OF_LIMB * _limb_px(pose))
    x, y = (float(v) for v in middle)
    return (x, y, max(radius, 8.0))


def _limb_px(pose: Pose) -> float:
    lengths = [0.0]
    for side in SIDES:
        for upper, lower in LIMBS:
            ends = _known(pose, (f"{side}_{upper}", f"{side}_{lower}"))
            if len(ends) == len(SIDES):
                lengths.append(float(np.linalg.norm(ends[0] - ends[1])))
    return max(lengths)


def _known(pose: Pose, names: tuple[str, ...]) -> NDArray[np.float64]:
    """Return the pixels, (N, 2), of the landmarks that have any, however unsure."""
    index = pose.skeleton.index
    points = np.array([pose.image_px[index[name]] for name in names if name in index], np.float64)
    points = points.reshape(-1, 2)
    return points[np.isfinite(points).all(axis=1)]


def _hide(picture: Image, head: tuple[float, float, float]) -> None:
    """Make a round part of a picture coarse."""
    x, y, radius = head
    height, width = picture.shape[:2]
    left, right = (int(np.clip(v, 0, width)) for v in (x - radius, x + radius + 1))
    top, bottom = (int(np.clip(v, 0, height)) for v in (y - radius, y + radius + 1))
    if right <= left or bottom <= top:
        return
    part = picture[top:bottom, left:right]
    coarse = part.copy()
    _coarsen(coarse, max(2, round(2 * radius / FACE_BLOCKS)))
    rows, columns = np.ogrid[top:bottom, left:right]
    inside = (columns - x) ** 2 + (rows - y) ** 2 <= radius**2
    part[inside] = coarse[inside]


def _coarsen(picture: Image, block_px: int) -> None:
    """Replace squares by their mean colour, then smooth the edges; in place."""
    height, width = picture.shape[:2]
    block_px = max(1, block_px)
    small = cv2.resize(
        picture,
        (max(1, width // block_px), max(1, height // block_px)),
        interpolation=cv2.INTER_AREA,
    )
    picture[:] = cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR)
