"""Writes the pages that follow from the code, and those of the measured figures.

``python -m docs.build``; a test fails when a page is not what this would write.
"""

from __future__ import annotations

import math
import subprocess
import sys
from pathlib import Path

from benchmarks.quality.page import pages as measured_pages
from formcheck.criteria import BASIS, DURING, REDUCE, SIDES_RULE, Criterion, Question
from formcheck.exercises.definition import Exercise
from formcheck.exercises.load import exercise_ids, load_exercise
from formcheck.measures.catalogue import FRAME
from formcheck.measures.repetition import REPETITION
from formcheck.posture import POSTURES
from formcheck.sides import WINS
from formcheck.units import symbol_of

HERE = Path(__file__).parent
NOTE = "<!-- Made by python -m docs.build from the code; changes here are lost. -->\n\n"


def pages() -> dict[Path, str]:
    """Return every generated page: where it goes, and what it says."""
    found = {HERE / "cli.md": NOTE + cli_page()}
    for name in exercise_ids():
        page = exercise_page(load_exercise(name))
        found[HERE / "exercises" / f"{name}.md"] = NOTE + page
    return found | measured_pages()


def cli_page() -> str:
    """Return the reference of all commands and options."""
    command = [
        sys.executable,
        *("-m", "typer", "formcheck.cli.main", "utils", "docs", "--name", "formcheck"),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return done.stdout.strip() + "\n"


def exercise_page(exercise: Exercise) -> str:
    """Return what an exercise counts and judges, and why."""
    lines = [
        f"# {exercise.name}",
        "",
        exercise.summary,
        "",
        f"**Camera.** {exercise.camera}",
        "",
        f"**Posture.** Done {' or '.join(POSTURES[name] for name in exercise.postures)}.",
        "",
        "## What counts as a repetition",
        "",
        _counting(exercise),
        "",
    ]
    lines += [f"- {r.otherwise}: {_asks(r.question)}" for r in exercise.requirements]
    lines += ["", *_siding(exercise), "## What is judged", ""]
    for criterion in exercise.criteria:
        lines += _criterion(criterion)
    return "\n".join(lines).rstrip() + "\n"


def _counting(exercise: Exercise) -> str:
    rule = exercise.rule
    return (
        f"Repetitions are counted on *{FRAME[exercise.signal].title}*. A movement counts that "
        f"goes at least {rule.min_range:g} from rest, and at least {100 * rule.own_range:g} % "
        f"as far as the person's usual repetition, comes back to within "
        f"{100 * rule.return_to:g} % of its own range, and takes from {rule.min_duration_s:g} "
        f"to {rule.max_duration_s:g} s. Smaller movements, from {rule.min_partial:g}, and those "
        "that do not come back are listed as partial. It does not count when it clearly is "
        "something else (with a probability of 0.8, like a verdict):"
    )


def _siding(exercise: Exercise) -> list[str]:
    """Return how the working side is told, where there is one."""
    rule = exercise.side
    if rule is None:
        return []
    text = (
        "Left and right are counted apart. The side that does the work is "
        f"{WINS[rule.wins]}: {FRAME[rule.measure].title} (`{rule.measure}`); "
        f"{REDUCE[rule.reduce]}, {DURING[rule.during]}. When the two are too close to tell, "
        "the repetition counts, its side is *unclear*, and so is what is asked of that side."
    )
    return [text, ""]


def _criterion(c: Criterion) -> list[str]:
    view = FRAME[c.question.measure].best_view if c.question.measure in FRAME else "any"
    seen = {"side": "from the side", "front": "from the front", "any": "from any side"}[view]
    lines = [
        f"### {c.code} {c.name}",
        "",
        f"{c.why}",
        "",
        f"- Asks for: {_asks(c.question)}",
        f"- Cue: “{c.cue}”",
        f"- Best seen {seen}",
        f"- Basis of the bound: {c.basis} ({BASIS[c.basis]})",
    ]
    lines += [f"- Reference: {r}" for r in c.references]
    return [*lines, ""]


def _asks(q: Question) -> str:
    row = FRAME.get(q.measure) or REPETITION[q.measure]
    symbol = symbol_of(q.measure)
    symbol = symbol if symbol in {"", "°"} else f" {symbol}"
    low, high = q.bound.low, q.bound.high
    if math.isfinite(low) and math.isfinite(high):
        bound = f"between {low:g} and {high:g}{symbol}"
    elif math.isfinite(low):
        bound = f"at least {low:g}{symbol}"
    else:
        bound = f"at most {high:g}{symbol}"
    when = f"; {REDUCE[q.reduce]}, {DURING[q.during]}" if q.during else ""
    both = f"; {SIDES_RULE[q.sides]}" if q.measure in FRAME and FRAME[q.measure].sided else ""
    return f"{row.title} (`{q.measure}`) {bound}{when}{both}"


def main() -> None:
    """Write all pages."""
    for path, text in pages().items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
