"""Postures one after the other, from standing on the feet to lying on the floor or back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from benchmarks.rendering.action import Actor, smooth
from benchmarks.rendering.figure import LETTERS, BlendedArm, PlacedArm
from benchmarks.rendering.hands import Grip, Hands, between
from benchmarks.rendering.motions.standing import Mover, Pose, pose_between
from benchmarks.rendering.rig import UP, FloatArray, Placement

_KNEES = tuple(f"{side}_{part}" for side in LETTERS for part in ("thigh", "shin"))
_ARMS_FEET = tuple(f"{side}_{part}" for side in LETTERS for part in ("foot", "upper_arm"))
_GROUND = ("head", "chest", "waist", "pelvis", *_KNEES, *_ARMS_FEET)
"""What a body comes to lie on."""

GIVE_M = 0.012
"""How far flesh gives way."""


@dataclass(frozen=True)
class Prop:
    """A hand that leans on the floor."""

    grip: Grip
    elbow: FloatArray
    """(3,) direction in the world that the elbow points to."""


Props = Mapping[str, tuple[Prop, float]]
"""Side → on what its hand leans, and how much so: at 0 the arm is as the figure says."""


@dataclass(frozen=True)
class Station:
    """A posture on the way."""

    took_s: float
    """Since the one before."""
    pose: Pose
    """Its own holds are left out."""
    props: Mapping[str, Prop] = field(default_factory=dict)
    """Side → what its hand leans on."""
    down: bool = False
    """Whether the body, not only its feet and hands, is on the floor."""


class Lowered:
    """Puts one body into poses whose hands lean on the floor.

    Parameters
    ----------
    actor
        Who.
    rng
        Where small involuntary movements come from.
    """

    def __init__(self, actor: Actor, rng: np.random.Generator) -> None:
        self.mover = Mover(actor, rng)
        self.hands = Hands(actor.body.rig)
        self._contact = actor.contact

    def place(self, pose: Pose, props: Props) -> Placement:
        """Return where every bone is."""
        figure = self.mover.settled(pose).figure
        arms = dict(figure.arms)
        for side, (prop, share) in props.items():
            there = PlacedArm(self.hands.wrist_m(side, prop.grip), prop.elbow)
            arms[side] = there if share >= 1.0 else BlendedArm(arms[side], there, share)
        placed = self.mover.figures.place(replace(figure, arms=arms))
        return self.hands.laid(placed, {s: (prop.grip, much) for s, (prop, much) in props.items()})

    def above_m(self, pose: Pose, props: Props) -> float:
        """Return how high above the floor the lowest part of the body is."""
        return self._contact.lowest_m(self.place(pose, props), _GROUND)

    def rested(self, station: Station) -> Station:
        """Return a posture moved up or down until something of the body is on the floor."""
        pose, props = station.pose, wholly(station.props)
        for _ in range(3):
            pose = raised(pose, -GIVE_M - self.above_m(pose, props))
        return replace(station, pose=pose)


@dataclass
class Way:
    """One body's way through postures.

    Parameters
    ----------
    body
        Whose.
    stations
        The first one's time does not matter.
    """

    body: Lowered
    stations: Sequence[Station]
    _ends_s: FloatArray = field(init=False)
    _off_m: list[float] = field(init=False)

    def __post_init__(self) -> None:
        took = [0.0, *(station.took_s for station in self.stations[1:])]
        self._ends_s = np.cumsum(took)
        self._off_m = [
            self.body.above_m(s.pose, wholly(s.props)) if s.down else 0.0 for s in self.stations
        ]

    @property
    def duration_s(self) -> float:
        """How long it all takes."""
        return float(self._ends_s[-1])

    def reversed(self) -> Way:
        """Return the way back: the same postures the other way round."""
        took = [0.0, *(station.took_s for station in self.stations[:0:-1])]
        back = [
            replace(station, took_s=took_s)
            for station, took_s in zip(reversed(self.stations), took, strict=True)
        ]
        return Way(self.body, back)

    def place(self, t_s: float) -> Placement:
        """Return where every bone is at a time."""
        i = int(np.searchsorted(self._ends_s, t_s, side="right"))
        if i == 0 or i == len(self.stations):
            station = self.stations[max(i - 1, 0)]
            return self._placed(station.pose, wholly(station.props), t_s)
        before, after = self.stations[i - 1], self.stations[i]
        share = smooth((t_s - self._ends_s[i - 1]) / after.took_s)
        pose = pose_between(before.pose, after.pose, share)
        props = _between(before.props, after.props, share)
        if before.down and after.down:
            # The postures at both ends are right as they are; between them, nothing sinks in.
            off_m = self._off_m[i - 1] + share * (self._off_m[i] - self._off_m[i - 1])
            for _ in range(3):
                pose = raised(pose, off_m - self.body.above_m(pose, props))
        return self._placed(pose, props, t_s)

    def _placed(self, pose: Pose, props: Props, t_s: float) -> Placement:
        """Place a pose, never quite still on its feet."""
        swaying = self.body.mover.alive(pose, t_s)
        return self.body.place(pose_between(swaying, pose, pose.fixed), props)


def raised(pose: Pose, up_m: float) -> Pose:
    """Return a pose whose root is higher."""
    figure = pose.figure
    return replace(pose, figure=replace(figure, root_m=figure.root_m + up_m * UP))


def wholly(props: Mapping[str, Prop]) -> Props:
    """Return hands that lean on the floor with all their weight."""
    return {side: (prop, 1.0) for side, prop in props.items()}


def _between(before: Mapping[str, Prop], after: Mapping[str, Prop], share: float) -> Props:
    mixed: dict[str, tuple[Prop, float]] = {}
    for side in LETTERS:
        first, last = before.get(side), after.get(side)
        if first is not None and last is not None:
            elbow = first.elbow + share * (last.elbow - first.elbow)
            mixed[side] = (Prop(between(first.grip, last.grip, share), elbow), 1.0)
        elif first is not None:
            mixed[side] = (first, 1.0 - share)
        elif last is not None:
            mixed[side] = (last, share)
    return mixed
