"""Draws dressed people in a room with VTK, off screen.

The camera stands still, so the room is drawn once, with its depths. In every frame only the
people are drawn; they are put before or behind what stands in the room pixel by pixel, and
their shadows are laid on the floor.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import pyvista as pv
from numpy.typing import NDArray
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkFloatArray

from benchmarks.rendering.body import IntArray
from benchmarks.rendering.camera import Camera
from benchmarks.rendering.mesh import Piece, normals
from benchmarks.rendering.rig import FloatArray, unit
from benchmarks.rendering.room import Block, Room, Slab
from benchmarks.rendering.shadow import Ground
from benchmarks.rendering.textures import Picture

# VTK looks for a display before it does without one, and says so.
pv.vtk_verbosity("error")

_NEAR_M, _FAR_M = 0.3, 16.0
_NOTHING = np.float32(0.9999)
"""A depth buffer holds more than this where nothing was drawn."""
_ROOM_SAMPLES = _FINE_SAMPLES = 8
_ROOM = {"ambient": 0.42, "diffuse": 0.62, "specular": 0.0}

Skinned = Mapping[str, FloatArray]
"""Name of a piece → its vertices (n, 3) in the world."""


@dataclass(frozen=True)
class Look:
    """How one person looks."""

    pieces: Sequence[Piece]
    texture: Picture
    """What is on the body's skin and on clothes cut to it."""


class Stage:
    """A room with people in it who can be moved, and a camera.

    Parameters
    ----------
    room, camera
        What is seen, and from where.
    people
        Who can be seen.
    fine
        Smoother edges within people, at half the speed.
    """

    def __init__(
        self, room: Room, camera: Camera, people: Sequence[Look], *, fine: bool = False
    ) -> None:
        self._camera = camera
        self._size = (camera.width, camera.height)
        self._room, z = self._draw_room(room)
        self._room_z = np.minimum(z, _NOTHING)
        self._ground = Ground(camera, _depth_m(z))
        self._plotter = self._open(_FINE_SAMPLES if fine else 0)
        self._light(self._plotter, room)
        self._people = [_Figurine(self._plotter, look) for look in people]
        self._vignette = _vignette(camera.height, camera.width)

    def close(self) -> None:
        """Let go of the window."""
        self._plotter.close()

    def draw(self, skinned_m: Sequence[Skinned]) -> Picture:
        """Return the picture (H, W, 3) RGB of everyone, in the order of `people`."""
        for person, pieces in zip(self._people, skinned_m, strict=True):
            person.move(pieces)
        self._plotter.render()
        drawn, z = _window(self._plotter)
        lit = self._ground.shade(self._room, [np.concatenate(list(s.values())) for s in skinned_m])
        return _toned(_put_into(lit, drawn, z < self._room_z), self._vignette)

    # Building

    def _open(self, samples: int) -> Any:
        camera = self._camera
        plotter: Any = pv.Plotter(off_screen=True, window_size=self._size, lighting="none")
        plotter.ren_win.SetMultiSamples(samples)
        plotter.camera_position = [
            tuple(camera.position_m),
            tuple(camera.target_m),
            tuple(-camera.rotation[1]),
        ]
        plotter.camera.view_angle = camera.fov_deg
        plotter.camera.clipping_range = (_NEAR_M, _FAR_M)
        return plotter

    def _draw_room(self, room: Room) -> tuple[Picture, NDArray[np.float32]]:
        """Return the empty room and its depth buffer."""
        plotter = self._open(_ROOM_SAMPLES)
        plotter.set_background("#c8ccd0")
        self._light(plotter, room)
        for slab in room.slabs:
            _add_slab(plotter, slab)
        for block in room.blocks:
            plotter.add_mesh(
                _block_mesh(block), color=block.colour, smooth_shading=block.kind == "ball", **_ROOM
            )
        plotter.camera.clipping_range = (_NEAR_M, _FAR_M)
        plotter.render()
        picture, z = _window(plotter)
        plotter.close()
        return picture, z.copy()

    def _light(self, plotter: Any, room: Room) -> None:
        warm = np.clip(
            np.array((1.0, 0.97, 0.93)) + 0.06 * room.warmth * np.array((1, 0, -1)), 0, 1
        )
        towards_camera = unit(self._camera.position_m - self._camera.target_m)
        for direction, colour, strength in (
            (unit(room.light_from), warm, 0.62),
            (unit(towards_camera + np.array((0, 0, 0.6))), np.ones(3), 0.34),
            (np.array((0.0, 0.0, 1.0)), np.ones(3), 0.22),
        ):
            light = pv.Light(
                position=tuple(direction * 10), focal_point=(0, 0, 0), intensity=strength
            )
            light.diffuse_color = tuple(colour)
            light.positional = False
            plotter.add_light(light)


class _Figurine:
    """The meshes of one person."""

    def __init__(self, plotter: Any, look: Look) -> None:
        self._pieces = {piece.name: piece for piece in look.pieces}
        self._meshes: dict[str, Any] = {}
        self._vertices: dict[str, Any] = {}
        skin = pv.Texture(look.texture)
        skin.interpolate = True
        skin.mipmap = True
        for name, piece in self._pieces.items():
            faces, chosen, uv = _corners(piece)
            self._vertices[name] = chosen
            points = piece.points_m[chosen]
            mesh = pv.PolyData(points.astype(np.float32), np.insert(faces, 0, 3, axis=1).ravel())
            mesh.point_data["Normals"] = np.zeros_like(points, dtype=np.float32)
            mesh.point_data.active_normals_name = "Normals"
            paint: dict[str, Any] = {"ambient": 0.36, "diffuse": 0.72, "specular": 0.06}
            if uv is None:
                mesh.point_data["colours"] = piece.colours
                paint |= {"scalars": "colours", "rgb": True}
            else:
                mesh.active_texture_coordinates = uv.astype(np.float32)
                paint["texture"] = skin
            plotter.add_mesh(mesh, smooth_shading=True, **paint)
            self._meshes[name] = mesh

    def move(self, skinned_m: Skinned) -> None:
        """Put every piece where its vertices are now."""
        for name, points in skinned_m.items():
            outward = normals(points, self._pieces[name].faces)
            chosen = self._vertices[name]
            mesh = self._meshes[name]
            mesh.points = points[chosen].astype(np.float32)
            mesh.point_data["Normals"] = outward[chosen].astype(np.float32)


def _corners(piece: Piece) -> tuple[IntArray, Any, FloatArray | None]:
    """Return faces, the piece's vertices that they count from 0, and those' texture places."""
    if piece.uv is None or piece.face_uv is None:
        return piece.faces, slice(None), None
    # A vertex on a seam of the texture has several places in it.
    corners = piece.faces.ravel() * len(piece.uv) + piece.face_uv.ravel()
    unique, renumbered = np.unique(corners, return_inverse=True)
    return renumbered.reshape(-1, 3), unique // len(piece.uv), piece.uv[unique % len(piece.uv)]


def _window(plotter: Any) -> tuple[Picture, NDArray[np.float32]]:
    """Return what a window shows, (H, W, 3), and its depth buffer, (H, W) 0 near to 1 far."""
    picture: Picture = plotter.screenshot(return_img=True)
    height, width = picture.shape[:2]
    values: Any = vtkFloatArray()
    plotter.ren_win.GetZbufferData(0, 0, width - 1, height - 1, values)
    return picture, vtk_to_numpy(values).reshape(height, width)[::-1]


def _depth_m(z: NDArray[np.float32]) -> FloatArray:
    """Return the distances along the view that a depth buffer stands for."""
    depth: FloatArray = _NEAR_M * _FAR_M / (_FAR_M - z.astype(np.float64) * (_FAR_M - _NEAR_M))
    return depth


def _put_into(room: Picture, drawn: Picture, shown: NDArray[np.bool_]) -> Picture:
    """Return a room with people in it, their outlines as soft as a lens makes them."""
    rows, columns = np.flatnonzero(shown.any(axis=1)), np.flatnonzero(shown.any(axis=0))
    if not rows.size:
        return room
    part = (
        slice(max(0, int(rows[0]) - 2), int(rows[-1]) + 3),
        slice(max(0, int(columns[0]) - 2), int(columns[-1]) + 3),
    )
    mask = shown[part].astype(np.uint8)
    inside: Any = np.where(mask[..., None] > 0, drawn[part], room[part])
    edge: Any = cv2.morphologyEx(mask, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8))
    soft: Any = cv2.GaussianBlur(inside, (3, 3), 0)
    picture = room.copy()
    picture[part] = np.where(np.asarray(edge)[..., None] > 0, soft, inside)
    return picture


def _toned(picture: Picture, vignette: Picture) -> Picture:
    toned: Any = cv2.multiply(picture, vignette, scale=1 / 250)
    return np.asarray(toned)


def _add_slab(plotter: Any, slab: Slab) -> None:
    mesh = _quad(slab)
    mesh.active_texture_coordinates = np.array(((0, 0), (1, 0), (1, 1), (0, 1))) * slab.repeat
    texture = pv.Texture(slab.picture)
    texture.repeat = True
    texture.mipmap = True
    texture.interpolate = True
    plotter.add_mesh(mesh, texture=texture, culling="back", lighting=not slab.glowing, **_ROOM)


def _quad(slab: Slab) -> Any:
    c, a, u = slab.centre_m, slab.across_m, slab.up_m
    points = np.stack([c - a - u, c + a - u, c + a + u, c - a + u])
    return pv.PolyData(points, np.array([4, 0, 1, 2, 3]))


def _block_mesh(block: Block) -> Any:
    if block.kind == "box":
        mesh = pv.Cube(x_length=1.0, y_length=1.0, z_length=1.0)
    else:
        mesh = pv.Sphere(radius=0.5, theta_resolution=20, phi_resolution=14)
    mesh = mesh.scale(block.size_m, inplace=False)
    mesh = mesh.rotate_z(block.turn_deg, inplace=False)
    return mesh.translate(block.centre_m, inplace=False)


def _vignette(height: int, width: int) -> Picture:
    """Return what a picture is multiplied with, 250 for 1, (H, W, 3)."""
    y, x = np.mgrid[0:height, 0:width]
    away = np.hypot(x / width - 0.5, y / height - 0.5)
    shade = np.clip(250 * (1.02 - 0.16 * away**2), 0, 255).astype(np.uint8)
    return np.repeat(shade[..., None], 3, axis=2)
