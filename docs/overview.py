"""The pages about all exercises: what each counts and judges, and where its camera stands."""

# ruff: noqa: E501 - rows of tables

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from formcheck.exercises.definition import Exercise
from formcheck.exercises.load import exercise_ids, load_exercise
from formcheck.exercises.page import seen_best, wanted
from formcheck.measures.catalogue import FRAME
from formcheck.posture import POSTURES
from formcheck.questions import STANDARD

HERE = Path(__file__).parent
ORDER = ("squat", "lunge", "bridge", "pelvic-tilt", "figure-four", "nerve-glide")
"""Standing first, then lying and sitting; others after these."""

INDEX = """\
# Exercises

Six exercises for back and knees. Each has a page that says how to do it, where the camera goes,
what counts, and what is judged on which evidence. `formcheck exercises list` and
`formcheck exercises show NAME` say the same in the terminal;
[an exercise of your own](../adding-an-exercise.md) is one text file.

What each can be trusted with differs a lot: [how good is it?](../good.md)
"""

CAMERA = """\
# Where to put the camera

One camera sees one side of things. This is all that matters, the most important first:

1. **All of you** is in the picture, head to feet, in every part of the movement.
2. **From your side**, if there is no reason for another place. Depth, trunk, heels and hips show
   there. What only the front shows (knees falling in, hips off to one side) is *unclear* from the
   side, and the report says so. Film twice to have everything judged.
3. **At the height of your hips, level.** A camera that looks down at you makes legs short.
4. **Two to three metres away.** Nearer, hands and feet leave the picture; from far away you are small.
5. **Light on you**, not behind you. A window at your back makes you a shadow.
6. **One person** in the picture, nothing in front of the legs, and the camera on something firm.

Standing:

![The camera as high as the hips, about three metres away, and all of you fits in](images/camera-upright.svg)

Lying, the camera lies low, too, at the side of the body. From the head or the feet the pose model
sees little that is right ([how much less](good.md#counting)):

![Lying on the back: the camera at the side, not at the head or the feet](images/camera-floor.svg)
"""

BAD = """\
## What makes it worse

Rendered people, as everywhere on these pages. `formcheck live` says so before you begin; a report
says what could not be judged.

| | |
|---|---|
"""
BAD_PICTURES = {
    "cut-feet": "The feet are cut off: step back. Depth may still be counted, heels can't be judged.",
    "behind-chair": "Something is in front of the legs: move it.",
    "backlight": "The window is behind you: turn, or draw the curtain.",
    "low-light": "Too dark: the picture gets noisy and blurred.",
    "small": "Too far away: come closer, or zoom in.",
    "bystander": "Somebody beside you: it follows the one who moves, but is surer of you alone.",
}
"""Picture → what to do about it."""


def ordered() -> list[Exercise]:
    """Return all exercises in the order of the pages."""
    names = [*ORDER, *(name for name in exercise_ids() if name not in ORDER)]
    return [load_exercise(name) for name in names]


def overview_pages() -> dict[Path, str]:
    """Return the pages: where they go, and what they say."""
    return {
        HERE / "exercises" / "index.md": exercises_page(),
        HERE / "camera.md": camera_page(),
    }


def exercises_page() -> str:
    """Return what all exercises count and judge, side by side."""
    shown = ordered()
    rows = [
        (
            f"[{e.name}]({e.id}.md)",
            " or ".join(POSTURES[name] for name in e.postures),
            counted(e),
            sides(e),
            str(len(e.criteria)),
        )
        for e in shown
    ]
    parts = [INDEX, table(("exercise", "done", "counted or timed", "sides", "criteria"), rows)]
    for e in shown:
        picture = HERE / "images" / "exercises" / f"{e.id}--how.jpg"
        parts += [f"\n## {e.name}\n\n{e.summary}\n"]
        if picture.exists():
            parts.append(f"![{e.name}](../images/exercises/{picture.name})\n")
        parts.append(table(("criterion", "asked for", "basis", "best seen"), judged(e)))
    return "\n".join(parts) + "\n"


def counted(exercise: Exercise) -> str:
    """Return what is counted or timed, in words."""
    if exercise.hold:
        return f"time in position, to {exercise.hold.rule.goal_s:g} s"
    held = any("held_s" in c.question.measure for c in exercise.criteria)
    return f"repetitions: {FRAME[exercise.signal].title}" + (", and how long they are held" * held)


def sides(exercise: Exercise) -> str:
    """Return how left and right are told apart, in words."""
    apart = exercise.hold.one_sided if exercise.hold else exercise.side is not None
    return "left and right apart" if apart else "both together"


def judged(exercise: Exercise) -> Sequence[Sequence[str]]:
    """Return one row a criterion: a link to it, its bound, where that is from, the best view."""
    rows = []
    for c in exercise.criteria:
        asked, basis = wanted(c, STANDARD)
        title = f"{c.code} {c.name}"
        link = f"[{title}]({exercise.id}.md#{slug(title)})"
        rows.append((link, asked, basis, seen_best(exercise, c)))
    return rows


def camera_page() -> str:
    """Return where the camera stands, for all exercises."""
    parts = [CAMERA]
    for e in ordered():
        views: dict[str, list[str]] = {}
        for c in e.criteria:
            views.setdefault(seen_best(e, c), []).append(c.name)
        parts += [f"## {e.name}\n\n{e.camera}\n"]
        for picture in sorted((HERE / "images" / "camera").glob(f"{e.id}--*.jpg")):
            parts.append(
                f"![{e.name}, as the camera should see it](images/camera/{picture.name})\n"
            )
        rows = [(view, ", ".join(names)) for view, names in views.items()]
        parts.append(table(("best seen", "what"), rows) + "\n")
        parts.append(f"[All about the {e.name.lower()}](exercises/{e.id}.md)\n")
    pictured = [
        f"| ![{words.split(':')[0]}](images/camera/bad-{name}.jpg) | {words} |"
        for name, words in BAD_PICTURES.items()
    ]
    return "\n".join([*parts, BAD + "\n".join(pictured)]) + "\n"


def slug(title: str) -> str:
    """Return how a heading is called in a link."""
    return re.sub(r"[^\w -]", "", title.lower()).strip().replace(" ", "-")


def table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table as Markdown."""
    lines = [f"| {' | '.join(row)} |" for row in (columns, ["---"] * len(columns), *rows)]
    return "\n".join(lines)
