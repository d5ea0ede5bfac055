"""Measures how good formcheck is: ``make quality``, or ``python -m benchmarks.quality``.

Renders the set of `benchmarks.quality.plan` into a cache (clips that are there are kept),
records what the pose model sees in it, runs the analyzer, prints the figures, and writes
``benchmarks/quality.json``, the pages of docs and their plots. Rendering needs the extra
``[render]``; with the set in the cache, nothing of that.

``--films FOLDER`` measures any folder of rendered clips instead; that, ``--only`` and
``--angles plain`` print figures and write none.
"""

from __future__ import annotations

import argparse
import platform
import sys
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import platformdirs
from rich.console import Console
from rich.progress import track
from rich.table import Table as RichTable

from benchmarks.quality.figures import Figures, write
from benchmarks.quality.plan import FPS_ON_TWO_CORES, SHOTS, Shot, estimated_frames
from benchmarks.quality.sections import sections
from benchmarks.quality.shelf import Table
from benchmarks.rendering.stamp import State, state
from formcheck.refine.choose import LEARNED, PLAIN, angle_refiner

LIBRARIES = ("mediapipe", "numpy", "av", "opencv-contrib-python")
WIDTH = 150
"""Of what is printed to a file."""
STEPS = ("render", "record", "measure")


def default_cache() -> Path:
    """Return where rendered clips are kept."""
    return Path(platformdirs.user_cache_dir("formcheck", appauthor=False)) / "rendered"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.quality", description=__doc__)
    add = parser.add_argument
    add("--cache", type=Path, default=default_cache(), help="where clips are kept (%(default)s)")
    add("--jobs", type=int, help="processes at a time; as many as processors if not given")
    add("--only", metavar="PATTERN", help="only clips of such names, such as '*SQ05*'")
    add("--until", choices=STEPS, default="measure", help="stop after this step")
    add("--as-they-are", action="store_true", help="keep clips that an earlier renderer made")
    add("--films", type=Path, metavar="FOLDER", help="measure these rendered clips instead")
    add("--angles", choices=(LEARNED, PLAIN), default=LEARNED, help="how angles are measured")
    add("--list", action="store_true", help="say what would be rendered, and stop")
    given = parser.parse_args()
    console = Console(highlight=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=WIDTH)
    shots = [s for s in SHOTS if given.only is None or fnmatchcase(s.name, given.only)]
    if given.list:
        console.print(shot_table(shots))
        console.print(estimate(shots))
        return
    if given.films:
        films = sorted(path.parent for path in given.films.glob("*/clip.mp4"))
    else:
        _render(shots, given, console)
        films = [given.cache / shot.name for shot in shots]
    if given.until == "render":
        return
    _record([film for film in films if film.is_dir()], given.jobs, console)
    if given.until == "record":
        return
    figures = _measure(films, given.angles, console)
    _show(figures, console)
    if given.films is None and given.only is None and given.angles == LEARNED:
        _publish(films, figures, console)


def shot_table(shots: Sequence[Shot]) -> RichTable:
    """Return what is in the set."""
    table = RichTable("name", "person", "seed", "fps", "gate")
    for s in shots:
        table.add_row(s.name, str(s.person), str(s.seed), str(s.fps), "gate" if s.gate else "")
    return table


def estimate(shots: Sequence[Shot]) -> str:
    """Return how much there is to render and how long that takes, in words."""
    frames = estimated_frames(shots)
    minutes = frames / FPS_ON_TWO_CORES / 60
    people = len({s.person for s in shots})
    return (
        f"{len(shots)} clips of {people} people, about {frames} frames: about {minutes:.0f} min "
        f"at {FPS_ON_TWO_CORES:g} frames a second (two idle processors)."
    )


def _render(shots: Sequence[Shot], given: argparse.Namespace, console: Console) -> None:
    cache: Path = given.cache
    console.print(f"Rendered clips: {cache}")
    states = {
        s.name: state(cache / s.name) for s in shots if (cache / s.name / "clip.mp4").is_file()
    }
    missing = [s for s in shots if s.name not in states]
    if find_spec("anny") is None and missing:
        sys.exit(
            f"{len(missing)} clips are not rendered yet, and the renderer is not installed here. "
            "Install it: pip install '.[render]'"
        )
    if find_spec("anny") is None or given.as_they_are:
        _tell_old(list(states.values()), console)
        shots = missing
    if not shots:
        return
    from benchmarks.rendering.batch import render

    ahead = [s for s in shots if states.get(s.name, "stale") == "stale"]
    if ahead:
        console.print(estimate(ahead))
    orders = {s.name: s.order() for s in shots}
    outcome = render(orders, cache, jobs=given.jobs, console=console)
    if outcome.made:
        console.print(
            f"{len(outcome.made)} clips made in {outcome.seconds / 60:.1f} min "
            f"({outcome.fps:.1f} frames a second), {len(outcome.kept)} were there."
        )
    _tell_failed(outcome.failed, "rendered", console)


def _tell_old(states: Sequence[State], console: Console) -> None:
    for kind, words in (
        ("stale", "come from an earlier renderer"),
        ("told by another formcheck", "have a truth that an earlier formcheck told"),
    ):
        if kind in states:
            console.print(
                f"[yellow]{states.count(kind)} clips {words}; they are used as they are.[/]"
            )


def _record(films: Sequence[Path], jobs: int | None, console: Console) -> None:
    from benchmarks.quality.recording import record_all

    _tell_failed(record_all(films, jobs=jobs, console=console), "recorded", console)


def _tell_failed(failed: Mapping[str, str], done: str, console: Console) -> None:
    if failed:
        for name, why in failed.items():
            console.print(f"[red]{name}[/]\n{why}", markup=True)
        sys.exit(f"{len(failed)} clips could not be {done}.")


def _measure(films: Sequence[Path], angles: str, console: Console) -> Figures:
    from benchmarks.quality.measure import measure
    from benchmarks.quality.observe import observe
    from benchmarks.quality.takes import load_take

    shown = track(films, "analyzing", console=console)
    return measure([observe(load_take(film), refiner=angle_refiner(angles)) for film in shown])


def _show(figures: Figures, console: Console) -> None:
    from benchmarks.quality.page import summary
    from benchmarks.quality.takes import SPLITS
    from benchmarks.quality.weakness import weaknesses

    for split in SPLITS:
        made = sections(figures, split)
        if made:
            console.rule(f"{split} people")
        for section in made:
            for table in section.tables:
                console.print(as_rich(table, section.title))
        for weakness in weaknesses(figures, split):
            console.print(f"weak: {weakness}", markup=False)
    console.print(as_rich(summary(figures), "in short"))


def as_rich(table: Table, title: str) -> RichTable:
    """Return a table for the terminal."""
    rich = RichTable(title=title)
    for i, column in enumerate(table.columns):
        rich.add_column(column, justify="left" if i < table.words else "right")
    for row in table.rows:
        rich.add_row(*row)
    return rich


def _publish(films: Sequence[Path], figures: Figures, console: Console) -> None:
    from benchmarks.quality import page
    from benchmarks.quality.plots import draw_all

    versions = {name: version(name) for name in LIBRARIES}
    versions |= {"python": platform.python_version(), "formcheck": version("formcheck")}
    about = {"command": page.COMMAND, "versions": versions}
    write(page.JSON, {**about, "old_clips": sum(map(_is_old, films))}, figures)
    written = [page.JSON, *draw_all(figures, page.DOCS / "images")]
    for path, text in page.pages().items():
        path.write_text(text, encoding="utf-8")
        written.append(path)
    console.print("Written:", ", ".join(str(path.relative_to(page.ROOT)) for path in written))


def _is_old(film: Path) -> bool:
    return state(film) != "fresh"


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit("Interrupted. What is finished is kept; run it again to go on.")
