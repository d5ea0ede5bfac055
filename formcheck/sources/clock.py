"""Times of frames: seconds from the first one, strictly increasing."""

from __future__ import annotations

_JUMP_S = 1.0
_IN_A_ROW = 2


class Clock:
    """Makes a source's time stamps usable, and counts how often it had to.

    A good stamp passes unchanged. A missing stamp comes one usual spacing after the frame
    before it. A repeated stamp, or one that goes back a little, comes half a spacing after
    it, so that the next good stamp is still ahead; when there are more of them in a row, a
    whole one. After a jump of more than a second back the stamps have started anew, and are
    carried on from where they were.

    Parameters
    ----------
    spacing_s
        The usual time between two frames.
    """

    def __init__(self, spacing_s: float) -> None:
        self._spacing_s = spacing_s
        self._last_s: float | None = None
        self._origin_s: float | None = None
        self._in_a_row = 0
        self.repaired = 0
        """How many stamps were missing, repeated or went back."""

    def __call__(self, stamp_s: float | None) -> float:
        """Return the time of the next frame in seconds, 0 for the first.

        Parameters
        ----------
        stamp_s
            What the source says, from any origin; None when it says nothing.
        """
        if self._last_s is None:
            t_s = 0.0
            self._origin_s = stamp_s
            self.repaired += stamp_s is None
        else:
            t_s = self._next(self._last_s, stamp_s)
        self._last_s = t_s
        return t_s

    def _next(self, last_s: float, stamp_s: float | None) -> float:
        if stamp_s is None:
            self.repaired += 1
            return last_s + self._spacing_s
        if self._origin_s is None:
            self._origin_s = stamp_s - (last_s + self._spacing_s)
        t_s = stamp_s - self._origin_s
        if t_s > last_s:
            self._in_a_row = 0
            return t_s
        self.repaired += 1
        self._in_a_row += 1
        if last_s - t_s > _JUMP_S:
            self._origin_s = stamp_s - (last_s + self._spacing_s)
            return last_s + self._spacing_s
        return last_s + self._spacing_s / (2 if self._in_a_row <= _IN_A_ROW else 1)
