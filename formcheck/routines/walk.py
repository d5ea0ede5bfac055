"""Going through a routine, step by step, whoever looks at the person."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from formcheck.api import check
from formcheck.errors import RoutineError
from formcheck.history.store import Entry, History, Run, new_id, now
from formcheck.report.document import to_document
from formcheck.results import Report
from formcheck.routines.adapt import Plan
from formcheck.routines.definition import Step

CLIPS = (".mp4", ".mov", ".mkv", ".webm", ".avi", ".m4v", ".gif", ".npz")


class Performer(Protocol):
    """Watches one step being done: in front of a camera, or in clips."""

    def perform(self, step: Step) -> Iterable[Report]:
        """Return reports about a step: one a set, one a clip, or one for all; none if skipped.

        Raises
        ------
        FormcheckError
            It can't be watched.
        """


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one step went."""

    step: Step
    done: int
    """Repetitions or holds that counted."""
    held_s: float
    score: float
    """NaN when nothing could be judged."""
    cues: tuple[str, ...]
    """What to work on, the most frequent first."""
    entries: tuple[str, ...] = ()
    """Names in the history."""
    looked: int = 0
    """How many sets or clips there were to look at."""
    note: str = ""
    """Why nothing counted, as far as that is known."""

    @property
    def skipped(self) -> bool:
        """Whether there was nothing to look at."""
        return not self.looked

    def to_dict(self) -> dict[str, Any]:
        """Return it as the history keeps it."""
        return {
            "exercise": self.step.exercise.id,
            "wanted": self.step.wanted,
            "level": self.step.level,
            "done": self.done,
            "held_s": round(self.held_s, 1),
            "score": round(self.score, 1) if math.isfinite(self.score) else None,
            "cues": list(self.cues),
            "entries": list(self.entries),
        }


@dataclass
class Walk:
    """One time through a routine; everything known so far is saved after every step.

    Parameters
    ----------
    plan
        What to do.
    pain_before
        Part of the body → pain, 0 to 10.
    history
        Where to keep it; None for nowhere.
    """

    plan: Plan
    pain_before: Mapping[str, int]
    history: History | None = None
    outcomes: list[Outcome] = field(default_factory=list)
    _run: str = field(default_factory=new_id)

    def __post_init__(self) -> None:
        self._started = now()
        self._after: dict[str, Any] = {}
        self._save()

    def go(self, performer: Performer, tell: Callable[[int, Step, Outcome | None], None]) -> None:
        """Go through all steps.

        Parameters
        ----------
        performer
            Who watches.
        tell
            Is told the number (from 1) and the step before it is done, with None, and after it,
            with how it went.
        """
        for number, step in enumerate(self.plan.routine.steps, start=1):
            tell(number, step, None)
            outcome = self._outcome(step, list(performer.perform(step)))
            self.outcomes.append(outcome)
            self._save()
            tell(number, step, outcome)

    def finish(self, pain_after: Mapping[str, int], went: str) -> None:
        """Note how it was: pain afterwards, and ``easy``, ``right``, ``hard`` or nothing."""
        self._after = {"pain_after": dict(pain_after), "went": went, "finished": True}
        self._save()

    @property
    def pain_after(self) -> Mapping[str, int]:
        """Part of the body → pain afterwards; empty until `finish`."""
        told: Mapping[str, int] = self._after.get("pain_after", {})
        return told

    def _outcome(self, step: Step, reports: list[Report]) -> Outcome:
        holds = step.exercise.hold is not None
        scores = [r.summary.score for r in reports if math.isfinite(r.summary.score)]
        cues = dict.fromkeys(cue for report in reports for cue in report.summary.cues)
        entries = []
        if self.history is not None and reports:
            kept = [Entry(new_id(), now(), "routine", to_document(r)) for r in reports]
            self.history.put(kept)
            entries = [entry.id for entry in kept]
        notes = [note for report in reports for note in report.quality.warnings]
        return Outcome(
            step,
            sum(r.summary.holds if holds else r.summary.reps_counted for r in reports),
            sum(r.summary.held_s for r in reports),
            sum(scores) / len(scores) if scores else math.nan,
            tuple(cues),
            tuple(entries),
            len(reports),
            notes[0] if notes else "",
        )

    def _save(self) -> None:
        if self.history is None:
            return
        data = {
            "pain_before": dict(self.pain_before),
            "ease": dict(self.plan.ease),
            "steps": [outcome.to_dict() for outcome in self.outcomes],
            **self._after,
        }
        routine = self.plan.routine.id
        self.history.save_run(Run(self._run, self._started, routine, data))


class FromClips:
    """Looks at clips in a folder; their names say which exercise they show.

    ``2-squat.mp4``, ``squat set 1.mov`` and ``Squat.npz`` all show squats. Clips of which no
    name tells are recognized.

    Parameters
    ----------
    folder
        Where they are.

    Raises
    ------
    RoutineError
        There are no clips.
    """

    def __init__(self, folder: Path, *, known: Iterable[str] = ()) -> None:
        try:
            clips = sorted(p for p in folder.iterdir() if p.suffix.lower() in CLIPS)
        except OSError as error:
            msg = f"Could not look into the folder '{folder}': {error.strerror or error}."
            raise RoutineError(msg) from error
        if not clips:
            msg = (
                f"There are no clips in '{folder}': put in a video, or a landmark recording, for "
                "each exercise, named after it, such as 'squat.mp4'."
            )
            raise RoutineError(msg)
        self._named: dict[str, list[Path]] = {}
        self._unnamed: list[Path] = []
        ids = sorted(known, key=len, reverse=True)
        for clip in clips:
            name = next((i for i in ids if _plain(i) in _plain(clip.stem)), None)
            if name is None:
                self._unnamed.append(clip)
            else:
                self._named.setdefault(name, []).append(clip)
        self._recognized: dict[str, list[Path]] | None = None

    def perform(self, step: Step) -> Iterable[Report]:
        """Return a report about each clip of the step's exercise."""
        name = step.exercise.id
        clips = self._named.get(name, []) or self._told_apart().get(name, [])
        return [check(clip, step.exercise, pictures=False) for clip in clips]

    def _told_apart(self) -> dict[str, list[Path]]:
        """Return exercise → clips whose names don't tell; they are looked at once."""
        if self._recognized is None:
            self._recognized = {}
            for clip in self._unnamed:
                for part in check(clip, pictures=False).by_exercise:
                    self._recognized.setdefault(part.exercise.id, []).append(clip)
        return self._recognized


def _plain(name: str) -> str:
    return re.sub(r"[^a-z]", "", name.lower())
