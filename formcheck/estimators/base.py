"""What every pose estimator can do."""

from __future__ import annotations

from collections.abc import Mapping
from types import TracebackType
from typing import Any, Protocol, Self

from formcheck.frame import Frame
from formcheck.pose import Pose, Skeleton


class PoseEstimator(Protocol):
    """Finds the person in a frame.

    One estimator serves one stream, in order, from one thread.
    """

    @property
    def skeleton(self) -> Skeleton:
        """The landmarks it gives."""

    @property
    def provenance(self) -> Mapping[str, Any]:
        """What a report needs to name it exactly: library, version, model, checksum."""

    def estimate(self, frame: Frame) -> Pose:
        """Return the pose at ``frame.t_s`` in full-size pixels; all NaN for nobody."""

    def close(self) -> None:
        """Release the model; safe to call twice."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...
