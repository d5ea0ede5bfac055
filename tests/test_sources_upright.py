from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formcheck.sources.upright import Orientation, fit_within
from tests.media import corners, read_corners

ONE = 1 << 16


def display_matrix(a: int, b: int, c: int, d: int) -> bytes:
    """A matrix that takes a stored point (x, y) to (a·x + c·y, b·x + d·y), y down."""
    return struct.pack("=9i", a * ONE, b * ONE, 0, c * ONE, d * ONE, 0, 0, 0, 1 << 30)


# What the four corners R G / B W become, worked out by hand.
CASES = [
    pytest.param((1, 0, 0, 1), Orientation(0), 0, "RGBW", id="upright"),
    pytest.param((0, 1, -1, 0), Orientation(1), 90, "BRWG", id="quarter clockwise"),
    pytest.param((-1, 0, 0, -1), Orientation(2), 180, "WBGR", id="half"),
    pytest.param((0, -1, 1, 0), Orientation(3), 270, "GWRB", id="quarter counterclockwise"),
    pytest.param((-1, 0, 0, 1), Orientation(0, mirrored=True), 0, "GRWB", id="mirror"),
    pytest.param((1, 0, 0, -1), Orientation(2, mirrored=True), 180, "BWRG", id="upside down"),
    pytest.param((0, 1, 1, 0), Orientation(3, mirrored=True), 270, "RBGW", id="transposed"),
    pytest.param((0, -1, -1, 0), Orientation(1, mirrored=True), 90, "WGBR", id="antitransposed"),
]


@pytest.mark.parametrize(("matrix", "orientation", "degrees", "shown"), CASES)
def test_display_matrix(
    matrix: tuple[int, int, int, int], orientation: Orientation, degrees: int, shown: str
) -> None:
    assert Orientation.from_display_matrix(display_matrix(*matrix)) == orientation
    assert orientation.rotation_deg == degrees
    upright = orientation.apply(corners(96, 64))
    assert read_corners(upright) == shown
    assert upright.shape[1::-1] == orientation.size(96, 64)
    assert upright.flags.c_contiguous


def test_a_matrix_that_says_nothing_turns_nothing() -> None:
    assert Orientation.from_display_matrix(bytes(36)) == Orientation()


def test_a_slanted_matrix_takes_the_nearest_quarter_turn() -> None:
    data = struct.pack("=9i", 12000, 64000, 0, -64000, 12000, 0, 0, 0, 1 << 30)
    assert Orientation.from_display_matrix(data) == Orientation(1)


@pytest.mark.parametrize(
    ("size", "fitted"),
    [
        ((640, 480), (640, 480)),
        ((960, 540), (960, 540)),
        ((1920, 1080), (960, 540)),
        ((1080, 1920), (540, 960)),
        ((3840, 2160), (960, 540)),
        ((5000, 2), (960, 1)),
    ],
)
def test_fit_within(size: tuple[int, int], fitted: tuple[int, int]) -> None:
    assert fit_within(*size, 960) == fitted


@given(st.integers(1, 10_000), st.integers(1, 10_000), st.integers(1, 2000))
def test_fitting_keeps_the_shape(width: int, height: int, most: int) -> None:
    w, h = fit_within(width, height, most)
    assert 1 <= max(w, h) <= max(most, 1)
    scale = min(1.0, most / max(width, height))
    assert abs(w - width * scale) <= 1
    assert abs(h - height * scale) <= 1
