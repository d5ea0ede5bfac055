"""What every width and height of a body means, in its own units: defined once, here.

As `formcheck.angles` is for angles: people, and those whose joints are known, are measured with
the same functions. ``docs/conventions.md`` says it in words.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from formcheck.angles import Joint
from formcheck.geometry import Vector, cross, distance, dot, midpoint, sub, unit, without
from formcheck.results import SIDES

TOGETHER_M = 0.08
"""Joints no further apart than a hand's breadth are no base to compare a width with."""


def across(joint: Joint, up: Vector) -> tuple[float, ...]:
    """Return the direction to the person's left: level, of length 1.

    It is that of hips and shoulders together; NaN for who lies on their side.
    """
    parts = [sub(joint(f"left_{part}"), joint(f"right_{part}")) for part in ("hip", "shoulder")]
    return unit(without(tuple(map(sum, zip(*parts, strict=True))), up))


def apart(left: Vector, right: Vector, to_left: Vector) -> float:
    """Return how far `left` is to the person's left of `right`: negative when they cross."""
    return dot(sub(left, right), to_left)


def width_ratio(width_m: float, base_m: float) -> float:
    """Return a width over another; NaN when that is no more than a hand's breadth."""
    return width_m / base_m if base_m > TOGETHER_M else math.nan


def ahead(here: Vector, there: Vector, to_left: Vector, up: Vector) -> float:
    """Return how far `here` is in front of `there`, as the person faces; negative behind."""
    return dot(sub(here, there), cross(to_left, up))


def lower(a: float, b: float) -> float:
    """Return the smaller of two heights; NaN if either is unknown."""
    return (a + b - abs(a - b)) / 2


def inside(knee: Vector, ankle: Vector, toe: Vector, side: str, up: Vector) -> float:
    """Return how far the knee is inside of the foot's line, seen from above.

    0 over the line from ankle to toe, positive on the side of the other leg.
    """
    line = unit(without(sub(toe, ankle), up))
    towards_left = dot(sub(knee, ankle), cross(up, line))
    return -towards_left if side == SIDES[0] else towards_left


def leg_length(joint: Joint) -> float:
    """Return the mean length of thigh and shin together."""
    return sum(
        distance(joint(f"{side}_{near}"), joint(f"{side}_{far}"))
        for side in SIDES
        for near, far in (("hip", "knee"), ("knee", "ankle"))
    ) / len(SIDES)


def body_ratios(joint: Joint, up: Vector) -> dict[str, float]:
    """Return all widths of a body in its own units, by name; NaN where a joint is unknown.

    Parameters
    ----------
    joint
        Where each joint is, in metres.
    up
        Straight up, in the same frame, of length 1.
    """
    to_left = across(joint, up)
    width = {
        part: apart(joint(f"left_{part}"), joint(f"right_{part}"), to_left)
        for part in ("shoulder", "hip", "knee", "ankle")
    }
    leg = leg_length(joint)
    shift = apart(_middle(joint, "hip"), _middle(joint, "ankle"), to_left)
    ratios: Mapping[str, float] = {
        "knee_separation_ratio": width_ratio(width["knee"], width["ankle"]),
        "stance_width_ratio": width_ratio(width["ankle"], width["shoulder"]),
        "knees_apart_ratio": width_ratio(width["knee"], leg),
        "ankles_apart_ratio": width_ratio(width["ankle"], leg),
    }
    return {
        **ratios,
        **{
            f"{side}_hip_shift_ratio": width_ratio(towards * shift, width["hip"])
            for side, towards in zip(SIDES, (1.0, -1.0), strict=True)
        },
        **_stepping_ratios(joint, to_left, up, leg),
    }


def _stepping_ratios(joint: Joint, to_left: Vector, up: Vector, leg: float) -> dict[str, float]:
    """Return what becomes of legs that are one ahead of the other, in leg lengths."""
    left, right = (joint(f"{side}_ankle") for side in SIDES)
    step = width_ratio(ahead(left, right, to_left, up), leg)
    floor = lower(dot(left, up), dot(right, up))

    def above_floor(point: Vector) -> float:
        return width_ratio(dot(point, up) - floor, leg)

    found = {
        "hip_sink_ratio": 1.0 - above_floor(_middle(joint, "hip")),
        "step_length_ratio": abs(step),
    }
    for side, towards in zip(SIDES, (1.0, -1.0), strict=True):
        knee, ankle, toe = (joint(f"{side}_{part}") for part in ("knee", "ankle", "toe"))
        found[f"{side}_foot_ahead_ratio"] = towards * step
        found[f"{side}_knee_height_ratio"] = above_floor(knee)
        found[f"{side}_knee_inside_ratio"] = width_ratio(inside(knee, ankle, toe, side, up), leg)
    return found


def _middle(joint: Joint, part: str) -> Vector:
    return midpoint(joint(f"left_{part}"), joint(f"right_{part}"))
