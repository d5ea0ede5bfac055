"""Angles and widths of a body, by hand on a body of sticks, and what must not change them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from formcheck.angles import ANGLES, BODY_ANGLES, body_angles_deg
from formcheck.geometry import PICTURE_UP, Vector
from formcheck.results import SIDES
from formcheck.widths import across, body_ratios, leg_length, width_ratio

Array = NDArray[np.float64]
Joints = dict[str, Array]
Places = Mapping[str, Vector]

UP = (0.0, 0.0, 1.0)
"""Here x is to the person's left, y behind them and z up."""

STANDING = {
    "ear": (0.07, 0.0, 1.6),
    "shoulder": (0.15, 0.0, 1.4),
    "hip": (0.10, 0.0, 0.9),
    "knee": (0.10, 0.0, 0.5),
    "ankle": (0.10, 0.0, 0.1),
    "heel": (0.10, 0.05, 0.0),
    "toe": (0.10, -0.15, 0.0),
}


def body(left: Places | None = None, right: Places | None = None) -> Joints:
    """Return a standing body, some of its joints elsewhere; x counts outwards."""
    moved: dict[str, Places] = {"left": left or {}, "right": right or {}}
    return {
        f"{side}_{part}": np.array(moved[side].get(part, where)) * (sign, 1.0, 1.0)
        for side, sign in zip(SIDES, (1.0, -1.0), strict=True)
        for part, where in STANDING.items()
    }


def angles(joints: Joints, up: Vector = UP) -> dict[str, float]:
    return body_angles_deg(lambda name: joints[name].tolist(), up)


def ratios(joints: Joints, up: Vector = UP) -> dict[str, float]:
    return body_ratios(lambda name: joints[name].tolist(), up)


def turned(joints: Joints, turn: Array) -> Joints:
    return {name: turn @ where for name, where in joints.items()}


def about(axis: str, deg: float) -> Array:
    """Return the right-handed rotation about an axis."""
    c, s = math.cos(math.radians(deg)), math.sin(math.radians(deg))
    i = "xyz".index(axis)
    j, k = (i + 1) % 3, (i + 2) % 3
    turn = np.eye(3)
    turn[j, j], turn[j, k], turn[k, j], turn[k, k] = c, -s, s, c
    return turn


LYING = about("x", -90.0)
"""On the back, the feet towards -y: up becomes +y, in front becomes up."""
S30, C30 = 0.5, math.sqrt(3) / 2
SITTING = {"knee": (0.1, -0.4, 0.9), "ankle": (0.1, -0.4, 0.5)}
KICKING_BACK = {"knee": (0.1, 0.4 * S30, 0.9 - 0.4 * C30)}
SPREAD = {
    "knee": (0.1 + 0.4 * S30, 0.0, 0.9 - 0.4 * C30),
    "ankle": (0.1 + 0.8 * S30, 0.0, 0.9 - 0.8 * C30),
}
SHOULDER_SLOPE = math.degrees(math.atan2(0.05, 0.5))


def test_standing_straight() -> None:
    found = angles(body())
    for side in SIDES:
        for row in ANGLES:
            if row.name not in ("thigh_elevation_deg", "hip_flexion_deg") and row.sided:
                assert found[f"{side}_{row.name}"] == pytest.approx(0.0, abs=1e-6), row.name
        assert found[f"{side}_thigh_elevation_deg"] == pytest.approx(90.0)
        # Shoulders are wider than hips, so these three joints are never quite in line.
        assert found[f"{side}_hip_flexion_deg"] == pytest.approx(SHOULDER_SLOPE)
    assert found["trunk_inclination_deg"] == pytest.approx(0.0, abs=1e-6)


@pytest.mark.parametrize(
    ("moved", "name", "deg"),
    [
        (SITTING, "knee_flexion_deg", 90.0),
        (SITTING, "hip_swing_deg", 90.0),
        (SITTING, "thigh_elevation_deg", 0.0),
        (SITTING, "hip_abduction_deg", 0.0),
        (SITTING, "shin_inclination_deg", 0.0),
        (KICKING_BACK, "hip_swing_deg", -30.0),
        (SPREAD, "hip_abduction_deg", 30.0),
        (SPREAD, "hip_swing_deg", 0.0),
        (SPREAD, "knee_flexion_deg", 0.0),
        (SPREAD, "knee_valgus_deg", 0.0),
        (SPREAD, "hip_flexion_deg", 30.0 + SHOULDER_SLOPE),
        ({"knee": (0.0, 0.0, 0.5)}, "hip_abduction_deg", -math.degrees(math.atan2(0.1, 0.4))),
        # 10 cm inside the line from hip to ankle, half-way along its 80 cm: twice atan(1/4).
        ({"knee": (0.0, 0.0, 0.5)}, "knee_valgus_deg", 2 * math.degrees(math.atan2(0.1, 0.4))),
        ({"knee": (0.2, 0.0, 0.5)}, "knee_valgus_deg", -2 * math.degrees(math.atan2(0.1, 0.4))),
        ({"knee": (0.0, -0.3, 0.5)}, "knee_valgus_deg", 2 * math.degrees(math.atan2(0.1, 0.4))),
        # The knee 40 cm above the ankle and 40 cm in front of it.
        ({"knee": (0.1, -0.4, 0.5)}, "ankle_flexion_deg", 45.0),
        ({"knee": (0.1, -0.4, 0.5)}, "shin_inclination_deg", 45.0),
        ({"knee": (0.1, -0.4, 0.5)}, "trunk_shin_difference_deg", -45.0),
        ({"knee": (0.1, 0.4, 0.5)}, "ankle_flexion_deg", -45.0),
        ({"heel": (0.1, 0.05, 0.2)}, "foot_pitch_deg", 45.0),
        ({"heel": (0.1, 0.05, 0.2)}, "ankle_flexion_deg", -45.0),
    ],
)
@pytest.mark.parametrize("side", SIDES)
def test_by_hand(moved: Places, name: str, deg: float, side: str) -> None:
    there = body(**{side: moved})
    assert angles(there)[f"{side}_{name}"] == pytest.approx(deg, abs=1e-6)
    other = SIDES[1 - SIDES.index(side)]
    assert angles(there)[f"{other}_{name}"] == pytest.approx(angles(body())[f"{other}_{name}"])


@pytest.mark.parametrize(
    ("ear", "deg"),
    [
        ((0.07, 0.2, 1.6), 45.0),
        ((0.07, 0.2, 1.4), 90.0),
        ((0.07, -0.2, 1.6), -45.0),
        ((0.30, 0.0, 1.6), 0.0),
    ],
)
def test_neck_by_hand(ear: Vector, deg: float) -> None:
    found = angles(body(**{side: {"ear": ear} for side in SIDES}))
    assert found["neck_extension_deg"] == pytest.approx(deg)


def test_higher_hip_by_hand() -> None:
    found = angles(body(left={"hip": (0.1, 0.0, 0.95)}))
    tilt = math.degrees(math.atan2(0.05, 0.2))
    assert found["left_pelvis_tilt_deg"] == pytest.approx(tilt)
    assert found["right_pelvis_tilt_deg"] == pytest.approx(-tilt)


@pytest.mark.parametrize("lean", [-40.0, 0.0, 25.0, 90.0, 120.0])
def test_trunk_is_against_the_vertical_whichever_way_it_leans(lean: float) -> None:
    found = angles(turned(body(), about("x", lean)))
    assert found["trunk_inclination_deg"] == pytest.approx(abs(lean))
    assert found["left_trunk_shin_difference_deg"] == pytest.approx(0.0, abs=1e-6)
    sideways = angles(turned(body(), about("y", lean)))
    assert sideways["trunk_inclination_deg"] == pytest.approx(abs(lean))


def test_on_the_back() -> None:
    """Joints keep their angles; what is against the vertical does not."""
    up, lying = angles(body(left=SITTING)), angles(turned(body(left=SITTING), LYING))
    for angle in BODY_ANGLES:
        if not angle.row.upright:
            assert lying[angle.name] == pytest.approx(up[angle.name], abs=1e-6), angle.name
    assert lying["trunk_inclination_deg"] == pytest.approx(90.0)
    # The left thigh points straight up with the knee on top, the right one lies level.
    assert lying["left_thigh_elevation_deg"] == pytest.approx(-90.0)
    assert lying["right_thigh_elevation_deg"] == pytest.approx(0.0, abs=1e-6)
    assert lying["left_pelvis_tilt_deg"] == pytest.approx(0.0, abs=1e-6)


@pytest.mark.parametrize(
    ("shoulders", "side_lean"),
    [
        ((0.5, 0.0, 0.5), 45.0),  # half a metre to the left, half up
        ((0.0, -0.5, 0.5), 0.0),  # leaning forward is no leaning over
        ((-0.5, 0.0, 0.0), -90.0),
    ],
)
def test_leaning_over_by_hand(shoulders: Vector, side_lean: float) -> None:
    joints = body()
    for side, sign in zip(SIDES, (1.0, -1.0), strict=True):
        joints[f"{side}_shoulder"] = np.add(shoulders, (0.15 * sign, 0.0, 0.9))
    found = angles(joints)
    assert found["left_trunk_side_lean_deg"] == pytest.approx(side_lean)
    assert found["right_trunk_side_lean_deg"] == pytest.approx(-side_lean)


LUNGE: tuple[Places, Places] = (
    {"hip": (0.1, 0.0, 0.5), "knee": (0.06, -0.4, 0.5), "ankle": (0.1, -0.4, 0.1),
     "toe": (0.1, -0.6, 0.0)},
    {"hip": (0.1, 0.0, 0.5), "knee": (0.1, 0.0, 0.1), "ankle": (0.1, 0.4, 0.2)},
)  # fmt: skip
"""Left in front: thigh level, shin upright, knee 4 cm inside; right knee low, heel lifted."""


@pytest.mark.parametrize(("front", "rear"), [SIDES, SIDES[::-1]])
def test_a_lunge_by_hand(front: str, rear: str) -> None:
    joints = body(**dict(zip((front, rear), LUNGE, strict=True)))
    leg = leg_length(lambda name: joints[name].tolist())
    assert leg == pytest.approx(0.8, rel=0.02)
    found = {name: ratio * leg for name, ratio in ratios(joints).items()}
    assert found["hip_sink_ratio"] == pytest.approx(leg - 0.4)
    assert found["step_length_ratio"] == pytest.approx(0.8)
    assert found[f"{front}_foot_ahead_ratio"] == pytest.approx(0.8)
    assert found[f"{rear}_foot_ahead_ratio"] == pytest.approx(-0.8)
    assert found[f"{front}_knee_height_ratio"] == pytest.approx(0.4)
    assert found[f"{rear}_knee_height_ratio"] == pytest.approx(0.0)
    assert found[f"{front}_knee_inside_ratio"] == pytest.approx(0.04)


def test_a_knee_follows_a_foot_that_points_outwards() -> None:
    straight = {"knee": (0.1, -0.3, 0.5), "toe": (0.1, -0.3, 0.0)}
    outwards = {"knee": (0.3, -0.2, 0.5), "toe": (0.3, -0.2, 0.0)}
    mixed = {"knee": (0.1, -0.3, 0.5), "toe": (0.4, -0.3, 0.0)}
    found = [ratios(body(left=leg))["left_knee_inside_ratio"] for leg in (straight, outwards)]
    assert found == pytest.approx([0.0, 0.0])
    # Over the toes straight ahead, but the foot points out at 45 degrees.
    joints = body(left=mixed)
    leg = leg_length(lambda name: joints[name].tolist())
    assert ratios(joints)["left_knee_inside_ratio"] * leg == pytest.approx(0.3 * math.sqrt(0.5))


def test_pelvis_tilt_of_a_bridge_shows_the_dropped_side() -> None:
    joints = turned(body(), LYING)
    for name in ("left_hip", "right_hip"):
        joints[name] = joints[name] + (0.0, 0.0, 0.3)
    joints["right_hip"] = joints["right_hip"] - (0.0, 0.0, 0.2)
    assert angles(joints)["left_pelvis_tilt_deg"] == pytest.approx(45.0)


# Widths


def test_widths_by_hand() -> None:
    found = ratios(body(left={"knee": (0.02, -0.1, 0.5)}, right={"ankle": (0.2, 0.0, 0.1)}))
    assert found["knee_separation_ratio"] == pytest.approx(0.12 / 0.3)
    assert found["stance_width_ratio"] == pytest.approx(0.3 / 0.3)
    # The feet's middle is 5 cm to the right of the hips', which are 20 cm apart.
    assert found["left_hip_shift_ratio"] == pytest.approx(0.25)
    assert found["right_hip_shift_ratio"] == pytest.approx(-0.25)
    straight = ratios(body())
    assert straight["knees_apart_ratio"] == straight["ankles_apart_ratio"] == 0.2 / 0.8


def test_leg_length_is_the_mean_of_both() -> None:
    joints = body(left={"ankle": (0.1, 0.0, 0.0)})
    assert leg_length(lambda n: joints[n].tolist()) == pytest.approx(0.85)


def test_crossed_knees_are_a_negative_width() -> None:
    crossed = {side: {"knee": (-0.03, 0.0, 0.5)} for side in SIDES}
    assert ratios(body(**crossed))["knees_apart_ratio"] == pytest.approx(-0.06 / 0.8, rel=0.1)


@pytest.mark.parametrize("base", [0.08, 0.0, -0.3, math.nan])
def test_hardly_any_width_is_no_base(base: float) -> None:
    assert math.isnan(width_ratio(0.2, base))


LEFTLESS = ("hip_sink_ratio", "knee_height_ratio", "knee_inside_ratio")
"""Heights, and what is measured against a foot, need no direction to the left."""


def test_nobody_lying_on_their_side_has_a_level_left() -> None:
    joints = turned(body(), about("y", 90.0))
    assert all(math.isnan(x) for x in across(lambda n: joints[n].tolist(), UP))
    found = {name: ratio for name, ratio in ratios(joints).items() if not name.endswith(LEFTLESS)}
    assert len(found) > 8
    assert all(math.isnan(x) for x in found.values())


# What must not change them

offset = st.tuples(*[st.floats(-0.09, 0.09)] * 3)
moves = st.fixed_dictionaries(dict.fromkeys(STANDING, offset))


def moved_body(left: Places, right: Places) -> Joints:
    at = [
        {p: tuple(np.add(STANDING[p], shift)) for p, shift in side.items()}
        for side in (left, right)
    ]
    return body(*at)


@given(moves, moves, st.floats(-180, 180), offset, st.floats(0.5, 3.0))
def test_turning_about_the_vertical_moving_and_scaling_change_nothing(
    left: Places, right: Places, yaw: float, shift: Vector, scale: float
) -> None:
    here = moved_body(left, right)
    there = {n: scale * p + np.array(shift) for n, p in turned(here, about("z", yaw)).items()}
    assert angles(there) == pytest.approx(angles(here), abs=1e-3, nan_ok=True)
    before, after = ratios(here), ratios(there)
    for name, value in before.items():
        # Enlarging can only bring a width over the least that counts.
        if math.isfinite(value) and scale >= 1:
            assert after[name] == pytest.approx(value, abs=1e-6), name


@given(moves, moves, st.sampled_from("xy"), st.floats(-180, 180))
def test_only_what_is_upright_depends_on_how_the_body_lies(
    left: Places, right: Places, axis: str, deg: float
) -> None:
    here = moved_body(left, right)
    before, after = angles(here), angles(turned(here, about(axis, deg)))
    for angle in BODY_ANGLES:
        if not angle.row.upright:
            assert after[angle.name] == pytest.approx(before[angle.name], abs=1e-3), angle.name


@given(moves, moves)
def test_a_mirror_swaps_left_and_right(left: Places, right: Places) -> None:
    def swapped(name: str) -> str:
        side, _, rest = name.partition("_")
        return f"{SIDES[1 - SIDES.index(side)]}_{rest}" if side in SIDES else name

    here = moved_body(left, right)
    mirrored = {swapped(n): p * (-1.0, 1.0, 1.0) for n, p in here.items()}
    for measure in (angles, ratios):
        expected = {swapped(name): value for name, value in measure(here).items()}
        assert measure(mirrored) == pytest.approx(expected, abs=1e-6, nan_ok=True)


def test_the_frame_does_not_matter() -> None:
    """World axes (x left, z up) and a camera's (x right, y down) in front of the person."""
    here = body(left=SITTING, right=SPREAD)
    seen = {n: np.array((p[0], -p[2], p[1])) for n, p in here.items()}
    assert angles(seen, PICTURE_UP) == pytest.approx(angles(here), abs=1e-6)
    assert ratios(seen, PICTURE_UP) == pytest.approx(ratios(here))


# What is not known


@pytest.mark.parametrize("missing", sorted(body()))
def test_an_angle_is_unknown_without_one_of_its_joints_and_only_then(missing: str) -> None:
    found = angles(body() | {missing: np.full(3, math.nan)})
    unknown = {name for name, deg in found.items() if math.isnan(deg)}
    assert unknown == {a.name for a in BODY_ANGLES if missing in a.landmarks}


def test_joints_all_in_one_place_have_no_angle() -> None:
    joints = {name: np.zeros(3) for name in body()}
    assert all(math.isnan(deg) for deg in angles(joints).values())


def test_names_are_unique_and_end_in_degrees() -> None:
    names = [a.name for a in BODY_ANGLES]
    assert len(set(names)) == len(names) == sum(2 if row.sided else 1 for row in ANGLES)
    assert all(n.endswith("_deg") for n in names)


def test_the_conventions_say_what_each_means() -> None:
    page = (Path(__file__).parents[1] / "docs" / "conventions.md").read_text("utf-8")
    plain = {name.removeprefix("left_").removeprefix("right_") for name in ratios(body())}
    for name in {a.name for a in ANGLES} | plain:
        assert f"{name}`" in page, name
