"""Two ways of being heard: words, and tones."""

from __future__ import annotations

import importlib.util
import queue
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from formcheck.coaching.earcons import wav_of
from formcheck.coaching.speech import Saying
from formcheck.errors import BackendUnavailable

START_S, SENTENCE_S = 10.0, 12.0
"""An engine that takes longer to start, or to say a sentence, has failed."""
TONE_S = 3.0
NOT_STARTED, STOPPED = "The voice could not be started", "The voice has stopped"


class Engine(Protocol):
    """Says something, and comes back when it is said."""

    def say(self, saying: Saying) -> None:
        """Say it now.

        Raises
        ------
        BackendUnavailable
            It cannot be heard any more.
        """

    def close(self) -> None:
        """Fall silent; safe to call twice."""


class Words:
    """Speaks, with the voice that the system has, in a program of its own.

    Parameters
    ----------
    command
        The program; formcheck's own speaker if not given.

    Raises
    ------
    BackendUnavailable
        There is no voice.
    """

    def __init__(self, command: Sequence[str] | None = None) -> None:
        if command is None and importlib.util.find_spec("pyttsx3") is None:
            msg = (
                "There is no voice: it needs pyttsx3. Install it with "
                "'python -m pip install \"formcheck[voice]\"', or use --no-voice."
            )
            raise BackendUnavailable(msg)
        own = (sys.executable, "-m", "formcheck.voice.speaker")
        # A file, not a pipe: sound libraries may write any amount of complaints, and nobody reads.
        self._told = tempfile.TemporaryFile()  # noqa: SIM115 - closed in close
        self._program = subprocess.Popen(
            list(command or own),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._told,
            text=True,
            encoding="utf-8",
        )
        self._answers: queue.Queue[str | None] = queue.Queue()
        threading.Thread(target=self._listen, name="formcheck-voice-in", daemon=True).start()
        if self._answer(START_S) != "ready\n":
            raise self._failed(NOT_STARTED)

    def say(self, saying: Saying) -> None:
        """Speak the sentence."""
        try:
            if self._program.stdin is None:
                raise BrokenPipeError
            self._program.stdin.write(saying.text.replace("\n", " ") + "\n")
            self._program.stdin.flush()
        except (OSError, ValueError) as error:
            raise self._failed(STOPPED) from error
        if self._answer(SENTENCE_S) is None:
            raise self._failed(STOPPED)

    def close(self) -> None:
        """End the program, in the middle of a word if need be."""
        self._program.kill()
        self._program.wait()
        for stream in (self._program.stdin, self._program.stdout, self._told):
            if stream is not None:
                try:
                    stream.close()
                except OSError:
                    continue

    def _listen(self) -> None:
        try:
            for line in self._program.stdout or ():
                self._answers.put(line)
        except ValueError:  # closed meanwhile
            pass
        self._answers.put(None)

    def _answer(self, seconds: float) -> str | None:
        try:
            return self._answers.get(timeout=seconds)
        except queue.Empty:
            return None

    def _failed(self, what: str) -> BackendUnavailable:
        self._program.kill()
        self._program.wait()
        self._told.seek(0)
        told = self._told.read().decode("utf-8", "replace")
        why = next(iter(told.strip().splitlines()[-1:]), "")
        self.close()
        remedy = "Debian, Ubuntu: apt install espeak-ng libespeak-ng1"
        reason = f": {why.rstrip('.')}" if why else ""
        msg = f"{what}{reason}. Install a voice for your system ({remedy}), or use --no-voice."
        return BackendUnavailable(msg)


class Tones:
    """Plays a small sound for each thing that would be said.

    Parameters
    ----------
    player
        What plays a WAV file that is named last; what the system has, if not given.
    """

    def __init__(self, player: Sequence[str] | None = None) -> None:
        self._player = list(player) if player is not None else wav_player()
        self._folder = tempfile.TemporaryDirectory(prefix="formcheck-tones-")
        self._deaf = not self._player and sys.platform != "win32"
        self.played = 0
        """How many sounds went out well."""

    def say(self, saying: Saying) -> None:
        """Play its sound, if it has one; silent where nothing can be heard."""
        if self._deaf or not saying.tone:
            return
        path = Path(self._folder.name) / f"{saying.tone}.wav"
        if not path.exists():
            path.write_bytes(wav_of(saying.tone))
        try:
            self._play(path)
        except (OSError, RuntimeError, subprocess.SubprocessError):
            # No loudspeaker: a session goes on without.
            self._deaf = True
        else:
            self.played += 1

    def close(self) -> None:
        """Remove the sounds."""
        self._folder.cleanup()

    def _play(self, path: Path) -> None:
        if self._player:
            subprocess.run(
                [*self._player, str(path)],
                check=True,
                timeout=TONE_S,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            return
        import winsound  # only Windows has it

        winsound.PlaySound(str(path), winsound.SND_FILENAME)  # type: ignore[attr-defined,unused-ignore]


PLAYERS = (("pw-play",), ("paplay",), ("aplay", "-q"), ("afplay",))
"""Programs that play a WAV file; one of them comes with nearly every system."""


def wav_player() -> list[str]:
    """Return the command that plays a WAV file here; nothing if there is none."""
    for name, *options in PLAYERS:
        if found := shutil.which(name):
            return [found, *options]
    return []
