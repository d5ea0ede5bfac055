"""The command line as people use it: what it prints, what it leaves, how it exits."""

from __future__ import annotations

import csv
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from formcheck import __version__
from formcheck.cli.main import app
from formcheck.pose import PoseTrack
from formcheck.sources.synthetic import Posture, Squat, StickFigure, squats
from tests import bodies
from tests.bodies import SEATED, body_pose, figure_four
from tests.lunge_figure import Lunge, lunges
from tests.media import corners, cut, write_png, write_sound, write_video

runner = CliRunner()
FILES = {"report.json", "report.html", "readings.csv", "pictures"}
SHALLOW = Posture(thigh_elevation_deg=30, shin_inclination_deg=20, trunk_inclination_deg=25)


def run(*words: str | Path) -> Result:
    return runner.invoke(app, [str(w) for w in words], env={"COLUMNS": "200"})


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    path = tmp_path / "squats.npz"
    squats(StickFigure(), [Squat(), Squat(bottom=SHALLOW), Squat()]).save(path)
    return path


def test_version_and_help() -> None:
    assert run("--version").output == f"formcheck {__version__}\n"
    shown = run("--help").output
    assert "not medical advice" in shown
    assert {"check", "exercises", "model"} <= set(shown.split())


def test_exercises_are_listed_with_where_to_put_the_camera() -> None:
    shown = run("exercises").output
    assert "squat" in shown
    assert "Side-on" in shown


def test_a_recording_is_checked_without_any_model(recording: Path, tmp_path: Path) -> None:
    out = tmp_path / "out [bold]"
    done = run("check", recording, "--out", out)
    assert done.exit_code == 0, done.output
    assert f"Written to {out}:" in done.stdout.replace("\n", "")
    assert "3 repetitions, score" in done.stdout
    assert "Sit a little deeper" in done.stdout
    assert "not medical advice" in done.stdout
    assert {p.name for p in out.iterdir()} == FILES | {"reps.csv"}
    report = json.loads((out / "report.json").read_text("utf-8"))
    assert report["schema"] == "formcheck.report/1"
    assert report["summary"]["reps_counted"] == 3
    rows = list(csv.DictReader((out / "reps.csv").read_text("utf-8").splitlines()))
    assert [row["SQ01_status"] for row in rows] == ["pass", "fail", "pass"]


def test_holds_are_shown_as_a_table_and_in_words(tmp_path: Path) -> None:
    parts = [(2.0, SEATED), (6.0, figure_four("left", 30.0)), (3.0, SEATED)]
    shapes = [shape for seconds, shape in parts for _ in range(round(15 * seconds))]
    poses = [body_pose(i / 15, shape, 60.0) for i, shape in enumerate(shapes)]
    clip, out = tmp_path / "stretch.npz", tmp_path / "out"
    PoseTrack.from_poses(poses, bodies.SIZE_PX, {}).save(clip)
    done = run("check", clip, "--exercise", "figure-four", "--out", out)
    assert done.exit_code == 0, done.output
    words = r"1 hold, ([56]\.\d) s in total, the longest \1 s \(left 1, right 0\)"
    assert re.search(words, done.stdout)
    assert "Hold a little longer" in done.stdout
    assert {p.name for p in out.iterdir()} == FILES | {"holds.csv"}
    (row,) = csv.DictReader((out / "holds.csv").read_text("utf-8").splitlines())
    assert (row["side"], row["FF01_status"]) == ("left", "fail")
    none = run("check", clip, "--exercise", "squat")
    assert "0 repetitions" in none.stdout
    assert "you were mostly seated" in none.stdout.replace("\n", " ")
    PoseTrack.from_poses(poses[:30], bodies.SIZE_PX, {}).save(clip)
    assert "0 holds (left 0, right 0)." in run("check", clip, "--exercise", "figure-four").stdout


def test_json_goes_to_standard_output_alone(recording: Path) -> None:
    done = run("check", recording, "--json", "-")
    assert done.exit_code == 0
    assert json.loads(done.stdout)["summary"]["reps_counted"] == 3
    assert "3 repetitions" in done.stderr
    quiet = run("check", recording, "--json", "-", "--quiet")
    assert quiet.stdout == done.stdout
    assert quiet.stderr == ""


def test_json_goes_to_a_file(recording: Path, tmp_path: Path) -> None:
    done = run("check", recording, "--json", tmp_path / "r.json", "-q")
    assert done.exit_code == 0
    assert json.loads((tmp_path / "r.json").read_text("utf-8"))["exercise"]["id"] == "squat"


@pytest.mark.parametrize(("limit", "status"), [("50", 0), ("100", 1)])
def test_fail_under(recording: Path, limit: str, status: int) -> None:
    assert run("check", recording, "--fail-under", limit).exit_code == status


def test_fail_under_is_not_met_by_nothing(tmp_path: Path) -> None:
    squats(StickFigure(), [], rest_s=2.0).save(tmp_path / "still.npz")
    done = run("check", tmp_path / "still.npz", "--fail-under", "10", "--exercise", "squat")
    assert done.exit_code == 1
    assert "0 repetitions" in done.stdout
    assert "recognized" not in done.stdout
    none = run("check", tmp_path / "still.npz", "--fail-under", "10")
    assert none.exit_code == 1
    assert "None of these was recognized" in none.stdout.replace("\n", " ")


def test_the_exercise_is_recognized_unless_it_is_named(recording: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = run("check", recording, "--out", out)
    assert run("check", recording, "--exercise", "auto").stdout in done.stdout
    assert "Recognized: squat (3 repetitions); 9" in done.stdout
    exercise = json.loads((out / "report.json").read_text("utf-8"))["exercise"]
    assert (exercise["id"], exercise["chosen_by"]) == ("squat", "recognizer")
    assert exercise["confidence"] > 0.9
    assert exercise["reason"] in done.stdout.replace("\n", " ")
    named = run("check", recording, "--exercise", "squat")
    assert "Recognized" not in named.stdout
    assert named.stdout.splitlines()[1:8] == done.stdout.splitlines()[1:8], "the same table"


def test_holds_are_recognized_and_get_their_table(tmp_path: Path) -> None:
    clip, out = tmp_path / "stretch.npz", tmp_path / "out"
    shapes = [SEATED] * 30 + [figure_four("left", 30.0)] * 90 + [SEATED] * 45
    poses = [body_pose(i / 15, shape, 60.0) for i, shape in enumerate(shapes)]
    PoseTrack.from_poses(poses, bodies.SIZE_PX, {}).save(clip)
    done = run("check", clip, "--exercise", "auto", "--out", out)
    assert "Recognized: figure-four stretch (1 hold)" in done.stdout
    assert {p.name for p in out.iterdir()} == FILES | {"holds.csv"}


def video(path: Path) -> Path:
    return write_video(path, [corners(160, 120)] * 10)


def folder(path: Path) -> Path:
    path.mkdir()
    return path


def content(data: bytes) -> Callable[[Path], Path]:
    def write(path: Path) -> Path:
        path.write_bytes(data)
        return path

    return write


BAD: dict[str, tuple[Callable[[Path], Path], str, str]] = {
    "missing": (lambda p: p, "clip.mp4", "clip.mp4"),
    "directory without pictures": (folder, "clip", "pictur"),
    "empty file": (content(b""), "clip.mp4", "empty"),
    "text": (content(b"not a video at all\n" * 50), "clip.mp4", "not a video"),
    "sound only": (write_sound, "clip.m4a", "sound"),
    "no frame": (lambda p: cut(video(p), 0.3), "clip.mp4", "clip.mp4"),
    "not a recording": (content(b"PK"), "clip.npz", "not a formcheck landmark recording"),
    "address": (lambda _: Path("https://example.org/clip.mp4"), "", ""),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_gives_one_clear_sentence_and_nothing_else(case: str, tmp_path: Path) -> None:
    make, name, words = BAD[case]
    clip = make(tmp_path / name)
    out = tmp_path / "out"
    done = run("check", clip, "--out", out)
    assert done.exit_code == 2, done.output
    assert done.stdout == ""
    assert done.stderr.startswith("formcheck: ")
    assert words in done.stderr
    assert done.stderr.count("\n") == 1
    assert "Traceback" not in done.stderr
    assert not out.exists()


def test_unknown_exercise(recording: Path) -> None:
    done = run("check", recording, "--exercise", "sqat")
    assert done.exit_code == 2
    assert "There is no exercise 'sqat'. Did you mean 'squat'?" in done.stderr


def test_a_bad_exercise_file(recording: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text('schema = "formcheck.exercise/1"\ncolour = 3\n')
    done = run("check", recording, "--exercise", tmp_path / "mine.toml")
    assert done.exit_code == 2
    assert "'colour' should be one of" in done.stderr


@pytest.mark.parametrize(
    "words", [("check",), ("check", "x.mp4", "--nonsense"), ("check", "x", "--fail-under", "200")]
)
def test_wrong_usage(words: tuple[str, ...]) -> None:
    assert run(*words).exit_code == 2


def test_an_out_folder_that_cannot_be_made(recording: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    done = run("check", recording, "--out", tmp_path / "file" / "out")
    assert done.exit_code == 2
    assert "Could not make the folder" in done.stderr
    assert "Choose another with --out" in done.stderr


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="needs a user without all rights")
def test_an_out_folder_that_is_not_writable(recording: Path, tmp_path: Path) -> None:
    locked = folder(tmp_path / "locked")
    locked.chmod(0o500)
    done = run("check", recording, "--out", locked)
    assert done.exit_code == 2
    assert list(locked.iterdir()) == []


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Path:
    """A disk with room for 16 KiB."""
    disk = folder(tmp_path / "disk")
    mount = ["mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", str(disk)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("this needs the right to mount a small disk")
    return disk


def test_a_full_disk_leaves_nothing_half_written(recording: Path, tiny_disk: Path) -> None:
    try:
        done = run("check", recording, "--json", tiny_disk / "report.json", "-q")
        assert done.exit_code == 0 or "No space left" in done.stderr
        (tiny_disk / "ballast").write_bytes(b"x" * 4096)
        done = run("check", recording, "--out", tiny_disk / "out")
        assert done.exit_code == 2, done.output
        assert "No space left on device" in done.stderr
        left = {p.name for p in (tiny_disk / "out").glob("*")}
        assert left <= {"reps.csv"}, "only what was complete before the disk was full"
    finally:
        subprocess.run(["umount", str(tiny_disk)], check=True)


def test_model_path_and_info(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.delenv("FORMCHECK_MODEL", raising=False)
    path = run("model", "path")
    assert path.exit_code == 0
    assert path.stdout.strip().startswith(str(tmp_path))
    assert "Not fetched yet" in run("model", "info").stdout
    done = run("model", "info", "--model", tmp_path / "no.task")
    assert done.exit_code == 2
    assert "Could not read the pose model" in done.stderr


def test_an_unknown_model_variant(tmp_path: Path) -> None:
    done = run("check", video(tmp_path / "clip.mp4"), "--model-variant", "huge")
    assert done.exit_code == 2
    assert "huge" in done.stderr


@pytest.mark.model
def test_nobody_in_view_is_said(tmp_path: Path, pose_model: object) -> None:  # noqa: ARG001
    clip, out = video(tmp_path / "clip.mp4"), tmp_path / "out"
    named = run("check", clip, "--exercise", "squat")
    assert named.exit_code == 0
    assert "0 repetitions" in named.stdout
    done = run("check", clip, "--exercise", "auto", "--out", out)
    assert done.exit_code == 0
    assert "No exercise was recognized: nobody was seen in the picture." in done.stdout
    assert "Nobody was seen in the picture." in done.stdout
    assert (tmp_path / "out" / "annotated.mp4").stat().st_size > 0


@pytest.mark.model
def test_a_folder_of_pictures(tmp_path: Path, pose_model: object) -> None:  # noqa: ARG001
    pictures = folder(tmp_path / "pictures")
    for i in range(3):
        write_png(pictures / f"{i}.png", corners(160, 120))
    done = run("check", pictures, "--fps", "5", "--json", "-", "-q")
    assert done.exit_code == 0, done.output
    report = json.loads(done.stdout)
    assert report["source"]["frames"] == 3
    assert report["source"]["fps"] == pytest.approx(5.0)


@pytest.mark.model
@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_ctrl_c_half_way(tmp_path: Path, pose_model: object) -> None:  # noqa: ARG001
    clip = write_video(tmp_path / "clip.mp4", (corners(320, 240) for _ in range(3000)))
    out = tmp_path / "out"
    command = [sys.executable, "-m", "formcheck", "check", str(clip), "--out", str(out)]
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # Whoever runs the tests in the background has Ctrl-C switched off for its children.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
    )
    try:
        deadline = time.monotonic() + 60
        while not (out.exists() and any(out.iterdir())):
            assert time.monotonic() < deadline, "it never started to write"
            assert process.poll() is None, process.communicate()
            time.sleep(0.05)
        time.sleep(0.3)
        process.send_signal(signal.SIGINT)
        _, shown = process.communicate(timeout=30)
    finally:
        process.kill()
        process.communicate()
    assert process.returncode == 130, shown
    assert "stopped" in shown
    assert "Traceback" not in shown
    assert not out.exists()


def test_several_exercises_get_a_table_each(tmp_path: Path) -> None:
    clip, out = tmp_path / "both.npz", tmp_path / "out"
    first = squats(StickFigure(), [Squat()] * 3)
    begin_s = first.t_s[-1] + 1 / 30
    second = lunges(Lunge(), Lunge("right"), Lunge())
    both = [*first, *(replace(pose, t_s=pose.t_s + begin_s) for pose in second)]
    PoseTrack.from_poses(both, first.size_px, {}).save(clip)
    done = run("check", clip, "--out", out)
    assert done.exit_code == 0, done.output
    said = done.stdout.replace("\n", " ")
    assert re.search(r"Recognized: squat \(\d–\d+ s\), then lunge \(\d+–\d+ s\)\.", said)
    for words in ("Squat, seen", "Lunge, seen", "3 repetitions, score", "3 repetitions (left 2"):
        assert words in said
    rows = list(csv.DictReader((out / "reps.csv").read_text("utf-8").splitlines()))
    assert [row["exercise"] for row in rows] == ["squat"] * 3 + ["lunge"] * 3
    report = json.loads((out / "report.json").read_text("utf-8"))
    assert [part["exercise"]["id"] for part in report["segments"]] == ["squat", "lunge"]
    assert report["summary"]["reps_counted"] == 6
    assert f"All together: score {report['summary']['score']:.0f} of 100." in said


def test_where_nothing_can_be_written_is_said_before_the_work(
    recording: Path, tmp_path: Path
) -> None:
    for option in ("--json", "--save-recording"):
        for place, why in ((tmp_path / "none" / "x.npz", "there is no folder"), (tmp_path, "is a")):
            done = run("check", recording.with_name("missing.mp4"), option, place)
            assert done.exit_code == 2
            assert f"{option} can't write" in done.stderr
            assert why in done.stderr.replace("\n", " ")


def test_a_recording_of_a_recording_is_none(recording: Path, tmp_path: Path) -> None:
    done = run("check", recording, "--save-recording", tmp_path / "again.npz")
    assert done.exit_code == 2
    assert "is a landmark recording already" in done.stderr.replace("\n", " ")
