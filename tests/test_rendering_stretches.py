"""Figure-four stretches and nerve glides: what the joints do is what was asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from benchmarks.rendering.action import Action, Actor, Event, Moment
from benchmarks.rendering.figure import LETTERS
from benchmarks.rendering.flesh import Flesh
from benchmarks.rendering.hands import Grip, Hands, between
from benchmarks.rendering.motions import SCRIPTS
from benchmarks.rendering.motions import figure_four as four
from benchmarks.rendering.motions import figure_four_pose as four_pose
from benchmarks.rendering.motions import figure_four_scripts as four_scripts
from benchmarks.rendering.motions import nerve_glide as glide
from benchmarks.rendering.motions import nerve_glide_pose as glide_pose
from benchmarks.rendering.motions import nerve_glide_scripts as glide_scripts
from benchmarks.rendering.motions.crossing import OTHER, Cross
from benchmarks.rendering.motions.seated import Seat, Seated, chair, stool
from benchmarks.rendering.motions.stretch_truth import face_deg, neck_deg
from benchmarks.rendering.motions.supine import Spot
from benchmarks.rendering.rig import UP, FloatArray
from benchmarks.rendering.tracks import Track
from benchmarks.rendering.truth import JOINTS, Truth
from tests.rendering_rig import chance, film_truth, stick_actor

FPS = 5
NAMES = [name for name in SCRIPTS if name.startswith(("figure-four", "nerve-glide"))]
PLACES = {"chair": False, "floor": True}


@cache
def actor() -> Actor:
    return stick_actor()


@cache
def filmed(name: str, seed: int) -> tuple[Action, Truth]:
    action = SCRIPTS[name](actor(), chance(seed), FPS)
    return action, film_truth(actor(), action)


# What a track, a limb and a hand are


def test_track_rests_moves_and_rests() -> None:
    track = Track(1.0)
    track.go(2.0, 1.0, 3.0)
    track.go(4.0, 2.0, 0.0)
    shown = [track.at(t) for t in (0.0, 2.0, 2.5, 3.0, 3.9, 5.0, 6.0, 99.0)]
    assert shown == pytest.approx([1.0, 1.0, 2.0, 3.0, 3.0, 1.5, 0.0, 0.0])


def test_track_never_jumps_when_moves_overlap() -> None:
    track = Track()
    track.go(1.0, 2.0, 1.0)
    track.go(2.0, 1.0, 0.0)
    values = [track.at(i / 100) for i in range(600)]
    assert max(abs(np.diff(values))) < 0.02
    assert values[300] == pytest.approx(1.0)
    assert values[-1] == 0.0


@pytest.mark.parametrize(
    ("limb", "radius_m"), [("thigh", 0.075), ("shin", 0.05), ("forearm", 0.037)]
)
def test_a_limb_is_as_thick_as_its_skin(limb: str, radius_m: float) -> None:
    """The stick person's limbs are tubes of known radii."""
    flesh = Flesh(actor().body)
    placed = actor().figures.place(Seated(actor(), Seat()).sitting())
    bone = flesh.along(placed, limb, "left")
    across = np.cross(bone, (0.3, 0.2, 0.9))
    across /= np.linalg.norm(across)
    skin = flesh.skin_m(placed, limb, "left", 0.5, across)
    inside = skin - 0.02 * across
    depths = flesh.depth_m(placed, limb, "left", np.stack([skin, inside, skin + 0.03 * across]))
    assert depths == pytest.approx([0.0, 0.02, -0.03], abs=0.004)
    bone_head = {"thigh": "upperleg01.L", "shin": "lowerleg01.L", "forearm": "lowerarm01.L"}[limb]
    away = skin - actor().figures.joint(placed, bone_head)
    assert np.linalg.norm(np.cross(away, bone)) == pytest.approx(radius_m, abs=0.004)


def test_a_hand_that_lies_on_something_has_its_wrist_behind_it() -> None:
    hands = Hands(actor().body.rig)
    grip = Grip(np.array([0.0, -1.0, 1.0]), palm=-UP, along=np.array([0.0, -1.0, 0.5]))
    wrist = hands.wrist_m("left", grip)
    assert wrist[0] == 0.0
    assert wrist[1] > -1.0
    assert 1.0 < wrist[2] < 1.03


def test_grips_are_blended() -> None:
    low = Grip(np.zeros(3), -UP, np.array([0.0, -1.0, 0.0]), 0.0)
    high = Grip(np.ones(3), -UP, np.array([1.0, 0.0, 0.0]), 20.0)
    middle = between(low, high, 0.5)
    assert middle.at_m == pytest.approx((0.5, 0.5, 0.5))
    assert middle.along == pytest.approx((0.5, -0.5, 0.0))
    assert middle.curl_deg == 10.0


# Sitting


def test_sitting_on_the_seat_with_feet_on_the_floor() -> None:
    seated = Seated(actor(), Seat())
    for lean in (-10.0, 0.0, 35.0):
        placed = actor().figures.place(seated.sitting(lean))
        assert seated.thigh_height_m(seated.sitting(lean), "left") == pytest.approx(0.0, abs=0.03)
        assert actor().contact.lowest_m(placed) > -0.01
        hips = [actor().figures.joint(placed, f"upperleg01.{c}") for c in LETTERS.values()]
        assert np.mean(hips, axis=0) == pytest.approx(seated.hips_m)


def test_a_chair_stands_on_the_floor_behind_the_knees() -> None:
    seated, rng = Seated(actor(), Seat(forward_m=0.1)), np.random.default_rng(0)
    with_back = chair(seated.middle_m, seated.seat_m, rng, back_m=0.7)
    without = stool(seated.middle_m, seated.seat_m, rng)
    for blocks in (with_back, without):
        seat = blocks[0]
        assert seat.centre_m[1] - seat.size_m[1] / 2 == pytest.approx(0.1)
        assert seat.centre_m[2] + seat.size_m[2] / 2 == pytest.approx(seated.seat_m)
        lows = [block.centre_m[2] - block.size_m[2] / 2 for block in blocks]
        assert min(lows) == pytest.approx(0.0)
    assert max(block.centre_m[1] for block in with_back) == pytest.approx(0.7)
    assert max(block.centre_m[2] for block in without) < seated.seat_m


# Figure-four, by hand-made plans


FOUR, GLIDE = four_pose.Style(wobble=0.0), glide_pose.Style(wobble=0.0)


@cache
def four_poser(lying: bool) -> four_pose.Poser:
    if lying:
        return four_pose.SupineFour(actor(), FOUR, Spot())
    return four_pose.SeatedFour(actor(), FOUR)


@cache
def glide_poser(lying: bool) -> glide_pose.Poser:
    if lying:
        return glide_pose.SupineGlide(actor(), GLIDE, Spot())
    return glide_pose.SeatedGlide(actor(), GLIDE)


def four_event(
    hold: four.Hold, lying: bool, at: float = 0.84, side: str = "left"
) -> tuple[Event, Truth]:
    return four_bout(four.Bout(side, (hold,), Cross(at=at)), lying)


@cache
def four_bout(bout: four.Bout, lying: bool) -> tuple[Event, Truth]:
    plan = four.Plan((bout,), lying, fidget=0.0)
    motion = four.Motion(plan, FOUR, np.random.default_rng(0))
    truth = truth_of(four_poser(lying).place, motion, "figure_four")
    (event,) = four_scripts.events(truth, plan)
    return event, truth


def truth_of(
    place: Callable[..., object],
    motion: four.Motion | glide.Motion,
    exercise: str,
    fps: float = FPS,
) -> Truth:
    times = [i / fps for i in range(round(motion.duration_s * fps))]
    moments = [Moment(t, place(motion.pose(t)), motion.rep(t)) for t in times]  # type: ignore[arg-type]
    return film_truth(actor(), Action(exercise, moments))


@pytest.mark.parametrize("thigh_trunk_deg", [58.0, 75.0, 98.0])
def test_the_thigh_is_pulled_in_as_far_as_asked(thigh_trunk_deg: float) -> None:
    event, _ = four_event(four.Hold(thigh_trunk_deg=thigh_trunk_deg, hold_s=2.0), lying=True)
    assert event.measures["thigh_trunk_deg"] == pytest.approx(thigh_trunk_deg, abs=4.0)


def test_leaning_forward_on_the_chair_brings_trunk_and_thigh_together() -> None:
    little, much = (
        four_event(four.Hold(lean_deg=lean, hold_s=2.0), lying=False)[0].measures
        for lean in (12.0, 32.0)
    )
    assert much["trunk_deg"] - little["trunk_deg"] == pytest.approx(20.0, abs=1.0)
    assert little["thigh_trunk_deg"] - much["thigh_trunk_deg"] == pytest.approx(20.0, abs=1.0)


@pytest.mark.parametrize("lying", PLACES.values(), ids=PLACES)
def test_a_hold_lasts_as_long_as_the_position_is_kept(lying: bool) -> None:
    hold = four.Hold(into_s=1.5, hold_s=3.0, out_s=1.5)
    event, _ = four_event(hold, lying)
    # The last tenth of a smooth way takes about three tenths of its time.
    assert event.held_s == pytest.approx(3.0 + 0.3 * 3.0, abs=0.5)
    assert event.turn_s == pytest.approx((event.start_s + event.end_s) / 2)
    assert event.end_s - event.start_s == pytest.approx(event.held_s)


@pytest.mark.parametrize("lying", PLACES.values(), ids=PLACES)
@pytest.mark.parametrize("side", list(LETTERS))
def test_the_ankle_rests_on_the_thigh_and_the_foot_is_beyond_it(side: str, lying: bool) -> None:
    event, truth = four_event(four.Hold(hold_s=2.0), lying, side=side)
    now = int(np.argmin(np.abs(truth.t_s - event.turn_s)))
    hip, knee = (truth.joint(f"{OTHER[side]}_{joint}")[now] for joint in ("hip", "knee"))
    shin = [truth.joint(f"{side}_{joint}")[now] for joint in ("knee", "ankle")]
    apart_m = lines_apart_m(hip, knee, *shin)
    # A thigh of 75 mm and a shin of 50 mm, pressed together a little.
    assert apart_m == pytest.approx(0.125 - 0.008, abs=0.012)
    outwards = truth.joint(f"{OTHER[side]}_hip")[now] - truth.joint(f"{side}_hip")[now]
    outwards /= np.linalg.norm(outwards)
    edge_m = 0.075
    assert (truth.joint(f"{side}_ankle")[now] - knee) @ outwards > 0.03
    assert (truth.joint(f"{side}_toe")[now] - knee) @ outwards > edge_m - 0.02
    assert (truth.joint(f"{side}_knee")[now] - truth.joint(f"{side}_hip")[now]) @ outwards < -0.12


def lines_apart_m(a: FloatArray, b: FloatArray, c: FloatArray, d: FloatArray) -> float:
    normal = np.cross(b - a, d - c)
    return float(abs((c - a) @ normal) / np.linalg.norm(normal))


ON_FLOOR = ("not_pulled_in", "head_up", "thigh_drop")


@pytest.mark.parametrize("name", list(four_scripts.FAULTS))
def test_faults_of_the_stretch_show_in_their_measures(name: str) -> None:
    plain = four.Bout("right", (four.Hold(hold_s=4.0, lean_deg=25.0),))
    rng = np.random.default_rng(3)
    faulty = four_scripts.with_fault(plain, name, "clear", rng)
    assert [(fault.name, fault.level) for fault in faulty.holds[0].faults] == [(name, "clear")]
    without, shown = (
        four_bout(bout, name in ON_FLOOR)[0].measures[four_scripts.MEASURES[name]]
        for bout in (plain, faulty)
    )
    least = {"trunk_ratio": 0.01, "ankle_knee_ratio": 0.15, "ankle_above_knee_ratio": 0.15}
    assert abs(shown - without) > least.get(four_scripts.MEASURES[name], 1.3)


@pytest.mark.parametrize("faults", [four_scripts.FAULTS, glide_scripts.FAULTS])
def test_levels_do_not_overlap(
    faults: dict[str, tuple[str, dict[str, tuple[float, float]]]],
) -> None:
    for name, (_, sizes) in faults.items():
        assert list(sizes) == ["inside", "slight", "clear"], name
        ends = [end for low_high in sizes.values() for end in low_high]
        downwards = [end for low, high in sizes.values() for end in (high, low)]
        assert ends == sorted(ends) or downwards == sorted(downwards, reverse=True), name


def test_wandering_ankles_are_measured_on_both_sides_of_the_knee() -> None:
    above, below = (four_event(four.Hold(hold_s=2.0), False, at)[0].measures for at in (0.84, 1.3))
    assert above["ankle_above_knee_ratio"] > 0.05
    assert below["ankle_above_knee_ratio"] < -0.1


def test_nobody_stretches_into_their_own_legs() -> None:
    poser = four_poser(lying=False)
    deep = four.Plan((four.Bout("left", (four.Hold(lean_deg=75.0),)),))
    (bout,) = four_scripts.fitted(deep, poser).bouts
    assert bout.holds[0].lean_deg < 75.0
    shallow = four.Plan((four.Bout("left", (four.Hold(lean_deg=15.0),)),))
    assert four_scripts.fitted(shallow, poser) == shallow


# Nerve glides, by hand-made plans


def glide_events(
    *reps: glide.Rep,
    lying: bool = False,
    side: str = "left",
    moves_head: bool = True,
    fps: float = FPS,
) -> list[Event]:
    plan = glide.Plan((glide.Bout(side, reps),), lying, moves_head, fidget=0.0)
    motion = glide.Motion(plan, GLIDE, np.random.default_rng(0))
    place = glide_poser(lying).place
    return glide_scripts.events(truth_of(place, motion, "nerve_glide", fps), plan)


@pytest.mark.parametrize("lying", PLACES.values(), ids=PLACES)
@pytest.mark.parametrize("side", list(LETTERS))
def test_the_knee_gets_as_straight_as_asked(side: str, lying: bool) -> None:
    reps = [glide.Rep(knee_deg=deg) for deg in (2.0, 20.0, 45.0)]
    events = glide_events(*reps, lying=lying, side=side)
    assert [event.measures["knee_extension_deg"] for event in events] == pytest.approx(
        [2.0, 20.0, 45.0], abs=1.5
    )
    assert {event.side for event in events} == {side}


def test_repetitions_happen_when_planned() -> None:
    rep = glide.Rep(out_s=1.5, hold_s=1.0, back_s=2.0, rest_s=0.5)
    first, second = glide_events(rep, rep, fps=20)
    # 5 % of a smooth way takes about a fifth of its time.
    assert first.end_s - first.start_s == pytest.approx(4.5 - 0.19 * 3.5, abs=0.12)
    assert first.measures["duration_s"] == pytest.approx(first.end_s - first.start_s)
    assert first.held_s == pytest.approx(1.0 + 0.19 * 3.5, abs=0.15)
    assert second.start_s - first.start_s == pytest.approx(5.0, abs=0.06)


@pytest.mark.parametrize("lying", PLACES.values(), ids=PLACES)
def test_sliders_and_tensioners_are_told_apart(lying: bool) -> None:
    reps = [glide.Rep(phase_deg=phase, rest_s=0.8) for phase in (0.0, 45.0, 90.0, 180.0)]
    coupling = [event.measures["coupling"] for event in glide_events(*reps, lying=lying)]
    assert coupling == pytest.approx([1.0, 0.71, 0.0, -1.0], abs=0.12)


def test_a_head_that_stays_on_the_floor_is_coupled_to_nothing() -> None:
    (event,) = glide_events(glide.Rep(), lying=True, moves_head=False)
    assert np.isnan(event.measures["coupling"])


@pytest.mark.parametrize("name", list(glide_scripts.FAULTS))
def test_faults_of_the_glide_grow_with_their_level(name: str) -> None:
    rng, plain = np.random.default_rng(2), glide.Rep(rest_s=0.6)
    levels = ("inside", "slight", "clear")
    faulty = [glide_scripts.with_fault(plain, name, level, rng) for level in levels]
    assert [rep.faults[0].level for rep in faulty] == list(levels)
    fps = 25 if name == "jerky" else FPS
    events = glide_events(plain, *faulty, lying=name in ON_FLOOR, fps=fps)
    sizes = [event.measures[glide_scripts.MEASURES[name]] for event in events]
    assert sizes in (sorted(sizes), sorted(sizes, reverse=True))
    assert abs(sizes[3] - sizes[0]) > 0.3


def test_a_leg_that_stops_on_its_way_is_uneven() -> None:
    smooth, stopping = glide_events(glide.Rep(), replace(glide.Rep(), uneven=1.0), fps=30)
    assert smooth.measures["unevenness_ratio"] < 0.05
    assert stopping.measures["unevenness_ratio"] == pytest.approx(1.0, abs=0.15)


def test_looking_up_is_positive() -> None:
    style = glide_pose.Style(wobble=0.0, tuck_deg=30.0, look_up_deg=30.0)
    poser = glide_pose.SeatedGlide(actor(), style)
    moments = [
        Moment(t, poser.place(glide_pose.Pose(slump=1.0, neck=neck)))
        for t, neck in enumerate((0.0, 0.5, 1.0))
    ]
    truth = film_truth(actor(), Action("nerve_glide", moments))
    face, neck = face_deg(truth), neck_deg(truth)
    assert np.diff(face) == pytest.approx([30.0, 30.0], abs=1.5)
    assert (np.diff(neck) > 5.0).all()


# Whole scripts


@pytest.mark.parametrize("name", NAMES)
def test_scripts_tell_what_they_show(name: str) -> None:
    action, truth = filmed(name, 1)
    assert action.exercise == name[:11].replace("-", "_").rstrip("_")
    events = action.events(truth)
    assert any(event.counted for event in events)
    assert [event.number for event in events] == list(range(1, len(events) + 1))
    assert {moment.rep for moment in action.moments} == set(range(len(events) + 1))
    for event in events:
        assert 0.0 < event.start_s < event.turn_s < event.end_s < truth.t_s[-1]
        assert event.side in LETTERS
    if name.endswith("faults"):
        assert sum(bool(event.faults) for event in events) >= 2


@pytest.mark.parametrize("name", NAMES)
def test_bodies_move_as_bodies_do(name: str) -> None:
    action, _ = filmed(name, 1)
    joints = np.stack([moment.placed.heads_m for moment in action.moments])
    speeds = np.linalg.norm(np.diff(joints, axis=0), axis=2) * FPS
    assert speeds.max() < 3.5
    assert min(actor().contact.lowest_m(m.placed) for m in action.moments[::5]) > -0.025


@pytest.mark.parametrize("name", NAMES)
def test_scripts_are_repeatable(name: str) -> None:
    first, second = (SCRIPTS[name](actor(), chance(4), 0.5) for _ in range(2))
    for one, other in zip(first.moments, second.moments, strict=True):
        assert np.array_equal(one.placed.heads_m, other.placed.heads_m)


@pytest.mark.parametrize("name", [n for n in NAMES if n.endswith("seated")])
def test_the_foot_that_does_not_move_stays_where_it_is(name: str) -> None:
    action, truth = filmed(name, 1)
    sides = {event.side for event in action.events(truth)}
    for side in set(LETTERS) - sides if len(sides) == 1 else ():
        ankle = truth.joint(f"{side}_ankle")
        assert np.ptp(ankle, axis=0) == pytest.approx(np.zeros(3), abs=1e-6)
    for event in action.events(truth):
        during = (truth.t_s >= event.start_s) & (truth.t_s <= event.end_s)
        still = truth.world_m[during, JOINTS.index(f"{OTHER[event.side]}_ankle")]
        assert np.ptp(still, axis=0) == pytest.approx(np.zeros(3), abs=1e-6)


@pytest.mark.parametrize("seed", [0, 5])
@pytest.mark.parametrize("name", NAMES)
def test_limbs_of_flesh_do_not_pass_through_one_another(name: str, seed: int) -> None:
    pytest.importorskip("anny")
    pytest.importorskip("torch")
    from benchmarks.rendering.film import Order, Studio

    take = Studio().take(Order("front", seed, name, fps=4))
    body = take.cast.person.actor
    flesh = Flesh(body.body)
    for moment in take.action.moments:
        for side in LETTERS:
            for part in ("thigh", "shin", "foot"):
                skin = body.contact.points_m(moment.placed, f"{side}_{part}")
                for limb in ("thigh", "shin"):
                    depth = flesh.depth_m(moment.placed, limb, OTHER[side], skin)
                    # Two limbs that press on each other give way by some centimetres.
                    assert depth.max() < 0.06
