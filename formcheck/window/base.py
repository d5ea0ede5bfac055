"""What every screen of a session can do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from formcheck.coaching.moment import Moment
from formcheck.frame import Frame
from formcheck.results import Report


class Key(StrEnum):
    """What somebody asks for with a key."""

    NEXT = "next"
    MUTE = "mute"
    FULL_SCREEN = "full screen"
    HELP = "help"
    QUIT = "quit"
    """Also when the window is closed."""
    CHOICE_1 = "1"
    CHOICE_2 = "2"
    CHOICE_3 = "3"
    CHOICE_4 = "4"
    CHOICE_5 = "5"
    CHOICE_6 = "6"
    CHOICE_7 = "7"
    CHOICE_8 = "8"
    CHOICE_9 = "9"


@dataclass(frozen=True, slots=True)
class Status:
    """How the machine is doing, small in a corner."""

    fps: float = 0.0
    dropped: int = 0
    muted: bool = False
    recording: bool = False
    warning: str = ""
    """What to mind, in a sentence; empty for nothing."""
    trouble: str = ""
    """What is wrong, in a sentence; empty for nothing."""


class Display(Protocol):
    """Shows a session."""

    def prepare(self, frame: Frame) -> object:
        """Return what `show` needs of a frame; runs in another thread, beside the pose model."""

    def show(self, prepared: object | None, moment: Moment, status: Status) -> None:
        """Show a moment on what was prepared; on the last one, as while the camera is lost."""

    def summary(self, report: Report, saved: str) -> None:
        """Show what came of it, and where it is saved."""

    def keys(self, wait_s: float = 0.0) -> tuple[Key, ...]:
        """Return what was asked for since the last time, waiting for so long if nothing was."""

    def close(self) -> None:
        """Take it down; safe to call twice."""


class NoDisplay:
    """Shows nothing: for sessions that are followed by ear."""

    def prepare(self, frame: Frame) -> object:  # noqa: ARG002
        """Prepare nothing."""
        return None

    def show(self, prepared: object | None, moment: Moment, status: Status) -> None:
        """Show nothing."""

    def summary(self, report: Report, saved: str) -> None:
        """Show nothing."""

    def keys(self, wait_s: float = 0.0) -> tuple[Key, ...]:  # noqa: ARG002
        """Return nothing."""
        return ()

    def close(self) -> None:
        """Do nothing."""
