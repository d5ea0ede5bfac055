"""Two feet that go from spot to spot: on the floor they stay, in the air they keep clear."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from benchmarks.rendering.action import smooth
from benchmarks.rendering.figure import LETTERS, SIGNS
from benchmarks.rendering.motions.lunge_body import OTHER, Foot, Spot

_FASTEST_M_S = 2.9
"""Of a foot in the air, at its fastest."""
_ROOM_M = 0.15
"""Least distance of two ankles that pass each other."""
_ROCK_S = 0.13
"""How long a foot takes from its heel's landing until it is flat."""

Rise = Callable[[str, float, Spot], float]
"""Side, time, spot → how far the heel of a foot on the floor is up then, in degrees."""


@dataclass(frozen=True)
class _Swing:
    """A foot's way through the air."""

    lifts_s: float
    lands_s: float
    start: Spot
    to: Spot
    up_m: float
    strike_deg: float | None
    bow_m: float
    """How far it goes to the left of its way, round the other foot."""


class Feet:
    """Where two feet are over time.

    Parameters
    ----------
    start
        Side → where they are at first.
    """

    def __init__(self, start: Mapping[str, Spot]) -> None:
        self._start = dict(start)
        self._swings: dict[str, list[_Swing]] = {side: [] for side in LETTERS}
        self.now = dict(start)
        """Side → where they are after the last swing."""

    def swing(
        self,
        side: str,
        start_s: float,
        least_s: float,
        to: Spot,
        up_m: float,
        strike_deg: float | None,
    ) -> float:
        """Move a foot, and return when it lands.

        Parameters
        ----------
        side
            Which one.
        start_s, least_s
            When it leaves the floor, and how long it takes unless that were too fast.
        to
            Where it lands.
        up_m
            How high it goes on its way.
        strike_deg
            Its heel's rise when landing, negative for the toes'; None as a foot behind needs it.
        """
        start, other = self.now[side], self.now[OTHER[side]]
        way, aside = to.ahead_m - start.ahead_m, to.x_m - start.x_m
        end_s = start_s + max(least_s, 1.5 * float(np.hypot(way, aside)) / _FASTEST_M_S)
        bow = 0.0
        if (start.ahead_m - other.ahead_m) * (to.ahead_m - other.ahead_m) < 0.05:
            # Where the foot passes the other, or stands next to it, it needs a little room.
            share = float(np.clip((other.ahead_m - start.ahead_m) / (way or 1.0), 0.0, 1.0))
            room = SIGNS[side] * (start.x_m + share * aside - other.x_m)
            bow = SIGNS[side] * max(0.0, _ROOM_M - room)
        self._swings[side].append(_Swing(start_s, end_s, start, to, up_m, strike_deg, bow))
        self.now[side] = to
        return end_s

    def at(self, side: str, t_s: float, rise: Rise) -> Foot:
        """Return a foot at one time."""
        spot, landed, strike = self._start[side], -1.0, None
        for swing in self._swings[side]:
            if t_s < swing.lifts_s:
                break
            if t_s < swing.lands_s:
                return _in_air(side, swing, t_s, rise)
            spot, landed, strike = swing.to, swing.lands_s, swing.strike_deg
        if strike is not None and landed <= t_s < landed + _ROCK_S:
            return Foot(spot, rise_deg=strike * (1.0 - smooth((t_s - landed) / _ROCK_S)))
        return Foot(spot)


def _in_air(side: str, swing: _Swing, t_s: float, rise: Rise) -> Foot:
    u = (t_s - swing.lifts_s) / (swing.lands_s - swing.lifts_s)
    done, high = u * u * (3.0 - 2.0 * u), (4.0 * u * (1.0 - u)) ** 1.5
    start, to, last = swing.start, swing.to, swing.strike_deg
    if last is None:
        last = rise(side, swing.lands_s, to)
    risen = (1.0 - smooth(u / 0.6)) * rise(side, swing.lifts_s, start)
    risen += smooth((u - 0.4) / 0.6) * last + 9.0 * high * (1.0 - u)
    return Foot(
        Spot(
            start.x_m + done * (to.x_m - start.x_m) + high * swing.bow_m,
            start.ahead_m + done * (to.ahead_m - start.ahead_m),
        ),
        up_m=swing.up_m * high,
        rise_deg=risen,
        free=max(1e-6, smooth(u / 0.15) * smooth((1.0 - u) / 0.15)),
        slack=smooth(u / 0.35) * (1.0 - smooth((u - 0.7) / 0.3)),
    )
