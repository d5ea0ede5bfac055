"""How the person is placed: standing, sitting, kneeling or lying, and which way.

Everything is read from the pose model's world landmarks, which tell up from down well even
where they misjudge depth: how the trunk stands against the vertical, where the front of the
body points, and how high hips, knees and ankles are above one another. Each posture asks
for a few of these at once and is as sure as the least of them; what fits none is unknown.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass

from formcheck.geometry import cross, elevation_deg, flexion_deg, inclination_deg, sub, unit
from formcheck.refine.body import Body
from formcheck.results import SIDES, UNKNOWN_POSTURE, Posture
from formcheck.widths import leg_length

POSTURES = {
    "standing": "standing",
    "seated": "seated",
    "kneeling": "kneeling",
    "all-fours": "on hands and knees",
    "supine": "lying on the back",
    "prone": "lying face down",
    "side-lying": "lying on the side",
}
"""Every posture: word in exercise files → what people read."""
LYING = ("supine", "prone", "side-lying")
WANTS_STILLNESS = ("seated", "kneeling")
"""Postures that others pass through."""

SMOOTHING_S = 0.5
"""Time constant of the running opinion: people change posture slowly, landmarks jitter."""
STALE_S = 1.0
"""A person who was gone this long may have changed posture meanwhile."""
SURE = 0.55
"""A posture is named from this confidence on."""
STILL_S, STILL = 1.2, 0.08
"""Sitting still: in this time hips move up or down by less than this fraction of a leg."""
EPSILON_S = 1e-9
"""Rounding must not shorten that time."""
HEAD_ALONG = 0.45
"""The trunk reaches at least this far along the floor, over its length, to say where to."""


def ramp(x: float, low: float, high: float) -> float:
    """Return 0 up to `low`, 1 from `high` on, and what lies between; NaN gives 0.

    Examples
    --------
    >>> ramp(5.0, 0.0, 10.0)
    0.5
    """
    return min(1.0, max(0.0, (x - low) / (high - low))) if math.isfinite(x) else 0.0


@dataclass(frozen=True, slots=True)
class _Leg:
    """One leg in numbers that do not depend on where the camera stands."""

    hip_up: float
    """Hip above the lower foot of both, in leg lengths; the next two in halves of one."""
    thigh_up: float
    """Hip above knee."""
    shin_up: float
    """Knee above ankle."""
    knee_up: float
    """Knee above the lower foot of both, in leg lengths."""
    knee_deg: float
    """Knee flexion."""
    foot_px: float
    """How low the ankle is in the picture; more is lower."""

    @property
    def kneels(self) -> float:
        """How surely the knee carries the body: on the floor below the hip, shin level."""
        level, low = 1 - ramp(self.shin_up, 0.2, 0.4), 1 - ramp(self.knee_up, 0.06, 0.14)
        return min(ramp(self.thigh_up, 0.6, 0.8), level, low, ramp(self.knee_deg, 45, 65))


def _legs(body: Body) -> list[_Leg]:
    """Return both legs; heights come from the picture, which knows them best."""
    length_px = leg_px(body)
    floor = max(body.px(f"{side}_ankle")[1] for side in SIDES)
    return [_leg(body, side, length_px, floor) for side in SIDES]


def _leg(body: Body, side: str, length_px: float, floor_px: float) -> _Leg:
    hip, knee, ankle = (body.px(f"{side}_{part}")[1] for part in ("hip", "knee", "ankle"))
    return _Leg(
        hip_up=(floor_px - hip) / length_px,
        thigh_up=2 * (knee - hip) / length_px,
        shin_up=2 * (ankle - knee) / length_px,
        knee_up=(floor_px - knee) / length_px,
        knee_deg=flexion_deg(*(body.m(f"{side}_{part}") for part in ("hip", "knee", "ankle"))),
        foot_px=ankle,
    )


def opinions(body: Body, still: float = 1.0) -> dict[str, float]:
    """Return how well one pose fits each posture, 0 to 1.

    Parameters
    ----------
    body
        The pose.
    still
        How surely the hips have been at one height for a while: the bottoms of a squat and
        of a lunge look like sitting and kneeling, but few stay there.
    """
    trunk = unit(sub(body.middle_m("shoulder"), body.middle_m("hip")))
    to_left = _to_left(body)
    trunk_deg, aside_deg = inclination_deg(trunk), abs(elevation_deg(to_left))
    front_up_deg = elevation_deg(cross(to_left, trunk))
    level, upright = ramp(trunk_deg, 50, 65), 1 - ramp(trunk_deg, 45, 60)
    face_up, face_down = ramp(front_up_deg, 25, 45), ramp(-front_up_deg, 25, 45)
    aside = ramp(aside_deg, 40, 60)

    legs = _legs(body)
    support = max(legs, key=lambda leg: leg.foot_px)
    on_feet = min(ramp(support.hip_up, 0.5, 0.7), ramp(support.thigh_up, 0.3, 0.6))
    on_knees = max(leg.kneels for leg in legs)
    on_both_knees = min(leg.kneels for leg in legs)
    # Legs that are out of the picture are guessed, and say nothing.
    seen = ramp(max(body.visibility(f"{s}_hip", f"{s}_knee") for s in SIDES), 0.05, 0.3)
    alike = 1 - ramp(abs(legs[0].knee_deg - legs[1].knee_deg), 35, 60)
    sits = min(
        ramp(support.thigh_up, -0.6, -0.35),
        1 - ramp(max(leg.thigh_up for leg in legs), 0.45, 0.6),
        max(ramp(support.shin_up, 0.4, 0.6), 1 - ramp(support.hip_up, 0.2, 0.35)),
    )
    # From the feet, somebody in a bridge appears upside down.
    overhead = min(ramp(trunk_deg, 115, 135), ramp(-support.thigh_up, -0.5, -0.3))
    lies = min(level, 1 - aside, 1 - on_feet)
    return {
        "standing": min(seen, on_feet, max(upright, face_down)),
        "seated": min(seen, upright, 1 - on_feet, sits, 1 - on_knees, still),
        "kneeling": min(seen, upright, 1 - on_feet, max(on_both_knees, min(on_knees, still))),
        "all-fours": min(seen, lies, face_down, on_both_knees),
        "supine": max(min(lies, face_up), overhead),
        "prone": min(lies, face_down, 1 - on_knees, alike, 1 - ramp(support.shin_up, 0.4, 0.6)),
        "side-lying": min(level, aside, 1 - on_feet),
    }


def _to_left(body: Body) -> tuple[float, ...]:
    """Return the direction to the person's left, of hips and shoulders together."""
    parts = [sub(body.m(f"left_{p}"), body.m(f"right_{p}")) for p in ("hip", "shoulder")]
    return unit(tuple(map(sum, zip(*parts, strict=True))))


class PostureEstimator:
    """Follows the posture from frame to frame."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forget the past."""
        self._fits = dict.fromkeys(POSTURES, 0.0)
        self._seen_s = -math.inf
        self._settled = False
        self._hips: deque[tuple[float, float]] = deque()

    def feed(self, body: Body) -> Posture:
        """Return the posture at this frame; unknown without a person."""
        if not body.seen:
            return UNKNOWN_POSTURE
        dt = body.t_s - self._seen_s
        self._seen_s = body.t_s
        still = self._still(body)
        now = opinions(body, 1.0 if self._settled else still)
        weight = 1.0 if dt > STALE_S else 1.0 - math.exp(-dt / SMOOTHING_S)
        for name, fit in now.items():
            self._fits[name] += weight * (fit - self._fits[name])
        name = max(self._fits, key=lambda n: self._fits[n])
        confidence = self._fits[name]
        self._settled = confidence >= SURE and name in WANTS_STILLNESS
        if confidence < SURE:
            return Posture("unknown", confidence, "unknown")
        return Posture(name, confidence, head_at(body) if name in LYING else "unknown")

    def _still(self, body: Body) -> float:
        """Return how surely the hips have been at one height for a while."""
        self._hips.append((body.t_s, body.middle_px("hip")[1]))
        while len(self._hips) > 2 and self._hips[1][0] <= body.t_s - STILL_S + EPSILON_S:
            self._hips.popleft()
        if body.t_s - self._hips[0][0] < STILL_S - EPSILON_S:
            return 0.0
        heights = [h for _, h in self._hips]
        return 1 - ramp((max(heights) - min(heights)) / leg_px(body), STILL, 2 * STILL)


def leg_px(body: Body) -> float:
    """Return a leg's length in pixels, from how large the body appears."""
    return body.once(_leg_px)


def _leg_px(body: Body) -> float:
    return max(1.0, leg_length(body.m) * body.px_per_m())


def head_at(body: Body) -> str:
    """Return where the head of somebody lying is, in the picture.

    ``left`` or ``right``, ``near`` or ``far`` from the camera; ``unknown`` when the trunk
    points too far up or down to tell.
    """
    trunk = unit(sub(body.middle_m("shoulder"), body.middle_m("hip")))
    across, away = trunk[0], trunk[2]
    if not math.hypot(across, away) > HEAD_ALONG:
        return "unknown"
    if abs(across) >= abs(away):
        return "right" if across > 0 else "left"
    return "far" if away > 0 else "near"


class PostureSummary:
    """The posture of a whole clip: the one that was held longest."""

    def __init__(self) -> None:
        self._held_s: dict[tuple[str, str], float] = {}

    def feed(self, posture: Posture, dt_s: float) -> None:
        """Add one frame's posture for as long as it lasted."""
        key = (posture.name, posture.head)
        self._held_s[key] = self._held_s.get(key, 0.0) + dt_s

    def posture(self) -> Posture:
        """Return the posture held longest; its confidence is the share of the time."""
        by_name: dict[str, float] = {}
        for (name, _), held_s in self._held_s.items():
            by_name[name] = by_name.get(name, 0.0) + held_s
        total_s = sum(by_name.values())
        by_name.pop(UNKNOWN_POSTURE.name, None)
        if not by_name or not total_s > 0:
            return UNKNOWN_POSTURE
        name = max(by_name, key=lambda n: by_name[n])
        heads = {head: s for (n, head), s in self._held_s.items() if n == name}
        return Posture(name, by_name[name] / total_s, max(heads, key=lambda h: heads[h]))


def mismatch(posture: Posture, accepted: tuple[str, ...]) -> str:
    """Return what to tell somebody whose posture an exercise does not accept; else nothing.

    Examples
    --------
    >>> mismatch(Posture("supine", 0.9), ("standing", "seated"))
    'This is done standing or seated, but you were mostly lying on the back.'
    """
    if posture.name not in POSTURES or posture.name in accepted or posture.confidence < SURE:
        return ""
    wanted = " or ".join(POSTURES[name] for name in accepted)
    return f"This is done {wanted}, but you were mostly {POSTURES[posture.name]}."
