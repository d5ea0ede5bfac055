"""How thick a limb is: what rests on it must not sink in, nor one limb pass through another."""

from __future__ import annotations

import numpy as np

from benchmarks.rendering.body import Body
from benchmarks.rendering.rig import FORWARD, SIDES, FloatArray, Placement, frame

LIMBS = {
    "thigh": ("upperleg01", "lowerleg01"),
    "shin": ("lowerleg01", "foot"),
    "upper_arm": ("upperarm01", "lowerarm01"),
    "forearm": ("lowerarm01", "wrist"),
}
"""Limb → the bones at its two ends."""

_SLICES = 12
_SECTORS = 16


class Flesh:
    """The skin round the long bones of one body, as it is at rest.

    Parameters
    ----------
    body
        Whose limbs they are.
    """

    def __init__(self, body: Body) -> None:
        self._rig = body.rig
        leading = body.bones[np.arange(len(body.bones)), body.weights.argmax(axis=1)]
        self._bone: dict[tuple[str, str], int] = {}
        self._axes: dict[tuple[str, str], FloatArray] = {}
        self._length_m: dict[tuple[str, str], float] = {}
        self._radii_m: dict[tuple[str, str], FloatArray] = {}
        for limb, (near, far) in LIMBS.items():
            for side, letter, _ in SIDES:
                key = (limb, side)
                along = body.rig.head(f"{far}.{letter}") - body.rig.head(f"{near}.{letter}")
                self._bone[key] = body.rig.index[f"{near}.{letter}"]
                self._axes[key] = frame(along, FORWARD)
                self._length_m[key] = float(np.linalg.norm(along))
                stem, names = near.rstrip("12"), body.rig.names
                ours = [i for i, n in enumerate(names) if n.startswith(stem) and n.endswith(letter)]
                self._radii_m[key] = self._measure(body.points_m[np.isin(leading, ours)], key)

    def along(self, placed: Placement, limb: str, side: str) -> FloatArray:
        """Return the direction of a limb's bone, (3,), away from the trunk."""
        key = (limb, side)
        direction: FloatArray = placed.rotations[self._bone[key]] @ self._axes[key][:, 0]
        return direction

    def skin_m(
        self, placed: Placement, limb: str, side: str, share: float, towards: FloatArray
    ) -> FloatArray:
        """Return a point of the skin, (3,).

        Parameters
        ----------
        placed
            Where the bones are.
        limb, side
            Which of `LIMBS`, of which side.
        share
            How far along the bone, 0 to 1.
        towards
            (3,) on which side of the bone, a direction in the world.
        """
        key = (limb, side)
        axes = placed.rotations[self._bone[key]] @ self._axes[key]
        away = axes.T @ towards
        away = np.array([0.0, away[1], away[2]]) / max(float(np.hypot(away[1], away[2])), 1e-9)
        radius = self._radius_m(key, np.array([share]), np.arctan2(away[2:], away[1:2]))[0]
        bone = placed.heads_m[self._bone[key]]
        where: FloatArray = bone + axes @ (away * radius + (share * self._length_m[key], 0.0, 0.0))
        return where

    def depth_m(self, placed: Placement, limb: str, side: str, points_m: FloatArray) -> FloatArray:
        """Return how far points (N, 3) are under a limb's skin, (N,); negative outside.

        Where a limb ends, so does what is known: points beyond its joints are far outside.
        """
        key = (limb, side)
        axes = placed.rotations[self._bone[key]] @ self._axes[key]
        local = (points_m - placed.heads_m[self._bone[key]]) @ axes
        share = local[:, 0] / self._length_m[key]
        radius = self._radius_m(key, share, np.arctan2(local[:, 2], local[:, 1]))
        depth = radius - np.hypot(local[:, 1], local[:, 2])
        return np.where((share > 0.08) & (share < 0.97), depth, -1.0)

    def _measure(self, points_m: FloatArray, key: tuple[str, str]) -> FloatArray:
        """Return the mean distance from the bone by slice and sector, (S, K)."""
        local = (points_m - self._rig.heads_m[self._bone[key]]) @ self._axes[key]
        share = local[:, 0] / self._length_m[key]
        away = np.hypot(local[:, 1], local[:, 2])
        angle = np.arctan2(local[:, 2], local[:, 1])
        radii = np.empty((_SLICES, _SECTORS))
        for i in range(_SLICES):
            for k in range(_SECTORS):
                off = (angle - 2 * np.pi * k / _SECTORS + np.pi) % (2 * np.pi) - np.pi
                near = np.exp(-(((share - (i + 0.5) / _SLICES) / 0.06) ** 2) - (off / 0.3) ** 2)
                radii[i, k] = float(near @ away / max(near.sum(), 1e-12))
        return radii

    def _radius_m(self, key: tuple[str, str], share: FloatArray, angle: FloatArray) -> FloatArray:
        row = np.clip(share * _SLICES - 0.5, 0.0, _SLICES - 1.001)
        column = (angle / (2 * np.pi) * _SECTORS) % _SECTORS
        i, k = row.astype(int), column.astype(int)
        u, v = row - i, column - k
        radii, k, after = self._radii_m[key], k % _SECTORS, (k + 1) % _SECTORS
        low = radii[i, k] * (1 - v) + radii[i, after] * v
        high = radii[i + 1, k] * (1 - v) + radii[i + 1, after] * v
        mixed: FloatArray = low * (1 - u) + high * u
        return mixed
