"""``formcheck check``: one clip from end to end."""

from __future__ import annotations

import math
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from formcheck.cli.download import model_progress
from formcheck.cli.errors import BELOW_LIMIT, explained, stderr
from formcheck.cli.history import remember
from formcheck.cli.options import (
    Angles,
    AnglesOption,
    HistoryOption,
    LevelOption,
    ModelOption,
    VariantOption,
)
from formcheck.cli.outputs import Hidden, Outputs, written
from formcheck.cli.show import show_report
from formcheck.cli.text import escape
from formcheck.errors import BadSetting, CannotWrite
from formcheck.estimators.base import PoseEstimator
from formcheck.estimators.replay import RecordedPoses
from formcheck.exercises.definition import Exercise
from formcheck.exercises.levels import parse_targets
from formcheck.library import AUTO, built_in, wanted_exercise
from formcheck.pipeline import analyze_frames, analyze_recording, recognize, recognize_frames
from formcheck.pose import PoseTrack
from formcheck.questions import STANDARD
from formcheck.recognize import Recognition
from formcheck.refine.base import AngleRefiner
from formcheck.refine.choose import angle_refiner
from formcheck.results import Report
from formcheck.sinks.base import DEFAULT_VIDEO_SIDE
from formcheck.sources import FrameSource, is_recording, open_recording, open_source


def check(
    clip: Annotated[
        Path,
        typer.Argument(
            help="A video, a GIF, a folder of pictures, or a landmark recording (.npz).",
            show_default=False,
        ),
    ],
    exercise: Annotated[
        str,
        typer.Option(
            "--exercise",
            "-e",
            help="What to look for: a name, a .toml file, or auto to have it recognized.",
        ),
    ] = AUTO,
    level: LevelOption = STANDARD,
    target: Annotated[
        list[str] | None,
        typer.Option(
            "--target",
            help="Your own range, such as knee_flexion=70 or knee_flexion=60..80; may be repeated. "
            "What can be set is on the page of the exercise.",
            metavar="NAME=VALUE",
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "-o",
            help="Folder for report.html, report.json, annotated.mp4, and tables.",
            metavar="DIR",
        ),
    ] = None,
    video: Annotated[
        bool, typer.Option("--video/--no-video", help="Make annotated.mp4 in --out, or not.")
    ] = True,
    video_size: Annotated[
        int,
        typer.Option("--video-size", help="Longest side of it in pixels; 0 as filmed.", min=0),
    ] = DEFAULT_VIDEO_SIDE,
    blur_face: Annotated[
        bool, typer.Option("--blur-face", help="Make the face unrecognizable in all pictures.")
    ] = False,
    skeleton_only: Annotated[
        bool,
        typer.Option("--skeleton-only", help="Draw the skeleton alone: no picture, no sound."),
    ] = False,
    json: Annotated[
        str | None,
        typer.Option("--json", help="Write the report here; - is standard output.", metavar="FILE"),
    ] = None,
    fail_under: Annotated[
        float | None,
        typer.Option(
            "--fail-under", help="Exit with status 1 if the score is lower.", min=0, max=100
        ),
    ] = None,
    save_recording: Annotated[
        Path | None,
        typer.Option("--save-recording", help="Keep the landmarks here.", metavar="FILE.npz"),
    ] = None,
    model: ModelOption = None,
    model_variant: VariantOption = "full",
    angles: AnglesOption = Angles.LEARNED,
    fps: Annotated[
        float, typer.Option("--fps", help="Pictures a second of a folder of pictures.", min=1)
    ] = 30.0,
    history: HistoryOption = True,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Neither progress bar nor table.")
    ] = False,
) -> None:
    """Count and judge the repetitions of one clip, or time and judge its holds.

    For example: formcheck check squats.mp4 --out results
    """
    with explained():
        to_stdout = json == "-"
        console = Console(stderr=to_stdout, highlight=False)
        with ExitStack() as stack:
            task = _Task(
                stack=stack,
                clip=clip,
                setting=_Setting(
                    level,
                    wanted_exercise(exercise, level, parse_targets(target or [])),
                ),
                refiner=angle_refiner(angles.value),
                outputs=Outputs(
                    clip,
                    out,
                    json,
                    video_size if video else None,
                    _privacy(blur_face=blur_face, skeleton_only=skeleton_only),
                ),
                fps=fps,
            )
            _writable("--json", None if to_stdout or json is None else Path(json))
            _writable("--save-recording", save_recording)
            if is_recording(clip):
                if save_recording is not None:
                    msg = (
                        f"'{clip}' is a landmark recording already, so --save-recording has "
                        "nothing to keep. Copy the file, or leave the option out."
                    )
                    raise BadSetting(msg)
                report = task.recorded()
            else:
                source = stack.enter_context(open_source(clip, fps=fps))
                task.outputs.prepare(stack)
                estimator = stack.enter_context(_estimator(model, model_variant))
                bar = stack.enter_context(_bar(quiet=quiet))
                report = task.filmed(source, estimator, bar, save_recording)
        if not quiet:
            show_report(console, report)
            if out is not None:
                console.print(f"Written to {escape(str(out))}: {', '.join(written(out, report))}")
        if history:
            remember(stderr, report)
        if fail_under is not None and not _reaches(report, fail_under):
            raise typer.Exit(BELOW_LIMIT)


@dataclass(frozen=True, slots=True)
class _Setting:
    """What to look for, and how much is asked for."""

    level: str
    exercise: Exercise | None
    """None when it is to be recognized."""


@dataclass(frozen=True, slots=True)
class _Task:
    """One clip to be checked."""

    stack: ExitStack
    clip: Path
    setting: _Setting
    refiner: AngleRefiner
    outputs: Outputs
    fps: float

    def recorded(self) -> Report:
        """Check a recording of landmarks."""
        recording = open_recording(self.clip)
        chosen = self.setting.exercise or recognize(
            recording.track, built_in(self.setting.level), refiner=self.refiner
        )
        outputs = replace(self.outputs, video_size=None)
        outputs.prepare(self.stack)
        sinks = outputs.sinks(chosen)
        return analyze_recording(
            recording.track, recording.info, chosen, sinks, refiner=self.refiner
        )

    def filmed(
        self,
        source: FrameSource,
        estimator: PoseEstimator,
        bar: Progress,
        recording: Path | None,
    ) -> Report:
        """Check a video or pictures."""
        task = bar.add_task("Analyzing", total=source.frames_hint or None)

        def progress(done: int, _: float) -> None:
            bar.update(task, completed=done)

        if self.setting.exercise is None:
            track, chosen = recognize_frames(
                source,
                estimator,
                built_in(self.setting.level),
                refiner=self.refiner,
                progress=progress,
                recording=recording,
            )
            bar.update(task, total=len(track), completed=len(track))
            return self._recognized(track, chosen, source)
        sinks = self.outputs.sinks(self.setting.exercise)
        report = analyze_frames(
            source,
            estimator,
            self.setting.exercise,
            sinks,
            refiner=self.refiner,
            progress=progress,
            recording=recording,
        )
        bar.update(task, total=report.source.frames, completed=report.source.frames)
        return report

    def _recognized(self, track: PoseTrack, chosen: Recognition, source: FrameSource) -> Report:
        """Check poses as what they turned out to be; pictures are read again to be drawn on."""
        sinks = self.outputs.sinks(chosen)
        if not self.outputs.drawn:
            return analyze_recording(
                track,
                source.info,
                chosen,
                sinks,
                refiner=self.refiner,
                warnings=source.warnings,
            )
        again = self.stack.enter_context(open_source(self.clip, fps=self.fps))
        return analyze_frames(again, RecordedPoses(track), chosen, sinks, refiner=self.refiner)


def _writable(option: str, path: Path | None) -> None:
    """Make sure that a file can be put there, before all the work.

    Raises
    ------
    CannotWrite
        Its folder is missing or no folder, or there is a folder in its place.
    """
    if path is None or (path.parent.is_dir() and not path.is_dir()):
        return
    found = "it is a folder" if path.is_dir() else f"there is no folder '{path.parent}'"
    msg = f"{option} can't write '{path}': {found}. Choose another place, or make the folder first."
    raise CannotWrite(msg)


def _privacy(*, blur_face: bool, skeleton_only: bool) -> Hidden:
    if skeleton_only:
        return Hidden.SKELETON_ONLY
    return Hidden.BLUR_FACE if blur_face else Hidden.OPEN


def _estimator(model: Path | None, variant: str) -> PoseEstimator:
    from formcheck.estimators.exerciser import exerciser_pose

    with model_progress() as progress:
        return exerciser_pose(model, variant, progress=progress)


def _bar(*, quiet: bool) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("frames"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        disable=quiet,
        transient=True,
    )


def _reaches(report: Report, limit: float) -> bool:
    return math.isfinite(report.summary.score) and report.summary.score >= limit
