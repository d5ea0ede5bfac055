"""Exercise files: the built-in ones are complete, and mistakes are explained."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from formcheck.errors import BadDefinition, UnknownExercise
from formcheck.exercises.load import exercise_ids, load_exercise, parse_exercise
from formcheck.exercises.page import exercise_page, wanted
from formcheck.questions import BASIS
from formcheck.results import Bound, Phase

FOLDER = Path(__file__).parents[1] / "formcheck/exercises"
SQUAT = (FOLDER / "squat.toml").read_text("utf-8")
FOUR = (FOLDER / "figure-four.toml").read_text("utf-8")


@pytest.mark.parametrize("name", exercise_ids())
def test_built_in_exercises_are_complete(name: str) -> None:
    exercise = load_exercise(name)
    assert exercise.id == name
    assert exercise.criteria
    for criterion in exercise.criteria:
        assert len(criterion.cue.split()) <= 6
        assert criterion.basis in BASIS
        assert criterion.references or criterion.basis == "coaching convention", criterion.code


def test_a_file_of_ones_own_goes_the_same_way(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(SQUAT.replace("at_most = 0\n", "at_most = 20\n"), encoding="utf-8")
    mine = load_exercise(str(path))
    assert mine.criteria[0].question.bound == Bound(high=20)
    assert mine.sha256 != load_exercise("squat").sha256


def test_notes_and_words_are_optional() -> None:
    plain = load_exercise("squat")
    assert (plain.notes, plain.words) == ((), {})
    text = SQUAT.replace("[repetition]", '[repetition]\nwords = ["Out", "There", "Back"]')
    text = text.replace("schema =", 'notes = ["Stop when it hurts."]\nschema =', 1)
    own = parse_exercise(text.encode(), "mine.toml")
    assert own.notes == ("Stop when it hurts.",)
    assert own.words == {Phase.DESCENT: "Out", Phase.BOTTOM: "There", Phase.ASCENT: "Back"}


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("squats", "There is no exercise 'squats'. Did you mean 'squat'?"),
        ("Squat", "Did you mean 'squat'?"),
        ("zzz", "There is no exercise 'zzz'. Known: "),
        ("missing.toml", "Could not read the exercise file 'missing.toml': No such file"),
    ],
)
def test_unknown(name: str, message: str) -> None:
    with pytest.raises(UnknownExercise) as caught:
        load_exercise(name)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        ("at_most = 0\n", "at_mots = 0\n", "'criterion[0].at_mots' should be one of"),
        ("at_most = 0\n", "at_mots = 0\n", "Did you mean 'at_most'?"),
        ("at_most = 0\n", "", "'criterion[0].bound' should be exactly one of"),
        ("at_most = 0\n", "at_most = 0\nat_least = 0\n", "but is at_least and at_most"),
        ("at_most = 0\n", 'at_most = "0"\n', "'criterion[0].at_most' should be a number"),
        ("between = [0.7, 2.0]", "between = [2.0, 0.7]", "two numbers, the lower first"),
        ('measure = "thigh_elevation_deg"', 'measure = "thigh_elevation"', "Did you mean 'thigh_"),
        ('during = "turn"\n', 'during = "trun"\n', "mean 'turn'?"),
        ('basis = "guideline"', 'basis = "hearsay"', "one of study, guideline, coaching"),
        ('cue = "Sit a little deeper"', 'cue = "a b c d e f g"', "at most 6 words"),
        ('code = "SQ02"', 'code = "SQ01"', "should be unique, but is 'SQ01' twice"),
        ("min_partial = 0.06", "min_partial = 0.2", "less than min_range"),
        ("return_to = 0.25", "return_to = 1.5", "a fraction between 0 and 1"),
        ("min_duration_s = 0.5", "min_duration_s = -1", "a number above 0"),
        ("min_duration_s = 0.5", "min_duration_s = 20", "less than max_duration_s"),
        ('signal = "hip_drop_ratio"', 'signal = "knee_flexion_deg"', "'repetition.signal' should"),
        ("[repetition]", '[repetition]\nwords = ["Up"]', "three: out, there, and back"),
        ('name = "Squat"', "", "'name' should be a text, but is missing"),
        ('name = "Squat"', "name = 3", "'name' should be a text, but is 3"),
        ('name = "Squat"', 'name = "Squat" "', "'the file' should be TOML in UTF-8"),
        ('schema = "formcheck.exercise/1"', 'schema = "formcheck.exercise/9"', "'schema' should"),
        ("at_least = 0.4\n", 'during = "turn"\nat_least = 0.4\n', "is about the whole repetition"),
        ("references = []", 'references = "x"', "a list of texts"),
        (
            'during = "turn"\n',
            'during = "turn"\nsides = "working"\n',
            "mean or worst: the exercise",
        ),
        ('during = "turn"\n', 'during = "turn"\nsides = "wrost"\n', "Did you mean 'worst'?"),
        ("at_most = 0\n", "between = [0, 1, 2]\n", "two numbers, the lower first"),
        ("at_most = 0\n", 'between = [0, "1"]\n', "two numbers, the lower first"),
        ("at_most = 0\n", "at_most = 200\n", "an angle between -180 and 180 degrees"),
        ("[repetition]", "[repetition]\nwords = 3", "'repetition.words' should be a list of texts"),
        (
            "at_most = 0\n",
            'at_most = 0\nunless = { fails = "SQ0", because = "x" }\n',
            "'criterion[0].unless.fails' should be one of SQ02, SQ03",
        ),
        (
            "at_most = 0\n",
            'at_most = 0\nunless = { fails = "SQ01", because = "x" }\n',
            "'criterion[0].unless.fails' should be one of SQ02, SQ03",
        ),
        (
            "at_most = 0\n",
            'at_most = 0\nunless = { fails = "SQ02" }\n',
            "'criterion[0].unless.because' should be a text, but is missing",
        ),
    ],
)
def test_mistakes_are_explained(right: str, wrong: str, message: str) -> None:
    assert right in SQUAT
    with pytest.raises(BadDefinition) as caught:
        parse_exercise(SQUAT.replace(right, wrong, 1).encode(), "mine.toml")
    assert message in str(caught.value)
    assert str(caught.value).startswith("mine.toml: ")


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        ("[hold]\n", "[hold]\nmin = 3\n", "'hold.min' should be one of sides, min_s"),
        ("[[hold.position]]", "[[hold.positions]]", "Did you mean 'position'?"),
        (
            '"lesser_hip_flexion_deg"\nenter',
            '"lesser_hip_flexion_deg"\nsides = "mean"\nenter',
            "absent: 'lesser_hip_flexion_deg' has",
        ),
        ("min_s = 1.5", "min_s = 30", "'hold.min_s' should be less than goal_s, but is 30.0"),
        ("wobble_s = 1.5", "wobble_s = 0", "'hold.wobble_s' should be a number above 0"),
        ("gentle = { goal_s = 10 }", "gentle = { goal_s = 1 }", "more than min_s, but is 1.0"),
        ("gentle = { goal_s = 10 }", "gentle = { goal = 9 }", "Did you mean 'goal_s'?"),
        ("missed = ", "missing = ", "Did you mean 'missed'?"),
        ("still = 2\n", "still = -1\n", "'hold.depth.still' should be a number above 0"),
        ("enter = { at_least = 0.6 }", "enter = { at_least = 0.3 }", "no narrower than enter"),
        ("enter = { at_least = 0.6 }", "enter = { atleast = 0.7 }", "Did you mean 'at_least'?"),
        (
            "enter = { at_least = 0.6 }",
            "enter = 0.6",
            "'hold.position[0].enter' should be a table",
        ),
        ("enter = { at_least = 0.6 }", "enter = {}", "exactly one of at_least, at_most, between"),
        ("stay = { at_least = 0.4 }", "", "'hold.position[0].stay' should be a table, but is miss"),
        ('"leg_over_ratio"', '"leg_over"', "Did you mean 'leg_over_ratio'?"),
        ('sides = "working"', 'sides = "workin"', "Did you mean 'working'?"),
        ('sides = "one"\n', "", "'hold.position[0].sides' should be one of mean, but is 'working'"),
        ('during = "hold"', 'during = "turn"', "'criterion[1].during' should be one of hold"),
        ('measure = "held_s"', 'measure = "descent_s"', "'criterion[0].measure' should be one of"),
        ("at_least = 10\n", 'at_least = 10\nsides = "other"\n', "is about the whole hold"),
        ("[[criterion]]", '[repetition]\nsignal = "x"\n[[criterion]]', "but is both"),
        ('postures = ["seated", "supine"]', "postures = []", "should be some of standing, seated"),
        (
            'postures = ["seated", "supine"]',
            'postures = ["sitting"]',
            "should be one of standing",
        ),
    ],
)
def test_mistakes_about_holds_are_explained(right: str, wrong: str, message: str) -> None:
    assert right in FOUR
    with pytest.raises(BadDefinition) as caught:
        parse_exercise(FOUR.replace(right, wrong, 1).encode(), "mine.toml")
    assert message in str(caught.value)


POSITIONS = re.compile(r"\[\[hold\.position\]\]\n(?:[^\[\n].*\n)+\n")


@pytest.mark.parametrize(
    ("instead", "message"),
    [
        ("position = []\n", "'hold.position' should be at least one condition, but is empty"),
        ("position = 3\n", "'hold.position' should be a list of tables, but is 3"),
        ("", "'hold.position' should be a list of tables, but is missing"),
    ],
)
def test_a_hold_needs_a_position(instead: str, message: str) -> None:
    text, count = POSITIONS.subn("", FOUR)
    assert count == 3
    with pytest.raises(BadDefinition) as caught:
        parse_exercise(text.replace("[hold]\n", f"[hold]\n{instead}").encode(), "mine.toml")
    assert message in str(caught.value)


def test_a_plain_hold_has_a_page_without_what_it_lacks() -> None:
    page = exercise_page(parse_exercise(FOUR.encode(), "four.toml"))
    parts = ("## How to do it", "another goal: gentle 10 s", "How deep somebody is", "--target")
    assert all(part in page for part in parts)
    plain = re.sub(r"\[hold\.depth\]\n(?:.+\n)+\n", "", FOUR)
    plain = re.sub(r"\[criterion\.\w+\]\n(?:.+\n)+\n", "", plain)
    plain = re.sub(r"\[\[target\]\]\n(?:.+\n)+\n?", "", plain)
    plain = re.sub(r"^(gentle|athletic) = .*\n", "", plain, flags=re.MULTILINE)
    plain = re.sub(r"^steps = \[\n(?:  .*\n)+\]\n", "", plain, flags=re.MULTILINE)
    page = exercise_page(parse_exercise(plain.encode(), "plain.toml"))
    assert "Every level asks for the same here." in page
    assert "## What is held" in page
    assert not any(part in page for part in (*parts, "another goal"))


def test_what_is_wanted_at_a_level_is_said_with_what_it_is_based_on() -> None:
    depth = load_exercise("squat").criteria[0]
    assert wanted(depth, "standard") == ("thigh above horizontal at most 0°", "guideline")
    assert wanted(depth, "gentle") == ("thigh above horizontal at most 45°", "coaching convention")


def test_an_exercise_is_of_repetitions_or_of_holds() -> None:
    start, end = FOUR.index("[hold]"), FOUR.index("[[criterion]]")
    with pytest.raises(BadDefinition) as caught:
        parse_exercise((FOUR[:start] + FOUR[end:]).encode(), "mine.toml")
    assert "either [repetition] or [hold], but is neither of them" in str(caught.value)
    with pytest.raises(BadDefinition) as caught:
        parse_exercise(SQUAT.replace('"turn"', '"hold"', 1).encode(), "mine.toml")
    assert "during' should be one of before, descent" in str(caught.value)
