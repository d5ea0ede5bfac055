"""Counts on real clips whose repetitions somebody has counted.

``python -m benchmarks.footage FOLDER`` reads ``FOLDER/index.csv`` (columns ``file``,
``exercise``, ``scope``, ``reps``) and ``FOLDER/clips/``, and checks every clip as the
given exercise, the same way as ``formcheck check``. Clips of another exercise, and those
of scope ``negative``, must give no repetition. Prints a table and how many are exact.
"""

from __future__ import annotations

import argparse
import csv
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.progress import track
from rich.table import Table

from formcheck.estimators.mediapipe_pose import MediaPipePose
from formcheck.exercises.load import exercise_ids, load_exercise
from formcheck.pipeline import analyze_frames
from formcheck.sources import open_source


@dataclass(frozen=True)
class Clip:
    """One row of the index."""

    file: str
    exercise: str
    scope: str
    reps: int
    variant: str = ""
    """What kind of the exercise it is, in words, if the index says so."""


@dataclass(frozen=True)
class Result:
    """What was counted in one clip, and what should have been."""

    clip: Clip
    wanted: int
    counted: int
    partial: int
    view: str
    score: float
    why_partial: str

    @property
    def exact(self) -> bool:
        """Whether the count is right."""
        return self.counted == self.wanted


def read_index(folder: Path) -> list[Clip]:
    with (folder / "index.csv").open(newline="", encoding="utf-8") as file:
        return [
            Clip(
                row["file"],
                row["exercise"],
                row["scope"],
                int(row["reps"]),
                row.get("variant") or "",
            )
            for row in csv.DictReader(file)
        ]


def measure(folder: Path, exercise: str, clip: Clip) -> Result:
    """Check one clip from end to end."""
    with open_source(folder / "clips" / clip.file) as source, MediaPipePose() as estimator:
        report = analyze_frames(source, estimator, load_exercise(exercise))
    return Result(
        clip=clip,
        wanted=clip.reps if clip.exercise == exercise else 0,
        counted=report.summary.reps_counted,
        partial=report.summary.reps_partial,
        view=report.view.name,
        score=report.summary.score,
        why_partial="; ".join(sorted({r.span.reason for r in report.partial_reps})),
    )


def measure_all(folder: Path, exercise: str, jobs: int, scope: str | None) -> list[Result]:
    clips = [c for c in read_index(folder) if scope is None or c.scope == scope]
    with ProcessPoolExecutor(jobs) as pool:
        done = pool.map(partial(measure, folder, exercise), clips)
        return list(track(done, "Checking clips", total=len(clips), transient=True))


def as_table(results: list[Result], exercise: str) -> Table:
    table = Table(title=f"checked as {exercise}")
    for name in ("clip", "is", "scope", "true", "counted", "partial", "view", "score", ""):
        right = name in {"true", "counted", "partial", "score"}
        table.add_column(name, justify="right" if right else "left", overflow="fold")
    for r in results:
        cells = (r.clip.file, r.clip.exercise, r.clip.scope, r.wanted, r.counted, r.partial)
        mark = "" if r.exact else f"[red]off by {r.counted - r.wanted:+d}[/]"
        score = f"{r.score:.0f}" if r.counted else ""
        table.add_row(*map(str, cells), r.view, score, mark)
    return table


def summary(results: list[Result], exercise: str) -> list[str]:
    """Return how many are exact, of each kind of clip."""
    kinds = {
        f"{exercise}, core": [
            r for r in results if r.clip.exercise == exercise and r.clip.scope == "core"
        ],
        f"{exercise}, extended": [
            r for r in results if r.clip.exercise == exercise and r.clip.scope == "extended"
        ],
        "negative": [r for r in results if r.clip.scope == "negative"],
        "other exercises": [
            r
            for r in results
            if r.clip.exercise not in {exercise, "none"} and r.clip.scope != "negative"
        ],
    }
    return [
        f"{kind}: {sum(r.exact for r in rows)} of {len(rows)} exact"
        for kind, rows in kinds.items()
        if rows
    ]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.footage", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--exercise", default="squat", choices=exercise_ids())
    parser.add_argument("--scope", help="only clips of this scope, such as core")
    parser.add_argument("--jobs", type=int, default=2, help="processes at a time")
    wanted = parser.parse_args()
    if not (wanted.folder / "index.csv").is_file():
        sys.exit(f"There is no index.csv in '{wanted.folder}'.")
    results = measure_all(wanted.folder, wanted.exercise, wanted.jobs, wanted.scope)
    console = Console()
    console.print(as_table(results, wanted.exercise))
    for line in summary(results, wanted.exercise):
        console.print(line)


if __name__ == "__main__":
    main()
