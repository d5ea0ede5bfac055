"""What every pose estimator can do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol, runtime_checkable

from formcheck.closing import Closable
from formcheck.frame import Frame
from formcheck.pose import Pose, Skeleton


class PoseEstimator(Closable, Protocol):
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


@runtime_checkable
class Choosing(Protocol):
    """What an estimator has besides if it chooses whom to follow among several people."""

    @property
    def corrections(self) -> Mapping[float, Pose]:
        """Time → the pose there of the person who was chosen only later."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What a report should say about several people."""

    @property
    def people(self) -> int | None:
        """How many people there are now; None if that is not known."""

    def forget_corrections(self) -> None:
        """Forget the corrections so far, for whoever has taken note of them."""


def corrected(estimator: PoseEstimator, poses: Sequence[Pose]) -> Sequence[Pose]:
    """Return the poses that an estimator gave, as it would give them now; the same if it would."""
    changes = estimator.corrections if isinstance(estimator, Choosing) else {}
    return [changes.get(pose.t_s, pose) for pose in poses] if changes else poses


def notes_of(estimator: PoseEstimator) -> tuple[str, ...]:
    """Return what an estimator has to say about several people, if anything."""
    return estimator.notes if isinstance(estimator, Choosing) else ()


def people_of(estimator: PoseEstimator) -> int | None:
    """Return how many people an estimator sees now; None if it does not count them."""
    return estimator.people if isinstance(estimator, Choosing) else None


def take_corrections(estimator: PoseEstimator) -> Mapping[float, Pose]:
    """Return the corrections since this was last asked for; empty if there are none."""
    if not isinstance(estimator, Choosing) or not estimator.corrections:
        return {}
    taken = dict(estimator.corrections)
    estimator.forget_corrections()
    return taken
