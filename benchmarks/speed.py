"""The whole pipeline against the raw pose model, side by side in one run.

``python -m benchmarks.speed`` prints, at 480p and 1080p, the frames per second of

- the raw loop: MediaPipe's ``detect_for_video`` on frames that are already decoded,
- the whole pipeline without outputs: decode, scale, estimate, analyze,
- the whole pipeline with the annotated video,

and their ratios, the median of several rounds in which the three take turns, because the
machine may be busy with other things. Then the analyzer alone, in milliseconds a frame.
Then a batch on one processor and on all, against the raw loop on one, in time and in processor
seconds a frame (which other programs on the machine disturb less): see `benchmarks.cores`.
The figures go to ``benchmarks/speed.json``. ``--long 10`` takes one clip of ten minutes, in
parts, on one processor and on all, and compares with the clip in one piece. ``--memory`` measures
peak memory on a clip of one minute and one of ten instead (long).
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.clips import repeated, scaled
from benchmarks.cores import in_words, long_in_words, machine, measure_cores, measure_long
from formcheck.analyzer import Analyzer
from formcheck.estimators.exerciser import exerciser_pose
from formcheck.estimators.mediapipe_pose import MediaPipePose
from formcheck.exercises.load import load_exercise
from formcheck.pipeline import analyze_frames
from formcheck.sinks.video_sink import AnnotatedVideoSink
from formcheck.sources.video import VideoSource

SIZES = {"480p": (854, 480), "1080p": (1920, 1080)}
FILE = Path(__file__).with_name("speed.json")
WANTED = {"without video": 0.90, "with video": 0.75}


def raw_fps(clip: Path) -> float:
    """Return frames per second of the pose model alone on decoded frames."""
    from mediapipe import Image, ImageFormat

    with VideoSource(clip) as source:
        frames = list(source)
    with MediaPipePose() as estimator:
        landmarker = estimator._landmarker  # noqa: SLF001 - the model without our wrapping
        start = time.perf_counter()
        for i, frame in enumerate(frames):
            image = Image(image_format=ImageFormat.SRGB, data=frame.image)
            landmarker.detect_for_video(image, i * 33)
        return len(frames) / (time.perf_counter() - start)


def pipeline_fps(clip: Path, video: Path | None) -> float:
    """Return frames per second from opening the clip to the finished outputs."""
    with exerciser_pose() as estimator:
        start = time.perf_counter()
        with VideoSource(clip) as source:
            sinks = [AnnotatedVideoSink(video)] if video else []
            report = analyze_frames(source, estimator, load_exercise("squat"), sinks)
        return report.source.frames / (time.perf_counter() - start)


def analyzer_ms() -> float:
    """Return milliseconds a frame of the analyzer alone, on the sample's landmarks."""
    from formcheck.pose import PoseTrack

    track = PoseTrack.load(Path(__file__).parents[1] / "samples/squat/poses.npz")
    poses, best = list(track), float("inf")
    for _ in range(5):
        analyzer = Analyzer(load_exercise("squat"), track.size_px)
        start = time.perf_counter()
        for pose in poses:
            analyzer.feed(pose)
        best = min(best, (time.perf_counter() - start) / len(poses))
    return 1000 * best


def compare(folder: Path, rounds: int, frames: int, told: dict[str, Any]) -> Table:
    """Time the three in turn, at each size."""
    table = Table(title="frames a second, and ratio to the raw pose model")
    for name in ("size", "raw", *WANTED, *(f"ratio {n}" for n in WANTED), "wanted"):
        table.add_column(name, justify="left" if name == "size" else "right")
    for size, (width, height) in SIZES.items():
        clip = scaled(folder / f"{size}.mp4", width, height, frames)
        rows = [
            (raw_fps(clip), pipeline_fps(clip, None), pipeline_fps(clip, folder / "out.mp4"))
            for _ in range(rounds)
        ]
        ratios = [median(row[i] / row[0] for row in rows) for i in (1, 2)]
        fps = [median(row[i] for row in rows) for i in range(3)]
        told[size] = dict(zip(("raw_fps", "pipeline_fps", "with_video_fps"), fps, strict=True))
        told[size] |= dict(zip(("pipeline_ratio", "with_video_ratio"), ratios, strict=True))
        wanted = " / ".join(f"{w:.2f}" for w in WANTED.values())
        table.add_row(size, *(f"{f:.1f}" for f in fps), *(f"{r:.2f}" for r in ratios), wanted)
    return table


def peak_mib(clip: Path, out: Path) -> float:
    """Return the peak memory of ``formcheck check`` with all outputs, in MiB."""
    command = [
        *(sys.executable, "-m", "formcheck", "check", str(clip)),
        *("-o", str(out), "-q", "--no-history"),
    ]
    subprocess.run(command, check=True)
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def compare_memory(folder: Path, console: Console) -> None:
    """Measure peak memory on one minute and on ten; the larger one last, as peaks add up."""
    minute = scaled(folder / "1min.mp4", *SIZES["1080p"], frames=1800)
    ten = repeated(minute, folder / "10min.mp4", 10)
    one_mib, ten_mib = peak_mib(minute, folder / "one"), peak_mib(ten, folder / "ten")
    console.print(f"peak memory, 1080p: 1 min {one_mib:.0f} MiB, 10 min {ten_mib:.0f} MiB, ")
    console.print(f"ratio {ten_mib / one_mib:.2f} (wanted at most 1.20)")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.speed", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--frames", type=int, default=450)
    parser.add_argument("--clips", type=int, default=4, help="of the batch")
    parser.add_argument("--only-cores", action="store_true", help="the batch alone")
    parser.add_argument("--long", type=float, metavar="MINUTES", help="one long clip alone")
    parser.add_argument("--memory", action="store_true")
    wanted = parser.parse_args()
    console = Console()
    with tempfile.TemporaryDirectory() as folder:
        if wanted.memory:
            compare_memory(Path(folder), console)
            return
        here = machine()
        if wanted.long:
            long = measure_long(Path(folder), wanted.long)
            console.print(long_in_words(long))
            keep({"long": {"machine": here, **long}})
            return
        told: dict[str, Any] = {"machine": here}
        if not wanted.only_cores:
            console.print(compare(Path(folder), wanted.rounds, wanted.frames, told))
            told["analyzer_ms"] = analyzer_ms()
            console.print(f"the analyzer alone: {told['analyzer_ms']:.2f} ms a frame")
        told["cores"] = measure_cores(Path(folder), wanted.clips, wanted.frames)
        console.print(in_words(told["cores"]))
        keep(told)


def keep(told: dict[str, Any]) -> None:
    """Write figures to the file of figures, beside those of other runs."""
    before = json.loads(FILE.read_text("utf-8")) if FILE.is_file() else {}
    rounded = json.loads(json.dumps(before | told), parse_float=lambda n: round(float(n), 3))
    FILE.write_text(json.dumps(rounded, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
