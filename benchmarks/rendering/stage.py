"""Draws a dressed person in a room with VTK, off screen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import cv2
import numpy as np
import pyvista as pv

from benchmarks.rendering.body import Template
from benchmarks.rendering.camera import Camera
from benchmarks.rendering.rig import FloatArray, unit
from benchmarks.rendering.room import Block, Room, Slab
from benchmarks.rendering.textures import Picture
from benchmarks.rendering.wardrobe import Piece, normals

# VTK looks for a display before it does without one, and says so.
pv.vtk_verbosity("error")

_SHADOW_PX = 256
_SHADOW_M = 2.6
"""Width of the square of floor that shadows are drawn on."""
_DRIFT = np.array((0.6, 0.3))
"""Where on the floor the shadow of something high up falls, right and down in its picture."""


class Stage:
    """A room with a person in it who can be moved, and a camera.

    Parameters
    ----------
    room, camera
        What is seen, and from where.
    template, pieces, texture
        The person: their meshes, and the picture on the body's skin.
    supersample
        How many times finer than the picture it is drawn, for smooth edges.
    occlusion
        Whether corners are darkened, which takes as long again.
    """

    def __init__(
        self,
        room: Room,
        camera: Camera,
        template: Template,
        pieces: Sequence[Piece],
        texture: Picture,
        *,
        supersample: float = 1.0,
        occlusion: bool = False,
    ) -> None:
        self._camera = camera
        size = (round(camera.width * supersample), round(camera.height * supersample))
        self._plotter: Any = pv.Plotter(off_screen=True, window_size=size, lighting="none")
        self._pieces = {piece.name: piece for piece in pieces}
        self._meshes: dict[str, Any] = {}
        corners = np.stack([template.faces.ravel(), template.face_uv.ravel()], axis=1)
        unique, renumbered = np.unique(corners, axis=0, return_inverse=True)
        self._body_vertices = unique[:, 0]
        self._body_faces = renumbered.reshape(-1, 3)
        self._furnish(room)
        self._light(room)
        self._dress(texture, template.uv[unique[:, 1]])
        self._shadow: Any = self._lay_shadow()
        self._aim()
        if occlusion:
            self._plotter.enable_ssao(radius=0.22, kernel_size=32, blur=True)
        self._vignette = _vignette(camera.height, camera.width)

    def close(self) -> None:
        """Let go of the window."""
        self._plotter.close()

    def draw(self, skinned_m: Mapping[str, FloatArray]) -> Picture:
        """Return the picture (H, W, 3) RGB of the person, whose vertices are given per piece."""
        for name, points in skinned_m.items():
            self._move(name, points)
        self._cast_shadow(np.concatenate(list(skinned_m.values())))
        self._plotter.render()
        drawn = self._plotter.screenshot(return_img=True)
        wanted = (self._camera.width, self._camera.height)
        small: Any = cv2.resize(drawn, wanted, interpolation=cv2.INTER_AREA)
        picture: Picture = np.clip(small * self._vignette, 0, 255).astype(np.uint8)
        return picture

    # Building

    def _aim(self) -> None:
        camera = self._camera
        self._plotter.camera_position = [
            tuple(camera.position_m),
            tuple(camera.target_m),
            (0.0, 0.0, 1.0),
        ]
        self._plotter.camera.view_angle = camera.fov_deg
        self._plotter.camera.clipping_range = (0.3, 16.0)

    def _light(self, room: Room) -> None:
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
            self._plotter.add_light(light)

    def _furnish(self, room: Room) -> None:
        self._plotter.set_background("#c8ccd0")
        for slab in room.slabs:
            self._add_slab(slab)
        for block in room.blocks:
            self._plotter.add_mesh(
                _block_mesh(block),
                color=block.colour,
                smooth_shading=block.kind == "ball",
                ambient=0.35,
                diffuse=0.7,
                specular=0.0,
            )

    def _add_slab(self, slab: Slab) -> None:
        mesh = _quad(slab)
        mesh.active_texture_coordinates = np.array(((0, 0), (1, 0), (1, 1), (0, 1))) * slab.repeat
        texture = pv.Texture(slab.picture)
        texture.repeat = True
        texture.mipmap = True
        texture.interpolate = True
        self._plotter.add_mesh(
            mesh,
            texture=texture,
            culling="back",
            lighting=not slab.glowing,
            ambient=0.42,
            diffuse=0.62,
            specular=0.0,
        )

    def _dress(self, texture: Picture, uv: FloatArray) -> None:
        for name, piece in self._pieces.items():
            body = name == "body"
            faces = self._body_faces if body else piece.faces
            points = piece.points_m[self._body_vertices] if body else piece.points_m
            mesh = pv.PolyData(points.copy(), np.insert(faces, 0, 3, axis=1).ravel())
            mesh.point_data["Normals"] = np.zeros_like(points, dtype=np.float32)
            mesh.point_data.active_normals_name = "Normals"
            look: dict[str, Any] = {"ambient": 0.36, "diffuse": 0.72, "specular": 0.06}
            if body:
                mesh.active_texture_coordinates = uv.astype(np.float32)
                picture = pv.Texture(texture)
                picture.interpolate = True
                picture.mipmap = True
                look["texture"] = picture
            else:
                mesh.point_data["colours"] = piece.colours
                look |= {"scalars": "colours", "rgb": True}
            self._plotter.add_mesh(mesh, smooth_shading=True, name=name, **look)
            self._meshes[name] = mesh

    def _move(self, name: str, points: FloatArray) -> None:
        outward = normals(points, self._pieces[name].faces)
        if name == "body":
            points, outward = points[self._body_vertices], outward[self._body_vertices]
        mesh = self._meshes[name]
        mesh.points = points.astype(np.float32)
        mesh.point_data["Normals"] = outward.astype(np.float32)

    # Shadows

    def _lay_shadow(self) -> Any:
        half = _SHADOW_M / 2
        slab = Slab(np.array((0, 0, 0.006)), np.array((half, 0, 0)), np.array((0, half, 0)), None)
        mesh = _quad(slab)
        mesh.active_texture_coordinates = np.array(((0.0, 0), (1, 0), (1, 1), (0, 1)))
        texture = pv.Texture(np.zeros((_SHADOW_PX, _SHADOW_PX, 4), dtype=np.uint8))
        texture.interpolate = True
        self._plotter.add_mesh(mesh, texture=texture, lighting=False)
        return texture

    def _cast_shadow(self, points: FloatArray) -> None:
        """Darken the floor below the person: sharp where they touch it, soft further up."""
        scale = _SHADOW_PX / _SHADOW_M
        dark = np.zeros((_SHADOW_PX, _SHADOW_PX))
        for top, blur, strength, drift in (
            (0.09, 1.6, 0.42, 0.0),
            (0.45, 7.0, 0.30, 0.10),
            (2.2, 16.0, 0.34, 0.16),
        ):
            low = points[points[:, 2] < top]
            spot = low[:, :2] * (1, -1) * scale + _SHADOW_PX / 2
            spot -= (low[:, 2:] * drift) * _DRIFT * scale
            count, _, _ = np.histogram2d(
                spot[:, 1], spot[:, 0], bins=_SHADOW_PX, range=[[0, _SHADOW_PX]] * 2
            )
            cover: Any = cv2.GaussianBlur((count > 0).astype(np.float64), (0, 0), blur)
            dark = 1 - (1 - dark) * (1 - strength * np.clip(np.asarray(cover) * 1.6, 0, 1))
        picture = np.zeros((_SHADOW_PX, _SHADOW_PX, 4), dtype=np.uint8)
        picture[..., 3] = (255 * dark).astype(np.uint8)
        self._shadow.SetInputDataObject(pv.Texture(picture).to_image())


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


def _vignette(height: int, width: int) -> FloatArray:
    y, x = np.mgrid[0:height, 0:width]
    away = np.hypot(x / width - 0.5, y / height - 0.5)
    shade: FloatArray = (1.02 - 0.16 * away**2)[..., None]
    return shade
