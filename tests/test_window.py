"""What the screen shows, looked at in numbers: size, place, and that nothing is missing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from formcheck.coaching.coach import Kind, Line
from formcheck.coaching.moment import Moment, Stage
from formcheck.coaching.texts import load_texts
from formcheck.exercises.load import exercise_ids, load_exercise
from formcheck.frame import Image
from formcheck.overlay.style import Style
from formcheck.pose import Pose
from formcheck.results import HoldState, Summary
from formcheck.window.base import NoDisplay, Status
from formcheck.window.cards import banner_card, counter_card, ring_card
from formcheck.window.screen import CUE, HEIGHT, WIDTH, Screen, fit, px
from formcheck.window.summary import counted_in_words, to_work_on
from tests.fakes_results import busy_tick, picture, report

TEXTS = load_texts()
SIZE = (640, 480)


def screen(exercise: str = "squat", **options: object) -> Screen:
    return Screen(load_exercise(exercise), TEXTS, **options)  # type: ignore[arg-type]


def drawn(one: Screen, image: Image, at: Moment, status: Status | None = None) -> Image:
    return one.draw(one.prepare(image), at, status or Status())


def moment(stage: Stage = Stage.EXERCISE, **changes: object) -> Moment:
    tick = busy_tick(SIZE)
    values: dict[str, object] = {
        "t_s": tick.t_s,
        "stage": stage,
        "pose": tick.pose,
        "tick": tick,
        "line": None,
        "says": (),
        "count": 4,
        "goal": 10,
        "number": 2,
        "sets": 3,
    }
    return Moment(**values | changes)  # type: ignore[arg-type]


def changed(one: Image, other: Image) -> tuple[slice, slice]:
    """The smallest part of the screen outside which two pictures are the same."""
    rows, columns = np.nonzero((one != other).any(axis=2))
    return slice(rows.min(), rows.max() + 1), slice(columns.min(), columns.max() + 1)


@pytest.mark.parametrize("size", [(1280, 720), (640, 480), (1920, 1080), (480, 640), (1000, 300)])
@pytest.mark.parametrize("stage", list(Stage))
def test_every_stage_fills_the_same_screen(size: tuple[int, int], stage: Stage) -> None:
    countdown = 3 if stage in {Stage.READY, Stage.REST} else None
    shown = drawn(screen(), picture(size), moment(stage, countdown=countdown), Status(29.7, 3))
    assert shown.shape == (HEIGHT, WIDTH, 3)
    assert shown.dtype == np.uint8
    assert len(np.unique(shown[::8, ::8].reshape(-1, 3), axis=0)) > 10


def test_the_picture_is_mirrored_and_the_words_are_not() -> None:
    half = picture((1280, 720), 0)
    half[:, :640] = 250
    plain, mirror = (
        drawn(screen(mirrored=mirrored), half, moment(pose=Pose.nobody(0.0), tick=None))
        for mirrored in (False, True)
    )
    assert plain[600, 100].min() > 200 > 50 > plain[600, 1180].max()
    assert mirror[600, 1180].min() > 200 > 50 > mirror[600, 100].max()
    corner = (slice(0, 80), slice(900, 1280))
    bright = [np.count_nonzero(one[corner] > 190) for one in (plain, mirror)]
    assert all(bright), "the corner is written in both, readable from left to right"


def test_a_cue_is_read_from_three_metres() -> None:
    """Capital letters of at least 6.5 % of the screen: 11 mm on a laptop, 12 minutes of arc."""
    assert 0.74 * CUE >= 0.065
    without, with_cue = (
        drawn(screen(), picture((1280, 720)), moment(line=line))
        for line in (None, Line("Push your knees out", Kind.FIX))
    )
    rows, columns = changed(without, with_cue)
    assert rows.stop <= HEIGHT
    assert rows.start > 0.75 * HEIGHT, "at the bottom, away from the body's middle"
    assert columns.stop - columns.start > 0.4 * WIDTH


@pytest.mark.parametrize("exercise", exercise_ids())
def test_every_cue_fits_whole(exercise: str) -> None:
    for criterion in load_exercise(exercise).criteria:
        card = banner_card(criterion.cue, Kind.FIX, round(0.86 * WIDTH), px(CUE), Style())
        assert card.size_px[0] <= 0.86 * WIDTH
        assert card.size_px[1] <= 0.36 * HEIGHT


@pytest.mark.parametrize("key", sorted(k for k in TEXTS.places if k.startswith("ready.")))
def test_every_remark_fits_whole(key: str) -> None:
    text = TEXTS(key, names="Knees in line")
    card = banner_card(text, Kind.INFO, round(0.86 * WIDTH), px(CUE), Style())
    assert card.size_px[1] <= 0.36 * HEIGHT


def test_kinds_of_sentences_differ_by_their_sign_in_grey() -> None:
    cards = [
        banner_card("Well", kind, WIDTH, 80, Style()).light.astype(int).sum(axis=2)[:, :140]
        for kind in (Kind.GOOD, Kind.FIX, Kind.STOP)
    ]
    for i, one in enumerate(cards):
        for other in cards[i + 1 :]:
            shape = (one > 60) != (other > 60)
            assert shape.mean() > 0.008, "another shape, whatever the colours"


def test_the_counter_does_not_jump_from_nine_to_ten() -> None:
    nine, ten = (
        counter_card(count, "of 12", "", (1, 1), 200, Style()).size_px for count in (9, 10)
    )
    assert nine == ten


def test_a_ring_fills_clockwise_from_the_top() -> None:
    empty, quarter = (
        ring_card("5", "", step, 300, (10, 200, 30), Style()).light.astype(int) for step in (0, 15)
    )
    rows, columns = np.nonzero(np.abs(empty - quarter).sum(axis=2) > 60)
    assert rows.max() < 190
    assert columns.min() > 120
    assert rows.min() < 20
    assert columns.max() > 280


def test_a_hold_that_is_paused_looks_different() -> None:
    running, paused = (
        drawn(
            screen("figure-four"),
            picture((1280, 720)),
            moment(tick=replace(busy_tick(SIZE), hold=HoldState("left", 12.0, 30.0, p), holds=0)),
        )
        for p in (False, True)
    )
    rows, columns = changed(running, paused)
    assert rows.stop < 0.6 * HEIGHT
    assert columns.stop < 0.4 * WIDTH


def test_trouble_is_shown_over_the_last_picture() -> None:
    one = screen()
    before = drawn(one, picture((1280, 720), 200), moment())
    after = one.draw(None, moment(), Status(trouble=TEXTS("camera.lost")))
    assert after.mean() < 0.6 * before.mean()
    assert after.mean() > 10
    assert screen().draw(None, moment(), Status(trouble="Gone")).shape == before.shape


def test_help_can_be_shown() -> None:
    one = screen()
    without = drawn(one, picture((1280, 720)), moment())
    one.help = True
    rows, columns = changed(without, drawn(one, picture((1280, 720)), moment()))
    assert rows.stop - rows.start > 0.4 * HEIGHT
    assert columns.stop - columns.start > 0.3 * WIDTH


@pytest.mark.parametrize(
    ("size", "scale", "down"), [(SIZE, 1.5, 0), ((1000, 300), 1.28, 168), ((1280, 720), 1.0, 0)]
)
def test_a_pose_stays_on_the_person_whatever_the_size(
    size: tuple[int, int], scale: float, down: int
) -> None:
    pose = busy_tick(SIZE).pose
    backdrop = fit(picture(size))
    assert backdrop.image.shape == (720, round(size[0] * scale), 3)
    expected = pose.image_px * scale + (0, down)
    np.testing.assert_allclose(backdrop.placed(pose, mirrored=False).image_px, expected)
    mirrored = backdrop.placed(pose, mirrored=True).image_px
    np.testing.assert_allclose(mirrored[:, 0], backdrop.image.shape[1] - 1 - expected[:, 0])


def test_red_and_blue_may_be_exchanged_for_the_window() -> None:
    line = Line("Good", Kind.GOOD)
    plain, other = (
        drawn(screen(swapped=swapped), picture((1280, 720)), moment(line=line))
        for swapped in (False, True)
    )
    difference = np.abs(plain.astype(int) - other[:, :, ::-1].astype(int))
    assert np.quantile(difference, 0.999) < 30


def test_the_last_screen_says_how_many_and_what_to_work_on() -> None:
    done = report()
    assert counted_in_words(done, TEXTS) == "2 repetitions"
    assert to_work_on(done, TEXTS) == "Sit a little deeper"
    shown = screen().summary(done, "~/Documents/formcheck")
    assert shown.shape == (HEIGHT, WIDTH, 3)
    nothing = replace(done, summary=Summary(0, 0, float("nan"), 0, 0, 0, ()))
    assert counted_in_words(nothing, TEXTS) == "Nothing was counted"
    assert to_work_on(nothing, TEXTS) == ""
    assert screen().summary(nothing, "").shape == shown.shape


def test_a_session_can_go_without_a_window() -> None:
    nothing = NoDisplay()
    nothing.show(None, moment(), Status())
    nothing.summary(report(), "")
    assert nothing.keys() == ()
    nothing.close()
