"""Exercises that are none of the six: they look a little like them and must not be counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from benchmarks.rendering.action import Action, Actor, Chance, Script, smooth
from benchmarks.rendering.figure import LETTERS, SIGNS, Arm, FreeArm
from benchmarks.rendering.motions.arms import mixed_arm, raised_arm
from benchmarks.rendering.motions.gait import (
    OTHER,
    Arms,
    Bearing,
    Gait,
    Station,
    Step,
    draw_bearing,
    hanging_arm,
)
from benchmarks.rendering.motions.standing import OVER, Mover, Pose, upright
from benchmarks.rendering.motions.walking import draw_pace, moments_of, standing
from benchmarks.rendering.room import Block
from benchmarks.rendering.tracks import Track

# On the spot


def _on_the_spot(actor: Actor, chance: Chance, fps: float, brisk: bool) -> Action:
    """Walk on the spot; briskly, the knees come up to the hips."""
    rng, style = chance("plan"), chance("style")
    pace = draw_pace(style, actor.shape.stature_m)
    thigh_deg = float(rng.uniform(62, 98) if brisk else rng.uniform(35, 68))
    knee_deg = thigh_deg + float(rng.uniform(-5, 25))
    ahead_m, up_m = _raised(actor, thigh_deg, knee_deg)
    swing_s = float(rng.uniform(0.42, 0.56) if brisk else rng.uniform(0.55, 0.75))
    stand_s = float(rng.uniform(0.05, 0.12) if brisk else rng.uniform(0.1, 0.3))
    stations = standing(pace)
    side = str(rng.choice(list(LETTERS)))
    t_s = float(rng.uniform(0.8, 1.4))
    steps = []
    for _ in range(2 * int(rng.integers(5, 10))):
        took_s = swing_s * float(rng.uniform(0.94, 1.06))
        t_s += took_s + stand_s * float(rng.uniform(0.8, 1.2))
        size = float(rng.uniform(0.88, 1.08))
        steps.append(
            Step(side, stations[side], t_s, took_s, size * up_m, size * ahead_m,
                 push_deg=14.0, strike_deg=-10.0, dangle_deg=float(rng.uniform(5, 20)))
        )  # fmt: skip
        side = OTHER[side]
    bearing = replace(
        draw_bearing(style), sway=0.55, list_deg=1.0, lean_deg=float(rng.uniform(-4, 1))
    )
    arms = _pumping(rng, bearing) if brisk or rng.random() < 0.6 else None
    gait = Gait(actor, stations, steps, bearing, chance("wobble"), arms)
    return Action("none", moments_of(gait, fps, gait.end_s + 0.8))


def _raised(actor: Actor, thigh_deg: float, knee_deg: float) -> tuple[float, float]:
    """Return how far ahead and up an ankle is when thigh and knee are bent so."""
    thigh, shin = (actor.figures.length_m(part, "left") for part in ("thigh", "shin"))
    fore, back = np.radians(thigh_deg), np.radians(knee_deg - thigh_deg)
    ahead = thigh * np.sin(fore) - shin * np.sin(back)
    up = thigh * (1 - np.cos(fore)) + shin * (1 - np.cos(back))
    return float(ahead), float(up)


def _pumping(rng: np.random.Generator, bearing: Bearing) -> Arms:
    """Return arms with bent elbows that swing against the legs."""
    elbow_deg, per_m = float(rng.uniform(60, 95)), float(rng.uniform(70, 150))

    def arms(t_s: float, left_ahead_m: float) -> Mapping[str, Arm]:
        up = min(1.0, max(0.0, t_s - 0.2) / 0.7)
        return {
            side: hanging_arm(
                -sign * up * per_m * left_ahead_m,
                bearing.elbow_deg + up * (elbow_deg - bearing.elbow_deg),
                bearing.arm_out + 0.1,
            )
            for side, sign in SIGNS.items()
        }

    return arms


# Up and down a step


def _step_ups(actor: Actor, chance: Chance, fps: float) -> Action:
    """Go up a low step and down again, several times."""
    rng, style = chance("plan"), chance("style")
    pace = draw_pace(style, actor.shape.stature_m)
    high_m, deep_m = float(rng.uniform(0.13, 0.21)), float(rng.uniform(0.36, 0.42))
    edge_m = actor.shape.stature_m * 0.15 + float(rng.uniform(0.02, 0.1))
    ground = standing(pace)
    above = {
        side: Station(
            station.at_m + np.array([0.0, -edge_m - float(rng.uniform(0.11, 0.13)), high_m]),
            station.yaw_deg,
        )
        for side, station in ground.items()
    }
    t_s = float(rng.uniform(0.8, 1.3))
    lead = str(rng.choice(list(LETTERS)))
    alternates = rng.random() < 0.5
    took_s = float(rng.uniform(0.62, 0.8))
    steps = []
    for _ in range(int(rng.integers(3, 6))):
        for goals, up in ((above, True), (ground, False)):
            for trails, side in enumerate((lead, OTHER[lead])):
                swing_s = took_s * float(rng.uniform(0.95, 1.08))
                t_s += swing_s + float(rng.uniform(0.12, 0.22))
                steps.append(
                    Step(side, goals[side], t_s, swing_s, up_m=0.05,
                         push_deg=float(rng.uniform(18, 26)) if up or trails else 6.0,
                         strike_deg=-4.0 if up else -16.0, dangle_deg=12.0 if up else 22.0)
                )  # fmt: skip
            t_s += float(rng.uniform(0.05, 0.4))
        lead = OTHER[lead] if alternates else lead
    bearing = replace(draw_bearing(style), sway=0.6, lean_deg=float(rng.uniform(4, 9)))
    gait = Gait(actor, ground, steps, bearing, chance("wobble"))
    block = _step_block(rng, edge_m, high_m, deep_m)
    return Action("none", moments_of(gait, fps, gait.end_s + 0.8), blocks=(block,))


def _step_block(rng: np.random.Generator, edge_m: float, high_m: float, deep_m: float) -> Block:
    shade = rng.uniform(0.2, 0.75, 3)
    centre = np.array([0.0, -edge_m - deep_m / 2, high_m / 2])
    size = np.array([float(rng.uniform(0.55, 0.9)), deep_m, high_m])
    return Block("box", centre, size, 0.0, (float(shade[0]), float(shade[1]), float(shade[2])))


# On both feet


def _toe_raises(actor: Actor, chance: Chance, fps: float) -> Action:
    """Rise onto the balls of the feet, several times."""
    rng = chance("plan")
    mover = Mover(actor, chance("wobble"), float(rng.uniform(0.5, 1.3)))
    width_m, toe_out_deg = float(rng.uniform(0.14, 0.3)), float(rng.uniform(2, 15))
    rise = Track()
    t_s = float(rng.uniform(0.8, 1.4))
    for _ in range(int(rng.integers(5, 10))):
        high, up_s, down_s = rng.uniform(20, 42), rng.uniform(0.5, 1.0), rng.uniform(0.5, 1.1)
        rise.go(t_s, up_s, float(high))
        t_s += up_s + rng.uniform(0.05, 0.8)
        rise.go(t_s, down_s, 0.0)
        t_s += down_s + rng.uniform(0.1, 0.6)

    def at(now_s: float) -> Pose:
        high = rise.at(now_s)
        figure = upright(
            mover.figures, width_m, toe_out_deg, rise_deg=high, lean_deg=2.0, nod_deg=4.0
        )
        return Pose(
            replace(figure, arms=dict(mover.hanging)),
            over=OVER + (0.95 - OVER) * min(1.0, high / 16),
        )

    return Action("none", mover.moments(at, t_s + 0.8, fps))


def _side_bends(actor: Actor, chance: Chance, fps: float) -> Action:
    """Bend to one side and the other, a hand sliding down the leg or the other one overhead."""
    rng = chance("plan")
    mover = Mover(actor, chance("wobble"), float(rng.uniform(0.5, 1.3)))
    width_m, most_deg = float(rng.uniform(0.24, 0.5)), float(rng.uniform(16, 30))
    overhead = rng.random() < 0.5
    bend = Track()
    t_s, sign = float(rng.uniform(0.8, 1.4)), float(rng.choice((-1, 1)))
    for _ in range(int(rng.integers(5, 9))):
        out_s, back_s = rng.uniform(1.0, 1.7), rng.uniform(0.9, 1.5)
        bend.go(t_s, out_s, sign * most_deg * float(rng.uniform(0.85, 1.05)))
        t_s += out_s + rng.uniform(0.1, 0.9)
        bend.go(t_s, back_s, 0.0)
        t_s += back_s + rng.uniform(0.1, 0.5)
        sign = -sign

    def at(now_s: float) -> Pose:
        left_deg = bend.at(now_s)
        figure = upright(
            mover.figures, width_m, 12.0, lean_deg=1.0, nod_deg=3.0,
            roll_deg=0.15 * left_deg, side_bend_deg=0.85 * left_deg,
        )  # fmt: skip
        arms = {
            side: _bending_arm(mover, side, SIGNS[side] * left_deg, most_deg, overhead)
            for side in LETTERS
        }
        return Pose(replace(figure, arms=arms))

    return Action("none", mover.moments(at, t_s + 0.8, fps))


def _bending_arm(
    mover: Mover, side: str, lowered_deg: float, most_deg: float, overhead: bool
) -> FreeArm:
    """Return an arm whose shoulder is lowered by a side bend, or lifted below 0."""
    plain = mover.hanging[side]
    share = min(1.0, max(0.0, -1.1 * lowered_deg / most_deg)) if overhead else 0.0
    out = float(np.tan(np.radians(max(0.0, lowered_deg))))
    hanging = replace(
        plain,
        upper=(plain.upper[0] + 0.8 * out, *plain.upper[1:]),
        fore=(plain.fore[0] + 1.3 * out, *plain.fore[1:]),
    )
    raised = raised_arm(150.0 * share, 0.0, 12.0 + 30.0 * share, inwards=1.0)
    return mixed_arm(hanging, raised, min(1.0, 4.0 * share))


def _arm_raises(actor: Actor, chance: Chance, fps: float) -> Action:
    """Raise the arms sideways or forwards, together or in turn."""
    rng = chance("plan")
    mover = Mover(actor, chance("wobble"), float(rng.uniform(0.5, 1.3)))
    width_m, forward = float(rng.uniform(0.14, 0.36)), float(rng.choice((0.0, 0.0, 0.85, 1.0)))
    most_deg, elbow_deg = float(rng.choice((85, 95, 150))), float(rng.uniform(4, 18))
    in_turn = rng.random() < 0.3
    raises = {side: Track() for side in LETTERS}
    t_s = float(rng.uniform(0.8, 1.4))
    for i in range(int(rng.integers(5, 9))):
        up_s, down_s = rng.uniform(0.8, 1.4), rng.uniform(0.8, 1.6)
        slow = 1.0 + (most_deg > 120) * 0.4
        high = min(162.0, most_deg * float(rng.uniform(0.9, 1.08)))
        for k, side in enumerate(LETTERS):
            if not in_turn or k == i % 2:
                raises[side].go(t_s, slow * up_s, high)
                raises[side].go(t_s + slow * up_s + 0.2, slow * down_s, 0.0)
        t_s += slow * (up_s + down_s) + rng.uniform(0.3, 0.8)

    def at(now_s: float) -> Pose:
        arms: dict[str, Arm] = {
            side: _raising(mover, side, raise_.at(now_s), forward, elbow_deg)
            for side, raise_ in raises.items()
        }
        high = sum(raise_.at(now_s) for raise_ in raises.values()) / 360.0
        figure = upright(
            mover.figures, width_m, 10.0, lean_deg=1.0, bend_deg=-2.5 * high, nod_deg=2.0
        )
        return Pose(replace(figure, arms=arms))

    return Action("none", mover.moments(at, t_s + 0.8, fps))


def _raising(mover: Mover, side: str, up_deg: float, forward: float, elbow_deg: float) -> FreeArm:
    """Return an arm on its way up from where it hangs."""
    plain = mover.hanging[side]
    raised = raised_arm(up_deg, forward, elbow_deg)
    return mixed_arm(plain, raised, smooth(up_deg / 45.0))


def _brisk(brisk: bool) -> Script:
    def perform(actor: Actor, chance: Chance, fps: float) -> Action:
        return _on_the_spot(actor, chance, fps, brisk)

    return perform


SCRIPTS: dict[str, Script] = {
    "high-knees": _brisk(True),
    "marching": _brisk(False),
    "step-ups": _step_ups,
    "toe-raises": _toe_raises,
    "side-bends": _side_bends,
    "arm-raises": _arm_raises,
}
