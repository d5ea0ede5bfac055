"""How the overlay looks: colours and sizes, shared by all layers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from formcheck.frame import Image
from formcheck.results import Phase, Status

Color = tuple[int, int, int]
"""Red, green, blue; 0 to 255."""

PHASE_WORDS: Mapping[Phase, str] = MappingProxyType(
    {
        Phase.AWAY: "",
        Phase.READY: "Ready",
        Phase.DESCENT: "Down",
        Phase.BOTTOM: "Bottom",
        Phase.ASCENT: "Up",
    }
)
"""What the phase bar calls each phase."""


@dataclass(frozen=True, slots=True)
class Style:
    """Colours, and sizes as fractions of the picture's shorter side.

    The colours of the verdicts are lightened from the palette of Okabe and Ito, which
    people with any kind of colour vision can tell apart; the layers also give each
    verdict a shape of its own.
    """

    passed: Color = (38, 200, 152)
    failed: Color = (244, 108, 28)
    unclear: Color = (176, 182, 190)
    neutral: Color = (245, 245, 245)
    accent: Color = (98, 190, 240)
    text: Color = (255, 255, 255)
    faint: Color = (206, 212, 219)
    panel: Color = (16, 20, 26)
    outline: Color = (12, 14, 18)
    panel_opacity: float = 0.72
    """0 to 1."""
    brand: str = "formcheck"
    """Stands beside the time; may be empty."""

    margin: float = 0.024
    bone: float = 0.0075
    joint: float = 0.0115
    count: float = 0.135
    cue: float = 0.060
    arc: float = 0.06
    angle: float = 0.033
    label: float = 0.034
    note: float = 0.028
    bar: float = 0.022
    least_text_px: int = 11
    """No text is smaller than this, however small the picture."""

    def color_of(self, status: Status | None) -> Color:
        """Return the colour of a verdict; None is a part of the body without one."""
        if status is None:
            return self.neutral
        return {
            Status.PASS: self.passed,
            Status.FAIL: self.failed,
            Status.UNCLEAR: self.unclear,
        }[status]

    def text_px(self, fraction: float, picture: Image) -> int:
        """Return a text size in pixels that is legible on this picture."""
        return max(self.least_text_px, length_px(fraction, picture))


def length_px(fraction: float, picture: Image, least: int = 1) -> int:
    """Return a fraction of the picture's shorter side in whole pixels."""
    shorter: int = min(picture.shape[:2])
    return max(least, round(fraction * shorter))
