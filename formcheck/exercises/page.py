"""The page about one exercise, as Markdown: how to do it, what is judged, and on which evidence.

The same for those that come with formcheck and for a user's own.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from formcheck import angles
from formcheck.criteria import REJECTED
from formcheck.exercises.definition import Exercise, Target
from formcheck.exercises.levels import spaced
from formcheck.in_position import HOLDING_SIDES, HoldPlan
from formcheck.measures.base import FrameMeasure
from formcheck.measures.catalogue import FRAME
from formcheck.posture import POSTURES
from formcheck.questions import (
    BASIS,
    DURING,
    LEVELS,
    ONE_SIDED,
    SIDES_RULE,
    STANDARD,
    WHOLE,
    Criterion,
    LevelBound,
    Question,
    Requirement,
)
from formcheck.reasons import SIDE_UNKNOWN, view_reason
from formcheck.reduce import REDUCE
from formcheck.reps import RepRule
from formcheck.results import Bound
from formcheck.sides import WINS, SideRule
from formcheck.units import symbol_of
from formcheck.view import view_from_yaw

HOW, CAMERA = "how", "camera"
"""Pictures of a page that belong to no criterion."""
_MEANINGS = {
    "knee_flexion_deg": "how far the knee is bent: 0 straight, 90 a right angle",
    "hip_flexion_deg": "how far the hip is bent: 0 with shoulder, hip and knee in line",
}


def exercise_page(exercise: Exercise, pictures: Mapping[str, str] | None = None) -> str:
    """Return what an exercise is, counts and judges, and why.

    Parameters
    ----------
    exercise
        At the standard level.
    pictures
        Code of a criterion, `HOW` or `CAMERA` → where its picture is; those there are.
    """
    found = pictures or {}
    lines = [f"# {exercise.name}", "", exercise.summary, ""]
    lines += _picture(found, HOW, f"{exercise.name}, rendered: from the start to the turning point")
    if exercise.steps:
        steps = (f"{i}. {step}" for i, step in enumerate(exercise.steps, start=1))
        lines += ["## How to do it", "", *steps, ""]
    lines += [f"**{note}**\n" for note in exercise.notes]
    lines += ["## Where to put the camera", "", exercise.camera, ""]
    lines += _picture(
        found, CAMERA, "So it should look: the whole body, from where it is seen best"
    )
    lines += _views(exercise)
    lines += _levels(exercise)
    lines += _holding(exercise.hold) if exercise.hold else _repeating(exercise)
    lines += ["## What is judged", ""]
    for criterion in exercise.criteria:
        lines += _criterion(criterion, found, exercise)
    return "\n".join(lines).rstrip() + "\n"


def _picture(pictures: Mapping[str, str], key: str, words: str) -> list[str]:
    return [f"![{words}]({pictures[key]})", ""] if key in pictures else []


def _views(exercise: Exercise) -> list[str]:
    """Return from where which criteria are seen best."""
    names: dict[str, list[str]] = {}
    for c in exercise.criteria:
        names.setdefault(_best_view(c.question), []).append(c.name)
    postures = " or ".join(POSTURES[name] for name in exercise.postures)
    return [
        f"It is done {postures}. Best seen",
        "",
        *(f"- {_seen(exercise, view)}: {', '.join(listed)}" for view, listed in names.items()),
        "",
        "From elsewhere the same is judged if it is sure enough, and is *unclear* otherwise.",
        "",
    ]


def _best_view(q: Question) -> str:
    return FRAME[q.measure].best_view if q.measure in FRAME else "any"


def _levels(exercise: Exercise) -> list[str]:
    """Return what moves with the level, and what people may set for themselves."""
    moving = [c for c in exercise.criteria if c.levels]
    lines = ["## Levels", ""]
    if moving:
        lines += [
            (
                "`--level gentle`, `standard` (if nothing is said) or `athletic` moves these "
                "bounds. How sure a verdict has to be, and all other bounds, stay."
            ),
            "",
            f"| | {' | '.join(LEVELS)} |",
            f"|---|{'---|' * len(LEVELS)}",
        ]
        for c in moving:
            cells = (bounded(_asked(c, level).bound, _symbol(c.question)) for level in LEVELS)
            lines.append(f"| {c.code} {c.name} | {' | '.join(cells)} |")
        lines.append("")
    else:
        lines += ["Every level asks for the same here.", ""]
    if exercise.goals_s:
        goals = ", ".join(f"{level} {goal:g} s" for level, goal in exercise.goals_s.items())
        lines += [f"The clock of a hold runs to another goal: {goals}.", ""]
    if exercise.targets:
        lines += ["A range of your own takes the place of a bound:", ""]
        lines += [_target(t, exercise.id) for t in exercise.targets]
        lines.append("")
    return lines


def _target(t: Target, exercise: str) -> str:
    title, symbol = _title(t.question), spaced(_symbol(t.question))
    near = f"within {t.within:g}{symbol} of it is near enough" if t.within else "more is fine too"
    example = 5 * round((t.question.bound.low + t.question.bound.high) / 10)
    return (
        f"- `--exercise {exercise} --target {t.name}={example}`: {title}, in the place of "
        f"{t.criterion}; {bounded(t.question.bound, _symbol(t.question))}; {near}"
        + (f", and `{t.name}=LOW..HIGH` says so exactly." if t.within else ".")
    )


def _asked(c: Criterion, level: str) -> LevelBound:
    """Return what a criterion asks for at a level."""
    return c.levels.get(level) or LevelBound(c.question.bound, c.basis, c.references)


def _symbol(q: Question) -> str:
    return symbol_of(q.measure)


def _title(q: Question) -> str:
    return (FRAME.get(q.measure) or WHOLE[q.measure]).title


def _repeating(exercise: Exercise) -> list[str]:
    """Return what counts as a repetition."""
    return [
        "## What counts as a repetition",
        "",
        _counting(exercise),
        "",
        *map(_required, exercise.requirements),
        "",
        *_gentle_counting(exercise),
        *_siding(exercise),
    ]


def _required(r: Requirement) -> str:
    gentle = ""
    if r.gentle is not None:
        gentle = f" ({bounded(r.gentle, _symbol(r.question))} where small ones count)"
    return f"- {r.otherwise}: {_asks(r.question)}{gentle}"


def _gentle_counting(exercise: Exercise) -> list[str]:
    """Return what counts where small repetitions do."""
    small = exercise.gentle_rule
    if small is None:
        return []
    return [
        f"At the gentle level, and with a small target, small ones count: from {_small(small)}.",
        "",
    ]


def _small(rule: RepRule) -> str:
    return (
        f"{rule.min_range:g} on, coming back to within {100 * rule.return_to:g} %, in "
        f"{rule.min_duration_s:g} s or more"
    )


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
            f"- {FRAME[c.measure].title} (`{c.measure}`){of} {bounded(c.enter, symbol)} "
            f"({bounded(c.stay, symbol)})"
        )
    if plan.depth:
        title = FRAME[plan.depth.measure].title
        of = f" {HOLDING_SIDES[plan.depth.sides]}" if plan.depth.sides else ""
        lines += [
            "",
            (
                f"How deep somebody is in it shows in the {title} (`{plan.depth.measure}`){of}: "
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
    "front": "from the front",
    "rear": "from behind",
    "any": "from any side",
}
"""Best view of a measurement → what people read."""
SEEN_LYING = {**SEEN, "front": "from the feet", "rear": "from the head"}
"""The same of somebody who lies."""
LYING = {"supine", "prone", "side-lying"}


def seen_best(exercise: Exercise, criterion: Criterion) -> str:
    """Return from where a criterion is seen best, in words."""
    return _seen(exercise, _best_view(criterion.question))


def wanted(criterion: Criterion, level: str) -> tuple[str, str]:
    """Return what a criterion asks for at a level, and what that is based on."""
    asked = _asked(criterion, level)
    question = criterion.question
    return f"{_title(question)} {bounded(asked.bound, _symbol(question))}", asked.basis


def _seen(exercise: Exercise, view: str) -> str:
    """Return from where something is seen best, in the postures of an exercise."""
    lying = [name in LYING for name in exercise.postures]
    words = SEEN_LYING[view] if any(lying) else SEEN[view]
    if all(lying) or words == SEEN[view]:
        return words
    return f"{SEEN[view]}, lying {words}"


def _criterion(c: Criterion, pictures: Mapping[str, str], exercise: Exercise) -> list[str]:
    row = FRAME.get(c.question.measure)
    lines = [f"### {c.code} {c.name}", "", c.why, ""]
    lines += _picture(pictures, c.code, f"{c.name}: as it should be, and “{c.cue}”")
    lines += [f"- **Measured:** {_measured(c.question)}"]
    lines += _bounds(c)
    lying = set(exercise.postures) <= LYING
    also = f"; also when {c.unless.fails} is failed: {c.unless.because}" if c.unless else ""
    lines.append(f"- **Unclear** {_unclear(c, row, lying=lying)}{also}")
    lines.append(f"- **Best seen** {seen_best(exercise, c)}")
    above = f", or above it “{c.cue_above}”" if c.cue_above else ""
    lines.append(f"- **Cue:** “{c.cue}”{above}")
    return [*lines, ""]


def _bounds(c: Criterion) -> list[str]:
    """Return what is asked for at each level, and where it comes from."""
    lines = []
    for level in (STANDARD, *c.levels):
        asked = _asked(c, level)
        at = f" at the {level} level" if level != STANDARD else ""
        basis = f"{asked.basis} ({BASIS[asked.basis]})"
        cited = "; ".join(asked.references)
        bound = bounded(asked.bound, _symbol(c.question))
        lines.append(f"- **Asked for{at}:** {bound}; {basis}{': ' + cited if cited else ''}")
    return lines


def _measured(q: Question) -> str:
    row = FRAME.get(q.measure)
    parts = [f"{_title(q)} (`{q.measure}`)", _meaning(q.measure), when(q)]
    if row and row.sided:
        parts.append(SIDES_RULE[q.sides])
    return "; ".join(part for part in parts if part)


def when(q: Question) -> str:
    """Return when a question looks, and how many readings become one; empty for a whole one."""
    return f"{REDUCE[q.reduce]}, {DURING[q.during]}" if q.during else ""


def _meaning(measure: str) -> str:
    """Return what a measurement is, in words of the function that takes it."""
    row = FRAME.get(measure) or WHOLE[measure]
    source = row.compute or getattr(angles, measure, None)
    words = (getattr(source, "__doc__", None) or "").strip().split("\n\n")[0]
    if not words.startswith("Return "):
        return _MEANINGS.get(measure, "")
    return " ".join(words.removeprefix("Return ").split()).rstrip(".")


def _unclear(c: Criterion, row: FrameMeasure | None, *, lying: bool) -> str:
    """Return when a criterion is left open."""
    reasons = ["when the value is too close to the bound for how surely it is known"]
    if row is None:
        reasons.append("when its start or end was not filmed")
    else:
        reasons.append(f"when the {' or '.join(row.parts)} cannot be seen")
        yaw = {"side": 0.0, "front": 90.0, "rear": 0.0}.get(row.best_view)
        if yaw is not None:
            reason = view_reason(row, view_from_yaw(yaw, 1.0), lying=lying)
            reasons.append(f"when the camera stands badly (“{reason}”)")
        if c.question.sides in ONE_SIDED:
            reasons.append(f"when nobody knows which side works (“{SIDE_UNKNOWN}”)")
    return "; ".join(reasons)


def _asks(q: Question) -> str:
    row = FRAME.get(q.measure)
    both = SIDES_RULE[q.sides] if row and row.sided else ""
    asked = f"{_title(q)} (`{q.measure}`) {bounded(q.bound, _symbol(q))}"
    return "; ".join(part for part in (asked, when(q), both) if part)


def bounded(bound: Bound, symbol: str) -> str:
    """Return a bound in words; `symbol` is its unit's."""
    symbol = spaced(symbol)
    low, high = bound.low, bound.high
    if math.isfinite(low) and math.isfinite(high):
        return f"between {low:g} and {high:g}{symbol}"
    return f"at least {low:g}{symbol}" if math.isfinite(low) else f"at most {high:g}{symbol}"
