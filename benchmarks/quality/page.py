"""The docs' pages of measured figures, from ``benchmarks/quality.json`` alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.quality.figures import Figures, read
from benchmarks.quality.sections import sections
from benchmarks.quality.shelf import NOTHING, Section, Shelf, Table
from benchmarks.quality.takes import POSTURES
from benchmarks.quality.verdicts import ALL
from benchmarks.quality.weakness import FEW, weaknesses
from formcheck.exercises.load import exercise_ids

ROOT = Path(__file__).parents[2]
JSON = ROOT / "benchmarks/quality.json"
DOCS = ROOT / "docs"
PAGES = {"test": "quality.md", "development": "quality-development.md"}
"""Split → its page."""
NOTE = "<!-- Made by python -m benchmarks.quality; changes here are lost. -->\n\n"
COMMAND = "make quality"

TEST_INTRO = f"""\
Measured on rendered people whose joints, repetitions and faults are known exactly
([rendering](rendering.md)), through the whole pipeline: clip, pose model, analyzer. `{COMMAND}`
makes all of it again: figures, plots and this page.

The people are of two kinds, and their figures are never mixed. On **development** people
([their page]({PAGES["development"]})) anything may be tuned. **Test** people, on this page, are
only ever measured.

Rendered people are not real ones. What there is on those: [counting on clips of real
people](footage.md). How fast it is: [speed](speed.md)."""

DEVELOPMENT_INTRO = f"""\
The same figures as for test people ([how good it is]({PAGES["test"]})), on the people that things
may be tuned on. They say what a change does, not how good the result is."""

WEAK_INTRO = f"""\
What misses what is wanted, of figures with {FEW} cases or more. Other limits:
[caveats](caveats.md)."""


def pages() -> dict[Path, str]:
    """Return every page: where it goes, and what it says; none before anything was measured."""
    if not JSON.is_file():
        return {}
    about, figures = read(JSON)
    return {
        DOCS / PAGES["test"]: NOTE + _test_page(about, figures),
        DOCS / PAGES["development"]: NOTE + _development_page(about, figures),
    }


def _test_page(about: Mapping[str, Any], figures: Figures) -> str:
    return _page(
        "# How good it is",
        TEST_INTRO,
        "## In short",
        markdown(summary(figures)),
        *(_section(section) for section in sections(figures, "test")),
        *_end(about, weaknesses(figures, "test")),
    )


def _development_page(about: Mapping[str, Any], figures: Figures) -> str:
    return _page(
        "# How good it is on development people",
        DEVELOPMENT_INTRO,
        *(_section(section, plots=False) for section in sections(figures, "development")),
        *_end(about, weaknesses(figures, "development")),
    )


def _page(*parts: str) -> str:
    return "\n\n".join(parts) + "\n"


def _end(about: Mapping[str, Any], weak: Sequence[str]) -> list[str]:
    listed = "\n".join(f"- {weakness}" for weakness in weak) or "- Nothing."
    made = ["## Where it is weak", WEAK_INTRO, listed, "## What it was measured with"]
    return [*made, _made_with(about)]


def _section(section: Section, *, plots: bool = True) -> str:
    parts = [f"## {section.title}", section.text]
    if section.plot and plots:
        parts.append(f"![{section.title}](images/{section.plot})")
    parts += [markdown(table) for table in section.tables if table.rows]
    return "\n\n".join(parts)


def markdown(table: Table) -> str:
    """Return a table as Markdown."""
    rule = ["---" if i < table.words else "---:" for i in range(len(table.columns))]
    return "\n".join(f"| {' | '.join(row)} |" for row in (table.columns, rule, *table.rows))


def _made_with(about: Mapping[str, Any]) -> str:
    lines = [f"{name} {version}" for name, version in sorted(about.get("versions", {}).items())]
    old = about.get("old_clips", 0)
    note = f" {old} of the clips were made by an earlier renderer or formcheck." if old else ""
    return f"`{about.get('command', COMMAND)}`: {', '.join(lines)}.{note}"


# In short


@dataclass(frozen=True)
class Headline:
    """One row of the summary."""

    title: str
    place: tuple[str, ...]
    share: bool = True
    """Whether it is shown in per cent."""


HEADLINES = (
    Headline("person found, upright, % of frames", ("found", "upright", "share")),
    Headline("person found, lying, % of frames", ("found", "lying", "share")),
    *(
        Headline(
            f"knee bend, {posture}: {source}, mean abs. error, °",
            ("angle", "knee_flexion_deg", ALL, posture, source, "mean_abs_deg"),
            share=False,
        )
        for posture in POSTURES
        for source in ("ours", "world", "pixels")
    ),
    *(
        Headline(f"{exercise} clips counted exactly, %", ("count", exercise, "exact_share"))
        for exercise in exercise_ids()
    ),
    Headline("counts given as sure that are exact, %", ("doubt", ALL, "exact_of_sure_share")),
    Headline("wrong counts said not to be sure, %", ("doubt", ALL, "told_of_wrong_share")),
    Headline("look-alikes that count nothing, %", ("count", "look-alike", "exact_share")),
    Headline("other exercises that count nothing, %", ("count", "other-exercise", "exact_share")),
    Headline("clear faults found, seen well, %", ("level", ALL, "good", "clear", "fail_share")),
    Headline("alarms that are right, seen well, %", ("verdict", ALL, "good", "precision_share")),
    Headline("verdicts unclear, seen well, %", ("verdict", ALL, "good", "unclear_share")),
    Headline("given verdicts that are wrong, %", ("verdict", ALL, ALL, "wrong_of_given_share")),
    Headline("clean repetitions with a false alarm, %", ("clean", ALL, "alarmed_share")),
    Headline("view named rightly, upright, %", ("view", "upright", ALL, "named_right_share")),
)


def summary(figures: Figures) -> Table:
    """Return the most important figures of both splits side by side."""
    shelves = [Shelf(figures, split) for split in PAGES]
    size = [
        (
            f"{name} in the set",
            *(cell for s in shelves for cell in (s.number("set", name, digits=0), "")),
        )
        for name in ("people", "clips", "frames", "repetitions")
    ]
    rows = [
        (
            h.title,
            *(
                cell
                for s in shelves
                for cell in (
                    s.per_cent(*h.place, digits=1) if h.share else s.number(*h.place),
                    s.n(*h.place),
                )
            ),
        )
        for h in HEADLINES
    ]
    shown = (*size, *(row for row in rows if {row[1], row[3]} != {NOTHING}))
    columns = ("figure", "test", "cases", "development", "cases")
    return Table(columns, tuple(shown))
