"""A new exercise file to start from: valid, working, and explained line by line."""

from __future__ import annotations

import re
from importlib.resources import files

from formcheck.exercises.hold_plan import AT_A_TIME
from formcheck.exercises.load import exercise_file
from formcheck.in_position import HOLDING_SIDES
from formcheck.posture import POSTURES
from formcheck.questions import BASIS, DURING, SIDES_RULE
from formcheck.reduce import REDUCE


def _listed(words: dict[str, str]) -> str:
    return "".join(f"\n  {word}: {meaning}" for word, meaning in words.items())


HINTS: dict[str, str] = {
    "schema": "The version of this format. Leave it as it is.",
    "id": "What the exercise is called on the command line and in reports.",
    "name": "What people read.",
    "summary": "What it is, in a sentence.",
    "steps": "How to do it, one step after the other. Optional.",
    "camera": "Where to put the camera.",
    "notes": "What who does it should know, such as when to stop. Optional.",
    "postures": "In which it is done, one or more of:" + _listed(dict(POSTURES)),
    "[repetition]": "How repetitions are told. Exercises that are held have [hold] instead.",
    "[hold]": "What is held. Exercises of repetitions have [repetition] instead.",
    "repetition.signal": "What is counted on: a reading that is about 0 at rest and larger the\n"
    "further the person goes. Distances below are in its unit.",
    "repetition.words": "What the way out, the turn and the way back are called. Optional.",
    "repetition.sides": "Whether both sides work together, or one at a time. Optional:"
    + _listed(AT_A_TIME),
    "repetition.side_by": "By which measurement the working side is known.",
    "repetition.min_range": "A movement has to go this far from rest to count,",
    "repetition.min_partial": "and this far to be listed at all.",
    "repetition.return_to": "It has to come back to within this fraction of its own range.",
    "repetition.rest_up_to": "Up to here people may rest between repetitions. Optional.",
    "repetition.own_range": "It has to go this fraction of the person's usual range.",
    "repetition.min_duration_s": "It takes at least and at most so many seconds.",
    "repetition.gentle": "What differs at the gentle level, where small ones count. Optional.",
    "[[repetition.require]]": "What a movement must be to count at all. It counts unless it\n"
    "clearly is not: what is seen badly stops no repetition. As many as you like.",
    "repetition.require.measure": "What is measured: 'formcheck exercises words' lists all.",
    "repetition.require.at_least": "One bound: at_least, at_most, or between = [low, high].",
    "repetition.require.otherwise": "What is said of a movement that does not count.",
    "hold.sides": "Whether left and right are held apart. Optional:" + _listed(AT_A_TIME),
    "hold.min_s": "What is held for less than so many seconds is not listed.",
    "hold.wobble_s": "Who loses the position for up to so long has only wobbled.",
    "hold.goal_s": "What the clock runs to.",
    "hold.gentle": "The clock's goal at other levels. Optional.",
    "hold.missed": "What is said when nothing was held,",
    "hold.seen": "and when something was; then the number is never sure. Optional.",
    "[hold.depth]": "How deep somebody is in the position: a hold begins where this settles.",
    "[[hold.position]]": "What the position is: a bound to get into it, and a wider one to be out\n"
    "of it again. As many as you like; all of them must hold.",
    "hold.position.sides": "Of which side:" + _listed(HOLDING_SIDES),
    "[[criterion]]": "What is judged about each one, the most important first.",
    "criterion.code": "A short code of its own.",
    "criterion.measure": "What is measured: 'formcheck exercises words' lists all.",
    "criterion.during": "When to look:" + _listed(DURING),
    "criterion.reduce": "How many readings become one:" + _listed(REDUCE),
    "criterion.sides": "What becomes of left and right; the mean if it is not said:"
    + _listed(SIDES_RULE),
    "criterion.cue": "What a coach would say to who fails it: at most six words,",
    "criterion.cue_above": "and to who is above the bound. Optional.",
    "criterion.unless": "Which other criterion, failed, makes failing this one mean nothing.\n"
    "Optional.",
    "criterion.why": "Why it matters.",
    "criterion.basis": "Where the bound comes from:" + _listed(BASIS),
    "criterion.references": "What it rests on; [] for a coaching convention.",
    "[criterion.gentle]": "The bound at another level, and where that comes from. Optional.",
    "[criterion.athletic]": "The athletic bound must not be looser than the usual one.",
    "[[target]]": "A range that people may set for themselves with --target. Optional.",
    "target.name": "What it is called; the measurement without its unit if it is not said.",
    "target.criterion": "Whose place it takes.",
    "target.between": "Values outside of this make no sense.",
    "target.within": "So near to the value is near enough.",
    "target.small": "A range that reaches in here counts small repetitions, like the gentle level.",
    "target.below": "What is said to who stays below the range,",
    "target.above": "and to who goes above it.",
}
"""Key or table of an exercise file → what it means, for who writes one."""

_HEADER = re.compile(r"^(\[\[?)([a-z_.]+)\]\]?")
_KEY = re.compile(r"^([a-z_]+) = ")


def new_exercise(name: str, base: str = "") -> str:
    """Return the text of a new exercise file.

    Parameters
    ----------
    name
        What the exercise will be called on the command line.
    base
        The exercise to start from, by name or path; a small one made for that, if not given.

    Raises
    ------
    UnknownExercise
        There is no such exercise to start from.
    """
    title = name.replace("-", " ").replace("_", " ").strip().capitalize()
    if not base:
        text = files("formcheck.exercises.start").joinpath("own.toml").read_text("utf-8")
        return explained(text.replace('"NAME"', f'"{name}"').replace('"TITLE"', f'"{title}"'))
    text = exercise_file(base)[0].decode("utf-8")
    text = re.sub(r"(?m)^id = .*$", f'id = "{name}"', text, count=1)
    text = re.sub(r"(?m)^name = .*$", f'name = "{title}"', text, count=1)
    return explained(text)


def explained(text: str) -> str:
    """Return the text of an exercise file with a comment where something appears first."""
    lines: list[str] = []
    told: set[str] = set()
    at = ""
    for line in text.splitlines():
        key = ""
        if header := _HEADER.match(line):
            at = header[2]
            key = line.strip()
        elif found := _KEY.match(line):
            key = f"{at}.{found[1]}" if at else found[1]
        if key in HINTS and key not in told:
            told.add(key)
            lines += [f"# {hint}" for hint in HINTS[key].split("\n")]
        lines.append(line)
    return "\n".join(lines) + "\n"
