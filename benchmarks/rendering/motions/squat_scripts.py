"""Which squats are filmed, by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict

import numpy as np

from benchmarks.rendering.action import Action, Actor, Chance, Event, Fault, Moment, Script
from benchmarks.rendering.answers import true_answers
from benchmarks.rendering.body import Shape
from benchmarks.rendering.motions.squat import Plan, SquatMotion, SquatRep, Style
from benchmarks.rendering.truth import Truth, time_reps


def sample(rng: np.random.Generator, style: Style) -> Plan:
    """Return the plan of the committed sample: every repetition teaches something."""
    del rng
    reps = (
        SquatRep(thigh_deg=96, down_s=1.45, up_s=1.2, rest_s=0.5),
        SquatRep(thigh_deg=98, down_s=1.40, up_s=1.15, rest_s=0.5),
        SquatRep(thigh_deg=62, down_s=1.20, up_s=1.0, rest_s=0.6, faults=(Fault("shallow"),)),
        SquatRep(
            thigh_deg=92, down_s=1.50, up_s=1.3, rest_s=0.6, lean_deg=42, faults=(Fault("lean"),)
        ),
        SquatRep(thigh_deg=33, down_s=0.80, hold_s=0.05, up_s=0.7, rest_s=0.6, counted=False),
        SquatRep(
            thigh_deg=98, down_s=1.45, up_s=1.25, heel_rise_deg=28, faults=(Fault("heel_rise"),)
        ),
        SquatRep(thigh_deg=97, down_s=0.50, hold_s=0.2, up_s=1.2, faults=(Fault("fast_descent"),)),
    )
    return Plan("sample", reps, style, before_s=1.3, after_s=1.5, fidget=0.5)


def clean(rng: np.random.Generator, style: Style) -> Plan:
    """Return five good repetitions."""
    reps = tuple(_varied(rng, SquatRep(thigh_deg=float(rng.uniform(90, 104)))) for _ in range(5))
    return Plan("clean", reps, style, fidget=0.5)


def calibration(rng: np.random.Generator, style: Style) -> Plan:
    """Return some repetitions from quarter to deep, some of them faulty, in 12 s or so."""
    depths = rng.permutation((rng.uniform(48, 62), rng.uniform(70, 84), *rng.uniform(86, 112, 2)))
    reps = [_varied(rng, SquatRep(thigh_deg=float(depth))) for depth in depths]
    for i in rng.permutation(len(reps))[: int(rng.integers(1, 4))]:
        reps[i] = _with_fault(rng, reps[i])
    reps = [_named_shallow(rep) for rep in reps]
    if rng.random() < 0.4:
        short = SquatRep(
            thigh_deg=float(rng.uniform(24, 36)), down_s=0.7, hold_s=0, up_s=0.6, counted=False
        )
        reps.insert(int(rng.integers(0, len(reps))), short)
    return Plan("calibration", tuple(reps), style, 0.9, 0.8, fidget=float(rng.uniform(0, 1)))


def _varied(rng: np.random.Generator, rep: SquatRep) -> SquatRep:
    deep = rep.thigh_deg / 95
    return SquatRep(
        thigh_deg=rep.thigh_deg,
        down_s=float(rng.uniform(1.0, 1.6)) * deep,
        hold_s=float(rng.uniform(0.0, 0.35)),
        up_s=float(rng.uniform(0.8, 1.2)) * deep,
        rest_s=float(rng.uniform(0.2, 0.6)),
    )


def _with_fault(rng: np.random.Generator, rep: SquatRep) -> SquatRep:
    u = rng.uniform
    choices: dict[str, dict[str, float]] = {
        "lean": {"lean_deg": u(12, 26)},
        "heel_rise": {"heel_rise_deg": u(8, 22)},
        "knees_in": {"knee_ratio": u(0.5, 0.85)},
        "hip_shift": {"hip_shift_m": u(0.03, 0.07) * rng.choice((-1, 1)), "roll_deg": u(-4, 4)},
        "fast_descent": {"down_s": u(0.48, 0.62)},
        "no_lockout": {"left_bent_deg": u(18, 35)},
    }
    name = str(rng.choice(list(choices)))
    values = {**rep.__dict__, **choices[name], "faults": (*rep.faults, Fault(name))}
    return SquatRep(**values)


def _named_shallow(rep: SquatRep) -> SquatRep:
    """Name a repetition shallow when its thighs stay well above the horizontal."""
    if rep.thigh_deg >= 80:
        return rep
    return SquatRep(**{**rep.__dict__, "faults": (Fault("shallow"), *rep.faults)})


def draw_style(rng: np.random.Generator, shape: Shape) -> Style:
    """Return a way of squatting that suits a body."""
    return Style(
        stance_m=shape.stature_m * float(rng.uniform(0.17, 0.27)),
        toe_out_deg=float(rng.uniform(6, 28)),
        arm_style="clasped" if rng.random() < 0.25 else "forward",
        shin_deg=float(rng.uniform(28, 37)),
        standing_bent_deg=float(rng.uniform(3.5, 9)),
        knee_ratio=float(rng.uniform(1.0, 1.25)),
        wobble=float(rng.uniform(0.6, 1.5)),
    )


def _script(plan: Callable[[np.random.Generator, Style], Plan]) -> Script:
    """Return a plan for any body as a script for one."""

    def perform(actor: Actor, chance: Chance, fps: float) -> Action:
        style = draw_style(chance("style"), actor.shape)
        planned = plan(chance("plan"), style)
        motion = SquatMotion(actor.poser, planned, chance("wobble"))
        moments = [
            Moment(now.t_s, actor.poser.place(now.posture), now.rep) for now in motion.instants(fps)
        ]
        return Action("squat", moments, lambda truth: events(truth, planned), style=asdict(style))

    return perform


def events(truth: Truth, plan: Plan) -> list[Event]:
    """Return what happened when, and how it measures up, as the true joints show it."""
    times = time_reps(truth, len(plan.reps))
    answers = true_answers(truth, "squat", times)
    return [
        Event(
            number=number,
            start_s=when.start_s,
            turn_s=when.turn_s,
            end_s=when.end_s,
            counted=rep.counted,
            faults=rep.faults,
            held_s=when.bottom_end_s - when.bottom_start_s,
            measures=_at_turn(truth, when.turn_s),
            truths=truths,
        )
        for number, (rep, when, truths) in enumerate(
            zip(plan.reps, times, answers, strict=True), start=1
        )
    ]


def _at_turn(truth: Truth, turn_s: float) -> dict[str, float]:
    """Return the angles of one squat's lowest moment, both sides' mean."""
    turn = int(np.argmin(np.abs(truth.t_s - turn_s)))
    names = ("knee_flexion_deg", "thigh_elevation_deg", "shin_inclination_deg", "heel_rise_deg")
    return {
        "trunk_inclination_deg": float(truth.angles["trunk_inclination_deg"][turn]),
        **{name: float(truth.mean(name)[turn]) for name in names},
    }


PLANS: dict[str, Callable[[np.random.Generator, Style], Plan]] = {
    "sample": sample,
    "clean": clean,
    "calibration": calibration,
}
SCRIPTS: dict[str, Script] = {name: _script(plan) for name, plan in PLANS.items()}
