"""Landmarks and angles as tables of columns; names carry the units."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from formcheck.history.export import parquet
from formcheck.observing import Observer
from formcheck.pose import PoseTrack
from formcheck.refine.base import AngleRefiner
from formcheck.results import Series

Values = NDArray[np.float64]
Columns = Mapping[str, Values]
"""Name → (T,); the first is the time ``t_s``."""

TIME = "t_s"
DECIMALS = 5
AXES = {
    "px": "pixels of the full, upright picture: x to the right, y down",
    "m": "metres from the middle of the hips: x to the picture's right, y down, z away from "
    "the camera",
    "deg": "degrees, as defined in docs/conventions.md",
    "sigma": "standard deviation, in the unit of the reading",
    "missing": "NaN, or an empty cell",
}
"""What the units in the columns' names mean."""


def landmark_columns(track: PoseTrack) -> Columns:
    """Return pixels, metres and visibility of every landmark."""
    columns: dict[str, Values] = {TIME: track.t_s}
    for i, name in enumerate(track.skeleton.names):
        for axis, letter in enumerate("xy"):
            columns[f"{name}_{letter}_px"] = track.image_px[:, i, axis]
        for axis, letter in enumerate("xyz"):
            columns[f"{name}_{letter}_m"] = track.world_m[:, i, axis]
        columns[f"{name}_visibility"] = track.visibility[:, i]
    return columns


def angles_of(track: PoseTrack, refiner: AngleRefiner | None = None) -> Series:
    """Return all readings of a recording, as the analyzer takes them of any exercise."""
    observer = Observer(track.size_px, refiner=refiner)
    for pose in track:
        observer.feed(pose)
    return observer.series.series()


def angle_columns(series: Series) -> Columns:
    """Return every reading and its standard deviation (``<name>_sigma``)."""
    columns: dict[str, Values] = {TIME: series.t_s}
    for name, values in series.values.items():
        columns[name] = values
        columns[f"{name}_sigma"] = series.sigmas[name]
    return columns


def to_csv(columns: Columns) -> bytes:
    """Return a table with a header line, as UTF-8; what is missing is an empty cell."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    for row in zip(*columns.values(), strict=True):
        writer.writerow([_cell(float(value)) for value in row])
    return text.getvalue().encode("utf-8")


def to_parquet(columns: Columns) -> bytes:
    """Return a Parquet file whose metadata say what axes and units are; it needs pyarrow.

    Raises
    ------
    ExtraMissing
        pyarrow is not installed.
    """
    return parquet(columns, dict.fromkeys(columns, "float"), AXES)


def _cell(value: float) -> str:
    if not math.isfinite(value):
        return ""
    return f"{round(value, DECIMALS) + 0.0:.{DECIMALS}f}".rstrip("0").rstrip(".")
