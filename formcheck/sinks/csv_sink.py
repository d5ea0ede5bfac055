"""The repetitions as a table, one row each."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable

from formcheck.results import Rep, Report
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
"""Columns that every table begins with."""
DECIMALS = 4


class CsvSink(FileSink):
    """Writes the counted and the partial repetitions in the order of time.

    After the leading columns come each measurement and its standard deviation
    (``<name>``, ``<name>_sigma``), in alphabetical order, and each criterion's verdict
    (``<code>_status``). An unknown value is an empty cell.
    """

    def content(self, report: Report) -> bytes:
        """Return the table as UTF-8."""
        return to_table(report).encode("utf-8")


def to_table(report: Report) -> str:
    """Return the repetitions as comma-separated values with a header line."""
    reps = sorted((*report.reps, *report.partial_reps), key=lambda rep: rep.span.start_s)
    measures = sorted({name for rep in reps for name in rep.measures})
    codes = dict.fromkeys(verdict.code for rep in reps for verdict in rep.verdicts)
    columns = (
        *LEADING,
        *(column for name in measures for column in (name, f"{name}_sigma")),
        *(f"{code}_status" for code in codes),
    )
    table = io.StringIO()
    writer = csv.DictWriter(table, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(_rows(reps))
    return table.getvalue()


def _rows(reps: Iterable[Rep]) -> Iterable[dict[str, object]]:
    for rep in reps:
        row: dict[str, object] = {
            "number": rep.number,
            "counted": "true" if rep.span.counted else "false",
            "side": rep.span.side,
            "start_s": _number(rep.span.start_s),
            "turn_s": _number(rep.span.turn_s),
            "end_s": _number(rep.span.end_s),
            "score": _number(rep.score),
            "assessed": rep.assessed,
            "criteria": rep.criteria,
            "reason": rep.span.reason,
        }
        for name, reading in rep.measures.items():
            row[name] = _number(reading.value)
            row[f"{name}_sigma"] = _number(reading.sigma)
        for verdict in rep.verdicts:
            row[f"{verdict.code}_status"] = verdict.status.value
        yield row


def _number(value: float) -> float | str:
    return round(float(value), DECIMALS) + 0.0 if math.isfinite(value) else ""
