"""The pictures of the docs' page of measured figures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np

from benchmarks.quality.figures import Figures
from benchmarks.quality.shelf import Shelf
from benchmarks.quality.sight import VIEW_KINDS
from benchmarks.quality.takes import POSTURES, SPLITS, FloatArray
from benchmarks.quality.verdicts import LEVELS
from formcheck.exercises.load import exercise_ids, load_exercise
from formcheck.measures.catalogue import FRAME
from formcheck.refine.plain import ANGLES

mpl.use("svg")

INK, FAINT = "#30343b", "#d5d9de"
SOURCE_LOOKS = {
    "ours": ("#1769aa", "formcheck"),
    "world": ("#eda94d", "MediaPipe, metres"),
    "pixels": ("#b9bec4", "MediaPipe, pixels"),
}
STATUS_COLOURS = {"pass": "#7fb77e", "unclear": "#d5d9de", "fail": "#d1605e"}
LEVEL_TITLES = {
    "clear": "clear fault",
    "slight": "slight fault",
    "inside": "just inside",
    "clean": "no such fault",
}
SPLIT_LOOKS = {"test": ("#1769aa", "o"), "development": ("#9a9fa6", "s")}
STYLE = {
    "font.size": 8.5,
    "font.family": "DejaVu Sans",
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": FAINT,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "#eceff1",
    "xtick.color": INK,
    "ytick.color": INK,
    "xtick.major.size": 0,
    "ytick.major.size": 0,
    "legend.frameon": False,
    "svg.hashsalt": "formcheck",
    "figure.facecolor": "white",
}


def draw_all(figures: Figures, folder: Path) -> list[Path]:
    """Draw every picture.

    Parameters
    ----------
    figures
        All figures.
    folder
        Where to.

    Returns
    -------
    list
        The pictures' files.
    """
    from matplotlib import pyplot as plt

    made = []
    with mpl.rc_context(STYLE):
        for name, draw in (
            ("quality-angles.svg", _angles),
            ("quality-verdicts.svg", _verdicts),
            ("quality-calibration.svg", _calibration),
        ):
            picture = draw(plt, figures)
            if picture is None:
                continue
            picture.savefig(folder / name, bbox_inches="tight", metadata={"Date": None})
            plt.close(picture)
            made.append(folder / name)
    return made


def _angles(plt: Any, figures: Figures) -> Any:
    """Draw the mean absolute error of every angle by view, a posture a row."""
    s = Shelf(figures, "test")
    names = [angle.name for angle in ANGLES if s.has("angle", angle.name)]
    postures = [p for p in POSTURES if any(s.has("angle", n, "all", p) for n in names)]
    if not names or not postures:
        return None
    picture, axes = plt.subplots(
        len(postures),
        len(names),
        figsize=(1.9 * len(names), 1.75 * len(postures) + 0.4),
        sharex=True,
        sharey="row",
        squeeze=False,
    )
    for row, posture in zip(axes, postures, strict=True):
        for ax, name in zip(row, names, strict=True):
            _errors_by_view(ax, s, name, posture)
        row[0].set_ylabel(f"{posture}\nmean abs. error, °")
    for ax, name in zip(axes[0], names, strict=True):
        ax.set_title(FRAME[name].title, fontsize=9)
    for ax in axes[-1]:
        ax.set_xticks(range(len(VIEW_KINDS)), VIEW_KINDS, rotation=50, ha="right")
        ax.set_xlim(-0.5, len(VIEW_KINDS) - 0.5)
    handles, labels = axes[0][0].get_legend_handles_labels()
    picture.legend(handles, labels, loc="lower center", ncols=3, bbox_to_anchor=(0.5, 1.0))
    picture.tight_layout()
    return picture


def _errors_by_view(ax: Any, s: Shelf, name: str, posture: str) -> None:
    places = np.arange(len(VIEW_KINDS))
    for i, (source, (colour, label)) in enumerate(SOURCE_LOOKS.items()):
        found = [s.get("angle", name, v, posture, source, "mean_abs_deg") for v in VIEW_KINDS]
        error = [f.value if f else np.nan for f in found]
        ax.bar(places + 0.27 * (i - 1), error, 0.25, color=colour, label=label)
    ax.grid(visible=False, axis="x")


def _verdicts(plt: Any, figures: Figures) -> Any:
    """Draw how faults of known size are judged where a view shows them well."""
    s = Shelf(figures, "test")
    rows = [
        (c.code, f"{c.code} {c.name}")
        for exercise in exercise_ids()
        for c in load_exercise(exercise).criteria
        if s.has("level", c.code, "good")
    ]
    if not rows:
        return None
    picture, axes = plt.subplots(
        1, len(LEVELS), figsize=(9.5, 0.3 * len(rows) + 1.1), sharey=True, sharex=True
    )
    for ax, level in zip(axes, LEVELS, strict=True):
        left = np.zeros(len(rows))
        for status, colour in STATUS_COLOURS.items():
            found = [s.get("level", code, "good", level, f"{status}_share") for code, _ in rows]
            wide = np.array([100 * f.value if f else 0.0 for f in found])
            ax.barh(range(len(rows)), wide, 0.72, left=left, color=colour, label=status.upper())
            left += wide
        for i, (code, _) in enumerate(rows):
            ax.annotate(
                f"n {s.n('level', code, 'good', level, 'fail_share')}",
                (101, i),
                va="center",
                fontsize=6.5,
                color="#80868d",
                annotation_clip=False,
            )
        ax.set_title(LEVEL_TITLES[level], fontsize=9)
        ax.grid(visible=False)
        ax.set_xlim(0, 100)
        ax.set_xticks((0, 50, 100), ("0", "50", "100 %"))
    axes[0].set_yticks(range(len(rows)), [title for _, title in rows])
    axes[0].invert_yaxis()
    handles, labels = axes[0].get_legend_handles_labels()
    picture.legend(handles, labels, loc="lower center", ncols=3, bbox_to_anchor=(0.5, 1.0))
    picture.tight_layout()
    return picture


def _calibration(plt: Any, figures: Figures) -> Any:
    """Draw how often a bound is met against the probability that was given for it."""
    shelves = {split: Shelf(figures, split) for split in reversed(SPLITS)}
    if not any(s.has("reliability") for s in shelves.values()):
        return None
    picture, ax = plt.subplots(figsize=(4.4, 3.9))
    ax.plot((0, 1), (0, 1), color=FAINT, lw=1)
    ax.axvspan(0.2, 0.8, color="#f4f6f8", zorder=0, lw=0)
    for x, words in ((0.1, "FAIL"), (0.5, "unclear"), (0.9, "PASS")):
        ax.text(x, 1.05, words, ha="center", fontsize=8)
    for split, shelf in shelves.items():
        _reliability(ax, shelf, split)
    ax.set_xlabel("probability given that the bound is met")
    ax.set_ylabel("share of repetitions that meet it")
    ax.set_xlim(0, 1)
    ax.set_ylim(-0.02, 1.02)
    ax.legend(loc="lower right")
    picture.tight_layout()
    return picture


def _reliability(ax: Any, s: Shelf, split: str) -> None:
    """Add one split's points, each with its 95 % interval."""
    points = [
        (said.value, met.value, met.n)
        for place in s.below("reliability")
        if (said := s.get("reliability", place, "said_share"))
        and (met := s.get("reliability", place, "met_share"))
    ]
    if not points:
        return
    said, met, n = np.array(points).T
    middle, spread = _wilson(met, n)
    colour, marker = SPLIT_LOOKS[split]
    ax.errorbar(
        said,
        met,
        yerr=(met - (middle - spread), (middle + spread) - met),
        fmt=marker,
        color=colour,
        ms=5,
        mec="white",
        mew=0.6,
        lw=1,
        label=f"{split} people",
    )


def _wilson(share: FloatArray, n: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the middle and half the width of a share's 95 % interval, by Wilson's formula."""
    z2 = 1.96**2
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    spread = np.sqrt(z2 * (share * (1 - share) / n + z2 / (4 * n**2))) / (1 + z2 / n)
    # Rounding must not put a share of exactly 0 or 1 outside.
    return middle, np.maximum(spread, np.abs(share - middle))
