"""One table of an exercise file, read key by key.

What is wrong is noted, and something harmless is returned instead, so that one reading finds
everything that is wrong. What depends on a key that is wrong is not complained about.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from formcheck.errors import BadDefinition, shown
from formcheck.results import Bound
from formcheck.units import unit_of

HALF_TURN_DEG = 180.0
BOUNDS = ("at_least", "at_most", "between")


class Table:
    """One TOML table, read key by key, noting what is wrong.

    Parameters
    ----------
    file
        Its file's name, for messages.
    path
        Dotted path of this table within the file; empty for the whole file.
    items
        What stands in it.
    problems
        Where to note what is wrong; a list of its own, if not given.
    """

    def __init__(
        self,
        file: str,
        path: str,
        items: Mapping[str, Any],
        problems: list[BadDefinition] | None = None,
    ) -> None:
        self.file = file
        self.path = path
        self.items = items
        self.problems: list[BadDefinition] = [] if problems is None else problems
        self._wrong: set[str] = set()
        self._misspelt: set[str] = set()

    def bad(self, key: str, expected: str, got: str, suggestion: str | None = None) -> None:
        """Note what a key should be, and what it is."""
        self._wrong.add(key)
        self.problems.append(BadDefinition(self.file, self._at(key), expected, got, suggestion))

    def misspelt(self, *keys: str) -> bool:
        """Whether one of some keys was meant by a key that nobody knows."""
        return not self._misspelt.isdisjoint(keys)

    def sound(self, *keys: str) -> bool:
        """Whether nothing was wrong with some keys so far."""
        return self._wrong.isdisjoint(keys)

    def _at(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key

    def only(self, *allowed: str) -> None:
        """Complain about keys that nobody knows."""
        for key in self.items:
            if key not in allowed:
                near = get_close_matches(key, allowed, n=1)
                expected = f"one of {', '.join(allowed)}"
                self.bad(key, expected, "an unknown key", near[0] if near else None)
                self._misspelt.update(near)

    def _get(self, key: str, expected: str) -> Any:
        """Return a value; None, which TOML does not have, if it is missing."""
        if key in self._misspelt and key not in self.items:
            self._wrong.add(key)
            return None
        if key not in self.items:
            self.bad(key, expected, "missing")
            return None
        return self.items[key]

    def text(self, key: str) -> str:
        """Return a text that is not empty; an empty one if there is none."""
        value = self._get(key, "a text")
        if isinstance(value, str) and value.strip():
            return value.strip()
        if value is not None:
            self.bad(key, "a text", shown(value))
        return ""

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts, maybe empty."""
        value = self._get(key, "a list of texts")
        if isinstance(value, list) and all(isinstance(v, str) for v in value):
            return tuple(value)
        if value is not None:
            self.bad(key, "a list of texts", shown(value))
        return ()

    def word(self, key: str, allowed: Sequence[str] | Mapping[str, object]) -> str:
        """Return one of some words; the first of them if there is none."""
        value = self.text(key)
        if value in allowed:
            return value
        if self.sound(key):
            near = get_close_matches(value, list(allowed), n=1)
            expected = f"one of {', '.join(allowed)}"
            self.bad(key, expected, shown(value), near[0] if near else None)
        return next(iter(allowed))

    def words(self, key: str, allowed: Sequence[str] | Mapping[str, object]) -> tuple[str, ...]:
        """Return a list of words, at least one."""
        values = self.texts(key)
        if not values and self.sound(key):
            self.bad(key, f"some of {', '.join(allowed)}", "empty")
        each = (Table(self.file, self.path, {key: value}, self.problems) for value in values)
        return tuple(one.word(key, allowed) for one in each)

    def number(self, key: str) -> float:
        """Return a finite number; NaN if there is none."""
        value = self._get(key, "a number")
        if _is_number(value):
            return float(value)
        if value is not None:
            self.bad(key, "a number", shown(value))
        return math.nan

    def positive(self, key: str) -> float:
        """Return a number above 0; NaN if there is none."""
        value = self.number(key)
        if value <= 0:
            self.bad(key, "a number above 0", shown(value))
            return math.nan
        return value

    def table(self, key: str) -> Table:
        """Return a table within this one; one that notes nothing if there is none."""
        value = self._get(key, "a table")
        if isinstance(value, dict):
            return Table(self.file, self._at(key), value, self.problems)
        if value is not None:
            self.bad(key, "a table", shown(value))
        return Table(self.file, self._at(key), {})

    def tables(self, key: str, *, optional: bool = False) -> tuple[Table, ...]:
        """Return a list of tables within this one; empty if it may be missing and is."""
        if optional and key not in self.items:
            return ()
        value = self._get(key, "a list of tables")
        if isinstance(value, list) and all(isinstance(v, dict) for v in value):
            at = self._at(key)
            return tuple(
                Table(self.file, f"{at}[{i}]", v, self.problems) for i, v in enumerate(value)
            )
        if value is not None:
            self.bad(key, "a list of tables", shown(value))
        return ()


def _is_number(value: object) -> bool:
    if not isinstance(value, int | float) or isinstance(value, bool):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:  # a whole number with hundreds of digits
        return False


def bound_of(table: Table, measure: str = "") -> Bound:
    """Return the one bound that a table gives: at_least, at_most or between.

    Parameters
    ----------
    table
        Where it stands.
    measure
        What it bounds, if that is known: its unit says which bounds make no sense.
    """
    given = [k for k in BOUNDS if k in table.items]
    if not given and table.misspelt(*BOUNDS):
        return Bound()
    if len(given) != 1:
        got = " and ".join(given) or "none of them"
        table.bad("bound", "exactly one of at_least, at_most, between", got)
        return Bound()
    (key,) = given
    bound = _bound(table, key)
    if measure and table.sound(key):
        _makes_sense(table, key, bound, unit_of(measure))
    return bound


def _bound(table: Table, key: str) -> Bound:
    if key == "at_least":
        return Bound(low=table.number(key))
    if key == "at_most":
        return Bound(high=table.number(key))
    ends = table.items[key]
    if not (isinstance(ends, list) and len(ends) == 2 and all(map(_is_number, ends))):
        table.bad(key, "two numbers, the lower first", shown(ends))
        return Bound()
    low, high = (float(end) for end in ends)
    if not low < high:
        table.bad(key, "two numbers, the lower first", shown(ends))
    return Bound(low, high)


def _makes_sense(table: Table, key: str, bound: Bound, unit: str) -> None:
    """Complain about a bound that no value of this unit could be near."""
    ends = [end for end in (bound.low, bound.high) if math.isfinite(end)]
    got = shown(table.items[key])
    if unit == "deg" and any(abs(end) > HALF_TURN_DEG for end in ends):
        table.bad(key, "an angle between -180 and 180 degrees", got)
    if unit == "s" and any(end < 0 for end in ends):
        table.bad(key, "a time of 0 s or more", got)
