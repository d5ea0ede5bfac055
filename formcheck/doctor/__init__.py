"""Whether everything that formcheck needs works on this machine, and what to do if not.

`examine` looks: nothing is fetched or recorded, and no camera is switched on.
"""

from __future__ import annotations

import importlib.metadata
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from formcheck._version import __version__
from formcheck.doctor import devices
from formcheck.doctor.finding import Finding, Health
from formcheck.errors import FormcheckError, HistoryError, ModelCorrupt
from formcheck.samples import DEMO, FOLDER

SCHEMA = "formcheck.doctor/1"
PATIENCE_S = 120.0
"""A library that takes longer to load, or a pose model to look at a picture, does not work."""
ROOM_MB, SOME_ROOM_MB = 100, 1000
"""With less free space nothing can be written; with less than the second, long videos cannot."""


def examine(*, quick: bool = False) -> Iterator[Finding]:
    """Look at everything, one thing after the other; never raises.

    Parameters
    ----------
    quick
        Leave out what takes seconds: loading libraries, running the pose model, starting the
        voice and opening a window.
    """
    looks: list[tuple[str, Callable[[], Finding]]] = [
        ("formcheck", _formcheck),
        ("python", _python),
        *((package, _library(package, module, quick=quick)) for package, module in LIBRARIES),
        ("extras", _extras),
        ("pose model", _pose_model),
    ]
    if not quick:
        looks.append(("pose estimation", _pose_estimation))
    looks += [
        ("angle refiner", _angle_refiner),
        ("video writing", devices.video_writing),
        ("video reading", devices.video_reading),
        ("camera", devices.camera),
    ]
    if not quick:
        looks += [("window", devices.window), ("voice", devices.voice)]
    looks += [(f"folder: {purpose}", _folder(purpose)) for purpose in FOLDERS]
    looks.append(("history", _history))
    for what, look in looks:
        yield _guarded(what, look)


def worst(findings: list[Finding]) -> Health:
    """Return how it is on the whole."""
    order = list(Health)
    return max((f.health for f in findings), key=order.index, default=Health.FINE)


def as_dict(findings: list[Finding]) -> dict[str, object]:
    """Return findings for `json.dumps`."""
    return {
        "schema": SCHEMA,
        "health": worst(findings).value,
        "findings": [
            {"what": f.what, "health": f.health.value, "found": f.found, "remedy": f.remedy}
            for f in findings
        ],
    }


def _guarded(what: str, look: Callable[[], Finding]) -> Finding:
    """Return what is found; that looking failed is a finding as well."""
    try:
        finding = look()
    except Exception as error:  # noqa: BLE001 - a broken library may raise anything at all
        found = f"could not be looked at: {type(error).__name__}: {error}"
        return Finding(what, Health.BROKEN, _homeless(found), REINSTALL)
    return Finding(what, finding.health, _homeless(finding.found), _homeless(finding.remedy))


def _homeless(text: str) -> str:
    """Return a text without the name of the user, which bug reports need not tell."""
    home = str(Path.home())
    return text.replace(home, "~") if len(home) > 1 else text


REINSTALL = (
    "Install formcheck again in a fresh virtual environment: python -m venv env, then "
    "env/bin/pip install formcheck."
)
LIBRARIES = (
    ("mediapipe", "mediapipe"),
    ("opencv-contrib-python", "cv2"),
    ("av", "av"),
    ("numpy", "numpy"),
)
"""(distribution, module) of those that a broken installation hits first."""
RIVALS = ("opencv-python", "opencv-python-headless", "opencv-contrib-python-headless")
"""Distributions that overwrite files of the one that is needed."""
EXTRAS = {"pandas": "tables", "pyarrow": "tables", "pyttsx3": "voice", "distributed": "cluster"}


def _formcheck() -> Finding:
    return Finding("formcheck", Health.FINE, f"{__version__} in {Path(__file__).parents[1]}")


def _python() -> Finding:
    found = f"{platform.python_version()} on {platform.platform()}, {platform.machine()}"
    return Finding("python", Health.FINE, found)


def _library(package: str, module: str, *, quick: bool) -> Callable[[], Finding]:
    def look() -> Finding:
        try:
            version = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            return Finding(package, Health.BROKEN, "not installed", REINSTALL)
        if module == "cv2" and (rivals := [r for r in RIVALS if _installed(r)]):
            return Finding(package, Health.BROKEN, _beside(version, rivals), _parted(rivals))
        trouble = "" if quick else _trouble(f"import {module}")
        if trouble:
            return Finding(package, Health.BROKEN, f"{version}, does not load: {trouble}", NO_LOAD)
        return Finding(package, Health.FINE, version)

    return look


NO_LOAD = (
    "Debian, Ubuntu: apt install libgl1 libegl1 libgles2 libglib2.0-0. Elsewhere, or if that "
    "doesn't help, install formcheck again in a fresh virtual environment."
)


def _beside(version: str, rivals: list[str]) -> str:
    return f"{version}, beside {', '.join(rivals)}, which overwrite its files"


def _parted(rivals: list[str]) -> str:
    names = " ".join(rivals)
    return (
        f"pip uninstall -y {names} opencv-contrib-python, then pip install opencv-contrib-python."
    )


def _installed(package: str) -> bool:
    try:
        importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True


def _extras() -> Finding:
    missing = [p for p in EXTRAS if not _installed(p)]
    there = [f"{p} {importlib.metadata.version(p)}" for p in EXTRAS if p not in missing]
    if not missing:
        return Finding("extras", Health.FINE, ", ".join(there))
    extras = ",".join(sorted({EXTRAS[p] for p in missing}))
    found = f"{', '.join(there) or 'none'}; not installed: {', '.join(missing)}"
    return Finding("extras", Health.FINE, found, f'If wanted: pip install "formcheck[{extras}]".')


def _trouble(code: str) -> str:
    """Return what goes wrong in another process, which may die of it; empty if nothing does."""
    try:
        done = subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            timeout=PATIENCE_S,
            check=False,
            stdin=subprocess.DEVNULL,
        )
    except subprocess.TimeoutExpired:
        return f"no answer in {PATIENCE_S:.0f} s"
    except OSError as error:
        return f"Python could not be started: {error.strerror or error}"
    if done.returncode == 0:
        return ""
    lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
    return lines[-1].strip()[:300] if lines else f"the process died (status {done.returncode})"


def _pose_model() -> Finding:
    from formcheck.estimators.model_store import MODEL_VARIABLE, ModelStore

    store = ModelStore()
    try:
        found = store.find()
    except ModelCorrupt as error:
        return Finding("pose model", Health.BROKEN, str(error), "formcheck model fetch")
    except FormcheckError as error:
        remedy = f"Correct or remove {MODEL_VARIABLE}."
        return Finding("pose model", Health.BROKEN, str(error), remedy)
    if found is None:
        remedy = f"formcheck model fetch, or copy the file to '{store.path()}'."
        return Finding("pose model", Health.LIMITED, "not fetched yet", remedy)
    text = f"{found.name}, verified, SHA-256 {found.sha256[:16]}…, at {found.path}"
    return Finding("pose model", Health.FINE, text)


def _has_model() -> bool:
    from formcheck.estimators.model_store import ModelStore

    try:
        return ModelStore().find() is not None
    except FormcheckError:
        return False


_ESTIMATE = """
import sys
from formcheck.errors import FormcheckError
from formcheck.estimators.mediapipe_pose import MediaPipePose
from formcheck.sources import open_source
try:
    with open_source(sys.argv[1]) as source, MediaPipePose() as estimator:
        estimator.estimate(next(iter(source)))
except FormcheckError as error:
    sys.exit(str(error))
"""


def _pose_estimation() -> Finding:
    what, there = "pose estimation", _has_model()
    clip = FOLDER / DEMO / "clip.mp4"
    if not there or not clip.is_file():
        missing = "the sample clip is missing" if there else "there is no sound pose model"
        return Finding(what, Health.LIMITED, f"not tried: {missing}")
    code = _ESTIMATE.replace("sys.argv[1]", repr(str(clip)))
    if trouble := _trouble(code):
        return Finding(what, Health.BROKEN, trouble, NO_LOAD)
    return Finding(what, Health.FINE, "a picture was looked at")


def _angle_refiner() -> Finding:
    from formcheck.refine.weights import shipped

    try:
        there = shipped() is not None
    except ModelCorrupt as error:
        return Finding("angle refiner", Health.BROKEN, str(error), REINSTALL)
    if not there:
        found = "its weights are missing: angles are less exact"
        return Finding("angle refiner", Health.LIMITED, found, REINSTALL)
    return Finding("angle refiner", Health.FINE, "its weights are there and sound")


def _cache() -> Path:
    from formcheck.estimators.model_store import ModelStore

    return ModelStore().cache


def _data() -> Path:
    from formcheck.history.store import history_path

    return history_path().parent


FOLDERS: dict[str, Callable[[], Path]] = {
    "pose model": _cache,
    "history": _data,
    "temporary files": lambda: Path(tempfile.gettempdir()),
    "here": Path.cwd,
}
"""What a folder is for → where it is."""


def _folder(purpose: str) -> Callable[[], Finding]:
    def look() -> Finding:
        what, path = f"folder: {purpose}", FOLDERS[purpose]()
        # One that is not there yet will be made in the nearest one that is.
        there = next((p for p in (path, *path.parents) if p.exists()), path)
        needed = Health.BROKEN if purpose == "temporary files" else Health.LIMITED
        if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
            if purpose == "pose model" and _has_model():
                return Finding(what, Health.FINE, f"{path}, to be read only; the model is there")
            remedy = f"Allow writing to '{there}'{ELSEWHERE.get(purpose, '.')}"
            return Finding(what, needed, f"{path} cannot be written to", remedy)
        free_mb = shutil.disk_usage(there).free // 1_000_000
        found = f"{path}, {free_mb / 1000:,.1f} GB free"
        if free_mb < SOME_ROOM_MB:
            health = needed if free_mb < ROOM_MB else Health.LIMITED
            return Finding(what, health, found, f"Make room on the disk of '{there}'.")
        return Finding(what, Health.FINE, found)

    return look


ELSEWHERE = {
    "pose model": ", or name a model file with FORMCHECK_MODEL.",
    "history": ", or name a file elsewhere with FORMCHECK_HISTORY, or use --no-history.",
    "temporary files": ", or name another folder with TMPDIR.",
    "here": ", or name a folder elsewhere with --out.",
}


def _history() -> Finding:
    from formcheck.history.store import ENVIRONMENT, History, history_path

    path = history_path()
    if not path.exists():
        return Finding("history", Health.FINE, f"none yet; it will be {path}")
    try:
        with History(path) as history:
            count = len(history.entries())
    except HistoryError as error:
        remedy = f"Move the file away, or name another with {ENVIRONMENT}."
        return Finding("history", Health.LIMITED, str(error), remedy)
    return Finding("history", Health.FINE, f"{count} entries in {path}")
