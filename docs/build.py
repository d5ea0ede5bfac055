"""Writes the pages that follow from the code, and those of the measured figures.

``python -m docs.build``; a test fails when a page is not what this would write.
"""

from __future__ import annotations

import math
import subprocess
import sys
from pathlib import Path

from benchmarks.quality.page import pages as measured_pages
from formcheck.criteria import REJECTED
from formcheck.exercises.definition import Exercise
from formcheck.exercises.load import exercise_ids, load_exercise
from formcheck.keeping import HOLDING_SIDES, HoldPlan
from formcheck.measures.catalogue import FRAME
from formcheck.posture import POSTURES
from formcheck.questions import BASIS, DURING, SIDES_RULE, WHOLE, Criterion, Question
from formcheck.reduce import REDUCE
from formcheck.results import Bound
from formcheck.sides import WINS, SideRule
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
        *(f"**Note.** {note}\n" for note in exercise.notes),
        *(_holding(exercise.hold) if exercise.hold else _repeating(exercise)),
        "## What is judged",
        "",
    ]
    for criterion in exercise.criteria:
        lines += _criterion(criterion)
    return "\n".join(lines).rstrip() + "\n"


def _repeating(exercise: Exercise) -> list[str]:
    """Return what counts as a repetition."""
    return [
        "## What counts as a repetition",
        "",
        _counting(exercise),
        "",
        *(f"- {r.otherwise}: {_asks(r.question)}" for r in exercise.requirements),
        "",
        *_siding(exercise),
    ]


def _holding(plan: HoldPlan) -> list[str]:
    """Return what counts as a hold."""
    rule = plan.rule
    lines = [
        "## What is held",
        "",
        (
            f"The clock runs while the position is kept, and aims at {rule.goal_s:g} s. Who loses "
            f"it for up to {rule.wobble_s:g} s has wobbled: the clock stops meanwhile and goes on. "
            f"A longer loss ends the hold, and what was held for less than {rule.min_s:g} s is not "
            "listed. The position is there with (and, once there, lost only when surely beyond):"
        ),
        "",
    ]
    for c in plan.position:
        of = f" {HOLDING_SIDES[c.sides]}" if c.sides else ""
        symbol = symbol_of(c.measure)
        lines.append(
            f"- {FRAME[c.measure].title} (`{c.measure}`){of} {_bounded(c.enter, symbol)} "
            f"({_bounded(c.stay, symbol)})"
        )
    if plan.depth:
        title, of = FRAME[plan.depth.measure].title, HOLDING_SIDES.get(plan.depth.sides, "")
        lines += [
            "",
            (
                f"How deep somebody is in it shows in the {title} (`{plan.depth.measure}`) {of}: "
                f"the hold begins where that has settled, to within {rule.still:g}"
                f"{symbol_of(plan.depth.measure)}, and ends where it comes back from there. Going "
                "deeper goes on with the hold, or, within its first seconds, starts it anew."
            ),
        ]
    if plan.one_sided:
        lines += [
            "",
            (
                "Left and right are held apart. Crossed legs make the pose model mix up left and "
                "right for moments: the position is looked for on both sides, and a hold's side "
                "is the one seen for most of it, or *unclear*."
            ),
        ]
    return [*lines, ""]


def _counting(exercise: Exercise) -> str:
    rule = exercise.rule
    low = f" Up to {rule.rest_up_to:g}, people may rest." if rule.rest_up_to else ""
    return (
        f"Repetitions are counted on *{FRAME[exercise.signal].title}*. A movement counts that "
        f"goes at least {rule.min_range:g} from rest, and at least {100 * rule.own_range:g} % "
        f"as far as the person's usual repetition, comes back to within "
        f"{100 * rule.return_to:g} % of its own range, and takes from {rule.min_duration_s:g} "
        f"to {rule.max_duration_s:g} s. Smaller movements, from {rule.min_partial:g}, and those "
        f"that do not come back are listed as partial.{low} It does not count when it clearly is "
        f"something else (with a probability of {REJECTED:g}):"
    )


def _siding(exercise: Exercise) -> list[str]:
    """Return how the working side is told, where there is one."""
    rule = exercise.side
    if rule is None:
        return []
    text = (
        "Left and right are counted apart. The side that does the work is "
        f"{WINS[rule.wins]}: {FRAME[rule.measure].title} (`{rule.measure}`); "
        f"{REDUCE[rule.reduce]}, {DURING[rule.during]}. {_together(rule)}"
        "When the two are too close to tell, the repetition counts, its side is *unclear*, "
        "and so is what is asked of that side."
    )
    return [text, ""]


def _together(rule: SideRule) -> str:
    if not rule.least > 0:
        return ""
    symbol = symbol_of(rule.measure)
    return f"Sides that differ by less than {rule.least:g}{symbol} work together. "


SEEN = {
    "side": "from the side",
    "front": "from the front; of who lies, from the feet",
    "rear": "from behind; of who lies, from the head",
    "any": "from any side",
}
"""Best view of a measurement → what people read."""


def _criterion(c: Criterion) -> list[str]:
    view = FRAME[c.question.measure].best_view if c.question.measure in FRAME else "any"
    seen = SEEN[view]
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
    row = FRAME.get(q.measure) or WHOLE[q.measure]
    bound = _bounded(q.bound, symbol_of(q.measure))
    when = f"; {REDUCE[q.reduce]}, {DURING[q.during]}" if q.during else ""
    both = f"; {SIDES_RULE[q.sides]}" if q.measure in FRAME and FRAME[q.measure].sided else ""
    return f"{row.title} (`{q.measure}`) {bound}{when}{both}"


def _bounded(bound: Bound, symbol: str) -> str:
    symbol = symbol if symbol in {"", "°"} else f" {symbol}"
    low, high = bound.low, bound.high
    if math.isfinite(low) and math.isfinite(high):
        return f"between {low:g} and {high:g}{symbol}"
    return f"at least {low:g}{symbol}" if math.isfinite(low) else f"at most {high:g}{symbol}"


def main() -> None:
    """Write all pages."""
    for path, text in pages().items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
