"""What every angle refiner can do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from formcheck.refine.body import Body
from formcheck.refine.error import MeasuredError
from formcheck.results import Readings, View


class AngleRefiner(Protocol):
    """Turns landmarks into joint angles that come with an honest standard deviation.

    It gives those of `formcheck.refine.plain.ANGLE_NAMES` at least, and may give other
    readings of the catalogue, which are then not computed from the angles. What is not seen
    is NaN.
    """

    @property
    def provenance(self) -> Mapping[str, Any]:
        """What a report needs to name it exactly."""

    @property
    def error(self) -> MeasuredError:
        """How far off readings usually are, by direction and posture."""

    def refine(self, body: Body, view: View) -> Readings:
        """Return the angles of one smoothed pose seen from one view."""

    def reset(self) -> None:
        """Forget the past; afterwards it behaves like a new object."""
