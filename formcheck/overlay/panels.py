"""What is said in words and numbers: counter, phase, cue, and what can't be judged."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from formcheck.frame import Image
from formcheck.overlay import text as lettering
from formcheck.overlay.sprite import Canvas, Sprite, diamond, fill_rounded
from formcheck.overlay.style import PHASE_WORDS, Color, Style, length_px
from formcheck.overlay.timer import timer_of
from formcheck.results import Phase, Status, Tick, Unjudged
from formcheck.sides import sides_in_words
from formcheck.units import clock

MARKS_PER_ROW = 8
"""The counter shows the last repetition's verdicts in rows of at most this many."""


@dataclass(frozen=True, slots=True)
class RepCounter:
    """The number of repetitions, large, and a mark for each verdict of the last one."""

    style: Style = field(default_factory=Style)

    def draw(self, picture: Image, tick: Tick) -> None:
        """Draw in the upper left corner."""
        margin = length_px(self.style.margin, picture)
        counter_of(tick, picture, self.style).paste(picture, margin, margin)


def counter_of(tick: Tick, picture: Image, style: Style) -> Sprite:
    """Return the counter's panel for a tick, in the size for a picture: a clock for holds."""
    if tick.holds is not None:
        return timer_of(tick, picture, style)
    return count_card(
        tick.reps,
        tick.partials,
        sides_in_words(tick.sides),
        tuple(v.status for v in tick.last.verdicts) if tick.last else (),
        style.text_px(style.count, picture),
        style.text_px(style.label, picture),
        style,
    )


@lru_cache(maxsize=4)
def count_card(
    reps: int,
    partials: int,
    sides: str,
    verdicts: tuple[Status, ...],
    number_px: int,
    label_px: int,
    style: Style,
) -> Sprite:
    """Return the counter's panel: number, unit, partial ones, sides, a mark per verdict."""
    unit = "rep" if reps == 1 else "reps"
    partial = f"+{partials} partial" if partials else ""
    small_px = max(style.least_text_px, round(0.82 * label_px))
    pad, gap = round(0.2 * number_px), round(0.45 * label_px)
    number_width = lettering.width_px(str(reps), number_px, lettering.BOLD)
    beside = max(
        lettering.width_px(unit, label_px, lettering.MEDIUM),
        lettering.width_px(partial, small_px),
    )
    step = 0.8 * label_px
    rows = math.ceil(len(verdicts) / MARKS_PER_ROW)
    per_row = math.ceil(len(verdicts) / rows) if rows else 0
    sides_width = lettering.width_px(sides, small_px)
    content = max(number_width + gap + beside, round(per_row * step), sides_width)
    baseline = pad + round(lettering.ASCENT * number_px)
    below = baseline + (round(1.5 * small_px) if sides else 0)
    marks_height = round(rows * step + 0.4 * label_px) if rows else 0
    canvas = Canvas(content + 2 * pad, below + marks_height + pad)
    canvas.panel(canvas.box, pad, style.panel, style.panel_opacity)
    canvas.write(str(reps), (pad, baseline), style.text, number_px, lettering.BOLD)
    x, y = pad + number_width + gap, baseline
    if partial:
        canvas.write(partial, (x, y), style.faint, small_px)
        y -= round(lettering.LINE * small_px)
    canvas.write(unit, (x, y), style.text, label_px, lettering.MEDIUM)
    canvas.write(sides, (pad, below), style.faint, small_px)
    for i, status in enumerate(verdicts):
        row, column = divmod(i, per_row)
        at = (pad + step * (column + 0.5), below + 0.6 * label_px + step * (row + 0.5))
        _mark(canvas, at, step, status, style)
    return canvas.sprite()


def _mark(
    canvas: Canvas, at: tuple[float, float], room: float, status: Status, style: Style
) -> None:
    color = style.color_of(status)
    if status is Status.FAIL:
        canvas.polygon(diamond(at, 0.44 * room), color)
    elif status is Status.PASS:
        canvas.dot(at, 0.32 * room, color)
    else:
        canvas.dot(at, 0.28 * room, color, max(1, round(0.1 * room)))


@dataclass(frozen=True, slots=True)
class PhaseBar:
    """How far into the movement the person is: full at their usual turning point."""

    style: Style = field(default_factory=Style)
    words: Mapping[Phase, str] = field(default_factory=lambda: dict(PHASE_WORDS))
    tall: float = 0.36
    """Length of the bar over the height of the picture."""
    middle: float = 0.45
    """Where the bar's middle is, over the height of the picture."""

    def draw(self, picture: Image, tick: Tick) -> None:
        """Draw at the right edge; the bar stays empty while the progress is unknown.

        A hold has no phases, and its clock a bar of its own.
        """
        if tick.holds is not None:
            return
        height, width = picture.shape[:2]
        margin = length_px(self.style.margin, picture)
        track = bar_track(round(self.tall * height), bar_width_px(picture, self.style), self.style)
        right, top = width - margin, round((self.middle - self.tall / 2) * height)
        left, bottom = right - track.size_px[0], top + track.size_px[1]
        track.paste(picture, left, top)
        self._fill(picture, tick.progress, (left, top, right, bottom))
        word = tick.phase_word or self.words.get(tick.phase, "")
        if word:
            size = self.style.text_px(self.style.label, picture)
            pill = word_pill(word, size, self.style, self.style.text)
            pill.paste(picture, right - pill.size_px[0], bottom + margin // 2)

    def _fill(self, picture: Image, progress: float, track: tuple[int, int, int, int]) -> None:
        if not progress > 0:
            return
        left, top, right, bottom = track
        inset = bar_inset(right - left)
        length = min(1.0, progress) * (bottom - top - 2 * inset)
        box = (left + inset, top + inset, right - inset - 1, top + inset + length)
        fill_rounded(picture, box, (right - left) / 2, self.style.accent)


def bar_width_px(picture: Image, style: Style) -> int:
    """Return how wide the phase bar's track is."""
    return max(7, length_px(style.bar, picture))


def bar_inset(track_width: int) -> int:
    """Return how much narrower than its track the bar is, on each side."""
    return max(1, round(0.16 * track_width))


@lru_cache(maxsize=4)
def bar_track(tall: int, wide: int, style: Style) -> Sprite:
    """Return what the phase bar runs in."""
    canvas = Canvas(wide, tall)
    canvas.panel(canvas.box, wide / 2, style.panel, style.panel_opacity)
    return canvas.sprite()


@lru_cache(maxsize=16)
def word_pill(word: str, size_px: int, style: Style, color: Color) -> Sprite:
    """Return a word on a panel."""
    pad = round(0.45 * size_px)
    height = round(1.7 * size_px)
    canvas = Canvas(lettering.width_px(word, size_px, lettering.MEDIUM) + 2 * pad, height)
    canvas.panel(canvas.box, 0.5 * size_px, style.panel, style.panel_opacity)
    baseline = round((height + lettering.ASCENT * size_px) / 2)
    canvas.write(word, (pad, baseline), color, size_px, lettering.MEDIUM)
    return canvas.sprite()


@dataclass(frozen=True, slots=True)
class CueBanner:
    """The one thing to work on now, as a coach would say it.

    It stays away from the feet: beside the counter where there is room, else below it.
    """

    style: Style = field(default_factory=Style)
    room_beside: float = 0.75
    """Of the picture's shorter side: less room than this beside the counter is too little."""
    least_text_px: int = 14

    def draw(self, picture: Image, tick: Tick) -> None:
        """Draw in the middle of the upper part; nothing without a cue."""
        if tick.cue is None or not tick.cue.text.strip():
            return
        width = picture.shape[1]
        margin = length_px(self.style.margin, picture)
        size = max(self.least_text_px, length_px(self.style.cue, picture))
        card_width, card_height = counter_of(tick, picture, self.style).size_px
        stamp_width = max(s.size_px[0] for s in _at_the_right(tick, picture, self.style))
        room, top = width - 2 * (max(card_width, stamp_width) + 2 * margin), margin
        if room < self.room_beside * min(picture.shape[:2]):
            beside_bar = bar_width_px(picture, self.style) + 2 * margin
            room, top = width - 2 * beside_bar, card_height + 2 * margin
        # Praise and company are no corrections, and not as orange as these.
        accent = self.style.failed if tick.cue.code else self.style.passed
        banner = text_panel(tick.cue.text, room, size, lettering.BOLD, 2, self.style, accent)
        banner.paste(picture, (width - banner.size_px[0]) // 2, top)


@dataclass(slots=True)
class UnjudgedNote:
    """What this camera cannot judge and what would help, small, one thing at a time.

    Criteria that need the same remedy share a note. A note stays for a while even if it
    ceases to apply, so that it can be read.
    """

    style: Style = field(default_factory=Style)
    each_s: float = 4.0
    """How long a note stays at least."""
    _shown: str = field(default="", init=False, repr=False)
    _since_s: float = field(default=math.nan, init=False, repr=False)
    _turn: int = field(default=-1, init=False, repr=False)

    def draw(self, picture: Image, tick: Tick) -> None:
        """Draw at the bottom."""
        words = self._note(tick)
        if not words:
            return
        height, width = picture.shape[:2]
        margin = length_px(self.style.margin, picture)
        size = self.style.text_px(self.style.note, picture)
        note = text_panel(words, width - 2 * margin, size, lettering.REGULAR, 3, self.style)
        note_width, note_height = note.size_px
        note.paste(picture, (width - note_width) // 2, height - margin - note_height)

    def _note(self, tick: Tick) -> str:
        """Return what to say now, changing it only after it stood long enough."""
        notes = unjudged_notes(tick.unjudged)
        still = 0 <= tick.t_s - self._since_s < self.each_s
        if self._shown and still:
            return self._shown
        self._shown = ""
        if notes:
            self._turn += 1
            self._since_s = tick.t_s
            self._shown = notes[self._turn % len(notes)]
        return self._shown


def unjudged_notes(unjudged: Sequence[Unjudged]) -> list[str]:
    """Return one sentence for each reason why something cannot be judged.

    Examples
    --------
    >>> side_on = "can't be judged from the side: face the camera"
    >>> unjudged_notes([Unjudged("SQ02", "Knees in line", side_on)])
    ["Knees in line can't be judged from the side: face the camera"]
    """
    names: dict[str, list[str]] = {}
    for one in unjudged:
        names.setdefault(one.reason.strip().rstrip("."), []).append(one.name)
    return [f"{_listed(those)} {reason}".strip() for reason, those in names.items()]


def _listed(names: Sequence[str]) -> str:
    first, *others = names
    if not others:
        return first
    if len(others) == 1:
        return f"{first} and {_lowered(others[0])}"
    return f"{first} and {len(others)} more"


def _lowered(name: str) -> str:
    """Return a name with its first letter small, unless it begins an abbreviation."""
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]


@lru_cache(maxsize=8)
def text_panel(
    text: str,
    room: int,
    size_px: int,
    weight: int,
    lines: int,
    style: Style,
    accent: Color | None = None,
) -> Sprite:
    """Return a text on a panel that is at most `room` pixels wide, with a coloured strip or not."""
    pad, foot = round(0.5 * size_px), round(0.4 * size_px)
    bar = max(3, round(0.2 * size_px)) if accent else 0
    inset = pad + (bar + round(0.42 * size_px) if accent else 0)
    wrapped = lettering.wrap_evenly(text, room - inset - pad, size_px, weight, lines)
    widest = max((lettering.width_px(line, size_px, weight) for line in wrapped), default=0)
    pitch, ascent = round(lettering.LINE * size_px), round(lettering.ASCENT * size_px)
    height = 2 * foot + ascent + pitch * (len(wrapped) - 1) + round(0.18 * size_px)
    canvas = Canvas(inset + widest + pad, height)
    canvas.panel(canvas.box, pad, style.panel, style.panel_opacity)
    if accent:
        strip = (pad, foot, pad + bar, height - 1 - foot)
        canvas.panel(strip, bar / 2, accent, 1.0)
    for i, line in enumerate(wrapped):
        canvas.write(line, (inset, foot + ascent + i * pitch), style.text, size_px, weight)
    return canvas.sprite()


@dataclass(frozen=True, slots=True)
class TimeStamp:
    """The time in the clip and the maker's name, so that a picture can be traced back."""

    style: Style = field(default_factory=Style)

    def draw(self, picture: Image, tick: Tick) -> None:
        """Draw in the upper right corner."""
        margin = length_px(self.style.margin, picture)
        stamp = stamp_of(tick, picture, self.style)
        stamp.paste(picture, picture.shape[1] - margin - stamp.size_px[0], margin)


@dataclass(frozen=True, slots=True)
class SettingNote:
    """The level and the person's own targets, below the time stamp; nothing at the standard."""

    style: Style = field(default_factory=Style)

    def draw(self, picture: Image, tick: Tick) -> None:
        """Draw at the right, below the upper corner."""
        stamp, *notes = _at_the_right(tick, picture, self.style)
        margin = length_px(self.style.margin, picture)
        top = margin + stamp.size_px[1] + margin // 2
        for note in notes:
            note.paste(picture, picture.shape[1] - margin - note.size_px[0], top)
            top += note.size_px[1] + margin // 3


def _at_the_right(tick: Tick, picture: Image, style: Style) -> list[Sprite]:
    """Return what stands below each other in the upper right corner: stamp, then settings."""
    size = style.text_px(style.note, picture)
    parts = tick.setting.split(", ") if tick.setting else []
    pills = [word_pill(part, size, style, style.accent) for part in parts]
    return [stamp_of(tick, picture, style), *pills]


def stamp_of(tick: Tick, picture: Image, style: Style) -> Sprite:
    """Return the time stamp's panel, without the name where the counter leaves no room."""
    time = clock(int(max(0.0, tick.t_s) * 10) / 10)  # a running clock shows what is over
    size = style.text_px(style.note, picture)
    margin = length_px(style.margin, picture)
    room = picture.shape[1] - counter_of(tick, picture, style).size_px[0] - 3 * margin
    stamp = word_pill(f"{style.brand}  {time}".strip(), size, style, style.faint)
    return stamp if stamp.size_px[0] <= room else word_pill(time, size, style, style.faint)
