"""Looking at a path before it is opened, and saying clearly what is wrong with it."""

from __future__ import annotations

import difflib
import hashlib
import re
import stat
from collections.abc import Iterable
from pathlib import Path

from formcheck.errors import CannotOpen

PICTURE_SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".bmp"})

_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:/")  # two letters at least: C:/ is a drive
_SNIFF = 4096
_MOVIE_BOXES = (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip")
_PICTURE_SIGNATURES = (b"\xff\xd8\xff", b"\x89PNG\r\n", b"BM", b"II*\0", b"MM\0*")


def is_folder(path: Path) -> bool:
    """Whether something is a folder; what no file can be called is none."""
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


def require_file(path: Path) -> None:
    """Make sure that something is a file with contents that may be read.

    Raises
    ------
    CannotOpen
        It is missing, a folder, a device or pipe, empty, unreadable, or an address.
    """
    try:
        mode = path.stat()
    except (OSError, ValueError) as error:
        raise unreadable(path, error) from error
    if stat.S_ISDIR(mode.st_mode):
        msg = f"'{path}' is a folder. Name a video file, or a folder of pictures."
        raise CannotOpen(msg)
    if not stat.S_ISREG(mode.st_mode):
        msg = f"'{path}' is a device or a pipe. Save the video to a file first."
        raise CannotOpen(msg)
    if mode.st_size == 0:
        msg = f"'{path}' is empty (0 bytes). Copy it or record it again."
        raise CannotOpen(msg)
    try:
        with path.open("rb"):
            pass
    except OSError as error:
        raise unreadable(path, error) from error


def unreadable(path: Path, error: Exception) -> CannotOpen:
    """Return the error for a path that the system does not let us look at."""
    if _ADDRESS.match(str(path)):
        scheme, _, rest = str(path).partition(":")
        address = f"{scheme}://{rest.lstrip('/')}"  # a Path has made one slash of two
        msg = f"'{address}' is an address. Download the video first, then name the file."
    elif isinstance(error, FileNotFoundError | NotADirectoryError):
        msg = f"'{path}' does not exist. {_nearest(path)}"
    elif isinstance(error, PermissionError):
        msg = f"'{path}' may not be read: permission denied. Allow reading it, or copy it."
    else:
        reason = getattr(error, "strerror", None) or error
        msg = f"'{path}' cannot be read: {reason}. Check the name and the disk."
    return CannotOpen(msg)


def not_a_video(path: Path) -> CannotOpen:
    """Return the error for a file in which no video can be recognised."""
    try:
        with path.open("rb") as file:
            start = file.read(_SNIFF)
    except OSError as error:
        return unreadable(path, error)
    if start[4:8] in _MOVIE_BOXES:
        msg = (
            f"'{path}' breaks off before the index of its pictures: the recording or the "
            "copying was cut short. Copy it again, or record it again."
        )
    elif start.startswith(_PICTURE_SIGNATURES) or start[8:12] == b"WEBP":
        msg = f"'{path}' is a picture. Name a video, a GIF, or a folder of pictures."
    elif _is_text(start):
        msg = f"'{path}' contains text, not a video. Name a video file."
    else:
        msg = (
            f"'{path}' is not a video that can be read. Check that it plays in a video "
            "player, or convert it to MP4."
        )
    return CannotOpen(msg)


def sha256_of_files(paths: Iterable[Path], *, names: bool = False) -> str:
    """Return the SHA-256 of some files' bytes, in hexadecimal, each after its name if wanted.

    Raises
    ------
    CannotOpen
        One of them cannot be read.
    """
    digest = hashlib.sha256()
    for path in paths:
        if names:
            digest.update(path.name.encode("utf-8", "surrogateescape") + b"\0")
        try:
            with path.open("rb") as file:
                while chunk := file.read(1 << 20):
                    digest.update(chunk)
        except OSError as error:
            raise unreadable(path, error) from error
    return digest.hexdigest()


def _nearest(path: Path) -> str:
    try:
        names = [entry.name for entry in path.parent.iterdir()]
    except OSError:
        return "Check the spelling of the folder, or give the full path."
    close = difflib.get_close_matches(path.name, names, n=1)
    if close:
        return f"Did you mean '{path.parent / close[0]}'?"
    return "Check the spelling, or give the full path."


def _is_text(start: bytes) -> bool:
    """Whether bytes look like text; a character cut in two at the end is forgiven."""
    try:
        start.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start < len(start) - 3:
            return False
    return not any(byte < 9 or 13 < byte < 27 for byte in start)
