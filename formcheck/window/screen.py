"""What the screen looks like at one moment."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, fields, replace
from functools import lru_cache
from typing import Any

import cv2
import numpy as np

from formcheck.coaching.coach import Kind, Line
from formcheck.coaching.moment import Moment, Stage
from formcheck.coaching.texts import Texts
from formcheck.exercises.definition import Exercise
from formcheck.frame import Image
from formcheck.overlay.panels import bar_inset, bar_track, word_pill
from formcheck.overlay.skeleton import SkeletonLayer
from formcheck.overlay.sprite import Sprite, fill_rounded
from formcheck.overlay.style import Style
from formcheck.pose import Pose
from formcheck.posture import LYING
from formcheck.results import UNKNOWN_VIEW, Phase, Report, Tick
from formcheck.sides import sides_in_words
from formcheck.window.base import Status
from formcheck.window.cards import (
    STEPS,
    banner_card,
    counter_card,
    list_card,
    note_card,
    ring_card,
)
from formcheck.window.stance import stance_card
from formcheck.window.summary import summary_card

WIDTH, HEIGHT = 1280, 720
"""Of the screen's picture; the window scales it."""
BESIDE_PX = 200
"""A picture that leaves so much room has the panels beside it."""
DIM = 0.42

# Heights over that of the screen. At three metres, on a laptop, letters of a tenth of the
# screen's height are as large as those of a newspaper's headline in the hand.
CUE, COUNT, COUNTDOWN, RING, NOTE, SMALL = 0.105, 0.27, 0.46, 0.42, 0.046, 0.030
MARGIN = 0.028


def live_style() -> Style:
    """Return the look of the screen: thicker lines than in a video that is seen from near."""
    return replace(Style(), bone=0.012, joint=0.017, brand="")


@dataclass(slots=True)
class Screen:
    """Draws moments of one session.

    Parameters
    ----------
    exercise, texts
        What is done, and the language.
    mirrored
        Whether the picture is shown as a mirror would.
    """

    exercise: Exercise
    texts: Texts
    mirrored: bool = True
    swapped: bool = False
    """Whether it is drawn with red and blue exchanged, as OpenCV's window wants it, and over and
    over on the same canvas: a fresh one each time costs as much as half the drawing."""
    help: bool = False
    """Whether the keys are explained."""
    style: Style = field(init=False)
    _canvas: Image = field(init=False, repr=False)
    _last: Backdrop | None = field(default=None, init=False, repr=False)

    def __post_init__(self) -> None:
        self.style = swapped(live_style()) if self.swapped else live_style()
        self._canvas = np.zeros((HEIGHT, WIDTH, 3), np.uint8)

    def draw(self, backdrop: Backdrop | None, moment: Moment, status: Status) -> Image:
        """Return the screen as RGB (or swapped); without a picture, over the last one."""
        canvas = self._background(backdrop, moment)
        if moment.stage in {Stage.PAUSED, Stage.REST, Stage.DONE} or status.trouble:
            _dim(canvas)
        if status.trouble:
            self._middle(canvas, Line(status.trouble, Kind.STOP))
        else:
            _STAGES[moment.stage](self, canvas, moment)
            self._sign(canvas, moment)
        self._corner(canvas, status)
        if status.warning and moment.line is None:
            card = note_card(status.warning, round(0.6 * WIDTH), px(0.055), self.style)
            _paste(canvas, card, 0.5, 1 - MARGIN, 0.5, 1.0)
        if self.help:
            _dim(canvas)
            self._help(canvas)
        return canvas

    def summary(self, report: Report, saved: str) -> Image:
        """Return the last screen: what came of it."""
        canvas = self._background(None, None)
        _dim(canvas)
        card = summary_card(report, self.texts, saved, (round(0.86 * WIDTH), HEIGHT), self.style)
        _paste(canvas, card, 0.5, 0.5)
        return canvas

    # The picture

    def prepare(self, picture: Image) -> Backdrop:
        """Return a picture as large as the screen takes it, mirrored; may run in any thread."""
        if self.swapped:
            picture = np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), dtype=np.uint8)
        backdrop = fit(picture)
        if self.mirrored:
            backdrop.image = np.asarray(cv2.flip(backdrop.image, 1), dtype=np.uint8)
        return backdrop

    def _background(self, backdrop: Backdrop | None, moment: Moment | None) -> Image:
        """Return a fresh screen with the picture and the skeleton on it."""
        if backdrop is not None and moment is not None:
            if moment.stage is not Stage.DONE:
                self._skeleton(backdrop, moment)
            self._last = backdrop
        canvas = self._canvas if self.swapped else np.empty_like(self._canvas)
        if self._last is None:
            canvas[:] = 0
            return canvas
        image = self._last.image
        left = picture_left(image.shape[1])
        right = left + image.shape[1]
        for part in (canvas[:, :left], canvas[:, right:]):
            if part.size:
                np.copyto(part, _ground(part.shape[1]))
        np.copyto(canvas[:, left:right], image)
        return canvas

    def _skeleton(self, backdrop: Backdrop, moment: Moment) -> None:
        pose = backdrop.placed(moment.pose, mirrored=self.mirrored)
        tick = moment.tick
        if tick is None:
            tick = Tick(0, moment.t_s, pose, {}, UNKNOWN_VIEW, Phase.AWAY, math.nan, 0, 0)
        else:
            tick = replace(tick, pose=pose)
        SkeletonLayer(self.style).draw(backdrop.image, tick)

    # Stages

    def _choose(self, canvas: Image, moment: Moment) -> None:
        texts = self.texts
        rows = tuple((str(i), name) for i, name in enumerate(moment.choices, start=1))
        card = list_card(texts("choose.title"), rows, "", px(0.052), self.style)
        _paste(canvas, card, MARGIN * 9 / 16, MARGIN, 0.0, 0.0)
        self._banner(canvas, moment.line)

    def _ready(self, canvas: Image, moment: Moment) -> None:
        asked = not moment.countdown
        if asked:
            posture = (moment.exercise or self.exercise).postures[0]
            title = self.texts(f"stance.{_stance(posture)}")
            away = "stance.away_floor" if posture in LYING else "stance.away"
            below = self.texts(away, metres=3 if posture == "standing" else 2)
            card = stance_card(posture, title, below, (px(0.62), px(0.50)), self.style)
            _paste(canvas, card, MARGIN * 9 / 16, MARGIN, 0.0, 0.0)
        else:
            # At the left: people want to see themselves.
            number, color = str(moment.countdown), self.style.accent
            ring = ring_card(number, self._which_set(moment), 0, px(COUNTDOWN), color, self.style)
            _paste(canvas, ring, MARGIN * 9 / 16, MARGIN, 0.0, 0.0)
        line = Line(moment.advice, Kind.FIX) if moment.advice else moment.line
        lying = moment.tick is not None and moment.tick.posture.name in LYING
        bottom = self._banner(canvas, line, above=lying)
        if not asked and moment.note:
            note = note_card(moment.note, round(0.9 * WIDTH), px(NOTE), self.style)
            _paste(canvas, note, 0.5, bottom - 0.02, 0.5, 1.0)

    def _which_set(self, moment: Moment) -> str:
        if moment.sets < 2:
            return ""
        return self.texts("set.of", number=moment.number, sets=moment.sets)

    def _exercise(self, canvas: Image, moment: Moment) -> None:
        tick = moment.tick
        if tick is None:
            return
        if tick.hold is not None:
            self._hold(canvas, moment)
        else:
            self._counter(canvas, moment)
        if tick.holds is None:
            self._bar(canvas, tick)
        self._banner(canvas, moment.line, above=tick.posture.name in LYING)

    def _counter(self, canvas: Image, moment: Moment) -> None:
        tick = moment.tick
        sides = sides_in_words(tick.sides) if tick else ""
        below = self.texts("set.reps", reps=moment.goal) if moment.goal else self._unit(moment)
        dots = (moment.number, moment.sets)
        card = counter_card(moment.count, below, sides, dots, px(COUNT), self.style)
        _paste(canvas, card, MARGIN * 9 / 16, MARGIN, 0.0, 0.0)

    def _unit(self, moment: Moment) -> str:
        one = moment.count == 1
        if moment.exercise is not None and moment.exercise.hold is not None:
            return self.texts("set.hold") if one else self.texts("set.holds")
        return self.texts("set.rep") if one else self.texts("set.reps_word")

    def _hold(self, canvas: Image, moment: Moment) -> None:
        state = moment.tick.hold if moment.tick else None
        if state is None:
            return
        share = min(1.0, state.held_s / state.goal_s) if state.goal_s > 0 else 0.0
        color = self.style.passed if share >= 1 else self.style.accent
        below = self.texts("hold.of", seconds=round(state.goal_s))
        if state.paused:
            color, below = self.style.failed, self.texts("hold.paused")
        number = str(int(state.held_s))
        ring = ring_card(number, below, round(STEPS * share), px(RING), color, self.style)
        _paste(canvas, ring, MARGIN * 9 / 16, MARGIN, 0.0, 0.0)
        if moment.count or moment.goal:
            of = f" / {moment.goal}" if moment.goal else ""
            text = f"{moment.count}{of} {self._unit(moment)}"
            note = note_card(text, WIDTH // 3, px(NOTE), self.style)
            _paste(canvas, note, MARGIN * 9 / 16, MARGIN + RING + 0.02, 0.0, 0.0)

    def _bar(self, canvas: Image, tick: Tick) -> None:
        """Draw how far into the movement the person is, at the right edge."""
        wide, tall = px(0.05), px(0.44)
        track = bar_track(tall, wide, self.style)
        right, top = WIDTH - px(MARGIN), px(0.20)
        left = right - wide
        track.paste(canvas, left, top)
        inset = bar_inset(wide)
        if tick.progress > 0:
            length = min(1.0, tick.progress) * (tall - 2 * inset)
            box = (left + inset, top + inset, right - inset - 1, top + inset + length)
            fill_rounded(canvas, box, wide / 2, self.style.accent)
        word = tick.phase_word or self._phase(tick.phase)
        if word:
            pill = word_pill(word, px(NOTE), self.style, self.style.text)
            pill.paste(canvas, right - pill.size_px[0], top + tall + px(0.015))

    def _phase(self, phase: Phase) -> str:
        return "" if phase is Phase.AWAY else self.texts(f"phase.{phase.value}")

    def _paused(self, canvas: Image, moment: Moment) -> None:
        texts = self.texts
        title = texts("pause.away") if moment.away else texts("pause.title")
        self._middle(canvas, Line(title))
        if not moment.away:
            note = note_card(texts("pause.resume"), round(0.9 * WIDTH), px(0.06), self.style)
            _paste(canvas, note, 0.5, 0.66)
        self._counter(canvas, moment)

    def _rest(self, canvas: Image, moment: Moment) -> None:
        number = str(moment.countdown or "")
        step = round(STEPS * (1 - moment.share))
        texts = self.texts
        ring = ring_card(number, texts("rest.title"), step, px(0.62), self.style.accent, self.style)
        _paste(canvas, ring, 0.5, 0.43)
        note = note_card(moment.note, WIDTH, px(0.07), self.style)
        _paste(canvas, note, 0.5, 0.87)

    def _done(self, canvas: Image, moment: Moment) -> None:  # noqa: ARG002
        self._middle(canvas, Line(self.texts("end.title"), Kind.GOOD))

    # Pieces

    def _banner(self, canvas: Image, line: Line | None, *, above: bool = False) -> float:
        """Draw the one thing to be read: below, or above who lies. Return where it begins."""
        if line is None or not line.text:
            return 1 - MARGIN
        if above:
            card = banner_card(line.text, line.kind, round(0.68 * WIDTH), px(CUE), self.style)
            _paste(canvas, card, 1 - MARGIN * 9 / 16, 0.10, 1.0, 0.0)
            return 1 - MARGIN
        card = banner_card(line.text, line.kind, round(0.86 * WIDTH), px(CUE), self.style)
        _paste(canvas, card, 0.5, 1 - MARGIN, 0.5, 1.0)
        return 1 - MARGIN - card.size_px[1] / HEIGHT

    def _middle(self, canvas: Image, line: Line) -> None:
        card = banner_card(line.text, line.kind, round(0.9 * WIDTH), px(0.15), self.style)
        _paste(canvas, card, 0.5, 0.46)

    def _sign(self, canvas: Image, moment: Moment) -> None:
        """Draw how long the sign has been given."""
        if moment.stage in {Stage.EXERCISE, Stage.PAUSED} and moment.share > 1 / 6:
            step = round(STEPS * moment.share)
            ring = ring_card("", "", step, px(0.2), self.style.accent, self.style)
            _paste(canvas, ring, 0.5, MARGIN, 0.5, 0.0)

    def _corner(self, canvas: Image, status: Status) -> None:
        texts = self.texts
        words = [texts("status.rate", fps=round(status.fps))] if status.fps > 0 else []
        if status.dropped:
            words.append(texts("status.dropped", count=status.dropped))
        if status.muted:
            words.append(texts("status.muted"))
        if status.recording:
            words.append(texts("status.recording"))
        words.append(texts("help.hint"))
        note = note_card("  ·  ".join(words), WIDTH // 2, px(SMALL), self.style, self.style.faint)
        _paste(canvas, note, 1 - MARGIN * 9 / 16, MARGIN, 1.0, 0.0)

    def _help(self, canvas: Image) -> None:
        texts = self.texts
        rows = tuple(
            (texts(f"help.key_{key}"), texts(f"help.{key}"))
            for key in ("space", "m", "f", "h", "q")
        )
        card = list_card(texts("help.title"), rows, texts("help.hands"), px(0.055), self.style)
        _paste(canvas, card, 0.5, 0.5)


_STAGES = {
    Stage.CHOOSE: Screen._choose,  # noqa: SLF001
    Stage.READY: Screen._ready,  # noqa: SLF001
    Stage.EXERCISE: Screen._exercise,  # noqa: SLF001
    Stage.PAUSED: Screen._paused,  # noqa: SLF001
    Stage.REST: Screen._rest,  # noqa: SLF001
    Stage.DONE: Screen._done,  # noqa: SLF001
}


def px(fraction: float) -> int:
    """Return a fraction of the screen's height in pixels."""
    return round(fraction * HEIGHT)


def picture_left(width: int) -> int:
    """Return where a picture narrower than the screen goes: right, where there is room beside."""
    spare = WIDTH - width
    if spare < BESIDE_PX:
        return spare // 2
    return spare if spare < 2 * BESIDE_PX else round(0.62 * spare)


@dataclass(slots=True)
class Backdrop:
    """A picture in the size of the screen, and where things are in it."""

    image: Image
    scale: tuple[float, float]
    top: int
    """How much of it is empty above the picture."""

    def placed(self, pose: Pose, *, mirrored: bool) -> Pose:
        """Return a pose of the original picture where it is in this one."""
        image = pose.image_px * self.scale + (0, self.top)
        if mirrored:
            image[:, 0] = self.image.shape[1] - 1 - image[:, 0]
        return replace(pose, image_px=image)


def fit(picture: Image) -> Backdrop:
    """Return a picture as high as the screen, or as wide with empty stripes, as a copy."""
    height, width = picture.shape[:2]
    scale = min(HEIGHT / height, WIDTH / width)
    size = min(WIDTH, round(width * scale)), min(HEIGHT, round(height * scale))
    shown = np.asarray(cv2.resize(picture, size), dtype=np.uint8)
    top = (HEIGHT - size[1]) // 2
    if size[1] < HEIGHT:
        whole = np.zeros((HEIGHT, size[0], 3), np.uint8)
        whole[top : top + size[1]] = shown
        shown = whole
    return Backdrop(shown, (size[0] / width, size[1] / height), top)


def swapped(style: Style) -> Style:
    """Return a style with red and blue exchanged in all of its colours."""
    colors: dict[str, Any] = {
        field_.name: value[::-1]
        for field_ in fields(style)
        if isinstance(value := getattr(style, field_.name), tuple)
    }
    return replace(style, **colors)


@lru_cache(maxsize=4)
def _ground(width: int) -> Image:
    """Return what is beside a picture that is narrower than the screen."""
    ground = np.empty((HEIGHT, width, 3), np.uint8)
    ground[:] = 28
    return ground


def _paste(
    canvas: Image, card: Sprite, x: float, y: float, from_left: float = 0.5, from_top: float = 0.5
) -> None:
    """Put a card where its point (`from_left`, `from_top`) is at (`x`, `y`) of the screen."""
    width, height = card.size_px
    card.paste(canvas, round(x * WIDTH - from_left * width), round(y * HEIGHT - from_top * height))


def _dim(canvas: Image) -> None:
    cv2.convertScaleAbs(canvas, dst=canvas, alpha=DIM)


def _stance(posture: str) -> str:
    if posture in LYING:
        return "lying"
    return "seated" if posture == "seated" else "side"
