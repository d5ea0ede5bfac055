"""Tells whether a film that is there is still what would be made now.

Needs no renderer: it looks at the renderer's source, not at what that does.
"""

from __future__ import annotations

import ast
import hashlib
import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

PACKAGE = "benchmarks.rendering"
MOTIONS = f"{PACKAGE}.motions"
HERE = Path(__file__).parent
ROOT = HERE.parents[1]
STAMP = "made.json"
"""The file beside a film that says what it was made from."""


@cache
def source_sha256(script: str) -> str:
    """Return the hash of all source that a film of this script depends on.

    That is everything that making a film imports, but of the motions only the script's own:
    another exercise's change leaves its films as they are.
    """
    start = [f"{PACKAGE}.film", *_motions_with(script)]
    modules = sorted(_reached(start))
    digest = hashlib.sha256()
    for module in modules:
        digest.update(module.encode() + b"\0" + _path(module).read_bytes() + b"\0")
    return digest.hexdigest()


def stamp(order: Mapping[str, Any]) -> str:
    """Return what `STAMP` says about a film of an order that is made now."""
    source = source_sha256(str(order["script"]))
    return json.dumps({"order": order, "source_sha256": source}, indent=1, sort_keys=True) + "\n"


def made_from_this_source(film: Path) -> bool:
    """Return whether a film comes from the renderer as it is now."""
    try:
        made = json.loads((film / STAMP).read_text("utf-8"))
        return bool(made["source_sha256"] == source_sha256(made["order"]["script"]))
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _motions_with(script: str) -> list[str]:
    """Return the modules that offer a script: those that its name leads to."""
    from importlib import import_module

    found = []
    for path in sorted((HERE / "motions").glob("*.py")):
        if path.stem == "__init__":
            continue
        module = f"{MOTIONS}.{path.stem}"
        if script in getattr(import_module(module), "SCRIPTS", {}):
            found.append(module)
    if not found:
        msg = f"There is no script '{script}' in {MOTIONS}."
        raise ValueError(msg)
    return found


def _reached(modules: list[str]) -> set[str]:
    """Return the modules of the renderer that are imported, directly or not."""
    found: set[str] = set()
    ahead = list(modules)
    while ahead:
        module = ahead.pop()
        if module in found or module == MOTIONS:
            continue
        found.add(module)
        ahead += _imports(module)
    return found


def _imports(module: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(_path(module).read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            inner = (f"{node.module}.{alias.name}" for alias in node.names)
            yield from (name for name in (node.module, *inner) if _is_ours(name))


def _is_ours(name: str) -> bool:
    return name.startswith(f"{PACKAGE}.") and _path(name).is_file()


def _path(module: str) -> Path:
    place = ROOT.joinpath(*module.split("."))
    return place / "__init__.py" if place.is_dir() else place.with_suffix(".py")
