"""Draws people's bodies from a seed: grown-ups of any sex, age, build and skin."""

from __future__ import annotations

import numpy as np

from benchmarks.rendering.body import Shape
from benchmarks.rendering.rig import FloatArray

YEARS = (18.0, 80.0)
"""Youngest and oldest."""
BMI = (17.0, 40.0)
"""Thinnest and heaviest, kg/m²; what the body model reaches is less for women."""

_STATURE_M = (1.765, 1.63)
"""Mean of men and women who are not yet 30."""
_SHRUNK_M = (0.05, 0.08)
"""What men and women lose from 30 to 80 years; by 70 it is 3/5 of it (Sorkin et al. 1999)."""

_BMIS = np.array(
    (
        (
            (14.7, 19.0, 23.9, 30.7, 38.7),
            (17.1, 19.8, 22.8, 26.4, 30.5),
            (19.8, 20.7, 21.7, 22.6, 23.6),
            (19.3, 20.2, 21.1, 23.7, 26.6),
            (18.7, 19.6, 20.6, 25.0, 30.2),
        ),
        (
            (12.5, 16.1, 20.4, 25.6, 31.3),
            (14.2, 16.7, 19.5, 22.6, 25.9),
            (16.1, 17.4, 18.7, 19.8, 21.0),
            (16.2, 17.3, 18.5, 20.2, 21.9),
            (16.3, 17.3, 18.4, 20.6, 23.0),
        ),
    )
)
"""Men and women of mean stature × muscle in quarters × weight in quarters → volume of the body
model, at 1010 kg/m³, over the square of its stature. Age, origin and proportions change it by 1
at most."""
_TALL = 0.85
"""The body model's index grows with this power of its stature."""
_QUARTERS = np.arange(5) / 4


def draw_shape(rng: np.random.Generator) -> Shape:
    """Return a grown-up: years and skin tones are spread evenly, sexes in halves."""
    woman = bool(rng.random() < 0.5)
    years = float(rng.uniform(*YEARS))
    stature_m = _stature_m(rng, woman, years)
    muscle, weight = _build(rng, woman, years, stature_m)
    tone = float(rng.random())
    african, asian, caucasian = _origin(rng, tone)
    return Shape(
        female=float(np.clip(woman + rng.normal(0, 0.08), 0, 1)),
        age_years=years,
        stature_m=stature_m,
        weight=weight,
        muscle=muscle,
        proportions=float(np.clip(rng.normal(0.55, 0.18), 0.1, 0.95)),
        bust=float(np.clip(rng.normal(0.5, 0.2), 0.05, 0.95)),
        african=african,
        asian=asian,
        caucasian=caucasian,
        skin=tone,
    )


def bmi(female: float, muscle: float, weight: float, stature_m: float) -> float:
    """Return about what body mass index a shape has, kg/m²; all parameters as in `Shape`."""
    return float(np.interp(weight, _QUARTERS, _bmis(female, muscle))) * _tallness(female, stature_m)


def _tallness(female: float, stature_m: float) -> float:
    """Return what the index is multiplied with for people who are not of mean stature."""
    usual = _STATURE_M[0] + female * (_STATURE_M[1] - _STATURE_M[0])
    return float((stature_m / usual) ** _TALL)


def _bmis(female: float, muscle: float) -> FloatArray:
    """Return the body mass indices at `_QUARTERS` of weight, (5,)."""
    rows = _BMIS[0] + female * (_BMIS[1] - _BMIS[0])
    return np.array([float(np.interp(muscle, _QUARTERS, column)) for column in rows.T])


def _stature_m(rng: np.random.Generator, woman: bool, years: float) -> float:
    lost = _SHRUNK_M[woman] * (max(0.0, years - 30.0) / 50.0) ** 2.2
    return float(np.clip(rng.normal(_STATURE_M[woman] - lost, 0.067), 1.42, 2.02))


def _build(
    rng: np.random.Generator, woman: bool, years: float, stature_m: float
) -> tuple[float, float]:
    """Return muscle and weight: the mass is drawn first, then muscles that it can have."""
    median = float(np.interp(years, (18, 55, 80), (23.0, 26.5, 25.5)))
    wanted = float(np.clip(median * np.exp(rng.normal(0, 0.18)), *BMI)) - 1.5 * woman
    wanted /= _tallness(woman, stature_m)
    strength = float(np.interp(years, (18, 40, 80), (0.5, 0.5, 0.3)))
    muscles = np.linspace(0.02, 0.98, 49)
    reached = np.array([_bmis(woman, muscle) for muscle in muscles])
    likely = np.exp(-(((muscles - strength + 0.1 * woman) / 0.25) ** 2) / 2)
    # Average muscles leave little room for fat in this model; few and many leave more.
    likely *= (reached[:, 0] <= wanted) & (wanted <= reached[:, -1])
    if not likely.any():
        return 0.02, 1.0 if wanted > median else 0.0
    chosen = int(rng.choice(len(muscles), p=likely / likely.sum()))
    return float(muscles[chosen]), float(np.interp(wanted, reached[chosen], _QUARTERS))


def _origin(rng: np.random.Generator, tone: float) -> tuple[float, float, float]:
    """Return shares of African, Asian and European features that go with a skin tone."""
    likely = (
        np.interp(tone, (0.0, 0.45, 1.0), (0.05, 0.4, 3.5)),
        np.interp(tone, (0.0, 0.3, 0.7, 1.0), (0.8, 1.3, 1.0, 0.3)),
        np.interp(tone, (0.0, 0.35, 0.8, 1.0), (2.5, 1.0, 0.25, 0.1)),
    )
    shares = rng.dirichlet(likely)
    return float(shares[0]), float(shares[1]), float(shares[2])
