"""From a source to a report, with pictures that are made up and poses that are known."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from formcheck.errors import CannotOpen, CannotWrite, ModelCorrupt
from formcheck.estimators.fake import FakePose
from formcheck.exercises.load import load_exercise
from formcheck.frame import Frame, SourceInfo
from formcheck.pipeline import (
    analyze_frames,
    analyze_recording,
    read_ahead,
    recognize,
    recognize_frames,
    record_frames,
)
from formcheck.pose import Pose, PoseTrack
from formcheck.results import Report, Tick
from formcheck.sources.fake import ListSource
from formcheck.sources.synthetic import SIZE_PX, Squat, StickFigure, squats

SQUAT = load_exercise("squat")
TRACK = squats(StickFigure(), [Squat()] * 2)
INFO = SourceInfo("made-up", 0.0, 0, 30.0, *SIZE_PX, 0, "abc")
BLACK = np.zeros((SIZE_PX[1] // 8, SIZE_PX[0] // 8, 3), np.uint8)


def frames() -> list[Frame]:
    return [Frame(i, float(t), BLACK, SIZE_PX) for i, t in enumerate(TRACK.t_s)]


class Listener:
    """A sink that remembers what it was told, and fails when asked to."""

    def __init__(self, fail_at: int = -1, error: type[Exception] = ValueError) -> None:
        self.ticks: list[Tick] = []
        self.report: Report | None = None
        self.aborted = False
        self.fail_at = fail_at
        self.error = error

    def on_tick(self, tick: Tick, frame: Frame | None) -> None:  # noqa: ARG002
        if tick.index == self.fail_at:
            msg = "broken"
            raise self.error(msg)
        self.ticks.append(tick)

    def finish(self, report: Report) -> None:
        self.report = report

    def abort(self) -> None:
        self.aborted = True


def test_frames_become_a_report_and_everybody_is_told() -> None:
    one, two, done = Listener(), Listener(), []
    report = analyze_frames(
        ListSource(frames(), INFO),
        FakePose(list(TRACK)),
        SQUAT,
        [one, two],
        progress=lambda n, _: done.append(n),
    )
    assert report.summary.reps_counted == 2
    assert [t.index for t in one.ticks] == [t.index for t in two.ticks] == list(range(len(TRACK)))
    assert one.report is two.report is report
    assert not one.aborted
    assert done == list(range(1, len(TRACK) + 1))
    assert report.provenance["source_sha256"] == "abc"


def test_a_recording_of_the_frames_gives_the_same_report(tmp_path: Path) -> None:
    path = tmp_path / "poses.npz"
    live = analyze_frames(ListSource(frames(), INFO), FakePose(list(TRACK)), SQUAT, recording=path)
    again = analyze_recording(PoseTrack.load(path), live.source, SQUAT)
    assert again.reps == live.reps
    assert again.summary == live.summary
    assert again.view == live.view
    assert again.provenance == live.provenance
    for name, values in live.series.values.items():
        np.testing.assert_array_equal(values, again.series.values[name])


def test_an_unexpected_failure_of_one_sink_stops_neither_the_analysis_nor_the_others(
    caplog: pytest.LogCaptureFixture,
) -> None:
    bad, good = Listener(fail_at=5), Listener()
    with caplog.at_level(logging.ERROR):
        report = analyze_frames(
            ListSource(frames(), INFO), FakePose(list(TRACK)), SQUAT, [bad, good]
        )
    assert good.report is report
    assert bad.aborted
    assert bad.report is None
    assert report.quality.warnings == ("Listener failed unexpectedly; its output is missing.",)
    assert "broken" in caplog.text


def test_a_sink_that_cannot_write_ends_the_analysis_and_nothing_is_finished() -> None:
    good, bad = Listener(), Listener(fail_at=5, error=CannotWrite)
    with pytest.raises(CannotWrite, match="broken"):
        analyze_frames(ListSource(frames(), INFO), FakePose(list(TRACK)), SQUAT, [good, bad])
    assert good.aborted
    assert bad.aborted
    assert good.report is None


def test_interrupting_aborts_everything_and_leaves_no_thread_behind() -> None:
    sink = Listener(fail_at=5, error=KeyboardInterrupt)  # type: ignore[arg-type]
    with pytest.raises(KeyboardInterrupt):
        analyze_frames(ListSource(frames(), INFO), FakePose(list(TRACK)), SQUAT, [sink])
    assert sink.aborted
    assert not [t for t in threading.enumerate() if t.name == "formcheck-ahead"]


class Stuck(FakePose):
    """A pose model that fails at the fourth frame."""

    def estimate(self, frame: Frame) -> Pose:
        if frame.index == 3:
            msg = "the pose model is gone"
            raise ModelCorrupt(msg)
        return super().estimate(frame)


def test_an_error_of_the_pose_model_ends_everything() -> None:
    sink = Listener()
    with pytest.raises(ModelCorrupt, match="the pose model is gone"):
        analyze_frames(ListSource(frames(), INFO), Stuck(list(TRACK)), SQUAT, [sink])
    assert sink.aborted
    assert [tick.index for tick in sink.ticks] == [0, 1, 2]
    assert not [t for t in threading.enumerate() if t.name == "formcheck-ahead"]


class Changing(FakePose):
    """A pose model that says at the end that it followed somebody else at first."""

    notes = ()
    people = 1

    def __init__(self) -> None:
        still = [
            replace(pose, t_s=other.t_s)
            for pose, other in zip([TRACK[0]] * len(TRACK), TRACK, strict=True)
        ]
        super().__init__(still)
        self.corrections = {pose.t_s: pose for pose in TRACK}

    def forget_corrections(self) -> None:
        self.corrections = {}


@pytest.mark.parametrize("estimator", [lambda: FakePose(list(TRACK)), Changing])
def test_recognizing_meanwhile_is_the_same_as_afterwards(estimator: Callable[[], FakePose]) -> None:
    track, meanwhile = recognize_frames(ListSource(frames(), INFO), estimator())
    recorded = record_frames(ListSource(frames(), INFO), estimator())
    np.testing.assert_array_equal(track.image_px, recorded.image_px)
    np.testing.assert_array_equal(track.image_px, TRACK.image_px)
    assert meanwhile.exercise.id == "squat"
    afterwards = recognize(recorded)
    assert (meanwhile.exercise, meanwhile.confidence, meanwhile.reason) == (
        *(afterwards.exercise, afterwards.confidence),
        afterwards.reason,
    )


class Broken(ListSource):
    """A source that fails after three frames."""

    def __iter__(self) -> Iterator[Frame]:
        for i, frame in enumerate(super().__iter__()):
            if i == 3:
                msg = "the disk is gone"
                raise CannotOpen(msg)
            yield frame


def test_an_error_in_the_source_arrives_after_the_frames_before_it() -> None:
    stream = read_ahead(Broken(frames(), INFO))
    assert [next(stream).index for _ in range(3)] == [0, 1, 2]
    with pytest.raises(CannotOpen, match="the disk is gone"):
        next(stream)


def test_a_reader_that_stops_early_ends_the_thread() -> None:
    stream = read_ahead(ListSource(frames(), INFO), depth=2)
    assert next(stream).index == 0
    stream.close()
    assert not [t for t in threading.enumerate() if t.name == "formcheck-ahead"]


def test_decoding_stays_only_a_few_frames_ahead() -> None:
    given: list[int] = []

    class Counting(ListSource):
        def __iter__(self) -> Iterator[Frame]:
            for frame in super().__iter__():
                given.append(frame.index)
                yield frame

    stream = read_ahead(Counting(frames(), INFO), depth=2)
    next(stream)
    threading.Event().wait(0.3)
    assert max(given) <= 4
    stream.close()
