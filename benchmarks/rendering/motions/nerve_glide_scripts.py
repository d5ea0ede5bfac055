"""Which nerve glides are filmed, by name, and what is measured on them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace

import numpy as np

from benchmarks.rendering.action import Action, Actor, Chance, Event, Fault, Moment, Script
from benchmarks.rendering.figure import LETTERS
from benchmarks.rendering.motions.nerve_glide import Bout, Motion, Plan, Rep
from benchmarks.rendering.motions.nerve_glide_pose import (
    HANDS,
    OTHER_LEGS,
    Poser,
    SeatedGlide,
    Style,
    SupineGlide,
)
from benchmarks.rendering.motions.seated import draw_seat
from benchmarks.rendering.motions.stretch_truth import (
    angle_deg,
    face_deg,
    neck_deg,
    thigh_m,
    thigh_trunk_deg,
    trunk_m,
)
from benchmarks.rendering.motions.supine import draw_spot
from benchmarks.rendering.rig import FloatArray
from benchmarks.rendering.truth import Truth
from formcheck.reps import BOTTOM, EDGE

FAULTS: dict[str, tuple[str, dict[str, tuple[float, float]]]] = {
    "tensioner": ("phase_deg", {"inside": (30, 42), "slight": (75, 95), "clear": (150, 180)}),
    "knee_bent": ("knee_deg", {"inside": (12, 16), "slight": (25, 30), "clear": (38, 52)}),
    "jerky": ("uneven", {"inside": (0.2, 0.35), "slight": (0.7, 0.85), "clear": (1.0, 1.4)}),
    "too_fast": ("moving_s", {"inside": (2.0, 2.3), "slight": (1.4, 1.6), "clear": (0.95, 1.15)}),
    "end_hold": ("hold_s", {"inside": (0.4, 0.7), "slight": (1.4, 1.9), "clear": (3.0, 4.5)}),
    "trunk_sway": ("sway_deg", {"inside": (2, 3.5), "slight": (7, 9), "clear": (13, 20)}),
    "thigh_lift": ("thigh_deg", {"inside": (2.5, 3.5), "slight": (7, 9), "clear": (13, 19)}),
    "thigh_drop": ("thigh_deg", {"inside": (3, 5), "slight": (9, 12), "clear": (18, 28)}),
}
"""Fault → what of a repetition is how large at each level."""

MEASURES = {
    "tensioner": "coupling",
    "knee_bent": "knee_extension_deg",
    "jerky": "unevenness_ratio",
    "too_fast": "duration_s",
    "end_hold": "held_s",
    "trunk_sway": "trunk_change_deg",
    "thigh_lift": "thigh_change_deg",
    "thigh_drop": "thigh_change_deg",
}
"""Fault → the measure that shows it."""

_SEATED_ONLY = ("trunk_sway", "thigh_lift")
_LYING_ONLY = ("thigh_drop",)
_STILL_DEG = 3.0
"""A neck that moves less than this does not move with anything."""


def with_fault(rep: Rep, name: str, level: str, rng: np.random.Generator) -> Rep:
    """Return a repetition that shows a fault of `FAULTS` at one of its levels."""
    what, sizes = FAULTS[name]
    size = float(rng.uniform(*sizes[level]))
    rep = replace(rep, faults=(*rep.faults, Fault(name, level)))
    if what == "moving_s":
        return replace(rep, out_s=0.48 * size, hold_s=0.0, back_s=0.52 * size)
    return replace(rep, **{what: size})  # type: ignore[arg-type]


def clean(rng: np.random.Generator, lying: bool, one_side: bool) -> Plan:
    """Return good repetitions of one side or of both, some with one that stops half way."""
    sides = [str(side) for side in rng.permutation(list(LETTERS))]
    sides = sides[:1] if one_side or rng.random() < 0.6 else sides
    count = int(rng.integers(5, 9)) if len(sides) == 1 else 5
    pace = _rep(rng)
    bouts = [_bout(rng, side, [_varied(rng, pace) for _ in range(count)]) for side in sides]
    if rng.random() < 0.35:
        reps = list(bouts[0].reps)
        partial = replace(
            _varied(rng, pace), reach=float(rng.uniform(0.3, 0.45)), out_s=0.9, back_s=0.9
        )
        reps.insert(int(rng.integers(0, count + 1)), replace(partial, counted=False))
        bouts[0] = replace(bouts[0], reps=tuple(reps))
    return _plan(rng, bouts, lying, moves_head=not lying or rng.random() < 0.7)


def faulty(rng: np.random.Generator, lying: bool, one_side: bool) -> Plan:
    """Return two good repetitions and five with a fault each."""
    left_out = _SEATED_ONLY if lying else _LYING_ONLY
    names = [str(n) for n in rng.permutation([n for n in FAULTS if n not in left_out])][:5]
    pace = _rep(rng)
    reps = [_varied(rng, pace) for _ in range(2)]
    for name in names:
        level = str(rng.choice(("clear", "slight", "inside"), p=(0.55, 0.25, 0.2)))
        reps.append(with_fault(_varied(rng, pace), name, level, rng))
    sides = [str(side) for side in rng.permutation(list(LETTERS))]
    bouts = [_bout(rng, sides[0], reps)]
    if not one_side and rng.random() < 0.3:
        bouts = [_bout(rng, sides[0], reps[:4]), _bout(rng, sides[1], reps[4:])]
    return _plan(rng, bouts, lying, moves_head=True)


def _rep(rng: np.random.Generator) -> Rep:
    """Return how somebody does it well."""
    return Rep(
        knee_deg=float(rng.uniform(1, 9)),
        out_s=float(rng.uniform(1.2, 1.9)),
        hold_s=float(rng.uniform(0.0, 0.3)),
        back_s=float(rng.uniform(1.2, 1.9)),
        rest_s=float(rng.uniform(0.1, 0.6)),
        phase_deg=float(rng.normal(0, 8)),
        thigh_deg=float(rng.uniform(0.0, 1.8)),
        sway_deg=float(rng.uniform(0.0, 1.5)),
        dorsiflexion_deg=float(rng.uniform(4, 18)),
    )


def _varied(rng: np.random.Generator, rep: Rep) -> Rep:
    return replace(
        rep,
        knee_deg=max(0.5, rep.knee_deg + float(rng.normal(0, 1.5))),
        out_s=rep.out_s * float(rng.uniform(0.9, 1.12)),
        back_s=rep.back_s * float(rng.uniform(0.9, 1.12)),
        hold_s=rep.hold_s * float(rng.uniform(0.5, 1.5)),
        rest_s=rep.rest_s * float(rng.uniform(0.5, 1.6)),
        phase_deg=rep.phase_deg + float(rng.normal(0, 4)),
    )


def _bout(rng: np.random.Generator, side: str, reps: list[Rep]) -> Bout:
    return Bout(
        side,
        tuple(reps),
        into_s=float(rng.uniform(1.3, 2.0)),
        settle_s=float(rng.uniform(0.4, 1.0)),
        out_s=float(rng.uniform(1.2, 1.8)),
        rest_s=float(rng.uniform(0.3, 0.9)),
    )


def _plan(rng: np.random.Generator, bouts: list[Bout], lying: bool, moves_head: bool) -> Plan:
    return Plan(
        tuple(bouts),
        lying,
        moves_head,
        before_s=float(rng.uniform(0.8, 1.6)),
        after_s=float(rng.uniform(0.6, 1.2)),
        fidget=float(rng.uniform(0.0, 1.0)),
    )


def draw_style(rng: np.random.Generator) -> Style:
    """Return how somebody does it."""
    seat = draw_seat(rng)
    return Style(
        seat=replace(seat, high_m=seat.high_m + 0.01, feet_ahead_m=float(rng.uniform(-0.02, 0.03))),
        hands=str(rng.choice(HANDS)),
        pelvis_deg=float(rng.uniform(-20, -8)),
        slump_deg=float(rng.uniform(26, 42)),
        tuck_deg=float(rng.uniform(28, 42)),
        look_up_deg=float(rng.uniform(22, 42)),
        other_leg=str(rng.choice(OTHER_LEGS)),
        raised_deg=float(rng.uniform(82, 93)),
        hanging_deg=float(rng.uniform(85, 105)),
        planted_deg=float(rng.uniform(88, 104)),
        wobble=float(rng.uniform(0.6, 1.5)),
        breath_hz=float(rng.uniform(0.2, 0.3)),
    )


def _script(
    planner: Callable[[np.random.Generator, bool, bool], Plan], lying: bool | None
) -> Script:
    """Return a plan for any body as a script for one; `lying` None leaves it to chance."""

    def perform(actor: Actor, chance: Chance, fps: float) -> Action:
        down = bool(chance("place").random() < 0.5) if lying is None else lying
        style = draw_style(chance("style"))
        if down:
            poser: Poser = SupineGlide(actor, style, draw_spot(chance("spot")))
        else:
            poser = SeatedGlide(actor, style)
        plan = planner(chance("plan"), down, down and style.other_leg == "straight")
        motion = Motion(plan, style, chance("wobble"))
        times = [i / fps for i in range(round(motion.duration_s * fps))]
        return Action(
            "nerve_glide",
            [Moment(t, poser.place(motion.pose(t)), motion.rep(t)) for t in times],
            lambda truth: events(truth, plan),
            poser.blocks(chance("blocks")),
            {"place": "floor" if down else "chair", **asdict(style)},
        )

    return perform


# Truth


@dataclass(frozen=True)
class _Course:
    """How the knee went in one repetition: frames of the film."""

    start: int
    turn: int
    end: int
    held_s: float


def events(truth: Truth, plan: Plan) -> list[Event]:
    """Return the repetitions, as measured on the joints."""
    planned = [(bout.side, rep) for bout in plan.bouts for rep in bout.reps]
    return [_event(truth, number, *what) for number, what in enumerate(planned, start=1)]


def _event(truth: Truth, number: int, side: str, rep: Rep) -> Event:
    went = _course(truth, number, side)
    t = truth.t_s
    return Event(
        number=number,
        start_s=float(t[went.start]),
        turn_s=float(t[went.turn]),
        end_s=float(t[went.end]),
        counted=rep.counted,
        side=side,
        faults=rep.faults,
        held_s=went.held_s,
        measures=_measures(truth, side, went),
    )


def _course(truth: Truth, number: int, side: str) -> _Course:
    """Measure a repetition: it starts and ends 5 % of the way from where the knee rests."""
    mine = np.flatnonzero(truth.rep == number)
    bent = truth.angles[f"{side}_knee_flexion_deg"]
    turn = int(mine[np.argmin(bent[mine])])
    shares = []
    for way in (np.arange(mine[0], turn + 1), np.arange(turn, mine[-1] + 1)):
        rest = bent[way].max()
        shares.append((rest - bent[way]) / (rest - bent[turn]))
    out, back = shares
    end_position = np.count_nonzero(out > BOTTOM) + np.count_nonzero(back > BOTTOM) - 1
    return _Course(
        start=int(mine[0] + np.argmax(out > EDGE)),
        turn=turn,
        end=turn + len(back) - 1 - int(np.argmax(back[::-1] > EDGE)),
        held_s=float(end_position * (truth.t_s[1] - truth.t_s[0])),
    )


def _measures(truth: Truth, side: str, went: _Course) -> dict[str, float]:
    """Return the sizes of a repetition."""
    during = slice(went.start, went.end + 1)
    bent, neck = truth.angles[f"{side}_knee_flexion_deg"], neck_deg(truth)
    face = face_deg(truth)
    return {
        "knee_extension_deg": float(bent[went.turn]),
        "knee_range_deg": float(np.ptp(bent[during])),
        "neck_deg": float(neck[went.turn]),
        "neck_range_deg": float(np.ptp(neck[during])),
        "face_deg": float(face[went.turn]),
        "face_range_deg": float(np.ptp(face[during])),
        "coupling": _coupling(-bent[during], neck[during]),
        "dorsiflexion_deg": float(truth.angles[f"{side}_ankle_flexion_deg"][went.turn]),
        "thigh_trunk_deg": float(thigh_trunk_deg(truth, side)[went.turn]),
        "thigh_change_deg": _furthest_deg(thigh_m(truth, side)[during]),
        "trunk_change_deg": _furthest_deg(trunk_m(truth)[during]),
        "unevenness_ratio": max(
            _unevenness(bent[went.start : went.turn + 1]),
            _unevenness(bent[went.turn : went.end + 1]),
        ),
        "duration_s": float(truth.t_s[went.end] - truth.t_s[went.start]),
        "held_s": went.held_s,
    }


def _coupling(knee: FloatArray, neck: FloatArray) -> float:
    """Return how knee and neck extend together: 1 a slider, -1 a tensioner; NaN, neck still."""
    if np.ptp(neck) < _STILL_DEG:
        return float("nan")
    return float(np.corrcoef(knee, neck)[0, 1])


def _furthest_deg(line: FloatArray) -> float:
    """Return how far a direction gets from where it was at first."""
    return float(angle_deg(line, line[0]).max())


def _unevenness(bent: FloatArray) -> float:
    """Return the largest loss of speed between two faster moments, over the highest speed.

    0 where the knee first only gets faster and then only slower, 1 where it stops on its way;
    more where it goes back.
    """
    speed = np.diff(bent) * np.sign(bent[-1] - bent[0])
    if len(speed) < 3:
        return 0.0
    before = np.maximum.accumulate(speed)
    after = np.maximum.accumulate(speed[::-1])[::-1]
    return float((np.minimum(before, after) - speed).max() / speed.max())


SCRIPTS: dict[str, Script] = {
    "nerve-glide-seated": _script(clean, lying=False),
    "nerve-glide-supine": _script(clean, lying=True),
    "nerve-glide-faults": _script(faulty, lying=None),
}
