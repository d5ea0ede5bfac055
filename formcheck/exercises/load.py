"""Reads exercise files; built-in ones and a user's own go the same way."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from importlib.resources import files
from pathlib import Path

from formcheck.criteria import (
    BASIS,
    DURING,
    HELD,
    ONE_SIDED,
    SIDES_RULE,
    Criterion,
    Question,
    Requirement,
)
from formcheck.errors import BadDefinition, UnknownExercise
from formcheck.exercises.definition import Exercise
from formcheck.exercises.hold_plan import AT_A_TIME, hold_plan
from formcheck.exercises.table import Table, bound_of
from formcheck.keeping import HoldPlan
from formcheck.measures.catalogue import FRAME
from formcheck.measures.hold import HOLD
from formcheck.measures.repetition import REPETITION
from formcheck.posture import POSTURES
from formcheck.reduce import REDUCE
from formcheck.reps import NO_REPETITIONS, RepRule
from formcheck.results import Phase
from formcheck.sides import WINS, SideRule

SCHEMA = "formcheck.exercise/1"
KEYS = (
    *("schema", "id", "name", "summary", "camera", "notes", "postures"),
    *("repetition", "hold", "criterion"),
)
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
    table = Table(file, "", document)
    table.only(*KEYS)
    table.word("schema", (SCHEMA,))
    told = _told(table)
    criteria = tuple(_criterion(t, told.kind) for t in table.tables("criterion"))
    codes = [c.code for c in criteria]
    for code in codes:
        if codes.count(code) > 1:
            raise BadDefinition(file, "criterion.code", "unique", f"'{code}' twice")
    return Exercise(
        id=table.text("id"),
        name=table.text("name"),
        summary=table.text("summary"),
        camera=table.text("camera"),
        notes=table.texts("notes") if "notes" in table.items else (),
        postures=table.words("postures", POSTURES),
        signal=told.signal,
        rule=told.rule,
        words=told.words,
        side=told.side,
        requirements=told.requirements,
        criteria=criteria,
        hold=told.hold,
        sha256=hashlib.sha256(data).hexdigest(),
    )


@dataclass(frozen=True, slots=True)
class _Kind:
    """What questions about an exercise may ask."""

    one_sided: bool
    whole: Mapping[str, object]
    """Measurements of a whole one."""
    during: tuple[str, ...]
    word: str
    """What one is called."""


@dataclass(frozen=True, slots=True)
class _Told:
    """How an exercise's repetitions or holds are told."""

    kind: _Kind
    signal: str = ""
    rule: RepRule = NO_REPETITIONS
    words: Mapping[Phase, str] = field(default_factory=dict)
    side: SideRule | None = None
    requirements: tuple[Requirement, ...] = ()
    hold: HoldPlan | None = None


def _told(table: Table) -> _Told:
    """Return what ``[repetition]`` or ``[hold]`` says; exactly one of them must be there."""
    given = [key for key in ("repetition", "hold") if key in table.items]
    if given == ["hold"]:
        hold = hold_plan(table.table("hold"))
        return _Told(_Kind(hold.one_sided, HOLD, (HELD,), "hold"), hold=hold)
    if given != ["repetition"]:
        got = "both" if given else "neither of them"
        raise table.bad("the exercise", "told by either [repetition] or [hold]", got)
    repetition = table.table("repetition")
    side = _side_rule(repetition)
    during = tuple(word for word in DURING if word != HELD)
    kind = _Kind(side is not None, REPETITION, during, "repetition")
    return _Told(
        kind,
        signal=repetition.word("signal", [n for n, row in FRAME.items() if not row.sided]),
        rule=_rule(repetition),
        words=_words(repetition),
        side=side,
        requirements=tuple(
            _requirement(t, kind) for t in repetition.tables("require", optional=True)
        ),
    )


RULE_KEYS = (
    "min_range",
    "min_partial",
    "return_to",
    "own_range",
    "min_duration_s",
    "max_duration_s",
)
RULE_CHOICES = ("rest_up_to",)
"""Those that need not be said."""


def _rule(table: Table) -> RepRule:
    table.only("signal", "words", "sides", "side_by", "require", *RULE_KEYS, *RULE_CHOICES)
    given = [*RULE_KEYS, *(key for key in RULE_CHOICES if key in table.items)]
    rule = RepRule(**{key: table.positive(key) for key in given})
    if not rule.min_partial < rule.min_range:
        raise table.bad("min_partial", "less than min_range", str(rule.min_partial))
    for key in ("return_to", "own_range"):
        if not getattr(rule, key) < 1:
            raise table.bad(key, "a fraction between 0 and 1", str(getattr(rule, key)))
    if not rule.min_duration_s < rule.max_duration_s:
        raise table.bad("min_duration_s", "less than max_duration_s", str(rule.min_duration_s))
    return rule


def _words(table: Table) -> dict[Phase, str]:
    """Return what the way out, the turning point and the way back are called."""
    if "words" not in table.items:
        return {}
    words = table.texts("words")
    phases = (Phase.DESCENT, Phase.BOTTOM, Phase.ASCENT)
    if len(words) != len(phases):
        raise table.bad("words", "three: out, there, and back", repr(list(words)))
    return dict(zip(phases, words, strict=True))


def _side_rule(table: Table) -> SideRule | None:
    sides = table.word("sides", AT_A_TIME) if "sides" in table.items else "both"
    if sides == "both":
        if "side_by" in table.items:
            raise table.bad("side_by", 'absent, or sides = "one"', "there with both sides")
        return None
    by = table.table("side_by")
    by.only("measure", "during", "reduce", "wins", "least")
    return SideRule(
        by.word("measure", [name for name, row in FRAME.items() if row.sided]),
        by.word("during", [word for word in DURING if word != HELD]),
        by.word("reduce", REDUCE),
        by.word("wins", WINS),
        by.positive("least") if "least" in by.items else 0.0,
    )


QUESTION_KEYS = ("measure", "during", "reduce", "sides", "at_least", "at_most", "between")


def _requirement(table: Table, kind: _Kind) -> Requirement:
    table.only("otherwise", *QUESTION_KEYS)
    return Requirement(_question(table, kind), table.text("otherwise"))


def _criterion(table: Table, kind: _Kind) -> Criterion:
    table.only("code", "name", "cue", "why", "basis", "references", *QUESTION_KEYS)
    cue = table.text("cue")
    if len(cue.split()) > CUE_WORDS:
        raise table.bad("cue", f"at most {CUE_WORDS} words", repr(cue))
    return Criterion(
        code=table.text("code"),
        name=table.text("name"),
        question=_question(table, kind),
        cue=cue,
        why=table.text("why"),
        basis=table.word("basis", BASIS),
        references=table.texts("references"),
    )


def _question(table: Table, kind: _Kind) -> Question:
    measure = table.word("measure", [*FRAME, *kind.whole])
    bound = bound_of(table)
    if measure in kind.whole:
        for key in ("during", "reduce", "sides"):
            if key in table.items:
                expected = f"absent: '{measure}' is about the whole {kind.word}"
                raise table.bad(key, expected, repr(table.items[key]))
        return Question(measure, bound)
    return Question(
        measure,
        bound,
        table.word("during", kind.during),
        table.word("reduce", REDUCE),
        _sides(table, measure, kind),
    )


def _sides(table: Table, measure: str, kind: _Kind) -> str:
    """Return what becomes of left and right in a question."""
    if "sides" not in table.items:
        return "mean"
    sides = table.word("sides", SIDES_RULE)
    if sides in ONE_SIDED and not kind.one_sided:
        expected = 'mean or worst: the exercise does not say sides = "one"'
        raise table.bad("sides", expected, repr(sides))
    if sides in ONE_SIDED and not FRAME[measure].sided:
        raise table.bad("sides", f"absent: '{measure}' has no sides", repr(sides))
    return sides
