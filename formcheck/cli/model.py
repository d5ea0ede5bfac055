"""``formcheck model``: the pose model that formcheck runs on."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from formcheck.cli.download import model_progress
from formcheck.cli.errors import explained
from formcheck.estimators.model_store import ModelStore

app = typer.Typer(help="The pose model that formcheck runs on.", no_args_is_help=True)

Variant = Annotated[str, typer.Option("--model-variant", help="lite, full or heavy.")]
console = Console(highlight=False, soft_wrap=True)


@app.command("fetch")
def fetch(variant: Variant = "full") -> None:
    """Fetch the pose model into the cache, if it is not there."""
    with explained():
        store = ModelStore()
        with model_progress() as progress:
            found = store.get(variant=variant, progress=progress)
        console.print(f"The pose model is at {found.path}")


@app.command("path")
def path(variant: Variant = "full") -> None:
    """Print where the pose model is, or would be."""
    with explained():
        store = ModelStore()
        found = store.find(variant=variant)
        console.print(str(found.path if found else store.path(variant)))


@app.command("info")
def info(
    variant: Variant = "full",
    model: Annotated[Path | None, typer.Option("--model", help="Another model file.")] = None,
) -> None:
    """Say which pose model is used, and what is known about it."""
    with explained():
        store = ModelStore()
        found = store.find(model, variant)
        if found is None:
            console.print(
                f"Not fetched yet; it would be at {store.path(variant)}. "
                "Fetch it with 'formcheck model fetch'."
            )
            return
        for name, value in (
            ("name", found.name),
            ("variant", found.variant),
            ("path", found.path),
            ("sha256", found.sha256),
            ("origin", found.origin),
        ):
            console.print(f"{name:8} {value}")
