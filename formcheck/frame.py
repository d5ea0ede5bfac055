"""A picture with its own time, and what is known about where it came from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]
"""An upright RGB picture, uint8, shape (height, width, 3), C-contiguous."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture of a source.

    The picture is kept twice at most: small, for the pose model, and on demand at full
    size, for whoever draws on it. Landmarks are always in full-size pixels.
    """

    index: int
    """Number of the frame in its source, from 0."""
    t_s: float
    """Presentation time in seconds from the first frame; strictly increasing."""
    image: Image
    """What the pose model looks at, RGB; may be smaller than the full picture."""
    size_px: tuple[int, int]
    """(width, height) of the full, upright picture."""
    full: Callable[[], Image] | None = None
    """Makes the full-size picture; None when `image` is already full size."""

    def picture(self) -> Image:
        """Return a full-size RGB copy of the picture that may be drawn on."""
        return self.image.copy() if self.full is None else self.full()


@dataclass(frozen=True, slots=True)
class SourceInfo:
    """What a report says about its source; unknown numbers are NaN or 0."""

    path: str
    """As the user named it; ``"-"`` when the poses came from a program."""
    duration_s: float
    frames: int
    fps: float
    """Mean frame rate over the analyzed part."""
    width: int
    height: int
    rotation_deg: int
    """Display rotation that was applied, clockwise: 0, 90, 180 or 270."""
    sha256: str
    """Of the file's bytes; of the sorted file names and bytes for a folder; or ''."""
