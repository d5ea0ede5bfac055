"""The checks on real people, with stick figures whose angles are known.

They are filmed with perspective; their legs move in planes at right angles to their
shoulders, so that a side view shows every angle as it is.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rich.console import Console

from benchmarks.footage import Clip, read_index
from benchmarks.quality.figures import Figure, Figures
from benchmarks.reality import __main__ as command
from benchmarks.reality import checks, moments
from benchmarks.reality.clips import in_mirror, recording, short_ones
from benchmarks.reality.look import draw_all, strange
from benchmarks.reality.mirror import mirror_pictures, mirror_poses
from benchmarks.reality.page import Results, page
from benchmarks.reality.watch import Watched, watch
from formcheck.angles import BODY_ANGLES
from formcheck.frame import Frame
from formcheck.geometry import PICTURE_UP
from formcheck.pose import BLAZEPOSE, FloatArray, Pose, PoseTrack
from formcheck.refine.body import Body
from formcheck.refine.error import MeasuredError, plain_error
from formcheck.refine.plain import PlainAngles
from formcheck.results import SIDES, Reading, Readings, View
from formcheck.sources.synthetic import DEEP, STANDING, Posture, StickFigure
from tests.test_refine_learned import weights

SIZE_PX = (640, 480)
FOCAL_PX = 600.0
AWAY_M = 4.0
FIGURE = StickFigure(hip_width_m=0.3, shoulder_width_m=0.3, stance_m=0.3)
KNEE, HIP, TRUNK = "knee_flexion_deg", "hip_flexion_deg", "trunk_inclination_deg"


# Films and refiners whose errors are put in


def film(
    postures: list[Posture], *, yaw_deg: float = 90.0, look_down_deg: float = 0.0, fps: float = 30.0
) -> PoseTrack:
    """Film a stick figure through a pinhole, at hip height."""
    figure = replace(FIGURE, yaw_deg=yaw_deg)
    joints = [figure._joints(posture) for posture in postures]
    return through_pinhole(
        [{name: figure._to_camera(*at) for name, at in one.items()} for one in joints],
        look_down_deg,
        fps,
    )


def through_pinhole(
    joints: list[dict[str, FloatArray]], look_down_deg: float = 0.0, fps: float = 30.0
) -> PoseTrack:
    """Film joints that are given as (right, down, away), in metres from the floor's middle."""
    tilt = np.radians(look_down_deg)
    turned = np.array(
        [[1, 0, 0], [0, np.cos(tilt), -np.sin(tilt)], [0, np.sin(tilt), np.cos(tilt)]]
    )
    poses = []
    for i, one in enumerate(joints):
        world = np.full((len(BLAZEPOSE.names), 3), np.nan)
        for name, at in one.items():
            world[BLAZEPOSE.index[name]] = turned @ (at - (0.0, -0.9, 0.0))
        hips = [world[BLAZEPOSE.index[f"{side}_hip"]] for side in SIDES]
        image = FOCAL_PX * world[:, :2] / (world[:, 2:] + AWAY_M) + np.array(SIZE_PX) / 2
        seen = np.isfinite(world[:, 0]).astype(float)
        poses.append(Pose(i / fps, image, world - np.mean(hips, axis=0), seen))
    return PoseTrack.from_poses(poses, SIZE_PX)


def squatting(reps: int = 2, still: int = 20, down: int = 30) -> list[Posture]:
    shares = (1 - np.cos(np.linspace(0, 2 * np.pi, 2 * down))) / 2
    one = [STANDING] * still + [STANDING.between(DEEP, float(s)) for s in shares]
    return one * reps + [STANDING] * still


@dataclass
class Exact:
    """Takes angles in space, which are exact here, and adds what it is told to."""

    off_deg: Mapping[str, float] = field(default_factory=dict)
    """Angle → what is added."""
    only_frame: int | None = None
    sigma: float = 5.0
    stretch: Callable[[str, float], float] = lambda _, value: value
    _frame: int = 0

    @property
    def provenance(self) -> Mapping[str, Any]:
        return {"method": "exact"}

    @property
    def error(self) -> MeasuredError:
        return plain_error()

    def reset(self) -> None:
        self._frame = 0

    def refine(self, body: Body, view: View) -> Readings:  # noqa: ARG002
        off = self.off_deg if self.only_frame in {None, self._frame} else {}
        self._frame += 1
        return {
            a.name: Reading(
                self.stretch(a.name, a.of(body.m, PICTURE_UP)) + off.get(a.name, 0.0), self.sigma
            )
            for a in BODY_ANGLES
        }


def figures_of(
    track: PoseTrack, refiner: Exact | None = None, *, exercise: str = "squat", variant: str = ""
) -> Figures:
    return checks.check(watched(track, refiner, exercise=exercise, variant=variant))


def watched(
    track: PoseTrack, refiner: Exact | None = None, *, exercise: str = "squat", variant: str = ""
) -> Watched:
    refiners = {"fake": refiner or Exact()}
    return watch(track, refiners, name="clip.mp4", exercise=exercise, variant=variant)


def both(name: str, deg: float) -> dict[str, float]:
    return {f"{side}_{name}": deg for side in SIDES}


# Side view


def test_in_a_side_view_the_picture_is_the_truth() -> None:
    found = figures_of(film(squatting()))
    for name in checks.COMPARED:
        # Smoothing takes pixels and metres at slightly different paces.
        assert found[f"side/{name}/fake/mean_abs_deg"].value < 1.5
        assert found[f"side/{name}/fake/correlation"].value > 0.999
    assert found[f"side/{KNEE}/fake/mean_abs_deg"].n == len(squatting())


@pytest.mark.parametrize("yaw_deg", [-90.0, -75.0, 75.0, 90.0, 105.0])
def test_an_error_is_found_from_either_side(yaw_deg: float) -> None:
    off = {**both(KNEE, 5.0), TRUNK: -3.0, **both("hip_swing_deg", 8.0)}
    found = figures_of(film(squatting(), yaw_deg=yaw_deg), Exact(off))
    # A little from the side, legs are foreshortened.
    assert found[f"side/{KNEE}/fake/bias_deg"].value == pytest.approx(5.0, abs=1.5)
    assert found[f"side/{TRUNK}/fake/bias_deg"].value == pytest.approx(-3.0, abs=1.5)
    assert found["side/hip_swing_deg/fake/bias_deg"].value == pytest.approx(8.0, abs=1.5)


def test_only_the_nearer_side_counts() -> None:
    off = {f"left_{KNEE}": 30.0}
    facing_right = figures_of(film(squatting(), yaw_deg=90.0), Exact(off))
    facing_left = figures_of(film(squatting(), yaw_deg=-90.0), Exact(off))
    assert abs(facing_right[f"side/{KNEE}/fake/bias_deg"].value) < 0.5
    assert facing_left[f"side/{KNEE}/fake/bias_deg"].value == pytest.approx(30.0, abs=0.5)


@pytest.mark.parametrize(
    ("yaw_deg", "look_down_deg", "chosen"),
    [
        (90, 0, True),
        (-80, 10, True),
        (90, -12, True),
        (60, 0, False),
        (0, 0, False),
        (180, 0, False),
        (90, 25, False),
        (-90, -25, False),
    ],
)
def test_a_side_view_is_side_on_and_level(
    yaw_deg: float, look_down_deg: float, chosen: bool
) -> None:
    w = watched(film(squatting(), yaw_deg=yaw_deg, look_down_deg=look_down_deg))
    assert moments.side_on(w).mean() == float(chosen)
    assert any(name.startswith("side/") for name in checks.check(w)) == chosen


def test_what_is_hidden_is_not_compared() -> None:
    track = film(squatting())
    track.visibility[:, BLAZEPOSE.index["right_ankle"]] = 0.5
    assert not any(name.startswith("side/") for name in figures_of(track))


def test_intervals_are_counted() -> None:
    found = figures_of(film([STANDING] * 30), Exact(both(KNEE, 5.0), sigma=5.0))
    # 5 degrees off is 1 sigma: outside of 0.67, inside of 1.28.
    assert found[f"side/{KNEE}/fake/within_50_share"].value == 0.0
    assert found[f"side/{KNEE}/fake/within_80_share"].value == 1.0
    assert found[f"side/{KNEE}/fake/sigma_deg"].value == 5.0
    assert f"side/{KNEE}/world/within_80_share" not in found


def test_hips_are_compared_when_bent_and_their_swing_always() -> None:
    found = figures_of(film(squatting()))
    assert 0 < found[f"side/{HIP}/fake/bias_deg"].n < len(squatting())
    assert found["side/hip_swing_deg/fake/bias_deg"].n == len(squatting())


def test_differences_are_told_by_how_bent_the_joint_is() -> None:
    flat = Exact(stretch=lambda name, value: 0.9 * value if KNEE in name else value)
    found = figures_of(film(squatting()), flat)
    assert found[f"side/{KNEE}/fake/at_+090/bias_deg"].value == pytest.approx(-9, abs=1)
    assert found[f"side/{KNEE}/fake/at_+030/bias_deg"].value == pytest.approx(-3, abs=1)


# Standing


def test_standing_is_when_nothing_moves_and_legs_are_straight() -> None:
    w = watched(film(squatting()))
    still = moments.standing_still(w)
    knees = w.said["world"].values[f"left_{KNEE}"]
    assert 30 <= still.sum() <= 80
    assert knees[still].max() < 10
    assert not still[35:65].any()


@pytest.mark.parametrize(
    "posture",
    [
        replace(STANDING, trunk_inclination_deg=40.0),
        replace(STANDING, thigh_elevation_deg=60.0, shin_inclination_deg=20.0),
    ],
)
def test_who_leans_or_bends_does_not_stand(posture: Posture) -> None:
    assert not moments.standing_still(watched(film([posture] * 40))).any()


@pytest.mark.parametrize("yaw_deg", [90.0, 0.0, 45.0])
def test_standing_knees_that_are_said_to_be_bent_are_found(yaw_deg: float) -> None:
    track = film(squatting(), yaw_deg=yaw_deg)
    straight, bent = figures_of(track), figures_of(track, Exact(both(KNEE, 20.0)))
    place = f"standing/{KNEE}/fake"
    assert straight[f"{place}/q95_deg"].value < 10
    assert straight[f"{place}/straight_share"].value == 1.0
    assert bent[f"{place}/q50_deg"].value == pytest.approx(20, abs=4)
    assert bent[f"{place}/straight_share"].value == 0.0
    assert (f"{place}/side_on/q50_deg" in bent) == (yaw_deg == 90.0)


# Left and right


def test_asymmetry_is_found() -> None:
    track = film(squatting(), yaw_deg=30.0)
    same, other = figures_of(track), figures_of(track, Exact({f"left_{KNEE}": 12.0}))
    assert same[f"alike/{KNEE}/fake/mean_abs_deg"].value < 0.1
    assert other[f"alike/{KNEE}/fake/mean_abs_deg"].value == pytest.approx(12, abs=0.1)
    assert other[f"alike/{KNEE}/fake/bias_deg"].value == pytest.approx(12, abs=0.1)
    assert other[f"alike/{HIP}/fake/bias_deg"].value == pytest.approx(0, abs=0.1)


@pytest.mark.parametrize(
    ("exercise", "variant", "kind"),
    [
        ("squat", "squat (bodyweight)", "alike"),
        ("bridge", "", "alike"),
        ("bridge", "single-leg glute bridge", None),
        ("lunge", "", "unlike"),
        ("none", "", None),
    ],
)
def test_which_exercises_are_the_same_on_both_sides(
    exercise: str, variant: str, kind: str | None
) -> None:
    found = figures_of(film(squatting()), exercise=exercise, variant=variant)
    kinds = {name.partition("/")[0] for name in found} & {"alike", "unlike"}
    assert kinds == ({kind} if kind else set())


# Lengths


@pytest.mark.parametrize("yaw_deg", [90.0, 45.0, 0.0, 180.0])
def test_right_angles_imply_a_leg_that_keeps_its_length(yaw_deg: float) -> None:
    track = film(squatting(), yaw_deg=yaw_deg)
    straighter = Exact(
        stretch=lambda name, value: 30.0 + value * 2 / 3 if "thigh" in name else value
    )
    right, wrong = figures_of(track), figures_of(track, straighter)
    # Perspective: hips go back when they go down.
    assert right["lengths/leg/fake/variation_share"].value < 0.05
    assert wrong["lengths/leg/fake/variation_share"].value > 0.12


def test_bones_that_change_their_length_are_found() -> None:
    track = film(squatting())
    assert figures_of(track)["lengths/shin/world/variation_share"].value < 0.005
    growing = np.linspace(1.0, 1.5, len(track))[:, None]
    for side in SIDES:
        knee, ankle = (track.world_m[:, BLAZEPOSE.index[f"{side}_{p}"]] for p in ("knee", "ankle"))
        ankle[:] = knee + growing * (ankle - knee)
    # Evenly spread from 1 to 1.5: standard deviation 0.5 / sqrt(12), mean 1.25.
    assert figures_of(track)["lengths/shin/world/variation_share"].value == pytest.approx(
        0.5 / np.sqrt(12) / 1.25, abs=0.005
    )
    assert figures_of(track)["lengths/thigh/world/variation_share"].value < 0.005


def test_who_never_moves_implies_no_length() -> None:
    assert "lengths/leg/fake/variation_share" not in figures_of(film([STANDING] * 60))


def test_angles_that_contradict_each_other_are_found() -> None:
    track = film(squatting(), yaw_deg=20.0)
    assert figures_of(track)["chain/fake/mean_abs_deg"].value < 1e-6
    found = figures_of(track, Exact(both(KNEE, 10.0)))
    assert found["chain/fake/over_5_share"].value > 0.95


# Jumps


def test_squats_do_not_jump() -> None:
    found = figures_of(film(squatting()))
    assert found["steady/fake/jumps_count"].value == 0
    assert 100 < found["steady/fake/greatest_deg_per_s"].value < 500


@pytest.mark.parametrize("frame", [5, 70])
def test_a_jump_there_and_back_is_found(frame: int) -> None:
    track = film(squatting())
    found = figures_of(track, Exact({f"right_{KNEE}": 40.0}, only_frame=frame))
    assert found["steady/fake/jumps_count"].value == 2
    assert found["steady/fake/seen_jumps_count"].value == 2
    assert found["steady/fake/greatest_deg_per_s"].value == pytest.approx(40 * 30, rel=0.15)
    assert found["steady/world/jumps_count"].value == 0


def test_jumps_of_hidden_legs_are_told_apart() -> None:
    track = film(squatting())
    track.visibility[:, BLAZEPOSE.index["left_ankle"]] = 0.3
    found = figures_of(track, Exact({f"left_{KNEE}": 40.0}, only_frame=9))
    assert found["steady/fake/jumps_count"].value == 2
    assert found["steady/fake/seen_jumps_count"].value == 0


def test_small_changes_at_high_frame_rates_are_no_jumps() -> None:
    found = figures_of(film(squatting(), fps=120.0), Exact({f"right_{KNEE}": 8.0}, only_frame=9))
    assert found["steady/fake/greatest_deg_per_s"].value > checks.FASTEST_DEG_S
    assert found["steady/fake/jumps_count"].value == 0


# Mirror


def test_plain_geometry_is_exactly_mirrored() -> None:
    track = film(squatting(), yaw_deg=55.0)
    refiners = {"plain": PlainAngles()}
    w = watch(track, refiners)
    found = mirror_poses(track, w, refiners)
    assert found["mirror/poses/plain/greatest_difference_deg"].value < 1e-9


def test_a_refiner_that_treats_sides_differently_is_found() -> None:
    track = film(squatting(), yaw_deg=55.0)
    one_sided = Exact({f"left_{KNEE}": 3.0})
    w = watched(track, one_sided)
    found = mirror_poses(track, w, {"fake": one_sided})
    assert found["mirror/poses/fake/greatest_difference_deg"].value == pytest.approx(3, abs=1e-3)


def test_mirrored_pictures_are_compared_side_by_side() -> None:
    track = film(squatting(), yaw_deg=55.0)
    swapped = watched(track.mirrored())
    same = mirror_pictures(watched(track), swapped)
    other = mirror_pictures(watched(track, Exact({f"left_{KNEE}": 4.0})), swapped)
    assert same[f"mirror/pictures/{KNEE}/fake/mean_abs_deg"].value < 1e-6
    # Left is off by 4, right by nothing.
    assert other[f"mirror/pictures/{KNEE}/fake/mean_abs_deg"].value == pytest.approx(2, abs=1e-3)
    assert other[f"mirror/pictures/{TRUNK}/fake/mean_abs_deg"].value < 1e-6


def test_pictures_are_flipped() -> None:
    image = np.arange(24, dtype=np.uint8).reshape(2, 4, 3)
    flipped = in_mirror(Frame(0, 0.0, image, (4, 2))).image
    assert flipped[0, 0].tolist() == image[0, 3].tolist()
    assert flipped.flags["C_CONTIGUOUS"]


# Bridges


def bridging(top_deg: float, frames: int = 60) -> PoseTrack:
    """Film somebody on their back from their right; at the top, hips bend by `top_deg`."""
    rising = (1 - np.cos(np.linspace(0, 2 * np.pi, frames))) / 2
    joints = []
    for share in rising:
        lift = np.radians(25.0 * float(share))
        shoulder = np.array([-0.5, -0.05, 0.0])
        hip = shoulder + 0.5 * np.array([np.cos(lift), -np.sin(lift), 0.0])
        thigh = lift + np.radians(top_deg + 40.0 * (1 - float(share)))
        knee = hip + 0.42 * np.array([np.cos(thigh), -np.sin(thigh), 0.0])
        ankle = knee + np.array([0.05, 0.4, 0.0])
        points = {"shoulder": shoulder, "hip": hip, "knee": knee, "ankle": ankle}
        points |= {"heel": ankle, "toe": ankle + np.array([0.2, 0.0, 0.0])}
        one = {
            f"{side}_{part}": at + np.array([0.0, 0.0, away])
            for part, at in points.items()
            for side, away in (("left", 0.15), ("right", -0.15))
        }
        joints.append({**one, "nose": shoulder - (0.2, 0.1, 0.0)})
    return through_pinhole(joints)


@pytest.mark.parametrize("top_deg", [10.0, -5.0])
def test_the_top_of_a_bridge_is_found(top_deg: float) -> None:
    wrong = Exact(both("hip_swing_deg", 15.0))
    found = figures_of(bridging(top_deg), wrong, exercise="bridge")
    # Of all frames at the top, the middle one still bends a little more.
    swing = found["bridge/hip_swing_deg/pixels/median_deg"].value
    assert swing == pytest.approx(top_deg + 2, abs=3)
    assert found["bridge/hip_swing_deg/fake/median_deg"].value - swing == pytest.approx(15, abs=1)
    assert found["bridge/side_on_share"].value == 1.0


def test_only_bridges_have_a_top() -> None:
    assert not any(name.startswith("bridge/") for name in figures_of(film(squatting())))


# All clips together, and what is shown


def test_clips_count_once_each() -> None:
    clips: dict[str, Figures] = {
        "a": {"x/mean_abs_deg": Figure(2.0, 1000), "x/jumps_count": Figure(3, 1000)},
        "b": {"x/mean_abs_deg": Figure(4.0, 10), "x/jumps_count": Figure(1, 10)},
        "c": {"x/greatest_deg_per_s": Figure(70.0, 5)},
        "d": {"x/greatest_deg_per_s": Figure(90.0, 5)},
    }
    assert checks.together(clips) == {
        "x/mean_abs_deg": Figure(3.0, 2),
        "x/jumps_count": Figure(4, 1010),
        "x/greatest_deg_per_s": Figure(90.0, 2),
    }


def test_the_strangest_moments_are_listed() -> None:
    w = watched(film(squatting()), Exact({f"right_{KNEE}": 40.0}, only_frame=70))
    listed = strange([w], "fake")
    side = next(m for m in listed if m.kind == "side" and m.name == f"near {KNEE}")
    assert side.t_s == pytest.approx(70 / 30)
    assert side.size_deg == pytest.approx(40, abs=0.5)
    assert side.said["fake"] - side.said["pixels"] == pytest.approx(40, abs=0.5)
    alike = next(m for m in listed if m.kind == "alike" and m.name == KNEE)
    assert alike.t_s == pytest.approx(70 / 30)
    assert alike.said["fake"] == pytest.approx(-40, abs=0.5)
    jump = max((m for m in listed if m.kind == "jump"), key=lambda m: m.size_deg)
    assert round(30 * jump.t_s) in {70, 71}


def results_of(w: Watched) -> Results:
    clips = {w.name: checks.check(w)}
    return Results(
        clips=clips,
        everything=checks.together(clips),
        exercise={w.name: w.exercise},
        yaw_deg={w.name: 90.0},
        strange=strange([w], "plain"),
        refiners=["plain"],
        made_with="A test.",
    )


def test_the_page_tells_what_was_found() -> None:
    w = watch(
        film(squatting()), {"plain": PlainAngles()}, name="clip.mp4", exercise="squat", variant=""
    )
    text = page(results_of(w), [Path("images/real-people-side.svg")])
    assert "## Standing still" in text
    assert "## Top of a bridge" not in text
    assert "![Side view, against the picture's plane](images/real-people-side.svg)" in text
    assert "real-people-standing.svg" not in text
    assert "| clip.mp4 | squat | 90 |" in text
    assert "nan" not in text
    assert "A test." in text


def test_plots_are_drawn(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="needs the extra [quality]")
    from benchmarks.reality import plots

    w = watch(film(squatting()), {"plain": PlainAngles()}, name="a", exercise="squat")
    found = checks.check(w)
    two = {"a": found, "b": found}
    made = plots.draw_all(two, checks.together(two), {}, tmp_path)
    assert [path.name for path in made] == ["real-people-side.svg", "real-people-standing.svg"]
    assert all(path.stat().st_size > 5000 for path in made)


def test_a_few_short_clips_are_mirrored_each_exercise_in_turn() -> None:
    clips = [
        Clip(f"{exercise}{n}", exercise, "core", 1)
        for exercise in ("squat", "bridge", "none")
        for n in (30, 10, 20)
    ]
    chosen = short_ones(clips, [int(c.file[-2:]) for c in clips], 3)
    assert [c.file for c in chosen] == ["squat10", "bridge10", "squat20"]
    assert short_ones(clips, [1] * len(clips), 0) == []


# The command


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of two clips that are there as recordings only."""
    rows = [("squat.mp4", "squat", "core", 2), ("walk.mp4", "none", "negative", 0)]
    with (tmp_path / "index.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([("file", "exercise", "scope", "reps"), *rows])
    for name, yaw_deg in (("squat", 90.0), ("walk", 30.0)):
        film(squatting(), yaw_deg=yaw_deg).save(tmp_path / f"{name}.mp4.poses.npz")
    return tmp_path


def test_recordings_are_used_again(folder: Path) -> None:
    track = recording(folder, read_index(folder)[0], folder)
    assert len(track) == len(squatting())


def test_the_command_prints_and_writes(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["reality", str(folder), "--cache", str(folder), "--mirror", "0"]
    monkeypatch.setattr(sys, "argv", [*arguments, "--angles", "plain"])
    command.main()
    printed = capsys.readouterr().out
    assert "Side view, against the picture's plane" in printed
    assert "2 clips;" in printed


def test_learned_angles_stand_beside_plain_ones(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    weights().save(folder / "weights.npz")
    arguments = ["reality", str(folder), "--cache", str(folder), "--mirror", "0"]
    monkeypatch.setattr(sys, "argv", [*arguments, "--weights", str(folder / "weights.npz")])
    command.main()
    rows = capsys.readouterr().out.splitlines()
    mirrored = [row for row in rows if "landmarks" in row]
    assert ["learned" in row or "plain geometry" in row for row in mirrored] == [True, True]
    # Networks that have learned nothing are mirrored all the same.
    assert all(float(row.split("│")[-2]) < 1e-3 for row in mirrored)


@pytest.mark.parametrize(
    ("extra", "message"),
    [
        (["--only", "*run*"], r"No clip of '.*' is called like '\*run\*'\."),
        (["--angles", "learned"], r"There are no weights to measure learned angles with"),
    ],
)
def test_wrong_orders_are_explained(
    folder: Path, monkeypatch: pytest.MonkeyPatch, extra: list[str], message: str
) -> None:
    monkeypatch.setattr(command, "shipped", lambda: None)
    monkeypatch.setattr(sys, "argv", ["reality", str(folder), "--cache", str(folder), *extra])
    with pytest.raises(SystemExit, match=message):
        command.main()


def test_a_folder_without_an_index_is_explained(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["reality", str(tmp_path)])
    with pytest.raises(SystemExit, match=r"There is no index\.csv in"):
        command.main()


# Real people


@pytest.mark.footage
@pytest.mark.model
def test_on_a_few_real_clips(footage: Path, pose_model: object, tmp_path: Path) -> None:  # noqa: ARG001
    clips = read_index(footage)
    sizes = {c.file: (footage / "clips" / c.file).stat().st_size for c in clips}
    squats = [c for c in clips if c.scope == "core" and c.exercise == "squat"]
    few = short_ones(squats, [sizes[c.file] for c in squats], 2)
    tracks = {c.file: recording(footage, c, tmp_path) for c in few}
    refiners = command.chosen_refiners("plain", None)
    by_name, found = command.measure(few, tracks, refiners, Console(quiet=True))
    everything = checks.together(found)
    assert everything["mirror/poses/plain/greatest_difference_deg"].value < 1e-9
    assert everything["lengths/thigh/world/variation_share"].value < 0.2
    assert all(len(track) > 20 for track in tracks.values())
    made = draw_all(
        strange(list(by_name.values()), "plain")[:2], by_name, footage / "clips", tmp_path / "look"
    )
    assert all(path.is_file() for path in made)
    assert len(made) == 2
    mirrored_track = recording(footage, few[0], tmp_path, mirrored=True)
    compared = mirror_pictures(by_name[few[0].file], watch(mirrored_track, refiners))
    # A different picture to the model, but the same movement.
    assert compared[f"mirror/pictures/{TRUNK}/plain/mean_abs_deg"].value < 10
