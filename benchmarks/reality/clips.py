"""Clips, and what the pose model sees in them: recorded once, in a mirror too."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.footage import Clip
from formcheck.estimators.mediapipe_pose import MediaPipePose
from formcheck.frame import Frame
from formcheck.pose import PoseTrack
from formcheck.sources import open_source

MIRRORED_EXERCISES = ("squat", "bridge", "lunge")
"""Exercises whose pictures are mirrored, in turn."""


def recording(folder: Path, clip: Clip, cache: Path, *, mirrored: bool = False) -> PoseTrack:
    """Return what the pose model sees in a clip, from the cache if it is there.

    Parameters
    ----------
    folder
        With the clips in ``clips``.
    clip
        Which one.
    cache
        Where recordings are kept.
    mirrored
        Whether the pictures are mirrored before the pose model sees them.
    """
    path = cache / f"{clip.file}{'.mirrored' if mirrored else ''}.poses.npz"
    if path.is_file():
        return PoseTrack.load(path)
    cache.mkdir(parents=True, exist_ok=True)
    with open_source(folder / "clips" / clip.file) as source, MediaPipePose() as estimator:
        frames: Iterator[Frame] = iter(source)
        poses = [estimator.estimate(in_mirror(f) if mirrored else f) for f in frames]
        size_px = (source.info.width, source.info.height)
        track = PoseTrack.from_poses(poses, size_px, {"estimator": dict(estimator.provenance)})
    track.save(path)
    return track


def in_mirror(frame: Frame) -> Frame:
    """Return a frame as a mirror beside the camera would show it."""
    return replace(frame, image=np.ascontiguousarray(frame.image[:, ::-1]), full=None)


def short_ones(clips: Sequence[Clip], frames: Sequence[int], count: int) -> list[Clip]:
    """Return some clips with few frames, each exercise in turn.

    Parameters
    ----------
    clips, frames
        All clips, and how many frames each one has.
    count
        How many to choose.
    """
    order = sorted(zip(frames, clips, strict=True), key=lambda pair: (pair[0], pair[1].file))
    queues = [[c for _, c in order if c.exercise == name] for name in MIRRORED_EXERCISES]
    chosen: list[Clip] = []
    while len(chosen) < count and any(queues):
        chosen += [queue.pop(0) for queue in queues if queue]
    return chosen[:count]
