"""What the analyzer says: readings, repetitions, verdicts, cues, and the report.

All of these are values: frozen, comparable, and free of behaviour beyond what follows
from their own fields. NaN means unknown.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from formcheck.frame import SourceInfo
from formcheck.pose import Pose

SIDES = ("left", "right")
EITHER, UNCLEAR_SIDE = "both", "unclear"
"""What else a repetition's side may be: done with both sides, or it could not be told."""


def other_side(side: str) -> str:
    """Return ``right`` for ``left`` and the other way round."""
    return SIDES[1 - SIDES.index(side)]


@dataclass(frozen=True, slots=True)
class Reading:
    """A measured value with its standard deviation, in the unit of its name."""

    value: float
    sigma: float

    @property
    def known(self) -> bool:
        """Whether there is a value at all."""
        return math.isfinite(self.value)


UNSEEN = Reading(math.nan, math.nan)
"""The reading of something that was not seen."""

Readings = Mapping[str, Reading]
"""Name (ending in its unit) → reading."""


@dataclass(frozen=True, slots=True)
class View:
    """From where the camera looks at the person."""

    name: str
    """``side-left`` (the person's left side is nearer), ``side-right``, ``front``,
    ``rear``, ``oblique``, or ``unknown``."""
    facing: str
    """Where the person looks in the picture: ``left``, ``right``, ``camera``, ``away``
    or ``unknown``."""
    yaw_deg: float
    """0 faces the camera, +90 faces the picture's right edge, 180 shows the back; NaN if
    unknown."""
    confidence: float
    """0 to 1."""


UNKNOWN_VIEW = View("unknown", "unknown", math.nan, 0.0)


@dataclass(frozen=True, slots=True)
class Posture:
    """How the person is placed."""

    name: str
    """``standing``, ``seated``, ``kneeling``, ``all-fours``, ``supine``, ``prone``,
    ``side-lying`` or ``unknown``."""
    confidence: float
    """0 to 1."""
    head: str = "unknown"
    """Where the head of somebody lying is in the picture: ``left``, ``right``, ``near``
    the camera, ``far`` from it, or ``unknown``."""


UNKNOWN_POSTURE = Posture("unknown", 0.0)


class Phase(StrEnum):
    """Where in a repetition the person is."""

    AWAY = "away"
    READY = "ready"
    DESCENT = "descent"
    BOTTOM = "bottom"
    ASCENT = "ascent"


class Status(StrEnum):
    """What is said about one criterion of one repetition."""

    PASS = "pass"
    FAIL = "fail"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Bound:
    """An interval that a value should lie in; infinite ends are open."""

    low: float = -math.inf
    high: float = math.inf

    def margin(self, value: float) -> float:
        """Return how far inside the bound a value is; negative when outside."""
        return min(value - self.low, self.high - value)

    def to_dict(self) -> dict[str, float]:
        """Return only the ends that are there, named as in exercise files."""
        ends = {"at_least": self.low, "at_most": self.high}
        return {name: end for name, end in ends.items() if math.isfinite(end)}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one criterion says about one repetition."""

    code: str
    name: str
    status: Status
    value: float
    sigma: float
    unit: str
    bound: Bound
    margin: float
    """How far inside the bound the value is, in its unit; negative when outside."""
    probability: float
    """Probability that the bound is met, 0 to 1; 0.5 when nothing is known."""
    at_s: float
    """The moment that decided; NaN when nothing was seen."""
    reason: str
    """Why it is UNCLEAR and what would help; empty otherwise."""
    cue: str
    """What a coach would say; only for FAIL, empty otherwise."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of movement that may be a repetition, before it is judged."""

    side: str
    """Which side did the work: ``left``, ``right``, ``unclear`` if it could not be told, or
    ``both`` in exercises that both sides do together."""
    start_s: float
    turn_s: float
    end_s: float
    counted: bool
    reason: str = ""
    """Why it does not count; empty when it does."""
    start_seen: bool = True
    """False when the clip begins after the movement did."""
    end_seen: bool = True
    """False when the clip ends, or the person is lost, before they have come to rest."""


class Judged:
    """What a repetition and a hold have in common: criteria were applied to them."""

    __slots__ = ()
    verdicts: tuple[Verdict, ...]

    @property
    def assessed(self) -> int:
        """How many criteria got a PASS or a FAIL."""
        return sum(v.status is not Status.UNCLEAR for v in self.verdicts)

    @property
    def criteria(self) -> int:
        """How many criteria there are."""
        return len(self.verdicts)


@dataclass(frozen=True, slots=True)
class Rep(Judged):
    """A judged repetition, or a partial one that is listed apart."""

    number: int
    """From 1 among those of its kind (counted or partial)."""
    span: Span
    measures: Readings
    verdicts: tuple[Verdict, ...]
    score: float
    """0 to 100, over the assessed criteria only; NaN when none could be assessed."""

    @property
    def side(self) -> str:
        """Which side did the work, as in `Span`."""
        return self.span.side


@dataclass(frozen=True, slots=True)
class Hold(Judged):
    """A position kept for a time, and what is said about it."""

    number: int
    """From 1."""
    side: str
    """Which side held, as in `Span`."""
    start_s: float
    end_s: float
    held_s: float
    """Time in position: from start to end, less the pauses."""
    complete: bool
    """False when it may have been longer: its start or its end was not seen."""
    reason: str = ""
    """Why it is not complete; empty when it is."""
    pauses: tuple[tuple[float, float], ...] = ()
    """When the position was lost and taken up again, from and to, in seconds."""
    measures: Readings = field(default_factory=dict)
    verdicts: tuple[Verdict, ...] = ()
    score: float = math.nan
    """0 to 100, over the assessed criteria only; NaN when none could be assessed."""


@dataclass(frozen=True, slots=True)
class HoldState:
    """The hold that is going on at one moment."""

    side: str
    held_s: float
    goal_s: float
    """How long to aim for."""
    paused: bool
    """Whether the position is lost at this moment, and the clock stands."""


@dataclass(frozen=True, slots=True)
class Cue:
    """At most six words that a coach would say now."""

    text: str
    code: str
    """Of the criterion it belongs to; empty for what leads through a hold."""
    rep: int
    """Number of the repetition or hold that it is about."""
    t_s: float


@dataclass(frozen=True, slots=True)
class Unjudged:
    """A criterion that this camera cannot judge, and what to do about it."""

    code: str
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Tick:
    """What sinks are told about one frame."""

    index: int
    t_s: float
    pose: Pose
    """Smoothed."""
    readings: Readings
    view: View
    phase: Phase
    progress: float
    """0 standing to 1 at the person's usual turning point; NaN when unknown."""
    reps: int
    """Counted so far."""
    partials: int
    finished: Rep | None = None
    """The repetition, counted or partial, whose last verdict was given with this frame: up to
    a second after it was counted, when criteria look at what comes after it."""
    last: Rep | None = None
    """The latest counted repetition; verdicts on what comes after it may still be open."""
    cue: Cue | None = None
    """To be shown now."""
    marks: Mapping[str, Status] = field(default_factory=dict)
    """Landmark name → verdict of the last repetition about that part of the body."""
    unjudged: tuple[Unjudged, ...] = ()
    sides: Mapping[str, int] = field(default_factory=dict)
    """Side → repetitions counted so far; empty for exercises of both sides together."""
    posture: Posture = UNKNOWN_POSTURE
    hold: HoldState | None = None
    """What is being held; None between holds, and in exercises of repetitions."""
    holds: int | None = None
    """Held so far; None in exercises of repetitions."""
    ended: Hold | None = None
    """The hold that ended, some moments ago, as is known with this frame."""
    last_hold: Hold | None = None
    phase_word: str = ""
    """What the exercise calls the phase; empty when it has no word of its own."""
    setting: str = ""
    """Level and targets in words; empty for the standard level without targets."""


@dataclass(frozen=True, slots=True)
class CriterionInfo:
    """What one criterion asks for, and on which evidence; for those who read the report."""

    code: str
    name: str
    measure: str
    """Its name in the catalogue, without a side."""
    asks: str
    """What is measured, when, and of which side, in words."""
    why: str
    basis: str
    references: tuple[str, ...] = ()
    best_view: str = "any"
    """``side``, ``front``, ``rear`` or ``any``."""


@dataclass(frozen=True, slots=True)
class ExerciseInfo:
    """Which exercise was judged, and who chose it."""

    id: str
    name: str
    chosen_by: str
    """``user`` or ``recognizer``."""
    confidence: float
    """How surely it is this exercise, 0 to 1."""
    definition_sha256: str
    of: str = "repetitions"
    """What it consists of: ``repetitions``, ``holds``, or, when it stands for several
    exercises, ``segments``."""
    notes: tuple[str, ...] = ()
    """What who does it should know."""
    reason: str = ""
    """Why it was chosen, in words; empty when the user chose."""
    criteria: tuple[CriterionInfo, ...] = ()
    """What is judged, the most important first."""
    level: str = "standard"
    """How much was asked for."""
    targets: Mapping[str, Bound] = field(default_factory=dict)
    """The ranges that the person set, by name."""
    setting: str = ""
    """Level and targets in words; empty for the standard level without targets."""


@dataclass(frozen=True, slots=True)
class Quality:
    """How good the input was."""

    person_seen: float
    """Fraction of frames with a person in them, 0 to 1."""
    effective_fps: float
    warnings: tuple[str, ...] = ()
    count_doubts: tuple[str, ...] = ()
    """What speaks against what was counted, one sentence each; empty if the count is sure."""


@dataclass(frozen=True, slots=True)
class Summary:
    """The report in numbers."""

    reps_counted: int
    reps_partial: int
    score: float
    """Mean score of the counted repetitions; NaN when there is none."""
    passed: int
    failed: int
    unclear: int
    cues: tuple[str, ...]
    """What to work on, the most frequent first."""
    sides: Mapping[str, int] = field(default_factory=dict)
    """Side → counted repetitions or holds: left, right and, if there are any, unclear. Empty
    for exercises of both sides together."""
    holds: int = 0
    held_s: float = 0.0
    """Time in position of all holds together."""
    best_hold_s: float = math.nan
    """The longest hold; NaN when there is none."""


@dataclass(frozen=True, slots=True)
class Series:
    """The per-frame readings of a whole clip, kept for plots."""

    t_s: NDArray[np.float64]
    """(T,)"""
    values: Mapping[str, NDArray[np.float64]]
    """name → (T,)"""
    sigmas: Mapping[str, NDArray[np.float64]]
    """name → (T,)"""


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that was found in one clip or session."""

    exercise: ExerciseInfo
    source: SourceInfo
    view: View
    reps: tuple[Rep, ...]
    partial_reps: tuple[Rep, ...]
    holds: tuple[Hold, ...]
    summary: Summary
    quality: Quality
    series: Series
    provenance: Mapping[str, Any]
    posture: Posture = UNKNOWN_POSTURE
    """The one held longest; its confidence is its share of the time."""
    segments: tuple[Segment, ...] = ()
    """The exercises of a clip that holds several, in the order of time; then all repetitions
    and holds are in these, and the summary is about them together. Empty otherwise."""

    @property
    def by_exercise(self) -> tuple[Report, ...]:
        """The segments' reports, or this one where there is one exercise only."""
        return tuple(segment.report for segment in self.segments) or (self,)


@dataclass(frozen=True, slots=True)
class Segment:
    """One exercise of a clip that holds several."""

    start_s: float
    end_s: float
    """From its first to its last repetition or hold."""
    report: Report
    """As if it had been filmed by itself, on the clock of the whole clip."""
