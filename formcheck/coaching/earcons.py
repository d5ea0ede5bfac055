"""Small sounds that say what words would, made from numbers."""

from __future__ import annotations

import io
import wave
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

RATE_HZ = 22_050
LOUDNESS = 0.35
"""Of the most that there can be."""
_EDGE_S = 0.012
"""Tones rise and fall over this time: a sudden edge would click."""

EARCONS: Mapping[str, tuple[tuple[float, float], ...]] = {
    "tick": ((660.0, 0.09),),
    "go": ((880.0, 0.28),),
    "count": ((988.0, 0.07),),
    "good": ((784.0, 0.09), (1175.0, 0.16)),
    "cue": ((440.0, 0.13), (0.0, 0.05), (440.0, 0.13)),
    "half": ((784.0, 0.12),),
    "set": ((659.0, 0.1), (784.0, 0.1), (988.0, 0.2)),
    "pause": ((660.0, 0.1), (494.0, 0.16)),
    "resume": ((494.0, 0.1), (660.0, 0.16)),
    "stop": ((392.0, 0.2), (0.0, 0.06), (330.0, 0.32)),
    "done": ((659.0, 0.12), (784.0, 0.12), (988.0, 0.12), (1319.0, 0.3)),
}
"""Name → its tones: height in hertz (0 for silence), and length in seconds."""


def samples_of(name: str) -> NDArray[np.int16]:
    """Return a sound as 16-bit samples, `RATE_HZ` of them a second."""
    parts = [_tone(hertz, seconds) for hertz, seconds in EARCONS[name]]
    return (np.concatenate(parts) * LOUDNESS * np.iinfo(np.int16).max).astype(np.int16)


def wav_of(name: str) -> bytes:
    """Return a sound as a WAV file."""
    content = io.BytesIO()
    with wave.open(content, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        file.writeframes(samples_of(name).astype("<i2").tobytes())
    return content.getvalue()


def _tone(hertz: float, seconds: float) -> NDArray[np.float64]:
    t = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    edge = np.clip(np.minimum(t, t[-1] - t) / _EDGE_S, 0.0, 1.0)
    # A little of the octave makes it sound like a small bell instead of a test tone.
    wave_ = np.sin(2 * np.pi * hertz * t) + 0.25 * np.sin(4 * np.pi * hertz * t)
    return np.asarray(edge * wave_ / 1.25, dtype=np.float64)
