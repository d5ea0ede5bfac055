"""Looking at what a history or an export holds before it is relied on."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from formcheck.errors import shown
from formcheck.report.shape import require_report

YEARS = range(1970, 9000)
"""When an exercise can have been done: dates at the ends of time cannot be reckoned with."""
MOST_PAIN = 10
PAIN = ("pain_before", "pain_after")


def moment(text: object) -> datetime:
    """Return a time with a time zone.

    Raises
    ------
    ValueError
        It is none.
    """
    at = datetime.fromisoformat(text) if isinstance(text, str) else None
    if at is None or at.tzinfo is None or at.year not in YEARS:
        msg = f"{shown(text)} is no time with a time zone"
        raise ValueError(msg)
    return at


def report_in(text: str) -> dict[str, Any]:
    """Return the report that a text holds.

    Raises
    ------
    ValueError
        It holds none.
    """
    try:
        return sound_report(json.loads(str(text)))
    except (RecursionError, TypeError) as error:
        msg = "it holds no report"
        raise ValueError(msg) from error


def sound_report(document: Any) -> dict[str, Any]:
    """Return a document, which is a report.

    Raises
    ------
    ValueError
        It is none.
    """
    require_report(document)
    return dict(document)


def run_in(text: str) -> dict[str, Any]:
    """Return what is known of a time that a routine was gone through.

    Raises
    ------
    ValueError
        The text does not say it.
    """
    try:
        return sound_run(json.loads(str(text)))
    except (RecursionError, TypeError) as error:
        msg = "it says nothing of a routine"
        raise ValueError(msg) from error


def sound_run(data: Any) -> dict[str, Any]:
    """Return what is known of a run, which makes sense as far as it is used.

    Raises
    ------
    ValueError
        It does not.
    """
    for name in PAIN:
        told = data.get(name, {}) if isinstance(data, Mapping) else None
        if not isinstance(told, Mapping) or not all(map(_is_pain, told.values())):
            msg = f"'{name}' is {shown(told)}"
            raise ValueError(msg)
    return dict(data)


def _is_pain(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MOST_PAIN
