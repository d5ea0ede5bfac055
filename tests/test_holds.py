"""Hold segmentation on sequences whose answer is known because they were made so."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formcheck.holds import HoldRule, HoldSegmenter, Stretch
from formcheck.results import EITHER
from formcheck.settling import Fit

IN, EDGE, OUT, UNSEEN = Fit.INSIDE, Fit.EDGE, Fit.OUTSIDE, Fit.UNSEEN
PLAIN = HoldRule(min_s=1.5, wobble_s=1.5, goal_s=20.0)
DEEP = HoldRule(min_s=1.5, wobble_s=1.5, goal_s=20.0, still=5.0)

Part = tuple[float, Fit] | tuple[float, Fit, float] | tuple[float, Fit, float, float]
"""For how long, how well, and from which depth to which."""


def samples(parts: Sequence[Part], fps: float) -> Iterator[tuple[float, Fit, float]]:
    start, frame = 0.0, 0
    for duration, fit, *depth in parts:
        first, last = (depth * 2)[:2] if depth else (math.nan, math.nan)
        while frame / fps < start + duration - 1e-9:
            share = (frame / fps - start) / duration
            ease = share * share * (3 - 2 * share)
            yield frame / fps, fit, first + ease * (last - first)
            frame += 1
        start += duration


def run(parts: Sequence[Part], rule: HoldRule = PLAIN, fps: float = 30.0) -> list[Stretch]:
    segmenter = HoldSegmenter(rule)
    found = [segmenter.feed(t, fit, x) for t, fit, x in samples(parts, fps)]
    return [stretch for stretch in (*found, segmenter.finish()) if stretch]


def only(parts: Sequence[Part], rule: HoldRule = PLAIN, fps: float = 30.0) -> Stretch:
    (stretch,) = run(parts, rule, fps)
    return stretch


@pytest.mark.parametrize("fps", [10, 15, 24, 30, 60, 120])
@pytest.mark.parametrize("rule", [PLAIN, DEEP])
def test_a_position_is_timed_from_its_first_frame_to_its_last(rule: HoldRule, fps: float) -> None:
    stretch = only([(2, OUT), (6, IN, 100.0), (2, OUT)], rule, fps)
    assert stretch.start_s == pytest.approx(2.0, abs=1 / fps)
    assert stretch.end_s == pytest.approx(8.0, abs=1 / fps + 1e-9)
    assert stretch.held_s == pytest.approx(6.0, abs=1 / fps + 1e-9)
    assert (stretch.start_seen, stretch.end_seen, stretch.pauses) == (True, True, ())


def test_what_is_too_short_is_not_listed() -> None:
    assert run([(1, OUT), (1.2, IN), (3, OUT)]) == []
    assert only([(1, OUT), (1.8, IN), (3, OUT)]).held_s == pytest.approx(1.8, abs=0.05)


def test_a_wobble_stops_the_clock_and_ends_nothing() -> None:
    stretch = only([(1, OUT), (4, IN), (1, OUT), (3, IN), (2, OUT)])
    assert stretch.held_s == pytest.approx(7.0, abs=0.1)
    assert stretch.end_s - stretch.start_s == pytest.approx(8.0, abs=0.05)
    ((lost, found),) = stretch.pauses
    assert (lost, found) == pytest.approx((5.0, 6.0), abs=0.05)


def test_a_longer_loss_ends_the_hold_where_it_was_lost() -> None:
    first, second = run([(1, OUT), (4, IN), (2, OUT), (3, IN), (2, OUT)])
    assert (first.start_s, first.end_s) == pytest.approx((1.0, 5.0), abs=0.05)
    assert (second.start_s, second.end_s) == pytest.approx((7.0, 10.0), abs=0.05)


def test_a_landmark_that_flickers_is_not_lost() -> None:
    for gone in (UNSEEN, OUT):
        stretch = only([(1, OUT), (3, IN), (0.2, gone), (3, IN), (2, OUT)])
        assert stretch.held_s == pytest.approx(6.2, abs=0.05)
        assert stretch.pauses == ()


def test_out_of_sight_for_a_moment_stops_the_clock() -> None:
    stretch = only([(1, OUT), (3, IN), (1, UNSEEN), (3, IN), (2, OUT)])
    assert stretch.held_s == pytest.approx(6.0, abs=0.1)


def test_out_of_sight_for_longer_ends_the_hold_with_its_end_unseen() -> None:
    first, second = run([(1, OUT), (3, IN), (3, UNSEEN), (3, IN), (2, OUT)])
    assert first.end_s == pytest.approx(4.0, abs=0.05)
    assert second.start_s == pytest.approx(7.0, abs=0.05)
    assert (first.end_seen, second.end_seen) == (False, True)


def test_no_frames_at_all_for_longer_end_the_hold() -> None:
    segmenter = HoldSegmenter(PLAIN)
    for i in range(120):
        assert segmenter.feed(i / 30, IN) is None
    ended = segmenter.feed(10.0, IN)
    assert ended is not None
    assert ended.end_s == pytest.approx(3.97, abs=0.01)
    assert not ended.end_seen
    assert not segmenter.holding


def test_a_clip_that_begins_or_ends_in_position_says_so() -> None:
    stretch = only([(4, IN)])
    assert (stretch.start_seen, stretch.end_seen) == (False, False)
    assert stretch.held_s == pytest.approx(4.0, abs=0.05)
    assert only([(1, OUT), (4, IN)]).start_seen
    assert only([(4, IN), (2, OUT)]).end_seen
    assert only([(1, UNSEEN), (4, IN), (2, OUT)]).start_seen is False
    # It was left for a moment when the clip ended: that is its end.
    assert only([(4, IN), (0.5, OUT)]).end_seen


def test_a_poor_position_goes_on_but_does_not_begin() -> None:
    assert run([(1, OUT), (5, EDGE), (2, OUT)]) == []
    assert only([(1, OUT), (2, IN), (5, EDGE), (2, OUT)]).held_s == pytest.approx(7.0, abs=0.05)
    # Once lost, it has to be taken up properly again.
    (lost,) = run([(1, OUT), (3, IN), (1, OUT), (4, EDGE), (2, OUT)])
    assert lost.held_s == pytest.approx(3.0, abs=0.05)


@pytest.mark.parametrize("fps", [10, 30, 60])
def test_the_way_into_a_position_and_out_of_it_is_not_held(fps: float) -> None:
    stretch = only(
        [(1, OUT), (2, IN, 60.0, 100.0), (6, IN, 100.0), (2, IN, 100.0, 60.0), (2, OUT)], DEEP, fps
    )
    assert stretch.start_s == pytest.approx(2.6, abs=0.3)
    assert stretch.end_s == pytest.approx(9.4, abs=0.3)
    assert stretch.held_s == pytest.approx(stretch.end_s - stretch.start_s)


def test_who_first_settles_and_then_goes_deeper_begins_there() -> None:
    stretch = only(
        [(1, OUT), (3, IN, 70.0), (1.5, IN, 70.0, 100.0), (6, IN, 100.0), (2, OUT)], DEEP
    )
    assert stretch.start_s == pytest.approx(5.2, abs=0.3)
    assert stretch.held_s == pytest.approx(6.3, abs=0.3)


def test_who_goes_deeper_after_a_while_goes_on() -> None:
    stretch = only(
        [(1, OUT), (8, IN, 70.0), (1.5, IN, 70.0, 100.0), (6, IN, 100.0), (2, OUT)], DEEP
    )
    assert stretch.held_s == pytest.approx(15.5, abs=0.1)


def test_coming_half_way_out_between_two_holds_parts_them() -> None:
    first, second = run(
        [
            (1, OUT),
            (6, IN, 100.0),
            (1, IN, 100.0, 70.0),
            (1.5, IN, 70.0),
            (1, IN, 70.0, 100.0),
            (6, IN, 100.0),
            (2, OUT),
        ],
        DEEP,
    )
    assert first.held_s == pytest.approx(6.3, abs=0.3)
    assert second.held_s == pytest.approx(6.3, abs=0.3)


@pytest.mark.parametrize(("seconds", "listed"), [(3.0, 1), (7.0, 2)])
def test_a_much_shallower_position_is_the_way_out_unless_it_is_kept(
    seconds: float, listed: int
) -> None:
    found = run([(6, IN, 100.0), (1, IN, 100.0, 70.0), (seconds, IN, 70.0), (2, OUT)], DEEP)
    assert len(found) == listed


def test_coming_back_a_little_for_a_moment_stops_no_clock() -> None:
    stretch = only([(1, OUT), (4, IN, 100.0), (0.8, IN, 88.0), (4, IN, 100.0), (2, OUT)], DEEP)
    assert stretch.held_s == pytest.approx(8.8, abs=0.1)
    assert stretch.pauses == ()


def test_somebody_unsteady_is_holding_nevertheless() -> None:
    segmenter = HoldSegmenter(DEEP)
    found = []
    for i in range(360):
        t = i / 30
        fit = IN if 1 <= t < 9 else OUT
        found.append(segmenter.feed(t, fit, 100 + 8 * math.sin(2 * math.pi * 0.7 * t)))
    (stretch,) = [f for f in found if f]
    assert stretch.start_s == pytest.approx(1.0, abs=0.5)
    assert stretch.end_s == pytest.approx(9.0, abs=0.5)
    assert stretch.held_s == pytest.approx(8.0, abs=0.6)


def test_somebody_very_unsteady_is_timed_from_when_the_position_was_taken() -> None:
    segmenter = HoldSegmenter(DEEP)
    found = []
    for i in range(480):
        t = i / 30
        sway = 15 * math.sin(2 * math.pi * 0.7 * t)
        found.append(segmenter.feed(t, IN if 1 <= t < 13 else OUT, 100 + sway))
    (stretch,) = [f for f in found if f]
    assert (stretch.start_s, stretch.end_s) == pytest.approx((1.0, 13.0), abs=0.1)


def test_a_pause_on_the_way_out_is_none_of_the_hold() -> None:
    stretch = only([(1, OUT), (6, IN, 100.0), (0.5, OUT), (1, IN, 70.0), (3, OUT)], DEEP)
    assert stretch.pauses == ()
    assert stretch.end_s == pytest.approx(7.0, abs=0.1)
    assert stretch.held_s == pytest.approx(6.0, abs=0.1)


def test_a_signal_that_is_not_seen_settles_nothing_and_ends_nothing() -> None:
    stretch = only([(1, OUT), (2, IN, 100.0), (2, IN, math.nan), (2, IN, 100.0), (2, OUT)], DEEP)
    assert stretch.held_s == pytest.approx(6.0, abs=0.05)


def sided(parts: Sequence[tuple[float, Fit, str]]) -> list[Stretch]:
    segmenter, found, frame, start = HoldSegmenter(PLAIN), [], 0, 0.0
    for duration, fit, side in parts:
        while frame / 30 < start + duration - 1e-9:
            found.append(segmenter.feed(frame / 30, fit, math.nan, side))
            frame += 1
        start += duration
    return [stretch for stretch in (*found, segmenter.finish()) if stretch]


def test_sides_that_are_mixed_up_for_moments_end_nothing() -> None:
    (stretch,) = sided(
        [
            (1, OUT, EITHER),
            (3, IN, "left"),
            (0.5, IN, "right"),
            (3, IN, "left"),
            (0.2, OUT, EITHER),
            (1, IN, "right"),
            (2, IN, "left"),
            (2, OUT, EITHER),
        ]
    )
    assert stretch.held_s == pytest.approx(9.7, abs=0.1)
    assert stretch.sides["left"] == pytest.approx(8.0, abs=0.3)
    assert stretch.sides["right"] == pytest.approx(1.5, abs=0.3)


def test_changing_legs_is_another_hold_however_quick() -> None:
    first, second = sided(
        [(1, OUT, EITHER), (3, IN, "left"), (0.8, OUT, EITHER), (3, IN, "right"), (2, OUT, EITHER)]
    )
    assert (first.held_s, second.held_s) == pytest.approx((3.0, 3.0), abs=0.1)
    assert list(first.sides) == ["left"]
    assert list(second.sides) == ["right"]


def test_the_clock_runs_stops_and_goes_on() -> None:
    segmenter = HoldSegmenter(PLAIN)
    clock = {}
    parts: list[Part] = [(1, OUT), (4, IN), (1, OUT), (3, IN), (2, OUT)]
    for t, fit, _ in samples(parts, 10.0):
        segmenter.feed(t, fit)
        clock[round(t, 1)] = (segmenter.holding, segmenter.paused, round(segmenter.held_s, 1))
    assert clock[0.9] == (False, False, 0.0)
    # A position has to settle first; what was held meanwhile is not lost.
    assert clock[1.5] == (False, False, 0.0)
    assert clock[2.0] == (True, False, 1.0)
    assert clock[4.9] == (True, False, 3.9)
    assert clock[5.5] == (True, True, 3.9)
    assert clock[6.5] == (True, False, 4.4)
    assert clock[10.9] == (False, False, 0.0)


def test_reset_forgets_everything() -> None:
    segmenter = HoldSegmenter(DEEP)
    parts: list[Part] = [(1, OUT), (5, IN, 100.0), (2, OUT)]

    def once() -> list[Stretch | None]:
        return [segmenter.feed(t, fit, x) for t, fit, x in samples(parts, 10.0)]

    first = once()
    segmenter.reset()
    assert once() == first


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.floats(0.1, 5.0),
            st.sampled_from(list(Fit)),
            st.floats(50.0, 120.0),
            st.floats(50.0, 120.0),
        ),
        max_size=12,
    )
)
def test_holds_are_apart_and_never_longer_than_their_span(parts: list[Part]) -> None:
    found = run(parts, DEEP, 15.0)
    for stretch in found:
        lost = sum(end - start for start, end in stretch.pauses)
        assert DEEP.min_s <= stretch.held_s
        assert stretch.held_s + lost == pytest.approx(stretch.end_s - stretch.start_s, abs=1e-6)
    for before, after in pairwise(found):
        assert before.end_s <= after.start_s


def test_the_last_frames_without_anybody_are_no_end() -> None:
    seen = only([(2, OUT), (6, IN), (0.2, OUT)])
    unseen = only([(2, OUT), (6, IN), (0.2, UNSEEN)])
    assert (seen.end_seen, unseen.end_seen) == (True, False)


def test_who_was_out_of_sight_may_have_been_in_position_meanwhile() -> None:
    begun, unknown = only([(2, OUT), (6, IN)]), only([(2, OUT), (2, UNSEEN), (6, IN)])
    assert (begun.start_seen, unknown.start_seen) == (True, False)
    first, second = run([(1, OUT), (4, IN), (3, UNSEEN), (4, IN), (1, OUT)])
    assert (first.start_seen, first.end_seen) == (True, False)
    assert (second.start_seen, second.end_seen) == (False, True)


@pytest.mark.parametrize("interrupted", [False, True])
def test_time_without_frames_is_not_held(*, interrupted: bool) -> None:
    segmenter = HoldSegmenter(PLAIN)
    times = [i / 30 for i in range(60)]
    for t_s in times:
        segmenter.feed(t_s, IN if t_s > 1.5 else OUT)
    if interrupted:
        assert segmenter.finish() is None
    assert [segmenter.feed(5.0 + t_s, IN if t_s < 0.4 else OUT) for t_s in times] == [None] * 60
    assert segmenter.finish() is None
    assert math.isnan(segmenter.start_s)
