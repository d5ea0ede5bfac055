"""What a coach would say, and when: one thing at a time, and never the same all the time."""

from __future__ import annotations

import math
from collections import Counter

from formcheck.results import Cue, Rep, Status

SHOW_S = 3.0
"""How long a cue stays."""
REPEAT_AFTER = 3
"""The same cue is given again only so many repetitions later."""


class Coach:
    """Chooses at most one cue after each repetition."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forget the session."""
        self._given: dict[str, int] = {}
        self._current: Cue | None = None

    def feed(self, t_s: float, finished: Rep | None) -> Cue | None:
        """Return the cue to show at this moment, if any.

        After a counted repetition the most important fault (criteria come most important
        first) that was not mentioned lately is mentioned.
        """
        if finished is not None and finished.span.counted:
            self._current = self._choose(t_s, finished)
        if self._current is not None and t_s - self._current.t_s > SHOW_S:
            self._current = None
        return self._current

    def _choose(self, t_s: float, rep: Rep) -> Cue | None:
        for verdict in rep.verdicts:
            if verdict.status is not Status.FAIL:
                continue
            last = self._given.get(verdict.code, -math.inf)
            if rep.number - last >= REPEAT_AFTER:
                self._given[verdict.code] = rep.number
                return Cue(verdict.cue, verdict.code, rep.number, t_s)
        return None


def most_frequent_cues(reps: tuple[Rep, ...]) -> tuple[str, ...]:
    """Return the cues of all faults, the most frequent first."""
    counts = Counter(v.cue for rep in reps for v in rep.verdicts if v.status is Status.FAIL)
    return tuple(cue for cue, _ in counts.most_common())
