from __future__ import annotations

import gc
import subprocess
import sys
import textwrap
import zipfile
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from formcheck.errors import BackendUnavailable, ModelMissing
from formcheck.estimators.mediapipe_pose import MediaPipeOptions, MediaPipePose, to_pose
from formcheck.estimators.model_store import ModelFile
from formcheck.frame import Frame, Image
from formcheck.pose import BLAZEPOSE, Pose
from formcheck.sources.video import VideoSource
from tests.media import person, person_joints, write_video

SIZE = (480, 640)


def frame(i: int, image: Image, size: tuple[int, int] | None = None, fps: float = 30) -> Frame:
    return Frame(i, i / fps, image, size or (image.shape[1], image.shape[0]))


def estimator(model: ModelFile) -> MediaPipePose:
    return MediaPipePose(MediaPipeOptions(model=model.path))


def assert_joints(pose: Pose, expected: dict[str, tuple[float, float]], within_px: float) -> None:
    for name, place in expected.items():
        found = pose.image_px[BLAZEPOSE.index[name]]
        assert np.hypot(*(found - place)) < within_px, f"{name}: {found}, drawn at {place}"


# Conversion, without the model


def result(visibility: float | None = 0.9) -> SimpleNamespace:
    marks = [
        SimpleNamespace(x=i / 33, y=1 - i / 33, z=0.5, visibility=visibility) for i in range(33)
    ]
    world = [SimpleNamespace(x=i, y=-i, z=i / 2, visibility=visibility) for i in range(33)]
    return SimpleNamespace(pose_landmarks=[marks], pose_world_landmarks=[world])


def test_landmarks_become_full_size_pixels_and_metres() -> None:
    pose = to_pose(result(), Frame(0, 1.5, np.zeros((2, 3, 3), np.uint8), (1920, 1080)))
    steps = np.arange(33)
    assert pose.t_s == 1.5
    np.testing.assert_allclose(pose.image_px[:, 0], steps / 33 * 1920)
    np.testing.assert_allclose(pose.image_px[:, 1], (1 - steps / 33) * 1080)
    np.testing.assert_array_equal(pose.world_m, np.stack([steps, -steps, steps / 2], axis=1))
    assert (pose.visibility == 0.9).all()


@pytest.mark.parametrize(("given", "kept"), [(1.2, 1.0), (-0.1, 0.0), (None, 0.0)])
def test_visibility_is_from_0_to_1(given: float | None, kept: float) -> None:
    pose = to_pose(result(given), Frame(0, 0.0, np.zeros((2, 3, 3), np.uint8), (3, 2)))
    assert (pose.visibility == kept).all()


def test_nobody_is_all_nan() -> None:
    empty = SimpleNamespace(pose_landmarks=[], pose_world_landmarks=[])
    pose = to_pose(empty, Frame(0, 0.5, np.zeros((2, 3, 3), np.uint8), (3, 2)))
    assert not pose.seen
    assert pose.t_s == 0.5
    assert (pose.visibility == 0).all()


# The real model


@pytest.mark.model
@pytest.mark.parametrize("size", [SIZE, (240, 320), (640, 640), (398, 480)])
def test_it_finds_the_joints_where_they_were_drawn(
    pose_model: ModelFile, size: tuple[int, int]
) -> None:
    with estimator(pose_model) as pose_of:
        for i in range(5):
            pose = pose_of.estimate(frame(i, person(*size)))
    assert_joints(pose, person_joints(*size), within_px=0.03 * size[1])
    legs = [BLAZEPOSE.index[name] for name in person_joints()]
    assert pose.visibility[legs].min() > 0.9
    left, right = (BLAZEPOSE.index[f"{side}_hip"] for side in ("left", "right"))
    assert pose.world_m[left, 0] > 0 > pose.world_m[right, 0], "origin between the hips"


@pytest.mark.model
def test_landmarks_are_in_pixels_of_the_full_picture(pose_model: ModelFile) -> None:
    with estimator(pose_model) as pose_of:
        for i in range(5):
            pose = pose_of.estimate(frame(i, person(*SIZE), size=(1440, 1920)))
    assert_joints(pose, person_joints(1440, 1920), within_px=60)


@pytest.mark.model
def test_a_padded_picture_is_not_misread(pose_model: ModelFile) -> None:
    padded = np.zeros((640, 512, 3), np.uint8)
    padded[:, :480] = person(*SIZE)
    view = padded[:, :480]
    assert not view.flags.c_contiguous
    with estimator(pose_model) as pose_of:
        for i in range(5):
            pose = pose_of.estimate(frame(i, view))
    assert_joints(pose, person_joints(*SIZE), within_px=20)


@pytest.mark.model
@pytest.mark.parametrize("max_side", [320, 640])
def test_a_phone_clip_that_lies_on_its_side(
    tmp_path: Path, pose_model: ModelFile, max_side: int
) -> None:
    # Stored turned a quarter clockwise, to be shown turned back: found only if upright.
    lying = np.ascontiguousarray(np.rot90(person(*SIZE), -1))
    path = write_video(tmp_path / "clip.mp4", [lying] * 8, rotation=(90, False))
    with VideoSource(path, max_side=max_side) as source, estimator(pose_model) as pose_of:
        for shown in source:
            pose = pose_of.estimate(shown)
    assert_joints(pose, person_joints(*SIZE), within_px=20)


@pytest.mark.model
def test_nobody_then_somebody_then_nobody(pose_model: ModelFile) -> None:
    empty = np.full((640, 480, 3), 190, np.uint8)
    pictures = [empty] * 3 + [person(*SIZE)] * 4 + [empty] * 3
    with estimator(pose_model) as pose_of:
        seen = [pose_of.estimate(frame(i, p)).seen for i, p in enumerate(pictures)]
    assert seen[:3] == [False] * 3
    assert seen[3:7] == [True] * 4
    assert seen[-1] is False


@pytest.mark.model
def test_frames_closer_than_a_millisecond_are_all_taken(pose_model: ModelFile) -> None:
    with estimator(pose_model) as pose_of:
        times = [pose_of.estimate(frame(i, person(*SIZE), fps=5000)).t_s for i in range(6)]
    assert times == [i / 5000 for i in range(6)]


@pytest.mark.model
def test_provenance_names_library_and_model(pose_model: ModelFile) -> None:
    import mediapipe

    with estimator(pose_model) as pose_of:
        assert pose_of.provenance == {
            "backend": "mediapipe",
            "version": mediapipe.__version__,
            "model": pose_model.path.stem,
            "variant": "custom",  # as it was named by its path
            "model_sha256": pose_model.sha256,
        }
        assert pose_of.skeleton is BLAZEPOSE


@pytest.mark.model
def test_nothing_of_its_chatter_reaches_the_terminal(pose_model: ModelFile) -> None:
    code = f"""
    import sys
    import numpy as np
    from pathlib import Path
    from formcheck.estimators.mediapipe_pose import MediaPipeOptions, MediaPipePose
    from formcheck.frame import Frame
    from tests.media import person
    empty = np.zeros((640, 480, 3), np.uint8)
    with MediaPipePose(MediaPipeOptions(model=Path({str(pose_model.path)!r}))) as pose_of:
        print("python's own", file=sys.stderr)
        for i, image in enumerate([empty, empty, person(), person(), empty, person()]):
            pose_of.estimate(Frame(i, i / 30, image, (480, 640)))
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[1],
    )
    assert done.stderr == "python's own\n"
    assert done.stdout == ""


def bundle(path: Path, detector: bytes = b"network", landmarks: bytes = b"network") -> Path:
    with zipfile.ZipFile(path, "w") as target:
        target.writestr("pose_detector.tflite", detector)
        target.writestr("pose_landmarks_detector.tflite", landmarks)
    return path


def test_a_bundle_of_rubbish_is_refused(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = bundle(tmp_path / "rubbish.task")
    with pytest.raises(BackendUnavailable) as caught:
        MediaPipePose(MediaPipeOptions(model=path))
    message = str(caught.value)
    assert f" could not start the pose model '{path}': " in message
    assert message.endswith(
        ". Use formcheck's own model, or install the mediapipe version that formcheck asks for."
    )
    assert capfd.readouterr().err == ""


@pytest.mark.model
def test_networks_that_do_not_fit_fail_in_words_and_can_be_closed(
    tmp_path: Path, pose_model: ModelFile, capfd: pytest.CaptureFixture[str]
) -> None:
    with zipfile.ZipFile(pose_model.path) as good:
        detector, landmarks = (
            good.read(f"{name}.tflite") for name in ("pose_detector", "pose_landmarks_detector")
        )
    path = bundle(tmp_path / "swapped.task", detector=landmarks, landmarks=detector)
    with (
        pytest.raises(BackendUnavailable, match=r"^MediaPipe failed on the picture at 0\.00 s: "),
        MediaPipePose(MediaPipeOptions(model=path)) as pose_of,
    ):
        pose_of.estimate(frame(0, person(*SIZE)))
    gc.collect()  # its finalizer must not close it a second time
    assert capfd.readouterr().err == ""


def test_a_missing_model_is_said_before_mediapipe_is_loaded(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing):
        MediaPipePose(MediaPipeOptions(model=tmp_path / "gone.task"))


def test_a_mediapipe_that_does_not_import(tmp_path: Path) -> None:
    path = bundle(tmp_path / "model.task")
    code = f"""
    import sys
    sys.modules["mediapipe"] = None
    from pathlib import Path
    from formcheck.errors import BackendUnavailable
    from formcheck.estimators.mediapipe_pose import MediaPipeOptions, MediaPipePose
    try:
        MediaPipePose(MediaPipeOptions(model=Path({str(path)!r})))
    except BackendUnavailable as error:
        print(error)
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[1],
    )
    assert done.stdout == (
        "MediaPipe, which finds the person in a picture, could not be loaded: import of mediapipe "
        "halted; None in sys.modules. Install it again: python -m pip install --force-reinstall "
        "'mediapipe>=1.2'.\n"
    )
