"""Getting a pose model over the network, with progress, into a folder of one's own."""

from __future__ import annotations

import hashlib
import http.client
import importlib.util
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

from formcheck.estimators.model_bundle import build, flaw
from formcheck.estimators.model_manifest import Member, Variant, Wheel

Progress = Callable[[int, int | None, str], None]
"""Called with the bytes that have arrived, the bytes expected (None if unknown) and what
is being fetched."""

_PATIENCE_S = 15
_STALLED_S = 90.0
_POLL_S = 0.1
_CHUNK = 1 << 16


class RouteFailed(Exception):
    """One way to a model did not work; the message says why, in a few words."""


def no_progress(done: int, total: int | None, label: str) -> None:
    """Take notice of nothing."""


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def from_wheel(wheel: Wheel, folder: Path, env: Mapping[str, str], progress: Progress) -> Path:
    """Download the wheel with pip, however that is set up, and build the bundle from it.

    Parameters
    ----------
    wheel
        Which one, and what must be in it.
    folder
        An empty folder, which the bundle and everything temporary is put into.
    env
        Environment of pip, whose own settings in it are respected.
    progress
        Told about the bytes that have arrived.

    Raises
    ------
    RouteFailed
        There is no pip, no network, no MediaPipe to build with, or the file is not the one
        expected.
    """
    _run_pip(wheel, folder, env, progress)
    found = next(folder.glob("*.whl"), None)
    if found is None:
        msg = "pip downloaded nothing"
        raise RouteFailed(msg)
    if sha256_of(found) != wheel.sha256:
        msg = f"the checksum of {found.name} is not the expected one"
        raise RouteFailed(msg)
    try:
        with zipfile.ZipFile(found) as archive:
            detector, landmarks = (
                _network(archive, member) for member in (wheel.detector, wheel.landmarks)
            )
    except (zipfile.BadZipFile, KeyError) as error:
        msg = f"{found.name} does not hold the networks: {error}"
        raise RouteFailed(msg) from error
    try:
        built = build(detector, landmarks)
    except (ImportError, OSError) as error:
        msg = f"the bundle cannot be built, as MediaPipe could not be loaded: {error}"
        raise RouteFailed(msg) from error
    bundle = folder / "bundle.task"
    bundle.write_bytes(built)
    return bundle


def from_address(variant: Variant, folder: Path, progress: Progress) -> Path:
    """Download the official bundle.

    Raises
    ------
    RouteFailed
        The address does not answer, the download breaks off, or it is no bundle.
    """
    bundle = folder / "official.task"
    host = variant.address.split("/")[2]
    try:
        request = urllib.request.Request(variant.address)  # noqa: S310 - from the manifest
        with urllib.request.urlopen(request, timeout=_PATIENCE_S) as answer:  # noqa: S310
            _save(answer, bundle, variant.file, progress)
    except (urllib.error.URLError, http.client.HTTPException, TimeoutError, OSError) as error:
        reason = getattr(error, "reason", None) or error
        msg = f"{host}: {getattr(reason, 'strerror', None) or reason}"
        raise RouteFailed(msg) from error
    wrong = flaw(bundle)
    if wrong:
        msg = f"what {host} sent {wrong}"
        raise RouteFailed(msg)
    return bundle


def _network(archive: zipfile.ZipFile, member: Member) -> bytes:
    data = archive.read(member.path)
    if hashlib.sha256(data).hexdigest() != member.sha256:
        msg = f"the checksum of {member.path} is not the expected one"
        raise RouteFailed(msg)
    return data


def _save(answer: http.client.HTTPResponse, target: Path, label: str, progress: Progress) -> None:
    """Copy an answer into a file, and notice when it stops short of its own length."""
    length = answer.headers.get("Content-Length", "")
    total = int(length) if length.isdigit() else None
    done = 0
    with target.open("wb") as file:
        while chunk := answer.read(_CHUNK):
            file.write(chunk)
            done += len(chunk)
            progress(done, total, label)
    if total is not None and done != total:
        msg = f"the download broke off after {done} of {total} bytes"
        raise OSError(msg)


def _run_pip(wheel: Wheel, folder: Path, env: Mapping[str, str], progress: Progress) -> None:
    if importlib.util.find_spec("pip") is None:
        msg = "pip is not installed"
        raise RouteFailed(msg)
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary=:all:"]
    command += ["--python-version", wheel.python_version, "--platform", wheel.platform]
    command += ["--retries", "1", "--timeout", str(_PATIENCE_S), "--no-input"]
    command += ["--disable-pip-version-check", "--progress-bar", "off"]
    command += ["--dest", str(folder), wheel.requirement]
    # pip first downloads into its temporary folder: keep that where it can be watched, and
    # where it goes away together with ours. Unpacked elsewhere it could also fill /tmp.
    scratch = folder / "pip"
    scratch.mkdir()
    places = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(scratch))
    log = folder / "pip.log"
    with (
        log.open("wb") as output,
        subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**env, **places},
        ) as child,
    ):
        try:
            _watch(child, wheel, folder, progress)
        except BaseException:  # Ctrl-C as well: pip must not go on without us
            child.kill()
            raise
    if child.returncode != 0:
        raise RouteFailed(_pip_reason(log.read_text(errors="replace")))
    progress(wheel.size_bytes, wheel.size_bytes, wheel.requirement)


def _watch(child: subprocess.Popen[bytes], wheel: Wheel, folder: Path, progress: Progress) -> None:
    """Report how much of the wheel is there until pip ends; give up on one that hangs."""
    done, changed = 0, time.monotonic()
    while child.poll() is None:
        size = min(_largest_file(folder), wheel.size_bytes)
        if size != done:
            done, changed = size, time.monotonic()
        progress(done, wheel.size_bytes, wheel.requirement)
        if time.monotonic() - changed > _STALLED_S:
            msg = f"pip made no progress for {_STALLED_S:.0f} s"
            raise RouteFailed(msg)
        time.sleep(_POLL_S)


def _largest_file(folder: Path) -> int:
    largest = 0
    for parent, _, names in os.walk(folder):
        for name in names:
            try:
                largest = max(largest, (Path(parent) / name).stat().st_size)
            except OSError:  # pip has just moved or removed it
                continue
    return largest


def _pip_reason(log: str) -> str:
    """Return what pip says went wrong, as one short line."""
    lines = [line.strip() for line in log.splitlines() if line.strip()]
    errors = [line.removeprefix("ERROR: ") for line in lines if line.startswith("ERROR: ")]
    refused = [line for line in lines if "onnection" in line or "resolve" in line]
    if refused:
        return "pip: no connection to the package index"
    return f"pip: {(errors or lines or ['it failed without a word'])[-1][:200]}"
