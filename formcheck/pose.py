"""Skeletons, poses, and recordings of poses."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from formcheck.atomic import AtomicFile
from formcheck.errors import CannotOpen, SkeletonMismatch, WrongSchema, shown
from formcheck.recorded import Damaged, read_recording, size_of

FloatArray = NDArray[np.float64]

RECORDING_SCHEMA = "formcheck.recording/1"


def _swap_side(name: str) -> str:
    if name.startswith("left_"):
        return "right_" + name.removeprefix("left_")
    if name.startswith("right_"):
        return "left_" + name.removeprefix("right_")
    return name


@dataclass(frozen=True, slots=True)
class Skeleton:
    """Which landmarks there are, and which are joined by a bone.

    Landmarks are named, never numbered. What is left and what is right follows from the
    names, so a mirrored skeleton cannot be typed in wrongly.
    """

    id: str
    names: tuple[str, ...]
    edges: tuple[tuple[str, str], ...]
    index: Mapping[str, int] = field(init=False, repr=False, compare=False)
    """Name → position along the landmark axis."""
    mirror: NDArray[np.intp] = field(init=False, repr=False, compare=False)
    """Permutation that swaps left and right; applying it twice changes nothing."""

    def __post_init__(self) -> None:
        index = {name: i for i, name in enumerate(self.names)}
        if len(index) != len(self.names):
            msg = f"skeleton '{self.id}' names a landmark twice"
            raise ValueError(msg)
        unknown = sorted({n for edge in self.edges for n in edge} - set(index))
        if unknown:
            msg = f"skeleton '{self.id}' has bones between unknown landmarks: {unknown}"
            raise ValueError(msg)
        object.__setattr__(self, "index", index)
        mirror = np.array([index[_swap_side(n)] for n in self.names], dtype=np.intp)
        object.__setattr__(self, "mirror", mirror)


def _both(*pairs: tuple[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple((f"{s}_{a}", f"{s}_{b}") for s in ("left", "right") for a, b in pairs)


BLAZEPOSE = Skeleton(
    id="blazepose33",
    names=(
        "nose",
        "left_eye_inner",
        "left_eye",
        "left_eye_outer",
        "right_eye_inner",
        "right_eye",
        "right_eye_outer",
        "left_ear",
        "right_ear",
        "left_mouth",
        "right_mouth",
        *(
            f"{side}_{part}"
            for part in ("shoulder", "elbow", "wrist", "pinky", "index", "thumb")
            for side in ("left", "right")
        ),
        *(
            f"{side}_{part}"
            for part in ("hip", "knee", "ankle", "heel", "toe")
            for side in ("left", "right")
        ),
    ),
    edges=(
        *_both(
            ("shoulder", "elbow"),
            ("elbow", "wrist"),
            ("shoulder", "hip"),
            ("hip", "knee"),
            ("knee", "ankle"),
            ("ankle", "heel"),
            ("heel", "toe"),
            ("ankle", "toe"),
        ),
        ("left_shoulder", "right_shoulder"),
        ("left_hip", "right_hip"),
    ),
)
"""The 33 landmarks of MediaPipe's pose model, in its order; "toe" is its foot index."""


@dataclass(frozen=True, slots=True)
class Pose:
    """One person at one moment. NaN means not seen; nobody at all is all NaN.

    K is the number of landmarks of `skeleton`.
    """

    t_s: float
    """Time in seconds, strictly increasing within a stream."""
    image_px: FloatArray
    """(K, 2) x to the right, y down, in pixels of the full, upright picture."""
    world_m: FloatArray
    """(K, 3) metres, origin between the hips, axes as seen by the camera: x right,
    y down, z away from it."""
    visibility: FloatArray
    """(K,) how surely each landmark is seen, 0 to 1; 0 when nobody is there."""
    skeleton: Skeleton = BLAZEPOSE

    def __post_init__(self) -> None:
        k = len(self.skeleton.names)
        for name, shape in (("image_px", (k, 2)), ("world_m", (k, 3)), ("visibility", (k,))):
            got = getattr(self, name).shape
            if got != shape:
                msg = f"Pose.{name} should have shape {shape} for '{self.skeleton.id}', got {got}"
                raise ValueError(msg)

    @classmethod
    def nobody(cls, t_s: float, skeleton: Skeleton = BLAZEPOSE) -> Pose:
        """Return the pose of a picture without a person."""
        k = len(skeleton.names)
        return cls(t_s, np.full((k, 2), np.nan), np.full((k, 3), np.nan), np.zeros(k), skeleton)

    @property
    def seen(self) -> bool:
        """Whether there is anybody in the picture."""
        return bool(np.isfinite(self.image_px).any())

    def mirrored(self, width_px: float) -> Pose:
        """Return the pose as a mirror beside the camera would show it.

        Parameters
        ----------
        width_px
            Width of the full picture, about whose middle the pixels are flipped.
        """
        swap = self.skeleton.mirror
        image = self.image_px[swap].copy()
        image[:, 0] = width_px - image[:, 0]
        world = self.world_m[swap].copy()
        world[:, 0] = -world[:, 0]
        return Pose(self.t_s, image, world, self.visibility[swap].copy(), self.skeleton)


@dataclass(frozen=True, slots=True)
class PoseTrack:
    """A recording: the poses of one clip, which can be analyzed without any pose model.

    T is the number of frames, K the number of landmarks.
    """

    t_s: FloatArray
    """(T,) seconds, strictly increasing."""
    image_px: FloatArray
    """(T, K, 2) as in `Pose`."""
    world_m: FloatArray
    """(T, K, 3) as in `Pose`."""
    visibility: FloatArray
    """(T, K) as in `Pose`."""
    size_px: tuple[int, int]
    """(width, height) of the pictures."""
    skeleton: Skeleton = BLAZEPOSE
    meta: Mapping[str, Any] = field(default_factory=dict)
    """Where the poses came from: source, model and versions; JSON values only."""

    def __post_init__(self) -> None:
        t, k = len(self.t_s), len(self.skeleton.names)
        wanted = {"image_px": (t, k, 2), "world_m": (t, k, 3), "visibility": (t, k)}
        for name, shape in wanted.items():
            got = getattr(self, name).shape
            if got != shape:
                msg = f"PoseTrack.{name} should have shape {shape}, got {got}"
                raise ValueError(msg)
        if t and not (np.isfinite(self.t_s).all() and (np.diff(self.t_s) > 0).all()):
            msg = "PoseTrack.t_s must be finite and strictly increasing"
            raise ValueError(msg)

    @classmethod
    def from_poses(
        cls,
        poses: Iterable[Pose],
        size_px: tuple[int, int],
        meta: Mapping[str, Any] | None = None,
        skeleton: Skeleton = BLAZEPOSE,
    ) -> PoseTrack:
        """Stack poses of one stream, of which there may be none."""
        k = len(skeleton.names)
        listed = list(poses)
        return cls(
            np.array([p.t_s for p in listed], dtype=np.float64),
            np.array([p.image_px for p in listed], dtype=np.float64).reshape(-1, k, 2),
            np.array([p.world_m for p in listed], dtype=np.float64).reshape(-1, k, 3),
            np.array([p.visibility for p in listed], dtype=np.float64).reshape(-1, k),
            size_px,
            skeleton,
            dict(meta or {}),
        )

    def __len__(self) -> int:
        return len(self.t_s)

    def __getitem__(self, i: int) -> Pose:
        """Return the pose of frame `i`."""
        return Pose(
            float(self.t_s[i]),
            self.image_px[i],
            self.world_m[i],
            self.visibility[i],
            self.skeleton,
        )

    def __iter__(self) -> Iterator[Pose]:
        return (self[i] for i in range(len(self)))

    def mirrored(self) -> PoseTrack:
        """Return the recording as a mirror beside the camera would show it."""
        width = float(self.size_px[0])
        return PoseTrack.from_poses(
            (p.mirrored(width) for p in self), self.size_px, self.meta, self.skeleton
        )

    def save(self, path: Path | str) -> None:
        """Write the recording; the file appears whole or not at all.

        Raises
        ------
        CannotWrite
            The folder is missing, not writable, or the disk is full.
        """
        header = {
            "schema": RECORDING_SCHEMA,
            "skeleton": self.skeleton.id,
            "names": list(self.skeleton.names),
            "size_px": list(self.size_px),
            "meta": dict(self.meta),
        }
        content = io.BytesIO()
        np.savez_compressed(
            content,
            header=np.array(json.dumps(header)),
            t_s=self.t_s,
            image_px=self.image_px,
            world_m=self.world_m,
            visibility=self.visibility,
        )
        AtomicFile(Path(path)).write(content.getvalue())

    @classmethod
    def load(cls, path: Path | str, skeleton: Skeleton = BLAZEPOSE) -> PoseTrack:
        """Read a recording.

        Raises
        ------
        CannotOpen
            The file is missing or unreadable.
        WrongSchema
            It is no recording of ours, or one of a version that is not known.
        SkeletonMismatch
            Its landmarks are not those of `skeleton`.
        """
        try:
            header, arrays = read_recording(Path(path))
            schema = header["schema"]
        except (Damaged, KeyError) as error:
            msg = (
                f"'{path}' is not a formcheck landmark recording ({_reason(error)}). Make one "
                "with 'formcheck check CLIP --save-recording FILE.npz'."
            )
            raise WrongSchema(msg) from error
        except OSError as error:
            msg = f"Could not read the recording '{path}': {error.strerror or error}."
            raise CannotOpen(msg) from error
        if schema != RECORDING_SCHEMA:
            msg = (
                f"'{path}' has schema {shown(schema)}, but this formcheck reads "
                f"'{RECORDING_SCHEMA}'. Record the clip again, or use the matching version."
            )
            raise WrongSchema(msg)
        if header.get("names") != list(skeleton.names):
            msg = (
                f"'{path}' holds the landmarks of {shown(header.get('skeleton'))}, but "
                f"'{skeleton.id}' is needed. Record the clip again with formcheck."
            )
            raise SkeletonMismatch(msg)
        try:
            meta = header.get("meta", {})
            return cls(**arrays, size_px=size_of(header), skeleton=skeleton, meta=meta)
        except ValueError as error:
            msg = f"'{path}' is a damaged recording ({error}). Record the clip again."
            raise WrongSchema(msg) from error


def _reason(error: Exception) -> str:
    return str(error) if isinstance(error, Damaged) else "it names no schema"
