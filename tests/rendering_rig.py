"""A body of sticks on which the renderer's motions are tried: no torch, no drawing."""

from __future__ import annotations

import zlib

import numpy as np

from benchmarks.rendering.action import Action, Actor, Chance
from benchmarks.rendering.body import SURFACE_POINTS, Body, Shape, Template
from benchmarks.rendering.camera import Camera
from benchmarks.rendering.rig import (
    FORWARD,
    JOINT_BONES,
    SIDES,
    FloatArray,
    Placement,
    Rig,
    frame,
)
from benchmarks.rendering.truth import JOINTS, Truth, angles_deg

HEAD_TOP = np.array([0.0, -0.03, 1.75])
"""Where the top of the head is, (3,)."""


def stick_rig() -> Rig:
    """Return a person of 1.75 m, arms hanging at an angle, knees a little bent."""
    bones: list[tuple[str, str | None, tuple[float, float, float]]] = [
        ("root", None, (0.0, 0.0, 0.95))
    ]
    spine = ("spine05", "spine04", "spine03", "spine02", "spine01", "neck01", "neck02", "neck03")
    for i, name in enumerate((*spine, "head")):
        bones.append((name, bones[-1][0], (0.0, 0.0, 0.95 + 0.065 * (i + 1))))
    for _, letter, sign in SIDES:
        chain = (
            ("upperleg01", "root", (0.09, 0.0, 0.93)),
            ("lowerleg01", "upperleg01", (0.10, -0.02, 0.50)),
            ("foot", "lowerleg01", (0.11, 0.0, 0.08)),
            *((f"toe{i}-1", "foot", (0.07 + 0.02 * i, -0.14, 0.03)) for i in range(1, 6)),
            ("shoulder01", "spine01", (0.10, 0.0, 1.42)),
            ("upperarm01", "shoulder01", (0.18, 0.0, 1.42)),
            ("lowerarm01", "upperarm01", (0.36, -0.01, 1.21)),
            ("wrist", "lowerarm01", (0.48, -0.12, 1.04)),
            ("finger3-1", "wrist", (0.52, -0.18, 0.97)),
        )
        for name, parent, (x, y, z) in chain:
            above = parent if parent in ("root", "spine01") else f"{parent}.{letter}"
            bones.append((f"{name}.{letter}", above, (sign * x, y, z)))
    names = tuple(name for name, _, _ in bones)
    parents = tuple(-1 if above is None else names.index(above) for _, above, _ in bones)
    return Rig(names, parents, np.array([head for _, _, head in bones]))


_GIRTH_M = {
    "root": 0.12, "spine": 0.11, "neck": 0.06, "head": 0.09, "upperleg": 0.075,
    "lowerleg": 0.05, "foot": 0.012, "toe": 0.008, "shoulder": 0.06, "upperarm": 0.045,
    "lowerarm": 0.037, "wrist": 0.025, "finger": 0.01,
}  # fmt: skip
"""Beginning of a bone's name → radius of the flesh round it."""


def stick_body() -> Body:
    """Return the stick person with a skin: a tube round every bone, moved by it alone."""
    rig = stick_rig()
    points: list[FloatArray] = []
    owners: list[int] = []
    for i, name in enumerate(rig.names):
        ring = _tube(rig, i, next(r for stem, r in _GIRTH_M.items() if name.startswith(stem)))
        points.append(ring)
        owners += [i] * len(ring)
    skin = np.concatenate(points)
    marks = {"nose": HEAD_TOP + np.array((0.0, -0.09, -0.14))}
    for side, letter, sign in SIDES:
        marks |= {
            f"{side}_eye": HEAD_TOP + np.array((sign * 0.03, -0.07, -0.11)),
            f"{side}_ear": HEAD_TOP + np.array((sign * 0.07, 0.01, -0.12)),
            f"{side}_heel": rig.head(f"foot.{letter}") * (1.0, 1.0, 0.0)
            + np.array((0.0, 0.05, 0.025)),
            f"{side}_big_toe": rig.head(f"toe1-1.{letter}") + np.array((0.0, -0.05, -0.005)),
        }
    extra = [marks[name] for name in SURFACE_POINTS]
    owners += [
        rig.index[f"foot.{name[0].upper()}" if name.endswith(("heel", "toe")) else "head"]
        for name in SURFACE_POINTS
    ]
    regress = np.zeros((len(extra), len(owners)))
    regress[np.arange(len(extra)), len(skin) + np.arange(len(extra))] = 1.0
    return Body(
        template=_BARE,
        rig=rig,
        points_m=np.concatenate([skin, extra]),
        weights=np.ones((len(owners), 1)),
        bones=np.array(owners, dtype=np.int64)[:, None],
        regress=regress,
    )


_BARE = Template(
    faces=np.zeros((0, 3), np.int64),
    uv=np.zeros((0, 2)),
    face_uv=np.zeros((0, 3), np.int64),
    points_m=np.zeros((0, 3)),
    heads_m=np.zeros((0, 3)),
    bones=(),
    lips=np.zeros((1, 1)),
    ears=np.zeros((1, 1)),
)


def _tube(rig: Rig, bone: int, radius_m: float) -> FloatArray:
    """Return points round a bone, from its head to the middle of those that follow it."""
    near = rig.heads_m[bone]
    children = [rig.heads_m[i] for i, parent in enumerate(rig.parents) if parent == bone]
    tip = HEAD_TOP if rig.names[bone] == "head" else near + 0.03 * FORWARD
    far = np.mean(children, axis=0) if children else tip
    across = frame(far - near, np.array((0.3, -1.0, 0.2)))
    turns = np.linspace(0, 2 * np.pi, 12, endpoint=False)
    ring = radius_m * (
        np.cos(turns)[:, None] * across[:, 1] + np.sin(turns)[:, None] * across[:, 2]
    )
    shares = np.linspace(0, 1, 9)
    skin: FloatArray = (near + shares[:, None, None] * (far - near) + ring).reshape(-1, 3)
    return skin


def film_truth(actor: Actor, action: Action) -> Truth:
    """Return what is known about a motion, without filming it."""
    world = np.stack([_joints(actor, moment.placed) for moment in action.moments])
    return Truth(
        t_s=np.array([moment.t_s for moment in action.moments]),
        world_m=world,
        centre_of_mass_m=np.zeros((len(world), 3)),
        angles=angles_deg({name: world[:, i] for i, name in enumerate(JOINTS)}, 0.0),
        camera=Camera(np.array([3.0, 0.0, 1.0]), np.array([0.0, 0.0, 0.8]), 45.0, 640, 480),
        rep=np.array([moment.rep for moment in action.moments]),
    )


def _joints(actor: Actor, placed: Placement) -> FloatArray:
    body = actor.body
    where = body.surface(placed)
    where |= {f"{side}_toe": where[f"{side}_big_toe"] for side, _, _ in SIDES}
    where |= {joint: placed.heads_m[body.rig.index[bone]] for joint, bone in JOINT_BONES.items()}
    return np.stack([where[joint] for joint in JOINTS])


def stick_actor() -> Actor:
    """Return the stick person, ready to move."""
    return Actor(Shape(stature_m=1.75), stick_body())


def chance(seed: int) -> Chance:
    """Return a script's source of chance."""
    return lambda part: np.random.default_rng([seed, zlib.crc32(part.encode())])
