"""A second person: where they walk or stand, and what they hide of the first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from benchmarks.rendering.action import Actor, Chance, Moment
from benchmarks.rendering.camera import Camera
from benchmarks.rendering.cast import middle_m
from benchmarks.rendering.motions.gait import Gait, draw_bearing
from benchmarks.rendering.motions.walking import (
    Stop,
    draw_pace,
    footfalls,
    moments_of,
    standing,
)
from benchmarks.rendering.rig import UP, FloatArray, unit
from benchmarks.rendering.room import Block
from benchmarks.rendering.smear import PARTS
from benchmarks.rendering.truth import JOINTS

_BEHIND_M, _BEFORE_M, _BESIDE_M = (0.55, 0.95), (0.50, 0.75), (0.60, 0.85)
"""How far a second person is from whatever the first one reaches."""
_FURTHEST_ASIDE_M = 3.4
"""There are walls."""
WAY_BEHIND_M = _BEHIND_M[1] + 0.35
"""How much free floor somebody who walks past behind needs."""
_BODY_M = 0.5
"""Half of the room that somebody who walks takes."""
_ASKEW = 1.3
"""How much further the picture goes to one side than its half: nobody is in its middle."""
_LOW_M = 0.05
"""Things so low are walked on: mats."""
_FLESH_M = 0.12
_FIDGETING = 2.5
"""How much more who has nothing to do moves than who walks."""


@dataclass(frozen=True)
class Ground:
    """The floor as the camera sees it, about the first person."""

    middle_m: FloatArray
    """(2,) where the first person is mostly."""
    near: FloatArray
    """(2,) direction towards the camera."""
    right: FloatArray
    """(2,) direction to the picture's right."""
    camera_m: float
    """How far away the camera is."""
    before_m: float
    """How far the first person reaches towards the camera."""
    behind_m: float
    aside_m: tuple[float, float]
    """How far they reach to the picture's left and right."""
    half_view: float
    """Half of what the camera sees across, over the distance."""

    def at(self, right_m: float, near_m: float) -> tuple[float, float]:
        """Return a place (x, y) on the floor."""
        x, y = self.middle_m + right_m * self.right + near_m * self.near
        return float(x), float(y)

    def out_of_view_m(self, near_m: float) -> float:
        """Return how far aside somebody is out of the picture who is so much nearer."""
        return (self.camera_m - near_m) * _ASKEW * self.half_view + _BODY_M

    def nearest_out_of_view(self, aside_m: float) -> float:
        """Return how much nearer somebody so far aside has to be to be out of the picture."""
        return self.camera_m - (aside_m - _BODY_M) / (_ASKEW * self.half_view)


def ground(
    camera: Camera,
    joints_m: FloatArray,
    blocks: Sequence[Block],
    towards: FloatArray | None = None,
) -> Ground:
    """Return the floor about somebody.

    Parameters
    ----------
    camera
        What sees them.
    joints_m
        (T, J, 3) where they are.
    blocks
        What they use.
    towards
        (3,) level direction that counts as the camera's; None for the real one.
    """
    middle = middle_m(joints_m)
    corners = [_corners(block) for block in blocks if block.centre_m[2] > _LOW_M]
    reached = np.concatenate([joints_m.reshape(-1, 3), *corners])[:, :2] - middle[:2]
    near = unit((camera.position_m - middle) * (1, 1, 0)) if towards is None else towards
    right = np.cross(UP, near)
    before, behind, to_left, to_right = (
        float((reached @ way[:2]).max()) for way in (near, -near, -right, right)
    )
    return Ground(
        middle_m=middle[:2],
        near=near[:2],
        right=right[:2],
        camera_m=float(np.linalg.norm((camera.position_m - middle)[:2])),
        before_m=before,
        behind_m=behind,
        aside_m=(to_left, to_right),
        half_view=float(np.tan(np.radians(camera.across_deg) / 2)),
    )


def _corners(block: Block) -> FloatArray:
    half = float(np.hypot(*block.size_m[:2])) / 2
    ring: FloatArray = block.centre_m + half * np.array(
        [(1, 0, 0), (-1, 0, 0), (0, 1, 0), (0, -1, 0)]
    )
    return ring


def depth_m(does: str, floor: Ground, rng: np.random.Generator) -> float:
    """Return how much nearer to the camera than the first person the second one is."""
    if does == "passer-behind":
        return -(floor.behind_m + float(rng.uniform(*_BEHIND_M)))
    if does == "passer-in-front":
        return floor.before_m + float(rng.uniform(*_BEFORE_M))
    return float(rng.uniform(-0.5, 0.1))


def accompany(
    does: str, actor: Actor, chance: Chance, floor: Ground, length_s: float, fps: float
) -> list[Moment]:
    """Return what a second person does, frame by frame.

    Parameters
    ----------
    does
        One of `conditions.OTHERS`.
    actor
        Who.
    chance
        What is drawn: place, time, manner.
    floor
        Where the first person is.
    length_s, fps
        Of the film.
    """
    rng = chance("place")
    near = depth_m(does, floor, rng)
    side = float(rng.choice((-1.0, 1.0)))
    if does == "bystander":
        return _standing_by(actor, chance, floor, (side, near), length_s, fps)
    return _walking_past(actor, chance, floor, (side, near), length_s, fps)


def _walking_past(
    actor: Actor,
    chance: Chance,
    floor: Ground,
    place: tuple[float, float],
    length_s: float,
    fps: float,
) -> list[Moment]:
    """Return somebody who walks across, from outside of the picture to outside of it."""
    side, near = place
    rng, style = chance("passing"), chance("style")
    pace, bearing = draw_pace(style, actor.shape.stature_m), draw_bearing(style)
    aside = floor.out_of_view_m(near)
    way = [(-aside, near), (aside, near)]
    if aside > _FURTHEST_ASIDE_M:
        # Where the room ends before the picture does, people come from beside the camera.
        corner, out = 0.7 * _FURTHEST_ASIDE_M, floor.nearest_out_of_view(_FURTHEST_ASIDE_M)
        way = [(-_FURTHEST_ASIDE_M, out), (-corner, near), (corner, near), (_FURTHEST_ASIDE_M, out)]
    places = [floor.at(side * right, before) for right, before in way]
    start = standing(pace, places[0], _towards_deg(places[0], places[1]))
    gait = Gait(
        actor, start, footfalls(pace, start, [Stop(at) for at in places[1:]], rng), bearing, rng
    )
    # The middle of the way is reached at some time in the middle of the film.
    early_s = gait.end_s / 2 - float(rng.uniform(0.3, 0.7)) * length_s
    return [Moment(i / fps, gait.place(i / fps + early_s)) for i in range(round(length_s * fps))]


def _standing_by(
    actor: Actor,
    chance: Chance,
    floor: Ground,
    place: tuple[float, float],
    length_s: float,
    fps: float,
) -> list[Moment]:
    """Return somebody who stands beside the first person, turns and makes small steps."""
    side, near = place
    rng, style = chance("standing"), chance("style")
    aside = floor.aside_m[1 if side > 0 else 0] + float(rng.uniform(*_BESIDE_M))
    pace = replace(draw_pace(style, actor.shape.stature_m), length_m=0.3)
    bearing = draw_bearing(style)
    restless = replace(bearing, wobble=_FIDGETING * bearing.wobble)
    here = floor.at(side * aside, near)
    # They look at the first person, past them, or at the camera.
    at_person, at_camera = floor.at(0.0, 0.0), floor.at(0.0, floor.camera_m)
    faces = [_towards_deg(here, at) for at in (at_person, at_camera)]
    turned = float(rng.choice(faces)) + float(rng.uniform(-25, 25))
    start = standing(pace, here, turned)
    stops, until_s = [], 0.0
    while until_s < length_s:
        moved = floor.at(side * (aside + rng.uniform(0, 0.2)), near + rng.uniform(-0.15, 0.15))
        turned += float(rng.uniform(-35, 35))
        stops.append(Stop(moved, turned, float(rng.uniform(2, 6))))
        until_s += stops[-1].pause_s + 1.0
    steps = footfalls(pace, start, stops, rng, begin_s=float(rng.uniform(0.5, 4)))
    return moments_of(Gait(actor, start, steps, restless, chance("wobble")), fps, length_s)


def _towards_deg(here: tuple[float, float], there: tuple[float, float]) -> float:
    way = np.subtract(there, here)
    return float(np.degrees(np.arctan2(way[0], -way[1])))


# What they hide


def overlap(camera: Camera, first_m: FloatArray, second_m: FloatArray) -> NDArray[np.bool_]:
    """Return in which frames the boxes round two people overlap in the picture, (T,).

    Parameters
    ----------
    camera
        What sees them.
    first_m, second_m
        (T, J, 3) their joints.
    """
    boxes = [_box(camera, joints) for joints in (first_m, second_m)]
    (low, high), (other_low, other_high) = boxes
    over = (np.minimum(high, other_high) > np.maximum(low, other_low)).all(axis=-1)
    return np.asarray(over)


def _box(camera: Camera, joints_m: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the corners of the box round a person in each frame, within the picture."""
    at = camera.project(joints_m)
    away = np.median(camera.to_camera(joints_m)[..., 2], axis=1)
    flesh = (_FLESH_M * camera.intrinsics[1, 1] / away)[:, None]
    size = (camera.width, camera.height)
    low, high = np.clip(at.min(axis=1) - flesh, 0, size), np.clip(at.max(axis=1) + flesh, 0, size)
    return low, high


def nearer(camera: Camera, first_m: FloatArray, second_m: FloatArray) -> NDArray[np.bool_]:
    """Return in which frames the second person is nearer to the camera, (T,)."""
    first, second = (
        np.median(camera.to_camera(joints)[..., 2], axis=1) for joints in (first_m, second_m)
    )
    return np.asarray(second < first)


def hidden_joints(camera: Camera, first_m: FloatArray, second_m: FloatArray) -> NDArray[np.bool_]:
    """Return which joints of the first person the second one's body hides, (T, J)."""
    hidden = np.zeros(first_m.shape[:2], dtype=np.bool_)
    frames = np.flatnonzero(overlap(camera, first_m, second_m))
    frames = frames[nearer(camera, first_m[frames], second_m[frames])]
    at = camera.project(first_m[frames])
    depth = camera.to_camera(first_m[frames])[..., 2]
    for near, far, thick_m, beyond in PARTS:
        a, b = (second_m[frames, JOINTS.index(name)] for name in (near, far))
        tip = a + (b - a) * beyond
        away = camera.to_camera((a + tip) / 2)[:, 2]
        wide = thick_m * camera.intrinsics[1, 1] / away
        apart = _apart_px(at, camera.project(a), camera.project(tip))
        hidden[frames] |= (apart < wide[:, None]) & (depth > away[:, None])
    return hidden


def _apart_px(at: FloatArray, start: FloatArray, end: FloatArray) -> FloatArray:
    """Return how far points (T, J, 2) are from a stretch of a line in each frame, (T, J)."""
    way = (end - start)[:, None]
    length = np.maximum((way**2).sum(axis=-1), 1e-9)
    along = np.clip(((at - start[:, None]) * way).sum(axis=-1) / length, 0, 1)
    apart: FloatArray = np.linalg.norm(at - start[:, None] - along[..., None] * way, axis=-1)
    return apart


def spans_s(inside: NDArray[np.bool_], t_s: FloatArray) -> list[list[float]]:
    """Return from when to when something is so, in seconds."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], inside, [False]]).astype(np.int8)))
    return [
        [float(t_s[a]), float(t_s[b - 1])] for a, b in zip(edges[::2], edges[1::2], strict=True)
    ]
