"""How far off plain geometry is, by view and posture: measured, not assumed."""

from __future__ import annotations

import hashlib
import math
import tomllib
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from formcheck.geometry import flexion_deg
from formcheck.refine.body import Body
from formcheck.results import SIDES, UNSEEN, Reading

SURE = 0.5
"""Landmarks seen at least this surely have the measured error; less sure ones more."""
GUESSED = 0.1
"""Landmarks seen less surely than this are not measured at all."""
STRAIGHT_DEG, BENT_DEG = 20.0, 70.0
"""Knees bent this little count as standing, this much as bent; in between, between."""

COMBINED = {
    "trunk_shin_difference_deg": ("trunk_inclination_deg", "shin_inclination_deg"),
    "hinge_deg": ("trunk_inclination_deg", "knee_flexion_deg"),
    "knee_asymmetry_deg": ("knee_flexion_deg", "knee_flexion_deg"),
    "thigh_difference_deg": ("thigh_elevation_deg", "thigh_elevation_deg"),
    "shin_difference_deg": ("shin_inclination_deg", "shin_inclination_deg"),
}
"""Readings that are one of a refiner's angles less another. The mean error has been taken off
those already, so their difference has none."""

Row = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class ErrorRow:
    """The mean error and its standard deviation in each direction, standing and bent."""

    standing_bias: Row
    standing_sigma: Row
    bent_bias: Row
    bent_sigma: Row


@dataclass(frozen=True, slots=True)
class MeasuredError:
    """Errors of plain geometry, found by comparing it with people whose truth is known."""

    away_deg: Row
    """Where the rows are given; linear in between, level beyond."""
    rows: Mapping[str, ErrorRow]
    """Name without its side → its errors, in the name's unit."""
    sha256: str = ""
    """Of the file that it was read from."""
    combined: frozenset[str] = frozenset()
    """Those of `COMBINED` whose spread follows, frame by frame, from the angles' own; what the
    table says of them is only usual."""
    _table: NDArray[np.float64] = field(init=False, repr=False, compare=False)
    """(2, 2, places, rows): bias and sigma, standing and bent."""

    def __post_init__(self) -> None:
        rows = self.rows.values()
        table = [
            [[r.standing_bias for r in rows], [r.bent_bias for r in rows]],
            [[r.standing_sigma for r in rows], [r.bent_sigma for r in rows]],
        ]
        by_place = np.moveaxis(np.array(table, dtype=np.float64), -1, 2) if rows else np.empty(0)
        object.__setattr__(self, "_table", np.ascontiguousarray(by_place))

    def under(self, away_deg: float, bent: float) -> ErrorHere:
        """Return the errors under given conditions.

        Parameters
        ----------
        away_deg
            How far the person faces away from the camera: 0 front, 90 side, 180 rear view.
        bent
            0 standing to 1 knees bent.
        """
        low, high, share = _between(self.away_deg, away_deg)
        if not self.rows:
            return ErrorHere({})
        from_here, to_there = self._table[:, :, low], self._table[:, :, high]
        upright, down = (from_here + share * (to_there - from_here)).swapaxes(0, 1)
        bias, sigma = (upright + bent * (down - upright)).tolist()
        return ErrorHere(dict(zip(self.rows, zip(bias, sigma, strict=True), strict=True)))

    def best(self, name: str, *, bent: bool) -> float:
        """Return the standard deviation in the best view."""
        row = self.rows[name]
        return min(row.bent_sigma if bent else row.standing_sigma)


@dataclass(frozen=True, slots=True)
class ErrorHere:
    """The errors seen from one direction, in one posture."""

    rows: Mapping[str, tuple[float, float]]
    """Name without its side → mean error, and its standard deviation."""

    def correct(self, name: str, value: float, visibility: float = 1.0) -> Reading:
        """Return a value less its mean error, with the standard deviation that is left."""
        if not visibility >= GUESSED or not math.isfinite(value):
            return UNSEEN
        bias, sigma = self.rows[name]
        return Reading(value - bias, sigma * doubt(visibility))


def bent_share(body: Body) -> float:
    """Return how bent the knees are, by the world landmarks: 0 standing to 1 bent."""
    knees = [
        flexion_deg(*(body.m(f"{side}_{part}") for part in ("hip", "knee", "ankle")))
        for side in SIDES
    ]
    share = (sum(knees) / len(knees) - STRAIGHT_DEG) / (BENT_DEG - STRAIGHT_DEG)
    return min(1.0, max(0.0, share))


def doubt(visibility: float) -> float:
    """Return by how much a measured error grows when landmarks are seen less surely."""
    return 1.0 if visibility >= SURE else 1.0 + 2.0 * (SURE - visibility) / SURE


@cache
def plain_error() -> MeasuredError:
    """Read the errors of plain geometry (``plain_error.toml``)."""
    data = files("formcheck.refine").joinpath("plain_error.toml").read_bytes()
    table = tomllib.loads(data.decode("utf-8"))
    rows = {
        name: ErrorRow(**{key: tuple(map(float, row)) for key, row in entry.items()})
        for name, entry in table["error"].items()
    }
    sha256 = hashlib.sha256(data).hexdigest()
    return MeasuredError(tuple(map(float, table["away_deg"])), rows, sha256)


def _between(at: Row, x: float) -> tuple[int, int, float]:
    """Return the two places around `x`, and how far it is from the first to the second."""
    i = bisect_right(at, x)
    if i == 0:
        return 0, 0, 0.0
    if i == len(at):
        return i - 1, i - 1, 0.0
    return i - 1, i, (x - at[i - 1]) / (at[i] - at[i - 1])
