"""The model card of the angle refiner, from what its training measured."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_HEAD = """# Angle refiner

Takes the pose model's landmarks and says how the joints really are, with a standard deviation
for each. It runs on every frame unless plain geometry is asked for (`--angles plain`).

| | |
|---|---|
| file | `angle_refiner.npz`: {networks} networks of {widths} units |
| takes, gives | {inputs} features, {outputs} readings |
| made by | `make train` (renders what is missing, trains, calibrates, tests and writes this page) |
| licence | Apache-2.0, ours; no filmed person was used |
| data | {frames:,} frames of {people:,} rendered people |
| parted | {learn} people to learn from, {held} to calibrate the spread, {test} to test |

## What it was trained on

Bodies, clothes, rooms, lights, lenses and motions from `benchmarks/rendering`: the six
exercises well and badly done, everyday movements, and postures of no exercise, so that it does
not learn that both knees bend alike. The pose model looked at the pictures
as it does at any video; it found somebody in {found:.1f} % of all frames, hidden and cut-off
people included.

## How far off it is

Mean absolute error in degrees, on people and cameras that nothing was learned from, who are
neither cut off nor hidden. *Any* are postures of no exercise, in which each leg goes its own
way. *Raw* is the angle between the pose model's own world landmarks. The last columns say how
many per cent of the errors lie in the intervals that are to hold 50, 80 and 95 %; spreads are
calibrated apart on people who lie.

"""
_TAIL = """
## Limits

- It says how far the angles between the landmarks are off: across the picture the landmarks
  count as they are seen, in depth as the pose model guesses. Where it knows of no correction,
  these angles remain.
- It knows what the renderer can show. Poses unlike those get a wider spread, by how far their
  features are from all that was trained on.
- Rendered joints are where a body turns; nobody knows that of filmed people. On those it can
  only be checked indirectly, see the quality page.
- What is left is mostly the pose model's: given true landmarks, the same networks are off by
  about a degree ([what limits the angles](../docs/angle-limits.md)).
- One person, a camera that stands still, and an upright picture.
- Angles that a view hides are told from how people usually move. Their spread is wide, and is
  what verdicts go by.

## Training it again

```console
$ pip install '.[render]'
$ make train
```

Rendering takes most of the time and can be interrupted; takes that are there are kept.
`python -m benchmarks.training --help` tells how to make more of them.
"""


def card(made: Mapping[str, Any]) -> str:
    """Return the page.

    Parameters
    ----------
    made
        What `benchmarks.training.__main__` notes about a training.
    """
    recipe = made["recipe"]
    head = _HEAD.format(
        networks=recipe["networks"],
        widths="-".join(str(w) for w in recipe["widths"]),
        found=100 * made["found"],
        **{k: made[k] for k in ("inputs", "outputs", "frames", "people", "learn", "held", "test")},
    )
    return head + "\n".join(_rows(made["figures"])) + "\n" + _TAIL


def _rows(figures: list[dict[str, Any]]) -> list[str]:
    lines = [
        "| posture | view | joint | people | raw | refined | bias | 95 % below | 50 | 80 | 95 |",
        "|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    for row in figures:
        cells = [row["posture"], row["view"], row["joint"], str(row["people"])]
        cells += [f"{row[name]:.1f}" for name in ("raw_deg", "refined_deg", "bias_deg", "p95_deg")]
        cells += [f"{row[f'within_{p}']:.0f}" for p in (50, 80, 95)]
        lines.append("| " + " | ".join(cells) + " |")
    return lines
