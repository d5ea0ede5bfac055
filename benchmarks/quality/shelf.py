"""Figures looked up by name and put into words and tables."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.quality.figures import Figure, Figures

NOTHING = "–"
"""Shown where there are no cases."""


@dataclass(frozen=True)
class Table:
    """Cells to show; all columns but the first `words` are numbers."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    words: int = 1


@dataclass(frozen=True)
class Section:
    """A part of the page."""

    title: str
    text: str
    tables: tuple[Table, ...]
    plot: str = ""
    """Name of the picture that shows it, without folder."""


class Shelf:
    """The figures of one split, by their names without the split.

    Parameters
    ----------
    figures
        All figures.
    split
        ``development`` or ``test``.
    """

    def __init__(self, figures: Figures, split: str) -> None:
        start = f"{split}/"
        self._figures = {
            k.removeprefix(start): f for k, f in figures.items() if k.startswith(start)
        }

    def get(self, *place: str) -> Figure | None:
        """Return a figure, or None when there were no cases."""
        return self._figures.get("/".join(place))

    def n(self, *place: str) -> str:
        """Return how many cases a figure comes from."""
        figure = self.get(*place)
        return str(figure.n) if figure else "0"

    def per_cent(self, *place: str, digits: int = 0) -> str:
        """Return a share in per cent."""
        figure = self.get(*place)
        return f"{100 * figure.value:.{digits}f}" if figure else NOTHING

    def number(self, *place: str, digits: int = 1, signed: bool = False) -> str:
        """Return a figure as it is."""
        figure = self.get(*place)
        if figure is None:
            return NOTHING
        return f"{figure.value:+.{digits}f}" if signed else f"{figure.value:.{digits}f}"

    def below(self, *place: str) -> list[str]:
        """Return the next parts of the names that begin with a place, sorted."""
        start = "/".join(place) + "/"
        nexts = {
            k.removeprefix(start).partition("/")[0] for k in self._figures if k.startswith(start)
        }
        return sorted(nexts)

    def has(self, *place: str) -> bool:
        """Return whether any name begins with a place."""
        start = "/".join(place) + "/"
        return any(name.startswith(start) for name in self._figures)
