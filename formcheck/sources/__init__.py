"""Sources of timed frames, and recordings of poses."""

from __future__ import annotations

from pathlib import Path

from formcheck.errors import CannotOpen
from formcheck.sources.base import DEFAULT_MAX_SIDE, FrameSource
from formcheck.sources.files import is_folder
from formcheck.sources.recording import Recording, is_recording, open_recording

__all__ = ["FrameSource", "Recording", "is_recording", "open_recording", "open_source"]


def open_source(
    path: Path | str,
    *,
    max_side: int = DEFAULT_MAX_SIDE,
    fps: float = 30.0,
    every: int = 1,
    max_fps: float = 0.0,
) -> FrameSource:
    """Open a video, a GIF or a folder of pictures.

    Parameters
    ----------
    path
        What to open.
    max_side
        Longest side in pixels of the picture that the pose model gets.
    fps
        Pictures per second of a folder of pictures; a video has its own times.
    every, max_fps
        Which frames of a video are given, as in `formcheck.sources.video.VideoSource`.

    Raises
    ------
    CannotOpen
        It is missing, unreadable, or nothing of the kind.
    NoFrames
        It is a video, but not one frame of it can be decoded.
    """
    path = Path(path)
    if is_folder(path):
        from formcheck.sources.images import ImageFolder

        return ImageFolder(path, fps=fps, max_side=max_side)
    if is_recording(path):
        msg = f"'{path}' is a landmark recording, which has no pictures. Open it as a recording."
        raise CannotOpen(msg)
    from formcheck.sources.video import VideoSource

    return VideoSource(path, max_side=max_side, every=every, max_fps=max_fps)
