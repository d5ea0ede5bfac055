"""The learned refiner's machinery, with networks that have learned nothing."""

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from formcheck.angles import BODY_ANGLES, body_angles_deg
from formcheck.errors import ModelCorrupt
from formcheck.geometry import PICTURE_UP
from formcheck.pose import BLAZEPOSE, Pose
from formcheck.refine.body import Body
from formcheck.refine.choose import angle_refiner
from formcheck.refine.features import Features
from formcheck.refine.learned import WIDEST, LearnedAngles
from formcheck.refine.plain import ANGLE_NAMES
from formcheck.refine.weights import FILE, Weights, shipped
from formcheck.results import UNKNOWN_VIEW, Readings

SIZE = (640, 480)
NAMES = (*(angle.name for angle in BODY_ANGLES), "left_heel_rise_deg", "right_heel_rise_deg")
CORRECTED = tuple(name for name in NAMES if name.endswith("_flexion_deg"))
"""Said as corrections of the angles between landmarks."""
NOTHING = np.zeros(len(NAMES))


def somebody(t_s: float, seed: int = 0, scale: float = 1.0) -> Pose:
    """A pose of landmarks scattered round the middle of the picture."""
    rng = np.random.default_rng([seed, round(1000 * t_s)])
    world = rng.uniform(-0.8, 0.8, (33, 3))
    px = world[:, :2] * 200 * scale + (320, 240) + rng.normal(0, 3, (33, 2))
    return Pose(t_s, px, world, rng.uniform(0.6, 1.0, 33), BLAZEPOSE)


def features_of(poses: list[Pose]) -> np.ndarray:
    features = Features(SIZE)
    described = [features.feed(pose) for pose in poses]
    return np.array([d for d in described if d is not None])


def weights(seed: int = 0) -> Weights:
    rng = np.random.default_rng(seed)
    known = features_of([somebody(i / 30) for i in range(60)]).reshape(120, -1)
    count, k = known.shape[1], len(NAMES)
    networks = tuple(
        tuple(
            (
                rng.normal(0, a**-0.5, (a, b)).astype(np.float16).astype(np.float32),
                rng.normal(0, 0.1, b).astype(np.float32),
            )
            for a, b in ((count, 16), (16 + count, 2 * k))
        )
        for _ in range(2)
    )
    return Weights(
        names=NAMES,
        networks=networks,
        corrected=np.array([name in CORRECTED for name in NAMES], np.float32),
        feature_mean=known.mean(axis=0).astype(np.float32),
        feature_std=(known.std(axis=0) + 1e-3).astype(np.float32),
        truth_mean=np.full(k, 20, np.float32),
        truth_std=np.full(k, 10, np.float32),
        spread=np.ones(k, np.float32),
        spread_lying=np.full(k, 2.0, np.float32),
        parts=np.eye(8, count, dtype=np.float32),
        part_std=np.ones(8, np.float32),
        usual=2.0,
        away_deg=np.array((0, 45, 90, 135, 180), np.float32),
        typical=np.full((k, 5, 2), 4.0, np.float32),
        meta={"made": "for a test"},
    )


def said(poses: list[Pose]) -> list[Readings]:
    refiner = LearnedAngles(weights())
    return [refiner.refine(Body(pose, SIZE), UNKNOWN_VIEW) for pose in poses]


def swapped(name: str) -> str:
    return name.replace("left_", "#").replace("right_", "left_").replace("#", "right_")


def test_a_mirrored_clip_gives_the_mirrored_result() -> None:
    poses = [somebody(i / 25) for i in range(20)]
    plain, mirrored = said(poses), said([pose.mirrored(SIZE[0]) for pose in poses])
    for here, there in zip(plain, mirrored, strict=True):
        for name in NAMES:
            assert here[name].value == pytest.approx(there[swapped(name)].value, abs=1e-3)
            assert here[name].sigma == pytest.approx(there[swapped(name)].sigma, rel=1e-4)


def test_every_plain_angle_is_given() -> None:
    assert set(ANGLE_NAMES) <= set(said([somebody(0.0)])[0])


def test_nobody_gives_nothing_and_harms_nothing() -> None:
    first, gone, again = said([somebody(0.0), Pose.nobody(0.1), somebody(0.2)])
    assert not any(reading.known for reading in gone.values())
    assert all(reading.known for reading in (*first.values(), *again.values()))


def test_an_unseen_knee_is_not_guessed() -> None:
    pose = somebody(0.0)
    pose.visibility[BLAZEPOSE.index["left_knee"]] = 0.05
    readings = said([pose])[0]
    assert not readings["left_knee_flexion_deg"].known
    assert readings["right_knee_flexion_deg"].known
    assert readings["trunk_inclination_deg"].known


def test_a_strange_pose_widens_the_spread() -> None:
    refiner = LearnedAngles(weights())
    usual = features_of([somebody(0.0)])[0]
    strange = usual + 30 * weights().feature_std
    _, known = refiner.say(usual, NOTHING)
    value, wide = refiner.say(strange, NOTHING)
    plain = replace(weights(), usual=1e9)
    _, unwidened = LearnedAngles(plain).say(strange, NOTHING)
    assert wide == pytest.approx(unwidened * min((6 / 2) ** 2, WIDEST))
    assert np.isfinite(value).all()
    assert (known > 0).all()


@pytest.mark.parametrize(("trunk_deg", "times"), [(0, 1.0), (45, 1.0), (55, 1.5), (90, 2.0)])
def test_who_lies_has_a_spread_of_their_own(trunk_deg: float, times: float) -> None:
    one = weights()
    trunk = one.names.index("trunk_inclination_deg")
    std = np.where(np.arange(len(NAMES)) == trunk, 1e-6, 10).astype(np.float32)
    mean = np.full(len(NAMES), trunk_deg, np.float32)
    leaning = replace(one, truth_mean=mean, truth_std=std, usual=1e9)
    alike = replace(leaning, spread_lying=leaning.spread)
    _, own = LearnedAngles(leaning).say(features_of([somebody(0.0)])[0], NOTHING)
    _, usual = LearnedAngles(alike).say(features_of([somebody(0.0)])[0], NOTHING)
    assert own == pytest.approx(times * usual, rel=1e-3)


def test_what_is_made_of_learned_angles_has_their_spread() -> None:
    error = LearnedAngles(weights()).error
    assert error.combined == {
        "hinge_deg", "knee_asymmetry_deg", "thigh_difference_deg", "shin_difference_deg",
    }  # fmt: skip
    trunk, knee = (error.rows[f"{n}_deg"] for n in ("trunk_inclination", "knee_flexion"))
    expected = [math.hypot(a, b) for a, b in zip(trunk.bent_sigma, knee.bent_sigma, strict=True)]
    assert error.rows["hinge_deg"].bent_sigma == pytest.approx(expected)
    assert set(error.rows["hinge_deg"].bent_bias) == {0.0}


def test_flexion_is_never_negative() -> None:
    low = replace(weights(), truth_mean=np.full(len(NAMES), -500, np.float32))
    readings = LearnedAngles(low).refine(Body(somebody(0.0), SIZE), UNKNOWN_VIEW)
    assert readings["left_knee_flexion_deg"].value == 0
    assert readings["left_thigh_elevation_deg"].value < -100


def test_reset_forgets() -> None:
    refiner = LearnedAngles(weights())
    poses = [somebody(i / 25) for i in range(5)]
    fresh = [refiner.refine(Body(pose, SIZE), UNKNOWN_VIEW) for pose in poses]
    refiner.reset()
    assert [refiner.refine(Body(pose, SIZE), UNKNOWN_VIEW) for pose in poses] == fresh


def test_size_and_place_in_the_picture_change_only_what_says_so() -> None:
    pose = somebody(0.0)
    far = Pose(0.0, pose.image_px / 2, pose.world_m, pose.visibility, BLAZEPOSE)
    here, there = features_of([pose])[0, 0], features_of([far])[0, 0]
    assert np.flatnonzero(np.abs(here - there) > 1e-9).tolist() == list(
        range(len(here) - 5, len(here) - 2)
    )


def test_how_long_a_shin_appeared_is_remembered() -> None:
    """From the front a bent knee shows only in a shin that appears shorter than before."""
    straight = somebody(0.0)
    bent = Pose(0.2, straight.image_px.copy(), straight.world_m, straight.visibility, BLAZEPOSE)
    at = BLAZEPOSE.index
    knee, ankle = (straight.image_px[at[f"left_{part}"]] for part in ("knee", "ankle"))
    bent.image_px[at["left_ankle"]] = (knee + ankle) / 2
    alone, after = Features(SIZE), Features(SIZE)
    for t in range(5):
        after.feed(replace(straight, t_s=t / 25))
    fresh, known = alone.feed(bent), after.feed(bent)
    assert fresh is not None
    assert known is not None
    assert not np.allclose(fresh, known)


def test_weights_survive_the_disk(tmp_path: Path) -> None:
    path = tmp_path / "w.npz"
    weights().save(path)
    read = Weights.load(path)
    assert read.names == NAMES
    assert read.meta == {"made": "for a test"}
    assert len(read.sha256) == 64
    vectors = features_of([somebody(0.0)])[0]
    for kept, made in zip(
        LearnedAngles(read).say(vectors, NOTHING),
        LearnedAngles(weights()).say(vectors, NOTHING),
        strict=True,
    ):
        assert kept == pytest.approx(made, rel=1e-4)


def test_a_network_that_knows_nothing_leaves_the_landmarks_angles() -> None:
    made = weights()
    ignorant = tuple(
        tuple((np.zeros_like(matrix), np.zeros_like(biases)) for matrix, biases in layers)
        for layers in made.networks
    )
    refiner = LearnedAngles(
        replace(made, networks=ignorant, truth_mean=np.zeros(len(NAMES), np.float32))
    )
    body = Body(somebody(0.0), SIZE)
    readings = refiner.refine(body, UNKNOWN_VIEW)
    own = body_angles_deg(body.seen_m, PICTURE_UP)
    for name in CORRECTED:
        assert readings[name].value == pytest.approx(own[name])
    assert readings["trunk_inclination_deg"].value == 0.0


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x03\x04 cut off"])
def test_damaged_weights_are_said_to_be_damaged(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "w.npz"
    path.write_bytes(content)
    with pytest.raises(ModelCorrupt, match=r"Install formcheck again, or use plain geometry"):
        Weights.load(path)


def test_weights_of_another_version_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "w.npz"
    monkeypatch.setattr("formcheck.refine.weights.SCHEMA", "formcheck.weights/99")
    weights().save(path)
    monkeypatch.undo()
    with pytest.raises(ModelCorrupt, match=r"its schema is 'formcheck.weights/99' instead of"):
        Weights.load(path)


def test_learned_angles_run_where_there_are_weights(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    weights().save(tmp_path / FILE)
    monkeypatch.setattr("formcheck.refine.weights.FOLDERS", (tmp_path / "none", tmp_path))
    shipped.cache_clear()
    try:
        assert angle_refiner().provenance["method"] == "learned"
        assert angle_refiner("plain").provenance["method"] == "plain"
        assert angle_refiner() is not angle_refiner()
    finally:
        shipped.cache_clear()


def test_plain_angles_run_where_there_are_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("formcheck.refine.weights.FOLDERS", (tmp_path,))
    shipped.cache_clear()
    try:
        assert angle_refiner().provenance["method"] == "plain"
    finally:
        shipped.cache_clear()


def test_there_are_only_two_kinds_of_angles() -> None:
    with pytest.raises(ValueError, match="angles should be 'learned' or 'plain', got 'best'"):
        angle_refiner("best")
