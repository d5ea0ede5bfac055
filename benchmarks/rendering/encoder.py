"""Writes pictures as an H.264 film."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Any

import av

from benchmarks.rendering.textures import Picture


class Encoder:
    """A film being written; finished when its ``with`` block ends.

    Parameters
    ----------
    path
        The file to write.
    size_px
        (width, height), both even.
    fps
        Frames per second.
    crf
        x264's constant quality: 18 looks like the original, 28 is small.
    """

    def __init__(self, path: Path, size_px: tuple[int, int], fps: int, crf: int) -> None:
        self._file: Any = av.open(str(path), "w", options={"movflags": "+faststart"})
        options = {"crf": str(crf), "preset": "veryfast"}
        self._stream: Any = self._file.add_stream("libx264", fps, options=options)
        self._stream.width, self._stream.height = size_px
        self._stream.pix_fmt = "yuv420p"
        self._time_base = Fraction(1, fps)
        self._count = 0

    def __enter__(self) -> Encoder:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None:
            self._file.mux(self._stream.encode(None))
        self._file.close()

    def add(self, picture: Picture) -> None:
        """Append a picture (H, W, 3) RGB."""
        frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
        frame.pts, frame.time_base = self._count, self._time_base
        self._count += 1
        self._file.mux(self._stream.encode(frame))
