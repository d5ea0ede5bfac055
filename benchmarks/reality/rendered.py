"""The same comparison on rendered people, where the truth is known beside everything else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.quality.takes import load_take
from benchmarks.reality.watch import ANGLE_NAMES, TRUTH, Said, Watched, watch
from formcheck.angles import BODY_ANGLES
from formcheck.refine.base import AngleRefiner

UP = (0.0, 0.0, 1.0)
NAMES = "*side*"
"""Clips that somebody is filmed in from the side."""


def rendered_clips(folder: Path) -> list[Path]:
    """Return the rendered clips of a folder that are filmed from the side and recorded."""
    found = sorted(path.parent for path in folder.glob(f"{NAMES}/truth.npz"))
    return [path for path in found if (path / "poses.npz").is_file()]


def watch_rendered(folder: Path, refiners: Mapping[str, AngleRefiner]) -> Watched:
    """Return a rendered clip with its truth as one more source."""
    take = load_take(folder)
    joints = [{name: path[i].tolist() for name, path in take.clip.joints.items()} for i in take.at]
    values = {
        angle.name: np.array([angle.of(frame.__getitem__, UP) for frame in joints])
        for angle in BODY_ANGLES
        if angle.row.name in ANGLE_NAMES
    }
    watched = watch(take.clip.track, refiners, name=take.name, exercise=take.exercise)
    return replace(watched, said={**watched.said, TRUTH: Said(values, {})})
