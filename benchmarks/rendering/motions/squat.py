"""Squats over time: from repetitions as one would describe them to a posture per frame."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from benchmarks.rendering.action import Actor, smooth, wander
from benchmarks.rendering.motions.squat_body import Feet, FootFields, Squatter
from benchmarks.rendering.motions.squat_plan import Plan
from benchmarks.rendering.posture import Posture, Step

MOVE_FEET_S = 1.5
"""How long it takes to put both feet elsewhere, after a repetition."""
_BEGINS_S, _STEP_S, _LIFT_M, _LEAN_M = (0.2, 0.85), 0.6, 0.045, 0.06


@dataclass(frozen=True)
class Instant:
    """A squatting person at one time."""

    t_s: float
    posture: Posture
    rep: int
    """Number of the repetition that is going on, from 1; 0 for none."""


@dataclass(frozen=True)
class _Times:
    """When one repetition does what, in seconds."""

    start: float
    bottom: float
    rise: float
    top: float


class SquatMotion:
    """Fits a plan to one body.

    Parameters
    ----------
    actor
        The body that moves.
    plan
        What it does.
    rng
        Where its small involuntary movements come from.
    """

    def __init__(self, actor: Actor, plan: Plan, rng: np.random.Generator) -> None:
        self._plan = plan
        self._squatter = Squatter(actor, plan.style)
        self._fitted = [self._squatter.fit(rep) for rep in plan.reps]
        self._times = self._schedule()
        self._noise = {name: wander(rng, slow) for name, slow in _WOBBLES.items()}
        self._fidget = {name: wander(rng, 0.22) for name in ("hip", "head", "arms", "yaw")}

    @property
    def duration_s(self) -> float:
        """Length of the film."""
        return self._times[-1].top + self._plan.reps[-1].rest_s + self._plan.after_s

    def instants(self, fps: float) -> list[Instant]:
        """Return the motion, frame by frame."""
        return [self.at(i / fps) for i in range(round(self.duration_s * fps))]

    def at(self, t_s: float) -> Instant:
        """Return the person at one time."""
        standing, reps = self._plan.style.standing_bent_deg, self._plan.reps
        i = self._latest(t_s)
        ended = reps[i].left_bent_deg if i >= 0 else 0.0
        if i < 0 or t_s >= self._times[i].top:
            posture = self._standing(i, t_s, standing + ended)
            return Instant(t_s, self._alive(posture, t_s, 0.0), 0)
        fitted, depth = self._fitted[i], self._depth(i, t_s)
        before = reps[i - 1].left_bent_deg if i > 0 else 0.0
        top = standing + (before if t_s < self._times[i].rise else ended)
        bent = top + (fitted.bottom_deg - top) * depth
        posture = self._squatter.squatting(fitted, bent, depth)
        return Instant(t_s, self._alive(posture, t_s, depth), i + 1)

    # Time

    def _schedule(self) -> list[_Times]:
        times, clock = [], self._plan.before_s
        for fitted, later in zip(self._fitted, [*self._fitted[1:], None], strict=True):
            down_s, up_s = self._squatter.durations_s(fitted)
            rise = clock + down_s + fitted.rep.hold_s
            times.append(_Times(clock, clock + down_s, rise, rise + up_s))
            moves = later is not None and later.feet != fitted.feet
            clock = rise + up_s + max(fitted.rep.rest_s, MOVE_FEET_S if moves else 0.0)
        return times

    def _latest(self, t_s: float) -> int:
        """Return the repetition that began last; -1 before the first."""
        return sum(t_s >= times.start for times in self._times) - 1

    def _depth(self, i: int, t_s: float) -> float:
        """Return how much of the way down is done, 0 to 1."""
        times = self._times[i]
        if t_s < times.bottom:
            share = (t_s - times.start) / (times.bottom - times.start)
            return smooth(share ** self._plan.reps[i].dropping)
        return 1.0 - smooth((t_s - times.rise) / (times.top - times.rise))

    # Feet

    def _standing(self, i: int, t_s: float, bent_deg: float) -> Posture:
        """Return the posture between repetition `i` and the next, where the feet may move."""
        last = len(self._fitted) - 1
        before, after = (self._fitted[min(max(j, 0), last)].feet for j in (i, i + 1))
        posture = self._squatter.standing(bent_deg)
        if i < 0 or before == after:
            return replace(posture, **after.posture())
        since_s = t_s - self._times[i].top
        left, right = (smooth((since_s - begins) / _STEP_S) for begins in _BEGINS_S)
        fields: FootFields = {
            "stance_m": after.stance_m,
            "toe_out_deg": after.toe_out_deg,
            "left_step": _stepping(before, after, left, 1.0),
            "right_step": _stepping(before, after, right, -1.0),
        }
        # The weight goes to the foot that stays.
        shift_m = _LEAN_M * (_lifted(right) - _lifted(left))
        return replace(posture, hip_shift_m=shift_m, **fields)

    # Life

    def _alive(self, posture: Posture, t_s: float, depth: float) -> Posture:
        wobble = self._plan.style.wobble
        n = {name: wobble * move(t_s) for name, move in self._noise.items()}
        end = self.duration_s - self._plan.after_s
        away = smooth((self._plan.before_s - t_s) / 0.8) + smooth((t_s - end) / 0.8)
        f = {name: self._plan.fidget * away * move(t_s) for name, move in self._fidget.items()}
        return replace(
            posture,
            knee_flexion_deg=posture.knee_flexion_deg + 0.7 * n["bent"],
            lean_deg=posture.lean_deg + 0.8 * n["lean"] + 2.0 * abs(f["head"]),
            hip_shift_m=posture.hip_shift_m + 0.004 * n["hip"] + 0.025 * f["hip"],
            roll_deg=posture.roll_deg + 0.5 * n["roll"],
            yaw_deg=posture.yaw_deg + 0.9 * n["yaw"] + 5.0 * f["yaw"],
            balance_m=posture.balance_m + 0.005 * n["balance"],
            arms=float(np.clip(posture.arms + 0.02 * n["arms"] + 0.25 * max(0, f["arms"]), 0, 1)),
            head_deg=3.0 * n["head"] * (1 - 0.5 * depth),
            head_turn_deg=3.0 * n["turn"] + 22.0 * f["head"],
        )


_WOBBLES = {
    "bent": 0.5, "lean": 0.4, "hip": 0.3, "roll": 0.4, "yaw": 0.3, "balance": 0.5,
    "arms": 0.6, "head": 0.35, "turn": 0.25,
}  # fmt: skip
"""Involuntary movement → how fast it is, in hertz."""


def _lifted(done: float) -> float:
    """Return how high a foot is that has done part of its way: 0 to 1."""
    return 4.0 * done * (1.0 - done)


def _stepping(before: Feet, after: Feet, done: float, sign: float) -> Step:
    """Return where one foot is, against where it will stand; `sign` is 1 for the left one."""

    def between(name: str) -> float:
        here: float = getattr(before, name)
        there: float = getattr(after, name)
        return here + (there - here) * done

    return Step(
        forward_m=sign * between("stagger_m") / 2,
        up_m=_LIFT_M * _lifted(done),
        out_m=(between("stance_m") - after.stance_m) / 2,
        turn_deg=between("toe_out_deg") - after.toe_out_deg,
    )
