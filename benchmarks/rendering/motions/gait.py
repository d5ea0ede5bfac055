"""Feet that step from place to place, and the body that they carry.

A gait is planned as footfalls: which foot lands where and when. The feet follow them exactly,
so that they never slide; pelvis, trunk and arms go along. Standing is a gait without steps.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from benchmarks.rendering.action import Actor, smooth, wander
from benchmarks.rendering.figure import LETTERS, SIGNS, Arm, Figure, FreeArm, PlacedLeg, facing
from benchmarks.rendering.rig import FORWARD, FloatArray, Placement, rotation, turned_between

OTHER = {"left": "right", "right": "left"}

_GRID_HZ = 100.0
_HAND_M = 0.075
"""Half the thickness of a hand, and a finger's breadth of air."""
_STILL_S = 0.24
"""How long before a foot lifts, and after it has landed, the pelvis is on its way."""
_AHEAD = 0.36
"""Where the centre of mass is over standing feet: share of the way from ankles to balls."""


@dataclass(frozen=True)
class Station:
    """Where a foot stands flat."""

    at_m: FloatArray
    """(3,) of the ground below the ankle."""
    yaw_deg: float
    """Where the toes point: 0 is -y, positive to the left of that."""


@dataclass(frozen=True)
class Step:
    """One foot's way to its next station."""

    side: str
    to: Station
    lands_s: float
    swing_s: float = 0.45
    """How long it is in the air."""
    up_m: float = 0.045
    """How high it is lifted on its way, beyond what the station's own height needs."""
    ahead_m: float = 0.0
    """How far it is carried in front of its way, as when a knee is raised."""
    out_m: float = 0.0
    """How far it is carried outwards of its way, round the other foot."""
    push_deg: float = 30.0
    """Heel's rise when the foot leaves the floor."""
    strike_deg: float = 12.0
    """Toes' rise when the heel lands."""
    dangle_deg: float = 0.0
    """How far the toes hang while it is highest."""

    @property
    def lifts_s(self) -> float:
        """When the foot leaves the floor."""
        return self.lands_s - self.swing_s


Arms = Callable[[float, float], Mapping[str, Arm]]
"""Time, and how far the left foot is ahead in metres (smoothed) → what the arms do."""


@dataclass(frozen=True)
class Bearing:
    """How one person stands and moves."""

    lean_deg: float = 2.0
    knee_deg: float = 5.0
    """Least flexion of the knees."""
    sway: float = 0.35
    """How far the pelvis goes over the foot that carries: 1 fully."""
    list_deg: float = 2.0
    """How far the pelvis drops on the side of the lifted foot."""
    pelvis_turn: float = 7.0
    """Degrees by which the pelvis turns for each metre that one foot is ahead."""
    arm_swing: float = 30.0
    """Degrees by which an arm swings for each metre that the other foot is ahead."""
    elbow_deg: float = 18.0
    arm_out: float = 0.2
    """How far the arms hang from the body."""
    nod_deg: float = 4.0
    wobble: float = 1.0
    """Size of the involuntary movements."""


def draw_bearing(rng: np.random.Generator) -> Bearing:
    """Return one person's way of walking and standing."""
    u = rng.uniform
    return Bearing(
        lean_deg=float(u(0.5, 4.5)),
        knee_deg=float(u(4, 8)),
        sway=float(u(0.28, 0.42)),
        list_deg=float(u(1, 3.5)),
        pelvis_turn=float(u(4, 9)),
        arm_swing=float(u(18, 46)),
        elbow_deg=float(u(10, 26)),
        arm_out=float(u(0.17, 0.26)),
        nod_deg=float(u(-1, 9)),
        wobble=float(u(0.6, 1.4)),
    )


@dataclass(frozen=True)
class Foot(Station):
    """One foot at one time."""

    rise_deg: float
    """Of the heel, as in `Figures.standing_leg`."""
    in_air: float
    """0 on the floor, 1 free of it."""


@dataclass
class Gait:
    """Where a person's feet go, and everything else with them.

    Parameters
    ----------
    actor
        Who.
    start
        Side → where the feet are at time 0.
    steps
        In the order of their landing. A foot lands before it lifts again, and one is always
        on the floor.
    bearing
        How this person moves.
    rng
        Where small involuntary movements come from.
    arms
        What the arms do instead of swinging.
    """

    actor: Actor
    start: Mapping[str, Station]
    steps: Sequence[Step]
    bearing: Bearing
    rng: np.random.Generator
    arms: Arms | None = None
    end_s: float = field(init=False)
    """When the last foot has landed and the pelvis has come to rest."""

    def __post_init__(self) -> None:
        self.end_s = (self.steps[-1].lands_s if self.steps else 0.0) + 1.6 * _STILL_S
        self._noise = {name: wander(self.rng, slow) for name, slow in _WOBBLES.items()}
        self._lead_m = self._standing_lead()
        self._arm_out = max(self.bearing.arm_out, hanging_out(self.actor))
        self._t = np.arange(-0.5, self.end_s + 0.5, 1 / _GRID_HZ)
        self._plan_pelvis()
        self._plan_height()

    # Feet

    def foot(self, side: str, t_s: float) -> Foot:
        """Return where a foot is."""
        here, landed = self.start[side], None
        for step in self.steps:
            if step.side != side:
                continue
            if t_s < step.lifts_s:
                rise = _landing(landed, t_s) + _push(step, t_s)
                return Foot(here.at_m, here.yaw_deg, rise, 0.0)
            if t_s < step.lands_s:
                return in_swing(here, step, (t_s - step.lifts_s) / step.swing_s)
            here, landed = step.to, step
        return Foot(here.at_m, here.yaw_deg, _landing(landed, t_s), 0.0)

    def _leg(self, side: str, t_s: float) -> PlacedLeg:
        foot = self.foot(side, t_s)
        figures = self.actor.figures
        flat = figures.standing_leg(side, out_m=0.0, toe_out_deg=0.0, heel_rise_deg=foot.rise_deg)
        turn = rotation("z", foot.yaw_deg)
        sole = turn @ flat.foot
        flat_toes = sole if flat.toes is None else turn @ flat.toes
        knees = rotation("z", self._at("heading", t_s)) @ FORWARD
        return PlacedLeg(
            ankle_m=foot.at_m + turn @ flat.ankle_m,
            foot=sole,
            towards=0.5 * knees + turn @ FORWARD,
            toes=turned_between(flat_toes, sole, foot.in_air),
        )

    # Pelvis

    def _standing_lead(self) -> FloatArray:
        """Return where the pelvis is from the middle of standing feet, (3,), facing -y."""
        figures = self.actor.figures
        legs = {side: figures.standing_leg(side) for side in LETTERS}
        figure = Figure(figures.rig.head("root"), facing(self.bearing.lean_deg), legs=legs)
        balls = figures.rig.head("toe3-1.L")[1] - figures.rig.head("foot.L")[1]
        for _ in range(3):
            com = self.actor.poser.centre_of_mass(figures.place(figure))
            shift = np.array([0.0, _AHEAD * balls - com[1], 0.0])
            figure = replace(figure, root_m=figure.root_m + shift)
        return figure.root_m * (0.0, 1.0, 0.0)

    def _plan_pelvis(self) -> None:
        knots: list[tuple[float, FloatArray]] = []

        def stand(t_s: float, *, on: str | None = None, tilt: float = 0.0) -> None:
            feet = {side: self.foot(side, t_s) for side in LETTERS}
            middle = (feet["left"].at_m + feet["right"].at_m) / 2
            heading = (feet["left"].yaw_deg + feet["right"].yaw_deg) / 2
            if on is not None:
                middle = middle + self.bearing.sway * (feet[on].at_m - middle)
            knots.append((t_s, np.array([*middle[:2], heading, tilt])))

        stand(self._t[0])
        for i, step in enumerate(self.steps):
            before = self.steps[i - 1].lands_s if i else -np.inf
            if step.lifts_s - before > 2 * _STILL_S:
                if i:
                    stand(before + _STILL_S)
                stand(step.lifts_s - _STILL_S)
            elif i:
                stand((before + step.lifts_s) / 2)
            self._stand_on_one(step, knots)
        stand(self.end_s)
        stand(self._t[-1])
        times = np.array([t for t, _ in knots])
        values = np.stack([value for _, value in knots])
        paths = [_blur(_curve(times, values[:, i], self._t), 0.05) for i in range(4)]
        ahead = np.array([self._left_ahead(t, h) for t, h in zip(self._t, paths[2], strict=True)])
        self._paths = dict(zip(("x", "y", "heading", "tilt"), paths, strict=True))
        self._paths["ahead"] = _blur(ahead, 0.05)
        self._paths["swing"] = _blur(ahead, 0.09)
        splay = [self.foot("left", t).yaw_deg - self.foot("right", t).yaw_deg for t in self._t]
        self._paths["splay"] = _blur(np.maximum(np.array(splay) - 25.0, 0.0), 0.15)

    def _stand_on_one(self, step: Step, knots: list[tuple[float, FloatArray]]) -> None:
        """Add where the pelvis is in the middle of a step."""
        other = OTHER[step.side]
        stance, here, there = (
            self.foot(other, step.lands_s),
            self.foot(step.side, step.lifts_s),
            self.foot(step.side, step.lands_s),
        )
        middle = stance.at_m / 2 + (here.at_m + there.at_m) / 4
        heading = stance.yaw_deg / 2 + (here.yaw_deg + there.yaw_deg) / 4
        middle = middle + self.bearing.sway * (stance.at_m - middle)
        tilt = SIGNS[step.side] * self.bearing.list_deg
        knots.append((step.lands_s - step.swing_s / 2, np.array([*middle[:2], heading, tilt])))

    def _left_ahead(self, t_s: float, heading_deg: float) -> float:
        apart = self.foot("left", t_s).at_m - self.foot("right", t_s).at_m
        return float(apart @ (rotation("z", heading_deg) @ FORWARD))

    def _at(self, path: str, t_s: float) -> float:
        return float(np.interp(t_s, self._t, self._paths[path]))

    def _pelvis(self, t_s: float) -> tuple[float, FloatArray]:
        """Return how far the pelvis is turned by the step, and its rotation."""
        turn = -self.bearing.pelvis_turn * self._at("ahead", t_s)
        yaw = self._at("heading", t_s) + turn
        return turn, facing(self.bearing.lean_deg, yaw, self._at("tilt", t_s))

    def _plan_height(self) -> None:
        """Put the pelvis as high as both legs allow, moving smoothly."""
        figures = self.actor.figures
        rest_root = figures.rig.head("root")
        highest = np.full(len(self._t), np.inf)
        for side, letter in LETTERS.items():
            thigh, shin = figures.length_m("thigh", side), figures.length_m("shin", side)
            bent = np.cos(np.radians(self.bearing.knee_deg))
            reach = (thigh**2 + shin**2 + 2 * thigh * shin * bent) ** 0.5
            away = figures.rig.head(f"upperleg01.{letter}") - rest_root
            for i, t in enumerate(self._t):
                hip = self._root_xy(t) + self._pelvis(t)[1] @ away
                ankle = self._leg(side, t).ankle_m
                flat = float(((hip - ankle)[:2] ** 2).sum())
                highest[i] = min(highest[i], ankle[2] - hip[2] + max(reach**2 - flat, 0.01) ** 0.5)
        self._paths["z"] = _blur(_lowest_near(highest, 0.09), 0.05)

    def _root_xy(self, t_s: float) -> FloatArray:
        lead = rotation("z", self._at("heading", t_s)) @ self._lead_m
        return np.array([self._at("x", t_s), self._at("y", t_s), 0.0]) + lead

    # Everything

    def figure(self, t_s: float) -> Figure:
        """Return the person at one time."""
        bearing = self.bearing
        n = {name: bearing.wobble * move(t_s) for name, move in self._noise.items()}
        turn, pelvis = self._pelvis(t_s)
        swing = self._at("swing", t_s)
        # A leg that opens a turn comes towards the hand beside it.
        out = self._arm_out + 0.003 * self._at("splay", t_s)
        arms = self.arms(t_s, swing) if self.arms else self._swinging(swing, n["arms"], out)
        aside = rotation("z", self._at("heading", t_s)) @ np.array([n["x"], n["y"], 0.0])
        return Figure(
            root_m=self._root_xy(t_s) + 0.004 * aside + (0.0, 0.0, self._at("z", t_s) - 0.001),
            pelvis=pelvis,
            bend_deg=0.8 * n["bend"],
            side_bend_deg=-0.8 * self._at("tilt", t_s) + 0.5 * n["side"],
            twist_deg=-1.7 * turn + 0.8 * n["twist"],
            nod_deg=bearing.nod_deg - bearing.lean_deg + 2.0 * n["nod"],
            head_turn_deg=0.7 * turn + 3.0 * n["turn"],
            legs={side: self._leg(side, t_s) for side in LETTERS},
            arms=arms,
        )

    def place(self, t_s: float) -> Placement:
        """Return where every bone is at one time."""
        return self.actor.figures.place(self.figure(t_s))

    def _swinging(self, left_ahead_m: float, noise: float, out: float) -> Mapping[str, Arm]:
        return {
            side: hanging_arm(
                -sign * self.bearing.arm_swing * left_ahead_m + noise,
                self.bearing.elbow_deg,
                out,
            )
            for side, sign in SIGNS.items()
        }


_WOBBLES = {"x": 0.3, "y": 0.35, "bend": 0.3, "side": 0.25, "twist": 0.3, "nod": 0.3,
            "turn": 0.22, "arms": 0.4}  # fmt: skip
"""Involuntary movement → how fast it is, in hertz."""


def hanging_out(actor: Actor) -> float:
    """Return how far arms must hang from a body for its hands not to touch the hips."""
    figures = actor.figures
    root = figures.rig.head("root")
    stand = Figure(root, legs={side: figures.standing_leg(side) for side in LETTERS})
    placed = figures.place(stand)
    wide = max(
        float(actor.contact.points_m(placed, part)[:, 0].max()) for part in ("left_thigh", "pelvis")
    )
    length = figures.length_m("upper_arm", "left") + 0.75 * figures.length_m("forearm", "left")
    shoulder = figures.joint(placed, "upperarm01.L")[0]
    return float(np.clip((wide + _HAND_M - shoulder) / length, 0.08, 0.6))


def hanging_arm(forward_deg: float, elbow_deg: float, out: float = 0.2) -> FreeArm:
    """Return an arm that hangs, swung forward by an angle; the elbow bends more in front."""
    elbow = elbow_deg + 0.5 * max(forward_deg, -0.6 * elbow_deg)
    upper, fore = np.radians(forward_deg - 3.0), np.radians(forward_deg - 3.0 + elbow)
    return FreeArm(
        upper=(out, -float(np.sin(upper)), -float(np.cos(upper))),
        fore=(out * 0.75, -float(np.sin(fore)), -float(np.cos(fore))),
    )


def _landing(landed: Step | None, t_s: float) -> float:
    """Return the toes' rise after a landing, as a negative rise of the heel."""
    if landed is None:
        return 0.0
    return -landed.strike_deg * (1.0 - smooth((t_s - landed.lands_s) / 0.16))


def _push(step: Step, t_s: float) -> float:
    """Return the heel's rise round the time when a foot lifts."""
    peak_s = step.lifts_s + 0.12 * step.swing_s
    began_s = peak_s - 0.13 - 0.006 * step.push_deg
    if t_s <= peak_s:
        return step.push_deg * smooth((t_s - began_s) / (peak_s - began_s))
    return step.push_deg * (1.0 - smooth((t_s - peak_s) / (0.55 * step.swing_s)))


def in_swing(here: Station, step: Step, u: float) -> Foot:
    """Return a foot on its way between two stations, `u` of the swing's time past."""
    climb = float(step.to.at_m[2] - here.at_m[2])
    along, rising = _eased(u), _eased(u)
    if abs(climb) > 0.02:
        # Up before over the edge of what it steps onto; over the edge before down from it.
        along = _eased((u - 0.22) / 0.78) if climb > 0 else _eased(u / 0.72)
        rising = _eased(u / 0.62) if climb > 0 else _eased((u - 0.35) / 0.65)
    moved = step.to.at_m - here.at_m
    at_m = here.at_m + along * moved * (1.0, 1.0, 0.0) + (0.0, 0.0, rising * climb)
    yaw = here.yaw_deg + along * (step.to.yaw_deg - here.yaw_deg)
    # Toes come up at once and down to the last, or they would scrape over the floor.
    bump = float(np.sin(np.pi * np.clip(u, 0, 1)) ** 2)
    clear = float(np.sin(np.pi * np.clip(u, 0, 1)) ** 1.2)
    forward = rotation("z", yaw) @ FORWARD
    outwards = SIGNS[step.side] * np.array([-forward[1], forward[0], 0.0])
    at_m = at_m + bump * (step.ahead_m * forward + step.out_m * outwards)
    rise = (
        _push(step, step.lifts_s + u * step.swing_s)
        + step.dangle_deg * bump
        - step.strike_deg * smooth((u - 0.6) / 0.4)
    )
    at_m[2] += step.up_m * clear
    return Foot(at_m, yaw, rise, smooth(u / 0.3))


def _eased(u: float) -> float:
    """Return a move from 0 to 1, at most 1.5 times as fast as its mean."""
    u = min(1.0, max(0.0, u))
    return u * u * (3 - 2 * u)


def _curve(at: FloatArray, values: FloatArray, wanted: FloatArray) -> FloatArray:
    """Return a smooth curve through knots that goes beyond none of its neighbours."""
    slopes = np.diff(values) / np.diff(at)
    tangents = np.zeros(len(at))
    before, after = slopes[:-1], slopes[1:]
    same = before * after > 0
    mean = np.zeros(len(before))
    mean[same] = 2 * before[same] * after[same] / (before[same] + after[same])
    tangents[1:-1] = mean
    i = np.clip(np.searchsorted(at, wanted, side="right") - 1, 0, len(at) - 2)
    h = at[i + 1] - at[i]
    u = np.clip((wanted - at[i]) / h, 0.0, 1.0)
    curve: FloatArray = (
        (1 + 2 * u) * (1 - u) ** 2 * values[i]
        + u * (1 - u) ** 2 * h * tangents[i]
        + u**2 * (3 - 2 * u) * values[i + 1]
        + u**2 * (u - 1) * h * tangents[i + 1]
    )
    return curve


def _blur(path: FloatArray, sigma_s: float) -> FloatArray:
    """Return a path with its corners rounded, (T,) on the grid."""
    reach = int(3 * sigma_s * _GRID_HZ)
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / (sigma_s * _GRID_HZ)) ** 2)
    padded = np.pad(path, reach, mode="edge")
    blurred: FloatArray = np.convolve(padded, kernel / kernel.sum(), mode="valid")
    return blurred


def _lowest_near(path: FloatArray, within_s: float) -> FloatArray:
    """Return the lowest value within a time of each, (T,) on the grid."""
    reach = int(within_s * _GRID_HZ)
    padded = np.pad(path, reach, mode="edge")
    return np.array([padded[i : i + 2 * reach + 1].min() for i in range(len(path))])
