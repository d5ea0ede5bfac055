"""Smoothing against signals whose outcome can be worked out."""

from __future__ import annotations

import math

import numpy as np
import pytest

from formcheck.pose import Pose
from formcheck.smoothing import NoSmoother, OneEuroSmoother, Smoother
from formcheck.sources.synthetic import STANDING, StickFigure

FIGURE = StickFigure()


def shifted(t_s: float, dx_m: float) -> Pose:
    pose = FIGURE.pose(t_s, STANDING)
    return Pose(
        t_s,
        pose.image_px + np.array([200 * dx_m, 0]),
        pose.world_m + np.array([dx_m, 0, 0]),
        pose.visibility,
    )


@pytest.fixture(params=[NoSmoother, OneEuroSmoother])
def smoother(request: pytest.FixtureRequest) -> Smoother:
    made: Smoother = request.param()
    return made


def test_a_still_pose_stays_as_it_is(smoother: Smoother) -> None:
    for i in range(5):
        out = smoother.feed(FIGURE.pose(i / 30, STANDING))
    np.testing.assert_allclose(out.world_m, FIGURE.pose(0, STANDING).world_m)
    np.testing.assert_allclose(out.image_px, FIGURE.pose(0, STANDING).image_px)


def test_nan_stays_nan_and_makes_nothing_else_nan(smoother: Smoother) -> None:
    for i in range(4):
        pose = FIGURE.pose(i / 30, STANDING)
        if i == 2:
            pose.image_px[25], pose.world_m[25] = np.nan, np.nan
        out = smoother.feed(pose)
        assert np.isnan(out.world_m[25]).all() == (i == 2)
        assert np.isfinite(out.world_m[26]).all()


def test_nobody_is_nobody(smoother: Smoother) -> None:
    smoother.feed(FIGURE.pose(0, STANDING))
    assert not smoother.feed(Pose.nobody(0.1)).seen


def test_reset_equals_new(smoother: Smoother) -> None:
    first = [smoother.feed(shifted(i / 30, 0.01 * i**2)).world_m for i in range(5)]
    smoother.reset()
    again = [smoother.feed(shifted(i / 30, 0.01 * i**2)).world_m for i in range(5)]
    np.testing.assert_array_equal(first, again)


def test_jitter_becomes_less_than_half() -> None:
    rng = np.random.default_rng(1)
    smoother = OneEuroSmoother()
    noise = rng.normal(0, 0.003, 300)
    out = [smoother.feed(shifted(i / 30, dx)).world_m[0, 0] for i, dx in enumerate(noise)]
    assert np.std(out[30:]) < 0.6 * np.std(noise[30:])


def test_fast_movement_lags_little() -> None:
    smoother = OneEuroSmoother()
    speed = 2.0  # metres a second, faster than any limb in these exercises
    for i in range(60):
        out = smoother.feed(shifted(i / 30, speed * i / 30))
    lag_s = (shifted(59 / 30, speed * 59 / 30).world_m[0, 0] - out.world_m[0, 0]) / speed
    assert 0 < lag_s < 0.03


def test_the_frame_rate_changes_little() -> None:
    """The same movement at 15 and 60 frames a second ends at about the same place."""
    ends = []
    for fps in (15, 60):
        smoother = OneEuroSmoother()
        for i in range(fps + 1):
            out = smoother.feed(shifted(i / fps, 0.2 * math.sin(3 * i / fps)))
        ends.append(out.world_m[0, 0])
    assert ends[0] == pytest.approx(ends[1], abs=0.01)


def test_after_a_gap_it_starts_afresh() -> None:
    smoother = OneEuroSmoother(max_gap_s=0.3)
    for i in range(10):
        smoother.feed(shifted(i / 30, 0.0))
    out = smoother.feed(shifted(5.0, 1.0))
    np.testing.assert_allclose(out.world_m, shifted(5.0, 1.0).world_m)
