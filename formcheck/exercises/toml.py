"""Reading TOML that somebody wrote by hand, or sent: what is out of all proportion is refused."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

MOST_BYTES = 1 << 18
"""A file may be so long; the longest that come with formcheck have a twentieth of it."""
MOST_DOTS = 1000
"""In one line: a key of very many parts takes memory that grows with the square of them."""


class NotToml(ValueError):
    """It is no TOML, or no file of a size that can be meant; says what is wrong with it."""


def read_toml_file(path: Path) -> bytes:
    """Return the bytes of a file, as many as may be needed to see that it is too long.

    Raises
    ------
    OSError
        It cannot be read, or is a device or a pipe, which may never end.
    """
    try:
        if path.exists() and not path.is_file():
            msg = "it is not a file"
            raise OSError(msg)
        with path.open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except ValueError as error:  # no name of a file can be this
        raise OSError(str(error)) from error


def parse_toml(data: bytes) -> dict[str, Any]:
    """Return what TOML in UTF-8 says.

    Raises
    ------
    NotToml
        It cannot be read.
    """
    if len(data) > MOST_BYTES:
        msg = f"more than {MOST_BYTES // 1024} KiB"
        raise NotToml(msg)
    try:
        text = data.decode("utf-8")
        if any(line.count(".") > MOST_DOTS for line in text.splitlines()):
            msg = f"a line with more than {MOST_DOTS} dots"
            raise NotToml(msg)
        return tomllib.loads(text)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise NotToml(str(error)) from error
    except RecursionError as error:
        msg = "something nested too deeply"
        raise NotToml(msg) from error
    except ValueError as error:
        msg = str(error) if isinstance(error, NotToml) else "a number with too many digits"
        raise NotToml(msg) from error
