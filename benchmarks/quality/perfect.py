"""What an analyzer says that sees perfectly: the truth of an exercise's criteria.

No second formula: the analyzer itself is given true joints and true angles, without any
error, and what it finds is taken for the truth. So every exercise that can be judged has one.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from benchmarks.rendered import RenderedClip, turned
from benchmarks.rendering.answers import EXACT, SIZE_PX, true_pose
from benchmarks.rendering.truth import JOINTS
from formcheck.analyzer import Analyzer
from formcheck.exercises.load import load_exercise
from formcheck.frame import SourceInfo
from formcheck.pose import Pose
from formcheck.refine.body import Body
from formcheck.refine.error import ErrorRow, MeasuredError
from formcheck.results import Reading, Readings, Report, View

_NONE = ErrorRow((0.0,), (1e-3,), (0.0,), (1e-3,))
SURE = MeasuredError((0.0,), dict.fromkeys(EXACT.rows, _NONE))
"""Nothing is off, and the analyzer knows."""


class TrueAngles:
    """The angles of true joints; implements `formcheck.refine.base.AngleRefiner`."""

    provenance: Mapping[str, Any] = {"method": "truth"}
    error = SURE

    def __init__(self, clip: RenderedClip) -> None:
        self._clip = clip

    def refine(self, body: Body, view: View) -> Readings:  # noqa: ARG002
        """Return the angles of the frame that the body is from."""
        at = int(np.argmin(np.abs(self._clip.t_s - body.t_s)))
        angles = self._clip.angles
        return {name: Reading(float(path[at]), 1e-3) for name, path in angles.items()}

    def reset(self) -> None:
        """Do nothing: each frame is looked up by itself."""


class Unsmoothed:
    """Poses as they are; implements `formcheck.smoothing.Smoother`."""

    provenance: Mapping[str, Any] = {"method": "none"}

    def feed(self, pose: Pose) -> Pose:
        """Return the pose."""
        return pose

    def reset(self) -> None:
        """Do nothing."""


def perfect_report(clip: RenderedClip, exercise_id: str) -> Report:
    """Return what the analyzer says of a clip's true joints.

    Parameters
    ----------
    clip
        The clip; its recording is not looked at.
    exercise_id
        What to look for.
    """
    exercise = load_exercise(exercise_id)
    analyzer = Analyzer(exercise, SIZE_PX, smoother=Unsmoothed(), refiner=TrueAngles(clip))
    # Some of what is asked of people on a chair or on the floor is read from the picture, and
    # the side shows it. A perfect camera stands there.
    if "standing" in exercise.postures:
        world = np.stack([clip.joints[name] for name in JOINTS], axis=1)
    else:
        world = turned(clip, "side")
    for t_s, joints in zip(clip.t_s, world, strict=True):
        analyzer.feed(true_pose(float(t_s), joints))
    return analyzer.finish(SourceInfo(clip.name, 0.0, len(clip.t_s), 0.0, *SIZE_PX, 0, ""))


def true_values(clip: RenderedClip, exercise_id: str) -> list[dict[str, float]]:
    """Return, for each of a clip's repetitions or holds, criterion → value.

    Nothing where it is unknown.

    Parameters
    ----------
    clip, exercise_id
        As in `perfect_report`.
    """
    report = perfect_report(clip, exercise_id)
    found = [(rep.span.start_s, rep.span.end_s, rep.verdicts) for rep in report.reps]
    if report.exercise.of == "holds":
        found = [(hold.start_s, hold.end_s, hold.verdicts) for hold in report.holds]
    values = []
    for rep in clip.labels.get("reps", ()):
        middle_s = rep["turn_s"]
        if report.exercise.of == "holds":
            middle_s = (rep["start_s"] + rep["end_s"]) / 2
        same = [verdicts for start_s, end_s, verdicts in found if start_s <= middle_s <= end_s]
        values.append({v.code: v.value for v in (same or [()])[0] if math.isfinite(v.value)})
    return values
