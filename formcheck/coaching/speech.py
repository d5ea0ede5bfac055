"""What is to be said aloud, and in which order: a queue that never falls behind."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum


class Urgency(IntEnum):
    """What goes first when several things are to be said."""

    KIND = 0
    """Praise, company."""
    LEAD = 1
    """What comes next."""
    CUE = 2
    """What to do better."""
    COUNT = 3
    """Numbers, which are worth nothing later."""
    STOP = 4
    """What must not be missed."""


@dataclass(frozen=True, slots=True)
class Saying:
    """Something to be said now."""

    text: str
    urgency: Urgency
    t_s: float
    """When it was true."""
    lasts_s: float = 4.0
    """For how long it is worth saying."""
    tone: str = ""
    """Which sound stands for it: a name of `formcheck.coaching.earcons.EARCONS`; none if empty."""
    group: str = ""
    """A newer one of the same group takes its place, if it has not been said yet."""


@dataclass(slots=True)
class SpeechQueue:
    """Keeps what is to be said until the voice is free."""

    muted: bool = False
    _waiting: list[Saying] = field(default_factory=list)

    def put(self, saying: Saying) -> None:
        """Add something; nothing is kept while muted."""
        if self.muted or not saying.text:
            return
        if saying.group:
            self._waiting = [one for one in self._waiting if one.group != saying.group]
        if saying.urgency is Urgency.STOP:
            self._waiting.clear()
        self._waiting.append(saying)

    def take(self, now_s: float) -> Saying | None:
        """Return what to say now: the most urgent, of these the oldest; drop what is stale."""
        self._waiting = [one for one in self._waiting if now_s - one.t_s <= one.lasts_s]
        if not self._waiting:
            return None
        best = max(self._waiting, key=lambda one: (one.urgency, -one.t_s))
        self._waiting.remove(best)
        return best

    def mute(self, *, muted: bool) -> None:
        """Fall silent, or speak again."""
        self.muted = muted
        if muted:
            self._waiting.clear()

    @property
    def empty(self) -> bool:
        """Whether nothing waits to be said."""
        return not self._waiting
