"""A process that scores one clip after the other, for somebody who may have to kill it.

Tasks come as lines of JSON on standard input; what becomes of them goes out the same way. The
process ends when its input does, so none is left behind when the one that started it is killed.
"""

from __future__ import annotations

import faulthandler
import json
import os
import queue
import sys
import threading
import time
import traceback
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

from formcheck import cores
from formcheck.batch.memory import give_back, memory_mib
from formcheck.batch.settings import Limits, Settings, Task
from formcheck.errors import FormcheckError, ModelError, SinkError
from formcheck.sources.base import FrameSource

SCORED, FAILED, STOP = "scored", "failed", "stop"
"""How a task ends: with a report, with a reason, or with one why no other can be done either."""
SPLIT, PART = "split", "part"
"""Or, of a long clip: with its parts (none if it must be done in one piece), or with the poses
of one."""

_NOWHERE = Path(os.devnull).open("w")  # noqa: SIM115 - open for as long as the process lives


def serve(tasks: queue.Queue[str], answers: IO[str]) -> None:
    """Do tasks until the process ends."""
    while True:
        wanted = json.loads(tasks.get())
        _end_if_stuck(Limits(**wanted["limits"]), 0.0)
        answer = perform(wanted, answers)
        give_back()  # pictures and models of a clip that is done, before those of the next one
        faulthandler.cancel_dump_traceback_later()
        _say(answers, answer)


def _end_if_stuck(limits: Limits, clip_s: float) -> None:
    """Make sure that this process ends even if it hangs and nobody is left to kill it."""
    after_s = 2 * limits.time_for(clip_s) + 60
    faulthandler.dump_traceback_later(after_s, exit=True, file=_NOWHERE)


def perform(wanted: dict[str, Any], answers: IO[str]) -> dict[str, Any]:
    """Return what became of one task; says how long the clip is as soon as that is known."""
    started = time.monotonic()
    try:
        answer = _perform(wanted, answers)
    except (SinkError, ModelError) as error:
        answer = _ended(STOP, error)
    except FormcheckError as error:
        answer = _ended(FAILED, error)
    except MemoryError:
        reason = "There was not enough memory to analyze it."
        answer = {"end": FAILED, "error": "OutOfMemory", "reason": reason}
    except Exception as error:  # noqa: BLE001 - one clip must not end the batch
        answer = _ended(FAILED, error)
        answer["reason"] = f"Unexpected error: {type(error).__name__}: {error}"
        answer["trace"] = traceback.format_exc()
    return answer | {"seconds": time.monotonic() - started, "memory_mib": memory_mib(os.getpid())}


def _perform(wanted: dict[str, Any], answers: IO[str]) -> dict[str, Any]:
    from formcheck.batch.score import open_film, score

    task, settings = Task(**wanted["task"]), Settings(**wanted["settings"])
    out = Path(wanted["out"])
    if "part" in wanted or "joined" in wanted:
        return _of_parts(wanted, task, settings, answers)
    film = open_film(task, settings)
    if film is None:
        return {"end": SCORED, "document": score(task, settings, out, None)}
    with film:
        if not wanted.get("whole") and (parts := _parts(task, settings, film)):
            return {"end": SPLIT, "parts": parts}
        _announce(wanted, film.info.duration_s, answers)
        return {"end": SCORED, "document": score(task, settings, out, film)}


def _parts(task: Task, settings: Settings, film: FrameSource) -> list[dict[str, Any]]:
    from formcheck.batch.parts import plan
    from formcheck.sources.video import VideoSource

    if not isinstance(film, VideoSource):
        return []
    return [asdict(part) for part in plan(task, settings, film)]


def _of_parts(
    wanted: dict[str, Any], task: Task, settings: Settings, answers: IO[str]
) -> dict[str, Any]:
    """Find the poses of a part, or judge those of all."""
    from formcheck.batch.parts import Part, find_poses, join
    from formcheck.batch.score import judge

    if "part" in wanted:
        _announce(wanted, 2 * settings.part_s, answers)
        return {"end": PART, "poses": find_poses(task, settings, Part(**wanted["part"]))}
    joined = join(task, wanted["joined"])
    if joined is None:
        return {"end": SPLIT, "parts": []}
    track, info = joined
    _announce(wanted, info.duration_s, answers)
    return {"end": SCORED, "document": judge(task, settings, Path(wanted["out"]), track, info)}


def _announce(wanted: dict[str, Any], clip_s: float, answers: IO[str]) -> None:
    """Say how long the clip is, as it may take the longer."""
    _say(answers, {"clip_s": clip_s})
    _end_if_stuck(Limits(**wanted["limits"]), clip_s)


def _ended(how: str, error: Exception) -> dict[str, Any]:
    return {"end": how, "error": type(error).__name__, "reason": str(error)}


def _say(answers: IO[str], message: dict[str, Any]) -> None:
    answers.write(json.dumps(message) + "\n")
    answers.flush()


def _listen(tasks: queue.Queue[str]) -> None:
    for line in sys.stdin:
        tasks.put(line)
    os._exit(0)  # whoever wanted results is gone


def main() -> None:
    """Serve whoever started this process."""
    # Whatever else prints must not get between the answers.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    cores.limit_threads(1)
    tasks: queue.Queue[str] = queue.Queue()
    threading.Thread(target=_listen, args=(tasks,), daemon=True).start()
    serve(tasks, answers)


if __name__ == "__main__":
    main()
