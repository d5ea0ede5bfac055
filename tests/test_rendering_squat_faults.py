"""Squats that break one criterion each: by how much, and no other, whatever the body."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from benchmarks.rendering.action import Action, Actor, Event, Moment
from benchmarks.rendering.answers import EXACT, SIZE_PX, true_pose
from benchmarks.rendering.body import Shape
from benchmarks.rendering.motions import SCRIPTS
from benchmarks.rendering.motions.squat import SquatMotion
from benchmarks.rendering.motions.squat_body import Squatter
from benchmarks.rendering.motions.squat_faults import CASES, LEVELS
from benchmarks.rendering.motions.squat_plan import Plan, SquatRep, Style
from benchmarks.rendering.motions.squat_scripts import PLANS, draw_style, events
from benchmarks.rendering.rig import FloatArray, Rig
from benchmarks.rendering.truth import JOINTS, UP, Truth, joints_of
from formcheck.analyzer import Analyzer
from formcheck.angles import body_angles_deg
from formcheck.exercises.load import load_exercise
from formcheck.frame import SourceInfo
from formcheck.pose import Pose
from formcheck.refine.plain import PlainAngles
from formcheck.widths import body_ratios
from tests.rendering_rig import chance, film_truth, stick_actor

CRITERIA = {c.code: c for c in load_exercise("squat").criteria}
ALL = [(name, level) for name in CASES for level in LEVELS]

TIMED = {"SQ09", "SQ10"}
"""Judged by how long things take, which few frames a second do not tell."""

ASKED = {
    # Clear, slight and inside, in the criterion's unit: to be told apart by a person.
    "SQ01": (15.0, 5.0, -5.0),
    "SQ02": (0.60, 0.767, 0.933),
    "SQ03": (27.0, 17.0, 7.0),
    "SQ04": (35.0, 25.0, 15.0),
    "SQ05": (70.0, 60.0, 50.0),
    "SQ06": (20.0, 16.67, 13.33),
    "SQ07": (0.65, 0.45, 0.25),
    "SQ08-narrow": (0.40, 0.60, 0.80),
    "SQ08-wide": (2.60, 2.20, 1.80),
    "SQ09": (0.32, 0.373, 0.427),
    "SQ10": (0.36, 0.52, 0.68),
    "SQ11": (40.0, 30.0, 20.0),
}


def acted(plan: Plan, fps: float = 10, seed: int = 1) -> Truth:
    """Return the truth of a plan on the stick person."""
    actor = stick_actor()
    motion = SquatMotion(actor, plan, np.random.default_rng(seed))
    moments = [Moment(m.t_s, actor.poser.place(m.posture), m.rep) for m in motion.instants(fps)]
    return film_truth(actor, Action("squat", moments))


def planned(script: str, seed: int) -> Plan:
    style = draw_style(chance(seed)("style"), Shape(stature_m=1.75))
    return PLANS[script](chance(seed)("plan"), style)


@cache
def shown(name: str, level: str, seed: int = 5) -> list[Event]:
    """Return the last good repetition of a case and the first that shows its size."""
    plan = planned(f"squat-{name}-{level}", seed)
    plan = replace(plan, reps=plan.reps[1:3], before_s=1.0, after_s=0.5)
    return events(acted(plan, fps=24 if name in TIMED else 10), plan)


def test_every_criterion_has_its_cases() -> None:
    assert {case.code for case in CASES.values()} == CRITERIA.keys()
    assert LEVELS.keys() == {"clear", "slight", "inside"}
    assert {f"squat-{name}-{level}" for name, level in ALL} <= SCRIPTS.keys()


@pytest.mark.parametrize("name", CASES)
def test_sizes_asked(name: str) -> None:
    case = CASES[name]
    values = tuple(case.value(level) for level in LEVELS)
    assert values == pytest.approx(ASKED[name], abs=0.005)
    margins = [CRITERIA[case.code].question.bound.margin(v) for v in values]
    assert margins[0] < 2.5 * margins[1] < 0 < margins[2]


@pytest.mark.parametrize(("name", "level"), ALL)
def test_true_joints_show_the_size(name: str, level: str) -> None:
    case, (good, bad) = CASES[name], shown(name, level)
    asked = dict(zip(LEVELS, ASKED[name], strict=True))[level]
    bound = CRITERIA[case.code].question.bound
    assert bad.truths[case.code] == pytest.approx(asked, abs=abs(case.obvious) / 6)
    assert (bound.margin(bad.truths[case.code]) >= 0) == (level == "inside")
    assert [(f.name, f.level) for f in bad.faults] == [(case.code, level)]
    assert good.faults == ()
    assert good.counted
    assert bad.counted


@pytest.mark.parametrize(("name", "level"), ALL)
def test_nothing_else_is_broken(name: str, level: str) -> None:
    case, (good, bad) = CASES[name], shown(name, level)
    for code, criterion in CRITERIA.items():
        margin = criterion.question.bound.margin
        assert margin(good.truths[code]) > 0, f"{code} of the good one: {good.truths[code]}"
        if code not in (case.code, *case.also):
            assert margin(bad.truths[code]) > 0, f"{code}: {bad.truths[code]}"


def test_only_a_deep_lean_breaks_something_else_too() -> None:
    """Who leans that far forward must have steep shins, or would fall."""
    assert {name: case.also for name, case in CASES.items() if case.also} == {"SQ05": ("SQ04",)}


@pytest.mark.parametrize("name", ["SQ03", "SQ08-wide", "SQ11"])
def test_whole_film(name: str) -> None:
    """Two good repetitions, then three that show it."""
    case, plan = CASES[name], planned(f"squat-{name}-clear", 8)
    found = events(acted(plan), plan)
    assert [bool(e.faults) for e in found] == [False, False, True, True, True]
    margin = CRITERIA[case.code].question.bound.margin
    assert [margin(e.truths[case.code]) >= 0 for e in found] == [True, True, False, False, False]
    assert len({round(e.end_s - e.start_s, 2) for e in found}) > 1


# Bodies


def built(tall: float, legs: float, broad: float) -> Actor:
    """Return the stick person, taller, with longer legs and broader."""
    actor = stick_actor()
    hips = 0.93

    def grown(points: FloatArray) -> FloatArray:
        x, y, z = points.T
        z = np.where(z < hips, legs * z, legs * hips + (z - hips))
        return np.stack([broad * tall * x, tall * y, tall * z], axis=1)

    body = actor.body
    rig = Rig(body.rig.names, body.rig.parents, grown(body.rig.heads_m))
    shape = Shape(stature_m=1.75 * tall)
    return Actor(shape, replace(body, rig=rig, points_m=grown(body.points_m)))


BODIES = {
    "small": (0.86, 1.0, 1.0),
    "tall": (1.12, 1.0, 1.0),
    "long legs": (1.0, 1.08, 1.0),
    "short legs": (1.0, 0.93, 1.0),
    "broad": (1.0, 1.0, 1.2),
}


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("name", [n for n in CASES if n not in {"SQ09", "SQ10", "SQ11"}])
def test_every_body_shows_the_size_at_the_bottom(name: str, body: str) -> None:
    actor, case = built(*BODIES[body]), CASES[name]
    style = draw_style(chance(2)("style"), actor.shape)
    for level in LEVELS:
        plan = PLANS[f"squat-{name}-{level}"](chance(2)("plan"), style)
        squatter = Squatter(actor, plan.style)
        fitted = squatter.fit(plan.reps[3])
        posture = squatter.squatting(fitted, fitted.bottom_deg, 1.0)
        found = _shown(actor, posture_joints(actor, posture), case.code)
        assert found == pytest.approx(case.value(level), abs=abs(case.obvious) / 20), level


def posture_joints(actor: Actor, posture: object) -> dict[str, list[float]]:
    placed = actor.poser.place(posture)  # type: ignore[arg-type]
    return {name: p.tolist() for name, p in joints_of(actor.body, placed).items()}


def _shown(actor: Actor, joints: dict[str, list[float]], code: str) -> float:
    a, r = body_angles_deg(joints.__getitem__, UP), body_ratios(joints.__getitem__, UP)
    knees = a["left_knee_flexion_deg"] - a["right_knee_flexion_deg"]
    both = {
        n: (a[f"left_{n}"] + a[f"right_{n}"]) / 2
        for n in ("thigh_elevation_deg", "foot_pitch_deg", "trunk_shin_difference_deg")
    }
    rest = actor.body.surface()
    flat = rest["left_heel"] - rest["left_big_toe"]
    slope = np.degrees(np.arctan2(flat[2], np.hypot(flat[0], flat[1])))
    return float(
        {
            "SQ01": both["thigh_elevation_deg"],
            "SQ02": r["knee_separation_ratio"],
            "SQ03": both["foot_pitch_deg"] - slope,
            "SQ04": both["trunk_shin_difference_deg"],
            "SQ05": a["trunk_inclination_deg"],
            "SQ06": abs(knees),
            "SQ07": abs(r["left_hip_shift_ratio"]),
            "SQ08": r["stance_width_ratio"],
        }[code]
    )


# Motion


@pytest.mark.parametrize("script", ["squat", "squat-SQ06-clear", "squat-SQ08-wide-clear",
                                    "squat-SQ09-clear"])  # fmt: skip
def test_people_move_as_people_do(script: str) -> None:
    plan = planned(script, 2)
    plan = replace(plan, reps=plan.reps[1:4])
    truth = acted(plan, fps=30)
    speed = np.linalg.norm(np.diff(truth.world_m, axis=0), axis=2) * 30
    assert speed.max() < 4.0, JOINTS[int(speed.max(axis=0).argmax())]
    for side in ("left", "right"):
        ankle, toe = truth.joint(f"{side}_ankle"), truth.joint(f"{side}_toe")
        planted = (truth.rep[1:] > 0) & (truth.rep[:-1] > 0)
        assert np.linalg.norm(np.diff(toe, axis=0)[planted], axis=1).max() < 1e-3
        assert ankle[:, 2].min() > 0.07
    height = truth.middle("hip")[:, 2]
    falling = -np.diff(height, 2).min() * 30**2
    assert falling < 12.0


def test_feet_are_moved_between_repetitions() -> None:
    plan = planned("squat-SQ08-wide-clear", 3)
    truth = acted(plan)
    stance = truth.joint("left_ankle")[:, 0] - truth.joint("right_ankle")[:, 0]
    before, after = stance[truth.rep == 2], stance[truth.rep == 3]
    assert np.ptp(before) < 1e-3
    assert np.ptp(after) < 1e-3
    assert after[0] > 1.5 * before[0]
    lifted = [truth.joint(f"{side}_ankle")[:, 2].max() for side in ("left", "right")]
    assert all(0.10 < high < 0.15 for high in lifted)


@pytest.mark.parametrize("seed", range(3))
def test_ordinary_squats_are_all_sorts(seed: int) -> None:
    plan = planned("squat", seed)
    assert 4 <= sum(rep.counted for rep in plan.reps) <= 6
    assert plan == planned("squat", seed)
    found = events(acted(plan, fps=10), plan)
    assert [e.counted for e in found] == [rep.counted for rep in plan.reps]
    assert all(e.start_s < e.turn_s < e.end_s for e in found)
    for event, rep in zip(found, plan.reps, strict=True):
        assert event.truths["SQ01"] == pytest.approx(90.0 - rep.thigh_deg, abs=2.5)


def test_ordinary_squats_differ_from_person_to_person() -> None:
    plans = [planned("squat", seed) for seed in range(40)]
    arms = {plan.style.arm_style for plan in plans}
    assert arms == {"forward", "clasped", "crossed", "hips", "hanging"}
    pauses = [rep.hold_s for plan in plans for rep in plan.reps]
    assert max(pauses) > 1.5
    assert np.median(pauses) < 0.5
    assert 0.1 < np.mean([any(not r.counted for r in p.reps) for p in plans]) < 0.9
    stances = [plan.style.stance_m for plan in plans]
    assert min(stances) < 0.26
    assert max(stances) > 0.55


@pytest.mark.parametrize("seed", [3, 4])
def test_clean_squats_are_clean(seed: int) -> None:
    plan = planned("clean", seed)
    for event in events(acted(plan, fps=10), plan):
        for code, criterion in CRITERIA.items():
            assert criterion.question.bound.margin(event.truths[code]) > 0, code


def test_a_body_that_cannot_do_it_comes_as_near_as_it_gets() -> None:
    actor = stick_actor()
    squatter = Squatter(actor, Style())
    fitted = squatter.fit(SquatRep(hip_shift_ratio=5.0))
    assert np.isfinite(actor.poser.place(squatter.squatting(fitted, 90.0, 1.0)).heads_m).all()


# The analyzer, if it saw perfectly


class _Unsmoothed:
    provenance: Mapping[str, object] = {}

    def feed(self, pose: Pose) -> Pose:
        return pose

    def reset(self) -> None:
        pass


@pytest.mark.parametrize(
    ("name", "within"), [("SQ02", 0.01), ("SQ06", 0.3), ("SQ10", 0.05), ("SQ11", 3.0)]
)
def test_an_analyzer_that_sees_perfectly_finds_the_truth(name: str, within: float) -> None:
    """All of it: standing, phases, repetitions and criteria. It judges as soon as somebody has
    come up, when they may still have a few degrees to straighten."""
    plan = planned(f"squat-{name}-clear", 5)
    truth = acted(plan, fps=24)
    analyzer = Analyzer(
        load_exercise("squat"),
        SIZE_PX,
        smoother=_Unsmoothed(),
        refiner=PlainAngles(EXACT),
        error=EXACT,
    )
    for t_s, joints_m in zip(truth.t_s, truth.world_m, strict=True):
        analyzer.feed(true_pose(float(t_s), joints_m))
    report = analyzer.finish(SourceInfo("", 0.0, len(truth.t_s), 24.0, *SIZE_PX, 0, ""))
    told = events(truth, plan)
    assert len(report.reps) == len(told) == 5
    for rep, event in zip(report.reps, told, strict=True):
        verdict = next(v for v in rep.verdicts if v.code == CASES[name].code)
        assert verdict.value == pytest.approx(event.truths[verdict.code], abs=within)
        assert rep.span.start_s == pytest.approx(event.start_s, abs=0.15)
        assert rep.span.turn_s == pytest.approx(event.turn_s, abs=0.05)
