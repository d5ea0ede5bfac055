"""The machine: poses in, ticks out, and a report at the end.

Pure, single-threaded and clock-free: what it says depends on the poses and on nothing
else, so a live session, a video and a recording of the same poses agree to the bit.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from formcheck._version import __version__
from formcheck.criteria import (
    judgeable,
    side_names,
)
from formcheck.doubts import ROUGH, CountDoubts
from formcheck.exercises.definition import Exercise
from formcheck.exercises.levels import setting_of
from formcheck.feedback import most_frequent_cues
from formcheck.frame import SourceInfo
from formcheck.holding import Holding
from formcheck.measures.catalogue import FRAME
from formcheck.observing import Memory, Observation, Observer
from formcheck.pose import Pose
from formcheck.posture import mismatch
from formcheck.reasons import view_reason
from formcheck.refine.base import AngleRefiner
from formcheck.refine.error import MeasuredError
from formcheck.repeating import Repeating
from formcheck.reps import NO_REPETITIONS
from formcheck.results import (
    UNSEEN,
    ExerciseInfo,
    Hold,
    Quality,
    Rep,
    Report,
    Series,
    Status,
    Summary,
    Tick,
    Unjudged,
    Verdict,
)
from formcheck.sides import count_sides
from formcheck.smoothing import Smoother

NOTES_S = 0.5
"""What can't be judged is looked at again after so long: notes must not flicker."""
MIN_FPS = 10.0
"""Below this rate of frames with a person, fast movements are missed."""
MIN_SEEN = 0.6
"""Below this share of frames with a person, something is wrong with the picture."""


class Analyzer:
    """Judges one person's repetitions of one exercise, pose by pose.

    Parameters
    ----------
    exercise
        What to look for, from `formcheck.exercises.load.load_exercise`, at the level and with
        the targets that it was loaded with.
    size_px
        (width, height) of the full picture that the poses' pixels refer to.
    smoother, refiner
        Stages that may be exchanged; by default the 1-euro filter and
        `formcheck.refine.choose.angle_refiner`.
    error
        How far off measurements are; as the refiner says, if not given. With an error but no
        refiner, angles are plain geometry.
    keep_s
        For how long readings are kept. If not for ever, memory stays the same however long the
        stream is; repetitions and holds should take much less time than this.
    memory
        What the same poses showed to a `formcheck.recognize.Recognizer`, if they were looked at.

    Examples
    --------
    >>> from formcheck.exercises.load import load_exercise
    >>> analyzer = Analyzer(load_exercise("squat"), size_px=(640, 480))
    >>> tick = analyzer.feed(Pose.nobody(0.0))
    >>> tick.reps, tick.phase.value
    (0, 'away')
    """

    def __init__(
        self,
        exercise: Exercise,
        size_px: tuple[int, int],
        *,
        smoother: Smoother | None = None,
        refiner: AngleRefiner | None = None,
        error: MeasuredError | None = None,
        keep_s: float = math.inf,
        memory: Memory | None = None,
    ) -> None:
        self.exercise = exercise
        self.size_px = size_px
        self._setting = setting_of(exercise)
        self._observer = Observer(
            size_px,
            smoother=smoother,
            refiner=refiner,
            error=error,
            keep_s=keep_s,
            memory=memory,
        )
        self._series = self._observer.series
        self._error = self._observer.error
        self._repeating = Repeating(exercise, self._series, self._error)
        plan = exercise.hold
        self._holding = Holding(exercise, plan, self._series, self._error) if plan else None
        what, small = ("hold", bool(plan.seen)) if plan else ("repetition", False)
        self._doubts = CountDoubts(what, exercise.postures, small=small)
        self._latest: Rep | None = None
        self._marks: Mapping[str, Status] = {}
        self._sides = self._count_sides()
        self._unjudged_now: tuple[Unjudged, ...] = ()
        self._unjudged_until_s = -math.inf

    def feed(self, pose: Pose) -> Tick:
        """Take the next pose, or `Pose.nobody` when there is nobody.

        Raises
        ------
        ValueError
            The pose is not later than the one before it.
        """
        seen = self._observer.feed(pose)
        readings, view = seen.readings, seen.view
        reading = readings.get(self.exercise.signal, UNSEEN)
        signal = reading.value
        repeating = self._repeating
        repeating.feed(pose.t_s, signal, view, lying=self._observer.lying)
        self._mark()
        tick = Tick(
            index=self._observer.frames - 1,
            t_s=pose.t_s,
            pose=seen.pose,
            readings=readings,
            view=view,
            phase=repeating.phase,
            progress=repeating.progress(signal),
            phase_word=self.exercise.words.get(repeating.phase, ""),
            reps=len(repeating.reps),
            partials=len(repeating.partials),
            finished=repeating.finished,
            last=self._latest,
            cue=repeating.cue,
            marks=self._marks,
            unjudged=self._unjudged(seen),
            sides=self._sides,
            posture=seen.posture,
            setting=self._setting,
        )
        tick = self._hold(tick) if self._holding else tick
        self._doubts.feed(
            pose.t_s,
            present=pose.seen,
            readable=self._holding.readable if self._holding else reading.known,
            rough=reading.known and reading.sigma >= ROUGH * repeating.least_range,
        )
        return tick

    def interrupt(self) -> None:
        """Say that nothing will come for a while that counts, as in a rest between sets.

        A hold that is going on ends here, and a movement is lost. The next pose may come at any
        later time.
        """
        self._observer.interrupt()
        self._doubts.interrupt()
        if self._holding:
            self._holding.finish(self._observer.view, lying=self._observer.lying)
            self._sides = self._count_sides()

    def finish(
        self,
        source: SourceInfo,
        provenance: Mapping[str, Any] | None = None,
        warnings: tuple[str, ...] = (),
        *,
        chosen_by: str = "user",
        confidence: float = 1.0,
        reason: str = "",
    ) -> Report:
        """End the stream and return the report.

        Parameters
        ----------
        source
            What the poses came from.
        provenance
            What made the poses: model, checksum, versions.
        warnings
            Sentences about the input that the report should carry.
        chosen_by, confidence, reason
            Who chose the exercise, how surely, and why.
        """
        view = self._observer.view
        self._repeating.finish(view, lying=self._observer.lying)
        self._mark()
        if self._holding:
            self._holding.finish(view, lying=self._observer.lying)
            self._sides = self._count_sides()
        exercise = self.exercise
        reps, partials = tuple(self._repeating.reps), tuple(self._repeating.partials)
        holds = tuple(self._holding.holds) if self._holding else ()
        return Report(
            exercise=ExerciseInfo(
                exercise.id,
                exercise.name,
                chosen_by,
                confidence,
                exercise.sha256,
                of="holds" if exercise.hold else "repetitions",
                notes=exercise.notes,
                reason=reason,
                criteria=exercise.criteria_info(),
                level=exercise.level,
                targets=exercise.wanted,
                setting=self._setting,
            ),
            source=source,
            view=view,
            reps=reps,
            partial_reps=partials,
            holds=holds,
            summary=summary_of(reps, partials, holds, self._sides),
            quality=self._quality(warnings),
            series=self._series.series(),
            provenance={
                "formcheck": __version__,
                "exercise": exercise.id,
                "exercise_sha256": exercise.sha256,
                "level": exercise.level,
                "targets": {name: b.to_dict() for name, b in exercise.wanted.items()},
                "source_sha256": source.sha256,
                "smoothing": dict(self._observer.smoother.provenance),
                "angles": dict(self._observer.refiner.provenance),
                **(provenance or {}),
            },
            posture=self._observer.posture,
        )

    def series(self) -> Series:
        """Return the readings of all frames so far."""
        return self._series.series()

    def _mark(self) -> None:
        """Keep what the latest counted repetition says, when that is news."""
        latest = self._repeating.reps[-1] if self._repeating.reps else None
        if latest is not None and latest is not self._latest:
            self._latest = latest
            self._marks = part_marks(latest.verdicts, latest.span.side, self.exercise)
            self._sides = self._count_sides()

    def _hold(self, tick: Tick) -> Tick:
        """Return a tick with what is being held."""
        holding, hold = self._holding, self.exercise.hold
        if holding is None or hold is None:
            return tick
        lying = self._observer.lying
        holding.feed(tick.t_s, tick.readings, tick.view, tick.posture, lying=lying)
        if holding.ended:
            self._marks = part_marks(holding.ended.verdicts, holding.ended.side, self.exercise)
            self._sides = self._count_sides()
        state = holding.state
        return replace(
            tick,
            progress=min(1.0, state.held_s / state.goal_s) if state else 0.0,
            cue=holding.cue,
            marks=self._marks,
            sides=self._sides,
            hold=state,
            holds=len(holding.holds),
            ended=holding.ended,
            last_hold=holding.holds[-1] if holding.holds else None,
        )

    def _count_sides(self) -> Mapping[str, int]:
        if self._holding and self.exercise.hold and self.exercise.hold.one_sided:
            return count_sides(None, self._holding.holds)
        return count_sides(self.exercise.side, self._repeating.reps) if self.exercise.side else {}

    def _unjudged(self, seen: Observation) -> tuple[Unjudged, ...]:
        """Return the criteria that this view leaves open whatever the person does."""
        view = seen.view
        if not math.isfinite(view.yaw_deg):
            return ()
        if seen.t_s < self._unjudged_until_s:
            return self._unjudged_now
        self._unjudged_until_s = seen.t_s + NOTES_S
        lying = self._observer.lying
        self._unjudged_now = tuple(
            Unjudged(c.code, c.name, view_reason(FRAME[c.question.measure], view, lying=lying))
            for c in self.exercise.criteria
            if not judgeable(c, seen.readings, view, self._error)
        )
        return self._unjudged_now

    def _quality(self, warnings: tuple[str, ...]) -> Quality:
        fps, seen = self._observer.fps, self._observer.seen
        notes = list(warnings)
        if seen == 0:
            notes.append("Nobody was seen in the picture. Show your whole body, in good light.")
        elif seen < MIN_SEEN:
            notes.append(
                f"A person was seen in only {100 * seen:.0f} % of the frames. "
                "Show your whole body, in good light."
            )
        if advice := mismatch(self._observer.posture, self.exercise.postures):
            notes.append(f"{advice} {self.exercise.camera}")
        if self._holding and seen:
            notes += self._holding.notes
        if fps < MIN_FPS:
            notes.append(
                f"Only {fps:.1f} frames a second: quick movements are missed. Record at 15 or more."
            )
        doubts: tuple[str, ...] = ()
        if self._holding or self.exercise.rule is not NO_REPETITIONS:
            doubts = self._doubts.found(self._repeating.near_misses, self._observer.posture)
        return Quality(seen, fps, tuple(notes), doubts)


def part_marks(
    verdicts: tuple[Verdict, ...], side: str, exercise: Exercise
) -> Mapping[str, Status]:
    """Return what verdicts say about each part of the body: landmark name → status."""
    marks: dict[str, Status] = {}
    for criterion, verdict in zip(exercise.criteria, verdicts, strict=True):
        if verdict.status is Status.UNCLEAR:
            continue
        for landmark in side_names(criterion.question, side):
            if marks.get(landmark) is not Status.FAIL:
                marks[landmark] = verdict.status
    return marks


def summary_of(
    reps: tuple[Rep, ...],
    partials: tuple[Rep, ...],
    holds: tuple[Hold, ...],
    sides: Mapping[str, int],
) -> Summary:
    """Return what was counted and judged, in numbers."""
    judged: tuple[Rep | Hold, ...] = (*reps, *holds)
    scores = [one.score for one in judged if math.isfinite(one.score)]
    statuses = [v.status for one in judged for v in one.verdicts]
    return Summary(
        reps_counted=len(reps),
        reps_partial=len(partials),
        score=sum(scores) / len(scores) if scores else math.nan,
        passed=statuses.count(Status.PASS),
        failed=statuses.count(Status.FAIL),
        unclear=statuses.count(Status.UNCLEAR),
        cues=most_frequent_cues(judged),
        sides=sides,
        holds=len(holds),
        held_s=sum(hold.held_s for hold in holds),
        best_hold_s=max((hold.held_s for hold in holds), default=math.nan),
    )
