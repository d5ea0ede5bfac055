"""``formcheck compare``: two reports side by side."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from formcheck.cli.errors import explained
from formcheck.cli.text import escape
from formcheck.errors import WrongSchema

if TYPE_CHECKING:
    from formcheck.report.compare import Comparison, Contender

STYLES = {"better": "green", "worse": "dark_orange", "within error": "dim"}


def compare(
    first: Annotated[
        str,
        typer.Argument(help="A report.json, or an entry of the history.", show_default=False),
    ],
    second: Annotated[
        str | None,
        typer.Argument(
            help="Another one. Without it: left and right of the first.", show_default=False
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", help="A page that shows it.", metavar="FILE.html"),
    ] = None,
    names: Annotated[
        str, typer.Option("--names", help="What to call the two, with a comma between.")
    ] = "",
    exercise: Annotated[
        str, typer.Option("--exercise", "-e", help="Which one, where a report has several.")
    ] = "",
) -> None:
    """Put two reports side by side: last month and today, left and right, me and a reference.

    For example: formcheck compare september/report.json today/report.json --out change.html
    """
    with explained():
        from formcheck.report.compare import compare as compared
        from formcheck.report.compare import sides_of

        labels = [name.strip() for name in names.split(",")] if names else []
        if labels and len(labels) != 2:
            msg = f"--names should be two names with a comma between, but is '{names}'."
            raise WrongSchema(msg)
        one = _contender(first, labels[0] if labels else "", exercise)
        if second is None:
            pair = sides_of(one.document, one.attached)
        else:
            pair = (one, _contender(second, labels[1] if labels else "", exercise))
        found = compared(*pair)
        _show(Console(highlight=False), found)
        if out is not None:
            _write(out, found)


def _contender(named: str, label: str, exercise: str) -> Contender:
    from formcheck.history.store import History
    from formcheck.report.compare import Contender
    from formcheck.report.document import load_document, parts_of
    from formcheck.report.html import attachments_beside
    from formcheck.report.model import Attachments

    path = Path(named)
    if path.suffix.lower() != ".json" and not path.exists():
        with History() as history:
            entry = history.find(named)
        when = f"{entry.done_at.astimezone():%d %b %Y}"
        return Contender(label or when, entry.document, Attachments())
    if path.is_dir():
        path /= "report.json"
    document = load_document(path)
    parts = [p for p in parts_of(document) if exercise in {"", p["exercise"]["id"]}]
    if len(parts) != 1:
        there = ", ".join(str(p["exercise"]["id"]) for p in parts_of(document))
        msg = f"'{path}' is about {there}: say with --exercise which one to compare."
        raise WrongSchema(msg)
    return Contender(
        label or path.parent.name or path.stem, parts[0], attachments_beside(path, document)
    )


def _show(console: Console, found: Comparison) -> None:
    table = Table(title=f"{escape(found.title)}, side by side", title_justify="left")
    for column in ("", found.first.label, found.second.label, "change", ""):
        table.add_column(escape(column), overflow="fold")
    for row in found.rows:
        cells = (row.name, row.first, row.second, row.difference, row.remark)
        table.add_row(*map(escape, cells), style=STYLES.get(row.remark, ""))
    console.print(table)
    console.print(escape(found.headline), style="bold")
    for caveat in found.caveats:
        console.print(f"Note: {escape(caveat)}", style="yellow")


def _write(out: Path, found: Comparison) -> None:
    from formcheck.atomic import AtomicFile
    from formcheck.report.document import DISCLAIMER
    from formcheck.report.html import render
    from formcheck.report.words import seen_from

    pictures = [
        f"data:image/jpeg;base64,{base64.b64encode(who.attached.pictures[key]).decode()}"
        if key
        else ""
        for who, key in zip((found.first, found.second), found.pictures, strict=True)
    ]
    page = render(
        "compare.html.j2",
        c=found,
        pictures=pictures,
        seen_from=seen_from,
        disclaimer=DISCLAIMER,
    )
    AtomicFile(out).write(page.encode("utf-8", errors="backslashreplace"))
    Console(highlight=False).print(f"Written to {escape(str(out))}", soft_wrap=True)
