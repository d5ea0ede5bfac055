"""What arms do in a lunge: rest on the hips, hang, or hold the hands before the chest."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from benchmarks.rendering.action import Actor
from benchmarks.rendering.figure import LETTERS, SIGNS, Arm, BlendedArm, Figure, FreeArm, PlacedArm
from benchmarks.rendering.hands import Grip, Hands
from benchmarks.rendering.motions.lunge_body import OTHER, Lunging
from benchmarks.rendering.rig import FloatArray, Placement, rotation

_CATCHING = FreeArm((0.85, -0.08, -0.5), (0.75, -0.45, -0.25))
"""An arm that helps to keep the balance."""
_CHEST = "spine01"


class LungeArms:
    """Puts the arms of one body to a lunge.

    Parameters
    ----------
    actor
        Who.
    arm_style
        One of `benchmarks.rendering.motions.lunge_plan.ARM_STYLES`.
    swing_deg
        How far hanging arms swing, for each metre that the other foot is ahead.
    """

    def __init__(self, actor: Actor, arm_style: str, swing_deg: float) -> None:
        self._figures = actor.figures
        self._style, self._swing_deg = arm_style, swing_deg
        self._hands = Hands(actor.body.rig)
        self._waist_m = _side_of_waist(actor)

    def placed(self, figure: Figure, now: Lunging, share: float, caught: float) -> Placement:
        """Return where all bones are.

        Parameters
        ----------
        figure
            The person, whatever the arms do.
        now
            The same, as a lunge.
        share
            How far the arms are on their way to what the style says: 0 they hang, 1 all of it.
        caught
            How far they leave it to keep the balance, 0 to 1.
        """
        kept = share * (1.0 - caught)
        hanging = {side: self._hanging(now, side) for side in LETTERS}
        arms: dict[str, Arm] = dict(hanging)
        grips: dict[str, Grip] = {}
        if self._style != "hanging" and share > 0.0:
            body = self._figures.place(figure)
            grips = {side: self._grip(body, side) for side in LETTERS}
            for side, grip in grips.items():
                there = PlacedArm(self._hands.wrist_m(side, grip), self._elbow(body, side))
                arms[side] = _mixed(hanging[side], there, share)
        arms = {side: _mixed(arm, _CATCHING, caught) for side, arm in arms.items()}
        placed = self._figures.place(replace(figure, arms=arms))
        return self._hands.laid(placed, {side: (grip, kept) for side, grip in grips.items()})

    def _grip(self, body: Placement, side: str) -> Grip:
        sign, index = SIGNS[side], self._figures.rig.index
        if self._style == "hips":
            turn, root = body.rotations[index["root"]], body.heads_m[index["root"]]
            return Grip(
                at_m=root + turn @ (self._waist_m * (sign, 1.0, 1.0)),
                palm=turn @ np.array((-sign, -0.1, -0.25)),
                along=turn @ np.array((-0.25 * sign, -1.0, -0.45)),
                curl_deg=10.0,
            )
        turn = body.rotations[index[_CHEST]]
        shoulders = np.mean([self._shoulder(body, s) for s in LETTERS], axis=0)
        far = 1.05 * self._figures.length_m("forearm", side)
        return Grip(
            at_m=shoulders + turn @ np.array((0.0, -far, -0.28 * far)),
            palm=turn @ np.array((-sign, 0.0, 0.0)),
            along=turn @ np.array((0.0, -0.45, 1.0)),
            curl_deg=6.0,
        )

    def _elbow(self, body: Placement, side: str) -> FloatArray:
        """Return where an elbow points, (3,)."""
        turn = body.rotations[self._figures.rig.index[_CHEST]]
        out = (1.0, 0.75, 0.0) if self._style == "hips" else (0.55, 0.1, -1.0)
        where: FloatArray = turn @ (np.array(out) * (SIGNS[side], 1.0, 1.0))
        return where

    def _shoulder(self, body: Placement, side: str) -> FloatArray:
        return self._figures.joint(body, f"upperarm01.{LETTERS[side]}")

    def _hanging(self, now: Lunging, side: str) -> FreeArm:
        """Return an arm that hangs down however the chest leans, and swings with the other leg."""
        lead = now.feet[OTHER[side]].spot.ahead_m - now.feet[side].spot.ahead_m
        swing = self._swing_deg * lead
        upright = rotation("x", -now.lean_deg - swing)
        return FreeArm(
            _three(upright @ np.array((0.2, 0.06, -1.0))),
            _three(upright @ np.array((0.05, -0.22 - 0.006 * abs(swing), -1.0))),
        )


def _side_of_waist(actor: Actor) -> FloatArray:
    """Return where a hand lies on the left side of the waist, from the root, (3,)."""
    rig = actor.body.rig
    rest = rig.place({}, rig.head("root"))
    skin = np.concatenate([actor.contact.points_m(rest, part) for part in ("waist", "pelvis")])
    thigh = actor.figures.length_m("thigh", "left")
    level = rig.head("upperleg01.L")[2] + 0.28 * thigh
    near = skin[np.abs(skin[:, 2] - level) < 0.035]
    outermost = near[int(np.argmax(near[:, 0]))] if len(near) else np.array((0.15, 0.0, level))
    where: FloatArray = np.array((outermost[0], outermost[1], level)) - rig.head("root")
    return where


def _three(v: FloatArray) -> tuple[float, float, float]:
    return float(v[0]), float(v[1]), float(v[2])


def _mixed(before: Arm, after: Arm, share: float) -> Arm:
    if share <= 0.0:
        return before
    return after if share >= 1.0 else BlendedArm(before, after, share)
