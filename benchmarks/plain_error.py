"""How far off plain geometry is, measured on rendered people.

``python -m benchmarks.plain_error FOLDER`` compares what is read from MediaPipe's
landmarks with the truth, in every rendered clip of FOLDER (see docs/rendering.md), and
writes ``formcheck/refine/plain_error.toml``. What no refiner gives is in another table, which
`benchmarks.spreads` makes. With ``--check`` it writes nothing and
prints how often the intervals of the present table contain the truth instead; use it on
people that the table was not made from. ``--only`` measures some readings and leaves the rest
of the table as it is.
"""

from __future__ import annotations

import argparse
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from benchmarks.rendered import RenderedClip, load_all, true_readings
from benchmarks.spreads import OF_A_REFINER, without_errors
from formcheck.analyzer import Analyzer
from formcheck.exercises.load import load_exercise
from formcheck.refine.error import BENT_DEG, COMBINED, STRAIGHT_DEG, MeasuredError

TARGET = Path(__file__).parents[1] / "formcheck/refine/plain_error.toml"
DIRECTIONS = (0.0, 45.0, 90.0, 135.0, 180.0)
HALF_BIN_DEG = 22.5
MIN_FRAMES, MIN_PEOPLE = 30, 2
Samples = dict[str, NDArray[np.float64]]
"""Name → (N, 5): direction, true knee flexion, error, predicted deviation, who it is."""


def samples(clips: Iterable[RenderedClip], error: MeasuredError | None) -> Samples:
    """Return how far off every reading of every frame is."""
    found: defaultdict[str, list[NDArray[np.float64]]] = defaultdict(list)
    for clip in clips:
        analyzer = Analyzer(load_exercise("squat"), clip.track.size_px, error=error)
        yaw = np.array([analyzer.feed(pose).view.yaw_deg for pose in clip.track])
        series = analyzer.series()
        truth = true_readings(clip)
        knees = (truth["left_knee_flexion_deg"] + truth["right_knee_flexion_deg"]) / 2
        for name, true in truth.items():
            error_here = series.values[name] - true[: len(yaw)]
            who = np.full(len(yaw), float(clip.labels["seed"]))
            columns = (np.abs(yaw), knees[: len(yaw)], error_here, series.sigmas[name], who)
            plain = name.removeprefix("left_").removeprefix("right_")
            found[plain].append(np.stack(columns, axis=1))
    stacked = {name: np.concatenate(parts) for name, parts in found.items()}
    return {name: x[np.isfinite(x).all(axis=1)] for name, x in stacked.items()}


def table(found: Samples, kept: Mapping[str, Mapping[str, list[float]]] | None = None) -> str:
    """Return the error table as TOML.

    Parameters
    ----------
    found
        How far off the readings are.
    kept
        Rows that stay as they are.
    """
    lines = [
        "# Errors of plain geometry: less the truth, mean (bias) and standard deviation",
        "# (sigma), by direction (0 front, 90 side, 180 rear), standing and with bent knees.",
        "# Made by python -m benchmarks.plain_error; not to be edited by hand.",
        "",
        f"away_deg = {list(DIRECTIONS)}",
    ]
    for name in sorted(OF_A_REFINER):
        lines += ["", f"[error.{name}]"]
        if kept and name in kept:
            lines += [f"{key} = {row}" for key, row in kept[name].items()]
            continue
        # A foot's pitch is read by how it has changed since the person stood.
        x = found["heel_rise_deg" if name == "foot_pitch_deg" else name]
        for posture, rows_of in (
            ("standing", x[:, 1] < STRAIGHT_DEG),
            ("bent", x[:, 1] > BENT_DEG),
        ):
            bias, sigma = _by_direction(x[rows_of])
            if name in COMBINED:
                # Made of angles that are corrected already: nothing is taken off twice.
                bias = [0.0] * len(DIRECTIONS)
            lines += [f"{posture}_bias = {bias}", f"{posture}_sigma = {sigma}"]
    return "\n".join(lines) + "\n"


def _by_direction(x: NDArray[np.float64]) -> tuple[list[float], list[float]]:
    bias, sigma = [], []
    for away in DIRECTIONS:
        near = x[np.abs(x[:, 0] - away) <= HALF_BIN_DEG]
        people = np.unique(near[:, 4])
        if len(near) < MIN_FRAMES or len(people) < MIN_PEOPLE:
            msg = (
                f"only {len(near)} frames of {len(people)} people near {away} degrees: "
                "render more clips there"
            )
            raise SystemExit(msg)
        bias.append(round(float(np.mean(near[:, 2])), 3))
        sigma.append(round(_spread(_errors_of_strangers(near)), 3))
    return bias, sigma


def _errors_of_strangers(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return each person's errors less the mean error of the others.

    The table is used on people that it was not made from, so this is the error to expect.
    """
    errors, who = x[:, 2], x[:, 4]
    parts = [errors[who == one] - errors[who != one].mean() for one in np.unique(who)]
    return np.concatenate(parts)


def _spread(errors: NDArray[np.float64]) -> float:
    """Return the standard deviation whose 50, 80 and 95 % intervals are all wide enough.

    Errors have longer tails than a normal distribution; too wide is honest, too narrow not.
    """
    off = np.abs(errors)
    return float(max(np.quantile(off, q) / z for q, z in INTERVALS.items()))


INTERVALS = {0.50: 0.674, 0.80: 1.282, 0.95: 1.960}
"""Share of a normal distribution within so many standard deviations."""


def coverage(found: Samples) -> Table:
    """Return how often the 50, 80 and 95 % intervals contain the truth."""
    shown = Table(title="truth within the interval, % of frames")
    for column in ("reading", "frames", "mean abs. error", "50 %", "80 %", "95 %"):
        shown.add_column(column, justify="left" if column == "reading" else "right")
    for name, x in sorted(found.items()):
        off = np.abs(x[:, 2])
        inside = [f"{100 * np.mean(off <= z * x[:, 3]):.0f}" for z in INTERVALS.values()]
        shown.add_row(name, str(len(x)), f"{off.mean():.2f}", *inside)
    return shown


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m benchmarks.plain_error")
    parser.add_argument("folder", type=Path, help="rendered clips, one folder each")
    parser.add_argument("--check", action="store_true", help="report coverage, write nothing")
    parser.add_argument("--seeds", help="only clips of these seeds, such as 101,103")
    parser.add_argument("--clips", default="", help="only clips whose names begin so: lunge,squat")
    parser.add_argument("--only", help="measure only these readings, such as knee_flexion_deg")
    wanted = parser.parse_args()
    seeds = set(wanted.seeds.split(",")) if wanted.seeds else None
    clips = (
        clip
        for prefix in wanted.clips.split(",")
        for clip in load_all(wanted.folder, prefix)
        if not clip.name.startswith("negative")
        and (seeds is None or str(clip.labels["seed"]) in seeds)
    )
    if wanted.check:
        Console().print(coverage(samples(clips, None)))
        return
    kept = {}
    if wanted.only:
        present = tomllib.loads(TARGET.read_text("utf-8"))["error"]
        kept = {name: row for name, row in present.items() if name not in wanted.only.split(",")}
    TARGET.write_text(table(samples(clips, without_errors()), kept), encoding="utf-8")
    Console().print(f"Written {TARGET}")


if __name__ == "__main__":
    main()
