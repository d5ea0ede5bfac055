"""Makes one film: the clip, its truth and its labels."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.rendering import company, scenery
from benchmarks.rendering.action import Action, Actor, Chance
from benchmarks.rendering.body import Bodies, Shape
from benchmarks.rendering.camera import Camera
from benchmarks.rendering.cast import draw_camera, middle_m
from benchmarks.rendering.conditions import OTHERS, coarse_crf, framed
from benchmarks.rendering.coverage import Places, vertex_places
from benchmarks.rendering.encoder import Encoder
from benchmarks.rendering.lens import Lens, draw_optics
from benchmarks.rendering.motions import SCRIPTS
from benchmarks.rendering.outfit import Colour, draw_outfit, draw_sole_m
from benchmarks.rendering.people import draw_shape
from benchmarks.rendering.rig import FloatArray, Placement
from benchmarks.rendering.room import Block, Room, furnish_room
from benchmarks.rendering.skin_paint import Painter
from benchmarks.rendering.smear import Smear
from benchmarks.rendering.stage import Stage
from benchmarks.rendering.take import Cast, Dressed, Order, Second, Take, paths_m, tell_truth
from benchmarks.rendering.textures import Picture
from benchmarks.rendering.wardrobe import dress

__all__ = ["Order", "Studio", "Take"]

Progress = Callable[[int, int], None]
"""Told how many frames are done, of how many."""

_MAT_M = 0.04
"""What somebody brings along that is not thicker is a mat."""


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
            crf = coarse_crf(order.conditions, order.crf, order.chance("crf"))
            with Encoder(part / "clip.mp4", order.size_px, order.fps, crf) as encoder:
                for i, picture in enumerate(self.pictures(take, range(frames))):
                    encoder.add(picture)
                    progress(i + 1, frames)
            for made in ("truth.npz", "labels.toml", "clip.mp4"):
                (part / made).replace(folder / made)

    def take(self, order: Order) -> Take:
        """Return all that an order comes to, but for the pictures."""
        actor = self.actor(order)
        action = SCRIPTS[order.script](actor, order.chance, order.fps)
        world = paths_m(actor.body, action.moments)
        cast = self.cast(order, actor, action, world)
        return Take(order, cast, action, tell_truth(cast, action, world))

    def seen_from(self, view: str, take: Take) -> Take:
        """Return the same motion in another room, from another side."""
        order, action, world = replace(take.order, view=view), take.action, take.truth.world_m
        cast = self.cast(order, take.cast.actor, action, world)
        return Take(order, cast, action, tell_truth(cast, action, world))

    def pictures(self, take: Take, frames: Iterable[int]) -> Iterator[Picture]:
        """Yield the pictures (H, W, 3) RGB of some frames of a take."""
        order, cast = take.order, take.cast
        lens = Lens(cast.optics, order.size_px, order.fps, order.chance("noise"))
        smear = _smear(take)
        stage = self.stage(order, cast)
        for i in frames:
            drawn = stage.draw(skins(take, i))
            yield lens.take(smear.apply(drawn, i) if smear else drawn)
        stage.close()

    def actor(self, order: Order) -> Actor:
        """Return the person of a film."""
        return self._actor(order.chance)

    def _actor(self, chance: Chance) -> Actor:
        shape = draw_shape(chance("shape"))
        return Actor(shape, self._bodies.make(shape, draw_sole_m(chance("feet"))))

    def cast(self, order: Order, actor: Actor, action: Action, world_m: FloatArray) -> Cast:
        """Return the person with clothes, the room and the camera of a film."""
        wishes = framed(order.conditions, order.camera)
        camera = draw_camera(order.chance("camera"), order.view, world_m, order.size_px, wishes)
        person = self._dressed(actor, order.chance)
        cast = Cast(
            person=person,
            camera=camera,
            room=_room(order, camera, world_m, action.blocks, person.outfit.walls),
            optics=draw_optics(order.chance("lens"), order.conditions),
        )
        does = next((name for name in order.conditions if name in OTHERS), None)
        return (
            replace(cast, second=self._second(order, cast, action, world_m, does)) if does else cast
        )

    def stage(self, order: Order, cast: Cast) -> Stage:
        """Return the stage that a film is shot on."""
        people = [cast.person, *([cast.second.who] if cast.second else [])]
        return Stage(cast.room, cast.camera, [who.look for who in people], fine=order.fine)

    def _dressed(self, actor: Actor, chance: Chance) -> Dressed:
        outfit = draw_outfit(chance("outfit"), actor.shape, actor.body.sole_m)
        return Dressed(
            actor=actor,
            outfit=outfit,
            pieces=dress(actor.body, self._places, outfit),
            texture=self._painter.paint(outfit, chance("outfit")),
        )

    def _second(
        self, order: Order, cast: Cast, action: Action, world_m: FloatArray, does: str
    ) -> Second:
        def chance(part: str) -> np.random.Generator:
            return order.chance(f"second person's {part}")

        actor = self._actor(chance)
        # Who walks past behind walks along the wall.
        wall = scenery.wall_front(cast.room, cast.camera, middle_m(world_m))
        towards = wall if does == "passer-behind" else None
        floor = company.ground(cast.camera, world_m, action.blocks, towards)
        length_s = len(action.moments) / order.fps
        moments = company.accompany(does, actor, chance, floor, length_s, order.fps)
        joints = paths_m(actor.body, moments)
        return Second(self._dressed(actor, chance), does, moments, joints)


def _room(
    order: Order,
    camera: Camera,
    world_m: FloatArray,
    blocks: Sequence[Block],
    walls: Colour | None,
) -> Room:
    """Return the room with all that stands in it, its walls of a colour if one is given."""
    middle = middle_m(world_m)
    azimuth = camera.azimuth_from(middle)
    floor = company.ground(camera, world_m, blocks)
    behind = floor.behind_m - float(middle[:2] @ floor.near)
    walked = company.WAY_BEHIND_M if "passer-behind" in order.conditions else 0.0
    room = furnish_room(order.chance("room"), azimuth, behind + walked, walls)
    if any(block.size_m[2] < _MAT_M for block in blocks):
        room = scenery.without_mat(room)
    if "low-light" in order.conditions:
        room = scenery.nightly(room)
    if "backlight" in order.conditions:
        room = scenery.backlit(room, camera, middle, order.chance("window"))
    stands: tuple[Block, ...] = ()
    if "behind-chair" in order.conditions:
        stands = scenery.chair_between(camera, world_m, order.chance("chair"))
    return replace(room, blocks=(*room.blocks, *blocks, *stands))


def _smear(take: Take) -> Smear | None:
    camera, second, shutter_s = take.cast.camera, take.cast.second, take.cast.optics.shutter_s
    if not shutter_s:
        return None
    people = [take.truth.world_m, *([second.world_m] if second else [])]
    return Smear(camera, people, take.order.fps, shutter_s)


def skins(take: Take, frame: int) -> list[dict[str, FloatArray]]:
    """Return the vertices of each of everybody's meshes in a frame."""
    cast = take.cast
    everybody = [(cast.person, take.action.moments)]
    if cast.second:
        everybody.append((cast.second.who, cast.second.moments))
    return [skin(who, moments[frame].placed) for who, moments in everybody]


def skin(who: Dressed, here: Placement) -> dict[str, FloatArray]:
    """Return the vertices of each of a person's meshes."""
    body = who.actor.body
    return {p.name: body.skin(here, p.points_m, p.weights, p.bones) for p in who.pieces}
