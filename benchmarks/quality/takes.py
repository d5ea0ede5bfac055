"""Rendered clips with their truth and what the pose model saw, as the benchmark needs them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from benchmarks.quality.perfect import true_values
from benchmarks.quality.sight import kind_of
from benchmarks.rendered import RenderedClip, load
from benchmarks.rendering import conditions
from formcheck.exercises.load import exercise_ids

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

Split = Literal["development", "test"]
SPLITS: tuple[Split, ...] = ("development", "test")
FIRST_TEST_PERSON = 2000
"""People with this number or a higher one are for testing: nothing is ever tuned on them."""

HIDING = frozenset(conditions.CUTS) | conditions.HIDING
"""Conditions that hide a part of the person on purpose."""

NAMES = {
    "glute_bridge": "bridge",
    "nerve_glide": "nerve-glide",
    "pelvic_tilt": "pelvic-tilt",
    "figure_four": "figure-four",
}
"""What the renderer calls an exercise → what its definition does, where they differ."""
FAULTS = "squat-SQ"
"""So begin the names of scripts that show one criterion's fault in a known size."""
CLEAN = "clean"
"""The script of squats without any fault."""

LYING_TRUNK_DEG, LYING_SHOULDER_M = 45.0, 0.5
"""Who lies has the trunk further from upright than this and the shoulders lower than this."""
BENT_KNEES_DEG = 45.0
POSTURES = ("standing", "bent", "lying")
"""Upright with straight knees, upright with bent ones (squatting, sitting), lying."""


def split_of(person: int) -> Split:
    """Return whether a person is for development or for testing."""
    return "test" if person >= FIRST_TEST_PERSON else "development"


@dataclass(frozen=True)
class TrueRep:
    """A repetition, or a hold, as it happened."""

    number: int
    start_s: float
    turn_s: float
    end_s: float
    counted: bool
    levels: Mapping[str, str]
    """Criterion that it was made to break, or nearly → ``clear``, ``slight`` or ``inside``."""
    truths: Mapping[str, float]
    """Criterion → the true value of what it asks for."""
    held_s: float = 0.0
    """How long the end position was kept."""


@dataclass(frozen=True)
class Take:
    """One rendered clip and what the pose model saw: T frames of the recording."""

    clip: RenderedClip
    reps: tuple[TrueRep, ...]
    at: NDArray[np.intp]
    """(T,) frame of the truth that each frame of the recording shows."""
    hips_px: FloatArray
    """(T, 2) where the middle of the hips truly is in the picture."""
    px_per_m: FloatArray
    """(T,) how large a metre is at the hips' distance."""

    @property
    def name(self) -> str:
        """The clip's name."""
        return self.clip.name

    @property
    def split(self) -> Split:
        """Whether its person is for development or for testing."""
        return split_of(self.person)

    @property
    def person(self) -> int:
        """The person's number."""
        return int(self.clip.labels.get("person_number", self.clip.labels["seed"]))

    @property
    def exercise(self) -> str:
        """What is done: an exercise, or ``none`` for a look-alike."""
        return _named(self.clip)

    @property
    def judged_as(self) -> str:
        """The exercise that it is checked as: its own, or squat if that has no definition."""
        return self.exercise if self.exercise in exercise_ids() else "squat"

    @property
    def view(self) -> str:
        """From where it is filmed; one of `benchmarks.quality.sight.VIEW_KINDS`."""
        return kind_of(str(self.clip.labels["view"]))

    @property
    def by_design(self) -> bool:
        """Whether every fault in it has a known size, and there are no others."""
        script = str(self.clip.labels.get("script", ""))
        return script.startswith(FAULTS) or script == CLEAN

    @property
    def conditions(self) -> tuple[str, ...]:
        """Names of what makes it harder."""
        return tuple(self.clip.labels.get("conditions", ()))

    @property
    def hidden(self) -> bool:
        """Whether a part of the person is hidden on purpose."""
        return not HIDING.isdisjoint(self.conditions)

    @property
    def wanted(self) -> int:
        """How many repetitions should be counted, or holds be timed."""
        return int(self.clip.labels["reps_counted"]) if self.judged_as == self.exercise else 0

    def angle(self, name: str) -> FloatArray:
        """Return a true angle by its name in the truth, (T,)."""
        return self.clip.angles[name][self.at]

    def middle_m(self, joint: str) -> FloatArray:
        """Return the true point between a left and a right joint, (T, 3)."""
        joints = self.clip.joints
        both: FloatArray = (joints[f"left_{joint}"] + joints[f"right_{joint}"])[self.at] / 2
        return both

    def posture(self) -> NDArray[np.str_]:
        """Return the true posture in each frame, (T,) names of `POSTURES`."""
        lying = (self.angle("trunk_inclination_deg") > LYING_TRUNK_DEG) & (
            self.middle_m("shoulder")[:, 2] < LYING_SHOULDER_M
        )
        knees = self.angle("left_knee_flexion_deg") + self.angle("right_knee_flexion_deg")
        upright = np.where(knees / 2 >= BENT_KNEES_DEG, "bent", "standing")
        return np.where(lying, "lying", upright)


def _named(clip: RenderedClip) -> str:
    done = str(clip.labels["exercise"])
    return NAMES.get(done, done)


def load_take(folder: Path) -> Take:
    """Read a clip's folder; the recording must be there."""
    clip = load(folder)
    with np.load(folder / "truth.npz") as truth:
        times, matrix = truth["t_s"], truth["camera_matrix_px"]
        seen = matrix @ truth["camera_rotation"]
        hips = clip.camera_to_person @ seen.T
    at = np.abs(times[None, :] - clip.track.t_s[:, None]).argmin(axis=1)
    return Take(
        clip=clip,
        reps=_reps(clip),
        at=at,
        hips_px=hips[at, :2] / hips[at, 2:],
        px_per_m=matrix[0, 0] / hips[at, 2],
    )


def labels_of(folder: Path) -> dict[str, Any]:
    """Read what is written about a clip."""
    return tomllib.loads((folder / "labels.toml").read_text("utf-8"))


def _reps(clip: RenderedClip) -> tuple[TrueRep, ...]:
    """Return a clip's repetitions, with the true values of what is asked of them.

    Labels that were written before the exercise could be judged do not tell those.
    """
    tables = clip.labels.get("reps", ())
    exercise = _named(clip)
    if exercise not in exercise_ids() or any(table.get("truths") for table in tables):
        return tuple(_rep(table) for table in tables)
    values = true_values(clip, exercise)
    return tuple(_rep({**table, "truths": v}) for table, v in zip(tables, values, strict=True))


CODES = {
    "shallow": "LU01",
    "knee_in": "LU03",
    "lean": "LU04",
    "side_lean": "LU05",
    "pelvis_drop": "LU06",
    "short_step": "LU07",
    "knee_past_toes": "LU08",
    "narrow_step": "LU09",
    "no_return": "LU10",
    "wobble": "LU11",
    "fast_descent": "LU12",
}
"""Faults that labels name by what they look like → the criterion that they break."""


def _rep(table: Mapping[str, Any]) -> TrueRep:
    faults = [CODES.get(name, name) for name in table["faults"]]
    return TrueRep(
        number=table["number"],
        start_s=table["start_s"],
        turn_s=table["turn_s"],
        end_s=table["end_s"],
        counted=table["counted"],
        levels=dict(zip(faults, table.get("levels", ()), strict=False)),
        truths=table.get("truths", {}),
        held_s=table.get("held_s", 0.0),
    )
