"""What every source of frames can do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from formcheck.closing import Closable
from formcheck.frame import Frame, SourceInfo

DEFAULT_MAX_SIDE = 960
"""Longest side in pixels of the picture that the pose model gets. The model looks at 256
pixels of a person; at this size even someone who fills only a third of the picture is not
seen any worse than at full size, and it takes a fraction of the time."""


class FrameSource(Closable, Protocol):
    """A stream of timed frames that is read once, from front to back.

    A file gives every frame in order and waits for its reader. Opening raises
    `CannotOpen` or `NoFrames`; damage found later ends the stream and leaves a sentence
    in `warnings`.
    """

    @property
    def info(self) -> SourceInfo:
        """What is known now; `frames`, `duration_s` and `fps` are exact once read."""

    @property
    def frames_hint(self) -> int:
        """About how many frames there will be, for a progress bar; 0 if unknown."""

    @property
    def warnings(self) -> tuple[str, ...]:
        """Sentences about what was wrong with the input, so far."""

    def __iter__(self) -> Iterator[Frame]:
        """Yield the frames, their `t_s` strictly increasing from 0."""

    def close(self) -> None:
        """Release the input; safe to call twice."""
