"""A sheet of pictures from a film that is not made: ``python -m benchmarks.rendering.preview``.

For whoever writes a motion: frames from start to end in one picture, each with its time, from
one or several views.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from benchmarks.rendering.camera import VIEWS
from benchmarks.rendering.conditions import CONDITIONS
from benchmarks.rendering.film import Order, Studio
from benchmarks.rendering.motions import SCRIPTS
from benchmarks.rendering.textures import Picture

_FPS = 10
_SIZE_PX = (400, 300)


def sheet(studio: Studio, order: Order, views: list[str], frames: list[int] | int) -> Picture:
    """Return frames of a film side by side, a view a row.

    Parameters
    ----------
    studio
        Where it is shot.
    order
        The film; its view is replaced by each of `views`.
    views
        Where it is seen from.
    frames
        Which frames, or how many, spread evenly.
    """
    first = studio.take(order)
    if isinstance(frames, int):
        frames = [int(i) for i in np.linspace(0, len(first.action.moments) - 1, frames)]
    rows = []
    for view in views:
        take = studio.seen_from(view, first)
        row = []
        for i, drawn in zip(frames, studio.pictures(take, frames), strict=True):
            moment = take.action.moments[i]
            text = f"{moment.t_s:.1f}s  {moment.rep or ''}"
            row.append(cv2.putText(drawn.copy(), text, (8, 20), 0, 0.55, (255, 40, 40), 2))
        rows.append(np.concatenate(row, axis=1))
    whole: Any = np.concatenate(rows, axis=0)
    return np.asarray(whole)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.rendering.preview")
    parser.add_argument("--script", choices=sorted(SCRIPTS), required=True)
    parser.add_argument("--view", choices=list(VIEWS), nargs="+", default=["front-left"])
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--frames", type=int, default=6, help="how many, from start to end")
    parser.add_argument("--condition", choices=list(CONDITIONS), action="append", default=[])
    parser.add_argument("--out", type=Path, required=True, metavar="PNG")
    given = parser.parse_args()
    order = Order(
        "front",
        given.seed,
        given.script,
        size_px=_SIZE_PX,
        fps=_FPS,
        conditions=tuple(given.condition),
    )
    picture = sheet(Studio(), order, given.view, given.frames)
    cv2.imwrite(str(given.out), picture[..., ::-1])


if __name__ == "__main__":
    main()
