"""What is done already: one database file that survives being killed at any moment.

A result is in it whole or not at all, and on the disk before anybody is told that it is done.
"""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from formcheck.batch.rows import FAILED, SCORED, Row
from formcheck.closing import Closing
from formcheck.errors import CannotOpen, CannotWrite

FILE, LOCK = "results.sqlite", "results.lock"
_VERSION = 1
_TABLES = """
CREATE TABLE IF NOT EXISTS results (
    key TEXT PRIMARY KEY, status TEXT NOT NULL, error TEXT NOT NULL, reason TEXT NOT NULL,
    clip TEXT NOT NULL, reps TEXT NOT NULL, folder TEXT NOT NULL,
    seconds REAL NOT NULL, memory_mib REAL NOT NULL, done_at REAL NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS files (
    path TEXT PRIMARY KEY, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, sha256 TEXT NOT NULL
) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one clip."""

    key: str
    status: str
    """``scored`` or ``failed``."""
    error: str = ""
    """What kind of failure it was."""
    reason: str = ""
    clip: Row = field(default_factory=dict)
    """Of the table of clips."""
    reps: list[Row] = field(default_factory=list)
    folder: str = ""
    """Of the report, within the batch's folder."""
    seconds: float = 0.0
    """How long it took."""
    memory_mib: float = 0.0
    """Memory that the process that scored it had afterwards."""

    @property
    def scored(self) -> bool:
        """Whether there is a report."""
        return self.status == SCORED


class Store(Closing):
    """The results of a batch.

    Parameters
    ----------
    folder
        The batch's; it must exist.

    Raises
    ------
    CannotWrite
        The folder is not writable, the disk is full, or another batch is writing there now.
    CannotOpen
        The database is damaged, or of another version.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE
        self._lock = _locked(folder / LOCK)
        try:
            self._base = sqlite3.connect(self._path, check_same_thread=False, timeout=30.0)
            with self._guarded():
                self._prepare()
        except BaseException:
            self._lock.close()
            raise

    def _prepare(self) -> None:
        self._base.execute("PRAGMA synchronous=FULL")
        version = self._base.execute("PRAGMA user_version").fetchone()[0]
        if version not in {0, _VERSION}:
            msg = f"'{self._path}' is of another version of formcheck. Choose another folder."
            raise CannotOpen(msg)
        self._base.executescript(_TABLES)
        self._base.execute(f"PRAGMA user_version={_VERSION}")
        self._base.commit()

    def close(self) -> None:
        """Close the file and let others have it."""
        with contextlib.suppress(sqlite3.Error):
            self._base.close()
        self._lock.close()

    def add(self, result: Result) -> None:
        """Keep a result; when this returns, it is on the disk."""
        values = (
            result.key,
            result.status,
            result.error,
            result.reason,
            json.dumps(result.clip),
            json.dumps(result.reps),
            result.folder,
            result.seconds,
            result.memory_mib,
            time.time(),
        )
        with self._guarded(), self._base:
            self._base.execute(
                "INSERT OR REPLACE INTO results VALUES (?,?,?,?,?,?,?,?,?,?)", values
            )

    def get(self, key: str) -> Result | None:
        """Return a result, or None if there is none yet."""
        with self._guarded():
            row = self._base.execute("SELECT * FROM results WHERE key = ?", (key,)).fetchone()
        if row is None:
            return None
        key, status, error, reason, clip, reps, folder, seconds, memory_mib, _ = row
        rows = json.loads(clip), json.loads(reps)
        return Result(key, status, error, reason, *rows, folder, seconds, memory_mib)

    def status(self, key: str) -> str:
        """Return how a clip ended; empty if it is not done."""
        with self._guarded():
            found = self._base.execute("SELECT status FROM results WHERE key = ?", (key,))
            row = found.fetchone()
        return "" if row is None else str(row[0])

    def forget_failed(self) -> None:
        """Forget what failed, so that it is tried again."""
        with self._guarded(), self._base:
            self._base.execute("DELETE FROM results WHERE status = ?", (FAILED,))

    def known_sha256(self, path: str, stat: os.stat_result) -> str:
        """Return a file's checksum if it was noted and the file has not changed; else empty."""
        with self._guarded():
            row = self._base.execute(
                "SELECT sha256 FROM files WHERE path = ? AND size = ? AND mtime_ns = ?",
                (path, stat.st_size, stat.st_mtime_ns),
            ).fetchone()
        return "" if row is None else str(row[0])

    def note_sha256(self, path: str, stat: os.stat_result, sha256: str) -> None:
        """Note a file's checksum, so that it need not be read again only to know what it is."""
        values = (path, stat.st_size, stat.st_mtime_ns, sha256)
        with self._guarded(), self._base:
            self._base.execute("INSERT OR REPLACE INTO files VALUES (?,?,?,?)", values)

    @contextlib.contextmanager
    def _guarded(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.OperationalError as error:
            msg = (
                f"Could not write '{self._path}': {error}. Free some space or choose another "
                "folder; what is done is kept."
            )
            raise CannotWrite(msg) from error
        except sqlite3.DatabaseError as error:
            msg = f"'{self._path}' is damaged ({error}). Move it away, or choose another folder."
            raise CannotOpen(msg) from error


def _locked(path: Path) -> IO[bytes]:
    """Return an open file that no other process can have; it is free again when closed."""
    try:
        file = path.open("ab")
    except OSError as error:
        msg = f"Could not write '{path}': {error.strerror or error}. Choose another folder."
        raise CannotWrite(msg) from error
    try:
        _lock(file)
    except OSError as error:
        file.close()
        msg = f"Another batch is writing into '{path.parent}' now. Wait for it, or choose another."
        raise CannotWrite(msg) from error
    return file


def _lock(file: IO[bytes]) -> None:
    try:
        import fcntl
    except ImportError:  # elsewhere than on Unix, the database's own locks must do
        return
    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
