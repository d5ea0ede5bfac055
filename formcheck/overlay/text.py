"""Text in a real typeface: measuring, wrapping and shortening it."""

from __future__ import annotations

import threading
from functools import lru_cache

import cv2

from formcheck.frame import Image
from formcheck.overlay.style import Color

REGULAR = 400
MEDIUM = 500
BOLD = 600

ASCENT = 0.74
"""Height of a capital or a digit over the size of the text."""
DESCENT = 0.26
"""How far a "g" reaches below the baseline, over the size of the text."""
LINE = 1.28
"""Distance of two baselines over the size of the text."""
ELLIPSIS = "…"

# OpenCV keeps the face's current size and weight inside the face: one user at a time.
_lock = threading.Lock()


@lru_cache(maxsize=1)
def _face() -> cv2.FontFace:
    return cv2.FontFace("sans")


@lru_cache(maxsize=4096)
def width_px(text: str, size_px: int, weight: int = REGULAR) -> int:
    """Return how wide a line of text is."""
    with _lock:
        _, _, width, _ = cv2.getTextSize((0, 0), text, (0, 0), _face(), size_px, weight)
    return int(width)


def put_text(
    canvas: Image,
    text: str,
    origin: tuple[int, int],
    color: Color,
    size_px: int,
    weight: int = REGULAR,
) -> None:
    """Write one line, its baseline starting at `origin`; what does not fit is not seen.

    OpenCV would wrap a line that reaches the canvas's edge, so callers measure first.
    """
    with _lock:
        cv2.putText(canvas, text, origin, color, _face(), size_px, weight)


def shorten(text: str, width: int, size_px: int, weight: int = REGULAR) -> str:
    """Return the text, or as much of it as fits the width and an ellipsis."""
    if width_px(text, size_px, weight) <= width:
        return text
    kept = text
    while kept and width_px(kept.rstrip() + ELLIPSIS, size_px, weight) > width:
        kept = kept[:-1]
    return kept.rstrip() + ELLIPSIS if kept else ""


def wrap(
    text: str, width: int, size_px: int, weight: int = REGULAR, lines: int = 2
) -> tuple[str, ...]:
    """Break a text into lines that fit.

    Parameters
    ----------
    width
        What a line may take, in pixels.
    lines
        How many lines there may be; the last one ends in an ellipsis if there is more.
    """
    words = text.split()
    wrapped: list[str] = []
    while words and len(wrapped) < lines:
        if len(wrapped) == lines - 1:
            wrapped.append(shorten(" ".join(words), width, size_px, weight))
            break
        taken = 1
        while (
            taken < len(words) and width_px(" ".join(words[: taken + 1]), size_px, weight) <= width
        ):
            taken += 1
        wrapped.append(shorten(" ".join(words[:taken]), width, size_px, weight))
        words = words[taken:]
    return tuple(line for line in wrapped if line)


def wrap_evenly(
    text: str, width: int, size_px: int, weight: int = REGULAR, lines: int = 2
) -> tuple[str, ...]:
    """Break a text into as few lines as fit, each about as long as the others."""
    best = wrap(text, width, size_px, weight, lines)
    if len(best) < 2:
        return best
    for narrower in range(width - size_px, width // 2, -size_px):
        tried = wrap(text, narrower, size_px, weight, lines)
        if len(tried) > len(best) or _cut(tried) != _cut(best):
            break
        best = tried
    return best


def _cut(wrapped: tuple[str, ...]) -> bool:
    return any(line.endswith(ELLIPSIS) for line in wrapped)
