"""The catalogue of measurements: every name that an exercise file may use.

A measurement is a function of one frame (`FRAME`) or of one finished repetition
(`REPETITION`, in `formcheck.measures.repetition`). To add one, write the function and its
row; mirror symmetry and missing landmarks are then tested by themselves.
"""

from __future__ import annotations

import math

from formcheck.measures.base import FrameMeasure, Scene
from formcheck.measures.floor import FLOOR
from formcheck.measures.position import POSITION
from formcheck.measures.standing import leg_length_m
from formcheck.measures.stepping import STEPPING, to_left
from formcheck.refine.error import COMBINED, MeasuredError, bent_share, lying_share
from formcheck.results import SIDES, UNSEEN, Reading, Readings, other_side
from formcheck.widths import apart, width_ratio


def hip_drop_ratio(scene: Scene, side: str) -> float:  # noqa: ARG001
    """Return how far the hips have sunk towards the ankles: 0 standing, 1 on the floor.

    Height is seen from every side, which makes this the signal that squats are counted on.
    """
    return scene.standing.drop_ratio(scene.body)


def trunk_shin_difference_deg(scene: Scene, side: str) -> float:
    """Return trunk inclination less shin inclination: positive when the trunk leans more."""
    shin = scene.angles[f"{side}_shin_inclination_deg"].value
    return scene.angles["trunk_inclination_deg"].value - shin


def heel_rise_deg(scene: Scene, side: str) -> float:
    """Return how far the heel is lifted, against the same foot flat on the floor."""
    flat = scene.standing.foot_pitch_deg[side]
    return scene.angles[f"{side}_foot_pitch_deg"].value - flat


def knee_asymmetry_deg(scene: Scene, side: str) -> float:
    """Return by how much this knee is bent more than the other."""
    here, there = (scene.angles[f"{s}_knee_flexion_deg"].value for s in (side, other_side(side)))
    return here - there


def thigh_difference_deg(scene: Scene, side: str) -> float:
    """Return by how much this thigh is higher at the hip than the other."""
    here, there = (scene.angles[f"{s}_thigh_elevation_deg"].value for s in (side, other_side(side)))
    return here - there


def shin_difference_deg(scene: Scene, side: str) -> float:
    """Return by how much this shin leans more than the other: steps and lunges part them."""
    here, there = (
        scene.angles[f"{s}_shin_inclination_deg"].value for s in (side, other_side(side))
    )
    return here - there


def hinge_deg(scene: Scene, side: str) -> float:  # noqa: ARG001
    """Return trunk inclination less knee flexion (both sides' mean).

    A squat bends the knees more than it tips the trunk; a hip hinge the other way round.
    """
    knees = [scene.angles[f"{side}_knee_flexion_deg"].value for side in SIDES]
    known = [k for k in knees if math.isfinite(k)]
    if not known:
        return math.nan
    return scene.angles["trunk_inclination_deg"].value - sum(known) / len(known)


def _lateral_m(scene: Scene, part: str) -> float:
    """Return how far the left `part` is to the person's left of the right one."""
    left, right = scene.body.m(f"left_{part}"), scene.body.m(f"right_{part}")
    return apart(left, right, to_left(scene))


def knee_separation_ratio(scene: Scene, side: str) -> float:  # noqa: ARG001
    """Return the distance of the knees over that of the ankles, across the body.

    The knee-to-ankle separation ratio; below 1 the knees are inside the ankles
    (Ortiz et al. 2016, doi 10.2147/OAJSM.S100242). Feet closer than a hand's breadth
    make it meaningless.
    """
    return width_ratio(_lateral_m(scene, "knee"), _lateral_m(scene, "ankle"))


def stance_width_ratio(scene: Scene, side: str) -> float:  # noqa: ARG001
    """Return the distance of the ankles over that of the shoulder joints."""
    return width_ratio(_lateral_m(scene, "ankle"), _lateral_m(scene, "shoulder"))


def hip_shift_ratio(scene: Scene, side: str) -> float:
    """Return how far the hips are towards this side of the feet's middle, in hip widths."""
    left = apart(scene.body.middle_m("hip"), scene.body.middle_m("ankle"), to_left(scene))
    return width_ratio(left if side == "left" else -left, _lateral_m(scene, "hip"))


def feet_place_ratio(scene: Scene, side: str) -> float:  # noqa: ARG001
    """Return how far to the picture's right the feet have come, in standing leg lengths.

    Only its change means anything: squatting feet do not travel.
    """
    return scene.standing.place_ratio


def feet_apart_ratio(scene: Scene, side: str) -> float:  # noqa: ARG001
    """Return how far apart the ankles are across the picture, in leg lengths.

    Its range shows steps and jumps that spread the legs. Across the picture only, since
    depth is poorly known; and without a sign, since legs that cross are mixed up.
    """
    apart = abs(scene.body.m("left_ankle")[0] - scene.body.m("right_ankle")[0])
    length = leg_length_m(scene.body)
    return apart / length if length > 0 else math.nan


def feet_level_ratio(scene: Scene, side: str) -> float:  # noqa: ARG001
    """Return how much higher in the picture one ankle is than the other, in leg lengths.

    Its range shows a foot that is lifted; without a sign, since legs are mixed up.
    """
    left, right = (scene.body.px(f"{s}_ankle")[1] for s in SIDES)
    return abs(left - right) / scene.standing.leg_px(scene.body)


def balance_m(scene: Scene, side: str) -> float:  # noqa: ARG001
    """Return how far the body's centre of mass is in front of the ankles.

    Someone on their feet keeps it between heel and toes, about -0.05 to 0.2 m; someone
    on a chair does not. Segment masses from de Leva 1996 (doi 10.1016/0021-9290(95)00178-6);
    head, arms and trunk are taken as one, a little above half-way from hips to shoulders.
    """
    yaw = math.radians(scene.view.yaw_deg)
    ankle = scene.body.middle_m("ankle")

    def ahead(point: tuple[float, ...]) -> float:
        return (point[0] - ankle[0]) * math.sin(yaw) - (point[2] - ankle[2]) * math.cos(yaw)

    hip, knee = scene.body.middle_m("hip"), scene.body.middle_m("knee")
    shoulder = scene.body.middle_m("shoulder")
    upper = 0.4 * ahead(hip) + 0.6 * ahead(shoulder)
    thighs = (ahead(hip) + ahead(knee)) / 2
    shins = ahead(knee) / 2
    return 0.60 * upper + 0.28 * thighs + 0.12 * shins


FRAME = {
    row.name: row
    for row in (
        FrameMeasure("hip_drop_ratio", "hip drop", ("hip", "ankle"), "any", hip_drop_ratio),
        FrameMeasure(
            "trunk_shin_difference_deg",
            "trunk against shin",
            ("shoulder", "hip", "knee", "ankle"),
            "side",
            trunk_shin_difference_deg,
            sided=True,
        ),
        FrameMeasure(
            "heel_rise_deg", "heel rise", ("heel", "toe"), "side", heel_rise_deg, sided=True
        ),
        FrameMeasure(
            "knee_asymmetry_deg",
            "knee bend, side against side",
            ("knee",),
            "front",
            knee_asymmetry_deg,
            sided=True,
            opposed=True,
        ),
        FrameMeasure(
            "thigh_difference_deg",
            "thigh angle, side against side",
            ("hip", "knee"),
            "any",
            thigh_difference_deg,
            sided=True,
            opposed=True,
        ),
        FrameMeasure(
            "shin_difference_deg",
            "shin lean, side against side",
            ("knee", "ankle"),
            "any",
            shin_difference_deg,
            sided=True,
            opposed=True,
        ),
        FrameMeasure(
            "hinge_deg", "trunk against knees", ("shoulder", "hip", "knee"), "side", hinge_deg
        ),
        FrameMeasure(
            "knee_separation_ratio",
            "knees over ankles",
            ("knee", "ankle"),
            "front",
            knee_separation_ratio,
        ),
        FrameMeasure("stance_width_ratio", "stance width", ("ankle",), "front", stance_width_ratio),
        FrameMeasure(
            "hip_shift_ratio",
            "hip shift",
            ("hip",),
            "front",
            hip_shift_ratio,
            sided=True,
            opposed=True,
        ),
        FrameMeasure("feet_apart_ratio", "feet apart", ("ankle",), "any", feet_apart_ratio),
        FrameMeasure(
            "feet_level_ratio", "one foot above the other", ("ankle",), "any", feet_level_ratio
        ),
        FrameMeasure("feet_place_ratio", "place of the feet", ("ankle",), "any", feet_place_ratio),
        FrameMeasure("balance_m", "balance", ("hip", "ankle"), "side", balance_m),
        FrameMeasure(
            "knee_flexion_deg",
            "knee bend",
            ("hip", "knee", "ankle"),
            "side",
            sided=True,
        ),
        FrameMeasure(
            "hip_flexion_deg",
            "hip bend",
            ("shoulder", "hip", "knee"),
            "side",
            sided=True,
        ),
        FrameMeasure(
            "thigh_elevation_deg",
            "thigh above horizontal",
            ("hip", "knee"),
            "side",
            sided=True,
        ),
        FrameMeasure(
            "shin_inclination_deg",
            "shin lean",
            ("knee", "ankle"),
            "side",
            sided=True,
        ),
        FrameMeasure(
            "trunk_inclination_deg",
            "trunk lean",
            ("shoulder", "hip"),
            "side",
        ),
        *STEPPING,
        *FLOOR,
        *POSITION,
    )
}
"""Name → row, for every measurement of a single frame."""


def reading_names(measure: FrameMeasure) -> tuple[str, ...]:
    """Return the names of a measurement's readings: one, or one a side."""
    return tuple(f"{s}_{measure.name}" for s in SIDES) if measure.sided else (measure.name,)


ALL_READINGS = tuple(name for row in FRAME.values() for name in reading_names(row))
"""The names of all readings of one frame, in the order of the catalogue."""


def measure_frame(scene: Scene, error: MeasuredError) -> dict[str, Reading]:
    """Take every measurement of one frame; what is not seen is NaN.

    Parameters
    ----------
    scene
        The frame's body, angles and view, and what is known of the person.
    error
        Standard deviations of the measurements that are not the refiner's own angles.
    """
    if not scene.body.seen or not math.isfinite(scene.view.yaw_deg):
        return dict.fromkeys(ALL_READINGS, UNSEEN)
    trunk = scene.angles.get("trunk_inclination_deg", UNSEEN).value
    here = error.under(abs(scene.view.yaw_deg), bent_share(scene.body), lying_share(trunk))
    # Many measurements look at the same landmarks.
    seen = {landmarks: scene.body.visibility(*landmarks) for landmarks in _ALL_LANDMARKS}
    angles, combined, correct = scene.angles, error.combined, here.correct
    readings: dict[str, Reading] = {}
    for row, name, side, landmarks in _ONE_BY_ONE:
        given, compute = angles.get(name), row.compute
        if compute is None or given is not None:
            readings[name] = UNSEEN if given is None else given
            continue
        value = compute(scene, side)
        if isinstance(value, Reading):
            readings[name] = value
            continue
        found = correct(row.name, value, seen[landmarks])
        if row.name in combined and found.known:
            sigma = _combined_sigma(scene, row, side)
            found = Reading(found.value, max(sigma, error.rare.get(row.name, 0.0)))
        readings[name] = found
    return readings


def _landmarks(row: FrameMeasure, side: str) -> tuple[str, ...]:
    sides = (side,) if side else SIDES
    return tuple(f"{s}_{part}" for s in sides for part in row.parts)


_ONE_BY_ONE = tuple(
    (row, name, side, _landmarks(row, side))
    for row in FRAME.values()
    for name, side in zip(reading_names(row), SIDES if row.sided else ("",), strict=True)
)
"""For every reading: its row, its name, its side, and the landmarks that it is about."""
_ALL_LANDMARKS = tuple(dict.fromkeys(landmarks for *_, landmarks in _ONE_BY_ONE))


def _combined_sigma(scene: Scene, row: FrameMeasure, side: str) -> float:
    """Return the spread of a reading that is one angle less another, from theirs.

    Of an angle that has sides, the reading of one side has that side's; one without sides
    has their mean, whose spread is no smaller: their errors mostly go the same way.
    """
    one, other = COMBINED[row.name]
    sides = (side, other_side(side)) if one == other else (side, side)
    return math.hypot(
        *(_sigma(scene.angles, name, s) for name, s in zip((one, other), sides, strict=True))
    )


def _sigma(angles: Readings, name: str, side: str) -> float:
    names = [name] if name in angles else [f"{s}_{name}" for s in ((side,) if side else SIDES)]
    known = [angles[n].sigma for n in names if angles[n].known]
    return sum(known) / len(known)
