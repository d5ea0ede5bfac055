"""How one body squats: which posture shows what is asked, on its true joints."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, TypedDict

import numpy as np

from benchmarks.rendering.action import Actor, smooth
from benchmarks.rendering.motions.squat_plan import SquatRep, Style
from benchmarks.rendering.posture import Posture, Step
from benchmarks.rendering.rig import FloatArray, Placement
from benchmarks.rendering.truth import UP, joints_of
from formcheck.angles import body_angles_deg, foot_pitch_deg
from formcheck.reps import BOTTOM, EDGE
from formcheck.widths import across, apart, body_ratios

_DEEP_DEG = 110.0
"""Knee flexion at which a person's way of squatting is fixed."""
_AHEAD_M, _SINK_DEG = 0.045, 4.5
"""A leg that is spared stands ahead of the other one, and the pelvis sinks to the other side."""


class FootFields(TypedDict):
    """The fields of a `Posture` that say where its feet are."""

    stance_m: float
    toe_out_deg: float
    left_step: Step
    right_step: Step


@dataclass(frozen=True)
class Feet:
    """Where the feet stand."""

    stance_m: float
    toe_out_deg: float
    stagger_m: float = 0.0
    """How far the left foot is in front of the right one."""

    def posture(self) -> FootFields:
        """Return the fields of a `Posture` that say where its feet are."""
        return {
            "stance_m": self.stance_m,
            "toe_out_deg": self.toe_out_deg,
            "left_step": Step(forward_m=self.stagger_m / 2),
            "right_step": Step(forward_m=-self.stagger_m / 2),
        }


@dataclass(frozen=True)
class Fitted:
    """What this body does at the bottom of a repetition."""

    rep: SquatRep
    feet: Feet
    bottom_deg: float = 90.0
    """Knee flexion, mean of both sides."""
    lean_deg: float = 0.0
    """Pitch of the pelvis beyond this person's own."""
    knee_in_deg: float = 0.0
    """How far the knees turn inwards, beyond this person's own."""
    heel_deg: float = 0.0
    """Pitch of the feet."""
    hip_shift_m: float = 0.0
    spared: float = 0.0
    """How much the right leg is spared."""


_HELD = {"clasped", "crossed", "hips"}
"""Ways to hold the arms that people keep up while they stand."""


@dataclass(frozen=True)
class _Knob:
    """A number of `Fitted` that is turned until a size is as asked."""

    name: str
    most: float
    """Furthest that it is turned at once."""
    low: float
    high: float
    step: float


_KNOBS = {
    "thigh_elevation_deg": _Knob("bottom_deg", 25.0, 8.0, 145.0, 0.3),
    "trunk_inclination_deg": _Knob("lean_deg", 15.0, -40.0, 90.0, 0.3),
    "trunk_shin_difference_deg": _Knob("lean_deg", 15.0, -40.0, 90.0, 0.3),
    "knee_separation_ratio": _Knob("knee_in_deg", 20.0, -70.0, 100.0, 0.3),
    "heel_rise_deg": _Knob("heel_deg", 15.0, 0.0, 60.0, 0.3),
    "hip_shift_ratio": _Knob("hip_shift_m", 0.06, -0.25, 0.25, 0.001),
    "knee_asymmetry_deg": _Knob("spared", 1.0, -4.0, 4.0, 0.01),
}
"""Size → what it is reached with."""


class Squatter:
    """One body with its way of squatting.

    Parameters
    ----------
    actor
        The body.
    style
        Its way.
    """

    def __init__(self, actor: Actor, style: Style) -> None:
        self._actor = actor
        self.style = style
        rest = actor.body.surface()
        self._flat_deg = foot_pitch_deg(
            rest["left_heel"].tolist(), rest["left_big_toe"].tolist(), UP
        )
        self._fits: dict[SquatRep, Fitted] = {}
        self._deep_in_deg, self._deep_lean_deg = 0.0, 30.0
        self.feet = Feet(style.stance_m, style.toe_out_deg)
        self._find_own_way()

    # Postures

    def standing(self, bent_deg: float) -> Posture:
        """Return a posture of this person with the knees bent so far, and no faults."""
        style = self.style
        share = max(0.0, bent_deg) / _DEEP_DEG
        raised = smooth((bent_deg - style.standing_bent_deg) / 85.0)
        return Posture(
            knee_flexion_deg=bent_deg,
            lean_deg=1.5 + (self._deep_lean_deg - 1.5) * share**1.15,
            knee_in_deg=self._deep_in_deg * smooth(bent_deg / 100.0),
            stance_m=self.feet.stance_m,
            toe_out_deg=self.feet.toe_out_deg,
            arms=1.0 if style.arm_style in _HELD else raised,
            arm_style=style.arm_style,
        )

    def squatting(self, fitted: Fitted, bent_deg: float, depth: float) -> Posture:
        """Return a posture on the way.

        Parameters
        ----------
        fitted
            The repetition.
        bent_deg
            Knee flexion now.
        depth
            How much of the way down is done: 0 to 1.
        """
        soon, late = smooth(depth), smooth((depth - 0.3) / 0.7)
        plain = self.standing(bent_deg)
        return replace(
            plain,
            lean_deg=plain.lean_deg + fitted.lean_deg * soon,
            heel_rise_deg=fitted.heel_deg * late,
            knee_in_deg=plain.knee_in_deg + fitted.knee_in_deg * late,
            hip_shift_m=fitted.hip_shift_m * soon,
            roll_deg=_SINK_DEG * fitted.spared * soon,
            balance_m=fitted.rep.balance_m * soon,
            **fitted.feet.posture(),
        )

    # Fitting

    def fit(self, rep: SquatRep) -> Fitted:
        """Find what makes this body show the sizes that are asked of a repetition."""
        sizes = replace(rep, **_UNSIZED)
        if sizes not in self._fits:
            self._fits[sizes] = self._fit(sizes)
        return replace(self._fits[sizes], rep=rep)

    def durations_s(self, fitted: Fitted) -> tuple[float, float]:
        """Return how long the ways down and up take, from rest to rest."""
        rep = fitted.rep
        if rep.descent_s is None and rep.ascent_s is None:
            return rep.down_s, rep.up_s
        down, up = self._measured_shares(fitted)
        down_s = rep.down_s if rep.descent_s is None else rep.descent_s / down
        return down_s, rep.up_s if rep.ascent_s is None else rep.ascent_s / up

    def _fit(self, rep: SquatRep) -> Fitted:
        asked = _asked(rep)
        stance_m = self.style.stance_m
        if rep.stance_ratio is not None:
            stance_m = rep.stance_ratio * self._shoulders_m()
        toe_out = self.style.toe_out_deg if rep.toe_out_deg is None else rep.toe_out_deg
        start = Fitted(
            rep, Feet(stance_m, toe_out), lean_deg=rep.lean_deg, heel_deg=rep.heel_rise_deg
        )
        knobs = [_KNOBS[name] for name in asked]

        def turned(x: FloatArray) -> Fitted:
            values: dict[str, Any] = {k.name: float(v) for k, v in zip(knobs, x, strict=True)}
            spared = values.get("spared", 0.0)
            feet = replace(start.feet, stagger_m=-_AHEAD_M * spared)
            return replace(start, feet=feet, **values)

        def missed(x: FloatArray) -> FloatArray:
            fitted = turned(x)
            shown = self._sizes(self.squatting(fitted, fitted.bottom_deg, 1.0))
            return np.array([shown[name] - wanted for name, wanted in asked.items()])

        begin = np.array([getattr(start, knob.name) for knob in knobs])
        return turned(_root(missed, begin, knobs))

    def _find_own_way(self) -> None:
        """Find the lean and the turn of the knees with which this person squats deeply."""
        style = self.style
        knobs = [_Knob("lean", 15.0, -10.0, 75.0, 0.3), _Knob("knee_in", 20.0, -70.0, 60.0, 0.3)]

        def shown(x: FloatArray) -> Mapping[str, float]:
            self._deep_lean_deg, self._deep_in_deg = map(float, x)
            return self._sizes(self.standing(_DEEP_DEG))

        def missed(x: FloatArray, name: str, wanted: float) -> FloatArray:
            sizes = shown(x)
            ratio = sizes["knee_separation_ratio"] - style.knee_ratio
            return np.array([sizes[name] - wanted, ratio])

        start = np.array([30.0, 0.0])
        found = _root(lambda x: missed(x, "shin_inclination_deg", style.shin_deg), start, knobs)
        most = style.trunk_shin_most_deg
        if shown(found)["trunk_shin_difference_deg"] > most:
            found = _root(lambda x: missed(x, "trunk_shin_difference_deg", most), found, knobs)
        self._deep_lean_deg, self._deep_in_deg = map(float, found)

    def _sizes(self, posture: Posture) -> dict[str, float]:
        """Return what a posture shows; sided angles are their sides' mean, or left less right."""
        placed = self._actor.poser.place(posture)
        joint = self._joints(placed).__getitem__
        shown = {**body_angles_deg(joint, UP), **body_ratios(joint, UP)}
        for name in [n.removeprefix("left_") for n in shown if n.startswith("left_")]:
            shown[name] = (shown[f"left_{name}"] + shown[f"right_{name}"]) / 2
        return {
            **shown,
            "heel_rise_deg": shown["foot_pitch_deg"] - self._flat_deg,
            "hip_shift_ratio": shown["left_hip_shift_ratio"],
            "knee_asymmetry_deg": shown["left_knee_flexion_deg"] - shown["right_knee_flexion_deg"],
            "sunk_m": -float(
                np.mean([joint(f"{s}_hip")[2] - joint(f"{s}_ankle")[2] for s in _BOTH])
            ),
        }

    def _joints(self, placed: Placement) -> dict[str, list[float]]:
        found = joints_of(self._actor.body, placed)
        return {name: where.tolist() for name, where in found.items()}

    def _shoulders_m(self) -> float:
        joint = self._joints(self._actor.poser.place(self.standing(self.style.standing_bent_deg)))
        to_left = across(joint.__getitem__, UP)
        return apart(joint["left_shoulder"], joint["right_shoulder"], to_left)

    def _measured_shares(self, fitted: Fitted) -> tuple[float, float]:
        """Return the share of a way's time between 5 and 95 % of its height: down, and up."""
        top = self.style.standing_bent_deg
        times = np.linspace(0.0, 1.0, 41)
        depths = [smooth(float(x)) for x in times]
        sunk = np.array([self._sunk_m(fitted, top, depth) for depth in depths])
        early, late = np.interp((EDGE, BOTTOM), (sunk - sunk[0]) / (sunk[-1] - sunk[0]), times)
        power = 1.0 / fitted.rep.dropping
        return float(late**power - early**power), float(late - early)

    def _sunk_m(self, fitted: Fitted, top_deg: float, depth: float) -> float:
        bent = top_deg + (fitted.bottom_deg - top_deg) * depth
        return self._sizes(self.squatting(fitted, bent, depth))["sunk_m"]


_BOTH = ("left", "right")


_UNSIZED: dict[str, Any] = {
    field.name: field.default
    for field in fields(SquatRep)
    if field.name.endswith("_s") or field.name in {"counted", "faults", "dropping"}
}
"""What does not change a posture: repetitions that differ in nothing else are fitted once."""


def _asked(rep: SquatRep) -> dict[str, float]:
    """Return the sizes that a repetition asks for, by the names of `_KNOBS`."""
    shift = rep.hip_shift_ratio if rep.hip_shift_ratio or rep.asymmetry_deg else None
    asked = {
        "thigh_elevation_deg": 90.0 - rep.thigh_deg,
        "trunk_inclination_deg": rep.trunk_deg,
        "trunk_shin_difference_deg": rep.trunk_shin_deg,
        "knee_separation_ratio": rep.knee_ratio,
        "heel_rise_deg": rep.heel_rise_deg or None,
        "hip_shift_ratio": shift,
        "knee_asymmetry_deg": rep.asymmetry_deg or None,
    }
    return {name: wanted for name, wanted in asked.items() if wanted is not None}


def _root(
    missed: Callable[[FloatArray], FloatArray], start: FloatArray, knobs: list[_Knob]
) -> FloatArray:
    """Return where all sizes are as wanted, or as near as the knobs get.

    Newton's method, with slopes from small steps.
    """
    x = start.astype(float)
    for _ in range(12):
        here = missed(x)
        if np.abs(here).max() < 1e-3:
            break
        slopes = np.empty((len(x), len(x)))
        for j, knob in enumerate(knobs):
            moved = x.copy()
            moved[j] += knob.step
            slopes[:, j] = (missed(moved) - here) / knob.step
        turn = -np.linalg.lstsq(slopes, here, rcond=None)[0]
        most = np.array([knob.most for knob in knobs])
        x = x + np.clip(turn, -most, most)
        x = np.clip(x, [knob.low for knob in knobs], [knob.high for knob in knobs])
    return x
