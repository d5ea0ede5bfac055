"""Draws a camera from a seed: where it stands, how wide it sees and what it is pointed at."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from benchmarks.rendering.camera import VIEWS, Camera, round_person
from benchmarks.rendering.framing import Frame, aimed, fits, tall
from benchmarks.rendering.rig import FloatArray

_NEAREST_M, _FURTHEST_M = 1.35, 5.0
"""How far cameras stand from the middle of what they show."""
_PLACES_M, _PLACES_WIDE_M = (2.0, 3.6), (1.35, 2.2)
"""Where people find a place for a camera, if they do not seem too small from there."""
_STEEPEST = 0.6
"""How much higher than the person's middle a camera is, at most, over how far away."""
_LARGEST_SPARE, _LARGEST_SPARE_CUT = 1.6, 1.2
_BEYOND_M = 9.0
"""As far as a camera goes whose angle of view is wished for."""
_LYING_M = 0.85
"""Whose highest joint is mostly lower than this lies on the floor."""

_SUPPORTS = (
    # Metres above the floor; how often for people who stand or sit, and for people who lie.
    ((0.08, 0.30), 0.10, 0.10),  # the floor
    ((0.45, 0.85), 0.38, 0.36),  # a chair, a laptop on a low table
    ((0.95, 1.40), 0.34, 0.40),  # a desk, a chest of drawers
    ((1.60, 1.90), 0.18, 0.14),  # a shelf
)
_UPRIGHT_FOV, _FLAT_FOV, _WIDE_FOV = (55.0, 68.0), (38.0, 54.0), (75.0, 90.0)
"""Vertical angles of pictures that are taller and wider than that, and the longer one's of
wide-angle lenses."""
_WIDEST_DEG = 90.0
_SMALL = (0.25, 0.33)
"""Share of the picture's height that small people take."""
_OFF_CENTRE = 0.15
"""Share of the picture that the person may be beside its middle, if there is room for it."""


@dataclass(frozen=True)
class Wishes:
    """What is asked of a camera; None leaves it to chance."""

    height_m: float | None = None
    """Above the floor."""
    fov_deg: float | None = None
    """Vertical angle of view."""
    spare: float | None = None
    """Distance over the nearest one from which the whole person is seen."""
    astray_deg: float = 9.0
    """How far off the view's own direction it stands at most, to either side."""
    wide: bool = False
    """Whether it is a wide-angle lens, and near."""
    small: bool = False
    """Whether the person takes a quarter to a third of the picture's height."""
    cut: str = ""
    """What is left outside of the picture: ``feet``, ``head`` or nothing."""
    between_m: float = 0.0
    """How much room there is at least between the camera and the person."""


@dataclass(frozen=True)
class _Chances:
    """Everything that chance decides, whether it is wished for or not."""

    azimuth_deg: float
    height_m: float
    fov_deg: float
    roll_deg: float
    spare: float
    place_m: float
    """How far away there is a place for a camera."""
    size: float
    """Share of the picture's height, for small people."""
    depth: float
    """How much is cut off, 0 to 1."""
    aside: tuple[float, float]
    """How far off the middle to the right and down, -1 to 1."""


def middle_m(joints_m: FloatArray) -> FloatArray:
    """Return where somebody is mostly, (3,): the middle of the box round joints (T, J, 3).

    The height is the middle of what they reach in all the time.
    """
    low, high = joints_m.min(axis=1), joints_m.max(axis=1)
    middle: FloatArray = np.median((low + high) / 2, axis=0)
    middle[2] = (low[:, 2].min() + high[:, 2].max()) / 2
    return middle


def reach_m(joints_m: FloatArray, azimuth_deg: float) -> float:
    """Return how far joints (T, J, 3) get from their middle towards an azimuth."""
    azimuth = np.radians(azimuth_deg)
    away = joints_m[..., :2] - middle_m(joints_m)[:2]
    return float((away @ (np.sin(azimuth), -np.cos(azimuth))).max())


def draw_camera(
    rng: np.random.Generator,
    view: str,
    joints_m: FloatArray,
    size_px: tuple[int, int],
    wishes: Wishes,
) -> Camera:
    """Return a camera for a view: as near as the whole person allows, or somewhat further.

    Parameters
    ----------
    rng
        Where a few degrees of azimuth come from, and whatever is not wished for.
    view
        One of `VIEWS`.
    joints_m
        (T, J, 3) where the person's joints are over time, in the order of `truth.JOINTS`: all
        of them are in the picture, but for what is to be cut off.
    size_px
        (width, height) of the picture.
    wishes
        What is not left to chance.
    """
    drawn = _draw(rng, joints_m, size_px, wishes)
    frame = Frame(joints_m, wishes.cut, drawn.depth)
    middle = middle_m(joints_m)
    highest = float(middle[2]) + _STEEPEST * drawn.place_m
    camera = Camera(
        position_m=np.array((0.0, 0.0, _or(wishes.height_m, min(drawn.height_m, highest)))),
        target_m=middle,
        fov_deg=_or(wishes.fov_deg, drawn.fov_deg),
        width=size_px[0],
        height=size_px[1],
        roll_deg=drawn.roll_deg,
    )
    azimuth = VIEWS[view] + drawn.azimuth_deg
    camera, nearest = _nearest(camera, frame, azimuth, given=wishes.fov_deg is not None)
    distance = _distance_m(nearest, drawn, wishes)
    if wishes.between_m:
        distance = max(distance, reach_m(joints_m, azimuth) + wishes.between_m)
    camera = round_person(camera, azimuth, distance)
    if wishes.small:
        camera = _further(camera, frame, azimuth, drawn.size)
    return aimed(camera, frame, drawn.aside, _OFF_CENTRE)


def _draw(
    rng: np.random.Generator, joints_m: FloatArray, size_px: tuple[int, int], wishes: Wishes
) -> _Chances:
    lying = float(np.median(joints_m[..., 2].max(axis=1))) < _LYING_M
    often = np.array([support[2 if lying else 1] for support in _SUPPORTS])
    low, high = _SUPPORTS[int(rng.choice(len(_SUPPORTS), p=often / often.sum()))][0]
    height = float(rng.uniform(low, high))
    upright = size_px[1] > size_px[0]
    share = float(rng.random())
    if wishes.wide:
        fov = _WIDE_FOV[0] + share * (_WIDE_FOV[1] - _WIDE_FOV[0])
        if not upright:
            half = np.tan(np.radians(fov) / 2) * size_px[1] / size_px[0]
            fov = float(np.degrees(2 * np.arctan(half)))
    else:
        least, most = _UPRIGHT_FOV if upright else _FLAT_FOV
        fov = least + share * (most - least)
    return _Chances(
        azimuth_deg=float(rng.uniform(-wishes.astray_deg, wishes.astray_deg)),
        height_m=height,
        fov_deg=fov,
        roll_deg=float(np.clip(rng.normal(0, 1.6), -4, 4)),
        # What is cut off is so because the camera is too near.
        place_m=float(rng.uniform(*(_PLACES_WIDE_M if wishes.wide else _PLACES_M))),
        spare=1.0 + float(rng.triangular(0.0, 0.05, 0.45)) * (0.3 if wishes.cut else 1.0),
        size=float(rng.uniform(*_SMALL)),
        depth=float(rng.random()),
        aside=(float(rng.uniform(-1, 1)), float(rng.uniform(-1, 1))),
    )


def _or(wish: float | None, otherwise: float) -> float:
    return otherwise if wish is None else wish


def _distance_m(nearest_m: float, drawn: _Chances, wishes: Wishes) -> float:
    """Return how far away a camera stands that could stand as near as that."""
    if wishes.spare is not None:
        return nearest_m * wishes.spare
    most = _LARGEST_SPARE_CUT if wishes.cut else _LARGEST_SPARE
    wanted = max(nearest_m * drawn.spare, min(drawn.place_m, nearest_m * most))
    return max(nearest_m, min(wanted, _FURTHEST_M))


def _nearest(
    camera: Camera, frame: Frame, azimuth_deg: float, *, given: bool
) -> tuple[Camera, float]:
    """Return the camera, and the nearest distance from which it sees all.

    A wider lens is taken where that is too far for a room, unless the lens is `given`.
    """
    if given:
        return camera, _nearest_m(camera, frame, azimuth_deg, _BEYOND_M)
    nearest = _nearest_m(camera, frame, azimuth_deg, _FURTHEST_M)
    while nearest >= _FURTHEST_M and camera.fov_deg < _WIDEST_DEG:
        camera = replace(camera, fov_deg=min(camera.fov_deg * 1.08, _WIDEST_DEG))
        nearest = _nearest_m(camera, frame, azimuth_deg, _FURTHEST_M)
    return camera, nearest


def _nearest_m(camera: Camera, frame: Frame, azimuth_deg: float, furthest_m: float) -> float:
    """Return the nearest distance from which all is seen, or the furthest one."""
    near, far = _NEAREST_M, furthest_m
    if fits(round_person(camera, azimuth_deg, near), frame):
        return near
    for _ in range(12):
        between = (near + far) / 2
        if fits(round_person(camera, azimuth_deg, between), frame):
            far = between
        else:
            near = between
    return far


def _further(camera: Camera, frame: Frame, azimuth_deg: float, size: float) -> Camera:
    """Return the camera carried away until the person takes `size` of the picture's height.

    A wider lens does what the room does not allow.
    """
    for _ in range(5):
        away = float(np.linalg.norm((camera.position_m - camera.target_m)[:2]))
        wanted = away * tall(camera, frame) / size
        distance = min(wanted, _FURTHEST_M)
        half = np.tan(np.radians(camera.fov_deg) / 2) * wanted / distance
        fov = min(float(np.degrees(2 * np.arctan(half))), _WIDEST_DEG)
        camera = round_person(replace(camera, fov_deg=fov), azimuth_deg, distance)
    return camera
