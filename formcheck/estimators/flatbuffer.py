"""Just enough FlatBuffers to give a TensorFlow Lite network the metadata it lacks.

A FlatBuffer is a tree of tables whose references only ever point forward. So a new root
can be put in front of an existing file and refer to what that file already holds, which
leaves the network's own bytes as they were. Writing the few tables by hand instead of
through a library makes the result the same bytes on every machine, now and later, so that
it can have a checksum.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_CELL = 4  # every field of ours takes one aligned cell of four bytes
_PAYLOAD_ALIGNMENT = 64  # keeps the weights as aligned as they were in their own file


@dataclass(frozen=True, slots=True)
class Scalar:
    """A number stored inside its table, in the format of `struct`."""

    format: str
    value: int


@dataclass(frozen=True, slots=True)
class At:
    """Something that already exists, at this position of the payload."""

    position: int


@dataclass(frozen=True, slots=True)
class Floats:
    """A vector of 32-bit floats."""

    values: Sequence[float]


@dataclass(frozen=True, slots=True)
class Table:
    """A table: number of the field in its schema → value."""

    fields: Mapping[int, Value]


Value = Scalar | At | Floats | Table | str | bytes | Sequence["Table | At"]


def u8(value: int) -> Scalar:
    """Return an unsigned byte, such as an enumeration."""
    return Scalar("<B", value)


def u32(value: int) -> Scalar:
    """Return an unsigned 32-bit number."""
    return Scalar("<I", value)


class Writer:
    """Writes a tree of tables from front to back."""

    def __init__(self, identifier: bytes) -> None:
        self._bytes = bytearray(4) + identifier
        self._outside: list[tuple[int, int]] = []

    def finish(self, root: Table, payload: bytes = b"") -> bytes:
        """Return the finished buffer.

        Parameters
        ----------
        root
            The table that the buffer is about.
        payload
            An existing buffer that `At` values refer to; it is put behind, unchanged.
        """
        self._put(root, 0)
        if payload:
            self._pad(_PAYLOAD_ALIGNMENT)
        start = len(self._bytes)
        for cell, position in self._outside:
            struct.pack_into("<I", self._bytes, cell, start + position - cell)
        return bytes(self._bytes) + payload

    def _pad(self, alignment: int, ahead: int = 0) -> None:
        """Make the position `ahead` bytes from here a multiple of `alignment`."""
        self._bytes += bytes(-(len(self._bytes) + ahead) % alignment)

    def _put(self, value: Value, cell: int) -> None:
        """Write a value at the end and the way to it into an earlier cell."""
        if isinstance(value, At):
            self._outside.append((cell, value.position))
            return
        self._pad(16, ahead=4) if isinstance(value, bytes) else self._pad(_CELL)
        if isinstance(value, Table):
            self._table(value, cell)
            return
        struct.pack_into("<I", self._bytes, cell, len(self._bytes) - cell)
        if isinstance(value, str):
            encoded = value.encode()
            self._bytes += struct.pack("<I", len(encoded)) + encoded + b"\0"
        elif isinstance(value, bytes):
            self._bytes += struct.pack("<I", len(value)) + value
        elif isinstance(value, Floats):
            self._bytes += struct.pack(f"<I{len(value.values)}f", len(value.values), *value.values)
        elif not isinstance(value, Scalar):
            self._vector(value)

    def _vector(self, entries: Sequence[Table | At]) -> None:
        self._bytes += struct.pack("<I", len(entries))
        first = len(self._bytes)
        self._bytes += bytes(_CELL * len(entries))
        for i, entry in enumerate(entries):
            self._put(entry, first + _CELL * i)

    def _table(self, table: Table, cell: int) -> None:
        slots = max(table.fields, default=-1) + 1
        offsets = [0] * slots
        for place, slot in enumerate(sorted(table.fields), start=1):
            offsets[slot] = _CELL * place
        size = _CELL * (len(table.fields) + 1)
        directory = struct.pack(f"<{slots + 2}H", 4 + 2 * slots, size, *offsets)
        self._pad(_CELL, ahead=len(directory))
        self._bytes += directory
        start = len(self._bytes)
        struct.pack_into("<I", self._bytes, cell, start - cell)
        self._bytes += struct.pack("<i", len(directory)) + bytes(size - _CELL)
        for slot, value in sorted(table.fields.items()):
            place = start + offsets[slot]
            if isinstance(value, Scalar):
                struct.pack_into(value.format, self._bytes, place, value.value)
            else:
                self._put(value, place)


class Reader:
    """Finds the parts of an existing buffer."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.root = self._follow(0)

    def _follow(self, cell: int) -> int:
        return cell + int(struct.unpack_from("<I", self._data, cell)[0])

    def field(self, table: int, slot: int) -> int | None:
        """Return the position of a table's field; None when it is left at its default."""
        directory = table - struct.unpack_from("<i", self._data, table)[0]
        size = struct.unpack_from("<H", self._data, directory)[0]
        if 4 + 2 * slot >= size:
            return None
        offset = struct.unpack_from("<H", self._data, directory + 4 + 2 * slot)[0]
        return table + int(offset) if offset else None

    def number(self, table: int, slot: int) -> int:
        """Return an unsigned 32-bit field, 0 by default."""
        place = self.field(table, slot)
        return 0 if place is None else int(struct.unpack_from("<I", self._data, place)[0])

    def target(self, table: int, slot: int) -> int | None:
        """Return the position of what a field refers to; None when it refers to nothing."""
        place = self.field(table, slot)
        return None if place is None else self._follow(place)

    def entries(self, table: int, slot: int) -> list[int]:
        """Return the positions of the tables in a vector; none when there is no vector."""
        vector = self.target(table, slot)
        if vector is None:
            return []
        count = struct.unpack_from("<I", self._data, vector)[0]
        return [self._follow(vector + 4 + _CELL * i) for i in range(count)]

    def text(self, table: int, slot: int) -> str:
        """Return a string field, empty by default."""
        place = self.target(table, slot)
        return "" if place is None else self._slice(place).decode()

    def octets(self, table: int, slot: int) -> bytes:
        """Return a vector of bytes, empty by default."""
        place = self.target(table, slot)
        return b"" if place is None else self._slice(place)

    def _slice(self, vector: int) -> bytes:
        count = struct.unpack_from("<I", self._data, vector)[0]
        return self._data[vector + 4 : vector + 4 + count]
