"""One look-out for all clips of a process finds what a new one for each clip finds."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from formcheck.errors import BackendUnavailable
from formcheck.estimators.exerciser import Lookout
from formcheck.estimators.mediapipe_pose import MediaPipePeople
from formcheck.estimators.model_store import ModelFile
from formcheck.frame import Frame
from formcheck.pose import Pose
from formcheck.sources.video import VideoSource

SAMPLE = Path(__file__).parents[1] / "samples/squat/clip.mp4"


class Finder:
    """Finds one person for each picture it has looked at, until it breaks."""

    def __init__(self, lasts: int = 99) -> None:
        self.looks, self.closed, self._lasts = 0, 0, lasts

    def look(self, frame: Frame) -> list[Pose]:
        self.looks += 1
        if self.looks > self._lasts:
            msg = "gone"
            raise BackendUnavailable(msg)
        return [Pose.nobody(frame.t_s)] * self.looks

    def close(self) -> None:
        self.closed += 1


def frame(t_s: float) -> Frame:
    return Frame(0, t_s, np.zeros((4, 4, 3), np.uint8), (4, 4))


def test_it_is_started_once_and_outlives_its_streams() -> None:
    made: list[Finder] = []

    def start() -> Finder:
        made.append(Finder())
        return made[-1]

    with Lookout() as lookout:
        for stream in (1, 2, 3):
            finder = lookout.borrow(start)
            assert len(finder.look(frame(0.0))) == stream
            finder.close()
        assert len(made) == 1
        assert made[0].closed == 0
    lookout.close()
    assert made[0].closed == 1


def test_one_that_gave_up_is_not_used_again() -> None:
    made = [Finder(), Finder(lasts=0)]
    broken = made[1]
    lookout = Lookout()
    finder = lookout.borrow(made.pop)
    with pytest.raises(BackendUnavailable, match="gone"):
        finder.look(frame(0.0))
    assert broken.closed == 1
    assert len(lookout.borrow(made.pop).look(frame(1.0))) == 1


@pytest.mark.model
def test_what_it_finds_does_not_depend_on_what_it_saw_before(pose_model: ModelFile) -> None:
    with VideoSource(SAMPLE) as source:
        pictures = [one for one, _ in zip(source, range(60), strict=False)][::20]
    others = [Frame(0, 0.0, f.image[::2, ::-2].copy(), f.size_px) for f in pictures]
    with Lookout() as lookout:
        for one, other in zip(pictures, others, strict=True):
            lookout.borrow(lambda: MediaPipePeople(pose_model.path)).look(other)
            kept = lookout.borrow(lambda: MediaPipePeople(pose_model.path)).look(one)
            with MediaPipePeople(pose_model.path) as new:
                fresh = new.look(one)
            assert len(kept) == len(fresh) > 0
            for a, b in zip(kept, fresh, strict=True):
                np.testing.assert_array_equal(a.image_px, b.image_px)
                np.testing.assert_array_equal(a.world_m, b.world_m)
                np.testing.assert_array_equal(a.visibility, b.visibility)
