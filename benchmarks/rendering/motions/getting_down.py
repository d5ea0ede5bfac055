"""From standing to lying on the back, and up again: sitting down, or by way of the knees."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from benchmarks.rendering.action import Actor, smooth
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
from benchmarks.rendering.hands import Hands
from benchmarks.rendering.motions.standing import Hold, Mover, Pose, pose_between, upright
from benchmarks.rendering.motions.supine import Spot
from benchmarks.rendering.rig import FORWARD, UP, FloatArray, Placement, rotation

OTHER = dict(zip(LETTERS, reversed(LETTERS), strict=True))

_KNEES = tuple(f"{side}_{part}" for side in LETTERS for part in ("thigh", "shin"))
_GROUND = ("head", "chest", "waist", "pelvis", *_KNEES,
           *(f"{side}_{part}" for side in LETTERS for part in ("foot", "upper_arm")))  # fmt: skip
"""What a body comes to lie on."""
_GIVE_M = 0.012
"""How far flesh gives way."""


@dataclass(frozen=True)
class Station:
    """A posture on the way down or up."""

    took_s: float
    """Since the one before."""
    pose: Pose
    down: bool = False
    """Whether the body, not only its feet and hands, is on the floor."""


@dataclass
class Way:
    """Postures one after the other, in the plain place of `supine`.

    Parameters
    ----------
    mover
        The body.
    stations
        The first one's time does not matter.
    """

    mover: Mover
    stations: Sequence[Station]
    _ends_s: FloatArray = field(init=False)
    _off_m: list[float] = field(init=False)

    def __post_init__(self) -> None:
        took = [0.0, *(station.took_s for station in self.stations[1:])]
        self._ends_s = np.cumsum(took)
        self._off_m = [self._above_m(s.pose) if s.down else 0.0 for s in self.stations]

    @property
    def duration_s(self) -> float:
        """How long it all takes."""
        return float(self._ends_s[-1])

    def reversed(self) -> Way:
        """Return the way back: the same postures the other way round."""
        took = [0.0, *(station.took_s for station in self.stations[:0:-1])]
        back = [
            replace(station, took_s=took_s)
            for station, took_s in zip(reversed(self.stations), took, strict=True)
        ]
        return Way(self.mover, back)

    def place(self, t_s: float) -> Placement:
        """Return where every bone is at a time."""
        i = int(np.searchsorted(self._ends_s, t_s, side="right"))
        if i == 0 or i == len(self.stations):
            return self._placed(self.stations[max(i - 1, 0)].pose, t_s)
        before, after = self.stations[i - 1], self.stations[i]
        share = smooth((t_s - self._ends_s[i - 1]) / after.took_s)
        pose = pose_between(before.pose, after.pose, share)
        if before.down and after.down:
            # The postures at both ends are right as they are; between them, nothing sinks in.
            off_m = self._off_m[i - 1] + share * (self._off_m[i] - self._off_m[i - 1])
            for _ in range(3):
                pose = _raised(pose, off_m - self._above_m(pose))
        return self._placed(pose, t_s)

    def _placed(self, pose: Pose, t_s: float) -> Placement:
        """Place a pose, never quite still on its feet."""
        swaying = self.mover.alive(pose, t_s)
        return self.mover.place(pose_between(swaying, pose, pose.fixed))

    def _above_m(self, pose: Pose) -> float:
        """Return how high above the floor the lowest part of the body is."""
        return self.mover.contact.lowest_m(self.mover.place(pose), _GROUND)


def _raised(pose: Pose, up_m: float) -> Pose:
    figure = pose.figure
    return replace(pose, figure=replace(figure, root_m=figure.root_m + up_m * UP))


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
        self.mover = Mover(actor, rng)
        self._figures = actor.figures
        self._contact = actor.contact
        self._hands = Hands(actor.body.rig)
        self._knee_m = 0.055
        """How high the knee's joint is when it kneels."""
        sunk_m = self._contact.lowest_m(self._figures.place(self._kneels()), _KNEES) + 0.005
        self._knee_m -= sunk_m

    def way(self, lying: Figure, tempo: Tempo) -> Way:
        """Return the way down to a figure in crook lying, in the plain place of `supine`."""
        stations = (self._by_knees if tempo.by_knees else self._by_sitting)(lying, tempo)
        paced = [replace(s, took_s=s.took_s * tempo.pace) for s in stations]
        return Way(self.mover, paced)

    # Sitting down

    def _by_sitting(self, lying: Figure, tempo: Tempo) -> list[Station]:
        """Squat down over the planted feet, sit, and roll back."""
        del tempo
        feet = {side: _placed(lying.legs[side]) for side in LETTERS}
        toes_m = -float(np.mean([leg.ankle_m[1] for leg in feet.values()]))
        legs = {side: replace(leg, towards=FORWARD + 0.5 * UP) for side, leg in feet.items()}
        stand = replace(self._upright(toes_m), legs=legs, arms=self.mover.hanging)
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
                side: {_on_floor(0.3, float(lying.root_m[1]) + back_m, turned_deg): 1.0}
                for side in LETTERS
            }
            for back_m, turned_deg in ((0.24, 12.0), (0.1, -38.0))
        )
        return [
            Station(0.0, standing),
            Station(1.0, standing),
            *self._poised(1.5, Pose(squat, knee_deg=118.0, over=0.25)),
            Station(0.7, Pose(low, fixed=1.0, holds=behind)),
            Station(0.5, Pose(sit, fixed=1.0, holds=behind), down=True),
            Station(0.4, Pose(sit, fixed=1.0, holds=behind), down=True),
            Station(1.0, Pose(half, fixed=1.0, holds=near), down=True),
            *self._settled(lying, 1.2),
        ]

    def _settled(self, lying: Figure, took_s: float) -> list[Station]:
        """Return the last postures: the hands come to where they lie, and are let go."""
        placed = self._figures.place(lying)
        holds = {}
        for side, sign in SIGNS.items():
            palm = self._hands.palm_m(side, placed)
            wrist = self._figures.joint(placed, f"wrist.{LETTERS[side]}")
            mirror = np.array([sign, 1.0, 1.0])
            elbow = np.array([1.0, 0.0, 0.0])
            held = Hold("", mirror * palm, -UP, mirror * (palm - wrist), elbow, 4.0)
            holds[side] = {held: 1.0}
        return [
            Station(took_s, Pose(lying, fixed=1.0, holds=holds), down=True),
            Station(0.35, Pose(lying, fixed=1.0), down=True),
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
                side: {
                    _hand(
                        side,
                        spot.point(np.array([0.19 * SIGNS[side], -self._reach_m(), up_m])),
                        UP + FORWARD,
                    ): 1.0
                }
                for side in LETTERS
            }
            for up_m in (0.014, 0.14)
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
            Station(0.8, Pose(bow, fixed=1.0, holds=above)),
            Station(0.6, Pose(fours, fixed=1.0, holds=hands), down=True),
            *self._rolling(lying, fours, hands, tempo.side),
            *self._settled(lying, 1.3),
        ]

    def _kneeling(self, first: str) -> list[Station]:
        """Return postures from standing to kneeling upright, facing the feet's end."""
        last, thigh_m = OTHER[first], self._figures.length_m("thigh", "left")
        front = {side: self._figures.standing_leg(side, thigh_m, 0.11, 8.0) for side in LETTERS}
        knelt = {side: self._knelt(side) for side in LETTERS}
        stand = replace(self._upright(thigh_m), legs=front, arms=self.mover.hanging)
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
            Station(1.0, Pose(low, fixed=1.0)),
            Station(0.5, Pose(pull, fixed=1.0)),
            Station(0.5, Pose(kneel, fixed=1.0)),
        ]

    def _rolling(
        self, lying: Figure, fours: Figure, hands: Mapping[str, Mapping[Hold, float]], side: str
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
        below = _hand(side, np.array([0.5 * sign, 0.08, 0.014]), -FORWARD)
        above = _hand(other, np.array([0.46 * sign, -0.12, 0.014]), UP + 0.5 * FORWARD)
        propped = {side: {below: 1.0}, other: {above: 1.0}}
        tipped = self._rested(Pose(tip, fixed=1.0, holds=hands))
        aside = self._rested(Pose(on_side, fixed=1.0, holds=propped))
        rolled = self._rested(Pose(over, fixed=1.0, holds={side: {below: 1.0}}))
        return [
            Station(took_s, pose, down=True)
            for took_s, pose in ((0.9, tipped), (1.0, aside), (0.3, aside), (1.0, rolled))
        ]

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
            pose = self.mover.settled(pose)
        return pose

    def _rested(self, pose: Pose) -> Pose:
        """Return a pose moved up or down until something of the body is on the floor."""
        for _ in range(3):
            low_m = self.mover.contact.lowest_m(self.mover.place(pose), _GROUND)
            pose = _raised(pose, -_GIVE_M - low_m)
        return pose

    def _down(self, figure: Figure, parts: Sequence[str]) -> Figure:
        return self._contact.on_floor(self._figures, figure, parts, _GIVE_M)


def _on_floor(out_m: float, y_m: float, turned_deg: float) -> Hold:
    """Return the floor beside a seated left hand, fingers turned back from pointing outwards."""
    along = rotation("z", turned_deg) @ np.array([1.0, 0.0, 0.0])
    elbow = np.array([0.5, 1.0, 0.3])
    return Hold("", np.array([out_m, y_m, 0.014]), -UP, along, elbow, 0.0)


def _hand(side: str, at_m: FloatArray, elbow: FloatArray) -> Hold:
    """Return the floor under a hand, fingers pointing to where the head will lie.

    Holds are told for a left hand; that of a right one is mirrored here, to be mirrored back.
    """
    mirror = np.array([SIGNS[side], 1.0, 1.0])
    return Hold("", mirror * at_m, -UP, -FORWARD, mirror * elbow, 0.0)


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
