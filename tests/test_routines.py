"""Routines: what they say, how they adapt, and one gone through from end to end."""

from __future__ import annotations

import plistlib
import re
import shutil
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from formcheck.cli.main import app
from formcheck.errors import RoutineError
from formcheck.exercises.load import exercise_ids
from formcheck.history.store import History
from formcheck.routines.adapt import MOST, Run, notices, plan_of
from formcheck.routines.definition import load_routine, routine_ids
from formcheck.routines.remind import parse_days, parse_time, reminder
from formcheck.routines.walk import FromClips, Walk

SAMPLES = Path(__file__).parents[1] / "samples"
START = datetime(2026, 10, 1, 7, 30, tzinfo=UTC)
BACK_AND_KNEE = load_routine("back-and-knee")


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(app, [str(w) for w in words], env={"COLUMNS": "200"})


def times(*told: tuple[int, int], went: str = "right", days: int = 2) -> list[Run]:
    """Runs some days apart with knee pain before and after."""
    return [
        Run(START + timedelta(days=days * i), {"knee": before}, {"knee": after}, went)
        for i, (before, after) in enumerate(told)
    ]


def plan(runs: Sequence[Run], knee: int, back: int = 0) -> Any:
    at = runs[-1].at + timedelta(days=2) if runs else START
    return plan_of(BACK_AND_KNEE, runs, {"knee": knee, "back": back}, at)


def test_the_routine_has_all_six_exercises_in_positions_taken_once() -> None:
    ids = [step.exercise.id for step in BACK_AND_KNEE.steps]
    assert sorted(ids) == sorted(exercise_ids())
    assert ids == ["pelvic-tilt", "bridge", "squat", "lunge", "nerve-glide", "figure-four"]
    assert BACK_AND_KNEE.asks == ("back", "knee")
    assert BACK_AND_KNEE.per_week == 3


@pytest.mark.parametrize("name", routine_ids())
def test_built_in_routines_say_why_and_on_what_basis(name: str) -> None:
    for step in load_routine(name).steps:
        assert step.why
        assert set(step.loads) <= set(load_routine(name).asks)
        assert step.rest_s > 0
        assert bool(step.hold_s) == bool(step.exercise.hold)
        assert step.basis != "guideline" or step.references


@pytest.mark.parametrize(
    ("exercise", "words", "wanted"),
    [
        ("pelvic-tilt", "5 holds of 5 s", 5),
        ("squat", "2 × 10 repetitions", 20),
        ("lunge", "2 × 6 repetitions a side", 24),
        ("figure-four", "2 holds of 30 s a side", 4),
    ],
)
def test_steps_in_words(exercise: str, words: str, wanted: int) -> None:
    step = next(s for s in BACK_AND_KNEE.steps if s.exercise.id == exercise)
    assert (step.in_words(), step.wanted) == (words, wanted)


GOOD = """
schema = "formcheck.routine/1"
id = "mine"
name = "Mine"
summary = "Squats."

[[step]]
exercise = "squat"
count = 5
"""


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('"squat"', '"sqat"', "'step[0].exercise' should be an exercise that formcheck knows"),
        (
            "count = 5",
            "count = 2.5",
            "'step[0].count' should be a whole number from 1 to 1000, but is 2.5",
        ),
        ("count = 5", "", "'step[0].count' should be a number, but is missing."),
        ("count = 5", "coutn = 5", "Did you mean 'count'?"),
        ('name = "Mine"', 'asks = ["foot"]', "'asks' should be one of back, knee"),
        ("routine/1", "routine/9", "'schema' should be 'formcheck.routine/1'"),
        ("[[step]]", "[step", "is not TOML"),
    ],
)
def test_mistakes_in_own_routines_are_named(old: str, new: str, says: str, tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(GOOD)
    assert load_routine(path).steps[0].wanted == 5
    path.write_text(GOOD.replace(old, new))
    with pytest.raises(RoutineError, match=re.escape(says)):
        load_routine(path)


def test_exercises_of_ones_own_become_gentler_too(tmp_path: Path) -> None:
    own = (SAMPLES.parent / "formcheck" / "exercises" / "squat.toml").read_text("utf-8")
    (tmp_path / "chair.toml").write_text(own.replace('id = "squat"', 'id = "chair"'), "utf-8")
    path = tmp_path / "mine.toml"
    path.write_text(
        GOOD.replace('"squat"', f'"{tmp_path / "chair.toml"}"\nloads = ["knee"]').replace(
            'summary = "Squats."', 'summary = "Squats."\nasks = ["knee"]'
        )
    )
    routine = load_routine(path)
    assert routine.steps[0].exercise.id == "chair"
    (step,) = plan_of(routine, times((1, 4)), {"knee": 1}, START + timedelta(days=2)).routine.steps
    assert (step.count, step.level, step.exercise.id) == (4, "gentle", "chair")


def test_an_unknown_routine() -> None:
    with pytest.raises(RoutineError, match="Did you mean 'back-and-knee'"):
        load_routine("back-and-knees")
    with pytest.raises(RoutineError, match=r"Could not read the routine 'none\.toml'"):
        load_routine("none.toml")


def test_without_pain_nothing_changes() -> None:
    found = plan(times((1, 1), (0, 0)), knee=1)
    assert found.routine == BACK_AND_KNEE
    assert (found.ease, found.changes, found.notices) == ({}, (), ())


def test_pain_that_rises_makes_what_loads_the_part_gentler() -> None:
    found = plan(times((1, 3)), knee=1)
    assert found.ease == {"knee": 1}
    steps = {step.exercise.id: step for step in found.routine.steps}
    assert (steps["squat"].count, steps["squat"].level) == (8, "gentle")
    assert (steps["lunge"].count, steps["lunge"].sets) == (4, 2)
    assert steps["bridge"] in BACK_AND_KNEE.steps, "a bridge does not load the knee"
    assert found.changes[0] == (
        "Squat: 2 × 8 repetitions instead of 2 × 10 repetitions, at the gentle level, which asks "
        "for a smaller range."
    )
    twice = plan(times((1, 3), (2, 4)), knee=2)
    again = next(s for s in twice.routine.steps if s.exercise.id == "squat")
    assert (again.sets, again.count) == (1, 5)


def test_pain_that_is_more_before_it_counts_too_and_so_does_hard_going() -> None:
    assert plan(times((1, 1)), knee=3).ease == {"knee": 1}
    assert plan(times((4, 4), went="hard"), knee=4).ease == {"knee": 1}
    assert plan(times((2, 2), went="hard"), knee=2).ease == {}, "hard work that does not hurt"


def test_two_good_times_in_a_row_take_one_step_back() -> None:
    assert plan(times((1, 3)), knee=1).ease == {"knee": 1}
    assert plan(times((1, 3), (1, 1)), knee=1).ease == {}, "then, and now"
    assert plan(times((1, 5), (2, 4)), knee=5).ease == {"knee": MOST}


def test_strong_pain_leaves_out_what_loads_the_part() -> None:
    found = plan([], knee=7)
    assert {step.exercise.id for step in found.routine.steps}.isdisjoint({"squat", "lunge"})
    assert "Squat: left out today." in found.changes
    assert found.notices[0].startswith("Your knee hurts a lot (7 of 10).")


@pytest.mark.parametrize(
    ("told", "now", "says"),
    [
        ([(2, 2)] * 8, 2, "Your knee has hurt for more than two weeks"),
        ([(2, 2)] * 6, 2, ""),
        ([(1, 1), (0, 0), *[(1, 1)] * 6], 1, ""),
        ([(2, 2)] * 8, 0, ""),
        ([(1, 1), (2, 2)], 4, "Your knee hurts more than it did"),
        ([(3, 3), (3, 3)], 4, ""),
    ],
)
def test_notices(told: list[tuple[int, int]], now: int, says: str) -> None:
    runs = times(*told)
    found = notices(runs, {"knee": now}, runs[-1].at + timedelta(days=2))
    assert (found == []) if not says else (len(found) == 1 and found[0].startswith(says))


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Recordings of a rendered person doing all six exercises."""
    folder = tmp_path_factory.mktemp("clips")
    names = ("tilt", "bridge", "squat", "lunge", "nerve-glide", "figure-four")
    exercises = ("pelvic-tilt", "bridge", "squat", "lunge", "nerve-glide", "figure-four")
    for i, (name, exercise) in enumerate(zip(names, exercises, strict=True), start=1):
        shutil.copy(SAMPLES / f"{name}-good" / "poses.npz", folder / f"{i} {exercise}.npz")
    return folder


def test_a_full_routine_from_rendered_clips(clips: Path) -> None:
    """All six exercises, pain before and after, kept, and gentler the next time."""
    told = ("--pain", "back=2,knee=1", "--no-red-flags")
    done = run(
        "routine", "back-and-knee", "--clips", clips, *told, "--pain-after", "back=2,knee=4",
        "--went", "hard",
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    assert "6 of 6 exercises done." in done.stdout
    assert "Your knee hurts more than before" in done.stdout
    assert len(re.findall(r"^   \d+ of \d+ counted, score \d+", done.stdout, re.MULTILINE)) == 5
    # A tilt of a centimetre or two is not seen from every side; then that is what is said.
    assert "nothing counted: No small movement of the pelvis was seen" in done.stdout
    with History() as history:
        entries = history.entries()
        (kept,) = history.runs("back-and-knee")
    assert sorted(e.exercise for e in entries) == sorted(exercise_ids())
    assert {e.kind for e in entries} == {"routine"}
    counted = {step["exercise"]: step["done"] for step in kept.data["steps"]}
    assert counted == counted | {"squat": 5, "bridge": 3, "lunge": 6, "figure-four": 2}
    assert kept.data["pain_after"] == {"back": 2, "knee": 4}
    assert kept.data["finished"] is True
    assert [s["entries"] for s in kept.data["steps"] if s["exercise"] == "squat"] == [
        [e.id for e in entries if e.exercise == "squat"]
    ]
    again = run("routine", "back-and-knee", "--plan", "--pain", "back=2,knee=1")
    assert "Gentler today. Squat: 2 × 8 repetitions instead of 2 × 10" in again.stdout
    shown = run("history", "show").stdout
    assert "Knee, before" in shown
    assert "Glute bridge" in shown


def test_clips_whose_names_tell_nothing_are_recognized(tmp_path: Path) -> None:
    shutil.copy(SAMPLES / "squat-good" / "poses.npz", tmp_path / "clip 1.npz")
    performer = FromClips(tmp_path, known=["squat", "lunge"])
    squat, lunge = (s for s in BACK_AND_KNEE.steps if s.exercise.id in {"squat", "lunge"})
    assert [r.summary.reps_counted for r in performer.perform(squat)] == [5]
    assert list(performer.perform(lunge)) == []


def test_a_routine_that_breaks_off_keeps_what_was_done(clips: Path) -> None:
    class Gone:
        def __init__(self) -> None:
            self.clips = FromClips(clips, known=exercise_ids())

        def perform(self, step: Any) -> Any:
            if step.exercise.id == "bridge":
                raise KeyboardInterrupt
            return self.clips.perform(step)

    with History() as history:
        walk = Walk(plan([], knee=1), {"knee": 1}, history)
        with pytest.raises(KeyboardInterrupt):
            walk.go(Gone(), lambda *_: None)
        (kept,) = history.runs()
    assert [step["exercise"] for step in kept.data["steps"]] == ["pelvic-tilt"]
    assert "finished" not in kept.data


@pytest.mark.model
def test_a_step_in_front_of_a_camera(pose_model: object, tmp_path: Path) -> None:  # noqa: ARG001
    """A clip is played as the camera, as fast as time goes by."""
    path = tmp_path / "mine.toml"
    path.write_text(GOOD)
    clip = SAMPLES / "squat-knees-in" / "clip.mp4"
    done = run(
        "routine", path, "--live", "--no-window", "--camera", clip, "--out", tmp_path / "out",
        "--no-red-flags",
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    assert re.search(r"^   \d of 5 counted, score \d+", done.stdout, re.MULTILINE)
    (folder,) = (tmp_path / "out").iterdir()
    assert {"report.json", "report.html"} <= {p.name for p in folder.iterdir()}
    with History() as history:
        assert [entry.kind for entry in history.entries()] == ["routine"]
        assert history.runs("mine")[0].data["finished"] is True


def test_red_flags_stop_at_once(clips: Path) -> None:
    done = run("routine", "back-and-knee", "--clips", clips, "--red-flags")
    assert done.exit_code == 3
    assert "Stop here and see a doctor" in done.stdout
    assert "exercises done" not in done.stdout
    with History() as history:
        assert history.runs() == []


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--pain", "knee=11"), "should name a part and its pain from 0 to 10"),
        (("--pain", "toe=1"), "asks about back and knee, not about 'toe'"),
        (("--pain", "knee=much"), "such as back=3,knee=3"),
        (("--clips", "nowhere", "--live"), "--live or with --clips, not both"),
        (("--clips", "nowhere"), "Could not look into the folder 'nowhere'"),
    ],
)
def test_wrong_answers(words: tuple[str, ...], says: str) -> None:
    done = run("routine", "back-and-knee", "--no-red-flags", *words)
    assert done.exit_code == 2
    assert says in done.stderr.replace("\n", " ")


def test_an_empty_folder(tmp_path: Path) -> None:
    done = run("routine", "snack-legs", "--no-red-flags", "--clips", tmp_path)
    assert done.exit_code == 2
    assert "There are no clips in" in done.stderr.replace("\n", " ")


def test_the_list_names_all() -> None:
    shown = run("routine", "list").stdout
    assert all(name in shown for name in routine_ids())


DAYS, AT = parse_days("fri,Mon, wed"), parse_time("7:05")


def test_days_and_times() -> None:
    assert DAYS == ("mon", "wed", "fri")
    assert AT == (7, 5)
    for wrong in ("24:00", "7", "a:b", "-1:00"):
        with pytest.raises(RoutineError, match="should be a time such as 07:30"):
            parse_time(wrong)
    with pytest.raises(RoutineError, match="should be days with commas between"):
        parse_days("mon,someday")


def test_reminders_for_each_scheduler() -> None:
    message = "Don't forget: 100 %"
    cron = reminder("cron", DAYS, AT, message, "r").splitlines()[1]
    assert cron.startswith("5 7 * * mon,wed,fri ")
    assert r"100 \%" in cron
    systemd = reminder("systemd", DAYS, AT, message, "r")
    assert "--on-calendar='Mon,Wed,Fri *-*-* 07:05:00'" in systemd
    windows = reminder("windows", DAYS, AT, message, "r")
    assert "/SC WEEKLY /D MON,WED,FRI /ST 07:05" in windows
    assert "Dont forget" in windows
    plist = reminder("launchd", DAYS, AT, 'Say "hi" & go', "r").split("\n", 1)[1]
    parsed = plistlib.loads(plist.encode())
    assert parsed["StartCalendarInterval"][0] == {"Weekday": 1, "Hour": 7, "Minute": 5}
    assert parsed["ProgramArguments"][2] == (
        'display notification "Say \\"hi\\" & go" with title "formcheck"'
    )


def test_remind_prints_and_changes_nothing() -> None:
    done = run("remind", "back-and-knee", "--for", "cron", "--at", "18:00", "--days", "sat")
    assert done.exit_code == 0
    assert "0 18 * * sat " in done.stdout
    assert "formcheck routine back-and-knee" in done.stdout
    assert run("remind", "back-and-knee", "--for", "post").exit_code == 2


def test_the_clock_of_a_hold_runs_to_what_the_routine_asks_for() -> None:
    steps = load_routine("back-and-knee").steps
    held = [step for step in steps if step.exercise.hold and step.hold_s]
    assert held
    for step in held:
        assert step.aimed.hold is not None
        assert step.aimed.hold.rule.goal_s == step.hold_s
        assert step.aimed.sha256 == step.exercise.sha256
    assert all(step.aimed is step.exercise for step in steps if not step.exercise.hold)


def test_a_routine_of_ones_own_is_called_by_its_file(tmp_path: Path) -> None:
    mine = tmp_path / "my own.toml"
    text = (SAMPLES.parent / "formcheck/routines/back-and-knee.toml").read_text("utf-8")
    mine.write_text(text.replace('name = "Back and knee"', 'name = "Legs [/day]"'), "utf-8")
    planned = run("routine", mine, "--plan", "--no-red-flags")
    assert planned.exit_code == 0, planned.output
    assert "Legs [/day]" in planned.stdout
    assert f"formcheck routine '{mine}' --live" in planned.stdout.replace("\n", " ")
    told = run("remind", mine, "--for", "cron", "--at", "18:00", "--days", "sat")
    assert str(mine) in told.stdout
