"""Where a body's bones are during a nerve glide, slumped on a chair or on the floor."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np

from benchmarks.rendering.action import Actor, smooth
from benchmarks.rendering.figure import LETTERS, SIGNS, Figure, PlacedArm, PlacedLeg
from benchmarks.rendering.flesh import Flesh
from benchmarks.rendering.hands import Grip, Hands, about
from benchmarks.rendering.motions.crossing import OTHER, lie
from benchmarks.rendering.motions.raised import HEADWARDS, Grasper, Raised, Raiser, moved
from benchmarks.rendering.motions.seated import Seat, Seated, chair, stool
from benchmarks.rendering.motions.supine import Spot, Supine, Trunk, draw_mat
from benchmarks.rendering.rig import (
    FORWARD,
    UP,
    FloatArray,
    Placement,
    rotation,
    turned_between,
    unit,
)
from benchmarks.rendering.room import Block

HANDS = ("thighs", "behind", "seat")
OTHER_LEGS = ("crook", "straight")


@dataclass(frozen=True)
class Style:
    """How one person does it."""

    seat: Seat = field(default_factory=Seat)
    hands: str = "thighs"
    """Seated: on the ``thighs``, clasped ``behind`` the back, or on the ``seat``."""
    pelvis_deg: float = -12.0
    """Seated: how far the pelvis rolls back in the slump; half of it before and after."""
    slump_deg: float = 32.0
    """Seated: bend of the spine in the slump."""
    tuck_deg: float = 36.0
    """How far the neck bends when the knee is bent. Lying: how far the head is lifted then."""
    look_up_deg: float = 32.0
    """Seated: how far the neck extends when the knee is straight."""
    other_leg: str = "crook"
    """Lying: ``crook``, its foot planted, or ``straight``."""
    raised_deg: float = 92.0
    """Lying: angle between the trunk and the thigh that is held."""
    hanging_deg: float = 95.0
    """Lying: knee flexion between repetitions."""
    planted_deg: float = 95.0
    wobble: float = 1.0
    """Size of the small involuntary movements."""
    breath_hz: float = 0.25


@dataclass(frozen=True)
class Pose:
    """A person at one moment of the glide."""

    side: str = "left"
    """Whose leg moves."""
    slump: float = 0.0
    """Seated: 0 sitting up, 1 slumped. Lying: 0 both feet planted, 1 the thigh held."""
    hands: float = 0.0
    """Lying: how far the hands have taken hold: 0 to 1."""
    ready: float = 0.0
    """Lying: how far the hands have come from the floor to the ribs: 0 to 1."""
    straight: float = 0.0
    """How far the knee has gone from where it rests to `knee_deg`: 0 to 1."""
    knee_deg: float = 5.0
    """Knee flexion at the end of the way."""
    neck: float = 0.0
    """0 chin to the chest, 1 looking up, or the head down on the floor."""
    dorsiflexion_deg: float = 0.0
    """Of the moving foot."""
    thigh_deg: float = 0.0
    """Seated: how far the thigh comes off the seat. Lying: how far it drops."""
    sway_deg: float = 0.0
    """Of the trunk, backwards."""
    breath_deg: float = 0.0
    head_turn_deg: float = 0.0


class Poser(Protocol):
    """Poses one body for the glide."""

    def place(self, pose: Pose) -> Placement:
        """Return where every bone is."""

    def blocks(self, rng: np.random.Generator) -> tuple[Block, ...]:
        """Return what stands or lies in the room for it."""


class SeatedGlide:
    """Poses one body for the glide on a chair.

    Parameters
    ----------
    actor
        Who.
    style
        How they do it.
    """

    def __init__(self, actor: Actor, style: Style) -> None:
        self._figures, self._style = actor.figures, style
        self._flesh = Flesh(actor.body)
        self._hands = Hands(actor.body.rig)
        self._seated = Seated(actor, style.seat)
        self._back_m = self._low_back_m(actor)
        self._beside_m = self._seated.half_width_m() + 0.035

    def blocks(self, rng: np.random.Generator) -> tuple[Block, ...]:
        """Return the chair; one without a back for hands that are behind it."""
        seated = self._seated
        if self._style.hands == "behind":
            return stool(seated.middle_m, seated.seat_m, rng)
        back_m = max(seated.back_m(self._trunk(Pose(slump=slump))) for slump in (0.0, 0.5, 1.0))
        return chair(seated.middle_m, seated.seat_m, rng, back_m)

    def place(self, pose: Pose) -> Placement:
        """Return where every bone is."""
        figure = self._trunk(pose)
        figure = replace(figure, legs={**figure.legs, pose.side: self._leg(figure, pose)})
        placed = self._figures.place(figure)
        grips = {side: self._grip(placed, side) for side in LETTERS}
        arms = {
            side: PlacedArm(
                self._hands.wrist_m(side, grip), np.array([SIGNS[side] * 0.9, 0.8, -0.3])
            )
            for side, grip in grips.items()
        }
        placed = self._figures.place(replace(figure, arms=arms))
        return self._hands.laid(placed, {side: (grip, 1.0) for side, grip in grips.items()})

    def _low_back_m(self, actor: Actor) -> FloatArray:
        """Return the way from the lowest joint of the spine to the skin of the back, (3,)."""
        rig = actor.body.rig
        at_rest = self._figures.place(Figure(rig.head("root")))
        joint = self._figures.joint(at_rest, _LOW_BACK)
        skin = actor.contact.points_m(at_rest, "waist")
        near = np.abs(skin - joint)[:, 2] < 0.06
        return np.array([0.0, float(skin[near, 1].max()) - joint[1], 0.0])

    def _trunk(self, pose: Pose) -> Figure:
        style = self._style
        tuck, up = style.tuck_deg, style.look_up_deg
        return self._seated.sitting(
            lean_deg=style.pelvis_deg * (0.5 + 0.5 * pose.slump) - pose.sway_deg,
            bend_deg=8.0 + pose.slump * (style.slump_deg - 8.0) + pose.breath_deg,
            nod_deg=pose.slump * (tuck - pose.neck * (tuck + up)),
            head_turn_deg=pose.head_turn_deg,
        )

    def _leg(self, figure: Figure, pose: Pose) -> PlacedLeg:
        """Return the moving leg: its thigh on the seat, its knee as straight as told."""
        side, planted = pose.side, self._seated.feet[pose.side]
        placed = self._figures.place(figure)
        lines = lie(self._figures, placed, side)
        axis = unit(np.cross(lines.thigh, lines.shin))
        rest_deg = float(np.degrees(np.arccos(np.clip(lines.thigh @ lines.shin, -1.0, 1.0))))
        lifted = about(axis, -pose.thigh_deg)
        turn = lifted @ about(axis, pose.straight * (pose.knee_deg - rest_deg))
        knee = lines.hip_m + lifted @ (lines.knee_m - lines.hip_m)
        shin = placed.rotations[self._figures.rig.index[f"lowerleg01.{LETTERS[side]}"]]
        free = turn @ shin @ rotation("x", -pose.dorsiflexion_deg)
        loose = smooth(3.0 * pose.straight)
        toes = planted.foot if planted.toes is None else planted.toes
        return PlacedLeg(
            ankle_m=knee + turn @ (lines.ankle_m - lines.knee_m),
            foot=turned_between(planted.foot, free, loose),
            towards=lifted @ lines.front,
            toes=turned_between(toes, free, loose),
        )

    def _grip(self, placed: Placement, side: str) -> Grip:
        """Return how a hand lies: behind the back, on the seat or on its thigh."""
        inwards = -SIGNS[side] * np.array([1.0, 0.0, 0.0])
        if self._style.hands == "behind":
            bone = self._figures.rig.index[_LOW_BACK]
            axes = placed.rotations[bone]
            skin = self._back_m - 0.055 * inwards + 0.03 * SIGNS[side] * UP
            back = placed.heads_m[bone] + axes @ skin
            return Grip(back, axes @ FORWARD, axes @ (inwards - 0.4 * UP), 12.0)
        if self._beside_m <= _SEAT_EDGE_M and self._style.hands == "seat":
            hip = self._figures.joint(placed, f"upperleg01.{LETTERS[side]}")
            beside = np.array(
                [SIGNS[side] * self._beside_m, hip[1] - 0.06, self._seated.seat_m + 0.004]
            )
            return Grip(beside, -UP, np.array([0.0, -1.0, 0.0]) - 0.2 * inwards, 6.0)
        thigh = self._flesh.along(placed, "thigh", side)
        away = unit(UP - thigh * (thigh @ UP))
        skin = self._flesh.skin_m(placed, "thigh", side, 0.58, away)
        return Grip(skin, -away, np.array([0.0, -1.0, -0.2]) + 0.35 * inwards, 9.0)


_LOW_BACK = "spine04"
_SEAT_EDGE_M = 0.24
"""Hands further out than this find no seat; they stay on the thighs."""


class SupineGlide:
    """Poses one body for the glide on the floor.

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
        self._figures, self._style, self._spot = actor.figures, style, spot
        self._flesh = Flesh(actor.body)
        self._supine = Supine(actor)
        out_m = style.seat.apart_m / 2
        crook = {s: self._supine.foot(s, style.planted_deg, out_m=out_m) for s in LETTERS}
        self._planted = crook
        self._straight = {s: self._lying_leg(actor, s) for s in LETTERS}
        self._raiser = Raiser(actor, self._supine, crook)
        self._grasper = Grasper(actor, self._supine, self._flesh)

    def blocks(self, rng: np.random.Generator) -> tuple[Block, ...]:
        """Return the mat, if there is one."""
        return draw_mat(rng, self._spot)

    def place(self, pose: Pose) -> Placement:
        """Return where every bone is."""
        style, side = self._style, pose.side
        trunk = self._supine.trunk(
            Trunk(
                curl_deg=6.0 * pose.slump,
                head_up_deg=pose.slump * style.tuck_deg * (1.0 - pose.neck),
                head_turn_deg=pose.head_turn_deg,
                breath_deg=pose.breath_deg,
            )
        )
        bent_deg = style.hanging_deg + pose.straight * (pose.knee_deg - style.hanging_deg)
        raised = Raised(
            pose.slump, style.raised_deg + pose.thigh_deg, bent_deg, pose.dorsiflexion_deg
        )
        legs = {**self._planted, side: self._raiser.leg(trunk, side, raised)}
        if style.other_leg == "straight":
            legs[OTHER[side]] = self._straight[OTHER[side]]
        figure = replace(trunk, legs=legs)
        placed = self._figures.place(figure)
        grips = {
            s: self._grasper.grip(placed, s, side, 0.56 if s == side else 0.66) for s in LETTERS
        }
        arms = {}
        for hand, grip in grips.items():
            by_m = None if hand == side else self._between_m(placed, side)
            waiting = self._grasper.waiting(hand, pose.ready)
            arms[hand] = self._grasper.reaching(hand, waiting, grip, pose.hands, by_m)
        placed = self._figures.place(replace(figure, arms=arms))
        return moved(self._grasper.laid(placed, grips, pose.hands), self._spot)

    def _between_m(self, placed: Placement, side: str) -> FloatArray:
        """Return a place before the inner side of the raised thigh, (3,)."""
        lines = lie(self._figures, placed, side)
        before: FloatArray = (
            0.4 * lines.hip_m + 0.6 * lines.knee_m - 0.18 * lines.out + 0.2 * HEADWARDS
        )
        return before

    def _lying_leg(self, actor: Actor, side: str) -> PlacedLeg:
        """Return a leg that lies straight on the floor."""
        hip = self._figures.hip_m(self._supine.rest, side)
        length = sum(self._figures.length_m(part, side) for part in ("thigh", "shin"))
        foot = rotation("x", -70.0) @ rotation("z", SIGNS[side] * 18.0)
        ankle = hip + np.array([SIGNS[side] * 0.03, -0.992 * length, 0.0])
        leg = PlacedLeg(np.array([ankle[0], ankle[1], 0.1]), foot, UP)
        for _ in range(3):
            figure = replace(self._supine.rest, legs={**self._planted, side: leg})
            low = actor.contact.lowest_m(self._figures.place(figure), (f"{side}_foot",))
            leg = replace(leg, ankle_m=leg.ankle_m - low * UP)
        return leg
