"""``formcheck doctor``: whether everything works here, and what to do if not."""

from __future__ import annotations

import json
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from formcheck.cli.errors import BELOW_LIMIT, explained
from formcheck.doctor import as_dict, examine, worst
from formcheck.doctor.finding import Finding, Health

MARKS = {
    Health.FINE: "[green]fine[/]",
    Health.LIMITED: "[yellow]limited[/]",
    Health.BROKEN: "[bold red]broken[/]",
}
SUMMARIES = {
    Health.FINE: "Everything works here.",
    Health.LIMITED: "Clips can be checked here; not everything else can be done.",
    Health.BROKEN: "Something has to be put right before clips can be checked here.",
}


def doctor(
    as_json: Annotated[
        bool, typer.Option("--json", help="Print it for a bug report or a program.")
    ] = False,
    quick: Annotated[
        bool,
        typer.Option(
            "--quick", help="Load no libraries, run no pose model, start no voice, open no window."
        ),
    ] = False,
) -> None:
    """Look whether everything that formcheck needs works on this machine.

    Switches no camera on, and sends nothing anywhere. The exit status is 1 if clips cannot be
    checked here before something is put right.
    """
    with explained():
        console = Console(stderr=True)
        findings = []
        with console.status("Looking") as status:
            for finding in examine(quick=quick):
                findings.append(finding)
                status.update(f"Looked at: {escape(finding.what)}")
        if as_json:
            typer.echo(json.dumps(as_dict(findings), indent=2, ensure_ascii=False))
        else:
            _show(findings)
    if worst(findings) is Health.BROKEN:
        raise typer.Exit(BELOW_LIMIT)


def _show(findings: list[Finding]) -> None:
    console = Console(highlight=False)
    table = Table(show_lines=any(f.remedy for f in findings))
    table.add_column("what", no_wrap=True)
    table.add_column("is", no_wrap=True)
    table.add_column("found, and what to do", overflow="fold")
    for f in findings:
        remedy = f"\n[bold]→ {escape(f.remedy)}[/]" if f.remedy else ""
        table.add_row(escape(f.what), MARKS[f.health], escape(f.found) + remedy)
    console.print(table)
    console.print(SUMMARIES[worst(findings)])
