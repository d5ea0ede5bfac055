"""When somebody is followed anew, so that a long clip gives the same in parts as in one piece.

A pose model that follows a person never forgets how it began: two that started at different
moments differ by a hair for ever, and now and then by more. So at fixed moments of every clip
a new one takes over, after both have followed the person for a second and see the same. Parts of
a clip begin at these moments.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from formcheck.estimators.base import PoseEstimator
from formcheck.frame import Frame
from formcheck.people import agree
from formcheck.pose import Pose

ANEW_S = 60.0
"""So often a new estimator takes over in clips from files."""
WARM_UP_S = 1.0
"""So much earlier it begins: by then a bad first guess is over, and more time makes two that
follow the same person no more alike."""


class Successor:
    """Begins to follow before each moment at which a new estimator takes over.

    Parameters
    ----------
    track
        Makes an estimator.
    every_s
        Time between these moments, from time 0 on; infinite for never.
    """

    def __init__(self, track: Callable[[], PoseEstimator], every_s: float) -> None:
        self._track = track
        self._every_s = every_s
        self._next_s = math.nan
        self._tracker: PoseEstimator | None = None
        self._pose: Pose | None = None

    def take_over(self, t_s: float, last: Pose) -> PoseEstimator | None:
        """Return who follows from this frame on, if that is somebody new.

        Parameters
        ----------
        t_s
            Time of the frame.
        last
            What the present one saw in the frame before it.
        """
        if math.isnan(self._next_s):
            # A part begins with the warming up for its own first moment.
            self._next_s = self._after(t_s + WARM_UP_S)
        if t_s < self._next_s:
            return None
        self._next_s = self._after(t_s)
        ready = self._pose is not None and agree(last, self._pose)
        chosen = self._tracker if ready else None
        if chosen is not None:
            self._tracker = None
        self.close()
        return chosen

    def follow(self, frame: Frame) -> None:
        """Look at a frame, if the next moment is near."""
        if frame.t_s >= self._next_s - WARM_UP_S:
            self._tracker = self._tracker or self._track()
            self._pose = self._tracker.estimate(frame)

    def close(self) -> None:
        """Release what had begun to follow; it may begin again."""
        tracker, self._tracker, self._pose = self._tracker, None, None
        if tracker is not None:
            tracker.close()

    def _after(self, t_s: float) -> float:
        if math.isinf(self._every_s):
            return math.inf
        return (math.floor(t_s / self._every_s) + 1) * self._every_s
