"""How often the exercise of a rendered clip is recognized.

``python -m benchmarks.quality.recognition`` asks it of every recording in the cache (or in
``--films FOLDER``), of people for development and for testing apart, and prints the wrong ones
and how many are right. ``--only PATTERN`` takes clips of such names.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from rich.console import Console

from benchmarks.quality.__main__ import default_cache
from benchmarks.quality.recording import POSES
from benchmarks.quality.takes import FIRST_TEST_PERSON, NAMES, labels_of
from formcheck.exercises.none import NONE
from formcheck.pipeline import recognize
from formcheck.pose import PoseTrack
from formcheck.recognize import Recognition


@dataclass(frozen=True)
class Recognized:
    """What a clip was taken for, and what it is."""

    name: str
    split: str
    exercise: str
    said: Recognition

    @property
    def right(self) -> bool:
        """Whether that is what it shows."""
        return self.said.exercise.id == self.exercise

    @property
    def mistaken(self) -> bool:
        """Whether it was taken for something that it does not show; "none" is no mistake."""
        return not self.right and self.said.exercise.id != NONE.id


def tell(folder: Path) -> Recognized:
    """Recognize the exercise of a clip's recording."""
    labels = labels_of(folder)
    done = str(labels["exercise"])
    person = int(labels.get("person_number", labels["seed"]))
    split = "test" if person >= FIRST_TEST_PERSON else "development"
    said = recognize(PoseTrack.load(folder / POSES))
    return Recognized(folder.name, split, NAMES.get(done, done), said)


def summary(told: Iterable[Recognized]) -> list[str]:
    """Return how many are right, of each kind of people and each exercise."""
    rows = list(told)
    lines = []
    for split in dict.fromkeys(one.split for one in rows):
        mine = [one for one in rows if one.split == split]
        wrong = sum(one.mistaken for one in mine)
        right = sum(one.right for one in mine)
        each = [
            f"{name} {sum(one.right for one in group)} of {len(group)}"
            for name in sorted({one.exercise for one in mine})
            for group in [[one for one in mine if one.exercise == name]]
        ]
        lines.append(
            f"{split}: {right} of {len(mine)} right, {wrong} taken for another exercise "
            f"({', '.join(each)})"
        )
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.quality.recognition", description=__doc__
    )
    parser.add_argument("--films", type=Path, default=default_cache(), help="%(default)s")
    parser.add_argument("--only", metavar="PATTERN", default="*", help="clips of such names")
    given = parser.parse_args()
    console = Console(highlight=False, soft_wrap=True)
    places = sorted(path.parent for path in given.films.glob(f"*/{POSES}"))
    told = [tell(place) for place in places if fnmatchcase(place.name, given.only)]
    for one in told:
        if not one.right:
            console.print(f"{one.name}: taken for {one.said.exercise.id}. {one.said.reason}")
    for line in summary(told):
        console.print(line)


if __name__ == "__main__":
    main()
