"""The docs' page on reliability, from the figures that the commands keep."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

BENCHMARKS = Path(__file__).parents[1]
PAGE = BENCHMARKS.parent / "docs" / "reliability.md"
NOTE = "<!-- Made by python -m docs.build; changes here are lost. -->\n\n"
KINDS = {
    "video": "videos, mutated",
    "recording": "landmark recordings",
    "exercise": "exercise files",
    "routine": "routine files",
    "manifest": "lists and manifests of a batch",
    "history": "history files",
    "report": "reports given back",
    "real": "videos, with the pose model, as a program",
}
INTRO = """\
# Reliability

What is given to formcheck may be damaged, or made to do harm: a download that broke off, a file
from somebody else, a history on a failing disk. The rule is the same for all of it:

- a command ends, in bounded time and memory;
- with a complete result, or with one message that says what was attempted, what was found and what
  to do, and exit status 2;
- without a traceback, without half a result or a temporary file left behind;
- and what was saved before is as it was.

"""
FUZZ = """\
## Damaged input

`python -m benchmarks.fuzz` makes input of every kind, damages it, gives it to the real commands in
a process that is watched, and looks at everything that is there afterwards: exit status, messages,
files, and whether results are whole (reports are held against their schema, videos decoded).
Bits are flipped, bytes set, blocks lost, repeated, swapped or filled with zeros, files cut short or
continued as another one, and fields of headers (sizes, times, turns, lengths) set to numbers at
the edges of what they hold. Documents are also changed in what they say. Every case follows from
its number, so `--show NUMBER` makes it again; a run that was stopped goes on where it was. Videos
are analyzed with recorded poses in place of the pose model, so that there can be many, except those
of the last row.

"""
FOUND = """
Of every history, also of those that lie beside another input, all rows that could be read before
are compared with those after: none is lost or altered. Where nothing could be read, the file and
the log beside it stay as they were, for whoever can rescue something.

Cases that broke the rule were put right and run again, so the table shows what is left; the others
were not all run again after each change. Found were: logs of unreadable histories that were cleared
away, triggers in a history that deleted entries when one was saved, recordings that claim terabytes
or unpack to gigabytes, archives damaged in ways that have many names, text and numbers out of all
proportion in TOML files, cells and lines without end in manifests, names that no file can have,
entries of a history and reports that hold something else than belongs there, control characters
that reach the terminal, and bodies without extent. Each has a test in `tests/test_hostile_input.py`
or `tests/test_history.py`.

"""
CRASHES = """\
No damaged video made the decoder crash. Should one ever do: in a batch each clip is worked on by a
process of its own, so it costs that clip and its row says so; `formcheck check` would end, and
since results appear under their names only when they are whole, none would be half-done.
Playlists, addresses and formats that refer to other files are never opened.

"""
SIZES = """\
## Hostile sizes

`python -m benchmarks.sizes` gives a process of its own input that is enormous or claims to be.

"""
LIMITS = """
A picture may have 67 million pixels, a recording a million frames, a list a million clips, an
exercise or routine file 256 KiB, a report 256 MiB. In a batch, `--time-limit` and `--memory-limit`
bound whatever is left.

"""
SOAK = """\
## An hour in front of a camera

`python -m benchmarks.soak` leads a whole live session, screen and voice included, through an hour
of pictures as fast as it goes, with recorded poses in place of the pose model.

"""
REST = """\
## Also tested

- **Invariants**: what [always holds](design.md#what-holds-always) is tested on poses that nobody
  thought of (`tests/test_invariants.py`).
- **Pages**: reports, overviews, comparisons and history pages escape everything that comes from a
  file, and a policy in the page itself forbids loading or running anything but formcheck's own
  script. Each of the two is tested alone, in Chromium, with file names, exercises, notes and
  reports that are attacks (`tests/test_pages_hostile.py`).
- **Terminals** are shown control characters and markup as text, whoever wrote them.
- **Recordings** are read without pickle; nothing in them is ever run.
- **The pose model** is held against its checksum before it is loaded; one of your own is looked at
  first and named in the report by its checksum (`tests/test_model_store.py`). The weights of the
  angle refiner come with formcheck, are read without pickle, and are refused when damaged.
- **Power cuts and kills**: results appear whole or not at all; a batch that is killed goes on to
  the same tables (`python -m benchmarks.endurance`).
"""


def page() -> str:
    """Return the page."""
    fuzz, sizes, soak = (_figures(name) for name in ("fuzz", "sizes", "soak"))
    parts = [NOTE, INTRO, FUZZ, _fuzz(fuzz), FOUND, CRASHES if not _crashes(fuzz) else ""]
    if sizes:
        parts += [SIZES, _sizes(sizes), LIMITS]
    if soak:
        parts += [SOAK, _soak(soak)]
    return "".join([*parts, REST])


def _figures(name: str) -> dict[str, Any]:
    path = BENCHMARKS / f"{name}.json"
    return dict(json.loads(path.read_text("utf-8"))) if path.exists() else {}


def _crashes(fuzz: Mapping[str, Any]) -> int:
    return sum(int(part["crashed"]) for part in fuzz.values())


def _fuzz(fuzz: Mapping[str, Any]) -> str:
    head = (
        "input",
        "cases",
        "complete results",
        "messages",
        "rule broken",
        "longest",
        "most memory",
    )
    rows = [
        (
            words,
            f"{part['cases']:,}",
            f"{part['results']:,}",
            f"{part['messages']:,}",
            str(part["broken"]),
            f"{part['longest_s']:.1f} s",
            f"{part['memory_mib']} MiB",
        )
        for name, words in KINDS.items()
        if (part := fuzz.get(name))
    ]
    films = fuzz.get("video", {}).get("groups", {})
    told = ", ".join(f"{name} {count}" for name, count in films.items())
    return _table(head, rows) + (f"\n{_wrapped(told)}\n" if told else "")


def _wrapped(told: str) -> str:
    return textwrap.fill(f"Videos by container and encoder: {told}.", 100)


def _sizes(sizes: Mapping[str, Any]) -> str:
    rows = [
        (name, each["came"], f"{each['processor_s']} s", f"{each['memory_mib']} MiB")
        for name, each in sizes.items()
    ]
    return _table(("input", "what came of it", "processor time", "most memory"), rows)


def _soak(soak: Mapping[str, Any]) -> str:
    rows = [
        (f"{n['minutes']:g}", f"{n['memory_mib']:.0f} MiB", str(n["threads"]), str(n["files"]))
        for n in soak["noted"]
    ]
    told = (
        f"{soak['frames']:,} frames at {soak['fps']:g} a second, {soak['counted']:,} repetitions "
        f"counted, {soak['processor_s']:.0f} s of processor time. From minute 10 on memory grew by "
        f"{soak['grown_mib']} MiB. The last row is after the session was closed.\n\n"
    )
    return told + _table(("minute", "memory", "threads", "open files"), rows) + "\n"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
