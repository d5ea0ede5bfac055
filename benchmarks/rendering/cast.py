"""Draws people, their way of squatting and their camera from a seed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from benchmarks.rendering.body import Shape
from benchmarks.rendering.camera import VIEWS, Camera, round_person
from benchmarks.rendering.motion import Style

_MARGIN = 0.045
"""Share of the picture that stays free round the person."""


def draw_shape(rng: np.random.Generator) -> Shape:
    """Return an adult."""
    female = float(rng.random() < 0.5)
    race = rng.dirichlet((0.6, 0.6, 0.6))
    return Shape(
        female=float(np.clip(female + rng.normal(0, 0.08), 0, 1)),
        age=float(rng.uniform(0.62, 0.92)),
        stature_m=float(rng.normal(1.77 - 0.13 * female, 0.07)),
        weight=float(rng.uniform(0.28, 0.80)),
        muscle=float(rng.uniform(0.30, 0.75)),
        proportions=float(rng.uniform(0.35, 0.75)),
        african=float(race[0]),
        asian=float(race[1]),
        caucasian=float(race[2]),
    )


def draw_style(rng: np.random.Generator, shape: Shape) -> Style:
    """Return a way of squatting that suits a body."""
    return Style(
        stance_m=shape.stature_m * float(rng.uniform(0.17, 0.27)),
        toe_out_deg=float(rng.uniform(6, 28)),
        arm_style="clasped" if rng.random() < 0.25 else "forward",
        shin_deg=float(rng.uniform(28, 37)),
        standing_bent_deg=float(rng.uniform(3.5, 9)),
        knee_ratio=float(rng.uniform(1.0, 1.25)),
        wobble=float(rng.uniform(0.6, 1.5)),
    )


@dataclass(frozen=True)
class Wishes:
    """What is asked of a camera; None leaves it to chance."""

    height_m: float | None = None
    """Above the floor."""
    fov_deg: float | None = None
    """Vertical angle of view."""
    spare: float | None = None
    """Distance over the nearest one from which the whole person is seen."""


def draw_camera(
    rng: np.random.Generator,
    view: str,
    stature_m: float,
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
    stature_m
        Of the person who must be in the picture.
    size_px
        (width, height) of the picture.
    wishes
        What is not left to chance.
    """
    azimuth = VIEWS[view] + float(rng.uniform(-9, 9))
    low, high = ((0.45, 0.8), (0.8, 1.35), (1.35, 1.7))[int(rng.integers(0, 3))]
    height, fov, spare = rng.uniform(low, high), rng.uniform(36, 54), rng.uniform(1.0, 1.3)
    near = Camera(
        position_m=np.array(
            (0.0, 0.0, float(height if wishes.height_m is None else wishes.height_m))
        ),
        target_m=np.array((0.0, -0.12, stature_m * rng.uniform(0.47, 0.53))),
        fov_deg=float(fov if wishes.fov_deg is None else wishes.fov_deg),
        width=size_px[0],
        height=size_px[1],
    )
    distance = 1.6
    while distance < 7.0 and not _holds(round_person(near, azimuth, distance), stature_m):
        distance += 0.05
    return round_person(near, azimuth, distance * (spare if wishes.spare is None else wishes.spare))


def _holds(camera: Camera, stature_m: float) -> bool:
    """Return whether all that the person may reach is in the picture."""
    corners = [(x, y, stature_m + 0.04) for x in (-0.12, 0.12) for y in (-0.15, 0.15)]
    corners += [(x, y, 0.0) for x in (-0.32, 0.32) for y in (-0.28, 0.15)]
    corners += [(0.0, 0.62, 0.6), (-0.25, -0.95, 1.0), (0.25, -0.95, 1.0)]
    points = np.array(corners)
    if camera.to_camera(points)[:, 2].min() < 0.5:
        return False
    share = camera.project(points) / (camera.width, camera.height)
    return bool((share > _MARGIN).all() and (share < 1 - _MARGIN).all())
