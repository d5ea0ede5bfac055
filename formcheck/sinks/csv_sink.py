"""The repetitions or the holds as a table, one row each."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Sequence
from pathlib import Path

from formcheck.results import Hold, Rep, Report
from formcheck.sinks.file_sink import FileSink

LEADING = (
    "number",
    "counted",
    "side",
    "start_s",
    "turn_s",
    "end_s",
    "score",
    "assessed",
    "criteria",
    "reason",
)
"""Columns that every table of repetitions begins with."""
LEADING_OF_HOLDS = (
    "number",
    "side",
    "start_s",
    "end_s",
    "held_s",
    "complete",
    "score",
    "assessed",
    "criteria",
    "reason",
)
"""Columns that every table of holds begins with."""
DECIMALS = 4


class CsvSink(FileSink):
    """Writes the counted and the partial repetitions, or the holds, in the order of time.

    After the leading columns come each measurement and its standard deviation
    (``<name>``, ``<name>_sigma``), in alphabetical order, and each criterion's verdict
    (``<code>_status``). An unknown value is an empty cell. Of several exercises, the first
    column is the exercise.

    Parameters
    ----------
    path
        The file.
    holds
        Whether the exercise is one of holds.
    """

    def __init__(self, path: Path, *, holds: bool = False) -> None:
        super().__init__(path)
        self._holds = holds

    def content(self, report: Report) -> bytes:
        """Return the table as UTF-8."""
        return to_table(report, holds=self._holds).encode("utf-8")


def to_table(report: Report, *, holds: bool = False) -> str:
    """Return the repetitions, or the holds, as comma-separated values with a header line.

    Where there are several exercises, the first column names each row's.
    """
    rows = [(part, one) for part in report.by_exercise for one in _listed(part, holds=holds)]
    listed = [one for _, one in rows]
    leading = [_of_hold(one) if isinstance(one, Hold) else _of_rep(one) for one in listed]
    named: tuple[str, ...] = ("exercise",) if report.segments else ()
    leading = [
        {**row, "exercise": part.exercise.id} for row, (part, _) in zip(leading, rows, strict=True)
    ]
    measures = sorted({name for one in listed for name in one.measures} - {*LEADING_OF_HOLDS})
    codes = dict.fromkeys(verdict.code for one in listed for verdict in one.verdicts)
    columns = (
        *named,
        *(LEADING_OF_HOLDS if holds else LEADING),
        *(column for name in measures for column in (name, f"{name}_sigma")),
        *(f"{code}_status" for code in codes),
    )
    table = io.StringIO()
    writer = csv.DictWriter(table, columns, restval="", extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows({**_judged(one), **row} for one, row in zip(listed, leading, strict=True))
    return table.getvalue()


def _listed(report: Report, *, holds: bool) -> Sequence[Rep | Hold]:
    if holds:
        return report.holds
    return sorted((*report.reps, *report.partial_reps), key=lambda rep: rep.span.start_s)


def _of_rep(rep: Rep) -> dict[str, object]:
    return {
        "number": rep.number,
        "counted": "true" if rep.span.counted else "false",
        "side": rep.side,
        "start_s": _number(rep.span.start_s),
        "turn_s": _number(rep.span.turn_s),
        "end_s": _number(rep.span.end_s),
        "score": _number(rep.score),
        "assessed": rep.assessed,
        "criteria": rep.criteria,
        "reason": rep.span.reason,
    }


def _of_hold(hold: Hold) -> dict[str, object]:
    return {
        "number": hold.number,
        "side": hold.side,
        "start_s": _number(hold.start_s),
        "end_s": _number(hold.end_s),
        "held_s": _number(hold.held_s),
        "complete": "true" if hold.complete else "false",
        "score": _number(hold.score),
        "assessed": hold.assessed,
        "criteria": hold.criteria,
        "reason": hold.reason,
    }


def _judged(one: Rep | Hold) -> dict[str, object]:
    row: dict[str, object] = {}
    for name, reading in one.measures.items():
        row[name] = _number(reading.value)
        row[f"{name}_sigma"] = _number(reading.sigma)
    for verdict in one.verdicts:
        row[f"{verdict.code}_status"] = verdict.status.value
    return row


def _number(value: float) -> float | str:
    return round(float(value), DECIMALS) + 0.0 if math.isfinite(value) else ""
