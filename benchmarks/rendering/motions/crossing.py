"""One leg laid over the other: its ankle on the thigh, its knee fallen out to the side."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from benchmarks.rendering.action import Actor, smooth
from benchmarks.rendering.figure import LETTERS, BlendedLeg, Figure, Figures, Leg, PlacedLeg
from benchmarks.rendering.flesh import Flesh
from benchmarks.rendering.rig import FloatArray, Placement, rotation, turned_between, unit

OTHER = {side: next(s for s in LETTERS if s != side) for side in LETTERS}
"""Side → the other one."""

_LEG = ("upperleg01", "lowerleg01", "foot")
_OVER, _ASIDE = 0.6, 1.0
"""How far over the other leg, and to its own side, a leg is aimed on its way, in shins."""
_PRESSED_M = 0.008
"""How far shin and thigh sink into one another where they touch."""


@dataclass(frozen=True)
class Cross:
    """How the crossed leg lies."""

    at: float = 0.84
    """Where on the other leg: 0 its hip, 1 its knee; more is on its shin, 2 its ankle."""
    beyond_m: float = 0.06
    """How far the ankle is beyond the middle of the other thigh, outwards."""
    drop_deg: float = 80.0
    """How far the knee has fallen to the side: 0 straight ahead, 90 straight out."""
    dorsiflexion_deg: float = 0.0


@dataclass(frozen=True)
class Lie:
    """The lines along and across a bent leg."""

    hip_m: FloatArray
    knee_m: FloatArray
    ankle_m: FloatArray
    """(3,) joints."""
    thigh: FloatArray
    """(3,) direction from hip to knee."""
    shin: FloatArray
    """(3,) direction from knee to ankle."""
    front: FloatArray
    """(3,) at a right angle to the thigh, away from the back of the knee."""
    out: FloatArray
    """(3,) at a right angle to both, away from the other leg."""


def lie(figures: Figures, placed: Placement, side: str) -> Lie:
    """Return the lines of a leg."""

    def joint(bone: str, of: str) -> FloatArray:
        return figures.joint(placed, f"{bone}.{LETTERS[of]}")

    hip, knee, ankle = (joint(bone, side) for bone in _LEG)
    thigh, shin = unit(knee - hip), unit(ankle - knee)
    front = unit(thigh * (thigh @ shin) - shin)
    out = unit(np.cross(thigh, front))
    outwards = out @ (hip - joint(_LEG[0], OTHER[side])) > 0
    return Lie(hip, knee, ankle, thigh, shin, front, out if outwards else -out)


class Crosser:
    """Crosses the legs of one body.

    Parameters
    ----------
    actor
        Who.
    flesh
        How thick their limbs are.
    """

    def __init__(self, actor: Actor, flesh: Flesh) -> None:
        self._figures = actor.figures
        self._flesh = flesh
        self._shin_m = {side: self._figures.length_m("shin", side) for side in LETTERS}

    def crossed(
        self, figure: Figure, side: str, cross: Cross, share: float, start: PlacedLeg
    ) -> Leg:
        """Return a leg on its way from where it was to lying on the other one.

        Parameters
        ----------
        figure
            The other leg and the trunk are where they belong.
        side
            Which leg is crossed.
        cross
            How it lies in the end.
        share
            How far it is: 0 not yet, 1 lying.
        start
            Where it comes from.
        """
        if share <= 0.0:
            return start
        end, front, out = self._lying(figure, side, cross)
        if share >= 1.0:
            return end
        shin_m = self._shin_m[side]
        over = PlacedLeg(
            end.ankle_m + shin_m * (_OVER * front - _ASIDE * out),
            turned_between(start.foot, end.foot, 0.15),
            unit(start.towards) + unit(end.towards),
        )
        # Joint by joint, so that the knee never jumps; by way of a leg held over the other.
        return BlendedLeg(BlendedLeg(start, over, share), BlendedLeg(over, end, share), share)

    def _foot(self, figure: Figure, side: str, leg: PlacedLeg, cross: Cross) -> FloatArray:
        """Return the turn of a foot that hangs on its shin, (3, 3)."""
        placed = self._figures.place(replace(figure, legs={**figure.legs, side: leg}))
        shin = placed.rotations[self._figures.rig.index[f"lowerleg01.{LETTERS[side]}"]]
        foot: FloatArray = shin @ rotation("x", -cross.dorsiflexion_deg)
        return foot

    def _lying(
        self, figure: Figure, side: str, cross: Cross
    ) -> tuple[PlacedLeg, FloatArray, FloatArray]:
        """Return the leg that lies on the other; the directions away from that, and outwards."""
        placed = self._figures.place(figure)
        under = lie(self._figures, placed, OTHER[side])
        on, front = self._place_on(placed, side, cross.at, under)
        drop = np.radians(cross.drop_deg)
        towards = -under.out * np.sin(drop) + under.front * np.cos(drop)
        share = 1.0 - cross.beyond_m / self._shin_m[side]
        leg = PlacedLeg(on + front * 0.05 + under.out * cross.beyond_m, np.eye(3), towards)
        for _ in range(2):
            placed = self._figures.place(replace(figure, legs={**figure.legs, side: leg}))
            knee, ankle = (self._joint(placed, bone, side) for bone in _LEG[1:])
            bone = knee + share * (ankle - knee)
            skin = self._flesh.skin_m(placed, "shin", side, share, -front)
            rest = on + front * (float((bone - skin) @ front) - _PRESSED_M)
            leg = replace(leg, ankle_m=knee + unit(rest - knee) * self._shin_m[side])
        return replace(leg, foot=self._foot(figure, side, leg, cross)), front, under.out

    def _place_on(
        self, placed: Placement, side: str, at: float, under: Lie
    ) -> tuple[FloatArray, FloatArray]:
        """Return a point on the other leg's front, and the direction away from it."""
        other = OTHER[side]
        ahead = unit(under.thigh - under.shin * (under.thigh @ under.shin))
        past = smooth((at - 0.9) / 0.2)
        front = unit((1 - past) * under.front + past * ahead)
        thigh = self._flesh.skin_m(placed, "thigh", other, min(at, 1.0), front)
        lower = self._flesh.skin_m(placed, "shin", other, max(at - 1.0, 0.0), front)
        return (1 - past) * thigh + past * lower, front

    def _joint(self, placed: Placement, bone: str, side: str) -> FloatArray:
        return self._figures.joint(placed, f"{bone}.{LETTERS[side]}")


def bezier(points: tuple[FloatArray, FloatArray, FloatArray, FloatArray], u: float) -> FloatArray:
    """Return the point of a cubic curve, (3,)."""
    a, b, c, d = points
    v = 1.0 - u
    where: FloatArray = v**3 * a + 3 * v * v * u * b + 3 * v * u * u * c + u**3 * d
    return where
