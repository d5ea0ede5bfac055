"""What an exercise is: pure data, as an exercise file says it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from formcheck.criteria import (
    BASIS,
    DURING,
    SIDES_RULE,
    WHOLE,
    Criterion,
    Requirement,
)
from formcheck.keeping import HoldPlan
from formcheck.measures.catalogue import FRAME
from formcheck.reduce import REDUCE
from formcheck.reps import RepRule
from formcheck.results import CriterionInfo, Phase
from formcheck.sides import SideRule


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
        f"{criterion.basis} ({BASIS[criterion.basis]})",
        criterion.references,
        row.best_view if row else "any",
    )
