"""An exercise of repetitions, watched: what is counted at once, and judged when it is over.

A repetition counts as soon as it has come to its end. What it is judged by may come later:
people straighten up a moment after they have arrived. So criteria that look "after" it get
their verdicts when that time is over, or when the next movement begins.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from statistics import median

from formcheck.criteria import (
    AFTER_S,
    BEFORE_S,
    Evidence,
    judge_all,
    met,
    score,
    values_of,
)
from formcheck.exercises.definition import Exercise
from formcheck.feedback import Coach
from formcheck.measures.repetition import REPETITION, Movement
from formcheck.questions import Criterion, Requirement
from formcheck.refine.error import MeasuredError
from formcheck.reps import CUT_OFF, Excursion, RepSegmenter
from formcheck.results import Cue, Phase, Rep, Span, Status, Verdict, View
from formcheck.series import SeriesRecorder
from formcheck.sides import working_side

AFTER = "after"
"""The one word of `formcheck.questions.DURING` that looks beyond the end."""
NOT_OVER = "what comes after it is still being watched"
ALIKE_RANGE, ALIKE_TIME = 0.7, 0.6
"""A partial movement that goes so far and takes so long, over what the counted ones do, is like
them. Chosen on the development clips of ``make quality``, which tells how many doubts are right."""


@dataclass(frozen=True, slots=True)
class Watched:
    """A movement that has ended, and what comes after it not yet."""

    excursion: Excursion
    view: View
    side: str
    counted: bool
    """Whether it is counted already; if not, that depends on what comes."""


class Repeating:
    """Counts and judges the repetitions of one exercise.

    Parameters
    ----------
    exercise
        What is judged.
    series
        The readings of all frames; whoever feeds this feeds that first.
    error
        How far off measurements are.
    """

    def __init__(self, exercise: Exercise, series: SeriesRecorder, error: MeasuredError) -> None:
        self._exercise = exercise
        self._series = series
        self._error = error
        self._segmenter = RepSegmenter(exercise.rule)
        self._coach = Coach()
        self._watched: Watched | None = None
        self._last_s = -math.inf
        self._lying = False
        self._looks_after = any(_looks_after(c) for c in exercise.criteria)
        self.reps: list[Rep] = []
        """Counted so far. The last one's verdicts on what comes after it may be open."""
        self.partials: list[Rep] = []
        self._ranges: list[float] = []
        self._smallest = math.inf
        self._partial_ranges: list[float] = []
        self.finished: Rep | None = None
        """The one whose last verdict was given with the latest frame."""
        self.cue: Cue | None = None
        """To be shown now."""

    @property
    def phase(self) -> Phase:
        """Where in a repetition the person is."""
        return self._segmenter.phase

    def progress(self, x: float) -> float:
        """Return how far on the way to the usual turning point a signal is, 0 to 1."""
        usual = self._segmenter.usual_range
        full = usual if math.isfinite(usual) else 3 * self._exercise.rule.min_range
        return min(1.0, max(0.0, x / full)) if math.isfinite(x) else math.nan

    @property
    def least_range(self) -> float:
        """How far the smallest repetition went that counted.

        Between the least that counts at the present level and the least that counts at the usual
        one.
        """
        rule = self._exercise.rule
        return max(rule.min_range, min(rule.usual_least, self._smallest))

    @property
    def near_misses(self) -> list[Rep]:
        """Partial movements that went as far and took as long as those that count.

        As long as none counts, as far and as long as the least that would.
        """
        rule = self._exercise.rule
        far = median(self._ranges) if self._ranges else rule.min_range
        long_s = median(map(_time_s, self.reps)) if self.reps else rule.min_duration_s
        return [
            rep
            for rep, went in zip(self.partials, self._partial_ranges, strict=True)
            if went >= ALIKE_RANGE * far
            and _time_s(rep) >= ALIKE_TIME * long_s
            and rep.span.reason != CUT_OFF
        ]

    def feed(self, t_s: float, x: float, view: View, *, lying: bool = False) -> None:
        """Take one frame.

        Parameters
        ----------
        t_s, x
            Its time and its signal.
        view
            From where it is seen.
        lying
            Whether the person has been lying for most of the time.
        """
        self._lying = lying
        excursion = self._segmenter.feed(t_s, x)
        self.finished = None
        news = self._watch(t_s)
        if excursion:
            news = self._take(excursion, view) or news
        self.cue = self._coach.feed(t_s, news)
        self._last_s = t_s

    def finish(self, view: View, *, lying: bool = False) -> None:
        """End the stream; `view` and `lying` are those of the whole clip."""
        self._lying = lying
        excursion = self._segmenter.finish()
        self._look_back(math.inf)
        if excursion:
            self._take(excursion, view)
            self._look_back(math.inf)

    def _watch(self, t_s: float) -> Rep | None:
        """Complete what is watched if the time after it is over; return it if it counts."""
        watched = self._watched
        if watched is None:
            return None
        if self._segmenter.moving:
            return self._look_back(self._last_s)
        over = t_s >= watched.excursion.phases.end_s + AFTER_S
        return self._look_back(t_s) if over else None

    def _take(self, excursion: Excursion, view: View) -> Rep | None:
        """File a movement that has ended as counted or partial, or watch on; return it if filed.

        What is neither complete nor what the exercise asks for is not an attempt at it,
        and is not filed at all.
        """
        evidence = self._evidence(excursion, view)
        span = replace(excursion.span, side=evidence.side)
        broken = self._broken(evidence)
        if not span.counted:
            return self._file_partial(span, evidence, excursion) if broken is None else None
        later = excursion.span.end_seen
        if broken and later and all(_looks_after(r) for r in self._all_broken(evidence)):
            self._watched = Watched(excursion, view, evidence.side, counted=False)
            return None
        if broken:
            return self._file_partial(_partial(span, broken), evidence, excursion)
        self._accept(excursion)
        if later and self._looks_after:
            self._watched = Watched(excursion, view, evidence.side, counted=True)
        rep = self._counted(len(self.reps) + 1, span, evidence, over=self._watched is None)
        self.reps.append(rep)
        if self._watched is None:
            self.finished = rep
        return rep

    def _look_back(self, until_s: float) -> Rep | None:
        """Give the last verdicts on what is watched, from what was seen until then."""
        watched, self._watched = self._watched, None
        if watched is None:
            return None
        excursion = watched.excursion
        evidence = self._evidence(excursion, watched.view, until_s)
        evidence = replace(evidence, side=watched.side)
        span = replace(excursion.span, side=watched.side)
        if not watched.counted:
            if broken := self._broken(evidence):
                return self._file_partial(_partial(span, broken), evidence, excursion)
            self._accept(excursion)
            self.reps.append(self._counted(len(self.reps) + 1, span, evidence))
        else:
            self.reps[-1] = self._counted(len(self.reps), span, evidence)
        self.finished = self.reps[-1]
        return self.finished

    def _broken(self, evidence: Evidence) -> Requirement | None:
        return next(iter(self._all_broken(evidence)), None)

    def _all_broken(self, evidence: Evidence) -> list[Requirement]:
        return [r for r in self._exercise.requirements if not met(r, evidence)]

    def _accept(self, excursion: Excursion) -> None:
        self._segmenter.accept(excursion)
        self._ranges.append(excursion.range)
        self._smallest = min(self._smallest, excursion.range)

    def _file_partial(self, span: Span, evidence: Evidence, excursion: Excursion) -> Rep:
        verdicts = self._verdicts(evidence)
        measures = {**values_of(self._exercise.criteria, verdicts), **evidence.whole}
        self.finished = Rep(len(self.partials) + 1, span, measures, (), math.nan)
        self.partials.append(self.finished)
        self._partial_ranges.append(excursion.range)
        return self.finished

    def _counted(self, number: int, span: Span, evidence: Evidence, *, over: bool = True) -> Rep:
        verdicts = self._verdicts(evidence, over=over)
        measures = {**values_of(self._exercise.criteria, verdicts), **evidence.whole}
        return Rep(number, span, measures, verdicts, score(verdicts))

    def _verdicts(self, evidence: Evidence, *, over: bool = True) -> tuple[Verdict, ...]:
        """Return the verdicts; on what comes after, only those that are good already."""
        return tuple(
            verdict if over or not _looks_after(c) else _open(verdict)
            for c, verdict in zip(
                self._exercise.criteria,
                judge_all(self._exercise.criteria, evidence),
                strict=True,
            )
        )

    def _evidence(self, excursion: Excursion, view: View, until_s: float = math.inf) -> Evidence:
        phases = excursion.phases
        seen = excursion.span.start_seen
        window = self._series.window(phases.start_s, phases.end_s)
        own = Movement(phases, seen, window, self._exercise.signal)
        until_s = min(until_s, phases.end_s + AFTER_S)
        evidence = Evidence(
            phases=phases,
            start_seen=seen,
            end_seen=excursion.span.end_seen,
            readings=self._series.window(phases.start_s - BEFORE_S, until_s),
            whole={name: row.compute(own) for name, row in REPETITION.items()},
            view=view,
            error=self._error,
            lying=self._lying,
        )
        return replace(evidence, side=working_side(self._exercise.side, evidence))


def _time_s(rep: Rep) -> float:
    return rep.span.end_s - rep.span.start_s


def _looks_after(one: Criterion | Requirement) -> bool:
    return one.question.during == AFTER


def _partial(span: Span, broken: Requirement) -> Span:
    return replace(span, counted=False, reason=broken.otherwise)


def _open(verdict: Verdict) -> Verdict:
    if verdict.status is Status.PASS:
        return verdict
    return replace(verdict, status=Status.UNCLEAR, reason=NOT_OVER, cue="")
