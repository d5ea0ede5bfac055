"""What every `FrameSource` promises, run over every implementation."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from formcheck.frame import Frame
from formcheck.sources import FrameSource, open_source
from formcheck.sources.camera import open_camera
from formcheck.sources.fake import ListSource
from formcheck.sources.images import ImageFolder
from formcheck.sources.video import VideoSource
from tests.media import corners, numbered, read_corners, write_gif, write_png, write_video

COUNT = 12


def video(folder: Path) -> FrameSource:
    return VideoSource(write_video(folder / "clip.mp4", [corners()] * COUNT), max_side=48)


def uneven_video(folder: Path) -> FrameSource:
    times = [Fraction(i * i, 30) for i in range(COUNT)]
    return VideoSource(write_video(folder / "clip.mkv", [corners()] * COUNT, times=times))


def turned_video(folder: Path) -> FrameSource:
    upright = np.ascontiguousarray(np.rot90(corners(), -1))
    path = write_video(folder / "clip.mov", [upright] * COUNT, rotation=(90, False))
    return VideoSource(path, max_side=48)


def gif(folder: Path) -> FrameSource:
    pictures = [corners(colours="RGBW" if i % 2 else "RGBK") for i in range(COUNT)]
    pictures[0] = corners()
    return open_source(write_gif(folder / "clip.gif", pictures, range(0, 10 * COUNT, 10)))


def images(folder: Path) -> FrameSource:
    for i in range(COUNT):
        write_png(folder / f"{i}.png", corners())
    return ImageFolder(folder, max_side=48)


def prepared(folder: Path) -> FrameSource:  # noqa: ARG001 - like the others
    return ListSource([Frame(i, i / 30, corners(), (96, 64)) for i in range(COUNT)])


def camera(folder: Path) -> FrameSource:
    clip = write_video(folder / "clip.mp4", [corners()] * COUNT)
    return open_camera(str(clip), max_side=48, pace=math.inf, every=True)


SOURCES = [camera, video, uneven_video, turned_video, gif, images, prepared]

Make = Callable[[Path], FrameSource]


@pytest.fixture(params=SOURCES, ids=lambda make: make.__name__)
def source(request: pytest.FixtureRequest, tmp_path: Path) -> FrameSource:
    make: Make = request.param
    return make(tmp_path)


def test_frames_are_numbered_and_their_times_increase_from_zero(source: FrameSource) -> None:
    with source:
        frames = list(source)
    assert [frame.index for frame in frames] == list(range(COUNT))
    times = [frame.t_s for frame in frames]
    assert times[0] == 0.0
    assert all(b > a for a, b in pairwise(times))


def test_pictures_are_upright_rgb(source: FrameSource) -> None:
    with source:
        size = (source.info.width, source.info.height)
        for frame in source:
            assert frame.size_px == size
            for picture in (frame.image, frame.picture()):
                assert picture.dtype == np.uint8
                assert picture.ndim == 3
                assert picture.shape[2] == 3
                assert picture.flags.c_contiguous
                assert read_corners(picture)[:3] == "RGB"
            assert frame.picture().shape[1::-1] == size
            width, height = frame.image.shape[1::-1]
            assert width / height == pytest.approx(size[0] / size[1], rel=0.05)


def test_a_full_picture_may_be_drawn_on(source: FrameSource) -> None:
    with source:
        frame = next(iter(source))
        before = frame.image.copy()
        picture = frame.picture()
        assert picture.flags.writeable
        picture[:] = 7
        np.testing.assert_array_equal(frame.image, before)
        assert read_corners(frame.picture())[:3] == "RGB"


def test_numbers_are_exact_once_read(source: FrameSource) -> None:
    with source:
        assert source.frames_hint >= 0
        times = [frame.t_s for frame in source]
        info = source.info
    assert info.frames == COUNT
    assert info.fps == pytest.approx((COUNT - 1) / times[-1])
    assert info.duration_s > times[-1]
    assert info.rotation_deg in (0, 90, 180, 270)
    assert len(info.sha256) in (0, 64)
    assert source.warnings == ()
    assert source.info == info, "closing changes nothing"


def test_known_numbers_before_reading(source: FrameSource) -> None:
    with source:
        info = source.info
        assert info.width > 0
        assert info.height > 0
        assert info.frames >= 0
        assert math.isnan(info.duration_s) or info.duration_s >= 0
        assert source.warnings == ()


def test_it_is_read_once(source: FrameSource) -> None:
    with source:
        frames = iter(source)
        next(frames)
        assert len(list(source)) == COUNT - 1
        assert list(source) == []


def test_closing_ends_it_and_may_be_done_twice(source: FrameSource) -> None:
    frames = iter(source)
    next(frames)
    source.close()
    source.close()
    assert len(list(frames)) < COUNT


def test_closing_unread(source: FrameSource) -> None:
    source.close()
    assert source.info.width > 0


@pytest.mark.parametrize("bad", [[], [0.5], [0.0, 0.0], [0.0, 1.0, 0.5]])
def test_prepared_frames_have_to_keep_the_promise(bad: list[float]) -> None:
    frames = [Frame(i, t, numbered(0), (128, 64)) for i, t in enumerate(bad)]
    with pytest.raises(ValueError, match="frame"):
        ListSource(frames)
