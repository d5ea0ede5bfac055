"""What stands or hangs along a wall. Each thing is put at a place and tells how wide it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.rendering import textures
from benchmarks.rendering.rig import FloatArray

if TYPE_CHECKING:
    from benchmarks.rendering.room import Builder

Thing = Callable[["Builder", float], float]
"""Builder, how far right along the wall its left end is → its width, in metres."""

_GREEN = np.array((58.0, 112.0, 52.0))


def _wood(rng: np.random.Generator, low: float = 60, high: float = 220) -> FloatArray:
    return rng.uniform(low, high) * np.array((1.0, 0.85, 0.67)) + rng.normal(0, 4, 3)


def _paint(rng: np.random.Generator) -> FloatArray:
    """Return a colour that furniture comes in, mostly muted."""
    strength = rng.choice((12.0, 35.0, 70.0), p=(0.45, 0.35, 0.2))
    return rng.uniform(50, 205) + rng.uniform(-strength, strength, 3)


def bookcase(room: Builder, x: float) -> float:
    width, tall = 0.9, float(room.rng.uniform(1.3, 2.0))
    room.block(
        "box", (x + width / 2, -0.16, tall / 2), (width, 0.30, tall), _wood(room.rng, 60, 190)
    )
    front = textures.books(room.rng)
    room.slab((x + width / 2, -0.315, tall / 2), width, tall, picture=front)
    return width


def sofa(room: Builder, x: float) -> float:
    width, rng = float(room.rng.uniform(1.0, 2.0)), room.rng
    cloth = _paint(rng)
    room.block("box", (x + width / 2, -0.45, 0.22), (width, 0.8, 0.40), cloth)
    room.block("box", (x + width / 2, -0.13, 0.52), (width, 0.18, 0.55), cloth * 0.95)
    for end in (0.09, width - 0.09):
        room.block("box", (x + end, -0.45, 0.32), (0.18, 0.82, 0.60), cloth * 0.9)
    for at in rng.uniform(0.35, width - 0.35, int(rng.integers(0, 3))):
        room.block("ball", (x + float(at), -0.3, 0.55), (0.42, 0.16, 0.40), _paint(rng))
    hang(room, x + width / 2)
    return width


def plant(room: Builder, x: float) -> float:
    rng = room.rng
    room.block("ball", (x + 0.3, -0.35, 0.16), (0.34, 0.34, 0.40), _paint(rng) * 1.15)
    green = _GREEN * rng.uniform(0.7, 1.3)
    high, wide = rng.uniform(0.45, 1.0), rng.uniform(0.10, 0.20)
    for _ in range(int(rng.integers(10, 24))):
        spot = rng.normal((x + 0.3, -0.35, high), (wide, 0.10, 0.27 * high))
        size = rng.uniform((0.05, 0.05, 0.18), (0.16, 0.12, 0.42))
        room.block(
            "ball",
            (float(spot[0]), min(float(spot[1]), -0.08), max(0.3, float(spot[2]))),
            (float(size[0]), float(size[1]), float(size[2])),
            green * rng.uniform(0.7, 1.3),
        )
    return 0.6


def sideboard(room: Builder, x: float) -> float:
    width, wood = 1.3, _wood(room.rng, 70, 230)
    room.block("box", (x + width / 2, -0.22, 0.42), (width, 0.42, 0.62), wood)
    for end in (0.08, width - 0.08):
        room.block("box", (x + end, -0.22, 0.06), (0.05, 0.36, 0.12), wood * 0.5)
    for edge in (1 / 3, 2 / 3):
        room.block("box", (x + width * edge, -0.435, 0.42), (0.012, 0.01, 0.56), wood * 0.6)
    if room.rng.random() < 0.6:
        room.block("ball", (x + 0.25, -0.2, 0.94), (0.24, 0.24, 0.22), np.array((250.0, 240, 214)))
        room.block("box", (x + 0.25, -0.2, 0.79), (0.03, 0.03, 0.14), wood * 0.4)
    hang(room, x + width * 0.65)
    return width


def door(room: Builder, x: float) -> float:
    paint = room.rng.uniform(170, 245) * np.array((1.0, 0.98, 0.95))
    if room.rng.random() < 0.35:
        paint = _wood(room.rng, 90, 200)
    room.block("box", (x + 0.5, 0.0, 1.03), (0.98, 0.06, 2.08), paint * 0.9)
    room.block("box", (x + 0.5, -0.02, 1.0), (0.86, 0.06, 2.0), paint)
    room.block("ball", (x + 0.83, -0.08, 1.02), (0.11, 0.05, 0.03), paint * 0.5)
    return 1.0


def window(room: Builder, x: float) -> float:
    rng = room.rng
    width, high = float(rng.uniform(0.9, 1.6)), float(rng.uniform(1.0, 1.35))
    room.slab((x + width / 2, -0.01, 1.5), width, high, picture=textures.window(rng), glowing=True)
    if rng.random() < 0.7:
        cloth = rng.uniform(90, 225) + rng.uniform(-45, 45, 3)
        for end in (-0.08, width + 0.08):
            room.block("box", (x + end, -0.06, 1.4), (0.24, 0.08, 1.75), cloth)
    elif rng.random() < 0.6:
        room.block("box", (x + width / 2, -0.06, 0.45), (width * 0.9, 0.10, 0.6), np.full(3, 228.0))
    return width


def television(room: Builder, x: float) -> float:
    width, wood = 1.5, _wood(room.rng)
    room.block("box", (x + width / 2, -0.22, 0.25), (width, 0.40, 0.42), wood)
    room.block("box", (x + width / 2, -0.20, 0.84), (1.15, 0.05, 0.66), np.full(3, 22.0))
    room.block("box", (x + width / 2, -0.20, 0.49), (0.4, 0.16, 0.05), np.full(3, 30.0))
    return width


def lamp(room: Builder, x: float) -> float:
    metal = np.full(3, room.rng.uniform(30, 200))
    room.block("box", (x + 0.2, -0.3, 0.75), (0.025, 0.025, 1.5), metal)
    room.block("box", (x + 0.2, -0.3, 0.01), (0.26, 0.26, 0.02), metal)
    room.block("ball", (x + 0.2, -0.3, 1.58), (0.36, 0.36, 0.30), np.array((248.0, 238, 214)))
    return 0.4


def desk(room: Builder, x: float) -> float:
    rng, width = room.rng, 1.3
    wood, dark = _wood(rng), np.full(3, 28.0)
    room.block("box", (x + width / 2, -0.33, 0.73), (width, 0.62, 0.035), wood)
    for end in (0.05, width - 0.05):
        room.block("box", (x + end, -0.33, 0.36), (0.04, 0.56, 0.70), wood * 0.8)
    room.block("box", (x + 0.6, -0.16, 1.02), (0.58, 0.03, 0.36), dark)
    room.block("box", (x + 0.6, -0.16, 0.80), (0.05, 0.05, 0.14), dark)
    for k in range(int(rng.integers(1, 5))):
        room.block("box", (x + 1.1, -0.3, 0.77 + 0.035 * k), (0.2, 0.27, 0.03), _paint(rng))
    cloth = _paint(rng)
    room.block("box", (x + 0.6, -0.78, 0.45), (0.44, 0.42, 0.07), cloth)
    room.block("box", (x + 0.6, -0.98, 0.78), (0.42, 0.06, 0.5), cloth)
    room.block("box", (x + 0.6, -0.78, 0.22), (0.05, 0.05, 0.42), dark)
    return width


def bed(room: Builder, x: float) -> float:
    rng, width = room.rng, 1.9
    wood, cloth = _wood(rng), _paint(rng)
    room.block("box", (x + width / 2, -0.48, 0.16), (width, 0.92, 0.24), wood)
    room.block("box", (x + width / 2, -0.48, 0.37), (width - 0.06, 0.9, 0.2), np.full(3, 226.0))
    room.block("box", (x + width * 0.62, -0.48, 0.43), (width * 0.7, 0.94, 0.12), cloth)
    room.block("ball", (x + 0.28, -0.48, 0.52), (0.42, 0.68, 0.16), np.full(3, 236.0))
    hang(room, x + width / 2)
    return width


def wardrobe(room: Builder, x: float) -> float:
    rng, tall = room.rng, float(room.rng.uniform(1.8, 2.25))
    doors = int(rng.integers(2, 4))
    width, paint = (
        0.5 * doors,
        _wood(rng) if rng.random() < 0.5 else np.full(3, rng.uniform(190, 240)),
    )
    room.block("box", (x + width / 2, -0.29, tall / 2), (width, 0.56, tall), paint)
    for k in range(1, doors):
        room.block("box", (x + 0.5 * k, -0.573, tall / 2), (0.012, 0.01, tall - 0.1), paint * 0.6)
        room.block("box", (x + 0.5 * k - 0.05, -0.58, 1.0), (0.02, 0.02, 0.14), paint * 0.4)
    return width


def clothes_rail(room: Builder, x: float) -> float:
    rng, width = room.rng, 1.1
    metal = np.full(3, rng.uniform(40, 200))
    room.block("box", (x + width / 2, -0.3, 1.55), (width, 0.025, 0.025), metal)
    for end in (0.02, width - 0.02):
        room.block("box", (x + end, -0.3, 0.78), (0.025, 0.025, 1.55), metal)
    at = 0.1
    while at < width - 0.1:
        long = float(rng.uniform(0.6, 1.05))
        room.block("box", (x + at, -0.3, 1.5 - long / 2), (0.05, 0.38, long), _paint(rng) * 1.1)
        at += float(rng.uniform(0.07, 0.16))
    return width


def boxes(room: Builder, x: float) -> float:
    rng = room.rng
    card = np.array((178.0, 138.0, 96.0))
    for at in (0.28, 0.8):
        top = 0.0
        for _ in range(int(rng.integers(1, 4))):
            size = rng.uniform((0.36, 0.32, 0.22), (0.52, 0.48, 0.42))
            shade = card * rng.uniform(0.75, 1.15) if rng.random() < 0.7 else _paint(rng)
            middle = (x + at + float(rng.normal(0, 0.02)), -0.32, top + float(size[2]) / 2)
            room.block("box", middle, (float(size[0]), float(size[1]), float(size[2])), shade)
            top += float(size[2])
    return 1.1


def kitchen(room: Builder, x: float) -> float:
    rng, width = room.rng, float(room.rng.choice((1.8, 2.4)))
    front = _wood(rng) if rng.random() < 0.4 else np.full(3, rng.uniform(170, 242)) * (1, 1, 0.97)
    room.block("box", (x + width / 2, -0.3, 0.44), (width, 0.58, 0.86), front)
    room.block("box", (x + width / 2, -0.3, 0.89), (width, 0.62, 0.04), _wood(rng, 40, 200))
    room.block("box", (x + width / 2, -0.18, 1.75), (width, 0.34, 0.66), front * 0.97)
    for k in range(1, round(width / 0.6)):
        for z, y, high in ((0.46, -0.595, 0.78), (1.75, -0.355, 0.64)):
            room.block("box", (x + 0.6 * k, y, z), (0.012, 0.01, high), front * 0.65)
    room.block("box", (x + width + 0.32, -0.32, 0.92), (0.62, 0.62, 1.84), np.full(3, 232.0))
    room.block("box", (x + width + 0.08, -0.64, 1.1), (0.02, 0.03, 0.5), np.full(3, 150.0))
    return width + 0.66


def weights(room: Builder, x: float) -> float:
    """Put up a rack with dumbbells."""
    rng, width, dark = room.rng, 1.3, np.full(3, 40.0)
    for end in (0.04, width - 0.04):
        room.block("box", (x + end, -0.28, 0.5), (0.06, 0.45, 1.0), dark)
    for z in (0.25, 0.58, 0.92):
        room.block("box", (x + width / 2, -0.28, z), (width, 0.4, 0.04), dark * 1.4)
        shade = _paint(rng) if rng.random() < 0.5 else dark
        for at in np.arange(0.14, width - 0.1, 0.17):
            size = float(rng.uniform(0.09, 0.15))
            for y in (-0.38, -0.18):
                where = (x + float(at), y, z + 0.02 + size / 2)
                room.block("ball", where, (size, 0.10, size), shade)
            middle = (x + float(at), -0.28, z + 0.02 + size / 2)
            room.block("box", middle, (0.03, 0.16, 0.03), np.full(3, 150.0))
    return width


def wall_bars(room: Builder, x: float) -> float:
    width, wood = 0.95, _wood(room.rng, 150, 220)
    for end in (0.03, width - 0.03):
        room.block("box", (x + end, -0.08, 1.2), (0.05, 0.12, 2.4), wood * 0.9)
    for z in np.arange(0.2, 2.35, 0.17):
        room.block("box", (x + width / 2, -0.10, float(z)), (width - 0.1, 0.035, 0.035), wood)
    return width


def exercise_ball(room: Builder, x: float) -> float:
    size = float(room.rng.uniform(0.5, 0.72))
    room.block("ball", (x + size / 2, -0.42, size / 2), (size, size, size), _paint(room.rng) * 1.15)
    return size


def rolled_mats(room: Builder, x: float) -> float:
    for k in range(int(room.rng.integers(2, 5))):
        where = (x + 0.1 + 0.15 * k, -0.15, 0.31)
        room.block("ball", where, (0.13, 0.13, 0.66), _paint(room.rng) * 1.1)
    return 0.75


def notices(room: Builder, x: float) -> float:
    count = int(room.rng.integers(1, 4))
    for k in range(count):
        high = float(room.rng.uniform(1.35, 1.65))
        where = (x + 0.25 + 0.55 * k, -0.012, high)
        room.slab(where, 0.42, 0.58, picture=textures.poster(room.rng))
    return 0.55 * count


def radiator(room: Builder, x: float) -> float:
    width, white = float(room.rng.uniform(0.6, 1.2)), np.full(3, 232.0)
    room.block("box", (x + width / 2, -0.06, 0.42), (width, 0.06, 0.58), white)
    for at in np.arange(0.06, width, 0.09):
        room.block("box", (x + float(at), -0.095, 0.42), (0.05, 0.02, 0.54), white * 0.93)
    return width


def treatment_couch(room: Builder, x: float) -> float:
    width, cloth = 1.9, _paint(room.rng)
    room.block("box", (x + width / 2, -0.42, 0.72), (width, 0.68, 0.10), cloth)
    room.block("box", (x + 0.25, -0.42, 0.79), (0.44, 0.62, 0.08), cloth * 0.9)
    for end in (0.2, width - 0.2):
        room.block("box", (x + end, -0.42, 0.34), (0.06, 0.5, 0.68), np.full(3, 190.0))
    return width


def hang(room: Builder, x: float) -> float:
    """Hang up a picture, or none."""
    if room.rng.random() < 0.7:
        picture = textures.painting(room.rng)
        high = float(room.rng.uniform(1.45, 1.65))
        wide = float(room.rng.uniform(0.35, 0.9))
        room.slab((x, -0.015, high), wide, wide * 0.75, picture=picture)
    return 0.6


KINDS: Mapping[str, tuple[Thing, ...]] = {
    "living": (bookcase, sofa, plant, sideboard, door, window, television, lamp, radiator, sofa),
    "bedroom": (bed, desk, wardrobe, clothes_rail, window, door, notices, plant, radiator, lamp),
    "gym": (weights, wall_bars, boxes, rolled_mats, exercise_ball, notices, window, door, weights),
    "studio": (plant, window, rolled_mats, exercise_ball, window, door, radiator),
    "cellar": (boxes, door, weights, bookcase, boxes, wardrobe, notices),
    "clinic": (treatment_couch, notices, wardrobe, door, window, exercise_ball, desk, wall_bars),
    "kitchen": (kitchen, window, door, plant, notices, sideboard),
}
"""Kind of room → what can be in it."""
