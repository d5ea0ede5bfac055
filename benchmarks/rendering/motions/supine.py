"""A body that lies on its back: head, shoulders and pelvis on the floor, feet planted or free.

Everything is worked out with the feet towards -y, the head towards +y and the shoulders' middle
above the origin; `Spot` then lays the person down anywhere, at any angle.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from benchmarks.rendering.action import Actor
from benchmarks.rendering.figure import (
    LETTERS,
    SIGNS,
    Arm,
    Figure,
    FreeArm,
    FreeLeg,
    Leg,
    PlacedArm,
    PlacedLeg,
    facing,
)
from benchmarks.rendering.rig import UP, FloatArray, Placement, rotation
from benchmarks.rendering.room import Block

ARM_WAYS = ("beside", "out", "belly")
"""Hands on the floor beside the hips, on the floor further out, or on the belly."""

_SUNK_M = {"chest": 0.015, "pelvis": 0.013, "head": 0.006}
"""How far flesh gives way where a body lies on the floor."""
_HOLLOW_DEG = 7.0
"""How far the spine is arched at rest: the shoulders and the head come down to the floor."""
_NECK_DEG = (-28.0, 46.0)
"""How far the neck bends back and forward while the head keeps its direction."""
_NECK_STEP_DEG = 3.0
"""Chest's pitches at which head and neck are worked out."""
_MIDDLE_M = -0.38
"""Where a person in crook lying has their middle."""


@dataclass(frozen=True)
class Trunk:
    """What pelvis, spine and head of a lying body do. All zero: it lies at rest."""

    lift_deg: float = 0.0
    """How far the chest is turned up from the floor, the shoulders staying on it."""
    curl_deg: float = 0.0
    """How much further the pelvis is turned up: positive flattens or curls the low back,
    negative hollows it."""
    turn_deg: float = 0.0
    """Of the pelvis about the body's own length: positive lowers its left side."""
    shift_m: float = 0.0
    """Of the pelvis to the left; a bend of the spine."""
    head_up_deg: float = 0.0
    """How far the head is lifted off the floor by the neck."""
    head_turn_deg: float = 0.0
    """Of the face, to the left."""
    breath_deg: float = 0.0
    """Of the chest, up and down with the breath."""


@dataclass(frozen=True)
class Spot:
    """Where a person lies."""

    yaw_deg: float = 0.0
    x_m: float = 0.0
    y_m: float = 0.0

    def of(self, figure: Figure) -> Figure:
        """Return a figure of the plain place, moved here."""
        turn = rotation("z", self.yaw_deg)
        return replace(
            figure,
            root_m=self.point(figure.root_m),
            pelvis=turn @ figure.pelvis,
            legs={side: self._leg(leg, turn) for side, leg in figure.legs.items()},
            arms={side: self._arm(arm, turn) for side, arm in figure.arms.items()},
        )

    def point(self, where_m: FloatArray) -> FloatArray:
        """Return points of the plain place, moved here, (..., 3)."""
        moved: FloatArray = where_m @ rotation("z", self.yaw_deg).T
        moved += (self.x_m, self.y_m, 0.0)
        return moved

    def laid(self, placed: Placement) -> Placement:
        """Return a placement in the plain place, moved here."""
        turn = rotation("z", self.yaw_deg)
        return Placement(turn @ placed.rotations, self.point(placed.heads_m))

    def _leg(self, leg: Leg, turn: FloatArray) -> Leg:
        if isinstance(leg, PlacedLeg):
            return PlacedLeg(
                self.point(leg.ankle_m),
                turn @ leg.foot,
                turn @ leg.towards,
                None if leg.toes is None else turn @ leg.toes,
            )
        if isinstance(leg, FreeLeg):
            return leg
        return replace(leg, before=self._leg(leg.before, turn), after=self._leg(leg.after, turn))

    def _arm(self, arm: Arm, turn: FloatArray) -> Arm:
        if isinstance(arm, PlacedArm):
            return PlacedArm(self.point(arm.wrist_m), turn @ arm.towards)
        if isinstance(arm, FreeArm):
            return arm
        return replace(arm, before=self._arm(arm.before, turn), after=self._arm(arm.after, turn))


def draw_spot(rng: np.random.Generator) -> Spot:
    """Return a place at a small angle, a person in crook lying about the origin."""
    x_m, y_m = rng.uniform(-0.12, 0.12, 2)
    return Spot(float(rng.uniform(-8, 8)), float(x_m), float(y_m) - _MIDDLE_M)


def find(
    rising: Callable[[float], float],
    target: float,
    low: float,
    high: float,
    close: float = 1e-4,
) -> float:
    """Return where a smooth rising function is `close` to `target`, or the nearer end.

    Takes the straight line through two places as its guess, which needs far fewer looks than
    halving: each look places a whole body.
    """
    off_low, off_high = rising(low) - target, rising(high) - target
    if off_low >= 0.0 or off_high <= 0.0:
        return low if off_low >= 0.0 else high
    for _ in range(40):
        middle = (low * off_high - high * off_low) / (off_high - off_low)
        off = rising(middle) - target
        if abs(off) < close:
            break
        # An end that stays is made to weigh less, or the other would creep up to the place.
        if off > 0.0:
            high, off_high, off_low = middle, off, 0.5 * off_low
        else:
            low, off_low, off_high = middle, off, 0.5 * off_high
    return middle


class Supine:
    """Lays one body on its back.

    Parameters
    ----------
    actor
        Who.
    """

    def __init__(self, actor: Actor) -> None:
        self.figures = actor.figures
        self._contact = actor.contact
        self._necks_deg: dict[float, FloatArray] = {}
        self._floor_arms: dict[tuple[str, str], PlacedArm] = {}
        self._straight_legs: dict[tuple[str, float], PlacedLeg] = {}
        self._pitch_deg = self._settled_pitch()
        rest = self.trunk(Trunk())
        self.rest = rest
        """The trunk at rest; its limbs are anywhere."""
        placed = self.figures.place(rest)
        self._waist_top_m = float(self._contact.points_m(placed, "waist")[:, 2].max())
        self._half_width_m = float(np.abs(self._contact.points_m(placed, "pelvis")[:, 0]).max())

    # Trunk

    def _settled_pitch(self) -> float:
        """Return the chest's pitch when it and the pelvis both touch the floor."""

        def chest_above_pelvis(pitch_deg: float) -> float:
            pelvis_deg = pitch_deg + _HOLLOW_DEG
            figure = Figure(np.zeros(3), facing(pelvis_deg), bend_deg=-_HOLLOW_DEG)
            placed = self.figures.place(figure)
            chest, pelvis = (self._contact.lowest_m(placed, (p,)) for p in ("chest", "pelvis"))
            return chest + _SUNK_M["chest"] - pelvis - _SUNK_M["pelvis"]

        return find(chest_above_pelvis, 0.0, -104.0, -80.0)

    def trunk(self, trunk: Trunk) -> Figure:
        """Return a figure whose upper back, head and, at rest, pelvis are on the floor."""
        chest_deg = self._pitch_deg - trunk.lift_deg
        curl_deg = trunk.curl_deg - _HOLLOW_DEG
        figure = Figure(
            root_m=np.zeros(3),
            pelvis=facing(chest_deg - curl_deg) @ rotation("z", trunk.turn_deg),
            bend_deg=curl_deg + trunk.breath_deg,
            twist_deg=-trunk.turn_deg,
            head_turn_deg=trunk.head_turn_deg,
        )
        figure = self._shoulders_down(figure, trunk.shift_m)
        return self._head_down(figure, trunk)

    def _shoulders_down(self, figure: Figure, shift_m: float, lying: bool = True) -> Figure:
        """Put the upper back on the floor and the shoulders' middle above the x axis."""
        placed = self.figures.place(figure)
        shoulders = np.mean(
            [self.figures.joint(placed, f"upperarm01.{c}") for c in LETTERS.values()], axis=0
        )
        low = self._contact.lowest_m(placed, ("chest",)) + _SUNK_M["chest"]
        if lying:
            # A heavy seat reaches lower than the back when the pelvis alone is turned.
            low = min(low, self._contact.lowest_m(placed, ("pelvis",)) + 1.4 * _SUNK_M["pelvis"])
        root = figure.root_m - (shoulders[0], shoulders[1], low)
        return replace(figure, root_m=root + np.array([shift_m, 0.0, 0.0]))

    def _head_down(self, figure: Figure, trunk: Trunk) -> Figure:
        chest_deg = self._pitch_deg - trunk.lift_deg + trunk.breath_deg
        before, share = divmod(chest_deg, _NECK_STEP_DEG)
        low, high = (self._neck(step * _NECK_STEP_DEG) for step in (before, before + 1))
        nod_deg, neck_deg = low + share / _NECK_STEP_DEG * (high - low)
        return replace(figure, nod_deg=nod_deg + trunk.head_up_deg, neck_deg=neck_deg)

    def _neck(self, chest_deg: float) -> FloatArray:
        """Return the head's nod and the neck's bend with the head on the floor, (2,)."""
        if chest_deg not in self._necks_deg:
            figure = self._shoulders_down(Figure(np.zeros(3), facing(chest_deg)), 0.0, lying=False)
            # The face points straight up if the neck lets it.
            nod_deg = -90.0 - chest_deg

            def height(neck_deg: float, nod_deg: float) -> float:
                placed = self.figures.place(replace(figure, nod_deg=nod_deg, neck_deg=neck_deg))
                return self._contact.lowest_m(placed, ("head",))

            goal_m = -_SUNK_M["head"]
            neck_deg = find(lambda neck: height(neck, nod_deg), goal_m, *_NECK_DEG)
            if abs(height(neck_deg, nod_deg) - goal_m) > 0.002:
                nod_deg = find(lambda nod: height(neck_deg, nod), goal_m, -40.0, 75.0)
            self._necks_deg[chest_deg] = np.array([nod_deg, neck_deg])
        return self._necks_deg[chest_deg]

    # Limbs

    def foot(
        self,
        side: str,
        knee_flexion_deg: float = 95.0,
        out_m: float = 0.13,
        toe_out_deg: float = 6.0,
        knee_in_deg: float = 0.0,
        heel_rise_deg: float = 0.0,
    ) -> PlacedLeg:
        """Return a leg whose foot stands on the floor.

        Parameters
        ----------
        side
            Whose.
        knee_flexion_deg
            Of the knee while the body lies at rest: where the foot is.
        out_m, toe_out_deg, heel_rise_deg
            As for `Figures.standing_leg`.
        knee_in_deg
            How far the knee leans inwards from straight above the foot.
        """
        hip = self.figures.hip_m(self.rest, side)
        thigh, shin = (self.figures.length_m(part, side) for part in ("thigh", "shin"))
        reach = np.sqrt(
            thigh**2 + shin**2 + 2 * thigh * shin * np.cos(np.radians(knee_flexion_deg))
        )
        at_hip = self.figures.standing_leg(side, -hip[1], out_m, toe_out_deg).ankle_m - hip
        level = np.sqrt(max(reach**2 - at_hip[0] ** 2 - at_hip[2] ** 2, 0.0))
        return self.planted(side, level - hip[1], out_m, toe_out_deg, knee_in_deg, heel_rise_deg)

    def planted(
        self,
        side: str,
        ahead_m: float,
        out_m: float = 0.13,
        toe_out_deg: float = 6.0,
        knee_in_deg: float = 0.0,
        heel_rise_deg: float = 0.0,
        up_m: float = 0.0,
    ) -> PlacedLeg:
        """Return a leg whose foot stands on the floor, or above it, so far from the shoulders."""
        return self.figures.standing_leg(
            side,
            ahead_m,
            out_m,
            toe_out_deg,
            heel_rise_deg,
            up_m,
            knee_towards=rotation("y", -SIGNS[side] * knee_in_deg) @ UP,
        )

    def straight(self, side: str, out_m: float = 0.13) -> PlacedLeg:
        """Return a leg that lies on the floor, nearly straight, on its heel."""
        if (side, out_m) not in self._straight_legs:
            self._straight_legs[side, out_m] = self._straight(side, out_m)
        return self._straight_legs[side, out_m]

    def _straight(self, side: str, out_m: float) -> PlacedLeg:
        sign = SIGNS[side]
        hip = self.figures.hip_m(self.rest, side)
        length = sum(self.figures.length_m(part, side) for part in ("thigh", "shin"))
        foot = rotation("y", sign * 22.0) @ rotation("x", -62.0)

        def leg(z_m: float) -> PlacedLeg:
            aside, down = sign * out_m - hip[0], z_m - hip[2]
            ahead = np.sqrt((0.992 * length) ** 2 - aside**2 - down**2)
            return PlacedLeg(np.array([sign * out_m, hip[1] - ahead, z_m]), foot, UP)

        def height(z_m: float) -> float:
            placed = self.figures.place(replace(self.rest, legs={**self.rest.legs, side: leg(z_m)}))
            return self._contact.lowest_m(placed, (f"{side}_foot",))

        return leg(find(height, 0.0, 0.0, 0.2))

    def arm(self, side: str, way: str, trunk: Figure | None = None) -> PlacedArm:
        """Return an arm that lies on the floor or on the belly.

        Parameters
        ----------
        side
            Whose.
        way
            One of `ARM_WAYS`.
        trunk
            What the body does, for hands that lie on it; at rest when left out.
        """
        if way == "belly":
            return self._arm_on_belly(side, self.rest if trunk is None else trunk)
        if (side, way) not in self._floor_arms:
            self._floor_arms[side, way] = self._arm_on_floor(side, way)
        return self._floor_arms[side, way]

    def _arm_on_floor(self, side: str, way: str) -> PlacedArm:
        sign = SIGNS[side]
        shoulder = self.figures.joint(self.figures.place(self.rest), f"upperarm01.{LETTERS[side]}")
        length = sum(self.figures.length_m(part, side) for part in ("upper_arm", "forearm"))
        out_m = max(self._half_width_m + 0.06, abs(shoulder[0]) + 0.09)
        spread_deg = 40.0 if way == "out" else 0.0
        down = np.array([sign * (out_m - abs(shoulder[0])), -0.93 * length, 0.0])
        level = shoulder + rotation("z", sign * spread_deg) @ down
        towards = np.array([sign, 0.0, -0.35])

        def height(z_m: float) -> float:
            arm = PlacedArm(np.array([level[0], level[1], z_m]), towards)
            arms = {**self.rest.arms, side: arm}
            placed = self.figures.place(replace(self.rest, arms=arms))
            return self._contact.lowest_m(placed, (f"{side}_forearm", f"{side}_hand"))

        z_m = find(height, -0.004, 0.0, 0.12)
        return PlacedArm(np.array([level[0], level[1], z_m]), towards)

    def _arm_on_belly(self, side: str, trunk: Figure) -> PlacedArm:
        """Return an arm whose hand stays on the same place of the belly."""
        sign = SIGNS[side]
        bone = self.figures.rig.index["spine04"]
        rest, now = self.figures.place(self.rest), self.figures.place(trunk)
        hip = self.figures.hip_m(self.rest, side)
        wrist = np.array([sign * 0.12, hip[1] + 0.12, self._waist_top_m + 0.025])
        away = rest.rotations[bone].T @ (wrist - rest.heads_m[bone])
        return PlacedArm(
            now.heads_m[bone] + now.rotations[bone] @ away, np.array([sign, 0.0, -0.6])
        )

    def lying(
        self, trunk: Trunk, legs: Mapping[str, Leg], arms: Mapping[str, str] | str = "beside"
    ) -> Figure:
        """Return a whole figure on its back.

        Parameters
        ----------
        trunk
            What the trunk does.
        legs
            Side → leg: from `foot`, or held freely.
        arms
            One of `ARM_WAYS`, or side → one of them.
        """
        figure = self.trunk(trunk)
        ways = dict.fromkeys(LETTERS, arms) if isinstance(arms, str) else arms
        return replace(
            figure, legs=dict(legs), arms={s: self.arm(s, ways[s], figure) for s in LETTERS}
        )

    def crook(self, trunk: Trunk = Trunk(), arms: str = "beside", **foot: float) -> Figure:
        """Return a figure on its back with both feet planted; `foot` as for the method."""
        return self.lying(trunk, {side: self.foot(side, **foot) for side in LETTERS}, arms)


def draw_mat(rng: np.random.Generator, spot: Spot, always: bool = False) -> tuple[Block, ...]:
    """Return a thin mat under a lying person, or in some cases none.

    Parameters
    ----------
    rng
        Where chance comes from.
    spot
        Where the person lies.
    always
        That there is one.
    """
    if not always and rng.random() < 0.3:
        return ()
    colour = rng.uniform(0.12, 0.8) + rng.uniform(-0.25, 0.25, 3)
    size = np.array([rng.uniform(0.6, 0.75), rng.uniform(1.75, 2.0), 0.006])
    centre = spot.point(np.array([rng.uniform(-0.04, 0.04), _MIDDLE_M, size[2] / 2]))
    shade = tuple(float(c) for c in np.clip(colour, 0.04, 0.95))
    yaw_deg = spot.yaw_deg + float(rng.normal(0, 2))
    return (Block("box", centre, size, yaw_deg, (shade[0], shade[1], shade[2])),)
