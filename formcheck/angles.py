"""What every angle of a body means: defined once, here.

The analyzer measures people with these functions, and so does whoever knows where their
joints truly are: both speak of the same thing. ``docs/conventions.md`` says it in words.
All take points by name and know of no camera. A point is a sequence of coordinates in
metres, in any right-handed frame whose "up" is known; angles that are not
`Angle.spatial` may also be taken between pixels. NaN in gives NaN out, and so does a
direction without length. Left and right are generated: nothing is written down twice.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from formcheck.geometry import (
    Vector,
    cross,
    dot,
    elevation_deg,
    flexion_deg,
    inclination_deg,
    midpoint,
    sub,
    unit,
    without,
)
from formcheck.results import SIDES

Joint = Callable[[str], Vector]
"""Name such as ``left_knee`` → where it is; NaN when that is unknown."""

Place = tuple[str, ...]
"""One joint, or two joints and the middle between them."""


def hip_swing_deg(
    mid_hip: Vector,
    mid_shoulder: Vector,
    left_hip: Vector,
    right_hip: Vector,
    hip: Vector,
    knee: Vector,
) -> float:
    """Return how far the thigh has swung about the axis through both hips.

    0 in line with the trunk, positive in front of it (flexion), negative behind it
    (extension). Only what is seen along that axis counts: spreading the legs changes nothing.
    """
    axis = unit(sub(left_hip, right_hip))
    trunk = without(sub(mid_hip, mid_shoulder), axis)
    # The axis points to the person's left and the trunk down, so their product forwards.
    return turn_deg(sub(knee, hip), trunk, cross(trunk, axis))


def neck_extension_deg(
    mid_hip: Vector,
    mid_shoulder: Vector,
    left_shoulder: Vector,
    right_shoulder: Vector,
    mid_ear: Vector,
) -> float:
    """Return how far the neck is turned back about the axis through both shoulders.

    0 in line with the trunk, positive behind it (extension, looking up), negative in front of
    it (flexion, chin to the chest). Turning the head aside changes nothing.
    """
    axis = unit(sub(left_shoulder, right_shoulder))
    trunk = without(sub(mid_shoulder, mid_hip), axis)
    # The axis points to the person's left and the trunk up, so their product backwards.
    return turn_deg(sub(mid_ear, mid_shoulder), trunk, cross(trunk, axis))


def hip_abduction_deg(hip: Vector, other_hip: Vector, knee: Vector) -> float:
    """Return how far the thigh points outwards, -90 to 90.

    0 at right angles to the line through both hips, positive away from the other leg.
    """
    return elevation_deg(sub(knee, hip), sub(hip, other_hip))


def knee_valgus_deg(hip: Vector, other_hip: Vector, knee: Vector, ankle: Vector) -> float:
    """Return how far the knee falls inwards, in the leg's own frontal plane.

    That plane holds the line from hip to ankle and, as far as that allows, the direction
    from hip to hip. 0 when the knee lies on the line from hip to ankle, positive when it
    is nearer to the other leg, negative outside.
    """
    line = unit(sub(ankle, hip))
    outwards = without(sub(hip, other_hip), line)
    thigh, shin = (turn_deg(bone, line, outwards) for bone in (sub(knee, hip), sub(ankle, knee)))
    return shin - thigh


def turn_deg(v: Vector, ahead: Vector, aside: Vector) -> float:
    """Return the angle of `v` from `ahead` towards `aside`, -180 to 180.

    Of `v`, only the part in the plane of the two counts, which are at right angles.
    """
    x, y = dot(v, unit(ahead)), dot(v, unit(aside))
    return math.degrees(math.atan2(y, x)) if 0 < math.hypot(x, y) < math.inf else math.nan


def ankle_flexion_deg(knee: Vector, ankle: Vector, heel: Vector, toe: Vector) -> float:
    """Return how far the foot is drawn towards the shin, -90 to 90.

    0 when the line from heel to toe is at right angles to the shin, positive with the toes
    nearer to the shin (dorsiflexion), negative with the foot stretched.
    """
    return elevation_deg(sub(toe, heel), sub(knee, ankle))


def thigh_elevation_deg(hip: Vector, knee: Vector, up: Vector) -> float:
    """Return how far the thigh is from level: 90 standing, negative with the hip below."""
    return elevation_deg(sub(hip, knee), up)


def shin_inclination_deg(knee: Vector, ankle: Vector, up: Vector) -> float:
    """Return how far the shin leans, whichever way: 0 upright, 90 level."""
    return inclination_deg(sub(knee, ankle), up)


def foot_pitch_deg(heel: Vector, toe: Vector, up: Vector) -> float:
    """Return how far the heel is above the toe, as the slope of the line between them."""
    return elevation_deg(sub(heel, toe), up)


def trunk_inclination_deg(mid_hip: Vector, mid_shoulder: Vector, up: Vector) -> float:
    """Return how far the trunk leans, whichever way: 0 upright, 90 level, 180 upside down."""
    return inclination_deg(sub(mid_shoulder, mid_hip), up)


def trunk_shin_difference_deg(
    mid_hip: Vector, mid_shoulder: Vector, knee: Vector, ankle: Vector, up: Vector
) -> float:
    """Return trunk inclination less shin inclination: positive when the trunk leans more."""
    trunk = trunk_inclination_deg(mid_hip, mid_shoulder, up)
    return trunk - shin_inclination_deg(knee, ankle, up)


def trunk_side_lean_deg(
    mid_hip: Vector, mid_shoulder: Vector, hip: Vector, other_hip: Vector, up: Vector
) -> float:
    """Return how far the trunk leans over to this side, -90 to 90; leaning forward is none."""
    aside = without(sub(hip, other_hip), unit(up))
    return elevation_deg(sub(mid_shoulder, mid_hip), aside)


def pelvis_tilt_deg(hip: Vector, other_hip: Vector, up: Vector) -> float:
    """Return how far this hip is above the other, as the slope of the line between them."""
    return elevation_deg(sub(hip, other_hip), up)


@dataclass(frozen=True, slots=True)
class Angle:
    """One row: an angle, and the joints that it is between."""

    name: str
    """Without its side when `sided`."""
    joints: tuple[str, ...]
    """Without their side. ``other_hip`` is the other side's, ``mid_hip`` the middle of both;
    ``left_hip`` is the left one for either side."""
    compute: Callable[..., float]
    """Of the joints, in that order, and then of what is up if `upright`."""
    sided: bool = True
    signed: bool = False
    """Whether it can be negative."""
    upright: bool = False
    """Whether it is against the vertical: then it is not the same lying as standing."""
    spatial: bool = False
    """Whether it needs three coordinates."""


ANGLES = (
    Angle("knee_flexion_deg", ("hip", "knee", "ankle"), flexion_deg),
    Angle("hip_flexion_deg", ("shoulder", "hip", "knee"), flexion_deg),
    Angle(
        "hip_swing_deg",
        ("mid_hip", "mid_shoulder", "left_hip", "right_hip", "hip", "knee"),
        hip_swing_deg,
        signed=True,
        spatial=True,
    ),
    Angle(
        "hip_abduction_deg",
        ("hip", "other_hip", "knee"),
        hip_abduction_deg,
        signed=True,
        spatial=True,
    ),
    Angle(
        "knee_valgus_deg",
        ("hip", "other_hip", "knee", "ankle"),
        knee_valgus_deg,
        signed=True,
        spatial=True,
    ),
    Angle("ankle_flexion_deg", ("knee", "ankle", "heel", "toe"), ankle_flexion_deg, signed=True),
    Angle("thigh_elevation_deg", ("hip", "knee"), thigh_elevation_deg, signed=True, upright=True),
    Angle("shin_inclination_deg", ("knee", "ankle"), shin_inclination_deg, upright=True),
    Angle("foot_pitch_deg", ("heel", "toe"), foot_pitch_deg, signed=True, upright=True),
    Angle(
        "pelvis_tilt_deg",
        ("hip", "other_hip"),
        pelvis_tilt_deg,
        signed=True,
        upright=True,
        spatial=True,
    ),
    Angle(
        "trunk_inclination_deg",
        ("mid_hip", "mid_shoulder"),
        trunk_inclination_deg,
        sided=False,
        upright=True,
    ),
    Angle(
        "neck_extension_deg",
        ("mid_hip", "mid_shoulder", "left_shoulder", "right_shoulder", "mid_ear"),
        neck_extension_deg,
        sided=False,
        signed=True,
        spatial=True,
    ),
    Angle(
        "trunk_side_lean_deg",
        ("mid_hip", "mid_shoulder", "hip", "other_hip"),
        trunk_side_lean_deg,
        signed=True,
        upright=True,
        spatial=True,
    ),
    Angle(
        "trunk_shin_difference_deg",
        ("mid_hip", "mid_shoulder", "knee", "ankle"),
        trunk_shin_difference_deg,
        signed=True,
        upright=True,
    ),
)
"""Every angle. To add one, write its function and its row, and say it in the conventions."""


@dataclass(frozen=True, slots=True)
class BodyAngle:
    """An angle of one side, or of the middle: all that is needed to measure it."""

    name: str
    """With its side."""
    row: Angle
    places: tuple[Place, ...]
    """Of each joint."""
    landmarks: tuple[str, ...] = field(init=False)
    """The names of all joints that it depends on."""

    def __post_init__(self) -> None:
        names = dict.fromkeys(name for place in self.places for name in place)
        object.__setattr__(self, "landmarks", tuple(names))

    def of(self, joint: Joint, up: Vector) -> float:
        """Return the angle in degrees; NaN when a joint that it needs is unknown.

        Parameters
        ----------
        joint
            Where each joint is.
        up
            Straight up, in the same frame.
        """
        return self.between({place: _at(place, joint) for place in self.places}, up)

    def between(self, where: Mapping[Place, Vector], up: Vector) -> float:
        """Return the same where all of `places` are known already."""
        points = [where[place] for place in self.places]
        return self.row.compute(*points, up) if self.row.upright else self.row.compute(*points)


def _at(place: Place, joint: Joint) -> Vector:
    return joint(place[0]) if len(place) == 1 else midpoint(joint(place[0]), joint(place[1]))


def _place(joint: str, side: str) -> Place:
    """Return the names that a joint of a row stands for."""
    kind, _, rest = joint.partition("_")
    if kind == "mid":
        return tuple(f"{s}_{rest}" for s in SIDES)
    if kind == "other":
        return (f"{SIDES[1 - SIDES.index(side)]}_{rest}",)
    return (joint,) if kind in SIDES else (f"{side}_{joint}",)


def _sided(row: Angle) -> tuple[BodyAngle, ...]:
    return tuple(
        BodyAngle(
            f"{side}_{row.name}" if side else row.name,
            row,
            tuple(_place(joint, side) for joint in row.joints),
        )
        for side in (SIDES if row.sided else ("",))
    )


BODY_ANGLES = tuple(angle for row in ANGLES for angle in _sided(row))
"""Every angle of every side."""
_ROWS = tuple((a.name, a.row.compute, a.places, a.row.upright) for a in BODY_ANGLES)
_PLACES = tuple(dict.fromkeys(place for angle in BODY_ANGLES for place in angle.places))


def body_angles_deg(joint: Joint, up: Vector) -> dict[str, float]:
    """Return all angles of a body, name → degrees; NaN where a joint is unknown.

    Parameters
    ----------
    joint
        Where each joint is, in space.
    up
        Straight up, in the same frame.
    """
    where = {place: _at(place, joint) for place in _PLACES}
    return {
        name: compute(*[where[place] for place in places], *((up,) if upright else ()))
        for name, compute, places, upright in _ROWS
    }
