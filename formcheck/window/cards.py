"""The pieces of the screen: counter, rings, banner, summary. Each is painted once and kept."""

from __future__ import annotations

import math
from functools import lru_cache
from itertools import pairwise

from formcheck.coaching.coach import Kind
from formcheck.overlay import text as lettering
from formcheck.overlay.sprite import Canvas, Sprite, diamond
from formcheck.overlay.style import Color, Style
from formcheck.window.stance import limb

TRACK = (66, 66, 66)
"""What of a ring is empty: grey, as red and blue may be exchanged."""
STEPS = 60
"""A ring fills in so many steps: each is painted once."""


@lru_cache(maxsize=16)
def counter_card(
    count: int,
    below: str,
    sides: str,
    dots: tuple[int, int],
    size_px: int,
    style: Style,
) -> Sprite:
    """Return the counter: the number, what it counts towards, and a dot for each set.

    Parameters
    ----------
    count
        Repetitions or holds.
    below
        Such as "of 10" or "reps".
    sides
        Counts by side; may be empty.
    dots
        Which set it is, and how many there are.
    size_px
        Size of the number.
    style
        Colours.
    """
    number = str(count)
    small_px, tiny_px = round(0.27 * size_px), round(0.17 * size_px)
    pad = round(0.17 * size_px)
    # As wide as two digits from the start: a panel that jumps is hard to read.
    wide = max(
        lettering.width_px(number, size_px, lettering.BOLD),
        lettering.width_px("00", size_px, lettering.BOLD),
        lettering.width_px(below, small_px, lettering.MEDIUM),
        lettering.width_px(sides, tiny_px),
    )
    baseline = pad + round(0.74 * size_px)
    rows = [baseline + round(0.37 * size_px)]
    if sides:
        rows.append(rows[-1] + round(1.5 * tiny_px))
    height = rows[-1] + pad + (round(0.2 * size_px) if dots[1] > 1 else 0)
    canvas = Canvas(wide + 2 * pad, height)
    canvas.panel(canvas.box, 0.6 * pad, style.panel, 0.8)
    _centred(canvas, number, baseline, style.text, size_px, lettering.BOLD)
    _centred(canvas, below, rows[0], style.faint, small_px, lettering.MEDIUM)
    if sides:
        _centred(canvas, sides, rows[1], style.faint, tiny_px)
    if dots[1] > 1:
        _dots(canvas, dots, (wide / 2 + pad, height - 0.9 * pad), 0.055 * size_px, style)
    return canvas.sprite()


def _dots(
    canvas: Canvas, dots: tuple[int, int], at: tuple[float, float], radius: float, style: Style
) -> None:
    """Draw a dot for each set: done, going on, to come."""
    current, total = dots
    for i in range(1, total + 1):
        x = at[0] + (i - (total + 1) / 2) * 3.4 * radius
        if i < current:
            canvas.dot((x, at[1]), radius, style.passed)
        elif i == current:
            canvas.dot((x, at[1]), 1.25 * radius, style.accent)
        else:
            canvas.dot((x, at[1]), radius, style.unclear, max(2, round(0.3 * radius)))


@lru_cache(maxsize=96)
def ring_card(
    number: str, below: str, step: int, size_px: int, color: Color, style: Style
) -> Sprite:
    """Return a ring that fills clockwise from the top, a number in it and a word below that.

    Parameters
    ----------
    number, below
        What stands in it.
    step
        How full it is, 0 to `STEPS`.
    size_px
        Its diameter.
    color
        Of what is full.
    style
        Other colours.
    """
    canvas = Canvas(size_px, size_px)
    middle = size_px / 2
    thick = 0.085 * size_px
    radius = middle - 0.62 * thick
    canvas.dot((middle, middle), middle - 1, style.panel)
    ring_of(canvas, (middle, middle), radius, thick, 1.0, TRACK)
    if step > 0:
        ring_of(canvas, (middle, middle), radius, thick, step / STEPS, color)
    number_px = round(size_px * (0.46 if len(number) < 3 else 0.34))
    small_px = round(0.115 * size_px)
    lift = 0.5 * small_px if below else 0.0
    baseline = middle + 0.5 * lettering.ASCENT * number_px - lift
    _centred(canvas, number, round(baseline), style.text, number_px, lettering.BOLD)
    if below:
        _centred(canvas, below, round(baseline + 1.45 * small_px), style.faint, small_px)
    return canvas.sprite()


def ring_of(
    canvas: Canvas,
    at: tuple[float, float],
    radius: float,
    thick: float,
    share: float,
    color: Color,
) -> None:
    """Draw a part of a ring, from the top clockwise, with round ends."""
    pieces = max(2, round(90 * share))
    angles = [math.tau * share * i / pieces - math.pi / 2 for i in range(pieces + 1)]
    inner, outer = radius - thick / 2, radius + thick / 2
    for a, end in pairwise(angles):
        b = end + 0.004  # so that no seam shows
        corners = tuple(
            (at[0] + r * math.cos(w), at[1] + r * math.sin(w))
            for r, w in ((inner, a), (outer, a), (outer, b), (inner, b))
        )
        canvas.polygon(corners, color)
    if share < 1:
        for angle in (angles[0], angles[-1]):
            tip = (at[0] + radius * math.cos(angle), at[1] + radius * math.sin(angle))
            canvas.dot(tip, thick / 2, color)


@lru_cache(maxsize=16)
def banner_card(text: str, kind: Kind, room: int, size_px: int, style: Style) -> Sprite:
    """Return a sentence in large letters, with a sign for what kind it is.

    Parameters
    ----------
    text
        The sentence; two lines at most.
    kind
        Of the sentence.
    room
        How wide it may get.
    size_px
        Of the letters; smaller where it would not fit.
    style
        Colours.
    """
    pad = round(0.42 * size_px)
    sign = round(0.9 * size_px) if kind is not Kind.INFO else 0
    inset = pad + (sign + pad if sign else 0)
    while True:
        lines = lettering.wrap_evenly(text, room - inset - pad, size_px, lettering.BOLD, 2)
        if size_px < 24 or " ".join(lines) == " ".join(text.split()):
            break
        size_px = round(0.92 * size_px)
    wide = max((lettering.width_px(line, size_px, lettering.BOLD) for line in lines), default=0)
    pitch = round(1.16 * size_px)
    height = 2 * pad + round(0.78 * size_px) + pitch * (len(lines) - 1)
    canvas = Canvas(inset + wide + pad, height)
    canvas.panel(canvas.box, 0.8 * pad, style.panel, 0.86)
    if sign:
        _sign(canvas, (pad + sign / 2, height / 2), sign, kind, style)
    for i, line in enumerate(lines):
        baseline = pad + round(0.74 * size_px) + i * pitch
        canvas.write(line, (inset, baseline), style.text, size_px, lettering.BOLD)
    return canvas.sprite()


def _sign(canvas: Canvas, at: tuple[float, float], size: float, kind: Kind, style: Style) -> None:
    """Draw a tick, an arrow or a bar: shapes that differ, not colours alone."""
    x, y = at
    half = size / 2
    if kind is Kind.GOOD:
        canvas.dot(at, half, style.passed)
        points = ((-0.45, 0.02), (-0.12, 0.36), (0.48, -0.34))
        _stroke(canvas, [(x + px * half, y + py * half) for px, py in points], 0.2 * half, style)
    elif kind is Kind.FIX:
        canvas.polygon(diamond(at, 1.12 * half), style.failed)
        _stroke(canvas, [(x, y - 0.5 * half), (x, y + 0.12 * half)], 0.22 * half, style)
        canvas.dot((x, y + 0.48 * half), 0.14 * half, style.panel)
    else:
        octagon = tuple(
            (x + 1.05 * half * math.cos(a), y + 1.05 * half * math.sin(a))
            for a in (math.pi / 8 + i * math.pi / 4 for i in range(8))
        )
        canvas.polygon(octagon, style.failed)
        _stroke(canvas, [(x - 0.45 * half, y), (x + 0.45 * half, y)], 0.26 * half, style)


def _stroke(canvas: Canvas, points: list[tuple[float, float]], thick: float, style: Style) -> None:
    limb(canvas, points, thick, style.panel)


@lru_cache(maxsize=16)
def note_card(
    text: str, room: int, size_px: int, style: Style, color: Color | None = None, lines: int = 2
) -> Sprite:
    """Return a few words in smaller letters on a panel."""
    pad = round(0.55 * size_px)
    wrapped = lettering.wrap_evenly(text, room - 2 * pad, size_px, lettering.MEDIUM, lines)
    wide = max((lettering.width_px(w, size_px, lettering.MEDIUM) for w in wrapped), default=0)
    pitch = round(1.3 * size_px)
    height = round(1.75 * size_px) + pitch * (len(wrapped) - 1)
    canvas = Canvas(wide + 2 * pad, height)
    canvas.panel(canvas.box, 0.45 * size_px, style.panel, 0.8)
    for i, line in enumerate(wrapped):
        baseline = round(1.13 * size_px) + i * pitch
        canvas.write(line, (pad, baseline), color or style.text, size_px, lettering.MEDIUM)
    return canvas.sprite()


@lru_cache(maxsize=4)
def list_card(
    title: str,
    rows: tuple[tuple[str, str], ...],
    foot: str,
    size_px: int,
    style: Style,
) -> Sprite:
    """Return a card of rows, each with a word in front, such as keys and what they do."""
    pad = size_px
    first = max((lettering.width_px(a, size_px, lettering.BOLD) for a, _ in rows), default=0)
    second = max((lettering.width_px(b, size_px) for _, b in rows), default=0)
    foot_px = round(0.7 * size_px)
    inner = max(first + pad + second, lettering.width_px(title, round(1.3 * size_px), 600))
    foot_lines = lettering.wrap(foot, inner, foot_px, lettering.REGULAR, 3) if foot else ()
    pitch = round(1.55 * size_px)
    height = round(3.2 * size_px) + pitch * len(rows) + round(1.4 * foot_px) * len(foot_lines)
    canvas = Canvas(inner + 2 * pad, height)
    canvas.panel(canvas.box, 0.6 * pad, style.panel, 0.92)
    canvas.write(title, (pad, round(1.7 * size_px)), style.text, round(1.3 * size_px), 600)
    y = round(3.3 * size_px)
    for a, b in rows:
        canvas.write(a, (pad, y), style.accent, size_px, lettering.BOLD)
        canvas.write(b, (2 * pad + first, y), style.text, size_px)
        y += pitch
    for line in foot_lines:
        canvas.write(line, (pad, y), style.faint, foot_px)
        y += round(1.4 * foot_px)
    return canvas.sprite()


def _centred(
    canvas: Canvas,
    text: str,
    baseline: int,
    color: Color,
    size_px: int,
    weight: int = lettering.REGULAR,
) -> None:
    _, _, right, _ = canvas.box
    x = round((right - lettering.width_px(text, size_px, weight)) / 2)
    canvas.write(text, (x, baseline), color, size_px, weight)
