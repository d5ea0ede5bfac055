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
from formcheck.posture import ramp
from formcheck.refine.body import Body
from formcheck.results import SIDES, UNSEEN, Reading

SURE = 0.5
"""Landmarks seen at least this surely have the measured error; less sure ones more."""
GUESSED = 0.1
"""Landmarks seen less surely than this are not measured at all."""
STRAIGHT_DEG, BENT_DEG = 20.0, 70.0
"""Knees bent this little count as standing, this much as bent; in between, between."""
LYING_DEG = 45.0, 65.0
"""Whose trunk leans by the second or more lies, up to the first does not; in between, in part."""

COMBINED = {
    "trunk_shin_difference_deg": ("trunk_inclination_deg", "shin_inclination_deg"),
    "hinge_deg": ("trunk_inclination_deg", "knee_flexion_deg"),
    "knee_asymmetry_deg": ("knee_flexion_deg", "knee_flexion_deg"),
    "thigh_difference_deg": ("thigh_elevation_deg", "thigh_elevation_deg"),
    "shin_difference_deg": ("shin_inclination_deg", "shin_inclination_deg"),
}
"""Readings that are one of a refiner's angles less another. The mean error has been taken off
those already, so their difference has none."""

SEES_LITTLE = 1e-3
"""Spreads grow as more is blind, in a blind direction to what one over this share gives: no verdict
rests on that."""

Row = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class ErrorRow:
    """The mean error and its standard deviation in each direction, standing, bent and lying."""

    standing_bias: Row
    standing_sigma: Row
    bent_bias: Row
    bent_sigma: Row
    lying_bias: Row = ()
    lying_sigma: Row = ()
    """Empty: as with bent knees."""
    standing_blind: Row = ()
    bent_blind: Row = ()
    lying_blind: Row = ()
    """1 where a reading shows nothing of what is true, 0 where it does. Empty: nowhere; lying, as
    with bent knees."""


@dataclass(frozen=True, slots=True)
class RangeError:
    """What errors do to a range, in standard deviations of the reading.

    Errors that change from frame to frame make every range larger: the true one and that of the
    errors add up in squares.
    """

    excess: float
    """The range that errors have where nothing moves."""
    sigma: float
    """How far off a range is without that excess."""

    def correct(self, seen: Reading) -> Reading:
        """Return the true range; what no more than errors have is none."""
        excess = self.excess * seen.sigma
        return Reading(
            math.sqrt(max(0.0, seen.value**2 - excess**2)), max(1e-9, self.sigma * seen.sigma)
        )


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
    ranges: Mapping[str, RangeError] = field(default_factory=dict)
    """Name without its side → what errors do to its range; nothing, where it is not told."""
    rare: Mapping[str, float] = field(default_factory=dict)
    """Name without its side → the spread where hardly anybody is, which a refiner that has
    seldom seen it takes for smaller; its own is never smaller than this."""
    _table: NDArray[np.float64] = field(init=False, repr=False, compare=False)
    """(3, 3, places, rows): bias, sigma and blindness, standing, bent and lying."""

    def __post_init__(self) -> None:
        rows = self.rows.values()
        nowhere = (0.0,) * len(self.away_deg)
        table = [
            [
                [r.standing_bias for r in rows],
                [r.bent_bias for r in rows],
                [r.lying_bias or r.bent_bias for r in rows],
            ],
            [
                [r.standing_sigma for r in rows],
                [r.bent_sigma for r in rows],
                [r.lying_sigma or r.bent_sigma for r in rows],
            ],
            [
                [r.standing_blind or nowhere for r in rows],
                [r.bent_blind or nowhere for r in rows],
                [r.lying_blind or (() if r.lying_sigma else r.bent_blind) or nowhere for r in rows],
            ],
        ]
        by_place = np.moveaxis(np.array(table, dtype=np.float64), -1, 2) if rows else np.empty(0)
        object.__setattr__(self, "_table", np.ascontiguousarray(by_place))

    def under(self, away_deg: float, bent: float, lying: float = 0.0) -> ErrorHere:
        """Return the errors under given conditions.

        Parameters
        ----------
        away_deg
            How far the person faces away from the camera: 0 front, 90 side, 180 rear view.
        bent
            0 standing to 1 knees bent.
        lying
            0 upright to 1 lying.
        """
        low, high, share = _between(self.away_deg, away_deg)
        if not self.rows:
            return ErrorHere({})
        from_here, to_there = self._table[:, :, low], self._table[:, :, high]
        shares, bents, lyings = (_each(x) for x in (share, bent, lying))
        upright, down, flat = (from_here + shares[:, None] * (to_there - from_here)).swapaxes(0, 1)
        found = upright + bents * (down - upright)
        if lying > 0.0:
            found += lyings * (flat - found)
        bias, known, blind = found
        sigma = known / np.maximum(1.0 - blind, SEES_LITTLE)
        pairs = zip(bias.tolist(), sigma.tolist(), strict=True)
        return ErrorHere(dict(zip(self.rows, pairs, strict=True)))

    def best(self, name: str, *, bent: bool, lying: bool = False) -> float:
        """Return the standard deviation in the best view."""
        row = self.rows[name]
        if lying and row.lying_sigma:
            return min(row.lying_sigma)
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


def lying_share(trunk_deg: float) -> float:
    """Return how surely somebody lies whose trunk leans so: 0 upright or unknown, to 1."""
    return ramp(trunk_deg, *LYING_DEG)


def doubt(visibility: float) -> float:
    """Return by how much a measured error grows when landmarks are seen less surely."""
    return 1.0 if visibility >= SURE else 1.0 + 2.0 * (SURE - visibility) / SURE


@cache
def plain_error() -> MeasuredError:
    """Read the errors of plain geometry, and of what is read from the landmarks themselves."""
    folder = files("formcheck.refine")
    data = [folder.joinpath(name).read_bytes() for name in ("plain_error.toml", "spreads.toml")]
    tables = [tomllib.loads(part.decode("utf-8")) for part in data]
    rows = {
        name: ErrorRow(**{key: tuple(map(float, row)) for key, row in entry.items()})
        for table in tables
        for name, entry in table["error"].items()
    }
    ranges = {name: RangeError(**entry) for name, entry in tables[1]["range"].items()}
    rare = {name: float(entry["sigma"]) for name, entry in tables[1]["rare"].items()}
    away = tuple(map(float, tables[0]["away_deg"]))
    sha256 = hashlib.sha256(b"".join(data)).hexdigest()
    return MeasuredError(away, rows, sha256, ranges=ranges, rare=rare)


def _each(share: float) -> NDArray[np.float64]:
    """Return the share that bias, spread and blindness have of what is further on, (3, 1).

    What shows changes least near where it was measured, as the cosine of a direction does, and
    somebody who leans far forward is not blind to all that nobody sees of who lies.
    """
    return np.array(((share,), (share,), (share * share * (3.0 - 2.0 * share),)))


def _between(at: Row, x: float) -> tuple[int, int, float]:
    """Return the two places around `x`, and how far it is from the first to the second."""
    i = bisect_right(at, x)
    if i == 0:
        return 0, 0, 0.0
    if i == len(at):
        return i - 1, i - 1, 0.0
    return i - 1, i, (x - at[i - 1]) / (at[i] - at[i - 1])
