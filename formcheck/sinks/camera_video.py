"""What the camera saw, as a video: only if somebody asks for it."""

from __future__ import annotations

import queue
import threading
from pathlib import Path

from formcheck.atomic import AtomicFile
from formcheck.errors import FormcheckError, SinkError
from formcheck.frame import Frame
from formcheck.sinks.encoder import VideoWriter
from formcheck.sinks.video_sink import fitted_size, resized

WAITING = 8
"""Frames that may wait to be encoded; a session never waits for its recording."""
MAX_SIDE = 1280


class CameraVideo:
    """Records frames with their times, in a thread of its own, without anything drawn on them.

    Parameters
    ----------
    path
        The MP4 file; its folder must exist.
    """

    def __init__(self, path: Path) -> None:
        self._file = AtomicFile(path)
        self._part = self._file.reserve()
        self._waiting: queue.Queue[Frame | None] = queue.Queue(WAITING)
        self._failure = ""
        self.left_out = 0
        """Frames that could not be encoded in time."""
        self._thread = threading.Thread(target=self._work, name="formcheck-record", daemon=True)
        self._thread.start()

    def add(self, frame: Frame) -> None:
        """Record a frame; it is left out if the encoder is behind."""
        try:
            self._waiting.put_nowait(frame)
        except queue.Full:
            self.left_out += 1

    def finish(self) -> str:
        """Complete the video; return what is wrong with it, or nothing."""
        self._waiting.put(None)
        self._thread.join()
        if self._failure:
            self._file.discard()
            return self._failure
        try:
            self._file.commit()
        except SinkError as error:
            return str(error)
        return ""

    def _work(self) -> None:
        writer: VideoWriter | None = None
        size_px = (0, 0)
        try:
            while (frame := self._waiting.get()) is not None:
                if writer is None:
                    size_px = fitted_size(frame.size_px, MAX_SIDE)
                    writer = VideoWriter(self._part, size_px, None, "libx264")
                picture = frame.picture()
                if picture.shape[1::-1] != size_px:
                    picture = resized(picture, size_px)
                writer.add(picture, frame.t_s)
            if writer is None:
                self._failure = "There was nothing to record."
            else:
                writer.finish()
        except (OSError, FormcheckError, ValueError) as error:
            self._failure = f"The recording broke off: {error}"
            if writer is not None:
                writer.discard()
            while self._waiting.get() is not None:
                continue
