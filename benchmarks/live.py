"""How a live session keeps up: from capture to shown picture, against the pose model alone.

``python -m benchmarks.live [CLIP]`` plays a clip as a camera in real time, in a real window if
there is a display (``xvfb-run`` makes one), and then leads a session through an hour of
landmarks to see what it does to memory.
"""

from __future__ import annotations

import argparse
import math
import os
import statistics
import time
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from formcheck.closing import Closing
from formcheck.coaching.moment import Moment
from formcheck.coaching.session import Session
from formcheck.coaching.texts import load_texts
from formcheck.errors import DisplayUnavailable
from formcheck.estimators.base import PoseEstimator
from formcheck.estimators.exerciser import exerciser_pose
from formcheck.estimators.mediapipe_pose import MediaPipePose
from formcheck.exercises.load import load_exercise
from formcheck.frame import Frame, SourceInfo
from formcheck.live import Live
from formcheck.pose import Pose, PoseTrack, Skeleton
from formcheck.sources.camera import CameraSource
from formcheck.sources.capture import Captured, ClipCapture
from formcheck.sources.video import VideoSource
from formcheck.voice.engine import Tones
from formcheck.voice.voice import Voice
from formcheck.window.base import Display, NoDisplay, Status
from formcheck.window.screen import Backdrop, Screen
from formcheck.window.window import Window, require_display

SAMPLES = Path(__file__).parents[1] / "samples"
WANTED = 1.3
"""From capture to shown picture, over one inference."""
WARM_UP = 20


class TimedCapture:
    """A clip played as a camera that notes when each frame was there."""

    def __init__(self, clip: Path) -> None:
        self._clip = ClipCapture(clip)
        self.at: dict[int, float] = {}

    @property
    def info(self) -> SourceInfo:
        """What is known about the clip."""
        return self._clip.info

    @property
    def warnings(self) -> tuple[str, ...]:
        """Nothing."""
        return ()

    def read(self) -> Captured | None:
        """Return the next frame."""
        captured = self._clip.read()
        if captured is not None:
            self.at[captured.frame.index] = time.perf_counter()
        return captured

    def close(self) -> None:
        """Close it."""
        self._clip.close()


class TimedPose(Closing):
    """The pose model, and how long each frame took it."""

    def __init__(self, inner: PoseEstimator) -> None:
        self._inner = inner
        self.took: list[float] = []
        self.worked: list[float] = []
        """Processor time of each, in all threads."""
        self.own = 0.0
        """Processor time of the calling thread in the latest."""

    @property
    def skeleton(self) -> Skeleton:
        """The landmarks."""
        return self._inner.skeleton

    @property
    def provenance(self) -> Mapping[str, Any]:
        """What made the poses."""
        return self._inner.provenance

    def estimate(self, frame: Frame) -> Pose:
        """Return a pose, and note how long it took."""
        start, work, own = time.perf_counter(), time.process_time(), time.thread_time()
        pose = self._inner.estimate(frame)
        self.took.append(time.perf_counter() - start)
        self.worked.append(time.process_time() - work)
        self.own = time.thread_time() - own
        return pose

    def close(self) -> None:
        """Close it."""
        self._inner.close()


def alone(clip: Path, frames: int) -> TimedPose:
    """Return what each frame takes the pose model, with nothing else going on."""
    with MediaPipePose() as model, VideoSource(clip) as source:
        pose = TimedPose(model)
        for _, frame in zip(range(frames), source, strict=False):
            pose.estimate(frame)
    return pose


def median_of(values: list[float]) -> float:
    """Return the median once all is warm."""
    return statistics.median(values[WARM_UP:])


def window_for(session: Session, console: Console) -> Display:
    """Return a real window, or the drawing alone where there is no display."""
    screen = Screen(session.exercise, load_texts(), swapped=True)
    try:
        require_display()
    except DisplayUnavailable:
        console.print("no display: the screen is drawn, but not shown")
        return Drawn(screen)
    return Window(screen)


class Drawn(NoDisplay):
    """Draws what a window would show."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen

    def prepare(self, frame: Frame) -> Backdrop:
        """Return a frame in the size of the screen."""
        return self._screen.prepare(frame.picture())

    def show(self, prepared: object | None, moment: Moment, status: Status) -> None:
        """Draw a moment."""
        backdrop = prepared if isinstance(prepared, Backdrop) else None
        self._screen.draw(backdrop, moment, status)


def idle_ms(display: Display, times: int = 60) -> float:
    """Return how long a window goes on waiting once a picture is painted, in the median.

    OpenCV polls its Qt windows by painting what is new and then sleeping, for two milliseconds;
    a poll with nothing to paint is that sleep.
    """
    took = []
    for _ in range(times):
        start = time.perf_counter()
        display.keys()
        took.append(time.perf_counter() - start)
    return 1000 * statistics.median(took)


def play(clip: Path, exercise: str, console: Console) -> Table:
    """Play a clip as a camera through a whole session, and measure."""
    capture = TimedCapture(clip)
    latency: list[float] = []
    beside: list[float] = []
    mark = time.thread_time()

    def shown(frame: Frame, _: Moment) -> None:
        nonlocal mark
        now = time.thread_time()
        latency.append(time.perf_counter() - capture.at.pop(frame.index))
        beside.append(now - mark - pose.own)
        mark = now

    with (
        TimedPose(exerciser_pose(anew_s=math.inf)) as pose,
        CameraSource(lambda: capture, ends=True) as camera,
        Voice(Tones) as voice,
    ):
        size = (camera.info.width, camera.info.height)
        session = Session(load_exercise(exercise), size)
        display = window_for(session, console)
        wall, cpu = time.perf_counter(), time.process_time()
        live = Live(camera, pose, session, display, voice, list, goodbye_s=0.0, shown=shown)
        report = live.run()
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        sleep_ms = idle_ms(display)
        display.close()
        dropped, given = camera.dropped, camera.info.frames
    raw = alone(clip, len(pose.took))
    table = Table(title=f"{clip.parent.name} as a camera, {report.summary.reps_counted} counted")
    for name in ("milliseconds", "p50", "p95"):
        table.add_column(name, justify="left" if name == "milliseconds" else "right")
    rows: dict[str, Iterable[float]] = {
        "pose model alone": raw.took[WARM_UP:],
        "pose model in the session": pose.took[WARM_UP:],
        "capture to shown picture": [s - sleep_ms / 1000 for s in latency[WARM_UP:]],
        "processor time: model alone": raw.worked[WARM_UP:],
        "processor time: what comes on top": beside[WARM_UP:],
    }
    for name, seconds in rows.items():
        p50, p95 = np.quantile(list(seconds), [0.5, 0.95]) * 1000
        table.add_row(name, f"{p50:.1f}", f"{p95:.1f}")
    table.add_row("window's sleep once painted, not counted", f"{sleep_ms:.1f}", "")
    shown_s = median_of(latency) - sleep_ms / 1000
    model_s = statistics.median(raw.worked[WARM_UP:])
    for name, ratio in (
        ("latency / model in the session", shown_s / median_of(pose.took)),
        ("processor time / model alone", 1 + median_of(beside) / model_s),
    ):
        table.add_row(name, f"{ratio:.2f}", f"wanted ≤ {WANTED}")
    table.add_row("pictures given, skipped", str(given), str(dropped))
    table.add_row("processor cores in use", f"{cpu / wall:.2f}", "")
    return table


def hour(exercise: str, folder: Path, hours: float, fps: float, console: Console) -> None:
    """Lead a session through hours of landmarks, as fast as they go, and watch its memory."""
    track = PoseTrack.load(folder / "poses.npz")
    session = Session(load_exercise(exercise), track.size_px)
    poses = [pose for i, pose in enumerate(track) if i % max(1, round(30 / fps)) == 0]
    length_s = float(track.t_s[-1]) + 0.1
    rounds = round(hours * 3600 / length_s)
    noted: dict[int, float] = {}
    for round_ in range(rounds):
        for pose in poses:
            moment = session.feed(replace(pose, t_s=pose.t_s + round_ * length_s))
        minutes = (round_ + 1) * length_s / 60
        if round_ % max(1, rounds // 6) == 0 or round_ == rounds - 1:
            noted[round(minutes)] = resident_mib()
    told = ", ".join(f"{m} min {mib:.0f} MiB" for m, mib in noted.items())
    console.print(f"memory over {hours:g} h of landmarks, {moment.count} counted: {told}")


def resident_mib() -> float:
    """Return the memory of this process in MiB, as the system counts it now."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.live", description=__doc__)
    parser.add_argument("clip", nargs="?", type=Path, default=SAMPLES / "squat" / "clip.mp4")
    parser.add_argument("--exercise", default="squat")
    parser.add_argument("--hours", type=float, default=1.0)
    parser.add_argument("--fps", type=float, default=10.0, help="of the landmarks of the hours")
    wanted = parser.parse_args()
    console = Console()
    console.print(play(wanted.clip, wanted.exercise, console))
    if wanted.hours > 0:
        hour("squat", SAMPLES / "squat", wanted.hours, wanted.fps, console)


if __name__ == "__main__":
    main()
