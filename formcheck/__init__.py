"""Checks the form of exercises through a camera. Educational, not medical advice.

The names below are the public interface. Whatever needs a video library or the pose
model is only loaded when it is used.

Examples
--------
>>> from formcheck import Analyzer, Pose, load_exercise
>>> analyzer = Analyzer(load_exercise("squat"), size_px=(640, 480))
>>> analyzer.feed(Pose.nobody(t_s=0.0)).reps
0
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from formcheck._version import __version__

if TYPE_CHECKING:
    from formcheck.analyzer import Analyzer
    from formcheck.api import CheckedReport, check, landmarks
    from formcheck.errors import FormcheckError
    from formcheck.exercises.definition import Exercise
    from formcheck.exercises.load import exercise_ids, load_exercise
    from formcheck.frame import Frame, SourceInfo
    from formcheck.pipeline import analyze_frames, analyze_recording
    from formcheck.pose import BLAZEPOSE, Pose, PoseTrack, Skeleton
    from formcheck.report.document import to_document
    from formcheck.results import Cue, Reading, Rep, Report, Status, Tick, Verdict, View

_HOME = {
    "Analyzer": "analyzer",
    "BLAZEPOSE": "pose",
    "CheckedReport": "api",
    "Cue": "results",
    "Exercise": "exercises.definition",
    "FormcheckError": "errors",
    "Frame": "frame",
    "Pose": "pose",
    "PoseTrack": "pose",
    "Reading": "results",
    "Rep": "results",
    "Report": "results",
    "Skeleton": "pose",
    "SourceInfo": "frame",
    "Status": "results",
    "Tick": "results",
    "Verdict": "results",
    "View": "results",
    "analyze_frames": "pipeline",
    "analyze_recording": "pipeline",
    "check": "api",
    "exercise_ids": "exercises.load",
    "landmarks": "api",
    "load_exercise": "exercises.load",
    "to_document": "report.document",
}

__all__ = [
    "BLAZEPOSE",
    "Analyzer",
    "CheckedReport",
    "Cue",
    "Exercise",
    "FormcheckError",
    "Frame",
    "Pose",
    "PoseTrack",
    "Reading",
    "Rep",
    "Report",
    "Skeleton",
    "SourceInfo",
    "Status",
    "Tick",
    "Verdict",
    "View",
    "__version__",
    "analyze_frames",
    "analyze_recording",
    "check",
    "exercise_ids",
    "landmarks",
    "load_exercise",
    "to_document",
]


def __getattr__(name: str) -> Any:
    """Load a public name from its home when it is first used."""
    if name not in _HOME:
        msg = f"module 'formcheck' has no attribute '{name}'"
        raise AttributeError(msg)
    value = getattr(import_module(f"formcheck.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
