"""One body in a lunge: heels that rise as ankles need it, legs that reach, sizes as asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from benchmarks.rendering.action import Actor, smooth, solve
from benchmarks.rendering.figure import LETTERS, SIGNS, Figure, PlacedLeg, facing
from benchmarks.rendering.rig import UP, FloatArray, Placement, turned_between, unit

OTHER = {side: next(s for s in LETTERS if s != side) for side in LETTERS}
"""Side → the other side."""

_PELVIS_SHARE = 0.62
"""How much of a forward lean is the pelvis'; the spine does the rest."""
_STRAIGHT_DEG = 3.0
"""Least flexion of a knee that carries."""
_SOFT_DEG = 2.5
"""How gradually a heel starts to rise."""
_FOLLOWING = 1.2
"""How much further a heel rises than its ankle needs at first: the knee goes ahead with it."""
_NEARLY_M = 0.012
"""How much shorter than straight a leg is that counts as nearly so."""
_NEARER_M_PER_DEG = 0.0022
"""How much nearer to the hip an ankle comes with its heel's first rise."""
_REAR_STRAIGHT_DEG = 8.0
"""Least flexion of the knee behind."""
_SOFT_M = 0.006
"""How gradually a leg stops the pelvis from going up, or its foot in the air from going far."""
_FREE_DEG = 10.0
"""Least flexion of a knee whose foot is in the air."""


@dataclass(frozen=True)
class Spot:
    """Where the ankle of a foot is that stands flat."""

    x_m: float
    ahead_m: float
    """Towards -y."""


@dataclass(frozen=True)
class Foot:
    """One foot at one moment."""

    spot: Spot
    up_m: float = 0.0
    rise_deg: float | None = None
    """Heel's rise, negative for the toes'; None as the leg needs it."""
    free: float = 0.0
    """1 when it gives way to the pelvis, as in the air; 0 on the floor, when the pelvis does."""
    slack: float = 0.0
    """How far the toes follow the foot: 0 they lie flat, 1 they are stretched."""


@dataclass(frozen=True)
class Lunging:
    """What a person does at one moment. Angles in degrees."""

    x_m: float
    ahead_m: float
    height_m: float
    """Middle of the hip joints: to the left, towards -y and up."""
    feet: Mapping[str, Foot]
    """Side → foot."""
    lean_deg: float = 0.0
    """Of pelvis and chest together, forward."""
    yaw_deg: float = 0.0
    """Of the pelvis to the left; the chest stays."""
    roll_deg: float = 0.0
    """Of the pelvis; positive lowers its left side."""
    side_deg: float = 0.0
    """Of the chest against the pelvis; positive to the left."""
    knee_in_deg: Mapping[str, float] = field(default_factory=lambda: dict.fromkeys(LETTERS, 0.0))
    """Side → how far the knee points inwards from the toes."""
    nod_deg: float = 0.0
    head_turn_deg: float = 0.0


def _soft(x: float, width: float) -> float:
    """Return `x` where it is well above 0 and 0 where it is well below, without a bend."""
    return width * float(np.logaddexp(0.0, x / width))


class LungeBody:
    """Poses one body in lunges.

    Parameters
    ----------
    actor
        Who.
    toe_out_deg
        Where the feet point.
    ankle_deg
        How far the ankle of a bent leg goes before its heel rises.
    """

    def __init__(self, actor: Actor, toe_out_deg: float, ankle_deg: float) -> None:
        self.actor = actor
        self._figures = actor.figures
        self._toe_out_deg = toe_out_deg
        self._ankle_deg = ankle_deg
        rig = actor.body.rig
        hips = [rig.head(f"upperleg01.{letter}") for letter in LETTERS.values()]
        self._root_from_middle = rig.head("root") - np.mean(hips, axis=0)
        self._hip = dict(zip(LETTERS, (h - np.mean(hips, axis=0) for h in hips), strict=True))
        self.thigh_m = self._figures.length_m("thigh", "left")
        self.shin_m = self._figures.length_m("shin", "left")
        self.leg_m = self.thigh_m + self.shin_m
        self._rises = np.arange(-40.0, 91.0)
        self._shifts = {side: self._rising_ankle(side) for side in LETTERS}
        self._foot_line = {side: self._line_of_foot(side) for side in LETTERS}
        self.lead_m = 0.0
        self.lead_m = self._standing_lead()

    # Places

    def _leg(self, side: str, foot: Foot, rise_deg: float, knee_in_deg: float) -> PlacedLeg:
        leg = self._figures.standing_leg(
            side,
            ahead_m=foot.spot.ahead_m,
            out_m=SIGNS[side] * foot.spot.x_m,
            toe_out_deg=self._toe_out_deg,
            heel_rise_deg=rise_deg,
            up_m=foot.up_m,
            knee_in_deg=knee_in_deg,
        )
        if rise_deg <= 0.0 or foot.slack <= 0.0 or leg.toes is None:
            return leg
        return replace(leg, toes=turned_between(leg.toes, leg.foot, foot.slack))

    def _rising_ankle(self, side: str) -> FloatArray:
        """Return how far the ankle moves as the heel rises, (len(_rises), 3)."""
        flat, *risen = (
            self._figures.standing_leg(side, toe_out_deg=self._toe_out_deg, heel_rise_deg=rise)
            for rise in (0.0, *self._rises)
        )
        return np.array([leg.ankle_m - flat.ankle_m for leg in risen])

    def ankle_m(self, side: str, foot: Foot, rise_deg: float) -> FloatArray:
        """Return where an ankle is, (3,)."""
        table = self._shifts[side]
        shift = [np.interp(rise_deg, self._rises, table[:, i]) for i in range(3)]
        rest = float(self.actor.body.rig.head(f"foot.{LETTERS[side]}")[2])
        return np.array((foot.spot.x_m, -foot.spot.ahead_m, rest + foot.up_m)) + shift

    def _line_of_foot(self, side: str) -> FloatArray:
        """Return the way from the ankle to the big toe of a foot at rest, (3,)."""
        body = self.actor.body
        rest = self._figures.rig.place({}, body.rig.head("root"))
        ankle = body.rig.head(f"foot.{LETTERS[side]}")
        line: FloatArray = body.surface(rest)[f"{side}_big_toe"] - ankle
        return line

    def hips_m(self, now: Lunging) -> dict[str, FloatArray]:
        """Return where the hip joints are, each (3,)."""
        turn = facing(_PELVIS_SHARE * now.lean_deg, now.yaw_deg, now.roll_deg)
        middle = np.array((now.x_m, -now.ahead_m, now.height_m))
        return {side: middle + turn @ away for side, away in self._hip.items()}

    def reach_m(self, knee_deg: float) -> float:
        """Return the distance of hip and ankle at a flexion of the knee."""
        a, b = self.thigh_m, self.shin_m
        return float((a * a + b * b + 2 * a * b * np.cos(np.radians(knee_deg))) ** 0.5)

    def flexion_deg(self, reach_m: float) -> float:
        """Return the flexion of the knee at a distance of hip and ankle."""
        a, b = self.thigh_m, self.shin_m
        cosine = (reach_m * reach_m - a * a - b * b) / (2 * a * b)
        return float(np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0))))

    # Heels

    def _needed_rise_deg(self, side: str, foot: Foot, hip: FloatArray) -> float:
        """Return how far the heel of a foot behind the body is up.

        So far that the ankle is not bent too much, and that the leg reaches the floor.
        """
        ahead = unit(self._leg(side, Foot(Spot(0.0, 0.0)), 0.0, 0.0).towards)
        flat = self.ankle_m(side, foot, 0.0)
        far = float(np.linalg.norm(hip - flat))
        # A leg that is all but straight bends fast: here it is taken to be bent a little.
        near = self.leg_m - _soft(self.leg_m - far, _NEARLY_M)
        slope, bent = self._shin_slope_deg((hip - flat) / far, near, ahead), self.flexion_deg(near)
        limit = 10.0 + (self._ankle_deg - 10.0) * min(bent / 90.0, 1.0)
        rise = _FOLLOWING * _soft(slope - limit, _SOFT_DEG)
        longest = self.reach_m(_REAR_STRAIGHT_DEG)
        missing = (far - longest) / _NEARER_M_PER_DEG
        if missing > 0.0:
            missing = solve(
                lambda up: -float(np.linalg.norm(self.ankle_m(side, foot, up) - hip)),
                -longest, 0.0, 60.0,
            )  # fmt: skip
        return rise + _soft(missing - rise, _SOFT_DEG)

    def _shin_slope_deg(self, line: FloatArray, reach_m: float, ahead: FloatArray) -> float:
        """Return how far a shin leans the way the foot points; more than 90 below the ankle.

        Parameters
        ----------
        line
            (3,) direction from the ankle to the hip.
        reach_m
            How far apart they are.
        ahead
            (3,) where the foot points.
        """
        along = (self.shin_m**2 - self.thigh_m**2 + reach_m**2) / (2 * reach_m)
        out = unit(ahead - line * float(ahead @ line))
        shin = line * along + out * max(self.shin_m**2 - along**2, 0.0) ** 0.5
        return float(np.degrees(np.arctan2(shin @ ahead, shin[2])))

    # Figures

    def figure(self, now: Lunging) -> Figure:
        """Return the figure; feet on the floor stay there, and the pelvis gives way to them."""
        hips = self.hips_m(now)
        rises = {side: self.risen_deg(now, side, hips[side]) for side in now.feet}
        down = self._held_m(now, hips, rises)
        turn = facing(_PELVIS_SHARE * now.lean_deg, now.yaw_deg, now.roll_deg)
        middle = np.array((now.x_m, -now.ahead_m, now.height_m - down))
        legs = {}
        for side, foot in now.feet.items():
            leg = self._leg(side, foot, rises[side], now.knee_in_deg[side])
            if foot.free > 0.0:
                leg = self._within_reach(leg, hips[side] - down * UP, foot.free)
            legs[side] = leg
        return Figure(
            root_m=middle + turn @ self._root_from_middle,
            pelvis=turn,
            bend_deg=(1.0 - _PELVIS_SHARE) * now.lean_deg,
            side_bend_deg=now.side_deg,
            twist_deg=-0.9 * now.yaw_deg,
            nod_deg=now.nod_deg,
            head_turn_deg=now.head_turn_deg,
            legs=legs,
        )

    def settled_m(self, now: Lunging) -> float:
        """Return how high the middle of the hips is in the figure: the legs may hold it back."""
        hips = self.hips_m(now)
        rises = {side: self.risen_deg(now, side, hips[side]) for side in now.feet}
        return now.height_m - self._held_m(now, hips, rises)

    def _held_m(
        self, now: Lunging, hips: Mapping[str, FloatArray], rises: Mapping[str, float]
    ) -> float:
        spare = 1.0
        for side, foot in now.feet.items():
            if foot.free <= 0.0:
                ankle = self.ankle_m(side, foot, rises[side])
                spare = min(spare, self._top_m(ankle, hips[side]) - float(hips[side][2]))
        return _soft(-spare, _SOFT_M)

    def risen_deg(self, now: Lunging, side: str, hip: FloatArray) -> float:
        """Return how far a foot's heel is off the floor, a hip being where it is."""
        foot = now.feet[side]
        if foot.rise_deg is not None:
            return foot.rise_deg
        behind = now.feet[OTHER[side]].spot.ahead_m - foot.spot.ahead_m
        share = smooth((behind - 0.02) / 0.22)
        return share * self._needed_rise_deg(side, foot, hip) if share > 0.0 else 0.0

    def _top_m(self, ankle: FloatArray, hip: FloatArray, knee_deg: float = _STRAIGHT_DEG) -> float:
        """Return how high a hip can be, over its place on the floor."""
        away = float(np.hypot(*(hip - ankle)[:2]))
        return float(ankle[2] + max(self.reach_m(knee_deg) ** 2 - away**2, 0.0) ** 0.5)

    def _within_reach(self, leg: PlacedLeg, hip: FloatArray, share: float) -> PlacedLeg:
        """Return a leg in the air whose knee stays a little bent."""
        away = leg.ankle_m - hip
        far = float(np.linalg.norm(away))
        over = share * _soft(far - self.reach_m(_FREE_DEG), _SOFT_M)
        over += _soft(far - over - self.reach_m(_STRAIGHT_DEG), 0.1 * _SOFT_M)
        return replace(leg, ankle_m=hip + away * (far - over) / far)

    def highest_m(self, now: Lunging, knees_deg: Mapping[str, float], heel_deg: float) -> float:
        """Return how high the middle of the hips can be with knees bent so much or more.

        Parameters
        ----------
        now
            Its height does not matter.
        knees_deg
            Side → least flexion of that knee, for the legs that reach the floor.
        heel_deg
            How far the heel of the foot behind is up at most.
        """
        hips = self.hips_m(now)
        tops = []
        for side, knee_deg in knees_deg.items():
            foot = now.feet[side]
            behind = foot.spot.ahead_m < now.feet[OTHER[side]].spot.ahead_m - 0.05
            ankle = self.ankle_m(side, foot, heel_deg if behind else 0.0)
            top = self._top_m(ankle, hips[side])
            spare = max(top - self._top_m(ankle, hips[side], knee_deg), 1e-4)
            # What `figure` will take away is added here.
            spare = _SOFT_M * float(np.log(np.expm1(spare / _SOFT_M)))
            tops.append(top - spare - hips[side][2] + now.height_m)
        return float(min(tops))

    def standing(self, feet: Mapping[str, Foot], bent_deg: float, lean_deg: float) -> Lunging:
        """Return a person who stands on two feet side by side, knees bent by so much."""
        spots = [foot.spot for foot in feet.values()]
        now = Lunging(
            x_m=float(np.mean([spot.x_m for spot in spots])),
            ahead_m=float(np.mean([spot.ahead_m for spot in spots])) + self.lead_m,
            height_m=self.leg_m,
            feet=feet,
            lean_deg=lean_deg,
        )
        return replace(now, height_m=self.highest_m(now, dict.fromkeys(LETTERS, bent_deg), 0.0))

    def _standing_lead(self) -> float:
        """Find how far before the ankles the hips are when the weight is over the feet."""
        apart = float(self._hip["left"][0])
        feet = {side: Foot(Spot(sign * apart, 0.0)) for side, sign in SIGNS.items()}
        wanted = -0.27 * float(self._foot_line["left"][1])
        for _ in range(4):
            placed = self._figures.place(self.figure(self.standing(feet, 5.0, 2.0)))
            off = wanted + float(self.actor.poser.centre_of_mass(placed)[1])
            self.lead_m += off
        return self.lead_m

    # Knees

    def knee_offset_m(self, placed: Placement, side: str) -> float:
        """Return how far a knee is inwards from the line of its foot, seen from above."""
        letter = LETTERS[side]
        knee, ankle = (self._figures.joint(placed, f"{n}.{letter}") for n in ("lowerleg01", "foot"))
        turn = placed.rotations[self._figures.rig.index[f"foot.{letter}"]]
        line = unit((turn @ self._foot_line[side])[:2])
        away = (knee - ankle)[:2]
        return SIGNS[side] * float(line[1] * away[0] - line[0] * away[1])
