"""Rendered clips with known truth, and what the pose model sees in them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from formcheck.estimators.mediapipe_pose import MediaPipePose
from formcheck.pose import PoseTrack
from formcheck.sources.video import VideoSource

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class RenderedClip:
    """One rendered clip: T frames."""

    name: str
    labels: dict[str, Any]
    track: PoseTrack
    """What the pose model sees."""
    joints: dict[str, FloatArray]
    """True joints, name → (T, 3) metres in the world, z up."""
    angles: dict[str, FloatArray]
    """True angles, name → (T,) degrees."""
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
        angles = truth["angles_deg"].astype(np.float64)
        table = {str(name): angles[:, i] for i, name in enumerate(truth["angle_names"])}
        hips = (joints["left_hip"] + joints["right_hip"]) / 2
        return RenderedClip(
            name=folder.name,
            labels=tomllib.loads((folder / "labels.toml").read_text("utf-8")),
            track=PoseTrack.load(recording),
            joints=joints,
            angles=table,
            rep=truth["rep"],
            camera_to_person=hips - truth["camera_position_m"],
        )


def load_all(folder: Path, prefix: str = "") -> Iterator[RenderedClip]:
    """Read all finished clips of a folder in the order of their names."""
    for path in sorted(folder.iterdir()):
        if path.name.startswith(prefix) and (path / "clip.mp4").exists():
            yield load(path)


def record(clip: Path, target: Path) -> None:
    """Keep what the pose model sees in a clip."""
    with VideoSource(clip) as source, MediaPipePose() as estimator:
        poses = [estimator.estimate(frame) for frame in source]
        size = (source.info.width, source.info.height)
        meta = {"estimator": dict(estimator.provenance)}
    PoseTrack.from_poses(poses, size, meta).save(target)


def across(clip: RenderedClip) -> FloatArray:
    """Return the unit vector to the person's left, level with the floor, (T, 3)."""
    joints = clip.joints
    left = sum(joints[f"left_{p}"] - joints[f"right_{p}"] for p in ("hip", "shoulder"))
    flat = np.asarray(left) * (1.0, 1.0, 0.0)
    unit: FloatArray = flat / np.linalg.norm(flat, axis=1, keepdims=True)
    return unit


def separation_m(clip: RenderedClip, part: str) -> FloatArray:
    """Return how far apart left and right `part` are across the body, (T,)."""
    apart = clip.joints[f"left_{part}"] - clip.joints[f"right_{part}"]
    distance: FloatArray = (apart * across(clip)).sum(axis=1)
    return distance


def true_fold_deg(clip: RenderedClip) -> FloatArray:
    """Return how far from a front or rear view each frame is: 0 front or rear, 90 side."""
    view = clip.camera_to_person * (1.0, 1.0, 0.0)
    view /= np.linalg.norm(view, axis=1, keepdims=True)
    # Across the line of sight, the shoulders are seen at full width from front and rear.
    fold: FloatArray = np.degrees(np.arcsin(np.abs((view * across(clip)).sum(axis=1)).clip(0, 1)))
    return fold


def true_readings(clip: RenderedClip) -> dict[str, FloatArray]:
    """Return the truth of every measurement that there is truth for, name → (T,)."""
    a = clip.angles
    truth: dict[str, FloatArray] = {"trunk_inclination_deg": a["trunk_deg"]}
    hips, ankles = (
        (clip.joints[f"left_{p}"] + clip.joints[f"right_{p}"]) / 2 for p in ("hip", "ankle")
    )
    shift = ((hips - ankles) * across(clip)).sum(axis=1) / separation_m(clip, "hip")
    for side, other, sign in (("left", "right", 1.0), ("right", "left", -1.0)):
        truth[f"{side}_knee_flexion_deg"] = a[f"{side}_knee_flexion_deg"]
        truth[f"{side}_hip_flexion_deg"] = a[f"{side}_hip_flexion_deg"]
        truth[f"{side}_thigh_elevation_deg"] = 90.0 - a[f"{side}_thigh_deg"]
        truth[f"{side}_shin_inclination_deg"] = a[f"{side}_shin_deg"]
        truth[f"{side}_heel_rise_deg"] = a[f"{side}_heel_rise_deg"]
        truth[f"{side}_trunk_shin_difference_deg"] = a["trunk_deg"] - a[f"{side}_shin_deg"]
        truth[f"{side}_knee_asymmetry_deg"] = (
            a[f"{side}_knee_flexion_deg"] - a[f"{other}_knee_flexion_deg"]
        )
        truth[f"{side}_thigh_difference_deg"] = a[f"{other}_thigh_deg"] - a[f"{side}_thigh_deg"]
        truth[f"{side}_hip_shift_ratio"] = sign * shift
    knees = (a["left_knee_flexion_deg"] + a["right_knee_flexion_deg"]) / 2
    truth["hinge_deg"] = a["trunk_deg"] - knees
    truth["knee_separation_ratio"] = separation_m(clip, "knee") / separation_m(clip, "ankle")
    truth["stance_width_ratio"] = separation_m(clip, "ankle") / separation_m(clip, "shoulder")
    return truth
