"""Rendered lunges, on a body of sticks: do they have the sizes that were asked for?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from itertools import pairwise

import numpy as np
import pytest

from benchmarks.rendering.action import Action, Event, Fault
from benchmarks.rendering.motions.keyed import Track
from benchmarks.rendering.motions.lunge import LungeMotion
from benchmarks.rendering.motions.lunge_body import OTHER
from benchmarks.rendering.motions.lunge_events import events
from benchmarks.rendering.motions.lunge_plan import KINDS, LungePlan, LungeRep, LungeStyle
from benchmarks.rendering.motions.lunge_scripts import (
    FAULTS,
    LEVELS,
    MEASURES,
    SCRIPTS,
    with_fault,
)
from benchmarks.rendering.rig import SIDES, FloatArray
from benchmarks.rendering.truth import JOINTS, Truth
from tests.rendering_rig import chance, film_truth, stick_actor

FPS = 20.0
STILL = LungeStyle(wobble=0.0, arms="hanging")


def film(plan: LungePlan, fps: float = FPS) -> tuple[Action, Truth, list[Event]]:
    actor = stick_actor()
    motion = LungeMotion(actor, plan, np.random.default_rng(1))
    action = Action("lunge", motion.moments(fps))
    truth = film_truth(actor, action)
    return action, truth, events(truth, plan, motion.windows)


@cache
def script(name: str, seed: int) -> tuple[Action, Truth, list[Event]]:
    actor = stick_actor()
    action = SCRIPTS[name](actor, chance(seed), FPS)
    truth = film_truth(actor, action)
    return action, truth, list(action.events(truth))


def path(action: Action, bone: str) -> FloatArray:
    index = stick_actor().body.rig.index[bone]
    return np.array([moment.placed.heads_m[index] for moment in action.moments])


def one_by_one(reps: Sequence[LungeRep]) -> LungePlan:
    return LungePlan(tuple(reps), STILL, before_s=0.4, after_s=0.4)


# Sizes

TOLERANCES = {"deg": 1.5, "m": 0.012, "ratio": 0.012, "s": 1.6 / FPS}


@cache
def faulty(kind: str, level: str) -> list[Event]:
    """Return one lunge with each fault."""
    plain = LungeRep(kind=kind, descent_s=0.9, hold_s=0.1, rest_s=0.1)
    sides = ("left", "right")
    reps = [
        with_fault(replace(plain, side=sides[i % 2]), name, level) for i, name in enumerate(FAULTS)
    ]
    return film(one_by_one(reps))[2]


@pytest.mark.parametrize("fault", list(FAULTS))
@pytest.mark.parametrize(
    ("kind", "level"), [*(("forward", level) for level in LEVELS), ("reverse", "clear")]
)
def test_faults_have_the_size_that_is_asked_for(kind: str, level: str, fault: str) -> None:
    event = faulty(kind, level)[list(FAULTS).index(fault)]
    asked = FAULTS[fault][1][LEVELS.index(level)]
    if fault == "no_return":
        asked += STILL.standing_bent_deg
    measure = MEASURES[fault]
    assert event.faults == (Fault(fault, level),)
    assert event.measures[measure] == pytest.approx(
        asked, abs=TOLERANCES[measure.rpartition("_")[2]]
    )


@pytest.mark.parametrize("fault", list(FAULTS))
def test_faults_grow_with_their_level(fault: str) -> None:
    at = list(FAULTS).index(fault)
    good, inside, slight, clear = (
        faulty("forward", level)[number].measures[MEASURES[fault]]
        for level, number in (("inside", at - 1), *((level, at) for level in LEVELS))
    )
    sizes = [good, inside, slight, clear]
    assert sizes in (sorted(sizes), sorted(sizes, reverse=True))


@pytest.mark.parametrize("kind", KINDS)
def test_good_lunges_break_nothing(kind: str) -> None:
    reps = [LungeRep(side=side, kind=kind, front_knee_deg=k) for side, k in
            (("left", 88.0), ("right", 96.0))]  # fmt: skip
    action, _, done = film(one_by_one(reps))
    actor = stick_actor()
    for rep, event in zip(reps, done, strict=True):
        m = event.measures
        assert m["front_knee_flexion_deg"] == pytest.approx(rep.front_knee_deg, abs=1.0)
        assert m["trunk_deg"] == pytest.approx(STILL.trunk_deg, abs=0.5)
        assert m["front_shin_deg"] == pytest.approx(STILL.shin_deg, abs=1.0)
        assert m["step_width_m"] == pytest.approx(STILL.width_m, abs=0.005)
        assert m["step_length_ratio"] == pytest.approx(STILL.step_ratio, abs=0.01)
        assert abs(m["knee_offset_m"]) < 0.01
        assert abs(m["side_lean_deg"]) < 0.5
        assert abs(m["pelvis_obliquity_deg"]) < 0.5
        assert m["descent_s"] == pytest.approx(rep.descent_s, abs=1.6 / FPS)
        assert 80 < m["rear_knee_flexion_deg"] < 115
        turn = action.moments[round(event.turn_s * FPS)].placed
        rear = OTHER[rep.side]
        clear = actor.contact.lowest_m(turn, (f"{rear}_shin", f"{rear}_thigh"))
        assert 0.02 < clear < 0.15


def test_feet_that_stay_have_the_depths_that_are_asked_for() -> None:
    depths = (92.0, 60.0, 80.0)
    reps = [LungeRep(kind="split", front_knee_deg=depth) for depth in depths]
    action, truth, done = film(one_by_one(reps))
    for depth, event in zip(depths, done, strict=True):
        assert event.measures["front_knee_flexion_deg"] == pytest.approx(depth, abs=1.0)
    during = (truth.t_s > done[0].start_s) & (truth.t_s < done[-1].end_s)
    for _, letter, _ in SIDES:
        assert np.ptp(path(action, f"toe3-1.{letter}")[during], axis=0).max() < 1e-6


def test_the_front_knee_falls_inwards_on_either_side() -> None:
    reps = [LungeRep(side=side, knee_offset_m=0.08) for side, _, _ in SIDES]
    _, truth, done = film(one_by_one(reps))
    for event, (side, _, sign) in zip(done, SIDES, strict=True):
        turn = int(np.argmin(np.abs(truth.t_s - event.turn_s)))
        knee, ankle = truth.joint(f"{side}_knee")[turn], truth.joint(f"{side}_ankle")[turn]
        assert sign * (knee[0] - ankle[0]) < -0.05


def test_the_trunk_leans_to_the_side_of_the_front_leg() -> None:
    reps = [LungeRep(side=side, side_lean_deg=12.0) for side, _, _ in SIDES]
    _, truth, done = film(one_by_one(reps))
    for event, (_, _, sign) in zip(done, SIDES, strict=True):
        turn = int(np.argmin(np.abs(truth.t_s - event.turn_s)))
        trunk = (truth.middle("shoulder") - truth.middle("hip"))[turn]
        assert sign * trunk[0] > 0.08


def test_the_pelvis_drops_on_the_side_of_the_rear_leg() -> None:
    reps = [LungeRep(side=side, pelvis_drop_deg=10.0) for side, _, _ in SIDES]
    _, truth, done = film(one_by_one(reps))
    for event, (side, _, _) in zip(done, SIDES, strict=True):
        turn = int(np.argmin(np.abs(truth.t_s - event.turn_s)))
        front, rear = (truth.joint(f"{s}_hip")[turn, 2] for s in (side, OTHER[side]))
        assert front - rear > 0.025


# Events


def test_a_repetition_happens_when_it_is_planned() -> None:
    rep = LungeRep(descent_s=1.0, hold_s=0.5, up_s=1.0, rest_s=0.5)
    action, truth, (first, second) = film(one_by_one([rep, replace(rep, side="right")]), fps=30)
    # The weight goes to the other foot before the first one leaves the floor at 0.64 s.
    assert first.start_s == pytest.approx(0.70, abs=0.07)
    assert 0.5 <= first.held_s < 0.75
    height = truth.middle("hip")[:, 2]
    left_s = truth.t_s[(truth.rep == 1) & (height < height.min() + 0.005)].max()
    # It takes 0.42 s until the foot leaves the floor, and half a second to come back.
    assert 0.7 < first.end_s - left_s < 1.1
    assert second.start_s - first.end_s == pytest.approx(0.3 + 0.5 + 0.3, abs=0.1)
    assert action.moments[0].rep == action.moments[-1].rep == 0
    for event in (first, second):
        lowest = int(np.argmin(np.where(truth.rep == event.number, truth.middle("hip")[:, 2], 9)))
        assert truth.t_s[lowest] == event.turn_s


@pytest.mark.parametrize("name", sorted(SCRIPTS))
def test_scripts_tell_what_happened(name: str) -> None:
    action, truth, done = script(name, 1)
    assert action.exercise == "lunge"
    assert action.style["kind"] in KINDS
    assert [event.number for event in done] == list(range(1, len(done) + 1))
    assert any(event.counted for event in done)
    assert {event.side for event in done} == {"left", "right"}
    for event in done:
        assert event.start_s < event.turn_s < event.end_s
        assert np.isfinite(list(event.measures.values())).all()
        turn = int(np.argmin(np.abs(truth.t_s - event.turn_s)))
        ahead = -truth.joint(f"{event.side}_ankle")[turn, 1]
        behind = -truth.joint(f"{OTHER[event.side]}_ankle")[turn, 1]
        assert ahead - behind > 0.3
    for before, after in pairwise(done):
        assert before.end_s <= after.start_s + 1e-9


def test_legs_alternate() -> None:
    counted = [event.side for event in script("lunge-alternating", 1)[2] if event.counted]
    assert all(a != b for a, b in pairwise(counted))


def test_partial_repetitions_are_shallow_and_not_counted() -> None:
    partial = [event for event in script("lunge-reverse", 0)[2] if not event.counted]
    assert len(partial) == 1
    assert 25 < partial[0].measures["front_knee_flexion_deg"] < 44


@pytest.mark.parametrize(("name", "level"), [("lunge-faults", "clear"),
                                             ("lunge-faults-slight", "slight"),
                                             ("lunge-faults-inside", "inside")])  # fmt: skip
def test_every_fault_is_shown(name: str, level: str) -> None:
    first, *others = script(name, 1)[2]
    assert first.faults == ()
    assert [event.faults for event in others] == [(Fault(fault, level),) for fault in FAULTS]


def test_walking_lunges_go_a_few_metres_past_the_middle() -> None:
    for seed in (1, 2):
        _, truth, done = script("lunge-walking", seed)
        ahead = -truth.middle("hip")[:, 1]
        assert 2.5 < ahead[-1] - ahead[0] < 4.4
        assert abs(ahead[-1] + ahead[0]) < 0.2
        assert all(a.side != b.side for a, b in pairwise(done))


# How it looks


@pytest.mark.parametrize("name", sorted(SCRIPTS))
def test_feet_on_the_floor_stay_where_they_are(name: str) -> None:
    action = script(name, 1)[0]
    for _, letter, _ in SIDES:
        # The ball of the foot: heels may rise.
        ball = path(action, f"toe3-1.{letter}")
        down = ball[:, 2] < 0.0305
        assert down.mean() > 0.4
        steps = np.linalg.norm(np.diff(ball, axis=0), axis=1)
        assert steps[down[1:] & down[:-1]].max() < 0.004


@pytest.mark.parametrize("name", sorted(SCRIPTS))
def test_nothing_goes_through_the_floor_or_jumps(name: str) -> None:
    action, truth, _ = script(name, 1)
    actor = stick_actor()
    assert min(actor.contact.lowest_m(moment.placed) for moment in action.moments) > -0.01
    speed = np.linalg.norm(np.diff(truth.world_m, axis=0), axis=2) * FPS
    worst = np.unravel_index(int(speed.argmax()), speed.shape)
    assert speed.max() < 4.0, (JOINTS[worst[1]], truth.t_s[worst[0]])
    for side, _, _ in SIDES:
        bent = truth.angles[f"{side}_knee_flexion_deg"]
        assert bent.min() > 2.0
        assert bent.max() < 135.0
        # No faster than people can, and no knee that snaps.
        assert np.abs(np.diff(bent)).max() * FPS < 620.0


def test_the_foot_in_the_air_passes_the_other_leg() -> None:
    tightrope = LungeRep(kind="walking", width_m=0.0)
    reps = [replace(tightrope, side=side) for side in ("left", "right", "left")]
    truth = film(one_by_one(reps))[1]
    apart = truth.joint("left_ankle") - truth.joint("right_ankle")
    assert np.hypot(apart[:, 0], apart[:, 1]).min() > 0.11


def test_hands_on_the_hips_stay_there() -> None:
    plan = LungePlan((LungeRep(trunk_deg=30.0),), replace(STILL, arms="hips"))
    _, truth, (event,) = film(plan)
    during = (truth.t_s > event.start_s) & (truth.t_s < event.end_s)
    for side, _, _ in SIDES:
        away = np.linalg.norm(truth.joint(f"{side}_wrist") - truth.joint(f"{side}_hip"), axis=1)
        assert away[during].max() < 0.25
        assert np.ptp(away[during]) < 0.02


def test_the_same_seed_gives_the_same_motion() -> None:
    first = script("lunge-walking", 1)[1]
    actor = stick_actor()
    again = film_truth(actor, SCRIPTS["lunge-walking"](actor, chance(1), FPS))
    other = script("lunge-walking", 2)[1]
    assert np.array_equal(first.world_m, again.world_m)
    assert first.world_m.shape != other.world_m.shape or not np.allclose(
        first.world_m, other.world_m
    )


# Tracks


def test_a_track_goes_through_its_keys_without_overshooting() -> None:
    track = Track()
    keys = ((0.0, 1.0), (1.0, 1.0), (1.5, 3.0), (3.0, 4.0), (4.0, -1.0))
    for t, value in keys:
        track.add(t, value)
    assert [track(t) for t, _ in keys] == pytest.approx([value for _, value in keys])
    assert track(-1.0) == 1.0
    assert track(9.0) == -1.0
    values = np.array([track(t) for t in np.linspace(0, 3, 100)])
    assert (np.diff(values) >= -1e-12).all()
    assert max(track(t) for t in np.linspace(0, 4, 401)) == pytest.approx(4.0)
    slopes = [(track(t + 1e-5) - track(t - 1e-5)) / 2e-5 for t in (1.0, 3.0)]
    assert slopes == pytest.approx([0.0, 0.0], abs=1e-3)


def test_a_key_at_the_same_time_replaces_the_last() -> None:
    track = Track()
    track.add(0.0, 1.0)
    track.add(0.0, 2.0)
    longer = track.copy()
    longer.add(1.0, 3.0)
    assert track.last == track(0.5) == 2.0
    assert longer.last == 3.0
