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
FPS_ON_TWO_CORES = 25.0
"""Speed of rendering that estimates rest on."""

VIEWS = (
    "side-left", "front-left", "front", "rear-right", "side-right", "front-right", "rear",
    "rear-left",
)  # fmt: skip
"""All views, in an order in which neighbours differ."""
SIDES = tuple(view for view in VIEWS if view.startswith("side"))


@dataclass(frozen=True)
class Shot:
    """One clip of the set."""

    split: Split
    script: str
    view: str
    conditions: tuple[str, ...] = ()
    fps: int = 15
    usual_s: float = 13.0
    """About how long such a clip is; only the estimate of the time to render rests on it."""
    gate: bool = False
    """Whether its recording is replayed by the gate."""

    @property
    def name(self) -> str:
        """What its folder is called."""
        return "-".join((self.split, self.script, self.view, *self.conditions))

    @property
    def person(self) -> int:
        """Who is in it."""
        first, count = PEOPLE[self.split]
        return first + self._draw("person") % count

    @property
    def seed(self) -> int:
        """What everything about it is drawn from that is not the person's own."""
        return self._draw("seed") % 1_000_000

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


SQUATS = {CLEAN: 21.0, "calibration": 13.0, "squat": 26.0, "squat-arriving": 23.0}
"""Squats without faults, of mixed depths and faults, as people do them, and of somebody who
walks into the picture first; script → about how long it takes, in seconds."""
OTHER_EXERCISES = (
    "lunge-forward", "lunge-reverse", "lunge-split", "lunge-alternating", "lunge-walking",
    "lunge-faults", "bridge", "bridge-single", "bridge-faults", "tilt", "tilt-faults",
    "figure-four-seated", "figure-four-supine", "figure-four-faults", "nerve-glide-seated",
    "nerve-glide-supine", "nerve-glide-faults",
)  # fmt: skip
"""Scripts of the exercises besides the squat."""
LOOK_ALIKES = (
    "sit-down", "hip-hinge", "pick-up", "high-knees", "walking", "standing-still", "step-ups",
    "marching", "arm-raises", "side-bends", "toe-raises", "push-ups", "crunches", "kneeling",
)  # fmt: skip
"""Scripts in which nothing should be counted."""


def _squats() -> Iterator[Shot]:
    """Yield plain squats: without faults from everywhere, of both kinds of people."""
    for (script, usual_s), split, (i, view) in product(SQUATS.items(), SPLITS, enumerate(VIEWS)):
        mine = i % 2 == (split == "test")
        if script == CLEAN:
            # Half of them are enough for the gate, which is to take less than a minute.
            yield Shot(split, script, view, usual_s=usual_s, gate=mine and 3 * i % 8 < 4)
        elif mine and (script == "calibration" or i // 2 % 2 == (script == "squat")):
            yield Shot(split, script, view, fps=20, usual_s=usual_s)


def _faults() -> Iterator[Shot]:
    """Yield every criterion's cases from where it is seen well, and the clear ones from elsewhere.

    Clear and slight ones of both kinds of people, those just within the bound of one.
    """
    for i, script in enumerate(name for name in SCRIPTS if name.startswith(FAULTS)):
        _, code, *_, level = script.split("-")
        good = [view for view in VIEWS if sight("squat", code, kind_of(view)) == "good"]
        taken = [good[(i + j) % len(good)] for j in range(len(SPLITS))]
        other = [view for view in VIEWS if view not in {*good}] or [
            view for view in VIEWS if view not in taken
        ]
        for j, (split, view) in enumerate(zip(SPLITS, taken, strict=True)):
            if level != "inside" or j == i // 3 % 2:
                gate = (level, split) == ("clear", "test")
                gate |= (level, split, i // 3 % 2) == ("slight", "development", 0)
                yield Shot(split, script, view, usual_s=22.0, gate=gate)
        if level == "clear":
            view = other[(i + i // 3) % len(other)]
            yield Shot(SPLITS[i // 3 % 2], script, view, usual_s=22.0)


def _others() -> Iterator[Shot]:
    """Yield the other exercises, of both kinds of people.

    Each from anywhere and from the side, where most of it shows; those with faults from the
    front, too.
    """
    for i, script in enumerate(OTHER_EXERCISES):
        for j, split in enumerate(SPLITS):
            gate = j == i % 2 and script in {"lunge-forward", "bridge", "nerve-glide-seated"}
            anywhere, side = VIEWS[(3 * i + j) % len(VIEWS)], SIDES[(i + j) % len(SIDES)]
            faults = ("front",) if script.endswith("faults") else ()
            for view in dict.fromkeys((anywhere, side, *faults)):
                yield Shot(
                    split, script, view, fps=10, usual_s=37.0, gate=gate and view == anywhere
                )


def _look_alikes() -> Iterator[Shot]:
    """Yield what is no exercise, once of each kind of people."""
    for i, script in enumerate(LOOK_ALIKES):
        for j, split in enumerate(SPLITS):
            gate = i % 2 == 0 and j == i // 2 % 2
            view = VIEWS[(i + 3 * j) % len(VIEWS)]
            yield Shot(split, script, view, usual_s=18.0, gate=gate)


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
    return round(sum(shot.fps * shot.usual_s for shot in shots))
