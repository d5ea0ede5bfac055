"""What can be measured on the true joints of somebody who lies on their back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.rendering.figure import LETTERS
from benchmarks.rendering.rig import FloatArray
from benchmarks.rendering.truth import Truth

_REACHED = 0.9
"""Share of the way from which on the end position counts as held."""
_MOVED = 0.05
"""Share of the way at which a repetition has begun, or not yet ended."""


def sagittal_flexion_deg(
    shoulder_m: FloatArray, hip_m: FloatArray, knee_m: FloatArray, across_m: FloatArray
) -> FloatArray:
    """Return the hip's flexion seen along the line through both hips.

    Parameters
    ----------
    shoulder_m, hip_m, knee_m
        (..., 3) joints of one side.
    across_m
        (..., 3) from the right hip to the left one.

    Returns
    -------
    (...,) degrees: 0 in line, negative with the hip pushed further forward than that.
    """
    axis = across_m / np.linalg.norm(across_m, axis=-1, keepdims=True)

    def flat(v: FloatArray) -> FloatArray:
        level: FloatArray = v - axis * (v * axis).sum(axis=-1, keepdims=True)
        return level

    trunk, thigh = flat(hip_m - shoulder_m), flat(knee_m - hip_m)
    sine = -(axis * np.cross(trunk, thigh)).sum(axis=-1)
    flexion: FloatArray = np.degrees(np.arctan2(sine, (trunk * thigh).sum(axis=-1)))
    return flexion


def across_m(truth: Truth, joint: str = "hip") -> FloatArray:
    """Return the way from the right one to the left one of two joints, (T, 3)."""
    return truth.joint(f"left_{joint}") - truth.joint(f"right_{joint}")


def middle_m(truth: Truth, joint: str) -> FloatArray:
    """Return the middle between left and right of a joint, (T, 3)."""
    return (truth.joint(f"left_{joint}") + truth.joint(f"right_{joint}")) / 2


def hip_flexion_deg(truth: Truth, side: str) -> FloatArray:
    """Return shoulder, hip and knee of one side as seen from the side, (T,); see above."""
    shoulder, hip, knee = (truth.joint(f"{side}_{name}") for name in ("shoulder", "hip", "knee"))
    return sagittal_flexion_deg(shoulder, hip, knee, across_m(truth))


def obliquity_deg(truth: Truth) -> FloatArray:
    """Return the slope of the line through both hips, (T,): positive with the left one higher."""
    line = across_m(truth)
    slope: FloatArray = np.degrees(np.arcsin(line[:, 2] / np.linalg.norm(line, axis=1)))
    return slope


def knee_ratio(truth: Truth) -> FloatArray:
    """Return the distance of the knees over that of the ankles, across the hips' line, (T,)."""
    level = across_m(truth) * (1.0, 1.0, 0.0)
    knees, ankles = ((across_m(truth, j) * level).sum(axis=1) for j in ("knee", "ankle"))
    ratio: FloatArray = knees / ankles
    return ratio


def knee_sway_deg(truth: Truth) -> FloatArray:
    """Return how far the knees' middle leans to the left from the ankles' middle, (T,)."""
    level = across_m(truth) * (1.0, 1.0, 0.0)
    level /= np.linalg.norm(level, axis=1, keepdims=True)
    away = middle_m(truth, "knee") - middle_m(truth, "ankle")
    sway: FloatArray = np.degrees(np.arctan2((away * level).sum(axis=1), away[:, 2]))
    return sway


def head_pitch_deg(truth: Truth) -> FloatArray:
    """Return where the face points, (T,): 0 straight up, positive towards the feet."""
    face = truth.joint("nose") - middle_m(truth, "ear")
    feet = middle_m(truth, "hip") - middle_m(truth, "shoulder")
    feet[:, 2] = 0.0
    feet /= np.linalg.norm(feet, axis=1, keepdims=True)
    pitch: FloatArray = np.degrees(np.arctan2((face * feet).sum(axis=1), face[:, 2]))
    return pitch


@dataclass(frozen=True)
class Course:
    """How a movement to an end position and back went."""

    first: int
    """First frame of the repetition as planned."""
    top: NDArray[np.int64]
    """Frames at the very end position."""
    range: float
    """How far it went."""
    start_s: float
    """When 5 % of the way was done."""
    reached_s: float
    """When 90 % of the way was done first."""
    left_s: float
    """When that was so last."""
    end_s: float
    """When 5 % of the way was left to go back."""

    @property
    def held_s(self) -> float:
        """How long the last tenth of the way was kept."""
        return self.left_s - self.reached_s


def course(truth: Truth, number: int, signal: FloatArray) -> Course:
    """Measure one repetition.

    Parameters
    ----------
    truth
        Of the whole film.
    number
        Of the repetition, from 1.
    signal
        (T,) which grows towards the end position.
    """
    frames = np.flatnonzero(truth.rep == number)
    first, last = int(frames[0]), int(frames[-1])
    size = signal[first : last + 1]
    peak = int(np.argmax(size))
    up = (size[: peak + 1] - size[0]) / (size[peak] - size[0])
    back = (size[peak:] - size[-1]) / (size[peak] - size[-1])
    t = truth.t_s[first : last + 1]
    return Course(
        first=first,
        top=first + np.flatnonzero(size >= size[peak] - 0.03 * (size[peak] - size[0])),
        range=float(size[peak] - size[0]),
        start_s=float(t[np.argmax(up > _MOVED)]),
        reached_s=float(t[np.argmax(up >= _REACHED)]),
        left_s=float(t[len(size) - 1 - np.argmax(back[::-1] >= _REACHED)]),
        end_s=float(t[len(size) - 1 - np.argmax(back[::-1] > _MOVED)]),
    )


SIDES_OF = {"both": tuple(LETTERS), **{side: (side,) for side in LETTERS}}
"""Side of an event → the legs that do it."""


def mean_of(truth: Truth, angle: str, side: str) -> FloatArray:
    """Return an angle of `Truth.angles`, the mean of an event's legs, (T,)."""
    values: FloatArray = np.mean([truth.angles[f"{s}_{angle}"] for s in SIDES_OF[side]], axis=0)
    return values
