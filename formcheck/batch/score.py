"""One clip from its file to its report, as worker processes do it."""

from __future__ import annotations

import atexit
from contextlib import ExitStack
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from formcheck.batch.settings import Settings, Task
from formcheck.errors import CannotWrite
from formcheck.estimators.anew import ANEW_S
from formcheck.estimators.following import FollowingPose
from formcheck.estimators.replay import RecordedPoses
from formcheck.exercises.definition import Exercise
from formcheck.frame import SourceInfo
from formcheck.library import AUTO, built_in, find_exercise
from formcheck.pipeline import analyze_frames, analyze_recording, recognize, record_frames
from formcheck.pose import PoseTrack
from formcheck.recognize import Recognition
from formcheck.refine.choose import angle_refiner
from formcheck.report.document import to_document
from formcheck.results import Report
from formcheck.sinks.base import Sink
from formcheck.sources import is_recording, open_recording, open_source
from formcheck.sources.base import FrameSource

if TYPE_CHECKING:
    from formcheck.estimators.exerciser import Lookout

Document = dict[str, Any]


def score(task: Task, settings: Settings, out: Path, film: FrameSource | None) -> Document:
    """Return a clip's report as a document.

    Parameters
    ----------
    task, settings
        Which clip, and how.
    out
        The batch's folder, for the annotated video and the page, if they are wanted.
    film
        The opened clip; None for a landmark recording.
    """
    if film is None:
        recording = open_recording(task.path)
        return judge(task, settings, None, recording.track, recording.info)
    with pose_model(settings) as estimator:
        track = record_frames(film, estimator)
    info = replace(film.info, path=task.path)
    return judge(task, settings, out, track, info, tuple(film.warnings))


def judge(
    task: Task,
    settings: Settings,
    out: Path | None,
    track: PoseTrack,
    info: SourceInfo,
    warnings: tuple[str, ...] = (),
) -> Document:
    """Return the report about poses as a document.

    Parameters
    ----------
    task, settings, out
        As in `score`; no folder where there are no pictures.
    track, info, warnings
        The poses, and about the clip that they were found in.
    """
    exercise = _exercise(task, track, settings)
    if out is not None and (settings.video or settings.pages):
        report = _drawn(task, settings, out, track, exercise)
    else:
        refiner = angle_refiner(settings.angles)
        report = analyze_recording(track, info, exercise, refiner=refiner, warnings=warnings)
    return to_document(report)


def open_film(task: Task, settings: Settings) -> FrameSource | None:
    """Open a clip; None for a landmark recording.

    Raises
    ------
    SourceError
        It is missing, damaged, or no clip.
    """
    return None if is_recording(task.path) else _open(task, settings)


def _open(task: Task, settings: Settings) -> FrameSource:
    return open_source(task.path, fps=settings.fps, every=settings.every, max_fps=settings.max_fps)


def pose_model(settings: Settings) -> FollowingPose:
    """Return what follows the person who exercises; a new one for each clip: it remembers."""
    from formcheck.estimators.exerciser import exerciser_pose

    lookout = _lookout(settings.model, settings.variant)
    anew_s = settings.part_s or ANEW_S
    return exerciser_pose(settings.model, settings.variant, lookout=lookout, anew_s=anew_s)


@lru_cache(maxsize=1)
def _lookout(model: str | None, variant: str) -> Lookout:  # noqa: ARG001 - one for each model
    """Return what looks out for others, which serves all clips of this process."""
    from formcheck.estimators.exerciser import Lookout

    lookout = Lookout()
    atexit.register(lookout.close)
    return lookout


def _exercise(task: Task, track: PoseTrack, settings: Settings) -> Exercise | Recognition:
    if task.exercise != AUTO:
        return find_exercise(task.exercise, level=task.level)
    return recognize(track, built_in(task.level), refiner=angle_refiner(settings.angles))


def _drawn(
    task: Task, settings: Settings, out: Path, track: PoseTrack, chosen: Exercise | Recognition
) -> Report:
    """Analyze with the pictures once more, to draw on them."""
    exercise = chosen if isinstance(chosen, Exercise) else chosen.exercise
    folder = out / task.folder
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        msg = f"Could not make the folder '{folder}': {error.strerror or error}."
        raise CannotWrite(msg) from error
    with ExitStack() as stack:
        again = stack.enter_context(_open(task, settings))
        sinks = _sinks(task, settings, folder, exercise)
        refiner = angle_refiner(settings.angles)
        return analyze_frames(again, RecordedPoses(track), chosen, sinks, refiner=refiner)


def _sinks(task: Task, settings: Settings, folder: Path, exercise: Exercise) -> list[Sink]:
    sinks: list[Sink] = []
    if settings.video:
        from formcheck.overlay.compose import default_overlay
        from formcheck.sinks.video_sink import AnnotatedVideoSink

        sound = Path(task.path) if Path(task.path).is_file() else None
        sinks.append(
            AnnotatedVideoSink(
                folder / "annotated.mp4", overlay=default_overlay(), audio_from=sound
            )
        )
    if settings.pages:
        from formcheck.sinks.page_sink import PageSink

        sinks.append(PageSink(folder, exercise))
    return sinks
