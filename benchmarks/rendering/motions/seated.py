"""A person on a chair that fits them, both feet on the floor unless told otherwise.

Seen from above the person faces -y; the ankles of the planted feet are near y = 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from benchmarks.rendering.action import Actor
from benchmarks.rendering.figure import LETTERS, Arm, Figure, FreeArm, Leg, facing
from benchmarks.rendering.rig import UP
from benchmarks.rendering.room import Block

_SEAT_M = 0.44
"""Width and depth of the seat."""
_SUNK_M = 0.022
"""How far flesh and cushion give way."""


@dataclass(frozen=True)
class Seat:
    """How a person sits on their chair."""

    high_m: float = 0.0
    """How much higher the seat is than the hollow of the knee."""
    forward_m: float = 0.1
    """How far the knees are in front of the seat's edge."""
    feet_ahead_m: float = 0.0
    """How far the ankles are in front of the knees."""
    apart_m: float = 0.26
    """Distance of the ankles."""
    toe_out_deg: float = 8.0


def draw_seat(rng: np.random.Generator) -> Seat:
    """Return a way of sitting."""
    return Seat(
        high_m=float(rng.uniform(-0.02, 0.025)),
        forward_m=float(rng.uniform(0.07, 0.13)),
        feet_ahead_m=float(rng.uniform(-0.02, 0.05)),
        apart_m=float(rng.uniform(0.22, 0.32)),
        toe_out_deg=float(rng.uniform(2, 14)),
    )


class Seated:
    """Sits one body on a chair.

    Parameters
    ----------
    actor
        Who.
    seat
        How.
    """

    def __init__(self, actor: Actor, seat: Seat) -> None:
        self._figures, self._contact = actor.figures, actor.contact
        rig = actor.body.rig
        thigh, shin = (self._figures.length_m(part, "left") for part in ("thigh", "shin"))
        ankle_m = float(rig.head("foot.L")[2])
        hollow_m = ankle_m + shin - 0.075
        self.seat_m = hollow_m + seat.high_m
        """Height of the seat."""
        self.feet = {
            side: self._figures.standing_leg(
                side, seat.feet_ahead_m, seat.apart_m / 2, seat.toe_out_deg
            )
            for side in LETTERS
        }
        """Side → the planted leg."""
        self.front_m = seat.forward_m
        """y of the seat's front edge."""
        self.middle_m = self.front_m + _SEAT_M / 2
        """y of the seat's middle."""
        hips = [rig.head(f"upperleg01.{letter}") for letter in LETTERS.values()]
        self._half_width_m = float(np.linalg.norm(hips[0] - hips[1])) / 2
        self._hips_from_root = np.mean(hips, axis=0) - rig.head("root")
        self._hips_m = np.array([0.0, 0.98 * thigh, self.seat_m + 0.09])
        for _ in range(4):
            self._hips_m[2] -= self._above_seat_m(self.sitting())
        self.hips_m = self._hips_m.copy()
        """(3,) middle of the hip joints, which stays where it is while the trunk moves."""

    def sitting(
        self,
        lean_deg: float = 0.0,
        bend_deg: float = 0.0,
        roll_deg: float = 0.0,
        nod_deg: float = 0.0,
        head_turn_deg: float = 0.0,
        legs: Mapping[str, Leg] | None = None,
        arms: Mapping[str, Arm] | None = None,
    ) -> Figure:
        """Return a figure on the chair.

        Parameters
        ----------
        lean_deg
            Of the pelvis about the hips, forward positive.
        bend_deg, nod_deg, head_turn_deg
            As in `Figure`.
        roll_deg
            Of the pelvis to its side: positive lowers the right hip, the chest stays upright.
        legs
            Side → leg for those that are not planted.
        arms
            Side → arm.
        """
        pelvis = facing(lean_deg, 0.0, roll_deg)
        # Who tilts the pelvis rolls over the lower half of the seat.
        up_m = self._half_width_m * abs(np.sin(np.radians(roll_deg)))
        return Figure(
            root_m=self._hips_m + up_m * UP - pelvis @ self._hips_from_root,
            pelvis=pelvis,
            bend_deg=bend_deg,
            side_bend_deg=-0.8 * roll_deg,
            nod_deg=nod_deg,
            head_turn_deg=head_turn_deg,
            legs={**self.feet, **(legs or {})},
            arms={**{side: FreeArm() for side in LETTERS}, **(arms or {})},
        )

    def thigh_height_m(self, figure: Figure, side: str) -> float:
        """Return how high a thigh's lowest point over the seat is above it."""
        placed = self._figures.place(figure)
        points = self._contact.points_m(placed, f"{side}_thigh")
        over = points[points[:, 1] > self.front_m]
        return float(over[:, 2].min()) - self.seat_m + _SUNK_M

    def half_width_m(self) -> float:
        """Return how far the body reaches to either side where it sits."""
        placed = self._figures.place(self.sitting())
        parts = ("pelvis", *(f"{side}_thigh" for side in LETTERS))
        points = np.concatenate([self._contact.points_m(placed, part) for part in parts])
        near = (points[:, 2] < self.seat_m + 0.1) & (points[:, 1] > self._hips_m[1] - 0.18)
        return float(np.abs(points[near, 0]).max())

    def back_m(self, figure: Figure) -> float:
        """Return y of a chair's back that a figure just touches."""
        placed = self._figures.place(figure)
        points = np.concatenate([self._contact.points_m(placed, p) for p in ("waist", "chest")])
        leaning = points[points[:, 2] < self.seat_m + 0.46]
        return float(leaning[:, 1].max()) + 0.01

    def _above_seat_m(self, figure: Figure) -> float:
        """Return how far the figure would have to come down."""
        placed = self._figures.place(figure)
        parts = ("pelvis", *(f"{side}_thigh" for side in LETTERS))
        points = np.concatenate([self._contact.points_m(placed, part) for part in parts])
        over = points[points[:, 1] > self.front_m]
        return float(over[:, 2].min()) + _SUNK_M - self.seat_m


def chair(
    middle_m: float, seat_m: float, rng: np.random.Generator, back_m: float | None = None
) -> tuple[Block, ...]:
    """Return a chair with a back.

    Parameters
    ----------
    middle_m
        y of the seat's middle.
    seat_m
        Height of the seat.
    rng
        Where its colour comes from.
    back_m
        y of the back, if it is further away than the seat is deep.
    """
    back = max(middle_m + 0.21, back_m or 0.0)
    seat, *legs = _stool(middle_m, seat_m, rng, back - middle_m - 0.01)
    posts = [_box(seat, (x, back, seat_m + 0.22), (0.035, 0.03, 0.46)) for x in (-0.2, 0.2)]
    rails = [_box(seat, (0.0, back, seat_m + z), (0.42, 0.025, 0.09)) for z in (0.2, 0.4)]
    return (seat, *legs, *posts, *rails)


def stool(middle_m: float, seat_m: float, rng: np.random.Generator) -> tuple[Block, ...]:
    """Return a chair without a back; parameters as for `chair`."""
    return _stool(middle_m, seat_m, rng, 0.2)


def _stool(
    middle_m: float, seat_m: float, rng: np.random.Generator, behind_m: float
) -> tuple[Block, ...]:
    """Return a seat and its legs, the rear ones so far behind the middle."""
    shade = rng.uniform(0.25, 0.7)
    thick = 0.04
    deep = _SEAT_M / 2 + behind_m + 0.02
    seat = Block(
        "box",
        np.array((0.0, middle_m + (deep - _SEAT_M) / 2, seat_m - thick / 2)),
        np.array((_SEAT_M, deep, thick)),
        0.0,
        (shade, shade * 0.8, shade * 0.6),
    )
    high = seat_m - thick
    legs = [
        _box(seat, (x, middle_m + y, high / 2), (0.035, 0.035, high))
        for x in (-0.2, 0.2)
        for y in (-0.19, behind_m)
    ]
    return (seat, *legs)


def _box(like: Block, centre: tuple[float, ...], size: tuple[float, ...]) -> Block:
    return Block("box", np.array(centre), np.array(size), 0.0, like.colour)
