"""What a camera and its light do to a picture: exposure, colours, noise, softness, JPEG.

Everything is drawn once per film; a picture then takes a few milliseconds.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np

from benchmarks.rendering.textures import Picture

_BANK_PX = 64
"""How much larger than the picture the stored noise is, which every picture sees another
part of."""
_BANKS = 2
_SHINES = (222, 238)
"""From the first level on in all colours things begin to shine; from the second, they do."""
_SHINE_SHRINK, _GLARE_SHRINK = 2, 16
_DIGITAL = (35, 70)


@dataclass(frozen=True)
class Optics:
    """A camera's properties in a certain light; the default one shows things as they are."""

    gain: float = 1.0
    """Of the light."""
    dim: float = 1.0
    """What everything is multiplied with that does not shine by itself."""
    black: float = 0.0
    """Level of 255 that darkness has."""
    white: float = 255.0
    """Level of 255 that the brightest has."""
    tint: tuple[float, float, float] = (1.0, 1.0, 1.0)
    """What red, green and blue are multiplied with."""
    glare: float = 0.0
    """How much of what is bright spreads over its surroundings, 0 to 1."""
    detail: float = 1.0
    """Share of the width and height in pixels that the sensor really has."""
    soft_px: float = 0.0
    """Standard deviation of the blur of a lens out of focus, at 480 pixels of height."""
    sharpening: float = 0.0
    """How strongly edges are exaggerated afterwards."""
    noise: float = 0.0
    """Standard deviation in levels of 255, from pixel to pixel."""
    blotches: float = 0.0
    """Likewise, of colours that differ over some pixels."""
    flicker: float = 0.0
    """Standard deviation of the exposure, relative, which wanders over seconds."""
    jpeg: int = 0
    """Quality of the JPEG pictures that the camera delivers, 0 for none."""
    shutter_s: float = 0.0
    """How long it is open for a picture; things that move in that time are smeared."""


def draw_optics(rng: np.random.Generator, conditions: tuple[str, ...]) -> Optics:
    """Return a camera for some of `conditions.CONDITIONS`; all others change nothing here."""
    optics = Optics()
    for name, change in _CHANGES.items():
        # What one condition draws does not depend on whether another one is there.
        own = np.random.default_rng(rng.integers(0, 2**63))
        if name in conditions:
            optics = change(own, optics)
    return optics


def _low_light(rng: np.random.Generator, before: Optics) -> Optics:
    warmth = float(rng.uniform(-1, 1))
    return replace(
        before,
        gain=float(rng.uniform(0.36, 0.60)),
        black=float(rng.uniform(8, 24)),
        white=float(rng.uniform(195, 235)),
        tint=_tint(warmth, 0.14),
        noise=float(rng.uniform(5, 10)),
        blotches=float(rng.uniform(1.2, 2.8)),
        soft_px=float(rng.uniform(0.3, 0.8)),
        shutter_s=1 / 30,
    )


def _backlight(rng: np.random.Generator, before: Optics) -> Optics:
    return replace(
        before,
        dim=float(rng.uniform(0.30, 0.55)),
        glare=float(rng.uniform(0.3, 0.6)),
    )


def _noise(rng: np.random.Generator, before: Optics) -> Optics:
    return replace(
        before,
        noise=max(before.noise, float(rng.uniform(4, 8))),
        blotches=max(before.blotches, float(rng.uniform(0.6, 1.6))),
    )


def _blur(rng: np.random.Generator, before: Optics) -> Optics:
    return replace(before, shutter_s=max(before.shutter_s, 1 / float(rng.uniform(30, 60))))


def _webcam(rng: np.random.Generator, before: Optics) -> Optics:
    red, green, blue = _tint(float(rng.normal(0, 0.5)), 0.10)
    green *= float(np.clip(rng.normal(1.0, 0.02), 0.96, 1.04))
    return replace(
        before,
        black=max(before.black, float(rng.uniform(2, 12))),
        gain=before.gain * float(rng.uniform(0.85, 1.2)),
        tint=(red * before.tint[0], green * before.tint[1], blue * before.tint[2]),
        detail=float(rng.uniform(0.5, 0.8)),
        soft_px=max(before.soft_px, float(rng.uniform(0.3, 0.8))),
        sharpening=float(rng.uniform(0.3, 0.9)),
        noise=max(before.noise, float(rng.uniform(1.0, 2.5))),
        blotches=max(before.blotches, float(rng.uniform(0.3, 0.9))),
        flicker=float(rng.uniform(0.004, 0.02)),
        jpeg=int(rng.integers(*_DIGITAL)),
    )


def _tint(warmth: float, most: float) -> tuple[float, float, float]:
    """Return the colours of light between bluish, -1, and yellowish, 1."""
    tint = np.array((1 + most * warmth, 1.0, 1 - 1.3 * most * warmth))
    red, green, blue = (float(c) for c in tint / tint.mean())
    return red, green, blue


_CHANGES = {
    "low-light": _low_light,
    "backlight": _backlight,
    "noise": _noise,
    "blur": _blur,
    "webcam": _webcam,
}
"""Condition → what it changes, in this order."""


class Lens:
    """Makes a drawn picture look like a camera's.

    Parameters
    ----------
    optics
        What the camera is like.
    size_px
        (width, height) of the pictures.
    fps
        Pictures per second.
    rng
        Where noise and flicker come from.
    """

    def __init__(
        self, optics: Optics, size_px: tuple[int, int], fps: float, rng: np.random.Generator
    ) -> None:
        self._optics = optics
        self._size = size_px
        self._sensor = (round(size_px[0] * optics.detail), round(size_px[1] * optics.detail))
        self._soft_px = optics.soft_px * self._sensor[1] / 480
        self._rng = rng
        # The exposure wanders like a spring that is pushed at random, over about a second.
        self._keep = float(np.exp(-1 / fps))
        self._exposure = float(rng.normal(0, optics.flicker)) if optics.flicker else 0.0
        self._banks = [self._bank() for _ in range(_BANKS)] if self._noisy else []

    @property
    def _noisy(self) -> bool:
        return self._optics.noise > 0 or self._optics.blotches > 0

    def take(self, picture: Picture) -> Picture:
        """Return what the camera delivers of a picture (H, W, 3) RGB; call once a frame."""
        optics = self._optics
        seen: Any = picture
        if self._sensor != self._size:
            seen = cv2.resize(picture, self._sensor, interpolation=cv2.INTER_LINEAR)
        taken: Any = self._toned(self._softened(seen))
        if optics.glare:
            taken = cv2.add(taken, _glare(seen, optics))
        if self._banks:
            taken = self._grained(taken)
        if optics.jpeg:
            taken = _through_jpeg(taken, optics.jpeg)
        if self._sensor != self._size:
            taken = cv2.resize(taken, self._size, interpolation=cv2.INTER_LINEAR)
        return np.asarray(taken)

    def _softened(self, picture: Picture) -> Picture:
        """Return the picture out of focus, and its edges exaggerated."""
        soft: Any = picture
        if self._soft_px > 0.25:
            across = 2 * round(2 * self._soft_px) + 1
            soft = cv2.GaussianBlur(soft, (across, across), self._soft_px)
        if self._optics.sharpening:
            halo: Any = cv2.GaussianBlur(soft, (5, 5), 0)
            by = self._optics.sharpening
            soft = cv2.addWeighted(soft, 1 + by, halo, -by, 0)
        return np.asarray(soft)

    def _toned(self, picture: Picture) -> Picture:
        optics = self._optics
        if optics.flicker:
            push = optics.flicker * (1 - self._keep**2) ** 0.5
            self._exposure = self._keep * self._exposure + float(self._rng.normal(0, push))
        gain = optics.gain * optics.dim * (1 + self._exposure) * np.array(optics.tint)
        light = np.clip(np.linspace(0, 1, 256)[:, None] * gain, 0, 1)
        levels = np.clip(optics.black + (optics.white - optics.black) * light, 0, 255)
        table = np.round(levels).astype(np.uint8)[:, None, :]
        if (table == np.arange(256)[:, None, None]).all():
            return picture
        toned: Any = cv2.LUT(picture, table)
        return np.asarray(toned)

    def _bank(self) -> tuple[Picture, Picture]:
        """Return noise to add and noise to subtract, larger than a picture."""
        width, height = (n + _BANK_PX for n in self._sensor)
        # Red and blue are measured with fewer pixels, and amplified more.
        noise = self._rng.normal(size=(height, width, 3)) * (1.0, 0.8, 1.2)
        soft: Any = cv2.GaussianBlur(noise, (3, 3), 0.45)
        noise = _scaled(np.asarray(soft), self._optics.noise)
        coarse = self._rng.normal(size=(height // 6 + 2, width // 6 + 2, 3))
        blotches: Any = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
        noise += _scaled(np.asarray(blotches), self._optics.blotches)
        levels = np.round(noise)
        return tuple(np.clip(sign * levels, 0, 255).astype(np.uint8) for sign in (1, -1))

    def _grained(self, picture: Picture) -> Picture:
        more, less = self._banks[int(self._rng.integers(0, _BANKS))]
        x, y = (int(n) for n in self._rng.integers(0, _BANK_PX, 2))
        part = slice(y, y + self._sensor[1]), slice(x, x + self._sensor[0])
        grained: Any = cv2.subtract(cv2.add(picture, more[part]), less[part])
        return np.asarray(grained)


def _scaled(noise: np.ndarray[Any, np.dtype[np.float64]], spread: float) -> Any:
    return noise * (spread / float(noise.std()))


def _glare(picture: Picture, optics: Optics) -> Picture:
    """Return the light of what shines, where it is and spread round it; to be added."""
    size = (picture.shape[1], picture.shape[0])
    half = (size[0] // _SHINE_SHRINK, size[1] // _SHINE_SHRINK)
    little: Any = cv2.resize(picture, half, interpolation=cv2.INTER_NEAREST)
    red, green, blue = cv2.split(little)
    begin, end = _SHINES
    ramp = np.clip((np.arange(256) - begin) / (end - begin), 0, 1)
    shining: Any = cv2.LUT(cv2.min(cv2.min(red, green), blue), (255 * ramp).astype(np.uint8))
    few: Any = cv2.resize(
        shining,
        (size[0] // _GLARE_SHRINK, size[1] // _GLARE_SHRINK),
        interpolation=cv2.INTER_AREA,
    )
    wide = size[1] / _GLARE_SHRINK / 5
    near: Any = cv2.GaussianBlur(few, (0, 0), wide / 4)
    far: Any = cv2.GaussianBlur(few, (0, 0), wide)
    haze: Any = cv2.addWeighted(near, optics.glare / 2, far, optics.glare / 2, 0)
    haze = cv2.resize(haze, half)
    light = cv2.addWeighted(shining, 1.05 * (1 - optics.dim), haze, 1.0, 0)
    whole: Any = cv2.resize(light, size)
    return np.asarray(cv2.merge([whole, whole, whole]))


def _through_jpeg(picture: Picture, quality: int) -> Picture:
    blue_first: Any = cv2.cvtColor(picture, cv2.COLOR_RGB2BGR)
    _, coded = cv2.imencode(".jpg", blue_first, [cv2.IMWRITE_JPEG_QUALITY, quality])
    seen: Any = cv2.imdecode(coded, cv2.IMREAD_COLOR_RGB)
    return np.asarray(seen)
