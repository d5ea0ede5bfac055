"""Glute bridges: the hips rise from the floor until shoulders, hips and knees are in line."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from benchmarks.rendering.action import Fault
from benchmarks.rendering.figure import LETTERS
from benchmarks.rendering.motions.supine import Spot, Supine, Trunk, find
from benchmarks.rendering.motions.supine_session import Manner, Session, Stance
from benchmarks.rendering.motions.supine_truth import sagittal_flexion_deg
from benchmarks.rendering.rig import FloatArray, Placement

_LEG_S = 1.15
"""How long it takes to lift a foot off the floor to where it is held."""
_EASY = 0.25
"""Share of a smooth move's time in which the last tenth of the way is done."""
_BRISK = 0.56
"""Share of it from a tenth of the way to 95 % of it."""


@dataclass(frozen=True)
class BridgeRep:
    """One repetition, with its faults. Sizes hold at the top."""

    hip_flexion_deg: float = 0.0
    """Shoulder, hip and knee, seen from the side: 0 in line, negative with the hips above it."""
    curl_deg: float = 6.0
    """How much further than the chest the pelvis is turned: negative hollows the back."""
    ascent_s: float = 1.2
    hold_s: float = 2.0
    descent_s: float = 1.5
    rest_s: float = 1.0
    """Lying still afterwards."""
    stance: Stance | None = None
    """Where the feet stand from this repetition on; None where they were."""
    obliquity_deg: float = 0.0
    """Of the pelvis: positive with its left side higher."""
    knee_ratio: float | None = None
    """Distance of the knees over that of the ankles; None as it comes."""
    heel_rise_deg: float = 0.0
    head_up_deg: float = 0.0
    left_off_deg: float = 0.0
    """How far the trunk is still lifted when the repetition ends."""
    side: str = "both"
    """``left`` or ``right``: the foot that stays on the floor."""
    counted: bool = True
    """False for a partial repetition."""
    faults: tuple[Fault, ...] = ()

    def held(self, held_s: float) -> BridgeRep:
        """Return the same, the last tenth of the way kept for so long."""
        return replace(self, hold_s=max(0.0, held_s - _EASY * (self.ascent_s + self.descent_s)))

    def lowered(self, descent_s: float) -> BridgeRep:
        """Return the same, all but the ends of the way down done in so long."""
        return replace(self, descent_s=descent_s / _BRISK)


@dataclass(frozen=True)
class Plan:
    """What is filmed."""

    reps: tuple[BridgeRep, ...]
    stance: Stance
    free_way: str = "line"
    before_s: float = 1.5
    after_s: float = 1.2
    first_step: float = 0.0
    """How far the feet are from where they belong when the film begins, in metres; they are
    put there before the first repetition."""
    look_deg: float = 0.0
    """How far the face turns aside before the first repetition."""


class BridgeMotion:
    """Fits a plan to one body.

    Parameters
    ----------
    supine
        The body.
    plan
        What they do.
    manner
        How they are.
    rng
        Where small involuntary movements come from.
    spot
        Where they lie.
    start_s
        When the plan begins.
    """

    def __init__(
        self,
        supine: Supine,
        plan: Plan,
        manner: Manner,
        rng: np.random.Generator,
        spot: Spot,
        start_s: float = 0.0,
    ) -> None:
        self._fit = Fit(supine)
        self.session = Session(supine, _before(plan), manner, rng, spot)
        self.session.free_way = plan.free_way
        self.spans_s: list[tuple[float, float]] = []
        """When each repetition begins and ends."""
        self.duration_s = self._fill(plan, start_s)

    def rep_at(self, t_s: float) -> int:
        """Return the number of the repetition that is going on, or 0."""
        for number, (start_s, end_s) in enumerate(self.spans_s, start=1):
            if start_s <= t_s <= end_s:
                return number
        return 0

    def _fill(self, plan: Plan, t_s: float) -> float:
        """Put the plan on the session's tracks; return when it ends."""
        session, stance = self.session, plan.stance
        if plan.look_deg:
            session.look(plan.look_deg, t_s + 0.2, 0.4)
        if plan.first_step:
            session.stand_at(stance, t_s + 0.5)
        t_s += plan.before_s
        for rep in plan.reps:
            if rep.stance is not None and rep.stance != stance:
                stance = rep.stance
                t_s = session.stand_at(stance, t_s) + 0.2
            t_s = self._lift_leg(rep.side, t_s)
            t_s = self._add(rep, stance, t_s)
        return self._lift_leg("both", t_s) + plan.after_s

    def _lift_leg(self, planted: str, t_s: float) -> float:
        """Have only one foot on the floor, or both; return when that is done."""
        wanted = {side: 0.0 if planted in ("both", side) else 1.0 for side in LETTERS}
        # The one that comes down goes first: nobody holds both feet up.
        for side in sorted(LETTERS, key=lambda side: wanted[side]):
            track = self.session.free[side]
            if track.at(np.inf) != wanted[side]:
                track.go(t_s, _LEG_S, wanted[side])
                t_s += _LEG_S + 0.15
        return t_s

    def _add(self, rep: BridgeRep, stance: Stance, t_s: float) -> float:
        """Put a repetition on the tracks; return when the rest after it ends."""
        session = self.session
        lift_deg = self._fit.lift_deg(rep, stance)
        turn_deg = self._fit.turn_deg(rep, lift_deg)
        knee_in_deg = self._fit.knee_in_deg(rep, stance, lift_deg)
        top_s = t_s + rep.ascent_s
        down_s = top_s + rep.hold_s
        for track, value, early in (
            (session.lift_deg, lift_deg, 0.0),
            (session.curl_deg, rep.curl_deg, 0.3),
            (session.turn_deg, turn_deg, 0.0),
            (session.knee_in_deg, knee_in_deg, 0.0),
            (session.heel_rise_deg, rep.heel_rise_deg, 0.0),
            (session.head_up_deg, rep.head_up_deg, 0.1),
        ):
            rest = rep.left_off_deg if track is session.lift_deg else 0.0
            if track is session.knee_in_deg:
                rest = stance.knee_in_deg
            if value == track.at(np.inf) == rest:
                continue
            track.go(t_s, rep.ascent_s * (1 - early), value)
            track.go(down_s, rep.descent_s, rest)
        end_s = down_s + rep.descent_s
        self.spans_s.append((t_s, end_s))
        return end_s + rep.rest_s


def _before(plan: Plan) -> Stance:
    """Return where the feet stand when the film begins."""
    return replace(
        plan.stance,
        ahead_m=plan.stance.ahead_m + plan.first_step,
        uneven_m=plan.stance.uneven_m + plan.first_step / 2,
    )


class Fit:
    """Finds how far one body must be turned for what is asked.

    Parameters
    ----------
    supine
        The body.
    """

    def __init__(self, supine: Supine) -> None:
        self._figures = supine.figures
        self._supine = supine

    def stance(
        self, knee_flexion_deg: float, out_m: float, toe_out_deg: float, knee_in_deg: float = 0.0
    ) -> Stance:
        """Return where the feet must stand for the knees to be bent so much at the top."""
        straight = BridgeRep()

        def bent_deg(ahead_m: float) -> float:
            stance = Stance(ahead_m, out_m, toe_out_deg, knee_in_deg)
            placed = self._top(straight, stance, self.lift_deg(straight, stance))
            return float(np.mean([self._knee_deg(placed, side) for side in LETTERS]))

        shin_m = self._figures.length_m("shin", "left")
        hip_m = -float(self._figures.hip_m(self._supine.rest, "left")[1])
        near_m = hip_m + 0.55 * shin_m
        far_m = near_m + 0.05
        near_deg, far_deg = bent_deg(near_m), bent_deg(far_m)
        for _ in range(4):
            slope = (far_deg - near_deg) / (far_m - near_m)
            step_m = float(np.clip((knee_flexion_deg - far_deg) / slope, -0.2, 0.2))
            near_m, near_deg = far_m, far_deg
            far_m += step_m
            if abs(step_m) < 0.001:
                break
            far_deg = bent_deg(far_m)
        return Stance(far_m, out_m, toe_out_deg, knee_in_deg)

    def lift_deg(self, rep: BridgeRep, stance: Stance) -> float:
        """Return how far the chest must be turned up for the hips to be bent as asked."""

        def extension(lift_deg: float) -> float:
            placed = self._top(rep, stance, lift_deg)
            sides = LETTERS if rep.side == "both" else (rep.side,)
            return -float(np.mean([self._hip_deg(placed, side) for side in sides]))

        return find(extension, -rep.hip_flexion_deg, 0.0, 62.0, 0.02)

    def turn_deg(self, rep: BridgeRep, lift_deg: float) -> float:
        """Return how far the pelvis must be turned about the body for its tilt."""
        level = np.cos(np.radians(lift_deg + rep.curl_deg))
        share = -np.sin(np.radians(rep.obliquity_deg)) / max(level, 0.3)
        return float(np.degrees(np.arcsin(np.clip(share, -0.9, 0.9))))

    def knee_in_deg(self, rep: BridgeRep, stance: Stance, lift_deg: float) -> float:
        """Return how far the knees must lean inwards for their distance."""
        if rep.knee_ratio is None:
            return stance.knee_in_deg

        def closeness(knee_in_deg: float) -> float:
            placed = self._top(rep, replace(stance, knee_in_deg=knee_in_deg), lift_deg)
            apart = {
                bone: self._figures.joint(placed, f"{bone}.L")
                - self._figures.joint(placed, f"{bone}.R")
                for bone in ("lowerleg01", "foot")
            }
            return -float(apart["lowerleg01"][0] / apart["foot"][0])

        return find(closeness, -rep.knee_ratio, -60.0, 60.0, 0.001)

    def _top(self, rep: BridgeRep, stance: Stance, lift_deg: float) -> Placement:
        turn_deg = self.turn_deg(rep, lift_deg)
        trunk = self._supine.trunk(Trunk(lift_deg, rep.curl_deg, turn_deg))
        legs = {
            side: self._supine.planted(
                side,
                stance.ahead_of(side),
                stance.out_m,
                stance.toe_out_deg,
                stance.knee_in_deg,
                rep.heel_rise_deg,
            )
            for side in LETTERS
        }
        return self._figures.place(replace(trunk, legs=legs))

    def _hip_deg(self, placed: Placement, side: str) -> float:
        joint = self._joints(placed, side)
        across = self._figures.joint(placed, "upperleg01.L") - self._figures.joint(
            placed, "upperleg01.R"
        )
        flexion = sagittal_flexion_deg(joint["upperarm01"], joint["upperleg01"],
                                       joint["lowerleg01"], across)  # fmt: skip
        return float(flexion)

    def _knee_deg(self, placed: Placement, side: str) -> float:
        joint = self._joints(placed, side)
        thigh = joint["lowerleg01"] - joint["upperleg01"]
        shin = joint["foot"] - joint["lowerleg01"]
        cosine = thigh @ shin / np.linalg.norm(thigh) / np.linalg.norm(shin)
        return float(np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0))))

    def _joints(self, placed: Placement, side: str) -> dict[str, FloatArray]:
        return {
            bone: self._figures.joint(placed, f"{bone}.{LETTERS[side]}")
            for bone in ("upperarm01", "upperleg01", "lowerleg01", "foot")
        }
