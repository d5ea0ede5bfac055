"""What poses showed is remembered, and makes no difference."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from formcheck.analyzer import Analyzer
from formcheck.exercises.load import load_exercise
from formcheck.observing import Memory, Observer
from formcheck.pipeline import analyze_recording, recognize
from formcheck.pose import Pose, PoseTrack
from formcheck.refine.choose import LEARNED, PLAIN, angle_refiner
from formcheck.report.document import to_bytes, to_document
from formcheck.results import Report
from formcheck.sources.recording import source_of

SAMPLES = Path(__file__).parents[1] / "samples"


@pytest.fixture(scope="module")
def track() -> PoseTrack:
    return PoseTrack.load(SAMPLES / "squat-good/poses.npz")


def remembered(track: PoseTrack, angles: str = LEARNED) -> Memory:
    observer = Observer(track.size_px, refiner=angle_refiner(angles), remember=True)
    for pose in track:
        observer.feed(pose)
    assert len(observer.memory) == len(track)
    return observer.memory


def judged(poses: list[Pose], track: PoseTrack, memory: Memory | None) -> Report:
    analyzer = Analyzer(load_exercise("squat"), track.size_px, memory=memory)
    for pose in poses:
        analyzer.feed(pose)
    return analyzer.finish(source_of(track))


def same(one: Report, other: Report) -> bool:
    values = [one.series.values, other.series.values]
    equal = [np.array_equal(values[0][n], values[1][n], equal_nan=True) for n in values[0]]
    return all(equal) and to_bytes(to_document(one)) == to_bytes(to_document(other))


def test_a_memory_changes_nothing_but_the_time(track: PoseTrack) -> None:
    poses = list(track)
    assert same(judged(poses, track, remembered(track)), judged(poses, track, None))


@pytest.mark.parametrize("angles", [LEARNED, PLAIN])
def test_other_poses_than_those_remembered_are_looked_at(track: PoseTrack, angles: str) -> None:
    memory = remembered(track, angles)
    poses = list(track)
    middle = len(poses) // 2
    nobody = [Pose.nobody(pose.t_s) for pose in poses[middle : middle + 5]]
    others = [*poses[:middle], *nobody, *poses[middle + 5 :]]
    assert same(judged(others, track, memory), judged(others, track, None))


def test_a_long_clip_is_not_remembered(track: PoseTrack) -> None:
    memory = Memory(most=3)
    observer = Observer(track.size_px)
    for pose in list(track)[:5]:
        memory.note(pose, observer.feed(pose))
    assert len(memory) == 0
    assert memory.recall(0, track[0]) is None


def test_what_was_recognized_is_judged_as_if_it_was_named(track: PoseTrack) -> None:
    recognition = recognize(track)
    assert recognition.memory is not None
    assert len(recognition.memory) == len(track)
    info = source_of(track)
    one = analyze_recording(track, info, recognition)
    other = analyze_recording(track, info, load_exercise("squat"))
    assert one.reps == other.reps
    assert one.summary == other.summary
