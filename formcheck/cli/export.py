"""``formcheck export``: landmarks and angles for other programs."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from formcheck.cli.errors import explained
from formcheck.cli.text import escape
from formcheck.errors import CannotWrite

if TYPE_CHECKING:
    from formcheck.pose import PoseTrack


class What(StrEnum):
    """What is to be exported."""

    LANDMARKS = "landmarks"
    ANGLES = "angles"


def export(
    clip: Annotated[
        Path,
        typer.Argument(
            help="A landmark recording (.npz), or a video, GIF or folder of pictures.",
            show_default=False,
        ),
    ],
    file: Annotated[
        Path,
        typer.Argument(
            help="Ends in .csv, .parquet, .trc (OpenSim markers) or .mot (OpenSim angles).",
            show_default=False,
        ),
    ],
    what: Annotated[
        What, typer.Option("--what", help="What goes into .csv and .parquet.")
    ] = What.LANDMARKS,
) -> None:
    """Write the landmarks or the angles of a clip to a file for another program.

    Nobody's picture is in it. docs/exchange.md says what axes and units are.
    """
    with explained():
        from formcheck.atomic import AtomicFile

        make = _maker(file, what)
        target = AtomicFile(file)
        target.reserve()
        try:
            content = make(_landmarks(clip))
        except BaseException:
            target.discard()
            raise
        target.write(content)
        Console(highlight=False).print(f"Written to {escape(str(file))}", soft_wrap=True)


def _maker(file: Path, what: What) -> Callable[[PoseTrack], bytes]:
    from formcheck.exchange import opensim, tables

    suffix = file.suffix.lower()
    if suffix == ".trc":
        return lambda track: opensim.to_trc(track, file.name)
    if suffix == ".mot":
        return lambda track: opensim.to_mot(tables.angles_of(track))
    forms = {".csv": tables.to_csv, ".parquet": tables.to_parquet}
    if suffix not in forms:
        msg = f"'{file}' should end in .csv, .parquet, .trc or .mot, to say in which form."
        raise CannotWrite(msg)
    if what is What.LANDMARKS:
        return lambda track: forms[suffix](tables.landmark_columns(track))
    return lambda track: forms[suffix](tables.angle_columns(tables.angles_of(track)))


def _landmarks(clip: Path) -> PoseTrack:
    from formcheck.api import landmarks

    return landmarks(clip)
