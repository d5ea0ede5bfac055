"""Gives the poses of a recording again, for the pictures that they were found in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from formcheck.closing import Closing
from formcheck.frame import Frame
from formcheck.pose import Pose, PoseTrack, Skeleton


class RecordedPoses(Closing):
    """Gives a recording's poses in order; nobody after the last one.

    Parameters
    ----------
    track
        Of the same pictures, from the first one on.
    """

    def __init__(self, track: PoseTrack) -> None:
        self._track = track
        self._poses = iter(track)
        self._closed = False

    @property
    def skeleton(self) -> Skeleton:
        """The landmarks it gives."""
        return self._track.skeleton

    @property
    def provenance(self) -> Mapping[str, Any]:
        """What made the recording; not what size of pictures it saw."""
        made_by: Mapping[str, Any] = self._track.meta.get("estimator", {})
        return {name: value for name, value in made_by.items() if isinstance(value, str)}

    def estimate(self, frame: Frame) -> Pose:
        """Return the next recorded pose, at the time of the frame."""
        if self._closed:
            msg = "estimate() was called on an estimator that is closed"
            raise RuntimeError(msg)
        pose = next(self._poses, None)
        if pose is None:
            return Pose.nobody(frame.t_s, self.skeleton)
        return replace(pose, t_s=frame.t_s)

    def close(self) -> None:
        """End it; safe to call twice."""
        self._closed = True
