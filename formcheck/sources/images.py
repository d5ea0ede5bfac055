"""Folders of pictures, in the order a person would number them."""

from __future__ import annotations

import math
import re
import struct
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

import cv2
import numpy as np

from formcheck.closing import Closing
from formcheck.errors import CannotOpen
from formcheck.frame import Frame, Image, SourceInfo
from formcheck.sources.base import DEFAULT_MAX_SIDE
from formcheck.sources.files import PICTURE_SUFFIXES, sha256_of_files, unreadable
from formcheck.sources.upright import fit_within

DEFAULT_FPS = 30.0
MAX_PIXELS = 1 << 26
"""Of a picture; as of a video's."""
_HEAD = 1 << 16


class ImageFolder(Closing):
    """The pictures of a folder as frames at an even rate.

    ``img2.jpg`` comes before ``img10.jpg``. Orientation notes of cameras are heeded. Other
    files, hidden files and folders inside are left out.

    Parameters
    ----------
    path
        The folder.
    fps
        Pictures per second.
    max_side
        Longest side in pixels of the picture that the pose model gets.

    Raises
    ------
    CannotOpen
        There is no such folder, it holds no pictures, or the first one cannot be read.
        While reading: a picture has another size than the first.
    """

    def __init__(
        self, path: Path | str, *, fps: float = DEFAULT_FPS, max_side: int = DEFAULT_MAX_SIDE
    ) -> None:
        if not (math.isfinite(fps) and fps > 0):
            msg = f"The rate of a folder of pictures must be above 0 frames/s, not {fps}."
            raise CannotOpen(msg)
        self._path = Path(path)
        self._fps = float(fps)
        self._files = _pictures_in(self._path)
        first = _read(self._files[0])
        if first is None:
            msg = f"'{self._files[0]}' is a damaged picture. Remove it, or copy it again."
            raise CannotOpen(msg)
        self._size_px = (first.shape[1], first.shape[0])
        self._small = fit_within(*self._size_px, max_side)
        self._count = 0
        self._closed = False
        self._ended = False
        self._broken: Path | None = None
        self._frames = self._make_frames(first)

    @property
    def info(self) -> SourceInfo:
        """What is known now; the checksum reads all pictures once."""
        frames = self._count if self._ended or self._closed else len(self._files)
        width, height = self._size_px
        return SourceInfo(
            path=str(self._path),
            duration_s=frames / self._fps,
            frames=frames,
            fps=self._fps,
            width=width,
            height=height,
            rotation_deg=0,
            sha256=self._sha256,
        )

    @property
    def frames_hint(self) -> int:
        """How many pictures there are."""
        return len(self._files)

    @property
    def warnings(self) -> tuple[str, ...]:
        """Sentences about what was wrong with the pictures, so far."""
        if self._broken is None:
            return ()
        return (f"'{self._broken}' is a damaged picture; analyzed the {self._count} before it.",)

    def __iter__(self) -> Iterator[Frame]:
        """Yield the frames; a second loop goes on where the first one stopped."""
        return self._frames

    def close(self) -> None:
        """End the stream; safe to call twice."""
        self._closed = True

    @cached_property
    def _sha256(self) -> str:
        return sha256_of_files(self._files, names=True)

    def _make_frames(self, first: Image) -> Iterator[Frame]:
        for index, file in enumerate(self._files):
            if self._closed:
                return
            picture = _read(file) if index else first
            if picture is None:
                self._broken = file
                break
            self._require_same_size(file, picture)
            yield self._frame(index, picture)
        self._ended = True

    def _require_same_size(self, file: Path, picture: Image) -> None:
        size = (picture.shape[1], picture.shape[0])
        if size != self._size_px:
            msg = (
                f"'{file}' has {size[0]} by {size[1]} pixels, but the pictures before it have "
                f"{self._size_px[0]} by {self._size_px[1]}. Keep one recording per folder."
            )
            raise CannotOpen(msg)

    def _frame(self, index: int, picture: Image) -> Frame:
        self._count = index + 1
        t_s = index / self._fps
        if self._small == self._size_px:
            return Frame(index, t_s, picture, self._size_px)
        small = cv2.resize(picture, self._small, interpolation=cv2.INTER_AREA)
        image: Image = np.ascontiguousarray(small, dtype=np.uint8)
        return Frame(index, t_s, image, self._size_px, picture.copy)


def _pictures_in(folder: Path) -> list[Path]:
    """Return the pictures of a folder in natural order; there is at least one."""
    try:
        entries = [e for e in folder.iterdir() if not e.name.startswith(".") and e.is_file()]
    except OSError as error:
        raise unreadable(folder, error) from error
    pictures = [e for e in entries if e.suffix.lower() in PICTURE_SUFFIXES]
    if not pictures:
        kinds = ", ".join(sorted(suffix.removeprefix(".") for suffix in PICTURE_SUFFIXES))
        msg = f"The folder '{folder}' holds no pictures ({kinds}). Name a video file instead."
        raise CannotOpen(msg)
    return sorted(pictures, key=_natural)


def _natural(path: Path) -> tuple[list[tuple[int, int, str]], str]:
    """Return a sorting key in which numbers count by value; equal ones fall back to spelling."""
    parts = re.split(r"([0-9]+)", path.name)
    key = [(0, int(p), "") if p.isdigit() else (1, 0, p.casefold()) for p in parts if p]
    return key, path.name


def _read(file: Path) -> Image | None:
    """Return an upright RGB picture; None when it is damaged."""
    try:
        data = np.frombuffer(file.read_bytes(), dtype=np.uint8)
    except OSError as error:
        raise unreadable(file, error) from error
    if not data.size:
        return None
    if _claimed_pixels(data[:_HEAD].tobytes()) > MAX_PIXELS:
        msg = f"'{file}' claims to be a picture that is far too large. Scale it down first."
        raise CannotOpen(msg)
    try:
        picture = cv2.imdecode(data, cv2.IMREAD_COLOR_RGB)
    except cv2.error:  # larger than OpenCV is willing to decode
        return None
    return None if picture is None else np.ascontiguousarray(picture, dtype=np.uint8)


def _claimed_pixels(head: bytes) -> int:
    """Return how many pixels a picture says it has; 0 if it is not looked at here.

    A few bytes can claim gigabytes, which would be taken before anything is decoded.
    """
    if head.startswith(b"\x89PNG") and len(head) >= 24:
        width, height = struct.unpack(">2I", head[16:24])
        return int(width * height)
    if head.startswith(b"BM") and len(head) >= 26:
        width, height = struct.unpack("<2i", head[18:26])
        return abs(int(width * height))
    frame = re.search(rb"\xff[\xc0-\xc3]..\x08(....)", head, re.DOTALL)
    if head.startswith(b"\xff\xd8") and frame:
        height, width = struct.unpack(">2H", frame[1])
        return int(width * height)
    return 0
