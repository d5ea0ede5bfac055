"""The quality benchmark: its figures must follow from cases that can be counted by hand."""

from __future__ import annotations

import dataclasses
import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from benchmarks.quality import margins, recognition, verdicts, weakness
from benchmarks.quality.figures import Figure, Figures, mean, quantile, read, share, write
from benchmarks.quality.gate import FOLDER
from benchmarks.quality.measure import holds, measure
from benchmarks.quality.observe import Observed, observe, pair, pair_holds
from benchmarks.quality.page import markdown, summary
from benchmarks.quality.plan import PEOPLE, SHOTS, gate_names
from benchmarks.quality.sections import sections
from benchmarks.quality.shelf import NOTHING, Shelf, Table
from benchmarks.quality.sight import VIEW_KINDS, Sight, kind_of, sight
from benchmarks.quality.takes import Take, TrueRep, load_take, split_of
from benchmarks.quality.verdicts import Judged
from benchmarks.rendering.conditions import CONDITIONS
from benchmarks.rendering.motions import SCRIPTS
from formcheck.exercises.load import load_exercise
from formcheck.pose import BLAZEPOSE, PoseTrack
from formcheck.results import Bound, Hold, Rep, Span, Status, Verdict

SAMPLE = Path(__file__).parents[1] / "samples" / "squat"


# Figures


def test_means_quantiles_and_shares_leave_out_what_is_unknown() -> None:
    assert mean([1.0, 3.0, np.nan]) == Figure(2.0, 2)
    assert quantile([0.0, 10.0, np.inf], 0.5) == Figure(5.0, 2)
    assert share([True, False, False, False]) == Figure(0.25, 4)
    assert share([]) is None
    assert mean([np.nan]) is None


def test_figures_come_back_as_they_were_written(tmp_path: Path) -> None:
    figures = {"test/b": Figure(0.5, 4), "test/a": Figure(-1.25, 7)}
    write(tmp_path / "q.json", {"command": "make it", "versions": {"numpy": "2"}}, figures)
    about, again = read(tmp_path / "q.json")
    assert again == figures
    assert about == {"command": "make it", "versions": {"numpy": "2"}}
    lines = (tmp_path / "q.json").read_text("utf-8").splitlines()
    assert lines[-4:-2] == [
        '  "test/a": {"value": -1.25, "n": 7},',
        '  "test/b": {"value": 0.5, "n": 4}',
    ]


def test_figures_of_another_schema_are_refused(tmp_path: Path) -> None:
    (tmp_path / "q.json").write_text(json.dumps({"schema": "other/1", "figures": {}}))
    with pytest.raises(SystemExit, match=r"is not of the schema formcheck\.quality/1"):
        read(tmp_path / "q.json")


# The set


def test_the_set_is_large_and_nobody_is_in_both_parts() -> None:
    assert len(SHOTS) >= 150
    assert len({shot.person for shot in SHOTS}) >= 60
    assert len({shot.name for shot in SHOTS}) == len(SHOTS)
    for shot in SHOTS:
        assert split_of(shot.person) == shot.split
        first, count = PEOPLE[shot.split]
        assert first <= shot.person < first + count
    for split in PEOPLE:
        assert sum(shot.split == split for shot in SHOTS) > 60


def test_every_script_and_condition_of_the_set_exists() -> None:
    assert {shot.script for shot in SHOTS} <= set(SCRIPTS)
    assert {name for shot in SHOTS for name in shot.conditions} == set(CONDITIONS)


@pytest.mark.parametrize(("level", "times"), [("clear", 2), ("slight", 2), ("inside", 1)])
@pytest.mark.parametrize("script", sorted({n.rpartition("-")[0] for n in SCRIPTS if "-SQ" in n}))
def test_every_criterion_is_tried_in_every_size_where_it_is_seen_well(
    script: str, level: str, times: int
) -> None:
    code = script.split("-")[1]
    splits = [
        shot.split
        for shot in SHOTS
        if shot.script == f"{script}-{level}" and sight("squat", code, kind_of(shot.view)) == "good"
    ]
    assert len(set(splits)) == times


@pytest.mark.parametrize("code", [c.code for c in load_exercise("squat").criteria])
def test_every_criterion_is_tried_where_it_is_not_seen_well(code: str) -> None:
    views = {kind_of(shot.view) for shot in SHOTS if shot.script.startswith(f"squat-{code}")}
    everywhere = all(sight("squat", code, kind) == "good" for kind in VIEW_KINDS)
    assert everywhere or any(sight("squat", code, view) != "good" for view in views)


def test_what_is_in_a_clip_follows_from_its_name_alone() -> None:
    one = next(shot for shot in SHOTS if shot.name == "test-clean-side-left")
    again = dataclasses.replace(one, gate=not one.gate)
    assert (again.person, again.seed, again.fps) == (one.person, one.seed, one.fps)
    assert len({shot.seed for shot in SHOTS}) == len(SHOTS)


def test_the_gate_has_people_of_both_kinds_and_every_criterion() -> None:
    chosen = [shot for shot in SHOTS if shot.name in gate_names()]
    assert {shot.split for shot in chosen} == set(PEOPLE)
    for criterion in load_exercise("squat").criteria:
        assert any(criterion.code in shot.script for shot in chosen), criterion.code


@pytest.mark.parametrize(
    ("code", "view", "expected"),
    [
        ("SQ01", "side", "good"),
        ("SQ01", "front-oblique", "reduced"),
        ("SQ01", "front", "none"),
        ("SQ02", "front", "good"),
        ("SQ02", "rear", "reduced"),
        ("SQ02", "side", "none"),
        ("SQ09", "rear-oblique", "good"),
    ],
)
def test_where_criteria_are_seen(code: str, view: str, expected: Sight) -> None:
    assert sight("squat", code, view) == expected


# Truth against a pose model that makes no mistakes


def perfect(folder: Path, moved_px: float = 0.0) -> Take:
    """Return the sample with the truth itself as what the pose model saw."""
    folder.mkdir()
    for name in ("labels.toml", "truth.npz"):
        shutil.copyfile(SAMPLE / name, folder / name)
    with np.load(SAMPLE / "truth.npz") as truth:
        names = [str(name) for name in truth["joint_names"]]
        at = [BLAZEPOSE.index[name] for name in names]
        frames = len(truth["t_s"])
        image = np.full((frames, 33, 2), np.nan)
        image[:, at] = truth["image_px"]
        world = np.full((frames, 33, 3), np.nan)
        world[:, at] = truth["world_m"] @ truth["camera_rotation"].T
        hips = world[:, [BLAZEPOSE.index[f"{side}_hip"] for side in ("left", "right")]]
        world -= hips.mean(axis=1, keepdims=True)
        width, height = (int(n) for n in truth["image_size_px"])
        track = PoseTrack(
            t_s=truth["t_s"],
            image_px=image + np.array((moved_px, 0.0)),
            world_m=world,
            visibility=np.isfinite(world[..., 0]).astype(float),
            size_px=(width, height),
        )
    track.save(folder / "poses.npz")
    return load_take(folder)


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Observed:
    return observe(perfect(tmp_path_factory.mktemp("films") / "perfect"))


def test_a_perfect_pose_model_has_no_error(seen: Observed) -> None:
    figures = measure([seen])
    for angle in ("knee_flexion_deg", "hip_flexion_deg"):
        error = figures[f"development/angle/{angle}/side/all/world/mean_abs_deg"]
        assert error.value < 0.5
        assert error.n == 2 * len(seen.seen)


def test_the_person_is_found_and_the_view_is_named(seen: Observed) -> None:
    figures = measure([seen])
    assert figures["development/found/upright/share"] == Figure(1.0, len(seen.seen))
    assert figures["development/found/upright/somebody_else_share"].value == 0.0
    assert figures["development/view/upright/side/named_right_share"] == Figure(1.0, 1)
    assert figures["development/view/upright/all/direction_mean_abs_deg"].value < 5
    # The sample's left side is nearer: the person faces the picture's left edge.
    assert np.median(seen.true_yaw_deg) == pytest.approx(-90, abs=20)


def test_somebody_else_is_not_the_person(tmp_path: Path) -> None:
    take = perfect(tmp_path / "moved", moved_px=200.0)
    figures = measure([observe(take)])
    assert figures["development/found/upright/share"].value == 0.0
    assert figures["development/found/upright/somebody_else_share"].value == 1.0
    assert "development/angle/knee_flexion_deg/all/all/ours/mean_abs_deg" not in figures


def test_all_repetitions_of_the_sample_are_counted(seen: Observed) -> None:
    figures = measure([seen])
    assert figures["development/count/squat/exact_share"] == Figure(1.0, 1)
    assert figures["development/timing/found_share"] == Figure(1.0, 6)
    assert figures["development/timing/turn/mean_abs_s"].value < 0.1
    assert figures["development/set/repetitions"].value == 6


def test_postures_follow_from_the_true_joints(seen: Observed) -> None:
    posture = seen.take.posture()
    assert set(posture) == {"standing", "bent"}
    turns = [int(np.argmin(np.abs(seen.take.clip.track.t_s - r.turn_s))) for r in seen.take.reps]
    deep = [i for i, rep in zip(turns, seen.take.reps, strict=True) if rep.counted]
    assert set(posture[deep]) == {"bent"}
    assert posture[0] == "standing"


# Pairs


def true_rep(turn_s: float, *, counted: bool = True) -> TrueRep:
    return TrueRep(1, turn_s - 1, turn_s, turn_s + 1, counted, {}, {})


def found_rep(turn_s: float) -> Rep:
    span = Span("both", turn_s - 1, turn_s, turn_s + 1, counted=True)
    return Rep(1, span, {}, (), 100.0)


@pytest.mark.parametrize(
    ("true_s", "found_s", "expected"),
    [
        ((5, 10), (5.2, 9.9), (5.2, 9.9)),
        ((5, 10), (9.9,), (None, 9.9)),
        ((5,), (5.2, 20), (5.2,)),
        ((5,), (7,), (None,)),
        # One that was found stands for one true repetition only.
        ((5, 5.5), (5.2,), (5.2, None)),
    ],
)
def test_true_repetitions_find_their_counterparts(
    true_s: tuple[float, ...], found_s: tuple[float, ...], expected: tuple[float | None, ...]
) -> None:
    pairs = pair([true_rep(t) for t in true_s], [found_rep(t) for t in found_s])
    assert tuple(rep and rep.span.turn_s for _, rep in pairs) == expected


def test_partial_repetitions_are_not_looked_for() -> None:
    assert pair([true_rep(5, counted=False)], [found_rep(5)]) == []


# Verdicts


def true_hold(start_s: float, held_s: float, *, counted: bool = True) -> TrueRep:
    end_s = start_s + held_s
    return TrueRep(1, start_s, start_s + 0.1, end_s, counted, {}, {}, held_s)


def timed(start_s: float, held_s: float, *, complete: bool = True) -> Hold:
    return Hold(1, "left", start_s, start_s + held_s, held_s, complete)


def test_a_true_hold_is_the_one_that_was_timed_in_its_middle() -> None:
    true = [true_hold(0.0, 10.0), true_hold(20.0, 8.0), true_hold(40.0, 5.0, counted=False)]
    early, late = timed(6.0, 3.0), timed(20.5, 8.0)
    assert pair_holds(true, [early, late]) == [(true[0], None), (true[1], late)]


def test_times_of_holds(seen: Observed) -> None:
    true = [true_hold(0.0, 10.0), true_hold(20.0, 8.0), true_hold(40.0, 6.0), true_hold(60.0, 6.0)]
    found = [timed(0.1, 9.8), timed(20.5, 7.0), timed(40.0, 3.5, complete=False)]
    figures = holds([dataclasses.replace(seen, holds=tuple(pair_holds(true, found)))])
    assert figures == {
        "squat/found_share": Figure(0.75, 4),
        "squat/held_mean_abs_s": Figure(0.6, 2),
        "squat/held_within_03_s_share": Figure(0.5, 2),
    }


def judged(
    status: Status, *, within: bool, probability: float = 0.9, sight: Sight = "good"
) -> Judged:
    verdict = Verdict(
        "SQ01", "Depth", status, 1.0, 1.0, "deg", Bound(high=0.0), -1.0, probability, 0.0, "", ""
    )
    return Judged("SQ01", sight, "clean", -1.0 if within else 1.0, within, verdict)


CASES = [
    *[judged(Status.FAIL, within=False)] * 6,
    *[judged(Status.FAIL, within=True)] * 2,
    *[judged(Status.UNCLEAR, within=False)] * 3,
    *[judged(Status.PASS, within=False)] * 1,
    *[judged(Status.PASS, within=True)] * 8,
]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("precision_share", Figure(6 / 8, 8)),
        ("recall_share", Figure(6 / 10, 10)),
        ("unclear_share", Figure(3 / 20, 20)),
        ("wrong_share", Figure(3 / 20, 20)),
        ("wrong_of_given_share", Figure(round(3 / 17, 4), 17)),
        ("false_alarm_share", Figure(2 / 10, 10)),
    ],
)
def test_quality_of_verdicts(name: str, expected: Figure) -> None:
    assert verdicts._quality(CASES)[name] == expected


def with_truths(seen: Observed, **truths: float) -> Observed:
    """Return an observation whose true repetitions all have these true values."""
    pairs = tuple((dataclasses.replace(true, truths=truths), rep) for true, rep in seen.pairs)
    return dataclasses.replace(seen, pairs=pairs)


def test_verdicts_are_right_or_wrong_by_the_true_value(seen: Observed) -> None:
    """The lean is within its bound of 55 in all but one: right, until the truth says else."""
    passed = sum(
        v.status is Status.PASS
        for _, rep in seen.pairs
        for v in (rep.verdicts if rep else ())
        if v.code == "SQ05"
    )
    assert passed >= 4
    right = verdicts.by_criterion([with_truths(seen, SQ05=30.0)])
    wrong = verdicts.by_criterion([with_truths(seen, SQ05=80.0)])
    assert right["SQ05/good/wrong_share"] == Figure(round((6 - passed) / 6, 4), 6)
    assert wrong["SQ05/good/wrong_share"] == Figure(round(passed / 6, 4), 6)
    assert "SQ01/good/wrong_share" not in right


def test_calibration_sorts_verdicts_by_how_sure_they_are(
    seen: Observed, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = [
        judged(Status.PASS, within=True, probability=0.85),
        judged(Status.PASS, within=False, probability=0.87),
        judged(Status.FAIL, within=False, probability=0.05),
        judged(Status.UNCLEAR, within=True, probability=0.5),
    ]
    monkeypatch.setattr(verdicts, "judged", lambda _: cases)
    figures = verdicts.calibration([seen])
    assert figures["0.80-0.90/right_share"] == Figure(0.5, 2)
    assert figures["0.80-0.90/said_share"] == Figure(0.86, 2)
    assert figures["0.95-0.99/right_share"] == Figure(1.0, 1)
    met = verdicts.reliability([seen])
    assert met["0.8-0.9/met_share"] == Figure(0.5, 2)
    assert met["0.0-0.1/met_share"] == Figure(0.0, 1)
    assert met["0.5-0.6/met_share"] == Figure(1.0, 1)


# Margins


@pytest.mark.parametrize(
    ("name", "was", "now", "fails"),
    [
        ("test/count/squat/exact_share", 0.9, 0.9, False),
        ("test/count/squat/exact_share", 0.9, 0.95, False),
        ("test/count/squat/exact_share", 0.9, 0.8999, True),
        ("test/angle/knee_flexion_deg/all/bent/ours/mean_abs_deg", 5.0, 5.2, False),
        ("test/angle/knee_flexion_deg/all/bent/ours/mean_abs_deg", 5.0, 5.21, True),
        ("test/angle/knee_flexion_deg/all/bent/ours/mean_abs_deg", 5.0, 3.0, False),
        # Too wide an interval is as dishonest as too narrow a one.
        ("test/coverage/hinge_deg/all/upright/within_80_share", 0.82, 0.86, True),
        ("test/coverage/hinge_deg/all/upright/within_80_share", 0.82, 0.75, False),
        ("test/coverage/hinge_deg/all/upright/within_80_share", 0.70, 0.66, True),
        # One case of ten on the wrong side is accepted, two are not.
        ("test/level/SQ05/good/clear/fail_share", 1.0, 0.9, False),
        ("test/level/SQ05/good/clear/fail_share", 1.0, 0.8, True),
    ],
)
def test_margins(name: str, was: float, now: float, fails: bool) -> None:
    (change,) = margins.changes({name: Figure(was, 10)}, {name: Figure(now, 10)})
    assert change.fails == fails


def test_a_figure_that_is_gone_fails() -> None:
    name = "test/count/squat/exact_share"
    (change,) = margins.changes({name: Figure(1.0, 10)}, {})
    assert change.fails
    assert str(change) == f"{name}: was 1, is gone"


def test_a_failure_names_the_figure_and_how_much_worse_it_is() -> None:
    name = "test/count/squat/exact_share"
    (change,) = margins.changes({name: Figure(1.0, 10)}, {name: Figure(0.8, 10)})
    assert str(change) == f"{name}: was 1 (n 10), is 0.8 (n 10), worse by 0.2, margin 0"


def test_figures_without_a_rule_are_not_looked_at() -> None:
    name = "test/angle/knee_flexion_deg/all/bent/world/mean_abs_deg"
    assert list(margins.changes({name: Figure(1.0, 9)}, {})) == []


# What is shown


def test_tables_become_markdown() -> None:
    table = Table(("view", "right, %"), (("side", "97"), ("front", NOTHING)))
    assert markdown(table) == "| view | right, % |\n| --- | ---: |\n| side | 97 |\n| front | – |"


def test_test_and_development_people_are_never_mixed(seen: Observed) -> None:
    figures = measure([seen])
    assert sections(figures, "development")
    assert sections(figures, "test") == []
    row = next(r for r in summary(figures).rows if r[0] == "clips in the set")
    assert row == ("clips in the set", "0", "", "1", "")


def test_weaknesses_are_named() -> None:
    figures: Figures = {
        "test/found/upright/share": Figure(0.97, 1000),
        "test/found/lying/share": Figure(0.97, 1000),
        "test/angle/knee_flexion_deg/all/bent/ours/mean_abs_deg": Figure(9.0, 500),
        "test/angle/knee_flexion_deg/all/bent/pixels/mean_abs_deg": Figure(7.0, 500),
        "test/count/squat/exact_share": Figure(0.5, 4),
        "test/verdict/SQ05/good/wrong_of_given_share": Figure(0.1, 40),
        "test/level/SQ05/good/clear/fail_share": Figure(0.6, 10),
    }
    assert weakness.weaknesses(figures, "test") == [
        "People who are upright are found in 97.0 % of frames (wanted 99).",
        "Knee bend, bent: our 9.0° is worse than raw MediaPipe's 7.0°.",
        "SQ05 Forward lean, seen well: 60 % of clear faults are a FAIL (10).",
        "SQ05 Forward lean, seen well: 10 % of the verdicts given are wrong (40).",
    ]
    assert weakness.weaknesses(figures, "development") == []


def test_a_shelf_shows_nothing_where_there_are_no_cases() -> None:
    shelf = Shelf({"test/a/b_share": Figure(0.5, 2)}, "test")
    assert shelf.per_cent("a", "b_share") == "50"
    assert shelf.per_cent("a", "c_share") == NOTHING
    assert shelf.n("a", "c_share") == "0"
    assert shelf.below("a") == ["b_share"]


def test_recognition_is_told_for_each_kind_of_people() -> None:
    clips = [f"development-{name}" for name in ("walking-side-right", "clean-rear")]
    told = [recognition.tell(FOLDER / clip) for clip in clips]
    assert [(one.exercise, one.right, one.mistaken) for one in told] == [
        ("none", True, False),
        ("squat", True, False),
    ]
    assert recognition.summary(told) == [
        "development: 2 of 2 right, 0 taken for another exercise (none 1 of 1, squat 1 of 1)"
    ]
