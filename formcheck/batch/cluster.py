"""Worker processes on other machines, by way of a Dask scheduler.

Every Dask worker keeps one guarded process for each of its threads, just as a batch on one
machine does, so results and limits are the same. A task whose worker is lost is given to
another one by the scheduler.
"""

from __future__ import annotations

import json
import tempfile
import threading
from concurrent.futures import Future
from pathlib import Path
from typing import Any

from formcheck.batch.isolated import Isolated, failed
from formcheck.batch.local import Answer
from formcheck.batch.settings import Limits
from formcheck.batch.worker import STOP
from formcheck.closing import Closing
from formcheck.errors import ExtraMissing, FormcheckError

CONNECT_S = 30.0
"""How long to wait for the scheduler, and for the first worker."""
_here = threading.local()


class NoCluster(FormcheckError):
    """The scheduler does not answer, or has no workers."""


class ClusterCrew(Closing):
    """The workers of a Dask scheduler.

    Parameters
    ----------
    address
        Of the scheduler, such as ``tcp://10.0.0.1:8786``.
    limits
        What a clip may cost, on any machine.
    send
        Whether to send the clips to the workers; if not, they open them by the same path.

    Raises
    ------
    ExtraMissing
        Dask is not installed.
    NoCluster
        The scheduler does not answer, or has no workers.
    """

    def __init__(self, address: str, limits: Limits, *, send: bool = False) -> None:
        try:
            from distributed import Client
        except ImportError as error:
            msg = (
                "A cluster needs Dask, which is not installed. "
                "Install it with: pip install 'formcheck[cluster]'"
            )
            raise ExtraMissing(msg) from error
        self._limits = limits
        self._send = send
        self._waiting: dict[Any, Future[Answer]] = {}
        try:
            self._client = Client(address, timeout=CONNECT_S, set_as_default=False)
            self._client.wait_for_workers(1, timeout=CONNECT_S)
        except (OSError, TimeoutError, ValueError) as error:
            msg = (
                f"No Dask workers at '{address}': {error}. Start a scheduler and workers "
                "('dask scheduler', 'dask worker ADDRESS'), and name the scheduler's address."
            )
            raise NoCluster(msg) from error

    @property
    def size(self) -> int:
        """How many threads all workers have together, now."""
        return max(1, sum(int(n) for n in self._client.nthreads().values()))

    def submit(self, wanted: dict[str, Any]) -> Future[Answer]:
        """Have a task done by any worker."""
        path = Path(wanted["task"]["path"])
        content = path.read_bytes() if self._send and path.is_file() else None
        future: Future[Answer] = Future()
        distant = self._client.submit(work, wanted, self._limits, content, pure=False)
        self._waiting[distant] = future
        distant.add_done_callback(self._done)
        return future

    def _done(self, distant: Any) -> None:
        """Pass on what became of a task; called in a thread of its own."""
        future = self._waiting.pop(distant, None)
        if future is None or not future.set_running_or_notify_cancel():
            return
        if distant.status == "finished":
            future.set_result(distant.result())
        elif distant.status == "error":
            future.set_result(_lost(distant.exception()))
        else:
            reason = "The connection to the Dask scheduler was lost. Start it and go on."
            future.set_result({"end": STOP, "reason": reason})

    def close(self) -> None:
        """Call off what is not done."""
        left = list(self._waiting)
        self._waiting.clear()
        if left:
            self._client.cancel(left, force=True)
        self._client.close()


def work(wanted: dict[str, Any], limits: Limits, content: bytes | None) -> Answer:
    """Do a task on a Dask worker.

    Parameters
    ----------
    wanted
        As `formcheck.batch.worker` takes it.
    limits
        What it may cost.
    content
        The clip, if it was sent along.
    """
    if content is None:
        return _process(limits).run(wanted)
    path = wanted["task"]["path"]
    with tempfile.TemporaryDirectory(prefix="formcheck-") as folder:
        clip = Path(folder) / Path(path).name
        clip.write_bytes(content)
        task = {**wanted["task"], "path": str(clip)}
        answer = _process(limits).run({**wanted, "task": task})
    return _renamed(answer, str(clip), path)


def _process(limits: Limits) -> Isolated:
    """Return the guarded process of this thread."""
    one: Isolated | None = getattr(_here, "process", None)
    if one is None or one.limits != limits:
        if one is not None:
            one.stop()
        one = _here.process = Isolated(limits)
    return one


def _renamed(answer: Answer, here: str, path: str) -> Answer:
    """Return an answer in which a clip that was sent has the name that it has at home."""

    def quoted(text: str) -> str:
        return json.dumps(text)[1:-1]

    renamed: Answer = json.loads(json.dumps(answer).replace(quoted(here), quoted(path)))
    return renamed


def _lost(error: BaseException | None) -> Answer:
    from distributed import KilledWorker

    if isinstance(error, KilledWorker):
        return failed("Crashed", "Every worker that it was given to was lost.")
    return failed(type(error).__name__, f"The worker could not do it: {error}")
