"""Levels and personal targets: bounds move; uncertainty, verdicts and counting do not.

One exception is written in the exercise files: at the gentle level, and with a small target,
a smaller movement is a repetition.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import replace
from difflib import get_close_matches

from formcheck.errors import BadSetting
from formcheck.exercises.definition import Exercise, Target
from formcheck.in_position import HoldPlan
from formcheck.measures.catalogue import FRAME
from formcheck.questions import GENTLE, LEVELS, OWN_TARGET, STANDARD, WHOLE, Criterion, Requirement
from formcheck.results import Bound
from formcheck.units import UNITS, unit_of

Wanted = float | tuple[float, float]
"""What a person set: a value to come near to, or the lowest and the highest."""

HELD = "held_s"
"""The one measurement whose target is also what a hold's clock runs to."""


def at_level(exercise: Exercise, level: str, targets: Mapping[str, Wanted]) -> Exercise:
    """Return an exercise with the bounds of a level, and with targets in their place.

    Raises
    ------
    BadSetting
        There is no such level or target, or a target makes no sense.
    ValueError
        The exercise has been moved to a level before.
    """
    known_level(level)
    if exercise.level != STANDARD or exercise.wanted:
        msg = f"'{exercise.id}' is at the level '{exercise.level}' already: load it again"
        raise ValueError(msg)
    set_to = {t.name: (t, _range(t, value)) for t, value in _known(exercise, targets)}
    small = level == GENTLE or any(_small(t, bound) for t, bound in set_to.values())
    by_code = {t.criterion: (t, bound) for t, bound in set_to.values()}
    return replace(
        exercise,
        level=level,
        wanted={name: bound for name, (_, bound) in set_to.items()},
        criteria=tuple(_criterion(c, level, by_code.get(c.code)) for c in exercise.criteria),
        rule=exercise.gentle_rule if small and exercise.gentle_rule else exercise.rule,
        requirements=tuple(_requirement(r, small=small) for r in exercise.requirements),
        hold=_with_goal(exercise, level, {t.question.measure: b for t, b in set_to.values()}),
    )


def known_level(level: str) -> None:
    """Complain about a level that there is not.

    Raises
    ------
    BadSetting
        There is no such level.
    """
    if level not in LEVELS:
        msg = f"There is no level '{level}'. {_near(level, LEVELS)}Known: {', '.join(LEVELS)}."
        raise BadSetting(msg)


def no_targets(targets: Mapping[str, Wanted]) -> None:
    """Complain about targets where the exercise is not named.

    Raises
    ------
    BadSetting
        There are some.
    """
    if targets:
        msg = (
            "A target belongs to one exercise: name the exercise (--exercise NAME), or leave the "
            "target out."
        )
        raise BadSetting(msg)


def _known(exercise: Exercise, targets: Mapping[str, Wanted]) -> list[tuple[Target, Wanted]]:
    """Return the targets of an exercise that were set, with what to."""
    by_name = {t.name: t for t in exercise.targets}
    by_name |= {t.question.measure: t for t in exercise.targets}
    found = []
    for name, value in targets.items():
        if name not in by_name:
            names = [t.name for t in exercise.targets]
            known = f"Known: {', '.join(names)}." if names else "It has none."
            msg = (
                f"The exercise '{exercise.id}' has no target '{name}'. {_near(name, names)}{known}"
            )
            raise BadSetting(msg)
        found.append((by_name[name], value))
    return found


def _near(word: str, known: Mapping[str, object] | list[str]) -> str:
    near = get_close_matches(word.lower(), list(known), n=1, cutoff=0.5)
    return f"Did you mean '{near[0]}'? " if near else ""


def _range(target: Target, value: Wanted) -> Bound:
    """Return the range that a target sets."""
    ends = value if isinstance(value, tuple) else (value, value)
    try:
        low, high = map(float, ends)
    except (TypeError, ValueError) as error:
        msg = (
            f"The target {target.name}={value!r} is neither a number nor a pair of numbers, such "
            "as 70 or (60, 80)."
        )
        raise BadSetting(msg) from error
    sense, symbol = target.question.bound, spaced(UNITS[unit_of(target.question.measure)])
    if not (sense.low <= low and high <= sense.high):
        msg = (
            f"The target {target.name}={_said(value)} makes no sense: "
            f"{title_of(target.question.measure)} can be from {sense.low:g} "
            f"to {sense.high:g}{symbol} here."
        )
        raise BadSetting(msg)
    if not isinstance(value, tuple):
        if target.within is None:
            return Bound(low=low)
        return Bound(low - target.within, high + target.within)
    if target.within is None:
        msg = (
            f"The target {target.name} is one number, which more than is fine too: "
            f"give {target.name}={low:g}."
        )
        raise BadSetting(msg)
    if not low < high:
        msg = f"The target {target.name}={_said(value)} needs the lower number first."
        raise BadSetting(msg)
    return Bound(low, high)


def _said(value: Wanted) -> str:
    return f"{value[0]:g}..{value[1]:g}" if isinstance(value, tuple) else f"{value:g}"


def title_of(measure: str) -> str:
    """Return what people read of a measurement."""
    return (FRAME.get(measure) or WHOLE[measure]).title


def spaced(symbol: str) -> str:
    """Return a unit's symbol with a space before it, where there is one."""
    return symbol if symbol in {"", "°"} else f" {symbol}"


def _small(target: Target, bound: Bound) -> bool:
    """Whether a range is so small that small repetitions should count."""
    return bound.low <= target.small.high and target.small.low <= bound.high


def _criterion(criterion: Criterion, level: str, set_to: tuple[Target, Bound] | None) -> Criterion:
    if set_to is not None:
        target, bound = set_to
        return replace(
            criterion,
            question=replace(target.question, bound=bound),
            cue=target.below,
            cue_above=target.above,
            basis=OWN_TARGET,
            references=(),
        )
    if level not in criterion.levels:
        return criterion
    moved = criterion.levels[level]
    return replace(
        criterion,
        question=replace(criterion.question, bound=moved.bound),
        basis=moved.basis,
        references=moved.references,
    )


def _requirement(requirement: Requirement, *, small: bool) -> Requirement:
    if not small or requirement.gentle is None:
        return requirement
    question = replace(requirement.question, bound=requirement.gentle)
    return replace(requirement, question=question)


def _with_goal(exercise: Exercise, level: str, set_to: Mapping[str, Bound]) -> HoldPlan | None:
    """Return the plan of holds, with what their clock runs to at this level or by a target."""
    plan = exercise.hold
    if plan is None:
        return None
    goal_s = exercise.goals_s.get(level, plan.rule.goal_s)
    if HELD in set_to:
        goal_s = set_to[HELD].low
    return replace(plan, rule=replace(plan.rule, goal_s=goal_s))


_TARGET = re.compile(r"\s*([A-Za-z_]+)\s*=\s*(-?[\d.]+?)\s*(?:\.\.\s*(-?[\d.]+))?\s*")


def parse_targets(texts: list[str]) -> dict[str, Wanted]:
    """Return what texts such as ``knee_flexion=70`` or ``knee_flexion=60..80`` set.

    Raises
    ------
    BadSetting
        A text is no name and number, or a name comes twice.
    """
    found: dict[str, Wanted] = {}
    for text in texts:
        match = _TARGET.fullmatch(text)
        numbers = [_number(n) for n in match.groups()[1:] if n is not None] if match else []
        if match is None or not all(map(math.isfinite, numbers)):
            msg = (
                f"The target '{text}' was not understood. Write a name, '=' and a number, or two "
                "with '..' between them: knee_flexion=70, or knee_flexion=60..80."
            )
            raise BadSetting(msg)
        if match[1] in found:
            msg = f"The target {match[1]} was given twice. Give it once."
            raise BadSetting(msg)
        found[match[1]] = (numbers[0], numbers[1]) if len(numbers) == 2 else numbers[0]
    return found


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan


def setting_in_words(level: str, wanted: Mapping[str, Bound], measures: Mapping[str, str]) -> str:
    """Return a level and targets for reading; empty for the standard level without targets.

    Parameters
    ----------
    level
        A word of `LEVELS`.
    wanted
        Target → its range.
    measures
        Target → the measurement that it is about.

    Examples
    --------
    >>> setting_in_words("gentle", {"knee_flexion": Bound(55, 85)}, {})
    'gentle, knee flexion 55–85'
    """
    words = [] if level == STANDARD else [level]
    for name, bound in wanted.items():
        symbol = spaced(UNITS[unit_of(measures[name])]) if name in measures else ""
        span = f"{bound.low:g}–{bound.high:g}" if math.isfinite(bound.high) else f"{bound.low:g}"
        least = "" if math.isfinite(bound.high) else "at least "
        words.append(f"{name.replace('_', ' ')} {least}{span}{symbol}")
    return ", ".join(words)


def setting_of(exercise: Exercise) -> str:
    """Return an exercise's level and targets for reading; empty for the standard ones."""
    measures = {t.name: t.question.measure for t in exercise.targets}
    return setting_in_words(exercise.level, exercise.wanted, measures)
