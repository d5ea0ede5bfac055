"""What every frame shows: poses in, readings out, whatever exercise they are for.

Smoothing, view, posture, angles and measurements do not depend on the exercise, so several
exercises can be watched at once for little more than the price of one.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from formcheck.measures.base import Scene
from formcheck.measures.catalogue import ALL_READINGS, measure_frame
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


@dataclass(frozen=True, slots=True)
class Observation:
    """What one frame shows."""

    t_s: float
    pose: Pose
    """Smoothed."""
    view: View
    posture: Posture
    readings: Readings


class Observer:
    """Turns poses into readings, frame by frame, and keeps them.

    Parameters
    ----------
    size_px
        (width, height) of the full picture that the poses' pixels refer to.
    smoother, refiner, error, keep_s
        As in `formcheck.analyzer.Analyzer`.
    """

    def __init__(
        self,
        size_px: tuple[int, int],
        *,
        smoother: Smoother | None = None,
        refiner: AngleRefiner | None = None,
        error: MeasuredError | None = None,
        keep_s: float = math.inf,
    ) -> None:
        self.size_px = size_px
        self.smoother = smoother or OneEuroSmoother()
        # Errors that somebody knows better belong to plain geometry.
        self.refiner = refiner or (angle_refiner() if error is None else PlainAngles(error))
        self.error = error or self.refiner.error
        self.series = SeriesRecorder(ALL_READINGS, keep_s)
        """The readings of the frames so far."""
        self._view = ViewEstimator()
        self._views = ViewSummary()
        self._posture = PostureEstimator()
        self._postures = PostureSummary()
        self._standing = Standing()
        self._resting = Resting()
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
        smooth = self.smoother.feed(pose)
        body = Body(smooth, self.size_px)
        view = self._view.feed(smooth)
        posture = self._posture.feed(body)
        angles = self.refiner.refine(body, view)
        if body.seen:
            self._standing.feed(body, angles)
            self._resting.feed(body, angles, posture, view)
        scene = Scene(body, angles, view, self._standing, self._resting, posture)
        readings = measure_frame(scene, self.error)
        self._note(pose, view, posture)
        self.series.add(pose.t_s, readings)
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
