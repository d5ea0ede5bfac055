"""How legs lie on one another, in the picture and in space."""

from __future__ import annotations

import math

from formcheck.angles import leg_length
from formcheck.geometry import Vector, dot, sub
from formcheck.refine.body import Body
from formcheck.results import other_side


def bone_px(body: Body) -> float:
    """Return how long thigh and shin are in the picture, on average, if they lie across it."""
    return body.px_per_m() * leg_length(body.m) / 2


def distance_to_bone(point: Vector, start: Vector, end: Vector) -> float:
    """Return how far a point is from the line between two joints, and no further.

    Examples
    --------
    >>> distance_to_bone((1.0, 2.0), (0.0, 0.0), (4.0, 0.0))
    2.0
    >>> distance_to_bone((7.0, 4.0), (0.0, 0.0), (4.0, 0.0))
    5.0
    """
    bone = sub(end, start)
    length = dot(bone, bone)
    share = dot(sub(point, start), bone) / length if length > 0 else 0.0
    share = min(1.0, max(0.0, share)) if math.isfinite(share) else math.nan
    return math.dist(point, [s + share * b for s, b in zip(start, bone, strict=True)])


def ankle_to_thigh_ratio(body: Body, side: str) -> float:
    """Return how far this ankle is from the other thigh in the picture, in bones' lengths."""
    other = other_side(side)
    ankle, hip, knee = (
        body.px(name) for name in (f"{side}_ankle", f"{other}_hip", f"{other}_knee")
    )
    bone = bone_px(body)
    return distance_to_bone(ankle, hip, knee) / bone if bone > 0 else math.nan


def ankles_gap_ratio(body: Body) -> float:
    """Return how far the ankles are from one another, in bones' lengths.

    Half from the picture, which knows no depth, and half from space, where it is guessed.
    """
    bone_m = leg_length(body.m) / 2
    bone = bone_px(body)
    if not (bone > 0 and bone_m > 0):
        return math.nan
    seen = math.dist(body.px("left_ankle"), body.px("right_ankle")) / bone
    guessed = math.dist(body.m("left_ankle"), body.m("right_ankle")) / bone_m
    return (seen + guessed) / 2
