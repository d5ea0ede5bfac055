"""Speaks one line after the other: a program of its own, so that it can delay or break nothing.

``python -m formcheck.voice.speaker`` reads sentences from standard input, and answers each with
an empty line once it has been spoken. It says ``ready`` when it can speak at all; if not, it
ends with status 3 and says why on standard error.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import Any, TextIO

NO_ENGINE = 3
WORDS_PER_MINUTE = 175


def speak(lines: Iterable[str], answers: TextIO, engine: Any) -> None:
    """Speak lines and answer each."""
    answers.write("ready\n")
    answers.flush()
    for line in lines:
        engine.say(line.strip())
        engine.runAndWait()
        answers.write("\n")
        answers.flush()


def main() -> int:
    """Run the program."""
    try:
        import pyttsx3

        engine = pyttsx3.init()
        engine.setProperty("rate", WORDS_PER_MINUTE)
    except Exception as error:  # noqa: BLE001 - whatever the system's engine throws
        sys.stderr.write(f"{type(error).__name__}: {error}".replace("\n", " ") + "\n")
        return NO_ENGINE
    speak(sys.stdin, sys.stdout, engine)
    return 0


if __name__ == "__main__":
    sys.exit(main())
