"""The committed sample: what it claims must follow from what it stores."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from formcheck.pose import PoseTrack

SQUAT = Path(__file__).parents[1] / "samples" / "squat"
SIDES = ("left", "right")

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Sample:
    labels: dict[str, Any]
    truth: dict[str, NDArray[Any]]

    def joint(self, name: str) -> FloatArray:
        names = self.truth["joint_names"].tolist()
        return self.truth["world_m"][:, names.index(name)].astype(np.float64)

    def pixel(self, name: str) -> FloatArray:
        names = self.truth["joint_names"].tolist()
        return self.truth["image_px"][:, names.index(name)].astype(np.float64)

    def angle(self, name: str) -> FloatArray:
        names = self.truth["angle_names"].tolist()
        return self.truth["angles_deg"][:, names.index(name)].astype(np.float64)

    def mean_angle(self, name: str) -> FloatArray:
        return (self.angle(f"left_{name}") + self.angle(f"right_{name}")) / 2

    def during(self, rep: dict[str, Any]) -> NDArray[np.bool_]:
        t_s = self.truth["t_s"]
        inside: NDArray[np.bool_] = (t_s >= rep["start_s"] - 1e-3) & (t_s <= rep["end_s"] + 1e-3)
        return inside

    def nearest(self, t_s: float) -> int:
        return int(np.argmin(np.abs(self.truth["t_s"] - t_s)))


@pytest.fixture(scope="module")
def squat() -> Sample:
    labels = tomllib.loads((SQUAT / "labels.toml").read_text("utf-8"))
    with np.load(SQUAT / "truth.npz") as data:
        return Sample(labels, {name: data[name] for name in data.files})


def angle_deg(u: FloatArray, v: FloatArray) -> FloatArray:
    """Return the angle from cross and dot product, unlike how the truth was computed."""
    across = np.linalg.norm(np.cross(u, v), axis=-1)
    angle: FloatArray = np.degrees(np.arctan2(across, (u * v).sum(axis=-1)))
    return angle


# The files


@pytest.mark.parametrize(
    ("name", "limit_kb"),
    [("clip.mp4", 900), ("truth.npz", 300), ("labels.toml", 8), ("poses.npz", 650)],
)
def test_files_stay_small(name: str, limit_kb: int) -> None:
    assert 0 < (SQUAT / name).stat().st_size <= limit_kb * 1000


def test_schemas(squat: Sample) -> None:
    assert squat.labels["schema"] == "formcheck.labels/1"
    assert str(squat.truth["schema"]) == "formcheck.truth/2"


def test_clip_holds_the_stated_frames(squat: Sample) -> None:
    with av.open(str(SQUAT / "clip.mp4")) as clip:
        stream = clip.streams.video[0]
        assert stream.codec_context.name == "h264"
        assert stream.codec_context.pix_fmt == "yuv420p"
        shown = [(frame.time, (frame.width, frame.height)) for frame in clip.decode(video=0)]
    assert len(shown) == squat.labels["frames"] == len(squat.truth["t_s"])
    assert {size for _, size in shown} == {tuple(squat.labels["size_px"])}
    assert np.allclose([t_s for t_s, _ in shown], squat.truth["t_s"], atol=1e-3)


def test_arrays_fit_together(squat: Sample) -> None:
    frames, joints = len(squat.truth["t_s"]), len(squat.truth["joint_names"])
    assert squat.truth["world_m"].shape == (frames, joints, 3)
    assert squat.truth["image_px"].shape == (frames, joints, 2)
    assert squat.truth["centre_of_mass_m"].shape == (frames, 3)
    assert squat.truth["angles_deg"].shape == (frames, len(squat.truth["angle_names"]))
    assert all(np.isfinite(v).all() for v in squat.truth.values() if v.dtype.kind == "f")
    assert np.allclose(np.diff(squat.truth["t_s"]), 1 / squat.labels["fps"])


# Truth agrees with itself


@pytest.mark.parametrize("side", SIDES)
def test_leg_angles_follow_from_joints(squat: Sample, side: str) -> None:
    shoulder, hip, knee, ankle = (
        squat.joint(f"{side}_{name}") for name in ("shoulder", "hip", "knee", "ankle")
    )
    up = np.array([0.0, 0.0, 1.0])
    for name, expected in (
        ("knee_flexion_deg", 180 - angle_deg(hip - knee, ankle - knee)),
        ("hip_flexion_deg", 180 - angle_deg(shoulder - hip, knee - hip)),
        ("thigh_elevation_deg", 90 - angle_deg(hip - knee, up)),
        ("shin_inclination_deg", angle_deg(knee - ankle, up)),
    ):
        assert np.abs(squat.angle(f"{side}_{name}") - expected).max() < 0.1, name


def test_trunk_angle_follows_from_joints(squat: Sample) -> None:
    middle = {n: squat.joint(f"left_{n}") + squat.joint(f"right_{n}") for n in ("hip", "shoulder")}
    expected = angle_deg(middle["shoulder"] - middle["hip"], np.array([0.0, 0.0, 1.0]))
    assert np.abs(squat.angle("trunk_inclination_deg") - expected).max() < 0.1


def test_pixels_follow_from_joints_and_camera(squat: Sample) -> None:
    rotation, matrix = squat.truth["camera_rotation"], squat.truth["camera_matrix_px"]
    assert np.allclose(rotation @ rotation.T, np.eye(3), atol=1e-9)
    assert np.linalg.det(rotation) == pytest.approx(1.0)
    away = squat.truth["world_m"].astype(float) - squat.truth["camera_position_m"]
    seen = np.einsum("ij,tkj->tki", matrix @ rotation, away)
    assert (seen[..., 2] > 1.0).all()
    assert np.abs(seen[..., :2] / seen[..., 2:] - squat.truth["image_px"]).max() < 0.05


def test_left_side_is_nearer_to_the_camera(squat: Sample) -> None:
    assert squat.labels["view"] == "side-left"
    camera = squat.truth["camera_position_m"]
    for name in ("shoulder", "hip", "knee", "ankle"):
        left, right = (squat.joint(f"{side}_{name}") - camera for side in SIDES)
        assert (np.linalg.norm(left, axis=1) < np.linalg.norm(right, axis=1)).all()


def test_person_is_in_the_picture(squat: Sample) -> None:
    width, height = squat.labels["size_px"]
    assert (squat.truth["image_px"] > 0).all()
    assert (squat.truth["image_px"] < (width, height)).all()


# The body moves as bodies do


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize(
    ("near", "far"),
    [("hip", "knee"), ("knee", "ankle"), ("shoulder", "elbow"), ("elbow", "wrist")],
)
def test_bones_keep_their_length(squat: Sample, side: str, near: str, far: str) -> None:
    length = np.linalg.norm(squat.joint(f"{side}_{near}") - squat.joint(f"{side}_{far}"), axis=1)
    assert np.ptp(length) < 1e-3


@pytest.mark.parametrize("side", SIDES)
def test_feet_are_planted(squat: Sample, side: str) -> None:
    risen = np.zeros(len(squat.truth["t_s"]), dtype=bool)
    for rep in squat.labels["reps"]:
        if "SQ03" in rep["faults"]:
            risen |= squat.during(rep)
    ankle, toe = squat.joint(f"{side}_ankle"), squat.joint(f"{side}_toe")
    assert np.ptp(ankle[~risen], axis=0).max() < 0.01
    assert np.ptp(toe, axis=0).max() < 0.01
    assert np.ptp(ankle[risen][:, 2]) > 0.02


def test_nothing_is_below_the_floor(squat: Sample) -> None:
    assert squat.truth["world_m"][..., 2].min() > 0.0


def test_person_keeps_their_balance(squat: Sample) -> None:
    y = squat.truth["centre_of_mass_m"][:, 1]
    heel, toe = (
        (squat.joint(f"left_{n}")[:, 1] + squat.joint(f"right_{n}")[:, 1]) / 2
        for n in ("heel", "toe")
    )
    assert ((y < heel) & (y > toe)).all()


# Labels agree with the truth


def test_repetitions_are_apart_and_in_order(squat: Sample) -> None:
    reps = squat.labels["reps"]
    assert [rep["number"] for rep in reps] == list(range(1, len(reps) + 1))
    times = [rep[key] for rep in reps for key in ("start_s", "turn_s", "end_s")]
    assert times == sorted(times)
    assert len(set(times)) == len(times)
    assert squat.labels["reps_counted"] == sum(rep["counted"] for rep in reps) == 6


def test_turns_are_where_the_thighs_are_lowest(squat: Sample) -> None:
    thigh = squat.mean_angle("thigh_elevation_deg")
    for rep in squat.labels["reps"]:
        inside = np.flatnonzero(squat.during(rep))
        turn = squat.nearest(rep["turn_s"])
        assert thigh[turn] == pytest.approx(thigh[inside].min(), abs=0.05)
        assert thigh[turn] == pytest.approx(rep["measures"]["thigh_elevation_deg"], abs=0.05)
        assert squat.truth["rep"][turn] == rep["number"]


def test_standing_between_repetitions(squat: Sample) -> None:
    going_on = np.zeros(len(squat.truth["t_s"]), dtype=bool)
    for rep in squat.labels["reps"]:
        going_on |= squat.during(rep)
    between = squat.mean_angle("knee_flexion_deg")[~going_on]
    assert np.median(between) < 10
    # The first and last twentieth of the way down is not part of the repetition yet.
    assert between.max() < 35


def test_each_repetition_shows_its_fault_and_no_other(squat: Sample) -> None:
    # Expected for each repetition: thigh, trunk and heels at the bottom, seconds down.
    shown = [
        (rep["counted"], tuple(rep["faults"]), _kind(rep["measures"], rep["truths"]))
        for rep in squat.labels["reps"]
    ]
    assert shown == [
        (True, (), {"deep"}),
        (True, (), {"deep"}),
        (True, ("SQ01",), {"shallow"}),
        (True, ("SQ05",), {"deep", "leaning"}),
        (False, (), {"partial"}),
        (True, ("SQ03",), {"deep", "heels up"}),
        (True, ("SQ09", "SQ10"), {"deep", "fast"}),
    ]


def _kind(measures: dict[str, float], truths: dict[str, float]) -> set[str]:
    above_level = measures["thigh_elevation_deg"]
    kind = {"deep" if above_level < 2 else "shallow" if above_level < 40 else "partial"}
    kind |= {"leaning"} if measures["trunk_inclination_deg"] > 52 else set()
    kind |= {"heels up"} if measures["heel_rise_deg"] > 8 else set()
    kind |= {"fast"} if above_level < 40 and truths["SQ09"] < 0.4 else set()
    return kind


# What the pose model sees in it


def test_recording_belongs_to_the_clip(squat: Sample) -> None:
    track = PoseTrack.load(SQUAT / "poses.npz")
    assert len(track) == squat.labels["frames"]
    assert list(track.size_px) == squat.labels["size_px"]
    assert np.allclose(track.t_s, squat.truth["t_s"], atol=2e-3)


@pytest.mark.parametrize("name", ["shoulder", "hip", "knee", "ankle"])
def test_pose_model_finds_the_joints(squat: Sample, name: str) -> None:
    """Within 5 % of the person's height on average, the left side as the left."""
    track = PoseTrack.load(SQUAT / "poses.npz")
    seen = track.image_px[:, track.skeleton.index[f"left_{name}"]]
    assert np.isfinite(seen).all()
    tall = float(np.ptp(squat.truth["image_px"][0][:, 1]))
    assert np.linalg.norm(seen - squat.pixel(f"left_{name}"), axis=1).mean() < 0.05 * tall
