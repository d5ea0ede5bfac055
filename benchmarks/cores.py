"""A batch on one processor and on all, beside the raw pose model on the same clips.

Three take turns on the same clips: MediaPipe's ``detect_for_video`` on frames that were decoded
before, in one process; a batch with one worker; and a batch with one worker a processor. What it
costs to start Python and to load libraries is measured apart and taken off, since it happens once
a worker and not once a clip. Seconds of processor say what a frame costs even when other
programs are running; frames a second say how it went in fact.
"""

from __future__ import annotations

import json
import os
import platform
import resource
import subprocess
import sys
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.clips import scaled
from formcheck.batch.local import processors

SIZE = (640, 480)
FPS = 30
RAW = """
import sys, time
from mediapipe import Image, ImageFormat
from formcheck.estimators.mediapipe_pose import MediaPipePose
from formcheck.sources.video import VideoSource
wall = cpu = frames = 0
for path in sys.argv[1:]:
    with VideoSource(path) as source:
        pictures = [frame.image for frame in source]
    with MediaPipePose() as estimator:
        start, used = time.perf_counter(), time.process_time()
        for i, picture in enumerate(pictures):
            image = Image(image_format=ImageFormat.SRGB, data=picture)
            estimator._landmarker.detect_for_video(image, i * 33)
        wall += time.perf_counter() - start
        cpu += time.process_time() - used
    frames += len(pictures)
print(wall, cpu, frames)
"""


def measure_cores(folder: Path, count: int, frames: int) -> dict[str, Any]:
    """Return what the three cost on `count` clips of `frames` frames each."""
    first = scaled(folder / "clip-0.mp4", *SIZE, frames)
    clips = [first]
    for i in range(1, count):
        # Another clip for who goes by contents, the same for the pose model.
        clips.append(folder / f"clip-{i}.mp4")
        clips[-1].write_bytes(first.read_bytes() + bytes([0, 0, 0, 8]) + b"free" * i)
    listed = folder / "clips.txt"
    listed.write_text("".join(f"{clip.name}\n" for clip in clips), "utf-8")
    nothing = folder / "nothing.mp4"
    nothing.write_text("no clip", "utf-8")
    total, all_of_them = count * frames, processors()
    done = subprocess.run(
        [sys.executable, "-c", RAW, *map(str, clips)], capture_output=True, text=True, check=True
    )
    wall_s, cpu_s, _ = map(float, done.stdout.split())
    told: dict[str, Any] = {
        "clips": count,
        "frames": total,
        "processors": all_of_them,
        "raw": {"fps": total / wall_s, "cpu_ms": 1000 * cpu_s / total},
    }
    for name, exercise in (("recognized", "auto"), ("named", "squat")):
        one = batch(listed, nothing, folder / f"one-{name}", 1, exercise, total)
        every = batch(listed, nothing, folder / f"all-{name}", all_of_them, exercise, total)
        told[name] = {
            "one": one,
            "all": every,
            "all_to_one": every["fps"] / one["fps"],
            "all_to_raw": every["fps"] / (all_of_them * told["raw"]["fps"]),
            "raw_to_one_cpu": told["raw"]["cpu_ms"] / one["cpu_ms"],
            "raw_to_all_cpu": told["raw"]["cpu_ms"] / every["cpu_ms"],
        }
    return told


def measure_long(folder: Path, minutes: float) -> dict[str, Any]:
    """Return what one long clip costs on one processor and on all, and whether it is the same.

    It is worked on in parts; what comes of them is compared with the clip in one piece.
    """
    frames = round(minutes * 60 * FPS)
    clip = scaled(folder / "long.mp4", *SIZE, frames)
    nothing = folder / "nothing.mp4"
    nothing.write_text("no clip", "utf-8")
    every = processors()
    one, all_of_them = (
        batch(clip, nothing, folder / f"long-{workers}", workers, "squat", frames)
        for workers in (1, every)
    )
    whole = folder / "whole.json"
    command = ["check", str(clip), "-e", "squat", "-q", "--no-history", "--json", str(whole)]
    subprocess.run([sys.executable, "-m", "formcheck", *command], check=True)
    parts = next((folder / f"long-{every}" / "batch").glob("**/report.json"))
    here, there = (_times(json.loads(path.read_text("utf-8"))) for path in (whole, parts))
    moved = [abs(a - b) * FPS for a, b in zip(here, there, strict=False)]
    return {
        "minutes": minutes,
        "processors": every,
        "one_fps": one["fps"],
        "all_fps": all_of_them["fps"],
        "all_to_one": all_of_them["fps"] / one["fps"],
        "repetitions": [len(here) // 3, len(there) // 3],
        "moved_frames_at_most": max(moved, default=0.0),
        "moved_over_one_frame": sum(frames > 1.001 for frames in moved),
    }


def _times(document: dict[str, Any]) -> list[float]:
    """Return when each repetition began, turned and ended."""
    return [rep[moment] for rep in document["reps"] for moment in ("start_s", "turn_s", "end_s")]


def long_in_words(told: dict[str, Any]) -> str:
    """Return the figures of a long clip as lines."""
    whole, parts = told["repetitions"]
    return (
        f"one clip of {told['minutes']:g} minutes: {told['one_fps']:.1f} fps on one processor, "
        f"{told['all_fps']:.1f} on {told['processors']} ({told['all_to_one']:.2f} times)\n"
        f"repetitions in one piece {whole}, in parts {parts}; of {3 * min(whole, parts)} times "
        f"{told['moved_over_one_frame']} differ by more than a frame, the most by "
        f"{told['moved_frames_at_most']:.1f} frames"
    )


def batch(
    clips: Path, nothing: Path, out: Path, workers: int, exercise: str, frames: int
) -> dict[str, float]:
    """Return frames a second and processor milliseconds a frame, without the start."""
    start_wall_s, start_cpu_s = timed(nothing, out / "start", workers, exercise)
    wall_s, cpu_s = timed(clips, out / "batch", workers, exercise)
    # A batch of one clip starts one worker, that of several starts all.
    cpu_s -= start_cpu_s * workers
    return {"fps": frames / (wall_s - start_wall_s), "cpu_ms": 1000 * cpu_s / frames}


def timed(clips: Path, out: Path, workers: int, exercise: str) -> tuple[float, float]:
    """Return wall and processor seconds of a batch and its workers."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    command = ["batch", str(clips), "--out", str(out), "-e", exercise, f"--workers={workers}", "-q"]
    subprocess.run([sys.executable, "-m", "formcheck", *command], check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.perf_counter() - started, cpu_s


def in_words(told: dict[str, Any]) -> str:
    """Return the figures as lines."""
    raw = told["raw"]
    lines = [f"raw pose model, one process: {raw['fps']:.1f} fps, {raw['cpu_ms']:.1f} ms a frame"]
    for name in ("recognized", "named"):
        found = told[name]
        one, every = found["one"], found["all"]
        lines.append(
            f"batch, exercise {name}: {one['fps']:.1f} fps on one, {every['fps']:.1f} on "
            f"{told['processors']} ({found['all_to_one']:.2f} times), "
            f"{found['all_to_raw']:.2f} of all processors' raw rate; a frame costs "
            f"{one['cpu_ms']:.1f} ms of processor ({found['raw_to_one_cpu']:.2f} of raw)"
        )
    return "\n".join(lines)


def machine() -> dict[str, Any]:
    """Return what the figures depend on."""
    cpuinfo = Path("/proc/cpuinfo")
    models = (
        [line for line in cpuinfo.read_text("utf-8").splitlines() if line.startswith("model name")]
        if cpuinfo.is_file()
        else []
    )
    return {
        "processor": models[0].partition(":")[2].strip() if models else platform.processor(),
        "processors": processors(),
        "system": platform.system(),
        "python": platform.python_version(),
        "busy": os.getloadavg()[0],
        **{name: version(name) for name in ("mediapipe", "av", "numpy")},
    }
