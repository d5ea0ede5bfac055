"""A skirt: rings round both thighs, each vertex moved by the thigh that it lies on."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from benchmarks.rendering.body import Body
from benchmarks.rendering.cloth import level_m
from benchmarks.rendering.coverage import Places
from benchmarks.rendering.mesh import Mask, Piece, dense, loft, sparse
from benchmarks.rendering.outfit import Outfit
from benchmarks.rendering.rig import SIDES, FloatArray

_TURNS, _LININGS = 72, 2
_TOP_M = 0.105
_HEMS_M = {"mini": (-0.10, -0.19), "skirt": (-0.30, -0.42)}
"""Highest and lowest hem on the template."""
_EASE_M = 0.014


def skirt(body: Body, places: Places, outfit: Outfit) -> Piece:
    """Return the skirt of an outfit."""
    short, long = _HEMS_M[outfit.bottom]
    heights = np.arange(_TOP_M, short + outfit.bottom_loose * (long - short), -0.02)
    levels = [level_m(body.rig, body.template.heads_m, float(z)) for z in heights]
    below = places.arm < 0
    flesh = body.points_m[below]
    centre = np.array([0.0, float(np.median(flesh[np.abs(flesh[:, 2] - levels[0]) < 0.05, 1]))])
    rings, radii = [], np.zeros(_TURNS)
    angles = np.linspace(0, 2 * np.pi, _TURNS, endpoint=False)
    for i, level in enumerate(levels):
        near = flesh[np.abs(flesh[:, 2] - level) < 0.02, :2] - centre
        ease = _EASE_M * min(1.0, (i + 1) / 4)
        radii = np.maximum(_outline(near, angles) + ease, radii)
        radii = radii + (0.0005 + 0.004 * outfit.bottom_loose) * (i > 5)
        folds = 1 + 0.022 * np.clip((i - 4) / 8, 0, 1) * np.sin(
            angles * 13 + 2 * np.sin(3 * angles)
        )
        rings.append(_ring(centre, angles, radii * folds, level))
    # The hem is turned in, so that it looks thick.
    last = radii * folds
    inner = (levels[-1] + 0.015 * k for k in range(_LININGS))
    rings += [_ring(centre, angles, last - 0.006, level) for level in inner]
    points = np.concatenate(rings)
    weights, bones = sparse(_weights(body, below, points, levels))
    turned_up = np.arange(len(points)) >= len(levels) * _TURNS
    return Piece(
        "bottom",
        points,
        loft(len(rings), _TURNS, closed=False)[:, ::-1],
        weights,
        bones,
        _colours(outfit, heights, angles, turned_up),
    )


def _ring(centre: FloatArray, angles: FloatArray, radii: FloatArray, level: float) -> FloatArray:
    return np.column_stack(
        [
            centre[0] + radii * np.cos(angles),
            centre[1] + radii * np.sin(angles),
            np.full(len(angles), level),
        ]
    )


def _outline(points: FloatArray, angles: FloatArray) -> FloatArray:
    """Return how far the convex outline of points (n, 2) is in each direction."""
    away = np.stack([np.cos(angles), np.sin(angles)])
    reach = (points @ away).max(axis=0)
    cosine = np.cos(angles[:, None] - angles[None, :])
    far = np.where(cosine > 0.05, reach[None, :] / np.maximum(cosine, 0.05), np.inf)
    least: FloatArray = far.min(axis=1)
    return least


def _weights(body: Body, below: Mask, points: FloatArray, levels: list[float]) -> FloatArray:
    """Return weights for all bones, (n, B): as the skin at the waist, as thighs lower down."""
    rig = body.rig
    hip_m = float(rig.head("upperleg01.L")[2])
    waist = below & (body.points_m[:, 2] > hip_m - 0.12) & (body.points_m[:, 2] < levels[0] + 0.05)
    skin = np.flatnonzero(waist)
    upper = points[:, 2] > hip_m - 0.12
    nearest = np.empty(len(points), dtype=np.int64)
    nearest[~upper] = skin[0]
    apart = ((points[upper, None] - body.points_m[None, skin]) ** 2).sum(axis=2)
    nearest[upper] = skin[apart.argmin(axis=1)]
    own = dense(body.weights[nearest], body.bones[nearest], len(rig.names))
    half_m = float(rig.head("upperleg01.L")[0])
    left = _smooth(points[:, 0] / (2 * half_m) + 0.5)
    thighs = np.zeros_like(own)
    for (_, letter, _), share in zip(SIDES, (left, 1 - left), strict=True):
        thighs[:, rig.index[f"upperleg01.{letter}"]] = share
    down = _smooth((hip_m + 0.02 - points[:, 2]) / 0.14)[:, None]
    mixed: FloatArray = (1 - down) * own + down * thighs
    return mixed


def _smooth(x: FloatArray) -> FloatArray:
    x = np.clip(x, 0, 1)
    return x * x * (3 - 2 * x)


def _colours(
    outfit: Outfit, heights: FloatArray, angles: FloatArray, turned_up: Mask
) -> NDArray[np.uint8]:
    rows = len(turned_up) // len(angles)
    height = np.repeat(np.append(heights, [heights[-1]] * (rows - len(heights))), len(angles))
    angle = np.tile(angles, rows)
    other = np.zeros(len(angle))
    if outfit.bottom_pattern == "checks":
        other += 0.45 * ((angle % 0.52 < 0.22) * 1.0 + (height % 0.08 < 0.035))
    elif outfit.bottom_pattern != "plain":
        other += height < heights[-1] + 0.05
    cloth, contrast = (np.array(c) for c in (outfit.bottom_colour, outfit.bottom_other))
    mixed = cloth + other[:, None] * (contrast - cloth)
    colours: NDArray[np.uint8] = (mixed * np.where(turned_up, 0.6, 1.0)[:, None]).astype(np.uint8)
    return colours
