"""Files that are there whole or not at all."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from formcheck.atomic import AtomicFile, cannot_write
from formcheck.errors import CannotWrite


def test_a_file_appears_with_its_last_byte(tmp_path: Path) -> None:
    path = tmp_path / "out.txt"
    path.write_text("before", encoding="utf-8")
    file = AtomicFile(path)
    part = file.reserve()
    assert file.reserve() == part
    part.write_text("after", encoding="utf-8")
    assert path.read_text("utf-8") == "before"
    file.commit()
    assert path.read_text("utf-8") == "after"
    assert list(tmp_path.iterdir()) == [path]


def test_content_is_written_in_one_go(tmp_path: Path) -> None:
    AtomicFile(tmp_path / "out").write(b"\x00\xff" * 1000)
    assert (tmp_path / "out").read_bytes() == b"\x00\xff" * 1000
    assert len(list(tmp_path.iterdir())) == 1


def test_what_is_given_up_leaves_nothing(tmp_path: Path) -> None:
    file = AtomicFile(tmp_path / "out")
    file.discard()
    file.reserve()
    file.discard()
    file.discard()
    assert not list(tmp_path.iterdir())


def test_a_folder_of_that_name_is_said_to_be_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    with pytest.raises(CannotWrite, match="A folder of that name is in the way"):
        AtomicFile(tmp_path / "out").write(b"x")
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


def test_a_folder_that_is_missing_has_to_be_made_first(tmp_path: Path) -> None:
    with pytest.raises(CannotWrite, match="Make the folder first"):
        AtomicFile(tmp_path / "no" / "out").write(b"x")


def test_a_folder_that_came_meanwhile(tmp_path: Path) -> None:
    file = AtomicFile(tmp_path / "out")
    file.reserve().write_bytes(b"x")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "full").touch()
    with pytest.raises(CannotWrite, match="Could not write"):
        file.commit()
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_leaves_nothing(tmp_path: Path) -> None:
    file = AtomicFile(tmp_path / "out")
    part = file.reserve()
    part.unlink()
    part.symlink_to("/dev/full")
    with pytest.raises(CannotWrite, match="Free some space"):
        file.write(b"x" * 100_000)
    assert not list(tmp_path.iterdir())


def test_troubles_without_a_remedy_of_their_own() -> None:
    error = OSError(errno.EACCES, os.strerror(errno.EACCES))
    message = "Could not write 'a': Permission denied. Choose a folder that you may write to."
    assert str(cannot_write("a", error)) == message
