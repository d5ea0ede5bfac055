"""What the refiner is trained on, and how it is measured: no drawing."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from benchmarks.rendering.motions import SCRIPTS
from benchmarks.training.dataset import MIRRORED, TARGETS, Dataset, chest_up, read
from benchmarks.training.plan import wanted
from formcheck.pose import BLAZEPOSE, Pose, PoseTrack
from tests.rendering_rig import chance, film_truth, stick_actor

LABELS = 'seed = 7\nperson_number = {person}\nexercise = "squat"\nscript = "squat"\n'


def dataset(people: list[int], seed: int = 0) -> Dataset:
    """Frames whose truth is a plain function of their features, plus noise of size 2."""
    rng = np.random.default_rng(seed)
    n, k = len(people), len(TARGETS)
    features = rng.normal(0, 1, (n, 2, 6)).astype(np.float32)
    features[:, 1] = features[:, 0] * (-1, 1, 1, 1, 1, 1)
    truth = np.repeat(60 + 10 * features[:, 0, 1:2] + rng.normal(0, 2, (n, 1)), k, axis=1)
    return Dataset(
        features=features,
        truth=np.stack([truth, truth], axis=1).astype(np.float32),
        person=np.array(people),
        azimuth_deg=rng.uniform(0, 180, n),
        lying=np.zeros(n, bool),
        bent=rng.random(n) < 0.5,
        exercise=np.full(n, "squat"),
        take=np.array(people),
        raw=np.zeros((n, k), np.float32),
        landmarks=np.zeros((n, k), np.float32),
        conditioned=np.zeros(n, bool),
        found=1.0,
    )


def test_a_longer_plan_begins_like_a_shorter_one() -> None:
    pytest.importorskip("torch")
    short, long = wanted(40), wanted(160)
    assert {name: long[name] for name in short} == short
    assert len(long) == pytest.approx(160, abs=5)
    people = [take.order.seed for take in long.values()]
    assert len(set(people)) == len(people)


def test_only_some_series_can_be_asked_for() -> None:
    pytest.importorskip("torch")
    assert {name.partition("-")[0] for name in wanted(100, ["lunge"])} == {"lunge"}


def take_of(folder: Path, px_off: float) -> Path:
    """A take whose poses are the truth itself, moved sideways in the picture."""
    actor = stick_actor()
    truth = film_truth(actor, SCRIPTS["calibration"](actor, chance(0), 10))
    truth.save(folder / "truth.npz")
    (folder / "labels.toml").write_text(LABELS.format(person=3), encoding="utf-8")
    with np.load(folder / "truth.npz") as saved:
        names, image_px = saved["joint_names"].tolist(), saved["image_px"]
    poses = []
    for t_s, px, world in zip(truth.t_s, image_px, truth.world_m, strict=True):
        image = np.repeat(px.mean(axis=0)[None], len(BLAZEPOSE.names), axis=0)
        space = np.repeat(world.mean(axis=0)[None], len(BLAZEPOSE.names), axis=0)
        for i, name in enumerate(names):
            if name in BLAZEPOSE.index:
                image[BLAZEPOSE.index[name]] = px[i]
                space[BLAZEPOSE.index[name]] = world[i] * (1, 1, -1)
        image[:, 0] += px_off
        poses.append(Pose(float(t_s), image, space, np.ones(33), BLAZEPOSE))
    PoseTrack.from_poses(poses, (640, 480), {}).save(folder / "poses.npz")
    return folder


def test_frames_know_their_truth_and_their_mirror_image(tmp_path: Path) -> None:
    data = read([take_of(tmp_path, 0.0)])
    assert data.found == 1.0
    assert set(data.person) == {3}
    knee = TARGETS.index("left_knee_flexion_deg")
    with np.load(tmp_path / "truth.npz") as truth:
        column = [str(name) for name in truth["angle_names"]].index("left_knee_flexion_deg")
        assert data.truth[:, 0, knee] == pytest.approx(truth["angles_deg"][:, column], abs=0.01)
    assert data.truth[:, 1] == pytest.approx(data.truth[:, 0][:, list(MIRRORED)], nan_ok=True)


def test_people_on_their_backs_are_told_from_those_who_lean() -> None:
    names = ("left_hip", "right_hip", "left_shoulder", "right_shoulder")
    upright = ((0.1, 0, 1), (-0.1, 0, 1), (0.2, 0, 1.5), (-0.2, 0, 1.5))
    supine = ((0.1, 0, 0.1), (-0.1, 0, 0.1), (0.2, 0.5, 0.1), (-0.2, 0.5, 0.1))
    prone = ((0.1, 0, 0.1), (-0.1, 0, 0.1), (0.2, -0.5, 0.1), (-0.2, -0.5, 0.1))
    for places, wanted_up in ((upright, 0), (supine, 1), (prone, -1)):
        joints = dict(zip(names, places, strict=True))
        assert chest_up(joints) == pytest.approx(wanted_up, abs=1e-6)


def test_poses_of_somebody_else_are_left_out(tmp_path: Path) -> None:
    assert read([take_of(tmp_path, 400.0)]).found == 0.0


def test_people_are_parted() -> None:
    pytest.importorskip("torch")
    from benchmarks.training.__main__ import parted

    parts = parted(dataset([*range(100_000, 100_400)] * 2))
    people = [set(part.person) for part in parts]
    assert [len(p) for p in people] == pytest.approx([320, 32, 48], abs=12)
    assert len(set.union(*people)) == sum(map(len, people))
    fewer = [set(part.person) for part in parted(dataset([*range(100_000, 100_100)]))]
    assert all(few <= many for few, many in zip(fewer, people, strict=True))


def test_intervals_hold_what_they_say_on_people_not_learned_from() -> None:
    pytest.importorskip("torch")
    from rich.progress import Progress

    from benchmarks.training.calibrate import coverage, say_as_shipped, weights_of
    from benchmarks.training.fit import Recipe, Scaling, fit

    learn, held, test = (dataset([i] * 1000, i) for i in (1, 2, 3))
    scaling = Scaling.of(learn)
    recipe = Recipe(widths=(16,), networks=1, epochs=12, batch=128, rate=1e-2, dropout=0.0)
    with Progress(disable=True) as bar:
        networks = fit(learn, scaling, recipe, bar)
    values, sigmas = say_as_shipped(weights_of(networks, scaling, learn, held), test)
    off = values[:, :1] - test.truth[:, 0, :1]
    # The mean distance from the mean of a normal distribution of width 2 is 1.6.
    assert np.abs(off).mean() == pytest.approx(1.6, abs=0.2)
    for per_cent, held_in in zip((50, 80, 95), coverage(off, sigmas[:, :1]).values(), strict=True):
        assert held_in == pytest.approx(per_cent, abs=4)
