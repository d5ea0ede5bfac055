"""Makes one film: the clip, its truth and its labels."""

from __future__ import annotations

import tempfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.rendering import labels
from benchmarks.rendering.action import Action, Actor
from benchmarks.rendering.body import Bodies, Body, Shape
from benchmarks.rendering.camera import VIEWS, Camera
from benchmarks.rendering.cast import Wishes, draw_camera, middle_m
from benchmarks.rendering.encoder import Encoder
from benchmarks.rendering.motions import SCRIPTS
from benchmarks.rendering.outfit import Outfit, draw_outfit, draw_sole_m
from benchmarks.rendering.people import draw_shape
from benchmarks.rendering.rig import JOINT_BONES, FloatArray, Placement
from benchmarks.rendering.room import Room, furnish_room
from benchmarks.rendering.skin_paint import Painter, Places, vertex_places
from benchmarks.rendering.stage import Look, Stage
from benchmarks.rendering.textures import Picture
from benchmarks.rendering.truth import JOINTS, Truth, angles_deg
from benchmarks.rendering.wardrobe import Piece, dress

Progress = Callable[[int, int], None]
"""Told how many frames are done, of how many."""

_PERSONAL = frozenset({"shape", "style"})
"""What stays the same when one person is filmed again."""


@dataclass(frozen=True)
class Order:
    """What to film."""

    view: str
    seed: int
    script: str = "clean"
    person: int | None = None
    """Who: the same number is the same body; None for the seed's own."""
    size_px: tuple[int, int] = (640, 480)
    fps: int = 30
    fine: bool = False
    """Smoother edges within people, at half the speed."""
    crf: int = 23
    """As in `benchmarks.rendering.encoder.Encoder`."""
    camera: Wishes = field(default_factory=Wishes)

    @property
    def who(self) -> int:
        """Number of the person."""
        return self.seed if self.person is None else self.person

    def chance(self, part: str) -> np.random.Generator:
        """Return the random numbers of one part of the film, independent of all others."""
        what = zlib.crc32(part.encode())
        if part in _PERSONAL:
            return np.random.default_rng([self.who, what])
        return np.random.default_rng([self.seed, list(VIEWS).index(self.view), what])

    @property
    def command(self) -> str:
        """How to make this film again."""
        words = [f"--view {self.view} --seed {self.seed} --script {self.script}"]
        words += [f"--size {self.size_px[0]}x{self.size_px[1]} --fps {self.fps} --crf {self.crf}"]
        words += ["--fine"] * self.fine
        for option, value in (
            ("person", self.person),
            ("camera-height", self.camera.height_m),
            ("fov", self.camera.fov_deg),
            ("spare", self.camera.spare),
        ):
            words += [f"--{option} {value:g}"] if value is not None else []
        return " ".join(["python -m benchmarks.rendering", *words, "--out DIR"])


@dataclass(frozen=True)
class Cast:
    """Who and what is in front of the camera."""

    actor: Actor
    outfit: Outfit
    pieces: Sequence[Piece]
    texture: Picture
    camera: Camera
    room: Room


@dataclass(frozen=True)
class Take:
    """A film that is all planned and not yet drawn."""

    order: Order
    cast: Cast
    action: Action
    truth: Truth

    def save(self, folder: Path) -> None:
        """Write truth.npz and labels.toml into a folder that is there."""
        self.truth.save(folder / "truth.npz")
        text = label(self.order, self.cast, self.action, self.truth)
        (folder / "labels.toml").write_text(text, encoding="utf-8")


class Studio:
    """Films people; loading the body model once for all films."""

    def __init__(self) -> None:
        self._bodies = Bodies()
        average = self._bodies.make(Shape())
        self._places: Places = vertex_places(average.template, average.weights, average.bones)
        self._painter = Painter(average.template, self._places)

    def film(self, order: Order, folder: Path, progress: Progress) -> None:
        """Make a film in a folder: clip.mp4, truth.npz and labels.toml, all or none."""
        take = self.take(order)
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder, prefix=".part-") as name:
            part = Path(name)
            take.save(part)
            frames = len(take.truth.t_s)
            with Encoder(part / "clip.mp4", order.size_px, order.fps, order.crf) as encoder:
                for i, picture in enumerate(self.pictures(take, range(frames))):
                    encoder.add(picture)
                    progress(i + 1, frames)
            for made in ("truth.npz", "labels.toml", "clip.mp4"):
                (part / made).replace(folder / made)

    def take(self, order: Order) -> Take:
        """Return all that an order comes to, but for the pictures."""
        actor = self.actor(order)
        action = SCRIPTS[order.script](actor, order.chance, order.fps)
        world = joints_m(actor.body, action)
        cast = self.cast(order, actor, action, world)
        return Take(order, cast, action, tell_truth(cast, action, world))

    def pictures(self, take: Take, frames: Iterable[int]) -> Iterator[Picture]:
        """Yield the pictures (H, W, 3) RGB of some frames of a take."""
        stage = self.stage(take.order, take.cast)
        for i in frames:
            yield stage.draw([skin(take.cast, take.action.moments[i].placed)])
        stage.close()

    def actor(self, order: Order) -> Actor:
        """Return the person of a film."""
        shape = draw_shape(order.chance("shape"))
        return Actor(shape, self._bodies.make(shape, draw_sole_m(order.chance("feet"))))

    def cast(self, order: Order, actor: Actor, action: Action, world_m: FloatArray) -> Cast:
        """Return the person with clothes, the room and the camera of a film."""
        shape, body = actor.shape, actor.body
        outfit = draw_outfit(order.chance("outfit"), shape, body.sole_m)
        camera = draw_camera(
            order.chance("camera"), order.view, world_m, order.size_px, order.camera
        )
        room = furnish_room(order.chance("room"), camera.azimuth_from(middle_m(world_m)))
        return Cast(
            actor=actor,
            outfit=outfit,
            pieces=dress(body, self._places, outfit),
            texture=self._painter.paint(outfit, order.chance("outfit")),
            camera=camera,
            room=replace(room, blocks=(*room.blocks, *action.blocks)),
        )

    def stage(self, order: Order, cast: Cast) -> Stage:
        """Return the stage that a film is shot on."""
        look = Look(cast.actor.body.template, cast.pieces, cast.texture)
        return Stage(cast.room, cast.camera, [look], fine=order.fine)


def skin(cast: Cast, here: Placement) -> dict[str, FloatArray]:
    """Return the vertices of each of the person's meshes."""
    body = cast.actor.body
    return {p.name: body.skin(here, p.points_m, p.weights, p.bones) for p in cast.pieces}


def joints_m(body: Body, action: Action) -> FloatArray:
    """Return where all joints are in every frame, (T, J, 3)."""
    return np.stack([_joints(body, moment.placed) for moment in action.moments])


def _joints(body: Body, here: Placement) -> FloatArray:
    surface = body.surface(here)
    surface |= {f"{side}_toe": surface[f"{side}_big_toe"] for side in ("left", "right")}
    surface |= {joint: here.heads_m[body.rig.index[bone]] for joint, bone in JOINT_BONES.items()}
    return np.stack([surface[joint] for joint in JOINTS])


def tell_truth(cast: Cast, action: Action, world_m: FloatArray) -> Truth:
    """Return the joints and angles of every frame."""
    actor = cast.actor
    rest = actor.body.surface()
    sole = rest["left_heel"] - rest["left_big_toe"]
    flat = float(np.degrees(np.arctan2(sole[2], np.hypot(sole[0], sole[1]))))
    return Truth(
        t_s=np.array([moment.t_s for moment in action.moments]),
        world_m=world_m,
        centre_of_mass_m=np.stack([actor.poser.centre_of_mass(m.placed) for m in action.moments]),
        angles=angles_deg({name: world_m[:, i] for i, name in enumerate(JOINTS)}, flat),
        camera=cast.camera,
        rep=np.array([moment.rep for moment in action.moments]),
    )


def label(order: Order, cast: Cast, action: Action, truth: Truth) -> str:
    """Return the labels of a film as TOML."""
    events = action.events(truth)
    head: dict[str, Any] = {
        "schema": labels.SCHEMA,
        "exercise": action.exercise,
        "script": order.script,
        "view": order.view,
        "reps_counted": sum(event.counted for event in events),
        "fps": order.fps,
        "frames": len(action.moments),
        "size_px": list(order.size_px),
        "seed": order.seed,
        "person_number": order.who,
        "command": order.command,
        "person": asdict(cast.actor.shape),
        "style": dict(action.style),
        "outfit": asdict(cast.outfit),
        "camera": _camera_table(cast.camera, middle_m(truth.world_m)),
    }
    return labels.to_toml(head, [labels.rep_table(event) for event in events])


def _camera_table(camera: Camera, person_m: FloatArray) -> dict[str, float]:
    return {
        "azimuth_deg": camera.azimuth_from(person_m),
        "height_m": float(camera.position_m[2]),
        "distance_m": float(np.linalg.norm(camera.position_m - person_m)),
        "fov_deg": camera.fov_deg,
        "pitch_deg": camera.pitch_deg,
        "roll_deg": camera.roll_deg,
    }
