"""Measurements of people with one leg ahead of the other: steps and lunges.

What they mean is said in ``docs/conventions.md``, and defined for true joints in
`formcheck.angles`. Where the feet are follows from the refiner's angles, legs taken to be as
long below the knee as above it; a refiner that does not say how the thighs swing leaves it to
the pose model's landmarks in metres, which know one leg from the other and near from far.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from formcheck.geometry import PICTURE_UP, dot, sub
from formcheck.measures.base import FrameMeasure, Scene
from formcheck.refine.error import GUESSED
from formcheck.results import SIDES, UNSEEN, Reading, other_side
from formcheck.widths import ahead, apart

HALF_LEG = 0.5
"""A thigh or a shin, in leg lengths."""
EDGE_ON = math.cos(math.radians(85))
"""Less than this of a person's breadth shows: which side is which is a guess there."""


def to_left(scene: Scene) -> tuple[float, float, float]:
    """Return the direction to the person's left, level: the picture's right when facing it."""
    return scene.once(_to_left)


def _to_left(scene: Scene, side: str) -> tuple[float, float, float]:  # noqa: ARG001
    yaw = math.radians(scene.view.yaw_deg)
    return math.cos(yaw), 0.0, math.sin(yaw)


def hips_low_ratio(scene: Scene, side: str) -> float:  # noqa: ARG001
    """Return how far the hips are below where a straight leg under them would hold them.

    About 0 while one leg is straight under the body, whatever the other one does: lifting a
    knee, stepping up or resting a foot on a bench change nothing. Lunges are counted on it.
    """
    return 1.0 - _above_floor(scene, scene.body.middle_m("hip"))


def hips_down_ratio(scene: Scene, side: str) -> float:  # noqa: ARG001
    """Return how far down the picture the hips have come, in standing leg lengths.

    Only its change means anything: hips that sink go down, hips that are lifted do not.
    """
    return scene.standing.hips_down_ratio


def foot_ahead_ratio(scene: Scene, side: str) -> float | Reading:
    """Return how far this ankle is ahead of the other; negative behind it."""
    if not _swings_known(scene):
        return _ankle_ahead(scene, side)
    here, there = (scene.once(_foot_before_hip, s) for s in (side, other_side(side)))
    return Reading(here.value - there.value, math.hypot(here.sigma, there.sigma))


def step_length_ratio(scene: Scene, side: str) -> float | Reading:  # noqa: ARG001
    """Return how far one ankle is ahead of the other, whichever it is."""
    found = foot_ahead_ratio(scene, SIDES[0])
    return Reading(abs(found.value), found.sigma) if isinstance(found, Reading) else abs(found)


def feet_parted_ratio(scene: Scene, side: str) -> float:  # noqa: ARG001
    """Return the length of the step as the landmarks are, whatever the refiner makes of them.

    A posture that the refiner has never seen leaves it open; feet that are seen side by side
    are no lunge all the same.
    """
    return abs(_ankle_ahead(scene, SIDES[0]))


def _ankle_ahead(scene: Scene, side: str) -> float:
    here, there = (scene.body.m(f"{s}_ankle") for s in (side, other_side(side)))
    return _in_legs(scene, ahead(here, there, to_left(scene), PICTURE_UP))


def ankles_apart_ratio(scene: Scene, side: str) -> float:  # noqa: ARG001
    """Return how far the ankles are apart across the body; negative when they cross."""
    left, right = (scene.body.m(f"{s}_ankle") for s in SIDES)
    return _in_legs(scene, apart(left, right, to_left(scene)))


def knee_height_ratio(scene: Scene, side: str) -> float | Reading:
    """Return how far this knee is above the lower foot."""
    if not _swings_known(scene):
        return _above_floor(scene, scene.body.m(f"{side}_knee"))
    both = (scene.once(_hips_up, s) for s in SIDES)
    hips = max((one for one in both if one.known), key=lambda one: one.value, default=UNSEEN)
    thigh = _along(scene.angles[f"{side}_thigh_elevation_deg"], math.sin, math.cos)
    return Reading(hips.value - thigh.value, math.hypot(hips.sigma, thigh.sigma))


def knee_inside_ratio(scene: Scene, side: str) -> float:
    """Return how far this knee is inside of the middle of its foot, across the picture.

    From the front that is how far it is off the foot's line, seen from above; a knee that
    bends comes about over the middle of the foot. From elsewhere the picture does not show it.
    """
    knee, ankle, toe = (scene.body.px(f"{side}_{part}")[0] for part in ("knee", "ankle", "toe"))
    to_right = (knee - (ankle + toe) / 2) / scene.body.px_per_m()
    # The person's left is at the picture's right when they face the camera. It changes over
    # without a jump, as from the side the least doubt about the direction would make one.
    towards = math.cos(math.radians(scene.view.yaw_deg)) / EDGE_ON
    left = min(1.0, max(-1.0, towards))
    return _in_legs(scene, -(left if side == SIDES[0] else -left) * to_right)


def shins_apart_deg(scene: Scene, side: str) -> float | Reading:  # noqa: ARG001
    """Return by how much one shin leans more than the other, whichever it is.

    Lunges part the shins, squats do not; which leg is which need not be known.
    """
    left, right = (scene.angles[f"{s}_shin_inclination_deg"] for s in SIDES)
    apart_deg = abs(left.value - right.value)
    if not _swings_known(scene):
        return apart_deg
    return Reading(apart_deg, math.hypot(left.sigma, right.sigma))


def trunk_aside_deg(scene: Scene, side: str) -> float:
    """Return how far the trunk leans over to this side, as the pose model's landmarks are.

    Hardly anybody leans over; a refiner that has seldom seen it says that nobody does.
    """
    trunk = sub(scene.body.middle_m("shoulder"), scene.body.middle_m("hip"))
    left = math.degrees(math.atan2(dot(trunk, to_left(scene)), dot(trunk, PICTURE_UP)))
    return left if side == SIDES[0] else -left


def hips_slope_deg(scene: Scene, side: str) -> float:
    """Return how far this hip is above the other, as the slope between them in the picture.

    Coarse even from the front: pose models guess where hips are, and mostly level.
    """
    here, there = (scene.body.px(f"{s}_hip") for s in (side, other_side(side)))
    aside = abs(here[0] - there[0])
    return math.degrees(math.atan2(there[1] - here[1], aside))


def _swings_known(scene: Scene) -> bool:
    return f"{SIDES[0]}_hip_swing_deg" in scene.angles


def _foot_before_hip(scene: Scene, side: str) -> Reading:
    """Return how far an ankle is ahead of the hips.

    From the hip, the thigh swings forwards against the trunk, which itself leans forwards; from
    the knee, the shin goes down and backwards.
    """
    swing, lean = scene.angles[f"{side}_hip_swing_deg"], scene.angles["trunk_inclination_deg"]
    forwards = Reading(swing.value - lean.value, math.hypot(swing.sigma, lean.sigma))
    thigh = _along(forwards, math.sin, math.cos)
    shin = _along(scene.angles[f"{side}_shin_inclination_deg"], math.sin, math.cos)
    return Reading(thigh.value - shin.value, math.hypot(thigh.sigma, shin.sigma))


def _hips_up(scene: Scene, side: str) -> Reading:
    """Return how far the hips are above a foot."""
    thigh = _along(scene.angles[f"{side}_thigh_elevation_deg"], math.sin, math.cos)
    shin = _along(scene.angles[f"{side}_shin_inclination_deg"], math.cos, math.sin)
    return Reading(thigh.value + shin.value, math.hypot(thigh.sigma, shin.sigma))


def _along(
    angle: Reading, part: Callable[[float], float], slope: Callable[[float], float]
) -> Reading:
    """Return how far half a leg reaches in some direction, given its angle.

    Parameters
    ----------
    angle
        In degrees.
    part, slope
        Sine or cosine, and how much that changes with the angle.
    """
    here, off = math.radians(angle.value), math.radians(angle.sigma)
    # At its end, where the slope is flat, a large error still shortens it.
    spread = math.hypot(abs(slope(here)) * off, off**2 / 2)
    return Reading(HALF_LEG * part(here), HALF_LEG * spread)


def _above_floor(scene: Scene, point: tuple[float, ...]) -> float:
    body = scene.body
    ankles = [body.m(f"{s}_ankle")[1] for s in SIDES if body.visibility(f"{s}_ankle") >= GUESSED]
    return _in_legs(scene, max(ankles) - point[1]) if ankles else math.nan


def _in_legs(scene: Scene, length_m: float) -> float:
    """Return a length in lengths of the person's legs."""
    leg = scene.standing.leg_m(scene.body)
    return length_m / leg if leg > 0 else math.nan


STEPPING = (
    FrameMeasure("hips_low_ratio", "hips towards the lower foot", ("hip",), "any", hips_low_ratio),
    FrameMeasure("hips_down_ratio", "place of the hips", ("hip",), "any", hips_down_ratio),
    FrameMeasure(
        "foot_ahead_ratio",
        "foot ahead",
        ("ankle",),
        "side",
        foot_ahead_ratio,
        sided=True,
        opposed=True,
    ),
    FrameMeasure("step_length_ratio", "step length", ("ankle",), "side", step_length_ratio),
    FrameMeasure("feet_parted_ratio", "one foot ahead", ("hip",), "side", feet_parted_ratio),
    FrameMeasure(
        "ankles_apart_ratio", "feet apart sideways", ("ankle",), "front", ankles_apart_ratio
    ),
    FrameMeasure(
        "knee_height_ratio", "knee above the floor", ("knee",), "any", knee_height_ratio, sided=True
    ),
    FrameMeasure(
        "knee_inside_ratio",
        "knee inside of the foot",
        ("knee", "ankle", "toe"),
        "front",
        knee_inside_ratio,
        sided=True,
    ),
    FrameMeasure("shins_apart_deg", "shin against shin", ("hip",), "any", shins_apart_deg),
    FrameMeasure(
        "hips_slope_deg",
        "hip above the other",
        ("hip",),
        "front",
        hips_slope_deg,
        sided=True,
        opposed=True,
    ),
    FrameMeasure(
        "trunk_aside_deg",
        "leaning over sideways",
        ("shoulder", "hip"),
        "front",
        trunk_aside_deg,
        sided=True,
        opposed=True,
    ),
)
"""Their rows of the catalogue."""
