"""Makes the pictures of the exercise pages from rendered people: ``python -m docs.pictures``.

How an exercise goes and where the camera stands are shown by the clips in ``samples/``; what a
criterion is about, by the clips that ``make quality`` renders and keeps in the user's cache: as
it should be beside the fault, by the same person where there is one. Criteria about time have no
picture. Nobody was filmed.
"""

from __future__ import annotations

import math
import sys
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import platformdirs
from numpy.typing import NDArray

from formcheck.criteria import side_names
from formcheck.exercises.load import load_exercise
from formcheck.exercises.page import CAMERA, HOW
from formcheck.frame import Image
from formcheck.measures.catalogue import FRAME
from formcheck.overlay.skeleton import SkeletonLayer
from formcheck.overlay.style import Style
from formcheck.pose import Pose, PoseTrack
from formcheck.questions import Criterion
from formcheck.results import UNKNOWN_VIEW, Phase, Status, Tick
from formcheck.sources import open_source

HERE = Path(__file__).parent
OUT = HERE / "images" / "exercises"
SAMPLES = HERE.parent / "samples"
RENDERED = Path(platformdirs.user_cache_dir("formcheck", appauthor=False)) / "rendered"

SHOWN = {
    "squat": ("squat", "squat"),
    "lunge": ("lunge", "lunge-good"),
    "bridge": ("glute_bridge", "bridge-good"),
    "pelvic-tilt": ("pelvic_tilt", "tilt-good"),
    "figure-four": ("figure_four", "figure-four-good"),
    "nerve-glide": ("nerve_glide", "nerve-glide-good"),
}
"""Exercise → what rendered clips call it, and the sample that shows how it goes."""

FAULTS = {
    **{f"SQ{i:02}": f"SQ{i:02}" for i in (1, 2, 3, 4, 5, 6, 7, 8, 11)},
    "LU01": "shallow",
    "LU02": "shallow",
    "LU03": "knee_in",
    "LU04": "lean",
    "LU05": "side_lean",
    "LU06": "pelvis_drop",
    "LU07": "short_step",
    "LU08": "knee_past_toes",
    "LU09": "narrow_step",
    "LU10": "no_return",
    "BR02": "over_arched",
    "BR05": "feet_far",
    "BR06": "pelvis_tilt",
    "BR07": "knees_in",
    "PT01": "lifting",
    "PT02": "knees_sway",
    "PT03": "knees_in",
    "PT04": "legs_straight",
    "NG01": "knee_bent",
    "NG07": "thigh_drop",
}
"""Criterion → the fault that shows it, as rendered clips call it."""

TAKEN_FROM = {"SQ03": "test-squat-SQ03-clear-side-right"}
"""Criterion → the clip that shows it better than the first that could."""

TALL_PX, WIDE_PX = 300, 860
GAP_PX = 6
SPARE = 0.09
"""Room around the person, of the larger side of their box."""
STYLE = Style()


@dataclass(frozen=True)
class Clip:
    """One rendered clip."""

    folder: Path
    labels: dict[str, Any]
    poses: PoseTrack = field(repr=False)

    @property
    def reps(self) -> list[dict[str, Any]]:
        """Its repetitions or holds, as its labels say."""
        return list(self.labels.get("reps", ()))

    def pose_at(self, t_s: float) -> Pose:
        """Return what the pose model saw nearest to a time."""
        return self.poses[int(np.argmin(np.abs(self.poses.t_s - t_s)))]

    def sees(self, t_s: float) -> bool:
        """Whether the pose model sees somebody at a time."""
        return bool(np.isfinite(self.pose_at(t_s).image_px).any())

    def pictures(self, times: Sequence[float]) -> list[Image]:
        """Return the full pictures nearest to some times."""
        wanted = [self.pose_at(t).t_s for t in times]
        found: dict[float, Image] = {}
        with open_source(self.folder / "clip.mp4") as source:
            for frame in source:
                for t in wanted:
                    if t not in found and frame.t_s >= t - 1e-3:
                        found[t] = frame.picture()
                if len(found) == len(set(wanted)):
                    break
        return [found[t].copy() for t in wanted]


def clips(exercise: str) -> list[Clip]:
    """Return the clips of an exercise that are there, samples last."""
    folders = [*sorted(RENDERED.glob("*")), *sorted(SAMPLES.glob("*"))]
    return [clip for folder in folders if (clip := read(folder, exercise))]


def read(folder: Path, exercise: str) -> Clip | None:
    """Return a clip; None where it is not whole, of another exercise, or filmed badly."""
    if not all((folder / name).exists() for name in ("labels.toml", "poses.npz", "clip.mp4")):
        return None
    labels = tomllib.loads((folder / "labels.toml").read_text("utf-8"))
    if labels["exercise"] != exercise or labels["conditions"]:
        return None
    return Clip(folder, labels, PoseTrack.load(folder / "poses.npz"))


def moment(criterion: Criterion, rep: dict[str, Any]) -> float:
    """Return when in a repetition a criterion shows."""
    start, turn, end = rep["start_s"], rep["turn_s"], rep["end_s"]
    during = criterion.question.during
    if during == "before":
        return float(start) - 0.3
    if during == "after":
        return float(end) + 0.5
    if during == "hold":
        return float(turn) + 0.4 * (end - turn)
    return float(turn) + 0.1


def box_of(clip: Clip, times: Iterable[float]) -> NDArray[np.float64]:
    """Return left, top, right, bottom of the person at some times, with room around."""
    points = np.concatenate([clip.pose_at(t).image_px for t in times])
    points = points[np.isfinite(points).all(axis=1)]
    low, high = points.min(axis=0), points.max(axis=0)
    spare = SPARE * float((high - low).max()) + 8
    wide, tall = clip.poses.size_px
    # The head's top and the hands' ends are beyond the outermost landmarks.
    box = np.array([*(low - spare * 1.3), *(high + spare)])
    return np.clip(box, 0, [wide, tall, wide, tall])


def cropped(picture: Image, box: NDArray[np.float64], tall: int) -> Image:
    """Return a part of a picture, so many pixels tall."""
    left, top, right, bottom = (round(float(v)) for v in box)
    part = picture[top:bottom, left:right]
    scale = tall / part.shape[0]
    size = (max(1, round(scale * part.shape[1])), tall)
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(part, size, interpolation=how), dtype=np.uint8)


def drawn(picture: Image, clip: Clip, t_s: float, marks: dict[str, Status]) -> Image:
    """Return a picture with the skeleton, in which some parts are marked."""
    tick = Tick(
        index=0,
        t_s=t_s,
        pose=clip.pose_at(t_s),
        readings={},
        view=UNKNOWN_VIEW,
        phase=Phase.READY,
        progress=math.nan,
        reps=0,
        partials=0,
        marks=marks,
    )
    SkeletonLayer(STYLE).draw(picture, tick)
    return picture


def row(parts: Sequence[Image]) -> Image:
    """Return pictures of the same height side by side."""
    gap = np.full((parts[0].shape[0], GAP_PX, 3), 255, dtype=np.uint8)
    pieces: list[Image] = []
    for part in parts:
        pieces += [gap, part] if pieces else [part]
    return np.concatenate(pieces, axis=1)


def column(parts: Sequence[Image]) -> Image:
    """Return pictures of the same width above each other."""
    turned = row([np.ascontiguousarray(part.transpose(1, 0, 2)) for part in parts])
    return np.ascontiguousarray(turned.transpose(1, 0, 2))


def fitting(picture: Image) -> Image:
    """Return a picture that is no wider than a page."""
    height, width = picture.shape[:2]
    if width <= WIDE_PX:
        return picture
    size = (WIDE_PX, round(height * WIDE_PX / width))
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def how(clip: Clip) -> Image:
    """Return a good repetition or hold: at rest, on the way, there, and on the way back."""
    rep = next(r for r in clip.reps if r["counted"] and not r["faults"])
    start, turn, end = rep["start_s"], rep["turn_s"], rep["end_s"]
    back = (turn + end) / 2 if rep["held_s"] < 1.5 else end - 0.5
    times = [start - 0.2, (start + turn) / 2, turn + 0.1, back]
    if rep["held_s"] > 8:  # a stretch: getting into it and out of it is before and after
        times = [start - 2.5, start - 1.0, (start + end) / 2, end + 1.5]
    times = [float(np.clip(t, 0.0, clip.poses.t_s[-1])) for t in times]
    box = box_of(clip, times)
    level = (box[2] - box[0]) > 1.25 * (box[3] - box[1])
    tall = 200 if level else TALL_PX
    parts = [cropped(picture, box, tall) for picture in clip.pictures(times)]
    return column([row(parts[:2]), row(parts[2:])]) if level else row(parts)


def camera(clip: Clip) -> Image:
    """Return a whole picture, as it should look."""
    rep = next(r for r in clip.reps if r["counted"] and not r["faults"])
    t_s = rep["turn_s"] + 0.1
    (picture,) = clip.pictures([t_s])
    return cropped(drawn(picture, clip, t_s, {}), np.array([0, 0, *clip.poses.size_px]), 330)


def beside(criterion: Criterion, found: list[Clip]) -> Image | None:
    """Return how it should be, beside the fault; None where no clip shows it."""
    fault = FAULTS[criterion.code]
    there = [(c, r) for c in found for r in c.reps if c.sees(moment(criterion, r))]
    faulty = [(c, r) for c, r in there if fault in r["faults"]]
    named = [(c, r) for c, r in faulty if c.folder.name == TAKEN_FROM.get(criterion.code)]
    bad = best(criterion, named or faulty)
    if bad is None:
        return None
    good = [(c, r) for c, r in there if r["counted"] and not r["faults"]]
    same = [(c, r) for c, r in good if c.folder == bad[0].folder]
    alike = [(c, r) for c, r in good if c.labels["view"] == bad[0].labels["view"]]
    right = best(criterion, same or alike or good)
    if right is None:
        return None
    parts = []
    for (clip, rep), status in ((right, Status.PASS), (bad, Status.FAIL)):
        t_s = moment(criterion, rep)
        names = side_names(criterion.question, rep["side"])
        (picture,) = clip.pictures([t_s])
        marked = drawn(picture, clip, t_s, dict.fromkeys(names, status))
        parts.append(badged(cropped(marked, box_of(clip, [t_s]), TALL_PX), status))
    return row(parts)


def best(
    criterion: Criterion, candidates: list[tuple[Clip, dict[str, Any]]]
) -> tuple[Clip, dict[str, Any]] | None:
    """Return where something is seen best: from the right side, clearly, and nothing else."""
    view = FRAME[criterion.question.measure].best_view if criterion.question.during else "side"
    wanted = {"front": "front", "rear": "rear"}.get(view, "side")

    def how_bad(one: tuple[Clip, dict[str, Any]]) -> tuple[bool, int, bool, str]:
        clip, rep = one
        name = clip.folder.name
        away = 0 if clip.labels["view"].split("-")[0] == wanted else 1
        return away > 0, len(rep["faults"]), "clear" not in name and "fault" not in name, name

    return min(candidates, key=how_bad, default=None)


def badged(picture: Image, status: Status) -> Image:
    """Return a picture with a mark in its corner: a dot for right, a diamond for a fault."""
    at, radius, ink = (22, 22), 12, STYLE.color_of(status)
    around = tuple(int(c) for c in STYLE.outline)
    if status is Status.FAIL:
        for size, color in ((radius + 3, around), (radius, ink)):
            corners = [(at[0] - size, at[1]), (at[0], at[1] - size)]
            corners += [(at[0] + size, at[1]), (at[0], at[1] + size)]
            cv2.fillConvexPoly(picture, np.array(corners, dtype=np.int32), color, cv2.LINE_AA)
    else:
        for size, color in ((radius, around), (radius - 3, ink)):
            cv2.circle(picture, at, size, color, -1, cv2.LINE_AA)
    return picture


def save(name: str, picture: Image) -> None:
    """Write a picture as a small JPEG."""
    OUT.mkdir(parents=True, exist_ok=True)
    bgr = cv2.cvtColor(fitting(picture), cv2.COLOR_RGB2BGR)
    cv2.imwrite(str(OUT / f"{name}.jpg"), bgr, [cv2.IMWRITE_JPEG_QUALITY, 80])


def main() -> None:
    """Make all pictures that can be made of the clips that are there."""
    for name, (label, sample) in SHOWN.items():
        shown = read(SAMPLES / sample, label)
        if shown is None:
            sys.exit(f"'samples/{sample}' is not complete.")
        save(f"{name}--{HOW}", how(shown))
        save(f"{name}--{CAMERA}", camera(shown))
        found = clips(label)
        for criterion in load_exercise(name).criteria:
            picture = beside(criterion, found) if criterion.code in FAULTS else None
            if picture is not None:
                save(f"{name}--{criterion.code}", picture)


if __name__ == "__main__":
    main()
