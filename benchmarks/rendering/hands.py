"""Hands that hold or rest on something: which way the palm faces and how the fingers curl."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from benchmarks.rendering.figure import LETTERS
from benchmarks.rendering.rig import FloatArray, Placement, Rig, frame, turned_between, unit

_PALM = 0.62
"""Where the middle of the palm is between the wrist and the middle finger's knuckle."""
_THICK = 0.19
"""Distance of the palm's skin from the bones, over the length of that."""
_FINGERS = (2, 3, 4, 5)
_TWISTING = 0.65
"""Share of the hand's turn about the forearm that the forearm's lower half takes part in."""


@dataclass(frozen=True)
class Grip:
    """How one hand lies on something."""

    at_m: FloatArray
    """(3,) the point that the middle of the palm touches."""
    palm: FloatArray
    """(3,) direction that the palm faces."""
    along: FloatArray
    """(3,) direction of the fingers; what of it is not in the palm's plane is left out."""
    curl_deg: float = 14.0
    """Of each finger joint."""


def between(before: Grip, after: Grip, share: float) -> Grip:
    """Return the grip that is `share` of the way from one to another."""

    def mix(low: FloatArray, high: FloatArray) -> FloatArray:
        mixed: FloatArray = low + share * (high - low)
        return mixed

    return Grip(
        mix(before.at_m, after.at_m),
        mix(unit(before.palm), unit(after.palm)),
        mix(unit(before.along), unit(after.along)),
        before.curl_deg + share * (after.curl_deg - before.curl_deg),
    )


class Hands:
    """Turns the hands of one body.

    Parameters
    ----------
    rig
        Its bones. One that has no fingers keeps its hands in line with the forearms.
    """

    def __init__(self, rig: Rig) -> None:
        self._rig = rig
        self._rest: dict[str, FloatArray] = {}
        self._thumb: dict[str, FloatArray] = {}
        self._reach_m: dict[str, float] = {}
        for side, letter in LETTERS.items():
            wrist = rig.head(f"wrist.{letter}")
            along = rig.head(f"finger3-1.{letter}") - wrist
            self._reach_m[side] = float(np.linalg.norm(along))
            if f"finger5-1.{letter}" not in rig.index:
                continue
            knuckles = rig.head(f"finger5-1.{letter}") - rig.head(f"finger2-1.{letter}")
            back = np.cross(along, knuckles) * (1.0 if side == "left" else -1.0)
            self._rest[side] = frame(along, -back)
            self._thumb[side] = self._thumb_aside(side)

    def _thumb_aside(self, side: str) -> FloatArray:
        """Return the turn that brings the thumb beside the palm, out of what is held, (3, 3)."""
        base, tip = (self._rig.head(f"finger1-{joint}.{LETTERS[side]}") for joint in (1, 3))
        thumb, palm = unit(tip - base), self._rest[side][:, 1]
        return _shortest(thumb, unit(thumb - palm * (palm @ thumb + 0.1)))

    def wrist_m(self, side: str, grip: Grip) -> FloatArray:
        """Return where the wrist is when a hand lies as told, (3,)."""
        palm = unit(grip.palm)
        along = unit(grip.along - palm * (palm @ grip.along))
        away: FloatArray = self._reach_m[side] * (_THICK * palm + _PALM * along)
        return grip.at_m - away

    def palm_m(self, side: str, placed: Placement) -> FloatArray:
        """Return where the middle of the palm's skin is, (3,)."""
        index = self._rig.index
        wrist = index[f"wrist.{LETTERS[side]}"]
        knuckle = placed.heads_m[index[f"finger3-1.{LETTERS[side]}"]]
        along = knuckle - placed.heads_m[wrist]
        where: FloatArray = placed.heads_m[wrist] + _PALM * along
        if side in self._rest:
            palm = placed.rotations[wrist] @ self._rest[side][:, 1]
            where = where + _THICK * self._reach_m[side] * palm
        return where

    def laid(self, placed: Placement, grips: Mapping[str, tuple[Grip, float]]) -> Placement:
        """Return a placement whose hands lie as told.

        Parameters
        ----------
        placed
            Where the bones are; the wrists at `wrist_m`.
        grips
            Side → how, and how much of it: 0 leaves the hand in line with the forearm.
        """
        turned: dict[str, FloatArray] = {}
        for side, (grip, share) in grips.items():
            if side in self._rest and share > 0.0:
                turned |= self._hand(placed, side, grip, share)
        if not turned:
            return placed
        # What hangs on a hand follows it; all else stays as it is.
        kept = {
            name: placed.rotations[i]
            for i, name in enumerate(self._rig.names)
            if not name.startswith(("wrist", "finger", "metacarpal", "lowerarm02"))
            or name.rpartition(".")[2] not in {LETTERS[s] for s, (_, much) in grips.items() if much}
        }
        return self._rig.place(kept | turned, placed.heads_m[0])

    def _hand(
        self, placed: Placement, side: str, grip: Grip, share: float
    ) -> dict[str, FloatArray]:
        letter, index = LETTERS[side], self._rig.index
        fore = placed.rotations[index[f"lowerarm01.{letter}"]]
        axes = frame(grip.palm, grip.along)[:, [1, 0]]
        whole = frame(axes[:, 0], axes[:, 1]) @ self._rest[side].T
        hand = turned_between(fore, whole, share)
        wrist = placed.heads_m[index[f"wrist.{letter}"]]
        bone = unit(wrist - placed.heads_m[index[f"lowerarm01.{letter}"]])
        twist_deg = _twist_deg(hand @ fore.T, bone)
        turned = {
            f"lowerarm02.{letter}": about(bone, _TWISTING * twist_deg) @ fore,
            f"wrist.{letter}": hand,
        }
        axis = hand @ self._rest[side][:, 2]
        for joint in (1, 2, 3):
            bent = about(axis, joint * share * grip.curl_deg) @ hand
            turned |= {f"finger{finger}-{joint}.{letter}": bent for finger in _FINGERS}
        thumb = turned_between(hand, hand @ self._thumb[side], share)
        return turned | {f"finger1-{joint}.{letter}": thumb for joint in (1, 2, 3)}


def about(axis: FloatArray, angle_deg: float) -> FloatArray:
    """Return the right-handed rotation about any direction, (3, 3)."""
    x, y, z = axis
    across = np.array([[0.0, -z, y], [z, 0.0, -x], [-y, x, 0.0]])
    angle = np.radians(angle_deg)
    turn: FloatArray = np.eye(3) + np.sin(angle) * across + (1 - np.cos(angle)) * across @ across
    return turn


def _twist_deg(turn: FloatArray, axis: FloatArray) -> float:
    """Return how far a rotation turns about an axis, whatever else it does."""
    before = unit(np.cross(axis, np.eye(3)[int(np.argmin(np.abs(axis)))]))
    moved = turn @ axis
    swing = frame(moved, turn @ before) @ frame(axis, before).T
    # Undo the swing by the shortest way; what is left turns about the axis.
    shortest = _shortest(axis, moved)
    left = shortest.T @ swing @ before
    return float(np.degrees(np.arctan2(np.cross(before, left) @ axis, before @ left)))


def _shortest(before: FloatArray, after: FloatArray) -> FloatArray:
    """Return the smallest rotation that turns one direction into another, (3, 3)."""
    axis = np.cross(before, after)
    size = float(np.linalg.norm(axis))
    if size < 1e-9:
        return np.eye(3)
    return about(axis / size, float(np.degrees(np.arctan2(size, before @ after))))
