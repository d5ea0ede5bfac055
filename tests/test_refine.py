"""Plain angles and their measured error."""

from __future__ import annotations

import math

import pytest

from formcheck.measures.catalogue import FRAME
from formcheck.pose import Pose
from formcheck.refine.body import Body
from formcheck.refine.error import (
    COMBINED,
    ErrorRow,
    MeasuredError,
    bent_share,
    doubt,
    plain_error,
)
from formcheck.refine.plain import ANGLE_NAMES, ANGLES, PlainAngles
from formcheck.results import UNKNOWN_VIEW
from formcheck.sources.synthetic import DEEP, SIZE_PX, STANDING, Posture, StickFigure
from formcheck.view import folded_deg, view_from_yaw

ROW = ErrorRow((1.0, 3.0), (2.0, 4.0), (10.0, 30.0), (20.0, 40.0))
ERROR = MeasuredError((0.0, 90.0), {"x_deg": ROW})


@pytest.mark.parametrize(
    ("away", "bent", "bias", "sigma"),
    [
        (0, 0.0, 1, 2),  # corners of the table
        (90, 0.0, 3, 4),
        (0, 1.0, 10, 20),
        (90, 1.0, 30, 40),
        (45, 0.0, 2, 3),  # half-way between directions
        (45, 1.0, 20, 30),
        (0, 0.5, 5.5, 11),  # half bent
        (170, 0.0, 3, 4),  # beyond the table it is level
    ],
)
def test_error_is_interpolated(away: float, bent: float, bias: float, sigma: float) -> None:
    reading = ERROR.under(away, bent).correct("x_deg", 50.0)
    assert reading.value == pytest.approx(50 - bias)
    assert reading.sigma == pytest.approx(sigma)


def test_what_is_hardly_seen_is_less_sure_and_then_unknown() -> None:
    here = ERROR.under(0, 0)
    assert here.correct("x_deg", 5.0, 1.0).sigma == pytest.approx(2.0)
    assert here.correct("x_deg", 5.0, 0.25).sigma == pytest.approx(4.0)
    assert not here.correct("x_deg", 5.0, 0.05).known
    assert not here.correct("x_deg", math.nan).known
    assert [doubt(v) for v in (1.0, 0.5, 0.0)] == [1.0, 1.0, 3.0]


def test_best_is_the_smallest_spread() -> None:
    assert ERROR.best("x_deg", bent=False) == 2.0
    assert ERROR.best("x_deg", bent=True) == 20.0


def test_the_measured_table_covers_every_reading() -> None:
    error = plain_error()
    assert {a.name for a in ANGLES} | set(FRAME) <= set(error.rows)
    for name, row in error.rows.items():
        for sigmas in (row.standing_sigma, row.bent_sigma):
            assert len(sigmas) == len(error.away_deg), name
            assert all(s > 0 for s in sigmas), name


def test_of_a_difference_of_corrected_angles_nothing_is_taken_off_again() -> None:
    for name in COMBINED:
        row = plain_error().rows[name]
        assert set(row.standing_bias) == set(row.bent_bias) == {0.0}, name


def test_the_side_is_where_bending_is_seen_best_and_the_front_where_width_is() -> None:
    """What every textbook says, and the measurement confirms."""
    front, side = plain_error().under(0, 1), plain_error().under(90, 1)
    for name in ("knee_flexion_deg", "thigh_elevation_deg", "trunk_inclination_deg"):
        assert side.correct(name, 0.0).sigma < front.correct(name, 0.0).sigma
    for name in ("hip_shift_ratio",):
        assert front.correct(name, 0.0).sigma < side.correct(name, 0.0).sigma


@pytest.mark.parametrize(
    ("posture", "share"), [(STANDING, 0.0), (DEEP, 1.0), (Posture(60, 15, 15), 0.5)]
)
def test_how_bent(posture: Posture, share: float) -> None:
    body = Body(StickFigure().pose(0, posture), SIZE_PX)
    assert bent_share(body) == pytest.approx(share, abs=0.01)


def exact() -> MeasuredError:
    none = ErrorRow((0.0,), (1.0,), (0.0,), (1.0,))
    return MeasuredError((0.0,), {a.name: none for a in ANGLES})


@pytest.mark.parametrize("yaw", [-90, -60, -45, 0, 20, 45, 60, 90, 135, 180])
def test_angles_of_an_exact_figure_are_exact_where_its_legs_are_parallel(yaw: float) -> None:
    """World landmarks are exact in every view; pixels only side-on, where they are used."""
    figure = StickFigure(yaw_deg=yaw, hip_width_m=0.3, stance_m=0.3, shoulder_width_m=0.3)
    body = Body(figure.pose(0, DEEP), SIZE_PX)
    angles = PlainAngles(exact()).refine(body, view_from_yaw(yaw, 1.0))
    off = 0.5 if folded_deg(yaw) in (0, 20, 90) else 6.0
    for side in ("left", "right"):
        knee, hip = angles[f"{side}_knee_flexion_deg"], angles[f"{side}_hip_flexion_deg"]
        assert knee.value == pytest.approx(DEEP.knee_flexion_deg, abs=off)
        assert hip.value == pytest.approx(DEEP.hip_flexion_deg, abs=off)
        assert angles[f"{side}_foot_pitch_deg"].value == pytest.approx(0, abs=0.5)
    assert angles["trunk_inclination_deg"].value == pytest.approx(
        DEEP.trunk_inclination_deg, abs=off
    )


def test_unsigned_angles_are_never_negative() -> None:
    none = ErrorRow((30.0,), (1.0,), (30.0,), (1.0,))
    error = MeasuredError((0.0,), {a.name: none for a in ANGLES})
    body = Body(StickFigure().pose(0, STANDING), SIZE_PX)
    angles = PlainAngles(error).refine(body, view_from_yaw(90, 1.0))
    assert angles["left_knee_flexion_deg"].value == 0.0
    assert angles["left_foot_pitch_deg"].value == pytest.approx(-30.0)


@pytest.mark.parametrize("pose", [Pose.nobody(0.0), StickFigure().pose(0.0, STANDING)])
def test_without_a_person_or_a_view_nothing_is_known(pose: Pose) -> None:
    angles = PlainAngles().refine(Body(pose, SIZE_PX), UNKNOWN_VIEW)
    assert set(angles) == set(ANGLE_NAMES)
    assert not any(r.known for r in angles.values())


def test_a_landmark_outside_the_picture_is_not_seen() -> None:
    body = Body(StickFigure().pose(0, STANDING), (640, 400))
    assert body.visibility("left_hip") == 1.0
    assert body.visibility("left_ankle") == 0.0
    assert body.visibility("left_hip", "left_ankle") == 0.0


def test_what_is_asked_of_a_body_again_is_worked_out_once() -> None:
    body, asked = Body(Pose.nobody(0.0), SIZE_PX), []

    def work(of: Body) -> int:
        asked.append(of)
        return len(asked)

    assert [body.once(work), body.once(work)] == [1, 1]
    assert asked == [body]


def test_before_the_table_it_is_level_and_an_empty_one_knows_nothing() -> None:
    row = ErrorRow((1.0, 3.0), (2.0, 4.0), (10.0, 30.0), (20.0, 40.0))
    later = MeasuredError((30.0, 90.0), {"x_deg": row})
    assert later.under(10.0, 0.0).correct("x_deg", 50.0).value == pytest.approx(49.0)
    assert MeasuredError((0.0, 90.0), {}).under(10.0, 0.0).rows == {}
