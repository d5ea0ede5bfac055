"""What follows from the answers to tasks: long clips come back in parts, which are put together."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from formcheck.batch.local import Answer
from formcheck.batch.settings import Task
from formcheck.batch.worker import PART, SPLIT


@dataclass(frozen=True, slots=True)
class Job:
    """A task, or a step of one."""

    task: Task
    more: dict[str, Any] = field(default_factory=dict)
    """What a worker needs besides: the part that is meant, or the poses of all parts."""
    number: int = 0
    """Of the part."""


@dataclass(slots=True)
class Parts:
    """The clips that are in parts now."""

    _found: dict[str, list[Any]] = field(default_factory=dict)
    """Key of the task → poses of its parts, None where they are still to come."""

    def after(self, job: Job, answer: Answer) -> list[Job]:
        """Return what is to be done next for the same clip, if anything."""
        if answer["end"] == SPLIT:
            return self._begun(job, answer["parts"])
        if "part" not in job.more:
            return []
        found = self._found.get(job.task.key)
        if found is None:
            return []
        if answer["end"] != PART:
            # Whatever is wrong shows, or does not, when it is read from the start.
            del self._found[job.task.key]
            return [Job(job.task, {"whole": True})]
        found[job.number] = answer["poses"]
        if any(poses is None for poses in found):
            return []
        del self._found[job.task.key]
        return [Job(job.task, {"joined": found})]

    def _begun(self, job: Job, parts: list[dict[str, Any]]) -> list[Job]:
        if not parts:
            return [Job(job.task, {"whole": True})]
        self._found[job.task.key] = [None] * len(parts)
        return [Job(job.task, {"part": part}, i) for i, part in enumerate(parts)]
