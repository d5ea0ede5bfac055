"""What a film shows: a body's placement in every frame, and what is known about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from benchmarks.rendering.body import Body, Shape
from benchmarks.rendering.contact import Contact
from benchmarks.rendering.figure import Figures
from benchmarks.rendering.posture import Poser
from benchmarks.rendering.rig import Placement
from benchmarks.rendering.room import Block
from benchmarks.rendering.truth import Truth

Chance = Callable[[str], np.random.Generator]
"""What for → its own source of chance, so that one choice does not change another."""


class Actor:
    """A body and all that is needed to move it.

    Parameters
    ----------
    shape, body
        Who it is.
    """

    def __init__(self, shape: Shape, body: Body) -> None:
        self.shape = shape
        self.body = body
        self.poser = Poser(body.rig, body.head_top_m)
        self.figures = Figures(body.rig)
        self.contact = Contact(body)


@dataclass(frozen=True)
class Moment:
    """One frame of a motion."""

    t_s: float
    placed: Placement
    rep: int = 0
    """Number of the repetition or hold that is going on, from 1; 0 for none."""


@dataclass(frozen=True)
class Fault:
    """Something that a repetition was made to show."""

    name: str
    """The code of the criterion that it is about; a word where there are no criteria yet."""
    level: str = "clear"
    """``clear`` or ``slight`` beyond the bound, or ``inside``: just within it."""


@dataclass(frozen=True)
class Event:
    """A repetition, complete or not, or a hold."""

    number: int
    """From 1, in the order of time."""
    start_s: float
    turn_s: float
    """When the end position is reached; for a hold, its middle."""
    end_s: float
    counted: bool = True
    """False for a partial repetition."""
    side: str = "both"
    """``left``, ``right`` or ``both``: which leg does it."""
    faults: tuple[Fault, ...] = ()
    held_s: float = 0.0
    """How long the end position was kept."""
    measures: Mapping[str, float] = field(default_factory=dict)
    """Sizes as measured on the joints, name → value; names end in their unit."""
    truths: Mapping[str, float] = field(default_factory=dict)
    """What the true joints answer to each criterion: code → value, in its unit and sign."""


@dataclass(frozen=True)
class Action:
    """All of a film's motion."""

    exercise: str
    """One of the six, or ``none``."""
    moments: Sequence[Moment]
    events: Callable[[Truth], Sequence[Event]] = lambda truth: ()  # noqa: ARG005
    """Tells what happened when, once the joints are known."""
    blocks: tuple[Block, ...] = ()
    """What stands in the room because of it: a chair, a step, a mat."""
    style: Mapping[str, Any] = field(default_factory=dict)
    """How this person does it, for the labels."""


Script = Callable[[Actor, Chance, float], Action]
"""Body, chance, frames per second → what it does."""


def smooth(x: float) -> float:
    """Return a move from 0 to 1 with rest and no jerk at both ends."""
    x = min(1.0, max(0.0, x))
    return x * x * x * (10 + x * (6 * x - 15))


def solve(rising: Callable[[float], float], target: float, low: float, high: float) -> float:
    """Return where a rising function reaches `target`, or the nearer end."""
    for _ in range(26):
        middle = (low + high) / 2
        if rising(middle) < target:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def wander(rng: np.random.Generator, slow_hz: float) -> Callable[[float], float]:
    """Return a smooth function of time that wanders about 0 within -1 to 1 or so."""
    rates = slow_hz * rng.uniform(0.5, 2.2, 4)
    phases = rng.uniform(0, 2 * np.pi, 4)
    sizes = rng.dirichlet(np.ones(4)) * 1.4

    def at(t_s: float) -> float:
        return float(np.sum(sizes * np.sin(2 * np.pi * rates * t_s + phases)))

    return at
