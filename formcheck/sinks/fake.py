"""A sink that remembers what it was told, for embedding and for tests."""

from __future__ import annotations

from formcheck.frame import Frame
from formcheck.results import Report, Tick


class ListSink:
    """Keeps all ticks and the report in memory; what was aborted is forgotten.

    Attributes
    ----------
    ticks
        In the order in which they came.
    frames
        The frame of each tick, or None where there was none.
    report
        The report, once it is there.
    """

    def __init__(self) -> None:
        self.ticks: list[Tick] = []
        self.frames: list[Frame | None] = []
        self.report: Report | None = None

    def on_tick(self, tick: Tick, frame: Frame | None) -> None:
        """Remember one frame's result."""
        self.ticks.append(tick)
        self.frames.append(frame)

    def finish(self, report: Report) -> None:
        """Remember the report."""
        self.report = report

    def abort(self) -> None:
        """Forget everything, unless the report is there already."""
        if self.report is None:
            self.ticks.clear()
            self.frames.clear()
