"""Measurements of one hold: how long, and how steadily, and how surely that is known."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from formcheck.holds import Stretch
from formcheck.measures.hold import HOLD, Held
from formcheck.results import Reading
from formcheck.series import Window

T = np.arange(0.0, 20.0, 0.1)


def held(depth_deg: NDArray[np.float64], sigma_deg: float, still_deg: float = 2.0) -> Held:
    """A hold of twenty seconds whose depth went like this."""
    window = Window(T, {"depth": depth_deg}, {"depth": np.full(T.shape, sigma_deg)})
    stretch = Stretch(0.0, T[-1], T[-1], start_seen=True, end_seen=True, sides={})
    return Held(stretch, window, "depth", still_deg)


def measured(name: str, one: Held) -> Reading:
    return HOLD[name].compute(one)


def test_a_level_hold_is_timed_to_a_quarter_of_a_second() -> None:
    time = measured("held_s", held(np.full(T.shape, 100.0), 3.0))
    assert time.value == pytest.approx(19.9)
    assert time.sigma == pytest.approx(0.22, abs=0.02)


def test_who_was_less_deep_at_first_may_have_got_there_later() -> None:
    later = np.where(T < 5.0, 104.0, 112.0)
    assert measured("held_s", held(later, 3.0)).sigma == pytest.approx(5.0, abs=0.5)
    # So poorly known, it is no difference.
    assert measured("held_s", held(later, 30.0)).sigma == pytest.approx(0.22, abs=0.02)


def test_where_the_depth_was_never_seen_only_the_time_is_known() -> None:
    unseen = held(np.full(T.shape, np.nan), 3.0)
    assert measured("held_s", unseen).value == pytest.approx(19.9)
    assert not measured("sway_ratio", unseen).known


@pytest.mark.parametrize(
    ("sigma_deg", "sure"),
    [pytest.param(3.0, True, id="known well"), pytest.param(12.0, False, id="known poorly")],
)
def test_an_error_that_wanders_looks_like_swaying(sigma_deg: float, sure: bool) -> None:
    # Three degrees to and fro, every two seconds.
    sway = measured("sway_ratio", held(100 + 3 * np.sin(np.pi * T), sigma_deg))
    assert (sway.value - 0.6 > sway.sigma) is sure


def test_no_error_looks_like_keeping_still() -> None:
    still = measured("sway_ratio", held(np.full(T.shape, 100.0), 12.0))
    assert still == Reading(0.0, 0.1)


def test_what_is_hardly_deeper_than_still_is_timed_poorly() -> None:
    # Two degrees of depth that are less than three times what is still: half of it is in doubt.
    shallow = measured("held_s", held(np.full(T.shape, 5.0), 3.0))
    assert shallow.value == pytest.approx(19.9)
    assert shallow.sigma == pytest.approx(0.5 * 19.9, rel=0.01)


def test_where_the_depth_was_seen_once_nobody_knows_how_long_they_sank_in() -> None:
    once = np.full(T.shape, np.nan)
    once[7] = 100.0
    assert measured("held_s", held(once, 3.0)).sigma == pytest.approx(0.22, abs=0.02)
