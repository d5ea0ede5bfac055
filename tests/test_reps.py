"""Segmentation of signals whose repetitions can be counted by eye."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formcheck.reps import Excursion, RepRule, RepSegmenter, _Movement
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
    assert p.turn_s == pytest.approx(2.0)  # when the bottom is reached
    assert (p.deep_start_s, p.deep_end_s) == pytest.approx((1.5, 5.5), abs=0.01)
    # A level known to 2.5 % of a way of a second is passed within 0.025 s.
    sigmas = (p.start_sigma_s, p.bottom_start_sigma_s, p.bottom_end_sigma_s, p.end_sigma_s)
    assert sigmas == pytest.approx((0.025,) * 4, abs=0.008)


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


@pytest.mark.parametrize(("rule", "counted"), [(RULE, 0), (LOW, 3)])
def test_who_steps_into_a_low_stance_comes_back_to_it(rule: RepRule, counted: int) -> None:
    """The step from standing is no part of the first repetition, whatever its depth."""
    stance = [(0, 0.0), (1, 0.0), (1.3, 0.19)]
    downs = [(t + dt, x) for t in (2, 5, 8) for dt, x in ((0, 0.19), (1, 0.45), (2, 0.19))]
    found = [e for e in run(line(*stance, *downs, (11, 0.19)), rule) if e.span.counted]
    assert len(found) == counted
    for excursion, start in zip(found, (2, 5, 8), strict=False):
        assert excursion.span.start_s == pytest.approx(start + 0.05, abs=0.05)
        assert excursion.range == pytest.approx(0.26, abs=0.01)


def test_a_pause_on_the_way_up_above_where_people_rest_ends_nothing() -> None:
    paused = line((0, 0), (1, 0), (2, 0.6), (2.6, 0.3), (3.6, 0.3), (4.2, 0), (6, 0))
    assert [(e.span.counted, e.span.end_s > 4) for e in run(paused, LOW)] == [(True, True)]


def at_once(samples: list[Knot], rule: RepRule) -> list[Excursion]:
    """Return all movements of a signal; each one that counts teaches the person's own ways."""
    segmenter, found = RepSegmenter(rule), []
    for t, x in samples:
        excursion = segmenter.feed(t, x)
        if excursion:
            found.append(excursion)
            if excursion.span.counted:
                segmenter.accept(excursion)
    return found


@pytest.mark.parametrize(("third_s", "counted"), [(2.0, True), (0.6, True), (0.36, False)])
def test_a_step_is_no_repetition_of_somebody_slow(third_s: float, counted: bool) -> None:
    rule = replace(RULE, min_duration_s=0.3)
    twice = (*triangle(1, 0.5), *triangle(4, 0.5))
    found = at_once(line((0, 0), *twice, *triangle(8, 0.5, third_s), (11, 0)), rule)
    assert [e.span.counted for e in found] == [True, True, counted]
    assert found[-1].span.reason == ("" if counted else "much quicker than your other repetitions")


def test_a_long_hold_says_nothing_about_the_pace() -> None:
    held = [(1, 0.0), (2, 0.5), (20, 0.5), (21, 0.0), (23, 0.0), (24, 0.5), (42, 0.5), (43, 0.0)]
    rule = replace(RULE, max_duration_s=60.0)
    found = at_once(line((0, 0), *held, *triangle(45, 0.5), (49, 0)), rule)
    assert [e.span.counted for e in found] == [True] * 3


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


def test_what_the_signal_was_some_time_ago() -> None:
    movement = _Movement(0.0, start_seen=True)
    for t, x in ((0.0, 0.0), (1.0, 1.0), (2.0, 3.0), (3.0, 7.0)):
        movement.add(t, x)
    assert [movement.before(s) for s in (0.0, 1.0, 1.5, 2.0, 100.0)] == [7.0, 3.0, 1.0, 1.0, 0.0]


def test_the_peak_is_the_first_and_the_valley_the_last_of_equals() -> None:
    movement = _Movement(0.1, start_seen=True)
    for i, x in enumerate((0.2, 0.9, 0.9, 0.4, 0.3, 0.3, 0.5)):
        movement.add(float(i), x)
    assert (movement.peak, movement.valley) == (1, 5)
    assert movement.range == pytest.approx(0.8)
    assert movement.level(0.25) == pytest.approx(0.3)
    assert movement.went == pytest.approx(0.8)
    movement.start_seen = False
    assert movement.went == pytest.approx(0.6)  # as far as it was seen


def test_the_usual_range_is_the_median_of_the_latest_five() -> None:
    segmenter = RepSegmenter(RULE)
    assert math.isnan(segmenter.usual_range)
    assert segmenter.phase is Phase.AWAY
    (example,) = run(line((0, 0), *triangle(1, 0.5), (5, 0)))
    for size in (9.0, 9.0, 9.0, 0.1, 0.2, 0.3, 0.4, 0.5):
        segmenter.accept(replace(example, range=size))
    assert segmenter.usual_range == 0.3
    segmenter.reset()
    assert math.isnan(segmenter.usual_range)


def test_a_movement_ends_as_soon_as_the_person_was_out_of_sight_for_too_long() -> None:
    segmenter = RepSegmenter(RULE)
    for t, x in line((0, 0), (1, 0), (2, 0.5)):
        assert segmenter.feed(t, x) is None
    assert segmenter.moving
    assert segmenter.feed(2.6, math.nan) is None
    lost = segmenter.feed(2.8, math.nan)
    assert lost is not None
    assert lost.span.reason == "out of sight before the movement was complete"
    assert (segmenter.phase, segmenter.moving) == (Phase.AWAY, False)
    assert segmenter.feed(3.0, math.nan) is None


def test_who_is_lost_just_after_coming_back_has_come_back() -> None:
    """Back to a quarter of the range at 2.75 s; on the way still when they are lost."""
    segmenter = RepSegmenter(RULE)
    for t, x in line((0, 0), *triangle(1, 0.5), (4, 0)):
        if t <= 2.85:
            assert segmenter.feed(t, x) is None
    assert segmenter.feed(3.4, math.nan) is None
    lost = segmenter.feed(3.6, math.nan)
    assert lost is not None
    assert (lost.span.counted, lost.span.reason, lost.span.end_seen) == (True, "", False)
    assert lost.span.side == "both"


@pytest.mark.parametrize(("back_s", "reason"), [(0.6, ""), (0.2, "too quick to be a repetition")])
def test_of_a_way_back_alone_half_of_the_time_is_asked(back_s: float, reason: str) -> None:
    (found,) = run(line((0, 0.5), (back_s, 0.0), (3, 0.0), fps=60))
    assert not found.span.start_seen
    assert found.span.reason == reason


def test_who_rests_a_little_above_zero_rests_nevertheless() -> None:
    raised = [(t, x + 0.05) for t, x in line((0, 0), (30, 0), *triangle(30.5, 0.5), (35, 0))]
    (found,) = run(raised)
    assert found.span.counted
    assert found.span.start_s == pytest.approx(30.55, abs=0.02)
    assert found.range == pytest.approx(0.5, abs=0.01)


@pytest.mark.parametrize(
    ("up_to", "expected"),
    [
        (0.35, [True]),  # 0.15 of 0.5 on the way back: less than 0.4 of the range
        (0.25, [False, True]),
    ],
)
def test_going_down_again_makes_two_only_of_what_came_far_enough_back(
    up_to: float, expected: list[bool]
) -> None:
    knots = ((0, 0), (1, 0), (2, 0.5), (3, up_to), (4, 0.5), (5, 0), (7, 0))
    assert [e.span.counted for e in run(line(*knots))] == expected


def test_a_gap_without_any_sample_ends_it_as_well() -> None:
    segmenter = RepSegmenter(RULE)
    for t, x in line((0, 0), (1, 0), (2, 0.5)):
        segmenter.feed(t, x)
    lost = segmenter.feed(3.0, 0.0)
    assert lost is not None
    assert not lost.span.counted
    assert segmenter.phase is Phase.READY
    assert segmenter.feed(3.1, 0.0) is None


def test_who_comes_back_into_sight_half_way_down_did_not_show_the_start() -> None:
    before = line((0, 0), *triangle(1, 0.5), (5, 0))
    after = [(t + 8, x) for t, x in line((0, 0.3), (1, 0.5), (2, 0), (4, 0))]
    spans = [e.span for e in run([*before, *after])]
    assert [(s.counted, s.start_seen) for s in spans] == [(True, True), (True, False)]


@pytest.mark.parametrize(("bottom_s", "counted"), [(12.0, True), (15.0, False)])
def test_how_long_a_repetition_may_take(bottom_s: float, counted: bool) -> None:
    """At most 15 s, rest before it and the 0.7 s that may pass unseen aside."""
    up = 2.0 + bottom_s
    found = run(line((0, 0), (1, 0), (2, 0.5), (up, 0.5), (up + 1, 0), (up + 3, 0)))
    assert [e.span.counted for e in found] == [counted]


def test_after_too_long_a_movement_rest_has_to_be_seen_first() -> None:
    """Who sits down for long and bobs there does not exercise."""
    sits = [(0.0, 0.0), (1.0, 0.0), (2.0, 0.3), (20.0, 0.3)]
    bobs = [(21.0, 0.5), (22.0, 0.3), (23.0, 0.5), (24.0, 0.3)]
    stands = [(25.0, 0.0), *triangle(26.0, 0.5), (30.0, 0.0)]
    found = run(line(*sits, *bobs, *stands))
    assert [(e.span.counted, e.span.reason) for e in found] == [
        (False, "it took too long to be a repetition"),
        (True, ""),
    ]
    assert found[1].span.turn_s == pytest.approx(27.0, abs=0.04)


def test_a_movement_that_turned_half_way_up_gives_the_next_its_start() -> None:
    half, whole = run(line((0, 0), (1, 0), (2, 0.5), (3, 0.25), (4, 0.5), (5, 0), (7, 0)))
    assert (half.span.end_seen, whole.span.start_seen) == (False, True)
    assert whole.span.turn_s == pytest.approx(4.0, abs=0.04)
    assert half.range == whole.range == pytest.approx(0.5, abs=0.01)


def test_a_pause_on_the_way_up_is_still_the_way_up() -> None:
    segmenter = RepSegmenter(RULE)
    phases = {}
    for t, x in line((0, 0), (1, 0), (2, 0.5), (3, 0.25), (4, 0.25), (4.5, 0), (6, 0)):
        segmenter.feed(t, x)
        phases[round(t, 2)] = segmenter.phase
    assert phases[1.5] is Phase.DESCENT
    assert phases[2.7] is Phase.ASCENT
    assert phases[3.8] is Phase.ASCENT
    assert phases[6.0] is Phase.READY
