"""Video files and GIFs, with the exact time of every frame."""

from __future__ import annotations

import math
import threading
from collections.abc import Iterator
from fractions import Fraction
from functools import cached_property, partial
from itertools import chain
from pathlib import Path

import av
import av.error

from formcheck.closing import Closing
from formcheck.cores import spare_threads
from formcheck.errors import NoFrames
from formcheck.frame import Frame, SourceInfo
from formcheck.sources.base import DEFAULT_MAX_SIDE
from formcheck.sources.clock import Clock
from formcheck.sources.container import choose_stream, geometry_of, open_container
from formcheck.sources.files import require_file, sha256_of_files

_USUAL_RATE = 30.0
_MISSING_S = 0.5
_MISSING_PART = 0.05


class VideoSource(Closing):
    """The frames of a video file or GIF.

    Opening decodes the first frame, so that a file without any is found out at once.
    Frames may be read in one thread and the source be closed from another.

    Parameters
    ----------
    path
        The file.
    max_side
        Longest side in pixels of the picture that the pose model gets. The full picture
        is made from the same decoded frame, only when it is asked for.
    every
        Which frames are given: each one, every second one, and so on.
    max_fps
        Frames a second that are enough; of a faster clip, only so many are given that it is
        not more, evenly. 0 for all.

    Raises
    ------
    CannotOpen
        There is no such file, it may not be read, or it is not a video.
    NoFrames
        It is a video, but not one frame of it can be decoded.
    """

    def __init__(
        self,
        path: Path | str,
        *,
        max_side: int = DEFAULT_MAX_SIDE,
        every: int = 1,
        max_fps: float = 0.0,
    ) -> None:
        self._path = Path(path)
        self._max_side = max_side
        self._lock = threading.Lock()
        self._closed = False
        self._ended = False
        self._warned_size = False
        self._damage_s: float | None = None
        self._count = 0
        self._last_s = 0.0
        self._last_length_s = 0.0
        require_file(self._path)
        self._container = open_container(self._path)
        try:
            self._stream = choose_stream(self._container, self._path)
            self._stream.thread_type = "AUTO"
            self._stream.codec_context.thread_count = spare_threads()
            self._clock = Clock(1.0 / self._nominal_fps)
            self._decoded = self._decode()
            self._every = every * thinning(self._nominal_fps, max_fps)
            self._frames = self._make_frames(self._first())
        except BaseException:
            self.close()
            raise

    @property
    def info(self) -> SourceInfo:
        """What is known now; the checksum reads the whole file once."""
        width, height = self._geometry.size_px
        read = self._ended or self._closed
        return SourceInfo(
            path=str(self._path),
            duration_s=self._read_s if read else self._declared_s,
            frames=self._count if read else self.frames_hint,
            fps=self._read_fps if read else self._nominal_fps,
            width=width,
            height=height,
            rotation_deg=self._geometry.orientation.rotation_deg,
            sha256=self._sha256,
        )

    @property
    def frames_hint(self) -> int:
        """About how many frames there will be; 0 if unknown."""
        if self._declared_frames:
            return self._declared_frames
        return 0 if math.isnan(self._declared_s) else round(self._declared_s * self._nominal_fps)

    @property
    def warnings(self) -> tuple[str, ...]:
        """Sentences about what was wrong with the file, so far."""
        found = []
        if self._damage_s is not None:
            found.append(
                f"'{self._path}' is damaged after {self._damage_s:.1f} s; analyzed as far as it "
                "goes."
            )
        elif self._breaks_off:
            found.append(
                f"'{self._path}' breaks off after {self._read_s:.1f} s; analyzed as far as it goes."
            )
        if self._clock.repaired:
            found.append(
                f"'{self._path}': the time of {self._clock.repaired} of {self._count} frames was "
                "missing, repeated or went back, and was estimated."
            )
        if self._warned_size:
            found.append(
                f"'{self._path}' changes the size of its pictures; all were scaled to the first."
            )
        return tuple(found)

    def __iter__(self) -> Iterator[Frame]:
        """Yield the frames; a second loop goes on where the first one stopped."""
        return self._frames

    def close(self) -> None:
        """Close the file; safe to call twice, and while another thread reads frames."""
        with self._lock:
            self._closed = True
            self._container.close()

    # Numbers about the clip

    @cached_property
    def _sha256(self) -> str:
        return sha256_of_files([self._path])

    @cached_property
    def _nominal_fps(self) -> float:
        rate = self._stream.average_rate or self._stream.guessed_rate
        return float(rate) if rate and 0 < rate <= 1000 else _USUAL_RATE

    @cached_property
    def _declared_frames(self) -> int:
        return self._stream.frames

    @cached_property
    def _declared_s(self) -> float:
        """Length that the file says its pictures have; NaN if it does not say."""
        if self._stream.duration and self._stream.time_base:
            return float(self._stream.duration * self._stream.time_base)
        duration = self._container.duration
        return duration / av.time_base if duration else math.nan

    @property
    def _read_s(self) -> float:
        return self._last_s + self._last_length_s

    @property
    def _read_fps(self) -> float:
        if self._count > 1:
            return (self._count - 1) / self._last_s
        return self._nominal_fps

    @property
    def _breaks_off(self) -> bool:
        if not self._ended:
            return False
        if self._cut_gif:
            return True
        missing_s = self._declared_s - self._read_s
        return missing_s > max(_MISSING_S, _MISSING_PART * self._declared_s)

    @cached_property
    def _cut_gif(self) -> bool:
        return self._container.format.name == "gif" and not _has_gif_trailer(self._path)

    # Decoding

    def _first(self) -> av.VideoFrame:
        """Decode the first frame, and settle from it how all are shown."""
        first = next(self._decoded, None)
        if first is None:
            msg = (
                f"'{self._path}' holds {self._stream.codec_context.name} video, but not one "
                "picture could be decoded from it. Convert it to MP4 (H.264), or copy it again."
            )
            raise NoFrames(msg)
        self._geometry = geometry_of(first, self._stream.sample_aspect_ratio, self._max_side)
        # Numbers that can no longer be asked for once the file is closed.
        _ = (self._nominal_fps, self._declared_s, self._declared_frames, self._cut_gif)
        return first

    def _decode(self) -> Iterator[av.VideoFrame]:
        """Yield decoded frames to the end, past what is damaged."""
        self._packets = self._container.demux(self._stream)
        going = True
        while going:
            with self._lock:
                if self._closed:
                    return
                decoded, going = self._step()
            yield from decoded

    def _step(self) -> tuple[list[av.VideoFrame], bool]:
        """Decode the next packet: its frames, and whether there may be more."""
        try:
            packet = next(self._packets, None)
        except IndexError:
            # PyAV stumbles over a stream that begins later than the others, such as sound.
            # It is not ours, so go on behind it.
            self._packets = self._container.demux(self._stream)
            return [], True
        except (av.error.FFmpegError, OSError):
            self._note_damage(None)
            return self._flush(), False
        if packet is None:
            return [], False
        if packet.is_corrupt:
            self._note_damage(packet.pts)
        try:
            return packet.decode(), True
        except av.error.EOFError:
            return [], True
        except (av.error.FFmpegError, OSError):
            self._note_damage(packet.pts)
            return [], True

    def _flush(self) -> list[av.VideoFrame]:
        """Return the frames that the decoder still holds."""
        try:
            return self._stream.decode(None)
        except (av.error.FFmpegError, OSError):
            return []

    def _note_damage(self, pts: int | None) -> None:
        """Remember when the first damage is, as well as it can be told."""
        if self._damage_s is not None:
            return
        self._damage_s = self._last_s
        if pts is not None and self._stream.time_base is not None:
            start = self._stream.start_time or 0
            self._damage_s = max(0.0, float((pts - start) * self._stream.time_base))

    # Frames

    def _make_frames(self, first: av.VideoFrame) -> Iterator[Frame]:
        origin = first.pts or 0
        for i, stored in enumerate(chain((first,), self._decoded)):
            t_s = self._timed(stored, origin)
            if i % self._every == 0:
                yield self._frame(stored, i // self._every, t_s)
        self._ended = not self._closed

    def _timed(self, stored: av.VideoFrame, origin: int) -> float:
        """Return when the next frame is shown, and note how far the clip has been read."""
        base = stored.time_base or Fraction(1, 1000)
        index = self._count
        # An exact difference of whole numbers, so that times are as good at the end of a
        # long recording as at its start.
        stamp_s = None if stored.pts is None else float((stored.pts - origin) * base)
        t_s = self._clock(stamp_s)
        usual_s = t_s / index if index else 1.0 / self._nominal_fps
        self._last_length_s = float(stored.duration * base) if stored.duration else usual_s
        self._last_s = t_s
        self._count = index + 1
        return t_s

    def _frame(self, stored: av.VideoFrame, index: int, t_s: float) -> Frame:
        geometry = self._geometry
        self._warned_size |= (stored.width, stored.height) != geometry.stored
        whole = geometry.small == geometry.square
        return Frame(
            index=index,
            t_s=t_s,
            image=geometry.picture(stored, geometry.small),
            size_px=geometry.size_px,
            full=None if whole else partial(geometry.picture, stored, geometry.square),
        )


def thinning(fps: float, max_fps: float) -> int:
    """Return of how many frames one is given, so that at most about `max_fps` a second are."""
    # A rate that is written as 59.94 or 60.1 is meant as 60.
    return max(1, math.ceil(fps / max_fps - 0.02)) if max_fps > 0 else 1


def _has_gif_trailer(path: Path) -> bool:
    """Whether a GIF ends as it should; its pictures say nothing about how many there are."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - 64))
        return file.read().rstrip(b"\0").endswith(b";")
