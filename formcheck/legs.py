"""Which leg lies over the other, as in the figure-four stretch: learned, and followed in time.

An ankle that lies on the other thigh is what pose models are worst at: they exchange the legs
from frame to frame, or lay both on the one that they see. A small network that has seen many
rendered people with crossed legs, from all sides, says for each frame how likely it is for either
leg. Legs are crossed and uncrossed seldom, so what many frames say together counts, and the
frames in which the legs seem to be exchanged, or to be one, do not.
"""

from __future__ import annotations

import io
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from formcheck.errors import ModelCorrupt
from formcheck.pose import Pose, Skeleton
from formcheck.refine.features import MIRROR, POINTS
from formcheck.refine.weights import FOLDERS
from formcheck.results import SIDES

Array = NDArray[np.float32]
FloatArray = NDArray[np.float64]

SCHEMA = "formcheck.crossed_legs/1"
FILE = "crossed_legs.npz"
LIMIT = 5.0
"""Inputs further from what is usual, in standard deviations, are no further."""
SURE = 3.0
"""No frame says more than this, as a logarithm of odds."""
WEIGHT_S = 6.0
"""Frames err alike: all those of a second together count as so many."""
PLAIN, PLAINLY = 3.0, 4.0
"""An ankle that plainly lies on the other thigh in the picture adds so much: the network knows
rendered people, and others may look like none of them. Such a frame weighs so many times more."""
DWELL_S = 3.0
"""How fast an opinion fades that nothing confirms."""
GONE_S = 1.0
"""Who was out of sight for longer may have moved meanwhile: it fades no further for that."""

_AT = {name: i for i, name in enumerate(POINTS)}
_HIPS = [_AT[f"{side}_hip"] for side in SIDES]
_SOLID = np.array((-1.0, 1.0, 1.0))


def features(pose: Pose) -> FloatArray | None:
    """Return what the network looks at, (2, F): of a pose and of its mirror image.

    Landmarks about the hips, in the picture and in space, in metres, and how well they are seen;
    None without a person.
    """
    chosen = _chosen(pose.skeleton)
    px, space, seen = pose.image_px[chosen], pose.world_m[chosen], pose.visibility[chosen]
    if not (np.isfinite(px).all() and np.isfinite(space).all()):
        return None
    plane = px - px[_HIPS].mean(axis=0)
    space = space - space[_HIPS].mean(axis=0)
    size = float((space[:, :2] ** 2).sum())
    scale = max(1e-3, float((plane * space[:, :2]).sum()) / size) if size > 0 else 1e-3
    plane = plane / scale
    return np.array(
        [
            np.concatenate([plane.ravel(), space.ravel(), seen]),
            np.concatenate(
                [
                    (plane[MIRROR] * _SOLID[:2]).ravel(),
                    (space[MIRROR] * _SOLID).ravel(),
                    seen[MIRROR],
                ]
            ),
        ]
    )


@cache
def _chosen(skeleton: Skeleton) -> NDArray[np.intp]:
    return np.array([skeleton.index[name] for name in POINTS])


@dataclass(frozen=True, slots=True)
class Network:
    """Some networks that say how likely the left leg lies over the right one."""

    layers: tuple[tuple[Array, Array], ...]
    """Weights (N, in, out) and biases (N, 1, out) of N networks."""
    mean: Array
    """(F,) of the features."""
    std: Array
    """(F,)."""

    def log_odds(self, described: FloatArray) -> tuple[float, float]:
        """Return the logarithm of the odds for the left leg, and for the right one."""
        x = (described.astype(np.float32) - self.mean) / self.std
        hidden = np.minimum(np.maximum(x, -LIMIT), LIMIT)
        for weights, biases in self.layers[:-1]:
            hidden = np.maximum(hidden @ weights + biases, 0.0)
        weights, biases = self.layers[-1]
        said = (hidden @ weights + biases)[..., 0].mean(axis=0)
        return float(said[0]), float(said[1])

    def save(self, path: Path) -> None:
        """Write the file; halves of precision are enough."""
        arrays: dict[str, Any] = {}
        for i, (weights, biases) in enumerate(self.layers):
            arrays[f"layer{i}_weights"] = weights.astype(np.float16)
            arrays[f"layer{i}_biases"] = biases
        np.savez_compressed(
            path,
            schema=np.array(SCHEMA),
            layers=np.array(len(self.layers)),
            mean=self.mean,
            std=self.std,
            **arrays,
        )

    @classmethod
    def load(cls, path: Path) -> Network:
        """Read a file.

        Raises
        ------
        ModelCorrupt
            It is damaged or something else.
        """
        try:
            with np.load(io.BytesIO(path.read_bytes())) as kept:
                return cls._of(kept)
        except (OSError, ValueError, KeyError, EOFError, BadZipFile) as error:
            msg = (
                f"Reading the weights for crossed legs '{path}' failed ({error}). "
                "Install formcheck again."
            )
            raise ModelCorrupt(msg) from error

    @classmethod
    def _of(cls, kept: Mapping[str, Any]) -> Network:
        if str(kept["schema"]) != SCHEMA:
            msg = f"its schema is '{kept['schema']}' instead of '{SCHEMA}'"
            raise ValueError(msg)
        layers = tuple(
            (kept[f"layer{i}_weights"].astype(np.float32), kept[f"layer{i}_biases"])
            for i in range(int(kept["layers"]))
        )
        return cls(layers, kept["mean"], kept["std"])


@cache
def shipped() -> Network | None:
    """Return the network that comes with formcheck; None when it is missing."""
    for folder in FOLDERS:
        if (folder / FILE).is_file():
            return Network.load(folder / FILE)
    return None


class CrossedLegs:
    """Follows which leg of one person lies over the other; looks back, never ahead.

    Parameters
    ----------
    network
        What was learned; the shipped one if not given.
    """

    def __init__(self, network: Network | None = None) -> None:
        self._network = network or shipped()
        self.reset()

    def reset(self) -> None:
        """Forget the person."""
        self._last_s = math.nan
        self._learnt = False
        self._belief = (0.5, 0.25, 0.25)

    def feed(self, pose: Pose, plainly: str = "") -> None:
        """Take one smoothed pose; without a person nothing is learnt.

        Parameters
        ----------
        pose
            Smoothed.
        plainly
            The leg whose ankle lies on the other thigh in the picture, if that is plain.
        """
        described = features(pose) if self._network else None
        if self._network is None or described is None:
            return
        gone_s = pose.t_s - self._last_s
        dt_s = min(GONE_S, gone_s) if math.isfinite(gone_s) else 0.0
        self._last_s = pose.t_s
        self._learnt = self._learnt or dt_s > 0
        left, right = (
            max(-SURE, min(SURE, odds + PLAIN * (side == plainly)))
            for side, odds in zip(SIDES, self._network.log_odds(described), strict=True)
        )
        fade, weight = (
            1.0 - math.exp(-dt_s / DWELL_S),
            WEIGHT_S * dt_s * (PLAINLY if plainly else 1.0),
        )
        says = (0.0, left, right)
        grown = [
            ((1.0 - fade) * known + fade / 3) * math.exp(weight * said)
            for known, said in zip(self._belief, says, strict=True)
        ]
        total = sum(grown)
        self._belief = (grown[0] / total, grown[1] / total, grown[2] / total)

    def over(self, side: str) -> float:
        """Return how likely this leg lies over the other, 0 to 1; NaN before that was looked at.

        The first frame stands for no time, and so says nothing.
        """
        if not self._learnt:
            return math.nan
        return self._belief[1 + SIDES.index(side)]
