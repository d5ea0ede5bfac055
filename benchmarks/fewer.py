"""What it costs in accuracy to look at every N-th frame only.

``python -m benchmarks.fewer`` judges the recordings of the samples and of the gate, whose true
counts are known, with all their frames and with fewer, and compares: how many clips are counted
exactly, how far scores move, and how many verdicts turn into their opposite. Recorded poses are
thinned out; the pose model itself, which also follows people less well from further apart
pictures, is not run again.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from formcheck.exercises.load import load_exercise
from formcheck.pipeline import analyze_recording
from formcheck.pose import PoseTrack
from formcheck.results import Report, Status
from formcheck.sources.recording import source_of

ROOT = Path(__file__).parents[1]
STEPS = (1, 2, 3, 4, 6)
KNOWN = {"squat", "lunge", "bridge", "pelvic-tilt", "nerve-glide"}


def recordings() -> list[tuple[PoseTrack, str, int]]:
    """Return recordings, their exercise and the true number of repetitions."""
    found = []
    for labels in sorted(
        (*ROOT.glob("samples/*/labels.toml"), *ROOT.glob("benchmarks/gate/*/labels.toml"))
    ):
        told = tomllib.loads(labels.read_text("utf-8"))
        poses = labels.with_name("poses.npz")
        if poses.is_file() and told.get("exercise") in KNOWN and told.get("reps_counted"):
            found.append((PoseTrack.load(poses), told["exercise"], told["reps_counted"]))
    return found


def thinned(track: PoseTrack, every: int) -> PoseTrack:
    poses = [track[i] for i in range(0, len(track), every)]
    return PoseTrack.from_poses(poses, track.size_px, track.meta, track.skeleton)


def judged(track: PoseTrack, exercise: str) -> Report:
    return analyze_recording(track, source_of(track), load_exercise(exercise))


def opposite(one: Report, other: Report) -> Counter[bool]:
    """Count the verdicts, clear in both, that are the same (False) and opposite (True)."""
    found: Counter[bool] = Counter()
    if len(one.reps) != len(other.reps):
        return found
    for a, b in zip(one.reps, other.reps, strict=True):
        for v, w in zip(a.verdicts, b.verdicts, strict=True):
            if Status.UNCLEAR not in {v.status, w.status}:
                found[v.status is not w.status] += 1
    return found


def main() -> None:
    clips = recordings()
    table = Table(title=f"{len(clips)} clips with repetitions, every N-th frame")
    for name in (
        "N",
        "frames a second",
        "counted exactly",
        "off by one",
        "score moves",
        "opposite",
    ):
        table.add_column(name, justify="right")
    whole = [judged(track, exercise) for track, exercise, _ in clips]
    for every in STEPS:
        reports = [judged(thinned(track, every), exercise) for track, exercise, _ in clips]
        off = [abs(len(r.reps) - n) for r, (_, _, n) in zip(reports, clips, strict=True)]
        moved = [
            abs(a.summary.score - b.summary.score) for a, b in zip(reports, whole, strict=True)
        ]
        verdicts: Counter[bool] = Counter()
        for a, b in zip(whole, reports, strict=True):
            verdicts += opposite(a, b)
        rates = sorted(report.quality.effective_fps for report in reports)
        table.add_row(
            str(every),
            f"{rates[0]:.0f} to {rates[-1]:.0f}",
            f"{100 * np.mean([o == 0 for o in off]):.0f} %",
            f"{100 * np.mean([o == 1 for o in off]):.0f} %",
            f"{np.nanmean(moved):.1f}",
            f"{100 * verdicts[True] / max(1, verdicts.total()):.1f} %",
        )
    Console().print(table)


if __name__ == "__main__":
    main()
