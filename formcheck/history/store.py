"""The history: one SQLite file in the user's data folder.

Several processes may write at once: each entry is one transaction, writers wait for each
other, and what `History.add` has returned from is on disk. A process that is killed half-way
leaves the entries that it finished, and no part of another.
"""

from __future__ import annotations

import json
import os
import secrets
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from platformdirs import user_data_path

from formcheck.closing import Closing
from formcheck.errors import HistoryError
from formcheck.history.sound import moment, report_in, run_in
from formcheck.report.document import parts_of

ENVIRONMENT = "FORMCHECK_HISTORY"
"""Names the file, if it is set."""
WAIT_S = 60.0
"""How long a writer waits for others."""
LEAST_PREFIX = 4
"""An entry may be called by the first so many characters of its name, or more."""

_SELECT = "SELECT id, done_at, kind, document FROM entry"

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        """CREATE TABLE entry (
            id TEXT PRIMARY KEY,
            done_at TEXT NOT NULL,
            kind TEXT NOT NULL,
            exercise TEXT NOT NULL,
            clip_sha256 TEXT NOT NULL,
            document TEXT NOT NULL
        ) STRICT""",
        "CREATE INDEX entry_by_exercise ON entry (exercise, done_at)",
    ),
    (
        """CREATE TABLE run (
            id TEXT PRIMARY KEY,
            started_at TEXT NOT NULL,
            routine TEXT NOT NULL,
            data TEXT NOT NULL
        ) STRICT""",
        "CREATE INDEX run_by_routine ON run (routine, started_at)",
    ),
)
"""What brings the file from each version to the next; only ever added to."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One exercise of one check or live session."""

    id: str
    done_at: datetime
    """With a time zone."""
    kind: str
    """``check``, ``live`` or ``routine``."""
    document: Mapping[str, Any]
    """The report about this exercise, as in ``report.json``."""

    @property
    def exercise(self) -> str:
        """The exercise's id."""
        return str(self.document["exercise"]["id"])


@dataclass(frozen=True, slots=True)
class Run:
    """One time that a routine was gone through, however far."""

    id: str
    started_at: datetime
    routine: str
    data: Mapping[str, Any]


def history_path() -> Path:
    """Return where the history is: what ``FORMCHECK_HISTORY`` says, or the user's data folder."""
    named = os.environ.get(ENVIRONMENT)
    return Path(named) if named else user_data_path("formcheck") / "history.sqlite3"


def new_id() -> str:
    """Return a name that no other entry has."""
    return secrets.token_hex(8)


def now() -> datetime:
    """Return the time."""
    return datetime.now(UTC)


class History(Closing):
    """An open history; use it in a ``with`` block.

    Parameters
    ----------
    path
        The file; `history_path` if not given. It and its folder are made if need be.

    Raises
    ------
    HistoryError
        The file can't be opened, is no history, or was made by a newer formcheck.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or history_path()
        with self._explained("open"):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._look()
            self._db = sqlite3.connect(self.path, timeout=WAIT_S, isolation_level=None)
        try:
            with self._explained("open"):
                self._db.execute("PRAGMA journal_mode = WAL")
                # What is no text is found where it is looked at, not while rows are fetched.
                self._db.text_factory = lambda text: text.decode("utf-8", "surrogateescape")
                # In WAL mode FULL is what makes a transaction survive a loss of power.
                self._db.execute("PRAGMA synchronous = FULL")
                self._refuse_triggers()
                self._migrate()
        except BaseException:
            self._db.close()
            raise

    def _look(self) -> None:
        """Make sure that the file can be read, if there is a log beside it.

        SQLite clears the log away when a file is closed that was open for writing, even if it could
        not make anything of either. So it is opened for reading first: then both stay as they are,
        for whoever can rescue what is in them.
        """
        log = self.path.with_name(f"{self.path.name}-wal")
        if not log.exists():
            return
        address = f"{self.path.absolute().as_uri()}?mode=ro"
        with closing(sqlite3.connect(address, timeout=WAIT_S, uri=True)) as database:
            try:
                database.execute("SELECT count(*) FROM sqlite_master").fetchone()
            except sqlite3.DatabaseError as error:
                # All else, such as somebody who writes just now, is told when it is opened.
                if error.sqlite_errorcode in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
                    raise

    def _refuse_triggers(self) -> None:
        """Make sure that saving does nothing but save: triggers could delete what is there."""
        odd = self._db.execute("SELECT name FROM sqlite_master WHERE type IN ('trigger', 'view')")
        if found := odd.fetchone():
            msg = (
                f"The history '{self.path}' holds '{found[0]}', a trigger or view, which formcheck "
                "never makes: it could change what is saved. Restore the file from a backup."
            )
            raise HistoryError(msg)

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def add(
        self, document: Mapping[str, Any], *, kind: str = "check", done_at: datetime | None = None
    ) -> list[str]:
        """Save a report; one of several exercises becomes as many entries.

        Parameters
        ----------
        document
            As `formcheck.report.document.to_document` gives it.
        kind
            What it was: ``check``, ``live`` or ``routine``.
        done_at
            When, with a time zone; now, if not given.

        Returns
        -------
        list
            The entries' names. Once they are returned, the entries are on disk.
        """
        at = done_at or now()
        entries = [Entry(new_id(), at, kind, part) for part in parts_of(document)]
        self.put(entries)
        return [entry.id for entry in entries]

    def put(self, entries: Sequence[Entry]) -> int:
        """Save entries in one go, all or none; those that are there already are left alone.

        Returns
        -------
        int
            How many were new.

        Raises
        ------
        HistoryError
            They can't be saved, or one has a date that no clip can have: nobody could read it
            again.
        """
        rows = [
            (
                entry.id,
                _dated(entry.done_at),
                entry.kind,
                entry.exercise,
                str(entry.document["source"]["sha256"]),
                json.dumps(entry.document, ensure_ascii=True, separators=(",", ":")),
            )
            for entry in entries
        ]
        with self._transaction("save"):
            insert = "INSERT OR IGNORE INTO entry VALUES (?, ?, ?, ?, ?, ?)"
            return self._db.executemany(insert, rows).rowcount

    def entries(self, exercise: str = "") -> list[Entry]:
        """Return the entries in the order of time; of one exercise, if it is named."""
        with self._explained("read"):
            if exercise:
                found = self._db.execute(
                    f"{_SELECT} WHERE exercise = ? ORDER BY done_at", [exercise]
                )
            else:
                found = self._db.execute(f"{_SELECT} ORDER BY done_at")
            rows = found.fetchall()
        return [self._entry(*row) for row in rows]

    def exercises(self) -> list[str]:
        """Return the ids of the exercises that there are entries of."""
        with self._explained("read"):
            found = self._db.execute("SELECT DISTINCT exercise FROM entry ORDER BY exercise")
            return [name for (name,) in found]

    def find(self, name: str) -> Entry:
        """Return the entry of that name, or whose name begins so.

        Raises
        ------
        HistoryError
            There is none, there are several, or it is damaged.
        """
        full = self.name_of(name)
        with self._explained("read"):
            found = self._db.execute(f"{_SELECT} WHERE id = ?", [full]).fetchone()
        if found is None:
            raise self._no_entry(name)
        return self._entry(*found)

    def names(self, exercise: str = "") -> list[str]:
        """Return the names of all entries in the order of time, of damaged ones too."""
        with self._explained("read"):
            found = self._db.execute(
                "SELECT id FROM entry WHERE ? IN ('', exercise) ORDER BY done_at", [exercise]
            )
            return [str(name) for (name,) in found]

    def run_names(self) -> list[str]:
        """Return the names of all runs, of damaged ones too."""
        with self._explained("read"):
            return [str(name) for (name,) in self._db.execute("SELECT id FROM run")]

    def name_of(self, name: str) -> str:
        """Return the full name of the entry or run of that name, or whose name begins so.

        Raises
        ------
        HistoryError
            There is none, or there are several.
        """
        if len(name) >= LEAST_PREFIX:
            found = [
                one for one in (*self.names(), *self.run_names()) if one.startswith(name.lower())
            ]
            if len(found) == 1:
                return found[0]
            if found:
                names = ", ".join(found)
                msg = f"Several entries begin with '{name}': {names}. Give more of the name."
                raise HistoryError(msg)
        raise self._no_entry(name)

    @staticmethod
    def _no_entry(name: str) -> HistoryError:
        return HistoryError(
            f"The history has no entry '{name}'. 'formcheck history list' shows what it has."
        )

    def delete(self, names: Sequence[str]) -> int:
        """Delete entries and runs by their full names, and return how many there were.

        What is deleted is overwritten in the file, too.
        """
        with self._explained("change"):
            self._db.execute("PRAGMA secure_delete = ON")
        with self._transaction("change"):
            given = [(name,) for name in names]
            count = self._db.executemany("DELETE FROM entry WHERE id = ?", given).rowcount
            count += self._db.executemany("DELETE FROM run WHERE id = ?", given).rowcount
        with self._explained("change"):
            self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return count

    def save_run(self, run: Run) -> None:
        """Save how a routine went, in place of what was saved of the same run before."""
        with self._transaction("save"):
            self._db.execute(
                "INSERT OR REPLACE INTO run VALUES (?, ?, ?, ?)",
                [run.id, _stamp(run.started_at), run.routine, json.dumps(run.data)],
            )

    def runs(self, routine: str = "") -> list[Run]:
        """Return the runs in the order of time; of one routine, if it is named."""
        with self._explained("read"):
            found = self._db.execute(
                "SELECT id, started_at, routine, data FROM run "
                "WHERE ? IN ('', routine) ORDER BY started_at",
                [routine],
            )
            rows = found.fetchall()
        return [self._run(*row) for row in rows]

    def _entry(self, name: str, at: str, kind: str, text: str) -> Entry:
        with self._sound(name):
            str(text).encode("utf-8")
            return Entry(str(name), moment(at), str(kind), report_in(text))

    def _run(self, name: str, at: str, of: str, text: str) -> Run:
        with self._sound(name):
            str(text).encode("utf-8")
            return Run(str(name), moment(at), str(of), run_in(text))

    @contextmanager
    def _sound(self, name: str) -> Iterator[None]:
        try:
            yield
        except ValueError as error:
            msg = (
                f"The entry {name} of the history '{self.path}' is damaged: {error}. Restore "
                f"the file from a backup, or go on without it: 'formcheck history delete {name}'."
            )
            raise HistoryError(msg) from error

    def check(self) -> None:
        """Make sure that the file is sound.

        Raises
        ------
        HistoryError
            It is damaged.
        """
        with self._explained("read"):
            (found,) = self._db.execute("PRAGMA integrity_check").fetchone()
        if found != "ok":
            msg = f"The history '{self.path}' is damaged: {found}. Restore it from a backup."
            raise HistoryError(msg)

    def _migrate(self) -> None:
        """Bring the file to the newest version; nothing to do is the usual case."""
        if self._version() == len(MIGRATIONS):
            return
        with self._transaction("open"):
            # Another process may have done it while this one waited.
            version = self._version()
            if version > len(MIGRATIONS):
                msg = (
                    f"The history '{self.path}' was made by a newer formcheck (version {version} "
                    f"of the file; this one knows {len(MIGRATIONS)}). Update formcheck."
                )
                raise HistoryError(msg)
            for statements in MIGRATIONS[version:]:
                for statement in statements:
                    self._db.execute(statement)
            self._db.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")

    def _version(self) -> int:
        return int(self._db.execute("PRAGMA user_version").fetchone()[0])

    @contextmanager
    def _transaction(self, doing: str) -> Iterator[None]:
        """Do all of it or nothing; others that write wait meanwhile."""
        with self._explained(doing):
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    @contextmanager
    def _explained(self, doing: str) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError, UnicodeDecodeError) as error:
            msg = (
                f"Could not {doing} the history '{self.path}': {error}. Choose another file with "
                f"{ENVIRONMENT}, or do without with --no-history."
            )
            raise HistoryError(msg) from error


def _dated(at: datetime) -> str:
    """Return a time as it is kept.

    Raises
    ------
    HistoryError
        It could not be read again.
    """
    try:
        stamp = _stamp(at)
        moment(stamp)
    except (ValueError, OverflowError) as error:
        msg = f"Nothing was done in the year {at.year}, so nothing is kept of then. Check the date."
        raise HistoryError(msg) from error
    return stamp


def _stamp(at: datetime) -> str:
    """Return a time as text that sorts by time."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")
