"""JSON, CSV and the files they go to."""

from __future__ import annotations

import csv
import io
import json
import math
import os
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from formcheck.atomic import AtomicFile
from formcheck.errors import CannotWrite
from formcheck.report.document import to_bytes, to_document
from formcheck.results import Segment, Status
from formcheck.sinks.csv_sink import LEADING, LEADING_OF_HOLDS, CsvSink, to_table
from formcheck.sinks.json_sink import JsonSink, JsonStreamSink
from tests import fakes_results as fake
from tests.disks import files_up_to

# Files


def test_a_file_appears_whole(tmp_path: Path) -> None:
    file = AtomicFile(tmp_path / "out.txt")
    part = file.reserve()
    assert part.parent == tmp_path
    assert not (tmp_path / "out.txt").exists()
    file.write(b"done")
    assert [p.name for p in tmp_path.iterdir()] == ["out.txt"]
    assert (tmp_path / "out.txt").read_bytes() == b"done"


def test_files_get_the_permissions_that_new_files_have(tmp_path: Path) -> None:
    (tmp_path / "plain").touch()
    AtomicFile(tmp_path / "out").write(b"")
    modes = {stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("plain", "out")}
    assert len(modes) == 1


def test_a_discarded_file_leaves_nothing(tmp_path: Path) -> None:
    file = AtomicFile(tmp_path / "out.txt")
    file.discard()
    file.reserve()
    file.discard()
    file.discard()
    assert list(tmp_path.iterdir()) == []


def test_an_older_file_stays_until_the_new_one_is_complete(tmp_path: Path) -> None:
    target = tmp_path / "out.txt"
    target.write_text("old")
    file = AtomicFile(target)
    file.reserve()
    assert target.read_text() == "old"
    file.discard()
    assert target.read_text() == "old"
    file.write(b"new")
    assert target.read_text() == "new"


def test_a_disk_that_takes_no_more(tmp_path: Path) -> None:
    file = AtomicFile(tmp_path / "out.bin")
    with files_up_to(4096), pytest.raises(CannotWrite) as raised:
        file.write(bytes(8192))
    assert str(raised.value) == (
        f"Could not write '{tmp_path / 'out.bin'}': File too large. "
        "Choose a folder on a disk that takes bigger files."
    )
    assert list(tmp_path.iterdir()) == []


def test_a_missing_folder(tmp_path: Path) -> None:
    target = tmp_path / "not" / "here.json"
    with pytest.raises(CannotWrite) as raised:
        AtomicFile(target).reserve()
    assert str(raised.value) == (
        f"Could not write '{target}': No such file or directory. "
        "Make the folder first, or choose another one."
    )


def test_a_file_where_a_folder_should_be(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    target = tmp_path / "file" / "out.json"
    with pytest.raises(CannotWrite) as raised:
        AtomicFile(target).reserve()
    assert str(raised.value) == (
        f"Could not write '{target}': Not a directory. "
        "Choose a folder; a part of this path is a file."
    )


def test_a_folder_where_the_file_should_be(tmp_path: Path) -> None:
    target = tmp_path / "out.json"
    target.mkdir()
    with pytest.raises(CannotWrite) as raised:
        AtomicFile(target).reserve()
    assert str(raised.value) == (
        f"Could not write '{target}': Is a directory. "
        "A folder of that name is in the way: rename it, or choose another name."
    )
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written_to(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(CannotWrite, match=r"Permission denied\. Choose a folder that you may"):
        AtomicFile(tmp_path / "out").reserve()
    tmp_path.chmod(0o700)


# JSON


def test_json_file(tmp_path: Path) -> None:
    sink = JsonSink(tmp_path / "report.json")
    sink.on_tick(fake.tick(), None)
    sink.finish(fake.report())
    assert (tmp_path / "report.json").read_bytes() == to_bytes(to_document(fake.report()))


def test_json_on_a_stream() -> None:
    binary = io.BytesIO()
    stream = io.TextIOWrapper(binary, encoding="ascii")
    report = fake.report()
    report = replace(report, source=replace(report.source, path="übung.mp4"))
    sink = JsonStreamSink(stream)
    sink.on_tick(fake.tick(), None)
    assert binary.getvalue() == b""
    sink.finish(report)
    assert binary.getvalue() == to_bytes(to_document(report))


def test_json_on_a_stream_of_text_only() -> None:
    stream = io.StringIO()
    JsonStreamSink(stream).finish(fake.report())
    assert json.loads(stream.getvalue())["exercise"]["id"] == "squat"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a full device")
def test_json_on_a_full_device() -> None:
    with Path("/dev/full").open("w") as stream:
        sink = JsonStreamSink(stream)
        with pytest.raises(CannotWrite) as raised:
            sink.finish(fake.report())
    assert str(raised.value) == (
        "Could not write '/dev/full': No space left on device. "
        "Free some space, or choose a folder on another disk."
    )


def test_json_on_a_pipe_that_nobody_reads() -> None:
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "w") as stream:
        sink = JsonStreamSink(stream)
        with pytest.raises(CannotWrite, match="Whatever was reading the output has stopped"):
            sink.finish(fake.report())


# CSV


def table(*args: object, **changes: object) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(to_table(fake.report(*args, **changes)))))


def test_columns() -> None:
    header = to_table(fake.report()).splitlines()[0].split(",")
    assert tuple(header[: len(LEADING)]) == LEADING
    assert header[len(LEADING) :] == [
        "depth_deg",
        "depth_deg_sigma",
        "descent_s",
        "descent_s_sigma",
        "stance_width_ratio",
        "stance_width_ratio_sigma",
        "SQ01_status",
        "SQ02_status",
        "SQ03_status",
    ]


def test_rows_are_in_the_order_of_time() -> None:
    rows = table()
    assert [(r["number"], r["counted"], r["start_s"]) for r in rows] == [
        ("1", "true", "0.5"),
        ("1", "false", "2.375"),
        ("2", "true", "3.25"),
    ]
    assert [r["reason"] for r in rows] == ["", "did not go down far enough", ""]


def test_cells() -> None:
    first, partial, second = table()
    assert first["score"] == "50.0"
    assert second["score"] == ""
    assert (first["assessed"], first["criteria"]) == ("2", "3")
    assert (first["depth_deg"], first["depth_deg_sigma"]) == ("98.1235", "4.2")
    assert (first["stance_width_ratio"], first["stance_width_ratio_sigma"]) == ("", "")
    assert [first[f"SQ0{i}_status"] for i in (1, 2, 3)] == ["pass", "fail", "unclear"]
    assert [partial[f"SQ0{i}_status"] for i in (1, 2, 3)] == ["", "", ""]


def test_a_table_without_repetitions_is_a_header() -> None:
    assert to_table(fake.report(reps=(), partial_reps=())) == ",".join(LEADING) + "\n"


def test_holds_have_a_table_of_their_own() -> None:
    report = fake.report(holds=(fake.hold(), fake.hold(2, 9.0, complete=False)))
    text = to_table(report, holds=True)
    header = text.splitlines()[0].split(",")
    assert tuple(header) == (*LEADING_OF_HOLDS, "FF01_status", "FF02_status")
    first, second = csv.DictReader(io.StringIO(text))
    assert (first["held_s"], first["complete"], first["FF02_status"]) == ("2.5", "true", "unclear")
    assert (second["start_s"], second["complete"]) == ("9.0", "false")
    assert second["reason"] == "it may have been longer: its end was not filmed"
    assert to_table(fake.report(holds=()), holds=True) == ",".join(LEADING_OF_HOLDS) + "\n"


def test_repetitions_may_differ_in_what_was_measured() -> None:
    other = replace(fake.rep(2, 9.0, [Status.PASS]), measures={}, verdicts=(fake.verdict("SQ09"),))
    rows = table(reps=(fake.rep(), other), partial_reps=())
    assert (rows[1]["depth_deg"], rows[1]["SQ01_status"], rows[1]["SQ09_status"]) == (
        "",
        "",
        "pass",
    )
    assert rows[0]["SQ09_status"] == ""


def test_reasons_with_commas_and_quotes_survive() -> None:
    span = replace(fake.rep().span, reason='stopped, "half-way"', turn_s=math.nan)
    (row,) = table(reps=(replace(fake.rep(), span=span),), partial_reps=())
    assert (row["reason"], row["turn_s"]) == ('stopped, "half-way"', "")


def test_csv_file(tmp_path: Path) -> None:
    sink = CsvSink(tmp_path / "reps.csv")
    sink.on_tick(fake.tick(), None)
    sink.finish(fake.report())
    assert (tmp_path / "reps.csv").read_text("utf-8") == to_table(fake.report())


def test_of_several_exercises_each_row_names_its_own() -> None:
    squat = fake.report(holds=())
    lunge = replace(squat, exercise=replace(squat.exercise, id="lunge"), partial_reps=())
    both = (Segment(0.5, 6.0, squat), Segment(8.0, 12.0, lunge))
    report = fake.report(reps=(), partial_reps=(), holds=(), segments=both)
    rows = list(csv.DictReader(io.StringIO(to_table(report))))
    assert [row["exercise"] for row in rows] == ["squat"] * 3 + ["lunge"] * 2
    assert list(rows[0])[:2] == ["exercise", "number"]
    assert "exercise" not in to_table(squat)
