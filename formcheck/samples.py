"""The rendered sample clips: one that is installed, more that come with the source code."""

from __future__ import annotations

import tomllib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_INSTALLED, _CHECKOUT = _PACKAGE / "_samples", _PACKAGE.parent / "samples"
FOLDER = _INSTALLED if _INSTALLED.is_dir() else _CHECKOUT
"""Where they are: the one that is installed, or all those of a checkout."""
DEMO = "squat"
"""The one that is installed."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One clip whose truth is known."""

    clip: Path
    exercise: str
    view: str
    width: int
    height: int
    fps: float
    duration_s: float
    reps: int
    """Repetitions, or holds, that count."""
    faults: tuple[str, ...]
    """What some repetitions do wrong, the most frequent first."""


def samples(folder: Path = FOLDER) -> list[Sample]:
    """Return all samples in the order of their names; none where there is no such folder."""
    return [_sample(path.parent) for path in sorted(folder.glob("*/labels.toml"))]


def _sample(folder: Path) -> Sample:
    labels = tomllib.loads((folder / "labels.toml").read_text("utf-8"))
    faults = Counter(fault for rep in labels.get("reps", ()) for fault in rep["faults"])
    width, height = labels["size_px"]
    return Sample(
        clip=folder / "clip.mp4",
        exercise=labels["exercise"],
        view=labels["view"],
        width=width,
        height=height,
        fps=labels["fps"],
        duration_s=labels["frames"] / labels["fps"],
        reps=labels["reps_counted"],
        faults=tuple(name for name, _ in faults.most_common()),
    )
