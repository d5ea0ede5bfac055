"""Exercises on the back: glute bridges, pelvic tilts, and the way down to the floor."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest

from benchmarks.rendering.action import Action, Actor, Event, Fault, Moment
from benchmarks.rendering.figure import LETTERS, facing
from benchmarks.rendering.motions import bridge_scripts, from_standing, pelvic_tilt
from benchmarks.rendering.motions.bridge import BridgeMotion, BridgeRep, Fit, Plan
from benchmarks.rendering.motions.getting_down import GettingDown, Tempo, draw_tempo
from benchmarks.rendering.motions.pelvic_tilt import TiltMotion, TiltRep
from benchmarks.rendering.motions.supine import Spot, Supine, Trunk
from benchmarks.rendering.motions.supine_session import HUG, LINE, Manner, Session, Stance
from benchmarks.rendering.motions.supine_truth import sagittal_flexion_deg
from benchmarks.rendering.truth import Truth
from tests.rendering_rig import chance, film_truth, stick_actor

STILL = Manner(breath_deg=0.0, wobble=0.0, fidget=0.0)
HERE = Spot()
HABIT = bridge_scripts.Habit(
    knee_flexion_deg=90.0,
    out_m=0.13,
    toe_out_deg=5.0,
    uneven_m=0.0,
    curl_deg=6.0,
    ascent_s=1.2,
    descent_s=1.4,
    hold_s=2.0,
    rest_s=0.6,
)
TILT_HABIT = pelvic_tilt.Habit(
    knee_flexion_deg=95.0,
    out_m=0.13,
    toe_out_deg=5.0,
    turn_deg=8.0,
    hip_rise_m=0.008,
    back_s=1.0,
    hold_s=4.0,
    forth_s=1.0,
    rest_s=0.6,
)
ON_FLOOR = ("head", "chest", "pelvis")


@pytest.fixture(scope="module")
def actor() -> Actor:
    return stick_actor()


@pytest.fixture(scope="module")
def supine(actor: Actor) -> Supine:
    return Supine(actor)


@pytest.fixture(scope="module")
def fit(supine: Supine) -> Fit:
    return Fit(supine)


@pytest.fixture(scope="module")
def stance(fit: Fit) -> Stance:
    return fit.stance(90.0, 0.13, 5.0)


def bridges(
    supine: Supine,
    actor: Actor,
    reps: Sequence[BridgeRep],
    stance: Stance,
    fps: float = 20,
    free_way: str = LINE,
) -> tuple[Truth, list[Event]]:
    """Film a plan without any involuntary movement; return truth and events."""
    whole = Plan(tuple(reps), stance, free_way, before_s=0.5, after_s=0.5)
    motion = BridgeMotion(supine, whole, STILL, np.random.default_rng(0), HERE)
    moments = [
        Moment(i / fps, actor.figures.place(motion.session.figure(i / fps)), motion.rep_at(i / fps))
        for i in range(round(motion.duration_s * fps))
    ]
    truth = film_truth(actor, Action("glute_bridge", moments))
    return truth, bridge_scripts.events(truth, whole.reps)


def fastest_m_s(truth: Truth) -> float:
    moved = np.linalg.norm(np.diff(truth.world_m, axis=0), axis=2)
    return float((moved / np.diff(truth.t_s)[:, None]).max())


# Lying


def test_a_lying_body_rests_on_head_back_and_pelvis(actor: Actor, supine: Supine) -> None:
    placed = actor.figures.place(supine.crook())
    for part in ON_FLOOR:
        assert -0.025 < actor.contact.lowest_m(placed, (part,)) < 0.005, part
    for side in LETTERS:
        assert actor.contact.lowest_m(placed, (f"{side}_hand",)) > -0.02
    hips = actor.figures.joint(placed, "upperleg01.L")
    shoulders = actor.figures.joint(placed, "upperarm01.L")
    assert hips[1] < shoulders[1] - 0.3
    assert abs(hips[2] - shoulders[2]) < 0.08


def test_knees_are_bent_as_asked_when_lying(actor: Actor, supine: Supine) -> None:
    placed = actor.figures.place(supine.crook(knee_flexion_deg=80.0))
    for letter in LETTERS.values():
        hip, knee, ankle = (
            actor.figures.joint(placed, f"{b}.{letter}")
            for b in ("upperleg01", "lowerleg01", "foot")
        )
        u, v = knee - hip, ankle - knee
        cosine = u @ v / np.linalg.norm(u) / np.linalg.norm(v)
        assert np.degrees(np.arccos(cosine)) == pytest.approx(80.0, abs=0.5)


def test_straight_legs_lie_on_their_heels(actor: Actor, supine: Supine) -> None:
    figure = supine.lying(Trunk(), {side: supine.straight(side) for side in LETTERS})
    placed = actor.figures.place(figure)
    for side in LETTERS:
        assert actor.contact.lowest_m(placed, (f"{side}_foot",)) == pytest.approx(0.0, abs=0.01)
        assert actor.contact.lowest_m(placed, (f"{side}_shin",)) > -0.02


def test_a_spot_moves_a_figure_as_a_whole(actor: Actor, supine: Supine) -> None:
    spot = Spot(yaw_deg=90.0, x_m=1.0, y_m=-2.0)
    figure = supine.crook()
    before, after = (actor.figures.place(f).heads_m for f in (figure, spot.of(figure)))
    # A quarter turn to the left takes x to y and y to -x.
    expected = np.column_stack([-before[:, 1] + 1.0, before[:, 0] - 2.0, before[:, 2]])
    assert np.allclose(after, expected, atol=1e-9)


@pytest.mark.parametrize(
    ("knee", "expected_deg"),
    [((0, -2, 0), 0.0), ((0, -1, 1), 45.0), ((0, -1, -1), -45.0), ((1, -1, 0), 0.0)],
)
def test_flexion_seen_from_the_side_has_a_sign(
    knee: tuple[float, float, float], expected_deg: float
) -> None:
    """Lying on the back, feet towards -y: the front of the body is up."""
    shoulder, hip = np.array([0.0, 1.0, 0.0]), np.zeros(3)
    across = np.array([0.3, 0.0, 0.0])
    flexion = sagittal_flexion_deg(shoulder, hip, np.array(knee, float), across)
    assert float(flexion) == pytest.approx(expected_deg)


# Bridges


def test_a_good_bridge_is_straight_from_shoulders_to_knees(
    actor: Actor, supine: Supine, stance: Stance
) -> None:
    truth, (event,) = bridges(supine, actor, [BridgeRep()], stance)
    top = int(np.argmin(np.abs(truth.t_s - (event.turn_s + event.held_s / 2))))
    shoulder, hip, knee = (
        (truth.joint(f"left_{n}")[top] + truth.joint(f"right_{n}")[top]) / 2
        for n in ("shoulder", "hip", "knee")
    )
    line = (knee - shoulder) / np.linalg.norm(knee - shoulder)
    off = (hip - shoulder) - line * ((hip - shoulder) @ line)
    assert np.linalg.norm(off) < 0.01
    assert event.measures["top_knee_flexion_deg"] == pytest.approx(90.0, abs=1.5)
    assert event.measures["lift_m"] > 0.12
    # The shoulders stay where they are and the feet do not move.
    assert np.ptp(truth.joint("left_shoulder"), axis=0).max() < 0.03
    assert np.ptp(truth.joint("left_ankle"), axis=0).max() < 1e-6


@pytest.mark.parametrize("asked_deg", [-18.0, 0.0, 12.0, 35.0])
def test_hips_come_as_high_as_asked(
    actor: Actor, supine: Supine, stance: Stance, asked_deg: float
) -> None:
    _, (event,) = bridges(supine, actor, [BridgeRep(hip_flexion_deg=asked_deg)], stance)
    assert event.measures["top_hip_flexion_deg"] == pytest.approx(asked_deg, abs=0.7)
    assert event.measures["lying_hip_flexion_deg"] > 42.0


def test_a_bridge_happens_when_planned(actor: Actor, supine: Supine, stance: Stance) -> None:
    rep = BridgeRep(ascent_s=1.2, hold_s=3.0, descent_s=1.6)
    _, (event,) = bridges(supine, actor, [rep], stance, fps=40)
    # A smooth move has 5 % of its way behind it after a fifth, 90 % after three quarters.
    assert event.start_s == pytest.approx(0.5 + 0.2 * 1.2, abs=0.08)
    assert event.turn_s == pytest.approx(0.5 + 0.75 * 1.2, abs=0.12)
    assert event.held_s == pytest.approx(3.0 + 0.25 * (1.2 + 1.6), abs=0.2)
    assert event.end_s == pytest.approx(0.5 + 1.2 + 3.0 + 0.8 * 1.6, abs=0.1)


@pytest.mark.parametrize("level", ["clear", "slight", "inside"])
@pytest.mark.parametrize("name", sorted(bridge_scripts.FAULTS))
def test_bridge_faults_show_in_the_truth(
    actor: Actor, supine: Supine, fit: Fit, stance: Stance, name: str, level: str
) -> None:
    rng = np.random.default_rng(5)
    plain = BridgeRep(hold_s=2.5, stance=stance)
    rep = bridge_scripts.with_fault(plain, name, level, rng, fit, HABIT)
    assert rep.faults == (Fault(name, level),)
    _, (event,) = bridges(supine, actor, [rep], stance, fps=15)
    measure, sizes = bridge_scripts.FAULTS[name]
    low, high = sizes[level]
    slack = 0.14 if measure.endswith("_s") else 0.02 if measure == "knee_ratio" else 1.0
    shown = event.measures[measure]
    assert low - slack <= (abs(shown) if name == "pelvis_tilt" else shown) <= high + slack


def test_the_other_leg_is_off_the_floor_on_one_foot(
    actor: Actor, supine: Supine, stance: Stance
) -> None:
    reps = [BridgeRep(side=side, obliquity_deg=6.0) for side in ("left", "right")]
    for way in (LINE, HUG):
        truth, events = bridges(supine, actor, reps, stance, free_way=way)
        assert [event.side for event in events] == ["left", "right"]
        for event, free in zip(events, ("right", "left"), strict=True):
            during = (truth.t_s > event.start_s) & (truth.t_s < event.end_s)
            assert truth.joint(f"{free}_ankle")[during, 2].min() > 0.3
            assert np.ptp(truth.joint(f"{event.side}_ankle")[during], axis=0).max() < 1e-6
            assert event.measures["pelvis_obliquity_deg"] == pytest.approx(6.0, abs=0.7)
            assert event.measures["top_hip_flexion_deg"] == pytest.approx(0.0, abs=0.8)
        assert fastest_m_s(truth) < 4.0


def test_a_lifted_leg_goes_on_in_line_with_the_other_thigh(
    actor: Actor, supine: Supine, stance: Stance
) -> None:
    truth, (event,) = bridges(supine, actor, [BridgeRep(side="left")], stance, free_way=LINE)
    top = int(np.argmin(np.abs(truth.t_s - (event.turn_s + event.held_s / 2))))
    thighs = [truth.joint(f"{s}_knee")[top] - truth.joint(f"{s}_hip")[top] for s in LETTERS]
    slopes = [np.degrees(np.arctan2(t[2], -t[1])) for t in thighs]
    assert slopes[0] == pytest.approx(slopes[1], abs=2.0)
    assert truth.angles["right_knee_flexion_deg"][top] < 12.0


# Tilts


def tilts(
    supine: Supine, actor: Actor, reps: Sequence[TiltRep], fps: float = 20
) -> tuple[Truth, list[Event]]:
    fit = pelvic_tilt.Fit(supine)
    session = Session(
        fit.supine,
        fit.stance(TILT_HABIT, TILT_HABIT.knee_flexion_deg),
        STILL,
        np.random.default_rng(0),
        HERE,
    )
    motion = TiltMotion(session, fit, TILT_HABIT, reps, 0.5)
    moments = [
        Moment(i / fps, actor.figures.place(session.figure(i / fps)), motion.rep_at(i / fps))
        for i in range(round(motion.end_s * fps))
    ]
    truth = film_truth(actor, Action("pelvic_tilt", moments))
    return truth, pelvic_tilt.events(truth, reps, pelvic_tilt.pelvis_deg(actor, moments))


def test_a_tilt_turns_the_pelvis_and_hardly_moves_the_hips(actor: Actor, supine: Supine) -> None:
    truth, (event,) = tilts(supine, actor, [TiltRep(turn_deg=9.0, hip_rise_m=0.01, hold_s=5.0)])
    assert event.measures["pelvis_turn_deg"] == pytest.approx(9.0, abs=0.2)
    assert 0.004 < event.measures["hip_move_m"] < 0.02
    assert event.held_s == pytest.approx(5.6, abs=0.25)
    assert np.ptp(truth.joint("left_ankle"), axis=0).max() < 1e-6
    assert np.ptp(truth.joint("nose"), axis=0).max() < 0.02


@pytest.mark.parametrize("level", ["clear", "slight", "inside"])
@pytest.mark.parametrize("name", sorted(pelvic_tilt.FAULTS))
def test_tilt_faults_show_in_the_truth(actor: Actor, supine: Supine, name: str, level: str) -> None:
    plain = TiltRep(hold_s=3.0, back_s=1.0, forth_s=1.0)
    rep = pelvic_tilt.with_fault(plain, name, level, np.random.default_rng(3))
    _, (event,) = tilts(supine, actor, [rep])
    measure, sizes = pelvic_tilt.FAULTS[name]
    low, high = sizes[level]
    slack = {"hip_move_m": 0.015, "knee_ratio": 0.03}.get(measure, 0.16)
    slack = 2.5 if measure.endswith("_deg") else slack
    assert low - slack <= abs(event.measures[measure]) <= high + slack


# Scripts

SCRIPTS = {**bridge_scripts.SCRIPTS, **pelvic_tilt.SCRIPTS, **from_standing.SCRIPTS}


@pytest.mark.parametrize("name", sorted(SCRIPTS))
def test_scripts_can_be_repeated(actor: Actor, name: str) -> None:
    first, again = (SCRIPTS[name](actor, chance(7), 1).moments for _ in range(2))
    for one, other in zip(first, again, strict=True):
        assert np.array_equal(one.placed.heads_m, other.placed.heads_m)


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("name", sorted(SCRIPTS))
def test_scripts_show_people(actor: Actor, name: str, seed: int) -> None:
    action = SCRIPTS[name](actor, chance(seed), 10)
    truth = film_truth(actor, action)
    events = action.events(truth)
    assert any(event.counted for event in events)
    for before, after in pairwise(events):
        assert before.end_s <= after.start_s
    for event in events:
        assert event.start_s < event.turn_s < event.end_s
        assert all(np.isfinite(value) for value in event.measures.values())
    assert fastest_m_s(truth) < 4.0


@pytest.mark.parametrize("by_knees", [False, True])
@pytest.mark.parametrize("side", list(LETTERS))
def test_people_get_down_and_up_again(
    actor: Actor, supine: Supine, by_knees: bool, side: str
) -> None:
    lying = supine.crook()
    getting = GettingDown(actor, np.random.default_rng(0))
    down = getting.way(lying, Tempo(by_knees, side))
    frames = [down.place(t) for t in np.arange(0.0, down.duration_s + 0.05, 0.05)]
    heads = np.array([placed.heads_m for placed in frames])
    assert heads[0, actor.body.rig.index["head"], 2] > 1.35
    assert np.allclose(heads[-1], actor.figures.place(lying).heads_m, atol=0.005)
    assert np.abs(np.diff(heads, axis=0)).max() / 0.05 < 4.0
    assert min(actor.contact.lowest_m(placed, ON_FLOOR) for placed in frames) > -0.025
    up = down.reversed()
    for t in (0.0, 2.0, up.duration_s):
        assert np.allclose(up.place(t).heads_m, down.place(down.duration_s - t).heads_m, atol=0.03)


def test_feet_stay_planted_when_sitting_down(actor: Actor, supine: Supine) -> None:
    lying = supine.crook()
    way = GettingDown(actor, np.random.default_rng(0)).way(lying, Tempo(by_knees=False))
    ankles = np.array(
        [actor.figures.joint(way.place(t), "foot.L") for t in np.arange(0.0, way.duration_s, 0.1)]
    )
    assert np.ptp(ankles, axis=0).max() < 1e-6


@pytest.mark.parametrize(("age_years", "low", "high"), [(25.0, 0.1, 0.4), (75.0, 0.95, 1.0)])
def test_older_people_get_down_by_their_knees(age_years: float, low: float, high: float) -> None:
    rng = np.random.default_rng(1)
    share = np.mean([draw_tempo(rng, age_years).by_knees for _ in range(300)])
    assert low <= share <= high


@pytest.mark.parametrize("name", sorted(SCRIPTS))
def test_real_bodies_do_not_sink_into_the_floor(name: str) -> None:
    pytest.importorskip("anny")
    from benchmarks.rendering.body import Bodies, Shape

    bodies = Bodies()
    for shape in (Shape(female=1.0, weight=0.85, stature_m=1.6), Shape(female=0.0, weight=0.3)):
        body = Actor(shape, bodies.make(shape))
        moments = SCRIPTS[name](body, chance(4), 4).moments
        assert min(body.contact.lowest_m(m.placed) for m in moments) > -0.025


def test_facing_up_is_lying_on_the_back() -> None:
    assert np.allclose(facing(-90.0) @ (0, -1, 0), (0, 0, 1))
