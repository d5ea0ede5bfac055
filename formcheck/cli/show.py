"""What the terminal shows of a report: a table of repetitions, and a few sentences."""

from __future__ import annotations

import math

from rich.console import Console, Group
from rich.table import Table
from rich.text import Text

from formcheck.cli.text import escape, visible
from formcheck.doubts import unsure
from formcheck.exercises.none import NONE
from formcheck.results import Hold, Rep, Report, Status, Summary
from formcheck.sides import sides_in_words

DISCLAIMER = "Educational, not medical advice. Stop if it hurts."


def show_report(console: Console, report: Report) -> None:
    """Print repetitions or holds as a table, then what to work on and what stayed open."""
    console.print()
    if report.segments:
        console.print(_text(report.exercise.reason))
    for part in report.by_exercise:
        if report.segments:
            console.print()
        if part.reps or part.partial_reps:
            console.print(_table(part))
        if part.holds:
            console.print(_holds(part))
        console.print(Group(*_findings(part)))
    console.print(Group(*_closing(report)))


def _table(report: Report) -> Table:
    table = Table(title=_title(report), title_justify="left")
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


def _holds(report: Report) -> Table:
    table = Table(title=_title(report), title_justify="left")
    sided = bool(report.summary.sides)
    table.add_column("#", justify="right")
    if sided:
        table.add_column("side")
    table.add_column("from – to", no_wrap=True)
    table.add_column("held", justify="right", no_wrap=True)
    table.add_column("score", justify="right")
    table.add_column("judged", justify="right", no_wrap=True)
    table.add_column("to work on", overflow="fold")
    for hold in report.holds:
        side = (hold.side,) if sided else ()
        span = f"{hold.start_s:.1f} – {hold.end_s:.1f} s"
        held = f"{'' if hold.complete else '≥ '}{hold.held_s:.1f} s"
        judged = f"{hold.assessed} of {hold.criteria}"
        table.add_row(str(hold.number), *side, span, held, number(hold.score), judged, _todo(hold))
    return table


def _row(rep: Rep) -> tuple[str | Text, ...]:
    span = f"{rep.span.start_s:.1f} – {rep.span.end_s:.1f} s"
    if not rep.span.counted:
        return ("–", span, "", "", f"not counted: {escape(rep.span.reason)}")
    judged = f"{rep.assessed} of {rep.criteria}"
    return (str(rep.number), span, number(rep.score), judged, _todo(rep))


def _todo(one: Rep | Hold) -> Text:
    faults = [v.cue for v in one.verdicts if v.status is Status.FAIL]
    if faults:
        return _text(", ".join(faults), "dark_orange")
    return Text("looks good", "green") if one.assessed else Text("can't tell", "dim")


def _text(text: str, style: str = "") -> Text:
    """Return what others may have written, for a terminal."""
    return Text(visible(text), style)


def number(score: float) -> str:
    """Return a score for reading; a dash when there is none."""
    return f"{score:.0f}" if math.isfinite(score) else "–"


def _title(report: Report) -> str:
    setting = f" ({escape(report.exercise.setting)})" if report.exercise.setting else ""
    return f"{escape(report.exercise.name)}{setting}, seen {_seen_from(report)}"


def _seen_from(report: Report) -> str:
    side = report.view.name.removeprefix("side-")
    return {
        "front": "from the front",
        "rear": "from behind",
        "oblique": "from an angle",
        "unknown": "from an unknown angle",
    }.get(report.view.name, f"from the {side} side")


def _findings(report: Report) -> list[Text]:
    """Return what there is to say about one exercise."""
    summary = report.summary
    head = _held(summary) if report.exercise.of == "holds" else _counted(summary)
    if summary.sides:
        head += f" ({sides_in_words(summary.sides)})"
    if math.isfinite(summary.score):
        head += f", score {summary.score:.0f} of 100"
    if summary.cues:
        head += f". To work on first: {summary.cues[0]}"
    recognized = bool(report.exercise.reason)
    lines: list[Text] = [_text(report.exercise.reason)] if recognized else []
    if report.exercise.id != NONE.id:
        lines.append(_text(f"{head}.", "bold"))
    if report.exercise.setting:
        lines.append(_text(f"Judged by your setting: {report.exercise.setting}."))
    if doubtful := unsure(report.quality.count_doubts):
        lines.append(_text(doubtful, "yellow"))
    lines += [_text(f"Not judged: {names} ({why})", "dim") for why, names in _open(report)]
    lines += [_text(f"Note: {w}", "yellow") for w in report.quality.warnings]
    return lines


def _closing(report: Report) -> list[Text]:
    """Return what there is to say at the end of a report."""
    of_all = report.quality.warnings if report.segments else ()
    together = report.segments and math.isfinite(report.summary.score)
    return [
        *(
            [_text(f"All together: score {number(report.summary.score)} of 100.")]
            if together
            else []
        ),
        *(_text(f"Note: {w}", "yellow") for w in of_all),
        *(_text(note, "bold yellow") for note in report.exercise.notes),
        Text(DISCLAIMER, "dim italic"),
    ]


def _counted(summary: Summary) -> str:
    counted = summary.reps_counted
    return f"{counted} repetition{'' if counted == 1 else 's'}"


def _held(summary: Summary) -> str:
    count = f"{summary.holds} hold{'' if summary.holds == 1 else 's'}"
    if not summary.holds:
        return count
    total = f"{summary.held_s:.1f} s in total"
    return f"{count}, {total}, the longest {summary.best_hold_s:.1f} s"


def _open(report: Report) -> list[tuple[str, str]]:
    """Return why criteria were judged in no repetition or hold, and which ones."""
    reasons: dict[str, list[str]] = {}
    judged: set[str] = set()
    judged_ones: tuple[Rep | Hold, ...] = (*report.reps, *report.holds)
    for one in judged_ones:
        for verdict in one.verdicts:
            if verdict.status is Status.UNCLEAR:
                reasons.setdefault(verdict.name, []).append(verdict.reason)
            else:
                judged.add(verdict.name)
    names: dict[str, list[str]] = {}
    for name, why in reasons.items():
        if name not in judged:
            names.setdefault(max(why, key=why.count), []).append(name)
    return [(why, ", ".join(listed)) for why, listed in names.items()]
