"""Which bridges are filmed, by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace

import numpy as np

from benchmarks.rendering.action import Action, Actor, Chance, Event, Fault, Moment, Script
from benchmarks.rendering.figure import LETTERS, SIGNS
from benchmarks.rendering.motions.bridge import (
    BridgeMotion,
    BridgeRep,
    Fit,
    Plan,
)
from benchmarks.rendering.motions.supine import Supine, draw_mat, draw_spot
from benchmarks.rendering.motions.supine_session import HUG, LINE, Stance, draw_manner
from benchmarks.rendering.motions.supine_truth import (
    SIDES_OF,
    Course,
    course,
    head_pitch_deg,
    hip_flexion_deg,
    knee_ratio,
    mean_of,
    middle_m,
    obliquity_deg,
)
from benchmarks.rendering.rig import FloatArray
from benchmarks.rendering.truth import Truth


@dataclass(frozen=True)
class Habit:
    """How one person bridges."""

    knee_flexion_deg: float
    """At the top."""
    out_m: float
    toe_out_deg: float
    uneven_m: float
    """How much further ahead the left foot stands."""
    curl_deg: float
    ascent_s: float
    descent_s: float
    hold_s: float
    rest_s: float

    def rep(self, rng: np.random.Generator, hip_flexion_deg: float) -> BridgeRep:
        """Return one repetition, a little different each time."""

        def about(value: float, spread: float = 0.12) -> float:
            return value * float(np.clip(rng.normal(1, spread), 0.7, 1.35))

        return BridgeRep(
            hip_flexion_deg=hip_flexion_deg,
            curl_deg=about(self.curl_deg),
            ascent_s=about(self.ascent_s),
            hold_s=about(self.hold_s),
            descent_s=about(self.descent_s),
            rest_s=about(self.rest_s, 0.3),
        )


def draw_habit(rng: np.random.Generator) -> Habit:
    """Return how somebody bridges well."""
    return Habit(
        knee_flexion_deg=float(rng.uniform(78, 104)),
        out_m=float(rng.uniform(0.1, 0.17)),
        toe_out_deg=float(rng.uniform(0, 14)),
        uneven_m=float(np.clip(rng.normal(0, 0.012), -0.03, 0.03)),
        curl_deg=float(rng.uniform(3, 13)),
        ascent_s=float(rng.uniform(0.9, 1.9)),
        descent_s=float(rng.uniform(1.2, 2.2)),
        hold_s=float(rng.uniform(1.0, 5.0)),
        rest_s=float(rng.uniform(0.4, 1.6)),
    )


FAULTS: dict[str, tuple[str, dict[str, tuple[float, float]]]] = {
    "low_hips": (
        "top_hip_flexion_deg",
        {"inside": (10, 16), "slight": (21, 27), "clear": (30, 42)},
    ),
    "over_arched": (
        "top_hip_flexion_deg",
        {"inside": (-8, -5), "slight": (-14, -11), "clear": (-26, -18)},
    ),
    "short_hold": ("held_s", {"inside": (2.1, 2.5), "slight": (1.2, 1.6), "clear": (0.2, 0.7)}),
    "feet_far": (
        "top_knee_flexion_deg",
        {"inside": (70, 74), "slight": (60, 65), "clear": (42, 54)},
    ),
    "feet_near": (
        "top_knee_flexion_deg",
        {"inside": (106, 110), "slight": (115, 119), "clear": (123, 130)},
    ),
    "pelvis_tilt": (
        "pelvis_obliquity_deg",
        {"inside": (3, 4.5), "slight": (6.5, 8.5), "clear": (11, 16)},
    ),
    "knees_in": ("knee_ratio", {"inside": (0.9, 0.97), "slight": (0.74, 0.8), "clear": (0.4, 0.6)}),
    "knees_out": (
        "knee_ratio",
        {"inside": (1.25, 1.35), "slight": (1.55, 1.7), "clear": (2.0, 2.4)},
    ),
    "fast_descent": (
        "descent_s",
        {"inside": (1.05, 1.25), "slight": (0.68, 0.85), "clear": (0.3, 0.45)},
    ),
    "heel_rise": ("heel_rise_deg", {"inside": (3, 5), "slight": (8, 11), "clear": (16, 28)}),
    "head_up": ("head_up_deg", {"inside": (4, 7), "slight": (12, 16), "clear": (26, 42)}),
}
"""Fault → the measure that shows it, and its sizes by level."""


def with_fault(
    rep: BridgeRep, name: str, level: str, rng: np.random.Generator, fit: Fit, habit: Habit
) -> BridgeRep:
    """Return a repetition that has one more fault.

    Parameters
    ----------
    rep
        So far.
    name, level
        As in `FAULTS`.
    rng
        Where the size within the level comes from.
    fit, habit
        Whose repetition it is.
    """
    size = float(rng.uniform(*FAULTS[name][1][level]))
    faulty = replace(rep, faults=(*rep.faults, Fault(name, level)))
    tilt_deg = size * float(rng.choice((-1, 1)))
    changed: dict[str, Callable[[], BridgeRep]] = {
        "low_hips": lambda: replace(faulty, hip_flexion_deg=size),
        "over_arched": lambda: replace(faulty, hip_flexion_deg=size, curl_deg=0.6 * size),
        "short_hold": lambda: faulty.held(size),
        "feet_far": lambda: replace(faulty, stance=_stance(fit, habit, size)),
        "feet_near": lambda: replace(faulty, stance=_stance(fit, habit, size)),
        "pelvis_tilt": lambda: replace(faulty, obliquity_deg=tilt_deg),
        "knees_in": lambda: replace(faulty, knee_ratio=size),
        "knees_out": lambda: replace(faulty, knee_ratio=size),
        "fast_descent": lambda: faulty.lowered(size),
        "heel_rise": lambda: replace(faulty, heel_rise_deg=size),
        "head_up": lambda: replace(faulty, head_up_deg=size),
    }
    return changed[name]()


Planner = Callable[[np.random.Generator, Fit, Habit], Plan]


def bridge(rng: np.random.Generator, fit: Fit, habit: Habit) -> Plan:
    """Return some good repetitions, sometimes with one that stops half way."""
    count = int(rng.integers(3, 6))
    reps = [habit.rep(rng, float(rng.uniform(-3, 8))) for _ in range(count)]
    if rng.random() < 0.35:
        reps.insert(int(rng.integers(0, count + 1)), _partial(rng, habit))
    return _plan(rng, reps, _stance(fit, habit, habit.knee_flexion_deg))


def bridge_faults(rng: np.random.Generator, fit: Fit, habit: Habit) -> Plan:
    """Return repetitions of which most have a fault."""
    names = rng.permutation(list(FAULTS))[:4]
    stance = _stance(fit, habit, habit.knee_flexion_deg)
    habit = replace(habit, hold_s=min(habit.hold_s, 3.0))
    reps = [habit.rep(rng, float(rng.uniform(-3, 8)))]
    for name in names:
        rep = habit.rep(rng, float(rng.uniform(-3, 8)))
        level = str(rng.choice(("clear", "slight", "inside"), p=(0.55, 0.25, 0.2)))
        faulty = with_fault(rep, str(name), level, rng, fit, habit)
        reps.append(faulty if faulty.stance is not None else replace(faulty, stance=stance))
    return _plan(rng, reps, stance)


def bridge_single(rng: np.random.Generator, fit: Fit, habit: Habit) -> Plan:
    """Return repetitions on one foot, then on the other."""
    sides = list(rng.permutation(list(LETTERS)))
    habit = replace(
        habit, out_m=min(habit.out_m, 0.11), hold_s=float(np.clip(0.6 * habit.hold_s, 0.8, 2.5))
    )
    count = int(rng.integers(2, 4))
    reps = []
    for side in map(str, sides):
        for _ in range(count):
            rep = habit.rep(rng, float(rng.uniform(-2, 11)))
            # The side whose foot is up hangs down a little.
            drop = float(rng.uniform(-1, 4)) * SIGNS[side]
            reps.append(replace(rep, side=side, obliquity_deg=drop))
    if rng.random() < 0.4:
        i = int(rng.integers(0, len(reps)))
        level = str(rng.choice(("clear", "slight")))
        size = float(rng.uniform(*FAULTS["pelvis_tilt"][1][level])) * SIGNS[reps[i].side]
        fault = Fault("pelvis_tilt", level)
        reps[i] = replace(reps[i], obliquity_deg=size, faults=(fault,))
    way = HUG if rng.random() < 0.35 else LINE
    return replace(_plan(rng, reps, _stance(fit, habit, habit.knee_flexion_deg)), free_way=way)


def _partial(rng: np.random.Generator, habit: Habit) -> BridgeRep:
    rep = habit.rep(rng, float(rng.uniform(40, 47)))
    return replace(rep, ascent_s=0.7, hold_s=0.1, descent_s=0.7, counted=False)


def _stance(fit: Fit, habit: Habit, knee_flexion_deg: float) -> Stance:
    stance = fit.stance(knee_flexion_deg, habit.out_m, habit.toe_out_deg)
    return replace(stance, uneven_m=habit.uneven_m)


def _plan(rng: np.random.Generator, reps: list[BridgeRep], stance: Stance) -> Plan:
    steps = rng.random() < 0.45
    return Plan(
        tuple(reps),
        stance,
        before_s=float(rng.uniform(1.9, 2.6)) if steps else float(rng.uniform(0.9, 1.6)),
        after_s=float(rng.uniform(0.8, 1.6)),
        first_step=float(rng.choice((-1, 1)) * rng.uniform(0.07, 0.16)) if steps else 0.0,
        look_deg=float(rng.choice((-1, 1)) * rng.uniform(12, 32)) if rng.random() < 0.35 else 0.0,
    )


def _script(planner: Planner) -> Script:
    """Return a plan for any body as a script for one."""

    def perform(actor: Actor, chance: Chance, fps: float) -> Action:
        style, placing = chance("style"), chance("place")
        habit, manner = draw_habit(style), draw_manner(style)
        spot = draw_spot(placing)
        supine = Supine(actor)
        plan = planner(chance("plan"), Fit(supine), habit)
        motion = BridgeMotion(supine, plan, manner, chance("wobble"), spot)
        times = [i / fps for i in range(round(motion.duration_s * fps))]
        moments = [
            Moment(t, actor.figures.place(motion.session.figure(t)), motion.rep_at(t))
            for t in times
        ]
        return Action(
            "glute_bridge",
            moments,
            lambda truth: events(truth, plan.reps),
            draw_mat(placing, spot),
            {**asdict(habit), **asdict(manner), "free_way": plan.free_way},
        )

    return perform


# Truth


def events(truth: Truth, reps: tuple[BridgeRep, ...]) -> list[Event]:
    """Return what happened, as measured on the joints."""
    return [_event(truth, number, rep) for number, rep in enumerate(reps, start=1)]


def _event(truth: Truth, number: int, rep: BridgeRep) -> Event:
    went = course(truth, number, middle_m(truth, "hip")[:, 2])
    return Event(
        number=number,
        start_s=went.start_s,
        turn_s=went.reached_s,
        end_s=went.end_s,
        counted=rep.counted,
        side=rep.side,
        faults=rep.faults,
        held_s=went.held_s,
        measures={
            **_measures(truth, rep.side, went),
            "lift_m": went.range,
            "ascent_s": went.reached_s - went.start_s,
            "descent_s": went.end_s - went.left_s,
            "held_s": went.held_s,
        },
    )


def _measures(truth: Truth, side: str, went: Course) -> dict[str, float]:
    """Return the sizes of one bridge."""
    bent = np.mean([hip_flexion_deg(truth, s) for s in SIDES_OF[side]], axis=0)
    heel, head = mean_of(truth, "heel_rise_deg", side), head_pitch_deg(truth)

    def at_top(values: FloatArray) -> float:
        return float(np.median(values[went.top]))

    return {
        "top_hip_flexion_deg": at_top(bent),
        "top_hip_angle_deg": at_top(mean_of(truth, "hip_flexion_deg", side)),
        "top_knee_flexion_deg": at_top(mean_of(truth, "knee_flexion_deg", side)),
        "lying_hip_flexion_deg": float(bent[went.first]),
        "pelvis_obliquity_deg": at_top(obliquity_deg(truth)),
        "knee_ratio": at_top(knee_ratio(truth)),
        "heel_rise_deg": at_top(heel) - float(heel[went.first]),
        "head_up_deg": at_top(head) - float(head[went.first]),
    }


SCRIPTS: dict[str, Script] = {
    "bridge": _script(bridge),
    "bridge-faults": _script(bridge_faults),
    "bridge-single": _script(bridge_single),
}
