"""Which refiner runs."""

from __future__ import annotations

from formcheck.refine.base import AngleRefiner
from formcheck.refine.learned import LearnedAngles
from formcheck.refine.plain import PlainAngles
from formcheck.refine.weights import shipped

LEARNED, PLAIN = "learned", "plain"


def angle_refiner(angles: str = LEARNED) -> AngleRefiner:
    """Return a fresh refiner.

    Parameters
    ----------
    angles
        ``learned``: corrected by what was learned on rendered people, or plain geometry where
        the weights are missing. ``plain``: plain geometry.

    Raises
    ------
    ValueError
        There are no such angles.
    ModelCorrupt
        The weights are damaged.
    """
    if angles not in {LEARNED, PLAIN}:
        msg = f"angles should be '{LEARNED}' or '{PLAIN}', got '{angles}'"
        raise ValueError(msg)
    weights = shipped() if angles == LEARNED else None
    return PlainAngles() if weights is None else LearnedAngles(weights)
