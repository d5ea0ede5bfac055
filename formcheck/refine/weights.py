"""What the learned refiner has learned: one file of arrays, and what is known about them."""

from __future__ import annotations

import hashlib
import io
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from formcheck.errors import ModelCorrupt

Array = NDArray[np.float32]

SCHEMA = "formcheck.angle_refiner/3"
FILE = "angle_refiner.npz"
_PACKAGE = Path(__file__).resolve().parent.parent
_DAMAGED = (BadZipFile, zlib.error, EOFError, RuntimeError)
"""What becomes of reading a damaged archive."""
FOLDERS = (_PACKAGE / "_models", _PACKAGE.parent / "models")
"""Where an installed package, and a checkout, have the file."""

_PLAIN = (
    "corrected", "feature_mean", "feature_std", "truth_mean", "truth_std", "spread",
    "spread_lying", "parts", "part_std", "away_deg", "typical",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Weights:
    """Some networks that say the same K readings from F features."""

    names: tuple[str, ...]
    """The K readings."""
    networks: tuple[tuple[tuple[Array, Array], ...], ...]
    """For each network, its layers: weights (in, out) and biases (out,). The last one sees the
    features beside the one before it, and gives K values and K logarithms of spreads."""
    corrected: Array
    """(K,) 1 for what is said as a correction of the angle between the landmarks, else 0."""
    feature_mean: Array
    """(F,)."""
    feature_std: Array
    """(F,)."""
    truth_mean: Array
    """(K,) of what is said: of the corrections, where something is corrected."""
    truth_std: Array
    """(K,)."""
    spread: Array
    """(K,) what a network's spread is multiplied with to be a standard deviation."""
    spread_lying: Array
    """(K,) the same of people who lie: the networks know fewer of those."""
    parts: Array
    """(D, F) main directions of the scaled features."""
    part_std: Array
    """(D,) how far known poses spread along them."""
    usual: float
    """How far out known poses are: almost all of them are nearer."""
    away_deg: Array
    """(V,) directions in which `typical` is given: 0 front, 90 side, 180 rear."""
    typical: Array
    """(K, V, 2) median standard deviations, standing and with bent knees."""
    meta: Mapping[str, Any] = field(default_factory=dict)
    """How it was made: data, figures, versions; JSON values only."""
    sha256: str = ""
    """Of the file that it was read from."""

    def save(self, path: Path) -> None:
        """Write the file; halves of precision are enough for the networks."""
        arrays: dict[str, Any] = {name: getattr(self, name) for name in _PLAIN}
        for n, layers in enumerate(self.networks):
            for i, (weights, biases) in enumerate(layers):
                arrays[f"network{n}_layer{i}_weights"] = weights.astype(np.float16)
                arrays[f"network{n}_layer{i}_biases"] = biases.astype(np.float32)
        np.savez_compressed(
            path,
            schema=np.array(SCHEMA),
            names=np.array(self.names),
            layers=np.array([len(layers) for layers in self.networks]),
            usual=np.array(self.usual),
            meta=np.array(json.dumps(self.meta, sort_keys=True)),
            **arrays,
        )

    @classmethod
    def load(cls, path: Path) -> Weights:
        """Read a file.

        Raises
        ------
        ModelCorrupt
            It is damaged or something else.
        """
        try:
            data = path.read_bytes()
            with np.load(io.BytesIO(data)) as kept:
                return cls._of(kept, hashlib.sha256(data).hexdigest())
        except (*_DAMAGED, OSError, ValueError, KeyError, TypeError) as error:
            msg = (
                f"Reading the angle refiner's weights '{path}' failed ({error}). Install formcheck "
                "again, or use plain geometry: --angles plain."
            )
            raise ModelCorrupt(msg) from error

    @classmethod
    def _of(cls, kept: Mapping[str, Any], sha256: str) -> Weights:
        if str(kept["schema"]) != SCHEMA:
            msg = f"its schema is '{kept['schema']}' instead of '{SCHEMA}'"
            raise ValueError(msg)
        networks = tuple(
            tuple(
                (
                    kept[f"network{n}_layer{i}_weights"].astype(np.float32),
                    kept[f"network{n}_layer{i}_biases"],
                )
                for i in range(count)
            )
            for n, count in enumerate(kept["layers"])
        )
        return cls(
            names=tuple(str(name) for name in kept["names"]),
            networks=networks,
            usual=float(kept["usual"]),
            meta=json.loads(str(kept["meta"])),
            sha256=sha256,
            **{name: kept[name].astype(np.float32) for name in _PLAIN},
        )


@cache
def shipped() -> Weights | None:
    """Return the weights that come with formcheck; None when they are missing."""
    for folder in FOLDERS:
        if (folder / FILE).is_file():
            return Weights.load(folder / FILE)
    return None
