"""How much somebody's legs move on the spot."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pytest

from formcheck.estimators.following import ENOUGH_DEG, TIMES
from formcheck.people import Movement, place_of
from formcheck.pose import Pose
from formcheck.sources.synthetic import Posture, Squat, StickFigure, squats


def moved(poses: Iterable[Pose]) -> float:
    movement = Movement()
    for pose in poses:
        place = place_of(pose)
        assert place is not None
        movement.feed(pose, place)
    return movement.total


def trembling(fps: float, spread_deg: float, seed: int = 5) -> list[Pose]:
    """Twelve seconds of legs that are guessed anew in every frame."""
    draw = np.random.default_rng(seed).normal(0, spread_deg, (round(12 * fps), 2))
    figure = StickFigure(yaw_deg=90.0)
    return [
        figure.pose(i / fps, Posture(60 + thigh, 10 + shin, 0))
        for i, (thigh, shin) in enumerate(draw)
    ]


@pytest.mark.parametrize("fps", [10, 20, 30, 60])
def test_trembling_is_no_exercise(fps: float) -> None:
    exercise = moved(squats(StickFigure(yaw_deg=90.0), [Squat()] * 3, fps=fps))
    trembled = moved(trembling(fps, 12.0))
    # What is chosen late has to move by so much more than who was followed at first.
    assert exercise > ENOUGH_DEG + TIMES * trembled


def test_quick_squats_are_exercise() -> None:
    quick = Squat(descent_s=0.5, pause_s=0.0, ascent_s=0.5)
    assert moved(squats(StickFigure(yaw_deg=90.0), [quick] * 5, fps=30)) > ENOUGH_DEG


def test_standing_is_none() -> None:
    figure = StickFigure(yaw_deg=90.0)
    assert moved(figure.pose(i / 30, Posture(90, 0, 0)) for i in range(300)) == 0.0


def test_it_goes_on_after_somebody_was_out_of_sight() -> None:
    track = list(squats(StickFigure(yaw_deg=90.0), [Squat()] * 4, fps=30))
    third = len(track) // 3
    assert moved([*track[:third], *track[2 * third :]]) > 0.4 * moved(track)
