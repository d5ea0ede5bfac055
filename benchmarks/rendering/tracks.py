"""Values that move smoothly from one to the next at set times."""

from __future__ import annotations

from bisect import bisect_right

from benchmarks.rendering.action import smooth


class Track:
    """One value over time: it rests, moves without a jerk, and rests.

    Parameters
    ----------
    value
        At the beginning.
    """

    def __init__(self, value: float = 0.0) -> None:
        self._times_s = [0.0]
        self._values = [value]

    def go(self, start_s: float, took_s: float, value: float) -> None:
        """Add a move, in the order of time; it starts from wherever the last one ends."""
        start_s = max(start_s, self._times_s[-1])
        self._times_s += [start_s, start_s + max(took_s, 1e-3)]
        self._values += [self._values[-1], value]

    def at(self, t_s: float) -> float:
        """Return the value at a time."""
        i = bisect_right(self._times_s, t_s)
        if i >= len(self._times_s):
            return self._values[-1]
        start_s, end_s = self._times_s[max(i - 1, 0)], self._times_s[i]
        share = smooth((t_s - start_s) / max(end_s - start_s, 1e-9))
        before = self._values[max(i - 1, 0)]
        return before + share * (self._values[i] - before)
