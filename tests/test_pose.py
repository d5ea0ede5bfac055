"""Poses, mirrors and recordings."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from formcheck.errors import CannotOpen, CannotWrite, SkeletonMismatch, WrongSchema
from formcheck.pose import BLAZEPOSE, Pose, PoseTrack, Skeleton
from formcheck.sources.synthetic import DEEP, Squat, StickFigure, squats


def test_skeleton_has_the_33_landmarks_in_mediapipes_order() -> None:
    # https://ai.google.dev/edge/mediapipe/solutions/vision/pose_landmarker
    known = {0: "nose", 2: "left_eye", 8: "right_ear", 11: "left_shoulder", 16: "right_wrist"}
    known |= {23: "left_hip", 26: "right_knee", 27: "left_ankle", 30: "right_heel", 31: "left_toe"}
    assert len(BLAZEPOSE.names) == 33
    assert {i: BLAZEPOSE.names[i] for i in known} == known


def test_mirror_is_an_involution_that_swaps_only_sides() -> None:
    m = BLAZEPOSE.mirror
    assert (m[m] == np.arange(33)).all()
    for i, name in enumerate(BLAZEPOSE.names):
        other = BLAZEPOSE.names[m[i]]
        assert other.replace("right_", "left_") == name.replace("right_", "left_")
        assert (other == name) == ("left_" not in name and "right_" not in name)


def test_bad_skeletons_are_refused() -> None:
    with pytest.raises(ValueError, match="names a landmark twice"):
        Skeleton("x", ("nose", "nose"), ())
    with pytest.raises(ValueError, match="unknown landmarks: \\['tail'\\]"):
        Skeleton("x", ("nose",), (("nose", "tail"),))


def test_mirrored_pose_is_the_figure_that_faces_the_other_way() -> None:
    right = StickFigure(yaw_deg=70).pose(0.0, DEEP)
    left = StickFigure(yaw_deg=-70).pose(0.0, DEEP)
    mirrored = right.mirrored(640)
    np.testing.assert_allclose(mirrored.world_m, left.world_m, atol=1e-12)
    np.testing.assert_allclose(mirrored.image_px, left.image_px, atol=1e-9)
    np.testing.assert_array_equal(mirrored.mirrored(640).world_m, right.world_m)


def test_nobody_is_all_nan() -> None:
    nobody = Pose.nobody(1.5)
    assert not nobody.seen
    assert np.isnan(nobody.image_px).all()
    assert np.isnan(nobody.world_m).all()
    assert (nobody.visibility == 0).all()


def test_wrong_shape_is_refused_with_both_shapes() -> None:
    with pytest.raises(ValueError, match=r"should have shape \(33, 2\).*got \(32, 2\)"):
        Pose(0.0, np.zeros((32, 2)), np.zeros((33, 3)), np.zeros(33))


def test_recording_survives_saving_and_loading(tmp_path: Path) -> None:
    track = squats(StickFigure(), [Squat()])
    track.save(tmp_path / "a.npz")
    again = PoseTrack.load(tmp_path / "a.npz")
    np.testing.assert_array_equal(again.t_s, track.t_s)
    np.testing.assert_array_equal(again.world_m, track.world_m)
    np.testing.assert_array_equal(again.image_px, track.image_px)
    np.testing.assert_array_equal(again.visibility, track.visibility)
    assert (again.size_px, again.meta) == (track.size_px, track.meta)
    assert [p.name for p in tmp_path.iterdir()] == ["a.npz"]


def test_an_empty_recording_is_fine(tmp_path: Path) -> None:
    PoseTrack.from_poses([], (640, 480)).save(tmp_path / "a.npz")
    assert len(PoseTrack.load(tmp_path / "a.npz")) == 0


def test_time_must_increase() -> None:
    nobody = [Pose.nobody(0.0), Pose.nobody(0.0)]
    with pytest.raises(ValueError, match="strictly increasing"):
        PoseTrack.from_poses(nobody, (640, 480))


@pytest.mark.parametrize("content", [b"", b"hello", b"PK\x03\x04broken", b"\x93NUMPY"])
def test_something_else_is_no_recording(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.npz"
    path.write_bytes(content)
    with pytest.raises(WrongSchema, match="is not a formcheck landmark recording"):
        PoseTrack.load(path)


def test_numpy_arrays_of_something_else_are_no_recording(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", x=np.zeros(3))
    with pytest.raises(WrongSchema, match="is not a formcheck landmark recording"):
        PoseTrack.load(tmp_path / "a.npz")


def test_missing_recording(tmp_path: Path) -> None:
    with pytest.raises(CannotOpen, match="No such file"):
        PoseTrack.load(tmp_path / "a.npz")


def test_another_skeleton(tmp_path: Path) -> None:
    other = Skeleton("dots", ("nose", "tail"), (("nose", "tail"),))
    PoseTrack.from_poses([Pose.nobody(0.0, other)], (10, 10), skeleton=other).save(
        tmp_path / "a.npz"
    )
    with pytest.raises(SkeletonMismatch, match="'dots', but 'blazepose33' is needed"):
        PoseTrack.load(tmp_path / "a.npz")


@pytest.mark.parametrize(
    ("name", "shape"),
    [("image_px", (1, 33, 3)), ("world_m", (2, 33, 3)), ("visibility", (33,))],
)
def test_a_track_of_another_shape_is_refused(name: str, shape: tuple[int, ...]) -> None:
    track = PoseTrack.from_poses([Pose.nobody(0.0)], (640, 480))
    with pytest.raises(ValueError, match=rf"PoseTrack.{name} should have shape \(1, 33.*, got"):
        replace(track, **{name: np.zeros(shape)})  # type: ignore[arg-type]


def rewritten(path: Path, change: Callable[[dict[str, Any]], None]) -> Path:
    """A recording whose arrays and header somebody has changed."""
    PoseTrack.from_poses([Pose.nobody(0.0)], (640, 480)).save(path)
    with np.load(path) as kept:
        arrays = dict(kept)
    change(arrays)
    np.savez(path, **arrays)
    return path


def header(change: Mapping[str, object]) -> Callable[[dict[str, Any]], None]:
    def rewrite(arrays: dict[str, Any]) -> None:
        (name,) = (k for k, v in arrays.items() if v.dtype.kind in "US")
        told = {**json.loads(str(arrays[name])), **change}
        arrays[name] = np.array(json.dumps(told))

    return rewrite


def test_a_recording_of_another_version(tmp_path: Path) -> None:
    other = header({"schema": "formcheck.poses/99"})
    with pytest.raises(WrongSchema, match=r"has schema 'formcheck.poses/99', but this formcheck"):
        PoseTrack.load(rewritten(tmp_path / "a.npz", other))


def test_a_recording_whose_arrays_do_not_belong_together(tmp_path: Path) -> None:
    def shorten(arrays: dict[str, Any]) -> None:
        arrays["visibility"] = arrays["visibility"][:, :5]

    with pytest.raises(WrongSchema, match="is a damaged recording"):
        PoseTrack.load(rewritten(tmp_path / "a.npz", shorten))


def test_a_recording_without_a_size(tmp_path: Path) -> None:
    with pytest.raises(WrongSchema, match="is a damaged recording"):
        PoseTrack.load(rewritten(tmp_path / "a.npz", header({"size_px": None})))


def test_nowhere_to_write(tmp_path: Path) -> None:
    track = PoseTrack.from_poses([], (640, 480))
    with pytest.raises(CannotWrite, match="Make the folder first"):
        track.save(tmp_path / "no" / "a.npz")
