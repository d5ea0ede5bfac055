"""Shadows on the floor that a camera sees."""

import numpy as np

from benchmarks.rendering.camera import Camera
from benchmarks.rendering.shadow import Ground


def looking_down(height_m: float = 4.0) -> Camera:
    """A camera above the origin that looks (almost) straight down."""
    return Camera(np.array([0, -1e-3, height_m]), np.array([0.0, 0, 0]), 60, 200, 200)


def test_shadow_lies_under_the_person_and_nowhere_else() -> None:
    camera = looking_down()
    ground = Ground(camera, np.full((200, 200), 4.0))
    feet = np.random.default_rng(0).uniform((-0.2, -0.2, 0), (0.2, 0.2, 0.08), (3000, 3))
    room = np.full((200, 200, 3), 200, dtype=np.uint8)
    shaded = ground.shade(room, [feet])
    x, y = camera.project(np.zeros(3)).astype(int)
    assert (shaded[y - 3 : y + 3, x - 3 : x + 3] < 150).all()
    assert (shaded[:20] == 200).all()
    assert (room == 200).all()


def test_what_is_higher_than_the_floor_gets_no_shadow() -> None:
    camera = looking_down()
    depth = np.full((200, 200), 4.0)
    depth[:, 100:] = 3.4  # a table over the right half
    feet = np.random.default_rng(0).uniform((-0.2, -0.2, 0), (0.2, 0.2, 0.08), (3000, 3))
    shaded = Ground(camera, depth).shade(np.full((200, 200, 3), 200, dtype=np.uint8), [feet])
    assert (shaded[:, 101:] == 200).all()
    assert shaded[100, 90:99].mean() < 150


def test_no_floor_in_view_is_no_error() -> None:
    room = np.full((200, 200, 3), 90, dtype=np.uint8)
    ground = Ground(looking_down(), np.full((200, 200), 1.0))
    assert (ground.shade(room, [np.zeros((500, 3))]) == 90).all()
