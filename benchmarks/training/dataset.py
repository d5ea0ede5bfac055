"""From takes to numbers: what the refiner sees, and what it should say."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.progress import track

from formcheck.angles import BODY_ANGLES, body_angles_deg
from formcheck.geometry import PICTURE_UP
from formcheck.pose import PoseTrack
from formcheck.refine.body import Body
from formcheck.refine.features import Features
from formcheck.results import SIDES
from formcheck.smoothing import OneEuroSmoother
from formcheck.widths import body_ratios

FloatArray = NDArray[np.float64]
UP = (0.0, 0.0, 1.0)

RATIOS = (
    "knee_separation_ratio",
    "stance_width_ratio",
    "knees_apart_ratio",
    "ankles_apart_ratio",
    "hip_sink_ratio",
    "step_length_ratio",
    *(
        f"{side}_{name}_ratio"
        for name in ("hip_shift", "foot_ahead", "knee_height", "knee_inside")
        for side in SIDES
    ),
)
SAID = tuple(angle.name for angle in BODY_ANGLES)
"""What the refiner says."""
TARGETS = (
    *SAID,
    *(f"{side}_{name}_deg" for name in ("heel_rise", "knee_asymmetry") for side in SIDES),
    *RATIOS,
)
"""What the refiner learns: also what it does not say.

Hardly anybody's knees fall in or bend unevenly, or heels go up. Whoever has seldom seen it
believes the usual, and is sure of it. Widths are in the picture; plain geometry reads them from
there.
"""
ANYHOW = "anyhow"
"""Scripts of postures that belong to no exercise are called so, and their frames."""
SOMEBODY_ELSE = 0.25
"""Hips seen further than this share of the person's size from the true ones are another's."""
HELD, TESTED = 0.08, 0.12
"""Shares of the people on whom the spread is calibrated, and on whom all is tested."""
FIRST_TAKEN = 100_000
"""People with lower numbers are for the quality benchmark and the samples."""
RATIO_LIMIT = 4.0
"""Ratios beyond this say no more than that one of two widths is tiny."""


def place_of(person: NDArray[np.int64]) -> FloatArray:
    """Return where people stand in a row from 0 to 1, of which the first are not learned from.

    The last digits decide, so that a longer plan leaves everybody where they were.
    """
    place: FloatArray = (person * 7919 % 1000) / 1000
    return place


def stranger(person: int) -> bool:
    """Whether nothing was learned from a person."""
    return person < FIRST_TAKEN or bool(place_of(np.array(person)) < TESTED + HELD)


def mirrored(name: str) -> str:
    """Return what a reading is called in a mirror."""
    for side, other in zip(SIDES, SIDES[::-1], strict=True):
        if name.startswith(f"{side}_"):
            return f"{other}_{name.removeprefix(f'{side}_')}"
    return name


MIRRORED = tuple(TARGETS.index(mirrored(name)) for name in TARGETS)
CORRECTED = np.array([name in {angle.name for angle in BODY_ANGLES} for name in TARGETS])
"""(K,) which readings are learned as corrections of the angles between the landmarks.

Who learns the angle itself learns what is usual, too: that both knees bend alike. Of a real
person in a posture that nobody was rendered in, such a network says something usual. A
correction that is not known is none.
"""


@dataclass(frozen=True)
class Dataset:
    """N frames with a person in them, each followed by its mirror image."""

    features: NDArray[np.float32]
    """(N, 2, F)."""
    truth: NDArray[np.float32]
    """(N, 2, K) as in `TARGETS`; NaN where there is no truth."""
    person: NDArray[np.int64]
    """(N,) number of the person."""
    azimuth_deg: FloatArray
    """(N,) where the camera is, seen from the person: 0 in front, 180 behind; unsigned."""
    lying: NDArray[np.bool_]
    """(N,) whether the person is on the back: the trunk nearer to level, the chest upwards."""
    bent: NDArray[np.bool_]
    """(N,) whether the knees are bent by 35 degrees or more on average."""
    exercise: NDArray[np.str_]
    """(N,) one of the six, ``none``, or `ANYHOW`."""
    take: NDArray[np.int64]
    """(N,) number of the take."""
    raw: NDArray[np.float32]
    """(N, K) the same readings straight from the pose model's world landmarks."""
    landmarks: NDArray[np.float32]
    """(N, K) the same between the smoothed landmarks, as in `Body.seen_m`: what is corrected."""
    conditioned: NDArray[np.bool_]
    """(N,) whether something was done to hide the person: cut, small, dark, in front."""
    found: float
    """Share of all frames in which the pose model found somebody."""

    @property
    def base(self) -> NDArray[np.float32]:
        """What is corrected, (N, 2, K): 0 where there is nothing to correct."""
        base = np.where(CORRECTED, self.landmarks, np.float32(0.0))
        return np.stack([base, base[:, list(MIRRORED)]], axis=1)

    def only(self, chosen: NDArray[np.bool_]) -> Dataset:
        """Return some of the frames."""
        return Dataset(
            **{
                name: getattr(self, name)[chosen]
                for name in self.__dataclass_fields__
                if name != "found"
            },
            found=self.found,
        )

    def save(self, path: Path) -> None:
        """Keep it for another run."""
        np.savez(path, **{name: getattr(self, name) for name in self.__dataclass_fields__})

    @classmethod
    def load(cls, path: Path) -> Dataset:
        """Read one that was kept."""
        with np.load(path) as kept:
            values = {name: kept[name] for name in cls.__dataclass_fields__}
        return cls(**{**values, "found": float(values["found"])})


Retouch = Callable[[PoseTrack, Mapping[str, Any]], PoseTrack]
"""Poses and the truth about them → poses as they shall count."""


def read(folders: Sequence[Path], retouch: Retouch | None = None) -> Dataset:
    """Return all frames of some takes.

    Parameters
    ----------
    folders
        Each with poses, truth and labels.
    retouch
        What is done to the poses that the pose model found; nothing if not given.
    """
    rows: dict[str, list[Any]] = {name: [] for name in Dataset.__dataclass_fields__}
    total = seen = 0
    for number, folder in enumerate(track(folders, "reading takes")):
        frames, count = _frames(folder, number, retouch)
        total += count
        for row in frames:
            seen += 1
            for name, value in row.items():
                rows[name].append(value)
    kinds = dict.fromkeys(("features", "truth", "raw", "landmarks"), np.float32)
    arrays = {
        name: np.array(values, dtype=kinds.get(name))
        for name, values in rows.items()
        if name != "found"
    }
    return Dataset(**arrays, found=seen / max(1, total))


def _frames(folder: Path, number: int, retouch: Retouch | None) -> tuple[list[dict[str, Any]], int]:
    labels = tomllib.loads((folder / "labels.toml").read_text("utf-8"))
    track_ = PoseTrack.load(folder / "poses.npz")
    with np.load(folder / "truth.npz") as truth:
        world = truth["world_m"].astype(np.float64)
        names = [str(name) for name in truth["joint_names"]]
        camera = truth["camera_position_m"]
        same = theirs(track_, truth["image_px"].astype(np.float64), names)
        rise = {
            f"{side}_heel_rise_deg": truth["angles_deg"][
                :, [str(n) for n in truth["angle_names"]].index(f"{side}_heel_rise_deg")
            ]
            for side in SIDES
        }
        if retouch:
            track_ = retouch(track_, truth)
    features = Features(track_.size_px)
    smoother = OneEuroSmoother()
    rows = []
    for i, pose in enumerate(track_):
        smoothed = smoother.feed(pose)
        vectors = features.feed(smoothed)
        if vectors is None or not same[i]:
            continue
        joints = dict(zip(names, world[i].tolist(), strict=True))
        said = readings(joints.__getitem__, UP)
        said |= {name: float(values[i]) for name, values in rise.items()}
        at = pose.skeleton.index
        seen = pose.world_m.tolist()
        raw = readings(lambda name, at=at, seen=seen: seen[at[name]], PICTURE_UP)
        landmarks = readings(Body(smoothed, track_.size_px).seen_m, PICTURE_UP)
        values = np.array([said[name] for name in TARGETS])
        rows.append(
            {
                "features": vectors,
                "truth": np.stack([values, values[list(MIRRORED)]]),
                "person": labels.get("person_number", labels["seed"]),
                "azimuth_deg": azimuth_deg(joints, camera),
                "lying": said["trunk_inclination_deg"] > 45 and chest_up(joints) > 0.5,
                "bent": (said["left_knee_flexion_deg"] + said["right_knee_flexion_deg"]) / 2 >= 35,
                "exercise": ANYHOW if labels["script"].startswith(ANYHOW) else labels["exercise"],
                "take": number,
                "raw": np.array([raw.get(name, np.nan) for name in TARGETS]),
                "landmarks": np.array([landmarks.get(name, np.nan) for name in TARGETS]),
                "conditioned": bool(labels.get("conditions")),
            }
        )
    return rows, len(track_)


def theirs(track_: PoseTrack, true_px: FloatArray, names: Sequence[str]) -> NDArray[np.bool_]:
    """Return in which frames the pose is the person's, not that of somebody else there, (T,)."""
    hips = [track_.skeleton.index[f"{side}_hip"] for side in SIDES]
    true_hips = [names.index(f"{side}_hip") for side in SIDES]
    size = np.linalg.norm(np.nanmax(true_px, axis=1) - np.nanmin(true_px, axis=1), axis=1)
    off = track_.image_px[:, hips].mean(axis=1) - true_px[:, true_hips].mean(axis=1)
    near: NDArray[np.bool_] = np.linalg.norm(off, axis=1) <= SOMEBODY_ELSE * size
    return near


def readings(joint: Any, up: Iterable[float]) -> dict[str, float]:
    """Return every reading that joints give by themselves, by name."""
    above = tuple(up)
    said = body_angles_deg(joint, above)
    for side, other in zip(SIDES, SIDES[::-1], strict=True):
        said[f"{side}_knee_asymmetry_deg"] = (
            said[f"{side}_knee_flexion_deg"] - said[f"{other}_knee_flexion_deg"]
        )
    ratios = body_ratios(joint, above)
    return said | {n: float(np.clip(r, -RATIO_LIMIT, RATIO_LIMIT)) for n, r in ratios.items()}


def chest_up(joints: dict[str, Any]) -> float:
    """Return how much the chest faces upwards: 1 lying on the back, 0 upright, -1 prone."""
    at = {name: np.array(place) for name, place in joints.items()}
    left = at["left_hip"] + at["left_shoulder"] - at["right_hip"] - at["right_shoulder"]
    up = at["left_shoulder"] + at["right_shoulder"] - at["left_hip"] - at["right_hip"]
    ahead = np.cross(left, up)
    return float(ahead[2] / max(1e-9, np.linalg.norm(ahead)))


def azimuth_deg(joints: dict[str, Any], camera_m: FloatArray) -> float:
    """Return the angle between where the chest faces and where the camera is, 0 to 180.

    Someone lying faces the ceiling; for them, the direction from the head to the feet counts
    as ahead, as it does when they get up.
    """
    left, right, hips, shoulders = (
        np.array(joints["left_hip"]) + joints["left_shoulder"],
        np.array(joints["right_hip"]) + joints["right_shoulder"],
        (np.array(joints["left_hip"]) + joints["right_hip"]) / 2,
        (np.array(joints["left_shoulder"]) + joints["right_shoulder"]) / 2,
    )
    across = left - right
    ahead = np.cross(across, np.array(UP))
    towards = (camera_m - (hips + shoulders) / 2) * (1, 1, 0)
    cosine = (ahead @ towards) / max(1e-9, np.linalg.norm(ahead) * np.linalg.norm(towards))
    return float(np.degrees(np.arccos(np.clip(cosine, -1, 1))))
