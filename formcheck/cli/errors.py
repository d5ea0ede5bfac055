"""The outer edge: turns what went wrong into one clear sentence and an exit status."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import typer
from rich.console import Console

from formcheck.cli.text import message
from formcheck.errors import FormcheckError

DONE, BELOW_LIMIT, WRONG_INPUT, INTERRUPTED = 0, 1, 2, 130

stderr = Console(stderr=True, highlight=False, soft_wrap=True)


@contextmanager
def explained() -> Iterator[None]:
    """Report a `FormcheckError` or Ctrl-C in a sentence, and exit with its status."""
    try:
        yield
    except FormcheckError as error:
        stderr.print(f"[bold red]formcheck:[/] {message(str(error))}")
        raise typer.Exit(WRONG_INPUT) from error
    except KeyboardInterrupt as error:
        stderr.print("[bold]formcheck:[/] stopped. Nothing half-finished was left behind.")
        raise typer.Exit(INTERRUPTED) from error
