"""Ways to damage bytes, the same for the same generator."""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from typing import Literal

import numpy as np

Generator = np.random.Generator
Damage = Callable[[Generator, bytearray, Sequence[bytes]], bytearray]

EDGES = (0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)
"""Numbers at the edges of what fields hold."""
MARKS = (
    *(b"tkhd", b"mvhd", b"mdhd", b"stts", b"ctts", b"stsz", b"stsc", b"stco", b"stsd", b"elst"),
    *(b"avcC", b"hvcC", b"trun", b"tfhd", b"avih", b"strh", b"strf", b"idx1", b"moov", b"mdat"),
    *(b"\x1f\x43\xb6\x75", b"\x16\x54\xae\x6b", b"\x15\x49\xa9\x66", b"\x1c\x53\xbb\x6b"),
    *(b"\xe7\x81", b"\xb0\x81", b"\xba\x81", b"\x44\x89", b"GIF89a", b"\x21\xf9\x04", b"\x2c\0\0"),
)
"""What fields of video files that matter begin with, or stand behind."""
MATRIX_AT = 44
"""Bytes from the name of an MP4's track header to its matrix."""


def flip_bits(rng: Generator, data: bytearray, _: Sequence[bytes]) -> bytearray:
    """Flip a few bits, or many, anywhere."""
    for at in rng.integers(0, len(data), int(rng.choice([1, 3, 20, 200]))):
        data[at] ^= 1 << int(rng.integers(8))
    return data


def set_bytes(rng: Generator, data: bytearray, _: Sequence[bytes]) -> bytearray:
    """Set some bytes to anything."""
    for at in rng.integers(0, len(data), int(rng.choice([1, 10, 100]))):
        data[at] = int(rng.integers(256))
    return data


def truncate(rng: Generator, data: bytearray, _: Sequence[bytes]) -> bytearray:
    """Keep the beginning only."""
    return data[: int(rng.integers(1, len(data)))]


def behead(rng: Generator, data: bytearray, _: Sequence[bytes]) -> bytearray:
    """Lose some of the beginning."""
    return data[int(rng.integers(1, max(2, len(data) // 4))) :]


def remove_block(rng: Generator, data: bytearray, _: Sequence[bytes]) -> bytearray:
    """Lose a block in the middle."""
    start, end = _block(rng, data)
    return data[:start] + data[end:]


def repeat_block(rng: Generator, data: bytearray, _: Sequence[bytes]) -> bytearray:
    """Say a block several times."""
    start, end = _block(rng, data)
    return data[:end] + data[start:end] * int(rng.integers(1, 5)) + data[end:]


def zero_block(rng: Generator, data: bytearray, _: Sequence[bytes]) -> bytearray:
    """Fill a block with zeros, as a disk does that was full."""
    start, end = _block(rng, data)
    data[start:end] = bytes(end - start)
    return data


def swap_blocks(rng: Generator, data: bytearray, _: Sequence[bytes]) -> bytearray:
    """Say two blocks in the wrong order."""
    a, b = sorted(int(i) for i in rng.integers(0, len(data), 2))
    c = int(rng.integers(b, len(data))) + 1
    return data[:a] + data[b:c] + data[a:b] + data[c:]


def splice(rng: Generator, data: bytearray, others: Sequence[bytes]) -> bytearray:
    """Go on as another file."""
    other = others[int(rng.integers(len(others)))]
    return data[: int(rng.integers(1, len(data)))] + other[int(rng.integers(0, len(other))) :]


def edit_head(rng: Generator, data: bytearray, _: Sequence[bytes]) -> bytearray:
    """Put numbers from the edges into the first bytes."""
    for _i in range(int(rng.choice([1, 3]))):
        _put(rng, data, int(rng.integers(0, min(len(data), 600))))
    return data


def edit_fields(rng: Generator, data: bytearray, _: Sequence[bytes]) -> bytearray:
    """Put numbers from the edges where sizes, times, turns and lengths of videos are."""
    found = [data.find(mark) for mark in MARKS]
    places = [at for at in found if at >= 0] or [0]
    for _i in range(int(rng.choice([1, 2, 6]))):
        _put(rng, data, max(0, int(rng.choice(places)) + int(rng.integers(-4, 80))))
    return data


def edit_matrix(rng: Generator, data: bytearray, others: Sequence[bytes]) -> bytearray:
    """Turn and stretch an MP4 in any way."""
    at = data.find(b"tkhd")
    if at < 0 or at + MATRIX_AT + 36 > len(data):
        return edit_fields(rng, data, others)
    values = rng.choice([0, 1 << 16, -1 << 16, 1, -(1 << 31), (1 << 31) - 1, 46341], 9)
    data[at + MATRIX_AT : at + MATRIX_AT + 36] = struct.pack(">9i", *map(int, values))
    return data


ANY: tuple[Damage, ...] = (
    *(flip_bits, set_bytes, truncate, behead, remove_block, repeat_block),
    *(zero_block, swap_blocks, splice, edit_head),
)
VIDEO: tuple[Damage, ...] = (*ANY, edit_fields, edit_fields, edit_fields, edit_matrix)


def damaged(
    rng: Generator, data: bytes, others: Sequence[bytes], ways: Sequence[Damage] = ANY
) -> tuple[bytes, str]:
    """Return bytes damaged in one way or several, and which."""
    changed, names = bytearray(data), []
    for _ in range(int(rng.choice([1, 1, 1, 2, 3]))):
        way = ways[int(rng.integers(len(ways)))]
        changed = way(rng, changed, others) if changed else changed
        names.append(way.__name__)
    return bytes(changed), "+".join(names)


def _block(rng: Generator, data: bytearray) -> tuple[int, int]:
    start = int(rng.integers(0, len(data)))
    longest = int(rng.choice([4, 64, 1024, 1 << 20]))
    return start, min(len(data), start + 1 + int(rng.integers(longest)))


def _put(rng: Generator, data: bytearray, at: int) -> None:
    width = int(rng.choice([1, 2, 4]))
    value = int(rng.choice(EDGES)) & ((1 << (8 * width)) - 1)
    order: Literal["big", "little"] = "big" if rng.random() < 0.5 else "little"
    data[at : at + width] = value.to_bytes(width, order)
