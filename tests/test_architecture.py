"""The rules that keep the folder list telling the truth."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path, PurePath

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "formcheck"

LEVELS = {
    1: {
        "_version",
        "pose",
        "recorded",
        "frame",
        "results",
        "angles",
        "widths",
        "geometry",
        "units",
        "errors",
        "cores",
        "atomic",
        "closing",
    },
    2: {
        "refine",
        "measures",
        "series",
        "crossings",
        "doubts",
        "reps",
        "questions",
        "criteria",
        "reasons",
        "feedback",
        "sides",
        "smoothing",
        "view",
        "posture",
        "reduce",
        "depths",
        "holds",
        "settling",
        "in_position",
        "legs",
        "people",
        "timeline",
    },
    3: {
        "analyzer",
        "coaching",
        "exercises",
        "holding",
        "medley",
        "observing",
        "recognize",
        "repeating",
    },
    4: {
        *("sinks", "exchange", "history", "overlay", "report", "sources", "estimators", "samples"),
        *("library", "voice", "window"),
    },
    5: {"api", "batch", "doctor", "live", "pipeline", "routines"},
    6: {"cli", "__main__"},
}
LEVEL_OF = {module: level for level, modules in LEVELS.items() for module in modules}
PURE = {1, 2, 3}
"""Levels that need numpy and the standard library only."""


def test_the_design_says_on_which_level_each_module_is() -> None:
    page = (ROOT / "docs" / "design.md").read_text("utf-8")
    rows = re.findall(r"^\| (\d) \| ((?:`\w+(?:\.py|/)` ?)+)\|", page, re.MULTILINE)
    said = {int(level): set(re.findall(r"`(\w+)", listed)) for level, listed in rows}
    shown = {n: {m for m in there if not m.startswith("_")} for n, there in LEVELS.items()}
    assert said == shown


def test_how_far_tests_reach_is_measured_of_all_logic() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["coverage"]
    left_out = {PurePath(name).parts[1].removesuffix(".py") for name in settings["run"]["omit"]}
    assert left_out - {"__init__"} == {m for n, there in LEVELS.items() if n > 3 for m in there}


def modules() -> list[tuple[str, Path]]:
    return [
        (path.relative_to(PACKAGE).parts[0].removesuffix(".py"), path)
        for path in sorted(PACKAGE.rglob("*.py"))
        if path != PACKAGE / "__init__.py"
    ]


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


@pytest.mark.parametrize(("top", "path"), modules(), ids=lambda v: getattr(v, "name", v))
def test_imports_point_down_only(top: str, path: Path) -> None:
    assert top in LEVEL_OF, f"{path.name}: give '{top}' a level"
    for name in imports(path):
        parts = name.split(".")
        if parts[0] != "formcheck" or len(parts) == 1:
            continue
        other = parts[1]
        assert LEVEL_OF[other] <= LEVEL_OF[top], f"{path} imports {name} from above"


@pytest.mark.parametrize(("top", "path"), modules(), ids=lambda v: getattr(v, "name", v))
def test_the_core_needs_numpy_and_the_standard_library_only(top: str, path: Path) -> None:
    if LEVEL_OF[top] not in PURE:
        return
    allowed = {*sys.stdlib_module_names, "numpy", "formcheck"}
    assert {name.split(".")[0] for name in imports(path)} <= allowed


def run(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.mark.parametrize(
    "package",
    ["formcheck", *(f"formcheck.{p}" for p in ("sources", "estimators", "overlay", "sinks"))],
)
def test_importing_does_not_load_heavy_libraries(package: str) -> None:
    loaded = run(f"import sys, {package}; print(*sys.modules)").split()
    assert not {"cv2", "av", "mediapipe", "matplotlib", "rich", "typer"} & set(loaded)


@pytest.mark.parametrize(
    ("what", "most_s"),
    # NumPy alone takes a third of the second.
    [("import formcheck", 0.3), ("import formcheck; formcheck.Analyzer", 0.6)],
)
def test_importing_the_package_and_the_analyzer_is_quick(what: str, most_s: float) -> None:
    code = f"import time; t = time.process_time(); {what}; print(time.process_time() - t)"
    assert min(float(run(code)) for _ in range(3)) < most_s


def test_every_public_name_can_be_imported() -> None:
    code = "import formcheck; [getattr(formcheck, n) for n in formcheck.__all__]; print('ok')"
    assert run(code) == "ok"
    names = run("import formcheck; print(*formcheck.__all__)").split()
    assert len(set(names)) == len(names)


LINES, FUNCTION_LINES = 430, 70


@pytest.mark.parametrize(("top", "path"), modules(), ids=lambda v: getattr(v, "name", v))
def test_modules_and_functions_stay_small(top: str, path: Path) -> None:  # noqa: ARG001
    text = path.read_text("utf-8")
    assert text.count("\n") <= LINES
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef) and node.end_lineno is not None:
            body = node.body[1:] if ast.get_docstring(node) else node.body
            lines = node.end_lineno - body[0].lineno + 1 if body else 0
            assert lines <= FUNCTION_LINES, f"{node.name} has {lines} lines"


@pytest.mark.parametrize(("top", "path"), modules(), ids=lambda v: getattr(v, "name", v))
def test_print_is_for_the_command_line(top: str, path: Path) -> None:
    if top != "cli":
        assert not re.search(r"^\s*print\(", path.read_text("utf-8"), re.MULTILINE)


def test_all_of_the_logic_and_nothing_else_is_measured_by_coverage() -> None:
    config = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    omitted = {PurePath(name).parts[1] for name in config["tool"]["coverage"]["run"]["omit"]}
    edges = {module for module, level in LEVEL_OF.items() if level not in PURE}
    assert {name.removesuffix(".py") for name in omitted} - {"__init__"} == edges
