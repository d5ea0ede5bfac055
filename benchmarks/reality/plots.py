"""The pictures of the docs' page about real people."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np

from benchmarks.quality.figures import Figures
from benchmarks.quality.plots import FAINT, INK, STYLE
from benchmarks.reality.checks import STRAIGHT_DEG
from benchmarks.reality.watch import PIXELS, TRUTH, WORLD
from benchmarks.reality.words import ANGLE_TITLES, SIDE_PLOT, SOURCE_TITLES, STANDING_PLOT

COLOURS = {
    "learned": "#1769aa",
    "plain": "#7fb77e",
    WORLD: "#eda94d",
    PIXELS: "#b9bec4",
    TRUTH: INK,
}
LEAST_CLIPS = 2
"""Fewer clips make no point of a line."""


def draw_all(
    clips: Mapping[str, Figures], everything: Figures, rendered: Figures, folder: Path
) -> list[Path]:
    """Draw every picture there are figures for.

    Parameters
    ----------
    clips
        The figures of each clip.
    everything
        Those of all clips together.
    rendered
        Those of rendered people; may be empty.
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
        for name, picture in (
            (SIDE_PLOT, _side(plt, everything, rendered)),
            (STANDING_PLOT, _standing(plt, clips)),
        ):
            if picture is not None:
                picture.savefig(folder / name, bbox_inches="tight", metadata={"Date": None})
                plt.close(picture)
                made.append(folder / name)
    return made


def _side(plt: Any, everything: Figures, rendered: Figures) -> Any:
    """Draw by how much sources differ from the picture's plane, by the angle in it."""
    names = [n for n in ANGLE_TITLES if any(k.startswith(f"side/{n}/") for k in everything)]
    if not names:
        return None
    picture, axes = plt.subplots(
        1, len(names), figsize=(2.5 * len(names), 2.7), sharey=True, squeeze=False
    )
    for ax, name in zip(axes[0], names, strict=True):
        ax.axhline(0, color=FAINT, lw=1.2, zorder=0)
        for figures, dashed in ((everything, False), (rendered, True)):
            for source, colour in COLOURS.items():
                points = _binned(figures, name, source)
                if points.size:
                    label = f"{SOURCE_TITLES[source]}{', rendered people' if dashed else ''}"
                    look: dict[str, Any] = {"ls": ":", "lw": 1.3} if dashed else {"marker": "o"}
                    ax.plot(*points, color=colour, ms=3.5, label=label, **look)
        ax.set_title(ANGLE_TITLES[name], fontsize=9)
        ax.set_xlabel("in the picture, °")
    axes[0][0].set_ylabel("less the angle in the picture, °")
    handles = {
        label: handle
        for ax in axes[0]
        for handle, label in zip(*ax.get_legend_handles_labels(), strict=True)
    }
    picture.legend(
        handles.values(), handles, loc="lower center", ncols=4, bbox_to_anchor=(0.5, 1.0)
    )
    picture.tight_layout()
    return picture


def _binned(figures: Figures, name: str, source: str) -> Any:
    """Return the middles of the bins and the mean differences there, (2, B)."""
    start = f"side/{name}/{source}/at_"
    found = sorted(
        (float(key.removeprefix(start).partition("/")[0]), figure.value)
        for key, figure in figures.items()
        if key.startswith(start) and figure.n >= LEAST_CLIPS
    )
    return np.array(found).T


def _standing(plt: Any, clips: Mapping[str, Figures]) -> Any:
    """Draw the middle and the spread of standing knees and hips, a clip a column."""
    names = ("knee_flexion_deg", "hip_flexion_deg")
    key = "standing/{}/{}/q{}_deg"
    shown = [c for c, f in clips.items() if key.format(names[0], WORLD, 50) in f]
    if not shown:
        return None
    shown.sort(key=lambda c: clips[c][key.format(names[0], WORLD, 50)].value)
    sources = [s for s in COLOURS if any(key.format(names[0], s, 50) in clips[c] for c in shown)]
    picture, axes = plt.subplots(2, 1, figsize=(8.4, 4.4), sharex=True)
    for ax, name in zip(axes, names, strict=True):
        if name == names[0]:
            ax.axhspan(0, STRAIGHT_DEG, color="#f0f4f0", zorder=0, lw=0)
        for i, source in enumerate(sources):
            rows = np.array(
                [
                    [clips[c][k].value if k in clips[c] else np.nan for c in shown]
                    for k in (key.format(name, source, q) for q in ("05", "50", "95"))
                ]
            )
            x = np.arange(len(shown)) + 0.16 * (i - (len(sources) - 1) / 2)
            ax.vlines(x, rows[0], rows[2], color=COLOURS[source], lw=1.4)
            ax.plot(x, rows[1], "o", color=COLOURS[source], ms=4, label=SOURCE_TITLES[source])
        ax.set_ylabel(f"{ANGLE_TITLES[name]}, °")
        ax.set_ylim(bottom=0)
        ax.grid(visible=False, axis="x")
    axes[1].set_xticks(range(len(shown)), [str(i + 1) for i in range(len(shown))])
    axes[1].set_xlabel("clip with somebody who stands still")
    handles, labels = axes[0].get_legend_handles_labels()
    picture.legend(handles, labels, loc="lower center", ncols=4, bbox_to_anchor=(0.5, 1.0))
    picture.tight_layout()
    return picture
