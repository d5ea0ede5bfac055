"""Hidden faces and pictures, in the overlay and in the pictures of a report."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from formcheck.exercises.load import load_exercise
from formcheck.frame import Frame, Image
from formcheck.overlay.compose import default_overlay
from formcheck.overlay.privacy import FADE_S, GROUND, FaceBlur, PlainGround, Privacy, head_of
from formcheck.pose import BLAZEPOSE, Pose
from formcheck.results import Tick
from formcheck.sinks.page_sink import PageSink
from formcheck.sinks.snapshots import MOST, Snapshots
from tests import fakes_results as fake

SIZE_PX = (640, 480)
FACE_PX = (320.0, 80.0)


def with_face(t_s: float = 0.0, at: tuple[float, float] = FACE_PX) -> Pose:
    pose = fake.figure(SIZE_PX, t_s=t_s)
    for name, shift in (("nose", 0.0), ("left_ear", -12.0), ("right_ear", 12.0)):
        pose.image_px[BLAZEPOSE.index[name]] = at[0] + shift, at[1]
    return pose


def noise() -> Image:
    return np.random.default_rng(1).integers(0, 256, (*SIZE_PX[::-1], 3), dtype=np.uint8)


def tick(pose: Pose) -> Tick:
    return fake.tick(pose=pose, t_s=pose.t_s)


def detail(picture: Image, x: float, y: float, half: int = 15) -> float:
    """How much pixels differ from those beside them."""
    part = picture[int(y) - half : int(y) + half, int(x) - half : int(x) + half].astype(float)
    return float(np.abs(np.diff(part, axis=1)).mean())


def test_a_face_is_made_unrecognizable_and_the_rest_left_alone() -> None:
    picture = noise()
    before = picture.copy()
    FaceBlur().draw(picture, tick(with_face()))
    assert detail(before, *FACE_PX) > 60
    assert detail(picture, *FACE_PX) < 6
    head = head_of(with_face())
    assert head is not None
    assert head[:2] == FACE_PX
    assert 35 < head[2] < 70, "as large as a head of somebody 430 pixels tall"
    np.testing.assert_array_equal(picture[200:], before[200:])
    np.testing.assert_array_equal(picture[:, :200], before[:, :200])


def test_a_lost_face_stays_hidden_for_a_while_and_then_everything_is() -> None:
    blur = FaceBlur()
    blur.draw(noise(), tick(with_face()))
    picture = noise()
    blur.draw(picture, tick(Pose.nobody(0.5 * FADE_S)))
    assert detail(picture, *FACE_PX) < 6
    assert detail(picture, 100, 300) > 60
    blur.draw(picture, tick(Pose.nobody(2 * FADE_S)))
    assert detail(picture, 100, 300) < 6


def test_where_nobody_was_found_yet_the_whole_picture_is_hidden() -> None:
    picture = noise()
    FaceBlur().draw(picture, tick(Pose.nobody(0.0)))
    assert detail(picture, 320, 240) < 6


@pytest.mark.parametrize("at", [(2.0, 2.0), (-500.0, 90.0), (639.0, 479.0)])
def test_faces_at_the_edge_and_outside(at: tuple[float, float]) -> None:
    FaceBlur().draw(noise(), tick(with_face(at=at)))


def test_only_the_skeleton() -> None:
    picture = noise()
    PlainGround().draw(picture, tick(with_face()))
    assert (picture == GROUND).all()


def test_the_overlay_hides_before_it_draws() -> None:
    first = default_overlay(privacy=Privacy.SKELETON_ONLY).layers[0]
    assert isinstance(first, PlainGround)
    assert isinstance(default_overlay(privacy=Privacy.BLUR_FACE).layers[0], FaceBlur)
    assert len(default_overlay().layers) + 1 == len(default_overlay(None, Privacy.BLUR_FACE).layers)


def decoded(jpeg: bytes) -> Image:
    return np.asarray(cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR), np.uint8)


def grey(index: int) -> int:
    return 40 + index % 160


def seen(index: int) -> tuple[Tick, Frame]:
    """A tick at 25 frames a second, with a plain picture whose grey tells which one."""
    one = fake.tick(index, SIZE_PX)
    return one, Frame(index, one.t_s, fake.picture(SIZE_PX, grey(index)), SIZE_PX)


def test_the_picture_is_that_of_the_turning_point() -> None:
    shots = Snapshots(load_exercise("squat"))
    rep = fake.rep(1, 0.5)
    assert rep.span.turn_s == 1.3
    for index in range(70):
        one, frame = seen(index)
        shots.on_tick(replace(one, finished=rep if index == 60 else None), frame)
    pictures = shots.pictures(fake.report(reps=(rep,), partial_reps=(), holds=()))
    assert list(pictures) == ["rep-1"]
    corner = decoded(pictures["rep-1"])[:20, :20].mean()
    assert corner == pytest.approx(grey(33), abs=3), "frame 33 is at 1.32 s"


def test_repetitions_that_end_with_the_clip_have_pictures_too() -> None:
    shots = Snapshots(load_exercise("squat"))
    for index in range(50):
        shots.on_tick(*seen(index))
    assert set(shots.pictures(fake.report())) == {"rep-1", "rep-2", "partial-1", "hold-1"}


def test_few_pictures_are_kept_however_long_it_takes() -> None:
    shots = Snapshots(load_exercise("squat"))
    for second in range(2 * MOST):
        shots.on_tick(fake.tick(25 * second, (32, 24)), None)
    assert len(shots._recent) <= MOST


@pytest.mark.parametrize("privacy", list(Privacy))
def test_recordings_have_pictures_of_the_skeleton(privacy: Privacy) -> None:
    shots = Snapshots(load_exercise("squat"), privacy=privacy)
    for index in range(50):
        shots.on_tick(fake.tick(index, (540, 960)), None)
    picture = decoded(shots.pictures(fake.report())["rep-1"])
    assert picture[:10, :10].mean(axis=(0, 1)) == pytest.approx(GROUND[::-1], abs=4)
    assert picture.max() > 200, "bones are drawn on it"


def test_no_picture_of_a_hidden_person_is_kept() -> None:
    shots = Snapshots(load_exercise("squat"), privacy=Privacy.SKELETON_ONLY)
    for index in range(50):
        shots.on_tick(*seen(index))
    assert all(kept.jpeg is None for kept in shots._recent)
    picture = decoded(shots.pictures(fake.report())["rep-1"])
    assert picture[:10, :10].mean(axis=(0, 1)) == pytest.approx(GROUND[::-1], abs=4)


def test_pictures_of_an_earlier_check_are_removed(tmp_path: Path) -> None:
    folder = tmp_path / "pictures"
    folder.mkdir()
    for name in ("rep-9.jpg", "mine.jpg"):
        (folder / name).touch()
    sink = PageSink(tmp_path, load_exercise("squat"))
    for index in range(50):
        sink.on_tick(*seen(index))
    sink.finish(fake.report(holds=(), partial_reps=()))
    assert {p.name for p in folder.iterdir()} == {"rep-1.jpg", "rep-2.jpg", "mine.jpg"}
    assert {p.name for p in tmp_path.iterdir()} == {"pictures", "readings.csv", "report.html"}


def test_an_abandoned_check_leaves_nothing(tmp_path: Path) -> None:
    sink = PageSink(tmp_path, load_exercise("squat"))
    sink.on_tick(*seen(0))
    sink.abort()
    assert list(tmp_path.iterdir()) == []
