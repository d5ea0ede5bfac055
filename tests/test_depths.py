"""What is held on the way into a position or out of it, by hand."""

from __future__ import annotations

import math

import pytest

from formcheck.depths import OwnDepths


@pytest.mark.parametrize(
    ("side", "start_s", "held_s", "level", "still", "way"),
    [
        # right, long after: against the median of 100, 110 and 104, less twice what is still
        ("right", 40.0, 3.0, 99.9, 2.0, True),
        ("right", 40.0, 3.0, 100.1, 2.0, False),
        ("right", 40.0, 6.0, 60.0, 2.0, False),
        ("right", 40.0, 3.0, math.nan, 2.0, False),
        ("right", 40.0, 3.0, 85.0, 10.0, False),
        # right after the hold of 104 that ended at 30 s and was still to within 3
        ("right", 31.5, 3.0, 97.9, 20.0, True),
        ("right", 31.6, 3.0, 97.9, 20.0, False),
        ("left", 31.5, 3.0, 97.9, 20.0, True),
        ("left", 31.5, 3.0, 98.1, 2.0, False),
        # left, whose own depth is unknown
        ("left", 40.0, 3.0, 91.9, 2.0, True),
        ("left", 40.0, 3.0, 92.1, 2.0, False),
    ],
)
def test_less_deep_is_on_the_way(
    side: str, start_s: float, held_s: float, level: float, still: float, way: bool
) -> None:
    own = OwnDepths()
    own.add("right", 10.0, 100.0, 2.0)
    own.add("right", 20.0, 110.0, 2.0)
    own.add("right", 30.0, 104.0, 3.0)
    own.add("right", 35.0, math.nan, 3.0)
    assert own.only_on_the_way(side, start_s, held_s, level, still) is way


def test_of_nobody_known_everything_is_a_hold() -> None:
    assert not OwnDepths().only_on_the_way("left", 1.0, 2.0, 5.0, 1.0)
