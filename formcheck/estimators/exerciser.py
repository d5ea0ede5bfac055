"""The estimator that a check uses: MediaPipe, staying with the person who exercises."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from formcheck.closing import Closing
from formcheck.errors import BackendUnavailable
from formcheck.estimators.anew import ANEW_S
from formcheck.estimators.following import FollowingPose, People
from formcheck.estimators.mediapipe_pose import MediaPipeOptions, MediaPipePeople, MediaPipePose
from formcheck.estimators.model_fetch import Progress, no_progress
from formcheck.frame import Frame
from formcheck.pose import Pose


class Lookout(Closing):
    """Looks out for people in one stream after the other, with the same model.

    To start it takes a tenth of a second. It knows nothing of the pictures before, so what it
    finds is the same as that of a new one. (What follows a person cannot be kept: MediaPipe's
    smoothed visibilities outlive even pictures of nothing.)
    """

    def __init__(self) -> None:
        self._people: People | None = None

    def borrow(self, start: Callable[[], People]) -> People:
        """Return what finds people, whose closing leaves the model as it is."""
        if self._people is None:
            self._people = start()
        return _Borrowed(self, self._people)

    def close(self) -> None:
        """Release the model; it starts again when it is needed. Safe to call twice."""
        people, self._people = self._people, None
        if people is not None:
            people.close()


class _Borrowed:
    def __init__(self, owner: Lookout, people: People) -> None:
        self._owner, self._people = owner, people

    def look(self, frame: Frame) -> list[Pose]:
        try:
            return self._people.look(frame)
        except BackendUnavailable:
            self._owner.close()  # one that gave up does so again
            raise

    def close(self) -> None:
        """Leave it to its owner."""


def exerciser_pose(
    model: Path | str | None = None,
    variant: str = "full",
    *,
    progress: Progress = no_progress,
    lookout: Lookout | None = None,
    anew_s: float = ANEW_S,
) -> FollowingPose:
    """Return an estimator of the person who exercises, whoever else is in the picture.

    Whatever checks people, from files or live, uses this one; a new one for each stream, since
    it remembers.

    Parameters
    ----------
    model, variant
        As in `formcheck.estimators.mediapipe_pose.MediaPipeOptions`.
    progress
        As in `formcheck.estimators.mediapipe_pose.MediaPipePose`.
    lookout
        To share between streams that have the same model, one after the other.
    anew_s
        So often a person is followed anew, which takes twice the time for a second; infinite
        for what has to keep up with a camera.

    Raises
    ------
    ModelMissing, ModelCorrupt, BackendUnavailable
        As there.
    """
    options = MediaPipeOptions(model=Path(model) if model else None, variant=variant)
    first = MediaPipePose(options, progress=progress)
    again = replace(first.options, model=first.model.path)
    spare = [first]

    def track() -> MediaPipePose:
        return spare.pop() if spare else MediaPipePose(again)

    def look() -> People:
        return MediaPipePeople(first.model.path, again)

    shared = look if lookout is None else lambda: lookout.borrow(look)
    return FollowingPose(track, shared, anew_s=anew_s)
