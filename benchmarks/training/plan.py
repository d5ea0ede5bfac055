"""Which takes the refiner learns from: every one another person, seen from another side."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatch
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.rendering.camera import VIEWS
from benchmarks.rendering.cast import Wishes
from benchmarks.training.dataset import FIRST_TAKEN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.training.takes import Wanted

FRAMES = 64
PICTURES = ((640, 480), (640, 480), (640, 360), (480, 640), (360, 640))
RATES = ((10, 0.5), (15, 0.35), (30, 0.15))
"""Frames per second, and how often: slow ones show more of a motion in as many frames."""
PLAIN = 0.4
"""Share of the takes in which nothing makes it difficult to see the person."""
EVERY = 10_000
"""People's numbers of two series are so far apart."""


@dataclass(frozen=True)
class Series:
    """Takes of some kind; a longer series begins like a shorter one."""

    name: str
    weight: float
    """How often, compared with the others."""
    scripts: tuple[str, ...]
    """Patterns of the scripts' names, all equally likely, and within each all its scripts."""


SERIES = (
    Series("squat", 0.26, ("squat", "squat-SQ*", "calibration", "squat-arriving")),
    Series("lunge", 0.22, ("lunge-*",)),
    Series("bridge", 0.15, ("bridge", "bridge-faults", "bridge-single", "bridge-from-*")),
    Series("tilt", 0.05, ("tilt*",)),
    Series("figure-four", 0.09, ("figure-four-*",)),
    Series("nerve-glide", 0.09, ("nerve-glide-*",)),
    Series("everyday", 0.14, ("standing-still", "walking", "*")),
    Series("faults", 0.10, tuple(f"squat-SQ{n}*" for n in ("02", "03", "05", "06", "11"))),
    Series(
        "lying",
        0.08,
        ("bridge-single", "bridge-faults", "tilt*", "nerve-glide-supine*", "figure-four-supine*"),
    ),
    # Two of three stand.
    Series("anyhow", 0.16, ("anyhow-standing", "anyhow-standing", "anyhow-lying")),
)
"""What is learned from; ``*`` is whatever no other series has.

What people seldom do is in the last series once more, and what they never do is in the very
last: who has hardly ever seen knees fall in, or bend unevenly, believes the usual.
"""


def wanted(count: int, only: Sequence[str] = ()) -> dict[str, Wanted]:
    """Return about `count` takes, name → take.

    Parameters
    ----------
    count
        Of all series together.
    only
        Names of the series to make; all if empty.
    """
    total = sum(series.weight for series in SERIES)
    return {
        f"{series.name}-{number:04d}": _take(series, FIRST_TAKEN + EVERY * place + number)
        for place, series in enumerate(SERIES)
        if not only or series.name in only
        for number in range(round(count * series.weight / total))
    }


def _take(series: Series, person: int) -> Wanted:
    from benchmarks.rendering.conditions import draw_conditions
    from benchmarks.rendering.take import Order
    from benchmarks.training.takes import Wanted

    rng = np.random.default_rng([person, 7])
    drawn = draw_conditions(rng)
    conditions = () if rng.random() < PLAIN else drawn
    sizes = [s for s in PICTURES if (s[1] > s[0]) == ("portrait" in conditions)]
    rates, often = zip(*RATES, strict=True)
    members = scripts_of(series)
    pattern = members[int(rng.integers(len(members)))]
    order = Order(
        view=str(rng.choice(list(VIEWS))),
        seed=person,
        script=pattern[int(rng.integers(len(pattern)))],
        size_px=sizes[int(rng.integers(len(sizes)))],
        fps=int(rng.choice(rates, p=often)),
        camera=Wishes(astray_deg=22.5),
        conditions=conditions,
    )
    return Wanted(order, FRAMES, float(rng.random()))


def scripts_of(series: Series) -> list[list[str]]:
    """Return the scripts that each of a series' patterns stands for."""
    from benchmarks.rendering.motions import SCRIPTS

    taken = [pattern for other in SERIES for pattern in other.scripts if pattern != "*"]
    members = []
    for pattern in series.scripts:
        names = [name for name in sorted(SCRIPTS) if fnmatch(name, pattern)]
        if pattern == "*":
            names = [n for n in names if not any(fnmatch(n, other) for other in taken)]
        if names:
            members.append(names)
    return members
