"""Which clips are meant: folders, patterns, lists, and tables with one clip a line."""

from __future__ import annotations

import csv
import glob
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from formcheck.errors import CannotOpen
from formcheck.sources.files import PICTURE_SUFFIXES, is_folder, require_file, unreadable

VIDEO_SUFFIXES = frozenset(
    {
        ".3g2",
        ".3gp",
        ".apng",
        ".asf",
        ".avi",
        ".dv",
        ".flv",
        ".gif",
        ".h264",
        ".hevc",
        ".ivf",
        ".m2ts",
        ".m4v",
        ".mjpeg",
        ".mjpg",
        ".mkv",
        ".mov",
        ".mp4",
        ".mpeg",
        ".mpg",
        ".mts",
        ".mxf",
        ".nut",
        ".obu",
        ".ogg",
        ".ogv",
        ".rm",
        ".swf",
        ".ts",
        ".webm",
        ".wmv",
        ".wtv",
        ".y4m",
    }
)
"""What is looked for in folders; a clip that is named may end as it likes."""
RECORDING = ".npz"
LISTS, MANIFEST = frozenset({".txt", ".lst"}), ".csv"
COLUMNS = ("clip", "person", "exercise", "level", "date")
"""What a manifest may have; only the first must be there."""
MOST_CLIPS = 1_000_000
"""Of one list, pattern or folder."""
MOST_LINES, MOST_LINE = 2 * MOST_CLIPS, 1 << 17
"""Of one list, and characters of one line."""
_PATTERN = re.compile(r"[*?\[]")


@dataclass(frozen=True, slots=True)
class Clip:
    """One line of the table to be: a clip, and what is known about it beforehand."""

    path: str
    """As it was named."""
    person: str = ""
    exercise: str = ""
    """Empty for what the whole batch is asked for."""
    level: str = ""
    """Empty for that of the whole batch."""
    date: str = ""


def find_clips(paths: Iterable[str], out: Path | None = None) -> list[Clip]:
    """Return all clips that are meant, in a fixed order, each line once.

    Parameters
    ----------
    paths
        Folders (searched with all that is in them), patterns such as ``clips/**/*.mp4``, lists
        (``.txt``, one clip a line), manifests (``.csv`` with the columns of `COLUMNS`), and
        clips. Clips in lists and manifests are named relative to the list's folder.
    out
        A folder that is not searched: where results go.

    Raises
    ------
    CannotOpen
        Something that was named does not exist, is not a list, or holds no clips.
    """
    skip = out.resolve() if out is not None else None
    found: dict[Clip, None] = {}
    for path in paths:
        some = dict.fromkeys(_not_endless(_named(path, skip), path))
        if not some:
            msg = f"No clips in '{path}'. Name a folder with videos, a pattern, a list or a clip."
            raise CannotOpen(msg)
        found |= some
    return list(found)


def _not_endless(clips: Iterator[Clip], named: str) -> Iterator[Clip]:
    for i, clip in enumerate(clips):
        if i == MOST_CLIPS:
            msg = f"'{named}' names more than {MOST_CLIPS} clips. Divide it into several batches."
            raise CannotOpen(msg)
        yield clip


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:  # no file can be called this
        return False


def _named(name: str, skip: Path | None) -> Iterator[Clip]:
    path = Path(name)
    if is_folder(path):
        return _in_folder(path, skip)
    if _PATTERN.search(name) and not _exists(path):
        return _matching(name, skip)
    require_file(path)
    if path.suffix.lower() in LISTS:
        return _in_list(path)
    if path.suffix.lower() == MANIFEST:
        return _in_manifest(path)
    return iter([Clip(name)])


def _matching(pattern: str, skip: Path | None) -> Iterator[Clip]:
    for name in sorted(glob.glob(pattern, recursive=True)):  # noqa: PTH207 - may be absolute
        path = Path(name)
        if path.is_dir():
            continue
        if not _within(path, skip) and _is_clip(path):
            yield Clip(name)


def _in_folder(folder: Path, skip: Path | None) -> Iterator[Clip]:
    """Yield the clips in a folder; one with nothing but pictures in it is a clip itself."""
    files = sorted(p for p in folder.rglob("*") if p.is_file() and not _hidden(p, folder))
    clips = [p for p in files if _is_clip(p) and not _within(p, skip)]
    if not clips and any(p.suffix.lower() in PICTURE_SUFFIXES for p in folder.iterdir()):
        yield Clip(str(folder))
    yield from (Clip(str(path)) for path in clips)


def _is_clip(path: Path) -> bool:
    return path.suffix.lower() in VIDEO_SUFFIXES or path.suffix.lower() == RECORDING


def _hidden(path: Path, folder: Path) -> bool:
    return any(part.startswith(".") for part in path.relative_to(folder).parts)


def _within(path: Path, folder: Path | None) -> bool:
    return folder is not None and path.resolve().is_relative_to(folder)


def _in_list(path: Path) -> Iterator[Clip]:
    for line in _lines(path):
        name = line.strip()
        if name and not name.startswith("#"):
            yield Clip(str(path.parent / name))


def _in_manifest(path: Path) -> Iterator[Clip]:
    reader = csv.DictReader(_lines(path), skipinitialspace=True)
    try:
        yield from _told(reader, path)
    except csv.Error as error:
        msg = f"The manifest '{path}' is no table: {error} (line {reader.line_num}). Correct it."
        raise CannotOpen(msg) from error


def _told(reader: csv.DictReader[str], path: Path) -> Iterator[Clip]:
    columns = [(name or "").strip().lower() for name in reader.fieldnames or ()]
    if "clip" not in columns:
        msg = (
            f"The manifest '{path}' has no column 'clip'. Its first line should name the columns: "
            f"{', '.join(COLUMNS)} (only the first is needed)."
        )
        raise CannotOpen(msg)
    reader.fieldnames = columns
    for line in reader:
        told = {name: (line.get(name) or "").strip() for name in COLUMNS}
        if told["clip"]:
            yield _of_line(told, path.parent)


def _of_line(told: Mapping[str, str], folder: Path) -> Clip:
    rest = {name: told[name] for name in COLUMNS[1:]}
    return Clip(str(folder / told["clip"]), **rest)


def _lines(path: Path) -> Iterator[str]:
    """Yield the lines of a list one by one, and complain about one without end."""
    try:
        # Spreadsheets mark the beginning of what they save.
        with path.open(encoding="utf-8-sig") as file:
            for number in range(1, MOST_LINES + 1):
                line = file.readline(MOST_LINE)
                if not line:
                    return
                if len(line) == MOST_LINE:
                    msg = f"Line {number} of the list '{path}' has no end. Name one clip a line."
                    raise CannotOpen(msg)
                yield line
    except UnicodeDecodeError as error:
        msg = f"The list '{path}' is not text in UTF-8. Save it again as such."
        raise CannotOpen(msg) from error
    except OSError as error:
        raise unreadable(path, error) from error
    msg = f"The list '{path}' has more than {MOST_LINES} lines. Divide it into several batches."
    raise CannotOpen(msg)
