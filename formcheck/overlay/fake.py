"""A layer that draws nothing and remembers what it was asked to draw, for tests."""

from __future__ import annotations

from formcheck.frame import Image
from formcheck.results import Tick


class ListLayer:
    """Keeps the ticks and the pictures' shapes.

    Attributes
    ----------
    ticks
        In the order in which they came.
    shapes
        (height, width, 3) of the picture of each.
    """

    def __init__(self) -> None:
        self.ticks: list[Tick] = []
        self.shapes: list[tuple[int, ...]] = []

    def draw(self, picture: Image, tick: Tick) -> None:
        """Remember, and leave the picture alone."""
        self.ticks.append(tick)
        self.shapes.append(picture.shape)
