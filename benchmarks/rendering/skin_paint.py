"""Paints a body's texture: skin, face, hair and clothes, by place on the template body.

A texture coordinate belongs to one place on the template; whatever is decided there (is
this the sleeve?) holds for every body and every pose. Clothes cut to the body share it.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.rendering.body import Template
from benchmarks.rendering.coverage import (
    Places,
    beard_cover,
    bottom_cover,
    hair_cover,
    scarf_cover,
    sock_cover,
    top_cover,
    vest_cover,
)
from benchmarks.rendering.outfit import Colour, Outfit
from benchmarks.rendering.rig import FloatArray

Texels = tuple[NDArray[np.int64], NDArray[np.int64]]
"""Rows and columns of the texels that the body uses."""

SIZE = 1024
"""Width and height of the texture."""

_PAST_M = -0.004
"""Cloth is painted a little beyond its edge, where its seam is turned in."""


class Painter:
    """Knows which place each texel shows; paints any outfit on it."""

    def __init__(self, template: Template, vertices: Places) -> None:
        self._texels, values = _spread(template, vertices.columns)
        self._places = Places.of(values)
        self._lips = _mask(template.lips)[self._texels]
        self._eye_m = template.heads_m[template.bones.index("eye.L")]

    def paint(self, outfit: Outfit, rng: np.random.Generator) -> NDArray[np.uint8]:
        """Return the texture, (SIZE, SIZE, 3) RGB, its first row at v = 1."""
        clouds = _clouds(rng, self._texels)[:, None]
        colour = self._skin(outfit, clouds)
        self._grow(colour, outfit, clouds, rng)
        for inside, cloth in self._layers(outfit):
            covered = inside > _PAST_M
            weave = (0.90 + 0.2 * clouds[covered]) * rng.normal(1.0, 0.025, (covered.sum(), 1))
            colour[covered] = cloth[covered] * weave
        return self._fill(np.clip(colour, 0, 255))

    def _layers(self, outfit: Outfit) -> list[tuple[FloatArray, FloatArray]]:
        """Return clothes from the skin outwards: how far inside places are, and colours."""
        places = self._places
        bottom = bottom_cover(places, outfit), self._bottom(outfit)
        top = top_cover(places, outfit), self._top(outfit)
        layers = [(sock_cover(places, outfit), self._plain(outfit.sock_colour))]
        layers += [top, bottom] if outfit.tucked else [bottom, top]
        if outfit.top == "vest":
            layers.append((vest_cover(places), self._vest(outfit)))
        if outfit.headwear == "scarf":
            layers.append((scarf_cover(places) + 0.008, self._plain(outfit.top_other)))
        if outfit.headwear == "band":
            layers.append((self._headband(), self._plain(outfit.top_other)))
        return layers

    # Skin and hair

    def _skin(self, outfit: Outfit, clouds: FloatArray) -> FloatArray:
        x, y, z = self._places.xyz.T
        colour = np.array(outfit.skin, dtype=np.float64) * (0.95 + 0.1 * clouds)
        red = np.array((1.0, 0.80, 0.78))
        cheek = np.exp(-(((np.abs(x) - 0.04) / 0.02) ** 2) - ((z - 0.69) / 0.02) ** 2)
        cheek *= (y < -0.06) & (self._places.head > 0.8)
        colour *= 1 - (1 - red) * (0.35 * cheek + 0.9 * self._lips)[:, None]
        brow = (np.abs(z - 0.7485 + 0.15 * np.abs(np.abs(x) - 0.03)) < 0.0045) & (y < -0.09)
        brow &= np.abs(np.abs(x) - 0.034) < 0.019
        colour[brow] = 0.8 * np.array(outfit.hair)
        eye = self._places.eye > 0.5
        to_iris = np.hypot(np.abs(x) - self._eye_m[0], z - self._eye_m[2])
        colour[eye] = (232, 230, 226)
        colour[eye & (to_iris < 0.0065) & (y < self._eye_m[1])] = (62, 42, 30)
        return colour

    def _grow(
        self, colour: FloatArray, outfit: Outfit, clouds: FloatArray, rng: np.random.Generator
    ) -> None:
        """Let hair and beard grow."""
        strands = rng.normal(1.0, 0.13, (len(colour), 1)) * (0.8 + 0.4 * clouds)
        hair = np.array(outfit.hair) * strands
        thin = 0.5 if outfit.hair_style in ("buzz", "bald") else 0.0
        grown = (hair_cover(self._places, outfit) > 0) & (self._places.ear < 0.5)
        colour[grown] = (1 - thin) * hair[grown] + thin * colour[grown]
        if outfit.beard != "none":
            thin = {"stubble": 0.72, "short": 0.35, "full": 0.1}[outfit.beard]
            share = np.clip(beard_cover(self._places, outfit) / 0.006, 0, 1) * (1 - thin)
            share = (share * (1 - self._lips) * (1 - self._places.ear))[:, None]
            colour += share * (hair - colour)

    def _headband(self) -> FloatArray:
        _, y, z = self._places.xyz.T
        high = 0.772 - 0.25 * (y + 0.06)
        return np.where(self._places.head > 0.6, 0.016 - np.abs(z - high), -1.0)

    # Clothes

    def _plain(self, colour: Colour) -> FloatArray:
        return np.tile(np.array(colour, dtype=np.float64), (len(self._places.arm), 1))

    def _top(self, outfit: Outfit) -> FloatArray:
        x, y, z = self._places.xyz.T
        arm, pattern = self._places.arm, outfit.top_pattern
        other = np.zeros(len(x), dtype=bool)
        if pattern == "band":
            other = np.abs(z - 0.36) < 0.035
        elif pattern == "stripes":
            along = np.where(arm >= 0, arm * 0.24, z)
            other = along % 0.06 < 0.025
        elif pattern == "logo":
            other = (np.abs(z - 0.36) < 0.03) & (np.abs(x) < 0.07) & (y < -0.05)
            other &= (np.abs(x) + 2 * np.abs(z - 0.36)) % 0.045 < 0.03
        elif pattern == "halves":
            other = np.where(arm >= 0, arm > 0.45, z < 0.30)
        elif pattern == "raglan":
            other = (arm >= 0) | (np.abs(x) > 0.13 + 0.5 * (0.5 - z)) & (z > 0.4)
        elif pattern == "zip":
            other = (np.abs(x) < 0.006) & (y < -0.02) & (z < 0.56)
        cloth = self._two(outfit.top_colour, outfit.top_other, other)
        return self._checked(cloth, outfit.top_other) if pattern == "checks" else cloth

    def _vest(self, outfit: Outfit) -> FloatArray:
        x, y, z = self._places.xyz.T
        quilted = self._two(outfit.top_other, outfit.top_colour, (np.abs(x) < 0.006) & (y < 0))
        seam = z % 0.065 < 0.006
        quilted[seam] *= 0.8
        return quilted

    def _bottom(self, outfit: Outfit) -> FloatArray:
        x, y, z = self._places.xyz.T
        pattern = outfit.bottom_pattern
        heights, outs, backs = (-0.745, -0.37, 0.05), (0.217, 0.155, 0.09), (0.0, -0.025, -0.02)
        side = np.arctan2(y - np.interp(z, heights, backs), np.abs(x) - np.interp(z, heights, outs))
        other = np.zeros(len(x), dtype=bool)
        if pattern == "side":
            other = np.abs(side) < 0.32
        elif pattern == "panels":
            other = (np.abs(side) < 0.9) | ((z < -0.42) & (z > -0.46))
        cloth = self._two(outfit.bottom_colour, outfit.bottom_other, other)
        return self._checked(cloth, outfit.bottom_other) if pattern == "checks" else cloth

    def _two(self, colour: Colour, other: Colour, where: NDArray[np.bool_]) -> FloatArray:
        cloth = self._plain(colour)
        cloth[where] = other
        return cloth

    def _checked(self, cloth: FloatArray, other: Colour) -> FloatArray:
        """Lay bands of another colour over and across."""
        x, y, z = self._places.xyz.T
        across = (np.abs(x) + 0.3 * y) % 0.07 < 0.028
        along = z % 0.07 < 0.028
        share = 0.45 * (across.astype(np.float64) + along)[:, None]
        mixed: FloatArray = cloth + share * (np.array(other) - cloth)
        return mixed

    def _fill(self, colour: FloatArray) -> NDArray[np.uint8]:
        """Return the picture, with the colours carried on a little past every seam."""
        image = np.zeros((SIZE, SIZE, 3), dtype=np.uint8)
        known = np.zeros((SIZE, SIZE), dtype=np.uint8)
        image[self._texels] = colour.astype(np.uint8)
        known[self._texels] = 1
        kernel = np.ones((3, 3), dtype=np.uint8)
        for _ in range(6):
            grown: Any = cv2.dilate(image, kernel)
            image = np.where(known[..., None] > 0, image, grown)
            known = np.asarray(cv2.dilate(known, kernel), dtype=np.uint8)
        return image


def _mask(picture: FloatArray) -> FloatArray:
    small: Any = cv2.resize(picture, (SIZE, SIZE), interpolation=cv2.INTER_AREA)
    return np.asarray(small)


def _clouds(rng: np.random.Generator, texels: Texels) -> FloatArray:
    """Return smooth noise per texel, 0 to 1."""
    coarse = np.zeros((SIZE, SIZE))
    for n, k in ((24, 2.0), (64, 3.0)):
        fine: Any = cv2.resize(rng.random((n, n)), (SIZE, SIZE), interpolation=cv2.INTER_CUBIC)
        coarse += np.asarray(fine) / k
    return np.clip(coarse[texels] / (1 / 2 + 1 / 3), 0, 1)


def _spread(template: Template, fields: FloatArray) -> tuple[Texels, FloatArray]:
    """Carry values from the vertices to every texel that the mesh uses.

    Returns
    -------
    texels, values
        (rows, columns) of the n texels, and their values (n, number of fields).
    """
    uv = template.uv[template.face_uv]  # (F, 3, 2)
    longest = np.linalg.norm(uv - np.roll(uv, 1, axis=1), axis=2).max(axis=1)
    steps = np.ceil(longest * SIZE * 1.5).astype(int) + 1
    texels = np.full(SIZE * SIZE, -1, dtype=np.int64)
    values = np.zeros((SIZE * SIZE, fields.shape[1]))
    for n in np.unique(steps):
        chosen = np.flatnonzero(steps == n)
        i, j = np.meshgrid(np.arange(n + 1), np.arange(n + 1), indexing="ij")
        inside = i + j <= n
        a, b = (i[inside] / n), (j[inside] / n)
        shares = np.stack([a, b, 1 - a - b], axis=1)  # (p, 3)
        at = np.einsum("pk,fkd->fpd", shares, uv[chosen]).reshape(-1, 2)
        column = np.clip((at[:, 0] * SIZE).astype(int), 0, SIZE - 1)
        row = np.clip(((1 - at[:, 1]) * SIZE).astype(int), 0, SIZE - 1)
        flat = row * SIZE + column
        texels[flat] = flat
        corner = fields[template.faces[chosen]]  # (f, 3, k)
        values[flat] = np.einsum("pk,fkd->fpd", shares, corner).reshape(-1, fields.shape[1])
    used = texels[texels >= 0]
    return np.unravel_index(used, (SIZE, SIZE)), values[used]  # type: ignore[return-value]
