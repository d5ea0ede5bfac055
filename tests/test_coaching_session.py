"""Sessions of stick figures and of recorded people: stages, sets, pauses, and what is said."""

from __future__ import annotations

import math
import tomllib
import tracemalloc
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from formcheck import series
from formcheck.analyzer import Analyzer
from formcheck.coaching import watching
from formcheck.coaching.coach import AGAIN_AFTER, AT_MOST, Kind, SetCoach
from formcheck.coaching.moment import Command, Moment, Plan, Stage
from formcheck.coaching.session import GONE_S, Session
from formcheck.coaching.texts import load_texts
from formcheck.coaching.wording import Wording
from formcheck.exercises.load import load_exercise
from formcheck.pose import FloatArray, Pose, PoseTrack
from formcheck.refine.choose import angle_refiner
from formcheck.results import Report, Status
from formcheck.samples import FOLDER
from formcheck.sources.recording import source_of
from formcheck.sources.synthetic import STANDING, StickFigure, squats
from formcheck.sources.synthetic import Squat as OneSquat
from tests.fakes_results import rep, tick, verdict
from tests.test_coaching_words import arms

SQUAT = load_exercise("squat")
SIZE = (640, 480)
FIGURE = StickFigure()
NAMES = {"glute_bridge": "bridge", "figure_four": "figure-four", "pelvic_tilt": "pelvic-tilt"}


def recording(folder: Path) -> tuple[str, PoseTrack]:
    labels = tomllib.loads((folder / "labels.toml").read_text("utf-8"))
    name = labels["exercise"]
    return NAMES.get(name, name.replace("_", "-")), PoseTrack.load(folder / "poses.npz")


def run(session: Session, poses: Iterable[Pose]) -> list[Moment]:
    return [session.feed(pose) for pose in poses]


def begin(plan: Plan | None = None) -> Session:
    """A session of squats; plain geometry is exact for stick figures, and quick."""
    return Session(SQUAT, SIZE, plan, refiner=angle_refiner("plain"))


def stages(moments: Iterable[Moment]) -> list[str]:
    found: list[str] = []
    for moment in moments:
        if not found or found[-1] != moment.stage.value:
            found.append(moment.stage.value)
    return found


def said(moments: Iterable[Moment]) -> list[str]:
    return [one.text for moment in moments for one in moment.says]


def still(start_s: float, seconds: float, fps: float = 20.0) -> Iterator[Pose]:
    return (FIGURE.pose(start_s + i / fps, STANDING) for i in range(round(seconds * fps)))


def nobody(start_s: float, seconds: float, fps: float = 20.0) -> Iterator[Pose]:
    return (Pose.nobody(start_s + i / fps) for i in range(round(seconds * fps)))


def moving(start_s: float, count: int, fps: float = 20.0) -> list[Pose]:
    track = squats(FIGURE, [OneSquat()] * count, fps=fps)
    return [replace(pose, t_s=start_s + pose.t_s) for pose in track]


def crossing(start_s: float, seconds: float, fps: float = 20.0) -> Iterator[Pose]:
    return (arms(start_s + i / fps) for i in range(round(seconds * fps)))


def after(poses: list[Pose]) -> float:
    return poses[-1].t_s + 0.05


# The same as for files


@cache
def checked(name: str) -> tuple[str, PoseTrack, Report]:
    exercise, track = recording(FOLDER / name)
    analyzer = Analyzer(load_exercise(exercise), track.size_px)
    for pose in track:
        analyzer.feed(pose)
    return exercise, track, analyzer.finish(source_of(track))


SAMPLES = ["squat-knees-in", "squat", "lunge-good", "figure-four-good"]


@pytest.mark.parametrize("name", SAMPLES)
def test_a_session_says_what_a_check_of_the_same_poses_says(name: str) -> None:
    exercise, track, check = checked(name)
    session = Session(load_exercise(exercise), track.size_px)
    run(session, track)
    live = session.report(source_of(track))
    for part in ("reps", "partial_reps", "holds", "summary", "view", "posture", "quality"):
        assert repr(getattr(live, part)) == repr(getattr(check, part)), part
    for reading, values in check.series.values.items():
        np.testing.assert_array_equal(live.series.values[reading], values)


@pytest.mark.parametrize("name", SAMPLES)
def test_the_count_is_the_same_when_a_third_of_the_pictures_is_missed(name: str) -> None:
    exercise, track, check = checked(name)
    session = Session(load_exercise(exercise), track.size_px)
    run(session, (pose for i, pose in enumerate(track) if i % 3 != 1))
    live = session.report(source_of(track)).summary
    assert (live.reps_counted, live.holds) == (check.summary.reps_counted, check.summary.holds)


@pytest.mark.parametrize("name", ["squat", "lunge-good"])
def test_the_count_is_the_same_at_ten_pictures_a_second(name: str) -> None:
    exercise, track, check = checked(name)
    session = Session(load_exercise(exercise), track.size_px)
    run(session, (pose for i, pose in enumerate(track) if i % 3 == 0))
    assert session.report(source_of(track)).summary.reps_counted == check.summary.reps_counted


def test_what_is_said_to_do_better_is_what_the_report_says_of_that_repetition() -> None:
    exercise, track, check = checked("squat-knees-in")
    session = Session(load_exercise(exercise), track.size_px)
    shown = {
        moment.line.text
        for moment in run(session, track)
        if moment.line and moment.line.kind is Kind.FIX
    }
    failed = {v.cue for rep in check.reps for v in rep.verdicts if v.status is Status.FAIL}
    assert shown == {"Push your knees out"}
    assert shown <= failed


# Stages


def test_who_stands_well_is_counted_down_and_begins_within_ten_seconds() -> None:
    session = begin()
    moments = run(session, still(0.0, 6.0))
    assert stages(moments) == ["ready", "exercise"]
    assert said(moments) == ["3", "2", "1", "Go"]
    begun = next(m.t_s for m in moments if m.stage is Stage.EXERCISE)
    assert begun < 10
    assert [m.countdown for m in moments if m.countdown][:1] == [3]


def test_who_begins_at_once_is_counted_from_the_first() -> None:
    session = begin()
    moments = run(session, moving(0.0, 3))
    assert moments[-1].count == 3
    assert [text for text in said(moments) if text.isdigit()][-2:] == ["2", "3"]


def test_what_happens_before_somebody_is_ready_does_not_count() -> None:
    session = begin()
    feet = [i for name, i in FIGURE.pose(0, STANDING).skeleton.index.items() if "left_a" in name]
    early = moving(0.0, 1)
    hidden = [replace(p, visibility=_without_feet(p)) for p in early]
    assert feet
    poses = [*hidden, *still(after(hidden), 5.0)]
    moments = run(session, [*poses, *moving(after(poses), 2)])
    before = moments[len(hidden) - 1]
    assert before.stage is Stage.READY
    assert before.line is not None
    assert before.line.text == "I can't see your feet. Step back."
    assert moments[-1].count == 2
    assert session.report(source_of(squats(FIGURE, []))).summary.reps_counted == 2


def _without_feet(pose: Pose) -> FloatArray:
    visibility = pose.visibility.copy()
    for name, i in pose.skeleton.index.items():
        if name.endswith(("ankle", "heel", "toe")):
            visibility[i] = 0.1
    return visibility


def test_nobody_there_is_waited_for() -> None:
    session = begin()
    moments = run(session, nobody(0.0, 10.0))
    assert stages(moments) == ["ready"]
    assert said(moments) == ["Step into the picture", "Step into the picture"]
    assert moments[-1].line is not None
    assert moments[-1].line.text == "Step into the picture"


def test_sets_and_rests() -> None:
    session = begin(Plan(sets=2, reps=2, rest_s=5.0))
    poses = [*still(0.0, 5.0)]
    poses += moving(after(poses), 2)
    poses += still(after(poses), 12.0)
    poses += moving(after(poses), 2)
    poses += still(after(poses), 3.0)
    moments = run(session, poses)
    assert stages(moments) == ["ready", "exercise", "rest", "ready", "exercise", "done"]
    rests = [m for m in moments if m.stage is Stage.REST]
    assert rests[-1].t_s - rests[0].t_s == pytest.approx(5.0, abs=0.15)
    assert (rests[0].countdown, rests[-1].countdown) == (5, 1)
    assert (rests[0].number, rests[0].count) == (2, 0)
    assert "Set done. Rest for 5 seconds" in said(moments)
    assert "Set 2 of 2" in said(moments)
    assert said(moments)[-1] == "Well done"
    report = session.report(source_of(squats(FIGURE, [])))
    assert report.summary.reps_counted == 4
    assert report.quality.effective_fps == pytest.approx(20.0, abs=0.1)
    assert report.quality.warnings == ()


def test_a_rest_from_the_exercise_before_says_what_comes() -> None:
    session = begin(Plan(1, 2, 45.0, 10.0))
    poses = [*moving(0.0, 1), *still(after([*moving(0.0, 1)]), 16.0)]
    moments = run(session, poses)
    assert stages(moments) == ["rest", "ready", "exercise"]
    assert moments[0].note == "Next: squat"
    assert moments[0].countdown == 10
    assert "Next: squat" in [saying.text for moment in moments[:2] for saying in moment.says]
    assert moments[-1].count == 0, "nothing counts in a rest"
    in_rest = [moment.share for moment in moments if moment.stage is Stage.REST]
    assert in_rest == sorted(in_rest)
    assert in_rest[-1] > 0.9


def test_what_is_done_in_a_rest_does_not_count() -> None:
    session = begin(Plan(sets=2, reps=1, rest_s=60.0))
    poses = [*still(0.0, 5.0)]
    poses += moving(after(poses), 1)
    poses += still(after(poses), 2.0)
    poses += moving(after(poses), 2)
    assert stages(run(session, poses))[-1] == "rest"
    assert session.report(source_of(squats(FIGURE, []))).summary.reps_counted == 1


def test_a_rest_can_be_cut_short() -> None:
    session = begin(Plan(sets=2, reps=1, rest_s=60.0))
    poses = [*still(0.0, 5.0)]
    poses += moving(after(poses), 1)
    poses += still(after(poses), 2.0)
    run(session, poses)
    session.command(Command.NEXT)
    assert stages(run(session, still(after(poses), 6.0))) == ["ready", "exercise"]


def test_the_last_ones_are_announced() -> None:
    session = begin(Plan(reps=5))
    poses = [*still(0.0, 5.0)]
    poses += moving(after(poses), 5)
    words = said(run(session, [*poses, *still(after(poses), 3.0)]))
    assert words[words.index("Go") :] == [
        *("Go", "1", "2", "3", "Two more", "4", "Last one", "5", "Well done")
    ]


# Pauses


def test_leaving_the_picture_pauses_and_coming_back_goes_on() -> None:
    session = begin()
    poses = [*still(0.0, 6.0)]
    poses += nobody(after(poses), 8.0)
    poses += still(after(poses), 3.0)
    poses += moving(after(poses), 1)
    moments = run(session, poses)
    assert stages(moments) == ["ready", "exercise", "paused", "exercise"]
    assert any(m.away for m in moments)
    assert "I'll wait for you" in said(moments)
    assert "Welcome back" in said(moments)
    assert moments[-1].count == 1


def test_who_does_not_come_back_has_finished() -> None:
    session = begin()
    run(session, still(0.0, 6.0))
    moments = run(session, nobody(6.0, GONE_S + 2, fps=5.0))
    assert moments[-1].stage is Stage.DONE


def test_crossed_forearms_pause_and_go_on_and_finish() -> None:
    session = begin()
    poses = [*still(0.0, 6.0)]
    poses += crossing(after(poses), 1.5)
    poses += still(after(poses), 3.0)
    poses += moving(after(poses), 1)
    poses += crossing(after(poses), 1.5)
    poses += still(after(poses), 2.0)
    poses += crossing(after(poses), 4.0)
    moments = run(session, poses)
    assert stages(moments) == ["ready", "exercise", "paused", "exercise", "paused", "done"]
    assert moments[-1].count == 0, "nothing counts in a pause"
    lines = {m.line.text for m in moments if m.line}
    assert {"Hold it to pause", "Hold it longer to finish"} <= lines


def test_keys_do_the_same() -> None:
    session = begin()
    run(session, still(0.0, 6.0))
    found = []
    for command in (Command.NEXT, Command.NEXT, Command.FINISH):
        session.command(command)
        found.append(session.stage)
    assert found == [Stage.PAUSED, Stage.EXERCISE, Stage.DONE]


def test_what_a_key_does_is_said_once() -> None:
    session = begin(Plan(sets=2, reps=1, rest_s=60.0))
    poses = [*still(0.0, 6.0)]
    poses += moving(after(poses), 1)
    run(session, poses[:120])
    heard = []
    for command, pose in zip((Command.NEXT, Command.NEXT, None), poses[120:123], strict=True):
        if command:
            session.command(command)
        heard += said([session.feed(pose)])
    assert heard == ["Paused", "Go"]
    session.announce("Hello")
    session.look_again({})
    assert said(run(session, poses[123:126])) == ["Hello"]


def test_a_key_begins_at_once() -> None:
    session = begin()
    run(session, nobody(0.0, 1.0))
    session.command(Command.NEXT)
    assert session.stage is Stage.EXERCISE


def test_after_the_end_nothing_more_is_done_or_said() -> None:
    session = begin()
    run(session, still(0.0, 6.0))
    for command in (Command.FINISH, Command.FINISH, Command.NEXT):
        session.command(command)
    assert session.stage is Stage.DONE
    assert said([session.feed(FIGURE.pose(6.0, STANDING))]).count("Well done") == 1


def test_who_pauses_and_leaves_for_long_has_finished() -> None:
    session = begin()
    run(session, still(0.0, 6.0))
    session.command(Command.NEXT)
    moments = run(session, nobody(6.0, GONE_S + 2, fps=5.0))
    assert stages(moments) == ["paused", "done"]
    assert moments[-1].t_s == pytest.approx(6.0 + GONE_S, abs=2.5)


def test_the_sign_means_nothing_before_the_beginning() -> None:
    session = begin()
    moments = run(session, [*nobody(0.0, 1.0), *crossing(1.0, 4.0)])
    assert Stage.PAUSED not in {m.stage for m in moments}
    assert Stage.DONE not in {m.stage for m in moments}


# Time


def test_a_laptop_that_slept_takes_nothing_and_gives_nothing() -> None:
    session = begin()
    poses = [*still(0.0, 5.0)]
    poses += moving(after(poses), 2)
    before = run(session, poses)[-1].count
    later = [*still(after(poses) + 3600.0, 2.0)]
    later += moving(after(later), 1)
    moments = run(session, later)
    assert moments[0].line is not None
    assert moments[0].line.text == "Welcome back. Where were we?"
    assert moments[0].stage is Stage.EXERCISE
    assert moments[-1].count == before + 1
    report = session.report(source_of(squats(FIGURE, [])))
    assert report.quality.effective_fps == pytest.approx(20.0, abs=0.1)


def test_a_hold_does_not_go_on_while_the_machine_sleeps() -> None:
    exercise, track = recording(FOLDER / "figure-four-good")
    session = Session(load_exercise(exercise), track.size_px)
    poses = list(track)
    held = next(i for i, p in enumerate(poses) if p.t_s > 12)
    moments = run(session, poses[:held])
    assert moments[-1].tick is not None
    assert moments[-1].tick.hold is not None
    held_s = moments[-1].tick.hold.held_s
    run(session, (replace(p, t_s=p.t_s + 600) for p in poses[held : held + 60]))
    first = session.report(source_of(track)).holds[0]
    assert first.held_s == pytest.approx(held_s, abs=2.0)
    assert not first.complete


def test_ten_minutes_and_an_hour_take_the_same_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "KEEP_S", 10.0)
    monkeypatch.setattr(watching, "AGAIN_S", 10.0)
    monkeypatch.setattr(series, "OVERVIEW_FRAMES", 128)
    session = begin()
    cycle = [*still(0.0, 10.0, fps=5.0)]
    used = []
    tracemalloc.start()
    try:
        for round_ in range(60):
            for pose in cycle:
                session.feed(replace(pose, t_s=pose.t_s + 10.0 * round_))
            if round_ in (19, 59):
                used.append(tracemalloc.get_traced_memory()[0])
    finally:
        tracemalloc.stop()
    assert used[1] - used[0] < 50_000, "bytes; a frame has 1,168 of readings alone"


# The coach


def coached(*wrong: str, count: int = 0) -> list[str]:
    """What is said after repetitions in which these criteria fail, one word each."""
    coach = SetCoach(load_texts())
    words = []
    for number, codes in enumerate(wrong, start=1):
        verdicts = tuple(
            verdict(
                code,
                Status.FAIL if code in codes else Status.PASS,
                cue=f"fix {code}" if code in codes else "",
                name=f"Thing {code}",
            )
            for code in ("A", "B")
        )
        done = replace(rep(number), verdicts=verdicts, score=100.0 - 50.0 * len(codes))
        at = tick(number * 50, finished=done, last=done, reps=number)
        words.append(" ".join(one.text for one in coach.feed(at, count) if not one.text.isdigit()))
    return words


def test_a_fault_is_mentioned_when_it_repeats_and_praised_when_corrected() -> None:
    assert coached("A", "A", "A", "", "") == ["", "fix A", "", "Good: thing A", ""]


def test_a_single_fault_is_passed_over() -> None:
    assert coached("A", "", "", "", "A", "") == [""] * 6


def test_one_thing_at_a_time_the_most_important_first() -> None:
    assert coached("AB", "AB", "AB", "AB")[:3] == ["", "fix A", "fix B"]


def test_nobody_is_nagged() -> None:
    words = coached(*["A"] * 30)
    times = [i for i, word in enumerate(words) if word]
    assert len(times) == AT_MOST
    assert all(b - a >= AGAIN_AFTER for a, b in pairwise(times))


def test_form_that_breaks_down_is_enough_once() -> None:
    words = coached("", "", "", "", "AB", "AB", "AB", "AB")
    assert words.count("That's enough. Have a rest.") == 1
    assert words[6] == "That's enough. Have a rest."


def test_form_that_was_never_good_does_not_break_down() -> None:
    assert "That's enough. Have a rest." not in coached(*["AB"] * 9)


def test_a_set_ends_when_form_breaks_down() -> None:
    session = begin(Plan(sets=2, reps=20, rest_s=30))
    run(session, still(0.0, 6.0))
    session._coach.enough = True
    assert stages(run(session, still(6.0, 3.0))) == ["exercise", "rest"]


def test_unknown_scores_are_no_breakdown() -> None:
    coach = SetCoach(load_texts())
    for number in range(1, 9):
        done = replace(rep(number), score=math.nan)
        list(coach.feed(tick(number * 50, finished=done, reps=number), number))
    assert not coach.enough


def test_somebody_else_found_in_a_rest_changes_nothing_that_was_counted() -> None:
    session = begin(Plan(sets=2, reps=1, rest_s=60.0))
    poses = [*still(0.0, 5.0)]
    poses += moving(after(poses), 1)
    poses += still(after(poses), 3.0)
    assert stages(run(session, poses))[-1] == "rest"
    session.look_again({pose.t_s: Pose.nobody(pose.t_s) for pose in poses})
    assert session.stage is Stage.REST
    assert session.report(source_of(squats(FIGURE, []))).summary.reps_counted == 1


def test_somebody_else_found_in_the_first_set_is_the_one_who_counts() -> None:
    session = begin()
    two = [*still(0.0, 5.0)]
    two += moving(after(two), 2)
    run(session, (FIGURE.pose(pose.t_s, STANDING) for pose in two))
    session.look_again({pose.t_s: pose for pose in two})
    assert session.feed(FIGURE.pose(after(two), STANDING)).count == 2


def test_what_was_interrupted_is_not_looked_at_again() -> None:
    session = begin()
    poses = [*still(0.0, 5.0)]
    poses += moving(after(poses), 2)
    run(session, poses)
    session.interrupt()
    session.look_again({pose.t_s: Pose.nobody(pose.t_s) for pose in poses})
    assert session.report(source_of(squats(FIGURE, []))).summary.reps_counted == 2


def test_how_to_be_is_said_of_every_posture() -> None:
    wording = Wording(load_exercise("figure-four"), load_texts())
    texts = load_texts()
    seated, lying = texts("posture.seated"), texts("posture.supine")
    assert wording.remark("posture").startswith(seated)
    assert wording.remark("posture").lower().endswith(lying.lower())
    assert Wording(SQUAT, texts).remark("posture") == texts("posture.standing")


def test_what_was_not_over_when_the_set_was_belongs_to_no_set() -> None:
    """Two squats of a second, and a third begun half a second after them."""
    quick = OneSquat(descent_s=0.4, pause_s=0.2, ascent_s=0.4)
    track = [*squats(FIGURE, [quick] * 2, fps=20.0)]
    moved = [np.nanmax(abs(pose.image_px - track[-1].image_px)) > 1 for pose in track]
    first, last = moved.index(True), len(moved) - moved[::-1].index(True)
    poses = [*still(0.0, 5.0)]
    poses += [replace(pose, t_s=after(poses) + pose.t_s) for pose in track[:last]]
    poses += still(after(poses), 0.5)
    third = squats(FIGURE, [quick], fps=20.0)
    poses += [replace(pose, t_s=after(poses) + i / 20) for i, pose in enumerate([*third][first:])]
    poses += still(after(poses), 12.0)
    poses += moving(after(poses), 2)
    poses += still(after(poses), 3.0)
    moments = run(begin(Plan(sets=2, reps=2, rest_s=5.0)), poses)
    second = [m for m in moments if m.number == 2 and m.stage is Stage.EXERCISE]
    assert (second[0].count, max(m.count for m in second)) == (0, 2)


def test_somebody_else_found_as_the_set_ends_does_not_end_it() -> None:
    session = begin(Plan(sets=1, reps=2))
    poses = [*still(0.0, 5.0)]
    poses += moving(after(poses), 2)
    for pose in poses:
        moment = session.feed(pose)
        if moment.count == 2:
            break
    session.look_again({one.t_s: FIGURE.pose(one.t_s, STANDING) for one in poses})
    moments = run(session, still(pose.t_s + 0.05, 5.0))
    assert "done" not in stages(moments)


def test_who_was_away_for_a_while_is_not_doubted() -> None:
    session = begin()
    poses = [*still(0.0, 5.0)]
    poses += moving(after(poses), 3)
    poses += nobody(after(poses), 60.0)
    poses += still(after(poses), 3.0)
    poses += moving(after(poses), 3)
    poses += still(after(poses), 2.0)
    moments = run(session, poses)
    assert stages(moments) == ["ready", "exercise", "paused", "exercise"]
    report = session.report(source_of(squats(FIGURE, [])))
    assert report.summary.reps_counted == 6
    assert report.quality.count_doubts == ()
    assert not any("was seen in only" in warning for warning in report.quality.warnings)


def test_who_leaves_in_a_rest_has_finished_after_a_while() -> None:
    session = begin(Plan(sets=2, reps=1, rest_s=5.0))
    poses = [*still(0.0, 5.0)]
    poses += moving(after(poses), 1)
    poses += still(after(poses), 2.0)
    poses += nobody(after(poses), 200.0)
    assert stages(run(session, poses)) == ["ready", "exercise", "rest", "ready", "done"]


def test_after_a_gap_it_counts_down_anew() -> None:
    session = begin()
    run(session, still(0.0, 3.5))
    moment = session.feed(FIGURE.pose(12.0, STANDING))
    assert moment.stage is Stage.READY
