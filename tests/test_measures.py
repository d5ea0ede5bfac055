"""The catalogue of measurements on a figure whose measures are known."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from benchmarks.quality.gate import FOLDER
from benchmarks.quality.recording import POSES
from formcheck.measures.base import Scene
from formcheck.measures.catalogue import ALL_READINGS, FRAME, measure_frame, reading_names
from formcheck.measures.repetition import REPETITION, Movement
from formcheck.measures.resting import Resting
from formcheck.measures.standing import Standing, is_standing
from formcheck.observing import Observer
from formcheck.pose import Pose, PoseTrack
from formcheck.refine.body import Body
from formcheck.refine.error import ErrorRow, MeasuredError
from formcheck.refine.plain import ANGLES, PlainAngles
from formcheck.reps import Phases
from formcheck.results import UNKNOWN_POSTURE, UNSEEN, Reading
from formcheck.series import SeriesRecorder, Window
from formcheck.sources.synthetic import DEEP, SIZE_PX, STANDING, Posture, StickFigure
from formcheck.units import symbol_of, unit_of
from formcheck.view import view_from_yaw

NONE = ErrorRow((0.0,), (1.0,), (0.0,), (1.0,))
EXACT = MeasuredError((0.0,), dict.fromkeys([*FRAME, *(a.name for a in ANGLES)], NONE))


def measured(figure: StickFigure, posture: Posture, stood: bool = True) -> dict[str, Reading]:
    """Return the readings of a posture, after standing for a second if `stood`."""
    standing, resting, refiner = Standing(), Resting(), PlainAngles(EXACT)
    view = view_from_yaw(figure.yaw_deg, 1.0)

    def scene(t_s: float, shape: Posture) -> Scene:
        body = Body(figure.pose(t_s, shape), SIZE_PX)
        angles = refiner.refine(body, view)
        standing.feed(body, angles)
        resting.feed(body, angles, UNKNOWN_POSTURE, view)
        return Scene(body, angles, view, standing, resting)

    if stood:
        for i in range(30):
            scene(i / 30, STANDING)
    return measure_frame(scene(2.0, posture), EXACT)


FRONT, SIDE = StickFigure(yaw_deg=0), StickFigure(yaw_deg=90)
SIDE_VIEW = view_from_yaw(90, 1.0)
LEG = 0.84
"""Thigh and shin of the figure in metres."""
DEEP_HEIGHT = 0.42 * math.sin(math.radians(-10)) + 0.42 * math.cos(math.radians(30))


@pytest.mark.parametrize(
    ("name", "figure", "posture", "value"),
    [
        ("hip_drop_ratio", SIDE, STANDING, 0.0),
        ("hip_drop_ratio", SIDE, DEEP, 1 - DEEP_HEIGHT / LEG),
        ("hip_drop_ratio", FRONT, DEEP, 1 - DEEP_HEIGHT / LEG),
        ("left_trunk_shin_difference_deg", SIDE, DEEP, 8.0),
        ("right_heel_rise_deg", SIDE, Posture(-10, 30, 38, foot_pitch_deg=20), 20.0),
        ("left_heel_rise_deg", SIDE, DEEP, 0.0),
        ("left_knee_asymmetry_deg", SIDE, DEEP, 0.0),
        ("left_thigh_difference_deg", SIDE, DEEP, 0.0),
        ("left_shin_difference_deg", SIDE, DEEP, 0.0),
        ("hinge_deg", SIDE, DEEP, 38.0 - 130.0),
        ("hinge_deg", SIDE, Posture(80, -5, 90), 90.0 - 5.0),
        ("knee_separation_ratio", FRONT, DEEP, 1.0),
        ("knee_separation_ratio", FRONT, Posture(-10, 30, 38, knee_separation_ratio=0.5), 0.5),
        ("knee_separation_ratio", StickFigure(yaw_deg=60), DEEP, 1.0),
        ("stance_width_ratio", FRONT, STANDING, 0.30 / 0.34),
        ("stance_width_ratio", StickFigure(yaw_deg=-40), STANDING, 0.30 / 0.34),
        ("left_hip_shift_ratio", FRONT, DEEP, 0.0),
        ("feet_place_ratio", SIDE, DEEP, 0.0),
        ("feet_level_ratio", FRONT, DEEP, 0.0),
        ("left_knee_flexion_deg", SIDE, DEEP, 130.0),
        ("trunk_inclination_deg", SIDE, DEEP, 38.0),
    ],
)
def test_value(name: str, figure: StickFigure, posture: Posture, value: float) -> None:
    assert measured(figure, posture)[name].value == pytest.approx(value, abs=0.02)


@pytest.mark.parametrize("figure", [FRONT, SIDE])
def test_a_knee_drawn_up_is_no_squat(figure: StickFigure) -> None:
    """The hips are as high above the foot that one stands on as ever, and the feet not level."""
    standing, refiner, view = Standing(), PlainAngles(EXACT), view_from_yaw(figure.yaw_deg, 1.0)
    for i in range(40):
        pose = figure.pose(i / 30, STANDING)
        if i >= 30:
            foot = [pose.skeleton.index[f"left_{part}"] for part in ("ankle", "heel", "toe")]
            pose.world_m[foot, 1] -= 0.3
            pose.image_px[foot, 1] -= 0.3 * 200
        body = Body(pose, SIZE_PX)
        standing.feed(body, refiner.refine(body, view))
    assert standing.drop_ratio(body) == pytest.approx(0.0, abs=0.02)
    scene = Scene(body, refiner.refine(body, view), view, standing, Resting())
    level = measure_frame(scene, EXACT)["feet_level_ratio"].value
    assert level == pytest.approx(0.3 / LEG, abs=0.01)


def test_the_spread_of_a_difference_follows_from_its_parts_where_it_is_not_measured() -> None:
    angles = {
        "trunk_inclination_deg": Reading(30.0, 3.0),
        "left_knee_flexion_deg": Reading(100.0, 3.0),
        "right_knee_flexion_deg": Reading(110.0, 5.0),
    }
    scene = Scene(Body(SIDE.pose(0, DEEP), SIZE_PX), angles, SIDE_VIEW, Standing(), Resting())
    combined = frozenset({"hinge_deg", "knee_asymmetry_deg"})
    here = {**dict.fromkeys(PlainAngles().refine(scene.body, SIDE_VIEW), UNSEEN), **angles}
    scene = replace(scene, angles=here)
    readings = measure_frame(scene, replace(EXACT, combined=combined))
    assert readings["hinge_deg"] == Reading(30.0 - 105.0, 5.0)  # 3 and the knees' mean, 4
    assert readings["left_knee_asymmetry_deg"].sigma == pytest.approx(math.hypot(3.0, 5.0))
    assert measure_frame(scene, EXACT)["hinge_deg"].sigma == 1.0


def test_before_anybody_stood_height_follows_from_the_legs() -> None:
    drop = measured(SIDE, DEEP, stood=False)["hip_drop_ratio"].value
    assert drop == pytest.approx(1 - DEEP_HEIGHT / (0.97 * LEG), abs=0.02)


@pytest.mark.parametrize("yaw", [0, 45, 90, 180])
def test_balance_tells_feet_from_a_seat(yaw: float) -> None:
    figure = StickFigure(yaw_deg=yaw)
    squatting = measured(figure, DEEP)["balance_m"].value
    sitting = measured(figure, Posture(0, 0, 0))["balance_m"].value
    assert -0.05 < squatting < 0.2
    assert sitting < -0.2


@pytest.mark.parametrize("row", FRAME.values(), ids=lambda r: r.name)
def test_every_measurement_is_unknown_without_its_landmarks(row: object) -> None:  # noqa: ARG001
    body = Body(Pose.nobody(0.0), SIZE_PX)
    view = view_from_yaw(90, 1.0)
    angles = PlainAngles(EXACT).refine(body, view)
    readings = measure_frame(Scene(body, angles, view, Standing(), Resting()), EXACT)
    assert set(readings) == set(ALL_READINGS)
    assert not any(r.known for r in readings.values())


def test_names_carry_units() -> None:
    for name in [*FRAME, *REPETITION]:
        assert unit_of(name)
    assert symbol_of("knee_flexion_deg") == "°"
    with pytest.raises(ValueError, match="does not end in a unit"):
        unit_of("knee_flexion")


@pytest.mark.parametrize(
    ("posture", "standing"),
    [
        (STANDING, True),
        (Posture(75, 10, 10), True),
        (DEEP, False),
        (Posture(85, 0, 60), False),  # bowing
        (Posture(0, -60, 0), False),  # sitting, legs stretched out
        (Posture(30, -30, 10), False),  # perched on something, legs stretched out
    ],
)
def test_standing(posture: Posture, standing: bool) -> None:
    assert is_standing(Body(SIDE.pose(0, posture), SIZE_PX)) is standing


def test_walking_away_is_no_squat() -> None:
    """Who gets smaller in the picture because they walk away has not sunk."""
    standing, refiner, view = Standing(), PlainAngles(EXACT), view_from_yaw(180, 1.0)
    drops = []
    for i in range(90):
        pose = StickFigure(yaw_deg=180).pose(i / 30, STANDING)
        scale = 1.0 - 0.4 * i / 90
        small = Pose(pose.t_s, pose.image_px * scale + [100, 20], pose.world_m, pose.visibility)
        body = Body(small, SIZE_PX)
        standing.feed(body, refiner.refine(body, view))
        drops.append(standing.drop_ratio(body))
    assert max(abs(d) for d in drops) < 0.12


T = np.arange(0, 5.01, 0.1)
PHASES = Phases(1.0, 2.0, 2.5, 3.0, 3.5)


def movement(balance: float = 0.0, sigma: float = 0.05, *, start_seen: bool = True) -> Movement:
    drop = np.where(T < 4.0, 0.3, np.nan)
    values = {"balance_m": np.full(T.shape, balance), "hip_drop_ratio": drop}
    sigmas = {name: np.full(T.shape, sigma) for name in values}
    return Movement(PHASES, start_seen, Window(T, values, sigmas))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("descent_s", 1.0),
        ("bottom_s", 1.0),
        ("ascent_s", 0.5),
        ("duration_s", 2.5),
        ("descent_ascent_ratio", 2.0),
        ("seated_s", 0.0),
        ("seen_ratio", 40 / 51),
    ],
)
def test_repetition_measures(name: str, value: float) -> None:
    reading = REPETITION[name].compute(movement())
    assert reading.value == pytest.approx(value)
    assert reading.sigma > 0


def test_without_its_start_a_repetition_has_no_descent() -> None:
    for name in ("descent_s", "duration_s", "descent_ascent_ratio"):
        assert not REPETITION[name].compute(movement(start_seen=False)).known
    assert REPETITION["ascent_s"].compute(movement(start_seen=False)).known


def test_time_on_a_seat() -> None:
    assert REPETITION["seated_s"].compute(movement(-0.3)).value == pytest.approx(5.0)
    # Where depth is poorly known, the same reading says nothing.
    assert REPETITION["seated_s"].compute(movement(-0.3, sigma=0.25)).value == 0.0


def test_fewer_frames_a_second_tell_time_less_exactly() -> None:
    coarse = Movement(PHASES, True, Window(T[::5], {}, {}))
    fine = REPETITION["descent_s"].compute(movement()).sigma
    assert REPETITION["descent_s"].compute(coarse).sigma > fine


def test_series_keeps_what_it_is_given() -> None:
    recorder = SeriesRecorder(["a_deg", "b_deg"])
    for i in range(10):
        recorder.add(i / 10, {"a_deg": Reading(float(i), 1.0)})
    assert len(recorder) == 10
    window = recorder.window(0.2, 0.4)
    assert window.values["a_deg"].tolist() == [2.0, 3.0, 4.0]
    assert np.isnan(window.values["b_deg"]).all()
    recorder.add(1.0, {})  # a window that is still held must not stop the recording
    assert recorder.series().t_s.tolist() == pytest.approx([i / 10 for i in range(11)])


def test_opposed_sides_are_each_other_with_the_sign_changed() -> None:
    """And no others are, in a squat of somebody whose hips go to one side."""
    track = PoseTrack.load(FOLDER / "development-squat-SQ07-slight-front" / POSES)
    observer = Observer(track.size_px, refiner=PlainAngles(EXACT), error=EXACT)
    for pose in track:
        observer.feed(pose)
    values = observer.series.series().values
    for row in (row for row in FRAME.values() if row.sided):
        one, other = (values[name] for name in reading_names(row))
        both = np.isfinite(one + other)
        # Nobody is in a position or a hold here: some are 0 all the time.
        if np.ptp(one[both]) > 1e-6:
            assert np.allclose(one[both], -other[both]) == row.opposed, row.name
