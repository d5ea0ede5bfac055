"""One parametric body: its shape, its skin weights, its joints.

The shapes come from `anny` (Apache-2.0), whose template and blend shapes are
MakeHuman's (CC0). Posing and skinning are done here, in numpy.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.rendering.rig import FloatArray, Placement, Rig

IntArray = NDArray[np.int64]

SURFACE_POINTS = (
    "nose",
    *(f"{side}_{part}" for part in ("eye", "ear", "heel") for side in ("left", "right")),
    *(f"{side}_big_toe" for side in ("left", "right")),
)
"""Points on the skin, by the names of anny's regressor."""

SOLE_M = 0.022
"""Usual thickness of a shoe's sole: how high the bare foot is above the floor."""

_YEARS, _AGES = (18.0, 25.0, 90.0), (0.645, 2 / 3, 1.0)
"""Years → anny's parameter. Its grown-up shapes are those of 25 and 90 years; below them lies a
child of about 11, of whom an 18-year-old has a little left."""

KNEE_BACK = 0.007
"""How much of the stature the knee's axis lies behind anny's. In its own place, the knees of
the upright rest pose would read 9 degrees of flexion."""


_TALL_M = (1.95, 1.82)
"""Statures, male and female, at which the model's thighs are about as long as its shins."""
_FOLLOWS = 0.2
"""How much of a difference in stature is left to the model."""


@dataclass(frozen=True)
class Shape:
    """What a body is like."""

    female: float = 0.5
    """0 male, 1 female."""
    age_years: float = 31.0
    stature_m: float = 1.72
    weight: float = 0.5
    """0 thin, 1 heavy."""
    muscle: float = 0.5
    proportions: float = 0.5
    bust: float = 0.5
    """0 flat, 1 large; of women only."""
    african: float = 1 / 3
    asian: float = 1 / 3
    caucasian: float = 1 / 3
    skin: float = 0.4
    """0 lightest, 1 darkest."""


@dataclass(frozen=True)
class Template:
    """What all bodies share: V vertices, F triangles, N texture coordinates."""

    faces: IntArray
    """(F, 3) vertex numbers."""
    uv: FloatArray
    """(N, 2) texture coordinates, 0 to 1."""
    face_uv: IntArray
    """(F, 3) texture coordinate numbers."""
    points_m: FloatArray
    """(V, 3) vertices of the template, by which clothes and skin are placed."""
    heads_m: FloatArray
    """(B, 3) bone heads of the template."""
    bones: tuple[str, ...]
    lips: FloatArray
    """(H, W) 0 to 1, where the lips are in the texture."""
    ears: FloatArray
    """(H, W) 0 to 1, where the ears are in the texture."""


class Bodies:
    """Makes bodies; loading takes some seconds, and a minute the very first time."""

    def __init__(self) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            warp: Any = import_module("warp")  # skins in anny, and talks
            warp.config.log_level = warp.LOG_ERROR
            import anny
            import torch

            self._torch: Any = torch
            self._model: Any = anny.Anny(phenotypes="all")
            regressor: Any = anny.KeypointsRegressor.coco(self._model, list(SURFACE_POINTS))
        model = self._model
        self._regress: FloatArray = _array(regressor.regression_weights)
        self._weights: FloatArray = _array(model.vertex_bone_weights)
        self._bones: IntArray = _array(model.vertex_bone_indices).astype(np.int64)
        self.parents = tuple(int(p) for p in model.bone_parents)
        self.template = Template(
            faces=_array(model.faces).astype(np.int64),
            uv=_array(model.texture_coordinates),
            face_uv=_array(model.face_texture_coordinate_indices).astype(np.int64),
            points_m=_array(model.template_vertices),
            heads_m=_array(model.template_bone_heads),
            bones=tuple(model.bone_labels),
            lips=_mask("lips"),
            ears=_mask("ears"),
        )

    def make(self, shape: Shape, sole_m: float = SOLE_M) -> Body:
        """Return a body of this shape, standing on the floor on soles of a thickness.

        Bare feet have soles of 0.
        """
        points, heads = self._sized(shape)
        bones = self.template.bones
        floor = np.array([0.0, heads[bones.index("foot.L"), 1], points[:, 2].min() - sole_m])
        points, heads = points - floor, heads - floor
        for letter in "LR":
            heads[bones.index(f"lowerleg01.{letter}"), 1] += KNEE_BACK * shape.stature_m
        rig = Rig(bones, self.parents, heads)
        skin = self._weights, self._bones, self._regress
        return Body(self.template, rig, points, *skin, sole_m=sole_m)

    def _rest(self, shape: Shape, height: float) -> tuple[FloatArray, FloatArray]:
        values = {
            "gender": shape.female,
            "age": float(np.interp(shape.age_years, _YEARS, _AGES)),
            "muscle": shape.muscle,
            "weight": shape.weight,
            "height": height,
            "proportions": shape.proportions,
            "cupsize": shape.bust,
            "firmness": float(np.interp(shape.age_years, (20.0, 75.0), (0.75, 0.35))),
            "african": shape.african,
            "asian": shape.asian,
            "caucasian": shape.caucasian,
        }
        torch, model = self._torch, self._model
        pose = torch.eye(4, dtype=model.dtype)[None, None].repeat(1, model.bone_count, 1, 1)
        kwargs = {k: torch.tensor([float(v)], dtype=model.dtype) for k, v in values.items()}
        with torch.no_grad():
            out = model(
                pose_parameters=pose, phenotype_kwargs=kwargs, pose_parameterization="local-ref"
            )
        return _array(out["rest_vertices"][0]), _array(out["rest_bone_poses"][0, :, :3, 3])

    def _sized(self, shape: Shape) -> tuple[FloatArray, FloatArray]:
        """Return vertices and bone heads of a body of the wanted stature.

        The model gives short people thighs of three quarters of their shins, where people's
        are about as long as their shins at any stature (Winter 2009, fig. 4.1). So a body
        is made tall, and then made smaller as a whole.
        """
        low, high = (float(np.ptp(self._rest(shape, h)[0][:, 2])) for h in (0.25, 0.75))
        tall = _TALL_M[0] + shape.female * (_TALL_M[1] - _TALL_M[0])
        drawn_m = tall + _FOLLOWS * (shape.stature_m - tall)
        points, heads = self._rest(shape, 0.25 + 0.5 * (drawn_m - low) / (high - low))
        smaller = shape.stature_m / float(np.ptp(points[:, 2]))
        return points * smaller, heads * smaller


@dataclass(frozen=True)
class Body:
    """One body at rest: V vertices, each moved by some bones."""

    template: Template
    rig: Rig
    points_m: FloatArray
    """(V, 3) vertices of the bare body at rest, the floor at z = 0."""
    weights: FloatArray
    """(V, W) shares of the bones that move each vertex."""
    bones: IntArray
    """(V, W) which bones they are."""
    regress: FloatArray
    """(len(SURFACE_POINTS), V) shares of the vertices in each surface point."""
    sole_m: float = SOLE_M
    """How high the bare feet are above the floor."""

    @property
    def head_top_m(self) -> FloatArray:
        """(3,) top of the head at rest."""
        top: FloatArray = self.points_m[int(np.argmax(self.points_m[:, 2]))]
        return top

    def skin(
        self,
        placement: Placement,
        points_m: FloatArray | None = None,
        weights: FloatArray | None = None,
        bones: IntArray | None = None,
    ) -> FloatArray:
        """Return vertices moved with the bones, (V, 3).

        Parameters
        ----------
        placement
            Where the bones are.
        points_m, weights, bones
            Vertices at rest and what moves them; the body's own when left out.
        """
        points = self.points_m if points_m is None else points_m
        weights = self.weights if weights is None else weights
        bones = self.bones if bones is None else bones
        shift = placement.heads_m - np.einsum("bij,bj->bi", placement.rotations, self.rig.heads_m)
        moves = np.concatenate([placement.rotations, shift[:, :, None]], axis=2)
        blended = np.einsum("vw,vwk->vk", weights, moves.reshape(-1, 12)[bones]).reshape(-1, 3, 4)
        moved: FloatArray = np.einsum("vij,vj->vi", blended[:, :, :3], points) + blended[:, :, 3]
        return moved

    def surface(self, placement: Placement | None = None) -> dict[str, FloatArray]:
        """Return the named points on the bare skin, each (3,); at rest without a placement."""
        used, shares = self._surface
        points = self.points_m[used]
        if placement is not None:
            points = self.skin(placement, points, self.weights[used], self.bones[used])
        return dict(zip(SURFACE_POINTS, shares @ points, strict=True))

    @cached_property
    def _surface(self) -> tuple[IntArray, FloatArray]:
        """The few vertices that the surface points depend on, and their shares."""
        used = np.flatnonzero(self.regress.any(axis=0))
        return used, self.regress[:, used]


def _mask(name: str) -> FloatArray:
    import cv2
    from anny.paths import get_anny_root_dir

    path = get_anny_root_dir() / "data" / "mpfb2" / "textures" / f"mpfb_{name}.jpg"
    grey: Any = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
    return np.asarray(grey, dtype=np.float64) / 255.0


def _array(tensor: Any) -> Any:
    return tensor.detach().cpu().numpy()
