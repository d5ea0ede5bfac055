"""Figures with their names and the number of cases behind each."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

SCHEMA = "formcheck.quality/1"
DECIMALS = 4


@dataclass(frozen=True)
class Figure:
    """A measured number."""

    value: float
    n: int
    """How many cases it comes from: frames, repetitions, verdicts or clips."""


Figures = dict[str, Figure]
"""Name, whose parts are divided by slashes and whose last part ends in its unit → figure."""


def share(cases: ArrayLike) -> Figure | None:
    """Return the share of cases that are true; None if there are none."""
    return mean(cases)


def mean(cases: ArrayLike) -> Figure | None:
    """Return the mean of the cases that are known; None if there are none."""
    known = _known(cases)
    return Figure(round(float(known.mean()), DECIMALS), known.size) if known.size else None


def quantile(cases: ArrayLike, q: float) -> Figure | None:
    """Return a quantile of the cases that are known; None if there are none."""
    known = _known(cases)
    return Figure(round(float(np.quantile(known, q)), DECIMALS), known.size) if known.size else None


def _known(cases: ArrayLike) -> np.ndarray[Any, np.dtype[np.float64]]:
    given = np.asarray(cases, dtype=np.float64).ravel()
    return given[np.isfinite(given)]


def named(**found: Figure | None) -> Figures:
    """Return the figures that there are cases for."""
    return {name: figure for name, figure in found.items() if figure is not None}


def under(place: str, figures: Mapping[str, Figure]) -> Figures:
    """Return figures with a place put before their names."""
    return {f"{place}/{name}": figure for name, figure in figures.items()}


def write(path: Path, about: Mapping[str, Any], figures: Mapping[str, Figure]) -> None:
    """Write figures as JSON that changes where a figure does and nowhere else.

    Parameters
    ----------
    path
        Where to.
    about
        Where they come from: JSON values.
    figures
        All figures; one becomes one line.
    """
    lines = [
        f"  {json.dumps(name)}: {json.dumps({'value': f.value, 'n': f.n})}"
        for name, f in sorted(figures.items())
    ]
    head = json.dumps({"schema": SCHEMA, **about}, indent=1, sort_keys=True, ensure_ascii=False)
    body = ",\n".join(lines)
    text = f'{head.removesuffix("}").rstrip()},\n "figures": {{\n{body}\n }}\n}}\n'
    path.write_text(text, encoding="utf-8")


def read(path: Path) -> tuple[dict[str, Any], Figures]:
    """Return where figures come from, and the figures."""
    about = json.loads(path.read_text("utf-8"))
    if about.pop("schema", None) != SCHEMA:
        msg = f"'{path}' is not of the schema {SCHEMA}; make it again."
        raise SystemExit(msg)
    figures = {name: Figure(**figure) for name, figure in about.pop("figures").items()}
    return about, figures
