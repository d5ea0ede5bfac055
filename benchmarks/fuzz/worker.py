"""A process that runs one case after the other, and says which parts of the rule were broken.

Commands run inside this process, through the same function as ``formcheck`` does, with poses
that were recorded earlier in place of the pose model.
"""

from __future__ import annotations

import gc
import io
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import IO, Any

from benchmarks.fuzz.cases import HISTORY, RECORDING, Case, make_case
from benchmarks.fuzz.rule import broken
from formcheck.batch.local import Answer
from formcheck.batch.worker import perform
from formcheck.closing import Closing
from formcheck.estimators.fake import FakePose
from formcheck.frame import Frame
from formcheck.pose import Pose, PoseTrack

CRASHED = 70
PROGRAM_S = 100


class RecordedAgain(FakePose):
    """Gives the poses of a recording round and round, as large as the pictures are."""

    def __init__(self, track: PoseTrack) -> None:
        super().__init__(())
        self._track = track

    def estimate(self, frame: Frame) -> Pose:
        """Return the next pose."""
        pose = self._track[frame.index % len(self._track)]
        scale = frame.size_px[1] / self._track.size_px[1]
        return replace(pose, t_s=frame.t_s, image_px=pose.image_px * scale)


class Alone(Closing):
    """Those who work on a batch: this process, one clip after the other."""

    size = 1

    def submit(self, wanted: dict[str, Any]) -> Future[Answer]:
        """Do it at once."""
        future: Future[Answer] = Future()
        limits = {"time_s": 60.0, "per_clip_s": 30.0, "memory_mib": 0.0}
        future.set_result(perform({**wanted, "limits": limits}, io.StringIO()))
        return future

    def close(self) -> None:
        """Nothing is left."""


def prepare(stock: Path) -> Any:
    """Return the command line, with recorded poses for a pose model."""
    from formcheck.batch import worker as batch_worker
    from formcheck.cli import batch, check
    from formcheck.cli.main import app

    track = PoseTrack.load(stock / RECORDING)
    changes: tuple[tuple[Any, str, Any], ...] = (
        (check, "_estimator", lambda *_: RecordedAgain(track)),
        (batch, "_crew", lambda *_, **__: Alone()),
        (batch, "_model_sha256", lambda *_: ""),
        (batch_worker, "_end_if_stuck", lambda *_: None),
    )
    for module, name, value in changes:
        setattr(module, name, value)
    return app


@cache
def _app(stock: Path) -> Any:
    return prepare(stock)


def run_case(wanted: dict[str, Any]) -> dict[str, Any]:
    """Return what became of one case."""
    stock = Path(wanted["stock"])
    app = _app(stock)
    folder = Path(tempfile.mkdtemp(prefix="case-", dir=wanted["room"]))
    try:
        inside = folder / "in"
        for each in (inside, folder / "tmp"):
            each.mkdir()
        case = make_case(wanted["part"], wanted["seed"], wanted["index"], stock, inside)
        return _run(app, case, folder, stock)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run(app: Any, case: Case, folder: Path, stock: Path) -> dict[str, Any]:
    history = case.history or folder / "in" / "kept.sqlite3"
    if case.history is None:
        shutil.copy(stock / HISTORY, history)
    os.environ["FORMCHECK_HISTORY"] = str(history)
    os.environ["TMPDIR"] = tempfile.tempdir = str(folder / "tmp")
    if case.out is not None:
        _leave_earlier_result(case.out)
    before = snapshot(folder)
    started = time.monotonic()
    with _heard(folder) as heard:
        status = _start(case.args) if case.whole else _call(app, case.args)
    took_s = time.monotonic() - started
    tempfile.tempdir = None
    stdout, stderr = heard
    rules = broken(case, status, stdout, stderr, before, snapshot(folder), folder)
    message = stderr.strip().splitlines()
    return {
        "end": "broken" if rules else "held",
        "status": status,
        "rules": rules,
        "how": case.how,
        "group": case.group,
        "args": case.args if rules else [],
        "message": (stderr.strip()[-3000:] if rules else (message[0] if message else ""))[:3000],
        "seconds": round(took_s, 3),
        "memory_mib": most_mib(whole=case.whole),
        "files": _open_files(),
        "threads": threading.active_count(),
    }


def most_mib(*, whole: bool) -> int:
    """Return the most memory that this process had, or those that it started."""
    who = resource.RUSAGE_CHILDREN if whole else resource.RUSAGE_SELF
    return resource.getrusage(who).ru_maxrss // 1024


def _open_files() -> int:
    listed = Path("/proc/self/fd")
    return len(list(listed.iterdir())) if listed.is_dir() else 0


def _leave_earlier_result(out: Path) -> None:
    """Put something where results will go, which must survive if there are none."""
    if out.suffix:
        out.write_text("earlier", "utf-8")
    else:
        out.mkdir()
        (out / "report.json").write_text("earlier", "utf-8")


def _call(app: Any, args: list[str]) -> int:
    """Run a command and return its exit status; `CRASHED` with a traceback if it has none."""
    try:
        found = app(args, standalone_mode=False, prog_name="formcheck")
    except SystemExit as error:
        return int(error.code or 0)
    except BaseException:  # noqa: BLE001 - that is what is looked for
        traceback.print_exc()
        return CRASHED
    return int(found or 0)


def _start(args: list[str]) -> int:
    """Run a command as a program of its own and return its exit status."""
    command = [sys.executable, "-m", "formcheck", *args]
    return subprocess.run(command, check=False, timeout=PROGRAM_S).returncode


def snapshot(folder: Path) -> dict[str, bytes]:
    """Return all files in a folder, and what is in them."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.parent != folder
    }


@contextmanager
def _heard(folder: Path) -> Iterator[list[str]]:
    """Collect all that this process says meanwhile, whoever in it says it."""
    heard: list[str] = []
    files = [(folder / name).open("w+b") for name in ("stdout", "stderr")]
    own = [os.dup(1), os.dup(2)]
    for number, file in enumerate(files, start=1):
        os.dup2(file.fileno(), number)
    try:
        yield heard
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        for number, (file, kept) in enumerate(zip(files, own, strict=True), start=1):
            os.dup2(kept, number)
            os.close(kept)
            file.seek(0)
            heard.append(file.read().decode("utf-8", "replace"))
            file.close()


def main() -> None:
    """Serve whoever started this process."""
    answers: IO[str] = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    for line in sys.stdin:
        wanted = json.loads(line)
        answers.write(json.dumps(run_case(wanted)) + "\n")
        answers.flush()
        gc.collect()


if __name__ == "__main__":
    main()
