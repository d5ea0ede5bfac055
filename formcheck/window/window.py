"""The window, by OpenCV: only ever used from one thread, the program's first."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Mapping

import cv2

from formcheck.closing import Closing
from formcheck.coaching.moment import Moment
from formcheck.errors import DisplayUnavailable
from formcheck.estimators.quiet import quiet_native_stderr
from formcheck.frame import Frame, Image
from formcheck.results import Report
from formcheck.window.base import Key, Status
from formcheck.window.screen import HEIGHT, WIDTH, Backdrop, Screen

TITLE = "formcheck"
KEYS: Mapping[int, Key] = {
    ord(" "): Key.NEXT,
    13: Key.NEXT,
    ord("m"): Key.MUTE,
    ord("f"): Key.FULL_SCREEN,
    ord("h"): Key.HELP,
    ord("?"): Key.HELP,
    ord("q"): Key.QUIT,
    27: Key.QUIT,
    **{ord(str(number)): Key(str(number)) for number in range(1, 10)},
}
_PROBE = "import cv2; cv2.namedWindow('formcheck'); cv2.destroyAllWindows()"
_PROBE_S = 20.0
REMEDY = "Run it in a desktop session, or follow the session by ear with --no-window."


def require_display(environment: Mapping[str, str] | None = None) -> None:
    """Make sure that a window can be opened: OpenCV would take the whole program down.

    Parameters
    ----------
    environment
        Variables; those of the process if not given.

    Raises
    ------
    DisplayUnavailable
        There is no screen, it does not answer, or OpenCV was built without windows.
    """
    given = os.environ if environment is None else environment
    if sys.platform.startswith("linux"):
        display = given.get("DISPLAY", "")
        if not display:
            msg = f"No window can be opened: there is no display (DISPLAY is not set). {REMEDY}"
            raise DisplayUnavailable(msg)
        if not _answers(display):
            msg = f"No window can be opened: the display '{display}' does not answer. {REMEDY}"
            raise DisplayUnavailable(msg)
    _probe(given)


def _probe(environment: Mapping[str, str]) -> None:
    """Open a window in another process, which may die of it."""
    try:
        done = subprocess.run(
            [sys.executable, "-c", _PROBE],
            env=dict(environment),
            capture_output=True,
            timeout=_PROBE_S,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        msg = f"No window can be opened: the display does not answer in time. {REMEDY}"
        raise DisplayUnavailable(msg) from error
    if done.returncode:
        lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
        told = next((line for line in reversed(lines) if "rror" in line or "could not" in line), "")
        reason = f" ({told.strip()[:160]})" if told else ""
        msg = f"No window can be opened{reason}. {REMEDY}"
        raise DisplayUnavailable(msg)


def _answers(display: str) -> bool:
    """Whether an X server answers at a display such as ``:0`` or ``host:10.0``."""
    host, _, rest = display.rpartition(":")
    number = rest.split(".")[0]
    if not number.isdigit():
        return False
    if host and host != "unix" and not host.startswith("/"):
        return _connects(socket.AF_INET, (host, 6000 + int(number)))
    path = f"/tmp/.X11-unix/X{number}"  # noqa: S108 - where X servers listen
    return _connects(socket.AF_UNIX, "\0" + path) or _connects(socket.AF_UNIX, path)


def _connects(family: int, address: str | tuple[str, int]) -> bool:
    with socket.socket(family, socket.SOCK_STREAM) as line:
        line.settimeout(3.0)
        try:
            line.connect(address)
        except OSError:
            return False
    return True


class Window(Closing):
    """Shows a session in a window.

    Parameters
    ----------
    screen
        What it looks like; swapped.
    full_screen
        Whether it begins so.

    Raises
    ------
    DisplayUnavailable
        There is no display.
    """

    def __init__(self, screen: Screen, *, full_screen: bool = False) -> None:
        require_display()
        self._screen = screen
        self._full = full_screen
        self._shown = False
        self._open = False
        self._codes: list[int] = []

    def prepare(self, frame: Frame) -> Backdrop:
        """Return a frame as large as the window shows it."""
        return self._screen.prepare(frame.picture())

    def show(self, prepared: object | None, moment: Moment, status: Status) -> None:
        """Show a moment."""
        backdrop = prepared if isinstance(prepared, Backdrop) else None
        self._put(self._screen.draw(backdrop, moment, status))

    def summary(self, report: Report, saved: str) -> None:
        """Show what came of it."""
        self._put(self._screen.summary(report, saved))

    def keys(self, wait_s: float = 0.0) -> tuple[Key, ...]:
        """Return what was asked for; closing the window asks for the end."""
        if not self._open:
            return ()
        deadline = time.monotonic() + wait_s
        pressed = self._pressed()
        while not pressed and time.monotonic() < deadline:
            time.sleep(0.01)
            pressed = self._pressed()
        for key in pressed:
            self._obey(key)
        return pressed

    def close(self) -> None:
        """Take the window down."""
        if self._open:
            self._open = False
            with contextlib.suppress(cv2.error):
                cv2.destroyAllWindows()
                cv2.pollKey()

    def _pressed(self) -> tuple[Key, ...]:
        codes, self._codes = self._codes, []
        if not codes:
            codes = [cv2.pollKey()]
        found = [key for code in codes if code != -1 and (key := KEYS.get(code & 0xFF))]
        if self._shown and cv2.getWindowProperty(TITLE, cv2.WND_PROP_VISIBLE) < 1:
            self._open = False
            found.append(Key.QUIT)
        return tuple(found)

    def _obey(self, key: Key) -> None:
        if key is Key.HELP:
            self._screen.help = not self._screen.help
        elif key is Key.FULL_SCREEN and self._open:
            self._full = not self._full
            self._set_full()

    def _put(self, screen: Image) -> None:
        if not self._shown:
            self._first(screen)
        elif self._open:
            cv2.imshow(TITLE, screen)
            # Only now it is painted. Polling waits for two milliseconds after that, so keys that
            # it finds are kept for whoever asks for them next, who need not poll again.
            self._codes.append(cv2.pollKey())

    def _first(self, picture: Image) -> None:
        """Open the window with its first picture, so that nobody sees it empty."""
        os.environ.setdefault("QT_LOGGING_RULES", "*=false")
        with quiet_native_stderr():
            cv2.namedWindow(TITLE, cv2.WINDOW_NORMAL | cv2.WINDOW_KEEPRATIO | cv2.WINDOW_GUI_NORMAL)
            cv2.resizeWindow(TITLE, WIDTH, HEIGHT)
            cv2.imshow(TITLE, picture)
            cv2.pollKey()
        self._shown = self._open = True
        if self._full:
            self._set_full()

    def _set_full(self) -> None:
        state = cv2.WINDOW_FULLSCREEN if self._full else cv2.WINDOW_NORMAL
        cv2.setWindowProperty(TITLE, cv2.WND_PROP_FULLSCREEN, state)
