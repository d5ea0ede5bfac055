"""Gives a body its clothed shape: looser where cloth hangs, plus shoes and hair."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.rendering.body import Body, IntArray
from benchmarks.rendering.outfit import Outfit
from benchmarks.rendering.rig import SIDES, FloatArray
from benchmarks.rendering.skin_paint import Places, has_hair, wears_bottom, wears_top


@dataclass(frozen=True)
class Piece:
    """A mesh that moves with the bones: n vertices."""

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
    """(n, 3) RGB; None when the piece has the body's texture."""


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


def dress(body: Body, places: Places, outfit: Outfit) -> list[Piece]:
    """Return the meshes of a dressed person, the body with its clothes first."""
    points = _clothed(body, places, outfit)
    pieces = [Piece("body", points, body.template.faces, body.weights, body.bones)]
    pieces += [_shoe(body, outfit, letter) for _, letter, _ in SIDES]
    if outfit.hair_style in ("bun", "tail"):
        pieces.append(_tied_hair(body, outfit))
    return pieces


def _clothed(body: Body, places: Places, outfit: Outfit) -> FloatArray:
    faces = body.template.faces
    z = places.xyz[:, 2]
    top, bottom = wears_top(places, outfit), wears_bottom(places, outfit)
    points = _smoothed(body.points_m, faces, bottom & (places.foot < 0.2), 6)
    points = _smoothed(points, faces, top, 14)
    loose = np.zeros(len(points))
    if outfit.bottom == "leggings":
        loose[bottom] = 0.003
    else:
        loose[bottom] = 0.012 + 0.016 * np.clip((0.0 - z[bottom]) / 0.27, 0, 1)
    if outfit.bottom == "trousers":
        loose[bottom] = np.where(z[bottom] < -0.3, 0.020, loose[bottom])
    fit = 0.010 if outfit.top != "tank" else 0.006
    loose[top] = fit + 0.014 * np.clip((0.30 - z[top]) / 0.28, 0, 1)
    loose[top & (places.arm > 0)] = 0.012 if outfit.top == "tee" else 0.007
    thick = {"short": 0.016, "bun": 0.012, "tail": 0.013, "buzz": 0.003, "bald": 0.001}
    hair = has_hair(places, outfit)
    loose[hair] = thick[outfit.hair_style]
    eased = _averaged(loose, faces, 2)
    loose = np.where(hair, eased, np.maximum(loose, 0.35 * eased) * (loose > 0))
    return points + loose[:, None] * normals(points, faces)


def _averaged(values: FloatArray, faces: IntArray, times: int) -> FloatArray:
    for _ in range(times):
        mean = values[faces].mean(axis=1)
        total = np.bincount(faces.ravel(), np.repeat(mean, 3), minlength=len(values))
        values = total / np.maximum(np.bincount(faces.ravel(), minlength=len(values)), 1)
    return values


def _smoothed(
    points: FloatArray, faces: IntArray, where: NDArray[np.bool_], times: int
) -> FloatArray:
    """Return points with the detail under the cloth smoothed away."""
    smooth = points.copy()
    for _ in range(times):
        moved = np.stack([_averaged(smooth[:, k], faces, 1) for k in range(3)], axis=1)
        smooth[where] = moved[where]
    return smooth


def _shoe(body: Body, outfit: Outfit, letter: str) -> Piece:
    """Loft a shoe round a foot: a convex outline every few millimetres, flat below."""
    rig = body.rig
    bone_of = [
        i for i, n in enumerate(rig.names) if n.startswith(("foot", "toe")) and n[-1] == letter
    ]
    share = (body.weights * np.isin(body.bones, bone_of)).sum(axis=1)
    ankle = rig.head(f"foot.{letter}")
    foot = body.points_m[(share > 0.5) & (body.points_m[:, 2] < ankle[2] + 0.012)]
    balls = np.mean([rig.head(f"toe{i}-1.{letter}") for i in range(1, 6)], axis=0)
    ends = foot[:, 1].min() - 0.010, foot[:, 1].max() + 0.008
    rings, turns = 22, 24
    angles = np.linspace(0, 2 * np.pi, turns, endpoint=False)
    compass = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    points = []
    for y in np.linspace(*ends, rings):
        near = foot[np.abs(foot[:, 1] - np.clip(y, ends[0] + 0.022, ends[1] - 0.018)) < 0.014]
        taper = np.sqrt(max(0.0, 1 - (max(0.0, ends[0] + 0.03 - y) / 0.036) ** 2))
        taper *= np.sqrt(max(0.0, 1 - (max(0.0, y - ends[1] + 0.02) / 0.026) ** 2))
        middle = (near[:, [0, 2]].min(axis=0) + near[:, [0, 2]].max(axis=0)) / 2
        reach = ((near[:, [0, 2]] - middle) @ compass.T).max(axis=0) + 0.006
        outline = middle + compass * reach[:, None] * (0.35 + 0.65 * taper)
        outline[:, 1] = np.maximum(outline[:, 1], 0.0)
        outline[:, 1] = np.where(compass[:, 1] < -0.5, 0.0, outline[:, 1])
        points.append(np.column_stack([outline[:, 0], np.full(turns, y), outline[:, 1]]))
    ring = np.concatenate(points)
    caps = np.stack([points[0].mean(axis=0), points[-1].mean(axis=0)])
    ring = np.concatenate([ring, caps])
    past = np.clip((balls[1] + 0.012 - ring[:, 1]) / 0.024, 0, 1)
    weights = np.column_stack([1 - past, past])
    bones = np.tile([rig.index[f"foot.{letter}"], rig.index[f"toe3-1.{letter}"]], (len(ring), 1))
    low = ring[:, 2] < 0.026
    colours = np.where(low[:, None], outfit.sole_colour, outfit.shoe_colour).astype(np.uint8)
    faces = _loft(rings, turns)
    return Piece(f"shoe.{letter}", ring, faces, weights, bones, colours)


def _loft(rings: int, turns: int) -> IntArray:
    faces = []
    for r in range(rings - 1):
        for t in range(turns):
            a, b = r * turns + t, r * turns + (t + 1) % turns
            faces += [(a, b, a + turns), (b, b + turns, a + turns)]
    first, last = rings * turns, rings * turns + 1
    for t in range(turns):
        following = (t + 1) % turns
        faces.append((first, following, t))
        faces.append((last, (rings - 1) * turns + t, (rings - 1) * turns + following))
    return np.array(faces, dtype=np.int64)


def _tied_hair(body: Body, outfit: Outfit) -> Piece:
    """Put a bun or a pony tail on the back of the head."""
    head = body.rig.head("head")
    scalp = body.points_m[body.points_m[:, 2] > head[2] + 0.02]
    back = scalp[np.argmax(scalp[:, 1])]
    centre = np.array([0.0, back[1] + 0.022, back[2] + 0.035])
    size = np.array([0.038, 0.036, 0.036])
    if outfit.hair_style == "tail":
        centre += np.array([0.0, 0.012, -0.06])
        size = np.array([0.030, 0.030, 0.105])
    rings, turns = 14, 16
    down = np.linspace(0.06, np.pi - 0.06, rings)
    round_ = np.linspace(0, 2 * np.pi, turns, endpoint=False)
    ball = np.array(
        [(np.sin(a) * np.cos(b), np.sin(a) * np.sin(b), np.cos(a)) for a in down for b in round_]
    )
    ball = np.concatenate([ball, [[0, 0, 1], [0, 0, -1]]])
    points = centre + ball * size
    strands = 1 + 0.12 * np.sin(9 * np.arctan2(ball[:, 1], ball[:, 0]))
    colours = np.clip(np.array(outfit.hair) * strands[:, None], 0, 255).astype(np.uint8)
    bones = np.full((len(points), 1), body.rig.index["head"])
    weights = np.ones((len(points), 1))
    return Piece("hair", points, _loft(rings, turns), weights, bones, colours)
