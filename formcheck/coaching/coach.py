"""What a coach says during a set: the count, one thing to do better, and that it is better."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from formcheck.coaching.speech import Saying, Urgency
from formcheck.coaching.texts import Texts
from formcheck.results import Cue, Rep, Status, Tick, Verdict

LATELY = 3
"""A fault repeats that shows in two of so many repetitions of which it could be judged."""
AGAIN_AFTER = 4
"""The same is said again so many repetitions later at the earliest."""
AT_MOST = 3
"""So often in one set; who can't change it now reads it in the report."""
SHOW_S = 4.0
"""How long it stays on the screen."""
FIRST, LAST = 3, 3
"""Form breaks down when so many repetitions are much worse than the first ones."""
WORSE_BY, GOOD_FROM, BAD_TO = 30.0, 70.0, 60.0
"""In points of the score: worse by how much; what good is, and bad."""


class Kind(StrEnum):
    """What a line on the screen is."""

    INFO = "info"
    GOOD = "good"
    FIX = "fix"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class Line:
    """What stands on the screen in large letters."""

    text: str
    kind: Kind = Kind.INFO


@dataclass(slots=True)
class _Fault:
    """What happened with one criterion in this set."""

    lately: deque[bool] = field(default_factory=lambda: deque(maxlen=LATELY))
    said: int = 0
    said_at: float = -math.inf
    """Number of the repetition after which it was said."""
    open: bool = False
    """Said, and not corrected yet."""

    def repeats(self) -> bool:
        return sum(self.lately) >= 2

    def may_be_said(self, number: int) -> bool:
        return self.said < AT_MOST and number - self.said_at >= AGAIN_AFTER


class SetCoach:
    """Coaches one set.

    Parameters
    ----------
    texts
        The language.
    goal
        How many repetitions or holds there are to be; 0 for as many as one likes.
    """

    def __init__(self, texts: Texts, goal: int = 0) -> None:
        self._texts = texts
        self._goal = goal
        self._faults: dict[str, _Fault] = {}
        self._scores: list[float] = []
        self._counted = 0
        self._heard: Cue | None = None
        self._line: Line | None = None
        self._line_s = -math.inf
        self._enough = False
        self.enough = False
        """Whether form has broken down, and it should end."""

    def feed(self, tick: Tick, count: int) -> Iterator[Saying]:
        """Take what the analyzer says of a frame; yield what to say.

        Parameters
        ----------
        tick
            What the analyzer says.
        count
            How many repetitions or holds of this set there are by now.
        """
        if count > self._counted:
            self._counted = count
            yield from self._count(tick.t_s, count)
        if tick.finished is not None and tick.finished.span.counted:
            yield from self._judge(tick.t_s, tick.finished)
        if tick.holds is not None:
            yield from self._hold(tick)

    def line(self, t_s: float) -> Line | None:
        """Return what stands on the screen at a moment."""
        return self._line if 0 <= t_s - self._line_s <= SHOW_S else None

    def _count(self, t_s: float, count: int) -> Iterator[Saying]:
        number = self._texts("count.rep", number=count)
        yield Saying(number, Urgency.COUNT, t_s, lasts_s=1.2, tone="count", group="count")
        left = self._goal - count
        if self._goal > 3 and left in (1, 2):
            word = self._texts("set.last" if left == 1 else "set.two")
            yield Saying(word, Urgency.LEAD, t_s, lasts_s=2.0, group="left")

    def _judge(self, t_s: float, rep: Rep) -> Iterator[Saying]:
        for verdict in rep.verdicts:
            if verdict.status is not Status.UNCLEAR:
                fault = self._faults.setdefault(verdict.code, _Fault())
                fault.lately.append(verdict.status is Status.FAIL)
        if math.isfinite(rep.score):
            self._scores.append(rep.score)
        if self._breaks_down() and not self.enough:
            self.enough = True
            yield self._show(t_s, self._texts("coach.enough"), Kind.STOP)
            return
        if right := self._corrected(rep):
            name = self._texts.own("name", right.code, right.name)
            yield self._show(t_s, self._texts("coach.corrected", name=_lowered(name)), Kind.GOOD)
        elif wrong := self._choose(rep):
            text = self._texts.own("cue", wrong.code, wrong.cue)
            yield self._show(t_s, text, Kind.FIX)

    def _corrected(self, rep: Rep) -> Verdict | None:
        """Return what was said before and is right now."""
        for verdict in rep.verdicts:
            fault = self._faults.get(verdict.code)
            if verdict.status is Status.PASS and fault is not None and fault.open:
                fault.open = False
                fault.lately.clear()
                return verdict
        return None

    def _choose(self, rep: Rep) -> Verdict | None:
        """Return the most important fault that repeats; criteria come most important first."""
        for verdict in rep.verdicts:
            if verdict.status is not Status.FAIL:
                continue
            fault = self._faults[verdict.code]
            if fault.repeats() and fault.may_be_said(rep.number):
                fault.said, fault.said_at, fault.open = fault.said + 1, rep.number, True
                return verdict
        return None

    def _breaks_down(self) -> bool:
        if len(self._scores) < FIRST + LAST:
            return False
        first = sum(self._scores[:FIRST]) / FIRST
        latest = self._scores[-LAST:]
        return first >= GOOD_FROM and all(s <= min(BAD_TO, first - WORSE_BY) for s in latest)

    def _hold(self, tick: Tick) -> Iterator[Saying]:
        """Say what leads through a hold, once."""
        cue = tick.cue
        if cue is None or cue == self._heard:
            return
        self._heard = cue
        if cue.code:
            yield self._show(tick.t_s, self._texts.own("cue", cue.code, cue.text), Kind.FIX)
        else:
            lost = tick.hold is not None and tick.hold.paused
            text = self._texts.own("hold", cue.text, cue.text)
            yield self._show(tick.t_s, text, Kind.FIX if lost else Kind.GOOD)

    def _show(self, t_s: float, text: str, kind: Kind) -> Saying:
        self._line, self._line_s = Line(text, kind), t_s
        urgency, tone = _HOW[kind]
        return Saying(text, urgency, t_s, lasts_s=3.0, tone=tone, group="coach")


_HOW = {
    Kind.INFO: (Urgency.LEAD, ""),
    Kind.GOOD: (Urgency.KIND, "good"),
    Kind.FIX: (Urgency.CUE, "cue"),
    Kind.STOP: (Urgency.STOP, "stop"),
}


def _lowered(name: str) -> str:
    """Return a name as it stands in a sentence: without brackets, its first letter small."""
    name = name.partition(" (")[0]
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]
