"""The same clip in a mirror must give the mirrored result."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from benchmarks.quality.figures import Figures, mean, named, quantile, under
from benchmarks.reality.checks import MOVING
from benchmarks.reality.watch import PIXELS, FloatArray, Said, Watched, refined
from benchmarks.training.dataset import mirrored
from formcheck.pose import PoseTrack
from formcheck.refine.base import AngleRefiner


def mirror_poses(track: PoseTrack, w: Watched, refiners: Mapping[str, AngleRefiner]) -> Figures:
    """Mirror what the pose model saw: the refiner has to give the mirrored result exactly.

    Parameters
    ----------
    track
        What the pose model saw.
    w
        What was said about that.
    refiners
        By name, the refiners that said it.
    """
    figures: Figures = {}
    in_mirror = track.mirrored()
    for source, refiner in refiners.items():
        off = differences(w.said[source], refined(in_mirror, refiner))
        apart = np.abs(np.concatenate(list(off.values()))) if off else np.array([])
        found = named(greatest_difference_deg=quantile(apart, 1.0))
        figures |= under(f"mirror/poses/{source}", found)
    return figures


def mirror_pictures(w: Watched, in_mirror: Watched) -> Figures:
    """Compare a clip with what was seen in its mirrored pictures.

    Parameters
    ----------
    w
        The clip.
    in_mirror
        The pose model's view of the mirrored pictures, watched by the same refiners.
    """
    figures: Figures = {}
    for source in w.said:
        if source == PIXELS:
            continue
        off = differences(w.said[source], in_mirror.said[source])
        for name in MOVING:
            rows = [off[key] for key in (name, f"left_{name}", f"right_{name}") if key in off]
            apart = np.abs(np.concatenate(rows)) if rows else np.array([])
            found = named(mean_abs_deg=mean(apart), q95_deg=quantile(apart, 0.95))
            figures |= under(f"mirror/pictures/{name}/{source}", found)
    return figures


def differences(said: Said, in_mirror: Said) -> dict[str, FloatArray]:
    """Return by how much each angle differs from its counterpart in the mirror."""
    return {
        name: values - in_mirror.values[mirrored(name)]
        for name, values in said.values.items()
        if name.endswith("_deg")
    }
