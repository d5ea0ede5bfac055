"""The bundle of two networks that MediaPipe's pose landmarker runs.

A bundle is an uncompressed zip of a network that finds a person and one that places the
landmarks. Older mediapipe wheels carry both networks, but their landmark network does not
say how its picture is to be normalised, and today's MediaPipe insists on being told.
"""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

from formcheck.estimators.flatbuffer import At, Floats, Reader, Table, Value, Writer, u8, u32

DETECTOR = "pose_detector.tflite"
LANDMARKS = "pose_landmarks_detector.tflite"

_OUTPUTS = ("ld_3d", "poseflag", "segmentation", "heatmap", "world_3d")
_METADATA = "TFLITE_METADATA"
_ALIGNMENT = 64  # otherwise TensorFlow Lite copies the weights, and says so
_ALIGNMENT_FIELD = 0xD935  # the zip field that Android's zipalign pads with

# Numbers of the fields in TensorFlow Lite's schemas.
_MODEL_VERSION, _MODEL_BUFFERS, _MODEL_METADATA = 0, 4, 6
_MODEL_REFERENCES = (1, 2, 3, 5, 7)  # operators, graphs, description, old metadata, signatures
_METADATA_NAME, _METADATA_BUFFER = 0, 1


def build(detector: bytes, landmarks: bytes) -> bytes:
    """Return the bundle of two networks; the same bytes for the same networks, always.

    Parameters
    ----------
    detector
        The network that finds a person, metadata included.
    landmarks
        The network that places the landmarks, without metadata.
    """
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as bundle:
        for name, network in ((DETECTOR, detector), (LANDMARKS, with_metadata(landmarks))):
            bundle.writestr(_entry(name, target.tell()), network)
    return target.getvalue()


def flaw(path: Path) -> str:
    """Return what keeps a file from being a bundle, as the end of a sentence; or ''."""
    try:
        with zipfile.ZipFile(path) as bundle:
            absent = {DETECTOR, LANDMARKS} - set(bundle.namelist())
            broken = None if absent else bundle.testzip()
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, struct.error):
        return "is not a MediaPipe .task bundle"
    if absent:
        return f"is a zip file without {' and '.join(sorted(absent))}"
    return f"is damaged (in {broken})" if broken else ""


def with_metadata(network: bytes) -> bytes:
    """Return a landmark network that also says what goes in and what comes out."""
    old = Reader(network)
    buffers: list[Table | At] = [At(at) for at in old.entries(old.root, _MODEL_BUFFERS)]
    metadata: list[Table | At] = [
        At(at)
        for at in old.entries(old.root, _MODEL_METADATA)
        if old.text(at, _METADATA_NAME) != _METADATA
    ]
    entry = Table({_METADATA_NAME: _METADATA, _METADATA_BUFFER: u32(len(buffers))})
    fields: dict[int, Value] = {
        _MODEL_VERSION: u32(old.number(old.root, _MODEL_VERSION)),
        _MODEL_BUFFERS: [*buffers, Table({0: _metadata()})],
        _MODEL_METADATA: [*metadata, entry],
    }
    for slot in _MODEL_REFERENCES:
        place = old.target(old.root, slot)
        if place is not None:
            fields[slot] = At(place)
    return Writer(b"TFL3").finish(Table(fields), network)


def _metadata() -> bytes:
    """Return the metadata: an RGB picture scaled to 0…1 goes in, five tensors come out."""
    rgb, image_properties, normalization = 1, 2, 1
    content = Table({0: u8(image_properties), 1: Table({0: u8(rgb)})})
    scaling = Table({0: Floats([0.0]), 1: Floats([255.0])})
    picture = Table(
        {
            0: "image",
            3: content,
            4: [Table({0: u8(normalization), 1: scaling})],
            5: Table({0: Floats([1.0]), 1: Floats([0.0])}),
        }
    )
    graph = Table({2: [picture], 3: [Table({0: name}) for name in _OUTPUTS]})
    return Writer(b"M001").finish(Table({0: "pose landmarks", 3: [graph]}))


def _entry(name: str, position: int) -> zipfile.ZipInfo:
    """Describe a file of the bundle so that its bytes begin at an aligned position."""
    entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
    entry.create_system = 3
    entry.external_attr = 0o644 << 16
    used = position + 30 + len(name) + 6
    padding = bytes(-used % _ALIGNMENT)
    entry.extra = struct.pack("<HHH", _ALIGNMENT_FIELD, 2 + len(padding), _ALIGNMENT) + padding
    return entry
