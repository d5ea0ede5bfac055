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


def test_midpoint() -> None:
    assert g.midpoint((0, 2), (4, 0)) == (2, 1)
