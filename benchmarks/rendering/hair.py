"""What stands off the head: long and curly hair, buns and tails, caps, hoods, glasses."""

from __future__ import annotations

import numpy as np

from benchmarks.rendering.body import Body, IntArray
from benchmarks.rendering.coverage import Places, hair_cover
from benchmarks.rendering.mesh import Mask, Piece, dense, loft, sparse
from benchmarks.rendering.outfit import Colour, Outfit
from benchmarks.rendering.rig import SIDES, FloatArray

_RINGS, _TURNS = 36, 48
_CENTRE_M = np.array([0.0, -0.055, 0.735])
"""Middle of the skull on the template."""
_UNDER_M = -0.035
"""How far below the skin a shell goes where it is not to be seen."""
_END_M = {"bob": (0.605, 0.655), "long": (0.58, 0.60)}
"""Where hair beside the face ends on the template, lowest and highest."""


def headdress(body: Body, places: Places, outfit: Outfit, rng: np.random.Generator) -> list[Piece]:
    """Return what stands off a head: nothing, for short hair."""
    pieces = []
    style = "none" if outfit.headwear == "scarf" else outfit.hair_style
    if style not in ("none", "short", "buzz", "bald") or outfit.headwear == "cap":
        head = Head(body, places)
        if style in ("bob", "long", "curly", "afro"):
            pieces.append(_mane(head, outfit, rng))
        if style == "long":
            pieces.append(_fall(body, places, outfit, rng))
        if style in ("bun", "tail"):
            pieces.append(_tied(head, outfit, rng))
        if outfit.headwear == "cap":
            pieces += _cap(head, outfit)
    if outfit.glasses:
        pieces.append(_glasses(body))
    return pieces


class Head:
    """The shape of one head: how far its skin is from its middle, in all directions.

    Parameters
    ----------
    body, places
        Whose it is, and where its vertices are on the template.
    """

    def __init__(self, body: Body, places: Places) -> None:
        self.body = body
        skin = np.flatnonzero((places.head > 0.5) & (places.eye < 0.1) & (places.xyz[:, 2] > 0.60))
        skull = skin[places.xyz[skin, 2] > 0.70]
        # The face has many more vertices than its outline needs.
        fine = (places.xyz[skin, 2] < 0.745) & (np.arange(len(skin)) % 4 > 0)
        scale = np.ptp(body.points_m[skull], axis=0) / np.ptp(places.xyz[skull], axis=0)
        self.scale = float(scale.mean())
        """Size of the head, 1 for the template's."""
        self.centre_m = self.from_template(places, skull)
        skin = skin[~fine]
        down = np.linspace(0.04, np.pi - 0.04, _RINGS)
        turn = np.linspace(0, 2 * np.pi, _TURNS, endpoint=False)
        self.ways = np.array(
            [(np.sin(a) * np.cos(b), np.sin(a) * np.sin(b), np.cos(a)) for a in down for b in turn]
        )
        """(n, 3) directions in rings from the top down."""
        away = body.points_m[skin] - self.centre_m
        length = np.linalg.norm(away, axis=1)
        near = self.ways @ (away / length[:, None]).T
        closest = np.where(near > np.maximum(0.985, near.max(axis=1, keepdims=True) - 1e-4), 1, 0)
        reach = np.where(near > 0.9925, length[None, :] * near, 0.0).max(axis=1)
        radii = np.where(reach > 0, reach, (closest * length).max(axis=1))
        # Down there is the neck, which is no part of the head's shape.
        self.radii_m = np.where(self.ways[:, 2] < -0.72, 0.05 * self.scale, radii)
        """(n,) distance of the skin."""
        self.places = Places.of(places.columns[skin[near.argmax(axis=1)]])
        """Where on the template the skin is in each direction."""

    def from_template(self, places: Places, skull: IntArray) -> FloatArray:
        """Return where the middle of the skull is, (3,)."""
        moved = self.body.points_m[skull].mean(axis=0) - places.xyz[skull].mean(axis=0) * self.scale
        centre: FloatArray = moved + _CENTRE_M * self.scale
        return centre

    def shell(self, name: str, radii_m: FloatArray, colours: FloatArray) -> Piece:
        """Return a closed mesh round the head, its radii (n,) and colours (n, 3) per direction."""
        points = self.centre_m + self.ways * radii_m[:, None]
        ends = self.centre_m + np.array([[0, 0, radii_m[0]], [0, 0, -radii_m[-1]]])
        painted = np.concatenate([colours, colours[[0, -1]]])
        return self.rigid(
            name, np.concatenate([points, ends]), loft(_RINGS, _TURNS)[:, ::-1], painted
        )

    def rigid(self, name: str, points: FloatArray, faces: IntArray, colours: FloatArray) -> Piece:
        """Return a mesh that moves with the head."""
        bones = np.full((len(points), 1), self.body.rig.index["head"])
        painted = np.clip(colours, 0, 255).astype(np.uint8)
        return Piece(name, points, faces, np.ones((len(points), 1)), bones, painted)


def _mane(head: Head, outfit: Outfit, rng: np.random.Generator) -> Piece:
    """Return hair that stands off the skull, or hangs beside it."""
    style = outfit.hair_style
    grown = np.clip(hair_cover(head.places, outfit) / 0.015, -1, 1)
    thick = {"bob": 0.020, "long": 0.017, "curly": rng.uniform(0.022, 0.045)}.get(
        style, rng.uniform(0.045, 0.085)
    )
    x, y, z = head.ways.T
    turn, tilt = np.arctan2(y, x), np.arccos(np.clip(z, -1, 1))
    off = np.where(grown > 0, thick * np.sqrt(np.abs(grown)), _UNDER_M * -grown)
    radii = head.radii_m + _blurred(off, 3)
    if style in ("bob", "long"):
        radii = np.maximum(radii, _curtain(head, outfit, rng))
        bumps = 0.0015 * np.sin(22 * turn + 2 * np.sin(3 * tilt))
    else:
        bumps = 0.09 * thick * (_lumps(head.ways, 14.0, rng) + 0.5 * rng.normal(size=len(turn)))
    radii = radii + np.where(radii > head.radii_m, bumps, 0.0)
    if outfit.headwear == "cap":
        # It presses the hair down.
        radii = np.where(_under_cap(head, 0.01), np.minimum(radii, head.radii_m + 0.008), radii)
    shade = 1 + 0.12 * np.sin(19 * turn + rng.uniform(0, 6)) + rng.normal(0, 0.08, len(turn))
    return head.shell("hair", radii, np.array(outfit.hair) * shade[:, None])


def _blurred(values: FloatArray, times: int) -> FloatArray:
    """Return values of all directions, (n,), mixed with those of their neighbours."""
    grid = values.reshape(_RINGS, _TURNS)
    for _ in range(times):
        grid = (np.roll(grid, 1, axis=1) + 2 * grid + np.roll(grid, -1, axis=1)) / 4
        inner = (grid[:-2] + 2 * grid[1:-1] + grid[2:]) / 4
        grid = np.concatenate([grid[:1], inner, grid[-1:]])
    return grid.ravel()


def _lumps(ways: FloatArray, rate: float, rng: np.random.Generator) -> FloatArray:
    """Return something bumpy of unit size on the sphere of directions, (n,)."""
    waves = rng.normal(size=(6, 3))
    waves *= rate / np.linalg.norm(waves, axis=1, keepdims=True)
    lumps: FloatArray = np.sin(ways @ waves.T + rng.uniform(0, 6.3, 6)).sum(axis=1) / 3**0.5
    return lumps


def _curtain(head: Head, outfit: Outfit, rng: np.random.Generator) -> FloatArray:
    """Return how far away hair that hangs beside and behind the face is, (n,); 0 elsewhere."""
    x, y, z = head.ways.T
    deep = (_CENTRE_M[2] - rng.uniform(*_END_M[outfit.hair_style])) * head.scale
    flat = np.maximum(np.hypot(x, y), 1e-6)
    # An oval round the skull, a little wider at the ears than the skull is.
    half = np.array([0.094, 0.108]) * head.scale
    across = 1 / np.hypot(x / flat / half[0], y / flat / half[1])
    away = across / flat
    side = (y / flat > -0.25) & (z < 0.25) & (away * z > -deep)
    return np.where(side, away, 0.0)


def _fall(body: Body, places: Places, outfit: Outfit, rng: np.random.Generator) -> Piece:
    """Return hair that lies on the back: it moves with neck and back, whatever gravity says."""
    rows, columns = 18, np.linspace(-1, 1, 10)
    trunk = (places.arm < 0) & (places.xyz[:, 2] > 0.36) & (places.xyz[:, 2] < 0.80)
    flat = places.xyz[trunk]
    heights = np.linspace(0.70, rng.uniform(0.40, 0.52), rows)
    half = np.interp(heights, (0.40, 0.56, 0.64, 0.70), (0.090, 0.100, 0.085, 0.065))
    seen = np.array(
        [[_backmost(flat, z, x * w) for x in columns] for z, w in zip(heights, half, strict=True)]
    )
    skin = body.points_m[trunk][seen]  # (rows, columns, 3)
    middle = skin[:, 4:6].mean(axis=1)
    size = float(np.ptp(body.points_m[trunk][:, 2]) / np.ptp(flat[:, 2]))
    back = np.empty_like(skin)
    back[..., 0] = middle[:, None, 0] + columns * half[:, None] * size
    back[..., 2] = np.minimum.accumulate(middle[:, 2])[:, None]
    back[..., 1] = skin[..., 1]
    for i in range(1, rows):
        # It hangs straight where the neck is hollow, and flat between the shoulder blades.
        back[i, :, 1] = np.maximum(back[i, :, 1], back[i - 1, :, 1] - 0.010)
    for _ in range(3):
        back[1:-1, :, 1] = (back[:-2, :, 1] + 2 * back[1:-1, :, 1] + back[2:, :, 1]) / 4
    ends = np.sqrt(np.clip(np.minimum(np.arange(rows) / 4, (rows - np.arange(rows)) / 4), 0.02, 1))
    bulge = 0.024 * ends[:, None] * np.sqrt(np.maximum(0.1, 1 - columns**2)) + 0.004
    outer = back + bulge[..., None] * (0.0, 1.0, 0.0)
    rings = np.concatenate([outer, back[:, ::-1] - (0.0, 0.006, 0.0)], axis=1)
    turns = rings.shape[1]
    points = np.concatenate([rings.reshape(-1, 3), rings[[0, -1]].mean(axis=1)])
    weights = dense(body.weights[trunk], body.bones[trunk], len(body.rig.names))[seen]
    moved_by = np.concatenate([weights, weights[:, ::-1]], axis=1)
    moved_by = moved_by.mean(axis=1, keepdims=True).repeat(turns, axis=1) * 0.5 + moved_by * 0.5
    every = np.concatenate(
        [moved_by.reshape(-1, moved_by.shape[2]), moved_by[[0, -1]].mean(axis=1)]
    )
    shares, bones = sparse(every)
    strand = 1 + 0.14 * np.sin(np.arange(turns) * 2.4) + rng.normal(0, 0.05, turns)
    colours = np.array(outfit.hair) * np.append(np.tile(strand, rows), (1, 1))[:, None]
    painted = np.clip(colours, 0, 255).astype(np.uint8)
    return Piece("fall", points, loft(rows, turns), shares, bones, painted)


def _backmost(points: FloatArray, z: float, x: float) -> int:
    """Return which point is furthest back near a height and a distance from the middle."""
    off = np.hypot((points[:, 2] - z) / 0.02, (points[:, 0] - x) / 0.02)
    return int(np.argmax(points[:, 1] - 0.02 * np.maximum(off, 1.0) - 1.0 * (off > 3)))


def _tied(head: Head, outfit: Outfit, rng: np.random.Generator) -> Piece:
    """Return a bun, or a tail that lies against the neck so that it hangs in no wrong way."""
    high = rng.uniform(0.15, 1.0)
    up = np.array([0.0, np.cos(high), np.sin(high)])
    root = head.centre_m + up * head.radii_m[int(np.argmax(head.ways @ up))]
    rings, turns = 16, 16
    along = np.linspace(0.05, 0.995, rings)
    if outfit.hair_style == "bun":
        size = rng.uniform(0.028, 0.044)
        middle = root + up * 0.55 * size
        path = middle + np.outer(np.cos(np.pi * along) * size, up)
        thick = size * np.sin(np.pi * along) * rng.uniform(1.0, 1.25)
        frames = np.tile(np.stack([(1.0, 0, 0), np.cross(up, (1.0, 0, 0))]), (rings, 1, 1))
    else:
        long = rng.uniform(0.14, 0.24)
        out = 0.030 * np.sin(np.pi * np.minimum(1, along * 1.6)) + 0.008
        path = root + np.column_stack(
            [0 * along, out, 0.02 * np.sin(3 * along) - long * along**1.3]
        )
        low = np.array([0.0, head.centre_m[1] + 0.092 * head.scale, 0.0])
        path[:, 1] = np.maximum(path[:, 1], low[1] - 0.02 * along)
        thick = 0.026 * np.sqrt(np.sin(np.pi * np.minimum(0.97, along * 0.9 + 0.06)))
        frames = np.tile(np.array([(1.0, 0, 0), (0, 1.0, 0)]), (rings, 1, 1))
    round_ = np.linspace(0, 2 * np.pi, turns, endpoint=False)
    compass = np.stack([np.cos(round_), np.sin(round_)], axis=1)
    ring = path[:, None] + np.einsum("tk,rkd->rtd", compass, frames) * thick[:, None, None]
    points = np.concatenate([ring.reshape(-1, 3), path[[0, -1]]])
    strand = np.append(np.tile(1 + 0.13 * np.sin(5 * round_), rings), (1, 1))
    faces = loft(rings, turns)[:, ::-1]
    return head.rigid("tied", points, faces, np.array(outfit.hair) * strand[:, None])


def _under_cap(head: Head, lower_m: float) -> Mask:
    """Return which directions, (n,), are above a cap's edge, or somewhat below it."""
    _, y, z = head.ways.T
    above: Mask = z * head.radii_m / head.scale > 0.026 - 0.004 * y - lower_m
    return above


def _cap(head: Head, outfit: Outfit) -> list[Piece]:
    """Return a cap with its peak in front."""
    colour = np.tile(np.array(outfit.top_other, dtype=np.float64), (len(head.ways), 1))
    radii = head.radii_m + np.where(_under_cap(head, 0.0), 0.022, _UNDER_M)
    front = np.linspace(-1, 1, 21)
    forehead = head.radii_m[int(np.argmax(head.ways @ np.array([0.0, -0.97, 0.26])))]
    rows = np.linspace(0, 1, 6)
    peak = np.array(
        [
            (
                0.074 * c * head.scale,
                -(forehead - 0.030 + 0.022 * (1 - c * c)) - 0.078 * r * np.sqrt(1.02 - c * c),
                0.044 - 0.024 * r - 0.020 * c * c,
            )
            for r in rows
            for c in front
        ]
    )
    under = peak - (0.0, 0.0, 0.004)
    grid = loft(len(rows), len(front), closed=False)
    grid = grid[(grid % len(front)).max(axis=1) - (grid % len(front)).min(axis=1) < 2]
    faces = np.concatenate([grid, grid[:, ::-1] + len(peak)])
    points = head.centre_m + np.concatenate([peak, under])
    shade = np.concatenate([colour[: len(peak)], 0.7 * colour[: len(peak)]])
    return [head.shell("cap", radii, colour), head.rigid("peak", points, faces, shade)]


def _glasses(body: Body) -> Piece:
    """Return a frame round the eyes with its arms."""
    rig = body.rig
    wires = []
    eyes = {letter: rig.head(f"eye.{letter}") for _, letter, _ in SIDES}
    half = 0.5 * abs(float(eyes["L"][0] - eyes["R"][0]))
    lens = 0.66 * half
    turn = np.linspace(0, 2 * np.pi, 21)
    front = np.array([0.0, -0.030, -0.002])
    for _, letter, sign in SIDES:
        oval = np.column_stack([lens * np.cos(turn), 0 * turn, 0.75 * lens * np.sin(turn)])
        wires.append(eyes[letter] + front + oval)
        hinge = eyes[letter] + front + (sign * lens, 0.0, 0.006)
        ear = np.array([sign * half * 2.35, eyes[letter][1] + 0.085, eyes[letter][2] + 0.008])
        wires.append(np.stack([hinge, hinge * 0.5 + ear * 0.5 + (sign * 0.004, 0, 0), ear]))
    nose = [eyes[letter] + front - (sign * lens, 0.0, -0.003) for _, letter, sign in SIDES]
    wires.append(np.stack([nose[0], (nose[0] + nose[1]) / 2 + (0, -0.002, 0.003), nose[1]]))
    points, faces, start = [], [], 0
    for wire in wires:
        tube = wire[:, None] + 0.0017 * np.array([(1, 1, 1), (-1, -1, 1), (-1, 1, -1), (1, -1, -1)])
        points.append(tube.reshape(-1, 3))
        faces.append(loft(len(wire), 4, closed=False) + start)
        start += 4 * len(wire)
    every = np.concatenate(points)
    dark: Colour = (38, 34, 32)
    return Piece(
        "glasses",
        every,
        np.concatenate(faces),
        np.ones((len(every), 1)),
        np.full((len(every), 1), rig.index["head"]),
        np.tile(np.array(dark, dtype=np.uint8), (len(every), 1)),
    )
