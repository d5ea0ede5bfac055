"""The clip with the overlay drawn on it."""

from __future__ import annotations

import queue
import threading
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np

from formcheck.atomic import AtomicFile, cannot_write
from formcheck.errors import CannotWrite, FormcheckError, SinkError
from formcheck.frame import Frame, Image
from formcheck.overlay.compose import Overlay, default_overlay
from formcheck.pose import Pose
from formcheck.results import Report, Tick
from formcheck.sinks.base import DEFAULT_VIDEO_SIDE
from formcheck.sinks.encoder import VideoWriter

WAITING_FRAMES = 4
"""How many frames may wait to be drawn; each holds a full-size picture."""
_LOOK_ROUND_S = 0.1
_GIVE_UP_S = 10.0


class AnnotatedVideoSink:
    """Draws the overlay on every frame and encodes H.264, in a thread of its own.

    Frames keep their times and the clip its sound. Ticks without a frame are passed over.

    Parameters
    ----------
    path
        The MP4 file; its folder must exist.
    overlay
        What to draw; everything if not given. It must not be shared with another sink.
    audio_from
        The clip whose sound is kept; None for silence. A clip without sound is fine.
    max_side
        Pictures with a side longer than this many pixels are scaled down to it;
        they keep their size if it is 0.
    codec
        FFmpeg's name of the encoder.
    """

    def __init__(
        self,
        path: Path,
        *,
        overlay: Overlay | None = None,
        audio_from: Path | None = None,
        max_side: int = DEFAULT_VIDEO_SIDE,
        codec: str = "libx264",
    ) -> None:
        self._path = path
        self._overlay = overlay or default_overlay()
        self._audio_from = audio_from
        self._max_side = max_side
        self._codec = codec
        self._file = AtomicFile(path)
        self._waiting: queue.Queue[tuple[Tick, Frame] | None] = queue.Queue(WAITING_FRAMES)
        self._thread: threading.Thread | None = None
        self._cancelled = threading.Event()
        self._failure: SinkError | None = None

    def on_tick(self, tick: Tick, frame: Frame | None) -> None:
        """Queue a frame; waits while the encoder is behind.

        Raises
        ------
        SinkError
            The video can't be made; `CannotWrite` or `CodecUnavailable` if that is why.
        """
        if frame is None:
            return
        if self._thread is None:
            self._file.reserve()
            self._thread = threading.Thread(target=self._work, name="annotated-video", daemon=True)
            self._thread.start()
        self._hand_over((tick, frame))

    def finish(self, report: Report) -> None:  # noqa: ARG002
        """Encode what waits and put the video in place.

        Raises
        ------
        SinkError
            The video can't be made; `CannotWrite` or `CodecUnavailable` if that is why.
        """
        if self._thread is None:
            msg = (
                f"Could not write '{self._path}': there were no pictures to draw on. "
                "Check the clip itself, not a recording of its landmarks."
            )
            raise CannotWrite(msg)
        self._hand_over(None)
        self._thread.join()
        self._raise_failure()
        self._file.commit()

    def abort(self) -> None:
        """Stop, and leave nothing behind."""
        self._cancelled.set()
        if self._thread is not None:
            self._thread.join(_GIVE_UP_S)
        self._file.discard()

    def _hand_over(self, item: tuple[Tick, Frame] | None) -> None:
        # Looks round while it waits: after a failure nobody takes from the queue any more.
        while True:
            self._raise_failure()
            try:
                self._waiting.put(item, timeout=_LOOK_ROUND_S)
            except queue.Full:
                continue
            return

    def _raise_failure(self) -> None:
        if self._failure is not None:
            if self._thread is not None:
                self._thread.join(_GIVE_UP_S)
            self._file.discard()
            raise self._failure

    def _work(self) -> None:
        writer: VideoWriter | None = None
        failure: SinkError | None = None
        try:
            while (item := self._take()) is not None:
                tick, frame = item
                if writer is None:
                    size_px = fitted_size(frame.size_px, self._max_side)
                    part = self._file.reserve()
                    writer = VideoWriter(part, size_px, self._audio_from, self._codec)
                picture, tick = fit(tick, frame, size_px)
                self._overlay.draw(picture, tick)
                writer.add(picture, tick.t_s)
            if writer is not None and not self._cancelled.is_set():
                writer.finish()
                writer = None
        except Exception as error:  # noqa: BLE001 - whatever it is, the caller must hear of it
            failure = self._explained(error)
        finally:
            if writer is not None:
                writer.discard()
            self._failure = failure

    def _take(self) -> tuple[Tick, Frame] | None:
        """Return the next item; None at the end and when there is nothing more to do."""
        while not self._cancelled.is_set():
            try:
                return self._waiting.get(timeout=_LOOK_ROUND_S)
            except queue.Empty:
                continue
        return None

    def _explained(self, error: Exception) -> SinkError:
        """Return the error to raise in the caller's thread."""
        if isinstance(error, SinkError):
            return error
        explained: SinkError
        if isinstance(error, OSError):
            explained = cannot_write(self._path, error)
        else:
            kind = "" if isinstance(error, FormcheckError) else f"{type(error).__name__}: "
            explained = SinkError(
                f"Could not make the annotated video '{self._path}': "
                f"{kind}{str(error).rstrip('.')}. The report does not need it: "
                "leave the annotated video out."
            )
        explained.__cause__ = error
        return explained


def fitted_size(size_px: tuple[int, int], max_side: int) -> tuple[int, int]:
    """Return (width, height) of the video: even, and no side longer than `max_side`."""
    width, height = size_px
    scale = min(1.0, max_side / max(width, height)) if max_side else 1.0
    return max(2, int(width * scale) // 2 * 2), max(2, int(height * scale) // 2 * 2)


def fit(tick: Tick, frame: Frame, size_px: tuple[int, int]) -> tuple[Image, Tick]:
    """Return a picture to draw on in the size of the video, and a tick to match.

    The small picture of the frame is used if it is large enough. One odd row or column is
    cut off; anything else is scaled.
    """
    wide, tall = size_px
    height, width = frame.image.shape[:2]
    picture = frame.image.copy() if width >= wide and height >= tall else frame.picture()
    height, width = picture.shape[:2]
    if (wide, tall) != (width, height):
        if (wide, tall) == (width // 2 * 2, height // 2 * 2):
            picture = np.ascontiguousarray(picture[:tall, :wide])
            wide, tall = width, height
        else:
            picture = resized(picture, size_px)
    scale = (wide / frame.size_px[0], tall / frame.size_px[1])
    if scale == (1.0, 1.0):
        return picture, tick
    pose = tick.pose
    scaled = Pose(pose.t_s, pose.image_px * scale, pose.world_m, pose.visibility, pose.skeleton)
    return picture, replace(tick, pose=scaled)


def resized(picture: Image, size_px: tuple[int, int]) -> Image:
    """Return a picture in another size."""
    # Averaging over areas is many times slower, and looks better only below half the size.
    half = picture.shape[1] >= 2 * size_px[0]
    interpolation = cv2.INTER_AREA if half else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(picture, size_px, interpolation=interpolation), dtype=np.uint8)
