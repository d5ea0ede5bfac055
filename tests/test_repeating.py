"""What is counted at once, and what is judged when it is over."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from formcheck.analyzer import Analyzer
from formcheck.exercises.load import load_exercise
from formcheck.pose import PoseTrack
from formcheck.repeating import NOT_OVER
from formcheck.results import Report, Status, Tick, Verdict
from formcheck.sources.synthetic import (
    DEEP,
    SIZE_PX,
    STANDING,
    Posture,
    Squat,
    StickFigure,
    squats,
)
from tests.test_analyzer import EXACT, INFO

SQUAT = load_exercise("squat")
HALF_UP = Posture(thigh_elevation_deg=68, shin_inclination_deg=20, trunk_inclination_deg=15)
"""Knees bent by 42 degrees; 25 are allowed at the top."""
FPS = 30


def smooth(share: float) -> float:
    share = min(1.0, max(0.0, share))
    return share * share * (3 - 2 * share)


def analyze(posture: Callable[[float], Posture], seconds: float) -> tuple[list[Tick], Report]:
    figure = StickFigure(yaw_deg=90)
    poses = [figure.pose(i / FPS, posture(i / FPS)) for i in range(round(seconds * FPS))]
    return watch(PoseTrack.from_poses(poses, SIZE_PX))


def watch(track: PoseTrack) -> tuple[list[Tick], Report]:
    analyzer = Analyzer(SQUAT, track.size_px, error=EXACT)
    return [analyzer.feed(pose) for pose in track], analyzer.finish(INFO)


def straightening(at_s: float, top: Posture = STANDING) -> Callable[[float], Posture]:
    """Squat from 1 s to 3.2 s, arrive with bent knees, and straighten at some later time."""

    def posture(t: float) -> Posture:
        if t < 2.2:
            return STANDING.between(DEEP, smooth(t - 1.0))
        if t < at_s:
            return DEEP.between(HALF_UP, smooth(t - 2.2))
        return HALF_UP.between(top, smooth((t - at_s) / 0.4))

    return posture


def fully_up(verdicts: tuple[Verdict, ...]) -> Verdict:
    return next(v for v in verdicts if v.code == "SQ11")


@pytest.mark.parametrize(
    ("at_s", "expected"), [(3.3, Status.PASS), (3.5, Status.PASS), (5.0, Status.FAIL)]
)
def test_people_have_a_second_to_straighten(at_s: float, expected: Status) -> None:
    ticks, report = analyze(straightening(at_s), 7.0)
    assert report.summary.reps_counted == 1
    assert fully_up(report.reps[0].verdicts).status is expected
    (finished,) = [t for t in ticks if t.finished]
    assert finished.finished == report.reps[0]
    end_s = report.reps[0].span.end_s
    assert end_s < 3.2
    assert finished.t_s == pytest.approx(end_s + 1.0, abs=0.05)


def test_it_is_counted_at_once_and_the_open_verdict_says_so() -> None:
    ticks, _ = analyze(straightening(5.0), 7.0)
    counted = next(t for t in ticks if t.reps == 1)
    assert counted.t_s < 3.2 + 0.35
    assert counted.finished is None
    assert counted.last is not None
    now = fully_up(counted.last.verdicts)
    assert (now.status, now.reason, now.cue) == (Status.UNCLEAR, NOT_OVER, "")
    assert all(v.reason != NOT_OVER for v in counted.last.verdicts if v.code != "SQ11")
    # Once it is known, the last repetition is the judged one.
    later = next(t for t in ticks if t.finished)
    assert later.last == later.finished


def test_the_cue_for_what_comes_after_comes_when_it_is_known() -> None:
    ticks, report = analyze(straightening(5.0), 7.0)
    first = next(t for t in ticks if t.cue)
    assert first.cue is not None
    assert first.cue.code == "SQ11"
    assert first.t_s == pytest.approx(report.reps[0].span.end_s + 1.0, abs=0.05)


def test_other_cues_do_not_wait_and_stay_the_only_ones() -> None:
    def leaning(t: float) -> Posture:
        low = Posture(-10, 30, 75)
        if t < 2.2:
            return STANDING.between(low, smooth(t - 1.0))
        return low.between(HALF_UP, smooth(t - 2.2))

    ticks, report = analyze(leaning, 6.0)
    counted = next(t for t in ticks if t.reps == 1)
    assert counted.cue is not None
    assert counted.cue.code in {"SQ04", "SQ05"}
    assert {t.cue.code for t in ticks if t.cue} == {counted.cue.code}
    assert fully_up(report.reps[0].verdicts).status is Status.FAIL


def test_the_next_movement_ends_the_wait() -> None:
    ticks, report = watch(squats(StickFigure(), [Squat(top=HALF_UP)] * 3, rest_s=0.4))
    assert report.summary.reps_counted == 3
    for rep, following in zip(report.reps[:2], report.reps[1:], strict=True):
        told = next(t for t in ticks if t.finished == rep)
        assert rep.span.end_s < told.t_s < following.span.start_s + 0.15
        # What it is judged on is standing at the top, not the way down again.
        assert fully_up(rep.verdicts).value == pytest.approx(HALF_UP.knee_flexion_deg, abs=3)


def test_a_clip_that_ends_at_once_is_judged_by_what_it_shows() -> None:
    track = squats(StickFigure(), [Squat()] * 2, rest_s=0.6)
    ticks, report = watch(track)
    assert report.summary.reps_counted == 2
    assert [t.finished for t in ticks if t.finished] == [report.reps[0]]
    assert fully_up(report.reps[1].verdicts).status is Status.PASS


def test_who_straightens_late_out_of_a_bow_is_counted_late() -> None:
    """Standing upright at the end is a condition that takes its time, too."""
    bowed = Posture(86, 2, 75)

    def posture(t: float) -> Posture:
        if t < 2.2:
            return STANDING.between(DEEP, smooth(t - 1.0))
        if t < 3.5:
            return DEEP.between(bowed, smooth(t - 2.2))
        return bowed.between(STANDING, smooth((t - 3.5) / 0.2))

    ticks, report = analyze(posture, 6.0)
    assert report.summary.reps_counted == 1
    counted = next(t for t in ticks if t.reps == 1)
    assert counted.finished == report.reps[0]
    assert counted.t_s == pytest.approx(report.reps[0].span.end_s + 1.0, abs=0.05)
    _, never = analyze(lambda t: posture(min(t, 3.4)), 6.0)
    assert [r.span.reason for r in never.partial_reps] == ["not standing upright at the end"]
