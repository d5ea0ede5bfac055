"""Which figure-four stretches are filmed, by name, and what is measured on them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, replace

import numpy as np

from benchmarks.rendering.action import Action, Actor, Chance, Event, Fault, Moment, Script
from benchmarks.rendering.figure import LETTERS
from benchmarks.rendering.motions.crossing import OTHER, Cross
from benchmarks.rendering.motions.figure_four import Bout, Hold, Motion, Plan
from benchmarks.rendering.motions.figure_four_pose import (
    SEATED_HANDS,
    Pose,
    Poser,
    SeatedFour,
    Style,
    SupineFour,
)
from benchmarks.rendering.motions.seated import draw_seat
from benchmarks.rendering.motions.stretch_truth import (
    neck_deg,
    roll_deg,
    thigh_m,
    thigh_trunk_deg,
    trunk_m,
)
from benchmarks.rendering.motions.supine import draw_spot
from benchmarks.rendering.rig import FloatArray
from benchmarks.rendering.truth import Truth

FAULTS: dict[str, tuple[str, dict[str, tuple[float, float]]]] = {
    "ankle_low": ("at", {"inside": (0.9, 0.94), "slight": (1.1, 1.16), "clear": (1.26, 1.4)}),
    "ankle_far": (
        "beyond_m",
        {"inside": (0.1, 0.12), "slight": (0.16, 0.18), "clear": (0.2, 0.25)},
    ),
    "unsteady": ("wobble_deg", {"inside": (1.0, 1.6), "slight": (3.0, 4.0), "clear": (6.0, 9.0)}),
    "short_hold": ("hold_s", {"inside": (5.2, 6.0), "slight": (3.4, 4.2), "clear": (1.4, 2.4)}),
    "pelvis_rolled": ("roll_deg", {"inside": (3, 5), "slight": (7, 9), "clear": (11, 16)}),
    "little_lean": ("lean_deg", {"inside": (11, 13), "slight": (6, 8), "clear": (0.5, 2.5)}),
    "rounded_back": ("bend_deg", {"inside": (6, 9), "slight": (14, 18), "clear": (28, 42)}),
    "not_pulled_in": (
        "thigh_trunk_deg",
        {"inside": (73, 77), "slight": (83, 87), "clear": (93, 103)},
    ),
    "head_up": ("head_up_deg", {"inside": (4, 7), "slight": (12, 16), "clear": (24, 38)}),
}
"""Fault → what of a hold, or of how the leg lies, is how large at each level."""

MEASURES = {
    "ankle_low": "ankle_above_knee_ratio",
    "ankle_far": "ankle_knee_ratio",
    "unsteady": "steadiness_deg",
    "short_hold": "held_s",
    "pelvis_rolled": "pelvis_roll_deg",
    "little_lean": "trunk_deg",
    "rounded_back": "trunk_ratio",
    "not_pulled_in": "thigh_trunk_deg",
    "head_up": "neck_deg",
}
"""Fault → the measure that shows it."""

_SEATED_ONLY = ("little_lean", "rounded_back")
_LYING_ONLY = ("not_pulled_in", "head_up")


def with_fault(bout: Bout, name: str, level: str, rng: np.random.Generator) -> Bout:
    """Return a bout with one hold that shows a fault of `FAULTS` at one of its levels."""
    what, sizes = FAULTS[name]
    size = float(rng.uniform(*sizes[level]))
    hold = replace(bout.holds[0], faults=(*bout.holds[0].faults, Fault(name, level)))
    if what in ("at", "beyond_m"):
        # The further the leg has to go, the longer it takes.
        bout = replace(
            bout,
            cross=replace(bout.cross, **{what: size}),
            cross_s=1.3 * bout.cross_s,
            uncross_s=1.3 * bout.uncross_s,
        )
    elif what == "roll_deg":
        hold = replace(hold, roll_deg=size * float(rng.choice((-1, 1))))
    else:
        changed = {what: size} | ({"lean_deg": 14.0} if what == "bend_deg" else {})
        hold = replace(hold, **changed)  # type: ignore[arg-type]
    return replace(bout, holds=(hold, *bout.holds[1:]))


def clean(rng: np.random.Generator, lying: bool) -> Plan:
    """Return good holds of one side or of both; some are interrupted or given up early."""
    sides = [str(side) for side in rng.permutation(list(LETTERS))]
    sides = sides if rng.random() < 0.6 else sides[:1]
    bouts = []
    for side in sides:
        holds = [_hold(rng, rng.uniform(6.0, 9.0))]
        if len(sides) == 1 or rng.random() < 0.35:
            first = replace(holds[0], slips=True) if rng.random() < 0.5 else holds[0]
            holds = [first, _hold(rng, rng.uniform(6.0, 8.0))]
        bouts.append(_bout(rng, side, *holds))
    if rng.random() < 0.25:
        early = replace(_hold(rng, 0.4), into_s=1.2, slips=True, counted=False)
        bouts[0] = replace(bouts[0], holds=(early, *bouts[0].holds[:1]))
    return _plan(rng, bouts, lying)


def faulty(rng: np.random.Generator, lying: bool) -> Plan:
    """Return a good hold and two with a fault each."""
    left_out = _SEATED_ONLY if lying else _LYING_ONLY
    names = [str(n) for n in rng.permutation([n for n in FAULTS if n not in left_out])][:2]
    sides = [str(side) for side in rng.permutation(list(LETTERS))]
    bouts = [_bout(rng, sides[0], _hold(rng, rng.uniform(5.5, 7.0)))]
    for i, name in enumerate(names, start=1):
        level = str(rng.choice(("clear", "slight", "inside"), p=(0.55, 0.25, 0.2)))
        plain = _bout(rng, sides[i % 2], _hold(rng, rng.uniform(5.5, 7.0)))
        bouts.append(with_fault(plain, name, level, rng))
    return _plan(rng, bouts, lying)


def _hold(rng: np.random.Generator, hold_s: float) -> Hold:
    return Hold(
        lean_deg=float(rng.uniform(16, 40)),
        thigh_trunk_deg=float(rng.uniform(56, 72)),
        into_s=float(rng.uniform(1.3, 2.1)),
        hold_s=float(hold_s),
        out_s=float(rng.uniform(1.1, 1.7)),
        rest_s=float(rng.uniform(0.5, 1.3)),
        wobble_deg=float(rng.uniform(0.0, 0.7)),
    )


def _bout(rng: np.random.Generator, side: str, *holds: Hold) -> Bout:
    cross = Cross(
        at=float(rng.uniform(0.8, 0.88)),
        beyond_m=float(rng.uniform(0.05, 0.075)),
        drop_deg=float(rng.uniform(76, 94)),
        dorsiflexion_deg=float(rng.uniform(-14, 6)),
    )
    return Bout(
        side,
        holds,
        cross,
        cross_s=float(rng.uniform(1.7, 2.3)),
        settle_s=float(rng.uniform(0.3, 1.0)),
        uncross_s=float(rng.uniform(1.6, 2.2)),
        rest_s=float(rng.uniform(0.4, 1.1)),
    )


def _plan(rng: np.random.Generator, bouts: list[Bout], lying: bool) -> Plan:
    return Plan(
        tuple(bouts),
        lying,
        before_s=float(rng.uniform(0.8, 1.6)),
        after_s=float(rng.uniform(0.7, 1.4)),
        fidget=float(rng.uniform(0.0, 1.0)),
    )


def fitted(plan: Plan, poser: Poser) -> Plan:
    """Return a plan in which nobody goes further into a stretch than their own body lets them."""
    bouts = []
    for bout in plan.bouts:
        holds = tuple(_fitted(hold, bout, poser) for hold in bout.holds)
        bouts.append(replace(bout, holds=holds))
    return replace(plan, bouts=tuple(bouts))


def _fitted(hold: Hold, bout: Bout, poser: Poser) -> Hold:
    for _ in range(6):
        pose = Pose(
            side=bout.side,
            cross=bout.cross,
            crossed=1.0,
            ready=1.0,
            hands=1.0,
            lift=1.0,
            lean_deg=hold.lean_deg + 1.2 * hold.wobble_deg,
            bend_deg=hold.bend_deg,
            thigh_trunk_deg=hold.thigh_trunk_deg - 1.2 * hold.wobble_deg,
        )
        if poser.pressed_m(pose) < _SOFT_M:
            break
        hold = replace(
            hold, lean_deg=hold.lean_deg - 4.0, thigh_trunk_deg=hold.thigh_trunk_deg + 3.0
        )
    return hold


_SOFT_M = 0.025
"""How far trunk and legs give way where they are pressed together."""


def draw_style(rng: np.random.Generator) -> Style:
    """Return how somebody does it."""
    return Style(
        seat=draw_seat(rng),
        upright_deg=float(rng.uniform(-9, -2)),
        round_deg=float(rng.uniform(5, 14)),
        hands=str(rng.choice(SEATED_HANDS, p=(0.7, 0.3))),
        waiting=str(rng.choice(("beside", "belly"))),
        planted_deg=float(rng.uniform(92, 108)),
        pulled_deg=float(rng.uniform(72, 100)),
        wobble=float(rng.uniform(0.6, 1.5)),
        breath_hz=float(rng.uniform(0.2, 0.3)),
    )


def _script(planner: Callable[[np.random.Generator, bool], Plan], lying: bool | None) -> Script:
    """Return a plan for any body as a script for one; `lying` None leaves it to chance."""

    def perform(actor: Actor, chance: Chance, fps: float) -> Action:
        down = bool(chance("place").random() < 0.5) if lying is None else lying
        style = draw_style(chance("style"))
        if down:
            poser: Poser = SupineFour(actor, style, draw_spot(chance("spot")))
        else:
            poser = SeatedFour(actor, style)
        plan = fitted(planner(chance("plan"), down), poser)
        motion = Motion(plan, style, chance("wobble"))
        times = [i / fps for i in range(round(motion.duration_s * fps))]
        return Action(
            "figure_four",
            [Moment(t, poser.place(motion.pose(t)), motion.rep(t)) for t in times],
            lambda truth: events(truth, plan),
            poser.blocks(chance("blocks")),
            {"place": "floor" if down else "chair", **asdict(style)},
        )

    return perform


# Truth


def events(truth: Truth, plan: Plan) -> list[Event]:
    """Return the holds, as measured on the joints."""
    planned = [(bout.side, hold) for bout in plan.bouts for hold in bout.holds]
    return [_event(truth, number, *what) for number, what in enumerate(planned, start=1)]


def _event(truth: Truth, number: int, side: str, hold: Hold) -> Event:
    first, last = _kept(truth, number, side)
    inner = slice(first + (last - first) // 10, last + 1 - (last - first) // 10)
    start_s, end_s = float(truth.t_s[first]), float(truth.t_s[last])
    return Event(
        number=number,
        start_s=start_s,
        turn_s=(start_s + end_s) / 2,
        end_s=end_s,
        counted=hold.counted,
        side=side,
        faults=hold.faults,
        held_s=end_s - start_s,
        measures={**_measures(truth, side, inner), "held_s": end_s - start_s},
    )


def _kept(truth: Truth, number: int, side: str) -> tuple[int, int]:
    """Return the first and the last frame of the position kept in the middle of a hold.

    Kept is what is within a tenth of the way that trunk and legs have come into it, or within
    4 degrees and a twentieth of the thigh's length.
    """
    mine = np.flatnonzero(truth.rep == number)
    middle = mine[len(mine) * 3 // 8 : len(mine) * 5 // 8 + 1]
    near = np.ones(len(truth.t_s), dtype=bool)
    for signal, least in (
        (thigh_trunk_deg(truth, OTHER[side]), 4.0),
        (_ankle_knee_ratio(truth, side), 0.05),
    ):
        way = np.ptp(signal[mine])
        near &= np.abs(signal - np.median(signal[middle])) <= max(least, 0.1 * way)
    held = mine[near[mine]]
    first, last = int(held[0]), int(held[-1])
    while first > 0 and near[first - 1]:
        first -= 1
    while last < len(near) - 1 and near[last + 1]:
        last += 1
    return first, last


def _ankle_knee_ratio(truth: Truth, side: str) -> FloatArray:
    """Return the crossed ankle's distance from the other knee, in lengths of the thigh, (T,)."""
    away = truth.joint(f"{side}_ankle") - truth.joint(f"{OTHER[side]}_knee")
    thigh = np.linalg.norm(thigh_m(truth, OTHER[side]), axis=1)
    ratio: FloatArray = np.linalg.norm(away, axis=1) / thigh
    return ratio


def _measures(truth: Truth, side: str, held: slice) -> dict[str, float]:
    """Return the sizes of a hold."""
    other = OTHER[side]
    thigh, trunk = thigh_m(truth, other)[held], np.linalg.norm(trunk_m(truth), axis=1)
    above = truth.joint(f"{other}_knee")[held] - truth.joint(f"{side}_ankle")[held]
    pulled = thigh_trunk_deg(truth, other)[held]
    signals = {
        "thigh_trunk_deg": pulled,
        "ankle_knee_ratio": _ankle_knee_ratio(truth, side)[held],
        "ankle_above_knee_ratio": (above * thigh).sum(axis=1) / (thigh * thigh).sum(axis=1),
        "trunk_deg": truth.angles["trunk_inclination_deg"][held],
        "trunk_ratio": trunk[held] / trunk.max(),
        "pelvis_roll_deg": roll_deg(truth, side)[held],
        "neck_deg": neck_deg(truth)[held],
    }
    medians = {name: float(np.median(signal)) for name, signal in signals.items()}
    return {**medians, "steadiness_deg": float(np.std(pulled))}


SCRIPTS: dict[str, Script] = {
    "figure-four-seated": _script(clean, lying=False),
    "figure-four-supine": _script(clean, lying=True),
    "figure-four-faults": _script(faulty, lying=None),
}
