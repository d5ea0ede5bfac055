"""Walking: to and fro, into place before an exercise and away after it, and past someone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from benchmarks.rendering.action import (
    Action,
    Actor,
    Chance,
    Moment,
    Script,
)
from benchmarks.rendering.figure import LETTERS, SIGNS, Figures
from benchmarks.rendering.motions.gait import (
    OTHER,
    Bearing,
    Gait,
    Station,
    Step,
    draw_bearing,
    in_swing,
)
from benchmarks.rendering.rig import (
    FORWARD,
    FloatArray,
    Placement,
    rotation,
)

_APART_M = 0.125
"""Distance of the middle lines of two feet that pass one another."""

_TOUCHING_M = 0.105

Stand = Mapping[str, Station]
"""Side → where the foot is."""


@dataclass(frozen=True)
class Pace:
    """How one person walks. Lengths in metres, times in seconds."""

    length_m: float = 0.55
    """Of a step: from the toes of one foot to those of the other."""
    step_s: float = 0.56
    width_m: float = 0.15
    """Between the ankles, sideways."""
    toe_out_deg: float = 8.0


def draw_pace(rng: np.random.Generator, stature_m: float) -> Pace:
    """Return one person's way of walking indoors."""
    step_s = float(rng.uniform(0.52, 0.64))
    return Pace(
        length_m=stature_m * float(rng.uniform(0.27, 0.36)),
        step_s=step_s,
        width_m=stature_m * float(rng.uniform(0.085, 0.11)),
        toe_out_deg=float(rng.uniform(3, 13)),
    )


def standing(
    pace: Pace, at_m: Sequence[float] | FloatArray = (0.0, 0.0), heading_deg: float = 0.0
) -> Stand:
    """Return the stations of someone who stands somewhere."""
    return {side: _station(side, pace, np.array(at_m), heading_deg) for side in LETTERS}


def _station(side: str, pace: Pace, at_m: FloatArray, heading_deg: float) -> Station:
    out = rotation("z", heading_deg) @ np.array([SIGNS[side] * pace.width_m / 2, 0.0, 0.0])
    return Station(
        np.array([at_m[0] + out[0], at_m[1] + out[1], 0.0]),
        heading_deg + SIGNS[side] * pace.toe_out_deg,
    )


def stand_of(figures: Figures, placed: Placement) -> Stand:
    """Return where the feet of someone are who stands on both."""
    stand = {}
    for side, letter in LETTERS.items():
        foot = placed.rotations[figures.rig.index[f"foot.{letter}"]] @ _toes_ahead(figures, side)
        ankle = figures.joint(placed, f"foot.{letter}")
        stand[side] = Station(ankle * (1.0, 1.0, 0.0), _heading_deg(foot))
    return stand


def _toes_ahead(figures: Figures, side: str) -> FloatArray:
    """Return the direction in which the resting foot points, (3,)."""
    flat = figures.standing_leg(side, toe_out_deg=0.0)
    ahead: FloatArray = flat.foot.T @ FORWARD
    return ahead


def _heading_deg(direction: FloatArray) -> float:
    return float(np.degrees(np.arctan2(direction[0], -direction[1])))


def _short_way(deg: float) -> float:
    """Return an angle between -180 and 180 degrees."""
    return (deg + 180.0) % 360.0 - 180.0


# Where to step


@dataclass
class _Walker:
    """Puts one foot before the other; knows where the feet are and where the body faces."""

    pace: Pace
    feet: dict[str, Station]
    heading_deg: float
    t_s: float
    rng: np.random.Generator
    steps: list[Step]
    hurry: float = 1.0

    @property
    def middle_m(self) -> FloatArray:
        """(2,) between the feet."""
        middle: FloatArray = (self.feet["left"].at_m + self.feet["right"].at_m)[:2] / 2
        return middle

    def step(self, side: str, to: Station, push_deg: float, strike_deg: float) -> None:
        """Put a foot somewhere."""
        first = not self.steps or self.t_s > self.steps[-1].lands_s
        took = self.pace.step_s * float(self.rng.uniform(0.95, 1.05))
        self.t_s += took * (1.15 if first else 1.0)
        here = self.feet[side]
        self.steps.append(
            Step(
                side,
                to,
                lands_s=self.t_s,
                swing_s=0.78 * took,
                up_m=0.035 + 0.02 * float(np.linalg.norm(to.at_m - here.at_m)),
                out_m=_way_round(here, to, self.feet[OTHER[side]], side),
                push_deg=push_deg,
                strike_deg=strike_deg,
            )
        )
        self.feet[side] = to

    def walk_to(self, goal_m: FloatArray, stop_before_m: float) -> None:
        """Walk until a place is so near."""
        for _ in range(60):
            away = goal_m - self.middle_m
            if float(np.linalg.norm(away)) <= stop_before_m:
                return
            turn = _short_way(_heading_deg(np.array([*away, 0.0])) - self.heading_deg)
            self._stride(self._next_side(turn), turn, float(np.linalg.norm(away)))

    def turn_to(self, heading_deg: float) -> None:
        """Turn on the spot until nearly facing somewhere."""
        for _ in range(12):
            turn = _short_way(heading_deg - self.heading_deg)
            if abs(turn) < 35.0:
                return
            self._stride(self._next_side(turn), turn, 0.0)

    def _next_side(self, turn_deg: float) -> str:
        """Return which foot is next: the other one, or at first the one that opens the turn."""
        if self.steps and self.t_s - self.steps[-1].lands_s < 0.01:
            return OTHER[self.steps[-1].side]
        if abs(turn_deg) > 20.0:
            return "left" if turn_deg > 0 else "right"
        return str(self.rng.choice(("left", "right")))

    def _stride(self, side: str, turn_deg: float, left_m: float) -> None:
        opening = turn_deg * SIGNS[side] > 0
        most = 58.0 if opening else 26.0
        turned = float(np.clip(turn_deg, -most, most))
        self.heading_deg += turned
        rest = abs(turn_deg - turned)
        straight = float(np.clip(1.0 - rest / 50.0 - abs(turned) / 90.0, 0.0, 1.0))
        first = not self.steps or self.t_s > self.steps[-1].lands_s
        length = self.pace.length_m * straight * (0.75 if first else 1.0)
        length = min(length * float(self.rng.uniform(0.96, 1.04)), left_m)
        ahead = rotation("z", self.heading_deg) @ FORWARD
        # A foot lands half a step in front of the middle that the body then has.
        other = self.feet[OTHER[side]]
        base = (
            other.at_m[:2]
            + (rotation("z", self.heading_deg) @ (SIGNS[side] * self.pace.width_m / 2, 0.0, 0.0))[
                :2
            ]
        )
        wide = 1.0 + abs(turned) / 90.0
        place = base + ahead[:2] * length
        to = _station(
            side, replace(self.pace, width_m=self.pace.width_m * wide), place, self.heading_deg
        )
        share = length / self.pace.length_m
        self.step(side, to, push_deg=8 + 24 * share, strike_deg=16 * share**2)

    def finish(self, stand: Stand) -> None:
        """Put both feet where they are to stay."""
        heading = sum(stand[side].yaw_deg for side in LETTERS) / 2
        turn = _short_way(heading - self.heading_deg)
        self.heading_deg += turn
        first = self._next_side(turn)
        if _gap_m(stand[first], self.feet[OTHER[first]]) < _TOUCHING_M:
            first = OTHER[first]
        for side in (first, OTHER[first]):
            here, to = self.feet[side], stand[side]
            to = replace(to, yaw_deg=here.yaw_deg + _short_way(to.yaw_deg - here.yaw_deg))
            length = float(np.linalg.norm(to.at_m - here.at_m))
            self.step(side, to, push_deg=8 + 14 * min(1.0, length / 0.5), strike_deg=0.0)


def _way_round(here: Station, there: Station, other: Station, side: str) -> float:
    """Return how far a foot swings outwards so as not to hit the other one."""
    best, widest = 0.0, -1.0
    for out_m in np.arange(0.0, 0.19, 0.02):
        swung = Step(side, there, 1.0, 1.0, out_m=float(out_m))
        gap = min(
            _gap_m(in_swing(here, swung, float(u)), other) for u in np.linspace(0.15, 0.85, 8)
        )
        if gap > widest + 0.004:
            best, widest = float(out_m), gap
        if gap > _APART_M:
            break
    return best


def _gap_m(foot: Station, other: Station) -> float:
    """Return how far apart the middle lines of two feet are that are in the air and stand."""
    one, two = (
        station.at_m[:2]
        + np.outer(np.linspace(-0.05, 0.2, 6), (rotation("z", station.yaw_deg) @ FORWARD)[:2])
        for station in (foot, other)
    )
    return float(np.linalg.norm(one[:, None] - two[None, :], axis=-1).min())


@dataclass(frozen=True)
class Stop:
    """A place on the way."""

    at_m: tuple[float, float]
    facing_deg: float | None = None
    """Where the person turns there before a pause; None walks on."""
    pause_s: float = 0.0


def footfalls(
    pace: Pace, start: Stand, stops: Sequence[Stop], rng: np.random.Generator, begin_s: float = 0.5
) -> list[Step]:
    """Return the steps of a walk from where someone stands, by some places, in order.

    At the last stop, and wherever there is a pause, the feet come together.
    """
    heading = sum(start[side].yaw_deg for side in LETTERS) / 2
    walker = _Walker(pace, dict(start), heading, begin_s, rng, [])
    for i, stop in enumerate(stops):
        goal = np.array(stop.at_m)
        resting = i == len(stops) - 1 or stop.pause_s > 0
        walker.walk_to(goal, 0.75 * pace.length_m if resting else 0.5 * pace.length_m)
        if not resting:
            continue
        faces = walker.heading_deg if stop.facing_deg is None else stop.facing_deg
        walker.turn_to(faces)
        walker.finish(standing(pace, stop.at_m, faces))
        walker.t_s += stop.pause_s
    return walker.steps


def walk(
    actor: Actor,
    rng: np.random.Generator,
    start: Stand,
    end: Stand,
    pace: Pace,
    bearing: Bearing,
    begin_s: float = 0.5,
) -> Gait:
    """Return the walk of someone from one stand to another."""
    heading = sum(start[side].yaw_deg for side in LETTERS) / 2
    walker = _Walker(pace, dict(start), heading, begin_s, rng, [])
    middle = (end["left"].at_m + end["right"].at_m)[:2] / 2
    walker.walk_to(middle, 0.75 * pace.length_m)
    walker.turn_to(sum(end[side].yaw_deg for side in LETTERS) / 2)
    walker.finish(end)
    return Gait(actor, start, walker.steps, bearing, rng)


def moments_of(gait: Gait, fps: float, until_s: float | None = None) -> list[Moment]:
    """Return a gait frame by frame."""
    end_s = gait.end_s if until_s is None else until_s
    return [Moment(i / fps, gait.place(i / fps)) for i in range(round(end_s * fps))]


def passer_by(
    actor: Actor,
    chance: Chance,
    start_m: tuple[float, float],
    end_m: tuple[float, float],
    begin_s: float,
    length_s: float,
    fps: float,
) -> list[Moment]:
    """Return someone who walks past, frame by frame.

    Parameters
    ----------
    actor
        Who.
    chance
        Where pace, bearing and small irregularities come from.
    start_m, end_m
        (x, y) from where to where. The person stands there before and after.
    begin_s
        When the first foot lifts; below 0 the person is under way when the film begins.
    length_s
        Of the film.
    fps
        Frames per second.
    """
    style = chance("style")
    pace, bearing = draw_pace(style, actor.shape.stature_m), draw_bearing(style)
    heading = _heading_deg(np.array([end_m[0] - start_m[0], end_m[1] - start_m[1], 0.0]))
    rng = chance("passing")
    start, end = (standing(pace, where, heading) for where in (start_m, end_m))
    gait = walk(actor, rng, start, end, pace, bearing)
    early_s = gait.steps[0].lifts_s - begin_s
    return [Moment(i / fps, gait.place(i / fps + early_s)) for i in range(round(length_s * fps))]


def walking(actor: Actor, chance: Chance, fps: float) -> Action:
    """Walk to and fro, or across with a pause in the middle."""
    rng = chance("plan")
    style = chance("style")
    pace, bearing = draw_pace(style, actor.shape.stature_m), draw_bearing(style)
    across = float(rng.choice((-90, 90, 0, 180, 45, -45))) + float(rng.uniform(-12, 12))
    half = float(rng.uniform(0.8, 1.2))
    ahead = rotation("z", across) @ FORWARD
    far, near = ((sign * half * ahead[0], sign * half * ahead[1]) for sign in (1, -1))
    start = standing(pace, near, across + float(rng.uniform(-30, 30)))
    pause = float(rng.uniform(0.6, 1.6)) if rng.random() < 0.4 else 0.0
    stops = [Stop(far, pause_s=pause), Stop(near), Stop((0.0, 0.0), facing_deg=0.0)]
    steps = footfalls(pace, start, stops, rng)
    gait = Gait(actor, start, steps, bearing, chance("wobble"))
    return Action("none", moments_of(gait, fps, gait.end_s + 0.6))


SCRIPTS: dict[str, Script] = {"walking": walking}
