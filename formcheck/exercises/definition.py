"""What an exercise is: pure data, as an exercise file says it."""

from __future__ import annotations

from dataclasses import dataclass

from formcheck.reps import RepRule
from formcheck.results import Bound

DURING = {
    "before": "standing, just before the repetition starts",
    "descent": "from the start to the turning phase",
    "bottom": "the turning phase: the last tenth of the range",
    "turn": "a tenth of a second around the turning point",
    "ascent": "from the turning phase to the end",
    "repetition": "from start to end",
    "after": "back at rest, just after the end",
}
"""When a criterion looks; the word in exercise files → what it means."""

REDUCE = {
    "mean": "the mean over that time",
    "median": "the value exceeded half of the time",
    "low": "the value exceeded nine tenths of the time",
    "high": "the value exceeded a tenth of the time",
    "range": "high less low",
}
"""How many readings become one; the word in exercise files → what it means."""

SIDES_RULE = {
    "mean": "both sides' mean, the surer side counting more",
    "worst": "the side that is further from what is asked",
}
"""What becomes of left and right; the word in exercise files → what it means."""

BASIS = {
    "study": "measured in a study",
    "guideline": "a published guideline",
    "coaching convention": "what coaches usually ask for, not measured",
}
"""Where a bound comes from."""


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


@dataclass(frozen=True, slots=True)
class Exercise:
    """One exercise: how its repetitions are told, and what is judged about them."""

    id: str
    name: str
    summary: str
    camera: str
    """Where to put the camera, in plain words."""
    signal: str
    """The unsided reading that repetitions are counted on."""
    rule: RepRule
    requirements: tuple[Requirement, ...]
    criteria: tuple[Criterion, ...]
    """The most important first."""
    sha256: str
    """Of the file's bytes."""
