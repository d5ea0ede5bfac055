"""What must be so in real people, whatever their true angles are."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from statistics import NormalDist

import numpy as np

from benchmarks.quality.figures import Figure, Figures, mean, named, quantile, share, under
from benchmarks.reality import moments
from benchmarks.reality.watch import PIXELS, WORLD, BoolArray, FloatArray, Watched
from formcheck.results import SIDES

COMPARED = ("knee_flexion_deg", "hip_flexion_deg", "hip_swing_deg", "trunk_inclination_deg")
"""Angles that a side view shows in the picture's plane."""
BENT = ("knee_flexion_deg", "hip_flexion_deg")
MOVING = (*BENT, "trunk_inclination_deg")
FEW = 5
"""Fewer frames of a clip are not looked at."""
HIP_FROM_DEG = 25.0
"""Hips are compared when bent further than this. The angle in space holds the way from the
shoulder to the narrower hips, too, which a side view does not show: about 10 degrees standing,
but less than 2 from here on. Hip swing is without it, and compared always."""
BIN_DEG = 20.0
RANGE_DEG = 20.0
"""A correlation is taken when the angle in the picture changes by at least this much."""
LEVELS = (50, 80, 95)
"""Intervals, in per cent."""

STRAIGHT_DEG = 12.0
"""Standing knees are bent by no more than this."""
SYMMETRIC = ("squat", "bridge")
ONE_SIDED = ("lunge",)
"""Exercises whose left and right differ: who makes everybody symmetric shows here."""

LEAST_CHANGE = 0.15
"""Legs whose height changes by less than this share of their length imply no length."""
LEAST_HEIGHT = 0.3
"""Legs lower than this share of their length imply none either."""

FASTEST_DEG_S = 700.0
"""Joints of people who exercise turn no faster than this."""
LEAST_JUMP_DEG = 10.0
"""At high frame rates, noise alone is fast: a jump is at least this far, too."""
GAP_S = 0.25
"""Frames further apart are not compared."""


def side_view(w: Watched) -> Figures:
    """Compare every source with the angles in the picture's plane, where that is the body's."""
    chosen = moments.side_on(w) & moments.near_surely_seen(w)
    figures: Figures = {}
    for name in COMPARED:
        shown = w.near(w.said[PIXELS].values, name)
        for source in w.said:
            if source == PIXELS or not w.has(source, name):
                continue
            said = w.near(w.said[source].values, name)
            at = chosen & comparable(name, shown) & np.isfinite(shown + said)
            if at.sum() < FEW:
                continue
            found = _differences(said[at], shown[at])
            if w.said[source].sigmas:
                sigma = w.near(w.said[source].sigmas, name)[at]
                found |= _coverage(said[at] - shown[at], sigma)
            figures |= under(f"side/{name}/{source}", found)
    return figures


def comparable(name: str, shown_deg: FloatArray) -> BoolArray:
    """Return where an angle in space can be compared with the one in the picture."""
    with np.errstate(invalid="ignore"):
        bent = shown_deg >= HIP_FROM_DEG
    return bent if name == "hip_flexion_deg" else np.ones_like(bent)


def _differences(said: FloatArray, shown: FloatArray) -> Figures:
    off = said - shown
    varied = float(np.subtract(*np.quantile(shown, (0.95, 0.05)))) >= RANGE_DEG
    found = named(
        mean_abs_deg=mean(np.abs(off)),
        bias_deg=mean(off),
        correlation=mean([np.corrcoef(said, shown)[0, 1]]) if varied else None,
    )
    place = np.floor(shown / BIN_DEG).astype(int)
    for i in np.unique(place):
        if (place == i).sum() >= FEW:
            found |= named(
                **{f"at_{round((i + 0.5) * BIN_DEG):+04d}/bias_deg": mean(off[place == i])}
            )
    return found


def _coverage(off: FloatArray, sigma: FloatArray) -> Figures:
    wide = {level: NormalDist().inv_cdf(0.5 + level / 200) for level in LEVELS}
    within = {f"within_{level}_share": share(np.abs(off) <= z * sigma) for level, z in wide.items()}
    return named(**within, sigma_deg=mean(sigma))


def standing(w: Watched) -> Figures:
    """Look at knees and hips of who stands still and upright."""
    chosen = moments.standing_still(w)
    side = chosen & moments.side_on(w)
    figures: Figures = {}
    for name in COMPARED:
        for source in w.said:
            place = f"standing/{name}/{source}"
            nearer = w.near(w.said[source].values, name) if w.has(source, name) else np.array([])
            figures |= under(f"{place}/side_on", _at_rest(nearer[side] if nearer.size else nearer))
            if name != "hip_swing_deg" or source != PIXELS:
                sides = [v[chosen] for v in _seen_sides(w, source, name)]
                figures |= under(place, _at_rest(np.concatenate(sides)))
    return figures


def _at_rest(said: FloatArray) -> Figures:
    said = said[np.isfinite(said)]
    if said.size < FEW:
        return {}
    quantiles = {f"q{100 * q:02.0f}_deg": quantile(said, q) for q in (0.05, 0.5, 0.95)}
    return named(**quantiles, straight_share=share(said <= STRAIGHT_DEG))


def alike(w: Watched) -> Figures:
    """Compare left with right while the feet stay where they are."""
    if w.exercise not in (*SYMMETRIC, *ONE_SIDED) or "single-leg" in w.variant:
        return {}
    kind = "alike" if w.exercise in SYMMETRIC else "unlike"
    chosen = moments.planted(w) & moments.both_seen(w)
    figures: Figures = {}
    for name in BENT:
        for source in w.said:
            if source == PIXELS:
                continue
            left, right = _sides(w, source, name)
            off = (left - right)[chosen]
            if np.isfinite(off).sum() >= FEW:
                found = named(mean_abs_deg=mean(np.abs(off)), bias_deg=mean(off))
                figures |= under(f"{kind}/{name}/{source}", found)
    return figures


def lengths(w: Watched) -> Figures:
    """Ask whether bones keep their lengths: the model's own, and those that angles imply.

    A leg on planted feet is as high as its thigh and shin reach up by their angles to the
    vertical, from whichever side it is seen. The height in the picture over that reach is the
    leg's length, which stays the same if the angles are right.
    """
    figures: Figures = {}
    for part, near, far in (("thigh", "hip", "knee"), ("shin", "knee", "ankle")):
        long = [w.m[f"{s}_{far}"] - w.m[f"{s}_{near}"] for s in SIDES]
        spread = [_variation(np.sqrt((v * v).sum(axis=1))) for v in long]
        figures |= under(f"lengths/{part}/{WORLD}", named(variation_share=mean(spread)))
    moving = moments.planted(w)
    for source in w.said:
        if source != PIXELS:
            spread = [_variation(implied_px(w, source, side)[moving]) for side in SIDES]
            found = named(variation_share=mean(spread))
            figures |= under(f"lengths/leg/{source}", found) | _chain(w, source)
    return figures


def implied_px(w: Watched, source: str, side: str) -> FloatArray:
    """Return how long a straight leg would be by one source's angles, (T,).

    NaN where the leg is unseen or too low to tell, and throughout when it never moves.
    """
    seen = moments.leg_seen(w, side)
    up = np.radians(w.said[source].values[f"{side}_thigh_elevation_deg"])
    lean = np.radians(w.said[source].values[f"{side}_shin_inclination_deg"])
    # Thigh and shin are about equally long.
    reach = (np.sin(up) + np.cos(lean)) / 2
    height = w.px[f"{side}_ankle"][:, 1] - w.px[f"{side}_hip"][:, 1]
    with np.errstate(invalid="ignore", divide="ignore"):
        implied = np.where(seen & (reach >= LEAST_HEIGHT), height / reach, np.nan)
    known = reach[np.isfinite(implied)]
    moves = known.size > 0 and np.subtract(*np.quantile(known, (0.95, 0.05))) >= LEAST_CHANGE
    return implied if moves else np.full(len(w), np.nan)


def _chain(w: Watched, source: str) -> Figures:
    """Return by how much knee, thigh and shin contradict each other.

    Between two bones, the angle is at least the difference of their angles to the vertical and
    at most the sum: whatever the view, and however the legs are spread.
    """
    off = []
    for side in SIDES:
        knee, up, lean = (
            w.said[source].values[f"{side}_{name}"]
            for name in ("knee_flexion_deg", "thigh_elevation_deg", "shin_inclination_deg")
        )
        thigh = 90.0 - up
        off.append(
            np.maximum.reduce([knee - (thigh + lean), np.abs(thigh - lean) - knee, 0 * knee])
        )
    apart = np.concatenate(off)
    known = apart[np.isfinite(apart)]
    return under(
        f"chain/{source}", named(mean_abs_deg=mean(known), over_5_share=share(known > 5.0))
    )


def _variation(lengths_: FloatArray) -> float:
    known = lengths_[np.isfinite(lengths_)]
    return float(known.std() / known.mean()) if known.size >= FEW else np.nan


def steady(w: Watched) -> Figures:
    """Look for angles that change faster than people move."""
    figures: Figures = {}
    for source in w.said:
        every = [turns(w, v) for name in MOVING for v in _sides(w, source, name)]
        seen = [turns(w, v) for name in MOVING for v in _seen_sides(w, source, name)]
        rate = np.concatenate([rate for rate, _ in every])
        if np.isfinite(rate).sum() < FEW:
            continue
        found = named(
            q99_deg_per_s=quantile(rate, 0.99),
            greatest_deg_per_s=quantile(rate, 1.0),
            jumps_count=_jumps(every),
            seen_jumps_count=_jumps(seen),
        )
        figures |= under(f"steady/{source}", found)
    return figures


def _jumps(turned: Sequence[tuple[FloatArray, FloatArray]]) -> Figure:
    rate, step = (np.concatenate(column) for column in zip(*turned, strict=True))
    known = np.isfinite(rate)
    jumped = (rate[known] > FASTEST_DEG_S) & (step[known] > LEAST_JUMP_DEG)
    return Figure(float(jumped.sum()), int(known.sum()))


def turns(w: Watched, angle_deg: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return how fast and how far an angle changes from each frame to the next, (T - 1,)."""
    gap = np.diff(w.t_s)
    step = np.where(gap <= GAP_S, np.abs(np.diff(angle_deg)), np.nan)
    return step / gap, step


def bridge(w: Watched) -> Figures:
    """Look at the nearer hip where somebody doing bridges has the hips highest."""
    if w.exercise != "bridge":
        return {}
    chosen = moments.top_of_bridge(w) & (w.near(w.visibility, "hip") >= moments.SEEN)
    figures: Figures = {}
    for name in ("hip_flexion_deg", "hip_swing_deg", "knee_flexion_deg"):
        for source in w.said:
            if w.has(source, name):
                found = named(median_deg=quantile(w.near(w.said[source].values, name)[chosen], 0.5))
                figures |= under(f"bridge/{name}/{source}", found)
    side = chosen & moments.side_on(w)
    return figures | under("bridge", named(side_on_share=share(side[chosen])))


def _sides(w: Watched, source: str, name: str) -> Sequence[FloatArray]:
    """Return an angle of both sides, or the one that there is; NaN when there is none."""
    values = w.said[source].values
    if name in values:
        return [values[name]]
    nothing = np.full(len(w), np.nan)
    return [values.get(f"{side}_{name}", nothing) for side in SIDES]


def _seen_sides(w: Watched, source: str, name: str) -> Sequence[FloatArray]:
    """Return an angle of both sides, NaN where the leg is not seen."""
    sides = _sides(w, source, name)
    if len(sides) < len(SIDES):
        return sides
    return [
        np.where(moments.leg_seen(w, side), v, np.nan) for side, v in zip(SIDES, sides, strict=True)
    ]


CHECKS: tuple[Callable[[Watched], Figures], ...] = (
    side_view,
    standing,
    alike,
    lengths,
    steady,
    bridge,
)
"""Each gives the figures of one clip."""


def check(w: Watched) -> Figures:
    """Return all figures of a clip; what it does not show is left out."""
    return {name: figure for one in CHECKS for name, figure in one(w).items()}


def together(clips: Mapping[str, Figures]) -> Figures:
    """Return figures of all clips: means over clips, sums of counts, and the greatest of all.

    A figure's number of cases becomes that of clips, or of frames for a count.
    """
    figures: Figures = {}
    for name in sorted({name for found in clips.values() for name in found}):
        own = [found[name] for found in clips.values() if name in found]
        values = [figure.value for figure in own]
        last = name.rpartition("/")[2]
        if last.endswith("_count"):
            figures[name] = Figure(sum(values), sum(figure.n for figure in own))
        elif last.startswith("greatest_"):
            figures[name] = Figure(max(values), len(own))
        else:
            figures |= named(**{name: mean(values)})
    return figures
