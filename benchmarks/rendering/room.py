"""A room round the person: floor, walls, some furniture, all from a seed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.rendering import textures
from benchmarks.rendering.rig import UP, FloatArray, rotation
from benchmarks.rendering.textures import Picture

_CEILING_M = 2.6
_HALF_WIDTH_M = 4.0

WALLS = ((226, 222, 212), (205, 214, 216), (214, 202, 184), (190, 200, 186), (232, 230, 228))
FLOORS = ((172, 128, 86), (140, 100, 66), (198, 166, 126), (150, 146, 140), (112, 92, 78))


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


class _Builder:
    """Collects things in a room whose back wall faces the camera."""

    def __init__(self, rng: np.random.Generator, facing_deg: float, behind_m: float) -> None:
        self.rng = rng
        self.turn_deg = facing_deg
        # Local axes: x to the right along the back wall, y away from the camera.
        self.axes = rotation("z", facing_deg)
        self.wall_y = behind_m
        self.slabs: list[Slab] = []
        self.blocks: list[Block] = []

    def at(self, x: float, y: float, z: float) -> FloatArray:
        where: FloatArray = self.axes @ np.array([x, y, z])
        return where

    def slab(
        self, centre: tuple[float, float, float], across: float, up: float, **more: Any
    ) -> None:
        """Add a rectangle on or parallel to the back wall."""
        self.slabs.append(Slab(self.at(*centre), self.at(across / 2, 0, 0), UP * up / 2, **more))

    def block(
        self,
        kind: str,
        centre: tuple[float, float, float],
        size: tuple[float, float, float],
        colour: FloatArray,
    ) -> None:
        shade = tuple(float(c) / 255 for c in np.clip(colour, 0, 255))
        self.blocks.append(
            Block(kind, self.at(*centre), np.array(size), self.turn_deg, shade)  # type: ignore[arg-type]
        )

    def walls(self) -> None:
        rng = self.rng
        wall = textures.plaster(rng, _colour(rng, WALLS))
        side = (wall * rng.uniform(0.86, 0.97)).astype(np.uint8)
        middle = (0.0, self.wall_y, _CEILING_M / 2)
        self.slab(middle, 2 * _HALF_WIDTH_M, _CEILING_M, picture=wall)
        for sign in (-1.0, 1.0):
            self.slabs.append(
                Slab(
                    self.at(sign * _HALF_WIDTH_M, self.wall_y - 4.0, _CEILING_M / 2),
                    self.at(0, -sign * 4.0, 0),
                    UP * _CEILING_M / 2,
                    side,
                )
            )
        skirting = np.full((4, 4, 3), 238, dtype=np.uint8)
        self.slab((0.0, self.wall_y - 0.012, 0.045), 2 * _HALF_WIDTH_M, 0.09, picture=skirting)

    def floor(self) -> None:
        rng = self.rng
        make = (textures.planks, textures.planks, textures.tiles, textures.carpet)[
            int(rng.integers(0, 4))
        ]
        picture = make(rng, _colour(rng, FLOORS))
        centre = self.at(0.0, self.wall_y - 5.0, 0.0)
        self.slabs.append(
            Slab(centre, self.at(5, 0, 0), self.at(0, 5, 0), picture, repeat=(2.5, 2.5))
        )
        ceiling = self.at(0.0, self.wall_y - 4.0, _CEILING_M)
        white = np.full((4, 4, 3), 212, dtype=np.uint8)
        half = self.at(5, 0, 0), self.at(0, -4, 0)
        self.slabs.append(Slab(ceiling, *half, white, glowing=True))
        if rng.random() < 0.55:
            mat = textures.carpet(rng, rng.uniform(45, 190) + rng.uniform(-35, 35, 3))
            turn = self.axes if rng.random() < 0.5 else np.eye(3)
            across, along = turn[:, 0] * rng.uniform(0.45, 0.9), turn[:, 1] * rng.uniform(0.8, 1.1)
            self.slabs.append(Slab(np.array([0, 0, 0.003]), across, along, mat))

    def furnish(self) -> None:
        """Put things along the back wall, from left to right, some places empty."""
        rng = self.rng
        things = [self._shelf, self._sofa, self._plant, self._board, self._door, self._window]
        rng.shuffle(things)
        x = -3.1 + rng.uniform(-0.3, 0.3)
        for thing in things:
            if rng.random() < 0.85:
                x += thing(x)
            x += rng.uniform(0.15, 0.5)
            if x > 3.2:
                break

    def _shelf(self, x: float) -> float:
        width, tall = 0.9, float(self.rng.uniform(1.3, 2.0))
        wood = self.rng.uniform(60, 190) * np.array((1.0, 0.82, 0.62))
        self.block("box", (x + width / 2, self.wall_y - 0.16, tall / 2), (width, 0.30, tall), wood)
        front = textures.books(self.rng)
        self.slab((x + width / 2, self.wall_y - 0.315, tall / 2), width, tall, picture=front)
        return width

    def _sofa(self, x: float) -> float:
        width = 1.7
        cloth = self.rng.uniform(50, 200, 3)
        y = self.wall_y - 0.45
        self.block("box", (x + width / 2, y, 0.22), (width, 0.8, 0.40), cloth)
        self.block("box", (x + width / 2, y + 0.32, 0.52), (width, 0.18, 0.55), cloth * 0.95)
        for end in (0.09, width - 0.09):
            self.block("box", (x + end, y, 0.32), (0.18, 0.82, 0.60), cloth * 0.9)
        pillow = self.rng.uniform(60, 230, 3)
        self.block("ball", (x + 0.45, y + 0.15, 0.55), (0.42, 0.16, 0.40), pillow)
        self._hang(x + width / 2)
        return width

    def _plant(self, x: float) -> float:
        y = self.wall_y - 0.35
        self.block("ball", (x + 0.3, y, 0.16), (0.34, 0.34, 0.40), self.rng.uniform(90, 220, 3))
        green = np.array((58.0, 112.0, 52.0)) * self.rng.uniform(0.7, 1.3)
        for _ in range(16):
            spot = self.rng.normal((x + 0.3, y, 0.85), (0.15, 0.10, 0.22))
            size = self.rng.uniform((0.05, 0.05, 0.18), (0.16, 0.12, 0.42))
            where = (float(spot[0]), min(float(spot[1]), self.wall_y - 0.08), float(spot[2]))
            shade = green * self.rng.uniform(0.7, 1.3)
            self.block("ball", where, (float(size[0]), float(size[1]), float(size[2])), shade)
        return 0.6

    def _board(self, x: float) -> float:
        width = 1.3
        wood = self.rng.uniform(70, 230) * np.array((1.0, 0.88, 0.72))
        self.block("box", (x + width / 2, self.wall_y - 0.22, 0.42), (width, 0.42, 0.62), wood)
        for end in (0.08, width - 0.08):
            self.block("box", (x + end, self.wall_y - 0.22, 0.06), (0.05, 0.36, 0.12), wood * 0.6)
        for edge in (0.33, 0.66):
            spot = (x + width * edge, self.wall_y - 0.435, 0.42)
            self.block("box", spot, (0.012, 0.01, 0.56), wood * 0.6)
        lamp = (x + 0.25, self.wall_y - 0.2, 0.94)
        self.block("ball", lamp, (0.24, 0.24, 0.22), np.array((250.0, 240.0, 214.0)))
        self.block("box", (lamp[0], lamp[1], 0.79), (0.03, 0.03, 0.14), wood * 0.4)
        self._hang(x + width * 0.65)
        return width

    def _door(self, x: float) -> float:
        paint = self.rng.uniform(170, 245) * np.array((1.0, 0.98, 0.95))
        self.block("box", (x + 0.5, self.wall_y, 1.03), (0.98, 0.06, 2.08), paint * 0.9)
        self.block("box", (x + 0.5, self.wall_y - 0.02, 1.0), (0.86, 0.06, 2.0), paint)
        self.block("ball", (x + 0.83, self.wall_y - 0.08, 1.02), (0.11, 0.05, 0.03), paint * 0.5)
        return 1.0

    def _window(self, x: float) -> float:
        width = float(self.rng.uniform(0.9, 1.3))
        pane = textures.window(self.rng)
        centre = (x + width / 2, self.wall_y - 0.01, 1.5)
        self.slab(centre, width, 1.2, picture=pane, glowing=True)
        cloth = self.rng.uniform(110, 235, 3)
        for end in (-0.08, width + 0.08):
            spot = (x + end, self.wall_y - 0.06, 1.4)
            self.block("box", spot, (0.24, 0.08, 1.75), cloth)
        return width

    def _hang(self, x: float) -> None:
        if self.rng.random() < 0.75:
            picture = textures.painting(self.rng)
            high = float(self.rng.uniform(1.45, 1.65))
            wide = float(self.rng.uniform(0.4, 0.8))
            self.slab((x, self.wall_y - 0.015, high), wide, wide * 0.75, picture=picture)


def _colour(rng: np.random.Generator, among: tuple[tuple[int, int, int], ...]) -> FloatArray:
    base = np.array(among[int(rng.integers(0, len(among)))], dtype=np.float64)
    return base * rng.uniform(0.88, 1.06) + rng.normal(0, 5, 3)


def furnish_room(rng: np.random.Generator, camera_azimuth_deg: float, clear_m: float = 0.6) -> Room:
    """Return a room behind the person, as seen from the camera.

    Parameters
    ----------
    rng
        Where chance comes from.
    camera_azimuth_deg
        As in `benchmarks.rendering.camera.VIEWS`.
    clear_m
        How far from the origin nothing stands, behind the person.
    """
    facing = camera_azimuth_deg + float(rng.uniform(-22, 22))
    # Sofas are deep, and walls turned.
    behind = max(float(rng.uniform(1.5, 2.6)), clear_m + 1.1)
    builder = _Builder(rng, facing, behind)
    builder.walls()
    builder.floor()
    builder.furnish()
    side = builder.at(float(rng.choice((-1.0, 1.0)) * rng.uniform(0.5, 1.1)), -0.8, 1.3)
    return Room(
        tuple(builder.slabs), tuple(builder.blocks), side, float(np.clip(rng.normal(0, 0.5), -1, 1))
    )
