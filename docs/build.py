"""Writes the pages that follow from the code, and those of the measured figures.

``python -m docs.build``; a test fails when a page is not what this would write.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from benchmarks.fuzz.page import PAGE as RELIABILITY
from benchmarks.fuzz.page import page as reliability_page
from benchmarks.quality.page import pages as measured_pages
from docs.api import api_page
from docs.figures import drawings
from docs.good import good_pages
from docs.licences import licences_page
from docs.overview import overview_pages
from formcheck.exercises.load import exercise_ids, load_exercise
from formcheck.exercises.page import exercise_page

HERE = Path(__file__).parent
NOTE = "<!-- Made by python -m docs.build from the code; changes here are lost. -->\n\n"


def pages() -> dict[Path, str]:
    """Return every generated page: where it goes, and what it says."""
    found = {HERE / "cli.md": NOTE + cli_page(), RELIABILITY: reliability_page()}
    for name in exercise_ids():
        page = exercise_page(load_exercise(name), pictures(name))
        found[HERE / "exercises" / f"{name}.md"] = NOTE + page
    found |= {HERE / "api.md": NOTE + api_page(), HERE / "licences.md": NOTE + licences_page()}
    found |= {path: NOTE + text for path, text in overview_pages().items()}
    for path, text in good_pages().items():
        found[path] = NOTE + text if path.parent == HERE else text
    return found | drawings() | measured_pages()


def cli_page() -> str:
    """Return the reference of all commands and options."""
    command = [
        sys.executable,
        *("-m", "typer", "formcheck.cli.main", "utils", "docs", "--name", "formcheck"),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return done.stdout.strip() + "\n"


def pictures(name: str) -> dict[str, str]:
    """Return the pictures of an exercise's page: what they show → where they are."""
    found = sorted((HERE / "images" / "exercises").glob(f"{name}--*.jpg"))
    return {p.stem.partition("--")[2]: f"../images/exercises/{p.name}" for p in found}


def main() -> None:
    """Write all pages."""
    for path, text in pages().items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
