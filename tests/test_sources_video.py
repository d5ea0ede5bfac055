from __future__ import annotations

import dataclasses
import hashlib
import threading
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from formcheck.frame import Frame
from formcheck.sources.video import VideoSource
from tests.media import (
    corners,
    hide_sound_until_it_begins,
    numbered,
    read_corners,
    read_number,
    turn_by_track_header,
    write_gif,
    write_video,
)

UNEVEN = [Fraction(0), Fraction(1, 30), Fraction(1, 4), Fraction(1), Fraction(11, 10)]


def frames_of(path: Path, **options: int) -> list[Frame]:
    with VideoSource(path, **options) as source:
        return list(source)


@pytest.mark.parametrize(
    ("name", "resolution_s"), [("clip.mp4", 1e-9), ("clip.mkv", 1e-3), ("clip.mov", 1e-9)]
)
def test_uneven_times_are_those_of_the_file(tmp_path: Path, name: str, resolution_s: float) -> None:
    path = write_video(tmp_path / name, map(numbered, range(len(UNEVEN))), times=UNEVEN)
    times = [frame.t_s for frame in frames_of(path)]
    assert times == pytest.approx([float(t) for t in UNEVEN], abs=resolution_s)


def test_times_begin_at_zero_even_if_the_file_does_not(tmp_path: Path) -> None:
    late = [t + 7 for t in UNEVEN]
    path = write_video(tmp_path / "clip.mkv", map(numbered, range(len(late))), times=late)
    with VideoSource(path) as source:
        times = [frame.t_s for frame in source]
    assert times == pytest.approx([float(t) for t in UNEVEN], abs=1e-3)
    assert source.info.duration_s == pytest.approx(1.1 + 1 / 30, abs=0.25)


def test_times_of_a_gif(tmp_path: Path) -> None:
    path = write_gif(tmp_path / "clip.gif", [numbered(i) for i in range(4)], [0, 10, 15, 60])
    frames = frames_of(path)
    assert [frame.t_s for frame in frames] == pytest.approx([0.0, 0.1, 0.15, 0.6], abs=1e-12)
    assert [read_number(frame.image) for frame in frames] == [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("name", "codec"),
    [
        ("clip.mp4", "libx264"),
        ("clip.webm", "libvpx-vp9"),
        ("clip.avi", "mpeg4"),
        ("clip.ts", "libx264"),
        ("clip.mov", "mpeg4"),
    ],
)
def test_every_frame_comes_in_order(tmp_path: Path, name: str, codec: str) -> None:
    path = write_video(tmp_path / name, map(numbered, range(100)), codec=codec)
    with VideoSource(path) as source:
        frames = list(source)
        assert source.warnings == ()
    assert [read_number(frame.image) for frame in frames] == list(range(100))
    assert [frame.index for frame in frames] == list(range(100))
    assert [frame.t_s for frame in frames] == pytest.approx(
        [i / 30 for i in range(100)], abs=0.6e-3
    )


def test_what_is_known_before_and_after_reading(tmp_path: Path) -> None:
    path = write_video(tmp_path / "clip.mp4", map(numbered, range(45)), rate=15)
    with VideoSource(path) as source:
        before = source.info
        assert source.frames_hint == 45
        for _ in source:
            pass
        after = source.info
    assert (after.path, after.frames, after.width, after.height) == (str(path), 45, 128, 64)
    assert after.duration_s == pytest.approx(3.0, abs=1e-6)
    assert after.fps == pytest.approx(15.0, abs=1e-6)
    assert after.rotation_deg == 0
    assert after.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    same = dataclasses.replace(before, duration_s=after.duration_s, fps=after.fps)
    assert same == after
    assert before.duration_s == pytest.approx(3.0, abs=1e-6)


def test_the_rate_of_an_uneven_clip_is_its_mean(tmp_path: Path) -> None:
    path = write_video(tmp_path / "clip.mp4", map(numbered, range(len(UNEVEN))), times=UNEVEN)
    with VideoSource(path) as source:
        count = len(list(source))
    assert count == len(UNEVEN)
    assert source.info.fps == pytest.approx(4 / 1.1)
    assert source.info.duration_s >= 1.1


def test_a_single_frame_is_a_clip(tmp_path: Path) -> None:
    path = write_video(tmp_path / "clip.mp4", [numbered(5)], rate=25)
    with VideoSource(path) as source:
        assert [read_number(frame.image) for frame in source] == [5]
    assert source.info.duration_s == pytest.approx(0.04)
    assert source.info.fps == pytest.approx(25.0)


# Display rotation: what the stored corners R G / B W look like when shown.
SHOWN = {
    (0, False): (0, "RGBW"),
    (90, False): (270, "GWRB"),
    (180, False): (180, "WBGR"),
    (270, False): (90, "BRWG"),
    (0, True): (0, "GRWB"),
    (90, True): (90, "WGBR"),
}


@pytest.mark.parametrize("name", ["clip.mp4", "clip.mov"])
@pytest.mark.parametrize(("rotation", "expected"), SHOWN.items(), ids=str)
def test_display_matrix_is_applied_to_small_and_full_pictures(
    tmp_path: Path, name: str, rotation: tuple[int, bool], expected: tuple[int, str]
) -> None:
    path = write_video(tmp_path / name, [corners(192, 128)] * 3, rotation=rotation)
    degrees, shown = expected
    size = (128, 192) if degrees in (90, 270) else (192, 128)
    with VideoSource(path, max_side=96) as source:
        for frame in source:
            assert read_corners(frame.image) == shown
            assert max(frame.image.shape) == 96
            full = frame.picture()
            assert read_corners(full) == shown
            assert frame.size_px == full.shape[1::-1] == size
        info = source.info
    assert (info.width, info.height, info.rotation_deg) == (*size, degrees)


@pytest.mark.parametrize(
    ("matrix", "degrees", "shown"),
    [
        ((0, 1, -1, 0), 90, "BRWG"),  # as an upright iPhone writes it
        ((-1, 0, 0, -1), 180, "WBGR"),
        ((0, -1, 1, 0), 270, "GWRB"),
    ],
)
def test_rotation_as_phones_write_it(
    tmp_path: Path, matrix: tuple[int, int, int, int], degrees: int, shown: str
) -> None:
    path = write_video(tmp_path / "clip.mp4", [corners()] * 2)
    turn_by_track_header(path, *matrix)
    with VideoSource(path) as source:
        assert [read_corners(frame.image) for frame in source] == [shown, shown]
        assert source.info.rotation_deg == degrees


@pytest.mark.parametrize(
    ("aspect", "size"),
    [(Fraction(4, 3), (128, 64)), (Fraction(1, 2), (96, 128)), (Fraction(1), (96, 64))],
)
def test_pixels_are_made_square(tmp_path: Path, aspect: Fraction, size: tuple[int, int]) -> None:
    path = write_video(tmp_path / "clip.mp4", [corners(96, 64)] * 2, sample_aspect=aspect)
    for frame in frames_of(path):
        assert frame.size_px == size
        assert frame.picture().shape[1::-1] == size
        assert frame.image.shape[1::-1] == size
        assert read_corners(frame.image) == "RGBW"


def test_a_turned_clip_with_oblong_pixels(tmp_path: Path) -> None:
    path = write_video(
        tmp_path / "clip.mp4",
        [corners(96, 64)],
        sample_aspect=Fraction(4, 3),
        rotation=(90, False),
    )
    (frame,) = frames_of(path)
    assert frame.size_px == (64, 128)
    assert read_corners(frame.picture()) == "GWRB"


@pytest.mark.parametrize("width", [96, 130, 202, 398, 854])
def test_pictures_are_contiguous_whatever_their_width(tmp_path: Path, width: int) -> None:
    # Rows of such widths are padded by the decoder: read as raw memory, the picture would
    # be sheared.
    path = write_video(tmp_path / "clip.mp4", [numbered(0b10110101, width, 64)] * 2)
    for options in ({}, {"max_side": 90}):
        for frame in frames_of(path, **options):
            for picture in (frame.image, frame.picture()):
                assert picture.flags.c_contiguous
                assert picture.dtype == np.uint8
                raw = np.frombuffer(picture.tobytes(), np.uint8).reshape(picture.shape)
                assert read_number(raw) == 0b10110101
                assert read_number(raw[-8:]) == 0b10110101


def test_the_small_picture_keeps_shape_and_place(tmp_path: Path) -> None:
    picture = np.zeros((360, 640, 3), np.uint8)
    picture[90:180, 160:320] = 255
    path = write_video(tmp_path / "clip.mp4", [picture])
    (frame,) = frames_of(path, max_side=160)
    assert frame.image.shape == (90, 160, 3)
    assert frame.size_px == (640, 360)
    bright = np.argwhere(frame.image.mean(axis=2) > 127)
    # The block's middle, in full-size pixels: a scaler that shifts would show here.
    middle_px = (bright.min(axis=0) + bright.max(axis=0) + 1) / 2 * 4
    assert middle_px == pytest.approx([135, 240], abs=1)


def test_a_clip_that_is_small_enough_is_not_kept_twice(tmp_path: Path) -> None:
    path = write_video(tmp_path / "clip.mp4", [corners()])
    (frame,) = frames_of(path)
    assert frame.full is None
    assert frame.picture() is not frame.image


def test_full_pictures_are_separate_and_outlive_the_source(tmp_path: Path) -> None:
    path = write_video(tmp_path / "clip.mp4", map(numbered, range(40)))
    frames = frames_of(path, max_side=32)
    for frame in frames:
        picture = frame.picture()
        assert picture.flags.writeable
        picture[:] = 0
    assert [read_number(frame.picture()) for frame in frames] == list(range(40))


def test_pictures_stored_as_rgb_are_not_drawn_into(tmp_path: Path) -> None:
    path = write_video(tmp_path / "clip.mov", [corners()] * 2, codec="png", pixel_format="rgb24")
    for frame in frames_of(path):
        frame.image[:] = 0
    frames = frames_of(path, max_side=48)
    frames[0].picture()[:] = 0
    assert read_corners(frames[0].picture()) == "RGBW"


def test_sound_does_not_matter(tmp_path: Path) -> None:
    path = write_video(tmp_path / "clip.mp4", map(numbered, range(30)), audio_s=1.0)
    assert [read_number(frame.image) for frame in frames_of(path)] == list(range(30))


def test_sound_that_begins_late_does_not_end_the_pictures(tmp_path: Path) -> None:
    path = write_video(
        tmp_path / "clip.flv", map(numbered, range(250)), rate=10, audio_s=2, audio_from_s=20
    )
    hide_sound_until_it_begins(path)
    with VideoSource(path) as source:
        assert [read_number(frame.image) for frame in source] == list(range(250))
        assert source.warnings == ()


def test_closing_half_way_ends_the_stream(tmp_path: Path) -> None:
    path = write_video(tmp_path / "clip.mp4", map(numbered, range(60)))
    source = VideoSource(path)
    frames = iter(source)
    first = next(frames)
    source.close()
    source.close()
    assert len(list(frames)) < 60
    assert read_number(first.picture()) == 0
    assert 1 <= source.info.frames < 60


def test_closing_while_another_thread_reads(tmp_path: Path) -> None:
    path = write_video(tmp_path / "clip.mp4", map(numbered, [i % 256 for i in range(600)]))
    source = VideoSource(path)
    begun = threading.Event()
    errors: list[BaseException] = []

    def read() -> None:
        try:
            for _ in source:
                begun.set()
        except BaseException as error:  # noqa: BLE001 - handed to the main thread
            errors.append(error)

    reader = threading.Thread(target=read)
    reader.start()
    assert begun.wait(10)
    source.close()
    reader.join(10)
    assert not reader.is_alive()
    assert errors == []
