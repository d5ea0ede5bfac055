"""What turns these pages, which read as plain Markdown in a repository, into a site.

MkDocs calls the functions here (`hooks` in mkdocs.yml). Pages that live outside of ``docs/`` are
brought in, links that leave ``docs/`` lead there, and names of the Python interface, comments in
plain Markdown, become its reference.
"""

from __future__ import annotations

import posixpath
import re
from importlib import import_module
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
BROUGHT = {
    "CHANGELOG.md": "project/changelog.md",
    "CONTRIBUTING.md": "project/contributing.md",
    "CODE_OF_CONDUCT.md": "project/conduct.md",
    "README.md": "index.md",
    "SECURITY.md": "project/security.md",
    "models/README.md": "project/models.md",
    "models/angle_refiner.md": "project/angle-refiner.md",
    "samples/README.md": "project/samples.md",
}
"""Pages from elsewhere in the repository → where they are on the site."""
OWN = {"README.md"}
"""Those that have another text on the site."""

LINK = re.compile(r"(!?)\[((?:[^\[\]]|\[[^\]]*\])*)\]\(([^)\s#]*)(#[^)\s]*)?\)")
ELSEWHERE = re.compile(
    r"""<(?:script|img|iframe|video|source)\b[^>]*\ssrc=["']?(?:https?:)?//[^>]*>"""
    r"""|<link\b(?=[^>]*\srel=["']?(?:stylesheet|pre|icon))[^>]*\shref=["']?(?:https?:)?//[^>]*>"""
)
"""What would make a browser fetch something that is not on the site."""
NAMED = re.compile(r"^### (\w+)\n(?:(?!#).*\n)*?<!-- (::: [\w.]+) -->$", re.MULTILINE)
"""A name of the Python interface in plain Markdown; the site says all about it instead."""


def on_files(files: Any, config: Any) -> Any:
    """Add the pages that live outside of the folder."""
    make = import_module("mkdocs.structure.files").File.generated
    for source, place in BROUGHT.items():
        if source not in OWN:
            text = (ROOT / source).read_text("utf-8")
            files.append(make(config, place, content=text))
    return files


def on_page_markdown(markdown: str, page: Any, config: Any, files: Any) -> str:
    """Return a page whose links lead somewhere on the site."""
    place = str(page.file.src_uri)
    known = {file.src_uri for file in files}
    text = NAMED.sub(lambda name: f'<a id="{name[1].lower()}"></a>\n\n{name[2]}', markdown)
    return LINK.sub(lambda found: relinked(found, place, known, config.repo_url), text)


def on_post_page(output: str, page: Any, config: Any) -> str:  # noqa: ARG001 - as MkDocs calls it
    """Let no page through that would load something from elsewhere."""
    if found := ELSEWHERE.search(output):
        msg = f"{page.file.src_uri} loads something from elsewhere: {found[0]}"
        raise ValueError(msg)
    return output


def relinked(found: re.Match[str], place: str, known: set[str], repository: str | None) -> str:
    """Return a link as the site needs it: to a page, to the repository, or its words alone."""
    mark, words, target, anchor = found.groups(default="")
    if not target or "://" in target or target.startswith("mailto:"):
        return found[0]
    where = source_of(target, place)
    there = BROUGHT.get(where, where.removeprefix("docs/"))
    if where in BROUGHT or (where.startswith("docs/") and there in known):
        return f"{mark}[{words}]({posixpath.relpath(there, posixpath.dirname(place))}{anchor})"
    if where.startswith(("..", "docs/")):
        return found[0]  # leads nowhere, and MkDocs says so
    if repository:
        return f"{mark}[{words}]({repository.rstrip('/')}/blob/main/{where}{anchor})"
    return words


def source_of(target: str, place: str) -> str:
    """Return the path in the repository that a link on a page leads to."""
    origin = {there: source for source, there in BROUGHT.items() if source not in OWN}
    home = posixpath.dirname(origin.get(place, f"docs/{place}"))
    return posixpath.normpath(posixpath.join(home, target))
