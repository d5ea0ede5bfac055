"""Where in an exercise file something stands, for messages."""

from __future__ import annotations

import re
from collections import Counter

_HEADER = re.compile(r"^\s*(\[\[?)\s*([A-Za-z0-9_.\-]+)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"^\s*([A-Za-z0-9_\-]+)\s*=")
_QUOTES = ('"""', "'''")


def line_numbers(text: str) -> dict[str, int]:
    """Return dotted path, such as ``criterion[2].reduce`` → number of its line, from 1.

    What stands in a table on one line has the line of that table. Keys in other notations,
    such as quoted ones, are left out.
    """
    found: dict[str, int] = {}
    counts: Counter[str] = Counter()
    at, within = "", ""
    for number, line in enumerate(text.splitlines(), start=1):
        if within:
            within = "" if within in line else within
            continue
        if header := _HEADER.match(line):
            at = _table_path(header[2], counts, is_list=header[1] == "[[")
            found.setdefault(at, number)
        elif key := _KEY.match(line):
            found.setdefault(f"{at}.{key[1]}" if at else key[1], number)
        within = next((q for q in _QUOTES if line.count(q) % 2), "")
    return found


def _table_path(name: str, counts: Counter[str], *, is_list: bool) -> str:
    """Return the path of a table whose header was read; lists within are counted on."""
    path = ""
    parts = name.split(".")
    for i, part in enumerate(parts):
        path = f"{path}.{part}" if path else part
        if is_list and i == len(parts) - 1:
            counts[path] += 1
        if counts[path]:
            path = f"{path}[{counts[path] - 1}]"
    return path


def line_of(path: str, lines: dict[str, int]) -> int | None:
    """Return the line of a key, or of the nearest table around it; None of the whole file."""
    while path:
        if path in lines:
            return lines[path]
        path = path.rpartition(".")[0]
    return None
