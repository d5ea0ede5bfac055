"""Verdicts as probabilities, against values worked out by hand."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from formcheck.criteria import (
    Answer,
    Evidence,
    answer,
    judge,
    judgeable,
    met,
    probability,
    score,
    status_of,
)
from formcheck.measures.catalogue import FRAME, reading_names
from formcheck.questions import Criterion, Question, Requirement
from formcheck.reasons import view_reason
from formcheck.refine.error import ErrorRow, MeasuredError, plain_error
from formcheck.reps import Phases
from formcheck.results import UNSEEN, Bound, Reading, Status, Verdict, View
from formcheck.series import Window
from formcheck.view import view_from_yaw

SIDE, FRONT = view_from_yaw(90, 1.0), view_from_yaw(0, 1.0)
PHASES = Phases(1.0, 2.0, 2.5, 3.0, 4.0)
NONE = (0.0, 0.0)
ERROR = MeasuredError(
    (0.0, 90.0), {"thigh_elevation_deg": ErrorRow(NONE, (5.0, 3.0), NONE, (25.0, 5.0))}
)
"""Standing and bent; from the front and from the side."""
T = np.arange(0, 5.05, 0.1)


def evidence(
    values: dict[str, float | np.ndarray],
    sigma: float = 5.0,
    view: View = SIDE,
    *,
    start_seen: bool = True,
    end_seen: bool = True,
    sigmas: dict[str, float] | None = None,
) -> Evidence:
    """Return evidence in which each reading has the given value in every frame."""
    names = {name: np.broadcast_to(v, T.shape).astype(float) for name, v in values.items()}
    spread = {name: np.full(T.shape, (sigmas or {}).get(name, sigma)) for name in names}
    whole = {"descent_s": Reading(1.0 if start_seen else math.nan, 0.1)}
    return Evidence(PHASES, start_seen, end_seen, Window(T, names, spread), whole, view, ERROR)


def thigh(left: float | np.ndarray, right: float | np.ndarray) -> dict[str, float | np.ndarray]:
    return {"left_thigh_elevation_deg": left, "right_thigh_elevation_deg": right}


def question(bound: Bound, **more: str) -> Question:
    words = {"during": "turn", "reduce": "median", **more}
    return Question("thigh_elevation_deg", bound, **words)


def criterion(q: Question) -> Criterion:
    return Criterion("X1", "Depth", q, "Sit deeper", "why", "guideline", ())


@pytest.mark.parametrize(
    ("value", "sigma", "bound", "chance"),
    [
        (10, 5, Bound(high=10), 0.5),  # on the limit
        (5, 5, Bound(high=10), 0.8413),  # one sigma inside
        (20, 5, Bound(high=10), 0.0228),  # two outside
        (1, 1, Bound(low=0), 0.8413),
        (0, 1, Bound(low=-1, high=1), 0.6827),
        (math.nan, 1, Bound(high=10), 0.5),
        (3, math.nan, Bound(high=10), 0.5),
    ],
)
def test_probability(value: float, sigma: float, bound: Bound, chance: float) -> None:
    assert probability(Reading(value, sigma), bound) == pytest.approx(chance, abs=1e-4)


@given(st.floats(-50, 50), st.floats(0.1, 50), st.floats(-50, 50))
def test_at_least_and_at_most_are_opposites(value: float, sigma: float, limit: float) -> None:
    reading = Reading(value, sigma)
    total = probability(reading, Bound(low=limit)) + probability(reading, Bound(high=limit))
    assert total == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("chance", "status"),
    [
        (1.0, Status.PASS),
        (0.8, Status.PASS),
        (0.79, Status.UNCLEAR),
        (0.5, Status.UNCLEAR),
        (0.21, Status.UNCLEAR),
        (0.2, Status.FAIL),
        (0.0, Status.FAIL),
    ],
)
def test_status(chance: float, status: Status) -> None:
    assert status_of(chance) is status


def test_a_pass_a_fail_and_between() -> None:
    at_most_zero = criterion(question(Bound(high=0.0)))
    good = judge(at_most_zero, evidence(thigh(-10, -10)))
    bad = judge(at_most_zero, evidence(thigh(10, 10)))
    close = judge(at_most_zero, evidence(thigh(1, 1)))
    assert (good.status, good.cue, good.reason, good.margin) == (Status.PASS, "", "", 10)
    assert (bad.status, bad.cue, bad.reason, bad.margin) == (Status.FAIL, "Sit deeper", "", -10)
    assert close.status is Status.UNCLEAR
    assert close.cue == ""
    assert close.reason == "too close to the limit to tell"


def test_the_wrong_view_is_unclear_and_says_where_to_turn() -> None:
    verdict = judge(
        criterion(question(Bound(high=0.0))), evidence(thigh(15, 15), sigma=25.0, view=FRONT)
    )
    assert verdict.status is Status.UNCLEAR
    assert verdict.reason == "can't be judged from the front: turn side-on to the camera"


def test_what_is_not_seen_is_unclear_and_says_what_to_show() -> None:
    verdict = judge(criterion(question(Bound(high=0.0))), evidence(thigh(np.nan, np.nan)))
    assert verdict.status is Status.UNCLEAR
    assert math.isnan(verdict.value)
    assert math.isnan(verdict.margin)
    assert verdict.probability == 0.5
    assert verdict.reason.startswith("hips and knees not seen well enough")


def test_an_unfilmed_start_is_unclear() -> None:
    q = Question("descent_s", Bound(low=0.7))
    verdict = judge(criterion(q), evidence({}, start_seen=False))
    assert verdict.status is Status.UNCLEAR
    assert "start was not filmed" in verdict.reason
    before = question(Bound(high=0.0), during="before")
    verdict = judge(criterion(before), evidence(thigh(-10, -10), start_seen=False))
    assert "start was not filmed" in verdict.reason


def test_an_unfilmed_end_is_unclear() -> None:
    after = question(Bound(high=0.0), during="after")
    verdict = judge(criterion(after), evidence(thigh(-10, -10), end_seen=False))
    assert verdict.status is Status.UNCLEAR
    assert "end was not filmed" in verdict.reason


RAMP = T * 10.0  # 0 at 0 s, 10 at 1 s, ...


@pytest.mark.parametrize(
    ("during", "reduce", "value"),
    [
        ("before", "mean", 5.0),  # 0 to 1 s
        ("descent", "mean", 15.0),  # 1 to 2 s
        ("bottom", "median", 25.0),  # 2 to 3 s
        ("turn", "median", 25.0),
        ("ascent", "mean", 35.0),  # 3 to 4 s
        ("repetition", "low", 13.0),  # a tenth of the way from 10 to 40
        ("repetition", "high", 37.0),
        ("repetition", "range", 24.0),
        ("after", "mean", 45.0),  # 4 to 5 s
    ],
)
def test_when_and_how(during: str, reduce: str, value: float) -> None:
    q = question(Bound(high=0.0), during=during, reduce=reduce)
    assert answer(q, evidence(thigh(RAMP, RAMP))).reading.value == pytest.approx(value, abs=1e-6)


def test_a_phase_between_two_frames_has_the_nearest_one() -> None:
    late = Phases(1.0, 2.52, 2.53, 2.54, 4.0)
    e = evidence(thigh(RAMP, RAMP))
    e = Evidence(late, True, True, e.readings, e.whole, e.view, e.error)
    assert answer(question(Bound(), during="bottom"), e).reading.value == pytest.approx(25.0)


def test_the_mean_of_both_sides_trusts_the_surer_one_more() -> None:
    e = evidence(
        thigh(0.0, 30.0),
        sigmas={"left_thigh_elevation_deg": 5.0, "right_thigh_elevation_deg": 10.0},
    )
    reading = answer(question(Bound(high=0.0)), e).reading
    assert reading.value == pytest.approx(30 * (1 / 100) / (1 / 25 + 1 / 100))
    assert reading.sigma == 5.0


def test_one_side_is_enough() -> None:
    reading = answer(question(Bound(high=0.0)), evidence(thigh(np.nan, 7.0))).reading
    assert (reading.value, reading.sigma) == pytest.approx((7.0, 5.0))


def test_the_worst_side_decides_unless_it_is_hardly_seen() -> None:
    q = question(Bound(high=0.0), sides="worst")
    assert answer(q, evidence(thigh(-5.0, 12.0))).reading.value == 12.0
    hidden = evidence(
        thigh(-5.0, 12.0),
        sigmas={"left_thigh_elevation_deg": 5.0, "right_thigh_elevation_deg": 15.0},
    )
    assert answer(q, hidden).reading.value == -5.0
    best = question(Bound(high=0.0), sides="best")
    assert answer(best, evidence(thigh(-5.0, 12.0))).reading.value == -5.0
    assert answer(best, evidence(thigh(7.0, 12.0))).reading.value == 7.0


@pytest.mark.parametrize(
    ("value", "sigma", "expected"),
    [
        (-1, 5, True),
        (2, 5, True),  # outside, but perhaps not: 0.66
        (2.8, 5, False),  # 0.71
        (20, 50, True),  # from here nobody can tell
        (math.nan, 5, True),
    ],
)
def test_a_requirement_is_met_unless_it_is_clearly_broken(
    value: float, sigma: float, expected: bool
) -> None:
    need = Requirement(question(Bound(high=0.0)), "not this")
    assert met(need, evidence(thigh(value, value), sigma=sigma)) is expected


def test_a_movement_that_began_unseen_must_be_likely() -> None:
    need = Requirement(question(Bound(high=0.0)), "not this")
    assert met(need, evidence(thigh(-0.1, -0.1), start_seen=False))
    assert not met(need, evidence(thigh(0.1, 0.1), sigma=50, start_seen=False))
    assert met(need, evidence(thigh(np.nan, np.nan), start_seen=False))


def test_judgeable_only_where_a_good_value_would_be_a_clear_pass() -> None:
    c = criterion(question(Bound(high=0.0)))
    seen = {"left_thigh_elevation_deg": Reading(0, 5.0), "right_thigh_elevation_deg": UNSEEN}
    assert judgeable(c, seen, SIDE, ERROR)
    assert not judgeable(c, seen, FRONT, ERROR)  # 25 degrees once the knees are bent
    assert not judgeable(c, dict.fromkeys(seen, UNSEEN), SIDE, ERROR)
    assert judgeable(criterion(Question("descent_s", Bound(low=0.7))), {}, FRONT, ERROR)


def test_where_a_perfect_value_would_not_pass_nothing_fails_either() -> None:
    hopeless = evidence(thigh(60, 60), sigma=25.0, view=FRONT)
    verdict = judge(criterion(question(Bound(high=0.0))), hopeless)
    assert probability(Reading(60, 25), Bound(high=0.0)) < 0.2
    assert verdict.status is Status.UNCLEAR
    assert verdict.reason == "can't be judged from the front: turn side-on to the camera"


NEARER = "not seen clearly enough to tell: move nearer, in good light"


def verdict(status: Status) -> Verdict:
    nan = math.nan
    return Verdict("X", "x", status, nan, nan, "deg", Bound(), nan, 0.5, nan, "", "")


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        ([Status.PASS, Status.PASS], 100.0),
        ([Status.PASS, Status.FAIL], 50.0),
        ([Status.FAIL, Status.UNCLEAR], 0.0),
        ([Status.PASS, Status.UNCLEAR, Status.UNCLEAR], 100.0),  # assessed ones only
        ([Status.UNCLEAR], math.nan),
        ([], math.nan),
    ],
)
def test_score(statuses: list[Status], expected: float) -> None:
    got = score(tuple(verdict(s) for s in statuses))
    assert got == expected or (math.isnan(got) and math.isnan(expected))


@pytest.mark.parametrize(
    ("measure", "view", "reason"),
    [
        ("knee_separation_ratio", SIDE, "can't be judged from the side: face the camera"),
        (
            "thigh_elevation_deg",
            view_from_yaw(45, 1.0),
            "can't be judged from this angle: turn side-on to the camera",
        ),
        (
            "thigh_elevation_deg",
            view_from_yaw(180, 1.0),
            "can't be judged from behind: turn side-on to the camera",
        ),
        ("thigh_elevation_deg", SIDE, NEARER),
        ("knee_separation_ratio", FRONT, NEARER),
    ],
)
def test_reasons(measure: str, view: View, reason: str) -> None:
    assert view_reason(FRAME[measure], view) == reason


@pytest.mark.parametrize(
    ("measure", "view", "reason"),
    [
        ("pelvis_tilt_deg", SIDE, "can't be judged from the side: put the camera at your feet"),
        ("pelvis_tilt_deg", view_from_yaw(180, 1.0), NEARER),
        ("hip_swing_deg", FRONT, "can't be judged from your feet: put the camera at your side"),
        (
            "hip_swing_deg",
            view_from_yaw(180, 1.0),
            "can't be judged from your head: put the camera at your side",
        ),
    ],
)
def test_reasons_for_who_lies(measure: str, view: View, reason: str) -> None:
    assert view_reason(FRAME[measure], view, lying=True) == reason
    names: dict[str, float | np.ndarray] = dict.fromkeys(reading_names(FRAME[measure]), 0.0)
    e = replace(evidence(names, 90.0, view), lying=True, error=plain_error())
    asked = Question(measure, Bound(high=40.0), "bottom", "median")
    assert judge(criterion(asked), e).reason == reason


def test_why_a_repetition_measure_is_unknown() -> None:
    still = Question("neck_coupling_ratio", Bound(low=0.5))
    unknown = replace(evidence({}), whole={"neck_coupling_ratio": UNSEEN})
    assert judge(criterion(still), unknown).reason.startswith("your head hardly moved")
    close = replace(evidence({}), whole={"neck_coupling_ratio": Reading(0.5, 0.2)})
    assert judge(criterion(still), close).reason == "too close to the limit to tell"


def test_the_deciding_moment_is_in_its_phase() -> None:
    found: Answer = answer(question(Bound(high=0.0)), evidence(thigh(RAMP, RAMP)))
    assert found.at_s == pytest.approx(2.5)


def test_the_deep_part_is_half_of_the_way_or_of_the_time_if_the_way_is_not_known() -> None:
    assert PHASES.deep_s == (1.75, 3.25)
    assert replace(PHASES, deep_start_s=1.4, deep_end_s=3.1).deep_s == (1.4, 3.1)
