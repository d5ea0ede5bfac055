"""What holds, always: each of the design's invariants, on poses that nobody thought of.

Every test draws its own; the examples are few because each goes through the whole analysis.
"""

from __future__ import annotations

import ast
import json
import math
import tempfile
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from formcheck import __version__
from formcheck.analyzer import Analyzer
from formcheck.exercises.definition import Exercise
from formcheck.exercises.load import exercise_file, exercise_ids, load_exercise, parse_exercise
from formcheck.frame import SourceInfo
from formcheck.geometry import flexion_deg
from formcheck.history.store import Entry, History, now
from formcheck.pipeline import analyze_recording
from formcheck.pose import BLAZEPOSE, FloatArray, Pose, PoseTrack
from formcheck.refine.choose import PLAIN, angle_refiner
from formcheck.report.document import load_document, to_bytes, to_document
from formcheck.report.html import render_report
from formcheck.report.shape import require_report
from formcheck.results import Report, Status, Tick, Verdict
from formcheck.sources.synthetic import Posture, Squat, StickFigure, squats
from tests.test_architecture import LEVEL_OF, PURE, modules

SIZE_PX = (640, 480)
INFO = SourceInfo("clip.mp4", 1.0, 30, 30.0, *SIZE_PX, 0, "ab" * 32)
few = settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
some = settings(max_examples=20, deadline=None)
seeds = st.integers(0, 2**32 - 1)
scales = st.sampled_from([1e-6, 1e-3, 1.0, 1e3, 1e6])


@cache
def exercise(name: str) -> Exercise:
    return load_exercise(name)


def run(exercise: Exercise, track: PoseTrack) -> tuple[list[Tick], Report]:
    analyzer = Analyzer(exercise, track.size_px)
    ticks = [analyzer.feed(pose) for pose in track]
    return ticks, analyzer.finish(INFO)


def chaos(seed: int, frames: int, scale: float) -> PoseTrack:
    """Poses of no body: anywhere, of any size, with holes, and sometimes of nobody."""
    rng = np.random.default_rng(seed)
    k = len(BLAZEPOSE.names)
    poses = []
    t_s = 0.0
    for _ in range(frames):
        t_s += float(rng.choice([1e-3, 1 / 240, 1 / 30, 0.1, 2.0, 500.0]))
        image = rng.normal(300, 200, (k, 2)) * scale
        world = rng.normal(0, 0.5, (k, 3)) * scale
        hidden = rng.random(k) < rng.choice([0.0, 0.1, 0.9])
        image[hidden], world[hidden] = np.nan, np.nan
        if rng.random() < 0.1:
            image[:], world[:] = image[0], world[0]  # all in one point
        pose = Pose(t_s, image, world, rng.random(k) * ~hidden)
        poses.append(Pose.nobody(t_s) if rng.random() < 0.1 else pose)
    return PoseTrack.from_poses(poses, SIZE_PX)


def moving(seed: int, repetitions: int = 2) -> PoseTrack:
    """Somebody who squats in their own way, seen with some error from some side."""
    rng = np.random.default_rng(seed)
    figure = StickFigure(
        yaw_deg=float(rng.choice([0, 35, 90, -90, 150])),
        thigh_m=float(rng.uniform(0.36, 0.48)),
        trunk_m=float(rng.uniform(0.42, 0.56)),
        stance_m=float(rng.uniform(0.2, 0.5)),
    )
    deep = Posture(float(rng.uniform(-15, 40)), float(rng.uniform(10, 30)), 35.0)
    track = squats(figure, [Squat(deep)] * repetitions, fps=float(rng.choice([10, 12])))
    noisy = track.image_px + rng.normal(0, 0.3, track.image_px.shape)
    return replace(track, image_px=noisy)


def verdicts(report: Report) -> Iterator[Verdict]:
    for each in (*report.reps, *report.partial_reps, *report.holds):
        yield from each.verdicts


def plain(ticks: list[Tick]) -> str:
    """Everything in some ticks, in a form in which not known is like not known."""
    return repr(ticks)


# 1. What comes out depends on what went in


@few
@given(seeds, seeds, st.sampled_from(exercise_ids()))
def test_1_an_analyzer_depends_on_its_poses_alone(one: int, two: int, name: str) -> None:
    first, second = chaos(one, 10, 1.0), moving(two, 1)
    alone = [run(exercise(name), track) for track in (first, second)]
    a, b = (Analyzer(exercise(name), SIZE_PX) for _ in range(2))
    ticks: tuple[list[Tick], list[Tick]] = ([], [])
    for i in range(max(len(first), len(second))):  # in turns: neither knows of the other
        for analyzer, track, into in ((a, first, ticks[0]), (b, second, ticks[1])):
            if i < len(track):
                into.append(analyzer.feed(track[i]))
    for (before, report), now_ticks, analyzer in zip(alone, ticks, (a, b), strict=True):
        assert plain(now_ticks) == plain(before)
        assert to_bytes(to_document(analyzer.finish(INFO))) == to_bytes(to_document(report))


@pytest.mark.parametrize(("top", "path"), modules(), ids=lambda v: getattr(v, "name", v))
def test_1_what_is_pure_has_no_clock_no_files_no_chance(top: str, path: Path) -> None:
    if LEVEL_OF[top] not in PURE or top in {"atomic", "pose", "recorded", "cores"}:
        return
    forbidden = {"time", "random", "secrets", "threading", "socket", "subprocess", "datetime"}
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        assert not forbidden & {name.split(".")[0] for name in names}, path
        if isinstance(node, ast.Attribute):
            assert ast.unparse(node) not in {"np.random", "numpy.random"}, path


# 2. Time increases; spacing is never assumed


@few
@given(seeds, st.floats(0.0, 0.25), st.sampled_from([0.0, 1024.0, -4096.0]))
def test_2_frames_that_are_missing_and_where_time_begins_change_no_count(
    seed: int, lost: float, origin: float
) -> None:
    whole = squats(StickFigure(), [Squat()] * 2, fps=15)
    rng = np.random.default_rng(seed)
    kept = rng.random(len(whole)) >= lost
    poses = [replace(whole[int(i)], t_s=whole[int(i)].t_s + origin) for i in np.flatnonzero(kept)]
    _, report = run(exercise("squat"), PoseTrack.from_poses(poses, whole.size_px))
    _, usual = run(exercise("squat"), whole)
    assert report.summary.reps_counted == usual.summary.reps_counted == 2
    for rep, same in zip(report.reps, usual.reps, strict=True):
        assert rep.span.turn_s - origin == pytest.approx(same.span.turn_s, abs=0.35)


@some
@given(st.lists(st.floats(-10, 10), min_size=1, max_size=8), st.sampled_from([0.0, -1e-9, -5.0]))
def test_2_time_that_stands_still_or_goes_back_is_refused(steps: list[float], back: float) -> None:
    analyzer = Analyzer(exercise("squat"), SIZE_PX)
    t_s = steps[0]
    analyzer.feed(Pose.nobody(t_s))
    with pytest.raises(ValueError, match="in order of time"):
        analyzer.feed(Pose.nobody(t_s + back))
    analyzer.feed(Pose.nobody(t_s + 1.0))


# 3. Every stage is total


@few
@given(seeds, scales, st.sampled_from(exercise_ids()))
def test_3_whatever_poses_come_there_is_a_report(seed: int, scale: float, name: str) -> None:
    ticks, report = run(exercise(name), chaos(seed, 12, scale))
    for tick in ticks:
        for reading in tick.readings.values():
            assert not math.isinf(reading.value)
            assert reading.sigma >= 0 or math.isnan(reading.sigma)
    for verdict in verdicts(report):
        assert verdict.reason if verdict.status is Status.UNCLEAR else True
        assert 0 <= verdict.probability <= 1 or math.isnan(verdict.probability)
    document = to_document(report)
    require_report(json.loads(to_bytes(document)))
    assert render_report(document).rstrip().endswith("</html>")


@few
@given(st.lists(st.sampled_from([1 / 240, 1 / 30, 3.0]), max_size=40))
def test_3_nobody_is_not_known_and_counts_for_nothing(steps: list[float]) -> None:
    track = PoseTrack.from_poses([Pose.nobody(t) for t in np.cumsum(steps)], SIZE_PX)
    ticks, report = run(exercise("squat"), track)
    assert all(math.isnan(r.value) for tick in ticks for r in tick.readings.values())
    assert report.summary.reps_counted == report.summary.reps_partial == 0


# 4. A mirror swaps left and right


def swapped(name: str) -> str:
    for side, other in (("left_", "right_"), ("right_", "left_")):
        if name.startswith(side):
            return other + name.removeprefix(side)
    return name


@few
@given(seeds, st.sampled_from(["squat", "lunge", "bridge"]))
def test_4_a_mirror_swaps_left_and_right_and_nothing_else(seed: int, name: str) -> None:
    track = moving(seed, 1)
    ticks, report = run(exercise(name), track)
    other_ticks, other = run(exercise(name), track.mirrored())
    for tick, mirrored in zip(ticks, other_ticks, strict=True):
        assert {swapped(n) for n in tick.readings} == set(mirrored.readings)
        for reading_name, reading in tick.readings.items():
            twin = mirrored.readings[swapped(reading_name)]
            # What tells how far to the picture's right something is tells it to the left now.
            wanted = -reading.value if reading_name == "feet_place_ratio" else reading.value
            assert twin.value == pytest.approx(wanted, abs=1e-4, nan_ok=True), reading_name
            assert twin.sigma == pytest.approx(reading.sigma, abs=1e-4, nan_ok=True), reading_name
    assert other.summary.reps_counted == report.summary.reps_counted
    assert other.summary.score == pytest.approx(report.summary.score, abs=1e-4, nan_ok=True)
    assert [v.status for v in verdicts(other)] == [v.status for v in verdicts(report)]


@some
@given(seeds, scales)
def test_4_a_mirror_twice_changes_nothing(seed: int, scale: float) -> None:
    track = chaos(seed, 5, scale)
    again = track.mirrored().mirrored()
    for name in ("t_s", "image_px", "world_m", "visibility"):
        np.testing.assert_allclose(getattr(again, name), getattr(track, name), rtol=1e-9, atol=1e-3)


# 5. Place, direction and size in space change no joint angle


def turned(points: FloatArray, rng: np.random.Generator) -> FloatArray:
    q, _ = np.linalg.qr(rng.normal(size=(3, 3)))
    q *= np.sign(np.linalg.det(q))
    found: FloatArray = points @ q.T * float(rng.uniform(0.1, 10)) + rng.normal(size=3)
    return found


@some
@given(seeds)
def test_5_moving_turning_and_scaling_a_body_changes_no_joint_angle(seed: int) -> None:
    rng = np.random.default_rng(seed)
    world = moving(seed, 1).world_m[20]
    other = turned(world, rng)
    at = BLAZEPOSE.index
    for side in ("left", "right"):
        for chain in (("hip", "knee", "ankle"), ("shoulder", "hip", "knee")):
            here = [at[f"{side}_{part}"] for part in chain]
            before, after = (flexion_deg(*(tuple(p[i]) for i in here)) for p in (world, other))
            assert after == pytest.approx(before, abs=1e-6)


@few
@given(seeds, st.tuples(st.floats(-3, 3), st.floats(-3, 3), st.floats(-3, 3)))
def test_5_where_the_origin_of_space_is_changes_no_reading(
    seed: int, shift: tuple[float, float, float]
) -> None:
    track = moving(seed, 1)
    moved = replace(track, world_m=track.world_m + np.array(shift))
    for tick, other in zip(
        run(exercise("squat"), track)[0], run(exercise("squat"), moved)[0], strict=True
    ):
        for name, reading in tick.readings.items():
            assert other.readings[name].value == pytest.approx(reading.value, abs=1e-4, nan_ok=True)


# 6. A recording is the frames that it was made from


@few
@given(seeds, st.booleans(), st.sampled_from(exercise_ids()))
def test_6_a_recording_gives_the_same_report_to_the_bit(seed: int, wild: bool, name: str) -> None:
    track = chaos(seed, 15, 1.0) if wild else moving(seed, 1)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "clip.npz"
        track.save(path)
        again = PoseTrack.load(path)
    for part in ("t_s", "image_px", "world_m", "visibility"):
        np.testing.assert_array_equal(getattr(again, part), getattr(track, part))
    assert (again.size_px, again.meta) == (track.size_px, track.meta)
    ticks, report = run(exercise(name), track)
    told: list[Tick] = []
    whole = analyze_recording(again, INFO, exercise(name), [Listening(told)])
    assert plain(told) == plain(ticks)
    assert document_without_making(whole) == document_without_making(report)


class Listening:
    """A sink that keeps what it is told."""

    def __init__(self, told: list[Tick]) -> None:
        self._told = told

    def on_tick(self, tick: Tick, _: object) -> None:
        self._told.append(tick)

    def finish(self, report: Report) -> None:
        pass

    def abort(self) -> None:
        pass


def document_without_making(report: Report) -> dict[str, Any]:
    return {k: v for k, v in to_document(report).items() if k != "provenance"}


@few
@given(seeds)
def test_6_reports_and_entries_come_back_as_they_were(seed: int) -> None:
    document = json.loads(to_bytes(to_document(run(exercise("squat"), moving(seed, 1))[1])))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "report.json"
        file.write_bytes(to_bytes(document))
        assert load_document(file) == document
        with History(Path(folder) / "history.sqlite3") as history:
            given_entry = Entry("0123abcd", now(), "check", document)
            history.put([given_entry])
            assert history.entries() == [given_entry]


# 7. Angles are measured in pixels or metres


@few
@given(seeds, st.sampled_from([0.25, 0.5, 2.0, 4.0]))
def test_7_how_many_pixels_the_picture_has_changes_no_reading(seed: int, scale: float) -> None:
    track = moving(seed, 1)
    width, height = (round(scale * n) for n in track.size_px)
    other = replace(track, image_px=track.image_px * scale, size_px=(width, height))
    one, two = (
        [
            {n: (r.value, r.sigma) for n, r in tick.readings.items() if not n.endswith("_px")}
            for tick in run(exercise("squat"), each)[0]
        ]
        for each in (track, other)
    )
    for a, b in zip(one, two, strict=True):
        for name in a:
            assert b[name] == pytest.approx(a[name], abs=1e-4, nan_ok=True), name


@some
@given(seeds, st.sampled_from([(640, 480), (1920, 1080), (480, 854)]))
def test_7_a_right_angle_is_one_in_every_shape_of_picture(seed: int, size: tuple[int, int]) -> None:
    rng = np.random.default_rng(seed)
    turn, length = rng.uniform(0, 2 * math.pi), 0.2 * min(size)
    middle = np.array(size) / 2
    way = np.array([math.cos(turn), math.sin(turn)]) * length
    hip, ankle = middle - way, middle + np.array([-way[1], way[0]])
    assert flexion_deg(tuple(hip), tuple(middle), tuple(ankle)) == pytest.approx(90)


# 8. A report names what made it


@pytest.mark.parametrize("name", exercise_ids())
def test_8_a_report_names_its_makers_with_checksums(name: str) -> None:
    _, report = run(exercise(name), moving(1, 1))
    document = to_document(report)
    assert document["formcheck"] == __version__
    assert document["source"]["sha256"] == INFO.sha256
    assert document["exercise"]["definition_sha256"] == exercise(name).sha256
    assert len(exercise(name).sha256) == 64
    assert "refiner" in json.dumps(document["provenance"]) or "angles" in document["provenance"]


@some
@given(st.integers(0, 40), st.sampled_from(exercise_ids()))
def test_8_another_exercise_file_has_another_checksum(more: int, name: str) -> None:
    text, file = exercise_file(name)
    other = parse_exercise(text + b"\n" * (more + 1), file)
    assert other.sha256 != exercise(name).sha256
    assert replace(other, sha256=exercise(name).sha256) == exercise(name)


# 9. Memory


def test_9_memory_stays_the_same_where_readings_are_not_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("formcheck.series.OVERVIEW_FRAMES", 64)
    analyzer = Analyzer(exercise("squat"), SIZE_PX, refiner=angle_refiner(PLAIN), keep_s=2.0)
    figure, sizes = StickFigure(), []
    for i in range(500):
        if i == 200:
            tracemalloc.start()
        analyzer.feed(figure.pose(i / 10, Posture()))
        if i in {250, 499}:
            sizes.append(tracemalloc.get_traced_memory()[0])
    tracemalloc.stop()
    # Readings of so many frames are four hundred kilobytes.
    assert sizes[1] - sizes[0] < 150_000


def test_9_what_is_kept_of_a_frame_is_little() -> None:
    poses = [Pose.nobody(i / 30) for i in range(600)]
    analyzer = Analyzer(exercise("squat"), SIZE_PX, refiner=angle_refiner(PLAIN))
    for pose in poses[:200]:
        analyzer.feed(pose)
    tracemalloc.start()
    try:
        for pose in poses[200:]:
            analyzer.feed(pose)
        taken, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert taken / 400 < 8_000
