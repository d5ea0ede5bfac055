"""Gives the poses of a recording again, for the pictures that they were found in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from formcheck.estimators.fake import FakePose
from formcheck.pose import Pose, PoseTrack


class RecordedPoses(FakePose):
    """Gives a recording's poses in order; nobody after the last one.

    Parameters
    ----------
    track
        Of the same pictures, from the first one on.
    """

    def __init__(self, track: PoseTrack) -> None:
        super().__init__(track, track.skeleton)
        self._meta = track.meta
        self.notes: tuple[str, ...] = tuple(track.meta.get("notes", ()))
        """What was said about several people when it was recorded."""
        self.corrections: Mapping[float, Pose] = {}
        """None: they are in the recording."""
        self.people: int | None = None
        """Not recorded."""

    def forget_corrections(self) -> None:
        """Do nothing: there are none."""

    @property
    def provenance(self) -> Mapping[str, Any]:
        """What made the recording; not what size of pictures it saw."""
        made_by: Mapping[str, Any] = self._meta.get("estimator", {})
        return {name: value for name, value in made_by.items() if isinstance(value, str)}
