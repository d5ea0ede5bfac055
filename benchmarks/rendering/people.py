"""Draws people's bodies from a seed."""

from __future__ import annotations

import numpy as np

from benchmarks.rendering.body import Shape


def draw_shape(rng: np.random.Generator) -> Shape:
    """Return an adult."""
    female = float(rng.random() < 0.5)
    race = rng.dirichlet((0.6, 0.6, 0.6))
    return Shape(
        female=float(np.clip(female + rng.normal(0, 0.08), 0, 1)),
        age=float(rng.uniform(0.62, 0.92)),
        stature_m=float(rng.normal(1.77 - 0.13 * female, 0.07)),
        weight=float(rng.uniform(0.28, 0.80)),
        muscle=float(rng.uniform(0.30, 0.75)),
        proportions=float(rng.uniform(0.35, 0.75)),
        african=float(race[0]),
        asian=float(race[1]),
        caucasian=float(race[2]),
    )
