"""Long clips in parts: the same frames, the same times, and put together again."""

from __future__ import annotations

import csv
from concurrent.futures import Future
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from formcheck.batch.clips import Clip
from formcheck.batch.jobs import Job, Parts
from formcheck.batch.local import LocalCrew
from formcheck.batch.parts import COMPANY, find_poses, join, plan
from formcheck.batch.parts import _packed as packed
from formcheck.batch.run import Batch
from formcheck.batch.score import pose_model as pose_model_of
from formcheck.batch.settings import Limits, Settings, Task
from formcheck.estimators.model_store import ModelFile
from formcheck.people import agree
from formcheck.pipeline import record_frames
from formcheck.pose import Pose, PoseTrack
from formcheck.sources.part import NotAsPlanned, Timetable, VideoPart, timetable
from formcheck.sources.synthetic import Squat, StickFigure, squats
from formcheck.sources.video import VideoSource
from tests.media import cut, numbered, read_number, write_gif, write_video

SAMPLE = Path(__file__).parents[1] / "samples/squat/clip.mp4"
TASK = Task("clip.mp4", "sha", "squat", "standard", "key", "folder")


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    """A clip with B-frames, few key frames, and uneven times."""
    times = [Fraction(i, 30) + Fraction(i % 3, 200) for i in range(60)]
    return write_video(
        tmp_path / "clip.mp4",
        [numbered(i) for i in range(60)],
        times=times,
        codec_options={"g": "12", "bf": "3"},
    )


def test_the_timetable_is_that_of_the_frames(clip: Path) -> None:
    table = timetable(clip)
    assert table is not None
    with VideoSource(clip) as source:
        times = [frame.t_s for frame in source]
    assert [table.t_s(i) for i in range(len(table.stamps))] == times
    assert table.duration_s == pytest.approx(source.info.duration_s)
    assert table.fps == pytest.approx(source.info.fps)


@pytest.mark.parametrize(("first", "stop"), [(0, 60), (0, 7), (5, 6), (13, 40), (37, 60)])
@pytest.mark.parametrize("every", [1, 2, 3])
def test_a_part_has_the_frames_of_the_whole(clip: Path, first: int, stop: int, every: int) -> None:
    table = timetable(clip)
    assert table is not None
    with VideoSource(clip, every=every) as source:
        whole = [(f.index, f.t_s, read_number(f.image)) for f in source]
    with VideoPart(clip, table, first, stop, every=every) as part:
        frames = [(f.index, f.t_s, read_number(f.image)) for f in part]
    assert frames == [f for f in whole if first <= f[0] * every < stop]


def test_frames_that_are_not_where_they_should_be_are_noticed(clip: Path) -> None:
    table = timetable(clip)
    assert table is not None
    other = Timetable(tuple(s + 1 for s in table.stamps), table.base, table.last_length_s)
    with (
        VideoPart(clip, other, 3, 9) as part,
        pytest.raises(NotAsPlanned, match="can only be read from the start"),
    ):
        list(part)


def test_what_can_only_be_read_from_the_start_has_no_timetable(tmp_path: Path) -> None:
    gif = write_gif(tmp_path / "x.gif", [numbered(i) for i in range(4)], [0, 10, 20, 30])
    assert timetable(gif) is None
    pictures = [numbered(i) for i in range(90)]
    broken = write_video(tmp_path / "x.mkv", pictures, codec_options={"g": "10"})
    whole = timetable(broken)
    assert whole is None or len(whole.stamps) == 90
    with_index = write_video(tmp_path / "y.mp4", pictures, options={"movflags": "faststart"})
    assert timetable(with_index) is not None
    assert timetable(cut(with_index, 0.5)) is None


@pytest.mark.parametrize("frames", [18_000, 18_030])
@pytest.mark.parametrize(
    ("part_s", "starts_s"),
    [
        (60.0, [60.0 * i for i in range(10)]),
        (85.0, [85.0 * i for i in range(7)]),
        (250.0, [0.0, 250.0]),
        (450.0, [0.0]),
        (700.0, [0.0]),
    ],
)
def test_parts_begin_at_fixed_moments(frames: int, part_s: float, starts_s: list[float]) -> None:
    table = Timetable(tuple(range(frames)), Fraction(1, 30), 1 / 30)
    assert table.starts_s(part_s) == starts_s
    for start_s in starts_s:
        assert table.first_from(start_s) == 30 * start_s
    assert table.first_from(0.01) == 1
    assert table.first_from(9999.0) == frames


def pose(shift_px: float = 0.0) -> Pose:
    one = squats(StickFigure(), [Squat()])[0]
    return Pose(one.t_s, one.image_px + shift_px, one.world_m, one.visibility)


def with_a_hand_elsewhere() -> Pose:
    one = pose()
    image_px = one.image_px.copy()
    image_px[one.skeleton.index["left_wrist"]] += 80.0
    return replace(one, image_px=image_px)


def mirrored() -> Pose:
    """Left and right taken for each other, in a body that is seen from the front."""
    one = pose()
    image_px = one.image_px.copy()
    for i, name in enumerate(one.skeleton.names):
        image_px[i, 0] += {"l": 60.0, "r": -60.0}.get(name[0], 0.0)
    other = replace(one, image_px=image_px[one.skeleton.mirror])
    return replace(other, t_s=one.t_s)


@pytest.mark.parametrize(
    ("one", "other", "wanted"),
    [
        (pose(), pose(), True),
        (pose(), pose(1.0), True),
        (pose(), pose(200.0), False),
        (pose(), with_a_hand_elsewhere(), True),
        (pose(), mirrored(), False),
        (pose(), Pose.nobody(pose().t_s), False),
        (Pose.nobody(1.0), Pose.nobody(1.0), True),
        (Pose.nobody(1.0), Pose.nobody(2.0), False),
    ],
)
def test_parts_meet_where_they_see_the_same(one: Pose, other: Pose, wanted: bool) -> None:
    assert agree(one, other) is wanted


def test_where_there_are_several_people_a_clip_is_done_in_one_piece(clip: Path) -> None:
    task = replace(TASK, path=str(clip))
    times = [frame.t_s for frame in VideoSource(clip)]
    parts = []
    for company, at in ((False, slice(0, 31)), (True, slice(30, None))):
        poses = [Pose.nobody(t_s) for t_s in times[at]]
        meta = {"estimator": {"model_saw_px": [[64, 48]], COMPANY: company}}
        parts.append(packed(PoseTrack.from_poses(poses, (64, 48), meta)))
    alone = [parts[0], {**parts[1], "meta": parts[0]["meta"]}]
    joined = join(task, alone)
    assert joined is not None
    assert len(joined[0]) == len(times)
    assert COMPANY not in joined[0].meta["estimator"]
    assert join(task, parts) is None


def answers(*ends: dict[str, Any]) -> list[list[dict[str, Any]]]:
    """What is to be done after each of these answers to the first job of the list."""
    parts, waiting, followed = Parts(), [Job(TASK)], []
    for end in ends:
        more = parts.after(waiting.pop(0), end)
        waiting += more
        followed.append([job.more for job in more])
    return followed


def test_what_follows_from_answers() -> None:
    split = {"end": "split", "parts": [{"first": 0}, {"first": 9}]}
    found = {"end": "part", "poses": "A"}, {"end": "part", "poses": "B"}
    two = [{"part": {"first": 0}}, {"part": {"first": 9}}]
    whole = [{"whole": True}]
    assert answers({"end": "scored"}) == [[]]
    assert answers(split, *found) == [two, [], [{"joined": ["A", "B"]}]]
    # A part that fails makes the clip be done in one piece, once.
    assert answers(split, {"end": "failed"}, found[1]) == [two, whole, []]
    assert answers(split, *found, {"end": "split", "parts": []})[-1] == whole
    assert answers(split, *found, {"end": "scored"})[-1] == []


@pytest.mark.model
def test_in_parts_and_in_one_piece_are_the_same_repetitions(
    pose_model: ModelFile, tmp_path: Path
) -> None:
    tables = []
    for part_s in (0.0, 5.0):
        out = tmp_path / str(part_s)
        out.mkdir()
        settings = Settings(exercise="squat", every=2, part_s=part_s)
        crew, sha256 = LocalCrew(2, Limits()), pose_model.sha256
        counts = Batch([Clip(str(SAMPLE))], settings, out, sha256, crew).run()
        assert counts.scored == 1
        tables.append(list(csv.DictReader((out / "reps.csv").read_text("utf-8").splitlines())))
    whole, parts = tables
    assert len(whole) == len(parts) == 6
    with VideoSource(SAMPLE) as source:
        frame_s = 2 / source.info.fps
    for one, other in zip(whole, parts, strict=True):
        for column in ("start_s", "end_s"):
            assert abs(float(one[column]) - float(other[column])) <= frame_s
        # Landmarks differ by a hair, so a verdict on the edge may become unclear; never its
        # opposite.
        for name in (name for name in one if name.endswith("_status")):
            assert {one[name], other[name]} != {"pass", "fail"}, name


@pytest.mark.model
def test_in_parts_and_in_one_piece_are_the_same_poses(pose_model: ModelFile) -> None:
    settings = Settings(model=str(pose_model.path), every=3, part_s=6.0)
    task = replace(TASK, path=str(SAMPLE))
    with VideoSource(SAMPLE, every=3) as film, pose_model_of(settings) as estimator:
        parts = plan(task, settings, film)
        whole = record_frames(film, estimator)
    assert len(parts) == 4
    joined = join(task, [find_poses(task, settings, part) for part in parts])
    assert joined is not None
    for name in ("t_s", "image_px", "world_m", "visibility"):
        np.testing.assert_array_equal(getattr(joined[0], name), getattr(whole, name))


def test_a_clip_with_a_long_pause_between_two_frames_is_done_in_one_piece(tmp_path: Path) -> None:
    times = [Fraction(i, 10) + (250 if i >= 30 else 0) for i in range(60)]
    path = write_video(
        tmp_path / "gap.mp4",
        [numbered(i) for i in range(60)],
        times=times,
        codec_options={"g": "12"},
    )
    with VideoSource(path) as film:
        assert film.info.duration_s > 200
        assert plan(replace(TASK, path=str(path)), Settings(), film) == []


def test_a_run_that_stops_early_keeps_what_an_earlier_one_found(tmp_path: Path) -> None:
    old, new = tmp_path / "old.npz", tmp_path / "new.npz"
    squats(StickFigure(), [Squat()]).save(old)
    squats(StickFigure(), [Squat()] * 2).save(new)
    (out := tmp_path / "out").mkdir()
    settings = Settings(exercise="squat")
    assert Batch([Clip(str(old))], settings, out, "sha", LocalCrew(1, Limits())).run().scored == 1

    class Stopped(LocalCrew):
        def submit(self, wanted: dict[str, Any]) -> Future[dict[str, Any]]:
            raise KeyboardInterrupt(wanted["task"]["path"])

    crew = Stopped(1, Limits())
    with pytest.raises(KeyboardInterrupt):
        Batch([Clip(str(new)), Clip(str(old))], settings, out, "sha", crew).run()
    told = list(csv.DictReader((out / "clips.csv").read_text("utf-8").splitlines()))
    assert [Path(row["clip"]).name for row in told] == ["old.npz"]


def test_parts_that_fail_end_no_clip_and_the_batch_goes_on(tmp_path: Path) -> None:
    """Two of three parts fail; then the clip is done in one piece, and is scored once."""

    class Worker:
        size = 3

        def __init__(self) -> None:
            self.asked: list[str] = []

        def __enter__(self) -> Worker:
            return self

        def __exit__(self, *_: object) -> None: ...

        def submit(self, wanted: dict[str, Any]) -> Future[dict[str, Any]]:
            step = next(iter({"part", "whole"} & set(wanted)), "first")
            self.asked.append(step)
            failed = {"end": "failed", "error": "OutOfMemory", "reason": "too large"}
            told: dict[str, dict[str, Any]] = {
                "first": {"end": "split", "parts": [{"first": i} for i in range(3)]},
                "part": failed,
                "whole": failed,
            }
            future: Future[dict[str, Any]] = Future()
            future.set_result({**told[step], "seconds": 1.0, "memory_mib": 1.0})
            return future

        def close(self) -> None: ...

    clip = tmp_path / "clip.mp4"
    clip.write_bytes(b"x")
    (out := tmp_path / "out").mkdir()
    crew = Worker()
    counts = Batch([Clip(str(clip))], Settings(exercise="squat"), out, "sha", crew).run()
    assert sorted(crew.asked) == ["first", "part", "part", "part", "whole"]
    assert (counts.scored, counts.failed) == (0, 1)
