"""The trends as a page with plots."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from formcheck.history.store import Entry, Run
from formcheck.history.trends import Point, Trend, once_each, trends_of
from formcheck.report import words
from formcheck.report.charts import Axis, Chart, Drawing, Limit, Mark, Tick, axis_of
from formcheck.report.html import render
from formcheck.report.words import POINTS
from formcheck.units import UNITS

LEAST_RANGE = {"deg": 20.0, "ratio": 0.2, "s": 10.0, POINTS: 10.0}
FROM_ZERO = ("count", "held", "longest", "sides")
"""Quantities whose plots begin at zero: half as high is half as much."""
SINCE = " since the first time"
DAY_S = 86400.0
STEPS_DAYS = (1, 2, 7, 14, 28, 91, 182, 365)
MOST_TICKS = 6


@dataclass(frozen=True, slots=True)
class Plot:
    """One trend: what it is, where it stands, and its plot."""

    trend: Trend
    latest: str
    change: str
    chart: Chart


@dataclass(frozen=True, slots=True)
class Group:
    """The trends of one exercise, or of pain."""

    name: str
    about: str
    plots: tuple[Plot, ...]


def history_page(entries: Sequence[Entry], runs: Sequence[Run] = ()) -> str:
    """Return a page with a plot of each trend; it needs no network.

    Parameters
    ----------
    entries
        In the order of time.
    runs
        Of routines, for what was said about pain; in the order of time.
    """
    trends = trends_of(entries)
    pain = pain_trends(runs)
    moments = [point.at for trend in (*trends, *pain) for point in trend.points]
    axis = days_axis(moments)
    groups = []
    if pain:
        about = "as you said, from 0 (none) to 10 (the worst)"
        groups.append(Group("Pain", about, tuple(_plot(trend, axis) for trend in pain)))
    for name in dict.fromkeys(trend.exercise for trend in trends):
        of = [trend for trend in trends if trend.exercise == name]
        times = words.plural(max(len(trend.points) for trend in of), "time")
        groups.append(Group(name, times, tuple(_plot(trend, axis) for trend in of)))
    ends = dict.fromkeys(_day(at) for at in (min(moments), max(moments))) if moments else {}
    span = " to ".join(ends)
    return render("history.html.j2", groups=groups, span=span, count=len(once_each(entries)))


def pain_trends(runs: Sequence[Run]) -> list[Trend]:
    """Return what was said about pain before each run, for every part of the body."""
    parts = dict.fromkeys(part for run in runs for part in run.data.get("pain_before", {}))
    return [
        Trend(
            "Pain",
            f"{part.capitalize()}, before",
            "pain",
            POINTS,
            tuple(
                Point(run.started_at, float(run.data["pain_before"][part]))
                for run in runs
                if part in run.data.get("pain_before", {})
            ),
            bounds=(None, None),
        )
        for part in parts
    ]


def days_axis(moments: Sequence[datetime]) -> Axis:
    """Return an axis of seconds that shows all moments with some room around them."""
    if not moments:
        return Axis(0.0, DAY_S)
    low, high = (moment.timestamp() for moment in (min(moments), max(moments)))
    room = max(0.05 * (high - low), 0.25 * DAY_S)
    return Axis(low - room, high + room)


def day_ticks(axis: Axis, zone: datetime) -> tuple[Tick, ...]:
    """Return round days on an axis of seconds, in the time zone of a moment."""
    days = (axis.high - axis.low) / DAY_S
    step = next((s for s in STEPS_DAYS if days / s <= MOST_TICKS), STEPS_DAYS[-1])
    first = datetime.fromtimestamp(axis.low, zone.tzinfo) + timedelta(days=1)
    day = first.replace(hour=0, minute=0, second=0, microsecond=0)
    found = []
    while day.timestamp() <= axis.high:
        found.append(Tick(axis.at(day.timestamp()), _day(day, short=True)))
        day += timedelta(days=step)
    return tuple(found)


def _day(at: datetime, *, short: bool = False) -> str:
    local = at.astimezone()
    return f"{local.day} {local:%b}" if short else f"{local.day} {local:%b %Y}"


def _plot(trend: Trend, x: Axis) -> Plot:
    t = np.array([point.at.timestamp() for point in trend.points])
    values = np.array([point.value for point in trend.points])
    sigmas = np.array([point.sigma for point in trend.points])
    known = np.where(np.isfinite(sigmas), sigmas, 0.0)
    limits = [bound for bound in trend.bounds if bound is not None]
    if trend.key == "score":
        y = Axis(0.0, 104.0, flipped=True)
    elif trend.key == "pain":
        y = Axis(-0.4, 10.4, flipped=True)
    else:
        from_zero = [0.0] if trend.key in FROM_ZERO else []
        shown = [*(values - known), *(values + known), *limits, *from_zero]
        y = axis_of(map(float, shown), LEAST_RANGE.get(trend.unit, 1.0))
    line = Drawing(x, y).line("", "both", t, values, sigmas)
    unit = "" if trend.unit == POINTS else UNITS.get(trend.unit, "")
    latest = words.quantity(trend.points[-1].value, trend.unit)
    chart = Chart(
        title=trend.quantity,
        unit=unit,
        label=f"{trend.exercise}: {trend.quantity}, {len(values)} times, latest {latest}",
        x_ticks=day_ticks(x, trend.points[0].at.astimezone()),
        y_ticks=y.ticks(4),
        lines=(line,),
        limits=tuple(
            Limit(y.at(bound), f"asked: {trend.wanted}", below)
            for bound, below in zip(trend.bounds, (False, True), strict=True)
            if bound is not None
        ),
        marks=tuple(
            Mark(
                x.within(float(a)),
                y.within(float(b)),
                "point",
                f"{_day(point.at)}: {words.quantity(point.value, trend.unit)}",
            )
            for a, b, point in zip(t, values, trend.points, strict=True)
        ),
        x_unit="",
    )
    return Plot(trend, latest, change_in_words(trend), chart)


def change_in_words(trend: Trend) -> str:
    """Return how the latest value differs from the first; empty when there is one only."""
    if len(trend.points) < 2 or not math.isfinite(trend.change):
        return ""
    size = words.quantity(abs(trend.change), trend.unit)
    if size == words.quantity(0.0, trend.unit):
        return "as at first"
    return f"{'+' if trend.change > 0 else chr(0x2212)}{size}{SINCE}"
