"""The rule: a complete result, or one clear message; nothing half-done, nothing lost."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema

from benchmarks.fuzz.cases import Case
from benchmarks.fuzz.saved import lost
from formcheck.report.shape import SCHEMA_FILE

DONE, SOME_FAILED, WRONG_INPUT = 0, 1, 2
SHORTEST = 20
"""Characters that a message has at least."""
Files = Mapping[str, bytes]


def broken(
    case: Case, status: int, stdout: str, stderr: str, before: Files, after: Files, folder: Path
) -> list[str]:
    """Return which parts of the rule a command broke."""
    found = [*_words(case, status, stdout, stderr), *_leftovers(case, before, after, folder)]
    for name in before:
        if name.endswith(".sqlite3"):
            found += lost(name, before, after)
    if status == WRONG_INPUT:
        found += _unchanged(before, after)
    elif status == DONE:
        found += _complete(case, after, folder)
    elif not (status == SOME_FAILED and case.args[0] == "batch"):
        found.append(f"exit status {status}")
    return found


def _words(case: Case, status: int, stdout: str, stderr: str) -> list[str]:
    found = []
    if "Traceback (most recent call last)" in stdout + stderr:
        last = (stdout + stderr).strip().splitlines()[-1]
        found.append(f"traceback: {last[:200]}")
    if status != WRONG_INPUT:
        return found
    lines = [line for line in stderr.splitlines() if line.startswith("formcheck: ")]
    in_table = case.args[:2] == ["exercises", "validate"] and re.search(r"\d mistakes?\.", stdout)
    if len(lines) != 1 and not in_table:
        found.append(f"{len(lines)} messages")
    elif not in_table and (len(stderr.strip()) < SHORTEST or not stderr.strip()[-1:].isprintable()):
        found.append("no clear message")
    if len(stderr) > 20_000:
        found.append(f"a message of {len(stderr)} characters")
    if "\x1b" in stderr or "\0" in stderr:
        found.append("control characters in the message")
    return found


def _leftovers(case: Case, before: Files, after: Files, folder: Path) -> list[str]:
    """Return what is there now and should not be."""
    allowed = {Path(name) for name in before}
    out = case.out.relative_to(folder) if case.out is not None else None
    found = []
    for name in map(Path, after):
        if name in allowed or name.name.endswith(("sqlite3-wal", "sqlite3-shm")):
            continue
        if name.parts[0] == "tmp" or name.suffix == ".part" or name.name.startswith("."):
            found.append(f"left behind: {name}")
        elif out is None or not (name == out or out in name.parents):
            found.append(f"unexpected: {name}")
    return found


def _unchanged(before: Files, after: Files) -> list[str]:
    """Return what was there before and is not as it was."""
    return [
        f"changed though it failed: {name}"
        for name, content in before.items()
        if not name.endswith((".sqlite3", "-wal", "-shm")) and after.get(name) != content
    ]


def _complete(case: Case, after: Files, folder: Path) -> list[str]:
    """Return what is wrong with the results of a command that says that all is well."""
    if case.out is None:
        return []
    out = str(case.out.relative_to(folder))
    mine = {
        name.removeprefix(out).strip("/"): data
        for name, data in after.items()
        if name.startswith(out)
    }
    wanted = {"check": ["report.json", "report.html"], "batch": ["clips.csv"]}.get(
        case.args[0], [""]
    )
    found = [
        f"not written: {name or out}" for name in wanted if mine.get(name, b"earlier") == b"earlier"
    ]
    for name, data in mine.items():
        found += _sound(name or out, data, case)
    return found


def _sound(name: str, data: bytes, case: Case) -> list[str]:
    suffix = Path(name).suffix
    if suffix == ".html" and not data.rstrip().endswith(b"</html>"):
        return [f"{name} breaks off"]
    if Path(name).name == "report.json" and data != b"earlier":
        return _report(data)
    if suffix == ".csv":
        rows = list(csv.reader(data.decode("utf-8").splitlines()))
        if len({len(row) for row in rows if row}) > 1 and case.args[0] != "batch":
            return [f"{name} has rows of different lengths"]
    if suffix == ".mp4":
        return _film(data)
    return []


def _report(data: bytes) -> list[str]:
    try:
        document = json.loads(data)
        _schema().validate(document)
    except (ValueError, jsonschema.ValidationError) as error:
        return [f"report.json: {str(error).splitlines()[0][:200]}"]
    return []


def _film(data: bytes) -> list[str]:
    import io

    import av

    try:
        with av.open(io.BytesIO(data), "r") as film:
            frames = len(list(film.decode(video=0)))
    except (av.error.FFmpegError, IndexError) as error:
        return [f"annotated.mp4: {error}"]
    return [] if frames else ["annotated.mp4 is empty"]


@cache
def _schema() -> Any:
    schema = json.loads(SCHEMA_FILE.read_text("utf-8"))
    return jsonschema.validators.validator_for(schema)(schema)
