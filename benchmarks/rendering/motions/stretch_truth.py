"""What stretches and glides are measured by, on true joints."""

from __future__ import annotations

import numpy as np

from benchmarks.rendering.rig import FloatArray
from benchmarks.rendering.truth import Truth


def angle_deg(u: FloatArray, v: FloatArray) -> FloatArray:
    """Return the angles between directions (..., 3), (...,)."""
    cosine = (u * v).sum(axis=-1) / np.linalg.norm(u, axis=-1) / np.linalg.norm(v, axis=-1)
    angle: FloatArray = np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0)))
    return angle


def trunk_m(truth: Truth) -> FloatArray:
    """Return the way from the hips' middle to the shoulders', (T, 3)."""
    return truth.middle("shoulder") - truth.middle("hip")


def thigh_m(truth: Truth, side: str) -> FloatArray:
    """Return the way from a hip to its knee, (T, 3)."""
    return truth.joint(f"{side}_knee") - truth.joint(f"{side}_hip")


def thigh_trunk_deg(truth: Truth, side: str) -> FloatArray:
    """Return the angle between trunk and thigh, (T,): 180 standing, small when pulled in."""
    return angle_deg(trunk_m(truth), thigh_m(truth, side))


def neck_deg(truth: Truth) -> FloatArray:
    """Return how far the line from shoulders to ears is turned back against the trunk, (T,).

    Seen along the line through both shoulders: 0 in line with the trunk, positive looking up
    (extension), negative with the chin on the chest (flexion).
    """
    return _turned_back_deg(truth, truth.middle("ear") - truth.middle("shoulder"))


def face_deg(truth: Truth) -> FloatArray:
    """Return how far the line from ears to nose is turned up against the trunk, (T,).

    Seen along the line through both shoulders: 0 where it is at a right angle to the trunk. It
    turns further than the neck's line, which does not reach into the head.
    """
    turned: FloatArray = _turned_back_deg(truth, truth.joint("nose") - truth.middle("ear")) + 90.0
    return turned


def _turned_back_deg(truth: Truth, line: FloatArray) -> FloatArray:
    axis = truth.joint("left_shoulder") - truth.joint("right_shoulder")
    axis = axis / np.linalg.norm(axis, axis=1, keepdims=True)
    trunk, head = (v - axis * (v * axis).sum(axis=1, keepdims=True) for v in (trunk_m(truth), line))
    sine = -(np.cross(trunk, head) * axis).sum(axis=1)
    turned: FloatArray = np.degrees(np.arctan2(sine, (trunk * head).sum(axis=1)))
    return turned


def roll_deg(truth: Truth, side: str) -> FloatArray:
    """Return how much lower a side's hip is than the other, as a slope, (T,)."""
    other = "right" if side == "left" else "left"
    line = truth.joint(f"{other}_hip") - truth.joint(f"{side}_hip")
    slope: FloatArray = np.degrees(np.arcsin(line[:, 2] / np.linalg.norm(line, axis=1)))
    return slope
