"""What the page shows, worked out from a report's document, its readings and its pictures."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from formcheck.report import words
from formcheck.report.charts import Chart
from formcheck.report.document import parts_of
from formcheck.report.plots import charts_of
from formcheck.report.readings import NOTHING, Curves
from formcheck.report.sides import SideRow, side_rows
from formcheck.report.words import Part

AROUND_S = 3.0
"""How long before and after one exercise of several its curves are shown."""
TEMPO = (
    ("descent_s", "out", "going there"),
    ("bottom_s", "turn", "at the turning point"),
    ("ascent_s", "back", "coming back"),
)
"""Measurement, style and words of each part of a repetition."""


@dataclass(frozen=True, slots=True)
class Attachments:
    """What belongs to a report besides its document."""

    curves: Curves = NOTHING
    pictures: Mapping[str, bytes] = field(default_factory=dict)
    """``rep-1``, ``partial-1`` or ``hold-1`` → JPEG."""
    video: str = ""
    """Address of the video, relative to the page; empty for none."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One verdict, for reading."""

    name: str
    code: str
    status: str
    value: str
    asked: str
    note: str
    """The cue or the reason."""


@dataclass(frozen=True, slots=True)
class Card:
    """One repetition or hold."""

    key: str
    title: str
    side: str
    at_s: float
    span: str
    score: float | None
    picture: str
    """Data address; empty for none."""
    shown: str
    """What the picture shows."""
    faults: tuple[Finding, ...]
    passed: tuple[Finding, ...]
    unclear: tuple[Finding, ...]
    reason: str
    """Why it does not count; empty when it does."""


@dataclass(frozen=True, slots=True)
class Beat:
    """How long one part of a repetition took."""

    style: str
    name: str
    seconds: float
    share: float
    """Per cent of the longest repetition."""


@dataclass(frozen=True, slots=True)
class TempoRow:
    """The parts of one repetition."""

    label: str
    beats: tuple[Beat, ...]
    total: str


@dataclass(frozen=True, slots=True)
class Topic:
    """One criterion: what it asks, why, and how it went."""

    name: str
    code: str
    about: Part
    """What the report says of it; empty in reports of older versions."""
    statuses: tuple[tuple[str, str], ...]
    """Of each repetition or hold: its label and what was said."""
    asked: str


@dataclass(frozen=True, slots=True)
class Page:
    """Everything on the page."""

    title: str
    headline: str
    advice: str
    unsure: str
    """That the number is not sure, and why; empty if it is."""
    score: float | None
    document: Part
    cards: tuple[Card, ...]
    partials: tuple[Card, ...]
    left_open: tuple[tuple[str, list[str]], ...]
    charts: tuple[Chart, ...]
    sides: tuple[SideRow, ...]
    tempo: tuple[TempoRow, ...]
    topics: tuple[Topic, ...]
    one: str
    """What it consists of: ``repetition`` or ``hold``."""
    prefix: str = ""
    """Stands before the names of places on the page; empty for the only exercise."""


def _title(exercise: Part) -> str:
    """Return what was done, with level and targets if they are not the usual ones."""
    setting = exercise.get("setting", "")
    return f"{exercise['name']}, {setting}" if setting else str(exercise["name"])


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything in the file: the whole, and a page for each exercise."""

    title: str
    headline: str
    advice: str
    score: float | None
    document: Part
    pages: tuple[Page, ...]
    video: str
    facts: tuple[tuple[str, str], ...]


def sheet_of(document: Part, attached: Attachments) -> Sheet:
    """Return all that is shown about a report.

    Raises
    ------
    KeyError, TypeError, ValueError, AttributeError
        The document is damaged.
    """
    parts = parts_of(document)
    if len(parts) == 1 and not document.get("segments"):
        pages = [page_of(parts[0], attached)]
    else:
        pages = [page_of(p, _share(p, attached), f"{i}-") for i, p in enumerate(parts, start=1)]
    return Sheet(
        title=_title(document["exercise"]),
        headline=f"{words.what_was_done(document)}.",
        advice=words.advice(document),
        score=_number(document["summary"]["score"]),
        document=document,
        pages=tuple(pages),
        video=attached.video,
        facts=tuple(_facts(document)),
    )


def _share(part: Part, attached: Attachments) -> Attachments:
    """Return what belongs to one exercise of several: its time of the curves."""
    curves = attached.curves.within(
        float(part["start_s"]) - AROUND_S, float(part["end_s"]) + AROUND_S
    )
    return Attachments(curves, attached.pictures, attached.video)


def page_of(document: Part, attached: Attachments, prefix: str = "") -> Page:
    """Return the page about one exercise.

    Parameters
    ----------
    document, attached
        The report about it, and what belongs to it.
    prefix
        Stands before the names of pictures and of places on the page.

    Raises
    ------
    KeyError, TypeError, ValueError, AttributeError
        The document is damaged.
    """
    holds = document["exercise"]["of"] == "holds"
    judged = document["holds"] if holds else document["reps"]
    return Page(
        title=_title(document["exercise"]),
        headline=f"{words.what_was_done(document)}.",
        advice=words.advice(document),
        unsure=words.unsure(document),
        score=_number(document["summary"]["score"]),
        document=document,
        cards=tuple(_card(one, attached, prefix, holds=holds) for one in judged),
        partials=tuple(_card(one, attached, prefix) for one in document["partial_reps"]),
        left_open=tuple(words.left_open(document)),
        charts=tuple(charts_of(document, attached.curves)),
        sides=tuple(side_rows(document, attached.curves)),
        tempo=tuple(_tempo(document["reps"])),
        topics=tuple(_topics(document, judged)),
        one="hold" if holds else "repetition",
        prefix=prefix,
    )


def picture_key(one: Part) -> str:
    """Return how the picture of a repetition or hold is called."""
    if "held_s" in one:
        return f"hold-{int(one['number'])}"
    return f"{'rep' if one['counted'] else 'partial'}-{int(one['number'])}"


def picture_keys(document: Part) -> list[str]:
    """Return how all pictures of a report are called."""
    several = bool(document.get("segments"))
    return [
        f"{number}-{picture_key(one)}" if several else picture_key(one)
        for number, part in enumerate(parts_of(document), start=1)
        for one in (*part["reps"], *part["partial_reps"], *part["holds"])
    ]


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


def _card(one: Part, attached: Attachments, prefix: str, *, holds: bool = False) -> Card:
    key = prefix + picture_key(one)
    jpeg = attached.pictures.get(key)
    findings = [_finding(verdict) for verdict in one["verdicts"]]
    counted = holds or one["counted"]
    word = "Hold" if holds else "Repetition"
    span = f"{words.clock(one['start_s'])} – {words.clock(one['end_s'])}"
    if holds:
        span += f", held {'' if one['complete'] else '≥ '}{words.number(one['held_s'], 1)} s"
    return Card(
        key=key,
        title=f"{word} {int(one['number'])}" if counted else "Not counted",
        side="" if one["side"] == words.UNSIDED else str(one["side"]),
        at_s=float(one["start_s"] or 0.0),
        span=span,
        score=_number(one["score"]),
        picture=f"data:image/jpeg;base64,{base64.b64encode(jpeg).decode()}" if jpeg else "",
        shown="in the middle of the hold" if holds else "at the turning point",
        faults=tuple(f for f in findings if f.status == "fail"),
        passed=tuple(f for f in findings if f.status == "pass"),
        unclear=tuple(f for f in findings if f.status == "unclear"),
        reason=str(one["reason"]),
    )


def _finding(verdict: Part) -> Finding:
    status, unit = str(verdict["status"]), str(verdict["unit"])
    return Finding(
        name=str(verdict["name"]),
        code=str(verdict["code"]),
        status=status,
        value=words.quantity(_number(verdict["value"]), unit, _number(verdict["sigma"])),
        asked=words.bounded(verdict["bound"], unit),
        note=str(verdict["cue"] or verdict["reason"]),
    )


def _tempo(reps: list[Part]) -> list[TempoRow]:
    """Return how long the parts of each repetition took, where all are known."""
    timed = []
    for rep in reps:
        found = [_number(rep["measures"].get(name, {}).get("value")) for name, *_ in TEMPO]
        known = [max(0.0, value) for value in found if value is not None]
        if len(known) == len(TEMPO):
            timed.append((rep, known))
    longest = max((sum(found) for _, found in timed), default=0.0)
    if not longest > 0:
        return []
    return [
        TempoRow(
            str(int(rep["number"])),
            tuple(
                Beat(style, name, round(seconds, 1), round(100 * seconds / longest, 2))
                for (_, style, name), seconds in zip(TEMPO, found, strict=True)
            ),
            words.number(sum(found), 1),
        )
        for rep, found in timed
    ]


def _topics(document: Part, judged: list[Part]) -> list[Topic]:
    """Return the criteria in their order, with what was said about each repetition or hold."""
    about = {str(info["code"]): info for info in document.get("criteria", ())}
    verdicts: dict[str, list[tuple[str, Part]]] = {}
    for one in judged:
        for verdict in one["verdicts"]:
            verdicts.setdefault(str(verdict["code"]), []).append((str(int(one["number"])), verdict))
    return [
        Topic(
            name=str(given[0][1]["name"]),
            code=code,
            about=about.get(code, {}),
            statuses=tuple((label, str(verdict["status"])) for label, verdict in given),
            asked=words.bounded(given[0][1]["bound"], str(given[0][1]["unit"])),
        )
        for code, given in verdicts.items()
    ]


def _facts(document: Part) -> list[tuple[str, str]]:
    """Return what the clip was and what made the report."""
    source, made_by = document["source"], document["provenance"]
    known = {
        "Clip": str(source["path"]),
        "Length": f"{words.number(source['duration_s'], 1)} s, {source['frames']} frames, "
        f"{words.number(source['fps'], 1)} a second, {source['width']} × {source['height']}",
        "Person in the picture": f"{100 * float(document['quality']['person_seen'] or 0):.0f} % "
        "of the frames",
        "Exercise chosen by": str(document["exercise"]["chosen_by"]),
        "Level": str(document["exercise"].get("level", "standard")),
        "formcheck": str(document["formcheck"]),
    }
    flat = [
        (f"{outer} {inner}".strip(), str(value))
        for outer, given in sorted(made_by.items())
        for inner, value in (given.items() if isinstance(given, Mapping) else (("", given),))
    ]
    return [*known.items(), *((name, value) for name, value in flat if name != "formcheck")]
