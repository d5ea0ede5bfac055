"""The rows of the tables, made of a clip's report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from formcheck.batch.clips import Clip
from formcheck.report.document import parts_of

Row = dict[str, Any]
"""Column → text, number, truth value or None."""

CLIP_COLUMNS = (
    "clip",
    "person",
    "level",
    "date",
    "status",
    "error",
    "reason",
    "exercise",
    "exercise_name",
    "chosen_by",
    "confidence",
    "reps",
    "partial_reps",
    "holds",
    "held_s",
    "score",
    "passed",
    "failed",
    "unclear",
    "faults",
    "cues",
    "view",
    "posture",
    "person_seen",
    "duration_s",
    "frames",
    "fps",
    "width",
    "height",
    "warnings",
    "count_doubts",
    "sha256",
    "model_sha256",
    "formcheck",
    "report",
)
"""All columns of the table of clips."""
NUMBERS = frozenset(
    {
        "confidence",
        "reps",
        "partial_reps",
        "holds",
        "held_s",
        "score",
        "passed",
        "failed",
        "unclear",
        "person_seen",
        "duration_s",
        "frames",
        "fps",
        "width",
        "height",
    }
)
REP_COLUMNS = (
    "clip",
    "person",
    "level",
    "date",
    "exercise",
    "kind",
    "number",
    "side",
    "start_s",
    "turn_s",
    "end_s",
    "held_s",
    "score",
    "assessed",
    "criteria",
    "reason",
)
"""Columns that the table of repetitions begins with; measurements and verdicts follow."""
REP_TEXTS = frozenset(
    {
        "clip",
        "person",
        "level",
        "date",
        "exercise",
        "kind",
        "side",
        "reason",
    }
)

SCORED, FAILED = "scored", "failed"
SEPARATOR = "; "


def about(clip: Clip) -> Row:
    """Return what was known about a clip beforehand."""
    return {"clip": clip.path, "person": clip.person, "date": clip.date}


def clip_row(document: Mapping[str, Any]) -> Row:
    """Return what a report says about its clip as a whole."""
    exercise, summary = document["exercise"], document["summary"]
    source, quality = document["source"], document["quality"]
    return {
        "level": exercise["level"],
        "exercise": exercise["id"],
        "exercise_name": exercise["name"],
        "chosen_by": exercise["chosen_by"],
        "confidence": exercise["confidence"],
        "reps": summary["reps_counted"],
        "partial_reps": summary["reps_partial"],
        **{name: summary[name] for name in ("holds", "held_s", "score")},
        **{name: summary[name] for name in ("passed", "failed", "unclear")},
        "faults": SEPARATOR.join(f"{code} {n}" for code, n in _faults(document).items()),
        "cues": SEPARATOR.join(summary["cues"]),
        "view": document["view"]["name"],
        "posture": document["posture"]["name"],
        "person_seen": quality["person_seen"],
        **{name: source[name] for name in ("duration_s", "frames", "fps", "width", "height")},
        "warnings": SEPARATOR.join(quality["warnings"]),
        "count_doubts": SEPARATOR.join(quality.get("count_doubts", ())),
        "sha256": source["sha256"],
        "model_sha256": document["provenance"].get("model_sha256", ""),
        "formcheck": document["formcheck"],
    }


def rep_rows(document: Mapping[str, Any]) -> list[Row]:
    """Return a row for each repetition, counted or partial, or hold, in the order of time."""
    rows = [
        {"exercise": part["exercise"]["id"], "level": part["exercise"]["level"], **row}
        for part in parts_of(document)
        for row in _judged(part)
    ]
    return sorted(rows, key=lambda row: (row["start_s"], row["kind"]))


def _judged(document: Mapping[str, Any]) -> Iterator[Row]:
    for kind, name in (("reps", "rep"), ("partial_reps", "partial"), ("holds", "hold")):
        for one in document[kind]:
            leading = {column: one.get(column) for column in REP_COLUMNS[6:]}
            yield {"kind": name, **leading, **_measured(one)}


def _measured(one: Mapping[str, Any]) -> Row:
    row: Row = {}
    for name, reading in one["measures"].items():
        if name not in REP_COLUMNS:
            row[name], row[f"{name}_sigma"] = reading["value"], reading["sigma"]
    return row | {f"{v['code']}_status": v["status"] for v in one["verdicts"]}


def _faults(document: Mapping[str, Any]) -> dict[str, int]:
    """Return how often each criterion failed, the most frequent first."""
    judged = [one for part in parts_of(document) for one in (*part["reps"], *part["holds"])]
    codes = Counter(v["code"] for one in judged for v in one["verdicts"] if v["status"] == "fail")
    return dict(sorted(codes.items(), key=lambda item: (-item[1], item[0])))
