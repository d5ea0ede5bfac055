"""How many processors may be used beside the one that the pose model runs on."""

from __future__ import annotations

import os

MOST = 4
"""Decoding and encoding gain little from more threads than this."""


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
    return max(1, min(MOST, count - 1))
