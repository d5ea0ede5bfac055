"""What the terminal shows of a report: a table of repetitions, and a few sentences."""

from __future__ import annotations

import math

from rich.console import Console, Group
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from formcheck.results import Rep, Report, Status
from formcheck.sides import sides_in_words

DISCLAIMER = "Educational, not medical advice. Stop if it hurts."


def show_report(console: Console, report: Report) -> None:
    """Print the repetitions as a table, then what to work on and what stayed open."""
    console.print()
    if report.reps or report.partial_reps:
        console.print(_table(report))
    console.print(_sentences(report))


def _table(report: Report) -> Table:
    table = Table(title=f"{report.exercise.name}, seen {_seen_from(report)}", title_justify="left")
    table.add_column("#", justify="right")
    sided = bool(report.summary.sides)
    if sided:
        table.add_column("side")
    table.add_column("from – to", no_wrap=True)
    table.add_column("score", justify="right")
    table.add_column("judged", justify="right", no_wrap=True)
    table.add_column("to work on", overflow="fold")
    both = sorted((*report.reps, *report.partial_reps), key=lambda r: r.span.start_s)
    for rep in both:
        number, *rest = _row(rep)
        side = (rep.span.side,) if sided else ()
        table.add_row(number, *side, *rest, style="" if rep.span.counted else "dim")
    return table


def _row(rep: Rep) -> tuple[str | Text, ...]:
    span = f"{rep.span.start_s:.1f} – {rep.span.end_s:.1f} s"
    if not rep.span.counted:
        return ("–", span, "", "", f"not counted: {escape(rep.span.reason)}")
    faults = [v.cue for v in rep.verdicts if v.status is Status.FAIL]
    todo = Text(", ".join(faults), "dark_orange") if faults else _nothing_wrong(rep)
    return (str(rep.number), span, number(rep.score), f"{rep.assessed} of {rep.criteria}", todo)


def _nothing_wrong(rep: Rep) -> Text:
    return Text("looks good", "green") if rep.assessed else Text("can't tell", "dim")


def number(score: float) -> str:
    """Return a score for reading; a dash when there is none."""
    return f"{score:.0f}" if math.isfinite(score) else "–"


def _seen_from(report: Report) -> str:
    side = report.view.name.removeprefix("side-")
    return {
        "front": "from the front",
        "rear": "from behind",
        "oblique": "from an angle",
        "unknown": "from an unknown angle",
    }.get(report.view.name, f"from the {side} side")


def _sentences(report: Report) -> Group:
    summary = report.summary
    counted = summary.reps_counted
    head = f"{counted} repetition{'' if counted == 1 else 's'}"
    if summary.sides:
        head += f" ({sides_in_words(summary.sides)})"
    if math.isfinite(summary.score):
        head += f", score {summary.score:.0f} of 100"
    if summary.cues:
        head += f". To work on first: {summary.cues[0]}"
    lines: list[Text] = [Text(f"{head}.", "bold")]
    lines += [Text(f"Not judged: {names} ({why})", "dim") for why, names in _open(report)]
    lines += [Text(f"Note: {w}", "yellow") for w in report.quality.warnings]
    lines.append(Text(DISCLAIMER, "dim italic"))
    return Group(*lines)


def _open(report: Report) -> list[tuple[str, str]]:
    """Return why criteria were judged in no repetition, and which ones."""
    reasons: dict[str, list[str]] = {}
    judged: set[str] = set()
    for rep in report.reps:
        for verdict in rep.verdicts:
            if verdict.status is Status.UNCLEAR:
                reasons.setdefault(verdict.name, []).append(verdict.reason)
            else:
                judged.add(verdict.name)
    names: dict[str, list[str]] = {}
    for name, why in reasons.items():
        if name not in judged:
            names.setdefault(max(why, key=why.count), []).append(name)
    return [(why, ", ".join(listed)) for why, listed in names.items()]
