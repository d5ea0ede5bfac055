"""Why something could not be judged, and what would help: the words of unclear verdicts."""

from __future__ import annotations

from formcheck.measures.base import FrameMeasure
from formcheck.results import View

START_UNSEEN = "its start was not filmed: begin recording before you move"
END_UNSEEN = "its end was not filmed: stay still for a moment before you stop recording"
SIDE_UNKNOWN = "can't tell which side is working: turn so that both legs are seen apart"
TOO_SHORT = "too short, or not seen well enough, to tell"
TOO_CLOSE = "too close to the limit to tell"
NOWHERE_SURE = "can't be measured surely enough from any side"

FROM = {
    "side-left": "from the side",
    "side-right": "from the side",
    "front": "from the front",
    "rear": "from behind",
    "oblique": "from this angle",
    "unknown": "from here",
}
TURN_TO = {
    "side": "turn side-on to the camera",
    "front": "face the camera",
    "rear": "turn your back to the camera",
}
FROM_LYING = {**FROM, "front": "from your feet", "rear": "from your head"}
TURN_TO_LYING = {
    "side": "put the camera at your side",
    "front": "put the camera at your feet",
    "rear": "put the camera at your head",
}
"""The same for somebody who lies."""


def unseen_reason(row: FrameMeasure) -> str:
    """Say what was not seen, and what would help."""
    parts = " and ".join(_plural(p) for p in row.parts[-2:])
    return f"{parts} not seen well enough: show your whole body, in good light"


def _plural(part: str) -> str:
    return {"hip": "hips"}.get(part, f"{part}s")


def view_reason(row: FrameMeasure, view: View, *, lying: bool = False) -> str:
    """Say why a measurement is not sure enough in this view, and where to turn."""
    advice = (TURN_TO_LYING if lying else TURN_TO).get(row.best_view)
    if advice is None or (row.best_view == "side" and view.name.startswith("side")):
        return "not seen clearly enough to tell: move nearer, in good light"
    if row.best_view == view.name or (row.best_view == "front" and view.name == "rear"):
        return "not seen clearly enough to tell: move nearer, in good light"
    seen_from = (FROM_LYING if lying else FROM)[view.name]
    return f"can't be judged {seen_from}: {advice}"
