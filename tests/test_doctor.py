"""What the doctor finds on machines in good and in bad health."""

from __future__ import annotations

import importlib.metadata
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from typer.testing import CliRunner

from formcheck import __version__, doctor
from formcheck.cli.main import app
from formcheck.doctor import devices, examine, worst
from formcheck.doctor.finding import Finding, Health
from formcheck.estimators.model_store import ModelFile
from formcheck.history.store import History

SCHEMA = {
    "type": "object",
    "required": ["schema", "health", "findings"],
    "additionalProperties": False,
    "properties": {
        "schema": {"const": "formcheck.doctor/1"},
        "health": {"enum": ["fine", "limited", "broken"]},
        "findings": {
            "type": "array",
            "minItems": 15,
            "items": {
                "type": "object",
                "required": ["what", "health", "found", "remedy"],
                "additionalProperties": False,
                "properties": {
                    "what": {"type": "string", "minLength": 1},
                    "health": {"enum": ["fine", "limited", "broken"]},
                    "found": {"type": "string", "minLength": 1},
                    "remedy": {"type": "string"},
                },
            },
        },
    },
}


def found() -> dict[str, Finding]:
    """Everything but what takes seconds."""
    return {finding.what: finding for finding in examine(quick=True)}


def test_everything_is_looked_at_once() -> None:
    whats = [finding.what for finding in examine(quick=True)]
    assert whats == [
        "formcheck",
        "python",
        "mediapipe",
        "opencv-contrib-python",
        "av",
        "numpy",
        "extras",
        "pose model",
        "angle refiner",
        "video writing",
        "video reading",
        "camera",
        "folder: pose model",
        "folder: history",
        "folder: temporary files",
        "folder: here",
        "history",
    ]


def test_what_every_complete_installation_has_is_fine() -> None:
    look = found()
    for what in ("formcheck", "python", "mediapipe", "av", "numpy", "angle refiner"):
        assert look[what].health is Health.FINE, look[what]
    assert look["av"].found == importlib.metadata.version("av")
    assert look["formcheck"].found.startswith(__version__)
    assert look["video writing"].found == "H.264 (libx264)"
    assert look["video reading"].found == "H.264, HEVC, VP9, AV1, MJPEG, GIF"


def test_whatever_is_not_fine_says_what_to_do() -> None:
    for finding in examine(quick=True):
        assert finding.health is Health.FINE or finding.remedy, finding


def test_the_whole_is_as_well_as_its_worst_part() -> None:
    fine, limited, broken = (Finding("x", health, "x") for health in Health)
    assert worst([]) is Health.FINE
    assert worst([fine, limited, fine]) is Health.LIMITED
    assert worst([broken, limited, fine]) is Health.BROKEN


def test_the_name_of_the_user_is_not_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "jane"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("FORMCHECK_HISTORY", str(home / "own/history.sqlite3"))
    monkeypatch.setenv("FORMCHECK_MODEL", str(home / "no.task"))
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.chdir(home)
    look = found()
    assert look["history"].found == "none yet; it will be ~/own/history.sqlite3"
    assert "'~/no.task' (from FORMCHECK_MODEL)" in look["pose model"].found
    assert not [f for f in look.values() if "jane" in f.found + f.remedy]


def test_a_model_that_is_not_fetched_yet_is_no_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("FORMCHECK_MODEL", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    model = doctor._guarded("pose model", doctor._pose_model)
    if sys.platform.startswith("linux"):
        assert (model.health, model.found) == (Health.LIMITED, "not fetched yet")
        assert model.remedy.startswith("formcheck model fetch, or copy the file to '")
    assert doctor._pose_estimation().found == "not tried: there is no sound pose model"


@pytest.mark.parametrize("content", [b"", b"not a model"])
def test_a_model_that_is_none_is_broken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes
) -> None:
    (tmp_path / "model.task").write_bytes(content)
    monkeypatch.setenv("FORMCHECK_MODEL", str(tmp_path / "model.task"))
    assert found()["pose model"].health is Health.BROKEN


def test_a_package_that_is_not_there_is_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "LIBRARIES", (("no-such-package", "nosuch"),))
    finding = found()["no-such-package"]
    assert (finding.health, finding.found) == (Health.BROKEN, "not installed")
    assert "python -m venv" in finding.remedy


def test_a_library_that_does_not_load_or_takes_python_down_is_broken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looks = {
        "raises": doctor._library("numpy", "nosuchmodule", quick=False)(),
        "dies": doctor._library("numpy", "os; os.abort()", quick=False)(),
    }
    assert {finding.health for finding in looks.values()} == {Health.BROKEN}
    assert "does not load: ModuleNotFoundError: No module named" in looks["raises"].found
    assert "the process died (status -6)" in looks["dies"].found or sys.platform == "win32"
    monkeypatch.setattr(doctor, "PATIENCE_S", 0.5)
    assert doctor._trouble("import time; time.sleep(60)").startswith("no answer in")
    monkeypatch.setattr(sys, "executable", "/no/such/python")
    assert doctor._trouble("").startswith("Python could not be started")


def test_two_packages_of_opencv_are_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "RIVALS", ("numpy", "no-such-package"))
    finding = found()["opencv-contrib-python"]
    assert finding.health is Health.BROKEN
    assert "beside numpy, which overwrite its files" in finding.found
    assert finding.remedy.startswith("pip uninstall -y numpy opencv-contrib-python, then")


def test_extras_that_are_missing_are_named_with_how_to_get_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(doctor, "EXTRAS", {"numpy": "sums", "no-such-package": "more"})
    finding = doctor._extras()
    assert finding.health is Health.FINE
    assert finding.found.endswith("; not installed: no-such-package")
    assert 'pip install "formcheck[more]"' in finding.remedy
    monkeypatch.setattr(doctor, "EXTRAS", {"numpy": "sums"})
    assert doctor._extras().remedy == ""


def test_codecs_that_are_missing_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(devices, "DECODERS", {"H.264": ("h264",), "VP99": ("vp99",)})
    monkeypatch.setattr(devices, "ENCODER", "nosuchcodec")
    look = found()
    assert look["video reading"].found == "H.264; cannot read VP99"
    assert look["video writing"].found.startswith("no annotated videos: ")
    assert look["video reading"].health is look["video writing"].health is Health.LIMITED


def test_folders_that_are_full_or_shut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setitem(doctor.FOLDERS, "here", lambda: tmp_path / "file" / "folder")
    monkeypatch.setitem(doctor.FOLDERS, "temporary files", lambda: tmp_path / "file" / "tmp")
    look = found()
    assert look["folder: here"].health is Health.LIMITED
    assert "cannot be written to" in look["folder: here"].found
    assert "--out" in look["folder: here"].remedy
    assert look["folder: temporary files"].health is Health.BROKEN
    monkeypatch.undo()
    monkeypatch.setattr(doctor, "ROOM_MB", 10**9)
    monkeypatch.setattr(doctor, "SOME_ROOM_MB", 10**9)
    look = found()
    assert look["folder: here"].remedy.startswith("Make room on the disk of")
    assert look["folder: here"].health is Health.LIMITED
    assert look["folder: temporary files"].health is Health.BROKEN


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_shut_folder_of_a_model_that_is_there_is_fine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tmp_path.chmod(0o500)
    monkeypatch.setitem(doctor.FOLDERS, "pose model", lambda: tmp_path)
    monkeypatch.setattr(doctor, "_has_model", lambda: True)
    assert found()["folder: pose model"].health is Health.FINE
    monkeypatch.setattr(doctor, "_has_model", lambda: False)
    assert found()["folder: pose model"].health is Health.LIMITED
    tmp_path.chmod(0o700)


def test_histories(history_file: Path) -> None:
    assert found()["history"].found.startswith("none yet; it will be ")
    with History(history_file):
        pass
    assert found()["history"].found.startswith("0 entries in ")
    history_file.write_bytes(b"this is no database" * 100)
    finding = found()["history"]
    assert finding.health is Health.LIMITED
    assert finding.remedy == "Move the file away, or name another with FORMCHECK_HISTORY."


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="lists cameras as Linux does")
def test_cameras(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from formcheck.sources import devices as module

    listing, nodes = tmp_path / "video4linux", tmp_path / "dev"
    nodes.mkdir()
    monkeypatch.setattr(module.devices, "__defaults__", (listing,))
    monkeypatch.setattr(module, "DEVICES", nodes)
    none = devices.camera()
    assert (none.health, none.found) == (Health.LIMITED, "none")
    assert "Plug one in" in none.remedy
    (listing / "video0").mkdir(parents=True)
    (listing / "video0" / "name").write_text("Webcam", encoding="utf-8")
    shut = devices.camera()
    assert (shut.health, shut.found) == (Health.LIMITED, "may not be used: 0 (Webcam)")
    (nodes / "video0").touch()
    assert devices.camera() == Finding("camera", Health.FINE, "0 (Webcam)")
    monkeypatch.setattr(module.devices, "__defaults__", (tmp_path / "no" / "list",))
    assert devices.camera().found == "cannot be listed on this system"


def test_no_display(monkeypatch: pytest.MonkeyPatch) -> None:
    if not sys.platform.startswith("linux"):
        pytest.skip("other systems need no DISPLAY")
    monkeypatch.delenv("DISPLAY", raising=False)
    finding = devices.window()
    assert finding.health is Health.LIMITED
    assert "DISPLAY is not set" in finding.found
    assert "--no-window" in finding.remedy


def test_no_voice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyttsx3", None)
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    finding = devices.voice()
    assert finding.health is Health.LIMITED
    assert "pyttsx3" in finding.found
    assert "--no-voice" in finding.remedy


def test_a_look_that_fails_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails() -> Finding:
        msg = "by nothing"
        raise ZeroDivisionError(msg)

    monkeypatch.setattr(doctor, "_history", fails)
    finding = found()["history"]
    assert finding.health is Health.BROKEN
    assert finding.found == "could not be looked at: ZeroDivisionError: by nothing"


def test_the_table_says_what_to_do() -> None:
    done = CliRunner().invoke(app, ["doctor", "--quick"], env={"COLUMNS": "200"})
    assert done.exit_code == 0, done.output
    assert "video reading" in done.stdout
    assert done.stdout.rstrip().endswith(
        ("Everything works here.", "Clips can be checked here; not everything else can be done.")
    )


def test_json_is_for_programs_and_broken_is_status_1(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = CliRunner().invoke(app, ["doctor", "--quick", "--json"])
    told = json.loads(done.stdout)
    Draft202012Validator(SCHEMA).validate(told)
    assert done.exit_code == 0
    monkeypatch.setenv("FORMCHECK_MODEL", str(tmp_path / "no.task"))
    done = CliRunner().invoke(app, ["doctor", "--quick", "--json"])
    assert done.exit_code == 1
    assert json.loads(done.stdout)["health"] == "broken"
    assert "Traceback" not in done.output
    done = CliRunner().invoke(app, ["doctor", "--quick"], env={"COLUMNS": "200"})
    assert done.exit_code == 1
    assert "Something has to be put right before clips can be checked here." in done.stdout


@pytest.mark.model
def test_the_doctor_really_looks_at_a_picture(pose_model: ModelFile) -> None:
    assert pose_model.path.is_file()
    finding = doctor._pose_estimation()
    assert finding == Finding("pose estimation", Health.FINE, "a picture was looked at")


def test_shells_can_complete_commands() -> None:
    """As a shell asks when somebody types ``formcheck do`` and presses tab."""
    asked = {
        **os.environ,
        "_FORMCHECK_COMPLETE": "complete_bash",
        "COMP_WORDS": "formcheck do",
        "COMP_CWORD": "1",
    }
    code = "from formcheck.cli.main import run; run()"
    done = subprocess.run(
        [sys.executable, "-c", "import sys; sys.argv = ['formcheck']; " + code],
        env=asked,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.split() == ["doctor"], done.stderr


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_is_shown_for_every_usual_shell(shell: str) -> None:
    asked = {**os.environ, "_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1"}
    code = "from formcheck.cli.main import run; run()"
    begin = f"import sys; sys.argv = ['formcheck', '--show-completion', '{shell}']; "
    done = subprocess.run(
        [sys.executable, "-c", begin + code],
        env=asked,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "_FORMCHECK_COMPLETE" in done.stdout
