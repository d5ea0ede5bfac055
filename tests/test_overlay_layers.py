"""What each layer draws, where, and where it draws nothing."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from formcheck.overlay.angles import JointAngleArcs
from formcheck.overlay.base import Layer
from formcheck.overlay.compose import Overlay, default_overlay
from formcheck.overlay.fake import ListLayer
from formcheck.overlay.panels import (
    CueBanner,
    PhaseBar,
    RepCounter,
    TimeStamp,
    UnjudgedNote,
    unjudged_notes,
)
from formcheck.overlay.skeleton import SkeletonLayer
from formcheck.overlay.style import Color, Style
from formcheck.pose import BLAZEPOSE, Pose
from formcheck.results import (
    SIDES,
    UNKNOWN_VIEW,
    UNSEEN,
    Cue,
    HoldState,
    Phase,
    Reading,
    Status,
    Tick,
    Unjudged,
    View,
)
from tests import fakes_results as fake

Mask = NDArray[np.bool_]
Size = tuple[int, int]

SIZES: tuple[Size, ...] = (
    (200, 200),
    (320, 180),
    (320, 240),
    (202, 360),
    (480, 480),
    (854, 480),
    (608, 1080),
    (1920, 1080),
    (3840, 2160),
)
BIG = (640, 480)
STYLE = Style()


def changed(layer: Layer, tick: Tick, size_px: Size = BIG, shade: int = 96) -> Mask:
    """Which pixels a layer touches."""
    picture = fake.picture(size_px, shade)
    layer.draw(picture, tick)
    return np.asarray((picture != shade).any(axis=2), dtype=bool)


def near(picture: NDArray[Any], color: Color, tolerance: int = 30) -> Mask:
    return np.asarray((np.abs(picture.astype(int) - color) <= tolerance).all(axis=2), dtype=bool)


def around(mask: Mask, at: tuple[float, float], radius: int) -> Mask:
    x, y = round(at[0]), round(at[1])
    rows = slice(max(0, y - radius), y + radius + 1)
    return np.asarray(mask[rows, max(0, x - radius) : x + radius + 1])


def joint(tick: Tick, name: str) -> tuple[float, float]:
    x, y = tick.pose.image_px[BLAZEPOSE.index[name]]
    return float(x), float(y)


def without(pose: Pose, *names: str) -> Pose:
    image_px = pose.image_px.copy()
    for name in names:
        image_px[BLAZEPOSE.index[name]] = np.nan
    return replace(pose, image_px=image_px)


def layers() -> Mapping[str, Layer]:
    return {type(layer).__name__: layer for layer in default_overlay().layers}


# All layers


@pytest.mark.parametrize("size_px", SIZES, ids=lambda s: f"{s[0]}x{s[1]}")
@pytest.mark.parametrize("name", layers())
def test_every_layer_draws_at_every_size(name: str, size_px: Size) -> None:
    mask = changed(layers()[name], fake.busy_tick(size_px), size_px)
    assert mask.any()
    assert mask.mean() < 0.35


@pytest.mark.parametrize("size_px", SIZES, ids=lambda s: f"{s[0]}x{s[1]}")
@pytest.mark.parametrize("reps", [0, 12, 188])
@pytest.mark.parametrize("sides", [{}, {"left": 12, "right": 10}], ids=["both", "one"])
def test_panels_stay_inside_and_apart(size_px: Size, reps: int, sides: dict[str, int]) -> None:
    tick = replace(fake.busy_tick(size_px), reps=reps, sides=sides)
    panels = ("RepCounter", "PhaseBar", "UnjudgedNote", "CueBanner", "TimeStamp")
    taken = np.zeros(size_px[::-1], dtype=bool)
    for name in panels:
        mask = changed(layers()[name], tick, size_px)
        edges = np.concatenate([mask[0], mask[-1], mask[:, 0], mask[:, -1]])
        assert not edges.any(), f"{name} leaves the picture"
        assert not (taken & mask).any(), f"{name} covers another panel"
        taken |= mask


@pytest.mark.parametrize("size_px", SIZES, ids=lambda s: f"{s[0]}x{s[1]}")
@pytest.mark.parametrize(
    "state",
    [
        None,
        HoldState("left", 7.4, 20.0, paused=False),
        HoldState("both", 188.0, 60.0, paused=True),
    ],
    ids=["none", "left", "paused"],
)
def test_the_clock_stays_inside_and_apart(size_px: Size, state: HoldState | None) -> None:
    tick = replace(fake.busy_tick(size_px), hold=state, holds=2, last_hold=fake.hold())
    taken = np.zeros(size_px[::-1], dtype=bool)
    for name in ("RepCounter", "UnjudgedNote", "CueBanner", "TimeStamp"):
        mask = changed(layers()[name], tick, size_px)
        edges = np.concatenate([mask[0], mask[-1], mask[:, 0], mask[:, -1]])
        assert not edges.any(), f"{name} leaves the picture"
        assert not (taken & mask).any(), f"{name} covers another panel"
        taken |= mask
    assert not changed(layers()["PhaseBar"], tick, size_px).any()


def test_the_clock_shows_seconds_side_and_whether_it_stands() -> None:
    def drawn(**changes: Any) -> bytes:
        picture = fake.picture(BIG)
        RepCounter().draw(picture, fake.tick(0, BIG, holds=1, **changes))
        return picture.tobytes()

    def clock(side: str, held_s: float, *, paused: bool = False) -> bytes:
        return drawn(hold=HoldState(side, held_s, 20.0, paused))

    different = [
        drawn(),
        drawn(last_hold=fake.hold()),
        clock("left", 3.2),
        clock("left", 4.0),
        clock("right", 4.0),
        clock("left", 4.0, paused=True),
        clock("left", 20.0),
    ]
    assert len(set(different)) == len(different)
    assert clock("left", 4.0) == clock("left", 4.1)


def test_the_clock_is_larger_than_a_count() -> None:
    held = fake.tick(0, BIG, holds=0, hold=HoldState("left", 8.0, 20.0, paused=False))
    counted = fake.tick(0, BIG, reps=8)
    clock, count = (changed(RepCounter(), tick).any(axis=1).sum() for tick in (held, counted))
    assert clock > count


def test_praise_looks_different_from_a_correction() -> None:
    def strip(code: str) -> tuple[int, int]:
        picture = fake.picture(BIG)
        CueBanner().draw(picture, fake.tick(0, BIG, cue=Cue("Hold it there", code, 1, 0.0)))
        return int(near(picture, STYLE.passed).sum()), int(near(picture, STYLE.failed).sum())

    praise, correction = strip(""), strip("FF01")
    assert praise[0] > 50 > praise[1]
    assert correction[1] > 50 > correction[0]


@pytest.mark.parametrize("name", layers())
def test_drawing_is_repeatable_and_does_not_depend_on_what_was_there(name: str) -> None:
    layer, tick = layers()[name], fake.busy_tick(BIG)
    first, second = fake.picture(BIG), fake.picture(BIG)
    layer.draw(first, tick)
    layer.draw(second, tick)
    assert (first == second).all()


@pytest.mark.parametrize("name", layers())
def test_layers_draw_in_place_on_a_part_of_a_larger_picture(name: str) -> None:
    whole = fake.picture((BIG[0] + 20, BIG[1] + 20))
    layers()[name].draw(whole[10:-10, 10:-10], fake.busy_tick(BIG))
    alone = fake.picture(BIG)
    layers()[name].draw(alone, fake.busy_tick(BIG))
    assert (whole[10:-10, 10:-10] == alone).all()
    assert (whole[:10] == 96).all()
    assert (whole[:, :10] == 96).all()


@pytest.mark.parametrize("name", ["SkeletonLayer", "JointAngleArcs", "CueBanner", "UnjudgedNote"])
def test_nobody_and_nothing_to_say_draw_nothing(name: str) -> None:
    tick = fake.tick(0, BIG, pose=Pose.nobody(0.0), view=UNKNOWN_VIEW, progress=math.nan)
    assert not changed(layers()[name], tick).any()


def test_an_overlay_draws_its_layers_in_order() -> None:
    class Paint:
        def __init__(self, shade: int) -> None:
            self.shade = shade

        def draw(self, picture: Any, tick: Tick) -> None:  # noqa: ARG002
            picture[:] = self.shade

    watcher = ListLayer()
    picture = fake.picture(BIG)
    Overlay([Paint(1), watcher, Paint(2)]).draw(picture, fake.tick())
    assert (picture == 2).all()
    assert watcher.shapes == [(480, 640, 3)]


def contrast(one: Color, other: Color) -> float:
    """Contrast ratio of two colours as web accessibility guidelines define it."""

    def luminance(color: Color) -> float:
        linear = [
            c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
            for c in (v / 255 for v in color)
        ]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("shade", [0, 128, 255])
@pytest.mark.parametrize("ink", ["text", "faint"])
def test_text_can_be_read_on_any_background(ink: str, shade: int) -> None:
    keep = 1 - STYLE.panel_opacity
    r, g, b = (round(shade * keep + c * STYLE.panel_opacity) for c in STYLE.panel)
    assert contrast(getattr(STYLE, ink), (r, g, b)) >= 4.5


@pytest.mark.parametrize("size_px", SIZES, ids=lambda s: f"{s[0]}x{s[1]}")
def test_no_text_is_too_small(size_px: Size) -> None:
    picture = fake.picture(size_px)
    for part in (STYLE.angle, STYLE.label, STYLE.note, STYLE.cue, STYLE.count):
        assert STYLE.text_px(part, picture) >= max(11, 0.028 * min(size_px) - 1)


# Skeleton


def test_bones_are_drawn_between_joints_and_nowhere_else() -> None:
    tick = fake.tick(20, BIG)
    mask = changed(SkeletonLayer(), tick)
    for a, b in BLAZEPOSE.edges:
        (x0, y0), (x1, y1) = joint(tick, a), joint(tick, b)
        for part in (0.0, 0.3, 0.7, 1.0):
            assert mask[round(y0 + part * (y1 - y0)), round(x0 + part * (x1 - x0))]
    px = tick.pose.image_px[np.isfinite(tick.pose.image_px).all(axis=1)]
    room = 15
    (left, top), (right, bottom) = px.min(axis=0) - room, px.max(axis=0) + room
    rows, columns = np.nonzero(mask)
    assert columns.min() > left
    assert columns.max() < right
    assert rows.min() > top
    assert rows.max() < bottom


def test_a_joint_that_is_not_seen_takes_its_bones_with_it() -> None:
    tick = fake.tick(0, BIG)
    names = [f"{side}_knee" for side in SIDES]
    mask = changed(SkeletonLayer(), replace(tick, pose=without(tick.pose, *names)))
    hip, knee = joint(tick, "right_hip"), joint(tick, "right_knee")
    assert not around(mask, knee, 30).any()
    middle = ((hip[0] + knee[0]) / 2, (hip[1] + knee[1]) / 2)
    assert not around(mask, middle, 8).any()
    assert around(mask, hip, 2).any()


def test_a_landmark_that_is_only_guessed_is_not_drawn() -> None:
    tick = fake.tick(0, BIG)
    visibility = tick.pose.visibility.copy()
    for side in SIDES:
        visibility[BLAZEPOSE.index[f"{side}_toe"]] = 0.1
    tick = replace(tick, pose=replace(tick.pose, visibility=visibility))
    assert not around(changed(SkeletonLayer(), tick), joint(tick, "right_toe"), 5).any()


@pytest.mark.parametrize("far", [1e9, -1e9, 20_000.0])
def test_landmarks_far_outside_do_no_harm(far: float) -> None:
    tick = fake.tick(0, BIG)
    image_px = tick.pose.image_px.copy()
    image_px[BLAZEPOSE.index["right_wrist"]] = far
    tick = replace(tick, pose=replace(tick.pose, image_px=image_px))
    bare = replace(tick, pose=without(tick.pose, "right_wrist"))
    assert (changed(SkeletonLayer(), tick) == changed(SkeletonLayer(), bare)).all()


@pytest.mark.parametrize(
    ("status", "color"),
    [
        (Status.PASS, STYLE.passed),
        (Status.FAIL, STYLE.failed),
        (Status.UNCLEAR, STYLE.unclear),
        (None, STYLE.neutral),
    ],
)
def test_verdicts_have_colours(status: Status | None, color: Color) -> None:
    marks = {} if status is None else {"right_knee": status}
    tick = fake.tick(20, BIG, marks=marks)
    picture = fake.picture(BIG)
    SkeletonLayer().draw(picture, tick)
    assert around(near(picture, color), joint(tick, "right_knee"), 12).sum() > 8
    for other in {STYLE.passed, STYLE.failed} - {color}:
        assert not near(picture, other, 8).any()


def test_verdicts_can_be_told_without_colour() -> None:
    same = (200, 200, 200)
    grey = Style(passed=same, failed=same, unclear=same, neutral=same)
    shapes = set()
    for status in (Status.PASS, Status.FAIL, Status.UNCLEAR, None):
        tick = fake.tick(20, BIG, marks={"right_knee": status} if status else {})
        picture = fake.picture(BIG)
        SkeletonLayer(grey).draw(picture, tick)
        shapes.add(around(near(picture, same), joint(tick, "right_knee"), 14).tobytes())
    assert len(shapes) == 4


def test_a_failed_joint_stands_out() -> None:
    def size(status: Status) -> int:
        tick = fake.tick(20, BIG, marks={"right_knee": status})
        bare = changed(SkeletonLayer(), fake.tick(20, BIG))
        mask = changed(SkeletonLayer(), tick)
        return int((mask & ~bare).sum())

    assert size(Status.FAIL) > size(Status.PASS)


def test_a_bone_takes_the_verdicts_of_its_ends() -> None:
    tick = fake.tick(0, BIG, marks={"right_hip": Status.PASS, "right_knee": Status.FAIL})
    picture = fake.picture(BIG)
    SkeletonLayer().draw(picture, tick)
    (x0, y0), (x1, y1) = joint(tick, "right_hip"), joint(tick, "right_knee")

    def at(part: float) -> NDArray[Any]:
        return np.asarray(picture[round(y0 + part * (y1 - y0)), round(x0 + part * (x1 - x0))])

    assert at(0.3) == pytest.approx(STYLE.passed, abs=12)
    assert at(0.7) == pytest.approx(STYLE.failed, abs=12)


def test_the_far_side_is_thinner() -> None:
    def area(view: View) -> int:
        pose = without(fake.figure(BIG), *(n for n in BLAZEPOSE.names if n.startswith("right_")))
        return int(changed(SkeletonLayer(), fake.tick(0, BIG, pose=pose, view=view)).sum())

    assert area(fake.SIDE_VIEW) < 0.8 * area(fake.FRONT_VIEW)


# Angles


@pytest.mark.parametrize(
    ("view", "drawn"),
    [
        ("side-left", {"left"}),
        ("side-right", {"right"}),
        ("front", {"left", "right"}),
        ("oblique", {"left", "right"}),
        ("unknown", {"left", "right"}),
    ],
)
@pytest.mark.parametrize("side", SIDES)
def test_angles_are_shown_for_the_sides_that_are_seen(
    view: str, drawn: set[str], side: str
) -> None:
    readings = {f"{side}_knee_flexion_deg": Reading(80.0, 5.0)}
    tick = fake.tick(20, BIG, readings=readings, view=View(view, "unknown", math.nan, 0.9))
    assert changed(JointAngleArcs(), tick).any() == (side in drawn)


@pytest.mark.parametrize(
    "changes",
    [
        {"readings": {}},
        {"readings": {"right_knee_flexion_deg": UNSEEN}},
        {
            "pose": without(fake.figure(BIG, 0.5), "right_ankle"),
            "readings": {"right_knee_flexion_deg": Reading(80.0, 5.0)},
        },
    ],
    ids=["no reading", "unknown", "joint not seen"],
)
def test_an_unknown_angle_is_not_drawn(changes: Mapping[str, Any]) -> None:
    assert not changed(JointAngleArcs(), fake.tick(20, BIG, **changes)).any()


def right_angle(at: tuple[float, float] = (300.0, 240.0)) -> Pose:
    """The thigh comes from the left, level; the shin goes straight down."""
    pose = Pose.nobody(0.0)
    for name, offset in (("hip", (-100.0, 0.0)), ("knee", (0.0, 0.0)), ("ankle", (0.0, 100.0))):
        i = BLAZEPOSE.index[f"right_{name}"]
        pose.image_px[i] = np.add(at, offset)
        pose.visibility[i] = 0.9
    return pose


def test_the_arc_opens_from_the_line_of_the_thigh_to_the_shin() -> None:
    tick = fake.tick(
        0, BIG, pose=right_angle(), readings={"right_knee_flexion_deg": Reading(90.0, 5.0)}
    )
    picture = fake.picture(BIG)
    JointAngleArcs().draw(picture, tick)
    accent = near(picture, STYLE.accent, 40)
    radius = STYLE.arc * 480
    for degrees in (5, 45, 85):
        x = 300 + radius * math.cos(math.radians(degrees))
        y = 240 + radius * math.sin(math.radians(degrees))
        assert around(accent, (x, y), 2).any(), f"no arc {degrees}° below the thigh's line"
    for degrees in (-45, 135, 225):
        x = 300 + radius * math.cos(math.radians(degrees))
        y = 240 + radius * math.sin(math.radians(degrees))
        assert not around(accent, (x, y), 2).any()


@pytest.mark.parametrize(
    ("value", "view", "arc"),
    [
        (90.0, fake.SIDE_VIEW, True),
        (70.0, fake.SIDE_VIEW, True),
        (40.0, fake.SIDE_VIEW, False),
        (90.0, fake.FRONT_VIEW, False),
    ],
)
def test_an_arc_that_would_mislead_is_left_out_but_not_the_number(
    value: float, view: View, *, arc: bool
) -> None:
    readings = {"right_knee_flexion_deg": Reading(value, 5.0)}
    tick = fake.tick(0, BIG, pose=right_angle(), readings=readings, view=view)
    picture = fake.picture(BIG)
    JointAngleArcs().draw(picture, tick)
    assert near(picture, STYLE.accent, 20).any() == arc
    assert near(picture, STYLE.text, 20).any()


def test_an_uncertain_number_looks_different() -> None:
    def drawn(sigma: float) -> bytes:
        readings = {"right_knee_flexion_deg": Reading(90.0, sigma)}
        picture = fake.picture(BIG)
        JointAngleArcs().draw(picture, fake.tick(0, BIG, pose=right_angle(), readings=readings))
        return picture.tobytes()

    assert drawn(5.0) == drawn(11.0)
    assert drawn(5.0) != drawn(15.0)


@pytest.mark.parametrize("at", [(2.0, 2.0), (637.0, 240.0), (300.0, 477.0)])
def test_a_number_at_the_edge_moves_inside(at: tuple[float, float]) -> None:
    readings = {"right_knee_flexion_deg": Reading(90.0, 5.0)}
    tick = fake.tick(0, BIG, pose=right_angle(at), readings=readings)
    whole = changed(
        JointAngleArcs(disagreement_deg=-1),
        fake.tick(0, BIG, pose=right_angle(), readings=readings),
    )
    moved = changed(JointAngleArcs(disagreement_deg=-1), tick)
    assert moved.sum() == whole.sum()


def test_numbers_do_not_cover_each_other() -> None:
    both = fake.tick(0, BIG, pose=fake.figure(BIG), view=fake.FRONT_VIEW)
    image_px = both.pose.image_px.copy()
    for side in SIDES:
        knee, hip = (BLAZEPOSE.index[f"{side}_{name}"] for name in ("knee", "hip"))
        image_px[knee] = image_px[hip] + (0, 6)
    both = replace(both, pose=replace(both.pose, image_px=image_px))
    area = 0
    for name in both.readings:
        area += int(
            changed(JointAngleArcs(), replace(both, readings={name: both.readings[name]})).sum()
        )
    assert int(changed(JointAngleArcs(), both).sum()) == area


def test_a_number_does_not_jump_when_the_knee_passes_straight() -> None:
    layer = JointAngleArcs()
    readings = {"right_knee_flexion_deg": Reading(2.0, 5.0)}
    places = []
    for i, bend in enumerate([30.0, 3.0, -1.0, 1.0]):
        pose = right_angle()
        pose.image_px[BLAZEPOSE.index["right_hip"]] = 300.0 - bend, 140.0
        tick = fake.tick(i, BIG, pose=pose, readings=readings)
        columns = np.nonzero(changed(layer, tick))[1]
        places.append(columns.mean() > 300)
    assert places == [True] * 4


# Panels


def test_the_counter_shows_numbers_and_verdicts() -> None:
    def drawn(**changes: Any) -> bytes:
        picture = fake.picture(BIG)
        RepCounter().draw(picture, fake.tick(0, BIG, **changes))
        return picture.tobytes()

    different = [
        drawn(reps=0),
        drawn(reps=1),
        drawn(reps=1, partials=2),
        drawn(reps=1, last=fake.rep(statuses=[Status.PASS])),
        drawn(reps=1, last=fake.rep(statuses=[Status.FAIL])),
        drawn(reps=1, last=fake.rep(statuses=[Status.UNCLEAR])),
    ]
    assert len(set(different)) == len(different)


def test_the_counter_marks_each_verdict() -> None:
    picture = fake.picture(BIG)
    statuses = [Status.PASS] * 3 + [Status.FAIL]
    RepCounter().draw(picture, fake.tick(0, BIG, last=fake.rep(statuses=statuses)))
    passed, failed = near(picture, STYLE.passed).sum(), near(picture, STYLE.failed).sum()
    assert passed > failed > 8


@pytest.mark.parametrize(
    ("progress", "expected"),
    [(math.nan, 0.0), (-0.2, 0.0), (0.0, 0.0), (0.25, 0.25), (0.5, 0.5), (1.0, 1.0), (1.4, 1.0)],
)
def test_the_phase_bar_fills_downwards(progress: float, expected: float) -> None:
    picture = fake.picture(BIG)
    PhaseBar().draw(picture, fake.tick(0, BIG, progress=progress, phase=Phase.READY))
    rows, columns = np.nonzero(near(picture, STYLE.accent, 10))
    tall = PhaseBar().tall * 480
    if not expected:
        assert len(rows) == 0
        return
    assert rows.max() - rows.min() == pytest.approx(expected * tall, abs=6)
    assert rows.min() == pytest.approx(PhaseBar().middle * 480 - tall / 2, abs=6)
    assert columns.min() > 600


def test_the_phase_has_a_word() -> None:
    def drawn(phase: Phase) -> int:
        return int(changed(PhaseBar(), fake.tick(0, BIG, phase=phase)).sum())

    assert drawn(Phase.DESCENT) > drawn(Phase.AWAY)
    assert drawn(Phase.READY) > drawn(Phase.AWAY)


@pytest.mark.parametrize("size_px", SIZES, ids=lambda s: f"{s[0]}x{s[1]}")
@pytest.mark.parametrize(
    "text", ["Knees out", "Feet about shoulder-width apart", "Donaudampfschifffahrtsgesellschaft"]
)
def test_the_cue_is_in_the_upper_half_away_from_the_feet(size_px: Size, text: str) -> None:
    tick = replace(fake.busy_tick(size_px), cue=Cue(text, "SQ01", 1, 0.0))
    mask = changed(CueBanner(), tick, size_px)
    rows, columns = np.nonzero(mask)
    assert rows.max() < 0.55 * size_px[1]
    assert columns.min() >= 1
    assert columns.max() < size_px[0] - 1
    middle = (columns.min() + columns.max()) / 2
    assert middle == pytest.approx(size_px[0] / 2, abs=2)


@pytest.mark.parametrize("text", ["", "  "])
def test_an_empty_cue_is_none(text: str) -> None:
    tick = fake.tick(0, BIG, cue=Cue(text, "SQ01", 1, 0.0))
    assert not changed(CueBanner(), tick).any()


SIDE_ON = "can't be judged from the front: turn side-on to the camera"


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ((), []),
        (("Knees in line",), ["Knees in line can't be judged from the side: face the camera"]),
        (
            ("Knees in line", "Hips centred"),
            ["Knees in line and hips centred can't be judged from the side: face the camera"],
        ),
        (
            ("Knees in line", "Hips centred", "Stance width"),
            ["Knees in line and 2 more can't be judged from the side: face the camera"],
        ),
        (
            ("Depth", "ROM of the hips"),
            ["Depth and ROM of the hips can't be judged from the side: face the camera"],
        ),
    ],
)
def test_what_can_not_be_judged_is_said_together(
    names: tuple[str, ...], expected: list[str]
) -> None:
    unjudged = [Unjudged(f"SQ{i}", name, fake.FACE_THE_CAMERA) for i, name in enumerate(names)]
    assert unjudged_notes(unjudged) == expected


def test_different_reasons_are_different_notes() -> None:
    unjudged = [
        Unjudged("SQ02", "Knees in line", fake.FACE_THE_CAMERA),
        Unjudged("SQ05", "Forward lean", SIDE_ON + "."),
    ]
    assert unjudged_notes(unjudged) == [
        "Knees in line can't be judged from the side: face the camera",
        "Forward lean can't be judged from the front: turn side-on to the camera",
    ]


def test_a_note_stays_long_enough_to_be_read_and_then_the_next_one_comes() -> None:
    note = UnjudgedNote()
    first = Unjudged("SQ02", "Knees in line", fake.FACE_THE_CAMERA)
    second = Unjudged("SQ05", "Forward lean", SIDE_ON)

    def shown(t_s: float, *unjudged: Unjudged) -> bytes:
        picture = fake.picture(BIG)
        note.draw(picture, fake.tick(0, BIG, t_s=t_s, unjudged=unjudged))
        return picture.tobytes()

    blank = fake.picture(BIG).tobytes()
    one = shown(0.0, first, second)
    assert one != blank
    assert shown(1.0) == one, "a flicker in what can be judged must not show"
    assert shown(3.9, second) == one
    other = shown(4.0, first, second)
    assert other not in (one, blank)
    assert shown(8.1, first, second) == one
    assert shown(12.2) == blank
    assert shown(12.3, second) != blank


@pytest.mark.parametrize(
    ("t_s", "same_as"), [(0.04, 0.0), (59.96, 59.9), (60.04, 60.0), (3599.99, 3599.9)]
)
def test_the_time_stamp_shows_tenths(t_s: float, same_as: float) -> None:
    def drawn(at_s: float) -> bytes:
        picture = fake.picture(BIG)
        TimeStamp().draw(picture, fake.tick(0, BIG, t_s=at_s))
        return picture.tobytes()

    assert drawn(t_s) == drawn(same_as)
    assert drawn(t_s) != drawn(same_as + 0.1001)


def test_the_brand_may_be_left_out() -> None:
    tick = fake.tick(0, BIG)
    bare = changed(TimeStamp(Style(brand="")), tick)
    assert 0 < bare.sum() < changed(TimeStamp(), tick).sum()
