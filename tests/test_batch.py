"""Many clips: which are meant, and that nothing is lost or done twice whatever happens."""

from __future__ import annotations

import csv
import json
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from formcheck.batch.clips import Clip, find_clips
from formcheck.batch.isolated import Isolated
from formcheck.batch.settings import Limits, Settings, key_of
from formcheck.batch.store import Result as Done
from formcheck.batch.store import Store
from formcheck.cli.main import app
from formcheck.errors import CannotOpen, CannotWrite
from formcheck.pose import Pose, PoseTrack
from formcheck.sources.synthetic import Squat, StickFigure, squats
from formcheck.sources.video import VideoSource, thinning
from tests.media import numbered, read_number, write_video

runner = CliRunner()
TABLES = ("clips.csv", "reps.csv")


def run(*words: str | Path) -> Result:
    return runner.invoke(app, ["batch", *map(str, words)], env={"COLUMNS": "200"})


def rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text("utf-8").splitlines()))


def record(path: Path, repetitions: int = 2) -> Path:
    squats(StickFigure(), [Squat()] * repetitions, fps=15.0).save(path)
    return path


@pytest.fixture
def clips(tmp_path: Path) -> Path:
    folder = tmp_path / "clips"
    folder.mkdir()
    for name, repetitions in (("a", 1), ("b", 2), ("c", 1)):  # a and c are the same bytes
        record(folder / f"{name}.npz", repetitions)
    (folder / "broken.npz").write_text("not a recording", "utf-8")
    return folder


# Which clips are meant


def names(found: list[Clip]) -> list[str]:
    return [Path(clip.path).name for clip in found]


def test_folders_are_searched_without_what_is_hidden_or_a_result(tmp_path: Path) -> None:
    for name in ("b.MP4", "sub/a.mov", ".hidden.mp4", ".git/c.mp4", "notes.txt", "out/d.mp4"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.touch()
    assert names(find_clips([str(tmp_path)], tmp_path / "out")) == ["b.MP4", "a.mov"]
    assert names(find_clips([str(tmp_path / "*" / "*.mp4")])) == ["d.mp4"]


def test_a_folder_of_pictures_is_one_clip(tmp_path: Path) -> None:
    (tmp_path / "0001.png").touch()
    assert find_clips([str(tmp_path)]) == [Clip(str(tmp_path))]


def test_a_list_names_clips_beside_it(tmp_path: Path) -> None:
    listed = tmp_path / "clips.txt"
    listed.write_text("a.mp4\n\n# not this one\nsub/b.mp4\na.mp4\n", "utf-8")
    found = find_clips([str(listed)])
    assert [clip.path for clip in found] == [str(tmp_path / n) for n in ("a.mp4", "sub/b.mp4")]


def test_a_manifest_says_who_does_what(tmp_path: Path) -> None:
    manifest = tmp_path / "study.csv"
    text = "Clip,person,Exercise,note\na.mp4,P 01,squat,x\nb.mp4,P 02\n,,,\n"
    manifest.write_text(text, encoding="utf-8-sig")
    assert find_clips([str(manifest)]) == [
        Clip(str(tmp_path / "a.mp4"), person="P 01", exercise="squat"),
        Clip(str(tmp_path / "b.mp4"), person="P 02"),
    ]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("x.csv", b"file,person\na.mp4,1\n", "has no column 'clip'"),
        ("x.csv", b"clip\n\xff\xfe\xfa", "is not text in UTF-8"),
        ("x.txt", b"\n", "No clips in"),
        ("missing.mp4", None, "does not exist"),
        ("*.mp4", None, "No clips in"),
    ],
)
def test_what_is_wrong_with_a_list_is_said(
    tmp_path: Path, name: str, content: bytes | None, message: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(CannotOpen, match=message):
        find_clips([str(tmp_path / name)])


# What decides whether a clip is done


@pytest.mark.parametrize(
    "other",
    [
        ("other", "squat", "", "model", Settings()),
        ("clip", "lunge", "", "model", Settings()),
        ("clip", "squat", "gentle", "model", Settings()),
        ("clip", "auto", "", "model", Settings()),
        ("clip", "squat", "", "other", Settings()),
        ("clip", "squat", "", "model", Settings(every=2)),
        ("clip", "squat", "", "model", Settings(angles="plain")),
        ("clip", "squat", "", "model", Settings(video=True)),
    ],
)
def test_whatever_changes_the_result_changes_the_key(
    other: tuple[str, str, str, str, Settings],
) -> None:
    usual = ("clip", "squat", "", "model", Settings())
    assert key_of(*usual) == key_of(*usual)
    assert key_of(*usual) != key_of(*other)


def test_results_are_kept_and_only_one_batch_writes(tmp_path: Path) -> None:
    done = Done("key", "scored", clip={"score": 90.5}, reps=[{"number": 1}], folder="clips/x")
    with Store(tmp_path) as store:
        assert store.get("key") is None
        store.add(done)
        with pytest.raises(CannotWrite, match="Another batch is writing into"):
            Store(tmp_path)
    with Store(tmp_path) as store:
        assert store.get("key") == done
        store.forget_failed()
        assert store.status("key") == "scored"


def test_a_damaged_store_is_said_to_be(tmp_path: Path) -> None:
    (tmp_path / "results.sqlite").write_bytes(b"nonsense" * 500)
    with pytest.raises(CannotOpen, match="is damaged"):
        Store(tmp_path)


# Processes that are cut off


def isolated(code: str, limits: Limits) -> Isolated:
    return Isolated(limits, [sys.executable, "-c", code])


@pytest.mark.parametrize(
    ("code", "error", "reason"),
    [
        ("import time; time.sleep(60)", "TimeLimit", "It was cut off after 1 s. "),
        (
            "import time; x = bytearray(300 << 20); time.sleep(60)",
            "OutOfMemory",
            "It was cut off when it took more than 200 MiB of memory. ",
        ),
        (
            "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)",
            "Crashed",
            "The process that analyzed it ended by itself (SIGSEGV).",
        ),
    ],
)
def test_what_hangs_eats_memory_or_dies_is_cut_off(code: str, error: str, reason: str) -> None:
    one = isolated(code, Limits(time_s=1.0, memory_mib=200.0))
    answer = one.run({})
    assert (answer["end"], answer["error"]) == ("failed", error)
    assert answer["reason"].startswith(reason)


def test_a_clip_does_not_pay_for_the_memory_of_those_before_it() -> None:
    code = (
        "import json, sys, time\n"
        "for done, _ in enumerate(sys.stdin):\n"
        "    x = bytearray(done * (300 << 20))\n"
        "    time.sleep(60 * done)\n"
        "    print(json.dumps({'end': 'scored', 'done': done}), flush=True)"
    )
    one = isolated(code, Limits(memory_mib=200.0))
    assert [one.run({})["done"] for _ in range(2)] == [0, 0]
    one.stop()


def test_a_long_clip_gets_more_time() -> None:
    code = (
        "import sys, time; print('{\"clip_s\": 1}', flush=True); time.sleep(1.5); "
        'print(\'{"end": "scored"}\', flush=True); time.sleep(60)'
    )
    one = isolated(code, Limits(time_s=1.0, per_clip_s=20.0))
    assert one.run({}) == {"end": "scored"}
    one.stop()


def test_a_process_is_replaced_now_and_then() -> None:
    code = (
        "import json, os, sys\n"
        "for _ in sys.stdin: print(json.dumps({'end': os.getpid()}), flush=True)"
    )
    one = Isolated(Limits(), [sys.executable, "-c", code], renew=2)
    first, second, third = (one.run({})["end"] for _ in range(3))
    one.stop()
    assert first == second != third


# From clips to tables


def test_a_batch_gives_a_row_for_each_clip_and_repetition(clips: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = run(clips, "--out", out, "--exercise", "squat", "--workers", "1")
    assert done.exit_code == 1, done.output
    assert "3 of 4 clips scored, 1 could not be: clips.csv says why." in done.stderr
    table = rows(out / "clips.csv")
    assert [Path(row["clip"]).name for row in table] == [
        *("a.npz", "b.npz", "broken.npz", "c.npz"),
    ]
    assert [row["status"] for row in table] == ["scored", "scored", "failed", "scored"]
    assert [row["reps"] for row in table] == ["1", "2", "", "1"]
    assert table[2]["error"] == "WrongSchema"
    assert "is not a formcheck landmark recording" in table[2]["reason"]
    # The same clip twice is two rows about one analysis.
    assert table[0]["report"] == table[3]["report"]
    report = json.loads((out / table[0]["report"]).read_text("utf-8"))
    assert report["summary"]["score"] == float(table[0]["score"])
    reps = rows(out / "reps.csv")
    assert [Path(row["clip"]).name for row in reps] == ["a.npz", "b.npz", "b.npz", "c.npz"]
    assert {row["SQ01_status"] for row in reps} == {"pass"}
    page = (out / "overview.html").read_text("utf-8")
    assert "4 clips" in page
    assert "is not a formcheck landmark recording" in page


def test_a_clip_whose_number_is_not_sure_is_one_to_look_at(tmp_path: Path) -> None:
    track = squats(StickFigure(), [Squat()] * 3, fps=15.0)
    hide = range(3 * len(track) // 5, len(track) - 5)
    poses = (Pose.nobody(p.t_s) if i in hide else p for i, p in enumerate(track))
    PoseTrack.from_poses(poses, track.size_px).save(tmp_path / "hidden.npz")
    track.save(tmp_path / "seen.npz")
    out = tmp_path / "out"
    run(tmp_path / "hidden.npz", tmp_path / "seen.npz", "--out", out, "--exercise", "squat")
    hidden, seen = rows(out / "clips.csv")
    assert "could not be seen whether there was a repetition" in hidden["count_doubts"]
    assert seen["count_doubts"] == ""
    page = (out / "overview.html").read_text("utf-8")
    assert page.count("the number is not sure: For ") == 1


def test_a_second_run_does_nothing_again(clips: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    options = ("--out", out, "--exercise", "squat", "--workers", "1")
    run(clips, *options)
    before = [(out / name).read_bytes() for name in TABLES]
    started = time.monotonic()
    again = run(clips, *options)
    assert "3 of 4 clips scored (3 of them earlier)" in again.stderr
    assert time.monotonic() - started < 1.5, "no worker is started"
    assert [(out / name).read_bytes() for name in TABLES] == before


def test_parquet_says_the_same_as_csv(clips: Path, tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    out = tmp_path / "out"
    run(clips, "--out", out, "--exercise", "squat", "--workers", "1")
    for name in ("clips", "reps"):
        told = rows(out / f"{name}.csv")
        table = parquet.read_table(out / f"{name}.parquet").to_pylist()
        assert list(table[0]) == list(told[0])
        for line, same in zip(told, table, strict=True):
            for column, value in same.items():
                text = line[column]
                assert (
                    value in {text, None}
                    if isinstance(value, str | None)
                    else (float(text) == value)
                )


def command(clips: Path, out: Path) -> list[str]:
    words = ["batch", str(clips), "--out", str(out), "--exercise", "squat", "--workers", "1"]
    return [sys.executable, "-m", "formcheck", *words]


def test_killed_and_started_again_it_ends_with_the_same_tables(tmp_path: Path) -> None:
    clips = tmp_path / "clips"
    clips.mkdir()
    for i in range(1, 7):
        record(clips / f"{i}.npz", i)
    run(clips, "--out", tmp_path / "calm", "--exercise", "squat", "--workers", "1")
    out = tmp_path / "killed"
    for after in (1, 3):  # results
        process = subprocess.Popen(command(clips, out), stderr=subprocess.DEVNULL)
        until = time.monotonic() + 60
        while len(list(out.glob("clips/*/*/report.json"))) < after and time.monotonic() < until:
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert subprocess.run(command(clips, out), capture_output=True, check=False).returncode == 0
    for name in TABLES:
        assert (out / name).read_bytes() == (tmp_path / "calm" / name).read_bytes()
    left = [p for p in out.rglob("*.part") if p.is_file()]
    assert len(left) <= 2, "at most what was being written when it was killed"


def test_being_told_to_end_leaves_a_table_of_what_is_done(tmp_path: Path) -> None:
    clips, out = tmp_path / "clips", tmp_path / "out"
    clips.mkdir()
    for i in range(1, 9):
        record(clips / f"{i}.npz", i)
    process = subprocess.Popen(command(clips, out), stderr=subprocess.PIPE, text=True)
    # Once there is a second report, the first one is in the store for sure.
    while len(list(out.glob("clips/*/*/report.json"))) < 2:
        time.sleep(0.02)
    process.send_signal(signal.SIGTERM)
    _, said = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "stopped" in said
    assert 1 <= len(rows(out / "clips.csv")) < 8


@pytest.mark.parametrize("most_bytes", [4_000, 16_000])
def test_a_full_disk_ends_it_with_a_sentence_and_it_goes_on_later(
    clips: Path, tmp_path: Path, most_bytes: int
) -> None:
    out = tmp_path / "out"

    def little_space() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, most_bytes))

    full = subprocess.run(
        command(clips, out),
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=little_space,
    )
    assert full.returncode == 2, full.stderr
    assert "Could not write" in full.stderr
    assert "Traceback" not in full.stderr
    assert subprocess.run(command(clips, out), capture_output=True, check=False).returncode == 1
    assert len(rows(out / "clips.csv")) == 4


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--exercise", "sqat"), "There is no exercise 'sqat'"),
        (("--level", "hard"), "There is no level 'hard'"),
        (("--out", "{file}"), "Could not make the folder"),
    ],
)
def test_wrong_options_are_said_before_the_work(
    clips: Path, tmp_path: Path, options: tuple[str, str], message: str
) -> None:
    (tmp_path / "file").touch()
    given = [word.format(file=tmp_path / "file" / "x") for word in options]
    if "--out" not in given:
        given += ["--out", str(tmp_path / "out")]
    done = run(clips, *given)
    assert done.exit_code == 2
    assert message in done.stderr.replace("\n", " ")


# Fewer frames


@pytest.mark.parametrize(
    ("fps", "most", "wanted"),
    [
        (30, 0, 1),
        (30, 30, 1),
        (59.94, 30, 2),
        (60.2, 30, 2),
        (120, 30, 4),
        (25, 30, 1),
        (70, 30, 3),
    ],
)
def test_of_a_fast_clip_as_many_frames_are_left_out_as_can_be(
    fps: float, most: float, wanted: int
) -> None:
    assert thinning(fps, most) == wanted


def test_frames_that_are_left_out_change_no_times(tmp_path: Path) -> None:
    clip = write_video(tmp_path / "fast.mp4", [numbered(i) for i in range(20)], rate=60)
    with VideoSource(clip, max_fps=30.0, every=2) as source:
        frames = list(source)
    assert [read_number(frame.image) for frame in frames] == [0, 4, 8, 12, 16]
    assert [frame.index for frame in frames] == [0, 1, 2, 3, 4]
    assert [frame.t_s for frame in frames] == pytest.approx([i / 15 for i in range(5)], abs=1e-3)
    assert source.info.frames == 20
    assert source.warnings == ()


@pytest.mark.model
@pytest.mark.usefixtures("pose_model")
def test_a_film_is_scored_like_a_single_clip(tmp_path: Path) -> None:
    from formcheck.sources.files import sha256_of_files

    sample = Path(__file__).parents[1] / "samples/squat/clip.mp4"
    out = tmp_path / "out"
    fewer = ("--exercise", "squat", "--every", "4", "--pages", "--video")
    assert run(sample, "--out", out, *fewer).exit_code == 0
    row = rows(out / "clips.csv")[0]
    assert row["sha256"] == sha256_of_files([sample])
    assert (int(row["reps"]), row["chosen_by"]) == (6, "user")
    folder = (out / row["report"]).parent
    assert {"report.html", "annotated.mp4"} <= {p.name for p in folder.iterdir()}
