"""Plots as data: where lines, bands and marks go, in per cent of the plot's width and height.

The page's templates draw them as inline SVG that stretches with the page, with labels as text
beside it, so that a plot is as legible on a phone as on paper.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]

POINTS = 500
"""A line has no more points than that: more can't be seen."""
STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True, slots=True)
class Tick:
    """A labelled place on an axis."""

    at: float
    """Per cent from the left or from the top."""
    label: str


@dataclass(frozen=True, slots=True)
class Line:
    """A curve with its uncertainty."""

    name: str
    style: str
    """``left``, ``right`` or ``both``."""
    path: str
    band: str
    """Outline of the area that is one standard deviation wide on either side."""


@dataclass(frozen=True, slots=True)
class Shade:
    """A stretch of time, such as a repetition."""

    at: float
    width: float
    label: str
    style: str = ""


@dataclass(frozen=True, slots=True)
class Limit:
    """A bound that is drawn as a line."""

    at: float
    label: str
    below: bool
    """Whether what is asked for lies below it."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A point that is pointed out."""

    x: float
    y: float
    style: str
    """``fail``, ``pass`` or ``unclear``."""
    label: str


@dataclass(frozen=True, slots=True)
class Chart:
    """All that is drawn in one plot."""

    title: str
    unit: str
    label: str
    """What the plot shows, for who can't see it."""
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    lines: tuple[Line, ...] = ()
    shades: tuple[Shade, ...] = ()
    limits: tuple[Limit, ...] = ()
    marks: tuple[Mark, ...] = ()
    x_unit: str = "s"


@dataclass(frozen=True, slots=True)
class Axis:
    """From a value to its place, in per cent."""

    low: float
    high: float
    flipped: bool = False
    """Whether high values are at 0 per cent, as on a vertical axis."""

    def at(self, value: float) -> float:
        """Return a value's place."""
        share = (value - self.low) / (self.high - self.low) if self.high > self.low else 0.5
        return round(100 * (1 - share if self.flipped else share), 2)

    def within(self, value: float) -> float:
        """Return a value's place, at the edge for what lies beyond it."""
        return self.at(min(max(value, self.low), self.high))

    def ticks(self, most: int = 5) -> tuple[Tick, ...]:
        """Return round values, about as many as asked for."""
        step = nice_step(self.high - self.low, most)
        if not math.isfinite(step) or step <= 0:
            return ()
        first = math.ceil(self.low / step - 1e-9)
        last = math.floor(self.high / step + 1e-9)
        decimals = max(0, -math.floor(math.log10(step) + 1e-9))
        if decimals and round(step, decimals) != round(step, decimals + 1):
            decimals += 1
        return tuple(
            Tick(self.at(i * step), f"{i * step + 0.0:.{decimals}f}")
            for i in range(first, last + 1)
        )


def nice_step(span: float, most: int) -> float:
    """Return a round distance between ticks so that there are at most so many and one."""
    if not span > 0:
        return math.nan
    rough = span / most
    power = 10.0 ** math.floor(math.log10(rough))
    return next(step * power for step in STEPS if step * power >= rough * (1 - 1e-9))


def axis_of(values: Iterable[float], least: float, *, flipped: bool = True) -> Axis:
    """Return an axis that shows all finite values with some room around them.

    Parameters
    ----------
    values
        What must fit in.
    least
        The axis spans at least that much, so that noise does not look like movement.
    flipped
        As in `Axis`.
    """
    known = [v for v in values if math.isfinite(v)]
    if not known:
        return Axis(0.0, max(least, 1.0), flipped)
    low, high = min(known), max(known)
    middle, half = (low + high) / 2, max(high - low, least) / 2
    return Axis(middle - 1.08 * half, middle + 1.08 * half, flipped)


@dataclass
class Drawing:
    """Turns series into paths on two axes."""

    x: Axis
    y: Axis
    gap: float = math.inf
    """Points further apart than that are not joined."""

    def line(self, name: str, style: str, t: Values, values: Values, sigmas: Values) -> Line:
        """Return a curve; where a value is missing, it is interrupted."""
        path, band = [], []
        for piece in self._pieces(t, values):
            path.append(_path(self._points(t[piece], values[piece])))
            known = np.where(np.isfinite(sigmas[piece]), sigmas[piece], 0.0)
            upper = self._points(t[piece], values[piece] + known)
            lower = self._points(t[piece], values[piece] - known)
            band.append(_path([*upper, *reversed(lower)]) + "Z")
        return Line(name, style, " ".join(path), " ".join(band))

    def _pieces(self, t: Values, values: Values) -> list[NDArray[np.intp]]:
        """Return the indices of each uninterrupted part, thinned out where there are many."""
        known = np.flatnonzero(np.isfinite(values))
        if not known.size:
            return []
        stride = max(1, known.size // POINTS)
        breaks = np.flatnonzero((np.diff(known) > 1) | (np.diff(t[known]) > self.gap)) + 1
        return [piece[::stride] for piece in np.split(known, breaks) if piece.size > 1]

    def _points(self, t: Values, values: Values) -> list[tuple[float, float]]:
        return [
            (self.x.within(float(a)), self.y.within(float(b)))
            for a, b in zip(t, values, strict=True)
        ]


def _path(points: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in points)
