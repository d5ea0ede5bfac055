"""Short scenes of rendered people with what the pose model sees in them.

A take is one body, one camera, one motion and some seconds of it. No video is kept: only the
landmarks that the pose model finds in the drawn pictures (``poses.npz``), the truth
(``truth.npz``) and the labels, as `benchmarks.rendered` reads them.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, replace
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cv2
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from formcheck.estimators.mediapipe_pose import MediaPipePose
from formcheck.frame import Frame
from formcheck.pose import PoseTrack

if TYPE_CHECKING:
    from benchmarks.rendering.take import Order, Take

ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "LP_NUM_THREADS")
"""Several processes with a thread each are faster than threads that wait for one another."""
TAKES_A_PROCESS = 60
"""Then fresh ones take over, as memory that drawing leaves behind adds up. (A pool that replaces
its processes one by one stands still for ever in Python 3.11.)"""
USUAL_QUALITY, COARSE_QUALITY = (70, 96), (18, 40)
"""JPEG qualities that stand for what a video encoder loses."""
FILES = ("poses.npz", "truth.npz", "labels.toml")


@dataclass(frozen=True)
class Wanted:
    """A take to be made."""

    order: Order
    frames: int
    """How many; fewer if the motion is shorter."""
    start_share: float
    """Where in the motion they begin: 0 at its start, 1 as late as possible."""


def make(
    wanted: Mapping[str, Wanted], folder: Path, *, jobs: int | None = None, console: Console
) -> dict[str, str]:
    """Make all takes that are not there yet, each in a folder of its name.

    Returns
    -------
    dict
        Name → what went wrong, for those that failed; the others go on.
    """
    folder.mkdir(parents=True, exist_ok=True)
    ahead = {
        name: take
        for name, take in wanted.items()
        if not all((folder / name / file).is_file() for file in FILES)
    }
    for variable in ONE_THREAD:
        os.environ.setdefault(variable, "1")
    failed: dict[str, str] = {}
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn()
    workers = jobs or os.cpu_count() or 1
    with Progress(*columns, TimeRemainingColumn(), console=console) as bar:
        task = bar.add_task("takes", total=len(wanted), completed=len(wanted) - len(ahead))
        for lot in _lots(sorted(ahead), TAKES_A_PROCESS * workers):
            with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
                doing = {pool.submit(_make_one, ahead[n], folder / n): n for n in lot}
                for done in as_completed(doing):
                    bar.advance(task)
                    error = done.exception()
                    if error is not None:
                        failed[doing[done]] = f"{type(error).__name__}: {error}"
                        console.print(f"{doing[done]}: {failed[doing[done]]}")
    return failed


def _lots(names: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    for first in range(0, len(names), size):
        yield names[first : first + size]


@cache
def _studio() -> Any:
    """Return this process's own studio."""
    from benchmarks.rendering.film import Studio

    return Studio()


def _make_one(wanted: Wanted, folder: Path) -> None:
    studio = _studio()
    take = studio.take(wanted.order)
    total = len(take.truth.t_s)
    count = min(wanted.frames, total)
    first = round(wanted.start_share * (total - count))
    part = folder.with_name(f".part-{folder.name}")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir()
    frames = range(first, first + count)
    observed(take, studio.pictures(take, frames), frames).save(part / "poses.npz")
    _cut(take, slice(first, first + count)).save(part)
    shutil.rmtree(folder, ignore_errors=True)
    part.replace(folder)


def _cut(take: Take, span: slice) -> Take:
    """Return part of a take, without repetitions: part of a motion has no whole ones."""
    cast, second = take.cast, take.cast.second
    if second is not None:
        seen = replace(second, moments=second.moments[span], world_m=second.world_m[span])
        cast = replace(cast, second=seen)
    silent = replace(take.action, events=lambda truth: ())  # noqa: ARG005
    return replace(take, cast=cast, action=silent, truth=take.truth.part(span))


def squeezed(picture: Any, quality: int) -> Any:
    """Return a picture (H, W, 3) RGB as it comes out of a lossy encoder."""
    _, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return cv2.imdecode(data, cv2.IMREAD_COLOR)


def observed(take: Take, pictures: Iterator[Any], frames: range) -> PoseTrack:
    """Return what the pose model sees in a take's pictures."""
    times = take.truth.t_s[frames.start : frames.stop] - take.truth.t_s[frames.start]
    size = take.order.size_px
    coarse = "compressed" in take.order.conditions
    low, high = COARSE_QUALITY if coarse else USUAL_QUALITY
    quality = int(take.order.chance("jpeg").integers(low, high))
    with MediaPipePose() as estimator:
        poses = [
            estimator.estimate(Frame(i, float(t), squeezed(picture, quality), size))
            for i, (t, picture) in enumerate(zip(times, pictures, strict=True))
        ]
        meta = {"estimator": dict(estimator.provenance)}
    return PoseTrack.from_poses(poses, size, meta)
