"""What is made difficult in rendered films: names, furniture, second people. Plain numpy."""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from benchmarks.rendering import company, scenery
from benchmarks.rendering.action import Moment
from benchmarks.rendering.camera import VIEWS, Camera
from benchmarks.rendering.cast import Wishes, draw_camera, middle_m, reach_m
from benchmarks.rendering.conditions import (
    CONDITIONS,
    HIDING,
    OTHERS,
    check,
    coarse_crf,
    draw_conditions,
    framed,
    upright_px,
)
from benchmarks.rendering.rig import FloatArray
from benchmarks.rendering.room import Block, furnish_room
from benchmarks.rendering.truth import JOINTS, joints_of
from tests.rendering_rig import chance, stick_actor
from tests.test_rendering_cameras import inside, squatting_m

LENGTH_S, FPS = 10.0, 10


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def camera_for(view: str, seed: int, *conditions: str) -> Camera:
    wishes = framed(conditions, Wishes())
    return draw_camera(rng(seed), view, squatting_m(), (640, 480), wishes)


# Names


def test_unknown_condition_is_told_with_those_that_there_are() -> None:
    with pytest.raises(ValueError, match="There is no condition 'foggy'; there are portrait, wide"):
        check(["foggy"])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("low-light", "backlight"),
        ("wide", "small"),
        ("cut-feet", "cut-head"),
        ("wide", "behind-chair"),
        ("behind-chair", "passer-in-front"),
        ("passer-behind", "bystander"),
    ],
)
def test_conditions_that_exclude_one_another(one: str, other: str) -> None:
    with pytest.raises(ValueError, match=f"'{one}' and '{other}' cannot be had in one film."):
        check([other, one])


@pytest.mark.parametrize("name", CONDITIONS)
def test_each_condition_is_described(name: str) -> None:
    page = Path(__file__).parents[1] / "docs" / "rendering.md"
    assert f"| `{name}` |" in page.read_text("utf-8")


@pytest.mark.parametrize("name", CONDITIONS)
def test_each_condition_can_be_had_alone_and_upright(name: str) -> None:
    check([name])
    check(sorted({"portrait", name}))


def test_drawn_conditions_go_together_and_all_come_up() -> None:
    counts: Counter[str] = Counter()
    plain = 0
    for seed in range(800):
        drawn = draw_conditions(rng(seed))
        check(drawn)
        counts.update(drawn)
        plain += not drawn
    assert set(counts) == set(CONDITIONS)
    assert min(counts.values()) >= 10
    assert 0.05 < plain / 800 < 0.35
    assert draw_conditions(rng(7)) == draw_conditions(rng(7))


def test_phones_turn_the_picture_upright() -> None:
    assert upright_px(("portrait",), (640, 480)) == (480, 640)
    assert upright_px(("portrait",), (480, 640)) == (480, 640)
    assert upright_px(("noise",), (640, 480)) == (640, 480)


def test_what_conditions_ask_of_the_camera() -> None:
    wishes = framed(("wide", "cut-head"), Wishes(height_m=0.4))
    assert (wishes.wide, wishes.small, wishes.cut, wishes.height_m) == (True, False, "head", 0.4)
    assert framed(("passer-in-front",), Wishes()).between_m > 1.5
    assert framed(("passer-behind",), Wishes()).between_m == 0


def test_low_bitrate_is_never_better_than_asked_for() -> None:
    crfs = [coarse_crf(("compressed",), 23, rng(seed)) for seed in range(30)]
    assert 34 <= min(crfs) < max(crfs) < 40
    assert coarse_crf((), 23, rng()) == 23
    assert coarse_crf(("compressed",), 45, rng()) == 45


# Furniture


def block(
    centre: tuple[float, float, float], size: tuple[float, float, float], turn: float = 0.0
) -> Block:
    return Block("box", np.array(centre), np.array(size), turn, (0.5, 0.5, 0.5))


def test_covered_by_hand() -> None:
    camera = Camera(np.array([0, -4.0, 1.0]), np.array([0, 0, 1.0]), 60, 640, 480)
    joints = np.array([[(0, 0, 1.0), (0.9, 0, 1.0), (0, -3.5, 1.0), (0, 0, 1.9)]])
    # Half way to the first joint; the second one is beside it, the third one nearer than it,
    # and the fourth one is seen above it.
    screen = block((0, -2.0, 1.0), (0.4, 0.1, 0.6))
    assert scenery.covered(camera, joints, [screen]).tolist() == [[True, False, False, False]]
    # Turned by 90 degrees it is 0.1 m wide and 0.4 m deep: 0.12 m aside is seen past it.
    edge_on = block((0, -2.0, 1.0), (0.4, 0.1, 0.6), 90)
    aside = np.array([[(0.0, 0, 1.0), (0.15, 0, 1.0)]])
    assert scenery.covered(camera, aside, [screen]).tolist() == [[True, True]]
    assert scenery.covered(camera, aside, [edge_on]).tolist() == [[True, False]]


def test_what_a_person_stands_on_or_in_front_of_covers_nothing() -> None:
    camera = Camera(np.array([0, -4.0, 1.4]), np.array([0, 0, 1.0]), 60, 640, 480)
    mat, wall = block((0, 0, -0.01), (2, 2, 0.02)), block((0, 2, 1.3), (8, 0.1, 2.6))
    assert not scenery.covered(camera, squatting_m(), [mat, wall]).any()


@pytest.mark.parametrize("view", list(VIEWS))
def test_chair_hides_a_part_of_a_leg_and_stands_clear(view: str) -> None:
    legs = [i for i, name in enumerate(JOINTS) if name.endswith(("hip", "knee", "ankle"))]
    arms = range(JOINTS.index("left_elbow"))
    for seed in range(4):
        camera = camera_for(view, seed, "behind-chair")
        chair = scenery.chair_between(camera, squatting_m(), rng(seed))
        covered = scenery.covered(camera, squatting_m(), chair)
        assert 0.0 < covered[:, legs].mean() < 0.75
        assert covered[:, arms].mean() < 0.2
        for part in chair:
            away = np.linalg.norm(squatting_m()[..., :2] - part.centre_m[:2], axis=-1)
            assert away.min() > 0.3
            assert np.linalg.norm(camera.position_m - part.centre_m) > 0.7


def test_only_a_mat_is_taken_out_of_a_room() -> None:
    removed = []
    for seed in range(12):
        room = furnish_room(rng(seed), 0.0)
        bare = scenery.without_mat(room)
        assert bare.blocks == room.blocks
        removed.append(len(room.slabs) - len(bare.slabs))
        assert [s for s in bare.slabs if s.centre_m[2] == 0.0], "the floor stays"
    assert set(removed) == {0, 1}


def test_night_is_dark_outside_and_only_there() -> None:
    for seed in range(6):
        room = furnish_room(rng(seed), 0.0)
        dark = scenery.nightly(room)
        for before, after in zip(room.slabs, dark.slabs, strict=True):
            window = before.glowing and before.up_m[2] > 0.1
            if window and before.picture is not None and after.picture is not None:
                assert before.picture.mean() > 150
                assert after.picture.mean() < 45
            else:
                assert after is before


@pytest.mark.parametrize("view", list(VIEWS))
def test_bright_window_is_behind_the_person(view: str) -> None:
    for seed in range(4):
        camera = camera_for(view, seed)
        middle = middle_m(squatting_m())
        room = furnish_room(rng(seed), camera.azimuth_from(middle))
        lit = scenery.backlit(room, camera, middle, rng(seed))
        window = lit.slabs[-1]
        assert window.glowing
        assert window.picture is not None
        assert np.quantile(window.picture, 0.2) > 225
        # Seen from the camera it is behind the person, less than half a metre to a side.
        across = camera.project(np.stack([window.centre_m, middle]))[:, 0]
        away = camera.to_camera(np.stack([window.centre_m, middle]))[:, 2]
        scale = camera.intrinsics[0, 0] / away[0]
        width = 2 * float(np.linalg.norm(window.across_m))
        assert abs(across[0] - across[1]) / scale < width / 2 + 0.6
        assert away[0] > away[1] + 0.9
        # Light comes from there, and nothing tall stands before it.
        assert (window.centre_m - middle) @ lit.light_from > 0
        for thing in lit.blocks[:-2]:
            beside = abs((thing.centre_m - window.centre_m) @ window.across_m) / (width / 2)
            if thing.centre_m[2] + thing.size_m[2] / 2 > 1.2 and thing.kind == "box":
                assert beside > width / 2


# Second people


@cache
def accompanied(does: str, view: str, seed: int) -> tuple[Camera, FloatArray]:
    """Return the camera and the second person's joints, (T, J, 3)."""
    camera = camera_for(view, seed, does)
    floor = company.ground(camera, squatting_m(), ())
    actor = stick_actor()
    moments = company.accompany(does, actor, chance(seed), floor, LENGTH_S, FPS)
    assert len(moments) == LENGTH_S * FPS
    return camera, _joints(moments)


def _joints(moments: list[Moment]) -> FloatArray:
    body = stick_actor().body
    frames = [joints_of(body, moment.placed) for moment in moments]
    return np.stack([[frame[name] for name in JOINTS] for frame in frames])


VIEWED = [("front", 1), ("side-left", 2), ("rear-right", 3)]


@pytest.mark.parametrize(("view", "seed"), VIEWED)
@pytest.mark.parametrize("does", ["passer-behind", "passer-in-front"])
def test_passers_come_from_outside_and_leave(does: str, view: str, seed: int) -> None:
    camera, second = accompanied(does, view, seed)
    seen = inside(camera, second).any(axis=1)
    assert seen.any()
    assert seen.mean() < 0.9
    # All at once: who passes does not come back.
    assert np.abs(np.diff(seen.astype(int))).sum() <= 2


@pytest.mark.parametrize(("view", "seed"), VIEWED)
def test_who_passes_behind_never_hides_the_person(view: str, seed: int) -> None:
    camera, second = accompanied("passer-behind", view, seed)
    first = np.repeat(squatting_m()[:1], len(second), axis=0)
    assert company.overlap(camera, first, second).any()
    assert not company.nearer(camera, first, second)[company.overlap(camera, first, second)].any()
    assert not company.hidden_joints(camera, first, second).any()


@pytest.mark.parametrize(("view", "seed"), VIEWED)
def test_who_passes_in_front_hides_the_person_for_a_while(view: str, seed: int) -> None:
    camera, second = accompanied("passer-in-front", view, seed)
    first = np.repeat(squatting_m()[:1], len(second), axis=0)
    over = company.overlap(camera, first, second)
    assert 2 <= over.sum() <= 0.5 * len(over)
    assert company.nearer(camera, first, second)[over].all()
    hidden = company.hidden_joints(camera, first, second)
    assert hidden.mean(axis=1).max() > 0.25
    assert not hidden[~over].any()


@pytest.mark.parametrize("does", sorted(OTHERS))
@pytest.mark.parametrize(("view", "seed"), VIEWED)
def test_people_do_not_walk_into_one_another(does: str, view: str, seed: int) -> None:
    _, second = accompanied(does, view, seed)
    everywhere = squatting_m()[::4].reshape(-1, 3)[:, :2]
    near = [np.linalg.norm(frame[:, None, :2] - everywhere, axis=-1).min() for frame in second[::3]]
    assert min(near) > 0.15


@pytest.mark.parametrize(("view", "seed"), VIEWED)
def test_bystander_stays_beside_the_person_and_fidgets(view: str, seed: int) -> None:
    camera, second = accompanied("bystander", view, seed)
    hips = second[:, JOINTS.index("left_hip")]
    away = np.linalg.norm((hips - middle_m(squatting_m()))[:, :2], axis=1)
    assert 0.5 < away.min() < away.max() < 2.0
    assert np.ptp(hips, axis=0).max() > 0.02
    assert not company.nearer(camera, squatting_m()[:1].repeat(len(second), 0), second).all()


def test_passing_is_repeatable() -> None:
    first, second = (
        company.accompany(
            "bystander",
            stick_actor(),
            chance(3),
            company.ground(camera_for("front", 1), squatting_m(), ()),
            2.0,
            5,
        )
        for _ in range(2)
    )
    assert all(
        (a.placed.heads_m == b.placed.heads_m).all() for a, b in zip(first, second, strict=True)
    )


def test_between_camera_and_person_there_is_room_for_what_hides() -> None:
    for name in HIDING:
        for view in VIEWS:
            camera = camera_for(view, 0, name)
            middle = middle_m(squatting_m())
            away = np.linalg.norm((camera.position_m - middle)[:2])
            assert away - reach_m(squatting_m(), camera.azimuth_from(middle)) > 1.6


def test_overlap_by_hand() -> None:
    camera = Camera(np.array([0, -4.0, 1.0]), np.array([0, 0, 1.0]), 60, 640, 480)
    first = np.array([(-0.2, 0, 0.2), (0.2, 0, 1.8)])[None].repeat(3, 0)
    second = first + np.array([(0.0, 1, 0), (2.0, 0, 0), (0.5, -1, 0)])[:, None]
    # Right behind; beside; aside, but so much nearer that it is seen over the first one.
    assert company.overlap(camera, first, second).tolist() == [True, False, True]
    assert company.nearer(camera, first, second).tolist() == [False, False, True]


def test_spans_in_seconds() -> None:
    times = np.arange(6) / 10
    inside_of = np.array([True, False, False, True, True, True])
    assert company.spans_s(inside_of, times) == [[0.0, 0.0], [0.3, 0.5]]
    assert company.spans_s(np.zeros(6, dtype=bool), times) == []
