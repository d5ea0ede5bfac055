"""A screen that nobody sees, and what is on it."""

from __future__ import annotations

import shutil
import struct
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from formcheck.frame import Image

SIZE_PX = (1280, 800)


@dataclass(frozen=True)
class VirtualScreen:
    """An X server without a monitor."""

    display: str
    folder: Path
    process: subprocess.Popen[bytes]

    def picture(self) -> Image:
        """What is on the screen now, as RGB."""
        data = (self.folder / "Xvfb_screen0").read_bytes()
        header = struct.unpack(">25I", data[:100])
        start = header[0] + header[19] * 12
        width, height, per_line = header[4], header[5], header[12]
        rows = np.frombuffer(data, np.uint8, height * per_line, start).reshape(height, per_line)
        pixels = rows[:, : width * 4].reshape(height, width, 4)
        return np.ascontiguousarray(pixels[:, :, 2::-1])


@contextmanager
def virtual_screen(folder: Path) -> Iterator[VirtualScreen]:
    """Start an X server; a test is skipped where there is none."""
    program = shutil.which("Xvfb")
    if program is None:
        pytest.skip("no Xvfb: apt install xvfb")
    width, height = SIZE_PX
    process = subprocess.Popen(
        [
            program,
            *("-displayfd", "1", "-fbdir", str(folder), "-nolisten", "tcp"),
            *("-screen", "0", f"{width}x{height}x24"),
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    try:
        number = process.stdout.readline().decode().strip() if process.stdout else ""
        if not number:
            pytest.skip("Xvfb does not start here")
        yield VirtualScreen(f":{number}", folder, process)
    finally:
        process.terminate()
        process.wait()
        if process.stdout:
            process.stdout.close()
