"""What every part of the overlay can do."""

from __future__ import annotations

from typing import Protocol

from formcheck.frame import Image
from formcheck.results import Tick


class Layer(Protocol):
    """Draws one idea, such as the skeleton or the counter, on a full-size picture."""

    def draw(self, picture: Image, tick: Tick) -> None:
        """Draw in place; a joint that is not seen is not drawn."""
