"""A clock for what happens now."""

from __future__ import annotations

import time


def now_s() -> float:
    """Return seconds from some origin; they go on while the machine sleeps, and never back.

    `time.monotonic` stands still during sleep on Linux and macOS, and a laptop that was closed
    for an hour would believe that nothing had happened.
    """
    for name in ("CLOCK_BOOTTIME", "CLOCK_MONOTONIC"):
        if hasattr(time, name):
            return time.clock_gettime(getattr(time, name))
    return time.monotonic()
