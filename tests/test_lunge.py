"""Lunges of a stick figure whose joints are known: what counts, which leg, and every criterion."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from formcheck.analyzer import Analyzer
from formcheck.exercises.load import load_exercise
from formcheck.frame import SourceInfo
from formcheck.pose import PoseTrack
from formcheck.refine.error import ErrorRow, MeasuredError, plain_error
from formcheck.results import SIDES, Report, Status, other_side
from formcheck.sources.synthetic import Squat, StickFigure, squats
from tests.lunge_figure import ANKLE_M, STANDING, TALL_M, Lunge, Stance, film, lunges
from tests.test_analyzer import EXACT

LUNGE = load_exercise("lunge")


def _sure(name: str) -> ErrorRow:
    sigma = (1.0 if name.endswith("_deg") else 0.02,)
    return ErrorRow((0.0,), sigma, (0.0,), sigma)


SURE = MeasuredError((0.0,), {name: _sure(name) for name in plain_error().rows})
"""Whoever measures so well leaves nothing open."""
INFO = SourceInfo("synthetic", 0.0, 0, 0.0, 640, 480, 0, "")


def report_of(track: PoseTrack, error: MeasuredError = SURE) -> Report:
    analyzer = Analyzer(LUNGE, track.size_px, error=error)
    for pose in track:
        analyzer.feed(pose)
    return analyzer.finish(INFO)


def partial_reasons(report: Report) -> set[str]:
    return {rep.span.reason for rep in report.partial_reps}


# What counts, and which leg

IN_TURN = ("left", "right", "right", "left")


@pytest.mark.parametrize("yaw", [0, 45, 90, -90, -140, 180])
@pytest.mark.parametrize("kind", ["forward", "reverse", "walking"])
def test_counts_every_kind_from_every_side_and_knows_the_leg(kind: str, yaw: float) -> None:
    report = report_of(lunges(*[Lunge(side, kind) for side in IN_TURN], yaw_deg=yaw))
    assert [rep.span.side for rep in report.reps] == list(IN_TURN)
    assert report.summary.sides == {"left": 2, "right": 2}
    assert report.summary.reps_partial == 0


@pytest.mark.parametrize("fps", [10, 15, 24, 60])
def test_counts_at_every_frame_rate(fps: float) -> None:
    report = report_of(lunges(*[Lunge(side) for side in IN_TURN], fps=fps))
    assert [rep.span.side for rep in report.reps] == list(IN_TURN)


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize(
    "how",
    [
        Lunge(kind="split"),
        Lunge(kind="split", bench_m=0.45, step_m=0.7),
        Lunge(kind="split", hip_m=0.58, step_m=0.6),
        Lunge(down_s=0.4, up_s=0.4, rest_s=0.2, hip_m=0.6),
        Lunge(down_s=4.0, up_s=3.0),
        Lunge(hip_m=0.66),
    ],
    ids=["split", "rear foot on a bench", "short split", "aerobic", "slow", "shallow"],
)
def test_counts_variants_of_either_leg(how: Lunge, side: str) -> None:
    report = report_of(lunges(*[replace(how, side=side)] * 3))
    assert report.summary.sides == {side: 3, other_side(side): 0}


def test_a_mirrored_recording_swaps_the_legs_and_nothing_else() -> None:
    here = report_of(lunges(Lunge("left"), Lunge("right"), Lunge("right"), yaw_deg=40))
    there = report_of(lunges(Lunge("right"), Lunge("left"), Lunge("left"), yaw_deg=-40))
    assert here.summary.sides == {"left": 1, "right": 2}
    assert there.summary.sides == {"left": 2, "right": 1}
    for one, other in zip(here.reps, there.reps, strict=True):
        assert [v.status for v in one.verdicts] == [v.status for v in other.verdicts]
        for v, w in zip(one.verdicts, other.verdicts, strict=True):
            assert v.value == pytest.approx(w.value, abs=1e-6), v.name


def test_a_view_that_hides_which_foot_is_ahead_counts_without_naming_the_leg() -> None:
    vague = replace(_sure("ratio"), standing_sigma=(2.0,), bent_sigma=(2.0,))
    rows = {**SURE.rows, "foot_ahead_ratio": vague, "step_length_ratio": vague}
    report = report_of(lunges(*[Lunge()] * 2), MeasuredError((0.0,), rows))
    assert report.summary.sides == {"left": 0, "right": 0, "unclear": 2}
    verdicts = {v.code: v for v in report.reps[0].verdicts}
    assert verdicts["LU01"].status is Status.UNCLEAR
    assert verdicts["LU01"].reason.startswith("can't tell which side is working")
    assert verdicts["LU04"].status is Status.PASS


# What does not count


def high_knees(t_s: float) -> Stance:
    lifted = 0.45 * max(0.0, math.sin(2 * math.pi * t_s / 1.2))
    side = SIDES[int(t_s / 1.2) % 2]
    ankle = (0.3 * lifted, ANKLE_M + lifted)
    return Stance(STANDING.hip, {side: ankle, other_side(side): (0.0, ANKLE_M)})


def walking(t_s: float) -> Stance:
    swing = math.sin(2 * math.pi * t_s / 1.1)
    ankles = {"left": (0.32 * swing, ANKLE_M), "right": (-0.32 * swing, ANKLE_M)}
    return Stance((0.0, TALL_M - 0.05 * swing**2), ankles, lean_deg=4.0)


def stepping_up(t_s: float) -> Stance:
    """One foot onto a step of 40 cm, the other one after it, the knees still bent."""
    first, second = (min(1.0, max(0.0, t_s - start)) for start in (1.0, 2.2))
    ankles = {"left": (0.3 * first, ANKLE_M + 0.4 * first),
              "right": (0.3 * second, ANKLE_M + 0.4 * second)}  # fmt: skip
    rising = min(1.0, max(0.0, (t_s - 2.0) / 2.0))
    return Stance((0.25 * rising, 0.86 + 0.4 * rising), ankles)


def hinging(t_s: float) -> Stance:
    share = (1 - math.cos(2 * math.pi * t_s / 3.0)) / 2
    return Stance((-0.12 * share, TALL_M - 0.03 * share), STANDING.ankles, lean_deg=80 * share)


def half_kneeling(t_s: float) -> Stance:
    """A stretch on one knee, moving gently."""
    ankles = {"left": (0.4, ANKLE_M), "right": (-0.45, 0.1)}
    return Stance((0.03 * math.sin(t_s), 0.50 + 0.01 * math.sin(t_s)), ankles)


@pytest.mark.parametrize("yaw", [0, 60, 90, 180])
@pytest.mark.parametrize(
    "what", [high_knees, walking, stepping_up, hinging, half_kneeling], ids=lambda f: f.__name__
)
def test_nothing_else_counts(what: object, yaw: float) -> None:
    assert callable(what)
    assert report_of(film(what, 8.0, yaw_deg=yaw)).summary.reps_counted == 0


@pytest.mark.parametrize("yaw", [0, 90, 150])
def test_squats_are_no_lunges(yaw: float) -> None:
    track = squats(StickFigure(yaw_deg=yaw), [Squat()] * 3)
    report = report_of(track, EXACT)
    assert report.summary.reps_counted == 0
    assert partial_reasons(report) == {"the feet stayed side by side: not a lunge"}


def test_a_lunge_that_is_given_up_is_partial() -> None:
    report = report_of(lunges(Lunge(), Lunge(), Lunge(hip_m=0.805, step_m=0.5, heel_m=0.02)))
    assert (report.summary.reps_counted, report.summary.reps_partial) == (2, 1)


def test_who_comes_into_view_with_bent_knees_has_not_lunged() -> None:
    """The hips seem low from the first picture on, and never move."""
    low = replace(STANDING, hip=(0.2, 0.78), ankles={"left": (0.45, ANKLE_M), "right": (0, 0.2)})
    assert report_of(film(lambda _: low, 6.0)).summary.reps_counted == 0


# What is judged

GOOD = Lunge()
CASES = [
    ("LU01", replace(GOOD, hip_m=0.68, heel_m=0.08)),
    ("LU02", replace(GOOD, hip_m=0.72, heel_m=0.08)),
    ("LU03", replace(GOOD, knee_in_m=0.1)),
    ("LU04", replace(GOOD, lean_deg=50.0)),
    ("LU05", replace(GOOD, side_lean_deg=16.0)),
    ("LU05", replace(GOOD, side_lean_deg=-16.0)),
    ("LU06", replace(GOOD, pelvis_deg=13.0)),
    ("LU06", replace(GOOD, pelvis_deg=-13.0)),
    ("LU07", replace(GOOD, step_m=0.40, shin_ahead_m=0.12)),
    ("LU08", replace(GOOD, shin_ahead_m=0.28)),
    ("LU09", replace(GOOD, apart_m=0.02)),
    ("LU10", replace(GOOD, end_m=0.80)),
    ("LU11", replace(GOOD, sway_deg=9.0)),
    ("LU12", replace(GOOD, down_s=0.5)),
]


ACROSS = {"LU03", "LU06"}
"""Those that are told from the front, across the picture."""


def statuses(report: Report) -> dict[str, Status]:
    return {v.code: v.status for v in report.reps[-1].verdicts}


@pytest.mark.parametrize("side", SIDES)
def test_a_good_lunge_passes_everything(side: str) -> None:
    from_the_side, from_the_front = (
        statuses(report_of(lunges(*[replace(GOOD, side=side)] * 2, yaw_deg=yaw))) for yaw in (90, 0)
    )
    found = {c: (from_the_front if c in ACROSS else from_the_side)[c] for c in from_the_side}
    assert found == dict.fromkeys((c.code for c in LUNGE.criteria), Status.PASS)


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize(("code", "bad"), CASES)
def test_each_criterion_fails(code: str, bad: Lunge, side: str) -> None:
    yaw = 0.0 if code in ACROSS else 90.0
    found = statuses(report_of(lunges(*[replace(bad, side=side)] * 2, yaw_deg=yaw)))
    assert found[code] is Status.FAIL


def test_every_criterion_has_a_case() -> None:
    assert {code for code, _ in CASES} == {c.code for c in LUNGE.criteria}


def test_a_style_of_leaning_is_no_fault() -> None:
    found = statuses(report_of(lunges(*[replace(GOOD, lean_deg=25.0)] * 2)))
    assert found["LU04"] is Status.PASS


def test_walking_on_needs_no_straight_leg_but_the_one_that_carries() -> None:
    report = report_of(lunges(*[Lunge(side, "walking", rest_s=0.1) for side in IN_TURN]))
    assert [statuses(replace(report, reps=(rep,)))["LU10"] for rep in report.reps] == [
        Status.PASS
    ] * len(IN_TURN)


@pytest.mark.parametrize(
    ("yaw", "codes", "advice"),
    [
        (90, {"LU03", "LU05", "LU06", "LU09"}, "face the camera"),
        (0, {"LU04"}, "turn side-on to the camera"),
    ],
)
def test_with_the_measured_errors_the_wrong_view_leaves_it_open(
    yaw: float, codes: set[str], advice: str
) -> None:
    report = report_of(lunges(*[replace(GOOD, lean_deg=30.0)] * 2, yaw_deg=yaw), EXACT)
    verdicts = {v.code: v for v in report.reps[-1].verdicts}
    for code in codes:
        assert verdicts[code].status is Status.UNCLEAR, code
        assert advice in verdicts[code].reason


def test_what_no_view_shows_surely_enough_says_so() -> None:
    vague = replace(_sure("ratio"), standing_sigma=(0.4,), bent_sigma=(0.4,))
    error = MeasuredError((0.0,), {**SURE.rows, "ankles_apart_ratio": vague})
    (*_, rep) = report_of(lunges(GOOD, GOOD), error).reps
    (found,) = (v for v in rep.verdicts if v.code == "LU09")
    assert found.status is Status.UNCLEAR
    assert found.reason == "can't be measured surely enough from any side"
