"""What makes a film difficult, by name: how it is framed, lit and taken, and who else is there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from benchmarks.rendering.cast import Wishes

CONDITIONS: Mapping[str, str] = {
    "portrait": "a phone that stands upright",
    "wide": "a wide-angle lens, nearby",
    "small": "the person takes a quarter to a third of the picture's height",
    "cut-feet": "the feet are outside of the picture",
    "cut-head": "the head is outside of the picture while standing",
    "behind-chair": "a chair between camera and person hides a part of a leg",
    "low-light": "dark, noisy, low in contrast, with a cast of colour",
    "backlight": "a bright window behind the person, who is dark",
    "noise": "a noisy sensor",
    "blur": "what moves is smeared: the shutter is open for 1/60 to 1/30 s",
    "compressed": "encoded at a low bitrate",
    "webcam": "soft, sharpened, with colours that are off, from JPEG pictures",
    "passer-behind": "somebody walks past behind the person",
    "passer-in-front": "somebody walks past in front of the person",
    "bystander": "somebody stands beside the person",
}
"""Name → what it means."""

CUTS = {"cut-feet": "feet", "cut-head": "head"}
HIDING = frozenset({"behind-chair", "passer-in-front"})
OTHERS = frozenset({"passer-behind", "passer-in-front", "bystander"})
"""Conditions with a second person."""

_EITHER: tuple[frozenset[str], ...] = (
    OTHERS,
    frozenset({"low-light", "backlight"}),
    frozenset({"small", *CUTS}),
    frozenset({"small", "wide"}),
    # What is between takes the camera further away.
    *(frozenset({"wide", name}) for name in sorted(HIDING)),
    HIDING,
)
"""Of each of these, one at most."""

_IN_BETWEEN_M = 1.9
"""How much room there is between camera and person for what is to be there."""
_COARSE_CRF = (34, 40)

_FRAMINGS = {"small": 0.10, "cut-feet": 0.07, "cut-head": 0.04, "behind-chair": 0.07, "wide": 0.12}
_COMPANY = {"passer-behind": 0.06, "passer-in-front": 0.04, "bystander": 0.05}
_LIGHTS = {"low-light": 0.14, "backlight": 0.12}


def check(conditions: Sequence[str]) -> None:
    """Raise ValueError if a condition is not known, or two of them exclude one another."""
    for name in conditions:
        if name not in CONDITIONS:
            msg = f"There is no condition '{name}'; there are {', '.join(CONDITIONS)}."
            raise ValueError(msg)
    for either in _EITHER:
        both = [name for name in CONDITIONS if name in conditions and name in either]
        if len(both) > 1:
            msg = f"'{both[0]}' and '{both[1]}' cannot be had in one film."
            raise ValueError(msg)


def draw_conditions(rng: np.random.Generator) -> tuple[str, ...]:
    """Return conditions as films at home have them: none in a fifth of them, seldom many."""
    upright = rng.random() < 0.25
    framing, company, light = (_one_of(rng, o) for o in (_FRAMINGS, _COMPANY, _LIGHTS))
    dark = light == "low-light"
    webcam = rng.random() < 0.40 and not upright
    chosen = {
        "portrait": upright,
        "webcam": webcam,
        "noise": rng.random() < 0.12 and not dark,
        "blur": rng.random() < (0.75 if dark else 0.35),
        "compressed": rng.random() < 0.22,
        framing: True,
        light: True,
        # Who is cut off or behind something has enough of it.
        company: framing in ("", "small"),
    }
    return tuple(name for name in CONDITIONS if chosen.get(name, False))


def _one_of(rng: np.random.Generator, odds: Mapping[str, float]) -> str:
    """Return one of some names, each as often as it says, or an empty one."""
    names = ["", *odds]
    return str(rng.choice(names, p=[1 - sum(odds.values()), *odds.values()]))


def upright_px(conditions: Sequence[str], size_px: tuple[int, int]) -> tuple[int, int]:
    """Return a picture's width and height, turned upright if asked for."""
    short, long = sorted(size_px)
    return (short, long) if "portrait" in conditions else size_px


def framed(conditions: Sequence[str], wishes: Wishes) -> Wishes:
    """Return what is asked of the camera, with what conditions ask of it."""
    between = not HIDING.isdisjoint(conditions)
    return replace(
        wishes,
        wide="wide" in conditions,
        small="small" in conditions,
        cut=next((CUTS[name] for name in conditions if name in CUTS), ""),
        between_m=_IN_BETWEEN_M if between else 0.0,
    )


def coarse_crf(conditions: Sequence[str], crf: int, rng: np.random.Generator) -> int:
    """Return x264's quality, lowered for films that are compressed."""
    coarse = int(rng.integers(*_COARSE_CRF))
    return max(crf, coarse) if "compressed" in conditions else crf
