"""Where a body touches the floor, on a thinned-out skin that is fast to move."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from benchmarks.rendering.body import Body
from benchmarks.rendering.figure import Figure, Figures
from benchmarks.rendering.rig import SIDES, FloatArray, Placement

PARTS = {
    "head": ("head",),
    "chest": ("spine01", "spine02", "breast", "clavicle", "shoulder01"),
    "waist": ("spine03", "spine04", "spine05"),
    "pelvis": ("root", "pelvis"),
    **{
        f"{side}_{part}": tuple(f"{bone}.{letter}" for bone in bones)
        for part, bones in (
            ("upper_arm", ("upperarm01", "upperarm02")),
            ("forearm", ("lowerarm01", "lowerarm02")),
            ("hand", ("wrist", "metacarpal", "finger")),
            ("thigh", ("upperleg01", "upperleg02")),
            ("shin", ("lowerleg01", "lowerleg02")),
            ("foot", ("foot", "toe")),
        )
        for side, letter, _ in SIDES
    },
}
"""Part of the body → the bones whose skin it is, by the beginnings of their names."""

_PER_PART = 160
"""Vertices that stand for a part."""


class Contact:
    """Tells how high above the floor the parts of one body are.

    Parameters
    ----------
    body
        Whose skin it is.
    """

    def __init__(self, body: Body) -> None:
        self._body = body
        leading = body.bones[np.arange(len(body.bones)), body.weights.argmax(axis=1)]
        self._vertices = {}
        for part, bones in PARTS.items():
            ours = [i for i, name in enumerate(body.rig.names) if _belongs(name, bones)]
            mine = np.flatnonzero(np.isin(leading, ours))
            step = max(1, len(mine) // _PER_PART)
            self._vertices[part] = mine[::step]

    def points_m(self, placed: Placement, part: str) -> FloatArray:
        """Return some of a part's skin, (N, 3)."""
        chosen = self._vertices[part]
        body = self._body
        return body.skin(placed, body.points_m[chosen], body.weights[chosen], body.bones[chosen])

    def lowest_m(self, placed: Placement, parts: Iterable[str] = PARTS) -> float:
        """Return the height of the lowest of some parts; feet are counted with their soles."""
        return min(
            float(self.points_m(placed, part)[:, 2].min())
            - (self._body.sole_m if part.endswith("_foot") else 0.0)
            for part in parts
        )

    def on_floor(
        self, figures: Figures, figure: Figure, parts: Iterable[str], sunk_m: float = 0.008
    ) -> Figure:
        """Return a figure moved up or down until some parts of it lie on the floor.

        Parameters
        ----------
        figures
            Poses the same body.
        figure
            Its legs and arms that reach stay where they are.
        parts
            Names of `PARTS`; the lowest of them touches the floor.
        sunk_m
            How far flesh and mat give way.
        """
        chosen = tuple(parts)
        for _ in range(3):
            low = self.lowest_m(figures.place(figure), chosen) + sunk_m
            figure = replace(figure, root_m=figure.root_m - np.array([0.0, 0.0, low]))
        return figure


def _belongs(name: str, bones: tuple[str, ...]) -> bool:
    """Return whether a bone is one of `bones`; ``.L`` and ``.R`` must agree where given."""
    for bone in bones:
        stem, _, letter = bone.partition(".")
        if name.startswith(stem) and (not letter or name.endswith(f".{letter}")):
            return True
    return False
