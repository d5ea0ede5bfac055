"""What a coach would say, and when: one thing at a time, and never the same all the time."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from formcheck.results import Cue, Hold, HoldState, Rep, Status, Verdict

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
        first) that was not mentioned lately is mentioned. Of a repetition that is told of
        again, because the rest of its verdicts came later, only if nothing was said yet.
        """
        if finished is not None and finished.span.counted and not self._spoke_of(finished):
            self._current = self._choose(t_s, finished.number, finished.verdicts)
        if self._current is not None and t_s - self._current.t_s > SHOW_S:
            self._current = None
        return self._current

    def _spoke_of(self, rep: Rep) -> bool:
        return self._current is not None and self._current.rep == rep.number

    def _choose(self, t_s: float, number: int, verdicts: Sequence[Verdict]) -> Cue | None:
        for verdict in verdicts:
            if verdict.status is not Status.FAIL:
                continue
            last = self._given.get(verdict.code, -math.inf)
            if number - last >= REPEAT_AFTER:
                self._given[verdict.code] = number
                return Cue(verdict.cue, verdict.code, number, t_s)
        return None


START, HALF, DONE = "Hold it there", "Half way, keep breathing", "Well done, slowly release"
BACK = "Come back into position"
LOST_S = 0.5
"""Out of position for so long, somebody is called back."""
NEW_S = 6.0
"""A hold that begins so soon after another one began is the same to the person."""


class HoldCoach(Coach):
    """Leads through a hold: begin, half way, done; and says what to do better next time."""

    def reset(self) -> None:
        """Forget the session."""
        super().reset()
        self._said: set[str] = set()
        self._began_s = -math.inf
        self._lost_s = math.inf
        self._held_s = -math.inf
        self._number = 1

    def follow(self, t_s: float, state: HoldState | None, ended: Hold | None) -> Cue | None:
        """Return the cue to show at this moment, if any.

        Parameters
        ----------
        t_s
            The moment.
        state
            The hold that is going on.
        ended
            The hold that is known to have ended, at this moment.
        """
        if state is not None:
            self._held_s = t_s
        elif t_s - self._held_s >= NEW_S:
            self._said.clear()  # what comes is another hold, even if the last one was not listed
        if ended is not None:
            self._number = ended.number + 1
            self._said.clear()
            self._current = self._choose(t_s, ended.number, ended.verdicts)
        elif state is not None and not self._correcting(t_s) and (text := self._lead(t_s, state)):
            self._current = Cue(text, "", self._number, t_s)
        return self.feed(t_s, None)

    def _correcting(self, t_s: float) -> bool:
        """Whether what to do better next time is still being said."""
        now = self._current
        return now is not None and bool(now.code) and t_s - now.t_s < SHOW_S

    def _lead(self, t_s: float, state: HoldState) -> str:
        """Return what is to be said now about the hold that is going on; empty for nothing."""
        self._lost_s = min(self._lost_s, t_s) if state.paused else math.inf
        if state.paused:
            # Who has been told to release may.
            lost = t_s - self._lost_s >= LOST_S and DONE not in self._said
            return self._once(f"{BACK} {self._lost_s}", BACK) if lost else ""
        if state.held_s >= state.goal_s:
            return self._once(DONE, DONE)
        if state.held_s >= state.goal_s / 2:
            return self._once(HALF, HALF)
        if START not in self._said and t_s - self._began_s >= NEW_S:
            self._began_s = t_s
            return self._once(START, START)
        return ""

    def _once(self, key: str, text: str) -> str:
        if key in self._said:
            return ""
        self._said.add(key)
        return text


def most_frequent_cues(reps: Sequence[Rep | Hold]) -> tuple[str, ...]:
    """Return the cues of all faults, the most frequent first."""
    counts = Counter(v.cue for rep in reps for v in rep.verdicts if v.status is Status.FAIL)
    return tuple(cue for cue, _ in counts.most_common())
