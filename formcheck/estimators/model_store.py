"""Where pose models are kept: found, checked, and fetched when there is none.

`ModelStore.get` looks in this order: the file that the user names, the file that
``FORMCHECK_MODEL`` names, the cache, the network.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import platformdirs

from formcheck.atomic import AtomicFile
from formcheck.errors import CannotWrite, ModelCorrupt, ModelMissing
from formcheck.estimators.model_bundle import flaw
from formcheck.estimators.model_fetch import (
    Progress,
    RouteFailed,
    from_address,
    from_wheel,
    no_progress,
    sha256_of,
)
from formcheck.estimators.model_manifest import Manifest, Variant, load_manifest

MODEL_VARIABLE = "FORMCHECK_MODEL"
DEFAULT_VARIANT = "full"

_ABANDONED_S = 86_400.0


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A pose model that has been found and checked."""

    path: Path
    name: str
    """Such as ``pose_landmarker_full``."""
    variant: str
    """``lite``, ``full``, ``heavy``, or ``custom`` for a file that the user gave."""
    sha256: str
    origin: str
    """``given`` by the user, or from the ``cache``."""


class ModelStore:
    """Finds, checks and fetches pose models.

    Parameters
    ----------
    cache
        Folder for fetched models; the user's own cache when None.
    manifest
        What is known about the models; formcheck's own when None.
    environ
        Environment variables, also those that pip sees; the process's own when None.
    """

    def __init__(
        self,
        cache: Path | None = None,
        manifest: Manifest | None = None,
        environ: Mapping[str, str] | None = None,
    ) -> None:
        self.cache = cache or Path(platformdirs.user_cache_dir("formcheck", appauthor=False))
        self.manifest = manifest or load_manifest()
        self._environ = os.environ if environ is None else environ

    def path(self, variant: str = DEFAULT_VARIANT) -> Path:
        """Return where a fetched model is kept, whether or not it is there.

        Raises
        ------
        ModelMissing
            There is no such variant.
        """
        return self.cache / self.manifest.variant(variant).file

    def find(self, given: Path | None = None, variant: str = DEFAULT_VARIANT) -> ModelFile | None:
        """Return the model that would be used, without any network; None if there is none.

        Raises
        ------
        ModelMissing
            The file that the user names does not exist, or there is no such variant.
        ModelCorrupt
            The user's file is no model, or the cached one is damaged.
        """
        named = given or self._environ.get(MODEL_VARIABLE)
        if named:
            source = "" if given else f" (from {MODEL_VARIABLE})"
            return self._given(Path(named).expanduser(), source)
        return self._cached(self.manifest.variant(variant))

    def get(
        self,
        given: Path | None = None,
        variant: str = DEFAULT_VARIANT,
        progress: Progress = no_progress,
    ) -> ModelFile:
        """Return the model to use, fetching it first if need be.

        A damaged model in the cache is fetched again once.

        Raises
        ------
        ModelMissing
            There is none and none could be fetched.
        ModelCorrupt
            The user's file is no model, or the cached one is damaged and could not be
            fetched again.
        """
        damaged: ModelCorrupt | None = None
        try:
            found = self.find(given, variant)
        except ModelCorrupt as error:
            if given or self._environ.get(MODEL_VARIABLE):
                raise
            found, damaged = None, error
        if found is not None:
            return found
        try:
            return self.fetch(variant, progress)
        except ModelMissing as error:
            if damaged is None:
                raise
            msg = f"{damaged} It could not be fetched again: {error}"
            raise ModelCorrupt(msg) from error

    def fetch(self, variant: str = DEFAULT_VARIANT, progress: Progress = no_progress) -> ModelFile:
        """Fetch a model into the cache, in place of one that may be there.

        Several processes may do this at once. The cached file appears whole or not at all.

        Raises
        ------
        ModelMissing
            It could not be fetched or not be stored; nothing is left behind.
        CannotWrite
            It is there, but its checksum could not be written down.
        """
        wanted = self.manifest.variant(variant)
        target = self.path(variant)
        try:
            with self._scratch() as folder:
                fetched = self._try_routes(wanted, folder, progress)
                sha256 = sha256_of(fetched)
                fetched.replace(target)
                self._remember(wanted, sha256)
        except OSError as error:
            msg = (
                f"The pose model could not be stored in '{self.cache}': "
                f"{error.strerror or error}. Make room there or allow writing, or give a "
                f"model file with --model PATH or {MODEL_VARIABLE}."
            )
            raise ModelMissing(msg) from error
        return ModelFile(target, target.stem, variant, sha256, "cache")

    def _given(self, path: Path, source: str) -> ModelFile:
        try:
            wrong = flaw(path)
            sha256 = sha256_of(path)
        except OSError as error:
            msg = (
                f"Could not read the pose model '{path}'{source}: {error.strerror or error}. "
                "Name a MediaPipe pose landmarker bundle (.task), or leave it out to use "
                "formcheck's own."
            )
            raise ModelMissing(msg) from error
        if wrong:
            msg = (
                f"The pose model '{path}'{source} {wrong}. Name a MediaPipe pose landmarker "
                "bundle, or leave it out to use formcheck's own."
            )
            raise ModelCorrupt(msg)
        return ModelFile(path, path.stem, "custom", sha256, "given")

    def _cached(self, variant: Variant) -> ModelFile | None:
        path = self.cache / variant.file
        try:
            sha256 = sha256_of(path)
            recorded = self._recorded(variant)
            wrong = "" if recorded else flaw(path)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            msg = f"The cached pose model '{path}' cannot be read: {error.strerror or error}."
            raise ModelCorrupt(msg) from error
        if recorded and sha256 != recorded:
            wrong = "is damaged: its checksum is not the expected one"
        if wrong:
            msg = (
                f"The cached pose model '{path}' {wrong}. Delete it and run "
                "'formcheck model fetch'."
            )
            raise ModelCorrupt(msg)
        if not recorded:
            # It was copied here by hand. A cache that cannot be written is fine as it is.
            with contextlib.suppress(CannotWrite):
                self._remember(variant, sha256)
        return ModelFile(path, path.stem, variant.name, sha256, "cache")

    def _record(self, variant: Variant) -> Path:
        return self.cache / f"{variant.file}.sha256"

    def _recorded(self, variant: Variant) -> str:
        """Return the checksum that a cached model must have; '' before its first use."""
        try:
            text = self._record(variant).read_text(encoding="ascii")
        except (FileNotFoundError, UnicodeDecodeError):
            return ""
        return next(iter(text.split()), "")

    def _remember(self, variant: Variant, sha256: str) -> None:
        """Write down the checksum of a model when it arrives."""
        line = f"{sha256}  {variant.file}\n"
        AtomicFile(self._record(variant)).write(line.encode("ascii"))

    def _try_routes(self, variant: Variant, folder: Path, progress: Progress) -> Path:
        routes: list[Callable[[], Path]] = []
        wheel = self.manifest.wheel
        if wheel.variant == variant.name:
            routes.append(partial(from_wheel, wheel, folder, self._environ, progress))
        routes.append(partial(from_address, variant, folder, progress))
        reasons = []
        for route in routes:
            try:
                return route()
            except RouteFailed as error:
                reasons.append(str(error))
        msg = (
            f"There is no pose model yet and it could not be fetched ({'; '.join(reasons)}). "
            f"Give a model file with --model PATH or {MODEL_VARIABLE}, or connect to the "
            "internet and run 'formcheck model fetch', or copy the file from another machine "
            f"to '{self.cache / variant.file}'."
        )
        raise ModelMissing(msg)

    @contextlib.contextmanager
    def _scratch(self) -> Iterator[Path]:
        """Give a folder inside the cache that is gone afterwards, whatever happens."""
        self.cache.mkdir(parents=True, exist_ok=True)
        for old in self.cache.glob(".fetch-*"):  # left by a process that was killed
            with contextlib.suppress(OSError):
                if time.time() - old.stat().st_mtime > _ABANDONED_S:
                    shutil.rmtree(old)
        folder = Path(tempfile.mkdtemp(prefix=".fetch-", dir=self.cache))
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)
