"""Makes many films at once, in as many processes as there are processors.

A film that is there, and that comes from the same order and the same source of the renderer,
is kept; so an interrupted batch goes on where it was. Where only formcheck's definitions have
changed, the pictures are kept and the truth is told anew. A film appears whole or not at all.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import time
import traceback
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from benchmarks.rendering.stamp import STAMP, stamp, state

if TYPE_CHECKING:
    from benchmarks.rendering.film import Order

FILES = ("clip.mp4", "truth.npz", "labels.toml", STAMP)
"""What a finished film consists of."""
USUAL_S = 12.0
"""Length of a film that has not begun yet, as long as none is known."""
TELL_EVERY = 5
"""A process tells after so many frames."""
FILMS_A_PROCESS = 40
"""Then a fresh one takes over, as memory that drawing leaves behind adds up."""
ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "LP_NUM_THREADS")
"""Several processes with a thread each are faster than threads that wait for one another."""


@dataclass
class Outcome:
    """What became of a batch; names of films."""

    made: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    """They were there."""
    stale: list[str] = field(default_factory=list)
    """They were there, but from another order or another source; made again."""
    retold: list[str] = field(default_factory=list)
    """They were there; only what is said about them was written again."""
    failed: dict[str, str] = field(default_factory=dict)
    """Name → what went wrong."""
    frames: int = 0
    seconds: float = 0.0

    @property
    def fps(self) -> float:
        """Frames made in a second."""
        return self.frames / self.seconds if self.seconds else 0.0


class Films(Protocol):
    """What a process makes films with; `benchmarks.rendering.film.Studio` is one."""

    def film(self, order: Any, folder: Path, progress: Callable[[int, int], None]) -> None:
        """Make a film in a folder."""

    def take(self, order: Any) -> Any:
        """Return something that can ``save`` a film's truth and labels into a folder."""


def studio() -> Films:
    """Return the studio that films are made in, set up for one of several processes."""
    with _silent():
        import cv2
        import torch

        from benchmarks.rendering.film import Studio

        cv2.setNumThreads(1)
        torch.set_num_threads(1)
        return Studio()


@contextlib.contextmanager
def _silent() -> Iterator[None]:
    """Keep what the body model's libraries say about graphics cards off the progress bar."""
    with contextlib.ExitStack() as after, Path(os.devnull).open("wb") as nowhere:
        kept = os.dup(2)
        after.callback(os.close, kept)
        after.callback(os.dup2, kept, 2)
        os.dup2(nowhere.fileno(), 2)
        yield


def render(
    orders: Mapping[str, Order],
    folder: Path,
    *,
    console: Console,
    jobs: int | None = None,
    films: Callable[[], Films] = studio,
) -> Outcome:
    """Make all films that are not there yet, each in a folder of its name.

    Parameters
    ----------
    orders
        Name → film.
    folder
        Where the films' folders are; made if need be.
    console
        Where the progress is shown.
    jobs
        Processes at a time; as many as processors if not given.
    films
        Makes what makes films, once in every process.

    Returns
    -------
    Outcome
        What was made and what went wrong; a film that fails does not stop the others.

    Raises
    ------
    KeyboardInterrupt
        After the films that were being made have been cleaned up.
    """
    folder.mkdir(parents=True, exist_ok=True)
    _sweep_after_the_dead(folder)
    outcome = Outcome()
    ahead: deque[_Job] = deque()
    for name, order in orders.items():
        order_as_told = asdict(order)
        there = all((folder / name / file).is_file() for file in FILES)
        now = state(folder / name, order_as_told) if there else "missing"
        if now == "fresh":
            outcome.kept.append(name)
            continue
        if now == "stale":
            outcome.stale.append(name)
        ahead.append(_Job(name, order, stamp(order_as_told), now == "told by another formcheck"))
    if outcome.stale:
        console.print(
            f"{len(outcome.stale)} films come from another order or an earlier renderer; "
            "they are made again."
        )
    if ahead:
        _Batch(ahead, folder, films, outcome, console).run(jobs or os.cpu_count() or 1)
    return outcome


@dataclass(frozen=True)
class _Job:
    """A film to make."""

    name: str
    order: Order
    note: str
    """What goes into its `STAMP`."""
    only_truth: bool
    """Whether the pictures are there and only the truth may be old."""


class _Worker:
    """A process that makes films, seen from outside."""

    def __init__(self, folder: Path, films: Callable[[], Films]) -> None:
        context = get_context("spawn")
        self.inbox, theirs = context.Pipe()
        self.process = context.Process(target=_work, args=(theirs, folder, films), daemon=True)
        # Ctrl-C reaches all processes of a terminal; the one that hands out the work decides.
        # A process that starts while it is ignored goes on ignoring it.
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            self.process.start()
        finally:
            signal.signal(signal.SIGINT, before)
        theirs.close()
        self.name = ""
        """The film that it makes; empty when it rests."""
        self.films = 0

    def send(self, job: _Job) -> None:
        self.name = job.name
        self.films += 1
        self.inbox.send(job)

    def end(self) -> None:
        self.process.terminate()
        self.process.join()
        self.inbox.close()


class _Batch:
    """Hands films out to workers and follows how far they are."""

    def __init__(
        self,
        ahead: deque[_Job],
        folder: Path,
        films: Callable[[], Films],
        outcome: Outcome,
        console: Console,
    ) -> None:
        self._ahead = ahead
        self._folder = folder
        self._films = films
        self._outcome = outcome
        self._console = console
        self._of = len(ahead)
        self._frames: dict[str, tuple[int, int]] = {}
        self._workers: list[_Worker] = []
        self._usual = USUAL_S * sum(job.order.fps for job in ahead) / self._of

    def run(self, jobs: int) -> None:
        start = time.monotonic()
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            _SpeedColumn(),
            TimeRemainingColumn(),
        )
        before = {name: os.environ.get(name) for name in ONE_THREAD}
        os.environ |= dict.fromkeys(ONE_THREAD, "1")
        try:
            with Progress(*columns, console=self._console) as bar:
                task = bar.add_task("starting", total=round(self._usual * self._of))
                for _ in range(min(jobs, self._of)):
                    self._hire()
                while any(worker.name for worker in self._workers):
                    self._listen()
                    bar.update(
                        task,
                        description=f"films {self._done}/{self._of}, frames",
                        completed=self._frames_done,
                        total=self._frames_in_all(),
                    )
        finally:
            for worker in self._workers:
                worker.end()
                self._sweep(worker.name)
            for name, value in before.items():
                if value is None:
                    del os.environ[name]
                else:
                    os.environ[name] = value
            self._outcome.frames = self._frames_done
            self._outcome.seconds = time.monotonic() - start

    @property
    def _done(self) -> int:
        outcome = self._outcome
        return len(outcome.made) + len(outcome.retold) + len(outcome.failed)

    @property
    def _frames_done(self) -> int:
        return sum(done for done, _ in self._frames.values())

    def _frames_in_all(self) -> int:
        known = [of for _, of in self._frames.values()]
        usual = sum(known) / len(known) if known else self._usual
        return round(sum(known) + (self._of - len(known)) * usual)

    def _hire(self) -> None:
        worker = _Worker(self._folder, self._films)
        self._workers.append(worker)
        self._assign(worker)

    def _assign(self, worker: _Worker) -> None:
        """Give a worker that rests the next film, or send it home."""
        worker.name = ""
        if not self._ahead:
            return
        if worker.films >= FILMS_A_PROCESS:
            self._dismiss(worker)
            self._hire()
        else:
            worker.send(self._ahead.popleft())

    def _dismiss(self, worker: _Worker) -> None:
        worker.end()
        self._sweep(worker.name)
        self._workers.remove(worker)

    def _listen(self) -> None:
        """Wait until a worker tells something, and act on it."""
        of_inbox = {worker.inbox: worker for worker in self._workers if worker.name}
        for inbox in wait(list(of_inbox)):
            assert isinstance(inbox, Connection)  # noqa: S101 - what was passed in comes back
            worker = of_inbox[inbox]
            try:
                kind, told = inbox.recv()
            except (EOFError, OSError):
                worker.process.join()
                self._fail(worker.name, f"its process ended with {worker.process.exitcode}")
                self._dismiss(worker)
                if self._ahead:
                    self._hire()
                continue
            if kind == "frames":
                self._frames[worker.name] = told
                continue
            if kind == "failed":
                self._fail(worker.name, told)
            else:
                (self._outcome.made if kind == "made" else self._outcome.retold).append(worker.name)
                self._log(f"{self._done}/{self._of} {worker.name}")
            self._assign(worker)

    def _fail(self, name: str, why: str) -> None:
        self._outcome.failed[name] = why
        done, _ = self._frames.get(name, (0, 0))
        self._frames[name] = (done, done)
        self._console.print(
            f"[red]{escape(name)} failed:[/] {escape(why.strip().splitlines()[-1])}"
        )

    def _log(self, text: str) -> None:
        """Where no bar can be drawn, say in lines how far it is."""
        if not self._console.is_terminal:
            self._console.print(text)

    def _sweep(self, name: str) -> None:
        if name:
            shutil.rmtree(_unfinished(self._folder, name, os.getpid()), ignore_errors=True)


class _SpeedColumn(ProgressColumn):
    """Frames a second."""

    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text(f"{speed:.1f} fps" if speed else "", style="progress.data.speed")


def _unfinished(folder: Path, name: str, batch: int) -> Path:
    return folder / f".making-{name}-{batch}"


def _sweep_after_the_dead(folder: Path) -> None:
    """Remove unfinished films of batches that were killed."""
    for part in folder.glob(".making-*"):
        try:
            os.kill(int(part.name.rpartition("-")[2]), 0)
        except (ProcessLookupError, ValueError):
            shutil.rmtree(part, ignore_errors=True)
        except PermissionError:  # alive, and somebody else's
            continue


def _work(outbox: Connection, folder: Path, films: Callable[[], Films]) -> None:
    """Make films until there is nobody left to tell."""
    maker: Films | None = None
    while True:
        try:
            job: _Job = outbox.recv()
        except EOFError:
            return
        try:
            maker = maker or films()
            kind = "retold" if job.only_truth and _retell(maker, job, folder) else "made"
            if kind == "made":
                _film(maker, job, folder, outbox)
        except BrokenPipeError:
            return
        except Exception:  # noqa: BLE001 - one bad film must not stop the others
            outbox.send(("failed", traceback.format_exc()))
        else:
            outbox.send((kind, None))


def _retell(maker: Films, job: _Job, folder: Path) -> bool:
    """Write a film's truth anew if it still shows just that; return whether it does."""
    take = maker.take(job.order)
    with _part(folder, job.name) as part:
        take.save(part)
        with np.load(part / "truth.npz") as now, np.load(folder / job.name / "truth.npz") as was:
            shown = ("t_s", "image_px", "world_m")
            if not all(np.array_equal(now[name], was[name]) for name in shown):
                return False
        (part / STAMP).write_text(job.note, encoding="utf-8")
        # The stamp comes last: until then the film counts as told by another formcheck.
        for file in ("truth.npz", "labels.toml", STAMP):
            (part / file).replace(folder / job.name / file)
    return True


def _film(maker: Films, job: _Job, folder: Path, outbox: Connection) -> None:
    def progress(done: int, of: int) -> None:
        if done % TELL_EVERY == 0 or done == of:
            outbox.send(("frames", (done, of)))

    with _part(folder, job.name) as part:
        maker.film(job.order, part, progress)
        (part / STAMP).write_text(job.note, encoding="utf-8")
        shutil.rmtree(folder / job.name, ignore_errors=True)
        part.replace(folder / job.name)


@contextlib.contextmanager
def _part(folder: Path, name: str) -> Iterator[Path]:
    """Offer a folder for a film that is not finished; it is gone afterwards."""
    part = _unfinished(folder, name, os.getppid())
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    try:
        yield part
    finally:
        shutil.rmtree(part, ignore_errors=True)
