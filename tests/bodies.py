"""Bodies in any posture, seen without error from any side: for tests of lying and sitting.

Joints are in metres: ahead of the hips, to the person's left, and up.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from formcheck.pose import BLAZEPOSE, FloatArray, Pose

SIZE_PX = (640, 480)
PX_PER_M = 150.0
THIGH_M, SHIN_M, TRUNK_M, FOOT_M, ARM_M = 0.42, 0.42, 0.50, 0.20, 0.28
HIPS_M, SHOULDERS_M, EARS_M = 0.22, 0.34, 0.14

Joints = Mapping[str, tuple[float, float, float]]


@dataclass(frozen=True)
class Leg:
    """Directions in the body's own plane: 0 up, 90 ahead, 180 down."""

    thigh_deg: float = 180.0
    shin_deg: float = 180.0
    foot_deg: float = 90.0
    out_m: float = 0.0
    """How much further out the knee is than the hip."""


@dataclass(frozen=True)
class Shape:
    """A body whose trunk and limbs lie in planes at right angles to the line of the hips."""

    trunk_deg: float = 0.0
    """Of the way from hips to shoulders: 0 up, 90 ahead, -90 behind."""
    left: Leg = field(default_factory=Leg)
    right: Leg = field(default_factory=Leg)
    arm_deg: float = 180.0
    rolled_deg: float = 0.0
    """About the axis that points ahead: 90 turns the left side up."""
    pitched_deg: float = 0.0
    """The whole body, about the axis through both hips: -90 from sitting onto the back."""
    at: Mapping[str, tuple[float, float, float]] = field(default_factory=dict)
    """Joints that are somewhere else; they are rolled and pitched with the others."""

    def with_legs(self, leg: Leg) -> Shape:
        return replace(self, left=leg, right=leg)


def _way(angle_deg: float, length_m: float) -> FloatArray:
    angle = math.radians(angle_deg)
    return length_m * np.array([math.sin(angle), 0.0, math.cos(angle)])


def joints_of(shape: Shape) -> dict[str, FloatArray]:
    """Return every joint of a shape."""
    found: dict[str, FloatArray] = {}
    trunk = _way(shape.trunk_deg, TRUNK_M)
    head = trunk + _way(shape.trunk_deg, 0.22)
    face = _way(shape.trunk_deg + 90, 0.1)
    for side, sign in (("left", 1.0), ("right", -1.0)):
        leg: Leg = getattr(shape, side)
        out = np.array([0.0, sign, 0.0])
        hip = out * HIPS_M / 2
        knee = hip + _way(leg.thigh_deg, THIGH_M) + out * leg.out_m
        ankle = knee + _way(leg.shin_deg, SHIN_M)
        found |= {
            f"{side}_hip": hip,
            f"{side}_knee": knee,
            f"{side}_ankle": ankle,
            f"{side}_heel": ankle - _way(leg.foot_deg, 0.3 * FOOT_M),
            f"{side}_toe": ankle + _way(leg.foot_deg, 0.7 * FOOT_M),
            f"{side}_shoulder": trunk + out * SHOULDERS_M / 2,
            f"{side}_elbow": trunk + out * SHOULDERS_M / 2 + _way(shape.arm_deg, ARM_M),
            f"{side}_wrist": trunk + out * SHOULDERS_M / 2 + _way(shape.arm_deg, 2 * ARM_M),
            f"{side}_ear": head + out * EARS_M / 2,
        }
    found["nose"] = head + face
    found |= {name: np.array(place) for name, place in shape.at.items()}
    roll, pitch = math.radians(shape.rolled_deg), math.radians(shape.pitched_deg)
    cosine, sine = math.cos(roll), math.sin(roll)
    found = {
        name: np.array([x, y * cosine - z * sine, y * sine + z * cosine])
        for name, (x, y, z) in found.items()
    }
    cosine, sine = math.cos(pitch), math.sin(pitch)
    return {
        name: np.array([x * cosine + z * sine, y, z * cosine - x * sine])
        for name, (x, y, z) in found.items()
    }


def body_pose(t_s: float, shape: Shape, yaw_deg: float = 90.0, seen: float = 1.0) -> Pose:
    """Return a shape as a pose model without error would see it.

    Parameters
    ----------
    t_s
        When.
    shape
        How the body is placed.
    yaw_deg
        Where its "ahead" points: 0 to the camera, 90 to the picture's right edge.
    seen
        Visibility of all landmarks.
    """
    yaw = math.radians(yaw_deg)
    world = np.full((len(BLAZEPOSE.names), 3), np.nan)
    for name, (ahead, left, up) in joints_of(shape).items():
        world[BLAZEPOSE.index[name]] = (
            ahead * math.sin(yaw) + left * math.cos(yaw),
            -up,
            -ahead * math.cos(yaw) + left * math.sin(yaw),
        )
    image = world[:, :2] * PX_PER_M + (SIZE_PX[0] / 2, 0.6 * SIZE_PX[1])
    visibility = np.where(np.isfinite(world[:, 0]), seen, 0.0)
    return Pose(t_s, image, world, visibility)


STANDING = Shape()
BENT_OVER = Shape(trunk_deg=80.0)
SEATED = Shape().with_legs(Leg(90.0, 180.0))
ON_THE_FLOOR = Shape().with_legs(Leg(90.0, 95.0, 0.0))
"""Sitting on the floor, legs straight."""
KNEELING = Shape().with_legs(Leg(180.0, 270.0, 270.0))
HALF_KNEELING = Shape(left=Leg(90.0, 180.0), right=Leg(180.0, 270.0, 180.0))
ALL_FOURS = Shape(trunk_deg=90.0).with_legs(Leg(180.0, 270.0, 270.0))
FLAT = Shape(trunk_deg=-90.0, arm_deg=90.0).with_legs(Leg(90.0, 90.0, 0.0))
"""On the back, legs straight."""
CROOK = Shape(trunk_deg=-90.0, arm_deg=90.0).with_legs(Leg(45.0, 135.0))
"""On the back, knees bent, feet flat."""
BRIDGE = Shape(trunk_deg=-115.0, arm_deg=90.0).with_legs(Leg(65.0, 180.0))
PRONE = Shape(trunk_deg=90.0, arm_deg=90.0).with_legs(Leg(270.0, 270.0, 180.0))
ON_THE_SIDE = replace(FLAT, rolled_deg=90.0)


def figure_four(side: str = "left", lean_deg: float = 0.0, pitched_deg: float = 0.0) -> Shape:
    """Sitting with one ankle on the other thigh, just above the knee; or lying like that."""
    away = 1.0 if side == "left" else -1.0
    knee, ankle = (0.34, 0.32 * away, 0.03), (0.35, -0.10 * away, 0.10)
    crossed = {
        f"{side}_knee": knee,
        f"{side}_ankle": ankle,
        f"{side}_heel": (0.33, -0.14 * away, 0.08),
        f"{side}_toe": (0.42, -0.24 * away, 0.14),
    }
    return Shape(lean_deg, pitched_deg=pitched_deg, at=crossed).with_legs(Leg(90.0, 180.0))


DEEP_SQUAT = Shape(trunk_deg=35.0, arm_deg=90.0).with_legs(Leg(100.0, 210.0))
