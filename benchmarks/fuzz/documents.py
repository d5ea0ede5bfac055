"""Documents (JSON, TOML, tables) in which something is not as it should be."""

from __future__ import annotations

import copy
import json
import math
from collections.abc import Callable
from typing import Any

import numpy as np

Generator = np.random.Generator
DEEP = 3000

ODD: tuple[Callable[[], Any], ...] = (
    lambda: True,
    lambda: 0,
    lambda: -1,
    lambda: 1,
    lambda: 2**31,
    lambda: 10**400,
    lambda: -(10**400),
    lambda: 1e308,
    lambda: -1e-308,
    lambda: math.nan,
    lambda: math.inf,
    lambda: -math.inf,
    lambda: "",
    lambda: " ",
    lambda: "squat",
    lambda: "\u0000\u001b[31m\u202e",
    lambda: "<script>alert(1)</script>",
    lambda: "[bold]{{7*7}}[/nothing]",
    lambda: "../../etc/passwd",
    lambda: "x" * 100_000,
    list,
    dict,
    lambda: [[]],
    lambda: [1, 2],
    lambda: [2.0, 1.0],
    lambda: {"a": 1},
    lambda: ["left_knee_flexion_deg"] * 1000,
    lambda: _deep(DEEP),
)
"""What nobody expects somewhere."""


def tangled(rng: Generator, document: Any, odd: tuple[Callable[[], Any], ...] = ODD) -> Any:
    """Return a copy of a document in which one thing or several are odd."""
    changed = copy.deepcopy(document)
    for _ in range(int(rng.choice([1, 1, 2, 5]))):
        _tangle(rng, changed, odd)
    return changed


def _tangle(rng: Generator, document: Any, odd: tuple[Callable[[], Any], ...]) -> None:
    at = document
    while True:
        keys = list(at) if isinstance(at, dict) else list(range(len(at)))
        if not keys:
            return
        key = keys[int(rng.integers(len(keys)))]
        inner = at[key]
        if isinstance(inner, dict | list) and inner and rng.random() < 0.8:
            at = inner
            continue
        what = rng.random()
        if what < 0.6:
            at[key] = odd[int(rng.integers(len(odd)))]()
        elif what < 0.75:
            del at[key]
        elif what < 0.9 and isinstance(at, dict):
            at[f"{key}_"] = at.pop(key)
        elif isinstance(at, list):
            at.extend(list(at) * int(rng.choice([1, 3])))
        return


def to_json(document: Any) -> bytes:
    """Return a document as JSON, with NaN and the like as Python writes them."""
    return _text(lambda: json.dumps(document, ensure_ascii=False))


def to_toml(document: dict[str, Any]) -> bytes:
    """Return a document as TOML, its tables in one line each."""
    return _text(lambda: "".join(f"{_key(k)} = {_toml(v)}\n" for k, v in document.items()))


def _text(write: Callable[[], str]) -> bytes:
    try:
        return write().encode("utf-8", "backslashreplace")
    except RecursionError:
        return b"[" * 100_000


def _key(name: object) -> str:
    return json.dumps(str(name))


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_key(k)} = {_toml(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return json.dumps(value) if isinstance(value, str) else repr(value)


def _deep(depth: int) -> Any:
    found: Any = 1
    for i in range(depth):
        found = [found] if i % 2 else {"a": found}
    return found
