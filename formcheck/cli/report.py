"""``formcheck report``: the page about a report, again."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from formcheck.cli.errors import explained
from formcheck.cli.text import escape


def report(
    file: Annotated[
        Path, typer.Argument(help="A report.json that check wrote.", show_default=False)
    ],
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", "-o", help="The page; report.html beside it if not given.", metavar="FILE"
        ),
    ] = None,
) -> None:
    """Make the page about a report again: one file that needs no network.

    Curves, pictures and the video appear if they lie beside the report. For a PDF, open the
    page in a browser and print it.
    """
    with explained():
        from formcheck.atomic import AtomicFile
        from formcheck.report.html import PAGE, report_page

        page = report_page(file)
        target = out or file.with_name(PAGE)
        AtomicFile(target).write(page.encode("utf-8", errors="backslashreplace"))
        Console(highlight=False).print(f"Written to {escape(str(target))}", soft_wrap=True)
