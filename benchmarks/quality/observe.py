"""Runs the analyzer on a take and lays what it says beside the truth."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from benchmarks.quality.takes import BoolArray, FloatArray, Take, TrueRep
from benchmarks.rendered import across, true_readings
from formcheck.analyzer import Analyzer
from formcheck.angles import BODY_ANGLES, Angle, BodyAngle
from formcheck.exercises.load import load_exercise
from formcheck.frame import SourceInfo
from formcheck.geometry import PICTURE_UP
from formcheck.pose import PoseTrack
from formcheck.refine.base import AngleRefiner
from formcheck.refine.body import Body
from formcheck.refine.error import MeasuredError
from formcheck.refine.plain import ANGLES
from formcheck.results import Hold, Rep, Report, Span

_Found = TypeVar("_Found")

SAME_PERSON_M = 0.35
"""Hips that are seen further than this from the true ones are somebody else's, or nobody's."""
SOURCES = ("ours", "world", "pixels")
"""Where an angle comes from: the analyzer; MediaPipe's own landmarks in metres or pixels."""


@dataclass(frozen=True)
class Observed:
    """What was found in a take: T frames."""

    take: Take
    report: Report
    seen: BoolArray
    """(T,) anybody at all."""
    found: BoolArray
    """(T,) the right person."""
    true_yaw_deg: FloatArray
    yaw_deg: FloatArray
    """(T,) as the analyzer followed it; NaN if unknown."""
    angles: Mapping[str, Mapping[str, FloatArray]]
    """Angle → one of `SOURCES` or ``true`` → (T, 2) left and right, or (T, 1)."""
    truth: Mapping[str, FloatArray]
    """Reading of the analyzer → (T,) what it should be."""
    pairs: tuple[tuple[TrueRep, Rep | None], ...]
    """Every repetition that truly counts, with what was found."""
    holds: tuple[tuple[TrueRep, Hold | None], ...] = ()
    """Every hold that truly counts, likewise; only of exercises that are held."""

    @property
    def counted(self) -> int:
        """How many repetitions were counted, or holds were timed."""
        return len(self.report.holds) or self.report.summary.reps_counted


def observe(
    take: Take, *, refiner: AngleRefiner | None = None, error: MeasuredError | None = None
) -> Observed:
    """Return what the analyzer says about a take.

    Parameters
    ----------
    take
        The clip.
    refiner, error
        Exchanged stages of the analyzer, if any.
    """
    track = take.clip.track
    exercise = load_exercise(take.judged_as)
    analyzer = Analyzer(exercise, track.size_px, refiner=refiner, error=error)
    yaw = np.array([analyzer.feed(pose).view.yaw_deg for pose in track], dtype=np.float64)
    width, height = track.size_px
    source = SourceInfo(take.name, 0.0, len(track), 0.0, width, height, 0, "")
    report = analyzer.finish(source)
    truth = {name: values[take.at] for name, values in true_readings(take.clip).items()}
    seen, found = _found(take)
    return Observed(
        take=take,
        report=report,
        seen=seen,
        found=found,
        true_yaw_deg=true_yaw_deg(take),
        yaw_deg=yaw,
        angles={a.name: _sources(a, track, report, truth) for a in ANGLES if _known(a, truth)},
        truth=truth,
        pairs=() if exercise.hold else tuple(pair(take.reps, report.reps)),
        holds=tuple(pair_holds(take.reps, report.holds)) if exercise.hold else (),
    )


def pair(true: Sequence[TrueRep], found: Sequence[Rep]) -> list[tuple[TrueRep, Rep | None]]:
    """Return each repetition that truly counts with the one that was counted, if any.

    They are the same when each turns while the other goes on.

    Parameters
    ----------
    true, found
        Both in the order of time.
    """
    return _paired(true, found, lambda rep, other: _same(rep, other.span))


def pair_holds(true: Sequence[TrueRep], found: Sequence[Hold]) -> list[tuple[TrueRep, Hold | None]]:
    """Return each hold that truly counts with the one that was timed, if any.

    They are the same when the middle of the true one lies in the other.

    Parameters
    ----------
    true, found
        Both in the order of time.
    """
    return _paired(
        true, found, lambda h, other: other.start_s <= (h.start_s + h.end_s) / 2 <= other.end_s
    )


def _paired(
    true: Sequence[TrueRep], found: Sequence[_Found], same: Callable[[TrueRep, _Found], bool]
) -> list[tuple[TrueRep, _Found | None]]:
    free = list(found)
    pairs: list[tuple[TrueRep, _Found | None]] = []
    for rep in true:
        if not rep.counted:
            continue
        other = next((one for one in free if same(rep, one)), None)
        if other is not None:
            free.remove(other)
        pairs.append((rep, other))
    return pairs


def _same(true: TrueRep, found: Span) -> bool:
    return (
        found.start_s <= true.turn_s <= found.end_s and true.start_s <= found.turn_s <= true.end_s
    )


def true_yaw_deg(take: Take) -> FloatArray:
    """Return the direction in which the person truly faces, (T,), as docs/conventions.md says."""
    ahead = take.clip.camera_to_person[take.at, :2]
    left = across(take.clip)[take.at, :2]
    facing = np.stack([left[:, 1], -left[:, 0]], axis=1)
    right = np.stack([ahead[:, 1], -ahead[:, 0]], axis=1)
    yaw: FloatArray = np.degrees(np.arctan2((facing * right).sum(1), -(facing * ahead).sum(1)))
    return yaw


def _found(take: Take) -> tuple[BoolArray, BoolArray]:
    track = take.clip.track
    at = track.skeleton.index
    hips = (track.image_px[:, at["left_hip"]] + track.image_px[:, at["right_hip"]]) / 2
    off_m = np.linalg.norm(hips - take.hips_px, axis=1) / take.px_per_m
    return np.asarray(np.isfinite(hips).all(axis=1)), np.asarray(off_m < SAME_PERSON_M)


def _of_sides(angle: Angle) -> list[BodyAngle]:
    return [sided for sided in BODY_ANGLES if sided.row == angle]


def _known(angle: Angle, truth: Mapping[str, FloatArray]) -> bool:
    return all(sided.name in truth for sided in _of_sides(angle))


def _sources(
    angle: Angle, track: PoseTrack, report: Report, truth: Mapping[str, FloatArray]
) -> dict[str, FloatArray]:
    sides = _of_sides(angle)
    raw = [[_raw(sided, Body(pose, track.size_px)) for sided in sides] for pose in track]
    both = np.array(raw, dtype=np.float64).reshape(len(track), len(sides), 2)
    return {
        "true": np.stack([truth[sided.name] for sided in sides], axis=1),
        "ours": np.stack([report.series.values[sided.name] for sided in sides], axis=1),
        "world": both[..., 0],
        "pixels": both[..., 1],
    }


def _raw(angle: BodyAngle, body: Body) -> tuple[float, float]:
    """Return an angle between the landmarks as they are, in metres and in pixels."""
    pixels = math.nan if angle.row.spatial else angle.of(body.px, PICTURE_UP)
    return angle.of(body.m, PICTURE_UP), pixels
