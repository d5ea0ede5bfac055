"""Small movements of somebody who lies still, and the pelvic tilt that rests on them."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from formcheck.analyzer import Analyzer
from formcheck.exercises.load import load_exercise
from formcheck.frame import SourceInfo
from formcheck.measures.stirring import Stir
from formcheck.pose import Pose
from formcheck.refine.body import Body
from formcheck.refine.error import ErrorRow, MeasuredError, plain_error
from formcheck.results import Hold, Report, Status
from tests import bodies
from tests.bodies import HIPS_M, SIZE_PX, Shape, body_pose

TILT = load_exercise("pelvic-tilt")
INFO = SourceInfo("made up", 0.0, 0, 0.0, *SIZE_PX, 0, "")
FPS = 15.0


def tilted(towards_head_m: float, up_m: float = 0.0, knees_m: float = 0.0) -> Shape:
    """Somebody lying with bent knees, the hips moved a little, the knees to the left."""
    hips = {
        f"{side}_hip": (-towards_head_m, sign * HIPS_M / 2, up_m)
        for side, sign in (("left", 1.0), ("right", -1.0))
    }
    joints = bodies.joints_of(bodies.CROOK)
    knees = {
        f"{side}_knee": tuple(joints[f"{side}_knee"] + (0.0, knees_m, 0.0))
        for side in ("left", "right")
    }
    return replace(bodies.CROOK, at={**hips, **knees})


def rocking(
    shape: Shape,
    times: int = 3,
    *,
    held_s: float = 4.0,
    yaw_deg: float = 90.0,
    noise_px: float = 0.0,
) -> Iterator[Pose]:
    """Lying still for two seconds, then a shape and stillness by turns."""
    rng = np.random.default_rng(1)
    parts = [(2.0, bodies.CROOK), *[(held_s, shape), (2.0, bodies.CROOK)] * times]
    shapes = [what for seconds, what in parts for _ in range(round(FPS * seconds))]
    for i, what in enumerate(shapes):
        pose = body_pose(i / FPS, what, yaw_deg)
        yield replace(
            pose, image_px=pose.image_px + rng.normal(0, 1, pose.image_px.shape) * noise_px
        )


def analyze(stream: Iterator[Pose], error: MeasuredError | None = None) -> Report:
    analyzer = Analyzer(TILT, SIZE_PX, error=error)
    for pose in stream:
        analyzer.feed(pose)
    return analyzer.finish(INFO)


def status(hold: Hold, code: str) -> Status:
    return next(v.status for v in hold.verdicts if v.code == code)


@pytest.mark.parametrize("yaw_deg", [90.0, -120.0])
def test_a_centimetre_or_two_there_and_back_is_seen_and_timed(yaw_deg: float) -> None:
    report = analyze(rocking(tilted(0.02), yaw_deg=yaw_deg))
    assert len(report.holds) == 3
    for i, hold in enumerate(report.holds):
        assert hold.start_s == pytest.approx(2.0 + 6.0 * i, abs=0.6)
        assert hold.held_s == pytest.approx(4.0, abs=0.6)
        assert (hold.side, hold.complete) == ("both", True)
        assert status(hold, "PT01") is Status.PASS
        assert status(hold, "PT05") is Status.PASS
    first, second = report.holds[:2]
    assert (status(first, "PT06"), status(second, "PT06")) == (Status.UNCLEAR, Status.PASS)
    (note,) = report.quality.warnings
    assert note.startswith("Small movements were seen")


def test_jitter_is_no_movement_and_hides_none_that_is_larger() -> None:
    still = analyze(rocking(bodies.CROOK, noise_px=0.8))
    assert still.holds == ()
    (note,) = still.quality.warnings
    assert note.startswith("No small movement of the pelvis was seen, which does not mean")
    assert len(analyze(rocking(tilted(0.03), noise_px=0.8)).holds) == 3


def test_a_camera_that_is_nudged_moves_no_pelvis() -> None:
    def nudged() -> Iterator[Pose]:
        for pose in rocking(bodies.CROOK):
            shift = 6.0 if 5.0 < pose.t_s < 9.0 else 0.0
            yield replace(pose, image_px=pose.image_px + shift)

    assert analyze(nudged()).holds == ()


def test_lifting_the_hips_is_told_from_tilting() -> None:
    report = analyze(rocking(tilted(0.02, up_m=0.12)))
    assert len(report.holds) == 3
    assert all(status(hold, "PT01") is Status.FAIL for hold in report.holds)
    assert report.summary.cues[0] == "Keep your hips down"
    bridges = analyze(rocking(tilted(0.0, up_m=0.3)))
    assert bridges.holds == ()


def test_knees_that_sway_are_seen_from_head_or_feet_only() -> None:
    swaying = tilted(0.02, knees_m=0.2)
    for yaw_deg in (0.0, 180.0):
        report = analyze(rocking(swaying, yaw_deg=yaw_deg))
        assert report.holds
        assert all(status(hold, "PT02") is Status.FAIL for hold in report.holds)
    side_on = analyze(rocking(swaying))
    assert all(status(hold, "PT02") is Status.UNCLEAR for hold in side_on.holds)


def test_who_lies_is_told_where_to_put_the_camera() -> None:
    """Where knees are off by ten body widths from the side: "turn round" would help nobody."""
    plain = plain_error()
    none, sigma = (0.0,) * len(plain.away_deg), [10.0] * len(plain.away_deg)
    sigma[0] = 0.01
    row = ErrorRow(none, tuple(sigma), none, tuple(sigma))
    error = replace(plain, rows={**plain.rows, "knee_drift_ratio": row})
    report = analyze(rocking(tilted(0.02, knees_m=0.2)), error)
    assert report.holds
    for hold in report.holds:
        (knees,) = (v for v in hold.verdicts if v.code == "PT02")
        assert knees.status is Status.UNCLEAR
        assert knees.reason == "can't be judged from the side: put the camera at your feet"


def test_who_lets_go_too_soon_is_told() -> None:
    report = analyze(rocking(tilted(0.025), held_s=1.5))
    assert [status(hold, "PT05") for hold in report.holds] == [Status.FAIL] * 3


@pytest.mark.parametrize("shape", [bodies.FLAT, bodies.SEATED, bodies.STANDING, bodies.PRONE])
def test_nobody_else_tilts(shape: Shape) -> None:
    poses = (
        body_pose(i / FPS, replace(shape, trunk_deg=shape.trunk_deg + 2.0 * (i // 30 % 2)))
        for i in range(150)
    )
    assert analyze(poses).holds == ()


def test_a_resting_place_is_learnt_followed_and_given_up() -> None:
    stir = Stir("hip")

    def lie(start_s: float, seconds: float, moved_m: float) -> float:
        for i in range(round(FPS * seconds)):
            stir.feed(Body(body_pose(start_s + i / FPS, tilted(moved_m)), SIZE_PX))
        return stir.ratio

    assert math.isnan(lie(0.0, 0.4, 0.0))
    assert lie(0.4, 1.6, 0.0) == pytest.approx(0.0, abs=1e-9)
    assert lie(2.0, 3.0, 0.02) == pytest.approx(0.04, abs=0.005)
    # Back, but not quite: that is rest too, and after a while the place itself.
    assert lie(5.0, 2.0, 0.003) == pytest.approx(0.006, abs=0.002)
    assert lie(7.0, 30.0, 0.003) < 0.002
    # Away for good: half a minute later, this is where the person rests.
    assert lie(37.0, 20.0, 0.05) > 0.08
    assert lie(57.0, 15.0, 0.05) < 0.002
    stir.forget()
    assert math.isnan(stir.ratio)
