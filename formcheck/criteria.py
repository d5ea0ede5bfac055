"""Criteria and their verdicts.

A measurement is a value with an uncertainty. A criterion passes when the probability that
its bound is met is at least `CONFIDENT`, fails when the probability that it is broken is,
and is otherwise unclear, saying why and what would help. An unsuitable camera view has a
large uncertainty, so it costs certainty and never gives a confident wrong answer.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from formcheck.measures.catalogue import FRAME, reading_names
from formcheck.measures.hold import HOLD
from formcheck.measures.repetition import RepetitionMeasure
from formcheck.questions import HELD, ONE_SIDED, WHOLE, Criterion, Question, Requirement
from formcheck.reasons import (
    END_UNSEEN,
    NOWHERE_SURE,
    SIDE_UNKNOWN,
    START_UNSEEN,
    TOO_CLOSE,
    TOO_SHORT,
    unseen_reason,
    view_reason,
)
from formcheck.reduce import RANGE, REDUCERS
from formcheck.refine.error import MeasuredError, lying_share
from formcheck.reps import Phases
from formcheck.results import (
    EITHER,
    SIDES,
    UNCLEAR_SIDE,
    UNSEEN,
    Bound,
    Reading,
    Readings,
    Status,
    Verdict,
    View,
    other_side,
)
from formcheck.series import EPSILON_S, Window
from formcheck.units import unit_of

CONFIDENT = 0.8
"""Probability from which on a verdict is given."""
TURN_S = 0.05
"""Half of the time around the turning point that "turn" looks at."""
BEFORE_S, AFTER_S = 1.0, 1.0
"""How long before the start, and after the end, "before" and "after" look."""
COMPARABLE = 1.5
"""A side seen this much less surely than the other does not decide what is worst or best."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that is known about one repetition when it is judged."""

    phases: Phases
    start_seen: bool
    end_seen: bool
    readings: Window
    """From `BEFORE_S` before its start to now."""
    whole: Mapping[str, Reading]
    """The repetition measurements, by name."""
    view: View
    error: MeasuredError
    side: str = EITHER
    """Which side works, as in `formcheck.results.Span`."""
    lying: bool = False
    """Whether the person lies: the camera is then at their feet, not in front of them."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the evidence says to a question."""

    reading: Reading
    at_s: float
    """The moment that decided; NaN when nothing was seen."""


NO_ANSWER = Answer(UNSEEN, math.nan)


def probability(reading: Reading, bound: Bound) -> float:
    """Return the probability that the true value is within the bound.

    The true value is taken to be normally distributed around the reading; with nothing
    known it is a coin's toss.

    Examples
    --------
    >>> round(probability(Reading(10.0, 5.0), Bound(high=10.0)), 3)
    0.5
    >>> round(probability(Reading(10.0, 5.0), Bound(low=0.0, high=20.0)), 3)
    0.954
    """
    if not math.isfinite(reading.value) or not reading.sigma > 0:
        return 0.5
    return _below(bound.high, reading) - _below(bound.low, reading)


def _below(limit: float, reading: Reading) -> float:
    return 0.5 * (1 + math.erf((limit - reading.value) / (reading.sigma * math.sqrt(2))))


def status_of(chance: float) -> Status:
    """Return the verdict for a probability that the bound is met."""
    if chance >= CONFIDENT:
        return Status.PASS
    return Status.FAIL if 1 - chance >= CONFIDENT else Status.UNCLEAR


def answer(question: Question, evidence: Evidence) -> Answer:
    """Return what the evidence says to a question; NaN when it says nothing."""
    if question.measure in WHOLE:
        reading = evidence.whole[question.measure]
        return Answer(reading, evidence.phases.turn_s) if reading.known else NO_ANSWER
    answers = side_answers(question.measure, question.during, question.reduce, evidence)
    if question.sides in ONE_SIDED and evidence.side != EITHER:
        return answers.get(_asked_side(question, evidence.side), NO_ANSWER)
    known = list(answers.values())
    if not known:
        return NO_ANSWER
    if question.sides in {"worst", "best"}:
        return _extreme(known, question)
    return _mean(known)


def side_answers(measure: str, during: str, reduce: str, evidence: Evidence) -> dict[str, Answer]:
    """Return what the frames say, side → answer; a side that was not seen is left out.

    A measurement that has no sides has its answer under an empty name.
    """
    row = FRAME[measure]
    frames = _frames(during, evidence)
    answers = {
        side: _reduce(measure, name, reduce, frames, evidence)
        for side, name in zip(SIDES if row.sided else ("",), reading_names(row), strict=True)
    }
    return {side: found for side, found in answers.items() if found.reading.known}


def _asked_side(question: Question, working: str) -> str:
    """Return the side that a question is about; empty when nobody knows which that is."""
    if working not in SIDES:
        return ""
    return working if question.sides == "working" else other_side(working)


def _frames(during: str, evidence: Evidence) -> NDArray[np.intp]:
    """Return which frames a phase has; a phase between two frames has the nearest one."""
    p, t = evidence.phases, evidence.readings.t_s
    start, end = {
        "before": (p.start_s - BEFORE_S, p.start_s),
        "descent": (p.start_s, p.bottom_start_s),
        "deep": p.deep_s,
        "bottom": (p.bottom_start_s, p.bottom_end_s),
        "turn": (p.turn_s - TURN_S, p.turn_s + TURN_S),
        "ascent": (p.bottom_end_s, p.end_s),
        "repetition": (p.start_s, p.end_s),
        "return": (p.bottom_end_s, p.end_s + AFTER_S),
        "after": (p.end_s, p.end_s + AFTER_S),
        HELD: (p.start_s, p.end_s),
    }[during]
    if _not_filmed(during, evidence):
        return np.empty(0, dtype=np.intp)
    inside = np.flatnonzero((t >= start - EPSILON_S) & (t <= end + EPSILON_S))
    if len(inside) == 0 and len(t):
        inside = np.array([int(np.argmin(np.abs(t - (start + end) / 2)))])
    return inside


def _not_filmed(during: str, evidence: Evidence) -> str:
    """Return why the clip does not show a phase; empty if it does."""
    if during in {"before", "descent"} and not evidence.start_seen:
        return START_UNSEEN
    return END_UNSEEN if during in {"return", "after"} and not evidence.end_seen else ""


def _as_asked(measure: str, reduce: str, seen: Reading, error: MeasuredError) -> Reading:
    """Return a reading whose error is that of what is asked: a range is off otherwise."""
    known = error.ranges.get(measure) if reduce == RANGE else None
    return known.correct(seen) if known else seen


def _reduce(
    measure: str, name: str, reduce: str, frames: NDArray[np.intp], evidence: Evidence
) -> Answer:
    readings = evidence.readings
    values, sigmas = readings.values[name][frames], readings.sigmas[name][frames]
    known = np.isfinite(values)
    if 2 * np.count_nonzero(known) <= len(values):
        return NO_ANSWER
    value = float(REDUCERS[reduce](values[known]))
    # Errors of neighbouring frames go the same way, so more frames make none smaller.
    sigma = float(np.median(sigmas[known]))
    nearest = frames[known][np.argmin(np.abs(values[known] - value))]
    asked = _as_asked(measure, reduce, Reading(value, sigma), evidence.error)
    return Answer(asked, float(readings.t_s[nearest]))


def _mean(answers: list[Answer]) -> Answer:
    weights = [a.reading.sigma**-2 for a in answers]
    value = sum(w * a.reading.value for w, a in zip(weights, answers, strict=True)) / sum(weights)
    surest = min(answers, key=lambda a: a.reading.sigma)
    return Answer(Reading(value, surest.reading.sigma), surest.at_s)


def _extreme(answers: list[Answer], question: Question) -> Answer:
    """Return the answer of the worst or the best side."""
    limit = COMPARABLE * min(a.reading.sigma for a in answers)
    sure = [a for a in answers if a.reading.sigma <= limit]
    choose = min if question.sides == "worst" else max
    return choose(sure, key=lambda a: question.bound.margin(a.reading.value))


def judge(criterion: Criterion, evidence: Evidence) -> Verdict:
    """Return the verdict of one criterion on one repetition."""
    question = criterion.question
    found = answer(question, evidence)
    chance = probability(found.reading, _on_both_sides(question))
    sure = _resolves(question, found.reading.sigma, evidence.error, lying=evidence.lying)
    status = status_of(chance) if sure else Status.UNCLEAR
    if status is Status.FAIL and _cut_short(question, evidence):
        status = Status.UNCLEAR
    return Verdict(
        code=criterion.code,
        name=criterion.name,
        status=status,
        value=found.reading.value,
        sigma=found.reading.sigma,
        unit=unit_of(question.measure),
        bound=question.bound,
        margin=question.bound.margin(found.reading.value),
        probability=chance,
        at_s=found.at_s,
        reason=_reason(question, found, evidence) if status is Status.UNCLEAR else "",
        cue=_cue(criterion, found.reading.value) if status is Status.FAIL else "",
    )


def judge_all(criteria: Sequence[Criterion], evidence: Evidence) -> tuple[Verdict, ...]:
    """Return the verdicts of all criteria on one repetition.

    A criterion that is failed only where another one that it names is failed too is unclear: a
    hip that is pushed above the line is as bent as one that does not reach it.
    """
    verdicts = [judge(criterion, evidence) for criterion in criteria]
    failed = {verdict.code for verdict in verdicts if verdict.status is Status.FAIL}
    return tuple(
        replace(verdict, status=Status.UNCLEAR, reason=criterion.unless.because, cue="")
        if verdict.code in failed and criterion.unless and criterion.unless.fails in failed
        else verdict
        for criterion, verdict in zip(criteria, verdicts, strict=True)
    )


def values_of(criteria: Iterable[Criterion], verdicts: Iterable[Verdict]) -> dict[str, Reading]:
    """Return what was measured for verdicts, by the measurements' names.

    Of several criteria that ask for the same measurement, at other moments or of another side, the
    first one has its name, and each other one its code before it.
    """
    found: dict[str, Reading] = {}
    for c, v in zip(criteria, verdicts, strict=True):
        name = c.question.measure
        found[f"{c.code}_{name}" if name in found else name] = Reading(v.value, v.sigma)
    return found


def _cue(criterion: Criterion, value: float) -> str:
    """Return what to say of a value that is not within the bound."""
    above = value > criterion.question.bound.high
    return criterion.cue_above if above and criterion.cue_above else criterion.cue


def _cut_short(question: Question, evidence: Evidence) -> bool:
    """Whether more would have been measured if all of it had been filmed."""
    whole_filmed = evidence.start_seen and evidence.end_seen
    return question.measure in HOLD and HOLD[question.measure].grows and not whole_filmed


REJECTED, EVEN = 0.7, 0.5
"""A movement that is something else with the first probability is no repetition; with the
second, nothing is known either way."""


def met(requirement: Requirement, evidence: Evidence) -> bool:
    """Whether a movement is what it must be; it is, unless it clearly is not.

    What is measured badly from where the camera stands, or not at all, must not stop a
    repetition from being counted. But of a movement whose start was not seen half is only
    guessed, so it must look more like what it must be than not.
    """
    reading = answer(requirement.question, evidence).reading
    likely = probability(reading, requirement.question.bound)
    return likely > 1.0 - REJECTED if evidence.start_seen else likely >= EVEN


def judgeable(criterion: Criterion, readings: Readings, view: View, error: MeasuredError) -> bool:
    """Whether a clear pass is possible from where the camera stands now.

    Measurements of a whole repetition always are.
    """
    question = criterion.question
    if question.measure in WHOLE:
        return True
    row = FRAME[question.measure]
    if not any(readings[name].known for name in reading_names(row)):
        return False
    # What counts is the uncertainty in the posture that will be judged, not in this one.
    trunk = readings.get("trunk_inclination_deg", UNSEEN).value
    lying = lying_share(trunk)
    then = error.under(abs(view.yaw_deg), float(question.during in BENT), lying)
    seen = _as_asked(question.measure, question.reduce, then.correct(row.name, 0.0), error)
    return _resolves(question, seen.sigma, error, lying=lying > HALF)


def _resolves(question: Question, sigma: float, error: MeasuredError, *, lying: bool) -> bool:
    """Whether an uncertainty leaves room for a clear pass.

    It does if a value well inside the bound would pass. Where not even a perfect
    repetition could pass, noise alone would decide who fails.
    """
    bound = _on_both_sides(question)
    if question.measure in WHOLE or not math.isfinite(sigma):
        return True
    ample = IDEAL_SIGMAS * _best(question, error, lying=lying)
    if math.isfinite(bound.low) and math.isfinite(bound.high):
        ideal = (bound.low + bound.high) / 2
    else:
        ideal = bound.high - ample if math.isfinite(bound.high) else bound.low + ample
    return status_of(probability(Reading(ideal, sigma), bound)) is Status.PASS


def _on_both_sides(question: Question) -> Bound:
    """Return the bound that the true value keeps.

    Of opposed sides the worst keeps within a limit only if the value does both ways: hips that
    are far to the left are no better than hips that are far to the right.
    """
    bound, row = question.bound, FRAME.get(question.measure)
    if question.sides != "worst" or row is None or not row.opposed:
        return bound
    limit = min(bound.high, -bound.low)
    return Bound(low=-limit, high=limit) if limit > 0 else bound


def _best(question: Question, error: MeasuredError, *, lying: bool) -> float:
    """Return the standard deviation of an answer in the view that shows it best."""
    sigma = error.best(question.measure, bent=question.during in BENT, lying=lying)
    return _as_asked(question.measure, question.reduce, Reading(0.0, sigma), error).sigma


HALF = 0.5
"""Who lies more surely than this lies."""
IDEAL_SIGMAS = 2.0
"""Well inside a bound: so many of the best view's standard deviations."""
BENT = {"descent", "deep", "bottom", "turn", "ascent", "repetition", HELD}
"""Times at which the person's knees are bent."""


def score(verdicts: tuple[Verdict, ...]) -> float:
    """Return the share of assessed criteria that passed, 0 to 100; NaN if there are none."""
    assessed = [v for v in verdicts if v.status is not Status.UNCLEAR]
    if not assessed:
        return math.nan
    return 100.0 * sum(v.status is Status.PASS for v in assessed) / len(assessed)


def _reason(question: Question, found: Answer, evidence: Evidence) -> str:
    """Say why a criterion is unclear, and what would help."""
    if question.measure in WHOLE:
        if not evidence.start_seen:
            return START_UNSEEN
        if _cut_short(question, evidence):
            return END_UNSEEN
        if not found.reading.known:
            return _unknown(question.measure)
        return TOO_CLOSE
    row = FRAME[question.measure]
    if question.sides in ONE_SIDED and evidence.side == UNCLEAR_SIDE:
        return SIDE_UNKNOWN
    if not found.reading.known:
        return _not_filmed(question.during, evidence) or unseen_reason(row)
    sigma = _best(question, evidence.error, lying=evidence.lying)
    if not _resolves(question, sigma, evidence.error, lying=evidence.lying):
        return NOWHERE_SURE
    # Where not even a perfect repetition could pass from here, how close this one seems is chance.
    here = _resolves(question, found.reading.sigma, evidence.error, lying=evidence.lying)
    best = Reading(found.reading.value, sigma)
    if here and status_of(probability(best, _on_both_sides(question))) is Status.UNCLEAR:
        return TOO_CLOSE
    return view_reason(row, evidence.view, lying=evidence.lying)


def _unknown(measure: str) -> str:
    """Say why a measurement of a whole repetition or hold could not be taken."""
    row = WHOLE[measure]
    return row.unknown if isinstance(row, RepetitionMeasure) and row.unknown else TOO_SHORT


def side_names(question: Question, working: str = EITHER) -> tuple[str, ...]:
    """Return the landmarks that a question is about, of both sides or of the one it asks for.

    Parameters
    ----------
    question
        What is asked.
    working
        Which side works, as in `formcheck.results.Span`.
    """
    row = FRAME.get(question.measure)
    one = question.sides in ONE_SIDED and working != EITHER
    sides = (_asked_side(question, working),) if one else SIDES
    return tuple(f"{s}_{part}" for s in sides if s for part in row.parts) if row else ()
