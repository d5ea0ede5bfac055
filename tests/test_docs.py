"""The docs cannot drift from the code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from docs.build import pages

ROOT = Path(__file__).parents[1]
MARKDOWN = sorted(
    p for p in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("models/*.md")]
)


@pytest.mark.parametrize("path", list(pages()), ids=lambda p: p.name)
def test_generated_pages_are_up_to_date(path: Path) -> None:
    assert path.read_text("utf-8") == pages()[path], "run: python -m docs.build"


@pytest.mark.parametrize("page", MARKDOWN, ids=lambda p: p.name)
def test_links_lead_somewhere(page: Path) -> None:
    for link in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text("utf-8")):
        if not link.startswith(("http://", "https://")):
            assert (page.parent / link).exists(), f"{page.name} links to {link}"


def python_blocks(page: Path) -> list[str]:
    return re.findall(r"```python\n(.*?)```", page.read_text("utf-8"), re.DOTALL)


@pytest.mark.parametrize("page", [p for p in MARKDOWN if python_blocks(p)], ids=lambda p: p.name)
def test_examples_import_what_exists(page: Path) -> None:
    for block in python_blocks(page):
        compile(block, page.name, "exec")
        imports = [line for line in block.splitlines() if line.startswith(("import ", "from "))]
        exec("\n".join(imports), {})  # noqa: S102 - our own examples


def test_the_readme_names_make_targets_that_exist() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = set(re.findall(r"make ([a-z]+)", (ROOT / "README.md").read_text("utf-8")))
    assert {"demo", "test"} <= named <= targets


@pytest.mark.parametrize(
    "module",
    [
        "formcheck",
        "formcheck.analyzer",
        "formcheck.geometry",
        "formcheck.units",
        "formcheck.criteria",
        "formcheck.view",
        "formcheck.posture",
    ],
)
def test_examples_in_docstrings(module: str) -> None:
    import doctest
    import importlib

    found = doctest.testmod(importlib.import_module(module))
    assert found.attempted > 0
    assert found.failed == 0
