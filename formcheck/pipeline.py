"""From a clip to a report: a source, an estimator, the analyzer, and whoever listens.

Decoding and the pose model run ahead in a thread each: both leave Python's lock alone most of
the time. The analysis itself stays in the caller's thread, one frame after the other.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any, Generic, TypeVar

from formcheck.analyzer import Analyzer
from formcheck.errors import SinkError
from formcheck.estimators.base import PoseEstimator, corrected, notes_of
from formcheck.exercises.definition import Exercise
from formcheck.exercises.load import exercise_ids, load_exercise
from formcheck.frame import Frame, SourceInfo
from formcheck.medley import Medley
from formcheck.pose import Pose, PoseTrack
from formcheck.recognize import Recognition, Recognizer
from formcheck.refine.base import AngleRefiner
from formcheck.results import Report, Tick
from formcheck.sinks.base import Sink
from formcheck.sources.base import FrameSource

log = logging.getLogger(__name__)

READ_AHEAD = 12
"""Frames that decoding may be ahead of the pose model."""
POSES_AHEAD = 4
"""Frames that the pose model may be ahead of the analysis, which is ten times as fast."""

_T = TypeVar("_T")

Progress = Callable[[int, float], None]
"""Called with the number of frames done and the time of the latest one in seconds."""


def analyze_frames(
    source: FrameSource,
    estimator: PoseEstimator,
    exercise: Exercise | Recognition,
    sinks: Sequence[Sink] = (),
    *,
    refiner: AngleRefiner | None = None,
    progress: Progress | None = None,
    recording: Path | None = None,
) -> Report:
    """Analyze a stream of pictures.

    Parameters
    ----------
    source, estimator
        Where pictures and poses come from; both are read to the end but not closed.
    exercise
        What to look for, or what was recognized.
    sinks
        Are told about every frame, and finished in this order with the report. If one
        fails or the analysis is interrupted, all that have not finished are aborted.
    refiner
        What makes angles of landmarks; the analyzer's own, if not given.
    progress
        Is told how far the analysis is.
    recording
        Where to save the poses as they came from the estimator, if at all.

    Raises
    ------
    SinkError
        An output could not be written.
    """
    size_px = (source.info.width, source.info.height)
    analyzer, chosen = _machine(exercise, size_px, refiner)
    seen = _Seen(source, estimator)
    audience = Audience(sinks)
    with audience:
        with closing(seen.stream()) as stream:
            _drive(analyzer, stream, audience, progress)
        made_by, right = seen.made_by, seen.poses
        if seen.changed:
            # Sinks were told about somebody else at first; the report is not about them.
            if refiner is not None:
                refiner.reset()
            analyzer, chosen = _machine(exercise, size_px, refiner)
            for pose in right:
                analyzer.feed(pose)
        warnings = (*source.warnings, *notes_of(estimator), *audience.warnings)
        report = analyzer.finish(source.info, made_by, warnings, **chosen)
        if recording is not None:
            seen.kept(recording)
        audience.finish(report)
    return report


def analyze_recording(
    track: PoseTrack,
    info: SourceInfo,
    exercise: Exercise | Recognition,
    sinks: Sequence[Sink] = (),
    *,
    refiner: AngleRefiner | None = None,
    progress: Progress | None = None,
    warnings: tuple[str, ...] = (),
) -> Report:
    """Analyze poses that were recorded earlier; no pose model is needed.

    Parameters
    ----------
    track
        The recording.
    info
        The `SourceInfo` that the report should carry.
    exercise, sinks, refiner, progress
        As in `analyze_frames`; sinks get no pictures.
    warnings
        Sentences about the clip that the report should carry.
    """
    analyzer, chosen = _machine(exercise, track.size_px, refiner)
    provenance: Mapping[str, Any] = track.meta.get("estimator", {})
    audience = Audience(sinks)
    with audience:
        _drive(analyzer, ((pose, None) for pose in track), audience, progress)
        said = (*warnings, *track.meta.get("notes", ()), *audience.warnings)
        report = analyzer.finish(info, provenance, said, **chosen)
        audience.finish(report)
    return report


def record_frames(
    source: FrameSource,
    estimator: PoseEstimator,
    *,
    progress: Progress | None = None,
    recording: Path | None = None,
) -> PoseTrack:
    """Return the poses in a stream of pictures, with what made them in ``meta``.

    Parameters
    ----------
    source, estimator, progress, recording
        As in `analyze_frames`.
    """
    seen = _Seen(source, estimator)
    with closing(seen.stream()) as stream:
        for done, (_, frame) in enumerate(stream, start=1):
            if progress is not None:
                progress(done, frame.t_s)
    return seen.kept(recording)


def recognize_frames(
    source: FrameSource,
    estimator: PoseEstimator,
    exercises: Iterable[Exercise] | None = None,
    *,
    refiner: AngleRefiner | None = None,
    progress: Progress | None = None,
    recording: Path | None = None,
) -> tuple[PoseTrack, Recognition]:
    """Return the poses in a stream of pictures, and which exercise they show.

    The same as `record_frames` and then `recognize`, in less time: all exercises are watched
    while the pose model works on the next frames.

    Parameters
    ----------
    source, estimator, progress, recording
        As in `analyze_frames`.
    exercises, refiner
        As in `recognize`.
    """
    known = list(map(load_exercise, exercise_ids()) if exercises is None else exercises)
    seen = _Seen(source, estimator)
    recognizer = Recognizer(known, seen.size_px, refiner=refiner)
    with closing(seen.stream()) as stream:
        for done, (pose, frame) in enumerate(stream, start=1):
            recognizer.feed(pose)
            if progress is not None:
                progress(done, frame.t_s)
    recognition = recognizer.finish()
    if refiner is not None:
        refiner.reset()
    track = seen.kept(recording)
    # Another person turned out to be the one who exercises: what was recognized is not theirs.
    return track, recognize(track, known, refiner=refiner) if seen.changed else recognition


class _Seen:
    """What an estimator sees in the frames of a source, and has seen in the end."""

    def __init__(self, source: FrameSource, estimator: PoseEstimator) -> None:
        self.size_px = (source.info.width, source.info.height)
        self._source, self._estimator = source, estimator
        self._poses: list[Pose] = []
        self._looked_at: set[tuple[int, ...]] = set()

    def stream(self) -> Generator[tuple[Pose, Frame]]:
        """Yield what is seen, frame after frame; close it to end the threads behind it."""
        return read_ahead(self._estimated(), POSES_AHEAD)

    def _estimated(self) -> Iterator[tuple[Pose, Frame]]:
        with closing(read_ahead(self._source)) as frames:
            for frame in frames:
                self._looked_at.add(frame.image.shape[1::-1])
                pose = self._estimator.estimate(frame)
                self._poses.append(pose)
                yield pose, frame

    @property
    def made_by(self) -> dict[str, Any]:
        """What a report says about the estimator."""
        return {**self._estimator.provenance, "model_saw_px": sorted(map(list, self._looked_at))}

    @property
    def poses(self) -> Sequence[Pose]:
        """All poses, of the right person throughout."""
        return corrected(self._estimator, self._poses)

    @property
    def changed(self) -> bool:
        """Whether some of `poses` are others than those that were yielded."""
        return self.poses is not self._poses

    def kept(self, recording: Path | None) -> PoseTrack:
        """Return all as a recording, saved if that is wanted."""
        meta = _meta(self._source, self.made_by, self._estimator)
        track = PoseTrack.from_poses(self.poses, self.size_px, meta, self._estimator.skeleton)
        if recording is not None:
            track.save(recording)
        return track


def _meta(
    source: FrameSource, made_by: Mapping[str, Any], estimator: PoseEstimator
) -> dict[str, Any]:
    """Return what a recording says about itself."""
    meta = {"source": asdict(source.info), "estimator": made_by}
    notes = notes_of(estimator)
    return {**meta, "notes": list(notes)} if notes else meta


def recognize(
    track: PoseTrack,
    exercises: Iterable[Exercise] | None = None,
    *,
    refiner: AngleRefiner | None = None,
) -> Recognition:
    """Return which exercise a recording shows.

    Parameters
    ----------
    track
        The recording.
    exercises
        The ones to tell apart; those that come with formcheck, if not given.
    refiner
        As in `analyze_frames`; it is reset afterwards.
    """
    known = map(load_exercise, exercise_ids()) if exercises is None else exercises
    recognizer = Recognizer(known, track.size_px, refiner=refiner)
    for pose in track:
        recognizer.feed(pose)
    recognition = recognizer.finish()
    if refiner is not None:
        refiner.reset()
    return recognition


def _machine(
    exercise: Exercise | Recognition, size_px: tuple[int, int], refiner: AngleRefiner | None
) -> tuple[Analyzer | Medley, dict[str, Any]]:
    """Return what judges an exercise, and what the report says about who chose it."""
    if isinstance(exercise, Exercise):
        return Analyzer(exercise, size_px, refiner=refiner), {}
    machine = (
        Medley(exercise.parts, size_px, refiner=refiner)
        if exercise.parts
        else Analyzer(exercise.exercise, size_px, refiner=refiner, memory=exercise.memory)
    )
    return machine, {
        "chosen_by": "recognizer",
        "confidence": exercise.confidence,
        "reason": exercise.reason,
    }


def _drive(
    analyzer: Analyzer | Medley,
    stream: Iterable[tuple[Pose, Frame | None]],
    audience: Audience,
    progress: Progress | None,
) -> None:
    for pose, frame in stream:
        tick = analyzer.feed(pose)
        audience.tell(tick, frame)
        if progress is not None:
            progress(tick.index + 1, tick.t_s)


class Audience:
    """The sinks of one analysis: told together, finished in order, aborted on any failure."""

    def __init__(self, sinks: Sequence[Sink]) -> None:
        self._sinks = list(sinks)
        self.warnings: tuple[str, ...] = ()

    def __enter__(self) -> Audience:
        return self

    def __exit__(self, *_: object) -> None:
        for sink in self._sinks:
            sink.abort()

    def tell(self, tick: Tick, frame: Frame | None) -> None:
        """Pass one frame's result on.

        A sink that breaks unexpectedly is dropped, with a warning, and the analysis goes
        on; one that says it can't write ends the analysis.
        """
        for sink in list(self._sinks):
            try:
                sink.on_tick(tick, frame)
            except SinkError:
                raise
            except Exception:
                log.exception("a sink failed and was dropped: %r", sink)
                sink.abort()
                self._sinks.remove(sink)
                name = type(sink).__name__
                self.warnings += (f"{name} failed unexpectedly; its output is missing.",)

    def replace(self, sinks: Sequence[Sink]) -> None:
        """Begin anew with other sinks; what the ones so far have begun is thrown away."""
        for sink in self._sinks:
            sink.abort()
        self._sinks = list(sinks)

    def finish(self, report: Report) -> None:
        """Complete all outputs."""
        while self._sinks:
            self._sinks[0].finish(report)
            self._sinks.pop(0)


def read_ahead(items: Iterable[_T], depth: int = READ_AHEAD) -> Generator[_T]:
    """Yield items, such as a source's frames, having up to `depth` of them made in a thread.

    An error in making them is raised here, after the items that came before it. When the
    reader stops early, the thread ends too, and a generator that makes them is closed.
    """
    ahead = _Ahead(items, depth)
    ahead.start()
    try:
        while (item := ahead.take()) is not None:
            if isinstance(item, BaseException):
                raise item
            yield item
    finally:
        ahead.stop()


class _Ahead(threading.Thread, Generic[_T]):
    """Works ahead in bursts: fills its store, and rests until it is nearly empty.

    While it decodes, the pose model is slowed down a little, since both need Python's lock
    between their steps; in bursts, that happens to few frames instead of to all.
    """

    def __init__(self, items: Iterable[_T], depth: int) -> None:
        super().__init__(name="formcheck-ahead", daemon=True)
        self._items = items
        self._depth = depth
        self._store: deque[_T | BaseException | None] = deque()
        self._changed = threading.Condition()
        self._stopped = False

    def run(self) -> None:
        try:
            for item in self._items:
                if not self._put(item):
                    break
            if isinstance(self._items, Generator):
                self._items.close()
        except BaseException as error:  # noqa: BLE001 - handed to the reader, who raises it
            self._put(error)
        else:
            self._put(None)

    def take(self) -> _T | BaseException | None:
        """Return the next item, the error that ended the stream, or None at its end."""
        with self._changed:
            self._changed.wait_for(lambda: self._store)
            item = self._store.popleft()
            if len(self._store) <= self._depth // 4:
                self._changed.notify_all()
        return item

    def stop(self) -> None:
        """End the thread, whatever it is doing."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()
        self.join()

    def _put(self, item: _T | BaseException | None) -> bool:
        """Store an item; once the store is full, wait until it is nearly empty."""
        with self._changed:
            self._store.append(item)
            self._changed.notify_all()
            if len(self._store) >= self._depth:
                self._changed.wait_for(
                    lambda: self._stopped or len(self._store) <= self._depth // 4
                )
            return not self._stopped
