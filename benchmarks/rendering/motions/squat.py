"""Squats over time: from repetitions as one would describe them to a posture per frame."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from benchmarks.rendering.action import Fault, smooth, solve, wander
from benchmarks.rendering.posture import Poser, Posture, vertical_deg
from benchmarks.rendering.rig import SIDES, FloatArray, Placement

_DEEP_DEG = 110.0
"""Knee flexion at which a person's way of squatting is fixed."""


@dataclass(frozen=True)
class SquatRep:
    """One repetition, with its faults. Sizes hold at the bottom."""

    thigh_deg: float = 95.0
    """Thigh against straight down: 0 standing, 90 horizontal, more below that."""
    down_s: float = 1.3
    hold_s: float = 0.15
    up_s: float = 1.1
    rest_s: float = 0.5
    """Standing still afterwards."""
    counted: bool = True
    """False for a partial repetition: down part of the way and up again."""
    lean_deg: float = 0.0
    """Forward lean beyond this person's own."""
    heel_rise_deg: float = 0.0
    knee_ratio: float | None = None
    """Distance of the knees over that of the ankles; None as it comes."""
    hip_shift_m: float = 0.0
    """Of the pelvis to the left."""
    roll_deg: float = 0.0
    """Of the pelvis."""
    left_bent_deg: float = 0.0
    """Knee flexion with which the repetition ends, beyond standing."""
    faults: tuple[Fault, ...] = ()
    """What this repetition is meant to show."""

    @property
    def duration_s(self) -> float:
        """How long it takes, with the rest after it."""
        return self.down_s + self.hold_s + self.up_s + self.rest_s


@dataclass(frozen=True)
class Style:
    """How one person squats."""

    stance_m: float = 0.36
    toe_out_deg: float = 16.0
    arm_style: str = "forward"
    shin_deg: float = 33.0
    """Inclination of the shins in a deep squat: how far the ankles let the knees go."""
    standing_bent_deg: float = 5.0
    knee_ratio: float = 1.1
    """Distance of the knees over that of the ankles in a deep squat."""
    wobble: float = 1.0
    """Size of the small involuntary movements."""


@dataclass(frozen=True)
class Plan:
    """What is filmed."""

    name: str
    reps: tuple[SquatRep, ...]
    style: Style
    before_s: float = 1.2
    after_s: float = 1.2
    fidget: float = 0.0
    """How much the person moves about before and after."""

    @property
    def duration_s(self) -> float:
        """Length of the film."""
        return self.before_s + sum(rep.duration_s for rep in self.reps) + self.after_s


@dataclass(frozen=True)
class Instant:
    """A squatting person at one time."""

    t_s: float
    posture: Posture
    rep: int
    """Number of the repetition that is going on, from 1; 0 for none."""


class SquatMotion:
    """Fits a plan to one body.

    Parameters
    ----------
    poser
        The body that moves.
    plan
        What it does.
    rng
        Where its small involuntary movements come from.
    """

    def __init__(self, poser: Poser, plan: Plan, rng: np.random.Generator) -> None:
        self._poser = poser
        self._plan = plan
        self._deep_in_deg = 0.0
        self._deep_lean_deg = self._natural_lean()
        self._deep_in_deg = self._natural_knees()
        self._fitted = [self._fit(rep) for rep in plan.reps]
        self._noise = {name: wander(rng, slow) for name, slow in _WOBBLES.items()}
        self._fidget = {name: wander(rng, 0.22) for name in ("hip", "head", "arms", "yaw")}

    def instants(self, fps: float) -> list[Instant]:
        """Return the motion, frame by frame."""
        count = round(self._plan.duration_s * fps)
        return [self.at(i / fps) for i in range(count)]

    def at(self, t_s: float) -> Instant:
        """Return the person at one time."""
        rep, depth, top_before, top_after = self._phase(t_s)
        standing = self._plan.style.standing_bent_deg
        if rep < 0:
            return Instant(t_s, self._alive(self._squatting(standing + top_after), t_s, 0.0), 0)
        fitted = self._fitted[rep]
        top = standing + top_before + (top_after - top_before) * self._past_turn(rep, t_s)
        bent = top + (fitted.bottom_deg - top) * depth
        return Instant(t_s, self._alive(self._faulty(fitted, bent, depth), t_s, depth), rep + 1)

    # Time

    def _starts(self) -> list[float]:
        starts = [self._plan.before_s]
        for rep in self._plan.reps:
            starts.append(starts[-1] + rep.duration_s)
        return starts

    def _phase(self, t_s: float) -> tuple[int, float, float, float]:
        """Return the repetition, how deep it is (0 to 1), and its ends' extra flexion."""
        left = 0.0
        for i, (start, rep) in enumerate(zip(self._starts(), self._plan.reps, strict=False)):
            past = t_s - start
            if past < 0:
                break
            before, left = left, rep.left_bent_deg
            if past < rep.duration_s - rep.rest_s:
                if past < rep.down_s:
                    return i, smooth(past / rep.down_s), before, left
                past -= rep.down_s + rep.hold_s
                return i, 1.0 - smooth(past / rep.up_s), before, left
        return -1, 0.0, left, left

    def _past_turn(self, rep: int, t_s: float) -> float:
        spec = self._plan.reps[rep]
        return float(t_s - self._starts()[rep] > spec.down_s + spec.hold_s / 2)

    # Fitting to the body

    def _squatting(self, bent_deg: float) -> Posture:
        style = self._plan.style
        share = bent_deg / _DEEP_DEG
        return Posture(
            knee_flexion_deg=bent_deg,
            lean_deg=1.5 + (self._deep_lean_deg - 1.5) * share**1.15,
            knee_in_deg=self._deep_in_deg * smooth(bent_deg / 100.0),
            stance_m=style.stance_m,
            toe_out_deg=style.toe_out_deg,
            arms=smooth((bent_deg - style.standing_bent_deg) / 85.0),
            arm_style=style.arm_style,
        )

    def _faulty(self, fitted: _Fitted, bent_deg: float, depth: float) -> Posture:
        rep = fitted.rep
        late = smooth((depth - 0.3) / 0.7)
        plain = self._squatting(bent_deg)
        return replace(
            plain,
            lean_deg=plain.lean_deg + rep.lean_deg * smooth(depth),
            heel_rise_deg=rep.heel_rise_deg * late,
            knee_in_deg=plain.knee_in_deg + fitted.knee_in_deg * late,
            hip_shift_m=rep.hip_shift_m * smooth(depth),
            roll_deg=rep.roll_deg * smooth(depth),
        )

    def _natural_lean(self) -> float:
        """Find the lean that balances a deep squat with the shins as the ankles allow."""

        def shin(lean_deg: float) -> float:
            self._deep_lean_deg = lean_deg
            return -_shin_deg(self._poser, self._poser.place(self._squatting(_DEEP_DEG)))

        return solve(shin, -self._plan.style.shin_deg, 5.0, 65.0)

    def _natural_knees(self) -> float:
        """Find how far the knees turn out over the feet in a deep squat."""

        def apart(knee_in_deg: float) -> float:
            self._deep_in_deg = knee_in_deg
            return -_knee_ratio(self._poser, self._poser.place(self._squatting(_DEEP_DEG)))

        return solve(apart, -self._plan.style.knee_ratio, -60.0, 20.0)

    def _fit(self, rep: SquatRep) -> _Fitted:
        """Find what makes this body go as deep, and its knees as far in, as asked."""
        fitted = _Fitted(rep, 90.0, 0.0)
        for _ in range(1 if rep.knee_ratio is None else 3):
            fitted = replace(fitted, bottom_deg=self._deep_enough(fitted))
            if rep.knee_ratio is not None:
                fitted = replace(fitted, knee_in_deg=self._far_in_enough(fitted, rep.knee_ratio))
        return fitted

    def _deep_enough(self, fitted: _Fitted) -> float:
        def thigh(bent_deg: float) -> float:
            return _thigh_deg(self._poser, self._poser.place(self._faulty(fitted, bent_deg, 1.0)))

        return solve(thigh, fitted.rep.thigh_deg, 8.0, 140.0)

    def _far_in_enough(self, fitted: _Fitted, knee_ratio: float) -> float:
        def together(knee_in_deg: float) -> float:
            tried = replace(fitted, knee_in_deg=knee_in_deg)
            posture = self._faulty(tried, tried.bottom_deg, 1.0)
            return -_knee_ratio(self._poser, self._poser.place(posture))

        return solve(together, -knee_ratio, -10.0, 90.0)

    # Life

    def _alive(self, posture: Posture, t_s: float, depth: float) -> Posture:
        wobble = self._plan.style.wobble
        n = {name: wobble * move(t_s) for name, move in self._noise.items()}
        end = self._plan.duration_s - self._plan.after_s
        away = smooth((self._plan.before_s - t_s) / 0.8) + smooth((t_s - end) / 0.8)
        f = {name: self._plan.fidget * away * move(t_s) for name, move in self._fidget.items()}
        return replace(
            posture,
            knee_flexion_deg=posture.knee_flexion_deg + 0.7 * n["bent"],
            lean_deg=posture.lean_deg + 0.8 * n["lean"] + 2.0 * abs(f["head"]),
            hip_shift_m=posture.hip_shift_m + 0.004 * n["hip"] + 0.025 * f["hip"],
            roll_deg=posture.roll_deg + 0.5 * n["roll"],
            yaw_deg=0.9 * n["yaw"] + 5.0 * f["yaw"],
            balance_m=0.005 * n["balance"],
            arms=float(np.clip(posture.arms + 0.02 * n["arms"] + 0.25 * max(0, f["arms"]), 0, 1)),
            head_deg=3.0 * n["head"] * (1 - 0.5 * depth),
            head_turn_deg=3.0 * n["turn"] + 22.0 * f["head"],
        )


@dataclass(frozen=True)
class _Fitted:
    rep: SquatRep
    bottom_deg: float
    knee_in_deg: float


_WOBBLES = {
    "bent": 0.5, "lean": 0.4, "hip": 0.3, "roll": 0.4, "yaw": 0.3, "balance": 0.5,
    "arms": 0.6, "head": 0.35, "turn": 0.25,
}  # fmt: skip
"""Involuntary movement → how fast it is, in hertz."""


def _between(poser: Poser, placed: Placement, near: str, far: str, letter: str) -> FloatArray:
    heads, index = placed.heads_m, poser.rig.index
    bone: FloatArray = heads[index[f"{near}.{letter}"]] - heads[index[f"{far}.{letter}"]]
    return bone


def _thigh_deg(poser: Poser, placed: Placement) -> float:
    return sum(
        vertical_deg(_between(poser, placed, "upperleg01", "lowerleg01", letter)) / 2
        for _, letter, _ in SIDES
    )


def _shin_deg(poser: Poser, placed: Placement) -> float:
    return sum(
        vertical_deg(_between(poser, placed, "lowerleg01", "foot", letter)) / 2
        for _, letter, _ in SIDES
    )


def _knee_ratio(poser: Poser, placed: Placement) -> float:
    x = {
        f"{bone}.{letter}": placed.heads_m[poser.rig.index[f"{bone}.{letter}"]][0]
        for bone in ("lowerleg01", "foot")
        for _, letter, _ in SIDES
    }
    return float((x["lowerleg01.L"] - x["lowerleg01.R"]) / (x["foot.L"] - x["foot.R"]))
