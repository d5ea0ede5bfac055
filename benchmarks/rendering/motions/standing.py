"""A person on both feet who keeps their balance, with hands that rest on things.

Poses say what trunk, legs and arms do; where the pelvis then is follows from the knees' bend
and from where the weight is to be. Poses that are blended are balanced anew in every frame.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from benchmarks.rendering.action import Actor, Moment, smooth, wander
from benchmarks.rendering.figure import (
    LETTERS,
    SIGNS,
    Figure,
    Figures,
    PlacedArm,
    PlacedLeg,
    blend,
    facing,
)
from benchmarks.rendering.hands import Grip, Hands
from benchmarks.rendering.motions.arms import hanging_arms
from benchmarks.rendering.motions.gait import hanging_out
from benchmarks.rendering.rig import FloatArray, Placement, rotation, unit

OVER = 0.36
"""Where the weight is over standing feet: share of the way from the ankles to the balls."""


@dataclass(frozen=True, eq=False)
class Hold:
    """Where a left hand rests, told at rest: standing upright, facing -y, arms out.

    The place goes with a bone of the body, or stays in the world. For a right hand all is
    mirrored.
    """

    bone: str
    """``{}`` stands for the side's letter; empty for the world."""
    at_m: FloatArray
    """(3,) what the middle of the palm touches."""
    palm: FloatArray
    """(3,) direction that the palm faces."""
    along: FloatArray
    """(3,) direction of the fingers."""
    elbow: FloatArray
    """(3,) direction that the elbow points to, in the chest's axes."""
    curl_deg: float = 10.0
    way_m: tuple[float, float, float] = (0.10, -0.12, 0.0)
    """How far from the straight way the hand goes half-way from where it hangs, in the chest's
    axes: round the body instead of through it."""


@dataclass(frozen=True)
class Pose:
    """What a person does at one moment."""

    figure: Figure
    """Where its root is counts only as far as the pose is fixed."""
    knee_deg: float = 5.0
    """Flexion of the straighter knee."""
    over: float = OVER
    aside: float = 0.0
    """Where the weight is between the feet: 1 over the left one, -1 over the right one."""
    fixed: float = 0.0
    """How far the root is where the figure says, as on a chair, instead of balanced."""
    holds: Mapping[str, Mapping[Hold, float]] = field(default_factory=dict)
    """Side → where the hand rests, and how much so: what is left to 1 goes with the figure's
    arm."""


_SHRUG = 0.3
"""Degrees by which a shoulder is lifted for each that the arm is raised beyond some."""

_BALANCED_M = 2e-4

Key = tuple[float, Pose] | tuple[float, Pose, float]
"""How many seconds the way to a pose takes, the pose, and by how much it begins before the pose
before it is reached, which is then passed without a stop."""


def pose_between(before: Pose, after: Pose, share: float) -> Pose:
    """Return the pose that is `share` of the way from one to another."""
    if share <= 0.0:
        return before
    if share >= 1.0:
        return after

    def mix(name: str) -> float:
        low: float = getattr(before, name)
        high: float = getattr(after, name)
        return low + share * (high - low)

    holds: dict[str, dict[Hold, float]] = {side: {} for side in LETTERS}
    for pose, much in ((before, 1.0 - share), (after, share)):
        for side, held in pose.holds.items():
            for hold, weight in held.items():
                holds[side][hold] = holds[side].get(hold, 0.0) + much * weight
    return Pose(
        figure=blend(before.figure, after.figure, share),
        knee_deg=mix("knee_deg"),
        over=mix("over"),
        aside=mix("aside"),
        fixed=mix("fixed"),
        holds={side: held for side, held in holds.items() if held},
    )


def keyed(keys: Sequence[Key]) -> tuple[Callable[[float], Pose], float]:
    """Return the pose over time, smoothly from each key to the next, and the last one's time."""
    starts, ends = [0.0], [keys[0][0]]
    for key in keys[1:]:
        starts.append(ends[-1] - (key[2] if len(key) > 2 else 0.0))
        ends.append(starts[-1] + key[0])

    def at(t_s: float) -> Pose:
        i = max(0, int(np.searchsorted(ends, t_s, side="right")) - 1)
        pose = keys[i][1]
        for start_s, key in zip(starts[i + 1 :], keys[i + 1 :], strict=True):
            if t_s <= start_s:
                break
            pose = pose_between(pose, key[1], smooth((t_s - start_s) / key[0]))
        return pose

    return at, ends[-1]


def upright(
    figures: Figures,
    width_m: float = 0.26,
    toe_out_deg: float = 10.0,
    ahead_m: float = 0.0,
    rise_deg: float = 0.0,
    **figure: float,
) -> Figure:
    """Return a standing figure; its balance comes later.

    Parameters
    ----------
    figures
        Poses the body.
    width_m
        Between the ankles.
    toe_out_deg
        Of both feet.
    ahead_m
        Where the feet are.
    rise_deg
        Of both heels.
    **figure
        Angles of `Figure`; ``lean_deg``, ``yaw_deg`` and ``roll_deg`` are the pelvis's.
    """
    lean, yaw, roll = (figure.pop(f"{name}_deg", 0.0) for name in ("lean", "yaw", "roll"))
    return Figure(
        root_m=figures.rig.head("root"),
        pelvis=facing(lean, yaw, roll),
        legs={
            side: figures.standing_leg(side, ahead_m, width_m / 2, toe_out_deg, rise_deg)
            for side in LETTERS
        },
        **figure,  # type: ignore[arg-type]
    )


class Mover:
    """Puts one body into poses.

    Parameters
    ----------
    actor
        Who.
    rng
        Where small involuntary movements come from.
    wobble
        Size of these.
    """

    def __init__(self, actor: Actor, rng: np.random.Generator, wobble: float = 1.0) -> None:
        self.figures = actor.figures
        self.contact = actor.contact
        self._poser = actor.poser
        self._hands = Hands(actor.body.rig)
        self._noise = {name: wander(rng, slow) for name, slow in _WOBBLES.items()}
        self._wobble = wobble
        self._near_m = actor.figures.rig.head("root")
        self.out = hanging_out(actor)
        """How far the arms hang from the body, for `hanging_arms`."""
        self.hanging = hanging_arms(self.out)

    def moments(self, at: Callable[[float], Pose], length_s: float, fps: float) -> list[Moment]:
        """Return a motion frame by frame."""
        return [
            Moment(i / fps, self.place(self.alive(at(i / fps), i / fps)))
            for i in range(round(length_s * fps))
        ]

    def place(self, pose: Pose) -> Placement:
        """Return where every bone is."""
        pose = self.settled(pose)
        if not pose.holds:
            return self._shrugged(self.figures.place(pose.figure), LETTERS)
        # Hands rest on trunk and legs, which are where they are without the arms.
        placed = self.figures.place(pose.figure)
        arms, grips = dict(pose.figure.arms), {}
        for side, held in pose.holds.items():
            grip, arm = self._reaching(held, side, placed)
            arms[side] = arm
            grips[side] = (grip, min(sum(held.values()), 1.0))
        reaching = self.figures.place(replace(pose.figure, arms=arms))
        return self._shrugged(self._hands.laid(reaching, grips), set(LETTERS) - set(grips))

    def settled(self, pose: Pose) -> Pose:
        """Return the pose with its root where it keeps the balance."""
        if pose.fixed >= 1.0:
            return pose
        figure = pose.figure
        goal = self._weight_m(pose)
        root_m = self._near_m.copy()
        for _ in range(6):
            root_m[2] = self._height_m(replace(figure, root_m=root_m), pose.knee_deg)
            placed = self.figures.place(replace(figure, root_m=root_m))
            off = goal - self._poser.centre_of_mass(placed)[:2]
            root_m[:2] += off
            if float(np.abs(off).max()) < _BALANCED_M:
                break
        root_m[2] = self._height_m(replace(figure, root_m=root_m), pose.knee_deg)
        self._near_m = root_m
        root_m = root_m + pose.fixed * (figure.root_m - root_m)
        return replace(pose, figure=replace(figure, root_m=root_m))

    def alive(self, pose: Pose, t_s: float) -> Pose:
        """Return a pose as it is held: never quite still."""
        n = {name: self._wobble * move(t_s) for name, move in self._noise.items()}
        figure = pose.figure
        return replace(
            pose,
            aside=pose.aside + 0.05 * n["aside"],
            over=pose.over + 0.05 * n["over"],
            figure=replace(
                figure,
                bend_deg=figure.bend_deg + 0.8 * n["bend"],
                side_bend_deg=figure.side_bend_deg + 0.5 * n["side"],
                twist_deg=figure.twist_deg + 0.8 * n["twist"],
                nod_deg=figure.nod_deg + 2.0 * n["nod"],
                head_turn_deg=figure.head_turn_deg + 3.0 * n["turn"],
            ),
        )

    def _shrugged(self, placed: Placement, sides: Iterable[str]) -> Placement:
        """Return a placement whose shoulders go up with raised arms that reach for nothing."""
        rig = self.figures.rig
        turned = {name: placed.rotations[i] for i, name in enumerate(rig.names)}
        changed = False
        for side in sides:
            letter = LETTERS[side]
            chest = placed.rotations[rig.index["spine01"]]
            arm = self.figures.joint(placed, f"lowerarm01.{letter}") - self.figures.joint(
                placed, f"upperarm01.{letter}"
            )
            down = float(-(chest.T @ unit(arm))[2])
            lift_deg = _SHRUG * (float(np.degrees(np.arccos(np.clip(down, -1, 1)))) - 40.0)
            if lift_deg <= 0.0:
                continue
            changed = True
            for bone, share in (("clavicle", 0.4), ("shoulder01", 1.0)):
                if f"{bone}.{letter}" in turned:
                    lift = rotation("y", -SIGNS[side] * share * lift_deg)
                    turned[f"{bone}.{letter}"] = chest @ lift
        return rig.place(turned, placed.heads_m[0]) if changed else placed

    # Balance

    def _weight_m(self, pose: Pose) -> FloatArray:
        """Return where the centre of mass belongs, (2,)."""
        rig = self.figures.rig
        feet = []
        for side, letter in LETTERS.items():
            leg = pose.figure.legs[side]
            if not isinstance(leg, PlacedLeg):
                msg = f"a balanced pose stands on both feet, but its {side} leg is {leg!r}"
                raise TypeError(msg)
            to_ball = leg.foot @ (rig.head(f"toe3-1.{letter}") - rig.head(f"foot.{letter}"))
            feet.append(leg.ankle_m[:2] + pose.over * to_ball[:2])
        left, right = feet
        middle: FloatArray = (left + right) / 2 + pose.aside * (left - right) / 2
        return middle

    def _height_m(self, figure: Figure, knee_deg: float) -> float:
        """Return how high the root is when the straighter knee is bent so far."""
        heights = []
        for side in LETTERS:
            leg = figure.legs[side]
            thigh, shin = (self.figures.length_m(part, side) for part in ("thigh", "shin"))
            cosine = np.cos(np.radians(knee_deg))
            reach = thigh**2 + shin**2 + 2 * thigh * shin * cosine
            hip = self.figures.hip_m(figure, side)
            away = hip - leg.ankle_m  # type: ignore[union-attr]
            up = max(reach - float(away[:2] @ away[:2]), 0.0) ** 0.5
            heights.append(figure.root_m[2] - away[2] + up)
        return float(min(heights))

    # Hands

    def wrist_m(self, hold: Hold, side: str) -> FloatArray:
        """Return where the wrist of a hand is that rests on something in the world, (3,)."""
        nowhere = Placement(np.zeros((0, 3, 3)), np.zeros((0, 3)))
        return self._hands.wrist_m(side, self._laid(hold, side, nowhere)[0])

    def _reaching(
        self, held: Mapping[Hold, float], side: str, placed: Placement
    ) -> tuple[Grip, PlacedArm]:
        """Return how a hand lies, and the arm that brings it there or part of the way.

        The placement's own arm is where it comes from.
        """
        laid = [self._laid(hold, side, placed) for hold in held]
        share = min(1.0, sum(held.values()))
        weights = np.array(list(held.values())) / sum(held.values())

        def mean(values: Sequence[FloatArray]) -> FloatArray:
            mixed: FloatArray = weights @ np.stack(values)
            return mixed

        grip = Grip(
            mean([grip.at_m for grip, _ in laid]),
            mean([grip.palm for grip, _ in laid]),
            mean([grip.along for grip, _ in laid]),
            float(weights @ [grip.curl_deg for grip, _ in laid]),
        )
        elbow = unit(mean([elbow for _, elbow in laid]))
        there = self._hands.wrist_m(side, grip)
        if share > 1.0 - 1e-6:
            return grip, PlacedArm(there, elbow)
        shoulder, bend, here = (
            self.figures.joint(placed, f"{bone}.{LETTERS[side]}")
            for bone in ("upperarm01", "lowerarm01", "wrist")
        )
        chest = placed.rotations[self.figures.rig.index["spine01"]]
        way = np.array((SIGNS[side], 1.0, 1.0)) * mean([np.array(hold.way_m) for hold in held])
        wrist = here + share * (there - here) + np.sin(np.pi * share) * chest @ way
        now = unit(bend - (shoulder + here) / 2)
        return grip, PlacedArm(wrist, now + share * (elbow - now))

    def _laid(self, hold: Hold, side: str, placed: Placement) -> tuple[Grip, FloatArray]:
        mirror = np.array([SIGNS[side], 1.0, 1.0])
        at_m, palm, along, elbow = (
            mirror * value for value in (hold.at_m, hold.palm, hold.along, hold.elbow)
        )
        chest = self.figures.rig.index["spine01"]
        if len(placed.rotations):
            elbow = placed.rotations[chest] @ elbow
        if hold.bone:
            index = self.figures.rig.index[hold.bone.format(LETTERS[side])]
            turn = placed.rotations[index]
            at_m = placed.heads_m[index] + turn @ (at_m - self.figures.rig.heads_m[index])
            palm, along = turn @ palm, turn @ along
        return Grip(at_m, palm, along, hold.curl_deg), elbow


_WOBBLES = {"bend": 0.3, "side": 0.25, "twist": 0.3, "nod": 0.3, "turn": 0.22, "aside": 0.3,
            "over": 0.35}  # fmt: skip
"""Involuntary movement → how fast it is, in hertz."""
