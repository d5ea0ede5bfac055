"""Postures of bodies that are placed by hand, from every side, and over time."""

from __future__ import annotations

import math

import pytest

from formcheck.analyzer import Analyzer
from formcheck.exercises.load import load_exercise
from formcheck.frame import SourceInfo
from formcheck.pose import Pose
from formcheck.posture import LYING, POSTURES, PostureEstimator, PostureSummary, mismatch, opinions
from formcheck.refine.body import Body
from formcheck.results import UNKNOWN_POSTURE, Posture
from tests import bodies
from tests.bodies import SIZE_PX, Leg, Shape, body_pose

SHAPES = {
    "standing": "standing",
    "bent_over": "standing",
    "seated": "seated",
    "on_the_floor": "seated",
    "kneeling": "kneeling",
    "half_kneeling": "kneeling",
    "all_fours": "all-fours",
    "flat": "supine",
    "crook": "supine",
    "bridge": "supine",
    "prone": "prone",
    "on_the_side": "side-lying",
}
SIDEWAYS = (90.0, -90.0, 60.0, -120.0)
ROUND = (*SIDEWAYS, 0.0, 180.0, 30.0, -150.0)


def shape(name: str) -> Shape:
    return getattr(bodies, name.upper())  # type: ignore[no-any-return]


def watch(estimator: PostureEstimator, what: Shape, yaw_deg: float) -> Posture:
    for i in range(30):
        pose = body_pose(i / 10, what, yaw_deg)
        posture = estimator.feed(Body(pose, SIZE_PX))
    return posture


@pytest.mark.parametrize("yaw_deg", ROUND)
@pytest.mark.parametrize(("name", "expected"), SHAPES.items())
def test_postures_from_all_sides(name: str, expected: str, yaw_deg: float) -> None:
    posture = watch(PostureEstimator(), shape(name), yaw_deg)
    assert posture.name == expected
    assert posture.confidence > 0.8


@pytest.mark.parametrize(("name", "expected"), SHAPES.items())
def test_mirroring_changes_no_posture(name: str, expected: str) -> None:
    pose = body_pose(0.0, shape(name), 60.0)
    there = opinions(Body(pose, SIZE_PX))
    mirrored = opinions(Body(pose.mirrored(SIZE_PX[0]), SIZE_PX))
    assert mirrored == pytest.approx(there)
    assert max(there, key=lambda n: there[n]) == expected


@pytest.mark.parametrize(
    ("yaw_deg", "head"), [(90.0, "left"), (-90.0, "right"), (0.0, "far"), (180.0, "near")]
)
def test_where_the_head_of_somebody_lying_is(yaw_deg: float, head: str) -> None:
    assert watch(PostureEstimator(), bodies.CROOK, yaw_deg).head == head


def test_only_who_lies_has_a_head_somewhere() -> None:
    for name, expected in SHAPES.items():
        head = watch(PostureEstimator(), shape(name), 90.0).head
        assert (head != "unknown") == (expected in LYING), name


def test_the_bottom_of_a_squat_is_not_called_sitting() -> None:
    estimator = PostureEstimator()
    names = set()
    for i in range(240):
        deep = (1 - math.cos(i / 30 * math.pi)) / 2
        leg = Leg(180.0 - 80.0 * deep, 180.0 + 30.0 * deep)
        pose = body_pose(i / 30, Shape(trunk_deg=35.0 * deep).with_legs(leg))
        # Feet stay where they are: the hips sink in the picture.
        drop = pose.image_px[pose.skeleton.index["left_ankle"], 1]
        pose.image_px[:, 1] += 400.0 - drop
        names.add(estimator.feed(Body(pose, SIZE_PX)).name)
    assert names <= {"standing", "unknown"}


def test_between_two_postures_it_is_unknown_for_a_while_only() -> None:
    estimator = PostureEstimator()
    assert watch(estimator, bodies.STANDING, 90.0).name == "standing"
    names = []
    for i in range(60):
        pose = body_pose(3.0 + i / 30, bodies.FLAT, 90.0)
        names.append(estimator.feed(Body(pose, SIZE_PX)).name)
    assert names[0] == "standing"
    assert "unknown" in names
    assert names[30:] == ["supine"] * 30


def test_who_comes_back_after_a_while_is_looked_at_afresh() -> None:
    estimator = PostureEstimator()
    watch(estimator, bodies.STANDING, 90.0)
    assert estimator.feed(Body(Pose.nobody(4.0), SIZE_PX)) == UNKNOWN_POSTURE
    there = estimator.feed(Body(body_pose(5.0, bodies.PRONE), SIZE_PX))
    assert there.name == "prone"


def test_legs_out_of_the_picture_are_no_ground_for_a_posture() -> None:
    pose = body_pose(0.0, bodies.SEATED)
    for side in ("left", "right"):
        for part in ("knee", "ankle"):
            pose.image_px[pose.skeleton.index[f"{side}_{part}"], 1] += 400
    fits = opinions(Body(pose, SIZE_PX))
    assert all(fits[name] == 0.0 for name in ("standing", "seated", "kneeling", "all-fours"))


def test_a_trunk_that_leans_half_way_is_unknown() -> None:
    reclined = Shape(trunk_deg=-52.0).with_legs(Leg(45.0, 135.0))
    assert watch(PostureEstimator(), reclined, 90.0).name == "unknown"


def test_a_clips_posture_is_the_one_held_longest() -> None:
    summary = PostureSummary()
    assert summary.posture() == UNKNOWN_POSTURE
    for posture, dt_s in (
        (Posture("supine", 0.9, "left"), 3.0),
        (Posture("supine", 0.9, "unknown"), 1.0),
        (Posture("standing", 1.0), 2.0),
        (UNKNOWN_POSTURE, 4.0),
    ):
        summary.feed(posture, dt_s)
    assert summary.posture() == Posture("supine", 0.4, "left")


@pytest.mark.parametrize(
    ("posture", "said"),
    [
        (Posture("supine", 0.9), "This is done standing, but you were mostly lying on the back."),
        (Posture("supine", 0.3), ""),
        (Posture("standing", 0.9), ""),
        (UNKNOWN_POSTURE, ""),
    ],
)
def test_a_posture_that_does_not_fit_is_mentioned(posture: Posture, said: str) -> None:
    assert mismatch(posture, ("standing",)) == said


def test_the_report_tells_the_posture_and_warns() -> None:
    squat = load_exercise("squat")
    analyzer = Analyzer(squat, SIZE_PX)
    ticks = [analyzer.feed(body_pose(i / 30, bodies.CROOK)) for i in range(60)]
    report = analyzer.finish(SourceInfo("made up", 2.0, 60, 30.0, *SIZE_PX, 0, ""))
    assert ticks[-1].posture.name == report.posture.name == "supine"
    assert report.quality.warnings == (
        f"This is done standing, but you were mostly lying on the back. {squat.camera}",
    )


def test_every_posture_has_a_test() -> None:
    assert set(SHAPES.values()) == set(POSTURES)
