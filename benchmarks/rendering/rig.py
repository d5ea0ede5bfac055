"""Bones and how they move: plain numpy, whatever body they come from.

World frame: metres, origin on the floor between the ankles of the standing person,
x to the person's left, y behind them, z up. The person faces -y.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

SIDES = (("left", "L", 1.0), ("right", "R", -1.0))
"""Side, suffix of its bones, sign of its x."""

FORWARD = np.array([0.0, -1.0, 0.0])
UP = np.array([0.0, 0.0, 1.0])

JOINT_BONES = {
    f"{side}_{joint}": f"{bone}.{letter}"
    for joint, bone in (
        ("shoulder", "upperarm01"),
        ("elbow", "lowerarm01"),
        ("wrist", "wrist"),
        ("hip", "upperleg01"),
        ("knee", "lowerleg01"),
        ("ankle", "foot"),
    )
    for side, letter, _ in SIDES
}
"""Joint → the bone whose head is the joint's centre."""


def unit(v: FloatArray) -> FloatArray:
    """Return `v` scaled to length 1."""
    return v / (v @ v) ** 0.5


def cross(a: FloatArray, b: FloatArray) -> FloatArray:
    """Return the vector product of two vectors (3,): much faster than numpy's on so few."""
    (ax, ay, az), (bx, by, bz) = a.tolist(), b.tolist()
    return np.array((ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx))


def rotation(axis: str, angle_deg: float) -> FloatArray:
    """Return the (3, 3) right-handed rotation about a coordinate axis."""
    c, s = np.cos(np.radians(angle_deg)), np.sin(np.radians(angle_deg))
    i = "xyz".index(axis)
    j, k = (i + 1) % 3, (i + 2) % 3
    turned = np.eye(3)
    turned[j, j], turned[j, k], turned[k, j], turned[k, k] = c, -s, s, c
    return turned


def frame(along: FloatArray, towards: FloatArray) -> FloatArray:
    """Return a (3, 3) right-handed frame: first axis `along`, second closest to `towards`."""
    first = unit(along)
    second = unit(towards - first * (towards @ first))
    return np.array((first, second, cross(first, second))).T


def turned_between(before: FloatArray, after: FloatArray, share: float) -> FloatArray:
    """Return the rotation that is `share` of the shortest way from one to another, (3, 3)."""
    turn = before.T @ after
    angle = np.arccos(np.clip((np.trace(turn) - 1) / 2, -1.0, 1.0))
    if angle < 1e-7:
        return after
    # Half a turn has no one axis in the antisymmetric part: it is in the symmetric one.
    axis = np.array([turn[2, 1] - turn[1, 2], turn[0, 2] - turn[2, 0], turn[1, 0] - turn[0, 1]])
    if np.linalg.norm(axis) < 1e-6:
        axis = (turn + np.eye(3))[:, int(np.argmax(np.diag(turn)))]
    x, y, z = unit(axis)
    cross = np.array([[0.0, -z, y], [z, 0.0, -x], [-y, x, 0.0]])
    part = share * angle
    step = np.eye(3) + np.sin(part) * cross + (1 - np.cos(part)) * cross @ cross
    between: FloatArray = before @ step
    return between


@dataclass(frozen=True)
class Placement:
    """Where every bone of a rig is: B bones."""

    rotations: FloatArray
    """(B, 3, 3) from the rest pose to this one, in world axes."""
    heads_m: FloatArray
    """(B, 3) bone heads."""


@dataclass(frozen=True)
class Rig:
    """A tree of bones at rest, parents before children."""

    names: tuple[str, ...]
    parents: tuple[int, ...]
    """Index of each bone's parent; -1 for the root."""
    heads_m: FloatArray
    """(B, 3) bone heads at rest."""
    index: Mapping[str, int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "index", {name: i for i, name in enumerate(self.names)})

    def head(self, name: str) -> FloatArray:
        """Return where a bone begins at rest, (3,)."""
        where: FloatArray = self.heads_m[self.index[name]]
        return where

    def place(self, turned: Mapping[str, FloatArray], root_m: FloatArray) -> Placement:
        """Pose the rig.

        Parameters
        ----------
        turned
            Bone → (3, 3) rotation from rest, in world axes. Bones that are not named
            move rigidly with their parent.
        root_m
            (3,) position of the root.
        """
        rotations = np.empty((len(self.names), 3, 3))
        heads = np.empty((len(self.names), 3))
        for i, (name, parent) in enumerate(zip(self.names, self.parents, strict=True)):
            given = turned.get(name)
            if parent < 0:
                rotations[i] = np.eye(3) if given is None else given
                heads[i] = root_m
                continue
            rotations[i] = rotations[parent] if given is None else given
            heads[i] = heads[parent] + rotations[parent] @ (self.heads_m[i] - self.heads_m[parent])
        return Placement(rotations, heads)


SEGMENTS = (
    ("head_base", "head_top", 0.0681, 0.50),
    ("mid_shoulder", "mid_hip", 0.4302, 0.41),
    *(
        (f"{side}_{near}", f"{side}_{far}", mass, at)
        for near, far, mass, at in (
            ("shoulder", "elbow", 0.0263, 0.57),
            ("elbow", "wrist", 0.0150, 0.46),
            ("wrist", "hand", 0.0059, 0.50),
            ("hip", "knee", 0.1447, 0.39),
            ("knee", "ankle", 0.0457, 0.44),
            ("ankle", "toe", 0.0133, 0.40),
        )
        for side, _, _ in SIDES
    ),
)
"""Segment ends, share of the body's mass, and where between the ends its centre lies:
rounded means of the women's and the men's values of de Leva (1996)."""
