"""Everything that a session says or shows, in one catalogue for each language.

A catalogue is a TOML file in the folder ``texts``, named after its language: sections of
sentences with ``{places}`` for what differs. To add a language, copy ``en.toml``, translate it,
and nothing else. What exercise files say (cues, names of criteria) can be translated in the
section ``cue`` and ``name``, by the criterion's code; what is missing there is said as the
exercise file says it.
"""

from __future__ import annotations

import string
import tomllib
from collections.abc import Mapping
from pathlib import Path

from formcheck.errors import CannotOpen

FOLDER = Path(__file__).parent / "texts"
DEFAULT_LANGUAGE = "en"
OPTIONAL = ("cue", "name", "exercise")
"""Sections that a catalogue may leave out: exercise files say the same in English."""


class Texts:
    """The sentences of one language.

    Parameters
    ----------
    entries
        ``section.name`` → sentence.
    language
        What it is called.

    Examples
    --------
    >>> load_texts()("set.of", number=2, sets=3)
    'Set 2 of 3'
    """

    def __init__(self, entries: Mapping[str, str], language: str = DEFAULT_LANGUAGE) -> None:
        self._entries = dict(entries)
        self.language = language

    def __call__(self, key: str, **values: object) -> str:
        """Return a sentence with its places filled.

        Raises
        ------
        KeyError
            There is no such sentence: a mistake of ours.
        """
        return self._entries[key].format(**values)

    def __contains__(self, key: object) -> bool:
        return key in self._entries

    def own(self, section: str, code: str, given: str) -> str:
        """Return what the catalogue has for a code, or what the exercise file gives."""
        return self._entries.get(f"{section}.{code}", given)

    @property
    def places(self) -> Mapping[str, frozenset[str]]:
        """Key → the names of the places in its sentence."""
        return {key: _places(text) for key, text in self._entries.items()}


def languages() -> list[str]:
    """Return the languages that there are catalogues for."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


def load_texts(language: str = DEFAULT_LANGUAGE) -> Texts:
    """Return a catalogue.

    Raises
    ------
    CannotOpen
        There is none for this language.
    """
    known = languages()
    if language not in known:
        msg = f"There are no texts in '{language}'. Choose one of: {', '.join(known)}."
        raise CannotOpen(msg)
    sections = tomllib.loads((FOLDER / f"{language}.toml").read_text("utf-8"))
    entries = {
        f"{section}.{name}": text
        for section, named in sections.items()
        for name, text in named.items()
    }
    return Texts(entries, language)


def _places(text: str) -> frozenset[str]:
    return frozenset(name for _, name, _, _ in string.Formatter().parse(text) if name)
