"""The checks of motions: each finds what it looks for, and nothing on someone who is well."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from benchmarks.rendering.action import Action, Actor, Moment
from benchmarks.rendering.figure import LETTERS, Figure, FreeArm, FreeLeg, PlacedArm, facing
from benchmarks.rendering.health import RANGES_DEG, complaints
from benchmarks.rendering.motions.gait import Bearing, Gait
from benchmarks.rendering.motions.walking import Pace, standing
from benchmarks.rendering.rig import Placement, rotation
from benchmarks.rendering.room import Block
from benchmarks.rendering.solids import Solids
from tests.rendering_rig import stick_actor

FPS = 30.0


@cache
def actor() -> Actor:
    return stick_actor()


def standing_figure(**legs: FreeLeg) -> Figure:
    """Return someone who stands, a leg lifted or bent if told so."""
    gait = Gait(actor(), standing(Pace()), [], Bearing(wobble=0.0), np.random.default_rng(0))
    figure = gait.figure(0.0)
    return replace(figure, legs={**figure.legs, **legs})


def found(figures: Sequence[Figure], blocks: tuple[Block, ...] = ()) -> list[str]:
    moments = [Moment(i / FPS, actor().figures.place(f)) for i, f in enumerate(figures)]
    return complaints(actor(), Action("none", moments, blocks=blocks), FPS)


def found_of(placements: Sequence[Placement]) -> list[str]:
    moments = [Moment(i / FPS, placed) for i, placed in enumerate(placements)]
    return complaints(actor(), Action("none", moments), FPS)


def moved(figure: Figure, by_m: Sequence[float]) -> Placement:
    """Return a figure with everything, feet as well, somewhere else."""
    placed = actor().figures.place(figure)
    return Placement(placed.rotations, placed.heads_m + np.asarray(by_m))


def test_who_stands_is_well() -> None:
    assert found([standing_figure()] * 20) == []


def test_bones_without_a_place_are_told() -> None:
    lost = moved(standing_figure(), (np.nan, 0.0, 0.0))
    assert found_of([lost] * 4) == ["nowhere: some bones have no place"]


def test_feet_in_the_floor_are_told_with_their_depth() -> None:
    flat = found_of([moved(standing_figure(), (0.0, 0.0, 0.0))] * 6)
    sunk = found_of([moved(standing_figure(), (0.0, 0.0, -0.06))] * 6)
    assert flat == []
    assert [text.split(" is ")[0] for text in sunk] == ["floor: left_foot", "floor: right_foot"]


# Feet


def test_standing_feet_that_slide_are_told() -> None:
    slide = [moved(standing_figure(), (0.0, -0.08 * i / 29, 0.0)) for i in range(30)]
    assert [text[:19] for text in found_of(slide)] == ["sliding: left foot ", "sliding: right foot"]


def test_feet_may_drift_a_little() -> None:
    drift = [moved(standing_figure(), (0.0, -0.02 * i / 29, 0.0)) for i in range(30)]
    assert found_of(drift) == []


@pytest.mark.parametrize("pivot", ["ball", "heel"])
def test_a_foot_may_pivot(pivot: str) -> None:
    assert found_of([turned_foot(30.0 * i / 29, pivot) for i in range(30)]) == []


def turned_foot(angle_deg: float, about: str) -> Placement:
    """Return someone whose whole body turns about one place of the left foot.

    The right foot is in the air.
    """
    figure = standing_figure(right=FreeLeg(30.0, knee_flexion_deg=60.0))
    placed = actor().figures.place(figure)
    rig = actor().body.rig
    ball = np.mean([placed.heads_m[rig.index[f"toe{i}-1.L"]] for i in range(1, 6)], axis=0)
    ankle = placed.heads_m[rig.index["foot.L"]]
    centre = ball if about == "ball" else ankle + 0.3 * (ankle - ball)
    turn = rotation("z", angle_deg)
    heads = (placed.heads_m - centre) @ turn.T + centre
    return Placement(turn @ placed.rotations, heads)


def test_a_foot_in_the_air_may_go_anywhere() -> None:
    def stepping(i: int) -> Figure:
        return standing_figure(left=FreeLeg(20.0 + i, knee_flexion_deg=60.0))

    assert found([stepping(i) for i in range(30)]) == []


def test_feet_that_stand_on_a_step_are_watched() -> None:
    block = Block("box", np.array([0.0, -0.1, 0.1]), np.array([0.9, 0.6, 0.2]), 0.0, (1, 1, 1))
    slide = [moved(standing_figure(), (0.0, -0.08 * i / 29, 0.2)) for i in range(30)]
    moments = [Moment(i / FPS, placed) for i, placed in enumerate(slide)]
    told = complaints(actor(), Action("none", moments, blocks=(block,)), FPS)
    assert {text.split(":")[0] for text in told} == {"sliding"}


# Joints


@pytest.mark.parametrize(
    ("leg", "told"),
    [
        (FreeLeg(20.0, knee_flexion_deg=40.0), []),
        (FreeLeg(30.0, knee_flexion_deg=-12.0), ["left_knee_flexion of -"]),
        (FreeLeg(100.0, knee_flexion_deg=158.0), ["left_knee_flexion of 1"]),
        (FreeLeg(143.0, knee_flexion_deg=120.0), ["left_hip_flexion of 143"]),
        (FreeLeg(-36.0, knee_flexion_deg=30.0), ["left_hip_flexion of -36"]),
        (FreeLeg(60.0, 0.0, 100.0, 90.0), ["left_hip_rotation of 100"]),
        (FreeLeg(60.0, 0.0, -70.0, 90.0), ["left_hip_rotation of -70"]),
        (FreeLeg(60.0, 0.0, 30.0, 90.0), []),
        (FreeLeg(0.0, 40.0, 0.0, 60.0), []),
        (FreeLeg(60.0, 0.0, 0.0, 60.0, 54.0), ["left_dorsiflexion of 5"]),
        (FreeLeg(60.0, 0.0, 0.0, 60.0, -75.0), ["left_dorsiflexion of -7"]),
    ],
)
def test_legs_beyond_what_people_can_do_are_told(leg: FreeLeg, told: list[str]) -> None:
    names = [text for text in found([standing_figure(left=leg)] * 4) if text.startswith("range")]
    assert len(names) == len(told)
    for text, begins in zip(names, told, strict=True):
        assert text.startswith(f"range: {begins}")


def test_what_a_range_is_exceeded_by_is_measured_as_defined() -> None:
    texts = found([standing_figure(left=FreeLeg(140.0, knee_flexion_deg=120.0))] * 4)
    assert RANGES_DEG["hip_flexion"] == (-30.0, 135.0)
    assert "range: left_hip_flexion of 140 deg at 0.00 s" in texts


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"arms": {"left": FreeArm((0.2, 0.0, -1.0), (0.2, 0.1, 1.0))}}, "left_elbow_flexion"),
        ({"arms": {"left": FreeArm((0.1, 1.0, -0.2), (0.1, 0.9, -0.4))}}, "left_arm_backwards"),
        ({"bend_deg": 90.0}, "spine"),
        ({"head_turn_deg": 100.0}, "neck"),
    ],
)
def test_trunks_and_arms_beyond_what_people_can_do_are_told(
    changes: dict[str, object], told: str
) -> None:
    figure = standing_figure()
    if "arms" in changes:
        changes = {"arms": {**figure.arms, **changes["arms"]}}  # type: ignore[dict-item]
    bent = replace(figure, **changes)  # type: ignore[arg-type]
    assert any(text.startswith(f"range: {told} of") for text in found([bent] * 4))


# Speed


def test_speeds_beyond_what_people_reach_are_told() -> None:
    def runs(speed_m_s: float) -> list[str]:
        path = (moved(standing_figure(), (0.0, -speed_m_s * i / FPS, 0.5)) for i in range(10))
        return found_of(list(path))

    assert runs(4.8) == []
    assert any(text.startswith("speed: head at 5.4 m/s at 0.") for text in runs(5.4))


def test_a_jump_between_two_frames_is_told() -> None:
    there, here = (moved(standing_figure(), (0.0, y, 0.5)) for y in (0.0, 0.1))
    told = found_of([there] * 6 + [here] * 6)
    assert "jump: pelvis by 10 cm at 0.17 s" in told
    assert {text.split(":")[0] for text in told} == {"jump"}


# Solids


def test_a_hand_in_the_belly_is_told() -> None:
    figure = standing_figure()
    belly = figure.root_m + np.array([0.0, 0.0, 0.12])
    inside = PlacedArm(belly, np.array([1.0, 0.5, 0.0]))
    told = found([replace(figure, arms={**figure.arms, "left": inside})] * 3)
    assert any(text.startswith("overlap: left_hand in trunk by") for text in told)


def test_a_hand_on_the_belly_is_not() -> None:
    figure = standing_figure()
    before = PlacedArm(figure.root_m + np.array([0.06, -0.16, 0.14]), np.array([1.0, 0.2, -0.3]))
    told = found([replace(figure, arms={**figure.arms, "left": before})] * 3)
    assert told == []


def test_legs_that_cross_through_each_other_are_told() -> None:
    figure = standing_figure(
        left=FreeLeg(0.0, -14.0, knee_flexion_deg=3.0),
        right=FreeLeg(0.0, -14.0, knee_flexion_deg=3.0),
    )
    told = {text.split(" by ")[0] for text in found_of([moved(figure, (0.0, 0.0, 0.1))] * 3)}
    assert "overlap: left_shin in right_shin" in told


def test_deepest_overlap_is_measured_from_the_surfaces() -> None:
    """Two shins of 5 cm radius whose middle lines meet overlap by 10 cm."""
    inwards_deg = float(np.degrees(np.arcsin(0.09 / 0.64)))
    legs = dict.fromkeys(LETTERS, FreeLeg(90.0, -inwards_deg, knee_flexion_deg=0.0))
    figure = replace(standing_figure(), legs=legs)
    overlaps = Solids(actor().body).overlaps([moved(figure, (0.0, 0.0, 0.3))])
    depth = {(o.part, o.other): o.depth_m for o in overlaps}
    assert depth["left_shin", "right_shin"] == pytest.approx(0.10, abs=0.012)


# Things


@pytest.mark.parametrize(
    ("kind", "turn_deg", "told"), [("box", 0.0, 1), ("box", 45.0, 0), ("ball", 0.0, 0)]
)
def test_joints_inside_of_things_are_told(kind: str, turn_deg: float, told: int) -> None:
    """A box round the knee's middle reaches it; turned by 45 degrees it does not, nor its ball."""
    figure = standing_figure()
    knee = actor().figures.joint(actor().figures.place(figure), "lowerleg01.L")
    # The knee is near the corner of the box.
    centre = knee + np.array([0.09, 0.09, 0.0])
    block = Block(kind, centre, np.array([0.2, 0.2, 0.1]), turn_deg, (1.0, 1.0, 1.0))
    texts = [text for text in found([figure] * 3, (block,)) if text.startswith("thing")]
    assert texts == [f"thing: left_knee in {kind} 0 at 0.00 s"] * told


def test_leaning_is_no_complaint() -> None:
    assert found([replace(standing_figure(), pelvis=facing(12.0))] * 3) == []
