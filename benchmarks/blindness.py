"""Whether a reading shows anything from a direction at all.

How far off a reading is doesn't tell that: where hardly anybody's knees fall in, a reading that
is always about 1 is nearly always right, and knows nothing. What tells is how much of a true
difference between people shows: of what is seen well nearly all, of what can't be seen nothing.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

SHOWN = 0.5
"""A reading in which less than this share of a true difference shows is blind: the slope of what
is seen over what is true."""
SURELY = 0.9
"""It has to be so in this share of crowds as they might have been."""
VARIED = 1 / 3
"""People have to differ by this, over how far off the reading is (both as standard deviations). Of
people who are more alike, nothing can show; what a fault of theirs would do isn't known."""
CROWDS = 400
MIN_PEOPLE = 8
"""What fewer show is chance."""


def is_blind(seen: FloatArray, true: FloatArray, person: NDArray[np.int64]) -> bool:
    """Return whether a reading shows less than `SHOWN` of true differences.

    Crowds are drawn from the people with replacement, as frames of one person are much alike. Where
    that says different things, or people are few or too much alike, it isn't known, and the answer
    is no.

    Parameters
    ----------
    seen, true
        The reading and its truth, (N,).
    person
        Who it was, (N,).
    """
    people, who = np.unique(person, return_inverse=True)
    if len(people) < MIN_PEOPLE or np.std(true) < VARIED * np.std(seen - true):
        return False
    sums = np.stack(
        [
            np.bincount(who, weights)
            for weights in (np.ones(len(true)), seen, true, seen * true, true * true)
        ]
    )
    drawn = np.random.default_rng(0).integers(len(people), size=(CROWDS, len(people)))
    n, x, y, xy, yy = sums[:, drawn].sum(axis=2)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = (xy / n - x * y / n**2) / (yy / n - (y / n) ** 2)
    return bool(np.mean(share < SHOWN) >= SURELY)
