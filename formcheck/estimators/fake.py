"""An estimator that gives prepared poses, for embedding and for tests."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from formcheck.closing import Closing
from formcheck.frame import Frame
from formcheck.pose import BLAZEPOSE, Pose, Skeleton


class FakePose(Closing):
    """Gives prepared poses in order, whatever is in the frames; nobody after the last one.

    Parameters
    ----------
    poses
        In the order of the frames. Their own times are replaced by those of the frames.
    skeleton
        The landmarks of the poses.
    """

    def __init__(self, poses: Iterable[Pose], skeleton: Skeleton = BLAZEPOSE) -> None:
        self._poses = iter(poses)
        self._skeleton = skeleton
        self._closed = False

    @property
    def skeleton(self) -> Skeleton:
        """The landmarks it gives."""
        return self._skeleton

    @property
    def provenance(self) -> Mapping[str, Any]:
        """What a report says about it."""
        return {
            "backend": "fake",
            "version": "",
            "model": "prepared poses",
            "variant": "",
            "model_sha256": "",
        }

    def estimate(self, frame: Frame) -> Pose:
        """Return the next prepared pose, at the time of the frame."""
        if self._closed:
            msg = "estimate() was called on an estimator that is closed"
            raise RuntimeError(msg)
        pose = next(self._poses, None)
        if pose is None:
            return Pose.nobody(frame.t_s, self._skeleton)
        return replace(pose, t_s=frame.t_s)

    def close(self) -> None:
        """End it; safe to call twice."""
        self._closed = True
