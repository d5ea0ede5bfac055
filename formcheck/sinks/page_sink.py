"""The report as a page, with the readings and pictures that it is made of."""

from __future__ import annotations

import contextlib
import re
from pathlib import Path

from formcheck.atomic import AtomicFile, cannot_write
from formcheck.exercises.definition import Exercise
from formcheck.frame import Frame
from formcheck.overlay.privacy import Privacy
from formcheck.report.document import to_document
from formcheck.report.html import PAGE, PICTURES, VIDEO, render_report
from formcheck.report.model import Attachments
from formcheck.report.readings import FILE_NAME as READINGS
from formcheck.report.readings import curves_of, to_table
from formcheck.results import Report, Tick
from formcheck.sinks.snapshots import Snapshots

OURS = re.compile(r"(\d+-)?(rep|partial|hold)-\d+")
"""Names of pictures that this sink writes."""


class PageSink:
    """Writes ``report.html``, ``readings.csv`` and the folder ``pictures``.

    Parameters
    ----------
    folder
        Where they go; it must exist.
    exercises
        What is judged: one, or all those that the clip holds.
    privacy
        What pictures must not show.
    """

    def __init__(self, folder: Path, *exercises: Exercise, privacy: Privacy = Privacy.OPEN) -> None:
        self._folder = folder
        self._snapshots = Snapshots(*exercises, privacy=privacy)
        self._files = {name: AtomicFile(folder / name) for name in (READINGS, PAGE)}

    def on_tick(self, tick: Tick, frame: Frame | None) -> None:
        """Look at one frame, and make sure early that files can be written."""
        for file in self._files.values():
            file.reserve()
        self._snapshots.on_tick(tick, frame)

    def finish(self, report: Report) -> None:
        """Write the page and what belongs to it.

        Raises
        ------
        CannotWrite
            The folder is not writable, or the disk is full.
        """
        document = to_document(report)
        curves = curves_of(report.series, document)
        pictures = self._snapshots.pictures(report)
        video = VIDEO if (self._folder / VIDEO).is_file() else ""
        page = render_report(document, Attachments(curves, pictures, video))
        self._write_pictures(pictures)
        self._files[READINGS].write(to_table(curves).encode())
        self._files[PAGE].write(page.encode("utf-8", errors="backslashreplace"))

    def abort(self) -> None:
        """Leave nothing behind."""
        for file in self._files.values():
            file.discard()

    def _write_pictures(self, pictures: dict[str, bytes]) -> None:
        folder = self._folder / PICTURES
        try:
            if pictures:
                folder.mkdir(exist_ok=True)
        except OSError as error:
            raise cannot_write(folder, error) from error
        _clear(folder, keep=set(pictures))
        for key, jpeg in pictures.items():
            AtomicFile(folder / f"{key}.jpg").write(jpeg)


def _clear(folder: Path, keep: set[str]) -> None:
    """Remove the pictures of an earlier check of another clip."""
    for path in folder.glob("*.jpg"):
        if OURS.fullmatch(path.stem) and path.stem not in keep:
            with contextlib.suppress(OSError):
                path.unlink()
