"""Which frames show a position, and holds of people placed by hand."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import pytest

from formcheck.analyzer import Analyzer
from formcheck.exercises.load import load_exercise, parse_exercise
from formcheck.frame import SourceInfo
from formcheck.holds import HoldRule
from formcheck.in_position import Condition, HoldKeeper, HoldPlan, fit_of
from formcheck.pose import Pose
from formcheck.refine.plain import PlainAngles
from formcheck.results import (
    UNKNOWN_POSTURE,
    UNSEEN,
    Bound,
    Posture,
    Reading,
    Report,
    Status,
    Tick,
)
from formcheck.settling import Fit
from tests import bodies
from tests.bodies import SIZE_PX, Shape, body_pose, figure_four

FOUR = load_exercise("figure-four")
INFO = SourceInfo("made up", 0.0, 0, 0.0, *SIZE_PX, 0, "")

BENT = (Condition("knee_bend_deg", Bound(low=60.0), Bound(low=50.0)),)
CROSSED = (
    Condition("ankle_ratio", Bound(high=0.4), Bound(high=0.6), "working"),
    Condition("knee_flexion_deg", Bound(low=40.0), Bound(low=30.0), "other"),
)


@pytest.mark.parametrize(
    ("value", "sigma", "fit"),
    [
        (70.0, 1.0, Fit.INSIDE),
        (60.0, 50.0, Fit.INSIDE),
        (55.0, 1.0, Fit.EDGE),
        (49.9, 1.0, Fit.EDGE),
        (48.0, 1.0, Fit.OUTSIDE),
        (48.0, 9.0, Fit.EDGE),
        (20.0, 9.0, Fit.OUTSIDE),
        (math.nan, math.nan, Fit.UNSEEN),
    ],
)
def test_who_is_only_doubtfully_out_of_a_position_is_still_in(
    value: float, sigma: float, fit: Fit
) -> None:
    assert fit_of(BENT, {"knee_bend_deg": Reading(value, sigma)}) is fit


@pytest.mark.parametrize(
    ("left", "right", "fit"),
    [
        (Reading(70.0, 1.0), Reading(60.0, 1.0), Fit.INSIDE),  # 65 together
        (Reading(70.0, 1.0), Reading(45.0, 1.0), Fit.EDGE),  # 57.5
        (Reading(70.0, 1.0), UNSEEN, Fit.INSIDE),  # the one that is seen
        (UNSEEN, Reading(20.0, 1.0), Fit.OUTSIDE),
        (UNSEEN, UNSEEN, Fit.UNSEEN),
    ],
)
def test_both_sides_together_are_their_mean(left: Reading, right: Reading, fit: Fit) -> None:
    bent = (Condition("knee_flexion_deg", Bound(low=60.0), Bound(low=50.0), "mean"),)
    readings = {"left_knee_flexion_deg": left, "right_knee_flexion_deg": right}
    assert fit_of(bent, readings, "both") is fit


def test_a_position_of_one_side_asks_for_both_legs() -> None:
    readings = {
        "left_ankle_ratio": Reading(0.1, 0.05),
        "right_knee_flexion_deg": Reading(90.0, 5.0),
        "right_ankle_ratio": Reading(1.0, 0.05),
        "left_knee_flexion_deg": Reading(90.0, 5.0),
    }
    assert fit_of(CROSSED, readings, "left") is Fit.INSIDE
    assert fit_of(CROSSED, readings, "right") is Fit.OUTSIDE
    straight = readings | {"right_knee_flexion_deg": Reading(10.0, 5.0)}
    assert fit_of(CROSSED, straight, "left") is Fit.OUTSIDE
    unseen = readings | {"right_knee_flexion_deg": Reading(math.nan, math.nan)}
    assert fit_of(CROSSED, unseen, "left") is Fit.UNSEEN
    # What is surely no figure-four stays none, whatever else is not seen.
    assert fit_of(CROSSED, unseen | {"left_ankle_ratio": Reading(1.0, 0.1)}, "left") is Fit.OUTSIDE


# People

Part = tuple[float, Shape | None]


def poses(parts: Sequence[Part], yaw_deg: float = 60.0, fps: float = 15.0) -> Iterator[Pose]:
    start, frame = 0.0, 0
    for duration, shape in parts:
        while frame / fps < start + duration - 1e-9:
            t = frame / fps
            yield body_pose(t, shape, yaw_deg) if shape else Pose.nobody(t)
            frame += 1
        start += duration


def analyze(stream: Iterator[Pose]) -> tuple[list[Tick], Report]:
    # What was learned from people knows nothing of stick figures.
    analyzer = Analyzer(FOUR, SIZE_PX, refiner=PlainAngles())
    ticks = [analyzer.feed(pose) for pose in stream]
    return ticks, analyzer.finish(INFO)


def swapped(pose: Pose) -> Pose:
    """Left and right mixed up, as pose models do when legs cross: the same places, other names."""
    legs = [
        pose.skeleton.index[f"{side}_{part}"]
        for side in ("left", "right")
        for part in ("knee", "ankle", "heel", "toe")
    ]
    other = pose.skeleton.mirror[legs]
    image, world = pose.image_px.copy(), pose.world_m.copy()
    image[legs], world[legs] = image[other], world[other]
    return replace(pose, image_px=image, world_m=world)


SITTING = bodies.SEATED
LYING = bodies.CROOK
DOWN = {"seated": 0.0, "supine": -90.0}


@pytest.mark.parametrize("yaw_deg", [60.0, -60.0, 30.0, 90.0])
@pytest.mark.parametrize("side", ["left", "right"])
def test_a_figure_four_is_held_by_the_crossed_leg(side: str, yaw_deg: float) -> None:
    four = figure_four(side, lean_deg=30.0)
    ticks, report = analyze(poses([(3, SITTING), (8, four), (3, SITTING)], yaw_deg))
    (hold,) = report.holds
    assert hold.side == side
    assert hold.held_s == pytest.approx(8.0, abs=0.3)
    assert hold.start_s == pytest.approx(3.0, abs=0.3)
    assert hold.complete
    assert report.summary.holds == 1
    assert report.summary.sides == {"left": 0, "right": 0} | {side: 1}
    assert report.summary.best_hold_s == report.summary.held_s == hold.held_s
    assert report.exercise.of == "holds"
    assert report.quality.warnings == ()
    assert [tick.ended for tick in ticks if tick.ended] == [hold]


def test_lying_works_like_sitting() -> None:
    four = figure_four("right", pitched_deg=-100.0)
    _, report = analyze(poses([(2, LYING), (6, four), (3, LYING)]))
    (hold,) = report.holds
    assert (hold.side, report.posture.name) == ("right", "supine")
    assert hold.held_s == pytest.approx(6.0, abs=0.3)


def test_mirroring_swaps_the_sides_and_nothing_else() -> None:
    parts: list[Part] = [(2, SITTING), (5, figure_four("left", 30.0)), (3, SITTING)]
    _, there = analyze(poses(parts))
    _, mirrored = analyze(pose.mirrored(SIZE_PX[0]) for pose in poses(parts))
    (one,), (other,) = there.holds, mirrored.holds
    assert (one.side, other.side) == ("left", "right")
    assert (one.start_s, one.held_s) == (other.start_s, other.held_s)
    assert [v.status for v in one.verdicts] == [v.status for v in other.verdicts]
    # How surely angles are known is learnt, and not to the bit the same in a mirror.
    assert [v.value for v in one.verdicts] == pytest.approx(
        [v.value for v in other.verdicts], abs=1e-3
    )


def test_legs_that_are_mixed_up_for_moments_change_nothing() -> None:
    parts: list[Part] = [(2, SITTING), (8, figure_four("left", 30.0)), (3, SITTING)]
    _, plain = analyze(poses(parts))
    wrong = [(4.0, 4.5), (6.0, 6.1), (7.0, 7.6)]
    stream = (
        swapped(pose) if any(a <= pose.t_s < b for a, b in wrong) else pose for pose in poses(parts)
    )
    _, mixed = analyze(stream)
    (there,), (here,) = plain.holds, mixed.holds
    assert (here.side, here.pauses) == ("left", ())
    assert here.held_s == pytest.approx(there.held_s, abs=0.1)
    deep, deep_too = (next(v for v in h.verdicts if v.code == "FF02") for h in (there, here))
    assert deep_too.value == pytest.approx(deep.value, abs=1.0)


def test_sides_seen_about_as_often_are_unclear() -> None:
    parts: list[Part] = [(2, SITTING), (8, figure_four("left", 30.0)), (3, SITTING)]
    stream = (swapped(pose) if int(pose.t_s * 2) % 2 else pose for pose in poses(parts))
    _, report = analyze(stream)
    (hold,) = report.holds
    assert hold.side == "unclear"
    assert report.summary.sides["unclear"] == 1
    (deep,) = (v for v in hold.verdicts if v.code == "FF02")
    assert deep.status is Status.UNCLEAR
    assert deep.reason.startswith("can't tell which side is working")


def test_a_wobble_and_a_loss_and_a_walk_out_of_the_picture() -> None:
    four = figure_four("left", 30.0)
    _, report = analyze(
        poses(
            [(2, SITTING), (4, four), (0.8, SITTING), (4, four), (3, SITTING), (4, four), (3, None)]
        )
    )
    wobbled, left = report.holds
    assert wobbled.held_s == pytest.approx(8.0, abs=0.4)
    assert len(wobbled.pauses) == 1
    assert left.held_s == pytest.approx(4.0, abs=0.4)
    assert not left.complete
    assert left.reason == "it may have been longer: its end was not filmed"
    (long,) = (v for v in left.verdicts if v.code == "FF01")
    assert long.status is Status.UNCLEAR
    assert long.reason.startswith("its end was not filmed")


@pytest.mark.parametrize(
    "shape",
    [
        bodies.STANDING,
        bodies.SEATED,
        bodies.KNEELING,
        bodies.HALF_KNEELING,
        bodies.ALL_FOURS,
        bodies.CROOK,
        bodies.FLAT,
        bodies.BRIDGE,
        bodies.PRONE,
        bodies.ON_THE_SIDE,
        bodies.DEEP_SQUAT,
        bodies.ON_THE_FLOOR,
    ],
)
@pytest.mark.parametrize("yaw_deg", [0.0, 60.0, 90.0, 150.0])
def test_other_positions_are_none(shape: Shape, yaw_deg: float) -> None:
    ticks, report = analyze(poses([(4, shape)], yaw_deg, fps=10.0))
    assert report.holds == ()
    assert all(tick.hold is None for tick in ticks)
    assert FOUR.hold is not None
    assert FOUR.hold.missed in report.quality.warnings


def test_standing_on_one_leg_with_crossed_legs_is_another_posture() -> None:
    standing = replace(
        bodies.STANDING,
        at={"left_knee": (0.2, 0.3, -0.3), "left_ankle": (0.05, -0.1, -0.36)},
    )
    _, report = analyze(poses([(4, standing)]))
    assert report.holds == ()


@pytest.mark.parametrize(
    ("known", "since_s", "held_s"),
    [((0.0, 6.0), 0.0, 6.0), ((2.0, 3.0), 2.0, 4.0), ((9.0, 9.0), math.nan, 0.0)],
)
def test_a_hold_begins_in_a_known_posture_and_goes_on_in_an_unknown_one(
    known: tuple[float, float], since_s: float, held_s: float
) -> None:
    keeper = HoldKeeper(HoldPlan(HoldRule(1.0, 1.0, 5.0), BENT, None, False, ""), ("seated",))
    for t_s in np.arange(0.0, 6.05, 0.1):
        seated = known[0] <= t_s <= known[1]
        posture = Posture("seated", 0.9) if seated else UNKNOWN_POSTURE
        keeper.feed(float(t_s), {"knee_bend_deg": Reading(70.0, 1.0)}, posture)
    kept = keeper.finish()
    assert (kept.held_s if kept else 0.0) == pytest.approx(held_s, abs=0.01)
    assert (kept.start_s if kept else math.nan) == pytest.approx(since_s, abs=0.01, nan_ok=True)


def test_the_tick_tells_the_clock() -> None:
    four = figure_four("left", 30.0)
    ticks, _ = analyze(poses([(2, SITTING), (6, four), (3, SITTING)]))
    at = {round(tick.t_s, 2): tick for tick in ticks}
    assert at[1.0].hold is None
    assert at[1.0].holds == 0
    state = at[6.0].hold
    assert state is not None
    assert (state.side, state.goal_s, state.paused) == ("left", 20.0, False)
    assert state.held_s == pytest.approx(4.0, abs=0.3)
    assert at[6.0].progress == pytest.approx(0.2, abs=0.02)
    assert at[6.0].reps == 0
    clock = [tick.hold.held_s for tick in ticks if tick.hold]
    assert np.all(np.diff(clock) >= 0)
    assert at[10.0].holds == 1
    assert at[10.0].last_hold is not None


def test_a_hold_of_both_sides_together() -> None:
    text = """
schema = "formcheck.exercise/1"
id = "wall-sit"
name = "Wall sit"
summary = "Sit against a wall."
camera = "Side-on."
postures = ["standing", "seated"]

[hold]
min_s = 2
wobble_s = 1
goal_s = 30
missed = "Nobody sat down."

[hold.depth]
measure = "knee_flexion_deg"
sides = "mean"
still = 10

[[hold.position]]
measure = "knee_flexion_deg"
sides = "mean"
enter = { at_least = 70 }
stay = { at_least = 60 }

[[hold.position]]
measure = "trunk_inclination_deg"
enter = { at_most = 20 }
stay = { at_most = 30 }

[[criterion]]
code = "WS01"
name = "Long"
measure = "held_s"
at_least = 4
cue = "A little longer"
why = "Because."
basis = "coaching convention"
references = []

[[criterion]]
code = "WS02"
name = "Upright"
measure = "trunk_inclination_deg"
during = "hold"
reduce = "median"
at_most = 40
cue = "Back against the wall"
why = "Because."
basis = "coaching convention"
references = []
"""
    exercise = parse_exercise(text.encode(), "wall-sit.toml")
    analyzer = Analyzer(exercise, SIZE_PX)
    for pose in poses([(2, bodies.STANDING), (6, bodies.SEATED), (3, bodies.STANDING)], 90.0):
        analyzer.feed(pose)
    report = analyzer.finish(INFO)
    (hold,) = report.holds
    assert (hold.side, report.summary.sides) == ("both", {})
    assert hold.held_s == pytest.approx(6.0, abs=0.4)
    assert [v.status for v in hold.verdicts] == [Status.PASS, Status.PASS]
    assert hold.score == 100.0
    assert hold.measures["sway_ratio"].value < 0.2


def test_a_clip_that_begins_in_position_has_no_seen_beginning() -> None:
    four = figure_four("left", 30.0)
    (held,) = analyze(poses([(11, four), (3, SITTING)]))[1].holds
    assert not held.complete
    assert held.verdicts[0].status is not Status.FAIL


def test_a_hold_that_ends_with_the_clip_has_its_side_in_the_summary() -> None:
    four = figure_four("left", 30.0)
    report = analyze(poses([(2, SITTING), (6, four)]))[1]
    assert [hold.side for hold in report.holds] == ["left"]
    assert report.summary.sides == {"left": 1, "right": 0}


@pytest.mark.parametrize("part", ["knee", "shoulder"])
def test_what_hides_a_joint_of_one_side_does_the_same_on_the_other(part: str) -> None:
    """Mirrored, everything is the other side's, and nothing else changes."""
    found = []
    for side, hidden in (("left", "right"), ("right", "left")):
        stream = poses([(2, SITTING), (6, figure_four(side, 30.0)), (3, SITTING)], 60.0)
        covered = []
        for pose in stream:
            visibility = pose.visibility.copy()
            visibility[pose.skeleton.index[f"{hidden}_{part}"]] = 0.05
            covered.append(replace(pose, visibility=visibility))
        found.append(len(analyze(iter(covered))[1].holds))
    assert found[0] == found[1]
