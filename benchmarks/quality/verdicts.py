"""How right the verdicts are: figures about criteria.

A FAIL is an alarm: precision is the share of alarms that are right, recall the share of what
is truly beyond the bound that raises one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from benchmarks.quality.figures import Figures, mean, named, share, under
from benchmarks.quality.observe import Observed
from benchmarks.quality.sight import Sight, sight
from benchmarks.quality.takes import TrueRep
from formcheck.exercises.load import load_exercise
from formcheck.results import Hold, Rep, Status, Verdict

LEVELS = ("clear", "slight", "inside", "clean")
"""How a repetition was made: beyond a criterion's bound clearly or slightly, just inside it,
or without any thought of it."""
ALL = "all"
SAID = (0.8, 0.9, 0.95, 0.99, 1.0)
"""Ends of the ranges that the probabilities of given verdicts are sorted into."""
TENTHS = 10


@dataclass(frozen=True)
class Judged:
    """One verdict beside the truth."""

    code: str
    sight: Sight
    level: str
    truth: float
    within: bool
    """Whether the truth is within the bound."""
    verdict: Verdict

    @property
    def given(self) -> bool:
        """Whether it is a PASS or a FAIL."""
        return self.verdict.status is not Status.UNCLEAR

    @property
    def wrong(self) -> bool:
        """Whether it says the opposite of the truth."""
        return self.verdict.status is (Status.FAIL if self.within else Status.PASS)

    @property
    def alarm(self) -> bool:
        """Whether it is a FAIL."""
        return self.verdict.status is Status.FAIL


def judged(observations: Sequence[Observed], *, hidden: bool = False) -> list[Judged]:
    """Return every verdict that there is a truth for.

    Parameters
    ----------
    observations
        Clips; of repetitions and of holds.
    hidden
        Whether to include clips in which the person is hidden on purpose.
    """
    return [
        case
        for o in observations
        if hidden or not o.take.hidden
        for true, found in (*o.pairs, *o.holds)
        if found is not None
        for case in _cases(o, true, found)
    ]


def _cases(o: Observed, true: TrueRep, found: Rep | Hold) -> Iterator[Judged]:
    exercise = o.take.judged_as
    if exercise != o.take.exercise:
        return
    bounds = {c.code: c.question.bound for c in load_exercise(exercise).criteria}
    for verdict in found.verdicts:
        truth = true.truths.get(verdict.code, np.nan)
        if not np.isfinite(truth):
            continue
        yield Judged(
            code=verdict.code,
            sight=sight(exercise, verdict.code, o.take.view),
            level=true.levels.get(verdict.code, "clean"),
            truth=float(truth),
            within=bounds[verdict.code].margin(truth) >= 0,
            verdict=verdict,
        )


def by_criterion(observations: Sequence[Observed]) -> Figures:
    """Return precision, recall, share unclear and share wrong, by how well a view shows it."""
    cases: defaultdict[str, list[Judged]] = defaultdict(list)
    for case in judged(observations):
        for code in (case.code, ALL):
            for seen in (case.sight, ALL):
                cases[f"{code}/{seen}"].append(case)
    figures: Figures = {}
    for place, mine in cases.items():
        figures |= under(place, _quality(mine))
    return figures


def _quality(cases: Sequence[Judged]) -> Figures:
    return named(
        precision_share=share([not c.within for c in cases if c.alarm]),
        recall_share=share([c.alarm for c in cases if not c.within]),
        unclear_share=share([not c.given for c in cases]),
        wrong_share=share([c.wrong for c in cases]),
        wrong_of_given_share=share([c.wrong for c in cases if c.given]),
        false_alarm_share=share([c.alarm for c in cases if c.within]),
    )


def by_level(observations: Sequence[Observed]) -> Figures:
    """Return how repetitions were judged that were made to break a criterion, or nearly.

    Only of clips whose faults are all of a known size, see `Take.by_design`.
    """
    cases: defaultdict[str, list[Judged]] = defaultdict(list)
    for case in judged([o for o in observations if o.take.by_design]):
        for code in (case.code, ALL):
            cases[f"{code}/{case.sight}/{case.level}"].append(case)
    figures: Figures = {}
    for place, mine in cases.items():
        shares = {
            f"{status.value}_share": share([c.verdict.status is status for c in mine])
            for status in Status
        }
        figures |= under(place, named(**shares))
    return figures


def values(observations: Sequence[Observed]) -> Figures:
    """Return how far off the value is that a criterion is judged on."""
    off: defaultdict[str, list[tuple[float, float]]] = defaultdict(list)
    for case in judged(observations):
        error = case.verdict.value - case.truth
        if np.isfinite(error):
            off[f"{case.code}/{case.sight}"].append((error, case.verdict.sigma))
    figures: Figures = {}
    for place, pairs in off.items():
        error, sigma = np.array(pairs).T
        figures |= under(
            place,
            named(
                mean_abs=mean(np.abs(error)),
                bias=mean(error),
                within_80_share=share(np.abs(error) <= 1.282 * sigma),
                within_95_share=share(np.abs(error) <= 1.960 * sigma),
            ),
        )
    return figures


def false_alarms(observations: Sequence[Observed]) -> Figures:
    """Return the share of repetitions without any fault in which one was seen.

    Without fault is a repetition whose true values are all within their bounds.
    """
    alarmed: defaultdict[str, list[bool]] = defaultdict(list)
    for o in observations:
        if o.take.hidden:
            continue
        for true, found in (*o.pairs, *o.holds):
            cases = list(_cases(o, true, found)) if found is not None else []
            if cases and all(c.within for c in cases):
                for view in (o.take.view, ALL):
                    alarmed[view].append(any(c.alarm for c in cases))
    return named(**{f"{view}/alarmed_share": share(cases) for view, cases in alarmed.items()})


def calibration(observations: Sequence[Observed]) -> Figures:
    """Return how many verdicts are right, of those that are given about equally surely."""
    given = [c for c in judged(observations) if c.given]
    sure = np.array([max(c.verdict.probability, 1 - c.verdict.probability) for c in given])
    right = np.array([not c.wrong for c in given], dtype=bool)
    figures: Figures = {}
    for low, high in pairwise(SAID):
        here = (sure >= low) & ((sure < high) if high < 1 else (sure <= 1))
        figures |= under(
            f"{low:.2f}-{high:.2f}",
            named(said_share=mean(sure[here]), right_share=share(right[here])),
        )
    return figures


def reliability(observations: Sequence[Observed]) -> Figures:
    """Return how often a bound is truly met, by the probability that was given for it.

    All verdicts, unclear ones too, as long as something was measured.
    """
    cases = [c for c in judged(observations) if np.isfinite(c.verdict.value)]
    said = np.array([c.verdict.probability for c in cases])
    met = np.array([c.within for c in cases], dtype=bool)
    place = np.minimum((said * TENTHS).astype(int), TENTHS - 1)
    figures: Figures = {}
    for i in range(TENTHS):
        here = place == i
        figures |= under(
            f"{i / TENTHS:.1f}-{(i + 1) / TENTHS:.1f}",
            named(said_share=mean(said[here]), met_share=share(met[here])),
        )
    return figures


def by_condition(observations: Sequence[Observed]) -> Figures:
    """Return what becomes worse when something makes the picture harder."""
    figures: Figures = {}
    names = sorted({name for o in observations for name in o.take.conditions})
    for name in names:
        mine = [o for o in observations if name in o.take.conditions]
        cases = judged(mine, hidden=True)
        exact = [o.counted == o.take.wanted for o in mine]
        figures |= under(
            name,
            named(
                found_share=share(np.concatenate([o.found for o in mine])),
                somebody_else_share=share(np.concatenate([o.seen & ~o.found for o in mine])),
                exact_share=share(exact),
                unclear_share=share([not c.given for c in cases]),
                wrong_of_given_share=share([c.wrong for c in cases if c.given]),
            ),
        )
    return figures
