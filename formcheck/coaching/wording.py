"""What a session says about one exercise, in whole sentences."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from formcheck.coaching.texts import Texts
from formcheck.exercises.definition import Exercise
from formcheck.results import Unjudged


@dataclass(frozen=True, slots=True)
class Wording:
    """Makes sentences of a catalogue and an exercise."""

    exercise: Exercise
    texts: Texts

    def remark(self, key: str) -> str:
        """Return a remark on getting ready in words."""
        if key != "posture":
            return self.texts(f"ready.{key}")
        how = (self.texts(f"posture.{name}") for name in self.exercise.postures)
        first, *others = how
        return self.texts("posture.or").join([first, *map(_small, others)])

    def next_set(self, number: int, sets: int) -> str:
        """Return what comes after a rest: another set, or this exercise after the one before."""
        if number > 1:
            return self.texts("rest.next", number=number, sets=sets)
        name = self.texts.own("exercise", self.exercise.id, self.exercise.name)
        return self.texts("rest.exercise", name=_small(name))

    def unjudged(self, criteria: Iterable[Unjudged]) -> str:
        """Return what can't be judged from here; empty if all can."""
        names = [self.texts.own("name", one.code, one.name) for one in criteria]
        if not names:
            return ""
        first, *others = names
        return self.texts("ready.unjudged", names=", ".join([first, *map(_small, others)]))


def _small(text: str) -> str:
    return text[:1].lower() + text[1:]
