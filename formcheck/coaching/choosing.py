"""A session whose exercise is open: chosen by a key, or by beginning it.

Somebody three metres away chooses best by doing: all exercises are watched beside each other until
one is clear. What was done until then counts: the session that follows looks at it again.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from formcheck.coaching.coach import Line
from formcheck.coaching.moment import Command, Moment, Plan, Stage
from formcheck.coaching.session import Session
from formcheck.coaching.speech import Saying, Urgency
from formcheck.coaching.texts import Texts
from formcheck.coaching.watching import AGAIN_S, Watching
from formcheck.exercises.definition import Exercise
from formcheck.exercises.none import NONE
from formcheck.frame import SourceInfo
from formcheck.pose import Pose
from formcheck.recognize import Recognition, Recognizer
from formcheck.refine.base import AngleRefiner
from formcheck.results import Report

LOOK_S = 0.5
"""It is asked so often which exercise it is."""
SURE, ENOUGH_REPS, ENOUGH_HELD_S = 0.7, 2, 4.0
"""One is clear when it is as sure as this, and so much of it was done."""
CHANGE_S = 30.0
"""For so long a key can take another exercise than the one that was recognized."""
AGAIN_TOLD_S = 20.0
"""Who does nothing is told again what to do."""


class OpenSession:
    """Leads one person who has not said what they are going to do.

    Parameters
    ----------
    exercises
        What there is to choose from, in the order of the keys from 1 on.
    size_px, texts
        As in `formcheck.coaching.session.Session`.
    plan
        Tells the plan for an exercise.
    refiner
        Makes what makes angles of landmarks.
    """

    def __init__(
        self,
        exercises: Sequence[Exercise],
        size_px: tuple[int, int],
        plan: Callable[[Exercise], Plan],
        *,
        texts: Texts,
        refiner: Callable[[], AngleRefiner],
    ) -> None:
        self.texts = texts
        self._exercises = tuple(exercises)
        self._size_px = size_px
        self._plan = plan
        self._refiner = refiner
        self._session: Session | None = None
        self._chosen: dict[str, Any] = {}
        self._choices = 0
        self._done = False
        self._told_s = self._last_s = -math.inf
        self._poses: list[Pose] = []
        self._look_anew()

    @property
    def exercise(self) -> Exercise:
        """What is done; `formcheck.exercises.none.NONE` while that is open."""
        return self._session.exercise if self._session else NONE

    @property
    def stage(self) -> Stage:
        """Where in the session somebody is."""
        if self._session:
            return self._session.stage
        return Stage.DONE if self._done else Stage.CHOOSE

    @property
    def starts(self) -> int:
        """How often counting has begun anew."""
        return self._choices + (self._session.starts if self._session else 0)

    def feed(self, pose: Pose, *, light: float = math.nan, people: int | None = None) -> Moment:
        """Take the next pose, as `formcheck.coaching.session.Session.feed` does."""
        self._last_s = pose.t_s
        if self._session:
            return self._session.feed(pose, light=light, people=people)
        recognized = self._watch(pose)
        return self._catch_up(recognized) if recognized else self._choosing(pose)

    def choose(self, number: int) -> None:
        """Take the exercise of a key, from 1 on; for a while also another one than recognized."""
        may_change = self._session is None or (
            self._chosen and self._last_s - self._looked_s < CHANGE_S
        )
        if may_change and 1 <= number <= len(self._exercises):
            self._begin(self._exercises[number - 1], {})

    def command(self, command: Command) -> None:
        """Do what somebody asks for with a key."""
        if self._session:
            self._session.command(command)
        elif command is Command.FINISH:
            self._done = True

    def look_again(self, changes: Mapping[float, Pose]) -> None:
        """Take other poses for the times so far."""
        if self._session:
            self._session.look_again(changes)
            return
        poses = [changes.get(pose.t_s, pose) for pose in self._poses]
        self._look_anew()
        for pose in poses:
            self._recognizer.feed(pose)
            self._poses.append(pose)

    def interrupt(self) -> None:
        """Say that no poses come for a while."""
        if self._session:
            self._session.interrupt()
        else:
            self._look_anew()

    def report(
        self,
        source: SourceInfo,
        provenance: Mapping[str, Any] | None = None,
        warnings: tuple[str, ...] = (),
    ) -> Report:
        """Return the report; without an exercise, one of nothing."""
        if self._session:
            return self._session.report(source, provenance, warnings, **self._chosen)
        nothing = Watching(NONE, self._size_px, self._refiner())
        for pose in self._poses[-100:]:
            nothing.feed(pose)
        said = (*warnings, self.texts("choose.none"))
        return nothing.finish(source, provenance, said)

    # Until it is known

    def _look_anew(self) -> None:
        self._recognizer = Recognizer(self._exercises, self._size_px, refiner=self._refiner())
        self._poses.clear()
        self._looked_s = -math.inf

    def _watch(self, pose: Pose) -> Session | None:
        """Look at a pose; return the session if it is clear by now what it is."""
        if self._poses and pose.t_s - self._poses[0].t_s > AGAIN_S:
            self._look_anew()
        self._recognizer.feed(pose)
        self._poses.append(pose)
        if pose.t_s - self._looked_s < LOOK_S:
            return None
        self._looked_s = pose.t_s
        found = self._recognizer.so_far()
        if not is_clear(found):
            return None
        chosen = {
            "chosen_by": "recognizer",
            "confidence": found.confidence,
            "reason": found.reason.replace("Recognized:", "Recognized by how it began:"),
        }
        return self._begin(found.exercise, chosen)

    def _begin(self, exercise: Exercise, chosen: dict[str, Any]) -> Session:
        self._choices = self.starts
        self._session = session = Session(
            exercise,
            self._size_px,
            self._plan(exercise),
            texts=self.texts,
            refiner=self._refiner(),
        )
        self._chosen = chosen
        self._choices += 1
        if not chosen:
            self._poses.clear()
        return session

    def _catch_up(self, session: Session) -> Moment:
        """Look again at what was done until it was known; return the latest moment."""
        *before, latest = self._poses
        for pose in before:
            session.feed(pose)
        name = self.texts.own("exercise", session.exercise.id, session.exercise.name)
        session.announce(self.texts("choose.looks", name=name[:1].lower() + name[1:]))
        self._poses.clear()
        return session.feed(latest)

    def _choosing(self, pose: Pose) -> Moment:
        texts = self.texts
        says = []
        if pose.t_s - self._told_s > AGAIN_TOLD_S:
            self._told_s = pose.t_s
            says.append(Saying(texts("choose.spoken"), Urgency.LEAD, pose.t_s, group="session"))
        return Moment(
            t_s=pose.t_s,
            stage=Stage.CHOOSE,
            pose=pose,
            tick=None,
            line=Line(texts("choose.begin" if pose.seen else "ready.nobody")),
            says=tuple(says),
            count=0,
            goal=0,
            number=1,
            sets=1,
            choices=tuple(texts.own("exercise", e.id, e.name) for e in self._exercises),
        )


def is_clear(found: Recognition) -> bool:
    """Whether it is clear enough which exercise somebody does to go on with it."""
    if found.exercise is NONE or found.confidence < SURE:
        return False
    best = found.found[0]
    if found.exercise.hold is None:
        return len(best.times) >= ENOUGH_REPS
    return best.for_s >= ENOUGH_HELD_S
