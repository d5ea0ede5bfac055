"""Push-ups and crunches: exercises on the floor that are none of the six."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from benchmarks.rendering.action import Action, Actor, Chance, Script, solve
from benchmarks.rendering.figure import LETTERS, Figure, FreeArm, facing
from benchmarks.rendering.motions.kneeling import Kneeler
from benchmarks.rendering.motions.places import Places
from benchmarks.rendering.motions.standing import Hold, Mover, Pose
from benchmarks.rendering.motions.supine import Supine, Trunk, draw_mat, draw_spot
from benchmarks.rendering.rig import UP, FloatArray
from benchmarks.rendering.tracks import Track

# Push-ups


class _Plank:
    """One body in a straight line from its toes, or its knees, to its shoulders.

    Parameters
    ----------
    actor
        Who.
    mover
        The same body.
    on_knees
        Whether the knees are on the floor.
    wide_m
        How much further out than the shoulders the hands are.
    """

    def __init__(self, actor: Actor, mover: Mover, on_knees: bool, wide_m: float) -> None:
        self._figures, self._contact = actor.figures, actor.contact
        self._mover = mover
        self._on_knees = on_knees
        kneeler = Kneeler(actor, mover, 0.16)
        stature_m = actor.shape.stature_m
        self._legs = {
            side: kneeler.knelt(side, 0.2 * stature_m)
            if on_knees
            else replace(
                self._figures.standing_leg(side, -0.4 * stature_m, 0.08, 3.0, 66.0), towards=-UP
            )
            for side in LETTERS
        }
        self._knee_m = kneeler.knee_m
        self.hands: dict[str, dict[Hold, float]] = {}
        """Side → where the hand stays."""
        top_deg = 12.0 if on_knees else 8.0
        for _ in range(3):
            self.hands = self._hands_under(top_deg, wide_m)
            top_deg = solve(self._reach_m, 0.985 * self._arm_m(), -10.0, 45.0)
        self.top_deg = top_deg
        """Inclination of the body's line with straight arms."""
        self.low_deg = solve(self._chest_m, 0.05, -20.0, self.top_deg)
        """The same when the chest is a hand's breadth above the floor."""

    def figure(self, slope_deg: float, sag_deg: float = 0.0, nod_deg: float = -14.0) -> Figure:
        """Return a body whose line is inclined by an angle, its hips bent by another."""
        figures = self._figures
        leg = self._legs["left"]
        thigh, shin = (figures.length_m(part, "left") for part in ("thigh", "shin"))
        rig = figures.rig
        slope = np.radians(slope_deg)
        along = np.array([0.0, -np.cos(slope), np.sin(slope)])
        if self._on_knees:
            behind = (shin**2 - (float(leg.ankle_m[2]) - self._knee_m) ** 2) ** 0.5
            knee = np.array([0.0, float(leg.ankle_m[1]) - behind, self._knee_m])
            hips = knee + thigh * along
        else:
            hips = leg.ankle_m * (0.0, 1.0, 1.0) + 0.996 * (thigh + shin) * along
        pelvis = facing(90.0 - slope_deg + sag_deg)
        away = (rig.head("upperleg01.L") - rig.head("root")) * (0.0, 1.0, 1.0)
        return Figure(
            hips - pelvis @ away, pelvis, bend_deg=-sag_deg, nod_deg=nod_deg, legs=self._legs
        )

    def pose(self, slope_deg: float, sag_deg: float, nod_deg: float) -> Pose:
        """Return the same, on its hands."""
        return Pose(self.figure(slope_deg, sag_deg, nod_deg), fixed=1.0, holds=self.hands)

    def _shoulder(self, slope_deg: float) -> FloatArray:
        placed = self._figures.place(self.figure(slope_deg))
        return self._figures.joint(placed, "upperarm01.L")

    def _arm_m(self) -> float:
        return sum(self._figures.length_m(part, "left") for part in ("upper_arm", "forearm"))

    def _hands_under(self, slope_deg: float, wide_m: float) -> dict[str, dict[Hold, float]]:
        shoulder = self._shoulder(slope_deg)
        hold = Hold(
            bone="",
            at_m=np.array([shoulder[0] + wide_m, shoulder[1] - 0.02, 0.004]),
            palm=np.array([0.0, 0.0, -1.0]),
            along=np.array([0.08, -1.0, 0.0]),
            elbow=np.array([0.7, -0.15, -0.7]),
            curl_deg=0.0,
        )
        return {side: {hold: 1.0} for side in LETTERS}

    def _reach_m(self, slope_deg: float) -> float:
        """Return how far a shoulder is from its wrist."""
        wrist = self._mover.wrist_m(next(iter(self.hands["left"])), "left")
        return float(np.linalg.norm(self._shoulder(slope_deg) - wrist))

    def _chest_m(self, slope_deg: float) -> float:
        """Return how high the chest is above the floor."""
        placed = self._figures.place(self.figure(slope_deg))
        return self._contact.lowest_m(placed, ("chest", "waist", "pelvis"))


def _push_ups(actor: Actor, chance: Chance, fps: float) -> Action:
    """Do push-ups, on the toes or on the knees."""
    rng = chance("plan")
    u = rng.uniform
    mover = Mover(actor, chance("wobble"), float(u(0.5, 1.2)))
    plank = _Plank(actor, mover, bool(rng.random() < 0.35), float(u(0.02, 0.1)))
    down, sag = Track(), Track(float(u(-4, 4)))
    t_s = float(u(0.8, 1.5))
    for _ in range(int(rng.integers(3, 8))):
        down_s, up_s, deep = u(0.8, 1.5), u(0.7, 1.2), u(0.55, 1.0)
        down.go(t_s, float(down_s), float(deep))
        sag.go(t_s, float(down_s), float(u(-4, 4)))
        t_s += down_s + u(0.0, 0.4)
        down.go(t_s, float(up_s), 0.0)
        t_s += up_s + u(0.1, 0.8)
    nod = float(u(-22, -4))

    def at(now_s: float) -> Pose:
        slope = plank.top_deg + down.at(now_s) * (plank.low_deg - plank.top_deg)
        return plank.pose(slope, sag.at(now_s), nod)

    return Action("none", mover.moments(at, t_s + 0.8, fps))


# Crunches


@dataclass(frozen=True)
class _Arms:
    """What the arms do in a crunch."""

    name: str
    holds: dict[str, dict[Hold, float]]


def _crunches(actor: Actor, chance: Chance, fps: float) -> Action:
    """Curl the chest up from the floor, lying with bent knees, several times."""
    rng = chance("plan")
    u = rng.uniform
    mover = Mover(actor, chance("wobble"), float(u(0.3, 0.8)))
    supine, spot = Supine(actor), draw_spot(rng)
    lying = supine.crook(Trunk(), knee_flexion_deg=float(u(82, 108)), out_m=float(u(0.09, 0.15)))
    arms = _arms(actor, rng)
    curl = Track()
    t_s = float(u(0.9, 1.6))
    for _ in range(int(rng.integers(4, 9))):
        up_s, down_s = u(0.7, 1.3), u(0.8, 1.4)
        curl.go(t_s, float(up_s), float(u(22, 36)))
        t_s += up_s + u(0.0, 0.6)
        curl.go(t_s, float(down_s), 0.0)
        t_s += down_s + u(0.1, 0.7)
    reach = FreeArm((0.1, -0.35, -1.0), (0.0, -0.45, -1.0))

    def at(now_s: float) -> Pose:
        high = curl.at(now_s)
        figure = replace(
            lying,
            bend_deg=lying.bend_deg + high,
            nod_deg=lying.nod_deg + 0.35 * high,
            arms=dict.fromkeys(LETTERS, reach),
        )
        return Pose(spot.of(figure), fixed=1.0, holds=arms.holds)

    moments = mover.moments(at, t_s + 0.8, fps)
    return Action("none", moments, blocks=draw_mat(rng, spot), style={"arms": arms.name})


def _arms(actor: Actor, rng: np.random.Generator) -> _Arms:
    """Return arms at the head, across the chest, or stretched towards the knees."""
    places = Places(actor)
    name = str(rng.choice(("head", "chest", "reach")))
    if name == "reach":
        return _Arms(name, {})
    if name == "chest":
        return _Arms(name, {side: dict(held) for side, held in places.crossed.items()})
    return _Arms(name, {side: {places.temple: 1.0} for side in LETTERS})


SCRIPTS: dict[str, Script] = {"push-ups": _push_ups, "crunches": _crunches}
