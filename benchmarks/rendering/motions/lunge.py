"""Lunges over time: from a plan to a figure per frame."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from benchmarks.rendering.action import Actor, Moment, smooth, solve, wander
from benchmarks.rendering.figure import LETTERS
from benchmarks.rendering.motions.lunge_arms import LungeArms
from benchmarks.rendering.motions.lunge_body import OTHER, Foot, LungeBody, Lunging, Spot
from benchmarks.rendering.motions.lunge_plan import LungePlan
from benchmarks.rendering.motions.lunge_steps import CHANNELS, Choreography, Window
from benchmarks.rendering.rig import Placement


class LungeMotion:
    """Fits a plan to one body.

    Parameters
    ----------
    actor
        Who moves.
    plan
        What it does.
    rng
        Where its small involuntary movements come from.
    """

    def __init__(self, actor: Actor, plan: LungePlan, rng: np.random.Generator) -> None:
        self._actor, self._plan, self._style = actor, plan, plan.style
        self._body = LungeBody(actor, plan.style.toe_out_deg, plan.style.ankle_deg)
        self._arms = LungeArms(actor, plan.style.arms, plan.style.arm_swing_deg)
        self._noise = {name: wander(rng, slow) for name, slow in _WOBBLES.items()}
        self._fidget = {name: wander(rng, 0.22) for name in ("hip", "head", "yaw")}
        self._steps = Choreography(self._body, plan)
        self._rises: dict[tuple[str, float], float] = {}
        self._gusts: list[_Gust] = []
        for rep, window in zip(plan.reps, self.windows, strict=True):
            if rep.sway_m > 0.0:
                self._gusts.append(self._gust(window, rep.sway_m))
        self._rises.clear()

    @property
    def windows(self) -> list[Window]:
        """When each repetition goes on."""
        return self._steps.windows

    def moments(self, fps: float) -> list[Moment]:
        """Return the motion, frame by frame."""
        times = [i / fps for i in range(round(self._steps.end_s * fps))]
        return [Moment(t, self.placed(t), self._rep_at(t)) for t in times]

    def _rep_at(self, t_s: float) -> int:
        for number, window in enumerate(self.windows, start=1):
            if window.start_s <= t_s < window.end_s:
                return number
        return 0

    def placed(self, t_s: float) -> Placement:
        """Return where every bone is at one time."""
        now = self._now(t_s)
        caught = min(1.0, sum(gust.size_at(t_s) for gust in self._gusts) / 0.17)
        return self._arms.placed(self._body.figure(now), now, self._arms_share(t_s), caught)

    def _now(self, t_s: float) -> Lunging:
        now = self._posture(t_s)
        for side in LETTERS:
            foot = self._steps.feet.at(side, t_s, self._rise)
            now = replace(now, feet={**now.feet, side: foot})
        return _carried(now, -self._steps.way_m / 2)

    def _rise(self, side: str, t_s: float, spot: Spot) -> float:
        """Return how far a heel is up just before its foot leaves the floor, or lands."""
        if (side, t_s) not in self._rises:
            still = self._steps.feet.at(OTHER[side], t_s, self._rise)
            now = replace(self._posture(t_s), feet={side: Foot(spot), OTHER[side]: still})
            hip = self._body.hips_m(now)[side]
            self._rises[side, t_s] = self._body.risen_deg(now, side, hip)
        return self._rises[side, t_s]

    # Life

    def _posture(self, t_s: float) -> Lunging:
        """Return the person without feet and arms."""
        at = {name: self._steps.tracks[name](t_s) for name in CHANNELS}
        n = {name: self._style.wobble * move(t_s) for name, move in self._noise.items()}
        f = {name: self._away(t_s) * move(t_s) for name, move in self._fidget.items()}
        gust = sum(gust.at(t_s) for gust in self._gusts)
        # Half of it is the pelvis', the rest a trunk that leans.
        tilt = float(np.degrees(np.arcsin(np.clip(1.1 * gust / self._body.leg_m, -1, 1))))
        lean = at["lean_deg"] + 0.7 * n["lean"]
        return Lunging(
            x_m=at["x_m"] + 0.003 * n["hip"] + 0.022 * f["hip"] + 0.45 * gust,
            ahead_m=at["ahead_m"] + 0.003 * n["ahead"],
            height_m=at["height_m"],
            feet={},
            lean_deg=lean,
            yaw_deg=at["yaw_deg"] + 0.8 * n["yaw"] + 4.0 * f["yaw"],
            roll_deg=at["roll_deg"] + 0.35 * n["roll"] + 0.25 * tilt,
            side_deg=at["side_deg"] + 0.8 * n["side"] + 1.1 * tilt,
            knee_in_deg={side: at[f"{side}_in_deg"] for side in LETTERS},
            nod_deg=4.0 - 0.55 * lean + 2.5 * n["head"],
            head_turn_deg=3.0 * n["turn"] + 20.0 * f["head"],
        )

    def _away(self, t_s: float) -> float:
        """Return how much the person is busy with something else than lunging."""
        end = self._steps.end_s - self._plan.after_s
        busy = smooth((self._plan.before_s - t_s) / 0.8) + smooth((t_s - end) / 0.8)
        return self._plan.fidget * busy

    def _gust(self, window: Window, sway_m: float) -> _Gust:
        """Return the loss of balance that makes the shoulders sway as far as asked."""
        start, end = window.turn_s + 0.1, window.end_s + 0.5
        times = np.arange(window.turn_s, window.end_s, 1 / 30)
        steady = np.array([self._shoulders_m(t) for t in times])
        tried = _Gust(start, end, 0.1)
        self._gusts.append(tried)
        moved = np.array([self._shoulders_m(t) for t in times]) - steady
        self._gusts.remove(tried)

        def swaying(size_m: float) -> float:
            return float(np.ptp(steady + size_m / tried.size_m * moved))

        return _Gust(start, end, solve(swaying, sway_m, 0.0, 0.5))

    def _shoulders_m(self, t_s: float) -> float:
        """Return where the middle of the shoulders is sideways."""
        figures = self._actor.figures
        placed = figures.place(self._body.figure(self._now(t_s)))
        return float(
            np.mean([figures.joint(placed, f"upperarm01.{n}")[0] for n in LETTERS.values()])
        )

    # Arms

    def _arms_share(self, t_s: float) -> float:
        """Return how far the arms are on their way to what they do in a lunge."""
        before, end = self._plan.before_s, self._steps.end_s - self._plan.after_s
        there = smooth((t_s - 0.15 * before) / (0.75 * before))
        return there * (1.0 - smooth((t_s - end - 0.1) / 0.9))


class _Gust:
    """A loss of balance, to one side and then the other."""

    def __init__(self, start_s: float, end_s: float, size_m: float) -> None:
        self._start_s, self._end_s, self.size_m = start_s, end_s, size_m

    def size_at(self, t_s: float) -> float:
        """Return how strong it is, in metres."""
        u = (t_s - self._start_s) / (self._end_s - self._start_s)
        return self.size_m * float(np.sin(np.pi * u) ** 1.5) if 0.0 < u < 1.0 else 0.0

    def at(self, t_s: float) -> float:
        """Return how far to the left it carries the shoulders, in metres."""
        u = (t_s - self._start_s) / (self._end_s - self._start_s)
        return self.size_at(t_s) * float(np.sin(2 * np.pi * 1.35 * u))


def _carried(now: Lunging, ahead_m: float) -> Lunging:
    """Return a posture elsewhere."""
    feet = {
        side: replace(foot, spot=replace(foot.spot, ahead_m=foot.spot.ahead_m + ahead_m))
        for side, foot in now.feet.items()
    }
    return replace(now, ahead_m=now.ahead_m + ahead_m, feet=feet)


_WOBBLES = {
    "hip": 0.35, "ahead": 0.35, "lean": 0.4, "yaw": 0.3, "roll": 0.4, "side": 0.45,
    "head": 0.35, "turn": 0.25,
}  # fmt: skip
"""Involuntary movement → how fast it is, in hertz."""
