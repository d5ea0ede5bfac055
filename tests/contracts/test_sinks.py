"""What every sink promises, asked of all of them."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from formcheck.errors import SinkError
from formcheck.sinks.base import Sink
from formcheck.sinks.csv_sink import CsvSink
from formcheck.sinks.fake import ListSink
from formcheck.sinks.json_sink import JsonSink, JsonStreamSink
from formcheck.sinks.video_sink import AnnotatedVideoSink
from tests import fakes_results as fake

SIZE = (64, 48)


@dataclass(frozen=True)
class Case:
    """One kind of sink, and the file it leaves in a folder, if any."""

    make: Callable[[Path], Sink]
    file: str | None
    needs_pictures: bool = False


CASES = {
    "json": Case(lambda folder: JsonSink(folder / "report.json"), "report.json"),
    "csv": Case(lambda folder: CsvSink(folder / "reps.csv"), "reps.csv"),
    "video": Case(
        lambda folder: AnnotatedVideoSink(folder / "annotated.mp4"),
        "annotated.mp4",
        needs_pictures=True,
    ),
    "json stream": Case(lambda _: JsonStreamSink(io.StringIO()), None),
    "list": Case(lambda _: ListSink(), None),
}
WRITING = [name for name, case in CASES.items() if case.file]


def feed(sink: Sink, count: int = 6, *, pictures: bool = True) -> None:
    for i in range(count):
        sink.on_tick(fake.busy_tick(SIZE, i), fake.frame(i, SIZE) if pictures else None)


def left(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("name", CASES)
def test_making_one_does_nothing(name: str, tmp_path: Path) -> None:
    CASES[name].make(tmp_path)
    assert left(tmp_path) == []


@pytest.mark.parametrize("name", CASES)
def test_the_output_appears_at_the_end_and_alone(name: str, tmp_path: Path) -> None:
    case = CASES[name]
    sink = case.make(tmp_path)
    feed(sink)
    assert case.file not in left(tmp_path)
    sink.finish(fake.report())
    assert left(tmp_path) == ([case.file] if case.file else [])


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("count", [0, 1, 6])
def test_after_an_abort_nothing_is_there(name: str, count: int, tmp_path: Path) -> None:
    sink = CASES[name].make(tmp_path)
    feed(sink, count)
    sink.abort()
    sink.abort()
    assert left(tmp_path) == []


@pytest.mark.parametrize("name", CASES)
def test_an_abort_after_the_end_changes_nothing(name: str, tmp_path: Path) -> None:
    sink = CASES[name].make(tmp_path)
    feed(sink)
    sink.finish(fake.report())
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    sink.abort()
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


@pytest.mark.parametrize("name", CASES)
def test_ticks_may_come_without_pictures(name: str, tmp_path: Path) -> None:
    case = CASES[name]
    sink = case.make(tmp_path)
    feed(sink, pictures=False)
    if case.needs_pictures:
        with pytest.raises(SinkError):
            sink.finish(fake.report())
        sink.abort()
        assert left(tmp_path) == []
    else:
        sink.finish(fake.report())
        assert left(tmp_path) == ([case.file] if case.file else [])


@pytest.mark.parametrize("name", WRITING)
def test_an_older_output_is_replaced_at_the_end_only(name: str, tmp_path: Path) -> None:
    case = CASES[name]
    assert case.file is not None
    target = tmp_path / case.file
    target.write_text("older")
    given_up = case.make(tmp_path)
    feed(given_up)
    given_up.abort()
    assert target.read_text() == "older"
    sink = case.make(tmp_path)
    feed(sink)
    assert target.read_text() == "older"
    sink.finish(fake.report())
    assert target.read_bytes() != b"older"


@pytest.mark.parametrize("name", WRITING)
def test_a_folder_that_is_not_there_is_an_error_at_the_first_frame(
    name: str, tmp_path: Path
) -> None:
    sink = CASES[name].make(tmp_path / "missing")
    with pytest.raises(SinkError, match="Make the folder first, or choose another one"):
        feed(sink, 1)
    sink.abort()
    assert left(tmp_path) == []


@pytest.mark.parametrize("name", WRITING)
def test_equal_analyses_give_equal_bytes(name: str, tmp_path: Path) -> None:
    case = CASES[name]
    assert case.file is not None
    written = []
    for run in ("one", "two"):
        folder = tmp_path / run
        folder.mkdir()
        sink = case.make(folder)
        feed(sink)
        sink.finish(fake.report())
        written.append((folder / case.file).read_bytes())
    assert written[0] == written[1]


@pytest.mark.parametrize("name", CASES)
def test_an_empty_report_can_be_written(name: str, tmp_path: Path) -> None:
    sink = CASES[name].make(tmp_path)
    feed(sink, 1)
    sink.finish(fake.report(reps=(), partial_reps=(), holds=()))
