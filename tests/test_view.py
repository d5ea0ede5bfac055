"""Views of a figure whose direction is known."""

from __future__ import annotations

import math

import pytest

from formcheck.pose import Pose
from formcheck.sources.synthetic import STANDING, StickFigure
from formcheck.view import ViewEstimator, ViewSummary, folded_deg, view_from_yaw


@pytest.mark.parametrize(
    ("yaw", "name", "facing"),
    [
        (0, "front", "camera"),
        (25, "front", "camera"),
        (45, "oblique", "right"),
        (-45, "oblique", "left"),
        (90, "side-right", "right"),  # who looks to the right shows the right side
        (-90, "side-left", "left"),
        (-115, "side-left", "left"),
        (135, "oblique", "right"),
        (180, "rear", "away"),
        (-160, "rear", "away"),
    ],
)
def test_view_of_a_standing_figure(yaw: float, name: str, facing: str) -> None:
    view = ViewEstimator().feed(StickFigure(yaw_deg=yaw).pose(0.0, STANDING))
    assert (view.name, view.facing) == (name, facing)
    assert math.cos(math.radians(view.yaw_deg - yaw)) == pytest.approx(1.0)
    assert view.confidence == 1.0


@pytest.mark.parametrize("yaw", [10, 60, 100, 170])
def test_mirroring_swaps_left_and_right(yaw: float) -> None:
    pose = StickFigure(yaw_deg=yaw).pose(0.0, STANDING)
    there = ViewEstimator().feed(pose)
    back = ViewEstimator().feed(pose.mirrored(640))
    swap = {"side-left": "side-right", "side-right": "side-left"}
    assert back.name == swap.get(there.name, there.name)
    assert back.yaw_deg == pytest.approx(-there.yaw_deg)


def test_nobody_has_no_view() -> None:
    assert ViewEstimator().feed(Pose.nobody(0.0)).name == "unknown"
    assert view_from_yaw(math.nan, 1.0).name == "unknown"


def test_a_turn_is_followed_within_a_second() -> None:
    estimator = ViewEstimator()
    for i in range(30):
        estimator.feed(StickFigure(yaw_deg=0).pose(i / 30, STANDING))
    for i in range(30, 75):
        view = estimator.feed(StickFigure(yaw_deg=90).pose(i / 30, STANDING))
    assert view.name == "side-right"


def test_one_wild_frame_changes_nothing() -> None:
    estimator = ViewEstimator()
    for i in range(30):
        yaw = -90 if i == 28 else 90
        view = estimator.feed(StickFigure(yaw_deg=yaw).pose(i / 30, STANDING))
    assert view.name == "side-right"


def test_summary_is_the_view_most_of_the_time_and_less_sure_after_turning() -> None:
    steady, turning = ViewSummary(), ViewSummary()
    for i in range(100):
        steady.feed(view_from_yaw(90, 1.0), 0.1)
        turning.feed(view_from_yaw(90 if i < 70 else 0, 1.0), 0.1)
    assert steady.view().confidence == pytest.approx(1.0)
    assert turning.view().name == "side-right"
    assert turning.view().confidence < 0.8
    assert ViewSummary().view().name == "unknown"


@pytest.mark.parametrize(("yaw", "fold"), [(0, 0), (-100, 80), (180, 0), (90, 90), (-45, 45)])
def test_folded(yaw: float, fold: float) -> None:
    assert folded_deg(yaw) == fold
