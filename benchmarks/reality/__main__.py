"""Asks of real people's angles what must be so, as nobody knows how they truly are.

``python -m benchmarks.reality FOLDER`` reads ``FOLDER/index.csv`` (columns ``file``,
``exercise``, ``scope``, ``reps`` and, if there is one, ``variant``) and ``FOLDER/clips/``. The
pose model runs once over each clip; the recordings are kept, so another run takes seconds.
Prints tables; ``--write`` makes the docs' page and its plots of them.
"""

from __future__ import annotations

import argparse
import platform
import sys
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from importlib.metadata import version
from pathlib import Path

import numpy as np
import platformdirs
from rich.console import Console
from rich.progress import track as progress

from benchmarks.footage import Clip, read_index
from benchmarks.quality.__main__ import LIBRARIES, WIDTH, as_rich
from benchmarks.quality.figures import Figures
from benchmarks.reality.checks import check, side_view, standing, together
from benchmarks.reality.clips import recording, short_ones
from benchmarks.reality.look import strange
from benchmarks.reality.mirror import mirror_pictures, mirror_poses
from benchmarks.reality.page import PAGE, Results, page, sections
from benchmarks.reality.watch import Watched, watch
from formcheck.pose import PoseTrack
from formcheck.refine.base import AngleRefiner
from formcheck.refine.choose import LEARNED, PLAIN
from formcheck.refine.learned import LearnedAngles
from formcheck.refine.plain import PlainAngles
from formcheck.refine.weights import Weights, shipped

DOCS = Path(__file__).parents[2] / "docs"
MIRRORED = 4
"""So many clips' pictures are mirrored."""


def main() -> None:
    given = _parser().parse_args()
    console = Console(highlight=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=WIDTH)
    if not (given.folder / "index.csv").is_file():
        sys.exit(f"There is no index.csv in '{given.folder}'.")
    refiners = chosen_refiners(given.angles, given.weights)
    clips = [
        c for c in read_index(given.folder) if given.only is None or fnmatchcase(c.file, given.only)
    ]
    if not clips:
        sys.exit(f"No clip of '{given.folder}' is called like '{given.only}'.")
    shown = progress(clips, "What the pose model sees", console=console, transient=True)
    tracks = {c.file: recording(given.folder, c, given.cache) for c in shown}
    watched, found = measure(clips, tracks, refiners, console)
    for clip in short_ones(clips, [len(tracks[c.file]) for c in clips], given.mirror):
        in_mirror = recording(given.folder, clip, given.cache, mirrored=True)
        found[clip.file] |= mirror_pictures(watched[clip.file], watch(in_mirror, refiners))
    results = Results(
        clips=found,
        everything=together(found),
        exercise={c.file: c.exercise for c in clips},
        yaw_deg={name: _middle_direction(w) for name, w in watched.items()},
        strange=strange(list(watched.values()), list(refiners)[-1]),
        refiners=list(refiners),
        rendered=_rendered(given.rendered, refiners, console) if given.rendered else {},
        made_with=made_with(refiners, list(tracks.values())),
    )
    show(results, console)
    if given.look:
        from benchmarks.reality.look import draw_all

        made = draw_all(results.strange, watched, given.folder / "clips", given.look)
        console.print(f"{len(made)} pictures in {given.look}")
    if given.write:
        publish(results, DOCS, console)


def chosen_refiners(angles: str | None, weights: Path | None) -> dict[str, AngleRefiner]:
    """Return the refiners by name: those that there are, or the one that is asked for.

    Parameters
    ----------
    angles
        ``plain`` or ``learned``; None for both, as far as there are weights.
    weights
        A file of weights, instead of those that come with formcheck.
    """
    learned = Weights.load(weights) if weights else shipped()
    if angles == LEARNED and learned is None:
        sys.exit("There are no weights to measure learned angles with: name some by --weights.")
    found: dict[str, AngleRefiner] = {}
    if angles in {None, PLAIN}:
        found[PLAIN] = PlainAngles()
    if angles in {None, LEARNED} and learned is not None:
        found[LEARNED] = LearnedAngles(learned)
    return found


def measure(
    clips: Sequence[Clip],
    tracks: Mapping[str, PoseTrack],
    refiners: Mapping[str, AngleRefiner],
    console: Console,
) -> tuple[dict[str, Watched], dict[str, Figures]]:
    """Return each clip as it was watched, and its figures, by file.

    Parameters
    ----------
    clips, tracks
        The clips, and what the pose model saw in each, by file.
    refiners
        By name, what makes angles of it.
    console
        Where the progress is shown.
    """
    watched, found = {}, {}
    for clip in progress(clips, "Angles", console=console, transient=True):
        recorded = tracks[clip.file]
        w = watch(recorded, refiners, name=clip.file, exercise=clip.exercise, variant=clip.variant)
        watched[clip.file] = w
        found[clip.file] = check(w) | mirror_poses(recorded, w, refiners)
    return watched, found


def show(results: Results, console: Console) -> None:
    """Print all tables."""
    for section in sections(results):
        for table in section.tables:
            console.print(as_rich(table, section.title))
    console.print(results.made_with)


def publish(results: Results, docs: Path, console: Console) -> None:
    """Write the page and its plots.

    Parameters
    ----------
    results
        What was found.
    docs
        The folder of the page.
    console
        Is told what was written.
    """
    from benchmarks.reality.plots import draw_all

    plots = draw_all(results.clips, results.everything, results.rendered, docs / "images")
    (docs / PAGE).write_text(page(results, plots), encoding="utf-8")
    console.print("Written:", ", ".join(map(str, [docs / PAGE, *plots])))


def made_with(refiners: Mapping[str, AngleRefiner], tracks: Sequence[PoseTrack]) -> str:
    """Return what measured this, in words."""
    parts = [f"{name} {version(name)}" for name in LIBRARIES]
    parts += [f"python {platform.python_version()}", f"formcheck {version('formcheck')}"]
    seen = {
        f"{e.get('model')} by {e.get('backend')} {e.get('version')}"
        for e in (dict(t.meta.get("estimator", {})) for t in tracks)
    }
    parts += sorted(f"recordings of {model}" for model in seen)
    for refiner in refiners.values():
        named = dict(refiner.provenance)
        sums = [f"{key} {str(v)[:12]}" for key, v in named.items() if key.endswith("sha256")]
        parts.append(f"{named['method']} angles ({', '.join(sums)})")
    return f"{len(tracks)} clips; {', '.join(parts)}."


def _middle_direction(w: Watched) -> float:
    known = np.radians(w.yaw_deg[np.isfinite(w.yaw_deg)])
    return float(np.degrees(np.arctan2(np.sin(known).sum(), np.cos(known).sum())))


def _rendered(folder: Path, refiners: Mapping[str, AngleRefiner], console: Console) -> Figures:
    from benchmarks.reality.rendered import rendered_clips, watch_rendered

    films = progress(rendered_clips(folder), "Rendered people", console=console, transient=True)
    watched = (watch_rendered(film, refiners) for film in films)
    return together({w.name: side_view(w) | standing(w) for w in watched})


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reality", description=__doc__)
    add = parser.add_argument
    cache = Path(platformdirs.user_cache_dir("formcheck", appauthor=False)) / "reality"
    add("folder", type=Path)
    add("--cache", type=Path, default=cache, help="where recordings are kept (%(default)s)")
    add("--angles", choices=(LEARNED, PLAIN), help="only these; both if not given")
    add("--weights", type=Path, metavar="FILE", help="of learned angles, not those shipped")
    add("--only", metavar="PATTERN", help="only clips of such names, such as '*squat*'")
    add("--mirror", type=int, default=MIRRORED, metavar="N", help="mirror N clips' pictures")
    add("--rendered", type=Path, metavar="FOLDER", help="rendered clips to lay beside them")
    add("--look", type=Path, metavar="FOLDER", help="draw the strangest moments into it")
    add("--write", action="store_true", help=f"make docs/{PAGE} and its plots")
    return parser


if __name__ == "__main__":
    main()
