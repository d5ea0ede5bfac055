"""Fails when formcheck has become worse.

``python -m benchmarks.quality.gate`` replays recordings of a fixed part of the quality set
(``benchmarks/gate/``: what the pose model saw, and the truth) through the analyzer, computes
the same figures as ``make quality``, and compares them with the committed ones
(``benchmarks/gate/figures.json``). It fails when one is worse than its margin
(`benchmarks.quality.margins`). Neither the renderer nor the pose model is needed.

With ``--update`` it commits the figures as they are now. With ``--collect`` it takes the
recordings anew from the rendered set; then the figures have to be updated, too.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from rich.console import Console

from benchmarks.quality.figures import Figures, read, write
from benchmarks.quality.margins import Change, changes, rule_of
from benchmarks.quality.measure import measure
from benchmarks.quality.observe import Observed, observe
from benchmarks.quality.recording import POSES
from benchmarks.quality.takes import load_take
from benchmarks.rendered import M, rounded, small
from formcheck.pose import PoseTrack
from formcheck.refine.error import MeasuredError

FOLDER = Path(__file__).parents[1] / "gate"
FIGURES = "figures.json"
COMMAND = "python -m benchmarks.quality.gate --update"
LIMIT_BYTES = 5_000_000
"""All recordings together must stay below."""

JOINTS = ("shoulder", "hip", "knee", "ankle", "heel", "toe")
"""Joints whose truth is kept; the others are unknown."""


def observations(
    folder: Path = FOLDER,
    *,
    names: Sequence[str] | None = None,
    error: MeasuredError | None = None,
) -> list[Observed]:
    """Return what the analyzer says about the recordings.

    Parameters
    ----------
    folder
        Where they are, a folder each.
    names
        Only these, if given.
    error
        Other errors of the angles than those that are shipped, if given.
    """
    places = sorted(place.parent for place in folder.glob(f"*/{POSES}"))
    wanted = [place for place in places if names is None or place.name in names]
    return [observe(load_take(place), error=error) for place in wanted]


def compare(was: Figures, now: Figures) -> tuple[list[Change], list[Change]]:
    """Return the figures that fail, and those that have become better by their margin."""
    looked_at = list(changes(was, now))
    better = [c for c in looked_at if c.now and -c.worse_by > c.rule.allowed(c.was)]
    return [c for c in looked_at if c.fails], better


def collect(films: Path, names: Sequence[str], folder: Path = FOLDER) -> int:
    """Replace the recordings by those of rendered films, in a small form.

    Parameters
    ----------
    films
        Where the films are, with what the pose model saw.
    names
        Which ones.
    folder
        Where to.

    Returns
    -------
    int
        How many bytes they take.
    """
    missing = [name for name in names if not (films / name / POSES).is_file()]
    if missing:
        msg = f"Not rendered and recorded yet: {', '.join(missing)}. Run 'make quality' first."
        raise SystemExit(msg)
    for old in folder.glob(f"*/{POSES}"):
        shutil.rmtree(old.parent)
    for name in names:
        slim(films / name, folder / name)
    return sum(file.stat().st_size for file in folder.glob("*/*"))


def slim(film: Path, target: Path) -> None:
    """Write what replaying a film needs, rounded, without the clip."""
    target.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(film / "labels.toml", target / "labels.toml")
    small(PoseTrack.load(film / POSES)).save(target / POSES)
    with np.load(film / "truth.npz") as truth:
        kept = {name: truth[name] for name in truth.files}
    joints = [str(name) for name in kept["joint_names"]]
    unused = [i for i, name in enumerate(joints) if name.partition("_")[2] not in JOINTS]
    kept["world_m"] = rounded(kept["world_m"], M).astype(np.float32)
    kept["world_m"][:, unused] = np.nan
    # All angles are measured on the joints; how the foot stands when flat is not in them.
    flat = [str(name) for name in kept["angle_names"]].index("left_heel_rise_deg")
    for name in ("angle_names", "angles_deg"):
        kept[name] = kept[name][..., flat : flat + 1]
    for name in ("image_px", "centre_of_mass_m"):
        kept.pop(name, None)
    np.savez_compressed(target / "truth.npz", **kept)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.quality.gate", description=__doc__)
    parser.add_argument("--update", action="store_true", help="commit the figures as they are")
    parser.add_argument("--collect", type=Path, metavar="FILMS", help="take the recordings anew")
    wanted = parser.parse_args()
    console = Console(highlight=False, soft_wrap=True)
    if wanted.collect:
        from benchmarks.quality.plan import gate_names

        size = collect(wanted.collect, gate_names())
        console.print(f"{len(gate_names())} recordings, {size / 1e6:.1f} MB")
        if size > LIMIT_BYTES:
            sys.exit(f"That is more than {LIMIT_BYTES / 1e6:g} MB: choose fewer clips.")
    if not (FOLDER / FIGURES).is_file() and not wanted.update:
        sys.exit(f"There are no committed figures in '{FOLDER}'. Run: {COMMAND}")
    now = measure(observations())
    if wanted.update:
        gated = {name: figure for name, figure in now.items() if rule_of(name)}
        write(FOLDER / FIGURES, {"command": COMMAND}, gated)
        console.print(f"Written: {len(gated)} figures")
        return
    _, was = read(FOLDER / FIGURES)
    failed, better = compare(was, now)
    for change in failed:
        console.print(f"[red]worse[/]  {change}")
    for change in better:
        console.print(f"[green]better[/] {change}")
    if failed:
        sys.exit(
            f"{len(failed)} of {len(was)} figures are worse than their margin. If that is "
            f"meant, say why and run: {COMMAND}"
        )
    more = f" Keep what is better with: {COMMAND}" if better else ""
    console.print(f"{len(was)} figures, none worse than its margin.{more}")


if __name__ == "__main__":
    main()
