from __future__ import annotations

import dataclasses
import hashlib
import math
from pathlib import Path

import numpy as np
import pytest

from formcheck.errors import CannotOpen, WrongSchema
from formcheck.frame import SourceInfo
from formcheck.pose import Pose, PoseTrack
from formcheck.sources import is_recording, open_recording, open_source
from formcheck.sources.recording import source_of

CLIP = SourceInfo("squat.mp4", 2.5, 75, 30.0, 1080, 1920, 90, "ab" * 32)


def track(times: list[float], meta: dict[str, object] | None = None) -> PoseTrack:
    rng = np.random.default_rng(3)
    poses = [
        Pose(t, rng.normal(size=(33, 2)), rng.normal(size=(33, 3)), rng.uniform(size=33))
        for t in times
    ]
    return PoseTrack.from_poses(poses, (640, 480), meta)


def test_poses_come_back_as_they_were(tmp_path: Path) -> None:
    saved = track([0.0, 0.1, 0.3], {"source": dataclasses.asdict(CLIP)})
    saved.save(tmp_path / "squat.npz")
    recording = open_recording(tmp_path / "squat.npz")
    assert len(recording) == 3
    for read, pose in zip(recording, saved, strict=True):
        assert read.t_s == pose.t_s
        np.testing.assert_array_equal(read.image_px, pose.image_px)
        np.testing.assert_array_equal(read.world_m, pose.world_m)
    assert recording.info == CLIP
    data = (tmp_path / "squat.npz").read_bytes()
    assert recording.sha256 == hashlib.sha256(data).hexdigest()
    assert recording.path == tmp_path / "squat.npz"


def test_a_clip_with_unknown_numbers_comes_back_too(tmp_path: Path) -> None:
    clip = dataclasses.replace(CLIP, fps=math.nan, duration_s=math.nan)
    track([0.0], {"source": dataclasses.asdict(clip)}).save(tmp_path / "squat.npz")
    info = open_recording(tmp_path / "squat.npz").info
    assert math.isnan(info.fps)
    assert math.isnan(info.duration_s)


def test_what_the_recording_does_not_say_follows_from_the_poses(tmp_path: Path) -> None:
    path = tmp_path / "squat.npz"
    track([0.0, 0.5, 2.0]).save(path)
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    assert open_recording(path).info == SourceInfo(str(path), 3.0, 3, 1.0, 640, 480, 0, sha256)


@pytest.mark.parametrize(
    "noted", ["squat.mp4", None, 3, {}, {"frames": "many", "width": 1.5, "colour": "red"}]
)
def test_a_strange_note_about_the_clip_is_no_harm(noted: object) -> None:
    info = source_of(track([0.0, 0.5], {"source": noted}))
    assert info == SourceInfo("-", 1.0, 2, 2.0, 640, 480, 0, "")


def test_a_single_pose() -> None:
    info = source_of(track([0.0]))
    assert (info.frames, info.duration_s) == (1, 0.0)
    assert math.isnan(info.fps)


def test_telling_recordings_from_clips(tmp_path: Path) -> None:
    track([0.0]).save(tmp_path / "squat.npz")
    renamed = tmp_path / "squat.mp4"
    renamed.write_bytes((tmp_path / "squat.npz").read_bytes())
    (tmp_path / "text.mp4").write_text("PK\x03\x04 is how it begins")
    (tmp_path / "folder.npz").mkdir()
    assert is_recording(tmp_path / "squat.npz")
    assert is_recording(renamed)
    assert not is_recording(tmp_path / "text.mp4")
    assert not is_recording(tmp_path / "folder.npz")
    assert not is_recording(tmp_path / "gone.npz")


def test_a_recording_is_not_a_source_of_frames(tmp_path: Path) -> None:
    path = tmp_path / "squat.npz"
    track([0.0]).save(path)
    with pytest.raises(CannotOpen) as caught:
        open_source(path)
    assert str(caught.value) == (
        f"'{path}' is a landmark recording, which has no pictures. Open it as a recording."
    )


def test_bad_recordings(tmp_path: Path) -> None:
    path = tmp_path / "squat.npz"
    with pytest.raises(CannotOpen, match="does not exist"):
        open_recording(path)
    path.write_bytes(b"")
    with pytest.raises(CannotOpen, match="is empty"):
        open_recording(path)
    path.write_text("nothing of the kind")
    with pytest.raises(WrongSchema, match="is not a formcheck landmark recording"):
        open_recording(path)
    track([]).save(path)
    with pytest.raises(WrongSchema) as caught:
        open_recording(path)
    assert str(caught.value) == (f"The recording '{path}' holds no frames. Record the clip again.")
