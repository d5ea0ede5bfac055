"""Arms that hang, swing or are raised, told in the chest's axes."""

from __future__ import annotations

import numpy as np

from benchmarks.rendering.figure import LETTERS, FreeArm
from benchmarks.rendering.motions.gait import hanging_arm
from benchmarks.rendering.rig import FORWARD, FloatArray, rotation, unit


def hanging_arms(out: float, swing_deg: float = 2.0, elbow_deg: float = 14.0) -> dict[str, FreeArm]:
    """Return arms that hang beside a body."""
    return {side: hanging_arm(swing_deg, elbow_deg, out) for side in LETTERS}


def plumb_arm(
    chest_deg: float, out: float = 0.12, elbow_deg: float = 8.0, swing_deg: float = 0.0
) -> FreeArm:
    """Return an arm that hangs down from a chest that leans forward.

    Parameters
    ----------
    chest_deg
        How far the chest leans.
    out
        How far the arm hangs from the body.
    elbow_deg
        Flexion of the elbow, to the front.
    swing_deg
        How far the upper arm is swung forward from straight down.
    """
    turn = rotation("x", -chest_deg)

    def direction(forward_deg: float, aside: float) -> FloatArray:
        angle = np.radians(forward_deg)
        way: FloatArray = turn @ np.array([0.0, -np.sin(angle), -np.cos(angle)])
        way[0] += aside
        return way

    return free_arm(direction(swing_deg, out), direction(swing_deg + elbow_deg, 0.6 * out))


def free_arm(upper: FloatArray, fore: FloatArray) -> FreeArm:
    """Return an arm by the directions (3,) of its two parts in the chest's axes."""
    one, other = upper.tolist(), fore.tolist()
    return FreeArm((one[0], one[1], one[2]), (other[0], other[1], other[2]))


def mixed_arm(one: FreeArm, other: FreeArm, share: float) -> FreeArm:
    """Return the arm that is `share` of the way from one to another, part by part."""

    def mix(a: tuple[float, ...], b: tuple[float, ...]) -> tuple[float, float, float]:
        x, y, z = (low + share * (high - low) for low, high in zip(a, b, strict=True))
        return x, y, z

    return FreeArm(mix(one.upper, other.upper), mix(one.fore, other.fore))


def raised_arm(up_deg: float, forward: float, elbow_deg: float, inwards: float = 0.0) -> FreeArm:
    """Return an arm raised sideways or forwards.

    Parameters
    ----------
    up_deg
        From hanging: 90 is level, 180 straight up.
    forward
        0 sideways, 1 forwards.
    elbow_deg
        Flexion of the elbow: to the front when raised sideways, upwards when forwards.
    inwards
        How far an arm raised sideways bends upwards and over the head instead.
    """
    turn = np.radians(90.0 * forward)
    out, ahead = float(np.cos(turn)), float(np.sin(turn))

    def direction(deg: float) -> FloatArray:
        level, down = float(np.sin(np.radians(deg))), float(np.cos(np.radians(deg)))
        return np.array([out * level + 0.06 * ahead, -ahead * level - 0.05, -down])

    rising = max(forward, inwards)
    upper = direction(up_deg)
    bent = rising * direction(up_deg + 90.0) + (1 - rising) * FORWARD
    elbow = np.radians(elbow_deg)
    return free_arm(upper, np.cos(elbow) * upper + np.sin(elbow) * unit(bent))
