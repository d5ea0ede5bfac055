"""A stick figure on its back or on a chair, whose angles are known because they were put in."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from formcheck.pose import BLAZEPOSE, Pose, PoseTrack
from formcheck.results import SIDES

Array = NDArray[np.float64]
SIZE_PX = (640, 480)
THIGH_M, SHIN_M, TRUNK_M = 0.42, 0.42, 0.50
HIP_M = 0.10
"""Height of the hip joints, lying."""
WIDTH_M = {"ear": 0.14, "shoulder": 0.34, "elbow": 0.5, "wrist": 0.5, "hip": 0.26}
"""Between left and right; feet and knees have that of the hips."""
DOWN_M = 0.02
"""How much of a lift comes from the shoulders rolling."""


@dataclass(frozen=True)
class Shot:
    """From where a figure is seen, without perspective."""

    yaw_deg: float = 90.0
    """0 from the feet, 90 with the feet to the picture's right, 180 from the head."""
    pitch_deg: float = 0.0
    """How far the camera looks down."""
    px_per_m: float = 200.0
    noise_px: float = 0.0

    def pose(self, t_s: float, joints: Mapping[str, tuple[float, float, float]]) -> Pose:
        """Return joints (towards the feet, up, to the person's left) as a pose."""
        yaw, pitch = math.radians(self.yaw_deg), math.radians(self.pitch_deg)
        world = np.full((len(BLAZEPOSE.names), 3), np.nan)
        for name, (ahead, up, left) in joints.items():
            right = ahead * math.sin(yaw) + left * math.cos(yaw)
            away = -ahead * math.cos(yaw) + left * math.sin(yaw)
            down = -up * math.cos(pitch) - away * math.sin(pitch)
            # Nearer things are lower in the picture when the camera looks down.
            world[BLAZEPOSE.index[name]] = (
                right,
                down,
                away * math.cos(pitch) - up * math.sin(pitch),
            )
        at = BLAZEPOSE.index
        image = world[:, :2] * self.px_per_m + np.array(SIZE_PX) / 2
        rng = np.random.default_rng(round(t_s * 1000))
        image += rng.normal(0, self.noise_px, image.shape) if self.noise_px else 0.0
        hips = (world[at["left_hip"]] + world[at["right_hip"]]) / 2
        return Pose(t_s, image, world - hips, np.isfinite(world[:, 0]).astype(float))


@dataclass(frozen=True)
class Body:
    """How it lies, or sits; lengths in metres, from the shoulders' place on the floor."""

    lift_m: float = 0.0
    """How high the hips are above where they lie."""
    feet_m: float = 0.85
    """Where the feet stand."""
    free: str = ""
    """A side whose foot is in the air, the thigh beside the other and the knee straight."""
    chest_deg: float = 0.0
    """How far the trunk is curled up from the floor, hips staying where they are."""
    knees_deg: Mapping[str, float] | None = None
    """Seated instead: how far each knee is bent, thighs level and trunk upright."""
    neck_deg: float = 0.0
    """Seated: how far the neck is turned back."""

    @property
    def hip_deg(self) -> float:
        """What it amounts to at the hip: 0 in line, seen from the side."""
        shoulder, hip = self._shoulder(), self._hip()
        knee = self._knee(hip)
        trunk = math.atan2(hip[1] - shoulder[1], hip[0] - shoulder[0])
        return math.degrees(math.atan2(knee[1] - hip[1], knee[0] - hip[0]) - trunk)

    def joints(self) -> dict[str, tuple[float, float, float]]:
        """Return where the joints are: towards the feet, up, to the person's left."""
        return self._lying() if self.knees_deg is None else self._seated(self.knees_deg)

    def _shoulder(self) -> tuple[float, float]:
        if self.chest_deg:
            turn = math.radians(self.chest_deg)
            hip = self._hip()
            return hip[0] - TRUNK_M * math.cos(turn), hip[1] + TRUNK_M * math.sin(turn)
        return 0.0, HIP_M + DOWN_M * (self.lift_m > 0)

    def _hip(self) -> tuple[float, float]:
        rise = self.lift_m - DOWN_M * (self.lift_m > 0)
        return math.sqrt(TRUNK_M**2 - rise**2), HIP_M + self.lift_m

    def _knee(self, hip: tuple[float, float]) -> tuple[float, float]:
        """Return where two bones of known length meet, above hip and foot."""
        ankle = (self.feet_m, 0.08)
        far = math.dist(hip, ankle)
        along = (far**2 + THIGH_M**2 - SHIN_M**2) / (2 * far)
        aside = math.sqrt(THIGH_M**2 - along**2)
        x, y = (ankle[0] - hip[0]) / far, (ankle[1] - hip[1]) / far
        return hip[0] + along * x - aside * y, hip[1] + along * y + aside * x

    def _lying(self) -> dict[str, tuple[float, float, float]]:
        hip, shoulder = self._hip(), self._shoulder()
        knee = self._knee(hip)
        thigh = (knee[0] - hip[0]) / THIGH_M, (knee[1] - hip[1]) / THIGH_M
        middle = {"hip": hip, "shoulder": shoulder, "elbow": (0.2, 0.03), "wrist": (0.4, 0.03)}
        places = {(part, side): at for part, at in middle.items() for side in SIDES}
        for side in SIDES:
            ankle = (self.feet_m, 0.08)
            if side == self.free:
                ankle = (knee[0] + SHIN_M * thigh[0], knee[1] + SHIN_M * thigh[1])
            places |= {("knee", side): knee, ("ankle", side): ankle}
            places |= {("heel", side): (ankle[0] - 0.05, ankle[1] - 0.06)}
            places |= {("toe", side): (ankle[0] + 0.15, ankle[1] - 0.06)}
            places |= {("ear", side): (shoulder[0] - 0.2, shoulder[1] + 0.02)}
        return _spread(places) | {"nose": (shoulder[0] - 0.2, shoulder[1] + 0.14, 0.0)}

    def _seated(self, knees_deg: Mapping[str, float]) -> dict[str, tuple[float, float, float]]:
        hip, shoulder, knee = (0.0, 0.5), (0.0, 0.5 + TRUNK_M), (THIGH_M, 0.5)
        turn = math.radians(self.neck_deg)
        ear = (-0.2 * math.sin(turn), shoulder[1] + 0.2 * math.cos(turn))
        middle = {"hip": hip, "shoulder": shoulder, "elbow": (0.1, 0.75), "wrist": (0.3, 0.55)}
        middle |= {"knee": knee, "ear": ear}
        places = {(part, side): at for part, at in middle.items() for side in SIDES}
        for side in SIDES:
            bent = math.radians(knees_deg[side])
            ankle = (knee[0] + SHIN_M * math.cos(bent), knee[1] - SHIN_M * math.sin(bent))
            places |= {("ankle", side): ankle, ("heel", side): (ankle[0], ankle[1] - 0.06)}
            places |= {("toe", side): (ankle[0] + 0.15, ankle[1] - 0.06)}
        return _spread(places) | {"nose": (ear[0] + 0.1, ear[1], 0.0)}


def _spread(
    places: Mapping[tuple[str, str], tuple[float, float]],
) -> dict[str, tuple[float, float, float]]:
    """Return joints of both sides, as far apart as they are."""
    return {
        f"{side}_{part}": (*at, (0.5 if side == "left" else -0.5) * WIDTH_M.get(part, 0.26))
        for (part, side), at in places.items()
    }


def film(
    body: Callable[[float], Body], seconds: float, shot: Shot | None = None, fps: float = 20.0
) -> PoseTrack:
    """Return a recording of a figure that moves: time in seconds → how it lies."""
    seen = shot or Shot()
    times = [i / fps for i in range(round(seconds * fps))]
    return PoseTrack.from_poses((seen.pose(t, body(t).joints()) for t in times), SIZE_PX)


def eased(t_s: float, *turns: tuple[float, float]) -> float:
    """Return a value that moves smoothly through (time, value) pairs and rests outside."""
    (before_s, value), *rest = turns
    for at_s, then in rest:
        if t_s <= at_s:
            share = min(1.0, max(0.0, (t_s - before_s) / (at_s - before_s)))
            return value + (then - value) * (1 - math.cos(math.pi * share)) / 2
        before_s, value = at_s, then
    return value
