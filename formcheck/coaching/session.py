"""A session: getting ready, sets and rests, pauses, and the end.

Poses go in, and what to show and to say comes out. It has no clock but the poses' own times,
and uses the same analyzer as files: what it counts is what `formcheck check` counts.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from formcheck.coaching.coach import Kind, Line, SetCoach
from formcheck.coaching.gesture import Sign
from formcheck.coaching.moment import Command, Moment, Plan, Stage
from formcheck.coaching.readiness import Readiness, ReadinessCheck, Sight
from formcheck.coaching.speech import Saying, Urgency
from formcheck.coaching.texts import Texts, load_texts
from formcheck.coaching.watching import Watching
from formcheck.coaching.wording import Wording
from formcheck.exercises.definition import Exercise
from formcheck.frame import SourceInfo
from formcheck.pose import Pose
from formcheck.refine.base import AngleRefiner
from formcheck.results import Report, Tick, Unjudged

COUNTDOWN_S, COUNTDOWN_ADVISED_S = 3.0, 5.0
"""From all being well to the start; longer when there is something to be read."""
SETTLE_S = 1.2
"""A set goes on for so long after its last repetition, until that has been judged."""
AWAY_S, BACK_S = 3.0, 0.5
"""Out of the picture for so long pauses; back in it for so long goes on."""
GONE_S = 180.0
"""Who stays away for longer has finished."""
PAUSE_SIGN_S, FINISH_SIGN_S = 1.0, 3.0
"""For how long the sign is given to pause or go on, and to finish."""
GAP_S, SLEPT_S = 2.0, 10.0
"""No picture for so long interrupts; for so long, the machine must have slept."""
DOUBTFUL_S = 2.0
"""What is counted while somebody has not been ready for so long does not belong to the set."""
BLINK_S, ANNOUNCED_S = 1.5, 4.0
"""A remark of the session's own stays for so long; one that may be wrong, for longer."""


class Session:
    """Leads one person through their sets.

    Parameters
    ----------
    exercise
        What they do.
    size_px
        (width, height) of the full picture that the poses' pixels refer to.
    plan
        How many sets of how many.
    texts
        The language; English if not given.
    refiner
        What makes angles of landmarks; the analyzer's own, if not given.
    """

    def __init__(
        self,
        exercise: Exercise,
        size_px: tuple[int, int],
        plan: Plan | None = None,
        *,
        texts: Texts | None = None,
        refiner: AngleRefiner | None = None,
    ) -> None:
        self.exercise = exercise
        self.plan = plan or Plan()
        self.texts = texts or load_texts()
        self.stage = Stage.REST if self.plan.first_s > 0 else Stage.READY
        self.starts = 0
        """How often counting has begun anew."""
        self._analyzer = Watching(exercise, size_px, refiner)
        self._check = ReadinessCheck(exercise, size_px)
        self._sign = Sign()
        self._sign_used = False
        self._coach = SetCoach(self.texts, self.plan.reps)
        self._words = Wording(exercise, self.texts)
        self._says: list[Saying] = []
        """What the next moment tells; keys make something to say between two poses too."""
        self._number = 1
        self._base, self._after_rest = 0, False
        self._done = 0
        self._last_s = -math.inf
        self._seen_s = -math.inf
        self._unseen_s = -math.inf
        self._problem_s = math.nan
        self._over_s = math.nan
        self._rest_until_s = math.nan
        self._told: dict[str, float] = {}
        self._counted_down: int | None = None
        self._countdown_s = COUNTDOWN_S
        self._line: Line | None = None
        self._line_s = -math.inf
        self._line_stays_s = BLINK_S
        self._unjudged: tuple[Unjudged, ...] = ()
        self._ready = Readiness("look", (), 0.0)
        self._away = False

    # What goes in

    def feed(self, pose: Pose, *, light: float = math.nan, people: int | None = None) -> Moment:
        """Take the next pose, or `Pose.nobody` when there is nobody.

        Parameters
        ----------
        pose
            Later than the one before it.
        light
            Mean lightness of the picture, 0 to 1; NaN if unknown.
        people
            How many people there are; None if nobody counted.
        """
        self._mind_the_gap(pose.t_s)
        if pose.seen:
            self._seen_s = pose.t_s
        else:
            self._unseen_s = pose.t_s
        sign_s = self._sign.feed(pose)
        tick = self._STAGES[self.stage](self, pose, Sight(pose, self._unjudged, light, people))
        self._obey(pose.t_s, sign_s)
        if tick is not None:
            self._unjudged = tick.unjudged
        self._last_s = pose.t_s
        moment = self._moment(pose, tick, sign_s)
        self._says = []
        return moment

    def command(self, command: Command) -> None:
        """Do what somebody asks for with a key."""
        t_s = self._last_s if math.isfinite(self._last_s) else 0.0
        if command is Command.FINISH:
            self._finish(t_s)
        elif self.stage is Stage.READY:
            self._check.forgive()
            self._begin(t_s)
        elif self.stage is Stage.EXERCISE:
            self._pause(t_s)
        elif self.stage is Stage.PAUSED:
            self._resume(t_s)
        elif self.stage is Stage.REST:
            self._next_set(t_s)

    def announce(self, text: str) -> None:
        """Say and show something now."""
        self._remark_now(self._last_s, text, "go", stays_s=ANNOUNCED_S)

    def look_again(self, changes: Mapping[float, Pose]) -> None:
        """Take other poses for the times so far: somebody else turned out to be the one."""
        to_say, self._over_s = [*self._says], math.nan
        if self.stage in {Stage.READY, Stage.EXERCISE} and self._number == 1:
            self._coach = SetCoach(self.texts, self.plan.reps)
            for tick in self._analyzer.look_again(changes):
                self._coached(tick)
        else:
            self._analyzer.interrupt()
        # What a coach would have said meanwhile comes too late.
        self._says = to_say

    def interrupt(self) -> None:
        """Say that no poses come for a while: the camera is gone, or the machine sleeps."""
        self._analyzer.interrupt()

    def report(
        self,
        source: SourceInfo,
        provenance: Mapping[str, Any] | None = None,
        warnings: tuple[str, ...] = (),
        **chosen: Any,
    ) -> Report:
        """Return the report of all sets; to be asked for once, at the end.

        Who chose the exercise, and why, is said as to `formcheck.analyzer.Analyzer.finish`.
        """
        return self._analyzer.finish(source, provenance, warnings, **chosen)

    # Stages: each takes a pose and what is seen, and returns what the analyzer says, if anything

    def _get_ready(self, pose: Pose, sight: Sight) -> Tick | None:
        first = self._number == 1 and not self._base
        tick = self._analyzer.feed(pose) if first or not self._ready.problem else None
        if tick is not None and self._after_rest:
            self._base, self._after_rest = _counted(tick), False  # what came late is in no set
        ready = self._ready = self._check.feed(sight)
        if ready.problem:
            if math.isnan(self._problem_s):
                self._problem_s = pose.t_s
            self._counted_down = None
            if not first and pose.t_s - self._seen_s > GONE_S:
                self._finish(pose.t_s)
            elif ready.problem != "look":
                self._tell(pose.t_s, ready.problem, self._words.remark(ready.problem))
            return tick
        if self._was_not_ready(pose.t_s) and first and tick and _counted(tick) and not ready.anyway:
            # Counted while they came into the picture.
            self._analyzer.begin_anew()
            self.starts += 1
            tick = self._analyzer.feed(pose)
        self._problem_s = math.nan
        if tick is not None and _counted(tick) > self._base:
            self._begin(pose.t_s, quietly=True)
            return self._coached(tick)
        self._count_down(pose.t_s, ready)
        return tick

    def _exercise(self, pose: Pose, sight: Sight) -> Tick | None:  # noqa: ARG002
        tick = self._coached(self._analyzer.feed(pose))
        if math.isfinite(self._over_s):
            if pose.t_s - self._over_s >= SETTLE_S:
                self._end_set(pose.t_s)
        elif self._set_is_over():
            self._over_s = pose.t_s
        elif pose.t_s - self._seen_s > AWAY_S:
            self._away = True
            self.stage = Stage.PAUSED
            self._analyzer.interrupt()
            self._say(pose.t_s, self.texts("pause.away"), Urgency.LEAD, "pause")
        return tick

    def _pausing(self, pose: Pose, sight: Sight) -> Tick | None:  # noqa: ARG002
        if self._away and pose.seen and pose.t_s - self._unseen_s > BACK_S:
            self._away = False
            self.stage = Stage.EXERCISE
            self._remark_now(pose.t_s, self.texts("coach.welcome"), "resume")
            return self._coached(self._analyzer.feed(pose))
        if pose.t_s - self._seen_s > GONE_S:
            self._finish(pose.t_s)
        return None

    def _resting(self, pose: Pose, sight: Sight) -> Tick | None:  # noqa: ARG002
        if math.isnan(self._rest_until_s):
            self._rest_until_s = pose.t_s + self.plan.first_s
            self._say(
                pose.t_s, self._words.next_set(self._number, self.plan.sets), Urgency.LEAD, "set"
            )
        left = math.ceil(self._rest_until_s - pose.t_s)
        if left <= 0:
            self._next_set(pose.t_s)
        elif left <= 3:
            self._beep(pose.t_s, left)
        return None

    def _ended(self, pose: Pose, sight: Sight) -> Tick | None:  # noqa: ARG002
        return None

    _STAGES = {  # noqa: RUF012 - what a stage does never changes
        Stage.READY: _get_ready,
        Stage.EXERCISE: _exercise,
        Stage.PAUSED: _pausing,
        Stage.REST: _resting,
        Stage.DONE: _ended,
    }

    # Going from stage to stage

    def _begin(self, t_s: float, *, quietly: bool = False) -> None:
        self.stage = Stage.EXERCISE
        self._coach = SetCoach(self.texts, self.plan.reps)
        self._over_s = math.nan
        self._counted_down = None
        if not quietly:
            self._remark_now(t_s, self.texts("ready.go"), "go")

    def _end_set(self, t_s: float) -> None:
        if self._number >= self.plan.sets:
            self._finish(t_s)
            return
        self._base += self._done
        self._done = 0
        self._number += 1
        self.stage = Stage.REST
        self._counted_down = None
        self._rest_until_s = t_s + self.plan.rest_s
        self._analyzer.interrupt()
        text = self.texts("rest.back", seconds=round(self.plan.rest_s))
        self._say(t_s, f"{self.texts('set.done')}. {text}", Urgency.LEAD, "set")

    def _next_set(self, t_s: float) -> None:
        self.stage = Stage.READY
        self._after_rest = True
        self._counted_down = None
        self._check.restart()
        self._ready = Readiness("look", (), 0.0)
        text = self.texts("set.of", number=self._number, sets=self.plan.sets)
        self._say(t_s, text, Urgency.LEAD, "resume")

    def _pause(self, t_s: float) -> None:
        self.stage = Stage.PAUSED
        self._away = False
        self._analyzer.interrupt()
        self._say(t_s, self.texts("pause.title"), Urgency.LEAD, "pause")

    def _resume(self, t_s: float) -> None:
        self.stage = Stage.EXERCISE
        self._away = False
        self._remark_now(t_s, self.texts("ready.go"), "resume")

    def _finish(self, t_s: float) -> None:
        if self.stage is not Stage.DONE:
            self.stage = Stage.DONE
            self._say(t_s, self.texts("end.title"), Urgency.LEAD, "done")

    def _obey(self, t_s: float, sign_s: float) -> None:
        """Do what the sign asks for."""
        if sign_s <= 0:
            self._sign_used = False
        elif sign_s >= FINISH_SIGN_S and (self._number > 1 or self.stage is not Stage.READY):
            self._finish(t_s)
        elif sign_s >= PAUSE_SIGN_S and not self._sign_used:
            self._sign_used = True
            if self.stage is not Stage.READY:
                self.command(Command.NEXT)

    def _mind_the_gap(self, t_s: float) -> None:
        gap_s = t_s - self._last_s
        if not GAP_S < gap_s < math.inf:
            return
        self._analyzer.interrupt()
        self._seen_s = max(self._seen_s, t_s - BACK_S)
        if self.stage is Stage.READY:
            self._check.restart()
        if gap_s > SLEPT_S:
            self._remark_now(t_s, self.texts("camera.slept"), "resume")

    # Counting, saying, showing

    def _coached(self, tick: Tick) -> Tick:
        self._done = _counted(tick) - self._base
        self._says += self._coach.feed(tick, self._done)
        return tick

    def _set_is_over(self) -> bool:
        enough = self._coach.enough and self.plan.sets > 1
        return enough or 0 < self.plan.reps <= self._done

    def _was_not_ready(self, t_s: float) -> bool:
        return t_s - self._problem_s > DOUBTFUL_S

    def _count_down(self, t_s: float, ready: Readiness) -> None:
        if self._counted_down is None:
            self._countdown_s = COUNTDOWN_ADVISED_S if ready.advice else COUNTDOWN_S
        left = math.ceil(self._countdown_s - ready.ready_s)
        if left <= 0:
            self._begin(t_s)
            return
        if ready.advice and self._counted_down is None:
            self._tell(t_s, ready.advice[0], self._words.remark(ready.advice[0]))
        if left <= COUNTDOWN_S:
            self._beep(t_s, left)
        self._counted_down = left

    def _beep(self, t_s: float, left: int) -> None:
        if left != self._counted_down:
            self._counted_down = left
            self._say(t_s, str(left), Urgency.COUNT, "tick", lasts_s=0.8)

    def _tell(self, t_s: float, key: str, text: str) -> None:
        """Say something, and the same again only after a while."""
        if t_s - self._told.get(key, -math.inf) > 8.0:
            self._told[key] = t_s
            self._say(t_s, text, Urgency.LEAD, "")

    def _say(
        self, t_s: float, text: str, urgency: Urgency, tone: str, *, lasts_s: float = 4.0
    ) -> None:
        self._says.append(Saying(text, urgency, t_s, lasts_s, tone, group="session"))

    def _remark_now(self, t_s: float, text: str, tone: str, *, stays_s: float = BLINK_S) -> None:
        self._line_stays_s = stays_s
        self._line, self._line_s = Line(text, Kind.GOOD), t_s
        self._say(t_s, text, Urgency.LEAD, tone)

    def _moment(self, pose: Pose, tick: Tick | None, sign_s: float) -> Moment:
        t_s, ready = pose.t_s, self._ready
        getting_ready = self.stage is Stage.READY
        resting = self.stage is Stage.REST
        advice = ready.advice if getting_ready and not ready.problem else ()
        return Moment(
            t_s=t_s,
            stage=self.stage,
            pose=tick.pose if tick else pose,
            tick=tick,
            line=self._line_now(t_s, sign_s),
            says=tuple(self._says),
            count=self._done,
            goal=self.plan.reps,
            number=self._number,
            sets=self.plan.sets,
            countdown=self._shown_countdown(t_s),
            share=self._rest_share(t_s) if resting else min(1.0, sign_s / FINISH_SIGN_S),
            note=(
                self._words.next_set(self._number, self.plan.sets)
                if resting
                else self._words.unjudged(self._unjudged)
            ),
            advice=self._words.remark(advice[0]) if advice else "",
            away=self._away,
            exercise=self.exercise,
        )

    def _shown_countdown(self, t_s: float) -> int | None:
        if self.stage is Stage.REST:
            return max(1, math.ceil(self._rest_until_s - t_s))
        return self._counted_down if self.stage is Stage.READY else None

    def _rest_share(self, t_s: float) -> float:
        left_s = self._rest_until_s - t_s
        whole_s = self.plan.rest_s if self._number > 1 else self.plan.first_s
        return min(1.0, max(0.0, 1.0 - left_s / whole_s)) if whole_s > 0 else 1.0

    def _line_now(self, t_s: float, sign_s: float) -> Line | None:
        if self.stage is Stage.READY:
            problem = self._ready.problem
            return Line(self._words.remark(problem)) if problem else Line(self.texts("ready.begin"))
        if sign_s > FINISH_SIGN_S / 6 and self.stage is not Stage.DONE:
            return Line(self.texts("pause.finish" if self._sign_used else "pause.sign"))
        if self.stage is not Stage.EXERCISE:
            return None
        if line := self._coach.line(t_s):
            return line
        return self._line if 0 <= t_s - self._line_s <= self._line_stays_s else None


def _counted(tick: Tick) -> int:
    """Return how many repetitions or holds there are."""
    return tick.reps if tick.holds is None else tick.holds
