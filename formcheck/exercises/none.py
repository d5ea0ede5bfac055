"""What stands where no exercise is known."""

from __future__ import annotations

from formcheck.exercises.definition import Exercise
from formcheck.posture import POSTURES
from formcheck.reps import NO_REPETITIONS

NONE = Exercise(
    id="none",
    name="None of these",
    summary="Something that formcheck does not know.",
    camera="Whole body in the picture.",
    notes=(),
    postures=tuple(POSTURES),
    signal="",
    rule=NO_REPETITIONS,
    words={},
    side=None,
    requirements=(),
    criteria=(),
    hold=None,
    sha256="",
)
"""What is judged of a clip that shows no exercise that is known: nothing."""
