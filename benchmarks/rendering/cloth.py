"""Lays cloth over a body: cut out of its skin, lifted off, smoothed, and hung from it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from benchmarks.rendering.body import Body, IntArray
from benchmarks.rendering.coverage import Places
from benchmarks.rendering.mesh import Mask, Net, Piece, Sheet, dense, normals, sparse
from benchmarks.rendering.rig import FloatArray, Rig

_SKIN, _OUTWARD, _PLACES, _WEIGHTS = slice(0, 3), slice(3, 6), slice(6, 14), slice(14, None)
"""Columns of what is known about the skin under a cloth."""
_SECTORS, _ROW_M = 40, 0.02
"""How finely the trunk's outline is known from which cloth hangs."""


@dataclass(frozen=True)
class Cloth:
    """Cloth over a part of a body: n vertices."""

    sheet: Sheet
    """Its values are points, normals, places and weights of the skin under it."""
    points_m: FloatArray
    """(n, 3) where the cloth is, at rest."""
    net: Net

    @property
    def skin_m(self) -> FloatArray:
        """(n, 3) the skin under it."""
        return self.sheet.values[:, _SKIN]

    @property
    def outward(self) -> FloatArray:
        """(n, 3) unit normals of the skin."""
        return self.sheet.values[:, _OUTWARD]

    @property
    def places(self) -> Places:
        """Where it is on the template."""
        return Places.of(self.sheet.values[:, _PLACES])

    @property
    def weights(self) -> FloatArray:
        """(n, B) of all bones."""
        return self.sheet.values[:, _WEIGHTS]

    def reweighted(self, weights: FloatArray) -> Cloth:
        """Return the cloth moved by other bones, (n, B)."""
        values = np.column_stack([self.sheet.values[:, : _WEIGHTS.start], weights])
        return replace(self, sheet=replace(self.sheet, values=values))

    def moved(self, points_m: FloatArray) -> Cloth:
        """Return the cloth with its vertices elsewhere."""
        return replace(self, points_m=points_m)

    def lifted(self, ease_m: FloatArray, times: int) -> Cloth:
        """Return the cloth off the skin, (n,) metres at least half of it, smoothed `times`."""
        points = self.points_m + ease_m[:, None] * self.outward
        # Smoothed outwards and inwards only, or what is printed on it would be smeared.
        away = ((self.net.eased(points, times) - points) * self.outward).sum(axis=1)
        return self.moved(points + away[:, None] * self.outward).off_skin(ease_m / 2)

    def off_skin(self, least_m: FloatArray) -> Cloth:
        """Return the cloth pushed out to where it is off the skin, (n,) metres."""
        gap = ((self.points_m - self.skin_m) * self.outward).sum(axis=1)
        out = np.maximum(0.0, least_m - gap)
        return self.moved(self.points_m + out[:, None] * self.outward)

    def creased(self, deep_m: FloatArray, rng: np.random.Generator) -> Cloth:
        """Return the cloth with shallow folds, about so deep, (n,)."""
        xyz = self.places.xyz
        total = np.zeros(len(xyz))
        for length_m in (0.05, 0.08, 0.12, 0.20):
            wave = rng.normal(size=3) * (1.0, 1.0, 0.7)
            wave *= 2 * np.pi / length_m / np.linalg.norm(wave)
            bend = 2.0 * np.sin(xyz @ rng.normal(size=3) * 14.0)
            total += np.sin(xyz @ wave + bend + rng.uniform(0, 6.3)) / 2
        out = deep_m * total
        return self.moved(self.points_m + out[:, None] * self.outward)

    def piece(self, name: str, hem_m: float = 0.004) -> Piece:
        """Return the cloth as a mesh, its edges turned in so that they look thick."""
        sheet, points = self._hemmed(hem_m)
        uv, face_uv = sheet.shared_uv()
        weights, bones = sparse(sheet.values[:, _WEIGHTS])
        return Piece(name, points, sheet.faces, weights, bones, uv=uv, face_uv=face_uv)

    def _hemmed(self, hem_m: float) -> tuple[Sheet, FloatArray]:
        edges, edges_uv = _open_edges(self.sheet)
        rim, number = np.unique(edges, return_inverse=True)
        (a, b), n = edges.T, len(self.points_m)
        a_in, b_in = (n + number.reshape(-1, 2)).T
        faces = np.concatenate([np.stack(t, axis=1) for t in ((b, a, a_in), (b, a_in, b_in))])
        ua, ub = edges_uv[:, 0], edges_uv[:, 1]
        uv = np.concatenate([np.stack(t, axis=1) for t in ((ub, ua, ua), (ub, ua, ub))])
        outward = normals(self.points_m, self.sheet.faces)[rim]
        inner = self.points_m[rim] - hem_m * outward
        sheet = Sheet(
            np.concatenate([self.sheet.values, self.sheet.values[rim]]),
            np.concatenate([self.sheet.faces, faces]),
            np.concatenate([self.sheet.uv, uv]),
        )
        return sheet, np.concatenate([self.points_m, inner])


class Cutter:
    """Cuts cloth to the measure of one body.

    Parameters
    ----------
    body, places
        Whom it is for, and where their vertices are on the template.
    """

    def __init__(self, body: Body, places: Places) -> None:
        self._body = body
        template = body.template
        self.outward = normals(body.points_m, template.faces)
        """(V, 3) of the skin."""
        self._columns = places.columns
        self._corners_uv = template.uv[template.face_uv]

    def cut(self, inside: FloatArray, *, divided: bool = False) -> Cloth:
        """Return cloth that lies on the skin where `inside`, (V,), is positive."""
        body = self._body
        near = (inside > 0)[body.template.faces].any(axis=1)
        used, faces = np.unique(body.template.faces[near], return_inverse=True)
        weights = dense(body.weights[used], body.bones[used], len(body.rig.names))
        values = np.column_stack(
            [body.points_m[used], self.outward[used], self._columns[used], weights]
        )
        sheet = Sheet(values, faces.reshape(-1, 3), self._corners_uv[near]).cut(inside[used])
        sheet = sheet.divided() if divided else sheet
        return Cloth(sheet, sheet.values[:, :3], Net(sheet.faces, len(sheet.values)))


def hung(cloth: Cloth, trunk: Mask, from_m: float, slope: float) -> Cloth:
    """Return cloth that hangs down from where a trunk is widest.

    Parameters
    ----------
    cloth
        What is hung.
    trunk
        (n,) which of its vertices hang.
    from_m
        Height at rest below which they do; a hand's breadth lower they do it fully.
    slope
        How much nearer the cloth comes to the trunk's middle, over how much further down.
    """
    points = cloth.points_m
    middle = np.array([0.0, float(points[trunk, 1].mean())])
    away = points[:, :2] - middle
    radius = np.linalg.norm(away, axis=1)
    sector = (np.arctan2(away[:, 1], away[:, 0]) / (2 * np.pi) * _SECTORS) % _SECTORS
    row = np.maximum((from_m - points[:, 2]) / _ROW_M, 0.0)
    chosen = trunk & (points[:, 2] < from_m)
    if not chosen.any():
        return cloth
    rows = int(row[chosen].max()) + 2
    table = np.zeros((rows, _SECTORS))
    cells = row[chosen].astype(int), sector[chosen].astype(int) % _SECTORS
    np.maximum.at(table, cells, radius[chosen])
    for i in range(1, rows):
        table[i] = np.where(table[i] > 0, table[i], table[i - 1])
        round_about = (np.roll(table[i], 1) + 2 * table[i] + np.roll(table[i], -1)) / 4
        table[i] = np.maximum(round_about, table[i - 1] - slope * _ROW_M)
    i, k = np.minimum(row.astype(int), rows - 2), sector.astype(int)
    u, v = np.clip(row - i, 0, 1), sector - k
    k, after = k % _SECTORS, (k + 1) % _SECTORS
    wanted = (table[i, k] * (1 - v) + table[i, after] * v) * (1 - u)
    wanted += (table[i + 1, k] * (1 - v) + table[i + 1, after] * v) * u
    share = np.clip(row * _ROW_M / 0.10, 0, 1) * chosen
    push = np.maximum(0.0, wanted - radius) * share / np.maximum(radius, 1e-6)
    moved = points.copy()
    moved[:, :2] += away * push[:, None]
    return cloth.moved(moved)


def level_m(rig: Rig, template_heads_m: FloatArray, height_m: float) -> float:
    """Return the height on a body, at rest, that a height on the template's trunk or legs is."""
    names = ("foot.L", "lowerleg01.L", "upperleg01.L", "spine03", "spine02", "spine01", "head")
    from_m = [float(template_heads_m[rig.index[name], 2]) for name in names]
    to_m = [float(rig.head(name)[2]) for name in names]
    return float(np.interp(height_m, from_m, to_m))


def _open_edges(sheet: Sheet) -> tuple[IntArray, FloatArray]:
    """Return the edges of only one triangle, in its order, (e, 2), and their corners' places."""
    sides = ((0, 1), (1, 2), (2, 0))
    edges = np.concatenate([sheet.faces[:, side] for side in sides])
    uv = np.concatenate([sheet.uv[:, side] for side in sides])
    ends = np.sort(edges, axis=1)
    keys = ends[:, 0] * len(sheet.values) + ends[:, 1]
    _, first, count = np.unique(keys, return_index=True, return_counts=True)
    alone = first[count == 1]
    return edges[alone], uv[alone]
