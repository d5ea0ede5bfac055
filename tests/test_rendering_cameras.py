"""Cameras of rendered films: what they see, and from where. Plain numpy."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray

from benchmarks.rendering.camera import VIEWS, Camera
from benchmarks.rendering.cast import Wishes, draw_camera, middle_m
from benchmarks.rendering.framing import Frame, aimed
from benchmarks.rendering.posture import Posture
from benchmarks.rendering.rig import FloatArray
from benchmarks.rendering.truth import JOINTS, joints_of
from tests.rendering_rig import stick_actor

LANDSCAPE, PORTRAIT = (640, 480), (480, 640)
FEET = [i for i, name in enumerate(JOINTS) if name.endswith(("ankle", "heel", "toe"))]
SEEDS = range(2)


@cache
def squatting_m() -> FloatArray:
    """Return the joints of somebody who stands, squats twice and stands, (T, J, 3)."""
    actor = stick_actor()
    depth = np.concatenate([np.zeros(16), (1 - np.cos(np.linspace(0, 4 * np.pi, 32))) / 2])
    frames = []
    for share in depth:
        bent = Posture(
            knee_flexion_deg=6 + 104 * share, lean_deg=4 + 36 * share, arms=share, stance_m=0.32
        )
        joints = joints_of(actor.body, actor.poser.place(bent))
        frames.append(np.stack([joints[name] for name in JOINTS]))
    return np.stack(frames)


@cache
def lying_m() -> FloatArray:
    """Return somebody who lies on their back, feet towards -y, and moves a little."""
    x, y, z = np.moveaxis(squatting_m(), -1, 0)
    return np.stack([x, z - 0.9, 0.12 - y * 0.5], axis=-1)


def camera_for(
    view: str, seed: int, joints: FloatArray, size: tuple[int, int], **wish: object
) -> Camera:
    rng = np.random.default_rng([seed, list(VIEWS).index(view)])
    return draw_camera(rng, view, joints, size, Wishes(**wish))  # type: ignore[arg-type]


def inside(camera: Camera, joints: FloatArray) -> NDArray[np.bool_]:
    """Return whether each joint (T, J) is in the picture."""
    at = camera.project(joints)
    return np.asarray(((at >= 0) & (at < (camera.width, camera.height))).all(axis=-1))


# Cameras


def test_rolled_projection_by_hand() -> None:
    # 90 degrees over 400 px: the focal length is 200 px. A camera rolled by 90 degrees
    # clockwise has the world's right at its top, and the world's top at its left.
    camera = Camera(np.array([0, -2.0, 1.0]), np.array([0, 0, 1.0]), 90, 600, 400, roll_deg=90)
    points = np.array([(0, 0, 1.0), (1, 0, 1.0), (0, 0, 2.0)])
    assert camera.project(points) == pytest.approx(np.array([(300, 200), (300, 100), (200, 200)]))


def test_pitch_and_width_by_hand() -> None:
    camera = Camera(np.array([0, -2.0, 0.0]), np.array([0, 0, 2.0]), 90, 600, 300)
    assert camera.pitch_deg == pytest.approx(45)
    assert camera.across_deg == pytest.approx(np.degrees(2 * np.arctan(2)))
    assert camera.azimuth_from(np.array([-2.0, -2.0, 0.7])) == pytest.approx(90)


@pytest.mark.parametrize("view", list(VIEWS))
@pytest.mark.parametrize("size", [LANDSCAPE, PORTRAIT])
@pytest.mark.parametrize("wish", [{}, {"wide": True}, {"small": True}])
@pytest.mark.parametrize("motion", [squatting_m, lying_m])
def test_all_joints_are_in_the_picture_all_the_time(
    view: str, size: tuple[int, int], wish: dict[str, object], motion: object
) -> None:
    joints = motion()  # type: ignore[operator]
    for seed in SEEDS:
        camera = camera_for(view, seed, joints, size, **wish)
        assert inside(camera, joints).all()
        assert np.linalg.norm((camera.position_m - middle_m(joints))[:2]) <= 5.0
        assert 0.05 < camera.position_m[2] < 1.95
        assert abs(camera.roll_deg) <= 4


@pytest.mark.parametrize("view", list(VIEWS))
@pytest.mark.parametrize("size", [LANDSCAPE, PORTRAIT])
def test_feet_are_cut_off_and_no_more(view: str, size: tuple[int, int]) -> None:
    # Knees and hips that are near the camera come down beyond its edge in a squat.
    rest = range(JOINTS.index("left_elbow"))
    for seed in SEEDS:
        seen = inside(camera_for(view, seed, squatting_m(), size, cut="feet"), squatting_m())
        assert not seen[:, FEET].any()
        assert seen[:, rest].all()


@pytest.mark.parametrize("view", list(VIEWS))
@pytest.mark.parametrize("size", [LANDSCAPE, PORTRAIT])
def test_head_is_cut_off_while_standing(view: str, size: tuple[int, int]) -> None:
    standing = squatting_m()[:4]
    for seed in SEEDS:
        camera = camera_for(view, seed, squatting_m(), size, cut="head")
        assert not inside(camera, standing)[:, JOINTS.index("nose")].any()
        assert inside(camera, squatting_m())[:, FEET].all()


@pytest.mark.parametrize("view", list(VIEWS))
def test_feet_of_who_lies_are_cut_off(view: str) -> None:
    for seed in SEEDS:
        seen = inside(camera_for(view, seed, lying_m(), LANDSCAPE, cut="feet"), lying_m())
        assert seen[:, FEET].mean() <= 0.2
        assert seen[:, : JOINTS.index("left_elbow")].all()


@pytest.mark.parametrize("size", [LANDSCAPE, PORTRAIT])
def test_small_people_take_a_quarter_to_a_third(size: tuple[int, int]) -> None:
    for view in VIEWS:
        camera = camera_for(view, 3, squatting_m(), size, small=True)
        standing = camera.project(squatting_m()[:1])[0, :, 1]
        # The crown is above the eyes.
        assert 0.22 <= np.ptp(standing) / size[1] <= 0.33


def test_wide_lenses_see_75_to_90_degrees_from_nearby() -> None:
    for seed in range(20):
        camera = camera_for("front-left", seed, squatting_m(), LANDSCAPE, wide=True)
        assert 75 <= camera.across_deg <= 90
        upright = camera_for("front-left", seed, squatting_m(), PORTRAIT, wide=True)
        assert 75 <= upright.fov_deg <= 90
        near = [np.linalg.norm(c.position_m - middle_m(squatting_m())) for c in (camera, upright)]
        assert max(near) < 3.0


def test_cameras_stand_from_the_floor_to_a_shelf() -> None:
    heights = [
        camera_for("side-left", seed, squatting_m(), LANDSCAPE).position_m[2] for seed in range(150)
    ]
    counts, _ = np.histogram(heights, [0, 0.35, 0.9, 1.45, 1.95])
    assert (counts >= 5).all()
    assert counts.sum() == 150


def test_who_lies_is_seen_from_above_but_not_steeply() -> None:
    pitches = [
        camera_for(view, seed, lying_m(), LANDSCAPE).pitch_deg for view in VIEWS for seed in SEEDS
    ]
    assert np.median(pitches) < -8
    assert min(pitches) > -46


def test_same_seed_same_camera() -> None:
    first, second = (camera_for("rear", 5, squatting_m(), LANDSCAPE) for _ in range(2))
    assert (first.position_m == second.position_m).all()
    assert (first.target_m == second.target_m).all()


def test_people_are_not_always_in_the_middle() -> None:
    offsets = []
    for seed in range(20):
        camera = camera_for("front", seed, squatting_m(), LANDSCAPE, spare=1.4)
        at = camera.project(squatting_m()).reshape(-1, 2) / LANDSCAPE
        offsets.append((at.min(axis=0) + at.max(axis=0)) / 2 - 0.5)
    spread = np.std(offsets, axis=0)
    assert (spread > 0.03).all()


def test_aim_puts_the_person_where_asked() -> None:
    camera = Camera(np.array([0, -4.0, 1.0]), np.array([1.0, 0, 0.2]), 60, 640, 480, roll_deg=3)
    frame = Frame(squatting_m())
    box = frame.box(aimed(camera, frame, (1.0, -1.0), 0.1))
    assert box is not None
    assert (box[:2] + box[2:]) / 2 == pytest.approx((0.6, 0.4), abs=1e-3)


def test_lens_and_place_that_are_wished_for_are_kept() -> None:
    wish = Wishes(height_m=0.6, fov_deg=40.0, spare=1.0)
    for other in (wish, replace(wish, small=False, wide=True)):
        camera = draw_camera(np.random.default_rng(1), "rear", squatting_m(), PORTRAIT, other)
        assert camera.position_m[2] == 0.6
        assert camera.fov_deg == 40.0
