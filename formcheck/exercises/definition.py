"""What an exercise is: pure data, as an exercise file says it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from formcheck.in_position import HoldPlan
from formcheck.measures.catalogue import FRAME
from formcheck.questions import (
    BASES,
    DURING,
    SIDES_RULE,
    STANDARD,
    WHOLE,
    Criterion,
    Question,
    Requirement,
)
from formcheck.reduce import REDUCE
from formcheck.reps import RepRule
from formcheck.results import Bound, CriterionInfo, Phase
from formcheck.sides import SideRule


@dataclass(frozen=True, slots=True)
class Target:
    """A range that a person may set for themselves, in the place of one criterion's bound."""

    name: str
    """As in ``--target NAME=VALUE``: the measurement's, without its unit."""
    criterion: str
    """The code of the criterion whose place it takes."""
    question: Question
    """What is measured; its bound is the range of values that make sense."""
    within: float | None
    """How far from the value is near enough; None where more than the value is fine too."""
    small: Bound
    """A range that reaches in here is so small that repetitions count as at the gentle level."""
    below: str
    """What is said to who stays below the range."""
    above: str
    """What is said to who goes above it."""


@dataclass(frozen=True, slots=True)
class Exercise:
    """One exercise: how its repetitions are told, and what is judged about them."""

    id: str
    name: str
    summary: str
    camera: str
    """Where to put the camera, in plain words."""
    notes: tuple[str, ...]
    """What who does it should know, such as when to stop."""
    postures: tuple[str, ...]
    """Those in which it is done: words of `formcheck.posture.POSTURES`."""
    signal: str
    """The unsided reading that repetitions are counted on; empty if there are none."""
    rule: RepRule
    words: Mapping[Phase, str]
    """What its phases are called, where not down, bottom and up."""
    side: SideRule | None
    """How the working side is known; None when both sides work together."""
    requirements: tuple[Requirement, ...]
    criteria: tuple[Criterion, ...]
    """The most important first."""
    hold: HoldPlan | None
    """How its holds are told; None in exercises of repetitions."""
    sha256: str
    """Of the file's bytes."""
    steps: tuple[str, ...] = ()
    """How to do it, one step after the other."""
    targets: tuple[Target, ...] = ()
    """The ranges that people may set for themselves."""
    gentle_rule: RepRule | None = None
    """How repetitions are told where small ones count, if that differs."""
    goals_s: Mapping[str, float] = field(default_factory=dict)
    """Level → how long to hold, where that differs from the plan's goal."""
    level: str = STANDARD
    """The level that bounds are of: a word of `formcheck.questions.LEVELS`."""
    wanted: Mapping[str, Bound] = field(default_factory=dict)
    """Target → the range that was set, of those that were."""

    def criteria_info(self) -> tuple[CriterionInfo, ...]:
        """Return what a report says about the criteria."""
        return tuple(map(_info, self.criteria))


def _info(criterion: Criterion) -> CriterionInfo:
    asked = criterion.question
    row = FRAME.get(asked.measure)
    asks = [row.title if row else WHOLE[asked.measure].title]
    if asked.during:
        asks.append(f"{REDUCE[asked.reduce]}, {DURING[asked.during]}")
    if row and row.sided:
        asks.append(SIDES_RULE[asked.sides])
    return CriterionInfo(
        criterion.code,
        criterion.name,
        asked.measure,
        "; ".join(asks),
        criterion.why,
        f"{criterion.basis} ({BASES[criterion.basis]})",
        criterion.references,
        row.best_view if row else "any",
    )
