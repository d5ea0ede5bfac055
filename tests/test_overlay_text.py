"""Wrapping, shortening and painting of text."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formcheck.overlay import text as lettering
from formcheck.overlay.sprite import Canvas
from formcheck.overlay.text import shorten, width_px, wrap, wrap_evenly

SENTENCE = "Knees in line can't be judged from the side: face the camera"


def ink(text: str, size_px: int, weight: int) -> tuple[int, int]:
    """First and last column that a text really covers when it starts at column 50."""
    canvas = np.zeros((3 * size_px, width_px(text, size_px, weight) + 200, 3), np.uint8)
    lettering.put_text(canvas, text, (50, 2 * size_px), (255, 255, 255), size_px, weight)
    columns = np.flatnonzero(canvas.max(axis=(0, 2)) > 40)
    return int(columns[0]), int(columns[-1])


@pytest.mark.parametrize("size_px", [11, 14, 30, 130])
@pytest.mark.parametrize("weight", [lettering.REGULAR, lettering.BOLD])
@pytest.mark.parametrize("text", ["Sit a little deeper", "128°", "~97°", "Jüngst ÄÖ – 膝"])
def test_text_is_as_wide_as_it_is_measured(text: str, size_px: int, weight: int) -> None:
    first, last = ink(text, size_px, weight)
    assert first >= 49
    assert last <= 50 + width_px(text, size_px, weight)


@settings(max_examples=60, deadline=None)
@given(
    words=st.lists(st.text(st.characters(codec="latin-1", categories=["L", "N", "P"]))),
    width=st.integers(5, 400),
    size_px=st.integers(8, 60),
    lines=st.integers(1, 4),
)
def test_lines_fit(words: list[str], width: int, size_px: int, lines: int) -> None:
    for wrapped in (
        wrap(" ".join(words), width, size_px, lines=lines),
        wrap_evenly(" ".join(words), width, size_px, lines=lines),
    ):
        assert len(wrapped) <= lines
        assert all(width_px(line, size_px) <= width for line in wrapped)


def test_nothing_is_lost_while_there_is_room() -> None:
    for width in (700, 400, 260, 200):
        assert " ".join(wrap(SENTENCE, width, 16, lines=4)) == SENTENCE
        assert " ".join(wrap_evenly(SENTENCE, width, 16, lines=4)) == SENTENCE


def test_what_does_not_fit_ends_in_an_ellipsis() -> None:
    one, two = wrap(SENTENCE, 200, 16, lines=2)
    assert SENTENCE.startswith(f"{one} {two.removesuffix('…')}")
    assert two.endswith("…")
    assert not two.endswith(" …")


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [("", 100, ()), ("   ", 100, ()), ("word", 2, ()), ("a b", 1000, ("a b",))],
)
def test_edges(text: str, width: int, expected: tuple[str, ...]) -> None:
    assert wrap(text, width, 16) == expected
    assert wrap_evenly(text, width, 16) == expected


def test_a_word_that_is_too_long_is_cut() -> None:
    assert shorten("Rechtsschutzversicherung", 60, 16).endswith("…")
    (line,) = wrap("Rechtsschutzversicherung", 60, 16, lines=1)
    assert 0 < width_px(line, 16) <= 60


def test_even_lines_are_no_more_than_needed_and_alike() -> None:
    uneven, even = wrap(SENTENCE, 400, 16), wrap_evenly(SENTENCE, 400, 16)
    assert len(uneven) == len(even) == 2

    def gap(lines: tuple[str, ...]) -> int:
        return abs(width_px(lines[0], 16) - width_px(lines[1], 16))

    assert gap(even) <= gap(uneven)
    assert gap(even) < 80


def test_a_sprite_blends_and_is_cut_off_at_the_edge() -> None:
    canvas = Canvas(20, 10)
    canvas.panel(canvas.box, 0, (200, 100, 0), 0.5)
    sprite = canvas.sprite()
    assert sprite.size_px == (20, 10)
    picture = np.full((30, 40, 3), 100, np.uint8)
    sprite.paste(picture, 10, 10)
    assert picture[15, 20].tolist() == pytest.approx([150, 100, 50], abs=2)
    assert (picture[:10] == 100).all()
    assert (picture[21:] == 100).all()
    for left, top in ((-10, -5), (35, 25), (-50, 0), (0, 99)):
        sprite.paste(picture, left, top)
    assert picture[0, 0].tolist() == pytest.approx([150, 100, 50], abs=2)
    assert picture[29, 39].tolist() == pytest.approx([150, 100, 50], abs=2)


def test_where_nothing_was_painted_nothing_changes() -> None:
    picture = np.arange(300, dtype=np.uint8).reshape(10, 10, 3)
    before = picture.copy()
    Canvas(10, 10).sprite().paste(picture, 0, 0)
    assert (picture == before).all()
