"""The analyzer of a session: the same as for files, and able to begin anew.

Who exercises may only turn out after a while, when several people are in the picture. A check
of a clip then looks at the right person from the first frame on, and so does a session, as long
as it has not gone on for long.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from typing import Any

from formcheck.analyzer import Analyzer
from formcheck.exercises.definition import Exercise
from formcheck.frame import SourceInfo
from formcheck.pose import Pose
from formcheck.refine.base import AngleRefiner
from formcheck.results import Report, Tick

KEEP_S = 180.0
"""For how long the analyzer looks back; a session of ten hours needs no more memory."""
AGAIN_S = 60.0
"""What began so long ago is not looked at again: nobody is followed wrongly for longer."""


class Watching:
    """Watches one person's exercise, and again from the beginning if need be.

    Parameters
    ----------
    exercise, size_px, refiner
        As in `formcheck.analyzer.Analyzer`.
    """

    def __init__(
        self, exercise: Exercise, size_px: tuple[int, int], refiner: AngleRefiner | None = None
    ) -> None:
        self._exercise = exercise
        self._size_px = size_px
        self._refiner = refiner
        self._begin()

    def _begin(self) -> None:
        if self._refiner is not None:
            self._refiner.reset()
        self._analyzer = Analyzer(
            self._exercise, self._size_px, refiner=self._refiner, keep_s=KEEP_S
        )
        self._poses: deque[Pose] = deque()
        self._whole = True
        """Whether all is known that the analyzer was told."""

    def feed(self, pose: Pose) -> Tick:
        """Take the next pose."""
        if self._whole:
            self._poses.append(pose)
            if pose.t_s - self._poses[0].t_s > AGAIN_S:
                self._forget()
        return self._analyzer.feed(pose)

    def interrupt(self) -> None:
        """Say that nothing that counts will come for a while."""
        self._forget()
        self._analyzer.interrupt()

    def begin_anew(self) -> None:
        """Forget all that was seen."""
        self._begin()

    def look_again(self, changes: Mapping[float, Pose]) -> list[Tick]:
        """Begin anew with other poses at some times; return what is said of each.

        What began too long ago, or was interrupted, is left as it is, and nothing returned: only
        from now on it is about somebody else.
        """
        if not self._whole:
            self._analyzer.interrupt()
            return []
        poses = [changes.get(pose.t_s, pose) for pose in self._poses]
        self._begin()
        return [self.feed(pose) for pose in poses]

    def finish(
        self,
        source: SourceInfo,
        provenance: Mapping[str, Any] | None,
        warnings: tuple[str, ...],
        **chosen: Any,
    ) -> Report:
        """End it and return the report."""
        return self._analyzer.finish(source, provenance, warnings, **chosen)

    def _forget(self) -> None:
        self._whole = False
        self._poses.clear()
