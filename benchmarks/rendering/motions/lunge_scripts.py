"""Which lunges are filmed, by name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from typing import Any

import numpy as np

from benchmarks.rendering.action import Action, Actor, Chance, Fault, Script
from benchmarks.rendering.body import Shape
from benchmarks.rendering.figure import LETTERS
from benchmarks.rendering.motions.lunge import LungeMotion
from benchmarks.rendering.motions.lunge_body import OTHER
from benchmarks.rendering.motions.lunge_events import events
from benchmarks.rendering.motions.lunge_plan import (
    ARM_STYLES,
    KINDS,
    LungePlan,
    LungeRep,
    LungeStyle,
)

LEVELS = ("inside", "slight", "clear")

FAULTS: dict[str, tuple[str, tuple[float, float, float]]] = {
    "shallow": ("front_knee_deg", (80.0, 68.0, 54.0)),
    "knee_past_toes": ("shin_deg", (25.0, 34.0, 42.0)),
    "knee_in": ("knee_offset_m", (0.025, 0.055, 0.095)),
    "lean": ("trunk_deg", (20.0, 30.0, 44.0)),
    "side_lean": ("side_lean_deg", (4.0, 9.0, 16.0)),
    "pelvis_drop": ("pelvis_drop_deg", (3.0, 7.0, 12.0)),
    "short_step": ("step_ratio", (0.68, 0.58, 0.47)),
    "narrow_step": ("width_m", (0.10, 0.06, 0.01)),
    "no_return": ("left_bent_deg", (6.0, 15.0, 28.0)),
    "wobble": ("sway_m", (0.13, 0.19, 0.28)),
    "fast_descent": ("descent_s", (0.85, 0.62, 0.42)),
}
"""Fault → what of a repetition has which size at each of `LEVELS`."""

MEASURES = {
    "shallow": "front_knee_flexion_deg",
    "knee_past_toes": "front_shin_deg",
    "knee_in": "knee_offset_m",
    "lean": "trunk_deg",
    "side_lean": "side_lean_deg",
    "pelvis_drop": "pelvis_obliquity_deg",
    "short_step": "step_length_ratio",
    "narrow_step": "step_width_m",
    "no_return": "end_knee_flexion_deg",
    "wobble": "sway_m",
    "fast_descent": "descent_s",
}
"""Fault → the measure of the repetition that shows it."""

_STAYING = {"short_step", "narrow_step"}
"""Faults of a step, which lunges on the spot do not have from one repetition to the next."""

_FAULTY = 0.5
"""How often a person makes mistakes."""


def with_fault(rep: LungeRep, name: str, level: str, more: float = 0.0) -> LungeRep:
    """Return a repetition that shows a fault.

    Parameters
    ----------
    rep
        What it would be otherwise.
    name, level
        One of `FAULTS` and of `LEVELS`.
    more
        How much larger than the level's size it is: 1 as much as ``slight`` and ``clear`` differ.
    """
    size, values = FAULTS[name]
    value = values[LEVELS.index(level)] + more * (values[2] - values[1])
    changed: dict[str, Any] = {size: value, "faults": (*rep.faults, Fault(name, level))}
    return replace(rep, **changed)


def _good(rng: np.random.Generator, side: str, kind: str) -> LungeRep:
    u = rng.uniform
    return LungeRep(
        side=side,
        kind=kind,
        front_knee_deg=float(u(86, 99)),
        descent_s=float(u(0.95, 1.5)),
        hold_s=float(u(0.0, 0.4)),
        up_s=float(u(1.0, 1.5)),
        rest_s=float(u(0.15, 0.7)),
    )


def _partial(rng: np.random.Generator, side: str, kind: str) -> LungeRep:
    """Return a repetition that is given up soon."""
    u = rng.uniform
    # With the feet apart, knees are bent at the top.
    least = 48.0 if kind == "split" else 28.0
    return LungeRep(
        side=side,
        kind=kind,
        front_knee_deg=least + float(u(0, 12)),
        descent_s=float(u(0.55, 0.8)),
        hold_s=float(u(0.0, 0.1)),
        up_s=float(u(0.9, 1.1)),
        rest_s=float(u(0.3, 0.7)),
        counted=False,
    )


def _mixed(rng: np.random.Generator, sides: Sequence[str], kind: str) -> tuple[LungeRep, ...]:
    """Return repetitions of which some may be faulty, and one may be partial."""
    reps = [_good(rng, side, kind) for side in sides]
    names = [name for name in FAULTS if kind != "split" or name not in _STAYING]
    if rng.random() < _FAULTY:
        for i in rng.permutation(len(reps))[: int(rng.integers(1, 4))]:
            level = str(rng.choice(LEVELS[1:]))
            reps[i] = with_fault(reps[i], str(rng.choice(names)), level, rng.uniform(-0.2, 0.2))
    if kind != "walking" and rng.random() < 0.3:
        at = int(rng.integers(1, len(reps)))
        reps.insert(at, _partial(rng, reps[at].side, kind))
    return tuple(reps)


Planner = Callable[[np.random.Generator, LungeStyle], LungePlan]
"""Chance and a person's style → what is filmed."""


def _side(rng: np.random.Generator) -> str:
    return str(rng.choice(list(LETTERS)))


def one_after_the_other(kind: str) -> Planner:
    """Return lunges of a kind with one leg and then with the other."""

    def plan(rng: np.random.Generator, style: LungeStyle) -> LungePlan:
        first, each = _side(rng), int(rng.integers(2, 4))
        sides = [first] * each + [OTHER[first]] * each
        return LungePlan(_mixed(rng, sides, kind), style, fidget=float(rng.uniform(0, 1)))

    return plan


def alternating(rng: np.random.Generator, style: LungeStyle) -> LungePlan:
    """Return lunges forward or backward, with one leg and the other by turns."""
    kind, first = str(rng.choice(KINDS[:2])), _side(rng)
    sides = [first, OTHER[first]] * int(rng.integers(2, 4))
    return LungePlan(_mixed(rng, sides, kind), style, fidget=float(rng.uniform(0, 1)))


def walking(rng: np.random.Generator, style: LungeStyle) -> LungePlan:
    """Return lunges that go on for 3 to 4 m."""
    first, count = _side(rng), 5 if style.step_ratio < 0.84 else 4
    sides = [(first, OTHER[first])[i % 2] for i in range(count)]
    reps = tuple(replace(rep, hold_s=0.4 * rep.hold_s) for rep in _mixed(rng, sides, "walking"))
    return LungePlan(reps, style, before_s=0.9, after_s=0.9, fidget=float(rng.uniform(0, 0.6)))


def with_faults(faults: Sequence[str], level: str, kind: str | None = None) -> Planner:
    """Return a good lunge, and then one with each of some faults.

    Parameters
    ----------
    faults
        Names of `FAULTS`.
    level
        One of `LEVELS`.
    kind
        One of `KINDS`; None for steps forward or backward, as chance has it.
    """

    def plan(rng: np.random.Generator, style: LungeStyle) -> LungePlan:
        chosen = str(rng.choice(KINDS[:2])) if kind is None else kind
        first = _side(rng)
        sides = [(first, OTHER[first])[i % 2] for i in range(len(faults) + 1)]
        reps = [_good(rng, side, chosen) for side in sides]
        for i, name in enumerate(faults, start=1):
            reps[i] = with_fault(reps[i], name, level)
        return LungePlan(tuple(reps), style, fidget=float(rng.uniform(0, 0.5)))

    return plan


def draw_style(rng: np.random.Generator, shape: Shape) -> LungeStyle:
    """Return a way of lunging that suits a body."""
    u = rng.uniform
    return LungeStyle(
        arms=str(rng.choice(ARM_STYLES, p=(0.45, 0.3, 0.25))),
        stance_m=shape.stature_m * float(u(0.09, 0.14)),
        toe_out_deg=float(u(2, 10)),
        ankle_deg=float(u(23, 31)),
        step_ratio=float(u(0.80, 0.96)),
        width_m=float(u(0.13, 0.23)),
        shin_deg=float(u(6, 19)),
        knee_offset_m=float(u(-0.02, 0.012)),
        trunk_deg=float(u(2, 13)),
        standing_bent_deg=float(u(4, 8)),
        standing_lean_deg=float(u(0.5, 3.5)),
        apart_bent_deg=float(u(11, 19)),
        yaw_deg=float(u(2, 8)),
        lift_m=float(u(0.05, 0.09)),
        shift=float(u(0.5, 0.75)),
        arm_swing_deg=float(u(8, 30)),
        steps_through=bool(rng.random() < 0.6),
        wobble=float(u(0.6, 1.5)),
    )


def script(planner: Planner) -> Script:
    """Return a plan for any body as a script for one."""

    def perform(actor: Actor, chance: Chance, fps: float) -> Action:
        plan = planner(chance("plan"), draw_style(chance("style"), actor.shape))
        motion = LungeMotion(actor, plan, chance("wobble"))
        return Action(
            exercise="lunge",
            moments=motion.moments(fps),
            events=lambda truth: events(truth, plan, motion.windows),
            style={"kind": plan.reps[0].kind, **asdict(plan.style)},
        )

    return perform


PLANNERS: dict[str, Planner] = {
    **{f"lunge-{kind}": one_after_the_other(kind) for kind in KINDS[:3]},
    "lunge-alternating": alternating,
    "lunge-walking": walking,
    "lunge-faults": with_faults(tuple(FAULTS), "clear"),
    "lunge-faults-slight": with_faults(tuple(FAULTS), "slight"),
    "lunge-faults-inside": with_faults(tuple(FAULTS), "inside"),
}
SCRIPTS: dict[str, Script] = {name: script(planner) for name, planner in PLANNERS.items()}
