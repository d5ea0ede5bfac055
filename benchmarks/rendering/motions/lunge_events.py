"""What happened in a lunge, as measured on the joints."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from benchmarks.rendering.action import Event
from benchmarks.rendering.figure import LETTERS, SIGNS
from benchmarks.rendering.motions.lunge_body import OTHER
from benchmarks.rendering.motions.lunge_plan import LungePlan, LungeRep
from benchmarks.rendering.motions.lunge_steps import Window
from benchmarks.rendering.rig import FloatArray, unit
from benchmarks.rendering.truth import Truth

_MOVED_M = 0.02
"""How far an ankle is from its place when the foot counts as moved."""
_PART = 0.05
"""Share of its way that the pelvis has still to go, or has gone, when it counts as there."""


def events(truth: Truth, plan: LungePlan, windows: Sequence[Window]) -> list[Event]:
    """Return what happened in each repetition of a plan.

    Parameters
    ----------
    truth
        The joints; its numbers of repetitions are those of the plan.
    plan
        What was to be done.
    windows
        When each repetition went on.
    """
    return [
        _event(truth, number, rep, window)
        for number, (rep, window) in enumerate(zip(plan.reps, windows, strict=True), start=1)
    ]


def _event(truth: Truth, number: int, rep: LungeRep, window: Window) -> Event:
    frames = np.flatnonzero(truth.rep == number)
    height = truth.middle("hip")[frames, 2]
    turn = int(np.argmin(height))
    start = _start(truth, frames[: turn + 1], height[: turn + 1], window.steps_out)
    end = turn + _end(truth, frames[turn:], height[turn:], window.steps_back)
    first, low, last = (int(frames[i]) for i in (start, turn, end))
    lowest = height <= height[turn] + 0.01
    measures = _sizes(truth, low, rep.side)
    measures |= {
        "descent_s": _descent_s(truth.t_s[frames[: turn + 1]], height[: turn + 1]),
        "end_knee_flexion_deg": _left_bent(truth, last, int(frames[-1]), rep.side, window),
        "sway_m": float(np.ptp(truth.middle("shoulder")[frames[turn:], 0])),
    }
    return Event(
        number=number,
        start_s=float(truth.t_s[first]),
        turn_s=float(truth.t_s[low]),
        end_s=float(truth.t_s[last]),
        counted=rep.counted,
        side=rep.side,
        faults=rep.faults,
        held_s=float(np.ptp(truth.t_s[frames[lowest]])),
        measures=measures,
    )


def _start(
    truth: Truth, frames: NDArray[np.int64], height: FloatArray, steps_out: str | None
) -> int:
    """Return the frame in which the foot leaves its place or, where none does, the hips do."""
    if steps_out is not None:
        path = truth.joint(f"{steps_out}_ankle")[frames]
        return int(np.argmax(np.linalg.norm(path - path[0], axis=1) > _MOVED_M))
    gone = height.max() - _PART * (height.max() - height[-1])
    return int(np.flatnonzero(height >= gone)[-1]) + 1


def _end(
    truth: Truth, frames: NDArray[np.int64], height: FloatArray, steps_back: str | None
) -> int:
    """Return the frame in which the hips are up again, and the foot is back if it comes back."""
    there = height >= height[-1] - _PART * (height[-1] - height[0])
    if steps_back is not None:
        path = truth.joint(f"{steps_back}_ankle")[frames]
        there &= np.linalg.norm(path - path[-1], axis=1) < _MOVED_M
    missing = np.flatnonzero(~there)
    return min(int(missing[-1]) + 1 if len(missing) else 0, len(frames) - 1)


def _descent_s(t_s: FloatArray, height: FloatArray) -> float:
    """Return how long the hips take for most of their way down, between frames."""
    gone = (height.max() - height) / (height.max() - height[-1])

    def when(share: float) -> float:
        i = int(np.flatnonzero(gone < share)[-1])
        return float(np.interp(share, gone[i : i + 2], t_s[i : i + 2]))

    return when(1.0 - _PART) - when(_PART)


def _left_bent(truth: Truth, end: int, last: int, side: str, window: Window) -> float:
    """Return how far the knees that carry are bent when the repetition is over."""
    sides = [side] if window.steps_back is None else list(LETTERS)
    bent = np.mean([truth.angles[f"{s}_knee_flexion_deg"][end : last + 1] for s in sides], axis=0)
    return float(bent.min())


def _sizes(truth: Truth, frame: int, front: str) -> dict[str, float]:
    """Return what is measured at the lowest point."""
    rear, sign = OTHER[front], SIGNS[front]

    def at(which: str, joint: str) -> FloatArray:
        where: FloatArray = truth.joint(f"{which}_{joint}")[frame]
        return where

    knee, ankle, toe = (at(front, joint) for joint in ("knee", "ankle", "toe"))
    leg = float(np.linalg.norm(at(front, "hip") - knee) + np.linalg.norm(knee - ankle))
    apart = ankle - at(rear, "ankle")
    trunk = truth.middle("shoulder")[frame] - truth.middle("hip")[frame]
    shin = knee - ankle
    line = unit((toe - ankle)[:2])
    return {
        "front_knee_flexion_deg": float(truth.angles[f"{front}_knee_flexion_deg"][frame]),
        "rear_knee_flexion_deg": float(truth.angles[f"{rear}_knee_flexion_deg"][frame]),
        "rear_knee_height_m": float(at(rear, "knee")[2]),
        "trunk_deg": float(truth.angles["trunk_inclination_deg"][frame]),
        "side_lean_deg": _degrees(sign * trunk[0], trunk[2]),
        "front_shin_deg": _degrees(-shin[1], shin[2]),
        "step_length_ratio": float(-apart[1]) / leg,
        "step_width_m": float(sign * apart[0]),
        "knee_offset_m": sign * float(line[1] * shin[0] - line[0] * shin[1]),
        "pelvis_obliquity_deg": float(truth.angles[f"{front}_pelvis_tilt_deg"][frame]),
    }


def _degrees(across: float, along: float) -> float:
    return float(np.degrees(np.arctan2(across, along)))
