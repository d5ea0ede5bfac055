"""What is filmed of somebody who squats, as one would describe it."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.rendering.action import Fault


@dataclass(frozen=True)
class SquatRep:
    """One repetition. Sizes hold at the bottom, on the true joints, in the analyzer's units.

    What is None comes as this person's way of squatting has it.
    """

    thigh_deg: float = 95.0
    """Thigh against straight down: 0 standing, 90 level, more below that."""
    down_s: float = 1.3
    """From rest to rest."""
    hold_s: float = 0.15
    up_s: float = 1.1
    rest_s: float = 0.5
    """Standing still afterwards."""
    descent_s: float | None = None
    """As it is measured, from 5 to 95 % of the way; instead of `down_s`."""
    dropping: float = 1.0
    """Power of time on the way down: beyond 1, it begins gently and is braked late."""
    ascent_s: float | None = None
    """Likewise, instead of `up_s`."""
    counted: bool = True
    """False for a partial repetition: down part of the way and up again."""
    lean_deg: float = 0.0
    """Pitch of the pelvis beyond this person's own."""
    trunk_deg: float | None = None
    """Inclination of the trunk."""
    trunk_shin_deg: float | None = None
    """Inclination of the trunk less that of the shins; leave it or `trunk_deg` open."""
    knee_ratio: float | None = None
    """Distance of the knees over that of the ankles."""
    heel_rise_deg: float = 0.0
    hip_shift_ratio: float = 0.0
    """Of the hips to the left of the feet's middle, in hip widths."""
    asymmetry_deg: float = 0.0
    """By how much the left knee bends more than the right one."""
    balance_m: float = 0.0
    """How far the weight is in front of where this person has it: on the heels if negative."""
    left_bent_deg: float = 0.0
    """Knee flexion with which the repetition ends, beyond standing."""
    stance_ratio: float | None = None
    """Distance of the ankles over that of the shoulders; the feet are moved before, if need be."""
    toe_out_deg: float | None = None
    faults: tuple[Fault, ...] = ()
    """What this repetition is meant to show."""


@dataclass(frozen=True)
class Style:
    """How one person squats."""

    stance_m: float = 0.36
    toe_out_deg: float = 16.0
    arm_style: str = "forward"
    """One of `benchmarks.rendering.posture.ARM_STYLES`."""
    shin_deg: float = 33.0
    """Inclination of the shins in a deep squat: how far the ankles let the knees go."""
    trunk_shin_most_deg: float = 90.0
    """If the trunk would lean further beyond the shins than that, the ankles do let them."""
    standing_bent_deg: float = 5.0
    knee_ratio: float = 1.1
    """Distance of the knees over that of the ankles in a deep squat."""
    wobble: float = 1.0
    """Size of the small involuntary movements."""


@dataclass(frozen=True)
class Plan:
    """What is filmed."""

    name: str
    reps: tuple[SquatRep, ...]
    style: Style
    before_s: float = 1.2
    after_s: float = 1.2
    fidget: float = 0.0
    """How much the person moves about before and after."""
