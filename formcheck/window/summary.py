"""The last card of a session: how many, how well, and the one thing to work on."""

from __future__ import annotations

import math

from formcheck.coaching.texts import Texts
from formcheck.overlay import text as lettering
from formcheck.overlay.sprite import Canvas, Sprite
from formcheck.overlay.style import Style
from formcheck.results import Hold, Rep, Report
from formcheck.window.cards import TRACK, ring_of


def counted_in_words(report: Report, texts: Texts) -> str:
    """Return how many repetitions or holds there were, for reading and for hearing."""
    summary = report.summary
    if report.exercise.of == "holds":
        seconds = round(summary.held_s)
        if not summary.holds:
            return texts("end.nothing")
        key = "end.hold" if summary.holds == 1 else "end.holds"
        return texts(key, count=summary.holds, seconds=seconds)
    if not summary.reps_counted:
        return texts("end.nothing")
    key = "end.rep" if summary.reps_counted == 1 else "end.reps"
    return texts(key, count=summary.reps_counted)


def to_work_on(report: Report, texts: Texts) -> str:
    """Return the one thing to work on, in the language of the session; empty if there is none."""
    cues = report.summary.cues
    if not cues:
        return ""
    judged: tuple[Rep | Hold, ...] = (*report.reps, *report.holds)
    code = next((v.code for one in judged for v in one.verdicts if v.cue == cues[0]), "")
    return texts.own("cue", code, cues[0])


def summary_card(
    report: Report, texts: Texts, saved: str, room_px: tuple[int, int], style: Style
) -> Sprite:
    """Return the card.

    Parameters
    ----------
    report
        Of the session.
    texts
        The language.
    saved
        Where it is saved; empty if it is not.
    room_px
        (width, height) that it may take.
    style
        Colours.
    """
    width, height = room_px[0], round(0.82 * room_px[1])
    canvas = Canvas(width, height)
    canvas.panel(canvas.box, 0.05 * height, style.panel, 0.94)
    left = round(0.06 * width)
    title_px, count_px = round(0.10 * height), round(0.135 * height)
    canvas.write(texts("end.title"), (left, round(0.18 * height)), style.passed, title_px, 600)
    counted = counted_in_words(report, texts)
    score = report.summary.score
    room = width - 2 * left - (round(0.40 * height) if math.isfinite(score) else 0)
    line = _fitting(counted, room, count_px)
    canvas.write(counted, (left, round(0.36 * height)), style.text, line, lettering.BOLD)
    _work(canvas, report, texts, (left, round(0.53 * height)), style)
    if math.isfinite(score):
        _score(canvas, score, (width - left - 0.16 * height, 0.25 * height), 0.16 * height, style)
    if saved:
        small = round(0.048 * height)
        text = f"{texts('end.saved')}:  {saved}"
        shown = lettering.shorten(text, width - 2 * left, small)
        canvas.write(shown, (left, round(0.93 * height)), style.faint, small)
    return canvas.sprite()


def _work(canvas: Canvas, report: Report, texts: Texts, at: tuple[int, int], style: Style) -> None:
    _, _, right, bottom = canvas.box
    room, height = round(right) - 2 * at[0], bottom
    label_px, cue_px = round(0.055 * height), round(0.125 * height)
    cue = to_work_on(report, texts)
    if cue:
        canvas.write(texts("end.work"), at, style.faint, label_px, lettering.MEDIUM)
        size = _fitting(cue, room, cue_px)
        below = at[1] + round(0.155 * height)
        canvas.write(cue, (at[0], below), style.text, size, lettering.BOLD)
        canvas.panel(
            (at[0], below + 0.045 * height, at[0] + 0.22 * room, below + 0.058 * height),
            4,
            style.failed,
            1.0,
        )
        return
    summary = report.summary
    if summary.passed:
        text = texts("end.clean")
    elif summary.reps_counted or summary.holds:
        text = texts("end.unjudged")
    else:
        return
    size = _fitting(text, room, round(0.085 * height))
    canvas.write(text, (at[0], at[1] + round(0.1 * height)), style.text, size, lettering.MEDIUM)


def _score(
    canvas: Canvas, score: float, at: tuple[float, float], radius: float, style: Style
) -> None:
    thick = 0.2 * radius
    ring_of(canvas, at, radius - thick / 2, thick, 1.0, TRACK)
    if score > 0:
        ring_of(canvas, at, radius - thick / 2, thick, score / 100, style.accent)
    number = f"{score:.0f}"
    size = round((0.85 if len(number) < 3 else 0.62) * radius)
    x = at[0] - lettering.width_px(number, size, lettering.BOLD) / 2
    baseline = at[1] + 0.5 * lettering.ASCENT * size
    canvas.write(number, (round(x), round(baseline)), style.text, size, lettering.BOLD)


def _fitting(text: str, room: int, size_px: int) -> int:
    """Return the largest size up to this one in which a text fits into one line."""
    while size_px > 14 and lettering.width_px(text, size_px, lettering.BOLD) > room:
        size_px -= 2
    return size_px
