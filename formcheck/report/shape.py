"""Whether a document is what its JSON Schema says, for as much of JSON Schema as ours uses.

A document may come from anywhere: who reads one can rely on what was looked at here. The schema
is turned into functions once, since a history holds thousands of reports.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from formcheck.errors import shown

SCHEMA_FILE = Path(__file__).with_name("report.schema.json")
"""JSON Schema of the document."""
DEEPEST = 30
"""Lists and tables within one another, where the schema says nothing about them."""

Check = Callable[[Any, str], None]
"""Raises `Misshapen` if a value, which stands at a place, is wrong."""

_TYPES: Mapping[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
}
_WORDS = {
    "object": "a table",
    "array": "a list",
    "string": "a text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "null": "null",
}


class Misshapen(ValueError):
    """Something in a document is not what belongs there."""


def require_report(document: Any) -> None:
    """Complain about a document that is no report; the first thing that is wrong is named.

    Raises
    ------
    Misshapen
        It is none.
    """
    _report()(document, "")


@cache
def _report() -> Check:
    schema = json.loads(SCHEMA_FILE.read_text("utf-8"))
    # Criteria and segments were added later than the rest, and may be missing.
    schema["required"] = [n for n in schema["required"] if n not in {"criteria", "segments"}]
    return _Maker(schema).check(schema)


class _Maker:
    """Turns parts of a schema into functions."""

    def __init__(self, root: Mapping[str, Any]) -> None:
        self._root = root
        self._made: dict[str, Check] = {}

    def check(self, schema: Mapping[str, Any]) -> Check:
        if "$ref" in schema:
            return self._referred(schema["$ref"])
        if "const" in schema:
            return _one_of((schema["const"],))
        if "enum" in schema:
            return _one_of(tuple(schema["enum"]))
        kinds = schema.get("type", ())
        kinds = (kinds,) if isinstance(kinds, str) else tuple(kinds)
        inner = {
            "object": self._table,
            "array": self._list,
            "string": _text,
            "integer": _number,
            "number": _number,
        }
        makers = [inner[kind](schema) for kind in kinds if kind in inner]
        return _typed(kinds, makers[0] if makers else None)

    def _referred(self, name: str) -> Check:
        if name not in self._made:
            part: Any = self._root
            for step in name.removeprefix("#/").split("/"):
                part = part[step]
            self._made[name] = self.check(part)
        return self._made[name]

    def _table(self, schema: Mapping[str, Any]) -> Check:
        known = {k: self.check(v) for k, v in schema.get("properties", {}).items()}
        required = tuple(schema.get("required", ()))
        more = schema.get("additionalProperties")
        other = self.check(more) if isinstance(more, dict) else None

        def check(value: Any, at: str) -> None:
            for key in required:
                if key not in value:
                    msg = f"'{_at(at, key)}' is missing"
                    raise Misshapen(msg)
            for key, item in value.items():
                test = known.get(key, other)
                if test is not None:
                    test(item, _at(at, key))
                elif not known:
                    _not_too_deep(item, _at(at, key))

        return check

    def _list(self, schema: Mapping[str, Any]) -> Check:
        each = self.check(schema["items"])

        def check(value: Any, at: str) -> None:
            for i, item in enumerate(value):
                each(item, f"{at}[{i}]")

        return check


def _typed(kinds: tuple[str, ...], inner: Check | None) -> Check:
    allowed = tuple(t for kind in kinds for t in _TYPES[kind])
    words = " or ".join(_WORDS[kind] for kind in kinds)

    def check(value: Any, at: str) -> None:
        if not isinstance(value, allowed) or (isinstance(value, bool) and bool not in allowed):
            msg = f"'{at or 'the document'}' should be {words}, but is {shown(value)}"
            raise Misshapen(msg)
        if inner is not None and value is not None:
            inner(value, at)

    return check


def _one_of(allowed: tuple[Any, ...]) -> Check:
    def check(value: Any, at: str) -> None:
        if value not in allowed or isinstance(value, bool):
            words = ", ".join(map(str, allowed))
            msg = f"'{at}' should be one of {words}, but is {shown(value)}"
            raise Misshapen(msg)

    return check


def _text(schema: Mapping[str, Any]) -> Check:
    pattern = re.compile(schema.get("pattern", ""))

    def check(value: Any, at: str) -> None:
        if not pattern.search(value):
            msg = f"'{at}' cannot be {shown(value)}"
            raise Misshapen(msg)

    return check


def _number(schema: Mapping[str, Any]) -> Check:
    low, high = schema.get("minimum", -math.inf), schema.get("maximum", math.inf)

    def check(value: Any, at: str) -> None:
        # Whole numbers in JSON can be too large to reckon with.
        if not (low <= value <= high and -1e300 < value < 1e300):
            msg = f"'{at}' cannot be {shown(value)}"
            raise Misshapen(msg)

    return check


def _not_too_deep(value: Any, at: str) -> None:
    level, depth = [value], 0
    while level:
        depth += 1
        if depth > DEEPEST:
            msg = f"'{at}' is nested too deeply"
            raise Misshapen(msg)
        level = [
            item
            for each in level
            if isinstance(each, dict | list)
            for item in (each.values() if isinstance(each, dict) else each)
        ]


def _at(place: str, key: str) -> str:
    key = key if len(key) <= 60 else f"{key[:60]}…"
    return f"{place}.{key}" if place else key
