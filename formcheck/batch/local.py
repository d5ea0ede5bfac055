"""Worker processes on this machine."""

from __future__ import annotations

import os
import queue
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Protocol

from formcheck.batch.isolated import Isolated
from formcheck.batch.settings import Limits
from formcheck.closing import Closable, Closing

Answer = dict[str, Any]


class Crew(Closable, Protocol):
    """Those who work on tasks, here or elsewhere."""

    @property
    def size(self) -> int:
        """How many tasks are worked on at once."""

    def submit(self, wanted: dict[str, Any]) -> Future[Answer]:
        """Have a task done; see `formcheck.batch.worker` for what is in it and comes of it."""

    def close(self) -> None:
        """Call off what is not done."""


class LocalCrew(Closing):
    """As many processes as there are processors, or as are wanted.

    Each has a thread here that waits for it.
    """

    def __init__(self, size: int, limits: Limits) -> None:
        self._isolated = [Isolated(limits) for _ in range(size)]
        self._idle: queue.SimpleQueue[Isolated] = queue.SimpleQueue()
        for one in self._isolated:
            self._idle.put(one)
        self._threads = ThreadPoolExecutor(size, thread_name_prefix="formcheck-batch")

    @property
    def size(self) -> int:
        """How many processes there are."""
        return len(self._isolated)

    def submit(self, wanted: dict[str, Any]) -> Future[Answer]:
        """Have a task done by the next process that is idle."""
        return self._threads.submit(self._run, wanted)

    def _run(self, wanted: dict[str, Any]) -> Answer:
        one = self._idle.get()
        try:
            return one.run(wanted)
        finally:
            self._idle.put(one)

    def close(self) -> None:
        """Call off what is not done."""
        for one in self._isolated:
            one.stop()
        self._threads.shutdown(cancel_futures=True)


def processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
