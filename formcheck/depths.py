"""How deep somebody usually gets into a position: what is much less deep is only on the way.

On the way in and out people rest, legs still crossed, before they lean; that is no hold.
"""

from __future__ import annotations

import math
from collections import deque
from statistics import median

WAY_S = 6.0
"""Who goes deeper within this time was still on the way in; who keeps a position much less deep
than their own for no longer than this is on the way out, or about to start."""
USUAL = 5
"""A side's own depth is the median of so many of its latest holds."""
AFTER_S = 1.5
"""Who is less deep within this time after a hold is on the way out of that one."""
LESS = 2.0
"""Less deep: by more than so many times what is still."""
OTHER_SIDE = 6.0
"""The same, against the other side's depth while this side's own is unknown: hips differ, but left
and right may also have been mixed up on the way."""


class OwnDepths:
    """Remembers how deep one person's holds were, side by side."""

    def __init__(self) -> None:
        self._own: dict[str, deque[float]] = {}
        self._ended_s = -math.inf
        self._least = -math.inf

    def add(self, side: str, end_s: float, level: float, still: float) -> None:
        """Note a finished hold; one without a depth (NaN) changes nothing."""
        if math.isfinite(level):
            self._own.setdefault(side, deque(maxlen=USUAL)).append(level)
            self._ended_s, self._least = end_s, level - LESS * still

    def only_on_the_way(
        self, side: str, start_s: float, held_s: float, level: float, still: float
    ) -> bool:
        """Whether what was held is no hold: short, and much less deep than this person's are.

        Parameters
        ----------
        side
            Which held.
        start_s
            When it began.
        held_s
            For how long it was kept.
        level
            How deep it was; NaN if that is unknown, and then it is a hold.
        still
            How far from its level it still was there.
        """
        if held_s >= WAY_S:
            return False
        if start_s - self._ended_s <= AFTER_S and level < self._least:
            return True
        if side in self._own:
            return level < median(self._own[side]) - LESS * still
        others = [median(known) for known in self._own.values()]
        return bool(others) and level < min(others) - OTHER_SIDE * still
