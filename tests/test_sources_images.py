from __future__ import annotations

import hashlib
import struct
from pathlib import Path

import cv2
import pytest

from formcheck.errors import CannotOpen
from formcheck.sources import open_source
from formcheck.sources.images import ImageFolder
from tests.media import corners, numbered, read_corners, read_number, write_png


def exif_orientation(jpeg: bytes, value: int) -> bytes:
    """Add the note that cameras make of how they were held, as its standard lays it out."""
    entry = struct.pack(">HHIHH", 0x0112, 3, 1, value, 0)
    tiff = b"MM\0*" + struct.pack(">I", 8) + struct.pack(">H", 1) + entry + bytes(4)
    body = b"Exif\0\0" + tiff
    return jpeg[:2] + b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body + jpeg[2:]


def fill(folder: Path, names: list[str]) -> Path:
    folder.mkdir(exist_ok=True)
    for i, name in enumerate(names):
        write_png(folder / name, numbered(i))
    return folder


def test_pictures_come_in_natural_order(tmp_path: Path) -> None:
    names = ["img1.png", "img2.png", "img10.png", "img10b.png", "img011.png"]
    fill(tmp_path / "set", names)
    with open_source(tmp_path / "set") as source:
        assert [read_number(frame.image) for frame in source] == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("suffix", [".jpg", ".JPEG", ".png", ".webp", ".bmp"])
def test_kinds_of_pictures(tmp_path: Path, suffix: str) -> None:
    write_png(tmp_path / f"one{suffix}", corners())
    (frame,) = list(ImageFolder(tmp_path))
    assert read_corners(frame.image) == "RGBW"
    assert frame.full is None


def test_other_files_are_left_out(tmp_path: Path) -> None:
    fill(tmp_path, ["a.png", "b.png"])
    (tmp_path / "._a.png").write_bytes(b"what a Mac leaves behind")
    (tmp_path / "notes.txt").write_text("squats")
    (tmp_path / "more.png").mkdir()
    assert [read_number(frame.image) for frame in ImageFolder(tmp_path)] == [0, 1]


def test_times_follow_from_the_rate(tmp_path: Path) -> None:
    fill(tmp_path, ["a.png", "b.png", "c.png"])
    with open_source(tmp_path, fps=12.5) as source:
        assert [frame.t_s for frame in source] == [0.0, 0.08, 0.16]
    info = source.info
    assert (info.frames, info.fps, info.duration_s) == (3, 12.5, 0.24)
    assert (info.width, info.height, info.rotation_deg) == (128, 64, 0)
    assert info.path == str(tmp_path)


def test_the_checksum_is_of_names_and_bytes_in_order(tmp_path: Path) -> None:
    fill(tmp_path, ["2.png", "10.png"])
    digest = hashlib.sha256()
    for name in ("2.png", "10.png"):
        digest.update(name.encode() + b"\0" + (tmp_path / name).read_bytes())
    assert ImageFolder(tmp_path).info.sha256 == digest.hexdigest()


@pytest.mark.parametrize(
    ("value", "shown"), [(1, "RGBW"), (3, "WBGR"), (6, "BRWG"), (8, "GWRB"), (2, "GRWB")]
)
def test_how_the_camera_was_held_is_heeded(tmp_path: Path, value: int, shown: str) -> None:
    ok, jpeg = cv2.imencode(".jpg", cv2.cvtColor(corners(), cv2.COLOR_RGB2BGR))
    assert ok
    (tmp_path / "photo.jpg").write_bytes(exif_orientation(jpeg.tobytes(), value))
    (frame,) = list(ImageFolder(tmp_path))
    assert read_corners(frame.image) == shown
    assert frame.size_px == ((64, 96) if value in (6, 8) else (96, 64))


def test_large_pictures_are_scaled_for_the_model_only(tmp_path: Path) -> None:
    write_png(tmp_path / "a.png", corners(640, 480))
    (frame,) = list(ImageFolder(tmp_path, max_side=160))
    assert frame.image.shape == (120, 160, 3)
    assert frame.image.flags.c_contiguous
    assert frame.size_px == (640, 480)
    frame.picture()[:] = 0
    assert read_corners(frame.picture()) == "RGBW"


def test_a_picture_of_another_size_is_an_error_that_names_it(tmp_path: Path) -> None:
    fill(tmp_path, ["1.png", "2.png"])
    write_png(tmp_path / "3.png", numbered(2, 64, 64))
    frames = iter(ImageFolder(tmp_path))
    assert [read_number(next(frames).image) for _ in range(2)] == [0, 1]
    with pytest.raises(CannotOpen) as caught:
        next(frames)
    assert str(caught.value) == (
        f"'{tmp_path / '3.png'}' has 64 by 64 pixels, but the pictures before it have 128 by 64. "
        "Keep one recording per folder."
    )


@pytest.mark.parametrize("contents", [b"", b"not a picture", b"\x89PNG\r\n\x1a\n" + bytes(40)])
def test_a_damaged_picture_ends_the_stream_with_a_warning(tmp_path: Path, contents: bytes) -> None:
    fill(tmp_path, ["1.png", "2.png", "4.png"])
    (tmp_path / "3.png").write_bytes(contents)
    with ImageFolder(tmp_path) as source:
        assert not source.warnings
        assert [read_number(frame.image) for frame in source] == [0, 1]
        (warning,) = source.warnings
    assert warning == f"'{tmp_path / '3.png'}' is a damaged picture; analyzed the 2 before it."
    assert source.info.frames == 2


def test_a_damaged_first_picture_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "1.png").write_bytes(b"not a picture")
    with pytest.raises(CannotOpen) as caught:
        ImageFolder(tmp_path)
    assert str(caught.value) == (
        f"'{tmp_path / '1.png'}' is a damaged picture. Remove it, or copy it again."
    )


def test_a_missing_folder(tmp_path: Path) -> None:
    with pytest.raises(CannotOpen) as caught:
        ImageFolder(tmp_path / "gone")
    assert str(caught.value) == (
        f"'{tmp_path / 'gone'}' does not exist. Check the spelling, or give the full path."
    )


@pytest.mark.parametrize("fps", [0.0, -1.0, float("nan"), float("inf")])
def test_an_impossible_rate(tmp_path: Path, fps: float) -> None:
    fill(tmp_path, ["1.png"])
    with pytest.raises(CannotOpen, match="must be above 0 frames/s"):
        ImageFolder(tmp_path, fps=fps)
