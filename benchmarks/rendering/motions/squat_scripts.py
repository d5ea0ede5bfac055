"""Which squats are filmed, by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from typing import Any

import numpy as np

from benchmarks.rendering.action import Action, Actor, Chance, Event, Fault, Moment, Script
from benchmarks.rendering.answers import true_answers
from benchmarks.rendering.body import Shape
from benchmarks.rendering.motions.squat import SquatMotion
from benchmarks.rendering.motions.squat_faults import CASES, LEVELS, Case, good_rep, plan_of
from benchmarks.rendering.motions.squat_plan import Plan, SquatRep, Style
from benchmarks.rendering.posture import ARM_STYLES
from benchmarks.rendering.truth import Truth, time_reps

PlanMaker = Callable[[np.random.Generator, Style], Plan]
"""Chance, how a person squats → what they do."""


def sample(rng: np.random.Generator, style: Style) -> Plan:
    """Return the plan of the committed sample: every repetition teaches something."""
    del rng
    style = replace(style, trunk_shin_most_deg=10.0)
    shallow, lean, heels, fast, hasty = (
        (Fault(code),) for code in ("SQ01", "SQ05", "SQ03", "SQ09", "SQ10")
    )
    reps = (
        SquatRep(thigh_deg=96, down_s=1.45, up_s=1.2, rest_s=0.5),
        SquatRep(thigh_deg=98, down_s=1.40, up_s=1.15, rest_s=0.5),
        SquatRep(thigh_deg=62, down_s=1.20, up_s=1.0, rest_s=0.6, faults=shallow),
        SquatRep(thigh_deg=95, down_s=1.50, up_s=1.3, rest_s=0.6, trunk_deg=70, faults=lean),
        SquatRep(thigh_deg=33, down_s=0.80, hold_s=0.05, up_s=0.7, rest_s=0.6, counted=False),
        SquatRep(thigh_deg=98, down_s=1.45, up_s=1.25, heel_rise_deg=25, faults=heels),
        SquatRep(thigh_deg=97, descent_s=0.3, hold_s=0.2, up_s=1.2, faults=(*fast, *hasty)),
    )
    return Plan("sample", reps, style, before_s=1.3, after_s=1.5, fidget=0.5)


def clean(rng: np.random.Generator, style: Style) -> Plan:
    """Return five repetitions that break no criterion."""
    style = replace(style, wobble=min(style.wobble, 1.0))
    return Plan("clean", tuple(good_rep(rng) for _ in range(5)), style, fidget=0.5)


def ordinary(rng: np.random.Generator, style: Style) -> Plan:
    """Return squats as people do them: in their own time, more or less deep, not all alike."""
    u = rng.uniform
    width, toes_out_deg = _WIDTHS[str(rng.choice(list(_WIDTHS), p=(0.6, 0.15, 0.25)))]
    style = replace(
        style,
        stance_m=style.stance_m * float(u(*width)),
        toe_out_deg=style.toe_out_deg + toes_out_deg,
        arm_style=str(rng.choice(list(ARM_STYLES))),
        trunk_shin_most_deg=float(u(8, 30)),
        wobble=style.wobble * float(u(0.8, 1.4)),
    )
    pace, depth = float(np.exp(rng.normal(0.0, 0.22))), float(u(84, 103))
    shift = float(rng.normal(0.0, 0.06))
    reps: list[SquatRep] = []
    for _ in range(int(rng.integers(4, 7))):
        if rng.random() < 0.15:
            reps.append(_partial(rng))
        reps.append(
            SquatRep(
                thigh_deg=depth + float(np.clip(rng.normal(0.0, 3.5), -7, 7)),
                down_s=pace * float(u(1.0, 1.6)),
                hold_s=_pause_s(rng),
                up_s=pace * float(u(0.85, 1.35)),
                rest_s=float(u(0.2, 1.0)) + (float(u(0.8, 2.0)) if rng.random() < 0.2 else 0.0),
                lean_deg=float(rng.normal(0.0, 1.5)),
                hip_shift_ratio=shift + float(rng.normal(0.0, 0.03)),
            )
        )
    before, after, fidget = float(u(1.0, 2.2)), float(u(1.0, 2.0)), float(u(0.3, 1.0))
    return Plan("squat", tuple(reps), style, before, after, fidget)


_WIDTHS = {
    "usual": ((0.9, 1.1), 0.0),
    "narrow": ((0.6, 0.75), -4.0),
    "wide": ((1.4, 1.8), 12.0),
}
"""Stance → its width over the usual one, and how much further the toes turn out."""


def _pause_s(rng: np.random.Generator) -> float:
    """Return how long somebody stays at the bottom: mostly not, sometimes clearly."""
    if rng.random() < 0.7:
        return float(rng.uniform(0.0, 0.35))
    return float(rng.uniform(0.6, 2.4))


def _partial(rng: np.random.Generator) -> SquatRep:
    """Return a dip that is no squat: somebody thought better of it."""
    thigh_deg = float(rng.uniform(24, 34))
    return SquatRep(thigh_deg=thigh_deg, down_s=0.75, hold_s=0.0, up_s=0.65, counted=False)


def calibration(rng: np.random.Generator, style: Style) -> Plan:
    """Return some repetitions from quarter to deep, some of them faulty, in 12 s or so."""
    depths = rng.permutation((rng.uniform(48, 62), rng.uniform(70, 84), *rng.uniform(86, 112, 2)))
    reps = [_varied(rng, float(depth)) for depth in depths]
    for i in rng.permutation(len(reps))[: int(rng.integers(1, 4))]:
        reps[i] = _with_fault(rng, reps[i])
    reps = [_named_shallow(rep) for rep in reps]
    if rng.random() < 0.4:
        reps.insert(int(rng.integers(0, len(reps))), _partial(rng))
    return Plan("calibration", tuple(reps), style, 0.9, 0.8, fidget=float(rng.uniform(0, 1)))


def _varied(rng: np.random.Generator, thigh_deg: float) -> SquatRep:
    deep = thigh_deg / 95
    return SquatRep(
        thigh_deg=thigh_deg,
        down_s=float(rng.uniform(1.0, 1.6)) * deep,
        hold_s=float(rng.uniform(0.0, 0.35)),
        up_s=float(rng.uniform(0.8, 1.2)) * deep,
        rest_s=float(rng.uniform(0.2, 0.6)),
    )


def _with_fault(rng: np.random.Generator, rep: SquatRep) -> SquatRep:
    """Return a repetition with a fault of any size."""
    u = rng.uniform
    choices: dict[str, dict[str, float]] = {
        "SQ02": {"knee_ratio": u(0.5, 0.85)},
        "SQ03": {"heel_rise_deg": u(8, 25)},
        "SQ05": {"lean_deg": u(12, 26)},
        "SQ07": {"hip_shift_ratio": u(0.2, 0.5) * rng.choice((-1, 1))},
        "SQ09": {"descent_s": u(0.28, 0.4)},
        "SQ11": {"left_bent_deg": u(18, 35)},
    }
    code = str(rng.choice(list(choices)))
    return replace(rep, faults=(*rep.faults, Fault(code)), **_plain(choices[code]))


def _plain(values: Mapping[str, float]) -> dict[str, Any]:
    return {name: float(value) for name, value in values.items()}


def _named_shallow(rep: SquatRep) -> SquatRep:
    """Name a repetition shallow when its thighs stay well above the horizontal."""
    if rep.thigh_deg >= 80:
        return rep
    return replace(rep, faults=(Fault("SQ01"), *rep.faults))


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


def _script(plan: PlanMaker) -> Script:
    """Return a plan for any body as a script for one."""

    def perform(actor: Actor, chance: Chance, fps: float) -> Action:
        style = draw_style(chance("style"), actor.shape)
        planned = plan(chance("plan"), style)
        motion = SquatMotion(actor, planned, chance("wobble"))
        moments = [
            Moment(now.t_s, actor.poser.place(now.posture), now.rep) for now in motion.instants(fps)
        ]
        return Action(
            "squat", moments, lambda truth: events(truth, planned), style=asdict(planned.style)
        )

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


def _faulty(case: Case, level: str) -> PlanMaker:
    return lambda rng, style: plan_of(case, level, rng, style)


PLANS: dict[str, PlanMaker] = {
    "squat": ordinary,
    "sample": sample,
    "clean": clean,
    "calibration": calibration,
    **{
        f"squat-{name}-{level}": _faulty(case, level)
        for name, case in CASES.items()
        for level in LEVELS
    },
}
SCRIPTS: dict[str, Script] = {name: _script(plan) for name, plan in PLANS.items()}
