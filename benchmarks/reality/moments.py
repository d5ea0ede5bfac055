"""Which frames a check is about: decided from the picture, never from refined angles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from benchmarks.reality.watch import PARTS, PIXELS, BoolArray, FloatArray, Watched
from formcheck.results import SIDES

SIDE_ON_DEG = 20.0
"""A side view is this near to side-on."""
LEVEL_DEG = 15.0
"""A level camera looks up or down by less than this."""
BREADTH = 0.2
"""Side-on, the picture's distance between left and right is less than this part of the
trunk's length (breadth is about 0.6 of it)."""
SURE = 0.8
"""Seen with high visibility."""
SEEN = 0.5
"""Seen at all."""

SPEED_S = 0.15
"""Speeds are taken over twice this time."""
STILL = 0.15
"""Who stands still moves hips and ankles by less than this, in leg lengths a second."""
PLANTED = 0.25
"""Planted feet move by less than this, in leg lengths a second."""
HIGH = 0.97
"""Who stands has their hips at least this part as high above their ankles as they ever are."""
LEG_LENGTHS = (1.2, 1.95)
"""Who stands has their hips so far above their ankles, in trunk lengths."""
IN_LINE_DEG = 10.0
"""Who stands has thigh and shin in line in the picture, as well as this."""
UPRIGHT_DEG = 15.0
"""Who stands has the trunk upright in the picture, as well as this."""
LYING_DEG = 45.0
"""Who lies has the trunk leaning further than this in the picture."""


def side_on(w: Watched) -> BoolArray:
    """Return where the camera, roughly level, sees the person from the side, (T,).

    Direction and level come from the model's landmarks in space; that left and right are
    one behind the other in the picture must bear them out.
    """
    with np.errstate(invalid="ignore"):
        aside = np.abs(np.abs(w.yaw_deg) - 90.0) <= SIDE_ON_DEG
        narrow = breadth(w) <= BREADTH
    if not (aside & narrow).any():
        return aside & narrow
    level = abs(float(np.median(axis_elevation_deg(w)[aside & narrow]))) <= LEVEL_DEG
    return aside & narrow & level


def breadth(w: Watched) -> FloatArray:
    """Return the picture's distance between left and right over the trunk's length, (T,)."""
    apart = (_apart(w.px, "shoulder") + _apart(w.px, "hip")) / 2
    return np.asarray(_length(apart) / _length(_middle(w.px, "shoulder") - _middle(w.px, "hip")))


def axis_elevation_deg(w: Watched) -> FloatArray:
    """Return the slope of the line from right to left, which is level in most people, (T,).

    Side-on it points to the camera or away from it, and slopes as much as that looks down.
    """
    axis = _apart(w.m, "shoulder") + _apart(w.m, "hip")
    return np.asarray(np.degrees(np.arcsin(axis[:, 1] / _length(axis))))


def near_surely_seen(w: Watched) -> BoolArray:
    """Return where the nearer side is seen with high visibility, shoulder to ankle, (T,)."""
    return _everywhere([w.near(w.visibility, part) >= SURE for part in PARTS])


def leg_seen(w: Watched, side: str) -> BoolArray:
    """Return where a side's hip, knee and ankle are seen, (T,)."""
    parts = ("hip", "knee", "ankle")
    return _everywhere([w.visibility[f"{side}_{part}"] >= SEEN for part in parts])


def both_seen(w: Watched) -> BoolArray:
    """Return where both legs are seen, (T,)."""
    return _everywhere([leg_seen(w, side) for side in SIDES])


def of_seen_legs(w: Watched, holds: Mapping[str, BoolArray]) -> BoolArray:
    """Return where something holds for each leg that is seen, one at least, (T,).

    Parameters
    ----------
    w
        The clip.
    holds
        Side → where it holds for that side, (T,).
    """
    seen = {side: leg_seen(w, side) for side in SIDES}
    broken = np.logical_or.reduce([seen[side] & ~holds[side] for side in SIDES])
    return np.asarray(np.logical_or.reduce(list(seen.values())) & ~broken)


def leg_px(w: Watched) -> float:
    """Return how long a leg looks when it is straight; NaN when none is seen."""
    reach = [_length(w.px[f"{side}_ankle"] - w.px[f"{side}_hip"]) for side in SIDES]
    known = np.concatenate(reach)
    known = known[np.isfinite(known)]
    return float(np.quantile(known, 0.95)) if known.size else np.nan


def speed(w: Watched, name: str) -> FloatArray:
    """Return a landmark's speed in the picture, in leg lengths a second, (T,)."""
    at = w.px[name]
    known = np.isfinite(at[:, 0])
    if known.sum() < 2:
        return np.full(len(w), np.nan)
    ahead, back = w.t_s + SPEED_S, w.t_s - SPEED_S
    span = np.minimum(ahead, w.t_s[-1]) - np.maximum(back, w.t_s[0])
    moved = [
        np.interp(ahead, w.t_s[known], x) - np.interp(back, w.t_s[known], x) for x in at[known].T
    ]
    moves = np.hypot(*moved) / np.maximum(span, 1e-6) / leg_px(w)
    return np.where(known, moves, np.nan)


def planted(w: Watched) -> BoolArray:
    """Return where the feet that are seen stay where they are, (T,)."""
    with np.errstate(invalid="ignore"):
        return of_seen_legs(w, {side: speed(w, f"{side}_ankle") < PLANTED for side in SIDES})


def standing_still(w: Watched) -> BoolArray:
    """Return where somebody stands upright and still, by the picture alone, (T,)."""
    height = (w.near(w.px, "ankle") - w.near(w.px, "hip"))[:, 1]
    if not np.isfinite(height).any():
        return np.zeros(len(w), dtype=np.bool_)
    trunk = _length(_middle(w.px, "shoulder") - _middle(w.px, "hip"))
    with np.errstate(invalid="ignore"):
        high = height >= HIGH * np.nanquantile(height, 0.95)
        long = (height >= LEG_LENGTHS[0] * trunk) & (height <= LEG_LENGTHS[1] * trunk)
        upright = w.said[PIXELS].values["trunk_inclination_deg"] < UPRIGHT_DEG
    return high & long & upright & of_seen_legs(w, {side: _straight(w, side) for side in SIDES})


def _straight(w: Watched, side: str) -> BoolArray:
    """Return where a leg is still, and straight in the picture, (T,)."""
    with np.errstate(invalid="ignore"):
        still = [speed(w, f"{side}_{part}") < STILL for part in ("hip", "ankle")]
        in_line = w.said[PIXELS].values[f"{side}_knee_flexion_deg"] < IN_LINE_DEG
    return np.asarray(still[0] & still[1] & in_line)


def top_of_bridge(w: Watched) -> BoolArray:
    """Return where somebody on their back has the hips highest, by the picture alone, (T,)."""
    hips = _middle(w.px, "hip")[:, 1]
    lies = w.said[PIXELS].values["trunk_inclination_deg"] > LYING_DEG
    if not lies.any():
        return lies
    low, high = np.nanquantile(hips[lies], (0.95, 0.05))
    return np.asarray(lies & (hips <= high + 0.15 * (low - high)))


def _everywhere(masks: Sequence[BoolArray]) -> BoolArray:
    return np.asarray(np.logical_and.reduce(masks))


def _apart(of: Mapping[str, FloatArray], part: str) -> FloatArray:
    return np.asarray(of[f"left_{part}"] - of[f"right_{part}"])


def _middle(of: Mapping[str, FloatArray], part: str) -> FloatArray:
    return np.asarray((of[f"left_{part}"] + of[f"right_{part}"]) / 2)


def _length(v: FloatArray) -> FloatArray:
    return np.asarray(np.sqrt((v * v).sum(axis=-1)))
