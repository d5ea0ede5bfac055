"""OpenSim's files: markers (``.trc``) and motions (``.mot``).

OpenSim wants frames at a constant rate, a vertical y axis, and no remarks. Frames are therefore
interpolated to the clip's mean rate, and axes turned: x to the picture's right, y up, z towards
the camera, as Sports2D has them for somebody who moves to the right.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from formcheck.errors import RecordingError
from formcheck.pose import PoseTrack
from formcheck.results import Series

Values = NDArray[np.float64]

TO_OPENSIM = np.array([1.0, -1.0, -1.0])
"""Factors of the camera's x, y and z: half a turn about x, so right-handed stays so."""
TRC_FIELDS = (
    *("DataRate", "CameraRate", "NumFrames", "NumMarkers", "Units"),
    *("OrigDataRate", "OrigDataStartFrame", "OrigNumFrames"),
)
GAP_S = 0.25
"""What was not seen for longer than that is not made up between frames."""


def to_trc(track: PoseTrack, name: str) -> bytes:
    """Return the landmarks as markers in metres; what was not seen is left blank.

    The origin is between the hips in every frame: where somebody is in the room is not known.

    Parameters
    ----------
    track
        The recording.
    name
        The file's own name, which stands in its first line.

    Raises
    ------
    RecordingError
        There are fewer than two frames.
    """
    grid, rate = _grid(track.t_s)
    names = track.skeleton.names
    markers = np.empty((len(grid), len(names), 3))
    for i in range(len(names)):
        for axis in range(3):
            values = track.world_m[:, i, axis] * TO_OPENSIM[axis]
            markers[:, i, axis] = _resampled(grid, track.t_s, values)
    head = [
        f"PathFileType\t4\t(X/Y/Z)\t{_one_line(name)}",
        "\t".join(TRC_FIELDS),
        f"{rate:.4f}\t{rate:.4f}\t{len(grid)}\t{len(names)}\tm\t{rate:.4f}\t1\t{len(grid)}",
        "Frame#\tTime\t" + "\t\t\t".join(names) + "\t\t",
        "\t\t" + "\t".join(f"{axis}{i + 1}" for i in range(len(names)) for axis in "XYZ"),
        "",
    ]
    rows = [
        "\t".join([str(i + 1), f"{t_s:.6f}", *map(_blank, frame.ravel())])
        for i, (t_s, frame) in enumerate(zip(grid, markers, strict=True))
    ]
    return _joined(head, rows)


def to_mot(series: Series) -> bytes:
    """Return the angles in degrees, of the longest stretch in which the person is seen.

    Columns are named as the readings, without their unit: ``left_knee_flexion``. There is no
    gap in them: OpenSim's `Storage` ends at the first ``nan`` without a word, as if the motion
    were over. Angles that are not known all through the stretch are left out, and named in the
    header under ``left_out``.

    Raises
    ------
    RecordingError
        There are fewer than two frames, or nobody is seen in two of them on end.
    """
    grid, _ = _grid(series.t_s)
    names = [name for name in series.values if name.endswith("_deg")]
    angles = np.array([_resampled(grid, series.t_s, series.values[name]) for name in names])
    known = np.isfinite(angles)
    seen = _longest(known.sum(axis=0) * 2 > len(names))
    if seen.stop - seen.start < 2:
        msg = "OpenSim's motions need somebody who is seen in two frames on end; nobody is."
        raise RecordingError(msg)
    whole = known[:, seen].all(axis=1)
    columns = [name.removesuffix("_deg") for name in names]
    head = [
        "formcheck angles",
        "version=1",
        f"nRows={seen.stop - seen.start}",
        f"nColumns={whole.sum() + 1}",
        "inDegrees=yes",
        "left_out=" + " ".join(name for name, kept in zip(columns, whole, strict=True) if not kept),
        "endheader",
        "\t".join(["time", *(name for name, kept in zip(columns, whole, strict=True) if kept)]),
    ]
    rows = [
        "\t".join([f"{grid[i]:.6f}", *(f"{angle:.5f}" for angle in angles[whole, i])])
        for i in range(seen.start, seen.stop)
    ]
    return _joined(head, rows)


def _longest(wanted: NDArray[np.bool_]) -> slice:
    """Return where the longest run of True is; an empty slice where there is none."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], wanted, [False])).astype(int)))
    runs = list(zip(edges[::2], edges[1::2], strict=True))
    start, stop = max(runs, key=lambda run: run[1] - run[0], default=(0, 0))
    return slice(int(start), int(stop))


def _grid(t_s: Values) -> tuple[Values, float]:
    """Return evenly spaced times over the same span, and their rate."""
    if len(t_s) < 2:
        msg = "OpenSim's files need at least two frames, and the recording has fewer."
        raise RecordingError(msg)
    rate = (len(t_s) - 1) / float(t_s[-1] - t_s[0])
    return float(t_s[0]) + np.arange(len(t_s)) / rate, rate


def _resampled(grid: Values, t_s: Values, values: Values) -> Values:
    """Return values between those that are known; NaN in longer gaps, and before and after."""
    known = np.isfinite(values)
    if not known.any():
        return np.full(grid.shape, np.nan)
    t, v = t_s[known], values[known]
    found = np.interp(grid, t, v)
    after = np.clip(np.searchsorted(t, grid), 0, len(t) - 1)
    before = np.maximum(after - 1, 0)
    exact = np.isclose(t[after], grid, rtol=0, atol=1e-9)
    made_up = (t[after] - t[before] > GAP_S) & ~exact
    outside = (grid < t[0] - 1e-9) | (grid > t[-1] + 1e-9)
    found[made_up | outside] = np.nan
    return np.asarray(found, np.float64)


def _blank(value: float) -> str:
    return f"{value:.6f}" if math.isfinite(value) else ""


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _joined(head: list[str], rows: list[str]) -> bytes:
    return ("\n".join([*head, *rows]) + "\n").encode("utf-8", errors="replace")
