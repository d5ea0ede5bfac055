"""``formcheck samples``: clips to try formcheck on."""

from __future__ import annotations

import os
from pathlib import Path

import typer
from rich.console import Console
from rich.table import Table

from formcheck.samples import FOLDER, samples


def list_samples() -> None:
    """List the sample clips: rendered people whose repetitions and faults are known."""
    console = Console(highlight=False)
    there = samples()
    if not there:
        console.print(
            f"There are no samples in {FOLDER}: this installation is not complete. Any video of "
            "your own will do: formcheck check VIDEO",
            markup=False,
            soft_wrap=True,
        )
        raise typer.Exit(1)
    table = Table()
    table.add_column("clip", no_wrap=True)
    table.add_column("shows", overflow="fold")
    table.add_column("counts", justify="right")
    table.add_column("what is not good", overflow="fold")
    for sample in there:
        table.add_row(
            _short(sample.clip),
            f"{sample.exercise.replace('_', ' ')}, {sample.view.replace('-', ' ')}, "
            f"{sample.width}×{sample.height}, {sample.fps:g} fps, {sample.duration_s:.0f} s",
            str(sample.reps),
            ", ".join(fault.replace("_", " ") for fault in sample.faults) or "nothing",
        )
    console.print(table)
    console.print(f"Try: formcheck check {_short(there[0].clip)}", soft_wrap=True, markup=False)
    if len(there) == 1:
        console.print("More clips come with formcheck's source code.")


def _short(path: Path) -> str:
    """Return a path from here, if that is shorter."""
    try:
        return min(os.path.relpath(path), str(path), key=len)
    except ValueError:  # another drive
        return str(path)
