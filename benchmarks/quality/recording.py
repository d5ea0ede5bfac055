"""What the pose model sees in rendered clips, recorded once beside each."""

from __future__ import annotations

import hashlib
import json
import os
import signal
from collections.abc import Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from dataclasses import asdict
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

POSES = "poses.npz"


def record_all(
    clips: Sequence[Path], *, jobs: int | None = None, console: Console
) -> dict[str, str]:
    """Record the clips that have no recording of their own yet, or one by another model.

    Parameters
    ----------
    clips
        Folders with a clip.mp4.
    jobs
        Processes at a time; as many as processors if not given.
    console
        Where the progress is shown.

    Returns
    -------
    dict
        What went wrong: name of the clip → why.
    """
    model = _model()
    ahead = [clip for clip in clips if not _is_recorded(clip, model)]
    if not ahead:
        return {}
    failed: dict[str, str] = {}
    # Ctrl-C reaches the processes as well; here it is decided what becomes of them.
    deaf = partial(signal.signal, signal.SIGINT, signal.SIG_IGN)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with (
        Progress(*columns, console=console) as bar,
        ProcessPoolExecutor(jobs or os.cpu_count() or 1, get_context("spawn"), deaf) as pool,
    ):
        task = bar.add_task("recording what the pose model sees", total=len(ahead))
        started = {pool.submit(_record, clip): clip for clip in ahead}
        try:
            open_ = set(started)
            while open_:
                done, open_ = wait(open_, return_when=FIRST_COMPLETED)
                bar.advance(task, len(done))
                for one in done:
                    if (error := one.exception()) is not None:
                        failed[started[one].name] = f"{type(error).__name__}: {error}"
        except KeyboardInterrupt:
            pool.shutdown(cancel_futures=True)
            raise
    return failed


def _model() -> Mapping[str, Any]:
    from formcheck.estimators.mediapipe_pose import MediaPipePose

    with MediaPipePose() as estimator:
        return dict(estimator.provenance)


def _is_recorded(folder: Path, model: Mapping[str, Any]) -> bool:
    """Return whether the recording is of this very clip and by this model."""
    if not (folder / POSES).is_file():
        return False
    with np.load(folder / POSES) as recording:
        meta = json.loads(str(recording["header"]))["meta"]
    clip = hashlib.sha256((folder / "clip.mp4").read_bytes()).hexdigest()
    return bool(meta.get("source", {}).get("sha256") == clip and meta["estimator"] == model)


def _record(folder: Path) -> None:
    from formcheck.estimators.base import corrected
    from formcheck.estimators.exerciser import exerciser_pose
    from formcheck.pose import PoseTrack
    from formcheck.sources.video import VideoSource

    with VideoSource(folder / "clip.mp4") as source, exerciser_pose() as estimator:
        poses = corrected(estimator, [estimator.estimate(frame) for frame in source])
        info = source.info
        meta = {"source": {**asdict(info), "path": "clip.mp4"}}
        meta["estimator"] = dict(estimator.provenance)
    track = PoseTrack.from_poses(poses, (info.width, info.height), meta)
    track.save(folder / POSES)
