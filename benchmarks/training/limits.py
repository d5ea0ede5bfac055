"""``python -m benchmarks.training.limits``: what keeps angles from being nearer to the truth.

The same network is trained again and again: on fewer people, wider, with a look ahead, and on
landmarks that the renderer knows instead of those that the pose model found. Where the last
makes errors small and the others change little, what is left is the pose model's own.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import platformdirs
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import Progress

from benchmarks.training.__main__ import TAKES, parted, people
from benchmarks.training.calibrate import JOINTS, groups
from benchmarks.training.dataset import TARGETS, Dataset, Retouch, read
from benchmarks.training.fit import Recipe, Scaling, fit, say
from benchmarks.training.plan import wanted
from benchmarks.training.takes import FILES
from formcheck.pose import PoseTrack
from formcheck.results import SIDES

RECIPE = Recipe(networks=1, epochs=20)
"""Half as long as what is shipped is trained: all of them alike."""
WIDE = replace(RECIPE, widths=(1024, 896, 768))
LOOK_AHEAD = 4
"""Frames by which the network that may look ahead does so, and as many back."""
PAGE = Path("docs/angle-limits.md")
KEPT = Path("benchmarks/limits.json")


@dataclass(frozen=True)
class Try:
    """One training."""

    name: str
    title: str
    """What people read."""
    retouch: Retouch | None = None
    change: Callable[[Dataset], Dataset] | None = None
    share: float = 1.0
    """Of the people to learn from."""
    recipe: Recipe = RECIPE


def with_true(*, across: bool, depth: bool) -> Retouch:
    """Return what puts true joints in place of found landmarks.

    Parameters
    ----------
    across
        In the picture, and across it in space.
    depth
        Away from the camera.
    """

    def retouch(track: PoseTrack, truth: Mapping[str, Any]) -> PoseTrack:
        names = [str(name) for name in truth["joint_names"]]
        at = np.array([track.skeleton.index[name] for name in names])
        image_px, world_m = track.image_px.copy(), track.world_m.copy()
        space = truth["world_m"].astype(np.float64) @ truth["camera_rotation"].T
        hips = [names.index(f"{side}_hip") for side in SIDES]
        space = space - space[:, hips].mean(axis=1, keepdims=True)
        # As large as the pose model takes the person to be: that is no news about angles.
        sizes = [np.linalg.norm(a[..., :2], axis=(1, 2)) for a in (world_m[:, at], space)]
        space *= (sizes[0] / sizes[1])[:, None, None]
        nobody = np.isnan(sizes[0])[:, None, None]
        if across:
            image_px[:, at] = np.where(nobody, np.nan, truth["image_px"])
            world_m[:, at, :2] = space[..., :2]
        if depth:
            world_m[:, at, 2] = space[..., 2]
        return replace(track, image_px=image_px, world_m=world_m)

    return retouch


def both_ways(data: Dataset) -> Dataset:
    """Return every frame with the features of frames before and after it as well."""
    number = np.arange(len(data.take))
    columns = [data.features]
    for step in (-LOOK_AHEAD, LOOK_AHEAD):
        other = np.clip(number + step, 0, len(number) - 1)
        columns.append(data.features[np.where(data.take[other] == data.take, other, number)])
    return replace(data, features=np.concatenate(columns, axis=2))


TRIES = (
    Try("quarter", "a quarter of the people", share=0.25),
    Try("half", "half of the people", share=0.5),
    Try("all", "all people"),
    Try("wide", "all people, three times as wide", recipe=WIDE),
    Try("ahead", "all people, looking back and ahead", change=both_ways),
    Try("depth", "all people, depth known", with_true(across=False, depth=True)),
    Try("across", "all people, places in the picture known", with_true(across=True, depth=False)),
    Try("known", "all people, all landmarks known", with_true(across=True, depth=True)),
)


def attempt(one: Try, folders: list[Path], console: Console) -> list[dict[str, Any]]:
    """Train once and return the errors on people that nothing was learned from."""
    data = read(folders, one.retouch)
    if one.change:
        data = one.change(data)
    learn, _, test = parted(data)
    everybody = np.random.default_rng(0).permutation(np.unique(learn.person))
    learn = learn.only(np.isin(learn.person, everybody[: round(one.share * len(everybody))]))
    scaling = Scaling.of(learn)
    with Progress(console=console) as bar:
        values, _ = say(fit(learn, scaling, one.recipe, bar), test, scaling)
    return [
        {"try": one.name, "people": people(learn), "posture": posture, "view": view}
        | errors(values[chosen], test.truth[chosen, 0])
        for posture, view, chosen in groups(test)
        if chosen.any()
    ]


def errors(said: NDArray[Any], truth: NDArray[Any]) -> dict[str, float]:
    """Return the mean absolute error of each joint, in degrees."""
    return {
        joint: float(np.abs(said - truth)[:, [TARGETS.index(name) for name in names]].mean())
        for joint, names in JOINTS.items()
    }


_HEAD = """# What limits the angles

How near to the truth can angles get that are made of the pose model's landmarks? The same
network, half as long trained as the shipped one, was given fewer people, more width, a look
{ahead} frames ahead and back, and landmarks that are known instead of found. Mean absolute
errors in degrees, knee / hip / trunk, on people that nothing was learned from. Made by
`python -m benchmarks.training.limits`.

"""
_GROUPS = (
    ("standing", "side"),
    ("standing", "oblique"),
    ("standing", "front or rear"),
    ("supine", "side"),
    ("supine", "oblique"),
)
_TAIL = """
- *Known* landmarks stand in for a perfect pose model: joints where they truly are. What
  remains is what the networks themselves can't do; of the trunk's lean, mostly that nobody tells
  them how the camera is tilted.
- *Depth known*: where the pose model saw the joints in the picture, with the true distance from
  the camera. *Places in the picture known*: the other way round. Standing, depth is what is
  missing most; lying, where the joints are at all.
- More people still help, a little less each time. More width and a look ahead hardly do.
"""


def page(rows: list[dict[str, Any]]) -> str:
    """Return the page."""
    lines = [
        "| learned from | " + " | ".join(" ".join(group) for group in _GROUPS) + " |",
        "|---" * (1 + len(_GROUPS)) + "|",
    ]
    for one in TRIES:
        mine = {(r["posture"], r["view"]): r for r in rows if r["try"] == one.name}
        if not mine:
            continue
        cells = [
            " / ".join(f"{mine[group][joint]:.1f}" for joint in ("knee", "hip", "trunk"))
            if group in mine
            else ""
            for group in _GROUPS
        ]
        count = next(iter(mine.values()))["people"]
        lines.append(f"| {one.title} ({count:,}) | " + " | ".join(cells) + " |")
    return _HEAD.format(ahead=LOOK_AHEAD) + "\n".join(lines) + "\n" + _TAIL


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.training.limits")
    parser.add_argument("--cache", type=Path, metavar="DIR", help="where takes are kept")
    parser.add_argument("--only", nargs="*", help="some trainings, by name")
    given = parser.parse_args()
    console = Console()
    cache = given.cache or Path(platformdirs.user_cache_dir("formcheck")) / "takes"
    folders = [cache / n for n in wanted(TAKES, ())]
    folders = [folder for folder in folders if all((folder / file).is_file() for file in FILES)]
    rows = json.loads(KEPT.read_text("utf-8")) if KEPT.is_file() else []
    for one in TRIES:
        if given.only and one.name not in given.only:
            continue
        console.print(one.title)
        rows = [row for row in rows if row["try"] != one.name] + attempt(one, folders, console)
        KEPT.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
        PAGE.write_text(page(rows), encoding="utf-8")


if __name__ == "__main__":
    main()
