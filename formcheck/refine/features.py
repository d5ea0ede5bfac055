"""What the learned refiner looks at: one vector per pose, and one for its mirror image.

Everything is relative to the body: where the camera stands, how large the person appears and
how tall they are must not matter. Besides the pose itself the vector holds how the landmarks
moved a moment ago, and how long each part of the body has appeared so far. Seen from the
front, a bent knee shows in nothing but a shin and a thigh that appear shorter than before.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from formcheck.pose import Pose, Skeleton
from formcheck.results import SIDES

FloatArray = NDArray[np.float64]

POINTS = (
    "nose",
    *(
        f"{side}_{part}"
        for part in ("shoulder", "elbow", "wrist", "hip", "knee", "ankle", "heel", "toe")
        for side in SIDES
    ),
)
"""Landmarks that are looked at."""
AT = {name: i for i, name in enumerate(POINTS)}
_SKELETON = Skeleton("refiner17", POINTS, ())
MIRROR = _SKELETON.mirror
"""For each of `POINTS`, the one that a mirror turns it into."""

JOINTS = tuple(
    tuple(AT[f"{side}_{part}"] for part in parts)
    for parts in (
        ("shoulder", "hip", "knee"),
        ("hip", "knee", "ankle"),
        ("knee", "ankle", "toe"),
        ("knee", "hip", "ankle"),
    )
    for side in SIDES
)
"""Angles that are looked at: proximal, joint, distal."""
SEGMENTS = tuple(
    (AT[f"{side}_{near}"], AT[f"{side}_{far}"])
    for near, far in (("shoulder", "hip"), ("hip", "knee"), ("knee", "ankle"), ("heel", "toe"))
    for side in SIDES
)
"""Segments that are looked at: proximal, distal."""
BREADTHS = tuple((AT[f"left_{p}"], AT[f"right_{p}"]) for p in ("shoulder", "hip"))
OWN = (*SEGMENTS, *BREADTHS)
"""Segments whose longest appearance is remembered."""

_PROXIMAL, _JOINT, _DISTAL = (np.array(column) for column in zip(*JOINTS, strict=True))
_NEAR, _FAR = np.array(SEGMENTS).T
_OWN_NEAR, _OWN_FAR = np.array(OWN).T
_FROM, _TO = np.concatenate([_PROXIMAL, _JOINT, _NEAR]), np.concatenate([_JOINT, _DISTAL, _FAR])
"""Of every bone: towards a joint, from it, and along a segment."""
_HIPS = np.array([AT[f"{side}_hip"] for side in SIDES])
_FLAT, _SOLID = np.array((-1.0, 1.0)), np.array((-1.0, 1.0, 1.0))
_ASIDE = np.array((-1.0, 1.0, 1.0, 1.0))

LAG_S = 0.15
"""How far back movement is looked at."""
REMEMBER_S = 20.0
"""For how long a segment's appearance is remembered."""
SAMPLE_S = 0.1
"""How often one is noted."""
KNOWN_S = 2.0
"""From then on, how long somebody has been seen says no more."""
LONG = 0.9
"""A segment's full appearance is this quantile of what was noted."""


@cache
def _chosen(skeleton: Skeleton) -> NDArray[np.intp]:
    return np.array([skeleton.index[name] for name in POINTS])


@dataclass(frozen=True, slots=True)
class _Moment:
    """One pose and its mirror image: B = 2."""

    t_s: float
    plane: FloatArray
    """(B, P, 2) in the picture's plane, metres about the hips, y down."""
    space: FloatArray
    """(B, P, 3) as the pose model sees it in space, metres about the hips."""


class Features:
    """Follows one person and describes each pose; looks back, never ahead."""

    def __init__(self, size_px: tuple[int, int]) -> None:
        self._size = size_px
        self.reset()

    def reset(self) -> None:
        """Forget the person."""
        self._past: deque[_Moment] = deque()
        self._noted: deque[tuple[float, FloatArray]] = deque()
        self._first_s = math.nan
        self._longest: FloatArray = np.zeros((2, len(OWN)))

    def feed(self, pose: Pose) -> FloatArray | None:
        """Return the vectors (2, F) of a pose and of its mirror image; None without a person."""
        chosen = _chosen(pose.skeleton)
        px, space = pose.image_px[chosen], pose.world_m[chosen]
        if not (np.isfinite(px).all() and np.isfinite(space).all()):
            return None
        seen = pose.visibility[chosen]
        middle_px, middle = px[_HIPS].sum(axis=0) / 2, space[_HIPS].sum(axis=0) / 2
        offset, space = px - middle_px, space - middle
        extent = float((space[:, :2] ** 2).sum())
        scale = max(1e-3, float((offset * space[:, :2]).sum()) / extent) if extent > 0 else 1e-3
        moment = _Moment(
            pose.t_s,
            np.array([offset / scale, offset[MIRROR] / scale * _FLAT]),
            np.array([space, space[MIRROR] * _SOLID]),
        )
        width, height = self._size
        place = np.array(
            [
                (middle_px[0] - width / 2) / height,
                (middle_px[1] - height / 2) / height,
                scale / height,
                width / height,
            ]
        )
        before = self._before(moment)
        own = self._own(pose.t_s, moment, scale) / scale
        outside = self._outside(px)
        return np.concatenate(
            [
                moment.plane.reshape(2, -1),
                moment.space.reshape(2, -1),
                np.array([seen, seen[MIRROR]]),
                np.array([outside, outside[MIRROR]]),
                *_angles(moment.plane, moment.space),
                (moment.plane - before.plane).reshape(2, -1),
                (moment.space - before.space).reshape(2, -1),
                _shortened(moment.plane, own),
                own,
                np.array([place, place * _ASIDE]),
                np.full((2, 1), min(1.0, (pose.t_s - self._first_s) / KNOWN_S)),
            ],
            axis=1,
        )

    def _outside(self, px: FloatArray) -> FloatArray:
        """Return how far outside the picture each landmark is, in picture heights, (P,)."""
        size = np.array(self._size, dtype=np.float64)
        beyond = np.maximum(np.maximum(-px, px - size), 0.0)
        far: FloatArray = np.minimum(beyond.max(axis=1) / size[1], 0.5)
        return far

    def _before(self, now: _Moment) -> _Moment:
        """Return the pose some moments ago, and remember this one."""
        if self._past and now.t_s - self._past[-1].t_s > 1.0:
            self._past.clear()
        self._past.append(now)
        while len(self._past) > 1 and self._past[1].t_s <= now.t_s - LAG_S:
            self._past.popleft()
        then = self._past[0]
        gap = now.t_s - then.t_s
        if gap <= LAG_S:
            return then
        # What lies further back is brought nearer, so that slow cameras tell the same.
        share = LAG_S / gap
        return _Moment(
            then.t_s,
            now.plane + share * (then.plane - now.plane),
            now.space + share * (then.space - now.space),
        )

    def _own(self, t_s: float, moment: _Moment, scale: float) -> FloatArray:
        """Return how long each of `OWN` has appeared at most, in pixels, (2, S)."""
        if math.isnan(self._first_s):
            self._first_s = t_s
        if not self._noted or t_s - self._noted[-1][0] >= SAMPLE_S:
            across = moment.plane[:, _OWN_FAR] - moment.plane[:, _OWN_NEAR]
            self._noted.append((t_s, np.sqrt((across * across).sum(axis=-1)) * scale))
            while self._noted[0][0] < t_s - REMEMBER_S:
                self._noted.popleft()
            noted = np.array([lengths for _, lengths in self._noted])
            at = min(len(noted) - 1, int(LONG * len(noted)))
            self._longest = np.partition(noted, at, axis=0)[at]
        return self._longest


def _angles(plane: FloatArray, space: FloatArray) -> tuple[FloatArray, ...]:
    """Return angles of joints in right angles, and directions of segments, (B, ...).

    Those in the picture's plane, and then those in space.
    """
    count = len(plane)
    points = np.zeros((2 * count, *space.shape[1:]))
    points[:count, :, :2], points[count:] = plane, space
    bones = _unit(points[:, _TO] - points[:, _FROM])
    joints = len(JOINTS)
    cosine = (bones[:, :joints] * bones[:, joints : 2 * joints]).sum(axis=-1)
    bend = np.arccos(np.minimum(np.maximum(cosine, -1.0), 1.0)) / (np.pi / 2)
    segments = bones[:, 2 * joints :]
    flat, solid = segments[:count, :, :2], segments[count:]
    return (
        bend[:count],
        flat.reshape(count, -1),
        bend[count:],
        solid.reshape(count, -1),
    )


def _shortened(plane: FloatArray, own: FloatArray) -> FloatArray:
    """Return segments as shares of their own longest appearance, along and down, (B, 2S)."""
    across = (plane[:, _OWN_FAR] - plane[:, _OWN_NEAR]) / np.maximum(own, 1e-3)[..., None]
    return np.minimum(np.maximum(across, -2.0), 2.0).reshape(len(plane), -1)


def _unit(v: FloatArray) -> FloatArray:
    length = np.sqrt((v * v).sum(axis=-1, keepdims=True))
    unit: FloatArray = v / np.maximum(length, 1e-6)
    return unit
