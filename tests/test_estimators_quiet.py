from __future__ import annotations

import os
import subprocess
import sys
import textwrap

import pytest

from formcheck.estimators.quiet import quiet_native_stderr, without_chatter

CHATTER = [
    b"WARNING: Logging before InitGoogle() is written to STDERR\n",
    b"WARNING: All log messages before absl::InitializeLog() is called are written to STDERR\n",
    b"INFO: Created TensorFlow Lite XNNPACK delegate for CPU.\n",
    b"W0000 00:00:1795351184.703091   25835 inference_feedback_manager.cc:121] Feedback\n",
    b"I0000 00:00:1700000000.123456 1 gl_context.cc:369] GL version: 3.2 (OpenGL ES 3.2)\n",
    b"WARNING: Read-only tensor #1 (model_1) has an unaligned buffer (0x7f, alignment 4)\n",
]
WORDS = [
    b"Traceback (most recent call last):\n",
    b"WARNING:root:a line of Python's logging\n",
    b"WARNING: the disk is nearly full\n",
    b"\x1b[2K 45% of squat.mp4\r",
    "Größe: 3 × 4\n".encode(),
    b"no newline at the end",
]


@pytest.mark.parametrize("line", CHATTER)
def test_known_log_lines_go(line: bytes) -> None:
    assert without_chatter(line) == b""


@pytest.mark.parametrize("line", WORDS)
def test_everything_else_stays(line: bytes) -> None:
    assert without_chatter(line) == line


def test_only_the_log_goes_out_of_a_mixture() -> None:
    mixed = b"".join(word + noise for word, noise in zip(WORDS, CHATTER, strict=True))
    assert without_chatter(mixed) == b"".join(WORDS)


def run(code: str) -> subprocess.CompletedProcess[bytes]:
    """Run code in a Python of its own, whose standard error is a plain file descriptor."""
    prelude = "import os, sys; from formcheck.estimators.quiet import quiet_native_stderr as quiet"
    command = [sys.executable, "-W", "error", "-c", f"{prelude}\n{textwrap.dedent(code)}"]
    return subprocess.run(command, capture_output=True, check=True)


LOG = r"b'W0000 00:00:1795351184.703091   25835 some_calculator.cc:121] hm\n'"


def test_python_keeps_writing_and_native_words_are_passed_on() -> None:
    done = run(
        f"""
        with quiet():
            print("python", file=sys.stderr)
            os.write(2, {LOG})
            os.write(2, b"native\\n")
        os.write(2, b"after\\n")
        print("python after", file=sys.stderr)
        """
    )
    assert done.stderr == b"python\nnative\nafter\npython after\n"


def test_what_another_thread_holds_on_to_still_works_afterwards() -> None:
    done = run(
        """
        with quiet():
            held = sys.stderr
        print("held", file=held)
        print("usual", file=sys.stderr)
        del held
        """
    )
    assert done.stderr == b"held\nusual\n"


def test_an_error_inside_puts_everything_back() -> None:
    done = run(
        """
        try:
            with quiet():
                os.write(2, b"native\\n")
                raise KeyError("inside")
        except KeyError:
            os.write(2, b"restored\\n")
        print(sys.stderr is sys.__stderr__, len(os.listdir("/dev/fd")))
        with quiet():
            pass
        print(len(os.listdir("/dev/fd")))
        """
    )
    assert done.stderr == b"native\nrestored\n"
    same, *counts = done.stdout.split()
    assert same == b"True"
    assert counts[0] == counts[1], "no descriptor is leaked"


def test_threads_take_turns() -> None:
    done = run(
        f"""
        import threading
        def work(i):
            for _ in range(50):
                with quiet():
                    os.write(2, {LOG})
                    os.write(2, b"%d" % i)
        threads = [threading.Thread(target=work, args=(i,)) for i in range(4)]
        [t.start() for t in threads]
        [t.join() for t in threads]
        print(sys.stderr is sys.__stderr__)
        """
    )
    assert sorted(done.stderr) == sorted(b"0123" * 50)
    assert done.stdout == b"True\n"


def test_without_any_standard_error() -> None:
    done = run(
        """
        os.close(2)
        sys.stderr = None
        with quiet():
            print("fine")
        """
    )
    assert done.stdout == b"fine\n"


def test_a_captured_standard_error_is_left_alone(capsys: pytest.CaptureFixture[str]) -> None:
    with quiet_native_stderr():
        print("to the capture", file=sys.stderr)  # noqa: T201 - that is what is tested
    assert capsys.readouterr().err == "to the capture\n"
    os.fstat(2)
