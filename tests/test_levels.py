"""Levels and personal targets: what moves, what does not, and what is said of it."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from formcheck.analyzer import Analyzer
from formcheck.cli.main import app
from formcheck.errors import BadDefinition, BadSetting
from formcheck.exercises.levels import at_level, parse_targets, setting_of
from formcheck.exercises.load import exercise_ids, load_exercise, parse_exercise
from formcheck.frame import SourceInfo
from formcheck.pose import PoseTrack
from formcheck.questions import LEVELS, OWN_TARGET, Criterion
from formcheck.report.document import to_document
from formcheck.results import Bound, Report, Status, Tick
from formcheck.sources.synthetic import SIZE_PX, Posture, Squat, StickFigure, squats

ROOT = Path(__file__).parents[1]
INFO = SourceInfo("clip.npz", 10.0, 300, 30.0, *SIZE_PX, 0, "")
SAFETY = {"SQ02", "SQ03", "SQ04", "SQ05", "SQ07", "SQ09", "LU03", "LU04", "LU08", "BR02", "NG02"}
"""Codes of faults that hurt: nobody gets more room for them."""
LESS_IS_ENOUGH = {
    *("SQ01", "SQ11", "LU01", "LU02", "LU10", "BR01", "BR03"),
    *("PT05", "FF02", "NG01"),
}
"""Codes of what is a matter of range or time."""


def bent(knee_deg: float) -> Posture:
    """Return somebody whose knees are bent so far."""
    shin_deg = 0.42 * knee_deg
    return Posture(90 - knee_deg + shin_deg, shin_deg, 20)


def small_squats(knee_deg: float) -> PoseTrack:
    return squats(StickFigure(), [Squat(bottom=bent(knee_deg))] * 3)


def judged(track: PoseTrack, exercise: str = "squat", **setting: Any) -> Report:
    analyzer = Analyzer(load_exercise(exercise, **setting), track.size_px)
    for pose in track:
        analyzer.feed(pose)
    return analyzer.finish(INFO)


# Bounds


@pytest.mark.parametrize("name", exercise_ids())
def test_the_standard_level_is_the_file_itself(name: str) -> None:
    plain = load_exercise(name)
    assert at_level(plain, "standard", {}) == plain
    assert plain.level == "standard"
    assert setting_of(plain) == ""


@pytest.mark.parametrize("name", exercise_ids())
def test_less_is_enough_at_the_gentle_level_and_more_is_asked_for_at_the_athletic(
    name: str,
) -> None:
    levels = {level: load_exercise(name, level=level) for level in LEVELS}
    for gentle, standard, athletic in zip(*(e.criteria for e in levels.values()), strict=True):
        g, s, a = (c.question.bound for c in (gentle, standard, athletic))
        assert g.low <= s.low <= a.low, standard.code
        assert a.high <= s.high <= g.high, standard.code
        if g != s:
            assert standard.code in LESS_IS_ENOUGH
        if standard.code in SAFETY:
            assert g == s == a, "what hurts gets no more room at any level"
    assert levels["athletic"].rule == levels["standard"].rule, "and the same is counted"
    assert levels["athletic"].requirements == levels["standard"].requirements


@pytest.mark.parametrize("name", exercise_ids())
def test_every_bound_of_every_level_says_where_it_comes_from(name: str) -> None:
    for level in LEVELS:
        for c in load_exercise(name, level=level).criteria:
            assert c.references or c.basis == "coaching convention", (level, c.code)


def depth(**setting: Any) -> Criterion:
    return load_exercise("squat", **setting).criteria[0]


def test_a_target_takes_the_place_of_one_criterion() -> None:
    near, between = depth(targets={"knee_flexion": 70}), depth(targets={"knee_flexion": (60, 80)})
    assert near.question.bound == Bound(55, 85)
    assert between.question.bound == Bound(60, 80)
    assert (near.code, near.question.measure, near.basis) == (
        "SQ01",
        "knee_flexion_deg",
        OWN_TARGET,
    )
    assert depth(targets={"knee_flexion_deg": 70}) == near, "the unit may be written too"
    assert depth(level="athletic", targets={"knee_flexion": 70}) == replace(
        near, levels=depth().levels
    )
    others = load_exercise("squat", targets={"knee_flexion": 70}).criteria[1:]
    assert others == load_exercise("squat").criteria[1:]


def test_a_hold_s_target_is_what_its_clock_runs_to() -> None:
    plan = load_exercise("figure-four", targets={"held": 40}).hold
    assert plan is not None
    assert plan.rule.goal_s == 40
    goals = [load_exercise("figure-four", level=level).hold for level in LEVELS]
    assert [plan.rule.goal_s for plan in goals if plan] == [10, 20, 30]
    held = load_exercise("figure-four", targets={"held": 40}).criteria[0].question.bound
    assert held == Bound(low=40), "holding longer is fine"


# Counting


@pytest.mark.parametrize(
    ("setting", "counted"),
    [
        ({}, 0),
        ({"level": "athletic"}, 0),
        ({"level": "gentle"}, 3),
        ({"targets": {"knee_flexion": 40}}, 3),
        ({"targets": {"knee_flexion": 100}}, 0),
    ],
)
def test_small_repetitions_count_where_they_are_asked_for(
    setting: dict[str, Any], counted: int
) -> None:
    assert judged(small_squats(45), "squat", **setting).summary.reps_counted == counted


@pytest.mark.parametrize(
    ("knee_deg", "status", "cue"),
    [
        (45, Status.PASS, ""),
        (75, Status.FAIL, "Not quite so deep"),
        (100, Status.FAIL, "Not quite so deep"),
    ],
)
def test_a_target_is_missed_on_both_sides_and_said_so(
    knee_deg: float, status: Status, cue: str
) -> None:
    report = judged(small_squats(knee_deg), targets={"knee_flexion": 40})
    first = report.reps[0].verdicts[0]
    assert (first.status, first.cue) == (status, cue)
    assert first.value == pytest.approx(knee_deg, abs=6)
    short = judged(small_squats(55), targets={"knee_flexion": (80, 100)}).reps
    assert {rep.verdicts[0].cue for rep in short} <= {"Sit a little deeper"}


def test_standing_still_counts_nothing_however_gentle() -> None:
    still = squats(StickFigure(), [], rest_s=5.0)
    for setting in ({"level": "gentle"}, {"targets": {"knee_flexion": 40}}):
        report = judged(still, **setting)
        assert (report.reps, report.partial_reps) == ((), ())


@pytest.mark.parametrize("name", ["squat", "squat-good"])
def test_a_sample_counts_the_same_at_every_level_and_only_depth_moves(name: str) -> None:
    track = PoseTrack.load(ROOT / f"samples/{name}/poses.npz")
    gentle, standard, athletic = (judged(track, level=level) for level in LEVELS)
    for report in (gentle, athletic):
        assert [r.span.start_s for r in report.reps] == pytest.approx(
            [r.span.start_s for r in standard.reps], abs=0.1
        )
    for g, s, a in zip(gentle.reps, standard.reps, athletic.reps, strict=True):
        by_code = zip(g.verdicts, s.verdicts, a.verdicts, strict=True)
        for easy, usual, hard in by_code:
            assert easy.sigma == usual.sigma == hard.sigma, "how sure it is does not move"
            if usual.code in {"SQ01", "SQ06", "SQ11"}:
                assert easy.probability >= usual.probability >= hard.probability
            else:
                assert easy == usual == hard


# What is said of it


def test_reports_and_ticks_say_which_level_and_target_were_used() -> None:
    track = small_squats(70)
    report = judged(track, level="gentle", targets={"knee_flexion": 70})
    document = to_document(report)
    assert document["exercise"]["level"] == "gentle"
    assert document["exercise"]["targets"] == {"knee_flexion": {"at_least": 55.0, "at_most": 85.0}}
    assert document["provenance"]["level"] == "gentle"
    assert document["provenance"]["targets"] == document["exercise"]["targets"]
    assert to_document(judged(track))["exercise"]["level"] == "standard"
    assert last_tick(level="gentle", targets={"knee_flexion": 70}).setting == (
        "gentle, knee flexion 55–85°"
    )
    assert last_tick(targets={"knee_flexion": (60, 80)}).setting == "knee flexion 60–80°"
    assert last_tick().setting == ""
    held = load_exercise("figure-four", targets={"held": 40})
    assert setting_of(held) == "held at least 40 s"


def last_tick(**setting: Any) -> Tick:
    track = small_squats(70)
    analyzer = Analyzer(load_exercise("squat", **setting), track.size_px)
    return [analyzer.feed(pose) for pose in track][-1]


# What cannot be meant


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ({"level": "gentel"}, "no level 'gentel'. Did you mean 'gentle'? Known: gentle, standard,"),
        ({"targets": {"knee": 70}}, "'squat' has no target 'knee'. Did you mean 'knee_flexion'?"),
        ({"targets": {"depth": 70}}, "'squat' has no target 'depth'. Known: knee_flexion."),
        (
            {"targets": {"knee_flexion": 700}},
            "knee_flexion=700 makes no sense: knee bend can be from 40 to 150° here.",
        ),
        ({"targets": {"knee_flexion": -5}}, "knee_flexion=-5 makes no sense"),
        ({"targets": {"knee_flexion": (80, 60)}}, "needs the lower number first"),
        ({"targets": {"knee_flexion": math.nan}}, "knee_flexion=nan makes no sense"),
        ({"targets": {"knee_flexion": "a"}}, "neither a number nor a pair of numbers"),
        ({"targets": {"knee_flexion": (60, 70, 80)}}, "neither a number nor a pair of numbers"),
    ],
)
def test_settings_that_cannot_be_meant(setting: dict[str, Any], message: str) -> None:
    with pytest.raises(BadSetting) as caught:
        load_exercise("squat", **setting)
    assert message in str(caught.value)


def test_a_time_to_hold_is_one_number() -> None:
    with pytest.raises(BadSetting) as caught:
        load_exercise("figure-four", targets={"held": (20, 30)})
    assert "is one number, which more than is fine too: give held=20" in str(caught.value)
    with pytest.raises(ValueError, match="load it again"):
        at_level(load_exercise("squat", level="gentle"), "athletic", {})


@pytest.mark.parametrize(
    ("texts", "wanted"),
    [
        ([], {}),
        (["knee_flexion=70"], {"knee_flexion": 70}),
        ([" knee_flexion = 60.5 .. 80 "], {"knee_flexion": (60.5, 80)}),
        (["a=-10..-5", "b=3"], {"a": (-10, -5), "b": 3}),
    ],
)
def test_targets_are_read(texts: list[str], wanted: dict[str, object]) -> None:
    assert parse_targets(texts) == wanted


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        (["knee_flexion"], "The target 'knee_flexion' was not understood. Write a name"),
        (["knee_flexion=deep"], "was not understood"),
        (["=70"], "was not understood"),
        (["a=1..2..3"], "was not understood"),
        (["a=1.2.3"], "was not understood"),
        (["a=1", "a=2"], "The target a was given twice"),
    ],
)
def test_targets_that_cannot_be_read(texts: list[str], message: str) -> None:
    with pytest.raises(BadSetting) as caught:
        parse_targets(texts)
    assert message in str(caught.value)


SQUAT = (ROOT / "formcheck/exercises/squat.toml").read_text("utf-8")


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        ("at_most = -10\n", "at_most = 10\n", "'criterion[0].athletic' should be no looser than"),
        (
            "gentle]\nat_most = 45",
            "gentle]\nat_least = 45",
            "should be a bound of the same kind as the standard",
        ),
        (
            "gentle = { min_range = 0.06,",
            "gentle = { min_range = 0.6,",
            "'repetition.gentle.min_range' should be no more than the usual 0.14, but is 0.6",
        ),
        ("gentle = { at_least = 38 }", "gentle = { at_least = 60 }", "no tighter than the bound"),
        ("gentle = { at_least = 38 }", "gentel = { at_least = 33 }", "Did you mean 'gentle'?"),
        ('criterion = "SQ01"', 'criterion = "SQ99"', "'target[0].criterion' should be one of SQ01"),
        ("within = 15", "within = 0", "'target[0].within' should be a number above 0"),
        ("between = [40, 150]\n", "", "the least and the most that make sense, but is missing"),
    ],
)
def test_mistakes_about_levels_are_explained(right: str, wrong: str, message: str) -> None:
    assert right in SQUAT
    with pytest.raises(BadDefinition) as caught:
        parse_exercise(SQUAT.replace(right, wrong, 1).encode(), "mine.toml")
    assert message in str(caught.value)


# On the command line

runner = CliRunner()


def run(*words: str | Path) -> Result:
    return runner.invoke(app, [str(w) for w in words], env={"COLUMNS": "200"})


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    path = tmp_path / "small.npz"
    small_squats(45).save(path)
    return path


def test_the_command_line_takes_a_level_and_targets(recording: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    words = ("--level", "gentle", "--target", "knee_flexion=40", "--out", out)
    done = run("check", recording, "--exercise", "squat", *words)
    assert done.exit_code == 0, done.output
    assert "3 repetitions" in done.stdout
    assert "Squat (gentle, knee flexion 25–55°), seen from" in done.stdout
    assert "Judged by your setting: gentle, knee flexion 25–55°." in done.stdout
    exercise = json.loads((out / "report.json").read_text("utf-8"))["exercise"]
    assert (exercise["level"], list(exercise["targets"])) == ("gentle", ["knee_flexion"])
    plain = run("check", recording, "-e", "squat")
    assert "0 repetitions" in plain.stdout
    assert "setting" not in plain.stdout


def test_a_recognized_exercise_is_judged_at_the_level(tmp_path: Path) -> None:
    path = tmp_path / "squats.npz"
    squats(StickFigure(), [Squat(), Squat(), Squat()]).save(path)
    done = run("check", path, "--exercise", "auto", "--level", "athletic")
    assert "Squat (athletic), seen from" in done.stdout
    assert "Recognized: squat" in done.stdout


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--level", "hard"), "There is no level 'hard'. Did you mean 'standard'? Known: gentle, "),
        (("--level", "hard", "--exercise", "auto"), "There is no level 'hard'."),
        (("--target", "knee=70"), "The exercise 'squat' has no target 'knee'."),
        (("--target", "knee_flexion"), "was not understood."),
        (("--target", "knee_flexion=700"), "makes no sense: knee bend can be from 40 to 150° here"),
        (
            ("--target", "held=3", "--exercise", "auto"),
            "A target belongs to one exercise: name the ex",
        ),
    ],
)
def test_settings_that_cannot_be_meant_are_one_sentence(
    recording: Path, words: tuple[str, ...], message: str
) -> None:
    named = () if "--exercise" in words else ("--exercise", "squat")
    done = run("check", recording, *named, *words)
    assert done.exit_code == 2
    assert message in done.stderr
    assert done.stderr.count("\n") == 1
