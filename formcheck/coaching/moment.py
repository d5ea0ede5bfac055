"""What a session is asked for, and what it shows at one moment."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from formcheck.coaching.coach import Line
from formcheck.coaching.speech import Saying
from formcheck.exercises.definition import Exercise
from formcheck.pose import Pose
from formcheck.results import Tick


class Stage(StrEnum):
    """Where in the session somebody is."""

    CHOOSE = "choose"
    READY = "ready"
    EXERCISE = "exercise"
    PAUSED = "paused"
    REST = "rest"
    DONE = "done"


class Command(StrEnum):
    """What somebody may ask for."""

    NEXT = "next"
    """Go on: begin anyway, pause, resume, or end the rest."""
    FINISH = "finish"


@dataclass(frozen=True, slots=True)
class Plan:
    """What somebody wants to do."""

    sets: int = 1
    reps: int = 0
    """Repetitions or holds in a set; 0 for as many as one likes."""
    rest_s: float = 45.0
    first_s: float = 0.0
    """A rest before the first set: from the exercise before this one."""


@dataclass(frozen=True, slots=True)
class Moment:
    """What is to be shown and said at one moment."""

    t_s: float
    stage: Stage
    pose: Pose
    """Smoothed, if it was analyzed."""
    tick: Tick | None
    """What the analyzer says; None while nothing is counted."""
    line: Line | None
    """What stands there in large letters."""
    says: tuple[Saying, ...]
    count: int
    """Repetitions or holds of this set."""
    goal: int
    """0 for none."""
    number: int
    """Of the set, from 1."""
    sets: int
    countdown: int | None = None
    """Seconds until it begins, or until the rest is over."""
    share: float = 0.0
    """Of the rest that is over, or of the sign that is being given: 0 to 1."""
    note: str = ""
    """What can't be judged from here."""
    advice: str = ""
    """What would be better, while getting ready."""
    away: bool = False
    """Whether it is paused because nobody is there."""
    exercise: Exercise | None = None
    """What is done; None while that is open."""
    choices: tuple[str, ...] = ()
    """What can be chosen, in the order of the keys from 1 on."""
