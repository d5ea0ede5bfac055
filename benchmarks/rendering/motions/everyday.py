"""Other things that people do between exercises: postures at set times, joined smoothly."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from itertools import pairwise

import numpy as np

from benchmarks.rendering.action import Action, Actor, Chance, Moment, Script, smooth
from benchmarks.rendering.body import Body
from benchmarks.rendering.motions.seated import chair
from benchmarks.rendering.posture import Posture, Step
from benchmarks.rendering.room import Block

Keyframe = tuple[float, Posture]
"""Seconds, and the posture then."""


@dataclass(frozen=True)
class Scene:
    """A motion that is no exercise, and what it needs to stand in the room."""

    keyframes: tuple[Keyframe, ...]
    blocks: tuple[Block, ...] = ()


def posture_at(keyframes: Sequence[Keyframe], t_s: float) -> Posture:
    """Return the posture between the two keyframes round a time."""
    for (t0, before), (t1, after) in pairwise(keyframes):
        if t_s < t1:
            return _blend(before, after, smooth((t_s - t0) / (t1 - t0)))
    return keyframes[-1][1]


def _blend(before: Posture, after: Posture, share: float) -> Posture:
    values = {}
    for field in fields(Posture):
        low, high = getattr(before, field.name), getattr(after, field.name)
        if isinstance(low, float):
            values[field.name] = low + share * (high - low)
        elif isinstance(low, Step):
            values[field.name] = Step(
                *(
                    getattr(low, f.name) + share * (getattr(high, f.name) - getattr(low, f.name))
                    for f in fields(Step)
                )
            )
        else:
            values[field.name] = low
    return Posture(**values)


def sit_down(rng: np.random.Generator, body: Body) -> Scene:
    """Sit down on a chair, stay, and stand up."""
    rig = body.rig
    knee_m = float(rig.head("lowerleg01.L")[2])
    thigh_m = float(np.linalg.norm(rig.head("lowerleg01.L") - rig.head("upperleg01.L")))
    seat_m = knee_m - 0.03
    stand = Posture(stance_m=0.30, seat_m=(thigh_m - 0.05, seat_m + 0.105))
    over = replace(stand, knee_flexion_deg=78.0, lean_deg=38.0, arms=0.25)
    touch = replace(stand, knee_flexion_deg=80.0, lean_deg=34.0, seated=1.0, arms=0.3)
    sit = replace(touch, lean_deg=float(rng.uniform(-4, 6)), arms=0.35, head_deg=6.0)
    nod = replace(sit, head_turn_deg=float(rng.choice((-1, 1)) * 25), lean_deg=sit.lean_deg + 3)
    rise = replace(over, arms=0.4, lean_deg=42.0)
    shown = ((1.2, stand), (1.3, over), (0.35, touch), (0.7, sit), (1.3, nod), (1.3, sit),
             (0.7, touch), (0.4, rise), (1.2, stand), (1.2, stand))  # fmt: skip
    return Scene(_timed(stand, shown), chair(thigh_m - 0.02, seat_m, rng))


def hip_hinge(rng: np.random.Generator, body: Body) -> Scene:
    """Bend at the hips with nearly straight legs, several times."""
    del body
    stand = Posture(stance_m=0.32)
    low = replace(stand, knee_flexion_deg=float(rng.uniform(14, 24)), lean_deg=72.0, head_deg=-8.0)
    shown = [(1.0, stand)]
    for _ in range(4):
        shown += [(1.3, low), (0.15, low), (1.1, stand), (0.4, stand)]
    return Scene(_timed(stand, shown))


def pick_up(rng: np.random.Generator, body: Body) -> Scene:
    """Bend down to the floor for something, twice."""
    del body
    stand = Posture(stance_m=0.34)
    low = replace(stand, knee_flexion_deg=float(rng.uniform(35, 55)), lean_deg=88.0, head_deg=5.0)
    turned = replace(stand, yaw_deg=6.0, head_turn_deg=25.0, arms=0.25)
    shown = ((1.2, stand), (1.0, low), (0.5, low), (1.1, stand), (0.8, turned), (0.8, turned),
             (0.8, stand), (1.0, low), (0.5, low), (1.1, stand), (1.0, stand))  # fmt: skip
    return Scene(_timed(stand, shown))


def high_knees(rng: np.random.Generator, body: Body) -> Scene:
    """Walk on the spot, the knees coming up high."""
    leg_m = float(body.rig.head("upperleg01.L")[2])
    up = leg_m * float(rng.uniform(0.30, 0.46))
    stand = Posture(stance_m=0.22, knee_flexion_deg=5.0)
    raised = Step(forward_m=0.12, up_m=up, pitch_deg=25.0)
    left = replace(stand, left_step=raised, hip_shift_m=-0.05, roll_deg=2.0)
    right = replace(stand, right_step=raised, hip_shift_m=0.05, roll_deg=-2.0)
    pace = float(rng.uniform(0.38, 0.55))
    shown = [(1.0, stand)]
    for _ in range(7):
        shown += [(pace, left), (pace, stand), (pace, right), (pace, stand)]
    return Scene(_timed(stand, [*shown, (1.0, stand)]))


def _timed(first: Posture, shown: Sequence[Keyframe]) -> tuple[Keyframe, ...]:
    """Turn durations since the last keyframe into times."""
    timed, t_s = [(0.0, first)], 0.0
    for took_s, posture in shown:
        t_s += took_s
        timed.append((t_s, posture))
    return tuple(timed)


def _script(make: Callable[[np.random.Generator, Body], Scene]) -> Script:
    """Return a scene for any body as a script for one."""

    def perform(actor: Actor, chance: Chance, fps: float) -> Action:
        scene = make(chance("plan"), actor.body)
        times = np.arange(round(scene.keyframes[-1][0] * fps)) / fps
        moments = [
            Moment(float(t), actor.poser.place(posture_at(scene.keyframes, t))) for t in times
        ]
        return Action("none", moments, blocks=scene.blocks)

    return perform


SCRIPTS: dict[str, Script] = {
    "sit-down": _script(sit_down),
    "hip-hinge": _script(hip_hinge),
    "pick-up": _script(pick_up),
    "high-knees": _script(high_knees),
}
"""Things that look a little like exercises and must not be counted."""
