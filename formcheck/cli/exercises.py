"""``formcheck exercises``: what can be checked, and how to add an exercise of one's own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from formcheck.cli.errors import WRONG_INPUT, explained
from formcheck.cli.text import escape
from formcheck.errors import BadDefinition, FormcheckError
from formcheck.exercises.definition import Exercise
from formcheck.exercises.levels import spaced
from formcheck.exercises.load import exercise_file, exercise_ids, load_exercise, read_exercise
from formcheck.exercises.page import bounded, exercise_page
from formcheck.library import find_exercise, locate, make_exercise, own_exercises, own_folder
from formcheck.measures.catalogue import FRAME
from formcheck.questions import LEVELS, WHOLE, Criterion
from formcheck.units import symbol_of

app = typer.Typer(help="What can be checked, and exercises of your own.")


@app.callback(invoke_without_command=True)
def exercises(context: typer.Context) -> None:
    """List what can be checked; see 'new' for exercises of your own."""
    if context.invoked_subcommand is None:
        list_exercises()


@app.command("list")
def list_exercises() -> None:
    """List the exercises that formcheck knows, yours too, and where to put the camera."""
    console = Console(highlight=False)
    table = Table()
    for column in ("name", "what it is", "where to put the camera"):
        table.add_column(column, overflow="fold")
    with explained():
        for name in exercise_ids():
            exercise = load_exercise(name)
            table.add_row(exercise.id, exercise.summary, exercise.camera)
    own = own_exercises()
    for name, path in own.items():
        try:
            exercise = load_exercise(str(path))
        except FormcheckError:
            why = f"[dark_orange]has mistakes:[/] formcheck exercises validate {escape(str(path))}"
            table.add_row(escape(name), why, "")
        else:
            yours = f"{escape(name)} [dim](yours)[/]"
            table.add_row(yours, escape(exercise.summary), escape(exercise.camera))
    console.print(table)
    if not own:
        console.print("Add your own: formcheck exercises new NAME", soft_wrap=True)


@app.command("show")
def show_exercise(
    name: Annotated[str, typer.Argument(help="A name, or a .toml file.", show_default=False)],
    markdown: Annotated[
        bool, typer.Option("--markdown", help="Print its whole page instead, as Markdown.")
    ] = False,
) -> None:
    """Show what an exercise counts and judges, at every level.

    For example: formcheck exercises show squat
    """
    with explained():
        exercise = find_exercise(name)
        if markdown:
            typer.echo(exercise_page(exercise), nl=False)
            return
        console = Console(highlight=False)
        console.print(f"[bold]{escape(exercise.name)}[/]  {escape(exercise.summary)}")
        for number, step in enumerate(exercise.steps, start=1):
            console.print(f"  {number}. {escape(step)}")
        console.print(f"[bold]Camera[/]  {escape(exercise.camera)}")
        for note in exercise.notes:
            console.print(f"[bold yellow]{escape(note)}[/]")
        console.print(_criteria(exercise))
        for target in exercise.targets:
            ends = bounded(target.question.bound, symbol_of(target.question.measure))
            console.print(f"[bold]Your own range[/]  --target {escape(target.name)}=VALUE, {ends}")


def _criteria(exercise: Exercise) -> Table:
    caption = f"Levels: {', '.join(LEVELS)}; the standard bound where none is given."
    table = Table(caption=caption, caption_justify="left", show_lines=True)
    table.add_column("code", no_wrap=True)
    table.add_column("what", overflow="fold")
    table.add_column("asked for", no_wrap=True)
    table.add_column("cue", overflow="fold")
    table.add_column("basis", overflow="fold")
    for c in exercise.criteria:
        row = FRAME.get(c.question.measure) or WHOLE[c.question.measure]
        what = f"{escape(c.name)}\n[dim]{row.title}[/]"
        table.add_row(escape(c.code), what, _asked(c), escape(c.cue), c.basis)
    return table


def _asked(c: Criterion) -> str:
    """Return what is asked for, at the standard level and where another one differs."""
    symbol = symbol_of(c.question.measure)
    others = (f"{level}: {bounded(b.bound, symbol)}" for level, b in c.levels.items())
    return "\n".join((bounded(c.question.bound, symbol), *others))


@app.command("new")
def new(
    name: Annotated[
        str, typer.Argument(help="What to call it, such as half-squat.", show_default=False)
    ],
    base: Annotated[
        str, typer.Option("--from", help="An exercise to start from: a name or a .toml file.")
    ] = "",
    folder: Annotated[
        Path | None,
        typer.Option("--folder", help="Where to put it; your own exercises' folder if not given."),
    ] = None,
) -> None:
    """Write a working exercise file to start from, explained line by line.

    It never overwrites a file. For example: formcheck exercises new half-squat
    """
    with explained():
        path = make_exercise(name, base=base, folder=folder)
        asked = name if path.parent == own_folder() else str(path)
        console = Console(highlight=False, soft_wrap=True)
        console.print(f"Written: {escape(str(path))}")
        console.print("Change it in any text editor. Then:")
        console.print(f"  formcheck exercises validate {escape(asked)}")
        console.print(f"  formcheck check CLIP --exercise {escape(asked)}")


@app.command("validate")
def validate(
    file: Annotated[
        str, typer.Argument(help="A .toml file, or the name of an exercise.", show_default=False)
    ],
) -> None:
    """Say everything that is wrong with an exercise file, with lines.

    The exit status is 2 if anything is. For example: formcheck exercises validate mine.toml
    """
    with explained():
        data, name = exercise_file(locate(file))
        exercise, problems = read_exercise(data, name)
        console = Console(highlight=False, soft_wrap=True)
        if problems or exercise is None:
            for problem in sorted(problems, key=lambda p: p.line or 0):
                console.print(f"[dark_orange]{_place(problem)}[/]{escape(_said(problem))}")
            count = len(problems)
            console.print(f"[bold]{escape(name)}: {count} mistake{'' if count == 1 else 's'}.[/]")
            raise typer.Exit(WRONG_INPUT)
        for remark in remarks(exercise, Path(name).stem):
            console.print(f"[yellow]Note:[/] {escape(remark)}")
        of = "holds" if exercise.hold else f"repetitions, counted on {FRAME[exercise.signal].title}"
        console.print(
            f"[green]{escape(name)} is good:[/] {escape(exercise.name)}, {of}; "
            f"{len(exercise.criteria)} criteria."
        )


def _place(problem: BadDefinition) -> str:
    return f"line {problem.line}: " if problem.line else ""


def _said(problem: BadDefinition) -> str:
    hint = f" Did you mean '{problem.suggestion}'?" if problem.suggestion else ""
    return f"'{problem.key}' should be {problem.expected}, but is {problem.got}.{hint}"


def remarks(exercise: Exercise, stem: str) -> list[str]:
    """Return what is no mistake in an exercise file, but worth a second look."""
    found = []
    if exercise.id != stem:
        found.append(f"the file is called '{stem}', but the exercise '{exercise.id}'.")
    if not exercise.steps:
        found.append("there are no steps: how to do it is not said.")
    found += [
        f"{c.code} is based on a {c.basis}, but names no reference."
        for c in exercise.criteria
        if c.basis != "coaching convention" and not c.references
    ]
    return found


@app.command("words")
def words() -> None:
    """List what can be measured: the words for `measure` and `signal` in exercise files."""
    table = Table()
    table.add_column("measure", no_wrap=True)
    for column in ("what it is", "unit", "left and right", "best seen"):
        table.add_column(column, overflow="fold")
    for name, row in FRAME.items():
        sides = "yes" if row.sided else ""
        table.add_row(name, row.title, spaced(symbol_of(name)).strip(), sides, row.best_view)
    for name, whole in WHOLE.items():
        table.add_row(name, f"{whole.title} [dim](of a whole one)[/]", symbol_of(name), "", "any")
    Console(highlight=False).print(table)
