"""What is known about rendered people, against what their bones were told to do.

The truth and the analyzer share one definition of every angle, so agreeing with each other
proves little. Here both are also held against the rotations that went into the bones, and
against arithmetic that shares nothing with them.
"""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from benchmarks.rendering.action import Action, Moment
from benchmarks.rendering.answers import EXACT, SIZE_PX, true_answers, true_pose, true_readings
from benchmarks.rendering.figure import Figure, FreeLeg, facing
from benchmarks.rendering.motions.squat import SquatMotion
from benchmarks.rendering.motions.squat_plan import Plan, SquatRep, Style
from benchmarks.rendering.truth import ANGLES, JOINTS, UP, Truth, joints_of, time_reps
from formcheck.angles import BODY_ANGLES, body_angles_deg
from formcheck.exercises.load import load_exercise
from formcheck.geometry import PICTURE_UP
from formcheck.refine.body import Body
from formcheck.refine.plain import ANGLE_NAMES, PlainAngles
from formcheck.results import SIDES
from formcheck.sources.synthetic import DEEP, StickFigure
from formcheck.view import view_from_yaw
from tests.rendering_rig import film_truth, stick_actor

AGREE_DEG = 0.5
SHOULDER_OUT_M, SHOULDER_UP_M = 0.09, 0.49
"""Of the stick person: shoulder against hip."""


def held(
    left: FreeLeg | None = None, pelvis: np.ndarray | None = None, bend_deg: float = 0.0
) -> dict[str, float]:
    """Return the true angles of a figure that stands free, the right leg straight."""
    actor = stick_actor()
    legs = {"left": left or FreeLeg(knee_flexion_deg=0.0), "right": FreeLeg(knee_flexion_deg=0.0)}
    figure = Figure(
        np.array([0.0, 0.0, 1.0]),
        pelvis=np.eye(3) if pelvis is None else pelvis,
        bend_deg=bend_deg,
        legs=legs,
    )
    joints = joints_of(actor.body, actor.figures.place(figure))
    return body_angles_deg(lambda name: joints[name].tolist(), UP)


# What the bones were told


@pytest.mark.parametrize("pitch", [0.0, 35.0, -90.0])
@pytest.mark.parametrize("knee", [0.0, 25.0, 90.0, 135.0])
@pytest.mark.parametrize("hip", [-20.0, 0.0, 60.0, 110.0])
def test_joints_bend_as_their_bones_do(hip: float, knee: float, pitch: float) -> None:
    """Standing, leaning and lying on the back: the same joints, the same angles."""
    found = held(FreeLeg(hip_flexion_deg=hip, knee_flexion_deg=knee), facing(pitch))
    assert found["left_knee_flexion_deg"] == pytest.approx(knee, abs=AGREE_DEG)
    assert found["left_hip_swing_deg"] == pytest.approx(hip, abs=AGREE_DEG)
    assert found["right_hip_swing_deg"] == pytest.approx(0.0, abs=AGREE_DEG)
    assert found["trunk_inclination_deg"] == pytest.approx(abs(pitch), abs=AGREE_DEG)
    # The thigh stands `hip - pitch` in front of straight down.
    elevation = math.degrees(math.asin(math.cos(math.radians(hip - pitch))))
    assert found["left_thigh_elevation_deg"] == pytest.approx(elevation, abs=AGREE_DEG)
    shin = abs((hip - pitch - knee + 180.0) % 360.0 - 180.0)
    assert found["left_shin_inclination_deg"] == pytest.approx(shin, abs=AGREE_DEG)


@pytest.mark.parametrize("hip", [0.0, 30.0, 75.0, 110.0])
def test_hip_flexion_by_trigonometry(hip: float) -> None:
    """Shoulders are further apart than hips, which the three joints' angle cannot ignore."""
    found = held(FreeLeg(hip_flexion_deg=hip, knee_flexion_deg=0.0))
    slope = SHOULDER_UP_M / math.hypot(SHOULDER_OUT_M, SHOULDER_UP_M)
    expected = math.degrees(math.acos(slope * math.cos(math.radians(hip))))
    assert found["left_hip_flexion_deg"] == pytest.approx(expected, abs=AGREE_DEG)


@pytest.mark.parametrize("hip", [0.0, 45.0, 90.0])
@pytest.mark.parametrize("out", [-10.0, 0.0, 25.0, 45.0])
def test_thighs_spread_as_they_were_told(out: float, hip: float) -> None:
    found = held(FreeLeg(hip_flexion_deg=hip, abduction_deg=out, knee_flexion_deg=0.0))
    assert found["left_hip_abduction_deg"] == pytest.approx(out, abs=AGREE_DEG)
    assert found["left_hip_swing_deg"] == pytest.approx(hip, abs=AGREE_DEG)
    assert found["left_knee_valgus_deg"] == pytest.approx(0.0, abs=AGREE_DEG)


@pytest.mark.parametrize("up", [-40.0, -10.0, 0.0, 15.0, 30.0])
def test_ankles_bend_as_they_were_told(up: float) -> None:
    found = held(FreeLeg(knee_flexion_deg=70.0, dorsiflexion_deg=up))
    assert found["left_ankle_flexion_deg"] == pytest.approx(up, abs=AGREE_DEG)


@pytest.mark.parametrize("roll", [-12.0, 0.0, 8.0])
def test_the_pelvis_tilts_as_it_was_told(roll: float) -> None:
    found = held(pelvis=facing(roll_deg=roll))
    assert found["left_pelvis_tilt_deg"] == pytest.approx(-roll, abs=AGREE_DEG)
    assert found["right_pelvis_tilt_deg"] == pytest.approx(roll, abs=AGREE_DEG)


def test_a_knee_turned_in_by_hand() -> None:
    """A thigh rotated inwards carries the bent shin outwards: the knee is inside the line."""
    found = held(FreeLeg(hip_flexion_deg=30.0, knee_flexion_deg=60.0, rotation_deg=-20.0))
    assert found["left_knee_valgus_deg"] > 10.0
    assert found["right_knee_valgus_deg"] == pytest.approx(0.0, abs=AGREE_DEG)


def test_the_stick_figure_of_the_package_has_the_angles_that_it_was_given() -> None:
    figure = StickFigure(yaw_deg=0.0, hip_width_m=0.3, stance_m=0.3, shoulder_width_m=0.3)
    body = Body(figure.pose(0.0, DEEP), (640, 480))
    found = body_angles_deg(body.m, PICTURE_UP)
    for side in SIDES:
        assert found[f"{side}_knee_flexion_deg"] == pytest.approx(DEEP.knee_flexion_deg)
        assert found[f"{side}_hip_swing_deg"] == pytest.approx(DEEP.hip_flexion_deg)
        assert found[f"{side}_ankle_flexion_deg"] == pytest.approx(DEEP.shin_inclination_deg)
        assert found[f"{side}_trunk_shin_difference_deg"] == pytest.approx(8.0)


# The truth and the analyzer


@pytest.fixture(scope="module")
def plan() -> Plan:
    reps = (
        SquatRep(thigh_deg=96, knee_ratio=0.8, heel_rise_deg=14, left_bent_deg=15, rest_s=1.2),
        SquatRep(thigh_deg=80, hip_shift_ratio=0.4, trunk_deg=50, rest_s=1.2),
        SquatRep(thigh_deg=100, descent_s=0.5, ascent_s=1.0, asymmetry_deg=10, rest_s=1.2),
    )
    return Plan("test", reps, Style(wobble=0.0, standing_bent_deg=6.0))


@pytest.fixture(scope="module")
def squats(plan: Plan) -> Truth:
    actor = stick_actor()
    motion = SquatMotion(actor, plan, np.random.default_rng(1))
    moments = [Moment(m.t_s, actor.poser.place(m.posture), m.rep) for m in motion.instants(30)]
    return film_truth(actor, Action("squat", moments))


@pytest.fixture(scope="module")
def lying() -> Truth:
    actor = stick_actor()
    moments = []
    for i in range(20):
        bent = FreeLeg(hip_flexion_deg=5.0 * i, abduction_deg=10.0, knee_flexion_deg=6.0 * i)
        legs = {"left": bent, "right": FreeLeg(hip_flexion_deg=20.0, knee_flexion_deg=40.0)}
        figure = Figure(np.array([0.0, 0.0, 0.1 + 0.01 * i]), pelvis=facing(-90.0 + i), legs=legs)
        moments.append(Moment(i / 30, actor.figures.place(figure)))
    return film_truth(actor, Action("bridge", moments))


@pytest.mark.parametrize("motion", ["squats", "lying"])
def test_the_analyzer_finds_the_true_angles_in_the_true_joints(
    motion: str, request: pytest.FixtureRequest
) -> None:
    """From joints in the world to a pose in the camera's axes, and through the refiner."""
    truth: Truth = request.getfixturevalue(motion)
    refiner, view = PlainAngles(EXACT), view_from_yaw(0.0, 1.0)
    for i in range(0, len(truth.t_s), 7):
        pose = true_pose(float(truth.t_s[i]), truth.world_m[i])
        found = refiner.refine(Body(pose, SIZE_PX), view)
        for name in ANGLE_NAMES:
            assert found[name].value == pytest.approx(truth.angles[name][i], abs=AGREE_DEG), name


def test_joints_of_the_committed_sample_have_its_angles() -> None:
    path = Path(__file__).parents[1] / "samples" / "squat" / "truth.npz"
    with np.load(path) as data:
        names, world = data["joint_names"].tolist(), data["world_m"].astype(float)
        stored = dict(zip(data["angle_names"].tolist(), data["angles_deg"].T, strict=True))
    for i in range(0, len(world), 10):
        joints = dict(zip(names, world[i].tolist(), strict=True))
        found = body_angles_deg(joints.__getitem__, UP)
        for name in found.keys() & stored.keys():
            assert found[name] == pytest.approx(stored[name][i], abs=AGREE_DEG), name
    assert len(found.keys() & stored.keys()) >= 4


def test_truth_holds_every_angle(squats: Truth) -> None:
    assert tuple(squats.angles) == ANGLES
    assert {a.name for a in BODY_ANGLES} < set(ANGLES)
    assert all(np.isfinite(path).all() for path in squats.angles.values())


def test_truth_is_saved_with_its_names(squats: Truth, tmp_path: Path) -> None:
    squats.save(tmp_path / "truth.npz")
    with np.load(tmp_path / "truth.npz") as data:
        assert str(data["schema"]) == "formcheck.truth/2"
        assert data["angle_names"].tolist() == list(ANGLES)
        assert data["joint_names"].tolist() == list(JOINTS)
        knee = data["angles_deg"][:, ANGLES.index("left_knee_flexion_deg")]
    assert knee == pytest.approx(squats.angles["left_knee_flexion_deg"], abs=1e-3)


# What the truth answers


def test_answers_are_the_sizes_that_were_asked(squats: Truth) -> None:
    first, second, third = true_answers(squats, "squat", time_reps(squats, 3))
    assert first["SQ01"] == pytest.approx(-6.0, abs=0.5)
    assert first["SQ02"] == pytest.approx(0.8, abs=0.01)
    assert first["SQ03"] == pytest.approx(14.0, abs=0.5)
    assert first["SQ11"] == pytest.approx(6.0 + 15.0, abs=0.5)
    assert second["SQ01"] == pytest.approx(10.0, abs=0.5)
    assert second["SQ05"] == pytest.approx(50.0, abs=0.7)
    assert second["SQ07"] == pytest.approx(0.4, abs=0.01)
    assert third["SQ06"] == pytest.approx(10.0, abs=0.3)
    assert third["SQ09"] == pytest.approx(0.5, abs=0.02)
    assert third["SQ10"] == pytest.approx(0.5, abs=0.03)
    assert third["SQ11"] == pytest.approx(6.0, abs=0.5)


def test_answers_by_plain_arithmetic(squats: Truth) -> None:
    """The same numbers, from the joints' coordinates alone; the person faces -y."""
    times = time_reps(squats, 3)
    for when, told in zip(times, true_answers(squats, "squat", times), strict=True):
        at = int(np.argmin(np.abs(squats.t_s - when.turn_s)))
        x = {
            part: squats.joint(f"left_{part}")[at, 0] - squats.joint(f"right_{part}")[at, 0]
            for part in ("hip", "knee", "ankle")
        }
        shift = abs((squats.middle("hip") - squats.middle("ankle"))[at, 0])
        rise = [
            math.degrees(math.asin(v[2] / np.linalg.norm(v)))
            for v in (squats.joint(f"{s}_hip")[at] - squats.joint(f"{s}_knee")[at] for s in SIDES)
        ]
        assert told["SQ01"] == pytest.approx(np.mean(rise), abs=0.3)
        assert told["SQ02"] == pytest.approx(x["knee"] / x["ankle"], abs=0.02)
        assert told["SQ07"] == pytest.approx(shift / x["hip"], abs=0.02)
        assert told["SQ09"] == pytest.approx(when.bottom_start_s - when.start_s)
        ratio = (when.bottom_start_s - when.start_s) / (when.end_s - when.bottom_end_s)
        assert told["SQ10"] == pytest.approx(ratio)


def test_every_criterion_has_an_answer(squats: Truth) -> None:
    codes = {c.code for c in load_exercise("squat").criteria}
    for told in true_answers(squats, "squat", time_reps(squats, 3)):
        assert told.keys() == codes
        assert all(math.isfinite(value) for value in told.values())


def test_readings_of_the_truth_are_the_analyzers(squats: Truth) -> None:
    readings = true_readings(squats.t_s, squats.world_m, squats.angles)
    assert readings.t_s == pytest.approx(squats.t_s)
    knee = readings.values["left_knee_flexion_deg"]
    assert knee == pytest.approx(squats.angles["left_knee_flexion_deg"])
    drop = readings.values["hip_drop_ratio"]
    assert drop[:25] == pytest.approx(0.0, abs=0.03)
    assert 0.4 < drop.max() < 0.8


def test_who_stays_bent_has_ended_when_they_rise_no_more(squats: Truth) -> None:
    """The first repetition ends with knees that are bent by 21 degrees."""
    first, second, _ = time_reps(squats, 3)
    bent = squats.mean("knee_flexion_deg")
    at_end = bent[int(np.argmin(np.abs(squats.t_s - first.end_s)))]
    assert 21.0 < at_end < 40.0
    assert first.end_s < second.start_s - 0.5
