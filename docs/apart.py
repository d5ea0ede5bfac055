"""Names that share a line in a docstring, taken apart for the reference on the site.

``level, targets`` is one entry for readers of the code; the tool that makes the reference would
give both the type of the first.
"""

from __future__ import annotations

import re
from typing import Any

import griffe

SHARED = re.compile(r"^(\w+(?:, \w+)+)\n((?:    .*\n?|\n(?=    ))+)", re.MULTILINE)


class Apart(griffe.Extension):
    """Gives every name an entry of its own."""

    def on_object(self, *, obj: griffe.Object, **_: Any) -> None:
        """Change the docstring of whatever was found."""
        if obj.docstring is not None:
            obj.docstring.value = apart(obj.docstring.value)


def apart(text: str) -> str:
    """Return a docstring in which no two names share an entry."""

    def entries(found: re.Match[str]) -> str:
        words = found[2].rstrip("\n")
        ends = found[2][len(words) :]
        return "\n".join(f"{name}\n{words}" for name in found[1].split(", ")) + ends

    return SHARED.sub(entries, text)
