"""Several exercises of one clip, one after another: each judged as if filmed by itself."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

from formcheck.analyzer import Analyzer, summary_of
from formcheck.exercises.none import NONE
from formcheck.frame import SourceInfo
from formcheck.measures.catalogue import ALL_READINGS
from formcheck.pose import Pose
from formcheck.posture import PostureSummary
from formcheck.recognize import SEVERAL, Part, listed
from formcheck.refine.base import AngleRefiner
from formcheck.results import ExerciseInfo, Quality, Report, Segment, Tick
from formcheck.series import SeriesRecorder
from formcheck.view import ViewSummary


class Medley:
    """Judges each part of a clip by its own exercise; used like an `Analyzer`.

    Parameters
    ----------
    parts
        What is done when, in the order of time, as a `formcheck.recognize.Recognition` says.
    size_px, refiner
        As in `formcheck.analyzer.Analyzer`.
    """

    def __init__(
        self,
        parts: Sequence[Part],
        size_px: tuple[int, int],
        *,
        refiner: AngleRefiner | None = None,
    ) -> None:
        self._parts = tuple(parts)
        # Between two parts both are watched, and a refiner has a memory.
        self._analyzers = [
            Analyzer(part.exercise, size_px, refiner=copy.deepcopy(refiner)) for part in parts
        ]
        self._between = Analyzer(NONE, size_px, refiner=copy.deepcopy(refiner))
        self._from_s = [(a.end_s + b.start_s) / 2 for a, b in pairwise(parts)]
        self._series = SeriesRecorder(ALL_READINGS)
        self._views = ViewSummary()
        self._postures = PostureSummary()
        self._seen = 0
        self._last_s = 0.0
        self._first_s = 0.0

    def feed(self, pose: Pose) -> Tick:
        """Take the next pose; what comes back is about the exercise of that moment.

        Raises
        ------
        ValueError
            The pose is not later than the one before it.
        """
        ticks = {
            i: analyzer.feed(pose)
            for i, (part, analyzer) in enumerate(zip(self._parts, self._analyzers, strict=True))
            if part.from_s <= pose.t_s <= part.until_s
        }
        now = sum(pose.t_s >= start for start in self._from_s)
        shown = ticks.get(now) or next(iter(ticks.values()), None) or self._between.feed(pose)
        return self._note(replace(shown, index=len(self._series)))

    def _note(self, tick: Tick) -> Tick:
        if not len(self._series):
            self._first_s = self._last_s = tick.t_s
        self._views.feed(tick.view, tick.t_s - self._last_s)
        self._postures.feed(tick.posture, tick.t_s - self._last_s)
        self._series.add(tick.t_s, tick.readings)
        self._seen += tick.pose.seen
        self._last_s = tick.t_s
        return tick

    def finish(
        self,
        source: SourceInfo,
        provenance: Mapping[str, Any] | None = None,
        warnings: tuple[str, ...] = (),
        *,
        chosen_by: str = "recognizer",
        confidence: float = 1.0,
        reason: str = "",
    ) -> Report:
        """End the stream and return the report: its segments are reports of their own.

        Parameters
        ----------
        source, provenance, warnings, chosen_by, confidence, reason
            As in `formcheck.analyzer.Analyzer.finish`.
        """
        segments = tuple(
            Segment(
                part.start_s,
                part.end_s,
                analyzer.finish(
                    source,
                    provenance,
                    chosen_by=chosen_by,
                    confidence=part.confidence,
                    reason=part.reason,
                ),
            )
            for part, analyzer in zip(self._parts, self._analyzers, strict=True)
        )
        reports = [segment.report for segment in segments]
        exercises = [report.exercise for report in reports]
        made_by = dict(reports[0].provenance)
        made_by["exercise"] = [exercise.id for exercise in exercises]
        made_by["exercise_sha256"] = [exercise.definition_sha256 for exercise in exercises]
        return Report(
            exercise=ExerciseInfo(
                SEVERAL,
                listed([exercise.name for exercise in exercises]),
                chosen_by,
                confidence,
                "",
                of="segments",
                notes=tuple(dict.fromkeys(n for one in exercises for n in one.notes)),
                reason=reason,
                level=exercises[0].level,
                setting=exercises[0].setting,
            ),
            source=source,
            view=self._views.view(),
            reps=(),
            partial_reps=(),
            holds=(),
            summary=summary_of(
                tuple(rep for report in reports for rep in report.reps),
                tuple(rep for report in reports for rep in report.partial_reps),
                tuple(hold for report in reports for hold in report.holds),
                {},
            ),
            quality=self._quality(warnings, reports),
            series=self._series.series(),
            provenance=made_by,
            posture=self._postures.posture(),
            segments=segments,
        )

    def _quality(self, warnings: tuple[str, ...], reports: list[Report]) -> Quality:
        """Return how good the input was as a whole; what concerns a part is said there.

        Doubts about a part's count are said here too: they are about the sum.
        """
        frames, length_s = len(self._series), self._last_s - self._first_s
        fps = (frames - 1) / length_s if length_s > 0 else 0.0
        doubts = tuple(
            f"{report.exercise.name}: {doubt}"
            for report in reports
            for doubt in report.quality.count_doubts
        )
        return Quality(self._seen / frames if frames else 0.0, fps, warnings, doubts)
