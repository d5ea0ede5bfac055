"""What rendered cameras do to pictures, measured on the pictures."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.rendering.camera import Camera
from benchmarks.rendering.lens import Lens, Optics, draw_optics
from benchmarks.rendering.rig import FloatArray
from benchmarks.rendering.smear import Smear
from benchmarks.rendering.textures import Picture
from benchmarks.rendering.truth import JOINTS

SIZE = (320, 240)
SEEDS = range(12)


def grey(level: int) -> Picture:
    return np.full((SIZE[1], SIZE[0], 3), level, dtype=np.uint8)


def checkered() -> Picture:
    """Return squares of 20 px, 60 and 190 bright in turn."""
    y, x = np.mgrid[0 : SIZE[1], 0 : SIZE[0]] // 20
    return np.repeat(np.where((x + y) % 2, 190, 60).astype(np.uint8)[..., None], 3, axis=2)


def drawn(seed: int, *conditions: str) -> Optics:
    return draw_optics(np.random.default_rng(seed), conditions)


def taken(optics: Optics, picture: Picture, seed: int = 0) -> Picture:
    return Lens(optics, SIZE, 30, np.random.default_rng(seed)).take(picture)


def test_plain_camera_changes_nothing() -> None:
    picture = checkered()
    assert drawn(3) == Optics()
    assert (taken(Optics(), picture) == picture).all()


def test_conditions_that_are_no_lens_change_nothing() -> None:
    assert drawn(3, "portrait", "cut-feet", "compressed", "bystander") == Optics()


def test_what_a_condition_draws_does_not_depend_on_others() -> None:
    assert drawn(4, "noise", "blur").noise == drawn(4, "noise").noise
    assert drawn(4, "noise", "blur").shutter_s == drawn(4, "blur").shutter_s


@pytest.mark.parametrize("sigma", [3.0, 8.0])
def test_noise_is_as_strong_as_said(sigma: float) -> None:
    noisy = taken(Optics(noise=sigma), grey(120)).astype(float)
    assert noisy.std(axis=(0, 1)).mean() == pytest.approx(sigma, rel=0.05)
    assert noisy.mean() == pytest.approx(120, abs=0.3)


def test_noise_differs_from_frame_to_frame_and_hardly_between_neighbours() -> None:
    lens = Lens(Optics(noise=6.0), SIZE, 30, np.random.default_rng(2))
    first, second = (lens.take(grey(120)).astype(float)[..., 1] - 120 for _ in range(2))
    assert abs(np.corrcoef(first.ravel(), second.ravel())[0, 1]) < 0.05
    assert np.corrcoef(first[:, 1:].ravel(), first[:, :-1].ravel())[0, 1] < 0.35


def test_blotches_are_larger_than_pixels() -> None:
    blotchy = taken(Optics(blotches=4.0), grey(120)).astype(float)[..., 0]
    assert blotchy.std() == pytest.approx(4.0, rel=0.2)
    assert np.corrcoef(blotchy[:, 2:].ravel(), blotchy[:, :-2].ravel())[0, 1] > 0.5


def test_noise_does_not_wrap_round_at_black_and_white() -> None:
    optics = Optics(noise=12.0)
    assert taken(optics, grey(0)).max() < 80
    assert taken(optics, grey(255)).min() > 175


def test_tone_curve_by_hand() -> None:
    optics = Optics(gain=0.5, black=20.0, white=220.0, tint=(1.2, 1.0, 0.8))
    # Green is at 20 levels of black and 200 times 0.4 of the light, halved.
    assert taken(optics, grey(102))[0, 0].tolist() == [68, 60, 52]
    assert taken(Optics(gain=3.0), grey(102))[0, 0].tolist() == [255, 255, 255]


@pytest.mark.parametrize("seed", SEEDS)
def test_low_light_is_dark_noisy_and_low_in_contrast(seed: int) -> None:
    optics = drawn(seed, "low-light")
    dark = taken(optics, checkered()).astype(float)
    assert 25 < dark.mean() < 95
    squares = dark[4:16, 4:16], dark[4:16, 24:36]
    assert abs(squares[0].mean() - squares[1].mean()) < 0.65 * 130
    assert 4 < squares[0].std(axis=(0, 1)).mean() < 13
    means = dark.mean(axis=(0, 1))
    assert means.max() / means.min() < 1.45


def test_low_light_has_some_cast_of_colour() -> None:
    casts = [taken(drawn(s, "low-light"), grey(150)).mean(axis=(0, 1)) for s in SEEDS]
    warmth = np.array([cast[0] / cast[2] for cast in casts])
    assert warmth.min() < 0.95
    assert warmth.max() > 1.05


@pytest.mark.parametrize("seed", SEEDS)
def test_backlight_darkens_all_but_what_shines(seed: int) -> None:
    picture = grey(120)
    picture[60:120, 100:180] = 246
    seen = taken(drawn(seed, "backlight"), picture).astype(float)
    assert seen[70:110, 110:170].mean() > 235
    corner, beside = seen[200:, :40].mean(), seen[60:120, 84:96].mean()
    assert 30 < corner < 85
    # The light of the window spreads over what is near.
    assert beside > corner + 8


def test_bright_colours_do_not_shine() -> None:
    picture = grey(100)
    picture[100:140, 100:140] = (250, 90, 60)
    optics = Optics(dim=0.5, glare=0.5)
    assert taken(optics, picture)[120, 120].tolist() == [125, 45, 30]


@pytest.mark.parametrize("seed", SEEDS)
def test_webcam_is_soft_and_keeps_the_brightness(seed: int) -> None:
    optics = drawn(seed, "webcam")
    seen = taken(optics, checkered()).astype(float)
    lifted = optics.black + (1 - optics.black / 255) * 125 * optics.gain
    assert seen.mean() == pytest.approx(lifted, rel=0.08)
    row = seen[8:12].mean(axis=(0, 2))
    contrast = abs(row[8:12].mean() - row[28:32].mean())
    # An edge that was one pixel wide has become two or more.
    steps = np.abs(np.diff(row)) > 0.15 * contrast
    assert steps.sum() >= 2 * 15


def test_jpeg_leaves_blocks_of_eight() -> None:
    rng = np.random.default_rng(0)
    picture = np.clip(rng.normal(120, 30, (SIZE[1], SIZE[0], 3)), 0, 255).astype(np.uint8)
    seen = taken(Optics(jpeg=20), picture).astype(float).mean(axis=2)
    jumps = np.abs(np.diff(seen, axis=1)).mean(axis=0)
    assert jumps[7::8].mean() > 1.1 * np.delete(jumps, np.arange(7, len(jumps), 8)).mean()


def test_colours_keep_their_order_through_jpeg() -> None:
    picture = grey(0)
    picture[...] = (200, 120, 40)
    seen = taken(Optics(jpeg=80), picture)[50, 50].astype(float)
    assert seen == pytest.approx((200, 120, 40), abs=6)


def test_exposure_flickers_slowly() -> None:
    lens = Lens(Optics(flicker=0.05), SIZE, 30, np.random.default_rng(1))
    levels = np.array([float(lens.take(grey(140)).mean()) for _ in range(600)])
    assert 0.02 < levels.std() / 140 < 0.09
    assert np.abs(np.diff(levels)).max() / 140 < 0.06


@pytest.mark.parametrize("conditions", [("low-light",), ("webcam",), ("backlight", "noise")])
def test_same_seed_same_pictures(conditions: tuple[str, ...]) -> None:
    first, second = (
        Lens(drawn(5, *conditions), SIZE, 30, np.random.default_rng(5)) for _ in range(2)
    )
    for _ in range(3):
        assert (first.take(checkered()) == second.take(checkered())).all()


# Smear

CAMERA = Camera(np.array([0, -3.0, 1.0]), np.array([0, 0, 1.0]), 60, *SIZE)


def moving_m(speed_m_s: float, fps: int = 30) -> FloatArray:
    """Return somebody whose joints all move to the picture's right, (3, J, 3)."""
    rng = np.random.default_rng(0)
    still = rng.uniform((-0.2, -0.1, 0.3), (0.2, 0.1, 1.6), (len(JOINTS), 3))
    steps = np.arange(3)[:, None, None] * np.array((speed_m_s / fps, 0, 0))
    moving: FloatArray = still + steps
    return moving


def striped(vertically: bool) -> Picture:
    y, x = np.mgrid[0 : SIZE[1], 0 : SIZE[0]]
    return np.repeat(np.where((x if vertically else y) % 8 < 4, 40, 200)[..., None], 3, 2).astype(
        np.uint8
    )


def test_still_people_are_not_smeared() -> None:
    picture = striped(True)
    smeared = Smear(CAMERA, [moving_m(0.05)], 30, 1 / 30).apply(picture, 1)
    assert (smeared == picture).all()


def test_smear_goes_along_the_way_only() -> None:
    # 240 px are 2 m * tan(30) * 3 m = 3.46 m: 3.46 m/s is 8 px a frame, one period.
    smear = Smear(CAMERA, [moving_m(3.46)], 30, 1 / 30)
    middle = slice(90, 150), slice(145, 175)
    along = smear.apply(striped(True), 1)[middle].astype(float)
    across = smear.apply(striped(False), 1)[middle].astype(float)
    assert along.std() < 0.35 * striped(True)[middle].std()
    assert across.std() > 0.9 * striped(False)[middle].std()


def test_smear_stays_near_the_body() -> None:
    picture = striped(True)
    smeared = Smear(CAMERA, [moving_m(3.46)], 30, 1 / 60).apply(picture, 1)
    assert (smeared[:, :90] == picture[:, :90]).all()
    assert (smeared != picture).any()


def test_smear_is_centred_on_the_frames_time() -> None:
    picture = grey(0)
    picture[:, 158:162] = 255
    smeared = Smear(CAMERA, [moving_m(3.46)], 30, 1 / 30).apply(picture, 1)
    row = smeared[120, :, 0].astype(float)
    assert (row * (np.arange(SIZE[0]) + 0.5)).sum() / row.sum() == pytest.approx(160, abs=0.7)


def test_shutter_of_low_light_is_as_long_as_a_frame() -> None:
    assert drawn(0, "low-light", "blur").shutter_s == pytest.approx(1 / 30)
    shutters = [drawn(seed, "blur").shutter_s for seed in SEEDS]
    assert all(1 / 60 <= shutter <= 1 / 30 for shutter in shutters)
    assert replace(drawn(1, "blur"), shutter_s=0.0) == Optics()
