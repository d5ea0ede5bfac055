"""Two reports side by side."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner, Result

from formcheck.cli.main import app
from formcheck.errors import WrongSchema
from formcheck.history.store import History
from formcheck.reasons import TOO_CLOSE
from formcheck.report.compare import Contender, compare, sides_of
from formcheck.report.document import to_bytes, to_document
from formcheck.report.model import Attachments
from formcheck.report.readings import Curves
from formcheck.results import CriterionInfo, ExerciseInfo
from formcheck.sources.synthetic import Posture, Squat, StickFigure, squats
from tests import fakes_results as fake

KNEE = CriterionInfo("SQ01", "Depth", "knee_flexion_deg", "knee bend; high", "", "")
INFO = ExerciseInfo("squat", "Squat", "user", 1.0, "ab" * 32, criteria=(KNEE,))


def document(depth: float = 98.0, score: float = 50.0, sides: tuple[str, ...] = ()) -> Any:
    reps = tuple(
        replace(fake.rep(n, start), verdicts=(fake.verdict(value=depth, sigma=4.0),), score=score)
        for n, start in ((1, 0.5), (2, 3.25))
    )
    if sides:
        reps = tuple(
            replace(rep, span=replace(rep.span, side=side))
            for rep, side in zip(reps, sides, strict=True)
        )
    summary = replace(fake.report().summary, sides=dict.fromkeys(sides, 1))
    return to_document(fake.report(exercise=INFO, reps=reps, holds=(), summary=summary))


def contender(label: str, **changes: Any) -> Contender:
    return Contender(label, document(**changes), Attachments())


def rows(a: Contender, b: Contender) -> dict[str, tuple[str, str, str, str]]:
    return {r.name: (r.first, r.second, r.difference, r.remark) for r in compare(a, b).rows}


def test_what_is_better_is_said_only_beyond_the_error() -> None:
    found = rows(contender("May", depth=80.0, score=50), contender("June", depth=98.0, score=90))
    assert found["Depth"] == ("80° ± 4°", "98° ± 4°", "+18°", "better")
    assert found["Score"] == ("50", "90", "+40", "better")
    assert found["Repetitions"] == ("2", "2", "0", "")
    assert found["Going there"] == ("0.8 s ± 0.1 s", "0.8 s ± 0.1 s", "0.0 s", "")
    closer = rows(contender("May", depth=92.0), contender("June", depth=98.0))
    assert closer["Depth"][2:] == ("+6°", "within error")
    fine = rows(contender("May", depth=95.0), contender("June", depth=115.0))
    assert fine["Depth"][2:] == ("+20°", "differ"), "both are deep enough"


def test_the_headline_names_what_changed() -> None:
    found = compare(contender("May", depth=98.0), contender("June", depth=80.0))
    assert found.headline == "June against May: worse: Depth."
    same = compare(contender("A"), contender("B"))
    assert same.headline == "B against A: no difference that is larger than the camera's error."
    assert same.caveats == ()


def changed(who: Contender, **verdict: Any) -> Contender:
    """The same with other verdicts."""
    other = json.loads(json.dumps(who.document))
    for rep in other["reps"]:
        rep["verdicts"][0] |= verdict
    return replace(who, document=other)


def test_what_can_not_be_judged_is_not_compared() -> None:
    a = contender("A", depth=98.0)
    unseen = changed(contender("B", depth=20.0), status="unclear", reason="face the camera")
    assert "Depth" not in rows(a, unseen)
    assert compare(a, unseen).headline.endswith("larger than the camera's error.")
    close = changed(contender("B", depth=20.0), status="unclear", reason=TOO_CLOSE)
    assert rows(a, close)["Depth"][3] == "worse"


def test_what_differs_without_being_better_is_in_the_headline() -> None:
    found = compare(contender("May", depth=95.0), contender("June", depth=115.0))
    assert found.headline == "June against May: different: Depth."


def test_what_was_measured_in_another_way_is_not_compared() -> None:
    a, b = contender("A"), contender("B", depth=20.0)
    other = json.loads(json.dumps(b.document))
    other["criteria"][0]["measure"] = "thigh_elevation_deg"
    other["exercise"]["targets"] = {"knee_flexion": [60, 80]}
    found = compare(a, replace(b, document=other))
    assert "Depth" not in {row.name for row in found.rows}
    assert [c.partition(",")[0] for c in found.caveats] == [
        "They were judged by different targets",
        "Not compared",
    ]


def test_what_makes_them_hard_to_compare_is_said() -> None:
    a, b = contender("A"), contender("B")
    other = json.loads(json.dumps(b.document))
    other["view"]["name"] = "front"
    other["exercise"]["definition_sha256"] = "00" * 32
    other["exercise"]["level"] = "gentle"
    caveats = compare(a, replace(b, document=other)).caveats
    assert caveats[0].startswith(
        "They were seen from different sides (from the right side, and from the front)"
    )
    assert len(caveats) == 3


def test_left_against_right() -> None:
    left, right = sides_of(document(sides=("left", "right")), Attachments())
    assert [len(c.judged) for c in (left, right)] == [1, 1]
    assert rows(left, right)["Repetitions"][:2] == ("1", "1")
    with pytest.raises(WrongSchema, match="There is nothing of the right side in this report"):
        sides_of(
            document(sides=("left", "left")) | {"summary": {"by_side": {"left": 2}}}, Attachments()
        )
    with pytest.raises(WrongSchema, match="nothing of the left and the right side"):
        sides_of(document(), Attachments())


def test_curves_are_means_over_repetitions_in_parts_of_their_time() -> None:
    t = np.arange(0, 6, 0.01)
    reps = [(0.5, 2.2), (3.25, 4.95)]
    bend = np.zeros(t.shape)
    for (start, end), height in zip(reps, (80.0, 100.0), strict=True):
        inside = (t >= start) & (t <= end)
        bend[inside] = height * np.sin(np.pi * (t[inside] - start) / (end - start))
    curves = Curves(t, {"left_knee_flexion_deg": bend}, {"left_knee_flexion_deg": bend})
    who = Contender("A", document(), Attachments(curves))
    (chart,) = compare(who, replace(who, label="B")).charts
    assert [line.style for line in chart.lines] == ["first", "second"]
    assert chart.lines[0].path == chart.lines[1].path
    points = [tuple(map(float, p.split())) for p in chart.lines[0].path[1:].split("L")]
    x, _ = min(points, key=lambda p: p[1])
    assert x == pytest.approx(50, abs=1.5), "the mean is highest half-way"
    assert [limit.label for limit in chart.limits] == ["asked: at least 90°"]


def test_only_the_same_exercise_is_compared() -> None:
    other = document()
    other["exercise"]["id"] = "lunge"
    with pytest.raises(WrongSchema, match="These are different exercises: 'squat' and 'lunge'"):
        compare(contender("A"), Contender("B", other, Attachments()))


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(app, [str(w) for w in words], env={"COLUMNS": "160"})


@pytest.fixture
def checked(tmp_path: Path) -> tuple[Path, Path]:
    """Folders of two checks: one deep, one not."""
    shallow = Posture(thigh_elevation_deg=30, shin_inclination_deg=20, trunk_inclination_deg=25)
    folders = []
    for name, bottom in (("may", shallow), ("june", None)):
        clip = tmp_path / f"{name}.npz"
        squat = Squat(bottom=bottom) if bottom else Squat()
        squats(StickFigure(), [squat, squat]).save(clip)
        assert run("check", clip, "-e", "squat", "--out", tmp_path / name, "-q").exit_code == 0
        folders.append(tmp_path / name)
    return folders[0], folders[1]


def test_reports_from_files_folders_and_the_history(
    checked: tuple[Path, Path], tmp_path: Path
) -> None:
    may, june = checked
    page = tmp_path / "change.html"
    done = run("compare", may, june / "report.json", "--out", page, "--names", "in May,<now>")
    assert done.exit_code == 0, done.output
    assert "<now> against in May: better: Depth" in done.stdout.replace("\n", " ")
    text = page.read_text("utf-8")
    assert "&lt;now&gt;" in text
    assert "<now>" not in text
    assert text.count("data:image/jpeg;base64,") == 2
    assert text.count("<figure") > 1
    with History() as history:
        ids = [entry.id for entry in history.entries()]
    kept = run("compare", ids[0], ids[1])
    assert kept.exit_code == 0, kept.output
    assert "better: Depth" in kept.stdout.replace("\n", " ")


def test_what_cannot_be_compared(checked: tuple[Path, Path], tmp_path: Path) -> None:
    alone = run("compare", checked[0])
    assert alone.exit_code == 2
    assert "There is nothing of the left and the right side" in alone.stderr
    assert "The history has no entry 'nothing'" in run("compare", "nothing").stderr
    assert run("compare", checked[0], checked[1], "--names", "one").exit_code == 2
    broken = tmp_path / "broken.json"
    damaged = document()
    damaged["reps"][0]["verdicts"] = 3
    broken.write_bytes(to_bytes(damaged))
    assert "'reps[0].verdicts' should be a list, but is 3" in run("compare", broken, broken).stderr
