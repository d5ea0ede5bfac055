"""A camera: always the newest picture, taken in a thread of its own.

Whoever is slower than the camera misses pictures, and is told how many; nobody ever waits for
old ones. A camera that is lost is looked for until it is back.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from enum import Enum

from formcheck.closing import Closing
from formcheck.errors import CameraLost, SourceError
from formcheck.frame import Frame, SourceInfo
from formcheck.sources.base import DEFAULT_MAX_SIDE
from formcheck.sources.capture import Capture, Captured, fitted, frame_of, is_clip, open_capture
from formcheck.sources.clock import Clock
from formcheck.sources.now import now_s

RETRY_S = 1.0
"""A camera that was lost is looked for so often."""
GIVE_UP_S = 120.0
"""One that is not back after so long is given up."""
SILENT_S = 2.0
"""A camera that gives no picture for so long is lost, even if it does not say so."""
_GOODBYE_S = 2.0


class Link(Enum):
    """How a camera is doing."""

    LIVE = "live"
    LOST = "lost"
    """It gives no pictures, but may come back."""
    ENDED = "ended"
    """There will be no more pictures."""


class CameraSource(Closing):
    """The newest frame of a camera, or of a clip that is played as one.

    Opening takes the first picture, so that a camera that gives none is found out at once.

    Parameters
    ----------
    opener
        Opens the camera; again after it was lost.
    ends
        Whether it just ends where it gives no more pictures, as a clip does.
    every
        Hand out every frame, however long that takes: for clips, where nothing may be missed.
    max_side
        Longest side in pixels of the picture that the pose model gets.
    give_up_s, retry_s
        For how long, and how often, a lost camera is looked for.

    Raises
    ------
    CannotOpen
        It is not there, or gives no picture.
    NoFrames
        It is a clip, but not one frame of it can be decoded.
    """

    def __init__(
        self,
        opener: Callable[[], Capture],
        *,
        ends: bool = False,
        every: bool = False,
        max_side: int = DEFAULT_MAX_SIDE,
        give_up_s: float = GIVE_UP_S,
        retry_s: float = RETRY_S,
    ) -> None:
        self._opener = opener
        self._ends = ends
        self._every = every
        self._max_side = max_side
        self._give_up_s = give_up_s
        self._retry_s = retry_s
        self._capture: Capture | None = opener()
        self._info = self._capture.info
        self._size_px = (self._info.width, self._info.height)
        self._noted: tuple[str, ...] = ()
        self._changed = threading.Condition()
        self._stop = threading.Event()
        self._slot: Frame | None = None
        self._link = Link.LIVE
        self._heard_s = now_s()
        self._failure: BaseException | None = None
        self._clock = Clock(1.0 / self._info.fps if self._info.fps > 0 else 1.0 / 30.0)
        self._count = 0
        self._last_s = 0.0
        self._losses = 0
        self._resized = False
        self.dropped = 0
        """Pictures that were replaced by newer ones before anybody took them."""
        self._thread = threading.Thread(target=self._run, name="formcheck-camera", daemon=True)
        self._thread.start()

    @property
    def info(self) -> SourceInfo:
        """What is known now, counting all pictures that the camera gave."""
        if self._ends:
            return self._capture.info if self._capture else self._info
        rate = (self._count - 1) / self._last_s if self._last_s > 0 else self._info.fps
        length_s = self._last_s + 1.0 / rate if self._count and rate > 0 else 0.0
        return replace(self._info, duration_s=length_s, frames=self._count, fps=rate)

    @property
    def frames_hint(self) -> int:
        """Nobody knows how long a camera will run."""
        return 0

    @property
    def link(self) -> Link:
        """How the camera is doing."""
        with self._changed:
            silent = now_s() - self._heard_s > SILENT_S
            if self._link is Link.LIVE and silent and not self._ends:
                return Link.LOST
            return self._link

    @property
    def warnings(self) -> tuple[str, ...]:
        """Sentences about what was wrong so far."""
        found = list(self._capture.warnings if self._capture else self._noted)
        if self._losses:
            times = "once" if self._losses == 1 else f"{self._losses} times"
            found.append(f"The camera was lost {times}; what it did not see is missing.")
        if self._resized:
            found.append("The camera changed the size of its pictures; all were fitted in.")
        return tuple(found)

    def take(self, timeout_s: float | None = None) -> Frame | None:
        """Return the newest frame that nobody has had yet.

        Parameters
        ----------
        timeout_s
            How long to wait for one; for ever if None.

        Returns
        -------
        Frame or None
            None when none came in time, or when the camera has `ENDED`.

        Raises
        ------
        SourceError
            The camera was lost and did not come back, or the clip can't be read.
        """
        with self._changed:
            self._changed.wait_for(self._has_news, timeout_s)
            frame, self._slot = self._slot, None
            self._changed.notify_all()
        if frame is None and self._failure is not None:
            failure, self._failure = self._failure, None
            raise failure
        return frame

    def _has_news(self) -> bool:
        return self._slot is not None or self._link is Link.ENDED

    def __iter__(self) -> Iterator[Frame]:
        """Yield the newest frame, again and again, until the camera ends or is closed."""
        while (frame := self.take()) is not None:
            yield frame

    def close(self) -> None:
        """Release the camera; safe to call twice."""
        self._stop.set()
        with self._changed:
            self._link = Link.ENDED
            self._changed.notify_all()
        if self._ends and self._capture:
            self._capture.close()
        # A driver that hangs must not hang the program: its thread ends with it.
        self._thread.join(_GOODBYE_S)
        if not self._thread.is_alive():
            self._release()

    # In the camera's own thread

    def _run(self) -> None:
        try:
            while not self._stop.is_set():
                captured = self._capture.read() if self._capture else None
                if captured is not None:
                    self._publish(captured)
                elif self._ends or self._stop.is_set() or not self._find_again():
                    break
        except BaseException as error:  # noqa: BLE001 - handed to the reader, who raises it
            self._failure = error
        with self._changed:
            self._link = Link.ENDED
            self._changed.notify_all()

    def _publish(self, captured: Captured) -> None:
        frame = captured.frame
        if frame.size_px != self._size_px:
            self._resized = True
            frame = frame_of(fitted(frame.picture(), self._size_px), self._max_side)
        if self._ends:
            t_s = captured.t_s
        else:
            t_s = self._clock(captured.t_s)
            frame = replace(frame, index=self._count, t_s=t_s)
        with self._changed:
            self._heard_s = now_s()
            self._link = Link.LIVE
            self._count += 1
            self._last_s = t_s
            if self._every:
                self._changed.wait_for(lambda: self._slot is None or self._stop.is_set())
            self.dropped += self._slot is not None
            self._slot = frame
            self._changed.notify_all()

    def _find_again(self) -> bool:
        """Look for a camera that was lost; return whether it is back."""
        self._losses += 1
        with self._changed:
            self._link = Link.LOST
        self._release()
        lost_s = now_s()
        while not self._stop.wait(self._retry_s):
            try:
                self._capture = self._opener()
            except SourceError as error:
                if now_s() - lost_s < self._give_up_s:
                    continue
                msg = f"The camera was lost and did not come back. {error}"
                raise CameraLost(msg) from error
            return True
        return False

    def _release(self) -> None:
        capture, self._capture = self._capture, None
        if capture is not None:
            capture.close()
            if self._ends:
                self._info = capture.info
            self._noted = capture.warnings


def open_camera(
    target: str,
    *,
    max_side: int = DEFAULT_MAX_SIDE,
    pace: float = 1.0,
    every: bool = False,
) -> CameraSource:
    """Open a camera.

    Parameters
    ----------
    target
        The number of a camera, the path of a device, an address (RTSP, HTTP), or a clip that
        is played as a camera.
    max_side
        Longest side in pixels of the picture that the pose model gets.
    pace
        How many times as fast as it was filmed a clip is played.
    every
        Hand out every frame of a clip, however long that takes.

    Raises
    ------
    CannotOpen
        It is not there, or gives no picture.
    NoFrames
        It is a clip, but not one frame of it can be decoded.
    """
    opener = open_capture(target, max_side=max_side, pace=pace)
    clip = is_clip(target)
    return CameraSource(opener, ends=clip, every=every and clip, max_side=max_side)
