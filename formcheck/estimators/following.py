"""Stays with the person who exercises when others are in the picture, too.

A pose model that follows one person starts with whoever it finds first, and may go over to
somebody who passes in front. So now and then the whole picture is looked at for others. While
there is nobody else, nothing changes. Of several people each is followed apart, in a picture
in which all but them is painted over, and the one is chosen whose legs move most on the spot.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any, Protocol

import numpy as np

from formcheck.closing import Closing
from formcheck.estimators.anew import Successor
from formcheck.estimators.base import PoseEstimator
from formcheck.frame import Frame
from formcheck.people import Movement, Place, place_of, same
from formcheck.pose import Pose, Skeleton

FIRST_LOOKS_S = (0.0, 0.5, 1.0, 1.5)
"""The picture is looked at for others at the beginning,"""
ALONE_S, COMPANY_S = 2.0, 0.5
"""and then so often: while there is one person, and while there are several."""
PATIENCE_S = 2.5
"""Whoever was lost for longer may come back anywhere, as anybody."""
SETTLED_S = 0.5
"""Who has not been seen for so long on end may have been a bad guess: where they seem to be next
is believed as readily. In the dark a pose model fits its first bodies to anything."""
APART_M = 0.5
"""Two people are at least so far apart."""
SMALLEST = 0.4
"""Who appears smaller than this share of the person followed is in the background."""
MOST_PEOPLE = 4
ENOUGH_DEG, TIMES = 120.0, 2.0
"""Somebody else is chosen when their legs moved by more than this in all, and by so many times
more than those of the one who was followed."""
ALIKE, TOGETHER_S = 0.5, 3.0
"""Who moved by this share of the chosen one's movement, and was there for so long, might have been
meant."""
HISTORY_S = 60.0
"""For so long it is remembered where everybody was, for whoever is chosen late."""
SKIN_M = 0.15
"""A body reaches so much further than its landmarks."""
GREY = 127
ALIKE_NOTE = (
    "Several people moved about alike: it is not certain that the right one was followed. "
    "Film one person at a time."
)
SEVERAL_NOTE = (
    "Several people were in the picture; the one whose legs moved most on the spot was followed."
)


class People(Protocol):
    """Finds all people in one picture, without knowing those before it."""

    def look(self, frame: Frame) -> list[Pose]:
        """Return everybody's pose."""

    def close(self) -> None:
        """Release the model; safe to call twice."""


class FollowingPose(Closing):
    """Finds the person who exercises in the frames of one stream.

    Parameters
    ----------
    track
        Makes an estimator that follows one person.
    look
        Makes what finds all people of a picture.
    anew_s
        So often somebody who is alone is followed anew; see `formcheck.estimators.anew`.
    """

    def __init__(
        self,
        track: Callable[[], PoseEstimator],
        look: Callable[[], People],
        *,
        anew_s: float = math.inf,
    ) -> None:
        self._track = track
        self._successor = Successor(track, anew_s)
        self._look = look
        self._scout: People | None = None
        self._everybody = [_Followed(track(), None)]
        self._chosen = self._everybody[0]
        self._first_s = self._looked_s = self._last_s = math.nan
        self._together_s = 0.0
        self._closed = False
        self._corrections: dict[float, Pose] = {}

    @property
    def skeleton(self) -> Skeleton:
        """The landmarks it gives."""
        return self._chosen.tracker.skeleton

    @property
    def provenance(self) -> Mapping[str, Any]:
        """That of the estimator that follows one person."""
        return self._chosen.tracker.provenance

    @property
    def corrections(self) -> Mapping[float, Pose]:
        """Time → the pose there of the person who was chosen only later."""
        return self._corrections

    @property
    def notes(self) -> tuple[str, ...]:
        """What a report should say about several people."""
        if self._together_s < TOGETHER_S:
            return ()
        totals = sorted((one.movement.total for one in self._everybody), reverse=True)
        if len(totals) > 1 and totals[1] >= ALIKE * max(totals[0], ENOUGH_DEG):
            return (ALIKE_NOTE,)
        return (SEVERAL_NOTE,)

    @property
    def people(self) -> int:
        """How many people there are now, those far in the background left out."""
        return sum(one.place is not None and not one.lost(self._last_s) for one in self._everybody)

    def estimate(self, frame: Frame) -> Pose:
        """Return the pose of the person who exercises; all NaN when they are not seen."""
        if self._closed:
            msg = "estimate() was called on an estimator that is closed"
            raise RuntimeError(msg)
        if math.isnan(self._first_s):
            self._first_s = self._last_s = frame.t_s
        if len(self._everybody) > 1:
            self._together_s += frame.t_s - self._last_s
        alone = len(self._everybody) == 1
        if alone:
            self._follow_anew(frame)
        else:
            self._successor.close()
        for one in self._everybody:
            one.follow(frame, alone=alone)
        if self._due(frame.t_s):
            self._meet(frame)
        self._choose()
        self._last_s = frame.t_s
        return self._chosen.pose

    def forget_corrections(self) -> None:
        """Forget the corrections so far: a stream that goes on for hours has too many."""
        self._corrections = {}

    def close(self) -> None:
        """Release all models; safe to call twice."""
        self._closed = True
        for one in self._everybody:
            one.tracker.close()
        self._successor.close()
        if self._scout is not None:
            self._scout.close()

    def _follow_anew(self, frame: Frame) -> None:
        """Let a new estimator take over now and then."""
        new = self._successor.take_over(frame.t_s, self._chosen.pose)
        if new is not None:
            self._chosen.tracker.close()
            self._chosen.tracker = new
        self._successor.follow(frame)

    def _due(self, t_s: float) -> bool:
        """Whether to look for others now."""
        if math.isnan(self._looked_s):
            return True
        since = t_s - self._looked_s
        if any(t_s - self._first_s >= at > self._looked_s - self._first_s for at in FIRST_LOOKS_S):
            return True
        several = len(self._everybody) > 1 or self._chosen.mistaken
        return since >= (COMPANY_S if several else ALONE_S)

    def _meet(self, frame: Frame) -> None:
        """Look who is there: follow whoever is new, and forget who has gone."""
        if self._scout is None:
            self._scout = self._look()
        self._looked_s = frame.t_s
        for gone in [one for one in self._everybody if self._gone(one, frame.t_s)]:
            gone.tracker.close()
            self._everybody.remove(gone)
        mine = self._chosen.place
        # Those who are followed would be found first, and others beside them missed.
        others = _without(frame, [one.pose for one in self._everybody])
        for pose in self._scout.look(others):
            place = place_of(pose)
            if place is None or mine is None or place.px_per_m < SMALLEST * mine.px_per_m:
                continue
            if len(self._everybody) < MOST_PEOPLE and all(
                one.place is None or one.place.apart_m(place) >= APART_M for one in self._everybody
            ):
                new = _Followed(self._track(), place)
                new.follow(frame, alone=False)
                self._everybody.append(new)

    def _gone(self, one: _Followed, t_s: float) -> bool:
        if one is self._chosen:
            return False
        if one.lost(t_s):
            return True
        mine = self._chosen.place
        twice = mine is not None and one.place is not None and mine.apart_m(one.place) < APART_M / 2
        return twice and not self._chosen.mistaken and self._chosen.pose.seen

    def _choose(self) -> None:
        """Go over to somebody else if it is clear that they are the one who exercises."""
        if len(self._everybody) == 1:
            return
        best = max(self._everybody, key=lambda one: one.movement.total)
        mine = self._chosen.movement.total
        if best is not self._chosen and best.movement.total > ENOUGH_DEG + TIMES * mine:
            self._chosen = best
            self._corrections.update((pose.t_s, pose) for pose in best.history)


class _Followed:
    """One person, followed by an estimator of their own."""

    def __init__(self, tracker: PoseEstimator, place: Place | None) -> None:
        self.tracker = tracker
        self.place = place
        """Where they were last."""
        self.mistaken = False
        """Whether somebody else was found in their place."""
        self._since_s = math.nan
        """Since when they have been seen in one place, without a break."""
        self._settled = False
        """Whether that was long enough to believe it."""
        self.movement = Movement()
        self.pose = Pose.nobody(0.0)
        self.history: deque[Pose] = deque()

    def lost(self, t_s: float) -> bool:
        """Whether they have not been seen for long."""
        return self.place is None or t_s - self.place.t_s > PATIENCE_S

    def follow(self, frame: Frame, *, alone: bool) -> None:
        """Find them in a frame."""
        if self.place is not None and self.lost(frame.t_s):
            self.place, self.mistaken, self._settled = None, False, False
        hide = self.place is not None and (not alone or self.mistaken)
        mine = _only(frame, self.place) if hide and self.place else frame
        pose = self.tracker.estimate(mine)
        place = place_of(pose)
        if alone and not self._settled:
            if self._somebody_else(place):
                self._since_s = math.nan
        elif self._somebody_else(place):
            self._forget(frame)
            self.mistaken = True
            pose = self.tracker.estimate(_without(_only(frame, self.place), [pose]))
            place = place_of(pose)
            if self._somebody_else(place):
                self._forget(frame)
                pose, place = Pose.nobody(frame.t_s, pose.skeleton), None
        if place is not None:
            self.place, self.mistaken = place, False
            self.movement.feed(pose, place)
        self._settle(frame.t_s)
        self.pose = pose
        self.history.append(pose)
        while frame.t_s - self.history[0].t_s > HISTORY_S:
            self.history.popleft()

    def _settle(self, t_s: float) -> None:
        """Believe in a place where they were seen for long enough."""
        if self.place is None or self.place.t_s < t_s:
            self._since_s = math.nan
        elif math.isnan(self._since_s):
            self._since_s = t_s
        self._settled = self._settled or t_s - self._since_s >= SETTLED_S

    def _somebody_else(self, place: Place | None) -> bool:
        return place is not None and self.place is not None and not same(self.place, place)

    def _forget(self, frame: Frame) -> None:
        """Keep the tracker from going on with whom it found, by a picture of nothing."""
        self.tracker.estimate(_only(frame, None))


def _without(frame: Frame, people: Iterable[Pose]) -> Frame:
    """Return a frame in which people are painted over."""
    image = frame.image.copy()
    for pose in people:
        place = place_of(pose)
        if place is None:
            continue
        seen = pose.image_px[np.isfinite(pose.image_px).all(axis=1)]
        margin = SKIN_M * place.px_per_m
        (left, top), (right, bottom) = seen.min(axis=0) - margin, seen.max(axis=0) + margin
        image[_part(frame, left, top, right, bottom)] = GREY
    return replace(frame, image=image, full=None)


def _part(
    frame: Frame, left: float, top: float, right: float, bottom: float
) -> tuple[slice, slice]:
    """Return the part of a frame's image that a box in full-size pixels covers."""
    height, width = frame.image.shape[:2]
    across, down = width / frame.size_px[0], height / frame.size_px[1]
    return (
        slice(max(0, round(top * down)), max(0, round(bottom * down))),
        slice(max(0, round(left * across)), max(0, round(right * across))),
    )


def _only(frame: Frame, place: Place | None) -> Frame:
    """Return a frame with everything painted over but what somebody at a place may reach."""
    image = np.full_like(frame.image, GREY)
    if place is not None:
        kept = _part(frame, *place.box(frame.size_px))
        image[kept] = frame.image[kept]
    return replace(frame, image=image, full=None)
