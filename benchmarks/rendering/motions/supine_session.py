"""Time spent lying on the back: what moves when, and all that never quite keeps still."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from benchmarks.rendering.action import smooth, wander
from benchmarks.rendering.figure import (
    LETTERS,
    SIGNS,
    Arm,
    BlendedArm,
    BlendedLeg,
    Figure,
    FreeLeg,
    Leg,
    PlacedArm,
    PlacedLeg,
)
from benchmarks.rendering.motions.supine import ARM_WAYS, Spot, Supine, Trunk
from benchmarks.rendering.rig import UP, FloatArray, Placement, turned_between, unit
from benchmarks.rendering.tracks import Track

LINE, HUG = "line", "hug"
"""What a lifted leg does: goes on in line with the other thigh, or is held to the chest."""


def blend_legs(before: PlacedLeg, after: PlacedLeg, share: float) -> PlacedLeg:
    """Return a leg that is `share` of the way from one to another, its foot going straight."""
    flat = [leg.foot if leg.toes is None else leg.toes for leg in (before, after)]
    return PlacedLeg(
        before.ankle_m + share * (after.ankle_m - before.ankle_m),
        turned_between(before.foot, after.foot, share),
        before.towards + share * (after.towards - before.towards),
        turned_between(flat[0], flat[1], share),
    )


@dataclass(frozen=True)
class Stance:
    """Where the feet of a lying person stand."""

    ahead_m: float
    """Of the ankles from the shoulders, towards the feet."""
    out_m: float = 0.13
    toe_out_deg: float = 6.0
    knee_in_deg: float = 0.0
    uneven_m: float = 0.0
    """How much further ahead the left one is."""

    def ahead_of(self, side: str) -> float:
        """Return how far ahead one foot is."""
        return self.ahead_m + SIGNS[side] * self.uneven_m / 2


@dataclass(frozen=True)
class Manner:
    """How one person is when lying."""

    arms: str = "beside"
    """One of `ARM_WAYS`."""
    breath_hz: float = 0.25
    breath_deg: float = 0.3
    wobble: float = 1.0
    """Size of the small involuntary movements."""
    fidget: float = 0.5
    """How much the person moves about when nothing is to be done."""
    gaze_deg: float = 0.0
    """Where the face points at rest, to the left."""


def draw_manner(rng: np.random.Generator) -> Manner:
    """Return how somebody is."""
    return Manner(
        arms=str(rng.choice(ARM_WAYS, p=(0.62, 0.18, 0.2))),
        breath_hz=float(rng.uniform(0.2, 0.36)),
        breath_deg=float(rng.uniform(0.15, 0.45)),
        wobble=float(rng.uniform(0.6, 1.5)),
        fidget=float(rng.uniform(0.0, 1.0)),
        gaze_deg=float(rng.normal(0, 4)),
    )


_WOBBLES = {"lift": 0.5, "turn": 0.3, "shift": 0.3, "knees": 0.35, "head": 0.15, "nod": 0.2}
"""Involuntary movement → how fast it is, in hertz."""

_STEP_UP_M = 0.045


class Session:
    """One person on the floor over time.

    The tracks are filled first; `figure` then tells the posture at any time.

    Parameters
    ----------
    supine
        The body.
    stance
        Where the feet stand at first.
    manner
        What the person is like.
    rng
        Where small involuntary movements come from.
    spot
        Where they lie.
    """

    def __init__(
        self, supine: Supine, stance: Stance, manner: Manner, rng: np.random.Generator, spot: Spot
    ) -> None:
        self.supine = supine
        self.manner = manner
        self.spot = spot
        self._figures = supine.figures
        self.lift_deg, self.curl_deg, self.turn_deg = Track(), Track(), Track()
        self.head_up_deg, self.head_turn_deg = Track(), Track(manner.gaze_deg)
        self.heel_rise_deg, self.toe_out_deg = Track(), Track(stance.toe_out_deg)
        self.knee_in_deg, self.knee_sway_deg = Track(stance.knee_in_deg), Track()
        """How far both knees lean inwards, and to the left."""
        self.straight = Track()
        """How far both legs are stretched out on the floor: 0 planted, 1 flat."""
        self.ahead_m = {side: Track(stance.ahead_of(side)) for side in LETTERS}
        self.out_m = {side: Track(stance.out_m) for side in LETTERS}
        self.up_m = {side: Track() for side in LETTERS}
        self.free = {side: Track() for side in LETTERS}
        """Side → how much its leg is off the floor: 0 planted, 1 as `free_way` says."""
        self.free_way = LINE
        """`LINE` or `HUG`."""
        self.free_knee_deg = 6.0
        """Flexion of the knee of a leg that is held in line."""
        self._noise = {name: wander(rng, slow) for name, slow in _WOBBLES.items()}
        self._breath_phase = float(rng.uniform(0, 2 * np.pi))

    # Filling the tracks

    def step(self, side: str, start_s: float, took_s: float, ahead_m: float, out_m: float) -> None:
        """Lift a foot and put it down somewhere else."""
        self.ahead_m[side].go(start_s, took_s, ahead_m)
        self.out_m[side].go(start_s, took_s, out_m)
        self.up_m[side].go(start_s, took_s / 2, _STEP_UP_M)
        self.up_m[side].go(start_s + took_s / 2, took_s / 2, 0.0)

    def stand_at(self, stance: Stance, start_s: float) -> float:
        """Move both feet, one after the other; return when that is done."""
        for side in LETTERS:
            self.step(side, start_s, 0.5, stance.ahead_of(side), stance.out_m)
            start_s += 0.55
        return start_s

    def look(self, to_deg: float, start_s: float, stay_s: float) -> None:
        """Turn the head and turn it back."""
        self.head_turn_deg.go(start_s, 0.8, to_deg)
        self.head_turn_deg.go(start_s + 0.8 + stay_s, 0.8, self.manner.gaze_deg)

    # Reading them

    def figure(self, t_s: float) -> Figure:
        """Return the posture at a time, where the person lies."""
        figure = self.supine.trunk(self._trunk(t_s))
        figure = replace(figure, legs={side: self.leg(side, t_s) for side in LETTERS})
        figure = self._with_free_legs(figure, t_s)
        return self.spot.of(self._with_arms(figure, t_s))

    def _trunk(self, t_s: float) -> Trunk:
        noise = {name: at(t_s) * self.manner.wobble for name, at in self._noise.items()}
        lift = self.lift_deg.at(t_s)
        # Whoever lies on the floor does not shake.
        raised = smooth(lift / 8.0)
        breath = np.sin(2 * np.pi * self.manner.breath_hz * t_s + self._breath_phase)
        return Trunk(
            lift_deg=lift + raised * 0.35 * noise["lift"],
            curl_deg=self.curl_deg.at(t_s),
            turn_deg=self.turn_deg.at(t_s) + (0.2 + 0.6 * raised) * noise["turn"],
            shift_m=raised * 0.004 * noise["shift"],
            head_up_deg=self.head_up_deg.at(t_s) + 0.3 * abs(noise["nod"]),
            head_turn_deg=self.head_turn_deg.at(t_s) + 3.0 * self.manner.fidget * noise["head"],
            breath_deg=self.manner.breath_deg * float(breath),
        )

    def leg(self, side: str, t_s: float) -> PlacedLeg:
        """Return a leg with its foot on the floor, before the person is laid down anywhere."""
        sway = 1.2 * self.manner.wobble * self._noise["knees"](t_s + 7.0 * SIGNS[side])
        sway -= SIGNS[side] * self.knee_sway_deg.at(t_s)
        planted = self.supine.planted(
            side,
            self.ahead_m[side].at(t_s),
            self.out_m[side].at(t_s),
            self.toe_out_deg.at(t_s),
            self.knee_in_deg.at(t_s) + sway,
            self.heel_rise_deg.at(t_s),
            self.up_m[side].at(t_s),
        )
        share = self.straight.at(t_s)
        return blend_legs(planted, self.supine.straight(side), share) if share else planted

    def _with_free_legs(self, figure: Figure, t_s: float) -> Figure:
        for side, other in zip(LETTERS, reversed(LETTERS), strict=True):
            share = self.free[side].at(t_s)
            if share > 0.0:
                free = self._free_leg(figure, other)
                leg = BlendedLeg(figure.legs[side], free, share) if share < 1.0 else free
                figure = replace(figure, legs={**figure.legs, side: leg})
        return figure

    def _free_leg(self, figure: Figure, planted: str) -> Leg:
        if self.free_way == HUG:
            return FreeLeg(hip_flexion_deg=117.0, abduction_deg=4.0, knee_flexion_deg=122.0)
        thigh = figure.pelvis.T @ self._bone(self._figures.place(figure), "thigh", planted)
        flexion_deg = float(np.degrees(np.arctan2(-thigh[1], -thigh[2])))
        return FreeLeg(
            hip_flexion_deg=flexion_deg,
            abduction_deg=1.0,
            knee_flexion_deg=self.free_knee_deg,
            dorsiflexion_deg=8.0,
        )

    def _bone(self, placed: Placement, part: str, side: str) -> FloatArray:
        near, far = {"thigh": ("upperleg01", "lowerleg01"), "shin": ("lowerleg01", "foot")}[part]
        figures, letter = self._figures, LETTERS[side]
        return figures.joint(placed, f"{far}.{letter}") - figures.joint(placed, f"{near}.{letter}")

    def _with_arms(self, figure: Figure, t_s: float) -> Figure:
        """Rest the arms, or hold a leg with both hands."""
        arms: dict[str, Arm] = {
            side: self.supine.arm(side, self.manner.arms, figure) for side in LETTERS
        }
        held = [side for side in LETTERS if self.free[side].at(t_s) > 0.0]
        if self.free_way == HUG and held:
            share = self.free[held[0]].at(t_s)
            holding = self._holding(figure, held[0])
            arms = {s: BlendedArm(arms[s], holding[s], share) for s in LETTERS}
        return replace(figure, arms=arms)

    def _holding(self, figure: Figure, held: str) -> dict[str, Arm]:
        """Return arms whose hands are round a shin, just below the knee."""
        placed = self._figures.place(figure)
        knee = self._figures.joint(placed, f"lowerleg01.{LETTERS[held]}")
        shin = unit(self._bone(placed, "shin", held))
        front = unit(np.cross(shin, figure.pelvis[:, 0]))
        arms: dict[str, Arm] = {}
        for side, sign in SIGNS.items():
            across = sign * figure.pelvis[:, 0]
            wrist = knee + 0.08 * shin + 0.06 * front + 0.09 * across
            arms[side] = PlacedArm(wrist, across - 0.6 * UP)
        return arms
