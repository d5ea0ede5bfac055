"""Glute bridges of a stick figure: counted from everywhere, judged from where it shows."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from formcheck.analyzer import Analyzer
from formcheck.exercises.load import load_exercise
from formcheck.frame import SourceInfo
from formcheck.pose import PoseTrack
from formcheck.refine.error import ErrorRow, MeasuredError, plain_error
from formcheck.results import Phase, Rep, Report, Status
from tests.lying_figure import SIZE_PX, Body, Shot, eased, film
from tests.test_measures import EXACT

INFO = SourceInfo("synthetic", 0.0, 0, 0.0, *SIZE_PX, 0, "")
BRIDGE = load_exercise("bridge")
LINE_M = 0.24
"""How high the hips are when shoulders, hips and knees are in line."""
SURE = MeasuredError(
    (0.0,),
    {
        name: ErrorRow((0.0,), (sigma,), (0.0,), (sigma,))
        for name in EXACT.rows
        for sigma in (0.05 if name.endswith("_ratio") else 1.0,)
    },
)
FREE = {"": "", "left": "right", "right": "left"}
"""Working side → the one whose foot is in the air."""


def reps(
    *tops_m: float, up_s: float = 1.2, hold_s: float = 2.5, down_s: float = 1.6, free: str = ""
) -> Callable[[float], Body]:
    """Return bridges so high, one after the other, a second of rest between them."""
    turns: list[tuple[float, float]] = [(0.0, 0.0)]
    for top_m in tops_m:
        for seconds, height in ((1.0, 0.0), (up_s, top_m), (hold_s, top_m), (down_s, 0.0)):
            turns.append((turns[-1][0] + seconds, height))
    return lambda t_s: Body(lift_m=eased(t_s, *turns), free=free)


def length_s(count: int, up_s: float = 1.2, hold_s: float = 2.5, down_s: float = 1.6) -> float:
    return count * (1.0 + up_s + hold_s + down_s) + 1.0


def check(track: PoseTrack, error: MeasuredError = SURE) -> Report:
    analyzer = Analyzer(BRIDGE, track.size_px, error=error)
    for pose in track:
        analyzer.feed(pose)
    return analyzer.finish(INFO)


def plain_without_bias() -> MeasuredError:
    """Return plain geometry's spreads; the figure has none of its bias."""
    known = plain_error()
    nothing = tuple(0.0 for _ in known.away_deg)
    rows = {
        name: ErrorRow(nothing, row.standing_sigma, nothing, row.bent_sigma)
        for name, row in known.rows.items()
    }
    return MeasuredError(known.away_deg, rows)


def verdicts(rep: Rep) -> dict[str, Status]:
    return {v.code: v.status for v in rep.verdicts}


@pytest.mark.parametrize("yaw", [0.0, 35.0, 90.0, -90.0, -140.0, 180.0])
@pytest.mark.parametrize("pitch", [0.0, 35.0])
def test_counted_from_everywhere(yaw: float, pitch: float) -> None:
    shot = Shot(yaw, pitch, noise_px=1.0)
    report = check(film(reps(LINE_M, LINE_M, LINE_M), length_s(3), shot))
    assert report.summary.reps_counted == 3
    assert report.summary.sides == {}


@pytest.mark.parametrize("fps", [10.0, 15.0, 30.0, 60.0])
def test_counted_at_any_rate_in_a_tiny_picture(fps: float) -> None:
    track = film(reps(LINE_M, LINE_M), length_s(2), Shot(px_per_m=45.0, noise_px=0.4), fps)
    assert check(track).summary.reps_counted == 2


def test_counted_from_the_first_moment_to_the_last() -> None:
    """A clip cut to one repetition begins and ends with the hips down."""
    track = film(reps(LINE_M), 1.0 + 1.2 + 2.5 + 1.6)
    cut = PoseTrack.from_poses(list(track)[18:], SIZE_PX)
    assert check(cut).summary.reps_counted == 1


@pytest.mark.parametrize(
    ("right_px", "hidden"), [(-330.0, ("shoulder", "ear")), (220.0, ("ankle", "heel", "toe"))]
)
def test_counted_with_head_or_feet_out_of_the_picture(
    right_px: float, hidden: tuple[str, ...]
) -> None:
    """The pose model guesses where they are."""
    track = film(reps(LINE_M, LINE_M), length_s(2))
    track.image_px[..., 0] += right_px
    rng = np.random.default_rng(3)
    for part in hidden:
        for side in ("left", "right"):
            at = track.skeleton.index[f"{side}_{part}"]
            track.image_px[:, at] += rng.normal(0, 8, (len(track), 2))
            assert not ((track.image_px[:, at, 0] > -13) & (track.image_px[:, at, 0] < 653)).all()
    assert check(track).summary.reps_counted == 2


@pytest.mark.parametrize("side", ["left", "right"])
@pytest.mark.parametrize("yaw", [90.0, -60.0])
def test_on_one_leg_the_foot_on_the_floor_is_the_working_side(side: str, yaw: float) -> None:
    report = check(film(reps(LINE_M, LINE_M, free=FREE[side]), length_s(2), Shot(yaw)))
    assert [rep.span.side for rep in report.reps] == [side, side]
    assert report.summary.sides[side] == 2


def test_small_ranges_count_when_they_are_ones_own() -> None:
    report = check(film(reps(0.08, 0.08, 0.08), length_s(3)))
    assert report.summary.reps_counted == 3
    assert all(verdicts(rep)["BR01"] is Status.FAIL for rep in report.reps)


def test_much_less_than_usual_is_partial() -> None:
    report = check(film(reps(LINE_M, LINE_M, 0.065), length_s(3)))
    assert (report.summary.reps_counted, report.summary.reps_partial) == (2, 1)
    assert report.partial_reps[0].span.reason.startswith("much less far than your other")


@pytest.mark.parametrize(
    ("track", "code", "status"),
    [
        (film(reps(LINE_M), length_s(1)), "BR01", Status.PASS),
        (film(reps(0.12), length_s(1)), "BR01", Status.FAIL),
        (film(reps(LINE_M), length_s(1)), "BR02", Status.PASS),
        (film(reps(0.33), length_s(1)), "BR02", Status.FAIL),
        (film(reps(LINE_M), length_s(1)), "BR03", Status.PASS),
        (film(reps(LINE_M, hold_s=0.3), 6.0), "BR03", Status.FAIL),
        (film(reps(LINE_M), length_s(1)), "BR04", Status.PASS),
        (film(reps(LINE_M, down_s=0.5), 6.5), "BR04", Status.FAIL),
        (film(reps(LINE_M), length_s(1)), "BR05", Status.PASS),
        (film(lambda t: Body(reps(LINE_M)(t).lift_m, 1.2), length_s(1)), "BR05", Status.FAIL),
        (film(lambda t: Body(reps(LINE_M)(t).lift_m, 0.72), length_s(1)), "BR05", Status.PASS),
        (film(reps(LINE_M), length_s(1), Shot(0.0)), "BR06", Status.PASS),
        (film(reps(LINE_M), length_s(1), Shot(0.0)), "BR07", Status.PASS),
    ],
)
def test_judged(track: PoseTrack, code: str, status: Status) -> None:
    report = check(track)
    assert [verdicts(rep)[code] for rep in report.reps] == [status]


def test_a_dropped_side_and_knees_that_fall_in() -> None:
    track = film(reps(LINE_M), length_s(1), Shot(0.0))
    at = track.skeleton.index
    lifted = track.t_s > 2.0
    track.world_m[lifted, at["left_hip"], 1] += 0.06
    for side, towards in (("left", 1.0), ("right", -1.0)):
        track.image_px[lifted, at[f"{side}_knee"], 0] -= towards * 12.0
    (rep,) = check(track).reps
    assert verdicts(rep)["BR06"] is Status.FAIL
    assert verdicts(rep)["BR07"] is Status.FAIL


def test_from_the_side_a_pelvis_that_drops_is_unclear_and_says_why() -> None:
    (rep,) = check(film(reps(LINE_M), length_s(1)), plain_without_bias()).reps
    verdict = next(v for v in rep.verdicts if v.code == "BR06")
    assert verdict.status is Status.UNCLEAR
    assert verdict.reason == "can't be judged from the side: put the camera at your head"


@pytest.mark.parametrize(
    "body",
    [
        lambda _: Body(),
        lambda t: Body(lift_m=0.012 * (1 + np.sin(t))),
        lambda t: Body(chest_deg=eased(t % 4, (0.5, 0.0), (1.5, 40.0), (2.5, 40.0), (3.5, 0.0))),
        lambda t: Body(chest_deg=eased(t % 4, (0.5, 0.0), (1.5, 75.0), (2.5, 75.0), (3.5, 0.0))),
        lambda t: Body(free="left" if t % 4 > 2 else ""),
        lambda t: Body(feet_m=eased(t % 4, (0.5, 0.85), (1.5, 0.72), (2.5, 0.72), (3.5, 0.85))),
    ],
    ids=["lying", "pelvic tilts", "crunches", "sit-ups", "leg lifts", "feet move"],
)
@pytest.mark.parametrize("yaw", [0.0, 60.0, 90.0, 180.0])
def test_other_movements_on_the_floor_are_no_bridges(
    body: Callable[[float], Body], yaw: float
) -> None:
    assert check(film(body, 12.0, Shot(yaw, noise_px=1.0))).summary.reps_counted == 0


def test_the_phases_have_their_own_names() -> None:
    analyzer = Analyzer(BRIDGE, SIZE_PX, error=SURE)
    ticks = [analyzer.feed(pose) for pose in film(reps(LINE_M), length_s(1))]
    said = {tick.phase: tick.phase_word for tick in ticks}
    assert said[Phase.DESCENT] == "Up"
    assert said[Phase.BOTTOM] == "Top"
    assert said[Phase.ASCENT] == "Down"
    assert said[Phase.READY] == ""
