"""What is given to which command: one case for each number, always the same."""

from __future__ import annotations

import json
import shutil
import sqlite3
import tomllib
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from benchmarks.fuzz.damage import VIDEO, damaged
from benchmarks.fuzz.documents import tangled, to_json, to_toml
from benchmarks.fuzz.films import KINDS, make_films
from benchmarks.fuzz.recordings import odd_recording
from formcheck.exercises.load import exercise_file, exercise_ids
from formcheck.pose import PoseTrack
from formcheck.routines.definition import FOLDER, routine_ids

Generator = np.random.Generator
SAMPLE = Path(__file__).parents[2] / "samples" / "squat-good" / "poses.npz"
EVERY = 4
"""Of the sample's frames, so many are passed over for each one that is taken."""
RECORDING, REPORT, HISTORY = "good.npz", "good.json", "good.sqlite3"


@dataclass(frozen=True, slots=True)
class Case:
    """One command with one input."""

    args: list[str]
    how: str
    """What was done to the input."""
    group: str
    """What kind of input it is, for counting."""
    out: Path | None = None
    """Folder or file that the command should write."""
    history: Path | None = None
    """The history that it uses."""
    whole: bool = False
    """Whether it is run as a program, with the pose model."""


def short_track() -> PoseTrack:
    """Return a short recording of squats."""
    track = PoseTrack.load(SAMPLE)
    return PoseTrack.from_poses(list(track)[::EVERY], track.size_px, track.meta, track.skeleton)


def make_stock(stock: Path) -> None:
    """Write what cases are made of, as far as it is not there."""
    make_films(stock / "films")
    if not (stock / RECORDING).exists():
        short_track().save(stock / RECORDING)
    if (stock / HISTORY).exists():
        return
    from formcheck.api import check
    from formcheck.history.store import History, Run, now

    report = check(stock / RECORDING, "squat", pictures=False)
    report.save(stock / REPORT)
    part = stock / "part.sqlite3"
    with History(part) as history:
        for _ in range(3):
            history.add(report.to_dict())
        history.save_run(Run("0123456789abcdef", now(), "back-and-knee", {"pain": {"back": 3}}))
    with sqlite3.connect(part) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    part.replace(stock / HISTORY)


def make_case(part: str, seed: int, index: int, stock: Path, folder: Path) -> Case:
    """Write the input of a case into a folder, and return what to do with it."""
    rng = np.random.default_rng([seed, list(PARTS).index(part), index])
    return PARTS[part](rng, index, stock, folder)


def _video(rng: Generator, index: int, stock: Path, folder: Path) -> Case:
    films = sorted((stock / "films").glob("[0-9]*"))
    film = films[index % len(films)]
    others = [films[int(i)].read_bytes() for i in rng.integers(0, len(films), 2)]
    data, how = damaged(rng, film.read_bytes(), others, VIDEO)
    clip = folder / f"clip{film.suffix}"
    clip.write_bytes(data)
    out = folder / "out"
    args = ["check", str(clip), "--out", str(out)]
    args += ["--exercise", "squat"] if index % 4 else []
    args += [] if index % 2 else ["--no-video"]
    kind = KINDS[int(film.name[:2])]
    return Case(args, how, f"{kind[0]} {kind[1]}", out)


def _recording(rng: Generator, index: int, stock: Path, folder: Path) -> Case:
    if index % 3 == 0:
        data, how = damaged(rng, (stock / RECORDING).read_bytes(), [b"PK\x03\x04" * 50])
    else:
        data, how = odd_recording(rng, PoseTrack.load(stock / RECORDING))
    file = folder / "clip.npz"
    file.write_bytes(data)
    out = folder / "out"
    args = ["check", str(file), "--out", str(out)]
    args += ["--exercise", "squat"] if index % 4 else []
    if index % 10 == 9:
        out = folder / "landmarks.trc"
        args = ["export", str(file), str(out)]
    return Case(args, how, "bytes" if index % 3 == 0 else "contents", out)


def _toml(rng: Generator, index: int, text: bytes, others: list[bytes]) -> tuple[bytes, str]:
    """Return a TOML file that is damaged as text, or odd in what it says."""
    if index % 4 == 0:
        return damaged(rng, text, others)
    if index % 40 == 1:
        odd = (b"a = " + b"[" * 50_000, b"a." * 20_000 + b"a = 1", b"n = " + b"9" * 20_000)
        return text + b"\n" + odd[int(rng.integers(3))], "nested or endless"
    return to_toml(tangled(rng, tomllib.loads(text.decode()))), "tangled"


def _exercise(rng: Generator, index: int, stock: Path, folder: Path) -> Case:
    texts = [exercise_file(name)[0] for name in exercise_ids()]
    data, how = _toml(rng, index, texts[index % len(texts)], texts)
    file = folder / "mine.toml"
    file.write_bytes(data)
    if index % 3 == 0:
        return Case(["exercises", "validate", str(file)], how, "validate")
    if index % 3 == 1:
        return Case(["exercises", "show", str(file), "--markdown"], how, "show")
    out = folder / "out"
    args = ["check", str(stock / RECORDING), "--exercise", str(file), "--out", str(out)]
    return Case(args, how, "check", out)


def _routine(rng: Generator, index: int, stock: Path, folder: Path) -> Case:
    texts = [(FOLDER / f"{name}.toml").read_bytes() for name in routine_ids()]
    data, how = _toml(rng, index, texts[index % len(texts)], texts)
    file = folder / "mine.toml"
    file.write_bytes(data)
    if index % 3:
        return Case(["routine", str(file), "--plan"], how, "plan")
    clips = folder / "clips"
    clips.mkdir()
    shutil.copy(stock / RECORDING, clips / "squat.npz")
    told = ["--no-red-flags", "--pain", "back=2", "--pain-after", "back=2", "--went", "right"]
    return Case(["routine", str(file), "--clips", str(clips), *told], how, "with clips")


def _manifest(rng: Generator, index: int, stock: Path, folder: Path) -> Case:
    shutil.copy(stock / RECORDING, folder / "a.npz")
    rows = [
        "clip,person,exercise,level,date",
        "a.npz,Ann,squat,gentle,2026-01-02",
        '"b, c.npz","Ben ""B"" B",,,',
        "../missing.mp4,,,,",
    ]
    text = ("\n".join(rows) + "\n").encode()
    odd = (
        b"clip\n" + b"x" * 500_000,
        b'clip\n"' + b"a.npz\n" * 50_000,
        b"clip," * 20_000 + b"\n" + b"a.npz," * 20_000,
        b"clip\na\0.npz\n",
        b"clip\n" + b"n/" * 5000 + b"a.npz\n",
        b"clip\n" + b"a" * 300 + b".npz\n",
        b"\xff\xfec\0l\0i\0p\0\n\0",
        b"CLIP;person\na.npz;x\n",
        b"clip,clip\na.npz,b.npz\n",
        b"clip,exercise\na.npz,../../x.toml\n",
        b"clip,level\na.npz,\x1b[31m\n",
        b"clip,person\na.npz,<script>alert(1)</script>\n",
        b"clip\n/dev/zero\n",
        b"clip\n.\n",
        b"clip\r\na.npz\r\r\n\x85\n\x1c",
        b"",
        b"\n\n\n",
        b"clip\n",
    )
    if index % 3 == 0:
        data, how = odd[int(rng.integers(len(odd)))], "odd"
    else:
        data, how = damaged(rng, text, [text])
    suffix = ".txt" if index % 5 == 4 else ".csv"
    file = folder / f"clips{suffix}"
    file.write_bytes(data)
    out = folder / "out"
    return Case(["batch", str(file), "--out", str(out)], how, suffix, out)


def _history(rng: Generator, index: int, stock: Path, folder: Path) -> Case:
    file = folder / "history.sqlite3"
    whole = (stock / HISTORY).read_bytes()
    if index % 4 == 3:
        how = _torn_history(rng, file, whole)
    elif index % 2:
        data, how = damaged(rng, whole, [whole])
        file.write_bytes(data)
    else:
        file.write_bytes(whole)
        how = _odd_history(rng, file, json.loads((stock / REPORT).read_bytes()))
    if index % 7 == 6:
        out = folder / "out"
        args = ["check", str(stock / RECORDING), "-e", "squat", "--out", str(out)]
        return Case(args, how, "check", out, file)
    page, table, whole_json = (folder / name for name in ("page.html", "all.csv", "all.json"))
    commands: tuple[tuple[list[str], Path | None], ...] = (
        (["list"], None),
        (["show"], None),
        (["plot", "--out", str(page)], page),
        (["export", str(table)], table),
        (["export", str(whole_json)], whole_json),
        (["import", str(stock / REPORT)], None),
    )
    args, out_file = commands[index % len(commands)]
    return Case(["history", *args], how, args[0], out_file, file)


def _torn_history(rng: Generator, file: Path, whole: bytes) -> str:
    """Write a history whose latest entries are in the file beside it still; damage one or both."""
    file.write_bytes(whole)
    log = file.with_name(f"{file.name}-wal")
    with closing(sqlite3.connect(file, isolation_level=None)) as database:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("UPDATE entry SET kind = 'live' WHERE rowid = 1")
        database.execute("INSERT INTO run VALUES ('fedcba9876543210', '', 'snack', '{}')")
        latest, content = log.read_bytes(), file.read_bytes()
    what = int(rng.integers(3))
    hows = []
    for at, data, hurt in ((file, content, what != 1), (log, latest, what != 0)):
        changed, how = damaged(rng, data, [data]) if hurt else (data, "")
        at.write_bytes(changed)
        hows.append(how)
    return f"torn: {' and '.join(filter(None, hows))}"


def _odd_history(rng: Generator, file: Path, report: dict[str, object]) -> str:
    """Change what stands in a history, as somebody with an SQLite browser could."""
    odd_text = ("", "{}", "[]", "null", "{", "NaN", "[" * 100_000, '{"exercise": 3}', "\0")
    document = to_json(tangled(rng, report)).decode("utf-8", "replace")
    ways: tuple[tuple[str, tuple[object, ...]], ...] = (
        ("UPDATE entry SET document = ?", (odd_text[int(rng.integers(len(odd_text)))],)),
        ("UPDATE entry SET document = ?", (document,)),
        ("UPDATE entry SET document = ?", (document,)),
        ("UPDATE entry SET done_at = ?", ("yesterday",)),
        ("UPDATE entry SET done_at = ?", ("2026-01-01",)),
        ("UPDATE entry SET done_at = ?", ("0001-01-01T00:00:00+00:00",)),
        ("UPDATE entry SET kind = ?", ("<script>",)),
        ("UPDATE run SET data = ?", ("[]",)),
        ("UPDATE run SET data = ?", ('{"pain": 3}',)),
        ("UPDATE run SET started_at = ?", ("",)),
        ("DROP TABLE entry", ()),
        ("DROP TABLE run", ()),
        ("ALTER TABLE entry RENAME COLUMN document TO content", ()),
        ("PRAGMA user_version = 0", ()),
        ("PRAGMA user_version = 1", ()),
        ("PRAGMA user_version = 99", ()),
        ("PRAGMA user_version = -5", ()),
        ("PRAGMA journal_mode = DELETE", ()),
        ("CREATE TRIGGER t AFTER INSERT ON entry BEGIN DELETE FROM entry; END", ()),
    )
    statement, given = ways[int(rng.integers(len(ways)))]
    database = sqlite3.connect(file)
    database.execute(statement, given)
    database.commit()
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    return statement.partition(" =")[0]


def _report(rng: Generator, index: int, stock: Path, folder: Path) -> Case:
    file, good = folder / "report.json", stock / REPORT
    if index % 4 == 0:
        data, how = damaged(rng, good.read_bytes(), [good.read_bytes()])
    else:
        data, how = to_json(tangled(rng, json.loads(good.read_bytes()))), "tangled"
    file.write_bytes(data)
    page = folder / "page.html"
    commands: tuple[tuple[list[str], Path | None], ...] = (
        (["report", str(file), "--out", str(page)], page),
        (["compare", str(file), str(good), "--out", str(page)], page),
        (["compare", str(file), "--out", str(page)], page),
        (["history", "import", str(file)], None),
    )
    args, out = commands[index % len(commands)]
    return Case(args, how, args[0], out)


def _real(rng: Generator, index: int, stock: Path, folder: Path) -> Case:
    """Return a video for the command as people run it, in a process of its own."""
    case = _video(rng, 7 * index + 1, stock, folder)
    return replace(case, whole=True)


PARTS: dict[str, Callable[[Generator, int, Path, Path], Case]] = {
    "video": _video,
    "recording": _recording,
    "exercise": _exercise,
    "routine": _routine,
    "manifest": _manifest,
    "history": _history,
    "report": _report,
    "real": _real,
}
"""Kind of input → what makes a case of it."""
