"""A picture of every repetition at its turning point, and of every hold."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import cv2
import numpy as np

from formcheck.analyzer import part_marks
from formcheck.exercises.definition import Exercise
from formcheck.frame import Frame, Image
from formcheck.overlay.privacy import GROUND, Privacy, hiding
from formcheck.overlay.skeleton import SkeletonLayer
from formcheck.pose import Pose
from formcheck.results import Hold, Rep, Report, Tick

SPACING_S = 0.1
"""Pictures are kept at least so far apart: no turning point is further from one than half."""
MOST = 300
"""So many are kept at a time; when there are more, every other one of the older half goes."""
SIDE_PX = 720
"""Longest side of the pictures that are kept."""
SHAPE = 4 / 3
"""Width over height of the pictures in a report."""
ROOM = 0.18
"""Space around the person, in parts of their larger extent."""
QUALITY = 82


@dataclass(frozen=True, slots=True)
class _Kept:
    """One frame: what was known, and what it looked like."""

    tick: Tick
    """Its pose is in the pixels of the kept picture."""
    jpeg: bytes | None
    """None when there was no picture."""
    size_px: tuple[int, int]
    """Of the picture; of the source where there was none."""


class Snapshots:
    """Keeps few pictures while frames go by, and in the end one of each repetition or hold.

    Memory does not grow with the length of the clip, other than by the chosen pictures.

    Parameters
    ----------
    exercises
        What is judged, which says what part of the body a verdict is about.
    privacy
        What is hidden, before any picture is kept.
    """

    def __init__(self, *exercises: Exercise, privacy: Privacy = Privacy.OPEN) -> None:
        self._exercises = {exercise.id: exercise for exercise in exercises}
        self._hiding = hiding(privacy)
        self._drawn = privacy is not Privacy.SKELETON_ONLY
        self._skeleton = SkeletonLayer()
        self._recent: list[_Kept] = []
        self._chosen: dict[float, _Kept] = {}
        """The moment that a picture should show → what was kept of it."""

    def on_tick(self, tick: Tick, frame: Frame | None) -> None:
        """Look at one frame."""
        if not self._recent or tick.t_s - self._recent[-1].tick.t_s >= SPACING_S:
            self._recent.append(self._keep(tick, frame))
            if len(self._recent) > MOST:
                half = MOST // 2
                self._recent[:half] = self._recent[:half:2]
        for done in (tick.finished, tick.ended):
            if done is not None:
                self._choose(done)

    def pictures(self, report: Report) -> dict[str, bytes]:
        """Return a JPEG for each repetition and hold of which there is one.

        The names are ``rep-1``, ``partial-1`` and ``hold-1``; of a report of several exercises
        ``1-rep-1`` and so on, with the exercise's number in front.
        """
        size_px = (report.source.width, report.source.height)
        found = {}
        for number, part in enumerate(report.by_exercise, start=1):
            listed: tuple[Rep | Hold, ...] = (*part.reps, *part.partial_reps, *part.holds)
            for done in listed:
                if _moment(done) not in self._chosen:
                    self._choose(done)
                kept = self._chosen.get(_moment(done))
                if kept is not None:
                    key = f"{number}-{_key(done)}" if report.segments else _key(done)
                    exercise = self._exercises.get(part.exercise.id)
                    found[key] = self._picture(kept, done, exercise, size_px)
        return found

    def _keep(self, tick: Tick, frame: Frame | None) -> _Kept:
        if frame is None:
            return _Kept(tick, None, (0, 0))
        height, width = frame.image.shape[:2]
        scale = min(1.0, SIDE_PX / max(width, height))
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        picture = cv2.resize(frame.image, size, interpolation=cv2.INTER_AREA)
        scaled = _scaled(tick, (size[0] / frame.size_px[0], size[1] / frame.size_px[1]))
        if not self._drawn:
            return _Kept(scaled, None, size)
        image = np.asarray(picture, np.uint8)
        for layer in self._hiding:
            layer.draw(image, scaled)
        return _Kept(scaled, _encoded(image), size)

    def _choose(self, done: Rep | Hold) -> None:
        """Choose the kept frame that is nearest to the moment that a picture should show."""
        at_s = _moment(done)
        if self._recent and math.isfinite(at_s):
            nearest = min(self._recent, key=lambda kept: abs(kept.tick.t_s - at_s))
            self._chosen[at_s] = nearest

    def _picture(
        self, kept: _Kept, done: Rep | Hold, exercise: Exercise | None, size_px: tuple[int, int]
    ) -> bytes:
        """Return a kept frame with its verdicts drawn on it, cut to the person."""
        tick = kept.tick
        if kept.jpeg is None:
            picture, tick = _ground(tick, kept.size_px if any(kept.size_px) else size_px, kept)
        else:
            data = np.frombuffer(kept.jpeg, np.uint8)
            decoded = cv2.cvtColor(cv2.imdecode(data, cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB)
            picture = np.asarray(decoded, np.uint8)
        marks = {}
        if exercise is not None and len(done.verdicts) == len(exercise.criteria):
            marks = dict(part_marks(done.verdicts, done.side, exercise))
        self._skeleton.draw(picture, replace(tick, marks=marks))
        return _encoded(_cut(picture, tick.pose))


def _ground(tick: Tick, size_px: tuple[int, int], kept: _Kept) -> tuple[Image, Tick]:
    """Return an empty picture to draw on, and a tick to match."""
    width, height = (max(1, side) for side in size_px)
    scale = min(1.0, SIDE_PX / max(width, height))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    picture = np.full((size[1], size[0], 3), GROUND, np.uint8)
    already = any(kept.size_px)
    return picture, tick if already else _scaled(tick, (size[0] / width, size[1] / height))


def _moment(done: Rep | Hold) -> float:
    return done.span.turn_s if isinstance(done, Rep) else (done.start_s + done.end_s) / 2


def _key(done: Rep | Hold) -> str:
    if isinstance(done, Hold):
        return f"hold-{done.number}"
    return f"{'rep' if done.span.counted else 'partial'}-{done.number}"


def _scaled(tick: Tick, scale: tuple[float, float]) -> Tick:
    pose = tick.pose
    scaled = Pose(pose.t_s, pose.image_px * scale, pose.world_m, pose.visibility, pose.skeleton)
    return replace(tick, pose=scaled, readings={})


def _encoded(picture: Image) -> bytes:
    done, data = cv2.imencode(
        ".jpg", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, QUALITY]
    )
    return bytes(data) if done else b""


def _cut(picture: Image, pose: Pose) -> Image:
    """Return the part of a picture that shows the person, in the shape of all of them."""
    height, width = picture.shape[:2]
    points = pose.image_px[np.isfinite(pose.image_px).all(axis=1)]
    if not len(points):
        return picture
    points = np.clip(points, 0, (width, height))
    low, high = points.min(axis=0), points.max(axis=0)
    middle, extent = (low + high) / 2, high - low
    room = 2 * ROOM * float(extent.max())
    wide = max(float(extent[0]) + room, SHAPE * (float(extent[1]) + room))
    columns = slice(*_fitted(float(middle[0]), wide, width))
    rows = slice(*_fitted(float(middle[1]), wide / SHAPE, height))
    return np.ascontiguousarray(picture[rows, columns])


def _fitted(middle: float, length: float, limit: int) -> Iterator[int]:
    """Yield where a stretch begins and ends, moved and cut so that it lies within a picture."""
    length = min(length, float(limit))
    start = min(max(middle - length / 2, 0.0), limit - length)
    yield int(start)
    yield max(int(start) + 1, round(start + length))
