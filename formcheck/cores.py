"""How many processors may be used beside the one that the pose model runs on."""

from __future__ import annotations

import os

MOST = 4
"""Decoding and encoding gain little from more threads than this."""
_allowed = MOST


def limit_threads(most: int) -> None:
    """Let decoding and encoding have fewer threads, in a process that is one of many."""
    global _allowed  # noqa: PLW0603 - what a process may use is a property of the process
    _allowed = max(1, min(MOST, most))


def spare_threads() -> int:
    """Return how many threads decoding or encoding may have.

    One processor is left to the pose model, which decides the pace: if threads of the
    video library push it aside, everything waits for it
    (``python -m benchmarks.speed``).
    """
    if hasattr(os, "sched_getaffinity"):
        count = len(os.sched_getaffinity(0))
    else:
        count = os.cpu_count() or 1
    return max(1, min(_allowed, count - 1))
