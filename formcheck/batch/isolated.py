"""A worker process under guard: what hangs, eats memory or dies costs one clip, not the batch."""

from __future__ import annotations

import contextlib
import json
import math
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, cast

from formcheck.batch.memory import memory_mib
from formcheck.batch.settings import Limits
from formcheck.batch.worker import FAILED

COMMAND = (sys.executable, "-m", "formcheck.batch.worker")
RENEW = 250
"""After so many clips a process is replaced: whatever libraries do not give back is given back."""
OUT_OF_MEMORY = "OutOfMemory"
_LOOK_S = 0.1
_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


class Stopped(Exception):
    """The work was called off."""


class Isolated:
    """Runs one task after the other in a process of its own, started anew when it was lost.

    Parameters
    ----------
    limits
        When to cut a clip off.
    command
        What to start: see `formcheck.batch.worker`.
    attempts
        How often a clip may be begun whose process died without being told to.
    renew
        After how many tasks the process is replaced.
    """

    def __init__(
        self,
        limits: Limits,
        command: Sequence[str] = COMMAND,
        *,
        attempts: int = 2,
        renew: int = RENEW,
    ) -> None:
        self.limits = limits
        self._command = command
        self._attempts = attempts
        self._renew = renew
        self._done = 0
        self._fresh = True
        """Whether the process has done nothing yet."""
        self._process: subprocess.Popen[str] | None = None
        self._answers: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self._stopped = threading.Event()
        self._turn = threading.Lock()

    def run(self, wanted: dict[str, Any]) -> dict[str, Any]:
        """Return what became of a task.

        Raises
        ------
        Stopped
            `stop` was called.
        """
        answer: dict[str, Any] | None = None
        for _ in range(self._attempts):
            answer = self._attempt(wanted)
            if answer is not None:
                self._done += 1
                self._fresh = False
                if self._done % self._renew == 0:
                    self.end()
                return answer
            ended = self.end()
        return failed("Crashed", f"The process that analyzed it ended by itself ({ended}).")

    def stop(self) -> None:
        """Kill the process and make `run` raise; from any thread."""
        self._stopped.set()
        self.end()

    def end(self) -> str:
        """End the process, if there is one; return how it ended."""
        with self._turn:
            process, self._process = self._process, None
        if process is None:
            return "it was stopped"
        process.kill()
        code = process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        return _how_it_ended(code)

    def _attempt(self, wanted: dict[str, Any]) -> dict[str, Any] | None:
        """Return an answer, or None if the process died."""
        process = self._running()
        limit_s, started = self.limits.time_for(math.nan), time.monotonic()
        try:
            line = json.dumps({**wanted, "limits": asdict(self.limits)})
            cast("Any", process.stdin).write(line + "\n")
            cast("Any", process.stdin).flush()
        except OSError:
            return None
        while not self._stopped.is_set():
            try:
                message = self._answers.get(timeout=_LOOK_S)
            except queue.Empty:
                if over := self._over(process.pid, time.monotonic() - started, limit_s):
                    # What is left of clips before is not this one's fault: it is tried again.
                    again = over["error"] == OUT_OF_MEMORY and not self._fresh
                    self.end()
                    return None if again else over
                continue
            if message is None or "end" in message:
                return None if self._stopped.is_set() else message
            limit_s = self.limits.time_for(float(message.get("clip_s") or 0.0))
        raise Stopped

    def _over(self, pid: int, took_s: float, limit_s: float) -> dict[str, Any] | None:
        """Return why a task must be cut off; None if it need not be."""
        if took_s > limit_s:
            return failed(
                "TimeLimit",
                f"It was cut off after {limit_s:.0f} s. Give it more with --time-limit, or look "
                "whether the clip plays.",
            )
        limit_mib = self.limits.memory_mib
        if limit_mib and memory_mib(pid) > limit_mib:
            return failed(
                OUT_OF_MEMORY,
                f"It was cut off when it took more than {limit_mib:.0f} MiB of memory. Scale the "
                "clip down, or allow more with --memory-limit.",
            )
        return None

    def _running(self) -> subprocess.Popen[str]:
        with self._turn:
            if self._stopped.is_set():
                raise Stopped
            if self._process is None:
                self._fresh = True
                self._process = subprocess.Popen(
                    self._command,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    text=True,
                    encoding="utf-8",
                    env={**os.environ, **_ONE_THREAD},
                    # Ctrl-C is for the one who started the batch, who ends this process.
                    start_new_session=True,
                )
                self._answers = queue.Queue()
                threading.Thread(
                    target=_read, args=(self._process.stdout, self._answers), daemon=True
                ).start()
            return self._process


def _read(answers: Any, into: queue.Queue[dict[str, Any] | None]) -> None:
    """Pass answers on; None when there will be no more."""
    with contextlib.suppress(OSError, ValueError):
        for line in answers:
            into.put(json.loads(line))
    into.put(None)


def failed(error: str, reason: str) -> dict[str, Any]:
    """Return the answer that stands for a clip that could not be done."""
    return {"end": FAILED, "error": error, "reason": reason, "seconds": 0.0, "memory_mib": 0.0}


def _how_it_ended(code: int) -> str:
    if code >= 0:
        return f"exit status {code}"
    with contextlib.suppress(ValueError):
        return signal.Signals(-code).name
    return f"signal {-code}"
