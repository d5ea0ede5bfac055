"""A camera that does what a test tells it to."""

from __future__ import annotations

import threading
from collections.abc import Callable

import numpy as np

from formcheck.errors import CannotOpen
from formcheck.frame import SourceInfo
from formcheck.sources.capture import Captured, frame_of
from tests.media import numbered


class ScriptedCapture:
    """Gives numbered pictures, one each time it is allowed to; None where the script says so.

    Parameters
    ----------
    script
        Times in seconds, or None for a picture that does not come.
    size_px
        (width, height) of the pictures.
    """

    def __init__(
        self, script: list[float | None], size_px: tuple[int, int] = (128, 64), first: int = 0
    ) -> None:
        self._script = list(script)
        self._size_px = size_px
        self._number = first
        self.closed = False
        self.gate = threading.Semaphore(0)
        self.free = False

    @property
    def info(self) -> SourceInfo:
        return SourceInfo("camera 0", 0.0, 0, 30.0, *self._size_px, 0, "")

    @property
    def warnings(self) -> tuple[str, ...]:
        return ()

    def read(self) -> Captured | None:
        if not self.free:
            self.gate.acquire(timeout=5)
        if not self._script or (t_s := self._script.pop(0)) is None:
            return None
        picture = np.ascontiguousarray(numbered(self._number, *self._size_px))
        self._number += 1
        return Captured(t_s, frame_of(picture, 960))

    def close(self) -> None:
        self.closed = True


def opener(*captures: ScriptedCapture | None) -> Callable[[], ScriptedCapture]:
    """What gives one capture after the other; where there is none, it can't be opened."""
    left = list(captures)

    def open_next() -> ScriptedCapture:
        capture = left.pop(0) if left else None
        if capture is None:
            msg = "No camera was found. Plug one in."
            raise CannotOpen(msg)
        return capture

    return open_next
