"""How legs lie, on one another and on the floor, and small movements of who lies still."""

from __future__ import annotations

import math
from statistics import median

from formcheck.geometry import Vector, dot, sub
from formcheck.measures.base import FrameMeasure, Scene
from formcheck.measures.standing import leg_length_m
from formcheck.refine.body import Body
from formcheck.results import SIDES, UNSEEN, Reading, other_side

LIKELY = 0.02
"""How exactly a likelihood is known: it holds its own doubt."""


def bone_px(body: Body) -> float:
    """Return how long thigh and shin are in the picture, on average, if they lie across it.

    In space, the pose model draws up the legs of those who lie or sit; as long as one appears, a
    bone is at least.
    """
    return body.once(_bone_px)


def _bone_px(body: Body) -> float:
    shown = [
        math.dist(body.px(f"{side}_{near}"), body.px(f"{side}_{far}"))
        for side in SIDES
        for near, far in (("hip", "knee"), ("knee", "ankle"))
    ]
    return max(body.px_per_m() * leg_length_m(body) / 2, median(shown))


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


ON_THIGH, OFF_THIGH, APART = 0.6, 0.8, 0.75
"""Plainly on the other thigh: this ankle nearer than that, the other one further off than that, and
the ankles so far from one another; all in bones' lengths."""


def plainly_over(body: Body) -> str:
    """Return the side of the leg that plainly lies over the other in the picture; else nothing."""
    left, right = (off_thigh_ratio(body, side) for side in SIDES)
    if not ankles_apart(body) > APART:
        return ""
    near, far = min(left, right), max(left, right)
    if not (near < ON_THIGH and far > OFF_THIGH):
        return ""
    return SIDES[0] if left < right else SIDES[1]


def ankle_to_thigh_ratio(scene: Scene, side: str) -> float:
    """Return how far this ankle is from the other thigh in the picture, in bones' lengths."""
    return off_thigh_ratio(scene.body, side)


def off_thigh_ratio(body: Body, side: str) -> float:
    """Return how far an ankle is from the other thigh in the picture, in bones' lengths."""
    other = other_side(side)
    ankle, hip, knee = (
        body.px(name) for name in (f"{side}_ankle", f"{other}_hip", f"{other}_knee")
    )
    bone = bone_px(body)
    return distance_to_bone(ankle, hip, knee) / bone if bone > 0 else math.nan


def leg_over_ratio(scene: Scene, side: str) -> Reading:
    """Return how likely this leg lies over the other, its ankle on the thigh: 0 to 1.

    Followed in time: pose models exchange crossed legs, or take both for one.
    """
    return Reading(scene.legs.over(side), LIKELY)


def lesser_hip_flexion_deg(scene: Scene, side: str) -> Reading:  # noqa: ARG001
    """Return how far the hip that is bent less is bent, whichever it is.

    With a leg over the other it is the one below: who exchanges the legs says the same. Of a
    hip that is not seen nothing is said, and then it is the other one.
    """
    hips = (scene.angles[f"{s}_hip_flexion_deg"] for s in SIDES)
    return min((hip for hip in hips if hip.known), key=lambda hip: hip.value, default=UNSEEN)


def feet_down_ratio(scene: Scene, side: str) -> float:  # noqa: ARG001
    """Return how far ankles are below knees in the picture, in bones' lengths: the lesser one.

    About 1 for who stands or sits, and for who lies with bent knees and feet on the floor; 0
    with a leg stretched out on it, and negative with a foot higher than its knee.
    """
    body = scene.body
    bone = bone_px(body)
    if not bone > 0:
        return math.nan
    return min(body.px(f"{s}_ankle")[1] - body.px(f"{s}_knee")[1] for s in SIDES) / bone


def ankles_gap_ratio(scene: Scene, side: str) -> float:  # noqa: ARG001
    """Return how far the ankles are from one another, in bones' lengths.

    Half from the picture, which knows no depth, and half from space, where it is guessed.
    """
    return ankles_apart(scene.body)


def ankles_apart(body: Body) -> float:
    """Return the distance of the ankles in bones' lengths, as `ankles_gap_ratio` says."""
    bone_m = leg_length_m(body) / 2
    bone = bone_px(body)
    if not (bone > 0 and bone_m > 0):
        return math.nan
    seen = math.dist(body.px("left_ankle"), body.px("right_ankle")) / bone
    guessed = math.dist(body.m("left_ankle"), body.m("right_ankle")) / bone_m
    return (seen + guessed) / 2


def stir_ratio(scene: Scene, side: str) -> float:  # noqa: ARG001
    """Return how far hips or knees surely are from where they rest, lying, in trunk lengths."""
    return scene.resting.stir_ratio(scene.body)


def hip_rise_ratio(scene: Scene, side: str) -> float:  # noqa: ARG001
    """Return how far the hips are above where they rested last, lying, in trunk lengths."""
    return scene.resting.rise_ratio(scene.body)


def knee_drift_ratio(scene: Scene, side: str) -> float:  # noqa: ARG001
    """Return how far the knees are from where they rest, lying, in trunk lengths."""
    return scene.resting.drift_ratio(scene.body)


POSITION = (
    FrameMeasure(
        "leg_over_ratio", "leg over the other", ("hip",), "any", leg_over_ratio, sided=True
    ),
    FrameMeasure(
        "ankle_to_thigh_ratio",
        "ankle to other thigh",
        ("ankle",),
        "any",
        ankle_to_thigh_ratio,
        sided=True,
    ),
    FrameMeasure(
        "lesser_hip_flexion_deg",
        "bend of the straighter hip",
        ("shoulder", "hip", "knee"),
        "side",
        lesser_hip_flexion_deg,
    ),
    FrameMeasure("ankles_gap_ratio", "ankle to ankle", ("ankle",), "any", ankles_gap_ratio),
    FrameMeasure("feet_down_ratio", "feet below knees", ("knee", "ankle"), "any", feet_down_ratio),
    FrameMeasure("stir_ratio", "small movement", ("hip",), "any", stir_ratio),
    FrameMeasure("hip_rise_ratio", "hips risen", ("hip",), "any", hip_rise_ratio),
    FrameMeasure("knee_drift_ratio", "knees moved", ("knee",), "front", knee_drift_ratio),
)
"""Rows of the catalogue."""
