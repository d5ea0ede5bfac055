"""Somebody is followed anew at fixed moments, by who has watched for a while and agrees."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from formcheck.closing import Closing
from formcheck.estimators.following import FollowingPose
from formcheck.frame import Frame
from formcheck.pose import BLAZEPOSE, Pose, Skeleton
from formcheck.sources.synthetic import Squat, StickFigure, squats

ONE = squats(StickFigure(), [Squat()])[0]
T_S = [i / 10 for i in range(120)]
IMAGE = np.zeros((4, 4, 3), np.uint8)


class Tracker(Closing):
    """Sees somebody some pixels to the right, and remembers which frames it was shown."""

    def __init__(self, right_px: float) -> None:
        self.right_px, self.times, self.closed = right_px, list[float](), False

    @property
    def skeleton(self) -> Skeleton:
        return BLAZEPOSE

    @property
    def provenance(self) -> Mapping[str, Any]:
        return {}

    def estimate(self, frame: Frame) -> Pose:
        assert not self.closed
        self.times.append(frame.t_s)
        return replace(ONE, t_s=frame.t_s, image_px=ONE.image_px + np.array([self.right_px, 0.0]))

    def close(self) -> None:
        self.closed = True


class Nobody(Closing):
    def look(self, frame: Frame) -> list[Pose]:  # noqa: ARG002
        return []

    def close(self) -> None:
        pass


def follow(
    rights_px: Sequence[float], anew_s: float, times: Sequence[float] = T_S
) -> tuple[list[float], list[Tracker]]:
    """Return how far right somebody was seen in each frame, and the trackers."""
    made: list[Tracker] = []

    def track() -> Tracker:
        made.append(Tracker(rights_px[len(made)]))
        return made[-1]

    with FollowingPose(track, Nobody, anew_s=anew_s) as estimator:
        poses = [estimator.estimate(Frame(i, t, IMAGE, (640, 480))) for i, t in enumerate(times)]
    assert all(tracker.closed for tracker in made)
    return [float((p.image_px - ONE.image_px)[0, 0].round(6)) for p in poses], made


def test_a_new_one_takes_over_at_the_moment_and_has_warmed_up() -> None:
    seen, made = follow([0.0, 1.0, 2.0], 5.0)
    assert seen == [0.0] * 50 + [1.0] * 50 + [2.0] * 20
    assert [(one.times[0], one.times[-1]) for one in made] == [(0.0, 4.9), (4.0, 9.9), (9.0, 11.9)]


def test_a_new_one_that_sees_something_else_does_not_take_over() -> None:
    seen, made = follow([0.0, 100.0, 2.0], 5.0)
    assert seen == [0.0] * 100 + [2.0] * 20
    assert made[1].times == T_S[40:50]


def test_a_part_that_begins_with_the_warm_up_goes_on_as_the_whole_does() -> None:
    _, made = follow([0.0, 1.0, 2.0], 5.0)
    seen, part = follow([1.0, 2.0], 5.0, T_S[40:])
    assert seen == [1.0] * 60 + [2.0] * 20
    assert [one.times for one in part] == [one.times for one in made[1:]]


@pytest.mark.parametrize(
    ("anew_s", "times"),
    [
        (math.inf, T_S),
        (60.0, T_S),
        # Nothing is shown in the second before the moment: there is nobody to take over.
        (5.0, [t for t in T_S if t < 3.9 or 5.0 < t < 8.9]),
    ],
)
def test_otherwise_the_same_one_stays(anew_s: float, times: list[float]) -> None:
    seen, made = follow([0.0], anew_s, times)
    assert seen == [0.0] * len(times)
    assert len(made) == 1
