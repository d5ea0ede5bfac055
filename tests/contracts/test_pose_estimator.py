"""What every `PoseEstimator` promises, run over every implementation."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from formcheck.estimators.base import PoseEstimator
from formcheck.estimators.fake import FakePose
from formcheck.estimators.mediapipe_pose import MediaPipeOptions, MediaPipePose
from formcheck.estimators.model_store import ModelFile
from formcheck.estimators.replay import RecordedPoses
from formcheck.frame import Frame
from formcheck.pose import BLAZEPOSE, Pose, PoseTrack
from tests.media import person

EMPTY = np.full((320, 240, 3), 190, np.uint8)
PERSON = person(240, 320)


def real(request: pytest.FixtureRequest) -> PoseEstimator:
    model: ModelFile = request.getfixturevalue("pose_model")
    return MediaPipePose(MediaPipeOptions(model=model.path))


def fake(request: pytest.FixtureRequest) -> PoseEstimator:  # noqa: ARG001 - like the other
    rng = np.random.default_rng(1)
    poses = [
        Pose(0.0, rng.uniform(0, 240, (33, 2)), rng.normal(size=(33, 3)), rng.uniform(size=33))
        for _ in range(6)
    ]
    return FakePose(poses)


def recorded(request: pytest.FixtureRequest) -> PoseEstimator:
    original = fake(request)
    poses = [original.estimate(frame) for frame in frames(6)]
    made_by = {**original.provenance, "model_saw_px": [[240, 320]]}
    return RecordedPoses(PoseTrack.from_poses(poses, (240, 320), {"estimator": made_by}))


ESTIMATORS = [pytest.param(real, marks=pytest.mark.model), fake, recorded]

Make = Callable[[pytest.FixtureRequest], PoseEstimator]


@pytest.fixture(params=ESTIMATORS)
def estimator(request: pytest.FixtureRequest) -> PoseEstimator:
    make: Make = request.param
    return make(request)


def frames(count: int) -> list[Frame]:
    return [Frame(i, i / 30, PERSON, (240, 320)) for i in range(count)]


def test_a_pose_has_the_time_of_its_frame_and_the_skeleton_s_landmarks(
    estimator: PoseEstimator,
) -> None:
    with estimator:
        for frame in frames(6):
            pose = estimator.estimate(frame)
            assert pose.t_s == frame.t_s
            assert pose.skeleton == estimator.skeleton
            assert pose.image_px.shape == (len(estimator.skeleton.names), 2)
            assert pose.seen
            assert np.isfinite(pose.image_px).all()
            assert np.isfinite(pose.world_m).all()
            assert ((pose.visibility >= 0) & (pose.visibility <= 1)).all()


def test_nobody_is_nan_and_never_zero(estimator: PoseEstimator) -> None:
    with estimator:
        for frame in frames(6):
            estimator.estimate(frame)
        for i in range(6, 12):
            pose = estimator.estimate(Frame(i, i / 30, EMPTY, (240, 320)))
    assert not pose.seen
    assert np.isnan(pose.image_px).all()
    assert np.isnan(pose.world_m).all()
    assert (pose.visibility == 0).all()
    assert pose.t_s == 11 / 30


def test_it_can_be_named_exactly(estimator: PoseEstimator) -> None:
    with estimator:
        provenance = estimator.provenance
        assert set(provenance) >= {"backend", "version", "model", "variant", "model_sha256"}
        assert all(isinstance(value, str) for value in provenance.values())
        assert estimator.skeleton == BLAZEPOSE


def test_closing_twice_and_using_it_afterwards(estimator: PoseEstimator) -> None:
    estimator.close()
    estimator.close()
    with pytest.raises(RuntimeError, match=r"estimate\(\) was called on an estimator that is"):
        estimator.estimate(frames(1)[0])


def test_the_picture_is_not_changed(estimator: PoseEstimator) -> None:
    with estimator:
        frame = frames(1)[0]
        before = frame.image.copy()
        estimator.estimate(frame)
    np.testing.assert_array_equal(frame.image, before)
