"""Whether somebody and their camera are ready, and if not, the one thing to do about it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from formcheck.exercises.definition import Exercise
from formcheck.geometry import angle_deg, sub
from formcheck.measures.catalogue import FRAME
from formcheck.pose import Pose
from formcheck.posture import LYING, POSTURES, PostureEstimator
from formcheck.refine.body import Body
from formcheck.results import SIDES, Posture, Unjudged, View
from formcheck.view import ViewEstimator

DARK = 0.16
"""Mean lightness, 0 to 1, below which a picture is dark."""
SEEN = 0.3
"""A part of the body that the pose model is less sure about is not seen."""
TOO_FAR, FAR = 0.16, 0.3
"""The person's longer side over the picture's height: too small to judge; smaller than good."""
FAR_S = 4.0
"""Who was large enough so shortly ago still is."""
EDGE = 0.01
"""A part that lies this far outside the picture, over its longer side, is outside."""
TILTED_DEG = 10.0
DOWN_DEG, UP_DEG = -19.0, 17.0
"""Somebody who stands straight leans by so much away from the camera's upright."""
STRAIGHT_DEG = 25.0
UPRIGHT_S = 1.0
"""Time constant of the camera's tilt and height."""
SHOWS_S = 0.6
"""A remark is made when it has been true for so long, and so is the one that all is well."""
PATIENCE_S = 15.0
"""Who still has the same difficulty after so long goes on anyway."""

BLOCKING = ("nobody", "legs", "feet", "body", "close", "too_far", "posture")
"""What has to be put right, the most important first; the rest is advice."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What is known at one moment about somebody who wants to begin."""

    pose: Pose
    unjudged: tuple[Unjudged, ...] = ()
    """What can't be judged from here."""
    light: float = math.nan
    """Mean lightness of the picture, 0 to 1; NaN if unknown."""
    people: int | None = None
    """How many people there are; None if nobody counted."""


@dataclass(frozen=True, slots=True)
class Readiness:
    """Whether it can begin, and what to say."""

    problem: str
    """What has to be put right first: a name in the catalogue's section ``ready``; empty for
    nothing."""
    advice: tuple[str, ...]
    """What would be better, the same way; the most important first."""
    ready_s: float
    """For how long all has been well enough to begin; 0 when it is not."""
    anyway: bool = False
    """Whether a problem remains that was waited for long enough."""


class ReadinessCheck:
    """Follows somebody who gets ready.

    Parameters
    ----------
    exercise
        What they are going to do.
    size_px
        (width, height) of the picture.
    """

    def __init__(self, exercise: Exercise, size_px: tuple[int, int]) -> None:
        self._exercise = exercise
        self._size_px = size_px
        self._wanted_view = wanted_view(exercise)
        self._views, self._postures = ViewEstimator(), PostureEstimator()
        self._now, self._now_since_s = "?", -math.inf
        self._shown, self._shown_since_s = "?", math.nan
        self._forgiven: set[str] = set()
        self._up: tuple[float, float] | None = None
        self._up_s = -math.inf
        self._near_s = -math.inf

    def forgive(self) -> None:
        """Go on anyway, whatever is not right now."""
        self._forgiven.add(self._shown)
        self._forgiven.add(self._now)

    def restart(self) -> None:
        """Look anew, as after a rest; what was forgiven stays so."""
        self._now, self._shown = "?", "?"

    def feed(self, sight: Sight) -> Readiness:
        """Take what is seen now."""
        t_s = sight.pose.t_s
        found = set(self._remarks(sight))
        if "far" not in found:
            self._near_s = t_s
        elif t_s - self._near_s < FAR_S:
            # Who bends down looks smaller.
            found.discard("far")
        problem = next((one for one in BLOCKING if one in found - self._forgiven), "")
        if problem != self._now:
            self._now, self._now_since_s = problem, t_s
        if self._now != self._shown and t_s - self._now_since_s >= SHOWS_S:
            self._shown, self._shown_since_s = self._now, t_s
        if self._waited(t_s):
            self._forgiven.add(self._shown)
        known = self._shown != "?"
        ready = known and not self._shown and not self._now
        advice = tuple(one for one in ADVICE if one in found)
        if "dark" in found and self._shown == "nobody":
            return Readiness("dark", (), 0.0)
        return Readiness(
            problem=self._shown if known else "look",
            advice=advice,
            ready_s=t_s - self._shown_since_s if ready else 0.0,
            anyway=bool(found & self._forgiven & set(BLOCKING)),
        )

    def _waited(self, t_s: float) -> bool:
        return (
            self._shown in BLOCKING
            and self._shown != "nobody"
            and t_s - self._shown_since_s > PATIENCE_S
        )

    def _remarks(self, sight: Sight) -> Iterator[str]:
        """Yield all that is not as it should be."""
        if sight.light < DARK:
            yield "dark"
        if not sight.pose.seen:
            yield "nobody"
            return
        body = Body(sight.pose, self._size_px)
        view, posture = self._views.feed(sight.pose), self._postures.feed(body)
        if sight.people is not None and sight.people > 1:
            yield "several"
        yield from framing(sight.pose, self._size_px, posture)
        if posture.name in POSTURES and posture.name not in self._exercise.postures:
            yield "posture"
        if posture.name == "standing":
            self._follow(body)
        yield from self._camera()
        if sight.unjudged:
            yield from self._turned(view, posture)

    def _camera(self) -> Iterator[str]:
        """Yield what is wrong with how the camera stands, as far as a standing person shows it."""
        if self._up is None:
            return
        roll_deg, pitch_deg = self._up
        if abs(roll_deg) > TILTED_DEG:
            yield "tilted"
        if pitch_deg < DOWN_DEG:
            yield "high"
        elif pitch_deg > UP_DEG:
            yield "low"

    def _follow(self, body: Body) -> None:
        leaning = upright_deg(body)
        if leaning is None:
            return
        since_s = body.t_s - self._up_s
        weight = 1.0 - math.exp(-since_s / UPRIGHT_S) if self._up else 1.0
        old = self._up or leaning
        self._up = (
            old[0] + weight * (leaning[0] - old[0]),
            old[1] + weight * (leaning[1] - old[1]),
        )
        self._up_s = body.t_s

    def _turned(self, view: View, posture: Posture) -> Iterator[str]:
        """Yield what would let more be judged."""
        if not math.isfinite(view.yaw_deg):
            return
        if self._wanted_view == "side" and not view.name.startswith("side"):
            yield "turn_camera" if posture.name in LYING else "turn_side"
        elif self._wanted_view == "front" and view.name not in {"front", "rear"}:
            yield "turn_front"


ADVICE = (
    "several",
    "dark",
    "tilted",
    "high",
    "low",
    "head",
    "far",
    "turn_side",
    "turn_front",
    "turn_camera",
)
"""What would be better, the most important first."""


def wanted_view(exercise: Exercise) -> str:
    """Return from where most of an exercise is judged: ``side``, ``front`` or ``any``.

    Where as much is judged from the front, the side is asked for: there the movement shows. Who
    lies is never asked to turn their feet to the camera.
    """
    views = [
        FRAME[c.question.measure].best_view if c.question.measure in FRAME else "any"
        for c in exercise.criteria
    ]
    side, front = views.count("side"), views.count("front")
    if side and side >= front:
        return "side"
    return "front" if front and not set(exercise.postures) & set(LYING) else "any"


def framing(pose: Pose, size_px: tuple[int, int], posture: Posture) -> Iterator[str]:
    """Yield what is wrong with how somebody is in the picture: what is cut off, near or far."""
    inside = _insider(pose, size_px)
    head = inside(("nose", "left_ear", "right_ear"))
    legs = inside(_both("hip")) and inside(_both("knee"))
    feet = inside(_both("ankle")) and (inside(_both("toe")) or inside(_both("heel")))
    trunk = inside(_both("shoulder"))
    lying = posture.name in LYING
    missing = [not head, not legs, not feet, not trunk]
    if lying and any(missing[1:]):
        yield "body"
    elif sum(missing) >= 3 or not (head or feet):
        yield "close"
    elif not legs:
        yield "legs"
    elif not feet:
        yield "feet"
    elif not head:
        yield "head"
    size = _extent(pose) / size_px[1]
    if size < TOO_FAR:
        yield "too_far"
    if size < FAR:
        yield "far"


def _both(part: str) -> tuple[str, ...]:
    return tuple(f"{side}_{part}" for side in SIDES)


def _insider(pose: Pose, size_px: tuple[int, int]) -> Callable[[Iterable[str]], bool]:
    """Return what tells whether one of some landmarks is seen inside the picture."""
    edge = EDGE * max(size_px)

    def inside(names: Iterable[str]) -> bool:
        for name in names:
            i = pose.skeleton.index[name]
            x, y = pose.image_px[i]
            here = -edge <= x <= size_px[0] + edge and -edge <= y <= size_px[1] + edge
            if here and pose.visibility[i] >= SEEN:
                return True
        return False

    return inside


def _extent(pose: Pose) -> float:
    """Return the longer side of what a person takes of the picture, in pixels."""
    names = ("nose", *_both("shoulder"), *_both("hip"), *_both("knee"), *_both("ankle"))
    points = pose.image_px[[pose.skeleton.index[name] for name in names]]
    known = points[np.isfinite(points).all(axis=1)]
    return float(np.ptp(known, axis=0).max()) if len(known) else 0.0


def upright_deg(body: Body) -> tuple[float, float] | None:
    """Return how far somebody who stands straight leans in the camera's eyes.

    Returns
    -------
    tuple of float, or None
        Sideways in the picture, positive to the right; and away from the camera, negative
        towards it, which is what a camera sees that looks down. None when they don't stand
        straight.
    """
    shoulder, hip, knee, ankle = (
        body.middle_m(part) for part in ("shoulder", "hip", "knee", "ankle")
    )
    thigh, shin, trunk = sub(hip, knee), sub(knee, ankle), sub(shoulder, hip)
    bent = max(angle_deg(thigh, shin), angle_deg(trunk, thigh))
    if not bent < STRAIGHT_DEG:
        return None
    up = sub(shoulder, ankle)
    top, foot = body.middle_px("shoulder"), body.middle_px("ankle")
    roll_deg = math.degrees(math.atan2(top[0] - foot[0], foot[1] - top[1]))
    return roll_deg, math.degrees(math.atan2(up[2], -up[1]))
