"""Pictures of whole scenes: what a camera should see, and what makes it worse; and one that moves.

All of rendered people: ``samples/`` and the clips that ``make quality`` keeps in the user's cache.
"""

from __future__ import annotations

import tempfile
import tomllib
from collections.abc import Iterator
from pathlib import Path

import av
import cv2
import numpy as np

from docs.overview import BAD_PICTURES
from docs.pictures import HERE, RENDERED, SAMPLES, Clip, drawn, row
from formcheck.estimators.mediapipe_pose import MediaPipePose
from formcheck.exercises.load import load_exercise
from formcheck.frame import Image
from formcheck.pipeline import analyze_frames
from formcheck.pose import PoseTrack
from formcheck.sinks.video_sink import AnnotatedVideoSink
from formcheck.sources import open_source

OUT = HERE / "images" / "camera"
VIEWS = {
    "squat": ("squat", "clean-front"),
    "lunge": ("lunge-forward-side-left", "lunge-alternating-front"),
    "bridge": ("bridge-side-left", "bridge-front"),
    "pelvic-tilt": ("tilt-side-right", "tilt-faults-front"),
    "figure-four": ("figure-four-supine-side-left", "figure-four-seated-side-left"),
    "nerve-glide": ("nerve-glide-seated-side-left", "nerve-glide-supine-side-right"),
}
"""Exercise → two views of it, as rendered clips are called."""
BAD = {
    "cut-feet": "calibration-rear-right-cut-feet",
    "behind-chair": "calibration-front-right-behind-chair",
    "backlight": "calibration-rear-left-backlight",
    "low-light": "calibration-rear-low-light",
    "small": "calibration-front-small",
    "bystander": "calibration-rear-bystander",
}
"""What is wrong → the clip that shows it."""
TALL_PX = 300
MOVING = "demo.webp"
FROM_S, TO_S = 4.7, 14.0
MOVING_FPS, MOVING_WIDE_PX, MOVING_QUALITY = 12, 560, 62


def clip_named(name: str) -> Clip | None:
    """Return a sample, or a clip of either split; None where there is none."""
    for folder in (SAMPLES / name, *(RENDERED / f"{s}-{name}" for s in ("development", "test"))):
        if (folder / "clip.mp4").exists() and (folder / "poses.npz").exists():
            labels = tomllib.loads((folder / "labels.toml").read_text("utf-8"))
            return Clip(folder, labels, PoseTrack.load(folder / "poses.npz"))
    return None


def scene(clip: Clip, *, skeleton: bool) -> Image:
    """Return a whole picture at the turning point of the first repetition."""
    reps = [rep for rep in clip.reps if rep["counted"]] or clip.reps
    t_s = float(reps[0]["turn_s"]) + 0.1 if reps else float(clip.poses.t_s[len(clip.poses) // 2])
    (picture,) = clip.pictures([t_s])
    if skeleton:
        picture = drawn(picture, clip, t_s, {})
    wide = round(picture.shape[1] * TALL_PX / picture.shape[0])
    small = cv2.resize(picture, (wide, TALL_PX), interpolation=cv2.INTER_AREA)
    return np.asarray(small, dtype=np.uint8)


def save(path: Path, picture: Image) -> None:
    """Write a picture as a small JPEG."""
    path.parent.mkdir(parents=True, exist_ok=True)
    bgr = cv2.cvtColor(picture, cv2.COLOR_RGB2BGR)
    cv2.imwrite(str(path), bgr, [cv2.IMWRITE_JPEG_QUALITY, 80])


def draw_scenes() -> None:
    """Make the pictures of the page about cameras that can be made of the clips that are there."""
    for exercise, names in VIEWS.items():
        clips = [clip for name in names if (clip := clip_named(name))]
        if len(clips) == len(names):
            save(
                OUT / f"{exercise}--views.jpg", row([scene(clip, skeleton=True) for clip in clips])
            )
    for name in BAD_PICTURES:
        clip = clip_named(BAD[name])
        if clip is not None:
            save(OUT / f"bad-{name}.jpg", scene(clip, skeleton=False))


def draw_moving() -> None:
    """Make the moving picture: the sample clip as `formcheck check` annotates it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "annotated.mp4"
        sink = AnnotatedVideoSink(path)
        with open_source(SAMPLES / "squat" / "clip.mp4") as source, MediaPipePose() as estimator:
            analyze_frames(source, estimator, load_exercise("squat"), [sink])
        write_webp(path, HERE / "images" / MOVING)


def write_webp(film: Path, out: Path) -> None:
    """Write a part of a film as a small moving picture."""
    with av.open(str(out), "w", format="webp", options={"loop": "0"}) as container:
        stream = container.add_stream("libwebp_anim", rate=MOVING_FPS)
        stream.pix_fmt = "yuv420p"
        stream.options = {"quality": str(MOVING_QUALITY), "compression_level": "6"}
        for i, picture in enumerate(moments(film)):
            if i == 0:
                stream.height, stream.width = picture.shape[:2]
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame.pts = i
            container.mux(stream.encode(frame))
        container.mux(stream.encode())


def moments(film: Path) -> Iterator[Image]:
    """Return the pictures of a film that are shown."""
    due = FROM_S
    with open_source(film) as source:
        for frame in source:
            if frame.t_s > TO_S:
                return
            if frame.t_s >= due - 1e-3:
                due += 1 / MOVING_FPS
                picture = frame.picture()
                tall = 2 * round(picture.shape[0] * MOVING_WIDE_PX / picture.shape[1] / 2)
                size = (MOVING_WIDE_PX, tall)
                yield np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)


def main() -> None:
    """Make all of them."""
    draw_scenes()
    draw_moving()


if __name__ == "__main__":
    main()
