"""Counts on real clips whose repetitions somebody has counted.

``python -m benchmarks.footage FOLDER`` reads ``FOLDER/index.csv`` (columns ``file``,
``exercise``, ``scope``, ``reps``) and ``FOLDER/clips/``, and checks every clip as the
given exercise, the same way as ``formcheck check``. Clips of another exercise, and those
of scope ``negative``, must give no repetition. Prints a table and how many are exact.

``--exercise auto`` has the exercise recognized instead: those of scope ``negative``, and those
of exercises that formcheck does not know, must be none of them. With ``--recordings FOLDER``,
landmarks are kept there (``<file>.poses.npz``), and the pose model runs only once.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from rich.console import Console
from rich.progress import track
from rich.table import Table

from formcheck.estimators.exerciser import exerciser_pose
from formcheck.exercises.load import exercise_ids, load_exercise
from formcheck.exercises.none import NONE
from formcheck.pipeline import analyze_recording, recognize, record_frames
from formcheck.pose import PoseTrack
from formcheck.questions import LEVELS, STANDARD
from formcheck.recognize import Recognition
from formcheck.sources import open_recording, open_source
from formcheck.sources.recording import source_of

AUTO = "auto"
"""Instead of an exercise: recognize it."""


_T = TypeVar("_T")


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
    sure: bool
    """Whether the report stands by the count."""

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


@dataclass(frozen=True)
class Recognized:
    """What a clip was taken for, and what it should have been."""

    clip: Clip
    said: Recognition

    @property
    def wanted(self) -> str:
        """What it shows: one of the exercises, or none of them."""
        known = self.clip.exercise in exercise_ids() and self.clip.reps > 0
        return self.clip.exercise if known else NONE.id

    @property
    def exact(self) -> bool:
        """Whether that was recognized."""
        return self.said.exercise.id == self.wanted


def landmarks(folder: Path, recordings: Path | None, clip: Clip) -> PoseTrack:
    """Return what the pose model sees in a clip, or saw when it was recorded."""
    kept = recordings / f"{clip.file}.poses.npz" if recordings else None
    if kept is not None and kept.is_file():
        return open_recording(kept).track
    with open_source(folder / "clips" / clip.file) as source, exerciser_pose() as estimator:
        return record_frames(source, estimator, recording=kept)


def measure(folder: Path, exercise: str, recordings: Path | None, level: str, clip: Clip) -> Result:
    """Check one clip from end to end."""
    seen = landmarks(folder, recordings, clip)
    report = analyze_recording(
        seen, source_of(seen, clip.file), load_exercise(exercise, level=level)
    )
    return Result(
        clip=clip,
        wanted=clip.reps if clip.exercise == exercise else 0,
        counted=report.summary.holds or report.summary.reps_counted,
        partial=report.summary.reps_partial,
        view=report.view.name,
        score=report.summary.score,
        why_partial="; ".join(sorted({r.span.reason for r in report.partial_reps})),
        sure=not report.quality.count_doubts,
    )


def tell(folder: Path, recordings: Path | None, clip: Clip) -> Recognized:
    """Recognize the exercise of one clip."""
    return Recognized(clip, recognize(landmarks(folder, recordings, clip)))


def of_scope(folder: Path, scope: str | None) -> list[Clip]:
    """Return the clips of a scope, or all."""
    return [c for c in read_index(folder) if scope is None or c.scope == scope]


def measure_all(
    folder: Path,
    exercise: str,
    jobs: int,
    scope: str | None,
    recordings: Path | None = None,
    level: str = STANDARD,
) -> list[Result]:
    """Check all clips, or those of a scope."""
    one = partial(measure, folder, exercise, recordings, level)
    return _each(one, of_scope(folder, scope), jobs)


def tell_all(
    folder: Path, jobs: int, scope: str | None, recordings: Path | None = None
) -> list[Recognized]:
    """Recognize the exercise of all clips, or of those of a scope."""
    return _each(partial(tell, folder, recordings), of_scope(folder, scope), jobs)


def _each(work: Callable[[Clip], _T], clips: list[Clip], jobs: int) -> list[_T]:
    with ProcessPoolExecutor(jobs) as pool:
        done = pool.map(work, clips)
        return list(track(done, "Checking clips", total=len(clips), transient=True))


def as_table(results: list[Result], exercise: str) -> Table:
    table = Table(title=f"checked as {exercise}")
    for name in ("clip", "is", "scope", "true", "counted", "partial", "view", "score", ""):
        right = name in {"true", "counted", "partial", "score"}
        table.add_column(name, justify="right" if right else "left", overflow="fold")
    for r in results:
        cells = (r.clip.file, r.clip.exercise, r.clip.scope, r.wanted, r.counted, r.partial)
        mark = "" if r.exact else f"[red]off by {r.counted - r.wanted:+d}[/]"
        mark += "" if r.sure else " not sure"
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
        f"{kind}: {sum(r.exact for r in rows)} of {len(rows)} exact, "
        f"{sum(r.sure for r in rows)} said to be sure"
        for kind, rows in kinds.items()
        if rows
    ]


def as_table_of_names(results: list[Recognized]) -> Table:
    """Return what each clip was taken for."""
    table = Table(title="recognized")
    for name in ("clip", "scope", "is", "taken for", "surely", "found"):
        table.add_column(name, overflow="fold")
    for r in results:
        found = ", ".join(one.in_words() for one in r.said.found if one.times)
        name = r.said.exercise.id
        taken = name if r.exact else f"[red]{name}[/]"
        surely = f"{r.said.confidence:.2f}"
        table.add_row(r.clip.file, r.clip.scope, r.clip.exercise, taken, surely, found)
    return table


def summary_of_names(results: list[Recognized]) -> list[str]:
    """Return how many are right, of each scope, and of each exercise in it."""
    lines = []
    for scope in dict.fromkeys(r.clip.scope for r in results):
        rows = [r for r in results if r.clip.scope == scope]
        names = dict.fromkeys(r.clip.exercise for r in rows)
        parts = {name: [r.exact for r in rows if r.clip.exercise == name] for name in names}
        each = ", ".join(f"{name} {sum(part)} of {len(part)}" for name, part in parts.items())
        lines.append(f"{scope}: {sum(r.exact for r in rows)} of {len(rows)} right ({each})")
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.footage", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--exercise", default="squat", choices=[*exercise_ids(), AUTO])
    parser.add_argument("--level", default=STANDARD, choices=LEVELS, help="of a named exercise")
    parser.add_argument("--scope", help="only clips of this scope, such as core")
    parser.add_argument("--jobs", type=int, default=2, help="processes at a time")
    parser.add_argument("--recordings", type=Path, help="folder of landmarks, kept and used again")
    wanted = parser.parse_args()
    if not (wanted.folder / "index.csv").is_file():
        sys.exit(f"There is no index.csv in '{wanted.folder}'.")
    where = (wanted.jobs, wanted.scope, wanted.recordings)
    console = Console(highlight=False)
    if wanted.exercise == AUTO:
        told = tell_all(wanted.folder, *where)
        table, lines = as_table_of_names(told), summary_of_names(told)
    else:
        results = measure_all(wanted.folder, wanted.exercise, *where, wanted.level)
        table, lines = as_table(results, wanted.exercise), summary(results, wanted.exercise)
    console.print(table)
    for line in lines:
        console.print(line, soft_wrap=True)


if __name__ == "__main__":
    main()
