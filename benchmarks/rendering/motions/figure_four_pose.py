"""Where a body's bones are during a figure-four stretch, on a chair or on the floor."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np

from benchmarks.rendering.action import Actor
from benchmarks.rendering.contact import Contact
from benchmarks.rendering.figure import LETTERS, SIGNS, PlacedArm
from benchmarks.rendering.flesh import Flesh
from benchmarks.rendering.hands import Grip, Hands, between
from benchmarks.rendering.motions.crossing import OTHER, Cross, Crosser
from benchmarks.rendering.motions.raised import HEADWARDS, Grasper, Raised, Raiser, moved
from benchmarks.rendering.motions.seated import Seat, Seated, chair
from benchmarks.rendering.motions.supine import Spot, Supine, Trunk, draw_mat
from benchmarks.rendering.rig import UP, FloatArray, Placement, unit
from benchmarks.rendering.room import Block

SEATED_HANDS = ("knee", "shin")


@dataclass(frozen=True)
class Style:
    """How one person does it."""

    seat: Seat = field(default_factory=Seat)
    upright_deg: float = -6.0
    """Seated: lean of the pelvis when sitting up; on a chair it rolls back a little."""
    round_deg: float = 10.0
    """Seated: bend of the spine when sitting up."""
    hands: str = "knee"
    """Seated: one hand on the crossed ``knee``, the other on the ankle, or both on the ``shin``."""
    waiting: str = "beside"
    """Lying: hands on the floor ``beside`` the body, or on the ``belly``, before and after."""
    planted_deg: float = 100.0
    """Lying: knee flexion with the foot on the floor."""
    pulled_deg: float = 85.0
    """Lying: knee flexion of the leg that is pulled in."""
    wobble: float = 1.0
    """Size of the small involuntary movements."""
    breath_hz: float = 0.25


@dataclass(frozen=True)
class Pose:
    """A person at one moment of the stretch."""

    side: str = "left"
    """Which leg is crossed."""
    cross: Cross = field(default_factory=Cross)
    crossed: float = 0.0
    """How far the leg has been laid over: 0 to 1."""
    hands: float = 0.0
    """How far the hands have taken hold: 0 to 1."""
    lean_deg: float = 0.0
    """Seated: of the pelvis beyond sitting up, forward."""
    bend_deg: float = 0.0
    """Rounding of the back beyond this person's own."""
    roll_deg: float = 0.0
    """Of the pelvis; positive lowers the side of the crossed leg."""
    nod_deg: float = 0.0
    """Seated: of the head. Lying: how far it is off the floor."""
    head_turn_deg: float = 0.0
    slip: float = 0.0
    """How far the ankle has slid down over the other knee: 0 to 1."""
    ready: float = 0.0
    """Lying: how far the hands have come from the floor to the belly: 0 to 1."""
    lift: float = 0.0
    """Lying: how far the other foot has left the floor for the stretch: 0 to 1."""
    thigh_trunk_deg: float = 90.0
    """Lying: angle between the trunk and the other thigh once that is lifted."""


class Poser(Protocol):
    """Poses one body for the stretch."""

    def place(self, pose: Pose) -> Placement:
        """Return where every bone is."""

    def blocks(self, rng: np.random.Generator) -> tuple[Block, ...]:
        """Return what stands or lies in the room for it."""

    def pressed_m(self, pose: Pose) -> float:
        """Return how deep the legs are in the trunk, or the trunk in them."""


class SeatedFour:
    """Poses one body for the stretch on a chair.

    Parameters
    ----------
    actor
        Who.
    style
        How they do it.
    """

    def __init__(self, actor: Actor, style: Style) -> None:
        self._figures = actor.figures
        self._flesh, self._contact = Flesh(actor.body), actor.contact
        self._crosser = Crosser(actor, self._flesh)
        self._hands = Hands(actor.body.rig)
        self._style = style
        self._seated = Seated(actor, style.seat)

    def blocks(self, rng: np.random.Generator) -> tuple[Block, ...]:
        """Return the chair."""
        upright = self._seated.sitting(self._style.upright_deg, self._style.round_deg)
        back_m = self._seated.back_m(upright)
        return chair(self._seated.middle_m, self._seated.seat_m, rng, back_m)

    def place(self, pose: Pose) -> Placement:
        """Return where every bone is."""
        style = self._style
        figure = self._seated.sitting(
            lean_deg=style.upright_deg + pose.lean_deg,
            bend_deg=style.round_deg + pose.bend_deg,
            roll_deg=-SIGNS[pose.side] * pose.roll_deg,
            nod_deg=pose.nod_deg,
            head_turn_deg=pose.head_turn_deg,
        )
        start = self._seated.feet[pose.side]
        cross = slipped(pose)
        leg = self._crosser.crossed(figure, pose.side, cross, pose.crossed, start)
        figure = replace(figure, legs={**figure.legs, pose.side: leg})
        placed = self._figures.place(figure)
        grips = {side: self._grip(placed, side, pose) for side in LETTERS}
        arms = {side: self._arm(side, grip, pose) for side, grip in grips.items()}
        placed = self._figures.place(replace(figure, arms=arms))
        return self._hands.laid(placed, {side: (grip, 1.0) for side, grip in grips.items()})

    def _arm(self, side: str, grip: Grip, pose: Pose) -> PlacedArm:
        # A thigh that has fallen to the side lifts the elbow above it.
        up = 0.9 * pose.crossed if side == pose.side else 0.0
        towards = np.array([SIGNS[side] * 0.9, 0.7, up - 0.5])
        return PlacedArm(self._hands.wrist_m(side, grip), towards)

    def pressed_m(self, pose: Pose) -> float:
        """Return how deep the legs are in the trunk, or the trunk in them."""
        return _pressed_m(self._contact, self._flesh, self.place(pose))

    def _grip(self, placed: Placement, side: str, pose: Pose) -> Grip:
        """Return how a hand lies: on its own thigh at rest, on the crossed leg for the stretch."""
        rest = self._on(placed, ("thigh", side, 0.66), side, inwards=0.35)
        if pose.hands <= 0.0:
            return rest
        if side != pose.side:
            held = self._on(placed, ("shin", pose.side, 0.76), side, inwards=0.5)
        elif self._style.hands == "knee":
            held = self._on(placed, ("thigh", pose.side, 0.86), side, inwards=-0.2)
        else:
            held = self._on(placed, ("shin", pose.side, 0.42), side, inwards=0.25)
        grip = between(rest, held, pose.hands)
        # The other hand is lifted while the leg comes under it, or is taken from under it.
        arc_m = 0.07 if side == pose.side else 0.2
        return replace(grip, at_m=grip.at_m + arc_m * np.sin(np.pi * pose.hands) * UP)

    def _on(
        self, placed: Placement, where: tuple[str, str, float], hand: str, inwards: float
    ) -> Grip:
        """Return a hand that lies on top of a limb, its fingers ahead and so much inwards."""
        limb, owner, share = where
        bone = self._flesh.along(placed, limb, owner)
        away = unit(UP - bone * (bone @ UP))
        skin = self._flesh.skin_m(placed, limb, owner, share, away)
        return Grip(skin, -away, np.array([-SIGNS[hand] * inwards, -1.0, -0.2]), 9.0)


def slipped(pose: Pose) -> Cross:
    """Return how the crossed leg lies, be it that it slips."""
    return replace(pose.cross, at=pose.cross.at + 0.45 * pose.slip)


class SupineFour:
    """Poses one body for the stretch on the floor.

    Parameters
    ----------
    actor
        Who.
    style
        How they do it.
    spot
        Where they lie.
    """

    def __init__(self, actor: Actor, style: Style, spot: Spot) -> None:
        self._figures = actor.figures
        self._flesh, self._contact = Flesh(actor.body), actor.contact
        self._crosser = Crosser(actor, self._flesh)
        self._style, self._spot = style, spot
        self._supine = Supine(actor)
        self._planted = {
            side: self._supine.foot(side, style.planted_deg, out_m=style.seat.apart_m / 2)
            for side in LETTERS
        }
        self._raiser = Raiser(actor, self._supine, self._planted)
        self._grasper = Grasper(actor, self._supine, self._flesh)

    def blocks(self, rng: np.random.Generator) -> tuple[Block, ...]:
        """Return the mat, if there is one."""
        return draw_mat(rng, self._spot)

    def place(self, pose: Pose) -> Placement:
        """Return where every bone is."""
        pulled = pose.lift * max(0.0, 100.0 - pose.thigh_trunk_deg)
        trunk = self._supine.trunk(
            Trunk(
                curl_deg=0.18 * pulled + pose.bend_deg,
                turn_deg=-SIGNS[pose.side] * pose.roll_deg,
                head_up_deg=pose.nod_deg,
                head_turn_deg=pose.head_turn_deg,
            )
        )
        other = OTHER[pose.side]
        raised = Raised(pose.lift, pose.thigh_trunk_deg, self._style.pulled_deg)
        legs = {**self._planted, other: self._raiser.leg(trunk, other, raised)}
        figure = replace(trunk, legs=legs)
        start = self._planted[pose.side]
        leg = self._crosser.crossed(figure, pose.side, slipped(pose), pose.crossed, start)
        figure = replace(figure, legs={**legs, pose.side: leg})
        placed = self._figures.place(figure)
        # The inner hand goes through between the legs, the other one round the outside.
        by_m = {pose.side: self._gap_m(placed, pose.side), other: None}
        grips = {s: self._grasper.grip(placed, s, other, 0.5 if s == other else 0.62) for s in by_m}
        arms = {}
        for side, by in by_m.items():
            waiting = self._grasper.waiting(side, pose.ready)
            arms[side] = self._grasper.reaching(side, waiting, grips[side], pose.hands, by)
        placed = self._figures.place(replace(figure, arms=arms))
        return moved(self._grasper.laid(placed, grips, pose.hands), self._spot)

    def _gap_m(self, placed: Placement, crossed: str) -> FloatArray:
        """Return a place before the gap between the thighs under the crossed shin, (3,)."""
        ends = [
            0.3 * self._figures.joint(placed, f"upperleg01.{LETTERS[side]}")
            + 0.7 * self._figures.joint(placed, f"lowerleg01.{LETTERS[side]}")
            for side in (crossed, OTHER[crossed])
        ]
        before: FloatArray = (ends[0] + ends[1]) / 2 + 0.26 * HEADWARDS
        return before

    def pressed_m(self, pose: Pose) -> float:
        """Return how deep the legs are in the trunk, or the trunk in them."""
        return _pressed_m(self._contact, self._flesh, self.place(pose))


def _pressed_m(contact: Contact, flesh: Flesh, placed: Placement) -> float:
    chest = contact.points_m(placed, "chest")
    return max(
        float(flesh.depth_m(placed, limb, side, chest).max())
        for limb in ("thigh", "shin")
        for side in LETTERS
    )
