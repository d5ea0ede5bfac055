"""How a repetition went, sample by sample: held, smooth, and together with another movement."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

HIGH = 0.8
"""Beyond this fraction of the range, somebody is at its end; most of that time, if they hold."""
CALM_S = 0.15
"""Spikes shorter than this, to either side, are no movement."""
NEAR_TOP = 0.93
"""The turning point is held beyond this fraction of the way to where people mostly stay there,
which is nine tenths of the way to where they got at most."""
SMOOTH_S = 0.15
"""Speed is a mean over so long: quicker changes are noise."""
STILL_DEG = 7.0
"""A head whose angle spreads over less than this is still, as far as a camera can tell."""


def held(t_s: FloatArray, x: FloatArray, near: float = NEAR_TOP) -> tuple[float, float]:
    """Return when the last tenth of the way was reached first, and when it was left last.

    What is in between need not be that far all the time: people waver, and so do cameras. How
    far the way goes is told from where it stays, not from a single sample.

    Parameters
    ----------
    t_s, x
        (T,) times and how far from rest, of one repetition; NaN where it is not known.
    near
        Which fraction of the way counts as its end, if not nine tenths.

    Returns
    -------
    Seconds, between samples as a straight line goes; NaN with fewer than three known samples.
    """
    t, x = _known(t_s, x)
    if len(x) < 3:
        return math.nan, math.nan
    x = _calmed(t, x)
    top = int(np.argmax(x))
    far = float(np.median(x[x >= x.min() + HIGH * np.ptp(x)]))
    levels = (rest + near * (far - rest) for rest in (x[: top + 1].min(), x[top:].min()))
    reached, left = (np.flatnonzero(x >= level) for level in levels)
    return _between(t, reached[0], -1), _between(t, left[-1], 1)


def _calmed(t: FloatArray, x: FloatArray) -> FloatArray:
    """Return the median of each sample and its neighbours of a moment: no single spikes."""
    first = np.searchsorted(t, t - CALM_S, side="left")
    last = np.searchsorted(t, t + CALM_S, side="right")
    calmed = np.empty_like(x)
    # Of evenly spaced samples nearly all have as many neighbours: those go at once.
    for count in np.unique(last - first):
        alike = np.flatnonzero(last - first == count)
        calmed[alike] = np.median(x[first[alike, None] + np.arange(count)], axis=1)
    return calmed


def _between(t: FloatArray, i: int, step: int) -> float:
    """Return half-way to the sample before or after one, when the level was crossed there."""
    j = i + step
    return float((t[i] + t[j]) / 2 if 0 <= j < len(t) else t[i])


def unevenness(t_s: FloatArray, x: FloatArray) -> float:
    """Return by how much a movement slows down between two faster moments.

    0 when it first only gets faster and then only slower, 1 when it stops on its way, more
    when it turns back: the loss of speed over the highest speed.

    Parameters
    ----------
    t_s, x
        (T,) times and where it was, on the way out or on the way back; NaN where not known.

    Returns
    -------
    NaN with fewer than five known samples, or when it does not get anywhere.
    """
    t, x = _known(t_s, x)
    if len(x) < 5:
        return math.nan
    middle, speed = _speed(t, x)
    if len(middle) < 3 or not speed.max() > 0:
        return math.nan
    before = np.maximum.accumulate(speed)
    after = np.maximum.accumulate(speed[::-1])[::-1]
    return float((np.minimum(before, after) - speed).max() / speed.max())


def restlessness(t_s: FloatArray, x: FloatArray) -> float:
    """Return by how much more than out and back a movement went; NaN when it goes nowhere.

    0 for one that goes out once and comes back, 1 for one that goes twice as far in all. Most
    of it is the pose model's noise: nobody trembles by that much.
    """
    t, x = _known(t_s, x)
    if len(x) < 5 or not np.ptp(x) > 0:
        return math.nan
    x = _calmed(t, x)
    there_and_back = 2 * x.max() - x[0] - x[-1]
    return max(0.0, float(np.abs(np.diff(x)).sum() / there_and_back) - 1.0)


def _speed(t: FloatArray, x: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return when, and how fast towards its end the movement went, smoothed over a moment."""
    towards = math.copysign(1.0, float(x[-1] - x[0]))
    grid = np.arange(t[0], t[-1], SMOOTH_S / 3)
    place = np.interp(grid, t, x)
    far = 3
    if len(grid) <= far:
        return grid[:0], grid[:0]
    speed = towards * (place[far:] - place[:-far]) / (grid[far:] - grid[:-far])
    return (grid[far:] + grid[:-far]) / 2, speed


def coupling(t_s: FloatArray, x: FloatArray, y: FloatArray) -> float:
    """Return how two movements of one repetition go together, -1 to 1; NaN if one is still.

    1 when both go out and back at the same time, -1 when one goes out as the other comes
    back, 0 when they have nothing to do with each other: their correlation.

    Parameters
    ----------
    t_s, x, y
        (T,); frames in which either is NaN are left out, and noise of a moment too.
    """
    both = np.isfinite(x) & np.isfinite(y)
    t, x, y = t_s[both], x[both], y[both]
    if len(x) < 5 or spread(y) < STILL_DEG:
        return math.nan
    x, y = _calmed(t, x), _calmed(t, y)
    if not (np.ptp(x) > 0 and np.ptp(y) > 0):
        return math.nan
    return float(np.corrcoef(x, y)[0, 1])


def spread(x: FloatArray) -> float:
    """Return the range of all but the extreme twentieths; NaN of nothing known."""
    known = x[np.isfinite(x)]
    return float(np.quantile(known, 0.95) - np.quantile(known, 0.05)) if len(known) else math.nan


def _known(t_s: FloatArray, x: FloatArray) -> tuple[FloatArray, FloatArray]:
    there = np.isfinite(x)
    return t_s[there], x[there]
