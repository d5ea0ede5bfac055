"""How rendered people and their rooms look: what chance may choose, and meshes that hold."""

from __future__ import annotations

import tomllib
from collections import Counter
from dataclasses import asdict, replace
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pytest
from numpy.typing import NDArray

from benchmarks.rendering import labels, textures
from benchmarks.rendering import people as drawing
from benchmarks.rendering.body import SOLE_M, Body, Shape
from benchmarks.rendering.coverage import (
    Places,
    bottom_cover,
    hair_cover,
    sock_cover,
    top_cover,
    vertex_places,
)
from benchmarks.rendering.mesh import Net, Sheet, dense, loft, normals, sparse
from benchmarks.rendering.outfit import Colour, Outfit, draw_outfit, draw_sole_m
from benchmarks.rendering.people import bmi, draw_shape
from benchmarks.rendering.rig import FloatArray, rotation
from benchmarks.rendering.room import Room, furnish_room

if TYPE_CHECKING:
    from benchmarks.rendering.body import Bodies
    from benchmarks.rendering.mesh import Piece

MANY = 800
BOTTOMS = {"shorts", "knee", "cycling", "leggings", "capri", "joggers", "straight", "wide",
           "skirt", "mini"}  # fmt: skip
TOPS = {"tee", "tank", "long", "hoodie", "jumper", "vest", "bra", "none"}
HAIR = {"short", "buzz", "bald", "bun", "tail", "bob", "long", "curly", "afro"}


def rng(seed: int) -> np.random.Generator:
    return np.random.default_rng(seed)


@cache
def people() -> tuple[Shape, ...]:
    return tuple(draw_shape(rng(seed)) for seed in range(MANY))


@cache
def outfits() -> tuple[Outfit, ...]:
    chosen = []
    for seed, shape in enumerate(people()):
        chance = rng(10_000 + seed)
        chosen.append(draw_outfit(chance, shape, draw_sole_m(chance)))
    return tuple(chosen)


def column(name: str) -> FloatArray:
    return np.array([getattr(shape, name) for shape in people()])


def apart(colour: Colour, other: Colour) -> int:
    return int(sum(abs(a - b) for a, b in zip(colour, other, strict=True)))


# Bodies


def test_bodies_are_the_same_for_the_same_seed() -> None:
    assert draw_shape(rng(7)) == draw_shape(rng(7))
    assert draw_shape(rng(7)) != draw_shape(rng(8))


def test_ages_go_evenly_from_18_to_80() -> None:
    count, _ = np.histogram(column("age_years"), bins=5, range=(18, 80))
    assert count.sum() == MANY
    assert count.min() > 0.15 * MANY
    assert count.max() < 0.25 * MANY


def test_half_of_the_people_are_women() -> None:
    assert np.mean(column("female") > 0.5) == pytest.approx(0.5, abs=0.06)


def test_statures_are_those_of_sex_and_age() -> None:
    female, years, stature = column("female") > 0.5, column("age_years"), column("stature_m")
    young = years < 40
    assert stature[young & ~female].mean() == pytest.approx(1.765, abs=0.02)
    assert stature[young & female].mean() == pytest.approx(1.63, abs=0.02)
    assert 1.42 <= stature.min() < 1.50
    assert 1.90 < stature.max() <= 2.02


@pytest.mark.parametrize(("woman", "lost_m"), [(False, 0.05), (True, 0.08)])
def test_people_shrink_with_age(woman: bool, lost_m: float) -> None:
    def stature_m(years: float) -> float:
        return float(np.mean([drawing._stature_m(rng(s), woman, years) for s in range(50)]))

    assert stature_m(18) == stature_m(30)
    assert stature_m(30) - stature_m(80) == pytest.approx(lost_m, abs=0.002)
    assert stature_m(30) - stature_m(70) == pytest.approx(0.61 * lost_m, abs=0.003)


@pytest.mark.parametrize(
    ("female", "muscle", "weight", "stature_m", "wanted"),
    [
        (0, 0, 0, 1.765, 14.7),
        (0, 0.5, 0.5, 1.765, 21.7),
        (1, 1, 1, 1.63, 23.0),
        (0, 0, 0.125, 1.765, (14.7 + 19.0) / 2),
        (0.5, 0, 1, (1.765 + 1.63) / 2, (38.7 + 31.3) / 2),
        (0, 0.5, 0.5, 1.765 * 0.9, 21.7 * 0.9143),
    ],
)
def test_bmi_is_read_off_its_table(
    female: float, muscle: float, weight: float, stature_m: float, wanted: float
) -> None:
    assert bmi(female, muscle, weight, stature_m) == pytest.approx(wanted, rel=1e-3)


def index_of(shape: Shape) -> float:
    return bmi(shape.female, shape.muscle, shape.weight, shape.stature_m)


def test_some_people_are_thin_and_some_obese() -> None:
    mass = np.array([index_of(shape) for shape in people()])
    assert np.median(mass) == pytest.approx(24.5, abs=1.0)
    assert 0.08 < np.mean(mass > 30) < 0.25
    assert 0.03 < np.mean(mass < 18.5) < 0.15
    assert mass.min() < 17
    assert mass.max() > 35


def test_muscles_and_fat_go_together_in_many_ways() -> None:
    shapes = people()
    lean = [s for s in shapes if s.muscle > 0.7]
    weak = [s for s in shapes if s.muscle < 0.2]
    assert len(lean) > 0.05 * MANY
    assert len(weak) > 0.10 * MANY
    assert np.std([s.weight for s in weak]) > 0.15
    young = np.mean([s.muscle for s in shapes if s.age_years < 40])
    old = np.mean([s.muscle for s in shapes if s.age_years > 65])
    assert young > old + 0.05


def test_skin_tones_are_spread_evenly_and_go_with_features() -> None:
    tone = column("skin")
    count, _ = np.histogram(tone, bins=5, range=(0, 1))
    assert count.min() > 0.15 * MANY
    shares = np.stack([column(name) for name in ("african", "asian", "caucasian")])
    assert np.allclose(shares.sum(axis=0), 1.0)
    dark, light = tone > 0.8, tone < 0.2
    assert shares[0, dark].mean() > shares[0, light].mean() + 0.4
    assert shares[2, light].mean() > shares[2, dark].mean() + 0.4


# Outfits


def test_outfits_are_the_same_for_the_same_seed() -> None:
    assert draw_outfit(rng(3), Shape(), SOLE_M) == draw_outfit(rng(3), Shape(), SOLE_M)


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("top", TOPS),
        ("bottom", BOTTOMS),
        ("hair_style", HAIR),
        ("feet", {"bare", "socks", "shoes"}),
        ("headwear", {"none", "cap", "band", "scarf"}),
        ("beard", {"none", "stubble", "short", "full"}),
        ("blends", {"no", "skin", "wall"}),
        ("bottom_pattern", {"plain", "side", "panels", "checks"}),
        (
            "top_pattern",
            {"plain", "band", "stripes", "logo", "halves", "checks", "raglan", "zip"},
        ),
    ],
)
def test_everything_that_can_be_worn_is_worn(field: str, values: set[str]) -> None:
    count = Counter(getattr(outfit, field) for outfit in outfits())
    assert set(count) == values
    assert min(count.values()) >= 3


@pytest.mark.parametrize(
    ("sole_m", "feet"), [(0.0, "bare"), (0.003, "socks"), (0.014, "shoes"), (0.03, "shoes")]
)
def test_feet_go_with_soles(sole_m: float, feet: str) -> None:
    for seed in range(10):
        outfit = draw_outfit(rng(seed), Shape(), sole_m)
        assert outfit.feet == feet
        if feet == "bare":
            assert outfit.sock_m == 0.0


def test_a_fifth_of_the_people_are_barefoot() -> None:
    soles = np.array([draw_sole_m(rng(seed)) for seed in range(2000)])
    assert np.mean(soles == 0.0) == pytest.approx(0.22, abs=0.03)
    assert soles.max() < 0.033


def test_clothes_are_decent_and_go_together() -> None:
    for shape, outfit in zip(people(), outfits(), strict=True):
        woman = shape.female > 0.5
        if woman:
            assert outfit.beard == "none"
            assert outfit.top != "none"
        else:
            assert outfit.top != "bra"
            assert outfit.bottom not in ("skirt", "mini")
            assert outfit.headwear != "scarf"
        if outfit.headwear == "scarf":
            assert outfit.sleeve > 1.9
            assert outfit.bottom in ("wide", "joggers", "straight", "leggings")
        assert apart(outfit.bottom_colour, outfit.skin) >= 120
        if outfit.top not in ("tank", "bra", "none"):
            assert outfit.sleeve >= 0.35


def test_grey_comes_with_age() -> None:
    def grey(low: float, high: float) -> float:
        chosen = [
            max(o.hair) - min(o.hair) < 16 and max(o.hair) > 90
            for s, o in zip(people(), outfits(), strict=True)
            if low <= s.age_years < high
        ]
        return float(np.mean(chosen))

    assert grey(18, 33) == 0.0
    assert 0.1 < grey(40, 55) < 0.6
    assert grey(70, 80) > 0.8


def test_dark_skin_is_darker() -> None:
    by_tone = sorted(zip(people(), outfits(), strict=True), key=lambda pair: pair[0].skin)
    lightness = np.array([sum(outfit.skin) for _, outfit in by_tone])
    means = lightness.reshape(8, -1).mean(axis=1)
    assert (np.diff(means) < 0).all()


def test_tops_like_the_wall_have_its_colour() -> None:
    for outfit in outfits():
        expected = outfit.top_colour if outfit.blends == "wall" else None
        assert outfit.walls == expected
        if outfit.blends == "skin":
            assert apart(outfit.top_colour, outfit.skin) < 140


def test_outfits_can_be_written_as_labels() -> None:
    outfit = outfits()[0]
    table = tomllib.loads(labels.to_toml({"outfit": asdict(outfit)}, []))["outfit"]
    assert table["glasses"] is outfit.glasses
    assert tuple(table["skin"]) == outfit.skin
    assert table["bottom"] == outfit.bottom


# Coverage


SPOTS: dict[str, tuple[tuple[float, float, float], float, float]] = {
    "face": ((0.0, -0.15, 0.70), -1.0, 1.0),
    "crown": ((0.0, -0.04, 0.84), -1.0, 1.0),
    "nape": ((0.0, 0.02, 0.70), -1.0, 1.0),
    "throat": ((0.0, -0.07, 0.60), -1.0, 0.8),
    "chest": ((0.05, -0.14, 0.40), -1.0, 0.0),
    "belly": ((0.0, -0.14, 0.20), -1.0, 0.0),
    "hip": ((0.16, 0.0, 0.02), -1.0, 0.0),
    "thigh": ((0.14, -0.09, -0.12), -1.0, 0.0),
    "knee": ((0.16, -0.08, -0.37), -1.0, 0.0),
    "shin": ((0.19, -0.05, -0.60), -1.0, 0.0),
    "toe": ((0.21, -0.18, -0.80), -1.0, 0.0),
    "upper arm": ((0.22, -0.02, 0.46), 0.2, 0.0),
    "forearm": ((0.37, -0.09, 0.30), 1.5, 0.0),
    "hand": ((0.44, -0.22, 0.20), 3.0, 0.0),
}
"""Spot → place on the template, place along the arm, share of the head."""


def places() -> Places:
    xyz, arm, head = (np.array(list(column)) for column in zip(*SPOTS.values(), strict=True))
    nothing = np.zeros(len(arm))
    foot = np.array([1.0 if name == "toe" else 0.0 for name in SPOTS])
    return Places(xyz, arm, head, foot, nothing, nothing)


def covered(inside: FloatArray) -> set[str]:
    return {name for name, value in zip(SPOTS, inside, strict=True) if value > 0}


def dressed(**changes: object) -> Outfit:
    plain = draw_outfit(rng(1), Shape(female=0.0), SOLE_M)
    plain = replace(plain, top_hem_m=0.03, neck="crew", sock_m=0.1)
    return replace(plain, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("top", "sleeve", "spots"),
    [
        ("tee", 0.6, {"chest", "belly", "upper arm"}),
        ("tank", 0.0, {"chest", "belly"}),
        ("long", 1.95, {"chest", "belly", "upper arm", "forearm"}),
        ("none", 0.0, set()),
    ],
)
def test_tops_cover_trunk_and_sleeves(top: str, sleeve: float, spots: set[str]) -> None:
    assert covered(top_cover(places(), dressed(top=top, sleeve=sleeve))) == spots


def test_a_bra_leaves_the_belly_bare() -> None:
    bra = dressed(top="bra", sleeve=0.0, top_hem_m=0.305)
    assert covered(top_cover(places(), bra)) == {"chest"}


@pytest.mark.parametrize(
    ("bottom", "spots"),
    [
        ("mini", {"hip", "thigh"}),
        ("shorts", {"hip", "thigh"}),
        ("capri", {"hip", "thigh", "knee"}),
        ("leggings", {"hip", "thigh", "knee", "shin"}),
        ("wide", {"hip", "thigh", "knee", "shin"}),
    ],
)
def test_bottoms_cover_legs_and_no_hands(bottom: str, spots: set[str]) -> None:
    assert covered(bottom_cover(places(), dressed(bottom=bottom))) == spots


def test_socks_cover_feet() -> None:
    assert covered(sock_cover(places(), dressed(sock_m=0.2))) == {"toe", "shin"}
    assert covered(sock_cover(places(), dressed(sock_m=0.05))) == {"toe"}
    assert covered(sock_cover(places(), dressed(sock_m=0.0))) == set()


def test_hair_grows_on_the_head_and_not_in_the_face() -> None:
    assert covered(hair_cover(places(), dressed(hair_style="short"))) == {"crown", "nape"}
    assert covered(hair_cover(places(), dressed(hair_style="bald"))) == {"nape"}


# Meshes


def grid(size: int = 6) -> Sheet:
    """Return a square of triangles in the plane, its texture the plane itself."""
    x, y = np.meshgrid(np.linspace(0, 1, size), np.linspace(0, 1, size))
    values = np.column_stack([x.ravel(), y.ravel()])
    i, j = (k.ravel() for k in np.meshgrid(np.arange(size - 1), np.arange(size - 1)))
    a = j * size + i
    faces = np.concatenate(
        [np.stack([a, a + 1, a + size], 1), np.stack([a + 1, a + size + 1, a + size], 1)]
    )
    return Sheet(values, faces, values[faces])


def areas(sheet: Sheet) -> FloatArray:
    a, b, c = (sheet.values[sheet.faces[:, k]] for k in range(3))
    cross: FloatArray = (b - a)[:, 0] * (c - a)[:, 1] - (b - a)[:, 1] * (c - a)[:, 0]
    return cross / 2


@pytest.mark.parametrize(
    ("slope", "left", "area"), [((1, 0), 0.33, 0.67), ((-1, 0), -0.57, 0.57), ((1, 1), 0.7, 0.755)]
)
def test_cut_follows_a_straight_line(slope: tuple[float, float], left: float, area: float) -> None:
    sheet = grid()
    part = sheet.cut(sheet.values @ np.array(slope) - left)
    assert areas(part).sum() == pytest.approx(area)
    assert areas(part).min() > 0, "no triangle is turned over"
    assert (part.values @ np.array(slope)).min() == pytest.approx(left)
    assert np.allclose(part.values[part.faces], part.uv), "the texture is cut along"


def test_divided_triangles_cover_the_same() -> None:
    fine = grid().divided()
    assert len(fine.faces) == 4 * len(grid().faces)
    assert areas(fine) == pytest.approx(areas(grid())[0] / 4)
    assert np.allclose(fine.values[fine.faces], fine.uv)
    uv, corners = fine.shared_uv()
    assert np.allclose(uv[corners], fine.uv)
    assert len(uv) == len(fine.values)


def test_easing_smooths_bumps_and_leaves_planes() -> None:
    sheet = grid()
    net = Net(sheet.faces, len(sheet.values))
    assert net.on_rim.sum() == 20
    assert net.eased(np.full(36, 3.0), 5) == pytest.approx(3.0)
    bump = np.zeros(36)
    bump[14] = 1.0
    eased = net.eased(bump, 3)
    assert eased.max() < 0.5
    assert (eased >= 0).all()
    corners = net.eased(sheet.values, 2)
    assert corners[net.on_rim, 0].min() < 0.1, "an open edge does not creep inwards"


def test_loft_is_closed_and_faces_outwards() -> None:
    rings, turns = 5, 8
    turn = np.linspace(0, 2 * np.pi, turns, endpoint=False)
    ring = np.column_stack([np.cos(turn), np.sin(turn)])
    tube = [np.column_stack([ring, np.full(turns, z)]) for z in range(rings)]
    points = np.concatenate([*tube, [(0, 0, 0), (0, 0, rings - 1)]])
    faces = loft(rings, turns)
    edges = np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]])
    assert len(np.unique(edges, axis=0)) == len(edges), "no edge twice in one direction"
    assert {tuple(e) for e in edges} == {tuple(e) for e in edges[:, ::-1]}
    away = normals(points, faces)[turns : 4 * turns, :2]
    assert np.allclose(away, points[turns : 4 * turns, :2], atol=0.05)


def test_few_weights_of_many_bones() -> None:
    weights = np.array([[0.5, 0.3, 0.2], [1.0, 0.0, 0.0]])
    bones = np.array([[4, 1, 7], [2, 2, 2]])
    full = dense(weights, bones, 9)
    assert full[0, [4, 1, 7]] == pytest.approx((0.5, 0.3, 0.2))
    assert full[1, 2] == pytest.approx(1.0)
    few, which = sparse(full, kept=2)
    assert sorted(which[0]) == [1, 4]
    assert few.sum(axis=1) == pytest.approx(1.0)
    assert few[0].max() == pytest.approx(0.625)


# Rooms


@pytest.mark.parametrize(
    "name",
    ["planks", "herringbone", "tiles", "chequered", "puzzle", "concrete", "rubber", "turf",
     "vinyl", "carpet", "rug", "foam", "wallpaper", "bricks", "boards", "tiled", "halves",
     "plaster"],
)  # fmt: skip
def test_textures_are_pictures_with_something_of_their_colour(name: str) -> None:
    make = getattr(textures, name)
    red, blue = (
        np.mean([make(rng(seed), np.array(colour)).mean(axis=(0, 1)) for seed in range(2)], axis=0)
        for colour in ((200.0, 120.0, 110.0), (110.0, 120.0, 200.0))
    )
    picture = make(rng(0), np.array((200.0, 120.0, 110.0)))
    assert picture.dtype == np.uint8
    assert picture.ndim == 3
    assert red[0] >= blue[0] or name == "rubber"
    assert (picture == make(rng(0), np.array((200.0, 120.0, 110.0)))).all()


@cache
def rooms() -> tuple[Room, ...]:
    return tuple(furnish_room(rng(seed), 40.0, clear_m=0.9) for seed in range(25))


def test_rooms_differ_and_are_the_same_for_the_same_seed() -> None:
    counts = {len(room.blocks) for room in rooms()}
    assert len(counts) > 12
    again = furnish_room(rng(0), 40.0, clear_m=0.9)
    assert len(again.blocks) == len(rooms()[0].blocks)
    assert np.allclose(again.blocks[-1].centre_m, rooms()[0].blocks[-1].centre_m)


def test_nothing_stands_where_people_are() -> None:
    for room in rooms():
        for block in room.blocks:
            # In the block's own axes, how far its nearest side is from the origin.
            local = rotation("z", -block.turn_deg) @ block.centre_m
            gap = np.maximum(np.abs(local) - block.size_m / 2, 0.0)
            assert np.hypot(gap[0], gap[1]) > 0.85
            assert block.centre_m[2] - block.size_m[2] / 2 > -0.06, "nothing hangs into the floor"


def test_some_rooms_have_one_mat_and_none_has_two() -> None:
    mats = [sum(0 < slab.centre_m[2] < 0.1 and slab.up_m[2] == 0 for slab in room.slabs)
            for room in rooms()]  # fmt: skip
    assert set(mats) == {0, 1}
    assert 0.4 < np.mean(mats) < 0.9


def wall_colour(room: Room) -> NDArray[np.float64]:
    picture = room.slabs[0].picture
    assert picture is not None
    mean: NDArray[np.float64] = picture.mean(axis=(0, 1))
    return mean


@pytest.mark.parametrize("colour", [(40, 90, 60), (225, 220, 210), (120, 30, 30)])
def test_walls_can_be_like_clothes(colour: Colour) -> None:
    for seed in range(3):
        walls = wall_colour(furnish_room(rng(seed), 0.0, like=colour))
        assert np.abs(walls - colour).max() < 20


# Bodies with meshes


@pytest.fixture(scope="module")
def bodies() -> Bodies:
    pytest.importorskip("anny", reason="needs the extra [render]")
    from benchmarks.rendering.body import Bodies

    return Bodies()


def test_bodies_have_the_stature_and_mass_asked_for(bodies: Bodies) -> None:
    for shape in people()[:10]:
        body = bodies.make(shape, 0.0)
        assert body.head_top_m[2] == pytest.approx(shape.stature_m, abs=0.01)
        a, b, c = (body.points_m[body.template.faces[:, k]] for k in range(3))
        litres = 1000 * float(np.einsum("ij,ij->i", a, np.cross(b, c)).sum()) / 6
        found = litres * 1.01 / body.head_top_m[2] ** 2
        assert found == pytest.approx(index_of(shape), abs=1.5)


@pytest.mark.parametrize("sole_m", [0.0, 0.003, 0.025])
def test_feet_stand_on_their_soles(bodies: Bodies, sole_m: float) -> None:
    body = bodies.make(Shape(), sole_m)
    assert body.sole_m == sole_m
    assert body.points_m[:, 2].min() == pytest.approx(sole_m, abs=1e-9)
    outfit = draw_outfit(rng(2), Shape(), sole_m)
    lowest = min(piece.points_m[:, 2].min() for piece in pieces_of(body, outfit))
    assert lowest == pytest.approx(0.0, abs=0.003)


def pieces_of(body: Body, outfit: Outfit) -> list[Piece]:
    from benchmarks.rendering.wardrobe import dress

    return dress(body, vertex_places(body.template, body.weights, body.bones), outfit)


@pytest.mark.parametrize("seed", range(12))
def test_people_can_be_dressed_and_their_meshes_hold(bodies: Bodies, seed: int) -> None:
    shape, outfit = people()[seed], outfits()[seed]
    body = bodies.make(shape, 0.0 if outfit.feet == "bare" else 0.02)
    for piece in pieces_of(body, outfit):
        assert np.isfinite(piece.points_m).all()
        assert piece.weights.sum(axis=1) == pytest.approx(1.0)
        assert piece.faces.max() < len(piece.points_m)
        assert (piece.colours is None) != (piece.uv is None)
        if piece.name in ("hair", "tied", "hood", "foot.L", "sole.R", "fall"):
            edges = np.concatenate([piece.faces[:, k] for k in ([0, 1], [1, 2], [2, 0])])
            assert {tuple(e) for e in edges} == {tuple(e) for e in edges[:, ::-1]}, "closed"


@pytest.mark.parametrize("bottom", ["skirt", "mini", "wide", "knee", "joggers", "straight"])
def test_clothes_do_not_tear_in_a_squat(bodies: Bodies, bottom: str) -> None:
    from benchmarks.rendering.posture import Poser, Posture

    body = bodies.make(Shape(female=1.0), 0.0)
    outfit = replace(draw_outfit(rng(5), Shape(female=1.0), 0.0), bottom=bottom)
    piece = next(p for p in pieces_of(body, outfit) if p.name == "bottom")
    placed = Poser(body.rig, body.head_top_m).place(
        Posture(knee_flexion_deg=110.0, lean_deg=40.0, stance_m=0.4, toe_out_deg=20.0)
    )
    sides = np.concatenate([piece.faces[:, k] for k in ([0, 1], [1, 2], [2, 0])])
    moved = body.skin(placed, piece.points_m, piece.weights, piece.bones)
    longest = np.linalg.norm(moved[sides[:, 0]] - moved[sides[:, 1]], axis=1).max()
    assert longest < 0.09


def test_trousers_hide_the_knee(bodies: Bodies) -> None:
    """Wide legs are as wide at the knee as at the thigh; leggings are the leg itself."""
    body = bodies.make(Shape(), 0.02)
    knee = body.rig.head("lowerleg01.L")

    def width(bottom: str) -> float:
        outfit = replace(draw_outfit(rng(5), Shape(), 0.02), bottom=bottom, bottom_loose=0.5)
        worn = {p.name: p.points_m for p in pieces_of(body, outfit)}
        points = worn.get("bottom", worn["body"])
        near = points[(np.abs(points[:, 2] - knee[2]) < 0.02) & (points[:, 0] > 0)]
        return float(np.ptp(near[:, 0]))

    assert width("wide") > 1.5 * width("leggings")
    assert width("joggers") > 1.2 * width("leggings")


def test_paint_is_quick_enough_and_shows_skin_and_cloth(bodies: Bodies) -> None:
    from benchmarks.rendering.skin_paint import Painter

    body = bodies.make(Shape(), 0.0)
    painter = Painter(body.template, vertex_places(body.template, body.weights, body.bones))
    outfit = replace(
        dressed(top="tee", top_pattern="plain", bottom="shorts", bottom_pattern="plain"),
        skin=(200, 150, 120),
        top_colour=(20, 40, 200),
        bottom_colour=(20, 160, 40),
        headwear="none",
    )
    picture = painter.paint(outfit, rng(0)).reshape(-1, 3).astype(int)
    for colour in (outfit.skin, outfit.top_colour, outfit.bottom_colour):
        near = np.abs(picture - colour).max(axis=1) < 30
        assert near.mean() > 0.04
