"""Times between frames, of movements whose true times are known."""

from __future__ import annotations

import math

import numpy as np
import pytest

from formcheck.crossings import Way
from formcheck.reps import BOTTOM, EDGE, Excursion, RepRule, RepSegmenter

RULE = RepRule(
    min_range=0.14,
    min_partial=0.06,
    return_to=0.25,
    own_range=0.33,
    min_duration_s=0.5,
    max_duration_s=15.0,
)
EDGE_S = math.acos(1 - 2 * EDGE) / math.pi
"""A movement that starts and ends gently passes 5 % of its way at this share of its time."""


def gentle(share: float) -> float:
    return (1 - math.cos(math.pi * min(1.0, max(0.0, share)))) / 2


def squat(
    t_s: float, down_s: float, hold_s: float = 0.3, up_s: float = 0.9, at_s: float = 1.5
) -> float:
    """Return how deep somebody is who goes down gently, waits, and comes up gently."""
    back = (t_s - at_s - down_s - hold_s) / up_s
    return 0.5 * (gentle((t_s - at_s) / down_s) - gentle(back))


def sampled(
    fps: float, down_s: float, *, jitter: float = 0.0, seed: int = 0, **more: float
) -> list[Excursion]:
    rng = np.random.default_rng(seed)
    segmenter, found = RepSegmenter(RULE), []
    for i in range(round(6 * fps)):
        t = (i + rng.uniform(-0.1, 0.1) + 0.5) / fps
        x = squat(t, down_s, **more) + jitter * rng.normal()
        if excursion := segmenter.feed(t, x):
            found.append(excursion)
    return found


@pytest.mark.parametrize("down_s", [0.35, 0.5, 1.0, 2.0])
@pytest.mark.parametrize(("fps", "within"), [(10, 0.03), (15, 0.02), (30, 0.015), (60, 0.015)])
def test_a_way_down_is_as_long_as_it_was(fps: float, within: float, down_s: float) -> None:
    """Straight lines between frames would make it 0.04 s too long at 10 frames a second."""
    true = down_s * (1 - 2 * EDGE_S)
    # Noise makes the deepest sample a little too deep, hence a part of the length.
    measured, within = [], within + 0.02 * down_s
    for seed in range(5):
        (found,) = sampled(fps, down_s, jitter=0.002, seed=seed)
        p = found.phases
        measured.append(p.bottom_start_s - p.start_s)
        assert p.start_s == pytest.approx(1.5 + EDGE_S * down_s, abs=2 * within)
        assert p.bottom_start_s == pytest.approx(1.5 + (1 - EDGE_S) * down_s, abs=2 * within)
    assert float(np.mean(measured)) == pytest.approx(true, abs=within)


def test_the_way_up_ends_when_it_ends() -> None:
    (found,) = sampled(15, 0.8, up_s=1.2)
    end = 1.5 + 0.8 + 0.3 + (1 - EDGE_S) * 1.2
    assert found.phases.end_s == pytest.approx(end, abs=0.03)


def test_sinking_a_little_long_before_is_not_the_way_down() -> None:
    """Somebody stands tall, sinks by 4 % of the range, waits for a second, and squats."""
    segmenter, found = RepSegmenter(RULE), []
    for i in range(150):
        t = i / 25
        x = 0.02 * gentle((t - 0.2) / 0.3) + 0.96 * squat(t, 0.6, at_s=1.8)
        if excursion := segmenter.feed(t, x):
            found.append(excursion)
    assert found[0].phases.start_s == pytest.approx(1.8 + EDGE_S * 0.6, abs=0.03)


def test_who_does_not_come_all_the_way_up_ends_where_they_stop() -> None:
    segmenter, found = RepSegmenter(RULE), []
    for i in range(150):
        t = i / 25
        back = 0.85 * gentle((t - 2.4) / 1.0)
        if excursion := segmenter.feed(t, 0.5 * (gentle((t - 1.0) / 1.0) - back)):
            found.append(excursion)
    assert found[0].phases.end_s == pytest.approx(2.4 + 1.0 - EDGE_S, abs=0.04)


@pytest.mark.parametrize("fps", [10, 30])
def test_a_bottom_that_is_reached_slowly_is_reached_at_an_uncertain_time(fps: int) -> None:
    segmenter, found = RepSegmenter(RULE), []
    for i in range(6 * fps):
        t = i / fps
        creep = 0.04 * gentle((t - 1.4) / 0.8)
        x = (0.46 + creep) * gentle((t - 1.0) / 0.4) * (1 - gentle((t - 2.4) / 0.8))
        if excursion := segmenter.feed(t, x):
            found.append(excursion)
    (sharp,) = sampled(fps, 0.4)
    assert found[0].phases.bottom_start_sigma_s > 0.1
    assert sharp.phases.bottom_start_sigma_s < 0.03
    assert found[0].phases.start_sigma_s < 0.03


def test_a_curve_through_samples_passes_levels_where_they_say() -> None:
    way = Way((0.0, 0.1, 0.2, 0.3, 0.5), (1.0, 0.8, 0.5, 0.2, 0.0))
    assert way.passes(0.8) == pytest.approx(0.1)
    assert way.passes(0.5) == pytest.approx(0.2)
    assert 0.1 < way.passes(0.7) < 0.2
    assert way.passes(0.1) > way.passes(0.15) > 0.3
    assert way.passes(1.0) == 0.0
    assert way.passes(-0.1) == 0.5  # never: the last sample's time
    straight = Way((0.0, 0.1, 0.2, 0.3), (1.0, 0.7, 0.4, 0.1))
    assert straight.passes(0.55) == pytest.approx(0.15)


def test_slopes_are_harmonic_means_weighted_by_the_longer_side() -> None:
    """Worked out by hand from the formula of Fritsch and Butland."""
    # Steps of 1, 2 and 4 s; the curve falls by 2, 1 and 8 a second.
    way = Way((0.0, 1.0, 3.0, 7.0), (40.0, 38.0, 36.0, 4.0))
    assert way._slope(0) == 0.0  # the turning point
    # h = 1, k = 2: (5 + 4) / (5 / -2 + 4 / -1) = -9 / 6.5
    assert way._slope(1) == pytest.approx(-9 / 6.5)
    # h = 2, k = 4: (10 + 8) / (10 / -1 + 8 / -8) = -18 / 11
    assert way._slope(2) == pytest.approx(-18 / 11)
    assert way._slope(3) == -8.0  # the last one goes on as it came
    assert Way((0.0, 1.0, 2.0, 3.0), (3.0, 1.0, 2.0, 0.0))._slope(1) == 0.0  # turns there
    assert Way((0.0, 1.0, 2.0, 3.0), (3.0, 1.0, 1.0, 0.0))._slope(1) == 0.0  # and here rests


def test_the_spread_of_a_crossing_is_how_long_the_signal_takes_past_the_level() -> None:
    # Falling by 10 a second from 10 above a rest of 2; the level is known to 2.5 % of 10.
    times = [i / 10 for i in range(11)]
    way = Way(times, [12.0 - 10 * t for t in times])
    crossing = way.crossing(0.5, 2.0)
    assert crossing.at_s == pytest.approx(0.5, abs=1e-6)
    assert crossing.sigma_s == pytest.approx(0.025, abs=1e-3)


def test_rest_is_near_the_end_of_the_way_and_not_below_it() -> None:
    away = [i / 10 for i in range(40)]
    x = [1.0, 0.6, 0.2, *[0.05] * 10, *[-0.05] * 27]
    assert Way(away, x).rest(-0.1) == 0.05
    assert Way(away, x).rest(0.1) == 0.1
    assert Way(away[:2], x[:2]).rest(0.0) == 0.0  # it did not come back


def test_rest_is_looked_for_half_a_second_and_half_the_way_long() -> None:
    """From 0.7 down to 0.25: gone at 0.6, after 0.2 s, and left at 0.3, after 0.8 s."""
    away = [i / 20 for i in range(60)]
    down = [max(0.25, 0.7 - 0.5 * s) for s in away]
    later = [0.22 if s > 1.62 else x for s, x in zip(away, down, strict=True)]
    assert Way(away, later).rest(0.2) == pytest.approx(0.25), "until 0.8 + 0.5 + 0.3 s"
    sooner = [0.22 if s > 1.45 else x for s, x in zip(away, down, strict=True)]
    assert Way(away, sooner).rest(0.2) == pytest.approx(0.22)
    # A fifth of the way from 0.2 to 0.7 is 0.3: who stays above has not come back.
    assert Way(away, [max(0.33, x) for x in down]).rest(0.2) == 0.2


def test_bottom_and_edge_are_as_documented() -> None:
    assert (EDGE, BOTTOM) == (0.05, 0.95)


def test_where_frames_are_missing_the_rest_is_the_next_one() -> None:
    # A fifth of the way is left at 0.1 s, and the next frame comes 1.1 s later.
    assert Way([0.0, 0.1, 1.2], [1.0, 0.21, 0.05]).rest(0.0) == 0.05
