"""Verdicts as probabilities, against values worked out by hand."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from formcheck.criteria import (
    NO_ANSWER,
    Answer,
    Evidence,
    answer,
    judge,
    judge_all,
    judgeable,
    met,
    probability,
    score,
    side_answers,
    side_names,
    status_of,
    values_of,
)
from formcheck.measures.catalogue import FRAME, reading_names
from formcheck.questions import Criterion, Question, Requirement, Unless
from formcheck.reasons import (
    END_UNSEEN,
    SIDE_UNKNOWN,
    START_UNSEEN,
    TOO_CLOSE,
    TOO_SHORT,
    view_reason,
)
from formcheck.refine.error import ErrorRow, MeasuredError, RangeError, plain_error
from formcheck.reps import Phases
from formcheck.results import SIDES, UNSEEN, Bound, Reading, Status, Verdict, View
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


@pytest.mark.parametrize(
    ("left", "right", "statuses"),
    [
        (10, 10, (Status.UNCLEAR, Status.FAIL)),  # both failed: only what explains it stands
        (10, -10, (Status.FAIL, Status.PASS)),
        (-10, 10, (Status.PASS, Status.FAIL)),
        (-10, -10, (Status.PASS, Status.PASS)),
    ],
)
def test_what_another_failed_criterion_explains_is_not_failed(
    left: float, right: float, statuses: tuple[Status, Status]
) -> None:
    asked = question(Bound(high=0.0), sides="working")
    one, other = (replace(criterion(asked), code=code) for code in ("X1", "X2"))
    other = replace(other, question=replace(asked, sides="other"))
    one = replace(one, unless=Unless("X2", "the other one explains it"))
    verdicts = judge_all((one, other), replace(evidence(thigh(left, right)), side="left"))
    assert tuple(v.status for v in verdicts) == statuses
    if statuses[0] is Status.UNCLEAR:
        assert (verdicts[0].reason, verdicts[0].cue) == ("the other one explains it", "")
        assert score(verdicts) == 0


def test_values_of_the_same_measurement_are_all_kept() -> None:
    asked = question(Bound(high=0.0), sides="working")
    one, other = (replace(criterion(asked), code=code) for code in ("X1", "X2"))
    other = replace(other, question=replace(asked, sides="other"))
    verdicts = judge_all((one, other), replace(evidence(thigh(-10, 20)), side="left"))
    found = values_of((one, other), verdicts)
    assert {name: reading.value for name, reading in found.items()} == {
        "thigh_elevation_deg": -10,
        "X2_thigh_elevation_deg": 20,
    }


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
    ("sigma", "sides", "chance", "status"),
    [
        # Within a standard deviation of nothing either way, which one side alone would pass.
        (0.35, "worst", 0.6827, Status.UNCLEAR),
        (0.35, "working", 0.8413, Status.PASS),
        (0.175, "worst", 0.9545, Status.PASS),
    ],
)
def test_hips_are_in_the_middle_when_neither_side_is_too_far(
    sigma: float, sides: str, chance: float, status: Status
) -> None:
    q = Question("hip_shift_ratio", Bound(high=0.35), "turn", "median", sides)
    row = ErrorRow(NONE, (0.2, 0.5), NONE, (0.2, 0.5))
    readings: dict[str, float | np.ndarray] = {f"{s}_hip_shift_ratio": 0.0 for s in SIDES}
    seen = evidence(readings, sigma=sigma, view=FRONT)
    error = MeasuredError((0.0, 90.0), {"hip_shift_ratio": row})
    verdict = judge(criterion(q), replace(seen, error=error, side="left"))
    assert verdict.probability == pytest.approx(chance, abs=1e-4)
    assert (verdict.status, verdict.bound) == (status, q.bound)


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


@pytest.mark.parametrize(
    ("sides", "working", "value"),
    [
        ("working", "left", 3.0),
        ("working", "right", 9.0),
        ("other", "left", 9.0),
        ("other", "right", 3.0),
        ("working", "both", 6.0),  # the mean of both
        ("mean", "left", 6.0),  # asks about both, whichever works
        ("worst", "left", 9.0),
    ],
)
def test_the_side_that_is_asked_about(sides: str, working: str, value: float) -> None:
    e = replace(evidence(thigh(3.0, 9.0)), side=working)
    assert answer(question(Bound(high=0.0), sides=sides), e).reading.value == value


def test_what_has_no_sides_has_one_answer_without_a_name() -> None:
    e = evidence({"trunk_inclination_deg": RAMP})
    assert not FRAME["trunk_inclination_deg"].sided
    found = side_answers("trunk_inclination_deg", "bottom", "median", e)
    assert list(found) == [""]
    assert found[""].reading.value == pytest.approx(25.0)
    both = side_answers("thigh_elevation_deg", "bottom", "median", evidence(thigh(1.0, np.nan)))
    assert {side: a.reading.value for side, a in both.items()} == {"left": pytest.approx(1.0)}


def test_a_side_that_nobody_can_tell_has_no_answer_and_says_so() -> None:
    e = replace(evidence(thigh(-3.0, -9.0)), side="unclear")
    asked = question(Bound(high=0.0), sides="working")
    assert answer(asked, e) == NO_ANSWER
    assert judge(criterion(asked), e).reason == SIDE_UNKNOWN
    assert judge(criterion(question(Bound(high=0.0))), e).status is Status.PASS
    hidden = replace(evidence(thigh(np.nan, -9.0)), side="left")
    assert answer(asked, hidden) == NO_ANSWER
    assert judge(criterion(asked), hidden).reason.startswith("hips and knees not seen")


@pytest.mark.parametrize(
    ("sides", "working", "names"),
    [
        ("mean", "left", ("left_hip", "left_knee", "right_hip", "right_knee")),
        ("working", "both", ("left_hip", "left_knee", "right_hip", "right_knee")),
        ("working", "left", ("left_hip", "left_knee")),
        ("other", "left", ("right_hip", "right_knee")),
        ("working", "unclear", ()),
    ],
)
def test_landmarks_that_a_question_is_about(
    sides: str, working: str, names: tuple[str, ...]
) -> None:
    assert side_names(question(Bound(), sides=sides), working) == names
    assert side_names(Question("descent_s", Bound()), working) == ()


def test_a_verdict_carries_what_was_asked_and_found() -> None:
    bound = Bound(high=0.0)
    verdict = judge(criterion(question(bound)), evidence(thigh(RAMP - 40.0, RAMP - 40.0)))
    assert (verdict.code, verdict.name, verdict.unit) == ("X1", "Depth", "deg")
    assert verdict.bound == bound
    assert (verdict.value, verdict.sigma, verdict.margin) == pytest.approx((-15.0, 5.0, 15.0))
    assert verdict.at_s == pytest.approx(2.5)
    assert verdict.probability == pytest.approx(0.99865, abs=1e-5)  # three sigmas


@pytest.mark.parametrize(("value", "cue"), [(30.0, "Less deep"), (-30.0, "Sit deeper"), (0.0, "")])
def test_what_is_too_much_may_have_a_cue_of_its_own(value: float, cue: str) -> None:
    both = replace(criterion(question(Bound(low=-12.0, high=12.0))), cue_above="Less deep")
    assert judge(both, evidence(thigh(value, value))).cue == cue
    one = criterion(question(Bound(low=-12.0, high=12.0)))
    assert judge(one, evidence(thigh(value, value))).cue == ("Sit deeper" if value else "")


def held(value: float, *, start_seen: bool = True, end_seen: bool = True) -> Verdict:
    found = evidence({}, start_seen=start_seen, end_seen=end_seen)
    e = replace(found, whole={"held_s": Reading(value, 0.5)})
    return judge(criterion(Question("held_s", Bound(low=20.0))), e)


@pytest.mark.parametrize(
    ("value", "start_seen", "end_seen", "status"),
    [
        (25.0, True, True, Status.PASS),
        (15.0, True, True, Status.FAIL),
        (15.0, True, False, Status.UNCLEAR),  # it may have been held for longer
        (15.0, False, True, Status.UNCLEAR),
        (25.0, False, False, Status.PASS),  # long enough already
    ],
)
def test_a_hold_that_was_not_filmed_to_its_end_is_never_too_short(
    value: float, start_seen: bool, end_seen: bool, status: Status
) -> None:
    found = held(value, start_seen=start_seen, end_seen=end_seen)
    assert found.status is status
    if status is Status.UNCLEAR:
        assert found.reason == (END_UNSEEN if start_seen else START_UNSEEN)


def test_other_measures_of_a_repetition_fail_though_its_end_is_missing() -> None:
    e = replace(evidence({}, end_seen=False), whole={"descent_s": Reading(0.1, 0.05)})
    assert judge(criterion(Question("descent_s", Bound(low=0.7))), e).status is Status.FAIL


def test_a_measure_of_a_repetition_decides_when_it_turns() -> None:
    e = evidence({})
    q = Question("descent_s", Bound(low=0.7))
    assert answer(q, e) == Answer(Reading(1.0, 0.1), 2.5)
    assert answer(q, evidence({}, start_seen=False)) == NO_ANSWER
    unknown = replace(e, whole={"held_s": UNSEEN})
    assert judge(criterion(Question("held_s", Bound(low=5.0))), unknown).reason == TOO_SHORT


def test_half_of_the_frames_must_be_known() -> None:
    """At the turning point there is one frame; from 2 to 3 s there are eleven."""
    known = np.full(T.shape, 7.0)
    known[:25] = np.nan  # of 20 to 30, 25 to 30 are known: six of eleven
    q = question(Bound(high=0.0), during="bottom")
    assert answer(q, evidence(thigh(known, known))).reading.value == pytest.approx(7.0)
    known[25] = np.nan
    assert answer(q, evidence(thigh(known, known))) == NO_ANSWER


def test_the_moment_is_that_of_the_value_nearest_to_the_answer() -> None:
    values = np.where(T < 2.75, 10.0, 30.0)
    values[23] = 17.0  # at 2.3 s; the mean from 2 to 3 s is 187 / 11 = 17
    q = question(Bound(high=0.0), during="bottom", reduce="mean")
    found = answer(q, evidence(thigh(values, values)))
    assert found.reading.value == pytest.approx((7 * 10 + 17 + 3 * 30) / 11)
    assert found.at_s == pytest.approx(2.3)
    minus = answer(q, evidence(thigh(-values, -values)))
    assert minus.at_s == pytest.approx(2.3)


@pytest.mark.parametrize(
    ("during", "first_s", "last_s"),
    [
        ("before", 0.0, 1.0),
        ("descent", 1.0, 2.0),
        ("deep", 1.75, 3.25),
        ("bottom", 2.0, 3.0),
        ("ascent", 3.0, 4.0),
        ("repetition", 1.0, 4.0),
        ("return", 3.0, 5.0),
        ("after", 4.0, 5.0),
        ("hold", 1.0, 4.0),
    ],
)
def test_a_time_has_its_first_and_last_frame_and_none_beyond(
    during: str, first_s: float, last_s: float
) -> None:
    """What is far off everywhere else must not change the answer."""
    inside = (first_s - 0.001 < T) & (last_s + 0.001 > T)
    values = np.where(inside, RAMP, 1e6)
    q = question(Bound(high=0.0), during=during, reduce="mean")
    found = answer(q, evidence(thigh(values, values))).reading.value
    assert found == pytest.approx(float(np.mean(RAMP[inside])))


@pytest.mark.parametrize(
    ("during", "start_seen", "end_seen", "known"),
    [
        ("before", False, True, False),
        ("descent", False, True, False),
        ("bottom", False, False, True),
        ("return", True, False, False),
        ("after", True, False, False),
        ("return", False, True, True),
        ("descent", True, False, True),
    ],
)
def test_what_was_not_filmed_has_no_answer(
    during: str, start_seen: bool, end_seen: bool, known: bool
) -> None:
    e = evidence(thigh(5.0, 5.0), start_seen=start_seen, end_seen=end_seen)
    assert answer(question(Bound(), during=during), e).reading.known is known


@pytest.mark.parametrize(
    ("bound", "sigma", "expected"),
    [
        # Well inside is two of the best view's standard deviations, which is 5 bent: ten degrees.
        (Bound(high=0.0), 11.8, True),  # 10 / 11.8 sigmas inside: 0.802
        (Bound(high=0.0), 12.0, False),  # 0.798
        (Bound(low=0.0), 11.8, True),
        (Bound(low=0.0), 12.0, False),
        (Bound(low=20.0, high=40.0), 7.7, True),  # ten on each side: 0.81
        (Bound(low=20.0, high=40.0), 8.0, False),  # 0.79
    ],
)
def test_where_not_even_a_good_value_would_pass_all_is_unclear(
    bound: Bound, sigma: float, expected: bool
) -> None:
    far = 200.0 if math.isfinite(bound.high) else -200.0
    verdict = judge(criterion(question(bound)), evidence(thigh(far, far), sigma=sigma))
    assert (verdict.status is Status.FAIL) is expected


def test_standing_and_bent_postures_have_their_own_errors() -> None:
    """Standing, the best view is off by 20 degrees; with knees bent, by 3."""
    error = MeasuredError(
        (0.0, 90.0), {"thigh_elevation_deg": ErrorRow(NONE, (50.0, 20.0), NONE, (25.0, 3.0))}
    )
    e = replace(evidence(thigh(30, 30), sigma=8.0), error=error)
    before = judge(criterion(question(Bound(high=0.0), during="before")), e)
    assert before.status is Status.FAIL  # 40 degrees inside would pass with 8
    bent = judge(criterion(question(Bound(high=0.0), during="bottom")), e)
    assert bent.status is Status.UNCLEAR
    close = replace(evidence(thigh(8, 8), sigma=25.0), error=error)
    assert judge(criterion(question(Bound(high=0.0), during="before")), close).reason == TOO_CLOSE
    turn = judge(criterion(question(Bound(high=0.0), during="bottom")), close)
    assert turn.reason.startswith("not seen clearly enough")


def test_the_deciding_moment_is_in_its_phase() -> None:
    found: Answer = answer(question(Bound(high=0.0)), evidence(thigh(RAMP, RAMP)))
    assert found.at_s == pytest.approx(2.5)


def test_the_deep_part_is_half_of_the_way_or_of_the_time_if_the_way_is_not_known() -> None:
    assert PHASES.deep_s == (1.75, 3.25)
    assert replace(PHASES, deep_start_s=1.4, deep_end_s=3.1).deep_s == (1.4, 3.1)


def test_the_turn_is_as_long_before_it_as_after() -> None:
    t = np.arange(0.0, 5.0, 0.01)
    early = np.where(t < PHASES.turn_s, 10.0, 0.0)
    dense = Window(t, thigh_as(early), {name: np.full(t.shape, 5.0) for name in thigh_as(early)})
    found = answer(
        question(Bound(high=0.0), reduce="mean"), replace(evidence(thigh(0, 0)), readings=dense)
    )
    assert found.reading.value == pytest.approx(5.0, abs=0.6)


def thigh_as(values: np.ndarray) -> dict[str, np.ndarray]:
    return dict.fromkeys(("left_thigh_elevation_deg", "right_thigh_elevation_deg"), values)


# Ranges, whose errors are other than those of the angles

SWINGING = np.where(np.arange(len(T)) % 2 == 0, 0.0, 26.0)
RANGING = replace(ERROR, ranges={"thigh_elevation_deg": RangeError(excess=2.0, sigma=0.5)})


@pytest.mark.parametrize(
    ("measure_range", "value", "sigma"),
    [
        # The errors of five degrees alone make a range of ten: 26² - 10² = 24².
        (True, 24.0, 2.5),
        (False, 13.0, 5.0),
    ],
)
def test_of_a_range_what_errors_add_is_taken_off(
    measure_range: bool, value: float, sigma: float
) -> None:
    reduce = "range" if measure_range else "mean"
    asked = question(Bound(high=0.0), during="repetition", reduce=reduce)
    found = answer(asked, replace(evidence(thigh(SWINGING, SWINGING)), error=RANGING)).reading
    assert found.value == pytest.approx(value, abs=0.5)
    assert found.sigma == sigma


@pytest.mark.parametrize(
    ("sigma", "status"),
    [
        # Of the best view's five degrees a range has half: five degrees are well inside a bound.
        (11.8, Status.FAIL),  # 5 / 5.9 sigmas inside: 0.802
        (12.0, Status.UNCLEAR),  # 0.798
    ],
)
def test_a_range_is_asked_as_surely_as_ranges_are_known(sigma: float, status: Status) -> None:
    asked = question(Bound(high=0.0), during="repetition", reduce="range")
    wide = 10 * SWINGING
    seen = replace(evidence(thigh(wide, wide), sigma=sigma), error=RANGING)
    assert judge(criterion(asked), seen).status is status


@pytest.mark.parametrize(("front", "expected"), [(11.8, True), (12.0, False)])
def test_a_range_is_judgeable_where_ranges_are_known_well(front: float, expected: bool) -> None:
    row = ErrorRow(NONE, (5.0, 3.0), NONE, (front, 5.0))
    error = replace(RANGING, rows={"thigh_elevation_deg": row})
    c = criterion(question(Bound(high=0.0), during="repetition", reduce="range"))
    seen = dict.fromkeys(thigh(0, 0), Reading(0, 5.0))
    assert judgeable(c, seen, FRONT, error) is expected


# Who lies has errors of their own

LYING = MeasuredError(
    (0.0, 90.0),
    {"thigh_elevation_deg": ErrorRow(NONE, (5.0, 3.0), NONE, (25.0, 5.0), NONE, (15.0, 40.0))},
)
"""Of who lies from their feet as sure as fifteen degrees, and from the side hardly at all."""


@pytest.mark.parametrize(
    ("lying", "status", "reason"),
    [
        (True, Status.FAIL, ""),  # well inside is 30 degrees, and known to 20
        (False, Status.UNCLEAR, "not seen clearly enough to tell: move nearer, in good light"),
    ],
)
def test_how_sure_a_verdict_can_be_is_another_thing_for_who_lies(
    lying: bool, status: Status, reason: str
) -> None:
    seen = replace(evidence(thigh(200, 200), sigma=20.0), error=LYING, lying=lying)
    verdict = judge(criterion(question(Bound(high=0.0))), seen)
    assert (verdict.status, verdict.reason) == (status, reason)


def test_what_is_too_close_for_who_lies_would_be_clear_upright() -> None:
    """Six degrees beyond the bound: 0.4 of the best view's sigmas lying, and 1.2 upright."""
    asked = criterion(question(Bound(high=0.0)))
    seen = replace(evidence(thigh(6, 6), sigma=20.0), error=LYING)
    assert judge(asked, replace(seen, lying=True)).reason == TOO_CLOSE
    assert judge(asked, seen).reason.startswith("not seen clearly enough")


@pytest.mark.parametrize(
    ("trunk_deg", "view", "expected"),
    [
        (90.0, FRONT, True),  # known to 15, well inside is 30
        (90.0, SIDE, False),  # known to 40
        (0.0, FRONT, False),  # upright, with bent knees: known to 25, well inside is 10
        (0.0, SIDE, True),
        (math.nan, SIDE, True),  # how they are is not known: as if upright
        (math.nan, FRONT, False),
    ],
)
def test_what_is_judgeable_depends_on_whether_somebody_lies(
    trunk_deg: float, view: View, expected: bool
) -> None:
    seen = dict.fromkeys(thigh(0, 0), Reading(0, 5.0))
    seen["trunk_inclination_deg"] = Reading(trunk_deg, 5.0)
    assert judgeable(criterion(question(Bound(high=0.0))), seen, view, LYING) is expected


def test_what_verdicts_measured_is_under_the_measurements_names() -> None:
    asked = criterion(question(Bound(high=0.0)))
    verdicts = [judge(asked, evidence(thigh(30.0, 30.0), sigma=4.0))]
    assert values_of([asked], verdicts) == {"thigh_elevation_deg": Reading(30.0, 4.0)}
    with pytest.raises(ValueError, match="zip"):
        values_of([asked, asked], verdicts)
