"""``formcheck``: the command line."""

from __future__ import annotations

import typer

from formcheck._version import __version__
from formcheck.cli import (
    batch,
    check,
    compare,
    demo,
    doctor,
    exercises,
    export,
    history,
    live,
    model,
    report,
    routine,
    samples,
)

app = typer.Typer(
    name="formcheck",
    help="Check the form of exercises through a camera. Everything stays on this machine. "
    "Educational, not medical advice.",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
)
app.command("demo")(demo.demo)
app.command("check")(check.check)
app.command("compare")(compare.compare)
app.command("batch")(batch.batch)
app.command("live")(live.live)
app.command("export")(export.export)
app.command("report")(report.report)
app.command("routine")(routine.routine)
app.command("remind")(routine.remind)
app.command("samples")(samples.list_samples)
app.command("doctor")(doctor.doctor)
app.add_typer(exercises.app, name="exercises")
app.add_typer(history.app, name="history")
app.add_typer(model.app, name="model")


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"formcheck {__version__}")
        raise typer.Exit


@app.callback()
def _main(
    version: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="Show the version."
    ),
) -> None:
    pass


def run() -> None:
    """Run the command line; the entry point of the ``formcheck`` command."""
    app()
