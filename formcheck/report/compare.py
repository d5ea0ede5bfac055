"""Two reports side by side: last month and today, left and right, me and a reference."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from formcheck.errors import WrongSchema
from formcheck.questions import SIDES_RULE
from formcheck.report import words
from formcheck.report.charts import Axis, Chart, Drawing, Limit, Values, axis_of
from formcheck.report.model import Attachments, picture_key
from formcheck.report.readings import Curves
from formcheck.report.words import POINTS, Part
from formcheck.results import SIDES, UNCLEAR_SIDE, Bound, other_side
from formcheck.units import UNITS, unit_of

CLEAR = 1.64
"""Values further apart than so many standard deviations differ with a probability of 0.9."""
LEAST_RANGE = {"deg": 20.0, "ratio": 0.2}
SCORE_SIGMA = 2.5
"""Scores closer than some points say nothing: one criterion of one repetition makes that much."""
SHARE = np.linspace(0.0, 100.0, 101)
"""Per cent of a repetition, at which curves are compared."""
TEMPO = {"descent_s": "Going there", "bottom_s": "At the turning point", "ascent_s": "Coming back"}


@dataclass(frozen=True, slots=True)
class Contender:
    """One of the two that are compared."""

    label: str
    document: Part
    """About one exercise."""
    attached: Attachments
    side: str = ""
    """Only repetitions or holds of this side; all, if empty."""

    @property
    def judged(self) -> list[Part]:
        """What counted, of the side that is compared."""
        both = [*self.document["reps"], *self.document["holds"]]
        return [one for one in both if self.side in {"", one["side"]}]


@dataclass(frozen=True, slots=True)
class Row:
    """One quantity of both."""

    name: str
    first: str
    second: str
    difference: str
    remark: str
    """``better``, ``worse``, ``differ`` or ``within error``; empty when it can't be said."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """All that is shown of two reports."""

    title: str
    first: Contender
    second: Contender
    headline: str
    rows: tuple[Row, ...]
    charts: tuple[Chart, ...]
    pictures: tuple[str, str]
    """JPEG of the best repetition of each; empty where there is none."""
    caveats: tuple[str, ...]


def compare(first: Contender, second: Contender) -> Comparison:
    """Return two reports of the same exercise side by side.

    Raises
    ------
    WrongSchema
        They are about different exercises, or one of them is damaged.
    """
    ids = [contender.document["exercise"]["id"] for contender in (first, second)]
    if ids[0] != ids[1]:
        msg = (
            f"These are different exercises: '{ids[0]}' and '{ids[1]}'. "
            "Compare two reports of the same one."
        )
        raise WrongSchema(msg)
    try:
        rows = tuple(_rows(first, second))
        return Comparison(
            str(first.document["exercise"]["name"]),
            first,
            second,
            _headline(first, second, rows),
            rows,
            tuple(_charts(first, second)),
            (_picture(first), _picture(second)),
            tuple(_caveats(first, second)),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        msg = f"A report is damaged: {type(error).__name__} ({error}). Check its clip again."
        raise WrongSchema(msg) from error


def sides_of(document: Part, attached: Attachments) -> tuple[Contender, Contender]:
    """Return left and right of one report, to be compared.

    Raises
    ------
    WrongSchema
        It has nothing of one of the sides.
    """
    by_side = document["summary"]["by_side"]
    missing = [side for side in SIDES if not by_side.get(side)]
    if missing:
        msg = (
            f"There is nothing of the {' and the '.join(missing)} side in this report. Compare "
            "sides of an exercise that is done with one side at a time, and do both."
        )
        raise WrongSchema(msg)
    left, right = (Contender(side, document, attached, side) for side in SIDES)
    return left, right


def _rows(first: Contender, second: Contender) -> list[Row]:
    both = (first, second)
    holds = first.document["exercise"]["of"] == "holds"
    counts = [(float(len(who.judged)), math.nan) for who in both]
    rows = [
        _compared("Score", POINTS, [_mean(who, _score) for who in both], +1),
        _compared("Holds" if holds else "Repetitions", POINTS, counts, 0),
    ]
    if holds:
        rows.append(_compared("Held, on average", "s", [_mean(who, _held) for who in both], +1))
    other_things = _asking_other_things(first, second)
    for verdict in _asked(first) or _asked(second):
        if verdict["code"] in other_things:
            continue
        value = partial(words.verdict_value, code=str(verdict["code"]))
        means = [_mean(who, value) for who in both]
        name, unit = str(verdict["name"]), str(verdict["unit"])
        rows.append(_compared(name, unit, means, _better(verdict["bound"], means)))
    for measure, title in TEMPO.items():
        value = partial(_measure, name=measure)
        rows.append(_compared(title, "s", [_mean(who, value) for who in both], 0))
    return [row for row in rows if row is not None]


def _asking_other_things(first: Contender, second: Contender) -> dict[str, str]:
    """Return code and name of criteria that measure something else in the second one."""
    a, b = (
        {str(info["code"]): info for info in who.document.get("criteria", ())}
        for who in (first, second)
    )
    return {
        code: str(info["name"])
        for code, info in a.items()
        if code in b and b[code]["measure"] != info["measure"]
    }


def _asked(contender: Contender) -> list[Part]:
    return list(contender.judged[0]["verdicts"]) if contender.judged else []


def _score(one: Part) -> tuple[Any, Any]:
    return one["score"], SCORE_SIGMA


def _held(one: Part) -> tuple[Any, Any]:
    return one["held_s"], None


def _measure(one: Part, name: str) -> tuple[Any, Any]:
    found = one["measures"].get(name)
    return (found["value"], found["sigma"]) if found else (None, None)


def _better(bound: Mapping[str, float], means: Sequence[tuple[float, float]]) -> int:
    """Return which way is better: +1 more, -1 less, 0 neither.

    Where both are as they should be, a difference is neither better nor worse.
    """
    asked = Bound(bound.get("at_least", -math.inf), bound.get("at_most", math.inf))
    if len(bound) != 1 or all(asked.margin(value) >= 0 for value, _ in means):
        return 0
    return 1 if "at_least" in bound else -1


def _mean(contender: Contender, value: Callable[[Part], tuple[Any, Any]]) -> tuple[float, float]:
    """Return a mean over all repetitions and how far off it may be; NaN if it is not known."""
    found = [value(one) for one in contender.judged]
    mean = words.mean(v for v, _ in found)
    sigma = words.mean(s for v, s in found if v is not None)
    return (math.nan if mean is None else mean, math.nan if sigma is None else sigma)


def _compared(
    name: str, unit: str, means: Sequence[tuple[float, float]], better: int
) -> Row | None:
    a, b = means
    if not (math.isfinite(a[0]) and math.isfinite(b[0])):
        return None
    change = b[0] - a[0]
    size = words.quantity(abs(change), unit)
    sign = "" if size == words.quantity(0.0, unit) else ("+" if change > 0 else "\N{MINUS SIGN}")
    return Row(
        name,
        words.quantity(a[0], unit, _shown(a[1], unit)),
        words.quantity(b[0], unit, _shown(b[1], unit)),
        f"{sign}{size}",
        _remark(change, math.hypot(a[1], b[1]), better, alike=not sign),
    )


def _shown(sigma: float, unit: str) -> float | None:
    return sigma if math.isfinite(sigma) and unit != POINTS else None


def _remark(change: float, sigma: float, better: int, *, alike: bool) -> str:
    if alike:
        return ""
    if math.isfinite(sigma) and abs(change) <= CLEAR * sigma:
        return "within error"
    if not better:
        return "differ" if math.isfinite(sigma) else ""
    return "better" if change * better > 0 else "worse"


def _headline(first: Contender, second: Contender, rows: Sequence[Row]) -> str:
    said = [
        f"{word}: {', '.join(names)}"
        for word, remark in (("better", "better"), ("worse", "worse"), ("different", "differ"))
        if (names := [row.name for row in rows if row.remark == remark and row.name != "Score"])
    ]
    what = "; ".join(said) or "no difference that is larger than the camera's error"
    return f"{second.label} against {first.label}: {what}."


def _caveats(first: Contender, second: Contender) -> list[str]:
    """Return what makes the two hard to compare."""
    a, b = first.document, second.document
    found = []
    if a["view"]["name"] != b["view"]["name"]:
        found.append(
            f"They were seen from different sides ({words.seen_from(a['view'])}, and "
            f"{words.seen_from(b['view'])}): what a camera sees differs with where it stands."
        )
    if a["exercise"]["definition_sha256"] != b["exercise"]["definition_sha256"]:
        found.append("They were judged by different versions of the exercise.")
    levels = {part["exercise"].get("level", "standard") for part in (a, b)}
    if len(levels) > 1:
        found.append("They were judged at different levels, so their scores mean different things.")
    if a["exercise"].get("targets", {}) != b["exercise"].get("targets", {}):
        found.append(
            "They were judged by different targets, so their scores mean different things."
        )
    if names := _asking_other_things(first, second):
        found.append(f"Not compared, since it was measured in different ways: {_listed(names)}.")
    if not first.judged or not second.judged:
        found.append("One of them has nothing that counted.")
    return found


def _listed(names: Mapping[str, str]) -> str:
    return ", ".join(names.values())


def _picture(contender: Contender) -> str:
    """Return the name of the picture of the repetition with the best score."""
    best = sorted(contender.judged, key=lambda one: -(one["score"] or 0))
    return next((k for one in best if (k := picture_key(one)) in contender.attached.pictures), "")


def _charts(first: Contender, second: Contender) -> list[Chart]:
    """Return the mean course of a repetition of both, for each reading with a criterion."""
    charts: dict[str, Chart] = {}
    for info in first.document.get("criteria", ()):
        measure = str(info["measure"])
        if measure in charts:
            continue
        other = SIDES_RULE["other"] in str(info["asks"])
        courses = [_course(who, measure, other=other) for who in (first, second)]
        if all(np.isfinite(mean).any() for mean, _ in courses):
            title = str(info["asks"]).partition(";")[0]
            labels = (first.label, second.label)
            charts[measure] = _chart(title, measure, courses, labels, _bound(first, info))
    return list(charts.values())


def _bound(contender: Contender, info: Part) -> Mapping[str, float]:
    verdicts = _asked(contender)
    found: Mapping[str, float] = next(
        (v["bound"] for v in verdicts if v["code"] == info["code"]), {}
    )
    return found


def _course(contender: Contender, measure: str, *, other: bool) -> tuple[Values, Values]:
    """Return mean and spread of a reading over a repetition, at each per cent of it."""
    curves = contender.attached.curves
    each = []
    for one in contender.judged:
        for name in _names(curves, measure, str(one["side"]), other=other):
            known = np.isfinite(curves.values[name])
            inside = (
                known
                & (curves.t_s >= float(one["start_s"]) - 1e-6)
                & (curves.t_s <= float(one["end_s"]) + 1e-6)
            )
            if inside.sum() > 2:
                t, values = curves.t_s[inside], curves.values[name][inside]
                share = 100 * (t - t[0]) / (t[-1] - t[0])
                each.append(np.interp(SHARE, share, values))
    if not each:
        nothing = np.full(SHARE.shape, np.nan)
        return nothing, nothing
    return np.mean(each, axis=0), np.std(each, axis=0)


def _names(curves: Curves, measure: str, side: str, *, other: bool) -> Sequence[str]:
    """Return the readings to look at: of the working side or the other one, or of both."""
    names = curves.of(measure)
    if side == UNCLEAR_SIDE and len(names) > 1:
        return ()
    if side in SIDES:
        wanted = other_side(side) if other else side
        return [name for name in names if name in {measure, f"{wanted}_{measure}"}]
    return names


def _chart(
    title: str,
    measure: str,
    courses: Sequence[tuple[Values, Values]],
    labels: Sequence[str],
    bound: Mapping[str, float],
) -> Chart:
    unit = unit_of(measure)
    shown = [v for mean, spread in courses for v in (*(mean - spread), *(mean + spread))]
    y = axis_of([*map(float, shown), *map(float, bound.values())], LEAST_RANGE.get(unit, 1.0))
    drawing = Drawing(Axis(0.0, 100.0), y)
    return Chart(
        title=title,
        unit=UNITS.get(unit, ""),
        label=f"{title} over a repetition: {labels[0]} and {labels[1]}",
        x_ticks=Axis(0.0, 100.0).ticks(4),
        y_ticks=y.ticks(4),
        lines=tuple(
            drawing.line(label, style, SHARE, mean, spread)
            for label, style, (mean, spread) in zip(
                labels, ("first", "second"), courses, strict=True
            )
        ),
        limits=tuple(
            Limit(y.at(at), f"asked: {words.bounded({end: at}, unit)}", end == "at_most")
            for end, at in bound.items()
        ),
        x_unit="%",
    )
