from __future__ import annotations

import http.server
import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from formcheck.errors import CameraLost, CannotOpen
from formcheck.frame import Frame
from formcheck.sources.camera import CameraSource, Link, open_camera
from formcheck.sources.capture import described, is_clip
from formcheck.sources.devices import Device, devices, why_no_pictures
from tests.fakes_camera import ScriptedCapture, opener
from tests.media import numbered, read_number, write_video


def until(what: Callable[[], bool], seconds: float = 5.0) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if what():
            return True
        time.sleep(0.005)
    return False


def clip(folder: Path, frames: int = 30, rate: int = 30) -> str:
    return str(write_video(folder / "c.mp4", [numbered(i) for i in range(frames)], rate=rate))


def test_a_slow_reader_gets_the_newest_picture_and_misses_are_counted() -> None:
    capture = ScriptedCapture([10.0 + i / 30 for i in range(6)])
    with CameraSource(opener(capture)) as camera:
        capture.gate.release(1)
        first = camera.take(5)
        capture.gate.release(4)
        assert until(lambda: camera.info.frames == 5)
        newest = camera.take(5)
        assert first is not None
        assert newest is not None
        assert (read_number(first.image), first.t_s) == (0, 0.0)
        assert (read_number(newest.image), newest.index) == (4, 4)
        assert newest.t_s == pytest.approx(4 / 30)
        assert camera.dropped == 3
        assert camera.take(0.01) is None


def test_a_clip_plays_in_real_time(tmp_path: Path) -> None:
    start = time.monotonic()
    with open_camera(clip(tmp_path)) as camera:
        frames = list(camera)
        took_s = time.monotonic() - start
        assert camera.link is Link.ENDED
        assert camera.dropped == 30 - len(frames)
    assert 29 / 30 <= took_s < 3.0
    assert frames[-1].t_s == pytest.approx(29 / 30)


def test_a_clip_whose_every_frame_is_wanted_waits(tmp_path: Path) -> None:
    with open_camera(clip(tmp_path), pace=float("inf"), every=True) as camera:
        numbers = []
        for frame in camera:
            time.sleep(0.003)
            numbers.append(read_number(frame.image))
        assert numbers == list(range(30))
        assert camera.dropped == 0
        assert camera.info.frames == 30
        assert len(camera.info.sha256) == 64


def test_unplugged_and_back_even_with_another_resolution() -> None:
    before = ScriptedCapture([0.0, 0.1, None])
    after = ScriptedCapture([60.0, 60.1], size_px=(256, 64), first=7)
    for capture in (before, after):
        capture.free = True
    source = CameraSource(opener(before, None, after), retry_s=0.01, give_up_s=0.05)
    with source as camera:
        taken: list[Frame] = []
        with pytest.raises(CameraLost, match=r"was lost and did not come back\. No camera was"):
            taken.extend(camera)
        assert before.closed
        last = taken[-1]
        assert last.size_px == (128, 64)
        assert last.picture().shape == (64, 128, 3)
        assert last.picture()[:16].max() == 0, "black above what does not fill the picture"
        assert last.t_s == pytest.approx(60.1)
        assert camera.warnings == (
            "The camera was lost 2 times; what it did not see is missing.",
            "The camera changed the size of its pictures; all were fitted in.",
        )


def test_a_camera_that_is_looked_for_says_that_it_is_lost() -> None:
    capture = ScriptedCapture([0.0, None])
    capture.free = True
    with CameraSource(opener(capture), retry_s=0.01) as camera:
        assert until(lambda: camera.link is Link.LOST)
        assert camera.take(5) is not None, "what it still saw can be had"
        assert camera.take(0.02) is None


def test_a_camera_that_hangs_is_lost_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("formcheck.sources.camera.SILENT_S", 0.05)
    capture = ScriptedCapture([0.0, 0.1])
    with CameraSource(opener(capture)) as camera:
        assert until(lambda: camera.link is Link.LOST)
        capture.gate.release(1)
        assert camera.take(5) is not None
        capture.free = True
        capture.gate.release(5)


# What is wrong with a camera


def listing(folder: Path, *names: str) -> Path:
    path = folder / "class" / "video4linux"
    path.mkdir(parents=True)
    for number, name in enumerate(names):
        entry = path / f"video{number}"
        entry.mkdir()
        (entry / "name").write_text(name.lstrip("+") + "\n")
        (entry / "index").write_text("1\n" if name.startswith("+") else "0\n")
    return path


def test_cameras_are_listed_without_their_second_entries(tmp_path: Path) -> None:
    found = devices(listing(tmp_path, "Built-in", "+Built-in", "USB 2"))
    assert found == [Device(0, "Built-in"), Device(2, "USB 2")]
    assert devices(tmp_path / "class" / "nothing") == []
    assert devices(tmp_path / "no" / "such") is None


TWO = [Device(0, "Built-in"), Device(2, "USB")]


@pytest.mark.parametrize(
    ("number", "found", "message"),
    [
        (
            0,
            [],
            (
                "No camera was found. Plug one in, or name a clip or a stream: "
                "--camera clip.mp4, --camera rtsp://…"
            ),
        ),
        (
            1,
            TWO,
            "There is no camera 1. There are: 0 (Built-in), 2 (USB). Choose one with --camera.",
        ),
        (
            2,
            TWO,
            (
                "Camera 2 (USB) is there but gives no pictures: another program may be using it. "
                "Close video calls and browser tabs that use the camera, then try again."
            ),
        ),
        (
            3,
            None,
            (
                "Camera 3 gives no pictures. Check that it is plugged in, that no other program "
                "uses it, and that this one may: system settings, privacy, camera."
            ),
        ),
    ],
)
def test_what_is_wrong_is_said(
    number: int, found: list[Device] | None, message: str, tmp_path: Path
) -> None:
    assert why_no_pictures(number, found, tmp_path) == message


@pytest.mark.skipif(os.geteuid() == 0, reason="the system's manager may do everything")
def test_a_camera_that_may_not_be_used(tmp_path: Path) -> None:
    (tmp_path / "video2").touch(mode=0o000)
    assert "permission denied" in why_no_pictures(2, TWO, tmp_path)


def test_no_such_camera_is_an_error_in_words() -> None:
    with pytest.raises(CannotOpen, match=r"camera 97|No camera was found"):
        open_camera("97")


def test_no_such_clip(tmp_path: Path) -> None:
    with pytest.raises(CannotOpen, match="does not exist"):
        open_camera(str(tmp_path / "clip.mp4"))


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("rtsp://me:secret@10.0.0.7:554/live?key=1", "rtsp://10.0.0.7:554/live"),
        ("http://cam.local/stream", "http://cam.local/stream"),
        (2, "camera 2"),
    ],
)
def test_a_stream_is_named_without_its_password(target: int | str, expected: str) -> None:
    assert described(target) == expected


def test_what_is_a_clip() -> None:
    assert is_clip("a/clip.mp4")
    assert not any(map(is_clip, ("0", "/dev/video0", "rtsp://x/y", "http://x/y")))


# A stream from the network


class Stream(http.server.BaseHTTPRequestHandler):
    """Sends numbered JPEG pictures for ever, as network cameras do."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=next")
        self.end_headers()
        for i in range(400):
            _, jpeg = cv2.imencode(".jpg", numbered(i % 256))
            data = np.asarray(jpeg).tobytes()
            head = f"--next\r\nContent-Type: image/jpeg\r\nContent-Length: {len(data)}\r\n\r\n"
            try:
                self.wfile.write(head.encode() + data + b"\r\n")
            except OSError:
                return
            time.sleep(0.02)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def address() -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Stream)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/stream.mjpg"
    server.shutdown()
    server.server_close()


def test_a_stream_from_the_network(address: str) -> None:
    with open_camera(address) as camera:
        taken = [camera.take(5) for _ in range(5)]
    assert all(frame is not None and frame.size_px == (128, 64) for frame in taken)
    times = [frame.t_s for frame in taken if frame]
    assert times == sorted(times)


def test_a_stream_that_is_not_there_does_not_tell_the_password() -> None:
    with pytest.raises(CannotOpen) as caught:
        open_camera("http://me:secret@127.0.0.1:9/stream")
    assert str(caught.value) == (
        "The stream 'http://127.0.0.1:9/stream' gives no pictures. Check the address, that the "
        "camera is switched on, and that this machine is in its network."
    )
