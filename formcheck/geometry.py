"""Angles and lengths of small vectors, in plain floats.

Everything takes sequences of two or three coordinates in one unit (pixels or metres,
never normalised image coordinates: those are stretched by the picture's aspect ratio)
and gives degrees. NaN in gives NaN out, and so does a vector without length. Everything
runs dozens of times a frame, hence coordinates one by one: generators and arrays are slow
when small.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

Vector = Sequence[float]

PICTURE_UP = (0.0, -1.0, 0.0)
"""Straight up in pixels, and in metres in the camera's axes: y points down in both."""

PLANE = 2
"""Coordinates of a vector in the picture; in space there are three."""


def sub(a: Vector, b: Vector) -> tuple[float, ...]:
    """Return the vector from `b` to `a`."""
    if len(a) == PLANE:
        return (a[0] - b[0], a[1] - b[1])
    return (a[0] - b[0], a[1] - b[1], a[2] - b[2])


def dot(a: Vector, b: Vector) -> float:
    """Return the scalar product."""
    if len(a) == PLANE:
        return a[0] * b[0] + a[1] * b[1]
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


def cross(a: Vector, b: Vector) -> tuple[float, float, float]:
    """Return the vector product of two vectors in space, right-handed."""
    return (
        a[1] * b[2] - a[2] * b[1],
        a[2] * b[0] - a[0] * b[2],
        a[0] * b[1] - a[1] * b[0],
    )


def unit(v: Vector) -> tuple[float, ...]:
    """Return `v` with length 1; NaN when it has no direction."""
    length = norm(v)
    if not 0 < length < math.inf:
        return (math.nan,) * len(v)
    if len(v) == PLANE:
        return (v[0] / length, v[1] / length)
    return (v[0] / length, v[1] / length, v[2] / length)


def without(v: Vector, axis: Vector) -> tuple[float, ...]:
    """Return the part of `v` at right angles to `axis`, which has length 1."""
    along = dot(v, axis)
    return sub(v, [along * a for a in axis])


def midpoint(a: Vector, b: Vector) -> tuple[float, ...]:
    """Return the point half-way between `a` and `b`."""
    if len(a) == PLANE:
        return ((a[0] + b[0]) / 2, (a[1] + b[1]) / 2)
    return ((a[0] + b[0]) / 2, (a[1] + b[1]) / 2, (a[2] + b[2]) / 2)


def norm(v: Vector) -> float:
    """Return the length of `v`."""
    return math.hypot(*v)


def distance(a: Vector, b: Vector) -> float:
    """Return the distance between two points."""
    return math.dist(a, b)


def angle_deg(u: Vector, v: Vector) -> float:
    """Return the angle between two vectors, 0 to 180.

    Examples
    --------
    >>> round(angle_deg((1, 0), (0, 2)), 6)
    90.0
    """
    lengths = math.hypot(*u) * math.hypot(*v)
    if not 0 < lengths < math.inf:
        return math.nan
    cosine = dot(u, v) / lengths
    return math.degrees(math.acos(max(-1.0, min(1.0, cosine))))


def flexion_deg(proximal: Vector, joint: Vector, distal: Vector) -> float:
    """Return how far a joint is bent: 0 when the three points are in line.

    Examples
    --------
    >>> flexion_deg((0, 0), (0, 1), (0, 2))
    0.0
    >>> round(flexion_deg((0, 0), (0, 1), (1, 1)), 6)
    90.0
    """
    return angle_deg(sub(joint, proximal), sub(distal, joint))


def inclination_deg(v: Vector, up: Vector = PICTURE_UP) -> float:
    """Return the angle between `v` and straight up, 0 to 180: 0 is upright.

    Up is the first coordinates of `up`, as many as `v` has.

    Examples
    --------
    >>> inclination_deg((0, -3))
    0.0
    >>> round(inclination_deg((1, 0, 0)), 6)
    90.0
    >>> inclination_deg((0, 0, 2), up=(0, 0, 1))
    0.0
    """
    return angle_deg(v, up[: len(v)])


def elevation_deg(v: Vector, up: Vector = PICTURE_UP) -> float:
    """Return the angle of `v` above the horizontal, -90 to 90.

    Examples
    --------
    >>> round(elevation_deg((1, -1)), 6)
    45.0
    """
    return 90.0 - inclination_deg(v, up)
