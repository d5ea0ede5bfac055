"""Text of others on a terminal: names of files, titles, what a document says."""

from __future__ import annotations

from rich.markup import escape as _escape_markup

LONGEST = 1500
"""Characters of one line of a message; the middle of a longer one is left out."""
_SPACES = frozenset("\n\u00a0\u2009\u202f")


def escape(text: str) -> str:
    """Return text that a terminal shows and does not obey.

    Neither is it taken for rich's markup. Control characters, which could hide or rewrite what
    stands before them, and bytes that are no text are shown as their codes.
    """
    return _escape_markup(visible(text))


def visible(text: str) -> str:
    """Return text with the codes of characters in place of those that cannot be seen."""
    if text.isprintable():
        return text
    return "".join(
        c if c.isprintable() or c in _SPACES else c.encode("unicode_escape").decode("ascii")
        for c in text
    )


def message(text: str) -> str:
    """Return what is said about an error, `escape`-d, no line of it endless."""
    return escape("\n".join(map(_shortened, text.split("\n"))))


def _shortened(line: str) -> str:
    half = LONGEST // 2
    return line if len(line) <= LONGEST else f"{line[:half]} … {line[-half:]}"
