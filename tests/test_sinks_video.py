"""The annotated video, decoded again and compared with what went in."""

from __future__ import annotations

import math
import os
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from formcheck.errors import CannotOpen, CannotWrite, CodecUnavailable, SinkError
from formcheck.frame import Frame, Image
from formcheck.overlay.compose import Overlay
from formcheck.overlay.fake import ListLayer
from formcheck.results import Tick
from formcheck.sinks.video_sink import AnnotatedVideoSink, fit, fitted_size
from tests import fakes_results as fake
from tests.disks import files_up_to

SMALL = (160, 120)
RATE = 48_000
BEEP_S = 0.4


def annotate(
    path: Path, frames: Sequence[Frame], overlay: Overlay | None = None, **options: Any
) -> Path:
    sink = AnnotatedVideoSink(path, overlay=overlay or Overlay([]), **options)
    for frame in frames:
        sink.on_tick(fake.tick(frame.index, frame.size_px, t_s=frame.t_s), frame)
    sink.finish(fake.report())
    return path


def frames(
    count: int, size_px: tuple[int, int] = SMALL, times: Sequence[float] | None = None
) -> list[Frame]:
    every = times or [i / 25 for i in range(count)]
    return [
        Frame(i, t_s, fake.picture(size_px, 20 + 20 * (i % 10)), size_px)
        for i, t_s in enumerate(every)
    ]


def clip(
    path: Path, *, codec: str | None, first_picture_s: float = 0.0, seconds: float = 1.5
) -> Path:
    """A clip with a beep that begins `BEEP_S` into its sound, and pictures that come later."""
    with av.open(str(path), "w") as out:
        video: Any = out.add_stream("libx264", rate=25)
        video.width, video.height, video.pix_fmt = 64, 48, "yuv420p"
        video.codec_context.max_b_frames = 0
        sound: Any = out.add_stream(codec, rate=RATE) if codec else None
        packets: list[Any] = []
        for i in range(round(25 * seconds)):
            frame = av.VideoFrame.from_ndarray(fake.picture((64, 48)), "rgb24")
            frame.pts = i + round(25 * first_picture_s)
            frame.time_base = Fraction(1, 25)
            packets += video.encode(frame)
        packets += video.encode()
        if sound is not None:
            packets += _beep(sound, seconds + first_picture_s)
        for packet in sorted(packets, key=lambda p: p.dts * p.time_base):
            out.mux(packet)
    return path


def _beep(stream: Any, seconds: float) -> list[Any]:
    t = np.arange(round(seconds * RATE)) / RATE
    wave = np.where(t >= BEEP_S, 0.5 * np.sin(2 * math.pi * 880 * t), 0.0).astype(np.float32)
    resampler = av.AudioResampler(
        format=stream.codec_context.codec.audio_formats[0].name,
        layout="mono",
        rate=RATE,
        frame_size=1024,
    )
    stream.layout = "mono"
    frame = av.AudioFrame.from_ndarray(wave[None], format="fltp", layout="mono")
    frame.sample_rate, frame.pts, frame.time_base = RATE, 0, Fraction(1, RATE)
    pieces = [*resampler.resample(frame), *resampler.resample(None)]
    return [packet for piece in (*pieces, None) for packet in stream.encode(piece)]


def decoded(path: Path) -> list[tuple[float, Image]]:
    with av.open(str(path)) as container:
        return [
            (float(f.time), f.to_ndarray(format="rgb24"))  # type: ignore[misc]
            for f in container.decode(video=0)
        ]


def beep_begins_s(path: Path) -> float:
    """When the sound becomes loud, in the video's own time."""
    with av.open(str(path)) as container:
        for frame in container.decode(audio=0):
            loud = np.flatnonzero(np.abs(frame.to_ndarray()[0]) > 0.2)
            if len(loud) and frame.time is not None:
                return frame.time + float(loud[0]) / frame.sample_rate
    return math.nan


# Pictures


def test_every_frame_comes_out_at_its_time(tmp_path: Path) -> None:
    path = annotate(tmp_path / "out.mp4", frames(30))
    got = decoded(path)
    assert [t for t, _ in got] == pytest.approx([i / 25 for i in range(30)], abs=1e-5)
    for i, (_, picture) in enumerate(got):
        assert picture.mean() == pytest.approx(20 + 20 * (i % 10), abs=4)
    with av.open(str(path)) as container:
        assert container.duration == pytest.approx(30 / 25 * 1e6, abs=2000)


def test_uneven_times_are_kept(tmp_path: Path) -> None:
    times = [0.0, 0.0333, 0.0667, 0.15, 0.1501, 1.0, 2.718281]
    got = decoded(annotate(tmp_path / "out.mp4", frames(0, times=times)))
    assert [t for t, _ in got] == pytest.approx(times, abs=1 / 90_000)


def test_browsers_can_play_it(tmp_path: Path) -> None:
    path = annotate(tmp_path / "out.mp4", frames(5))
    with av.open(str(path)) as container:
        assert "mp4" in container.format.name
        (stream,) = container.streams
        assert isinstance(stream, av.VideoStream)
        assert stream.codec_context.name == "h264"
        assert stream.codec_context.pix_fmt == "yuv420p"
        assert (stream.width, stream.height) == SMALL
    content = path.read_bytes()
    assert content.index(b"moov") < content.index(b"mdat"), "playing must not wait for the end"


@pytest.mark.parametrize(
    ("color", "name"),
    [((255, 0, 0), "red"), ((0, 158, 115), "green"), ((255, 255, 255), "white")],
)
def test_colours_survive(tmp_path: Path, color: tuple[int, int, int], name: str) -> None:
    picture = np.full((48, 64, 3), color, np.uint8)
    path = annotate(tmp_path / f"{name}.mp4", [Frame(0, 0.0, picture, (64, 48))])
    with av.open(str(path)) as container:
        (frame,) = container.decode(video=0)
        got = frame.to_ndarray(format="rgb24", src_colorspace="smpte170m").mean(axis=(0, 1))
        assert container.streams.video[0].codec_context.colorspace == 6
    assert got == pytest.approx(color, abs=6)


@pytest.mark.parametrize(
    ("size_px", "max_side", "expected"),
    [
        ((160, 120), 1920, (160, 120)),
        ((161, 121), 1920, (160, 120)),
        ((1, 1), 1920, (2, 2)),
        ((2, 301), 1920, (2, 300)),
        ((320, 240), 160, (160, 120)),
        ((607, 1080), 540, (302, 540)),
        ((3840, 2160), 1920, (1920, 1080)),
    ],
)
def test_sizes(size_px: tuple[int, int], max_side: int, expected: tuple[int, int]) -> None:
    assert fitted_size(size_px, max_side) == expected
    whole = Frame(0, 0.0, fake.picture(size_px), size_px)
    picture, tick = fit(fake.tick(size_px=size_px), whole, expected)
    assert picture.shape[1::-1] == expected
    assert picture.flags.c_contiguous
    knee = tick.pose.skeleton.index["right_knee"]
    relative = tick.pose.image_px[knee] / expected
    original = fake.tick(size_px=size_px).pose.image_px[knee] / size_px
    if min(size_px) > 100:
        assert relative == pytest.approx(original, abs=0.01)


def test_landmarks_stay_where_they_are_when_one_row_is_cut_off() -> None:
    odd = Frame(0, 0.0, fake.picture((161, 121)), (161, 121))
    _, tick = fit(fake.tick(size_px=(161, 121)), odd, (160, 120))
    given = fake.tick(size_px=(161, 121)).pose.image_px
    np.testing.assert_array_equal(tick.pose.image_px, given)


def test_the_small_picture_is_enough_for_a_small_video(tmp_path: Path) -> None:
    def full() -> Image:
        msg = "not needed"
        raise AssertionError(msg)

    small = fake.picture(SMALL, 200)
    frame = Frame(0, 0.0, small, (320, 240), full=full)
    layer = ListLayer()
    path = annotate(tmp_path / "out.mp4", [frame], Overlay([layer]), max_side=160)
    ((_, picture),) = decoded(path)
    assert picture.shape == (120, 160, 3)
    given = fake.figure((320, 240)).image_px
    np.testing.assert_allclose(layer.ticks[0].pose.image_px, given / 2)
    assert (small == 200).all()


def test_the_overlay_sees_the_scaled_picture(tmp_path: Path) -> None:
    layer = ListLayer()
    path = annotate(tmp_path / "out.mp4", frames(3, (322, 242)), Overlay([layer]), max_side=161)
    assert layer.shapes == [(120, 160, 3)] * 3
    assert [tick.index for tick in layer.ticks] == [0, 1, 2]
    assert decoded(path)[0][1].shape == (120, 160, 3)


def test_the_full_picture_is_drawn_on(tmp_path: Path) -> None:
    whole = fake.picture(SMALL, 200)
    frame = Frame(0, 0.0, fake.picture((16, 12), 0), SMALL, full=whole.copy)
    ((_, picture),) = decoded(annotate(tmp_path / "out.mp4", [frame], max_side=160))
    assert picture.shape == (120, 160, 3)
    assert picture.mean() == pytest.approx(200, abs=4)
    assert frame.image.max() == 0


def test_frames_that_change_size_keep_the_first_one_s(tmp_path: Path) -> None:
    mixed = [frames(1)[0], Frame(1, 0.04, fake.picture((80, 60)), (80, 60))]
    got = decoded(annotate(tmp_path / "out.mp4", mixed))
    assert [picture.shape for _, picture in got] == [(120, 160, 3)] * 2


def test_the_default_overlay_is_drawn(tmp_path: Path) -> None:
    path = tmp_path / "out.mp4"
    sink = AnnotatedVideoSink(path)
    for frame in frames(3, (320, 240)):
        sink.on_tick(fake.busy_tick((320, 240), frame.index), frame)
    sink.finish(fake.report())
    plain = decoded(annotate(tmp_path / "plain.mp4", frames(3, (320, 240))))
    for (_, drawn), (_, bare) in zip(decoded(path), plain, strict=True):
        assert np.abs(drawn.astype(int) - bare).max() > 80


# Sound


@pytest.mark.parametrize(
    ("name", "codec", "expected"),
    [
        ("clip.mp4", "aac", "aac"),
        ("clip.mkv", "aac", "aac"),
        ("clip.ts", "aac", "aac"),
        ("clip.mp4", "libmp3lame", "mp3"),
        ("clip.mkv", "flac", "aac"),
        ("clip.mov", "pcm_s16le", "aac"),
        ("clip.mkv", "libopus", "aac"),
    ],
)
@pytest.mark.parametrize("first_picture_s", [0.0, 0.2])
def test_sound_is_kept_and_stays_in_time(
    tmp_path: Path, name: str, codec: str, expected: str, first_picture_s: float
) -> None:
    source = clip(tmp_path / name, codec=codec, first_picture_s=first_picture_s)
    path = annotate(tmp_path / "out.mp4", frames(30), audio_from=source)
    with av.open(str(path)) as container:
        kinds = [s.codec_context.codec.canonical_name for s in container.streams.audio]
        assert kinds == [expected]
        assert container.duration is not None
        assert container.duration / 1e6 == pytest.approx(30 / 25, abs=0.06)
    assert [t for t, _ in decoded(path)] == pytest.approx([i / 25 for i in range(30)], abs=1e-5)
    assert beep_begins_s(path) == pytest.approx(BEEP_S - first_picture_s, abs=0.03)


@pytest.mark.parametrize("name", ["silent.mp4", "silent.gif", "missing.mp4", "text.mp4"])
def test_without_sound_there_is_none(
    tmp_path: Path, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    source = tmp_path / name
    if name == "silent.mp4":
        clip(source, codec=None)
    elif name == "silent.gif":
        with av.open(str(source), "w") as out:
            stream: Any = out.add_stream("gif", rate=10)
            stream.width, stream.height, stream.pix_fmt = 64, 48, "rgb8"
            for _ in range(3):
                frame = av.VideoFrame.from_ndarray(fake.picture((64, 48)), "rgb24")
                out.mux(stream.encode(frame.reformat(format="rgb8")))
            out.mux(stream.encode())
    elif name == "text.mp4":
        source.write_text("no video")
    path = annotate(tmp_path / "out.mp4", frames(3), audio_from=source)
    with av.open(str(path)) as container:
        assert not container.streams.audio
        assert len(container.streams.video) == 1
    readable = name.startswith("silent")
    assert [r.levelname for r in caplog.records] == ([] if readable else ["WARNING"])


def test_damaged_sound_ends_early(tmp_path: Path) -> None:
    whole = clip(tmp_path / "whole.ts", codec="aac", seconds=3.0).read_bytes()
    source = tmp_path / "cut.ts"
    source.write_bytes(whole[: len(whole) // 2])
    path = annotate(tmp_path / "out.mp4", frames(75), audio_from=source)
    assert len(decoded(path)) == 75
    assert beep_begins_s(path) == pytest.approx(BEEP_S, abs=0.03)


# What can go wrong


def assert_nothing_left(folder: Path) -> None:
    assert sorted(p.name for p in folder.iterdir()) == []
    assert not [t for t in threading.enumerate() if t.name == "annotated-video"]


def test_nothing_is_there_before_the_end(tmp_path: Path) -> None:
    path = tmp_path / "out.mp4"
    sink = AnnotatedVideoSink(path)
    assert list(tmp_path.iterdir()) == []
    for frame in frames(10):
        sink.on_tick(fake.tick(frame.index, SMALL), frame)
    assert not path.exists()
    sink.abort()
    assert_nothing_left(tmp_path)
    sink.abort()


def test_an_abort_does_not_wait_for_the_queue(tmp_path: Path) -> None:
    class Slow:
        def draw(self, picture: Image, tick: Tick) -> None:  # noqa: ARG002
            time.sleep(0.3)

    sink = AnnotatedVideoSink(tmp_path / "out.mp4", overlay=Overlay([Slow()]))
    for frame in frames(5):
        sink.on_tick(fake.tick(frame.index, SMALL), frame)
    begun = time.monotonic()
    sink.abort()
    assert time.monotonic() - begun < 1.0
    assert_nothing_left(tmp_path)


def test_an_abort_after_the_end_keeps_the_video(tmp_path: Path) -> None:
    sink = AnnotatedVideoSink(tmp_path / "out.mp4")
    sink.on_tick(fake.tick(0, SMALL), frames(1)[0])
    sink.finish(fake.report())
    sink.abort()
    assert len(decoded(tmp_path / "out.mp4")) == 1


def test_landmarks_alone_make_no_video(tmp_path: Path) -> None:
    path = tmp_path / "out.mp4"
    sink = AnnotatedVideoSink(path)
    sink.on_tick(fake.tick(), None)
    with pytest.raises(CannotWrite) as raised:
        sink.finish(fake.report())
    assert str(raised.value) == (
        f"Could not write '{path}': there were no pictures to draw on. "
        "Check the clip itself, not a recording of its landmarks."
    )
    assert_nothing_left(tmp_path)


def test_an_encoder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CodecUnavailable) as raised:
        annotate(tmp_path / "out.mp4", frames(20), codec="h264_of_tomorrow")
    assert str(raised.value) == (
        f"No annotated video: PyAV {av.__version__} was built without the encoder "
        "'h264_of_tomorrow'. Install its wheel with 'python -m pip install --force-reinstall "
        "--only-binary av av', or leave the annotated video out."
    )
    assert_nothing_left(tmp_path)


def test_an_encoder_for_sound(tmp_path: Path) -> None:
    with pytest.raises(CodecUnavailable, match="'aac' is not an encoder for pictures"):
        annotate(tmp_path / "out.mp4", frames(20), codec="aac")
    assert_nothing_left(tmp_path)


def test_a_missing_folder_is_noticed_at_the_first_frame(tmp_path: Path) -> None:
    sink = AnnotatedVideoSink(tmp_path / "missing" / "out.mp4")
    with pytest.raises(CannotWrite, match="Make the folder first, or choose another one"):
        sink.on_tick(fake.tick(0, SMALL), frames(1)[0])
    sink.abort()
    assert_nothing_left(tmp_path)


def noise(count: int) -> list[Frame]:
    """Pictures that need many bytes."""
    rng = np.random.default_rng(0)
    pictures = rng.integers(0, 256, (count, SMALL[1], SMALL[0], 3), dtype=np.uint8)
    return [Frame(i, i / 25, picture, SMALL) for i, picture in enumerate(pictures)]


@pytest.mark.parametrize("part", [0.3, 0.9999], ids=["on the way", "at the end"])
def test_a_disk_that_takes_no_more(tmp_path: Path, part: float) -> None:
    shown = noise(40)
    whole = annotate(tmp_path / "whole.mp4", shown)
    size = whole.stat().st_size
    whole.unlink()
    path = tmp_path / "out.mp4"
    with files_up_to(int(part * size)), pytest.raises(CannotWrite) as raised:
        annotate(path, shown)
    assert str(raised.value) == (
        f"Could not write '{path}': File too large. "
        "Choose a folder on a disk that takes bigger files."
    )
    assert_nothing_left(tmp_path)


@pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="needs to mount a disk")
def test_a_full_disk(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(disk)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("may not mount a disk")
    try:
        with pytest.raises(CannotWrite) as raised:
            annotate(disk / "out.mp4", noise(40))
        assert_nothing_left(disk)
    finally:
        subprocess.run(["umount", str(disk)], check=True)
    assert str(raised.value) == (
        f"Could not write '{disk / 'out.mp4'}': No space left on device. "
        "Free some space, or choose a folder on another disk."
    )


def test_a_layer_that_breaks(tmp_path: Path) -> None:
    class Broken:
        def draw(self, picture: Image, tick: Tick) -> None:  # noqa: ARG002
            if tick.index == 2:
                msg = "no such colour"
                raise ValueError(msg)

    path = tmp_path / "out.mp4"
    with pytest.raises(SinkError) as raised:
        annotate(path, frames(50), Overlay([Broken()]))
    assert str(raised.value) == (
        f"Could not make the annotated video '{path}': ValueError: no such colour. "
        "The report does not need it: leave the annotated video out."
    )
    assert_nothing_left(tmp_path)


def test_a_picture_that_can_not_be_had(tmp_path: Path) -> None:
    def gone() -> Image:
        msg = "The clip was moved away."
        raise CannotOpen(msg)

    frame = Frame(0, 0.0, fake.picture((8, 6)), SMALL, full=gone)
    path = tmp_path / "out.mp4"
    with pytest.raises(SinkError) as raised:
        annotate(path, [frame])
    assert str(raised.value) == (
        f"Could not make the annotated video '{path}': The clip was moved away. "
        "The report does not need it: leave the annotated video out."
    )
    assert_nothing_left(tmp_path)
