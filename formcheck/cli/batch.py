"""``formcheck batch``: many clips into one table."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)

from formcheck.batch.clips import RECORDING, Clip, find_clips
from formcheck.batch.local import Crew, LocalCrew, processors
from formcheck.batch.run import Batch, Counts
from formcheck.batch.settings import Limits, Settings
from formcheck.cli.download import model_progress
from formcheck.cli.errors import explained
from formcheck.cli.options import Angles, AnglesOption, ModelOption, VariantOption
from formcheck.cli.text import escape
from formcheck.errors import CannotWrite
from formcheck.exercises.levels import known_level
from formcheck.library import AUTO, find_exercise
from formcheck.questions import STANDARD

SOME_FAILED = 1
"""Exit status when all was done, but some clips could not be scored."""
_LINE_EVERY_S = 60.0


def batch(
    paths: Annotated[
        list[str],
        typer.Argument(
            help="Clips, folders, patterns such as 'clips/**/*.mp4', lists (.txt), or manifests "
            "(.csv with the columns clip, person, exercise, level, date).",
            show_default=False,
            metavar="PATHS...",
        ),
    ],
    out: Annotated[
        Path,
        typer.Option("--out", "-o", help="Folder for tables, overview and reports.", metavar="DIR"),
    ],
    exercise: Annotated[
        str,
        typer.Option(
            "--exercise",
            "-e",
            help="Of clips whose manifest names none: a name, a .toml file, or auto.",
        ),
    ] = AUTO,
    level: Annotated[
        str,
        typer.Option(
            "--level",
            help="Of clips whose manifest names none: gentle, standard or athletic.",
        ),
    ] = STANDARD,
    workers: Annotated[
        int,
        typer.Option("--workers", "-j", help="Processes; 0 for one a processor.", min=0),
    ] = 0,
    scheduler: Annotated[
        str | None,
        typer.Option(
            "--scheduler",
            help="Let the workers of a Dask scheduler do it, such as tcp://10.0.0.1:8786.",
            metavar="ADDRESS",
        ),
    ] = None,
    send: Annotated[
        bool,
        typer.Option(
            "--send", help="Send clips to those workers; otherwise they open the same paths."
        ),
    ] = False,
    video: Annotated[
        bool, typer.Option("--video", help="Make an annotated video of every clip.")
    ] = False,
    pages: Annotated[
        bool, typer.Option("--pages", help="Make a page (report.html) of every clip.")
    ] = False,
    every: Annotated[
        int, typer.Option("--every", help="Look at every N-th frame only.", min=1, metavar="N")
    ] = 1,
    max_fps: Annotated[
        float,
        typer.Option(
            "--max-fps",
            help="Frames a second that are enough: of faster clips some are left out. 0 for all.",
            min=0,
        ),
    ] = 0.0,
    model: ModelOption = None,
    model_variant: VariantOption = "full",
    angles: AnglesOption = Angles.LEARNED,
    fps: Annotated[
        float, typer.Option("--fps", help="Pictures a second of folders of pictures.", min=1)
    ] = 30.0,
    time_limit: Annotated[
        float,
        typer.Option(
            "--time-limit",
            help="Seconds that a clip may take, besides 30 for each second that it lasts.",
            min=1,
        ),
    ] = 60.0,
    memory_limit: Annotated[
        float,
        typer.Option("--memory-limit", help="MiB that a process may take; 0 for no limit.", min=0),
    ] = 3000.0,
    retry: Annotated[
        bool, typer.Option("--retry", help="Try clips again that failed before.")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but errors.")] = False,
) -> None:
    """Score many clips: a table of clips, one of repetitions, and a page about them all.

    Stopped at any time, it goes on where it was when started again. Exits with 0 when all clips
    were scored, 1 when some could not be, 2 when something was wrong with the rest.

    For example: formcheck batch clips --out results
    """
    with explained(), _ended_politely():
        clips = find_clips(paths, out)
        settings = Settings(
            exercise=exercise,
            level=level,
            angles=angles.value,
            model=str(model.absolute()) if model else None,
            variant=model_variant,
            every=every,
            max_fps=max_fps,
            fps=fps,
            video=video,
            pages=pages,
        )
        for wanted in {clip.level or level for clip in clips}:
            known_level(wanted)
        for name in {clip.exercise or exercise for clip in clips} - {AUTO}:
            find_exercise(name)
        _make(out)
        console = Console(stderr=True, highlight=False, soft_wrap=True)
        limits = Limits(time_s=time_limit, memory_mib=memory_limit)
        crew = _crew(scheduler, workers, limits, send=send)
        with _progress(len(clips), console, quiet=quiet) as tell:
            work = Batch(clips, settings, out, _model_sha256(clips, settings), crew, tell, retry)
            counts = work.run()
        if not quiet:
            _sum_up(console, counts, work, out)
        if counts.failed:
            raise typer.Exit(SOME_FAILED)


def _crew(scheduler: str | None, workers: int, limits: Limits, *, send: bool) -> Crew:
    if scheduler is None:
        return LocalCrew(workers or processors(), limits)
    from formcheck.batch.cluster import ClusterCrew

    return ClusterCrew(scheduler, limits, send=send)


def _model_sha256(clips: list[Clip], settings: Settings) -> str:
    """Return the checksum of the pose model, if one is needed; fetches it if it is not there."""
    if all(clip.path.endswith(RECORDING) for clip in clips):
        return ""
    from formcheck.estimators.model_store import ModelStore

    with model_progress() as progress:
        model = Path(settings.model) if settings.model else None
        return ModelStore().get(model, settings.variant, progress).sha256


def _make(out: Path) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        msg = (
            f"Could not make the folder '{out}': {error.strerror or error}. "
            "Choose another with --out."
        )
        raise CannotWrite(msg) from error


@contextmanager
def _ended_politely() -> Iterator[None]:
    """Treat being told to end like Ctrl-C: stop the workers and write what there is."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@dataclass(slots=True)
class _Lines:
    """Progress as a line now and then, for a log."""

    console: Console
    started: float = field(default_factory=time.monotonic)
    told: float = field(default_factory=time.monotonic)

    def __call__(self, counts: Counts) -> None:
        now = time.monotonic()
        if now - self.told < _LINE_EVERY_S and counts.done < counts.total:
            return
        self.told = now
        rate = (counts.done - counts.before) / max(now - self.started, 1e-9)
        self.console.print(
            f"{counts.done} of {counts.total} clips, {counts.failed} not scored, "
            f"{60 * rate:.1f} a minute"
        )


@dataclass(slots=True)
class _Bar:
    """Progress as a bar."""

    bar: Progress
    task: TaskID
    started: float = field(default_factory=time.monotonic)

    def __call__(self, counts: Counts) -> None:
        rate = (counts.done - counts.before) / max(time.monotonic() - self.started, 1e-9)
        failed = f", {counts.failed} not scored" if counts.failed else ""
        self.bar.update(self.task, completed=counts.done, rate=f"{60 * rate:.1f} a minute{failed}")


@contextmanager
def _progress(total: int, console: Console, *, quiet: bool) -> Iterator[_Lines | _Bar]:
    if quiet or not sys.stderr.isatty():
        yield _Lines(Console(quiet=True) if quiet else console)
        return
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("clips, {task.fields[rate]}"),
        TimeRemainingColumn(),
        console=console,
        transient=True,
    )
    with bar:
        yield _Bar(bar, bar.add_task("Scoring", total=total, rate=""))


def _sum_up(console: Console, counts: Counts, work: Batch, out: Path) -> None:
    before = f" ({counts.scored_before} of them earlier)" if counts.scored_before else ""
    failed = f", {counts.failed} could not be: clips.csv says why" if counts.failed else ""
    console.print(f"{counts.scored} of {counts.total} clips scored{before}{failed}.")
    console.print(f"Written to {escape(str(out))}: {', '.join(work.written)}")
