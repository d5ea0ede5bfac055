"""The clock of a hold, large enough to be read from the mat."""

from __future__ import annotations

from functools import lru_cache

from formcheck.frame import Image
from formcheck.overlay import text as lettering
from formcheck.overlay.sprite import Canvas, Sprite
from formcheck.overlay.style import Style
from formcheck.results import Tick

LARGER = 1.35
"""The clock's digits over those that count repetitions: who holds a stretch looks from afar."""
PAUSED = "paused"


def timer_of(tick: Tick, picture: Image, style: Style) -> Sprite:
    """Return the clock's panel while something is held, and how many holds there were else."""
    number_px, label_px = style.text_px(style.count, picture), style.text_px(style.label, picture)
    state, last = tick.hold, tick.last_hold
    if state is None:
        seconds = f"last {round(last.held_s)} s" if last else ""
        return _card(
            str(tick.holds or 0), _holds(tick.holds or 0), seconds, number_px, label_px, style
        )
    share = min(1.0, state.held_s / state.goal_s) if state.goal_s > 0 else 0.0
    return clock_card(
        int(state.held_s),
        f"of {state.goal_s:.0f} s",
        PAUSED if state.paused else _side(state.side),
        round(40 * share) / 40,
        round(LARGER * number_px),
        label_px,
        style,
        paused=state.paused,
    )


def _holds(count: int) -> str:
    return "hold" if count == 1 else "holds"


def _side(side: str) -> str:
    return side if side in {"left", "right"} else ""


@lru_cache(maxsize=4)
def _card(
    number: str, unit: str, below: str, number_px: int, label_px: int, style: Style
) -> Sprite:
    """Return how many holds there were, and how long the last one was."""
    small_px = max(style.least_text_px, round(0.82 * label_px))
    pad, gap = round(0.2 * number_px), round(0.45 * label_px)
    number_width = lettering.width_px(number, number_px, lettering.BOLD)
    beside = lettering.width_px(unit, label_px, lettering.MEDIUM)
    content = max(number_width + gap + beside, lettering.width_px(below, small_px))
    baseline = pad + round(lettering.ASCENT * number_px)
    lower = baseline + (round(1.5 * small_px) if below else 0)
    canvas = Canvas(content + 2 * pad, lower + pad)
    canvas.panel(canvas.box, pad, style.panel, style.panel_opacity)
    canvas.write(number, (pad, baseline), style.text, number_px, lettering.BOLD)
    x = pad + number_width + gap
    canvas.write(unit, (x, baseline), style.text, label_px, lettering.MEDIUM)
    canvas.write(below, (pad, lower), style.faint, small_px)
    return canvas.sprite()


@lru_cache(maxsize=4)
def clock_card(
    seconds: int,
    goal: str,
    word: str,
    share: float,
    number_px: int,
    label_px: int,
    style: Style,
    *,
    paused: bool,
) -> Sprite:
    """Return the running clock: seconds, what it runs to, and a bar that fills.

    Parameters
    ----------
    seconds
        Held so far.
    goal
        What to aim for, in words.
    word
        The side that holds, or that the clock stands.
    share
        Of the goal, 0 to 1.
    number_px, label_px
        Sizes of the digits and of the words beside them.
    style
        Colours.
    paused
        Whether the clock stands.
    """
    pad, gap = round(0.16 * number_px), round(0.5 * label_px)
    digits = str(seconds)
    # As wide as two digits from the start: a panel that jumps is hard to read.
    digits_width = max(
        lettering.width_px(text, number_px, lettering.BOLD) for text in (digits, "00")
    )
    beside = max(
        lettering.width_px(goal, label_px), lettering.width_px(word, label_px, lettering.MEDIUM)
    )
    beside = max(beside, lettering.width_px(PAUSED, label_px, lettering.MEDIUM))
    content = digits_width + gap + beside
    baseline = pad + round(lettering.ASCENT * number_px)
    tall = max(4, round(0.3 * label_px))
    top = baseline + round(0.55 * label_px)
    canvas = Canvas(content + 2 * pad, top + tall + pad)
    canvas.panel(canvas.box, pad, style.panel, style.panel_opacity)
    ink = style.faint if paused else style.text
    left = pad + digits_width - lettering.width_px(digits, number_px, lettering.BOLD)
    canvas.write(digits, (left, baseline), ink, number_px, lettering.BOLD)
    x = pad + digits_width + gap
    canvas.write(goal, (x, baseline), style.faint, label_px)
    above = baseline - round(lettering.LINE * label_px)
    color = style.failed if paused else style.text
    canvas.write(word, (x, above), color, label_px, lettering.MEDIUM)
    track = (pad, top, pad + content - 1, top + tall - 1)
    canvas.panel(track, tall / 2, style.outline, 0.9)
    length = round(share * content)
    if length >= tall:
        color = style.passed if share >= 1.0 else style.accent
        canvas.panel((pad, top, pad + length - 1, top + tall - 1), tall / 2, color, 1.0)
    return canvas.sprite()
