"""A source of frames that a program has made, for embedding and for tests."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from formcheck.closing import Closing
from formcheck.frame import Frame, SourceInfo


class ListSource(Closing):
    """Gives frames that are already there.

    Parameters
    ----------
    frames
        At least one; `t_s` begins at 0 and strictly increases.
    info
        What to say about them; worked out from the frames when None.
    warnings
        Sentences to give as warnings.
    """

    def __init__(
        self,
        frames: Sequence[Frame],
        info: SourceInfo | None = None,
        warnings: Sequence[str] = (),
    ) -> None:
        if not frames:
            msg = "a ListSource needs at least one frame"
            raise ValueError(msg)
        times = [frame.t_s for frame in frames]
        if times[0] != 0 or any(b <= a for a, b in pairwise(times)):
            msg = "frames must have times that begin at 0 and strictly increase"
            raise ValueError(msg)
        self._frames = tuple(frames)
        self._info = info or _info_of(self._frames)
        self._warnings = tuple(warnings)
        self._closed = False
        self._stream = self._give()

    @property
    def info(self) -> SourceInfo:
        """What is known about the frames."""
        return self._info

    @property
    def frames_hint(self) -> int:
        """How many frames there are."""
        return len(self._frames)

    @property
    def warnings(self) -> tuple[str, ...]:
        """The warnings it was made with."""
        return self._warnings

    def __iter__(self) -> Iterator[Frame]:
        """Yield the frames; a second loop goes on where the first one stopped."""
        return self._stream

    def close(self) -> None:
        """End the stream; safe to call twice."""
        self._closed = True

    def _give(self) -> Iterator[Frame]:
        for frame in self._frames:
            if self._closed:
                return
            yield frame


def _info_of(frames: Sequence[Frame]) -> SourceInfo:
    width, height = frames[0].size_px
    spacing_s = frames[-1].t_s / (len(frames) - 1) if len(frames) > 1 else 1 / 30
    return SourceInfo(
        path="-",
        duration_s=frames[-1].t_s + spacing_s,
        frames=len(frames),
        fps=1 / spacing_s,
        width=width,
        height=height,
        rotation_deg=0,
        sha256="",
    )
