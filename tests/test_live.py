"""Whole sessions: camera, poses, window and voice together, and however they end."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import pytest

from formcheck.coaching.moment import Moment, Plan, Stage
from formcheck.coaching.session import Session
from formcheck.coaching.speech import Saying
from formcheck.errors import BackendUnavailable
from formcheck.estimators.base import PoseEstimator
from formcheck.estimators.fake import FakePose
from formcheck.estimators.replay import RecordedPoses
from formcheck.exercises.load import load_exercise
from formcheck.frame import Frame
from formcheck.live import SLOW_FPS, Live, Rate, lightness
from formcheck.pipeline import analyze_recording
from formcheck.pose import Pose, PoseTrack
from formcheck.refine.choose import angle_refiner
from formcheck.results import Report
from formcheck.samples import FOLDER
from formcheck.sinks.camera_video import CameraVideo
from formcheck.sinks.fake import ListSink
from formcheck.sources.camera import CameraSource, open_camera
from formcheck.sources.recording import source_of
from formcheck.sources.synthetic import STANDING, Squat, StickFigure, squats
from formcheck.sources.video import VideoSource
from formcheck.window.base import Key, Status
from tests.fakes_camera import ScriptedCapture, opener
from tests.media import numbered, read_number, write_video
from tests.xvfb import virtual_screen

ROOT = Path(__file__).parents[1]
SQUAT = load_exercise("squat")
FIGURE = StickFigure()


class Watcher:
    """A display that remembers, and presses keys when told to."""

    def __init__(self, at: Callable[[Moment], Iterable[Key]] = lambda _: ()) -> None:
        self.moments: list[Moment] = []
        self.statuses: list[Status] = []
        self.pictures: list[object | None] = []
        self.summaries: list[tuple[Report, str]] = []
        self._at = at
        self._pressed: list[Key] = []

    def prepare(self, frame: Frame) -> object:
        return frame.picture()

    def show(self, prepared: object | None, moment: Moment, status: Status) -> None:
        self.moments.append(moment)
        self.statuses.append(status)
        self.pictures.append(prepared)
        self._pressed += self._at(moment)

    def summary(self, report: Report, saved: str) -> None:
        self.summaries.append((report, saved))

    def keys(self, wait_s: float = 0.0) -> tuple[Key, ...]:  # noqa: ARG002
        pressed, self._pressed = tuple(self._pressed), []
        return pressed

    def close(self) -> None:
        pass


class Ear:
    """A voice that writes down what it is to say."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.muted = False

    def say(self, sayings: Iterable[Saying]) -> None:
        self.heard += [one.text for one in sayings]

    def mute(self, *, muted: bool) -> None:
        self.muted = muted

    def finish(self, seconds: float = 5.0) -> None:
        pass


def blank_clip(folder: Path, frames: int, rate: int = 20) -> str:
    pictures = (numbered(i % 256, 640, 480) for i in range(frames))
    return str(write_video(folder / "clip.mp4", pictures, rate=rate))


def live(
    camera: CameraSource,
    estimator: PoseEstimator,
    display: Watcher | None = None,
    plan: Plan | None = None,
) -> tuple[Live, Watcher, Ear, ListSink]:
    session = Session(SQUAT, (640, 480), plan, refiner=angle_refiner("plain"))
    watcher, ear, sink = display or Watcher(), Ear(), ListSink()
    return (
        Live(camera, estimator, session, watcher, ear, lambda: [sink], goodbye_s=0.0),
        watcher,
        ear,
        sink,
    )


def moving(count: int = 2) -> list[Pose]:
    still = [FIGURE.pose(i / 20, STANDING) for i in range(100)]
    return [*still, *squats(FIGURE, [Squat()] * count, fps=20)]


def every(path: str) -> CameraSource:
    return open_camera(path, pace=float("inf"), every=True)


# The same as for files


def test_a_clip_played_as_a_camera_is_reported_as_a_check_reports_it() -> None:
    folder = FOLDER / "squat-knees-in"
    track = PoseTrack.load(folder / "poses.npz")
    check = analyze_recording(track, source_of(track), SQUAT, refiner=angle_refiner("plain"))
    session = Session(SQUAT, track.size_px, refiner=angle_refiner("plain"))
    watcher, ear, sink = Watcher(), Ear(), ListSink()
    with every(str(folder / "clip.mp4")) as camera:
        report = Live(camera, RecordedPoses(track), session, watcher, ear, lambda: [sink]).run()
        assert camera.dropped == 0
    for part in ("reps", "partial_reps", "summary", "view"):
        assert repr(getattr(report, part)) == repr(getattr(check, part))
    assert (report.source.frames, report.source.path[-8:]) == (len(track), "clip.mp4")
    assert sink.report is report
    assert [text for text in ear.heard if text in check.summary.cues] == ["Push your knees out"]


def test_a_slow_machine_misses_pictures_but_no_repetition(tmp_path: Path) -> None:
    poses = moving(3)

    class Slow(FakePose):
        """Looks at the number of a frame, and takes longer than a frame lasts."""

        def estimate(self, frame: Frame) -> Pose:
            time.sleep(0.05)
            return FIGURE_AT(frame)

    def FIGURE_AT(frame: Frame) -> Pose:  # noqa: N802
        pose = poses[min(frame.index, len(poses) - 1)]
        return Pose(frame.t_s, pose.image_px, pose.world_m, pose.visibility)

    with open_camera(blank_clip(tmp_path, len(poses)), pace=2.5) as camera:
        session, watcher, _, _ = live(camera, Slow(()))
        report = session.run()
        assert camera.dropped > len(poses) / 5
    assert report.summary.reps_counted == 3
    assert watcher.statuses[-1].dropped > 0
    assert report.provenance["frames_dropped"] == camera.dropped


# However it ends


def test_a_key_ends_it_and_the_report_is_made(tmp_path: Path) -> None:
    poses = moving(2)
    quit_after = Watcher(lambda m: [Key.QUIT] if m.count == 1 else [])
    with every(blank_clip(tmp_path, len(poses))) as camera:
        session, watcher, _, sink = live(camera, FakePose(poses), quit_after)
        report = session.run()
        session.goodbye(report, "~/here")
    assert report.summary.reps_counted == 1
    assert sink.report is report
    assert watcher.summaries == [(report, "~/here")]


def test_ctrl_c_ends_it_and_the_report_is_made(tmp_path: Path) -> None:
    def interrupt(moment: Moment) -> Iterable[Key]:
        if moment.count == 1:
            raise KeyboardInterrupt
        return []

    poses = moving(2)
    with every(blank_clip(tmp_path, len(poses))) as camera:
        session, _, _, sink = live(camera, FakePose(poses), Watcher(interrupt))
        report = session.run()
    assert report.summary.reps_counted == 1
    assert sink.report is report


def test_a_camera_that_is_unplugged_for_good_ends_it_and_the_report_says_so() -> None:
    capture = ScriptedCapture([*(i / 20 for i in range(40)), None], size_px=(640, 480))
    capture.free = True
    source = CameraSource(opener(capture), retry_s=0.01, give_up_s=0.4)
    with source as camera:
        session, watcher, ear, sink = live(camera, FakePose(moving()))
        report = session.run()
    assert sink.report is report
    assert report.quality.warnings[0] == (
        "The camera was lost once; what it did not see is missing."
    )
    assert report.quality.warnings[1].startswith("The camera was lost and did not come back. No ")
    assert "The camera is gone. Plug it in again." in ear.heard
    assert watcher.statuses[-1].trouble == "The camera is gone. Plug it in again."
    assert watcher.pictures[-1] is None


def test_a_camera_that_comes_back_goes_on() -> None:
    before = ScriptedCapture([*(i / 20 for i in range(40)), None], size_px=(640, 480))
    after = ScriptedCapture([60 + i / 20 for i in range(40)] + [None], size_px=(640, 480))
    before.free = after.free = True
    source = CameraSource(opener(before, None, None, after), retry_s=0.3, give_up_s=1.0)
    with source as camera:
        session, watcher, ear, _ = live(camera, FakePose(moving()))
        session.run()
    assert "The camera is back" in ear.heard
    assert max(m.t_s for m in watcher.moments) > 55


def test_a_pose_model_that_fails_loses_nothing(tmp_path: Path) -> None:
    poses = moving(1)

    class Failing(FakePose):
        def estimate(self, frame: Frame) -> Pose:
            if frame.index == len(poses):
                msg = "MediaPipe failed on the picture."
                raise BackendUnavailable(msg)
            return super().estimate(frame)

    with every(blank_clip(tmp_path, len(poses) + 20)) as camera:
        session, _, _, sink = live(camera, Failing(poses))
        report = session.run()
    assert report.summary.reps_counted == 1
    assert sink.report is report
    assert "MediaPipe failed on the picture." in report.quality.warnings


def test_all_sets_done_ends_it(tmp_path: Path) -> None:
    poses = moving(2)
    with every(blank_clip(tmp_path, len(poses) + 100)) as camera:
        still = [FIGURE.pose(0, STANDING)] * 100
        session, watcher, ear, _ = live(camera, FakePose([*poses, *still]), plan=Plan(1, 2))
        report = session.run()
        session.goodbye(report, "")
    assert watcher.moments[-1].stage is Stage.DONE
    assert report.summary.reps_counted == 2
    assert "Well done. 2 repetitions." in ear.heard


def test_keys_pause_and_mute(tmp_path: Path) -> None:
    pressed = {110: Key.NEXT, 120: Key.MUTE}
    seen: list[int] = []

    def press(moment: Moment) -> Iterable[Key]:  # noqa: ARG001
        seen.append(1)
        return [pressed[len(seen)]] if len(seen) in pressed else []

    poses = moving(1)
    with every(blank_clip(tmp_path, len(poses))) as camera:
        session, watcher, ear, _ = live(camera, FakePose(poses), Watcher(press))
        session.run()
    assert watcher.moments[-1].stage is Stage.PAUSED
    assert ear.muted


def test_sinks_get_no_pictures_unless_asked_for(tmp_path: Path) -> None:
    for wanted in (False, True):
        with every(blank_clip(tmp_path, 30)) as camera:
            session, _, _, sink = live(camera, FakePose(moving()))
            session.pictures = wanted
            session.run()
        assert {frame is not None for frame in sink.frames} == {wanted}


# Speed and light


def test_the_rate_is_told_over_the_last_seconds() -> None:
    rate = Rate()
    assert rate.note(0.0) == 0.0
    fps = [rate.note(i / 8) for i in range(1, 100)]
    assert fps[-1] == pytest.approx(8.0, abs=0.01)
    rate.forget()
    assert rate.note(1000.0) == 0.0


def test_a_rate_below_ten_is_told_once_in_a_while(tmp_path: Path) -> None:
    with every(blank_clip(tmp_path, 60, rate=6)) as camera:
        session, watcher, ear, _ = live(camera, FakePose(moving()))
        session.run()
    told = [text for text in ear.heard if text.startswith("Only")]
    assert told == ["Only 6 frames a second: move slowly"]
    assert 0 < watcher.statuses[-1].fps < SLOW_FPS
    assert any(status.warning.startswith("Only") for status in watcher.statuses)


def test_lightness() -> None:
    assert lightness(np.zeros((48, 64, 3), np.uint8)) == 0.0
    assert lightness(np.full((48, 64, 3), 255, np.uint8)) == 1.0


# The recording


def test_a_recording_holds_what_the_camera_saw(tmp_path: Path) -> None:
    recorder = CameraVideo(tmp_path / "camera.mp4")
    for i in range(5):
        recorder.add(Frame(i, i * i / 10, numbered(i * 20), (128, 64)))
    assert recorder.finish() == ""
    with VideoSource(tmp_path / "camera.mp4") as source:
        frames = list(source)
    assert [read_number(frame.image) for frame in frames] == [0, 20, 40, 60, 80]
    assert [frame.t_s for frame in frames] == pytest.approx([0.0, 0.1, 0.4, 0.9, 1.6])


def test_nothing_to_record_leaves_nothing(tmp_path: Path) -> None:
    assert CameraVideo(tmp_path / "camera.mp4").finish() == "There was nothing to record."
    assert list(tmp_path.iterdir()) == []


# From the command line


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "formcheck", "live", *arguments]


def environment(display: str = "") -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if k not in {"DISPLAY", "WAYLAND_DISPLAY"}}
    return kept | ({"DISPLAY": display} if display else {})


def failing(*arguments: str, display: str = "") -> str:
    done = subprocess.run(
        command(*arguments),
        env=environment(display),
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    return " ".join(done.stderr.split())


def test_no_display_is_said_at_once() -> None:
    if not sys.platform.startswith("linux"):
        pytest.skip("only Linux may be without a display")
    assert failing("--camera", "x.mp4") == (
        "formcheck: No window can be opened: there is no display (DISPLAY is not set). Run it in a "
        "desktop session, or follow the session by ear with --no-window."
    )
    assert "the display ':987' does not answer" in failing("--camera", "x.mp4", display=":987")


@pytest.mark.model
def test_no_camera_is_said(pose_model: object, tmp_path: Path) -> None:  # noqa: ARG001
    told = failing("--no-window", "--camera", "97", "--out", str(tmp_path / "out"))
    assert "camera 97" in told or "No camera was found" in told
    assert not (tmp_path / "out").exists()
    told = failing("--no-window", "--camera", "missing.mp4", "--out", str(tmp_path / "out"))
    assert "'missing.mp4' does not exist" in told


@pytest.mark.model
def test_a_real_window_shows_and_reports_what_a_check_reports(
    pose_model: object,  # noqa: ARG001
    tmp_path: Path,
) -> None:
    clip = str(FOLDER / "squat-knees-in" / "clip.mp4")
    checked = tmp_path / "checked.json"
    asked = ("check", clip, "-e", "squat", "-q", "--json", str(checked))
    subprocess.run(
        [sys.executable, "-m", "formcheck", *asked],
        check=True,
        cwd=ROOT,
    )
    with virtual_screen(tmp_path) as screen:
        out = tmp_path / "live"
        given = (
            "-e",
            "squat",
            "--camera",
            clip,
            "--every-frame",
            "--no-voice",
            "--mute",
            "--out",
            str(out),
        )
        program = subprocess.Popen(
            command(*given), env=environment(screen.display), cwd=ROOT, stderr=subprocess.PIPE
        )
        colours = 0
        while program.poll() is None:
            time.sleep(0.5)
            colours = max(
                colours, len(np.unique(screen.picture()[::8, ::8].reshape(-1, 3), axis=0))
            )
        told = program.stderr.read().decode() if program.stderr else ""
        if program.stderr:
            program.stderr.close()
    assert (program.returncode, told.strip()) == (0, "")
    assert colours > 500, "a picture was shown"
    one, other = (json.loads(p.read_text("utf-8")) for p in (checked, out / "report.json"))
    for part in ("reps", "partial_reps", "summary", "view", "quality"):
        assert other[part] == one[part], part


@pytest.mark.model
def test_being_ended_from_outside_loses_nothing(
    pose_model: object,  # noqa: ARG001
    tmp_path: Path,
) -> None:
    out = tmp_path / "out"
    clip = str(FOLDER / "squat" / "clip.mp4")
    given = ("--no-window", "--no-voice", "--mute", "--camera", clip, "--out", str(out))
    program = subprocess.Popen(
        command(*given), cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    deadline = time.monotonic() + 60
    while not out.exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    time.sleep(4.0)
    program.send_signal(signal.SIGTERM)
    told, _ = program.communicate(timeout=60)
    assert program.returncode == 0, told.decode()
    report = json.loads((out / "report.json").read_text("utf-8"))
    assert report["source"]["frames"] > 0
    assert (out / "report.html").exists()
    assert not (out / "camera.mp4").exists()
