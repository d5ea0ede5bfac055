"""The reference of the Python interface, by name."""

from __future__ import annotations

import inspect
from collections.abc import Mapping

import formcheck

GROUPS: Mapping[str, tuple[str, ...]] = {
    "A clip in one call": ("check", "CheckedReport", "landmarks"),
    "Step by step": ("analyze_frames", "analyze_recording", "Analyzer", "to_document"),
    "Exercises": ("exercise_ids", "load_exercise", "Exercise"),
    "What goes in": ("Frame", "SourceInfo", "Pose", "PoseTrack", "Skeleton", "BLAZEPOSE"),
    "What comes out": ("Tick", "Report", "Rep", "Verdict", "Status", "Reading", "Cue", "View"),
    "When something is wrong": ("FormcheckError",),
}
"""Title → public names, in the order of the page."""
SEAMS: Mapping[str, tuple[str, ...]] = {
    "To bring your own": (
        "formcheck.sources.base.FrameSource",
        "formcheck.estimators.base.PoseEstimator",
        "formcheck.sinks.base.Sink",
        "formcheck.overlay.base.Layer",
    ),
}
"""Protocols for what others write, by their full names."""
PLAIN = {
    "BLAZEPOSE": "The 33 landmarks of MediaPipe's pose model.",
    "__version__": "The version of formcheck.",
}
"""What has no docstring of its own."""

TOP = """\
# Python, by name

Everything that `import formcheck` offers. [By example](python.md) is the better start;
[conventions](conventions.md) says what angles, axes and units are. Names that are not here may
change with any version. What is unknown is `nan`, never 0; times are seconds from the first frame.

| name | is |
|---|---|
"""


def api_page() -> str:
    """Return the page: a table of all names, and the documentation of each on the site."""
    rows, parts = [], []
    for title, names in {**GROUPS, **SEAMS}.items():
        parts.append(f"## {title}\n")
        for name in names:
            short = name.rpartition(".")[2]
            rows.append(f"| [`{short}`](#{short.lower()}) | {summary(name)} |")
            full = name if "." in name else f"formcheck.{name}"
            parts.append(
                f"### {short}\n\n{summary(name)}\n\n`{full}`\n\n<!-- ::: {home(name)} -->\n"
            )
    rows.append(f"| `__version__` | {PLAIN['__version__']} |")
    return TOP + "\n".join([*rows, "", *parts])


def home(name: str) -> str:
    """Return where a name is defined."""
    if "." in name:
        return name
    return f"formcheck.{formcheck._HOME[name]}.{name}"  # noqa: SLF001 - the docs are ours


def summary(name: str) -> str:
    """Return the first sentence about a name."""
    if name in PLAIN:
        return PLAIN[name]
    module, _, short = home(name).rpartition(".")
    found = getattr(__import__(module, fromlist=[short]), short)
    return " ".join((inspect.getdoc(found) or "").split("\n\n")[0].split())
