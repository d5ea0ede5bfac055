"""Pelvic tilts: in crook lying the pelvis rolls back until the low back is flat, and returns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace

import numpy as np

from benchmarks.rendering.action import Action, Actor, Chance, Event, Fault, Moment, Script
from benchmarks.rendering.figure import LETTERS
from benchmarks.rendering.motions.supine import Supine, Trunk, draw_mat, draw_spot, find
from benchmarks.rendering.motions.supine_session import Session, Stance, draw_manner
from benchmarks.rendering.motions.supine_truth import (
    course,
    knee_ratio,
    knee_sway_deg,
    mean_of,
    middle_m,
)
from benchmarks.rendering.rig import FloatArray
from benchmarks.rendering.truth import Truth

_STRETCH_S = 1.6
"""How long it takes to stretch out the legs, or to draw them up."""


@dataclass(frozen=True)
class TiltRep:
    """One repetition, with its faults. Sizes hold while it is kept."""

    turn_deg: float = 8.0
    """Of the pelvis, backwards."""
    hip_rise_m: float = 0.008
    """How far the hips come up with it."""
    back_s: float = 1.2
    hold_s: float = 5.0
    forth_s: float = 1.2
    rest_s: float = 1.5
    """Lying still afterwards."""
    knee_ratio: float | None = None
    """Distance of the knees over that of the ankles; None as it comes."""
    knee_sway_deg: float = 0.0
    """How far both knees lean to the left."""
    knee_flexion_deg: float | None = None
    """Of the knees from this repetition on; under 25 the legs lie flat. None as they were."""
    counted: bool = True
    """False for hardly a movement."""
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True)
class Habit:
    """How one person tilts the pelvis."""

    knee_flexion_deg: float
    out_m: float
    toe_out_deg: float
    turn_deg: float
    hip_rise_m: float
    back_s: float
    hold_s: float
    forth_s: float
    rest_s: float

    def rep(self, rng: np.random.Generator) -> TiltRep:
        """Return one repetition, a little different each time."""

        def about(value: float) -> float:
            return value * float(np.clip(rng.normal(1, 0.13), 0.7, 1.35))

        return TiltRep(
            turn_deg=about(self.turn_deg),
            hip_rise_m=about(self.hip_rise_m),
            back_s=about(self.back_s),
            hold_s=about(self.hold_s),
            forth_s=about(self.forth_s),
            rest_s=about(self.rest_s),
        )


def draw_habit(rng: np.random.Generator) -> Habit:
    """Return how somebody does it well."""
    return Habit(
        knee_flexion_deg=float(rng.uniform(85, 112)),
        out_m=float(rng.uniform(0.1, 0.17)),
        toe_out_deg=float(rng.uniform(0, 14)),
        turn_deg=float(rng.uniform(5.5, 11.5)),
        hip_rise_m=float(rng.uniform(0.004, 0.014)),
        back_s=float(rng.uniform(0.8, 1.8)),
        hold_s=float(rng.uniform(2.5, 7.0)),
        forth_s=float(rng.uniform(0.8, 1.8)),
        rest_s=float(rng.uniform(1.0, 2.5)),
    )


FAULTS: dict[str, tuple[str, dict[str, tuple[float, float]]]] = {
    "lifting": (
        "hip_move_m",
        {"inside": (0.021, 0.027), "slight": (0.035, 0.05), "clear": (0.08, 0.17)},
    ),
    "knees_in": ("knee_ratio", {"inside": (0.9, 0.97), "slight": (0.74, 0.8), "clear": (0.3, 0.6)}),
    "knees_out": (
        "knee_ratio",
        {"inside": (1.25, 1.35), "slight": (1.55, 1.7), "clear": (2.0, 2.6)},
    ),
    "knees_sway": ("knee_sway_deg", {"inside": (4, 7), "slight": (11, 14), "clear": (20, 35)}),
    "legs_straight": (
        "knee_flexion_deg",
        {"inside": (66, 72), "slight": (46, 56), "clear": (2, 15)},
    ),
    "fast": ("cycle_s", {"inside": (3.0, 3.5), "slight": (1.8, 2.3), "clear": (0.8, 1.3)}),
    "short_hold": ("held_s", {"inside": (2.2, 2.6), "slight": (1.3, 1.7), "clear": (0.3, 0.8)}),
}
"""Fault → the measure that shows it, and its sizes by level."""

_CYCLE = 0.81
"""Share of a smooth move's time without the first 5 % of the way, or the last."""
_EASY = 0.25
"""Share of a smooth move's time in which the last tenth of the way is done."""


def with_fault(rep: TiltRep, name: str, level: str, rng: np.random.Generator) -> TiltRep:
    """Return a repetition that has one more fault, named as in `FAULTS`."""
    size = float(rng.uniform(*FAULTS[name][1][level]))
    faulty = replace(rep, faults=(*rep.faults, Fault(name, level)))
    moving_s = rep.back_s + rep.forth_s
    sway_deg = size * float(rng.choice((-1, 1)))
    changed: dict[str, Callable[[], TiltRep]] = {
        "lifting": lambda: replace(faulty, hip_rise_m=size, turn_deg=rep.turn_deg + 100 * size),
        "knees_in": lambda: replace(faulty, knee_ratio=size),
        "knees_out": lambda: replace(faulty, knee_ratio=size),
        "knees_sway": lambda: replace(faulty, knee_sway_deg=sway_deg),
        "legs_straight": lambda: replace(faulty, knee_flexion_deg=size),
        "fast": lambda: _fast(faulty, size),
        "short_hold": lambda: replace(faulty, hold_s=max(0.0, size - _EASY * moving_s)),
    }
    return changed[name]()


def _fast(rep: TiltRep, cycle_s: float) -> TiltRep:
    """Return a repetition that is over in so long, and so cannot be held long either."""
    move_s = 0.22 * cycle_s
    hold_s = cycle_s - 2 * _CYCLE * move_s
    return replace(rep, back_s=move_s, forth_s=move_s, hold_s=hold_s, rest_s=0.3)


class Fit:
    """Finds how far one body must be turned for what is asked.

    Parameters
    ----------
    supine
        The body.
    """

    def __init__(self, supine: Supine) -> None:
        self.supine = supine
        self._figures = supine.figures

    def stance(self, habit: Habit, knee_flexion_deg: float) -> Stance:
        """Return where the feet stand for the knees to be bent so much."""
        foot = self.supine.foot("left", knee_flexion_deg, habit.out_m, habit.toe_out_deg)
        return Stance(-float(foot.ankle_m[1]), habit.out_m, habit.toe_out_deg)

    def trunk(self, rep: TiltRep) -> Trunk:
        """Return what chest and spine do for the pelvis to turn and the hips to rise so far."""
        rest_m = self.supine.rest.root_m[2]

        def rise(lift_deg: float) -> float:
            figure = self.supine.trunk(Trunk(lift_deg, rep.turn_deg - lift_deg))
            return float(figure.root_m[2] - rest_m)

        lift_deg = find(rise, rep.hip_rise_m, -15.0, 40.0)
        return Trunk(lift_deg, rep.turn_deg - lift_deg)

    def knee_in_deg(self, rep: TiltRep, stance: Stance) -> float:
        """Return how far the knees must lean inwards for their distance."""
        if rep.knee_ratio is None:
            return 0.0
        trunk = self.supine.trunk(self.trunk(rep))

        def closeness(knee_in_deg: float) -> float:
            legs = {
                side: self.supine.planted(
                    side, stance.ahead_m, stance.out_m, stance.toe_out_deg, knee_in_deg
                )
                for side in LETTERS
            }
            placed = self._figures.place(replace(trunk, legs=legs))
            knees = [self._figures.joint(placed, f"lowerleg01.{c}")[0] for c in LETTERS.values()]
            return -float(knees[0] - knees[1]) / (2 * stance.out_m)

        return find(closeness, -rep.knee_ratio, -60.0, 60.0, 0.001)


class TiltMotion:
    """Repetitions on one body's tracks.

    Parameters
    ----------
    session
        Of the body.
    fit
        For the same body.
    habit, reps
        What it does.
    start_s
        When the first repetition begins.
    """

    def __init__(
        self, session: Session, fit: Fit, habit: Habit, reps: Sequence[TiltRep], start_s: float
    ) -> None:
        self.session = session
        self._fit, self._habit = fit, habit
        self.spans_s: list[tuple[float, float]] = []
        """When each repetition begins and ends."""
        self.end_s = start_s
        for rep in reps:
            self._add(rep)

    def rep_at(self, t_s: float) -> int:
        """Return the number of the repetition that is going on, or 0."""
        for number, (start_s, end_s) in enumerate(self.spans_s, start=1):
            if start_s <= t_s <= end_s:
                return number
        return 0

    def _add(self, rep: TiltRep) -> None:
        session, habit = self.session, self._habit
        bent_deg = habit.knee_flexion_deg if rep.knee_flexion_deg is None else rep.knee_flexion_deg
        stance = self._legs(bent_deg)
        trunk, start_s = self._fit.trunk(rep), self.end_s
        down_s = start_s + rep.back_s + rep.hold_s
        for track, value in (
            (session.lift_deg, trunk.lift_deg),
            (session.curl_deg, trunk.curl_deg),
            (session.knee_in_deg, self._fit.knee_in_deg(rep, stance)),
            (session.knee_sway_deg, rep.knee_sway_deg),
        ):
            if value:
                track.go(start_s, rep.back_s, value)
                track.go(down_s, rep.forth_s, 0.0)
        end_s = down_s + rep.forth_s
        self.spans_s.append((start_s, end_s))
        self.end_s = end_s + rep.rest_s

    def _legs(self, bent_deg: float) -> Stance:
        """Have the knees bent so much before the next repetition."""
        session = self.session
        flat = float(bent_deg < 25.0)
        if session.straight.at(np.inf) != flat:
            session.straight.go(self.end_s, _STRETCH_S, flat)
            self.end_s += _STRETCH_S + 0.5
        stance = self._fit.stance(self._habit, self._habit.knee_flexion_deg if flat else bent_deg)
        if abs(session.ahead_m["left"].at(np.inf) - stance.ahead_m) > 0.005:
            self.end_s = session.stand_at(stance, self.end_s) + 0.4
        return stance


Planner = Callable[[np.random.Generator, Habit], list[TiltRep]]


def tilt(rng: np.random.Generator, habit: Habit) -> list[TiltRep]:
    """Return some good repetitions, sometimes with a wriggle that is none."""
    reps = [habit.rep(rng) for _ in range(int(rng.integers(3, 5)))]
    if rng.random() < 0.3:
        wriggle = TiltRep(1.6, 0.001, 0.4, 0.0, 0.4, 1.0, counted=False)
        reps.insert(int(rng.integers(0, len(reps))), wriggle)
    return reps


def tilt_faults(rng: np.random.Generator, habit: Habit) -> list[TiltRep]:
    """Return repetitions of which most have a fault."""
    habit = replace(habit, hold_s=float(rng.uniform(2.6, 4.0)))
    reps = [habit.rep(rng)]
    for name in rng.permutation(list(FAULTS))[:4]:
        level = str(rng.choice(("clear", "slight", "inside"), p=(0.55, 0.25, 0.2)))
        rep = with_fault(habit.rep(rng), str(name), level, rng)
        if name == "fast":
            rep = replace(rep, faults=(*rep.faults, Fault("short_hold", level)))
            reps += [rep, rep]
        reps.append(rep)
    return reps


def _script(planner: Planner) -> Script:
    """Return a plan for any body as a script for one."""

    def perform(actor: Actor, chance: Chance, fps: float) -> Action:
        style, placing, planning = chance("style"), chance("place"), chance("plan")
        habit, manner, spot = draw_habit(style), draw_manner(style), draw_spot(placing)
        reps, fit = planner(planning, habit), Fit(Supine(actor))
        stance = fit.stance(habit, habit.knee_flexion_deg)
        start_s = float(planning.uniform(0.9, 1.8))
        session = Session(fit.supine, stance, manner, chance("wobble"), spot)
        if planning.random() < 0.35:
            session.look(float(planning.choice((-1, 1)) * planning.uniform(12, 32)), 0.2, 0.4)
            start_s += 0.9
        motion = TiltMotion(session, fit, habit, reps, start_s)
        end_s = motion.end_s + float(planning.uniform(0.2, 0.8))
        times = [i / fps for i in range(round(end_s * fps))]
        moments = [
            Moment(t, actor.figures.place(session.figure(t)), motion.rep_at(t)) for t in times
        ]
        turned = pelvis_deg(actor, moments)
        return Action(
            "pelvic_tilt",
            moments,
            lambda truth: events(truth, reps, turned),
            draw_mat(placing, spot),
            {**asdict(habit), **asdict(manner)},
        )

    return perform


def pelvis_deg(actor: Actor, moments: Sequence[Moment]) -> FloatArray:
    """Return how far the pelvis is turned backwards from lying flat, (T,)."""
    root = actor.body.rig.index["root"]
    up = np.array([moment.placed.rotations[root][:, 2] for moment in moments])
    turned: FloatArray = -np.degrees(np.arctan2(up[:, 2], np.hypot(up[:, 0], up[:, 1])))
    return turned


def events(truth: Truth, reps: Sequence[TiltRep], turned_deg: FloatArray) -> list[Event]:
    """Return what happened, as measured on the joints.

    Parameters
    ----------
    truth
        Of the film.
    reps
        What was planned.
    turned_deg
        (T,) how far the pelvis, which no joint shows, is turned backwards.
    """
    found = []
    hips, ratio, sway = middle_m(truth, "hip"), knee_ratio(truth), knee_sway_deg(truth)
    bent = mean_of(truth, "knee_flexion_deg", "both")
    for number, rep in enumerate(reps, start=1):
        went = course(truth, number, turned_deg)
        top = went.top
        move = np.linalg.norm(hips[top] - hips[went.first], axis=1)
        found.append(
            Event(
                number=number,
                start_s=went.start_s,
                turn_s=went.reached_s,
                end_s=went.end_s,
                counted=rep.counted,
                faults=rep.faults,
                held_s=went.held_s,
                measures={
                    "pelvis_turn_deg": went.range,
                    "hip_move_m": float(np.median(move)),
                    "hip_rise_m": float(np.median(hips[top, 2]) - hips[went.first, 2]),
                    "knee_flexion_deg": float(np.median(bent[top])),
                    "knee_ratio": float(np.median(ratio[top])),
                    "knee_sway_deg": float(np.median(sway[top])),
                    "ascent_s": went.reached_s - went.start_s,
                    "descent_s": went.end_s - went.left_s,
                    "cycle_s": went.end_s - went.start_s,
                    "held_s": went.held_s,
                },
            )
        )
    return found


SCRIPTS: dict[str, Script] = {"tilt": _script(tilt), "tilt-faults": _script(tilt_faults)}
