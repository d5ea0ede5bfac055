"""The docs cannot drift from the code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import import_module, metadata
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import typer

import formcheck
from benchmarks.common_rule import counted, knee_deg
from docs.api import GROUPS, summary
from docs.build import pages
from docs.licences import LICENCES, groups
from docs.site import BROUGHT, ELSEWHERE, LINK, OWN, relinked
from formcheck.cli.main import app
from formcheck.exercises.load import load_exercise
from formcheck.sources.synthetic import Posture, Squat, StickFigure, squats

ROOT = Path(__file__).parents[1]
MARKDOWN = sorted(
    p for p in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("models/*.md")]
)


PAGES = pages()


@pytest.mark.parametrize("path", list(PAGES), ids=lambda p: p.name)
def test_generated_pages_are_up_to_date(path: Path) -> None:
    assert path.read_text("utf-8") == PAGES[path], "run: python -m docs.build"


@pytest.mark.parametrize("page", MARKDOWN, ids=lambda p: p.name)
def test_links_lead_somewhere(page: Path) -> None:
    for link in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text("utf-8")):
        if not link.startswith(("http://", "https://")):
            assert (page.parent / link).exists(), f"{page.name} links to {link}"


NAMED = re.compile(r"`(formcheck(?:\.\w+)+)`")
CODE_AND_PAGES = [*sorted((ROOT / "formcheck").rglob("*.py")), *MARKDOWN]


@pytest.mark.parametrize(
    "name", sorted({name for p in CODE_AND_PAGES for name in NAMED.findall(p.read_text("utf-8"))})
)
def test_what_texts_refer_to_by_name_is_there(name: str) -> None:
    *outer, last = name.split(".")
    for depth in range(len(outer), 0, -1):
        try:
            found: Any = import_module(".".join(outer[:depth]))
        except ModuleNotFoundError:
            continue
        for part in outer[depth:]:
            found = getattr(found, part)
        break
    if not hasattr(found, last) and last not in getattr(found, "__annotations__", {}):
        import_module(name)


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


def test_every_public_name_is_documented() -> None:
    documented = {name for names in GROUPS.values() for name in names}
    assert documented | {"__version__"} == set(formcheck.__all__)
    page = (ROOT / "docs/api.md").read_text("utf-8")
    for name in documented:
        assert f"### {name}\n" in page
        assert summary(name).endswith("."), f"{name} needs a docstring"


def commands(group: Any, path: str) -> Iterator[tuple[str, Any]]:
    for name, command in getattr(group, "commands", {}).items():
        full = f"{path} {name}"
        yield full, command
        yield from commands(command, full)


def test_every_command_and_option_is_documented() -> None:
    page = (ROOT / "docs/cli.md").read_text("utf-8")
    found = list(commands(typer.main.get_command(app), "formcheck"))
    assert len(found) > 15
    for path, command in found:
        section = page.partition(f" `{path}`\n")[2].partition("\n## ")[0]
        assert section, f"{path} is missing"
        names = [n for option in command.params for n in option.opts if n.startswith("--")]
        assert [n for n in names if n not in section] == []


def test_every_library_has_a_licence() -> None:
    for title, names in groups().items():
        for name in names:
            assert name in LICENCES, f"{title}: say under which licence {name} is"


@pytest.mark.parametrize("name", LICENCES)
def test_licences_are_those_that_libraries_state(name: str) -> None:
    try:
        about = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        pytest.skip("not installed here")
    classifiers = [c for c in about.get_all("Classifier") or [] if c.startswith("License")]
    stated = " ".join([about["License-Expression"] or "", about["License"] or "", *classifiers])
    wanted = LICENCES[name][0].partition("-")[0]
    assert not stated.strip() or wanted.lower() in stated.lower() or "Python Software" in stated


def test_every_page_is_in_the_navigation() -> None:
    navigation = (ROOT / "mkdocs.yml").read_text("utf-8").partition("\nnav:")[2]
    named = set(re.findall(r"[\w/-]+\.md", navigation))
    there = {p.relative_to(ROOT / "docs").as_posix() for p in ROOT.glob("docs/**/*.md")}
    assert named == there | {place for source, place in BROUGHT.items() if source not in OWN}


@pytest.mark.parametrize(
    ("link", "place", "becomes"),
    [
        ("[a](live.md#voice)", "index.md", "[a](live.md#voice)"),
        ("[a](../CHANGELOG.md)", "history.md", "[a](project/changelog.md)"),
        ("[a](../good.md)", "exercises/index.md", "[a](../good.md)"),
        ("[a](docs/live.md)", "project/changelog.md", "[a](../live.md)"),
        ("[a](../README.md)", "project/models.md", "[a](../index.md)"),
        ("[a](../formcheck/results.py)", "python.md", "a"),
        ("![a](images/b.svg)", "index.md", "![a](images/b.svg)"),
        ("[a](nowhere.md)", "index.md", "[a](nowhere.md)"),
        ("[a](https://example.org/b.md)", "index.md", "[a](https://example.org/b.md)"),
    ],
)
def test_links_of_the_site(link: str, place: str, becomes: str) -> None:
    known = {"index.md", "live.md", "good.md", "history.md", "images/b.svg"}
    assert LINK.sub(lambda found: relinked(found, place, known, None), link) == becomes


def test_links_lead_to_the_repository_where_there_is_one() -> None:
    found = LINK.search("[a](../formcheck/results.py)")
    assert found is not None
    there = relinked(found, "python.md", set(), "https://example.org/formcheck/")
    assert there == "[a](https://example.org/formcheck/blob/main/formcheck/results.py)"


@pytest.mark.parametrize(
    ("html", "elsewhere"),
    [
        ('<script src="https://example.org/a.js"></script>', True),
        ("<img alt=a src=//example.org/a.png>", True),
        ('<link href="https://example.org/a.css" rel="stylesheet">', True),
        ('<link rel="preconnect" href="https://example.org">', True),
        ('<a href="https://example.org">a link</a><link rel="next" href="a.html">', False),
        ('<script src="assets/a.js"></script><img src="../images/a.png">', False),
    ],
)
def test_the_site_loads_nothing_from_elsewhere(html: str, elsewhere: bool) -> None:
    assert bool(ELSEWHERE.search(html)) == elsewhere


def test_examples_of_how_to_add_things_run() -> None:
    names: dict[str, object] = {}
    for block in python_blocks(ROOT / "docs/extending.md"):
        exec(compile(block, "extending.md", "exec"), names)  # noqa: S102 - our own examples


def test_the_example_of_a_criterion_is_valid(tmp_path: Path) -> None:
    page = (ROOT / "docs/extending.md").read_text("utf-8")
    (block,) = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    squat = (ROOT / "formcheck/exercises/squat.toml").read_text("utf-8")
    path = tmp_path / "mine.toml"
    path.write_text(f"{squat}\n{block}", encoding="utf-8")
    assert load_exercise(str(path)).criteria[-1].code == "MY02"


def test_places_named_for_additions_exist() -> None:
    page = (ROOT / "docs/extending.md").read_text("utf-8")
    for name in re.findall(r"`((?:formcheck|tests)/[\w/.]+)`", page):
        assert (ROOT / name).exists(), name


def test_the_moving_picture_is_small_and_moves() -> None:
    data = (ROOT / "docs/images/demo.webp").read_bytes()
    assert len(data) <= 3_000_000
    assert data[:4] + data[8:12] == b"RIFFWEBP"
    assert data.count(b"ANMF") > 60


def test_names_that_share_an_entry_get_one_each() -> None:
    pytest.importorskip("griffe")
    apart = import_module("docs.apart").apart
    both = "    Both.\n\n    More.\n"
    text = f"Parameters\n----------\na, b\n{both}c\n    One.\n"
    assert apart(text) == f"Parameters\n----------\na\n{both}b\n{both}c\n    One.\n"
    assert apart("One sentence.") == "One sentence."


def test_the_common_rule_counts_at_the_bottom() -> None:
    # down past 90 degrees twice; the second time without having come up, and then not far enough
    assert counted(np.array([170, 120, 85, 130, 85, 160, np.nan, 100, 160, 80])) == 2
    deep = Squat(bottom=Posture(thigh_elevation_deg=-20, shin_inclination_deg=30))
    track = squats(StickFigure(), [deep, deep])
    assert knee_deg(track).max() > 160
    assert counted(knee_deg(track)) == 2
