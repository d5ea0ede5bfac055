"""Meshes that move with the bones, and what is done to them: cut, divided, smoothed, closed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.rendering.body import IntArray
from benchmarks.rendering.rig import FloatArray

Mask = NDArray[np.bool_]

_SIDES = ((0, 1), (1, 2), (2, 0))
"""Corners of a triangle at the ends of each of its sides."""
_LEAST_SHARE = 0.02
"""A cut keeps so far from vertices, as slivers have no direction."""


@dataclass(frozen=True)
class Piece:
    """A mesh that moves with the bones: n vertices, f triangles.

    It has either colours of its own or places in the body's texture.
    """

    name: str
    points_m: FloatArray
    """(n, 3) at rest."""
    faces: IntArray
    """(f, 3)."""
    weights: FloatArray
    """(n, W)."""
    bones: IntArray
    """(n, W)."""
    colours: NDArray[np.uint8] | None = None
    """(n, 3) RGB."""
    uv: FloatArray | None = None
    """(N, 2) texture coordinates, 0 to 1."""
    face_uv: IntArray | None = None
    """(f, 3) texture coordinate numbers."""


@dataclass(frozen=True)
class Sheet:
    """A part of a surface, to be cut and divided: n vertices, f triangles."""

    values: FloatArray
    """(n, A) what is known at the vertices, all of which may be interpolated."""
    faces: IntArray
    """(f, 3)."""
    uv: FloatArray
    """(f, 3, 2) texture coordinates of the corners."""

    def cut(self, inside: FloatArray) -> Sheet:
        """Return the part where `inside`, (n,), is positive, cut straight through triangles."""
        within = inside > 0
        count = within[self.faces].sum(axis=1)
        touched = count > 0
        faces, uv, count = self.faces[touched], self.uv[touched], count[touched]
        # Corner 0 becomes the one that is alone on its side of the cut, if one is.
        alone = within[faces] == (count == 1)[:, None]
        order = (alone.argmax(axis=1)[:, None] + np.arange(3)) % 3
        rows = np.arange(len(faces))[:, None]
        faces, uv = faces[rows, order], uv[rows, order]

        parted = faces[count < 3]
        edges = np.stack([parted[:, :2], parted[:, ::2]], axis=1)  # (p, 2, 2)
        unique, number = np.unique(
            np.sort(edges, axis=2).reshape(-1, 2), axis=0, return_inverse=True
        )
        (low, high), at = self.values[unique.T], _crossing(inside, unique)[:, None]
        values = np.concatenate([self.values, low + at * (high - low)])
        new = np.zeros((len(faces), 2), dtype=np.int64)
        new[count < 3] = len(self.values) + number.reshape(-1, 2)
        share = np.zeros((len(faces), 2, 1))
        share[count < 3, :, 0] = _crossing(inside, edges.reshape(-1, 2)).reshape(-1, 2)
        new_uv = uv[:, :1] + share * (uv[:, 1:] - uv[:, :1])

        old_corner = [(faces[:, k], uv[:, k]) for k in range(3)]
        new_corner = [(new[:, k], new_uv[:, k]) for k in range(2)]
        made = [
            _joined(old_corner, count == 3),
            _joined([old_corner[0], *new_corner], count == 1),
            _joined([new_corner[0], *old_corner[1:]], count == 2),
            _joined([new_corner[0], old_corner[2], new_corner[1]], count == 2),
        ]
        used, renumbered = np.unique(np.concatenate([f for f, _ in made]), return_inverse=True)
        return Sheet(values[used], renumbered.reshape(-1, 3), np.concatenate([t for _, t in made]))

    def divided(self) -> Sheet:
        """Return the sheet with every triangle divided into four."""
        ends = np.sort(np.concatenate([self.faces[:, side] for side in _SIDES]), axis=1)
        edges, number = np.unique(ends, axis=0, return_inverse=True)
        values = np.concatenate([self.values, self.values[edges].mean(axis=1)])
        middle = len(self.values) + number.reshape(3, -1)  # of each side
        corner = self.faces.T
        corner_uv = self.uv.transpose(1, 0, 2)
        middle_uv = np.stack([(corner_uv[i] + corner_uv[j]) / 2 for i, j in _SIDES])
        faces, uv = [], []
        for k in range(3):
            before = (k + 2) % 3
            faces.append(np.stack([corner[k], middle[k], middle[before]], axis=1))
            uv.append(np.stack([corner_uv[k], middle_uv[k], middle_uv[before]], axis=1))
        faces.append(middle.T)
        uv.append(middle_uv.transpose(1, 0, 2))
        return Sheet(values, np.concatenate(faces), np.concatenate(uv))

    def shared_uv(self) -> tuple[FloatArray, IntArray]:
        """Return texture coordinates (N, 2) and which of them each corner has, (f, 3)."""
        whole = np.round(self.uv.reshape(-1, 2) * 65536).astype(np.int64)
        keys = whole[:, 0] * 131072 + whole[:, 1]
        _, first, number = np.unique(keys, return_index=True, return_inverse=True)
        return self.uv.reshape(-1, 2)[first], number.reshape(-1, 3)


_Corner = tuple[IntArray, FloatArray]
"""Vertices (f,) and their texture coordinates (f, 2)."""


def _joined(corners: Sequence[_Corner], chosen: Mask) -> tuple[IntArray, FloatArray]:
    """Return some triangles, (f, 3) and (f, 3, 2), from their corners."""
    vertices = np.stack([vertex[chosen] for vertex, _ in corners], axis=1)
    return vertices, np.stack([uv[chosen] for _, uv in corners], axis=1)


def _crossing(inside: FloatArray, edges: IntArray) -> FloatArray:
    """Return how far along edges (e, 2) a cut crosses them, (e,)."""
    near, far = inside[edges].T
    share: FloatArray = np.clip(near / (near - far), _LEAST_SHARE, 1 - _LEAST_SHARE)
    return share


class Net:
    """Which vertices of a mesh are neighbours.

    Parameters
    ----------
    faces
        (f, 3).
    size
        Number of vertices.
    """

    def __init__(self, faces: IntArray, size: int) -> None:
        self.size = size
        ends = np.sort(np.concatenate([faces[:, side] for side in _SIDES]), axis=1)
        keys, count = np.unique(ends[:, 0] * size + ends[:, 1], return_counts=True)
        self._edges = np.stack([keys // size, keys % size], axis=1)
        self._rim = self._edges[count == 1]
        self.on_rim = np.zeros(size, dtype=bool)
        """(n,) whether a vertex is on an open edge."""
        self.on_rim[self._rim] = True

    def eased(self, values: FloatArray, times: int, *, rims: bool = True) -> FloatArray:
        """Return values, (n,) or (n, k), each half way to the mean of its neighbours, repeatedly.

        An open edge has its neighbours on the edge only, so that it stays one; it stays as it is
        without `rims`.
        """
        eased = values.reshape(self.size, -1)
        inner, inner_count = self._both_ways(self._edges)
        rim, rim_count = self._both_ways(self._rim)
        for _ in range(times):
            mean = _sums(eased, *inner, self.size) / inner_count
            along = _sums(eased, *rim, self.size) / rim_count if rims else eased
            mean = np.where(self.on_rim[:, None], along, mean)
            eased = (eased + mean) / 2
        return eased.reshape(values.shape)

    def _both_ways(self, edges: IntArray) -> tuple[tuple[IntArray, IntArray], FloatArray]:
        here = np.concatenate([edges[:, 0], edges[:, 1]])
        there = np.concatenate([edges[:, 1], edges[:, 0]])
        count = np.maximum(np.bincount(here, minlength=self.size), 1)[:, None]
        return (here, there), count.astype(np.float64)


def _sums(values: FloatArray, here: IntArray, there: IntArray, size: int) -> FloatArray:
    """Return the sums of the neighbours' values, (n, k)."""
    return np.stack(
        [np.bincount(here, column[there], minlength=size) for column in values.T], axis=1
    )


def normals(points: FloatArray, faces: IntArray) -> FloatArray:
    """Return outward unit normals per vertex, (n, 3)."""
    a, b, c = (points[faces[:, i]] for i in range(3))
    across = np.cross(b - a, c - a)
    total = np.stack(
        [
            np.bincount(faces.ravel(), np.repeat(across[:, k], 3), minlength=len(points))
            for k in range(3)
        ],
        axis=1,
    )
    length = np.maximum(np.linalg.norm(total, axis=1, keepdims=True), 1e-12)
    outward: FloatArray = total / length
    return outward


def loft(rings: int, turns: int, *, closed: bool = True) -> IntArray:
    """Return the faces between rings of vertices that follow one another, outward.

    Parameters
    ----------
    rings, turns
        Ring r has the vertices r × turns and on, anticlockwise as seen from the last ring.
    closed
        Whether two more vertices, after the rings, close the first and the last.
    """
    r, t = (i.ravel() for i in np.meshgrid(np.arange(rings - 1), np.arange(turns), indexing="ij"))
    a, b = r * turns + t, r * turns + (t + 1) % turns
    faces = [np.stack([a, b, a + turns], axis=1), np.stack([b, b + turns, a + turns], axis=1)]
    if closed:
        near = np.arange(turns)
        after = (near + 1) % turns
        first, last = np.full(turns, rings * turns), np.full(turns, rings * turns + 1)
        end = (rings - 1) * turns
        faces.append(np.stack([first, after, near], axis=1))
        faces.append(np.stack([last, end + near, end + after], axis=1))
    return np.concatenate(faces).astype(np.int64)


def sparse(dense: FloatArray, kept: int = 6) -> tuple[FloatArray, IntArray]:
    """Return the largest weights (n, W) and their bones (n, W) of weights for all bones (n, B)."""
    bones = np.argpartition(-dense, kept, axis=1)[:, :kept]
    weights = np.take_along_axis(dense, bones, axis=1)
    return weights / weights.sum(axis=1, keepdims=True), bones


def dense(weights: FloatArray, bones: IntArray, count: int) -> FloatArray:
    """Return weights for all bones, (n, B), from some, (n, W)."""
    full = np.zeros((len(weights), count))
    rows = np.repeat(np.arange(len(weights)), weights.shape[1])
    np.add.at(full, (rows, bones.ravel()), weights.ravel())
    return full
