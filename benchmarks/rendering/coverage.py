"""What covers which places of the body: clothes, hair, beard.

Every function returns, for places on the template body, how far inside something they are:
roughly in metres, positive inside. What is decided on the template holds for every body.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from benchmarks.rendering.body import Template
from benchmarks.rendering.outfit import Outfit
from benchmarks.rendering.rig import FloatArray, unit

ANKLE_M = -0.745
"""Height of the ankle's joint on the template."""
_WAIST_M = 0.105
_ARM_M = 0.24
"""Length of the upper arm or forearm on the template."""
_HEMS: Mapping[str, float] = {
    "mini": -0.13, "skirt": -0.25, "cycling": -0.21, "shorts": -0.22, "knee": -0.345,
    "capri": -0.50, "leggings": -0.70, "joggers": -0.715, "straight": -0.735, "wide": -0.735,
}  # fmt: skip
"""Where the legs of a garment end; for skirts, of what is worn below them."""


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
    ear: FloatArray
    """(n,) how much of an ear it is."""

    @property
    def columns(self) -> FloatArray:
        """(n, 8) all of it."""
        return np.column_stack([self.xyz, self.arm, self.head, self.foot, self.eye, self.ear])

    @classmethod
    def of(cls, columns: FloatArray) -> Places:
        """Return places from their columns."""
        return cls(columns[:, :3], *columns[:, 3:].T)


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
    hand = share("wrist", "finger", "metacarpal")
    fore = share("lowerarm") + hand
    where = np.where(fore > 0.5, 1 + np.clip(along[1], 0, 1), np.clip(along[0], 0, 1))
    where = np.where(hand > 0.6, 3.0, where)
    return Places(
        xyz=xyz,
        arm=np.where(share("upperarm") + fore > 0.3, where, -1.0),
        head=share("head", "neck", "eye"),
        foot=share("foot", "toe"),
        eye=share("eye"),
        ear=_ears(template),
    )


def _ears(template: Template) -> FloatArray:
    """Return how much of an ear each vertex is, (V,)."""
    uv = np.zeros((len(template.points_m), 2))
    uv[template.faces.ravel()] = template.uv[template.face_uv.ravel()]
    rows, columns = template.ears.shape
    row = np.clip((1 - uv[:, 1]) * rows, 0, rows - 1).astype(int)
    column = np.clip(uv[:, 0] * columns, 0, columns - 1).astype(int)
    ears: FloatArray = (template.ears[row, column] > 0.3) * 1.0
    return ears


def top_cover(places: Places, outfit: Outfit) -> FloatArray:
    """Return how far inside the top places are."""
    if outfit.top == "none":
        return np.full(len(places.arm), -1.0)
    z = places.xyz[:, 2]
    covered = np.minimum(z - outfit.top_hem_m, 0.02)
    if outfit.top in ("tank", "bra"):
        covered = np.minimum(covered, _armhole(places, 0.112))
    else:
        covered = np.minimum(covered, _sleeve(places, outfit.sleeve))
    return np.minimum(covered, _neckline(places, outfit))


def vest_cover(places: Places) -> FloatArray:
    """Return how far inside a sleeveless jacket places are."""
    z = places.xyz[:, 2]
    covered = np.minimum(np.minimum(z - 0.03, 0.02), _armhole(places, 0.142))
    return np.minimum(covered, -_round_neck(places, 0.078))


def bottom_cover(places: Places, outfit: Outfit) -> FloatArray:
    """Return how far inside shorts or trousers places are."""
    z = places.xyz[:, 2]
    covered = np.minimum(_WAIST_M - z, z - _HEMS[outfit.bottom])
    return np.where(places.arm < 0, covered, -0.02)


def sock_cover(places: Places, outfit: Outfit) -> FloatArray:
    """Return how far inside socks places are."""
    z = places.xyz[:, 2]
    covered = np.minimum(ANKLE_M + outfit.sock_m - z, 0.02)
    return np.where(places.arm < 0, covered, -0.02) if outfit.sock_m else covered - 1.0


def hair_cover(places: Places, outfit: Outfit) -> FloatArray:
    """Return how far inside the hair's edge places on the head are."""
    x, y, z = places.xyz.T
    line = 0.690 + 0.85 * (0.015 - y) - 1.6 * np.maximum(0.0, np.abs(x) - 0.055)
    high = 0.782 + (0.010 * np.cos(np.abs(x) * 60) if outfit.hair_style != "bald" else 0.0)
    line = np.where(y < -0.085, np.maximum(line, high), line)
    covered = z - line
    if outfit.hair_style == "bald":
        covered = np.minimum(covered, np.minimum(0.755 - z, y + 0.03))
    elif outfit.hair_style in ("long", "bob", "curly", "afro"):
        # Longer hair covers the temples and the nape too.
        side = np.minimum(z - 0.655, y + 0.055 + 0.35 * (z - 0.74))
        covered = np.maximum(covered, side)
    return np.where((places.head > 0.6) & (places.eye < 0.1), covered, -0.02)


def beard_cover(places: Places, outfit: Outfit) -> FloatArray:
    """Return how far inside the beard places on the face are."""
    x, y, z = places.xyz.T
    across = np.abs(x)
    jaw = 0.668 + 0.9 * np.maximum(0.0, across - 0.035) - z
    jaw = np.minimum(jaw, -0.035 - y - 0.2 * (z - 0.62))
    lip = np.minimum(np.minimum(0.684 - z, z - 0.660), 0.030 - across)
    if outfit.beard == "full":
        jaw += 0.006
    covered = np.maximum(jaw, np.where(y < -0.12, lip, -0.02))
    return np.where((places.head > 0.5) & (z > 0.60) & (y < -0.03), covered, -0.02)


def scarf_cover(places: Places) -> FloatArray:
    """Return how far inside a scarf round head and neck places are."""
    x, y, z = places.xyz.T
    oval = 1.0 - np.hypot(x / 0.062, (z - 0.712) / 0.078)
    face = np.where(y < -0.045, oval * 0.06, -0.02)
    covered = np.minimum(-face, np.minimum(z - (0.475 + 0.5 * np.maximum(0.0, y)), 0.03))
    covered = np.minimum(covered, np.where(z < 0.60, 0.135 - np.hypot(x, y + 0.03), 0.03))
    return np.where((places.arm < 0) & (places.eye < 0.1), covered, -0.02)


def _sleeve(places: Places, end: float) -> FloatArray:
    within = np.clip((end - places.arm) * _ARM_M, -0.03, 0.03)
    return np.where(places.arm < 0, 0.03, within)


def _armhole(places: Places, half_m: float) -> FloatArray:
    """Return how far from a hole for the arm, `half_m` from the middle, places are."""
    x, _, z = places.xyz.T
    corner_m = 0.035
    up = np.maximum(0.0, corner_m - (z - 0.385))
    out = np.maximum(0.0, corner_m - (np.abs(x) - half_m))
    covered = np.hypot(up, out) - corner_m
    return np.where(places.arm < 0, covered, -0.02)


def _round_neck(places: Places, radius_m: float) -> FloatArray:
    """Return how far inside a round hole for the neck places are."""
    x, y, z = places.xyz.T
    inside = radius_m + 0.35 * (z - 0.54) - np.hypot(x, y + 0.02)
    # It is higher behind than in front.
    hole: FloatArray = np.minimum(z - 0.505 - 0.9 * np.maximum(0.0, y + 0.03), inside)
    return np.where((places.head > 0.5) | (z > 0.6), 0.03, hole)


def _neckline(places: Places, outfit: Outfit) -> FloatArray:
    """Return how far from the hole for the head places are."""
    x, y, z = places.xyz.T
    tight = outfit.top in ("hoodie", "jumper")
    hole = _round_neck(places, 0.072 if tight else 0.088)
    front = np.where(y < -0.02, 0.0, -0.2)
    if outfit.top in ("tank", "bra"):
        hole = np.maximum(hole, 0.072 - np.hypot(x, (z - 0.53) * 0.8) + front)
        hole = np.maximum(hole, np.minimum(0.06 - np.abs(x), z - 0.44))
    elif outfit.neck == "v" and not tight:
        hole = np.maximum(hole, 0.5 * (z - 0.455) - np.abs(x) + front)
    elif outfit.neck == "scoop" and not tight:
        hole = np.maximum(hole, 0.082 - np.hypot(x, (z - 0.545) * 0.8) + front)
    return -hole
