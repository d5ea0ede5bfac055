"""Reads the ``[hold]`` table of an exercise file."""

from __future__ import annotations

import math

from formcheck.exercises.table import Table, bound_of
from formcheck.holds import HoldRule
from formcheck.keeping import HOLDING_SIDES, Condition, Depth, HoldPlan
from formcheck.measures.catalogue import FRAME
from formcheck.results import Bound

AT_A_TIME = {
    "both": "both sides work together",
    "one": "one side works at a time, and is counted apart",
}
"""How many sides a repetition or hold has: word in exercise files → what it means."""


def hold_plan(table: Table) -> HoldPlan:
    """Return what a ``[hold]`` table says.

    Raises
    ------
    BadDefinition
        It says something that cannot be meant.
    """
    table.only("sides", "min_s", "wobble_s", "goal_s", "missed", "seen", "position", "depth")
    one_sided = "sides" in table.items and table.word("sides", AT_A_TIME) == "one"
    depth, still = None, math.inf
    if "depth" in table.items:
        given = table.table("depth")
        given.only("measure", "sides", "still")
        depth = Depth(*_reading(given, one_sided=one_sided))
        still = given.positive("still")
    rule = HoldRule(
        min_s=table.positive("min_s"),
        wobble_s=table.positive("wobble_s"),
        goal_s=table.positive("goal_s"),
        still=still,
    )
    if not rule.min_s < rule.goal_s:
        raise table.bad("min_s", "less than goal_s", str(rule.min_s))
    position = tuple(_condition(t, one_sided=one_sided) for t in table.tables("position"))
    if not position:
        raise table.bad("position", "at least one condition", "empty")
    seen = table.text("seen") if "seen" in table.items else ""
    return HoldPlan(rule, position, depth, one_sided, table.text("missed"), seen)


def _condition(table: Table, *, one_sided: bool) -> Condition:
    table.only("measure", "sides", "enter", "stay")
    measure, sides = _reading(table, one_sided=one_sided)
    enter, stay = (_bound(table.table(key)) for key in ("enter", "stay"))
    if not (stay.low <= enter.low and enter.high <= stay.high):
        raise table.bad("stay", "no narrower than enter", repr(table.items["stay"]))
    return Condition(measure, enter, stay, sides)


def _bound(table: Table) -> Bound:
    table.only("at_least", "at_most", "between")
    return bound_of(table)


def _reading(table: Table, *, one_sided: bool) -> tuple[str, str]:
    """Return a measurement and of which side it is, which must be said where it has sides."""
    measure = table.word("measure", FRAME)
    if not FRAME[measure].sided:
        if "sides" in table.items:
            raise table.bad("sides", f"absent: '{measure}' has no sides", "there")
        return measure, ""
    allowed = HOLDING_SIDES if one_sided else ("mean",)
    return measure, table.word("sides", allowed)
