"""The docs' page about real people, and the tables of the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

from benchmarks.quality.figures import Figures
from benchmarks.quality.page import markdown
from benchmarks.quality.shelf import NOTHING, Section, Table
from benchmarks.reality import checks, moments
from benchmarks.reality.look import Moment
from benchmarks.reality.words import (
    ANGLE_TITLES,
    SIDE_PLOT,
    SOURCE_TITLES,
    SOURCES,
    STANDING_PLOT,
)

NOTE = "<!-- Made by python -m benchmarks.reality --write; changes here are lost. -->\n\n"
PAGE = "real-people.md"
INTRO = """\
Nobody knows the true angles of the people in real clips. What is known is what must be so in
any of them: seen from the side, the picture shows knees and hips as they are; who stands still
stands nearly straight; left and right do the same in a squat; bones keep their lengths; nobody
jumps; a mirror changes left and right and nothing else. This page tells how far that holds.

```console
$ python -m benchmarks.reality FOLDER --write
```

`FOLDER` holds clips as for [counting](footage.md). What the pose model sees in them is recorded
once and kept (`--cache`). `--rendered FOLDER` lays rendered people beside them, whose truth is
known ([rendering](rendering.md)); `--look FOLDER` draws the moments that are listed at the end.

Unless something else is said, a figure is the mean over clips, each of which counts once. Which
frames are looked at is decided from the picture and from which way the person faces, never from
the angles that are judged."""

SIDE_TEXT = f"""\
The nearer side, where the person is within {moments.SIDE_ON_DEG:g}° of side-on, the camera is
level to {moments.LEVEL_DEG:g}°, and shoulder, hip, knee and ankle are seen with a visibility of
{moments.SURE:g} or more. The difference is an angle less that in the picture's plane.

The picture's plane is not the truth: the pose model puts joints where it thinks they are, legs
point out of the plane, and people are not quite side-on. What it is off by on rendered people,
chosen in the same way, is the row "truth" in the columns of rendered people: a refiner should
differ from the picture by about as much as the truth does. Plain geometry **is** the picture's
plane in a side view, with the error of rendered people taken off: that they agree proves nothing.

Hip bend is compared from {checks.HIP_FROM_DEG:g}° on: in space it holds the way from the shoulder
to the narrower hips, too, which a side view does not show. Hip swing is without it.

"In 50 %" and so on is how often the angle in the picture lies in an angle's own 50, 80 and
95 % interval. As the picture has an error of its own, it would be less often than that if the
intervals were right; how much less, the last column shows."""
STANDING_TEXT = f"""\
Frames in which somebody stands still and upright in the picture: hips as high as they get, thigh
and shin in line to {moments.IN_LINE_DEG:g}°, trunk upright to {moments.UPRIGHT_DEG:g}°, hips and
ankles at rest. Knees should then be within about {checks.STRAIGHT_DEG:g}°. From the front, a
slightly bent knee looks straight, so a few people may truly be bent a little more. Hip bend in
space is about 10° in who stands straight ([conventions](conventions.md)), hip swing about 0.
The last columns are of those who are seen from the side alone."""
ALIKE_TEXT = """\
Left less right, where the feet stay in place and both legs are seen. In squats and bridges on
both legs the two do nearly the same; in lunges they must not, or a refiner would only have
learned that people are symmetric."""
LENGTHS_TEXT = f"""\
How much a length varies within a clip, as standard deviation over mean. The thigh and shin of
the pose model's landmarks in space should not vary at all. Refined angles have no lengths, but
imply one: on planted feet, the hip is as high above the ankle as thigh and shin reach up by their
angles to the vertical. That height is seen from every side; divided by the reach, it gives a
straight leg's length in the picture. It is taken where the reach changes by
{100 * checks.LEAST_CHANGE:g} % or more. Perspective alone makes it vary by a few per cent, more
when people come nearer.

"Contradiction" asks whether three angles of one leg fit together: the knee's bend lies between
the difference and the sum of what thigh and shin are from the vertical, in any posture and view.
Landmarks agree with themselves; a refiner that says each angle by itself need not."""
STEADY_TEXT = f"""\
Changes of knees, hips and trunk from one frame to the next, of both sides, in all frames with a
person, hidden legs among them. Nobody turns a joint faster than about {checks.FASTEST_DEG_S:g}° a
second; what is faster, and further than {checks.LEAST_JUMP_DEG:g}°, counts as a jump. A leg that is
taken for the other, or somebody else, is one too."""
MIRROR_TEXT = """\
Mirrored landmarks must give the mirrored angles exactly; all clips. Mirrored pictures need not:
the pose model sees them differently. A few short clips; the difference is that of each angle and
its counterpart."""
BRIDGE_TEXT = """\
The nearer side where the hips are highest: middle of the clip's frames, straight is 0. An
internal angle of 170° is a bend of 10°. Oblique clips show less than there is."""
CLIPS_TEXT = """\
Direction: 0 faces the camera, 90 the picture's right edge. Two numbers are those of {}. Differences
are mean absolute ones, in degrees."""
LOOK_TEXT = """\
Where {} is strangest, each clip with its strangest moments: look at these first. Numbers are in
degrees, by source; "difference" is the one that made it strange (a jump's in degrees a second)."""
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
        Section("Side view, against the picture's plane", SIDE_TEXT, (_side(r),), SIDE_PLOT),
        Section("Standing still", STANDING_TEXT, (_standing(r),), STANDING_PLOT),
        Section("Left and right", ALIKE_TEXT, (_alike(r),)),
        Section("Lengths", LENGTHS_TEXT, (_lengths(r), _chain(r))),
        Section("Jumps", STEADY_TEXT, (_steady(r),)),
        Section("Mirror", MIRROR_TEXT, (_mirror(r),)),
        Section("Top of a bridge", BRIDGE_TEXT, (_bridge(r),)),
        Section("Clip by clip", CLIPS_TEXT.format(both), (_clips(r),)),
        Section("Where to look", LOOK_TEXT.format(last), tuple(_looks(r))),
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
    parts = ["# Angles of real people", INTRO]
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
            )
            for m in of_kind
        )
        titles = (SOURCE_TITLES[s] for s in shown)
        yield Table(("clip", "angle", "at, s", *titles, "difference"), rows, 2)


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
