"""Tells whether a film that is there is still what would be made now.

Needs no renderer: it looks at the source, not at what that does. What a film shows follows
from the renderer's source. What is said about it, its truth, follows from formcheck's own
definitions as well: when only those change, the film stays and its truth is told anew. Comments,
docstrings and the layout of source count as nothing.
"""

from __future__ import annotations

import ast
import hashlib
import json
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal

PACKAGE = "benchmarks.rendering"
MOTIONS = f"{PACKAGE}.motions"
DEFINITIONS = "formcheck"
ROOT = Path(__file__).parents[2]
STAMP = "made.json"
"""The file beside a film that says what it was made from."""

State = Literal["fresh", "told by another formcheck", "stale"]


@cache
def source_sha256(script: str) -> str:
    """Return the hash of all source that a film of this script depends on.

    That is everything that making a film imports, but of the motions only the script's own:
    another exercise's change leaves its films as they are.
    """
    return _sha256(_path(module) for module in _makers(script))


@cache
def truth_sha256(script: str) -> str:
    """Return the hash of formcheck's source that the truth of a film depends on."""
    found = {name for module in _makers(script) for name in _imports(module, DEFINITIONS)}
    modules = sorted(_reached(found, DEFINITIONS))
    exercises = sorted((ROOT / DEFINITIONS / "exercises").glob("*.toml"))
    return _sha256([*(_path(module) for module in modules), *exercises])


def stamp(order: Mapping[str, Any]) -> str:
    """Return what `STAMP` says about a film of an order that is made now."""
    script = str(order["script"])
    made = {
        "order": order,
        "source_sha256": source_sha256(script),
        "truth_sha256": truth_sha256(script),
    }
    return json.dumps(made, indent=1, sort_keys=True) + "\n"


def state(film: Path, order: Mapping[str, Any] | None = None) -> State:
    """Return whether a film is what would be made now.

    Parameters
    ----------
    film
        Its folder.
    order
        What it should be of; if not given, it may be of anything.
    """
    try:
        made = json.loads((film / STAMP).read_text("utf-8"))
        now = json.loads(stamp(made["order"] if order is None else order))
    except (OSError, ValueError, KeyError, TypeError):
        return "stale"
    if made == now:
        return "fresh"
    same = all(made.get(key) == now[key] for key in ("order", "source_sha256"))
    return "told by another formcheck" if same else "stale"


def _sha256(paths: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        name = path.relative_to(ROOT).as_posix()
        digest.update(f"{name}\0{_what_counts(path)}\0".encode())
    return digest.hexdigest()


@cache
def _what_counts(path: Path) -> str:
    """Return a file's text, or for source what it does."""
    text = path.read_text("utf-8")
    if path.suffix != ".py":
        return text
    tree = ast.parse(text)
    for node in ast.walk(tree):
        for name, value in ast.iter_fields(node):
            if isinstance(value, list):
                setattr(node, name, [item for item in value if not _is_words(item)])
    return ast.dump(tree)


def _is_words(node: object) -> bool:
    """Return whether a statement is a bare string: a docstring."""
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def _makers(script: str) -> list[str]:
    return sorted(_reached([f"{PACKAGE}.film", *_motions_with(script)], PACKAGE))


def _motions_with(script: str) -> list[str]:
    """Return the modules that offer a script: those that its name leads to."""
    from importlib import import_module

    offered = sorted(set(_imports(MOTIONS, MOTIONS)))
    found = [name for name in offered if script in getattr(import_module(name), "SCRIPTS", {})]
    if not found:
        msg = f"There is no script '{script}' in {MOTIONS}."
        raise ValueError(msg)
    return found


def _reached(modules: Iterable[str], package: str) -> set[str]:
    """Return the modules of a package that are imported, directly or not."""
    found: set[str] = set()
    ahead = list(modules)
    while ahead:
        module = ahead.pop()
        # All motions together import every script; which one counts is known.
        if module in found or module == MOTIONS:
            continue
        found.add(module)
        ahead += _imports(module, package)
    return found


@cache
def _imports(module: str, package: str) -> tuple[str, ...]:
    """Return the modules of a package that a module imports itself."""
    found: list[str] = []
    for node in ast.walk(ast.parse(_path(module).read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            inner = (f"{node.module}.{alias.name}" for alias in node.names)
            found += [name for name in (node.module, *inner) if _is_in(name, package)]
    return tuple(found)


def _is_in(name: str, package: str) -> bool:
    return name.startswith(f"{package}.") and _path(name).is_file()


def _path(module: str) -> Path:
    place = ROOT.joinpath(*module.split("."))
    return place / "__init__.py" if place.is_dir() else place.with_suffix(".py")
