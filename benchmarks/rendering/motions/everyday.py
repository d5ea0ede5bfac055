"""What people do between exercises: sit down, bend down, pick something up, stand about."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from benchmarks.rendering.action import Action, Actor, Chance, Script, solve
from benchmarks.rendering.figure import LETTERS, Figure
from benchmarks.rendering.motions.arms import plumb_arm
from benchmarks.rendering.motions.places import Places
from benchmarks.rendering.motions.seated import Seated, chair, draw_seat
from benchmarks.rendering.motions.standing import (
    Hold,
    Key,
    Mover,
    Pose,
    keyed,
    upright,
)
from benchmarks.rendering.rig import FloatArray
from benchmarks.rendering.tracks import Track

_EASY_KNEE_DEG = 62.0
"""How far the knees of someone bend at most who picks something up."""
_WAYS_OF_ARMS = ("plumb", "plumb", "hips", "crossed")


def _keyed_script(
    make: Callable[[Actor, Mover, np.random.Generator], list[Key]],
) -> Script:
    """Return poses at set times for any body as a script for one."""

    def perform(actor: Actor, chance: Chance, fps: float) -> Action:
        rng = chance("plan")
        mover = Mover(actor, chance("wobble"), float(rng.uniform(0.6, 1.4)))
        at, length_s = keyed(make(actor, mover, rng))
        return Action("none", mover.moments(at, length_s, fps))

    return perform


def both(hold: Hold) -> dict[str, dict[Hold, float]]:
    """Return a hold of both hands."""
    return {side: {hold: 1.0} for side in LETTERS}


# Chair


def _sit_down(actor: Actor, chance: Chance, fps: float) -> Action:
    """Sit down on a chair, stay a while, and stand up."""
    rng = chance("plan")
    mover, seated = Mover(actor, chance("wobble")), Seated(actor, draw_seat(rng))
    places = Places(actor)
    on_thighs, on_knees = both(places.thigh), both(places.knee)
    u = rng.uniform
    lean, bend = float(u(24, 31)), float(u(14, 24))

    def feet(figure: Figure) -> Figure:
        return replace(figure, legs=dict(seated.feet), arms=dict(mover.hanging))

    def sitting(lean_deg: float, bend_deg: float = 4.0, **more: float) -> Pose:
        figure = seated.sitting(
            lean_deg, bend_deg, nod_deg=6.0, head_turn_deg=more.get("head_turn_deg", 0.0)
        )
        arms = dict.fromkeys(LETTERS, plumb_arm(lean_deg + bend_deg, 0.1, 25.0, 45.0))
        figure = replace(figure, twist_deg=more.get("twist_deg", 0.0), arms=arms)
        return Pose(figure, fixed=1.0, holds=on_thighs)

    stand = Pose(feet(upright(mover.figures, lean_deg=2.0, nod_deg=4.0)))
    glance = replace(stand.figure, head_turn_deg=float(rng.choice((-1, 1)) * u(30, 60)), nod_deg=14)
    low = upright(mover.figures, lean_deg=lean, bend_deg=bend, nod_deg=-0.6 * lean)
    pushing = on_knees if rng.random() < 0.5 else {}
    low = replace(low, arms=dict.fromkeys(LETTERS, plumb_arm(lean + bend, 0.1, 25.0, 40.0)))
    low_pose = Pose(replace(low, legs=dict(seated.feet)), knee_deg=float(u(58, 72)), holds=pushing)
    upright_deg = float(u(-6, 6))
    keys: list[Key] = [
        (0.0, stand),
        (float(u(0.4, 1.0)), stand),
        (float(u(0.4, 0.7)), replace(stand, figure=glance)),
        (float(u(0.5, 0.8)), stand),
        (float(u(0.9, 1.4)), low_pose),
        (float(u(0.8, 1.1)), replace(sitting(0.8 * lean, bend), holds=pushing), 0.45),
        (float(u(0.7, 1.0)), sitting(upright_deg), 0.15),
    ]
    for _ in range(int(rng.integers(1, 4))):
        turn = float(rng.choice((-1, 1)) * u(8, 35))
        aside = sitting(
            upright_deg + float(u(-3, 8)), float(u(2, 14)), head_turn_deg=turn, twist_deg=turn / 4
        )
        keys += [(float(u(0.6, 1.1)), aside), (float(u(0.3, 1.5)), aside)]
    keys += [
        (float(u(0.6, 1.0)), sitting(upright_deg)),
        (float(u(0.6, 1.0)), replace(sitting(lean + 2.0, bend), holds=pushing)),
        (float(u(0.6, 0.8)), low_pose, 0.25),
        (float(u(1.0, 1.4)), stand, 0.4),
        (float(u(0.8, 1.4)), stand),
    ]
    at, length_s = keyed(keys)
    blocks = chair(seated.middle_m, seated.seat_m, rng)
    return Action("none", mover.moments(at, length_s, fps), blocks=blocks)


# Bending down


def _hip_hinge(actor: Actor, mover: Mover, rng: np.random.Generator) -> list[Key]:
    """Bend at the hips with nearly straight legs, several times."""
    u = rng.uniform
    places = Places(actor)
    way = str(rng.choice(_WAYS_OF_ARMS))
    width_m, toe_out_deg, knee = float(u(0.2, 0.36)), float(u(2, 14)), float(u(10, 26))
    holds = {"hips": both(places.hip), "crossed": places.crossed}.get(way, {})

    def bent(lean_deg: float, bend_deg: float, knee_deg: float) -> Pose:
        figure = upright(
            mover.figures, width_m, toe_out_deg,
            lean_deg=lean_deg, bend_deg=bend_deg, nod_deg=4.0 - 0.25 * lean_deg,
        )  # fmt: skip
        hanging = dict.fromkeys(LETTERS, plumb_arm(lean_deg + bend_deg, mover.out))
        arms = hanging if lean_deg > 20 else mover.hanging
        return Pose(replace(figure, arms=dict(arms)), knee_deg, holds=holds)

    stand = bent(2.0, 0.0, 5.0)
    free = replace(stand, holds={})
    keys: list[Key] = [(0.0, free), (float(u(0.6, 1.2)), free), (0.9, stand)]
    for _ in range(int(rng.integers(3, 6))):
        low = bent(float(u(52, 76)), float(u(-2, 12)), knee * float(u(0.85, 1.15)))
        down_s, up_s = float(u(1.1, 1.7)), float(u(1.0, 1.5))
        keys += [
            (down_s, low),
            (float(u(0.05, 0.6)), low),
            (up_s, stand),
            (float(u(0.2, 0.7)), stand),
        ]
    return [*keys, (0.9, free), (float(u(0.4, 0.9)), free)]


def _pick_up(actor: Actor, mover: Mover, rng: np.random.Generator) -> list[Key]:
    """Bend down to the floor for something, once or twice, and look at it."""
    u = rng.uniform
    side = str(rng.choice(list(LETTERS)))
    other = "right" if side == "left" else "left"
    width_m, toe_out_deg = float(u(0.2, 0.36)), float(u(4, 16))
    places = Places(actor)

    def standing(**figure: float) -> Figure:
        made = upright(mover.figures, width_m, toe_out_deg, **figure)
        return replace(made, arms=dict(mover.hanging))

    stand = Pose(standing(lean_deg=2.0, nod_deg=5.0))
    keys: list[Key] = [(0.0, stand), (float(u(0.8, 1.5)), stand)]
    for _ in range(int(rng.integers(1, 3))):
        lean, bend = float(u(60, 70)), float(u(36, 46))
        twist = float(u(2, 10)) * _turning(side)

        def leaning(share: float, knee_deg: float, lean: float = lean, bend: float = bend,
                    twist: float = twist) -> Pose:  # fmt: skip
            figure = standing(
                lean_deg=share * lean, bend_deg=share * bend, nod_deg=-12.0, twist_deg=twist * share
            )
            plumb = plumb_arm(share * (lean + bend), mover.out, 60.0 * share)
            return Pose(replace(figure, arms=dict.fromkeys(LETTERS, plumb)), knee_deg)

        spot, knee = _within_reach(mover, leaning(1.0, 10.0).figure, places, rng, side)
        rest = {other: {places.knee: 1.0}} if rng.random() < 0.6 else {}
        down = replace(leaning(1.0, knee), holds={side: {spot: 1.0}, **rest})
        half = leaning(0.6, 0.5 * knee)
        raised = Pose(standing(lean_deg=1.0, nod_deg=22.0), holds={side: {places.before: 1.0}})
        over = replace(
            raised, figure=standing(lean_deg=18.0, bend_deg=10.0, nod_deg=8.0), knee_deg=12.0
        )
        keys += [
            (float(u(0.5, 0.8)), replace(stand, figure=standing(lean_deg=3.0, nod_deg=26.0))),
            (float(u(0.7, 0.9)), half),
            (float(u(0.7, 1.0)), down, 0.4),
            (float(u(0.3, 1.0)), down),
            (float(u(0.7, 1.0)), over),
            (float(u(0.6, 0.8)), raised, 0.35),
            (float(u(0.4, 1.5)), raised),
            (float(u(0.7, 1.1)), stand),
            (float(u(0.2, 0.8)), stand),
        ]
    return [*keys, (0.6, stand)]


def _turning(side: str) -> float:
    """Return which way the chest turns to reach further with a hand."""
    return 1.0 if side == "right" else -1.0


def _within_reach(
    mover: Mover, low: Figure, places: Places, rng: np.random.Generator, side: str
) -> tuple[Hold, float]:
    """Return something to pick up, and how far the knees must bend for a hand to reach it."""
    letter = LETTERS[side]
    arm_m = sum(mover.figures.length_m(part, side) for part in ("upper_arm", "forearm"))
    out_m, ahead_m = float(rng.uniform(-0.05, 0.14)), float(rng.uniform(0.3, 0.4))
    # Whoever cannot get down to the floor takes up something taller.
    for up_m in np.arange(0.1, 0.45, 0.04):
        spot = places.floor(out_m, ahead_m, float(up_m))
        wrist = mover.wrist_m(spot, side)

        def reached(knee_deg: float, wrist: FloatArray = wrist) -> float:
            pose = mover.settled(Pose(low, knee_deg))
            shoulder = mover.figures.joint(mover.figures.place(pose.figure), f"upperarm01.{letter}")
            return -float(np.linalg.norm(wrist - shoulder))

        knee = solve(reached, -0.95 * arm_m, 8.0, 100.0)
        if knee < _EASY_KNEE_DEG:
            break
    return spot, max(14.0, knee)


# Standing about


def _standing_still(actor: Actor, chance: Chance, fps: float) -> Action:
    """Stand and wait: the weight goes from foot to foot, eyes wander, hands are never idle."""
    rng = chance("plan")
    mover = Mover(actor, chance("wobble"), float(rng.uniform(0.7, 1.6)))
    idler = _Idler(actor, rng)
    length_s = float(rng.uniform(12, 20))
    idler.fill(length_s)
    width_m, toe_out_deg = float(rng.uniform(0.16, 0.34)), float(rng.uniform(4, 18))

    def at(t_s: float) -> Pose:
        aside, turn = idler.aside.at(t_s), idler.turn.at(t_s)
        figure = upright(
            mover.figures, width_m, toe_out_deg,
            lean_deg=1.0, roll_deg=-3.0 * aside, side_bend_deg=2.6 * aside, yaw_deg=0.06 * turn,
            twist_deg=0.15 * turn, head_turn_deg=0.7 * turn, nod_deg=4.0 + idler.nod.at(t_s),
        )  # fmt: skip
        return Pose(
            replace(figure, arms=dict(mover.hanging)),
            5.0,
            aside=0.75 * aside,
            holds=idler.holds(t_s),
        )

    return Action("none", mover.moments(at, length_s, fps))


class _Idler:
    """Thinks of things to do while one waits."""

    def __init__(self, actor: Actor, rng: np.random.Generator) -> None:
        self._rng = rng
        places = Places(actor)
        self.aside, self.turn, self.nod = Track(), Track(), Track()
        self._hands: list[tuple[str, Hold, Track]] = []
        self._free_s = dict.fromkeys(LETTERS, 0.3)
        self._gestures: tuple[dict[str, Hold], ...] = (
            {"one": places.head},
            {"one": places.chin},
            {"one": places.hip},
            dict.fromkeys(LETTERS, places.hip),
            {side: next(iter(held)) for side, held in places.crossed.items()},
        )

    def fill(self, length_s: float) -> None:
        """Plan so many seconds."""
        u = self._rng.uniform
        t_s = float(u(0.5, 1.5))
        while t_s < length_s - 2.0:
            what = str(self._rng.choice(("shift", "look", "hands", "nothing")))
            if what == "shift":
                self.aside.go(t_s, float(u(0.6, 1.2)), float(u(-1, 1)))
            elif what == "look":
                self._look(t_s)
            elif what == "hands":
                self._gesture(t_s, length_s)
            t_s += float(u(0.6, 2.0))

    def holds(self, t_s: float) -> dict[str, dict[Hold, float]]:
        """Return where the hands are at a time."""
        held: dict[str, dict[Hold, float]] = {}
        for side, hold, track in self._hands:
            much = track.at(t_s)
            if much > 0.0:
                held.setdefault(side, {})[hold] = much
        return held

    def _look(self, t_s: float) -> None:
        u = self._rng.uniform
        self.turn.go(t_s, float(u(0.4, 0.8)), float(u(-70, 70)))
        self.nod.go(t_s, float(u(0.4, 0.8)), float(u(-10, 30)))
        back_s = t_s + float(u(0.9, 2.2))
        self.turn.go(back_s, float(u(0.4, 0.8)), 0.0)
        self.nod.go(back_s, float(u(0.4, 0.8)), 0.0)

    def _gesture(self, t_s: float, length_s: float) -> None:
        """Put one hand or both somewhere, if they are free, and take them down again."""
        u = self._rng.uniform
        gesture = self._gestures[int(self._rng.integers(len(self._gestures)))]
        if "one" in gesture:
            gesture = {str(self._rng.choice(list(LETTERS))): gesture["one"]}
        start_s = max(t_s, *(self._free_s[side] for side in gesture))
        up_s, stay_s, down_s = float(u(0.7, 1.1)), float(u(0.8, 3.5)), float(u(0.7, 1.1))
        if start_s + up_s + stay_s + down_s > length_s - 0.2:
            return
        for side, hold in gesture.items():
            track = Track()
            track.go(start_s, up_s, 1.0)
            track.go(start_s + up_s + stay_s, down_s, 0.0)
            self._hands.append((side, hold, track))
            self._free_s[side] = start_s + up_s + stay_s + down_s + 0.1


SCRIPTS: dict[str, Script] = {
    "sit-down": _sit_down,
    "hip-hinge": _keyed_script(_hip_hinge),
    "pick-up": _keyed_script(_pick_up),
    "standing-still": _standing_still,
}
"""Things that look a little like exercises and must not be counted."""
