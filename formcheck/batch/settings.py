"""How clips are scored, and the key by which a result is known again."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any

from formcheck._version import __version__
from formcheck.exercises.load import exercise_ids, load_exercise
from formcheck.library import AUTO, find_exercise
from formcheck.questions import STANDARD
from formcheck.refine.choose import LEARNED, angle_refiner


@dataclass(frozen=True, slots=True)
class Settings:
    """What is the same for all clips of a batch; JSON values only, as workers get it."""

    exercise: str = AUTO
    level: str = STANDARD
    angles: str = LEARNED
    model: str | None = None
    """Path of a pose model; None for formcheck's own."""
    variant: str = "full"
    every: int = 1
    """Which frames are looked at: each one, every second one, and so on."""
    max_fps: float = 0.0
    """Frames a second that are enough; 0 for all. Of faster clips, some are left out."""
    fps: float = 30.0
    """Of folders of pictures."""
    part_s: float = 60.0
    """Clips of twice this length or more are worked on in parts of it; 0 for never."""
    video: bool = False
    pages: bool = False

    def to_dict(self) -> dict[str, Any]:
        """Return what `Settings(**...)` makes the same of."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Task:
    """One clip to be scored, with all that decides the result."""

    path: str
    sha256: str
    exercise: str
    level: str
    key: str
    folder: str
    """Where its results go, within the batch's folder."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one clip may cost."""

    time_s: float = 60.0
    """For any clip, even one of no length."""
    per_clip_s: float = 30.0
    """Seconds more for each second that the clip lasts."""
    memory_mib: float = 3000.0
    """Of the process that works on it; 0 for no limit."""

    def time_for(self, clip_s: float) -> float:
        """Return the seconds that a clip of this length, or one of unknown length, may take."""
        return self.time_s + (self.per_clip_s * clip_s if math.isfinite(clip_s) else 0.0)


def key_of(sha256: str, exercise: str, level: str, model_sha256: str, settings: Settings) -> str:
    """Return what identifies a result: clip, exercise, model, version, and how it was made."""
    decides = {
        "formcheck": __version__,
        "clip": sha256,
        "exercise": _definition(exercise),
        "level": level,
        "model": model_sha256,
        "angles": _angles(settings.angles),
        "every": settings.every,
        "max_fps": settings.max_fps,
        "fps": settings.fps,
        "part_s": settings.part_s,
        "outputs": [settings.video, settings.pages],
    }
    return _digest(decides)


@cache
def _definition(exercise: str) -> str | list[str]:
    if exercise == AUTO:
        return [load_exercise(name).sha256 for name in exercise_ids()]
    return find_exercise(exercise).sha256


@cache
def _angles(angles: str) -> Mapping[str, Any]:
    return dict(angle_refiner(angles).provenance)


def _digest(values: Mapping[str, Any]) -> str:
    text = json.dumps(values, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
