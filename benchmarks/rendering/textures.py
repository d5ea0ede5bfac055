"""Pictures for floors, walls and mats, drawn from a seed."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
Floats = NDArray[np.float64]


def noise(rng: np.random.Generator, height: int, width: int, grains: tuple[int, ...]) -> Floats:
    """Return smooth noise (height, width) about 0, of unit spread, of several grain sizes."""
    total = np.zeros((height, width))
    for n in grains:
        coarse = rng.normal(size=(max(2, height // n), max(2, width // n)))
        fine: Any = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
        total += np.asarray(fine)
    return total / max(float(total.std()), 1e-9)


def planks(rng: np.random.Generator, colour: Floats) -> Picture:
    """Return a wooden floor, 4 m square."""
    size, rows = 1024, 24
    picture = np.empty((size, size, 3))
    grain = noise(rng, size, size // 8, (2, 3))
    grain = np.asarray(cv2.resize(grain.T, (size, size), interpolation=cv2.INTER_LINEAR))
    edges = np.linspace(0, size, rows + 1).astype(int)
    for top, bottom in pairwise(edges):
        cut = int(rng.integers(0, size))
        shades = rng.normal(1.0, 0.06, 3)
        board = np.where(np.arange(size) < cut, shades[0], shades[1])
        picture[top:bottom] = colour * board[None, :, None]
        picture[top : top + 1] *= 0.72
        picture[top:bottom, cut : cut + 2] *= 0.75
    picture *= 1 + 0.045 * grain[..., None]
    return _picture(picture)


def tiles(rng: np.random.Generator, colour: Floats) -> Picture:
    """Return a tiled floor, 4 m square."""
    size, count = 1024, int(rng.integers(7, 12))
    shade = rng.normal(1.0, 0.02, (count, count))
    picture = (
        colour
        * np.asarray(cv2.resize(shade, (size, size), interpolation=cv2.INTER_NEAREST))[..., None]
    )
    for edge in np.linspace(0, size - 3, count + 1).astype(int):
        picture[edge : edge + 3] *= 0.82
        picture[:, edge : edge + 3] *= 0.82
    return _picture(picture * (1 + 0.02 * noise(rng, size, size, (16, 64))[..., None]))


def carpet(rng: np.random.Generator, colour: Floats) -> Picture:
    """Return a carpet or a mat."""
    size = 512
    pile = 0.05 * noise(rng, size, size, (2, 3)) + 0.03 * noise(rng, size, size, (60,))
    return _picture(colour * (1 + pile[..., None]) * np.ones((size, size, 3)))


def plaster(rng: np.random.Generator, colour: Floats) -> Picture:
    """Return a painted wall, a little darker towards its foot."""
    height, width = 384, 512
    shade = np.linspace(1.03, 0.93, height)[:, None]
    rough = 1 + 0.010 * noise(rng, height, width, (3, 40, 160))
    return _picture(colour * (shade * rough)[..., None])


def herringbone(rng: np.random.Generator, colour: Floats) -> Picture:
    """Return a parquet of short boards laid in zigzags, 4 m square."""
    size, long, wide = 1024, 128, 32
    y, x = np.mgrid[0:size, 0:size]
    # Boards lie across where the stairs of the pattern go right, and along where they go up.
    step = (x // wide + y // wide) % (2 * long // wide)
    across = step < long // wide
    board = np.where(across, (x - y // wide * wide) // long, (y - x // wide * wide) // long)
    lane = np.where(across, y // wide, x // wide)
    shades = rng.normal(1.0, 0.07, (2, 64, 64))
    shade = shades[across.astype(int), lane % 64, board % 64]
    seam = np.where(across, y, x) % wide < 1
    picture = colour * (shade * np.where(seam, 0.78, 1.0))[..., None]
    return _picture(picture * (1 + 0.03 * _fine_noise(rng, size)[..., None]))


def _fine_noise(rng: np.random.Generator, size: int) -> Floats:
    """Return noise (size, size) that is made of a smaller one, laid side by side."""
    return np.tile(noise(rng, size // 4, size // 4, (2, 5)), (4, 4))


def chequered(rng: np.random.Generator, colour: Floats) -> Picture:
    """Return tiles of two colours, 4 m square."""
    count = 2 * int(rng.integers(4, 8))
    other = colour * rng.uniform(0.35, 0.75)
    return _squares(rng, colour, other, count, 0.85)


def puzzle(rng: np.random.Generator, colour: Floats) -> Picture:
    """Return square mats of foam, of one colour or two, 4 m square."""
    other = colour if rng.random() < 0.5 else rng.uniform(40, 200) + rng.uniform(-40, 40, 3)
    return _squares(rng, colour, other, 2 * int(rng.integers(3, 5)), 0.6)


def _squares(
    rng: np.random.Generator, colour: Floats, other: Floats, count: int, joint: float
) -> Picture:
    size = 768
    y, x = np.mgrid[0:size, 0:size] * count // size
    picture = np.where(((x + y) % 2)[..., None] > 0, colour, other)
    for edge in np.linspace(0, size - 2, count + 1).astype(int):
        picture[edge : edge + 2] *= joint
        picture[:, edge : edge + 2] *= joint
    return _picture(picture * (1 + 0.03 * noise(rng, size, size, (2, 60))[..., None]))


def concrete(rng: np.random.Generator, colour: Floats) -> Picture:
    """Return a bare floor with stains, 4 m square."""
    size = 512
    grey = colour.mean() * 0.7 + colour * 0.3
    cloud = 0.05 * noise(rng, size, size, (80, 35)) + 0.025 * noise(rng, size, size, (2, 6))
    return _picture(grey * (1 + cloud[..., None]))


def rubber(rng: np.random.Generator, colour: Floats) -> Picture:
    """Return a dark floor with specks, as gyms have, 4 m square."""
    size = 768
    picture = np.full((size, size, 3), rng.uniform(38, 70)) * (1, 1, 1.03)
    speck = rng.random((size // 2, size // 2)) < rng.uniform(0.01, 0.05)
    specks = np.kron(speck, np.ones((2, 2))) > 0
    picture[specks] = colour * rng.uniform(0.9, 1.3)
    return _picture(picture * (1 + 0.05 * noise(rng, size, size, (2, 4))[..., None]))


def turf(rng: np.random.Generator, colour: Floats) -> Picture:
    """Return artificial grass, 4 m square."""
    size = 768
    green = np.array((70.0, 118.0, 52.0)) * rng.uniform(0.75, 1.25) + 0.06 * colour
    blades = 0.16 * noise(rng, size, size // 4, (2, 3)).repeat(4, axis=1)
    return _picture(green * (1 + (blades + 0.06 * noise(rng, size, size, (3, 90)))[..., None]))


def vinyl(rng: np.random.Generator, colour: Floats) -> Picture:
    """Return a plain smooth floor, 4 m square."""
    return _picture(colour * (1 + 0.012 * noise(rng, 512, 512, (2, 50))[..., None]))


def rug(rng: np.random.Generator, colour: Floats) -> Picture:
    """Return a carpet with a border and stripes, diamonds or nothing in its middle."""
    high, wide = 512, 384
    y, x = np.mgrid[0:high, 0:wide]
    edge = np.minimum(np.minimum(x, wide - x), np.minimum(y, high - y))
    others = [rng.uniform(40, 230, 3) for _ in range(3)]
    picture = colour * np.ones((high, wide, 3))
    kind = rng.integers(0, 4)
    if kind == 1:
        picture[(y // int(rng.integers(12, 40))) % 2 > 0] = others[0]
    elif kind == 2:
        diamond = (np.abs((x % 96) - 48) + np.abs((y % 96) - 48)) // 16
        picture[diamond % 2 > 0] = others[0]
    elif kind == 3:
        picture[np.hypot((x - wide / 2) / 110, (y - high / 2) / 160) % 0.5 < 0.2] = others[0]
    if rng.random() < 0.7:
        picture[edge < 40] = others[1]
        picture[(edge > 14) & (edge < 22)] = others[2]
    return _picture(picture * (1 + 0.06 * noise(rng, high, wide, (2, 3))[..., None]))


def foam(rng: np.random.Generator, colour: Floats) -> Picture:
    """Return an exercise mat, some with a line down its middle or round its edge."""
    high, wide = 512, 192
    picture = colour * np.ones((high, wide, 3))
    y, x = np.mgrid[0:high, 0:wide]
    edge = np.minimum(np.minimum(x, wide - x), np.minimum(y, high - y))
    kind = rng.random()
    if kind < 0.2:
        picture[(edge > 8) & (edge < 11)] *= 0.7
    elif kind < 0.35:
        picture[np.abs(x - wide / 2) < 2] = 225
    elif kind < 0.45:
        picture[y % (high // 4) < 3] *= 0.75
    picture[edge < 3] *= 0.8
    return _picture(picture * (1 + 0.035 * noise(rng, high, wide, (2, 3))[..., None]))


def wallpaper(rng: np.random.Generator, colour: Floats) -> Picture:
    """Return wallpaper, 1 m square: stripes, dots, diamonds, leaves or waves."""
    size = 160
    y, x = np.mgrid[0:size, 0:size] / size
    count = int(rng.integers(3, 9))
    other = (
        colour * rng.uniform(0.72, 0.95)
        if rng.random() < 0.6
        else 0.5 * colour + rng.uniform(30, 115, 3)
    )
    u, v = (x * count) % 1 - 0.5, (y * count) % 1 - 0.5
    kind = rng.integers(0, 5)
    if kind == 0:
        where = u < rng.uniform(-0.3, 0.2)
    elif kind == 1:
        where = np.hypot(u, v) < rng.uniform(0.12, 0.3)
    elif kind == 2:
        where = (np.abs(u) + np.abs(v)) % 0.5 < rng.uniform(0.1, 0.25)
    elif kind == 3:
        where = (np.abs(u - 0.3 * np.sin(6.3 * v)) < 0.1) | (np.hypot(u * 2, v) < 0.2)
    else:
        where = (v + 0.25 * np.sin(6.283 * u)) % 0.5 < 0.2
    picture = np.where(where[..., None], other, colour * np.ones((size, size, 3)))
    return _picture(np.asarray(cv2.GaussianBlur(picture, (0, 0), 0.7)))


def bricks(rng: np.random.Generator, colour: Floats) -> Picture:
    """Return a brick wall, bare or painted, 1 m square."""
    size, rows, across = 240, 12, 4
    red = np.array((150.0, 84.0, 62.0)) * rng.uniform(0.8, 1.15)
    base = colour if rng.random() < 0.45 else red
    y, x = np.mgrid[0:size, 0:size] / size
    row = (y * rows).astype(int)
    along = x * across + 0.5 * (row % 2)
    shade = rng.normal(1.0, 0.06, (rows, across))[row, along.astype(int) % across]
    mortar = (along % 1 < 0.05) | ((y * rows) % 1 < 0.13)
    picture = base * np.where(mortar, 0.86 if base is colour else 1.15, shade)[..., None]
    return _picture(picture * (1 + 0.03 * noise(rng, size, size, (2, 4))[..., None]))


def boards(rng: np.random.Generator, colour: Floats) -> Picture:
    """Return a wall of upright boards, 1 m square."""
    size, count = 200, int(rng.integers(5, 12))
    wood = np.array((168.0, 126.0, 84.0)) * rng.uniform(0.6, 1.3)
    base = wood if rng.random() < 0.5 else colour
    x = np.arange(size) * count / size
    shade = rng.normal(1.0, 0.05, count)[x.astype(int)] * np.where(x % 1 < 0.05, 0.7, 1.0)
    return _picture(base * np.tile(shade, (size, 1))[..., None])


def tiled(rng: np.random.Generator, colour: Floats) -> Picture:
    """Return a wall of glazed tiles, 1 m square."""
    size, count = 200, int(rng.integers(5, 10))
    y, x = np.mgrid[0:size, 0:size] * count / size
    shade = rng.normal(1.0, 0.015, (count, count))[y.astype(int), x.astype(int)]
    joint = (x % 1 < 0.04) | (y % 1 < 0.04)
    return _picture(colour * (shade * np.where(joint, 0.88, 1.0))[..., None])


def halves(rng: np.random.Generator, colour: Floats) -> Picture:
    """Return a whole wall whose lower part is painted differently."""
    high, wide = 384, 16
    edge = int(high * rng.uniform(0.5, 0.68))
    picture = colour * np.ones((high, wide, 3))
    picture[edge:] = colour * rng.uniform(0.5, 0.9) + rng.normal(0, 18, 3)
    picture[edge : edge + 3] *= 0.85
    return _picture(picture)


def poster(rng: np.random.Generator) -> Picture:
    """Return a notice: a picture, and lines like text."""
    picture = np.full((128, 96, 3), rng.uniform(200, 250))
    picture[8:64, 8:88] = rng.uniform(40, 235, 3)
    for _ in range(3):
        centre = (int(rng.integers(16, 80)), int(rng.integers(16, 56)))
        blot = tuple(float(c) for c in rng.uniform(40, 240, 3))
        cv2.circle(picture, centre, int(rng.integers(5, 16)), blot, -1)
    for y in range(74, 120, 8):
        picture[y : y + 3, 8 : int(rng.integers(40, 88))] = rng.uniform(40, 120)
    return _picture(picture)


def painting(rng: np.random.Generator) -> Picture:
    """Return something to hang on a wall: soft blots of colour in a frame."""
    picture = np.full((96, 128, 3), rng.uniform(120, 230))
    for _ in range(9):
        centre = (int(rng.integers(0, 128)), int(rng.integers(0, 96)))
        axes = (int(rng.integers(8, 50)), int(rng.integers(6, 30)))
        blot = tuple(float(c) for c in rng.uniform(40, 240, 3))
        cv2.ellipse(picture, centre, axes, float(rng.uniform(0, 180)), 0, 360, blot, -1)
    picture = np.asarray(cv2.GaussianBlur(picture, (0, 0), 1.5))
    picture[:7], picture[-7:], picture[:, :7], picture[:, -7:] = (245,) * 4
    frame = rng.uniform(20, 110)
    picture[:4], picture[-4:], picture[:, :4], picture[:, -4:] = (frame,) * 4
    return _picture(picture)


def window(rng: np.random.Generator) -> Picture:
    """Return a window with bright weather behind it."""
    picture = np.linspace(1.0, 0.86, 128)[:, None, None] * np.array((238.0, 244.0, 250.0))
    picture = np.broadcast_to(picture, (128, 128, 3)) * (
        1 + 0.03 * noise(rng, 128, 128, (30,))[..., None]
    )
    for edge in (0, 61, 122):
        picture[:, edge : edge + 6] = 226
        picture[edge : edge + 6] = 226
    return _picture(picture)


def books(rng: np.random.Generator) -> Picture:
    """Return the front of a bookcase."""
    picture = np.full((256, 128, 3), (118.0, 92.0, 66.0)) * rng.uniform(0.6, 1.5)
    for shelf in range(5):
        top, left = 6 + shelf * 50, 5
        picture[top : top + 44, 5:123] *= 0.45
        while left < 108:
            width, tall = int(rng.integers(4, 11)), int(rng.integers(26, 42))
            picture[top + 44 - tall : top + 44, left : left + width] = rng.uniform(40, 225, 3)
            left += width + int(rng.random() < 0.15) * 12
    return _picture(picture)


def _picture(values: Floats) -> Picture:
    return np.clip(values, 0, 255).astype(np.uint8)
