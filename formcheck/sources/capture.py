"""What gives a camera's pictures, one after the other: a device, a stream, or a clip."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

import cv2
import numpy as np

from formcheck.errors import CannotOpen
from formcheck.frame import Frame, Image, SourceInfo
from formcheck.sources.base import DEFAULT_MAX_SIDE
from formcheck.sources.devices import devices, why_no_pictures
from formcheck.sources.now import now_s
from formcheck.sources.upright import fit_within
from formcheck.sources.video import VideoSource

WIDTH, HEIGHT, RATE = 1280, 720, 30
"""What a camera is asked for; it may give something else."""
ANSWER_MS = 5000
"""A stream that says nothing for so long is gone."""

_ADDRESS = re.compile(r"(?:rtsp|rtsps|http|https|rtmp|udp|tcp)://", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Captured:
    """A picture, and when it was taken."""

    t_s: float
    """In seconds from some origin that stays the same."""
    frame: Frame
    """Its own time and number mean nothing yet, unless it is of a clip."""


class Capture(Protocol):
    """Something that gives pictures as they are taken."""

    @property
    def info(self) -> SourceInfo:
        """What a report says about it."""

    @property
    def warnings(self) -> tuple[str, ...]:
        """Sentences about what was wrong with it, so far."""

    def read(self) -> Captured | None:
        """Return the next picture, waiting for it; None when there is none.

        A camera may have been unplugged and come back. A clip has ended.
        """

    def close(self) -> None:
        """Release it; safe to call twice."""


class DeviceCapture:
    """A camera, or a stream from the network, through OpenCV.

    Parameters
    ----------
    target
        The number of a camera, or an address.
    max_side
        Longest side in pixels of the picture that the pose model gets.

    Raises
    ------
    CannotOpen
        It is not there, or gives no picture.
    """

    def __init__(self, target: int | str, *, max_side: int = DEFAULT_MAX_SIDE) -> None:
        self._target = target
        self._max_side = max_side
        self._lock = threading.Lock()
        self._video: cv2.VideoCapture | None = _opened(target)
        good, first = self._video.read() if self._video.isOpened() else (False, None)
        if not good or first is None:
            self.close()
            raise CannotOpen(_why(target))
        self._waiting: Image | None = first
        self._size_px = (first.shape[1], first.shape[0])
        rate = self._video.get(cv2.CAP_PROP_FPS)
        self._rate = float(rate) if 1 <= rate <= 1000 else float(RATE)

    @property
    def info(self) -> SourceInfo:
        """What is known about it."""
        width, height = self._size_px
        return SourceInfo(described(self._target), 0.0, 0, self._rate, width, height, 0, "")

    @property
    def warnings(self) -> tuple[str, ...]:
        """Nothing: whoever reads sees what is wrong."""
        return ()

    def read(self) -> Captured | None:
        """Return the next picture; None when the camera gives none."""
        first, self._waiting = self._waiting, None
        taken_s, picture = now_s(), first
        if picture is None:
            with self._lock:
                good, picture = self._video.read() if self._video else (False, None)
            taken_s = now_s()
            if not good:
                return None
        if picture is None:
            return None
        rgb = np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB), dtype=np.uint8)
        return Captured(taken_s, frame_of(rgb, self._max_side))

    def close(self) -> None:
        """Release the camera."""
        with self._lock:
            video, self._video = self._video, None
            if video is not None:
                video.release()


class ClipCapture:
    """A clip that is played as a camera, in real time.

    Parameters
    ----------
    path
        The file.
    max_side
        As in `DeviceCapture`.
    pace
        How many times as fast it is played; infinite for as fast as it is read.
    wait
        Waits for a moment; returns True when waiting was ended from outside.
    """

    def __init__(
        self,
        path: Path,
        *,
        max_side: int = DEFAULT_MAX_SIDE,
        pace: float = 1.0,
        wait: Callable[[float], bool] | None = None,
    ) -> None:
        self._source = VideoSource(path, max_side=max_side)
        self._frames: Iterator[Frame] = iter(self._source)
        self._pace = pace
        self._stopped = threading.Event()
        self._wait = wait or self._stopped.wait
        self._began_s: float | None = None

    @property
    def info(self) -> SourceInfo:
        """What is known about the clip."""
        return self._source.info

    @property
    def warnings(self) -> tuple[str, ...]:
        """Sentences about what is wrong with the file."""
        return self._source.warnings

    def read(self) -> Captured | None:
        """Return the next frame when its time has come; None at the end."""
        frame = next(self._frames, None)
        if frame is None:
            return None
        if self._began_s is None:
            self._began_s = now_s()
        ahead_s = self._began_s + frame.t_s / self._pace - now_s()
        if ahead_s > 0 and self._wait(ahead_s):
            return None
        return Captured(frame.t_s, frame)

    def close(self) -> None:
        """Stop playing."""
        self._stopped.set()
        self._source.close()


def frame_of(picture: Image, max_side: int) -> Frame:
    """Return an RGB picture as a frame, made smaller for the pose model if need be."""
    size_px = (picture.shape[1], picture.shape[0])
    small = fit_within(*size_px, max_side)
    if small == size_px:
        return Frame(0, 0.0, picture, size_px)
    image = np.asarray(cv2.resize(picture, small, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    return Frame(0, 0.0, image, size_px, picture.copy)


def fitted(picture: Image, size_px: tuple[int, int]) -> Image:
    """Return a picture scaled into another size, with black where it does not reach."""
    width, height = size_px
    scale = min(width / picture.shape[1], height / picture.shape[0])
    inner = max(1, round(scale * picture.shape[1])), max(1, round(scale * picture.shape[0]))
    canvas = np.zeros((height, width, 3), dtype=np.uint8)
    left, top = (width - inner[0]) // 2, (height - inner[1]) // 2
    canvas[top : top + inner[1], left : left + inner[0]] = cv2.resize(picture, inner)
    return canvas


def open_capture(
    target: str, *, max_side: int = DEFAULT_MAX_SIDE, pace: float = 1.0
) -> Callable[[], Capture]:
    """Return what opens a camera, and opens it again after it was lost.

    Parameters
    ----------
    target
        The number of a camera, the path of a device or of a clip, or an address.
    max_side, pace
        As in `ClipCapture`.
    """
    if target.isdigit():
        return lambda: DeviceCapture(int(target), max_side=max_side)
    if is_address(target):
        return lambda: DeviceCapture(target, max_side=max_side)
    number = re.fullmatch(r"/dev/video(\d+)", target)
    if number:
        return lambda: DeviceCapture(int(number[1]), max_side=max_side)
    return lambda: ClipCapture(Path(target), max_side=max_side, pace=pace)


def is_address(target: str) -> bool:
    """Whether this is the address of a stream."""
    return bool(_ADDRESS.match(target))


def is_clip(target: str) -> bool:
    """Whether this is a file that ends, rather than a camera that may come back."""
    return not target.isdigit() and not is_address(target) and not target.startswith("/dev/")


def described(target: int | str) -> str:
    """Return how to name a camera to people: addresses without what only their owner knows."""
    if isinstance(target, int):
        return f"camera {target}"
    parts = urlsplit(target)
    if not parts.hostname:
        return target
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.scheme}://{parts.hostname}{port}{parts.path}"


def _opened(target: int | str) -> cv2.VideoCapture:
    # What is wrong is said in words of our own.
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
    os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")
    if isinstance(target, int):
        video = cv2.VideoCapture(target)
        for name, value in (
            (cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG")),
            (cv2.CAP_PROP_FRAME_WIDTH, WIDTH),
            (cv2.CAP_PROP_FRAME_HEIGHT, HEIGHT),
            (cv2.CAP_PROP_FPS, RATE),
            (cv2.CAP_PROP_BUFFERSIZE, 1),
        ):
            video.set(name, value)
        return video
    patience = [
        *(cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, ANSWER_MS),
        *(cv2.CAP_PROP_READ_TIMEOUT_MSEC, ANSWER_MS),
    ]
    return cv2.VideoCapture(target, cv2.CAP_FFMPEG, patience)


def _why(target: int | str) -> str:
    if isinstance(target, int):
        return why_no_pictures(target, devices())
    return (
        f"The stream '{described(target)}' gives no pictures. Check the address, that the camera "
        "is switched on, and that this machine is in its network."
    )


def first_camera() -> str:
    """Return the camera to use when none is named.

    Raises
    ------
    CannotOpen
        There is none.
    """
    found = devices()
    if found is None:
        return "0"
    if not found:
        raise CannotOpen(why_no_pictures(0, found))
    return str(found[0].number)
