"""The drawings of angles and of where cameras stand."""

# ruff: noqa: RUF001 - a minus is a minus, as in the text

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from docs.drawing import BLUE, FAINT, GREEN, INK, ORANGE, Drawing, Point, toward

OUT = Path(__file__).parent / "images"

UP, RIGHT, DOWN = -90.0, 0.0, 90.0
"""Directions in a drawing, clockwise from the right."""
SHIN, THIGH, TRUNK, NECK, FOOT = 56.0, 58.0, 68.0, 26.0, 30.0
PANEL = (260.0, 270.0)


@dataclass(frozen=True)
class Figure:
    """Somebody seen from their right side, who looks to the right."""

    ankle: Point
    shin_deg: float = 0
    """How far the shin leans forward."""
    thigh_deg: float = 0
    """How far the hip is behind the knee."""
    trunk_deg: float = 0
    """How far the trunk leans forward."""
    nod_deg: float = 0
    """How far the neck is tipped back against the trunk."""

    @property
    def knee(self) -> Point:
        """Where the knee is."""
        return toward(self.ankle, SHIN, UP + self.shin_deg)

    @property
    def hip(self) -> Point:
        """Where the hip is."""
        return toward(self.knee, THIGH, UP - self.thigh_deg)

    @property
    def shoulder(self) -> Point:
        """Where the shoulder is."""
        return toward(self.hip, TRUNK, UP + self.trunk_deg)

    @property
    def head(self) -> Point:
        """Where the ear is."""
        return toward(self.shoulder, NECK, UP + self.trunk_deg - self.nod_deg)

    def draw(self, on: Drawing, *marked: tuple[Point, Point]) -> None:
        """Draw the body faintly, and some parts of it strongly."""
        toe = (self.ankle[0] + FOOT, self.ankle[1] + 9)
        heel = (self.ankle[0] - 8, self.ankle[1] + 9)
        body = [heel, toe, self.ankle, self.knee, self.hip, self.shoulder, self.head]
        on.path(body, FAINT, 7)
        on.disc(self.head, 13, FAINT)
        for start, end in marked:
            on.path([start, end], BLUE, 7)
            on.disc(start, 3.5, BLUE)
            on.disc(end, 3.5, BLUE)


def panel(on: Drawing, column: int, row: int, title: str, note: str) -> Point:
    """Write the title of one of the small drawings, and return its upper left corner."""
    x, y = column * PANEL[0], row * PANEL[1]
    on.text((x + PANEL[0] / 2, y + 24), title, INK, 16, bold=True)
    on.text((x + PANEL[0] / 2, y + PANEL[1] - 14), note, INK, 13)
    return x, y


def value(on: Drawing, at: Point, degrees: float, *, signed: bool = False) -> None:
    """Write how large an angle is."""
    sign = ("+" if degrees > 0 else "−" if degrees < 0 else "") if signed else ""
    on.text(at, f"{sign}{abs(degrees):.0f}°", ORANGE, 17, bold=True)


def ground(on: Drawing, x: float, y: float) -> None:
    """Draw the floor of a small drawing."""
    on.path([(x + 40, y), (x + PANEL[0] - 40, y)], FAINT, 1.5)


def between_joints() -> Drawing:
    """Return the angles between parts of the body, from the side."""
    on = Drawing(2 * PANEL[0], 2 * PANEL[1], "Knee flexion, hip flexion, neck and ankle")
    x, y = panel(on, 0, 0, "Knee flexion", "0° straight, grows when bending")
    who = Figure((x + 105, y + 215), 28, 62, 38)
    ground(on, x, y + 226)
    who.draw(on, (who.hip, who.knee), (who.knee, who.ankle))
    on.path([who.knee, toward(who.knee, 50, DOWN - who.thigh_deg)], INK, 2, dashed=True)
    on.arc(who.knee, 36, DOWN - who.thigh_deg, DOWN + who.shin_deg)
    value(on, (who.knee[0] + 48, who.knee[1] + 48), who.shin_deg + who.thigh_deg)

    x, y = panel(on, 1, 0, "Hip flexion", "0° in line, grows when bending")
    who = Figure((x + 125, y + 215), 28, 62, 38)
    ground(on, x, y + 226)
    who.draw(on, (who.shoulder, who.hip), (who.hip, who.knee))
    beyond = DOWN + who.trunk_deg
    on.path([who.hip, toward(who.hip, 52, beyond)], INK, 2, dashed=True)
    on.arc(who.hip, 34, beyond, DOWN - who.thigh_deg)
    value(on, (who.hip[0] + 2, who.hip[1] + 62), who.trunk_deg + who.thigh_deg)

    x, y = panel(on, 0, 1, "Neck extension", "+ looking up, − chin to the chest")
    hip = (x + 112, y + 216)
    shoulder = toward(hip, 92, UP + 6)
    ear = toward(shoulder, 44, UP + 6 - 34)
    on.disc(ear, 16, FAINT)
    on.path([hip, shoulder, ear], BLUE, 7)
    on.path([shoulder, toward(shoulder, 78, UP + 6)], INK, 2, dashed=True)
    on.arc(shoulder, 66, UP + 6, UP + 6 - 34)
    value(on, (shoulder[0] + 46, shoulder[1] - 40), 34, signed=True)

    x, y = panel(on, 1, 1, "Ankle flexion", "0° at right angles, + toes to the shin")
    ankle = (x + 100, y + 195)
    lean = 26.0
    knee = toward(ankle, 110, UP + lean)
    on.path([knee, ankle], BLUE, 7)
    on.path([(ankle[0] - 16, ankle[1] + 18), (ankle[0] + 66, ankle[1] + 18)], BLUE, 7)
    on.path([(ankle[0] - 16, ankle[1] + 18), ankle], FAINT, 7)
    on.path([ankle, toward(ankle, 112, UP)], INK, 2, dashed=True)
    on.arc(ankle, 84, UP, UP + lean)
    value(on, (ankle[0] + 66, ankle[1] - 84), lean, signed=True)
    return on


def against_the_vertical() -> Drawing:
    """Return the angles against the vertical, from the side."""
    on = Drawing(2 * PANEL[0], 2 * PANEL[1], "Trunk, shin and thigh against the vertical")
    x, y = panel(on, 0, 0, "Trunk inclination", "0° upright, 90° level")
    who = Figure((x + 105, y + 215), 24, 58, 42)
    ground(on, x, y + 226)
    who.draw(on, (who.hip, who.shoulder))
    on.path([who.hip, toward(who.hip, 84, UP)], INK, 2, dashed=True)
    on.arc(who.hip, 60, UP, UP + who.trunk_deg)
    value(on, (who.hip[0] + 18, who.hip[1] - 72), who.trunk_deg)

    x, y = panel(on, 1, 0, "Shin inclination", "0° upright, grows when leaning")
    who = Figure((x + 120, y + 215), 34, 62, 38)
    ground(on, x, y + 226)
    who.draw(on, (who.ankle, who.knee))
    on.path([who.ankle, toward(who.ankle, 70, UP)], INK, 2, dashed=True)
    on.arc(who.ankle, 44, UP, UP + who.shin_deg)
    value(on, (who.ankle[0] + 56, who.ankle[1] - 36), who.shin_deg)

    for column, thigh, title in ((0, 60.0, "above level"), (1, 102.0, "below level")):
        x, y = panel(on, column, 1, "Thigh elevation", f"0° level; here {title}")
        who = Figure((x + 125, y + 215), 32, thigh, 36)
        ground(on, x, y + 226)
        who.draw(on, (who.knee, who.hip))
        on.path([who.knee, toward(who.knee, 84, 180)], INK, 2, dashed=True)
        on.arc(who.knee, 48, 180, 270 - thigh)
        value(
            on,
            (who.knee[0] - 100, who.knee[1] + (22 if thigh < 90 else -10)),
            90 - thigh,
            signed=True,
        )
    return on


def from_the_front() -> Drawing:
    """Return the angles that the front shows; the person's left is on the right."""
    on = Drawing(2 * PANEL[0], 2 * PANEL[1], "Knee valgus, abduction, pelvis and side lean")
    x, y = panel(on, 0, 0, "Knee valgus", "+ inwards, − outwards")
    hip, knee, ankle = (x + 160, y + 60), (x + 138, y + 140), (x + 156, y + 218)
    _other_leg(on, x, y)
    on.path([hip, knee, ankle], BLUE, 7)
    on.path([hip, ankle], INK, 2, dashed=True)
    on.path([knee, toward(knee, 62, 105.4)], INK, 2, dashed=True)
    on.arc(knee, 46, 105.4, 77)
    value(on, (knee[0] + 62, knee[1] + 10), 28, signed=True)

    x, y = panel(on, 1, 0, "Hip abduction", "+ outwards, − towards the other leg")
    hip = (x + 150, y + 60)
    _other_leg(on, x - 10, y)
    foot = toward(hip, 160, DOWN - 28)
    on.path([hip, foot], BLUE, 7)
    on.path([hip, toward(hip, 160, DOWN)], INK, 2, dashed=True)
    on.arc(hip, 90, DOWN, DOWN - 28)
    value(on, (hip[0] + 30, hip[1] + 116), 28, signed=True)

    x, y = panel(on, 0, 1, "Pelvis tilt", "+ this hip higher, − lower")
    left, right = (x + 172, y + 92), (x + 92, y + 114)
    on.path([(x + 96, y + 222), right], FAINT, 7)
    on.path([(x + 176, y + 222), left], FAINT, 7)
    on.path([((left[0] + right[0]) / 2, 103 + y), (x + 136, y + 48)], FAINT, 7)
    on.path([right, left], BLUE, 7)
    on.path([right, (x + 196, y + 114)], INK, 2, dashed=True)
    on.arc(right, 66, 0, -15.4)
    value(on, (x + 200, y + 84), 15.4, signed=True)
    value(on, (x + 62, y + 120), -15.4, signed=True)

    x, y = panel(on, 1, 1, "Side lean", "to this side +, to the other −")
    hips = (x + 124, y + 150)
    on.path(
        [(x + 100, y + 222), (x + 108, y + 150), (x + 140, y + 150), (x + 148, y + 222)], FAINT, 7
    )
    neck = toward(hips, 86, UP + 24)
    on.path([hips, neck], BLUE, 7)
    on.disc(toward(neck, 20, UP + 24), 12, FAINT)
    on.path([hips, toward(hips, 104, UP)], INK, 2, dashed=True)
    on.arc(hips, 66, UP, UP + 24)
    value(on, (hips[0] + 62, hips[1] - 30), 24, signed=True)
    return on


def _other_leg(on: Drawing, x: float, y: float) -> None:
    on.path(
        [(x + 100, y + 218), (x + 100, y + 140), (x + 104, y + 60), (x + 160, y + 60)], FAINT, 7
    )


def direction() -> Drawing:
    """Return what the direction of a person is, from above."""
    on = Drawing(520, 330, "Which way a person faces, seen from above")
    middle = (260.0, 140.0)
    _camera(on, (260, 285), UP)
    on.text((260, 322), "camera", INK, 14)
    on.disc(middle, 15, FAINT)
    on.path([(215, 140), (305, 140)], FAINT, 9)
    for turn, words, at in (
        (DOWN, "0° faces the camera", (262.0, 232.0)),
        (RIGHT, "+90°: side-right", (432.0, 132.0)),
        (UP, "180° shows the back", (260.0, 40.0)),
        (180.0, "−90°: side-left", (88.0, 132.0)),
    ):
        tip = toward(middle, 76, turn)
        on.path([toward(middle, 52, turn), tip], BLUE, 3)
        on.path([toward(tip, 11, turn + 150), tip, toward(tip, 11, turn - 150)], BLUE, 3)
        on.text(at, words, INK, 14)
    return on


def _camera(on: Drawing, at: Point, looks: float) -> None:
    """Draw a camera from above or from the side."""
    on.disc(at, 13, INK)
    left, right = toward(at, 30, looks - 28), toward(at, 30, looks + 28)
    on.path([at, left, right, at], INK, 3, filled=True)


def camera_upright() -> Drawing:
    """Return where the camera stands for somebody who stands."""
    on = Drawing(620, 330, "The camera at hip height, three metres to the side")
    floor = 280.0
    on.path([(20, floor), (600, floor)], FAINT, 2)
    who = Figure((470, floor - 9))
    who.draw(on)
    hip = who.hip[1]
    on.path([(100, hip + 6), (100, floor)], FAINT, 5)
    on.path([(76, floor), (100, floor - 50), (124, floor)], FAINT, 5)
    _camera(on, (96, hip), RIGHT)
    on.path([(126, hip - 10), (570, 6)], GREEN, 2, dashed=True)
    on.path([(126, hip + 10), (570, floor + 42)], GREEN, 2, dashed=True)
    on.path([(112, 310), (464, 310)], ORANGE, 2)
    for x, turn in ((112.0, 0.0), (464.0, 180.0)):
        tip = (x, 310.0)
        on.path([toward(tip, 9, turn + 35), tip, toward(tip, 9, turn - 35)], ORANGE, 2)
    on.box((222, 298), (132, 24), "#ffffff")
    on.text((288, 316), "about 3 m", ORANGE, 17, bold=True)
    on.text((18, 108), "as high as", ORANGE, 17, anchor="start", bold=True)
    on.text((18, 129), "your hips", ORANGE, 17, anchor="start", bold=True)
    on.text((272, 56), "all of you fits in", GREEN, 15)
    return on


def camera_floor() -> Drawing:
    """Return where the camera stands for somebody who lies, from above."""
    on = Drawing(620, 330, "Lying: the camera at the side of the body, seen from above")
    y = 84.0
    on.box((130, 34), (360, 100), "#eef2f6", 10)
    on.disc((170, y), 16, FAINT)
    on.path([(188, y), (300, y)], FAINT, 26)
    for off in (-11.0, 11.0):
        on.path([(300, y + off), (372, y + 1.5 * off), (440, y + 1.5 * off)], FAINT, 10)
        on.path([(200, y + 2.2 * off), (280, y + 3.2 * off)], FAINT, 7)
    _camera(on, (310, 286), UP)
    on.path([(296, 256), (110, 24)], GREEN, 2, dashed=True)
    on.path([(324, 256), (510, 24)], GREEN, 2, dashed=True)
    on.text((344, 291), "at your side, low, 2 to 3 m away", GREEN, 15, anchor="start", bold=True)
    _camera(on, (42, y), RIGHT)
    _camera(on, (578, y), 180)
    for x in (42.0, 578.0):
        on.path([(x - 22, y - 22), (x + 22, y + 22)], ORANGE, 4)
        on.path([(x - 22, y + 22), (x + 22, y - 22)], ORANGE, 4)
    on.text((14, y + 54), "not from the head", ORANGE, 14, anchor="start")
    on.text((606, y + 54), "nor from the feet", ORANGE, 14, anchor="end")
    return on


DRAWINGS = {
    "angles-joints.svg": between_joints,
    "angles-vertical.svg": against_the_vertical,
    "angles-front.svg": from_the_front,
    "angles-direction.svg": direction,
    "camera-upright.svg": camera_upright,
    "camera-floor.svg": camera_floor,
}


def drawings() -> dict[Path, str]:
    """Return every drawing: where it goes, and its text."""
    return {OUT / name: make().svg() for name, make in DRAWINGS.items()}
