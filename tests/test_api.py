"""The Python interface, with the examples of its page."""

from __future__ import annotations

import contextlib
import io
import re
import sys
import webbrowser
from pathlib import Path
from types import ModuleType

import pytest

import formcheck
from formcheck.errors import BadSetting, CannotOpen, ExtraMissing, UnknownExercise
from formcheck.exercises.load import load_exercise
from formcheck.results import Bound
from formcheck.sources.synthetic import Posture, Squat, StickFigure, squats

PAGE = Path(__file__).parents[1] / "docs" / "python.md"
SHALLOW = Posture(thigh_elevation_deg=30, shin_inclination_deg=20, trunk_inclination_deg=25)


@pytest.fixture
def clip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "squats.npz"
    squats(StickFigure(), [Squat(), Squat(bottom=SHALLOW), Squat()]).save(path)
    return path


def test_the_examples_of_the_page_run(clip: Path) -> None:
    blocks = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    assert len(blocks) >= 4
    names: dict[str, object] = {}
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        for block in blocks:
            exec(compile(block, PAGE.name, "exec"), names)  # noqa: S102 - our own examples
    assert printed.getvalue().startswith("3 ")
    assert "Sit a little deeper" in printed.getvalue()
    assert {p.name for p in clip.parent.iterdir()} == {
        "squats.npz",
        "report.html",
        "landmarks.npz",
    }


def test_a_recording_is_checked(clip: Path) -> None:
    report = formcheck.check(clip, exercise="squat")
    assert isinstance(report, formcheck.Report)
    assert report.summary.reps_counted == 3
    assert set(report.pictures) == {"rep-1", "rep-2", "rep-3"}
    assert report.to_dict() == formcheck.to_document(report)
    assert "Sit a little deeper" in report.to_html()
    assert formcheck.check(clip, "squat", pictures=False).pictures == {}


def test_tables(clip: Path) -> None:
    report = formcheck.check(clip, "squat", pictures=False)
    table = report.to_dataframe()
    assert list(table["SQ01_status"]) == ["pass", "fail", "pass"]
    readings = report.to_dataframe(of="readings")
    assert len(readings) == len(report.recording)
    lowest = readings.loc[report.reps[0].span.turn_s, "left_knee_flexion_deg"]
    assert 100 < lowest < 150, "knees are bent most at the turning point"
    assert report.to_dataframe("holds").empty
    with pytest.raises(ValueError, match="of should be 'repetitions', 'holds' or 'readings'"):
        report.to_dataframe("everything")


def test_without_pandas_a_table_says_what_to_install(
    clip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = formcheck.check(clip, "squat", pictures=False)
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(ExtraMissing, match=r"pip install 'formcheck\[tables\]'"):
        report.to_dataframe()


def test_a_notebook_shows_the_page_in_a_frame_of_its_own(
    clip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[object] = []
    core, display = ModuleType("IPython.core.getipython"), ModuleType("IPython.display")
    core.get_ipython = object  # type: ignore[attr-defined]
    display.HTML = str  # type: ignore[attr-defined]
    display.display = shown.append  # type: ignore[attr-defined]
    for name, module in (
        ("IPython", ModuleType("IPython")),
        ("IPython.core", ModuleType("IPython.core")),
        ("IPython.core.getipython", core),
        ("IPython.display", display),
    ):
        monkeypatch.setitem(sys.modules, name, module)
    formcheck.check(clip, "squat", pictures=False).show()
    (frame,) = shown
    assert str(frame).startswith('<iframe srcdoc="&lt;!doctype html&gt;')
    assert str(frame).count("<") == 2, "only the frame's own tags"


def test_elsewhere_the_page_is_opened_in_a_browser(
    clip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setitem(sys.modules, "IPython.core.getipython", None)
    monkeypatch.setattr(webbrowser, "open", opened.append)
    formcheck.check(clip, "squat", pictures=False).show()
    (address,) = opened
    assert address.startswith("file://")
    assert address.endswith("/report.html")


def test_errors_are_formchecks_own(clip: Path, tmp_path: Path) -> None:
    with pytest.raises(UnknownExercise):
        formcheck.check(clip, "sqat")
    with pytest.raises(CannotOpen):
        formcheck.check(tmp_path / "none.mp4")
    with pytest.raises(BadSetting, match="There is no privacy 'blur'"):
        formcheck.check(clip, "squat", privacy="blur")


@pytest.mark.model
def test_a_video_is_checked_and_its_face_hidden(pose_model: object) -> None:  # noqa: ARG001
    clip = Path(__file__).parents[1] / "samples" / "squat" / "clip.mp4"
    report = formcheck.check(clip, "squat", privacy="blur-face")
    assert report.summary.reps_counted > 0
    assert set(report.pictures) >= {f"rep-{r.number}" for r in report.reps}


def test_levels_and_targets(clip: Path) -> None:
    gentle = formcheck.check(clip, "squat", level="gentle", pictures=False)
    assert (gentle.exercise.level, gentle.exercise.setting) == ("gentle", "gentle")
    own = formcheck.check(clip, "squat", targets={"knee_flexion": 70}, pictures=False)
    assert own.reps[0].verdicts[0].bound == Bound(55, 85)
    same = formcheck.check(clip, load_exercise("squat"), level="gentle", pictures=False)
    assert same.summary == gentle.summary
    found = formcheck.check(clip, level="athletic", pictures=False)
    assert (found.exercise.id, found.exercise.level) == ("squat", "athletic")
    with pytest.raises(BadSetting, match="There is no level 'hard'"):
        formcheck.check(clip, level="hard")
    with pytest.raises(BadSetting, match="A target belongs to one exercise"):
        formcheck.check(clip, targets={"knee_flexion": 70})
