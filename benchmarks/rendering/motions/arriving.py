"""Someone who walks into place, does something there, and walks away again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from benchmarks.rendering.action import Action, Actor, Chance, Event, Moment, Script, smooth
from benchmarks.rendering.figure import LETTERS, Figure, Figures, PlacedLeg
from benchmarks.rendering.motions import squat_scripts
from benchmarks.rendering.motions.gait import Gait, draw_bearing
from benchmarks.rendering.motions.walking import Stand, draw_pace, stand_of, standing, walk
from benchmarks.rendering.rig import FORWARD, FloatArray, Placement, rotation, turned_between
from benchmarks.rendering.room import Block
from benchmarks.rendering.truth import Truth

_LEG_BONES = ("upperleg", "lowerleg", "foot", "toe")

_CLEAR_M = 0.42
"""How far from things people walk."""
_LOW_M = 0.03
"""Things so low are walked on: mats."""


def arriving(script: Script, leaves: bool = True) -> Script:
    """Return a script that walks into place, follows another script and walks away.

    Parameters
    ----------
    script
        What is done in place. It begins and ends standing on both feet, on the floor.
    leaves
        Whether the person walks away afterwards.
    """

    def perform(actor: Actor, chance: Chance, fps: float) -> Action:
        inner = script(actor, chance, fps)
        there, back = _Walks(actor, chance, inner).both()
        moments = _coming(actor.figures, there, inner.moments[0].placed, fps, chance("settle"))
        before = len(moments)
        moments += [replace(m, t_s=before / fps + m.t_s) for m in inner.moments]
        if leaves:
            last = inner.moments[-1].placed
            after_s = len(moments) / fps
            for moment in _going(actor.figures, back, last, fps):
                moments.append(replace(moment, t_s=after_s + moment.t_s))

        def events(truth: Truth) -> Sequence[Event]:
            own = truth.part(slice(before, before + len(inner.moments)))
            return [_later(event, before / fps) for event in inner.events(own)]

        return replace(inner, moments=moments, events=events)

    return perform


def _later(event: Event, by_s: float) -> Event:
    return replace(
        event,
        start_s=event.start_s + by_s,
        turn_s=event.turn_s + by_s,
        end_s=event.end_s + by_s,
    )


class _Walks:
    """The ways to and from the place where something is done."""

    def __init__(self, actor: Actor, chance: Chance, inner: Action) -> None:
        self._actor = actor
        self._rng = chance("arrival")
        style = chance("style")
        self._pace = draw_pace(style, actor.shape.stature_m)
        self._bearing = draw_bearing(style)
        self._ends = [stand_of(actor.figures, inner.moments[i].placed) for i in (0, -1)]
        self._blocks = inner.blocks

    def both(self) -> tuple[Gait, Gait]:
        """Return the walk there and the walk back."""
        first, last = self._ends
        here = self._somewhere(first)
        start = standing(self._pace, here, _towards_deg(here, _middle_m(first)) + self._off_deg())
        there = walk(
            self._actor, self._rng, start, first, self._pace, self._bearing, self._wait_s()
        )
        away = self._somewhere(last)
        end = standing(self._pace, away, _towards_deg(_middle_m(last), away) + self._off_deg())
        back = walk(self._actor, self._rng, last, end, self._pace, self._bearing, self._wait_s())
        return there, back

    def _off_deg(self) -> float:
        return float(self._rng.uniform(-25, 25))

    def _wait_s(self) -> float:
        return float(self._rng.uniform(0.35, 0.9))

    def _somewhere(self, stand: Stand) -> FloatArray:
        """Return a place (2,) from which nothing is in the way."""
        middle = _middle_m(stand)
        free: list[tuple[float, int, FloatArray]] = []
        for _ in range(24):
            turn = rotation("z", float(self._rng.uniform(-180, 180)))
            there = middle + float(self._rng.uniform(1.5, 2.5)) * (turn @ FORWARD)[:2]
            free.append((min(1.0, _room_m(middle, there, self._blocks)), len(free), there))
            if free[-1][0] > _CLEAR_M:
                break
        return max(free, key=lambda place: (place[0], -place[1]))[2]


def _middle_m(stand: Stand) -> FloatArray:
    middle: FloatArray = (stand["left"].at_m + stand["right"].at_m)[:2] / 2
    return middle


def _towards_deg(here: FloatArray, there: FloatArray) -> float:
    way = there - here
    return float(np.degrees(np.arctan2(way[0], -way[1])))


def _room_m(here: FloatArray, there: FloatArray, blocks: Sequence[Block]) -> float:
    """Return how near the way between two places (2,) comes to what stands beside it."""
    way = here + np.linspace(0.15, 1.0, 20)[:, None] * (there - here)
    nearest = np.inf
    for block in blocks:
        if block.centre_m[2] + block.size_m[2] / 2 < _LOW_M:
            continue
        away = (way - block.centre_m[:2]) @ rotation("z", block.turn_deg)[:2, :2]
        gap = np.maximum(np.abs(away) - block.size_m[:2] / 2, 0.0)
        nearest = min(nearest, float(np.linalg.norm(gap, axis=1).min()))
    return nearest


# Joining


def _coming(
    figures: Figures, gait: Gait, then: Placement, fps: float, rng: np.random.Generator
) -> list[Moment]:
    """Return a walk that ends just as what follows begins."""
    settle_s = float(rng.uniform(0.7, 1.2))
    begin_s = gait.end_s - 0.3
    count = round((begin_s + settle_s) * fps)
    end_s = count / fps
    return [
        Moment(
            i / fps,
            joined(
                figures, gait.place(i / fps), then, smooth((i / fps - begin_s) / (end_s - begin_s))
            ),
        )
        for i in range(count)
    ]


def _going(figures: Figures, gait: Gait, before: Placement, fps: float) -> list[Moment]:
    """Return a walk that begins just as what was done before ended."""
    lifts_s = gait.steps[0].lifts_s
    return [
        Moment(
            i / fps, joined(figures, before, gait.place(i / fps), smooth((i + 1) / fps / lifts_s))
        )
        for i in range(round((gait.end_s + 0.3) * fps))
    ]


def joined(figures: Figures, before: Placement, after: Placement, share: float) -> Placement:
    """Return the placement `share` of the way from one to another, for someone who stands.

    Ankles go straight from where they are to where they will be, so that feet that stand in
    the same places in both do not move.
    """
    if share <= 0.0:
        return before
    if share >= 1.0:
        return after
    rig = figures.rig
    turned = {
        name: turned_between(before.rotations[i], after.rotations[i], share)
        for i, name in enumerate(rig.names)
    }
    root_m = before.heads_m[0] + share * (after.heads_m[0] - before.heads_m[0])
    legs = {side: _leg_between(figures, before, after, share, side) for side in LETTERS}
    reaching = figures.place(Figure(root_m, turned[rig.names[0]], legs=legs))
    for i, name in enumerate(rig.names):
        if name.startswith(_LEG_BONES):
            turned[name] = reaching.rotations[i]
    return rig.place(turned, root_m)


def _leg_between(
    figures: Figures, before: Placement, after: Placement, share: float, side: str
) -> PlacedLeg:
    def turn(stem: str) -> FloatArray:
        i = figures.rig.index[f"{stem}.{LETTERS[side]}"]
        return turned_between(before.rotations[i], after.rotations[i], share)

    ankle = f"foot.{LETTERS[side]}"
    here, there = figures.joint(before, ankle), figures.joint(after, ankle)
    return PlacedLeg(
        ankle_m=here + share * (there - here),
        foot=turn("foot"),
        towards=turn("upperleg01") @ FORWARD,
        toes=turn("toe3-1"),
    )


SCRIPTS: dict[str, Script] = {
    "squat-arriving": arriving(squat_scripts.SCRIPTS["calibration"]),
}
"""Exercises with the ways there and back."""
