"""The page about licences: of what formcheck ships, fetches and needs."""

# ruff: noqa: E501 - rows of tables

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from docs.overview import table

ROOT = Path(__file__).parents[1]

LICENCES = {
    "mediapipe": ("Apache-2.0", "pose estimation"),
    "opencv-contrib-python": ("Apache-2.0", "drawing, windows, cameras"),
    "numpy": ("BSD-3-Clause", "all arithmetic"),
    "av": ("BSD-3-Clause", "reading and writing video"),
    "typer": ("MIT", "the command line"),
    "rich": ("MIT", "progress bars and tables"),
    "jinja2": ("BSD-3-Clause", "report pages"),
    "flatbuffers": ("Apache-2.0", "metadata of the pose model"),
    "platformdirs": ("MIT", "where a user's files are"),
    "pip": ("MIT", "fetching the pose model"),
    "pandas": ("BSD-3-Clause", "data frames"),
    "pyarrow": ("Apache-2.0", "Parquet"),
    "pyttsx3": ("MPL-2.0", "speaking"),
    "distributed": ("BSD-3-Clause", "batches on several machines"),
    "anny": ("Apache-2.0", "bodies of rendered people"),
    "torch": ("BSD-3-Clause", "what anny computes with"),
    "pyvista": ("MIT", "rendering"),
    "matplotlib": ("PSF-based", "plots of measured figures"),
    "pytest": ("MIT", "tests"),
    "hypothesis": ("MPL-2.0", "tests by properties"),
    "jsonschema": ("MIT", "tests of report.json"),
    "types-jsonschema": ("Apache-2.0", "types of jsonschema"),
    "ruff": ("MIT", "linter and formatter"),
    "mypy": ("MIT", "type checker"),
    "mkdocs-material": ("MIT", "this site"),
    "mkdocstrings": ("ISC", "the Python reference on it"),
    "hatchling": ("MIT", "building the package"),
    "pytest-cov": ("MIT", "how much the tests cover"),
    "mutmut": ("BSD-3-Clause", "how much the tests notice"),
    "cosmic-ray": ("MIT", "how much the tests notice"),
    "coverage": ("Apache-2.0", "how much the tests cover"),
    "build": ("MIT", "building the package"),
}
"""Library → its licence, and what it is for."""

TOP = """\
# Licences

formcheck is under the [Apache License 2.0](../LICENSE). None of the libraries below is part of it:
pip installs them, each under its own licence.

## In this repository and in the package

| what | whose | licence |
|---|---|---|
| all code, texts and exercise files | the formcheck developers | Apache-2.0 |
| the angle refiner (`models/angle_refiner.npz`), learned from rendered people | the formcheck developers | Apache-2.0 |
| the network for crossed legs (`models/crossed_legs.npz`), learned from them too | the formcheck developers | Apache-2.0 |
| sample clips and all pictures in these pages: rendered or drawn by the code here, nobody was filmed | the formcheck developers | Apache-2.0 |
| bodies of the people in them: made with [anny](https://pypi.org/project/anny/), which derives them from MakeHuman's assets | the MakeHuman team | CC0-1.0 |

No fonts are in it: pages use those of your system.

## Fetched when it is first needed

| what | whose | licence |
|---|---|---|
| the pose model, two networks out of MediaPipe's wheel ([which, and how it is checked](../models/README.md)) | Google LLC | Apache-2.0 |

## Inside of libraries

Worth knowing for whoever passes on an image or an installer with everything in it:

- Wheels of **av** contain FFmpeg (LGPL-3.0-or-later), and with it x264 and x265
  (GPL-2.0-or-later), which encode the annotated video. Sources are with their projects.
- Wheels of **opencv-contrib-python** contain FFmpeg (LGPL) and, on Linux, Qt 5 (LGPL-3.0). The
  letters in annotated videos are drawn with the font inside OpenCV, Rubik (OFL-1.1).
- **pyttsx3** speaks through the voice of your system; on Linux that is espeak-ng
  (GPL-3.0-or-later), which you install yourself.
- H.264 is covered by patents in some countries; encoding your own clips at home is no trouble,
  selling a product that does it may need a licence.
- This site contains scripts, styles and icons of mkdocs-material (MIT; Material Design Icons,
  Apache-2.0).
"""

ALWAYS = "Always needed"


def licences_page() -> str:
    """Return the page, whose lists are those of ``pyproject.toml``."""
    parts = [TOP]
    for title, names in groups().items():
        rows = [(f"[{n}](https://pypi.org/project/{n}/)", *reversed(LICENCES[n])) for n in names]
        parts.append(f"## {title}\n\n{table(('library', 'for', 'licence'), rows)}\n")
    return "\n".join(parts)


def groups() -> dict[str, list[str]]:
    """Return the libraries that pyproject.toml names: title → names."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    about = project["project"]
    found = {ALWAYS: about["dependencies"]}
    for extra, asked in about["optional-dependencies"].items():
        found[f"With the extra `{extra}`"] = asked
    for group, asked in project["dependency-groups"].items():
        found[f"For developers: `{group}`"] = [one for one in asked if isinstance(one, str)]
    found["To build the package"] = project["build-system"]["requires"]
    named = {title: [library(one) for one in asked] for title, asked in found.items()}
    return {t: [n for n in names if n != "formcheck"] for t, names in named.items()}


def library(requirement: str) -> str:
    """Return the name in a requirement."""
    found = re.match(r"[A-Za-z0-9._-]+", requirement)
    return found[0].lower() if found else requirement
