"""How many threads there may be beside the pose model."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from formcheck import cores


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    """What a process may use is the process's: leave it as it was."""
    yield
    cores.limit_threads(cores.MOST)


@pytest.mark.parametrize(("processors", "threads"), [(1, 1), (2, 1), (3, 2), (5, 4), (64, 4)])
@pytest.mark.parametrize("counted_by", ["those allowed", "all there are"])
def test_one_processor_is_left_to_the_pose_model(
    processors: int, threads: int, counted_by: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if counted_by == "those allowed":
        allowed = set(range(processors))
        monkeypatch.setattr(os, "sched_getaffinity", lambda _: allowed, raising=False)
    else:
        monkeypatch.delattr(os, "sched_getaffinity", raising=False)
        monkeypatch.setattr(os, "cpu_count", lambda: processors)
    assert cores.spare_threads() == threads


def test_one_process_of_many_has_fewer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(16)), raising=False)
    cores.limit_threads(1)
    assert cores.spare_threads() == 1
    cores.limit_threads(0)
    assert cores.spare_threads() == 1, "never none"
    cores.limit_threads(100)
    assert cores.spare_threads() == cores.MOST
