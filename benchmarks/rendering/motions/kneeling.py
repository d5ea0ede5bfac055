"""Kneeling down to do something on the floor, and getting up again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from benchmarks.rendering.action import Action, Actor, Chance, Script, solve
from benchmarks.rendering.figure import LETTERS, SIGNS, Figure, PlacedLeg, facing
from benchmarks.rendering.motions.gait import OTHER
from benchmarks.rendering.motions.places import Places
from benchmarks.rendering.motions.standing import Hold, Key, Mover, Pose, keyed, upright
from benchmarks.rendering.rig import FORWARD, UP, FloatArray, rotation

_TOES_DEG = 70.0
"""Rise of the heels of someone whose toes are tucked under."""
_SHINS = tuple(f"{side}_{part}" for side in LETTERS for part in ("thigh", "shin"))


class Kneeler:
    """Brings one body from its feet to its knees, facing -y.

    Parameters
    ----------
    actor
        Who.
    mover
        The same body, in balance.
    width_m
        Between the feet.
    """

    def __init__(self, actor: Actor, mover: Mover, width_m: float) -> None:
        self._figures = actor.figures
        self._mover = mover
        self._width_m = width_m
        self.knee_m = 0.055
        """How high the knees' joints are when they are on the floor."""
        low = actor.contact.lowest_m(self._figures.place(self._kneeling().figure), _SHINS)
        self.knee_m -= low + 0.006
        self.feet = {
            side: self._figures.standing_leg(side, 0.0, width_m / 2, 8.0) for side in LETTERS
        }
        """Side → the leg before."""
        self.back_m = 0.6 * self._figures.length_m("thigh", "left")
        """How far behind the feet the knees come down."""

    def knelt(self, side: str, back_m: float, heel_rise_deg: float = _TOES_DEG) -> PlacedLeg:
        """Return a leg whose knee is on the floor so far back, or above it, on its toes."""
        across_m = self._width_m / 2

        def leg(ahead_m: float, rise_deg: float) -> PlacedLeg:
            made = self._figures.standing_leg(side, ahead_m, across_m, 4.0, rise_deg)
            return replace(made, towards=FORWARD - 0.4 * UP)

        ankle = leg(0.0, _TOES_DEG).ankle_m
        shin_m = self._figures.length_m("shin", side)
        behind_m = (shin_m**2 - (float(ankle[2]) - self.knee_m) ** 2) ** 0.5
        return leg(float(ankle[1]) - behind_m - back_m, heel_rise_deg)

    def hips_m(self, back_m: float, sit_deg: float = 0.0) -> FloatArray:
        """Return where the root is when the thighs stand on knees so far back, (3,).

        They are inclined backwards by an angle, as of someone who sits down on the heels.
        """
        rig = self._figures.rig
        thigh_m, tilt = self._figures.length_m("thigh", "left"), np.radians(sit_deg)
        over_hips = rig.head("root")[2] - rig.head("upperleg01.L")[2]
        behind = back_m + thigh_m * np.sin(tilt)
        return np.array([0.0, behind, self.knee_m + thigh_m * np.cos(tilt) + over_hips - 0.008])

    def _kneeling(self, back_m: float = 0.0, sit_deg: float = 0.0, **figure: float) -> Pose:
        lean_deg = figure.pop("lean_deg", 3.0)
        legs = {side: self.knelt(side, back_m) for side in LETTERS}
        made = Figure(
            self.hips_m(back_m, sit_deg),
            facing(lean_deg),
            legs=legs,
            arms=dict(self._mover.hanging),
            **figure,
        )
        return Pose(made, fixed=1.0)

    def kneeling(self, sit_deg: float = 0.0, **figure: float) -> Pose:
        """Return someone on both knees; angles as in `upright`."""
        return self._kneeling(self.back_m, sit_deg, **figure)

    def half(self, first: str, **figure: float) -> Pose:
        """Return someone on one knee, the other foot in front."""
        pose = self.kneeling(**figure)
        legs = {**self.feet, first: self.knelt(first, self.back_m)}
        return replace(pose, figure=replace(pose.figure, legs=legs))

    def down(self, first: str, rng: np.random.Generator) -> list[Key]:
        """Return the way from standing to one knee, which is `first`."""
        u, other = rng.uniform, OTHER[first]
        stand = self.standing()
        behind = self.knelt(first, self.back_m, 60.0)
        lifted = self._carried(first, self.feet[first], behind, 0.5, 0.06, 34.0)
        step = replace(stand, figure=_with(stand, {first: lifted}), aside=0.8 * SIGNS[other])
        lunge = upright(self._figures, lean_deg=6.0, bend_deg=5.0, nod_deg=8.0)
        lunge = replace(lunge, legs={**self.feet, first: behind}, arms=dict(self._mover.hanging))
        # Whoever goes down leaves off balancing on the way.
        standing_on_both = self._mover.settled(Pose(lunge, knee_deg=24.0, over=0.1))
        return [
            (float(u(0.5, 0.8)), replace(step, knee_deg=12.0)),
            (float(u(0.5, 0.7)), replace(standing_on_both, fixed=0.5), 0.15),
            (float(u(0.9, 1.3)), self.half(first, lean_deg=4.0, bend_deg=3.0, nod_deg=8.0), 0.2),
        ]

    def standing(self, **figure: float) -> Pose:
        """Return someone on both feet, before and after."""
        made = upright(self._figures, **{"lean_deg": 2.0, "nod_deg": 4.0, **figure})
        return Pose(replace(made, legs=dict(self.feet), arms=dict(self._mover.hanging)))

    def within(self, pose: Pose, spot: Hold) -> float:
        """Return by how much an arm is longer than the way to a spot on the floor, in metres."""
        figures = self._figures
        arm_m = sum(figures.length_m(part, "left") for part in ("upper_arm", "forearm"))
        shoulder = figures.joint(figures.place(pose.figure), "upperarm01.L")
        return 0.96 * arm_m - float(np.linalg.norm(self._mover.wrist_m(spot, "left") - shoulder))

    def gather(self, first: str, rng: np.random.Generator) -> list[Key]:
        """Return the way from one knee to both."""
        half, both = self.half(first, lean_deg=5.0), self.kneeling(lean_deg=4.0, nod_deg=6.0)
        other, took_s = OTHER[first], float(rng.uniform(0.26, 0.34))
        leaning = np.array([0.05 * SIGNS[first], -0.01, 0.012])
        keys: list[Key] = []
        after = self.knelt(other, self.back_m)
        for share, up_m, pitch_deg in _DRAWN_UP:
            leg = self._carried(other, self.feet[other], after, share, up_m, pitch_deg)
            root_m = half.figure.root_m + leaning
            figure = replace(_with(half, {other: leg}), root_m=root_m)
            keys.append((took_s, replace(half, figure=figure), 0.08 if keys else 0.0))
        return [*keys, (float(rng.uniform(0.4, 0.6)), both, 0.08)]

    def _carried(
        self,
        side: str,
        before: PlacedLeg,
        after: PlacedLeg,
        share: float,
        up_m: float,
        pitch_deg: float,
    ) -> PlacedLeg:
        """Return a leg whose foot is on its way, the ball of it so high above the straight way."""
        rig, letter = self._figures.rig, LETTERS[side]
        to_ball = rig.head(f"toe3-1.{letter}") - rig.head(f"foot.{letter}")
        here, there = (leg.ankle_m + leg.foot @ to_ball for leg in (before, after))
        foot = rotation("x", pitch_deg)
        ankle = here + share * (there - here) + up_m * UP - foot @ to_ball
        return PlacedLeg(ankle, foot, before.towards + share * (after.towards - before.towards))


_DRAWN_UP = ((0.04, 0.03, 20.0), (0.5, 0.035, 55.0), (0.96, 0.02, 72.0))
"""Of a foot that is drawn back beside a kneeling leg: share of the way, height of its ball above
it, and how far the toes hang."""


def _with(pose: Pose, legs: Mapping[str, PlacedLeg]) -> Figure:
    return replace(pose.figure, legs={**pose.figure.legs, **legs})


def _kneeling(actor: Actor, chance: Chance, fps: float) -> Action:
    """Kneel down, do something on the floor, and stand up again."""
    rng = chance("plan")
    u = rng.uniform
    mover = Mover(actor, chance("wobble"), float(u(0.6, 1.3)))
    kneeler = Kneeler(actor, mover, float(u(0.18, 0.26)))
    first = str(rng.choice(list(LETTERS)))
    on_knee = {OTHER[first]: {Places(actor).knee: 1.0}} if rng.random() < 0.6 else {}
    stand = kneeler.standing()
    step, lunge, half = kneeler.down(first, rng)
    half = (half[0], replace(half[1], holds=on_knee), 0.2)
    keys: list[Key] = [
        (0.0, stand),
        (float(u(0.7, 1.2)), stand),
        step,
        lunge,
        half,
        *_on_both_knees(actor, kneeler, first, rng),
        (float(u(0.5, 0.8)), half[1], 0.05),
        (float(u(0.9, 1.2)), replace(lunge[1], holds=on_knee)),
        (0.6, step[1], 0.2),
        (0.7, stand, 0.15),
        (float(u(0.6, 1.0)), stand),
    ]
    at, length_s = keyed(keys)
    return Action("none", mover.moments(at, length_s, fps))


def _on_both_knees(
    actor: Actor, kneeler: Kneeler, first: str, rng: np.random.Generator
) -> list[Key]:
    """Bring the other knee down, tidy something up on the floor, and get back onto one foot."""
    u, places = rng.uniform, Places(actor)
    *drawn, upright_key = kneeler.gather(first, rng)
    sit, bend = float(u(14, 32)), float(u(24, 36))
    reach_m = 0.27 * actor.shape.stature_m - kneeler.back_m

    def spot(up_m: float, out_m: float, ahead_m: float) -> Hold:
        return places.floor(out_m, reach_m + ahead_m, up_m)

    def bent(lean_deg: float, twist_deg: float = 0.0) -> Pose:
        return kneeler.kneeling(
            sit, lean_deg=lean_deg, bend_deg=bend, nod_deg=-6.0, twist_deg=twist_deg
        )

    furthest = spot(0.11, 0.2, 0.16)
    lean = solve(lambda lean_deg: kneeler.within(bent(lean_deg), furthest), 0.0, 20.0, 72.0)

    def bowed(where: Mapping[str, Hold], twist_deg: float = 0.0) -> Pose:
        holds = {side: {hold: 1.0} for side, hold in where.items()}
        return replace(bent(lean, twist_deg), holds=holds)

    where = {side: spot(0.11, float(u(0.06, 0.2)), float(u(0.0, 0.16))) for side in LETTERS}
    keys: list[Key] = [*drawn, upright_key, (float(u(0.8, 1.2)), bowed(where), 0.1)]
    for _ in range(int(rng.integers(2, 6))):
        side, twist_deg = str(rng.choice(list(LETTERS))), float(u(2, 8))
        out_m, ahead_m = float(u(0.06, 0.2)), float(u(0.0, 0.16))
        above = bowed({**where, side: spot(0.2, out_m, ahead_m)}, -SIGNS[side] * twist_deg)
        where = {**where, side: spot(0.11, out_m, ahead_m)}
        there = bowed(where, -SIGNS[side] * twist_deg)
        keys += [
            (float(u(0.4, 0.6)), above),
            (float(u(0.4, 0.6)), there, 0.15),
            (float(u(0.1, 0.5)), there),
        ]
    return [
        *keys,
        (float(u(0.8, 1.1)), upright_key[1]),
        (float(u(0.2, 0.8)), upright_key[1]),
        *((float(u(0.3, 0.4)), key[1], 0.08) for key in reversed(drawn)),
    ]


SCRIPTS: dict[str, Script] = {"kneeling": _kneeling}
