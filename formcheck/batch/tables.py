"""The tables of a batch: CSV, and Parquet where its library is installed."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib.util import find_spec
from itertools import chain, islice
from pathlib import Path
from typing import Any

from formcheck.atomic import AtomicFile, cannot_write
from formcheck.batch.clips import Clip
from formcheck.batch.rows import (
    CLIP_COLUMNS,
    FAILED,
    NUMBERS,
    REP_COLUMNS,
    REP_TEXTS,
    SCORED,
    Row,
    about,
)
from formcheck.batch.store import Result

CLIPS, REPS = "clips", "reps"
REPORT = "report.json"
_CHUNK = 5000

Results = Callable[[], Iterator[tuple[Clip, Result]]]
"""Gives all results that there are, in the order of the clips; asked for more than once."""


def write_tables(folder: Path, results: Results) -> list[str]:
    """Write the tables and return their names; each appears whole or not at all.

    Raises
    ------
    CannotWrite
        The folder is not writable, or the disk is full.
    """
    columns = rep_columns(results())
    return [
        *_table(folder, CLIPS, CLIP_COLUMNS, lambda: (full_clip_row(*r) for r in results())),
        *_table(
            folder, REPS, columns, lambda: chain.from_iterable(full_rep_rows(*r) for r in results())
        ),
    ]


def _table(
    folder: Path, name: str, columns: Sequence[str], rows: Callable[[], Iterator[Row]]
) -> Iterator[str]:
    _write(folder / f"{name}.csv", lambda part: _csv(part, columns, rows()))
    yield f"{name}.csv"
    if find_spec("pyarrow") is not None:
        texts = _texts(name, columns)
        _write(folder / f"{name}.parquet", lambda part: _parquet(part, columns, rows(), texts))
        yield f"{name}.parquet"


def full_clip_row(clip: Clip, result: Result) -> Row:
    """Return a line of the table of clips."""
    failed = not result.scored
    row = dict.fromkeys(CLIP_COLUMNS) | result.clip | about(clip)
    row["status"] = FAILED if failed else SCORED
    row["error"], row["reason"] = result.error, result.reason
    row["exercise"] = row["exercise"] or clip.exercise
    row["level"] = row["level"] or clip.level
    row["report"] = "" if failed else f"{result.folder}/{REPORT}"
    return row


def full_rep_rows(clip: Clip, result: Result) -> list[Row]:
    """Return the lines of the table of repetitions for one clip."""
    return [about(clip) | row for row in result.reps]


def rep_columns(results: Iterable[tuple[Clip, Result]]) -> tuple[str, ...]:
    """Return the columns of the table of repetitions: the leading ones, then by name."""
    names = {name for _, result in results for row in result.reps for name in row}
    rest = sorted(names - set(REP_COLUMNS), key=lambda name: (name.endswith("_status"), name))
    return (*REP_COLUMNS, *rest)


def _texts(table: str, columns: Sequence[str]) -> set[str]:
    if table == CLIPS:
        return set(columns) - NUMBERS
    return {name for name in columns if name in REP_TEXTS or name.endswith("_status")}


def _write(path: Path, fill: Callable[[Path], None]) -> None:
    file = AtomicFile(path)
    try:
        fill(file.reserve())
    except OSError as error:
        file.discard()
        raise cannot_write(path, error) from error
    except BaseException:
        file.discard()
        raise
    file.commit()


def _csv(path: Path, columns: Sequence[str], rows: Iterable[Row]) -> None:
    with path.open("w", encoding="utf-8", errors="backslashreplace", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _parquet(path: Path, columns: Sequence[str], rows: Iterable[Row], texts: set[str]) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    types = {True: pa.string(), False: pa.float64()}
    schema = pa.schema([(name, types[name in texts]) for name in columns])
    rows = iter(rows)
    with parquet.ParquetWriter(path, schema) as writer:
        while some := list(islice(rows, _CHUNK)):
            arrays = {
                name: [_cell(row.get(name), name in texts) for row in some] for name in columns
            }
            writer.write_table(pa.table(arrays, schema=schema))


def _cell(value: Any, text: bool) -> Any:
    if value is None:
        return None
    return str(value).encode("utf-8", "backslashreplace").decode() if text else float(value)
