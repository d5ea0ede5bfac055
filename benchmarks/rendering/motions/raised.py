"""Somebody who lies on their back with a leg raised off the floor, and hands that hold it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from benchmarks.rendering.action import Actor, smooth
from benchmarks.rendering.figure import LETTERS, SIGNS, Figure, PlacedArm, PlacedLeg
from benchmarks.rendering.flesh import Flesh
from benchmarks.rendering.hands import Grip, Hands
from benchmarks.rendering.motions.crossing import Lie, bezier, lie
from benchmarks.rendering.motions.supine import Spot, Supine
from benchmarks.rendering.rig import (
    UP,
    FloatArray,
    Placement,
    rotation,
    turned_between,
    unit,
)

HEADWARDS = np.array([0.0, 1.0, 0.0])
"""For who lies in the plain place."""

_SHORT_M, _LESS_DEG = 0.005, 7.5
"""How much too far away counts as much as so much less of a way round the thigh."""
_CURL_DEG = 24.0
"""Of fingers round a thigh."""


@dataclass(frozen=True)
class Raised:
    """How a leg is raised."""

    share: float = 1.0
    """0 planted, 1 as told here."""
    thigh_trunk_deg: float = 90.0
    """Angle between trunk and thigh."""
    knee_flexion_deg: float = 85.0
    dorsiflexion_deg: float = -22.0


class Raiser:
    """Raises the legs of one lying body.

    Parameters
    ----------
    actor
        Who.
    supine
        How they lie.
    planted
        Side → the leg on the floor.
    """

    def __init__(self, actor: Actor, supine: Supine, planted: Mapping[str, PlacedLeg]) -> None:
        self._figures = actor.figures
        self._planted = dict(planted)
        placed = self._figures.place(replace(supine.rest, legs=self._planted))
        self._up_the_trunk = self._trunk_line(placed)
        self._angles_deg = {side: self._planted_deg(placed, side) for side in LETTERS}

    def leg(self, trunk: Figure, side: str, raised: Raised) -> PlacedLeg:
        """Return a leg between the floor and where it is raised to.

        Parameters
        ----------
        trunk
            What the body does; its legs are left out of account.
        side
            Whose leg.
        raised
            How.
        """
        planted, share = self._planted[side], raised.share
        if share <= 0.0:
            return planted
        thigh_deg, bent_deg = self._angles_deg[side]
        thigh_deg += share * (raised.thigh_trunk_deg - thigh_deg)
        bent_deg += share * (raised.knee_flexion_deg - bent_deg)
        thigh, shin = (
            rotation("x", angle_deg) @ self._up_the_trunk
            for angle_deg in (thigh_deg, thigh_deg + bent_deg)
        )
        thigh_m, shin_m = (self._figures.length_m(part, side) for part in ("thigh", "shin"))
        hip = self._figures.hip_m(trunk, side)
        lifted = hip + thigh_m * thigh + shin_m * shin
        lifted[0] = planted.ankle_m[0] + share * (hip[0] - planted.ankle_m[0])
        pitch_deg = float(np.degrees(np.arctan2(shin[1], -shin[2])))
        free = rotation("x", pitch_deg - raised.dorsiflexion_deg)
        foot = turned_between(planted.foot, free, smooth(1.2 * share))
        return PlacedLeg(
            ankle_m=planted.ankle_m + smooth(6.0 * share) * (lifted - planted.ankle_m),
            foot=foot,
            towards=thigh - shin + 1e-3 * UP,
            toes=foot,
        )

    def _planted_deg(self, placed: Placement, side: str) -> tuple[float, float]:
        """Return the angles from trunk to thigh and from thigh to shin, in the body's plane."""
        lines = lie(self._figures, placed, side)
        thigh_deg, shin_deg = (self._turn_deg(line) for line in (lines.thigh, lines.shin))
        return thigh_deg, shin_deg - thigh_deg

    def _turn_deg(self, line: FloatArray) -> float:
        """Return the angle about the x axis from the trunk to a line, by way of the ceiling."""
        start = self._up_the_trunk
        across = start[1] * line[2] - start[2] * line[1]
        along = start[1] * line[1] + start[2] * line[2]
        return float(np.degrees(np.arctan2(across, along))) % 360.0

    def _trunk_line(self, placed: Placement) -> FloatArray:
        """Return the direction from the hips to the shoulders in the body's own plane, (3,)."""
        hips, shoulders = (
            np.mean([self._figures.joint(placed, f"{b}.{c}") for c in LETTERS.values()], axis=0)
            for b in ("upperleg01", "upperarm01")
        )
        return unit((shoulders - hips) * (0.0, 1.0, 1.0))


class Grasper:
    """Lays the hands of one lying body round a raised thigh.

    Parameters
    ----------
    actor
        Who.
    supine
        How they lie.
    flesh
        How thick their limbs are.
    """

    def __init__(self, actor: Actor, supine: Supine, flesh: Flesh) -> None:
        self._figures, self._flesh = actor.figures, flesh
        self._hands = Hands(actor.body.rig)
        self._waiting = {
            side: tuple(supine.arm(side, way) for way in ("beside", "belly")) for side in LETTERS
        }
        self._arms_m = {
            side: sum(self._figures.length_m(part, side) for part in ("upper_arm", "forearm"))
            for side in LETTERS
        }

    def grip(self, placed: Placement, side: str, held: str, at: float) -> Grip:
        """Return a hand as far round the back of a thigh as its arm reaches.

        Parameters
        ----------
        placed
            Where the legs are.
        side
            Whose hand; it comes from its own side.
        held
            Whose thigh.
        at
            Where on it: 0 at the hip, 1 at the knee.
        """
        lines = lie(self._figures, placed, held)
        out = lines.out if side == held else -lines.out
        shoulder = self._figures.joint(placed, f"upperarm01.{LETTERS[side]}")
        angles_deg = np.arange(60.0, -76.0, -15.0)
        short_m = np.empty(len(angles_deg))
        for i, angle_deg in enumerate(angles_deg):
            grip = self._round(placed, held, at, lines, out, angle_deg)
            away_m = np.linalg.norm(self._hands.wrist_m(side, grip) - shoulder)
            short_m[i] = away_m - 0.97 * self._arms_m[side]
        # Weighed instead of chosen, so that a hand never jumps from one place to another.
        cost = np.maximum(short_m, 0.0) / _SHORT_M - angles_deg / _LESS_DEG
        weights = np.exp(cost.min() - cost)
        angle_deg = float(weights @ angles_deg / weights.sum())
        return self._round(placed, held, at, lines, out, angle_deg)

    def _round(
        self,
        placed: Placement,
        held: str,
        at: float,
        lines: Lie,
        out: FloatArray,
        angle_deg: float,
    ) -> Grip:
        """Return a hand at an angle round a thigh: 0 beside it, 90 behind, -90 in front."""
        turn = np.radians(angle_deg)
        away = out * np.cos(turn) - lines.front * np.sin(turn)
        fingers = -out * np.sin(turn) - lines.front * np.cos(turn)
        skin = self._flesh.skin_m(placed, "thigh", held, at, away)
        return Grip(skin, -away, fingers + 0.2 * lines.thigh)

    def waiting(self, side: str, ready: float) -> PlacedArm:
        """Return an arm on its way from the floor to the ribs, where it waits: 0 to 1."""
        floor, belly = self._waiting[side]
        out = SIGNS[side] * np.array([1.0, 0.0, 0.0])
        ribs = belly.wrist_m + 0.11 * HEADWARDS
        aside = floor.wrist_m + 0.05 * UP + 0.2 * out + 0.25 * HEADWARDS
        return PlacedArm(
            bezier((floor.wrist_m, aside, ribs + 0.1 * UP, ribs), ready),
            floor.towards + ready * (belly.towards - floor.towards),
        )

    def reaching(
        self, side: str, start: PlacedArm, grip: Grip, share: float, by_m: FloatArray | None = None
    ) -> PlacedArm:
        """Return an arm on its way from where it waits to what its hand holds.

        Parameters
        ----------
        side
            Whose.
        start
            Where it comes from.
        grip
            What it will hold.
        share
            How far it is: 0 to 1.
        by_m
            (3,) a place that the wrist comes by; round the outside when left out.
        """
        if share <= 0.0:
            return start
        out = SIGNS[side] * np.array([1.0, 0.0, 0.0])
        by = start.wrist_m + 0.1 * UP + 0.3 * out if by_m is None else by_m
        end = self._hands.wrist_m(side, grip)
        # From further away, so as to go round the thigh.
        then = end - 0.2 * unit(grip.palm + 0.8 * grip.along)
        towards = np.array([SIGNS[side] * 0.9, 0.15, -0.35])
        return PlacedArm(
            bezier((start.wrist_m, by, then, end), share),
            start.towards + share * (towards - start.towards),
        )

    def laid(self, placed: Placement, grips: Mapping[str, Grip], share: float) -> Placement:
        """Return a placement whose hands have closed as far as `share` says, 0 to 1."""
        curl_deg = _CURL_DEG * smooth((share - 0.75) / 0.25)
        turned = smooth((share - 0.5) / 0.45)
        return self._hands.laid(
            placed, {s: (replace(grip, curl_deg=curl_deg), turned) for s, grip in grips.items()}
        )


def moved(placed: Placement, spot: Spot) -> Placement:
    """Return a placement of the plain place where a person lies."""
    turn = rotation("z", spot.yaw_deg)
    where = np.array([spot.x_m, spot.y_m, 0.0])
    return Placement(turn @ placed.rotations, placed.heads_m @ turn.T + where)
