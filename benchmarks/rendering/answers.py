"""What true joints answer to the questions of an exercise.

No second formula: the analyzer's own measurements are taken of the true joints, and its
own criteria reduce them to one number a repetition, in each criterion's unit and sign.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from benchmarks.rendering.rig import FloatArray
from benchmarks.rendering.truth import JOINTS, Truth
from formcheck.angles import ANGLES
from formcheck.criteria import AFTER_S, BEFORE_S, Evidence, answer
from formcheck.exercises.load import load_exercise
from formcheck.measures.base import Scene
from formcheck.measures.catalogue import ALL_READINGS, FRAME, measure_frame
from formcheck.measures.repetition import REPETITION, Movement
from formcheck.measures.resting import Resting
from formcheck.measures.standing import Standing
from formcheck.pose import BLAZEPOSE, Pose
from formcheck.posture import PostureEstimator
from formcheck.refine.body import Body
from formcheck.refine.error import ErrorRow, MeasuredError
from formcheck.reps import Phases
from formcheck.results import SIDES, Reading
from formcheck.series import SeriesRecorder, Window
from formcheck.sides import working_side
from formcheck.view import body_direction, view_from_yaw

_NONE = ErrorRow((0.0,), (1.0,), (0.0,), (1.0,))
EXACT = MeasuredError((0.0,), dict.fromkeys((*FRAME, *(a.name for a in ANGLES)), _NONE))
"""Nothing is off; all is equally sure."""

_PX_PER_M = 1000.0
SIZE_PX = (20_000, 20_000)
"""Of the picture in which `true_pose` shows people."""
_KNOWN = [BLAZEPOSE.index[name] for name in JOINTS]


def true_pose(t_s: float, joints_m: FloatArray) -> Pose:
    """Return true joints, (J, 3) in the world, as a pose that a perfect model would see.

    The camera stands in front, infinitely far away: nothing is shortened by perspective.
    """
    x, y, z = joints_m.T
    world = np.full((len(BLAZEPOSE.names), 3), math.nan)
    world[_KNOWN] = np.stack([x, -z, y], axis=1)
    image = world[:, :2] * _PX_PER_M + np.array(SIZE_PX) / 2
    hips = world[[BLAZEPOSE.index[f"{side}_hip"] for side in SIDES]].mean(axis=0)
    return Pose(t_s, image, world - hips, np.isfinite(world[:, 0]).astype(float))


def true_readings(
    t_s: FloatArray, world_m: FloatArray, angles_deg: Mapping[str, FloatArray]
) -> Window:
    """Return every measurement of the analyzer's catalogue, taken of the true joints.

    Parameters
    ----------
    t_s, world_m, angles_deg
        As in `Truth`: times, joints, and angles by name.
    """
    posture = PostureEstimator()
    standing, resting, recorder = Standing(), Resting(), SeriesRecorder(ALL_READINGS)
    flat = {side: _flat_deg(angles_deg, side) for side in SIDES}
    for i, (now_s, joints_m) in enumerate(zip(t_s, world_m, strict=True)):
        pose = true_pose(float(now_s), joints_m)
        body = Body(pose, SIZE_PX)
        angles = {name: Reading(float(path[i]), 1.0) for name, path in angles_deg.items()}
        standing.feed(body, angles)
        standing.foot_pitch_deg = flat
        now = posture.feed(body)
        view = view_from_yaw(math.degrees(math.atan2(*body_direction(pose))), 1.0)
        resting.feed(body, angles, now, view)
        recorder.add(
            pose.t_s, measure_frame(Scene(body, angles, view, standing, resting, now), EXACT)
        )
    return recorder.window(-math.inf, math.inf)


def _flat_deg(angles_deg: Mapping[str, FloatArray], side: str) -> float:
    pitch, rise = (angles_deg[f"{side}_{name}_deg"][0] for name in ("foot_pitch", "heel_rise"))
    return float(pitch - rise)


def true_answers(
    truth: Truth, exercise_id: str, repetitions: Sequence[Phases]
) -> list[dict[str, float]]:
    """Return what each repetition answers to each criterion: code → value.

    Parameters
    ----------
    truth
        Of the whole film.
    exercise_id
        Whose criteria are asked.
    repetitions
        When each happened, in order.
    """
    exercise = load_exercise(exercise_id)
    readings = true_readings(truth.t_s, truth.world_m, truth.angles)
    starts = [p.start_s for p in repetitions[1:]] + [math.inf]
    found = []
    for phases, next_s in zip(repetitions, starts, strict=True):
        evidence = _evidence(readings, phases, next_s, exercise.signal)
        evidence = replace(evidence, side=working_side(exercise.side, evidence))
        found.append(
            {c.code: answer(c.question, evidence).reading.value for c in exercise.criteria}
        )
    return found


def _evidence(readings: Window, phases: Phases, next_s: float, signal: str) -> Evidence:
    whole = Movement(phases, True, _part(readings, phases.start_s, phases.end_s), signal)
    until = min(phases.end_s + AFTER_S, next_s)
    return Evidence(
        phases=phases,
        start_seen=True,
        end_seen=True,
        readings=_part(readings, phases.start_s - BEFORE_S, until),
        whole={name: row.compute(whole) for name, row in REPETITION.items()},
        view=view_from_yaw(0.0, 1.0),
        error=EXACT,
    )


def _part(readings: Window, start_s: float, end_s: float) -> Window:
    inside = (readings.t_s >= start_s) & (readings.t_s <= end_s)
    values: dict[str, FloatArray] = {n: v[inside] for n, v in readings.values.items()}
    sigmas: dict[str, FloatArray] = {n: v[inside] for n, v in readings.sigmas.items()}
    return Window(readings.t_s[inside], values, sigmas)
