"""A batch from a list of clips to its tables; it can be stopped anywhere and goes on there."""

from __future__ import annotations

import errno
import os
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from formcheck._version import __version__
from formcheck.atomic import AtomicFile, cannot_write
from formcheck.batch.clips import Clip
from formcheck.batch.jobs import Job, Parts
from formcheck.batch.local import Answer, Crew
from formcheck.batch.overview import write_overview
from formcheck.batch.rows import FAILED, SCORED, clip_row, rep_rows
from formcheck.batch.settings import Settings, Task, key_of
from formcheck.batch.store import Result, Store
from formcheck.batch.tables import REPORT, write_tables
from formcheck.batch.worker import PART, SPLIT, STOP
from formcheck.errors import FormcheckError, SourceError
from formcheck.report.document import to_bytes
from formcheck.sources import is_recording
from formcheck.sources.files import is_folder, require_file, sha256_of_files, unreadable

ERROR = "error.txt"
TABLES_EVERY_S = 60.0
"""While clips are being scored, the tables are written anew now and then."""
_TABLES_SHARE = 20
"""...but not so often that it takes more than a twentieth of the time."""

Tell = Callable[["Counts"], None]


@dataclass(slots=True)
class Counts:
    """How far a batch is."""

    total: int
    before: int = 0
    """Done by an earlier run, scored or not."""
    scored_before: int = 0
    scored: int = 0
    """By all runs."""
    failed: int = 0

    @property
    def done(self) -> int:
        """How many clips need no more work."""
        return self.scored + self.failed


@dataclass(slots=True)
class Batch:
    """All that one run needs.

    Parameters
    ----------
    clips, settings, out
        What to score, how, and where results go; the folder must exist.
    model_sha256
        Of the pose model.
    crew
        Who does the work.
    tell
        Is told about every clip that is done.
    retry
        Whether clips that failed in an earlier run are tried again.
    """

    clips: Sequence[Clip]
    settings: Settings
    out: Path
    model_sha256: str
    crew: Crew
    tell: Tell = lambda _: None
    retry: bool = False
    written: list[str] = field(default_factory=list)
    _keys: dict[int, str] = field(default_factory=dict)
    """Clip → key of its result, as far as it is known."""
    _unread: dict[int, Result] = field(default_factory=dict)
    """Clip → why not even its bytes can be read."""
    _finished: set[str] = field(default_factory=set)
    """Keys of this run."""
    _waiting: dict[str, int] = field(default_factory=dict)
    """Key → how many clips wait for the same result."""

    def run(self) -> Counts:
        """Score all clips that are not done, and write the tables, whatever happens.

        Raises
        ------
        FormcheckError
            Something that no clip is to blame for, such as a full disk.
        """
        counts = Counts(len(self.clips))
        with Store(self.out) as store:
            if self.retry:
                store.forget_failed()
            try:
                with self.crew:
                    self._work(store, counts)
            except BaseException:
                self._write_what_there_is(store)
                raise
            self._write(store)
        return counts

    def _work(self, store: Store, counts: Counts) -> None:
        tasks = self._tasks(store, counts)
        working: dict[Future[Answer], Job] = {}
        following: deque[Job] = deque()
        parts = Parts()
        write_at = time.monotonic() + TABLES_EVERY_S
        while True:
            # One more for each than can be worked on, so that nobody has to wait.
            while len(working) < 2 * self.crew.size and (job := self._next(following, tasks)):
                working[self.crew.submit({**self._wanted(job.task), **job.more})] = job
            if not working:
                return
            for future in wait(working, return_when=FIRST_COMPLETED).done:
                job, answer = working.pop(future), future.result()
                more = parts.after(job, answer)
                following += more
                # A part never ends a clip: that its others failed, too, is no news.
                if not more and "part" not in job.more and answer["end"] not in {SPLIT, PART}:
                    self._finish(store, job.task, answer, counts)
            if time.monotonic() > write_at:
                started = time.monotonic()
                self._write(store)
                took_s = time.monotonic() - started
                write_at = time.monotonic() + max(TABLES_EVERY_S, _TABLES_SHARE * took_s)

    @staticmethod
    def _next(following: deque[Job], tasks: Iterator[Task]) -> Job | None:
        """Return what to do next; what has been begun goes first."""
        if following:
            return following.popleft()
        task = next(tasks, None)
        return None if task is None else Job(task)

    def _tasks(self, store: Store, counts: Counts) -> Iterator[Task]:
        """Yield what is to be done; the same clip, asked the same, is to be done once."""
        for i, clip in enumerate(self.clips):
            try:
                sha256 = _sha256(clip.path, store)
            except SourceError as error:
                self._unread[i] = _unreadable(error)
                counts.failed += 1
                self.tell(counts)
                continue
            task = self._task(clip, sha256)
            self._keys[i] = task.key
            if task.key in self._waiting:
                self._waiting[task.key] += 1
                continue
            if status := store.status(task.key):
                earlier = task.key not in self._finished
                counts.before += earlier
                counts.scored_before += earlier and status == SCORED
                _count(counts, status, 1)
                self.tell(counts)
                continue
            self._waiting[task.key] = 1
            yield task

    def _task(self, clip: Clip, sha256: str) -> Task:
        exercise = clip.exercise or self.settings.exercise
        level = clip.level or self.settings.level
        key = key_of(sha256, exercise, level, self.model_sha256, self.settings)
        return Task(clip.path, sha256, exercise, level, key, _folder(clip.path, key))

    def _wanted(self, task: Task) -> dict[str, Any]:
        return {
            "task": asdict(task),
            "settings": self.settings.to_dict(),
            "out": str(self.out.absolute()),
        }

    def _finish(self, store: Store, task: Task, answer: Answer, counts: Counts) -> None:
        if answer["end"] == STOP:
            raise CannotGoOn(str(answer["reason"]))
        result = self._result(task, answer)
        store.add(result)
        self._finished.add(task.key)
        _count(counts, result.status, self._waiting.pop(task.key))
        self.tell(counts)

    def _result(self, task: Task, answer: Answer) -> Result:
        took = {"seconds": answer["seconds"], "memory_mib": answer["memory_mib"]}
        if answer["end"] == SCORED:
            document = answer["document"]
            self._same_makers(task, document)
            self._put(task, REPORT, to_bytes(document))
            row, reps = clip_row(document), rep_rows(document)
            return Result(task.key, SCORED, clip=row, reps=reps, folder=task.folder, **took)
        if "trace" in answer:
            self._put(task, ERROR, answer["trace"].encode())
        row = {"sha256": task.sha256}
        return Result(
            task.key,
            FAILED,
            error=answer["error"],
            reason=answer["reason"],
            clip=row,
            folder=task.folder,
            **took,
        )

    def _same_makers(self, task: Task, document: dict[str, Any]) -> None:
        """Make sure that a worker, maybe of another machine, has the same program and model."""
        version = document["formcheck"]
        model = document["provenance"].get("model_sha256", "")
        other_model = model != self.model_sha256 and not is_recording(task.path)
        if version != __version__ or other_model:
            msg = (
                f"A worker has formcheck {version} with the pose model {model[:12]}; here it is "
                f"{__version__} with {self.model_sha256[:12]}. Install the same everywhere."
            )
            raise CannotGoOn(msg)

    def _put(self, task: Task, name: str, content: bytes) -> None:
        folder = self.out / task.folder
        path = folder / name
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise cannot_write(folder, error) from error
        AtomicFile(path).write(content)
        _on_disk(path)

    # What comes of it

    def _write(self, store: Store) -> None:
        def results() -> Iterator[tuple[Clip, Result]]:
            for i, clip in enumerate(self.clips):
                result = self._unread.get(i) or self._stored(store, i)
                if result is not None:
                    yield clip, result

        self.written = write_tables(self.out, results)
        self.written.append(write_overview(self.out, results, len(self.clips)))

    def _stored(self, store: Store, i: int) -> Result | None:
        key = self._keys.get(i) or self._key_of_before(store, i)
        return store.get(key) if key else None

    def _key_of_before(self, store: Store, i: int) -> str:
        """Return the key of a clip that this run has not come to yet, if an earlier one has."""
        clip = self.clips[i]
        place = Path(clip.path).absolute()
        try:
            sha256 = store.known_sha256(str(place), place.stat())
        except OSError:
            return ""
        return self._task(clip, sha256).key if sha256 else ""

    def _write_what_there_is(self, store: Store) -> None:
        try:
            self._write(store)
        except FormcheckError:
            self.written = []  # the reason why the batch ends is told, and may be the same


class CannotGoOn(FormcheckError):
    """Something is wrong that no clip is to blame for."""


def _count(counts: Counts, status: str, clips: int) -> None:
    if status == SCORED:
        counts.scored += clips
    else:
        counts.failed += clips


def _sha256(name: str, store: Store) -> str:
    """Return the checksum of a clip, which for a folder of pictures is that of all of them."""
    path = Path(name)
    if is_folder(path):
        try:
            files = sorted(p for p in path.iterdir() if p.is_file())
        except OSError as error:
            raise unreadable(path, error) from error
        return sha256_of_files(files, names=True)
    require_file(path)
    stat = path.stat()
    place = str(path.absolute())
    if known := store.known_sha256(place, stat):
        return known
    sha256 = sha256_of_files([path])
    store.note_sha256(place, stat, sha256)
    return sha256


def _unreadable(error: SourceError) -> Result:
    return Result("", FAILED, type(error).__name__, str(error))


def _folder(path: str, key: str) -> str:
    """Return where a clip's results go: findable by its name, and never the same for two."""
    name = "".join(c if c.isalnum() or c in "-_" else "-" for c in Path(path).stem)[:60]
    return f"clips/{key[:2]}/{name}-{key[:10]}"


def _on_disk(path: Path) -> None:
    """Make sure that a power cut does not take back what is about to be called done."""
    try:
        with path.open("rb") as file:
            os.fsync(file.fileno())
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EIO}:
            raise cannot_write(path, error) from error
