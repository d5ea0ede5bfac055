"""Reads exercise files; built-in ones and a user's own go the same way."""

from __future__ import annotations

import hashlib
import math
import tomllib
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from importlib.resources import files
from pathlib import Path
from typing import Any

from formcheck.criteria import (
    BASIS,
    DURING,
    ONE_SIDED,
    REDUCE,
    SIDES_RULE,
    Criterion,
    Question,
    Requirement,
)
from formcheck.errors import BadDefinition, UnknownExercise
from formcheck.exercises.definition import Exercise
from formcheck.measures.catalogue import FRAME
from formcheck.measures.repetition import REPETITION
from formcheck.posture import POSTURES
from formcheck.reps import RepRule
from formcheck.results import Bound
from formcheck.sides import WINS, SideRule

SCHEMA = "formcheck.exercise/1"
CUE_WORDS = 6


def exercise_ids() -> tuple[str, ...]:
    """Return the names of the built-in exercises."""
    folder = files("formcheck.exercises")
    return tuple(
        sorted(p.name.removesuffix(".toml") for p in folder.iterdir() if p.name.endswith(".toml"))
    )


def load_exercise(name_or_path: str) -> Exercise:
    """Return a built-in exercise by name, or a user's own by the path of its TOML file.

    Raises
    ------
    UnknownExercise
        There is neither such an exercise nor such a file.
    BadDefinition
        The file says something that cannot be meant.
    """
    known = exercise_ids()
    if name_or_path.endswith(".toml"):
        path = Path(name_or_path)
        try:
            data = path.read_bytes()
        except OSError as error:
            msg = f"Could not read the exercise file '{path}': {error.strerror or error}."
            raise UnknownExercise(msg) from error
        return parse_exercise(data, str(path))
    if name_or_path not in known:
        near = get_close_matches(name_or_path.lower(), known, n=1, cutoff=0.5)
        hint = f"Did you mean '{near[0]}'? " if near else ""
        msg = (
            f"There is no exercise '{name_or_path}'. {hint}"
            f"Known: {', '.join(known)}; or give the path of a .toml file."
        )
        raise UnknownExercise(msg)
    file = f"{name_or_path}.toml"
    return parse_exercise(files("formcheck.exercises").joinpath(file).read_bytes(), file)


def parse_exercise(data: bytes, file: str) -> Exercise:
    """Return the exercise that a TOML file's bytes define; `file` is for messages.

    Raises
    ------
    BadDefinition
        The file says something that cannot be meant.
    """
    try:
        document = tomllib.loads(data.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadDefinition(file, "the file", "TOML in UTF-8", str(error)) from error
    table = _Table(file, "", document)
    table.only("schema", "id", "name", "summary", "camera", "postures", "repetition", "criterion")
    table.word("schema", (SCHEMA,))
    repetition = table.table("repetition")
    side = _side_rule(repetition)
    criteria = tuple(_criterion(t, side) for t in table.tables("criterion"))
    codes = [c.code for c in criteria]
    for code in codes:
        if codes.count(code) > 1:
            raise BadDefinition(file, "criterion.code", "unique", f"'{code}' twice")
    return Exercise(
        id=table.text("id"),
        name=table.text("name"),
        summary=table.text("summary"),
        camera=table.text("camera"),
        postures=table.words("postures", POSTURES),
        signal=repetition.word("signal", [n for n, row in FRAME.items() if not row.sided]),
        rule=_rule(repetition),
        side=side,
        requirements=tuple(
            _requirement(t, side) for t in repetition.tables("require", optional=True)
        ),
        criteria=criteria,
        sha256=hashlib.sha256(data).hexdigest(),
    )


RULE_KEYS = (
    "min_range",
    "min_partial",
    "return_to",
    "own_range",
    "min_duration_s",
    "max_duration_s",
)


def _rule(table: _Table) -> RepRule:
    table.only("signal", "sides", "side_by", "require", *RULE_KEYS)
    rule = RepRule(**{key: table.positive(key) for key in RULE_KEYS})
    if not rule.min_partial < rule.min_range:
        raise table.bad("min_partial", "less than min_range", str(rule.min_partial))
    for key in ("return_to", "own_range"):
        if not getattr(rule, key) < 1:
            raise table.bad(key, "a fraction between 0 and 1", str(getattr(rule, key)))
    if not rule.min_duration_s < rule.max_duration_s:
        raise table.bad("min_duration_s", "less than max_duration_s", str(rule.min_duration_s))
    return rule


AT_A_TIME = {
    "both": "both sides work together",
    "one": "one side works at a time, and is counted apart",
}
"""How many sides a repetition has: word in exercise files → what it means."""


def _side_rule(table: _Table) -> SideRule | None:
    sides = table.word("sides", AT_A_TIME) if "sides" in table.items else "both"
    if sides == "both":
        if "side_by" in table.items:
            raise table.bad("side_by", 'absent, or sides = "one"', "there with both sides")
        return None
    by = table.table("side_by")
    by.only("measure", "during", "reduce", "wins")
    return SideRule(
        by.word("measure", [name for name, row in FRAME.items() if row.sided]),
        by.word("during", DURING),
        by.word("reduce", REDUCE),
        by.word("wins", WINS),
    )


QUESTION_KEYS = ("measure", "during", "reduce", "sides", "at_least", "at_most", "between")


def _requirement(table: _Table, side: SideRule | None) -> Requirement:
    table.only("otherwise", *QUESTION_KEYS)
    return Requirement(_question(table, side), table.text("otherwise"))


def _criterion(table: _Table, side: SideRule | None) -> Criterion:
    table.only("code", "name", "cue", "why", "basis", "references", *QUESTION_KEYS)
    cue = table.text("cue")
    if len(cue.split()) > CUE_WORDS:
        raise table.bad("cue", f"at most {CUE_WORDS} words", repr(cue))
    return Criterion(
        code=table.text("code"),
        name=table.text("name"),
        question=_question(table, side),
        cue=cue,
        why=table.text("why"),
        basis=table.word("basis", BASIS),
        references=table.texts("references"),
    )


def _question(table: _Table, side: SideRule | None) -> Question:
    measure = table.word("measure", [*FRAME, *REPETITION])
    bound = _bound(table)
    if measure in REPETITION:
        for key in ("during", "reduce", "sides"):
            if key in table.items:
                expected = f"absent: '{measure}' is about the whole repetition"
                raise table.bad(key, expected, repr(table.items[key]))
        return Question(measure, bound)
    return Question(
        measure,
        bound,
        table.word("during", DURING),
        table.word("reduce", REDUCE),
        _sides(table, measure, side),
    )


def _sides(table: _Table, measure: str, side: SideRule | None) -> str:
    """Return what becomes of left and right in a question."""
    if "sides" not in table.items:
        return "mean"
    sides = table.word("sides", SIDES_RULE)
    if sides in ONE_SIDED and side is None:
        expected = 'mean or worst: the exercise does not say sides = "one"'
        raise table.bad("sides", expected, repr(sides))
    if sides in ONE_SIDED and not FRAME[measure].sided:
        raise table.bad("sides", f"absent: '{measure}' has no sides", repr(sides))
    return sides


def _bound(table: _Table) -> Bound:
    given = [k for k in ("at_least", "at_most", "between") if k in table.items]
    if len(given) != 1:
        got = " and ".join(given) or "none of them"
        raise table.bad("bound", "exactly one of at_least, at_most, between", got)
    if given == ["at_least"]:
        return Bound(low=table.number("at_least"))
    if given == ["at_most"]:
        return Bound(high=table.number("at_most"))
    ends = table.items["between"]
    if not (
        isinstance(ends, list)
        and len(ends) == 2
        and all(isinstance(e, int | float) for e in ends)
        and ends[0] < ends[1]
    ):
        raise table.bad("between", "two numbers, the lower first", repr(ends))
    return Bound(float(ends[0]), float(ends[1]))


class _Table:
    """One TOML table, read key by key, complaining precisely."""

    def __init__(self, file: str, path: str, items: Mapping[str, Any]) -> None:
        self.file = file
        self.path = path
        self.items = items

    def bad(
        self, key: str, expected: str, got: str, suggestion: str | None = None
    ) -> BadDefinition:
        return BadDefinition(self.file, self._at(key), expected, got, suggestion)

    def _at(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key

    def only(self, *allowed: str) -> None:
        for key in self.items:
            if key not in allowed:
                near = get_close_matches(key, allowed, n=1)
                expected = f"one of {', '.join(allowed)}"
                raise self.bad(key, expected, "an unknown key", near[0] if near else None)

    def _get(self, key: str, expected: str) -> Any:
        if key not in self.items:
            raise self.bad(key, expected, "missing")
        return self.items[key]

    def text(self, key: str) -> str:
        value = self._get(key, "a text")
        if not isinstance(value, str) or not value.strip():
            raise self.bad(key, "a text", repr(value))
        return value.strip()

    def texts(self, key: str) -> tuple[str, ...]:
        value = self._get(key, "a list of texts")
        if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
            raise self.bad(key, "a list of texts", repr(value))
        return tuple(value)

    def word(self, key: str, allowed: Sequence[str] | Mapping[str, str]) -> str:
        value = self.text(key)
        if value not in allowed:
            near = get_close_matches(value, list(allowed), n=1)
            expected = f"one of {', '.join(allowed)}"
            raise self.bad(key, expected, repr(value), near[0] if near else None)
        return value

    def words(self, key: str, allowed: Sequence[str] | Mapping[str, str]) -> tuple[str, ...]:
        """Return a list of words, at least one."""
        values = self.texts(key)
        if not values:
            raise self.bad(key, f"some of {', '.join(allowed)}", "empty")
        each = (_Table(self.file, self.path, {key: value}) for value in values)
        return tuple(one.word(key, allowed) for one in each)

    def number(self, key: str) -> float:
        value = self._get(key, "a number")
        if (
            isinstance(value, bool)
            or not isinstance(value, int | float)
            or not math.isfinite(value)
        ):
            raise self.bad(key, "a number", repr(value))
        return float(value)

    def positive(self, key: str) -> float:
        value = self.number(key)
        if not value > 0:
            raise self.bad(key, "a number above 0", repr(value))
        return value

    def table(self, key: str) -> _Table:
        value = self._get(key, "a table")
        if not isinstance(value, dict):
            raise self.bad(key, "a table", repr(value))
        return _Table(self.file, self._at(key), value)

    def tables(self, key: str, *, optional: bool = False) -> tuple[_Table, ...]:
        if optional and key not in self.items:
            return ()
        value = self._get(key, "a list of tables")
        if not isinstance(value, list) or not all(isinstance(v, dict) for v in value):
            raise self.bad(key, "a list of tables", repr(value))
        at = self._at(key)
        return tuple(_Table(self.file, f"{at}[{i}]", v) for i, v in enumerate(value))
