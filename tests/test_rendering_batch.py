"""Many films at once: real processes, films that take no renderer to make."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rich.console import Console

from benchmarks.rendering import stamp as stamps
from benchmarks.rendering.batch import FILES, Outcome, render
from benchmarks.rendering.stamp import STAMP, state

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Order:
    """As much of an order as a batch looks at."""

    does: str = "film"
    script: str = "clean"
    fps: int = 10
    seconds: float = 0.0


@dataclass(frozen=True)
class Plan:
    """What is known about a film that needs no drawing."""

    order: Order

    def save(self, folder: Path) -> None:
        ones = np.ones(3) * (2.0 if self.order.does == "moves" else 1.0)
        np.savez(folder / "truth.npz", t_s=ones, image_px=ones, world_m=ones)
        (folder / "labels.toml").write_text(f"told = {time.time_ns()}\n")


class Maker:
    """Makes films of a few bytes, or fails in the way that its order says."""

    def film(self, order: Order, folder: Path, progress: Callable[[int, int], None]) -> None:
        for i in range(10):
            progress(i + 1, 10)
            time.sleep(order.seconds / 10)
            if order.does == "crash" and i == 5:
                os._exit(3)
        if order.does == "fail":
            msg = "the person [red] fell over"
            raise ValueError(msg)
        Plan(order).save(folder)
        (folder / "clip.mp4").write_bytes(order.does.encode())

    def take(self, order: Order) -> Plan:
        return Plan(order)


def batch(folder: Path, orders: dict[str, Any], jobs: int = 2) -> tuple[Outcome, str]:
    told = io.StringIO()
    console = Console(file=told, width=200)
    outcome = render(orders, folder, jobs=jobs, console=console, films=Maker)
    return outcome, told.getvalue()


def leftovers(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if path.name.startswith(".")]


def test_films_are_made_once(tmp_path: Path) -> None:
    orders = {f"film-{i}": Order() for i in range(5)}
    made, told = batch(tmp_path / "cache", orders)
    assert sorted(made.made) == sorted(orders)
    assert (made.frames, made.kept, made.failed) == (50, [], {})
    assert "5/5" in told
    for name in orders:
        assert {path.name for path in (tmp_path / "cache" / name).iterdir()} == set(FILES)
    again, _ = batch(tmp_path / "cache", orders)
    assert (again.made, again.kept) == ([], list(orders))
    assert leftovers(tmp_path / "cache") == []


def test_a_film_that_fails_or_crashes_does_not_stop_the_others(tmp_path: Path) -> None:
    orders = {
        "good-1": Order(),
        "bad": Order("fail"),
        "crash": Order("crash"),
        "good-2": Order(),
        "good-3": Order(),
    }
    outcome, told = batch(tmp_path, orders)
    assert sorted(outcome.made) == ["good-1", "good-2", "good-3"]
    assert outcome.failed["bad"].strip().endswith("ValueError: the person [red] fell over")
    assert outcome.failed["crash"] == "its process ended with 3"
    assert "bad failed: ValueError: the person [red] fell over" in told
    assert not (tmp_path / "bad").exists()
    assert not (tmp_path / "crash").exists()
    assert leftovers(tmp_path) == []


def test_what_was_there_stays_when_making_it_again_fails(tmp_path: Path) -> None:
    batch(tmp_path, {"film": Order()})
    outcome, told = batch(tmp_path, {"film": Order("fail")})
    assert list(outcome.failed) == ["film"]
    assert (tmp_path / "film" / "clip.mp4").read_bytes() == b"film"
    assert "1 films come from another order or an earlier renderer" in told


def test_another_order_is_made_again(tmp_path: Path) -> None:
    batch(tmp_path, {"film": Order()})
    outcome, _ = batch(tmp_path, {"film": Order(fps=20)})
    assert (outcome.made, outcome.stale) == (["film"], ["film"])


def tell_with_another_formcheck(folder: Path) -> None:
    made = json.loads((folder / STAMP).read_text())
    (folder / STAMP).write_text(json.dumps({**made, "truth_sha256": "of an earlier formcheck"}))


def test_only_the_truth_is_told_anew_when_only_definitions_changed(tmp_path: Path) -> None:
    orders = {"film": Order()}
    batch(tmp_path, orders)
    told = (tmp_path / "film" / "labels.toml").read_text()
    (tmp_path / "film" / "poses.npz").write_bytes(b"a recording")
    tell_with_another_formcheck(tmp_path / "film")
    outcome, _ = batch(tmp_path, orders)
    assert (outcome.retold, outcome.made) == (["film"], [])
    assert (tmp_path / "film" / "labels.toml").read_text() != told
    assert (tmp_path / "film" / "poses.npz").read_bytes() == b"a recording"
    assert batch(tmp_path, orders)[0].kept == ["film"]


def test_a_film_is_made_again_when_what_it_shows_has_changed(tmp_path: Path) -> None:
    batch(tmp_path, {"film": Order("moves")})
    truth = tmp_path / "film" / "truth.npz"
    np.savez(truth, t_s=np.ones(3), image_px=np.ones(3), world_m=np.ones(3))
    tell_with_another_formcheck(tmp_path / "film")
    outcome, _ = batch(tmp_path, {"film": Order("moves")})
    assert (outcome.retold, outcome.made) == ([], ["film"])
    assert leftovers(tmp_path) == []


def test_an_interrupted_batch_keeps_what_is_finished_and_goes_on(tmp_path: Path) -> None:
    program = textwrap.dedent(
        """
        import signal
        from pathlib import Path
        from rich.console import Console
        from benchmarks.rendering.batch import render
        from tests.test_rendering_batch import Maker, Order

        if __name__ == "__main__":
            # Whoever runs the tests in the background has Ctrl-C ignored.
            signal.signal(signal.SIGINT, signal.default_int_handler)
            quick = {f"quick-{i}": Order() for i in range(2)}
            slow = {f"slow-{i}": Order(seconds=60) for i in range(3)}
            try:
                render(quick | slow, Path("cache"), jobs=2, console=Console(), films=Maker)
            except KeyboardInterrupt:
                print("interrupted")
        """
    )
    (tmp_path / "program.py").write_text(program)
    process = subprocess.Popen(
        [sys.executable, "program.py"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    making = tmp_path / "cache"
    until = time.monotonic() + 60

    def is_half_way() -> bool:
        return len(list(making.glob("quick-*"))) == 2 and any(making.glob(".making-slow-*"))

    while not is_half_way() and time.monotonic() < until:
        time.sleep(0.05)
    # Ctrl-C goes to all processes of a terminal at once.
    os.killpg(process.pid, signal.SIGINT)
    told, _ = process.communicate(timeout=20)
    assert "interrupted" in told
    assert process.returncode == 0
    assert sorted(path.name for path in making.iterdir()) == ["quick-0", "quick-1"]


def test_what_a_killed_batch_left_is_removed_and_what_a_running_one_makes_is_not(
    tmp_path: Path,
) -> None:
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    for pid in (dead.pid, os.getpid()):
        (tmp_path / f".making-other-{pid}").mkdir()
    batch(tmp_path, {"film": Order()})
    assert leftovers(tmp_path) == [f".making-other-{os.getpid()}"]


# Whether a film is what would be made now


def test_a_film_depends_on_its_own_motion_and_no_other() -> None:
    squat, hinge = stamps._makers("clean"), stamps._makers("hip-hinge")
    assert "benchmarks.rendering.motions.squat" in squat
    assert "benchmarks.rendering.motions.everyday" in hinge
    assert "benchmarks.rendering.motions.everyday" not in squat
    for shared in ("stage", "body", "film", "truth"):
        assert f"benchmarks.rendering.{shared}" in squat
        assert f"benchmarks.rendering.{shared}" in hinge
    assert "benchmarks.rendering.batch" not in squat


def test_scripts_without_a_motion_are_an_error() -> None:
    with pytest.raises(ValueError, match="There is no script 'swimming'"):
        stamps.source_sha256("swimming")


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, "fresh"),
        ({"truth_sha256": "other"}, "told by another formcheck"),
        ({"source_sha256": "other"}, "stale"),
        ({"order": {"script": "hip-hinge"}}, "stale"),
    ],
)
def test_states(tmp_path: Path, change: dict[str, Any], expected: str) -> None:
    order = {"script": "clean", "seed": 3}
    made = json.loads(stamps.stamp(order))
    (tmp_path / STAMP).write_text(json.dumps({**made, **change}))
    assert state(tmp_path, order) == expected


@pytest.mark.parametrize("text", ["", "{}", "[]", "not json", '{"order": {"script": "swimming"}}'])
def test_a_damaged_stamp_is_stale(tmp_path: Path, text: str) -> None:
    (tmp_path / STAMP).write_text(text)
    assert state(tmp_path) == "stale"


def test_a_film_without_a_stamp_is_stale(tmp_path: Path) -> None:
    assert state(tmp_path) == "stale"


def test_comments_and_docstrings_do_not_make_films_stale(tmp_path: Path) -> None:
    plain, worded, other = (tmp_path / f"{name}.py" for name in ("plain", "worded", "other"))
    plain.write_text("LIMIT = 3\ndef f(x):\n    return x\n")
    worded.write_text(
        '"""A module."""\nLIMIT = 3  # why\n"""What it is."""\n\ndef f(x):\n    """Do."""\n'
        "    return x\n"
    )
    other.write_text('LIMIT = 3\ndef f(x):\n    return x, "text"\n')
    assert stamps._what_counts(plain) == stamps._what_counts(worded)
    assert stamps._what_counts(plain) != stamps._what_counts(other)
