"""Writes what a film shows as TOML that people can read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks.rendering.motion import Plan, SquatRep
from benchmarks.rendering.truth import RepTimes, Truth

SCHEMA = "formcheck.labels/1"

FAULTS = {
    "shallow": "thigh_deg",
    "lean": "trunk_deg",
    "heel_rise": "heel_rise_deg",
    "knees_in": "knee_ratio",
    "hip_shift": "hip_shift_m",
    "fast_descent": "descent_s",
    "no_lockout": "end_knee_flexion_deg",
}
"""Fault → the measure of the repetition that shows it."""


def rep_labels(truth: Truth, plan: Plan, times: Sequence[RepTimes]) -> list[dict[str, Any]]:
    """Return one table per repetition: times, sizes as measured on the joints, faults."""
    return [
        _rep_label(truth, rep, when, number)
        for number, (rep, when) in enumerate(zip(plan.reps, times, strict=True), start=1)
    ]


def _rep_label(truth: Truth, rep: SquatRep, when: RepTimes, number: int) -> dict[str, Any]:
    turn, during = when.turn, when.frames
    middle = {
        joint: (truth.joint(f"left_{joint}") + truth.joint(f"right_{joint}")) / 2
        for joint in ("hip", "ankle")
    }
    measures = {
        "thigh_deg": truth.mean("thigh_deg")[turn],
        "knee_flexion_deg": truth.mean("knee_flexion_deg")[turn],
        "trunk_deg": truth.angles["trunk_deg"][turn],
        "shin_deg": truth.mean("shin_deg")[turn],
        "heel_rise_deg": truth.mean("heel_rise_deg")[during].max(),
        "knee_ratio": truth.knee_ratio()[turn],
        "hip_shift_m": (middle["hip"] - middle["ankle"])[turn, 0],
        "descent_s": when.turn_s - when.start_s,
        "end_knee_flexion_deg": truth.mean("knee_flexion_deg")[during.stop - 1 :][:4].min(),
    }
    return {
        "number": number,
        "start_s": when.start_s,
        "turn_s": when.turn_s,
        "end_s": when.end_s,
        "counted": rep.counted,
        "faults": list(rep.faults),
        "measures": measures,
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
