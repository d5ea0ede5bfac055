"""How range, score, symmetry and holds change from one time to the next."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from formcheck.history.store import Entry
from formcheck.report import words
from formcheck.report.words import POINTS, Part
from formcheck.results import SIDES

AGAINST = ("knee_asymmetry_deg",)
"""Measurements that are one side against the other."""
RANGED = ("deg", "ratio")
BARS = "▁▂▃▄▅▆▇█"

Quantity = Callable[[Part], float | None]
"""What a report says of something; None when it is not known."""


@dataclass(frozen=True, slots=True)
class Point:
    """One quantity at one time."""

    at: datetime
    value: float
    sigma: float = math.nan
    entry: str = ""


@dataclass(frozen=True, slots=True)
class Trend:
    """One quantity of one exercise over time."""

    exercise: str
    """Its name, for reading."""
    quantity: str
    """What it is, for reading."""
    key: str
    """``score``, ``count``, ``range``, ``sides``, ``held`` or ``longest``."""
    unit: str
    points: tuple[Point, ...]
    wanted: str = ""
    """What is asked of it, where something is."""
    bounds: tuple[float | None, float | None] = (None, None)
    """At least and at most."""

    @property
    def change(self) -> float:
        """The latest value less the first."""
        return self.points[-1].value - self.points[0].value


def trends_of(entries: Sequence[Entry]) -> list[Trend]:
    """Return all trends, exercise by exercise; a clip that was checked again counts once."""
    by_exercise: dict[str, list[Entry]] = {}
    for entry in once_each(entries):
        by_exercise.setdefault(entry.exercise, []).append(entry)
    return [trend for name in sorted(by_exercise) for trend in _trends(by_exercise[name])]


def once_each(entries: Iterable[Entry]) -> list[Entry]:
    """Return the latest entry of each clip and exercise, in the order of the first checks.

    When a clip was done stays when it was checked first.
    """
    found: dict[tuple[str, str], Entry] = {}
    for entry in entries:
        sha256 = str(entry.document["source"]["sha256"]) or entry.id
        key = (sha256, entry.exercise)
        first = found.get(key)
        found[key] = Entry(
            entry.id, first.done_at if first else entry.done_at, entry.kind, entry.document
        )
    return sorted(found.values(), key=lambda entry: entry.done_at)


def _trends(entries: list[Entry]) -> list[Trend]:
    newest = entries[-1].document
    name = str(newest["exercise"]["name"])
    found = [Trend(name, "Score", "score", POINTS, _points(entries, _score))]
    if newest["exercise"]["of"] == "holds":
        found += [
            Trend(name, "Held in total", "held", "s", _points(entries, _summary("held_s"))),
            Trend(name, "Longest hold", "longest", "s", _points(entries, _summary("best_hold_s"))),
        ]
    else:
        counted = _points(entries, _summary("reps_counted"))
        found.append(Trend(name, "Repetitions", "count", POINTS, counted))
    found += [trend for trend in (_range(name, entries), _sides(name, entries)) if trend]
    return [trend for trend in found if trend.points]


def judged(document: Part) -> list[Part]:
    """Return what counted."""
    return [*document["reps"], *document["holds"]]


def ranged(document: Part) -> Part | None:
    """Return a verdict of the criterion that says how far somebody went, if there is one.

    Criteria come most important first, and how far it goes is the first thing to ask.
    """
    for one in judged(document):
        for verdict in one["verdicts"]:
            if verdict["unit"] in RANGED:
                return dict(verdict)
    return None


def mean_of(document: Part, code: str, side: str = "") -> tuple[float, float]:
    """Return a criterion's mean value over all that counted, and its mean standard deviation."""
    found = [
        verdict
        for one in judged(document)
        for verdict in one["verdicts"]
        if verdict["code"] == code and side in {"", one["side"]} and verdict["value"] is not None
    ]
    value = words.mean(v["value"] for v in found)
    sigma = words.mean(v["sigma"] for v in found)
    return (math.nan if value is None else value, math.nan if sigma is None else sigma)


def _range(name: str, entries: list[Entry]) -> Trend | None:
    asked = next((v for e in reversed(entries) if (v := ranged(e.document))), None)
    if asked is None:
        return None
    code, unit = str(asked["code"]), str(asked["unit"])
    points = [
        Point(entry.done_at, *mean_of(entry.document, code), entry=entry.id) for entry in entries
    ]
    return Trend(
        name,
        str(asked["name"]),
        "range",
        unit,
        tuple(p for p in points if math.isfinite(p.value)),
        words.bounded(asked["bound"], unit),
        (asked["bound"].get("at_least"), asked["bound"].get("at_most")),
    )


def _sides(name: str, entries: list[Entry]) -> Trend | None:
    """Return how far left and right are apart."""
    points, unit = [], "deg"
    for entry in entries:
        asked = ranged(entry.document)
        if asked is None:
            continue
        apart, sigma = _apart(entry.document, str(asked["code"]))
        if math.isfinite(apart):
            points.append(Point(entry.done_at, apart, sigma, entry.id))
            unit = str(asked["unit"])
    return Trend(name, "Left and right apart", "sides", unit, tuple(points)) if points else None


def _apart(document: Part, code: str) -> tuple[float, float]:
    if all(document["summary"]["by_side"].get(side) for side in SIDES):
        (left, left_sigma), (right, right_sigma) = (mean_of(document, code, s) for s in SIDES)
        return abs(left - right), math.hypot(left_sigma, right_sigma)
    against = next((c for c in document.get("criteria", ()) if c["measure"] in AGAINST), None)
    if against is None:
        return math.nan, math.nan
    value, sigma = mean_of(document, str(against["code"]))
    return abs(value), sigma


def _points(entries: list[Entry], quantity: Quantity) -> tuple[Point, ...]:
    found = [(entry, quantity(entry.document)) for entry in entries]
    return tuple(
        Point(entry.done_at, float(value), entry=entry.id)
        for entry, value in found
        if value is not None
    )


def _score(document: Part) -> float | None:
    value: float | None = document["summary"]["score"]
    return value


def _summary(key: str) -> Quantity:
    def of(document: Part) -> float | None:
        value: float | None = document["summary"][key]
        return value

    return of


def sparkline(values: Sequence[float], most: int = 16) -> str:
    """Return the latest values as a row of bars, the lowest and the highest apart.

    Examples
    --------
    >>> sparkline([1, 2, 3])
    '▁▄█'
    """
    shown = values[-most:]
    low, high = min(shown), max(shown)
    span = high - low
    middle = len(BARS) // 2
    return "".join(
        BARS[int((value - low) / span * (len(BARS) - 1)) if span else middle] for value in shown
    )
