"""What has to be put right before it begins, on bodies whose place and posture are known."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from formcheck.coaching.readiness import PATIENCE_S, Readiness, ReadinessCheck, Sight, wanted_view
from formcheck.exercises.definition import Exercise
from formcheck.exercises.load import load_exercise
from formcheck.pose import Pose
from formcheck.results import Unjudged
from tests import bodies
from tests.bodies import SIZE_PX, body_pose

SQUAT, BRIDGE = load_exercise("squat"), load_exercise("bridge")
OPEN = (Unjudged("SQ02", "Knees in line", "can't be judged from the side: face the camera"),)

Change = Callable[[Pose], Pose]


def standing(t_s: float, yaw_deg: float = 90.0, shape: bodies.Shape = bodies.STANDING) -> Pose:
    """Somebody who fills most of the picture."""
    return scaled(1.6, down=-80)(body_pose(t_s, shape, yaw_deg))


def scaled(by: float, right: float = 0.0, down: float = 0.0) -> Change:
    middle = np.array(SIZE_PX) / 2

    def change(pose: Pose) -> Pose:
        image = (pose.image_px - middle) * by + middle + np.array([right, down])
        return replace(pose, image_px=image)

    return change


def turned(roll_deg: float = 0.0, pitch_deg: float = 0.0) -> Change:
    """As a camera sees it that is tilted sideways, or looks up (positive) or down."""
    roll, pitch = math.radians(roll_deg), math.radians(pitch_deg)
    about_z = np.array([[math.cos(roll), -math.sin(roll)], [math.sin(roll), math.cos(roll)]])
    about_x = np.array(
        [
            [1.0, 0.0, 0.0],
            [0.0, math.cos(pitch), math.sin(pitch)],
            [0.0, -math.sin(pitch), math.cos(pitch)],
        ]
    )
    middle = np.array(SIZE_PX) / 2

    def change(pose: Pose) -> Pose:
        image = (pose.image_px - middle) @ about_z.T + middle
        return replace(pose, image_px=image, world_m=pose.world_m @ about_x.T)

    return change


def unseen(*parts: str) -> Change:
    def change(pose: Pose) -> Pose:
        visibility = pose.visibility.copy()
        for name, i in pose.skeleton.index.items():
            if any(part in name for part in parts):
                visibility[i] = 0.05
        return replace(pose, visibility=visibility)

    return change


def after(
    seconds: float,
    change: Change = lambda pose: pose,
    *,
    exercise: str = "squat",
    of: Exercise | None = None,
    shape: bodies.Shape = bodies.STANDING,
    yaw_deg: float = 90.0,
    **sight: object,
) -> Readiness:
    """What is said after so many seconds of the same sight, ten a second."""
    check = ReadinessCheck(of or load_exercise(exercise), SIZE_PX)
    for i in range(round(10 * seconds) + 1):
        pose = change(standing(i / 10, yaw_deg, shape))
        ready = check.feed(Sight(pose, **{"light": 0.5, **sight}))  # type: ignore[arg-type]
    return ready


def test_who_stands_well_is_ready() -> None:
    ready = after(2.0)
    assert (ready.problem, ready.advice) == ("", ())
    assert ready.ready_s == pytest.approx(1.4, abs=0.11)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda pose: Pose.nobody(pose.t_s), "nobody"),
        (scaled(1.0, down=60), "feet"),
        (scaled(1.0, down=190), "legs"),
        (unseen("ankle", "toe", "heel"), "feet"),
        (unseen("ankle", "toe", "heel", "knee"), "legs"),
        (scaled(3.5), "close"),
        (scaled(0.12), "too_far"),
    ],
    ids=["nobody", "feet", "legs", "feet hidden", "legs hidden", "close", "far"],
)
def test_one_thing_to_be_put_right(change: Change, problem: str) -> None:
    ready = after(2.0, change)
    assert (ready.problem, ready.ready_s) == (problem, 0.0)


def test_more_than_one_person() -> None:
    several = after(2.0, people=2)
    assert (several.problem, several.advice) == ("", ("several",)), "it stops nobody"
    assert after(2.0, people=1).advice == ()


def test_dark_is_a_problem_only_if_nobody_can_be_seen() -> None:
    assert after(2.0, lambda pose: Pose.nobody(pose.t_s), light=0.05).problem == "dark"
    ready = after(2.0, light=0.05)
    assert (ready.problem, ready.advice) == ("", ("dark",))
    assert ready.ready_s > 1


def test_lying_is_asked_for_where_the_exercise_is_done_lying() -> None:
    assert after(2.0, exercise="bridge").problem == "posture"
    assert after(2.0, scaled(0.8), exercise="bridge", shape=bodies.CROOK).problem == ""
    assert after(2.0, scaled(0.8), shape=bodies.CROOK).problem == "posture"


@pytest.mark.parametrize(
    ("change", "advice"),
    [
        (scaled(1.0, down=-120), "head"),
        (scaled(0.3), "far"),
        (turned(roll_deg=14), "tilted"),
        (turned(roll_deg=-14), "tilted"),
        (turned(pitch_deg=-25), "high"),
        (turned(pitch_deg=25), "low"),
    ],
    ids=["head", "far", "tilted right", "tilted left", "high", "low"],
)
def test_advice_stops_nobody(change: Change, advice: str) -> None:
    ready = after(3.0, change)
    assert ready.problem == ""
    assert ready.ready_s > 0
    assert advice in ready.advice


def test_a_camera_that_is_nearly_straight_is_not_corrected() -> None:
    for change in (turned(roll_deg=5), turned(pitch_deg=-12), turned(pitch_deg=10)):
        assert after(3.0, change).advice == ()


def test_turning_is_asked_for_only_if_more_can_be_judged_then() -> None:
    assert after(2.0, yaw_deg=0.0, unjudged=OPEN).advice == ("turn_side",)
    assert after(2.0, yaw_deg=90.0, unjudged=OPEN).advice == ()
    assert after(2.0, yaw_deg=0.0).advice == ()
    front = [c for c in SQUAT.criteria if c.question.measure.startswith("knee_separation")]
    facing = replace(SQUAT, criteria=(*front, *front, *front))
    assert wanted_view(facing) == "front"
    assert after(2.0, yaw_deg=90.0, unjudged=OPEN, of=facing).advice == ("turn_front",)
    assert after(2.0, yaw_deg=0.0, unjudged=OPEN, of=facing).advice == ()
    lying = {"exercise": "bridge", "shape": bodies.CROOK, "unjudged": OPEN}
    assert "turn_camera" in after(2.0, scaled(0.8), yaw_deg=20.0, **lying).advice  # type: ignore[arg-type]


def test_where_most_is_judged_from() -> None:
    assert wanted_view(SQUAT) == "side"
    assert wanted_view(BRIDGE) == "side"
    assert wanted_view(load_exercise("pelvic-tilt")) == "any"


def test_a_flicker_changes_nothing() -> None:
    check = ReadinessCheck(SQUAT, SIZE_PX)
    said = []
    for i in range(40):
        pose = Pose.nobody(i / 10) if i in (20, 21) else standing(i / 10)
        said.append(check.feed(Sight(pose, light=0.5)).problem)
    assert said[:6] == ["look"] * 6
    assert set(said[6:]) == {""}


def test_a_difficulty_that_stays_is_passed_over_at_last() -> None:
    assert after(PATIENCE_S - 1, scaled(1.0, down=60)).problem == "feet"
    ready = after(PATIENCE_S + 3, scaled(1.0, down=60))
    assert (ready.problem, ready.anyway) == ("", True)
    assert after(PATIENCE_S + 3, lambda pose: Pose.nobody(pose.t_s)).problem == "nobody"


def test_somebody_may_go_on_at_once() -> None:
    check = ReadinessCheck(SQUAT, SIZE_PX)
    low = scaled(1.0, down=60)
    for i in range(20):
        ready = check.feed(Sight(low(standing(i / 10)), light=0.5))
    assert ready.problem == "feet"
    check.forgive()
    for i in range(20, 40):
        ready = check.feed(Sight(low(standing(i / 10)), light=0.5))
    assert ready.problem == ""
