"""What things are called."""

from __future__ import annotations

from benchmarks.reality.watch import PIXELS, TRUTH, WORLD

ANGLE_TITLES = {
    "knee_flexion_deg": "knee bend",
    "hip_flexion_deg": "hip bend",
    "hip_swing_deg": "hip swing",
    "trunk_inclination_deg": "trunk lean",
}
SOURCE_TITLES = {
    "learned": "learned",
    "plain": "plain geometry",
    WORLD: "pose model, in space",
    PIXELS: "picture's plane",
    TRUTH: "truth",
}
SOURCES = tuple(SOURCE_TITLES)
"""In the order in which they are shown."""

SIDE_PLOT, STANDING_PLOT = "real-people-side.svg", "real-people-standing.svg"
"""Names of the page's pictures."""
