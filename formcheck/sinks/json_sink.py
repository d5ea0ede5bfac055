"""The report as JSON, in a file or on a stream."""

from __future__ import annotations

from pathlib import Path
from typing import TextIO

from formcheck.atomic import AtomicFile, cannot_write, write_all
from formcheck.frame import Frame
from formcheck.report.document import to_bytes, to_document
from formcheck.results import Report, Tick


class JsonSink:
    """Writes the report to a file.

    Parameters
    ----------
    path
        Where it goes; the folder must exist.
    """

    def __init__(self, path: Path) -> None:
        self._file = AtomicFile(path)

    def on_tick(self, tick: Tick, frame: Frame | None) -> None:  # noqa: ARG002
        """Make sure early that the file can be written."""
        self._file.reserve()

    def finish(self, report: Report) -> None:
        """Write the report.

        Raises
        ------
        CannotWrite
            The folder is missing, not writable, or the disk is full.
        """
        self._file.write(to_bytes(to_document(report)))

    def abort(self) -> None:
        """Leave nothing behind."""
        self._file.discard()


class JsonStreamSink:
    """Writes the report to an open text stream such as standard output, as UTF-8."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def on_tick(self, tick: Tick, frame: Frame | None) -> None:
        """Wait for the report."""

    def finish(self, report: Report) -> None:
        """Write the report.

        Raises
        ------
        CannotWrite
            The stream takes no more, as when its reader has gone.
        """
        content = to_bytes(to_document(report))
        try:
            self._stream.flush()
            binary = getattr(self._stream, "buffer", None)
            if binary is None:
                self._stream.write(content.decode("utf-8"))
                self._stream.flush()
            else:
                write_all(binary, content)
        except OSError as error:
            name = getattr(self._stream, "name", "stream")
            raise cannot_write(name, error) from error

    def abort(self) -> None:
        """Leave nothing behind: nothing was written yet."""
