"""Lunges as one would describe them: repetitions, a person's style, what is filmed."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.rendering.action import Fault

KINDS = ("forward", "reverse", "split", "walking")
ARM_STYLES = ("hips", "hanging", "clasped")


@dataclass(frozen=True)
class LungeRep:
    """One repetition, with its faults. Sizes hold at the lowest point; None is the style's."""

    side: str = "left"
    """Which leg is in front."""
    kind: str = "forward"
    """One of `KINDS`."""
    front_knee_deg: float = 92.0
    """Flexion."""
    shin_deg: float | None = None
    """Of the front shin against the vertical, forward."""
    step_ratio: float | None = None
    """Distance of the ankles fore and aft, in leg lengths."""
    width_m: float | None = None
    """Distance of the ankles sideways."""
    knee_offset_m: float | None = None
    """Front knee from the line of its foot, inwards."""
    trunk_deg: float | None = None
    """Forward lean of the trunk."""
    side_lean_deg: float = 0.0
    """Of the trunk, towards the side of the front leg."""
    pelvis_drop_deg: float = 0.0
    """How much lower the pelvis is on the side of the rear leg."""
    left_bent_deg: float = 0.0
    """Knee flexion with which the repetition ends, beyond standing."""
    sway_m: float = 0.0
    """How far the shoulders go from side to side on the way back; no less than they do anyway."""
    descent_s: float = 1.1
    """How long the pelvis takes for most of its way down, from 5 to 95 % of it."""
    hold_s: float = 0.15
    up_s: float = 1.2
    """From the lowest point until the person stands or, with the feet apart, is up."""
    rest_s: float = 0.4
    counted: bool = True
    """False for a partial repetition."""
    faults: tuple[Fault, ...] = ()
    """What this repetition is meant to show."""


@dataclass(frozen=True)
class LungeStyle:
    """How one person lunges."""

    arms: str = "hips"
    """One of `ARM_STYLES`."""
    stance_m: float = 0.19
    """Distance of the ankles when standing."""
    toe_out_deg: float = 6.0
    ankle_deg: float = 27.0
    """How far the rear ankle goes before its heel rises."""
    step_ratio: float = 0.86
    width_m: float = 0.18
    shin_deg: float = 12.0
    knee_offset_m: float = 0.0
    trunk_deg: float = 7.0
    standing_bent_deg: float = 5.0
    standing_lean_deg: float = 2.0
    apart_bent_deg: float = 14.0
    """Flexion of the front knee when up with the feet apart."""
    yaw_deg: float = 5.0
    """How far the pelvis turns with the step."""
    lift_m: float = 0.07
    """How high the foot goes on its way."""
    shift: float = 0.6
    """How far the pelvis goes over the foot that carries: 1 fully."""
    arm_swing_deg: float = 22.0
    """For each metre that the other foot is ahead, hanging arms."""
    steps_through: bool = True
    """Whether a walking lunge goes from one step to the next without putting the feet together."""
    wobble: float = 1.0
    """Size of the small involuntary movements."""


@dataclass(frozen=True)
class LungePlan:
    """What is filmed."""

    reps: tuple[LungeRep, ...]
    style: LungeStyle
    before_s: float = 1.2
    after_s: float = 1.2
    fidget: float = 0.0
    """How much the person moves about before and after."""
