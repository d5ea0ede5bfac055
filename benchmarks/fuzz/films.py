"""Small clips of every kind to damage."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import av.logging
import numpy as np

KINDS: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("mp4", "libx264", {}),
    ("mp4", "libx264", {"movflags": "faststart"}),
    ("mp4", "libx264", {"movflags": "frag_keyframe+empty_moov"}),
    ("mp4", "libx265", {"movflags": "faststart"}),
    ("mp4", "libvpx-vp9", {}),
    ("mp4", "libsvtav1", {"movflags": "faststart"}),
    ("mp4", "mjpeg", {}),
    ("mp4", "mpeg4", {"movflags": "faststart"}),
    ("mov", "libx264", {}),
    ("mov", "libx265", {}),
    ("mov", "mjpeg", {}),
    ("mkv", "libx264", {}),
    ("mkv", "libx265", {}),
    ("mkv", "libvpx-vp9", {}),
    ("mkv", "libsvtav1", {}),
    ("mkv", "mjpeg", {}),
    ("webm", "libvpx", {}),
    ("webm", "libvpx-vp9", {}),
    ("webm", "libsvtav1", {}),
    ("avi", "libx264", {}),
    ("avi", "mjpeg", {}),
    ("avi", "mpeg4", {}),
    ("gif", "gif", {}),
)
"""Container, encoder, and what is asked of the container."""
TIMES = ("even", "uneven", "gaps", "huge gap", "very dense")
"""When pictures are shown."""
_FORMATS = {"gif": "rgb8", "mjpeg": "yuvj420p"}
_BASE = Fraction(1, 15_360)


def make_films(folder: Path) -> list[Path]:
    """Write all clips that are not there yet, and return them in a fixed order."""
    folder.mkdir(parents=True, exist_ok=True)
    av.logging.set_level(None)
    found = []
    for i, (suffix, codec, options) in enumerate(KINDS):
        for j, times in enumerate(TIMES if suffix in {"mp4", "mkv"} else TIMES[:2]):
            if suffix == "gif" and j:
                continue
            path = folder / f"{i:02d}-{codec}-{times.replace(' ', '-')}.{suffix}"
            if not path.exists():
                part = path.with_name(f".{path.name}")
                write_film(part, suffix, codec, options, times, seed=10 * i + j)
                part.replace(path)
            found.append(path)
    return found


def write_film(
    path: Path, suffix: str, codec: str, options: dict[str, str], times: str, seed: int
) -> None:
    """Encode a clip of moving noise, every third one with sound."""
    rng = np.random.default_rng(seed)
    width, height = (int(rng.choice(sizes)) for sizes in ((64, 98, 160), (64, 80, 120)))
    formats = {"mkv": "matroska"}
    with av.open(str(path), "w", format=formats.get(suffix, suffix), options=options) as out:
        stream: Any = out.add_stream(codec, rate=30, options=_fast(codec))
        stream.width, stream.height = width, height
        stream.pix_fmt = _FORMATS.get(codec, "yuv420p")
        with_sound = seed % 3 == 0 and suffix in {"mp4", "mov", "mkv"}
        sound = out.add_stream("aac", rate=44100) if with_sound else None
        base = Fraction(1, 100) if suffix == "gif" else _BASE
        stream.codec_context.time_base = Fraction(1, 30) if suffix == "avi" else base
        ground = rng.integers(0, 255, (height, width + 64, 3), dtype=np.uint8)
        for i, t_s in enumerate(_times(times, 16, rng)):
            picture = np.ascontiguousarray(ground[:, 3 * i : 3 * i + width])
            frame = av.VideoFrame.from_ndarray(picture, "rgb24").reformat(format=stream.pix_fmt)
            own = stream.codec_context.time_base
            frame.time_base = own
            frame.pts = i if suffix == "avi" else round(t_s / own)
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
        if sound is not None:
            _hum(out, sound)


def _fast(codec: str) -> dict[str, str]:
    if codec in {"libx264", "libx265"}:
        return {"preset": "ultrafast", "x265-params": "log-level=none"}
    if codec == "libsvtav1":
        return {"preset": "12", "svtav1-params": "lp=1"}
    return {"deadline": "realtime", "cpu-used": "8"} if codec.startswith("libvpx") else {}


def _times(kind: str, count: int, rng: np.random.Generator) -> Sequence[float]:
    steps = np.full(count, 1 / 30)
    if kind == "uneven":
        steps = rng.uniform(0.005, 0.2, count)
    elif kind == "gaps":
        steps[:: count // 3] = 20.0
    elif kind == "huge gap":
        steps[count // 2] = 30_000.0
    elif kind == "very dense":
        steps = np.full(count, 1 / 1000)
    return [float(t) for t in np.cumsum(steps) - steps[0]]


def _hum(out: Any, sound: Any) -> None:
    for i in range(20):
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.int16), "s16", "mono")
        frame.sample_rate, frame.pts = 44100, 1024 * i
        out.mux(sound.encode(frame))
    out.mux(sound.encode(None))
