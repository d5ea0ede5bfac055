"""A stretch of a video, with the same frames and times as when all of it is read."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from pathlib import Path

import av
import av.error

from formcheck.closing import Closing
from formcheck.cores import spare_threads
from formcheck.errors import SourceError
from formcheck.frame import Frame, SourceInfo
from formcheck.sources.base import DEFAULT_MAX_SIDE
from formcheck.sources.container import Geometry, choose_stream, geometry_of, open_container
from formcheck.sources.files import require_file

_MISSING_PART, _MISSING_S = 0.05, 0.5


class NotAsPlanned(SourceError):
    """Reading from the middle gives other frames than reading from the start."""


@dataclass(frozen=True, slots=True)
class Timetable:
    """When each frame of a video is shown, found without decoding any."""

    stamps: tuple[int, ...]
    """In units of `base`, increasing."""
    base: Fraction
    last_length_s: float
    """For how long the last frame is shown."""

    @property
    def duration_s(self) -> float:
        """From the first frame to the end of the last."""
        return self.t_s(len(self.stamps) - 1) + self.last_length_s

    @property
    def fps(self) -> float:
        """Mean frame rate."""
        frames = len(self.stamps)
        return (frames - 1) / self.t_s(frames - 1) if frames > 1 else math.nan

    def t_s(self, index: int) -> float:
        """Return when a frame is shown, in seconds from the first."""
        return float((self.stamps[index] - self.stamps[0]) * self.base)

    def starts_s(self, part_s: float) -> list[float]:
        """Return when parts of this length begin; the last one has half of it to one and a half."""
        count = max(1, round(self.t_s(len(self.stamps) - 1) / part_s))
        return [i * part_s for i in range(count)]

    def first_from(self, t_s: float) -> int:
        """Return the first frame that is shown then or later; the number of frames if none is."""
        return bisect_left(range(len(self.stamps)), t_s, key=self.t_s)


def timetable(path: Path | str) -> Timetable | None:
    """Return when each frame is shown; None for a video that can only be read from the start.

    Such are those whose times are missing or repeated, which are damaged or break off, or
    whose frames cannot be found again.

    Raises
    ------
    CannotOpen
        There is no such file, it may not be read, or it is not a video.
    """
    path = Path(path)
    require_file(path)
    with open_container(path) as container:
        stream = choose_stream(container, path)
        if container.format.name == "gif" or stream.time_base is None:
            return None
        base = stream.time_base
        found: list[tuple[int, int]] = []
        try:
            for packet in container.demux(stream):
                if packet.dts is None and packet.size == 0:
                    continue  # the end
                if packet.pts is None or packet.is_corrupt:
                    return None
                if not packet.is_discard:
                    found.append((packet.pts, packet.duration or 0))
        except (av.error.FFmpegError, OSError, IndexError):
            return None
        declared_s = float(stream.duration * base) if stream.duration else math.nan
    return _checked(sorted(found), base, declared_s)


def _checked(found: list[tuple[int, int]], base: Fraction, declared_s: float) -> Timetable | None:
    stamps = tuple(pts for pts, _ in found)
    if len(stamps) < 2 or len(set(stamps)) < len(stamps) or not found[-1][1]:
        return None
    table = Timetable(stamps, base, float(found[-1][1] * base))
    missing_s = declared_s - table.duration_s
    return None if missing_s > max(_MISSING_S, _MISSING_PART * declared_s) else table


class VideoPart(Closing):
    """The frames of a video from one to another, with the times that they have in the whole.

    Parameters
    ----------
    path
        The file.
    table
        Its frames.
    first, stop
        Numbers of the first frame, and of the one after the last.
    every
        Which of all frames are given: each one, every second one, and so on.
    max_side
        As in `formcheck.sources.video.VideoSource`.
    """

    def __init__(
        self,
        path: Path | str,
        table: Timetable,
        first: int,
        stop: int,
        *,
        every: int = 1,
        max_side: int = DEFAULT_MAX_SIDE,
    ) -> None:
        self._path = Path(path)
        self._table = table
        self._first, self._stop, self._every = first, stop, every
        self._max_side = max_side
        self._geometry: Geometry | None = None
        self._container = open_container(self._path)
        self.warnings: tuple[str, ...] = ()

    @property
    def info(self) -> SourceInfo:
        """What is known, once a frame has been read; without a checksum."""
        geometry = self._geometry
        width, height = geometry.size_px if geometry else (0, 0)
        turned = geometry.orientation.rotation_deg if geometry else 0
        length_s = self._table.t_s(self._stop - 1) - self._table.t_s(self._first)
        frames = self._stop - self._first
        return SourceInfo(
            str(self._path), length_s, frames, self._table.fps, width, height, turned, ""
        )

    @property
    def frames_hint(self) -> int:
        """How many frames there are."""
        return self._stop - self._first

    def close(self) -> None:
        """Close the file; safe to call twice."""
        self._container.close()

    def __iter__(self) -> Iterator[Frame]:
        """Yield the frames.

        Raises
        ------
        NotAsPlanned
            A frame is missing, or there is one that should not be.
        """
        stream = choose_stream(self._container, self._path)
        stream.thread_type = "AUTO"
        stream.codec_context.thread_count = spare_threads()
        stamps = self._table.stamps
        if self._first:
            self._container.seek(stamps[self._first], stream=stream)
        wanted = self._first
        try:
            for stored in self._container.decode(stream):
                if stored.pts is None or stored.pts < stamps[wanted]:
                    continue
                if stored.pts != stamps[wanted]:
                    break
                if self._geometry is None:
                    aspect = stream.sample_aspect_ratio
                    self._geometry = geometry_of(stored, aspect, self._max_side)
                if wanted % self._every == 0:
                    yield self._frame(stored, wanted, self._geometry)
                wanted += 1
                if wanted == self._stop:
                    return
        except (av.error.FFmpegError, OSError) as error:
            raise self._otherwise(wanted) from error
        raise self._otherwise(wanted)

    def _otherwise(self, index: int) -> NotAsPlanned:
        return NotAsPlanned(
            f"Frame {index} of '{self._path}' is not where its index says. "
            "It can only be read from the start."
        )

    def _frame(self, stored: av.VideoFrame, index: int, geometry: Geometry) -> Frame:
        whole = geometry.small == geometry.square
        return Frame(
            index=index // self._every,
            t_s=self._table.t_s(index),
            image=geometry.picture(stored, geometry.small),
            size_px=geometry.size_px,
            full=None if whole else partial(geometry.picture, stored, geometry.square),
        )
