"""Any posture of a body: standing, sitting, kneeling or lying.

A figure says where the pelvis is, how the spine bends and what each limb does: reach for a
place (a foot on the floor, a hand on a knee) or hold its joints at given angles. `Figures`
turns it into the rotation of every bone. Squats have their own way, in `posture`, which
keeps its balance by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from benchmarks.rendering.rig import (
    FORWARD,
    SIDES,
    FloatArray,
    Placement,
    Rig,
    cross,
    frame,
    rotation,
    turned_between,
    unit,
)

LETTERS = {side: letter for side, letter, _ in SIDES}
SIGNS = {side: sign for side, _, sign in SIDES}

_SPINE = ("spine05", "spine04", "spine03", "spine02", "spine01")
_NECK = (("neck01", 0.3, 0.7), ("neck02", 0.55, 1.0), ("neck03", 0.8, 0.7), ("head", 1.0, 0.0))
"""Bone, its share of the head's nod and turn, and of the neck's own bend."""
_ACROSS = np.array([1.0, 0.0, 0.0])
_DOWN = np.array([0.0, 0.0, -1.0])


@dataclass(frozen=True)
class FreeLeg:
    """A leg held by its joints' angles, relative to the pelvis. Degrees; 0 stands straight."""

    hip_flexion_deg: float = 0.0
    abduction_deg: float = 0.0
    """Outwards."""
    rotation_deg: float = 0.0
    """Of the thigh about itself; positive turns the toes outwards."""
    knee_flexion_deg: float = 4.0
    dorsiflexion_deg: float = 0.0
    """Of the ankle: toes towards the shin."""


@dataclass(frozen=True)
class PlacedLeg:
    """A leg that reaches: its ankle is at a place and its knee in a direction."""

    ankle_m: FloatArray
    """(3,) in the world."""
    foot: FloatArray
    """(3, 3) rotation of the foot from rest, where it stands flat and points where it does."""
    towards: FloatArray
    """(3,) direction in the world that the knee points to."""
    toes: FloatArray | None = None
    """(3, 3) rotation of the toes from rest; None follows the foot."""


@dataclass(frozen=True)
class BlendedLeg:
    """Part of the way from one leg to another, joint by joint."""

    before: Leg
    after: Leg
    share: float


Leg = FreeLeg | PlacedLeg | BlendedLeg


@dataclass(frozen=True)
class FreeArm:
    """An arm held by directions, in the chest's axes: x left, y back, z up the spine."""

    upper: tuple[float, float, float] = (0.16, 0.05, -1.0)
    """Direction of the upper arm, for the left one; x is mirrored for the right."""
    fore: tuple[float, float, float] = (0.03, -0.25, -1.0)
    """Direction of the forearm, likewise."""


@dataclass(frozen=True)
class PlacedArm:
    """An arm that reaches: its wrist is at a place and its elbow in a direction."""

    wrist_m: FloatArray
    """(3,) in the world."""
    towards: FloatArray
    """(3,) direction in the world that the elbow points to."""


@dataclass(frozen=True)
class BlendedArm:
    """Part of the way from one arm to another, joint by joint."""

    before: Arm
    after: Arm
    share: float


Arm = FreeArm | PlacedArm | BlendedArm


@dataclass(frozen=True)
class Figure:
    """What a body does at one moment."""

    root_m: FloatArray
    """(3,) where the pelvis is: the root bone's head, 1 to 2 cm above the hips' middle."""
    pelvis: FloatArray = field(default_factory=lambda: np.eye(3))
    """(3, 3) rotation of the pelvis from standing upright; see `facing`."""
    bend_deg: float = 0.0
    """Of the chest against the pelvis, spread over the spine; forward positive."""
    side_bend_deg: float = 0.0
    """Likewise; positive lowers the left shoulder."""
    twist_deg: float = 0.0
    """Likewise; positive turns the chest to the left."""
    nod_deg: float = 0.0
    """Of the head against the chest; chin to the chest positive."""
    neck_deg: float = 0.0
    """Of the neck, the head keeping its direction; brings the head forward when positive."""
    head_turn_deg: float = 0.0
    """Of the head against the chest; positive to the left."""
    legs: Mapping[str, Leg] = field(default_factory=lambda: {s: FreeLeg() for s in LETTERS})
    """Side → leg."""
    arms: Mapping[str, Arm] = field(default_factory=lambda: {s: FreeArm() for s in LETTERS})
    """Side → arm."""


def facing(pitch_deg: float = 0.0, yaw_deg: float = 0.0, roll_deg: float = 0.0) -> FloatArray:
    """Return the rotation of a pelvis.

    Parameters
    ----------
    pitch_deg
        Forward lean: 0 upright, 90 face down, -90 lying on the back with the feet towards -y.
    yaw_deg
        Turn about the vertical, positive to the person's left.
    roll_deg
        Sideways, in the person's own axes; positive lowers the left side.
    """
    return rotation("z", yaw_deg) @ rotation("x", pitch_deg) @ rotation("y", roll_deg)


def blend(before: Figure, after: Figure, share: float) -> Figure:
    """Return the figure that is `share` of the way from one to another."""
    if share <= 0.0:
        return before
    if share >= 1.0:
        return after

    def mix(name: str) -> float:
        low: float = getattr(before, name)
        high: float = getattr(after, name)
        return low + share * (high - low)

    return Figure(
        root_m=before.root_m + share * (after.root_m - before.root_m),
        pelvis=turned_between(before.pelvis, after.pelvis, share),
        bend_deg=mix("bend_deg"),
        side_bend_deg=mix("side_bend_deg"),
        twist_deg=mix("twist_deg"),
        nod_deg=mix("nod_deg"),
        neck_deg=mix("neck_deg"),
        head_turn_deg=mix("head_turn_deg"),
        legs={s: _blend_leg(before.legs[s], after.legs[s], share) for s in LETTERS},
        arms={s: _blend_arm(before.arms[s], after.arms[s], share) for s in LETTERS},
    )


def _blend_leg(before: Leg, after: Leg, share: float) -> Leg:
    if isinstance(before, PlacedLeg) and isinstance(after, PlacedLeg):
        return PlacedLeg(
            before.ankle_m + share * (after.ankle_m - before.ankle_m),
            turned_between(before.foot, after.foot, share),
            before.towards + share * (after.towards - before.towards),
            turned_between(_toes(before), _toes(after), share),
        )
    return BlendedLeg(before, after, share)


def _toes(leg: PlacedLeg) -> FloatArray:
    return leg.foot if leg.toes is None else leg.toes


def _blend_arm(before: Arm, after: Arm, share: float) -> Arm:
    if isinstance(before, PlacedArm) and isinstance(after, PlacedArm):
        return PlacedArm(
            before.wrist_m + share * (after.wrist_m - before.wrist_m),
            before.towards + share * (after.towards - before.towards),
        )
    return BlendedArm(before, after, share)


_Turns = dict[str, FloatArray]
"""Bone → (3, 3) rotation from rest, in world axes."""


class Figures:
    """Poses one body as figures say; knows its rest pose only.

    Parameters
    ----------
    rig
        Bones at rest, the floor at z = 0 under the soles.
    """

    def __init__(self, rig: Rig) -> None:
        self.rig = rig
        self._toes: dict[str, list[str]] = {
            s: [n for n in rig.names if n.startswith("toe") and n.endswith(f"-1.{letter}")]
            for s, letter in LETTERS.items()
        }

    def place(self, figure: Figure) -> Placement:
        """Return where every bone is."""
        turned = self._trunk(figure)
        trunk = self.rig.place(turned, figure.root_m)
        for side, letter in LETTERS.items():
            hip = trunk.heads_m[self.rig.index[f"upperleg01.{letter}"]]
            turned |= self._leg(figure.legs[side], side, hip, figure.pelvis)
            shoulder = trunk.heads_m[self.rig.index[f"upperarm01.{letter}"]]
            chest = turned[_SPINE[-1]]
            turned |= self._arm(figure.arms[side], side, shoulder, chest)
        return self.rig.place(turned, figure.root_m)

    def joint(self, placed: Placement, bone: str) -> FloatArray:
        """Return where a bone begins in a placement, (3,)."""
        where: FloatArray = placed.heads_m[self.rig.index[bone]]
        return where

    def hip_m(self, figure: Figure, side: str) -> FloatArray:
        """Return where a figure's hip joint is, (3,), whatever its legs do."""
        rest = self.rig
        away = rest.head(f"upperleg01.{LETTERS[side]}") - rest.head("root")
        where: FloatArray = figure.root_m + figure.pelvis @ away
        return where

    def length_m(self, part: str, side: str) -> float:
        """Return the length of a ``thigh``, ``shin``, ``upper_arm`` or ``forearm``."""
        return float(np.linalg.norm(self._rest_bone(part, side)))

    # Feet

    def standing_leg(
        self,
        side: str,
        ahead_m: float = 0.0,
        out_m: float = 0.1,
        toe_out_deg: float = 10.0,
        heel_rise_deg: float = 0.0,
        up_m: float = 0.0,
        knee_in_deg: float = 0.0,
        knee_towards: FloatArray | None = None,
    ) -> PlacedLeg:
        """Return a leg whose foot is on the floor.

        Parameters
        ----------
        side
            Whose.
        ahead_m, out_m
            Where the ankle is when the foot is flat: towards -y, and from the middle outwards.
        toe_out_deg
            Direction of the toes.
        heel_rise_deg
            How far the heel is lifted, the balls of the foot staying where they are; negative
            lifts the toes, turning about the heel.
        up_m
            How far the whole foot is off the floor, or what it stands on is above it.
        knee_in_deg
            How far the knee points inwards from the toes.
        knee_towards
            (3,) direction in the world that the knee points to instead: up, when lying.
        """
        letter, sign = LETTERS[side], SIGNS[side]
        ankle = self.rig.head(f"foot.{letter}")
        balls = np.mean([self.rig.head(n) for n in self._toes[side]], axis=0)
        forward = balls - ankle
        outwards = float(np.degrees(np.arctan2(sign * forward[0], -forward[1])))
        yaw = rotation("z", sign * (toe_out_deg - outwards))
        flat = np.array([sign * out_m, -ahead_m, ankle[2] + up_m])
        # The heel is about as far behind the ankle as a quarter of the way to the balls.
        pivot = forward if heel_rise_deg >= 0 else np.array([0, 0.25 * -forward[1], -ankle[2]])
        turn = yaw @ rotation("x", heel_rise_deg)
        return PlacedLeg(
            ankle_m=flat + yaw @ pivot - turn @ pivot,
            foot=turn,
            towards=(
                rotation("z", sign * (toe_out_deg - knee_in_deg)) @ FORWARD
                if knee_towards is None
                else knee_towards
            ),
            toes=yaw if heel_rise_deg >= 0 else turn,
        )

    # Trunk

    def _trunk(self, figure: Figure) -> _Turns:
        turned = {"root": figure.pelvis}
        for i, bone in enumerate(_SPINE):
            share = (i + 1) / len(_SPINE)
            turned[bone] = (
                figure.pelvis
                @ rotation("z", share * figure.twist_deg)
                @ rotation("y", share * figure.side_bend_deg)
                @ rotation("x", share * figure.bend_deg)
            )
        chest = turned[_SPINE[-1]]
        for bone, share, own in _NECK:
            turned[bone] = (
                chest
                @ rotation("z", share * figure.head_turn_deg)
                @ rotation("x", share * figure.nod_deg + own * figure.neck_deg)
            )
        return turned

    # Legs

    def _rest_bone(self, part: str, side: str) -> FloatArray:
        near, far = {
            "thigh": ("upperleg01", "lowerleg01"),
            "shin": ("lowerleg01", "foot"),
            "upper_arm": ("upperarm01", "lowerarm01"),
            "forearm": ("lowerarm01", "wrist"),
        }[part]
        letter = LETTERS[side]
        return self.rig.head(f"{far}.{letter}") - self.rig.head(f"{near}.{letter}")

    def _leg(self, leg: Leg, side: str, hip: FloatArray, pelvis: FloatArray) -> _Turns:
        if isinstance(leg, FreeLeg):
            return self._free_leg(leg, side, pelvis)
        if isinstance(leg, PlacedLeg):
            return self._placed_leg(leg, side, hip)
        before = self._leg(leg.before, side, hip, pelvis)
        after = self._leg(leg.after, side, hip, pelvis)
        return {n: turned_between(before[n], after[n], leg.share) for n in before}

    def _free_leg(self, leg: FreeLeg, side: str, pelvis: FloatArray) -> _Turns:
        sign = SIGNS[side]
        thigh = (
            pelvis
            @ rotation("x", -leg.hip_flexion_deg)
            @ rotation("y", -sign * leg.abduction_deg)
            @ rotation("z", sign * leg.rotation_deg)
        )
        shin = thigh @ rotation("x", leg.knee_flexion_deg)
        turned = self._bones(side, thigh @ _DOWN, shin @ _DOWN, thigh @ _ACROSS)
        foot = shin @ rotation("x", -leg.dorsiflexion_deg)
        return turned | self._foot(side, foot, foot)

    def _placed_leg(self, leg: PlacedLeg, side: str, hip: FloatArray) -> _Turns:
        knee = _elbow(
            hip,
            leg.ankle_m,
            leg.towards,
            self.length_m("thigh", side),
            self.length_m("shin", side),
        )
        bend = knee - (hip + leg.ankle_m) / 2 + 1e-6 * unit(leg.towards)
        axis = cross(unit(bend), unit(leg.ankle_m - hip))
        turned = self._bones(side, knee - hip, leg.ankle_m - knee, axis)
        return turned | self._foot(side, leg.foot, _toes(leg))

    def _bones(self, side: str, thigh: FloatArray, shin: FloatArray, axis: FloatArray) -> _Turns:
        letter = LETTERS[side]
        rest = (self._rest_bone("thigh", side), self._rest_bone("shin", side))
        return {
            f"{bone}.{letter}": frame(along, axis) @ frame(at_rest, _ACROSS).T
            for bone, along, at_rest in zip(
                ("upperleg01", "lowerleg01"), (thigh, shin), rest, strict=True
            )
        }

    def _foot(self, side: str, foot: FloatArray, toes: FloatArray) -> _Turns:
        return {f"foot.{LETTERS[side]}": foot, **dict.fromkeys(self._toes[side], toes)}

    # Arms

    def _arm(self, arm: Arm, side: str, shoulder: FloatArray, chest: FloatArray) -> _Turns:
        if isinstance(arm, BlendedArm):
            before = self._arm(arm.before, side, shoulder, chest)
            after = self._arm(arm.after, side, shoulder, chest)
            return {n: turned_between(before[n], after[n], arm.share) for n in before}
        if isinstance(arm, FreeArm):
            mirror = np.array([SIGNS[side], 1.0, 1.0])
            upper = chest @ unit(mirror * np.array(arm.upper))
            fore = chest @ unit(mirror * np.array(arm.fore))
        else:
            lengths = self.length_m("upper_arm", side), self.length_m("forearm", side)
            elbow = _elbow(shoulder, arm.wrist_m, arm.towards, *lengths)
            upper, fore = elbow - shoulder, arm.wrist_m - elbow
        letter = LETTERS[side]
        rest = (self._rest_bone("upper_arm", side), self._rest_bone("forearm", side))
        return {
            f"upperarm01.{letter}": frame(upper, fore) @ frame(rest[0], rest[1]).T,
            f"lowerarm01.{letter}": frame(fore, -upper) @ frame(rest[1], -rest[0]).T,
        }


def _elbow(
    near: FloatArray, far: FloatArray, towards: FloatArray, upper_m: float, lower_m: float
) -> FloatArray:
    """Return where the joint between two bones is whose ends are given; straight if too far."""
    reach = float(np.linalg.norm(far - near))
    line = (far - near) / max(reach, 1e-9)
    reach = min(max(reach, abs(upper_m - lower_m) + 1e-6), (upper_m + lower_m) * (1 - 1e-7))
    along = (upper_m**2 - lower_m**2 + reach**2) / (2 * reach)
    out = unit(towards - line * (towards @ line) + 1e-9 * FORWARD)
    where: FloatArray = near + line * along + out * max(upper_m**2 - along**2, 0.0) ** 0.5
    return where
