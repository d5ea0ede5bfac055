"""What is known about a rendered film: joints, angles, repetitions. Plain numpy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.rendering.camera import Camera
from benchmarks.rendering.rig import SIDES, FloatArray

SCHEMA = "formcheck.truth/1"

JOINTS = (
    "nose",
    *(
        f"{side}_{joint}"
        for joint in (
            "eye", "ear", "shoulder", "elbow", "wrist", "hip", "knee", "ankle", "heel", "toe",
        )
        for side, _, _ in SIDES
    ),
)  # fmt: skip

ANGLES = (
    *(
        f"{side}_{angle}_deg"
        for angle in ("knee_flexion", "hip_flexion", "thigh", "shin", "heel_rise")
        for side, _, _ in SIDES
    ),
    "trunk_deg",
)


def angles_deg(joints: Mapping[str, FloatArray], flat_foot_deg: float) -> dict[str, FloatArray]:
    """Return all angles over time, each (T,), by the names of `ANGLES`.

    Parameters
    ----------
    joints
        Joint → (T, 3) in the world.
    flat_foot_deg
        Slope of the line from toe to heel when the foot is flat.
    """
    out: dict[str, FloatArray] = {}
    up = np.array((0.0, 0.0, 1.0))
    for side, _, _ in SIDES:
        shoulder, hip, knee, ankle, heel, toe = (
            joints[f"{side}_{name}"] for name in ("shoulder", "hip", "knee", "ankle", "heel", "toe")
        )
        out[f"{side}_knee_flexion_deg"] = _angle(knee - hip, ankle - knee)
        out[f"{side}_hip_flexion_deg"] = _angle(hip - shoulder, knee - hip)
        out[f"{side}_thigh_deg"] = _angle(hip - knee, up)
        out[f"{side}_shin_deg"] = _angle(knee - ankle, up)
        out[f"{side}_heel_rise_deg"] = 90.0 - _angle(heel - toe, up) - flat_foot_deg
    middle = {n: (joints[f"left_{n}"] + joints[f"right_{n}"]) / 2 for n in ("shoulder", "hip")}
    out["trunk_deg"] = _angle(middle["shoulder"] - middle["hip"], up)
    return {name: out[name] for name in ANGLES}


def _angle(u: FloatArray, v: FloatArray) -> FloatArray:
    cosine = (u * v).sum(axis=-1) / np.linalg.norm(u, axis=-1) / np.linalg.norm(v, axis=-1)
    angle: FloatArray = np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0)))
    return angle


@dataclass(frozen=True)
class Truth:
    """Everything known per frame: T frames, J joints, A angles."""

    t_s: FloatArray
    """(T,) seconds."""
    world_m: FloatArray
    """(T, J, 3)."""
    centre_of_mass_m: FloatArray
    """(T, 3)."""
    angles: Mapping[str, FloatArray]
    """Name → (T,) degrees."""
    camera: Camera
    rep: NDArray[np.int64]
    """(T,) number of the planned repetition that is going on, from 1; 0 for none."""

    def joint(self, name: str) -> FloatArray:
        """Return one joint's path, (T, 3)."""
        return self.world_m[:, JOINTS.index(name)]

    def mean(self, angle: str) -> FloatArray:
        """Return the mean of left and right of an angle, (T,)."""
        return (self.angles[f"left_{angle}"] + self.angles[f"right_{angle}"]) / 2

    def knee_ratio(self) -> FloatArray:
        """Return the distance of the knees over that of the ankles, sideways, (T,)."""
        x = {
            j: self.joint(f"left_{j}")[:, 0] - self.joint(f"right_{j}")[:, 0]
            for j in ("knee", "ankle")
        }
        return x["knee"] / x["ankle"]

    def save(self, path: Path) -> None:
        """Write the arrays; docs/rendering.md describes each."""
        camera = self.camera
        np.savez_compressed(
            path,
            schema=np.array(SCHEMA),
            t_s=self.t_s,
            joint_names=np.array(JOINTS),
            world_m=_rounded(self.world_m, 2.0**-16),
            image_px=_rounded(camera.project(self.world_m), 2.0**-8),
            centre_of_mass_m=_rounded(self.centre_of_mass_m, 2.0**-16),
            angle_names=np.array(ANGLES),
            angles_deg=_rounded(np.stack([self.angles[n] for n in ANGLES], axis=1), 2.0**-10),
            rep=self.rep.astype(np.int16),
            camera_position_m=camera.position_m,
            camera_rotation=camera.rotation,
            camera_matrix_px=camera.intrinsics,
            image_size_px=np.array((camera.width, camera.height)),
        )


def _rounded(values: FloatArray, step: float) -> NDArray[np.float32]:
    """Return values to the nearest multiple of a power of two, which compress twice as well."""
    return (np.round(values / step) * step).astype(np.float32)


@dataclass(frozen=True)
class RepTimes:
    """When a repetition starts, turns and ends, as measured on the joints."""

    start_s: float
    turn_s: float
    end_s: float
    turn: int
    """Frame of the turn."""
    frames: slice


def time_reps(truth: Truth, count: int) -> Sequence[RepTimes]:
    """Measure when the planned repetitions happened.

    A repetition starts where the knees have bent by 5 % of what they will, turns where
    the thighs are lowest, and ends where 5 % of the way back up is left.
    """
    bent, thigh = truth.mean("knee_flexion_deg"), truth.mean("thigh_deg")
    times = []
    for number in range(1, count + 1):
        frames = np.flatnonzero(truth.rep == number)
        first, last = int(frames[0]), int(frames[-1])
        turn = first + int(np.argmax(thigh[first : last + 1]))
        down = bent[first : turn + 1]
        up = bent[turn : last + 1]
        start = first + int(np.argmax(down > down[0] + 0.05 * (down[-1] - down[0])))
        end = turn + int(np.argmax(up < up[-1] + 0.05 * (up[0] - up[-1])))
        t = truth.t_s
        times.append(
            RepTimes(float(t[start]), float(t[turn]), float(t[end]), turn, slice(start, end + 1))
        )
    return times
