"""The list of sample clips."""

import tomllib
from pathlib import Path

import pytest
from typer.testing import CliRunner

from formcheck import samples as module
from formcheck.cli.main import app
from formcheck.samples import FOLDER, samples

LABELS = """
exercise = "glute_bridge"
view = "side-left"
reps_counted = 3
fps = 60
frames = 600
size_px = [480, 640]
[[reps]]
faults = ["low"]
[[reps]]
faults = ["no_hold", "low"]
"""


def test_all_samples_of_a_checkout_are_complete() -> None:
    there = samples()
    assert len(there) == len([path for path in FOLDER.iterdir() if path.is_dir()])
    for sample in there:
        folder = sample.clip.parent
        assert {path.name for path in folder.iterdir()} == {
            "clip.mp4", "labels.toml", "poses.npz", "truth.npz",
        }  # fmt: skip
        labels = tomllib.loads((folder / "labels.toml").read_text("utf-8"))
        assert sample.reps == sum(rep["counted"] for rep in labels.get("reps", ()))


def test_samples_are_small() -> None:
    assert sum(path.stat().st_size for path in FOLDER.rglob("*") if path.is_file()) <= 12_000_000


def test_a_sample_says_what_it_shows(tmp_path: Path) -> None:
    (tmp_path / "bridge").mkdir()
    (tmp_path / "bridge/labels.toml").write_text(LABELS, encoding="utf-8")
    (sample,) = samples(tmp_path)
    assert sample.clip == tmp_path / "bridge/clip.mp4"
    assert (sample.exercise, sample.view, sample.reps) == ("glute_bridge", "side-left", 3)
    assert (sample.width, sample.height, sample.fps, sample.duration_s) == (480, 640, 60, 10)
    assert sample.faults == ("low", "no_hold")


def test_the_list_names_every_clip() -> None:
    result = CliRunner().invoke(app, ["samples"], env={"COLUMNS": "100"})
    assert result.exit_code == 0
    for sample in samples():
        assert sample.clip.parent.name in result.stdout
    assert "Try: formcheck check" in result.stdout


def test_where_one_is_installed_it_says_where_more_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "bridge").mkdir()
    (tmp_path / "bridge/labels.toml").write_text(LABELS, encoding="utf-8")
    monkeypatch.setattr(module.samples, "__defaults__", (tmp_path,))
    result = CliRunner().invoke(app, ["samples"])
    assert result.exit_code == 0
    assert result.stdout.endswith("More clips come with formcheck's source code.\n")


def test_an_installation_without_any_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module.samples, "__defaults__", (tmp_path,))
    result = CliRunner().invoke(app, ["samples"])
    assert result.exit_code == 1
    assert "this installation is not complete" in result.stdout
