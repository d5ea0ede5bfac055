"""How a report's numbers are put into words; everything takes parts of the JSON document."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from formcheck import doubts, units
from formcheck.reasons import TOO_CLOSE
from formcheck.results import Status
from formcheck.sides import sides_in_words

Part = Mapping[str, Any]
DASH = "–"
UNSIDED = "both"
POINTS = "points"
"""The unit of scores, which is not written."""

SEEN_FROM = {
    "front": "from the front",
    "rear": "from behind",
    "oblique": "from an angle",
    "unknown": "from an angle that could not be told",
    "side-left": "from the left side",
    "side-right": "from the right side",
}
STATUS_WORDS = {"pass": "good", "fail": "to work on", "unclear": "not judged"}
MOST_CUES = 2
MEANS_NOTHING = {"deg": 180.0, "ratio": 10.0, "m": 3.0}
"""A value that may be further off than this is none."""


def number(value: float | None, decimals: int = 0) -> str:
    """Return a number for reading; a dash when it is not known."""
    return DASH if value is None else f"{value:.{decimals}f}"


def plural(count: int, one: str) -> str:
    """Return a count with its noun."""
    return f"{count} {one}{'' if count == 1 else 's'}"


def quantity(value: float | None, unit: str, sigma: float | None = None) -> str:
    """Return a measurement with its unit and, if it is known, its uncertainty.

    A dash, when it is not known, or so roughly that it says nothing.
    """
    if value is None or (sigma is not None and sigma > MEANS_NOTHING.get(unit, math.inf)):
        return DASH
    decimals = {"deg": 0, "px": 0, "s": 1, "m": 2, POINTS: 0}.get(unit, 2)
    symbol = "" if unit == POINTS else units.UNITS.get(unit, unit)
    behind = symbol if symbol in {"", "°"} else f" {symbol}"
    # Adding zero turns -0 into 0.
    text = f"{round(value, decimals) + 0.0:.{decimals}f}{behind}".replace("-", "\N{MINUS SIGN}")
    return text if sigma is None else f"{text} ± {sigma:.{decimals}f}{behind}"


def bounded(bound: Part, unit: str) -> str:
    """Return what is asked of a value."""
    low, high = bound.get("at_least"), bound.get("at_most")
    if low is not None and high is not None:
        symbol = units.UNITS.get(unit, unit)
        gap = "" if symbol in {"", "°"} else " "
        return f"{low:g} to {high:g}{gap}{symbol}"
    if low is None and high is None:
        return "any"
    return f"at least {_exact(low, unit)}" if low is not None else f"at most {_exact(high, unit)}"


def _exact(value: Any, unit: str) -> str:
    symbol = units.UNITS.get(unit, unit)
    return f"{value:g}{symbol}" if symbol in {"", "°"} else f"{value:g} {symbol}"


def verdict_value(one: Part, code: str) -> tuple[float | None, float | None]:
    """Return value and standard deviation that one was judged by; None for what can't be judged.

    What was too close to its limit was measured well enough.
    """
    found = next((v for v in one["verdicts"] if v["code"] == code), None)
    if found is None or (found["status"] == Status.UNCLEAR and found["reason"] != TOO_CLOSE):
        return None, None
    return found["value"], found["sigma"]


def clock(t_s: float | None) -> str:
    """Return a time in a clip as minutes and seconds."""
    return DASH if t_s is None else units.clock(t_s)


def unsure(document: Part) -> str:
    """Return that the number of repetitions or holds is not sure, and why; nothing if it is."""
    return doubts.unsure(map(str, document["quality"].get("count_doubts", ())))


def seen_from(view: Part) -> str:
    """Return from where the camera looked."""
    return SEEN_FROM.get(str(view["name"]), SEEN_FROM["unknown"])


def verdicts_of(document: Part) -> list[Part]:
    """Return all verdicts on what counted."""
    judged = [*document["reps"], *document["holds"]]
    return [verdict for one in judged for verdict in one["verdicts"]]


def what_was_done(document: Part) -> str:
    """Return what was counted, in a sentence without its full stop."""
    summary = document["summary"]
    if document.get("segments"):
        return f"{len(document['segments'])} exercises, one after the other"
    if document["exercise"]["of"] == "holds":
        text = plural(summary["holds"], "hold")
        if summary["holds"]:
            text += f", {number(summary['held_s'], 0)} s in total"
        if summary["holds"] > 1:
            text += f", the longest {number(summary['best_hold_s'], 0)} s"
    else:
        text = plural(summary["reps_counted"], "repetition")
        if summary["reps_partial"]:
            text += f" and {summary['reps_partial']} more that did not count"
    if any(summary["by_side"].values()):
        text += f" ({sides_in_words(summary['by_side'])})"
    return f"{text}, seen {seen_from(document['view'])}"


def advice(document: Part) -> str:
    """Return what to work on, or that there is nothing; empty when nothing was judged."""
    if document.get("segments"):
        cues = document["summary"]["cues"]
        return f"To work on first: {cues[0]}." if cues else ""
    faults = Counter(v["name"] for v in verdicts_of(document) if v["status"] == "fail")
    cues = {v["name"]: v["cue"] for v in verdicts_of(document) if v["status"] == "fail"}
    done = len(document["reps"]) + len(document["holds"])
    if not faults:
        judged = any(v["status"] == "pass" for v in verdicts_of(document))
        return "Nothing to correct in what the camera could judge." if judged else ""
    told = [f"{cues[name]} ({count} of {done})" for name, count in faults.most_common(MOST_CUES)]
    return f"To work on first: {'; then: '.join(told)}."


def left_open(document: Part) -> list[tuple[str, list[str]]]:
    """Return why criteria were judged in no repetition or hold, and which ones."""
    why: dict[str, list[str]] = {}
    judged = {v["name"] for v in verdicts_of(document) if v["status"] != "unclear"}
    for verdict in verdicts_of(document):
        if verdict["name"] not in judged:
            why.setdefault(verdict["name"], []).append(verdict["reason"])
    names: dict[str, list[str]] = {}
    for name, reasons in why.items():
        names.setdefault(most_frequent(reasons), []).append(name)
    return list(names.items())


def most_frequent(words: Sequence[str]) -> str:
    """Return the word that is there most often; of equals, the first."""
    return Counter(words).most_common(1)[0][0]


def mean(values: Iterable[float | None]) -> float | None:
    """Return the mean of what is known."""
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None
