"""``formcheck history``: what was checked before, and how it changes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from formcheck.cli.errors import explained
from formcheck.cli.show import number
from formcheck.cli.text import escape
from formcheck.errors import FormcheckError, HistoryError
from formcheck.exercises.none import NONE
from formcheck.history.store import Entry, History
from formcheck.report.document import to_document
from formcheck.results import Report

app = typer.Typer(
    help="What was checked before, and how it changes. It stays in one file on this machine.",
    no_args_is_help=True,
)
SHOWN = 8
"""So many characters of an entry's name are shown."""

Exercise = Annotated[
    str, typer.Option("--exercise", "-e", help="Of one exercise only.", show_default=False)
]


def remember(console: Console, report: Report, *, kind: str = "check") -> None:
    """Save a report in the history; if that fails, say so and go on."""
    if report.exercise.id == NONE.id:
        return
    try:
        with History() as history:
            history.add(to_document(report), kind=kind)
    except FormcheckError as error:
        console.print(f"Not kept in the history: {escape(str(error))}", style="yellow")


@app.command("list")
def list_entries(exercise: Exercise = "") -> None:
    """List what was checked, the latest last."""
    with explained(), History() as history:
        entries = history.entries(exercise)
        console = Console(highlight=False)
        if not entries:
            console.print(_nothing(history, exercise))
            return
        table = Table()
        for column in ("name", "when", "what", "seen", "counted", "score", "clip"):
            table.add_column(column, overflow="fold")
        for entry in entries:
            table.add_row(*map(escape, _listed(entry)))
        console.print(table)


@app.command()
def show(exercise: Exercise = "") -> None:
    """Show how range, score, symmetry and holds change, exercise by exercise."""
    from formcheck.history.page import SINCE, change_in_words, pain_trends
    from formcheck.history.trends import sparkline, trends_of
    from formcheck.report.words import quantity

    with explained(), History() as history:
        trends = trends_of(history.entries(exercise))
        if not exercise:
            trends = [*pain_trends(history.runs()), *trends]
        console = Console(highlight=False)
        if not trends:
            console.print(_nothing(history, exercise))
            return
        table = Table()
        for column in ("exercise", "what", "times", "first", "latest", "change", "course"):
            table.add_column(column)
        previous = ""
        for trend in trends:
            if previous not in {"", trend.exercise}:
                table.add_section()
            table.add_row(
                escape("" if trend.exercise == previous else trend.exercise),
                escape(trend.quantity),
                str(len(trend.points)),
                quantity(trend.points[0].value, trend.unit),
                quantity(trend.points[-1].value, trend.unit),
                change_in_words(trend).removesuffix(SINCE),
                sparkline([point.value for point in trend.points]),
            )
            previous = trend.exercise
        console.print(table)
        console.print("A change smaller than the camera's error may be none.", style="dim")


@app.command()
def plot(
    out: Annotated[Path, typer.Option("--out", "-o", help="The page.", metavar="FILE.html")] = Path(
        "history.html"
    ),
    exercise: Exercise = "",
) -> None:
    """Make a page with a plot of each trend, and of pain where routines asked for it."""
    from formcheck.atomic import AtomicFile
    from formcheck.history.page import history_page

    with explained(), History() as history:
        page = history_page(history.entries(exercise), () if exercise else history.runs())
        AtomicFile(out).write(page.encode("utf-8", errors="backslashreplace"))
        _written(out)


@app.command()
def export(
    file: Annotated[
        Path, typer.Argument(help="Ends in .csv, .json or .parquet.", show_default=False)
    ],
    exercise: Exercise = "",
) -> None:
    """Write the history to a file: a table, or everything as JSON that can be imported again."""
    from formcheck.atomic import AtomicFile
    from formcheck.history.export import to_csv, to_json, to_parquet

    with explained(), History() as history:
        entries = history.entries(exercise)
        suffix = file.suffix.lower()
        if suffix == ".csv":
            content = to_csv(entries)
        elif suffix == ".json":
            content = to_json(entries, () if exercise else history.runs())
        elif suffix == ".parquet":
            content = to_parquet(entries)
        else:
            msg = f"'{file}' should end in .csv, .json or .parquet, to say in which form."
            raise HistoryError(msg)
        AtomicFile(file).write(content)
        _written(file)


@app.command("import")
def import_files(
    files: Annotated[
        list[Path],
        typer.Argument(
            help="report.json files, or histories exported as JSON.", show_default=False
        ),
    ],
    on: Annotated[
        datetime | None,
        typer.Option(
            "--on",
            help="When reports were done; their files' dates, if not given.",
            formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M"],
        ),
    ] = None,
) -> None:
    """Add reports or an exported history; what is there already is left alone."""
    from formcheck.history.export import import_file

    with explained(), History() as history:
        at = _local(on) if on else None
        added = sum(import_file(history, file, at) for file in files)
        entries = "entry" if added == 1 else "entries"
        Console(highlight=False).print(f"Added {added} new {entries}.")


@app.command()
def delete(
    names: Annotated[
        list[str] | None,
        typer.Argument(help="Entries, as list shows them.", show_default=False),
    ] = None,
    exercise: Exercise = "",
    everything: Annotated[bool, typer.Option("--all", help="The whole history.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Don't ask.")] = False,
) -> None:
    """Delete entries, those of an exercise, or everything. It can't be undone."""
    with explained(), History() as history:
        doomed = _doomed(history, names or [], exercise, everything=everything)
        if doomed and not yes:
            typer.confirm(f"Delete {len(doomed)} for good?", abort=True)
        Console(highlight=False).print(f"Deleted {history.delete(doomed)}.")


def _doomed(
    history: History, names: Sequence[str], exercise: str, *, everything: bool
) -> list[str]:
    if sum((bool(names), bool(exercise), everything)) != 1:
        msg = "Say what to delete: names of entries, --exercise NAME, or --all."
        raise HistoryError(msg)
    if names:
        return [history.name_of(name) for name in names]
    return history.names(exercise) + (history.run_names() if everything else [])


def _listed(entry: Entry) -> tuple[str, ...]:
    document = entry.document
    summary = document["summary"]
    holds = document["exercise"]["of"] == "holds"
    counted = (
        f"{summary['holds']} held {number(summary['held_s'])} s"
        if holds
        else f"{summary['reps_counted']}"
    )
    score = summary["score"]
    return (
        entry.id[:SHOWN],
        f"{entry.done_at.astimezone():%Y-%m-%d %H:%M}",
        str(document["exercise"]["name"]),
        str(document["view"]["name"]),
        counted,
        "–" if score is None else number(score),
        str(document["source"]["path"]),
    )


def _nothing(history: History, exercise: str) -> str:
    if exercise and (others := history.exercises()):
        where = escape(str(history.path))
        return f"Nothing of '{escape(exercise)}' in {where}. There is: {escape(', '.join(others))}."
    return f"Nothing yet in {escape(str(history.path))}: 'formcheck check CLIP' adds to it."


def _local(on: datetime) -> datetime:
    try:
        return on.astimezone()
    except (ValueError, OverflowError) as error:
        msg = f"Nothing was done in the year {on.year}. Check the date that --on names."
        raise HistoryError(msg) from error


def _written(path: Path) -> None:
    Console(highlight=False).print(f"Written to {escape(str(path))}", soft_wrap=True)
