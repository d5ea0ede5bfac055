"""Curves of a report: which readings are drawn, with repetitions, bounds and faults."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from formcheck.report.charts import Axis, Chart, Drawing, Limit, Mark, Shade, axis_of
from formcheck.report.readings import Curves
from formcheck.report.words import Part, bounded, plural, verdicts_of
from formcheck.results import SIDES
from formcheck.units import UNITS, unit_of

LEAST_RANGE = {"deg": 30.0, "ratio": 0.3, "m": 0.1, "px": 50.0, "s": 1.0}
"""A plot spans at least that much."""
GAP_S = 0.5
"""Who is out of sight for longer leaves a gap in the curve."""
MOST_SIGMA = 3.0
"""Readings this many times less sure than usual are left out when the axis is chosen."""


def charts_of(document: Part, curves: Curves) -> list[Chart]:
    """Return one plot for every reading that criteria are about and that was seen.

    Those come first of which something could be judged.
    """
    drawn: dict[str, Chart] = {}
    for info in document.get("criteria", ()):
        measure = str(info["measure"])
        if measure in drawn or not curves.of(measure):
            continue
        chart = _chart(document, curves, measure)
        if chart is not None:
            drawn[measure] = chart
    judged = {str(v["name"]) for v in verdicts_of(document) if v["status"] != "unclear"}
    told = {str(c["measure"]) for c in document.get("criteria", ()) if str(c["name"]) in judged}
    return [drawn[m] for m in sorted(drawn, key=lambda measure: measure not in told)]


def _chart(document: Part, curves: Curves, measure: str) -> Chart | None:
    about = [c for c in document["criteria"] if c["measure"] == measure]
    names = [n for n in curves.of(measure) if np.isfinite(curves.values[n]).sum() > 1]
    if not names:
        return None
    unit = unit_of(measure)
    verdicts = _verdicts(document, {str(c["code"]) for c in about})
    limits = _bounds(verdicts)
    values = [float(v) for n in names for v in _sure(curves, n)]
    y = axis_of([*values, *(at for at, *_ in limits)], LEAST_RANGE.get(unit, 1.0))
    x = Axis(float(curves.t_s[0]), float(max(curves.t_s[-1], curves.t_s[0] + 0.1)))
    drawing = Drawing(x, y, GAP_S)
    title = str(about[0]["asks"]).partition(";")[0]
    marks = _marks(verdicts, x, y)
    faults = sum(mark.style == "fail" for mark in marks)
    return Chart(
        title=title,
        unit=UNITS.get(unit, ""),
        label=f"{title} over time, with {plural(faults, 'fault')} marked",
        x_ticks=x.ticks(6),
        y_ticks=y.ticks(4),
        lines=tuple(
            drawing.line(
                _side_of(name), _side_of(name), curves.t_s, curves.values[name], curves.sigmas[name]
            )
            for name in names
        ),
        shades=tuple(_shades(document, x)),
        limits=tuple(
            Limit(y.at(at), text, below) for at, text, below in limits if y.low <= at <= y.high
        ),
        marks=tuple(marks),
    )


def _side_of(name: str) -> str:
    return next((side for side in SIDES if name.startswith(f"{side}_")), "both")


def _sure(curves: Curves, name: str) -> Any:
    """Return the values that are about as sure as usual: the others would stretch the axis."""
    values, sigmas = curves.values[name], curves.sigmas[name]
    known = np.isfinite(values) & np.isfinite(sigmas)
    if not known.any():
        return values[np.isfinite(values)]
    usual = float(np.median(sigmas[known]))
    sure = values[known & (sigmas <= MOST_SIGMA * usual)]
    return np.percentile(sure, [0.5, 99.5]) if sure.size else values[known]


def _verdicts(document: Part, codes: set[str]) -> list[Part]:
    judged = [*document["reps"], *document["holds"]]
    return [v for one in judged for v in one["verdicts"] if str(v["code"]) in codes]


def _bounds(verdicts: list[Part]) -> list[tuple[float, str, bool]]:
    """Return the ends of all bounds: where, what they ask for, and whether less is asked."""
    found: dict[tuple[float, bool], str] = {}
    for verdict in verdicts:
        bound: Mapping[str, Any] = verdict["bound"]
        for end, below in (("at_least", False), ("at_most", True)):
            if end in bound:
                text = f"{verdict['name']}: {bounded({end: bound[end]}, str(verdict['unit']))}"
                found.setdefault((float(bound[end]), below), text)
    return [(at, text, below) for (at, below), text in found.items()]


def _marks(verdicts: list[Part], x: Axis, y: Axis) -> list[Mark]:
    return [
        Mark(
            x.within(float(v["at_s"])),
            y.within(float(v["value"])),
            "fail",
            f"{v['name']}: {v['cue']}",
        )
        for v in verdicts
        if v["status"] == "fail" and v["value"] is not None and v["at_s"] is not None
    ]


def _shades(document: Part, x: Axis) -> list[Shade]:
    listed = [
        *((one, str(int(one["number"])), "") for one in document["reps"]),
        *((one, str(int(one["number"])), "") for one in document["holds"]),
        *((one, "", "partial") for one in document["partial_reps"]),
    ]
    found = []
    for one, label, style in listed:
        start, end = x.within(float(one["start_s"])), x.within(float(one["end_s"]))
        if math.isfinite(start) and end > start:
            found.append(Shade(start, round(end - start, 2), label, style))
    return found
