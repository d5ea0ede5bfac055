"""Figure-four stretches over time: crossing a leg, going into the stretch, holding it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from benchmarks.rendering.action import Fault, wander
from benchmarks.rendering.motions.crossing import Cross
from benchmarks.rendering.motions.figure_four_pose import Pose, Style
from benchmarks.rendering.tracks import Track


@dataclass(frozen=True)
class Hold:
    """One time that the stretch is held. Sizes hold while it is."""

    lean_deg: float = 25.0
    """Seated: how far the trunk leans forward from the hips."""
    thigh_trunk_deg: float = 65.0
    """Lying: angle between the trunk and the thigh that is pulled in."""
    into_s: float = 1.6
    hold_s: float = 8.0
    out_s: float = 1.4
    rest_s: float = 0.8
    """Afterwards, until the next hold or until the leg is put down."""
    bend_deg: float = 0.0
    """Rounding of the back beyond this person's own."""
    roll_deg: float = 0.0
    """Of the pelvis; positive lowers the side of the crossed leg."""
    wobble_deg: float = 0.0
    """How much the stretch comes and goes, beyond what is usual."""
    head_up_deg: float = 0.0
    """Lying: how far the head is off the floor."""
    slips: bool = False
    """The crossed leg slips off afterwards, or the hands let go, and the stretch is taken up
    again."""
    counted: bool = True
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True)
class Bout:
    """One leg is crossed, the stretch held once or more, the leg put down again."""

    side: str
    """Which leg is crossed."""
    holds: tuple[Hold, ...]
    cross: Cross = field(default_factory=Cross)
    cross_s: float = 1.7
    settle_s: float = 0.6
    """Between crossing and the first hold."""
    uncross_s: float = 1.5
    rest_s: float = 1.0
    """Afterwards."""


@dataclass(frozen=True)
class Plan:
    """What is filmed."""

    bouts: tuple[Bout, ...]
    lying: bool = False
    """On the floor, not on a chair."""
    before_s: float = 1.2
    after_s: float = 1.0
    fidget: float = 0.5
    """How much the person looks about before and after."""


class Motion:
    """A plan over time.

    Parameters
    ----------
    plan
        What is done.
    style
        Whose way of it.
    rng
        Where small involuntary movements come from.
    """

    def __init__(self, plan: Plan, style: Style, rng: np.random.Generator) -> None:
        self._plan, self._style = plan, style
        self._tracks = {name: Track(value) for name, value in _RESTING.items()}
        if style.waiting == "belly":
            self._tracks["ready"] = Track(1.0)
        self._spans: list[tuple[float, float]] = []
        self._bouts: list[tuple[float, Bout]] = []
        self._t_s = plan.before_s
        for bout in plan.bouts:
            self._bouts.append((self._t_s, bout))
            (self._lay_out_lying if plan.lying else self._lay_out_seated)(bout)
            self._t_s += bout.rest_s
        self.duration_s = self._t_s + plan.after_s
        """Length of the film."""
        self._noise = {n: wander(rng, hz) for n, hz in _WOBBLES.items()}

    def rep(self, t_s: float) -> int:
        """Return the number of the hold that is going on, from 1; 0 for none."""
        for number, (start_s, end_s) in enumerate(self._spans, start=1):
            if start_s <= t_s < end_s:
                return number
        return 0

    def pose(self, t_s: float) -> Pose:
        """Return the person at one time."""
        bout = next((b for start, b in reversed(self._bouts) if start <= t_s), self._bouts[0][1])
        v = {name: track.at(t_s) for name, track in self._tracks.items()}
        n = {name: self._style.wobble * move(t_s) for name, move in self._noise.items()}
        breath = float(np.sin(2 * np.pi * self._style.breath_hz * t_s))
        idle = (1.0 - v["hands"]) * self._plan.fidget
        shake = v["wobble_deg"] * self._noise["shake"](t_s)
        nod = 0.0 if self._plan.lying else (2.0 + 6.0 * idle) * n["nod"]
        return Pose(
            side=bout.side,
            cross=replace(bout.cross, drop_deg=bout.cross.drop_deg + 1.2 * n["knee"]),
            crossed=v["crossed"],
            hands=v["hands"],
            lean_deg=v["lean_deg"] + 0.5 * n["lean"] + shake,
            bend_deg=v["bend_deg"] + 0.7 * breath + 0.3 * n["bend"],
            roll_deg=v["roll_deg"] + 0.3 * n["roll"],
            nod_deg=v["nod_deg"] + nod,
            head_turn_deg=3.0 * n["turn"] + 18.0 * idle * n["turn"],
            slip=v["slip"],
            ready=v["ready"],
            lift=v["lift"],
            thigh_trunk_deg=v["thigh_trunk_deg"] + 0.6 * n["lean"] + shake,
        )

    # Laying a bout out on the tracks

    def _go(self, after_s: float, took_s: float, **values: float) -> None:
        for name, value in values.items():
            self._tracks[name].go(self._t_s + after_s, took_s, value)

    def _lay_out_seated(self, bout: Bout) -> None:
        cross_s = bout.cross_s
        self._go(0.0, 0.6 * cross_s, lean_deg=6.0)
        self._go(0.0, 0.5 * cross_s, nod_deg=16.0)
        self._go(0.0, cross_s, crossed=1.0)
        self._go(0.0, 0.45 * cross_s, hands=0.5)
        self._go(0.7 * cross_s, 0.5 * cross_s, hands=1.0)
        self._t_s += cross_s + bout.settle_s
        for hold in bout.holds:
            head = -0.35 * hold.lean_deg + 0.3 * hold.bend_deg
            self._hold(hold, {"lean_deg": hold.lean_deg, "nod_deg": head},
                       {"lean_deg": 4.0, "nod_deg": 8.0})  # fmt: skip
            if hold.slips:
                self._go(0.0, 0.85, slip=1.0, nod_deg=20.0)
                self._go(0.0, 0.7, hands=0.4)
                self._go(1.1, 1.1, slip=0.0)
                self._go(1.0, 0.7, hands=1.0)
                self._t_s += 2.3
            self._t_s += hold.rest_s
        self._go(0.0, 0.6, hands=0.5)
        self._go(0.0, bout.uncross_s, lean_deg=0.0, nod_deg=0.0)
        self._go(0.35, bout.uncross_s, crossed=0.0)
        self._go(0.6 * bout.uncross_s, 0.7, hands=0.0)
        self._t_s += 0.35 + bout.uncross_s

    def _lay_out_lying(self, bout: Bout) -> None:
        cross_s = bout.cross_s
        if self._style.waiting == "beside":
            self._go(0.0, 0.9, ready=1.0)
            self._t_s += 0.75
        self._go(0.0, cross_s, crossed=1.0)
        self._t_s += cross_s + bout.settle_s
        self._go(0.0, 1.1, lift=1.0, thigh_trunk_deg=_READY_DEG)
        self._go(0.4, 1.5, hands=1.0)
        self._t_s += 1.9
        for hold in bout.holds:
            self._hold(hold, {"thigh_trunk_deg": hold.thigh_trunk_deg, "nod_deg": hold.head_up_deg},
                       {"thigh_trunk_deg": _READY_DEG, "nod_deg": 0.0})  # fmt: skip
            if hold.slips:
                self._go(0.0, 1.1, hands=0.6)
                self._go(0.1, 1.0, thigh_trunk_deg=_READY_DEG + 8.0)
                self._go(1.2, 1.1, hands=1.0)
                self._go(1.2, 1.0, thigh_trunk_deg=_READY_DEG)
                self._t_s += 2.4
            self._t_s += hold.rest_s
        self._go(0.0, 1.4, hands=0.0)
        self._go(0.9, 1.1, lift=0.0)
        self._t_s += 2.0
        self._go(0.0, bout.uncross_s, crossed=0.0)
        if self._style.waiting == "beside":
            self._go(0.8 * bout.uncross_s, 0.9, ready=0.0)
            self._t_s += 0.4
        self._t_s += bout.uncross_s

    def _hold(self, hold: Hold, there: dict[str, float], back: dict[str, float]) -> None:
        start_s = self._t_s
        self._go(0.0, hold.into_s, bend_deg=hold.bend_deg, roll_deg=hold.roll_deg, **there)
        self._go(0.5 * hold.into_s, 0.5 * hold.into_s, wobble_deg=hold.wobble_deg)
        self._t_s += hold.into_s + hold.hold_s
        self._go(0.0, hold.out_s, bend_deg=0.0, roll_deg=0.0, wobble_deg=0.0, **back)
        self._t_s += hold.out_s
        self._spans.append((start_s, self._t_s))


_READY_DEG = 80.0
"""Lying: angle between trunk and thigh when the hands take hold."""

_RESTING = {
    "crossed": 0.0, "hands": 0.0, "slip": 0.0, "ready": 0.0, "lift": 0.0, "lean_deg": 0.0,
    "bend_deg": 0.0, "roll_deg": 0.0, "nod_deg": 0.0, "wobble_deg": 0.0,
    "thigh_trunk_deg": _READY_DEG,
}  # fmt: skip

_WOBBLES = {
    "lean": 0.3, "bend": 0.3, "roll": 0.3, "nod": 0.3, "turn": 0.2, "knee": 0.3, "shake": 0.7,
}  # fmt: skip
"""Involuntary movement → how fast it is, in hertz."""
