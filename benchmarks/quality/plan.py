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
from benchmarks.quality.takes import FIRST_TEST_PERSON, SPLITS, Split
from formcheck.exercises.load import load_exercise

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
FPS_ON_TWO_CORES = 25.0
"""Speed of rendering that estimates rest on."""
USUAL_S = 13.0
"""Length of a clip that estimates rest on."""

VIEWS = (
    "side-left", "front-left", "front", "rear-right", "side-right", "front-right", "rear",
    "rear-left",
)  # fmt: skip
"""All views, in an order in which neighbours differ."""
LEVELS = ("clear", "slight", "inside")
"""Sizes that each criterion's fault is rendered in."""


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
        return FPS[self._draw("fps") % len(FPS)]

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


PLAIN = ("clean", "calibration")
"""Squats without faults, and squats of mixed depths and faults."""
EXERCISES: dict[str, tuple[str, ...]] = {
    "figure-four": ("figure-four-seated", "figure-four-supine", "figure-four-faults"),
}
"""Exercise → its scripts."""
LOOK_ALIKES = ("sit-down", "hip-hinge", "pick-up", "high-knees", "walking")
"""Scripts in which nothing should be counted."""
CONDITIONS = (
    "portrait", "wide", "small", "cut-feet", "cut-head", "behind-chair", "low-light", "backlight",
    "noise", "blur", "compressed", "webcam", "passer-behind", "passer-in-front", "bystander",
)  # fmt: skip
"""What makes a clip harder; each is tried on squats."""


def _squats() -> Iterator[Shot]:
    """Yield plain squats from everywhere, of both kinds of people."""
    for split, script, (i, view) in product(SPLITS, PLAIN, enumerate(VIEWS)):
        if script == "clean" or i % 2 == (split == "test"):
            yield Shot(split, script, view, gate=i % 4 == 2 * (split == "test"))


def _faults() -> Iterator[Shot]:
    """Yield every criterion broken clearly, slightly and nearly.

    From where it is seen well by both kinds of people, and from where it is not by one.
    """
    for i, (criterion, level) in enumerate(product(load_exercise("squat").criteria, LEVELS)):
        code, script = criterion.code, f"squat-{criterion.code}-{level}"
        good = [view for view in VIEWS if sight("squat", code, kind_of(view)) == "good"]
        other = [view for view in VIEWS if view not in good] or good[1:]
        for j, split in enumerate(SPLITS):
            gate = level != "inside" if split == "test" else level == "inside"
            yield Shot(split, script, good[(i + j) % len(good)], take=0, gate=gate)
        yield Shot(SPLITS[i % 2], script, other[i % len(other)], take=1)


def _others() -> Iterator[Shot]:
    """Yield the other exercises, from every side over the two kinds of people."""
    for scripts in EXERCISES.values():
        for i, script in enumerate(scripts):
            for j, view in enumerate(VIEWS[i % 2 :: 2]):
                split = SPLITS[(i + j) % 2]
                yield Shot(split, script, view, gate=j == i % 4)


def _look_alikes() -> Iterator[Shot]:
    """Yield what is no exercise, once of each kind of people and from a third side."""
    for i, script in enumerate(LOOK_ALIKES):
        for j in range(3):
            yield Shot(SPLITS[(i + j) % 2], script, VIEWS[(i + 3 * j) % len(VIEWS)], gate=j == 0)


def _conditions() -> Iterator[Shot]:
    """Yield squats under every condition, of both kinds of people."""
    for i, condition in enumerate(CONDITIONS):
        for j, split in enumerate(SPLITS):
            view = VIEWS[(i + 4 * j) % len(VIEWS)]
            yield Shot(split, "calibration", view, (condition,), gate=i % 4 == j)


SHOTS: tuple[Shot, ...] = (*_squats(), *_faults(), *_others(), *_look_alikes(), *_conditions())
"""The whole set."""


def gate_names() -> list[str]:
    """Return the names of the clips that the gate replays."""
    return [shot.name for shot in SHOTS if shot.gate]


def estimated_frames(shots: Sequence[Shot]) -> int:
    """Return about how many frames there are to render."""
    return round(sum(USUAL_S * shot.fps for shot in shots))
