"""The exercises there are: those that come with formcheck, and a user's own.

A user's exercise is a TOML file, anywhere by its path, or in their own folder by its name.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path

import platformdirs

from formcheck.errors import CannotMake, UnknownExercise
from formcheck.exercises.definition import Exercise
from formcheck.exercises.levels import Wanted, known_level, no_targets
from formcheck.exercises.load import exercise_ids, load_exercise, unknown
from formcheck.exercises.start import new_exercise
from formcheck.questions import STANDARD

AUTO = "auto"
"""Instead of an exercise: it is recognized."""
FOLDER_VARIABLE = "FORMCHECK_EXERCISES"
"""Environment variable that names another folder for a user's own exercises."""
_NAME = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")


def own_folder() -> Path:
    """Return where a user's own exercises are; it may not be there yet."""
    if named := os.environ.get(FOLDER_VARIABLE):
        return Path(named)
    return platformdirs.user_data_path("formcheck", appauthor=False) / "exercises"


def own_exercises() -> dict[str, Path]:
    """Return a user's own exercises, name → file; those that come with formcheck go first."""
    built_in = exercise_ids()
    files = sorted(own_folder().glob("*.toml"))
    return {file.stem: file for file in files if file.stem not in built_in}


def locate(name_or_path: str) -> str:
    """Return what `formcheck.exercises.load.load_exercise` takes: a built-in name, or a path.

    Raises
    ------
    UnknownExercise
        There is no exercise of this name.
    """
    own = own_exercises()
    if name_or_path in own:
        return str(own[name_or_path])
    known = (*exercise_ids(), *own)
    if name_or_path.endswith(".toml") or name_or_path in known:
        return name_or_path
    raise UnknownExercise(unknown(name_or_path, known))


def find_exercise(
    name_or_path: str,
    *,
    level: str = STANDARD,
    targets: Mapping[str, Wanted] | None = None,
) -> Exercise:
    """Return an exercise, as `load_exercise` does, a user's own by name too."""
    return load_exercise(locate(name_or_path), level=level, targets=targets)


def wanted_exercise(
    name_or_path: str, level: str, targets: Mapping[str, Wanted]
) -> Exercise | None:
    """Return an exercise, as `find_exercise` does; None when it is to be recognized.

    Raises
    ------
    BadSetting
        There is no such level, or targets are given without saying for which exercise.
    """
    if name_or_path != AUTO:
        return find_exercise(name_or_path, level=level, targets=targets)
    known_level(level)
    no_targets(targets)
    return None


def built_in(level: str) -> list[Exercise]:
    """Return the exercises that come with formcheck: those that one is recognized among."""
    return [load_exercise(name, level=level) for name in exercise_ids()]


def make_exercise(name: str, *, base: str = "", folder: Path | None = None) -> Path:
    """Write a new exercise file to start from, and return where it is.

    Parameters
    ----------
    name
        What it will be called: small letters, digits, hyphens.
    base
        The exercise to start from; a small one made for that, if not given.
    folder
        Where to put it; the user's own folder, if not given.

    Raises
    ------
    CannotMake
        The name is taken, or no name, or the file cannot be written.
    UnknownExercise
        There is no such exercise to start from.
    """
    if not _NAME.fullmatch(name):
        msg = (
            f"'{name}' can't be the name of an exercise: use small letters, digits and hyphens, "
            "such as half-squat."
        )
        raise CannotMake(msg)
    if name in (*exercise_ids(), AUTO, "none"):
        msg = f"'{name}' is taken: it comes with formcheck. Choose another name."
        raise CannotMake(msg)
    text = new_exercise(name, locate(base) if base else "")
    path = (folder or own_folder()) / f"{name}.toml"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError as error:
        msg = f"There is a file '{path}' already, and it stays as it is. Choose another name."
        raise CannotMake(msg) from error
    except OSError as error:
        msg = f"Could not write '{path}': {error.strerror or error}. Choose another --folder."
        raise CannotMake(msg) from error
    return path
