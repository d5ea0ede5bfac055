"""A stick figure that squats: poses whose angles are known because they were put in.

For tests, and for trying an integration without a camera or a pose model. It is seen
without perspective and without noise.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from formcheck.pose import BLAZEPOSE, FloatArray, Pose, PoseTrack

SIZE_PX = (640, 480)
PX_PER_M = 200.0


@dataclass(frozen=True, slots=True)
class Posture:
    """A symmetric posture with both feet on the floor."""

    thigh_elevation_deg: float = 90.0
    """90 standing, 0 thighs horizontal, negative below that."""
    shin_inclination_deg: float = 0.0
    trunk_inclination_deg: float = 0.0
    foot_pitch_deg: float = 0.0
    """Heels lifted by so much, toes on the floor."""
    knee_separation_ratio: float = 1.0
    """Distance of the knees over that of the ankles."""

    @property
    def knee_flexion_deg(self) -> float:
        """What the posture amounts to at the knee (knees above the feet)."""
        return 90.0 - self.thigh_elevation_deg + self.shin_inclination_deg

    @property
    def hip_flexion_deg(self) -> float:
        """What the posture amounts to at the hip (knees above the feet)."""
        return 90.0 - self.thigh_elevation_deg + self.trunk_inclination_deg

    def between(self, other: Posture, share: float) -> Posture:
        """Return the posture that is `share` of the way from here to `other`."""
        return Posture(
            *(
                getattr(self, name) + share * (getattr(other, name) - getattr(self, name))
                for name in Posture.__slots__
            )
        )


STANDING = Posture()
DEEP = Posture(thigh_elevation_deg=-10.0, shin_inclination_deg=30.0, trunk_inclination_deg=38.0)
"""A good squat's turning point."""


@dataclass(frozen=True, slots=True)
class StickFigure:
    """A body of given segment lengths, in metres, seen from a given direction."""

    yaw_deg: float = 90.0
    """Where it faces: 0 the camera, 90 the picture's right edge."""
    thigh_m: float = 0.42
    shin_m: float = 0.42
    trunk_m: float = 0.50
    foot_m: float = 0.20
    hip_width_m: float = 0.26
    shoulder_width_m: float = 0.34
    stance_m: float = 0.30

    def pose(self, t_s: float, posture: Posture) -> Pose:
        """Return the figure in a posture, as a pose model without error would see it."""
        joints = self._joints(posture)
        world = np.full((len(BLAZEPOSE.names), 3), np.nan)
        for name, (ahead, up, left) in joints.items():
            world[BLAZEPOSE.index[name]] = self._to_camera(ahead, up, left)
        hips = (world[BLAZEPOSE.index["left_hip"]] + world[BLAZEPOSE.index["right_hip"]]) / 2
        floor_px = np.array([SIZE_PX[0] / 2, 0.95 * SIZE_PX[1]])
        image = world[:, :2] * PX_PER_M + floor_px
        seen = np.isfinite(world[:, 0]).astype(float)
        return Pose(t_s, image, world - hips, seen)

    def _to_camera(self, ahead: float, up: float, left: float) -> FloatArray:
        yaw = math.radians(self.yaw_deg)
        return np.array(
            [
                ahead * math.sin(yaw) + left * math.cos(yaw),
                -up,
                -ahead * math.cos(yaw) + left * math.sin(yaw),
            ]
        )

    def _joints(self, p: Posture) -> dict[str, tuple[float, float, float]]:
        """Return the joints as (ahead of the ankles, above the floor, to the left)."""
        pitch, shin = math.radians(p.foot_pitch_deg), math.radians(p.shin_inclination_deg)
        thigh, trunk = math.radians(p.thigh_elevation_deg), math.radians(p.trunk_inclination_deg)
        toe = (0.7 * self.foot_m, 0.0)
        heel = (toe[0] - self.foot_m * math.cos(pitch), self.foot_m * math.sin(pitch))
        ankle = (heel[0] + 0.3 * self.foot_m, heel[1] + 0.08)
        knee = (ankle[0] + self.shin_m * math.sin(shin), ankle[1] + self.shin_m * math.cos(shin))
        hip = (knee[0] - self.thigh_m * math.cos(thigh), knee[1] + self.thigh_m * math.sin(thigh))
        shoulder = (
            hip[0] + self.trunk_m * math.sin(trunk),
            hip[1] + self.trunk_m * math.cos(trunk),
        )
        hand = (shoulder[0] + 0.5, shoulder[1])
        elbow = (shoulder[0] + 0.25, shoulder[1])
        ear, nose = (shoulder[0], shoulder[1] + 0.22), (shoulder[0] + 0.1, shoulder[1] + 0.2)
        widths = {
            "toe": (toe, self.stance_m),
            "heel": (heel, self.stance_m),
            "ankle": (ankle, self.stance_m),
            "knee": (knee, p.knee_separation_ratio * self.stance_m),
            "hip": (hip, self.hip_width_m),
            "shoulder": (shoulder, self.shoulder_width_m),
            "elbow": (elbow, self.shoulder_width_m),
            "wrist": (hand, self.shoulder_width_m),
            "ear": (ear, 0.14),
        }
        joints = {
            f"{side}_{part}": (*point, sign * width / 2)
            for part, (point, width) in widths.items()
            for side, sign in (("left", 1.0), ("right", -1.0))
        }
        return {**joints, "nose": (*nose, 0.0)}


@dataclass(frozen=True, slots=True)
class Squat:
    """One repetition of a stick figure."""

    bottom: Posture = DEEP
    descent_s: float = 1.5
    pause_s: float = 0.3
    ascent_s: float = 1.2
    top: Posture = STANDING
    """Where it comes back to."""

    @property
    def duration_s(self) -> float:
        """From the first movement to the last."""
        return self.descent_s + self.pause_s + self.ascent_s


def squats(
    figure: StickFigure,
    repetitions: Sequence[Squat],
    *,
    fps: float = 30.0,
    rest_s: float = 1.0,
) -> PoseTrack:
    """Return a recording of a stick figure doing repetitions with rests in between."""
    poses = (
        figure.pose(t, posture) for t, posture in _postures(repetitions, fps=fps, rest_s=rest_s)
    )
    return PoseTrack.from_poses(poses, SIZE_PX, {"source": {"path": "synthetic"}})


def _postures(
    repetitions: Sequence[Squat], *, fps: float, rest_s: float
) -> Iterator[tuple[float, Posture]]:
    starts, clock, top = [], rest_s, STANDING
    for squat in repetitions:
        starts.append((clock, top))
        clock += squat.duration_s + rest_s
        top = squat.top
    for i in range(round(clock * fps)):
        t = i / fps
        here = [(s, begin, r) for (s, begin), r in zip(starts, repetitions, strict=True) if s <= t]
        if not here:
            yield t, STANDING
            continue
        start, begin, squat = here[-1]
        yield t, _at(squat, begin, t - start)


def _at(squat: Squat, begin: Posture, t_s: float) -> Posture:
    if t_s < squat.descent_s:
        return begin.between(squat.bottom, _ease(t_s / squat.descent_s))
    t_s -= squat.descent_s + squat.pause_s
    if t_s < 0:
        return squat.bottom
    return squat.bottom.between(squat.top, _ease(min(1.0, t_s / squat.ascent_s)))


def _ease(share: float) -> float:
    """Return a smooth course from 0 to 1: people start and stop gently."""
    return (1 - math.cos(math.pi * share)) / 2
