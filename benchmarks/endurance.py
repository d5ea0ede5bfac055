"""Whether a batch that is killed, again and again, ends with the table of one that is left alone.

``python -m benchmarks.endurance --clips 1000`` makes short clips, one in twenty of them broken, in
ten different ways; scores them undisturbed; then again, killing the process three times with
SIGKILL on the way. It says whether the tables are the same to the byte, how fast it went, and how
much memory the processes had at the beginning and at the end. ``--cluster`` does the same
on a Dask scheduler with two workers on this machine, of which one is killed half-way.
"""

from __future__ import annotations

import argparse
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from statistics import median
from typing import Any

import av
import numpy as np

from benchmarks.clips import SAMPLE

FRAMES = 8
PORT = 8791
EVERY_BROKEN = 20
MEMORY_MIB = 400
TABLES = ("clips.csv", "reps.csv")


def make_clips(folder: Path, count: int) -> Path:
    """Write clips that all differ, and a list that names them and some that are not there."""
    with av.open(str(SAMPLE)) as source:
        pictures = [f.reformat(320, 240, "rgb24").to_ndarray() for f in source.decode(video=0)]
    names = []
    for i in range(count):
        path = folder / f"{i:05d}.mp4"
        names.append(path.name)
        if i % EVERY_BROKEN == EVERY_BROKEN - 1:
            ways = list(BROKEN.values())
            ways[i // EVERY_BROKEN % len(ways)](path, i)
            continue
        start = i * 7 % (len(pictures) - FRAMES)
        # A few pixels that tell it from all others.
        marked = [p.copy() for p in pictures[start : start + FRAMES]]
        for picture in marked:
            picture[:8, :8] = (i & 255, i >> 8, 128)
        write(path, marked)
    listed = folder / "clips.txt"
    listed.write_text("\n".join(names) + "\n", "utf-8")
    return listed


def write(path: Path, pictures: list[Any], codec: str = "libx264") -> None:
    with av.open(str(path), "w", format="mp4") as out:
        stream: Any = out.add_stream(codec, rate=15, options={"preset": "ultrafast"})
        stream.height, stream.width = pictures[0].shape[:2]
        stream.pix_fmt = "yuv420p"
        for i, picture in enumerate(pictures):
            frame = av.VideoFrame.from_ndarray(picture, "rgb24")
            frame.pts, frame.time_base = i, Fraction(1, 15)
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))


def cut_short(path: Path, i: int) -> None:
    write(path, [np.full((64, 64, 3), i & 255, np.uint8)] * 4)
    path.write_bytes(path.read_bytes()[:200])


def sound_only(path: Path, _: int) -> None:
    with av.open(str(path), "w", format="mp4") as out:
        stream: Any = out.add_stream("aac", rate=44100)
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.int16), "s16", "mono")
        frame.sample_rate, frame.pts = 44100, 0
        out.mux(stream.encode(frame))
        out.mux(stream.encode(None))


def eats_memory(path: Path, i: int) -> None:
    write(path, [np.full((8000, 8000, 3), (i + k) & 255, np.uint8) for k in range(24)])


def noise(path: Path, i: int) -> None:
    path.write_bytes(np.random.default_rng(i).bytes(5000))


def damaged(path: Path, i: int) -> None:
    """Keep the index of the pictures, but none of the pictures."""
    write(path, [np.full((64, 64, 3), i & 255, np.uint8)] * 4)
    data = bytearray(path.read_bytes())
    start = data.index(b"mdat") + 4
    end = data.index(b"moov") - 4 if data.index(b"moov") > start else len(data)
    data[start:end] = bytes(end - start)
    path.write_bytes(data)


BROKEN: dict[str, Callable[[Path, int], object]] = {
    "empty": lambda path, _: path.touch(),
    "text": lambda path, i: path.write_text(f"hello {i}\n", "utf-8"),
    "cut short": cut_short,
    "a picture": lambda path, i: path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes([i & 255] * 99)),
    "sound only": sound_only,
    "noise": noise,
    "missing": lambda _path, _: None,
    "a link to nothing": lambda path, _: path.symlink_to("nowhere"),
    "no picture decodes": damaged,
    "eats memory": eats_memory,
}
"""Ten ways in which a clip can be broken."""


def command(clips: Path, out: Path, *more: str) -> list[str]:
    limit = f"--memory-limit={MEMORY_MIB}"
    return [sys.executable, "-m", "formcheck", "batch", str(clips), "--out", str(out), limit, *more]


def done(out: Path) -> int:
    """Return how many clips are in the store."""
    try:
        with sqlite3.connect(f"file:{out / 'results.sqlite'}?mode=ro", uri=True) as base:
            return int(base.execute("SELECT count(*) FROM results").fetchone()[0])
    except sqlite3.OperationalError:
        return 0


def killed(clips: Path, out: Path, count: int) -> int:
    """Score clips, killing the process when a quarter, half, and three quarters are done."""
    kills = 0
    for quarter in (1, 2, 3):
        process = subprocess.Popen(command(clips, out, "--quiet"))
        while process.poll() is None and done(out) < quarter * count * 0.9 / 4:
            time.sleep(0.05)
        kills += process.poll() is None
        process.send_signal(signal.SIGKILL)
        process.wait()
    subprocess.run(command(clips, out, "--quiet"), check=False)
    return kills


def silent(words: list[str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def clustered(clips: Path, out: Path, count: int) -> int:
    """Score clips on two Dask workers of this machine, and kill one half-way."""
    place = f"tcp://127.0.0.1:{PORT}"
    dask = [sys.executable, "-m"]
    scheduler = silent(
        [*dask, "distributed.cli.dask_scheduler", "--host=127.0.0.1", f"--port={PORT}"]
    )
    joining = [*dask, "distributed.cli.dask_worker", place, "--nthreads=1", "--no-nanny"]
    workers = [silent(joining) for _ in range(2)]
    try:
        process = subprocess.Popen(command(clips, out, "--quiet", "--scheduler", place))
        while process.poll() is None and done(out) < count * 0.9 / 2:
            time.sleep(0.05)
        kills = int(process.poll() is None)
        workers[0].send_signal(signal.SIGKILL)
        process.wait()
    finally:
        for one in (*workers, scheduler):
            one.kill()
            one.wait()
    return kills


def memory(out: Path) -> tuple[float, float]:
    """Return the median memory of the processes, in MiB, over the first and the last clips."""
    with sqlite3.connect(out / "results.sqlite") as base:
        query = "SELECT memory_mib FROM results WHERE status = 'scored' ORDER BY done_at"
        peaks = [row[0] for row in base.execute(query)]
    tenth = max(1, len(peaks) // 10)
    return median(peaks[:tenth]), median(peaks[-tenth:])


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.endurance", description=__doc__)
    parser.add_argument("--clips", type=int, default=1000)
    parser.add_argument("--cluster", action="store_true")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "clips").mkdir()
        clips = make_clips(folder / "clips", wanted.clips)
        started = time.monotonic()
        subprocess.run(command(clips, folder / "calm"), check=False)
        took_s = time.monotonic() - started
        disturbed = folder / "disturbed"
        disturb = clustered if wanted.cluster else killed
        kills = disturb(clips, disturbed, wanted.clips)
        same = [
            (folder / "calm" / name).read_bytes() == (disturbed / name).read_bytes()
            for name in TABLES
        ]
        first, last = memory(folder / "calm")
        print(f"{wanted.clips} clips in {took_s:.0f} s undisturbed")
        print(f"killed {kills} times: the tables are {'the same' if all(same) else 'NOT the same'}")
        print(f"memory of a process: {first:.0f} MiB in the first tenth, {last:.0f} in the last")


if __name__ == "__main__":
    main()
