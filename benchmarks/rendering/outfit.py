"""What a person looks like: skin, hair and clothes, drawn from a seed.

Everything is placed on the template body, so it fits every shape.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.rendering.body import Shape
from benchmarks.rendering.rig import FloatArray

Colour = tuple[int, int, int]
"""Red, green, blue, 0 to 255."""

SKINS: tuple[Colour, ...] = (
    (243, 208, 186),
    (232, 190, 162),
    (218, 170, 138),
    (196, 146, 112),
    (168, 118, 84),
    (134, 90, 62),
    (102, 66, 47),
    (74, 47, 35),
)
"""From the lightest to the darkest."""
HAIRS: Mapping[str, Colour] = {
    "black": (26, 22, 21),
    "dark brown": (52, 36, 27),
    "brown": (88, 60, 40),
    "fair": (158, 120, 76),
    "red": (132, 66, 36),
    "grey": (122, 119, 116),
    "white": (192, 190, 186),
}
_BARE_M, _SOCK_M, _SOLES_M = 0.0, 0.003, (0.014, 0.032)

_WOMENS_TOPS = {"tee": 0.30, "tank": 0.18, "long": 0.15, "hoodie": 0.09, "jumper": 0.10,
                "vest": 0.06, "bra": 0.12}  # fmt: skip
_MENS_TOPS = {"tee": 0.42, "tank": 0.13, "long": 0.12, "hoodie": 0.13, "jumper": 0.08,
              "vest": 0.06, "none": 0.04}  # fmt: skip
_WOMENS_BOTTOMS = {"leggings": 0.27, "capri": 0.07, "cycling": 0.09, "shorts": 0.09,
                   "joggers": 0.10, "straight": 0.08, "wide": 0.11, "skirt": 0.10,
                   "mini": 0.09}  # fmt: skip
_MENS_BOTTOMS = {"shorts": 0.27, "knee": 0.22, "joggers": 0.19, "straight": 0.13, "wide": 0.07,
                 "leggings": 0.06, "cycling": 0.06}  # fmt: skip
_WOMENS_HAIR = {"short": 0.10, "bob": 0.18, "long": 0.20, "tail": 0.22, "bun": 0.20,
                "curly": 0.08, "buzz": 0.02}  # fmt: skip
_MENS_HAIR = {"short": 0.52, "buzz": 0.26, "curly": 0.10, "tail": 0.04, "bun": 0.04,
              "bob": 0.04}  # fmt: skip


@dataclass(frozen=True)
class Outfit:
    """Clothes, hair and colours."""

    skin: Colour
    hair: Colour
    hair_style: str
    """``short``, ``buzz``, ``bald``, ``bun``, ``tail``, ``bob``, ``long``, ``curly``, ``afro``."""
    beard: str
    """``none``, ``stubble``, ``short`` or ``full``."""
    headwear: str
    """``none``, ``cap``, ``band`` or ``scarf``: one that hides hair and neck."""
    glasses: bool
    top: str
    """``tee``, ``tank``, ``long``, ``hoodie``, ``jumper``, ``vest`` (sleeveless jacket over long
    sleeves), ``bra`` or ``none``."""
    top_loose: float
    """0 tight to 1 loose."""
    top_hem_m: float
    """Height of its lower edge on the template body."""
    neck: str
    """``crew``, ``v`` or ``scoop``."""
    sleeve: float
    """Where the sleeve ends: 0 shoulder, 1 elbow, 2 wrist."""
    tucked: bool
    """Whether the top is inside the bottom."""
    top_colour: Colour
    top_other: Colour
    top_pattern: str
    """``plain``, ``band``, ``stripes``, ``logo``, ``halves``, ``checks``, ``raglan``, ``zip``."""
    bottom: str
    """``shorts``, ``knee``, ``cycling``, ``leggings``, ``capri``, ``joggers``, ``straight``,
    ``wide``, ``skirt`` or ``mini``."""
    bottom_loose: float
    """0 tight to 1 loose."""
    bottom_colour: Colour
    bottom_other: Colour
    bottom_pattern: str
    """``plain``, ``side`` (a stripe down each side), ``panels`` or ``checks``."""
    feet: str
    """``shoes``, ``socks`` or ``bare``."""
    shoe_colour: Colour
    sole_colour: Colour
    sock_colour: Colour
    sock_m: float
    """How far above the ankle they reach; 0 for none to be seen."""
    blends: str
    """``skin`` or ``wall``: what the top can hardly be told from; else ``no``."""

    @property
    def walls(self) -> Colour | None:
        """The colour of walls that the top can hardly be told from; None for any."""
        return self.top_colour if self.blends == "wall" else None


def draw_sole_m(rng: np.random.Generator) -> float:
    """Return how thick the soles are that someone stands on: shoes, socks or bare feet."""
    kind = rng.random()
    if kind < 0.22:
        return _BARE_M
    return _SOCK_M if kind < 0.32 else float(rng.uniform(*_SOLES_M))


def draw_outfit(rng: np.random.Generator, shape: Shape, sole_m: float) -> Outfit:
    """Return an outfit that goes with a person.

    Parameters
    ----------
    rng
        Where chance comes from.
    shape
        Who wears it.
    sole_m
        How thick the soles are: 0 for bare feet.
    """
    woman = shape.female > 0.5
    scarf = woman and bool(rng.random() < 0.10)
    top = _pick(rng, _WOMENS_TOPS if woman else _MENS_TOPS)
    bottom = _pick(rng, _WOMENS_BOTTOMS if woman else _MENS_BOTTOMS)
    if scarf:
        top = _pick(rng, {"long": 0.5, "jumper": 0.3, "hoodie": 0.2})
        bottom = _pick(rng, {"wide": 0.3, "joggers": 0.3, "straight": 0.3, "leggings": 0.1})
    skin = _skin(rng, shape.skin)
    blends = str(rng.choice(("no", "skin", "wall"), p=(0.80, 0.08, 0.12)))
    top_colour, bottom_colour = _colours(rng, skin, blends)
    tight = bottom in ("leggings", "capri", "cycling")
    return Outfit(
        skin=skin,
        hair=_hair_colour(rng, shape),
        hair_style=_hair_style(rng, shape),
        beard=_beard(rng, woman),
        headwear="scarf" if scarf else _pick(rng, {"none": 0.86, "cap": 0.09, "band": 0.05}),
        glasses=bool(rng.random() < 0.06 + 0.30 * (shape.age_years - 18) / 62),
        top=top,
        top_loose=float(rng.uniform(0, 1)),
        top_hem_m=_hem_m(rng, top, scarf),
        neck=_pick(rng, {"crew": 0.55, "v": 0.2, "scoop": 0.25 if woman else 0.08}),
        sleeve=_sleeve(rng, top, scarf),
        tucked=top in ("tee", "tank", "long")
        and not scarf
        and (bottom in ("skirt", "mini") or bool(rng.random() < 0.15)),
        top_colour=top_colour,
        top_other=_other(rng, top_colour),
        top_pattern=_top_pattern(rng, top),
        bottom=bottom,
        bottom_loose=float(rng.uniform(0, 1)),
        bottom_colour=bottom_colour,
        bottom_other=_other(rng, bottom_colour),
        bottom_pattern=_pick(
            rng,
            {"plain": 0.7, "side": 0.2, "panels": 0.15 * tight, "checks": 0.08 * (not tight)},
        ),
        **_feet(rng, sole_m),
        blends=blends,
    )


def _pick(rng: np.random.Generator, likely: Mapping[str, float]) -> str:
    shares = np.array(list(likely.values()), dtype=np.float64)
    return str(rng.choice(list(likely), p=shares / shares.sum()))


def _skin(rng: np.random.Generator, tone: float) -> Colour:
    """Return the colour of a skin tone, with a little more or less red and yellow."""
    at = tone * (len(SKINS) - 1)
    stops = np.array(SKINS, dtype=np.float64)
    colour = np.array([np.interp(at, np.arange(len(SKINS)), stops[:, k]) for k in range(3)])
    return _rgb(colour * (1 + rng.normal(0, 0.02) + rng.normal(0, 0.025, 3) * (0.4, 0.7, 1.0)))


def _colours(rng: np.random.Generator, skin: Colour, blends: str) -> tuple[Colour, Colour]:
    """Return the colours of top and bottom: nobody looks as if they wore no bottom."""
    top = _cloth(rng)
    if blends == "skin":
        # Somewhat lighter or darker, or it would look like no top at all.
        top = _rgb(np.array(skin) * rng.choice((0.82, 1.15)) + rng.normal(0, 4, 3))
    bottom = _like(rng, top) if rng.random() < 0.12 else _cloth(rng, dark=rng.random() < 0.65)
    while _apart(bottom, skin) < 120:
        bottom = _cloth(rng, dark=rng.random() < 0.65)
    return top, bottom


def _apart(colour: Colour, other: Colour) -> float:
    """Return how different two colours are, 0 to 765."""
    return float(np.abs(np.subtract(colour, other)).sum())


def _hair_colour(rng: np.random.Generator, shape: Shape) -> Colour:
    if rng.random() < np.clip((shape.age_years - 33) / 38, 0, 0.95):
        white = np.clip((shape.age_years - 45) / 40, 0.1, 0.8)
        return _varied(rng, HAIRS["white" if rng.random() < white else "grey"])
    light = float(np.clip(1 - 2.2 * shape.skin, 0, 1)) * (0.3 + 0.7 * shape.caucasian)
    likely = {"black": 1.2 - light, "dark brown": 0.6, "brown": 0.15 + light, "fair": light,
              "red": 0.25 * light}  # fmt: skip
    return _varied(rng, HAIRS[_pick(rng, likely)])


def _hair_style(rng: np.random.Generator, shape: Shape) -> str:
    if shape.female < 0.5 and rng.random() < np.clip((shape.age_years - 25) / 110, 0.02, 0.45):
        return "bald"
    styles = dict(_WOMENS_HAIR if shape.female > 0.5 else _MENS_HAIR)
    styles["afro"] = 0.35 * shape.african**2
    styles["curly"] *= 1 + 3 * shape.african
    return _pick(rng, styles)


def _beard(rng: np.random.Generator, woman: bool) -> str:
    if woman:
        return "none"
    return _pick(rng, {"none": 0.55, "stubble": 0.2, "short": 0.15, "full": 0.1})


def _hem_m(rng: np.random.Generator, top: str, scarf: bool) -> float:
    if top == "bra":
        return 0.305
    if scarf:
        return float(rng.uniform(-0.14, 0.0))
    cropped = top in ("tee", "tank") and rng.random() < 0.07
    return 0.17 if cropped else float(rng.uniform(-0.03, 0.065))


def _sleeve(rng: np.random.Generator, top: str, scarf: bool) -> float:
    if top in ("tank", "bra", "none"):
        return 0.0
    if top == "tee":
        return float(rng.uniform(0.35, 0.8))
    pushed_up = not scarf and rng.random() < 0.2
    return float(rng.uniform(0.95, 1.5)) if pushed_up else 1.95


def _top_pattern(rng: np.random.Generator, top: str) -> str:
    if top in ("bra", "none"):
        return "plain"
    if top == "vest":
        return "zip"
    likely = {"plain": 0.36, "logo": 0.14, "band": 0.10, "stripes": 0.12, "halves": 0.09,
              "checks": 0.08, "raglan": 0.10, "zip": 0.12 * (top == "hoodie")}  # fmt: skip
    return _pick(rng, likely)


def _feet(rng: np.random.Generator, sole_m: float) -> dict[str, Any]:
    """Return how the feet look on soles so thick."""
    feet = "bare" if sole_m == _BARE_M else "socks" if sole_m < _SOLES_M[0] else "shoes"
    dark = rng.random() < 0.4
    socks = (34, 34, 38) if dark else (232, 231, 226)
    if rng.random() < 0.2:
        socks = _cloth(rng)
    high = float(rng.choice((0.0, 0.05, 0.11, 0.19, 0.33), p=(0.3, 0.25, 0.2, 0.17, 0.08)))
    if feet == "socks":
        high = max(high, 0.04)
    sole = (236, 236, 232) if rng.random() < 0.7 else (58, 58, 60)
    shoes = _cloth(rng)
    if rng.random() < 0.35:
        shoes = (238, 238, 236) if rng.random() < 0.6 else (30, 30, 33)
    return {
        "feet": feet,
        "shoe_colour": shoes,
        "sole_colour": sole,
        "sock_colour": socks,
        "sock_m": 0.0 if feet == "bare" else high,
    }


def _cloth(rng: np.random.Generator, *, dark: bool = False) -> Colour:
    """Return a colour that clothes come in: greys, muted and some strong colours."""
    if rng.random() < 0.22:
        return _varied(rng, (30, 30, 34) if dark or rng.random() < 0.5 else (232, 231, 228))
    hue, value = rng.uniform(0, 6), rng.uniform(0.14, 0.45) if dark else rng.uniform(0.2, 0.92)
    strength = rng.choice((0.06, 0.3, 0.6), p=(0.35, 0.4, 0.25))
    ramp = np.clip(np.abs((hue + np.array((0.0, 4.0, 2.0))) % 6 - 3) - 1, 0, 1)
    return _rgb(255 * value * (1 - strength * (1 - ramp)))


def _other(rng: np.random.Generator, colour: Colour) -> Colour:
    """Return a colour to set off against another."""
    if rng.random() < 0.5:
        return (236, 236, 234) if sum(colour) < 380 else (34, 34, 38)
    for _ in range(8):
        other = _cloth(rng)
        if _apart(other, colour) > 150:
            return other
    return (236, 236, 234) if sum(colour) < 380 else (34, 34, 38)


def _like(rng: np.random.Generator, colour: Colour) -> Colour:
    """Return a colour hardly to be told from another."""
    return _rgb(np.array(colour) * rng.uniform(0.92, 1.04) + rng.normal(0, 3, 3))


def _varied(rng: np.random.Generator, colour: Colour) -> Colour:
    return _rgb(np.array(colour) * rng.uniform(0.88, 1.1) + rng.normal(0, 2, 3))


def _rgb(values: FloatArray) -> Colour:
    red, green, blue = np.clip(values, 0, 255).astype(int)
    return int(red), int(green), int(blue)
