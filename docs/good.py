"""The summary of the measured figures for people, from ``benchmarks/quality.json``."""

# ruff: noqa: E501 - texts with figures

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from benchmarks.quality.figures import read
from benchmarks.quality.page import JSON
from benchmarks.quality.shelf import NOTHING, Shelf
from benchmarks.quality.takes import POSTURES
from docs.drawing import BLUE, FAINT, INK, ORANGE, Drawing
from docs.overview import ordered, table

HERE = Path(__file__).parent
RULE = HERE.parent / "benchmarks/common_rule.json"
README = HERE.parent / "README.md"
START = "<!-- figures: made by python -m docs.build; changes here are lost -->"
END = "<!-- end of figures -->"
SPLIT, ALL = "test", "all"
GOOD, FAIR = 0.9, 0.7
"""Shares of clips counted exactly, from which counting is called good, or fair."""
SOURCES = {
    "ours": ("formcheck", BLUE),
    "world": ("MediaPipe, in space", ORANGE),
    "pixels": ("MediaPipe, in the picture", FAINT),
}
"""Where angles come from, as figures call it → in words, and its colour."""
ANGLES = {
    "knee_flexion_deg": "knee bend",
    "hip_flexion_deg": "hip bend",
    "trunk_inclination_deg": "trunk lean",
}
POSTURE_WORDS = {"standing": "standing", "bent": "in a squat, or sitting", "lying": "lying"}

VERDICTS = {
    "Of the verdicts given, wrong": ("verdict", ALL, ALL, "wrong_of_given_share"),
    "Clear faults found, from a good view": ("level", ALL, "good", "clear", "fail_share"),
    "Slight faults found, from a good view": ("level", ALL, "good", "slight", "fail_share"),
    "Alarms that are right, from a good view": ("verdict", ALL, "good", "precision_share"),
    "Repetitions without a fault that get an alarm": ("clean", ALL, "alarmed_share"),
    "Left open (unclear), from a good view": ("verdict", ALL, "good", "unclear_share"),
    "Left open, from anywhere": ("verdict", ALL, ALL, "unclear_share"),
}
"""Words → the figure that they are about."""

TOP = """\
# How good is it?

Nobody should trust a form checker that does not say how often it is wrong. This page is the short
answer; [all figures](quality.md) are the long one. Both are written by `make quality` and
`python -m docs.build` from `benchmarks/quality.json`; nothing in them is typed by hand.
"""

MORE = """\
## Real people, speed, and the rest

- [Counting on real people](footage.md): clips of others whose repetitions a viewer counted.
- [Angles of real people](real-people.md): what must be so in anybody, and how far it is.
- [What limits the angles](angle-limits.md), and [what it cannot do](caveats.md).
- [Reliability](reliability.md): broken files, hostile input, an hour of live video.
- [Speed](speed.md), and [how it keeps up live](live.md#how-it-keeps-up).
- Others publish figures on their own people and clips, or none at all, so there is no table of
  names here. What can be compared fairly is above: MediaPipe's own landmarks and the rule that
  many counters use, on the same frames.
"""
"""Where to read on."""

MEASURED = """\
**What was measured.** {people} rendered people, in {clips} clips from every side and in bad
conditions, whose joints, repetitions and faults are known exactly. Nothing was tuned on them.
**They are not real people.** On clips of those, only [counts](footage.md) are known, and
[what must be so](real-people.md) in anybody's movement.
"""


def good_pages() -> dict[Path, str]:
    """Return the page and its pictures: where they go, and what they say."""
    _, figures = read(JSON)
    shelf = Shelf(figures, SPLIT)
    return {
        README: readme(shelf),
        HERE / "good.md": good_page(shelf),
        HERE / "images" / "good-counts.svg": counts_picture(shelf),
        HERE / "images" / "good-angles.svg": angles_picture(shelf),
    }


def good_page(shelf: Shelf) -> str:
    """Return the summary."""
    size = {name: shelf.number("set", name, digits=0) for name in ("people", "clips")}
    return "\n".join(
        [
            TOP,
            MEASURED.format(**size),
            in_short(shelf),
            counting(shelf),
            angles(shelf),
            verdicts(shelf),
            MORE,
        ]
    )


def readme(shelf: Shelf) -> str:
    """Return the README with the figures of now."""
    text = README.read_text("utf-8")
    start, end = text.index(START) + len(START), text.index(END)
    return f"{text[:start]}\n\n{readme_figures(shelf)}\n\n{text[end:]}"


def readme_figures(shelf: Shelf) -> str:
    """Return what the README says about all this."""
    rows = [
        (f"[{e.name}](docs/exercises/{e.id}.md)", str(len(e.criteria)), *_trusted(shelf, e.id))
        for e in ordered()
    ]
    columns = ("exercise", "criteria", "counted exactly, from your side", "from anywhere")
    bent = ("angle", "knee_flexion_deg", ALL, "bent")
    ours, world, pixels = (shelf.number(*bent, source, "mean_abs_deg") for source in SOURCES)
    wrong = shelf.per_cent("verdict", ALL, ALL, "wrong_of_given_share", digits=1)
    sure = shelf.per_cent("doubt", ALL, "exact_of_sure_share")
    squats = json.loads(RULE.read_text("utf-8"))["figures"]["squats"]
    rule = f"{100 * squats['exact_share']:.0f}"
    return f"""\
{table(columns, rows)}

Shares of clips of {shelf.number("set", "people", digits=0)} rendered people that nothing was tuned on. A report says
when its count is not sure: of the others, {sure} % are exact. Of the verdicts given, {wrong} % are wrong.
The rule that many counters use (knee below 90° after 145°) counts {rule} % of the same squats exactly.
A bent knee is off by {ours}° in the mean, where MediaPipe's own landmarks on the same frames give
{world}° (in space) or {pixels}° (in the picture). `make quality` makes all of it again,
`python -m benchmarks.common_rule` the other rule's:
[how good is it?](docs/good.md), [on real people](docs/footage.md), [how fast](docs/speed.md)."""


def _trusted(shelf: Shelf, exercise: str) -> tuple[str, str]:
    def words(*place: str) -> str:
        return (
            f"{shelf.per_cent('count', exercise, *place)} % of {shelf.n('count', exercise, *place)}"
        )

    return words("whole", "side", "exact_share"), words("exact_share")


def in_short(shelf: Shelf) -> str:
    """Return what it can be used for, exercise by exercise."""
    rows = []
    for e in ordered():
        share = value(shelf, "count", e.id, "exact_share")
        side = value(shelf, "count", e.id, "whole", "side", "exact_share")
        rows.append((f"[{e.name}](exercises/{e.id}.md)", trust(share), trust(side)))
    return "## In short\n\n" + table(("counting", "from any side", "from your side"), rows) + "\n"


def trust(share: float | None) -> str:
    """Return a share of clips in words."""
    if share is None:
        return "not measured"
    word = "good" if share >= GOOD else "fair" if share >= FAIR else "**not good enough yet**"
    return f"{word}: {100 * share:.0f} % of clips exactly"


def counting(shelf: Shelf) -> str:
    """Return how well it counts."""
    rows = []
    for e in ordered():
        shares = [
            shelf.per_cent("count", e.id, f"{how}_share") for how in ("exact", "over", "under")
        ]
        rows.append((e.name, *shares, shelf.n("count", e.id, "exact_share")))
    looks = ("count", "look-alike")
    sure = [
        shelf.per_cent("doubt", ALL, f"{name}_share")
        for name in ("exact_of_sure", "told_of_wrong", "sure_of_exact")
    ]
    return f"""\
## Counting

![Share of clips counted exactly, by exercise](images/good-counts.svg)

{table(("clips of", "exactly, %", "too many, %", "too few, %", "clips"), rows)}

Clips are filmed from all sides, also from where [nobody should put a camera](camera.md); a clip
with one repetition too few counts as wrong. Few clips of an exercise make a rough figure. Two
mistakes were noticed in clips of these people and mended for everybody: a plant was followed instead
of the person, and who sat with a leg stretched was taken to stand. No bound was set by these clips.

A report says when its count is not sure, and why. Of the counts without such a remark,
{sure[0]} % are exact ({shelf.n("doubt", ALL, "exact_of_sure_share")} clips); of the wrong ones, {sure[1]} % have it; of the exact ones,
{sure[2]} % do not.

{others(shelf)}
Of {shelf.n(*looks, "exact_share")} clips of other movements (sitting down, marching, picking something up and so on),
{shelf.per_cent(*looks, "exact_share")} % counted nothing, as they should.
"""


def others(shelf: Shelf) -> str:
    """Return how the rule that most counters use does on the same squats."""
    found = json.loads(RULE.read_text("utf-8"))
    rule, looks = found["figures"]["squats"], found["figures"]["look-alikes"]
    ours = ("count", "squat", "exact_share")
    return f"""\
Many counters use one rule: the knee's angle in the picture falls below 90° after having been above
145°. On the same recordings of the same landmarks that rule counts {100 * rule["exact_share"]:.0f} % of {rule["n"]} clips of squats
exactly, formcheck {shelf.per_cent(*ours)} % of {shelf.n(*ours)}; of other movements it rightly counts nothing in {100 * looks["exact_share"]:.0f} % of {looks["n"]}
(`{found["command"]}`). Shallow squats, which the rule leaves out on purpose, count as squats here.
"""


def angles(shelf: Shelf) -> str:
    """Return how far off angles are."""
    rows = []
    for name, words in ANGLES.items():
        for posture in POSTURES:
            place = ("angle", name, ALL, posture)
            means = [shelf.number(*place, source, "mean_abs_deg") for source in SOURCES]
            worst = shelf.number(*place, "ours", "p95_deg", digits=0)
            rows.append((words, POSTURE_WORDS.get(posture, posture), *means, worst))
    columns = (
        "angle",
        "posture",
        *(words for words, _ in SOURCES.values()),
        "formcheck: 95 % within",
    )
    return f"""\
## Angles

![Mean error of angles in degrees](images/good-angles.svg)

{table(columns, rows)}

Mean absolute errors in degrees. formcheck takes MediaPipe's landmarks and corrects the angles
between them by what was learned on other rendered people; how far it may still be off is part of
every reading, and decides whether a verdict is given at all. Lying is much harder than standing:
the pose model has seen few people who lie.
"""


def verdicts(shelf: Shelf) -> str:
    """Return how often verdicts are right."""
    rows = [(words, shelf.per_cent(*p, digits=1), shelf.n(*p)) for words, p in VERDICTS.items()]
    unfound = never_found(shelf)
    return f"""\
## Verdicts

{table(("", "%", "of"), rows)}

So a verdict that is given is seldom wrong, because much is left open. Believe what comes again in
several repetitions rather than a single one.
{unfound}
"""


def never_found(shelf: Shelf) -> str:
    """Return the criteria whose faults, made clearly, it missed from a good view."""
    missed = [
        f"{c.code} {c.name.lower()}"
        for e in ordered()
        for c in e.criteria
        if value(shelf, "level", c.code, "good", "clear", "fail_share") == 0
    ]
    few = [e.name.lower() for e in ordered() if not _tested(shelf, [c.code for c in e.criteria])]
    parts = []
    if missed:
        parts.append(f"Faults made clearly on purpose and never found: {', '.join(missed)}.")
    if few:
        parts.append(
            f"Faults made to a known size are there for the squat; those of {', '.join(few)} are "
            "only in [all figures](quality.md#verdicts), with few cases each."
        )
    return "\n" + " ".join(parts) if parts else ""


def _tested(shelf: Shelf, codes: Sequence[str]) -> bool:
    return any(
        value(shelf, "level", code, "good", "clear", "fail_share") is not None for code in codes
    )


def value(shelf: Shelf, *place: str) -> float | None:
    """Return a figure's value, or None where there were no cases."""
    figure = shelf.get(*place)
    return figure.value if figure else None


def counts_picture(shelf: Shelf) -> str:
    """Return bars: share of clips counted exactly, from any side and from the side."""
    shown = ordered()
    on = Drawing(640, 76 + 52 * len(shown), "Share of clips that are counted exactly")
    _legend(on, (("from any side", BLUE), ("from your side", FAINT)))
    for i, e in enumerate(shown):
        y = 58 + 52 * i
        on.text((196, y + 21), e.name, INK, 15, anchor="end")
        for place, ink, off in (
            (("exact_share",), BLUE, 0),
            (("whole", "side", "exact_share"), FAINT, 18),
        ):
            share = value(shelf, "count", e.id, *place)
            n = shelf.n("count", e.id, *place)
            _bar(
                on,
                (210, y + off),
                320,
                share,
                ink,
                "" if share is None else f"{100 * share:.0f} % of {n}",
            )
    return on.svg()


def angles_picture(shelf: Shelf) -> str:
    """Return bars: mean errors of the knee's bend, by posture and source."""
    on = Drawing(640, 64 + 78 * len(POSTURES), "Mean error of the knee's bend, in degrees")
    _legend(on, SOURCES.values())
    for i, posture in enumerate(POSTURES):
        y = 52 + 78 * i
        on.text((166, y + 30), POSTURE_WORDS.get(posture, posture), INK, 15, anchor="end")
        for k, (source, (_, ink)) in enumerate(SOURCES.items()):
            error = value(shelf, "angle", "knee_flexion_deg", ALL, posture, source, "mean_abs_deg")
            words = NOTHING if error is None else f"{error:.1f}°"
            _bar(on, (180, y + 19 * k), 380, None if error is None else error / 30, ink, words)
    return on.svg()


def _legend(on: Drawing, entries: Iterable[tuple[str, str]]) -> None:
    x = 60.0
    for words, ink in entries:
        on.box((x, 18), (14, 14), ink, 3)
        on.text((x + 20, 30), words, INK, 13, anchor="start")
        x += 44 + 7.4 * len(words)


def _bar(
    on: Drawing, at: tuple[float, float], full: float, share: float | None, ink: str, words: str
) -> None:
    long = max(2.0, full * min(share or 0.0, 1.0))
    on.box(at, (long, 15), ink, 3)
    on.text((at[0] + long + 8, at[1] + 12), words, INK, 13, anchor="start")
