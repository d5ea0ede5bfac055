"""The JSON document, against its schema and values worked out by hand."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest

from formcheck import __version__
from formcheck.errors import CannotOpen, WrongSchema
from formcheck.report.document import (
    DISCLAIMER,
    load_document,
    to_bytes,
    to_document,
)
from formcheck.report.shape import SCHEMA_FILE
from formcheck.results import Bound, Quality, Reading, Report, Segment, Status
from tests import fakes_results as fake

SCHEMA: dict[str, Any] = json.loads(SCHEMA_FILE.read_text("utf-8"))


def empty() -> Report:
    nothing = replace(fake.report().summary, reps_counted=0, reps_partial=0, score=math.nan)
    return fake.report(
        reps=(),
        partial_reps=(),
        holds=(),
        summary=replace(nothing, cues=()),
        quality=Quality(0.0, math.nan),
        provenance={},
    )


def test_the_schema_is_a_valid_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("report", [fake.report(), empty()], ids=["full", "empty"])
def test_documents_follow_the_schema(report: Report) -> None:
    document = json.loads(to_bytes(to_document(report)))
    jsonschema.validate(document, SCHEMA)
    assert document["schema"] == "formcheck.report/1"
    assert document["formcheck"] == __version__
    assert document["disclaimer"] == DISCLAIMER
    assert "no medical advice" in DISCLAIMER


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("schema",), "formcheck.report/2"),
        (("extra",), 1),
        (("exercise", "chosen_by"), "chance"),
        (("view", "name"), "above"),
        (("reps", 0, "verdicts", 0, "status"), "maybe"),
        (("reps", 0, "verdicts", 2, "reason"), ""),
        (("reps", 0, "measures", "depth_deg"), 98.1),
        (("source", "rotation_deg"), 45),
    ],
)
def test_the_schema_refuses(path: tuple[Any, ...], value: object) -> None:
    document = to_document(fake.report())
    place = document
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(json.loads(json.dumps(document)), SCHEMA)


def test_a_repetition() -> None:
    got = to_document(fake.report())["reps"][0]
    assert {key: got[key] for key in ("number", "side", "start_s", "turn_s", "end_s")} == {
        "number": 1,
        "side": "both",
        "start_s": 0.5,
        "turn_s": 1.3,
        "end_s": 2.2,
    }
    assert (got["counted"], got["reason"], got["start_seen"]) == (True, "", True)
    assert (got["score"], got["assessed"], got["criteria"]) == (50.0, 2, 3)
    assert list(got["measures"]) == ["depth_deg", "descent_s", "stance_width_ratio"]
    assert got["measures"]["depth_deg"] == {"value": 98.1235, "sigma": 4.2, "unit": "deg"}
    assert got["measures"]["stance_width_ratio"] == {
        "value": None,
        "sigma": None,
        "unit": "ratio",
    }


def test_verdicts() -> None:
    passed, failed, unclear = to_document(fake.report())["reps"][0]["verdicts"]
    assert passed == {
        "code": "SQ01",
        "name": "Depth",
        "status": "pass",
        "value": 98.4444,
        "sigma": 4.2,
        "unit": "deg",
        "bound": {"at_least": 90.0},
        "margin": 8.4444,
        "probability": 0.97,
        "at_s": 1.25,
        "reason": "",
        "cue": "",
    }
    assert (failed["status"], failed["cue"]) == ("fail", "Sit a little deeper")
    assert (unclear["status"], unclear["value"], unclear["at_s"]) == ("unclear", None, None)
    assert unclear["reason"] == "Turn to face the camera."


@pytest.mark.parametrize(
    ("bound", "expected"),
    [
        (Bound(), {}),
        (Bound(high=5.0), {"at_most": 5.0}),
        (Bound(-1.0, 2.0), {"at_least": -1.0, "at_most": 2.0}),
    ],
)
def test_bounds_name_only_the_ends_they_have(bound: Bound, expected: Mapping[str, float]) -> None:
    rep = replace(fake.rep(), verdicts=(fake.verdict(bound=bound),))
    assert to_document(fake.report(reps=(rep,)))["reps"][0]["verdicts"][0]["bound"] == expected


def test_partial_repetitions_and_holds_are_apart() -> None:
    document = to_document(fake.report())
    assert [rep["number"] for rep in document["reps"]] == [1, 2]
    (partial,) = document["partial_reps"]
    assert (partial["counted"], partial["reason"]) == (False, "did not go down far enough")
    assert document["holds"] == [
        {
            "number": 1,
            "side": "both",
            "start_s": 1.0,
            "end_s": 3.5,
            "held_s": 2.5,
            "pauses": [{"start_s": 2.0, "end_s": 2.5}],
            "complete": False,
            "reason": "it may have been longer: its end was not filmed",
            "score": 100.0,
            "assessed": 1,
            "criteria": 2,
            "measures": {"held_s": {"value": 2.5, "sigma": 0.2, "unit": "s"}},
            "verdicts": [
                {
                    "code": "FF01",
                    "name": "Depth",
                    "status": "pass",
                    "value": 98.4444,
                    "sigma": 4.2,
                    "unit": "deg",
                    "bound": {"at_least": 90.0},
                    "margin": 8.4444,
                    "probability": 0.97,
                    "at_s": 1.25,
                    "reason": "",
                    "cue": "",
                },
                {
                    "code": "FF02",
                    "name": "Depth",
                    "status": "unclear",
                    "value": None,
                    "sigma": None,
                    "unit": "deg",
                    "bound": {"at_least": 90.0},
                    "margin": None,
                    "probability": 0.5,
                    "at_s": None,
                    "reason": "Turn to face the camera.",
                    "cue": "",
                },
            ],
        }
    ]
    assert document["summary"] == {
        "reps_counted": 2,
        "reps_partial": 1,
        "by_side": {},
        "holds": 0,
        "held_s": 0.0,
        "best_hold_s": None,
        "score": 50.0,
        "passed": 2,
        "failed": 2,
        "unclear": 2,
        "cues": ["Sit a little deeper"],
    }


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (math.nan, None),
        (-math.inf, None),
        (-0.0, "0.0"),
        (1 / 3, "0.3333"),
        (np.float64(2.5), "2.5"),
        (np.int64(7), "7"),
        (True, "true"),
        (Path("a/b"), '"a/b"'),
        ((1, "two"), '[1, "two"]'),
        (np.array([1.0, math.nan]), "[1.0, null]"),
        (Status.PASS, '"pass"'),
    ],
)
def test_values(value: object, expected: str | None) -> None:
    document = to_document(fake.report(provenance={"it": value}))
    assert json.dumps(document["provenance"]["it"]) == (expected or "null")


def test_what_a_report_cannot_hold_is_named() -> None:
    report = fake.report(provenance={"model": {"loader": object()}})
    with pytest.raises(TypeError) as raised:
        to_document(report)
    assert str(raised.value) == "provenance.model.loader is a object, which a report cannot hold"


def test_equal_reports_give_the_same_bytes() -> None:
    measures = fake.rep().measures
    turned = replace(fake.rep(), measures=dict(reversed(list(measures.items()))))
    provenance = dict(reversed(list(fake.report().provenance.items())))
    one = to_bytes(to_document(fake.report(reps=(fake.rep(),))))
    other = to_bytes(to_document(fake.report(reps=(turned,), provenance=provenance)))
    assert one == other
    assert one.endswith(b"}\n")
    assert b"NaN" not in one
    assert b"Infinity" not in one


def test_names_of_any_kind_survive(tmp_path: Path) -> None:
    names = "Kniebeuge – übung/膝\udcff.mp4"
    report = fake.report()
    report = replace(report, source=replace(report.source, path=names))
    file = tmp_path / "report.json"
    file.write_bytes(to_bytes(to_document(report)))
    assert "Kniebeuge – übung/膝".encode() in file.read_bytes()
    assert load_document(file)["source"]["path"] == names


def test_a_document_comes_back_as_it_was(tmp_path: Path) -> None:
    document = to_document(fake.report())
    file = tmp_path / "report.json"
    file.write_bytes(to_bytes(document))
    assert load_document(file) == json.loads(json.dumps(document))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\xff\xd8", "'{path}' is not a formcheck report: it is not JSON."),
        (b"", "'{path}' is not a formcheck report: it is not JSON."),
        (
            b"[]",
            (
                "'{path}' names no schema, but this formcheck reads 'formcheck.report/1'. "
                "Check the clip again, or use the matching version."
            ),
        ),
        (
            b'{"schema": "formcheck.report/9"}',
            (
                "'{path}' has schema 'formcheck.report/9', but this formcheck reads "
                "'formcheck.report/1'. Check the clip again, or use the matching version."
            ),
        ),
        (
            (
                b'{"schema": "formcheck.report/1", "formcheck": "1", "source": {}, "exercise": {},'
                b' "view": {}, "posture": {}, "reps": [], "partial_reps": [], "holds": [],'
                b' "summary": {}}'
            ),
            (
                "'{path}' is a damaged report: quality, provenance, disclaimer is missing. "
                "Check the clip again."
            ),
        ),
    ],
    ids=["picture", "empty", "list", "version", "damaged"],
)
def test_files_that_are_no_report(tmp_path: Path, content: bytes, message: str) -> None:
    file = tmp_path / "report.json"
    file.write_bytes(content)
    with pytest.raises(WrongSchema) as raised:
        load_document(file)
    assert str(raised.value) == message.format(path=file)


def test_a_report_that_is_not_there(tmp_path: Path) -> None:
    file = tmp_path / "report.json"
    with pytest.raises(CannotOpen) as raised:
        load_document(file)
    assert str(raised.value) == (
        f"Could not read the report '{file}': No such file or directory. "
        "Give the report.json that 'formcheck check CLIP --out FOLDER' wrote."
    )


def test_measures_need_a_unit() -> None:
    rep = replace(fake.rep(), measures={"depth": Reading(1.0, 0.1)})
    with pytest.raises(ValueError, match="'depth' does not end in a unit"):
        to_document(fake.report(reps=(rep,)))


def test_several_exercises_are_segments_of_the_same_form() -> None:
    report = fake.report(reps=(), holds=(), segments=(Segment(0.5, 6.0, fake.report()),))
    document = to_document(report)
    jsonschema.validate(json.loads(to_bytes(document)), SCHEMA)
    (segment,) = document["segments"]
    whole = to_document(fake.report())
    assert (segment["start_s"], segment["end_s"]) == (0.5, 6.0)
    for section in ("exercise", "reps", "partial_reps", "holds", "summary", "quality"):
        assert segment[section] == whole[section]
    assert whole["segments"] == []
