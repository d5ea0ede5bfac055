"""Made-up but plausible ticks and reports, for testing what is made of them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from formcheck.frame import Frame, SourceInfo
from formcheck.pose import BLAZEPOSE, Pose
from formcheck.results import (
    SIDES,
    Bound,
    Cue,
    ExerciseInfo,
    Hold,
    Phase,
    Quality,
    Reading,
    Rep,
    Report,
    Series,
    Span,
    Status,
    Summary,
    Tick,
    Unjudged,
    Verdict,
    View,
)

SIDE_VIEW = View("side-right", "right", 90.0, 0.93)
FACE_THE_CAMERA = "can't be judged from the side: face the camera"
FRONT_VIEW = View("front", "camera", 4.0, 0.88)

# Upright: fractions of the picture's height, across (to the right) and down.
_STANDING: Mapping[str, tuple[float, float]] = {
    "shoulder": (0.0, 0.25),
    "elbow": (0.02, 0.38),
    "wrist": (0.05, 0.49),
    "hip": (0.0, 0.50),
    "knee": (0.015, 0.70),
    "ankle": (0.0, 0.88),
    "heel": (-0.02, 0.91),
    "toe": (0.07, 0.92),
}
# Sitting low in a squat, seen from the person's right.
_DEEP: Mapping[str, tuple[float, float]] = {
    "shoulder": (0.06, 0.46),
    "elbow": (0.16, 0.50),
    "wrist": (0.25, 0.48),
    "hip": (-0.13, 0.68),
    "knee": (0.08, 0.71),
    "ankle": (0.0, 0.88),
    "heel": (-0.02, 0.91),
    "toe": (0.07, 0.92),
}


def figure(size_px: tuple[int, int], depth: float = 0.0, t_s: float = 0.0) -> Pose:
    """A person in the middle of the picture, seen from their right; depth 0 to 1.

    Only the landmarks that have bones are there; the face and fingers are NaN.
    """
    width, height = size_px
    pose = Pose.nobody(t_s)
    for part, (x0, y0) in _STANDING.items():
        x1, y1 = _DEEP[part]
        across, down = x0 + depth * (x1 - x0), y0 + depth * (y1 - y0)
        for side, shift in zip(SIDES, (0.03, 0.0), strict=True):
            i = BLAZEPOSE.index[f"{side}_{part}"]
            pose.image_px[i] = width / 2 + (across + shift) * height * 0.9, down * height
            pose.world_m[i] = across * 1.8, (down - 0.5) * 1.8, 0.3 if side == "left" else 0.0
            pose.visibility[i] = 0.95
    return pose


def bends(knee_deg: float = 40.0, hip_deg: float = 35.0, sigma: float = 5.0) -> dict[str, Reading]:
    return {
        f"{side}_{joint}_flexion_deg": Reading(value, sigma)
        for side in SIDES
        for joint, value in (("knee", knee_deg), ("hip", hip_deg))
    }


def verdict(code: str = "SQ01", status: Status = Status.PASS, **changes: Any) -> Verdict:
    values: dict[str, Any] = {
        "code": code,
        "name": "Depth",
        "status": status,
        "value": 98.44444444,
        "sigma": 4.2,
        "unit": "deg",
        "bound": Bound(low=90.0),
        "margin": 8.44444444,
        "probability": {Status.PASS: 0.97, Status.FAIL: 0.04, Status.UNCLEAR: 0.5}[status],
        "at_s": 1.25,
        "reason": "",
        "cue": "",
    }
    if status is Status.UNCLEAR:
        values |= {
            "value": math.nan,
            "sigma": math.nan,
            "margin": math.nan,
            "at_s": math.nan,
            "reason": "Turn to face the camera.",
        }
    if status is Status.FAIL:
        values |= {"cue": "Sit a little deeper"}
    return Verdict(**values | changes)


def rep(
    number: int = 1,
    start_s: float = 0.5,
    statuses: Sequence[Status] = (Status.PASS, Status.FAIL, Status.UNCLEAR),
    *,
    counted: bool = True,
    score: float = 50.0,
) -> Rep:
    verdicts = tuple(verdict(f"SQ{i:02}", status) for i, status in enumerate(statuses, start=1))
    span = Span(
        "both",
        start_s,
        start_s + 0.8,
        start_s + 1.7,
        counted,
        "" if counted else "did not go down far enough",
    )
    measures = {
        "depth_deg": Reading(98.123456789, 4.2),
        "stance_width_ratio": Reading(math.nan, math.nan),
        "descent_s": Reading(0.8, 0.05),
    }
    return Rep(number, span, measures, verdicts, score)


def hold(number: int = 1, start_s: float = 1.0, *, complete: bool = True) -> Hold:
    """A hold of two and a half seconds with a short pause in it."""
    return Hold(
        number=number,
        side="both",
        start_s=start_s,
        end_s=start_s + 2.5,
        held_s=2.5,
        complete=complete,
        reason="" if complete else "it may have been longer: its end was not filmed",
        pauses=((start_s + 1.0, start_s + 1.5),),
        measures={"held_s": Reading(2.5, 0.2)},
        verdicts=(verdict("FF01"), verdict("FF02", Status.UNCLEAR)),
        score=100.0,
    )


def tick(
    index: int = 0,
    size_px: tuple[int, int] = (320, 240),
    fps: float = 25.0,
    **changes: Any,
) -> Tick:
    """A tick of somebody in the middle of a squat; `changes` replace any field."""
    t_s = index / fps
    depth = 0.5 - 0.5 * math.cos(t_s * math.pi)
    values: dict[str, Any] = {
        "index": index,
        "t_s": t_s,
        "pose": figure(size_px, depth, t_s),
        "readings": bends(10 + 90 * depth, 8 + 80 * depth),
        "view": SIDE_VIEW,
        "phase": Phase.DESCENT,
        "progress": depth,
        "reps": 3,
        "partials": 0,
    }
    return Tick(**values | changes)


def busy_tick(size_px: tuple[int, int], index: int = 20) -> Tick:
    """A tick with everything on it that can be drawn."""
    marks = {f"{side}_hip": Status.PASS for side in SIDES}
    marks |= {f"{side}_knee": Status.FAIL for side in SIDES}
    marks |= {f"{side}_heel": Status.UNCLEAR for side in SIDES}
    return tick(
        index,
        size_px,
        reps=12,
        partials=1,
        last=rep(statuses=[Status.PASS] * 5 + [Status.FAIL] + [Status.UNCLEAR] * 3),
        cue=Cue("Sit a little deeper next time", "SQ01", 12, 0.8),
        marks=marks,
        setting="gentle, knee flexion 55–85°",
        unjudged=(
            Unjudged("SQ02", "Knees in line", FACE_THE_CAMERA),
            Unjudged("SQ08", "Stance width", FACE_THE_CAMERA),
        ),
    )


def picture(size_px: tuple[int, int], shade: int = 96) -> np.ndarray[Any, np.dtype[np.uint8]]:
    width, height = size_px
    return np.full((height, width, 3), shade, np.uint8)


def frame(index: int = 0, size_px: tuple[int, int] = (320, 240), fps: float = 25.0) -> Frame:
    """A plain frame whose grey tells its index."""
    return Frame(index, index / fps, picture(size_px, 40 + index * 4 % 160), size_px)


def report(**changes: Any) -> Report:
    values: dict[str, Any] = {
        "exercise": ExerciseInfo("squat", "Squat", "user", 1.0, "ab" * 32),
        "source": SourceInfo("clips/squat.mp4", 6.04, 151, 25.0, 540, 960, 90, "cd" * 32),
        "view": SIDE_VIEW,
        "reps": (rep(1, 0.5), rep(2, 3.25, score=math.nan)),
        "partial_reps": (rep(1, 2.375, (), counted=False, score=math.nan),),
        "holds": (hold(complete=False),),
        "summary": Summary(2, 1, 50.0, 2, 2, 2, ("Sit a little deeper",)),
        "quality": Quality(0.98765432, 25.0, ("The clip ends in the middle of a frame.",)),
        "series": Series(np.array([0.0, 0.04]), {"depth_deg": np.array([1.0, 2.0])}, {}),
        "provenance": {
            "formcheck": "0.1.0",
            "model": {"name": "full", "sha256": "ef" * 32},
            "parameters": {"z_first": 0.1 + 0.2, "a_second": math.inf, "list": [1, None, True]},
        },
    }
    return Report(**values | changes)
