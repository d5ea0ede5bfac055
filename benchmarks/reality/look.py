"""Moments that somebody should look at: where sources differ most, and pictures of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from benchmarks.reality import checks, moments
from benchmarks.reality.watch import PARTS, PIXELS, BoolArray, FloatArray, Watched
from formcheck.frame import Image
from formcheck.results import SIDES
from formcheck.sources import open_source

SHOWN = 12
"""So many moments of each kind."""
INK, NEAR, FAR = (255, 255, 255), (255, 190, 60), (90, 150, 255)
HEIGHT_PX = 720


@dataclass(frozen=True)
class Moment:
    """One frame of a clip."""

    kind: str
    """``side``, ``standing``, ``alike`` or ``jump``."""
    clip: str
    t_s: float
    name: str
    """The angle, with its side if it is not the nearer one's."""
    said: Mapping[str, float]
    """By source; for ``alike``, left less right."""
    size_deg: float
    """How strange it is."""
    sigma_deg: float
    """The doubted angle's standard deviation; NaN for a difference of two."""


def strange(watched: Sequence[Watched], refiner: str) -> list[Moment]:
    """Return each clip's strangest moments, the strangest of each kind first.

    Parameters
    ----------
    watched
        All clips.
    refiner
        Whose angles are doubted.
    """
    found: dict[str, list[Moment]] = {}
    for w in watched:
        for moment in _of_clip(w, refiner):
            found.setdefault(moment.kind, []).append(moment)
    order = {kind: sorted(m, key=lambda one: -one.size_deg)[:SHOWN] for kind, m in found.items()}
    return [moment for kind in sorted(order) for moment in order[kind]]


def _of_clip(w: Watched, refiner: str) -> Iterator[Moment]:
    side = moments.side_on(w) & moments.near_surely_seen(w)
    nothing = np.full(len(w), np.nan)
    sigmas = w.said[refiner].sigmas
    for name in checks.COMPARED:
        if w.has(refiner, name):
            shown = w.near(w.said[PIXELS].values, name)
            off = np.abs(w.near(w.said[refiner].values, name) - shown)
            said = {s: w.near(w.said[s].values, name) for s in w.said if w.has(s, name)}
            fair = side & checks.comparable(name, shown)
            yield from _greatest(w, "side", f"near {name}", off, fair, said, w.near(sigmas, name))
    still = moments.standing_still(w)
    for side_name in SIDES:
        name = f"{side_name}_knee_flexion_deg"
        said, sigma = {s: w.said[s].values[name] for s in w.said}, sigmas[name]
        seen = still & moments.leg_seen(w, side_name)
        yield from _greatest(w, "standing", name, said[refiner], seen, said, sigma)
        gap = np.diff(w.t_s, prepend=np.nan)
        rate = np.abs(np.diff(said[refiner], prepend=np.nan)) / gap
        yield from _greatest(w, "jump", name, rate, gap <= checks.GAP_S, said, sigma)
    if w.exercise in checks.SYMMETRIC and "single-leg" not in w.variant:
        calm = moments.planted(w) & moments.both_seen(w)
        for name in checks.BENT:
            both = {
                s: w.said[s].values[f"left_{name}"] - w.said[s].values[f"right_{name}"]
                for s in w.said
            }
            yield from _greatest(w, "alike", name, np.abs(both[refiner]), calm, both, nothing)


def _greatest(
    w: Watched,
    kind: str,
    name: str,
    size: FloatArray,
    chosen: BoolArray,
    said: Mapping[str, FloatArray],
    sigma: FloatArray,
) -> Iterator[Moment]:
    """Yield the frame of those chosen where something is greatest, if there is any."""
    sizes = np.where(chosen & np.isfinite(size), size, -np.inf)
    if not np.isfinite(sizes).any():
        return
    i = int(np.argmax(sizes))
    values = {source: float(path[i]) for source, path in said.items()}
    yield Moment(kind, w.name, float(w.t_s[i]), name, values, float(sizes[i]), float(sigma[i]))


def draw_all(
    chosen: Iterable[Moment], watched: Mapping[str, Watched], clips: Path, to: Path
) -> list[Path]:
    """Write a picture of each moment with the skeleton in it.

    Parameters
    ----------
    chosen
        What to draw.
    watched
        By name, the clips.
    clips
        Where the files are.
    to
        Folder of the pictures; made if it is not there.

    Returns
    -------
    list
        The pictures' files.
    """
    to.mkdir(parents=True, exist_ok=True)
    made = []
    for number, moment in enumerate(chosen):
        w = watched[moment.clip]
        picture = _draw(_frame_at(clips / moment.clip, moment.t_s), w, moment)
        path = to / f"{number:02d}-{moment.kind}-{Path(moment.clip).stem[-40:]}.png"
        cv2.imwrite(str(path), picture[..., ::-1])
        made.append(path)
    return made


def _frame_at(path: Path, t_s: float) -> tuple[Image, float]:
    """Return the frame shown at a time, and its size in parts of the full one."""
    with open_source(path) as source:
        for frame in source:
            if frame.t_s >= t_s - 1e-6:
                return frame.image, frame.image.shape[1] / frame.size_px[0]
    msg = f"'{path}' has no frame at {t_s:.2f} s"
    raise ValueError(msg)


def _draw(frame: tuple[Image, float], w: Watched, moment: Moment) -> Image:
    image, shrunk = frame
    zoom = HEIGHT_PX / image.shape[0]
    size = (round(image.shape[1] * zoom), HEIGHT_PX)
    picture = cv2.resize(image, size, interpolation=cv2.INTER_AREA if zoom < 1 else cv2.INTER_CUBIC)
    i = int(np.argmin(np.abs(w.t_s - moment.t_s)))
    near = SIDES[0] if w.yaw_deg[i] < 0 else SIDES[1]
    for side in sorted(SIDES, key=lambda s: s == near):
        points = [w.px[f"{side}_{part}"][i] * shrunk * zoom for part in PARTS]
        if not np.isfinite(points).all():
            continue
        line = np.round(points).astype(np.int32)
        cv2.polylines(picture, [line], False, NEAR if side == near else FAR, 2, cv2.LINE_AA)
        for x, y in line.tolist():
            cv2.circle(picture, (x, y), 4, INK, -1, cv2.LINE_AA)
    words = [f"{moment.kind}: {moment.name} at {moment.t_s:.2f} s, yaw {w.yaw_deg[i]:.0f}"]
    words += [f"{source} {value:.1f}" for source, value in moment.said.items()]
    for row, text in enumerate(words):
        at = (10, 24 + 22 * row)
        for colour, thick in (((0, 0, 0), 4), (INK, 1)):
            cv2.putText(
                picture, text, at, cv2.FONT_HERSHEY_SIMPLEX, 0.6, colour, thick, cv2.LINE_AA
            )
    return np.asarray(picture, dtype=np.uint8)
