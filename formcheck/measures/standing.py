"""The person's own standing posture, against which movement is measured.

How high the hips are above the ankles when standing, and how the feet lie on the floor,
differ from person to person and from camera to camera. Both are learnt while the person
stands, and nothing about them is assumed beyond what bones allow.

Heights are compared in pixels as long as the feet stay where they are, which is what the
camera really sees. Once the feet have moved, the person may be nearer or further away;
until they have stood at the new place for a moment, heights are compared in metres, which
the pose model guesses.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass

from formcheck.geometry import distance, flexion_deg, inclination_deg, sub
from formcheck.refine.body import Body, Point
from formcheck.results import SIDES, Readings
from formcheck.widths import leg_length

REMEMBER_S = 30.0
"""How long a standing posture is remembered."""
SAMPLE_S = 0.1
"""How often one is noted."""
ENOUGH = 3
"""So many notes make a standing height."""
LIFTED_M = 0.08
"""A foot that is this much higher than the other counts a third."""
SAME_PLACE = 0.15
"""Feet that moved by less than this fraction of the standing height are where they were."""
STILL_PER_S = 0.12
"""Standing: the hips rise or sink by less than this fraction of their height in a second;
getting up from a squat is several times as fast."""
UPRIGHT_DEG = 45.0
"""Standing: the trunk leans less than this."""
STRAIGHT_DEG = 50.0
"""Standing: both knees are bent less than this (pose models see straight legs bent)."""
TALL = 0.75
"""Standing: the hips are at least this many leg lengths above the feet. Who sits and stretches
a leg has both knees nearly straight, as far as a pose model can tell of the far one."""
HIGH = 0.9
"""Standing height is this quantile of what was noted: most of it is standing."""
NEARLY_STRAIGHT = 0.97
"""Standing hip height as a fraction of leg length: nobody stands with legs quite straight."""


@dataclass(frozen=True, slots=True)
class Stance:
    """Hips above ankles, and where the ankles are, surer legs counting more."""

    height_m: float
    height_px: float
    ankle_px: Point


def stance(body: Body) -> Stance | None:
    """Return how the body stands on its feet; None when no leg is seen.

    For the height, a leg counts less the higher its foot is above the other: people stand on
    the lower one, and drawing up a knee does not bring the hips down.
    """
    seen = {s: body.visibility(f"{s}_hip", f"{s}_ankle") for s in SIDES}
    if not sum(seen.values()) > 0.1:
        return None
    floor_m = max(body.m(f"{side}_ankle")[1] for side in SIDES)
    planted = {
        side: weight * math.exp((body.m(f"{side}_ankle")[1] - floor_m) / LIFTED_M)
        for side, weight in seen.items()
    }
    height_m = height_px = x = y = 0.0
    for side in SIDES:
        ankle = body.px(f"{side}_ankle")
        share = planted[side] / sum(planted.values())
        height_m += share * (body.m(f"{side}_ankle")[1] - body.m(f"{side}_hip")[1])
        height_px += share * (ankle[1] - body.px(f"{side}_hip")[1])
        share = seen[side] / sum(seen.values())
        x, y = x + share * ankle[0], y + share * ankle[1]
    return Stance(height_m, height_px, (x, y))


def leg_length_m(body: Body) -> float:
    """Return the mean length of thigh and shin together."""
    return body.once(_leg_length_m)


def _leg_length_m(body: Body) -> float:
    return leg_length(body.m)


def is_standing(body: Body) -> bool:
    """Whether this pose could be someone standing: upright, on legs that are nearly straight."""
    trunk = sub(body.middle_m("shoulder"), body.middle_m("hip"))
    if not inclination_deg(trunk) < UPRIGHT_DEG:
        return False
    now = body.once(stance)
    if now is None or not now.height_m >= TALL * leg_length_m(body):
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
        self._stances: deque[tuple[float, Stance]] = deque()
        self._feet: dict[str, deque[tuple[float, float]]] = {s: deque() for s in SIDES}
        self._legs: deque[tuple[float, float]] = deque()
        self._leg_m = math.nan
        self._heights: deque[tuple[float, float]] = deque()
        self._noted_s = -math.inf
        self.foot_pitch_deg = dict.fromkeys(SIDES, math.nan)
        """How each foot appears when flat on the floor; NaN before it was seen."""
        self.place_ratio = math.nan
        """How far to the picture's right the feet have come, in leg lengths."""
        self.hips_down_ratio = math.nan
        """How far down the picture the hips have come, in leg lengths."""
        self._ankle_x_px = self._hip_y_px = math.nan

    def feed(self, body: Body, angles: Readings) -> None:
        """Take one pose; only standing ones are learnt from, a few times a second."""
        now = body.once(stance)
        if now is None or not math.isfinite(now.height_px):
            return
        self._follow(body, now)
        still = self._is_still(body.t_s, now)
        if body.t_s - self._noted_s < SAMPLE_S or not (still and is_standing(body)):
            return
        self._noted_s = body.t_s
        self._stances.append((body.t_s, now))
        self._leg_m = _remember(self._legs, body.t_s, leg_length_m(body))
        while self._stances[0][0] < body.t_s - REMEMBER_S:
            self._stances.popleft()
        for side in SIDES:
            pitch = angles[f"{side}_foot_pitch_deg"].value
            if math.isfinite(pitch):
                self.foot_pitch_deg[side] = _remember(self._feet[side], body.t_s, pitch)

    def drop_ratio(self, body: Body) -> float:
        """Return how far the hips have sunk from standing: 0 not at all, 1 to the ankles.

        Before anybody stood, standing height is taken from the length of the legs. NaN
        when no leg is seen.
        """
        now = body.once(stance)
        if now is None:
            return math.nan
        x, y = now.ankle_px
        here = [
            s.height_px
            for _, s in self._stances
            if abs(s.ankle_px[0] - x) + abs(s.ankle_px[1] - y) < SAME_PLACE * s.height_px
        ]
        if len(here) >= ENOUGH:
            return 1.0 - now.height_px / _quantile(here, HIGH)
        if len(self._stances) >= ENOUGH:
            return 1.0 - now.height_m / _quantile([s.height_m for _, s in self._stances], HIGH)
        length = NEARLY_STRAIGHT * leg_length_m(body)
        return 1.0 - now.height_m / length if length > 0 else math.nan

    def leg_m(self, body: Body) -> float:
        """Return the length of the legs: as it was standing or, before that, as it seems now.

        Pose models shorten legs that point to the camera or away from it.
        """
        return self._leg_m if math.isfinite(self._leg_m) else leg_length_m(body)

    def _is_still(self, t_s: float, now: Stance) -> bool:
        """Whether the hips neither rise nor sink, compared with a moment ago."""
        self._heights.append((t_s, now.height_m))
        while len(self._heights) > 2 and self._heights[1][0] <= t_s - 2 * SAMPLE_S:
            self._heights.popleft()
        then_s, then_m = self._heights[0]
        watched_s = t_s - then_s
        moved = abs(now.height_m - then_m)
        return watched_s >= SAMPLE_S and moved <= STILL_PER_S * now.height_m * watched_s

    def _follow(self, body: Body, now: Stance) -> None:
        """Add up where feet and hips go; legs that are mixed up change nothing about that."""
        x, y, leg = now.ankle_px[0], body.middle_px("hip")[1], self.leg_px(body)
        aside, down = (x - self._ankle_x_px) / leg, (y - self._hip_y_px) / leg
        seen = math.isfinite(aside + down)
        self.place_ratio = self.place_ratio + aside if seen else 0.0
        self.hips_down_ratio = self.hips_down_ratio + down if seen else 0.0
        self._ankle_x_px, self._hip_y_px = x, y

    def leg_px(self, body: Body) -> float:
        """Return standing height in pixels; before anybody stood, the length of the legs."""
        if self._stances:
            return max(1.0, self._stances[-1][1].height_px)
        length = sum(
            distance(body.px(f"{side}_{a}"), body.px(f"{side}_{b}"))
            for side in SIDES
            for a, b in (("hip", "knee"), ("knee", "ankle"))
        )
        return max(1.0, length / len(SIDES))


def _remember(notes: deque[tuple[float, float]], t_s: float, value: float) -> float:
    """Note a value, forget old ones, and return the median of the rest."""
    notes.append((t_s, value))
    while notes[0][0] < t_s - REMEMBER_S:
        notes.popleft()
    return _quantile([v for _, v in notes], 0.5)


def _quantile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
