from __future__ import annotations

import os
import random
import shutil
import struct
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import av
import pytest

from formcheck.errors import CannotOpen, NoFrames, SourceError
from formcheck.sources import open_source
from formcheck.sources.files import not_a_video, unreadable
from formcheck.sources.video import VideoSource
from tests.media import (
    corners,
    cut,
    numbered,
    read_number,
    write_gif,
    write_png,
    write_sound,
    write_video,
)

FASTSTART = {"movflags": "faststart"}


def noise(count: int, seed: int = 1) -> Iterator[object]:
    """Numbered pictures with noise below, so that frames have bytes to lose."""
    import numpy as np

    rng = np.random.default_rng(seed)
    for i in range(count):
        picture = numbered(i, 128, 128)
        picture[96:] = rng.integers(0, 255, picture[96:].shape, dtype=np.uint8)
        yield picture


def clip(path: Path, count: int = 60, **more: object) -> Path:
    return write_video(path, noise(count), **more)  # type: ignore[arg-type]


def text(path: Path) -> Path:
    path.write_text("Frühstück: 3 Eier\n" * 400)
    return path


def random_bytes(path: Path) -> Path:
    path.write_bytes(random.Random(7).randbytes(50_000))  # noqa: S311
    return path


def hollow(path: Path) -> Path:
    """A clip whose index is fine and whose pictures are all rubbish."""
    clip(path, 10, options=FASTSTART)
    data = bytearray(path.read_bytes())
    start = data.index(b"mdat") + 4
    data[start:] = b"\xff" * (len(data) - start)
    path.write_bytes(data)
    return path


def fifo(path: Path) -> Path:
    os.mkfifo(path)
    return path


def playlist(path: Path) -> Path:
    clip(path.parent / "real.ts", 5)
    path.write_text("#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nreal.ts\n")
    return path


def script(path: Path) -> Path:
    clip(path.parent / "real.mp4", 5)
    path.write_text("ffconcat version 1.0\nfile real.mp4\n")
    return path


def unfinished(path: Path) -> Path:
    return cut(clip(path), 0.6)


def folder(path: Path) -> Path:
    path.mkdir()
    (path / "notes.txt").write_text("no pictures here")
    return path


def touch(path: Path) -> Path:
    path.touch()
    return path


BAD: list[tuple[str, Callable[[Path], Path], type[SourceError], str]] = [
    (
        "missing.mp4",
        lambda path: path,
        CannotOpen,
        "'{}' does not exist. Check the spelling, or give the full path.",
    ),
    ("empty.mp4", touch, CannotOpen, "'{}' is empty (0 bytes). Copy it or record it again."),
    (
        "text.mp4",
        text,
        CannotOpen,
        "'{}' contains text, not a video. Name a video file.",
    ),
    (
        "rubbish.mp4",
        random_bytes,
        CannotOpen,
        (
            "'{}' is not a video that can be read. Check that it plays in a video player, or "
            "convert it to MP4."
        ),
    ),
    (
        "sound.m4a",
        write_sound,
        CannotOpen,
        "'{}' has sound but no moving picture. Name a video file.",
    ),
    (
        "sound.mp3",
        write_sound,
        CannotOpen,
        "'{}' has sound but no moving picture. Name a video file.",
    ),
    (
        "cover.mp3",
        lambda path: write_sound(path, cover=corners()),
        CannotOpen,
        "'{}' has sound but no moving picture. Name a video file.",
    ),
    (
        "unfinished.mp4",
        unfinished,
        CannotOpen,
        (
            "'{}' breaks off before the index of its pictures: the recording or the copying was "
            "cut short. Copy it again, or record it again."
        ),
    ),
    (
        "hollow.mp4",
        hollow,
        NoFrames,
        (
            "'{}' holds h264 video, but not one picture could be decoded from it. Convert it to "
            "MP4 (H.264), or copy it again."
        ),
    ),
    (
        "photo.png",
        lambda path: write_png(path, corners()),
        CannotOpen,
        "'{}' is a picture. Name a video, a GIF, or a folder of pictures.",
    ),
    (
        "pipe.mp4",
        fifo,
        CannotOpen,
        "'{}' is a device or a pipe. Save the video to a file first.",
    ),
    (
        "folder",
        folder,
        CannotOpen,
        "The folder '{}' holds no pictures (bmp, jpeg, jpg, png, webp). Name a video file instead.",
    ),
    (
        "list.mp4",
        playlist,
        CannotOpen,
        "'{}' contains text, not a video. Name a video file.",
    ),
    (
        "script.mp4",
        script,
        CannotOpen,
        "'{}' contains text, not a video. Name a video file.",
    ),
]


@pytest.mark.parametrize(("name", "make", "error", "message"), BAD, ids=[case[0] for case in BAD])
def test_bad_input_says_what_is_wrong_and_what_to_do(
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    name: str,
    make: Callable[[Path], Path],
    error: type[SourceError],
    message: str,
) -> None:
    path = make(tmp_path / name)
    begun = time.monotonic()
    with pytest.raises(error) as caught:
        open_source(path)
    assert str(caught.value) == message.format(path)
    assert type(caught.value) is error
    assert time.monotonic() - begun < 5
    assert capfd.readouterr().err == ""


def test_a_misspelt_name_gets_a_suggestion(tmp_path: Path) -> None:
    right = touch(tmp_path / "my squats.mp4")
    wrong = tmp_path / "my squat.mp4"
    with pytest.raises(CannotOpen) as caught:
        open_source(wrong)
    assert str(caught.value) == f"'{wrong}' does not exist. Did you mean '{right}'?"


@pytest.mark.parametrize(
    "address", ["https://example.org/squat.mp4", "rtsp://camera/1", "file:///home/me/squat.mp4"]
)
def test_addresses_are_not_opened(address: str) -> None:
    with pytest.raises(CannotOpen) as caught:
        open_source(address)
    plain = address.replace("file:///", "file://")
    assert str(caught.value) == (
        f"'{plain}' is an address. Download the video first, then name the file."
    )


def test_a_video_source_of_a_folder(tmp_path: Path) -> None:
    with pytest.raises(CannotOpen) as caught:
        VideoSource(tmp_path)
    assert str(caught.value) == (
        f"'{tmp_path}' is a folder. Name a video file, or a folder of pictures."
    )


@pytest.mark.skipif(not hasattr(os, "seteuid"), reason="needs Unix permissions")
def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    path = clip(tmp_path / "clip.mp4", 5)
    path.chmod(0)
    tmp_path.chmod(0o755)
    for parent in list(tmp_path.parents)[:3]:
        parent.chmod(0o755)
    me = os.geteuid()
    if me == 0:
        os.seteuid(65534)  # the superuser may read everything
    try:
        with pytest.raises(CannotOpen) as caught:
            VideoSource(path)
    finally:
        os.seteuid(me)
    assert str(caught.value) == (
        f"'{path}' may not be read: permission denied. Allow reading it, or copy it."
    )


def test_other_troubles_are_passed_on_in_words() -> None:
    assert str(unreadable(Path("a.mp4"), OSError(5, "Input/output error"))) == (
        "'a.mp4' cannot be read: Input/output error. Check the name and the disk."
    )
    assert str(unreadable(Path("a.mp4"), ValueError("embedded null byte"))) == (
        "'a.mp4' cannot be read: embedded null byte. Check the name and the disk."
    )
    assert "does not exist" in str(not_a_video(Path("gone.mp4")))


def test_a_name_that_cannot_be_a_name() -> None:
    with pytest.raises(CannotOpen):
        open_source("squat\0.mp4")


def test_a_title_in_no_known_alphabet_stops_nobody(tmp_path: Path) -> None:
    clip = tmp_path / "clip.mp4"
    with av.open(str(clip), "w") as container:
        container.metadata["title"] = "TITLETITLE"
        stream = container.add_stream("libx264", rate=30)
        stream.width, stream.height, stream.pix_fmt = 128, 128, "yuv420p"
        for i in range(3):
            picture = av.VideoFrame.from_ndarray(numbered(i, 128, 128), format="rgb24")
            container.mux(stream.encode(picture))
        container.mux(stream.encode())
    whole = clip.read_bytes()
    assert b"TITLETITLE" in whole
    clip.write_bytes(whole.replace(b"TITLETITLE", b"\xff\xfe\x80TITLE\xc3\x28"))
    with open_source(clip) as source:
        assert [read_number(frame.image) for frame in source] == [0, 1, 2]


def test_a_picture_that_claims_to_be_huge(tmp_path: Path) -> None:
    path = tmp_path / "huge.gif"
    write_gif(path, [corners()], [0])
    data = bytearray(path.read_bytes())
    data[6:10] = struct.pack("<2H", 12_000, 12_000)  # width and height of the screen
    path.write_bytes(data)
    begun = time.monotonic()
    with pytest.raises(CannotOpen) as caught:
        open_source(path)
    assert str(caught.value) == (
        f"'{path}' claims pictures of 12000 by 12000 pixels, which is too large. Scale it down "
        "first."
    )
    assert time.monotonic() - begun < 5


# Damage that is found while reading


@pytest.mark.parametrize(
    ("name", "options", "word"),
    [
        ("clip.mp4", FASTSTART, "is damaged"),
        ("clip.mkv", None, "breaks off"),
        ("clip.webm", None, "breaks off"),
        ("clip.avi", None, "is damaged"),
        ("clip.flv", None, "is damaged"),
    ],
)
def test_a_truncated_clip_is_read_as_far_as_it_goes(
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    name: str,
    options: dict[str, str] | None,
    word: str,
) -> None:
    codec = {".webm": "libvpx-vp9", ".avi": "mpeg4"}.get(Path(name).suffix, "libx264")
    path = cut(clip(tmp_path / name, 90, codec=codec, options=options), 0.5)
    with VideoSource(path) as source:
        numbers = [read_number(frame.image) for frame in source]
        (warning,) = source.warnings
        info = source.info
    assert 20 < len(numbers) < 70
    assert numbers[:-1] == list(range(len(numbers) - 1)), "no frame before the damage is lost"
    assert warning.startswith(f"'{path}' {word} after ")
    assert warning.endswith(" s; analyzed as far as it goes.")
    after_s = float(warning.removeprefix(f"'{path}' {word} after ").split(" s;")[0])
    assert after_s == pytest.approx(len(numbers) / 30, abs=0.2)
    assert info.frames == len(numbers)
    assert info.duration_s == pytest.approx(len(numbers) / 30, abs=0.1)
    assert capfd.readouterr().err == ""


def test_a_truncated_gif(tmp_path: Path) -> None:
    path = write_gif(tmp_path / "clip.gif", [numbered(i) for i in range(20)], range(0, 200, 10))
    cut(path, 0.5)
    with VideoSource(path) as source:
        count = len(list(source))
        assert 5 < count < 15
        assert source.warnings == (
            (
                f"'{path}' breaks off after {source.info.duration_s:.1f} s; analyzed as far as it "
                "goes."
            ),
        )


def test_a_whole_clip_has_no_warnings_before_and_after(tmp_path: Path) -> None:
    with VideoSource(clip(tmp_path / "clip.mp4")) as source:
        assert source.warnings == ()
        list(source)
        assert source.warnings == ()


def test_damage_in_the_middle_costs_only_what_it_hits(tmp_path: Path) -> None:
    path = clip(tmp_path / "clip.mp4", 90, codec="mpeg4", codec_options={"g": "1"})
    data = bytearray(path.read_bytes())
    middle = data.index(b"mdat") + (len(data) - data.index(b"mdat")) // 2
    data[middle : middle + 3000] = b"\xff" * 3000
    path.write_bytes(data)
    with VideoSource(path) as source:
        frames = list(source)
    times = [frame.t_s for frame in frames]
    assert len(frames) >= 85
    assert all(b > a for a, b in pairwise(times))
    assert times[-1] == pytest.approx(89 / 30)


def test_frames_without_times_are_said_to_be_estimated(tmp_path: Path) -> None:
    path = clip(tmp_path / "clip.h264", 30, codec_options={"bf": "0"}, rate=25)
    with VideoSource(path) as source:
        times = [frame.t_s for frame in source]
        warnings = source.warnings
    assert times == pytest.approx([i / 25 for i in range(30)], abs=1e-6)
    assert warnings == (
        (
            f"'{path}': the time of 30 of 30 frames was missing, repeated or went back, and was "
            "estimated."
        ),
    )


def test_two_recordings_joined_end_to_end(tmp_path: Path) -> None:
    path = clip(tmp_path / "both.ts", 60)
    path.write_bytes(path.read_bytes() * 2)
    with VideoSource(path) as source:
        times = [frame.t_s for frame in source]
        warnings = " ".join(source.warnings)
    assert all(b > a for a, b in pairwise(times))
    assert times[-1] > 3.5
    assert "estimated" in warnings


@pytest.mark.parametrize("name", ["clip.mp4", "clip.mkv", "clip.avi", "clip.gif", "clip.ts"])
def test_random_damage_never_gets_past_our_errors(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], name: str
) -> None:
    original = tmp_path / name
    if original.suffix == ".gif":
        write_gif(original, [numbered(i) for i in range(12)], range(0, 120, 10))
    else:
        codec = "mpeg4" if original.suffix == ".avi" else "libx264"
        clip(original, 12, codec=codec)
    whole = original.read_bytes()
    rng = random.Random(name)  # noqa: S311
    for i in range(40):
        data = bytearray(whole)
        for _ in range(rng.choice([1, 5, 50])):
            data[rng.randrange(len(data))] = rng.randrange(256)
        path = tmp_path / f"{i}{original.suffix}"
        path.write_bytes(data[: rng.choice([len(data), rng.randrange(1, len(data))])])
        begun = time.monotonic()
        try:
            with open_source(path) as source:
                times = [frame.t_s for frame in source]
                assert source.info.frames == len(times)
        except SourceError:
            times = [0.0]
        assert times[0] == 0
        assert all(b > a for a, b in pairwise(times))
        assert time.monotonic() - begun < 10
    assert capfd.readouterr().err == ""


def test_a_clip_that_changes_size_keeps_the_size_of_its_first_picture(tmp_path: Path) -> None:
    one = write_video(tmp_path / "one.ts", [numbered(3, 128, 64)] * 30)
    two = write_video(tmp_path / "two.ts", [numbered(3, 256, 128)] * 30)
    path = tmp_path / "both.ts"
    with path.open("wb") as target:
        for part in (one, two):
            with part.open("rb") as file:
                shutil.copyfileobj(file, target)
    with VideoSource(path) as source:
        frames = list(source)
        warnings = source.warnings
    assert {frame.size_px for frame in frames} == {(128, 64)}
    assert {frame.image.shape for frame in frames} == {(64, 128, 3)}
    assert {read_number(frame.image) for frame in frames} == {3}
    assert len(frames) == 60
    assert warnings[-1] == (
        f"'{path}' changes the size of its pictures; all were scaled to the first."
    )
