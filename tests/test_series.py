from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from formcheck import series
from formcheck.analyzer import Analyzer
from formcheck.exercises.load import load_exercise
from formcheck.pose import Pose, PoseTrack
from formcheck.results import Reading
from formcheck.samples import FOLDER
from formcheck.series import SeriesRecorder
from formcheck.sources.recording import source_of


def recorder(frames: int, keep_s: float = math.inf) -> SeriesRecorder:
    kept = SeriesRecorder(["knee_deg"], keep_s)
    for i in range(frames):
        kept.add(i / 10, {"knee_deg": Reading(float(i), 1.0)})
    return kept


def test_everything_is_kept_unless_told_otherwise() -> None:
    kept = recorder(1000)
    assert len(kept) == 1000
    assert kept.window(0, 99.9).values["knee_deg"].tolist() == list(range(1000))
    assert len(kept.series().t_s) == 1000


def test_only_the_latest_can_be_looked_up_when_memory_is_limited() -> None:
    kept = recorder(1000, keep_s=10.0)
    assert kept.window(89.9, 99.9).values["knee_deg"].tolist() == list(range(899, 1000))
    assert len(kept.window(0, 70).t_s) == 0
    assert len(kept) == 1000


def test_a_short_series_is_whole_and_a_long_one_is_thinned_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(series, "OVERVIEW_FRAMES", 64)
    assert recorder(63, 1.0).series().values["knee_deg"].tolist() == list(range(63))
    long = recorder(1000, 1.0).series()
    assert len(long.t_s) <= 64
    steps = np.diff(long.values["knee_deg"])
    assert set(steps) == {steps[0]}
    assert long.t_s[0] == 0
    assert long.t_s[-1] > 95


def test_what_is_kept_changes_no_result() -> None:
    track = PoseTrack.load(FOLDER / "squat" / "poses.npz")
    reports = []
    for keep_s in (math.inf, 30.0):
        analyzer = Analyzer(load_exercise("squat"), track.size_px, keep_s=keep_s)
        ticks = [analyzer.feed(pose) for pose in track]
        report = analyzer.finish(source_of(track))
        reports.append((repr(report.reps), repr(report.summary), len(ticks)))
    assert reports[0] == reports[1]


def later(pose: Pose, seconds: float) -> Pose:
    return replace(pose, t_s=pose.t_s + seconds)


def test_an_interruption_counts_for_nothing() -> None:
    track = PoseTrack.load(FOLDER / "squat" / "poses.npz")
    analyzer = Analyzer(load_exercise("squat"), track.size_px)
    poses = list(track)
    for pose in poses[:300]:
        analyzer.feed(pose)
    analyzer.interrupt()
    for pose in poses[300:]:
        analyzer.feed(later(pose, 100.0))
    quality = analyzer.finish(source_of(track)).quality
    assert quality.effective_fps == pytest.approx(30.0, abs=0.1)
    assert not any("frames a second" in w for w in quality.warnings)
