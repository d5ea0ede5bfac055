"""Exercises of one's own: found by name, written to start from, checked, shown, and used."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from formcheck.cli.exercises import remarks
from formcheck.cli.main import app
from formcheck.errors import CannotMake, UnknownExercise
from formcheck.exercises.lines import line_numbers, line_of
from formcheck.exercises.load import exercise_ids, load_exercise, read_exercise
from formcheck.exercises.page import exercise_page
from formcheck.exercises.start import HINTS, explained, new_exercise
from formcheck.library import find_exercise, make_exercise, own_exercises, own_folder
from formcheck.questions import DURING, LEVELS, SIDES_RULE

ROOT = Path(__file__).parents[1]
WALKTHROUGH = ROOT / "docs/adding-an-exercise.md"
runner = CliRunner()


@pytest.fixture(autouse=True)
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for exercises of one's own that is nobody's."""
    folder = tmp_path / "mine"
    monkeypatch.setenv("FORMCHECK_EXERCISES", str(folder))
    return folder


def run(*words: str | Path) -> Result:
    return runner.invoke(app, [str(w) for w in words], env={"COLUMNS": "200"})


# The walkthrough


def commands(page: str) -> list[str]:
    blocks = re.findall(r"```console\n(.*?)```", page, re.DOTALL)
    return [line[2:] for block in blocks for line in block.splitlines() if line.startswith("$ ")]


def test_the_walkthrough_works_as_it_is_written(own: Path, tmp_path: Path) -> None:
    page = WALKTHROUGH.read_text("utf-8")
    before, after, athletic = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    said: dict[str, list[str]] = {}
    for command in commands(page):
        words = shlex.split(command.replace("results", str(tmp_path / "results")))
        words = [str(ROOT / w) if w.startswith("samples/") else w for w in words]
        if words[1:3] == ["exercises", "validate"]:
            file = own / "half-squat.toml"
            text = file.read_text("utf-8")
            assert before in text
            text = text.replace(before, after, 1)
            assert "between = [60, 110]\n" in text
            assert f"{page.count('between = [60, 110]')}" == "1"
            wrong = run(*words[1:])
            assert wrong.exit_code == 0, "as it was written"
            file.write_text(text, encoding="utf-8")
            wrong = run(*words[1:])
            assert wrong.exit_code == 2
            assert "'criterion[0].athletic' should be no looser than" in wrong.stdout
            file.write_text(text.replace("between = [60, 110]\n", athletic), encoding="utf-8")
        done = run(*words[1:])
        assert done.exit_code == 0, f"{command}\n{done.output}"
        said.setdefault(words[1], []).append(done.stdout)
    first, changed, gentle, target = said["check"]
    for text in (first, changed, gentle, target):
        assert "5 repetitions" in text
    assert "To work on first: Half-way is enough" in first
    assert "Half-way is enough" not in changed
    assert "Half squat (gentle), seen" in gentle
    assert "Half squat (knee flexion 45–75°), seen" in target
    assert "Not quite so deep" in target
    report = (tmp_path / "results" / "report.json").read_text("utf-8")
    assert '"id": "half-squat"' in report


# New


@pytest.mark.parametrize("base", ["", *exercise_ids()])
def test_a_new_exercise_is_valid_whatever_it_starts_from(base: str, own: Path) -> None:
    path = make_exercise("my-own", base=base)
    assert path == own / "my-own.toml"
    exercise, problems = read_exercise(path.read_bytes(), path.name)
    assert problems == []
    assert exercise is not None
    assert (exercise.id, exercise.name) == ("my-own", "My own")
    assert remarks(exercise, "my-own") == []
    assert find_exercise("my-own") == exercise
    if base:
        assert exercise.criteria == load_exercise(base).criteria


def test_its_comments_explain_every_key_and_every_word() -> None:
    text = new_exercise("mine")
    uncommented = [line for line in text.splitlines() if not line.startswith("#")]
    assert "\n".join(uncommented) + "\n" != text
    assert all(f"#   {word}: " in text for word in DURING)
    assert all(f"#   {word}: " in new_exercise("mine", "lunge") for word in SIDES_RULE)
    everything = "".join(new_exercise("mine", name) for name in ("", *exercise_ids()))
    for key in HINTS:
        assert f"# {HINTS[key].splitlines()[0]}\n" in everything, f"nothing has '{key}'"
    assert explained("x = 1\n") == "x = 1\n"


def test_a_file_that_is_there_is_never_overwritten(own: Path) -> None:
    path = make_exercise("mine")
    path.write_text("precious", encoding="utf-8")
    with pytest.raises(CannotMake, match="already, and it stays as it is"):
        make_exercise("mine")
    assert path.read_text("utf-8") == "precious"
    done = run("exercises", "new", "mine")
    assert done.exit_code == 2
    assert done.stderr.count("\n") == 1
    assert [p.name for p in own.iterdir()] == ["mine.toml"]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("squat", "'squat' is taken: it comes with formcheck"),
        ("auto", "'auto' is taken"),
        ("Half Squat", "use small letters, digits and hyphens"),
        ("../evil", "use small letters"),
        ("", "use small letters"),
    ],
)
def test_names_that_cannot_be(name: str, message: str, own: Path) -> None:
    with pytest.raises(CannotMake, match=re.escape(message)):
        make_exercise(name)
    assert not own.exists()


def test_what_there_is_not_cannot_be_started_from(own: Path) -> None:
    with pytest.raises(UnknownExercise, match="Did you mean 'squat'"):
        make_exercise("mine", base="sqat")
    assert not own.exists()
    make_exercise("first")
    assert make_exercise("second", base="first").exists()


def test_another_folder(tmp_path: Path, own: Path) -> None:
    done = run("exercises", "new", "mine", "--folder", tmp_path / "there")
    file = tmp_path / "there/mine.toml"
    assert done.exit_code == 0
    assert f"formcheck check CLIP --exercise {file}" in done.stdout
    assert find_exercise(str(file)).id == "mine"
    (tmp_path / "blocked").write_text("in the way")
    bad = run("exercises", "new", "mine", "--folder", tmp_path / "blocked/x")
    assert bad.exit_code == 2
    assert "Choose another --folder" in bad.stderr
    assert not own.exists()


# Finding


def test_an_exercise_of_one_s_own_is_found_by_name_and_listed(own: Path) -> None:
    assert own_folder() == own
    assert own_exercises() == {}
    assert "Add your own: formcheck exercises new NAME" in run("exercises").stdout
    make_exercise("half-squat")
    (own / "broken.toml").write_text("id = 3\n")
    (own / "squat.toml").write_text("never read\n")
    assert list(own_exercises()) == ["broken", "half-squat"]
    for listed in (run("exercises").stdout, run("exercises", "list").stdout):
        assert "half-squat (yours)" in listed
        assert "has mistakes" in listed
    assert find_exercise("squat") == load_exercise("squat"), "what comes with formcheck goes first"
    with pytest.raises(UnknownExercise, match="Did you mean 'half-squat'"):
        find_exercise("half-sqat")


# Validate

BROKEN = {
    'during = "turn"': 'during = "trun"',
    "at_most = 50": "at_mots = 500",
    'cue = "Stay a little more upright"': 'cue = "Do stay a little more upright now"',
    "min_range = 0.1\n": "min_range = 0.01\n",
    'code = "MY03"': 'code = "MY01"',
    "at_least = 0.5": "at_least = -0.5",
    'summary = "': 'sumary = "',
}


def test_everything_that_is_wrong_is_said_at_once_and_where(tmp_path: Path) -> None:
    text = new_exercise("mine")
    for right, wrong in BROKEN.items():
        assert right in text
        text = text.replace(right, wrong)
    file = tmp_path / "mine.toml"
    file.write_text(text, encoding="utf-8")
    done = run("exercises", "validate", file)
    assert done.exit_code == 2
    *mistakes, total = done.stdout.splitlines()
    assert total.endswith(f"mine.toml: {len(mistakes)} mistakes.")
    lines = text.splitlines()
    for mistake in mistakes:
        found = re.match(r"line (\d+): '([^']*)' should be ", mistake)
        assert found, mistake
        key = found[2].rpartition(".")[2]
        assert lines[int(found[1]) - 1].lstrip("[").startswith((f"{key} =", "repetition", "gentle"))
    expected = [
        "'sumary' should be one of schema, id, name, summary",
        "Did you mean 'summary'?",
        "'repetition.min_partial' should be less than min_range",
        "'repetition.gentle.min_range' should be no more than the usual 0.01, but is 0.07.",
        "'repetition.require[1].during' should be one of before",
        "'criterion[0].during' should be one of before",
        "'criterion[1].at_mots' should be one of code",
        "Did you mean 'at_most'?",
        "'criterion[1].cue' should be at most 6 words",
        "'criterion[2].code' should be unique, but is 'MY01' twice.",
        "'criterion[2].at_least' should be a time of 0 s or more, but is -0.5.",
        "'target[0].during' should be one of before",
    ]
    for words in expected:
        assert words in done.stdout
    assert len(mistakes) == 10, "and nothing that only follows from them"


def test_what_is_no_toml_is_said_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text('id = "x"\nname = \n', encoding="utf-8")
    done = run("exercises", "validate", file)
    assert done.exit_code == 2
    assert "at line 2, column 8" in done.stdout
    assert "1 mistake." in done.stdout
    assert run("exercises", "validate", tmp_path / "none.toml").exit_code == 2


def test_what_is_good_is_called_so_with_what_is_worth_a_second_look(tmp_path: Path) -> None:
    good = run("exercises", "validate", "squat")
    assert good.exit_code == 0
    assert (
        "squat.toml is good: Squat, repetitions, counted on hip drop; 11 criteria." in good.stdout
    )
    text = new_exercise("mine").replace('basis = "coaching convention"', 'basis = "study"', 1)
    text = re.sub(r"(?s)steps = \[.*?\n\]\n", "", text)
    file = tmp_path / "other.toml"
    file.write_text(text, encoding="utf-8")
    done = run("exercises", "validate", file)
    assert done.exit_code == 0
    assert "Note: the file is called 'other', but the exercise 'mine'." in done.stdout
    assert "Note: there are no steps: how to do it is not said." in done.stdout
    assert "Note: MY01 is based on a study, but names no reference." in done.stdout


def test_an_exercise_with_several_mistakes_names_the_first_and_counts_the_others(
    tmp_path: Path,
) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(new_exercise("mine").replace('during = "turn"', 'during = "trun"'))
    done = run("check", ROOT / "samples/squat-good/poses.npz", "--exercise", file)
    assert done.exit_code == 2
    assert "(2 more: 'formcheck exercises validate' lists all.)" in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("id", 1),
        ("repetition", 2),
        ("repetition.gentle.min_range", 3),
        ("repetition.require[1].measure", 7),
        ("criterion[0].gentle.at_most", 12),
        ("criterion[0].missing", 8),
        ("criterion[1].code", 14),
        ("nowhere", None),
    ],
)
def test_lines(path: str, line: int | None) -> None:
    text = (
        'id = "x"\n[repetition]\ngentle = { min_range = 1 }\n'
        '[[repetition.require]]\nmeasure = "a"\n'
        '[[repetition.require]]\nmeasure = "b"\n[[criterion]]\nwhy = """\nid = 3\n"""\n'
        '[criterion.gentle]\n[[criterion]]\ncode = "y"\n'
    )
    assert line_of(path, line_numbers(text)) == line


# Show


@pytest.mark.parametrize("name", exercise_ids())
def test_show_has_every_criterion_with_its_bounds(name: str) -> None:
    shown = run("exercises", "show", name).stdout
    exercise = load_exercise(name)
    assert all(c.code in shown for c in exercise.criteria)
    assert all(level in shown for level in LEVELS)
    assert all(f"--target {t.name}=VALUE" in shown for t in exercise.targets)
    assert all(f"{i}. " in shown for i in range(1, len(exercise.steps) + 1))


def test_show_prints_the_page_of_an_exercise_of_one_s_own() -> None:
    make_exercise("half-squat")
    page = run("exercises", "show", "half-squat", "--markdown").stdout
    assert page == exercise_page(find_exercise("half-squat"))
    for words in ("# Half squat", "## How to do it", "## Levels", "### MY01 Half-way down"):
        assert words in page
    assert "| MY01 Half-way down | between 40 and 110° | between 50 and 110° |" in page
    assert "--exercise half-squat --target knee_flexion=80" in page
    assert "**Unclear** when" in page


def test_words_lists_what_can_be_measured() -> None:
    shown = run("exercises", "words").stdout
    for name in ("knee_flexion_deg", "hip_drop_ratio", "descent_s", "held_s"):
        assert name in shown
