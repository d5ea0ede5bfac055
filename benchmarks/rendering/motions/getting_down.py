"""From standing to lying on the back, and up again: sitting down, or by way of the knees."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from benchmarks.rendering.action import Actor
from benchmarks.rendering.figure import (
    LETTERS,
    SIGNS,
    Figure,
    FreeArm,
    FreeLeg,
    Leg,
    PlacedLeg,
    facing,
)
from benchmarks.rendering.hands import Grip
from benchmarks.rendering.motions.standing import Pose, upright
from benchmarks.rendering.motions.supine import Spot
from benchmarks.rendering.motions.ways import GIVE_M, Lowered, Prop, Station, Way
from benchmarks.rendering.rig import FORWARD, UP, FloatArray, rotation

OTHER = dict(zip(LETTERS, reversed(LETTERS), strict=True))

_KNEES = tuple(f"{side}_{part}" for side in LETTERS for part in ("thigh", "shin"))
_PALM_M = 0.014
"""How high above the floor the bones of a hand are when it leans on it."""


@dataclass(frozen=True)
class Tempo:
    """How somebody gets down and up."""

    by_knees: bool = False
    side: str = "right"
    """The knee that goes down first, and the side that is rolled over."""
    pace: float = 1.0
    """Times are multiplied with it."""


def draw_tempo(rng: np.random.Generator, age_years: float) -> Tempo:
    """Return how somebody gets down: the older the slower, and mostly by way of the knees."""
    return Tempo(
        by_knees=bool(rng.random() < 0.25 + max(0.0, age_years - 30.0) / 50.0),
        side=str(rng.choice(list(LETTERS))),
        pace=float(rng.uniform(0.9, 1.25)) * (1.0 + max(0.0, age_years - 45.0) / 100.0),
    )


class GettingDown:
    """Takes one body from standing to a lying figure.

    Parameters
    ----------
    actor
        Who.
    rng
        Where small involuntary movements come from.
    """

    def __init__(self, actor: Actor, rng: np.random.Generator) -> None:
        self.body = Lowered(actor, rng)
        self._figures = actor.figures
        self._contact = actor.contact
        self._knee_m = 0.055
        """How high the knee's joint is when it kneels."""
        sunk_m = self._contact.lowest_m(self._figures.place(self._kneels()), _KNEES) + 0.005
        self._knee_m -= sunk_m

    def way(self, lying: Figure, tempo: Tempo) -> Way:
        """Return the way down to a figure in crook lying, in the plain place of `supine`."""
        stations = (self._by_knees if tempo.by_knees else self._by_sitting)(lying, tempo)
        paced = [replace(s, took_s=s.took_s * tempo.pace) for s in stations]
        return Way(self.body, paced)

    # Sitting down

    def _by_sitting(self, lying: Figure, tempo: Tempo) -> list[Station]:
        """Squat down over the planted feet, sit, and roll back."""
        del tempo
        feet = {side: _placed(lying.legs[side]) for side in LETTERS}
        toes_m = -float(np.mean([leg.ankle_m[1] for leg in feet.values()]))
        legs = {side: replace(leg, towards=FORWARD + 0.5 * UP) for side, leg in feet.items()}
        stand = replace(self._upright(toes_m), legs=legs, arms=self.body.mover.hanging)
        standing = self._balanced(Pose(stand))
        reach = dict.fromkeys(LETTERS, FreeArm((0.1, -0.9, -0.45), (0.0, -1.0, -0.1)))
        squat = replace(stand, pelvis=facing(36.0), bend_deg=24.0, nod_deg=-24.0, arms=reach)
        seat = replace(
            lying,
            root_m=lying.root_m - np.array([0.0, 0.09, 0.0]),
            pelvis=facing(-18.0),
            bend_deg=22.0,
            nod_deg=4.0,
            neck_deg=0.0,
        )
        sit = self._down(seat, ("pelvis", "waist"))
        low = replace(
            sit,
            root_m=sit.root_m + np.array([0.0, -0.06, 0.1]),
            pelvis=facing(4.0),
            bend_deg=22.0,
            legs=legs,
        )
        half = self._down(
            replace(
                seat,
                root_m=lying.root_m - np.array([0.0, 0.04, 0.0]),
                pelvis=facing(-56.0),
                bend_deg=26.0,
                nod_deg=24.0,
            ),
            ("pelvis", "waist"),
        )
        behind, near = (
            {
                side: _beside(side, 0.3, float(lying.root_m[1]) + back_m, turned_deg)
                for side in LETTERS
            }
            for back_m, turned_deg in ((0.24, 12.0), (0.1, -38.0))
        )
        return [
            Station(0.0, standing),
            Station(1.0, standing),
            *self._poised(1.5, Pose(squat, knee_deg=118.0, over=0.25)),
            Station(0.7, _fixed(low), behind),
            Station(0.5, _fixed(sit), behind, down=True),
            Station(0.4, _fixed(sit), behind, down=True),
            Station(1.0, _fixed(half), near, down=True),
            *self._settled(lying, 1.2),
        ]

    def _settled(self, lying: Figure, took_s: float) -> list[Station]:
        """Return the last postures: the hands come to where they lie, and are let go."""
        placed = self._figures.place(lying)
        props = {}
        for side, sign in SIGNS.items():
            palm = self.body.hands.palm_m(side, placed)
            wrist = self._figures.joint(placed, f"wrist.{LETTERS[side]}")
            elbow = np.array([sign, 0.0, 0.0])
            props[side] = Prop(Grip(palm, -UP, palm - wrist, 4.0), elbow)
        return [
            Station(took_s, _fixed(lying), props, down=True),
            Station(0.35, _fixed(lying), down=True),
        ]

    # By way of the knees

    def _by_knees(self, lying: Figure, tempo: Tempo) -> list[Station]:
        """Kneel, go down on the hands, lie down on one side and roll onto the back.

        Whoever is on hands and knees faces where the head will lie; kneeling is thought of
        as facing the other way, like standing, and then turned round.
        """
        sign = SIGNS[tempo.side]
        spot = Spot(180.0, 0.3 * sign, float(lying.root_m[1]))
        down = [replace(s, pose=_turned(s.pose, spot)) for s in self._kneeling(tempo.side)]
        hands, above = (
            {
                side: _ahead(
                    spot.point(np.array([0.19 * SIGNS[side], -self._reach_m(), up_m])),
                    UP + FORWARD,
                )
                for side in LETTERS
            }
            for up_m in (_PALM_M, 0.14)
        )
        fours = replace(
            down[-1].pose.figure,
            root_m=spot.point(self._kneeling_m() + np.array([0.0, 0.03, -0.03])),
            pelvis=facing(74.0, 180.0),
            bend_deg=10.0,
            nod_deg=-12.0,
        )
        bow = replace(fours, pelvis=facing(52.0, 180.0), nod_deg=-4.0)
        return [
            *down,
            Station(0.8, _fixed(bow), above),
            Station(0.6, _fixed(fours), hands, down=True),
            *self._rolling(lying, fours, hands, tempo.side),
            *self._settled(lying, 1.3),
        ]

    def _kneeling(self, first: str) -> list[Station]:
        """Return postures from standing to kneeling upright, facing the feet's end."""
        last, thigh_m = OTHER[first], self._figures.length_m("thigh", "left")
        front = {side: self._figures.standing_leg(side, thigh_m, 0.11, 8.0) for side in LETTERS}
        knelt = {side: self._knelt(side) for side in LETTERS}
        stand = replace(self._upright(thigh_m), legs=front, arms=self.body.mover.hanging)
        standing = self._balanced(Pose(stand))
        step = replace(stand, legs={**front, first: _midway(front[first], knelt[first], 0.1)})
        stepping = Pose(step, aside=0.85 * SIGNS[last], knee_deg=14.0)
        behind = self._knelt(first, 42.0)
        lunge = replace(
            stand, pelvis=facing(12.0), bend_deg=10.0, nod_deg=8.0, legs={**front, first: behind}
        )
        low = replace(
            lunge,
            root_m=self._kneeling_m(),
            pelvis=facing(8.0),
            legs={**front, first: knelt[first]},
        )
        pull = replace(low, legs={**knelt, last: _midway(front[last], knelt[last], 0.05)})
        kneel = replace(low, pelvis=facing(4.0), bend_deg=6.0, legs=knelt)
        return [
            Station(0.0, standing),
            Station(0.9, standing),
            Station(0.5, self._balanced(stepping)),
            *self._poised(0.5, Pose(lunge, knee_deg=26.0, over=0.1)),
            Station(1.0, _fixed(low)),
            Station(0.5, _fixed(pull)),
            Station(0.5, _fixed(kneel)),
        ]

    def _rolling(
        self, lying: Figure, fours: Figure, hands: Mapping[str, Prop], side: str
    ) -> list[Station]:
        """Return postures from hands and knees over one side almost onto the back."""
        sign, other = SIGNS[side], OTHER[side]
        hips_y = float(lying.root_m[1])
        tip = replace(
            fours,
            root_m=fours.root_m - np.array([0.06 * sign, 0.0, 0.0]),
            pelvis=rotation("y", -46.0 * sign) @ facing(72.0, 180.0),
            legs=dict.fromkeys(LETTERS, FreeLeg(94.0, 4.0, 0.0, 128.0, -6.0)),
        )
        on_side = replace(
            tip,
            root_m=np.array([0.16 * sign, hips_y - 0.02, 0.2]),
            pelvis=rotation("y", -86.0 * sign) @ facing(88.0, 180.0),
            bend_deg=14.0,
            side_bend_deg=-10.0 * sign,
            nod_deg=6.0,
            legs=dict.fromkeys(LETTERS, FreeLeg(72.0, 0.0, 0.0, 92.0, -30.0)),
        )
        over = replace(
            on_side,
            root_m=np.array([0.06 * sign, hips_y, 0.15]),
            pelvis=rotation("y", -146.0 * sign) @ facing(92.0, 180.0),
            bend_deg=6.0,
            side_bend_deg=0.0,
            legs=lying.legs,
            arms={**lying.arms, other: FreeArm((-0.1, -0.85, -0.5), (-0.45, -0.7, -0.5))},
        )
        below = {side: _ahead(np.array([0.5 * sign, 0.08, _PALM_M]), -FORWARD)}
        before = _ahead(np.array([0.46 * sign, -0.12, _PALM_M]), UP + 0.5 * FORWARD)
        propped = {**below, other: before}
        stations = (
            Station(0.9, _fixed(tip), hands, down=True),
            Station(1.0, _fixed(on_side), propped, down=True),
            Station(0.3, _fixed(on_side), propped, down=True),
            Station(1.0, _fixed(over), below, down=True),
        )
        return [self.body.rested(station) for station in stations]

    def _kneels(self) -> Figure:
        return Figure(self._kneeling_m(), legs={side: self._knelt(side) for side in LETTERS})

    def _reach_m(self) -> float:
        """Return how far in front of the knees the hands are, on hands and knees."""
        rig = self._figures.rig
        trunk_m = float(rig.head("upperarm01.L")[2] - rig.head("upperleg01.L")[2])
        return 0.95 * trunk_m

    def _knelt(self, side: str, heel_rise_deg: float = 72.0) -> PlacedLeg:
        """Return a leg that kneels at the origin on its knee, or is about to, on its toes."""
        leg = self._figures.standing_leg(side, 0.0, 0.1, 4.0, heel_rise_deg)
        shin_m = self._figures.length_m("shin", side)
        behind = (shin_m**2 - (float(leg.ankle_m[2]) - self._knee_m) ** 2) ** 0.5
        return self._figures.standing_leg(
            side, float(leg.ankle_m[1]) - behind, 0.1, 4.0, heel_rise_deg
        )

    def _kneeling_m(self) -> FloatArray:
        """Return where the root is when the thighs stand upright on the knees."""
        rig, hip = self._figures.rig, self._figures.rig.head("upperleg01.L")
        up_m = self._knee_m + self._figures.length_m("thigh", "left") + rig.head("root")[2] - hip[2]
        return np.array([0.0, 0.0, up_m - 0.01])

    def _poised(self, took_s: float, pose: Pose) -> list[Station]:
        """Return a balanced posture, after which balance is over."""
        pose = self._balanced(pose)
        return [Station(took_s, pose), Station(0.12, replace(pose, fixed=1.0))]

    def _upright(self, ahead_m: float) -> Figure:
        figure = upright(self._figures, ahead_m=ahead_m)
        return replace(figure, root_m=figure.root_m + ahead_m * FORWARD)

    def _balanced(self, pose: Pose) -> Pose:
        """Return a pose whose figure is where its balance is found from nearby as well."""
        for _ in range(6):
            pose = self.body.mover.settled(pose)
        return pose

    def _down(self, figure: Figure, parts: Sequence[str]) -> Figure:
        return self._contact.on_floor(self._figures, figure, parts, GIVE_M)


def _fixed(figure: Figure) -> Pose:
    return Pose(figure, fixed=1.0)


def _beside(side: str, out_m: float, y_m: float, turned_deg: float) -> Prop:
    """Return the floor beside a seated body, fingers turned back from pointing outwards."""
    mirror = np.array([SIGNS[side], 1.0, 1.0])
    along = rotation("z", turned_deg) @ np.array([1.0, 0.0, 0.0])
    grip = Grip(mirror * (out_m, y_m, _PALM_M), -UP, mirror * along, 0.0)
    return Prop(grip, mirror * (0.5, 1.0, 0.3))


def _ahead(at_m: FloatArray, elbow: FloatArray) -> Prop:
    """Return the floor under a hand, fingers pointing to where the head will lie."""
    return Prop(Grip(at_m, -UP, -FORWARD, 0.0), elbow)


def _midway(before: PlacedLeg, after: PlacedLeg, up_m: float) -> PlacedLeg:
    """Return a leg whose foot is on its way from one place to another."""
    ankle = (before.ankle_m + after.ankle_m) / 2 + up_m * UP
    return PlacedLeg(ankle, rotation("x", 34.0), before.towards)


def _turned(pose: Pose, spot: Spot) -> Pose:
    """Return a pose that holds on to nothing, moved to a spot."""
    return replace(pose, figure=spot.of(pose.figure))


def _placed(leg: Leg) -> PlacedLeg:
    if not isinstance(leg, PlacedLeg):
        message = f"a lying person needs feet that are planted to get up, not {leg!r}"
        raise TypeError(message)
    return leg
