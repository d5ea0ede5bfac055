"""Layers stacked into an overlay."""

from __future__ import annotations

from collections.abc import Sequence

from formcheck.frame import Image
from formcheck.overlay.angles import JointAngleArcs
from formcheck.overlay.base import Layer
from formcheck.overlay.panels import (
    CueBanner,
    PhaseBar,
    RepCounter,
    SettingNote,
    TimeStamp,
    UnjudgedNote,
)
from formcheck.overlay.privacy import Privacy, hiding
from formcheck.overlay.skeleton import SkeletonLayer
from formcheck.overlay.style import Style
from formcheck.results import Tick


class Overlay:
    """Draws layers one over the other, the first at the bottom.

    One overlay serves one stream of ticks; it adapts to each picture's size.
    """

    def __init__(self, layers: Sequence[Layer]) -> None:
        self.layers = tuple(layers)

    def draw(self, picture: Image, tick: Tick) -> None:
        """Draw all layers in place."""
        for layer in self.layers:
            layer.draw(picture, tick)


def default_overlay(style: Style | None = None, privacy: Privacy = Privacy.OPEN) -> Overlay:
    """Return everything that formcheck draws, in one look, over as much as may be seen."""
    look = style or Style()
    return Overlay(
        (
            *hiding(privacy),
            SkeletonLayer(look),
            JointAngleArcs(look),
            RepCounter(look),
            PhaseBar(look),
            UnjudgedNote(look),
            CueBanner(look),
            TimeStamp(look),
            SettingNote(look),
        )
    )
