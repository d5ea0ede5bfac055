"""One table of an exercise file, read key by key, complaining precisely."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from formcheck.errors import BadDefinition
from formcheck.results import Bound


class Table:
    """One TOML table, read key by key, complaining precisely."""

    def __init__(self, file: str, path: str, items: Mapping[str, Any]) -> None:
        self.file = file
        self.path = path
        self.items = items

    def bad(
        self, key: str, expected: str, got: str, suggestion: str | None = None
    ) -> BadDefinition:
        """Return the error that says what a key should be, and what it is."""
        return BadDefinition(self.file, self._at(key), expected, got, suggestion)

    def _at(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key

    def only(self, *allowed: str) -> None:
        """Complain about a key that nobody knows."""
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
        """Return a text that is not empty."""
        value = self._get(key, "a text")
        if not isinstance(value, str) or not value.strip():
            raise self.bad(key, "a text", repr(value))
        return value.strip()

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts, maybe empty."""
        value = self._get(key, "a list of texts")
        if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
            raise self.bad(key, "a list of texts", repr(value))
        return tuple(value)

    def word(self, key: str, allowed: Sequence[str] | Mapping[str, object]) -> str:
        """Return one of some words."""
        value = self.text(key)
        if value not in allowed:
            near = get_close_matches(value, list(allowed), n=1)
            expected = f"one of {', '.join(allowed)}"
            raise self.bad(key, expected, repr(value), near[0] if near else None)
        return value

    def words(self, key: str, allowed: Sequence[str] | Mapping[str, object]) -> tuple[str, ...]:
        """Return a list of words, at least one."""
        values = self.texts(key)
        if not values:
            raise self.bad(key, f"some of {', '.join(allowed)}", "empty")
        each = (Table(self.file, self.path, {key: value}) for value in values)
        return tuple(one.word(key, allowed) for one in each)

    def number(self, key: str) -> float:
        """Return a finite number."""
        value = self._get(key, "a number")
        if (
            isinstance(value, bool)
            or not isinstance(value, int | float)
            or not math.isfinite(value)
        ):
            raise self.bad(key, "a number", repr(value))
        return float(value)

    def positive(self, key: str) -> float:
        """Return a number above 0."""
        value = self.number(key)
        if not value > 0:
            raise self.bad(key, "a number above 0", repr(value))
        return value

    def table(self, key: str) -> Table:
        """Return a table within this one."""
        value = self._get(key, "a table")
        if not isinstance(value, dict):
            raise self.bad(key, "a table", repr(value))
        return Table(self.file, self._at(key), value)

    def tables(self, key: str, *, optional: bool = False) -> tuple[Table, ...]:
        """Return a list of tables within this one; empty if it may be missing and is."""
        if optional and key not in self.items:
            return ()
        value = self._get(key, "a list of tables")
        if not isinstance(value, list) or not all(isinstance(v, dict) for v in value):
            raise self.bad(key, "a list of tables", repr(value))
        at = self._at(key)
        return tuple(Table(self.file, f"{at}[{i}]", v) for i, v in enumerate(value))


def bound_of(table: Table) -> Bound:
    """Return the one bound that a table gives: at_least, at_most or between."""
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
