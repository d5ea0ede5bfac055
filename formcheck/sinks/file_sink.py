"""A sink that writes one file when the report is there."""

from __future__ import annotations

from pathlib import Path

from formcheck.atomic import AtomicFile
from formcheck.frame import Frame
from formcheck.results import Report, Tick


class FileSink:
    """Writes what `content` makes of the report; subclasses say what that is.

    Parameters
    ----------
    path
        Where it goes; the folder must exist.
    """

    def __init__(self, path: Path) -> None:
        self._file = AtomicFile(path)

    def content(self, report: Report) -> bytes:
        """Return what the file is to hold."""
        raise NotImplementedError

    def on_tick(self, tick: Tick, frame: Frame | None) -> None:  # noqa: ARG002
        """Make sure early that the file can be written."""
        self._file.reserve()

    def finish(self, report: Report) -> None:
        """Write the file.

        Raises
        ------
        CannotWrite
            The folder is missing, not writable, or the disk is full.
        """
        self._file.write(self.content(report))

    def abort(self) -> None:
        """Leave nothing behind."""
        self._file.discard()
