"""Postures that belong to no exercise, on a body of sticks."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from benchmarks.rendering.action import Action, Actor
from benchmarks.rendering.health import complaints
from benchmarks.rendering.motions.anyhow import SCRIPTS
from benchmarks.rendering.rig import FloatArray
from tests.rendering_rig import chance, film_truth, stick_actor

FPS = 10.0


@cache
def actor() -> Actor:
    return stick_actor()


@cache
def done(name: str, seed: int) -> Action:
    return SCRIPTS[name](actor(), chance(seed), FPS)


def angle(name: str, script: str, seed: int) -> FloatArray:
    return film_truth(actor(), done(script, seed)).angles[name]


@pytest.mark.parametrize("script", sorted(SCRIPTS))
def test_each_leg_goes_its_own_way(script: str) -> None:
    left, right = (
        np.concatenate([angle(f"{side}_knee_flexion_deg", script, seed) for seed in range(4)])
        for side in ("left", "right")
    )
    assert np.abs(left - right).mean() > 15
    assert abs(np.corrcoef(left, right)[0, 1]) < 0.6
    assert np.ptp(left) > 80


@pytest.mark.parametrize("script", sorted(SCRIPTS))
@pytest.mark.parametrize("seed", range(3))
def test_nobody_floats_or_sinks(script: str, seed: int) -> None:
    parts = ["left_foot", "right_foot", "left_shin", "right_shin"]
    parts += ["chest", "waist", "pelvis", "head"] if script == "anyhow-lying" else []
    for moment in done(script, seed).moments[::20]:
        assert actor().contact.lowest_m(moment.placed, parts) == pytest.approx(0.0, abs=1e-6)


@pytest.mark.parametrize("seed", range(3))
def test_who_lies_is_on_the_back_and_who_stands_is_not(seed: int) -> None:
    assert (angle("trunk_inclination_deg", "anyhow-lying", seed) > 45).all()
    assert (angle("trunk_inclination_deg", "anyhow-standing", seed) < 85).all()


@pytest.mark.parametrize("script", sorted(SCRIPTS))
def test_joints_stay_within_what_people_can_do(script: str) -> None:
    told = complaints(actor(), done(script, 1), FPS)
    assert [text for text in told if text.startswith("range") and "knee" in text] == []


def test_it_counts_nothing() -> None:
    action = done("anyhow-standing", 0)
    assert action.exercise == "none"
    assert list(action.events(film_truth(actor(), action))) == []
