"""The readings of every frame, kept in compact arrays."""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from formcheck.results import Readings, Series

OVERVIEW_FRAMES = 8192
"""Who keeps the latest frames only has about so many of the whole at the end: all of them at
first, then every second, every fourth, and so on."""


class SeriesRecorder:
    """Collects readings frame by frame; this is all that grows with a clip's length.

    Parameters
    ----------
    names
        Which readings to keep; 16 bytes each a frame.
    keep_s
        For how long a frame can be looked up. If that is not for ever, memory stays the same
        however long the stream is, and `series` is thinned out as it gets long.
    """

    def __init__(self, names: Iterable[str], keep_s: float = math.inf) -> None:
        self.names = tuple(names)
        self.keep_s = keep_s
        self._latest = _Columns(self.names)
        self._overview = _Columns(self.names) if math.isfinite(keep_s) else None
        self._stride = 1
        self._frames = 0

    def __len__(self) -> int:
        """Return how many frames were added."""
        return self._frames

    def add(self, t_s: float, readings: Readings) -> None:
        """Append one frame; a reading that is missing is kept as NaN."""
        self._latest.add(t_s, readings)
        if self._overview is not None:
            self._forget(t_s)
            self._look_over(self._overview, t_s, readings)
        self._frames += 1

    def window(self, start_s: float, end_s: float) -> Window:
        """Return the frames from `start_s` to `end_s`, both included, that are still kept."""
        return self._latest.window(start_s, end_s)

    def series(self) -> Series:
        """Return everything, or an overview of it if only the latest is kept."""
        w = (self._overview or self._latest).window(-math.inf, math.inf)
        return Series(w.t_s, w.values, w.sigmas)

    def _forget(self, t_s: float) -> None:
        """Drop what is too old; in large pieces, as each costs a copy of the rest."""
        if t_s - self._latest.t[0] > 2 * self.keep_s:
            self._latest.drop_before(t_s - self.keep_s)

    def _look_over(self, overview: _Columns, t_s: float, readings: Readings) -> None:
        if self._frames % self._stride == 0:
            overview.add(t_s, readings)
        if len(overview.t) >= OVERVIEW_FRAMES:
            overview.thin()
            self._stride *= 2


class _Columns:
    """Times, values and standard deviations of a stretch of frames."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self.t = array("d")
        self.values = {name: array("d") for name in names}
        self.sigmas = {name: array("d") for name in names}
        self._ends = [(n, self.values[n].append, self.sigmas[n].append) for n in names]

    def add(self, t_s: float, readings: Readings) -> None:
        self.t.append(t_s)
        for name, value, sigma in self._ends:
            reading = readings.get(name)
            value(reading.value if reading else math.nan)
            sigma(reading.sigma if reading else math.nan)

    def window(self, start_s: float, end_s: float) -> Window:
        t = np.frombuffer(self.t, dtype=np.float64) if self.t else np.empty(0)
        first = int(np.searchsorted(t, start_s - EPSILON_S, side="left"))
        last = int(np.searchsorted(t, end_s + EPSILON_S, side="right"))
        # Copies: a view would forbid the arrays to grow.
        values, sigmas = (
            {name: np.array(column[first:last], dtype=np.float64) for name, column in kept.items()}
            for kept in (self.values, self.sigmas)
        )
        return Window(t[first:last].copy(), values, sigmas)

    def drop_before(self, t_s: float) -> None:
        first = next((i for i, t in enumerate(self.t) if t >= t_s), len(self.t))
        for column in self._all():
            del column[:first]

    def thin(self) -> None:
        """Keep every second frame, from the first on."""
        for column in self._all():
            del column[1::2]

    def _all(self) -> Iterable[array[float]]:
        return (self.t, *self.values.values(), *self.sigmas.values())


EPSILON_S = 1e-9
"""Phase times are interpolated; rounding must not lose the frame they stand on."""


class Window:
    """The readings of a stretch of time; arrays of shape (T,)."""

    __slots__ = ("sigmas", "t_s", "values")

    def __init__(
        self,
        t_s: NDArray[np.float64],
        values: dict[str, NDArray[np.float64]],
        sigmas: dict[str, NDArray[np.float64]],
    ) -> None:
        self.t_s = t_s
        self.values = values
        self.sigmas = sigmas
