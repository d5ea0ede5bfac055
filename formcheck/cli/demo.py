"""``formcheck demo``: what formcheck does, shown on a clip that comes with it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from formcheck.cli.check import check
from formcheck.cli.errors import explained, stderr
from formcheck.cli.options import ModelOption
from formcheck.cli.text import escape
from formcheck.errors import CannotOpen
from formcheck.samples import DEMO, FOLDER


def demo(
    out: Annotated[
        Path, typer.Option("--out", "-o", help="Folder for what comes of it.", metavar="DIR")
    ] = Path("formcheck-demo"),
    model: ModelOption = None,
) -> None:
    """Check a clip that comes with formcheck: a rendered person who squats.

    Leaves report.html, report.json, reps.csv and annotated.mp4. The history stays as it is.
    """
    clip = FOLDER / DEMO / "clip.mp4"
    with explained():
        if not clip.is_file():
            msg = f"The clip of the demo is not there: '{clip}'. Install formcheck again."
            raise CannotOpen(msg)
    stderr.print(f"Checking {escape(str(clip))}")
    check(clip, exercise="squat", out=out, model=model, history=False)
    stderr.print(f"Open {escape(str(out / 'report.html'))} in a browser.")
