"""How well the most common rule counts the same squats: ``python -m benchmarks.common_rule``.

Many counters take the knee's angle between three landmarks in the picture and count when it falls
below 90 degrees after having been above 145 (for instance Ultralytics' AIGym by default). Here that
rule gets the very recordings that `make quality` made for the test people, on the leg that is seen
better. Figures go to ``benchmarks/common_rule.json``.
"""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import numpy as np
import platformdirs
from numpy.typing import NDArray

from formcheck.geometry import flexion_deg
from formcheck.pose import PoseTrack

OUT = Path(__file__).parent / "common_rule.json"
RENDERED = Path(platformdirs.user_cache_dir("formcheck", appauthor=False)) / "rendered"
UP_DEG, DOWN_DEG = 145.0, 90.0
SHOWN = {"squat": "squats", "none": "look-alikes"}
"""Exercise, as rendered clips call it → what it is called here."""


def knee_deg(track: PoseTrack) -> NDArray[np.float64]:
    """Return the inner angle of the knee that is seen better, frame by frame; 180 is straight."""
    names = track.skeleton.names

    def of(side: str, joint: str) -> int:
        return names.index(f"{side}_{joint}")

    side = max(
        ("left", "right"),
        key=lambda name: float(np.nan_to_num(track.visibility[:, of(name, "knee")]).mean()),
    )
    places = [track.image_px[:, of(side, joint)] for joint in ("hip", "knee", "ankle")]
    return np.array([180.0 - flexion_deg(*points) for points in zip(*places, strict=True)])


def counted(angles_deg: NDArray[np.float64]) -> int:
    """Return how often the angle falls below the one bound after having been above the other."""
    count, up = 0, False
    for angle in angles_deg:
        if angle > UP_DEG:
            up = True
        elif angle < DOWN_DEG and up:
            count, up = count + 1, False
    return count


def main() -> None:
    """Count all clips of test people and write how many were exact."""
    exact: dict[str, list[bool]] = {name: [] for name in SHOWN.values()}
    for folder in sorted(RENDERED.glob("test-*")):
        labels = tomllib.loads((folder / "labels.toml").read_text("utf-8"))
        if labels["exercise"] in SHOWN:
            count = counted(knee_deg(PoseTrack.load(folder / "poses.npz")))
            exact[SHOWN[labels["exercise"]]].append(count == labels["reps_counted"])
    figures = {
        name: {"exact_share": round(float(np.mean(found)), 4), "n": len(found)}
        for name, found in exact.items()
    }
    document = {"command": "python -m benchmarks.common_rule", "figures": figures}
    OUT.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()
