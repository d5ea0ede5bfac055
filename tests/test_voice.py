"""The voice: words, tones when there are none, and silence when nothing can be heard."""

from __future__ import annotations

import io
import sys
import threading
import time
from pathlib import Path

import pytest

from formcheck.coaching.speech import Saying, Urgency
from formcheck.errors import BackendUnavailable
from formcheck.voice import speaker
from formcheck.voice.engine import Tones, Words
from formcheck.voice.voice import Voice

WRITES = """
import sys
print("ready", flush=True)
for line in sys.stdin:
    open(sys.argv[1], "a").write(line)
    print("", flush=True)
"""
DIES = """
import sys
print("ready", flush=True)
sys.stdin.readline()
sys.exit("the loudspeaker is gone")
"""
COMPLAINS = """
import sys
print("ready", flush=True)
for line in sys.stdin:
    sys.stderr.write("cannot find card 0 " * 20000)
    print("", flush=True)
"""
HAS_NONE = "import sys; sys.exit('ImportError: libespeak.so.1: no such file')"


def program(code: str, *arguments: object) -> list[str]:
    return [sys.executable, "-c", code, *map(str, arguments)]


def saying(text: str, urgency: Urgency = Urgency.LEAD, tone: str = "tick") -> Saying:
    return Saying(text, urgency, 0.0, tone=tone)


class Slow:
    """An engine that takes its time, and writes down what it says."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.said: list[str] = []
        self.threads: set[str] = set()

    def say(self, one: Saying) -> None:
        time.sleep(self.seconds)
        self.said.append(one.text)
        self.threads.add(threading.current_thread().name)

    def close(self) -> None:
        self.seconds = 0.0


def test_words_are_spoken_one_after_the_other(tmp_path: Path) -> None:
    heard = tmp_path / "heard.txt"
    words = Words(program(WRITES, heard))
    words.say(saying("Push your\nknees out"))
    words.say(saying("Good"))
    words.close()
    words.close()
    assert heard.read_text() == "Push your knees out\nGood\n"


def test_complaints_of_the_sound_system_stop_nobody() -> None:
    words = Words(program(COMPLAINS))
    for _ in range(3):
        words.say(saying("Good"))
    words.close()


def test_no_voice_on_the_system_is_said_with_a_remedy() -> None:
    with pytest.raises(BackendUnavailable) as caught:
        Words(program(HAS_NONE))
    assert str(caught.value) == (
        "The voice could not be started: ImportError: libespeak.so.1: no such file. Install a "
        "voice for your system (Debian, Ubuntu: apt install espeak-ng libespeak-ng1), or use "
        "--no-voice."
    )


def test_no_library_is_said_with_a_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(BackendUnavailable) as caught:
        Words()
    assert str(caught.value) == (
        "There is no voice: it needs pyttsx3. Install it with "
        "'python -m pip install \"formcheck[voice]\"', or use --no-voice."
    )


def test_the_speaker_answers_each_line() -> None:
    class Robot:
        def __init__(self) -> None:
            self.said: list[str] = []

        def say(self, text: str) -> None:
            self.said.append(text)

        def runAndWait(self) -> None:  # noqa: N802
            self.said.append(".")

    robot, answers = Robot(), io.StringIO()
    speaker.speak(["one\n", "two\n"], answers, robot)
    assert robot.said == ["one", ".", "two", "."]
    assert answers.getvalue() == "ready\n\n\n"


# Tones


def test_each_thing_has_its_tone(tmp_path: Path) -> None:
    copies = "import shutil, sys; shutil.copy(sys.argv[2], sys.argv[1])"
    tones = Tones(program(copies, tmp_path))
    tones.say(saying("Go", tone="go"))
    tones.say(saying("no tone", tone=""))
    tones.close()
    assert tones.played == 1
    assert (tmp_path / "go.wav").read_bytes()[:4] == b"RIFF"


@pytest.mark.parametrize("player", [[], ["/no/such/player"], program("import sys; sys.exit(1)")])
def test_without_a_loudspeaker_it_is_silent(player: list[str]) -> None:
    tones = Tones(player)
    for _ in range(3):
        tones.say(saying("Go", tone="go"))
    tones.close()
    assert tones.played == 0


# The thread


def test_nobody_waits_for_the_voice() -> None:
    slow = Slow(0.2)
    with Voice(lambda: slow) as voice:
        start = time.monotonic()
        for number in range(50):
            voice.say([saying(str(number), tone="")])
        assert time.monotonic() - start < 0.1
        time.sleep(0.3)
    assert slow.said[0] == "0"
    assert slow.threads == {"formcheck-voice"}


def test_the_most_urgent_is_said_next() -> None:
    slow = Slow(0.15)
    with Voice(lambda: slow) as voice:
        voice.say([saying("first")])
        time.sleep(0.05)
        voice.say([saying("praise", Urgency.KIND), saying("cue", Urgency.CUE)])
        voice.finish()
    assert slow.said == ["first", "cue", "praise"]


def test_a_voice_that_is_not_there_gives_way_to_tones() -> None:
    tones = Slow(0.0)
    with Voice(lambda: Words(program(HAS_NONE)), lambda: tones) as voice:
        voice.say([saying("Go")])
        voice.finish()
        assert "libespeak" in voice.trouble
    assert tones.said == ["Go"]


def test_a_voice_that_breaks_gives_way_to_tones() -> None:
    tones = Slow(0.0)
    with Voice(lambda: Words(program(DIES)), lambda: tones) as voice:
        voice.say([saying("Go")])
        voice.finish(10.0)
        assert voice.trouble.startswith("The voice has stopped: the loudspeaker is gone. ")
    assert tones.said == ["Go"]


def test_mute() -> None:
    slow = Slow(0.0)
    with Voice(lambda: slow) as voice:
        voice.mute(muted=True)
        voice.say([saying("one")])
        voice.finish(0.5)
        assert voice.muted
        voice.mute(muted=False)
        voice.say([saying("two")])
        voice.finish()
    assert slow.said == ["two"]
