"""Which cameras there are, and what is wrong with one that gives no pictures."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

V4L = Path("/sys/class/video4linux")
"""Where Linux lists its cameras."""
DEVICES = Path("/dev")


@dataclass(frozen=True, slots=True)
class Device:
    """A camera that is plugged in or built in."""

    number: int
    """What to name it by."""
    name: str
    """What its maker calls it; empty if that is not known."""

    def __str__(self) -> str:
        return f"{self.number} ({self.name})" if self.name else str(self.number)


def devices(listing: Path = V4L) -> list[Device] | None:
    """Return the cameras that there are, in order; None where the system has no such list.

    Parameters
    ----------
    listing
        The folder in which Linux lists them.
    """
    if not listing.parent.is_dir():
        return None
    if not listing.is_dir():
        return []
    found = []
    for entry in listing.iterdir():
        number = entry.name.removeprefix("video")
        # A camera has several entries; those after its first give no pictures.
        if number.isdigit() and _read(entry / "index") in {"", "0"}:
            found.append(Device(int(number), _read(entry / "name")))
    return sorted(found, key=lambda device: device.number)


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8", "replace").strip()
    except OSError:
        return ""


def why_no_pictures(number: int, found: list[Device] | None, folder: Path = DEVICES) -> str:
    """Return what is wrong with a camera that could not be opened, and what to do.

    Parameters
    ----------
    number
        Which one was wanted.
    found
        Those that there are, or None if that is not known.
    folder
        Where the system keeps its devices.
    """
    if found is None:
        return (
            f"Camera {number} gives no pictures. Check that it is plugged in, that no other "
            "program uses it, and that this one may: system settings, privacy, camera."
        )
    if not found:
        return (
            "No camera was found. Plug one in, or name a clip or a stream: "
            "--camera clip.mp4, --camera rtsp://…"
        )
    here = next((device for device in found if device.number == number), None)
    if here is None:
        listed = ", ".join(map(str, found))
        return f"There is no camera {number}. There are: {listed}. Choose one with --camera."
    path = folder / f"video{number}"
    if path.exists() and not os.access(path, os.R_OK | os.W_OK):
        return (
            f"Camera {here} may not be used: permission denied for '{path}'. Add yourself to its "
            "group, usually 'video', and log in again."
        )
    return (
        f"Camera {here} is there but gives no pictures: another program may be using it. Close "
        "video calls and browser tabs that use the camera, then try again."
    )
