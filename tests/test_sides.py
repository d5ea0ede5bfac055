"""Repetitions of one side at a time: which side it was, what is asked of it, and the counts."""

from __future__ import annotations

import json
from dataclasses import replace
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

import tests.fakes_results as fake
from formcheck.analyzer import Analyzer
from formcheck.cli.show import show_report
from formcheck.criteria import answer, judge, side_names
from formcheck.errors import BadDefinition
from formcheck.exercises.load import parse_exercise
from formcheck.frame import SourceInfo
from formcheck.overlay.panels import counter_of
from formcheck.overlay.style import Style
from formcheck.pose import BLAZEPOSE, Pose, PoseTrack
from formcheck.questions import Criterion, Question
from formcheck.report.document import to_document
from formcheck.results import SIDES, Bound, Report, Status, other_side
from formcheck.sides import SideRule, count_sides, sides_in_words, working_side
from formcheck.sinks.csv_sink import to_table
from formcheck.sources.synthetic import SIZE_PX, Posture, Squat, StickFigure, squats
from tests.test_analyzer import EXACT, INFO
from tests.test_criteria import evidence, question, thigh

LOW, HIGH = -20.0, 30.0
RULE = SideRule("thigh_elevation_deg", "turn", "median")


@pytest.mark.parametrize(
    ("left", "right", "sigma", "side"),
    [
        # The difference has to be 0.84 times the sum of both standard deviations.
        (30.0, 0.0, 5.0, "left"),
        (0.0, 30.0, 5.0, "right"),
        (8.5, 0.0, 5.0, "left"),
        (8.3, 0.0, 5.0, "unclear"),
        (0.0, 8.3, 5.0, "unclear"),
        (0.0, 0.0, 5.0, "unclear"),
        (30.0, 0.0, 25.0, "unclear"),
        (30.0, np.nan, 5.0, "unclear"),
        (np.nan, np.nan, 5.0, "unclear"),
    ],
)
def test_the_working_side(left: float, right: float, sigma: float, side: str) -> None:
    e = evidence(thigh(left, right), sigma)
    assert working_side(RULE, e) == side
    mirrored = working_side(replace(RULE, wins="smaller"), e)
    assert mirrored == (other_side(side) if side in SIDES else side)


@pytest.mark.parametrize(
    ("left", "right", "sigma", "side"),
    [
        (60.0, 0.0, 5.0, "left"),
        (0.0, 60.0, 5.0, "right"),
        (10.0, 0.0, 5.0, "both"),
        (0.0, 10.0, 5.0, "both"),
        (30.0, 0.0, 5.0, "unclear"),
        (10.0, 0.0, 25.0, "unclear"),
        (np.nan, 10.0, 5.0, "unclear"),
    ],
)
def test_sides_that_hardly_differ_work_together(
    left: float, right: float, sigma: float, side: str
) -> None:
    e = evidence(thigh(left, right), sigma)
    assert working_side(replace(RULE, least=30.0), e) == side


def test_what_is_asked_of_the_working_side_is_asked_of_both_when_both_work() -> None:
    both = replace(evidence(thigh(LOW, HIGH)), side="both")
    working = question(Bound(high=0.0), sides="working")
    assert answer(working, both).reading.value == pytest.approx((LOW + HIGH) / 2)
    assert len(side_names(working, "both")) == 4


def test_repetitions_of_both_sides_are_counted_apart_only_beside_others() -> None:
    rule = replace(RULE, least=30.0)
    reps = [fake.rep(i + 1) for i in range(3)]
    assert count_sides(rule, reps) == {}
    mixed = [*reps, replace(reps[0], span=replace(reps[0].span, side="left"))]
    assert count_sides(rule, mixed) == {"left": 1, "right": 0, "both": 3}


def test_without_a_rule_both_sides_work() -> None:
    assert working_side(None, evidence(thigh(30.0, 0.0))) == "both"


def test_a_question_about_one_side_is_answered_by_that_side() -> None:
    left_works = replace(evidence(thigh(LOW, HIGH)), side="left")
    right_works = replace(left_works, side="right")
    working, other = (question(Bound(high=0.0), sides=sides) for sides in ("working", "other"))
    assert answer(working, left_works).reading.value == LOW
    assert answer(other, left_works).reading.value == HIGH
    assert answer(working, right_works).reading.value == HIGH
    assert answer(other, right_works).reading.value == LOW


@pytest.mark.parametrize(
    ("values", "side", "reason"),
    [
        (thigh(LOW, LOW), "unclear", "can't tell which side is working: turn so that both legs"),
        (thigh(np.nan, LOW), "left", "hips and knees not seen well enough"),
    ],
)
def test_what_a_side_does_that_nobody_saw_is_unclear(
    values: dict[str, float | np.ndarray], side: str, reason: str
) -> None:
    asked = Criterion(
        "X1", "Depth", question(Bound(high=0.0), sides="working"), "Deeper", "why", "study", ()
    )
    verdict = judge(asked, replace(evidence(values), side=side))
    assert verdict.status is Status.UNCLEAR
    assert verdict.reason.startswith(reason)


def test_only_the_side_that_is_asked_for_takes_the_colour() -> None:
    def names(sides: str, working: str) -> set[str]:
        bound = Bound(high=0.0)
        return set(side_names(Question("shin_inclination_deg", bound, sides=sides), working))

    assert names("working", "left") == {"left_knee", "left_ankle"}
    assert names("other", "left") == {"right_knee", "right_ankle"}
    assert names("working", "unclear") == set()
    assert len(names("worst", "left")) == 4


def test_counts_by_side() -> None:
    reps = [fake.rep(i + 1) for i in range(4)]
    sides = ("left", "right", "left", "left")
    reps = [replace(r, span=replace(r.span, side=s)) for r, s in zip(reps, sides, strict=True)]
    assert count_sides(RULE, reps) == {"left": 3, "right": 1}
    assert count_sides(RULE, []) == {"left": 0, "right": 0}
    lost = replace(reps[0], span=replace(reps[0].span, side="unclear"))
    assert count_sides(RULE, [lost]) == {"left": 0, "right": 0, "unclear": 1}
    assert sides_in_words(count_sides(RULE, [*reps, lost])) == "left 3, right 1, unclear 1"
    assert sides_in_words({}) == ""


# From poses to every output

SQUAT = (Path(__file__).parents[1] / "formcheck/exercises/squat.toml").read_text("utf-8")
ONE_SIDED = SQUAT.replace(
    'signal = "hip_drop_ratio"',
    'signal = "hip_drop_ratio"\nsides = "one"\n'
    'side_by = {measure = "knee_flexion_deg", during = "turn", reduce = "median", wins = "larger"}',
).replace('measure = "thigh_elevation_deg"', 'measure = "thigh_elevation_deg"\nsides = "working"')
EXERCISE = parse_exercise(ONE_SIDED.encode(), "mine.toml")
DEEPER, LESS = Posture(-5, 25, 30), Posture(15, 25, 30)


def one_sided(*sides: str) -> PoseTrack:
    """Return squats in each of which one leg is bent more than the other."""
    deep, less = (
        list(squats(StickFigure(), [Squat(bottom=bottom)] * len(sides)))
        for bottom in (DEEPER, LESS)
    )
    share = len(deep) / len(sides)
    return PoseTrack.from_poses(
        [
            _with_side(low, high, sides[min(len(sides) - 1, int(i / share))])
            for i, (low, high) in enumerate(zip(deep, less, strict=True))
        ],
        SIZE_PX,
    )


def _with_side(low: Pose, high: Pose, side: str) -> Pose:
    """Return a pose whose legs are one's on a side and the other's on the other."""
    image, world = high.image_px.copy(), high.world_m.copy()
    for part in ("hip", "knee", "ankle"):
        for each in SIDES if side == "both" else (side,):
            i = BLAZEPOSE.index[f"{each}_{part}"]
            image[i], world[i] = low.image_px[i], low.world_m[i]
    return replace(high, image_px=image, world_m=world)


def report_of(*sides: str) -> Report:
    track = one_sided(*sides)
    analyzer = Analyzer(EXERCISE, track.size_px, error=EXACT)
    ticks = [analyzer.feed(pose) for pose in track]
    report = analyzer.finish(SourceInfo("synthetic", 0.0, 0, 0.0, 640, 480, 0, ""))
    assert ticks[0].sides == {"left": 0, "right": 0}
    assert ticks[-1].sides == report.summary.sides
    return report


def test_the_analyzer_counts_each_side() -> None:
    report = report_of("left", "right", "right")
    assert [rep.span.side for rep in report.reps] == ["left", "right", "right"]
    assert report.summary.sides == {"left": 1, "right": 2}
    # The leg that works goes below level, whichever it is; the other one does not.
    assert [rep.verdicts[0].value for rep in report.reps] == pytest.approx([-5.0] * 3, abs=1.0)


def test_a_side_that_cannot_be_told_still_counts() -> None:
    report = report_of("both", "left")
    assert report.summary.sides == {"left": 1, "right": 0, "unclear": 1}
    assert report.reps[0].verdicts[0].status is Status.UNCLEAR


def test_exercises_of_both_sides_count_none_apart() -> None:
    analyzer = Analyzer(parse_exercise(SQUAT.encode(), "squat.toml"), SIZE_PX, error=EXACT)
    tick = analyzer.feed(Pose.nobody(0.0))
    assert tick.sides == {}
    assert analyzer.finish(INFO).summary.sides == {}


def test_outputs_name_the_side() -> None:
    report = report_of("left", "right", "right")
    document = json.loads(json.dumps(to_document(report)))
    assert document["summary"]["by_side"] == {"left": 1, "right": 2}
    assert [rep["side"] for rep in document["reps"]] == ["left", "right", "right"]
    assert to_table(report).splitlines()[1].startswith("1,true,left,")
    shown = StringIO()
    show_report(Console(file=shown, width=120, highlight=False), report)
    assert "3 repetitions (left 1, right 2)" in shown.getvalue()
    assert [side in shown.getvalue() for side in ("left  ", "right ")] == [True, True]


def test_the_terminal_says_that_a_number_is_not_sure() -> None:
    report = report_of("left", "right")
    told = replace(report, quality=replace(report.quality, count_doubts=("One.", "Two.")))
    for shown, expected in ((report, False), (told, True)):
        out = StringIO()
        show_report(Console(file=out, width=120, highlight=False), shown)
        assert ("The number is not sure. One. Two." in out.getvalue()) is expected


def test_the_counter_grows_by_a_line_for_the_sides() -> None:
    picture = fake.picture((640, 480))
    plain = counter_of(fake.tick(size_px=(640, 480)), picture, Style())
    sided = counter_of(
        fake.tick(size_px=(640, 480), sides={"left": 2, "right": 1}), picture, Style()
    )
    assert sided.size_px[1] > plain.size_px[1]


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        ('sides = "one"\n', "", "'repetition.side_by' should be absent, or sides = \"one\""),
        ('sides = "one"', 'sides = "two"', "'repetition.sides' should be one of both, one"),
        ('"knee_flexion_deg", during', '"hip_drop_ratio", during', "'repetition.side_by.measure'"),
        ('wins = "larger"', 'wins = "large"', "mean 'larger'?"),
        ('wins = "larger"', 'wins = "larger", least = -3', "a number above 0"),
        ('wins = "larger"', 'won = "larger"', "'repetition.side_by.won' should be one of"),
        (
            'measure = "knee_separation_ratio"',
            'measure = "knee_separation_ratio"\nsides = "working"',
            "'criterion[1].sides' should be absent: 'knee_separation_ratio' has no sides",
        ),
    ],
)
def test_mistakes_are_explained(right: str, wrong: str, message: str) -> None:
    assert right in ONE_SIDED
    with pytest.raises(BadDefinition) as caught:
        parse_exercise(ONE_SIDED.replace(right, wrong, 1).encode(), "mine.toml")
    assert message in str(caught.value)


def test_a_working_side_needs_sides() -> None:
    without = SQUAT.replace(
        'measure = "thigh_elevation_deg"', 'measure = "thigh_elevation_deg"\nsides = "working"', 1
    )
    with pytest.raises(BadDefinition) as caught:
        parse_exercise(without.encode(), "mine.toml")
    assert "'criterion[0].sides' should be mean or worst: the exercise does not say" in str(
        caught.value
    )
