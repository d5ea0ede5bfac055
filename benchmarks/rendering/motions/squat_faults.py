"""Squats made to break one criterion each, by a known amount.

For every criterion there is a case that breaks it clearly, one that breaks it slightly and
one just within it: two good repetitions, and then three that show that size. How far beyond
its bound is clear, is written here; a third of that is slight, and so is how far within the
bound just within is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from benchmarks.rendering.action import Fault
from benchmarks.rendering.motions.squat import MOVE_FEET_S
from benchmarks.rendering.motions.squat_plan import Plan, SquatRep, Style
from formcheck.exercises.load import load_exercise

LEVELS = {"clear": 1.0, "slight": 1 / 3, "inside": -1 / 3}
"""Level → how far beyond the bound, as a share of what is clear."""

Make = Callable[[SquatRep, float, np.random.Generator], SquatRep]
"""A good repetition, the size that it should show, chance → the repetition that shows it."""


@dataclass(frozen=True)
class Case:
    """How one criterion is broken."""

    code: str
    obvious: float
    """How far beyond the bound is clear, to the eye of a physiotherapist who watches; negative
    for a lower bound. In the criterion's unit."""
    make: Make
    arms: tuple[str, ...] = ("forward", "clasped", "crossed", "hips")
    """Ways to hold the arms, with which nothing else is broken."""
    moves_feet: bool = False
    also: tuple[str, ...] = ()
    """Other criteria that may be broken with it, for there is no other way to do it."""

    def value(self, level: str) -> float:
        """Return the size that a level shows, in the criterion's unit."""
        bound = next(
            c.question.bound for c in load_exercise("squat").criteria if c.code == self.code
        )
        at = bound.high if self.obvious > 0 else bound.low
        return at + LEVELS[level] * self.obvious


def _asymmetric(rep: SquatRep, value: float, rng: np.random.Generator) -> SquatRep:
    side = float(rng.choice((-1.0, 1.0)))
    # All alike but for their tempo, or else the feet would have to be moved each time.
    alike = replace(rep, thigh_deg=96.0, trunk_shin_deg=6.0, knee_ratio=1.05)
    return replace(alike, asymmetry_deg=side * value, hip_shift_ratio=side * 0.27)


def _shifted(rep: SquatRep, value: float, rng: np.random.Generator) -> SquatRep:
    return replace(rep, hip_shift_ratio=float(rng.choice((-1.0, 1.0))) * value)


def _narrow(rep: SquatRep, value: float, rng: np.random.Generator) -> SquatRep:
    toe_out, apart = float(rng.uniform(4, 14)), float(rng.uniform(1.2, 1.7))
    return replace(rep, stance_ratio=value, toe_out_deg=toe_out, knee_ratio=apart)


def _wide(rep: SquatRep, value: float, rng: np.random.Generator) -> SquatRep:
    # Whoever stands wide turns the toes out, or the knees could not stay over them.
    toe_out = 24.0 + 20.0 * (value - 1.8) / 0.8 + float(rng.uniform(-3, 3))
    return replace(rep, stance_ratio=value, toe_out_deg=toe_out, knee_ratio=0.92)


def _fast(rep: SquatRep, value: float, rng: np.random.Generator) -> SquatRep:
    up = value / float(rng.uniform(0.72, 0.85))
    hold = float(rng.uniform(0.1, 0.25))
    return replace(rep, descent_s=value, ascent_s=up, hold_s=hold, dropping=1.3)


def _hasty(rep: SquatRep, value: float, rng: np.random.Generator) -> SquatRep:
    down = float(rng.uniform(0.52, 0.62))
    return replace(rep, descent_s=down, ascent_s=down / value)


CASES = {
    # A thigh 15 degrees short of level is a half squat.
    "SQ01": Case("SQ01", 15.0, lambda rep, x, _: replace(rep, thigh_deg=90.0 - x)),
    # At 0.6 the knees are a hand's breadth inside the feet.
    "SQ02": Case("SQ02", -0.25, lambda rep, x, _: replace(rep, knee_ratio=x)),
    # 27 degrees stand on the balls of the feet; a flat hand fits under the heel.
    "SQ03": Case("SQ03", 15.0, lambda rep, x, _: replace(rep, heel_rise_deg=x)),
    "SQ04": Case(
        "SQ04",
        15.0,
        # Weight on the heels, as with stiff ankles, keeps the trunk from leaning as well.
        lambda rep, x, _: replace(rep, trunk_shin_deg=x, balance_m=-0.0015 * max(0.0, x - 12.0)),
        arms=("forward",),
    ),
    # 70 degrees is rather bending over than squatting.
    "SQ05": Case(
        "SQ05",
        15.0,
        lambda rep, x, _: replace(rep, trunk_shin_deg=None, trunk_deg=x),
        arms=("hips", "crossed"),
        # Shins that keep the balance are so much steeper then.
        also=("SQ04",),
    ),
    # At 20 degrees one knee is a hand's breadth ahead of the other; more takes a lunge's stance.
    "SQ06": Case("SQ06", 5.0, _asymmetric, moves_feet=True),
    # 0.65 hip widths: the hips are two thirds of the way over one foot.
    "SQ07": Case("SQ07", 0.30, _shifted),
    # 0.4 shoulder widths: the shoes nearly touch.
    "SQ08-narrow": Case("SQ08", -0.30, _narrow, moves_feet=True),
    # 2.6 shoulder widths: the legs are spread by more than their length.
    "SQ08-wide": Case("SQ08", 0.60, _wide, moves_feet=True),
    # In 0.32 s the hips all but fall freely.
    "SQ09": Case("SQ09", -0.08, _fast, arms=("clasped", "crossed", "hips")),
    "SQ10": Case("SQ10", -0.24, _hasty),
    # 40 degrees: the thighs never rest.
    "SQ11": Case("SQ11", 15.0, lambda rep, x, _: replace(rep, left_bent_deg=x)),
}
"""Name of a script → how its criterion is broken."""


def plan_of(case: Case, level: str, rng: np.random.Generator, style: Style) -> Plan:
    """Return two good repetitions and three that show a size.

    Parameters
    ----------
    case, level
        What they show: a level of `LEVELS`.
    rng
        Where the rest comes from.
    style
        How this person squats.
    """
    style = replace(style, arm_style=str(rng.choice(case.arms)), wobble=min(style.wobble, 0.8))
    good = [good_rep(rng) for _ in range(5)]
    value = case.value(level)
    if case.code == "SQ11":
        value -= style.standing_bent_deg
    state = rng.bit_generator.state
    shown = []
    for rep in good[2:]:
        # The same choices each time: one side stays the spared one.
        rng.bit_generator.state = state
        shown.append(replace(case.make(rep, value, rng), faults=(Fault(case.code, level),)))
    second = replace(good[1], rest_s=MOVE_FEET_S + 1.3) if case.moves_feet else good[1]
    return Plan(f"{case.code}-{level}", (good[0], second, *shown), style, after_s=1.0, fidget=0.4)


def good_rep(rng: np.random.Generator) -> SquatRep:
    """Return a repetition with nothing to say against, whatever the body."""
    u = rng.uniform
    return SquatRep(
        thigh_deg=float(u(94, 100)),
        down_s=float(u(1.1, 1.6)),
        hold_s=float(u(0.05, 0.3)),
        up_s=float(u(0.9, 1.25)),
        rest_s=float(u(1.1, 1.4)),
        trunk_shin_deg=float(u(3, 9)),
        knee_ratio=float(u(1.0, 1.15)),
    )
