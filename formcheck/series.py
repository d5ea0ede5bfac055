"""The readings of every frame, kept in compact arrays."""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from formcheck.results import Readings, Series


class SeriesRecorder:
    """Collects readings frame by frame; this is all that grows with a clip's length.

    Parameters
    ----------
    names
        Which readings to keep; 16 bytes each a frame.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self.names = tuple(names)
        self._t = array("d")
        self._values = {name: array("d") for name in self.names}
        self._sigmas = {name: array("d") for name in self.names}

    def __len__(self) -> int:
        return len(self._t)

    def add(self, t_s: float, readings: Readings) -> None:
        """Append one frame; a reading that is missing is kept as NaN."""
        self._t.append(t_s)
        for name in self.names:
            reading = readings.get(name)
            self._values[name].append(reading.value if reading else math.nan)
            self._sigmas[name].append(reading.sigma if reading else math.nan)

    def window(self, start_s: float, end_s: float) -> Window:
        """Return the frames from `start_s` to `end_s`, both included."""
        t = np.frombuffer(self._t, dtype=np.float64) if self._t else np.empty(0)
        first = int(np.searchsorted(t, start_s - EPSILON_S, side="left"))
        last = int(np.searchsorted(t, end_s + EPSILON_S, side="right"))
        # Copies: a view would forbid the arrays to grow.
        values = {
            name: np.array(column[first:last], dtype=np.float64)
            for name, column in self._values.items()
        }
        sigmas = {
            name: np.array(column[first:last], dtype=np.float64)
            for name, column in self._sigmas.items()
        }
        return Window(t[first:last].copy(), values, sigmas)

    def series(self) -> Series:
        """Return everything."""
        w = self.window(-math.inf, math.inf)
        return Series(w.t_s, w.values, w.sigmas)


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
