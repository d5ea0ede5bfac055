"""A long clip in parts, whose poses are found apart and then judged as one.

Parts begin where a new estimator takes over in one piece, too (`formcheck.estimators.anew`): a
little earlier, to warm up, and those poses are thrown away. All but one: where two parts meet,
both have the same frame, and if they do not see the same there, the clip is done in one piece,
in which the old estimator stays.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np

from formcheck.batch.settings import Settings, Task
from formcheck.errors import SourceError
from formcheck.estimators.anew import WARM_UP_S
from formcheck.frame import SourceInfo
from formcheck.people import agree
from formcheck.pipeline import read_ahead
from formcheck.pose import Pose, PoseTrack
from formcheck.sources.part import Timetable, VideoPart, timetable
from formcheck.sources.video import VideoSource, thinning

_ARRAYS = ("t_s", "image_px", "world_m", "visibility")


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a clip; numbers of frames."""

    warm: int
    """From where on the person is followed."""
    first: int
    """From where on poses are kept."""
    stop: int


def plan(task: Task, settings: Settings, film: VideoSource) -> list[Part]:
    """Return the parts of a clip; none if it is short, or is to be read from the start."""
    if not settings.part_s or film.info.duration_s < 2 * settings.part_s:
        return []
    table = timetable(task.path)
    if table is None:
        return []
    starts_s = table.starts_s(settings.part_s)
    warm = (table.first_from(max(0.0, start_s - WARM_UP_S)) for start_s in starts_s)
    bounds = [*map(table.first_from, starts_s), len(table.stamps)]
    parts = [Part(early, *ends) for early, ends in zip(warm, pairwise(bounds), strict=True)]
    # Where frames are far apart, a part may have none, or none to warm up with.
    usable = all(part.warm < part.first < part.stop for part in parts[1:])
    return parts if usable else []


COMPANY = "company"
"""Whether there were several people; said of a part only."""
Packed = dict[str, Any]
"""Poses as values that JSON knows."""


def find_poses(task: Task, settings: Settings, part: Part) -> Packed:
    """Return the poses of a part, with the one before its first.

    Raises
    ------
    SourceError
        Its frames cannot be found.
    """
    from formcheck.batch.score import pose_model

    table = _table(task)
    every = settings.every * _thinning(task, settings)
    poses: list[Pose] = []
    saw: set[tuple[int, ...]] = set()
    keep_from_s = table.t_s(part.first)
    with (
        VideoPart(task.path, table, part.warm, part.stop, every=every) as film,
        pose_model(settings) as estimator,
    ):
        for frame in read_ahead(film):
            pose = estimator.estimate(frame)
            if frame.t_s < keep_from_s:
                poses.clear()  # of the warming up, only the last one is kept
            poses.append(pose)
            saw.add(frame.image.shape[1::-1])
        info = film.info
        meta = {
            **estimator.provenance,
            "model_saw_px": sorted(map(list, saw)),
            COMPANY: bool(estimator.notes),
        }
        size_px = (info.width, info.height)
        track = PoseTrack.from_poses(poses, size_px, {"estimator": meta}, estimator.skeleton)
    return _packed(track)


def join(task: Task, parts: Sequence[Packed]) -> tuple[PoseTrack, SourceInfo] | None:
    """Return the poses of the whole clip; None if it can only be looked at in one piece.

    So it is where parts see different things where they meet, and where there are several
    people: whose legs move most can only be told of all of it.
    """
    tracks = [_unpacked(packed) for packed in parts]
    if any(track.meta["estimator"].get(COMPANY) for track in tracks):
        return None
    for before, after in pairwise(tracks):
        if not agree(before[len(before) - 1], after[0]):
            return None
    rest = [track if i == 0 else _without_first(track) for i, track in enumerate(tracks)]
    poses = [pose for track in rest for pose in track]
    table = _table(task)
    with VideoSource(task.path) as film:
        info = replace(
            film.info,
            duration_s=table.duration_s,
            frames=len(table.stamps),
            fps=table.fps,
        )
    first = tracks[0]
    saw = sorted({tuple(s) for track in tracks for s in track.meta["estimator"]["model_saw_px"]})
    made_by = {
        **first.meta["estimator"],
        "model_saw_px": [list(s) for s in saw],
        "parts": len(tracks),
    }
    made_by.pop(COMPANY, None)
    meta = {"estimator": made_by}
    return PoseTrack.from_poses(poses, first.size_px, meta, first.skeleton), info


def _table(task: Task) -> Timetable:
    table = timetable(task.path)
    if table is None:
        msg = f"'{task.path}' has changed while it was read. Score it again."
        raise SourceError(msg)
    return table


def _thinning(task: Task, settings: Settings) -> int:
    with VideoSource(task.path) as film:
        return thinning(film.info.fps, settings.max_fps)


def _without_first(track: PoseTrack) -> PoseTrack:
    return PoseTrack.from_poses(list(track)[1:], track.size_px, track.meta, track.skeleton)


def _packed(track: PoseTrack) -> Packed:
    content = io.BytesIO()
    np.savez(content, **{name: getattr(track, name) for name in _ARRAYS})
    text = base64.b64encode(content.getvalue()).decode("ascii")
    return {"arrays": text, "size_px": list(track.size_px), "meta": dict(track.meta)}


def _unpacked(packed: Packed) -> PoseTrack:
    with np.load(io.BytesIO(base64.b64decode(packed["arrays"])), allow_pickle=False) as data:
        arrays = {name: data[name] for name in _ARRAYS}
    width, height = packed["size_px"]
    return PoseTrack(**arrays, size_px=(width, height), meta=packed["meta"])
