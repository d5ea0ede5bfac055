"""How far off plain geometry is, by view: measured, not assumed."""

from __future__ import annotations

import tomllib
from bisect import bisect_right
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

SURE = 0.5
"""Landmarks seen at least this surely have the measured error; less sure ones more."""
GUESSED = 0.1
"""Landmarks seen less surely than this are not measured at all."""


@dataclass(frozen=True, slots=True)
class MeasuredError:
    """Root-mean-square errors by folded yaw (0 front or rear, 90 side)."""

    fold_deg: tuple[float, ...]
    rmse: dict[str, tuple[float, ...]]
    """Name without its side → error in the name's unit, at each `fold_deg`."""

    def sigma(self, name: str, fold_deg: float, visibility: float = 1.0) -> float:
        """Return the standard deviation of a reading seen from this direction."""
        return _interpolate(self.fold_deg, self.rmse[name], fold_deg) * doubt(visibility)

    def best(self, name: str) -> float:
        """Return the standard deviation in the best view."""
        return min(self.rmse[name])


def doubt(visibility: float) -> float:
    """Return by how much a measured error grows when landmarks are seen less surely."""
    return 1.0 if visibility >= SURE else 1.0 + 2.0 * (SURE - visibility) / SURE


@cache
def plain_error() -> MeasuredError:
    """Read the errors of plain geometry (``plain_error.toml``)."""
    table = tomllib.loads(files("formcheck.refine").joinpath("plain_error.toml").read_text("utf-8"))
    rmse = {name: tuple(map(float, values)) for name, values in table["rmse"].items()}
    return MeasuredError(tuple(map(float, table["fold_deg"])), rmse)


def _interpolate(at: tuple[float, ...], values: tuple[float, ...], x: float) -> float:
    """Return the value at `x` on the line through the points; level beyond the ends."""
    i = bisect_right(at, x)
    if i == 0:
        return values[0]
    if i == len(at):
        return values[-1]
    share = (x - at[i - 1]) / (at[i] - at[i - 1])
    return values[i - 1] + share * (values[i] - values[i - 1])
