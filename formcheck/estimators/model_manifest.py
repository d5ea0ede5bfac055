"""What is known about the pose model: names, checksums and where to get it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from formcheck.errors import ModelMissing

_PACKAGE = Path(__file__).resolve().parent.parent
_FOLDERS = (_PACKAGE / "_models", _PACKAGE.parent / "models")
"""Where models/ lies when installed, and in a checkout."""


@dataclass(frozen=True, slots=True)
class Variant:
    """One size of the model."""

    name: str
    file: str
    """What it is called in the cache."""
    address: str
    """Of the official bundle."""


@dataclass(frozen=True, slots=True)
class Member:
    """A network inside the wheel."""

    path: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Wheel:
    """A package that carries both networks of one variant."""

    variant: str
    requirement: str
    python_version: str
    platform: str
    size_bytes: int
    sha256: str
    detector: Member
    landmarks: Member


@dataclass(frozen=True, slots=True)
class Manifest:
    """The contents of ``models/pose_model.toml``."""

    name: str
    licence: str
    variants: Mapping[str, Variant]
    wheel: Wheel

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Manifest:
        """Make a manifest of parsed TOML; raises KeyError or TypeError if it is none."""
        wheel: dict[str, Any] = dict(data["wheel"])
        for part in ("detector", "landmarks"):
            wheel[part] = Member(**wheel[part])
        return cls(
            name=data["name"],
            licence=data["licence"],
            variants={name: Variant(name, **entry) for name, entry in data["variants"].items()},
            wheel=Wheel(**wheel),
        )

    def variant(self, name: str) -> Variant:
        """Return a variant by its name.

        Raises
        ------
        ModelMissing
            There is no such variant.
        """
        if name not in self.variants:
            known = ", ".join(self.variants)
            msg = f"There is no pose model '{name}'. Choose one of: {known}."
            raise ModelMissing(msg)
        return self.variants[name]


def load_manifest() -> Manifest:
    """Read the manifest that belongs to this copy of formcheck.

    Raises
    ------
    ModelMissing
        The installation lacks it.
    """
    for folder in _FOLDERS:
        path = folder / "pose_model.toml"
        if path.is_file():
            return Manifest.from_dict(tomllib.loads(path.read_text(encoding="utf-8")))
    msg = (
        "This installation of formcheck lacks 'pose_model.toml', which says what the pose "
        "model is. Install formcheck again."
    )
    raise ModelMissing(msg)
