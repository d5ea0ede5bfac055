"""The report as a JSON document, the same bytes for the same report."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from formcheck import __version__
from formcheck.errors import CannotOpen, WrongSchema, shown
from formcheck.report.shape import Misshapen, require_report
from formcheck.results import (
    ExerciseInfo,
    Hold,
    Posture,
    Quality,
    Readings,
    Rep,
    Report,
    Segment,
    Summary,
    Verdict,
    View,
)
from formcheck.units import unit_of

SCHEMA = "formcheck.report/1"
MOST_BYTES = 1 << 28
"""A document may be so long; that of an hour of squats has a hundredth of it."""
DECIMALS = 4

DISCLAIMER = (
    "This report is educational and no medical advice. A camera misjudges angles by "
    "several degrees and cannot see pain, strength or what you were told by those who "
    "treat you. Stop if it hurts, and ask a doctor or physiotherapist."
)

_SECTIONS = (
    "schema",
    "formcheck",
    "source",
    "exercise",
    "view",
    "posture",
    "reps",
    "partial_reps",
    "holds",
    "summary",
    "quality",
    "provenance",
    "disclaimer",
)


def to_document(report: Report) -> dict[str, Any]:
    """Return the report as values that JSON knows.

    What is unknown (NaN) or unbounded (infinite) becomes None; other numbers are rounded
    to four decimals. The per-frame series are left out.
    """
    document = {
        "schema": SCHEMA,
        "formcheck": __version__,
        "source": {
            "path": report.source.path,
            "duration_s": report.source.duration_s,
            "frames": report.source.frames,
            "fps": report.source.fps,
            "width": report.source.width,
            "height": report.source.height,
            "rotation_deg": report.source.rotation_deg,
            "sha256": report.source.sha256,
        },
        "exercise": _exercise(report.exercise),
        "criteria": [asdict(criterion) for criterion in report.exercise.criteria],
        "view": _view(report.view),
        "posture": _posture(report.posture),
        "reps": [_rep(rep) for rep in report.reps],
        "partial_reps": [_rep(rep) for rep in report.partial_reps],
        "holds": [_hold(hold) for hold in report.holds],
        "summary": _summary(report.summary),
        "quality": _quality(report.quality),
        "segments": [_segment(segment) for segment in report.segments],
        "provenance": report.provenance,
        "disclaimer": DISCLAIMER,
    }
    return {key: _plain(value, key) for key, value in document.items()}


def parts_of(document: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return one document for each exercise of a report, the only one as it is.

    Those of a report of several exercises have the clip and the provenance of the whole.
    """
    segments = document.get("segments") or ()
    if not segments:
        return [dict(document)]
    return [{**document, "criteria": [], **segment, "segments": []} for segment in segments]


def to_bytes(document: Mapping[str, Any]) -> bytes:
    """Return a document as UTF-8 text, indented, ending in a line break."""
    text = json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False)
    return (text + "\n").encode("utf-8", errors="backslashreplace")


def load_document(path: Path) -> dict[str, Any]:
    """Read a report that was written earlier.

    Raises
    ------
    CannotOpen
        The file is missing or unreadable.
    WrongSchema
        It is no report of ours, or one of a version that is not known.
    """
    try:
        document = json.loads(read_text(path))
    except OSError as error:
        msg = (
            f"Could not read the report '{path}': {error.strerror or error}. "
            "Give the report.json that 'formcheck check CLIP --out FOLDER' wrote."
        )
        raise CannotOpen(msg) from error
    except (ValueError, RecursionError) as error:
        msg = f"'{path}' is not a formcheck report: it is not JSON."
        raise WrongSchema(msg) from error
    schema = document.get("schema") if isinstance(document, dict) else None
    if schema != SCHEMA:
        found = f"has schema {shown(schema)}" if schema else "names no schema"
        msg = (
            f"'{path}' {found}, but this formcheck reads '{SCHEMA}'. "
            "Check the clip again, or use the matching version."
        )
        raise WrongSchema(msg)
    missing = [section for section in _SECTIONS if section not in document]
    if missing:
        msg = (
            f"'{path}' is a damaged report: {', '.join(missing)} is missing. Check the clip again."
        )
        raise WrongSchema(msg)
    try:
        require_report(document)
    except Misshapen as error:
        msg = f"'{path}' is a damaged report: {error}. Check the clip again."
        raise WrongSchema(msg) from error
    return dict(document)


def read_text(path: Path) -> str:
    """Return what a file of text holds.

    Raises
    ------
    OSError
        It cannot be read.
    ValueError
        It is no text in UTF-8, or far too long for a document.
    """
    if path.exists() and not path.is_file():
        msg = "it is not a file"
        raise OSError(msg)
    if path.stat().st_size > MOST_BYTES:
        msg = f"more than {MOST_BYTES >> 20} MiB"
        raise ValueError(msg)
    return path.read_text("utf-8")


def _exercise(exercise: ExerciseInfo) -> dict[str, Any]:
    return {
        "id": exercise.id,
        "name": exercise.name,
        "chosen_by": exercise.chosen_by,
        "confidence": exercise.confidence,
        "definition_sha256": exercise.definition_sha256,
        "of": exercise.of,
        "notes": exercise.notes,
        "reason": exercise.reason,
        "level": exercise.level,
        "setting": exercise.setting,
        "targets": {name: bound.to_dict() for name, bound in exercise.targets.items()},
    }


def _view(view: View) -> dict[str, Any]:
    return {
        "name": view.name,
        "facing": view.facing,
        "yaw_deg": view.yaw_deg,
        "confidence": view.confidence,
    }


def _posture(posture: Posture) -> dict[str, Any]:
    return {"name": posture.name, "confidence": posture.confidence, "head": posture.head}


def _segment(segment: Segment) -> dict[str, Any]:
    report = segment.report
    return {
        "start_s": segment.start_s,
        "end_s": segment.end_s,
        "exercise": _exercise(report.exercise),
        "criteria": [asdict(criterion) for criterion in report.exercise.criteria],
        "view": _view(report.view),
        "posture": _posture(report.posture),
        "reps": [_rep(rep) for rep in report.reps],
        "partial_reps": [_rep(rep) for rep in report.partial_reps],
        "holds": [_hold(hold) for hold in report.holds],
        "summary": _summary(report.summary),
        "quality": _quality(report.quality),
    }


def _rep(rep: Rep) -> dict[str, Any]:
    return {
        "number": rep.number,
        "side": rep.span.side,
        "start_s": rep.span.start_s,
        "turn_s": rep.span.turn_s,
        "end_s": rep.span.end_s,
        "start_seen": rep.span.start_seen,
        "counted": rep.span.counted,
        "reason": rep.span.reason,
        "score": rep.score,
        "assessed": rep.assessed,
        "criteria": rep.criteria,
        "measures": _measures(rep.measures),
        "verdicts": [_verdict(verdict) for verdict in rep.verdicts],
    }


def _measures(measures: Readings) -> dict[str, Any]:
    return {
        name: {"value": reading.value, "sigma": reading.sigma, "unit": unit_of(name)}
        for name, reading in sorted(measures.items())
    }


def _verdict(verdict: Verdict) -> dict[str, Any]:
    return {
        "code": verdict.code,
        "name": verdict.name,
        "status": verdict.status.value,
        "value": verdict.value,
        "sigma": verdict.sigma,
        "unit": verdict.unit,
        "bound": verdict.bound.to_dict(),
        "margin": verdict.margin,
        "probability": verdict.probability,
        "at_s": verdict.at_s,
        "reason": verdict.reason,
        "cue": verdict.cue,
    }


def _hold(hold: Hold) -> dict[str, Any]:
    return {
        "number": hold.number,
        "side": hold.side,
        "start_s": hold.start_s,
        "end_s": hold.end_s,
        "held_s": hold.held_s,
        "pauses": [{"start_s": start, "end_s": end} for start, end in hold.pauses],
        "complete": hold.complete,
        "reason": hold.reason,
        "score": hold.score,
        "assessed": hold.assessed,
        "criteria": hold.criteria,
        "measures": _measures(hold.measures),
        "verdicts": [_verdict(verdict) for verdict in hold.verdicts],
    }


def _summary(summary: Summary) -> dict[str, Any]:
    return {
        "reps_counted": summary.reps_counted,
        "reps_partial": summary.reps_partial,
        "by_side": summary.sides,
        "holds": summary.holds,
        "held_s": summary.held_s,
        "best_hold_s": summary.best_hold_s,
        "score": summary.score,
        "passed": summary.passed,
        "failed": summary.failed,
        "unclear": summary.unclear,
        "cues": summary.cues,
    }


def _quality(quality: Quality) -> dict[str, Any]:
    return {
        "person_seen": quality.person_seen,
        "effective_fps": quality.effective_fps,
        "warnings": quality.warnings,
        "count_doubts": quality.count_doubts,
    }


def _plain(value: Any, where: str) -> Any:
    """Return a value made of JSON's own types; `where` names it in the error."""
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, float):
        # Adding zero turns -0.0 into 0.0.
        return round(value, DECIMALS) + 0.0 if math.isfinite(value) else None
    if isinstance(value, Path):
        return value.as_posix()
    if isinstance(value, Mapping):
        items = list(value.items())
        if where.startswith("provenance"):
            items.sort(key=lambda item: str(item[0]))
        return {str(key): _plain(item, f"{where}.{key}") for key, item in items}
    if isinstance(value, Sequence | np.ndarray):
        return [_plain(item, f"{where}[{i}]") for i, item in enumerate(value)]
    msg = f"{where} is a {type(value).__name__}, which a report cannot hold"
    raise TypeError(msg)
