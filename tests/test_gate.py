"""Nothing has become worse: the committed recordings, replayed."""

from __future__ import annotations

import time
import tomllib

from benchmarks.quality import gate
from benchmarks.quality.figures import read
from benchmarks.quality.measure import measure
from benchmarks.quality.plan import gate_names

LIMIT_S = 60.0
"""Of a processor's time: how busy the machine is otherwise is not the gate's fault."""


def test_nothing_has_become_worse() -> None:
    """Replays all recordings; when this fails, `make gate` says the same and what to do."""
    start = time.process_time()
    _, was = read(gate.FOLDER / gate.FIGURES)
    failed, _ = gate.compare(was, measure(gate.observations()))
    assert [str(change) for change in failed] == []
    assert time.process_time() - start < LIMIT_S
    assert len(was) > 100


def test_recordings_are_small_and_those_of_the_set() -> None:
    files = [path for path in gate.FOLDER.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) <= gate.LIMIT_BYTES
    assert sorted(p.name for p in gate.FOLDER.iterdir() if p.is_dir()) == sorted(gate_names())
    for name in gate_names():
        labels = tomllib.loads((gate.FOLDER / name / "labels.toml").read_text("utf-8"))
        assert labels["script"] in name
        assert labels["view"] in name
