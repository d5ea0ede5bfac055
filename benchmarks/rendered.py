"""Rendered clips with known truth, and what the pose model sees in them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from benchmarks.rendering.answers import true_readings as readings_of
from benchmarks.rendering.truth import JOINTS, UP, angles_deg
from formcheck.angles import foot_pitch_deg
from formcheck.estimators.mediapipe_pose import MediaPipePose
from formcheck.measures.catalogue import FRAME, reading_names
from formcheck.pose import PoseTrack
from formcheck.results import SIDES
from formcheck.sources.video import VideoSource

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class RenderedClip:
    """One rendered clip: T frames."""

    name: str
    labels: dict[str, Any]
    track: PoseTrack
    """What the pose model sees."""
    t_s: FloatArray
    """(T,) seconds."""
    joints: dict[str, FloatArray]
    """True joints, name → (T, 3) metres in the world, z up."""
    angles: dict[str, FloatArray]
    """True angles, name → (T,) degrees: those of `benchmarks.rendering.truth.ANGLES`, measured
    on the joints."""
    rep: NDArray[np.int16]
    """(T,) number of the repetition; 0 between repetitions."""
    camera_to_person: FloatArray
    """(T, 3) from the camera to the hips, in the world."""


def load(folder: Path) -> RenderedClip:
    """Read one clip's folder; the pose model runs once and its poses are kept there."""
    recording = folder / "poses.npz"
    if not recording.exists():
        record(folder / "clip.mp4", recording)
    with np.load(folder / "truth.npz") as truth:
        world = truth["world_m"].astype(np.float64)
        names = [str(n) for n in truth["joint_names"]]
        joints = {name: world[:, i] for i, name in enumerate(names)}
        rise = truth["angles_deg"][0, truth["angle_names"].tolist().index("left_heel_rise_deg")]
        slope = foot_pitch_deg(joints["left_heel"][0], joints["left_toe"][0], UP)
        hips = (joints["left_hip"] + joints["right_hip"]) / 2
        return RenderedClip(
            name=folder.name,
            labels=tomllib.loads((folder / "labels.toml").read_text("utf-8")),
            track=PoseTrack.load(recording),
            t_s=truth["t_s"].astype(np.float64),
            joints=joints,
            angles=angles_deg(joints, slope - float(rise)),
            rep=truth["rep"],
            camera_to_person=hips - truth["camera_position_m"],
        )


def load_all(folder: Path, prefix: str = "") -> Iterator[RenderedClip]:
    """Read all finished clips of a folder, or their recordings, in the order of their names."""
    for path in sorted(folder.iterdir()):
        if path.name.startswith(prefix) and any(
            (path / n).exists() for n in ("clip.mp4", "poses.npz")
        ):
            yield load(path)


PX, M, SEEN = 2.0**-3, 2.0**-11, 2.0**-7
"""Small recordings are rounded to eighths of a pixel, half millimetres and hundredths."""


def small(track: PoseTrack) -> PoseTrack:
    """Return a recording that is rounded, and takes half the space on disk."""
    return replace(
        track,
        image_px=rounded(track.image_px, PX),
        world_m=rounded(track.world_m, M),
        visibility=rounded(track.visibility, SEEN),
    )


def rounded(values: NDArray[Any], step: float) -> FloatArray:
    """Return values as multiples of a power of two, which compress well."""
    return np.asarray(np.round(values / step) * step, dtype=np.float64)


def record(clip: Path, target: Path) -> None:
    """Keep what the pose model sees in a clip, rounded."""
    with VideoSource(clip) as source, MediaPipePose() as estimator:
        poses = [estimator.estimate(frame) for frame in source]
        size = (source.info.width, source.info.height)
        meta = {"estimator": dict(estimator.provenance)}
    small(PoseTrack.from_poses(poses, size, meta)).save(target)


def across(clip: RenderedClip) -> FloatArray:
    """Return the unit vector to the person's left, level with the floor, (T, 3)."""
    flat = _to_left(clip) * (1.0, 1.0, 0.0)
    unit: FloatArray = flat / np.linalg.norm(flat, axis=1, keepdims=True)
    return unit


def _to_left(clip: RenderedClip) -> FloatArray:
    joints = clip.joints
    left = [joints[f"left_{part}"] - joints[f"right_{part}"] for part in ("hip", "shoulder")]
    return np.asarray(left[0] + left[1])


def true_fold_deg(clip: RenderedClip) -> FloatArray:
    """Return how far from a front or rear view each frame is: 0 front or rear, 90 side."""
    view = clip.camera_to_person * (1.0, 1.0, 0.0)
    view /= np.linalg.norm(view, axis=1, keepdims=True)
    # Across the line of sight, the shoulders are seen at full width from front and rear.
    fold: FloatArray = np.degrees(np.arcsin(np.abs((view * across(clip)).sum(axis=1)).clip(0, 1)))
    return fold


Facing = Literal["front", "side", "camera"]
"""From where somebody who sees perfectly looks: the front (of who lies, the feet), their left
side, or where the camera truly is."""


def true_readings(clip: RenderedClip) -> dict[str, FloatArray]:
    """Return the truth of the analyzer's measurements, name → (T,).

    What the side shows best, and is read from the picture, is what a camera sees there.
    """
    found = readings_from(clip, "front")
    if not _rests(clip):
        return found
    aside = readings_from(clip, "side")
    names = [n for row in FRAME.values() if row.best_view == "side" for n in reading_names(row)]
    return found | {name: aside[name] for name in names if name in aside}


def readings_from(clip: RenderedClip, facing: Facing) -> dict[str, FloatArray]:
    """Return the measurements of true joints, name → (T,), as they are seen from somewhere."""
    readings = readings_of(clip.t_s, turned(clip, facing), clip.angles)
    return {name: path for name, path in readings.values.items() if np.isfinite(path).any()}


def turned(clip: RenderedClip, facing: Facing) -> FloatArray:
    """Return all joints, (T, J, 3), turned about the vertical.

    Afterwards, `benchmarks.rendering.answers.true_pose` shows them from where it is wanted.
    """
    world = np.stack([clip.joints[name] for name in JOINTS], axis=1)
    if facing == "camera":
        ahead = np.median(clip.camera_to_person, axis=0)
        turn = np.pi / 2 - np.arctan2(ahead[1], ahead[0])
    else:
        x, y, _ = np.median(_to_left(clip), axis=0)
        turn = (-np.pi / 2 if facing == "side" else 0.0) - np.arctan2(y, x)
    cos, sin = np.cos(turn), np.sin(turn)
    found: FloatArray = world @ np.array([[cos, -sin, 0.0], [sin, cos, 0.0], [0.0, 0.0, 1.0]]).T
    return found


RESTS_DEG = 60.0
"""Whose hips are bent by more than this half of the time, or whose trunk leans by more, sits or
lies for most of the clip."""


def _rests(clip: RenderedClip) -> bool:
    names = ("trunk_inclination_deg", *(f"{side}_hip_flexion_deg" for side in SIDES))
    return any(np.median(clip.angles[name]) > RESTS_DEG for name in names)
