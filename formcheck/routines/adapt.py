"""How a routine changes with pain, and when it is time to ask somebody who treats people.

Pain is what the person says, from 0 to 10. A rise makes the exercises that load the part that
hurts gentler, one step at a time; two good times in a row take one step back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from formcheck.routines.definition import Routine, Step

RISE = 2
"""Pain that is so much more is more: people's own numbers waver by one."""
FINE = 3
"""Pain up to here does not stand in the way of going on as planned."""
STRONG = 7
"""From here on, no exercise that loads the part."""
GOOD_TIMES = 2
"""So many good times in a row take back one step."""
MOST = 3
LASTING = timedelta(days=14)
LEAST_TIMES = 3
"""Pain is called lasting after so many times at the least."""
SHARES = (1.0, 0.75, 0.5, 0.5)
"""Share of the repetitions at each step of easing."""

RED_FLAGS = (
    "numbness or tingling that stays",
    "weakness in a leg or foot",
    "pain that wakes you at night or is there at rest all the time",
    "a fall or another injury",
    "trouble holding or passing water or stool, or numbness between the legs",
    "fever, or weight lost without trying",
)
"""What no exercise routine should go on with."""
STOP = (
    "Stop here and see a doctor before you go on: what you describe should be looked at. "
    "Trouble with bladder or bowel, numbness between the legs, or weakness that grows is an "
    "emergency: go today."
)


@dataclass(frozen=True, slots=True)
class Run:
    """What was said and done at one time."""

    at: datetime
    before: Mapping[str, int]
    """Part of the body → pain, 0 to 10."""
    after: Mapping[str, int]
    """The same; empty when it was not told."""
    went: str = ""
    """``easy``, ``right`` or ``hard``; empty when it was not told."""

    @classmethod
    def of(cls, at: datetime, data: Mapping[str, Any]) -> Run:
        """Return what the history says of one time."""
        return cls(
            at,
            dict(data.get("pain_before", {})),
            dict(data.get("pain_after", {})),
            str(data.get("went", "")),
        )


@dataclass(frozen=True, slots=True)
class Plan:
    """A routine as it should be done now."""

    routine: Routine
    ease: Mapping[str, int]
    """Part of the body → by how many steps it is eased; only where it is."""
    changes: tuple[str, ...]
    """What is different from the routine, in sentences."""
    notices: tuple[str, ...]
    """What the person should know before anything else."""


def plan_of(routine: Routine, runs: Sequence[Run], now: Mapping[str, int], at: datetime) -> Plan:
    """Return a routine as it should be done now.

    Parameters
    ----------
    routine
        As its file says.
    runs
        What was said and done before, in the order of time.
    now
        Part of the body → pain now.
    at
        When that is.
    """
    ease = {part: _ease([*runs, Run(at, now, {})], part) for part in routine.asks}
    ease = {part: steps for part, steps in ease.items() if steps}
    steps, changes = [], []
    for step in routine.steps:
        size = max((ease.get(part, 0) for part in step.loads), default=0)
        if size >= MOST:
            changes.append(f"{step.exercise.name}: left out today.")
            continue
        eased = _eased(step, size)
        if eased != step:
            changes.append(
                f"{step.exercise.name}: {eased.in_words()} instead of {step.in_words()}, "
                "at the gentle level, which asks for a smaller range."
            )
        steps.append(eased)
    return Plan(
        replace(routine, steps=tuple(steps)),
        ease,
        tuple(changes),
        tuple(notices(runs, now, at)),
    )


def _ease(runs: Sequence[Run], part: str) -> int:
    """Return by how many steps a part is eased after all that was said."""
    size, good = 0, 0
    for i, run in enumerate(runs):
        told = run.before.get(part)
        if told is None:
            continue
        earlier = next((r.before[part] for r in reversed(runs[:i]) if part in r.before), told)
        hurt = run.after.get(part, told)
        rose = told - earlier >= RISE or hurt - told >= RISE
        if rose or (run.went == "hard" and hurt > FINE):
            size, good = min(MOST, size + 1), 0
        elif max(told, hurt) <= FINE or told < earlier:
            good += 1
            if good >= GOOD_TIMES:
                size, good = max(0, size - 1), 0
    latest = runs[-1].before.get(part, 0) if runs else 0
    return MOST if latest >= STRONG else size


def _eased(step: Step, size: int) -> Step:
    if not size:
        return step
    return replace(
        step,
        exercise=step.exercise_at("gentle"),
        count=max(1, round(step.count * SHARES[size])),
        sets=1 if size > 1 else step.sets,
        level="gentle",
    )


def notices(runs: Sequence[Run], now: Mapping[str, int], at: datetime) -> list[str]:
    """Return what a person in pain should be told, in sentences."""
    said = [*runs, Run(at, now, {})]
    found = []
    for part, pain in now.items():
        course = [(run.at, run.before[part]) for run in said if part in run.before]
        if pain >= STRONG:
            found.append(
                f"Your {part} hurts a lot ({pain} of 10). What loads it is left out today; ask a "
                "physiotherapist or doctor what you may do."
            )
        elif _worse(course):
            found.append(
                f"Your {part} hurts more than it did. If that goes on, see a physiotherapist or "
                "doctor."
            )
        if _lasting(course):
            found.append(
                f"Your {part} has hurt for more than two weeks: see a physiotherapist or doctor."
            )
    return found


def _worse(course: Sequence[tuple[datetime, int]]) -> bool:
    """Whether pain is clearly more than at the beginning of the last two weeks."""
    last_at, last = course[-1]
    lately = [pain for at, pain in course if last_at - at <= LASTING]
    return last - min(lately[0], lately[-2] if len(lately) > 1 else lately[0]) >= RISE


def _lasting(course: Sequence[tuple[datetime, int]]) -> bool:
    """Whether it has hurt every time for more than two weeks."""
    hurting = []
    for at, pain in reversed(course):
        if pain == 0:
            break
        hurting.append(at)
    return len(hurting) >= LEAST_TIMES and hurting[0] - hurting[-1] > LASTING
