"""How lunges are danced: keys for the body and ways for the feet, fitted to one body."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from benchmarks.rendering.action import solve
from benchmarks.rendering.figure import LETTERS, SIGNS
from benchmarks.rendering.motions.keyed import Track
from benchmarks.rendering.motions.lunge_body import OTHER, Foot, LungeBody, Lunging, Spot
from benchmarks.rendering.motions.lunge_feet import Feet
from benchmarks.rendering.motions.lunge_fit import Bottom, Wanted, lowest
from benchmarks.rendering.motions.lunge_plan import LungePlan, LungeRep

CHANNELS = (
    "x_m", "ahead_m", "height_m", "lean_deg", "yaw_deg", "roll_deg", "side_deg",
    "left_in_deg", "right_in_deg",
)  # fmt: skip
"""What goes from key to key: numbers of `Lunging`."""

_UNLOAD_S = 0.24
"""How long the pelvis goes to one side before the other foot leaves the floor."""
_SETTLE_S = 0.3
_HEEL_FIRST_DEG, _FLAT_DEG = -13.0, 5.0


@dataclass(frozen=True)
class Window:
    """From when to when a repetition goes on."""

    start_s: float
    turn_s: float
    """When the lowest point is left."""
    end_s: float
    steps_out: str | None
    """Which foot leaves the other at the start; None if the feet are apart already."""
    steps_back: str | None
    """Which foot comes back next to the other; None if they stay apart."""


class Choreography:
    """Puts a plan's repetitions one after the other.

    Parameters
    ----------
    body
        Who does them.
    plan
        What is to be done.
    """

    def __init__(self, body: LungeBody, plan: LungePlan) -> None:
        self.body, self.plan, self.style = body, plan, plan.style
        self.tracks = {name: Track() for name in CHANNELS}
        self.windows: list[Window] = []
        apart_m = self.style.stance_m / 2
        self.feet = Feet({side: Spot(sign * apart_m, 0.0) for side, sign in SIGNS.items()})
        self._bent_deg = self.style.standing_bent_deg
        # Whether the feet are apart, then which is in front, and the last lowest posture.
        self._spread, self._front = False, "left"
        # When the rear foot of a walking person left the floor, and how high the hips came.
        self._lifted_s, self._top_m = 0.0, 0.0
        self._t_s = 0.0
        self._low = self._stand()
        self._t_s = plan.before_s
        self._stand()
        for i, rep in enumerate(plan.reps):
            self._perform(rep, plan.reps[i + 1] if i + 1 < len(plan.reps) else None)
        if self._spread:
            self._close(0.9, 0.0)
        self.end_s = self._t_s + plan.after_s
        self.way_m = (self.feet.now["left"].ahead_m + self.feet.now["right"].ahead_m) / 2

    def _perform(self, rep: LungeRep, then: LungeRep | None) -> None:
        self._prepare(rep)
        start = self._t_s
        apart = self._spread
        back: str | None = None
        if rep.kind == "split":
            self._dip(rep)
        elif apart:
            self._step_through(rep)
        else:
            self._step_out(rep)
        turn = self._t_s
        if rep.kind == "split":
            self._rise(rep)
        elif self._walks_on(rep, then):
            self._rise_through(rep)
        elif rep.kind == "walking":
            back = OTHER[rep.side]
            self._close(rep.up_s, rep.left_bent_deg)
        else:
            back = OTHER[rep.side] if rep.kind == "reverse" else rep.side
            self._return(rep)
        out = OTHER[rep.side] if rep.kind == "reverse" else rep.side
        self.windows.append(Window(start, turn, self._t_s, None if apart else out, back))
        if not self._spread or rep.kind == "split":
            self._t_s += rep.rest_s

    def _walks_on(self, rep: LungeRep, then: LungeRep | None) -> bool:
        """Return whether the next repetition follows without standing in between."""
        if then is None or not self.style.steps_through:
            return False
        return rep.kind == then.kind == "walking" and then.side != rep.side

    # Keys

    def _key(self, t_s: float, now: Lunging, **changed: float) -> None:
        values = {name: getattr(now, name) for name in CHANNELS if not name.endswith("in_deg")}
        values |= {f"{side}_in_deg": now.knee_in_deg[side] for side in LETTERS}
        for name, value in (values | changed).items():
            self.tracks[name].add(t_s, value)

    def _stay(self) -> None:
        """Stay as one is until now."""
        for track in self.tracks.values():
            track.add(self._t_s, track.last)

    def _stand(self) -> Lunging:
        feet = {side: Foot(spot) for side, spot in self.feet.now.items()}
        now = self.body.standing(feet, self._bent_deg, self.style.standing_lean_deg)
        self._key(self._t_s, now)
        return now

    def _between(self, low: Lunging, front: str, share: float, knees_deg: tuple[float, float],
                 heel_deg: float) -> Lunging:  # fmt: skip
        """Return the posture with both feet on the floor before or after the lowest one.

        Parameters
        ----------
        low
            The lowest posture.
        front
            Which leg is in front.
        share
            Where the hips are between the rear foot and the front one.
        knees_deg
            Least flexion of the front knee and of the rear one.
        heel_deg
            How far the rear heel is up at most.
        """
        rear, upright = OTHER[front], self.style.standing_lean_deg
        behind, before = low.feet[rear].spot.ahead_m, low.feet[front].spot.ahead_m
        now = replace(
            low,
            ahead_m=behind + share * (before - behind),
            lean_deg=upright + 0.55 * (low.lean_deg - upright),
            yaw_deg=1.3 * low.yaw_deg,
            roll_deg=0.0,
            side_deg=0.4 * low.side_deg,
            knee_in_deg=dict.fromkeys(LETTERS, 0.0),
        )
        high = self.body.highest_m(now, dict(zip((front, rear), knees_deg, strict=True)), heel_deg)
        return replace(now, height_m=max(high, low.height_m + 0.02))

    def _over(self, now: Lunging, carrier: str, share: float) -> float:
        """Return where the hips are sideways with part of the weight on one foot."""
        spots = {side: foot.spot.x_m for side, foot in now.feet.items()}
        middle = (spots["left"] + spots["right"]) / 2
        return middle + self.style.shift * share * (spots[carrier] - middle)

    def _aside(self, low: Lunging, carrier: str, share: float) -> float:
        """Return where the hips are sideways on the way from the lowest point to one foot."""
        return low.x_m + share * (self._over(low, carrier, 1.0) - low.x_m)

    def _lowest(self, rep: LungeRep, fixed: tuple[float, float] | None = None) -> Bottom:
        style = self.style
        shorter = 0.0022 * max(0.0, 85.0 - rep.front_knee_deg)
        step = style.step_ratio - shorter if rep.step_ratio is None else rep.step_ratio
        shin = style.shin_deg + 34.0 * max(0.0, style.step_ratio - step - shorter)
        wanted = Wanted(
            knee_deg=rep.front_knee_deg,
            shin_deg=shin if rep.shin_deg is None else rep.shin_deg,
            step_ratio=step,
            width_m=style.width_m if rep.width_m is None else rep.width_m,
            trunk_deg=style.trunk_deg if rep.trunk_deg is None else rep.trunk_deg,
            side_lean_deg=rep.side_lean_deg,
            pelvis_drop_deg=rep.pelvis_drop_deg,
            knee_offset_m=style.knee_offset_m if rep.knee_offset_m is None else rep.knee_offset_m,
            shin_asked=rep.shin_deg is not None,
            yaw_deg=style.yaw_deg,
        )
        return lowest(self.body, wanted, rep.side, fixed)

    def _ahead(self, rep: LungeRep, bottom: Bottom) -> Lunging:
        """Return the lowest posture in front of the foot that stays."""
        still = self.feet.now[OTHER[rep.side]]
        x_m = still.x_m + SIGNS[rep.side] * bottom.width_m
        return bottom.posture(rep.side, Spot(x_m, still.ahead_m + bottom.step_m))

    # One foot in the air

    def _pass(self, times_s: tuple[float, float], mover: str, now: Lunging, then: Lunging,
              share: float, knee_deg: float) -> None:  # fmt: skip
        """Carry the body on one leg while the other foot is in the air.

        Parameters
        ----------
        times_s
            When the foot leaves the floor and when it lands.
        mover
            Whose foot it is: on that side, the pelvis drops a little.
        now, then
            Postures at these times.
        share
            How much of its way the pelvis has gone in the middle of that time.
        knee_deg
            Flexion of the knee that carries, then.
        """
        middle_s, sign = (times_s[0] + times_s[1]) / 2, SIGNS[mover]
        ahead = now.ahead_m + share * (then.ahead_m - now.ahead_m)
        high = self.body.highest_m(replace(now, ahead_m=ahead), {OTHER[mover]: knee_deg}, 6.0)
        for name, value in (
            ("ahead_m", ahead), ("height_m", high),
            ("roll_deg", 1.6 * sign), ("side_deg", -1.2 * sign),
        ):  # fmt: skip
            self.tracks[name].add(middle_s, value)

    def _lift(self, stand: Lunging, carrier: str) -> float:
        """Take the weight off one foot, and return when it leaves the floor."""
        lifts = self._t_s + _UNLOAD_S
        aside = self._over(stand, carrier, 0.9)
        self._key(lifts, stand, x_m=aside, height_m=stand.height_m - 0.006)
        return lifts

    def _land(self, leave: Lunging, lifts_s: float, lands_s: float, mover: str) -> None:
        """Put a foot down next to the other, and the weight on both."""
        feet = {side: Foot(spot) for side, spot in self.feet.now.items()}
        stand = self.body.standing(feet, self._bent_deg, self.style.standing_lean_deg)
        bent = 12.0 + self._bent_deg - self.style.standing_bent_deg
        self._pass((lifts_s, lands_s), mover, leave, stand, 0.6, bent)
        # The pelvis is not quite there yet.
        self._key(lands_s, stand, x_m=self._over(stand, OTHER[mover], 0.5),
                  height_m=stand.height_m - 0.008,
                  ahead_m=stand.ahead_m + 0.12 * (leave.ahead_m - stand.ahead_m))  # fmt: skip
        self._t_s = lands_s + _SETTLE_S
        self._stand()
        self._spread = False

    # Down

    def _prepare(self, rep: LungeRep) -> None:
        """Put the feet where a repetition begins."""
        apart = self._spread
        if apart and (rep.kind == "walking" or (rep.kind == "split" and self._front == rep.side)):
            return
        if apart:
            self._close(0.9, 0.0)
            self._t_s += 0.5
        if rep.kind == "split":
            self._open(rep)

    def _step_out(self, rep: LungeRep) -> None:
        """From standing to the lowest point."""
        front, rear, style = rep.side, OTHER[rep.side], self.style
        bottom = self._lowest(rep)
        backwards = rep.kind == "reverse"
        if backwards:
            low = bottom.posture(front, self.feet.now[front])
            touch = self._between(low, front, 0.66, (22.0, 22.0), 34.0)
        else:
            low = self._ahead(rep, bottom)
            touch = self._between(low, front, 0.47, (14.0, 8.0), 28.0)
        mover, carrier = (rear, front) if backwards else (front, rear)
        stand = self._stand()
        lifts = self._lift(stand, carrier)
        up, strike = (0.8 * style.lift_m, None) if backwards else (style.lift_m, _HEEL_FIRST_DEG)
        to, least = low.feet[mover].spot, 0.55 * rep.descent_s**0.5
        lands = self.feet.swing(mover, lifts, least, to, up, strike)
        self._pass((lifts, lands), mover, stand, touch, 0.36, 16.0 if backwards else 11.0)
        self._key(lands, touch, x_m=self._aside(low, carrier, 0.3))
        self._fall(self.body.settled_m(stand), lands, low, rep)

    def _fall(self, high_m: float, lands_s: float, low: Lunging, rep: LungeRep) -> None:
        """From where both feet are down to the lowest point, in the time that is asked for.

        Parameters
        ----------
        high_m
            Where the hips are at the start.
        lands_s
            When both feet are on the floor.
        low
            The lowest posture.
        rep
            What is asked for.
        """
        before, start = self.tracks["height_m"], self._t_s

        def descent(fall_s: float) -> float:
            track = before.copy()
            track.add(lands_s + fall_s, low.height_m)
            t = np.linspace(start, lands_s + fall_s, 240)
            gone = np.array([high_m - track(x) for x in t]) / (high_m - low.height_m)
            starts, ends = np.flatnonzero(gone < 0.05), np.flatnonzero(gone < 0.95)
            return float(t[ends[-1]] - t[starts[-1]])

        self._t_s = lands_s + solve(descent, rep.descent_s, 0.16, 4.0)
        self._key(self._t_s, low)
        self._t_s += rep.hold_s
        self._key(self._t_s, low)
        self._low, self._front, self._spread = low, rep.side, True

    def _step_through(self, rep: LungeRep) -> None:
        """From standing on one foot, the other one on its way, to the lowest point."""
        front, rear = rep.side, OTHER[rep.side]
        low = self._ahead(rep, self._lowest(rep))
        lifts = self._lifted_s
        least = self._t_s - lifts + 0.5 * rep.descent_s**0.5
        to, up = low.feet[front].spot, 1.9 * self.style.lift_m
        lands = self.feet.swing(front, lifts, least, to, up, _HEEL_FIRST_DEG)
        touch = self._between(low, front, 0.47, (14.0, 8.0), 30.0)
        self._key(lands, touch, x_m=self._aside(low, rear, 0.3))
        self._fall(self._top_m, lands, low, rep)

    def _dip(self, rep: LungeRep) -> None:
        """Down to the lowest point, the feet staying."""
        front = rep.side
        at, behind = self.feet.now[front], self.feet.now[OTHER[front]]
        apart = at.ahead_m - behind.ahead_m, SIGNS[front] * (at.x_m - behind.x_m)
        low = self._lowest(rep, apart).posture(front, at)
        self._stay()
        up = replace(self._apart(self._low, front), height_m=self.tracks["height_m"].last)
        self._fall(self.body.settled_m(up), self._t_s, low, rep)

    # Up

    def _rise(self, rep: LungeRep) -> None:
        """Up, the feet staying."""
        self._t_s += rep.up_s
        self._key(self._t_s, self._apart(self._low, rep.side, rep.left_bent_deg))

    def _return(self, rep: LungeRep) -> None:
        """Bring the foot that stepped out back to the other."""
        front, rear = rep.side, OTHER[rep.side]
        low = self._low
        if rep.kind == "reverse":
            mover, carrier = rear, front
            leave = self._between(low, front, 0.70, (26.0, 30.0), 42.0)
        else:
            mover, carrier = front, rear
            leave = self._between(low, front, 0.43, (30.0, 12.0), 24.0)
        self._bring(mover, carrier, leave, self._aside(low, carrier, 0.4), rep.up_s,
                    rep.left_bent_deg)  # fmt: skip

    def _close(self, took_s: float, left_bent_deg: float) -> None:
        """Bring the rear foot next to the front one."""
        low, front = self._low, self._front
        self._stay()
        leave = self._between(low, front, 0.75, (24.0, 30.0), 44.0)
        aside = self._aside(low, front, 0.4)
        self._bring(OTHER[front], front, leave, aside, took_s, left_bent_deg)

    def _bring(self, mover: str, carrier: str, leave: Lunging, x_m: float, took_s: float,
               left_bent_deg: float) -> None:  # fmt: skip
        """Put one foot next to the other, and stand."""
        self._bent_deg = self.style.standing_bent_deg + left_bent_deg
        lifts = self._t_s + 0.42 * took_s
        self._key(lifts, leave, x_m=x_m)
        at = self.feet.now[carrier]
        home = Spot(at.x_m + SIGNS[mover] * self.style.stance_m, at.ahead_m)
        lands = self.feet.swing(mover, lifts, 0.42 * took_s, home, self.style.lift_m, _FLAT_DEG)
        self._land(leave, lifts, lands, mover)

    def _rise_through(self, rep: LungeRep) -> None:
        """Up over the front foot, until the rear one passes it in the air."""
        front, low, style = rep.side, self._low, self.style
        leave = self._between(low, front, 0.76, (34.0, 30.0), 46.0)
        lifts = self._t_s + 0.42 * rep.up_s
        self._key(lifts, leave, x_m=self._aside(low, front, 0.4))
        self._t_s += rep.up_s
        ahead = self.feet.now[front].ahead_m + 0.02
        top = replace(leave, ahead_m=ahead, yaw_deg=0.0, lean_deg=style.standing_lean_deg + 2.0)
        knee = style.standing_bent_deg + 5.0 + rep.left_bent_deg
        high, sign = self.body.highest_m(top, {front: knee}, 0.0), SIGNS[OTHER[front]]
        self._key(self._t_s, top, height_m=high, x_m=self._over(low, front, 0.95),
                  roll_deg=2.2 * sign, side_deg=-1.5 * sign)  # fmt: skip
        free = {**low.feet, OTHER[front]: replace(low.feet[OTHER[front]], free=1.0)}
        self._lifted_s = lifts
        self._top_m = self.body.settled_m(replace(top, height_m=high, feet=free))

    # Feet apart

    def _apart(self, low: Lunging, front: str, left_bent_deg: float = 0.0) -> Lunging:
        """Return the posture up with the feet apart."""
        knee = self.style.apart_bent_deg + left_bent_deg
        return self._between(low, front, 0.52, (knee, 8.0), 36.0)

    def _open(self, rep: LungeRep) -> None:
        """Put one foot forward, for lunges in which the feet stay."""
        front = rep.side
        low = self._ahead(rep, self._lowest(rep))
        stand = self._stand()
        lifts = self._lift(stand, OTHER[front])
        to = low.feet[front].spot
        lands = self.feet.swing(front, lifts, 0.6, to, self.style.lift_m, _HEEL_FIRST_DEG)
        touch = self._between(low, front, 0.46, (self.style.apart_bent_deg, 8.0), 30.0)
        self._pass((lifts, lands), front, stand, touch, 0.36, 11.0)
        self._key(lands, touch)
        self._t_s = lands + 0.45
        self._key(self._t_s, self._apart(low, front))
        self._low, self._front, self._spread = low, front, True
        self._t_s += 0.35
