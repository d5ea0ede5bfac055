"""Whether all that a history held is still there, to the byte, whatever was done to the file."""

from __future__ import annotations

import sqlite3
import tempfile
from collections import Counter
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

TABLES = ("entry", "run")
BESIDE = ("", "-wal")
"""Ends of the names of the files that hold a history; the third, ``-shm``, is only an index."""

Row = tuple[object, ...]


def lost(name: str, before: Mapping[str, bytes], after: Mapping[str, bytes]) -> list[str]:
    """Return what a history held before a command and does not hold after it.

    Where nothing can be read, nobody knows what somebody could still rescue: then the files have
    to be as they were.

    Parameters
    ----------
    name
        The history's file; the files beside it have names that begin so.
    before, after
        Name → content of all files.
    """
    rows, problem = saved(name, before)
    now, _ = saved(name, after)
    found = [f"lost from the history: {table}" for table, *_ in (rows - now).elements()]
    if problem and not rows:
        found += [
            f"an unreadable history was changed: {name}{end}"
            for end in BESIDE
            if before.get(f"{name}{end}") != after.get(f"{name}{end}")
        ]
    return found


def saved(name: str, files: Mapping[str, bytes]) -> tuple[Counter[Row], str]:
    """Return the rows of a history, as far as they can be read, and what stopped that.

    They are read from copies: to open a file is to change it.
    """
    rows: Counter[Row] = Counter()
    with tempfile.TemporaryDirectory(prefix="formcheck-saved-") as folder:
        copy = Path(folder) / "history.sqlite3"
        for end in BESIDE:
            if f"{name}{end}" in files:
                copy.with_name(f"{copy.name}{end}").write_bytes(files[f"{name}{end}"])
        problem = ""
        for table in TABLES:
            try:
                with closing(sqlite3.connect(copy)) as database:
                    database.text_factory = bytes
                    for row in database.execute(f"SELECT * FROM {table}"):  # noqa: S608 - ours
                        rows[table, *row] += 1
            except (sqlite3.Error, UnicodeDecodeError) as error:  # its message is decoded, too
                problem = str(error)
    return rows, problem
