"""What every frame shows: poses in, readings out, whatever exercise they are for.

Smoothing, view, posture, angles and measurements do not depend on the exercise, so several
exercises can be watched at once for little more than the price of one.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from formcheck.legs import CrossedLegs
from formcheck.measures.base import Scene
from formcheck.measures.catalogue import ALL_READINGS, measure_frame
from formcheck.measures.position import plainly_over
from formcheck.measures.resting import Resting
from formcheck.measures.standing import Standing
from formcheck.pose import Pose
from formcheck.posture import LYING, PostureEstimator, PostureSummary
from formcheck.refine.base import AngleRefiner
from formcheck.refine.body import Body
from formcheck.refine.choose import angle_refiner
from formcheck.refine.error import MeasuredError
from formcheck.refine.plain import PlainAngles
from formcheck.results import Posture, Readings, View
from formcheck.series import SeriesRecorder
from formcheck.smoothing import OneEuroSmoother, Smoother
from formcheck.view import ViewEstimator, ViewSummary

REMEMBERED = 20_000
"""Frames of a clip that are remembered; longer ones are looked at twice."""


@dataclass(frozen=True, slots=True)
class Observation:
    """What one frame shows."""

    t_s: float
    pose: Pose
    """Smoothed."""
    view: View
    posture: Posture
    readings: Readings


class Memory:
    """What the poses of a clip showed, for who looks at the same ones again.

    Parameters
    ----------
    most
        After so many frames, all is forgotten: a frame takes about 10 kB.
    """

    def __init__(self, most: int = REMEMBERED) -> None:
        self._most = most
        self._seen: list[tuple[Pose, Observation]] = []
        self._forgotten = False
        self.made_by: tuple[Any, ...] = ()
        """What it depends on besides the poses."""

    def __len__(self) -> int:
        return len(self._seen)

    def note(self, pose: Pose, seen: Observation) -> None:
        """Remember what one pose, as it came, showed."""
        self._forgotten |= len(self._seen) == self._most
        if self._forgotten:
            self._seen.clear()
        else:
            self._seen.append((pose, seen))

    def recall(self, index: int, pose: Pose) -> Observation | None:
        """Return what the pose of a frame showed; None if that was another pose."""
        if index >= len(self._seen):
            return None
        before, seen = self._seen[index]
        same = before.t_s == pose.t_s and np.array_equal(
            before.image_px, pose.image_px, equal_nan=True
        )
        return seen if same else None

    def poses(self, count: int) -> list[Pose]:
        """Return the first poses."""
        return [pose for pose, _ in self._seen[:count]]


class Observer:
    """Turns poses into readings, frame by frame, and keeps them.

    Parameters
    ----------
    size_px
        (width, height) of the full picture that the poses' pixels refer to.
    smoother, refiner, error, keep_s
        As in `formcheck.analyzer.Analyzer`.
    memory
        Of another observer of the same poses: what they showed is not worked out again.
    remember
        Whether to keep what is seen in `memory`, for another observer.
    """

    def __init__(
        self,
        size_px: tuple[int, int],
        *,
        smoother: Smoother | None = None,
        refiner: AngleRefiner | None = None,
        error: MeasuredError | None = None,
        keep_s: float = math.inf,
        memory: Memory | None = None,
        remember: bool = False,
    ) -> None:
        self.size_px = size_px
        self._remember = remember
        self.smoother = smoother or OneEuroSmoother()
        # Errors that somebody knows better belong to plain geometry.
        self.refiner = refiner or (angle_refiner() if error is None else PlainAngles(error))
        self.error = error or self.refiner.error
        self.series = SeriesRecorder(ALL_READINGS, keep_s)
        """The readings of the frames so far."""
        made_by = (size_px, dict(self.smoother.provenance), dict(self.refiner.provenance))
        self._memory = memory if memory and memory.made_by == made_by else None
        self.memory = Memory()
        """What the poses so far showed, if that is to be remembered."""
        self.memory.made_by = made_by
        self._view = ViewEstimator()
        self._views = ViewSummary()
        self._posture = PostureEstimator()
        self._postures = PostureSummary()
        self._standing = Standing()
        self._resting = Resting()
        self._legs = CrossedLegs()
        self._frames_seen = 0
        self._first_s = math.nan
        self._last_s = -math.inf
        self._interrupted = False
        self._interruptions = 0
        self._interrupted_s = 0.0

    def interrupt(self) -> None:
        """Let the time until the next pose count for nothing."""
        self._interrupted = True

    def feed(self, pose: Pose) -> Observation:
        """Take the next pose.

        Raises
        ------
        ValueError
            The pose is not later than the one before it.
        """
        if not pose.t_s > self._last_s:
            msg = f"poses must come in order of time: {pose.t_s} s after {self._last_s} s"
            raise ValueError(msg)
        seen = self._recalled(pose)
        if seen is None:
            seen = self._look(pose)
            if self._remember:
                self.memory.note(pose, seen)
        self._note(pose, seen.view, seen.posture)
        self.series.add(pose.t_s, seen.readings)
        return seen

    def _recalled(self, pose: Pose) -> Observation | None:
        """Return what is remembered of a pose; if it is not, catch up and remember no more."""
        memory = self._memory
        if memory is None:
            return None
        seen = memory.recall(self.frames, pose)
        if seen is None:
            self._memory = None
            for earlier in memory.poses(self.frames):
                self._look(earlier)
        return seen

    def _look(self, pose: Pose) -> Observation:
        """Work out what a pose shows."""
        smooth = self.smoother.feed(pose)
        body = Body(smooth, self.size_px)
        view = self._view.feed(smooth)
        posture = self._posture.feed(body)
        angles = self.refiner.refine(body, view)
        if body.seen:
            self._standing.feed(body, angles)
            self._resting.feed(body, angles, posture, view)
            self._legs.feed(smooth, plainly_over(body))
        scene = Scene(body, angles, view, self._standing, self._resting, posture, self._legs)
        readings = measure_frame(scene, self.error)
        return Observation(pose.t_s, smooth, view, posture, readings)

    def _note(self, pose: Pose, view: View, posture: Posture) -> None:
        if not self.frames:
            self._first_s = pose.t_s
        elif self._interrupted:
            self._interruptions += 1
            self._interrupted_s += pose.t_s - self._last_s
        else:
            self._views.feed(view, pose.t_s - self._last_s)
            self._postures.feed(posture, pose.t_s - self._last_s)
        self._frames_seen += pose.seen
        self._last_s = pose.t_s
        self._interrupted = False

    @property
    def frames(self) -> int:
        """How many poses were taken."""
        return len(self.series)

    @property
    def last_s(self) -> float:
        """When the latest pose was; minus infinity before the first."""
        return self._last_s

    @property
    def seen(self) -> float:
        """Share of the frames with a person in them; 0 without frames."""
        return self._frames_seen / self.frames if self.frames else 0.0

    @property
    def fps(self) -> float:
        """Frames a second, interruptions left out; NaN before the second one."""
        spacings = self.frames - 1 - self._interruptions
        length_s = self._last_s - self._first_s - self._interrupted_s
        return spacings / length_s if spacings > 0 else math.nan

    @property
    def view(self) -> View:
        """From where the whole clip is seen."""
        return self._views.view()

    @property
    def posture(self) -> Posture:
        """The one held longest so far."""
        return self._postures.posture()

    @property
    def lying(self) -> bool:
        """Whether the person has been lying for most of the time."""
        return self.posture.name in LYING
