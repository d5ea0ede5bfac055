"""What part of a person a picture shows, and how a camera is pointed to show it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from benchmarks.rendering.camera import Camera
from benchmarks.rendering.rig import FloatArray, unit
from benchmarks.rendering.truth import JOINTS

_MARGIN = 0.03
"""Share of the picture that stays free round the person."""
_FLESH_M = 0.14
"""How far the body goes on beyond its joints: the crown is above the eyes, the fingers beyond
the wrists."""
_TOO_NEAR_M = 0.5

_CUTS = {
    "feet": (("ankle", "heel", "toe"), ("knee",)),
    "head": (("nose", "eye", "ear"), ("shoulder",)),
}
"""What is cut off → its joints, and the next ones that stay in the picture."""
_IN = {"feet": 0.2, "head": 0.35}
"""What is cut off → share of the time that its joints may be in the picture nevertheless. A
head that comes down in a squat comes into the picture."""


class Frame:
    """What a picture is to show of a person.

    Parameters
    ----------
    joints_m
        (T, J, 3) where the person's joints are over time.
    cut
        What stays outside: ``feet``, ``head`` or nothing; with one of them, the joints are
        those of `truth.JOINTS`.
    depth
        How much of the limb, or the neck, goes with it, 0 to 1.
    """

    def __init__(self, joints_m: FloatArray, cut: str = "", depth: float = 0.5) -> None:
        self.joints_m = joints_m
        self.points_m = joints_m.reshape(-1, 3)
        self.cut = cut
        self._depth = depth
        self._groups = [joints_m[:, _named(stems)] for stems in _CUTS.get(cut, ())]

    def box(self, camera: Camera, side: int | None = None) -> FloatArray | None:
        """Return the left, top, right and bottom of what is to be shown.

        In shares of the picture's width and height from its top left corner; None if the
        camera is too near, or in the middle of it.

        Parameters
        ----------
        camera
            What shows it.
        side
            Which of the four is a cut, as told by `cut_side`.
        """
        away = camera.to_camera(self.points_m)[:, 2]
        if away.min() < _TOO_NEAR_M:
            return None
        size = np.array((camera.width, camera.height), dtype=np.float64)
        at = camera.project(self.points_m) / size
        flesh = _FLESH_M * camera.intrinsics[1, 1] / away[:, None] / size
        box = np.concatenate([(at - flesh).min(axis=0), (at + flesh).max(axis=0)])
        box += np.array((-1, -1, 1, 1)) * _MARGIN
        if side is not None:
            box[side] = self._cut_line(camera, side)
        return box

    def cut_side(self, camera: Camera) -> int | None:
        """Return which side is to be cut: 0 to 3 for left, top, right and bottom."""
        if not self.cut:
            return None
        off, rest = (np.median(camera.project(group), axis=(0, 1)) for group in self._groups)
        axis = int(np.argmax(np.abs(off - rest)))
        return axis + (2 if off[axis] > rest[axis] else 0)

    def _cut_line(self, camera: Camera, side: int) -> float:
        axis, sign = side % 2, 1.0 if side > 1 else -1.0
        # Along the axis, outwards: what is cut off is mostly beyond `outer`.
        off, rest = (sign * camera.project(group)[..., axis] for group in self._groups)
        outer = float(np.quantile(off, _IN[self.cut], axis=0).min())
        inner = min(float(np.median(rest)), outer)
        line = sign * (outer - (0.04 + 0.5 * self._depth) * (outer - inner))
        return line / (camera.width, camera.height)[axis]


def _named(stems: tuple[str, ...]) -> list[int]:
    return [i for i, name in enumerate(JOINTS) if name.rpartition("_")[2] in stems]


def fits(camera: Camera, frame: Frame) -> bool:
    """Return whether the camera shows all that it is to show, once it is pointed there."""
    box = frame.box(aimed(camera, frame), frame.cut_side(camera))
    return box is not None and bool((box[2:] - box[:2] <= 1.0).all())


def tall(camera: Camera, frame: Frame) -> float:
    """Return how much of the picture's height the longer side of the person takes mostly."""
    camera = aimed(camera, frame)
    at = camera.project(frame.joints_m)
    away = camera.to_camera(frame.joints_m)[..., 2]
    flesh = _FLESH_M * camera.intrinsics[1, 1] / float(np.median(away))
    long = (at.max(axis=1) - at.min(axis=1)).max(axis=-1) + flesh
    return float(np.quantile(long, 0.75)) / camera.height


def aimed(
    camera: Camera,
    frame: Frame,
    aside: tuple[float, float] = (0.0, 0.0),
    most: float = 0.0,
) -> Camera:
    """Return the camera pointed at a person.

    Parameters
    ----------
    camera
        Where it stands.
    frame
        What it is to show. What is cut off lies at the picture's edge.
    aside
        How far right and down of the middle the person is, -1 to 1: as far as there is room.
    most
        Largest share of the picture's width or height to be beside the middle.
    """
    side = frame.cut_side(camera)
    for _ in range(6):
        box = frame.box(camera, side)
        if box is None:
            break
        room = np.clip((1.0 - (box[2:] - box[:2])) / 2, 0.0, most)
        wanted = 0.5 + np.asarray(aside) * room
        move = (box[:2] + box[2:]) / 2 - wanted
        if side is not None:
            move[side % 2] = box[side] - (1.0 if side > 1 else 0.0)
        camera = _pointed(camera, move)
        if float(np.abs(move).max()) < 1e-4:
            break
    return camera


def _pointed(camera: Camera, move: FloatArray) -> Camera:
    """Return the camera whose middle is where `move` shares of its picture were before."""
    focal = camera.intrinsics[1, 1]
    there = np.append(move * (camera.width, camera.height) / focal, 1.0) @ camera.rotation
    away = float(np.linalg.norm(camera.target_m - camera.position_m))
    return replace(camera, target_m=camera.position_m + away * unit(there))
