"""Whether a count can be relied on, and if not, why.

A number is a verdict, too: of somebody who was out of sight for half of the clip, three
repetitions are not certainly three. What speaks against a count is collected while it is taken
and said in sentences; a count without any is one that formcheck stands by.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from formcheck.posture import POSTURES
from formcheck.results import Posture, Rep
from formcheck.units import clock

UNREAD = 0.2
"""From this share of the time on, what is counted was out of sight for too long: of five
repetitions, a whole one can hide in it."""
ROUGH = 0.75
"""Known no better than to so many times the least range of a repetition, a signal is rough: one
standard deviation makes a repetition of next to nothing. Of the development clips of
``make quality``, those that are counted right stay below 0.71, and those that are not and have
no other cause reach 0.85."""
MOSTLY = 0.5
"""A signal that is rough for more than this share of the time."""
NAMED = 3
"""So many movements are named by their times."""


class CountDoubts:
    """Collects what speaks against a count.

    Parameters
    ----------
    of
        What is counted, in the singular: ``repetition`` or ``hold``.
    postures
        In which the exercise is done.
    small
        Whether the movement is so small that it can't be relied on to be seen.
    """

    def __init__(self, of: str, postures: tuple[str, ...], *, small: bool = False) -> None:
        self._of = of
        self._postures = postures
        self._small = small
        self._last_s = math.nan
        self._present = False
        self._watched_s = 0.0
        self._unread_s = 0.0
        self._rough_s = 0.0
        self._away_s = 0.0

    def feed(self, t_s: float, *, present: bool, readable: bool, rough: bool = False) -> None:
        """Take one frame.

        Parameters
        ----------
        t_s
            Its time.
        present
            Whether a person is in it. Before the first and after the last time that one is,
            nothing was there to be missed.
        readable
            Whether what is counted could be told from it.
        rough
            Whether it could be told only roughly.
        """
        dt_s = t_s - self._last_s if math.isfinite(self._last_s) else 0.0
        self._last_s = t_s
        if not present:
            self._away_s += dt_s
            return
        if self._present:
            self._watched_s += self._away_s + dt_s
            self._unread_s += self._away_s + (0.0 if readable else dt_s)
            self._rough_s += dt_s if readable and rough else 0.0
        self._present, self._away_s = True, 0.0

    def interrupt(self) -> None:
        """Say that the next frame may come at any later time."""
        self._last_s = math.nan
        self._present, self._away_s = False, 0.0

    def found(self, near_misses: Sequence[Rep], posture: Posture) -> tuple[str, ...]:
        """Return what speaks against the count, one sentence each; nothing if it is sure.

        Parameters
        ----------
        near_misses
            Movements that were not counted, but were like those that are.
        posture
            Of the person, for most of the time.
        """
        doubts = [
            self._elsewhere(posture) or self._unseen(),
            "Movements as small as these can't all be seen." if self._small else "",
            _maybe(near_misses),
        ]
        return tuple(filter(None, doubts))

    def _elsewhere(self, posture: Posture) -> str:
        if posture.name not in POSTURES or posture.name in self._postures:
            return ""
        return f"For most of the time you seemed to be {POSTURES[posture.name]}."

    def _unseen(self) -> str:
        if not self._watched_s > 0:
            return ""
        share = self._unread_s / self._watched_s
        if share >= UNREAD:
            return (
                f"For {100 * share:.0f} % of the time it could not be seen whether there was "
                f"a {self._of}."
            )
        if self._rough_s > MOSTLY * self._watched_s:
            return f"From this angle a {self._of} is hard to tell from a smaller movement."
        return ""


def unsure(doubts: Iterable[str]) -> str:
    """Return that a number is not sure, and why, as people read it; nothing if it is sure.

    Examples
    --------
    >>> unsure(["For most of the time you seemed to be seated."])
    'The number is not sure. For most of the time you seemed to be seated.'
    """
    why = " ".join(doubts)
    return f"The number is not sure. {why}" if why else ""


def _maybe(near_misses: Sequence[Rep]) -> str:
    if not near_misses:
        return ""
    if len(near_misses) == 1:
        span = near_misses[0].span
        return (
            f"A movement at {clock(span.start_s)} may have been a repetition. It was not counted: "
            f"{span.reason}."
        )
    *times, last = [clock(rep.span.start_s) for rep in near_misses[: NAMED + 1]]
    last = "later" if len(near_misses) > NAMED else last
    return (
        f"{len(near_misses)} movements that were not counted, at {', '.join(times)} and {last}, "
        "may have been repetitions."
    )
