"""Options that several commands have, in the same words."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from formcheck.refine.choose import LEARNED, PLAIN


class Angles(StrEnum):
    """Where joint angles come from."""

    LEARNED = LEARNED
    PLAIN = PLAIN


AnglesOption = Annotated[
    Angles, typer.Option("--angles", help="Corrected by what was learned, or plain geometry.")
]
HistoryOption = Annotated[
    bool, typer.Option("--history/--no-history", help="Keep the result in the history.")
]
LevelOption = Annotated[
    str, typer.Option("--level", help="How much is asked for: gentle, standard or athletic.")
]
ModelOption = Annotated[
    Path | None, typer.Option("--model", help="A pose model to use instead of formcheck's own.")
]
VariantOption = Annotated[str, typer.Option("--model-variant", help="lite, full or heavy.")]
