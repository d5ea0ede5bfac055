"""From what a person does at one moment to the rotation of every bone.

Feet are planted first; then the pelvis is put where the knees are bent as asked and the
centre of mass is over the feet; the legs follow by inverse kinematics.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from operator import attrgetter

import numpy as np

from benchmarks.rendering.rig import (
    FORWARD,
    SEGMENTS,
    SIDES,
    UP,
    FloatArray,
    Placement,
    Rig,
    cross,
    frame,
    rotation,
    unit,
)

ARM_STYLES = {
    # Upper arm and forearm, of the left side, where they end up; and whether they follow the
    # chest (True) or the vertical.
    "forward": ((-0.02, -1.0, -0.02), (-0.13, -1.0, 0.10), False),
    "clasped": ((0.10, -0.75, -0.66), (-0.55, -0.30, 0.78), False),
    "hanging": ((0.34, -0.42, -1.0), (0.16, -0.55, -1.0), False),
    "crossed": ((0.06, -0.52, -0.85), (-0.78, -0.20, 0.60), True),
    "hips": ((0.74, 0.42, -0.86), (-0.66, -0.30, -0.62), True),
}
"""What the arms do in a squat."""

_STEP_M = 1e-4
_LIFTED_M = 0.03
"""A foot that is this high bears no weight; in between, some."""
_SHUFFLED_M, _RAISED_M = 0.05, 0.13
"""Who puts a foot elsewhere stays over both; from the second height on, over the other one."""

_UPPER = (
    ("shoulder", "upperarm01"),
    ("elbow", "lowerarm01"),
    ("wrist", "wrist"),
    ("hand", "finger3-1"),
    ("hip", "upperleg01"),
)
_LOWER = (("knee", "lowerleg01"), ("ankle", "foot"), ("toe", "toe3-1"))
"""End of a segment → the bone that begins there."""


def _shares() -> dict[str, float]:
    """Return how much of the body's mass is at each end of its segments; 1 in all."""
    total = sum(mass for _, _, mass, _ in SEGMENTS)
    shares: dict[str, float] = {}
    for near, far, mass, at in SEGMENTS:
        for end, share in ((near, 1.0 - at), (far, at)):
            stem = end.removeprefix("mid_")
            ends = [end] if stem == end else [f"{side}_{stem}" for side, _, _ in SIDES]
            for name in ends:
                shares[name] = shares.get(name, 0.0) + share * mass / total / len(ends)
    return shares


_SHARES = _shares()


@dataclass(frozen=True)
class Step:
    """Where a foot is, against its usual place in the stance; without weight when lifted."""

    forward_m: float = 0.0
    up_m: float = 0.0
    pitch_deg: float = 0.0
    """Toes down positive."""
    out_m: float = 0.0
    turn_deg: float = 0.0
    """Toes outwards positive."""


@dataclass(frozen=True)
class Posture:
    """What a standing or squatting person does at one moment. Angles in degrees."""

    knee_flexion_deg: float = 4.0
    """Mean of the knees, each as its foot bears weight; one of them must."""
    lean_deg: float = 2.0
    """Pitch of the pelvis, forward positive; the chest and head follow it."""
    heel_rise_deg: float = 0.0
    """Pitch of the feet about the balls of the feet."""
    knee_in_deg: float = 0.0
    """How far the knees' planes are turned inwards from the toes' direction."""
    stance_m: float = 0.34
    """Distance between the ankles' centres."""
    toe_out_deg: float = 15.0
    hip_shift_m: float = 0.0
    """Of the pelvis to the person's left, from the middle between the feet."""
    roll_deg: float = 0.0
    """Of the pelvis; positive lowers its left side."""
    yaw_deg: float = 0.0
    """Of the pelvis; positive turns to the left."""
    arms: float = 0.0
    """0 hanging, 1 as `arm_style` says."""
    arm_style: str = "forward"
    head_deg: float = 0.0
    """Pitch of the head, down positive, added to what follows from the lean."""
    head_turn_deg: float = 0.0
    balance_m: float = 0.0
    """How far the centre of mass is in front of its usual place over the feet."""
    left_step: Step = Step()
    right_step: Step = Step()
    seated: float = 0.0
    """How much of the weight is on a seat: 0 balanced on the feet, 1 the root at `seat_m`."""
    seat_m: tuple[float, float] = (0.4, 0.6)
    """Where the root of a seated person is: behind the ankles, above the floor."""


@dataclass(frozen=True)
class _Foot:
    ankle: FloatArray
    toes: FloatArray
    towards: FloatArray
    """(3,) direction that the knee points to."""
    turned: dict[str, FloatArray]
    weight: float
    """0 lifted to 1 planted."""
    under: float
    """Likewise, but a foot that is put elsewhere is still under the body."""


@dataclass(frozen=True)
class _Hung:
    """All that moves with the root as one: trunk, head and arms."""

    hips: dict[str, FloatArray]
    mass: float
    """As a share of the body's."""
    moment_y: float


_ANKLE, _TOES = attrgetter("ankle"), attrgetter("toes")


class Poser:
    """Poses one body; knows its rest pose only.

    Parameters
    ----------
    rig
        Bones at rest, the floor at z = 0 under the soles.
    head_top_m
        (3,) top of the head at rest.
    """

    def __init__(self, rig: Rig, head_top_m: FloatArray) -> None:
        self.rig = rig
        self._head_top = head_top_m
        self._thigh = {s: self._bone_between("upperleg01", "lowerleg01", s) for s in "LR"}
        self._shin = {s: self._bone_between("lowerleg01", "foot", s) for s in "LR"}
        self._toe_bones = {
            s: [n for n in rig.names if n.startswith("toe") and n.endswith(f"-1.{s}")] for s in "LR"
        }
        self._guess = rig.head("root").copy()

    def _bone_between(self, near: str, far: str, letter: str) -> FloatArray:
        return self.rig.head(f"{far}.{letter}") - self.rig.head(f"{near}.{letter}")

    def place(self, posture: Posture) -> Placement:
        """Return where every bone is."""
        feet = {letter: self._foot(posture, letter, sign) for _, letter, sign in SIDES}
        turned = self._upper_body(posture)
        for foot in feet.values():
            turned.update(foot.turned)
        trunk = self.rig.place(turned, np.zeros(3))
        root = self._balanced_root(posture, trunk, feet)
        root[1:] += posture.seated * (np.array(posture.seat_m) - root[1:])
        for _, letter, _ in SIDES:
            hip = self._head(trunk, f"upperleg01.{letter}") + root
            knee = self._knee(hip, feet[letter], letter)
            turned.update(self._leg(hip, knee, feet[letter].ankle, letter))
        return self.rig.place(turned, root)

    def _head(self, placement: Placement, bone: str) -> FloatArray:
        where: FloatArray = placement.heads_m[self.rig.index[bone]]
        return where

    # Feet

    def _foot(self, posture: Posture, letter: str, sign: float) -> _Foot:
        rest = self.rig
        ankle = rest.head(f"foot.{letter}")
        balls = np.mean([rest.head(n) for n in self._toe_bones[letter]], axis=0)
        forward = balls - ankle
        outwards = float(np.degrees(np.arctan2(sign * forward[0], -forward[1])))
        step = posture.left_step if letter == "L" else posture.right_step
        toe_out_deg = posture.toe_out_deg + step.turn_deg
        yaw = rotation("z", sign * (toe_out_deg - outwards))
        out_m = posture.stance_m / 2 + step.out_m
        where = np.array([sign * out_m, -step.forward_m, ankle[2] + step.up_m])
        toes = where + yaw @ (balls - ankle)
        turn = yaw @ rotation("x", posture.heel_rise_deg + step.pitch_deg)
        flat = yaw @ rotation("x", step.pitch_deg)
        return _Foot(
            ankle=toes + turn @ (ankle - balls),
            toes=toes,
            turned={f"foot.{letter}": turn, **dict.fromkeys(self._toe_bones[letter], flat)},
            towards=rotation("z", sign * (toe_out_deg - posture.knee_in_deg)) @ FORWARD,
            weight=1.0 - _clipped(step.up_m / _LIFTED_M),
            under=1.0 - _clipped((step.up_m - _SHUFFLED_M) / (_RAISED_M - _SHUFFLED_M)),
        )

    # Trunk, head and arms

    def _upper_body(self, posture: Posture) -> dict[str, FloatArray]:
        level = rotation("z", posture.yaw_deg) @ rotation("y", posture.roll_deg)
        turned = {"root": level @ rotation("x", posture.lean_deg)}
        spine = ("spine05", "spine04", "spine03", "spine02", "spine01")
        # The chest stays a little more upright and level than the pelvis.
        calm = rotation("z", posture.yaw_deg) @ rotation("y", posture.roll_deg * 0.3)
        for i, bone in enumerate(spine):
            pitch = posture.lean_deg * (1.0 - 0.14 * i / (len(spine) - 1))
            turned[bone] = (calm if i else level) @ rotation("x", pitch)
        gaze = rotation("z", posture.yaw_deg + posture.head_turn_deg)
        for bone, follow in (("neck01", 0.75), ("neck02", 0.6), ("neck03", 0.48), ("head", 0.38)):
            turned[bone] = gaze @ rotation("x", follow * posture.lean_deg + posture.head_deg)
        for _, letter, sign in SIDES:
            turned.update(self._arm(posture, letter, sign))
        return turned

    def _arm(self, posture: Posture, letter: str, sign: float) -> dict[str, FloatArray]:
        upper = self._bone_between("upperarm01", "lowerarm01", letter)
        fore = self._bone_between("lowerarm01", "wrist", letter)
        raised = float(np.clip(posture.arms, 0.0, 1.0))
        mirror = np.array([sign, 1.0, 1.0])
        hanging = (np.array([0.16, 0.05, -1.0]), np.array([0.03, -0.25, -1.0]))
        chest = rotation("z", posture.yaw_deg) @ rotation("x", posture.lean_deg * 0.86)
        *raising, follows = ARM_STYLES[posture.arm_style]
        turned = chest if follows else np.eye(3)
        along, then = (
            unit(
                (1 - raised) * unit(mirror * low)
                + raised * turned @ unit(mirror * np.array(high))
                + raised * (1 - raised) * FORWARD
            )
            for low, high in zip(hanging, raising, strict=True)
        )
        turn_upper = frame(along, then) @ frame(upper, fore).T
        turn_fore = frame(then, -along) @ frame(fore, -upper).T
        lift = rotation("y", -sign * 12.0 * raised) if not follows else np.eye(3)
        return {
            f"shoulder01.{letter}": chest @ lift,
            f"upperarm01.{letter}": turn_upper,
            f"lowerarm01.{letter}": turn_fore,
        }

    # Legs

    def _knee(self, hip: FloatArray, foot: _Foot, letter: str) -> FloatArray:
        ankle = foot.ankle
        thigh, shin = _length(self._thigh[letter]), _length(self._shin[letter])
        reach = _length(ankle - hip)
        line = (ankle - hip) / reach
        reach = min(max(reach, abs(thigh - shin) + 1e-6), (thigh + shin) * (1 - 1e-7))
        along = (thigh**2 - shin**2 + reach**2) / (2 * reach)
        out = unit(foot.towards - line * (foot.towards @ line))
        knee: FloatArray = hip + line * along + out * max(thigh**2 - along**2, 0.0) ** 0.5
        return knee

    def _leg(
        self, hip: FloatArray, knee: FloatArray, ankle: FloatArray, letter: str
    ) -> dict[str, FloatArray]:
        rest_thigh, rest_shin = self._thigh[letter], self._shin[letter]
        # The knee's axis: across the body at rest, across the plane of the leg when bent.
        bend = (knee - (hip + ankle) / 2) + 1e-9 * FORWARD
        axis = cross(unit(bend), unit(ankle - hip))
        across = np.array([1.0, 0.0, 0.0])
        return {
            f"upperleg01.{letter}": frame(knee - hip, axis) @ frame(rest_thigh, across).T,
            f"lowerleg01.{letter}": frame(ankle - knee, axis) @ frame(rest_shin, across).T,
        }

    # Balance

    def _balanced_root(
        self, posture: Posture, trunk: Placement, feet: dict[str, _Foot]
    ) -> FloatArray:
        """Find the pelvis that bends the knees as asked, over the middle of the feet."""
        middle = sum(float(foot.ankle[0]) for foot in feet.values()) / len(feet)
        root = np.array([middle + posture.hip_shift_m, *self._guess[1:]])
        target = self._support_y(feet) - posture.balance_m
        hung = self._hung(trunk)
        for _ in range(12):
            here = self._off(posture, hung, feet, root, target)
            if np.abs(here).max() < 1e-5:
                break
            slopes = np.empty((2, 2))
            for j in (0, 1):
                moved = root.copy()
                moved[1 + j] += _STEP_M
                slopes[:, j] = (self._off(posture, hung, feet, moved, target) - here) / _STEP_M
            root[1:] -= np.clip(np.linalg.solve(slopes, here), -0.12, 0.12)
        self._guess = root.copy()
        return root

    def _support_y(self, feet: dict[str, _Foot]) -> float:
        """Return where over the feet the centre of mass belongs: the middle, or the balls."""
        under = sum(foot.under for foot in feet.values())
        ankle, toes = (
            sum(foot.under * float(where(foot)[1]) for foot in feet.values()) / under
            for where in (_ANKLE, _TOES)
        )
        bearing = sum(foot.weight for foot in feet.values())
        high = sum(foot.weight * float(foot.ankle[2]) for foot in feet.values()) / bearing
        risen = high - float(self.rig.head("foot.L")[2])
        return ankle + (0.36 + min(0.34, 8.0 * risen)) * (toes - ankle)

    def _off(
        self,
        posture: Posture,
        hung: _Hung,
        feet: dict[str, _Foot],
        root: FloatArray,
        target_y: float,
    ) -> FloatArray:
        """Return by how much the knees are bent too far, and the body is too far behind."""
        bent, y = 0.0, hung.moment_y + hung.mass * float(root[1])
        for side, letter, _ in SIDES:
            hip, foot = hung.hips[letter] + root, feet[letter]
            knee = self._knee(hip, foot, letter)
            for joint, where in (("knee", knee), ("ankle", foot.ankle), ("toe", foot.toes)):
                y += _SHARES[f"{side}_{joint}"] * float(where[1])
            bent += foot.weight * self._bent_deg(letter, _length(foot.ankle - hip))
        bent /= sum(foot.weight for foot in feet.values())
        return np.array([np.radians(bent - posture.knee_flexion_deg), y - target_y])

    def _hung(self, trunk: Placement) -> _Hung:
        """Return what trunk, head and arms weigh where, with the root in the origin."""
        points = self._above(trunk)
        return _Hung(
            hips={letter: points[f"{side}_hip"] for side, letter, _ in SIDES},
            mass=sum(_SHARES[joint] for joint in points),
            moment_y=sum(_SHARES[joint] * float(where[1]) for joint, where in points.items()),
        )

    def centre_of_mass(self, placed: Placement) -> FloatArray:
        """Return a posed body's centre of mass, (3,)."""
        points = self._above(placed)
        for side, letter, _ in SIDES:
            for joint, bone in _LOWER:
                points[f"{side}_{joint}"] = self._head(placed, f"{bone}.{letter}")
        centre: FloatArray = sum(
            (_SHARES[joint] * where for joint, where in points.items()), np.zeros(3)
        )
        return centre

    def _above(self, placed: Placement) -> dict[str, FloatArray]:
        """Return the ends of the segments from the hips upwards."""
        base, nod = self._head(placed, "head"), placed.rotations[self.rig.index["head"]]
        top = base + nod @ (self._head_top - self.rig.head("head"))
        return {
            "head_base": base,
            "head_top": top,
            **{
                f"{side}_{joint}": self._head(placed, f"{bone}.{letter}")
                for side, letter, _ in SIDES
                for joint, bone in _UPPER
            },
        }

    def _bent_deg(self, letter: str, reach: float) -> float:
        """Return the flexion of a knee whose hip and ankle are `reach` metres apart.

        Beyond the leg's length it goes on below zero, so that a search can come back.
        """
        a, b = _length(self._thigh[letter]), _length(self._shin[letter])
        cosine = (reach**2 - a**2 - b**2) / (2 * a * b)
        if cosine >= 1.0:
            return float(-np.degrees(cosine - 1.0) * 10)
        return float(np.degrees(np.arccos(max(-1.0, cosine))))


def _clipped(x: float) -> float:
    return min(1.0, max(0.0, x))


def _length(v: FloatArray) -> float:
    return math.sqrt(float(v @ v))


def vertical_deg(v: FloatArray) -> float:
    """Return the angle between `v` and straight up."""
    return float(np.degrees(np.arccos(np.clip(unit(v) @ UP, -1.0, 1.0))))
