"""A room round the person: floor, walls, some furniture, all from a seed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.rendering import textures
from benchmarks.rendering.furniture import KINDS
from benchmarks.rendering.rig import UP, FloatArray, rotation
from benchmarks.rendering.textures import Picture

_HALF_WIDTH_M = 4.0
_MAT_M = 0.004
"""Height of a mat's upper side."""

WALLS = (
    (226, 222, 212), (205, 214, 216), (214, 202, 184), (190, 200, 186), (232, 230, 228),
    (244, 242, 238), (178, 190, 204), (206, 188, 182), (150, 164, 158), (120, 132, 148),
    (196, 178, 140), (172, 160, 178),
)  # fmt: skip
FLOORS = (
    (172, 128, 86), (140, 100, 66), (198, 166, 126), (150, 146, 140), (112, 92, 78),
    (214, 196, 168), (92, 72, 58), (186, 184, 178), (120, 128, 134), (96, 104, 92),
)  # fmt: skip

_Maker = Callable[[np.random.Generator, FloatArray], Picture]
_HOMELY = (textures.planks, textures.planks, textures.herringbone, textures.carpet, textures.tiles)
_FLOORS: Mapping[str, tuple[_Maker, ...]] = {
    "living": _HOMELY,
    "bedroom": (textures.carpet, textures.planks, textures.herringbone, textures.vinyl),
    "gym": (textures.rubber, textures.puzzle, textures.planks, textures.turf, textures.vinyl),
    "studio": (textures.planks, textures.herringbone, textures.vinyl, textures.puzzle),
    "cellar": (textures.concrete, textures.concrete, textures.tiles, textures.turf),
    "clinic": (textures.vinyl, textures.vinyl, textures.tiles, textures.planks),
    "kitchen": (textures.tiles, textures.chequered, textures.vinyl, textures.planks),
}
_HOMELY_WALLS = ((None, 0.62), (textures.wallpaper, 0.24), (textures.boards, 0.07),
                 (textures.bricks, 0.07))  # fmt: skip
_WALLS: Mapping[str, tuple[tuple[_Maker | None, float], ...]] = {
    "gym": ((None, 0.5), (textures.halves, 0.25), (textures.bricks, 0.25)),
    "cellar": ((None, 0.45), (textures.bricks, 0.45), (textures.boards, 0.1)),
    "clinic": ((None, 0.8), (textures.halves, 0.2)),
    "kitchen": ((None, 0.5), (textures.tiled, 0.3), (textures.wallpaper, 0.2)),
}
"""How a kind of room is papered, and how likely: None is paint; others are as in homes."""


@dataclass(frozen=True)
class Slab:
    """A flat rectangle with a picture on it, or a plain colour."""

    centre_m: FloatArray
    """(3,)."""
    across_m: FloatArray
    """(3,) half of its width, to the right for who looks at its front."""
    up_m: FloatArray
    """(3,) half of its height."""
    picture: Picture | None
    colour: tuple[float, float, float] = (1.0, 1.0, 1.0)
    repeat: tuple[float, float] = (1.0, 1.0)
    """How often the picture is laid side by side and above itself."""
    glowing: bool = False
    """Whether it looks the same in any light."""


@dataclass(frozen=True)
class Block:
    """A box or an ellipsoid of one colour."""

    kind: str
    centre_m: FloatArray
    size_m: FloatArray
    """(3,) full extents."""
    turn_deg: float
    colour: tuple[float, float, float]


@dataclass(frozen=True)
class Room:
    """Everything that does not move."""

    slabs: tuple[Slab, ...]
    blocks: tuple[Block, ...]
    light_from: FloatArray
    """(3,) direction towards the main light."""
    warmth: float
    """Colour of the main light, -1 bluish to 1 yellowish."""


class Builder:
    """Collects things in a room whose back wall faces the camera.

    Parameters
    ----------
    rng
        Where chance comes from.
    facing_deg
        Where the back wall faces.
    behind_m
        How far it is from the origin.
    """

    def __init__(self, rng: np.random.Generator, facing_deg: float, behind_m: float) -> None:
        self.rng = rng
        self.kind = str(rng.choice(list(KINDS), p=(0.34, 0.16, 0.15, 0.1, 0.08, 0.1, 0.07)))
        self._turn_deg = facing_deg
        # Local axes: x to the right along the back wall, y away from the camera.
        self._axes = rotation("z", facing_deg)
        self._wall_y = behind_m
        self._ceiling_m = float(rng.uniform(2.4, 3.0 if self.kind != "gym" else 3.8))
        self.slabs: list[Slab] = []
        self.blocks: list[Block] = []

    def at(self, x: float, y: float, z: float) -> FloatArray:
        """Return where a place in the room is in the world, (3,)."""
        where: FloatArray = self._axes @ np.array([x, y, z])
        return where

    def slab(
        self, centre: tuple[float, float, float], across: float, up: float, **more: Any
    ) -> None:
        """Add a rectangle parallel to the back wall; `centre` counts from its foot."""
        x, y, z = centre
        where = self.at(x, self._wall_y + y, z)
        self.slabs.append(Slab(where, self.at(across / 2, 0, 0), UP * up / 2, **more))

    def block(
        self,
        kind: str,
        centre: tuple[float, float, float],
        size: tuple[float, float, float],
        colour: FloatArray,
    ) -> None:
        """Add a block whose `centre` counts from the back wall's foot."""
        red, green, blue = (float(c) / 255 for c in np.clip(colour, 0, 255))
        x, y, z = centre
        where = self.at(x, self._wall_y + y, z)
        self.blocks.append(Block(kind, where, np.array(size), self._turn_deg, (red, green, blue)))

    def walls(self, like: tuple[int, int, int] | None) -> None:
        """Put up the walls, painted nearly in a colour if one is given."""
        rng, high = self.rng, self._ceiling_m
        makers, likely = zip(*_WALLS.get(self.kind, _HOMELY_WALLS), strict=True)
        make = None if like else makers[int(rng.choice(len(makers), p=likely))]
        colour = _colour(rng, WALLS) if like is None else np.array(like) + rng.normal(0, 5, 3)
        wall = (make or textures.plaster)(rng, colour)
        whole = make in (None, textures.halves)
        repeat = (1.0, 1.0) if whole else (2 * _HALF_WIDTH_M, high)
        self.slab((0.0, 0.0, high / 2), 2 * _HALF_WIDTH_M, high, picture=wall, repeat=repeat)
        side = (wall * rng.uniform(0.86, 0.97)).astype(np.uint8)
        for sign in (-1.0, 1.0):
            centre = self.at(sign * _HALF_WIDTH_M, self._wall_y - 4.0, high / 2)
            half = self.at(0, -sign * 4.0, 0), UP * high / 2
            self.slabs.append(Slab(centre, *half, side, repeat=repeat))
        if rng.random() < 0.8:
            skirting = np.full((4, 4, 3), 238 if rng.random() < 0.7 else 90, dtype=np.uint8)
            self.slab((0.0, -0.012, 0.045), 2 * _HALF_WIDTH_M, 0.09, picture=skirting)

    def floor(self) -> None:
        """Lay the floor and put up the ceiling."""
        rng = self.rng
        makers = _FLOORS[self.kind]
        picture = makers[int(rng.integers(0, len(makers)))](rng, _colour(rng, FLOORS))
        centre = self.at(0.0, self._wall_y - 5.0, 0.0)
        across, along = self.at(5, 0, 0), self.at(0, 5, 0)
        if rng.random() < 0.5:
            across, along = along, -across
        self.slabs.append(Slab(centre, across, along, picture, repeat=(2.5, 2.5)))
        ceiling = self.at(0.0, self._wall_y - 4.0, self._ceiling_m)
        white = np.full((4, 4, 3), int(rng.uniform(185, 222)), dtype=np.uint8)
        half = self.at(5, 0, 0), self.at(0, -4, 0)
        self.slabs.append(Slab(ceiling, *half, white, glowing=True))

    def mat(self) -> None:
        """Lay something under the person: an exercise mat, a rug or nothing."""
        rng, kind = self.rng, self.rng.random()
        colour = rng.uniform(40, 190) + rng.uniform(-45, 45, 3)
        if kind < 0.38:
            picture, half = textures.foam(rng, colour), rng.uniform((0.29, 0.86), (0.42, 1.0))
            turn = rotation("z", float(rng.normal(0, 4)) + 90.0 * float(rng.random() < 0.15))
        elif kind < 0.58:
            picture, half = textures.rug(rng, colour), rng.uniform((0.6, 0.9), (1.0, 1.4))
            turn = self._axes @ rotation("z", float(rng.normal(0, 3)))
        elif kind < 0.66:
            picture, half = textures.puzzle(rng, colour), rng.uniform((0.9, 0.9), (1.2, 1.2))
            turn = self._axes
        else:
            return
        middle = np.array([rng.normal(0, 0.04), rng.normal(0, 0.06), _MAT_M])
        self.slabs.append(Slab(middle, turn[:, 0] * half[0], turn[:, 1] * half[1], picture))

    def furnish(self) -> None:
        """Put things along the back wall, from left to right, some places empty."""
        rng = self.rng
        things = [KINDS[self.kind][i] for i in rng.permutation(len(KINDS[self.kind]))]
        x, crowded = -3.6 + float(rng.uniform(-0.2, 0.5)), float(rng.uniform(0.35, 1.0))
        for thing in things:
            x += thing(self, x) if rng.random() < crowded else float(rng.uniform(0.3, 0.9))
            x += float(rng.uniform(0.08, 0.45))
            if x > 3.0:
                break


def _colour(rng: np.random.Generator, among: tuple[tuple[int, int, int], ...]) -> FloatArray:
    base = np.array(among[int(rng.integers(0, len(among)))], dtype=np.float64)
    return base * rng.uniform(0.88, 1.06) + rng.normal(0, 5, 3)


def furnish_room(
    rng: np.random.Generator,
    camera_azimuth_deg: float,
    clear_m: float = 0.6,
    like: tuple[int, int, int] | None = None,
) -> Room:
    """Return a room behind the person, as seen from the camera.

    Parameters
    ----------
    rng
        Where chance comes from.
    camera_azimuth_deg
        As in `benchmarks.rendering.camera.VIEWS`.
    clear_m
        How far from the origin nothing stands, behind the person.
    like
        Red, green and blue that the walls nearly have, so that clothes of that colour hardly
        stand out; None for any.
    """
    facing = camera_azimuth_deg + float(rng.uniform(-22, 22))
    # Sofas are deep, and walls turned.
    behind = max(float(rng.uniform(1.5, 2.6)), clear_m + 1.1)
    builder = Builder(rng, facing, behind)
    builder.walls(like)
    builder.floor()
    builder.mat()
    builder.furnish()
    side = builder.at(float(rng.choice((-1.0, 1.0)) * rng.uniform(0.5, 1.1)), -0.8, 1.3)
    return Room(
        tuple(builder.slabs), tuple(builder.blocks), side, float(np.clip(rng.normal(0, 0.5), -1, 1))
    )
