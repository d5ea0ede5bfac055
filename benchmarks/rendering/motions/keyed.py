"""A number that is known at some times and goes smoothly from one to the next."""

from __future__ import annotations

from bisect import bisect_right

_SAME_S = 1e-3


class Track:
    """Goes through its keys without ever overshooting one; rests before and after them.

    Its speed is continuous, and nought wherever it turns round.
    """

    def __init__(self) -> None:
        self._t_s: list[float] = []
        self._values: list[float] = []
        self._slopes: list[float] | None = None

    def add(self, t_s: float, value: float) -> None:
        """Add a key after all others; one at the time of the last replaces it."""
        self._slopes = None
        if self._t_s and t_s < self._t_s[-1] + _SAME_S:
            self._values[-1] = value
            return
        self._t_s.append(t_s)
        self._values.append(value)

    def copy(self) -> Track:
        """Return one with the same keys, to which others can be added."""
        track = Track()
        track._t_s, track._values = [*self._t_s], [*self._values]
        return track

    @property
    def last(self) -> float:
        """Value of the last key."""
        return self._values[-1]

    def __call__(self, t_s: float) -> float:
        """Return the number at a time."""
        times, values = self._t_s, self._values
        i = bisect_right(times, t_s)
        if i == 0 or i == len(times):
            return values[0] if i == 0 else values[-1]
        if self._slopes is None:
            self._slopes = _slopes(times, values)
        long = times[i] - times[i - 1]
        u = (t_s - times[i - 1]) / long
        keep = (1.0 + 2.0 * u) * (1.0 - u) ** 2
        start = u * (1.0 - u) ** 2 * long
        end = u * u * (u - 1.0) * long
        return (
            keep * values[i - 1]
            + (1.0 - keep) * values[i]
            + start * self._slopes[i - 1]
            + end * self._slopes[i]
        )


def _slopes(times: list[float], values: list[float]) -> list[float]:
    """Return the speed at each key, such that a cubic between two keys is monotonous."""
    slopes = [0.0]
    for i in range(1, len(times) - 1):
        before, after = times[i] - times[i - 1], times[i + 1] - times[i]
        rise = (values[i] - values[i - 1]) / before
        then = (values[i + 1] - values[i]) / after
        if rise * then <= 0.0:
            slopes.append(0.0)
            continue
        # The weighted harmonic mean of Fritsch and Butland (1984).
        near, far = 2 * after + before, after + 2 * before
        slopes.append((near + far) / (near / rise + far / then))
    return [*slopes, 0.0]
