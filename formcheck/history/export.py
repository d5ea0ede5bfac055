"""The history in other forms, and back again."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from formcheck.errors import CannotOpen, ExtraMissing, WrongSchema
from formcheck.history.sound import moment, sound_report, sound_run
from formcheck.history.store import Entry, History, Run, new_id
from formcheck.history.trends import mean_of, ranged
from formcheck.report.document import SCHEMA as REPORT_SCHEMA
from formcheck.report.document import load_document, parts_of, read_text

SCHEMA = "formcheck.history/1"
COLUMNS: Mapping[str, str] = {
    "id": "text",
    "done_at": "text",
    "kind": "text",
    "exercise": "text",
    "name": "text",
    "clip": "text",
    "view": "text",
    "reps_counted": "int",
    "reps_partial": "int",
    "left": "int",
    "right": "int",
    "holds": "int",
    "held_s": "float",
    "best_hold_s": "float",
    "score": "float",
    "passed": "int",
    "failed": "int",
    "unclear": "int",
    "range_name": "text",
    "range": "float",
    "range_sigma": "float",
    "range_unit": "text",
    "to_work_on": "text",
}
"""Column of the tables → the kind of its values."""


def rows_of(entries: Sequence[Entry]) -> list[dict[str, Any]]:
    """Return one row an entry, with a value or None for each of `COLUMNS`."""
    return [_row(entry) for entry in entries]


def _row(entry: Entry) -> dict[str, Any]:
    document = entry.document
    summary, asked = document["summary"], ranged(document)
    value, sigma = mean_of(document, str(asked["code"])) if asked else (None, None)
    row = {
        "id": entry.id,
        "done_at": entry.done_at.isoformat(timespec="seconds"),
        "kind": entry.kind,
        "exercise": entry.exercise,
        "name": document["exercise"]["name"],
        "clip": document["source"]["path"],
        "view": document["view"]["name"],
        "left": summary["by_side"].get("left"),
        "right": summary["by_side"].get("right"),
        "range_name": asked and asked["name"],
        "range": value,
        "range_sigma": sigma,
        "range_unit": asked and asked["unit"],
        "to_work_on": "; ".join(summary["cues"]),
        **{name: summary[name] for name in COLUMNS if name in summary},
    }
    return {name: None if row[name] != row[name] else row[name] for name in COLUMNS}


def to_csv(entries: Sequence[Entry]) -> bytes:
    """Return a table with a header line, as UTF-8."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows_of(entries))
    return text.getvalue().encode("utf-8", errors="backslashreplace")


def to_json(entries: Sequence[Entry], runs: Sequence[Run] = ()) -> bytes:
    """Return everything that there is to know about entries and runs; it can be imported."""
    content = {
        "schema": SCHEMA,
        "entries": [
            {
                "id": entry.id,
                "done_at": entry.done_at.isoformat(),
                "kind": entry.kind,
                "document": entry.document,
            }
            for entry in entries
        ],
        "runs": [
            {
                "id": run.id,
                "started_at": run.started_at.isoformat(),
                "routine": run.routine,
                "data": run.data,
            }
            for run in runs
        ],
    }
    return (json.dumps(content, ensure_ascii=True, indent=1) + "\n").encode("ascii")


def to_parquet(entries: Sequence[Entry]) -> bytes:
    """Return the table as a Parquet file; it needs pyarrow.

    Raises
    ------
    ExtraMissing
        It is not installed.
    """
    rows = rows_of(entries)
    columns = {name: [row[name] for row in rows] for name in COLUMNS}
    return parquet(columns, COLUMNS, {"schema": SCHEMA})


def parquet(
    columns: Mapping[str, Any], kinds: Mapping[str, str], about: Mapping[str, str]
) -> bytes:
    """Return columns as a Parquet file.

    Parameters
    ----------
    columns
        Name → values.
    kinds
        Name → ``text``, ``int`` or ``float``.
    about
        What the file should say about itself.

    Raises
    ------
    ExtraMissing
        pyarrow is not installed.
    """
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as error:
        msg = (
            "Parquet needs pyarrow, which is not installed. "
            "Install it with: pip install 'formcheck[tables]'"
        )
        raise ExtraMissing(msg) from error
    types = {"text": pa.string(), "int": pa.int64(), "float": pa.float64()}
    schema = pa.schema([(name, types[kinds[name]]) for name in columns], metadata=dict(about))
    table = pa.table(
        {name: [_storable(value) for value in values] for name, values in columns.items()},
        schema=schema,
    )
    file = io.BytesIO()
    pq.write_table(table, file)
    return file.getvalue()


def _storable(value: object) -> object:
    """Return a value whose text is Unicode; names of files need not be."""
    if isinstance(value, str):
        return value.encode("utf-8", errors="backslashreplace").decode("utf-8")
    return value


def import_file(history: History, path: Path, done_at: datetime | None = None) -> int:
    """Add what a file holds, and return how many entries were new.

    Parameters
    ----------
    history
        Where to.
    path
        A ``report.json``, or a history that was exported as JSON.
    done_at
        When the report's exercise was done; when its file was last changed, if not given.

    Raises
    ------
    CannotOpen
        The file can't be read.
    WrongSchema
        It is neither.
    HistoryError
        The history can't be written.
    """
    content = _content(path)
    if content.get("schema") == REPORT_SCHEMA:
        at = done_at or datetime.fromtimestamp(path.stat().st_mtime).astimezone()
        parts = parts_of(load_document(path))
        known = {_fingerprint(entry.document) for entry in history.entries()}
        new = [part for part in parts if _fingerprint(part) not in known]
        return history.put([Entry(new_id(), at, "check", part) for part in new])
    try:
        entries = [
            Entry(str(e["id"]), moment(e["done_at"]), str(e["kind"]), sound_report(e["document"]))
            for e in content["entries"]
        ]
        runs = [
            Run(str(r["id"]), moment(r["started_at"]), str(r["routine"]), sound_run(r["data"]))
            for r in content["runs"]
        ]
        rows_of(entries)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise _foreign(path) from error
    there = {run.id for run in history.runs()}
    added = history.put(entries)
    for run in runs:
        if run.id not in there:
            history.save_run(run)
    return added


def _fingerprint(document: Mapping[str, Any]) -> str:
    """Return a text that only the same report has."""
    return json.dumps(document, sort_keys=True)


def _content(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(read_text(path))
    except OSError as error:
        msg = f"Could not read '{path}': {error.strerror or error}."
        raise CannotOpen(msg) from error
    except (ValueError, RecursionError) as error:
        raise _foreign(path) from error
    if not isinstance(content, dict) or content.get("schema") not in (SCHEMA, REPORT_SCHEMA):
        raise _foreign(path)
    return content


def _foreign(path: Path) -> WrongSchema:
    return WrongSchema(
        f"'{path}' is neither a formcheck report nor an exported history. Give a report.json, "
        "or what 'formcheck history export FILE.json' wrote."
    )
