"""Makes spreads honest on people who were not learned from, and measures the result."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.training.dataset import ANYHOW, CORRECTED, SAID, TARGETS, Dataset
from benchmarks.training.dataset import mirrored as mirrored_name
from benchmarks.training.fit import PARTS, Network, Scaling
from formcheck.refine.learned import LearnedAngles, distances
from formcheck.refine.weights import Weights

FloatArray = NDArray[np.float64]

NORMAL = {50: 0.6745, 80: 1.2816, 95: 1.9600}
"""Per cent of a normal distribution → within how many standard deviations they lie."""
AWAY_DEG = (0.0, 45.0, 90.0, 135.0, 180.0)
"""Directions in which typical spreads are given."""
ALMOST_ALL = 0.99
ENOUGH = 40
"""Frames that make a typical spread, and that spreads are calibrated on."""
JOINTS = {
    "knee": ("left_knee_flexion_deg", "right_knee_flexion_deg"),
    "hip": ("left_hip_flexion_deg", "right_hip_flexion_deg"),
    "ankle": ("left_ankle_flexion_deg", "right_ankle_flexion_deg"),
    "trunk": ("trunk_inclination_deg",),
}
SEATED = ("figure_four", "nerve_glide")
"""Exercises that are done on a chair, or lying."""
VIEWS = {"side": (60.0, 90.0), "oblique": (30.0, 60.0), "front or rear": (0.0, 30.0)}
"""View → how far the camera is from straight ahead or behind, in degrees."""


_COLUMNS = [TARGETS.index(name) for name in SAID]


def weights_of(
    networks: Sequence[Network], scaling: Scaling, learned: Dataset, held: Dataset
) -> Weights:
    """Return what the product needs, with spreads calibrated on held-out people."""
    parts, part_std = _main_directions(scaling.features(learned))
    usual = np.quantile(distances(parts, part_std, scaling.features(held)), ALMOST_ALL)
    ones = np.ones(len(SAID), dtype=np.float32)
    weights = Weights(
        names=SAID,
        networks=tuple(_layers(net) for net in networks),
        corrected=CORRECTED[_COLUMNS].astype(np.float32),
        feature_mean=scaling.feature_mean.astype(np.float32),
        feature_std=scaling.feature_std.astype(np.float32),
        truth_mean=scaling.truth_mean[_COLUMNS].astype(np.float32),
        truth_std=scaling.truth_std[_COLUMNS].astype(np.float32),
        spread=ones,
        spread_lying=ones,
        parts=parts,
        part_std=part_std,
        usual=float(usual),
        away_deg=np.array(AWAY_DEG, dtype=np.float32),
        typical=np.ones((len(SAID), len(AWAY_DEG), 2), dtype=np.float32),
    )
    return calibrated(weights, held)


def calibrated(weights: Weights, held: Dataset) -> Weights:
    """Return weights whose spreads are honest on people that nothing was learned from.

    Four of five errors of each reading shall lie within its interval for that, of people who
    lie and of the others. Left and right are one reading: a mirror swaps them.

    Parameters
    ----------
    weights
        Whatever they say of their spread is measured anew.
    held
        People to calibrate on.
    """
    ones = np.ones_like(weights.spread)
    bare = replace(weights, spread=ones, spread_lying=ones, usual=math.inf)
    values, spreads = say_as_shipped(bare, held)
    off = np.abs(values - held.truth[:, 0][:, _COLUMNS]) / spreads
    upright, lying = (
        _factors(off[here] if here.sum() >= ENOUGH else off) for here in (~held.lying, held.lying)
    )
    sigmas = spreads * np.where(held.lying[:, None], lying, upright)
    return replace(
        weights,
        spread=upright.astype(np.float32),
        spread_lying=lying.astype(np.float32),
        typical=_typical(held, sigmas).astype(np.float32),
    )


def _factors(off: FloatArray) -> FloatArray:
    """Return by how much each reading's spread has to grow, (K,), from errors in spreads."""
    mirrored = [SAID.index(mirrored_name(name)) for name in SAID]
    both = np.concatenate([off, off[:, mirrored]])
    factors: FloatArray = np.nanquantile(both, 0.8, axis=0) / NORMAL[80]
    return factors


def _layers(network: Network) -> tuple[tuple[NDArray[np.float32], NDArray[np.float32]], ...]:
    layers = [
        (layer.weight.detach().numpy().T.copy(), layer.bias.detach().numpy().copy())
        for layer in network.linear
    ]
    weights, biases = layers[-1]
    shown = [*_COLUMNS, *(len(TARGETS) + column for column in _COLUMNS)]
    return (*layers[:-1], (weights[:, shown], biases[shown]))


def _main_directions(
    scaled: NDArray[np.float32],
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the directions along which features vary most, and how much they do."""
    covariance = np.cov(scaled[:: max(1, len(scaled) // 40000)].T)
    sizes, directions = np.linalg.eigh(covariance)
    chosen = np.argsort(sizes)[::-1][:PARTS]
    return (
        directions[:, chosen].T.astype(np.float32),
        np.sqrt(sizes[chosen]).astype(np.float32),
    )


def _typical(held: Dataset, sigmas: FloatArray) -> FloatArray:
    """Return median spreads by direction and posture, (K, V, 2)."""
    overall = np.median(sigmas, axis=0)
    table = np.repeat(np.repeat(overall[:, None, None], len(AWAY_DEG), axis=1), 2, axis=2)
    for v, away in enumerate(AWAY_DEG):
        near = np.abs(held.azimuth_deg - away) <= 22.5
        for p, posture in enumerate((~held.bent, held.bent)):
            here = near & posture & ~held.lying
            if here.sum() >= ENOUGH:
                table[:, v, p] = np.median(sigmas[here], axis=0)
    return table


def groups(data: Dataset) -> Iterator[tuple[str, str, NDArray[np.bool_]]]:
    """Yield posture, view and which frames belong to both; hidden people belong to none."""
    fold = np.minimum(data.azimuth_deg, 180 - data.azimuth_deg)
    sitting = np.isin(data.exercise, SEATED) & ~data.lying
    anyhow = data.exercise == ANYHOW
    postures = {
        "standing": ~data.lying & ~sitting & ~anyhow,
        "seated": sitting,
        "supine": data.lying & ~anyhow,
        "any, upright": ~data.lying & anyhow,
        "any, on the back": data.lying & anyhow,
    }
    for posture, is_so in postures.items():
        for view, (low, high) in VIEWS.items():
            inside = (fold >= low) & (fold <= high if high == 90.0 else fold < high)
            yield posture, view, inside & is_so & ~data.conditioned


def say_as_shipped(weights: Weights, data: Dataset) -> tuple[FloatArray, FloatArray]:
    """Return values and standard deviations by the product's own code, both (N, K)."""
    refiner = LearnedAngles(weights)
    base = data.base[:, 0][:, _COLUMNS]
    said = [refiner.say(*both) for both in zip(data.features, base, strict=True)]
    return np.array([v for v, _ in said]), np.array([s for _, s in said])


def figures(data: Dataset, values: FloatArray, sigmas: FloatArray) -> list[dict[str, Any]]:
    """Return one row per posture, view and joint: errors raw and refined, and coverage."""
    rows = []
    for posture, view, chosen in groups(data):
        for joint, names in JOINTS.items():
            columns = [SAID.index(name) for name in names]
            truth = data.truth[chosen, 0][:, columns]
            if not len(truth):
                continue
            off = values[chosen][:, columns] - truth
            raw = np.abs(data.raw[chosen][:, columns] - truth)
            rows.append(
                {
                    "posture": posture,
                    "view": view,
                    "joint": joint,
                    "frames": len(truth),
                    "people": len(np.unique(data.person[chosen])),
                    "raw_deg": float(np.nanmean(raw)),
                    "refined_deg": float(np.mean(np.abs(off))),
                    "bias_deg": float(np.mean(off)),
                    "p95_deg": float(np.quantile(np.abs(off), 0.95)),
                    **coverage(off, sigmas[chosen][:, columns]),
                }
            )
    return rows


def coverage(off: FloatArray, sigma: FloatArray) -> Mapping[str, float]:
    """Return how many per cent of errors lie in the 50, 80 and 95 % intervals."""
    share = np.abs(off) / sigma
    return {f"within_{p}": float(100 * np.mean(share <= z)) for p, z in NORMAL.items()}
