from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formcheck.sources.clock import Clock

SPACING_S = 0.1


@pytest.mark.parametrize(
    ("stamps", "times", "repaired"),
    [
        ([0.0, 0.1, 0.25, 1.0], [0.0, 0.1, 0.25, 1.0], 0),
        ([5.0, 5.5, 7.0], [0.0, 0.5, 2.0], 0),
        ([-0.5, 0.0, 0.5], [0.0, 0.5, 1.0], 0),
        ([0.0, None, 0.25], [0.0, 0.1, 0.25], 1),
        ([None, 5.0, 5.5], [0.0, 0.1, 0.6], 1),
        ([None, None, None], [0.0, 0.1, 0.2], 3),
        ([0.0, 0.1, 0.1, 0.2], [0.0, 0.1, 0.15, 0.2], 1),
        ([0.0, 0.2, 0.1, 0.3], [0.0, 0.2, 0.25, 0.3], 1),
        ([0.0, 0.0, 0.0, 0.0, 0.0], [0.0, 0.05, 0.1, 0.2, 0.3], 4),
        # Two recordings one after the other, each with its own zero and its own rhythm.
        ([0.0, 1.0, 2.0, 0.0, 0.5, 1.5], [0.0, 1.0, 2.0, 2.1, 2.6, 3.6], 1),
    ],
)
def test_times(stamps: list[float | None], times: list[float], repaired: int) -> None:
    clock = Clock(SPACING_S)
    assert [clock(stamp) for stamp in stamps] == pytest.approx(times, abs=1e-12)
    assert clock.repaired == repaired


@given(
    st.lists(st.none() | st.floats(-1e6, 1e6, allow_nan=False), min_size=1, max_size=60),
    st.floats(1e-3, 1.0),
)
def test_times_strictly_increase_from_zero_whatever_the_stamps(
    stamps: list[float | None], spacing_s: float
) -> None:
    clock = Clock(spacing_s)
    times = [clock(stamp) for stamp in stamps]
    assert times[0] == 0.0
    assert all(b > a for a, b in pairwise(times))


@given(st.lists(st.floats(1e-3, 10.0), min_size=1, max_size=50), st.floats(-1e4, 1e4))
def test_good_stamps_pass_unchanged(gaps: list[float], start: float) -> None:
    stamps = [start]
    for gap in gaps:
        stamps.append(stamps[-1] + gap)
    clock = Clock(SPACING_S)
    assert [clock(stamp) for stamp in stamps] == [stamp - start for stamp in stamps]
    assert clock.repaired == 0
