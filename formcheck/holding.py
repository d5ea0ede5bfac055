"""An exercise of holds, watched: what is being held, what was held, and how well."""

from __future__ import annotations

import math

from formcheck.criteria import Evidence, judge_all, score, values_of
from formcheck.exercises.definition import Exercise
from formcheck.feedback import HoldCoach
from formcheck.holds import Stretch
from formcheck.in_position import HoldKeeper, HoldPlan, Kept
from formcheck.measures.hold import HOLD, Held
from formcheck.refine.error import MeasuredError
from formcheck.reps import Phases
from formcheck.results import (
    Cue,
    Hold,
    HoldState,
    Posture,
    Readings,
    View,
)
from formcheck.series import SeriesRecorder
from formcheck.settling import Fit

CUT_SHORT = "it may have been longer: {what} was not filmed"


class Holding:
    """Times and judges the holds of one exercise.

    Parameters
    ----------
    exercise
        What is judged.
    plan
        Its holds.
    series
        The readings of all frames; whoever feeds this feeds that first.
    error
        How far off measurements are.
    """

    def __init__(
        self, exercise: Exercise, plan: HoldPlan, series: SeriesRecorder, error: MeasuredError
    ) -> None:
        self._exercise = exercise
        self._plan = plan
        self._series = series
        self._error = error
        self._keeper = HoldKeeper(plan, exercise.postures)
        self._coach = HoldCoach()
        self._lying = False
        self.holds: list[Hold] = []
        """Held so far, in the order of time."""
        self.ended: Hold | None = None
        """The one that is known to have ended with the latest frame."""
        self.cue: Cue | None = None
        """To be shown now."""

    def feed(
        self,
        t_s: float,
        readings: Readings,
        view: View,
        posture: Posture,
        *,
        lying: bool = False,
    ) -> None:
        """Take one frame; `lying` says whether the person has been for most of the time."""
        self._lying = lying
        stretch = self._keeper.feed(t_s, readings, posture)
        self.ended = self._conclude(stretch, view) if stretch else None
        self.cue = self._coach.follow(t_s, self.state, self.ended)

    def finish(self, view: View, *, lying: bool = False) -> None:
        """End the stream; `view` and `lying` are those of the whole clip."""
        self._lying = lying
        stretch = self._keeper.finish()
        if stretch:
            self._conclude(stretch, view)

    @property
    def state(self) -> HoldState | None:
        """The hold that is going on."""
        return self._keeper.state

    @property
    def readable(self) -> bool:
        """Whether the latest frame shows whether the person is in position."""
        return self._keeper.fit is not Fit.UNSEEN

    @property
    def notes(self) -> tuple[str, ...]:
        """What the report should say about the clip as a whole."""
        note = self._plan.seen if self.holds else self._plan.missed
        return (note,) if note else ()

    def _conclude(self, stretch: Stretch, view: View) -> Hold:
        kept = self._keeper.kept(stretch, self._series)
        evidence = self._evidence(kept, view)
        verdicts = judge_all(self._exercise.criteria, evidence)
        hold = Hold(
            number=len(self.holds) + 1,
            side=kept.side,
            start_s=stretch.start_s,
            end_s=stretch.end_s,
            held_s=stretch.held_s,
            complete=stretch.start_seen and stretch.end_seen,
            reason=_cut_short(stretch),
            pauses=stretch.pauses,
            measures={**values_of(self._exercise.criteria, verdicts), **evidence.whole},
            verdicts=verdicts,
            score=score(verdicts),
        )
        self.holds.append(hold)
        return hold

    def _evidence(self, kept: Kept, view: View) -> Evidence:
        stretch = kept.stretch
        middle_s = (stretch.start_s + stretch.end_s) / 2
        before_s = self.holds[-1].end_s if self.holds else math.nan
        held = Held(stretch, kept.readings, kept.depth, self._plan.rule.still, before_s)
        return Evidence(
            phases=Phases(stretch.start_s, stretch.start_s, middle_s, stretch.end_s, stretch.end_s),
            start_seen=stretch.start_seen,
            end_seen=stretch.end_seen,
            readings=kept.readings,
            whole={name: row.compute(held) for name, row in HOLD.items()},
            view=view,
            error=self._error,
            side=kept.side,
            lying=self._lying,
        )


def _cut_short(stretch: Stretch) -> str:
    unseen = [
        what
        for what, seen in (("its start", stretch.start_seen), ("its end", stretch.end_seen))
        if not seen
    ]
    return CUT_SHORT.format(what=" and ".join(unseen)) if unseen else ""
