"""Shoes and socks: an outline every few millimetres along the foot."""

from __future__ import annotations

import numpy as np

from benchmarks.rendering.body import Body
from benchmarks.rendering.mesh import Piece, loft
from benchmarks.rendering.outfit import Colour, Outfit
from benchmarks.rendering.rig import FloatArray

_RINGS, _TURNS = 22, 24
_SHOE_M, _SOCK_M = 0.006, 0.002
"""How thick they are over the foot."""


def footwear(body: Body, outfit: Outfit, letter: str) -> list[Piece]:
    """Return what is worn on a foot: nothing, a sock or a shoe."""
    if outfit.feet == "bare":
        return []
    shoe = outfit.feet == "shoes"
    rings = _outlines(body, letter, _SHOE_M if shoe else _SOCK_M, flat=shoe)
    pieces = [
        _piece(body, letter, "foot", rings, outfit.shoe_colour if shoe else outfit.sock_colour)
    ]
    if shoe:
        pieces.append(_piece(body, letter, "sole", _sole(body, rings), outfit.sole_colour))
    return pieces


def _piece(body: Body, letter: str, name: str, rings: FloatArray, colour: Colour) -> Piece:
    """Return rings (R, T, 3) as a mesh that bends at the balls of the foot."""
    count, turns = rings.shape[:2]
    points = np.concatenate([rings.reshape(-1, 3), rings[[0, -1]].mean(axis=1)])
    rig = body.rig
    balls = np.mean([rig.head(f"toe{i}-1.{letter}") for i in range(1, 6)], axis=0)
    past = np.clip((balls[1] + 0.012 - points[:, 1]) / 0.024, 0, 1)
    bones = rig.index[f"foot.{letter}"], rig.index[f"toe3-1.{letter}"]
    return Piece(
        f"{name}.{letter}",
        points,
        loft(count, turns),
        np.column_stack([1 - past, past]),
        np.tile(bones, (len(points), 1)),
        np.tile(np.array(colour, dtype=np.uint8), (len(points), 1)),
    )


def _sole(body: Body, rings: FloatArray) -> FloatArray:
    """Return rings round the sole of a shoe, a little wider than the shoe."""
    low = np.where(rings[..., 2] < 0.045, rings[..., 0], np.nan)
    right, left = np.nanmin(low, axis=1) - 0.003, np.nanmax(low, axis=1) + 0.003
    corners = ((left, 0.7), (left, 1.0), (right, 1.0), (right, 0.7), (right, 0.0), (left, 0.0))
    ends = np.linspace(-0.004, 0.004, len(rings))
    return np.stack(
        [
            np.column_stack([x, rings[:, 0, 1] + ends, np.full(len(rings), share * body.sole_m)])
            for x, share in corners
        ],
        axis=1,
    )


def _outlines(body: Body, letter: str, ease_m: float, *, flat: bool) -> FloatArray:
    """Return rings round a foot from the toes to the heel, (R, T, 3)."""
    rig = body.rig
    mine = [i for i, n in enumerate(rig.names) if n.startswith(("foot", "toe")) and n[-1] == letter]
    share = (body.weights * np.isin(body.bones, mine)).sum(axis=1)
    top_m = rig.head(f"foot.{letter}")[2] + 0.012
    foot = body.points_m[(share > 0.5) & (body.points_m[:, 2] < top_m)]
    ends = foot[:, 1].min() - ease_m - 0.004, foot[:, 1].max() + ease_m + 0.002
    angles = np.linspace(0, 2 * np.pi, _TURNS, endpoint=False)
    compass = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    rings = []
    for y in np.linspace(*ends, _RINGS):
        near = foot[np.abs(foot[:, 1] - np.clip(y, ends[0] + 0.022, ends[1] - 0.018)) < 0.014]
        taper = np.sqrt(max(0.0, 1 - (max(0.0, ends[0] + 0.03 - y) / 0.036) ** 2))
        taper *= np.sqrt(max(0.0, 1 - (max(0.0, y - ends[1] + 0.02) / 0.026) ** 2))
        middle = (near[:, [0, 2]].min(axis=0) + near[:, [0, 2]].max(axis=0)) / 2
        reach = ((near[:, [0, 2]] - middle) @ compass.T).max(axis=0) + ease_m
        outline = middle + compass * reach[:, None] * (0.35 + 0.65 * taper)
        outline[:, 1] = np.maximum(outline[:, 1], 0.0)
        if flat:
            # Just above the ground, where the sole is.
            outline[:, 1] = np.where(compass[:, 1] < -0.5, 0.004, outline[:, 1])
        rings.append(np.column_stack([outline[:, 0], np.full(_TURNS, y), outline[:, 1]]))
    return np.stack(rings)
