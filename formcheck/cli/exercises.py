"""``formcheck exercises``: what can be checked."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from formcheck.cli.errors import explained
from formcheck.exercises.load import exercise_ids, load_exercise


def exercises() -> None:
    """List the exercises that formcheck knows, and where to put the camera."""
    with explained():
        table = Table()
        for column in ("name", "what it is", "where to put the camera"):
            table.add_column(column, overflow="fold")
        for name in exercise_ids():
            exercise = load_exercise(name)
            table.add_row(exercise.id, exercise.summary, exercise.camera)
        Console().print(table)
