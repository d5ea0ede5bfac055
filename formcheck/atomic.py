"""Files that appear under their name whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
from pathlib import Path
from typing import BinaryIO

from formcheck.errors import CannotWrite

_REMEDIES = {
    errno.ENOSPC: "Free some space, or choose a folder on another disk.",
    errno.EDQUOT: "Free some space, or choose a folder on another disk.",
    errno.EFBIG: "Choose a folder on a disk that takes bigger files.",
    errno.ENOENT: "Make the folder first, or choose another one.",
    errno.ENOTDIR: "Choose a folder; a part of this path is a file.",
    errno.EISDIR: "A folder of that name is in the way: rename it, or choose another name.",
    errno.ENAMETOOLONG: "Choose a shorter name.",
    errno.EPIPE: "Whatever was reading the output has stopped.",
}


def cannot_write(target: Path | str, error: OSError) -> CannotWrite:
    """Return the error that says what went wrong with an output, and what to do."""
    remedy = _REMEDIES.get(error.errno or 0, "Choose a folder that you may write to.")
    return CannotWrite(f"Could not write '{target}': {error.strerror or error}. {remedy}")


class AtomicFile:
    """A file that is written beside its place and moved there when it is complete.

    Parameters
    ----------
    path
        The final name. A file of that name is replaced, at the very end.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._part: Path | None = None

    def reserve(self) -> Path:
        """Return the temporary file's path; it exists and is empty when first asked.

        Raises
        ------
        CannotWrite
            The folder is missing or not writable, or the final name is a folder.
        """
        if self._part is None:
            part = self.path.with_name(f".{self.path.name}.{secrets.token_hex(4)}.part")
            try:
                if self.path.is_dir():
                    raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
                part.touch(exist_ok=False)
            except OSError as error:
                raise cannot_write(self.path, error) from error
            self._part = part
        return self._part

    def write(self, content: bytes) -> None:
        """Write all of the content and put it in place.

        Raises
        ------
        CannotWrite
            It could not be; nothing remains.
        """
        part = self.reserve()
        try:
            with part.open("wb") as file:
                write_all(file, content)
        except OSError as error:
            self.discard()
            raise cannot_write(self.path, error) from error
        self.commit()

    def commit(self) -> None:
        """Give the temporary file its final name.

        Raises
        ------
        CannotWrite
            It could not be moved; nothing remains.
        """
        part = self.reserve()
        try:
            part.replace(self.path)
        except OSError as error:
            self.discard()
            raise cannot_write(self.path, error) from error
        self._part = None

    def discard(self) -> None:
        """Remove the temporary file, if there is one; never raises."""
        part, self._part = self._part, None
        if part is not None:
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)


def write_all(file: BinaryIO, content: bytes) -> None:
    """Write to an open file and make sure that it was taken."""
    file.write(content)
    file.flush()
