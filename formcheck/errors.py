"""Everything that can go wrong, as one tree.

FormcheckError
├── SourceError      CannotOpen · NoFrames · CameraLost
├── ModelError       ModelMissing · ModelCorrupt · BackendUnavailable
├── ExerciseError    UnknownExercise · BadDefinition · BadSetting · CannotMake
├── RecordingError   WrongSchema · SkeletonMismatch
├── SinkError        CannotWrite · CodecUnavailable · DisplayUnavailable
├── HistoryError
├── RoutineError
└── ExtraMissing

A message is written for the person who reads it: what was attempted, what was found
and what to do about it. Only the command line's outer edge catches `FormcheckError`.
"""

from __future__ import annotations

import reprlib

_SHORT = reprlib.Repr()
_SHORT.maxlevel = 3
_SHORT.maxlist = _SHORT.maxdict = _SHORT.maxtuple = 6
_SHORT.maxstring = _SHORT.maxother = _SHORT.maxlong = 100


def shown(value: object) -> str:
    """Return what a file holds as messages show it: as Python writes it, but never long.

    Whatever a file holds can be shown: what is endless, nested without end or larger than any
    number that can be written comes out short.
    """
    try:
        return _SHORT.repr(value)
    except (ValueError, RecursionError):
        return "something enormous"


class FormcheckError(Exception):
    """Base of every error that formcheck raises on purpose."""


class SourceError(FormcheckError):
    """Frames could not be had from a video, a folder of images or a camera."""


class CannotOpen(SourceError):
    """The input is missing, unreadable, or not what its name promises."""


class NoFrames(SourceError):
    """The input opened, but not one picture could be decoded from it."""


class CameraLost(SourceError):
    """A camera stopped answering."""


class ModelError(FormcheckError):
    """The pose model could not be had or used."""


class ModelMissing(ModelError):
    """No pose model is cached and none could be fetched."""


class ModelCorrupt(ModelError):
    """A model file's checksum is not the expected one."""


class BackendUnavailable(ModelError):
    """The library that runs the pose model failed to load or to start."""


class ExerciseError(FormcheckError):
    """An exercise is unknown or its definition is wrong."""


class UnknownExercise(ExerciseError):
    """No exercise goes by this name."""


class BadDefinition(ExerciseError):
    """An exercise file says something that cannot be meant.

    Parameters
    ----------
    file
        The file that was read.
    key
        Dotted path of the offending key, such as ``criterion[2].reduce``.
    expected, got
        What belongs there, and what stands there.
    suggestion
        The nearest word that would have been right, if there is one.
    line
        The number of its line, from 1, if that is known.
    others
        How many other things are wrong in the same file.
    """

    def __init__(
        self,
        file: str,
        key: str,
        expected: str,
        got: str,
        suggestion: str | None = None,
        line: int | None = None,
        others: int = 0,
    ) -> None:
        hint = f" Did you mean '{suggestion}'?" if suggestion else ""
        where = f"line {line}: " if line else ""
        more = f" ({others} more: 'formcheck exercises validate' lists all.)" if others else ""
        super().__init__(f"{file}: {where}'{key}' should be {expected}, but is {got}.{hint}{more}")
        self.file = file
        self.key = key
        self.expected = expected
        self.got = got
        self.suggestion = suggestion
        self.line = line


class BadSetting(ExerciseError):
    """A level that there is not, or a target that the exercise cannot have."""


class CannotMake(ExerciseError):
    """A new exercise file cannot be made: its name is taken, or no name."""


class RecordingError(FormcheckError):
    """A landmark recording could not be used."""


class WrongSchema(RecordingError):
    """The file is no landmark recording, or one of another version."""


class SkeletonMismatch(RecordingError):
    """The recording's landmarks are not the ones that are asked for."""


class SinkError(FormcheckError):
    """An output could not be produced."""


class CannotWrite(SinkError):
    """A file or folder could not be written."""


class CodecUnavailable(SinkError):
    """The video library has no encoder for the wanted format."""


class HistoryError(FormcheckError):
    """The history could not be read or written, or has not what was asked for."""


class RoutineError(FormcheckError):
    """A routine is unknown, says something that cannot be meant, or can't be gone through."""


class DisplayUnavailable(SinkError):
    """No window can be opened."""


class ExtraMissing(FormcheckError):
    """What was asked for needs a library that comes with one of the extras."""
