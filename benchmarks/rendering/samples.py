"""The samples that come with the source code: ``python -m benchmarks.rendering.samples``.

One well done and one badly done clip at least of every exercise, each of another person in
another room. Makes the clips that are named, or all, and what the pose model sees in them.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from rich.console import Console

from benchmarks.rendered import record
from benchmarks.rendering.batch import render
from benchmarks.rendering.cast import Wishes
from benchmarks.rendering.stamp import STAMP
from benchmarks.rendering.take import Order

FOLDER = Path("samples")
LARGE, SMALL, UPRIGHT = (640, 480), (640, 360), (360, 640)


def _order(view: str, seed: int, script: str, **more: object) -> Order:
    return Order(view, seed, script, **{"fps": 24, "crf": 26, "size_px": LARGE, **more})  # type: ignore[arg-type]


SAMPLES = {
    "squat": _order(
        "side-left", 18, "sample", fps=30, fine=True, crf=25, camera=Wishes(1.0, 40.0, 1.02)
    ),
    "squat-good": _order("front-right", 31, "clean", size_px=SMALL),
    "squat-knees-in": _order("front", 32, "squat-SQ02-clear", conditions=("portrait",)),
    "lunge-good": _order("side-right", 37, "lunge-forward", size_px=SMALL),
    "lunge-faulty": _order("front-left", 35, "lunge-faults", fps=15),
    "bridge-good": _order("side-left", 54, "bridge", fps=60, size_px=SMALL),
    "bridge-faulty": _order("side-right", 36, "bridge-faults", size_px=SMALL),
    "tilt-good": _order("side-right", 37, "tilt", size_px=SMALL),
    "tilt-faulty": _order("front-left", 38, "tilt-faults", fps=15),
    "figure-four-good": _order("side-left", 39, "figure-four-supine", fps=15, size_px=SMALL),
    "figure-four-faulty": _order("front-right", 42, "figure-four-faults", fps=15),
    "nerve-glide-good": _order("side-right", 41, "nerve-glide-seated", fps=20),
    "nerve-glide-faulty": _order("side-left", 44, "nerve-glide-faults", fps=20, size_px=SMALL),
}


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.rendering.samples", description=__doc__
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(SAMPLES))
    parser.add_argument("--out", type=Path, default=FOLDER, metavar="DIR")
    given = parser.parse_args()
    unknown = sorted(set(given.names) - set(SAMPLES))
    if unknown:
        parser.error(f"there is no sample {', '.join(unknown)}; there are {', '.join(SAMPLES)}")
    console = Console()
    orders = {name: SAMPLES[name] for name in given.names or SAMPLES}
    outcome = render(orders, given.out, console=console)
    for name in orders:
        folder = given.out / name
        if not (folder / "clip.mp4").exists():
            continue
        record(folder / "clip.mp4", folder / "poses.npz")
        (folder / STAMP).unlink(missing_ok=True)
    console.print(f"{len(outcome.made)} samples in {given.out}, {len(outcome.failed)} failed")


if __name__ == "__main__":
    main()
