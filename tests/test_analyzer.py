"""The analyzer on a stick figure whose angles are known, and its invariants."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from formcheck.analyzer import Analyzer
from formcheck.exercises.load import load_exercise
from formcheck.frame import SourceInfo
from formcheck.pose import Pose, PoseTrack
from formcheck.refine.error import MeasuredError, plain_error
from formcheck.results import Phase, Report, Status, Tick
from formcheck.sources.synthetic import (
    DEEP,
    STANDING,
    Posture,
    Squat,
    StickFigure,
    squats,
)

SQUAT = load_exercise("squat")
EXACT = MeasuredError(
    plain_error().away_deg,
    {
        name: replace(
            row,
            standing_bias=tuple(0.0 for _ in row.standing_bias),
            bent_bias=tuple(0.0 for _ in row.bent_bias),
        )
        for name, row in plain_error().rows.items()
    },
)
"""A stick figure is seen without error on average; how sure one is stays as measured."""
INFO = SourceInfo("synthetic", 0.0, 0, 0.0, 640, 480, 0, "")
SHALLOW = Posture(thigh_elevation_deg=30, shin_inclination_deg=20, trunk_inclination_deg=25)
TINY = Posture(thigh_elevation_deg=65, shin_inclination_deg=15, trunk_inclination_deg=16)
SMALL = Posture(thigh_elevation_deg=48, shin_inclination_deg=20, trunk_inclination_deg=20)


def analyze(track: PoseTrack) -> tuple[list[Tick], Report]:
    analyzer = Analyzer(SQUAT, track.size_px, error=EXACT)
    ticks = [analyzer.feed(pose) for pose in track]
    return ticks, analyzer.finish(INFO)


def report_of(*repetitions: Squat, yaw_deg: float = 90.0, fps: float = 30.0) -> Report:
    return analyze(squats(StickFigure(yaw_deg=yaw_deg), repetitions, fps=fps))[1]


def status(report: Report, code: str, rep: int = 0) -> Status:
    return next(v.status for v in report.reps[rep].verdicts if v.code == code)


@pytest.mark.parametrize(
    ("yaw", "fps"),
    [*((90, fps) for fps in (10, 15, 24, 60, 120)), *((y, 30) for y in (0, 45, 90, -90, 180))],
)
def test_counts_at_every_frame_rate_and_from_every_side(yaw: float, fps: float) -> None:
    report = report_of(*[Squat()] * 3, yaw_deg=yaw, fps=fps)
    assert (report.summary.reps_counted, report.summary.reps_partial) == (3, 0)
    assert report.quality.effective_fps == pytest.approx(fps, rel=0.02)
    assert report.quality.person_seen == 1.0


@pytest.mark.parametrize("yaw", [90, -90])
@pytest.mark.parametrize("posture", [STANDING, SHALLOW, DEEP, Posture(20, 35, 50)])
def test_readings_in_side_view_are_the_figures_angles(yaw: float, posture: Posture) -> None:
    analyzer = Analyzer(SQUAT, (640, 480), error=EXACT)
    for i in range(30):
        tick = analyzer.feed(StickFigure(yaw_deg=yaw).pose(i / 30, posture))
    for side in ("left", "right"):
        for name, truth in (
            ("knee_flexion_deg", posture.knee_flexion_deg),
            ("hip_flexion_deg", posture.hip_flexion_deg),
            ("thigh_elevation_deg", posture.thigh_elevation_deg),
            ("shin_inclination_deg", posture.shin_inclination_deg),
        ):
            assert tick.readings[f"{side}_{name}"].value == pytest.approx(truth, abs=0.5), name
    assert tick.readings["trunk_inclination_deg"].value == pytest.approx(
        posture.trunk_inclination_deg, abs=0.5
    )


def test_times_of_a_repetition() -> None:
    (rep,) = report_of(Squat(descent_s=2.0, pause_s=1.0, ascent_s=1.5)).reps
    # It moves from 1.0 to 3.0 s, stays until 4.0 s, and is up again at 5.5 s.
    assert 1.0 < rep.span.start_s < 1.7
    assert 3.0 <= rep.span.turn_s <= 4.05
    assert 5.0 < rep.span.end_s < 5.6
    down, up = rep.measures["descent_s"].value, rep.measures["ascent_s"].value
    assert down / up == pytest.approx(2.0 / 1.5, rel=0.1)
    assert rep.measures["bottom_s"].value > 1.0


@pytest.mark.parametrize(
    ("code", "yaw", "good", "bad"),
    [
        ("SQ01", 90, Squat(bottom=Posture(-15, 30, 38)), Squat(bottom=SHALLOW)),
        (
            "SQ02",
            0,
            Squat(bottom=Posture(-10, 30, 38)),
            Squat(bottom=Posture(-10, 30, 38, knee_separation_ratio=0.3)),
        ),
        ("SQ03", 90, Squat(), Squat(bottom=Posture(-10, 30, 38, foot_pitch_deg=35))),
        ("SQ04", 90, Squat(), Squat(bottom=Posture(-10, 25, 60))),
        ("SQ05", 90, Squat(), Squat(bottom=Posture(-10, 30, 70))),
        ("SQ09", 90, Squat(), Squat(descent_s=0.4)),
        ("SQ10", 90, Squat(), Squat(descent_s=0.8, ascent_s=3.0)),
        ("SQ11", 90, Squat(), Squat(top=Posture(60, 20, 20))),
    ],
)
def test_each_criterion_passes_and_fails(code: str, yaw: float, good: Squat, bad: Squat) -> None:
    assert status(report_of(good, good, yaw_deg=yaw), code) is Status.PASS
    assert status(report_of(bad, bad, yaw_deg=yaw), code) is Status.FAIL


@pytest.mark.parametrize("fps", [10, 15, 30, 60])
@pytest.mark.parametrize("yaw", [0, 90])
@pytest.mark.parametrize(
    ("descent_s", "expected"),
    # From 5 to 95 % of the way it takes 0.59 of that: 0.21, 0.40 and 0.59 s.
    [(0.35, Status.FAIL), (0.68, Status.UNCLEAR), (1.0, Status.PASS)],
)
def test_a_fast_way_down_is_seen_at_every_frame_rate(
    fps: float, yaw: float, descent_s: float, expected: Status
) -> None:
    report = report_of(*[Squat(descent_s=descent_s)] * 2, yaw_deg=yaw, fps=fps)
    assert [status(report, "SQ09", rep) for rep in range(2)] == [expected] * 2
    for rep in report.reps:
        assert rep.measures["descent_s"].value == pytest.approx(0.59 * descent_s, abs=0.03)


def lopsided(track: PoseTrack, *, bend: float = 0.0, shift_m: float = 0.0) -> PoseTrack:
    """Return a front-view recording with one knee higher, or the hips to one side, when low."""
    at = track.skeleton.index
    hips = (track.image_px[:, at["left_hip"], 1] + track.image_px[:, at["right_hip"], 1]) / 2
    low = (hips - hips.min()) / (hips.max() - hips.min())
    world, image = track.world_m.copy(), track.image_px.copy()
    ankles = [at["left_ankle"], at["right_ankle"], at["left_knee"], at["right_knee"]]
    for k in ankles + [at[f"{s}_{p}"] for s in ("left", "right") for p in ("heel", "toe")]:
        world[:, k, 0] -= shift_m * low
        image[:, k, 0] -= 200 * shift_m * low
    world[:, at["left_ankle"], 2] -= bend * low
    return PoseTrack(track.t_s, image, world, track.visibility, track.size_px)


@pytest.mark.parametrize(
    ("code", "kind", "amount"), [("SQ06", "bend", 0.25), ("SQ07", "shift_m", 0.2)]
)
def test_lopsided_squats_fail_from_the_front(code: str, kind: str, amount: float) -> None:
    straight = squats(StickFigure(yaw_deg=0), [Squat()] * 2)
    assert status(analyze(straight)[1], code) is Status.PASS
    assert status(analyze(lopsided(straight, **{kind: amount}))[1], code) is Status.FAIL


@pytest.mark.parametrize(("stance_m", "expected"), [(0.4, Status.PASS), (0.09, Status.FAIL)])
def test_stance_width_from_the_front(stance_m: float, expected: Status) -> None:
    figure = StickFigure(yaw_deg=0, stance_m=stance_m)
    report = analyze(squats(figure, [Squat()] * 2))[1]
    assert status(report, "SQ08") is expected


def test_the_wrong_view_gives_no_verdict_but_a_remedy() -> None:
    side = report_of(Squat(bottom=Posture(-10, 30, 38, knee_separation_ratio=0.3)))
    knees = next(v for v in side.reps[0].verdicts if v.code == "SQ02")
    assert knees.status is Status.UNCLEAR
    assert knees.reason == "can't be judged from the side: face the camera"
    behind = report_of(Squat(), yaw_deg=135)
    assert status(behind, "SQ01") is Status.UNCLEAR


@pytest.mark.parametrize(
    ("repetitions", "counted", "partial"),
    [
        ([], 0, []),
        ([Squat(), Squat(bottom=SMALL), Squat()], 2, ["much less far than your other repetitions"]),
        # Bending forward with straight knees.
        ([Squat(bottom=Posture(55, -10, 95))], 0, None),
    ],
)
def test_what_is_no_repetition(
    repetitions: list[Squat], counted: int, partial: list[str] | None
) -> None:
    report = report_of(*repetitions)
    assert report.summary.reps_counted == counted
    if partial is not None:
        assert [r.span.reason for r in report.partial_reps] == partial


def test_nobody_gives_an_empty_report_with_a_warning() -> None:
    track = PoseTrack.from_poses([Pose.nobody(i / 30) for i in range(30)], (640, 480))
    ticks, report = analyze(track)
    assert {t.phase for t in ticks} == {Phase.AWAY}
    assert all(not r.known for t in ticks for r in t.readings.values())
    assert report.summary.reps_counted == 0
    assert math.isnan(report.summary.score)
    assert "Nobody was seen" in report.quality.warnings[0]


def test_no_frames_at_all() -> None:
    _, report = analyze(PoseTrack.from_poses([], (640, 480)))
    assert report.summary.reps_counted == 0
    assert report.quality.person_seen == 0.0


def test_time_must_move_on() -> None:
    analyzer = Analyzer(SQUAT, (640, 480))
    analyzer.feed(Pose.nobody(1.0))
    with pytest.raises(ValueError, match="in order of time"):
        analyzer.feed(Pose.nobody(1.0))


def test_a_recording_and_single_poses_agree_to_the_bit() -> None:
    track = squats(StickFigure(yaw_deg=70), [Squat()] * 2)
    one, two = analyze(track), analyze(track)
    assert one[1].reps == two[1].reps
    # As text: what is not seen is NaN, which equals nothing.
    assert [repr(t.readings) for t in one[0]] == [repr(t.readings) for t in two[0]]
    for name, values in one[1].series.values.items():
        np.testing.assert_array_equal(values, two[1].series.values[name])


def _swapped(name: str) -> str:
    for a, b in (("left_", "right_"), ("right_", "left_")):
        if name.startswith(a):
            return b + name.removeprefix(a)
    return name


@pytest.mark.parametrize("yaw", [20, 60, 90, 150])
def test_the_mirror_swaps_left_and_right_and_changes_nothing_else(yaw: float) -> None:
    figure = StickFigure(yaw_deg=yaw)
    track = squats(figure, [Squat(), Squat(bottom=SHALLOW), Squat(descent_s=0.4)])
    there, back = analyze(track)[1], analyze(track.mirrored())[1]
    assert len(there.reps) == len(back.reps) == 3
    for a, b in zip(there.reps, back.reps, strict=True):
        assert a.span == b.span
        assert [v.status for v in a.verdicts] == [v.status for v in b.verdicts]
    for name, values in there.series.values.items():
        np.testing.assert_allclose(values, back.series.values[_swapped(name)], atol=1e-6)


def test_where_in_the_picture_and_how_large_changes_nothing() -> None:
    track = squats(StickFigure(yaw_deg=80), [Squat()] * 2)
    moved = PoseTrack(
        track.t_s, track.image_px * 1.7 + 31, track.world_m, track.visibility, (2000, 1500)
    )
    one, two = analyze(track)[1], analyze(moved)[1]
    for name, values in one.series.values.items():
        np.testing.assert_allclose(values, two.series.values[name], atol=1e-6)


def test_landmarks_outside_the_picture_are_not_believed() -> None:
    track = squats(StickFigure(yaw_deg=90), [Squat()] * 2)
    # The same poses in a picture that ends above the knees.
    cut = PoseTrack(track.t_s, track.image_px, track.world_m, track.visibility, (640, 330))
    _, report = analyze(cut)
    assert report.summary.reps_counted == 0
    readings = analyze(cut)[0][-1].readings
    assert not readings["left_knee_flexion_deg"].known


def test_dropped_frames_and_uneven_time_change_no_count() -> None:
    track = squats(StickFigure(), [Squat()] * 4, fps=60)
    rng = np.random.default_rng(3)
    keep = np.flatnonzero(rng.random(len(track)) < 0.4)
    thinned = PoseTrack.from_poses([track[int(i)] for i in keep], track.size_px)
    assert analyze(thinned)[1].summary.reps_counted == 4


def test_cues_come_after_repetitions_one_at_a_time() -> None:
    ticks, report = analyze(squats(StickFigure(), [Squat(bottom=Posture(-10, 30, 70))] * 3))
    shown = [t for t in ticks if t.cue]
    assert shown[0].cue is not None
    assert shown[0].reps == 1
    assert {t.cue.text for t in shown if t.cue} <= {"Lift your chest", "Stay a little more upright"}
    assert report.summary.cues[0] in {"Lift your chest", "Stay a little more upright"}


def test_ticks_tell_the_story() -> None:
    ticks, report = analyze(squats(StickFigure(), [Squat()] * 2))
    assert [t.index for t in ticks] == list(range(len(ticks)))
    assert [t.reps for t in ticks] == sorted(t.reps for t in ticks)
    finished = [t.finished for t in ticks if t.finished]
    assert tuple(finished) == report.reps[: len(finished)]
    assert {Phase.READY, Phase.DESCENT, Phase.BOTTOM, Phase.ASCENT} <= {t.phase for t in ticks}
    assert all(0 <= t.progress <= 1 for t in ticks)
    assert {"SQ02", "SQ07"} <= {u.code for u in ticks[-1].unjudged}
    assert ticks[-1].marks["left_hip"] is Status.PASS


def test_provenance_names_the_definition() -> None:
    report = report_of(Squat())
    assert report.provenance["exercise_sha256"] == SQUAT.sha256
    assert report.exercise.definition_sha256 == SQUAT.sha256
    assert report.provenance["angles"]["method"] == "plain"
    assert report.provenance["smoothing"]["filter"] == "one-euro"


def test_few_frames_a_second_are_mentioned() -> None:
    report = report_of(Squat(), fps=6)
    assert any("frames a second" in w for w in report.quality.warnings)


def test_a_count_that_was_seen_is_sure() -> None:
    assert report_of(*[Squat()] * 3).quality.count_doubts == ()


@pytest.mark.parametrize(
    ("bottom", "sure"), [(Squat().bottom, True), (SHALLOW, True), (TINY, False)]
)
def test_where_tiny_movements_count_only_they_are_hard_to_tell(bottom: Posture, sure: bool) -> None:
    track = squats(StickFigure(yaw_deg=90.0), [Squat(bottom=bottom)] * 4)
    analyzer = Analyzer(load_exercise("squat", level="gentle"), track.size_px, error=EXACT)
    for pose in track:
        analyzer.feed(pose)
    report = analyzer.finish(INFO)
    assert report.summary.reps_counted == 4
    assert (report.quality.count_doubts == ()) is sure


def test_a_count_is_not_sure_when_its_signal_was_out_of_sight() -> None:
    track = squats(StickFigure(yaw_deg=90.0), [Squat()] * 4)
    frames = [
        Pose.nobody(pose.t_s) if len(track) // 3 < i < 2 * len(track) // 3 else pose
        for i, pose in enumerate(track)
    ]
    analyzer = Analyzer(SQUAT, track.size_px, error=EXACT)
    for pose in frames:
        analyzer.feed(pose)
    report = analyzer.finish(INFO)
    assert report.summary.reps_counted < 4
    assert any("could not be seen" in doubt for doubt in report.quality.count_doubts)


def test_a_bend_as_deep_as_the_squats_may_have_been_one_and_is_named() -> None:
    squat, bend = Squat(bottom=SHALLOW), Squat(bottom=Posture(30, 0, 95))
    report = report_of(squat, squat, bend, squat)
    assert report.summary.reps_counted == 3
    (partial,) = report.partial_reps
    (doubt,) = report.quality.count_doubts
    assert partial.span.reason in doubt


def test_a_bob_is_no_reason_to_doubt() -> None:
    bob = Squat(bottom=SMALL, descent_s=0.4, ascent_s=0.4, pause_s=0.0)
    report = report_of(Squat(), bob, Squat())
    assert report.summary.reps_counted == 2
    assert report.quality.count_doubts == ()
