from __future__ import annotations

import io
import subprocess
import sys
import textwrap
import zipfile
from pathlib import Path
from typing import Any

import flatbuffers
import pytest
from mediapipe.tasks.metadata import metadata_schema_py_generated as metadata_schema
from mediapipe.tasks.metadata import schema_py_generated as schema

from formcheck.estimators.model_bundle import build, flaw, with_metadata
from formcheck.estimators.model_store import ModelFile
from tests.fakes_model import DETECTOR, LANDMARKS, bundle


def networks_in(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def parsed(network: bytes) -> Any:
    return schema.ModelT.InitFromPackedBuf(network)


def contents(holder: Any) -> bytes:
    """What a buffer holds, which is nothing for most."""
    return b"" if holder.data is None else bytes(holder.data)


def test_metadata_is_added_and_nothing_else_changes() -> None:
    data = with_metadata(LANDMARKS)
    assert data[4:8] == b"TFL3"
    old, new = parsed(LANDMARKS), parsed(data)
    assert (new.version, new.description) == (3, b"landmarks")
    assert [graph.name for graph in new.subgraphs] == [b"main"]
    assert [contents(b) for b in new.buffers[:-1]] == [contents(b) for b in old.buffers]
    notes = {note.name: note.buffer for note in new.metadata}
    assert notes == {b"min_runtime_version": 1, b"TFLITE_METADATA": 2}


def test_what_the_metadata_says() -> None:
    metadata = contents(parsed(with_metadata(LANDMARKS)).buffers[-1])
    assert metadata[4:8] == b"M001"
    said = metadata_schema.ModelMetadataT.InitFromPackedBuf(metadata)
    (graph,) = said.subgraphMetadata
    (picture,) = graph.inputTensorMetadata
    assert picture.name == b"image"
    assert picture.content.contentProperties.colorSpace == metadata_schema.ColorSpaceType.RGB
    (scaling,) = picture.processUnits
    assert (list(scaling.options.mean), list(scaling.options.std)) == ([0.0], [255.0])
    assert (list(picture.stats.min), list(picture.stats.max)) == ([0.0], [1.0])
    assert [tensor.name for tensor in graph.outputTensorMetadata] == [
        b"ld_3d",
        b"poseflag",
        b"segmentation",
        b"heatmap",
        b"world_3d",
    ]


def test_metadata_is_not_added_twice() -> None:
    again = parsed(with_metadata(with_metadata(LANDMARKS)))
    assert [note.name for note in again.metadata] == [b"min_runtime_version", b"TFLITE_METADATA"]


def test_a_network_without_any_metadata() -> None:
    bare = parsed(LANDMARKS)
    bare.metadata = None
    builder = flatbuffers.Builder()
    builder.Finish(bare.Pack(builder), b"TFL3")
    new = parsed(with_metadata(bytes(builder.Output())))
    assert [note.name for note in new.metadata] == [b"TFLITE_METADATA"]


def test_a_bundle_is_an_aligned_uncompressed_zip_of_both_networks() -> None:
    data = build(DETECTOR, LANDMARKS)
    assert networks_in(data) == {
        "pose_detector.tflite": DETECTOR,
        "pose_landmarks_detector.tflite": with_metadata(LANDMARKS),
    }
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert all(entry.compress_type == zipfile.ZIP_STORED for entry in archive.infolist())
    for network in (DETECTOR, with_metadata(LANDMARKS)):
        assert data.index(network) % 64 == 0


def test_the_same_networks_give_the_same_bytes(tmp_path: Path) -> None:
    code = """
    import sys
    from formcheck.estimators.model_bundle import build
    from tests.fakes_model import DETECTOR, LANDMARKS
    open(sys.argv[1], "wb").write(build(DETECTOR, LANDMARKS))
    """
    elsewhere = tmp_path / "bundle.task"
    command = [sys.executable, "-c", textwrap.dedent(code), str(elsewhere)]
    subprocess.run(command, check=True, cwd=Path(__file__).parents[1])
    data = build(DETECTOR, LANDMARKS)
    assert elsewhere.read_bytes() == data
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


@pytest.mark.model
def test_the_real_network_is_only_added_to(pose_model: ModelFile) -> None:
    assert flaw(pose_model.path) == ""
    real = networks_in(pose_model.path.read_bytes())["pose_landmarks_detector.tflite"]
    old, new = parsed(real), parsed(with_metadata(real))
    (before,), (after,) = old.subgraphs, new.subgraphs
    assert [t.name for t in after.tensors] == [t.name for t in before.tensors]
    assert [t.buffer for t in after.tensors] == [t.buffer for t in before.tensors]
    assert [t.shape.tolist() for t in after.tensors if t.shape is not None] == [
        t.shape.tolist() for t in before.tensors if t.shape is not None
    ]
    assert len(after.operators) == len(before.operators)
    assert [contents(b) for b in new.buffers[:-1]] == [contents(b) for b in old.buffers]
    outputs = [after.tensors[i] for i in after.outputs]
    assert [tensor.shape.tolist() for tensor in outputs] == [
        [1, 195],  # 39 landmarks with x, y, z, visibility, presence
        [1, 1],
        [1, 256, 256, 1],
        [1, 64, 64, 39],
        [1, 117],  # 39 landmarks with x, y, z
    ], "the metadata names the outputs in this order"


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
