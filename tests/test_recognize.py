"""Telling exercises apart: the decision by hand-made evidence, and figures that do each."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from formcheck.estimators.fake import FakePose
from formcheck.estimators.replay import RecordedPoses
from formcheck.exercises.load import exercise_ids, load_exercise
from formcheck.exercises.none import NONE
from formcheck.frame import Frame, SourceInfo
from formcheck.pipeline import analyze_frames, analyze_recording, recognize, record_frames
from formcheck.pose import Pose, PoseTrack
from formcheck.recognize import NOTHING, Found, decide
from formcheck.refine.choose import angle_refiner
from formcheck.results import Report
from formcheck.sources.fake import ListSource
from formcheck.sources.synthetic import SIZE_PX, Squat, StickFigure, squats
from formcheck.timeline import Times
from tests import bodies
from tests.bodies import body_pose, figure_four
from tests.lunge_figure import Lunge, lunges
from tests.lying_figure import Body, film
from tests.test_bridge import LINE_M, length_s, reps
from tests.test_nerve_glide import gliding

GATE = Path(__file__).parents[1] / "benchmarks" / "gate"
EXERCISES = {name: load_exercise(name) for name in exercise_ids()}


def found(
    name: str, *times: tuple[float, float], against_s: float = 0.0, explained: float = 1.0
) -> Found:
    against = ((10.0, 10.0 + against_s),) if against_s else ()
    return Found(EXERCISES[name], times, against, explained)


THREE: Times = ((1.0, 3.0), (4.0, 6.0), (7.0, 9.0))
LATER: Times = ((21.0, 23.0), (24.0, 26.0))


@pytest.mark.parametrize(
    ("evidence", "chosen", "confidence"),
    [
        # Six seconds for it, and the quarter of a second that always speaks against it.
        ([found("squat", *THREE), found("lunge")], "squat", 6 / 6.25),
        # A quarter of what looked like it was something else: counts against it twice, once
        # as less weight and once as doubt.
        ([found("squat", *THREE, against_s=2.0)], "squat", 0.75 * 4.5 / 4.75),
        ([found("squat", *THREE, against_s=6.0)], "none", 1 - 0.5 * 3 / 3.25),
        # Another one explains the same moments: two of its four seconds.
        (
            [found("figure-four", (0.0, 8.0)), found("nerve-glide", (6.0, 10.0))],
            "figure-four",
            8 / 10.25,
        ),
        # At other times is no rival.
        ([found("squat", *THREE), found("lunge", *LATER)], "squat", 6 / 6.25),
        ([found("squat", *THREE), found("lunge", *THREE)], "none", 1 - 6 / 12.25),
        # One repetition among many other movements may be chance; a hold is none.
        ([found("lunge", (1.0, 3.0), explained=0.3)], "none", 0.5),
        ([found("lunge", (1.0, 3.0), explained=0.4)], "lunge", 2 / 2.25),
        ([found("figure-four", (1.0, 9.0), explained=0.0)], "figure-four", 8 / 8.25),
        ([found("squat"), found("lunge")], "none", NOTHING),
        ([], "none", NOTHING),
    ],
)
def test_the_decision(evidence: list[Found], chosen: str, confidence: float) -> None:
    for order in (evidence, evidence[::-1]):
        said = decide(order, seen=1.0)
        assert said.exercise.id == chosen
        assert said.confidence == pytest.approx(confidence)


@pytest.mark.parametrize(
    ("evidence", "seen", "words"),
    [
        (
            [found("squat", *THREE), found("lunge", *LATER)],
            1.0,
            (
                "Recognized: squat (3 repetitions); 96 % of what was seen speaks for it. At other "
                "times, lunge (2 repetitions) was seen, which is not judged here: check it by "
                "itself."
            ),
        ),
        (
            [found("squat", (1.0, 3.0), against_s=4.0)],
            1.0,
            (
                "It cannot be told which exercise this is. It may be squat (1 repetition), but as "
                "much speaks against it. If it is, say so with --exercise."
            ),
        ),
        (
            [found("squat", *THREE), found("lunge", *THREE)],
            1.0,
            (
                "It cannot be told which exercise this is. It may be lunge (3 repetitions) or "
                "squat (3 repetitions), but as much speaks against it. If it is, say so with "
                "--exercise."
            ),
        ),
        (
            [found("squat"), found("lunge")],
            1.0,
            (
                "None of these was recognized: lunge, squat. If it is one of them, say which with "
                "--exercise, and show the whole body."
            ),
        ),
        ([found("squat")], 0.0, "No exercise was recognized: nobody was seen in the picture."),
    ],
)
def test_what_it_says(evidence: list[Found], seen: float, words: str) -> None:
    assert decide(evidence, seen=seen).reason == words


def test_who_lies_still_hears_that_small_movements_may_not_show() -> None:
    assert "as small as a pelvic tilt's" in decide([found("squat")], seen=1.0, lying=True).reason


def track_of(poses: Iterator[Pose]) -> PoseTrack:
    return PoseTrack.from_poses(poses, bodies.SIZE_PX)


def stretch() -> Iterator[Pose]:
    parts = [(2.0, bodies.SEATED), (6.0, figure_four("left", 30.0)), (3.0, bodies.SEATED)]
    shapes = [shape for seconds, shape in parts for _ in range(round(15 * seconds))]
    return (body_pose(i / 15, shape, 60.0) for i, shape in enumerate(shapes))


def still(shape: bodies.Shape, seconds: float = 8.0) -> Iterator[Pose]:
    return (body_pose(i / 15, shape) for i in range(round(15 * seconds)))


TRACKS: dict[str, tuple[str, Callable[[], PoseTrack]]] = {
    "squats": ("squat", lambda: squats(StickFigure(), [Squat()] * 3)),
    "lunges": ("lunge", lambda: lunges(Lunge(), Lunge("right"), Lunge())),
    "bridges": ("bridge", lambda: film(reps(LINE_M, LINE_M), length_s(2))),
    "figure-four": ("figure-four", lambda: track_of(stretch())),
    "glides": ("nerve-glide", lambda: track_of(gliding("left"))),
    "standing": ("none", lambda: track_of(still(bodies.STANDING))),
    "sitting": ("none", lambda: track_of(still(bodies.SEATED))),
    "lying": ("none", lambda: film(lambda _: Body(), 8.0)),
    "nobody": ("none", lambda: track_of(Pose.nobody(i / 15) for i in range(30))),
    "nothing": ("none", lambda: track_of(iter(()))),
}


@pytest.mark.parametrize(("expected", "make"), TRACKS.values(), ids=TRACKS)
def test_figures_are_recognized_and_so_are_their_mirror_images(
    expected: str, make: Callable[[], PoseTrack]
) -> None:
    track = make()
    said = recognize(track)
    assert said.exercise.id == expected, said.reason
    assert 0.0 <= said.confidence <= 1.0
    mirrored = recognize(track.mirrored())
    assert mirrored.exercise.id == expected
    assert mirrored.confidence == pytest.approx(said.confidence, abs=0.05)


# One after another


def joined(*tracks: PoseTrack, pause_s: float = 2.0) -> tuple[PoseTrack, list[float]]:
    """Return recordings one after another, and when each begins.

    Between two of them, the person goes over from where they were to where they will be; all
    are brought to the first one's size of picture.
    """
    poses: list[Pose] = []
    begins = []
    size_px = tracks[0].size_px
    for track in tracks:
        scale = size_px[1] / track.size_px[1]
        coming = [replace(pose, image_px=pose.image_px * scale) for pose in track]
        if poses:
            step_s = float(np.median(np.diff(track.t_s)))
            steps = round(pause_s / step_s)
            poses += [_between(poses[-1], coming[0], i / steps, pause_s) for i in range(1, steps)]
        begin_s = poses[-1].t_s + 1 / 15 - track.t_s[0] if poses else 0.0
        begins.append(begin_s)
        poses += [replace(pose, t_s=float(pose.t_s + begin_s)) for pose in coming]
    return PoseTrack.from_poses(poses, size_px), begins


def _between(one: Pose, other: Pose, share: float, pause_s: float) -> Pose:
    return replace(
        one,
        t_s=one.t_s + share * pause_s,
        image_px=(1 - share) * one.image_px + share * other.image_px,
        world_m=(1 - share) * one.world_m + share * other.world_m,
    )


def test_two_exercises_one_after_the_other_are_judged_each_by_its_own() -> None:
    first = squats(StickFigure(), [Squat()] * 4)
    second = lunges(Lunge(), Lunge("right"), Lunge())
    track, (_, begin_s) = joined(first, second)
    said = recognize(track)
    assert (said.exercise.id, said.exercise.name) == ("several", "Squat and lunge")
    assert re.fullmatch(r"Recognized: squat \(\d–\d+ s\), then lunge \(\d+–\d+ s\)\.", said.reason)
    assert said.confidence == min(part.confidence for part in said.parts) > 0.9
    report = analyze_recording(track, INFO, said)
    squat, lunge = report.segments
    alone = analyze_recording(first, INFO, EXERCISES["squat"])
    assert [rep.verdicts for rep in squat.report.reps] == [rep.verdicts for rep in alone.reps]
    assert [rep.span.side for rep in lunge.report.reps] == ["left", "right", "left"]
    assert squat.start_s < squat.end_s < begin_s < lunge.start_s < lunge.end_s
    assert squat.start_s == pytest.approx(squat.report.reps[0].span.start_s, abs=0.3)
    assert lunge.end_s == pytest.approx(lunge.report.reps[-1].span.end_s, abs=0.3)
    assert (report.exercise.of, report.reps, report.holds) == ("segments", (), ())
    assert report.summary.reps_counted == 7
    assert report.summary.passed == sum(p.summary.passed for p in report.by_exercise)
    assert len(report.series.t_s) == len(track)
    assert [p.exercise.id for p in report.by_exercise] == ["squat", "lunge"]
    assert report.provenance["exercise"] == ["squat", "lunge"]


RENDERED = {
    "clean-side-left": "squat",
    "clean-rear": "squat",
    "squat-SQ01-slight-side-right": "squat",
    "lunge-forward-side-left": "lunge",
    "nerve-glide-seated-front": "nerve-glide",
    "bridge-front": "bridge",
    "walking-side-right": "",
    "arm-raises-side-left": "",
}
"""Recorded clip of somebody for development → what is to be found in it."""


@pytest.mark.parametrize(
    "clips",
    [
        ("clean-side-left", "lunge-forward-side-left"),
        ("lunge-forward-side-left", "clean-rear"),
        ("nerve-glide-seated-front", "squat-SQ01-slight-side-right"),
        ("bridge-front", "lunge-forward-side-left", "clean-rear"),
        ("clean-side-left", "walking-side-right", "lunge-forward-side-left"),
        ("clean-rear", "arm-raises-side-left"),
        ("clean-side-left", "squat-SQ01-slight-side-right"),
    ],
    ids=" then ".join,
)
def test_rendered_people_doing_several_exercises(clips: tuple[str, ...]) -> None:
    tracks = [PoseTrack.load(GATE / f"development-{clip}" / "poses.npz") for clip in clips]
    track, begins = joined(*tracks)
    said = recognize(track)
    wanted: list[tuple[str, int]] = []
    for clip, alone in zip(clips, tracks, strict=True):
        if name := RENDERED[clip]:
            count = analyze_recording(alone, INFO, EXERCISES[name]).summary.reps_counted
            more = wanted.pop()[1] if wanted and wanted[-1][0] == name else 0
            wanted.append((name, count + more))
    report = analyze_recording(track, INFO, said)
    counted = [(p.exercise.id, p.summary.reps_counted) for p in report.by_exercise]
    assert counted == wanted, said.reason
    if len(begins) == len(report.segments):
        assert all(s.start_s >= at - 1.0 for s, at in zip(report.segments, begins, strict=True))


def test_only_the_given_exercises_are_told_apart() -> None:
    track = squats(StickFigure(), [Squat()] * 2)
    assert recognize(track, [EXERCISES["lunge"]]).exercise is NONE


# From pictures, from a recording: the same

TRACK = squats(StickFigure(), [Squat()] * 2)
INFO = SourceInfo("made-up", 0.0, 0, 30.0, *SIZE_PX, 0, "abc")
BLACK = np.zeros((SIZE_PX[1] // 8, SIZE_PX[0] // 8, 3), np.uint8)


def pictures() -> ListSource:
    return ListSource([Frame(i, float(t), BLACK, SIZE_PX) for i, t in enumerate(TRACK.t_s)], INFO)


def same(one: Report, other: Report) -> bool:
    return (one.exercise, one.reps, one.summary, one.provenance, one.quality) == (
        other.exercise,
        other.reps,
        other.summary,
        other.provenance,
        other.quality,
    )


def test_pictures_and_their_recording_give_the_same_report(tmp_path: Path) -> None:
    path, done, refiner = tmp_path / "poses.npz", [], angle_refiner()
    source = pictures()
    track = record_frames(
        source, FakePose(list(TRACK)), progress=lambda n, _: done.append(n), recording=path
    )
    assert done == list(range(1, len(TRACK) + 1))
    chosen = recognize(track, refiner=refiner)
    drawn = analyze_frames(pictures(), RecordedPoses(track), chosen, refiner=refiner)
    assert drawn.exercise.id == "squat"
    assert drawn.exercise.chosen_by == "recognizer"
    assert drawn.exercise.confidence == chosen.confidence > 0.9
    assert drawn.exercise.reason.startswith("Recognized: squat (2 repetitions)")
    loaded = PoseTrack.load(path)
    again = analyze_recording(loaded, source.info, recognize(loaded), warnings=source.warnings)
    assert same(again, drawn)
    named = analyze_frames(pictures(), FakePose(list(TRACK)), EXERCISES["squat"])
    assert named.reps == drawn.reps
    assert (named.exercise.chosen_by, named.exercise.reason) == ("user", "")


def test_none_of_them_is_a_report_without_repetitions() -> None:
    track = track_of(still(bodies.STANDING))
    chosen = recognize(track)
    report = analyze_recording(track, INFO, chosen)
    assert report.exercise.id == "none"
    assert len(report.reps) + len(report.partial_reps) + len(report.holds) == 0
    assert math.isnan(report.summary.score)
    assert not report.quality.warnings
