"""Postures that belong to no exercise, one after another.

Who has only seen exercises believes that both knees bend alike and that a deep knee goes with
a lean. Here every joint goes its own way, within what people can do.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import numpy as np

from benchmarks.rendering.action import Action, Actor, Chance, Moment, Script, smooth
from benchmarks.rendering.contact import PARTS
from benchmarks.rendering.figure import (
    LETTERS,
    SIGNS,
    Arm,
    Figure,
    Figures,
    FreeArm,
    FreeLeg,
    Leg,
    PlacedArm,
    PlacedLeg,
    blend,
    facing,
)
from benchmarks.rendering.motions.supine import draw_mat, draw_spot
from benchmarks.rendering.rig import UP, FloatArray

_LONG_S = 14.0
_STRETCHED = 0.995
"""Legs that reach for the floor are no longer than this share of their length."""
_LEFT: FloatArray = np.array([1.0, 0.0, 0.0])
_TRUNK = ("chest", "waist", "pelvis", "head")

_ARMS: tuple[FreeArm, ...] = (
    FreeArm(),
    FreeArm((0.3, -0.1, -1.0), (0.05, -1.0, -0.4)),
    FreeArm((0.9, -0.1, -0.3), (0.8, -0.4, 0.2)),
    FreeArm((0.25, -1.0, 0.0), (0.0, -1.0, 0.1)),
    FreeArm((0.35, -0.4, -0.9), (-0.75, -0.7, 0.15)),
    FreeArm((0.3, -0.2, 1.0), (0.0, -0.1, 1.0)),
    FreeArm((0.7, 0.35, -0.8), (-0.75, -0.45, -0.4)),
)
"""Hanging, bent, out, ahead, before the chest, overhead, hands on the hips."""
_ON_BELLY = FreeArm((0.5, -0.15, -1.0), (-0.6, -0.5, -0.75))


def _standing(actor: Actor, chance: Chance, fps: float) -> Action:
    """Stand on one leg or both, wide or narrow, one foot in front, deep or high."""
    rng = chance("plan")
    figures = actor.figures

    def figure() -> Figure:
        u = rng.uniform
        stance = _stance(figures, rng)
        lean_deg = float(u(-8, 45)) * float(rng.random() < 0.7)
        made = Figure(
            np.zeros(3),
            facing(lean_deg, float(u(-20, 20)), float(u(-8, 8))),
            bend_deg=float(u(-5, 25)),
            side_bend_deg=float(u(-10, 10)),
            twist_deg=float(u(-15, 15)),
            nod_deg=float(u(-15, 25)),
            legs=stance,
            arms=_arms(rng, _ARMS),
        )
        low = float(rng.choice((u(0.0, 0.1), u(0.0, 0.5))))
        made = _over(figures, made, float(u(0.25, 0.75)), low)
        if rng.random() < 0.35:
            side = str(rng.choice(list(LETTERS)))
            made = replace(made, legs={**made.legs, side: _free(rng, 95.0)})
        return made

    return _action(actor, rng, fps, figure, feet_only=True)


def _stance(figures: Figures, rng: np.random.Generator) -> dict[str, Leg]:
    u = rng.uniform
    split_m = float(rng.choice((u(0.0, 0.1), u(0.1, 1.0)))) * float(rng.choice((-1, 1)))
    legs: dict[str, Leg] = {}
    for side, sign in SIGNS.items():
        behind = sign * split_m < 0
        rise_deg = float(u(15, 60)) if behind and abs(split_m) > 0.4 else 0.0
        if rng.random() < 0.15:
            rise_deg = float(u(5, 30))
        legs[side] = figures.standing_leg(
            side,
            ahead_m=sign * split_m / 2,
            out_m=float(u(0.06, 0.26)),
            toe_out_deg=float(u(-5, 30)),
            heel_rise_deg=rise_deg,
            knee_in_deg=float(rng.choice((u(-5, 5), u(-25, 30)))),
        )
    return legs


def _over(figures: Figures, figure: Figure, share: float, low: float) -> Figure:
    """Return a figure whose hips are between its feet, as high as both legs reach, or lower."""
    legs = {s: leg for s, leg in figure.legs.items() if isinstance(leg, PlacedLeg)}
    left, right = (legs[side].ankle_m for side in LETTERS)
    middle = left + share * (right - left)
    figure = replace(figure, root_m=np.array([middle[0], middle[1] + 0.02, 0.0]))
    heights, reach = [], []
    for side, leg in legs.items():
        hip = figures.hip_m(figure, side)
        long = figures.length_m("thigh", side) + figures.length_m("shin", side)
        across = leg.ankle_m - hip
        flat = float(np.hypot(across[0], across[1]))
        up = float(np.sqrt(max((_STRETCHED * long) ** 2 - flat**2, 0.04)))
        heights.append(up + float(leg.ankle_m[2] - hip[2]))
        reach.append(long)
    height = min(heights) - low * min(reach)
    return replace(figure, root_m=figure.root_m + max(height, 0.36 * min(reach)) * UP)


def _free(rng: np.random.Generator, up_deg: float) -> FreeLeg:
    u = rng.uniform
    return FreeLeg(
        hip_flexion_deg=float(u(-20, up_deg)),
        abduction_deg=float(u(0, 35)),
        rotation_deg=float(u(-10, 35)),
        knee_flexion_deg=float(u(3, 125)),
        dorsiflexion_deg=float(u(-35, 20)),
    )


def _arms(rng: np.random.Generator, known: tuple[FreeArm, ...]) -> dict[str, Arm]:
    first = known[int(rng.integers(len(known)))]
    other = known[int(rng.integers(len(known)))] if rng.random() < 0.4 else first
    return dict(zip(LETTERS, (first, other), strict=True))


def _with_arms(actor: Actor, figure: Figure, rng: np.random.Generator) -> Figure:
    """Return someone who lies with the hands on the floor or on the belly."""
    placed = actor.figures.place(figure)
    arms: dict[str, Arm] = dict.fromkeys(LETTERS, _ON_BELLY)
    if rng.random() < 0.7:
        for side, letter in LETTERS.items():
            shoulder = actor.figures.joint(placed, f"upperarm01.{letter}")
            out, down = rng.uniform(0.08, 0.4), rng.uniform(0.25, 0.5)
            wrist = shoulder + SIGNS[side] * out * _LEFT + np.array([0.0, -down, 0.0])
            wrist[2] = 0.04
            arms[side] = PlacedArm(wrist, SIGNS[side] * _LEFT + 0.1 * UP)
    return replace(figure, arms=arms)


def _lying(actor: Actor, chance: Chance, fps: float) -> Action:
    """Lie on the back: feet near or far, a leg in the air or two, the hips up or down."""
    rng = chance("plan")
    figures, contact = actor.figures, actor.contact
    spot = draw_spot(rng)
    thigh_m, shin_m = (figures.length_m(part, "left") for part in ("thigh", "shin"))

    def figure() -> Figure:
        u = rng.uniform
        up_deg = float(rng.choice((0.0, u(0, 38))))
        trunk = Figure(
            np.array([0.0, 0.0, 0.12]),
            facing(-90.0 - up_deg, 0.0, float(u(-6, 6))),
            bend_deg=float(u(-4, 10)) + (0.0 if up_deg else float(rng.choice((0.0, u(0, 25))))),
            twist_deg=float(u(-6, 6)),
            nod_deg=float(u(0, 25)),
            legs={side: FreeLeg(60.0) for side in LETTERS},
        )
        trunk = _with_arms(actor, contact.on_floor(figures, trunk, _TRUNK), rng)
        legs: dict[str, Leg] = {}
        raised = rng.random(2) < (0.35 if up_deg == 0.0 else 0.2)
        for side, in_air in zip(LETTERS, raised, strict=True):
            hip = figures.hip_m(trunk, side)
            far_m = float(u(0.34, 0.99)) * (thigh_m + shin_m)
            ahead_m = float(np.sqrt(max(far_m**2 - float(hip[2]) ** 2, 0.01)))
            legs[side] = (
                replace(_free(rng, 115.0), hip_flexion_deg=float(u(20, 115)))
                if in_air
                else figures.standing_leg(
                    side,
                    ahead_m=ahead_m - float(hip[1]),
                    out_m=float(u(0.06, 0.2)),
                    heel_rise_deg=float(rng.choice((0.0, u(-35, 15)))),
                    knee_towards=UP + float(u(-0.4, 0.3)) * SIGNS[side] * _LEFT,
                )
            )
        return replace(trunk, legs=legs)

    action = _action(actor, rng, fps, lambda: spot.of(figure()), feet_only=False)
    return replace(action, blocks=draw_mat(rng, spot))


def _action(
    actor: Actor,
    rng: np.random.Generator,
    fps: float,
    draw: Callable[[], Figure],
    *,
    feet_only: bool,
) -> Action:
    """Return a way through drawn figures, each of them rested in for a moment."""
    figures, contact = actor.figures, actor.contact
    touching = [part for part in PARTS if part.endswith(("foot", "shin"))]
    touching = touching if feet_only else [*touching, *_TRUNK]
    times, drawn = [0.0], [draw()]
    while times[-1] < _LONG_S:
        times += [times[-1] + float(rng.uniform(0.1, 0.5))]
        times += [times[-1] + float(rng.uniform(0.6, 1.6))]
        drawn += [drawn[-1], draw()]
    ways = list(zip(pairwise(times), pairwise(drawn), strict=True))

    def at(t_s: float) -> Figure:
        (start, end), (before, after) = next(way for way in ways if t_s <= way[0][1])
        return blend(before, after, smooth((t_s - start) / (end - start)))

    moments = []
    for i in range(int(_LONG_S * fps)):
        placed = figures.place(at(i / fps))
        low = contact.lowest_m(placed, touching) * UP
        moments.append(Moment(i / fps, replace(placed, heads_m=placed.heads_m - low)))
    return Action("none", moments)


SCRIPTS: dict[str, Script] = {"anyhow-standing": _standing, "anyhow-lying": _lying}
