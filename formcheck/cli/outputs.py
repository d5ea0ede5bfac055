"""Where the results of a check go: which files, and the folder that they are in."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from formcheck.errors import CannotWrite
from formcheck.exercises.definition import Exercise
from formcheck.recognize import Recognition
from formcheck.results import Report
from formcheck.sinks.base import Sink

REPORT, TABLE, HOLDS, VIDEO, PAGE = (
    "report.json",
    "reps.csv",
    "holds.csv",
    "annotated.mp4",
    "report.html",
)


class Hidden(StrEnum):
    """What pictures must not show; the words of `formcheck.overlay.privacy.Privacy`."""

    OPEN = "open"
    BLUR_FACE = "blur-face"
    SKELETON_ONLY = "skeleton-only"


@dataclass(frozen=True, slots=True)
class Outputs:
    """Where results should go."""

    clip: Path
    out: Path | None
    json: str | None
    video_size: int | None
    """None for no annotated video."""
    hidden: Hidden = Hidden.OPEN

    def prepare(self, stack: ExitStack) -> None:
        """Make the folder: that it can't be written should be known before all the work."""
        if self.out is not None:
            stack.enter_context(_OutFolder(self.out))

    @property
    def drawn(self) -> bool:
        """Whether pictures are needed."""
        return self.out is not None

    def sinks(self, chosen: Exercise | Recognition) -> list[Sink]:
        """Return the outputs that were asked for; the one most likely to fail comes first."""
        sinks = [] if self.out is None else self._files(self.out, chosen)
        if self.json is not None:
            from formcheck.sinks.json_sink import JsonSink, JsonStreamSink

            to_stdout = self.json == "-"
            sinks.append(JsonStreamSink(sys.stdout) if to_stdout else JsonSink(Path(self.json)))
        return sinks

    def _files(self, out: Path, chosen: Exercise | Recognition) -> list[Sink]:
        from formcheck.overlay.privacy import Privacy
        from formcheck.sinks.csv_sink import CsvSink
        from formcheck.sinks.json_sink import JsonSink
        from formcheck.sinks.page_sink import PageSink

        privacy = Privacy(self.hidden.value)
        sinks: list[Sink] = []
        if self.video_size is not None:
            from formcheck.overlay.compose import default_overlay
            from formcheck.sinks.video_sink import AnnotatedVideoSink

            silent = not self.clip.is_file() or privacy is Privacy.SKELETON_ONLY
            video = AnnotatedVideoSink(
                out / VIDEO,
                overlay=default_overlay(privacy=privacy),
                audio_from=None if silent else self.clip,
                max_side=self.video_size,
            )
            sinks.append(video)
        exercises = _exercises(chosen)
        # A table of repetitions (False), of holds (True), or both.
        kinds = sorted({exercise.hold is not None for exercise in exercises})
        sinks += [CsvSink(out / _table(holds=holds), holds=holds) for holds in kinds]
        return [*sinks, JsonSink(out / REPORT), PageSink(out, *exercises, privacy=privacy)]


def written(out: Path, report: Report) -> list[str]:
    """Return the files that are there."""
    kinds = {part.exercise.of == "holds" for part in report.by_exercise}
    tables = [_table(holds=holds) for holds in sorted(kinds)]
    return [name for name in (PAGE, REPORT, *tables, VIDEO) if (out / name).exists()]


def _exercises(chosen: Exercise | Recognition) -> list[Exercise]:
    if isinstance(chosen, Exercise):
        return [chosen]
    return [part.exercise for part in chosen.parts] or [chosen.exercise]


def _table(*, holds: bool) -> str:
    return HOLDS if holds else TABLE


class _OutFolder:
    """The folder for outputs: made if need be, and removed again if nothing came of it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._made = False

    def __enter__(self) -> None:
        try:
            self._made = not self._path.exists()
            self._path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            msg = (
                f"Could not make the folder '{self._path}': {error.strerror or error}. "
                "Choose another with --out."
            )
            raise CannotWrite(msg) from error

    def __exit__(self, *_: object) -> None:
        if self._made and not any(self._path.iterdir()):
            self._path.rmdir()
