"""Pictures for floors, walls and rugs, drawn from a seed."""

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
