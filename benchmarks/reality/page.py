"""The docs' page about real people, and the tables of the terminal."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

from benchmarks.quality.figures import Figures
from benchmarks.quality.page import markdown
from benchmarks.quality.shelf import NOTHING, Section, Table
from benchmarks.reality import checks, texts
from benchmarks.reality.look import Moment
from benchmarks.reality.watch import WORLD
from benchmarks.reality.words import (
    ANGLE_TITLES,
    SIDE_PLOT,
    SOURCE_TITLES,
    SOURCES,
    STANDING_PLOT,
)

NOTE = "<!-- Made by python -m benchmarks.reality --write; changes here are lost. -->\n\n"
PAGE = "real-people.md"
STRAIGHT = ("knee_flexion_deg", "trunk_inclination_deg")
"""What is near 0 in who stands."""
KINDS = {
    "side": "Against the picture's plane",
    "standing": "Standing, knee bent most",
    "alike": "Left less right",
    "jump": "Fastest change",
}


@dataclass(frozen=True)
class Results:
    """All that was found."""

    clips: Mapping[str, Figures]
    everything: Figures
    exercise: Mapping[str, str]
    """Clip → what is done in it."""
    yaw_deg: Mapping[str, float]
    """Clip → in which direction the person mostly faces."""
    strange: Sequence[Moment]
    refiners: Sequence[str]
    rendered: Figures = field(default_factory=dict)
    made_with: str = ""
    """Which weights, pose model and versions."""


def sections(r: Results) -> list[Section]:
    """Return the page's parts; those without figures are left out."""
    both = " and ".join(SOURCE_TITLES[s] for s in r.refiners)
    last = SOURCE_TITLES[r.refiners[-1]]
    made = [
        Section(
            "Side view, against the picture's plane",
            texts.SIDE_TEXT,
            (_side(r), _by_exercise(r)),
            SIDE_PLOT,
        ),
        Section("Standing still", texts.STANDING_TEXT, (_standing(r),), STANDING_PLOT),
        Section("Left and right", texts.ALIKE_TEXT, (_alike(r),)),
        Section("Lengths", texts.LENGTHS_TEXT, (_lengths(r), _chain(r))),
        Section("Jumps", texts.STEADY_TEXT, (_steady(r),)),
        Section("Mirror", texts.MIRROR_TEXT, (_mirror(r),)),
        Section("Top of a bridge", texts.BRIDGE_TEXT, (_bridge(r),)),
        Section("Clip by clip", texts.CLIPS_TEXT.format(both), (_clips(r),)),
        Section("Where to look", texts.LOOK_TEXT.format(last), tuple(_looks(r))),
    ]
    return [section for section in made if any(table.rows for table in section.tables)]


def page(r: Results, plots: Sequence[Path]) -> str:
    """Return the page as Markdown.

    Parameters
    ----------
    r
        What was found.
    plots
        The pictures that were drawn.
    """
    drawn = {path.name for path in plots}
    parts = ["# Angles of real people", texts.INTRO]
    for s in sections(r):
        parts += [f"## {s.title}", s.text]
        if s.plot in drawn:
            parts.append(f"![{s.title}](images/{s.plot})")
        if s.title == "Where to look":
            for table, kind in zip(s.tables, _kinds(r), strict=True):
                parts += [f"**{KINDS[kind]}**", markdown(table)]
        else:
            parts += [markdown(table) for table in s.tables if table.rows]
    return NOTE + "\n\n".join([*parts, "## What it was measured with", r.made_with]) + "\n"


def _side(r: Results) -> Table:
    columns = ("angle", "source", "clips", "mean abs. difference", "mean difference")
    within = tuple(f"in {level} %" for level in checks.LEVELS)
    rows = []
    for name, title in ANGLE_TITLES.items():
        for source in SOURCES:
            at = f"side/{name}/{source}"
            if f"{at}/bias_deg" not in r.everything and f"{at}/bias_deg" not in r.rendered:
                continue
            rows.append(
                (
                    title,
                    SOURCE_TITLES[source],
                    _n(r.everything, f"{at}/mean_abs_deg"),
                    _deg(r.everything, f"{at}/mean_abs_deg"),
                    _deg(r.everything, f"{at}/bias_deg", signed=True),
                    _number(r.everything, f"{at}/correlation", ".3f"),
                    *(_share(r.everything, f"{at}/within_{n}_share") for n in checks.LEVELS),
                    _deg(r.rendered, f"{at}/bias_deg", signed=True),
                    _share(r.rendered, f"{at}/within_80_share"),
                )
            )
    beside = ("rendered: mean difference", "rendered: in 80 %")
    return Table((*columns, "correlation", *within, *beside), tuple(rows), 2)


def _by_exercise(r: Results) -> Table:
    """Return how much the side view's angles differ in each exercise."""
    shown = [s for s in SOURCES if s == WORLD or s in r.refiners]
    rows = []
    for exercise in dict.fromkeys(r.exercise.values()):
        own = checks.together({c: f for c, f in r.clips.items() if r.exercise[c] == exercise})
        for name, title in ANGLE_TITLES.items():
            cells = [_deg(own, f"side/{name}/{s}/mean_abs_deg") for s in shown]
            if set(cells) != {NOTHING}:
                clips = _n(own, f"side/{name}/{WORLD}/mean_abs_deg")
                rows.append((exercise, title, clips, *cells))
    titles = (f"{SOURCE_TITLES[s]}: mean abs. difference" for s in shown)
    return Table(("exercise", "angle", "clips", *titles), tuple(rows), 2)


def _standing(r: Results) -> Table:
    rows = [
        (
            title,
            SOURCE_TITLES[source],
            _n(r.everything, f"{at}/q50_deg"),
            *(_deg(r.everything, f"{at}/q{q}_deg") for q in ("05", "50", "95")),
            _share(r.everything, f"{at}/straight_share") if name in STRAIGHT else NOTHING,
            *(
                cell
                for f in (r.everything, r.rendered)
                for cell in (_n(f, f"{at}/side_on/q50_deg"), _deg(f, f"{at}/side_on/q50_deg"))
            ),
        )
        for name, title in ANGLE_TITLES.items()
        for source in SOURCES
        for at in [f"standing/{name}/{source}"]
        if f"{at}/q50_deg" in r.everything or f"{at}/side_on/q50_deg" in r.rendered
    ]
    columns = ("angle", "source", "clips", "5 %", "middle", "95 %")
    straight = f"within {checks.STRAIGHT_DEG:g}°, %"
    beside = (straight, "side-on: clips", "middle", "rendered, side-on: clips", "middle")
    return Table((*columns, *beside), tuple(rows), 2)


def _alike(r: Results) -> Table:
    rows = [
        (
            ANGLE_TITLES[name],
            SOURCE_TITLES[source],
            *(
                cell
                for kind in ("alike", "unlike")
                for cell in (
                    _n(r.everything, f"{kind}/{name}/{source}/mean_abs_deg"),
                    _deg(r.everything, f"{kind}/{name}/{source}/mean_abs_deg"),
                    _deg(r.everything, f"{kind}/{name}/{source}/bias_deg", signed=True),
                )
            ),
        )
        for name in checks.BENT
        for source in SOURCES
        if f"alike/{name}/{source}/mean_abs_deg" in r.everything
    ]
    kinds = ("squats, bridges", "lunges")
    columns = (f"{kind}: {what}" for kind in kinds for what in ("clips", "mean abs.", "mean"))
    return Table(("angle", "source", *columns), tuple(rows), 2)


def _lengths(r: Results) -> Table:
    titles = {"thigh": "thigh", "shin": "shin", "leg": "leg, implied by angles"}
    rows = [
        (title, SOURCE_TITLES[source], _n(r.everything, at), _share(r.everything, at, 1))
        for part, title in titles.items()
        for source in SOURCES
        if (at := f"lengths/{part}/{source}/variation_share") in r.everything
    ]
    return Table(("length", "source", "clips", "varies by, %"), tuple(rows), 2)


def _chain(r: Results) -> Table:
    rows = [
        (
            SOURCE_TITLES[source],
            _n(r.everything, f"{at}/mean_abs_deg"),
            _deg(r.everything, f"{at}/mean_abs_deg"),
            _share(r.everything, f"{at}/over_5_share", 1),
        )
        for source in SOURCES
        if f"{(at := f'chain/{source}')}/mean_abs_deg" in r.everything
    ]
    return Table(("contradiction", "clips", "mean, °", "over 5°, % of frames"), tuple(rows))


def _steady(r: Results) -> Table:
    rows = []
    for source in SOURCES:
        at = f"steady/{source}"
        jumps = r.everything.get(f"{at}/jumps_count")
        if jumps:
            clips = sum(
                f[key].value > 0 for f in r.clips.values() if (key := f"{at}/jumps_count") in f
            )
            rows.append(
                (
                    SOURCE_TITLES[source],
                    _n(r.everything, f"{at}/q99_deg_per_s"),
                    _deg(r.everything, f"{at}/q99_deg_per_s", 0),
                    _deg(r.everything, f"{at}/greatest_deg_per_s", 0),
                    f"{jumps.value:.0f}",
                    f"{1000 * jumps.value / jumps.n:.1f}",
                    str(clips),
                    _number(r.everything, f"{at}/seen_jumps_count", ".0f"),
                )
            )
    columns = ("source", "clips", "99 % are slower than, °/s", "fastest, °/s", "jumps")
    rest = ("of 1000 changes", "clips with jumps", "jumps of legs that are seen")
    return Table((*columns, *rest), tuple(rows))


def _mirror(r: Results) -> Table:
    rows = [
        ("landmarks", "all angles: greatest", SOURCE_TITLES[s], _n(r.everything, at), shown)
        for s in SOURCES
        if (at := f"mirror/poses/{s}/greatest_difference_deg") in r.everything
        for shown in [_number(r.everything, at, ".1g")]
    ]
    rows += [
        ("pictures", ANGLE_TITLES[name], SOURCE_TITLES[s], _n(r.everything, at), shown)
        for name in checks.MOVING
        for s in SOURCES
        if (at := f"mirror/pictures/{name}/{s}/mean_abs_deg") in r.everything
        for shown in [_deg(r.everything, at)]
    ]
    return Table(("mirrored", "angle", "source", "clips", "difference, °"), tuple(rows), 3)


def _bridge(r: Results) -> Table:
    names = ("hip_flexion_deg", "hip_swing_deg", "knee_flexion_deg")
    rows = []
    for clip, figures in sorted(r.clips.items()):
        if "bridge/side_on_share" not in figures:
            continue
        view = "side" if figures["bridge/side_on_share"].value > 0.5 else "oblique"
        for name in names:
            cells = [_deg(figures, f"bridge/{name}/{s}/median_deg", signed=True) for s in SOURCES]
            rows.append((clip, view, ANGLE_TITLES[name], *cells[:-1]))
    shown = tuple(SOURCE_TITLES[s] for s in SOURCES[:-1])
    return Table(("clip", "view", "angle", *shown), tuple(rows), 3)


def _clips(r: Results) -> Table:
    rows = []
    for clip, f in sorted(r.clips.items()):

        def each(name: str, digits: int = 1, f: Figures = f, scale: float = 1.0) -> str:
            cells = [
                f"{scale * f[key].value:.{digits}f}"
                for s in r.refiners
                if (key := name.format(s)) in f
            ]
            return " / ".join(cells) or NOTHING

        last = f"side/knee_flexion_deg/{r.refiners[-1]}/mean_abs_deg"
        rows.append(
            (
                clip,
                r.exercise[clip],
                f"{r.yaw_deg[clip]:.0f}",
                _n(f, last),
                each("side/knee_flexion_deg/{}/mean_abs_deg"),
                each("side/hip_flexion_deg/{}/mean_abs_deg"),
                each("side/trunk_inclination_deg/{}/mean_abs_deg"),
                each("standing/knee_flexion_deg/{}/q50_deg"),
                each("alike/knee_flexion_deg/{}/mean_abs_deg"),
                each("lengths/leg/{}/variation_share", scale=100.0),
                each("steady/{}/jumps_count", 0),
            )
        )
    columns = ("clip", "is", "direction", "side frames", "knee", "hip", "trunk", "standing knee")
    return Table((*columns, "left, right", "leg, %", "jumps"), tuple(rows), 2)


def _kinds(r: Results) -> list[str]:
    return list(dict.fromkeys(m.kind for m in r.strange))


def _looks(r: Results) -> Iterator[Table]:
    """Yield a table for each kind of strange moments."""
    shown = [s for s in SOURCES if any(s in m.said for m in r.strange)]
    for _, of_kind in groupby(r.strange, key=lambda m: m.kind):
        rows = tuple(
            (
                m.clip,
                _named(m.name),
                f"{m.t_s:.2f}",
                *(f"{m.said[s]:.0f}" if s in m.said else NOTHING for s in shown),
                f"{m.size_deg:.0f}",
                f"{m.sigma_deg:.0f}" if math.isfinite(m.sigma_deg) else NOTHING,
            )
            for m in of_kind
        )
        titles = (SOURCE_TITLES[s] for s in shown)
        yield Table(("clip", "angle", "at, s", *titles, "difference", "sigma"), rows, 2)


def _named(name: str) -> str:
    side, _, rest = name.replace("near ", "nearer_").partition("_")
    return f"{side} {ANGLE_TITLES[rest]}" if rest in ANGLE_TITLES else _plain(name)


def _plain(name: str) -> str:
    bare = name.removeprefix("near ")
    return ANGLE_TITLES.get(bare, bare)


def _number(figures: Figures, name: str, how: str) -> str:
    return format(figures[name].value, how) if name in figures else NOTHING


def _deg(figures: Figures, name: str, digits: int = 1, *, signed: bool = False) -> str:
    return _number(figures, name, f"{'+' if signed else ''}.{digits}f")


def _share(figures: Figures, name: str, digits: int = 0) -> str:
    return f"{100 * figures[name].value:.{digits}f}" if name in figures else NOTHING


def _n(figures: Figures, name: str) -> str:
    return str(figures[name].n) if name in figures else "0"
