"""An hour in front of a camera, as fast as it goes: whether anything grows.

``python -m benchmarks.soak`` plays pictures as a camera through a whole live session, screen and
voice included, with poses that were recorded earlier in place of the pose model. Memory, threads
and open files are noted every few minutes of the session's own time. ``--write`` keeps the figures
in ``benchmarks/soak.json``.
"""

from __future__ import annotations

import argparse
import json
import threading
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.live import SAMPLES, Drawn, resident_mib
from formcheck.coaching.moment import Moment
from formcheck.coaching.session import Session
from formcheck.coaching.texts import load_texts
from formcheck.estimators.fake import FakePose
from formcheck.exercises.load import load_exercise
from formcheck.frame import Frame, Image, SourceInfo
from formcheck.live import Live
from formcheck.pose import Pose, PoseTrack
from formcheck.sources.camera import CameraSource
from formcheck.sources.capture import Captured
from formcheck.voice.engine import Tones
from formcheck.voice.voice import Voice
from formcheck.window.screen import Screen

FIGURES = Path(__file__).with_name("soak.json")
SIZE_PX = (640, 360)
NOTED_EVERY_S = 300.0
SETTLED_S = 600.0
"""What is there by then is what a session needs; nothing may be added to it."""


class Endless:
    """A camera that gives pictures of nothing for so many hours, without waiting."""

    def __init__(self, hours: float, fps: float) -> None:
        self._count = round(hours * 3600 * fps)
        self._fps = fps
        self._given = 0
        ground = np.random.default_rng(1).integers(0, 255, (*SIZE_PX[::-1], 3), dtype=np.uint8)
        self._pictures: list[Image] = [np.roll(ground, 8 * i, axis=1) for i in range(16)]

    @property
    def info(self) -> SourceInfo:
        """What is known about it."""
        length_s = self._given / self._fps
        return SourceInfo("camera", length_s, self._given, self._fps, *SIZE_PX, 0, "")

    @property
    def warnings(self) -> tuple[str, ...]:
        """Nothing."""
        return ()

    def read(self) -> Captured | None:
        """Return the next picture."""
        if self._given >= self._count:
            return None
        index, t_s = self._given, self._given / self._fps
        self._given += 1
        picture = self._pictures[index % len(self._pictures)]
        return Captured(t_s, Frame(index, t_s, picture, SIZE_PX))

    def close(self) -> None:
        """Nothing to close."""


class RoundAndRound(FakePose):
    """The poses of a recording again and again, at the times of the frames."""

    def __init__(self, track: PoseTrack, fps: float) -> None:
        super().__init__(())
        rate = (len(track) - 1) / float(track.t_s[-1] - track.t_s[0])
        self._poses_given = list(track)[:: max(1, round(rate / fps))]
        self._scale = SIZE_PX[1] / track.size_px[1]

    def estimate(self, frame: Frame) -> Pose:
        """Return the next pose."""
        pose = self._poses_given[frame.index % len(self._poses_given)]
        return replace(pose, t_s=frame.t_s, image_px=pose.image_px * self._scale)


def look(t_s: float) -> dict[str, float]:
    """Return what this process has now."""
    files = Path("/proc/self/fd")
    return {
        "minutes": round(t_s / 60, 1),
        "memory_mib": round(resident_mib(), 1),
        "threads": threading.active_count(),
        "files": len(list(files.iterdir())) if files.is_dir() else 0,
    }


def soak(hours: float, fps: float) -> dict[str, object]:
    """Run a session and return its figures."""
    noted: list[dict[str, float]] = []

    def shown(frame: Frame, _: Moment) -> None:
        if frame.t_s >= NOTED_EVERY_S * (len(noted) + 1):
            noted.append(look(frame.t_s))
            print(noted[-1], flush=True)

    track = PoseTrack.load(SAMPLES / "squat" / "poses.npz")
    begun, worked = time.monotonic(), time.process_time()
    with (
        RoundAndRound(track, fps) as poses,
        CameraSource(lambda: Endless(hours, fps), ends=True, every=True) as camera,
        Voice(Tones) as voice,
    ):
        voice.mute(muted=True)
        session = Session(load_exercise("squat"), SIZE_PX)
        display = Drawn(Screen(session.exercise, load_texts(), swapped=True))
        live = Live(camera, poses, session, display, voice, list, goodbye_s=0.0, shown=shown)
        report = live.run()
    noted.append(look(hours * 3600))
    settled = [n for n in noted[:-1] if n["minutes"] * 60 >= SETTLED_S] or noted
    return {
        "hours": hours,
        "fps": fps,
        "frames": report.source.frames,
        "counted": report.summary.reps_counted,
        "wall_s": round(time.monotonic() - begun, 1),
        "processor_s": round(time.process_time() - worked, 1),
        "grown_mib": round(settled[-1]["memory_mib"] - settled[0]["memory_mib"], 1),
        "noted": noted,
    }


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soak", description=__doc__)
    parser.add_argument("--hours", type=float, default=1.0)
    parser.add_argument("--fps", type=float, default=15.0, help="of the camera")
    parser.add_argument("--write", action="store_true", help=f"keep figures in {FIGURES.name}")
    wanted = parser.parse_args()
    figures = soak(wanted.hours, wanted.fps)
    print(json.dumps(figures, indent=1))
    if wanted.write:
        FIGURES.write_text(json.dumps(figures, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
