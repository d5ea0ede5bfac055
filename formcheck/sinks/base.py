"""What every listener to an analysis can do."""

from __future__ import annotations

from typing import Protocol

from formcheck.frame import Frame
from formcheck.results import Report, Tick

DEFAULT_VIDEO_SIDE = 1280
"""Longest side of the annotated video in pixels: full HD takes as much processor time as the
pose model, and on a small machine would slow it down."""


class Sink(Protocol):
    """Listens to an analysis and makes something of it.

    What a sink writes appears under its final name in `finish`, whole; until then, and
    after `abort`, nothing is there.
    """

    def on_tick(self, tick: Tick, frame: Frame | None) -> None:
        """Take one frame's result; `frame` is None when only landmarks are known."""

    def finish(self, report: Report) -> None:
        """Complete the output.

        Raises
        ------
        SinkError
            It could not be written.
        """

    def abort(self) -> None:
        """Throw away what was begun; never raises, safe after `finish`."""
