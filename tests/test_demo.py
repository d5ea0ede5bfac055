"""What strangers run first."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from formcheck.cli import demo
from formcheck.cli.main import app
from formcheck.estimators.model_store import ModelFile

runner = CliRunner()


@pytest.mark.model
def test_the_demo_counts_what_its_clip_shows(
    pose_model: ModelFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, history_file: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    done = runner.invoke(app, ["demo", "--model", str(pose_model.path)], env={"COLUMNS": "200"})
    assert done.exit_code == 0, done.output
    out = tmp_path / "formcheck-demo"
    assert {p.name for p in out.iterdir()} == {
        "annotated.mp4", "pictures", "readings.csv", "report.html", "report.json", "reps.csv",
    }  # fmt: skip
    report = json.loads((out / "report.json").read_text("utf-8"))
    # As samples/README.md says: seven times down and up, of which one doesn't count.
    assert report["summary"]["reps_counted"] == 6
    assert "Open formcheck-demo/report.html in a browser." in done.stderr
    assert not history_file.exists()


def test_an_incomplete_installation_is_told_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo, "FOLDER", tmp_path)
    done = runner.invoke(app, ["demo", "--out", str(tmp_path / "out")])
    assert done.exit_code == 2
    assert "The clip of the demo is not there" in done.stderr.replace("\n", "")
    assert not (tmp_path / "out").exists()
