"""Reads exercise files; built-in ones and a user's own go the same way."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from difflib import get_close_matches
from importlib.resources import files
from pathlib import Path

from formcheck.errors import BadDefinition, UnknownExercise
from formcheck.exercises.asking import criterion, others_exist, target
from formcheck.exercises.counting import told
from formcheck.exercises.definition import Exercise
from formcheck.exercises.levels import Wanted, at_level
from formcheck.exercises.lines import line_numbers, line_of
from formcheck.exercises.table import Table
from formcheck.exercises.toml import NotToml, parse_toml, read_toml_file
from formcheck.posture import POSTURES
from formcheck.questions import STANDARD

SCHEMA = "formcheck.exercise/1"
KEYS = (
    *("schema", "id", "name", "summary", "steps", "camera", "notes", "postures"),
    *("repetition", "hold", "criterion", "target"),
)


def exercise_ids() -> tuple[str, ...]:
    """Return the names of the built-in exercises."""
    folder = files("formcheck.exercises")
    return tuple(
        sorted(p.name.removesuffix(".toml") for p in folder.iterdir() if p.name.endswith(".toml"))
    )


def load_exercise(
    name_or_path: str,
    *,
    level: str = STANDARD,
    targets: Mapping[str, Wanted] | None = None,
) -> Exercise:
    """Return a built-in exercise by name, or a user's own by the path of its TOML file.

    Parameters
    ----------
    name_or_path
        Such as ``squat``, or ``./mine.toml``.
    level
        How much is asked for: a word of `formcheck.questions.LEVELS`.
    targets
        Ranges that a person set for themselves, by the names of the exercise's targets: a
        number, or the lowest and the highest.

    Raises
    ------
    UnknownExercise
        There is neither such an exercise nor such a file.
    BadDefinition
        The file says something that cannot be meant.
    BadSetting
        There is no such level or target, or a target makes no sense.
    """
    exercise = parse_exercise(*exercise_file(name_or_path))
    return at_level(exercise, level, targets or {})


def exercise_file(name_or_path: str) -> tuple[bytes, str]:
    """Return the bytes of an exercise file, and what to call it in messages.

    Raises
    ------
    UnknownExercise
        There is neither such an exercise nor such a file.
    """
    known = exercise_ids()
    if name_or_path.endswith(".toml"):
        path = Path(name_or_path)
        try:
            return read_toml_file(path), str(path)
        except OSError as error:
            msg = f"Could not read the exercise file '{path}': {error.strerror or error}."
            raise UnknownExercise(msg) from error
    if name_or_path not in known:
        raise UnknownExercise(unknown(name_or_path, known))
    file = f"{name_or_path}.toml"
    return files("formcheck.exercises").joinpath(file).read_bytes(), file


def unknown(name: str, known: tuple[str, ...]) -> str:
    """Return the sentence that says that there is no such exercise."""
    near = get_close_matches(name.lower(), known, n=1, cutoff=0.5)
    hint = f"Did you mean '{near[0]}'? " if near else ""
    return (
        f"There is no exercise '{name}'. {hint}"
        f"Known: {', '.join(known)}; or give the path of a .toml file."
    )


def parse_exercise(data: bytes, file: str) -> Exercise:
    """Return the exercise that a TOML file's bytes define; `file` is for messages.

    Raises
    ------
    BadDefinition
        The file says something that cannot be meant.
    """
    exercise, problems = read_exercise(data, file)
    if problems:
        p = problems[0]
        others = len(problems) - 1
        raise BadDefinition(p.file, p.key, p.expected, p.got, p.suggestion, p.line, others)
    if exercise is None:
        raise AssertionError
    return exercise


def read_exercise(data: bytes, file: str) -> tuple[Exercise | None, list[BadDefinition]]:
    """Return the exercise in a TOML file's bytes, and all that is wrong with it.

    The exercise is None where the file is no TOML, and worth nothing where something is wrong.
    """
    try:
        document = parse_toml(data)
    except NotToml as error:
        return None, [BadDefinition(file, "the file", "TOML in UTF-8", str(error))]
    table = Table(file, "", document)
    table.only(*KEYS)
    exercise = _exercise(table, hashlib.sha256(data).hexdigest())
    lines = line_numbers(data.decode("utf-8"))
    problems = [
        BadDefinition(p.file, p.key, p.expected, p.got, p.suggestion, line_of(p.key, lines))
        for p in table.problems
    ]
    return exercise, problems


def _exercise(table: Table, sha256: str) -> Exercise:
    table.word("schema", (SCHEMA,))
    how = told(table)
    tables = table.tables("criterion")
    criteria = tuple(criterion(t, how.kind) for t in tables)
    others_exist(tables, criteria)
    codes = [c.code for c in criteria]
    for code in dict.fromkeys(codes):
        if code and codes.count(code) > 1:
            last = len(codes) - 1 - codes[::-1].index(code)
            table.bad(f"criterion[{last}].code", "unique", f"'{code}' twice")
    targets = tuple(target(t, how.kind, criteria) for t in table.tables("target", optional=True))
    return Exercise(
        id=table.text("id"),
        name=table.text("name"),
        summary=table.text("summary"),
        camera=table.text("camera"),
        notes=table.texts("notes") if "notes" in table.items else (),
        postures=table.words("postures", POSTURES),
        signal=how.signal,
        rule=how.rule,
        words=how.words,
        side=how.side,
        requirements=how.requirements,
        criteria=criteria,
        hold=how.hold,
        sha256=sha256,
        steps=table.texts("steps") if "steps" in table.items else (),
        targets=targets,
        gentle_rule=how.gentle_rule,
        goals_s=how.goals_s,
    )
