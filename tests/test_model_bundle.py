from __future__ import annotations

import hashlib
import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formcheck.estimators.flatbuffer import Floats, Reader, Table, Writer, u8, u32
from formcheck.estimators.model_bundle import build, flaw, with_metadata
from formcheck.estimators.model_manifest import load_manifest
from formcheck.estimators.model_store import ModelFile
from tests.fakes_model import DETECTOR, LANDMARKS, bundle


def test_a_flatbuffer_written_by_hand() -> None:
    # Worked out from the format: root offset, identifier, directory of 4 + 2·1 bytes padded
    # so that the table is aligned, the way back to it, one number.
    data = Writer(b"TEST").finish(Table({0: u32(7)}))
    assert data.hex(" ", 4) == "10000000 54455354 00000600 08000400 06000000 07000000"


@given(
    st.text(max_size=20),
    st.binary(max_size=50),
    st.integers(0, 2**32 - 1),
    st.lists(st.text(max_size=5), max_size=5),
)
def test_what_is_written_can_be_read(
    text: str, octets: bytes, number: int, names: list[str]
) -> None:
    table = Table({1: text, 2: octets, 4: u32(number), 5: [Table({0: n}) for n in names]})
    reader = Reader(Writer(b"TEST").finish(table))
    assert reader.text(reader.root, 1) == text
    assert reader.octets(reader.root, 2) == octets
    assert reader.number(reader.root, 4) == number
    assert [reader.text(at, 0) for at in reader.entries(reader.root, 5)] == names
    assert reader.field(reader.root, 0) is None
    assert reader.number(reader.root, 3) == 0
    assert reader.text(reader.root, 9) == ""
    assert reader.entries(reader.root, 9) == []


def test_metadata_goes_in_front_and_changes_nothing_else() -> None:
    new = with_metadata(LANDMARKS)
    assert new.endswith(LANDMARKS)
    assert (len(new) - len(LANDMARKS)) % 64 == 0, "weights stay aligned"
    assert new[4:8] == b"TFL3"
    old, now = Reader(LANDMARKS), Reader(new)
    assert now.number(now.root, 0) == 3
    assert now.text(now.root, 3) == "landmarks"
    assert [now.text(at, 3) for at in now.entries(now.root, 2)] == ["main"]
    weights = [old.octets(at, 0) for at in old.entries(old.root, 4)]
    assert [now.octets(at, 0) for at in now.entries(now.root, 4)][:-1] == weights
    notes = {now.text(at, 0): now.number(at, 1) for at in now.entries(now.root, 6)}
    assert notes == {"min_runtime_version": 1, "TFLITE_METADATA": 2}


def test_what_the_metadata_says() -> None:
    new = Reader(with_metadata(LANDMARKS))
    metadata = new.octets(new.entries(new.root, 4)[-1], 0)
    assert metadata[4:8] == b"M001"
    said = Reader(metadata)
    (graph,) = said.entries(said.root, 3)
    (picture,) = said.entries(graph, 2)
    assert said.text(picture, 0) == "image"
    assert [said.text(at, 0) for at in said.entries(graph, 3)] == [
        "ld_3d",
        "poseflag",
        "segmentation",
        "heatmap",
        "world_3d",
    ]


def test_metadata_is_not_added_twice() -> None:
    once = with_metadata(LANDMARKS)
    reader = Reader(with_metadata(once))
    names = [reader.text(at, 0) for at in reader.entries(reader.root, 6)]
    assert names == ["min_runtime_version", "TFLITE_METADATA"]


def test_a_bundle_is_an_aligned_uncompressed_zip_of_both_networks() -> None:
    data = build(DETECTOR, LANDMARKS)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.namelist() == ["pose_detector.tflite", "pose_landmarks_detector.tflite"]
        assert archive.read("pose_detector.tflite") == DETECTOR
        assert archive.read("pose_landmarks_detector.tflite") == with_metadata(LANDMARKS)
        assert all(entry.compress_type == zipfile.ZIP_STORED for entry in archive.infolist())
    for contents in (DETECTOR, with_metadata(LANDMARKS)):
        assert data.index(contents) % 64 == 0


def test_the_same_networks_give_the_same_bytes_everywhere() -> None:
    # Written down once: the manifest's checksum of the real bundle rests on this.
    assert hashlib.sha256(build(DETECTOR, LANDMARKS)).hexdigest() == (
        "7688d6686bdeae1497d9c3a797b9db334ab10dacf8d3908a2010ed804930a5a9"
    )


@pytest.mark.model
def test_the_real_bundle_has_the_manifest_s_checksum(pose_model: ModelFile) -> None:
    assert pose_model.sha256 == load_manifest().variants["full"].sha256
    assert flaw(pose_model.path) == ""


@pytest.mark.parametrize(
    ("contents", "wrong"),
    [
        (b"", "is not a MediaPipe .task bundle"),
        (b"TFL3 of the wrong kind", "is not a MediaPipe .task bundle"),
        (bundle()[:-30], "is not a MediaPipe .task bundle"),
        (
            bundle().replace(b"pose_detector.tflite", b"face_detect__.tflite"),
            "is a zip file without pose_detector.tflite",
        ),
        (bundle().replace(b"officialofficial", b"officiaXofficial", 1), "is damaged (in "),
    ],
    ids=["empty", "no zip", "cut", "other", "flipped"],
)
def test_what_is_wrong_with_a_file(tmp_path: Path, contents: bytes, wrong: str) -> None:
    path = tmp_path / "model.task"
    path.write_bytes(contents)
    assert flaw(path).startswith(wrong)


def test_nothing_is_wrong_with_a_bundle(tmp_path: Path) -> None:
    path = tmp_path / "model.task"
    path.write_bytes(bundle())
    assert flaw(path) == ""


def test_scalars_and_floats() -> None:
    data = Writer(b"TEST").finish(Table({0: u8(200), 1: Floats([0.0, 255.0])}))
    assert data[-12:] == bytes.fromhex("02000000 00000000 00007f43")
    assert b"\xc8\0\0\0" in data
