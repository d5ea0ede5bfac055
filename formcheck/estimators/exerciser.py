"""The estimator that a check uses: MediaPipe, staying with the person who exercises."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from formcheck.estimators.following import FollowingPose
from formcheck.estimators.mediapipe_pose import MediaPipeOptions, MediaPipePeople, MediaPipePose
from formcheck.estimators.model_fetch import Progress, no_progress


def exerciser_pose(
    model: Path | str | None = None, variant: str = "full", *, progress: Progress = no_progress
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

    return FollowingPose(track, lambda: MediaPipePeople(first.model.path, again))
