"""Input of hostile sizes: how long it takes and how much memory until it is refused, or read.

``python -m benchmarks.sizes`` makes each input, gives it to a process of its own, and notes what
came of it. ``--write`` keeps the figures in ``benchmarks/sizes.json``.
"""

from __future__ import annotations

import argparse
import io
import json
import struct
import subprocess
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np

from formcheck.pose import BLAZEPOSE
from formcheck.recorded import ARRAYS, HEADER

FIGURES = Path(__file__).with_name("sizes.json")
SIDE, FRAMES, ROWS, BOMB = 30_000, 1_000_000, 100_000_000, 10 << 30
CHUNK = 1 << 24
WIDTHS = {"t_s": (), "image_px": (33, 2), "world_m": (33, 3), "visibility": (33,)}
LOOK = """
import json, sys, time
from pathlib import Path
from formcheck.errors import FormcheckError
from formcheck.batch.clips import find_clips
from formcheck.sources import is_recording, open_recording, open_source

def look(path):
    if path.suffix == ".csv":
        return f"{len(find_clips([str(path)]))} clips"
    if is_recording(path):
        return f"{len(open_recording(path))} frames"
    with open_source(path) as source:
        return f"{sum(1 for _ in source)} frames"

begun = time.process_time()
try:
    came = look(Path(sys.argv[1]))
except FormcheckError as error:
    came = str(error).replace(sys.argv[1], Path(sys.argv[1]).name)
# Not what getrusage says: that counts what the process was started from.
status = Path("/proc/self/status").read_text().split("VmHWM:")[1]
most = int(status.split()[0]) // 1024
took = round(time.process_time() - begun, 1)
print(json.dumps({"came": came, "processor_s": took, "memory_mib": most}))
"""


def gif(folder: Path) -> Path:
    """Make a GIF that claims a screen of 30,000 by 30,000."""
    path = folder / "huge.gif"
    path.write_bytes(b"GIF89a" + struct.pack("<2H", SIDE, SIDE) + b"\0\0\0," + bytes(8) + b"\0;")
    return path


def png(folder: Path) -> Path:
    """Make a picture that is 30,000 by 30,000, in three megabytes."""
    into = folder / "pictures"
    into.mkdir()
    packer, packed = zlib.compressobj(1), bytearray()
    for _ in range(SIDE // 300):
        packed += packer.compress(bytes((3 * SIDE + 1) * 300))
    packed += packer.flush()
    with (into / "1.png").open("wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n")
        header = struct.pack(">2I5B", SIDE, SIDE, 8, 2, 0, 0, 0)
        for name, data in ((b"IHDR", header), (b"IDAT", bytes(packed)), (b"IEND", b"")):
            check = zlib.crc32(name + data)
            file.write(struct.pack(">I", len(data)) + name + data + struct.pack(">I", check))
    return into


def film(folder: Path) -> Path:
    """Make a video of a million frames, each of 16 by 16 pixels."""
    path = folder / "long.mp4"
    with av.open(str(path), "w") as out:
        stream: Any = out.add_stream("mpeg4", rate=30)
        stream.width = stream.height = 16
        stream.pix_fmt = "yuv420p"
        frame = av.VideoFrame.from_ndarray(np.zeros((16, 16, 3), np.uint8), "rgb24")
        frame = frame.reformat(format="yuv420p")
        for i in range(FRAMES):
            frame.pts, frame.time_base = i, Fraction(1, 30)
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    return path


def recording(folder: Path) -> Path:
    """Make a recording of a million frames with nobody in them."""
    return _recording(folder / "long.npz", FRAMES, 0)


def bomb(folder: Path) -> Path:
    """Make a recording of which ten megabytes become ten gigabytes."""
    return _recording(folder / "bomb.npz", 3, BOMB)


def _recording(path: Path, frames: int, more: int) -> Path:
    about = {
        "schema": "formcheck.recording/1",
        "skeleton": BLAZEPOSE.id,
        "names": list(BLAZEPOSE.names),
        "size_px": [640, 480],
        "meta": {},
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name in (HEADER, *ARRAYS):
            content = io.BytesIO()
            if name == HEADER:
                np.lib.format.write_array(content, np.array(json.dumps(about)))
            elif name == "t_s":
                np.lib.format.write_array(content, np.arange(frames) / 30)
            else:
                np.lib.format.write_array(content, np.zeros((frames, *WIDTHS[name])))
            with archive.open(f"{name}.npy", "w", force_zip64=True) as member:
                member.write(content.getvalue())
                for _ in range(more // CHUNK if name == "world_m" else 0):
                    member.write(bytes(CHUNK))
    return path


def table(folder: Path) -> Path:
    """Make a manifest of a hundred million rows."""
    path = folder / "clips.csv"
    with path.open("wb") as file:
        file.write(b"clip\n")
        for _ in range(ROWS // 1_000_000):
            file.write(b"a.mp4\n" * 1_000_000)
    return path


CASES: dict[str, Callable[[Path], Path]] = {
    "a GIF that claims 30,000 × 30,000 pixels": gif,
    "a picture of 30,000 × 30,000 pixels": png,
    "a video of 1,000,000 frames": film,
    "a recording of 1,000,000 frames": recording,
    "a recording that unpacks to 10 GiB": bomb,
    "a manifest of 100,000,000 rows": table,
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.sizes", description=__doc__)
    parser.add_argument("--write", action="store_true", help=f"keep figures in {FIGURES.name}")
    asked = parser.parse_args()
    found = {}
    for name, make in CASES.items():
        with tempfile.TemporaryDirectory(prefix="formcheck-sizes-") as folder:
            path = make(Path(folder))
            command = [sys.executable, "-c", LOOK, str(path)]
            done = subprocess.run(command, capture_output=True, text=True, check=True)
        found[name] = json.loads(done.stdout)
        print(name, found[name], flush=True)
        if asked.write:
            FIGURES.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main()
