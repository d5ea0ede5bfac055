"""Which leg lies over the other: the network, its file, and following it in time."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from formcheck.errors import ModelCorrupt
from formcheck.legs import CrossedLegs, Network, features, shipped
from formcheck.pose import Pose
from formcheck.refine.features import POINTS
from formcheck.results import SIDES
from formcheck.sources.synthetic import STANDING, StickFigure

FEATURES = len(POINTS) * 6
SIDE = StickFigure(yaw_deg=90.0)


def says(left: float, right: float) -> Network:
    """Return a network that says the same of every pose.

    It looks at nothing but how well the left and the right ankle are seen: 1 and 0.
    """
    weights = np.zeros((1, FEATURES, 1), dtype=np.float32)
    seen = len(POINTS) * 5
    weights[0, seen + POINTS.index("left_ankle")] = left
    weights[0, seen + POINTS.index("right_ankle")] = right
    biases = np.zeros((1, 1, 1), dtype=np.float32)
    plain = np.zeros(FEATURES, dtype=np.float32)
    return Network(((weights, biases),), plain, plain + 1)


def pose(t_s: float) -> Pose:
    """Return somebody whose left ankle alone is seen."""
    at = SIDE.pose(0, STANDING)
    visibility = at.visibility.copy()
    visibility[at.skeleton.index["left_ankle"]] = 1.0
    visibility[at.skeleton.index["right_ankle"]] = 0.0
    return replace(at, t_s=t_s, visibility=visibility)


def followed(network: Network, seconds: float) -> CrossedLegs:
    legs = CrossedLegs(network)
    for i in range(int(seconds * 10)):
        legs.feed(pose(i / 10))
    return legs


def test_nothing_is_known_of_nobody() -> None:
    legs = CrossedLegs(says(3.0, -3.0))
    legs.feed(replace(pose(0.0), image_px=np.full((33, 2), np.nan)))
    assert [np.isnan(legs.over(side)) for side in SIDES] == [True, True]


def test_the_mirror_image_says_the_same_of_the_other_leg() -> None:
    described = features(pose(0.0))
    assert described is not None
    assert says(2.0, -1.0).log_odds(described) == pytest.approx((2.0, -1.0))


def test_frames_that_agree_are_believed() -> None:
    legs = followed(says(1.0, -2.0), 4.0)
    assert legs.over("left") > 0.9
    assert legs.over("right") < 0.05


def test_legs_exchanged_for_a_moment_change_little() -> None:
    legs = followed(says(2.0, -2.0), 4.0)
    legs._network = says(-2.0, 2.0)
    legs.feed(pose(4.0))
    assert legs.over("left") > 0.6
    for i in range(30):
        legs.feed(pose(4.1 + i / 10))
    assert legs.over("right") > 0.9


def test_the_frame_rate_does_not_matter() -> None:
    slow, fast = CrossedLegs(says(0.5, -1.0)), CrossedLegs(says(0.5, -1.0))
    for i in range(21):
        slow.feed(pose(i / 10))
    for i in range(121):
        fast.feed(pose(i / 60))
    assert slow.over("left") == pytest.approx(fast.over("left"), abs=0.05)


def test_what_is_shipped_can_be_kept_and_read_again(tmp_path: Path) -> None:
    network = shipped()
    described = features(SIDE.pose(0, STANDING))
    assert network is not None
    assert described is not None
    network.save(tmp_path / "again.npz")
    again = Network.load(tmp_path / "again.npz")
    assert again.log_odds(described) == pytest.approx(network.log_odds(described), abs=1e-3)
    # Somebody who stands has no leg over the other.
    assert max(network.log_odds(described)) < 1.0


def test_a_damaged_file_says_what_to_do(tmp_path: Path) -> None:
    broken = tmp_path / "crossed_legs.npz"
    broken.write_bytes(b"no archive")
    with pytest.raises(ModelCorrupt, match="Install formcheck again"):
        Network.load(broken)
    np.savez(broken, schema=np.array("other"))
    with pytest.raises(ModelCorrupt, match="its schema is 'other'"):
        Network.load(broken)


def test_a_single_frame_says_nothing() -> None:
    legs = CrossedLegs(says(3.0, -3.0))
    legs.feed(pose(0.0))
    assert math.isnan(legs.over("left"))
    legs.feed(pose(0.1))
    assert legs.over("left") > legs.over("right")
    legs.reset()
    legs.feed(pose(0.2))
    assert math.isnan(legs.over("left"))
