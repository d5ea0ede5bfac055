"""Keeping what a C++ library logs off the user's terminal, and nothing else.

MediaPipe, Abseil and TensorFlow Lite write straight to file descriptor 2, and none of the
environment variables that once silenced them still does.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import sys
import tempfile
import threading
import weakref
from collections.abc import Iterator
from typing import IO

_STDERR = 2
_LOCK = threading.Lock()  # file descriptors belong to the process, so one at a time

_CHATTER = re.compile(
    rb"(?:"
    rb"[IWEF]\d{4} \d\d:\d\d:[\d.]+ +\d+ [\w./-]+:\d+\] .*"  # Abseil's log
    rb"|WARNING: (?:All log messages before|Logging before) .*"
    rb"|(?:INFO|WARNING|ERROR): .*(?:TensorFlow|XNNPACK|delegate|tensor|Flatbuffer|OpenGL|EGL).*"
    rb"|Stack trace:.*| +@ +0x[0-9a-f]+ .*|=== Source Location Trace: ===.*"
    rb"|(?:third_party|mediapipe)/[\w./-]+:\d+.*|Calculator::\w+\(\) for node .*"
    rb")(?:\r?\n|$)"
)


@contextlib.contextmanager
def quiet_native_stderr() -> Iterator[None]:
    """Swallow the log lines that C++ libraries write to standard error meanwhile.

    Python's own `sys.stderr` keeps writing to where it did. Whatever else arrives on file
    descriptor 2, from other threads or libraries, is passed on afterwards.
    """
    with _LOCK, contextlib.ExitStack() as stack:
        try:
            capture = stack.enter_context(tempfile.TemporaryFile())
            kept = os.dup(_STDERR)
        except OSError:  # no standard error, or nowhere to put it: then nothing to keep tidy
            yield
            return
        try:
            with _python_stderr_on(kept):
                os.dup2(capture.fileno(), _STDERR)
                try:
                    yield
                finally:
                    os.dup2(kept, _STDERR)
        finally:
            _pass_on(capture, kept)
            os.close(kept)


def without_chatter(text: bytes) -> bytes:
    """Return what is left of captured output when known log lines are taken out."""
    return _CHATTER.sub(b"", text)


@contextlib.contextmanager
def _python_stderr_on(descriptor: int) -> Iterator[None]:
    """Let `sys.stderr` write past file descriptor 2, if that is where it writes."""
    usual = sys.stderr
    try:
        direct = usual.fileno() == _STDERR
        usual.flush()
    except (AttributeError, OSError, ValueError):  # replaced, captured, closed, or none
        direct = False
    if not direct:
        yield
        return
    # Unbuffered, and closed only when nobody holds it any more: another thread may still
    # write to it when this is over.
    own = os.dup(descriptor)
    raw = io.FileIO(own, "wb", closefd=False)
    weakref.finalize(raw, os.close, own)
    sys.stderr = io.TextIOWrapper(
        raw, encoding=usual.encoding, errors=usual.errors, write_through=True
    )
    try:
        yield
    finally:
        sys.stderr.flush()
        usual.flush()
        sys.stderr = usual


def _pass_on(capture: IO[bytes], descriptor: int) -> None:
    capture.seek(0)
    rest = without_chatter(capture.read())
    while rest:
        try:
            rest = rest[os.write(descriptor, rest) :]
        except OSError:  # standard error is gone; there is nobody left to tell
            return
