"""Left against right."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from formcheck.measures.catalogue import FRAME
from formcheck.report import words
from formcheck.report.readings import Curves
from formcheck.report.words import Part
from formcheck.results import SIDES
from formcheck.units import unit_of

AROUND_S = 0.1
"""Half of the time around a turning point that is looked at."""
CLEAR = 1.64
"""Sides further apart than so many standard deviations differ with a probability of nine tenths."""


@dataclass(frozen=True, slots=True)
class SideRow:
    """One quantity of both sides."""

    name: str
    left: str
    right: str
    left_share: float
    right_share: float
    """Per cent of the larger one, for bars."""
    difference: str
    remark: str
    """Whether the sides differ by more than the camera's uncertainty."""


def side_rows(document: Part, curves: Curves) -> list[SideRow]:
    """Return what can be compared: by repetitions of each side, or at the turning points."""
    if any(document["summary"]["by_side"].get(side) for side in SIDES):
        return _by_repetition(document)
    return _by_reading(document, curves)


def _by_repetition(document: Part) -> list[SideRow]:
    judged = [*document["reps"], *document["holds"]]
    of = {side: [one for one in judged if one["side"] == side] for side in SIDES}
    if not all(of.values()):
        return []
    rows = [_row("score", "points", lambda one: (one["score"], None), of)]
    if document["holds"]:
        rows.append(_row("time held", "s", lambda one: (one["held_s"], None), of))
    for info in document.get("criteria", ()):
        measure = str(info["measure"])
        value = partial(words.verdict_value, code=str(info["code"]))
        rows.append(_row(str(info["name"]), unit_of(measure), value, of))
    return [row for row in rows if row is not None]


def _row(
    name: str,
    unit: str,
    value: Callable[[Part], tuple[float | None, float | None]],
    of: dict[str, list[Part]],
) -> SideRow | None:
    means, spreads = [], []
    for side in SIDES:
        found = [value(one) for one in of[side]]
        mean = words.mean(v for v, _ in found)
        if mean is None:
            return None
        means.append(mean)
        spreads.append(words.mean(s for v, s in found if v is not None))
    return _compared(name, unit, means, spreads)


def _by_reading(document: Part, curves: Curves) -> list[SideRow]:
    turns = [one.get("turn_s", _middle(one)) for one in (*document["reps"], *document["holds"])]
    rows = []
    seen: set[str] = set()
    for info in document.get("criteria", ()):
        measure = str(info["measure"])
        names = curves.of(measure)
        if len(names) != len(SIDES) or measure in seen or not _of_one_side(measure):
            continue
        seen.add(measure)
        at = [_at_turns(curves, name, turns) for name in names]
        if all(math.isfinite(value) for value, _ in at):
            title = str(info["asks"]).partition(";")[0]
            rows.append(
                _compared(title, unit_of(measure), [a for a, _ in at], [float(b) for _, b in at])
            )
    return rows


def _of_one_side(measure: str) -> bool:
    """Whether it is an angle of one side alone; others are already one side against the other."""
    return measure in FRAME and FRAME[measure].compute is None


def _middle(one: Part) -> float:
    return (float(one["start_s"]) + float(one["end_s"])) / 2


def _at_turns(curves: Curves, name: str, turns: list[float]) -> tuple[float, float]:
    """Return the mean over the turning points, and its typical uncertainty; NaN if unseen."""
    near = np.zeros(len(curves.t_s), bool)
    for turn_s in turns:
        near |= np.abs(curves.t_s - float(turn_s)) <= AROUND_S
    near &= np.isfinite(curves.values[name]) & np.isfinite(curves.sigmas[name])
    if not near.any():
        return math.nan, math.nan
    return float(curves.values[name][near].mean()), float(curves.sigmas[name][near].mean())


def _compared(
    name: str, unit: str, means: list[float], spreads: list[float] | list[float | None]
) -> SideRow:
    left, right = means
    largest = max(abs(left), abs(right)) or 1.0
    known = [s for s in spreads if s is not None]
    remark = ""
    if len(known) == len(SIDES):
        clear = abs(left - right) > CLEAR * math.hypot(*known)
        remark = "differ" if clear else "within error"
    return SideRow(
        name,
        words.quantity(left, unit, spreads[0]),
        words.quantity(right, unit, spreads[1]),
        round(100 * abs(left) / largest, 1),
        round(100 * abs(right) / largest, 1),
        words.quantity(abs(left - right), unit),
        remark,
    )
