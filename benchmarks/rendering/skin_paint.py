"""Paints a body's texture: skin, face, hair and clothes, by place on the template body.

A texture coordinate belongs to one place on the template; whatever is decided there (is
this the sleeve?) holds for every body and every pose.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.rendering.body import Template
from benchmarks.rendering.outfit import Outfit
from benchmarks.rendering.rig import FloatArray, unit

Mask = NDArray[np.bool_]

SIZE = 1024
"""Width and height of the texture."""

_SLEEVES = {"tee": 0.62, "tank": 0.04, "long": 1.97}
"""Where a sleeve ends: 0 shoulder, 1 elbow, 2 wrist."""
_HEMS = {"shorts": -0.27, "leggings": -0.70, "trousers": -0.745}
"""Height on the template where the legs of a garment end, in metres."""
_WAIST_M = 0.105
_SHIRT_HEM_M = 0.045


@dataclass(frozen=True)
class Places:
    """Where points are on the template body; n points."""

    xyz: FloatArray
    """(n, 3) metres."""
    arm: FloatArray
    """(n,) along the arm: below 0 trunk, 0 shoulder, 1 elbow, 2 wrist, 3 hand."""
    head: FloatArray
    """(n,) share of the head and neck in what moves the point."""
    foot: FloatArray
    """(n,) share of the foot."""
    eye: FloatArray
    """(n,) share of the eyeballs."""


def vertex_places(template: Template, weights: FloatArray, bones: NDArray[np.int64]) -> Places:
    """Return where the vertices of the template are."""

    def share(*starts: str) -> FloatArray:
        chosen = np.array([name.startswith(starts) for name in template.bones])
        total: FloatArray = (weights * chosen[bones]).sum(axis=1)
        return total

    head = {name: template.heads_m[i] for i, name in enumerate(template.bones)}
    xyz = template.points_m
    mirrored = xyz * np.where(xyz[:, :1] < 0, (-1.0, 1.0, 1.0), 1.0)
    joints = [head[f"{bone}.L"] for bone in ("upperarm01", "lowerarm01", "wrist")]
    along = [
        (mirrored - near) @ unit(far - near) / np.linalg.norm(far - near)
        for near, far in pairwise(joints)
    ]
    arm = np.where(share("lowerarm") + share("wrist", "finger", "metacarpal") > 0.5, 1.0, 0.0)
    where = np.where(arm > 0, 1 + np.clip(along[1], 0, 1), np.clip(along[0], -1, 1))
    hand = share("wrist", "finger", "metacarpal")
    where = np.where(hand > 0.6, 3.0, where)
    belongs = share("upperarm", "lowerarm") + hand
    return Places(
        xyz=xyz,
        arm=np.where(belongs > 0.3, where, -1.0),
        head=share("head", "neck", "eye"),
        foot=share("foot", "toe"),
        eye=share("eye"),
    )


def wears_top(places: Places, outfit: Outfit) -> Mask:
    """Return which points a shirt covers."""
    x, y, z = places.xyz.T
    neck = (z > 0.515) & (x**2 + (y + 0.02) ** 2 < (0.085 + 0.35 * (z - 0.54)) ** 2)
    if outfit.top == "tank":
        neck |= (z > 0.44) & (np.abs(x) < 0.075) & (places.head < 0.9)
        neck |= (z > 0.40) & (np.abs(x) > 0.125) & (places.arm < 0)
    covered: Mask = (z > _SHIRT_HEM_M) & (places.arm < _SLEEVES[outfit.top]) & ~neck
    covered &= places.head < 0.5
    return covered


def wears_bottom(places: Places, outfit: Outfit) -> Mask:
    """Return which points shorts or trousers cover."""
    z = places.xyz[:, 2]
    covered: Mask = (z < _WAIST_M) & (z > _HEMS[outfit.bottom]) & (places.arm < 0)
    return covered


def has_hair(places: Places, outfit: Outfit) -> Mask:
    """Return which points of the head hair grows on."""
    x, y, z = places.xyz.T
    line = 0.690 + 0.85 * (0.015 - y) - 1.6 * np.maximum(0.0, np.abs(x) - 0.055)
    line = np.where(y < -0.085, np.maximum(line, 0.782), line)
    grows: Mask = (z > line) & (places.head > 0.6) & (places.eye < 0.1)
    if outfit.hair_style == "bald":
        grows &= (z < 0.755) & (y > -0.03)
    return grows


class Painter:
    """Knows which place each texel shows; paints any outfit on it."""

    def __init__(self, template: Template, vertices: Places) -> None:
        self._lips = cv2.resize(template.lips, (SIZE, SIZE), interpolation=cv2.INTER_AREA)
        self._ears = cv2.resize(template.ears, (SIZE, SIZE), interpolation=cv2.INTER_AREA)
        fields = np.column_stack(
            [vertices.xyz, vertices.arm, vertices.head, vertices.foot, vertices.eye]
        )
        self._texels, values = _spread(template, fields)
        self._places = Places(values[:, :3], *values[:, 3:].T)
        self._eye_m = template.heads_m[template.bones.index("eye.L")]

    def paint(self, outfit: Outfit, rng: np.random.Generator) -> NDArray[np.uint8]:
        """Return the texture, (SIZE, SIZE, 3) RGB, its first row at v = 1."""
        places = self._places
        colour = self._skin(outfit, rng)
        clouds = _clouds(rng, self._texels)
        for covered, base, pattern in (
            (wears_bottom(places, outfit), outfit.bottom_colour, "plain"),
            (wears_top(places, outfit), outfit.top_colour, outfit.top_pattern),
        ):
            cloth = self._cloth(base, pattern, rng) * (0.90 + 0.2 * clouds[:, None])
            colour[covered] = cloth[covered]
        hair = has_hair(places, outfit)
        strands = rng.normal(1.0, 0.13, len(hair))[:, None] * (0.8 + 0.4 * clouds[:, None])
        thin = 0.5 if outfit.hair_style in ("buzz", "bald") else 0.0
        grown = np.array(outfit.hair) * strands * (1 - thin) + thin * colour
        on_ear = self._ears[self._texels] > 0.3
        colour[hair & ~on_ear] = grown[hair & ~on_ear]
        return self._fill(np.clip(colour, 0, 255))

    def _skin(self, outfit: Outfit, rng: np.random.Generator) -> FloatArray:
        x, y, z = self._places.xyz.T
        tone = np.array(outfit.skin, dtype=np.float64)
        colour = np.tile(tone, (len(x), 1)) * (0.95 + 0.1 * _clouds(rng, self._texels))[:, None]
        red = np.array((1.0, 0.80, 0.78))
        cheek = np.exp(-(((np.abs(x) - 0.04) / 0.02) ** 2) - ((z - 0.69) / 0.02) ** 2)
        cheek *= (y < -0.06) & (self._places.head > 0.8)
        lips = self._lips[self._texels]
        colour *= 1 - (1 - red) * (0.35 * cheek + 0.9 * lips)[:, None]
        brow = (np.abs(z - 0.7485 + 0.15 * np.abs(np.abs(x) - 0.03)) < 0.0045) & (y < -0.09)
        colour[brow & (np.abs(np.abs(x) - 0.034) < 0.019)] = np.array(outfit.hair) * 0.8
        eye = self._places.eye > 0.5
        to_iris = np.hypot(np.abs(x) - self._eye_m[0], z - self._eye_m[2])
        colour[eye] = (232, 230, 226)
        colour[eye & (to_iris < 0.0065) & (y < self._eye_m[1])] = (62, 42, 30)
        return colour

    def _cloth(
        self, base: tuple[int, int, int], pattern: str, rng: np.random.Generator
    ) -> FloatArray:
        x, y, z = self._places.xyz.T
        colour = np.tile(np.array(base, dtype=np.float64), (len(x), 1))
        other = np.array(base) * 0.4 + 0.6 * (255 if sum(base) < 380 else 20)
        if pattern == "stripe":
            colour[np.abs(z - 0.36) < 0.035] = other
        elif pattern == "logo":
            colour[(np.abs(z - 0.29) < 0.022) & (np.abs(x) < 0.06) & (y < -0.05)] = other
        return colour * rng.normal(1.0, 0.03, len(x))[:, None]

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


def _clouds(
    rng: np.random.Generator, texels: tuple[NDArray[np.int64], NDArray[np.int64]]
) -> FloatArray:
    """Return smooth noise per texel, 0 to 1."""
    coarse = sum(
        (
            np.asarray(cv2.resize(rng.random((n, n)), (SIZE, SIZE), interpolation=cv2.INTER_CUBIC))
            / k
            for n, k in ((24, 2.0), (64, 3.0))
        ),
        np.zeros((SIZE, SIZE)),
    )
    return np.clip(coarse[texels] / (1 / 2 + 1 / 3), 0, 1)


def _spread(
    template: Template, fields: FloatArray
) -> tuple[tuple[NDArray[np.int64], NDArray[np.int64]], FloatArray]:
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
