"""What is published holds what it should, and nothing else."""

from __future__ import annotations

import subprocess
import sys
import tarfile
import tomllib
import zipfile
from email.parser import HeaderParser
from pathlib import Path, PurePosixPath

import pytest

from formcheck import __version__

ROOT = Path(__file__).parents[1]
NAME = f"formcheck-{__version__}"
BESIDE = {
    "formcheck/_models/README.md": "models/README.md",
    "formcheck/_models/angle_refiner.md": "models/angle_refiner.md",
    "formcheck/_models/angle_refiner.npz": "models/angle_refiner.npz",
    "formcheck/_models/crossed_legs.npz": "models/crossed_legs.npz",
    "formcheck/_models/pose_model.toml": "models/pose_model.toml",
    "formcheck/_samples/squat/clip.mp4": "samples/squat/clip.mp4",
    "formcheck/_samples/squat/labels.toml": "samples/squat/labels.toml",
}
"""In the wheel → in a checkout."""
INFO = {
    f"{NAME}.dist-info/{name}"
    for name in (
        "METADATA", "WHEEL", "RECORD", "entry_points.txt", "licenses/LICENSE", "licenses/NOTICE",
    )
}  # fmt: skip
DATA = {
    "formcheck/py.typed",
    "formcheck/coaching/texts/en.toml",
    "formcheck/exercises/squat.toml",
    "formcheck/exercises/start/own.toml",
    "formcheck/refine/plain_error.toml",
    "formcheck/report/report.schema.json",
    "formcheck/report/templates/report.html.j2",
    "formcheck/report/templates/page.css",
    "formcheck/routines/back-and-knee.toml",
}
"""Files that are no Python, and without which something fails."""
KINDS = {".py", ".toml", ".json", ".j2", ".css", ".js", ".typed"}
"""What the package itself is made of."""


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with wheel and sdist, built without any network."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "-d", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="module")
def wheel(dist: Path) -> zipfile.ZipFile:
    return zipfile.ZipFile(dist / f"{NAME}-py3-none-any.whl")


@pytest.fixture(scope="module")
def sdist(dist: Path) -> dict[PurePosixPath, int]:
    """Files of the sdist, without the folder that all lie in → bytes."""
    with tarfile.open(dist / f"{NAME}.tar.gz") as archive:
        names = {m.name: m.size for m in archive.getmembers() if m.isfile()}
    assert {name.partition("/")[0] for name in names} == {NAME}
    return {PurePosixPath(name.partition("/")[2]): size for name, size in names.items()}


def sources() -> set[str]:
    files = (p for p in (ROOT / "formcheck").rglob("*") if p.is_file())
    return {p.relative_to(ROOT).as_posix() for p in files if p.parent.name != "__pycache__"}


def test_the_wheel_is_the_package_its_models_and_one_sample(wheel: zipfile.ZipFile) -> None:
    names = set(wheel.namelist())
    assert names == sources() | set(BESIDE) | INFO
    assert names > DATA
    inside = {n for n in names if n.startswith("formcheck/")} - set(BESIDE)
    assert {PurePosixPath(n).suffix for n in inside - {"formcheck/py.typed"}} <= KINDS


@pytest.mark.parametrize(("inside", "beside"), BESIDE.items())
def test_what_lies_beside_the_package_comes_with_it(
    wheel: zipfile.ZipFile, inside: str, beside: str
) -> None:
    assert wheel.read(inside) == (ROOT / beside).read_bytes()


def test_the_wheel_is_small_and_the_sample_is_a_small_part_of_it(wheel: zipfile.ZipFile) -> None:
    assert sum(item.compress_size for item in wheel.infolist()) < 3_000_000
    samples = [i for i in wheel.infolist() if "/_samples/" in i.filename]
    assert 100_000 < sum(item.file_size for item in samples) < 1_000_000


def test_the_wheel_says_what_it_is(wheel: zipfile.ZipFile) -> None:
    told = HeaderParser().parsestr(wheel.read(f"{NAME}.dist-info/METADATA").decode("utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert (told["Name"], told["Version"]) == ("formcheck", __version__)
    assert told["License-Expression"] == "Apache-2.0"
    assert told["Requires-Python"] == ">=3.11"
    needs = [need for need in told.get_all("Requires-Dist", []) if "extra ==" not in need]
    assert len(needs) == len(project["dependencies"])
    assert str(told.get_payload()).startswith("# formcheck")
    commands = wheel.read(f"{NAME}.dist-info/entry_points.txt").decode("utf-8")
    assert "formcheck = formcheck.cli.main:run" in commands


def test_the_sdist_is_what_the_checkout_is(sdist: dict[PurePosixPath, int]) -> None:
    names = {path.as_posix() for path in sdist}
    made = {"PKG-INFO", ".gitignore"}
    tracked = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if tracked.returncode == 0:
        # What is new and not yet tracked may be in it; what is tracked has to be.
        missing = set(tracked.stdout.split("\0")) - {""} - names
        assert not {name for name in missing if (ROOT / name).exists()}
    assert names > {*made, "pyproject.toml", "LICENSE", "NOTICE", "Makefile", "README.md"}
    assert names > sources()
    assert names > set(BESIDE.values())
    tops = {path.parts[0] for path in sdist}
    config = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    allowed = config["tool"]["hatch"]["build"]["targets"]["sdist"]["only-include"]
    assert tops <= {*allowed, *made}


def test_nothing_that_lies_about_is_published(sdist: dict[PurePosixPath, int]) -> None:
    for path in sdist:
        assert not {"__pycache__", ".venv", "demo-out", "mutants", "dist"} & set(path.parts)
        assert path.suffix not in {".pyc", ".task", ".tflite", ".sqlite3", ".log"}, path
    assert sum(sdist.values()) < 40_000_000


def test_the_version_to_cite_is_this_one() -> None:
    assert f"\nversion: {__version__}\n" in (ROOT / "CITATION.cff").read_text("utf-8")


def test_the_image_is_built_from_all_that_the_wheel_needs() -> None:
    kept = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    needed = {"LICENSE", "NOTICE", "README.md", "pyproject.toml", "formcheck", "models"}
    assert {line.removeprefix("!") for line in kept if line.startswith("!")} == {
        *needed,
        "samples/squat",
    }
    config = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    forced = config["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    assert all(name.startswith(("models/", "samples/squat/")) for name in forced)
    assert set(config["project"]["license-files"]) <= needed


def test_what_measures_the_logic_names_tests_that_exist() -> None:
    lines = (ROOT / "Makefile").read_text("utf-8").replace("\\\n", "").splitlines()
    (named,) = (line.removeprefix("LOGIC :=").split() for line in lines if line.startswith("LOGIC"))
    assert len(named) > 30
    assert [name for name in named if not (ROOT / f"tests/test_{name}.py").is_file()] == []
    config = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    mutated = config["tool"]["mutmut"]
    files = mutated["only_mutate"] + mutated["pytest_add_cli_args_test_selection"]
    assert [name for name in files if not (ROOT / name).is_file()] == []
