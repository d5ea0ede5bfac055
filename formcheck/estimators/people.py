"""How many people are in the picture: asked now and then, while somebody gets ready."""

from __future__ import annotations

import contextlib
import threading
from pathlib import Path
from typing import Any

import numpy as np

from formcheck.closing import Closing
from formcheck.estimators.quiet import quiet_native_stderr
from formcheck.frame import Frame, Image

MOST = 3
"""More than one is enough to know."""
SURE = 0.6
SMALL = 0.45
"""Somebody this much smaller than the largest is in the background, or on a poster."""
EVERY_S = 1.0


class PeopleCounter(Closing):
    """Counts people in a thread of its own, at most once a second; nobody waits for it.

    Parameters
    ----------
    model
        The pose model's bundle.
    """

    def __init__(self, model: Path) -> None:
        self._model = model
        self._changed = threading.Condition()
        self._waiting: Image | None = None
        self._asked_s = -EVERY_S
        self._stopped = False
        self._people: int | None = None
        self._thread = threading.Thread(target=self._run, name="formcheck-people", daemon=True)
        self._thread.start()

    @property
    def people(self) -> int | None:
        """How many there were when last counted; None before that."""
        return self._people

    def look(self, frame: Frame) -> None:
        """Count the people in a frame, if it is time to."""
        if frame.t_s - self._asked_s < EVERY_S:
            return
        self._asked_s = frame.t_s
        with self._changed:
            self._waiting = frame.image
            self._changed.notify_all()

    def forget(self) -> None:
        """Drop what was counted: it is no longer looked for."""
        self._people = None

    def close(self) -> None:
        """Stop; safe to call twice."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()
        self._thread.join(5.0)

    def _run(self) -> None:
        landmarker: Any = None
        try:
            while (image := self._next()) is not None:
                if landmarker is None:
                    landmarker = self._start()
                self._people = self._count(landmarker, image)
        except (RuntimeError, ValueError, OSError, ImportError):
            # Whoever gets ready is not stopped by this.
            self._people = None
        finally:
            if landmarker is not None:
                with contextlib.suppress(RuntimeError, ValueError):
                    landmarker.close()

    def _next(self) -> Image | None:
        with self._changed:
            self._changed.wait_for(lambda: self._waiting is not None or self._stopped)
            image, self._waiting = self._waiting, None
            return None if self._stopped else image

    def _start(self) -> Any:
        import mediapipe

        tasks = mediapipe.tasks
        with quiet_native_stderr():
            return tasks.vision.PoseLandmarker.create_from_options(
                tasks.vision.PoseLandmarkerOptions(
                    base_options=tasks.BaseOptions(model_asset_path=str(self._model)),
                    running_mode=tasks.vision.RunningMode.IMAGE,
                    num_poses=MOST,
                    min_pose_detection_confidence=SURE,
                    min_pose_presence_confidence=SURE,
                )
            )

    def _count(self, landmarker: Any, image: Image) -> int:
        import mediapipe

        picture = mediapipe.Image(
            image_format=mediapipe.ImageFormat.SRGB, data=np.ascontiguousarray(image)
        )
        return separate([_box(marks) for marks in landmarker.detect(picture).pose_landmarks])


Box = tuple[float, float, float, float]
"""Left, top, right and bottom, in parts of the picture."""


def separate(boxes: list[Box]) -> int:
    """Return how many people boxes are of: those that lie on one another are one and the same.

    Who is much smaller than the largest is left out: they are far behind, or a picture.
    """
    if not boxes:
        return 0
    largest = max(_height(box) for box in boxes)
    kept: list[Box] = []
    for box in sorted(boxes, key=_height, reverse=True):
        alone = all(_overlap(box, other) < 0.4 for other in kept)
        if alone and _height(box) >= SMALL * largest:
            kept.append(box)
    return len(kept)


def _box(marks: Any) -> Box:
    xs, ys = [mark.x for mark in marks], [mark.y for mark in marks]
    return min(xs), min(ys), max(xs), max(ys)


def _height(box: Box) -> float:
    return max(box[3] - box[1], box[2] - box[0])


def _overlap(a: Box, b: Box) -> float:
    """Return how much of the smaller box lies in the larger one."""
    wide = min(a[2], b[2]) - max(a[0], b[0])
    tall = min(a[3], b[3]) - max(a[1], b[1])
    smaller = min((box[2] - box[0]) * (box[3] - box[1]) for box in (a, b))
    return max(0.0, wide) * max(0.0, tall) / smaller if smaller > 0 else 1.0
