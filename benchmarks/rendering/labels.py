"""Writes what a film shows as TOML that people can read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks.rendering.action import Event

SCHEMA = "formcheck.labels/1"


def rep_table(event: Event) -> dict[str, Any]:
    """Return what is written about one repetition or hold."""
    return {
        "number": event.number,
        "side": event.side,
        "start_s": event.start_s,
        "turn_s": event.turn_s,
        "end_s": event.end_s,
        "held_s": event.held_s,
        "counted": event.counted,
        "faults": [fault.name for fault in event.faults],
        "levels": [fault.level for fault in event.faults],
        "measures": dict(event.measures),
        "truths": dict(event.truths),
    }


def to_toml(head: Mapping[str, Any], reps: Sequence[Mapping[str, Any]]) -> str:
    """Return the labels of a film as TOML text.

    Parameters
    ----------
    head
        Plain values first, then tables of plain values.
    reps
        One table per repetition.
    """
    plain = {k: v for k, v in head.items() if not isinstance(v, Mapping)}
    lines = [f"{key} = {_value(value)}" for key, value in plain.items()]
    for name, table in head.items():
        if isinstance(table, Mapping):
            lines += ["", f"[{name}]"] + [f"{k} = {_value(v)}" for k, v in table.items()]
    for rep in reps:
        lines += ["", "[[reps]]"] + [f"{key} = {_value(value)}" for key, value in rep.items()]
    return "\n".join(lines) + "\n"


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{k} = {_value(v)}" for k, v in value.items()) + " }"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_value(v) for v in value) + "]"
    if isinstance(value, int):
        return str(value)
    return f"{float(value) + 0.0:.3f}"
