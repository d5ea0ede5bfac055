"""A session whose exercise is open: begun, or chosen by a key."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest

from formcheck.analyzer import Analyzer
from formcheck.coaching.choosing import CHANGE_S, ENOUGH_HELD_S, SURE, OpenSession, is_clear
from formcheck.coaching.moment import Command, Moment, Plan, Stage
from formcheck.coaching.texts import load_texts
from formcheck.coaching.watching import AGAIN_S
from formcheck.exercises.load import exercise_ids, load_exercise
from formcheck.exercises.none import NONE
from formcheck.pose import Pose, PoseTrack
from formcheck.recognize import Found, Recognition
from formcheck.refine.choose import angle_refiner
from formcheck.samples import FOLDER
from formcheck.sources.recording import source_of
from formcheck.sources.synthetic import STANDING, StickFigure

EXERCISES = [load_exercise(name) for name in exercise_ids()]
SQUAT_KEY = exercise_ids().index("squat") + 1
FIGURE = StickFigure()


def begin(size_px: tuple[int, int] = (640, 480)) -> OpenSession:
    return OpenSession(
        EXERCISES,
        size_px,
        lambda _: Plan(),
        texts=load_texts(),
        refiner=partial(angle_refiner, "learned"),
    )


def standing(start_s: float, seconds: float) -> list[Pose]:
    return [FIGURE.pose(start_s + i / 10, STANDING) for i in range(round(10 * seconds))]


def said(moments: list[Moment]) -> list[str]:
    return [saying.text for moment in moments for saying in moment.says]


@pytest.mark.parametrize(
    ("sample", "exercise"), [("squat-knees-in", "squat"), ("bridge-good", "bridge")]
)
def test_who_begins_is_recognized_and_counted_from_the_first(sample: str, exercise: str) -> None:
    track = PoseTrack.load(FOLDER / sample / "poses.npz")
    poses = [pose for i, pose in enumerate(track) if i % 2 == 0]
    check = Analyzer(load_exercise(exercise), track.size_px)
    for pose in poses:
        check.feed(pose)
    session = begin(track.size_px)
    moments = [session.feed(pose) for pose in poses]
    report, expected = session.report(source_of(track)), check.finish(source_of(track))
    assert (report.exercise.id, report.exercise.chosen_by) == (exercise, "recognizer")
    assert repr(report.reps) == repr(expected.reps)
    assert moments[0].stage is Stage.CHOOSE
    assert len(moments[0].choices) == 6
    name = load_exercise(exercise).name.lower()
    assert f"Looks like: {name}" in said(moments)
    first = next(m for m in moments if m.stage is not Stage.CHOOSE)
    assert first.count == 2, "known after two"


def test_a_key_chooses() -> None:
    session = begin()
    moments = [session.feed(pose) for pose in standing(0.0, 2.0)]
    assert said(moments) == ["Begin with your exercise. I will see which one it is."]
    session.choose(9)
    assert session.stage is Stage.CHOOSE
    session.choose(SQUAT_KEY)
    assert (session.stage, session.exercise.id) == (Stage.READY, "squat")
    session.choose(1)
    assert session.exercise.id == "squat", "chosen is chosen"
    moments = [session.feed(pose) for pose in standing(2.0, 6.0)]
    assert moments[-1].stage is Stage.EXERCISE
    track = PoseTrack.from_poses(standing(0.0, 1.0), (640, 480))
    assert session.report(source_of(track)).exercise.chosen_by == "user"


def test_what_was_recognized_wrongly_can_be_changed_for_a_while() -> None:
    track = PoseTrack.load(FOLDER / "squat-knees-in" / "poses.npz")
    poses = [pose for i, pose in enumerate(track) if i % 3 == 0]
    for waited_s, exercise in ((0.0, "bridge"), (CHANGE_S + 20.0, "squat")):
        session = begin(track.size_px)
        for pose in poses:
            session.feed(pose)
        session.feed(replace(poses[-1], t_s=poses[-1].t_s + waited_s + 0.1))
        assert session._session is not None
        session._session.starts += 1  # as when counting began anew while they got ready
        before = session.starts
        session.choose(exercise_ids().index("bridge") + 1)
        assert session.exercise.id == exercise
        assert (session.starts > before) is (exercise == "bridge"), "outputs are replaced then"


def test_nothing_chosen_gives_a_report_of_nothing() -> None:
    session = begin()
    for pose in standing(0.0, 1.0):
        session.feed(pose)
    session.command(Command.FINISH)
    assert session.stage is Stage.DONE
    track = PoseTrack.from_poses(standing(0.0, 1.0), (640, 480))
    report = session.report(source_of(track))
    assert (report.exercise.id, report.reps) == ("none", ())
    assert report.quality.warnings[0] == "No exercise was chosen, and none was recognized."


def recorded(sample: str) -> PoseTrack:
    return PoseTrack.load(FOLDER / sample / "poses.npz")


def test_somebody_else_found_while_it_is_open_is_the_one_who_is_recognized() -> None:
    track = recorded("squat-knees-in")
    poses = [pose for i, pose in enumerate(track) if i % 3 == 0]
    session = begin(track.size_px)
    for pose in poses:
        session.feed(Pose.nobody(pose.t_s))
    assert session.stage is Stage.CHOOSE
    session.look_again({pose.t_s: pose for pose in poses})
    session.feed(replace(poses[-1], t_s=poses[-1].t_s + 0.1))
    assert session.exercise.id == "squat"
    session.look_again({pose.t_s: Pose.nobody(pose.t_s) for pose in poses})
    assert session.report(source_of(track)).summary.reps_counted == 0, "handed on to the session"


def test_what_came_before_an_interruption_is_not_recognized() -> None:
    track = recorded("squat-knees-in")
    poses = [pose for i, pose in enumerate(track) if i % 3 == 0]
    session = begin(track.size_px)
    first_two = next(i for i in range(len(poses)) if _known(session, poses[i]))
    again = begin(track.size_px)
    for pose in poses[:first_two]:
        again.feed(pose)
    again.interrupt()
    again.feed(poses[first_two])
    assert again.stage is Stage.CHOOSE
    session.interrupt()
    assert session.exercise.id == "squat", "what is known stays known"


def _known(session: OpenSession, pose: Pose) -> bool:
    return session.feed(pose).stage is not Stage.CHOOSE


def test_of_who_does_nothing_for_long_only_the_latest_is_looked_at() -> None:
    session = begin()
    for start_s in range(0, round(AGAIN_S) + 20, 10):
        session.feed(Pose.nobody(float(start_s)))
    assert session._poses[0].t_s >= 10.0
    assert session.stage is Stage.CHOOSE


@pytest.mark.parametrize(
    ("held_s", "confidence", "clear"),
    [(ENOUGH_HELD_S, 0.9, True), (ENOUGH_HELD_S - 0.1, 0.9, False), (10.0, SURE - 0.01, False)],
)
def test_a_hold_is_clear_when_it_was_held_for_a_while(
    held_s: float, confidence: float, clear: bool
) -> None:
    four = load_exercise("figure-four")
    found = Found(four, times=((1.0, 1.0 + held_s),), against=(), explained=1.0)
    recognition = Recognition(four, confidence, "", (found,))
    assert is_clear(recognition) is clear
    assert not is_clear(replace(recognition, exercise=NONE))
