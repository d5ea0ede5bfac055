"""What is known about a rendered film: joints, angles, repetitions. Plain numpy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.rendering.body import Body
from benchmarks.rendering.camera import Camera
from benchmarks.rendering.rig import JOINT_BONES, SIDES, FloatArray, Placement
from formcheck.angles import BODY_ANGLES, body_angles_deg
from formcheck.criteria import BEFORE_S
from formcheck.geometry import Vector
from formcheck.reps import BOTTOM, EDGE, Phases

SCHEMA = "formcheck.truth/2"

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

UP = (0.0, 0.0, 1.0)

ANGLES = (
    *(angle.name for angle in BODY_ANGLES),
    *(f"{side}_heel_rise_deg" for side, _, _ in SIDES),
)
"""As docs/conventions.md defines them; all but the last are `formcheck.angles`'s own."""


def joints_of(body: Body, placed: Placement) -> dict[str, FloatArray]:
    """Return where the joints of a posed body are, name → (3,) metres in the world."""
    where = body.surface(placed)
    where |= {f"{side}_toe": where[f"{side}_big_toe"] for side, _, _ in SIDES}
    where |= {joint: placed.heads_m[body.rig.index[bone]] for joint, bone in JOINT_BONES.items()}
    return {joint: where[joint] for joint in JOINTS}


def angles_deg(joints: Mapping[str, FloatArray], flat_foot_deg: float) -> dict[str, FloatArray]:
    """Return all angles over time, each (T,), by the names of `ANGLES`.

    Parameters
    ----------
    joints
        Joint → (T, 3) in the world.
    flat_foot_deg
        Slope of the line from toe to heel when the foot is flat.
    """
    paths: dict[str, list[Vector]] = {name: path.tolist() for name, path in joints.items()}
    frames = [
        body_angles_deg(lambda name, i=i: paths[name][i], UP)  # type: ignore[misc]
        for i in range(len(paths["left_hip"]))
    ]
    out = {name: np.array([frame[name] for frame in frames]) for name in frames[0]}
    for side, _, _ in SIDES:
        out[f"{side}_heel_rise_deg"] = out[f"{side}_foot_pitch_deg"] - flat_foot_deg
    return out


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
    covered: NDArray[np.bool_] | None = None
    """(T, J) whether something is before the joint; None if nothing ever is."""
    hidden: NDArray[np.bool_] | None = None
    """(T,) whether somebody else is before the person; None if nobody ever is."""

    @property
    def in_frame(self) -> NDArray[np.bool_]:
        """(T, J) whether the joint is inside of the picture."""
        at, size = self.camera.project(self.world_m), (self.camera.width, self.camera.height)
        return np.asarray(((at >= 0) & (at < size)).all(axis=-1))

    def joint(self, name: str) -> FloatArray:
        """Return one joint's path, (T, 3)."""
        return self.world_m[:, JOINTS.index(name)]

    def mean(self, angle: str) -> FloatArray:
        """Return the mean of left and right of an angle, (T,)."""
        return (self.angles[f"left_{angle}"] + self.angles[f"right_{angle}"]) / 2

    def middle(self, joint: str) -> FloatArray:
        """Return the path of the middle between left and right of a joint, (T, 3)."""
        return (self.joint(f"left_{joint}") + self.joint(f"right_{joint}")) / 2

    def sunk_m(self) -> FloatArray:
        """Return how far the hips are from as high above the ankles as they get, (T,)."""
        height = (self.middle("hip") - self.middle("ankle"))[:, 2]
        sunk: FloatArray = height.max() - height
        return sunk

    def part(self, frames: slice) -> Truth:
        """Return some consecutive frames, their times from 0."""
        t_s = self.t_s[frames]
        return replace(
            self,
            t_s=t_s - t_s[0],
            world_m=self.world_m[frames],
            centre_of_mass_m=self.centre_of_mass_m[frames],
            angles={name: values[frames] for name, values in self.angles.items()},
            rep=self.rep[frames],
            covered=None if self.covered is None else self.covered[frames],
            hidden=None if self.hidden is None else self.hidden[frames],
        )

    def save(self, path: Path) -> None:
        """Write the arrays; docs/rendering.md describes each."""
        camera = self.camera
        shape = self.world_m.shape[:2]
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
            in_frame=self.in_frame,
            covered=np.zeros(shape, np.bool_) if self.covered is None else self.covered,
            hidden=np.zeros(shape[0], np.bool_) if self.hidden is None else self.hidden,
            camera_position_m=camera.position_m,
            camera_rotation=camera.rotation,
            camera_matrix_px=camera.intrinsics,
            image_size_px=np.array((camera.width, camera.height)),
        )


def _rounded(values: FloatArray, step: float) -> NDArray[np.float32]:
    """Return values to the nearest multiple of a power of two, which compress twice as well."""
    return (np.round(values / step) * step).astype(np.float32)


def time_reps(truth: Truth, count: int) -> Sequence[Phases]:
    """Measure when the planned repetitions happened, as docs/conventions.md defines it.

    Whoever does not come all the way up has ended a repetition when 5 % of the way that
    they do come is left.

    Parameters
    ----------
    truth
        Of the whole film.
    count
        How many repetitions were planned.
    """
    sunk, frames = truth.sunk_m(), len(truth.t_s)
    planned = [np.flatnonzero(truth.rep == number) for number in range(1, count + 1)]
    lasts = [0, *(int(inside[-1]) for inside in planned)]
    firsts = [*(int(inside[0]) for inside in planned), frames]
    times = []
    for i, inside in enumerate(planned):
        turn = int(inside[np.argmax(sunk[inside])])
        rests_s = truth.t_s[inside[0]] - BEFORE_S
        before = sunk[max(lasts[i], int(np.searchsorted(truth.t_s, rests_s))) : turn + 1]
        after = sunk[turn : firsts[i + 1]]
        rest = float(before.min())
        top = max(rest, float(after.min()))
        depth = float(sunk[turn]) - rest
        down = (before[::-1] - rest) / depth
        up = (after - rest) / depth
        back = (after - top) / (float(sunk[turn]) - top)
        times.append(
            Phases(
                start_s=_when(truth.t_s[turn::-1], down, EDGE),
                bottom_start_s=_when(truth.t_s[turn::-1], down, BOTTOM),
                turn_s=float(truth.t_s[turn]),
                bottom_end_s=_when(truth.t_s[turn:], up, BOTTOM),
                end_s=_when(truth.t_s[turn:], back, EDGE),
            )
        )
    return times


def _when(t_s: FloatArray, x: FloatArray, level: float) -> float:
    """Return when, going away from the turn, `x` first falls to a level, between frames."""
    i = int(np.argmax(x <= level))
    share = (level - x[i]) / (x[i - 1] - x[i])
    return float(t_s[i] + share * (t_s[i - 1] - t_s[i]))
