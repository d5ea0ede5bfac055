"""``formcheck live``: a session in front of a camera."""

from __future__ import annotations

import math
import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated

import typer
from platformdirs import user_documents_path
from rich.console import Console

from formcheck.cli.download import model_progress
from formcheck.cli.errors import explained, stderr
from formcheck.cli.history import remember
from formcheck.cli.options import (
    Angles,
    AnglesOption,
    HistoryOption,
    LevelOption,
    ModelOption,
    VariantOption,
)
from formcheck.cli.outputs import Outputs, written
from formcheck.cli.show import show_report
from formcheck.cli.text import escape
from formcheck.coaching.choosing import OpenSession
from formcheck.coaching.moment import Plan
from formcheck.coaching.session import Session
from formcheck.coaching.texts import DEFAULT_LANGUAGE, Texts, load_texts
from formcheck.exercises.definition import Exercise
from formcheck.exercises.levels import parse_targets
from formcheck.exercises.none import NONE
from formcheck.library import AUTO, built_in, wanted_exercise
from formcheck.questions import STANDARD
from formcheck.refine.choose import angle_refiner
from formcheck.results import Report
from formcheck.sinks.base import Sink
from formcheck.voice.voice import Voice

if TYPE_CHECKING:
    from formcheck.estimators.base import PoseEstimator
    from formcheck.sinks.camera_video import CameraVideo

RECORDING = "camera.mp4"
USUAL_REPS, USUAL_HOLDS = 10, 3
"""Of a set, where sets are asked for but not how long they are."""


def live(
    exercise: Annotated[
        str,
        typer.Option(
            "--exercise",
            "-e",
            help="What you are going to do: a name, a .toml file, or 'auto': by a key, or by "
            "beginning it.",
        ),
    ] = AUTO,
    camera: Annotated[
        str | None,
        typer.Option(
            "--camera",
            "-c",
            help="Number of the camera, address of a stream (rtsp://, http://), or a clip that is "
            "played as a camera.",
            show_default="the first one",
        ),
    ] = None,
    list_cameras: Annotated[
        bool, typer.Option("--list-cameras", help="Tell which cameras there are, and stop.")
    ] = False,
    sets: Annotated[int, typer.Option("--sets", help="How many sets.", min=1, max=50)] = 1,
    reps: Annotated[
        int,
        typer.Option(
            "--reps",
            help="Repetitions, or holds, in each set; 0 for as many as you like.",
            min=0,
            max=1000,
            show_default="as many as you like; 10, or 3 holds, with several sets",
        ),
    ] = 0,
    rest: Annotated[
        float, typer.Option("--rest", help="Seconds between two sets.", min=0, max=3600)
    ] = 45.0,
    level: LevelOption = STANDARD,
    target: Annotated[
        list[str] | None,
        typer.Option(
            "--target",
            help="Your own range, such as knee_flexion=70; may be repeated.",
            metavar="NAME=VALUE",
        ),
    ] = None,
    voice: Annotated[
        bool | None,
        typer.Option(
            "--voice/--no-voice",
            help="Speak, or give short tones instead.",
            show_default="speak if there is a voice",
        ),
    ] = None,
    mute: Annotated[bool, typer.Option("--mute", help="Begin in silence; M changes it.")] = False,
    window: Annotated[
        bool, typer.Option("--window/--no-window", help="Show it, or go by ear alone.")
    ] = True,
    full_screen: Annotated[
        bool, typer.Option("--full-screen", help="Fill the whole screen; F changes it.")
    ] = False,
    mirror: Annotated[
        bool, typer.Option("--mirror/--no-mirror", help="Show the picture as a mirror does.")
    ] = True,
    record: Annotated[
        bool,
        typer.Option(
            "--record", help="Keep the camera's video and pictures of you beside the report."
        ),
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "-o",
            help="Folder for the report.",
            metavar="DIR",
            show_default="a new one in formcheck in your documents",
        ),
    ] = None,
    every_frame: Annotated[
        bool,
        typer.Option(
            "--every-frame", help="Of a clip, leave no frame out, however long each takes."
        ),
    ] = False,
    history: HistoryOption = True,
    language: Annotated[
        str, typer.Option("--language", help="Of what is said and shown.")
    ] = DEFAULT_LANGUAGE,
    model: ModelOption = None,
    model_variant: VariantOption = "full",
    angles: AnglesOption = Angles.LEARNED,
) -> None:
    """Exercise in front of a camera: it counts, corrects, times and sums up.

    For example: formcheck live --exercise squat --sets 3 --reps 10 --rest 45
    """
    console = Console(highlight=False)
    with explained():
        if list_cameras:
            _list(console)
            return
        chosen = wanted_exercise(exercise, level, parse_targets(target or []))
        wanted = _Wanted(
            exercise=chosen,
            camera=camera,
            plan=partial(_plan, sets=sets, reps=reps, rest_s=rest),
            level=level,
            voice=voice,
            mute=mute,
            window=window,
            full_screen=full_screen,
            mirror=mirror,
            record=record,
            out=out or _new_folder(chosen.id if chosen else "session"),
            every_frame=every_frame,
            language=language,
            model=model,
            variant=model_variant,
            angles=angles,
        )
        with ExitStack() as stack, _ended_by_signals():
            report = _run(wanted, stack, console)
        if history:
            remember(stderr, report, kind="live")
        show_report(console, report)
        files = written(wanted.out, report)
        if record and (wanted.out / RECORDING).exists():
            files.append(RECORDING)
        console.print(f"Written to {escape(str(wanted.out))}: {', '.join(files)}")


def watch(
    exercise: Exercise,
    plan: Plan,
    console: Console,
    *,
    camera: str | None,
    window: bool,
    out: Path | None,
) -> Report:
    """Run one session, as a step of something larger, and return its report.

    Parameters
    ----------
    exercise, plan
        What is to be done, and how often.
    console
        Where to say what is going on.
    camera, window
        As in `live`.
    out
        The folder that gets one for this session; the usual one, if not given.
    """
    wanted = _Wanted(
        exercise=exercise,
        camera=camera,
        plan=lambda _: plan,
        level=exercise.level,
        voice=None if window else False,
        mute=False,
        window=window,
        full_screen=False,
        mirror=True,
        record=False,
        out=_new_folder(exercise.id, out),
        every_frame=False,
        language=DEFAULT_LANGUAGE,
        model=None,
        variant="full",
        angles=Angles.LEARNED,
    )
    with ExitStack() as stack, _ended_by_signals():
        return _run(wanted, stack, console)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What was asked for."""

    exercise: Exercise | None
    """None if that is left open."""
    camera: str | None
    plan: Callable[[Exercise], Plan]
    level: str
    voice: bool | None
    """None for a voice if there is one."""
    mute: bool
    window: bool
    full_screen: bool
    mirror: bool
    record: bool
    out: Path
    every_frame: bool
    language: str
    model: Path | None
    variant: str
    angles: Angles

    def sinks(self, exercise: Exercise) -> list[Sink]:
        """Return what a report is written by: as `formcheck check` does, without a video."""
        outputs = Outputs(Path("-"), self.out, None, None)
        return outputs.sinks(exercise)

    def session(self, size_px: tuple[int, int], texts: Texts) -> Session | OpenSession:
        """Return what leads through it."""
        refiner = partial(angle_refiner, self.angles.value)
        if self.exercise is None:
            choices = built_in(self.level)
            return OpenSession(choices, size_px, self.plan, texts=texts, refiner=refiner)
        plan = self.plan(self.exercise)
        return Session(self.exercise, size_px, plan, texts=texts, refiner=refiner())


def _plan(exercise: Exercise, sets: int, reps: int, rest_s: float) -> Plan:
    if sets > 1 and reps == 0:
        reps = USUAL_HOLDS if exercise.hold else USUAL_REPS
    return Plan(sets, reps, rest_s)


def _run(wanted: _Wanted, stack: ExitStack, console: Console) -> Report:
    """Put everything together and run the session."""
    from formcheck.live import Live
    from formcheck.sources.camera import open_camera
    from formcheck.sources.capture import first_camera
    from formcheck.window.base import Display, NoDisplay
    from formcheck.window.screen import Screen
    from formcheck.window.window import Window

    texts = load_texts(wanted.language)
    display: Display = NoDisplay()
    if wanted.window:
        screen = Screen(wanted.exercise or NONE, texts, mirrored=wanted.mirror, swapped=True)
        display = stack.enter_context(Window(screen, full_screen=wanted.full_screen))
    estimator = _model(wanted, stack)
    # Only now: a clip that is played as a camera does not wait for anybody.
    target = wanted.camera if wanted.camera is not None else first_camera()
    camera = stack.enter_context(open_camera(target, every=wanted.every_frame))
    Outputs(Path("-"), wanted.out, None, None).prepare(stack)
    session = wanted.session((camera.info.width, camera.info.height), texts)
    voice = _voice(wanted, stack)
    recorder = _recorder(wanted)
    where = wanted.exercise.camera if wanted.exercise else texts("choose.spoken")
    console.print(f"{escape(where)} Ctrl-C or Q ends it; nothing is lost.")
    session_live = Live(
        camera,
        estimator,
        session,
        display,
        voice,
        lambda: wanted.sinks(session.exercise),
        recorder=recorder,
        pictures=wanted.record,
        goodbye_s=0.0 if not wanted.window else 12.0,
    )
    try:
        report = session_live.run()
    finally:
        trouble = recorder.finish() if recorder is not None else ""
    for sentence in filter(None, (trouble, voice.trouble if wanted.voice is not False else "")):
        stderr.print(f"[bold]formcheck:[/] {escape(sentence)}")
    session_live.goodbye(report, _short(wanted.out))
    return report


def _model(wanted: _Wanted, stack: ExitStack) -> PoseEstimator:
    """Return what follows the person who exercises, as a check does."""
    from formcheck.estimators.exerciser import exerciser_pose

    with model_progress() as progress:
        estimator = exerciser_pose(wanted.model, wanted.variant, progress=progress, anew_s=math.inf)
    return stack.enter_context(estimator)


def _voice(wanted: _Wanted, stack: ExitStack) -> Voice:
    from formcheck.voice.engine import Engine, Tones, Words

    def make() -> Engine:
        return Tones() if wanted.voice is False else Words()

    if wanted.voice:
        # Asked for by name: that there is none should be known before anything begins.
        engine: Engine = Words()

        def make_now() -> Engine:
            return engine

        voice = stack.enter_context(Voice(make_now))
    else:
        voice = stack.enter_context(Voice(make))
    voice.mute(muted=wanted.mute)
    return voice


def _recorder(wanted: _Wanted) -> CameraVideo | None:
    if not wanted.record:
        return None
    from formcheck.sinks.camera_video import CameraVideo

    return CameraVideo(wanted.out / RECORDING)


def _new_folder(exercise: str, parent: Path | None = None) -> Path:
    """Return a folder that is not there yet, named after the moment."""
    now = datetime.now().astimezone()
    name = f"{now:%Y-%m-%d %H.%M} {exercise}"
    parent = parent or user_documents_path() / "formcheck"
    folder, number = parent / name, 2
    while folder.exists():
        folder, number = parent / f"{name} {number}", number + 1
    return folder


def _short(folder: Path) -> str:
    home = Path.home()
    return f"~/{folder.relative_to(home)}" if folder.is_relative_to(home) else str(folder)


def _list(console: Console) -> None:
    from formcheck.sources.devices import devices

    found = devices()
    if found is None:
        console.print("This system does not list its cameras: try --camera 0, 1, 2.")
    elif not found:
        console.print("No camera was found.")
    for device in found or ():
        console.print(escape(str(device)))


Handler = Callable[[int, FrameType | None], object]


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    """Treat the end of the terminal, and being asked to end, like Ctrl-C: nothing is lost."""

    def stop(number: int, frame: FrameType | None) -> None:  # noqa: ARG001
        raise KeyboardInterrupt

    names = [name for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = {name: signal.signal(getattr(signal, name), stop) for name in names}
    try:
        yield
    finally:
        for name, handler in before.items():
            signal.signal(getattr(signal, name), handler)
