"""Reads the ``[hold]`` table of an exercise file."""

from __future__ import annotations

import math

from formcheck.errors import shown
from formcheck.exercises.asking import OTHER_LEVELS
from formcheck.exercises.table import BOUNDS, Table, bound_of
from formcheck.holds import HoldRule
from formcheck.in_position import HOLDING_SIDES, Condition, Depth, HoldPlan
from formcheck.measures.catalogue import FRAME
from formcheck.results import Bound

AT_A_TIME = {
    "both": "both sides work together",
    "one": "one side works at a time, and is counted apart",
}
"""How many sides a repetition or hold has: word in exercise files → what it means."""


def hold_plan(table: Table) -> tuple[HoldPlan, dict[str, float]]:
    """Return what a ``[hold]`` table says, and the goals of other levels in seconds."""
    table.only(
        *("sides", "min_s", "wobble_s", "goal_s", "missed", "seen", "position", "depth"),
        *OTHER_LEVELS,
    )
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
    if rule.min_s >= rule.goal_s:
        table.bad("min_s", "less than goal_s", str(rule.min_s))
    position = tuple(_condition(t, one_sided=one_sided) for t in table.tables("position"))
    if not position and table.sound("position"):
        table.bad("position", "at least one condition", "empty")
    seen = table.text("seen") if "seen" in table.items else ""
    plan = HoldPlan(rule, position, depth, one_sided, table.text("missed"), seen)
    return plan, _goals(table, rule)


def _goals(table: Table, rule: HoldRule) -> dict[str, float]:
    """Return level → how long to hold there, where the file says so."""
    goals_s = {}
    for level in OTHER_LEVELS:
        if level not in table.items:
            continue
        given = table.table(level)
        given.only("goal_s")
        goals_s[level] = given.positive("goal_s")
        if goals_s[level] <= rule.min_s:
            given.bad("goal_s", "more than min_s", shown(goals_s[level]))
    return goals_s


def _condition(table: Table, *, one_sided: bool) -> Condition:
    table.only("measure", "sides", "enter", "stay")
    measure, sides = _reading(table, one_sided=one_sided)
    enter, stay = (_bound(table.table(key)) for key in ("enter", "stay"))
    if enter.low < stay.low or enter.high > stay.high:
        table.bad("stay", "no narrower than enter", shown(table.items.get("stay")))
    return Condition(measure, enter, stay, sides)


def _bound(table: Table) -> Bound:
    table.only(*BOUNDS)
    return bound_of(table)


def _reading(table: Table, *, one_sided: bool) -> tuple[str, str]:
    """Return a measurement and of which side it is, which must be said where it has sides."""
    measure = table.word("measure", FRAME)
    if not table.sound("measure"):
        return measure, ""
    if not FRAME[measure].sided:
        if "sides" in table.items:
            table.bad("sides", f"absent: '{measure}' has no sides", "there")
        return measure, ""
    allowed = HOLDING_SIDES if one_sided else ("mean",)
    return measure, table.word("sides", allowed)
