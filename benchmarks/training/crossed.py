"""``python -m benchmarks.training.crossed``: learns which leg lies over the other.

From the takes that `benchmarks.training` rendered. What it says is measured on people whom it has
not seen, in each of a few parts in turn, and its odds are brought to what they deserve.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise, product
from pathlib import Path

import numpy as np
import platformdirs
import torch
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import track

from formcheck.legs import FILE, LIMIT, Network, features
from formcheck.pose import PoseTrack
from formcheck.results import SIDES, other_side
from formcheck.smoothing import OneEuroSmoother

FloatArray = NDArray[np.float64]

ON, OFF = 0.45, 0.52
"""An ankle nearer than this to the other thigh, in thigh lengths, lies on it; further, it does
not. Between the two, nothing is learned."""
HIDDEN = (96, 32)
NETWORKS, PARTS, EPOCHS, BATCH = 4, 4, 5, 512
JITTER = 0.3
"""Noise on the inputs, in standard deviations."""
RATE, DECAY, DROPPED = 3e-3, 3e-2, 0.3
SELDOM = 0.15
"""Of people who stand, so many frames are enough."""
OFTEN = 2.0
"""Crossed legs are seldom: they count so many times."""
STANDING = ("squat", "lunge", "faults", "everyday")


@dataclass(frozen=True)
class Examples:
    """N frames, each beside its mirror image."""

    inputs: FloatArray
    """(N, 2, F)."""
    nearness: FloatArray
    """(N, 2) how far the left and the right ankle are from the other thigh, in thigh lengths."""
    take: NDArray[np.intp]
    """(N,)."""
    wanted: NDArray[np.bool_]
    """(N,) whether a frame is learned from."""

    @property
    def crossed(self) -> NDArray[np.bool_]:
        """(N, 2) whether the left, and the right leg lies over the other."""
        return np.asarray(self.nearness < ON)

    @property
    def plain(self) -> NDArray[np.bool_]:
        """(N,) whether that is beyond doubt."""
        return np.asarray(((self.nearness < ON) | (self.nearness >= OFF)).all(axis=1))


def nearness(truth: FloatArray, names: Sequence[str]) -> FloatArray:
    """Return how far each ankle truly is from the other thigh, (T, 2), in thigh lengths."""
    at = {name: truth[:, i] for i, name in enumerate(names)}
    found = []
    for side in SIDES:
        ankle = at[f"{side}_ankle"]
        hip, knee = (at[f"{other_side(side)}_{joint}"] for joint in ("hip", "knee"))
        thigh = knee - hip
        length = (thigh**2).sum(axis=1)
        share = np.clip(((ankle - hip) * thigh).sum(axis=1) / length, 0.0, 1.0)
        off = np.linalg.norm(ankle - hip - share[:, None] * thigh, axis=1)
        found.append(off / np.sqrt(length))
    return np.stack(found, axis=1)


def read(folders: Sequence[Path]) -> Examples:
    """Read takes."""
    rng = np.random.default_rng(1)
    inputs, near, takes, wanted = [], [], [], []
    for number, folder in enumerate(track(folders, "reading")):
        recorded = PoseTrack.load(folder / "poses.npz")
        with np.load(folder / "truth.npz") as truth:
            names = [str(name) for name in truth["joint_names"]]
            at = np.abs(truth["t_s"][None] - recorded.t_s[:, None]).argmin(axis=1)
            true = nearness(truth["world_m"][at].astype(np.float64), names)
        standing = folder.name.rsplit("-", 1)[0] in STANDING
        smoother = OneEuroSmoother()
        for pose, ratios in zip(recorded, true, strict=True):
            described = features(smoother.feed(pose))
            if described is None:
                continue
            inputs.append(described)
            near.append(ratios)
            takes.append(number)
            wanted.append(not standing or bool(rng.random() < SELDOM))
    return Examples(np.array(inputs), np.array(near), np.array(takes), np.array(wanted))


def fit(data: Examples, chosen: NDArray[np.bool_], seeds: Sequence[int]) -> Network:
    """Return networks that have learned from some of the frames."""
    learn = chosen & data.wanted & data.plain
    x = data.inputs[learn].reshape(-1, data.inputs.shape[-1])
    y = torch.tensor(data.crossed[learn].reshape(-1).astype(np.float32))
    mean, std = x.mean(axis=0), x.std(axis=0) + 1e-3
    scaled = torch.tensor(np.clip((x - mean) / std, -LIMIT, LIMIT).astype(np.float32))
    made = [_fit_one(scaled, y, seed) for seed in seeds]
    layers = tuple(
        (np.stack([w for w, _ in same]), np.stack([b for _, b in same])[:, None])
        for same in zip(*made, strict=True)
    )
    return Network(layers, mean.astype(np.float32), std.astype(np.float32))


Layer = tuple[NDArray[np.float32], NDArray[np.float32]]


def _fit_one(x: torch.Tensor, y: torch.Tensor, seed: int) -> list[Layer]:
    torch.manual_seed(seed)
    sizes = (x.shape[1], *HIDDEN, 1)
    layers = [torch.nn.Linear(a, b) for a, b in pairwise(sizes)]
    steps: list[torch.nn.Module] = []
    for layer in layers:
        steps += [layer, torch.nn.ReLU(), torch.nn.Dropout(DROPPED)]
    network = torch.nn.Sequential(*steps[:-2])
    optimizer = torch.optim.AdamW(network.parameters(), RATE, weight_decay=DECAY)
    batches = -(-len(x) // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, total_steps=EPOCHS * batches)
    lose = torch.nn.BCEWithLogitsLoss(pos_weight=torch.tensor(OFTEN))
    for _ in range(EPOCHS):
        for some in torch.randperm(len(x)).split(BATCH):
            noisy = x[some] + JITTER * torch.randn_like(x[some])
            loss = lose(network(noisy)[:, 0], y[some])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
    return [
        (layer.weight.detach().numpy().T.copy(), layer.bias.detach().numpy().copy())
        for layer in layers
    ]


def said(network: Network, data: Examples, chosen: NDArray[np.bool_]) -> FloatArray:
    """Return the logarithms of the odds for some frames, (n, 2)."""
    return np.array([network.log_odds(inputs) for inputs in data.inputs[chosen]])


def tempered(odds: FloatArray, true: NDArray[np.bool_]) -> tuple[float, float]:
    """Return by what odds must be multiplied, and what added, to say how much speaks for it.

    As if crossed legs were as usual as others.
    """
    weight = np.where(true, 0.5 / true.mean(), 0.5 / (1.0 - true.mean()))
    signs = np.where(true, 1.0, -1.0)

    def loss(both: tuple[float, float]) -> float:
        factor, more = both
        return float((weight * np.logaddexp(0.0, -signs * (factor * odds + more))).mean())

    tried = product(np.linspace(0.2, 1.2, 41), np.linspace(-1.0, 2.0, 61))
    return min(((float(a), float(b)) for a, b in tried), key=loss)


def main() -> None:
    """Learn, measure and write the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cache", type=Path, help="folder of the takes")
    parser.add_argument("--out", type=Path, default=Path("models"))
    given = parser.parse_args()
    console = Console()
    cache = given.cache or Path(platformdirs.user_cache_dir("formcheck")) / "takes"
    data = read(sorted(path.parent for path in cache.glob("*/poses.npz")))
    part = np.random.default_rng(0).integers(PARTS, size=data.take.max() + 1)[data.take]
    odds = np.zeros_like(data.nearness)
    for number in track(range(PARTS), "measuring"):
        odds[part == number] = said(
            fit(data, part != number, range(2)), data, np.asarray(part == number)
        )
    shows = data.plain & np.isin(data.take, data.take[data.crossed.any(axis=1)])
    factor, more = tempered(odds[shows], data.crossed[shows])
    over, sides = data.crossed.any(axis=1) & data.plain, np.arange(2)
    right = (odds[over] > 0) & (sides == data.crossed[over].argmax(axis=1)[:, None])
    none = ~data.crossed.any(axis=1) & data.plain
    console.print(
        f"{len(data.take)} frames; of {over.sum()} with a leg over the other "
        f"{100 * right.any(axis=1).mean():.0f} % found, of {none.sum()} without "
        f"{100 * (odds[none].max(axis=1) > 0).mean():.1f} % thought to have; "
        f"odds times {factor:.2f} {more:+.2f}"
    )
    network = fit(data, np.ones(len(data.take), dtype=bool), range(NETWORKS))
    weights, biases = network.layers[-1]
    last = (factor * weights, factor * biases + more)
    Network((*network.layers[:-1], last), network.mean, network.std).save(given.out / FILE)


if __name__ == "__main__":
    main()
