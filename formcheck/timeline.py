"""Which exercise when: a clip's timeline, divided among those that explain it.

Whoever goes on to another exercise stays with it for a while. So the division sought is the
one that explains most of what was counted, least of what was turned away, and changes seldom.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

Times = tuple[tuple[float, float], ...]
"""From when to when, in seconds, several times."""

CHANGE_S = 3.0
"""So much must speak for a change of exercise, in seconds of what is counted."""


@dataclass(frozen=True, slots=True)
class Stay:
    """A time in which somebody stays with one of several exercises: it explains most."""

    which: int
    start_s: float
    end_s: float
    """From the first to the last thing that was counted."""


def timeline(counted: Sequence[Times], turned_away: Sequence[Times]) -> list[Stay]:
    """Return which exercise was done when, in the order of time.

    Parameters
    ----------
    counted, turned_away
        For each exercise, when something was counted, and when something looked like it
        but was not.
    """
    both = (*counted, *turned_away)
    marks = sorted({moment for times in both for span in times for moment in span})
    if len(marks) < 2:
        return []
    speaks = np.array(
        [_over(c, marks) - _over(t, marks) for c, t in zip(counted, turned_away, strict=True)]
    )
    found: list[Stay] = []
    for which, begin, end in _runs(_best_path(speaks), marks):
        inside = within(counted[which], begin, end)
        if inside:
            found.append(Stay(which, inside[0][0], inside[-1][1]))
    return found


def within(times: Times, start_s: float, end_s: float) -> Times:
    """Return those times whose middle lies between two moments."""
    return tuple((a, b) for a, b in times if start_s <= (a + b) / 2 <= end_s)


def _over(times: Times, marks: Sequence[float]) -> FloatArray:
    """Return for how long times cover each interval between marks, (len(marks) - 1,)."""
    begin, end = np.array(marks[:-1]), np.array(marks[1:])
    covered = np.zeros(len(begin))
    for start, stop in times:
        covered += np.clip(np.minimum(end, stop) - np.maximum(begin, start), 0.0, None)
    shares: FloatArray = np.minimum(covered, end - begin)
    return shares


def _best_path(speaks: FloatArray) -> list[int]:
    """Return which row to be in at each column, so that most is gathered with few changes."""
    total = speaks[:, 0].copy()
    came: list[NDArray[np.intp]] = []
    stay = np.arange(len(total))
    for gained in speaks.T[1:]:
        best = int(total.argmax())
        change = total[best] - CHANGE_S > total
        came.append(np.where(change, best, stay))
        total = np.where(change, total[best] - CHANGE_S, total) + gained
    path = [int(total.argmax())]
    for back in reversed(came):
        path.append(int(back[path[-1]]))
    return path[::-1]


def _runs(path: Sequence[int], marks: Sequence[float]) -> list[tuple[int, float, float]]:
    """Return from when to when a path stays in one row."""
    runs: list[tuple[int, float, float]] = []
    for which, begin, end in zip(path, marks, marks[1:], strict=False):
        if runs and runs[-1][0] == which:
            runs[-1] = (which, runs[-1][1], end)
        else:
            runs.append((which, begin, end))
    return runs
