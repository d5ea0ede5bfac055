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
from typing import Any

import numpy as np

DETECTOR = "pose_detector.tflite"
LANDMARKS = "pose_landmarks_detector.tflite"

_OUTPUTS = ("ld_3d", "poseflag", "segmentation", "heatmap", "world_3d")
_METADATA = "TFLITE_METADATA"
_ALIGNMENT = 64  # otherwise TensorFlow Lite copies the weights, and says so
_ALIGNMENT_FIELD = 0xD935  # the zip field that Android's zipalign pads with


def build(detector: bytes, landmarks: bytes) -> bytes:
    """Return the bundle of two networks.

    It is the same bytes for the same networks, as long as `flatbuffers` and MediaPipe's
    schemas stay the same.

    Parameters
    ----------
    detector
        The network that finds a person, metadata included.
    landmarks
        The network that places the landmarks, without metadata.

    Raises
    ------
    ImportError, OSError
        MediaPipe, whose schemas are used, cannot be loaded or lacks them.
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
    """Return a landmark network that also says what goes in and what comes out.

    Such metadata as it may have had is replaced; everything else stays. Raises what
    `build` does.
    """
    from mediapipe.tasks.metadata import schema_py_generated as schema

    model = schema.ModelT.InitFromPackedBuf(network)
    holder = schema.BufferT()
    holder.data = np.frombuffer(_metadata(), np.uint8)
    entry = schema.MetadataT()
    entry.name, entry.buffer = _METADATA, len(model.buffers)
    model.buffers.append(holder)
    # Names that were read are bytes.
    others = [old for old in model.metadata or () if old.name != _METADATA.encode()]
    model.metadata = [*others, entry]
    return _packed(model, b"TFL3")


def _metadata() -> bytes:
    """Return the metadata: an RGB picture scaled to 0…1 goes in, five tensors come out."""
    from mediapipe.tasks.metadata import metadata_schema_py_generated as schema

    picture = schema.TensorMetadataT()
    picture.name = "image"
    picture.content = schema.ContentT()
    picture.content.contentPropertiesType = schema.ContentProperties.ImageProperties
    picture.content.contentProperties = schema.ImagePropertiesT()
    picture.content.contentProperties.colorSpace = schema.ColorSpaceType.RGB
    scaling = schema.ProcessUnitT()
    scaling.optionsType = schema.ProcessUnitOptions.NormalizationOptions
    scaling.options = schema.NormalizationOptionsT()
    scaling.options.mean, scaling.options.std = [0.0], [255.0]
    picture.processUnits = [scaling]
    picture.stats = schema.StatsT()
    picture.stats.min, picture.stats.max = [0.0], [1.0]

    graph = schema.SubGraphMetadataT()
    graph.inputTensorMetadata = [picture]
    graph.outputTensorMetadata = [schema.TensorMetadataT() for _ in _OUTPUTS]
    for tensor, name in zip(graph.outputTensorMetadata, _OUTPUTS, strict=True):
        tensor.name = name
    model = schema.ModelMetadataT()
    model.name = "pose landmarks"
    model.subgraphMetadata = [graph]
    return _packed(model, b"M001")


def _packed(table: Any, identifier: bytes) -> bytes:
    """Return a tree of generated objects as the bytes of a FlatBuffer."""
    import flatbuffers

    builder = flatbuffers.Builder()
    builder.Finish(table.Pack(builder), identifier)
    return bytes(builder.Output())


def _entry(name: str, position: int) -> zipfile.ZipInfo:
    """Describe a file of the bundle so that its bytes begin at an aligned position."""
    entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
    entry.create_system = 3
    entry.external_attr = 0o644 << 16
    used = position + 30 + len(name) + 6
    padding = bytes(-used % _ALIGNMENT)
    entry.extra = struct.pack("<HHH", _ALIGNMENT_FIELD, 2 + len(padding), _ALIGNMENT) + padding
    return entry
