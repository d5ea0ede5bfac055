"""What a measurement of one frame is, and all that it may look at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from formcheck.legs import CrossedLegs
from formcheck.measures.resting import Resting
from formcheck.measures.standing import Standing
from formcheck.refine.body import Body
from formcheck.results import UNKNOWN_POSTURE, Posture, Reading, Readings, View

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Scene:
    """All that a measurement of one frame may look at."""

    body: Body
    angles: Readings
    view: View
    standing: Standing
    resting: Resting
    posture: Posture = UNKNOWN_POSTURE
    legs: CrossedLegs = field(default_factory=CrossedLegs)
    _known: dict[tuple[Callable[..., Any], str], Any] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def once(self, work: Callable[[Scene, str], _T], side: str = "") -> _T:
        """Return what `work` makes of this scene and side, worked out when first asked for."""
        key = (work, side)
        if key not in self._known:
            self._known[key] = work(self, side)
        found: _T = self._known[key]
        return found


@dataclass(frozen=True, slots=True)
class FrameMeasure:
    """One row of the catalogue."""

    name: str
    """Without its side when `sided`."""
    title: str
    """What people read."""
    parts: tuple[str, ...]
    """Landmarks, without side, that it is about: they must be seen, and take its colour."""
    best_view: str
    """``side``, ``front``, ``rear`` or ``any``; of who lies, the feet are in front."""
    compute: Callable[[Scene, str], float | Reading] | None = None
    """Of the scene and the side (empty when not sided); NaN when it can't be told. A reading
    brings its own spread. None: it is one of the refiner's angles, taken with the refiner's."""
    sided: bool = False
    opposed: bool = False
    """Whether one side's is the other's with its sign changed."""
