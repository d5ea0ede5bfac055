"""Small clips and pictures with known contents, made on the spot."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import av.container
import cv2
import numpy as np

from formcheck.frame import Image

_COLOURS = {
    "R": (255, 0, 0),
    "G": (0, 255, 0),
    "B": (0, 0, 255),
    "W": (255, 255, 255),
    "K": (0, 0, 0),
}
_BITS = 8


def corners(width: int = 96, height: int = 64, colours: str = "RGBW") -> Image:
    """A picture whose quarters have colours: top left, top right, bottom left, bottom right."""
    picture = np.zeros((height, width, 3), dtype=np.uint8)
    top, left = height // 2, width // 2
    for colour, (rows, columns) in zip(
        colours,
        (
            (slice(None, top), slice(None, left)),
            (slice(None, top), slice(left, None)),
            (slice(top, None), slice(None, left)),
            (slice(top, None), slice(left, None)),
        ),
        strict=True,
    ):
        picture[rows, columns] = _COLOURS[colour]
    return picture


def read_corners(picture: Image) -> str:
    """The colours of a picture's quarters, in the order of `corners`."""
    height, width = picture.shape[:2]
    found = ""
    for y in (0.25, 0.75):
        for x in (0.25, 0.75):
            pixel = picture[int(height * y), int(width * x)].astype(int)
            found += min(_COLOURS, key=lambda c: int(np.abs(pixel - _COLOURS[c]).sum()))
    return found


def numbered(number: int, width: int = 128, height: int = 64) -> Image:
    """A picture that carries a number from 0 to 255 as eight black or white bars."""
    picture = np.zeros((height, width, 3), dtype=np.uint8)
    for bit in range(_BITS):
        if number >> bit & 1:
            picture[:, width * bit // _BITS : width * (bit + 1) // _BITS] = 255
    return picture


def read_number(picture: Image) -> int:
    """The number in a picture of `numbered`, at any size."""
    height, width = picture.shape[:2]
    bars = [picture[height // 2, int(width * (bit + 0.5) / _BITS)].mean() for bit in range(_BITS)]
    return sum(1 << bit for bit, bar in enumerate(bars) if bar > 127)


def person(width: int = 480, height: int = 640) -> Image:
    """A drawn figure that faces the camera, upright, and that MediaPipe takes for a person.

    Where its joints are: see `person_joints`.
    """
    picture = np.full((height, width, 3), (196, 202, 206), dtype=np.uint8)
    scale = height / 640
    skin, shirt, trousers = (222, 178, 150), (40, 80, 170), (40, 42, 55)
    hair, white = (60, 42, 30), (245, 245, 245)

    def at(x: float, y: float) -> tuple[int, int]:
        return int(width / 2 + x * scale), int(y * scale)

    def limb(a: tuple[float, float], b: tuple[float, float], thick: float, colour: Any) -> None:
        cv2.line(picture, at(*a), at(*b), colour, max(1, int(thick * scale)), cv2.LINE_AA)

    def blob(x: float, y: float, rx: float, ry: float, colour: Any, start: int = 0) -> None:
        size = max(1, int(rx * scale)), max(1, int(ry * scale))
        cv2.ellipse(picture, at(x, y), size, 0, start, 360, colour, -1, cv2.LINE_AA)

    cv2.rectangle(picture, (0, int(height * 0.86)), (width, height), (150, 140, 128), -1)
    outline = ((-72, 165), (72, 165), (54, 250), (52, 335), (-52, 335), (-54, 250))
    for side in (-1, 1):
        limb((side * 28, 330), (side * 34, 440), 46, trousers)
        limb((side * 34, 440), (side * 36, 545), 36, trousers)
        blob(side * 42, 560, 26, 13, white)
    cv2.fillConvexPoly(picture, np.array([at(*p) for p in outline]), shirt, cv2.LINE_AA)
    for side in (-1, 1):
        limb((side * 68, 180), (side * 92, 250), 36, shirt)
        limb((side * 92, 250), (side * 100, 325), 24, skin)
        blob(side * 101, 340, 15, 15, skin)
    limb((0, 130), (0, 165), 34, skin)
    blob(0, 100, 34, 44, skin)
    blob(0, 86, 37, 36, hair, start=180)
    for side in (-1, 1):
        blob(side * 13, 98, 6, 3, white)
        blob(side * 13, 98, 3, 3, (50, 35, 30))
        limb((side * 7, 88), (side * 20, 87), 3, hair)
    limb((0, 102), (2, 113), 3, (200, 150, 125))
    limb((-10, 125), (10, 125), 4, (170, 80, 80))
    return np.ascontiguousarray(cv2.GaussianBlur(picture, (3, 3), 0), dtype=np.uint8)


def person_joints(width: int = 480, height: int = 640) -> dict[str, tuple[float, float]]:
    """Where joints of `person` were drawn, in pixels; its left is on the picture's right."""
    scale = height / 640
    drawn = {"shoulder": (66, 180), "hip": (32, 335), "knee": (35, 443), "ankle": (36, 540)}
    return {
        f"{side}_{name}": (width / 2 + sign * x * scale, y * scale)
        for name, (x, y) in drawn.items()
        for side, sign in (("left", 1), ("right", -1))
    }


def write_video(
    path: Path,
    pictures: Iterable[Image],
    *,
    rate: int = 30,
    codec: str = "libx264",
    times: Sequence[Fraction] | None = None,
    rotation: tuple[int, bool] | None = None,
    sample_aspect: Fraction | None = None,
    pixel_format: str = "yuv420p",
    codec_options: dict[str, str] | None = None,
    options: dict[str, str] | None = None,
    audio_s: float = 0.0,
    audio_from_s: float = 0.0,
) -> Path:
    """Encode a clip.

    Parameters
    ----------
    times
        When each picture is shown, in seconds; evenly by `rate` when None.
    rotation
        Degrees counterclockwise to turn by when shown, and whether to mirror it after that,
        written as a display matrix.
    audio_s, audio_from_s
        Seconds of silence to add as sound, and when it begins.
    """
    with av.open(str(path), "w", options=options or {}) as container:
        stream: Any = container.add_stream(codec, rate=rate, options=codec_options or {})
        stream.pix_fmt = pixel_format
        if rotation is not None:
            stream.set_display_rotation(rotation[0], hflip=rotation[1])
        if sample_aspect is not None:
            stream.codec_context.sample_aspect_ratio = sample_aspect
        sound = container.add_stream("aac", rate=44100) if audio_s else None
        base = Fraction(1, rate)
        if times is not None:
            base = Fraction(1, 90_000)
            stream.codec_context.time_base = base
        for i, picture in enumerate(pictures):
            if i == 0:
                stream.height, stream.width = picture.shape[:2]
            frame = av.VideoFrame.from_ndarray(picture, "rgb24")
            frame.time_base = base
            frame.pts = i if times is None else int(times[i] / base)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
        if sound is not None:
            _silence(container, sound, audio_s, audio_from_s)
    return path


def write_sound(path: Path, seconds: float = 0.5, cover: Image | None = None) -> Path:
    """Write a file with sound only, and a cover picture if one is given."""
    with av.open(str(path), "w") as container:
        sound = container.add_stream("aac" if path.suffix != ".mp3" else "libmp3lame", rate=44100)
        if cover is not None:
            stream: Any = container.add_stream("png")
            stream.height, stream.width = cover.shape[:2]
            stream.pix_fmt = "rgb24"
            stream.disposition = int(av.stream.Disposition.attached_pic)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(cover, "rgb24")))
            container.mux(stream.encode())
        _silence(container, sound, seconds)
    return path


def write_gif(path: Path, pictures: Sequence[Image], times_cs: Sequence[int]) -> Path:
    """Write a GIF whose pictures are shown from these times on, in hundredths of a second."""
    with av.open(str(path), "w") as container:
        stream: Any = container.add_stream("gif", rate=100)
        stream.height, stream.width = pictures[0].shape[:2]
        stream.pix_fmt = "rgb8"
        stream.codec_context.time_base = Fraction(1, 100)
        for picture, time_cs in zip(pictures, times_cs, strict=True):
            frame = av.VideoFrame.from_ndarray(picture, "rgb24").reformat(format="rgb8")
            frame.pts, frame.time_base = time_cs, Fraction(1, 100)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path


def write_png(path: Path, picture: Image) -> Path:
    """Write a picture, in the format that its name says."""
    assert cv2.imwrite(str(path), cv2.cvtColor(picture, cv2.COLOR_RGB2BGR))
    return path


def hide_sound_until_it_begins(path: Path) -> None:
    """Make an FLV say nothing about its sound until the first sound that is not at 0 s."""
    data = path.read_bytes()
    out, held, at = bytearray(data[:4]) + bytes([data[4] & ~4]) + data[5:13], b"", 13
    while at < len(data):
        size = 11 + int.from_bytes(data[at + 1 : at + 4]) + 4
        tag, at = data[at : at + size], at + size
        is_sound = tag[0] == 8
        if is_sound and tag[4:8] == bytes(4):
            held = tag
            continue
        if is_sound and held:
            out += held[:4] + tag[4:8] + held[8:]
            held = b""
        out += tag
    path.write_bytes(out)


def turn_by_track_header(path: Path, a: int, b: int, c: int, d: int) -> None:
    """Write a matrix into the track header of an MP4 by hand, as its standard lays it out.

    The matrix takes a stored point (x, y) to (a·x + c·y, b·x + d·y), y down.
    """
    data = bytearray(path.read_bytes())
    start = data.index(b"tkhd") + 4
    assert data[start] == 0, "version 0 of the box: 32-bit times"
    matrix = start + 4 + 5 * 4 + 2 * 4 + 4 * 2
    values = [a << 16, b << 16, 0, c << 16, d << 16, 0, 0, 0, 1 << 30]
    data[matrix : matrix + 36] = struct.pack(">9i", *values)
    path.write_bytes(data)


def cut(path: Path, part: float) -> Path:
    """Keep only the first part of a file."""
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * part)])
    return path


def _silence(
    container: av.container.OutputContainer,
    stream: av.AudioStream,
    seconds: float,
    begin_s: float = 0.0,
) -> None:
    samples = np.zeros((1, 1024), dtype=np.int16)
    for i in range(round(seconds * 44100 / 1024)):
        frame = av.AudioFrame.from_ndarray(samples, format="s16", layout="mono")
        frame.sample_rate = 44100
        frame.pts = round(begin_s * 44100) + i * 1024
        container.mux(stream.encode(frame))
    container.mux(stream.encode(None))
