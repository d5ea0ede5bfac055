"""The renderer's own arithmetic, on a body of sticks: no torch, no drawing."""

from __future__ import annotations

import tomllib
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.rendering import labels
from benchmarks.rendering.action import Action, Moment, smooth
from benchmarks.rendering.answers import true_answers
from benchmarks.rendering.camera import VIEWS, Camera, round_person
from benchmarks.rendering.cast import Wishes, draw_camera, middle_m
from benchmarks.rendering.motions.squat import SquatMotion
from benchmarks.rendering.motions.squat_plan import Plan, SquatRep, Style
from benchmarks.rendering.motions.squat_scripts import PLANS
from benchmarks.rendering.posture import Poser, Posture, Step, vertical_deg
from benchmarks.rendering.rig import SIDES, FloatArray, Placement, frame, rotation
from benchmarks.rendering.truth import Truth, time_reps
from tests.rendering_rig import HEAD_TOP, film_truth, stick_actor, stick_rig


@pytest.fixture
def poser() -> Poser:
    return Poser(stick_rig(), HEAD_TOP)


def head(poser: Poser, placed: Placement, bone: str) -> FloatArray:
    where: FloatArray = placed.heads_m[poser.rig.index[bone]]
    return where


def knee_flexion_deg(poser: Poser, placed: Placement, letter: str) -> float:
    hip, knee, ankle = (
        head(poser, placed, f"{bone}.{letter}") for bone in ("upperleg01", "lowerleg01", "foot")
    )
    u, v = knee - hip, ankle - knee
    return float(np.degrees(np.arccos(u @ v / np.linalg.norm(u) / np.linalg.norm(v))))


def test_rotation_turns_the_right_handed_way() -> None:
    assert np.allclose(rotation("x", 90) @ (0, 1, 0), (0, 0, 1))
    assert np.allclose(rotation("y", 90) @ (0, 0, 1), (1, 0, 0))
    assert np.allclose(rotation("z", 90) @ (1, 0, 0), (0, 1, 0))


def test_frame_is_a_rotation() -> None:
    made = frame(np.array([0.0, 0.0, 2.0]), np.array([1.0, 0.0, 5.0]))
    assert np.allclose(made, np.column_stack([(0, 0, 1), (1, 0, 0), (0, 1, 0)]))


@given(
    bent=st.floats(3.0, 130.0),
    lean=st.floats(0.0, 55.0),
    toe_out=st.floats(0.0, 35.0),
    stance=st.floats(0.2, 0.5),
)
def test_posture_is_balanced_on_planted_feet(
    bent: float, lean: float, toe_out: float, stance: float
) -> None:
    poser = Poser(stick_rig(), HEAD_TOP)
    posture = Posture(
        knee_flexion_deg=bent, lean_deg=lean, toe_out_deg=toe_out, stance_m=stance, arms=0.5
    )
    placed = poser.place(posture)
    flexions = [knee_flexion_deg(poser, placed, letter) for letter in "LR"]
    assert np.mean(flexions) == pytest.approx(bent, abs=0.02)
    for _, letter, sign in SIDES:
        ankle = head(poser, placed, f"foot.{letter}")
        assert np.allclose(ankle, (sign * stance / 2, 0.0, 0.08), atol=1e-6)
    toes = np.mean([head(poser, placed, f"toe3-1.{letter}")[1] for letter in "LR"])
    assert toes < poser.centre_of_mass(placed)[1] < 0.0


def test_bones_keep_their_length_when_posed(poser: Poser) -> None:
    placed = poser.place(Posture(knee_flexion_deg=100, lean_deg=40, arms=1, roll_deg=4, yaw_deg=5))
    for i, parent in enumerate(poser.rig.parents):
        if parent >= 0:
            now = np.linalg.norm(placed.heads_m[i] - placed.heads_m[parent])
            rest = np.linalg.norm(poser.rig.heads_m[i] - poser.rig.heads_m[parent])
            assert now == pytest.approx(rest, abs=1e-9), poser.rig.names[i]


def test_leaning_forward_makes_shins_steeper(poser: Poser) -> None:
    shins = []
    for lean in (25, 35, 45, 55):
        placed = poser.place(Posture(knee_flexion_deg=100, lean_deg=lean, arms=1))
        shin = head(poser, placed, "lowerleg01.L") - head(poser, placed, "foot.L")
        shins.append(vertical_deg(shin))
    assert shins == sorted(shins, reverse=True)


def test_heels_rise_about_the_balls_of_the_feet(poser: Poser) -> None:
    flat, risen = (
        poser.place(Posture(knee_flexion_deg=90, lean_deg=35, heel_rise_deg=rise))
        for rise in (0, 15)
    )
    for letter in "LR":
        up = head(poser, risen, f"foot.{letter}") - head(poser, flat, f"foot.{letter}")
        assert up[2] == pytest.approx(0.14 * np.sin(np.radians(15)), abs=0.003)
        toe = f"toe3-1.{letter}"
        assert np.allclose(head(poser, flat, toe), head(poser, risen, toe), atol=1e-9)


def test_mirrored_posture_is_posed_as_in_a_mirror(poser: Poser) -> None:
    tilted = Posture(knee_flexion_deg=70, lean_deg=30, hip_shift_m=0.04, roll_deg=3, yaw_deg=5)
    there = poser.place(tilted)
    back = poser.place(replace(tilted, hip_shift_m=-0.04, roll_deg=-3, yaw_deg=-5))
    for name in ("upperleg01", "lowerleg01", "foot", "wrist"):
        left, right = head(poser, there, f"{name}.L"), head(poser, back, f"{name}.R")
        assert np.allclose(left * (-1, 1, 1), right, atol=1e-4), name


def test_lifted_foot_leaves_the_weight_on_the_other(poser: Poser) -> None:
    placed = poser.place(Posture(knee_flexion_deg=5, left_step=Step(0.1, 0.3, 20)))
    assert head(poser, placed, "foot.L")[2] > 0.3
    assert head(poser, placed, "foot.R")[2] == pytest.approx(0.08)
    assert knee_flexion_deg(poser, placed, "R") == pytest.approx(5, abs=0.1)
    assert knee_flexion_deg(poser, placed, "L") > 60


# Motion


def squatted(plan: Plan, fps: float = 30) -> Truth:
    actor = stick_actor()
    motion = SquatMotion(actor, plan, np.random.default_rng(1))
    moments = [Moment(m.t_s, actor.poser.place(m.posture), m.rep) for m in motion.instants(fps)]
    return film_truth(actor, Action("squat", moments))


def at(truth: Truth, t_s: float) -> int:
    """Return the frame that is nearest to a time."""
    return int(np.argmin(np.abs(truth.t_s - t_s)))


def test_smooth_starts_and_ends_at_rest() -> None:
    assert [smooth(x) for x in (-1, 0, 0.5, 1, 2)] == [0, 0, 0.5, 1, 1]
    assert smooth(0.01) < 1e-4


def test_repetitions_go_as_deep_as_asked() -> None:
    reps = (SquatRep(thigh_deg=95), SquatRep(thigh_deg=60), SquatRep(thigh_deg=80, knee_ratio=0.7))
    truth = squatted(Plan("test", reps, Style(wobble=0.0)))
    for rep, when in zip(reps, time_reps(truth, 3), strict=True):
        thigh = truth.mean("thigh_elevation_deg")[at(truth, when.turn_s)]
        assert thigh == pytest.approx(90 - rep.thigh_deg, abs=0.5)
        assert when.start_s < when.bottom_start_s <= when.turn_s <= when.bottom_end_s < when.end_s
    assert true_answers(truth, "squat", [when])[0]["SQ02"] == pytest.approx(0.7, abs=0.01)


def test_repetitions_happen_when_planned() -> None:
    rep = SquatRep(thigh_deg=90, down_s=1.0, hold_s=0.2, up_s=0.8, rest_s=0.5)
    truth = squatted(Plan("test", (rep, rep), Style(wobble=0.0), before_s=1, after_s=1))
    first, second = time_reps(truth, 2)
    # Knees that bend evenly hardly lower the hips at first: 5 % of the way down is about a
    # fifth of the bend, which a smooth move has done after a third of its time.
    assert first.start_s == pytest.approx(1.33, abs=0.05)
    assert 2.0 <= first.turn_s <= 2.2
    assert first.end_s == pytest.approx(3.0 - 0.8 * 0.33, abs=0.05)
    assert second.turn_s - first.turn_s == pytest.approx(2.5, abs=0.04)


def test_incomplete_lockout_stays_until_the_next_repetition() -> None:
    reps = (SquatRep(thigh_deg=90, left_bent_deg=25), SquatRep(thigh_deg=90))
    style = Style(wobble=0.0, standing_bent_deg=5.0)
    truth = squatted(Plan("test", reps, style))
    bent = truth.mean("knee_flexion_deg")
    between = (truth.rep == 0) & (truth.t_s > 2) & (truth.t_s < 5)
    assert between.any()
    assert bent[between] == pytest.approx(30, abs=0.5)
    assert bent[-1] == pytest.approx(5, abs=0.5)


def test_faults_show_in_the_truth() -> None:
    plain, leaning, high = SquatRep(), SquatRep(lean_deg=18), SquatRep(heel_rise_deg=14)
    truth = squatted(Plan("test", (plain, leaning, high), Style(wobble=0.0)))
    a, b, c = time_reps(truth, 3)
    trunk = truth.angles["trunk_inclination_deg"]
    assert trunk[at(truth, b.turn_s)] - trunk[at(truth, a.turn_s)] > 12
    leaning, plainly, high_up = (
        truth.mean("shin_inclination_deg")[at(truth, when.turn_s)] for when in (b, a, c)
    )
    assert leaning < plainly < high_up


@pytest.mark.parametrize("script", sorted(PLANS))
def test_scripts_are_repeatable(script: str) -> None:
    first, second = (PLANS[script](np.random.default_rng(4), Style()) for _ in range(2))
    assert first == second
    assert any(rep.counted for rep in first.reps)


# Camera

STANDING_M = np.array(
    [[(0, -0.1, 1.65), (0.25, 0, 0.9), (-0.25, 0, 0.9), (0.2, -0.2, 0), (-0.2, 0.05, 0)]]
)
"""One frame of five joints: eyes, hands, toes and a heel."""


@pytest.mark.parametrize(
    ("view", "expected"),
    [
        ("front", (0, -1)),
        ("rear", (0, 1)),
        ("side-left", (1, 0)),
        ("side-right", (-1, 0)),
        ("front-left", (0.5**0.5, -(0.5**0.5))),
        ("rear-right", (-(0.5**0.5), 0.5**0.5)),
    ],
)
def test_views_put_the_camera_where_their_names_say(
    view: str, expected: tuple[float, float]
) -> None:
    """The person faces -y and has their left at +x."""
    camera = Camera(np.array([0, 0, 1.0]), np.array([0, 0, 0.9]), 40, 640, 480)
    placed = round_person(camera, VIEWS[view], 3.0)
    assert placed.position_m[:2] == pytest.approx(np.array(expected) * 3.0, abs=1e-9)
    assert placed.position_m[2] == 1.0
    assert np.cos(np.radians(placed.azimuth_deg - VIEWS[view])) == pytest.approx(1.0)


def test_projection_by_hand() -> None:
    # 90 degrees over 400 px: the focal length is 200 px.
    camera = Camera(np.array([0, -2.0, 1.0]), np.array([0, 0, 1.0]), 90, 600, 400)
    points = np.array([(0, 0, 1.0), (1, 0, 1.0), (0, 0, 2.0), (0.5, -1, 1.0)])
    assert camera.project(points) == pytest.approx(
        np.array([(300, 200), (400, 200), (300, 100), (400, 200)])
    )


@pytest.mark.parametrize("view", list(VIEWS))
@pytest.mark.parametrize("size_px", [(640, 480), (480, 640)])
def test_drawn_camera_shows_the_whole_person(view: str, size_px: tuple[int, int]) -> None:
    for seed in range(5):
        camera = draw_camera(np.random.default_rng(seed), view, STANDING_M, size_px, Wishes())
        ends = camera.project(np.array([(0, 0, 1.78), (0.15, 0.1, 0), (-0.15, -0.25, 0)]))
        assert (ends > 0).all()
        assert (ends < size_px).all()
        azimuth = camera.azimuth_from(middle_m(STANDING_M))
        assert abs((azimuth - VIEWS[view] + 180) % 360 - 180) <= 9


def test_wishes_for_the_camera_are_granted() -> None:
    wishes = Wishes(height_m=0.7, fov_deg=50, spare=1.0)
    camera = draw_camera(np.random.default_rng(0), "front", STANDING_M, (640, 480), wishes)
    further = draw_camera(
        np.random.default_rng(0), "front", STANDING_M, (640, 480), replace(wishes, spare=1.5)
    )
    assert camera.position_m[2] == 0.7
    assert camera.fov_deg == 50
    middle = middle_m(STANDING_M)
    near, far = (np.linalg.norm((c.position_m - middle)[:2]) for c in (camera, further))
    assert far == pytest.approx(1.5 * near)


# Labels


def test_labels_can_be_read_back() -> None:
    head_table = {
        "exercise": 'say "squat" \\ twice',
        "frames": 12,
        "size_px": [640, 480],
        "camera": {"fov_deg": np.float64(41.23456), "fixed": True},
    }
    reps = [{"number": 1, "counted": False, "faults": ["lean"], "measures": {"thigh_deg": -0.0}}]
    assert tomllib.loads(labels.to_toml(head_table, reps)) == {
        "exercise": 'say "squat" \\ twice',
        "frames": 12,
        "size_px": [640, 480],
        "camera": {"fov_deg": 41.235, "fixed": True},
        "reps": [
            {"number": 1, "counted": False, "faults": ["lean"], "measures": {"thigh_deg": 0.0}}
        ],
    }
