"""Landmark recordings, with which a clip can be analyzed again without its pictures."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from formcheck.errors import WrongSchema
from formcheck.frame import SourceInfo
from formcheck.pose import BLAZEPOSE, Pose, PoseTrack, Skeleton
from formcheck.sources.files import require_file, sha256_of_files

_MOST = 1e9
"""Of frames, pixels, seconds or frames a second."""


@dataclass(frozen=True, slots=True)
class Recording:
    """The poses of a clip, and what is known about the clip."""

    path: Path
    """Of the recording."""
    sha256: str
    """Of the recording's bytes."""
    track: PoseTrack
    info: SourceInfo
    """About the clip that was recorded."""

    def __iter__(self) -> Iterator[Pose]:
        return iter(self.track)

    def __len__(self) -> int:
        return len(self.track)


def is_recording(path: Path | str) -> bool:
    """Whether a file looks like a landmark recording, by its name or by what is in it."""
    path = Path(path)
    try:
        if not path.is_file():
            return False
        if path.suffix.lower() == ".npz":
            return True
        with path.open("rb") as file:
            if file.read(4) != b"PK\x03\x04":
                return False
        with ZipFile(path) as archive:
            return "header.npy" in archive.namelist()
    except (OSError, BadZipFile, RuntimeError, ValueError):
        return False


def open_recording(path: Path | str, skeleton: Skeleton = BLAZEPOSE) -> Recording:
    """Read a recording.

    Its ``meta["source"]``, when there is one, holds the fields of the `SourceInfo` of the
    clip that was recorded; what is not there follows from the poses.

    Raises
    ------
    CannotOpen
        The file is missing or cannot be read.
    WrongSchema
        It is not a recording, one of another version, or one without any frame.
    SkeletonMismatch
        Its landmarks are not those of `skeleton`.
    """
    path = Path(path)
    require_file(path)
    track = PoseTrack.load(path, skeleton)
    if not len(track):
        msg = f"The recording '{path}' holds no frames. Record the clip again."
        raise WrongSchema(msg)
    sha256 = sha256_of_files([path])
    return Recording(path, sha256, track, source_of(track, str(path), sha256))


def source_of(track: PoseTrack, path: str = "-", sha256: str = "") -> SourceInfo:
    """Return what is known about the clip of a recording.

    Parameters
    ----------
    track
        The recording; at least one frame.
    path, sha256
        What to say when the recording does not name its clip.
    """
    frames = len(track)
    length_s = float(track.t_s[-1] - track.t_s[0])
    fps = (frames - 1) / length_s if frames > 1 else math.nan
    width, height = track.size_px
    known: dict[str, Any] = {
        "path": path,
        "duration_s": length_s + (length_s / (frames - 1) if frames > 1 else 0.0),
        "frames": frames,
        "fps": fps,
        "width": width,
        "height": height,
        "rotation_deg": 0,
        "sha256": sha256,
    }
    noted = track.meta.get("source")
    if isinstance(noted, Mapping):
        known |= _usable(noted)
    return SourceInfo(**known)


def _usable(noted: Mapping[str, Any]) -> dict[str, Any]:
    """Return the entries that are fields of a source and can be meant."""
    wanted: dict[str, tuple[type, ...]] = {"str": (str,), "int": (int,), "float": (int, float)}
    return {
        field.name: noted[field.name]
        for field in fields(SourceInfo)
        if field.name in noted
        and isinstance(noted[field.name], wanted[str(field.type)])
        and not isinstance(noted[field.name], bool)
        and _plausible(field.name, noted[field.name])
    }


def _plausible(name: str, value: str | float) -> bool:
    if name == "rotation_deg":
        return value in {0, 90, 180, 270}
    if name == "sha256":
        return re.fullmatch("([0-9a-f]{64})?", str(value)) is not None
    # Not known (NaN) is an answer, too.
    return isinstance(value, str) or value != value or 0 <= value <= _MOST
