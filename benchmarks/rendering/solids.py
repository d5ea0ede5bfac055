"""A body as solid pieces: whether one part of it goes through another.

Limbs are rows of balls as thick as the skin round their bones; trunk and head are stacks of
elliptic slices. Both come from the skin at rest and move with the bones, so that flesh that
gives way shows as a little overlap: each pair of parts is allowed what is soft about it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from benchmarks.rendering.body import Body
from benchmarks.rendering.rig import FORWARD, SIDES, FloatArray, Placement, Rig, unit

_LIMBS = {
    "upper_arm": ("upperarm01", "lowerarm01", ("upperarm",)),
    "forearm": ("lowerarm01", "wrist", ("lowerarm",)),
    "hand": ("wrist", "finger3-1", ("wrist", "metacarpal", *(f"finger{i}" for i in "2345"))),
    "thigh": ("upperleg01", "lowerleg01", ("upperleg",)),
    "shin": ("lowerleg01", "foot", ("lowerleg",)),
    "foot": ("foot", "toe3-1", ("foot", "toe")),
}
"""Limb → bones at its two ends, and beginnings of the names of the bones whose skin it is."""

_ARM = ("upper_arm", "forearm", "hand")
_LEG = ("thigh", "shin", "foot")
_BALLS = 7
_SHARES = {"hand": (0.1, 1.6), "foot": (-0.3, 1.3)}
"""Where along its bone a limb begins and ends; 0 to 1 for the others."""

_TRUNK = ("root", "spine05", "spine04", "spine03", "spine02", "spine01")
_TRUNK_SKIN = ("root", "pelvis", "spine")

ALLOWED_M = {
    # Arms on the trunk: a belly or a chest gives way to an elbow or a hand laid on it.
    ("upper_arm", "trunk"): 0.060,
    ("forearm", "trunk"): 0.040,
    ("hand", "trunk"): 0.035,
    # Thighs against the belly in a deep bend: both are soft, and thick.
    ("thigh", "trunk"): 0.080,
    ("shin", "trunk"): 0.035,
    ("foot", "trunk"): 0.035,
    # Arms beside the ears; a hand that holds or scratches the head.
    ("upper_arm", "head"): 0.040,
    ("forearm", "head"): 0.030,
    ("hand", "head"): 0.030,
    ("thigh", "head"): 0.030,
    ("shin", "head"): 0.030,
    ("foot", "head"): 0.030,
    # A hand that leans on a thigh presses it in.
    ("hand", "thigh"): 0.045,
    # Folded arms and clasped hands; fingers lie between one another.
    ("hand", "hand"): 0.045,
    ("hand", "forearm"): 0.045,
    ("hand", "upper_arm"): 0.045,
    # The insides of the thighs touch when the feet are together.
    ("thigh", "thigh"): 0.050,
}
"""Parts → how deep they may overlap; `_FIRM_M` where nothing is said."""
_FIRM_M = 0.035
_SOFT = {"thigh": 0.3, "trunk": 0.5}
"""Share of a thigh's thickness by which it may overlap the other one or the belly, if that is
more."""

_FROM_SHARE = {"upper_arm": 0.45, "thigh": 0.45}
"""Limb → where it begins to be apart from the trunk."""


@dataclass(frozen=True)
class Overlap:
    """Two parts that are in the same place."""

    part: str
    other: str
    depth_m: float
    """How far beyond the surfaces."""
    beyond_m: float
    """How much more than their flesh allows."""
    frame: int


@dataclass(frozen=True)
class _Slice:
    """Part of the trunk or the head: an ellipse at rest, from one height to another."""

    bone: int
    low_m: float
    high_m: float
    centre_m: FloatArray
    """(2,) x and y."""
    half_m: FloatArray
    """(2,) half its width and half its depth."""


@dataclass(frozen=True)
class _Balls:
    """A limb."""

    bone: int
    centres_m: FloatArray
    """(_BALLS, 3) at rest."""
    radii_m: FloatArray
    shares: FloatArray
    """Where along the limb they are, 0 to 1."""


class Solids:
    """The solid pieces of one body.

    Parameters
    ----------
    body
        Whose they are.
    """

    def __init__(self, body: Body) -> None:
        leading = body.bones[np.arange(len(body.bones)), body.weights.argmax(axis=1)]
        names = np.array(body.rig.names)[leading]
        self._rig = body.rig
        self._limbs = {
            f"{side}_{limb}": _limb(body.rig, body.points_m, names, limb, letter)
            for side, letter, _ in SIDES
            for limb in _LIMBS
        }
        self._cores = {
            "trunk": _trunk(body.rig, body.points_m[_begins(names, _TRUNK_SKIN)]),
            "head": _head(body.rig, body.points_m[_begins(names, ("head",))]),
        }

    def overlaps(self, placements: Sequence[Placement]) -> list[Overlap]:
        """Return the worst overlap of every two parts, as far as it is more than flesh allows."""
        heads = np.stack([placed.heads_m for placed in placements])
        turns = np.stack([placed.rotations for placed in placements])
        balls = {name: self._moved(limb, heads, turns) for name, limb in self._limbs.items()}
        found = []
        for name, at in balls.items():
            for core, slices in self._cores.items():
                depth = self._in_core(self._limbs[name], at, slices, heads, turns)
                found.append(_overlap(name, core, depth, self._allowed_m(name, core)))
        for name, other in _limb_pairs():
            depth = _between(self._limbs[name], balls[name], self._limbs[other], balls[other])
            found.append(_overlap(name, other, depth, self._allowed_m(name, other)))
        return [overlap for overlap in found if overlap.beyond_m > 0]

    def balls_m(self, placed: Placement, limb: str) -> tuple[FloatArray, FloatArray]:
        """Return the centres (N, 3) and radii (N,) of a limb, as ``left_forearm``."""
        balls = self._limbs[limb]
        at = self._moved(balls, placed.heads_m[None], placed.rotations[None])
        return at[0], balls.radii_m

    def _allowed_m(self, name: str, other: str) -> float:
        """Return how deep two parts of this body may overlap."""
        limb, rest = _kind(name), _kind(other)
        allowed = ALLOWED_M.get((limb, rest), ALLOWED_M.get((rest, limb), _FIRM_M))
        if limb == "thigh" and rest in _SOFT:
            # The more there is of it, the softer.
            allowed = max(allowed, _SOFT[rest] * 2 * float(self._limbs[name].radii_m.max()))
        return allowed

    def _moved(self, limb: _Balls, heads: FloatArray, turns: FloatArray) -> FloatArray:
        away = limb.centres_m - self._rig.heads_m[limb.bone]
        moved: FloatArray = heads[:, limb.bone, None] + np.einsum(
            "tij,nj->tni", turns[:, limb.bone], away
        )
        return moved

    def _in_core(
        self,
        limb: _Balls,
        at: FloatArray,
        slices: Sequence[_Slice],
        heads: FloatArray,
        turns: FloatArray,
    ) -> FloatArray:
        """Return how deep each ball is in a trunk or head, (T, _BALLS)."""
        deepest = np.full(at.shape[:2], -np.inf)
        for piece in slices:
            turn = turns[:, piece.bone]
            local = np.einsum("tji,tnj->tni", turn, at - heads[:, piece.bone, None])
            local = local + self._rig.heads_m[piece.bone]
            flat = local[..., :2] - piece.centre_m
            share = np.maximum(np.linalg.norm(flat / piece.half_m, axis=-1), 1e-3)
            out = np.linalg.norm(flat, axis=-1) * (1 - 1 / share)
            inside = (local[..., 2] > piece.low_m) & (local[..., 2] < piece.high_m)
            deepest = np.where(inside, np.maximum(deepest, limb.radii_m - out), deepest)
        return deepest


def _kind(name: str) -> str:
    """Return a part without its side."""
    return name.removeprefix("left_").removeprefix("right_")


def _overlap(name: str, other: str, depth: FloatArray, allowed: float) -> Overlap:
    """Return the deepest place and time of (T, ...) depths."""
    if other == "trunk":
        first = _FROM_SHARE.get(_kind(name), 0.0)
        depth = depth[:, int(np.ceil(first * (_BALLS - 1))) :]
    by_frame = depth.reshape(len(depth), -1).max(axis=1)
    worst = int(np.argmax(by_frame))
    deep = float(by_frame[worst])
    return Overlap(name, other, deep, deep - allowed, worst)


def _limb_pairs() -> list[tuple[str, str]]:
    """Return which limbs could meet: all but those of one arm or of one leg."""
    chains = [
        [f"{side}_{limb}" for limb in chain] for chain in (_ARM, _LEG) for side, _, _ in SIDES
    ]
    return [
        (name, other)
        for i, chain in enumerate(chains)
        for rest in chains[i + 1 :]
        for name in chain
        for other in rest
    ]


def _between(one: _Balls, at: FloatArray, other: _Balls, there: FloatArray) -> FloatArray:
    """Return how deep the balls of two limbs overlap, (T, _BALLS, _BALLS)."""
    apart = np.linalg.norm(at[:, :, None] - there[:, None, :], axis=-1)
    depth: FloatArray = one.radii_m[:, None] + other.radii_m[None, :] - apart
    return depth


def _begins(names: FloatArray, stems: tuple[str, ...], letter: str = "") -> FloatArray:
    mine: FloatArray = np.array(
        [name.startswith(stems) and (not letter or name.endswith(f".{letter}")) for name in names]
    )
    return mine


def _limb(rig: Rig, skin_m: FloatArray, names: FloatArray, limb: str, letter: str) -> _Balls:
    near, far, stems = _LIMBS[limb]
    begin, end = rig.head(f"{near}.{letter}"), rig.head(f"{far}.{letter}")
    points = skin_m[_begins(names, stems, letter)]
    axis = unit(end - begin) if limb != "foot" else FORWARD
    length = float((end - begin) @ axis)
    first, last = _SHARES.get(limb, (0.0, 1.0))
    shares = np.linspace(first, last, _BALLS)
    along = (points - begin) @ axis / length
    centres, radii = [], []
    for share in shares:
        near_by = points[np.argsort(np.abs(along - share))[: max(12, len(points) // 12)]]
        near_by = near_by - np.outer((near_by - begin) @ axis - share * length, axis)
        centre = (near_by.min(axis=0) + near_by.max(axis=0)) / 2
        centres.append(centre)
        away = near_by - centre
        flat = limb in ("hand", "foot")
        radii.append(
            _half_thickness_m(away) if flat else float(np.median(np.linalg.norm(away, axis=1)))
        )
    steps = (shares - first) / (last - first)
    return _Balls(rig.index[f"{near}.{letter}"], np.array(centres), np.array(radii), steps)


def _half_thickness_m(points_m: FloatArray) -> float:
    """Return half of the thinner way through a flat slice of skin, (N, 3) from its centre."""
    _, _, axes = np.linalg.svd(points_m - points_m.mean(axis=0), full_matrices=False)
    # The slice has no extent along the bone: of its two axes, the second is the shorter.
    return float(np.quantile(np.abs(points_m @ axes[1]), 0.9))


def _trunk(rig: Rig, skin_m: FloatArray) -> list[_Slice]:
    heights = [*(rig.head(name)[2] for name in _TRUNK), rig.head("neck01")[2]]
    heights[0] -= 0.10
    return [
        _slice(rig, name, skin_m, low, high)
        for name, low, high in zip(_TRUNK, heights[:-1], heights[1:], strict=True)
        if high - low > 0.01
    ]


def _head(rig: Rig, skin_m: FloatArray) -> list[_Slice]:
    low, high = float(skin_m[:, 2].min()), float(skin_m[:, 2].max())
    edges = np.linspace(low, high - 0.01, 5)
    return [_slice(rig, "head", skin_m, float(a), float(b)) for a, b in pairwise(edges)]


def _slice(rig: Rig, bone: str, skin_m: FloatArray, low: float, high: float) -> _Slice:
    middle = (low + high) / 2
    near = np.argsort(np.abs(skin_m[:, 2] - middle))[: max(24, len(skin_m) // 25)]
    within = (skin_m[:, 2] >= low) & (skin_m[:, 2] <= high)
    here = skin_m[within] if within.sum() >= 24 else skin_m[near]
    least, most = np.quantile(here[:, :2], 0.03, axis=0), np.quantile(here[:, :2], 0.97, axis=0)
    return _Slice(rig.index[bone], low, high, (least + most) / 2, (most - least) / 2)
