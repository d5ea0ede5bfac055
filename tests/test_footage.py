"""Real people, counted by a careful viewer; the clips are not part of the project."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.footage import Recognized, Result, measure_all, tell_all

pytestmark = [pytest.mark.footage, pytest.mark.model]


@pytest.fixture(scope="module")
def results(footage: Path, pose_model: object) -> list[Result]:  # noqa: ARG001
    wanted = {"core", "negative"}
    return [r for scope in wanted for r in measure_all(footage, "squat", 2, scope)]


def test_plain_squat_clips_are_counted_exactly(results: list[Result]) -> None:
    squats = [r for r in results if r.clip.exercise == "squat"]
    missed = [(r.clip.file, r.wanted, r.counted) for r in squats if not r.exact]
    assert len(squats) == 9
    assert len(missed) <= 1, missed


def test_other_movements_are_not_squats(results: list[Result]) -> None:
    negatives = [r for r in results if r.clip.scope == "negative"]
    counted = [(r.clip.file, r.counted) for r in negatives if r.counted]
    assert len(negatives) == 16
    assert len(counted) <= 1, counted


@pytest.fixture(scope="module")
def told(footage: Path, pose_model: object) -> list[Recognized]:  # noqa: ARG001
    return tell_all(footage, 2, None)


@pytest.mark.parametrize(("scope", "least"), [("core", 0.95), ("negative", 0.95)])
def test_exercises_are_recognized_and_other_movements_are_none(
    told: list[Recognized], scope: str, least: float
) -> None:
    rows = [r for r in told if r.clip.scope == scope]
    wrong = [(r.clip.file, r.wanted, r.said.exercise.id) for r in rows if not r.exact]
    assert len(rows) >= 16
    assert len(wrong) <= (1 - least) * len(rows), wrong
