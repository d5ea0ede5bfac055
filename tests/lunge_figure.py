"""A stick figure that lunges, and does things that look like it, whose joints are known."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from formcheck.pose import BLAZEPOSE, FloatArray, Pose, PoseTrack
from formcheck.results import SIDES, other_side

SIZE_PX = (640, 480)
PX_PER_M = 200.0
THIGH_M = SHIN_M = 0.42
ANKLE_M = 0.08
TALL_M = 0.90
"""How high the hips are, standing."""
SIGN = {"left": 1.0, "right": -1.0}

Point = tuple[float, float]
"""How far ahead and how far up, in metres."""


@dataclass(frozen=True)
class Stance:
    """Where hips and ankles are, seen from the person's side, and what is askew from ahead."""

    hip: Point
    ankles: Mapping[str, Point]
    lean_deg: float = 0.0
    side_lean_deg: float = 0.0
    """To the person's left."""
    pelvis_deg: float = 0.0
    """The left hip higher."""
    knee_in_m: Mapping[str, float] = field(default_factory=lambda: dict.fromkeys(SIDES, 0.0))
    apart_m: float = 0.24
    """Between the feet, sideways."""


STANDING = Stance((0.0, TALL_M), dict.fromkeys(SIDES, (0.0, ANKLE_M)))


@dataclass(frozen=True)
class Lunge:
    """One lunge; the person comes back to where they were, unless they walk."""

    side: str = "left"
    """Which leg is in front."""
    kind: str = "forward"
    """``forward`` and ``reverse`` step out and back, ``walking`` goes on, ``split`` stays."""
    step_m: float = 0.76
    hip_m: float = 0.50
    """How low the hips get."""
    shin_ahead_m: float = 0.05
    """How far the front knee is ahead of its ankle, at the lowest point."""
    heel_m: float = 0.14
    """How far the rear ankle is lifted, there."""
    bench_m: float = 0.0
    """How high the rear foot lies."""
    down_s: float = 1.2
    up_s: float = 1.2
    rest_s: float = 0.8
    lean_deg: float = 6.0
    side_lean_deg: float = 0.0
    pelvis_deg: float = 0.0
    knee_in_m: float = 0.0
    apart_m: float = 0.24
    sway_deg: float = 0.0
    """How far the trunk sways to either side on the way up."""
    end_m: float = TALL_M
    """How high the hips get at the end."""


def lunges(*wanted: Lunge, yaw_deg: float = 90.0, fps: float = 30.0) -> PoseTrack:
    """Return a recording of lunges one after the other, with rests in between.

    Parameters
    ----------
    wanted
        What is done.
    yaw_deg
        Where the person faces: 0 the camera, 90 the picture's right edge.
    fps
        Frames a second.
    """
    times = [0.0]
    for one in wanted:
        times.append(times[-1] + one.rest_s + one.down_s + one.up_s)
    end = times[-1] + 1.2

    def at(t_s: float) -> Stance:
        here = sum(t_s >= start for start in times[:-1]) - 1
        done = [one for one in wanted[:here] if one.kind == "walking"]
        moved = sum(one.step_m for one in done)
        if t_s >= times[-1]:
            last = wanted[-1]
            moved += last.step_m if last.kind == "walking" else 0.0
            return _moved(_top(last), moved)
        return _moved(_lunging(wanted[here], t_s - times[here]), moved)

    return film(at, end, yaw_deg=yaw_deg, fps=fps)


def film(
    at: Callable[[float], Stance], end_s: float, *, yaw_deg: float = 90.0, fps: float = 30.0
) -> PoseTrack:
    """Return a recording of whatever somebody does.

    Parameters
    ----------
    at
        Time in seconds → how they stand.
    end_s
        When it ends.
    yaw_deg, fps
        As in `lunges`.
    """

    def poses() -> Iterator[Pose]:
        for i in range(round(end_s * fps)):
            yield seen(at(i / fps), i / fps, yaw_deg)

    return PoseTrack.from_poses(poses(), SIZE_PX)


def _top(one: Lunge) -> Stance:
    """Return how somebody stands between two lunges."""
    if one.kind != "split":
        return Stance((0.0, one.end_m), STANDING.ankles, apart_m=one.apart_m)
    rear = other_side(one.side)
    ankles = {one.side: (one.step_m, ANKLE_M), rear: (0.0, ANKLE_M + one.bench_m)}
    share = 0.75 if one.bench_m else 0.5
    high = ANKLE_M + math.sqrt(0.83**2 - ((1 - share) * one.step_m) ** 2)
    return Stance((share * one.step_m, high), ankles, apart_m=one.apart_m)


def _lowest(one: Lunge) -> Stance:
    """Return the lowest posture, the rear foot at the origin."""
    # The front knee is where the shin puts it; the thigh reaches from there to the hips.
    knee = (one.step_m + one.shin_ahead_m, ANKLE_M + math.sqrt(SHIN_M**2 - one.shin_ahead_m**2))
    behind = math.sqrt(THIGH_M**2 - (one.hip_m - knee[1]) ** 2)
    lift = max(one.heel_m, one.bench_m)
    return Stance(
        hip=(knee[0] - behind, one.hip_m),
        ankles={one.side: (one.step_m, ANKLE_M), other_side(one.side): (0.0, ANKLE_M + lift)},
        lean_deg=one.lean_deg,
        side_lean_deg=one.side_lean_deg,
        pelvis_deg=one.pelvis_deg,
        knee_in_m={one.side: one.knee_in_m, other_side(one.side): 0.0},
        apart_m=one.apart_m,
    )


STEPPING = 0.45
"""Share of the way down, or up, in which a foot is in the air."""


def _lunging(one: Lunge, t_s: float) -> Stance:
    """Return how somebody stands so long after the end of the lunge before."""
    t_s -= one.rest_s
    top = _top(one)
    if t_s <= 0:
        return _top(Lunge(side=one.side, kind=one.kind, step_m=one.step_m, bench_m=one.bench_m))
    low = _lowest(one)
    if one.kind == "reverse":
        low = _moved(low, -one.step_m)
    down = t_s < one.down_s
    share = t_s / one.down_s if down else 1.0 - (t_s - one.down_s) / one.up_s
    walks_on = one.kind == "walking" and not down
    end = _moved(top, one.step_m) if walks_on else top
    stance = _between(end, low, share, one)
    if one.sway_deg and not down:
        swing = one.sway_deg * math.sin(4 * math.pi * share)
        stance = Stance(**{**stance.__dict__, "side_lean_deg": swing})
    return stance


def _between(top: Stance, low: Stance, share: float, one: Lunge) -> Stance:
    """Return a posture on the way: the feet go first, and then the hips."""
    feet = _ease(min(1.0, share / STEPPING))
    sunk = _ease(max(0.0, (share - 0.2) / 0.8))
    ankles = {}
    for side in SIDES:
        (x0, y0), (x1, y1) = top.ankles[side], low.ankles[side]
        moves = abs(x1 - x0) > 0.01
        air = 0.05 * math.sin(math.pi * feet) if moves else 0.0
        # A rear heel lifts as the hips sink.
        ankles[side] = (x0 + feet * (x1 - x0), y0 + sunk * (y1 - y0) + air)
    ahead = top.hip[0] + feet * (low.hip[0] - top.hip[0])
    high = top.hip[1] + sunk * (low.hip[1] - top.hip[1])
    reach = min(_reach(ahead, ankle) for ankle in _carrying(ankles, one, feet))
    return Stance(
        hip=(ahead, min(high, reach)),
        ankles=ankles,
        lean_deg=sunk * low.lean_deg,
        side_lean_deg=sunk * low.side_lean_deg,
        pelvis_deg=sunk * low.pelvis_deg,
        knee_in_m={side: sunk * inside for side, inside in low.knee_in_m.items()},
        apart_m=low.apart_m,
    )


def _carrying(ankles: Mapping[str, Point], one: Lunge, feet: float) -> list[Point]:
    """Return the feet that carry: both once they are down, and one on the way there."""
    if 0.0 < feet < 1.0 and one.kind != "split":
        moving = other_side(one.side) if one.kind == "reverse" else one.side
        return [ankles[other_side(moving)]]
    return list(ankles.values())


def _reach(ahead: float, ankle: Point) -> float:
    """Return how high a leg's length lets the hips be."""
    return ankle[1] + math.sqrt(max(0.0, 0.835**2 - (ahead - ankle[0]) ** 2))


def _moved(stance: Stance, by_m: float) -> Stance:
    ankles = {side: (x + by_m, y) for side, (x, y) in stance.ankles.items()}
    hip = (stance.hip[0] + by_m, stance.hip[1])
    return Stance(**{**stance.__dict__, "hip": hip, "ankles": ankles})


def _ease(share: float) -> float:
    return (1 - math.cos(math.pi * share)) / 2


def _knee(hip: Point, ankle: Point) -> Point:
    """Return where a knee is that bends forwards between a hip and an ankle."""
    (hx, hy), (ax, ay) = hip, ankle
    dx, dy = ax - hx, ay - hy
    far = min(math.hypot(dx, dy), THIGH_M + SHIN_M - 1e-6)
    out = math.sqrt(max(0.0, THIGH_M**2 - (far / 2) ** 2))
    length = math.hypot(dx, dy)
    # At right angles to the line from hip to ankle, on the forward side.
    nx, ny = -dy / length, dx / length
    if nx < 0:
        nx, ny = -nx, -ny
    return (hx + ax) / 2 + out * nx, (hy + ay) / 2 + out * ny


def seen(stance: Stance, t_s: float, yaw_deg: float) -> Pose:
    """Return a posture as a pose model without error would see it.

    Parameters
    ----------
    stance
        The posture.
    t_s
        The pose's time.
    yaw_deg
        As in `lunges`.
    """
    joints = _joints(stance)
    world = np.full((len(BLAZEPOSE.names), 3), np.nan)
    for name, (ahead, up, left) in joints.items():
        world[BLAZEPOSE.index[name]] = _to_camera(ahead, up, left, yaw_deg)
    hips = (world[BLAZEPOSE.index["left_hip"]] + world[BLAZEPOSE.index["right_hip"]]) / 2
    image = world[:, :2] * PX_PER_M + np.array([SIZE_PX[0] / 2, 0.95 * SIZE_PX[1]])
    # Who walks on stays in the picture: the camera goes along.
    image[:, 0] -= hips[0] * PX_PER_M
    return Pose(t_s, image, world - hips, np.isfinite(world[:, 0]).astype(float))


def _joints(stance: Stance) -> dict[str, tuple[float, float, float]]:
    lean, aside = math.radians(stance.lean_deg), math.radians(stance.side_lean_deg)
    tilt = math.radians(stance.pelvis_deg)
    hip_ahead, hip_up = stance.hip
    joints: dict[str, tuple[float, float, float]] = {}
    for side, sign in SIGN.items():
        ankle = stance.ankles[side]
        raised = sign * 0.13 * math.sin(tilt)
        knee = _knee((hip_ahead, hip_up + raised), ankle)
        track = sign * stance.apart_m / 2
        lifted = ankle[1] - ANKLE_M
        at = {
            "hip": (hip_ahead, hip_up + raised, sign * 0.13 * math.cos(tilt)),
            "knee": (*knee, track - sign * stance.knee_in_m[side]),
            "ankle": (*ankle, track),
            "heel": (ankle[0] - 0.05, 0.02 + 1.3 * lifted, track),
            "toe": (ankle[0] + 0.14, 0.0 if lifted < 0.2 else lifted - 0.05, track),
            "shoulder": (
                hip_ahead + 0.5 * math.sin(lean),
                hip_up + 0.5 * math.cos(lean) * math.cos(aside),
                sign * 0.17 + 0.5 * math.sin(aside),
            ),
        }
        shoulder = at["shoulder"]
        at["ear"] = (shoulder[0], shoulder[1] + 0.22, shoulder[2] - sign * 0.1)
        at["elbow"] = (shoulder[0], shoulder[1] - 0.28, shoulder[2] + sign * 0.02)
        at["wrist"] = (shoulder[0], shoulder[1] - 0.5, shoulder[2] + sign * 0.02)
        joints |= {f"{side}_{part}": where for part, where in at.items()}
    ears = [joints[f"{side}_ear"] for side in SIDES]
    nose = [sum(both) / 2 for both in zip(*ears, strict=True)]
    return {**joints, "nose": (nose[0] + 0.1, nose[1], nose[2])}


def _to_camera(ahead: float, up: float, left: float, yaw_deg: float) -> FloatArray:
    yaw = math.radians(yaw_deg)
    return np.array(
        [
            ahead * math.sin(yaw) + left * math.cos(yaw),
            -up,
            -ahead * math.cos(yaw) + left * math.sin(yaw),
        ]
    )
