"""The set: which clips are rendered and measured, of whom.

Everything about a clip follows from its name, so adding one leaves all others, and what is in
the cache, as they are. People are for development or for testing, never both.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

from benchmarks.quality.sight import kind_of, sight
from benchmarks.quality.takes import CLEAN, FAULTS, FIRST_TEST_PERSON, SPLITS, Split
from benchmarks.rendering.conditions import CONDITIONS
from benchmarks.rendering.motions import SCRIPTS

if TYPE_CHECKING:
    from benchmarks.rendering.film import Order

FIRST_DEVELOPMENT_PERSON = 1000
PEOPLE: dict[Split, tuple[int, int]] = {
    "development": (FIRST_DEVELOPMENT_PERSON, 50),
    "test": (FIRST_TEST_PERSON, 40),
}
"""Split → the first person's number, and how many people there are."""
FPS = (15, 15, 20)
"""Frames per second that clips have by turns."""
FPS_OF_FAULTS = 15
"""Frames per second of clips with faults by design, of which there are many, and long ones."""
FPS_ON_TWO_CORES = 25.0
"""Speed of rendering that estimates rest on."""
USUAL_S, USUAL_OF_FAULTS_S = 14.0, 21.0
"""Lengths of clips that estimates rest on."""

VIEWS = (
    "side-left", "front-left", "front", "rear-right", "side-right", "front-right", "rear",
    "rear-left",
)  # fmt: skip
"""All views, in an order in which neighbours differ."""


@dataclass(frozen=True)
class Shot:
    """One clip of the set."""

    split: Split
    script: str
    view: str
    conditions: tuple[str, ...] = ()
    take: int = 0
    """Tells apart what is otherwise the same."""
    gate: bool = False
    """Whether its recording is replayed by the gate."""

    @property
    def name(self) -> str:
        """What its folder is called."""
        parts = [self.split, self.script, self.view, *self.conditions]
        return "-".join([*parts, str(self.take)] if self.take else parts)

    @property
    def person(self) -> int:
        """Who is in it."""
        first, count = PEOPLE[self.split]
        return first + self._draw("person") % count

    @property
    def seed(self) -> int:
        """What everything about it is drawn from that is not the person's own."""
        return self._draw("seed") % 1_000_000

    @property
    def fps(self) -> int:
        """Frames per second."""
        return FPS_OF_FAULTS if self.by_design else FPS[self._draw("fps") % len(FPS)]

    @property
    def by_design(self) -> bool:
        """Whether it shows one criterion's fault in a known size."""
        return self.script.startswith(FAULTS)

    def order(self) -> Order:
        """Return what the renderer is asked for."""
        from benchmarks.rendering.film import Order

        return Order(
            view=self.view,
            seed=self.seed,
            script=self.script,
            person=self.person,
            fps=self.fps,
            conditions=self.conditions,
        )

    def _draw(self, what: str) -> int:
        return zlib.crc32(f"{what} {self.name}".encode())


PLAIN = (CLEAN, "squat", "calibration")
"""Squats without faults, as people do them, and of mixed depths and faults."""
OTHER_EXERCISES = {
    2: (
        "lunge-forward", "lunge-reverse", "lunge-split", "lunge-alternating", "lunge-walking",
        "lunge-faults",
    ),
    3: (
        "bridge", "bridge-single", "bridge-faults", "tilt", "tilt-faults", "figure-four-seated",
        "figure-four-supine", "figure-four-faults",
    ),
}  # fmt: skip
"""From how many sides → scripts of exercises that are not judged yet."""
LOOK_ALIKES = ("sit-down", "hip-hinge", "pick-up", "high-knees", "walking")
"""Scripts in which nothing should be counted."""


def _squats() -> Iterator[Shot]:
    """Yield plain squats from everywhere: without faults, of both kinds of people."""
    for split, script, (i, view) in product(SPLITS, PLAIN, enumerate(VIEWS)):
        if script == CLEAN or i % 2 == (split == "test"):
            gate = script == CLEAN and i % 2 == (split == "test")
            yield Shot(split, script, view, gate=gate)


def _faults() -> Iterator[Shot]:
    """Yield every criterion's cases, from where each is seen well, of both kinds of people.

    And the clear ones from where they are not.
    """
    for i, script in enumerate(name for name in SCRIPTS if name.startswith(FAULTS)):
        _, code, *_, level = script.split("-")
        good = [view for view in VIEWS if sight("squat", code, kind_of(view)) == "good"]
        other = [view for view in VIEWS if view not in good] or good[1:]
        for j, split in enumerate(SPLITS):
            gate = (split, level) in {("test", "clear"), ("development", "slight")}
            yield Shot(split, script, good[(i + j) % len(good)], gate=gate)
        if level == "clear":
            yield Shot(SPLITS[i // 3 % 2], script, other[i % len(other)], take=1)


def _others() -> Iterator[Shot]:
    """Yield the other exercises, each from several sides."""
    scripts = [(sides, script) for sides, group in OTHER_EXERCISES.items() for script in group]
    for i, (sides, script) in enumerate(scripts):
        for j in range(sides):
            view = VIEWS[(3 * i + j) % len(VIEWS)]
            yield Shot(SPLITS[(i + j) % 2], script, view, gate=j == 0 and i % 5 == 0)


def _look_alikes() -> Iterator[Shot]:
    """Yield what is no exercise, once of each kind of people."""
    for i, script in enumerate(LOOK_ALIKES):
        for j, split in enumerate(SPLITS):
            yield Shot(split, script, VIEWS[(i + 3 * j) % len(VIEWS)], gate=j == i % 2)


def _conditions() -> Iterator[Shot]:
    """Yield squats under every condition, of both kinds of people."""
    for i, condition in enumerate(CONDITIONS):
        for j, split in enumerate(SPLITS):
            view = VIEWS[(i + 4 * j) % len(VIEWS)]
            yield Shot(split, "calibration", view, (condition,), gate=i % 6 == 3 * j)


SHOTS: tuple[Shot, ...] = (*_squats(), *_faults(), *_others(), *_look_alikes(), *_conditions())
"""The whole set."""


def gate_names() -> list[str]:
    """Return the names of the clips that the gate replays."""
    return [shot.name for shot in SHOTS if shot.gate]


def estimated_frames(shots: Sequence[Shot]) -> int:
    """Return about how many frames there are to render."""
    return round(
        sum(shot.fps * (USUAL_OF_FAULTS_S if shot.by_design else USUAL_S) for shot in shots)
    )
