"""What a film is of, all planned before it is drawn: its order, its people, its truth."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.rendering import labels
from benchmarks.rendering.action import Action, Actor, Moment
from benchmarks.rendering.body import Body
from benchmarks.rendering.camera import VIEWS, Camera
from benchmarks.rendering.cast import Wishes, middle_m
from benchmarks.rendering.company import hidden_joints, nearer, overlap, spans_s
from benchmarks.rendering.conditions import CUTS, HIDING, check, upright_px
from benchmarks.rendering.lens import Optics
from benchmarks.rendering.mesh import Piece
from benchmarks.rendering.outfit import Outfit
from benchmarks.rendering.rig import JOINT_BONES, FloatArray, Placement
from benchmarks.rendering.room import Room
from benchmarks.rendering.scenery import covered
from benchmarks.rendering.stage import Look
from benchmarks.rendering.textures import Picture
from benchmarks.rendering.truth import JOINTS, Truth, angles_deg

_ASTRAY_DEG = Wishes().astray_deg
_PERSONAL = frozenset({"shape", "style"})
"""What stays the same when one person is filmed again."""


@dataclass(frozen=True)
class Order:
    """What to film."""

    view: str
    seed: int
    script: str = "squat"
    person: int | None = None
    """Who: the same number is the same body; None for the seed's own."""
    size_px: tuple[int, int] = (640, 480)
    fps: int = 30
    fine: bool = False
    """Smoother edges within people, at half the speed."""
    crf: int = 23
    """As in `benchmarks.rendering.encoder.Encoder`."""
    camera: Wishes = field(default_factory=Wishes)
    conditions: tuple[str, ...] = ()
    """What makes it difficult, as in `benchmarks.rendering.conditions.CONDITIONS`."""

    def __post_init__(self) -> None:
        check(self.conditions)
        # The picture of a phone that stands upright is upright, whatever was asked for.
        object.__setattr__(self, "size_px", upright_px(self.conditions, self.size_px))

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
            ("astray", self.camera.astray_deg if self.camera.astray_deg != _ASTRAY_DEG else None),
        ):
            words += [f"--{option} {value:g}"] if value is not None else []
        words += [f"--condition {name}" for name in self.conditions]
        return " ".join(["python -m benchmarks.rendering", *words, "--out DIR"])


@dataclass(frozen=True)
class Dressed:
    """Somebody with clothes on."""

    actor: Actor
    outfit: Outfit
    pieces: Sequence[Piece]
    texture: Picture

    @property
    def look(self) -> Look:
        """How they are drawn."""
        return Look(self.pieces, self.texture)


@dataclass(frozen=True)
class Second:
    """Who else is there, and what they do."""

    who: Dressed
    does: str
    """One of `benchmarks.rendering.conditions.OTHERS`."""
    moments: Sequence[Moment]
    world_m: FloatArray
    """(T, J, 3) their joints."""


@dataclass(frozen=True)
class Cast:
    """Who and what is in front of the camera, and what that is like."""

    person: Dressed
    camera: Camera
    room: Room
    optics: Optics
    second: Second | None = None

    @property
    def actor(self) -> Actor:
        """Who does the exercise."""
        return self.person.actor


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


def paths_m(body: Body, moments: Sequence[Moment]) -> FloatArray:
    """Return where all joints are in every frame, (T, J, 3)."""
    return np.stack([_joints(body, moment.placed) for moment in moments])


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
        covered=_covered(cast, world_m),
        hidden=_hidden(cast, world_m),
    )


def _covered(cast: Cast, world_m: FloatArray) -> NDArray[np.bool_]:
    """Return which joints are behind furniture or somebody else, (T, J)."""
    hidden = covered(cast.camera, world_m, cast.room.blocks)
    if cast.second:
        hidden |= hidden_joints(cast.camera, world_m, cast.second.world_m)
    return hidden


def _hidden(cast: Cast, world_m: FloatArray) -> NDArray[np.bool_]:
    """Return whether somebody else is before the person, (T,)."""
    if not cast.second:
        return np.zeros(len(world_m), dtype=np.bool_)
    other = cast.camera, world_m, cast.second.world_m
    return overlap(*other) & nearer(*other)


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
        "conditions": list(order.conditions),
        "cut": not CUTS.keys().isdisjoint(order.conditions),
        "hidden": not HIDING.isdisjoint(order.conditions),
        "seed": order.seed,
        "person_number": order.who,
        "command": order.command,
        "person": asdict(cast.actor.shape),
        "style": dict(action.style),
        "outfit": asdict(cast.person.outfit),
        "camera": _camera_table(cast.camera, middle_m(truth.world_m)),
        "lens": asdict(cast.optics),
    }
    if cast.second:
        head["second_person"] = _second_table(cast, cast.second, truth)
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


def _second_table(cast: Cast, second: Second, truth: Truth) -> dict[str, Any]:
    over = overlap(cast.camera, truth.world_m, second.world_m)
    return {
        "does": second.does,
        "overlaps_s": spans_s(over, truth.t_s),
        "hides_s": spans_s(_hidden(cast, truth.world_m), truth.t_s),
        **asdict(second.who.actor.shape),
    }
