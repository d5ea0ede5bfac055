"""How the readings of a stretch of time become one number."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

RANGE = "range"
REDUCERS: dict[str, Callable[[NDArray[np.float64]], Any]] = {
    "mean": np.mean,
    "median": np.median,
    "low": partial(np.quantile, q=0.1),
    "high": partial(np.quantile, q=0.9),
    RANGE: lambda x: np.quantile(x, 0.9) - np.quantile(x, 0.1),
}

REDUCE = {
    "mean": "the mean over that time",
    "median": "the value exceeded half of the time",
    "low": "the value exceeded nine tenths of the time",
    "high": "the value exceeded a tenth of the time",
    RANGE: "high less low",
}
"""How many readings become one: word in exercise files → what it means."""
