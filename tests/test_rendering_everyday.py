"""Everyday movements, look-alikes and walking, on a body of sticks."""

from __future__ import annotations

from functools import cache
from itertools import pairwise

import numpy as np
import pytest

from benchmarks.rendering.action import Action, Actor, Chance, Event, Moment
from benchmarks.rendering.body import Bodies
from benchmarks.rendering.figure import LETTERS, SIGNS
from benchmarks.rendering.health import complaints
from benchmarks.rendering.motions import (
    arriving,
    everyday,
    floor,
    kneeling,
    squat_scripts,
    walking,
    workouts,
)
from benchmarks.rendering.motions.gait import Bearing, Gait, Station, Step
from benchmarks.rendering.motions.standing import OVER, Mover, Pose, keyed, upright
from benchmarks.rendering.motions.walking import (
    Pace,
    Stop,
    footfalls,
    passer_by,
    stand_of,
    standing,
    walk,
)
from benchmarks.rendering.people import draw_shape
from benchmarks.rendering.rig import FORWARD, FloatArray, rotation
from benchmarks.rendering.room import Block
from benchmarks.rendering.truth import Truth
from tests.rendering_rig import chance, film_truth, stick_actor

FPS = 30.0

LOOK_ALIKES = {
    **walking.SCRIPTS,
    **workouts.SCRIPTS,
    **everyday.SCRIPTS,
    **kneeling.SCRIPTS,
    **floor.SCRIPTS,
}


@cache
def actor() -> Actor:
    return stick_actor()


@cache
def done(name: str, seed: int = 0) -> Action:
    return LOOK_ALIKES[name](actor(), chance(seed), FPS)


def bone(action: Action, name: str) -> FloatArray:
    """Return the path of a bone's beginning, (T, 3)."""
    index = actor().body.rig.index[name]
    return np.stack([moment.placed.heads_m[index] for moment in action.moments])


def test_there_is_a_script_for_every_look_alike() -> None:
    assert set(LOOK_ALIKES) == {
        "arm-raises", "crunches", "high-knees", "hip-hinge", "kneeling", "marching", "pick-up",
        "push-ups", "side-bends", "sit-down", "standing-still", "step-ups", "toe-raises", "walking",
    }  # fmt: skip


@pytest.mark.parametrize("name", sorted(LOOK_ALIKES))
def test_look_alikes_count_nothing(name: str) -> None:
    action = done(name)
    assert action.exercise == "none"
    assert list(action.events(film_truth(actor(), action))) == []
    assert {moment.rep for moment in action.moments} == {0}
    times = np.array([moment.t_s for moment in action.moments])
    assert times == pytest.approx(np.arange(len(times)) / FPS)
    assert 5.0 < times[-1] < 40.0


@pytest.mark.parametrize("name", sorted(LOOK_ALIKES))
def test_look_alikes_are_humanly_possible(name: str) -> None:
    """The stick person has no palms to lay on anything: what overlaps is for real bodies."""
    told = complaints(actor(), done(name), FPS)
    assert [text for text in told if not text.startswith(("overlap", "floor"))] == []


@pytest.mark.parametrize("name", sorted(LOOK_ALIKES))
def test_look_alikes_are_possible_for_real_bodies(name: str) -> None:
    who = real_actor()
    assert complaints(who, LOOK_ALIKES[name](who, chance(0), FPS), FPS) == []


@cache
def real_actor() -> Actor:
    pytest.importorskip("anny")
    shape = draw_shape(np.random.default_rng(7))
    return Actor(shape, Bodies().make(shape))


@pytest.mark.parametrize("name", ["marching", "pick-up", "standing-still"])
def test_chance_alone_decides(name: str) -> None:
    again = LOOK_ALIKES[name](actor(), chance(0), FPS)
    other = done(name, 1)
    assert np.array_equal(bone(done(name), "head"), bone(again, "head"))
    assert len(other.moments) != len(again.moments) or not np.allclose(
        bone(other, "head"), bone(again, "head")
    )


# Walking


def straight_walk(far_m: float = 2.0) -> Gait:
    pace = Pace(length_m=0.5, step_s=0.55)
    start, end = standing(pace), standing(pace, (0.0, -far_m))
    rng = np.random.default_rng(5)
    return walk(actor(), rng, start, end, pace, Bearing(wobble=0.0))


def test_walkers_arrive_where_they_want_to() -> None:
    gait = straight_walk()
    ends = {side: gait.foot(side, gait.end_s) for side in LETTERS}
    for side, foot in ends.items():
        assert foot.at_m == pytest.approx((SIGNS[side] * 0.075, -2.0, 0.0))
        assert foot.yaw_deg == pytest.approx(SIGNS[side] * 8.0)
        assert (foot.rise_deg, foot.in_air) == (0.0, 0.0)


def test_feet_take_turns_and_one_is_always_down() -> None:
    gait = straight_walk()
    sides = [step.side for step in gait.steps]
    assert all(before != after for before, after in pairwise(sides))
    for t_s in np.arange(0.0, gait.end_s, 0.02):
        assert min(gait.foot(side, float(t_s)).in_air for side in LETTERS) == 0.0


def test_planted_feet_do_not_move_at_all() -> None:
    gait = straight_walk()
    figures = actor().figures
    for before, after in zip(gait.steps, gait.steps[2:], strict=False):
        times = np.linspace(before.lands_s + 0.17, after.lifts_s, 12)
        toe = f"toe3-1.{LETTERS[before.side]}"
        toes = [figures.joint(gait.place(float(t)), toe) for t in times]
        assert np.ptp(np.array(toes), axis=0).max() < 1e-3


def test_walkers_move_at_their_pace() -> None:
    gait = straight_walk(3.0)
    middle = [(step.lands_s, step.to.at_m[1]) for step in gait.steps[2:5]]
    speed = -(middle[2][1] - middle[0][1]) / (middle[2][0] - middle[0][0])
    pelvis = [gait.figure(t).root_m[1] for t, _ in (middle[0], middle[2])]
    assert speed == pytest.approx(0.5 / 0.55, rel=0.1)
    assert pelvis[0] - pelvis[1] == pytest.approx(middle[0][1] - middle[2][1], abs=0.12)


def test_arms_swing_against_the_legs() -> None:
    gait = straight_walk(3.0)
    landed = gait.steps[3]
    placed = gait.place(landed.lands_s)
    ahead = {
        side: float(FORWARD @ actor().figures.joint(placed, f"wrist.{LETTERS[side]}"))
        for side in LETTERS
    }
    other = "right" if landed.side == "left" else "left"
    assert ahead[other] > ahead[landed.side] + 0.1


def test_turns_are_walked_with_both_feet() -> None:
    pace = Pace()
    stops = [Stop((0.0, -1.2)), Stop((0.0, 0.0), facing_deg=180.0)]
    steps = footfalls(pace, standing(pace), stops, np.random.default_rng(2))
    last = {step.side: step for step in steps}
    for side, step in last.items():
        turned = step.to.yaw_deg - SIGNS[side] * pace.toe_out_deg
        assert (turned - 180.0) % 360.0 == pytest.approx(0.0, abs=1e-6)
    yaws = {side: [s.to.yaw_deg for s in steps if s.side == side] for side in LETTERS}
    for side in LETTERS:
        assert np.abs(np.diff([SIGNS[side] * pace.toe_out_deg, *yaws[side]])).max() < 95.0


def test_stands_are_read_off_a_body() -> None:
    there = standing(Pace(width_m=0.2, toe_out_deg=12.0), (0.4, -0.3), 70.0)
    gait = Gait(actor(), there, [], Bearing(), np.random.default_rng(1))
    read = stand_of(actor().figures, gait.place(0.4))
    for side in LETTERS:
        assert read[side].at_m == pytest.approx(there[side].at_m, abs=1e-6)
        assert read[side].yaw_deg == pytest.approx(there[side].yaw_deg, abs=1e-6)


def test_a_foot_steps_onto_something_over_its_edge() -> None:
    """The foot is as high as the step before its toes are above it."""
    high, ground = np.array([0.08, -0.35, 0.2]), np.array([0.08, 0.0, 0.0])
    up = Step("left", Station(high, 0.0), lands_s=1.6, swing_s=0.8, up_m=0.05)
    stand = {side: Station(ground * (SIGNS[side], 1, 1), 0.0) for side in LETTERS}
    gait = Gait(actor(), stand, [up], Bearing(wobble=0.0), np.random.default_rng(0))
    for t_s in np.linspace(up.lifts_s, up.lands_s, 30):
        foot = gait.foot("left", float(t_s))
        toes_y = foot.at_m[1] - 0.19
        if toes_y < -0.26:
            assert foot.at_m[2] > 0.15
    assert gait.foot("left", 2.0).at_m == pytest.approx(high)


def test_passers_by_come_from_and_go_where_told() -> None:
    moments = passer_by(actor(), chance(1), (-1.5, 0.8), (1.5, 0.8), 0.5, 8.0, 10.0)
    assert [moment.t_s for moment in moments] == pytest.approx(np.arange(80) / 10)
    first, last = (moments[i].placed.heads_m[0] for i in (0, -1))
    assert first[:2] == pytest.approx((-1.5, 0.8), abs=0.08)
    assert last[:2] == pytest.approx((1.5, 0.8), abs=0.08)
    late = passer_by(actor(), chance(1), (-1.5, 0.8), (1.5, 0.8), 3.5, 8.0, 10.0)
    assert np.allclose(late[45].placed.heads_m, moments[15].placed.heads_m, atol=1e-9)
    under_way = passer_by(actor(), chance(1), (-1.5, 0.8), (1.5, 0.8), -2.0, 4.0, 10.0)
    assert np.allclose(under_way[0].placed.heads_m, moments[25].placed.heads_m, atol=1e-9)


# Arriving


@cache
def arrived() -> tuple[Action, Action]:
    """Return squats, and the same with the ways there and back."""
    plain = squat_scripts.SCRIPTS["clean"]
    return plain(actor(), chance(3), FPS), arriving.arriving(plain)(actor(), chance(3), FPS)


def test_what_is_done_in_place_is_kept_as_it_is() -> None:
    inner, whole = arrived()
    first = next(i for i, m in enumerate(whole.moments) if m.rep) - next(
        i for i, m in enumerate(inner.moments) if m.rep
    )
    assert first > 2 * FPS
    for there, moment in zip(whole.moments[first:], inner.moments, strict=False):
        assert np.allclose(there.placed.heads_m, moment.placed.heads_m, atol=1e-3)
        assert there.rep == moment.rep
    assert whole.exercise == "squat"
    assert whole.style == inner.style


def test_events_are_told_on_the_whole_films_clock() -> None:
    inner, whole = arrived()
    plain = list(inner.events(film_truth(actor(), inner)))
    truth: Truth = film_truth(actor(), whole)
    shifted = list(whole.events(truth))
    begins_s = min(m.t_s for m in whole.moments if m.rep == 1) - min(
        m.t_s for m in inner.moments if m.rep == 1
    )
    assert len(shifted) == len(plain) == 5
    for before, after in zip(plain, shifted, strict=True):
        for name in ("start_s", "turn_s", "end_s"):
            moved_s = getattr(after, name) - getattr(before, name)
            assert moved_s == pytest.approx(begins_s, abs=1e-6)
        assert after.measures == pytest.approx(before.measures, abs=0.02)
        assert (after.number, after.counted, after.faults) == (
            before.number,
            before.counted,
            before.faults,
        )


def test_who_arrives_comes_from_afar_without_a_jump() -> None:
    _, whole = arrived()
    pelvis = bone(whole, "root")
    for end in (pelvis[0], pelvis[-1]):
        assert 1.3 < float(np.linalg.norm(end[:2])) < 2.7
    times = [moment.t_s for moment in whole.moments]
    assert times == pytest.approx(np.arange(len(times)) / FPS)
    told = [t for t in complaints(actor(), whole, FPS) if t.startswith(("sliding", "jump"))]
    assert told == []


def test_who_may_stay_stays() -> None:
    plain = squat_scripts.SCRIPTS["clean"]
    whole = arriving.arriving(plain, leaves=False)(actor(), chance(3), FPS)
    assert float(np.linalg.norm(bone(whole, "root")[-1, :2])) < 0.2


def test_nobody_walks_through_furniture() -> None:
    """With a wall of boxes on all sides but one, people come from that side."""
    walls = tuple(
        Block("box", np.array([x, y, 0.5]), np.array([w, d, 1.0]), 0.0, (1.0, 1.0, 1.0))
        for x, y, w, d in ((1.0, 0.0, 0.2, 4.0), (-1.0, 0.0, 0.2, 4.0), (0.0, 1.0, 1.6, 0.2))
    )

    def walled(who: Actor, by_chance: Chance, fps: float) -> Action:
        gait = Gait(who, standing(Pace()), [], Bearing(), by_chance("stand"))
        return Action("none", [Moment(i / fps, gait.place(0.0)) for i in range(4)], blocks=walls)

    for seed in range(4):
        whole = arriving.arriving(walled)(actor(), chance(seed), FPS)
        for end in (0, -1):
            assert bone(whole, "root")[end, 1] < -1.0


def test_events_of_who_does_nothing_are_none() -> None:
    events: list[Event] = list(done("walking").events(film_truth(actor(), done("walking"))))
    assert events == []


# Balance


@pytest.mark.parametrize(("knee_deg", "lean_deg", "aside"), [(5, 2, 0), (40, 30, 0), (10, 60, 0.6)])
def test_who_stands_on_both_feet_is_balanced(
    knee_deg: float, lean_deg: float, aside: float
) -> None:
    mover = Mover(actor(), np.random.default_rng(0))
    figure = upright(actor().figures, 0.3, 10.0, lean_deg=lean_deg)
    settled = mover.settled(Pose(figure, knee_deg, aside=aside))
    placed = actor().figures.place(settled.figure)
    com = actor().poser.centre_of_mass(placed)
    balls = np.mean([actor().figures.joint(placed, f"toe3-1.{c}")[1] for c in LETTERS.values()])
    assert com[0] == pytest.approx(aside * 0.15, abs=0.02)
    assert com[1] == pytest.approx(OVER * balls, abs=0.004)
    bent = [knee_flexion_deg(placed.heads_m, letter) for letter in LETTERS.values()]
    assert min(bent) == pytest.approx(knee_deg, abs=0.3)


def knee_flexion_deg(heads_m: FloatArray, letter: str) -> float:
    hip, knee, ankle = (
        heads_m[actor().body.rig.index[f"{name}.{letter}"]]
        for name in ("upperleg01", "lowerleg01", "foot")
    )
    u, v = knee - hip, ankle - knee
    return float(np.degrees(np.arccos(u @ v / np.linalg.norm(u) / np.linalg.norm(v))))


def test_keys_are_reached_when_told_and_passed_when_told() -> None:
    low, high, last = (Pose(upright(actor().figures, nod_deg=nod)) for nod in (0.0, 10.0, 30.0))
    at, length_s = keyed([(0.0, low), (1.0, high), (1.0, last)])
    assert length_s == 2.0
    assert [at(t).figure.nod_deg for t in (0.0, 1.0, 2.0, 3.0)] == pytest.approx([0, 10, 30, 30])
    at, length_s = keyed([(0.0, low), (1.0, high), (1.0, last, 0.4)])
    assert length_s == 1.6
    # On the way through there is no rest at the middle key.
    assert at(1.01).figure.nod_deg - at(0.99).figure.nod_deg > 0.1


# What each of them is


def test_sitting_down_is_done_once_on_the_chair() -> None:
    action = done("sit-down")
    seat = next(b for b in action.blocks if b.size_m[2] < 0.05 and b.size_m[0] > 0.4)
    top_m = float(seat.centre_m[2] + seat.size_m[2] / 2)
    hips = bone(action, "upperleg01.L")
    low = hips[:, 2] < top_m + 0.2
    assert 2.0 < low.sum() / FPS < 12.0
    assert np.count_nonzero(np.diff(low.astype(int)) == 1) == 1
    assert (np.abs(hips[low, 1] - seat.centre_m[1]) < 0.24).mean() > 0.8


def test_something_is_picked_up_from_near_the_floor() -> None:
    action = done("pick-up")
    wrists = [bone(action, f"wrist.{letter}")[:, 2].min() for letter in LETTERS.values()]
    assert min(wrists) < 0.45


def test_knees_come_up_in_turn() -> None:
    for name, least_m in (("high-knees", 0.2), ("marching", 0.05)):
        lifts = {
            side: bone(done(name), f"lowerleg01.{letter}")[:, 2] for side, letter in LETTERS.items()
        }
        for knee in lifts.values():
            assert knee.max() - knee.min() > least_m
        assert np.min([knee - knee.min() for knee in lifts.values()], axis=0).max() < 0.1


def test_step_ups_go_onto_the_block_and_off_again() -> None:
    action = done("step-ups")
    (block,) = action.blocks
    high_m = float(block.size_m[2])
    ankle = actor().body.rig.head("foot.L")[2]
    for letter in LETTERS.values():
        foot = bone(action, f"foot.{letter}")
        on = np.abs(foot[:, 2] - ankle - high_m) < 0.01
        assert on.any()
        still = on & (np.abs(np.gradient(foot[:, 2])) < 1e-3)
        assert (np.abs(foot[still, 1] - block.centre_m[1]) < block.size_m[1] / 2).all()
        assert foot[-1, 2] == pytest.approx(ankle, abs=0.005)


def test_toe_raises_leave_the_balls_of_the_feet_where_they_are() -> None:
    action = done("toe-raises")
    toe, ankle = bone(action, "toe3-1.L"), bone(action, "foot.L")
    assert np.ptp(toe, axis=0).max() < 0.002
    assert np.ptp(ankle[:, 2]) > 0.04


def test_kneeling_puts_a_knee_on_the_floor_and_ends_standing() -> None:
    for seed in range(2):
        action = done("kneeling", seed)
        knees = [bone(action, f"lowerleg01.{letter}")[:, 2] for letter in LETTERS.values()]
        assert min(knee.min() for knee in knees) < 0.09
        assert min(knee[-1] for knee in knees) > 0.4


def test_push_ups_bend_the_elbows_over_hands_that_stay() -> None:
    action = done("push-ups")
    for letter in LETTERS.values():
        wrist = bone(action, f"wrist.{letter}")
        shoulder, elbow = bone(action, f"upperarm01.{letter}"), bone(action, f"lowerarm01.{letter}")
        u, v = elbow - shoulder, wrist - elbow
        cosine = (u * v).sum(axis=1) / np.linalg.norm(u, axis=1) / np.linalg.norm(v, axis=1)
        assert np.ptp(wrist, axis=0).max() < 0.01
        assert np.ptp(np.degrees(np.arccos(cosine))) > 40.0


def test_crunches_lift_the_shoulders_and_not_the_pelvis() -> None:
    action = done("crunches")
    shoulders, pelvis = bone(action, "upperarm01.L")[:, 2], bone(action, "root")
    assert np.ptp(shoulders) > 0.07
    assert np.ptp(pelvis, axis=0).max() < 0.01


def test_side_bends_lower_one_shoulder_and_the_other() -> None:
    action = done("side-bends")
    lower = bone(action, "upperarm01.L")[:, 2] - bone(action, "upperarm01.R")[:, 2]
    assert lower.min() < -0.06
    assert lower.max() > 0.06


def test_arm_raises_bring_the_wrists_to_the_shoulders_or_higher() -> None:
    action = done("arm-raises")
    for letter in LETTERS.values():
        lift = bone(action, f"wrist.{letter}")[:, 2] - bone(action, f"upperarm01.{letter}")[:, 2]
        assert lift.min() < -0.4
        assert lift.max() > -0.12


def test_hips_hinge_over_nearly_straight_legs() -> None:
    action = done("hip-hinge")
    knees = [knee_flexion_deg(m.placed.heads_m, "L") for m in action.moments]
    head, pelvis = bone(action, "head"), bone(action, "root")
    lean = np.degrees(np.arctan2(pelvis[:, 1] - head[:, 1], head[:, 2] - pelvis[:, 2]))
    assert lean.max() > 45.0
    assert max(knees) < 35.0


def test_standing_still_stays_on_its_feet() -> None:
    action = done("standing-still")
    for letter in LETTERS.values():
        assert np.ptp(bone(action, f"foot.{letter}"), axis=0).max() < 1e-6
    assert np.ptp(bone(action, "root"), axis=0).max() < 0.3


def test_turning_left_is_positive() -> None:
    assert rotation("z", 90.0) @ FORWARD == pytest.approx((1.0, 0.0, 0.0))
