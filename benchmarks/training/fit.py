"""Fits the refiner's networks, measures how honest they are, and makes them so.

People are parted into three: those it learns from, those on whom its spread is calibrated,
and those it is tested on. Each network gives a value and a spread for every reading
(Laplace's distribution); several are averaged, and each is asked twice, about the pose and
about its mirror image.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from rich.progress import Progress
from torch import nn

from benchmarks.training.dataset import MIRRORED, TARGETS, Dataset
from formcheck.refine.learned import SPREADS, combined

FloatArray = NDArray[np.float64]

LIMIT = 6.0
"""Features are cut off so many standard deviations from their mean."""
LEAST_STD = 0.05
"""Features that hardly vary are scaled as if they varied so much: how surely shoulders are seen
differs more between rendered and filmed people than among rendered ones."""
PARTS = 64
"""Main directions of the features that tell the known from the strange."""


@dataclass(frozen=True)
class Recipe:
    """How the networks are trained."""

    widths: tuple[int, ...] = (352, 320, 256)
    networks: int = 2
    epochs: int = 40
    batch: int = 512
    rate: float = 2e-3
    weight_decay: float = 2e-2
    dropout: float = 0.1
    noise: float = 0.2
    seed: int = 1


@dataclass(frozen=True)
class Scaling:
    """How features and readings are brought to a common size."""

    feature_mean: FloatArray
    feature_std: FloatArray
    truth_mean: FloatArray
    truth_std: FloatArray

    @classmethod
    def of(cls, data: Dataset) -> Scaling:
        """Return the scaling of some data; mirror images share it."""
        x = data.features.reshape(-1, data.features.shape[-1]).astype(np.float64)
        y = _wanted(data).astype(np.float64)
        return cls(
            x.mean(axis=0),
            np.maximum(x.std(axis=0), LEAST_STD),
            np.nanmean(y, axis=0),
            np.nanstd(y, axis=0) + 1e-3,
        )

    def features(self, data: Dataset) -> NDArray[np.float32]:
        """Return scaled features, (2N, F)."""
        x = data.features.reshape(-1, data.features.shape[-1])
        scaled = (x - self.feature_mean) / self.feature_std
        return np.clip(scaled, -LIMIT, LIMIT).astype(np.float32)

    def truth(self, data: Dataset) -> NDArray[np.float32]:
        """Return scaled truth, or how far it is from what is corrected, (2N, K)."""
        return ((_wanted(data) - self.truth_mean) / self.truth_std).astype(np.float32)


def _wanted(data: Dataset) -> NDArray[np.float32]:
    wanted: NDArray[np.float32] = (data.truth - data.base).reshape(-1, len(TARGETS))
    return wanted


class Network(nn.Module):  # type: ignore[misc]
    """Values first, then logarithms of spreads.

    The last layer sees the features as well: the pose model's own angles are among them, and
    what is unlike everything known should rather be near those than near nothing.

    Parameters
    ----------
    inputs
        How many features.
    recipe
        How large it is.
    """

    def __init__(self, inputs: int, recipe: Recipe) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        width = inputs
        for wide in recipe.widths:
            layers += [nn.Linear(width, wide), nn.SiLU(), nn.Dropout(recipe.dropout)]
            width = wide
        self.hidden = nn.Sequential(*layers)
        self.last = nn.Linear(width + inputs, 2 * len(TARGETS))

    def forward(self, x: Any) -> Any:
        """Return what is said about features (N, F): (N, 2K)."""
        return self.last(torch.cat([self.hidden(x), x], dim=1))

    @property
    def linear(self) -> list[nn.Linear]:
        """Its layers with weights, the last one last."""
        return [layer for layer in (*self.hidden, self.last) if isinstance(layer, nn.Linear)]


def fit(data: Dataset, scaling: Scaling, recipe: Recipe, bar: Progress) -> list[Network]:
    """Return trained networks."""
    torch.manual_seed(recipe.seed)
    x, y = (torch.from_numpy(a) for a in (scaling.features(data), scaling.truth(data)))
    known = ~torch.isnan(y)
    y = torch.nan_to_num(y)
    steps = recipe.epochs * (len(x) // recipe.batch + 1)
    trained = []
    for number in range(recipe.networks):
        net = Network(x.shape[1], recipe)
        adam = torch.optim.AdamW(net.parameters(), recipe.rate, weight_decay=recipe.weight_decay)
        pace = torch.optim.lr_scheduler.OneCycleLR(adam, recipe.rate, total_steps=steps)
        task = bar.add_task(f"network {number + 1}", total=recipe.epochs)
        for _ in range(recipe.epochs):
            for chosen in torch.randperm(len(x)).split(recipe.batch):
                seen = x[chosen] + recipe.noise * torch.randn_like(x[chosen])
                loss = _surprise(net(seen), y[chosen], known[chosen])
                adam.zero_grad()
                loss.backward()
                adam.step()
                pace.step()
            bar.advance(task)
        trained.append(net.eval())
    return trained


def _surprise(said: Any, truth: Any, known: Any) -> Any:
    """Return the mean negative logarithm of Laplace's density."""
    value, spread = said.chunk(2, dim=1)
    spread = spread.clamp(*SPREADS)
    loss = spread + (truth - value).abs() * torch.exp(-spread)
    return loss[known].mean()


def say(networks: list[Network], data: Dataset, scaling: Scaling) -> tuple[FloatArray, FloatArray]:
    """Return values and uncalibrated spreads for every frame, both (N, K)."""
    x = torch.from_numpy(scaling.features(data))
    with torch.no_grad():
        said = np.stack([net(x).numpy() for net in networks]).astype(np.float64)
    value, spread = (
        a.reshape(len(networks), -1, 2, len(TARGETS)) for a in np.split(said, 2, axis=2)
    )
    # Both the pose and its mirror image are opinions about the pose.
    value, spread = (
        np.concatenate([a[:, :, 0], a[:, :, 1][..., list(MIRRORED)]]) for a in (value, spread)
    )
    value, spread = combined(value, np.exp(np.clip(spread, *SPREADS)))
    value = value * scaling.truth_std + scaling.truth_mean
    return value + data.base[:, 0], spread * scaling.truth_std
