"""``python -m benchmarks.training``: renders, trains, measures; or ``make train``."""

from __future__ import annotations

import argparse
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import platformdirs
from rich.console import Console
from rich.progress import Progress

from benchmarks.training.calibrate import calibrated, figures, say_as_shipped, weights_of
from benchmarks.training.card import card
from benchmarks.training.dataset import HELD, TESTED, Dataset, place_of, read
from benchmarks.training.plan import wanted
from benchmarks.training.takes import FILES, make
from formcheck.refine.weights import FILE, Weights

MODELS = Path("models")
TAKES = 1320


def main() -> None:
    given = _parser().parse_args()
    console = Console()
    cache = given.cache or Path(platformdirs.user_cache_dir("formcheck")) / "takes"
    plan = wanted(given.takes, given.series)
    failed = {} if given.no_render else make(plan, cache, jobs=given.jobs, console=console)
    there = [cache / n for n in plan if all((cache / n / file).is_file() for file in FILES)]
    console.print(f"{len(there)} takes, {len(failed)} failed")
    if given.only_render:
        return
    data = read(there)
    learn, held, test = parted(data)
    if given.calibrate:
        before = Weights.load(given.out / FILE)
        weights, recipe = calibrated(before, held), before.meta["recipe"]
    else:
        weights, recipe = _trained(learn, held, given.epochs, console)
    rows = figures(test, *say_as_shipped(weights, test))
    made = {
        "frames": len(data.person),
        "people": people(data),
        "learn": people(learn),
        "held": people(held),
        "test": people(test),
        "inputs": data.features.shape[-1],
        "outputs": len(weights.names),
        "found": data.found,
        "recipe": recipe,
        "figures": rows,
    }
    given.out.mkdir(exist_ok=True)
    replace(weights, meta=made).save(given.out / FILE)
    (given.out / "angle_refiner.md").write_text(card(made), encoding="utf-8")
    console.print(f"Written to {given.out}.")


def _trained(
    learn: Dataset, held: Dataset, epochs: int | None, console: Console
) -> tuple[Weights, dict[str, Any]]:
    from benchmarks.training.fit import Recipe, Scaling, fit

    recipe = Recipe() if epochs is None else Recipe(epochs=epochs)
    scaling = Scaling.of(learn)
    with Progress(console=console) as bar:
        networks = fit(learn, scaling, recipe, bar)
    return weights_of(networks, scaling, learn, held), asdict(recipe)


def people(data: Dataset) -> int:
    """Return how many people there are."""
    return len(np.unique(data.person))


def parted(data: Dataset) -> tuple[Dataset, Dataset, Dataset]:
    """Return those to learn from, to calibrate on and to test on: no person in two of them."""
    everybody = np.unique(data.person)
    place = place_of(everybody)
    test = np.isin(data.person, everybody[place < TESTED])
    held = np.isin(data.person, everybody[(place >= TESTED) & (place < TESTED + HELD)])
    return data.only(~test & ~held), data.only(held), data.only(test)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.training", description=__doc__)
    add = parser.add_argument
    add("--takes", type=int, default=TAKES, help="short scenes, each of another person")
    add("--series", nargs="*", default=(), help="only some kinds of takes, by name")
    add("--cache", type=Path, metavar="DIR", help="where takes are kept")
    add("--out", type=Path, default=MODELS, metavar="DIR", help="where the weights go")
    add("--epochs", type=int, help="how often every frame is looked at")
    add("--jobs", type=int, help="processes that render; as many as processors if not given")
    add("--only-render", action="store_true", help="stop when the takes are there")
    add("--calibrate", action="store_true", help="keep the networks, measure spreads anew")
    add("--no-render", action="store_true", help="use the takes that are there")
    return parser


if __name__ == "__main__":
    main()
