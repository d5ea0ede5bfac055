"""Exercises on the back of people who stand at first: they get down, exercise and get up."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace

from benchmarks.rendering.action import Action, Actor, Chance, Event, Moment, Script
from benchmarks.rendering.motions import bridge_scripts, pelvic_tilt
from benchmarks.rendering.motions.bridge import BridgeMotion, Fit
from benchmarks.rendering.motions.getting_down import GettingDown, draw_tempo
from benchmarks.rendering.motions.supine import Spot, Supine, draw_mat, draw_spot
from benchmarks.rendering.motions.supine_session import Session, draw_manner
from benchmarks.rendering.truth import Truth


@dataclass(frozen=True)
class Course:
    """What is done on the floor."""

    exercise: str
    session: Session
    """In the plain place."""
    rep_at: Callable[[float], int]
    """Number of the repetition at a time, or 0."""
    length_s: float
    events: Callable[[Truth, Sequence[Moment]], Sequence[Event]]
    """What happened, from the truth and the frames of the whole film."""
    style: dict[str, object]


Courser = Callable[[Actor, Chance, Supine], Course]


def _bridges(actor: Actor, chance: Chance, supine: Supine) -> Course:
    """Three good bridges."""
    del actor
    style, rng = chance("style"), chance("plan")
    habit, manner = bridge_scripts.draw_habit(style), draw_manner(style)
    plan = bridge_scripts.bridge(rng, Fit(supine), replace(habit, hold_s=min(habit.hold_s, 2.5)))
    plan = replace(plan, reps=tuple(rep for rep in plan.reps if rep.counted)[:3])
    motion = BridgeMotion(supine, plan, manner, chance("wobble"), Spot())
    return Course(
        "glute_bridge",
        motion.session,
        motion.rep_at,
        motion.duration_s,
        lambda truth, moments: bridge_scripts.events(truth, plan.reps),  # noqa: ARG005
        {**asdict(habit), **asdict(manner)},
    )


def _tilts(actor: Actor, chance: Chance, supine: Supine) -> Course:
    """Three good tilts."""
    style, rng = chance("style"), chance("plan")
    habit, manner = pelvic_tilt.draw_habit(style), draw_manner(style)
    habit = replace(habit, hold_s=min(habit.hold_s, 4.0))
    reps, fit = [habit.rep(rng) for _ in range(3)], pelvic_tilt.Fit(supine)
    stance = fit.stance(habit, habit.knee_flexion_deg)
    session = Session(supine, stance, manner, chance("wobble"), Spot())
    motion = pelvic_tilt.TiltMotion(session, fit, habit, reps, float(rng.uniform(1.2, 2.0)))
    return Course(
        "pelvic_tilt",
        session,
        motion.rep_at,
        motion.end_s,
        lambda truth, moments: pelvic_tilt.events(
            truth, reps, pelvic_tilt.pelvis_deg(actor, moments)
        ),
        {**asdict(habit), **asdict(manner)},
    )


def _script(courser: Courser) -> Script:
    """Return what is done on the floor, with the ways down and up, as a script."""

    def perform(actor: Actor, chance: Chance, fps: float) -> Action:
        placing, rng = chance("place"), chance("down")
        spot = draw_spot(placing)
        supine, getting = Supine(actor), GettingDown(actor, chance("sway"))
        course = courser(actor, chance, supine)
        tempo = draw_tempo(rng, actor.shape.age_years)
        down = getting.way(course.session.figure(0.0), tempo)
        up = getting.way(course.session.figure(course.length_s), tempo).reversed()
        starts_s = down.duration_s + float(rng.uniform(0.3, 0.9))
        rises_s = starts_s + course.length_s

        def moment(t_s: float) -> Moment:
            if t_s < starts_s:
                placed, rep = down.place(t_s), 0
            elif t_s < rises_s:
                floor_s = t_s - starts_s
                placed = actor.figures.place(course.session.figure(floor_s))
                rep = course.rep_at(floor_s)
            else:
                placed, rep = up.place(t_s - rises_s), 0
            return Moment(t_s, spot.laid(placed), rep)

        length_s = rises_s + up.duration_s + float(rng.uniform(0.3, 0.8))
        moments = [moment(i / fps) for i in range(round(length_s * fps))]
        return Action(
            course.exercise,
            moments,
            lambda truth: course.events(truth, moments),
            draw_mat(placing, spot),
            {**course.style, **asdict(tempo)},
        )

    return perform


SCRIPTS: dict[str, Script] = {
    "bridge-from-standing": _script(_bridges),
    "tilt-from-standing": _script(_tilts),
}
