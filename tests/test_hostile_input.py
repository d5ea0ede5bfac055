"""What fuzzing found, and what it must not find again: one message, soon, and nothing lost."""

from __future__ import annotations

import io
import json
import sqlite3
import struct
import time
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from formcheck.analyzer import Analyzer
from formcheck.batch import clips
from formcheck.batch.clips import find_clips
from formcheck.cli.main import app
from formcheck.cli.text import LONGEST, escape, message
from formcheck.errors import (
    BadDefinition,
    CannotOpen,
    FormcheckError,
    HistoryError,
    RoutineError,
    WrongSchema,
    shown,
)
from formcheck.exercises.load import exercise_file, load_exercise, parse_exercise
from formcheck.exercises.toml import MOST_BYTES
from formcheck.history.export import import_file
from formcheck.history.store import History, Run, now
from formcheck.pose import Pose, PoseTrack
from formcheck.recorded import DEEPEST, MOST_FRAMES
from formcheck.report.document import load_document, to_bytes, to_document
from formcheck.report.shape import Misshapen, require_report
from formcheck.routines.definition import load_routine
from formcheck.sources import open_recording, open_source
from tests import fakes_results as fake

HUGE = 10**400
MIB = 1 << 20


@pytest.fixture(autouse=True)
def bounded() -> Iterator[None]:
    """Whatever is refused is refused in little time and memory."""
    begun = time.process_time()
    tracemalloc.start()
    yield
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 100 * MIB
    assert time.process_time() - begun < 20


# Recordings


def track(frames: int = 3) -> PoseTrack:
    rng = np.random.default_rng(1)
    poses = [
        Pose(i / 30, rng.normal(size=(33, 2)), rng.normal(size=(33, 3)), rng.uniform(size=33))
        for i in range(frames)
    ]
    return PoseTrack.from_poses(poses, (640, 480))


def npy(array: Any) -> bytes:
    content = io.BytesIO()
    np.lib.format.write_array(content, np.asarray(array), allow_pickle=True)
    return content.getvalue()


def claimed(shape: tuple[int, ...], content: bytes) -> bytes:
    head = io.BytesIO()
    about = {"descr": "<f8", "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_1_0(head, about)
    return head.getvalue() + content


def archive_of(parts: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", method) as archive:
        for name, data in parts.items():
            archive.writestr(f"{name}.npy", data)
    return content.getvalue()


def parts(**other: bytes | None) -> dict[str, bytes]:
    whole = track()
    header = {
        "schema": "formcheck.recording/1",
        "skeleton": "blazepose33",
        "names": list(whole.skeleton.names),
        "size_px": [640, 480],
        "meta": {},
    }
    found: dict[str, bytes | None] = {
        "header": npy(json.dumps(header)),
        "t_s": npy(whole.t_s),
        "image_px": npy(whole.image_px),
        "world_m": npy(whole.world_m),
        "visibility": npy(whole.visibility),
        **other,
    }
    return {name: data for name, data in found.items() if data is not None}


def header(**other: object) -> bytes:
    about = json.loads(str(np.load(io.BytesIO(parts()["header"]))))
    return npy(json.dumps(about | other))


def bomb() -> bytes:
    return claimed((300 * MIB // 8,), bytes(300 * MIB))


class Shout:
    def __reduce__(self) -> tuple[Any, ...]:
        return (pytest.fail, ("a pickle was run",))


def nested(depth: int) -> Any:
    found: Any = 1
    for _ in range(depth):
        found = [found]
    return found


RECORDINGS: list[tuple[str, Callable[[], bytes], str]] = [
    ("a pickle inside", lambda: archive_of(parts(t_s=npy(np.array([Shout()])))), "not as long"),
    ("terabytes", lambda: archive_of(parts(t_s=claimed((10**12,), b"12345678"))), "not as long"),
    ("below nothing", lambda: archive_of(parts(t_s=claimed((-3,), b""))), "not as long"),
    ("more than is there", lambda: archive_of(parts(t_s=claimed((9,), bytes(8)))), "not as long"),
    ("a bomb", lambda: archive_of(parts(t_s=bomb())), "frames, and at most 1000000"),
    ("a bomb besides", lambda: archive_of(parts(more=bomb())), "it should hold header"),
    ("a bomb of text", lambda: archive_of(parts(header=npy("x" * (2 * MIB)))), "is no text"),
    ("text for numbers", lambda: archive_of(parts(t_s=npy(["a", "b", "c"]))), "no numbers"),
    ("no times", lambda: archive_of(parts(t_s=None)), "it should hold"),
    ("times at once", lambda: archive_of(parts(t_s=npy([0.0, 1e-320, 1.0]))), "not increase"),
    ("times back", lambda: archive_of(parts(t_s=npy([0.0, 2.0, 1.0]))), "not increase"),
    ("times for ever", lambda: archive_of(parts(t_s=npy([0.0, 1.0, 1e300]))), "no sense"),
    (
        "landmarks far off",
        lambda: archive_of(parts(world_m=npy(np.full((3, 33, 3), 1e308)))),
        "make no sense",
    ),
    (
        "surer than sure",
        lambda: archive_of(parts(visibility=npy(np.full((3, 33), np.inf)))),
        "make no sense",
    ),
    ("pictures below nothing", lambda: archive_of(parts(header=header(size_px=[-5, 3]))), "large"),
    ("enormous pictures", lambda: archive_of(parts(header=header(size_px=[HUGE, 3]))), "large"),
    ("a list for a table", lambda: archive_of(parts(header=header(meta=[1]))), "no table"),
    ("notes of numbers", lambda: archive_of(parts(header=header(meta={"notes": 3}))), "no sense"),
    (
        "nested",
        lambda: archive_of(parts(header=header(meta={"a": nested(DEEPEST)}))),
        "nested too deeply",
    ),
    (
        "nested for ever",
        lambda: archive_of(parts(header=npy("[" * 100_000))),
        "nested too deeply",
    ),
    (
        "numpy's next version",
        lambda: archive_of(parts(t_s=b"\x93NUMPY\x09\x00")),
        "another version",
    ),
    (
        "stored sideways",
        lambda: archive_of(parts(visibility=npy(np.ones((3, 33), order="F")))),
        "column by column",
    ),
    ("breaks off", lambda: archive_of(parts(t_s=npy(track().t_s)[:-4])), "not as long"),
    ("goes on", lambda: archive_of(parts(t_s=npy(track().t_s) + b"more")), "not as long"),
    ("packed unusually", lambda: archive_of(parts(), zipfile.ZIP_LZMA), "in an unusual way"),
]


@pytest.mark.parametrize(("name", "make", "says"), RECORDINGS, ids=[r[0] for r in RECORDINGS])
def test_recordings_that_lie_are_refused_in_words(
    name: str,  # noqa: ARG001
    make: Callable[[], bytes],
    says: str,
    tmp_path: Path,
) -> None:
    path = tmp_path / "clip.npz"
    tracemalloc.stop()  # what makes a bomb takes more than what refuses it
    content = make()
    tracemalloc.start()
    path.write_bytes(content)
    with pytest.raises(WrongSchema, match=says) as caught:
        open_recording(path)
    assert len(str(caught.value)) < 500


def test_any_byte_of_a_recording_may_be_wrong(tmp_path: Path) -> None:
    path = tmp_path / "clip.npz"
    track().save(path)
    whole = path.read_bytes()
    rng = np.random.default_rng(5)
    for _ in range(150):
        data = bytearray(whole)
        for at in rng.integers(0, len(data), int(rng.choice([1, 1, 5]))):
            data[at] = int(rng.integers(256))
        path.write_bytes(data)
        try:
            assert len(open_recording(path)) == 3
        except FormcheckError as error:
            assert str(path) in str(error)  # noqa: PT017


def test_a_recording_of_what_is_a_long_day_is_said_to_be_too_long(tmp_path: Path) -> None:
    path = tmp_path / "clip.npz"
    many = MOST_FRAMES + 1
    path.write_bytes(archive_of(parts(t_s=claimed((many,), bytes(8 * many)))))
    with pytest.raises(WrongSchema, match=f"it has {many} frames, and at most {MOST_FRAMES}"):
        open_recording(path)


def test_what_a_recording_says_of_its_clip_is_left_out_if_it_cannot_be(tmp_path: Path) -> None:
    noted = {"width": -5, "frames": HUGE, "rotation_deg": 45, "sha256": "<b>", "path": "a.mp4"}
    path = tmp_path / "clip.npz"
    path.write_bytes(archive_of(parts(header=header(meta={"source": noted}))))
    info = open_recording(path).info
    assert (info.path, info.width, info.frames, info.rotation_deg) == ("a.mp4", 640, 3, 0)
    assert len(info.sha256) == 64


# Exercises and routines

SQUAT = exercise_file("squat")[0].decode()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a = " + "[" * 50_000, "something nested too deeply"),
        ("a." * 20_000 + "a = 1", "a line with more than 1000 dots"),
        ("a = " + "9" * 20_000, "a number with too many digits"),
        ("# " + "x" * MOST_BYTES, "more than 256 KiB"),
    ],
    ids=["nested", "a key of many parts", "digits", "long"],
)
def test_toml_out_of_proportion(text: str, says: str, tmp_path: Path) -> None:
    with pytest.raises(BadDefinition, match=says):
        parse_exercise(text.encode(), "mine.toml")
    path = tmp_path / "mine.toml"
    path.write_text(text)
    with pytest.raises(RoutineError, match=f"is not TOML: {says}"):
        load_routine(path)


@pytest.mark.parametrize("value", [f"{HUGE}", "1e999", "nan", '"x"', "[[1]]", "true"])
def test_numbers_that_cannot_be_meant(value: str) -> None:
    text = SQUAT.replace("min_range = ", f"min_range = {value} # ", 1)
    with pytest.raises(BadDefinition) as caught:
        parse_exercise(text.encode(), "mine.toml")
    assert len(str(caught.value)) < 400


def test_messages_quote_little_of_what_is_wrong() -> None:
    text = SQUAT.replace('schema = "', f'schema = "{"x" * 100_000}')
    with pytest.raises(BadDefinition) as caught:
        parse_exercise(text.encode(), "mine.toml")
    assert len(str(caught.value)) < 400
    assert shown("squat") == "'squat'"
    assert shown(2.5) == "2.5"
    assert len(shown(["left_knee_flexion_deg"] * 1000)) < 300
    assert len(shown(nested(5000))) < 100
    assert shown(10**5000) == "something enormous"


@pytest.mark.parametrize("name", ["/dev/zero", "no\0name.toml", f"{'a' * 300}.toml"])
def test_what_is_no_file_is_no_exercise(name: str, tmp_path: Path) -> None:
    link = tmp_path / "mine.toml"
    if name.startswith("/"):
        link.symlink_to(name)
        name = str(link)
    with pytest.raises(FormcheckError, match="Could not read the exercise file"):
        load_exercise(name)
    with pytest.raises(RoutineError, match="Could not read the routine"):
        load_routine(name)


# Lists of clips


def test_a_list_without_end_is_read_no_further_than_need_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clips, "MOST_CLIPS", 1000)
    monkeypatch.setattr(clips, "MOST_LINES", 5000)
    path = tmp_path / "clips.csv"
    path.write_text("clip\n" + "".join(f"{i}.mp4\n" for i in range(1001)))
    with pytest.raises(CannotOpen, match="names more than 1000 clips"):
        find_clips([str(path)])
    path.write_text("clip\n" + "\n" * 6000)
    with pytest.raises(CannotOpen, match="has more than 5000 lines"):
        find_clips([str(path)])


@pytest.mark.parametrize("suffix", [".csv", ".txt"])
def test_a_line_without_end(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"clips{suffix}"
    path.write_text("clip\n" + "x" * 500_000)
    with pytest.raises(CannotOpen, match=r"Line 2 of the list .* has no end"):
        find_clips([str(path)])


def test_a_cell_without_end(tmp_path: Path) -> None:
    path = tmp_path / "clips.csv"
    path.write_text('clip\n"' + "a.mp4\n" * 50_000)
    with pytest.raises(CannotOpen, match="is no table: field larger than"):
        find_clips([str(path)])


def test_names_that_no_file_can_have_cost_one_row_each(tmp_path: Path) -> None:
    listed = tmp_path / "clips.txt"
    listed.write_text("a\0.npz\n" + "a" * 300 + ".npz\n" + "n/" * 5000 + "a.npz\n")
    done = CliRunner().invoke(app, ["batch", str(listed), "--out", str(tmp_path / "out"), "-j1"])
    # No model is asked for: these are called recordings.
    assert done.exit_code == 1
    table = (tmp_path / "out" / "clips.csv").read_text("utf-8")
    assert table.count("cannot be read") == 3
    for name in ("a" * 300, "a\0b"):
        with pytest.raises(CannotOpen, match="cannot be read"):
            open_source(name)


# Reports and histories


def changed(document: dict[str, Any], path: str, value: object) -> dict[str, Any]:
    found = json.loads(to_bytes(document))
    at = found
    *steps, last = [int(s) if s.isdigit() else s for s in path.split(".")]
    for step in steps:
        at = at[step]
    at[last] = value
    return dict(found)


@pytest.mark.parametrize(
    ("path", "value", "says"),
    [
        ("reps", 3, "'reps' should be a list, but is 3"),
        ("reps.0", {}, "'reps[0].number' is missing"),
        ("reps.0.score", "high", "'reps[0].score' should be a number or null, but is 'high'"),
        ("reps.0.score", 101, "'reps[0].score' cannot be 101"),
        ("reps.0.number", True, "'reps[0].number' should be a whole number, but is True"),
        ("reps.0.verdicts.0.status", ["pass"], "'reps[0].verdicts[0].status' should be one of"),
        ("summary.by_side", {"left": "many"}, "'summary.by_side.left' should be a whole number"),
        ("source.sha256", "x", "'source.sha256' cannot be 'x'"),
        ("source.duration_s", HUGE, "'source.duration_s' cannot be"),
        ("provenance", {"a": nested(40)}, "'provenance.a' is nested too deeply"),
        ("exercise.name", None, "'exercise.name' should be a text, but is None"),
    ],
)
def test_a_damaged_report_says_what_is_wrong(
    path: str, value: object, says: str, tmp_path: Path
) -> None:
    whole = to_document(fake.report())
    require_report(whole)
    file = tmp_path / "report.json"
    file.write_text(json.dumps(changed(whole, path, value)))
    with pytest.raises(WrongSchema) as caught:
        load_document(file)
    assert f"is a damaged report: {says}" in str(caught.value)
    with pytest.raises(Misshapen):
        require_report(changed(whole, path, value))
    with History() as history, pytest.raises(FormcheckError):
        import_file(history, file)


@pytest.mark.parametrize(
    "text", ["[" * 100_000, '{"schema": []}', '{"schema": {}}', "9" * 5000, '"x"', "\ufeff{}"]
)
def test_what_is_no_report_at_all(text: str, tmp_path: Path) -> None:
    file = tmp_path / "report.json"
    file.write_text(text, "utf-8")
    with pytest.raises(WrongSchema):
        load_document(file)
    with History() as history, pytest.raises(WrongSchema):
        import_file(history, file)


@pytest.mark.parametrize(
    ("statement", "given"),
    [
        ("UPDATE entry SET document = ?", "{"),
        ("UPDATE entry SET document = ?", "[" * 100_000),
        ("UPDATE entry SET document = ?", '{"exercise": 3}'),
        ("UPDATE entry SET document = CAST(? AS TEXT)", b"\xff\xfe"),
        ("UPDATE entry SET done_at = ?", "yesterday"),
        ("UPDATE entry SET done_at = ?", "2026-01-01"),
        ("UPDATE entry SET done_at = ?", "0001-01-01T00:00:00+00:00"),
    ],
)
def test_a_damaged_entry_is_named_and_can_be_deleted(
    statement: str, given: object, tmp_path: Path
) -> None:
    path = tmp_path / "history.sqlite3"
    with History(path) as history:
        name, other = (history.add(to_document(fake.report()))[0] for _ in range(2))
    database = sqlite3.connect(path)
    database.execute(f"{statement} WHERE id = ?", [given, name])
    database.commit()
    database.close()
    with History(path) as history:
        with pytest.raises(HistoryError) as caught:
            history.entries()
        assert name in str(caught.value)
        assert history.find(other).id == other
        assert history.delete([history.name_of(name[:8])]) == 1
        assert [entry.id for entry in history.entries()] == [other]


@pytest.mark.parametrize(
    "data",
    [[], {"pain_before": 3}, {"pain_after": {"back": "much"}}, {"pain_before": {"back": 99}}],
)
def test_a_damaged_run_is_named(data: Any, tmp_path: Path) -> None:
    with History(tmp_path / "history.sqlite3") as history:
        history.save_run(Run("0123456789abcdef", now(), "back-and-knee", data))
        with pytest.raises(HistoryError, match=r"entry 0123456789abcdef of .* damaged"):
            history.runs()
        assert history.delete([history.name_of("01234567")]) == 1


# Terminals


def test_what_others_wrote_does_not_command_the_terminal() -> None:
    assert escape("a\x1b[31m\x07\u202e\0b") == r"a\x1b[31m\x07\u202e\x00b"
    assert escape("[bold]squat") == r"\[bold]squat"
    assert escape("Kniebeuge – 60°, ½\n") == "Kniebeuge – 60°, ½\n"
    assert escape("\udcff.mp4") == r"\udcff.mp4"
    assert len(message("x" * 100_000)) < LONGEST + 10
    done = CliRunner().invoke(app, ["check", "no\x1b]0;x\x07thing.mp4"])
    assert done.exit_code == 2
    assert r"no\x1b]0;x\x07thing.mp4" in done.stderr
    assert "\x1b]" not in done.stderr


# Pictures


def test_a_picture_that_claims_thirty_thousand_pixels_a_side(tmp_path: Path) -> None:
    folder = tmp_path / "pictures"
    folder.mkdir()
    chunk = b"IHDR" + struct.pack(">2I5B", 30_000, 30_000, 8, 2, 0, 0, 0)
    start = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13)
    whole = start + chunk + struct.pack(">I", zlib.crc32(chunk)) + b"\0\0\0\0IDAT"
    (folder / "1.png").write_bytes(whole)
    with pytest.raises(CannotOpen, match="claims to be a picture that is far too large"):
        open_source(folder)


def test_bodies_without_extent_have_no_angles_and_no_warnings() -> None:
    flat = Pose(0.0, np.zeros((33, 2)), np.zeros((33, 3)), np.ones(33))
    dot = Pose(1.0, np.full((33, 2), 100.0), np.full((33, 3), 0.5), np.ones(33))
    flat_here = Pose(2.0, np.full((33, 2), 100.0), track()[0].world_m, np.ones(33))
    analyzer = Analyzer(load_exercise("squat"), (640, 480))
    for pose in (flat, dot, flat_here):
        tick = analyzer.feed(pose)
        assert not tick.readings["left_knee_flexion_deg"].known


def test_a_history_whose_layout_is_no_text(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite3"
    with History(path) as history:
        history.add(to_document(fake.report()))
    data = path.read_bytes()
    at = data.index(b"CREATE TABLE entry")
    path.write_bytes(data[: at + 7] + b"\x87" + data[at + 8 :])
    with pytest.raises(HistoryError, match="Could not open the history"), History(path):
        pass


def test_a_routine_with_very_many_mistakes_tells_some(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("asks = [" + '"leg", ' * 1000 + "]\n")
    with pytest.raises(RoutineError, match=r"and [0-9]+ more mistakes") as caught:
        load_routine(path)
    assert len(str(caught.value)) < 5000


def test_somebody_who_stands_in_a_single_row_of_pixels(tmp_path: Path) -> None:
    whole = track(40)
    level = np.repeat(whole.image_px[:1], 40, axis=0)
    level[:, :, 1] = 100.0
    path = tmp_path / "clip.npz"
    replace(whole, image_px=level, world_m=np.repeat(whole.world_m[:1], 40, axis=0)).save(path)
    analyzer = Analyzer(load_exercise("squat"), (640, 480))
    for pose in open_recording(path):
        analyzer.feed(pose)
    assert analyzer.finish(open_recording(path).info).summary.reps_counted == 0
