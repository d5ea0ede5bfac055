"""Which views show what: the one place that says where a criterion is measurable.

The catalogue of measurements names the view that shows a measurement best. Seen from there it
lies in the picture's plane. Obliquely, what bends forwards and backwards is foreshortened but
still there; what goes sideways is mixed up with it. From the other views it points at the
camera. What happens sideways is seen from behind as well as from the front, but the pose
model knows backs less well.
"""

from __future__ import annotations

from typing import Literal

from formcheck.exercises.load import load_exercise
from formcheck.measures.catalogue import FRAME

Sight = Literal["good", "reduced", "none"]

SIGHTS: tuple[Sight, ...] = ("good", "reduced", "none")

VIEW_KINDS = ("side", "front-oblique", "front", "rear-oblique", "rear")
"""Views of rendered clips, left and right taken together."""

_SIGHT: dict[str, dict[str, Sight]] = {
    "side": {
        "side": "good",
        "front-oblique": "reduced",
        "rear-oblique": "reduced",
        "front": "none",
        "rear": "none",
    },
    "front": {
        "front": "good",
        "rear": "reduced",
        "front-oblique": "none",
        "rear-oblique": "none",
        "side": "none",
    },
    "rear": {
        "rear": "good",
        "rear-oblique": "reduced",
        "front": "none",
        "front-oblique": "none",
        "side": "none",
    },
    "any": dict.fromkeys(VIEW_KINDS, "good"),
}
"""Best view of a measurement → view → how well it is seen there."""


def kind_of(view: str) -> str:
    """Return the kind of a rendered clip's view.

    Examples
    --------
    >>> [kind_of(v) for v in ("side-left", "front", "rear-right")]
    ['side', 'front', 'rear-oblique']
    """
    if view.startswith("side"):
        return "side"
    ahead, _, aside = view.partition("-")
    return f"{ahead}-oblique" if aside else view


def sight(exercise: str, code: str, view: str) -> Sight:
    """Return how well a view shows what a criterion asks for.

    Parameters
    ----------
    exercise, code
        Which criterion.
    view
        One of `VIEW_KINDS`.
    """
    criterion = next(c for c in load_exercise(exercise).criteria if c.code == code)
    row = FRAME.get(criterion.question.measure)
    # A duration is seen from everywhere.
    return _SIGHT["any" if row is None else row.best_view][view]
