"""Units live in names: ``left_knee_flexion_deg`` is in degrees."""

from __future__ import annotations

import sys

UNITS = {
    "deg": "°",
    "s": "s",
    "m": "m",
    "px": "px",
    "ratio": "",
}
"""Suffix of a measurement's name → the symbol that people read."""


def unit_of(name: str) -> str:
    """Return the unit suffix of a measurement's name.

    Examples
    --------
    >>> unit_of("left_knee_flexion_deg")
    'deg'

    Raises
    ------
    ValueError
        The name does not end in a known unit.
    """
    suffix = name.rpartition("_")[2]
    if suffix not in UNITS:
        msg = f"'{name}' does not end in a unit; known units are {', '.join(UNITS)}"
        raise ValueError(msg)
    # Every verdict has one: the same string for all, not one each.
    return sys.intern(suffix)


def symbol_of(name: str) -> str:
    """Return the symbol to print behind a value of this measurement."""
    return UNITS[unit_of(name)]


def clock(t_s: float) -> str:
    """Return a time in a clip as minutes and seconds.

    Examples
    --------
    >>> clock(74.28)
    '1:14.3'
    """
    tenths = round(10 * t_s)
    return f"{tenths // 600}:{tenths % 600 // 10:02d}.{tenths % 10}"
