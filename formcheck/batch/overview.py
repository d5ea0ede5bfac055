"""The whole batch on one page: how the scores lie, which faults are frequent, what to look at."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from formcheck.atomic import AtomicFile
from formcheck.batch.clips import Clip
from formcheck.batch.rows import SEPARATOR
from formcheck.batch.store import Result
from formcheck.batch.tables import Results
from formcheck.exercises.load import exercise_ids, load_exercise
from formcheck.report.html import PAGE, render

OVERVIEW = "overview.html"
BINS = 10
"""Of scores, each ten points wide."""
SHOWN = 25
"""Clips of each kind that are listed; the tables have all."""
LOW_SCORE = 60.0
SEEN_BADLY = 0.6
UNSURE = 0.6
DOUBTED = 0.5
"""Among the clips to look at, a doubtful number stands beside being half sure of the exercise."""


@dataclass(slots=True)
class Scores:
    """How the scores of one exercise lie."""

    name: str
    clips: int = 0
    reps: int = 0
    holds: int = 0
    total: float = 0.0
    bins: list[int] = field(default_factory=lambda: [0] * BINS)

    def add(self, row: dict[str, object]) -> None:
        """Take in one clip."""
        self.clips += 1
        self.reps += _whole(row.get("reps"))
        self.holds += _whole(row.get("holds"))
        score = row.get("score")
        if isinstance(score, int | float):
            self.bins[min(BINS - 1, int(score * BINS / 100))] += 1
            self.total += score

    @property
    def judged(self) -> int:
        """How many clips have a score."""
        return sum(self.bins)

    @property
    def mean(self) -> float | None:
        """Mean score of the clips; None when there is none."""
        return self.total / self.judged if self.judged else None


@dataclass(frozen=True, slots=True)
class Fault:
    """A criterion that failed."""

    code: str
    name: str
    exercise: str
    times: int
    clips: int
    part: float
    """Of the most frequent one, 0 to 1."""


@dataclass(frozen=True, slots=True, order=True)
class Noted:
    """A clip to look at, and why; the smallest first."""

    rank: float
    clip: str
    why: str
    link: str


@dataclass(slots=True)
class Summary:
    """What the page shows."""

    total: int
    scored: int = 0
    failed: int = 0
    by_exercise: dict[str, Scores] = field(default_factory=dict)
    fault_times: Counter[str] = field(default_factory=Counter)
    fault_clips: Counter[str] = field(default_factory=Counter)
    broken: list[Noted] = field(default_factory=list)
    low: list[Noted] = field(default_factory=list)
    doubtful: list[Noted] = field(default_factory=list)

    def add(self, clip: Clip, result: Result, folder: Path) -> None:
        """Take in one clip."""
        if not result.scored:
            self.failed += 1
            _keep(self.broken, Noted(self.failed, clip.path, result.reason, ""))
            return
        row = result.clip
        self.scored += 1
        name = str(row["exercise"])
        scores = self.by_exercise.setdefault(name, Scores(str(row["exercise_name"])))
        scores.add(row)
        for fault in filter(None, str(row["faults"]).split(SEPARATOR)):
            code, times = fault.rsplit(" ", 1)
            self.fault_times[code] += int(times)
            self.fault_clips[code] += 1
        self._note(clip, result, folder)

    def _note(self, clip: Clip, result: Result, folder: Path) -> None:
        row, link = result.clip, _link(result, folder)
        score, seen, sure = row["score"], row["person_seen"], row["confidence"]
        if isinstance(score, int | float) and score < LOW_SCORE:
            why = f"score {score:.0f}: {row['cues']}"
            _keep(self.low, Noted(float(score), clip.path, why, link))
        if row["chosen_by"] != "user" and isinstance(sure, int | float) and sure < UNSURE:
            why = f"{row['exercise_name']}? Recognized with a confidence of {100 * sure:.0f} %"
            _keep(self.doubtful, Noted(float(sure), clip.path, why, link))
        elif isinstance(seen, int | float) and seen < SEEN_BADLY:
            why = f"a person is seen in {100 * seen:.0f} % of it"
            _keep(self.doubtful, Noted(float(seen), clip.path, why, link))
        elif row.get("count_doubts"):
            why = f"the number is not sure: {row['count_doubts']}"
            _keep(self.doubtful, Noted(DOUBTED, clip.path, why, link))

    @property
    def faults(self) -> list[Fault]:
        """The criteria that failed, the most frequent first."""
        names = _criteria()
        top = max(self.fault_times.values(), default=1)
        listed = sorted(self.fault_times.items(), key=lambda item: (-item[1], item[0]))
        return [
            Fault(code, *names.get(code, (code, "")), n, self.fault_clips[code], n / top)
            for code, n in listed
        ]


def summarize(results: Iterable[tuple[Clip, Result]], total: int, folder: Path) -> Summary:
    """Return what the page shows of all results that there are."""
    summary = Summary(total)
    for clip, result in results:
        summary.add(clip, result, folder)
    for noted in (summary.broken, summary.low, summary.doubtful):
        noted.sort()
        del noted[SHOWN:]
    # What could not be told comes last.
    order = sorted(summary.by_exercise.items(), key=lambda item: (not item[1].judged, item[0]))
    summary.by_exercise = dict(order)
    return summary


def write_overview(folder: Path, results: Results, total: int) -> str:
    """Write the page and return its name.

    Raises
    ------
    CannotWrite
        The folder is not writable, or the disk is full.
    """
    page = render("overview.html.j2", batch=summarize(results(), total, folder), shown=SHOWN)
    AtomicFile(folder / OVERVIEW).write(page.encode("utf-8", errors="backslashreplace"))
    return OVERVIEW


def _keep(noted: list[Noted], one: Noted) -> None:
    """Add to a list that is cut to the smallest ones now and then."""
    noted.append(one)
    if len(noted) > 20 * SHOWN:
        noted[:] = heapq.nsmallest(SHOWN, noted)


def _link(result: Result, folder: Path) -> str:
    page = f"{result.folder}/{PAGE}"
    return page if (folder / page).is_file() else f"{result.folder}/report.json"


def _criteria() -> dict[str, tuple[str, str]]:
    """Return code → (name, exercise) of all criteria that come with formcheck."""
    loaded = [load_exercise(name) for name in exercise_ids()]
    return {c.code: (c.name, exercise.name) for exercise in loaded for c in exercise.criteria}


def _whole(value: object) -> int:
    return int(value) if isinstance(value, int | float) else 0
