"""Reads the ``[repetition]`` table of an exercise file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace

from formcheck.errors import shown
from formcheck.exercises.asking import Kind, during_words, requirement
from formcheck.exercises.hold_plan import AT_A_TIME, hold_plan
from formcheck.exercises.table import Table
from formcheck.in_position import HoldPlan
from formcheck.measures.catalogue import FRAME
from formcheck.measures.hold import HOLD
from formcheck.measures.repetition import REPETITION
from formcheck.questions import GENTLE, HELD, Requirement
from formcheck.reduce import REDUCE
from formcheck.reps import NO_REPETITIONS, RepRule
from formcheck.results import Phase
from formcheck.sides import WINS, SideRule

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
GENTLE_LESS = ("min_range", "min_partial")
"""Those that may be smaller where small repetitions count."""
GENTLE_MORE = ("return_to", "min_duration_s")
"""Those that may be larger there: rest is known no more exactly, and a small movement that is
quick is a step or a sway."""


@dataclass(frozen=True, slots=True)
class Told:
    """How an exercise's repetitions or holds are told."""

    kind: Kind
    signal: str = ""
    rule: RepRule = NO_REPETITIONS
    gentle_rule: RepRule | None = None
    words: Mapping[Phase, str] = field(default_factory=dict)
    side: SideRule | None = None
    requirements: tuple[Requirement, ...] = ()
    hold: HoldPlan | None = None
    goals_s: Mapping[str, float] = field(default_factory=dict)


def told(table: Table) -> Told:
    """Return what ``[repetition]`` or ``[hold]`` says; exactly one of them must be there."""
    given = [key for key in ("repetition", "hold") if key in table.items]
    if given == ["hold"]:
        plan, goals_s = hold_plan(table.table("hold"))
        kind = Kind(plan.one_sided, HOLD, (HELD,), "hold")
        return Told(kind, hold=plan, goals_s=goals_s)
    if given != ["repetition"]:
        got = "both" if given else "neither of them"
        table.bad("the exercise", "told by either [repetition] or [hold]", got)
    repetition = table.table("repetition") if given else Table(table.file, "repetition", {})
    repetition.only(
        *("signal", "words", "sides", "side_by", "require", GENTLE), *RULE_KEYS, *RULE_CHOICES
    )
    side = _side_rule(repetition)
    kind = Kind(side is not None, REPETITION, during_words(held=False), "repetition")
    rule = _rule(repetition)
    return Told(
        kind,
        signal=repetition.word("signal", [n for n, row in FRAME.items() if not row.sided]),
        rule=rule,
        gentle_rule=_gentle(repetition, rule) if GENTLE in repetition.items else None,
        words=_words(repetition),
        side=side,
        requirements=tuple(
            requirement(t, kind) for t in repetition.tables("require", optional=True)
        ),
    )


def _rule(table: Table) -> RepRule:
    given = [*RULE_KEYS, *(key for key in RULE_CHOICES if key in table.items)]
    rule = RepRule(**{key: table.positive(key) for key in given})
    _consistent(table, rule)
    return rule


def _consistent(table: Table, rule: RepRule) -> None:
    """Complain about numbers that do not go together."""
    if rule.min_partial >= rule.min_range:
        table.bad("min_partial", "less than min_range", str(rule.min_partial))
    for key in ("return_to", "own_range"):
        if getattr(rule, key) >= 1:
            table.bad(key, "a fraction between 0 and 1", str(getattr(rule, key)))
    if rule.min_duration_s >= rule.max_duration_s:
        table.bad("min_duration_s", "less than max_duration_s", str(rule.min_duration_s))


def _gentle(table: Table, rule: RepRule) -> RepRule:
    """Return the rule with what differs where small repetitions count."""
    given = table.table(GENTLE)
    given.only(*GENTLE_LESS, *GENTLE_MORE)
    moved = {k: given.positive(k) for k in (*GENTLE_LESS, *GENTLE_MORE) if k in given.items}
    for key, value in moved.items():
        usual = getattr(rule, key)
        if key in GENTLE_LESS and value > usual:
            given.bad(key, f"no more than the usual {usual:g}", shown(value))
        if key in GENTLE_MORE and value < usual:
            given.bad(key, f"no less than the usual {usual:g}", shown(value))
    gentle = replace(rule, **moved, usual_least=rule.min_range)
    if table.sound(*RULE_KEYS) and given.sound(*moved):
        _consistent(given, gentle)
    return gentle


def _words(table: Table) -> dict[Phase, str]:
    """Return what the way out, the turning point and the way back are called."""
    if "words" not in table.items:
        return {}
    words = table.texts("words")
    phases = (Phase.DESCENT, Phase.BOTTOM, Phase.ASCENT)
    if len(words) != len(phases):
        if table.sound("words"):
            table.bad("words", "three: out, there, and back", shown(list(words)))
        return {}
    return dict(zip(phases, words, strict=True))


def _side_rule(table: Table) -> SideRule | None:
    sides = table.word("sides", AT_A_TIME) if "sides" in table.items else "both"
    if sides == "both":
        if "side_by" in table.items and table.sound("sides"):
            table.bad("side_by", 'absent, or sides = "one"', "there with both sides")
        return None
    by = table.table("side_by")
    by.only(*(f.name for f in fields(SideRule)))
    return SideRule(
        by.word("measure", [name for name, row in FRAME.items() if row.sided]),
        by.word("during", during_words(held=False)),
        by.word("reduce", REDUCE),
        by.word("wins", WINS),
        by.positive("least") if "least" in by.items else 0.0,
    )
