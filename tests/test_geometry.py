"""Angles against values worked out by hand, and what must not change them."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formcheck import geometry as g

coordinate = st.floats(-5, 5)
point = st.tuples(coordinate, coordinate, coordinate)


@pytest.mark.parametrize(
    ("proximal", "joint", "distal", "flexion"),
    [
        ((0, 0), (0, 1), (0, 2), 0.0),  # straight
        ((0, 0), (0, 1), (1, 1), 90.0),  # right angle
        ((0, 0), (0, 1), (0, 0), 180.0),  # folded onto itself
        ((0, 0), (0, 10), (10, 20), 45.0),
        ((0, 0, 0), (0, 0, 1), (0, 1, 1), 90.0),  # out of the picture's plane
    ],
)
def test_flexion(proximal: g.Vector, joint: g.Vector, distal: g.Vector, flexion: float) -> None:
    assert g.flexion_deg(proximal, joint, distal) == pytest.approx(flexion)


@pytest.mark.parametrize(
    ("v", "inclination"),
    [((0, -1), 0.0), ((1, -1), 45.0), ((-1, 0), 90.0), ((0, 2), 180.0), ((0, -1, 1), 45.0)],
)
def test_inclination_is_from_straight_up_with_y_down(v: g.Vector, inclination: float) -> None:
    assert g.inclination_deg(v) == pytest.approx(inclination)
    assert g.elevation_deg(v) == pytest.approx(90 - inclination)


@pytest.mark.parametrize("v", [(0, 0), (math.nan, 1), (math.inf, 1)])
def test_no_direction_no_angle(v: g.Vector) -> None:
    assert math.isnan(g.angle_deg(v, (1, 0)))
    assert math.isnan(g.angle_deg((1, 0), v))


@given(point, point, point, point, st.floats(0.1, 10), st.floats(-math.pi, math.pi))
def test_moving_turning_and_scaling_change_no_joint_angle(
    a: tuple[float, float, float],
    b: tuple[float, float, float],
    c: tuple[float, float, float],
    shift: tuple[float, float, float],
    scale: float,
    turn: float,
) -> None:
    if min(g.distance(a, b), g.distance(b, c)) < 0.01:
        return
    cos, sin = math.cos(turn), math.sin(turn)

    def moved(p: tuple[float, float, float]) -> tuple[float, ...]:
        x, y, z = p
        turned = (cos * x - sin * z, y, sin * x + cos * z)
        return tuple(scale * v + s for v, s in zip(turned, shift, strict=True))

    before = g.flexion_deg(a, b, c)
    assert g.flexion_deg(moved(a), moved(b), moved(c)) == pytest.approx(before, abs=1e-4)


def test_stretching_the_picture_would_change_an_angle() -> None:
    """The reason why angles are never taken from normalised coordinates."""
    square = g.flexion_deg((0, 0), (100, 100), (200, 0))
    stretched = g.flexion_deg((0, 0), (100 / 16, 100 / 9), (200 / 16, 0))
    assert square == pytest.approx(90)
    assert abs(stretched - square) > 20


@pytest.mark.parametrize(
    ("a", "b", "product"),
    [
        ((1, 0, 0), (0, 1, 0), (0, 0, 1)),  # x times y is z: right-handed
        ((0, 1, 0), (0, 0, 1), (1, 0, 0)),
        ((0, 0, 1), (1, 0, 0), (0, 1, 0)),
        ((1, 2, 3), (4, 5, 6), (-3, 6, -3)),
        ((2, -1, 4), (3, 7, -5), (-23, 22, 17)),
        ((2, 4, 6), (1, 2, 3), (0, 0, 0)),
    ],
)
def test_vector_product(a: g.Vector, b: g.Vector, product: g.Vector) -> None:
    assert g.cross(a, b) == product


@pytest.mark.parametrize(
    ("v", "expected"),
    [
        ((3, 4), (0.6, 0.8)),
        ((-5, 12), (-5 / 13, 12 / 13)),
        ((2, -3, 6), (2 / 7, -3 / 7, 6 / 7)),
        ((0, 0, 0.5), (0, 0, 1)),
        ((1, 0), (1, 0)),
    ],
)
def test_unit_has_the_direction_and_length_1(v: g.Vector, expected: g.Vector) -> None:
    assert g.unit(v) == pytest.approx(expected)
    assert len(g.unit(v)) == len(v)


@pytest.mark.parametrize("v", [(0, 0), (0, 0, 0), (math.nan, 1), (math.inf, 1, 2)])
def test_without_direction_there_is_no_unit(v: g.Vector) -> None:
    assert len(g.unit(v)) == len(v)
    assert all(math.isnan(x) for x in g.unit(v))


@pytest.mark.parametrize(
    ("v", "axis", "rest"),
    [
        ((3, 4), (1, 0), (0, 4)),
        ((3, 4), (0.6, 0.8), (0, 0)),
        ((1, 2, 3), (0, 0, 1), (1, 2, 0)),
        ((2, 0, 2), (0.6, 0.0, 0.8), (0.32, 0.0, -0.24)),  # 2.8 along the axis
    ],
)
def test_what_is_left_without_an_axis(v: g.Vector, axis: g.Vector, rest: g.Vector) -> None:
    assert g.without(v, axis) == pytest.approx(rest)


@pytest.mark.parametrize(
    ("a", "b", "middle"),
    [((0, 2), (4, 0), (2, 1)), ((1, 2, 3), (3, 6, 11), (2, 4, 7)), ((1, 5), (2, 8), (1.5, 6.5))],
)
def test_midpoints(a: g.Vector, b: g.Vector, middle: g.Vector) -> None:
    assert g.midpoint(a, b) == middle


@pytest.mark.parametrize(("v", "angle"), [((1, 1, 1), 0.0), ((-1, -1, -1), 180.0)])
def test_rounding_never_makes_a_cosine_beyond_one(v: g.Vector, angle: float) -> None:
    """Three over the product of two lengths of the root of three is more than 1 in floats."""
    assert 3 / (math.hypot(1, 1, 1) * math.hypot(1, 1, 1)) > 1
    assert g.angle_deg((1, 1, 1), v) == angle


def test_differences_products_and_lengths() -> None:
    assert g.sub((5, 7), (2, 11)) == (3, -4)
    assert g.sub((5, 7, 1), (2, 11, 9)) == (3, -4, -8)
    assert g.dot((2, 3), (5, 7)) == 31
    assert g.dot((2, 3, 4), (5, 7, 11)) == 75
    assert g.norm((2, 3, 6)) == 7
    assert g.distance((1, 1, 1), (3, 4, 7)) == 7


def test_up_may_be_another_way() -> None:
    assert g.elevation_deg((0, 0, 2), up=(0, 0, 1)) == pytest.approx(90)
    assert g.inclination_deg((1, 0), up=(1, 0, 0)) == pytest.approx(0)
