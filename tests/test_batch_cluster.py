"""A batch on a Dask cluster of this machine: the same tables, also when a worker is lost."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from formcheck.cli.main import app
from formcheck.sources.synthetic import Squat, StickFigure, squats

pytest.importorskip("distributed")
TABLES = ("clips.csv", "reps.csv")


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def started(*words: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


@pytest.fixture
def cluster() -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    port = free_port()
    address = f"tcp://127.0.0.1:{port}"
    quiet = ("--no-dashboard",)
    scheduler = started(
        "distributed.cli.dask_scheduler", "--host=127.0.0.1", f"--port={port}", *quiet
    )
    joining = ("distributed.cli.dask_worker", address, "--nthreads=1", "--no-nanny", *quiet)
    workers = [started(*joining) for _ in range(2)]
    yield address, workers
    for one in (*workers, scheduler):
        one.kill()
        one.wait()


def command(clips: Path, out: Path, *more: str) -> list[str]:
    return ["batch", str(clips), "--out", str(out), "--exercise", "squat", *more]


def test_a_cluster_that_loses_a_worker_gives_the_same_tables(
    cluster: tuple[str, list[subprocess.Popen[bytes]]], tmp_path: Path
) -> None:
    address, workers = cluster
    clips, home, away = (tmp_path / name for name in ("clips", "home", "away"))
    clips.mkdir()
    for i in range(8):
        squats(StickFigure(), [Squat()] * (1 + i % 4), fps=10.0 + i).save(clips / f"{i}.npz")
    (clips / "broken.npz").write_text("nothing", "utf-8")
    local = CliRunner().invoke(app, command(clips, home, "--workers", "1"))
    assert local.exit_code == 1, local.output
    words = command(clips, away, "--scheduler", address, "--send")
    batch = subprocess.Popen([sys.executable, "-m", "formcheck", *words], stderr=subprocess.PIPE)
    until = time.monotonic() + 60
    while not list(away.glob("clips/*/*/report.json")) and time.monotonic() < until:
        time.sleep(0.05)
    workers[0].send_signal(signal.SIGKILL)
    _, said = batch.communicate(timeout=120)
    assert batch.returncode == 1, said.decode()
    for name in TABLES:
        assert (away / name).read_bytes() == (home / name).read_bytes()


def test_no_scheduler_is_said_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("formcheck.batch.cluster.CONNECT_S", 1.0)
    squats(StickFigure(), [Squat()]).save(tmp_path / "x.npz")
    address = f"tcp://127.0.0.1:{free_port()}"
    done = CliRunner().invoke(
        app, command(tmp_path / "x.npz", tmp_path / "out", "--scheduler", address)
    )
    assert done.exit_code == 2
    assert f"No Dask workers at '{address}'" in done.stderr
