"""Command line: ``python -m benchmarks.rendering --view side-left --seed 7 --out DIR``."""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from benchmarks.rendering.camera import VIEWS
from benchmarks.rendering.cast import Wishes
from benchmarks.rendering.conditions import CONDITIONS, check, draw_conditions
from benchmarks.rendering.motions import SCRIPTS

BY_CHANCE = "chance"


def _size(text: str) -> tuple[int, int]:
    width, _, height = text.partition("x")
    if not (width.isdigit() and height.isdigit() and int(width) % 2 == int(height) % 2 == 0):
        msg = f"should be WIDTHxHEIGHT in even pixels, such as 640x480, but is '{text}'"
        raise argparse.ArgumentTypeError(msg)
    return int(width), int(height)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.rendering",
        description="Film a rendered person: clip.mp4, truth.npz and labels.toml.",
    )
    add = parser.add_argument
    add("--view", choices=list(VIEWS), default="side-left", help="side that the camera sees")
    add("--seed", type=int, default=0, help="of the person, the room and the camera")
    add(
        "--script",
        choices=sorted(SCRIPTS),
        default="squat",
        metavar="NAME",
        help="what happens; a wrong name is answered with all there are",
    )
    add("--person", type=int, metavar="N", help="the same number is the same body")
    add("--out", type=Path, required=True, metavar="DIR")
    add("--size", type=_size, default=(640, 480), metavar="WxH")
    add("--fps", type=int, default=30)
    add("--crf", type=int, default=23, help="x264's quality: lower is better and larger")
    add("--fine", action="store_true", help="smoother edges within people, half the speed")
    add("--camera-height", type=float, metavar="M", help="above the floor; else by chance")
    add("--fov", type=float, metavar="DEG", help="vertical angle of view; else by chance")
    add("--spare", type=float, metavar="X", help="distance over the nearest that shows everything")
    add(
        "--astray",
        type=float,
        default=Wishes().astray_deg,
        metavar="DEG",
        help="how far off the view's own direction the camera stands at most",
    )
    add(
        "--condition",
        choices=[*CONDITIONS, BY_CHANCE],
        action="append",
        default=[],
        metavar="NAME",
        help="what makes it difficult; several may be given, and 'chance' draws some: "
        + ", ".join(CONDITIONS),
    )
    return parser


def main() -> None:
    parser = _parser()
    given = parser.parse_args()
    conditions = tuple(given.condition)
    if BY_CHANCE in conditions:
        conditions = draw_conditions(np.random.default_rng(given.seed))
    try:
        check(conditions)
    except ValueError as error:
        parser.error(str(error))
    # Loading the body model takes seconds: not before the command line is known to be right.
    from benchmarks.rendering.film import Order, Studio

    order = Order(
        view=given.view,
        seed=given.seed,
        script=given.script,
        person=given.person,
        size_px=given.size,
        fps=given.fps,
        fine=given.fine,
        crf=given.crf,
        camera=Wishes(given.camera_height, given.fov, given.spare, given.astray),
        conditions=conditions,
    )
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn()
    with Progress(*columns, TimeRemainingColumn()) as bar:
        task = bar.add_task("making the body", total=None)
        studio = Studio()
        bar.update(task, description=f"{order.view} {order.seed}")
        studio.film(order, given.out, lambda done, of: bar.update(task, completed=done, total=of))


if __name__ == "__main__":
    main()
