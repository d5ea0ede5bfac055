"""Makes one film: the clip, its truth and its labels."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.rendering import labels
from benchmarks.rendering.body import Bodies, Body, Shape
from benchmarks.rendering.camera import VIEWS, Camera
from benchmarks.rendering.cast import Wishes, draw_camera, draw_shape, draw_style
from benchmarks.rendering.encoder import Encoder
from benchmarks.rendering.keyframes import SCENES
from benchmarks.rendering.motion import Moment, Plan, SquatMotion
from benchmarks.rendering.outfit import Outfit, draw_outfit
from benchmarks.rendering.posture import Poser
from benchmarks.rendering.rig import JOINT_BONES, FloatArray, Placement
from benchmarks.rendering.room import Room, furnish_room
from benchmarks.rendering.scripts import SCRIPTS
from benchmarks.rendering.skin_paint import Painter, Places, vertex_places
from benchmarks.rendering.stage import Stage
from benchmarks.rendering.textures import Picture
from benchmarks.rendering.truth import JOINTS, Truth, angles_deg, time_reps
from benchmarks.rendering.wardrobe import Piece, dress

Progress = Callable[[int, int], None]
"""Told how many frames are done, of how many."""

CHANCES = ("shape", "style", "plan", "outfit", "room", "camera", "wobble")
"""Parts of a film that are drawn independently of one another."""


@dataclass(frozen=True)
class Order:
    """What to film."""

    view: str
    seed: int
    script: str = "clean"
    size_px: tuple[int, int] = (640, 480)
    fps: int = 30
    fine: bool = False
    """Smoother edges and darker corners, at a third of the speed."""
    crf: int = 23
    """As in `benchmarks.rendering.encoder.Encoder`."""
    camera: Wishes = field(default_factory=Wishes)

    def chance(self, part: str) -> np.random.Generator:
        """Return the random numbers of one of the `CHANCES`."""
        return np.random.default_rng([self.seed, list(VIEWS).index(self.view), CHANCES.index(part)])

    @property
    def command(self) -> str:
        """How to make this film again."""
        words = [f"--view {self.view} --seed {self.seed} --script {self.script}"]
        words += [f"--size {self.size_px[0]}x{self.size_px[1]} --fps {self.fps} --crf {self.crf}"]
        words += ["--fine"] * self.fine
        for option, value in (
            ("camera-height", self.camera.height_m),
            ("fov", self.camera.fov_deg),
            ("spare", self.camera.spare),
        ):
            words += [f"--{option} {value:g}"] if value is not None else []
        return " ".join(["python -m benchmarks.rendering", *words, "--out DIR"])


@dataclass(frozen=True)
class Cast:
    """Who and what is in front of the camera."""

    shape: Shape
    body: Body
    poser: Poser
    outfit: Outfit
    pieces: Sequence[Piece]
    texture: Picture
    camera: Camera
    room: Room


@dataclass(frozen=True)
class Action:
    """What happens, frame by frame."""

    moments: Sequence[Moment]
    placed: Sequence[Placement]
    plan: Plan | None
    """None when it is no exercise."""


class Studio:
    """Films people; loading the body model once for all films."""

    def __init__(self) -> None:
        self._bodies = Bodies()
        average = self._bodies.make(Shape())
        self._places: Places = vertex_places(average.template, average.weights, average.bones)
        self._painter = Painter(average.template, self._places)

    def film(self, order: Order, folder: Path, progress: Progress) -> None:
        """Make a film in a folder: clip.mp4, truth.npz and labels.toml, all or none."""
        cast = self.cast(order)
        cast, action = act(order, cast)
        truth = tell_truth(cast, action)
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder, prefix=".part-") as name:
            part = Path(name)
            truth.save(part / "truth.npz")
            (part / "labels.toml").write_text(label(order, cast, action, truth), encoding="utf-8")
            self._shoot(order, cast, action, part / "clip.mp4", progress)
            for made in ("truth.npz", "labels.toml", "clip.mp4"):
                (part / made).replace(folder / made)

    def cast(self, order: Order) -> Cast:
        """Return the person, the room and the camera of a film."""
        shape = draw_shape(order.chance("shape"))
        body = self._bodies.make(shape)
        outfit = draw_outfit(order.chance("outfit"), shape.female, shape.age)
        camera = draw_camera(
            order.chance("camera"), order.view, shape.stature_m, order.size_px, order.camera
        )
        return Cast(
            shape=shape,
            body=body,
            poser=Poser(body.rig, body.head_top_m),
            outfit=outfit,
            pieces=dress(body, self._places, outfit),
            texture=self._painter.paint(outfit, order.chance("outfit")),
            camera=camera,
            room=furnish_room(order.chance("room"), camera.azimuth_deg),
        )

    def stage(self, order: Order, cast: Cast) -> Stage:
        """Return the stage that a film is shot on."""
        return Stage(
            cast.room,
            cast.camera,
            cast.body.template,
            cast.pieces,
            cast.texture,
            supersample=2.0 if order.fine else 1.0,
            occlusion=order.fine,
        )

    def _shoot(
        self, order: Order, cast: Cast, action: Action, path: Path, progress: Progress
    ) -> None:
        stage = self.stage(order, cast)
        with Encoder(path, order.size_px, order.fps, order.crf) as encoder:
            for i, here in enumerate(action.placed):
                encoder.add(stage.draw(skin(cast, here)))
                progress(i + 1, len(action.placed))
        stage.close()


def skin(cast: Cast, here: Placement) -> dict[str, FloatArray]:
    """Return the vertices of each of the person's meshes."""
    return {p.name: cast.body.skin(here, p.points_m, p.weights, p.bones) for p in cast.pieces}


def act(order: Order, cast: Cast) -> tuple[Cast, Action]:
    """Return what happens, and the cast with what it needs in the room."""
    plan = None
    if order.script in SCENES:
        scene = SCENES[order.script](order.chance("plan"), cast.body)
        moments = scene.moments(order.fps)
        room = replace(cast.room, blocks=(*cast.room.blocks, *scene.blocks))
        cast = replace(cast, room=room)
    else:
        style = draw_style(order.chance("style"), cast.shape)
        plan = SCRIPTS[order.script](order.chance("plan"), style)
        moments = SquatMotion(cast.poser, plan, order.chance("wobble")).moments(order.fps)
    placed = [cast.poser.place(moment.posture) for moment in moments]
    return cast, Action(moments, placed, plan)


def tell_truth(cast: Cast, action: Action) -> Truth:
    """Return the joints and angles of every frame."""
    world = np.stack([_joints(cast.body, here) for here in action.placed])
    rest = cast.body.surface(cast.body.points_m)
    sole = rest["left_heel"] - rest["left_big_toe"]
    flat = float(np.degrees(np.arctan2(sole[2], np.hypot(sole[0], sole[1]))))
    return Truth(
        t_s=np.array([moment.t_s for moment in action.moments]),
        world_m=world,
        centre_of_mass_m=np.stack([cast.poser.centre_of_mass(here) for here in action.placed]),
        angles=angles_deg({name: world[:, i] for i, name in enumerate(JOINTS)}, flat),
        camera=cast.camera,
        rep=np.array([moment.rep for moment in action.moments]),
    )


def _joints(body: Body, here: Placement) -> FloatArray:
    surface = body.surface(body.skin(here))
    surface |= {f"{side}_toe": surface[f"{side}_big_toe"] for side in ("left", "right")}
    surface |= {joint: here.heads_m[body.rig.index[bone]] for joint, bone in JOINT_BONES.items()}
    return np.stack([surface[joint] for joint in JOINTS])


def label(order: Order, cast: Cast, action: Action, truth: Truth) -> str:
    """Return the labels of a film as TOML."""
    plan, camera = action.plan, cast.camera
    head: dict[str, Any] = {
        "schema": labels.SCHEMA,
        "exercise": "none" if plan is None else "squat",
        "script": order.script,
        "view": order.view,
        "reps_counted": 0 if plan is None else sum(rep.counted for rep in plan.reps),
        "fps": order.fps,
        "frames": len(action.moments),
        "size_px": list(order.size_px),
        "seed": order.seed,
        "command": order.command,
        "person": asdict(cast.shape),
        "style": {} if plan is None else asdict(plan.style),
        "outfit": asdict(cast.outfit),
        "camera": {
            "azimuth_deg": camera.azimuth_deg,
            "height_m": camera.position_m[2],
            "distance_m": float(np.linalg.norm(camera.position_m - camera.target_m)),
            "fov_deg": camera.fov_deg,
        },
    }
    if plan is None:
        return labels.to_toml(head, [])
    times = time_reps(truth, len(plan.reps))
    return labels.to_toml(head, labels.rep_labels(truth, plan, times))
