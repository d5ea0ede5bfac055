"""Nerve glides of a stick figure: counted, and told apart by head, tempo and thigh."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

import pytest

from formcheck.analyzer import Analyzer
from formcheck.exercises.load import load_exercise
from formcheck.frame import SourceInfo
from formcheck.pose import Pose
from formcheck.results import Rep, Report, Status
from tests import bodies
from tests.bodies import EARS_M, SIZE_PX, TRUNK_M, Leg, Shape, body_pose
from tests.lying_figure import eased
from tests.test_bridge import SURE

GLIDE = load_exercise("nerve-glide")
INFO = SourceInfo("made up", 0.0, 0, 0.0, *SIZE_PX, 0, "")
FPS = 20.0
BENT_DEG, STRAIGHT_DEG = 180.0, 95.0
"""Of the shin of somebody who sits: hanging, and all but level."""


def nodding(shape: Shape, back_deg: float) -> Shape:
    """Return a body that sits upright, the head tipped back by so much."""
    turn = math.radians(back_deg)
    ear = (-0.22 * math.sin(turn), 0.0, TRUNK_M + 0.22 * math.cos(turn))
    nose = (ear[0] + 0.1 * math.cos(turn), 0.0, ear[2] + 0.1 * math.sin(turn))
    sides = {"left_ear": EARS_M / 2, "right_ear": -EARS_M / 2}
    ears = {name: (ear[0], y, ear[2]) for name, y in sides.items()}
    return replace(shape, at={**ears, "nose": nose})


def gliding(
    side: str,
    *,
    nod_deg: float = 40.0,
    out_s: float = 1.2,
    hold_s: float = 0.4,
    thigh_deg: float = 0.0,
    pitched_deg: float = 0.0,
) -> Iterator[Pose]:
    """Three glides, sitting or on the back, after two seconds of rest."""
    cycle_s = 2 * out_s + hold_s + 1.0
    for i in range(round(FPS * (2.0 + 3 * cycle_s + 1.0))):
        t_s = i / FPS
        at_s = (t_s - 2.0) % cycle_s if 2.0 <= t_s < 2.0 + 3 * cycle_s else 0.0
        share = eased(
            at_s, (0.0, 0.0), (out_s, 1.0), (out_s + hold_s, 1.0), (2 * out_s + hold_s, 0.0)
        )
        shin = BENT_DEG + share * (STRAIGHT_DEG - BENT_DEG)
        leg, rest = Leg(90.0 + share * thigh_deg, shin + share * thigh_deg), bodies.SEATED.left
        legs = {"left": (leg, rest), "right": (rest, leg)}[side]
        shape = nodding(Shape(left=legs[0], right=legs[1]), share * nod_deg)
        yield body_pose(t_s, replace(shape, pitched_deg=pitched_deg))


def analyze(stream: Iterator[Pose]) -> Report:
    analyzer = Analyzer(GLIDE, SIZE_PX, error=SURE)
    for pose in stream:
        analyzer.feed(pose)
    return analyzer.finish(INFO)


def statuses(rep: Rep) -> dict[str, Status]:
    return {verdict.code: verdict.status for verdict in rep.verdicts}


@pytest.mark.parametrize("pitched_deg", [0.0, -90.0], ids=["seated", "supine"])
@pytest.mark.parametrize("side", ["left", "right"])
def test_good_glides_are_counted_for_their_side_and_pass(side: str, pitched_deg: float) -> None:
    report = analyze(gliding(side, pitched_deg=pitched_deg))
    assert [rep.side for rep in report.reps] == [side] * 3
    assert {v.code for rep in report.reps for v in rep.verdicts if v.status is Status.FAIL} == set()
    assert statuses(report.reps[1])["NG01"] is Status.PASS
    assert statuses(report.reps[1])["NG02"] is Status.PASS


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        ("NG02", {"nod_deg": -40.0}),
        ("NG04", {"hold_s": 3.0}),
        ("NG05", {"out_s": 0.5, "hold_s": 0.1}),
        ("NG07", {"thigh_deg": -30.0}),
    ],
    ids=["tensioner", "held at the end", "too fast", "thigh lifts"],
)
def test_each_fault_is_told(code: str, fault: dict[str, float]) -> None:
    report = analyze(gliding("right", **fault))
    assert len(report.reps) == 3
    assert all(statuses(rep)[code] is Status.FAIL for rep in report.reps)
    others = {c for rep in report.reps for c, status in statuses(rep).items() if c != code}
    assert others == {c.code for c in GLIDE.criteria} - {code}


def test_a_head_that_keeps_still_is_no_slider_and_no_tensioner() -> None:
    report = analyze(gliding("right", nod_deg=0.0))
    assert {statuses(rep)["NG02"] for rep in report.reps} == {Status.UNCLEAR}
    assert "head" in next(v.reason for v in report.reps[0].verdicts if v.code == "NG02")


def test_squats_and_sitting_down_are_no_glides() -> None:
    def squatting() -> Iterator[Pose]:
        for i in range(200):
            deep = eased(i / FPS % 2.5, (0.0, 0.0), (1.0, 1.0), (1.2, 1.0), (2.2, 0.0))
            leg = Leg(180.0 - 85.0 * deep, 180.0 + 15.0 * deep)
            yield body_pose(i / FPS, Shape(trunk_deg=30.0 * deep).with_legs(leg))

    assert analyze(squatting()).reps == ()
    still = (body_pose(i / FPS, bodies.SEATED) for i in range(100))
    assert analyze(still).reps == ()


def test_the_report_says_when_to_stop() -> None:
    (note,) = analyze(gliding("left")).exercise.notes
    assert "Stop when it tingles" in note
