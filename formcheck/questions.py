"""What can be asked about a repetition or a hold: the vocabulary of exercise files.

Pure data. `formcheck.criteria` answers the questions, and `formcheck.exercises` reads them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from formcheck.measures.hold import HOLD, HoldMeasure
from formcheck.measures.repetition import REPETITION, RepetitionMeasure
from formcheck.results import Bound

GENTLE, STANDARD, ATHLETIC = "gentle", "standard", "athletic"
LEVELS = {
    GENTLE: "with pain, after a break, or to begin with: less is enough, and small ones count",
    STANDARD: "what is usually asked for",
    ATHLETIC: "for who does the standard with ease: more is asked for, and nothing less",
}
"""How much is asked for: word of ``--level`` → whom it is for."""

HELD = "hold"
"""The one time at which criteria of a hold look."""
DURING = {
    "before": "at rest, just before the repetition starts",
    "descent": "from the start to the turning phase",
    "deep": "while it is more than half-way from rest",
    "bottom": "the turning phase: the last twentieth of the range",
    "turn": "a tenth of a second around the turning point",
    "ascent": "from the turning phase to the end",
    "repetition": "from start to end",
    "return": "from the turning phase to the end of what comes after",
    "after": "the second after the end, or until the next repetition starts",
    HELD: "while the position is kept",
}
"""When a criterion looks: word in exercise files → what it means."""

SIDES_RULE = {
    "mean": "both sides' mean, the surer side counting more",
    "worst": "the side that is further from what is asked",
    "best": "the side that is nearer to what is asked",
    "working": "the side that does the work, or both sides' mean when both do",
    "other": "the side that does not do the work",
}
"""What becomes of left and right: word in exercise files → what it means."""
ONE_SIDED = ("working", "other")
"""Of these, the ones that make sense only where a repetition has a side."""

BASIS = {
    "study": "measured in a study",
    "guideline": "a published guideline",
    "coaching convention": "what coaches usually ask for, not measured",
}
"""Where a bound comes from: word in exercise files → what it means."""
OWN_TARGET = "your own target"
"""The basis of a bound that was asked for with ``--target``."""
BASES = {**BASIS, OWN_TARGET: "set by you, or by who treats you"}
"""All that a bound may come from, levels and targets included."""


WHOLE: Mapping[str, RepetitionMeasure | HoldMeasure] = {**REPETITION, **HOLD}
"""Name → row, for every measurement of a whole repetition or hold."""


@dataclass(frozen=True, slots=True)
class Question:
    """One number about a repetition, and the interval that it should lie in."""

    measure: str
    """A name of the catalogue, without its side."""
    bound: Bound
    during: str = ""
    """A word of `DURING`; empty for a measurement of the whole repetition."""
    reduce: str = ""
    """A word of `REDUCE`; empty for a measurement of the whole repetition."""
    sides: str = "mean"
    """A word of `SIDES_RULE`."""


@dataclass(frozen=True, slots=True)
class Requirement:
    """What a movement must be to be a repetition of this exercise at all."""

    question: Question
    otherwise: str
    """Why it does not count if it is not."""
    gentle: Bound | None = None
    """The bound where small repetitions count, if that is another one."""


@dataclass(frozen=True, slots=True)
class LevelBound:
    """What a criterion asks for at one level, and where that comes from."""

    bound: Bound
    basis: str
    references: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unless:
    """What makes the failing of a criterion mean nothing: another one fails as well."""

    fails: str
    """Code of the other criterion."""
    because: str
    """Why this one can't be told then."""


@dataclass(frozen=True, slots=True)
class Criterion:
    """One thing that is judged about every repetition."""

    code: str
    name: str
    question: Question
    cue: str
    """At most six words that a coach would say."""
    why: str
    basis: str
    references: tuple[str, ...]
    cue_above: str = ""
    """What is said instead where the value is above the bound; empty for the same."""
    levels: Mapping[str, LevelBound] = field(default_factory=dict)
    """Level → what is asked for there; empty where it is the same at every level."""
    unless: Unless | None = None
    """When it is not failed although the value is not within the bound."""
