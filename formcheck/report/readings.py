"""What was measured frame by frame, as much of it as a page about the report needs."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from formcheck.errors import CannotOpen, WrongSchema
from formcheck.report.document import parts_of
from formcheck.results import SIDES, Series

FILE_NAME = "readings.csv"
"""What the file is called beside a report."""
TIME = "t_s"
SIGMA = "_sigma"
DECIMALS = 3

Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Curves:
    """Readings over time; NaN where something was not seen."""

    t_s: Values
    """(T,)"""
    values: Mapping[str, Values] = field(default_factory=dict)
    """name → (T,)"""
    sigmas: Mapping[str, Values] = field(default_factory=dict)
    """name → (T,)"""

    def within(self, start_s: float, end_s: float) -> Curves:
        """Return the part of the time from `start_s` to `end_s`."""
        chosen = (self.t_s >= start_s) & (self.t_s <= end_s)
        return Curves(
            self.t_s[chosen],
            {name: values[chosen] for name, values in self.values.items()},
            {name: sigmas[chosen] for name, sigmas in self.sigmas.items()},
        )

    @property
    def names(self) -> tuple[str, ...]:
        """The readings that are there."""
        return tuple(self.values)

    def of(self, measure: str) -> tuple[str, ...]:
        """Return the names of a measurement's readings: itself, or one a side."""
        names = (measure, *(f"{side}_{measure}" for side in SIDES))
        return tuple(name for name in names if name in self.values)


NOTHING = Curves(np.empty(0))


def curves_of(series: Series, document: Mapping[str, Any]) -> Curves:
    """Return the readings that a report's criteria are about, as exactly as the file has them."""
    wanted = dict.fromkeys(
        name
        for part in parts_of(document)
        for criterion in part.get("criteria", ())
        for name in (
            criterion["measure"],
            *(f"{side}_{criterion['measure']}" for side in SIDES),
        )
        if name in series.values
    )
    return Curves(
        np.round(series.t_s, DECIMALS),
        {name: np.round(series.values[name], DECIMALS) for name in wanted},
        {name: np.round(series.sigmas[name], DECIMALS) for name in wanted},
    )


def to_table(curves: Curves) -> str:
    """Return readings as comma-separated values: a time, then each value and its sigma."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([TIME, *(c for name in curves.names for c in (name, name + SIGMA))])
    columns = [a for name in curves.names for a in (curves.values[name], curves.sigmas[name])]
    for i, t_s in enumerate(curves.t_s):
        writer.writerow([_cell(t_s), *(_cell(column[i]) for column in columns)])
    return text.getvalue()


def load_curves(path: Path) -> Curves:
    """Read readings that were written earlier.

    Raises
    ------
    CannotOpen
        The file can't be read.
    WrongSchema
        It is no table of readings.
    """
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file))
    except OSError as error:
        msg = (
            f"Could not read the readings '{path}': {error.strerror or error}. "
            "Move the file away to make the report without curves."
        )
        raise CannotOpen(msg) from error
    except (ValueError, csv.Error) as error:
        raise _damaged(path) from error
    if not rows or rows[0][:1] != [TIME]:
        raise _damaged(path)
    header, body = rows[0], rows[1:]
    try:
        table = np.array([_numbers(row, len(header)) for row in body], np.float64)
    except ValueError as error:
        raise _damaged(path) from error
    table = table.reshape(len(body), len(header))
    column = {name: table[:, i] for i, name in enumerate(header)}
    names = [name for name in header if name + SIGMA in column]
    return Curves(
        column[TIME],
        {name: column[name] for name in names},
        {name: column[name + SIGMA] for name in names},
    )


def _numbers(row: Iterable[str], expected: int) -> list[float]:
    cells = [float(cell) if cell else math.nan for cell in row]
    if len(cells) != expected:
        msg = "a row is too short or too long"
        raise ValueError(msg)
    return cells


def _damaged(path: Path) -> WrongSchema:
    return WrongSchema(
        f"'{path}' is not a table of readings as formcheck writes it. "
        "Check the clip again, or move the file away to make the report without curves."
    )


def _cell(value: float) -> str:
    return f"{value:.{DECIMALS}f}".rstrip("0").rstrip(".") if math.isfinite(value) else ""
