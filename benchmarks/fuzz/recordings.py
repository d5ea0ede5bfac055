"""Recordings of landmarks that are damaged, or lie."""

from __future__ import annotations

import io
import json
import pickle
import zipfile
from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.fuzz.documents import tangled, to_json
from formcheck.pose import PoseTrack

Generator = np.random.Generator
Parts = dict[str, bytes]
ARRAYS = ("t_s", "image_px", "world_m", "visibility")
TYPES = ("f2", "f4", ">f8", "i4", "u1", "c16", "S9", "U9", "M8[s]", "?", "V8")
ENORMOUS = 10**12
BOMB = 1 << 28


def parts_of(track: PoseTrack) -> Parts:
    """Return the files within a recording."""
    header = {
        "schema": "formcheck.recording/1",
        "skeleton": track.skeleton.id,
        "names": list(track.skeleton.names),
        "size_px": list(track.size_px),
        "meta": dict(track.meta),
    }
    parts = {name: npy(getattr(track, name)) for name in ARRAYS}
    return {"header": npy(np.array(json.dumps(header))), **parts}


def npy(array: Any, *, allow_pickle: bool = False) -> bytes:
    """Return an array as numpy writes it to a file."""
    content = io.BytesIO()
    np.lib.format.write_array(content, np.asarray(array), allow_pickle=allow_pickle)
    return content.getvalue()


def packed(parts: Parts, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return the files as one recording."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", method) as archive:
        for name, data in parts.items():
            archive.writestr(f"{name}.npy", data)
    return content.getvalue()


def odd_recording(rng: Generator, track: PoseTrack) -> tuple[bytes, str]:
    """Return a recording that is well-formed as a file and wrong in what it says."""
    way = WAYS[int(rng.integers(len(WAYS)))]
    return way(rng, track), way.__name__


def _other_values(rng: Generator, track: PoseTrack) -> bytes:
    parts, name = parts_of(track), str(rng.choice(ARRAYS))
    array = getattr(track, name).copy()
    odd = (np.nan, np.inf, -np.inf, 1e308, -1e308, 0.0, 1e-308)
    value = odd[int(rng.integers(len(odd)))]
    array[rng.random(array.shape) < float(rng.choice([0.01, 0.5, 1.0]))] = value
    parts[name] = npy(array)
    return packed(parts)


def _other_type(rng: Generator, track: PoseTrack) -> bytes:
    parts, name = parts_of(track), str(rng.choice([*ARRAYS, "header"]))
    count = getattr(track, name).size if name in ARRAYS else 1
    wanted = np.dtype(str(rng.choice(TYPES)))
    shape = getattr(track, name).shape if name in ARRAYS else ()
    raw = rng.bytes(count * wanted.itemsize)
    if wanted.kind == "U":
        parts[name] = npy(np.full(shape, "9", wanted))
    else:
        parts[name] = npy(np.frombuffer(raw, wanted).reshape(shape))
    return packed(parts)


def _other_shape(rng: Generator, track: PoseTrack) -> bytes:
    parts, name = parts_of(track), str(rng.choice(ARRAYS))
    array = getattr(track, name)
    shapes = ((), (0,), (1,), (array.shape[0],), (array.shape[0], 33), (array.shape[0], 0, 2))
    parts[name] = npy(np.zeros(shapes[int(rng.integers(len(shapes)))]))
    return packed(parts)


def _other_times(rng: Generator, track: PoseTrack) -> bytes:
    parts, count = parts_of(track), len(track)
    steps = rng.choice([0.0, 1e-9, 1 / 30, 100.0, 1e6, 1e300, -1.0], count)
    with np.errstate(over="ignore"):
        parts["t_s"] = npy(np.cumsum(steps) if rng.random() < 0.8 else steps)
    if rng.random() < 0.5:
        scale = float(rng.choice([1e-12, 1e-3, 1e3, 1e9, 1e15]))
        parts["t_s"] = npy(track.t_s * scale + float(rng.choice([0, -1e9, 1e15])))
    return packed(parts)


def _nobody_or_little(rng: Generator, track: PoseTrack) -> bytes:
    few = int(rng.choice([0, 1, 2, 3]))
    return packed({**parts_of(track), **{n: npy(getattr(track, n)[:few]) for n in ARRAYS}})


def _odd_header(rng: Generator, track: PoseTrack) -> bytes:
    parts = parts_of(track)
    header = json.loads(str(np.load(io.BytesIO(parts["header"]))))
    text = to_json(tangled(rng, header)).decode() if rng.random() < 0.8 else "[" * 100_000
    parts["header"] = npy(np.array(text))
    return packed(parts)


def _odd_size(rng: Generator, track: PoseTrack) -> bytes:
    parts = parts_of(track)
    header = json.loads(str(np.load(io.BytesIO(parts["header"]))))
    odd = ([0, 0], [-5, 3], [1, 1], [10**9, 10**9], [10**400, 2], ["a", "b"], [1e308, 2], [640])
    header["size_px"] = odd[int(rng.integers(len(odd)))]
    parts["header"] = npy(np.array(json.dumps(header)))
    return packed(parts)


class _Shout:
    """What a pickle would run."""

    def __reduce__(self) -> tuple[Any, ...]:
        return (open, ("formcheck-pickle-was-run", "w"))


def _pickle(rng: Generator, track: PoseTrack) -> bytes:
    parts, name = parts_of(track), str(rng.choice([*ARRAYS, "header"]))
    if rng.random() < 0.3:
        return pickle.dumps(_Shout())
    parts[name] = npy(np.array([_Shout()], dtype=object), allow_pickle=True)
    return packed(parts)


def _lie_about_shape(rng: Generator, track: PoseTrack) -> bytes:
    parts, name = parts_of(track), str(rng.choice(ARRAYS))
    shape = ((ENORMOUS,), (ENORMOUS, 33, 2), (-1, 33), (len(track) * 100, 33, 2))
    chosen = shape[int(rng.integers(len(shape)))]
    head = io.BytesIO()
    about = {"descr": "<f8", "fortran_order": False, "shape": chosen}
    np.lib.format.write_array_header_1_0(head, about)
    parts[name] = head.getvalue() + rng.bytes(1000)
    return packed(parts)


def _bomb(rng: Generator, track: PoseTrack) -> bytes:
    parts, name = parts_of(track), str(rng.choice([*ARRAYS, "header", "more"]))
    head = io.BytesIO()
    about = {"descr": "<f8", "fortran_order": False, "shape": (BOMB // 8,)}
    np.lib.format.write_array_header_1_0(head, about)
    parts[name] = head.getvalue() + bytes(BOMB)
    return packed(parts)


def _many_files(rng: Generator, track: PoseTrack) -> bytes:
    more = {f"more{i}": b"x" for i in range(int(rng.choice([1, 10, 5000])))}
    return packed({**parts_of(track), **more})


def _missing(rng: Generator, track: PoseTrack) -> bytes:
    parts = parts_of(track)
    del parts[str(rng.choice(list(parts)))]
    return packed(parts)


def _odd_zip(rng: Generator, track: PoseTrack) -> bytes:
    data = bytearray(packed(parts_of(track)))
    places = [
        i for i in range(len(data) - 4) if bytes(data[i : i + 4]) in {b"PK\x01\x02", b"PK\x03\x04"}
    ]
    for _ in range(int(rng.choice([1, 3]))):
        at = int(rng.choice(places))
        data[at + int(rng.integers(4, 46))] = int(rng.choice([0, 1, 8, 12, 14, 95, 255]))
    return bytes(data)


def _other_method(rng: Generator, track: PoseTrack) -> bytes:
    methods = (zipfile.ZIP_STORED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
    return packed(parts_of(track), methods[int(rng.integers(3))])


WAYS: tuple[Callable[[Generator, PoseTrack], bytes], ...] = (
    *(_other_values, _other_type, _other_shape, _other_times, _nobody_or_little, _odd_header),
    *(_odd_size, _pickle, _lie_about_shape, _bomb, _many_files, _missing, _odd_zip),
    *(_other_method,),
)
