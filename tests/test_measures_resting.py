"""What is measured from how a person rests: hips that lift, knees that straighten."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest

from formcheck.measures.course import NEAR_TOP, coupling, held, restlessness, unevenness
from formcheck.measures.repetition import REPETITION, Movement
from formcheck.measures.resting import Resting
from formcheck.pose import Pose, PoseTrack
from formcheck.refine.body import Body as Seen
from formcheck.refine.plain import PlainAngles
from formcheck.reps import Phases
from formcheck.results import SIDES, UNKNOWN_POSTURE, Posture, Reading
from formcheck.series import Window
from formcheck.view import view_from_yaw
from tests.lying_figure import SIZE_PX, TRUNK_M, Array, Body, Shot, eased, film
from tests.test_measures import EXACT

LIFT_M = 0.2
UP = ((0.0, 0.0), (2.0, 0.0), (3.0, LIFT_M), (5.0, LIFT_M), (6.0, 0.0))


def bridge(t_s: float) -> Body:
    return Body(lift_m=eased(t_s, *UP))


def lifts(track: PoseTrack, shot: Shot, posture: Posture = UNKNOWN_POSTURE) -> list[float]:
    """Return how far the hips are lifted in each frame."""
    resting, refiner, view = Resting(), PlainAngles(EXACT), view_from_yaw(shot.yaw_deg, 1.0)
    found = []
    for pose in track:
        body = Seen(pose, track.size_px)
        resting.feed(body, refiner.refine(body, view), posture, view)
        found.append(resting.lift_ratio(body))
    return found


@pytest.mark.parametrize("yaw", [0.0, 40.0, 90.0, -90.0, 150.0, 180.0])
@pytest.mark.parametrize("pitch", [0.0, 25.0])
def test_a_lift_is_the_same_from_everywhere(yaw: float, pitch: float) -> None:
    """Looking down on it, the picture shows its height a little shorter."""
    shot = Shot(yaw_deg=yaw, pitch_deg=pitch)
    found = lifts(film(bridge, 7.0, shot), shot)
    assert max(found) == pytest.approx(LIFT_M / TRUNK_M * math.cos(math.radians(pitch)), rel=0.15)
    assert max(found[:40]) < 0.02
    assert max(found[-15:]) < 0.02


@pytest.mark.parametrize(("yaw", "head"), [(90.0, "left"), (-90.0, "right")])
def test_who_is_filmed_from_the_top_of_a_lift_on_is_known_to_be_up(yaw: float, head: str) -> None:
    """Where they rest was not seen; hips in line with trunk and thighs tell from the side."""
    shot = Shot(yaw_deg=yaw)
    track = film(
        lambda t_s: Body(lift_m=eased(t_s, (0, 0.22), (2, 0.22), (3, 0), (6, 0))), 6.0, shot
    )
    found = lifts(track, shot, Posture("supine", 1.0, head))
    assert found[10:28] == pytest.approx([0.22 / TRUNK_M] * 18, abs=0.05)
    assert max(found[-30:]) < 0.02, "once they have been down, that is where they rest"
    assert max(lifts(track, shot)) < 0.02, "nobody guesses of whom it is not known how they lie"


def test_a_lift_is_as_large_in_a_tiny_picture() -> None:
    shot = Shot(px_per_m=40.0, noise_px=0.5)
    found = lifts(film(bridge, 7.0, shot), shot)
    assert np.median(found[62:98]) == pytest.approx(LIFT_M / TRUNK_M, rel=0.15)
    assert max(found[:40]) < 0.12


def shaken(track: PoseTrack) -> PoseTrack:
    """Return a recording in which the camera sways by a quarter of a metre."""
    move = 50.0 * np.sin(track.t_s)[:, None, None] * (0.3, 1.0)
    return PoseTrack(
        track.t_s, track.image_px + move, track.world_m, track.visibility, track.size_px
    )


def guessed(*names: str) -> Callable[[PoseTrack], PoseTrack]:
    """Return what mixes up where some landmarks are."""

    def change(track: PoseTrack) -> PoseTrack:
        image = track.image_px.copy()
        rng = np.random.default_rng(1)
        for name in names:
            for side in SIDES:
                at = track.skeleton.index[f"{side}_{name}"]
                image[:, at] += rng.normal(0, 40, (len(track), 2))
        return PoseTrack(track.t_s, image, track.world_m, track.visibility, track.size_px)

    return change


@pytest.mark.parametrize(
    "change", [shaken, guessed("shoulder"), guessed("ankle")], ids=["camera", "head end", "feet"]
)
def test_two_of_three_agree(change: Callable[[PoseTrack], PoseTrack]) -> None:
    shot = Shot()
    found = lifts(change(film(bridge, 7.0, shot)), shot)
    assert np.median(found[62:98]) == pytest.approx(LIFT_M / TRUNK_M, rel=0.2)
    assert np.median(found[:40]) < 0.05


@pytest.mark.parametrize(
    "body",
    [
        lambda t: Body(chest_deg=eased(t, (1.0, 0.0), (2.0, 40.0), (3.0, 0.0))),
        lambda t: Body(free="left" if 1.0 < t < 2.5 else ""),
        lambda t: Body(feet_m=eased(t, (1.0, 0.85), (2.0, 0.75))),
    ],
    ids=["curl up", "lift a leg", "move the feet"],
)
@pytest.mark.parametrize("yaw", [0.0, 90.0, 180.0])
def test_hips_that_stay_down_are_not_lifted(body: Callable[[float], Body], yaw: float) -> None:
    shot = Shot(yaw_deg=yaw)
    assert np.nanmax(lifts(film(body, 4.0, shot), shot)) < 0.04


def test_who_sits_is_not_lying() -> None:
    shot = Shot()
    track = film(lambda _: Body(knees_deg=dict.fromkeys(SIDES, 90.0)), 2.0, shot)
    assert all(math.isnan(x) for x in lifts(track, shot))


def test_the_hips_open_from_how_they_lay() -> None:
    resting, refiner, view = Resting(), PlainAngles(EXACT), view_from_yaw(90.0, 1.0)
    opened = []
    for pose in film(bridge, 4.5):
        body = Seen(pose, SIZE_PX)
        angles = refiner.refine(body, view)
        resting.feed(body, angles, UNKNOWN_POSTURE, view)
        opened.append(resting.hip_opening_deg(angles, "left").value)
    assert opened[0] == pytest.approx(0.0, abs=0.5)
    assert opened[-1] == pytest.approx(Body().hip_deg - Body(lift_m=LIFT_M).hip_deg, abs=1.0)


def test_the_knee_that_straightens_counts() -> None:
    resting, refiner, view = Resting(), PlainAngles(EXACT), view_from_yaw(90.0, 1.0)

    def body(t_s: float) -> Body:
        bent = eased(t_s, (2.0, 95.0), (3.0, 10.0), (4.0, 95.0), (5.0, 95.0))
        return Body(knees_deg={"left": 90.0, "right": bent})

    opened = []
    for pose in film(body, 5.0):
        seen = Seen(pose, SIZE_PX)
        angles = refiner.refine(seen, view)
        resting.feed(seen, angles, UNKNOWN_POSTURE, view)
        opened.append(resting.knee_opening_deg())
    # Until a leg has been bent up for a second, it has no rest: that may be a squat.
    assert math.isnan(opened[0])
    known = [deg for deg in opened if math.isfinite(deg)]
    assert known[0] == pytest.approx(0.0, abs=1.0)
    assert max(known) == pytest.approx(83.0, abs=4.0)
    assert opened[-1] == pytest.approx(0.0, abs=1.0)


def test_nobody_rests() -> None:
    resting = Resting()
    body, view = Seen(Pose.nobody(0.0), SIZE_PX), view_from_yaw(90.0, 1.0)
    angles = PlainAngles(EXACT).refine(body, view)
    resting.feed(body, angles, UNKNOWN_POSTURE, view)
    assert math.isnan(resting.lift_ratio(body))
    assert math.isnan(resting.knee_opening_deg())


# How a repetition went

T = np.arange(0.0, 6.01, 0.05)


def course(t_s: float) -> float:
    return eased(t_s, (0.0, 0.0), (1.5, 1.0), (3.5, 1.0), (5.5, 0.0))


X = np.array([course(t) for t in T])


def held_s(t_s: Array, x: Array) -> float:
    reached_s, left_s = held(t_s, x)
    return left_s - reached_s


def test_held() -> None:
    # Of a cosine's half, what is beyond 0.93 takes acos(0.86) / pi of the time.
    near = math.acos(2 * NEAR_TOP - 1) / math.pi
    assert held_s(T, X) == pytest.approx(2.0 + near * (1.5 + 2.0), abs=0.06)
    assert held_s(T, np.where((T > 2) & (T < 2.6), 0.85, X)) == pytest.approx(held_s(T, X))
    assert math.isnan(held_s(T[:2], X[:2]))


def test_a_hold_does_not_depend_on_where_it_comes_back_to() -> None:
    ends_higher = np.maximum(X, np.where(T > 3, 0.3, 0.0))
    assert held_s(T, ends_higher) < held_s(T, X)
    near, back = (
        math.acos(2 * (rest + NEAR_TOP * (1 - rest)) - 1) / math.pi for rest in (0.0, 0.3)
    )
    assert held_s(T, ends_higher) == pytest.approx(2.0 + near * 1.5 + back * 2.0, abs=0.06)


def stepwise(uneven: float) -> Array:
    share: Array = np.linspace(0, 1, 41)
    turns = 6 * np.pi
    stepped: Array = (share + uneven / turns * np.sin(turns * share)) * 80.0
    return stepped


@pytest.mark.parametrize(
    ("x", "least", "most"),
    [
        (80 * X[T <= 1.5], 0.0, 0.02),
        (stepwise(0.0), 0.0, 0.02),
        (stepwise(0.3), 0.2, 0.5),
        (stepwise(1.0), 0.75, 1.1),
        (stepwise(1.4), 0.9, 1.3),
        (-stepwise(1.0), 0.75, 1.1),
    ],
)
def test_unevenness(x: Array, least: float, most: float) -> None:
    t = np.linspace(0.0, 0.05 * (len(x) - 1), len(x))
    assert least <= unevenness(t, x) <= most


def test_unevenness_of_hardly_anything_is_unknown() -> None:
    assert math.isnan(unevenness(T[:4], X[:4]))
    assert math.isnan(unevenness(T, np.full(T.shape, np.nan)))


@pytest.mark.parametrize(
    ("neck", "value"),
    [
        (50 * X - 30, 1.0),
        (30 - 50 * X, -1.0),
        (50 * np.roll(X, 40), pytest.approx(0.0, abs=0.6)),
        (np.full(T.shape, 4.0), math.nan),
        (5 * X, math.nan),
        (np.full(T.shape, np.nan), math.nan),
    ],
)
def test_coupling(neck: Array, value: float) -> None:
    found = coupling(T, 80 * X, neck)
    assert found == pytest.approx(value, nan_ok=True)


def test_a_flicker_of_a_still_joint_couples_with_nothing() -> None:
    flicker = np.zeros(len(T))
    flicker[len(T) // 2] = 1.0
    assert np.isnan(coupling(T, flicker, 40 * X))


def movement(neck: Array, sigma: float = 6.0) -> Movement:
    values = {"knee_opening_deg": 80 * X, "head_nod_deg": neck, "lying_ratio": 0 * X}
    sigmas = {name: np.full(T.shape, sigma) for name in values}
    phases = Phases(0.2, 1.3, 2.0, 3.8, 5.2)
    return Movement(phases, True, Window(T, values, sigmas), "knee_opening_deg")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("out_s", held(T, X)[0] - 0.2),
        ("back_s", 5.2 - held(T, X)[1]),
        ("hold_s", held_s(T, X)),
        ("unevenness_ratio", 0.0),
        ("neck_coupling_ratio", -1.0),
        ("knee_range_deg", 80.0),
        ("seen_ratio", 1.0),
    ],
)
def test_of_a_repetition(name: str, value: float) -> None:
    reading = REPETITION[name].compute(movement(20 - 50 * X))
    assert reading.value == pytest.approx(value, abs=0.03)
    assert reading.sigma > 0


def test_a_head_that_moves_little_couples_unsurely() -> None:
    sure, unsure = (
        REPETITION["neck_coupling_ratio"].compute(movement(deg * X)) for deg in (50.0, 10.0)
    )
    assert sure.sigma < unsure.sigma
    assert not REPETITION["neck_coupling_ratio"].compute(movement(0 * X)).known


def test_an_uneven_movement_is_believed_of_who_lies_only() -> None:
    stopping = np.interp(T, (0.0, 0.7, 1.2, 1.9, 3.5, 5.5), (0.0, 0.4, 0.4, 1.0, 1.0, 0.0))

    def found(lying: float) -> Reading:
        given = movement(20 - 50 * X)
        given.readings.values["knee_opening_deg"] = 80 * stopping
        given.readings.values["lying_ratio"] = np.full(T.shape, lying)
        return REPETITION["unevenness_ratio"].compute(given)

    assert found(1.0).value > 0.6
    assert not found(0.0).known


def test_restlessness_is_how_much_more_than_out_and_back() -> None:
    assert restlessness(T, X) == pytest.approx(0.0, abs=0.02)
    assert restlessness(T, X + 0.1 * np.sin(2 * np.pi * T)) > 0.3
    assert math.isnan(restlessness(T, 0 * X))
