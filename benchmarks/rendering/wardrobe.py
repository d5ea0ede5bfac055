"""Dresses a body: clothes that are wider than it, shoes, hair."""

from __future__ import annotations

import zlib

import numpy as np

from benchmarks.rendering.body import Body
from benchmarks.rendering.cloth import Cloth, Cutter, hung, level_m
from benchmarks.rendering.coverage import (
    ANKLE_M,
    Places,
    beard_cover,
    bottom_cover,
    hair_cover,
    scarf_cover,
    top_cover,
    vest_cover,
)
from benchmarks.rendering.footwear import footwear
from benchmarks.rendering.hair import headdress
from benchmarks.rendering.mesh import Net, Piece, loft, normals
from benchmarks.rendering.outfit import Outfit
from benchmarks.rendering.rig import SIDES, FloatArray, Rig
from benchmarks.rendering.skirt import skirt

TIGHT = ("leggings", "capri", "cycling", "skirt", "mini")
"""Bottoms, or what is below them, as tight as skin."""
_CROTCH_M = -0.03

_HAIR_M = {"short": 0.016, "buzz": 0.004, "bald": 0.002, "bun": 0.011, "tail": 0.011, "bob": 0.012,
           "long": 0.012, "curly": 0.014, "afro": 0.014}  # fmt: skip
_BEARD_M = {"none": 0.0, "stubble": 0.0, "short": 0.004, "full": 0.012}


def dress(body: Body, places: Places, outfit: Outfit) -> list[Piece]:
    """Return the meshes of a dressed person, the body with what is tight on it first."""
    rng = np.random.default_rng(zlib.crc32(repr(outfit).encode()))
    cutter = Cutter(body, places)
    pieces = [_skin(body, places, outfit)]
    if outfit.bottom not in TIGHT:
        pieces.append(_bottom(cutter, places, outfit, rng, body))
    if outfit.bottom in ("skirt", "mini"):
        pieces.append(skirt(body, places, outfit))
    if outfit.top not in ("none", "bra"):
        pieces.append(_top(cutter, places, outfit, rng, body))
    if outfit.top == "vest":
        pieces.append(_vest(cutter, places, rng))
    if outfit.top == "hoodie" and outfit.headwear != "scarf":
        pieces.append(_hood(body, outfit))
    if outfit.headwear == "scarf":
        pieces.append(_scarf(cutter, places, rng))
    pieces += headdress(body, places, outfit, rng)
    for _, letter, _ in SIDES:
        pieces += footwear(body, outfit, letter)
    return pieces


def _skin(body: Body, places: Places, outfit: Outfit) -> Piece:
    """Return the body itself: tight clothes smooth it, hair and beard lie on it."""
    template = body.template
    inside = np.full(len(body.points_m), -1.0)
    if outfit.bottom in TIGHT:
        inside = np.maximum(inside, bottom_cover(places, outfit))
    if outfit.top == "bra":
        inside = np.maximum(inside, top_cover(places, outfit))
    outward = normals(body.points_m, template.faces)
    smooth = Net(template.faces, len(inside)).eased(body.points_m, 12)
    away = ((smooth - body.points_m) * outward).sum(axis=1)
    off = np.maximum(away, -0.012) * np.clip(inside / 0.03, 0, 1) + 0.002 * (inside > 0.004)
    if outfit.headwear == "scarf":
        off += np.maximum(away, -0.02) * np.clip(scarf_cover(places) / 0.02, 0, 1)
    else:
        hair = np.clip(hair_cover(places, outfit) / 0.012, 0, 1) * (1 - places.ear)
        off += _HAIR_M[outfit.hair_style] * hair
    beard = np.clip(beard_cover(places, outfit) / 0.015, 0, 1) * (1 - places.ear)
    off += _BEARD_M[outfit.beard] * beard
    points = body.points_m + off[:, None] * outward
    return Piece(
        "body",
        points,
        template.faces,
        body.weights,
        body.bones,
        uv=template.uv,
        face_uv=template.face_uv,
    )


def _top(
    cutter: Cutter, places: Places, outfit: Outfit, rng: np.random.Generator, body: Body
) -> Piece:
    inside = top_cover(places, outfit)
    if outfit.tucked:
        inside = np.minimum(inside, places.xyz[:, 2] - 0.09)
    cloth = cutter.cut(inside)
    z, arm = cloth.places.xyz[:, 2], cloth.places.arm
    loose = outfit.top_loose
    thick = {"hoodie": 0.012, "jumper": 0.010}.get(outfit.top, 0.0)
    ease = np.full(len(z), 0.006 + thick + 0.006 * loose)
    ease += (0.004 + 0.012 * loose) * np.clip((0.36 - z) / 0.3, 0, 1)
    sleeves = 0.005 + thick + 0.010 * loose * (outfit.top not in ("long", "vest"))
    ease = np.where(arm >= 0, sleeves + 0.004 * np.clip(arm, 0, 0.6), ease)
    if outfit.top in ("hoodie", "jumper"):
        # Ribs hold the cuffs, and the hem a little.
        ease *= np.where(arm >= 0, np.clip((outfit.sleeve - arm) / 0.15, 0.25, 1), 1)
        ease *= np.clip((z - outfit.top_hem_m) / 0.05, 0.4, 1)
    if outfit.tucked:
        ease *= np.clip((z - 0.085) / 0.05, 0.25, 1)
    if outfit.bottom in ("skirt", "mini") and not outfit.tucked:
        ease += np.where(arm < 0, 0.02 * np.clip((0.16 - z) / 0.04, 0, 1), 0.0)
    cloth = cloth.lifted(ease, 14)
    if outfit.top != "tank" or loose > 0.5:
        armpit = level_m(body.rig, body.template.heads_m, 0.41)
        slope = 0.75 - 0.6 * loose + 1.5 * outfit.tucked
        cloth = hung(cloth, arm < 0, armpit, slope)
    cloth = cloth.creased((0.0012 + 0.0022 * loose) * np.clip(ease / 0.015, 0.2, 1), rng)
    return cloth.off_skin(np.minimum(ease / 2, 0.004)).piece("top")


def _hood(body: Body, outfit: Outfit) -> Piece:
    """Return a hood that lies behind the neck, thinner towards the throat."""
    rig, turns = body.rig, 14
    size = float(np.linalg.norm(rig.head("head") - rig.head("spine01"))) / 0.265
    middle = rig.head("neck01") + np.array([0.0, -0.012, -0.012]) * size
    round_neck = np.radians(np.linspace(-40, 220, 28))
    round_tube = np.linspace(0, 2 * np.pi, turns, endpoint=False)
    behind = np.clip(np.sin(round_neck), -0.3, 1)
    thick = (0.003 + 0.035 * np.clip((behind + 0.3) / 1.3, 0, 1)) * size
    out = np.column_stack([np.cos(round_neck), np.sin(round_neck), 0 * round_neck])
    path = middle + out * (0.078 * size + 0.6 * thick[:, None])
    path[:, 2] -= 0.030 * size * np.clip(behind, 0, 1) + 0.025 * size * np.clip(-behind, 0, 1)
    across = np.cos(round_tube)[None, :, None] * out[:, None, :]
    up = np.sin(round_tube)[None, :, None] * np.array([0.0, 0.0, 1.25])
    rings = path[:, None] + thick[:, None, None] * (across + up)
    points = np.concatenate([rings.reshape(-1, 3), path[[0, -1]]])
    bones = np.full((len(points), 1), rig.index["spine01"])
    colour = np.array(outfit.top_colour) * 0.96
    return Piece(
        "hood",
        points,
        loft(len(rings), turns),
        np.ones((len(points), 1)),
        bones,
        np.tile(colour.astype(np.uint8), (len(points), 1)),
    )


def _vest(cutter: Cutter, places: Places, rng: np.random.Generator) -> Piece:
    cloth = cutter.cut(vest_cover(places))
    cloth = cloth.lifted(np.full(len(cloth.points_m), 0.030), 14)
    return cloth.creased(np.full(len(cloth.points_m), 0.003), rng).piece("vest", 0.012)


def _scarf(cutter: Cutter, places: Places, rng: np.random.Generator) -> Piece:
    cloth = cutter.cut(scarf_cover(places))
    z = cloth.places.xyz[:, 2]
    # Ears do not show through: it is stretched over them.
    smooth = cloth.net.eased(cloth.points_m, 80)
    outward = normals(smooth, cloth.sheet.faces)
    ease = np.interp(z, (0.47, 0.52, 0.62, 0.75), (0.016, 0.030, 0.030, 0.018))
    cloth = cloth.moved(smooth + ease[:, None] * outward)
    cloth = cloth.off_skin(np.interp(z, (0.735, 0.765), (-0.05, 0.008)))
    return cloth.creased(np.interp(z, (0.5, 0.68), (0.004, 0.0)), rng).piece("scarf")


def _bottom(
    cutter: Cutter, places: Places, outfit: Outfit, rng: np.random.Generator, body: Body
) -> Piece:
    cloth = cutter.cut(bottom_cover(places, outfit), divided=True)
    z = cloth.places.xyz[:, 2]
    ease = np.interp(z, (-0.2, 0.05, 0.10), (0.012, 0.009, 0.004)) + 0.005 * outfit.bottom_loose
    cloth = cloth.lifted(ease, 20)
    cloth = _widened(cloth, outfit, body)
    deep = 0.0015 + 0.003 * outfit.bottom_loose
    cloth = cloth.creased(deep * np.clip((0.08 - z) / 0.1, 0, 1), rng)
    cloth = cloth.off_skin(np.minimum(ease / 2, 0.004))
    return cloth.reweighted(_off_feet(cloth, body.rig)).piece("bottom")


def _off_feet(cloth: Cloth, rig: Rig) -> FloatArray:
    """Return the weights with those of the feet given to the shins: trousers do not bend there."""
    weights = cloth.weights.copy()
    for _, letter, _ in SIDES:
        feet = [
            i
            for i, name in enumerate(rig.names)
            if name.startswith(("foot", "toe")) and name.endswith(letter)
        ]
        weights[:, rig.index[f"lowerleg01.{letter}"]] += weights[:, feet].sum(axis=1)
        weights[:, feet] = 0.0
    return weights


def _widened(cloth: Cloth, outfit: Outfit, body: Body) -> Cloth:
    """Return trousers whose legs are tubes of a width of their own."""
    z = cloth.places.xyz[:, 2]
    points = cloth.points_m.copy()
    share = np.clip((_CROTCH_M - z) / 0.10, 0, 1)
    for _, letter, sign in SIDES:
        mine = (np.sign(cloth.places.xyz[:, 0]) == sign) & (z < _CROTCH_M)
        axis = _leg_axis(body, letter, z)
        away = points - axis
        away[:, 2] = 0.0
        radius = np.linalg.norm(away, axis=1)
        wide = np.interp(z, *_profile(outfit, z[mine], radius[mine]))
        push = np.maximum(0.0, wide - radius) * share / np.maximum(radius, 1e-6)
        points[mine] += (away * push[:, None])[mine]
        # The legs of one pair do not pass through each other.
        points[mine, 0] = sign * np.maximum(sign * points[mine, 0], 0.003)
    if outfit.bottom in ("straight", "wide"):
        ankle = float(body.rig.head("foot.L")[2])
        drop = np.clip((-0.5 - z) / (-0.5 - ANKLE_M), 0, 1) ** 2
        points[:, 2] -= drop * (ankle - 0.035 - 0.02 * outfit.bottom_loose)
    return cloth.moved(points)


def _leg_axis(body: Body, letter: str, z: FloatArray) -> FloatArray:
    """Return where a leg's axis is at heights on the template, (n, 3) at rest."""
    template, rig = body.template, body.rig
    names = [f"{bone}.{letter}" for bone in ("foot", "lowerleg01", "upperleg01")]
    heights = [float(template.heads_m[rig.index[name], 2]) for name in names]
    joints = np.stack([rig.head(name) for name in names])
    return np.stack([np.interp(z, heights, joints[:, k]) for k in range(3)], axis=1)


def _profile(
    outfit: Outfit, z: FloatArray, radius_m: FloatArray
) -> tuple[list[float], list[float]]:
    """Return heights on the template and how wide a leg's tube is there at least."""

    def girth(height: float) -> float:
        return float(np.percentile(radius_m[np.abs(z - height) < 0.04], 85))

    loose, thigh = outfit.bottom_loose, girth(-0.10)
    if outfit.bottom in ("shorts", "knee"):
        end = -0.22 if outfit.bottom == "shorts" else -0.345
        return [end, -0.05], [thigh * (0.98 + 0.04 * loose) + 0.020 * loose, thigh]
    knee, calf, ankle = girth(-0.37), girth(-0.48), girth(-0.69)
    if outfit.bottom == "wide":
        hem, bent = thigh * (0.95 + 0.25 * loose), thigh * (0.95 + 0.1 * loose)
        return [-0.73, -0.37, -0.05], [hem, bent, thigh]
    if outfit.bottom == "straight":
        hem = ankle + 0.022 + 0.015 * loose
        return [-0.73, -0.37, -0.05], [hem, (knee + thigh) / 2, thigh]
    cuff = ankle + 0.022 + 0.02 * loose
    return (
        [-0.715, -0.69, -0.655, -0.55, -0.37, -0.05],
        [
            ankle,
            ankle + 0.004,
            cuff,
            calf + 0.012 + 0.02 * loose,
            knee + 0.02 + 0.02 * loose,
            thigh,
        ],
    )
