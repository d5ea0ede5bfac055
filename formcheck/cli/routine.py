"""``formcheck routine`` and ``formcheck remind``: exercises in an order, and not forgotten."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from formcheck.cli.errors import explained
from formcheck.cli.show import DISCLAIMER, number
from formcheck.cli.text import escape
from formcheck.errors import RoutineError

if TYPE_CHECKING:
    from formcheck.history.store import Run as KeptRun
    from formcheck.results import Report
    from formcheck.routines.adapt import Plan
    from formcheck.routines.definition import Routine, Step
    from formcheck.routines.walk import Outcome, Performer, Walk

RED_FLAG = 3
"""Exit status when somebody should see a doctor first."""
WENT = ("easy", "right", "hard")
MOST_PAIN = 10


def routine(
    name: Annotated[
        str,
        typer.Argument(help="A routine, or a .toml file; 'list' for all.", show_default=False),
    ],
    clips: Annotated[
        Path | None,
        typer.Option(
            "--clips", help="A folder with a clip of each exercise, named after it.", metavar="DIR"
        ),
    ] = None,
    live: Annotated[bool, typer.Option("--live", help="Do it now, in front of a camera.")] = False,
    camera: Annotated[
        str | None,
        typer.Option("--camera", "-c", help="As in live.", show_default="the first one"),
    ] = None,
    window: Annotated[
        bool, typer.Option("--window/--no-window", help="With --live: show it, or go by ear.")
    ] = True,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", help="With --live: folder for the reports.", metavar="DIR"),
    ] = None,
    pain: Annotated[
        str, typer.Option("--pain", help="Pain before, 0 to 10, such as back=3,knee=2.")
    ] = "",
    pain_after: Annotated[
        str, typer.Option("--pain-after", help="Pain after it, the same way.")
    ] = "",
    went: Annotated[str, typer.Option("--went", help="How it went: easy, right or hard.")] = "",
    red_flags: Annotated[
        bool | None,
        typer.Option(
            "--red-flags/--no-red-flags",
            help="Whether there is numbness, weakness, night pain or an injury.",
        ),
    ] = None,
    plan_only: Annotated[
        bool, typer.Option("--plan", help="Only say what to do, and how it adapts.")
    ] = False,
    history: Annotated[
        bool, typer.Option("--history/--no-history", help="Keep it, and adapt to the last times.")
    ] = True,
) -> None:
    """Go through a routine, live or with a folder of clips: sets, repetitions, holds and rests.

    Before and after it asks about pain, and makes the next time gentler when that rises. What is
    not told by an option is asked for.
    """
    with explained(), ExitStack() as stack:
        from formcheck.history.store import History
        from formcheck.routines.definition import load_routine
        from formcheck.routines.walk import FromClips, Walk

        console = Console(highlight=False)
        if name == "list":
            _list(console)
            return
        if live and clips is not None:
            msg = "A routine is done --live or with --clips, not both. Give one of them."
            raise RoutineError(msg)
        known = load_routine(name)
        kept = stack.enter_context(History()) if history else None
        before = _pain(known, pain, "before", ask=not plan_only)
        if not plan_only and _has_red_flags(console, red_flags):
            raise typer.Exit(RED_FLAG)
        runs = kept.runs(known.id) if kept else []
        plan = _plan(known, runs, before)
        _show_plan(console, plan)
        performer: Performer
        if clips is not None and not plan_only:
            performer = FromClips(clips, known={step.exercise.id for step in known.steps})
        elif live and not plan_only:
            performer = _FromCamera(console, camera, window=window, out=out)
        else:
            console.print(escape(_how_to(known, name)), style="dim")
            return
        walk = Walk(plan, before, kept)
        walk.go(performer, lambda *told: _tell(console, *told))
        walk.finish(_pain(known, pain_after, "after", ask=True), _went(went))
        _show_end(console, walk)


class _FromCamera:
    """Watches each step live; between two, it lets the person rest and change position."""

    def __init__(
        self, console: Console, camera: str | None, *, window: bool, out: Path | None
    ) -> None:
        self._console = console
        self._camera = camera
        self._window = window
        self._out = out
        self._rest_s = 0.0

    def perform(self, step: Step) -> list[Report]:
        """Run a session of the step's sets."""
        from formcheck.cli.live import watch
        from formcheck.coaching.moment import Plan as Sets
        from formcheck.sources.capture import is_clip

        # In the window, not before it: who rests is metres away from the terminal. A clip that
        # is played as a camera does not wait.
        first_s = 0.0 if self._camera and is_clip(self._camera) else self._rest_s
        sets = Sets(step.sets, step.wanted // step.sets, step.rest_s, first_s)
        self._rest_s = step.rest_s
        report = watch(
            step.aimed,
            sets,
            self._console,
            camera=self._camera,
            window=self._window,
            out=self._out,
        )
        return [report]


def _plan(known: Routine, runs: Sequence[KeptRun], before: Mapping[str, int]) -> Plan:
    from formcheck.routines.adapt import Run, plan_of

    return plan_of(
        known, [Run.of(run.started_at, run.data) for run in runs], before, datetime.now(UTC)
    )


def _list(console: Console) -> None:
    from formcheck.routines.definition import load_routine, routine_ids

    table = Table()
    for column in ("name", "what it is", "exercises"):
        table.add_column(column, overflow="fold")
    for each in routine_ids():
        known = load_routine(each)
        steps = ", ".join(step.exercise.name.lower() for step in known.steps)
        table.add_row(known.id, known.summary, steps)
    console.print(table)


def _interactive() -> bool:
    return sys.stdin.isatty()


def _pain(known: Routine, given: str, when: str, *, ask: bool) -> dict[str, int]:
    """Return pain by part of the body, as told or as asked for."""
    told = _parse_pain(known, given)
    for part in known.asks:
        if part not in told and ask and _interactive():
            question = f"Pain in your {part} {when}, 0 (none) to {MOST_PAIN}"
            told[part] = _asked_number(question)
    return told


def _asked_number(question: str) -> int:
    while True:
        told: int = typer.prompt(question, type=int)
        if 0 <= told <= MOST_PAIN:
            return told


def _parse_pain(known: Routine, given: str) -> dict[str, int]:
    told = {}
    for item in filter(None, (item.strip() for item in given.split(","))):
        part, _, size = (piece.strip() for piece in item.partition("="))
        if part and part not in known.asks and size.isdecimal():
            asked = " and ".join(known.asks) or "no pain"
            msg = f"The routine '{known.id}' asks about {asked}, not about '{part}'."
            raise RoutineError(msg)
        if part not in known.asks or not size.isdecimal() or int(size) > MOST_PAIN:
            example = ",".join(f"{part}=3" for part in known.asks) or "nothing"
            msg = f"'{item}' should name a part and its pain from 0 to 10, such as {example}."
            raise RoutineError(msg)
        told[part] = int(size)
    return told


def _has_red_flags(console: Console, told: bool | None) -> bool:
    from formcheck.routines.adapt import RED_FLAGS, STOP

    if told is None and _interactive():
        console.print("Since last time, is there any of these?")
        for flag in RED_FLAGS:
            console.print(f"  - {flag}")
        told = typer.confirm("Any of them", default=False)
    if told:
        console.print(STOP, style="bold red")
    return bool(told)


def _went(given: str) -> str:
    if given and given not in WENT:
        msg = f"--went should be one of {', '.join(WENT)}, but is '{given}'."
        raise RoutineError(msg)
    if given or not _interactive():
        return given
    told = ""
    while told not in WENT:
        told = str(typer.prompt(f"How did it go: {', '.join(WENT)}", default="right")).strip()
    return told


def _show_plan(console: Console, plan: Plan) -> None:
    known = plan.routine
    for notice in plan.notices:
        console.print(escape(notice), style="bold yellow")
    table = Table(title=escape(known.name), title_justify="left")
    for column in ("", "exercise", "what to do", "rest", "why"):
        table.add_column(column, overflow="fold")
    for i, step in enumerate(known.steps, start=1):
        rest = f"{step.rest_s:g} s"
        table.add_row(str(i), escape(step.exercise.name), step.in_words(), rest, escape(step.why))
    console.print(table)
    for change in plan.changes:
        console.print(f"Gentler today. {escape(change)}", style="yellow")
    for note in dict.fromkeys(note for step in known.steps for note in step.exercise.notes):
        console.print(escape(note), style="bold yellow")


def _how_to(known: Routine, name: str) -> str:
    often = "Once" if known.per_week == 1 else f"{known.per_week} times"
    return (
        f"{often} a week. Begin with: formcheck routine {shlex.quote(name)} --live, or "
        f"--clips FOLDER. {DISCLAIMER}"
    )


def _tell(console: Console, i: int, step: Step, outcome: Outcome | None) -> None:
    if outcome is None:
        console.print(f"{i}. {escape(step.exercise.name)}: {step.in_words()}", style="bold")
        return
    if outcome.skipped:
        console.print("   skipped: there is nothing of it to look at", style="dim")
        return
    if not outcome.done:
        why = f": {escape(outcome.note)}" if outcome.note else ""
        console.print(f"   nothing counted{why}")
        return
    text = f"   {outcome.done} of {outcome.step.wanted} counted, score {number(outcome.score)}"
    if outcome.held_s:
        text += f", {outcome.held_s:.0f} s held"
    if outcome.cues:
        text += f". To work on: {outcome.cues[0]}"
    console.print(escape(text))


def _show_end(console: Console, walk: Walk) -> None:
    from formcheck.routines.adapt import RISE

    done = [outcome for outcome in walk.outcomes if not outcome.skipped]
    console.print(f"{len(done)} of {len(walk.outcomes)} exercises done.", style="bold")
    after = walk.pain_after
    risen = [p for p, before in walk.pain_before.items() if after.get(p, before) - before >= RISE]
    if risen:
        parts = " and ".join(risen)
        console.print(
            f"Your {parts} hurts more than before: the next time will be gentler. If it does not "
            "settle within a day, or comes back, see a physiotherapist or doctor.",
            style="bold yellow",
        )
    console.print(DISCLAIMER, style="dim italic")


def _findable(name: str) -> str:
    """Return a routine's name, or the full path of its file: reminders come from elsewhere."""
    path = Path(name)
    return str(path.absolute()) if path.is_file() else name


def remind(
    name: Annotated[str, typer.Argument(help="A routine, or a .toml file.", show_default=False)],
    at: Annotated[str, typer.Option("--at", help="When, such as 07:30.")] = "07:30",
    days: Annotated[str, typer.Option("--days", help="Days with commas between.")] = "mon,wed,fri",
    scheduler: Annotated[
        str,
        typer.Option(
            "--for", help="cron, systemd, launchd or windows; this system's own if not given."
        ),
    ] = "",
) -> None:
    """Print a line for the system's own scheduler that reminds you; nothing is changed."""
    with explained():
        from formcheck.routines.definition import load_routine
        from formcheck.routines.remind import SCHEDULERS, parse_days, parse_time, reminder

        known = load_routine(name)
        chosen = scheduler or {"darwin": "launchd", "win32": "windows"}.get(sys.platform, "cron")
        if chosen not in SCHEDULERS:
            msg = f"--for should be one of {', '.join(SCHEDULERS)}, but is '{chosen}'."
            raise RoutineError(msg)
        message = f"Time for: {known.name} (formcheck routine {shlex.quote(_findable(name))})"
        task = "".join(c for c in known.id.lower() if c.isalnum() or c == "-")
        typer.echo(reminder(chosen, parse_days(days), parse_time(at), message, task))
