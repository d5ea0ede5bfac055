"""Measurements of people on the floor or on a chair, from how they rest."""

from __future__ import annotations

import math
from collections.abc import Callable

from formcheck.angles import BODY_ANGLES, turn_deg
from formcheck.geometry import (
    PICTURE_UP,
    cross,
    flexion_deg,
    sub,
    unit,
    without,
)
from formcheck.measures.base import FrameMeasure, Scene
from formcheck.results import Reading
from formcheck.widths import width_ratio


def hip_lift_ratio(scene: Scene, side: str) -> float:  # noqa: ARG001
    """Return how far the hips have risen from where they lie, in trunk lengths.

    Height is seen from every side, which makes this the signal that bridges are counted on.
    """
    return scene.resting.lift_ratio(scene.body)


def lying_ratio(scene: Scene, side: str) -> float:  # noqa: ARG001
    """Return 1 for somebody on their back whose shoulders stay down, 0 otherwise."""
    lies = scene.resting.lies(scene.body, scene.angles, scene.posture)
    return float(lies) if math.isfinite(scene.resting.lift_ratio(scene.body)) else 0.0


def hip_opening_deg(scene: Scene, side: str) -> Reading:
    """Return by how much the hip is straighter than it was lying with the hips down."""
    return scene.resting.hip_opening_deg(scene.angles, side)


def bridge_line_deg(scene: Scene, side: str) -> float:
    """Return how far below the line from shoulder to knee the hip is: 0 on it, negative above.

    As an angle in the picture, the one between trunk and thigh: what a bridge looks like from
    the side. It stands in for a hollow back, which no landmark shows.
    """
    shoulder, hip, knee = (scene.body.px(f"{side}_{part}") for part in ("shoulder", "hip", "knee"))
    bend = flexion_deg(shoulder, hip, knee)
    along = (knee[0] - shoulder[0], knee[1] - shoulder[1])
    # Pixels count downwards: positive when the hip is lower than the line at its place.
    below = along[0] * (hip[1] - shoulder[1]) - along[1] * (hip[0] - shoulder[0])
    return bend if below * along[0] >= 0 else -bend


def pelvis_drop_deg(scene: Scene, side: str) -> float:
    """Return how far this side of the pelvis hangs lower than the other, from how it lay."""
    return scene.resting.pelvis_drop_deg(scene.body, side)


def knees_over_feet_ratio(scene: Scene, side: str) -> float:  # noqa: ARG001
    """Return the distance of the knees over that of the ankles, across the picture.

    From the feet or the head of somebody who lies, what is across the picture is across them.
    """
    knees, ankles = (
        abs(scene.body.px(f"left_{part}")[0] - scene.body.px(f"right_{part}")[0])
        for part in ("knee", "ankle")
    )
    return width_ratio(knees / scene.body.px_per_m(), ankles / scene.body.px_per_m())


def knee_opening_deg(scene: Scene, side: str) -> float:  # noqa: ARG001
    """Return by how much a knee is straighter than it rests, with the thigh sat on or held."""
    return scene.resting.knee_opening_deg()


def leg_opening_deg(scene: Scene, side: str) -> float:
    """Return by how much this knee is straighter than it rests, with the thigh sat on or held."""
    return scene.resting.leg_opening_deg(scene.body, scene.angles, side)


def head_nod_deg(scene: Scene, side: str) -> float:  # noqa: ARG001
    """Return how far the head is tipped back against the trunk; negative chin to the chest.

    Seen along the line through both shoulders: the mean of where the ears are from the
    shoulders, and where the nose is from the ears. Only its change means anything.
    """
    m = scene.body.m
    axis = unit(sub(m("left_shoulder"), m("right_shoulder")))
    shoulders, ears = scene.body.middle_m("shoulder"), scene.body.middle_m("ear")
    trunk = without(sub(shoulders, scene.body.middle_m("hip")), axis)
    # The axis points to the person's left and the trunk up, so their product backwards.
    back = cross(trunk, axis)
    neck = turn_deg(sub(ears, shoulders), trunk, back)
    # Looking ahead, the nose is before the ears: at a right angle to the trunk.
    face = turn_deg(sub(m("nose"), ears), tuple(-x for x in back), trunk)
    return (neck + face) / 2


def in_space(name: str) -> Callable[[Scene, str], float]:
    """Return what takes an angle straight from the pose model's landmarks in space.

    Much worse than the refiner's, for where that does not say it.
    """
    angles = {angle.name: angle for angle in BODY_ANGLES}

    def compute(scene: Scene, side: str) -> float:
        return angles[f"{side}_{name}" if side else name].of(scene.body.m, PICTURE_UP)

    return compute


FLOOR = (
    FrameMeasure("hip_lift_ratio", "hips lifted", ("hip",), "any", hip_lift_ratio),
    FrameMeasure("lying_ratio", "on the back, shoulders down", ("hip",), "any", lying_ratio),
    FrameMeasure(
        "hip_opening_deg",
        "hip straightened",
        ("shoulder", "hip", "knee"),
        "side",
        hip_opening_deg,
        sided=True,
    ),
    FrameMeasure(
        "bridge_line_deg",
        "hip below the line",
        ("shoulder", "hip", "knee"),
        "side",
        bridge_line_deg,
        sided=True,
    ),
    FrameMeasure(
        "pelvis_drop_deg",
        "pelvis lower on a side",
        ("hip",),
        "rear",
        pelvis_drop_deg,
        sided=True,
        opposed=True,
    ),
    FrameMeasure(
        "knees_over_feet_ratio",
        "knees over feet",
        ("knee", "ankle"),
        "front",
        knees_over_feet_ratio,
    ),
    FrameMeasure("knee_opening_deg", "knee straightened", ("hip",), "any", knee_opening_deg),
    FrameMeasure(
        "hip_swing_deg",
        "hip bend, backwards negative",
        ("shoulder", "hip", "knee"),
        "side",
        in_space("hip_swing_deg"),
        sided=True,
    ),
    FrameMeasure(
        "pelvis_tilt_deg",
        "slope of the pelvis",
        ("hip",),
        "front",
        in_space("pelvis_tilt_deg"),
        sided=True,
        opposed=True,
    ),
    FrameMeasure("head_nod_deg", "head tipped back", ("shoulder", "ear"), "side", head_nod_deg),
    FrameMeasure(
        "leg_opening_deg",
        "knee straightened, this leg",
        ("hip",),
        "any",
        leg_opening_deg,
        sided=True,
    ),
)
"""Their rows of the catalogue."""
