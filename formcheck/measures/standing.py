"""The person's own standing posture, against which movement is measured.

How high the hips are above the ankles when standing, and how the feet lie on the floor,
differ from person to person and from camera to camera. Both are learnt while the person
stands, and nothing about them is assumed beyond what bones allow.
"""

from __future__ import annotations

import math
from collections import deque

from formcheck.geometry import distance, flexion_deg, inclination_deg, sub
from formcheck.refine.body import Body
from formcheck.results import SIDES, Readings

REMEMBER_S = 30.0
"""How long a standing posture is remembered: people come nearer, shift, turn."""
SAMPLE_S = 0.1
"""How often one is noted."""
UPRIGHT_DEG = 45.0
"""Standing: the trunk leans less than this."""
STRAIGHT_DEG = 50.0
"""Standing: both knees are bent less than this (pose models see straight legs bent)."""
HIGH = 0.9
"""Standing height is this quantile of what was noted: most of it is standing."""


def hip_height_m(body: Body) -> float:
    """Return how far the hips are above the ankles, surer legs counting more; or NaN."""
    total = weight = 0.0
    for side in SIDES:
        seen = body.visibility(f"{side}_hip", f"{side}_ankle")
        if seen > 0:
            total += seen * (body.m(f"{side}_ankle")[1] - body.m(f"{side}_hip")[1])
            weight += seen
    return total / weight if weight > 0.1 else math.nan


def leg_length_m(body: Body) -> float:
    """Return the mean length of thigh and shin together."""
    return sum(
        distance(body.m(f"{side}_{a}"), body.m(f"{side}_{b}"))
        for side in SIDES
        for a, b in (("hip", "knee"), ("knee", "ankle"))
    ) / len(SIDES)


def is_standing(body: Body) -> bool:
    """Whether this pose could be someone standing: trunk upright, legs nearly straight."""
    trunk = sub(body.middle_m("shoulder"), body.middle_m("hip"))
    if not inclination_deg(trunk) < UPRIGHT_DEG:
        return False
    return all(
        flexion_deg(*(body.m(f"{side}_{part}") for part in ("hip", "knee", "ankle"))) < STRAIGHT_DEG
        for side in SIDES
    )


class Standing:
    """What is known of the person's standing posture so far."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forget the person."""
        self._heights: deque[tuple[float, float]] = deque()
        self._feet: dict[str, deque[tuple[float, float]]] = {s: deque() for s in SIDES}
        self._noted_s = -math.inf
        self.height_m = math.nan
        """Hips above ankles when standing; NaN before anybody stood."""
        self.foot_pitch_deg = dict.fromkeys(SIDES, math.nan)
        """How each foot appears when flat on the floor; NaN before it was seen."""

    def feed(self, body: Body, angles: Readings) -> None:
        """Take one pose; only standing ones are learnt from, a few times a second."""
        if body.t_s - self._noted_s < SAMPLE_S or not is_standing(body):
            return
        self._noted_s = body.t_s
        height = hip_height_m(body)
        if math.isfinite(height):
            self.height_m = _remember(self._heights, body.t_s, height, HIGH)
        for side in SIDES:
            pitch = angles[f"{side}_foot_pitch_deg"].value
            if math.isfinite(pitch):
                self.foot_pitch_deg[side] = _remember(self._feet[side], body.t_s, pitch, 0.5)


def _remember(
    notes: deque[tuple[float, float]], t_s: float, value: float, quantile: float
) -> float:
    """Note a value, forget old ones, and return a quantile of the rest."""
    notes.append((t_s, value))
    while notes[0][0] < t_s - REMEMBER_S:
        notes.popleft()
    ordered = sorted(v for _, v in notes)
    return ordered[min(len(ordered) - 1, int(quantile * len(ordered)))]
