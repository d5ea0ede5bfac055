"""The person's own resting position on the floor or on a chair, from which movement is measured.

How high the hips lie in the picture depends on the person, the floor and where the camera
stands; how far a hanging knee is bent, on the chair. So both are learnt while the person rests,
and only what changes from there counts: from the side, from head or feet, from the floor or
from a chair, whole or cut by the picture's edge.
"""

from __future__ import annotations

import math
from bisect import bisect_left, insort
from collections import deque
from collections.abc import Iterable
from itertools import chain
from statistics import median

from formcheck.geometry import distance, elevation_deg, flexion_deg, inclination_deg, sub
from formcheck.measures.stirring import Stir, trunk_px
from formcheck.posture import ramp
from formcheck.refine.body import Body
from formcheck.results import SIDES, Posture, Reading, Readings, View
from formcheck.view import folded_deg

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
SUPINE, UPRIGHT = "supine", {"standing", "seated", "kneeling", "all-fours"}
SHOULDERS_STAY = 0.2
"""Shoulders that moved by less than this, in trunk lengths, are where they were."""
LOW = 0.1
"""Hips rest at this quantile of their heights: even between long holds people rest that often."""
DOWN = 0.08
"""Hips risen by less than this, in trunk lengths, are down."""
RAISED_DEG, LOWERED_DEG = 25.0, 38.0
"""From the side: hips bent less than the first are in the air, more than the second, down."""
RAISED, BENT_DOWN_DEG = 0.42, 50.0
"""How high hips in line with trunk and thighs are, and how far they are bent when down."""
PLANTED_DEG = 60.0
"""Knees are bent this much at least with a foot on the floor close enough for a bridge."""
FOLDED_DEG = 65.0
"""A leg that is bent at the hip by more than this is sat on or held up; one whose foot is on the
floor, lying, is bent less."""
FOLDED_S, UNFOLDED_S = 1.0, 0.5
"""A knee has a rest after its leg was bent up for the first time; squats are shorter. Not bent up
for less than the second counts for nothing: the pose model mixed up legs."""
SIDE_ON_DEG = 50.0, 70.0
"""From the second on, a knee is bent as the picture shows; up to the first, it is not."""
SWAP_S, SWAP_DEG = 0.25, 40.0
"""The pose model mixes up legs for shorter than this; what is so far from the middle of what was
seen meanwhile is such a mix-up."""
KNEES_S = 20.0
"""How long the rest of a knee is remembered: people shift on their seat, or hold a thigh anew."""
BENT = 0.85
"""A knee's rest is this quantile of how far it was bent."""


def is_lying(body: Body, angles: Readings, posture: Posture) -> bool:
    """Whether this could be somebody on their back, hips up or down.

    Where head or feet are out of the picture, the pose model's guess has to do.
    """
    if posture.name in UPRIGHT:
        return False
    trunk = angles["trunk_inclination_deg"].value
    if not math.isfinite(trunk):
        trunk = inclination_deg(sub(body.middle_m("shoulder"), body.middle_m("hip")))
    level = trunk > LYING_DEG and any(_thigh_deg(body, angles, s) < HANGING_DEG for s in SIDES)
    return level or posture.name == SUPINE


def _thigh_deg(body: Body, angles: Readings, side: str) -> float:
    known = angles[f"{side}_thigh_elevation_deg"].value
    if math.isfinite(known):
        return known
    return elevation_deg(sub(body.m(f"{side}_hip"), body.m(f"{side}_knee")))


def hip_heights_px(body: Body) -> list[tuple[float, float, float]]:
    """Return how far up the picture each hip is: from the shoulders, the lower foot, at all."""
    shoulder, foot = body.middle_px("shoulder")[1], lower_foot_px(body)
    hips = [body.px(f"{side}_hip")[1] for side in SIDES]
    return [(shoulder - hip, foot - hip, -hip) for hip in hips]


def shoulder_heights_px(body: Body) -> tuple[float, float]:
    """Return how far up the picture the shoulders are: from the lower foot, and at all."""
    shoulder = body.middle_px("shoulder")[1]
    return lower_foot_px(body) - shoulder, -shoulder


def lower_foot_px(body: Body) -> float:
    """Return how far down the picture the lower ankle is."""
    return max(body.px(f"{side}_ankle")[1] for side in SIDES)


class Resting:
    """What is known of how the person rests."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forget the person."""
        self._lay_s = -math.inf
        self._noted_s = -math.inf
        self._heights = [[Notes(LOW) for _ in range(3)] for _ in SIDES]
        self._shoulders = [Notes(LOW) for _ in range(2)]
        self._trunks = Notes(0.5)
        self._hips = {side: Notes(0.5) for side in SIDES}
        self._hip_sigmas = {side: Notes(0.5) for side in SIDES}
        self._slope = Notes(0.5)
        self._knees = {side: Notes(BENT, KNEES_S) for side in SIDES}
        self._high_knees = {side: Notes(BENT, KNEES_S) for side in SIDES}
        self._thighs, self._shins = Notes(0.5), Notes(0.5)
        self._opened: deque[tuple[float, float]] = deque()
        self._folded = dict.fromkeys(SIDES, (math.inf, -math.inf))
        self._side_on, self._lies = 0.0, False
        self._stirs = {part: Stir(part) for part in ("hip", "knee")}
        self._guessing = False

    def feed(self, body: Body, angles: Readings, posture: Posture, view: View) -> None:
        """Take one pose; a few times a second it is learnt from."""
        self._side_on = ramp(folded_deg(view.yaw_deg), *SIDE_ON_DEG)
        self._lies = posture.name == SUPINE
        lying = is_lying(body, angles, posture)
        if lying and body.t_s - self._lay_s > UP_S:
            self._forget_the_place()
        if lying:
            self._lay_s = body.t_s
            for stir in self._stirs.values():
                stir.feed(body)
        self._follow_knees(body, angles)
        if body.t_s - self._noted_s < SAMPLE_S:
            return
        self._noted_s = body.t_s
        self._note_knees(body, angles)
        if lying:
            self._note_hips(body, angles, posture)

    def lift_ratio(self, body: Body) -> float:
        """Return how far the hips have risen from where they rest, in trunk lengths.

        Measured in the picture from the shoulders, from the lower foot and from the picture
        itself. When the shoulders rise, a foot is lifted, the camera moves, or one of these is
        hidden and only guessed, two of the three still agree; the middle one is taken. Of the
        two hips, the one that has risen less: a thigh that is raised takes its hip with it.
        Hips lower than at rest count as resting. NaN for who has not been lying of late.
        """
        trunk = self._trunks.usual
        if not trunk > 0 or body.t_s - self._lay_s > UP_S:
            return math.nan
        risen = min(
            median(now - rest.usual for now, rest in zip(heights, rests, strict=True))
            for heights, rests in zip(hip_heights_px(body), self._heights, strict=True)
        )
        return max(0.0, risen / trunk) if math.isfinite(risen) else math.nan

    def lies(self, body: Body, angles: Readings, posture: Posture) -> bool:
        """Whether this is somebody on their back, their shoulders where they rest.

        Shoulders are only looked at when the posture is not plain: from the feet, they are
        hidden, and where the pose model believes them to be goes up and down with the hips.
        """
        if posture.name == SUPINE:
            return True
        rises = zip(shoulder_heights_px(body), self._shoulders, strict=True)
        risen = min(abs(now - rest.usual) for now, rest in rises) / self._trunks.usual
        return is_lying(body, angles, posture) and risen < SHOULDERS_STAY

    def stir_ratio(self, body: Body) -> float:
        """Return how far hips or knees surely are from where they rest, in trunk lengths.

        A pelvic tilt moves both a little; which of them shows depends on the camera. NaN for
        who is not lying, or has not been lying still yet.
        """
        known = [stir.clear_ratio for stir in self._stirs.values() if stir.known]
        return max(known) if known and body.t_s - self._lay_s <= UP_S else math.nan

    def drift_ratio(self, body: Body) -> float:
        """Return how far the knees are from where they rest, in trunk lengths; NaN as above."""
        return self._stirs["knee"].ratio if body.t_s - self._lay_s <= UP_S else math.nan

    def rise_ratio(self, body: Body) -> float:
        """Return how far the hips are above where they rested last; NaN as above.

        Unlike `lift_ratio`, it is about this rest, not about the lowest in a minute.
        """
        return self._stirs["hip"].rise_ratio if body.t_s - self._lay_s <= UP_S else math.nan

    def hip_opening_deg(self, angles: Readings, side: str) -> Reading:
        """Return by how much a hip is straighter than it is with the hips down, lying."""
        now = angles[f"{side}_hip_flexion_deg"]
        sigma = math.hypot(now.sigma, self._hip_sigmas[side].usual)
        return Reading(self._hips[side].usual - now.value, sigma)

    def pelvis_drop_deg(self, body: Body, side: str) -> float:
        """Return how far this side's hip is lower than the other, from how they lay."""
        dropped = self._slope.usual - hip_line_deg(body)
        return dropped if side == "left" else -dropped

    def knee_opening_deg(self) -> float:
        """Return by how much a knee is straighter than at rest, of the leg in which it is more.

        Only of legs that are bent at the hip: sat on or, lying, held up. NaN when neither is.
        Told in two ways, and taken as their mean, each of its own leg; a moment in which the
        pose model mixes up the legs is bridged.
        """
        if not self._opened:
            return math.nan
        return median(deg for _, deg in self._opened) if self.mixed_up else self._opened[-1][1]

    @property
    def mixed_up(self) -> bool:
        """Whether the legs seem to be mixed up in this very moment."""
        usual = median(deg for _, deg in self._opened) if self._opened else 0.0
        return bool(self._opened) and abs(self._opened[-1][1] - usual) >= SWAP_DEG

    def _opening_deg(self, body: Body, angles: Readings) -> float:
        openings = [self._openings(body, angles, side) for side in SIDES]
        known = [max(0.0, *found) for way in zip(*openings, strict=True) if (found := _finite(way))]
        return sum(known) / len(known) if known else math.nan

    def leg_opening_deg(self, body: Body, angles: Readings, side: str) -> float:
        """Return by how much this knee is straighter than at rest; 0 for a leg not bent up."""
        known = _finite(self._openings(body, angles, side))
        return sum(known) / len(known) if known else 0.0

    def _openings(self, body: Body, angles: Readings, side: str) -> tuple[float, float]:
        """Return that from how the knee is bent, and from how high its leg's joints are.

        Heights only of who sits: a thigh that is held upright is turned a little now and then.
        """
        if not is_folded(angles, side) or body.t_s - self._folded[side][0] < FOLDED_S:
            return math.nan, math.nan
        bent = self._knees[side].usual - self._bend_deg(body, angles, side)
        high = self._high_knees[side].usual - self._bend_by_height_deg(body, side)
        return bent, math.nan if self._lies else high

    def _bend_deg(self, body: Body, angles: Readings, side: str) -> float:
        """Return how far a knee is bent: from the side as the picture shows, else as refined."""
        said, share = angles[f"{side}_knee_flexion_deg"].value, self._side_on
        shown = flexion_deg(*(body.px(f"{side}_{part}") for part in ("hip", "knee", "ankle")))
        return said + share * (shown - said)

    def _bend_by_height_deg(self, body: Body, side: str) -> float:
        """Return how far a knee is bent, as the heights of its joints in the picture tell.

        Thigh and shin of somebody who sits, or holds a thigh upright, move in a plane that
        stands upright. How steep each of them is shows from everywhere, if its length is known.
        """
        hip, knee, ankle = (body.px(f"{side}_{part}")[1] for part in ("hip", "knee", "ankle"))
        return _slope_deg(hip - knee, self._thighs.usual) - _slope_deg(
            knee - ankle, self._shins.usual
        )

    def _follow_knees(self, body: Body, angles: Readings) -> None:
        for side in SIDES:
            since_s, last_s = self._folded[side]
            if is_folded(angles, side):
                again = body.t_s - last_s > UNFOLDED_S
                self._folded[side] = (body.t_s if again else since_s, body.t_s)
        opening = self._opening_deg(body, angles)
        if math.isfinite(opening):
            self._opened.append((body.t_s, opening))
        while self._opened and self._opened[0][0] < body.t_s - SWAP_S:
            self._opened.popleft()

    def _forget_the_place(self) -> None:
        hips = (*self._hips.values(), *self._hip_sigmas.values(), self._slope)
        for notes in (*chain(*self._heights), *self._shoulders, self._trunks, *hips):
            notes.clear()
        for stir in self._stirs.values():
            stir.forget()

    def _note_knees(self, body: Body, angles: Readings) -> None:
        t_s, scale = body.t_s, body.px_per_m()
        for notes, (near, far) in (
            (self._thighs, ("hip", "knee")),
            (self._shins, ("knee", "ankle")),
        ):
            lengths = [distance(body.m(f"{s}_{near}"), body.m(f"{s}_{far}")) for s in SIDES]
            notes.add(t_s, scale * max(lengths))
        for side in SIDES:
            if is_folded(angles, side):
                self._knees[side].add(t_s, self._bend_deg(body, angles, side))
                self._high_knees[side].add(t_s, self._bend_by_height_deg(body, side))

    def _note_hips(self, body: Body, angles: Readings, posture: Posture) -> None:
        heights, shoulders = chain(*hip_heights_px(body)), shoulder_heights_px(body)
        trunk = trunk_px(body)
        above = self._guess(body, posture) * trunk
        self._trunks.add(body.t_s, trunk)
        for notes, height in zip(chain(*self._heights), heights, strict=True):
            notes.add(body.t_s, height - above)
        for notes, height in zip(self._shoulders, shoulders, strict=True):
            notes.add(body.t_s, height)
        if self.lift_ratio(body) < DOWN:
            self._slope.add(body.t_s, hip_line_deg(body))
            for side in SIDES:
                bent = angles[f"{side}_hip_flexion_deg"]
                self._hips[side].add(body.t_s, bent.value)
                self._hip_sigmas[side].add(body.t_s, bent.sigma)

    def _guess(self, body: Body, posture: Posture) -> float:
        """Return how far up the hips are while they have not been seen down, in trunk lengths.

        For clips that begin with the hips in the air, as far as the side view shows that.
        """
        bent = side_on_bend_deg(body, posture)
        if math.isnan(self._trunks.usual):
            self._guessing = bent < RAISED_DEG
        elif self._guessing and not bent < LOWERED_DEG:
            self._guessing = False
            for notes in chain(*self._heights):
                notes.clear()
        return RAISED * (1 - bent / BENT_DOWN_DEG) if self._guessing else 0.0


def side_on_bend_deg(body: Body, posture: Posture) -> float:
    """Return how far the hip is bent in the picture of somebody who lies across it.

    Of the leg whose foot is on the floor; NaN for who does not lie so.
    """
    if posture.head not in SIDES:
        return math.nan
    side = max(SIDES, key=lambda side: body.px(f"{side}_ankle")[1])
    shoulder, hip, knee, ankle = (
        body.px(f"{side}_{part}") for part in ("shoulder", "hip", "knee", "ankle")
    )
    return (
        flexion_deg(shoulder, hip, knee)
        if flexion_deg(hip, knee, ankle) > PLANTED_DEG
        else math.nan
    )


def hip_line_deg(body: Body) -> float:
    """Return how far the left hip is above the right one, as the pose model's metres have it."""
    return elevation_deg(sub(body.m("left_hip"), body.m("right_hip")))


def is_folded(angles: Readings, side: str) -> bool:
    """Whether a leg is bent at the hip, as when sitting or with the thigh held up."""
    return angles[f"{side}_hip_flexion_deg"].value > FOLDED_DEG


def _slope_deg(rise_px: float, length_px: float) -> float:
    """Return how steeply a bone of some length goes down that rises by so much upwards."""
    if not length_px > 0:
        return math.nan
    return math.degrees(math.asin(max(-1.0, min(1.0, rise_px / length_px))))


def _finite(values: Iterable[float]) -> list[float]:
    return [value for value in values if math.isfinite(value)]


class Notes:
    """What was seen of one number of late.

    Parameters
    ----------
    share
        Which quantile of it is the usual one.
    remember_s
        For how long it is remembered.
    """

    def __init__(self, share: float, remember_s: float = REMEMBER_S) -> None:
        self._share = share
        self._remember_s = remember_s
        self.clear()

    def clear(self) -> None:
        """Forget everything."""
        self._seen: deque[tuple[float, float]] = deque()
        self._ordered: list[float] = []

    def add(self, t_s: float, value: float) -> None:
        """Note a value, unless it is unknown, and forget old ones."""
        if not math.isfinite(value):
            return
        self._seen.append((t_s, value))
        insort(self._ordered, value)
        while self._seen[0][0] < t_s - self._remember_s:
            _, old = self._seen.popleft()
            del self._ordered[bisect_left(self._ordered, old)]

    @property
    def usual(self) -> float:
        """The value that the share of all is below; NaN when there is none."""
        count = len(self._ordered)
        return self._ordered[min(count - 1, int(self._share * count))] if count else math.nan
