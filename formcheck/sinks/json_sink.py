"""The report as JSON, in a file or on a stream."""

from __future__ import annotations

from typing import TextIO

from formcheck.atomic import cannot_write, write_all
from formcheck.frame import Frame
from formcheck.report.document import to_bytes, to_document
from formcheck.results import Report, Tick
from formcheck.sinks.file_sink import FileSink


class JsonSink(FileSink):
    """Writes the report to a file."""

    def content(self, report: Report) -> bytes:
        """Return the report as JSON."""
        return to_bytes(to_document(report))


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
