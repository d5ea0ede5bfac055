"""Angles and lengths of small vectors, in plain floats.

Everything takes sequences of two or three coordinates in one unit (pixels or metres,
never normalised image coordinates: those are stretched by the picture's aspect ratio)
and gives degrees. NaN in gives NaN out, and so does a vector without length. Everything
runs several times a frame, hence no generators and no arrays, which are slow when small.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Sequence

Vector = Sequence[float]


def sub(a: Vector, b: Vector) -> tuple[float, ...]:
    """Return the vector from `b` to `a`."""
    return tuple(map(operator.sub, a, b))


def midpoint(a: Vector, b: Vector) -> tuple[float, ...]:
    """Return the point half-way between `a` and `b`."""
    return tuple((x + y) / 2 for x, y in zip(a, b, strict=True))


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
    lengths = norm(u) * norm(v)
    if not 0 < lengths < math.inf:
        return math.nan
    cosine = sum(map(operator.mul, u, v)) / lengths
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


def inclination_deg(v: Vector) -> float:
    """Return the angle between `v` and straight up (image y points down): 0 is upright.

    Examples
    --------
    >>> inclination_deg((0, -3))
    0.0
    >>> round(inclination_deg((1, 0, 0)), 6)
    90.0
    """
    up = (0.0, -1.0, 0.0)[: len(v)]
    return angle_deg(v, up)


def elevation_deg(v: Vector) -> float:
    """Return the angle of `v` above the horizontal, -90 to 90 (image y points down).

    Examples
    --------
    >>> round(elevation_deg((1, -1)), 6)
    45.0
    """
    return 90.0 - inclination_deg(v)
