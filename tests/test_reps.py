"""Segmentation of signals whose repetitions can be counted by eye."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formcheck.reps import Excursion, RepRule, RepSegmenter
from formcheck.results import Phase

RULE = RepRule(
    min_range=0.12,
    min_partial=0.07,
    return_to=0.25,
    own_range=0.35,
    min_duration_s=0.5,
    max_duration_s=15.0,
)

Knot = tuple[float, float]


def line(*knots: Knot, fps: float = 30.0) -> list[Knot]:
    """Return samples of the line through (time, value) knots."""
    samples = []
    for i in range(int(knots[-1][0] * fps) + 1):
        t = i / fps
        (t0, x0), (t1, x1) = next((a, b) for a, b in pairwise(knots) if a[0] <= t <= b[0] + 1e-9)
        samples.append((t, x0 + (x1 - x0) * (t - t0) / (t1 - t0)))
    return samples


def run(samples: list[Knot], rule: RepRule = RULE) -> list[Excursion]:
    """Return all movements of a signal; counted ones teach the person's range."""
    segmenter = RepSegmenter(rule)
    found = [e for t, x in samples if (e := segmenter.feed(t, x))]
    for excursion in found:
        if excursion.span.counted:
            segmenter.accept(excursion)
    last = segmenter.finish()
    return [*found, last] if last else found


def outline(samples: list[Knot]) -> list[tuple[bool, str]]:
    return [(e.span.counted, e.span.reason) for e in run(samples)]


def triangle(start: float, depth: float, duration: float = 2.0) -> list[Knot]:
    return [(start, 0.0), (start + duration / 2, depth), (start + duration, 0.0)]


def test_three_plain_repetitions_with_their_times() -> None:
    samples = line((0, 0), *triangle(1, 0.5), *triangle(5, 0.5), *triangle(8, 0.4), (12, 0))
    found = run(samples)
    assert [e.span.counted for e in found] == [True] * 3
    # A twentieth of a second-long way down or up is outside of the 5 % edges.
    for excursion, start in zip(found, (1, 5, 8), strict=True):
        span = excursion.span
        assert span.start_s == pytest.approx(start + 0.05, abs=0.01)
        assert span.turn_s == pytest.approx(start + 1, abs=0.02)
        assert span.end_s == pytest.approx(start + 1.95, abs=0.01)
    assert [round(e.range, 2) for e in found] == [0.5, 0.5, 0.4]


def test_a_pause_at_the_bottom_is_its_own_phase() -> None:
    (found,) = run(line((0, 0), (1, 0), (2, 0.5), (5, 0.5), (6, 0), (8, 0)))
    p = found.phases
    assert (p.bottom_start_s, p.bottom_end_s) == pytest.approx((1.95, 5.05), abs=0.02)


@pytest.mark.parametrize(
    ("samples", "expected"),
    [
        pytest.param(line((0, 0), (5, 0)), [], id="standing still"),
        pytest.param(line((0, 0), *triangle(1, 0.05), (5, 0)), [], id="a sway is nothing"),
        pytest.param(
            line((0, 0), *triangle(1, 0.1), (5, 0)),
            [(False, "the movement was too small")],
            id="too small",
        ),
        pytest.param(
            line((0, 0), *triangle(1, 0.5, 0.3), (5, 0)),
            [(False, "too quick to be a repetition")],
            id="too quick",
        ),
        pytest.param(
            line((0, 0), (1, 0), (2, 0.5), (30, 0.5), (31, 0), (33, 0)),
            [(False, "it took too long to be a repetition")],
            id="sitting for half a minute, once",
        ),
        pytest.param(
            line((0, 0), (1, 0), (2, 0.5), (3, 0.25), (4, 0.5), (5, 0), (7, 0)),
            [(False, "the way back was not completed"), (True, "")],
            id="half-way up and down again",
        ),
        pytest.param(
            line((0, 0), (1, 0), (2, 0.5), (3, 0.4), (4, 0.5), (5, 0), (7, 0)),
            [(True, "")],
            id="a wobble at the bottom",
        ),
        pytest.param(
            line((0, 0), (1, 0), (2, 0.5), (2.5, 0.4)),
            [(False, "the clip ends before the movement is complete")],
            id="the clip ends on the way up",
        ),
        pytest.param(
            line((0, 0), (1, 0), (2, 0.5), (3, 0)), [(True, "")], id="the clip ends when standing"
        ),
        pytest.param(
            line((0, 0.3), (1, 0.5), (2, 0), (4, 0)), [(True, "")], id="starts half-way down"
        ),
        pytest.param(line((0, 0.5), (0.5, 0), (2, 0)), [(True, "")], id="starts at the bottom"),
        pytest.param(
            line((0, 0.5), (0.2, 0), (2, 0)),
            [(False, "too quick to be a repetition")],
            id="starts at the bottom, and nobody comes up that fast",
        ),
        pytest.param(
            line((0, 0), *triangle(1, 0.5), (5, 0), *triangle(6, 0.15), (10, 0)),
            [(True, ""), (False, "much less far than your other repetitions")],
            id="a third of one's own range",
        ),
        pytest.param(
            line((0, 0), *triangle(1, 0.15), (5, 0), *triangle(6, 0.15), (10, 0)),
            [(True, ""), (True, "")],
            id="small, but the person's own range",
        ),
        pytest.param(
            line((0, 0), (1, 0), (2, 0.5), (3, 0.1), (4, 0.5), (5, 0.1), (6, 0.5), (7, 0), (8, 0)),
            [(True, "")] * 3,
            id="not quite up in between",
        ),
    ],
)
def test_counted_and_not(samples: list[Knot], expected: list[tuple[bool, str]]) -> None:
    # The person's range has to be learnt while the signal runs, as the analyzer does.
    segmenter = RepSegmenter(RULE)
    found = []
    for t, x in samples:
        if excursion := segmenter.feed(t, x):
            found.append(excursion)
            if excursion.span.counted:
                segmenter.accept(excursion)
    if last := segmenter.finish():
        found.append(last)
    assert [(e.span.counted, e.span.reason) for e in found] == expected


def test_who_starts_half_way_down_did_not_show_the_start() -> None:
    (half, whole) = run(line((0, 0.3), (1, 0.5), (2, 0), *triangle(3, 0.5), (6, 0)))
    assert (half.span.start_seen, whole.span.start_seen) == (False, True)


LOW = replace(RULE, rest_up_to=0.2)


@pytest.mark.parametrize(("rule", "counted"), [(RULE, 0), (LOW, 2)])
def test_who_rests_low_comes_back_to_there(rule: RepRule, counted: int) -> None:
    """As on the spot with one foot ahead, from the first picture on."""
    twice = line((0, 0.17), (1, 0.17), (2, 0.45), (3, 0.17), (4, 0.45), (5, 0.17), (6, 0.17))
    found = [e for e in run(twice, rule) if e.span.counted]
    assert len(found) == counted
    assert [e.span.start_seen for e in found] == [False, True][:counted]


def test_who_comes_into_view_at_the_lowest_point_of_a_small_movement_comes_back_to_zero() -> None:
    (found,) = run(line((0, 0.15), (0.2, 0.18), (0.6, 0.18), (1.6, 0.0), (3, 0.0)), LOW)
    assert found.span.counted
    assert not found.span.start_seen


def test_a_clip_that_ends_at_once_does_not_show_the_end() -> None:
    assert [e.span.end_seen for e in run(line((0, 0), *triangle(1, 0.5)))] == [False]
    assert [e.span.end_seen for e in run(line((0, 0), *triangle(1, 0.5), (4, 0)))] == [True]


def test_short_gaps_are_bridged_and_long_ones_end_the_movement() -> None:
    samples = line((0, 0), *triangle(1, 0.5, 4), (8, 0))
    short = [(t, math.nan if 2 < t < 2.5 else x) for t, x in samples]
    long = [(t, math.nan if 2 < t < 3.2 else x) for t, x in samples]
    assert outline(short) == [(True, "")]
    assert outline(long)[0] == (False, "out of sight before the movement was complete")


def test_phases_follow_the_movement() -> None:
    segmenter = RepSegmenter(RULE)
    seen: list[Phase] = []
    for t, x in line((0, 0), (1, 0), (2, 0.5), (3, 0.5), (4, 0), (6, 0)):
        segmenter.feed(t, x)
        if not seen or seen[-1] is not segmenter.phase:
            seen.append(segmenter.phase)
    assert seen[0] is Phase.READY
    assert seen[-1] is Phase.READY
    assert [p for p in seen if p is not Phase.READY] == [
        Phase.DESCENT,
        Phase.BOTTOM,
        Phase.ASCENT,
    ]


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.floats(0.15, 0.8), st.floats(0.8, 4.0)), min_size=1, max_size=6),
    st.integers(10, 120),
)
def test_any_clear_repetitions_are_counted_at_any_frame_rate(
    shapes: list[tuple[float, float]], fps: int
) -> None:
    """From 10 to 240 frames a second, whatever their depth and tempo."""
    deepest = max(depth for depth, _ in shapes)
    shapes = [(max(depth, 0.4 * deepest), duration) for depth, duration in shapes]
    knots: list[Knot] = [(0.0, 0.0)]
    for depth, duration in shapes:
        start = knots[-1][0] + 0.8
        knots += triangle(start, depth, duration)
    knots.append((knots[-1][0] + 0.8, 0.0))
    found = run(line(*knots, fps=float(fps)))
    assert [e.span.counted for e in found] == [True] * len(shapes)


def test_reset_equals_new() -> None:
    samples = line((0, 0), *triangle(1, 0.5), (3.5, 0.3))
    segmenter = RepSegmenter(RULE)
    first = [segmenter.feed(t, x) for t, x in samples]
    segmenter.reset()
    assert [segmenter.feed(t, x) for t, x in samples] == first
