"""Whether a motion is humanly possible: ``python -m benchmarks.rendering.health``.

The checks know nothing of how a motion was made. They look at where bones and skin are in every
frame: feet that slide, knees that bend backwards, jumps, arms in the belly, things in the floor.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.rendering.action import Action, Actor
from benchmarks.rendering.contact import PARTS
from benchmarks.rendering.rig import JOINT_BONES, SIDES, UP, FloatArray, frame, unit
from benchmarks.rendering.room import Block
from benchmarks.rendering.solids import Solids

_SUNK_M = 0.025
"""How far skin may be below the floor: flesh and mats give way, shoes have soles."""
_DOWN_M = 0.005
"""How near the ball of a foot is to where it stands, when it stands."""
_DRIFT_M = 0.03
_FASTEST_M_S = 5.0
_JUMP_M = 0.03

RANGES_DEG = {
    "knee_flexion": (-5.0, 150.0),
    "hip_flexion": (-30.0, 135.0),
    "hip_abduction": (-35.0, 60.0),
    "hip_rotation": (-55.0, 75.0),
    "dorsiflexion": (-70.0, 45.0),
    "foot_twist": (-45.0, 50.0),
    "elbow_flexion": (0.0, 155.0),
    "arm_backwards": (-1.0, 65.0),
    "spine": (0.0, 80.0),
    "neck": (0.0, 85.0),
}
"""Angle → lowest and highest that a person reaches; see `_leg_angles` and the like."""


@dataclass(frozen=True)
class Film:
    """A motion as the checks see it: T frames, B bones."""

    actor: Actor
    action: Action
    heads_m: FloatArray
    """(T, B, 3)."""
    rotations: FloatArray
    """(T, B, 3, 3)."""
    fps: float

    def bone(self, name: str) -> FloatArray:
        """Return where a bone begins, (T, 3)."""
        path: FloatArray = self.heads_m[:, self.actor.body.rig.index[name]]
        return path

    def turn(self, name: str) -> FloatArray:
        """Return a bone's rotation, (T, 3, 3)."""
        turn: FloatArray = self.rotations[:, self.actor.body.rig.index[name]]
        return turn

    def at(self, frame_number: int) -> str:
        """Return when a frame is, in words."""
        return f"at {self.action.moments[frame_number].t_s:.2f} s"


def complaints(actor: Actor, action: Action, fps: float) -> list[str]:
    """Return what no person could do, one sentence each; nothing when all is well.

    Parameters
    ----------
    actor
        Whose body it is.
    action
        What it does.
    fps
        Frames per second.
    """
    film = Film(
        actor,
        action,
        np.stack([moment.placed.heads_m for moment in action.moments]),
        np.stack([moment.placed.rotations for moment in action.moments]),
        fps,
    )
    if not np.isfinite(film.heads_m).all():
        return ["nowhere: some bones have no place"]
    return [text for check in CHECKS for text in check(film)]


# Floor


def below_floor(film: Film) -> list[str]:
    """Return which parts sink into the floor."""
    contact = film.actor.contact
    every = max(1, round(film.fps / 15))
    found = []
    chosen = range(0, len(film.action.moments), every)
    for part in PARTS:
        low = [contact.lowest_m(film.action.moments[i].placed, (part,)) for i in chosen]
        worst = int(np.argmin(low))
        if low[worst] < -_SUNK_M:
            deep = -100 * low[worst]
            found.append(f"floor: {part} is {deep:.1f} cm below it {film.at(chosen[worst])}")
    return found


def sliding(film: Film) -> list[str]:
    """Return which feet move along the floor while they stand on it.

    A foot stands while its ball is as high as when standing, on the floor or on a block. It may
    pivot: then ball or heel keeps its place.
    """
    rig = film.actor.body.rig
    found = []
    for side, letter, _ in SIDES:
        toes = [n for n in rig.names if n.startswith("toe") and n.endswith(f"-1.{letter}")]
        ball = np.mean([film.bone(name) for name in toes], axis=0)
        at_rest = float(np.mean([rig.head(name)[2] for name in toes]))
        away = _heel_from_ankle(film.actor, letter)
        heel = film.bone(f"foot.{letter}") + film.turn(f"foot.{letter}") @ away
        tops = (0.0, *(b.centre_m[2] + b.size_m[2] / 2 for b in film.action.blocks))
        down = np.zeros(len(ball), dtype=bool)
        for top in tops:
            down |= np.abs(ball[:, 2] - at_rest - top) < _DOWN_M
        worst, when = 0.0, 0
        for first, last in _runs(down):
            drift = min(_drift(path[first:last, :2]) for path in (ball, heel))
            if drift > worst:
                worst, when = drift, first
        if worst > _DRIFT_M:
            found.append(f"sliding: {side} foot by {100 * worst:.1f} cm from {film.at(when)[3:]}")
    return found


def _heel_from_ankle(actor: Actor, letter: str) -> FloatArray:
    """Return where the heel is from the ankle, (3,), at rest."""
    rig = actor.body.rig
    away: FloatArray = rig.head(f"foot.{letter}") - rig.head(f"toe3-1.{letter}")
    return 0.3 * away * (1.0, 1.0, 0.0)


def _drift(path: FloatArray) -> float:
    """Return how far apart the places of a path (T, 2) are, robust to one outlier at its ends."""
    inner = path[1:-1] if len(path) > 4 else path
    return float(np.linalg.norm(inner - np.median(inner, axis=0), axis=1).max())


def _runs(flags: FloatArray) -> list[tuple[int, int]]:
    """Return where flags are set: first frame, and the frame after the last."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], flags.astype(int), [0]])))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))


# Joints


def out_of_range(film: Film) -> list[str]:
    """Return which joints bend further than a person's do."""
    found = []
    for name, angle in {**_trunk_angles(film), **_limb_angles(film)}.items():
        low, high = RANGES_DEG[name.removeprefix("left_").removeprefix("right_")]
        for worst, over in (
            (int(np.argmin(angle)), low - angle.min()),
            (int(np.argmax(angle)), angle.max() - high),
        ):
            if over > 0:
                found.append(f"range: {name} of {angle[worst]:.0f} deg {film.at(worst)}")
    return found


def _limb_angles(film: Film) -> dict[str, FloatArray]:
    angles = {}
    for side, letter, sign in SIDES:
        for name, angle in (_leg_angles(film, letter, sign) | _arm_angles(film, letter)).items():
            angles[f"{side}_{name}"] = angle
    return angles


def _leg_angles(film: Film, letter: str, sign: float) -> dict[str, FloatArray]:
    """Return a leg's angles, (T,) each in degrees.

    Flexion and outward abduction are those of the thigh's direction in the pelvis's axes,
    rotation is the thigh's about itself, outwards positive; the foot's twist is the direction
    of the toes from where the knee points, outwards positive.
    """
    hip, knee, ankle = (
        film.bone(f"{name}.{letter}") for name in ("upperleg01", "lowerleg01", "foot")
    )
    thigh, shin = knee - hip, ankle - knee
    rig = film.actor.body.rig
    rest = rig.head(f"lowerleg01.{letter}") - rig.head(f"upperleg01.{letter}")
    across = np.array([1.0, 0.0, 0.0])
    # The knee's axis is across the body at rest, square to the thigh.
    axis = film.turn(f"upperleg01.{letter}") @ frame(rest, across)[:, 1]
    pelvis = film.turn("root")
    local = _unit(np.einsum("tji,tj->ti", pelvis, thigh))
    toes = film.turn(f"foot.{letter}") @ _toes_at_rest(film.actor, letter)
    forward = np.cross(_unit(shin), axis)
    abduction = np.degrees(np.arcsin(np.clip(sign * local[:, 0], -1, 1)))
    flexion = np.degrees(np.arctan2(-local[:, 1], -local[:, 2]))
    # A thigh that points sideways has no direction forwards.
    flexion = np.where(np.abs(abduction) > 65, 0.0, flexion)
    twist = np.arctan2(_dots(toes, sign * axis), _dots(toes, forward))
    pointed = _dots(toes, _unit(shin))
    return {
        "knee_flexion": _signed_deg(thigh, shin, axis),
        "hip_flexion": flexion,
        "hip_abduction": np.where(flexion > 60, np.minimum(abduction, 60), abduction),
        "hip_rotation": _twist_deg(pelvis, axis, local, sign),
        "dorsiflexion": -np.degrees(np.arcsin(np.clip(pointed, -1, 1))),
        # Toes that point along the shin have no direction to the side.
        "foot_twist": np.where(np.abs(pointed) > 0.85, 0.0, np.degrees(twist)),
    }


def _toes_at_rest(actor: Actor, letter: str) -> FloatArray:
    rig = actor.body.rig
    toes = [n for n in rig.names if n.startswith("toe") and n.endswith(f"-1.{letter}")]
    ahead = np.mean([rig.head(n) for n in toes], axis=0) - rig.head(f"foot.{letter}")
    return unit(ahead * (1.0, 1.0, 0.0))


def _twist_deg(pelvis: FloatArray, axis: FloatArray, thigh: FloatArray, sign: float) -> FloatArray:
    """Return how far a thigh is turned about itself, outwards positive, (T,).

    Against a thigh that swung from straight down by the shortest way.
    """
    local = np.einsum("tji,tj->ti", pelvis, axis)
    plain = np.stack([_swung(direction) for direction in thigh])
    along = _dots(np.cross(plain, local), -thigh)
    turned: FloatArray = sign * np.degrees(np.arctan2(along, _dots(plain, local)))
    return turned


def _swung(direction: FloatArray) -> FloatArray:
    """Return the axis across, swung as straight down swings to a direction, (3,)."""
    across, down = np.array([1.0, 0.0, 0.0]), -UP
    axis = np.cross(down, direction)
    size = float(np.linalg.norm(axis))
    if size < 1e-6:
        return across
    axis, cos = axis / size, float(down @ direction)
    swung: FloatArray = (
        across * cos + np.cross(axis, across) * size + axis * float(axis @ across) * (1 - cos)
    )
    return swung


def _arm_angles(film: Film, letter: str) -> dict[str, FloatArray]:
    """Return an elbow's flexion, and how far the upper arm is behind the trunk, (T,) each."""
    shoulder, elbow, wrist = (
        film.bone(f"{name}.{letter}") for name in ("upperarm01", "lowerarm01", "wrist")
    )
    local = _unit(np.einsum("tji,tj->ti", film.turn("spine01"), elbow - shoulder))
    behind = np.degrees(np.arcsin(np.clip(local[:, 1], 0.0, 1.0)))
    return {
        "elbow_flexion": _between_deg(elbow - shoulder, wrist - elbow),
        # Overhead, behind the ears is not behind the trunk.
        "arm_backwards": np.where(local[:, 2] > 0, 0.5 * behind, behind),
    }


def _trunk_angles(film: Film) -> dict[str, FloatArray]:
    chest = film.turn("spine01")
    return {
        "spine": _turn_deg(film.turn("root"), chest),
        "neck": _turn_deg(chest, film.turn("head")),
    }


def _turn_deg(one: FloatArray, other: FloatArray) -> FloatArray:
    """Return the angle between rotations, (T,)."""
    trace = np.einsum("tij,tij->t", one, other)
    angle: FloatArray = np.degrees(np.arccos(np.clip((trace - 1) / 2, -1, 1)))
    return angle


def _between_deg(u: FloatArray, v: FloatArray) -> FloatArray:
    cosine = _dots(_unit(u), _unit(v))
    angle: FloatArray = np.degrees(np.arccos(np.clip(cosine, -1, 1)))
    return angle


def _signed_deg(thigh: FloatArray, shin: FloatArray, axis: FloatArray) -> FloatArray:
    """Return the knee's flexion; negative when it is bent forwards."""
    side = _dots(np.cross(_unit(thigh), _unit(shin)), axis)
    signed: FloatArray = np.where(side < 0, -1.0, 1.0) * _between_deg(thigh, shin)
    return signed


def _dots(u: FloatArray, v: FloatArray) -> FloatArray:
    """Return the inner products of rows, (T,)."""
    product: FloatArray = np.einsum("ti,ti->t", u, v)
    return product


def _unit(v: FloatArray) -> FloatArray:
    scaled: FloatArray = v / np.maximum(np.linalg.norm(v, axis=-1, keepdims=True), 1e-9)
    return scaled


# Speed


def too_fast(film: Film) -> list[str]:
    """Return which joints move faster than people do, or jump."""
    bones = {**JOINT_BONES, "head": "head", "pelvis": "root"}
    bones |= {f"{side}_toes": f"toe3-1.{letter}" for side, letter, _ in SIDES}
    found = []
    for joint, bone in bones.items():
        steps = np.linalg.norm(np.diff(film.bone(bone), axis=0), axis=1)
        if len(steps) < 3:
            continue
        fastest = int(np.argmax(steps))
        speed = steps[fastest] * film.fps
        if speed > _FASTEST_M_S:
            found.append(f"speed: {joint} at {speed:.1f} m/s {film.at(fastest)}")
        around = np.maximum(np.append(steps[1:], 0.0), np.insert(steps[:-1], 0, 0.0))
        jump = steps - 2.5 * around
        worst = int(np.argmax(jump))
        if jump[worst] > _JUMP_M:
            found.append(f"jump: {joint} by {100 * steps[worst]:.0f} cm {film.at(worst)}")
    return found


# Solids


def through_itself(film: Film) -> list[str]:
    """Return which parts of the body go through others."""
    return [
        f"overlap: {o.part} in {o.other} by {100 * o.depth_m:.1f} cm,"
        f" {100 * o.beyond_m:.1f} too much, {film.at(o.frame)}"
        for o in Solids(film.actor.body).overlaps([m.placed for m in film.action.moments])
    ]


def in_things(film: Film) -> list[str]:
    """Return which joints are inside of what stands in the room because of the motion."""
    bones = {**JOINT_BONES, "head": "head"}
    bones |= {f"{side}_toes": f"toe3-1.{letter}" for side, letter, _ in SIDES}
    found = []
    for number, block in enumerate(film.action.blocks):
        for joint, bone in bones.items():
            inside = _inside(block, film.bone(bone))
            if inside.any():
                found.append(
                    f"thing: {joint} in {block.kind} {number} {film.at(int(np.argmax(inside)))}"
                )
    return found


def _inside(block: Block, points_m: FloatArray) -> FloatArray:
    turn = np.radians(block.turn_deg)
    cos, sin = np.cos(turn), np.sin(turn)
    away = points_m - block.centre_m
    local = np.stack(
        [cos * away[:, 0] + sin * away[:, 1], cos * away[:, 1] - sin * away[:, 0], away[:, 2]],
        axis=1,
    )
    share = np.abs(local) / (block.size_m / 2)
    inside: FloatArray = (
        (share < 1.0).all(axis=1) if block.kind == "box" else (share**2).sum(axis=1) < 1.0
    )
    return inside


CHECKS: tuple[Callable[[Film], list[str]], ...] = (
    below_floor,
    sliding,
    out_of_range,
    too_fast,
    through_itself,
    in_things,
)


# Command


def main(arguments: Sequence[str] | None = None) -> int:
    from benchmarks.rendering.film import Order, Studio
    from benchmarks.rendering.motions import SCRIPTS

    parser = argparse.ArgumentParser(prog="python -m benchmarks.rendering.health")
    parser.add_argument("--script", nargs="+", choices=sorted(SCRIPTS), default=sorted(SCRIPTS))
    parser.add_argument("--seed", nargs="+", type=int, default=list(range(6)))
    parser.add_argument("--fps", type=float, default=30)
    given = parser.parse_args(arguments)
    studio, ill = Studio(), 0
    for script in given.script:
        for seed in given.seed:
            order = Order("front", seed, script)
            actor = studio.actor(order)
            action = SCRIPTS[script](actor, order.chance, given.fps)
            found = complaints(actor, action, given.fps)
            seconds = len(action.moments) / given.fps
            print(f"{script:24} seed {seed:3}  {seconds:5.1f} s  {len(found) or 'well'}")
            for text in found:
                print(f"    {text}")
            ill += bool(found)
    return 1 if ill else 0


if __name__ == "__main__":
    sys.exit(main())
