"""The file of a landmark recording, read without trusting it.

It is a zip archive of numpy arrays. Nothing in it is ever run, and what its headers say is held
against what is there before memory is taken for it.
"""

from __future__ import annotations

import json
import math
import zlib
from pathlib import Path
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

import numpy as np
from numpy.typing import NDArray

ARRAYS = ("t_s", "image_px", "world_m", "visibility")
HEADER = "header"
MOST_FRAMES = 1_000_000
"""Nine hours at 30 a second; in memory 1.5 GiB."""
MOST_HEADER = 1 << 22
"""Bytes of what a recording says about itself."""
DEEPEST = 20
"""Lists and tables within one another in what it says about itself."""
SHORTEST_S, LONGEST_S = 1e-6, 1e8
"""Between two frames, and altogether."""
FARTHEST = {"image_px": 1e7, "world_m": 1e4, "visibility": 1.001}
"""No landmark is farther off, in pixels or metres, and nothing is surer."""
MOST_PX = 1 << 20

FloatArray = NDArray[np.float64]
_CHUNK = 1 << 20


class Damaged(ValueError):
    """It is no recording, or a damaged one; says what is wrong with it."""


def read_recording(path: Path) -> tuple[dict[str, Any], dict[str, FloatArray]]:
    """Return what a recording says about itself, and its arrays by name.

    Raises
    ------
    Damaged
        It is no recording, or its contents cannot be meant.
    OSError
        It cannot be read.
    """
    # What zipfile and zlib make of damaged archives has many names.
    wrong = (BadZipFile, zlib.error, EOFError, RuntimeError, ValueError, KeyError, TypeError)
    try:
        with path.open("rb") as file, ZipFile(file) as archive:
            members = {info.filename: info for info in archive.infolist()}
            if members.keys() != {f"{name}.npy" for name in (HEADER, *ARRAYS)}:
                msg = f"it should hold {', '.join((HEADER, *ARRAYS))}"
                raise Damaged(msg)
            header = _header(archive, members[f"{HEADER}.npy"])
            arrays = {name: _array(archive, members[f"{name}.npy"]) for name in ARRAYS}
    except wrong as error:
        raise Damaged(str(error) or type(error).__name__) from error
    _require_sense(arrays)
    return header, arrays


def _header(archive: ZipFile, info: ZipInfo) -> dict[str, Any]:
    shape, kind, size = _opened(archive, info)
    if shape or kind.kind != "U" or size > MOST_HEADER:
        msg = "what it says about itself is no text"
        raise Damaged(msg)
    text = str(_values(archive, info, shape, kind))
    try:
        header = json.loads(text)
    except RecursionError as error:
        msg = "what it says about itself is nested too deeply"
        raise Damaged(msg) from error
    if not isinstance(header, dict) or not isinstance(header.get("meta", {}), dict):
        msg = "what it says about itself is no table"
        raise Damaged(msg)
    if _depth(header) > DEEPEST:
        msg = "what it says about itself is nested too deeply"
        raise Damaged(msg)
    meta = header.get("meta", {})
    notes = meta.get("notes", [])
    told = isinstance(notes, list) and all(isinstance(note, str) for note in notes)
    if not told or not isinstance(meta.get("estimator", {}), dict):
        msg = "what it says about its making makes no sense"
        raise Damaged(msg)
    return header


def _array(archive: ZipFile, info: ZipInfo) -> FloatArray:
    shape, kind, _ = _opened(archive, info)
    if kind.kind != "f" or not shape:
        msg = f"{info.filename} holds no numbers"
        raise Damaged(msg)
    if shape[0] > MOST_FRAMES:
        msg = f"it has {shape[0]} frames, and at most {MOST_FRAMES} can be read"
        raise Damaged(msg)
    return np.asarray(_values(archive, info, shape, kind), dtype=np.float64)


def _opened(archive: ZipFile, info: ZipInfo) -> tuple[tuple[int, ...], np.dtype[Any], int]:
    """Return the shape and type of an array, and its bytes, without reading it."""
    if info.compress_type not in {ZIP_STORED, ZIP_DEFLATED} or info.flag_bits & 1:
        msg = f"{info.filename} is packed in an unusual way"
        raise Damaged(msg)
    with archive.open(info) as member:
        shape, kind, start = _described(member)
    size = math.prod(shape) * kind.itemsize
    # Sizes are compared before memory is taken: a few bytes can claim to be terabytes.
    if min(shape, default=0) < 0 or kind.hasobject or info.file_size != start + size:
        msg = f"{info.filename} is not as long as it says"
        raise Damaged(msg)
    return shape, kind, size


def _described(member: IO[bytes]) -> tuple[tuple[int, ...], np.dtype[Any], int]:
    read = {
        (1, 0): np.lib.format.read_array_header_1_0,
        (2, 0): np.lib.format.read_array_header_2_0,
    }.get(np.lib.format.read_magic(member))
    if read is None:
        msg = "its arrays are of another version of numpy"
        raise Damaged(msg)
    shape, by_column, kind = read(member)
    if by_column and len(shape) > 1:
        msg = "its arrays are stored column by column"
        raise Damaged(msg)
    return shape, kind, member.tell()


def _values(
    archive: ZipFile, info: ZipInfo, shape: tuple[int, ...], kind: np.dtype[Any]
) -> NDArray[Any]:
    """Return an array whose description was found to be true."""
    values = np.empty(shape, kind)
    with archive.open(info) as member:
        _described(member)
        into, at = values.reshape(-1).view(np.uint8) if values.size else np.empty(0, np.uint8), 0
        while at < len(into):
            chunk = np.frombuffer(member.read(min(_CHUNK, len(into) - at)), np.uint8)
            if not len(chunk):
                msg = f"{info.filename} breaks off"
                raise Damaged(msg)
            into[at : at + len(chunk)] = chunk
            at += len(chunk)
        if member.read(1):  # also makes sure that the checksum was looked at
            msg = f"{info.filename} goes on after its end"
            raise Damaged(msg)
    return values


def _require_sense(arrays: dict[str, FloatArray]) -> None:
    """Complain about numbers that no recording can have."""
    t_s = arrays["t_s"]
    if t_s.ndim != 1 or not np.isfinite(t_s).all() or (np.abs(t_s) > LONGEST_S).any():
        msg = "its times make no sense"
        raise Damaged(msg)
    if len(t_s) > 1 and np.diff(t_s).min() < SHORTEST_S:
        msg = "its times do not increase"
        raise Damaged(msg)
    for name, most in FARTHEST.items():
        values = arrays[name]
        low = 0.0 if name == "visibility" else -most
        if values.size and not ((values >= low) & (values <= most) | np.isnan(values)).all():
            msg = f"{name} has numbers that make no sense"
            raise Damaged(msg)


def size_of(header: dict[str, Any]) -> tuple[int, int]:
    """Return (width, height) of the pictures in pixels, as a recording says them.

    Raises
    ------
    Damaged
        It does not say them, or they make no sense.
    """
    size = header.get("size_px")
    if (
        not isinstance(size, list)
        or len(size) != 2
        or not all(type(n) is int and 1 <= n <= MOST_PX for n in size)
    ):
        msg = "it does not say how large its pictures are"
        raise Damaged(msg)
    return size[0], size[1]


def _depth(value: Any) -> int:
    """Return how deeply lists and tables are nested; stops counting where it is too much."""
    level, depth = [value], 0
    while level and depth <= DEEPEST:
        depth += 1
        level = [
            inner
            for each in level
            if isinstance(each, dict | list)
            for inner in (each.values() if isinstance(each, dict) else each)
        ]
    return depth
