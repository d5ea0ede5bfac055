"""MediaPipe's pose landmarker as an estimator."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from formcheck.closing import Closing
from formcheck.errors import BackendUnavailable
from formcheck.estimators.model_fetch import Progress, no_progress
from formcheck.estimators.model_store import DEFAULT_VARIANT, ModelFile, ModelStore
from formcheck.estimators.quiet import quiet_native_stderr
from formcheck.frame import Frame
from formcheck.pose import BLAZEPOSE, Pose, Skeleton


@dataclass(frozen=True, slots=True)
class MediaPipeOptions:
    """How the pose landmarker is set up. Confidences are from 0 to 1."""

    model: Path | None = None
    """A bundle to use instead of formcheck's own."""
    variant: str = DEFAULT_VARIANT
    """``lite``, ``full`` or ``heavy``, when no bundle is given."""
    min_detection: float = 0.5
    """From when on a person counts as found."""
    min_presence: float = 0.5
    """From when on the person followed counts as still there."""
    min_tracking: float = 0.5
    """From when on the person is followed instead of looked for again."""


class MediaPipePose(Closing):
    """Finds one person in the frames of one stream.

    MediaPipe smooths the landmarks over time a little, which is why frames must come in
    order. Use it as a context manager, or close it: MediaPipe complains when Python ends
    before it was closed.

    Parameters
    ----------
    options
        How to set it up.
    store
        Where the model is kept; the user's cache when None. A model that is not there is
        fetched.
    progress
        Told about a model that has to be fetched.

    Raises
    ------
    ModelMissing
        There is no model and none could be fetched.
    ModelCorrupt
        The model file is damaged or none.
    BackendUnavailable
        MediaPipe cannot be loaded, or does not accept the model.
    """

    def __init__(
        self,
        options: MediaPipeOptions | None = None,
        *,
        store: ModelStore | None = None,
        progress: Progress = no_progress,
    ) -> None:
        self.options = options = options or MediaPipeOptions()
        store = store or ModelStore()
        self.model: ModelFile = store.get(options.model, options.variant, progress)
        self._mediapipe = _load()
        self._landmarker: Any = start(self._mediapipe, self.model.path, options)
        self._last_ms = -1
        self._settled = False

    @property
    def skeleton(self) -> Skeleton:
        """The 33 landmarks of MediaPipe's pose model."""
        return BLAZEPOSE

    @property
    def provenance(self) -> Mapping[str, Any]:
        """Library, version, model and checksum."""
        return {
            "backend": "mediapipe",
            "version": str(self._mediapipe.__version__),
            "model": self.model.name,
            "variant": self.model.variant,
            "model_sha256": self.model.sha256,
        }

    def estimate(self, frame: Frame) -> Pose:
        """Return the pose of the person in a frame; all NaN when there is nobody.

        Raises
        ------
        BackendUnavailable
            MediaPipe gave up on this frame.
        """
        if self._landmarker is None:
            msg = "estimate() was called on an estimator that is closed"
            raise RuntimeError(msg)
        mediapipe = self._mediapipe
        # MediaPipe reads raw memory: it would take padded rows for a sheared picture.
        image = mediapipe.Image(
            image_format=mediapipe.ImageFormat.SRGB, data=np.ascontiguousarray(frame.image)
        )
        self._last_ms = max(round(frame.t_s * 1000), self._last_ms + 1)
        # Its last remark comes with the first person it sees.
        hush = contextlib.nullcontext() if self._settled else quiet_native_stderr()
        try:
            with hush:
                result = self._landmarker.detect_for_video(image, self._last_ms)
        except (RuntimeError, ValueError) as error:
            msg = (
                f"MediaPipe failed on the picture at {frame.t_s:.2f} s: {_first_line(error)}. "
                "Try again; if it happens again, report it together with the video."
            )
            raise BackendUnavailable(msg) from error
        pose = to_pose(result, frame)
        self._settled = self._settled or pose.seen
        return pose

    def close(self) -> None:
        """Release the model; safe to call twice."""
        landmarker, self._landmarker = self._landmarker, None
        if landmarker is None:
            return
        try:
            with quiet_native_stderr():
                landmarker.close()
        except (RuntimeError, ValueError):
            # A graph that has failed says so again. Without this it would be closed once
            # more by its finalizer, which then never returns.
            landmarker._handle = None  # noqa: SLF001


class MediaPipePeople(Closing):
    """Finds everybody in single pictures, without smoothing; see `MediaPipePose`.

    Parameters
    ----------
    model
        The bundle.
    options
        How to set it up.
    most
        How many people to find at most.
    """

    def __init__(
        self, model: Path, options: MediaPipeOptions | None = None, *, most: int = 4
    ) -> None:
        self._mediapipe = _load()
        options = options or MediaPipeOptions()
        self._landmarker: Any = start(self._mediapipe, model, options, people=most)

    def look(self, frame: Frame) -> list[Pose]:
        """Return everybody's pose.

        Raises
        ------
        BackendUnavailable
            MediaPipe gave up on this frame.
        """
        mediapipe = self._mediapipe
        image = mediapipe.Image(
            image_format=mediapipe.ImageFormat.SRGB, data=np.ascontiguousarray(frame.image)
        )
        try:
            with quiet_native_stderr():
                result = self._landmarker.detect(image)
        except (RuntimeError, ValueError) as error:
            msg = f"MediaPipe failed on the picture at {frame.t_s:.2f} s: {_first_line(error)}."
            raise BackendUnavailable(msg) from error
        return [to_pose(result, frame, which) for which in range(len(result.pose_landmarks))]

    def close(self) -> None:
        """Release the model; safe to call twice."""
        landmarker, self._landmarker = self._landmarker, None
        if landmarker is not None:
            with quiet_native_stderr():
                landmarker.close()


def start(mediapipe: Any, model: Path, options: MediaPipeOptions, *, people: int = 1) -> Any:
    """Return a landmarker: of one person in a stream, or of several in single pictures."""
    tasks = mediapipe.tasks
    modes = tasks.vision.RunningMode
    try:
        with quiet_native_stderr():
            return tasks.vision.PoseLandmarker.create_from_options(
                tasks.vision.PoseLandmarkerOptions(
                    base_options=tasks.BaseOptions(model_asset_path=str(model)),
                    # LIVE_STREAM may drop frames; with more than one pose, or in IMAGE
                    # mode, MediaPipe does not smooth.
                    running_mode=modes.VIDEO if people == 1 else modes.IMAGE,
                    num_poses=people,
                    min_pose_detection_confidence=options.min_detection,
                    min_pose_presence_confidence=options.min_presence,
                    min_tracking_confidence=options.min_tracking,
                )
            )
    except (RuntimeError, ValueError, TypeError, FileNotFoundError) as error:
        msg = (
            f"MediaPipe {mediapipe.__version__} could not start the pose model "
            f"'{model}': {_first_line(error)}. Use formcheck's own model, or "
            "install the mediapipe version that formcheck asks for."
        )
        raise BackendUnavailable(msg) from error
    except OSError as error:
        raise _not_loaded(error) from error


def to_pose(result: Any, frame: Frame, which: int = 0) -> Pose:
    """Convert what MediaPipe found in a frame.

    Parameters
    ----------
    result
        A ``PoseLandmarkerResult``, with coordinates that are
        fractions of the picture's width and height.
    frame
        The frame that it looked at.
    which
        Whose pose, if there are several.

    Returns
    -------
    Pose
        In full-size pixels and metres; all NaN when nobody was found.
    """
    if not result.pose_landmarks:
        return Pose.nobody(frame.t_s)
    found, world = result.pose_landmarks[which], result.pose_world_landmarks[which]
    image_px = np.array([(mark.x, mark.y) for mark in found], dtype=np.float64)
    image_px *= frame.size_px
    world_m = np.array([(mark.x, mark.y, mark.z) for mark in world], dtype=np.float64)
    visibility = np.array([mark.visibility or 0.0 for mark in found], dtype=np.float64)
    return Pose(frame.t_s, image_px, world_m, visibility.clip(0.0, 1.0))


def _load() -> Any:
    """Import MediaPipe, which takes half a second, as it brings plotting along."""
    try:
        import mediapipe
    except (ImportError, OSError) as error:
        raise _not_loaded(error) from error
    return mediapipe


def _not_loaded(error: Exception) -> BackendUnavailable:
    reason = _first_line(error)
    if "cannot open shared object" in reason:
        remedy = "Install the missing system library (Debian, Ubuntu: apt install libegl1 libgles2)"
    else:
        remedy = "Install it again: python -m pip install --force-reinstall 'mediapipe>=1.2'"
    return BackendUnavailable(
        f"MediaPipe, which finds the person in a picture, could not be loaded: {reason}. {remedy}."
    )


def _first_line(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    told = " ".join(lines[:2] if lines and lines[0].endswith(":") else lines[:1])
    return told.rstrip(".")[:300] or type(error).__name__
