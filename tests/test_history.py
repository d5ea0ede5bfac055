"""The history: what is saved stays saved, whoever writes and whatever is killed."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from benchmarks.fuzz.saved import lost, saved
from formcheck.cli.main import app
from formcheck.errors import ExtraMissing, HistoryError, WrongSchema
from formcheck.history.export import COLUMNS, import_file, rows_of, to_csv, to_json, to_parquet
from formcheck.history.page import change_in_words, day_ticks, days_axis, history_page
from formcheck.history.store import MIGRATIONS, Entry, History, Run, history_path
from formcheck.history.trends import once_each, sparkline, trends_of
from formcheck.report.document import parts_of, to_bytes, to_document
from formcheck.sources.synthetic import Squat, StickFigure, squats
from tests import fakes_results as fake

ROOT = Path(__file__).parents[1]
START = datetime(2026, 10, 1, 7, 30, tzinfo=UTC)
TIMES = 1000
"""So often each of two processes writes."""

WRITER = """
import sys
from formcheck.history.store import History
from formcheck.report.document import to_document
from tests import fakes_results as fake

document = to_document(fake.report())
times = int(sys.argv[1])
with History() as history:
    print("open", flush=True)
    sys.stdin.readline()
    for _ in range(times):
        print(*history.add(document), flush=True)
"""


def document(score: float = 50.0, sha: str = "cd", depth: float = 98.0) -> dict[str, Any]:
    report = fake.report()
    verdict = fake.verdict(value=depth)
    reps = tuple(replace(rep, verdicts=(verdict,), score=score) for rep in report.reps)
    source = replace(report.source, sha256=sha * 32)
    summary = replace(report.summary, score=score)
    return to_document(replace(report, reps=reps, source=source, summary=summary, holds=()))


def run(*words: str | Path, given: str = "") -> Result:
    return CliRunner().invoke(app, [str(w) for w in words], input=given, env={"COLUMNS": "200"})


def writer() -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(TIMES)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "open\n"
    return process


def start(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.write("go\n")
    process.stdin.flush()


def test_two_write_at_once_and_one_is_killed_half_way(history_file: Path) -> None:
    """Nothing that was saved is lost, and nothing half-saved is there."""
    steady, doomed = writer(), writer()
    start(steady)
    start(doomed)
    assert doomed.stdout is not None
    assert steady.stdout is not None
    told = [doomed.stdout.readline().strip() for _ in range(TIMES // 2)]
    doomed.send_signal(signal.SIGKILL)
    rest, _ = doomed.communicate(timeout=60)
    # A line that was cut off by the kill names no entry.
    told += [line for line in rest.split("\n")[:-1] if line]
    kept = steady.communicate(timeout=300)[0].split()
    assert steady.returncode == 0
    assert len(kept) == TIMES
    assert TIMES // 2 <= len(told) < TIMES
    with History() as history:
        history.check()
        entries = history.entries()
        there = {entry.id for entry in entries}
        assert there >= {*told, *kept}
        # What was committed but not yet told when it was killed is at most one entry.
        assert len(there) - len({*told, *kept}) <= 1
        whole = to_document(fake.report())
        assert all(entry.document == json.loads(json.dumps(whole)) for entry in entries)
        history.add(whole)
    assert history_file.exists()


def test_a_report_is_kept_as_it_was(history_file: Path) -> None:
    with History() as history:
        (name,) = history.add(document(), done_at=START)
    with History() as history:
        (entry,) = history.entries()
    assert entry == Entry(name, START, "check", json.loads(json.dumps(document())))
    assert entry.exercise == "squat"
    assert history_path() == history_file


def test_without_a_name_it_is_in_the_users_data_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FORMCHECK_HISTORY")
    assert history_path().name == "history.sqlite3"
    assert history_path().parent.name == "formcheck"


def test_several_exercises_become_several_entries() -> None:
    whole = document()
    part = {key: whole[key] for key in ("exercise", "reps", "holds", "summary", "view")}
    lunge = {**part, "exercise": {**part["exercise"], "id": "lunge"}}
    whole |= {"segments": [part, lunge]}
    assert [p["exercise"]["id"] for p in parts_of(whole)] == ["squat", "lunge"]
    with History() as history:
        assert len(history.add(whole)) == 2
        assert history.exercises() == ["lunge", "squat"]
        assert [e.document["source"] for e in history.entries("lunge")] == [whole["source"]]


def test_an_old_file_is_brought_to_the_newest_version(history_file: Path) -> None:
    old = sqlite3.connect(history_file)
    for statement in MIGRATIONS[0]:
        old.execute(statement)
    row = ["ab" * 8, START.isoformat(), "check", "squat", "", json.dumps(document())]
    old.execute("INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?)", row)
    old.execute("PRAGMA user_version = 1")
    old.commit()
    old.close()
    with History() as history:
        assert [entry.id for entry in history.entries()] == ["ab" * 8]
        assert history.runs() == []
    with sqlite3.connect(history_file) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS),)
    db.close()


def test_a_newer_file_is_left_alone(history_file: Path) -> None:
    with sqlite3.connect(history_file) as db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(HistoryError, match=r"made by a newer formcheck .* Update formcheck\."):
        History()


def test_a_file_that_is_no_history(history_file: Path) -> None:
    history_file.write_text("no database, but long enough to be looked at " * 20)
    with pytest.raises(HistoryError, match="Could not open the history"):
        History()
    assert history_file.read_text().startswith("no database")


def with_log(path: Path) -> dict[Path, bytes]:
    """A history of a process that was killed: its latest entry is in the log beside it only."""
    with History(path) as history:
        history.add(document(10.0))
    database = sqlite3.connect(path, isolation_level=None)
    database.execute(
        "INSERT INTO run VALUES ('fedcba9876543210', '2026-10-01T07:30+00:00', '', '{}')"
    )
    log = path.with_name(f"{path.name}-wal")
    kept = {file: file.read_bytes() for file in (path, log)}
    database.close()
    for file, content in kept.items():
        file.write_bytes(content)
    return kept


def test_what_is_in_the_log_only_is_there(history_file: Path) -> None:
    with_log(history_file)
    with History() as history:
        assert [run.id for run in history.runs()] == ["fedcba9876543210"]
        assert len(history.entries()) == 1


@pytest.mark.parametrize("log_too", [False, True])
def test_what_cannot_be_opened_is_left_for_whoever_can_rescue_it(
    log_too: bool, history_file: Path
) -> None:
    kept = with_log(history_file)
    for file in [*kept] if log_too else [history_file]:
        kept[file] = b"lost" * 8 + kept[file][32:]
        file.write_bytes(kept[file])
    with pytest.raises(HistoryError, match=r"Could not open the history"):
        History()
    assert {file: file.read_bytes() for file in kept} == kept


@pytest.mark.parametrize(
    "made",
    [
        "TRIGGER t AFTER INSERT ON entry BEGIN DELETE FROM entry; END",
        "VIEW t AS SELECT * FROM entry",
    ],
)
def test_a_history_that_does_something_by_itself_is_refused(made: str, history_file: Path) -> None:
    with History() as history:
        history.add(document())
    with sqlite3.connect(history_file) as database:
        database.execute(f"CREATE {made}")
    database.close()
    with pytest.raises(HistoryError, match=r"holds 't', a trigger or view, which formcheck never"):
        History()
    rows, problem = saved("h", {"h": history_file.read_bytes()})
    assert (rows.total(), problem) == (1, "")


def test_fuzzing_notices_what_is_lost(history_file: Path) -> None:
    with History() as history:
        history.add(document(10.0))
        history.add(document(20.0))
        history.save_run(Run("0123456789abcdef", START, "", {}))
    before = {"h": history_file.read_bytes()}
    assert lost("h", before, before) == []
    with sqlite3.connect(history_file) as database:
        database.execute("UPDATE entry SET kind = 'live' WHERE rowid = 1")
        database.execute("DELETE FROM run")
    database.close()
    after = {"h": history_file.read_bytes()}
    assert lost("h", before, after) == [f"lost from the history: {t}" for t in ("entry", "run")]
    torn = {"h": b"no history", "h-wal": b"log"}
    assert lost("h", torn, torn) == []
    assert lost("h", torn, {"h": b"no history"}) == ["an unreadable history was changed: h-wal"]


def test_entries_are_found_by_the_beginning_of_their_name() -> None:
    with History() as history:
        (name,) = history.add(document())
        assert history.find(name[:8]).id == name
        for wrong in ("", name[:3], "zzzz"):
            with pytest.raises(HistoryError, match="The history has no entry"):
                history.find(wrong)


def test_what_is_deleted_is_gone_from_the_file_too(history_file: Path) -> None:
    secret = document()
    secret["source"]["path"] = "/home/somebody/very-private-clip.mp4"
    with History() as history:
        (name,) = history.add(secret)
        assert history.delete([name]) == 1
        assert history.delete([name]) == 0
    for path in history_file.parent.iterdir():
        assert b"very-private-clip" not in path.read_bytes(), path


def test_a_run_is_saved_again_in_place() -> None:
    first = Run("r1", START, "back-and-knee", {"pain_before": {"knee": 4}})
    with History() as history:
        history.save_run(first)
        history.save_run(replace(first, data={"pain_before": {"knee": 4}, "done": True}))
        (found,) = history.runs("back-and-knee")
        assert history.runs("other") == []
    assert found.data["done"] is True


def entries_of(*days: tuple[float, float], shas: Sequence[str] = ()) -> list[Entry]:
    """Entries a week apart with these scores and depths."""
    shas = shas or [f"{i:02x}" for i in range(len(days))]
    return [
        Entry(f"{i:016x}", START + timedelta(days=7 * i), "check", document(score, sha, depth))
        for i, ((score, depth), sha) in enumerate(zip(days, shas, strict=True))
    ]


def test_trends_of_score_count_and_range() -> None:
    trends = {t.key: t for t in trends_of(entries_of((50, 80), (70, 95), (90, 101)))}
    assert set(trends) == {"score", "count", "range"}
    assert [p.value for p in trends["score"].points] == [50, 70, 90]
    assert (trends["range"].quantity, trends["range"].wanted) == ("Depth", "at least 90°")
    assert [p.value for p in trends["range"].points] == [80, 95, 101]
    assert [p.sigma for p in trends["range"].points] == [4.2] * 3
    assert change_in_words(trends["range"]) == "+21° since the first time"
    assert change_in_words(trends["count"]) == "as at first"


def test_left_against_right() -> None:
    entry = entries_of((50, 80))[0]
    left, right = entry.document["reps"]
    changed = json.loads(json.dumps({**entry.document, "reps": [left, right]}))
    changed["summary"]["by_side"] = {"left": 1, "right": 1}
    for rep, side, value in zip(changed["reps"], ("left", "right"), (80, 95), strict=True):
        rep["side"] = side
        rep["verdicts"][0]["value"] = value
    trends = {t.key: t for t in trends_of([replace(entry, document=changed)])}
    (point,) = trends["sides"].points
    assert point.value == 15
    assert point.sigma == pytest.approx(4.2 * 2**0.5)


def test_a_clip_that_was_checked_again_counts_once_and_as_it_was_last_judged() -> None:
    found = once_each(entries_of((50, 80), (60, 80), (90, 80), shas=["aa", "bb", "aa"]))
    assert [(e.done_at, e.document["summary"]["score"]) for e in found] == [
        (START, 90),
        (START + timedelta(days=7), 60),
    ]


def test_sparklines() -> None:
    assert sparkline([1, 2, 3]) == "▁▄█"
    assert sparkline([5, 5]) == "▅▅"
    assert len(sparkline(list(range(40)))) == 16


def test_days_on_an_axis_are_round() -> None:
    axis = days_axis([START, START + timedelta(days=70)])
    ticks = day_ticks(axis, START)
    assert 2 <= len(ticks) <= 6
    assert all(0 <= tick.at <= 100 for tick in ticks)


def test_the_page_has_a_plot_of_each_trend_and_of_pain() -> None:
    runs = [
        Run(str(i), START + timedelta(days=i), "r", {"pain_before": {"<b>knee": 5 - i}})
        for i in range(3)
    ]
    page = history_page(entries_of((50, 80), (70, 95)), runs)
    assert page.count("<figure") == 4
    assert "2 exercises done, 1 Oct 2026 to 8 Oct 2026." in page
    assert "&lt;b&gt;knee, before" in page
    assert "+15° since the first time" in page
    assert not re.search(r"https?://|url\(", page)
    assert "Nothing was checked yet" in history_page([])


def test_tables_have_all_columns() -> None:
    entries = entries_of((50, 80), (70, 95))
    rows = list(csv.DictReader(io.StringIO(to_csv(entries).decode())))
    assert [row["score"] for row in rows] == ["50", "70"]
    assert list(rows[0]) == list(COLUMNS)
    assert rows[0]["range_name"] == "Depth"
    assert rows[0]["to_work_on"] == "Sit a little deeper"
    assert rows_of(entries)[0]["left"] is None


def test_parquet_holds_the_same_table() -> None:
    pq = pytest.importorskip("pyarrow.parquet")
    entries = entries_of((50, 80), (70, 95))
    table = pq.read_table(io.BytesIO(to_parquet(entries)))
    assert table.to_pylist() == rows_of(entries)
    assert table.schema.metadata[b"schema"] == b"formcheck.history/1"


def test_without_pyarrow_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(ExtraMissing, match=r"pip install 'formcheck\[tables\]'"):
        to_parquet([])


def test_what_was_exported_can_be_imported_once(tmp_path: Path) -> None:
    exported = tmp_path / "all.json"
    given = Run("r1", START, "r", {"pain_before": {"knee": 2}})
    exported.write_bytes(to_json(entries_of((50, 80), (70, 95)), [given]))
    with History() as history:
        assert import_file(history, exported) == 2
        assert import_file(history, exported) == 0
        assert history.runs() == [given]
        assert to_json(history.entries(), history.runs()) == exported.read_bytes()


def test_reports_can_be_imported_once_with_a_date(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    path.write_bytes(to_bytes(document()))
    assert "Added 1 new entry" in run("history", "import", path, "--on", "2026-09-01").stdout
    assert "Added 0 new entries" in run("history", "import", path).stdout
    with History() as history:
        assert history.entries()[0].done_at.astimezone().date().isoformat() == "2026-09-01"


@pytest.mark.parametrize(
    "content",
    ["{", "[]", "{}", '{"schema": "formcheck.history/1", "entries": [{"id": 1}], "runs": []}'],
)
def test_what_cannot_be_imported(content: str, tmp_path: Path) -> None:
    path = tmp_path / "other.json"
    path.write_text(content)
    with (
        History() as history,
        pytest.raises(WrongSchema, match="neither a formcheck report nor an exported history"),
    ):
        import_file(history, path)


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    path = tmp_path / "squats.npz"
    squats(StickFigure(), [Squat(), Squat()]).save(path)
    return path


def test_every_check_is_kept_unless_it_should_not_be(clip: Path, tmp_path: Path) -> None:
    assert "Nothing yet" in run("history", "list").stdout
    assert "Nothing yet" in run("history", "show").stdout
    assert run("check", clip, "-e", "squat", "--no-history").exit_code == 0
    assert "Nothing yet" in run("history", "list").stdout
    assert run("check", clip, "-e", "squat", "-q").exit_code == 0
    listed = run("history", "list").stdout
    assert "Squat" in listed
    assert "side-left" in listed or "side-right" in listed
    for command in ("list", "show"):
        other = run("history", command, "-e", "pelvic-tilt").stdout.replace("\n", " ")
        assert "Nothing of 'pelvic-tilt'" in other
        assert "There is: squat." in other
    shown = run("history", "show").stdout
    assert "Depth" in shown
    assert "Score" in shown
    for name in ("all.csv", "all.json", "plot.html"):
        target = tmp_path / name
        plot: list[str | Path] = ["plot", "--out", target]
        words = plot if name == "plot.html" else ["export", target]
        assert run("history", *words).exit_code == 0
        assert target.stat().st_size > 300
    wrong = run("history", "export", tmp_path / "all.xls")
    assert wrong.exit_code == 2
    assert "should end in .csv, .json or .parquet" in wrong.stderr


def test_deleting_asks_first(clip: Path) -> None:
    run("check", clip, "-e", "squat", "-q")
    with History() as history:
        (entry,) = history.entries()
    assert run("history", "delete", entry.id, given="n\n").exit_code == 1
    assert run("history", "delete").exit_code == 2
    with History() as history:
        assert len(history.entries()) == 1
    assert "Deleted 1." in run("history", "delete", entry.id[:8], given="y\n").stdout
    with History() as history:
        assert history.entries() == []
    assert "Deleted 0." in run("history", "delete", "--all", "--yes").stdout


def test_a_history_that_cannot_be_written_does_not_spoil_a_check(
    clip: Path, history_file: Path
) -> None:
    history_file.mkdir()
    done = run("check", clip, "-e", "squat", "--json", "-")
    assert done.exit_code == 0
    assert "Not kept in the history" in done.stderr.replace("\n", " ")
    assert json.loads(done.stdout)["summary"]["reps_counted"] == 2


@pytest.mark.parametrize("year", ["0001", "0026", "9999"])
def test_a_date_that_nobody_could_read_again_is_refused(
    year: str, clip: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    assert run("check", clip, "-e", "squat", "-q", "--out", out, "--no-history").exit_code == 0
    done = run("history", "import", out / "report.json", "--on", f"{year}-05-01")
    assert done.exit_code == 2
    assert "Check the date" in done.stderr.replace("\n", " ")
    assert run("history", "list").exit_code == 0


def test_a_table_of_clips_whose_names_are_no_text(clip: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert run("check", clip, "-e", "squat", "-q", "--out", out, "--no-history").exit_code == 0
    document = json.loads((out / "report.json").read_text("utf-8"))
    document["source"]["path"] = os.fsdecode(b"caf\xe9.mp4")
    entry = Entry("a" * 32, datetime(2026, 5, 1, tzinfo=UTC), "check", document)
    assert b"caf\\udce9.mp4" in to_csv([entry])
    pytest.importorskip("pyarrow")
    assert b"caf\\udce9.mp4" in to_parquet([entry])
