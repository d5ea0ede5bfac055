"""Measurements of one finished repetition: how long its parts took, and how they went."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from formcheck.measures.course import coupling, held, restlessness, spread, unevenness
from formcheck.reps import Phases
from formcheck.results import UNSEEN, Reading
from formcheck.series import EPSILON_S, Window

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Movement:
    """All that a measurement of a repetition may look at."""

    phases: Phases
    start_seen: bool
    readings: Window
    """From its start to its end."""
    signal: str = "hip_drop_ratio"
    """The reading that it was found in."""

    def signal_from(self, start_s: float, end_s: float) -> tuple[FloatArray, FloatArray]:
        """Return times and signal of a part of it, both (T,)."""
        t = self.readings.t_s
        part = (t >= start_s - EPSILON_S) & (t <= end_s + EPSILON_S)
        return t[part], self.readings.values[self.signal][part]


@dataclass(frozen=True, slots=True)
class RepetitionMeasure:
    """One row of the catalogue of repetition measurements."""

    name: str
    title: str
    compute: Callable[[Movement], Reading]
    """Value and standard deviation; NaN when it can't be told."""
    unknown: str = ""
    """Why it can't be told, where that is not that the start was not filmed."""


JUDGING_S = 0.03
"""How exactly the start or end of a phase can be told even from many frames a second: pose
models follow quick movements late, and by a different amount at their start and at their end."""
BETWEEN_FRAMES = 0.3
"""How exactly it can be told between two frames, as a fraction of the time between them."""
HELD_S = 0.12
"""How exactly it can be told when the turning point is reached or left."""
SEAT_BEHIND_M = -0.12
"""Centre of mass further behind the ankles than heels reach: something else carries it."""
CLEARLY = 0.84
"""So many standard deviations beyond a limit, it is exceeded with a probability of 0.8."""


def _time_sigma(movement: Movement, *moments: str) -> float:
    """Return the standard deviation of the time between two moments of the phases."""
    t = movement.readings.t_s
    spacing = float(np.median(np.diff(t))) if len(t) > 1 else math.nan
    each = math.hypot(JUDGING_S, BETWEEN_FRAMES * spacing)
    level = [getattr(movement.phases, f"{moment}_sigma_s") for moment in moments]
    return math.hypot(each, each, *level)


def _duration(end: str, start: str) -> Callable[[Movement], Reading]:
    def compute(movement: Movement) -> Reading:
        value = getattr(movement.phases, f"{end}_s") - getattr(movement.phases, f"{start}_s")
        seen = movement.start_seen or start != "start"
        return Reading(value if seen else math.nan, _time_sigma(movement, start, end))

    return compute


def _descent_ascent_ratio(movement: Movement) -> Reading:
    """Return the duration of the way down over that of the way up."""
    phases = movement.phases
    down = phases.bottom_start_s - phases.start_s
    up = phases.end_s - phases.bottom_end_s
    if not (movement.start_seen and up > 0 and down > 0):
        return Reading(math.nan, math.nan)
    off = _time_sigma(movement, "start", "bottom_start") / down
    return Reading(
        down / up, down / up * math.hypot(off, _time_sigma(movement, "bottom_end", "end") / up)
    )


def _seated(movement: Movement) -> Reading:
    """Return for how long the body's weight was clearly behind the feet, as on a chair.

    How far it is behind them is poorly known from the front and from the rear.
    """
    t, balance = movement.readings.t_s, movement.readings.values["balance_m"]
    if len(t) < 2 or not np.isfinite(balance).any():
        return Reading(math.nan, math.nan)
    surely = balance + CLEARLY * movement.readings.sigmas["balance_m"]
    behind = surely[1:] < SEAT_BEHIND_M
    return Reading(float(np.diff(t)[behind].sum()), _time_sigma(movement))


def _hips_fell(movement: Movement) -> Reading:
    """Return how far the hips went down in the picture, against the way from start to end.

    Who steps up bends a leg as well, but on the way the hips are about half-way up; who walks on,
    or is filmed by somebody who walks, ends higher or lower in the picture and still goes down.
    """
    t, down = movement.readings.t_s, movement.readings.values["hips_down_ratio"]
    known = np.isfinite(down)
    if not known.any():
        return UNSEEN
    phases = movement.phases
    start, turn, end = np.interp(
        (phases.start_s, phases.turn_s, phases.end_s), t[known], down[known]
    )
    gone = (phases.turn_s - phases.start_s) / max(EPSILON_S, phases.end_s - phases.start_s)
    meanwhile = start + gone * (end - start) if movement.start_seen else end
    return Reading(float(turn - meanwhile), FALL_SIGMA)


def _seen(movement: Movement) -> Reading:
    """Return the share of frames in which the signal was known."""
    known = np.isfinite(movement.readings.values[movement.signal])
    if not len(known):
        return Reading(math.nan, math.nan)
    return Reading(float(known.mean()), 1 / len(known))


def _held_sigma(movement: Movement) -> float:
    return math.hypot(HELD_S, _time_sigma(movement))


def _hold(movement: Movement) -> Reading:
    """Return for how long the last tenth of the way was kept."""
    reached_s, left_s = held(*movement.signal_from(-math.inf, math.inf))
    return Reading(left_s - reached_s, _held_sigma(movement))


def _out(movement: Movement) -> Reading:
    """Return for how long it went, until only the last tenth of the way was left."""
    reached_s, _ = held(*movement.signal_from(-math.inf, math.inf))
    seen = movement.start_seen
    value = reached_s - movement.phases.start_s if seen else math.nan
    return Reading(value, _held_sigma(movement))


def _back(movement: Movement) -> Reading:
    """Return how long coming back took, from when the last tenth of the way was left."""
    _, left_s = held(*movement.signal_from(-math.inf, math.inf))
    return Reading(movement.phases.end_s - left_s, _held_sigma(movement))


def _unevenness(movement: Movement) -> Reading:
    """Return how far from smooth the way out, or the way back, was: whichever is worse.

    Of people on a chair the pose model sees a shin that comes up jump, even if it does not:
    then an even movement surely was one, and an uneven one is not known.
    """
    phases = movement.phases
    reached_s, left_s = held(*movement.signal_from(-math.inf, math.inf), ON_THE_WAY)
    ways = ((phases.start_s, reached_s), (left_s, phases.end_s))
    known = [u for way in ways if math.isfinite(u := unevenness(*movement.signal_from(*way)))]
    if not known:
        return UNSEEN
    if max(known) > EVEN and not np.nanmean(movement.readings.values["lying_ratio"]) > EVEN_LYING:
        return UNSEEN
    noise = float(np.nanmedian(movement.readings.sigmas[movement.signal]))
    t, x = movement.signal_from(-math.inf, math.inf)
    doubt = UNEVEN_NOISE * (noise / spread(x)) ** 2 + UNEVEN_RESTLESS * restlessness(t, x)
    return Reading(max(known), UNEVEN_SIGMA + doubt)


def _neck_coupling(movement: Movement) -> Reading:
    """Return how the neck goes with the movement: 1 extends with it, -1 flexes with it."""
    x = movement.readings.values[movement.signal]
    nod = movement.readings.values["head_nod_deg"]
    value = coupling(movement.readings.t_s, x, nod)
    if not math.isfinite(value):
        return UNSEEN
    return Reading(value, COUPLING_SIGMA + COUPLING_NOISE_DEG / spread(nod))


def _knee_range(movement: Movement) -> Reading:
    """Return from where to where the knee went."""
    opened = movement.readings.values["knee_opening_deg"]
    if not np.isfinite(opened).any():
        return UNSEEN
    sigma = float(np.nanmedian(movement.readings.sigmas["knee_opening_deg"]))
    return Reading(float(np.nanmax(opened) - np.nanmin(opened)), sigma)


NECK_STILL = "your head hardly moved, or was not seen: nothing to compare"
TOO_SLOW = (
    "not seen well enough to tell how smooth it was: it shows best lying on your back, and in 15 "
    "pictures a second or more"
)
EVEN, EVEN_LYING = 0.25, 0.5
"""What is less uneven is even; who lies for a larger share of the time lies."""
ON_THE_WAY = 0.8
"""Beyond this fraction everybody slows down, and may waver before turning back."""
UNEVEN_SIGMA, UNEVEN_NOISE, UNEVEN_RESTLESS = 0.06, 2.2, 2.0
"""How exactly unevenness can be told of a signal without noise, and by how much less with noise
as the refiner expects it, and as the signal itself shows it by going back and forth."""
COUPLING_SIGMA, COUPLING_NOISE_DEG = 0.1, 1.8
"""How exactly coupling can be told of a head that moves a lot, and by how much less of one that
moves little."""

FALL_SIGMA = 0.05
"""How exactly it can be told how far the hips went down, in leg lengths."""

REPETITION = {
    row.name: row
    for row in (
        RepetitionMeasure("descent_s", "time down", _duration("bottom_start", "start")),
        RepetitionMeasure(
            "bottom_s", "time at the bottom", _duration("bottom_end", "bottom_start")
        ),
        RepetitionMeasure("ascent_s", "time up", _duration("end", "bottom_end")),
        RepetitionMeasure("duration_s", "duration", _duration("end", "start")),
        RepetitionMeasure("descent_ascent_ratio", "time down over time up", _descent_ascent_ratio),
        RepetitionMeasure("out_s", "time out", _out),
        RepetitionMeasure("back_s", "time back", _back),
        RepetitionMeasure("hold_s", "time held", _hold),
        RepetitionMeasure("unevenness_ratio", "slowed down on the way", _unevenness, TOO_SLOW),
        RepetitionMeasure(
            "neck_coupling_ratio", "neck with the movement", _neck_coupling, NECK_STILL
        ),
        RepetitionMeasure("knee_range_deg", "range of the knee", _knee_range),
        RepetitionMeasure("hips_fell_ratio", "hips down in the picture", _hips_fell),
        RepetitionMeasure("seen_ratio", "share of frames with the person", _seen),
        RepetitionMeasure("seated_s", "time on a seat", _seated),
    )
}
"""Name → row, for every measurement of a repetition."""
