"""Nerve glides over time: the knee goes out and back, the neck with it or against it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from benchmarks.rendering.action import Fault, smooth, wander
from benchmarks.rendering.motions.nerve_glide_pose import Pose, Style
from benchmarks.rendering.tracks import Track

_STEPS = 3
"""In how many steps a jerky leg goes each way."""


@dataclass(frozen=True)
class Rep:
    """One repetition. Sizes hold where the knee is straightest."""

    knee_deg: float = 5.0
    """Knee flexion."""
    reach: float = 1.0
    """How much of the way there is gone."""
    out_s: float = 1.4
    hold_s: float = 0.1
    back_s: float = 1.4
    rest_s: float = 0.3
    phase_deg: float = 0.0
    """How far the neck is behind the knee: 0 a slider, 180 a tensioner."""
    uneven: float = 0.0
    """How jerky the leg is: 1 stops on its way, more goes back a little."""
    thigh_deg: float = 1.0
    """Seated: how far the thigh comes off the seat. Lying: how far it drops."""
    sway_deg: float = 0.5
    """Seated: how far the trunk sways back."""
    dorsiflexion_deg: float = 12.0
    counted: bool = True
    """False for a partial repetition."""
    faults: tuple[Fault, ...] = ()

    @property
    def moving_s(self) -> float:
        """How long it takes, without the rest after it."""
        return self.out_s + self.hold_s + self.back_s


@dataclass(frozen=True)
class Bout:
    """Repetitions of one side."""

    side: str
    reps: tuple[Rep, ...]
    into_s: float = 1.6
    """Seated: into the slump. Lying: until the thigh is held."""
    settle_s: float = 0.6
    out_s: float = 1.4
    rest_s: float = 0.8


@dataclass(frozen=True)
class Plan:
    """What is filmed."""

    bouts: tuple[Bout, ...]
    lying: bool = False
    """On the floor, not on a chair."""
    moves_head: bool = True
    """Lying: some leave the head on the floor."""
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
        self._tracks = {name: Track() for name in ("slump", "hands", "ready")}
        self._phase = Track(plan.bouts[0].reps[0].phase_deg)
        self._spans: list[tuple[float, Rep]] = []
        self._bouts: list[tuple[float, Bout]] = []
        self._t_s = plan.before_s
        for bout in plan.bouts:
            self._bouts.append((self._t_s, bout))
            self._lay_out(bout)
        self.duration_s = self._t_s + plan.after_s
        """Length of the film."""
        self._noise = {n: wander(rng, hz) for n, hz in _WOBBLES.items()}

    def rep(self, t_s: float) -> int:
        """Return the number of the repetition that is going on, from 1; 0 for none."""
        for number, (start_s, rep) in enumerate(self._spans, start=1):
            if start_s <= t_s < start_s + rep.moving_s:
                return number
        return 0

    def pose(self, t_s: float) -> Pose:
        """Return the person at one time."""
        bout = next((b for start, b in reversed(self._bouts) if start <= t_s), self._bouts[0][1])
        v = {name: track.at(t_s) for name, track in self._tracks.items()}
        n = {name: self._style.wobble * move(t_s) for name, move in self._noise.items()}
        rep, straight, way = self._way(t_s)
        idle = (1.0 - v["slump"]) * self._plan.fidget
        breath = float(np.sin(2 * np.pi * self._style.breath_hz * t_s))
        return Pose(
            side=bout.side,
            slump=v["slump"],
            hands=v["hands"],
            ready=v["ready"],
            straight=straight * (1.0 + 0.012 * n["knee"]),
            knee_deg=rep.knee_deg,
            neck=self._neck(straight, way, self._phase.at(t_s)) + 0.03 * n["neck"],
            dorsiflexion_deg=-14.0 + straight * (rep.dorsiflexion_deg + 14.0),
            thigh_deg=rep.thigh_deg * smooth(straight) + 0.4 * abs(n["thigh"]) * straight,
            sway_deg=rep.sway_deg * smooth(straight) + 0.3 * n["sway"],
            breath_deg=0.6 * breath,
            head_turn_deg=2.0 * n["turn"] + 18.0 * idle * n["turn"],
        )

    def _lay_out(self, bout: Bout) -> None:
        into_s = bout.into_s
        if self._plan.lying:
            self._tracks["ready"].go(self._t_s, 0.9, 1.0)
            self._tracks["slump"].go(self._t_s + 0.6, into_s, 1.0)
            self._tracks["hands"].go(self._t_s + 0.3 + 0.6 * into_s, 1.4, 1.0)
            self._t_s += 0.5 + max(0.0, 1.2 - 0.4 * into_s)
        else:
            self._tracks["slump"].go(self._t_s, into_s, 1.0)
        self._t_s += into_s + bout.settle_s
        for rep in bout.reps:
            self._phase.go(self._t_s - 0.5, 0.5, rep.phase_deg)
            self._spans.append((self._t_s, rep))
            self._t_s += rep.moving_s + rep.rest_s
        if self._plan.lying:
            self._tracks["hands"].go(self._t_s, 1.3, 0.0)
            self._tracks["slump"].go(self._t_s + 0.7, bout.out_s, 0.0)
            self._tracks["ready"].go(self._t_s + 1.1, 1.0, 0.0)
            self._t_s += max(0.7 + bout.out_s, 2.1)
        else:
            self._tracks["slump"].go(self._t_s, bout.out_s, 0.0)
            self._t_s += bout.out_s
        self._t_s += bout.rest_s

    def _way(self, t_s: float) -> tuple[Rep, float, float]:
        """Return the repetition, how straight the knee is, and 1 on the way out, -1 back."""
        rep = self._spans[0][1]
        for start_s, rep in self._spans:
            past_s = t_s - start_s
            if past_s < rep.moving_s:
                break
        if not 0.0 <= past_s < rep.moving_s:
            return rep, 0.0, 1.0
        if past_s < rep.out_s + rep.hold_s:
            return rep, rep.reach * _jerky(smooth(past_s / rep.out_s), rep.uneven), 1.0
        back = smooth((past_s - rep.out_s - rep.hold_s) / rep.back_s)
        return rep, rep.reach * (1.0 - _jerky(back, rep.uneven)), -1.0

    def _neck(self, straight: float, way: float, phase_deg: float) -> float:
        """Return how far the neck is extended, which follows the knee at some phase."""
        if not self._plan.moves_head:
            return 1.0
        phase = np.radians(phase_deg)
        along = float(np.clip(straight, 0.0, 1.0))
        cosine, sine = 1.0 - 2.0 * along, way * 2.0 * (along * (1.0 - along)) ** 0.5
        return float(0.5 - 0.5 * (cosine * np.cos(phase) + sine * np.sin(phase)))


def _jerky(share: float, uneven: float) -> float:
    """Return a share of the way, gone in steps."""
    turns = 2 * np.pi * _STEPS
    return share + uneven / turns * float(np.sin(turns * share))


_WOBBLES = {
    "knee": 0.8, "neck": 0.4, "thigh": 0.5, "sway": 0.3, "turn": 0.2,
}  # fmt: skip
"""Involuntary movement → how fast it is, in hertz."""
