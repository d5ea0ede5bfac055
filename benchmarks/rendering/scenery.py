"""What conditions put into a room: night or a bright window behind, a chair in front."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from benchmarks.rendering import textures
from benchmarks.rendering.camera import Camera
from benchmarks.rendering.rig import UP, FloatArray, rotation, unit
from benchmarks.rendering.room import Block, Room, Slab
from benchmarks.rendering.truth import JOINTS

_WALL_M = 1.0
"""Half of a wall's height is more than this, and of its width."""
_OFF_WALL_M = 1.1
"""What is nearer to a wall than this belongs to it."""
_LOW_M = 0.9
"""What is lower than this can stand before a window."""
_NIGHT = np.array((0.10, 0.12, 0.17))
_CHAIR_M = 0.43
_CLEAR_M = 0.45
"""How far a chair is at least from anything that the person's joints reach."""


def without_mat(room: Room) -> Room:
    """Return the room without the mat that may be on its floor."""
    kept = (s for s in room.slabs if abs(s.up_m[2]) > 0 or not 0 < s.centre_m[2] < 0.1)
    return replace(room, slabs=tuple(kept))


def nightly(room: Room) -> Room:
    """Return the room with darkness behind its windows."""
    return replace(
        room,
        slabs=tuple(
            _with(slab, slab.picture * _NIGHT)
            if slab.picture is not None and _window(slab)
            else slab
            for slab in room.slabs
        ),
    )


def _window(slab: Slab) -> bool:
    """Return whether a slab is what is seen through a window, not a ceiling."""
    return slab.glowing and slab.up_m[2] > 0.1


def _dazzling(slab: Slab) -> Slab:
    """Return a window behind which it is brighter than what a camera can show."""
    if slab.picture is None or not _window(slab):
        return slab
    return _with(slab, 255 - 0.4 * (255 - slab.picture.astype(np.float64)))


def _with(slab: Slab, levels: FloatArray) -> Slab:
    return replace(slab, picture=levels.astype(np.uint8))


@dataclass(frozen=True)
class _Wall:
    """The wall that is behind the person."""

    slab: Slab
    middle_m: FloatArray
    """(3,) the point of it behind the person, on the floor."""
    right: FloatArray
    """(3,) along it, for who looks at it."""
    front: FloatArray
    """(3,) away from it, into the room."""

    def place(self, point_m: FloatArray) -> tuple[float, float]:
        """Return how far right of its middle a point is, and how far before it."""
        away = point_m - self.middle_m
        return float(away @ self.right), float(away @ self.front)


def wall_front(room: Room, camera: Camera, person_m: FloatArray) -> FloatArray:
    """Return the direction (3,) into the room, away from the wall behind the person."""
    return _wall_behind(room, camera, person_m).front


def backlit(room: Room, camera: Camera, person_m: FloatArray, rng: np.random.Generator) -> Room:
    """Return the room with a large bright window behind the person, and light from there."""
    wall = _wall_behind(room, camera, person_m)
    half = float(np.linalg.norm(wall.slab.across_m))
    width = float(rng.uniform(1.3, 2.4))
    to_floor = rng.random() < 0.5
    low, high = (0.06, 2.2) if to_floor else (0.85, 2.2)
    middle, _ = wall.place(wall.slab.centre_m)
    # The whole window is in the wall.
    x = float(np.clip(rng.uniform(-0.5, 0.5), middle - half + width / 2, middle + half - width / 2))
    near = width / 2 + 0.35
    kept = tuple(b for b in room.blocks if not _before(wall, b.centre_m, b.size_m, x, near, low))
    slabs = tuple(
        s for s in room.slabs if s is wall.slab or not _hangs_before(wall, s, x, near, low)
    )
    centre = wall.middle_m + wall.right * x + UP * (low + high) / 2 + wall.front * 0.02
    window = Slab(
        centre,
        wall.right * width / 2,
        UP * (high - low) / 2,
        textures.window(rng),
        glowing=True,
    )
    towards = unit(wall.middle_m + wall.right * x + UP * 1.6 - person_m)
    curtains = _curtains(wall, x, width, rng)
    slabs = tuple(_dazzling(slab) for slab in (*slabs, window))
    return replace(room, slabs=slabs, blocks=(*kept, *curtains), light_from=towards)


def _curtains(wall: _Wall, x: float, width: float, rng: np.random.Generator) -> tuple[Block, ...]:
    red, green, blue = (float(c) for c in rng.uniform(110, 235, 3) / 255)
    turn = float(np.degrees(np.arctan2(wall.right[1], wall.right[0])))
    places = (
        wall.middle_m + wall.right * (x + side * (width / 2 + 0.08)) + wall.front * 0.06 + UP * 1.2
        for side in (-1, 1)
    )
    size = np.array((0.26, 0.08, 2.3))
    return tuple(Block("box", place, size, turn, (red, green, blue)) for place in places)


def _wall_behind(room: Room, camera: Camera, person_m: FloatArray) -> _Wall:
    start, way = camera.position_m, unit((person_m - camera.position_m) * (1, 1, 0))
    found: list[tuple[float, _Wall]] = []
    for slab in room.slabs:
        if min(np.linalg.norm(slab.across_m), slab.up_m[2]) < _WALL_M:
            continue
        right = unit(slab.across_m)
        front = np.cross(right, UP)
        if way @ front > -0.05:
            continue
        far = float((slab.centre_m - start) @ front / (way @ front))
        middle = (start + far * way) * (1, 1, 0)
        aside = abs(float((middle - slab.centre_m) @ right))
        if far > 0 and aside <= np.linalg.norm(slab.across_m) + 1e-6:
            found.append((far, _Wall(slab, middle, right, front)))
    if not found:
        msg = "The camera looks past all walls of the room."
        raise ValueError(msg)
    return min(found, key=lambda pair: pair[0])[1]


def _before(
    wall: _Wall, centre_m: FloatArray, size_m: FloatArray, x: float, near_m: float, low_m: float
) -> bool:
    """Return whether a block hides a part of a window, or was a part of what was there."""
    right, front = wall.place(centre_m)
    top = float(centre_m[2] + size_m[2] / 2)
    beside = abs(right - x) > near_m + float(size_m[0]) / 2
    return not (beside or front > _OFF_WALL_M or top < max(_LOW_M, low_m))


def _hangs_before(wall: _Wall, slab: Slab, x: float, near_m: float, low_m: float) -> bool:
    upright = slab.up_m[2] > 0.1 and abs(float(unit(slab.across_m) @ wall.right)) > 0.99
    half = float(np.linalg.norm(slab.across_m))
    if not upright or half > 2.0:
        return False
    size = np.array((2 * half, 0.0, 2 * slab.up_m[2]))
    return _before(wall, slab.centre_m, size, x, near_m, low_m)


def chair_between(
    camera: Camera, joints_m: FloatArray, rng: np.random.Generator
) -> tuple[Block, ...]:
    """Return a chair that hides a part of a leg from a camera.

    Parameters
    ----------
    camera
        Who looks.
    joints_m
        (T, J, 3) where the person's joints get, which the chair keeps clear of.
    rng
        Where it stands, and what it looks like.
    """
    shins = [i for i, name in enumerate(JOINTS) if name.endswith(("knee", "ankle"))]
    legs = np.median(joints_m[:, shins].reshape(-1, 3), axis=0) * (1, 1, 0)
    eye = camera.position_m * (1, 1, 0)
    towards, eye_m = unit(eye - legs), float(np.linalg.norm(eye - legs))
    aside = np.cross(UP, towards)
    reached = joints_m.reshape(-1, 3) - legs
    in_the_way = np.abs(reached @ aside) < 0.6 + _CLEAR_M
    before = max(float(np.where(in_the_way, reached @ towards, 0.0).max()), 0.0)
    before += _CLEAR_M + float(rng.uniform(0.15, 0.3))
    # One of its sides is seen beyond the middle of the legs.
    off = _CHAIR_M / 2 - float(rng.uniform(0.04, 0.20)) * (1 - before / eye_m)
    place = legs + towards * before + aside * off * float(rng.choice((-1, 1)))
    facing = float(np.degrees(np.arctan2(towards[1], towards[0]))) + 90
    return _chair(place, facing + float(rng.choice((0, 90, 180, -90)) + rng.uniform(-20, 20)), rng)


def _chair(place_m: FloatArray, turn_deg: float, rng: np.random.Generator) -> tuple[Block, ...]:
    """Return a chair on a place on the floor; its back is at the far side if not turned."""
    shade = float(rng.uniform(0.2, 0.8))
    red, green, blue = (shade * float(c) for c in rng.uniform((0.9, 0.7, 0.5), (1.0, 0.95, 0.95)))
    seat = float(rng.uniform(0.43, 0.48))
    high = seat + float(rng.uniform(0.40, 0.50))
    turn = rotation("z", turn_deg)

    def box(x: float, y: float, z: float, size: tuple[float, float, float]) -> Block:
        where = place_m + turn @ np.array((x, y, z))
        return Block("box", where, np.array(size), turn_deg, (red, green, blue))

    legs = [box(x, y, seat / 2, (0.035, 0.035, seat)) for x in (-0.19, 0.19) for y in (-0.19, 0.19)]
    posts = [box(x, 0.2, (seat + high) / 2, (0.035, 0.03, high - seat)) for x in (-0.19, 0.19)]
    if rng.random() < 0.5:
        rest = [box(0.0, 0.2, (seat + high) / 2 + 0.05, (0.40, 0.022, high - seat - 0.1))]
    else:
        rest = [box(0.0, 0.2, z, (0.40, 0.022, 0.08)) for z in (seat + 0.18, high - 0.04)]
    return (box(0.0, 0.0, seat, (_CHAIR_M, _CHAIR_M, 0.04)), *legs, *posts, *rest)


def covered(camera: Camera, joints_m: FloatArray, blocks: Sequence[Block]) -> np.ndarray:
    """Return whether a box is between the camera and each of some joints, (T, J)."""
    hidden = np.zeros(joints_m.shape[:2], dtype=np.bool_)
    for block in blocks:
        if block.kind == "box":
            hidden |= _through(camera.position_m, joints_m, block)
    return hidden


def _through(eye_m: FloatArray, points_m: FloatArray, block: Block) -> np.ndarray:
    """Return whether the line from an eye to each point goes through a box."""
    turn = rotation("z", block.turn_deg)
    start = (eye_m - block.centre_m) @ turn
    way = (points_m - eye_m) @ turn
    with np.errstate(divide="ignore", invalid="ignore"):
        one, other = ((side * block.size_m / 2 - start) / way for side in (-1, 1))
    enters = np.minimum(one, other).max(axis=-1)
    leaves = np.maximum(one, other).min(axis=-1)
    through: np.ndarray = (enters < leaves) & (enters > 0) & (leaves < 1)
    return through
