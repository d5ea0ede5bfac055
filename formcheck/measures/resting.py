"""The person's own resting position on the floor or on a chair, from which movement is measured.

How high the hips lie in the picture depends on the person, the floor and where the camera
stands; how far a hanging knee is bent, on the chair. So both are learnt while the person rests,
and only what changes from there counts: from the side, from head or feet, from the floor or
from a chair, whole or cut by the picture's edge.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterable
from statistics import median

from formcheck.geometry import distance
from formcheck.refine.body import Body
from formcheck.results import SIDES, Readings

REMEMBER_S = 60.0
"""How long a resting position is remembered."""
SAMPLE_S = 0.1
"""How often one is noted."""
UP_S = 1.0
"""Who has not been lying for so long will lie somewhere else next time."""
LYING_DEG = 50.0
"""Lying: the trunk leans further than this."""
HANGING_DEG = 50.0
"""Not lying: both thighs point down more steeply than this, as in bending forward."""
LOW = 0.1
"""Hips rest at this quantile of their heights: even between long holds people rest that often."""
DOWN = 0.08
"""Hips risen by less than this, in trunk lengths, are down."""
FOLDED_DEG = 45.0
"""A leg that is bent at the hip by less than this is no longer held up or sat on."""
BENT = 0.9
"""A knee's rest is this quantile of how far it was bent."""


def is_lying(angles: Readings) -> bool:
    """Whether these angles could be those of somebody on the floor, hips up or down."""
    if not angles["trunk_inclination_deg"].value > LYING_DEG:
        return False
    return any(angles[f"{side}_thigh_elevation_deg"].value < HANGING_DEG for side in SIDES)


def trunk_px(body: Body) -> float:
    """Return how long the trunk would be in the picture if it lay across; NaN if unknown.

    From head or feet it appears shorter than it is.
    """
    return body.px_per_m() * distance(body.middle_m("shoulder"), body.middle_m("hip"))


def hip_heights_px(body: Body) -> tuple[float, float, float]:
    """Return how far up the picture the hips are: from the shoulders, the lower foot, at all."""
    hips = body.middle_px("hip")[1]
    foot = max(body.px(f"{side}_ankle")[1] for side in SIDES)
    return body.middle_px("shoulder")[1] - hips, foot - hips, -hips


class Resting:
    """What is known of how the person rests."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forget the person."""
        self._lay_s = -math.inf
        self._noted_s = -math.inf
        self._heights = tuple(Notes(LOW) for _ in range(3))
        self._trunks = Notes(0.5)
        self._hips = {side: Notes(0.5) for side in SIDES}
        self._knees = {side: Notes(BENT) for side in SIDES}

    def feed(self, body: Body, angles: Readings) -> None:
        """Take one pose; a few times a second it is learnt from."""
        lying = is_lying(angles)
        if lying and body.t_s - self._lay_s > UP_S:
            self._forget_the_place()
        if lying:
            self._lay_s = body.t_s
        if body.t_s - self._noted_s < SAMPLE_S:
            return
        self._noted_s = body.t_s
        self._note_knees(body.t_s, angles)
        if lying:
            self._note_hips(body, angles)

    def lift_ratio(self, body: Body) -> float:
        """Return how far the hips have risen from where they rest, in trunk lengths.

        Measured in the picture from the shoulders, from the lower foot and from the picture
        itself. When the shoulders rise, a foot is lifted, the camera moves, or one of these is
        hidden and only guessed, two of the three still agree; the middle one is taken. Hips
        lower than at rest count as resting. NaN for who has not been lying of late.
        """
        trunk = self._trunks.usual
        if not trunk > 0 or body.t_s - self._lay_s > UP_S:
            return math.nan
        heights = zip(hip_heights_px(body), self._heights, strict=True)
        risen = median(now - rest.usual for now, rest in heights) / trunk
        return max(0.0, risen) if math.isfinite(risen) else math.nan

    def hip_opening_deg(self, angles: Readings, side: str) -> float:
        """Return by how much a hip is straighter than it is with the hips down, lying."""
        return self._hips[side].usual - angles[f"{side}_hip_flexion_deg"].value

    def knee_opening_deg(self, angles: Readings) -> float:
        """Return by how much a knee is straighter than at rest, of the leg in which it is more.

        Only of legs that are bent at the hip: sat on or, lying, held up. NaN when neither is.
        """
        opened = [
            self._knees[side].usual - angles[f"{side}_knee_flexion_deg"].value
            for side in SIDES
            if is_folded(angles, side)
        ]
        known = [deg for deg in opened if math.isfinite(deg)]
        return max(0.0, *known) if known else math.nan

    def _forget_the_place(self) -> None:
        for notes in (*self._heights, self._trunks, *self._hips.values()):
            notes.clear()

    def _note_knees(self, t_s: float, angles: Readings) -> None:
        for side in SIDES:
            if is_folded(angles, side):
                self._knees[side].add(t_s, angles[f"{side}_knee_flexion_deg"].value)

    def _note_hips(self, body: Body, angles: Readings) -> None:
        heights, trunk = hip_heights_px(body), trunk_px(body)
        if not math.isfinite(sum(heights) + trunk):
            return
        self._trunks.add(body.t_s, trunk)
        for notes, height in zip(self._heights, heights, strict=True):
            notes.add(body.t_s, height)
        if self.lift_ratio(body) < DOWN:
            for side in SIDES:
                self._hips[side].add(body.t_s, angles[f"{side}_hip_flexion_deg"].value)


def is_folded(angles: Readings, side: str) -> bool:
    """Whether a leg is bent at the hip, as when sitting or with the thigh held up."""
    return angles[f"{side}_hip_flexion_deg"].value > FOLDED_DEG


class Notes:
    """What was seen of one number in the last minute.

    Parameters
    ----------
    share
        Which quantile of it is the usual one.
    """

    def __init__(self, share: float) -> None:
        self._share = share
        self.clear()

    def clear(self) -> None:
        """Forget everything."""
        self._seen: deque[tuple[float, float]] = deque()
        self.usual = math.nan

    def add(self, t_s: float, value: float) -> None:
        """Note a value, unless it is unknown, and forget old ones."""
        if not math.isfinite(value):
            return
        self._seen.append((t_s, value))
        while self._seen[0][0] < t_s - REMEMBER_S:
            self._seen.popleft()
        self.usual = quantile((v for _, v in self._seen), self._share)


def quantile(values: Iterable[float], share: float) -> float:
    """Return the value that a share of all is below; there must be one."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
