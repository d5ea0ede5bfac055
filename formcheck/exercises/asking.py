"""Reads questions, requirements, criteria and targets of an exercise file."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from formcheck.errors import shown
from formcheck.exercises.definition import Target
from formcheck.exercises.table import BOUNDS, Table, bound_of
from formcheck.measures.catalogue import FRAME
from formcheck.questions import (
    ATHLETIC,
    BASIS,
    DURING,
    GENTLE,
    ONE_SIDED,
    SIDES_RULE,
    Criterion,
    LevelBound,
    Question,
    Requirement,
    Unless,
)
from formcheck.reduce import REDUCE
from formcheck.results import Bound
from formcheck.units import unit_of

CUE_WORDS = 6
ASKING = ("measure", "during", "reduce", "sides")
OTHER_LEVELS = (GENTLE, ATHLETIC)


@dataclass(frozen=True, slots=True)
class Kind:
    """What questions about an exercise may ask."""

    one_sided: bool
    whole: Mapping[str, object]
    """Measurements of a whole one."""
    during: tuple[str, ...]
    word: str
    """What one is called."""


def requirement(table: Table, kind: Kind) -> Requirement:
    """Return what a ``[[repetition.require]]`` table says."""
    table.only("otherwise", *ASKING, *BOUNDS, GENTLE)
    question = _question(table, kind)
    gentle = None
    if GENTLE in table.items:
        given = table.table(GENTLE)
        given.only(*BOUNDS)
        gentle = bound_of(given, question.measure)
        if given.sound("bound", *BOUNDS) and not _holds_all_of(gentle, question.bound):
            table.bad(GENTLE, "no tighter than the bound itself", shown(table.items[GENTLE]))
    return Requirement(question, table.text("otherwise"), gentle)


def criterion(table: Table, kind: Kind) -> Criterion:
    """Return what a ``[[criterion]]`` table says."""
    texts = ("code", "name", "cue", "cue_above", "why", "basis", "references", "unless")
    table.only(*texts, *ASKING, *BOUNDS, *OTHER_LEVELS)
    question = _question(table, kind)
    return Criterion(
        code=table.text("code"),
        name=table.text("name"),
        question=question,
        cue=cue(table, "cue"),
        why=table.text("why"),
        basis=table.word("basis", BASIS),
        references=table.texts("references"),
        cue_above=cue(table, "cue_above") if "cue_above" in table.items else "",
        levels=_levels(table, question),
        unless=_unless(table) if "unless" in table.items else None,
    )


def _unless(table: Table) -> Unless:
    """Return which other criterion, failed, makes failing this one mean nothing."""
    given = table.table("unless")
    given.only("fails", "because")
    return Unless(given.text("fails"), given.text("because"))


def others_exist(tables: Sequence[Table], criteria: Sequence[Criterion]) -> None:
    """Complain about criteria that look at another one that is not there."""
    for table, one in zip(tables, criteria, strict=True):
        if one.unless is not None:
            others = [c.code for c in criteria if c.code != one.code]
            table.table("unless").word("fails", others or ("",))


def cue(table: Table, key: str) -> str:
    """Return what a coach would say: a few words."""
    words = table.text(key)
    if len(words.split()) > CUE_WORDS:
        table.bad(key, f"at most {CUE_WORDS} words", shown(words))
    return words


def _levels(table: Table, question: Question) -> dict[str, LevelBound]:
    """Return what is asked for at other levels than the standard one."""
    found = {}
    for level in OTHER_LEVELS:
        if level not in table.items:
            continue
        given = table.table(level)
        given.only("basis", "references", *BOUNDS)
        found[level] = LevelBound(
            bound_of(given, question.measure),
            given.word("basis", BASIS),
            given.texts("references") if "references" in given.items else (),
        )
        _keeps_direction(table, given, level, found[level].bound, question.bound)
    return found


def _keeps_direction(table: Table, given: Table, level: str, bound: Bound, own: Bound) -> None:
    """Complain about a level that asks for something else, or about a lax athletic one."""
    if not (table.sound("bound", *BOUNDS) and given.sound("bound", *BOUNDS)):
        return
    if math.isfinite(bound.low) != math.isfinite(own.low) or math.isfinite(
        bound.high
    ) != math.isfinite(own.high):
        table.bad(level, "a bound of the same kind as the standard one", shown(dict(given.items)))
    elif level == ATHLETIC and not _holds_all_of(own, bound):
        table.bad(level, "no looser than the standard bound", shown(dict(given.items)))


def _holds_all_of(outer: Bound, inner: Bound) -> bool:
    return outer.low <= inner.low and inner.high <= outer.high


def target(table: Table, kind: Kind, criteria: Sequence[Criterion]) -> Target:
    """Return what a ``[[target]]`` table says."""
    table.only(*ASKING, "name", "criterion", "between", "within", "small", "below", "above")
    question = _question(table, kind, _ends(table))
    codes = [c.code for c in criteria]
    small = Bound(math.inf, -math.inf)
    if "small" in table.items:
        given = table.table("small")
        given.only(*BOUNDS)
        small = bound_of(given, question.measure)
    return Target(
        name=table.text("name") if "name" in table.items else target_name(question.measure),
        criterion=table.word("criterion", codes or ("",)),
        question=question,
        within=table.positive("within") if "within" in table.items else None,
        small=small,
        below=cue(table, "below"),
        above=cue(table, "above") if "within" in table.items else "",
    )


def target_name(measure: str) -> str:
    """Return what a measurement is called as a target: its name without its unit."""
    return measure.removesuffix(f"_{unit_of(measure)}")


def _ends(table: Table) -> Bound:
    if "between" not in table.items:
        table.bad("between", "two numbers: the least and the most that make sense", "missing")
        return Bound()
    return bound_of(table)


def _question(table: Table, kind: Kind, bound: Bound | None = None) -> Question:
    """Return a question; its bound is what the table gives, if not given here."""
    measure = table.word("measure", [*FRAME, *kind.whole])
    if bound is None:
        bound = bound_of(table, measure if table.sound("measure") else "")
    if measure in kind.whole:
        for key in ("during", "reduce", "sides"):
            if key in table.items:
                expected = f"absent: '{measure}' is about the whole {kind.word}"
                table.bad(key, expected, shown(table.items[key]))
        return Question(measure, bound)
    if not table.sound("measure"):
        return Question(measure, bound)
    return Question(
        measure,
        bound,
        table.word("during", kind.during),
        table.word("reduce", REDUCE),
        _sides(table, measure, kind),
    )


def _sides(table: Table, measure: str, kind: Kind) -> str:
    """Return what becomes of left and right in a question."""
    if "sides" not in table.items:
        return "mean"
    sides = table.word("sides", SIDES_RULE)
    if not table.sound("sides"):
        return sides
    if sides in ONE_SIDED and not kind.one_sided:
        expected = 'mean or worst: the exercise does not say sides = "one"'
        table.bad("sides", expected, shown(sides))
    elif sides in ONE_SIDED and not FRAME[measure].sided:
        table.bad("sides", f"absent: '{measure}' has no sides", shown(sides))
    return sides


def during_words(*, held: bool) -> tuple[str, ...]:
    """Return the words for when to look, of holds or of repetitions."""
    return tuple(word for word in DURING if (word == "hold") is held)
