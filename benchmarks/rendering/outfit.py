"""What a person looks like: skin, hair and clothes, drawn from a seed.

Everything is placed on the template body, so it fits every shape.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from benchmarks.rendering.body import SOLE_M, Shape

Colour = tuple[int, int, int]
"""Red, green, blue, 0 to 255."""

SKINS: tuple[Colour, ...] = (
    (236, 198, 174),
    (224, 180, 150),
    (205, 158, 124),
    (176, 126, 92),
    (138, 94, 66),
    (98, 64, 46),
)
HAIRS: tuple[Colour, ...] = (
    (28, 22, 20),
    (52, 36, 26),
    (92, 64, 42),
    (150, 112, 70),
    (128, 124, 120),
    (188, 186, 182),
)
TOPS = ("tee", "tank", "long")
BOTTOMS = ("shorts", "leggings", "trousers")
HAIR_STYLES = ("short", "buzz", "bun", "tail", "bald")


@dataclass(frozen=True)
class Outfit:
    """Clothes, hair and colours."""

    skin: Colour
    hair: Colour
    hair_style: str
    top: str
    top_colour: Colour
    top_pattern: str
    bottom: str
    bottom_colour: Colour
    shoe_colour: Colour
    sole_colour: Colour


def draw_sole_m(rng: np.random.Generator) -> float:
    """Return how thick the soles are that someone stands on."""
    return SOLE_M + float(rng.uniform(-0.006, 0.008))


def draw_outfit(rng: np.random.Generator, shape: Shape, sole_m: float) -> Outfit:
    """Return an outfit that goes with a person.

    Parameters
    ----------
    rng
        Where chance comes from.
    shape
        Who wears it.
    sole_m
        How thick the soles are.
    """
    del sole_m
    female = shape.female
    styles = ("short", "bun", "tail") if female > 0.5 else ("short", "buzz", "short", "bald")
    hair = HAIRS[int(rng.integers(0, 4))] if shape.age_years < 55 else HAIRS[int(rng.integers(4, 6))]
    bottoms = ("leggings", "leggings", "shorts") if female > 0.5 else ("shorts", "trousers")
    return Outfit(
        skin=SKINS[min(int(shape.skin * len(SKINS)), len(SKINS) - 1)],
        hair=hair,
        hair_style=str(rng.choice(styles)),
        top=str(rng.choice(TOPS, p=(0.6, 0.22, 0.18))),
        top_colour=_cloth(rng),
        top_pattern=str(rng.choice(("plain", "stripe", "logo"))),
        bottom=str(rng.choice(bottoms)),
        bottom_colour=_cloth(rng, dark=True),
        shoe_colour=_cloth(rng),
        sole_colour=(235, 235, 232) if rng.random() < 0.7 else (60, 60, 62),
    )


def _cloth(rng: np.random.Generator, *, dark: bool = False) -> Colour:
    """Return a colour that clothes come in: greys, muted and some strong colours."""
    hue, value = rng.uniform(0, 6), rng.uniform(0.14, 0.45) if dark else rng.uniform(0.2, 0.92)
    strength = rng.choice((0.05, 0.35, 0.7))
    ramp = np.clip(np.abs((hue + np.array((0.0, 4.0, 2.0))) % 6 - 3) - 1, 0, 1)
    red, green, blue = (255 * value * (1 - strength * (1 - ramp))).astype(int)
    return int(red), int(green), int(blue)
