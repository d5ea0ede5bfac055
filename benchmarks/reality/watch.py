"""One clip, frame by frame: what the refiners say, and what the landmarks show by themselves."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from formcheck.angles import BODY_ANGLES, BodyAngle, turn_deg
from formcheck.geometry import PICTURE_UP, midpoint, sub
from formcheck.pose import PoseTrack
from formcheck.refine.base import AngleRefiner
from formcheck.refine.body import Body
from formcheck.results import SIDES
from formcheck.smoothing import OneEuroSmoother
from formcheck.view import ViewEstimator

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

PIXELS, WORLD, TRUTH = "pixels", "world", "truth"
"""Sources of angles besides the refiners: landmarks in the picture's plane and in space, and,
for rendered people alone, where their joints are."""

ANGLE_NAMES = (
    "knee_flexion_deg",
    "hip_flexion_deg",
    "hip_swing_deg",
    "thigh_elevation_deg",
    "shin_inclination_deg",
    "trunk_inclination_deg",
)
"""What is looked at, without sides."""
PARTS = ("shoulder", "hip", "knee", "ankle")

_ANGLES = tuple(angle for angle in BODY_ANGLES if angle.row.name in ANGLE_NAMES)


@dataclass(frozen=True)
class Said:
    """What one source says about T frames."""

    values: Mapping[str, FloatArray]
    """Angle with its side → (T,) degrees; NaN where it says nothing."""
    sigmas: Mapping[str, FloatArray]
    """The standard deviations of those that come with one."""


@dataclass(frozen=True)
class Watched:
    """A clip of T frames."""

    name: str
    exercise: str
    variant: str
    t_s: FloatArray
    yaw_deg: FloatArray
    """(T,) as the analyzer follows it; NaN if unknown."""
    px: Mapping[str, FloatArray]
    """Landmark → (T, 2) smoothed, in pixels."""
    m: Mapping[str, FloatArray]
    """Landmark → (T, 3) smoothed, in metres."""
    visibility: Mapping[str, FloatArray]
    """Landmark → (T,); 0 outside the picture."""
    said: Mapping[str, Said]
    """By source."""

    def __len__(self) -> int:
        return len(self.t_s)

    @property
    def refiners(self) -> tuple[str, ...]:
        """The sources that come with an uncertainty."""
        return tuple(source for source, said in self.said.items() if said.sigmas)

    def near(self, of_side: Mapping[str, FloatArray], name: str) -> FloatArray:
        """Return what belongs to the side that is nearer to the camera, (T, ...).

        Parameters
        ----------
        of_side
            Name with its side → an array of T rows.
        name
            Without its side; what has no side is given as it is.
        """
        if name in of_side:
            return of_side[name]
        left, right = (of_side[f"{side}_{name}"] for side in SIDES)
        # Who faces the picture's left edge shows the camera their left side.
        faces_left = (self.yaw_deg < 0).reshape(-1, *[1] * (left.ndim - 1))
        return np.where(faces_left, left, right)

    def has(self, source: str, name: str) -> bool:
        """Return whether a source knows an angle, given without its side."""
        values = self.said[source].values
        return name in values or f"{SIDES[0]}_{name}" in values


def watch(
    track: PoseTrack,
    refiners: Mapping[str, AngleRefiner],
    *,
    name: str = "",
    exercise: str = "",
    variant: str = "",
) -> Watched:
    """Return all that is to be known about a clip.

    Parameters
    ----------
    track
        What the pose model saw.
    refiners
        By name, what makes angles of it.
    name, exercise, variant
        What the clip is called and shows.
    """
    smoother, follower = OneEuroSmoother(), ViewEstimator()
    bodies = [Body(smoother.feed(pose), track.size_px) for pose in track]
    yaw = np.array([follower.feed(body.pose).yaw_deg for body in bodies], dtype=np.float64)
    marks = ["nose", *(f"{side}_{part}" for side in SIDES for part in PARTS)]
    said = {
        PIXELS: Said(_landmark_angles(bodies, yaw, in_picture=True), {}),
        WORLD: Said(_landmark_angles(bodies, yaw, in_picture=False), {}),
    }
    said |= {source: refined(track, refiner) for source, refiner in refiners.items()}
    return Watched(
        name=name,
        exercise=exercise,
        variant=variant,
        t_s=track.t_s,
        yaw_deg=yaw,
        px={n: _rows([b.px(n) for b in bodies], 2) for n in marks},
        m={n: _rows([b.m(n) for b in bodies], 3) for n in marks},
        visibility={n: np.array([b.visibility(n) for b in bodies]) for n in marks},
        said=said,
    )


def refined(track: PoseTrack, refiner: AngleRefiner) -> Said:
    """Return everything a refiner says about a clip, as it would in the analyzer."""
    refiner.reset()
    smoother, follower = OneEuroSmoother(), ViewEstimator()
    frames = []
    for pose in track:
        smooth = smoother.feed(pose)
        frames.append(refiner.refine(Body(smooth, track.size_px), follower.feed(smooth)))
    names = frames[0] if frames else {}
    return Said(
        {name: np.array([frame[name].value for frame in frames]) for name in names},
        {name: np.array([frame[name].sigma for frame in frames]) for name in names},
    )


def _landmark_angles(
    bodies: list[Body], yaw_deg: FloatArray, *, in_picture: bool
) -> dict[str, FloatArray]:
    found = {}
    for angle in _ANGLES:
        if not in_picture:
            column = [angle.of(body.m, PICTURE_UP) for body in bodies]
        elif angle.row.name == "hip_swing_deg":
            column = [_swing_in_picture(a, b, y) for a, b, y in _with(angle, bodies, yaw_deg)]
        else:
            column = [angle.of(body.px, PICTURE_UP) for body in bodies]
        found[angle.name] = np.array(column, dtype=np.float64)
    return found


def _with(
    angle: BodyAngle, bodies: list[Body], yaw_deg: FloatArray
) -> list[tuple[BodyAngle, Body, float]]:
    return [(angle, body, yaw) for body, yaw in zip(bodies, yaw_deg.tolist(), strict=True)]


def _swing_in_picture(angle: BodyAngle, body: Body, yaw_deg: float) -> float:
    """Return how far the thigh has swung from the trunk, in the picture of a side view."""
    if math.isnan(yaw_deg):
        return math.nan
    side = angle.name.partition("_")[0]
    shoulders, hips = (
        midpoint(*(body.px(f"{s}_{part}") for s in SIDES)) for part in ("shoulder", "hip")
    )
    trunk = sub(hips, shoulders)
    # Facing right, with the hips below the shoulders, ahead is to the right.
    ahead = (trunk[1], -trunk[0]) if yaw_deg > 0 else (-trunk[1], trunk[0])
    return turn_deg(sub(body.px(f"{side}_knee"), body.px(f"{side}_hip")), trunk, ahead)


def _rows(points: list[tuple[float, ...]], width: int) -> FloatArray:
    return np.array(points, dtype=np.float64).reshape(-1, width)
