"""Finds the posture of one body at the lowest point of a lunge, from sizes that are asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from benchmarks.rendering.figure import LETTERS, SIGNS
from benchmarks.rendering.motions.lunge_body import OTHER, Foot, LungeBody, Lunging, Spot
from benchmarks.rendering.rig import FloatArray, Placement

_ROUNDS = 40
_FREELY = 12
"""Rounds before anything gives way: first the posture has to come near to what is wanted."""
_REAR_SHARE = 0.62
"""Least flexion of the rear knee, of that of the front knee."""
_CLEAR_M = 0.035
"""Least distance of the rear knee from the floor."""


@dataclass(frozen=True)
class Wanted:
    """Sizes of a lunge at its lowest. `Bottom` says how they are had."""

    knee_deg: float
    """Flexion of the front knee."""
    shin_deg: float
    """Of the front shin against the vertical, forward."""
    step_ratio: float
    """Distance of the ankles fore and aft, in leg lengths."""
    width_m: float
    """Distance of the ankles sideways."""
    trunk_deg: float
    side_lean_deg: float = 0.0
    """Of the trunk, towards the side of the front leg."""
    pelvis_drop_deg: float = 0.0
    """How much lower the pelvis is on the side of the rear leg."""
    knee_offset_m: float = 0.0
    """Front knee from the line of its foot, inwards."""
    shin_asked: bool = False
    """Whether the step gives way where the two cannot be had together; else the shin does."""
    yaw_deg: float = 5.0
    """How far the pelvis turns the hip of the front leg forwards."""


@dataclass(frozen=True)
class Bottom:
    """How one body does one lunge, at its lowest, relative to the front foot."""

    step_m: float
    """How far the rear foot is behind, both flat."""
    width_m: float
    """How far it is on its side, both flat."""
    x_share: float
    """Where the middle of the hips is sideways: 0 over the rear foot, 1 over the front one."""
    behind_m: float
    """How far the front hip is behind the front ankle."""
    height_m: float
    ahead_m: float
    """Of the middle of the hips, from the front foot's spot; negative behind."""
    lean_deg: float
    roll_deg: float
    side_deg: float
    knee_in_deg: float
    yaw_deg: float

    def posture(self, front: str, at: Spot) -> Lunging:
        """Return the posture, the front foot at a place."""
        sign = SIGNS[front]
        rear = Spot(at.x_m - sign * self.width_m, at.ahead_m - self.step_m)
        return Lunging(
            x_m=rear.x_m + self.x_share * (at.x_m - rear.x_m),
            ahead_m=at.ahead_m + self.ahead_m,
            height_m=self.height_m,
            feet={front: Foot(at), OTHER[front]: Foot(rear)},
            lean_deg=self.lean_deg,
            yaw_deg=-sign * self.yaw_deg,
            roll_deg=self.roll_deg,
            side_deg=self.side_deg,
            knee_in_deg={front: self.knee_in_deg, OTHER[front]: 0.0},
        )


def lowest(
    body: LungeBody, wanted: Wanted, front: str, fixed: tuple[float, float] | None = None
) -> Bottom:
    """Find the posture at the lowest point of a lunge.

    Parameters
    ----------
    body
        Whose it is.
    wanted
        Its sizes.
    front
        Which leg is in front.
    fixed
        `Bottom.step_m` and `Bottom.width_m` where the feet stand already.
    """
    fit = _Fit(body, wanted, front, fixed)
    for i in range(_ROUNDS):
        fit.improve(gives_way=i >= _FREELY)
    return fit.bottom


class _Fit:
    """Moves a posture towards wanted sizes, all at once, a little each time."""

    def __init__(
        self, body: LungeBody, wanted: Wanted, front: str, fixed: tuple[float, float] | None
    ) -> None:
        self._body, self._wanted, self._front, self._fixed = body, wanted, front, fixed
        self._shin_deg, self._step_ratio = wanted.shin_deg, wanted.step_ratio
        step_m, width_m = fixed or (1.12 * wanted.step_ratio * body.leg_m, wanted.width_m)
        self.bottom = Bottom(
            step_m=step_m,
            width_m=width_m,
            x_share=0.56,
            behind_m=0.42 * step_m,
            height_m=0.75 * body.leg_m,
            ahead_m=-0.42 * step_m,
            lean_deg=wanted.trunk_deg,
            roll_deg=0.0,
            side_deg=0.0,
            knee_in_deg=0.0,
            yaw_deg=wanted.yaw_deg,
        )

    def improve(self, *, gives_way: bool) -> None:
        """Measure the posture and correct what is off."""
        body, wanted, sign = self._body, self._wanted, SIGNS[self._front]
        self.bottom = self._carried(self.bottom)
        now = self.bottom.posture(self._front, Spot(0.0, 0.0))
        placed = body.actor.figures.place(body.figure(now))
        at = self._joints(placed)
        if gives_way:
            self._give_way(at, placed)
        b = self.bottom
        trunk = at["shoulders"] - at["hips"]
        slope = np.degrees(np.arctan2(-trunk[1], trunk[2]))
        aside = np.degrees(np.arctan2(sign * trunk[0], trunk[2]))
        hips = at["front_hip"] - at["rear_hip"]
        drop = np.degrees(np.arctan2(hips[2], np.hypot(*hips[:2])))
        shin = at["front_knee"] - at["front_ankle"]
        shin_deg = np.degrees(np.arctan2(-shin[1], shin[2]))
        inwards = wanted.knee_offset_m - body.knee_offset_m(placed, self._front)
        apart = at["rear_ankle"] - at["front_ankle"]
        step, width = b.step_m, b.width_m
        if self._fixed is None:
            step += 0.8 * (self._step_ratio * body.leg_m - float(apart[1]))
            width += wanted.width_m + sign * float(apart[0])
        self.bottom = replace(
            b,
            step_m=step,
            width_m=width,
            behind_m=b.behind_m
            + 0.6 * b.height_m * float(np.radians(np.clip(shin_deg - self._shin_deg, -15, 15))),
            lean_deg=b.lean_deg + wanted.trunk_deg - float(slope),
            side_deg=b.side_deg + sign * (wanted.side_lean_deg - float(aside)),
            roll_deg=b.roll_deg - sign * (wanted.pelvis_drop_deg - float(drop)),
            knee_in_deg=float(np.clip(b.knee_in_deg + 150.0 * inwards, -45.0, 60.0)),
        )
        self.bottom = self._carried(self.bottom)

    def _carried(self, bottom: Bottom) -> Bottom:
        """Return the bottom with the pelvis where the front knee is bent as wanted."""
        body, front = self._body, self._front
        now = bottom.posture(front, Spot(0.0, 0.0))
        hip = body.hips_m(now)[front]
        ankle = body.ankle_m(front, now.feet[front], 0.0)
        reach = body.reach_m(self._wanted.knee_deg)
        flat = float(np.hypot(hip[0] - ankle[0], bottom.behind_m))
        high = max(reach**2 - flat**2, 0.01) ** 0.5 + float(ankle[2])
        return replace(
            bottom,
            height_m=bottom.height_m + high - float(hip[2]),
            ahead_m=bottom.ahead_m + float(hip[1] - ankle[1]) - bottom.behind_m,
        )

    def _give_way(self, at: Mapping[str, FloatArray], placed: Placement) -> None:
        """Change what was not asked for where the rear leg could not follow."""
        wanted, rear = self._wanted, OTHER[self._front]
        bent = self._body.flexion_deg(float(np.linalg.norm(at["rear_hip"] - at["rear_ankle"])))
        missing = max(0.0, _REAR_SHARE * wanted.knee_deg - bent)
        if wanted.shin_asked:
            self._step_ratio -= 0.003 * missing
            return
        parts = f"{rear}_shin", f"{rear}_thigh"
        low = max(0.0, _CLEAR_M - self._body.actor.contact.lowest_m(placed, parts))
        self._shin_deg += 80.0 * low - 0.25 * missing

    def _joints(self, placed: Placement) -> dict[str, FloatArray]:
        joint = self._body.actor.figures.joint
        sides = {"front": self._front, "rear": OTHER[self._front]}
        found = {
            f"{which}_{name}": joint(placed, f"{bone}.{LETTERS[side]}")
            for which, side in sides.items()
            for name, bone in (
                ("shoulder", "upperarm01"),
                ("hip", "upperleg01"),
                ("knee", "lowerleg01"),
                ("ankle", "foot"),
            )
        }
        for name in ("shoulder", "hip"):
            found[f"{name}s"] = (found[f"front_{name}"] + found[f"rear_{name}"]) / 2
        return found
