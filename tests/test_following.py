"""Staying with the person who exercises: made-up people who are told apart by their colour."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from formcheck.closing import Closing
from formcheck.coaching.session import Session
from formcheck.estimators.base import corrected
from formcheck.estimators.following import ALIKE_NOTE, SEVERAL_NOTE, FollowingPose
from formcheck.exercises.load import load_exercise
from formcheck.frame import Frame, SourceInfo
from formcheck.live import Live
from formcheck.people import place_of, same
from formcheck.pipeline import analyze_frames, analyze_recording, record_frames
from formcheck.pose import BLAZEPOSE, Pose, Skeleton
from formcheck.sources.camera import CameraSource
from formcheck.sources.capture import Captured
from formcheck.sources.fake import ListSource
from formcheck.sources.synthetic import Squat, StickFigure, squats
from formcheck.voice.engine import Tones
from formcheck.voice.voice import Voice
from formcheck.window.base import NoDisplay

SQUATS = list(squats(StickFigure(), [Squat()] * 3))
T_S = [pose.t_s for pose in SQUATS]
SIZE_PX = (1280, 720)
Film = Mapping[int, Sequence[Pose | None]]
"""Brightness of a person's spot in the picture → their pose in each frame."""


def moved(pose: Pose, right_px: float, larger: float = 1.0) -> Pose:
    return replace(pose, image_px=pose.image_px * larger + (right_px, 0.0))


def standing(right_px: float, larger: float = 1.0) -> list[Pose]:
    return [replace(moved(SQUATS[0], right_px, larger), t_s=t) for t in T_S]


def squatting(right_px: float, larger: float = 1.0) -> list[Pose]:
    return [moved(pose, right_px, larger) for pose in SQUATS]


def spot(pose: Pose) -> tuple[int, int]:
    place = place_of(pose)
    assert place is not None
    return round(place.x_px), round(place.y_px)


def frames(film: Film) -> list[Frame]:
    """Return pictures in which each person is a bright spot where their hips are."""
    pictures = []
    for i, t in enumerate(T_S):
        image = np.zeros((SIZE_PX[1], SIZE_PX[0], 3), np.uint8)
        for brightness, poses in film.items():
            pose = poses[i]
            if pose is not None:
                x, y = spot(pose)
                if 0 <= x < SIZE_PX[0]:
                    image[max(0, y - 2) : y + 3, max(0, x - 2) : x + 3] = brightness
        pictures.append(Frame(i, t, image, SIZE_PX))
    return pictures


def found(film: Film, frame: Frame) -> dict[int, Pose]:
    """Return the people whose spots are in a picture, the brightest first."""
    i = T_S.index(frame.t_s)
    there = {}
    for brightness in sorted(film, reverse=True):
        pose = film[brightness][i]
        if pose is not None:
            x, y = spot(pose)
            if 0 <= x < SIZE_PX[0] and frame.image[y, x, 0] == brightness:
                there[brightness] = pose
    return there


class Tracker(Closing):
    """Follows whoever it found first, the brightest, until they are gone."""

    def __init__(self, film: Film) -> None:
        self._film = film
        self._mine: int | None = None
        self.closed = False

    @property
    def skeleton(self) -> Skeleton:
        return BLAZEPOSE

    @property
    def provenance(self) -> Mapping[str, Any]:
        return {"backend": "spots"}

    def estimate(self, frame: Frame) -> Pose:
        there = found(self._film, frame)
        if self._mine not in there:
            self._mine = max(there, default=None)
        return there[self._mine] if self._mine is not None else Pose.nobody(frame.t_s)

    def close(self) -> None:
        self.closed = True


class Looker:
    def __init__(self, film: Film) -> None:
        self._film = film
        self.looks = 0

    def look(self, frame: Frame) -> list[Pose]:
        self.looks += 1
        return list(found(self._film, frame).values())

    def close(self) -> None:
        pass


def following(film: Film) -> tuple[FollowingPose, list[Tracker], Looker]:
    trackers: list[Tracker] = []
    looker = Looker(film)

    def track() -> Tracker:
        trackers.append(Tracker(film))
        return trackers[-1]

    return FollowingPose(track, lambda: looker), trackers, looker


def off_px(poses: Sequence[Pose], true: Sequence[Pose]) -> float:
    """Return how far hips are off at most, where somebody is seen."""
    places = [(place_of(p), place_of(q)) for p, q in zip(poses, true, strict=True)]
    return max(math.hypot(a.x_px - b.x_px, a.y_px - b.y_px) for a, b in places if a and b)


@pytest.mark.parametrize("until_s", [0.1, 0.4])
def test_a_bad_first_guess_is_not_held_against_the_person_seen_next(until_s: float) -> None:
    guess = [pose if pose.t_s < until_s else None for pose in standing(300.0, 0.4)]
    person = [None if pose.t_s < until_s else pose for pose in SQUATS]
    estimator, trackers, _ = following({250: guess, 200: person})
    pictures = frames({250: guess, 200: person})
    with estimator:
        poses = [estimator.estimate(frame) for frame in pictures]
        assert estimator.notes == ()
    assert [a for a, b in zip(poses, person, strict=True) if b is not None] == [
        b for b in person if b is not None
    ]
    assert len(trackers) == 1


def test_one_person_is_followed_as_before_and_the_picture_seldom_looked_over() -> None:
    film = {200: SQUATS}
    estimator, trackers, looker = following(film)
    with estimator:
        assert [estimator.estimate(frame) for frame in frames(film)] == SQUATS
        assert estimator.notes == ()
        assert not estimator.corrections
    assert len(trackers) == 1
    assert trackers[0].closed
    assert looker.looks <= 4 + (T_S[-1] - 1.5) / 2 + 1


@pytest.mark.parametrize("bystander", [standing(450.0, 1.0), standing(400.0, 1.3)])
def test_who_moves_is_chosen_before_who_is_seen_first(bystander: list[Pose]) -> None:
    film = {250: bystander, 100: squatting(-250.0)}
    estimator, trackers, _ = following(film)
    given = [estimator.estimate(frame) for frame in frames(film)]
    assert off_px(given[-30:], film[100][-30:]) < 1.0
    assert off_px(corrected(estimator, given), film[100]) < 1.0, "from the first frame on"
    assert estimator.notes == (SEVERAL_NOTE,)
    estimator.close()
    assert all(tracker.closed for tracker in trackers)
    with pytest.raises(RuntimeError, match="closed"):
        estimator.estimate(frames(film)[0])


def test_who_passes_in_front_is_not_followed() -> None:
    begin, end = 40, 90
    passing: list[Pose | None] = [None] * len(T_S)
    mine: list[Pose | None] = list(SQUATS)
    for i in range(begin, end):
        passing[i] = replace(moved(SQUATS[0], 700.0 - 30.0 * (i - begin), 1.6), t_s=T_S[i])
    for i in range(60, 66):
        mine[i] = None
    film = {250: passing, 100: mine}
    estimator, _, _ = following(film)
    given = [estimator.estimate(frame) for frame in frames(film)]
    assert off_px(given, SQUATS) < 1.0
    hidden = [i for i, pose in enumerate(given) if not pose.seen]
    assert hidden
    assert set(hidden) <= set(range(58, 70))


def test_two_who_do_the_same_are_said_to_be_ambiguous() -> None:
    film = {250: squatting(350.0), 100: squatting(-250.0)}
    estimator, _, _ = following(film)
    given = [estimator.estimate(frame) for frame in frames(film)]
    assert off_px(given, film[250]) < 1.0
    assert estimator.notes == (ALIKE_NOTE,)


def source(film: Film) -> ListSource:
    return ListSource(frames(film), SourceInfo("made-up", 0.0, 0, 30.0, *SIZE_PX, 0, "abc"))


def test_reports_are_about_the_person_who_exercises() -> None:
    film = {250: standing(450.0), 100: squatting(-250.0)}
    squat = load_exercise("squat")
    report = analyze_frames(source(film), following(film)[0], squat)
    assert report.summary.reps_counted == 3
    assert SEVERAL_NOTE in report.quality.warnings
    recorded = record_frames(source(film), following(film)[0])
    again = analyze_recording(recorded, report.source, squat)
    assert (again.reps, again.quality) == (report.reps, report.quality)


def test_same_person_or_not() -> None:
    here = place_of(SQUATS[0])
    assert here is not None
    metre = here.px_per_m

    def at(right_m: float, seconds: float, larger: float = 1.0) -> bool:
        there = replace(
            here, t_s=here.t_s + seconds, x_px=here.x_px + right_m * metre, px_per_m=larger * metre
        )
        return same(here, there)

    assert at(0.2, 0.03)
    assert not at(0.6, 0.03)
    assert at(0.6, 0.3)
    assert not at(1.5, 2.0), "nobody is taken for somebody so far away"
    assert not at(0.5, 0.1, 1.7)
    assert at(0.1, 0.1, 1.7), "who stays in place, and seems larger for a moment"


def test_a_body_without_extent_is_nowhere() -> None:
    point = replace(SQUATS[0], world_m=np.zeros_like(SQUATS[0].world_m))
    assert place_of(point) is None
    assert place_of(Pose.nobody(0.0)) is None


class FilmCapture:
    """A film, played as a camera."""

    def __init__(self, film: Film) -> None:
        self._left = frames(film)
        self.info = source(film).info
        self.warnings: tuple[str, ...] = ()

    def read(self) -> Captured | None:
        if not self._left:
            return None
        frame = self._left.pop(0)
        return Captured(frame.t_s, frame)

    def close(self) -> None:
        pass


@pytest.mark.parametrize(
    "film",
    [
        {250: standing(450.0), 100: squatting(-250.0)},
        {250: squatting(350.0), 100: squatting(-250.0)},
        {250: SQUATS},
    ],
    ids=["a bystander seen first", "two alike", "one"],
)
def test_live_says_of_several_people_what_a_check_says(film: Film) -> None:
    squat = load_exercise("squat")
    check = analyze_frames(source(film), following(film)[0], squat)
    estimator, _, _ = following(film)
    with (
        CameraSource(lambda: FilmCapture(film), ends=True, every=True) as camera,
        Voice(Tones) as voice,
    ):
        voice.mute(muted=True)
        session = Session(squat, SIZE_PX)
        live = Live(camera, estimator, session, NoDisplay(), voice, list, goodbye_s=0.0)
        report = live.run()
        assert session.starts == 0
    assert check.summary.reps_counted == 3
    for part in ("reps", "partial_reps", "summary", "view", "posture", "quality"):
        assert repr(getattr(report, part)) == repr(getattr(check, part)), part
    assert not estimator.corrections, "they are forgotten once noted"


def test_people_are_counted_while_they_are_there() -> None:
    film: Film = {250: [*standing(450.0)[:60], *[None] * (len(T_S) - 60)], 100: squatting(-250.0)}
    estimator, _, _ = following(film)
    counted = []
    for frame in frames(film):
        estimator.estimate(frame)
        counted.append(estimator.people)
    assert counted[0] == 2
    assert counted[59] == 2
    assert counted[-1] == 1
